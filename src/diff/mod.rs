//! What changed between two sets of artifacts, as text.

use similar::TextDiff;

use crate::artifacts::Artifacts;

/// One file that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The file's path.
    pub path: String,
    /// What happened to it.
    pub kind: ChangeKind,
    /// The unified difference.
    pub unified: String,
    /// Lines added.
    pub added: usize,
    /// Lines removed.
    pub removed: usize,
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Its text differs.
    Changed,
}

/// Every file that differs, by path. Two equal sets give nothing.
pub fn diff(old: &Artifacts, new: &Artifacts) -> Vec<Change> {
    let mut paths: Vec<&str> = old.iter().chain(new.iter()).map(|(path, _)| path).collect();
    paths.sort_unstable();
    paths.dedup();
    paths.into_iter().filter_map(|path| change(path, old.get(path), new.get(path))).collect()
}

fn change(path: &str, old: Option<&str>, new: Option<&str>) -> Option<Change> {
    if old == new {
        return None;
    }
    let kind = match (old, new) {
        (None, _) => ChangeKind::Added,
        (_, None) => ChangeKind::Removed,
        _ => ChangeKind::Changed,
    };
    let name = |side: Option<&str>, prefix: &str| match side {
        Some(_) => format!("{prefix}/{path}"),
        None => "/dev/null".to_owned(),
    };
    let text = TextDiff::from_lines(old.unwrap_or(""), new.unwrap_or(""));
    let unified = text.unified_diff().context_radius(3).header(&name(old, "a"), &name(new, "b")).to_string();
    let count = |tag| text.iter_all_changes().filter(|change| change.tag() == tag).count();
    let (added, removed) = (count(similar::ChangeTag::Insert), count(similar::ChangeTag::Delete));
    Some(Change { path: path.to_owned(), kind, unified, added, removed })
}
