//! Suppressions: a comment beside a value takes one finding back, with a reason, and to a day if wanted.
//!
//! They are applied before levels, so that what a comment is good for does not depend on a flag. A comment takes
//! away findings and adds its own; every other finding stays as it is.

use super::suppression::{Comment, Read, Suppression};
use crate::compile::Compilation;
use crate::diagnostics::Family::Spec as SpecFamily;
use crate::diagnostics::code::{error, warning};
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::source::{Entry, FileId, Format, Node, Sources, Span, Value, comments, format};

/// How every such comment begins.
const WORD: &str = "bellwether:";

/// A comment that cannot be read.
static MALFORMED: Code = error(
    "malformed-suppression",
    SpecFamily,
    "A suppression that cannot be read",
    include_str!("suppress/malformed-suppression.md"),
);

/// A comment that does not say why.
static WITHOUT_REASON: Code = error(
    "suppression-without-reason",
    SpecFamily,
    "A suppression that does not say why",
    include_str!("suppress/suppression-without-reason.md"),
);

/// A comment for which there is nothing to take back.
static UNUSED: Code = warning(
    "unused-suppression",
    SpecFamily,
    "A suppression of nothing",
    include_str!("suppress/unused-suppression.md"),
);

/// A comment whose last day has passed.
static EXPIRED: Code = warning(
    "expired-suppression",
    SpecFamily,
    "A suppression whose last day has passed",
    include_str!("suppress/expired-suppression.md"),
);

/// All of this file.
pub(super) static CODES: &[&Code] = &[&MALFORMED, &WITHOUT_REASON, &UNUSED, &EXPIRED];

/// Takes back what comments suppress, and says which comments are wrong, unused or expired.
pub(super) fn apply(compilation: &mut Compilation) {
    let (good, mut said) = read(&compilation.sources);
    if !good.is_empty() {
        let mut used = vec![false; good.len()];
        let homes = Homes::of(&compilation.sources, &good);
        compilation.diagnostics.retain_mut(|finding| {
            if !super::is_settable(finding.code.name) || CODES.iter().any(|own| own.name == finding.code.name) {
                return true;
            }
            let mut kept = true;
            for (suppression, used) in good.iter().zip(&mut used) {
                if suppression.code == finding.code.name && homes.concern(suppression, finding) {
                    *used = true;
                    kept &= suppression.has_expired(compilation.today);
                }
            }
            kept
        });
        let whole = has_run_whole(compilation, &homes);
        let judged = good.iter().zip(used);
        said.extend(judged.filter_map(|(suppression, used)| judge(suppression, used || !whole, compilation)));
    }
    for diagnostic in said {
        compilation.diagnostics.push(diagnostic);
    }
}

/// Whether every finding there can be was looked for. A stage that could not run, a backend left out, and an
/// environment not chosen may each hold what a comment is there for.
fn has_run_whole(compilation: &Compilation, homes: &Homes) -> bool {
    let every_backend = compilation.backends == crate::backends::Selection::all();
    (compilation.model.is_some() || compilation.plain.is_some()) && every_backend && !homes.have_environments
}

fn read(sources: &Sources) -> (Vec<Suppression>, Vec<Diagnostic>) {
    let (mut good, mut wrong) = (Vec::new(), Vec::new());
    for (id, _) in sources.iter() {
        for span in comments::beginning_with(sources, id, WORD) {
            match Comment::new(sources, span, WORD).read() {
                Read::Other => {}
                Read::Suppression(suppression) => good.push(suppression),
                Read::Malformed(why) => wrong.push(
                    Diagnostic::new(&MALFORMED, span, why)
                        .note("nothing is suppressed: the finding it is meant for is still reported")
                        .help(format!(
                            "write `{WORD} allow(CODE): REASON` or `{WORD} allow(CODE) until YEAR-MM-DD: REASON`"
                        )),
                ),
                Read::WithoutReason => wrong.push(
                    Diagnostic::new(&WITHOUT_REASON, span, "this suppression does not say why")
                        .note("nothing is suppressed: in a year nobody would know whether it may go")
                        .help("put a colon and the reason behind it"),
                ),
            }
        }
    }
    (good, wrong)
}

