//! Markdown: text that stays text, and tables.

/// A text on one line in which nothing is markup.
pub fn text(words: &str) -> String {
    let mut escaped = String::new();
    for word in words.split_whitespace() {
        if !escaped.is_empty() {
            escaped.push(' ');
        }
        for letter in word.chars().filter(|letter| !letter.is_control()) {
            if matches!(letter, '\\' | '`' | '*' | '_' | '|' | '<' | '>' | '[' | ']' | '#' | '~' | '$' | '&') {
                escaped.push('\\');
            }
            escaped.push(letter);
        }
    }
    escaped
}

/// A table under construction.
#[derive(Debug)]
pub struct Table {
    lines: String,
}

impl Table {
    /// A table with these titles, and which columns are aligned to the right.
    pub fn new(titles: &[&str], right: &[bool]) -> Self {
        let mut table = Self { lines: String::new() };
        table.row(&titles.iter().map(|title| (*title).to_owned()).collect::<Vec<_>>());
        let rules: Vec<&str> = right.iter().map(|right| if *right { "---:" } else { "---" }).collect();
        table.lines.push_str(&format!("| {} |\n", rules.join(" | ")));
        table
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[String]) {
        let cells: Vec<String> = cells.iter().map(|cell| text(cell)).collect();
        self.lines.push_str(&format!("| {} |\n", cells.join(" | ")));
    }

    /// The table's lines.
    pub fn finish(self) -> String {
        self.lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup() {
        assert_eq!(text("a | b\n# `c` <img> *d* [x](y) @all"), r"a \| b \# \`c\` \<img\> \*d\* \[x\](y) @all");
    }

    #[test]
    fn a_table() {
        let mut table = Table::new(&["name", "n"], &[false, true]);
        table.row(&["a|b".to_owned(), "10".to_owned()]);
        assert_eq!(table.finish(), "| name | n |\n| --- | ---: |\n| a\\|b | 10 |\n");
    }
}
