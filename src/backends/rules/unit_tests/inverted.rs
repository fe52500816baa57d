//! Tests of thresholds by their expressions: what no shape stands behind, and moments that must be computed.

use rust_decimal::Decimal;

use super::file::TestCase;
use super::raw::{self, Subject};
use crate::backends::rules::thresholds::{hold, labels, signal_of};
use crate::model::{Condition, Platform, Service, Shape, Signal, Threshold};

/// Whether a change of the signal shows at once and in full, so that no moment needs to be computed.
pub(super) fn is_sudden(threshold: &Threshold, signal: &Signal) -> bool {
    let ramps = matches!(signal.shape, Some(Shape::Rate { .. } | Shape::Increase { .. }));
    match threshold.condition {
        Condition::Above(_) | Condition::Below(_) => !ramps,
        Condition::AboveBaseline { .. } | Condition::BelowBaseline { .. } | Condition::DropsBy { .. } => false,
        Condition::Absent { .. } | Condition::Expr { .. } => true,
    }
}

/// Tests of a condition by nothing but its expression.
pub(super) fn inverted(platform: &Platform, service: &Service, threshold: &Threshold) -> Result<Vec<TestCase>, String> {
    let signal = signal_of(service, threshold);
    let expr = crate::signals::condition(threshold, signal).ok_or("it cannot be asked in PromQL")?;
    // Just beyond the multiple of the average; further, if the average follows soon.
    let changes = |times: Decimal, beyond: [i64; 4]| beyond.map(|tenths| times * Decimal::new(tenths, 1)).to_vec();
    let subject = Subject {
        name: &threshold.name.value,
        expr: &expr,
        hold: hold(threshold),
        keep_firing: threshold.keep_firing.unwrap_or_default(),
        labels: &labels(platform, service, threshold),
        namesakes: platform.is_shared_alert(&threshold.name),
        recording: crate::signals::recording(threshold, signal),
        changes: match &threshold.condition {
            Condition::AboveBaseline { times, .. } => changes(times.value, [11, 13, 20, 100]),
            Condition::BelowBaseline { times, .. } => changes(times.value, [9, 7, 5, 0]),
            Condition::DropsBy { by, .. } => changes(Decimal::ONE - by.value, [9, 7, 5, 0]),
            _ => Vec::new(),
        },
    };
    raw::tests(&subject, super::evaluation(platform))
}