/// What is to be said of a suppression itself.
fn judge(suppression: &Suppression, used: bool, compilation: &Compilation) -> Option<Diagnostic> {
    let code = suppression.code.as_str();
    if !super::is_settable(code) {
        return Some(super::levels::unknown(code, suppression.code_span));
    }
    let diagnostic = match suppression.until {
        Some(until) if suppression.has_expired(compilation.today) => {
            Diagnostic::new(&EXPIRED, suppression.span, format!("the suppression of `{code}` ended on {until}"))
                .note("what it suppressed is reported again")
                .help("mend what is found, or write a later day and say why it takes longer")
        }
        _ if used => return None,
        _ => Diagnostic::new(&UNUSED, suppression.span, format!("there is no `{code}` here to suppress"))
            .note("it would hide the next finding of its kind, which nobody has looked at")
            .help("delete it; if it belongs to another line, put it at the end of that line, or in the line before"),
    };
    Some(diagnostic.fix(suppression.removal, ""))
}

/// The trees of files with suppressions: which line and which field a finding is at home in.
struct Homes {
    trees: Vec<(FileId, Node)>,
    have_environments: bool,
}

impl Homes {
    fn of(sources: &Sources, suppressions: &[Suppression]) -> Self {
        let (mut trees, mut have_environments): (Vec<(FileId, Node)>, bool) = (Vec::new(), false);
        for (id, file) in sources.iter() {
            // Jsonnet is complained about where it is evaluated.
            let evaluated = file.name().strip_suffix(" (evaluated)");
            let written = evaluated.unwrap_or(file.name());
            let notation = if evaluated.is_some() { Some(Format::Json) } else { Format::of_name(file.name()) };
            let concerned = suppressions.iter().any(|one| one.file == written);
            if let Some(notation) = notation.filter(|notation| concerned && *notation != Format::Jsonnet) {
                let node = format::read(sources, id, notation, &mut Diagnostics::new());
                have_environments |= node.as_map().is_some_and(|map| map.get("environments").is_some());
                trees.push((id, node));
            }
        }
        Self { trees, have_environments }
    }

    /// Whether a finding is one that the suppression speaks of.
    fn concern(&self, suppression: &Suppression, finding: &Diagnostic) -> bool {
        let Some(span) = finding.span else { return false };
        let entry = self.trees.iter().find(|(id, _)| *id == span.file).and_then(|(_, node)| innermost(node, span));
        match &suppression.lines {
            Some(lines) if suppression.span.file == span.file => {
                // A text of many lines has no room for comments: what is found in it is at home at its key.
                let is_text = |entry: &&Entry| matches!(entry.value.value, Value::Text(_));
                let key = entry.filter(is_text).map(|entry| entry.key.span.start);
                lines.contains(&span.start) || key.is_some_and(|start| lines.contains(&start))
            }
            None => {
                let in_evaluated = self.trees.iter().any(|(id, _)| *id == span.file && *id != suppression.span.file);
                in_evaluated && entry.is_some_and(|entry| suppression.fields.contains(&entry.key.text))
            }
            Some(_) => false,
        }
    }
}

/// The entry that a place lies in, in its key or its value, and in no entry further in.
fn innermost(node: &Node, span: Span) -> Option<&Entry> {
    let holds = |outer: Span| {
        outer.file == span.file && outer.start <= span.start && span.start < outer.end.max(outer.start + 1)
    };
    match &node.value {
        Value::List(items) => items.iter().find_map(|item| innermost(item, span)),
        Value::Map(map) => map.entries.iter().find_map(|entry| {
            let here = holds(entry.key.span) || holds(entry.value.span);
            innermost(&entry.value, span).or_else(|| here.then_some(entry))
        }),
        _ => None,
    }
}
