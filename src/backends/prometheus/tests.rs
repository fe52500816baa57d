//! prometheus.yml from small platforms.

use serde_json::json;

use super::*;
use crate::backends::samples::{at, job, pairs, platform, probe, service, span_at};
use crate::model::{JobOrigin, Platform};
use crate::quantity::{Duration, Quantity};
use crate::spec::stack::Raw;

fn lower(platform: &Platform) -> (serde_json::Value, Vec<&'static str>) {
    let mut diagnostics = Diagnostics::new();
    let config = Prometheus::lower(&platform.clone().into(), &mut diagnostics);
    (serde_json::to_value(config).unwrap(), diagnostics.iter().map(|diagnostic| diagnostic.code.name).collect())
}

fn raw(value: serde_json::Value, offset: usize) -> Raw {
    let value_of_node = crate::source::Value::Null;
    Raw { value, node: crate::source::Node { value: value_of_node, span: span_at(offset) } }
}

fn one_service() -> Platform {
    let mut platform = platform();
    let mut api = service("api");
    api.labels = pairs(&[("tier", "front")]);
    api.jobs.push(job("api:8000"));
    platform.services.push(api);
    platform
}

#[test]
fn a_job_says_only_what_differs() {
    let (config, problems) = lower(&one_service());
    assert!(problems.is_empty());
    assert_eq!(
        config["scrape_configs"],
        json!([{
            "job_name": "api",
            "fallback_scrape_protocol": "PrometheusText0.0.4",
            "static_configs": [{"targets": ["api:8000"], "labels": {"service": "api", "tier": "front"}}],
        }])
    );
    assert_eq!(config["global"]["scrape_timeout"], "10s");
    assert_eq!(config["storage"]["tsdb"]["retention"], json!({"time": "15d"}));
    assert_eq!(config["rule_files"], json!(["rules/*.yml"]));
    assert_eq!(config.get("alerting"), None);
}

#[test]
fn a_job_says_all_that_differs() {
    let mut platform = one_service();
    let job = &mut platform.services[0].jobs[0];
    job.from = JobOrigin::Exporter("node-exporter".to_owned());
    (job.path, job.scheme, job.sample_limit) = ("/stats".to_owned(), "https".to_owned(), Some(5000));
    (job.interval, job.timeout) = (at(Duration::seconds(5)), Duration::seconds(3));
    let (config, _) = lower(&platform);
    assert_eq!(
        config["scrape_configs"][0],
        json!({
            "job_name": "api", "scrape_interval": "5s", "scrape_timeout": "3s", "metrics_path": "/stats",
            "scheme": "https", "sample_limit": 5000,
            "static_configs": [{"targets": ["api:8000"], "labels": {"service": "api", "tier": "front"}}],
        })
    );
}

#[test]
fn a_short_interval_shortens_the_global_timeout() {
    let mut platform = one_service();
    platform.scrape_interval = at(Duration::seconds(1));
    let job = &mut platform.services[0].jobs[0];
    (job.interval, job.timeout) = (at(Duration::seconds(1)), Duration::seconds(1));
    let (config, problems) = lower(&platform);
    assert_eq!((problems.len(), &config["global"]["scrape_timeout"]), (0, &json!("1s")));
    assert_eq!(config["scrape_configs"][0].get("scrape_timeout"), None);
}

#[test]
fn probes_of_a_service_are_one_job_and_keep_their_own_settings() {
    let mut platform = platform();
    let mut web = service("web");
    let mut slow = probe("web", "http://web/slow");
    (slow.module, slow.interval, slow.timeout) =
        ("web_http_2".to_owned(), at(Duration::minutes(1)), Duration::seconds(20));
    web.probes = vec![probe("web", "http://web/a"), slow, probe("web", "http://web/b")];
    platform.services.push(web);
    let (config, problems) = lower(&platform);
    assert!(problems.is_empty());
    let job = &config["scrape_configs"][0];
    assert_eq!((&job["job_name"], &job["params"]), (&json!("web-probe"), &json!({"module": ["http"]})));
    assert_eq!(
        job["static_configs"],
        json!([
            {"targets": ["http://web/a", "http://web/b"], "labels": {"service": "web"}},
            {"targets": ["http://web/slow"], "labels": {
                "service": "web", "__param_module": "web_http_2", "__scrape_interval__": "1m", "__scrape_timeout__": "21s",
            }},
        ])
    );
    assert_eq!(
        job["relabel_configs"][2],
        json!({"target_label": "__address__", "replacement": "blackbox-exporter:9115"})
    );
}

