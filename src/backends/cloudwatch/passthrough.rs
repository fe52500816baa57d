//! Terraform of the user's own: read just far enough to know that it cannot break the files around it.

use std::ops::Range;

/// What is wrong with a text, and the bytes at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unbalanced {
    pub(super) message: String,
    pub(super) range: Range<usize>,
}

/// What is open at some point of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Open {
    /// A bracket, and the one that closes it.
    Bracket(char),
    /// `${` or `%{` inside a string or heredoc, closed by `}`.
    Interpolation,
    /// `"`
    String,
    /// `<<NAME`
    Heredoc(String),
}

/// Checks that brackets, strings, comments and heredocs are all closed, in the right order.
pub(super) fn check(text: &str) -> Result<(), Unbalanced> {
    let mut reader = Reader { text, at: 0, open: Vec::new() };
    while reader.at < text.len() {
        reader.step()?;
    }
    match reader.open.pop() {
        None => Ok(()),
        Some((open, at)) => Err(Unbalanced { message: format!("{} is never closed", describe(&open)), range: at }),
    }
}

fn describe(open: &Open) -> String {
    match open {
        Open::Bracket('}') => "this `{`".to_owned(),
        Open::Bracket(')') => "this `(`".to_owned(),
        Open::Bracket(_) => "this `[`".to_owned(),
        Open::Interpolation => "this interpolation".to_owned(),
        Open::String => "this string".to_owned(),
        Open::Heredoc(name) => format!("the heredoc `{name}`"),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    open: Vec<(Open, Range<usize>)>,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn step(&mut self) -> Result<(), Unbalanced> {
        match self.open.last().map(|(open, _)| open.clone()) {
            Some(Open::String) => self.inside_string(),
            Some(Open::Heredoc(name)) => {
                self.inside_heredoc(&name);
                Ok(())
            }
            _ => self.code(),
        }
    }

    fn push(&mut self, open: Open, length: usize) {
        self.open.push((open, self.at..self.at + length));
        self.at += length;
    }

    /// Escaped or opening template signs; whether there was one.
    fn template(&mut self) -> bool {
        let rest = self.rest();
        if rest.starts_with("$${") || rest.starts_with("%%{") {
            self.at += 3;
        } else if rest.starts_with("${") || rest.starts_with("%{") {
            self.push(Open::Interpolation, 2);
        } else {
            return false;
        }
        true
    }

    fn inside_string(&mut self) -> Result<(), Unbalanced> {
        if self.template() {
            return Ok(());
        }
        let mut characters = self.rest().chars();
        match characters.next() {
            Some('\n') => {
                let range = self.open.last().map_or(self.at..self.at, |(_, range)| range.clone());
                return Err(Unbalanced { message: "this string is not closed on its line".to_owned(), range });
            }
            Some('"') => {
                self.open.pop();
                self.at += 1;
            }
            Some('\\') => self.at += 1 + characters.next().map_or(0, char::len_utf8),
            Some(other) => self.at += other.len_utf8(),
            None => {}
        }
        Ok(())
    }

    fn inside_heredoc(&mut self, name: &str) {
        let line_begins = self.at == 0 || self.text.get(..self.at).is_some_and(|before| before.ends_with('\n'));
        let line_end = self.rest().find('\n').map_or(self.text.len(), |length| self.at + length);
        if line_begins && self.text.get(self.at..line_end).is_some_and(|line| line.trim() == name) {
            self.open.pop();
            self.at = line_end;
        } else if !self.template() {
            self.at += self.rest().chars().next().map_or(1, char::len_utf8);
        }
    }

    fn code(&mut self) -> Result<(), Unbalanced> {
        let rest = self.rest();
        let line = rest.find('\n').unwrap_or(rest.len());
        if rest.starts_with('#') || rest.starts_with("//") {
            self.at += line;
            return Ok(());
        }
        if rest.starts_with("/*") {
            let Some(length) = rest.find("*/") else {
                return Err(Unbalanced {
                    message: "this comment is never closed".to_owned(),
                    range: self.at..self.at + 2,
                });
            };
            self.at += length + 2;
            return Ok(());
        }
        if let Some((name, length)) = heredoc(rest) {
            self.push(Open::Heredoc(name), length);
            return Ok(());
        }
        match rest.chars().next() {
            Some('"') => self.push(Open::String, 1),
            Some('{') => self.push(Open::Bracket('}'), 1),
            Some('(') => self.push(Open::Bracket(')'), 1),
            Some('[') => self.push(Open::Bracket(']'), 1),
            Some(closing @ ('}' | ')' | ']')) => return self.close(closing),
            Some(other) => self.at += other.len_utf8(),
            None => {}
        }
        Ok(())
    }

    fn close(&mut self, closing: char) -> Result<(), Unbalanced> {
        let fits = match self.open.last() {
            Some((Open::Bracket(expected), _)) => *expected == closing,
            Some((Open::Interpolation, _)) => closing == '}',
            _ => false,
        };
        let range = self.at..self.at + 1;
        if !fits {
            return Err(Unbalanced { message: format!("this `{closing}` closes nothing"), range });
        }
        self.open.pop();
        self.at += 1;
        Ok(())
    }
}

/// `<<NAME` or `<<-NAME` up to the end of its line, and its length.
fn heredoc(rest: &str) -> Option<(String, usize)> {
    let after = rest.strip_prefix("<<")?;
    let after = after.strip_prefix('-').unwrap_or(after);
    let line = after.split('\n').next().unwrap_or("").trim_end_matches('\r');
    let named = crate::writers::hcl::is_identifier(line);
    let length = rest.len() - after.len() + line.len();
    named.then(|| (line.to_owned(), length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_terraform_reads_passes() {
        for text in [
            "",
            "resource \"a\" \"b\" {\n  list = [1, (2)]\n  text = \"x } ${var.a[\"k\"]} $${ %{ if true }y%{ endif } \\\" \"\n}\n",
            "# }\n// {\n/* { */\nlocals {}\n",
            "locals {\n  a = <<-EOT\n    } ${join(\",\", [\"}\"])} \"\n    EOT\n}\n",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn the_fault_is_pointed_at() {
        for (text, fault, message) in [
            ("locals {", "{", "never closed"),
            ("locals { a = [1} ", "}", "closes nothing"),
            ("}", "}", "closes nothing"),
            ("a = \"x\nb = 1", "\"", "not closed on its line"),
            ("a = \"${var.x\"", "\"", "never closed"),
            ("/* never", "/*", "never closed"),
            ("a = <<EOT\n}\n", "<<EOT", "never closed"),
        ] {
            let found = check(text).unwrap_err();
            assert_eq!(text.get(found.range.clone()), Some(fault), "{text}");
            assert!(found.message.contains(message), "{}", found.message);
        }
    }
}
