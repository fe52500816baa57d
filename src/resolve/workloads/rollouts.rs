//! Rollouts: steps, and what is watched while they are taken.

use rust_decimal::Decimal;

use super::{UNSOUND_WORKLOAD, refuse, whole_percent};
use crate::diagnostics::Diagnostic;
use crate::model::{Analysis, Evaluator, Pause, Rollout, RolloutStep, Threshold};
use crate::quantity::{Dimension, Duration};
use crate::resolve::Resolver;
use crate::resolve::problems::UNIT_MISMATCH;
use crate::source::Spanned;
use crate::spec::values::ClusterName;
use crate::spec::workload as written;

/// How often an analysis measures unless the spec says.
const USUAL_INTERVAL: Duration = Duration::minutes(1);

/// The rollout with every default filled in.
pub(super) fn resolve(
    written: &written::Rollout,
    thresholds: &[Threshold],
    resolver: &mut Resolver,
) -> Option<Rollout> {
    if written.steps.is_empty() {
        refuse(
            written.span.0,
            "a rollout without steps is none",
            "add `steps: [{weight: 10%}, {pause: 5m}]`",
            resolver,
        );
        return None;
    }
    let mut steps = Vec::new();
    for step in &written.steps {
        steps.extend(self::step(step, resolver));
    }
    let mut analysis = Vec::new();
    for (name, one) in written.analysis.iter() {
        analysis.extend(self::analysis(name, one, thresholds, resolver));
    }
    if let Some(from) = written.analysis_from.filter(|from| !(1..=written.steps.len() as u64).contains(&from.value)) {
        let message = format!("there is no step {}", from.value);
        let help = format!("steps are counted from 1 to {}", written.steps.len());
        resolver.report(Diagnostic::new(&UNSOUND_WORKLOAD, from.span, message).help(help));
    }
    let text = |name: &Option<Spanned<ClusterName>>| name.as_ref().map(|name| name.to_string());
    Some(Rollout {
        steps,
        analysis,
        analysis_from: written.analysis_from.map(|step| step.value),
        stable_service: text(&written.stable_service),
        canary_service: text(&written.canary_service),
    })
}

fn step(written: &written::RolloutStep, resolver: &mut Resolver) -> Option<RolloutStep> {
    match written {
        written::RolloutStep::Weight(weight) if weight.dimension != Dimension::Ratio => {
            let message = format!("`{}` is {}, not a share", weight.text, weight.dimension.describe());
            resolver.report(Diagnostic::new(&UNIT_MISMATCH, weight.span, message).help("weights look like `10%`"));
            None
        }
        written::RolloutStep::Weight(weight) if weight.value.value > Decimal::ONE => {
            refuse(weight.span, "the new version cannot get more than everything", "weights end at 100%", resolver);
            None
        }
        written::RolloutStep::Weight(weight) => {
            whole_percent(weight.value.value, weight.span, resolver).map(RolloutStep::Weight)
        }
        written::RolloutStep::Pause(pause) => match pause.value {
            Pause::For(time) => {
                super::seconds(Spanned::new(time, pause.span), 1, resolver)?;
                Some(RolloutStep::Pause(pause.value))
            }
            Pause::Approval => Some(RolloutStep::Pause(Pause::Approval)),
        },
    }
}

fn analysis(
    name: &Spanned<ClusterName>,
    written: &written::Analysis,
    thresholds: &[Threshold],
    resolver: &mut Resolver,
) -> Option<Analysis> {
    let spoken = &written.threshold;
    let known: Vec<&str> = thresholds.iter().map(|threshold| threshold.name.as_str()).collect();
    if !resolver.known("threshold", spoken.as_str(), spoken.span, known) {
        return None;
    }
    let threshold = thresholds.iter().find(|threshold| threshold.name.as_str() == spoken.as_str())?;
    if !threshold.on.contains(&Evaluator::Prometheus) {
        let message = format!("`{}` is not evaluated by Prometheus", spoken.value);
        let diagnostic =
            Diagnostic::new(&UNSOUND_WORKLOAD, spoken.span, message).also(threshold.name.span, "declared here");
        resolver.report(diagnostic.note("the analysis of a rollout asks Prometheus"));
        return None;
    }
    if let Some(time) = written.interval {
        super::seconds(time, 1, resolver)?;
    }
    Some(Analysis {
        name: Spanned::new(name.to_string(), name.span),
        threshold: Spanned::new(spoken.to_string(), spoken.span),
        interval: written.interval.map_or(USUAL_INTERVAL, |time| time.value),
        failures: written.failures.map_or(0, |failures| failures.value),
    })
}
