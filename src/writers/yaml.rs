//! YAML that YAML 1.1 and 1.2 readers agree on: block style, the lightest quoting that is safe.

use serde::Serialize;

use super::yaml_scalar;
use super::yaml_serializer::{Spot, Writer};

/// Bytes of a usual file: most texts need not grow while they are written.
const USUAL_LENGTH: usize = 16 * 1024;

/// One document: a comment line for each line of `banner`, then the value, with a final newline.
///
/// Mappings and sequences are written in block style, sequences indented under their key. A string
/// of several lines becomes a `|` block. Strings are never folded.
///
/// Goes straight from the struct to text: a tree of values between them would be most of the work. A value whose
/// keys are no scalars cannot be written; nothing here has such keys.
pub fn write<T: Serialize + ?Sized>(value: &T, banner: &[&str]) -> String {
    let mut text = String::with_capacity(USUAL_LENGTH);
    comment(&mut text, banner);
    document(&mut text, value);
    text.shrink_to_fit();
    text
}

/// Several documents in one file, each opened by `---`; the banner stands once, on top.
///
/// No value at all gives a file that holds the banner only.
pub fn write_all<T: Serialize>(values: &[T], banner: &[&str]) -> String {
    let mut text = String::new();
    comment(&mut text, banner);
    for value in values {
        text.push_str("---\n");
        document(&mut text, value);
    }
    text
}

fn comment(text: &mut String, banner: &[&str]) {
    for line in banner.iter().flat_map(|line| yaml_scalar::comment_lines(line)) {
        text.push_str(format!("# {line}").trim_end());
        text.push('\n');
    }
}

fn document<T: Serialize + ?Sized>(text: &mut String, value: &T) {
    let start = text.len();
    let mut writer = Writer::new(text);
    if value.serialize(writer.at(Spot::Root)).is_err() {
        text.truncate(start);
        text.push_str("null\n");
    }
}

#[cfg(test)]
#[path = "yaml_tests.rs"]
mod tests;
