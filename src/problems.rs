//! What can go wrong before a spec is text.

use crate::diagnostics::Code;
use crate::diagnostics::Family::Spec;
use crate::diagnostics::code::error;

/// A file that cannot be had.
pub static UNREADABLE_FILE: Code = error(
    "unreadable-file",
    Spec,
    "A file that cannot be read",
    r"
A spec, or a file that it names, is not there or may not be read. Paths in a spec are seen from the spec's folder.
",
);

/// A file of which nobody knows what it is.
pub static UNKNOWN_FORMAT: Code = error(
    "unknown-format",
    Spec,
    "A file whose name does not say what it is",
    r"
The ending of a file's name says how to read it: `.yaml`, `.yml`, `.toml`, `.json` or `.jsonnet`.
With another ending nothing is guessed. Rename the file.
",
);

/// All of them.
pub static CODES: &[&Code] = &[&UNREADABLE_FILE, &UNKNOWN_FORMAT];
