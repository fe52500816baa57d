//! Small platforms for the tests of backends, built by hand.

use indexmap::IndexMap;

use crate::model::{
    ClusterLabels, Grafana, Job, JobOrigin, Kubernetes, KubernetesPart, LogFields, LogFormat, Logs, Platform, Probe,
    ProbeKind, Retention, Service, Severity, Stack, Urgency,
};
use crate::quantity::Duration;
use crate::source::{Sources, Span, Spanned};

/// Some place.
pub(crate) fn span() -> Span {
    Span::new(Sources::new().add("spec.yaml", ""), 0, 0)
}

/// A place of its own for each number.
pub(crate) fn span_at(offset: usize) -> Span {
    Span::new(Sources::new().add("spec.yaml", ""), offset, offset + 1)
}

/// A value at some place.
pub(crate) fn at<T>(value: T) -> Spanned<T> {
    Spanned::new(value, span())
}

/// A name at some place.
pub(crate) fn name(text: &str) -> Spanned<String> {
    at(text.to_owned())
}

/// Names at some place.
pub(crate) fn names(texts: &[&str]) -> Vec<Spanned<String>> {
    texts.iter().map(|text| name(text)).collect()
}

/// A platform `shop` in production with nothing in it.
pub(crate) fn platform() -> Platform {
    Platform {
        name: name("shop"),
        title: "Shop".to_owned(),
        description: None,
        team: Some("shop-team".to_owned()),
        docs: None,
        runbooks: None,
        environment: "production".to_owned(),
        labels: pairs(&[("platform", "shop"), ("environment", "production")]),
        scrape_interval: at(Duration::seconds(15)),
        evaluation_interval: at(Duration::minutes(1)),
        retention: Retention {
            local: at(Duration::days(15)),
            variable: None,
            size: None,
            long_term: None,
            logs: Vec::new(),
            traces: at(Duration::days(7)),
            log_store: at(Duration::days(30)),
            archive: None,
        },
        traces: None,
        logs: logs(),
        channels: Vec::new(),
        severities: Vec::new(),
        routes: Vec::new(),
        inhibitions: Vec::new(),
        times: Vec::new(),
        services: Vec::new(),
        dashboards: Vec::new(),
        stack: Stack {
            prometheus_version: (3, 13),
            prometheus_url: None,
            scrape_configs: Vec::new(),
            rule_groups: Vec::new(),
            remote_write: Vec::new(),
            alertmanager_url: None,
            receivers: Vec::new(),
            group_by: vec!["alertname".to_owned(), "service".to_owned()],
            heartbeat: None,
            grafana: Grafana {
                url: None,
                admin_password: None,
                per_service: true,
                refresh: Duration::seconds(30),
                range: Duration::hours(1),
            },
            jaeger: None,
            otel_collector: None,
            loki: None,
            alloy: None,
            promtail: None,
            elastic: None,
            compose: None,
            tls: None,
            backup: None,
            cloudwatch: None,
            kubernetes: None,
            google_cloud: None,
            azure: None,
        },
    }
}

/// Lines of JSON, in the usual fields, none of them scrubbed.
pub(crate) fn logs() -> Logs {
    let name = str::to_owned;
    Logs {
        format: LogFormat::Json,
        fields: LogFields {
            timestamp: name("timestamp"),
            level: name("level"),
            service: name("service"),
            message: name("message"),
            request_id: name("request_id"),
            user_id: name("user_id"),
            trace_id: name("trace_id"),
        },
        scrub: Vec::new(),
        enrich_service: true,
        user: vec![name("request_id"), name("user_id")],
    }
}

/// Labels in order.
pub(crate) fn pairs(labels: &[(&str, &str)]) -> IndexMap<String, String> {
    labels.iter().map(|(label, value)| ((*label).to_owned(), (*value).to_owned())).collect()
}

/// A service with nothing in it.
pub(crate) fn service(text: &str) -> Service {
    Service {
        name: name(text),
        title: text.to_owned(),
        description: None,
        packs: Vec::new(),
        first_steps: IndexMap::new(),
        by_library: Vec::new(),
        application: None,
        labels: IndexMap::new(),
        jobs: Vec::new(),
        exporters: Vec::new(),
        probes: Vec::new(),
        metrics: IndexMap::new(),
        signals: IndexMap::new(),
        panels: Vec::new(),
        slos: Vec::new(),
        thresholds: Vec::new(),
        workload: None,
        origin: span().into(),
    }
}

/// A job of an application, named after the address' host.
pub(crate) fn job(target: &str) -> Job {
    Job {
        name: name(target.split(':').next().unwrap_or(target)),
        from: JobOrigin::Scrape,
        targets: vec![target.to_owned()],
        discovery: None,
        drop: Vec::new(),
        path: "/metrics".to_owned(),
        scheme: "http".to_owned(),
        interval: at(Duration::seconds(15)),
        timeout: Duration::seconds(10),
        sample_limit: None,
    }
}

/// A plain HTTP probe.
pub(crate) fn probe(service: &str, target: &str) -> Probe {
    Probe {
        target: name(target),
        kind: ProbeKind::Http,
        job: format!("{service}-probe"),
        module: "http".to_owned(),
        interval: at(Duration::seconds(15)),
        timeout: Duration::seconds(5),
        status: Vec::new(),
        body: None,
    }
}

/// A severity that repeats every four hours.
pub(crate) fn severity(text: &str, urgency: Urgency, notify: &[&str]) -> Severity {
    Severity {
        name: name(text),
        urgency,
        notify: names(notify),
        notify_written: true,
        repeat: at(Duration::hours(4)),
        group_wait: at(Duration::seconds(30)),
        group_interval: at(Duration::minutes(5)),
        escalate: None,
        origin: span().into(),
    }
}

/// A cluster with everything in one namespace, of which nothing runs.
pub(crate) fn kubernetes(namespace: &str) -> Kubernetes {
    let labels = |key: &str, value: &str| ClusterLabels::from([(key.to_owned(), value.to_owned())]);
    Kubernetes {
        namespace: namespace.to_owned(),
        create_namespace: true,
        generate: vec![
            KubernetesPart::Rules,
            KubernetesPart::Monitors,
            KubernetesPart::Probes,
            KubernetesPart::Dashboards,
            KubernetesPart::Workloads,
            KubernetesPart::Access,
        ],
        run: false,
        components: Vec::new(),
        labels: labels("release", "stack"),
        ruler_labels: labels("role", "thanos-rules"),
        dashboard_labels: labels("grafana_dashboard", "1"),
        prometheus: format!("http://prometheus.{namespace}.svc:9090"),
        blackbox: format!("blackbox-exporter.{namespace}.svc:9115"),
        service_account: "prometheus".to_owned(),
        origin: span().into(),
    }
}
