//! Objectives: the share of good events that a service promises over a window.

use std::borrow::Cow;

use super::metric::Bucket;
use super::values::{Name, Named, Number};
use crate::decode::{Decode, Decoder, record};
use crate::quantity::{Duration, Quantity};
use crate::source::{Node, Spanned, Value};

/// An objective in long form, or only its share: `availability: 99.9%`.
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
        let (short, long) = (generator.subschema_for::<Quantity>(), generator.subschema_for::<SloDetail>());
        schemars::json_schema!({ "oneOf": [short, long] })
    }
}

record! {
    /// The share of good events that a service promises over a window.
    pub struct SloDetail "an SLO" {
        /// What it promises, in a sentence.
        description: Option<String>,
        /// The signal: a ratio, a latency (then `within` says how fast is good), or a 0/1 gauge. The objective's
        /// own name unless given.
        signal: Option<Spanned<Name>>,
        /// For a latency: events as fast as this are good. Must be a bucket of the histogram.
        within: Option<Spanned<Bucket>>,
        /// The share of good events: `99.9%`.
        objective: Spanned<Quantity>,
        /// Over which time. 30d unless given.
        window: Option<Spanned<Duration>>,
        /// An alert when the measured share of good events falls below this.
        alert_below: Option<SloAlert>,
        /// For a latency: an alert when the quantile that the objective names rises above this.
        alert_above: Option<SloAlert>,
        /// Fewest bad events in a tier's long window that may raise its alert, for little traffic.
        min_failures: Option<Spanned<u64>>,
        /// Expected events a second, from which the compiler derives `min_failures`.
        traffic: Option<Spanned<Quantity>>,
        /// Burn-rate tiers to change or leave out, by name: page-fast, page-slow, ticket-fast, ticket-slow.
        #[schemars(default)]
        tiers: Named<Name, Tier>,
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
