//! One suppression as written: `bellwether: allow(CODE) until 2027-01-31: REASON`.

use crate::quantity::Date;
use crate::source::{Format, Sources, Span};

/// A suppression that can be read.
#[derive(Debug)]
pub(super) struct Suppression {
    /// The code that it takes back.
    pub(super) code: String,
    /// Where the code is written.
    pub(super) code_span: Span,
    /// Its last day.
    pub(super) until: Option<Date>,
    /// The comment.
    pub(super) span: Span,
    /// What to delete to be rid of it: the comment, and its line if nothing else is on it.
    pub(super) removal: Span,
    /// The same file by name: Jsonnet is complained about under another.
    pub(super) file: String,
    /// The bytes of the line it speaks of. In Jsonnet there are none: a line there yields any number of values.
    pub(super) lines: Option<std::ops::Range<u32>>,
    /// In Jsonnet, the fields that are named on that line.
    pub(super) fields: Vec<String>,
}

impl Suppression {
    /// Whether its last day lies before today. Where nobody knows the day, nothing expires.
    pub(super) fn has_expired(&self, today: Option<Date>) -> bool {
        self.until.zip(today).is_some_and(|(until, today)| until < today)
    }
}

/// What a comment turned out to be.
#[derive(Debug)]
pub(super) enum Read {
    /// Not for us.
    Other,
    /// A suppression.
    Suppression(Suppression),
    /// Meant as one; why it is none.
    Malformed(String),
    /// A suppression without a reason.
    WithoutReason,
}

/// A comment that begins with our word.
#[derive(Debug)]
pub(super) struct Comment<'a> {
    sources: &'a Sources,
    span: Span,
    /// What stands behind the word.
    words: &'a str,
}

impl<'a> Comment<'a> {
    /// The comment at `span`, in which `word` comes first.
    pub(super) fn new(sources: &'a Sources, span: Span, word: &str) -> Self {
        let text = sources.slice(span);
        let words = text.find(word).and_then(|at| text.get(at + word.len()..)).unwrap_or("");
        Self { sources, span, words }
    }

    /// Reads it.
    pub(super) fn read(&self) -> Read {
        let words = self.words.trim();
        let name = words.find(|character: char| !character.is_ascii_alphanumeric() && character != '-');
        let (verb, rest) = words.split_at(name.unwrap_or(words.len()));
        // `# bellwether: 1` is a spec's first line, commented out.
        let Some(rest) = rest.trim_start().strip_prefix('(') else {
            return if verb == "allow" {
                Read::Malformed("this suppression names no code".to_owned())
            } else {
                Read::Other
            };
        };
        if verb != "allow" {
            return Read::Malformed(format!("a comment cannot `{verb}`, only `allow`"));
        }
        let Some((code, rest)) = rest.split_once(')') else {
            return Read::Malformed("the bracket behind `allow` is not closed".to_owned());
        };
        let code = code.trim();
        if code.is_empty() || code.contains(|character: char| character.is_whitespace() || character == ',') {
            return Read::Malformed("a suppression names one code".to_owned());
        }
        let (until, reason) = match rest.split_once(':') {
            Some((until, reason)) => (until.trim(), reason.trim()),
            None => (rest.trim(), ""),
        };
        let until = match until.strip_prefix("until") {
            _ if until.is_empty() => None,
            Some(day) => match Date::parse(day.trim()) {
                Some(day) => Some(day),
                None => return Read::Malformed(format!("`{}` is no day", day.trim())),
            },
            None => {
                return Read::Malformed(format!(
                    "`{until}` is neither a reason nor a day: both have a mark of their own"
                ));
            }
        };
        if reason.is_empty() {
            return Read::WithoutReason;
        }
        Read::Suppression(self.suppression(code, until))
    }

