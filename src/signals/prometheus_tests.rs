//! Signals of every shape, as PromQL.

use super::*;
use crate::model::{Bound, Condition};
use crate::promql::parse_selector;
use crate::quantity::{Duration, Quantity, Unit};
use crate::signals::{condition, recording};
use crate::source::{FileId, Span, Spanned};

fn at<T>(value: T) -> Spanned<T> {
    Spanned::new(value, Span::new(FileId(0), 0, 0))
}

fn selector(text: &str) -> Spanned<Selector> {
    at(parse_selector(text).unwrap())
}

fn signal(shape: Shape, per: &[&str]) -> Signal {
    Signal {
        name: "quantity".to_owned(),
        service: "api".to_owned(),
        title: "Quantity".to_owned(),
        description: None,
        unit: Unit::Number,
        better: None,
        per: per.iter().map(|label| (*label).to_owned()).collect(),
        shape: Some(shape),
        cloud: None,
        log: None,
        google: None,
        azure: None,
        window: at(Duration::minutes(5)),
        origin: Span::new(FileId(0), 0, 0).into(),
    }
}

fn text(shape: Shape, measure: Measure, by: &[&str]) -> String {
    let by: Vec<String> = by.iter().map(|label| (*label).to_owned()).collect();
    expression(&signal(shape, &[]), &measure, Duration::minutes(5).into(), &by).unwrap().to_string()
}

