//! Go templates, as Prometheus reads them in labels and annotations and Alertmanager in messages: what they name, and
//! what is wrong with them.

use std::ops::Range;

/// Words of the language and functions that every template has.
const COMMON: [&str; 31] = [
    "and",
    "block",
    "break",
    "call",
    "continue",
    "define",
    "else",
    "end",
    "eq",
    "ge",
    "gt",
    "html",
    "if",
    "index",
    "js",
    "le",
    "len",
    "lt",
    "ne",
    "not",
    "or",
    "print",
    "printf",
    "println",
    "range",
    "slice",
    "template",
    "urlquery",
    "with",
    "reReplaceAll",
    "match",
];

/// What Prometheus adds.
const PROMETHEUS: [&str; 28] = [
    "args",
    "externalURL",
    "first",
    "graphLink",
    "humanize",
    "humanize1024",
    "humanizeDuration",
    "humanizePercentage",
    "humanizeTimestamp",
    "label",
    "now",
    "parseDuration",
    "parseDurationTime",
    "pathPrefix",
    "query",
    "safeHtml",
    "sortByLabel",
    "stripDomain",
    "stripPort",
    "strvalue",
    "tableLink",
    "title",
    "toDuration",
    "toLower",
    "toTime",
    "toUpper",
    "urlQueryEscape",
    "value",
];

/// What Alertmanager adds, up to 0.33; which of them came when, amtool was asked.
const ALERTMANAGER: [&str; 19] = [
    "append",
    "date",
    "dict",
    "humanizeDuration",
    "join",
    "list",
    "now",
    "safeHtml",
    "safeUrl",
    "since",
    "stringSlice",
    "title",
    "toJson",
    "toLower",
    "toUpper",
    "trimSpace",
    "tz",
    "urlUnescape",
    "urlquery",
];

/// Who reads a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// Prometheus: labels and annotations of a rule.
    Prometheus,
    /// Alertmanager: messages.
    Alertmanager,
}

impl Reads {
    fn own(self) -> &'static [&'static str] {
        match self {
            Reads::Prometheus => &PROMETHEUS,
            Reads::Alertmanager => &ALERTMANAGER,
        }
    }

    /// Every function that it knows.
    pub fn functions(self) -> impl Iterator<Item = &'static str> {
        COMMON.into_iter().chain(self.own().iter().copied())
    }
}

/// A template that was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template {
    /// What it names, in the order of the text.
    pub names: Vec<Named>,
}

/// What a template names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Which kind of thing.
    pub what: What,
    /// Where: of a label its name, otherwise the whole word.
    pub at: Range<usize>,
}

/// A kind of thing that a template names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// `$labels.x` or `.Labels.x`.
    Label(String),
    /// `$externalLabels.x` or `.ExternalLabels.x`.
    ExternalLabel(String),
    /// `$value` or `.Value`.
    Value,
    /// A function.
    Function(String),
    /// Another template, which it calls (`{{ template "x" . }}`); without its quotes.
    Template(String),
    /// A template that it defines.
    Definition(String),
}

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// In words.
    pub message: String,
    /// Where.
    pub at: Range<usize>,
    /// What was probably meant.
    pub meant: Option<&'static str>,
}

impl Fault {
    fn new(message: impl Into<String>, at: Range<usize>) -> Self {
        Self { message: message.into(), at, meant: None }
    }
}

/// Reads a template.
///
/// # Errors
/// The first fault for which its reader would refuse it.
pub fn read(text: &str, reads: Reads) -> Result<Template, Fault> {
    let mut reader = Reader { text, reads, template: Template::default(), open: Vec::new() };
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|rest| rest.find("{{")).map(|at| from + at) {
        from = reader.action(start)?;
    }
    match reader.open.pop() {
        Some(at) => Err(Fault::new("this block has no `{{ end }}`", at)),
        None => Ok(reader.template),
    }
}

struct Reader<'t> {
    text: &'t str,
    reads: Reads,
    template: Template,
    /// Blocks that are open, each by its first word.
    open: Vec<Range<usize>>,
}

