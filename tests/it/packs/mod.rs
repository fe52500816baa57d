//! Built-in packs against what exporters really export.

mod live;

use std::collections::{BTreeMap, BTreeSet};

use bellwether::decode::{Decode, Decoder};
use bellwether::diagnostics::Diagnostics;
use bellwether::packs::{PACKS, components};
use bellwether::promql::parse_selector;
use bellwether::source::Sources;
use bellwether::source::format::{self, Format};
use bellwether::spec::metric::MetricType;
use bellwether::spec::pack::Pack;
use bellwether::spec::signal::Signal;
use bellwether::spec::values::Written;

use crate::support::root;

/// Type and labels of each metric, by name.
pub(crate) type Exported = BTreeMap<String, (String, BTreeSet<String>)>;

/// Which recorded answer a pack's metrics are in. A pack that is missing here has no metrics, or no exporter.
const RECORDED: [(&str, &str); 16] = [
    ("postgres", "postgres-exporter"),
    ("redis", "redis-exporter"),
    ("node", "node-exporter"),
    ("blackbox", "blackbox-exporter"),
    ("kafka", "kafka-exporter"),
    ("cadvisor", "cadvisor"),
    ("mongodb", "mongodb-exporter"),
    ("elasticsearch", "elasticsearch-exporter"),
    ("deployments", "pushgateway"),
    ("prometheus", "prometheus"),
    ("alertmanager", "alertmanager"),
    ("process", "process"),
    ("grafana", "process"),
    ("jaeger", "jaeger"),
    ("otel-collector", "otel-collector"),
    ("span-metrics", "span-metrics"),
];

/// A built-in pack.
pub(crate) fn pack(name: &str) -> Pack {
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    let file = sources.add(name, bellwether::packs::builtin(name).unwrap());
    let node = format::read(&sources, file, Format::Yaml, &mut diagnostics);
    Pack::decode(&node, &mut Decoder::new(&mut diagnostics)).unwrap()
}

fn recorded_text(file: &str) -> String {
    std::fs::read_to_string(root().join("tests/oracles/exporters").join(format!("{file}.txt"))).unwrap()
}

fn recorded(file: &str) -> Exported {
    let text = recorded_text(file);
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let mut words = line.split(' ');
            let name = words.next().unwrap().to_owned();
            let r#type = words.next().unwrap().to_owned();
            let labels = words.next().into_iter().flat_map(|labels| labels.split(',')).map(str::to_owned).collect();
            (name, (r#type, labels))
        })
        .collect()
}

fn declared_labels(pack: &Pack, metric: &str) -> Option<BTreeSet<String>> {
    let (_, metric) = pack.metrics.iter().find(|(name, _)| name.as_str() == metric)?;
    metric.labels.as_ref().map(|labels| labels.iter().map(|label| label.to_string()).collect())
}

