//! What is wrong with an expression, and where.

use std::ops::Range;

/// One fault of an expression: of its syntax, of its types, or of a name in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// The bytes at fault, in the expression's own text; `0..0` when the node was built.
    pub range: Range<usize>,
    /// What is wrong, one line, names in backticks, no full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl SyntaxError {
    /// A fault without advice.
    pub fn new(range: Range<usize>, message: impl Into<String>) -> Self {
        Self { range, message: message.into(), help: None }
    }

    /// The same with advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl From<Range<usize>> for super::Range {
    fn from(range: Range<usize>) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { start: clamp(range.start), end: clamp(range.end) }
    }
}

impl From<super::Range> for Range<usize> {
    fn from(range: super::Range) -> Self {
        range.start as usize..range.end as usize
    }
}
