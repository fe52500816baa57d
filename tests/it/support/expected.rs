//! Files that hold what is expected: compared, or written with `UPDATE=1`.

use std::path::Path;

/// Compares `actual` with the file; with `UPDATE=1` writes the file instead.
///
/// # Panics
/// Where they differ, with the differing lines and how to accept them.
pub(crate) fn check_or_update(path: &Path, actual: &str) {
    if std::env::var("UPDATE").is_ok_and(|value| value == "1") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        if std::fs::read_to_string(path).ok().as_deref() != Some(actual) {
            std::fs::write(path, actual).unwrap();
        }
        return;
    }
    if let Err(difference) = compare(path, actual) {
        panic!("{difference}");
    }
}

fn compare(path: &Path, actual: &str) -> Result<(), String> {
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    if expected == actual {
        return Ok(());
    }
    let difference = similar::TextDiff::from_lines(expected.as_str(), actual);
    let shown = difference.unified_diff().context_radius(3).header("expected", "actual").to_string();
    Err(format!("{} differs\n{shown}to accept: UPDATE=1 cargo test", path.display()))
}

#[test]
fn a_difference_names_the_file_and_the_way_to_accept_it() {
    let scratch = super::scratch::Scratch::new("expected");
    let path = scratch.write("a.txt", "one\ntwo\n");
    assert_eq!(compare(&path, "one\ntwo\n"), Ok(()));
    let difference = compare(&path, "one\nthree\n").unwrap_err();
    for part in ["a.txt differs", "-two", "+three", "UPDATE=1 cargo test"] {
        assert!(difference.contains(part), "{difference}");
    }
    assert!(compare(&scratch.join("absent"), "x").is_err());
}
