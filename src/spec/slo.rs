//! Objectives: the share of good events that a service promises over a window.

use std::borrow::Cow;

use super::metric::Bucket;
use super::values::{LabelName, Name, Named, Number, Written};
use crate::decode::{Decode, Decoder, record, words};
use crate::quantity::{Duration, Quantity};
use crate::source::{Node, Spanned, Value};

/// An objective in long form, or only its share: `availability: 99.9%`. The short forms of latencies and errors are
/// written out before (see [`super::slos`]).
#[derive(Debug, Clone, PartialEq)]
pub enum Slo {
    /// Only the share; the signal has the objective's own name.
    Short(Spanned<Quantity>),
    /// In full.
    Long(Box<SloDetail>),
}

impl Decode for Slo {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        match node.value {
            Value::Map(_) => SloDetail::decode(node, decoder).map(|detail| Self::Long(Box::new(detail))),
            _ => Spanned::decode(node, decoder).map(Self::Short),
        }
    }
}

impl schemars::JsonSchema for Slo {
    fn schema_name() -> Cow<'static, str> {
        "Slo".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        super::slos::schema(generator)
    }
}

record! {
    /// The share of good events that a service promises over a window.
    pub struct SloDetail "an SLO" {
        /// What it promises, in a sentence.
        description: Option<String>,
        /// The signal that tells good from bad. A ratio counts its events. A latency counts those that are
        /// `within` a bound. A 0/1 gauge (`up`, `probe_success`) counts its samples. PromQL (`expr`) with the unit
        /// `ratio` and a `better` is taken as the share itself. Any other signal has good and bad times: see
        /// `good_below` and `good_above`. The objective's own name unless given.
        signal: Option<Spanned<Name>>,
        /// For a latency: events as fast as this are good. Must be a bucket of the histogram.
        within: Option<Spanned<Bucket>>,
        /// Good is the time in which the signal is at most this. Each moment weighs the same, busy or not.
        good_below: Option<Spanned<Quantity>>,
        /// Good is the time in which the signal is at least this.
        good_above: Option<Spanned<Quantity>>,
        /// For a latency with `good_below`: which quantile. p95 unless given.
        quantile: Option<Spanned<String>>,
        /// Events counted by PromQL, instead of a signal.
        events: Option<SloEvents>,
        /// Other SLOs that this one is made of: `availability` of the same service, or `payments/availability`,
        /// each with a weight (which counts only for `combine: weighted`). Instead of a signal.
        of: Option<SloMembers>,
        /// How the SLOs of `of` become one. `events` unless given.
        combine: Option<Spanned<Combine>>,
        /// Labels whose values each have a budget of their own: `[endpoint]`.
        by: Option<Vec<Spanned<LabelName>>>,
        /// The share of good events: `99.9%`.
        objective: Spanned<Quantity>,
        /// Over which time. 30d unless given.
        window: Option<Spanned<Duration>>,
        /// Whether each month of the calendar is reported beside the rolling window. What the platform's
        /// `calendar_month` says unless given.
        calendar_month: Option<bool>,
        /// An alert when the measured share of good events falls below this.
        alert_below: Option<SloAlert>,
        /// For a latency: an alert when the quantile that the objective names rises above this.
        alert_above: Option<SloAlert>,
        /// Fewest bad events in a tier's long window that may raise its alert, for little traffic.
        min_failures: Option<Spanned<u64>>,
        /// Expected events a second, from which the compiler derives `min_failures`.
        traffic: Option<Spanned<Quantity>>,
        /// Words in Markdown for those who are told, which join the generated page.
        runbook: Option<Written>,
        /// Burn-rate tiers to change or leave out, by name: page-fast, page-slow, ticket-fast, ticket-slow.
        #[schemars(default)]
        tiers: Named<Name, Tier>,
    }
}

impl SloDetail {
    /// The bound between good and bad times, if that is what it measures.
    pub fn good_bound(&self) -> Option<&Spanned<Quantity>> {
        self.good_below.as_ref().or(self.good_above.as_ref())
    }
}

