//! What a small platform's dashboards show.

use std::collections::BTreeSet;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::config::{Dashboard, Element, Panel, Target};
use super::{Config, Grafana};
use crate::artifacts::Artifacts;
use crate::backends::Backend;
use crate::compile::{Memory, Options, compile};
use crate::dashboards::Addresses;
use crate::diagnostics::Diagnostics;
use crate::model::{Measure, Platform};
use crate::quantity::Duration;

const SPEC: &str = r##"
bellwether: 1
platform: shop
title: "Shop $datasource"
environment: production
runbooks: https://runbooks.example.com/{{ alert }}
intervals: {scrape: 15s, evaluate: 1m}
channels:
  chat: {slack: {channel: "#shop", api_url: {env: SLACK_API_URL}}}
severities:
  critical: {notify: [chat]}
  warning: {notify: [chat], urgency: ticket}
services:
  api:
    scrape: {port: 8000, interval: 30s}
    metrics:
      requests_total: {type: counter, labels: [status]}
      seconds: {type: histogram, unit: seconds, buckets: [0.1, 0.5, 1]}
      queue: {type: gauge}
    signals:
      rate: {title: "Requests {{job}}", rate: requests_total}
      errors: {ratio: {bad: 'requests_total{status=~"5..|a$|$instance"}', total: requests_total}, better: lower}
      latency: {latency: seconds}
      queue: {gauge: queue, per: [instance]}
      cpu: {cloud: {namespace: AWS/RDS, metric: CPUUtilization, unit: percent, dimensions: {DBInstanceIdentifier: {env: DATABASE}}}, unit: ratio}
      lines: {log: {group: /shop, where: {level: ERROR}}}
    slos:
      errors: {signal: errors, objective: 99.9%, window: 7d}
    thresholds:
      ManyErrors: {signal: errors, above: 5%, for: 5m, severity: critical}
      SomeErrors: {signal: errors, above: 1%, for: 5m, severity: warning}
      Slow: {signal: latency, quantile: p95, above: 500ms, for: 5m, severity: warning}
      Queued: {signal: queue, any: true, for: 5m, severity: warning}
      Shouting: {signal: lines, above: 10, over: 5m, severity: warning}
      Hot: {signal: cpu, above: 80%, over: 10m, severity: critical}
      Rush: {signal: rate, above_baseline: {times: 2, over: 1d}, for: 5m, severity: warning}
retention:
  metrics: {local: 30d}
  logs: {/shop: {for: 30d}}
stack:
  grafana: {url: "https://grafana.example.com/"}
  cloudwatch: {region: eu-west-1}
dashboards:
  front:
    title: "Front $__from"
    panels:
      - {service: api, signal: [rate, errors], title: "Both [[rates]]"}
      - {service: api, signal: latency, view: heatmap}
"##;

pub(super) fn platform() -> Platform {
    let done = compile(&Memory::new().with("shop.yaml", SPEC), "shop.yaml", &Options::default());
    let said: Vec<_> = done.diagnostics.iter().map(|diagnostic| &diagnostic.message).collect();
    done.model.map(Arc::unwrap_or_clone).unwrap_or_else(|| panic!("{said:?}"))
}

pub(super) fn lowered(platform: &Platform) -> Config {
    Grafana::lower(&platform.clone().into(), &mut Diagnostics::default())
}

pub(super) fn panels(dashboard: &Dashboard) -> Vec<&Panel> {
    let mut panels = Vec::new();
    for element in &dashboard.panels {
        match element {
            Element::Row(row) => panels.extend(&row.panels),
            Element::Panel(panel) => panels.push(panel.as_ref()),
        }
    }
    panels
}

pub(super) fn panel<'a>(config: &'a Config, dashboard: &str, title: &str) -> &'a Panel {
    let file = config.dashboards.iter().find(|file| file.name == dashboard).unwrap();
    let titles: Vec<_> = panels(&file.dashboard).iter().map(|panel| panel.title.clone()).collect();
    panels(&file.dashboard).into_iter().find(|panel| panel.title == title).unwrap_or_else(|| panic!("{titles:?}"))
}

fn steps(panel: &Panel) -> Vec<(&'static str, Option<String>)> {
    let steps = &panel.field_config.defaults.thresholds.steps;
    steps.iter().map(|step| (step.color, step.value.map(|value| value.0.to_string()))).collect()
}

pub(super) fn queries(panel: &Panel) -> Vec<String> {
    let text = |target: &Target| serde_json::to_value(target).unwrap()["expr"].as_str().unwrap_or("").to_owned();
    panel.targets.iter().map(text).collect()
}

#[test]
fn every_service_and_the_objectives_have_a_dashboard() {
    let config = lowered(&platform());
    let names: Vec<_> = config.dashboards.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["front", "slos", "slos-api", "service-api"]);
    let mut artifacts = Artifacts::new();
    Grafana::render(&config, &mut artifacts);
    assert!(artifacts.get("grafana/dashboards/service-api.json").is_some());
}

