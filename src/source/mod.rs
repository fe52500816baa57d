//! Files as text, and where everything in them was written.
//!
//! Every value that reaches the compiler keeps the bytes it came from, so that a complaint made
//! five stages later can still underline the right word.

use std::ops::Deref;
use std::sync::Arc;

pub mod comments;
pub mod format;
pub mod include;
pub mod json;
pub mod jsonnet;
pub mod node;
mod number;
mod origin;
pub mod overlay;
pub mod problems;
pub mod templates;
pub mod toml;
pub mod yaml;

pub use format::Format;
pub use node::{Entry, Key, Map, Node, Text, Value};

/// One file of a [`Sources`] collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub(crate) u32);

/// A byte range in one file, end excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A range in `file`.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { file, start: clamp(start), end: clamp(end.max(start)) }
    }

    /// From the start of this range to the end of `other`, which lies in the same file.
    #[must_use]
    pub fn to(self, other: Span) -> Self {
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The bytes as a range of `usize`.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Where a record was written. Any two are equal: the same record written elsewhere is the same record.
#[derive(Debug, Clone, Copy)]
pub struct Place(pub Span);

impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Place {}

impl From<Span> for Place {
    fn from(span: Span) -> Self {
        Self(span)
    }
}

/// A value with the place it was written at. Two are equal when their values are: the same
/// promise written elsewhere is the same promise.
#[derive(Debug, Clone, Copy)]
pub struct Spanned<T> {
    /// What was written.
    pub value: T,
    /// Where.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Binds a value to its place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// The same place with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: f(self.value), span: self.span }
    }
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Spanned<T> {}

impl<T: std::fmt::Display> std::fmt::Display for Spanned<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.value.fmt(f)
    }
}

impl<T> Deref for Spanned<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

/// One source file: its name as people know it, its text, and where its lines begin.
#[derive(Debug)]
pub struct SourceFile {
    name: String,
    text: Arc<str>,
    lines: Vec<u32>,
}

impl SourceFile {
    /// The path as given, or a made-up name for text that has no file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and column of a byte, both from 1; the column counts characters.
    pub fn line_column(&self, offset: u32) -> (usize, usize) {
        let line = self.lines.partition_point(|&start| start <= offset).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or(0) as usize;
        let end = (offset as usize).min(self.text.len());
        let before = self.text.get(start..end).unwrap_or("");
        (line, before.chars().count() + 1)
    }

    /// Byte range of a line counted from 1, its line ending excluded.
    pub fn line_range(&self, line: usize) -> Option<std::ops::Range<usize>> {
        let start = *self.lines.get(line.checked_sub(1)?)? as usize;
        let end = self.lines.get(line).map_or(self.text.len(), |&next| next as usize);
        let text = self.text.get(start..end)?;
        Some(start..start + text.trim_end_matches(['\n', '\r']).len())
    }

    /// How many lines the file has.
    pub fn line_count(&self) -> usize {
        self.lines.len()
    }
}

/// All files of one run. Files are only ever added, so a [`Span`] stays good.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
    views: Vec<View>,
}

/// A file as one user of a template sees it. It has the file's name and text, and a handle of its own: what is
/// found there is known to be found for this user.
#[derive(Debug)]
struct View {
    file: FileId,
    user: User,
}

/// Who uses what is written elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The service's name.
    pub name: String,
    /// Where it says so.
    pub at: Span,
}

/// The first handle of a view; files are below.
const VIEWS: u32 = 1 << 31;

impl Sources {
    /// No files yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file and gives the handle that spans carry.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        let text = text.into();
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(starts).filter_map(|n| u32::try_from(n).ok()).collect();
        self.files.push(SourceFile { name: name.into(), text, lines });
        id
    }

    /// The file as `user` sees it, who asks for it `at` some place: the handle leads to the same text.
    pub fn seen_by(&mut self, file: FileId, user: &str, at: Span) -> FileId {
        let id = FileId(VIEWS.saturating_add(u32::try_from(self.views.len()).unwrap_or(u32::MAX)));
        self.views.push(View { file: self.real(file), user: User { name: user.to_owned(), at } });
        id
    }

    /// Who sees a file by this handle; nobody in particular unless it is a view.
    pub fn user(&self, id: FileId) -> Option<&User> {
        self.view(id).map(|view| &view.user)
    }

    /// The handle of the file itself.
    pub fn real(&self, id: FileId) -> FileId {
        self.view(id).map_or(id, |view| view.file)
    }

    fn view(&self, id: FileId) -> Option<&View> {
        self.views.get(id.0.checked_sub(VIEWS)? as usize)
    }

    /// The file behind a handle of this collection.
    pub fn file(&self, id: FileId) -> &SourceFile {
        let id = self.real(id);
        static EMPTY: std::sync::LazyLock<SourceFile> =
            std::sync::LazyLock::new(|| SourceFile { name: String::new(), text: Arc::from(""), lines: vec![0] });
        self.files.get(id.0 as usize).unwrap_or(&EMPTY)
    }

    /// The text a span covers.
    pub fn slice(&self, span: Span) -> &str {
        self.file(span.file).text().get(span.range()).unwrap_or("")
    }

    /// Every file, in the order of adding.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0u32..).map(FileId).zip(self.files.iter())
    }
}
