//! Objects from small platforms.

use std::sync::Arc;

use super::*;
use crate::backends::samples::{at, job, kubernetes, name, platform, probe, service, severity, span};
use crate::model::{
    self, Analysis, Asks, Autoscale, Bound, ClusterLabels, Condition, Discovery, Evaluator, Health, HealthCheck,
    KubernetesPart, Measure, MonitorKind, Platform, RolloutStep, Shape, Signal, Threshold, ThresholdOrigin, Workload,
    WorkloadKind,
};
use crate::promql;
use crate::quantity::{Duration, Quantity, Unit};
use serde_json::{Value, json};

fn labels(key: &str, value: &str) -> ClusterLabels {
    ClusterLabels::from([(key.to_owned(), value.to_owned())])
}

fn cluster() -> Platform {
    let mut platform = platform();
    platform.stack.kubernetes = Some(kubernetes("shop"));
    platform
}

fn workload(text: &str) -> Workload {
    Workload {
        kind: WorkloadKind::Deployment,
        name: name(text),
        container: text.to_owned(),
        port: Some(8000),
        labels: labels("app", text),
        replicas: None,
        monitor: MonitorKind::Service,
        health: Health::default(),
        autoscale: None,
        rollout: None,
        origin: span().into(),
    }
}

/// The error ratio of a service, and an alert above a bound.
fn watched(text: &str, bound: &str) -> model::Service {
    let mut service = service(text);
    service.jobs = vec![job(&format!("{text}:8000"))];
    let counter =
        |filter: &str| at(promql::parse_selector(&format!("requests_total{{job=\"{text}\"{filter}}}")).unwrap());
    let signal = Signal {
        name: "error_ratio".to_owned(),
        service: text.to_owned(),
        title: "Errors".to_owned(),
        description: None,
        unit: Unit::Ratio,
        better: None,
        per: Vec::new(),
        shape: Some(Shape::Ratio {
            part: vec![counter(", status=~\"5..\"")],
            total: vec![counter("")],
            part_is_bad: true,
        }),
        cloud: None,
        log: None,
        google: None,
        azure: None,
        window: at(Duration::minutes(5)),
        origin: span().into(),
    };
    service.signals.insert("error_ratio".to_owned(), signal);
    let written = Quantity::parse(bound).unwrap();
    service.thresholds.push(Threshold {
        name: name("TooManyErrors"),
        service: text.to_owned(),
        signal: Some(name("error_ratio")),
        measure: Measure::Value,
        condition: Condition::Above(Bound { value: written.value, written: at(written) }),
        window: at(Duration::minutes(5)),
        hold: at(Duration::minutes(5)),
        keep_firing: None,
        severity: name("critical"),
        group: "errors".to_owned(),
        by: Vec::new(),
        on: vec![Evaluator::Prometheus],
        summary: None,
        description: None,
        runbook: None,
        advice: None,
        labels: indexmap::IndexMap::new(),
        declared: ThresholdOrigin::Spec,
        origin: span().into(),
    });
    service
}

fn rolled_out(mut service: model::Service) -> model::Service {
    let mut workload = workload(&service.name.value);
    workload.rollout = Some(model::Rollout {
        steps: vec![
            RolloutStep::Weight(10),
            RolloutStep::Pause(model::Pause::For(Duration::minutes(5))),
            RolloutStep::Pause(model::Pause::Approval),
        ],
        analysis: vec![Analysis {
            name: name("error-rate"),
            threshold: name("TooManyErrors"),
            interval: Duration::minutes(1),
            failures: 1,
        }],
        analysis_from: Some(2),
        stable_service: None,
        canary_service: None,
    });
    service.workload = Some(workload);
    service
}

fn lowered(platform: Platform) -> (Vec<Value>, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let config = Kubernetes::lower(&Arc::new(platform), &mut diagnostics);
    let objects = config.files().into_iter().flat_map(|file| file.objects);
    (objects.map(|object| serde_json::to_value(object).unwrap()).collect(), diagnostics)
}

fn of<'o>(objects: &'o [Value], kind: &str) -> Vec<&'o Value> {
    objects.iter().filter(|object| object["kind"] == kind).collect()
}

