//! Go templates in labels and annotations, as Prometheus reads them: what they name, and what is wrong with them.

use std::ops::Range;

/// Functions that Prometheus gives templates, beside Go's own.
const FUNCTIONS: [&str; 54] = [
    "and",
    "args",
    "block",
    "break",
    "call",
    "continue",
    "define",
    "else",
    "end",
    "eq",
    "externalURL",
    "first",
    "ge",
    "graphLink",
    "gt",
    "html",
    "humanize",
    "humanize1024",
    "humanizeDuration",
    "humanizePercentage",
    "humanizeTimestamp",
    "if",
    "index",
    "js",
    "label",
    "le",
    "len",
    "lt",
    "match",
    "ne",
    "not",
    "or",
    "parseDuration",
    "parseDurationTime",
    "pathPrefix",
    "print",
    "printf",
    "println",
    "query",
    "range",
    "reReplaceAll",
    "safeHtml",
    "slice",
    "sortByLabel",
    "stripDomain",
    "stripPort",
    "strvalue",
    "tableLink",
    "template",
    "title",
    "toDuration",
    "toLower",
    "toTime",
    "toUpper",
];

/// More of them: the list above is sorted, these came with versions after.
const LATER_FUNCTIONS: [&str; 5] = ["now", "urlQueryEscape", "urlquery", "value", "with"];

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
}

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// In words.
    pub message: String,
    /// Where.
    pub at: Range<usize>,
}

/// Reads a template.
///
/// # Errors
/// The first fault for which Prometheus would refuse it.
pub fn read(text: &str) -> Result<Template, Fault> {
    let mut reader = Reader { text, template: Template::default(), open: Vec::new() };
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|rest| rest.find("{{")).map(|at| from + at) {
        from = reader.action(start)?;
    }
    match reader.open.pop() {
        Some(at) => Err(Fault { message: "this block has no `{{ end }}`".to_owned(), at }),
        None => Ok(reader.template),
    }
}

struct Reader<'t> {
    text: &'t str,
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
    /// Anything else: strings, numbers, pipes, parentheses.
    Other,
}

impl<'t> Reader<'t> {
    /// Reads one action, and says where it ends.
    fn action(&mut self, start: usize) -> Result<usize, Fault> {
        let unclosed = || Fault { message: "this action has no `}}`".to_owned(), at: start..start + 2 };
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
                _ if first.is_alphabetic() || first == '_' => Token::Word(rest.get(..length).unwrap_or_default()),
                _ => Token::Other,
            };
            match first {
                '(' => depth += 1,
                ')' if depth == 0 => {
                    return Err(Fault { message: "nothing was opened here".to_owned(), at: at..at + 1 });
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
            return Err(Fault { message: "a parenthesis is not closed".to_owned(), at: start..at });
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
        Err(Fault { message: "this string is not closed".to_owned(), at: at..at + 1 })
    }

    fn understand(&mut self, words: &[(Token<'t>, Range<usize>)], action: Range<usize>) -> Result<(), Fault> {
        let Some((first, at)) = words.first().filter(|(token, _)| *token != Token::Other || words.len() > 1) else {
            if words.is_empty() {
                return Err(Fault { message: "this action is empty".to_owned(), at: action });
            }
            return Ok(());
        };
        match first {
            Token::Word("if" | "range" | "with" | "define" | "block") => self.open.push(at.clone()),
            Token::Word("end") if self.open.pop().is_none() => {
                return Err(Fault { message: "`end` closes nothing".to_owned(), at: at.clone() });
            }
            Token::Word("else") if self.open.is_empty() => {
                return Err(Fault { message: "`else` belongs to nothing".to_owned(), at: at.clone() });
            }
            _ => {}
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
        if FUNCTIONS.binary_search(&word).is_err() && !LATER_FUNCTIONS.contains(&word) {
            return Err(Fault { message: format!("there is no function `{word}` in templates"), at: at.clone() });
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

    #[test]
    fn functions_are_sorted() {
        assert!(FUNCTIONS.is_sorted());
    }

    fn named(text: &str) -> Vec<String> {
        let template = read(text).unwrap();
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
        let fault = |text: &str| read(text).unwrap_err().message;
        assert!(fault("{{ $labels.job").contains("no `}}`"));
        assert!(fault("{{ if $value }}x").contains("{{ end }}"));
        assert!(fault("x {{ end }}").contains("closes nothing"));
        assert!(fault("{{ humanise $value }}").contains("`humanise`"));
        assert!(fault("{{ \"x }}").contains("not closed"));
        assert!(fault("{{ (first }}").contains("parenthesis"));
        assert!(fault("{{ }}").contains("empty"));
    }
}
