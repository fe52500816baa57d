//! For the comments of a pull request: a table in Markdown, worst findings first.

use std::cmp::Reverse;

use super::{Run, human};
use crate::diagnostics::{Diagnostic, Diagnostics, place};
use crate::source::Sources;

/// GitHub takes no longer comment; GitLab takes longer ones.
const LIMIT: usize = 65_536;

/// Renders the messages of all specs as one table: what does not fit in a comment is counted instead.
pub fn render_all<'a>(runs: impl IntoIterator<Item = Run<'a>>) -> String {
    let (mut findings, mut all) = (Vec::new(), Diagnostics::new());
    for (diagnostics, sources) in runs {
        all.extend(diagnostics.clone());
        findings.extend(diagnostics.iter().map(|diagnostic| (diagnostic, sources)));
    }
    if findings.is_empty() {
        return "**bellwether**: nothing to complain about\n".to_owned();
    }
    // Stable: within a severity in the order of the text.
    findings.sort_by_key(|(diagnostic, _)| Reverse(diagnostic.severity));
    let mut text = format!("**bellwether**: {}\n\n", human::summary(&all));
    text.push_str("| | where | what |\n| --- | --- | --- |\n");
    let mut left = findings.len();
    for (diagnostic, sources) in findings {
        let row = row(diagnostic, sources);
        let rest = format!("\n{left} more: run `bellwether lint`\n");
        if text.chars().count() + row.chars().count() + rest.chars().count() > LIMIT {
            text.push_str(&rest);
            break;
        }
        text.push_str(&row);
        left -= 1;
    }
    text
}

fn row(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let place = diagnostic.span.map_or(String::new(), |span| code(&place(sources, span)));
    let mut words = format!("{} ({})", prose(&diagnostic.message), code(diagnostic.code.name));
    for more in [&diagnostic.note, &diagnostic.help].into_iter().flatten() {
        words.push_str(&format!("<br>{}", prose(more)));
    }
    format!("| {} | {place} | {words} |\n", diagnostic.severity.name())
}

/// A cell of words: names in backticks stay code, nothing else has a meaning in Markdown or HTML, or ends the cell.
fn prose(text: &str) -> String {
    // An odd backtick opens nothing.
    let paired = text.matches('`').count() / 2 * 2;
    let mut prose = String::new();
    for (number, part) in text.split('`').enumerate() {
        if number > 0 {
            prose.push_str(if number <= paired { "`" } else { "\\`" });
        }
        let is_code = number % 2 == 1 && number < paired;
        prose.push_str(&if is_code { cell(part) } else { cell(&plain(part)) });
    }
    prose
}

/// One piece of code in a cell.
fn code(text: &str) -> String {
    format!("`{}`", cell(&text.replace('`', "'")))
}

/// A cell ends at a bar, and so does a row at the end of a line, in code too.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}

/// What Markdown, HTML or a forge would make something of.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for character in text.chars() {
        match character {
            '&' => plain.push_str("&amp;"),
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            // Nobody is called, no issue linked.
            '@' => plain.push_str("&#64;"),
            '#' => plain.push_str("&#35;"),
            '\\' | '*' | '_' | '[' | ']' | '~' => plain.extend(['\\', character]),
            _ => plain.push(character),
        }
    }
    plain
}