#[test]
fn without_a_cluster_nothing_is_written() {
    let mut artifacts = Artifacts::new();
    Kubernetes::render(&Kubernetes::lower(&Arc::new(platform()), &mut Diagnostics::new()), &mut artifacts);
    assert!(artifacts.is_empty());
}

#[test]
fn only_what_is_wanted_is_written() {
    let mut platform = cluster();
    platform.services.push(rolled_out(watched("order", "1%")));
    let wanted = |parts: &[KubernetesPart]| {
        let mut platform = platform.clone();
        if let Some(cluster) = &mut platform.stack.kubernetes {
            (cluster.generate, cluster.create_namespace) = (parts.to_vec(), false);
        }
        let objects = lowered(platform).0;
        let kinds = objects.iter().filter_map(|object| object["kind"].as_str()).map(str::to_owned);
        kinds.collect::<std::collections::BTreeSet<String>>().into_iter().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(wanted(&[]), "");
    assert_eq!(wanted(&[KubernetesPart::Rules]), "PrometheusRule");
    assert_eq!(wanted(&[KubernetesPart::Monitors]), "ServiceMonitor");
    assert_eq!(wanted(&[KubernetesPart::Dashboards]), "ConfigMap");
    assert_eq!(wanted(&[KubernetesPart::Workloads]), "AnalysisTemplate Deployment Rollout");
}

#[test]
fn a_workload_is_found_by_its_labels_and_anything_else_by_its_address() {
    let mut platform = cluster();
    let (mut api, mut pods) = (watched("api", "1%"), watched("worker", "1%"));
    (api.workload, pods.workload) = (Some(workload("api")), Some(workload("worker")));
    if let Some(workload) = &mut pods.workload {
        workload.monitor = MonitorKind::Pod;
    }
    platform.services = vec![api, pods, watched("legacy", "1%")];
    let (objects, diagnostics) = lowered(platform);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let monitor = of(&objects, "ServiceMonitor")[0];
    assert_eq!(monitor["metadata"]["labels"]["release"], "stack");
    assert_eq!(monitor["spec"]["selector"], json!({"matchLabels": {"app": "api"}}));
    assert_eq!(monitor["spec"]["endpoints"][0]["targetPort"], 8000);
    let job = json!({"action": "replace", "targetLabel": "job", "replacement": "api"});
    assert_eq!(monitor["spec"]["endpoints"][0]["relabelings"][0], job);
    assert_eq!(of(&objects, "PodMonitor")[0]["spec"]["podMetricsEndpoints"][0]["portNumber"], 8000);
    let scrape = of(&objects, "ScrapeConfig")[0];
    assert_eq!(scrape["spec"]["staticConfigs"][0]["targets"], json!(["legacy.shop.svc:8000"]));
    assert_eq!(scrape["spec"]["jobName"], "legacy");
}

#[test]
fn probes_that_differ_are_objects_of_their_own() {
    let mut platform = cluster();
    let mut web = service("web");
    let mut slow = probe("web", "https://shop.example.com/slow");
    slow.interval = at(Duration::minutes(1));
    web.probes = vec![probe("web", "http://web:8000/health"), probe("web", "http://web/ready"), slow];
    platform.services.push(web);
    let objects = lowered(platform).0;
    let probes = of(&objects, "Probe");
    let targets: Vec<&Value> = probes.iter().map(|probe| &probe["spec"]["targets"]["staticConfig"]["static"]).collect();
    let inside = json!(["http://web.shop.svc:8000/health", "http://web.shop.svc/ready"]);
    assert_eq!(targets, [&inside, &json!(["https://shop.example.com/slow"])]);
    assert_eq!(probes[1]["metadata"]["name"], "shop-web-probe-2");
    assert!(probes.iter().all(|probe| probe["spec"]["jobName"] == "web-probe"));
}

#[test]
fn health_checks_become_a_patch_and_annotations_tell_prometheus() {
    let mut platform = cluster();
    let mut api = watched("api", "1%");
    let mut running = workload("api");
    let check =
        |asks| HealthCheck { asks, delay: Some(20), period: None, timeout: None, failures: Some(3), successes: None };
    running.health.liveness = Some(check(Asks::Path { path: "/health".to_owned(), port: 8000 }));
    running.health.startup = Some(check(Asks::Port(8000)));
    running.autoscale = Some(Autoscale { min: 2, max: 10, cpu: Some(70), memory: None, calm: Some(300) });
    api.workload = Some(running);
    api.jobs[0].targets.clear();
    api.jobs[0].discovery =
        Some(Discovery { namespace: Some("shop".to_owned()), labels: labels("app", "api"), port: Some(8000) });
    platform.services.push(api);
    let objects = lowered(platform).0;
    let template = &of(&objects, "Deployment")[0]["spec"]["template"];
    let annotations =
        json!({"prometheus.io/scrape": "true", "prometheus.io/port": "8000", "prometheus.io/path": "/metrics"});
    assert_eq!(template["metadata"]["annotations"], annotations);
    let container = &template["spec"]["containers"][0];
    let alive = json!({"httpGet": {"path": "/health", "port": 8000}, "initialDelaySeconds": 20, "failureThreshold": 3});
    assert_eq!(container["livenessProbe"], alive);
    assert_eq!(container["startupProbe"]["tcpSocket"], json!({"port": 8000}));
    assert_eq!(container.get("readinessProbe"), None);
    let scaled = &of(&objects, "HorizontalPodAutoscaler")[0]["spec"];
    assert_eq!(scaled["metrics"][0]["resource"]["target"]["averageUtilization"], 70);
    assert_eq!(scaled["behavior"]["scaleDown"]["stabilizationWindowSeconds"], 300);
    // Pods of this namespace, read only: nothing else.
    assert_eq!(
        of(&objects, "Role")[0]["rules"],
        json!([{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]}])
    );
    assert!(of(&objects, "ClusterRole").is_empty());
}

