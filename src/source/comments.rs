//! Comments that say something to the compiler. Trees do not hold them: they are looked for in the text.

use super::{FileId, Format, Map, Node, SourceFile, Sources, Span, Value, format};
use crate::diagnostics::Diagnostics;

/// Comments of a file that contain `word` as the first thing in them: each from its `#` or `//` to the end of its
/// line. A `#` inside a text is no comment; JSON has none.
pub fn beginning_with(sources: &Sources, id: FileId, word: &str) -> Vec<Span> {
    let file = sources.file(id);
    let Some(notation) = Format::of_name(file.name()) else { return Vec::new() };
    let marks: &[&str] = if notation == Format::Jsonnet { &["#", "//"] } else { &["#"] };
    let text = file.text();
    let found = text.match_indices(word).filter_map(|(at, _)| {
        let before = text.get(..at)?.trim_end_matches([' ', '\t']);
        let mark = marks.iter().find(|mark| before.ends_with(**mark))?;
        let end = text.get(at..)?.find(['\n', '\r']).map_or(text.len(), |length| at + length);
        Some(Span::new(id, before.len() - mark.len(), end))
    });
    let found: Vec<Span> = found.collect();
    if found.is_empty() || notation == Format::Json {
        return Vec::new();
    }
    let texts = match notation {
        Format::Jsonnet => Some(jsonnet_texts(text)),
        _ => tree_texts(sources, id, notation),
    };
    // In a file that cannot be read nobody knows what is a text and what a comment.
    let Some(texts) = texts else { return Vec::new() };
    let is_comment = |comment: &Span| {
        let inside = texts.iter().any(|text| text.contains(&comment.range().start));
        !inside && (notation != Format::Yaml || opens_in_yaml(file, *comment))
    };
    found.into_iter().filter(is_comment).collect()
}

/// In YAML a comment begins at the start of a line or behind a blank.
fn opens_in_yaml(file: &SourceFile, comment: Span) -> bool {
    let before = file.text().get(..comment.range().start).unwrap_or("");
    before.is_empty() || before.ends_with([' ', '\t', '\n', '\r'])
}

/// Where the keys and texts of a file lie.
fn tree_texts(sources: &Sources, id: FileId, notation: Format) -> Option<Vec<std::ops::Range<usize>>> {
    fn collect(node: &Node, texts: &mut Vec<std::ops::Range<usize>>) {
        match &node.value {
            Value::Text(_) => texts.push(node.span.range()),
            Value::List(items) => items.iter().for_each(|item| collect(item, texts)),
            Value::Map(Map { entries }) => {
                for entry in entries {
                    texts.push(entry.key.span.range());
                    collect(&entry.value, texts);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Invalid => {}
        }
    }
    let mut texts = Vec::new();
    // Whoever reads the file to compile it says what is wrong with it.
    let root = format::read(sources, id, notation, &mut Diagnostics::new());
    collect(&root, &mut texts);
    (!matches!(root.value, Value::Invalid)).then_some(texts)
}

/// Where texts and comments of many lines lie in Jsonnet. A comment to the end of a line is stepped over.
fn jsonnet_texts(text: &str) -> Vec<std::ops::Range<usize>> {
    let (mut texts, mut at) = (Vec::new(), 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let until = |end: Option<usize>| end.unwrap_or(rest.len());
        let is_text = !rest.starts_with('#') && !rest.starts_with("//");
        let length = if !is_text {
            until(rest.find('\n'))
        } else if rest.starts_with("/*") {
            until(rest.find("*/").map(|end| end + 2))
        } else if rest.starts_with("|||") {
            block_length(rest)
        } else if let Some(quote @ ('"' | '\'')) = rest.strip_prefix('@').unwrap_or(rest).chars().next() {
            quoted_length(rest, quote)
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        };
        if is_text {
            texts.push(at..at + length);
        }
        at += length;
    }
    texts
}

/// From `|||` to the `|||` that stands first in its line.
fn block_length(rest: &str) -> usize {
    let mut length = 0;
    for (number, line) in rest.split_inclusive('\n').enumerate() {
        if number > 0 && line.trim_start().starts_with("|||") {
            return length + line.len() - line.trim_start().len() + 3;
        }
        length += line.len();
    }
    length
}

/// From the quote to the one that closes it; `@"` knows no escapes but the doubled quote, which reads as two texts.
fn quoted_length(rest: &str, quote: char) -> usize {
    let verbatim = rest.starts_with('@');
    let mut escaped = false;
    for (at, character) in rest.char_indices().skip(if verbatim { 2 } else { 1 }) {
        match character {
            _ if escaped => escaped = false,
            '\\' if !verbatim => escaped = true,
            _ if character == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, text: &str) -> Vec<String> {
        let mut sources = Sources::new();
        let id = sources.add(name, text);
        beginning_with(&sources, id, "tool:").into_iter().map(|span| sources.slice(span).to_owned()).collect()
    }

    #[test]
    fn a_mark_inside_a_text_opens_no_comment() {
        let yaml = "# tool: 1\na: b # tool: 2\nc: '# tool: no' #tool: 3\nd: |\n  # tool: no\n\n  x # tool: no\ne: x#tool:no\n\"# tool: no\": 1\nf: [1, # tool: 4\n  2]\n";
        assert_eq!(found("a.yaml", yaml), ["# tool: 1", "# tool: 2", "#tool: 3", "# tool: 4"]);
        let toml = "# tool: 1\r\na = 'b' # tool: 2\r\nc = '# tool: no'#tool: 3\nd = \"\"\"\n# tool: no\n\"\"\"\n";
        assert_eq!(found("a.toml", toml), ["# tool: 1", "# tool: 2", "#tool: 3"]);
        let jsonnet = "// tool: 1\n{ a: 'it\\'s // tool: no', # tool: 2\n b: @'\\', // tool: 3\n c: |||\n  // tool: no\n|||, /* // tool: no */ d: 1 } // tool: 4";
        assert_eq!(found("a.jsonnet", jsonnet), ["// tool: 1", "# tool: 2", "// tool: 3", "// tool: 4"]);
        assert_eq!(found("a.json", "{\"a\": 1} # tool: 1"), [""; 0]);
        assert_eq!(found("a.yaml", "tool: 1\nb: # other tool: 2\n"), [""; 0]);
    }
}
