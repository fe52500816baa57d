//! Evaluations of small expressions; `tests/it/promql` compares with promtool.

use super::*;
use crate::promql::{parse, parse_selector};

/// A series with a sample each minute from 0 on.
fn series(selector: &str, values: &[f64]) -> Series {
    let selector = parse_selector(selector).unwrap();
    let mut labels: Labels =
        selector.matchers.into_iter().map(|matcher| (matcher.label.into_owned(), matcher.value)).collect();
    labels.extend(selector.metric.map(|metric| (NAME_LABEL.to_owned(), metric)));
    let samples = values.iter().enumerate().map(|(index, value)| (index as i64 * 60_000, Some(*value)));
    Series { labels, samples: samples.collect() }
}

fn value(text: &str, minute: i64, edition: Edition) -> Result<Vec<(String, f64)>> {
    let all = vec![
        series("c{i=\"1\"}", &[0.0, 60.0, 120.0, 180.0, 0.0, 60.0]),
        series("g{i=\"1\"}", &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
        series("g{i=\"2\"}", &[10.0; 6]),
        series("name{i=\"1\", n=\"x\"}", &[1.0; 6]),
        series("h_bucket{le=\"1\"}", &[0.0, 50.0, 100.0]),
        series("h_bucket{le=\"+Inf\"}", &[0.0, 100.0, 200.0]),
    ];
    let interval = Duration::minutes(1);
    let expr = parse(text).unwrap();
    let stock = Stock::new(all, &expr)?;
    let evaluation = Evaluation { stock: &stock, moment: minute * 60_000, edition, interval };
    let points = match evaluation.of(&expr)? {
        Value::Vector(points) => points,
        other => panic!("{other:?}"),
    };
    let shown = |point: Point| {
        let labels: Vec<String> = point.labels.iter().map(|(label, value)| format!("{label}={value}")).collect();
        (labels.join(","), point.value)
    };
    Ok(points.into_iter().map(shown).collect())
}

#[test]
fn values_of_small_expressions() {
    for (text, labels, expected) in [
        ("sum(g)", "", 14.0),
        ("g{i=\"2\"} > 3", "__name__=g,i=2", 10.0),
        ("max_over_time(g{i=\"1\"}[3m])", "i=1", 4.0),
        ("increase(c[2m])", "i=1", 120.0),
        ("g{i=\"1\"} * on (i) group_left (n) name", "i=1,n=x", 4.0),
        ("sum by (i) (g{i=\"1\"}) / ignoring (n) name", "i=1", 4.0),
        ("g and on (i) name", "__name__=g,i=1", 4.0),
        ("g unless on (i) name", "__name__=g,i=2", 10.0),
        ("absent(nothing{a=\"b\"})", "a=b", 1.0),
        ("avg_over_time(sum(g)[2m:1m])", "", 13.5),
        ("predict_linear(g{i=\"1\"}[3m], 60)", "i=1", 5.0),
        ("changes(g{i=\"1\"}[3m])", "i=1", 2.0),
        ("count(g > 5)", "", 1.0),
    ] {
        assert_eq!(value(text, 3, Edition::Three), Ok(vec![(labels.to_owned(), expected)]), "{text}");
    }
    assert_eq!(value("histogram_quantile(0.25, rate(h_bucket[2m]))", 2, Edition::Two), Ok(vec![(String::new(), 0.5)]));
    assert_eq!(value("g > 100", 3, Edition::Two), Ok(vec![]));
}

#[test]
fn windows_of_the_editions() {
    let count = |edition| value("count_over_time(g{i=\"1\"}[2m])", 3, edition).unwrap()[0].1;
    assert_eq!((count(Edition::Two), count(Edition::Three)), (3.0, 2.0));
    // The last sample, of minute 5, is five minutes old.
    assert_eq!(value("sum(g)", 10, Edition::Two).unwrap().len(), 1);
    assert_eq!(value("sum(g)", 10, Edition::Three), Ok(vec![]));
}

#[test]
fn what_is_not_known_is_said() {
    let said = |text| value(text, 3, Edition::Two).unwrap_err().0;
    assert_eq!(said("histogram_avg(g)"), "the function histogram_avg");
    assert_eq!(said("g / on () name"), "several series where one is matched");
}
