//! Jsonnet: evaluated to JSON text, which is then read like any JSON file.
//!
//! Evaluation is pure: the files that a spec imports are asked for through [`Imports`], and there
//! is no other way out. It has a limit on the depth of calls, but **none on time or memory** (the
//! evaluator offers none, and a thread cannot be stopped from outside). Whoever evaluates text
//! that is not trusted, and the command line always does, has to do so in a child process with a
//! deadline and an address-space limit: run [`evaluate`] there, write the [`Evaluation`] to a pipe
//! as JSON, and give it to [`read`] here. A child that was stopped is told with [`stopped`].

use serde::{Deserialize, Serialize};

use super::node::{Node, Value};
use super::{FileId, Sources, Span, problems};
use crate::diagnostics::{Diagnostic, Diagnostics};

#[cfg(feature = "jsonnet")]
mod evaluator;

/// How deep calls may nest while Jsonnet is evaluated.
pub const STACK_LIMIT: usize = 200;

/// Where imported files come from. The implementation decides what may be read at all.
pub trait Imports {
    /// The file that `path` means inside the file `from` (a canonical name given before, or the
    /// spec's own name): its canonical name, the same for every way that leads to it, and its bytes.
    ///
    /// # Errors
    /// A sentence for the user: why the file cannot be had.
    fn load(&self, from: &str, path: &str) -> Result<(String, Vec<u8>), String>;
}

/// No imports: every one is refused.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoImports;

impl Imports for NoImports {
    fn load(&self, _from: &str, path: &str) -> Result<(String, Vec<u8>), String> {
        Err(format!("`{path}` cannot be imported: imports are not allowed here"))
    }
}

/// What evaluation gave, ready to cross a pipe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evaluation {
    /// The value as JSON text; fields in the order written.
    Json(String),
    /// Why there is no value.
    Problems(Vec<Problem>),
}

/// What kind of problem it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The grammar, or a name that is not defined.
    Syntax,
    /// An error while evaluating.
    Failed,
    /// An import that could not be had.
    Import,
    /// Too deep.
    Limit,
    /// Built without Jsonnet.
    Unavailable,
}

/// One problem of an evaluation, without anything that only this process understands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What kind.
    pub kind: Kind,
    /// What is wrong, one line.
    pub message: String,
    /// Where, if it is known.
    pub place: Option<Place>,
    /// The way there, innermost first.
    pub trace: Vec<Frame>,
    /// What to do.
    pub help: Option<String>,
}

/// A byte range in a Jsonnet file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The spec's own name, or the canonical name of an import.
    pub file: String,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The text of the file, if it is an import: the other side has not read it.
    pub text: Option<String>,
}

/// One step on the way to a problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// What was going on.
    pub message: String,
    /// Where, if it is known.
    pub place: Option<Place>,
}

/// Evaluates the Jsonnet file `name` with the content `text`. Never fails: what goes wrong is in
/// the result. See the module's words on time and memory before calling this in-process.
#[cfg(feature = "jsonnet")]
pub fn evaluate(name: &str, text: &str, imports: impl Imports + Send + 'static) -> Evaluation {
    evaluator::evaluate(name, text, Box::new(imports))
}

/// Evaluates the Jsonnet file `name` with the content `text`: this build cannot, and says so.
#[cfg(not(feature = "jsonnet"))]
pub fn evaluate(_name: &str, _text: &str, _imports: impl Imports + Send + 'static) -> Evaluation {
    Evaluation::Problems(vec![Problem {
        kind: Kind::Unavailable,
        message: "this build of bellwether cannot evaluate Jsonnet".to_owned(),
        place: None,
        trace: Vec::new(),
        help: Some(
            "use a build with the feature `jsonnet`, or evaluate the spec first and give bellwether the JSON"
                .to_owned(),
        ),
    }])
}

/// The problem to report when a child process that evaluated was stopped or died. `what` names
/// the limit: "10 s", "512 MiB of memory".
pub fn stopped(what: &str) -> Evaluation {
    Evaluation::Problems(vec![Problem {
        kind: Kind::Limit,
        message: format!("evaluating the Jsonnet was stopped: it took more than {what}"),
        place: None,
        trace: Vec::new(),
        help: Some("look for recursion without an end, and for text or arrays that double; raise the limit (--jsonnet-seconds, --jsonnet-megabytes) if the spec really needs it".to_owned()),
    }])
}

/// The problem to report when no process could evaluate; `why` is the system's word.
pub fn not_run(why: &str) -> Evaluation {
    Evaluation::Problems(vec![Problem {
        kind: Kind::Limit,
        message: format!("the Jsonnet could not be evaluated: {why}"),
        place: None,
        trace: Vec::new(),
        help: None,
    }])
}

/// The tree of an evaluated file: its JSON joins `sources` as `NAME (evaluated)` and is read from
/// there, so that every later complaint can show the value it speaks of. Problems become
/// diagnostics at their places in `file` and in the imports (which join `sources` too).
pub fn read(sources: &mut Sources, file: FileId, evaluation: Evaluation, diagnostics: &mut Diagnostics) -> Node {
    match evaluation {
        Evaluation::Json(text) => {
            let evaluated = sources.add(format!("{} (evaluated)", sources.file(file).name()), text);
            super::format::read(sources, evaluated, super::Format::Json, diagnostics)
        }
        Evaluation::Problems(list) => {
            for problem in list {
                let problem = diagnostic(sources, file, problem);
                diagnostics.push(problem);
            }
            let end = sources.file(file).text().len();
            Node { span: Span::new(file, 0, end), value: Value::Invalid }
        }
    }
}

fn diagnostic(sources: &mut Sources, file: FileId, problem: Problem) -> Diagnostic {
    let code = match problem.kind {
        Kind::Syntax => &problems::JSONNET_SYNTAX,
        Kind::Failed => &problems::JSONNET_FAILED,
        Kind::Import => &problems::JSONNET_IMPORT,
        Kind::Limit => &problems::JSONNET_LIMIT,
        Kind::Unavailable => &problems::JSONNET_UNAVAILABLE,
    };
    let span = problem.place.and_then(|place| locate(sources, file, place));
    // Without a place of its own a problem still belongs to the file.
    let fallback = Span::new(file, 0, 0);
    let mut diagnostic = Diagnostic::new(code, span.unwrap_or(fallback), problem.message);
    for frame in problem.trace {
        match frame.place.and_then(|place| locate(sources, file, place)) {
            Some(span) if Some(span) != diagnostic.span => diagnostic = diagnostic.also(span, frame.message),
            _ => {}
        }
    }
    diagnostic.note = Some("nothing was compiled: the spec has no value".to_owned());
    diagnostic.help = problem.help;
    diagnostic
}

/// A place as a span, clipped to the text and to whole characters: the child may have been wrong.
fn locate(sources: &mut Sources, file: FileId, place: Place) -> Option<Span> {
    let own = sources.file(file).name() == place.file;
    let known = sources.iter().find(|(_, source)| source.name() == place.file).map(|(id, _)| id);
    let id = match (own, known, place.text) {
        (true, _, _) => file,
        (false, Some(id), _) => id,
        (false, None, Some(text)) => sources.add(place.file, text),
        (false, None, None) => return None,
    };
    let text = sources.file(id).text();
    let start = super::origin::boundary(text, place.start);
    let end = super::origin::boundary(text, place.end);
    Some(Span::new(id, start, end))
}
