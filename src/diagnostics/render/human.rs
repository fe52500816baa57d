//! For people: the place underlined in its lines, the consequence, what to do.

use std::cmp::Reverse;
use std::fmt;

use anstyle::AnsiColor;
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents, ThemeCharacters, ThemeStyles,
};

use crate::diagnostics::{Diagnostic, Diagnostics, Severity, place};
use crate::source::{SourceFile, Sources, Span};

/// How a terminal wants it.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Columns.
    pub width: usize,
    /// With colours.
    pub colour: bool,
    /// With box-drawing characters; plain ASCII otherwise.
    pub unicode: bool,
}

/// A pipe: wide, without colours, ASCII only where the reader may not know better.
impl Default for Look {
    fn default() -> Self {
        Self { width: 100, colour: false, unicode: true }
    }
}

/// Renders every message, then a line that counts them.
pub fn render(diagnostics: &Diagnostics, sources: &Sources, look: Look) -> String {
    let handler = handler(look);
    let mut text = String::new();
    for diagnostic in diagnostics.iter() {
        let report = Report { diagnostic, file: diagnostic.span.map(|span| Excerpt(sources.file(span.file))) };
        if handler.render_report(&mut text, &report).is_err() {
            // Only an impossible span could do this; the message is worth more than its frame.
            text.push_str(&one_line(diagnostic, sources));
            text.push('\n');
        }
        for (title, words) in footers(diagnostic, sources) {
            footer(&mut text, title, &words, look);
        }
        text.push('\n');
    }
    if let Some(worst) = diagnostics.iter().min_by_key(|diagnostic| Reverse(diagnostic.severity)) {
        text.push_str(&format!("{}; more: bellwether explain {}\n", summary(diagnostics), worst.code.name));
    }
    text
}

/// What stands below the frame: the consequence, places in other files, what to do.
fn footers(diagnostic: &Diagnostic, sources: &Sources) -> Vec<(&'static str, String)> {
    let mut footers = Vec::new();
    footers.extend(diagnostic.note.iter().map(|note| ("note", note.clone())));
    // A place in another file cannot be shown in this file's frame.
    let main = diagnostic.span.map(|span| span.file);
    for label in diagnostic.labels.iter().filter(|label| Some(label.span.file) != main) {
        footers.push(("also", format!("{}: {}", place(sources, label.span), label.text)));
    }
    footers.extend(diagnostic.help.iter().map(|help| ("help", help.clone())));
    footers
}

/// `  title: words`, wrapped between words, the next lines under the words.
fn footer(text: &mut String, title: &str, words: &str, look: Look) {
    let style = if look.colour { AnsiColor::Cyan.on_default() } else { anstyle::Style::new() };
    let indent = title.chars().count() + 4;
    text.push_str(&format!("  {style}{title}:{style:#}"));
    for (number, line) in words.lines().enumerate() {
        let mut column = if number == 0 { indent - 1 } else { look.width };
        for word in line.split(' ') {
            let width = word.chars().count();
            if column + 1 + width > look.width {
                if column > indent - 1 {
                    text.push_str(&format!("\n{:indent$}", ""));
                } else {
                    text.push(' ');
                }
                column = indent;
            } else {
                text.push(' ');
                column += 1;
            }
            text.push_str(word);
            column += width;
        }
    }
    text.push('\n');
}

/// One line a message.
pub fn short(diagnostics: &Diagnostics, sources: &Sources) -> String {
    diagnostics.iter().map(|diagnostic| one_line(diagnostic, sources) + "\n").collect()
}

/// `file:line:column: severity[code]: message`, for terminals too narrow for frames and for short output.
pub fn one_line(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let place = diagnostic.span.map_or(String::new(), |span| format!("{}: ", place(sources, span)));
    format!("{place}{}[{}]: {}", diagnostic.severity.name(), diagnostic.code.name, diagnostic.message)
}

/// `2 errors, 1 warning`.
pub fn summary(diagnostics: &Diagnostics) -> String {
    let counts = [Severity::Error, Severity::Warning, Severity::Info].map(|severity| {
        let count = diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
        let plural = if count == 1 || severity == Severity::Info { "" } else { "s" };
        (count, format!("{count} {}{plural}", severity.name()))
    });
    let words: Vec<String> = counts.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect();
    words.join(", ")
}

fn handler(look: Look) -> GraphicalReportHandler {
    let theme = GraphicalTheme {
        characters: if look.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() },
        styles: if look.colour { ThemeStyles::ansi() } else { ThemeStyles::none() },
    };
    GraphicalReportHandler::new_themed(theme)
        .with_width(look.width.max(40))
        .with_wrap_lines(true)
        .with_break_words(false)
        .with_links(false)
        .with_context_lines(1)
}

/// One message as miette sees it.
struct Report<'a> {
    diagnostic: &'a Diagnostic,
    file: Option<Excerpt<'a>>,
}

impl fmt::Debug for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.diagnostic.message)
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.diagnostic.message)
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(format!("{}[{}]", self.diagnostic.severity.name(), self.diagnostic.code.name)))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.file.as_ref().map(|file| file as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let main = self.diagnostic.span?;
        let source_span = |span: Span| SourceSpan::from((span.start as usize, (span.end - span.start) as usize));
        let first = LabeledSpan::new_primary_with_span(self.diagnostic.label.clone(), source_span(main));
        let others = self.diagnostic.labels.iter().filter(move |label| label.span.file == main.file);
        let others =
            others.map(move |label| LabeledSpan::new_with_span(Some(label.text.clone()), source_span(label.span)));
        Some(Box::new(std::iter::once(first).chain(others)))
    }
}

/// A file whose lines are already indexed: miette's own reads the whole file again for every message.
struct Excerpt<'a>(&'a SourceFile);

impl SourceCode for Excerpt<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let clamp = |offset: usize| u32::try_from(offset.min(self.0.text().len())).unwrap_or(u32::MAX);
        let (first, column) = self.0.line_column(clamp(span.offset()));
        let (last, _) = self.0.line_column(clamp(span.offset() + span.len()));
        let from = first.saturating_sub(lines_before).max(1);
        let to = (last + lines_after).min(self.0.line_count());
        let start = self.0.line_range(from).ok_or(MietteError::OutOfBounds)?.start;
        let end = self.0.line_range(to).ok_or(MietteError::OutOfBounds)?.end;
        let text = self.0.text().get(start..end).ok_or(MietteError::OutOfBounds)?;
        let contents = MietteSpanContents::new_named(
            self.0.name().to_owned(),
            text.as_bytes(),
            SourceSpan::from((start, end - start)),
            from - 1,
            // Asked without context, miette wants to know where the span itself begins.
            if lines_before == 0 { column - 1 } else { 0 },
            to - from + 1,
        );
        Ok(Box::new(contents))
    }
}
