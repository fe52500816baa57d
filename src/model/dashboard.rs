//! Dashboards, resolved: every panel knows its signals.

use super::Measure;
use crate::promql::Expr;
use crate::quantity::{Duration, Unit};
use crate::source::{Place, Spanned};
pub use crate::spec::dashboard::{Objective, Objectives, PanelSource, View};

/// A dashboard.
#[derive(Debug, Clone, PartialEq)]
pub struct Dashboard {
    /// Its name, unique in the platform: file name and uid come from it.
    pub name: Spanned<String>,
    /// What it is called.
    pub title: String,
    /// What it is for.
    pub description: Option<String>,
    /// How often it refreshes.
    pub refresh: Duration,
    /// The time it shows at first.
    pub range: Duration,
    /// Tags.
    pub tags: Vec<String>,
    /// Its panels; a row without a title when none were declared.
    pub rows: Vec<Row>,
    /// Where it is declared.
    pub origin: Place,
}

/// A row of panels.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its title.
    pub title: Option<String>,
    /// Whether it is folded at first.
    pub collapsed: bool,
    /// Its panels.
    pub panels: Vec<Panel>,
}

/// A panel.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Its title; for one on a promise, empty where nobody gave it one.
    pub title: String,
    /// What it shows.
    pub description: Option<String>,
    /// What was promised, if it shows that and no signal.
    pub promise: Option<Promise>,
    /// What it asks; nothing if it shows a promise.
    pub queries: Vec<Query>,
    /// Unit of its values; none if its queries differ.
    pub unit: Option<Unit>,
    /// How it is drawn; chosen by the backend if `None`.
    pub view: Option<View>,
    /// Width in 24ths; chosen by the backend if `None`.
    pub width: Option<u64>,
    /// Where it is declared.
    pub origin: Place,
}

/// What of what was promised a panel shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Promise {
    /// Something of all SLOs, or of those of one service.
    Several {
        /// What.
        view: Objectives,
        /// Whose.
        service: Option<String>,
    },
    /// Something of one SLO.
    One {
        /// What.
        view: Objective,
        /// The SLO's id.
        slo: String,
    },
}

/// One question that a panel asks.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// What.
    pub measure: PanelMeasure,
    /// Where the data come from.
    pub source: PanelSource,
    /// A line for each value of these labels (the signal's `per` included).
    pub by: Vec<String>,
}

/// What a panel asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum PanelMeasure {
    /// A signal of a service.
    Signal {
        /// The service.
        service: String,
        /// The signal.
        signal: Spanned<String>,
        /// What of it.
        measure: Measure,
    },
    /// Raw PromQL.
    Expr {
        /// The expression; its places are offsets in `text`.
        expr: Spanned<Expr>,
        /// As written.
        text: crate::spec::values::Written,
    },
}