/// A piece of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'t> {
    /// `if`, `printf`, `true`.
    Word(&'t str),
    /// `$labels.x`, `.Labels.x`, `$value`, `.`.
    Field(&'t str),
    /// A string, with its quotes.
    Quoted(&'t str),
    /// Anything else: numbers, pipes, parentheses.
    Other,
}

impl<'t> Reader<'t> {
    /// Reads one action, and says where it ends.
    fn action(&mut self, start: usize) -> Result<usize, Fault> {
        let unclosed = || Fault::new("this action has no `}}`", start..start + 2);
        let mut at = start + 2;
        if self.rest(at).starts_with("/*") || self.rest(at).starts_with("- /*") {
            let end = self.rest(at).find("*/").ok_or_else(unclosed)?;
            return self.rest(at + end).find("}}").map(|close| at + end + close + 2).ok_or_else(unclosed);
        }
        let mut words: Vec<(Token<'t>, Range<usize>)> = Vec::new();
        let mut depth = 0_usize;
        loop {
            let rest = self.rest(at);
            let Some(first) = rest.chars().next() else { return Err(unclosed()) };
            if rest.starts_with("}}") || rest.starts_with("-}}") {
                break;
            }
            let length = match first {
                '"' | '\'' | '`' => self.quoted(at, first)?,
                _ if is_word(first) => rest.find(|next| !is_word(next)).unwrap_or(rest.len()),
                '$' | '.' => {
                    1 + rest
                        .get(1..)
                        .map_or(0, |more| more.find(|next| !is_word(next) && next != '.').unwrap_or(more.len()))
                }
                other => other.len_utf8(),
            };
            let token = match first {
                '$' | '.' => Token::Field(rest.get(..length).unwrap_or_default()),
                '"' | '`' => Token::Quoted(rest.get(..length).unwrap_or_default()),
                _ if first.is_alphabetic() || first == '_' => Token::Word(rest.get(..length).unwrap_or_default()),
                _ => Token::Other,
            };
            match first {
                '(' => depth += 1,
                ')' if depth == 0 => {
                    return Err(Fault::new("nothing was opened here", at..at + 1));
                }
                ')' => depth -= 1,
                _ => {}
            }
            if !first.is_whitespace() {
                words.push((token, at..at + length));
            }
            at += length;
        }
        if depth > 0 {
            return Err(Fault::new("a parenthesis is not closed", start..at));
        }
        self.understand(&words, start..at)?;
        Ok(at + if self.rest(at).starts_with('-') { 3 } else { 2 })
    }

    fn rest(&self, at: usize) -> &'t str {
        self.text.get(at..).unwrap_or_default()
    }

    /// The length of a string with its quotes.
    fn quoted(&self, at: usize, quote: char) -> Result<usize, Fault> {
        let mut escaped = false;
        for (offset, next) in self.rest(at).char_indices().skip(1) {
            match next {
                _ if escaped => escaped = false,
                '\\' if quote != '`' => escaped = true,
                '\n' if quote != '`' => break,
                _ if next == quote => return Ok(offset + 1),
                _ => {}
            }
        }
        Err(Fault::new("this string is not closed", at..at + 1))
    }

    fn understand(&mut self, words: &[(Token<'t>, Range<usize>)], action: Range<usize>) -> Result<(), Fault> {
        let Some((first, at)) = words.first().filter(|(token, _)| *token != Token::Other || words.len() > 1) else {
            if words.is_empty() {
                return Err(Fault::new("this action is empty", action));
            }
            return Ok(());
        };
        match first {
            Token::Word("if" | "range" | "with" | "define" | "block") => self.open.push(at.clone()),
            Token::Word("end") if self.open.pop().is_none() => {
                return Err(Fault::new("`end` closes nothing", at.clone()));
            }
            Token::Word("else") if self.open.is_empty() => {
                return Err(Fault::new("`else` belongs to nothing", at.clone()));
            }
            _ => {}
        }
        if let (Token::Word(call @ ("template" | "define" | "block")), Some((Token::Quoted(name), at))) =
            (first, words.get(1))
        {
            let name = name.trim_matches(['"', '`']).to_owned();
            let what = if *call == "template" { What::Template(name) } else { What::Definition(name) };
            self.template.names.push(Named { what, at: at.clone() });
        }
        for (position, (token, at)) in words.iter().enumerate() {
            // The field of what stands before in parentheses: `(first x).Value`.
            let of_something =
                position > 0 && words.get(position - 1).is_some_and(|(_, before)| before.end == at.start);
            match token {
                Token::Word(word) => self.word(word, at)?,
                Token::Field(field) if !of_something => self.field(field, at),
                _ => {}
            }
        }
        Ok(())
    }

    fn word(&mut self, word: &str, at: &Range<usize>) -> Result<(), Fault> {
        if matches!(word, "true" | "false" | "nil") {
            return Ok(());
        }
        if self.reads.functions().all(|known| known != word) {
            let whose = match self.reads {
                Reads::Prometheus => "in templates",
                Reads::Alertmanager => "in Alertmanager's templates",
            };
            let meant = crate::diagnostics::nearest(word, self.reads.own().iter().copied());
            let meant = self.reads.own().iter().copied().find(|known| Some(*known) == meant);
            return Err(Fault { meant, ..Fault::new(format!("there is no function `{word}` {whose}"), at.clone()) });
        }
        self.template.names.push(Named { what: What::Function(word.to_owned()), at: at.clone() });
        Ok(())
    }

    fn field(&mut self, field: &str, at: &Range<usize>) {
        let named = |prefixes: [&str; 2]| {
            let name = prefixes.into_iter().find_map(|prefix| field.strip_prefix(prefix))?;
            let name = name.split('.').next().filter(|name| !name.is_empty())?;
            let start =
                at.start + field.len() - field.trim_start_matches(prefixes[0]).trim_start_matches(prefixes[1]).len();
            Some((name.to_owned(), start..start + name.len()))
        };
        let found = if let Some((name, at)) = named(["$labels.", ".Labels."]) {
            Named { what: What::Label(name), at }
        } else if let Some((name, at)) = named(["$externalLabels.", ".ExternalLabels."]) {
            Named { what: What::ExternalLabel(name), at }
        } else if field == "$value" || field == ".Value" {
            Named { what: What::Value, at: at.clone() }
        } else {
            return;
        };
        self.template.names.push(found);
    }
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Vec<String> {
        let template = read(text, Reads::Prometheus).unwrap();
        template.names.into_iter().map(|named| format!("{} {:?}", &text[named.at], named.what)).collect()
    }

    #[test]
    fn what_is_named_and_where() {
        assert_eq!(
            named("{{ $labels.job }} at {{- .Labels.instance | toUpper -}} is {{ printf \"%.2f\" $value }}"),
            [
                "job Label(\"job\")",
                "instance Label(\"instance\")",
                "toUpper Function(\"toUpper\")",
                "printf Function(\"printf\")",
                "$value Value"
            ]
        );
        assert_eq!(named("{{ $externalLabels.cluster }}"), ["cluster ExternalLabel(\"cluster\")"]);
        assert_eq!(named("{{ with query \"up\" }}{{ . | first | value }}{{ end }}").len(), 5);
        assert_eq!(
            named("{{ (query \"up\" | first).Labels.job }}"),
            ["query Function(\"query\")", "first Function(\"first\")"]
        );
        assert_eq!(named("no {{/* a comment with }} in it */}} names"), [""; 0]);
    }

    #[test]
    fn what_is_wrong() {
        let fault = |text: &str| read(text, Reads::Prometheus).unwrap_err().message;
        assert!(fault("{{ $labels.job").contains("no `}}`"));
        assert!(fault("{{ if $value }}x").contains("{{ end }}"));
        assert!(fault("x {{ end }}").contains("closes nothing"));
        assert!(fault("{{ humanise $value }}").contains("`humanise`"));
        assert!(fault("{{ \"x }}").contains("not closed"));
        assert!(fault("{{ (first }}").contains("parenthesis"));
        assert!(fault("{{ }}").contains("empty"));
    }

    #[test]
    fn what_alertmanager_knows() {
        let read = |text: &str| read(text, Reads::Alertmanager);
        let fault = read("{{ .Alerts | humanise }}").unwrap_err();
        assert!(fault.message.contains("`humanise`"), "{}", fault.message);
        assert_eq!(read("{{ .Status | toUper }}").unwrap_err().meant, Some("toUpper"));
        assert!(read("{{ join \", \" .GroupLabels.Values | trimSpace }}").is_ok());
        let called = read("{{ define \"a\" }}x{{ end }}{{ template \"b.c\" . }}").unwrap().names;
        assert!(called.iter().any(|named| named.what == What::Definition("a".to_owned())));
        assert!(called.iter().any(|named| named.what == What::Template("b.c".to_owned())));
    }
}
