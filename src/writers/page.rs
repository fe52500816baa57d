//! A page for people as a tree, and its two forms: Markdown and HTML. What is text stays text in both.

/// A page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// What stands under it.
    pub blocks: Vec<Block>,
}

/// A part of a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading under the title: 2 is the highest.
    Heading(u8, String),
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// Points without an order.
    List(Vec<Vec<Inline>>),
    /// Steps, one after the other.
    Steps(Vec<Vec<Inline>>),
    /// A table.
    Table {
        /// Titles of its columns.
        titles: Vec<String>,
        /// Which columns are numbers.
        right: Vec<bool>,
        /// Cells, row by row.
        rows: Vec<Vec<Vec<Inline>>>,
    },
    /// Code in a language.
    Code {
        /// Its language, for colours.
        language: &'static str,
        /// The code.
        text: String,
    },
    /// Markdown that a person wrote: all of it works except raw HTML.
    Written(String),
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Inline {
    /// Words.
    Text(String),
    /// Something literal.
    Code(String),
    /// Words that matter.
    Strong(String),
    /// Words that lead somewhere.
    Link {
        /// The words.
        words: String,
        /// The address, or a path from the page.
        address: String,
    },
}

impl Page {
    /// A page with nothing on it.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), blocks: Vec::new() }
    }

    /// Adds a heading.
    pub fn heading(&mut self, level: u8, words: impl Into<String>) {
        self.blocks.push(Block::Heading(level, words.into()));
    }

    /// Adds a paragraph of words.
    pub fn say(&mut self, words: impl Into<String>) {
        self.blocks.push(Block::Paragraph(vec![text(words)]));
    }

    /// Adds a table, unless it has no rows.
    pub fn table(&mut self, titles: &[&str], right: &[bool], rows: Vec<Vec<Vec<Inline>>>) {
        if !rows.is_empty() {
            let titles = titles.iter().map(|title| (*title).to_owned()).collect();
            self.blocks.push(Block::Table { titles, right: right.to_vec(), rows });
        }
    }

    /// As Markdown.
    pub fn markdown(&self, banner: &str) -> String {
        let mut parts =
            vec![format!("<!-- {} -->", banner.replace("--", "- -")), format!("# {}", markdown_text(&self.title))];
        parts.extend(self.blocks.iter().map(markdown_block));
        parts.join("\n\n") + "\n"
    }

    /// As a page of HTML that needs nothing else.
    pub fn html(&self, banner: &str) -> String {
        let title = html_text(&self.title);
        let mut page = format!(
            "<!DOCTYPE html>\n<!-- {} -->\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
             <style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n",
            banner.replace("--", "- -")
        );
        self.blocks.iter().for_each(|block| page.push_str(&html_block(block)));
        page.push_str("</body>\n</html>\n");
        page
    }
}

/// Words.
pub fn text(words: impl Into<String>) -> Inline {
    Inline::Text(words.into())
}

/// Something literal.
pub fn code(words: impl Into<String>) -> Inline {
    Inline::Code(words.into())
}

/// Words that lead somewhere.
pub fn link(words: impl Into<String>, address: impl Into<String>) -> Inline {
    Inline::Link { words: words.into(), address: address.into() }
}

/// A cell of words alone.
pub fn cell(words: impl Into<String>) -> Vec<Inline> {
    vec![text(words)]
}

const STYLE: &str =
    "body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid #8886; padding: .25rem .6rem; text-align: left; vertical-align: top; }
