//! Parts of `docs/slo.md`, and of other pages, that a test makes.

use super::expected::check_or_update;
use super::root;
use std::sync::Mutex;

/// The page of most of them.
const SLO: &str = "docs/slo.md";

/// Two tests that write a page do it one after another.
static PAGE: Mutex<()> = Mutex::new(());

/// A page before, in and after the table of this name.
fn parts(path: &str, name: &str) -> [String; 3] {
    let page = std::fs::read_to_string(root().join(path)).unwrap();
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->\n"));
    let (before, rest) = page.split_once(&begin).unwrap_or_else(|| panic!("{begin:?} is not in the page"));
    let (table, after) = rest.split_once(&end).unwrap_or_else(|| panic!("{end:?} is not in the page"));
    [format!("{before}{begin}"), table.to_owned(), format!("{end}{after}")]
}

/// Holds the page's table of this name to what it should be; `UPDATE=1` writes it.
pub(crate) fn hold(name: &str, table: &str) {
    hold_in(SLO, name, table);
}

/// Holds a part of any page to what it should be; `UPDATE=1` writes it.
pub(crate) fn hold_in(path: &str, name: &str, text: &str) {
    let lock = PAGE.lock();
    let [before, _, after] = parts(path, name);
    check_or_update(&root().join(path), &format!("{before}{text}{after}"));
    drop(lock);
}

/// Writes the page's table of this name with `UPDATE=1`: for what is measured anew each time.
pub(crate) fn write(name: &str, table: &str) {
    if std::env::var("UPDATE").is_ok_and(|value| value == "1") {
        hold(name, table);
    }
}

/// The cells of the page's table of this name, without its head.
pub(crate) fn rows(name: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    parts(SLO, name)[1].lines().skip(2).map(cells).collect()
}

/// A table in Markdown.
pub(crate) fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: Vec<&str>| format!("| {} |\n", cells.join(" | "));
    let body: String = rows.iter().map(|row| line(row.iter().map(String::as_str).collect())).collect();
    format!("{}{}{body}", line(heads.to_vec()), line(vec!["---"; heads.len()]))
}
