//! Putting artifacts in place, all or nothing.
//!
//! The new folder is built beside the old one, foreign files are linked over, and the two change names in one
//! step. Killed at any moment, the folder is the old or the new one. A manifest in the folder says which files
//! are ours: those that the spec no longer yields go, all others stay.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::Failure;
use crate::artifacts::Artifacts;
use crate::backends::Selection;
use crate::parallel;

/// Lists our files, one path a line.
const MANIFEST: &str = ".bellwether-manifest";

/// What publishing did.
#[derive(Debug)]
pub(super) struct Published {
    files: usize,
    written: usize,
    removed: usize,
}

impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.written, self.removed) {
            (0, 0) => write!(f, "{} files, all current", self.files),
            (written, 0) => write!(f, "{} files, {written} written", self.files),
            (written, removed) => write!(f, "{} files, {written} written, {removed} removed", self.files),
        }
    }
}

/// The files of ours that are on the disk, as far as they are the selection's; none when the folder is not there.
pub(super) fn read(folder: &Path, backends: &Selection) -> Result<Artifacts, Failure> {
    let mut artifacts = Artifacts::new();
    for path in manifest(folder)?.into_iter().filter(|path| backends.owns(path)) {
        match fs::read_to_string(folder.join(&path)) {
            Ok(text) => artifacts.add(path, text),
            // Gone, or no longer text: either way not what was written.
            Err(_) => continue,
        }
    }
    Ok(artifacts)
}

/// Makes the folder hold exactly these files of the selected backends. Every other file stays as it was, be it not
/// ours or of a backend that is not selected.
pub(super) fn publish(folder: &Path, artifacts: &Artifacts, backends: &Selection) -> Result<Published, Failure> {
    // A link to a folder stays a link: it is the folder behind it that changes.
    let folder = &real(folder)?;
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(|error| Failure::io("create", parent, &error))?;
    let _lock = lock(parent)?;
    let (ours, others): (BTreeSet<String>, BTreeSet<String>) =
        manifest(folder)?.into_iter().partition(|path| backends.owns(path));
    let foreign = foreign_files(folder, &ours)?;
    in_the_way(folder, artifacts, &ours)?;
    let files: Vec<(&str, &str)> = artifacts.iter().collect();
    let stale = |&(path, text): &(&str, &str)| !(ours.contains(path) && holds(&folder.join(path), text));
    let written = parallel::map(files.len(), |index| files.get(index).is_some_and(stale));
    let written = written.into_iter().filter(|stale| *stale).count();
    let removed = ours.iter().filter(|path| artifacts.get(path).is_none()).count();
    let published = Published { files: artifacts.len(), written, removed };
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = parent.join(format!(".{name}.bellwether-new"));
    // Left by a build that was killed.
    remove(&beside)?;
    if written == 0 && removed == 0 && ours.len() == artifacts.len() {
        return Ok(published);
    }
    let replaced = fill(&beside, folder, artifacts, &others, &foreign).and_then(|()| swap(&beside, folder));
    remove(&beside)?;
    replaced.map(|()| published)
}

/// Whether a file holds this text.
fn holds(path: &Path, text: &str) -> bool {
    let length = fs::metadata(path).map(|metadata| metadata.len());
    length.is_ok_and(|length| length == text.len() as u64) && fs::read(path).is_ok_and(|found| found == text.as_bytes())
}

