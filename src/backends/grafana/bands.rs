//! Colours from a value upwards: what an alert finds bad is coloured by how urgent the alert is.

use rust_decimal::Decimal;

use super::config::{Number, Thresholds};
use super::visual::Threshold;
use crate::model::Urgency;

/// Grafana colours a bound itself as what lies above it. Of nothing at all, that would be wrong for ever: the
/// smallest value that is something takes its place.
pub(super) fn above_nothing() -> Decimal {
    Decimal::new(1, 6)
}

/// A side of a bound that an alert finds bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bad {
    /// The bound, in the unit of the panel.
    pub(super) bound: Decimal,
    /// Whether values above it are bad (those below it otherwise).
    pub(super) above: bool,
    /// How urgent that is.
    pub(super) urgency: Urgency,
}

/// Colour of what an alert of this urgency finds bad.
pub(super) fn color(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Page => "red",
        Urgency::Ticket => "orange",
        Urgency::Nothing => "yellow",
    }
}

/// The most urgent of all that find a band bad; `fine` where none does.
pub(super) fn thresholds(bad: &[Bad], fine: &'static str) -> Thresholds {
    let mut bounds: Vec<Decimal> = bad.iter().map(|bad| bad.bound.normalize()).collect();
    bounds.sort_unstable();
    bounds.dedup();
    let band = |from: Option<Decimal>| {
        let holds = |bad: &&Bad| match from {
            None => !bad.above,
            Some(from) => (bad.above && from >= bad.bound) || (!bad.above && from < bad.bound),
        };
        bad.iter().filter(holds).map(|bad| bad.urgency).min_by_key(|urgency| rank(*urgency)).map_or(fine, color)
    };
    // A bound that changes no colour is a line all the same.
    let starts = std::iter::once(None).chain(bounds.into_iter().map(Some));
    let steps = starts.map(|from| Threshold { color: band(from), value: from.map(Number) });
    Thresholds { mode: "absolute", steps: steps.collect() }
}

/// The most urgent first.
fn rank(urgency: Urgency) -> u8 {
    match urgency {
        Urgency::Page => 0,
        Urgency::Ticket => 1,
        Urgency::Nothing => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(bad: &[(i64, bool, Urgency)]) -> Vec<(Option<String>, &'static str)> {
        let bad: Vec<Bad> = bad
            .iter()
            .map(|(bound, above, urgency)| Bad { bound: (*bound).into(), above: *above, urgency: *urgency })
            .collect();
        let thresholds = thresholds(&bad, "green");
        thresholds.steps.iter().map(|step| (step.value.map(|value| value.0.to_string()), step.color)).collect()
    }

    #[test]
    fn bad_is_coloured_where_the_alert_fires() {
        let at = |value: &str| Some(value.to_owned());
        assert_eq!(steps(&[]), [(None, "green")]);
        assert_eq!(steps(&[(80, true, Urgency::Ticket)]), [(None, "green"), (at("80"), "orange")]);
        assert_eq!(steps(&[(5, false, Urgency::Page)]), [(None, "red"), (at("5"), "green")]);
        assert_eq!(
            steps(&[(90, true, Urgency::Page), (10, false, Urgency::Ticket), (80, true, Urgency::Ticket)]),
            [(None, "orange"), (at("10"), "green"), (at("80"), "orange"), (at("90"), "red")]
        );
        assert_eq!(
            steps(&[(80, true, Urgency::Page), (90, true, Urgency::Ticket)]),
            [(None, "green"), (at("80"), "red"), (at("90"), "red")],
            "the more urgent one holds above both"
        );
    }
}
