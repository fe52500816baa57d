//! Which format a file is in, and the one way from its bytes to a tree.

use super::{FileId, Node, Sources, Span, Value, json, problems, toml, yaml};
use crate::diagnostics::{Diagnostic, Diagnostics};

/// The largest file that is read, in bytes. A spec of a thousand services is far below it.
pub const SIZE_LIMIT: usize = 16 * 1024 * 1024;

/// How deep maps and lists may lie in one another.
pub const DEPTH_LIMIT: usize = 64;

/// A language a spec may be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// YAML 1.2, core schema.
    Yaml,
    /// TOML 1.1.
    Toml,
    /// JSON, strict.
    Json,
    /// Jsonnet; it has to be evaluated (see [`super::jsonnet`]) before it can be read.
    Jsonnet,
}

impl Format {
    /// Every format, in the order they are listed to people.
    pub const ALL: [Format; 4] = [Format::Yaml, Format::Toml, Format::Json, Format::Jsonnet];

    /// The format that a file name's extension stands for, upper or lower case.
    pub fn of_name(name: &str) -> Option<Format> {
        let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let (stem, extension) = file.rsplit_once('.')?;
        let extension = extension.to_ascii_lowercase();
        let known = Format::ALL.into_iter().find(|format| format.extensions().contains(&extension.as_str()));
        known.filter(|_| !stem.is_empty())
    }

    /// The extensions, the usual one first.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Format::Yaml => &["yaml", "yml"],
            Format::Toml => &["toml"],
            Format::Json => &["json"],
            Format::Jsonnet => &["jsonnet", "libsonnet"],
        }
    }

    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Format::Yaml => "YAML",
            Format::Toml => "TOML",
            Format::Json => "JSON",
            Format::Jsonnet => "Jsonnet",
        }
    }
}

/// The text in the bytes of a file called `name`: UTF-8, a byte order mark dropped, at most [`SIZE_LIMIT`] bytes.
///
/// # Errors
/// A diagnostic without a place (the file has no text to point into) that names the file and says
/// what the bytes look like instead.
pub fn decode_utf8(name: &str, bytes: Vec<u8>) -> Result<String, Box<Diagnostic>> {
    if let Some(problem) = too_large(name, bytes.len()) {
        return Err(Box::new(problem));
    }
    let utf16 = match bytes.as_slice() {
        [0xFF, 0xFE, ..] => Some("little-endian"),
        [0xFE, 0xFF, ..] => Some("big-endian"),
        _ => None,
    };
    if let Some(order) = utf16 {
        let message = format!("`{name}` is UTF-16 ({order}), not UTF-8");
        return Err(Box::new(
            Diagnostic::new(&problems::NOT_UTF_8, None, message)
                .note("nothing in the file could be read")
                .help(format!("save it as UTF-8, or convert it: iconv -f UTF-16 -t UTF-8 {name}")),
        ));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.to_owned(),
            None => text,
        }),
        Err(error) => Err(Box::new(not_utf8(name, &error))),
    }
}

fn not_utf8(name: &str, error: &std::string::FromUtf8Error) -> Diagnostic {
    let offset = error.utf8_error().valid_up_to();
    let valid = error.as_bytes().get(..offset).unwrap_or_default();
    let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
    let line_start = valid.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let before = valid.get(line_start..).unwrap_or_default();
    let column = String::from_utf8_lossy(before).chars().count() + 1;
    let byte = error.as_bytes().get(offset).copied().unwrap_or_default();
    let message = format!(
        "`{name}` is not UTF-8: byte 0x{byte:02X} at offset {offset} (line {line}, column {column}) fits no character"
    );
    Diagnostic::new(&problems::NOT_UTF_8, None, message)
        .note("nothing in the file could be read")
        .help("save it as UTF-8; if it is Latin-1, convert it: iconv -f LATIN1 -t UTF-8")
}

/// The refusal of a file of `length` bytes, if it is above [`SIZE_LIMIT`]. A caller that knows the
/// length before it reads can ask first and never load the file.
pub fn too_large(name: &str, length: usize) -> Option<Diagnostic> {
    (length > SIZE_LIMIT).then(|| {
        let message = format!("`{name}` has {length} bytes; at most {SIZE_LIMIT} (16 MiB) are read");
        Diagnostic::new(&problems::FILE_TOO_LARGE, None, message)
            .note("nothing in the file was read")
            .help("check that this is the file you meant; a spec that really is this large can be split with `include`")
    })
}

