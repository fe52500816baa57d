//! What the tests share: where things are, the real tools, temporary folders, expected files and tables of pages.

pub(crate) mod expected;
pub(crate) mod page;
pub(crate) mod scratch;
pub(crate) mod tools;

use std::path::{Path, PathBuf};

/// The folder of the project.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether tests that usually take a sample take everything (`./test --deep`, or `BELLWETHER_DEEP=1`).
pub(crate) fn deep() -> bool {
    std::env::var("BELLWETHER_DEEP").is_ok_and(|value| value == "1")
}

/// The folder of each platform in `generated/`, sorted.
pub(crate) fn generated_platforms() -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(root().join("generated")) else { return Vec::new() };
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// Every file below a folder, sorted; an absent folder has none.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The files below a folder that have one of the extensions.
pub(crate) fn files_with(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let wanted =
        |path: &PathBuf| path.extension().is_some_and(|extension| extensions.iter().any(|wanted| extension == *wanted));
    files_below(folder).into_iter().filter(wanted).collect()
}
