//! What is known of the labels of some series: surely, maybe or never there, and who took them away.

use std::collections::{BTreeMap, BTreeSet};

use crate::promql::Range;

/// What is known of one label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Every series of the result has it.
    Surely,
    /// Some may have it: it depends on the metrics.
    Maybe,
    /// No series of the result has it.
    Never {
        /// What took it away, or never gave it.
        by: Range,
    },
}

impl Fate {
    /// Whether no series has it.
    pub fn is_never(self) -> bool {
        matches!(self, Fate::Never { .. })
    }
}

/// The labels of an expression's series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelSet {
    pub(super) certain: BTreeSet<String>,
    pub(super) others: Others,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Others {
    /// Any label but these, each with what took it away.
    Any { except: BTreeMap<String, Range> },
    /// None but these, and what took the rest away.
    Only { labels: BTreeSet<String>, by: Range },
}

impl LabelSet {
    /// What is known of this label.
    pub fn fate(&self, label: &str) -> Fate {
        if self.certain.contains(label) {
            return Fate::Surely;
        }
        match &self.others {
            Others::Any { except } => except.get(label).map_or(Fate::Maybe, |by| Fate::Never { by: *by }),
            Others::Only { labels, .. } if labels.contains(label) => Fate::Maybe,
            Others::Only { by, .. } => Fate::Never { by: *by },
        }
    }

    /// Labels that every series has, in order.
    pub fn certain(&self) -> impl Iterator<Item = &str> {
        self.certain.iter().map(String::as_str)
    }

    /// All labels that a series can have, in order; none if they depend on the metrics.
    pub fn all(&self) -> Option<Vec<&str>> {
        match &self.others {
            Others::Any { .. } => None,
            Others::Only { labels, .. } => {
                let all: BTreeSet<&str> = labels.union(&self.certain).map(String::as_str).collect();
                Some(all.into_iter().collect())
            }
        }
    }

    pub(super) fn any() -> Self {
        Self { certain: BTreeSet::new(), others: Others::Any { except: BTreeMap::new() } }
    }

    pub(super) fn only(labels: impl IntoIterator<Item = String>, by: Range) -> Self {
        Self { certain: BTreeSet::new(), others: Others::Only { labels: labels.into_iter().collect(), by } }
    }

    pub(super) fn none(by: Range) -> Self {
        Self { certain: BTreeSet::new(), others: Others::Only { labels: BTreeSet::new(), by } }
    }

    pub(super) fn drop(&mut self, label: &str, place: Range) {
        self.certain.remove(label);
        match &mut self.others {
            Others::Any { except } => {
                except.entry(label.to_owned()).or_insert(place);
            }
            Others::Only { labels, .. } => {
                labels.remove(label);
            }
        }
    }

    pub(super) fn allow(&mut self, label: &str) {
        match &mut self.others {
            Others::Any { except } => {
                except.remove(label);
            }
            Others::Only { labels, .. } => {
                labels.insert(label.to_owned());
            }
        }
    }

    pub(super) fn ensure(&mut self, label: &str) {
        self.allow(label);
        self.certain.insert(label.to_owned());
    }

    /// Takes over what `other` knows of this label; the two are equal in it.
    pub(super) fn agree(&mut self, label: &str, other: &LabelSet) {
        match other.fate(label) {
            Fate::Surely => self.ensure(label),
            Fate::Never { by } => self.drop(label, by),
            Fate::Maybe => {}
        }
    }

    pub(super) fn keep_only<'l>(&self, labels: impl IntoIterator<Item = &'l String>, place: Range) -> Self {
        let mut kept = Self::none(place);
        for label in labels {
            match self.fate(label) {
                Fate::Surely => kept.ensure(label),
                Fate::Maybe => kept.allow(label),
                Fate::Never { .. } => {}
            }
        }
        kept
    }

    /// Every label that either set says something particular about.
    pub(super) fn mentioned<'l>(&'l self, other: &'l LabelSet) -> BTreeSet<String> {
        let of = |set: &'l LabelSet| {
            let listed: Vec<&String> = match &set.others {
                Others::Any { except } => except.keys().collect(),
                Others::Only { labels, .. } => labels.iter().collect(),
            };
            set.certain.iter().chain(listed)
        };
        of(self).chain(of(other)).cloned().collect()
    }

    pub(super) fn union(&self, other: &LabelSet) -> Self {
        let others = match (&self.others, &other.others) {
            (Others::Only { by, .. }, Others::Only { .. }) => Others::Only { labels: BTreeSet::new(), by: *by },
            _ => Others::Any { except: BTreeMap::new() },
        };
        let mut union = Self { certain: BTreeSet::new(), others };
        for label in self.mentioned(other) {
            match (self.fate(&label), other.fate(&label)) {
                (Fate::Surely, Fate::Surely) => union.ensure(&label),
                (Fate::Never { by }, Fate::Never { .. }) => union.drop(&label, by),
                _ => union.allow(&label),
            }
        }
        union
    }
}
