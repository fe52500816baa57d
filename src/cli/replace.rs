//! A file changed in one step: whoever reads it sees the old text or the new one.

use std::fs;
use std::path::{Path, PathBuf};

use super::Failure;

/// The mark that some editors put first in a file. It is no part of the text, and stays.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Puts `after` in the place of `before`. A link stays a link, permissions stay, a byte order mark stays. A file that
/// somebody else changed in the meantime is left alone.
pub(super) fn replace(path: &Path, before: &str, after: &str) -> Result<(), Failure> {
    let real = path.canonicalize().map_err(|error| Failure::io("open", path, &error))?;
    let found = fs::read(&real).map_err(|error| Failure::io("read", path, &error))?;
    let (mark, text) = match found.strip_prefix(BYTE_ORDER_MARK.as_bytes()) {
        Some(text) => (BYTE_ORDER_MARK, text),
        None => ("", found.as_slice()),
    };
    if text != before.as_bytes() {
        return Err(Failure::new(format!("{} was changed while it was looked at", path.display())).help("run it again"));
    }
    let beside = beside(&real);
    let written = fs::metadata(&real).and_then(|metadata| {
        fs::write(&beside, format!("{mark}{after}"))?;
        fs::set_permissions(&beside, metadata.permissions())?;
        fs::rename(&beside, &real)
    });
    written.map_err(|error| {
        let _ = fs::remove_file(&beside);
        Failure::io("write", path, &error)
    })
}

/// A name in the same folder: only there a file can take another's place in one step.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    path.with_file_name(format!(".{name}.bellwether-new-{}", std::process::id()))
}
