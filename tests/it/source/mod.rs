//! The readers: every format ends in the same tree, and nothing that a file holds can break them.

mod environments;
mod hazards;
mod json;
mod jsonnet;
mod places;
mod properties;
mod same;
mod templates;
mod toml;
mod yaml;

use bellwether::diagnostics::{Diagnostic, Diagnostics};
use bellwether::source::{Format, Node, Sources, Value, format};

/// What reading one text gave.
pub(crate) struct Outcome {
    pub(crate) sources: Sources,
    pub(crate) node: Node,
    pub(crate) diagnostics: Diagnostics,
}

/// Reads `text` as a file of that format.
pub(crate) fn read(format: Format, text: &str) -> Outcome {
    let mut sources = Sources::new();
    let file = sources.add(format!("spec.{}", format.extensions()[0]), text);
    let mut diagnostics = Diagnostics::new();
    let node = format::read(&sources, file, format, &mut diagnostics);
    diagnostics.sort();
    Outcome { sources, node, diagnostics }
}

impl Outcome {
    /// The tree on one line.
    pub(crate) fn shown(&self) -> String {
        show(&self.node)
    }

    /// The messages, one a line: severity, code, place, the bytes underlined, message.
    pub(crate) fn complaints(&self) -> Vec<String> {
        self.diagnostics.iter().map(|problem| complaint(&self.sources, problem)).collect()
    }

    /// The only message.
    #[track_caller]
    pub(crate) fn only(&self) -> &Diagnostic {
        assert_eq!(self.diagnostics.len(), 1, "{:#?}", self.complaints());
        self.diagnostics.iter().next().expect("one")
    }

    /// The bytes under the only message.
    #[track_caller]
    pub(crate) fn underlined(&self) -> &str {
        self.sources.slice(self.only().span.expect("a place"))
    }
}

fn complaint(sources: &Sources, problem: &Diagnostic) -> String {
    let (line, column, slice) = match problem.span {
        Some(span) => {
            let (line, column) = sources.file(span.file).line_column(span.start);
            (line, column, sources.slice(span))
        }
        None => (0, 0, ""),
    };
    format!("{} {}:{line}:{column} {slice:?} {}", problem.severity.name(), problem.code.name, problem.message)
}

/// A tree on one line: `{a: 1, b: ["x", null]}`; `!` for what is invalid.
pub(crate) fn show(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => format!("{:?}", text.value),
        Value::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(", ")),
        Value::Map(map) => {
            let entries = map.entries.iter().map(|entry| format!("{}: {}", entry.key.text, show(&entry.value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Invalid => "!".to_owned(),
    }
}

/// The value below `path` (keys, or numbers into lists).
#[track_caller]
pub(crate) fn at<'n>(node: &'n Node, path: &[&str]) -> &'n Node {
    path.iter().fold(node, |node, step| match &node.value {
        Value::Map(map) => map.get(step).unwrap_or_else(|| panic!("no `{step}` in {}", show(node))),
        Value::List(items) => &items[step.parse::<usize>().expect("an index")],
        _ => panic!("`{step}` of {}", show(node)),
    })
}
