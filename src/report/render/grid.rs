//! Columns of text, aligned; the last column is wrapped where the terminal ends.

/// Between two columns.
pub(super) const GAP: usize = 2;

/// Narrowest that a wrapped column becomes.
const NARROWEST: usize = 16;

/// A table of text.
#[derive(Debug)]
pub(super) struct Grid<'a> {
    /// Titles of the columns.
    pub(super) titles: &'a [&'a str],
    /// Which columns are aligned to the right.
    pub(super) right: &'a [bool],
    /// Rows of cells.
    pub(super) rows: Vec<Vec<String>>,
    /// Columns of the terminal.
    pub(super) width: usize,
    /// Spaces before each line.
    pub(super) indent: usize,
}

/// Columns that a text takes.
pub(super) fn columns(text: &str) -> usize {
    text.chars().count()
}

impl Grid<'_> {
    /// Columns that each column of the table takes.
    pub(super) fn widths(&self) -> Vec<usize> {
        let widest = |(column, title): (usize, &&str)| {
            let cells = self.rows.iter().filter_map(|row| row.get(column)).map(|cell| columns(cell));
            cells.fold(columns(title), usize::max)
        };
        self.titles.iter().enumerate().map(widest).collect()
    }

    /// Makes a column that is aligned to the right wider by so much.
    pub(super) fn widen(&mut self, column: usize, more: usize) {
        let width = self.widths().get(column).copied().unwrap_or(0) + more;
        for cell in self.rows.iter_mut().filter_map(|row| row.get_mut(column)) {
            *cell = padded(cell, width, true);
        }
    }

    /// The lines, titles first, without spaces at their ends.
    pub(super) fn lines(&self) -> Vec<String> {
        let widths = self.widths();
        let titles: Vec<String> = self.titles.iter().map(|title| (*title).to_owned()).collect();
        let before: usize = widths.iter().rev().skip(1).map(|width| width + GAP).sum::<usize>() + self.indent;
        let last = self.width.saturating_sub(before).max(NARROWEST);
        std::iter::once(&titles).chain(&self.rows).flat_map(|row| self.row(row, &widths, before, last)).collect()
    }

    fn row(&self, row: &[String], widths: &[usize], before: usize, last: usize) -> Vec<String> {
        let Some((end, cells)) = row.split_last() else { return Vec::new() };
        let mut line = " ".repeat(self.indent);
        for ((cell, width), right) in cells.iter().zip(widths).zip(self.right) {
            line.push_str(&padded(cell, *width, *right));
            line.push_str(&" ".repeat(GAP));
        }
        let pieces = wrapped(end, last);
        let below = pieces.iter().skip(1).map(|piece| format!("{}{piece}", " ".repeat(before)));
        let first = pieces.first().map_or("", String::as_str);
        let first = match (widths.last(), self.right.last()) {
            (Some(width), Some(true)) => padded(first, *width, true),
            _ => first.to_owned(),
        };
        std::iter::once(format!("{line}{first}").trim_end().to_owned()).chain(below).collect()
    }
}

/// A cell with spaces up to its width.
pub(super) fn padded(cell: &str, width: usize, right: bool) -> String {
    let spaces = " ".repeat(width.saturating_sub(columns(cell)));
    if right { format!("{spaces}{cell}") } else { format!("{cell}{spaces}") }
}

/// Words in lines of at most so many columns; a longer word has a line of its own.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut().filter(|line| columns(line) + 1 + columns(word) <= width) {
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_column_is_wrapped_under_itself() {
        let grid = Grid {
            titles: &["name", "n", "who"],
            right: &[false, true, false],
            rows: vec![
                vec!["a".to_owned(), "10".to_owned(), "first, second, third".to_owned()],
                vec!["longer".to_owned(), "5".to_owned(), "x".to_owned()],
            ],
            width: 30,
            indent: 2,
        };
        assert_eq!(
            grid.lines(),
            ["  name     n  who", "  a       10  first, second,", "              third", "  longer   5  x"]
        );
    }

    #[test]
    fn words_are_never_broken() {
        assert_eq!(wrapped("one incomprehensibilities two", 8), ["one", "incomprehensibilities", "two"]);
    }
}
