//! YAML that YAML 1.1 and 1.2 readers agree on: block style, the lightest quoting that is safe.

use super::yaml_scalar::{self, Place};
use serde_json::{Map, Value};

/// How much deeper a child stands than its parent.
const STEP: usize = 2;

/// One document: a comment line for each line of `banner`, then the value, with a final newline.
///
/// Mappings and sequences are written in block style, sequences indented under their key. A string
/// of several lines becomes a `|` block. Strings are never folded.
pub fn write(value: &Value, banner: &[&str]) -> String {
    let mut writer = Writer { text: String::new() };
    writer.banner(banner);
    writer.document(value);
    writer.text
}

/// Several documents in one file, each opened by `---`; the banner stands once, on top.
///
/// No value at all gives a file that holds the banner only.
pub fn write_all(values: &[Value], banner: &[&str]) -> String {
    let mut writer = Writer { text: String::new() };
    writer.banner(banner);
    for value in values {
        writer.text.push_str("---\n");
        writer.document(value);
    }
    writer.text
}

struct Writer {
    text: String,
}

impl Writer {
    fn banner(&mut self, banner: &[&str]) {
        for line in banner.iter().flat_map(|line| yaml_scalar::comment_lines(line)) {
            self.text.push_str(format!("# {line}").trim_end());
            self.text.push('\n');
        }
    }

    fn document(&mut self, value: &Value) {
        match value {
            Value::Object(map) if !map.is_empty() => self.mapping(map, 0),
            Value::Array(items) if !items.is_empty() => self.sequence(items, 0),
            scalar => {
                self.scalar(scalar, Place::Root);
                self.text.push('\n');
            }
        }
    }

    /// Writes entries at `column`; the cursor already stands there for the first one.
    fn mapping(&mut self, map: &Map<String, Value>, column: usize) {
        for (position, (key, value)) in map.iter().enumerate() {
            if position > 0 {
                self.indent(column);
            }
            let key = yaml_scalar::string(key, Place::Key);
            // A reader looks for the `:` of a simple key within 1024 characters (YAML 1.2, 7.4.2).
            if key.chars().count() > 1000 {
                self.text.push_str(&format!("? {key}\n"));
                self.indent(column);
            } else {
                self.text.push_str(&key);
            }
            self.text.push(':');
            match value {
                Value::Object(children) if !children.is_empty() => {
                    self.break_to(column + STEP);
                    self.mapping(children, column + STEP);
                }
                Value::Array(items) if !items.is_empty() => {
                    self.break_to(column + STEP);
                    self.sequence(items, column + STEP);
                }
                scalar => self.child_scalar(scalar, column),
            }
        }
    }

    /// Writes items at `column`; the cursor already stands there for the first one.
    fn sequence(&mut self, items: &[Value], column: usize) {
        for (position, item) in items.iter().enumerate() {
            if position > 0 {
                self.indent(column);
            }
            self.text.push('-');
            match item {
                Value::Object(children) if !children.is_empty() => {
                    self.text.push(' ');
                    self.mapping(children, column + STEP);
                }
                Value::Array(children) if !children.is_empty() => {
                    self.text.push(' ');
                    self.sequence(children, column + STEP);
                }
                scalar => self.child_scalar(scalar, column),
            }
        }
    }

    fn child_scalar(&mut self, value: &Value, parent_column: usize) {
        self.text.push(' ');
        self.scalar(value, Place::Child { column: parent_column + STEP });
        if !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    fn scalar(&mut self, value: &Value, place: Place) {
        let text = match value {
            Value::Null => "null".to_owned(),
            Value::Bool(flag) => flag.to_string(),
            Value::Number(number) => yaml_scalar::number(number),
            Value::String(text) => yaml_scalar::string(text, place),
            // Only empty collections come here.
            Value::Array(_) => "[]".to_owned(),
            Value::Object(_) => "{}".to_owned(),
        };
        self.text.push_str(&text);
    }

    fn break_to(&mut self, column: usize) {
        self.text.push('\n');
        self.indent(column);
    }

    fn indent(&mut self, column: usize) {
        self.text.extend(std::iter::repeat_n(' ', column));
    }
}

#[cfg(test)]
#[path = "yaml_tests.rs"]
mod tests;
