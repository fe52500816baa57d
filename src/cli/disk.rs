//! Files from the disk, and Jsonnet evaluated in a process of its own.

use std::path::{Component, Path, PathBuf};

use super::evaluate;
use crate::World;
use crate::source::format::SIZE_LIMIT;
use crate::source::jsonnet::{Evaluation, Imports};

/// The disk, seen from a spec's folder.
#[derive(Debug, Clone)]
pub(super) struct Disk {
    /// Folders that Jsonnet may import from, beside the spec's.
    pub(super) import_paths: Vec<PathBuf>,
    /// What Jsonnet may use.
    pub(super) limits: evaluate::Limits,
}

impl World for Disk {
    fn load(&self, from: Option<&str>, path: &str) -> Result<(String, Vec<u8>), String> {
        let path = match from.and_then(|from| Path::new(from).parent()) {
            Some(folder) => without_dots(&folder.join(path)),
            None => PathBuf::from(path),
        };
        read(&path).map(|bytes| (path.display().to_string(), bytes))
    }

    fn evaluate_jsonnet(&self, name: &str, text: &str) -> Evaluation {
        evaluate::in_child(name, text, &self.import_paths, self.limits)
    }
}

/// One name for every way to a file: `specs/../common.yaml` is `common.yaml`.
fn without_dots(path: &Path) -> PathBuf {
    let mut whole = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(whole.components().next_back(), Some(Component::Normal(_))) => {
                whole.pop();
            }
            part => whole.push(part),
        }
    }
    whole
}

/// Reads a file that is not too large to be a spec.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, String> {
    let shown = path.display();
    let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => format!("there is no file `{shown}`"),
        _ => format!("cannot read `{shown}`: {error}"),
    })?;
    if metadata.is_dir() {
        return Err(format!("`{shown}` is a folder, not a file"));
    }
    let limit = u64::try_from(SIZE_LIMIT).unwrap_or(u64::MAX);
    if metadata.len() > limit {
        let megabytes = metadata.len() / (1024 * 1024);
        return Err(format!("`{shown}` has {megabytes} MB; a spec has at most {} MB", limit / (1024 * 1024)));
    }
    std::fs::read(path).map_err(|error| format!("cannot read `{shown}`: {error}"))
}

/// Files that Jsonnet may import: those in the given folders, symbolic links resolved first.
#[derive(Debug)]
pub(super) struct Sandbox {
    roots: Vec<PathBuf>,
}

impl Sandbox {
    /// Only files under these folders.
    pub(super) fn new(folders: impl IntoIterator<Item = PathBuf>) -> Self {
        Self { roots: folders.into_iter().filter_map(|folder| folder.canonicalize().ok()).collect() }
    }
}

impl Imports for Sandbox {
    fn load(&self, from: &str, path: &str) -> Result<(String, Vec<u8>), String> {
        let beside = Path::new(from).parent().map(|folder| folder.join(path));
        let candidates = beside.into_iter().chain(self.roots.iter().map(|root| root.join(path)));
        let mut outside = false;
        for candidate in candidates {
            let Ok(real) = candidate.canonicalize() else { continue };
            if self.roots.iter().any(|root| real.starts_with(root)) {
                return read(&real).map(|bytes| (real.display().to_string(), bytes));
            }
            outside = true;
        }
        Err(if outside {
            format!("`{path}` lies outside the spec's folder; give its folder with --jpath if it may be read")
        } else {
            format!("there is no file `{path}` beside the spec or in a folder given with --jpath")
        })
    }
}