#[test]
fn services_share_an_analysis_and_bring_their_bounds() {
    let mut platform = cluster();
    platform.services = vec![rolled_out(watched("order", "1%")), rolled_out(watched("user", "0.1%"))];
    let (objects, diagnostics) = lowered(platform);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let templates = of(&objects, "AnalysisTemplate");
    assert_eq!(templates.len(), 1);
    let spec = &templates[0]["spec"];
    assert_eq!(spec["args"], json!([{"name": "service-name"}, {"name": "error-rate-bound", "value": "0.01"}]));
    assert_eq!(spec["metrics"][0]["successCondition"], "len(result) == 0 || result[0] <= {{args.error-rate-bound}}");
    let query = spec["metrics"][0]["provider"]["prometheus"]["query"].as_str().unwrap();
    assert!(query.contains("service=\"{{args.service-name}}\"") && !query.contains("job="), "{query}");
    let canary = &of(&objects, "Rollout")[1]["spec"]["strategy"]["canary"];
    let arguments = json!([{"name": "service-name", "value": "user"}, {"name": "error-rate-bound", "value": "0.001"}]);
    assert_eq!(canary["analysis"]["args"], arguments);
    assert_eq!(canary["analysis"]["startingStep"], 1);
    assert_eq!(canary["steps"], json!([{"setWeight": 10}, {"pause": {"duration": "300s"}}, {"pause": {}}]));
}

#[test]
fn an_analysis_asks_what_its_alert_asks() {
    let mut platform = cluster();
    platform.services = vec![rolled_out(watched("order", "1%"))];
    let alert =
        crate::signals::condition(&platform.services[0].thresholds[0], platform.services[0].signals.get("error_ratio"));
    let objects = lowered(platform).0;
    let query = of(&objects, "AnalysisTemplate")[0]["spec"]["metrics"][0]["provider"]["prometheus"]["query"].clone();
    let asked = query.as_str().unwrap().replace("service=\"{{args.service-name}}\"", "job=\"order\"");
    let compared = promql::parse(&format!("{asked} > 0.01")).unwrap();
    assert_eq!(compared.to_string(), alert.unwrap().to_string());
}

