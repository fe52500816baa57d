//! The tiers of an objective: the usual ones scaled to its window, changed as the spec says, without
//! those that could never fire.

use rust_decimal::{Decimal, RoundingStrategy};

use super::problems::{INVALID_TIER, SLO_WINDOW_TOO_SHORT, TIER_WITHOUT_SEVERITY, UNKNOWN_TIER, UNREACHABLE_BURN_RATE};
use super::{can_fire, seconds, windows};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::{Tier, TierName};
use crate::quantity::{Dimension, Duration, print_decimal, print_percent};
use crate::source::Spanned;
use crate::spec;
use crate::spec::values::{Name, Named};

/// What the usual tiers are at 30 days: tier, long window in hours, share of the budget in percent.
const USUAL: [(TierName, u64, i64); 4] = [
    (TierName::PageFast, 1, 2),
    (TierName::PageSlow, 6, 5),
    (TierName::TicketFast, 24, 10),
    (TierName::TicketSlow, 72, 10),
];

/// Decimals of a burn factor; enough that rounding moves no alert by a noticeable time.
const FACTOR_DIGITS: u32 = 3;

/// The tiers of an objective, fastest first.
///
/// At 30 days: 2 % of the budget in an hour and 5 % in six hours page; 10 % in a day and 10 % in three
/// days make a ticket. For another window the long windows are scaled, rounded to lengths that people
/// know, kept between six shortest short windows and a quarter of the window, and the factor is
/// computed again from what came out, never below 1. A usual tier that a faster or equally urgent one
/// makes superfluous is left out. `spec_tiers` change or leave out tiers by name.
///
/// `severities` names the severity of pages and of tickets; a tier without one is left out and said.
///
/// Reports `unknown-tier`, `invalid-tier`, `unreachable-burn-rate`, `slo-window-too-short` and
/// `tier-without-severity`. An objective that is not between 0 and 1 has no tiers; whoever resolves it
/// says why.
pub fn tiers(
    spec_tiers: &Named<Name, spec::slo::Tier>,
    objective: &Spanned<Decimal>,
    window: &Spanned<Duration>,
    scrape: Duration,
    evaluation: Duration,
    severities: (Option<&str>, Option<&str>),
    diagnostics: &mut Diagnostics,
) -> Vec<Tier> {
    report_unknown(spec_tiers, diagnostics);
    if objective.value <= Decimal::ZERO || objective.value >= Decimal::ONE || window.value.is_zero() {
        return Vec::new();
    }
    let frame = Frame {
        objective,
        window,
        measurable: windows::measurable(scrape, evaluation),
        shortest: windows::shortest(scrape, evaluation),
        severities,
    };
    if frame.longest() < frame.shortest.times(2) {
        let message = format!("no alert can watch over an objective of {}", window.value);
        let least = windows::friendly_at_least(frame.shortest.times(24));
        let diagnostic = Diagnostic::new(&SLO_WINDOW_TOO_SHORT, window.span, message)
            .note(format!(
                "a rate needs at least {} to be measured; the budget would be gone before anything fires",
                frame.shortest
            ))
            .help(format!("promise it over {least} or more, or scrape and evaluate more often"));
        diagnostics.push(diagnostic);
        return Vec::new();
    }
    let mut found: Vec<Tier> = Vec::new();
    for (name, hours, percent) in USUAL {
        let written = spec_tiers.iter().find(|(key, _)| key.value.as_str() == name.name());
        if written.is_some_and(|(_, tier)| tier.enabled == Some(false)) {
            continue;
        }
        let usual = frame.usual(name, hours, percent);
        let tier = match written {
            Some((key, changes)) => frame.changed(usual, key, changes, diagnostics),
            None => Some(usual),
        };
        let Some(mut tier) = tier else { continue };
        let severity = written.and_then(|(_, changes)| changes.severity.as_ref()).map(|name| name.value.as_str());
        match severity.or(frame.severity(name)) {
            Some(severity) => severity.clone_into(&mut tier.severity),
            None => {
                frame.report_without_severity(name, diagnostics);
                continue;
            }
        }
        if written.is_some() || !found.iter().any(|faster| makes_superfluous(faster, &tier)) {
            found.push(tier);
        }
    }
    frame.without_unreachable(found, spec_tiers, diagnostics)
}

/// Whether whenever `tier` fires, `faster` has fired: it looks at no longer windows for no higher a rate.
fn makes_superfluous(faster: &Tier, tier: &Tier) -> bool {
    faster.long <= tier.long && faster.short <= tier.short && faster.factor <= tier.factor
}

fn pages(name: TierName) -> bool {
    matches!(name, TierName::PageFast | TierName::PageSlow)
}

