//! Generated files, in memory: path to text, in path order.

use std::collections::BTreeMap;

/// The files that one spec compiles to, by path relative to `generated/<platform>/`, with `/` as separator.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Artifacts {
    files: BTreeMap<String, String>,
}

impl Artifacts {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file. Two backends never write one path: the registry's test sees to it.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.files.insert(path.into(), text.into());
    }

    /// Adds files, as pairs of path and text.
    pub fn extend(&mut self, files: impl IntoIterator<Item = (String, String)>) {
        self.files.extend(files);
    }

    /// The text of a file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Path and text of every file, by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// How many files.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

/// From pairs of path and text.
impl<P: Into<String>, T: Into<String>> FromIterator<(P, T)> for Artifacts {
    fn from_iter<I: IntoIterator<Item = (P, T)>>(pairs: I) -> Self {
        Self { files: pairs.into_iter().map(|(path, text)| (path.into(), text.into())).collect() }
    }
}
