//! When a tier fires, when people know, what has gone by then, and when it is over.

use rust_decimal::Decimal;

use super::{duration, fires_above, seconds};
use crate::model::Tier;
use crate::quantity::Duration;

/// What lies between an event and the message about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pipeline {
    /// Scrape interval of the job.
    pub scrape: Duration,
    /// Evaluation interval of the rule group.
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

/// Longest time from the start of the failure until Alertmanager sends the first message of a new
/// group: detection, a scrape, an evaluation, the hold in whole evaluations, and the group's wait.
pub fn notification(tier: &Tier, budget: Decimal, bad_share: Decimal, pipeline: &Pipeline) -> Option<Duration> {
    let detection = detection(tier, budget, bad_share)?;
    let evaluation = pipeline.evaluation.as_millis().max(1);
    let hold = pipeline.evaluation.times(pipeline.hold.as_millis().div_ceil(evaluation));
    Some(detection.plus(pipeline.scrape).plus(pipeline.evaluation).plus(hold).plus(pipeline.group_wait))
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

/// Longest time from the end of the failure until the alert resolves: the short window must be clean
/// enough again, `Ws * (1 - B * b / e)`, then an evaluation, then `keep_firing_for`.
pub fn reset(tier: &Tier, budget: Decimal, bad_share: Decimal, pipeline: &Pipeline) -> Option<Duration> {
    let bound = fires_above(tier.factor, budget);
    if bad_share <= bound {
        return None;
    }
    let clean = Decimal::ONE - bound.checked_div(bad_share)?;
    let short = duration(seconds(tier.short).checked_mul(clean)?);
    Some(short.plus(pipeline.evaluation).plus(pipeline.keep_firing))
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

    #[test]
    fn the_budget_goes_while_the_message_travels() {
        let pipeline = Pipeline {
            scrape: Duration::seconds(30),
            evaluation: Duration::minutes(1),
            hold: Duration::ZERO,
            group_wait: Duration::minutes(1),
            keep_firing: Duration::ZERO,
        };
        let share_gone = |objective: &str| {
            let budget = Decimal::ONE - decimal(objective);
            let told = notification(&page_fast(), budget, Decimal::ONE, &pipeline).unwrap();
            budget_gone(told, budget, Duration::days(30), Decimal::ONE).unwrap().round_dp(3).to_string()
        };
        assert_eq!(share_gone("0.999"), "0.078");
        assert_eq!(share_gone("0.9999"), "0.599");
        assert_eq!(exhaustion(decimal("0.001"), Duration::days(30), Decimal::ONE).unwrap().to_string(), "43m12s");
    }

    #[test]
    fn reset_takes_the_short_window() {
        let pipeline = Pipeline {
            scrape: Duration::ZERO,
            evaluation: Duration::minutes(1),
            hold: Duration::ZERO,
            group_wait: Duration::ZERO,
            keep_firing: Duration::ZERO,
        };
        let found = reset(&page_fast(), decimal("0.001"), Decimal::ONE, &pipeline).unwrap();
        assert_eq!(found.to_string(), "5m55s680ms");
    }
}
