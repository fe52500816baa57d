//! When a tier fires, when people know, what has gone by then, and when it is over.
//!
//! Every time here is for a failure that begins after a time without any, keeps its share of bad events,
//! and for traffic that keeps its rate.

use rust_decimal::Decimal;

use super::{duration, fires_above, seconds};
use crate::model::Tier;
use crate::quantity::Duration;

/// What lies between an event and the message about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pipeline {
    /// Scrape interval of the job.
    pub scrape: Duration,
    /// Evaluation interval of the rule group that records what the alert's group reads; none when that is
    /// the same group, whose rules are evaluated one after another at one moment.
    pub recording: Duration,
    /// Evaluation interval of the alert's rule group.
    pub evaluation: Duration,
    /// `for` of the alert.
    pub hold: Duration,
    /// `group_wait` of the route.
    pub group_wait: Duration,
    /// `keep_firing_for` of the alert.
    pub keep_firing: Duration,
}

/// Time from the start of a failure with this share of bad events until the tier's condition holds:
/// `Wl * B * b / e`. `None` when the share is too small ever to fire it.
///
/// The short window is full of bad events sooner than the long one, so only the long one counts.
pub fn detection(tier: &Tier, budget: Decimal, bad_share: Decimal) -> Option<Duration> {
    let bound = fires_above(tier.factor, budget);
    if bad_share <= bound {
        return None;
    }
    Some(duration(seconds(tier.long).checked_mul(bound)?.checked_div(bad_share)?))
}

/// Time from the end of a failure until the tier's condition no longer holds: the short window must be
/// clean enough again, `Ws * (1 - B * b / e)`. `None` when the share was too small ever to fire it.
pub fn recovery(tier: &Tier, budget: Decimal, bad_share: Decimal) -> Option<Duration> {
    let bound = fires_above(tier.factor, budget);
    if bad_share <= bound {
        return None;
    }
    let clean = Decimal::ONE - bound.checked_div(bad_share)?;
    Some(duration(seconds(tier.short).checked_mul(clean)?))
}

/// The same time where the window averages rates that were recorded over a grain each, instead of asking the
/// counters: a change then enters it over the length of the grain, half a grain later on average.
///
/// A recorded rate follows a step as a ramp of one grain. Area under the ramp: `t^2 / 2g` up to the grain,
/// `t - g/2` after it, and once the window is shorter than the time, its oldest part has left the window.
pub fn through_grain(exact: Duration, window: Duration, grain: Duration) -> Duration {
    let (exact, window, grain) = (exact.as_millis(), window.as_millis(), grain.as_millis());
    let twice = |part: u64| 2 * u128::from(grain) * u128::from(part);
    let root = |square: u128| u64::try_from(square.isqrt()).unwrap_or(u64::MAX);
    let half = grain / 2;
    let millis = if exact < half {
        root(twice(exact))
    } else if exact.saturating_add(half) <= window {
        exact.saturating_add(half)
    } else {
        window.saturating_add(grain).saturating_sub(root(twice(window.saturating_sub(exact))))
    };
    Duration::millis(millis)
}

impl Pipeline {
    /// Longest time from the start of the failure until Alertmanager sends the first message of a new group:
    /// detection, a scrape, an evaluation of every rule group on the way, the hold in whole evaluations, and
    /// the group's wait.
    #[must_use]
    pub fn told(&self, detection: Duration) -> Duration {
        let evaluation = self.evaluation.as_millis().max(1);
        let hold = self.evaluation.times(self.hold.as_millis().div_ceil(evaluation));
        self.evaluated(detection).plus(hold).plus(self.group_wait)
    }

    /// Longest time from the end of the failure until the alert resolves.
    #[must_use]
    pub fn resolved(&self, recovery: Duration) -> Duration {
        self.evaluated(recovery).plus(self.keep_firing)
    }

    fn evaluated(&self, condition: Duration) -> Duration {
        condition.plus(self.scrape).plus(self.recording).plus(self.evaluation)
    }
}

/// Share of the budget that has gone after so long at this share of bad events: `e * t / (b * P)`.
/// Above 1 there is none left. `None` if the budget or the window is nothing.
pub fn budget_gone(after: Duration, budget: Decimal, window: Duration, bad_share: Decimal) -> Option<Decimal> {
    let allowed = budget.checked_mul(seconds(window))?;
    Some(bad_share.checked_mul(seconds(after))?.checked_div(allowed)?.normalize())
}