#[test]
fn a_bound_that_moves_is_asked_as_the_alert_asks_it() {
    let mut platform = cluster();
    let mut order = rolled_out(watched("order", "1%"));
    order.thresholds[0].condition =
        Condition::DropsBy { by: at("0.5".parse().unwrap()), against: at(Duration::hours(1)) };
    platform.services = vec![order];
    let objects = lowered(platform).0;
    let metric = &of(&objects, "AnalysisTemplate")[0]["spec"]["metrics"][0];
    assert_eq!(metric["successCondition"], "len(result) == 0");
    assert!(metric["provider"]["prometheus"]["query"].as_str().unwrap().contains("offset 1h"));
}

#[test]
fn different_questions_cannot_share_a_name() {
    let mut platform = cluster();
    let mut user = rolled_out(watched("user", "1%"));
    user.thresholds[0].window = at(Duration::minutes(10));
    platform.services = vec![rolled_out(watched("order", "1%")), user];
    let codes: Vec<&str> = lowered(platform).1.iter().map(|diagnostic| diagnostic.code.name).collect();
    assert_eq!(codes, ["clashing-analysis"]);
}

#[test]
fn a_dashboard_that_no_config_map_holds_is_refused() {
    let mut platform = cluster();
    platform.services.push(watched("api", "1%"));
    platform.title = "x".repeat(1024 * 1024);
    let (objects, diagnostics) = lowered(platform);
    let codes: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code.name).collect();
    assert!(codes.iter().all(|code| *code == "dashboard-too-large") && !codes.is_empty(), "{codes:?}");
    for object in of(&objects, "ConfigMap") {
        assert!(object["data"].to_string().len() < 1024 * 1024 * 2);
    }
}

/// The shop with a Prometheus that runs in its cluster, an exporter with a secret, and one on every node.
fn running() -> Platform {
    let mut platform = cluster();
    if let Some(cluster) = &mut platform.stack.kubernetes {
        cluster.run = true;
    }
    let mut orders = service("orders");
    orders.jobs = vec![job("postgres-exporter:9187")];
    platform.severities = vec![severity("warning", model::Urgency::Ticket, &[])];
    let variable = |name: &str| crate::spec::values::VariableName::new(name).unwrap();
    let exporter = |component: &str| model::Exporter {
        component: component.to_owned(),
        host: component.to_owned(),
        job: "orders".to_owned(),
        environment: Vec::new(),
        secrets: Vec::new(),
        arguments: Vec::new(),
        origin: span().into(),
    };
    let mut postgres = exporter("postgres-exporter");
    postgres.arguments = vec!["--query=$(x)".to_owned()];
    postgres.environment = vec![
        ("DATA_SOURCE_URI".to_owned(), model::Setting::Env(variable("ORDERS_URI"))),
        ("DATA_SOURCE_USER".to_owned(), model::Setting::Literal("a$b".to_owned())),
    ];
    postgres.secrets = vec![("DATA_SOURCE_PASS_FILE".to_owned(), model::Secret::Env(variable("ORDERS_PASSWORD")))];
    orders.exporters = vec![postgres, exporter("node-exporter")];
    platform.services.push(orders);
    platform
}

#[test]
fn components_run_as_compose_would_run_them() {
    let (objects, diagnostics) = lowered(running());
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let named = |kind: &str, name: &str| -> Value {
        let found = of(&objects, kind).into_iter().find(|object| object["metadata"]["name"] == name);
        found.unwrap_or_else(|| panic!("no {kind} {name}"))["spec"].clone()
    };
    let exporter = &named("Deployment", "postgres-exporter")["template"]["spec"];
    let container = &exporter["containers"][0];
    assert_eq!(container["args"][0], "--query=$$(x)", "Kubernetes would read a variable");
    let uri = json!({"secretKeyRef": {"name": "shop-secrets", "key": "ORDERS_URI"}});
    assert_eq!(container["env"][0], json!({"name": "DATA_SOURCE_URI", "valueFrom": uri}));
    assert_eq!(container["env"][1]["value"], "a$b");
    let items = json!([{"key": "orders_password", "path": "orders_password"}]);
    assert_eq!(exporter["volumes"][0]["secret"], json!({"secretName": "shop-secrets", "items": items}));
    assert_eq!(container["resources"]["limits"], json!({"cpu": "0.25", "memory": "128Mi"}));
    let prometheus = named("StatefulSet", "prometheus");
    assert_eq!(prometheus["volumeClaimTemplates"][0]["spec"]["resources"]["requests"]["storage"], "10Gi");
    assert_eq!(named("DaemonSet", "node-exporter")["template"]["spec"]["hostPID"], true);
    let address = json!({"name": "http", "port": 9187, "targetPort": 9187});
    assert_eq!(named("Service", "postgres-exporter")["ports"], json!([address]));
}