#[test]
fn older_versions_get_nothing_they_do_not_know() {
    let mut platform = one_service();
    platform.labels.insert("cost".to_owned(), "$5".to_owned());
    assert_eq!(lower(&platform).0["global"]["external_labels"]["cost"], "$$5");
    platform.stack.prometheus_version = (2, 53);
    let (config, _) = lower(&platform);
    assert_eq!(config.get("storage"), None);
    assert_eq!(config["scrape_configs"][0].get("fallback_scrape_protocol"), None);
    assert_eq!(config["global"]["external_labels"]["cost"], "$5");
}

#[test]
fn sizes_are_whole_in_the_largest_unit() {
    for (written, text) in
        [("50GB", "50GB"), ("1536MB", "1536MB"), ("512KB", "512KB"), ("1000B", "1000B"), ("2TB", "2TB")]
    {
        let mut platform = one_service();
        platform.retention.size = Some(at(Quantity::parse(written).unwrap()));
        assert_eq!(lower(&platform).0["storage"]["tsdb"]["retention"]["size"], text);
    }
}

#[test]
fn alerts_go_to_the_stacks_alertmanager_or_to_the_one_that_runs_elsewhere() {
    let mut platform = one_service();
    platform.severities.push(crate::backends::samples::severity("critical", crate::model::Urgency::Page, &[]));
    let (config, _) = lower(&platform);
    let manager = &config["alerting"]["alertmanagers"][0];
    assert_eq!(manager, &json!({"static_configs": [{"targets": ["alertmanager:9093"]}]}));
    for (url, expected) in [
        ("http://am.example.com:9093", json!({"static_configs": [{"targets": ["am.example.com:9093"]}]})),
        (
            "https://example.com/alerts/",
            json!({"scheme": "https", "path_prefix": "/alerts", "static_configs": [{"targets": ["example.com:443"]}]}),
        ),
    ] {
        platform.stack.alertmanager_url = Some(url.to_owned());
        assert_eq!(lower(&platform).0["alerting"]["alertmanagers"][0], expected, "{url}");
    }
}

#[test]
fn what_prometheus_would_refuse_is_said() {
    let mut platform = one_service();
    platform.services[0].jobs[0].timeout = Duration::seconds(20);
    let typo = json!({"static_configs": []});
    platform.stack.scrape_configs =
        vec![raw(json!({"job_name": "api"}), 40), raw(typo, 60), raw(json!({"job_name": "other"}), 80)];
    let (config, problems) = lower(&platform);
    assert_eq!(problems, ["timeout-beyond-interval", "job-name-taken", "unnamed-job"]);
    assert_eq!(config["scrape_configs"][1], json!({"job_name": "other"}));
}

#[test]
fn nothing_to_scrape_is_no_file() {
    let config = Prometheus::lower(&platform().into(), &mut Diagnostics::new());
    let mut artifacts = Artifacts::new();
    Prometheus::render(&config, &mut artifacts);
    assert!(artifacts.is_empty());
}

/// What relabelling makes of labels, as Prometheus does it: whole matches, `;` between sources.
fn relabelled(
    steps: &serde_json::Value,
    labels: &[(&str, &str)],
) -> Option<std::collections::BTreeMap<String, String>> {
    let mut labels: std::collections::BTreeMap<String, String> =
        labels.iter().map(|(label, value)| ((*label).to_owned(), (*value).to_owned())).collect();
    for step in steps.as_array().unwrap() {
        let sources = step["source_labels"].as_array().into_iter().flatten();
        let values = sources.map(|source| labels.get(source.as_str().unwrap()).cloned().unwrap_or_default());
        let source = values.collect::<Vec<_>>().join(";");
        let pattern = step["regex"].as_str().unwrap_or("(.*)");
        let groups = regex_groups(pattern, &source);
        match (step["action"].as_str().unwrap_or("replace"), groups) {
            ("keep", None) | ("drop", Some(_)) => return None,
            ("replace", Some(groups)) => {
                let mut value = step["replacement"].as_str().unwrap_or("$1").to_owned();
                for (index, group) in groups.iter().enumerate().skip(1) {
                    value = value.replace(&format!("${{{index}}}"), group).replace(&format!("${index}"), group);
                }
                labels.insert(step["target_label"].as_str().unwrap().to_owned(), value);
            }
            _ => {}
        }
    }
    Some(labels)
}