/// Time until a full budget is gone at this share of bad events: `b * P / e`.
pub fn exhaustion(budget: Decimal, window: Duration, bad_share: Decimal) -> Option<Duration> {
    Some(duration(budget.checked_mul(seconds(window))?.checked_div(bad_share)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TierName;

    fn page_fast() -> Tier {
        Tier {
            name: TierName::PageFast,
            long: Duration::hours(1),
            short: Duration::minutes(5),
            factor: Decimal::new(144, 1),
            budget_share: Decimal::new(2, 2),
            severity: "critical".to_owned(),
        }
    }

    /// 150 seconds from the condition to the message.
    fn pipeline() -> Pipeline {
        Pipeline {
            scrape: Duration::seconds(30),
            recording: Duration::ZERO,
            evaluation: Duration::minutes(1),
            hold: Duration::ZERO,
            group_wait: Duration::minutes(1),
            keep_firing: Duration::ZERO,
        }
    }

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn detection_as_the_workbook_has_it() {
        // 99.9 %: seconds until the page for a failure of 100 %, 50 %, 10 % and 2 % of requests.
        for (share, wanted) in [("1", "51s840ms"), ("0.5", "1m43s680ms"), ("0.1", "8m38s400ms"), ("0.02", "43m12s")] {
            let found = detection(&page_fast(), decimal("0.001"), decimal(share)).unwrap();
            assert_eq!(found.to_string(), wanted, "{share}");
        }
        assert_eq!(detection(&page_fast(), decimal("0.001"), decimal("0.0144")), None);
    }

    /// Total outage over 30 days: first page, told, share of the budget gone by then.
    #[test]
    fn the_budget_goes_while_the_message_travels() {
        for (objective, first_page, told, gone) in [
            ("0.95", "43m12s", "45m42s", "0.021"),
            ("0.99", "8m38s400ms", "11m8s400ms", "0.026"),
            ("0.995", "4m19s200ms", "6m49s200ms", "0.032"),
            ("0.999", "51s840ms", "3m21s840ms", "0.078"),
            ("0.9995", "25s920ms", "2m55s920ms", "0.136"),
            ("0.9999", "5s184ms", "2m35s184ms", "0.599"),
            ("0.99999", "519ms", "2m30s519ms", "5.807"),
        ] {
            let budget = Decimal::ONE - decimal(objective);
            let detected = detection(&page_fast(), budget, Decimal::ONE).unwrap();
            let after = pipeline().told(detected);
            assert_eq!((detected.to_string(), after.to_string()), (first_page.to_owned(), told.to_owned()));
            let share = budget_gone(after, budget, Duration::days(30), Decimal::ONE).unwrap();
            assert_eq!(share.round_dp(3).to_string(), gone, "{objective}");
        }
        assert_eq!(detection(&page_fast(), decimal("0.1"), Decimal::ONE), None);
        assert_eq!(exhaustion(decimal("0.001"), Duration::days(30), Decimal::ONE).unwrap().to_string(), "43m12s");
    }

    #[test]
    fn a_hold_lasts_whole_evaluations() {
        let pipeline = Pipeline { hold: Duration::seconds(90), ..pipeline() };
        assert_eq!(pipeline.told(Duration::ZERO).to_string(), "4m30s");
    }

    #[test]
    fn reset_takes_the_short_window() {
        let pipeline = Pipeline { scrape: Duration::ZERO, ..pipeline() };
        let clean = recovery(&page_fast(), decimal("0.001"), Decimal::ONE).unwrap();
        assert_eq!(pipeline.resolved(clean).to_string(), "5m55s680ms");
        assert_eq!(recovery(&page_fast(), decimal("0.001"), decimal("0.0144")), None);
    }

    /// Against the area under the ramp, added up second by second.
    #[test]
    fn recorded_rates_are_late_by_half_a_grain() {
        let (grain, window) = (300_u64, 3_600_u64);
        let ramp = |at: u64| at.min(grain) * 1_000 / grain;
        for exact in [10, 100, 150, 1_000, 3_400, 3_450, 3_500, 3_599, 3_600] {
            let found = through_grain(Duration::seconds(exact), Duration::seconds(window), Duration::seconds(grain));
            let reached = |now: u64| (now.saturating_sub(window)..now).map(ramp).sum::<u64>() >= exact * 1_000;
            let counted = (0..=window + grain).find(|now| reached(*now)).unwrap();
            assert!(found.as_seconds().abs_diff(counted) <= 2, "{exact}: {found}, counted {counted}s");
        }
        let direct = through_grain(Duration::seconds(52), Duration::hours(1), Duration::ZERO);
        assert_eq!(direct, Duration::seconds(52));
    }
}