#[test]
fn files_reach_their_pods_under_the_paths_that_they_have() {
    let mut artifacts = Artifacts::new();
    let platform = Arc::new(running());
    Kubernetes::render(&Kubernetes::lower(&platform, &mut Diagnostics::new()), &mut artifacts);
    let value: Value = yaml_serde::from_str(artifacts.get(KUSTOMIZATION).unwrap()).unwrap();
    let generators = value["configMapGenerator"].as_array().unwrap();
    let rules = generators.iter().find(|generator| generator["name"] == "prometheus-rules-files").unwrap();
    assert!(rules["files"].as_array().unwrap().contains(&json!("prometheus/rules/meta.yml")), "{rules}");
    assert!(!value.to_string().contains("prometheus/tests"), "tests are for promtool");
    let pod: Value = serde_json::to_value(lowered(running()).0).unwrap();
    let text = pod.to_string();
    assert!(text.contains(r#"{"key":"meta.yml","path":"rules/meta.yml"}"#), "{text}");
    // No secret is written, only where each goes.
    let example = artifacts.get("kubernetes/secrets.env.example").unwrap();
    assert!(example.contains("\norders_password=\n") && example.contains("\nORDERS_URI=\n"), "{example}");
}

#[test]
fn containers_that_share_a_volume_are_one_pod() {
    let mut platform = running();
    platform.retention.long_term = Some(model::LongTerm {
        raw: at(Duration::days(90)),
        downsampled_5m: Duration::days(180),
        downsampled_1h: Duration::days(365),
        store: model::ObjectStore {
            bucket: model::Setting::Literal("metrics".to_owned()),
            region: None,
            endpoint: None,
            prefix: None,
            access_key: None,
            secret_key: None,
            origin: span().into(),
        },
    });
    let objects = lowered(platform).0;
    let prometheus = of(&objects, "StatefulSet").into_iter().find(|o| o["metadata"]["name"] == "prometheus").unwrap();
    let containers = prometheus["spec"]["template"]["spec"]["containers"].as_array().unwrap();
    let names: Vec<&Value> = containers.iter().map(|container| &container["name"]).collect();
    assert_eq!(names, ["prometheus", "thanos-sidecar"]);
    // Each still answers under its own name.
    let sidecar = of(&objects, "Service").into_iter().find(|o| o["metadata"]["name"] == "thanos-sidecar").unwrap();
    assert_eq!(sidecar["spec"]["selector"], json!({"app": "prometheus"}));
}

#[test]
fn whoever_asks_the_cluster_may_read_no_more_than_it_needs() {
    let mut platform = running();
    platform.stack.alloy = Some(model::Collector { files: Vec::new(), origin: span().into() });
    let objects = lowered(platform).0;
    let roles = of(&objects, "Role");
    assert_eq!(roles.len(), 1, "Prometheus discovers nothing here");
    let lines = json!({"apiGroups": [""], "resources": ["pods/log"], "verbs": ["get"]});
    assert_eq!(roles[0]["rules"][1], lines);
    let alloy = objects.iter().find(|object| object["kind"] == "StatefulSet" && object["metadata"]["name"] == "alloy");
    let pod = &alloy.unwrap()["spec"]["template"]["spec"];
    assert_eq!(pod["serviceAccountName"], "alloy");
    assert!(!pod.to_string().contains("docker.sock"), "{pod}");
    let exporter = of(&objects, "Deployment").into_iter().find(|o| o["metadata"]["name"] == "postgres-exporter");
    assert_eq!(exporter.unwrap()["spec"]["template"]["spec"]["automountServiceAccountToken"], false);
}
