//! What `lint` is given: specs, files that nobody compiled, and folders of both.

use std::path::{Path, PathBuf};

use super::{Failure, disk};
use crate::diagnostics::Diagnostics;
use crate::plain::{Kind, kind};
use crate::source::Sources;
use crate::source::format::{self, Format};

/// Paths by what is in the files.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    /// Specs, each a platform of its own.
    pub(super) specs: Vec<PathBuf>,
    /// Files of other systems, all of them one platform.
    pub(super) plain: Vec<String>,
}

/// Sorts paths by what is in the files. A named file of which nothing is known counts as a spec, whose reader says
/// what is wrong with it; in a folder it is passed over.
pub(super) fn sorted(paths: &[PathBuf]) -> Result<Sorted, Failure> {
    let mut sorted = Sorted::default();
    for path in paths {
        if path.is_dir() {
            let before = sorted.specs.len() + sorted.plain.len();
            for file in files_below(path)? {
                sorted.add(&file, false);
            }
            if sorted.specs.len() + sorted.plain.len() == before {
                let failure = Failure::new(format!("`{}` holds nothing that can be checked", path.display()));
                return Err(failure.help("give specs, rule files, a prometheus.yml or an alertmanager.yml"));
            }
        } else {
            sorted.add(path, true);
        }
    }
    Ok(sorted)
}

impl Sorted {
    fn add(&mut self, path: &Path, named: bool) {
        match kind_of(path) {
            Kind::Spec => self.specs.push(path.to_owned()),
            Kind::Other if named => self.specs.push(path.to_owned()),
            Kind::Other => {}
            _ => self.plain.push(path.display().to_string()),
        }
    }
}

/// What a file is. One that cannot be read, or has to be evaluated, can only be a spec.
fn kind_of(path: &Path) -> Kind {
    let name = path.display().to_string();
    let Some(format @ (Format::Yaml | Format::Json)) = Format::of_name(&name) else { return Kind::Other };
    let Some(text) = disk::read(path).ok().and_then(|bytes| String::from_utf8(bytes).ok()) else { return Kind::Other };
    // Reading a spec twice would cost more than checking it.
    if text.starts_with("bellwether:") || text.contains("\nbellwether:") {
        return Kind::Spec;
    }
    let mut sources = Sources::new();
    let file = sources.add(name, text);
    kind(&format::read(&sources, file, format, &mut Diagnostics::new()))
}

/// YAML and JSON files below a folder, in the order of their names. Hidden files are passed over.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = std::fs::read_dir(folder).map_err(|error| Failure::io("read", folder, &error))?;
    let mut paths = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| Failure::io("read", folder, &error))?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            paths.push(entry.path());
        }
    }
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        let is_link = path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink());
        match Format::of_name(&path.display().to_string()) {
            _ if path.is_dir() && !is_link => files.extend(files_below(&path)?),
            Some(Format::Yaml | Format::Json) if path.is_file() => files.push(path),
            _ => {}
        }
    }
    Ok(files)
}