/// Share of the budget that goes over the long window at this factor.
fn share(factor: Decimal, long: Duration, window: Duration) -> Decimal {
    let share = factor.checked_mul(seconds(long)).and_then(|spent| spent.checked_div(seconds(window)));
    share.unwrap_or_default().round_dp(6).normalize()
}

/// The factor at which this share of the budget goes over the long window, at least 1: below, the
/// alert would fire while the objective is met.
fn factor(share: Decimal, long: Duration, window: Duration) -> Decimal {
    let factor = share.checked_mul(seconds(window)).and_then(|spent| spent.checked_div(seconds(long)));
    factor.unwrap_or_default().round_dp(FACTOR_DIGITS).max(Decimal::ONE).normalize()
}

fn report_unknown(spec_tiers: &Named<Name, spec::slo::Tier>, diagnostics: &mut Diagnostics) {
    for (key, _) in spec_tiers.iter() {
        let written = key.value.as_str();
        if !TierName::ALL.iter().any(|name| name.name() == written) {
            let diagnostic = Diagnostic::new(&UNKNOWN_TIER, key.span, format!("there is no tier `{written}`"))
                .note("the four tiers have fixed names, which routes and inhibitions rely on")
                .suggest(written, TierName::ALL.iter().map(|name| name.name()));
            diagnostics.push(diagnostic);
        }
    }
}

/// What all tiers of one objective share.
struct Frame<'a> {
    objective: &'a Spanned<Decimal>,
    window: &'a Spanned<Duration>,
    /// No window can be shorter.
    measurable: Duration,
    /// No window is chosen shorter.
    shortest: Duration,
    severities: (Option<&'a str>, Option<&'a str>),
}