/// The groups of the patterns that are used here, which no regular expression engine at hand matches.
fn regex_groups(pattern: &str, text: &str) -> Option<Vec<String>> {
    let host = |address: &str| match address.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => host.to_owned(),
        _ => address.to_owned(),
    };
    let whole = text.to_owned();
    match pattern {
        "(.*)" => Some(vec![whole.clone(), whole]),
        "(.+)" | "(https?)" => (!text.is_empty()).then(|| vec![whole.clone(), whole]),
        super::discovery::HOST => Some(vec![whole, host(text)]),
        port if port.ends_with(r";(\d+)") => {
            let (address, port) = text.rsplit_once(';')?;
            port.parse::<u16>().ok().map(|_| vec![whole.clone(), host(address), port.to_owned()])
        }
        words => words.split('|').any(|word| word == text).then(|| vec![whole]),
    }
}

#[test]
fn annotated_pods_are_scraped_where_their_annotations_say() {
    let mut platform = one_service();
    let job = &mut platform.services[0].jobs[0];
    job.targets.clear();
    let labels = pairs(&[("app", "api"), ("app.kubernetes.io/part-of", "shop")]);
    job.discovery = Some(crate::model::Discovery { namespace: Some("shop".to_owned()), labels, port: Some(8000) });
    let (config, problems) = lower(&platform);
    assert!(problems.is_empty());
    let job = &config["scrape_configs"][0];
    assert_eq!(job.get("static_configs"), None);
    let pods = json!([{
        "role": "pod", "namespaces": {"names": ["shop"]},
        "selectors": [{"role": "pod", "label": "app=api,app.kubernetes.io/part-of=shop"}],
    }]);
    assert_eq!(job["kubernetes_sd_configs"], pods);
    let annotation = |name: &str| format!("__meta_kubernetes_pod_annotation_prometheus_io_{name}");
    let (scrape, port, path, scheme) =
        (annotation("scrape"), annotation("port"), annotation("path"), annotation("scheme"));
    let target = |labels: &[(&str, &str)]| relabelled(&job["relabel_configs"], labels);
    assert_eq!(target(&[("__address__", "10.0.0.1:8000")]), None, "not annotated");
    assert_eq!(target(&[(&scrape, "false"), ("__address__", "10.0.0.1:8000")]), None);
    let ended = [(scrape.as_str(), "true"), ("__address__", "10.0.0.1"), ("__meta_kubernetes_pod_phase", "Succeeded")];
    assert_eq!(target(&ended), None);
    let plain = target(&[(&scrape, "true"), ("__address__", "10.0.0.1:5432"), ("__meta_kubernetes_pod_name", "api-0")])
        .unwrap();
    assert_eq!(plain["__address__"], "10.0.0.1:8000", "another port of the pod leads to the one that is meant");
    assert_eq!((plain["service"].as_str(), plain["tier"].as_str(), plain["pod"].as_str()), ("api", "front", "api-0"));
    let said = target(&[
        (&scrape, "true"),
        (&port, "9000"),
        (&path, "/stats"),
        (&scheme, "https"),
        ("__address__", "[fd00::1]:80"),
    ]);
    let said = said.unwrap();
    assert_eq!(said["__address__"], "[fd00::1]:9000");
    assert_eq!((said["__metrics_path__"].as_str(), said["__scheme__"].as_str()), ("/stats", "https"));
}

#[test]
fn dropped_series_are_told_by_their_labels() {
    let mut platform = one_service();
    let selector = |text: &str| at(crate::promql::parse_selector(text).unwrap());
    platform.services[0].jobs[0].drop = vec![
        selector("refused_total{identifier!=\"\"}"),
        selector("{__name__=~\"go_.*\"}"),
        selector("a_total{path=\"/a.b\", method=~\"GET|PUT\"}"),
    ];
    let (config, _) = lower(&platform);
    let steps = json!([
        {"source_labels": ["__name__", "identifier"], "regex": "refused_total;.+", "action": "drop"},
        {"source_labels": ["__name__"], "regex": "(?:go_.*)", "action": "drop"},
        {"source_labels": ["__name__", "path", "method"], "regex": "a_total;/a\\.b;(?:GET|PUT)", "action": "drop"},
    ]);
    assert_eq!(config["scrape_configs"][0]["metric_relabel_configs"], steps);
}
