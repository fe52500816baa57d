//! One tier: what it waits for, whom it tells, and what it makes of burns.

use rust_decimal::Decimal;

use super::rules::{Found, Index};
use super::{Burn, Pipeline, Tier};
use crate::backends::Configs;
use crate::backends::alertmanager::{Delivery, deliveries, receiver_channels, tier_labels};
use crate::backends::rules::AlertingRule;
use crate::conventions::slo_error_ratio;
use crate::model::{self, Platform, Service, Slo};
use crate::quantity::Duration;
use crate::slo::{self, fires_above, times};

/// Ten times what the objective allows: between an outage and a slow leak.
const TENFOLD: Decimal = Decimal::TEN;

/// A tier and the times of the week at which its route tells nobody.
pub(super) struct Reported {
    pub(super) tier: Tier,
    pub(super) quiet_times: Vec<String>,
}

/// Reports a tier; `None` only if its alert is not among the rules.
pub(super) fn tier(
    platform: &Platform,
    configs: &Configs,
    rules: &Index,
    service: &Service,
    slo: &Slo,
    tier: &model::Tier,
) -> Option<Reported> {
    let id = slo.id();
    let (found, alert) = rules.alert(&id, tier)?;
    let labels = tier_labels(platform, service, slo, tier);
    let delivery = first_delivery(deliveries(&configs.alertmanager, &labels));
    let frame = Frame {
        tier,
        slo,
        min_failures: slo::min_failures(tier, slo.budget(), slo.min_failures, slo.traffic),
        is_told: delivery.is_some(),
        short_grain: rules.grain(&id, &slo_error_ratio(tier.short)),
        pipeline: pipeline(rules, slo, (tier, &found, alert), delivery),
    };
    let budget = slo.budget();
    let bound = fires_above(tier.factor, budget);
    let tenfold = budget.checked_mul(TENFOLD).filter(|share| *share <= Decimal::ONE);
    let reported = Tier {
        tier: tier.name.name().to_owned(),
        severity: tier.severity.clone(),
        long: tier.long,
        short: tier.short,
        factor: tier.factor,
        budget_share: tier.budget_share,
        fires_above: bound,
        min_failures: frame.min_failures,
        evaluated_by: found.by,
        tells: delivery.map_or(Vec::new(), |delivery| texts(&receiver_channels(delivery.receiver))),
        pipeline: frame.pipeline,
        needed_retention: tier.long.plus(slo.grain),
        total_outage: frame.burn(Decimal::ONE),
        tenfold: tenfold.map(|share| frame.burn(share)),
        slowest: frame.slowest(bound),
    };
    let times = delivery.map_or(Vec::new(), |delivery| [delivery.mute_times, delivery.active_times].concat());
    Some(Reported { tier: reported, quiet_times: times })
}

/// The message that reaches somebody first: not the silent ones, and not those that wait to escalate.
fn first_delivery(found: Vec<Delivery>) -> Option<Delivery> {
    let told = found.into_iter().filter(|delivery| !receiver_channels(delivery.receiver).is_empty());
    told.min_by_key(|delivery| delivery.group_wait)
}

fn texts(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn pipeline(
    rules: &Index,
    slo: &Slo,
    (tier, found, alert): (&model::Tier, &Found, &AlertingRule),
    delivery: Option<Delivery>,
) -> Pipeline {
    let id = slo.id();
    Pipeline {
        scrape: slo.scrape,
        recording: rules.recording_delay(&id, found),
        evaluation: found.interval,
        hold: alert.hold.unwrap_or_default(),
        group_wait: delivery.map_or(Duration::ZERO, |delivery| delivery.group_wait),
        group_interval: delivery.map_or(Duration::ZERO, |delivery| delivery.group_interval),
        keep_firing: alert.keep_firing_for.unwrap_or_default(),
        grain: rules.grain(&id, &slo_error_ratio(tier.long)),
    }
}

/// What the burns of one tier share.
struct Frame<'a> {
    tier: &'a model::Tier,
    slo: &'a Slo,
    min_failures: Option<u64>,
    is_told: bool,
    short_grain: Duration,
    pipeline: Pipeline,
}

impl Frame<'_> {
    /// A burn with this share of bad events.
    fn burn(&self, share: Decimal) -> Burn {
        let exact = times::detection(self.tier, self.slo.budget(), share);
        let exact = exact.and_then(|exact| self.with_guard(exact, share));
        let recovery = times::recovery(self.tier, self.slo.budget(), share).filter(|_| exact.is_some());
        self.course(share, exact, recovery)
    }

    /// Burns just above the factor, or as fast as it takes to gather the failures that the guard wants: the
    /// condition holds once the long window is full of them, and no longer as soon as they end.
    fn slowest(&self, bound: Decimal) -> Burn {
        let gathered = self
            .guard()
            .and_then(|(failures, traffic)| failures.checked_div(traffic.checked_mul(slo::seconds(self.tier.long))?));
        let share = gathered.unwrap_or(bound).max(bound);
        let exact = (share < Decimal::ONE).then_some(self.tier.long);
        self.course(share.min(Decimal::ONE), exact, exact.map(|_| Duration::ZERO))
    }

    /// Failures that the alert waits for, and events a second. Without declared traffic nobody knows how long
    /// that takes, and nothing is said of it.
    fn guard(&self) -> Option<(Decimal, Decimal)> {
        Some((Decimal::from(self.min_failures?), self.slo.traffic?))
    }

    /// The guard for little traffic waits for so many failures, which must fit in the long window.
    fn with_guard(&self, exact: Duration, share: Decimal) -> Option<Duration> {
        let Some((failures, traffic)) = self.guard() else { return Some(exact) };
        let until = slo::duration(failures.checked_div(traffic.checked_mul(share)?)?);
        (until <= self.tier.long).then_some(exact.max(until))
    }

    fn course(&self, share: Decimal, exact: Option<Duration>, recovery: Option<Duration>) -> Burn {
        let (budget, window) = (self.slo.budget(), self.slo.window.value);
        let detected = exact.map(|exact| times::through_grain(exact, self.tier.long, self.pipeline.grain));
        let clean = recovery.map(|exact| times::through_grain(exact, self.tier.short, self.short_grain));
        let steps = self.steps();
        let told = detected.filter(|_| self.is_told).map(|detected| steps.told(detected));
        Burn {
            burn_rate: share.checked_div(budget).unwrap_or_default().normalize(),
            bad_share: share,
            exhausted_after: times::exhaustion(budget, window, share).unwrap_or_default(),
            detected_after: detected,
            told_after: told,
            budget_gone: told.and_then(|told| times::budget_gone(told, budget, window, share)),
            resolved_after: clean.map(|clean| steps.resolved(clean)),
        }
    }

    fn steps(&self) -> times::Pipeline {
        let Pipeline { scrape, recording, evaluation, hold, group_wait, keep_firing, .. } = self.pipeline;
        times::Pipeline { scrape, recording, evaluation, hold, group_wait, keep_firing }
    }
}