record! {
    /// Events of an SLO, counted by PromQL. `$window` stands for each window that is asked over:
    /// `sum(rate(errors_total[$window]))`.
    pub struct SloEvents "an SLO's events" {
        /// Good events a second,
        good: Option<Written>,
        /// or bad events a second.
        bad: Option<Written>,
        /// All events a second.
        total: Written,
    }
}

words! {
    /// How several SLOs become one.
    pub enum Combine "a way to combine SLOs" {
        /// Their events are added up: each event counts once, a busy SLO more than a quiet one.
        "events" => Events,
        /// Whatever one needs, all must do: the shares of good events are multiplied.
        "all" => All,
        /// The average of their shares, each with its weight.
        "weighted" => Weighted,
    }
}

/// SLOs that another is made of: a list of names, or names with weights.
#[derive(Debug, Clone, PartialEq)]
pub struct SloMembers {
    /// Each with its weight, 1 unless given.
    pub members: Vec<(Spanned<String>, Option<Spanned<Number>>)>,
    /// Where they are written.
    pub span: crate::source::Span,
}

impl Decode for SloMembers {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        let members = match &node.value {
            Value::Map(map) => {
                let weight = |value| Spanned::<Number>::decode(value, decoder).map(Some);
                let weights: Option<Vec<_>> = map.entries.iter().map(|entry| &entry.value).map(weight).collect();
                let names = map.entries.iter().map(|entry| Spanned::new(entry.key.text.clone(), entry.key.span));
                names.zip(weights?).collect()
            }
            _ => Vec::<Spanned<String>>::decode(node, decoder)?.into_iter().map(|name| (name, None)).collect(),
        };
        Some(Self { members, span: node.span })
    }
}

impl schemars::JsonSchema for SloMembers {
    fn schema_name() -> Cow<'static, str> {
        "SloMembers".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let weight = generator.subschema_for::<Number>();
        schemars::json_schema!({
            "oneOf": [
                { "type": "array", "items": { "type": "string" } },
                { "type": "object", "additionalProperties": weight }
            ]
        })
    }
}

record! {
    /// An alert on what an SLO measures, beside its burn rates.
    pub struct SloAlertDetail "an SLO's alert" {
        /// The bound.
        value: Spanned<Quantity>,
        /// Measured over this long. 1h unless given (5m for a quantile).
        over: Option<Spanned<Duration>>,
        /// For this long.
        r#for: Option<Spanned<Duration>>,
        /// How urgent; the first severity that asks for a ticket unless given.
        severity: Option<Spanned<Name>>,
        /// Its name; made from service and objective unless given.
        name: Option<Spanned<Name>>,
        /// The rule group; `slo_alerts` unless given.
        group: Option<Spanned<Name>>,
    }
}

/// An alert on what an SLO measures: only the bound, or more.
#[derive(Debug, Clone, PartialEq, schemars::JsonSchema)]
#[schemars(untagged)]
pub enum SloAlert {
    /// Only the bound.
    Short(Spanned<Quantity>),
    /// The bound and more.
    Long(SloAlertDetail),
}

impl SloAlert {
    /// Where its bound is written.
    pub fn span(&self) -> crate::source::Span {
        match self {
            Self::Short(value) => value.span,
            Self::Long(detail) => detail.value.span,
        }
    }
}

impl Decode for SloAlert {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        match node.value {
            Value::Map(_) => SloAlertDetail::decode(node, decoder).map(Self::Long),
            _ => Spanned::decode(node, decoder).map(Self::Short),
        }
    }
}

record! {
    /// A burn-rate tier as one SLO wants it.
    pub struct Tier "a tier" {
        /// False leaves it out.
        enabled: Option<bool>,
        /// The long window.
        long: Option<Spanned<Duration>>,
        /// The short window; a twelfth of the long one unless given.
        short: Option<Spanned<Duration>>,
        /// Burn factor: how many times faster than allowed the budget goes.
        factor: Option<Spanned<Number>>,
        /// Share of the budget that may be spent over the long window, instead of a factor.
        budget: Option<Spanned<Quantity>>,
        /// How urgent.
        severity: Option<Spanned<Name>>,
    }
}