#[test]
fn thresholds_are_drawn_where_alerts_fire() {
    let config = lowered(&platform());
    let errors = panel(&config, "service-api", "Errors");
    let at = |value: &str| Some(value.to_owned());
    assert_eq!(steps(errors), [("transparent", None), ("orange", at("0.01")), ("red", at("0.05"))]);
    assert_eq!(errors.field_config.defaults.unit.as_deref(), Some("percentunit"));
    assert!(errors.description.contains("- **ManyErrors** (critical): above 5% for 5m"), "{}", errors.description);
    assert_eq!(errors.links[0].url, "https://runbooks.example.com/ManyErrors");
    let latency = panel(&config, "service-api", "Latency");
    assert_eq!(steps(latency), [("transparent", None), ("orange", at("0.5"))]);
    let queue = panel(&config, "service-api", "Queue");
    assert_eq!(steps(queue)[1], ("orange", at("0.000001")), "nothing queued is not yet bad");
}

#[test]
fn a_bound_that_moves_is_a_line_of_its_own() {
    let config = lowered(&platform());
    let rate = panel(&config, "service-api", "Requests {{job}}");
    let asked = queries(rate);
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert!(asked[1].starts_with("2 * avg_over_time("), "{}", asked[1]);
    assert_eq!(rate.field_config.overrides[0].matcher.options, "A1");
}

#[test]
fn text_of_a_person_is_no_variable() {
    let config = lowered(&platform());
    let errors = &queries(panel(&config, "service-api", "Errors"))[0];
    assert!(errors.contains(r#"status=~"5..|a\x24|\x24instance", instance=~"$instance""#), "{errors}");
    let both = panel(&config, "front", "Both [\u{2060}[rates]]");
    let Target::Prometheus(first) = &both.targets[0] else { panic!("not from Prometheus") };
    assert_eq!(first.legend_format, "Requests {\u{2060}{job}}");
    assert_eq!(config.provisioning.dashboards.providers[0].folder, "Shop $$datasource");
}

#[test]
fn slow_jobs_get_a_wider_step_and_increases_keep_their_window() {
    let config = lowered(&platform());
    let both = panel(&config, "front", "Both [\u{2060}[rates]]");
    let Target::Prometheus(first) = &both.targets[0] else { panic!("not from Prometheus") };
    assert_eq!(first.interval.as_deref(), Some("30s"));
    let units: Vec<_> = both.field_config.overrides.iter().map(|over| over.properties[0].value.to_string()).collect();
    assert!(units.contains(&"\"percentunit\"".to_owned()), "two units, each its own: {units:?}");
}

#[test]
fn ids_are_one_panel_each_and_outlive_their_neighbours() {
    let mut platform = platform();
    let config = lowered(&platform);
    for file in &config.dashboards {
        let ids: Vec<u32> = panels(&file.dashboard).iter().map(|panel| panel.id).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{}", file.name);
    }
    let link = |platform: &Platform| {
        let addresses = Addresses::of(platform);
        let address = addresses.signal("api", "latency", &Measure::Quantile(Decimal::new(95, 2)));
        address.map(|address| address.looking_back(Duration::minutes(90)))
    };
    let before = link(&platform).unwrap();
    let id = panel(&config, "service-api", "Latency").id;
    let dashboard = "https://grafana.example.com/d/shop-service-api";
    assert_eq!(before, format!("{dashboard}?viewPanel=panel-{id}&from=now-2h&to=now"));
    platform.services[0].signals.shift_remove("rate");
    assert_eq!(link(&platform), Some(before));
    platform.stack.grafana.url = None;
    assert_eq!(link(&platform), None, "nobody said where");
}

#[test]
fn each_panel_says_what_it_is_and_each_query_can_be_read() {
    let platform = platform();
    for file in &lowered(&platform).dashboards {
        for panel in panels(&file.dashboard) {
            assert!(!panel.title.is_empty() && !panel.description.is_empty() && !panel.targets.is_empty());
            assert!(panel.field_config.defaults.unit.is_some(), "{}", panel.title);
            for query in queries(panel).iter().filter(|query| !query.is_empty()) {
                assert!(crate::promql::parse_dashboard(query).is_ok(), "{query}");
            }
        }
    }
}

#[test]
fn cloudwatch_is_asked_in_its_own_units() {
    let config = lowered(&platform());
    let at = |value: &str| Some(value.to_owned());
    let cpu = panel(&config, "service-api", "Cpu");
    assert_eq!(steps(cpu), [("transparent", None), ("red", at("80"))]);
    assert_eq!(cpu.field_config.defaults.unit.as_deref(), Some("percent"));
    let Target::CloudWatch(asked) = &cpu.targets[0] else { panic!("not from CloudWatch") };
    assert_eq!((asked.region.as_str(), asked.period.as_str()), ("eu-west-1", "600"));
    assert_eq!(asked.dimensions["DBInstanceIdentifier"], ["${database}"]);
    let file = config.dashboards.iter().find(|file| file.name == "service-api").unwrap();
    assert!(file.dashboard.templating.list.iter().any(|variable| variable.name == "database"));
    let lines = panel(&config, "service-api", "Lines");
    let Target::CloudWatch(asked) = &lines.targets[0] else { panic!("not from CloudWatch") };
    assert_eq!((asked.namespace.as_str(), asked.metric_name.as_str()), ("shop", "api/lines"));
}
