//! One kind of message for everything the compiler has to say about a spec.
//!
//! A stage never fails and never prints: it returns what it could build and adds to a
//! [`Diagnostics`]. How a message looks to people and machines is decided in this folder's
//! renderings; what it says is decided next to the problem.

use crate::source::{Sources, Span, User};

pub mod code;
pub mod render;

pub use code::{Code, Family};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know; changes no exit code.
    Info,
    /// Works, but probably not as meant.
    Warning,
    /// Cannot work, or would hurt: nothing is written.
    Error,
}

impl Severity {
    /// `error`, `warning` or `info`.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A second place that a message speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is to be seen there.
    pub text: String,
}

/// A sure mend: put `replacement` in the place of `span`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// The bytes to replace.
    pub span: Span,
    /// What to put there.
    pub replacement: String,
}

/// One message: what is wrong, where, what follows from it, what to do.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// Which problem this is.
    pub code: &'static Code,
    /// How bad.
    pub severity: Severity,
    /// What is wrong, one line, names in backticks, no full stop.
    pub message: String,
    /// Where; none for a problem of the whole run (a missing file).
    pub span: Option<Span>,
    /// The words under the place, short.
    pub label: Option<String>,
    /// Other places that matter.
    pub labels: Vec<Label>,
    /// The consequence: "this page can never fire".
    pub note: Option<String>,
    /// What to do.
    pub help: Option<String>,
    /// A mend that is certain.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A message at a place, as bad as its code usually is.
    pub fn new(code: &'static Code, span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity,
            message: message.into(),
            span: span.into(),
            label: None,
            labels: Vec::new(),
            note: None,
            help: None,
            fix: None,
        }
    }

    /// The words under the place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.label = Some(text.into());
        self
    }

    /// Another place that matters.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// What follows from it.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.note = Some(text.into());
        self
    }

    /// What to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Help of the form "did you mean `x`?", when some known name is close to the one written.
    #[must_use]
    pub fn suggest<'a>(mut self, written: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        if let Some(near) = nearest(written, known.iter().copied()) {
            self.help = Some(format!("did you mean `{near}`?"));
        } else if self.help.is_none() && !known.is_empty() {
            self.help = Some(format!("known here: {}", listed(&known)));
        }
        self
    }

    /// Every place that it speaks of.
    fn each_span(&mut self, change: impl FnMut(&mut Span)) {
        let labels = self.labels.iter_mut().map(|label| &mut label.span);
        let fix = self.fix.iter_mut().map(|fix| &mut fix.span);
        self.span.iter_mut().chain(labels).chain(fix).for_each(change);
    }

    /// A mend that is certain.
    #[must_use]
    pub fn fix(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix { span, replacement: replacement.into() });
        self
    }
}

/// `` `a`, `b` and `c` ``, at most a dozen, then how many more.
pub fn listed(names: &[&str]) -> String {
    const SHOWN: usize = 12;
    let quoted: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match (names.len().saturating_sub(SHOWN), quoted.split_last()) {
        (0, Some((last, rest))) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        (0, _) => quoted.join(", "),
        (more, _) => format!("{} and {more} more", quoted.join(", ")),
    }
}

/// The known name closest to the one written, if any is close enough to be a slip.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let flat = |name: &str| name.to_lowercase().replace(['-', '_', ' '], "");
    let target = flat(written);
    let allowed = (target.chars().count() / 3).clamp(1, 4);
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&target, &flat(name)), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// The messages of one run.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds all of another run.
    pub fn extend(&mut self, other: Diagnostics) {
        self.list.extend(other.list);
    }

    /// Whether anything forbids writing.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// In the order of [`Diagnostics::sort`], or of adding before it.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// By file, place and code, doubles removed. The order is the same on every machine.
    pub fn sort(&mut self) {
        let key = |d: &Diagnostic| (d.span.map(|s| (s.file, s.start, s.end)), d.code.name);
        self.list.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message)));
        self.list.dedup_by(|a, b| key(a) == key(b) && a.message == b.message);
    }

    /// Sorts, with every place in the file where people find it. What several services find in one template is said
    /// once, with a second place that says who uses it.
    pub fn settle(&mut self, sources: &Sources) {
        let mut users: Vec<(usize, User)> = Vec::new();
        let mut settled: Vec<Diagnostic> = Vec::new();
        for mut diagnostic in self.list.drain(..) {
            let user = diagnostic.span.and_then(|span| sources.user(span.file)).cloned();
            diagnostic.each_span(|span| span.file = sources.real(span.file));
            let is_same = |known: &Diagnostic| {
                (known.span, known.code.name) == (diagnostic.span, diagnostic.code.name)
                    && known.message == diagnostic.message
            };
            let at = settled.iter().position(|known| user.is_some() && is_same(known)).unwrap_or_else(|| {
                settled.push(diagnostic);
                settled.len() - 1
            });
            users.extend(user.map(|user| (at, user)));
        }
        for (at, diagnostic) in settled.iter_mut().enumerate() {
            let mut of_this = users.iter().filter(|(of, _)| *of == at).map(|(_, user)| user);
            let Some(first) = of_this.next() else { continue };
            let mut others: Vec<&str> =
                of_this.map(|user| user.name.as_str()).filter(|name| *name != first.name).collect();
            others.dedup();
            let more = if others.is_empty() { String::new() } else { format!(", and by {}", listed(&others)) };
            diagnostic.labels.push(Label { span: first.at, text: format!("used by `{}` here{more}", first.name) });
        }
        self.list = settled;
        self.sort();
    }

    /// Keeps what `keep` says; it may change a message on the way (levels, suppression).
    pub fn retain_mut(&mut self, keep: impl FnMut(&mut Diagnostic) -> bool) {
        self.list.retain_mut(keep);
    }
}

/// `file:line:column`, for one-line renderings.
pub fn place(sources: &Sources, span: Span) -> String {
    let file = sources.file(span.file);
    let (line, column) = file.line_column(span.start);
    format!("{}:{line}:{column}", file.name())
}
