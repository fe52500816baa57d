//! Which backends a run is about, and whose a generated file is.

use std::collections::BTreeSet;

use super::BACKENDS;

/// What is known of a backend without running it.
#[derive(Debug, Clone, Copy)]
pub struct Registered {
    /// Its name.
    pub name: &'static str,
    /// What it writes, in a line.
    pub summary: &'static str,
    /// Where it writes: folders end in `/`, anything else is one file.
    pub owns: &'static [&'static str],
}

impl Registered {
    /// Whether a file is this backend's.
    pub fn owns(&self, path: &str) -> bool {
        self.owns.iter().any(|own| if own.ends_with('/') { path.starts_with(own) } else { path == *own })
    }
}

/// Some backends, or all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    only: Option<BTreeSet<String>>,
}

impl Selection {
    /// Every backend.
    pub fn all() -> Self {
        Self::default()
    }

    /// Only the backends of these names; a name that no backend has selects nothing.
    pub fn only(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { only: Some(names.into_iter().map(Into::into).collect()) }
    }

    /// Whether a backend is selected.
    pub fn has(&self, backend: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(backend))
    }

    /// Whether a generated file belongs to the selection. What no backend owns was written by another version of
    /// the compiler; it belongs to all of them together.
    pub fn owns(&self, path: &str) -> bool {
        self.only.is_none() || BACKENDS.iter().any(|backend| self.has(backend.name) && backend.owns(path))
    }
}
