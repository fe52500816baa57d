//! What rules cost, counted on the rules themselves.

use super::rules::{Found, Index};
use super::{Cost, EvaluatedBy};
use crate::backends::rules::Rule;
use crate::promql::ask::{Leaf, Step, leaves};
use crate::promql::{Expr, MatchOp, Selector};
use crate::quantity::Duration;

/// The cost of an objective's rules for each system that evaluates some of them.
pub(super) fn cost(index: &Index, slo: &str, scrape: Duration) -> Vec<Cost> {
    let of = |by: EvaluatedBy| {
        let rules: Vec<&Found> = index.of(slo).iter().filter(|found| found.by == by).collect();
        let first = rules.first()?;
        let series = rules.iter().filter(|found| matches!(found.rule, Rule::Recording(_))).count();
        let samples = rules.iter().map(|found| samples(index, found.rule.expr(), scrape, found.interval)).sum();
        let (rules, series, every) = (rules.len() as u64, series as u64, first.interval);
        Some(Cost { evaluated_by: by, rules, series, samples, every })
    };
    [EvaluatedBy::Prometheus, EvaluatedBy::ThanosRuler].into_iter().filter_map(of).collect()
}

/// Samples that one evaluation reads. A window holds one sample for each interval at which its series get them:
/// the recording group's, or the scrape's. A recorded series is one; a metric is one for each known target of
/// the job that its selector names, and one where none is known. Every selector reads for itself.
fn samples(index: &Index, expr: &Expr, scrape: Duration, evaluation: Duration) -> u64 {
    let of_leaf = |leaf: Leaf| {
        let recorded = leaf.selector.metric_name().and_then(|name| index.recorded(name));
        let (interval, series) = match recorded {
            Some(source) => (source.interval, 1),
            None => (scrape, series(index, leaf.selector)),
        };
        let in_window = leaf.window.and_then(crate::promql::Window::fixed).map_or(1, |window| points(window, interval));
        let times = leaf.path.iter().map(|step| match step {
            Step::Subquery { range, step, .. } => {
                range.fixed().map_or(1, |range| points(range, step.unwrap_or(evaluation)))
            }
            _ => 1,
        });
        times.fold(series.saturating_mul(in_window), u64::saturating_mul)
    };
    leaves(expr).into_iter().map(of_leaf).fold(0, u64::saturating_add)
}

fn points(window: Duration, interval: Duration) -> u64 {
    window.as_millis().div_ceil(interval.as_millis().max(1)).max(1)
}

fn series(index: &Index, selector: &Selector) -> u64 {
    let job = selector.matchers.iter().find(|matcher| matcher.label == "job" && matcher.op == MatchOp::Equal);
    job.map_or(1, |job| index.targets(&job.value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backends::samples;
    use crate::promql::parse;

    #[test]
    fn every_selector_reads_its_window() {
        let mut platform = samples::platform();
        let mut service = samples::service("api");
        let mut job = samples::job("api:8000");
        job.targets.push("other:8000".to_owned());
        service.jobs.push(job);
        platform.services.push(service);
        let index = Index::new(&platform, &[]);
        let read = |text: &str| samples(&index, &parse(text).unwrap(), Duration::seconds(30), Duration::minutes(1));
        assert_eq!(read("x"), 1);
        assert_eq!(read("rate(x[5m])"), 10);
        assert_eq!(read("rate(x[5m]) / rate(x[1h])"), 130);
        assert_eq!(read("rate(x{job=\"api\"}[5m])"), 20);
        assert_eq!(read("max_over_time(rate(x[5m])[1h:2m])"), 300);
        assert_eq!(read("vector(1)"), 0);
    }
}