th { background: #8882; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
code, pre { font: 14px/1.4 ui-monospace, monospace; background: #8882; }
code { padding: 0 .2rem; }
pre { padding: .6rem; overflow-x: auto; }
:root { color-scheme: light dark; }
";

/// An address that may be followed: of the web, or a path from the page. Anything else leads nowhere.
fn safe_address(address: &str) -> String {
    let scheme =
        address.split(['/', '?', '#']).next().unwrap_or("").split_once(':').map(|(scheme, _)| scheme.to_lowercase());
    let known = scheme.is_none_or(|scheme| ["http", "https", "mailto"].contains(&scheme.as_str()));
    if !known {
        return "#".to_owned();
    }
    let keep = |byte: u8| byte.is_ascii_graphic() && !b"<>()\"'`\\|".contains(&byte);
    address.bytes().map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Words on one line in which nothing is markup; spaces at their ends stay.
fn markdown_text(words: &str) -> String {
    let mut escaped = String::new();
    for letter in words.chars() {
        match letter {
            '\n' | '\r' | '\t' => escaped.push(' '),
            letter if letter.is_control() => {}
            '\\' | '`' | '*' | '_' | '|' | '<' | '>' | '[' | ']' | '#' | '~' | '$' | '&' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// Longest run of backticks in a text.
fn longest_run(text: &str) -> usize {
    text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0)
}

fn markdown_inline(inline: &Inline) -> String {
    match inline {
        Inline::Text(words) => markdown_text(words),
        Inline::Strong(words) => format!("**{}**", markdown_text(words.trim())),
        Inline::Code(words) => {
            let words = words.replace(['\n', '\r'], " ");
            let fence = "`".repeat(longest_run(&words) + 1);
            let space = if words.starts_with('`') || words.ends_with('`') { " " } else { "" };
            format!("{fence}{space}{words}{space}{fence}")
        }
        Inline::Link { words, address } => format!("[{}]({})", markdown_text(words), safe_address(address)),
    }
}

fn markdown_line(line: &[Inline]) -> String {
    line.iter().map(markdown_inline).collect()
}

/// In a table a bar ends the cell, even inside code.
fn markdown_cell(cell: &[Inline]) -> String {
    let bar_free = |inline: &Inline| match inline {
        Inline::Code(_) => markdown_inline(inline).replace('|', "\\|"),
        other => markdown_inline(other),
    };
    cell.iter().map(bar_free).collect()
}

fn markdown_block(block: &Block) -> String {
    match block {
        Block::Heading(level, words) => format!("{} {}", "#".repeat(usize::from(*level)), markdown_text(words)),
        Block::Paragraph(line) => markdown_paragraph(&markdown_line(line)),
        Block::List(points) => {
            points.iter().map(|point| format!("- {}", markdown_line(point))).collect::<Vec<_>>().join("\n")
        }
        Block::Steps(steps) => {
            let numbered = steps.iter().zip(1..).map(|(step, number)| format!("{number}. {}", markdown_line(step)));
            numbered.collect::<Vec<_>>().join("\n")
        }
        Block::Table { titles, right, rows } => {
            let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
            let rule = |index: usize| if right.get(index) == Some(&true) { "---:" } else { "---" }.to_owned();
            let mut lines = vec![line(titles.iter().map(|title| markdown_text(title)).collect())];
            lines.push(line((0..titles.len()).map(rule).collect()));
            lines.extend(rows.iter().map(|row| line(row.iter().map(|cell| markdown_cell(cell)).collect())));
            lines.join("\n")
        }
        Block::Code { language, text } => {
            let fence = "`".repeat((longest_run(text) + 1).max(3));
            format!("{fence}{language}\n{}\n{fence}", text.trim_end())
        }
        Block::Written(words) => words.trim().replace('&', "&amp;").replace('<', "&lt;"),
    }
}

/// A line that begins like a list, a number or a rule is a paragraph all the same.
fn markdown_paragraph(line: &str) -> String {
    let begins = line.trim_start();
    let marked = begins.starts_with(['-', '+', '=']);
    let digits = begins.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = digits > 0 && begins[digits..].starts_with(['.', ')']);
    match (marked, numbered) {
        (true, _) => format!("\\{begins}"),
        (_, true) => format!("{}\\{}", &begins[..digits], &begins[digits..]),
        _ => line.to_owned(),
    }
}

/// Text in which HTML finds no markup.
fn html_text(words: &str) -> String {
    let mut escaped = String::new();
    for letter in words.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter if letter.is_control() && letter != '\n' => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

fn html_inline(inline: &Inline) -> String {
    match inline {
        Inline::Text(words) => html_text(words),
        Inline::Strong(words) => format!("<strong>{}</strong>", html_text(words)),
        Inline::Code(words) => format!("<code>{}</code>", html_text(words)),
        Inline::Link { words, address } => {
            format!("<a href=\"{}\">{}</a>", html_text(&safe_address(address)), html_text(words))
        }
    }
}

fn html_line(line: &[Inline]) -> String {
    line.iter().map(html_inline).collect()
}

fn html_block(block: &Block) -> String {
    let points = |points: &[Vec<Inline>]| -> String {
        points.iter().map(|point| format!("<li>{}</li>\n", html_line(point))).collect()
    };
    match block {
        Block::Heading(level, words) => {
            let level = (*level).clamp(2, 6);
            format!("<h{level} id=\"{}\">{}</h{level}>\n", anchor(words), html_text(words))
        }
        Block::Paragraph(line) => format!("<p>{}</p>\n", html_line(line)),
        Block::List(list) => format!("<ul>\n{}</ul>\n", points(list)),
        Block::Steps(steps) => format!("<ol>\n{}</ol>\n", points(steps)),
        Block::Table { titles, right, rows } => {
            let head: String = titles.iter().map(|title| format!("<th>{}</th>", html_text(title))).collect();
            let row = |row: &Vec<Vec<Inline>>| -> String {
                let cell = |(index, cell): (usize, &Vec<Inline>)| {
                    let class = if right.get(index) == Some(&true) { " class=\"number\"" } else { "" };
                    format!("<td{class}>{}</td>", html_line(cell))
                };
                format!("<tr>{}</tr>\n", row.iter().enumerate().map(cell).collect::<String>())
            };
            let body: String = rows.iter().map(row).collect();
            format!("<table>\n<tr>{head}</tr>\n{body}</table>\n")
        }
        Block::Code { text, .. } => format!("<pre><code>{}</code></pre>\n", html_text(text.trim_end())),
        Block::Written(words) => format!("<pre>{}</pre>\n", html_text(words.trim())),
    }
}

/// What a heading is called in links to it.
fn anchor(words: &str) -> String {
    let letters = words.to_lowercase();
    let kept = letters.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' });
    html_text(&kept.collect::<String>())
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;