/// The folder that a path means, symbolic links resolved; itself when there is none yet.
fn real(folder: &Path) -> Result<PathBuf, Failure> {
    match folder.canonicalize() {
        Ok(real) if real.is_dir() => Ok(real),
        Ok(_) => Err(Failure::new(format!("{} is a file; a folder of that name is wanted", folder.display()))
            .help("move it away, or build into another folder with --out")),
        Err(_) if folder.is_symlink() => {
            Err(Failure::new(format!("{} is a link to a folder that is not there", folder.display()))
                .help("create the folder it leads to, or remove the link"))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(folder.to_owned()),
        Err(error) => Err(Failure::io("open", folder, &error)),
    }
}

/// One build at a time in a folder; the lock goes with the process.
#[cfg(unix)]
fn lock(parent: &Path) -> Result<fs::File, Failure> {
    let folder = fs::File::open(parent).map_err(|error| Failure::io("open", parent, &error))?;
    rustix::fs::flock(&folder, rustix::fs::FlockOperation::LockExclusive)
        .map_err(|error| Failure::io("lock", parent, &error.into()))?;
    Ok(folder)
}

#[cfg(not(unix))]
fn lock(_: &Path) -> Result<(), Failure> {
    Ok(())
}

/// Paths in the manifest; a hand-edited one cannot make us touch anything outside the folder.
fn manifest(folder: &Path) -> Result<Vec<String>, Failure> {
    let path = folder.join(MANIFEST);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(text.lines().filter(|line| is_inside(line)).map(str::to_owned).collect()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(Failure::io("read", &path, &error)),
    }
}

fn is_inside(path: &str) -> bool {
    use std::path::Component;
    !path.is_empty() && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// Files and links in the folder that are not ours, relative to it.
fn foreign_files(folder: &Path, ours: &BTreeSet<String>) -> Result<Vec<PathBuf>, Failure> {
    let (mut found, mut folders) = (Vec::new(), vec![PathBuf::new()]);
    while let Some(inner) = folders.pop() {
        let path = folder.join(&inner);
        let entries = match fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(Failure::io("read", &path, &error)),
        };
        let mut empty = true;
        for entry in entries {
            empty = false;
            let entry = entry.map_err(|error| Failure::io("read", &path, &error))?;
            let kind = entry.file_type().map_err(|error| Failure::io("read", &entry.path(), &error))?;
            let relative = inner.join(entry.file_name());
            if kind.is_dir() {
                folders.push(relative);
            } else if relative != Path::new(MANIFEST) && !ours.contains(relative.to_string_lossy().as_ref()) {
                found.push(relative);
            }
        }
        if empty && !inner.as_os_str().is_empty() {
            found.push(inner.join(""));
        }
    }
    found.sort();
    Ok(found)
}

/// Refuses to overwrite a file that somebody else put where one of ours would go.
fn in_the_way(folder: &Path, artifacts: &Artifacts, ours: &BTreeSet<String>) -> Result<(), Failure> {
    if !folder.exists() {
        return Ok(());
    }
    for (path, text) in artifacts.iter() {
        let kind = |there: &Path| fs::symlink_metadata(there).map(|metadata| metadata.file_type());
        // A file or link where one of our folders would be.
        let above = Path::new(path).ancestors().skip(1).filter(|above| !above.as_os_str().is_empty());
        let blocked = above.map(|above| (above, folder.join(above))).find(|(above, there)| {
            let known = above.to_str().is_some_and(|above| ours.contains(above));
            !known && kind(there).is_ok_and(|kind| !kind.is_dir())
        });
        let there = folder.join(path);
        let blocked = match (blocked, kind(&there)) {
            (Some((_, there)), _) => there,
            // A folder that held nothing but files of ours goes with them.
            (None, Ok(kind)) if kind.is_dir() && !holds_foreign(folder, path, ours)? => continue,
            (None, Ok(kind)) if kind.is_dir() => there,
            (None, Ok(_)) if ours.contains(path) => continue,
            (None, Ok(kind)) if kind.is_file() && fs::read_to_string(&there).is_ok_and(|found| found == text) => {
                continue;
            }
            (None, Ok(_)) => there,
            (None, Err(_)) => continue,
        };
        let message =
            format!("{} is in the way: bellwether did not write it and will not overwrite it", blocked.display());
        return Err(Failure::new(message).help("move it away, or build into another folder with --out"));
    }
    Ok(())
}

/// Whether a folder inside of ours holds anything that somebody else put there; an empty one is theirs too.
fn holds_foreign(folder: &Path, inner: &str, ours: &BTreeSet<String>) -> Result<bool, Failure> {
    Ok(foreign_files(folder, ours)?.iter().any(|foreign| foreign.starts_with(inner)))
}

/// Builds the new folder: our files written, foreign ones linked. The manifest goes on listing what other backends
/// wrote.
fn fill(
    beside: &Path,
    folder: &Path,
    artifacts: &Artifacts,
    others: &BTreeSet<String>,
    foreign: &[PathBuf],
) -> Result<(), Failure> {
    let names: BTreeSet<&str> =
        artifacts.iter().map(|(path, _)| path).chain(others.iter().map(String::as_str)).collect();
    let manifest = names.iter().map(|path| format!("{path}\n")).collect::<String>();
    let files: Vec<(&str, &str)> = artifacts.iter().chain([(MANIFEST, manifest.as_str())]).collect();
    let folders: BTreeSet<&Path> = files.iter().filter_map(|(path, _)| Path::new(path).parent()).collect();
    for inner in folders {
        let path = beside.join(inner);
        fs::create_dir_all(&path).map_err(|error| Failure::io("create", &path, &error))?;
    }
    let write = |(path, text): &(&str, &str)| {
        let path = beside.join(path);
        let mut file = fs::File::create(&path).map_err(|error| Failure::io("write", &path, &error))?;
        file.write_all(text.as_bytes()).map_err(|error| Failure::io("write", &path, &error))
    };
    for written in parallel::map(files.len(), |index| files.get(index).map_or(Ok(()), write)) {
        written?;
    }
    for relative in foreign {
        let (from, to) = (folder.join(relative), beside.join(relative));
        let kept = if relative.to_string_lossy().ends_with('/') {
            fs::create_dir_all(&to)
        } else {
            create_parent(&to)?;
            keep(&from, &to)
        };
        kept.map_err(|error| Failure::io("keep", &from, &error))?;
    }
    Ok(())
}

fn create_parent(path: &Path) -> Result<(), Failure> {
    match path.parent() {
        Some(parent) => fs::create_dir_all(parent).map_err(|error| Failure::io("create", parent, &error)),
        None => Ok(()),
    }
}

/// The same file under another name: nothing of it is copied where the file system has links.
fn keep(from: &Path, to: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    if fs::symlink_metadata(from)?.file_type().is_symlink() {
        return std::os::unix::fs::symlink(fs::read_link(from)?, to);
    }
    fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(|_| ()))
}

/// The two folders change names in one step, where the system can.
fn swap(beside: &Path, folder: &Path) -> Result<(), Failure> {
    if !folder.exists() {
        return fs::rename(beside, folder).map_err(|error| Failure::io("create", folder, &error));
    }
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        if renameat_with(CWD, beside, CWD, folder, RenameFlags::EXCHANGE).is_ok() {
            return Ok(());
        }
    }
    // Without an exchange there is a moment without the folder; the old one is beside it.
    let old = beside.with_extension("bellwether-old");
    remove(&old)?;
    fs::rename(folder, &old).map_err(|error| Failure::io("replace", folder, &error))?;
    fs::rename(beside, folder).map_err(|error| Failure::io("replace", folder, &error))?;
    remove(&old)
}

fn remove(folder: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(folder) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Failure::io("remove", folder, &error)),
    }
}