impl Frame<'_> {
    fn budget(&self) -> Decimal {
        Decimal::ONE - self.objective.value
    }

    /// A long window is at most a quarter of the objective's.
    fn longest(&self) -> Duration {
        Duration::millis(self.window.value.as_millis() / 4)
    }

    fn severity(&self, name: TierName) -> Option<&str> {
        if pages(name) { self.severities.0 } else { self.severities.1 }
    }

    fn usual(&self, name: TierName, hours: u64, percent: i64) -> Tier {
        let scaled = u128::from(Duration::hours(hours).as_millis()) * u128::from(self.window.value.as_millis())
            / u128::from(Duration::days(30).as_millis());
        let scaled = windows::friendly(Duration::millis(u64::try_from(scaled).unwrap_or(u64::MAX)));
        let least = windows::friendly_at_least(self.shortest.times(6));
        let long = scaled.max(least).min(windows::friendly_at_most(self.longest()));
        let factor = factor(Decimal::new(percent, 2), long, self.window.value);
        Tier {
            name,
            long,
            short: self.short(long),
            factor,
            budget_share: share(factor, long, self.window.value),
            severity: String::new(),
        }
    }

    /// A twelfth of the long window, if that can be measured.
    fn short(&self, long: Duration) -> Duration {
        let twelfth = windows::friendly(Duration::millis(long.as_millis() / 12));
        if twelfth >= self.shortest { twelfth } else { windows::friendly_at_least(self.shortest) }
    }

    /// A tier as the spec wants it, or `None` when what it wants cannot be.
    fn changed(
        &self,
        usual: Tier,
        key: &Spanned<Name>,
        changes: &spec::slo::Tier,
        diagnostics: &mut Diagnostics,
    ) -> Option<Tier> {
        let window = self.window.value;
        let mut wrong = |span, message: String, note: &str| {
            diagnostics.push(Diagnostic::new(&INVALID_TIER, span, message).note(note));
        };
        let long = changes.long.as_ref().map_or(usual.long, |long| long.value);
        let short = match (&changes.short, &changes.long) {
            (Some(short), _) => short.value,
            (None, Some(_)) => self.short(long),
            (None, None) => usual.short,
        };
        if long >= window || long.is_zero() {
            let span = changes.long.as_ref().map_or(key.span, |long| long.span);
            wrong(
                span,
                format!("a long window of {long} in an objective of {window}"),
                "the budget would be gone first",
            );
            return None;
        }
        if short >= long || short.is_zero() {
            let span = changes.short.as_ref().or(changes.long.as_ref()).map_or(key.span, |short| short.span);
            let note = "the short window ends the alert soon after the failure; it must be the shorter one";
            wrong(span, format!("the short window {short} is not shorter than the long one, {long}"), note);
            return None;
        }
        if let Some(written) = changes.short.as_ref().filter(|_| short < self.measurable) {
            let note = "a window needs four scrapes and two evaluations, or it may be empty";
            let message =
                format!("nothing can be measured over {short} here: {} is the shortest window", self.measurable);
            wrong(written.span, message, note);
            return None;
        }
        let factor = match (&changes.factor, &changes.budget) {
            (Some(factor), Some(budget)) => {
                let message = format!("`{}` has a factor and a share of the budget", key.value);
                let diagnostic = Diagnostic::new(&INVALID_TIER, budget.span, message)
                    .also(factor.span, "the factor")
                    .note("each follows from the other and the long window")
                    .help("keep one of them");
                diagnostics.push(diagnostic);
                return None;
            }
            (Some(written), None) if written.value.0 < Decimal::ONE => {
                let message =
                    format!("a burn rate of {} is slower than the budget allows", print_decimal(written.value.0));
                wrong(written.span, message, "the alert would fire while the objective is met");
                return None;
            }
            (Some(written), None) => written.value.0,
            (None, Some(budget)) => match budget.value.as_dimension(Dimension::Ratio) {
                Some(part) if part > Decimal::ZERO && part < Decimal::ONE => factor(part, long, window),
                _ => {
                    let message = format!("`{}` is no share of a budget", budget.value);
                    wrong(budget.span, message, "a tier spends a part of the budget: more than 0%, less than 100%");
                    return None;
                }
            },
            (None, None) => factor(usual.budget_share, long, window),
        };
        Some(Tier { long, short, factor, budget_share: share(factor, long, window), ..usual })
    }

    fn report_without_severity(&self, name: TierName, diagnostics: &mut Diagnostics) {
        let urgency = if pages(name) { "page" } else { "ticket" };
        let message = format!("`{}` has no severity: none of the platform's asks for a {urgency}", name.name());
        let diagnostic = Diagnostic::new(&TIER_WITHOUT_SEVERITY, self.objective.span, message)
            .note("nobody would be told, so the tier is left out")
            .help(format!(
                "declare a severity with `urgency: {urgency}`, or leave the tier out: `tiers: {{{}: {{enabled: false}}}}`",
                name.name()
            ));
        diagnostics.push(diagnostic);
    }

    fn without_unreachable(
        &self,
        found: Vec<Tier>,
        spec_tiers: &Named<Name, spec::slo::Tier>,
        diagnostics: &mut Diagnostics,
    ) -> Vec<Tier> {
        let budget = self.budget();
        let (kept, dead): (Vec<Tier>, Vec<Tier>) = found.into_iter().partition(|tier| can_fire(tier.factor, budget));
        let no_page_left = !kept.iter().any(|tier| pages(tier.name));
        for tier in &dead {
            let written = spec_tiers.iter().find(|(key, _)| key.value.as_str() == tier.name.name());
            diagnostics.push(self.unreachable(tier, written, no_page_left && pages(tier.name)));
        }
        kept
    }

    fn unreachable(
        &self,
        tier: &Tier,
        written: Option<(&Spanned<Name>, &spec::slo::Tier)>,
        no_page_left: bool,
    ) -> Diagnostic {
        let budget = self.budget();
        let percent = print_percent(self.objective.value);
        let most = Decimal::ONE.checked_div(budget).unwrap_or_default();
        let message = format!(
            "`{}` can never fire: it waits for a burn rate above {}, and at {percent} there is none above {}",
            tier.name.name(),
            print_decimal(tier.factor),
            print_decimal(most.round_dp(2)),
        );
        let note = if no_page_left {
            "the alert is left out, and no other page remains: not even a total outage wakes anybody"
        } else {
            "not even a total outage raises the alert, so it is left out"
        };
        let label = format!("allows {} of events to be bad", print_percent(budget));
        let diagnostic = Diagnostic::new(&UNREACHABLE_BURN_RATE, self.objective.span, message).label(label).note(note);
        let diagnostic = match written.and_then(|(_, changes)| changes.factor.as_ref()) {
            Some(factor) => diagnostic.also(factor.span, "this factor"),
            None => diagnostic,
        };
        match highest_that_can_fire(budget) {
            Some(factor) => diagnostic.help(format!(
                "the highest that can fire is about {0}: `tiers: {{{1}: {{factor: {0}}}}}`; or leave it out: `tiers: {{{1}: {{enabled: false}}}}`",
                print_decimal(factor),
                tier.name.name(),
            )),
            None => diagnostic.help("an objective this low is better watched by a threshold on the signal"),
        }
    }
}

/// The highest burn factor that a failure of 95 % of all events exceeds; `None` if that is below 1.
fn highest_that_can_fire(budget: Decimal) -> Option<Decimal> {
    let factor = Decimal::new(95, 2).checked_div(budget)?;
    let rounded = factor.round_dp_with_strategy(1, RoundingStrategy::ToZero).normalize();
    (rounded >= Decimal::ONE).then_some(rounded)
}

#[cfg(test)]
#[path = "tiers_tests.rs"]
mod tests;