#[test]
fn every_metric_of_a_pack_is_exported_under_this_name_with_this_type_and_these_labels() {
    for (name, text) in PACKS {
        let pack = pack(name);
        let Some((_, file)) = RECORDED.iter().find(|(recorded, _)| recorded == name) else {
            assert!(
                pack.metrics.entries.is_empty() || *name == "http",
                "{name} has metrics that nothing proves\n{text}"
            );
            continue;
        };
        let exported = recorded(file);
        for (metric, declared) in pack.metrics.iter() {
            let metric = metric.as_str();
            let Some((r#type, labels)) = exported.get(metric) else {
                panic!("{name}: {metric} is not exported");
            };
            assert_eq!(declared.r#type.value.word(), r#type, "{name}: {metric}");
            assert_eq!(declared_labels(&pack, metric).as_ref(), Some(labels), "{name}: {metric}");
        }
    }
}

#[test]
fn what_was_recorded_is_of_the_version_that_the_stack_runs() {
    for (_, file) in RECORDED.iter().filter(|(_, file)| *file != "process") {
        // The collector makes them.
        let component = if *file == "span-metrics" { "otel-collector" } else { file };
        let (_, tag) = components::component(component).unwrap().image.rsplit_once(':').unwrap();
        let text = recorded_text(file);
        let version = text.lines().next().unwrap().strip_prefix("# version ").unwrap();
        assert_eq!(tag.trim_start_matches('v'), version, "{file}");
    }
}

/// Every selector of a signal, with the types that its shape can be made of.
fn selectors(signal: &Signal) -> Vec<(String, &'static [MetricType])> {
    const COUNTERS: &[MetricType] = &[MetricType::Counter, MetricType::Untyped];
    const GAUGES: &[MetricType] = &[MetricType::Gauge, MetricType::Untyped];
    let mut found: Vec<(String, &'static [MetricType])> = Vec::new();
    let mut add = |written: &Written, types: &'static [MetricType]| found.push((written.as_str().to_owned(), types));
    for many in [&signal.rate, &signal.increase].into_iter().flatten() {
        many.0.iter().for_each(|one| add(one, COUNTERS));
    }
    if let Some(ratio) = &signal.ratio {
        let parts = ratio.good.iter().chain(&ratio.bad).chain([&ratio.total]).flat_map(|many| &many.0);
        parts.for_each(|one| add(one, COUNTERS));
    }
    signal.latency.iter().for_each(|one| add(one, &[MetricType::Histogram]));
    signal.gauge.iter().chain(&signal.age).for_each(|one| add(one, GAUGES));
    if let Some(fraction) = &signal.fraction {
        fraction.used.iter().chain(&fraction.free).chain(&fraction.of).for_each(|one| add(one, GAUGES));
    }
    found
}

#[test]
fn every_signal_measures_declared_metrics_of_the_right_type_by_labels_they_have() {
    for (name, _) in PACKS {
        let pack = pack(name);
        for (signal_name, signal) in pack.signals.iter() {
            let place = format!("{name}: {}", signal_name.as_str());
            for (text, types) in selectors(signal) {
                let selector = parse_selector(&text).unwrap_or_else(|errors| panic!("{place}: {errors:?}"));
                let metric = selector.metric.clone().unwrap();
                let declared = pack.metrics.iter().find(|(name, _)| name.as_str() == metric);
                let (_, declared) = declared.unwrap_or_else(|| panic!("{place}: {metric} is not declared"));
                assert!(types.contains(&declared.r#type.value), "{place}: {metric} is a {:?}", declared.r#type.value);
                let Some(labels) = declared_labels(&pack, &metric) else { continue };
                let matched = selector.matchers.iter().map(|matcher| &*matcher.label);
                let kept = signal.per.iter().flatten().map(|label| label.as_str());
                for label in matched.chain(kept).filter(|label| *label != "instance") {
                    // Of two metrics of a fraction both must have it; of a ratio's too.
                    assert!(labels.contains(label), "{place}: {metric} has no label {label}");
                }
            }
        }
    }
}

#[test]
fn thresholds_and_panels_name_signals_of_their_pack_and_alert_names_are_used_once() {
    let mut alerts = BTreeSet::new();
    for (name, _) in PACKS {
        let pack = pack(name);
        let has = |wanted: &str| pack.signals.iter().any(|(signal, _)| signal.as_str() == wanted);
        for (alert, threshold) in pack.thresholds.iter() {
            assert!(alerts.insert(alert.to_string()), "{name}: {} is there twice", alert.as_str());
            let signal = threshold.signal.as_ref().unwrap();
            assert!(has(signal.as_str()), "{name}: {} is about no signal", alert.as_str());
        }
        for panel in pack.panels.iter().flatten() {
            assert!(has(panel.as_str()), "{name}: no signal {}", panel.as_str());
        }
    }
}

#[test]
fn two_packs_of_one_service_agree_on_what_a_shared_signal_is() {
    for pair in [["postgres", "aws-rds"], ["redis", "aws-elasticache"], ["http", "aws-application-load-balancer"]] {
        let [first, second] = pair.map(pack);
        let mut shared = 0;
        for (name, signal) in first.signals.iter() {
            let Some((_, other)) = second.signals.iter().find(|(other, _)| other.value == name.value) else { continue };
            shared += 1;
            assert!(other.cloud.is_some() && signal.cloud.is_none(), "{pair:?}: {}", name.as_str());
            if let (Some(one), Some(two)) = (signal.better, other.better) {
                assert_eq!(one, two, "{pair:?}: {}", name.as_str());
            }
        }
        assert!(shared >= 2, "{pair:?} share {shared} signals");
    }
}
