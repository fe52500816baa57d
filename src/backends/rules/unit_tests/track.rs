//! Samples over time, in promtool's notation.

use rust_decimal::Decimal;

use crate::quantity::print_decimal;

/// So many steps at this level, or with this growth a step.
pub(super) type Phase = (u64, Decimal);

/// A series' samples: what they are, phase by phase.
#[derive(Debug, Clone)]
pub(super) enum Track {
    /// A counter: growth a step.
    Counter(Vec<Phase>),
    /// A gauge: its level.
    Gauge(Vec<Phase>),
    /// A gauge that tells a moment: its age, at this many seconds a step.
    Moment(Vec<Phase>, Decimal),
}

impl Track {
    /// In promtool's notation.
    pub(super) fn text(&self) -> String {
        match self {
            Track::Counter(phases) => counter(phases),
            Track::Gauge(phases) => gauge(phases),
            Track::Moment(phases, step_seconds) => moment(phases, *step_seconds),
        }
    }

    /// The same with every growth, level or age replaced.
    pub(super) fn map(&self, amount: impl Fn(usize, Decimal) -> Decimal) -> Self {
        let each = |phases: &[Phase]| -> Vec<Phase> {
            let phases = phases.iter().enumerate();
            phases.map(|(phase, (steps, level))| (*steps, amount(phase, *level))).collect()
        };
        match self {
            Track::Counter(phases) => Track::Counter(each(phases)),
            Track::Gauge(phases) => Track::Gauge(each(phases)),
            Track::Moment(phases, step) => Track::Moment(each(phases), *step),
        }
    }

    /// The amounts of its phases.
    pub(super) fn amounts(&self) -> impl Iterator<Item = Decimal> {
        let (Track::Counter(phases) | Track::Gauge(phases) | Track::Moment(phases, _)) = self;
        phases.iter().map(|(_, amount)| *amount)
    }
}

/// A counter from 0 on that grows by each phase's amount a step.
fn counter(phases: &[Phase]) -> String {
    let mut last = Decimal::ZERO;
    let mut pieces = Vec::new();
    for (index, (steps, growth)) in phases.iter().enumerate() {
        let growth = growth.round_dp(9).normalize();
        if index == 0 {
            pieces.push(run(last, growth, *steps));
        } else if *steps > 0 {
            pieces.push(run(last + growth, growth, steps - 1));
        }
        last += growth * Decimal::from(*steps);
    }
    pieces.join(" ")
}

/// A gauge that stands at each phase's level.
fn gauge(phases: &[Phase]) -> String {
    let last = phases.len().saturating_sub(1);
    // A counter has a sample before its first step; so the gauge has one after its last.
    let count = |index, steps: u64| if index == last { steps } else { steps.saturating_sub(1) };
    let pieces = phases.iter().enumerate().filter(|(_, (steps, _))| *steps > 0);
    pieces
        .map(|(index, (steps, level))| run(level.round_dp(9), Decimal::ZERO, count(index, *steps)))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The moment, in seconds, that was `age` ago: it moves with the clock.
fn moment(phases: &[Phase], step_seconds: Decimal) -> String {
    let mut now = Decimal::ZERO;
    let mut pieces = Vec::new();
    let last = phases.len().saturating_sub(1);
    for (index, (steps, age)) in phases.iter().enumerate().filter(|(_, (steps, _))| *steps > 0) {
        let count = if index == last { *steps } else { steps - 1 };
        pieces.push(run((now - age).round_dp(3), step_seconds, count));
        now += step_seconds * Decimal::from(*steps);
    }
    pieces.join(" ")
}

/// `start` and `times` more samples, each larger by `growth`.
pub(super) fn run(start: Decimal, growth: Decimal, times: u64) -> String {
    let start = print_decimal(start);
    match (times, growth.is_zero()) {
        (0, _) => start,
        (_, true) => format!("{start}x{times}"),
        _ => format!(
            "{start}{}{}x{times}",
            if growth.is_sign_negative() { '-' } else { '+' },
            print_decimal(growth.abs())
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_follow_one_another() {
        let phases = [(3, Decimal::from(5)), (2, Decimal::ZERO), (2, Decimal::ONE)];
        // 0 5 10 15, 15 15, 16 17
        assert_eq!(counter(&phases), "0+5x3 15x1 16+1x1");
        // 5 5 5, 0 0, 1 1 1
        assert_eq!(gauge(&phases), "5x2 0x1 1x2");
        // At 0 s, 10 s, ... the moment is 5 s ago, then just now, then 1 s ago.
        assert_eq!(moment(&phases, Decimal::TEN), "-5+10x2 30+10x1 49+10x2");
    }
}