    fn suppression(&self, code: &str, until: Option<Date>) -> Suppression {
        let (id, file) = (self.span.file, self.sources.file(self.span.file));
        let at = self.sources.slice(self.span).find(code).unwrap_or(0) + self.span.range().start;
        let (number, _) = file.line_column(self.span.start);
        let alone = self.line(number).trim_start().starts_with(['#', '/']);
        let concerned = if alone { self.next_line(number) } else { number };
        let own = file.line_range(number).unwrap_or_default();
        let removal = if alone {
            let end = file.line_range(number + 1).map_or(file.text().len(), |next| next.start);
            Span::new(id, own.start, end)
        } else {
            let before = file.text().get(own.start..self.span.range().start).unwrap_or("");
            Span::new(id, own.start + before.trim_end().len(), own.end)
        };
        let is_jsonnet = Format::of_name(file.name()) == Some(Format::Jsonnet);
        let range = file.line_range(concerned).unwrap_or_default();
        let lines = Span::new(id, range.start, range.end);
        Suppression {
            code: code.to_owned(),
            code_span: Span::new(id, at, at + code.len()),
            until,
            span: self.span,
            removal,
            file: file.name().to_owned(),
            lines: (!is_jsonnet).then_some(lines.start..lines.end),
            fields: if is_jsonnet { fields(self.line(concerned)) } else { Vec::new() },
        }
    }

    fn line(&self, number: usize) -> &str {
        let file = self.sources.file(self.span.file);
        file.line_range(number).and_then(|range| file.text().get(range)).unwrap_or("")
    }

    /// The line that a comment on line `number` speaks of: the first below it that is no comment.
    fn next_line(&self, number: usize) -> usize {
        let is_comment = |line: &str| line.trim_start().starts_with('#') || line.trim_start().starts_with("//");
        let last = self.sources.file(self.span.file).line_count();
        (number + 1..=last).find(|next| !is_comment(self.line(*next))).unwrap_or(number)
    }
}

/// The fields that a line of Jsonnet names: words or texts before a colon.
fn fields(line: &str) -> Vec<String> {
    let mut fields = Vec::new();
    for before in line.split_inclusive(':').filter_map(|part| part.strip_suffix(':')) {
        let name = before.trim_end_matches(['+', ' ', '\t']);
        let quote = name.chars().last().filter(|last| ['"', '\''].contains(last));
        let start = match quote {
            Some(quote) => name.get(..name.len() - 1).and_then(|inner| inner.rfind(quote)).map(|at| at + 1),
            None => Some(name.rfind(|c: char| !c.is_alphanumeric() && c != '_').map_or(0, |at| at + 1)),
        };
        let end = name.len() - usize::from(quote.is_some());
        if let Some(field) = start.and_then(|start| name.get(start..end)).filter(|field| !field.is_empty()) {
            fields.push(field.to_owned());
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        let mut sources = Sources::new();
        let id = sources.add("a.yaml", text);
        match Comment::new(&sources, Span::new(id, 0, text.len()), "bellwether:").read() {
            Read::Other => "other".to_owned(),
            Read::Malformed(why) => why,
            Read::WithoutReason => "without reason".to_owned(),
            Read::Suppression(it) => {
                let until = it.until.map_or("-".to_owned(), |day| day.to_string());
                format!("{} {until} {}", sources.slice(it.code_span), it.code)
            }
        }
    }

    #[test]
    fn comments_are_read() {
        for (text, expected) in [
            ("# bellwether: allow(a-b): because", "a-b - a-b"),
            ("#bellwether:allow( a-b )until 2027-01-31:because: so", "a-b 2027-01-31 a-b"),
            ("# bellwether: 1", "other"),
            ("# bellwether: allow this", "this suppression names no code"),
            ("# bellwether: allow(a-b)", "without reason"),
            ("# bellwether: allow(a-b):  ", "without reason"),
            ("# bellwether: allow(a-b) until 2027-01-31", "without reason"),
            ("# bellwether: allow(a, b): because", "a suppression names one code"),
            ("# bellwether: allow(): because", "a suppression names one code"),
            ("# bellwether: deny(a): because", "a comment cannot `deny`, only `allow`"),
            ("# bellwether: allow(a: because", "the bracket behind `allow` is not closed"),
            ("# bellwether: allow(a) until May: because", "`May` is no day"),
            (
                "# bellwether: allow(a) -- because",
                "`-- because` is neither a reason nor a day: both have a mark of their own",
            ),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }

    #[test]
    fn fields_of_a_line_of_jsonnet() {
        assert_eq!(fields("  a: { 'b-c'+: 1, \"d\":: x, e_1 : 'y' },"), ["a", "b-c", "d", "e_1"]);
        assert_eq!(fields("local x = 1,"), [""; 0]);
    }
}
