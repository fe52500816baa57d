//! What an alarm says to people. CloudWatch has no templates: the words are final when the alarm is made.

use crate::model::{Service, Signal, Threshold};
use crate::signals::sentence::{filled, sentence};
use crate::spec::values::Written;

/// Longest description of an alarm, in characters.
const LONGEST: usize = 1024;

/// Summary, description and runbook of a threshold.
pub(in crate::backends) fn describe(service: &Service, signal: Option<&Signal>, threshold: &Threshold) -> String {
    let fill = |written: &Option<Written>| written.as_ref().and_then(|text| filled(text, service, signal, threshold));
    let mut lines = vec![fill(&threshold.summary).unwrap_or_else(|| sentence(service, signal, threshold))];
    lines.extend(fill(&threshold.description));
    lines.extend(threshold.runbook.as_ref().map(|address| format!("Runbook: {address}")));
    let text = lines.join("\n");
    let shown = text.chars().filter(|&character| character == '\n' || !character.is_control());
    shown.take(LONGEST).collect()
}