/// Reads a YAML, TOML or JSON file into a tree. What cannot be read becomes [`Value::Invalid`],
/// with a diagnostic that says why; an empty file too.
///
/// Jsonnet must be evaluated first: it gets the diagnostic `jsonnet-not-evaluated` here.
pub fn read(sources: &Sources, file: FileId, format: Format, diagnostics: &mut Diagnostics) -> Node {
    let text = sources.file(file).text();
    let whole = Span::new(file, 0, text.len());
    if let Some(problem) = too_large(sources.file(file).name(), text.len()).or_else(|| control_character(file, text)) {
        diagnostics.push(problem);
        return Node { span: whole, value: Value::Invalid };
    }
    match format {
        Format::Yaml => yaml::read(file, text, diagnostics),
        Format::Toml => toml::read(file, text, diagnostics),
        Format::Json => json::read(file, text, diagnostics),
        Format::Jsonnet => {
            diagnostics.push(
                Diagnostic::new(
                    &problems::JSONNET_NOT_EVALUATED,
                    whole,
                    "Jsonnet has to be evaluated before it can be read",
                )
                .help("evaluate the file, then read the JSON that it gives"),
            );
            Node { span: whole, value: Value::Invalid }
        }
    }
}

/// No format allows these in a text, and they betray a file that is not text at all.
fn control_character(file: FileId, text: &str) -> Option<Diagnostic> {
    let is_control = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
    let at = text.bytes().position(is_control)?;
    let byte = text.as_bytes().get(at).copied().unwrap_or_default();
    let name = if byte == 0 { "a NUL byte".to_owned() } else { format!("the control character U+{byte:04X}") };
    Some(
        Diagnostic::new(&problems::CONTROL_CHARACTER, Span::new(file, at, at + 1), format!("{name} in the text"))
            .label("here")
            .note("nothing in the file was read: a spec is text")
            .help("remove it; inside a quoted text write it as an escape; check that this is not a binary file"),
    )
}

/// What is said of a file in which nothing is written.
pub(crate) fn empty(file: FileId, text: &str) -> Diagnostic {
    let message = if text.trim().is_empty() { "the spec is empty" } else { "the spec holds nothing but comments" };
    Diagnostic::new(&problems::EMPTY_SPEC, Span::new(file, 0, 0), message)
        .note("there is nothing to compile")
        .help("write a first spec with `bellwether init`, or begin with `bellwether: 1` and `platform: NAME`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_go_by_extension() {
        for (name, format) in [
            ("specs/ims.yaml", Some(Format::Yaml)),
            ("IMS.YML", Some(Format::Yaml)),
            ("a.b.toml", Some(Format::Toml)),
            ("x.json", Some(Format::Json)),
            ("x.jsonnet", Some(Format::Jsonnet)),
            ("lib.libsonnet", Some(Format::Jsonnet)),
            ("dir.yaml/x", None),
            ("yaml", None),
            (".yaml", None),
            ("x.txt", None),
        ] {
            assert_eq!(Format::of_name(name), format, "{name}");
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_are_placed() {
        let problem = decode_utf8("x.yaml", b"a: 1\nb: \xC3\xA9\xE9\n".to_vec()).expect_err("Latin-1");
        assert!(problem.message.contains("offset 10 (line 2, column 5)"), "{}", problem.message);
        assert!(problem.message.contains("0xE9"), "{}", problem.message);
    }

    #[test]
    fn utf16_is_recognised_and_a_mark_is_dropped() {
        let problem = decode_utf8("x.yaml", vec![0xFF, 0xFE, b'a', 0]).expect_err("UTF-16");
        assert!(problem.message.contains("UTF-16 (little-endian)"), "{}", problem.message);
        assert_eq!(decode_utf8("x.yaml", b"\xEF\xBB\xBFa: 1".to_vec()).expect("UTF-8"), "a: 1");
    }

    #[test]
    fn fifty_megabytes_are_refused_before_anything_is_decoded() {
        let problem = decode_utf8("x.yaml", vec![0xFF; 50_000_000]).expect_err("too large");
        assert_eq!(problem.code.name, "file-too-large");
    }
}