fn ratio(part: &str, part_is_bad: bool) -> Shape {
    Shape::Ratio { part: vec![selector(part)], total: vec![selector(r#"all{job="api"}"#)], part_is_bad }
}

fn latency(native: bool) -> Shape {
    Shape::Latency { histogram: selector(r#"h{job="api"}"#), native, buckets: None }
}

#[test]
fn counters() {
    let one = Shape::Rate { of: vec![selector(r#"a{job="api"}"#)] };
    assert_eq!(text(one.clone(), Measure::Value, &[]), r#"sum(rate(a{job="api"}[5m]))"#);
    assert_eq!(text(one, Measure::Value, &["endpoint"]), r#"sum by (endpoint) (rate(a{job="api"}[5m]))"#);
    let sales = Shape::Increase { of: vec![selector(r#"sales{job="api"}"#)] };
    assert_eq!(text(sales, Measure::Value, &[]), r#"sum(increase(sales{job="api"}[5m]))"#);
}

#[test]
fn counters_added_up_are_there_as_long_as_one_is() {
    let both = Shape::Rate { of: vec![selector(r#"a{job="api"}"#), selector(r#"b{job="api"}"#)] };
    assert_eq!(text(both, Measure::Value, &[]), r#"sum(rate(a{job="api"}[5m])) + sum(rate(b{job="api"}[5m]))"#);
    let filtered = Shape::Rate { of: vec![selector(r#"a{job="api", kind="x"}"#), selector(r#"b{job="api"}"#)] };
    assert_eq!(
        text(filtered, Measure::Value, &[]),
        concat!(
            r#"(sum(rate(a{job="api", kind="x"}[5m])) or 0 * sum(rate(b{job="api"}[5m])))"#,
            r#" + (sum(rate(b{job="api"}[5m])) or 0 * sum(rate(a{job="api", kind="x"}[5m])))"#
        )
    );
}

#[test]
fn a_ratio_is_zero_before_the_first_failure_and_nothing_when_idle() {
    assert_eq!(
        text(ratio(r#"all{job="api", status=~"5.."}"#, true), Measure::Value, &[]),
        concat!(
            r#"(sum(rate(all{job="api", status=~"5.."}[5m])) or 0 * sum(rate(all{job="api"}[5m])))"#,
            r#" / (sum(rate(all{job="api"}[5m])) > 0)"#
        )
    );
}

#[test]
fn latencies() {
    let p95 = Measure::Quantile(Decimal::new(95, 2));
    assert_eq!(
        text(latency(false), p95.clone(), &["endpoint"]),
        r#"histogram_quantile(0.95, sum by (le, endpoint) (rate(h_bucket{job="api"}[5m])))"#
    );
    assert_eq!(text(latency(true), p95, &[]), r#"histogram_quantile(0.95, sum(rate(h{job="api"}[5m])))"#);
    assert_eq!(
        text(latency(false), Measure::Within(at(Decimal::ONE)), &[]),
        r#"sum(rate(h_bucket{job="api", le=~"1(\\.0)?"}[5m])) / (sum(rate(h_count{job="api"}[5m])) > 0)"#
    );
    assert_eq!(
        text(latency(false), Measure::Mean, &[]),
        r#"sum(rate(h_sum{job="api"}[5m])) / (sum(rate(h_count{job="api"}[5m])) > 0)"#
    );
    assert_eq!(
        text(latency(true), Measure::Within(at(Decimal::new(5, 1))), &[]),
        r#"histogram_fraction(0, 0.5, sum(rate(h{job="api"}[5m]))) >= 0"#
    );
    let plain = expression(&signal(latency(false), &[]), &Measure::Value, Duration::minutes(5).into(), &[]);
    assert_eq!(plain, None);
}

#[test]
fn gauges_fractions_and_ages() {
    let gauge = Shape::Gauge { of: selector(r#"g{job="api"}"#), aggregate: Aggregation::Max };
    assert_eq!(text(gauge, Measure::Value, &["instance"]), r#"max by (instance) (g{job="api"})"#);
    let free = Shape::Fraction {
        part: Part::Free(selector(r#"free{job="api"}"#)),
        whole: Whole::Gauge(selector(r#"size{job="api"}"#)),
        aggregate: Aggregation::Sum,
    };
    assert_eq!(text(free, Measure::Value, &[]), r#"1 - sum(free{job="api"}) / (sum(size{job="api"}) > 0)"#);
    let constant = Shape::Fraction {
        part: Part::Used(selector(r#"used{job="api"}"#)),
        whole: Whole::Constant(Decimal::ONE_HUNDRED),
        aggregate: Aggregation::Sum,
    };
    assert_eq!(text(constant, Measure::Value, &[]), r#"sum(used{job="api"}) / 100"#);
    let age = Shape::Age { of: selector(r#"backup{job="api"}"#), aggregate: Aggregation::Max };
    assert_eq!(text(age, Measure::Value, &[]), r#"max(time() - backup{job="api"})"#);
}

#[test]
fn labels_of_the_signal_are_kept_once() {
    let gauge = Shape::Gauge { of: selector("g"), aggregate: Aggregation::Sum };
    let by = ["topic".to_owned(), "instance".to_owned()];
    let found = expression(&signal(gauge, &["instance"]), &Measure::Value, Window::RateInterval, &by);
    assert_eq!(found.unwrap().to_string(), "sum by (instance, topic) (g)");
}

fn threshold(condition: Condition, by: &[&str]) -> crate::model::Threshold {
    crate::model::Threshold {
        name: at("Alert".to_owned()),
        service: "api".to_owned(),
        signal: Some(at("quantity".to_owned())),
        measure: Measure::Value,
        condition,
        window: at(Duration::minutes(5)),
        hold: at(Duration::minutes(5)),
        keep_firing: None,
        severity: at("warning".to_owned()),
        group: "alerts".to_owned(),
        by: by.iter().map(|label| (*label).to_owned()).collect(),
        on: vec![crate::model::Evaluator::Prometheus],
        summary: None,
        description: None,
        runbook: None,
        advice: None,
        labels: indexmap::IndexMap::new(),
        declared: crate::model::ThresholdOrigin::Spec,
        origin: Span::new(FileId(0), 0, 0).into(),
    }
}

fn condition_text(condition_: Condition, shape: Shape, by: &[&str]) -> String {
    condition(&threshold(condition_, by), Some(&signal(shape, &[]))).unwrap().to_string()
}

#[test]
fn conditions() {
    let rate = || Shape::Rate { of: vec![selector(r#"a{job="api"}"#)] };
    let written = at(Quantity::parse("10/s").unwrap());
    let above = Condition::Above(Bound { value: Decimal::TEN, written });
    assert_eq!(condition_text(above, rate(), &[]), r#"sum(rate(a{job="api"}[5m])) > 10"#);
    let drop = || Condition::DropsBy { by: at(Decimal::new(5, 1)), against: at(Duration::days(1)) };
    assert_eq!(
        condition_text(drop(), rate(), &[]),
        r#"sum(rate(a{job="api"}[5m])) < 0.5 * sum(rate(a{job="api"}[5m] offset 1d))"#
    );
    // An age of yesterday ended yesterday.
    let age = Shape::Age { of: selector(r#"t{job="api"}"#), aggregate: Aggregation::Max };
    assert_eq!(
        condition_text(drop(), age, &[]),
        r#"max(time() - t{job="api"}) < 0.5 * max(time() - 86400 - t{job="api"} offset 1d)"#
    );
}

#[test]
fn a_baseline_reads_a_recorded_series_and_waits_for_it() {
    let rate = || Shape::Rate { of: vec![selector(r#"a{job="api"}"#)] };
    let spike = || Condition::AboveBaseline { times: at(Decimal::TWO), over: at(Duration::days(1)) };
    assert_eq!(
        condition_text(spike(), rate(), &[]),
        concat!(
            r#"service:quantity:5m{service="api"} > 2 * avg_over_time(service:quantity:5m{service="api"}[1d])"#,
            r#" and present_over_time(service:quantity:5m{service="api"}[2h24m] offset 21h36m)"#
        )
    );
    let recorded = recording(&threshold(spike(), &["topic"]), Some(&signal(rate(), &[]))).unwrap();
    assert_eq!(recorded.name, "service_topic:quantity:5m");
    assert_eq!(recorded.expr.to_string(), r#"sum by (topic) (rate(a{job="api"}[5m]))"#);
}

#[test]
fn absence() {
    let gauge = || Shape::Gauge { of: selector(r#"g{job="api"}"#), aggregate: Aggregation::Max };
    let gone = || Condition::Absent { wait: at(Duration::minutes(10)) };
    assert_eq!(condition_text(gone(), gauge(), &[]), r#"absent(g{job="api"})"#);
    assert_eq!(
        condition_text(gone(), gauge(), &["topic"]),
        concat!(
            r#"group by (topic) (present_over_time(g{job="api"}[1d])) unless group by (topic) (g{job="api"})"#,
            r#" or absent(g{job="api"})"#
        )
    );
}
