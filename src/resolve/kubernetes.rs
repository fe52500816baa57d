//! The Kubernetes stack with every default filled in, and how jobs find pods and drop series.

use super::services::Surroundings;
use super::workloads::{self, UNDROPPABLE, cluster_labels};
use super::{Resolver, shapes};
use crate::conventions::cluster_name;
use crate::diagnostics::Diagnostic;
use crate::model::{ClusterLabels, Discovery, Kubernetes, KubernetesPart};
use crate::promql::{self, MatchOp, Selector};
use crate::source::Spanned;
use crate::spec::kubernetes as written;
use crate::spec::service::Scrape;

const EVERYTHING: [KubernetesPart; 6] = [
    KubernetesPart::Rules,
    KubernetesPart::Monitors,
    KubernetesPart::Probes,
    KubernetesPart::Dashboards,
    KubernetesPart::Workloads,
    KubernetesPart::Access,
];

/// The stack.
pub(super) fn stack(written: &written::KubernetesStack, resolver: &mut Resolver) -> Kubernetes {
    let namespace = namespace(written, resolver);
    let label = |key: &str, value: &str| ClusterLabels::from([(key.to_owned(), value.to_owned())]);
    let address = |given: &Option<Spanned<String>>, usual: String| {
        given.as_ref().map_or(usual, |given| given.value.trim_end_matches('/').to_owned())
    };
    Kubernetes {
        create_namespace: written.create_namespace.unwrap_or(true),
        generate: written
            .generate
            .as_ref()
            .map_or_else(|| EVERYTHING.to_vec(), |parts| parts.iter().map(|part| part.value).collect()),
        run: written.run.unwrap_or(false),
        components: super::stack::components(&written.components, resolver),
        labels: cluster_labels(&written.labels),
        ruler_labels: written.ruler_labels.as_ref().map_or_else(|| label("role", "thanos-rules"), cluster_labels),
        dashboard_labels: written
            .dashboard_labels
            .as_ref()
            .map_or_else(|| label("grafana_dashboard", "1"), cluster_labels),
        prometheus: address(&written.prometheus, format!("http://prometheus.{namespace}.svc:9090")),
        blackbox: address(&written.blackbox, format!("blackbox-exporter.{namespace}.svc:9115")),
        service_account: written.service_account.as_ref().map_or("prometheus", |name| name.as_str()).to_owned(),
        origin: written.span,
        namespace,
    }
}

fn namespace(written: &written::KubernetesStack, resolver: &Resolver) -> String {
    let usual = || cluster_name(resolver.spec.platform.as_str());
    written.namespace.as_ref().map_or_else(usual, |name| name.to_string())
}

/// How a job finds its pods, if it is to find them.
pub(super) fn discovery(around: &Surroundings, scrape: &Scrape, resolver: &Resolver) -> Option<Discovery> {
    scrape.discover.as_ref()?;
    let stack = resolver.spec.stack.as_ref().and_then(|stack| stack.kubernetes.as_ref());
    let usual = || ClusterLabels::from([("app".to_owned(), cluster_name(around.name.as_str()))]);
    Some(Discovery {
        namespace: stack.map(|stack| namespace(stack, resolver)),
        labels: around.written.workload.as_ref().map_or_else(usual, |workload| workloads::labels(around, workload)),
        port: scrape.port.map(|port| port.value),
    })
}

/// How an exporter's job finds the pods of the exporter.
pub(super) fn exporter_discovery(host: &str, port: u16, resolver: &Resolver) -> Discovery {
    let stack = resolver.spec.stack.as_ref().and_then(|stack| stack.kubernetes.as_ref());
    Discovery {
        namespace: stack.map(|stack| namespace(stack, resolver)),
        labels: ClusterLabels::from([("app".to_owned(), cluster_name(host))]),
        port: Some(port),
    }
}

/// Series that a job drops, as far as relabelling can say them.
pub(super) fn dropped(scrape: &Scrape, resolver: &mut Resolver) -> Vec<Spanned<Selector>> {
    let mut dropped = Vec::new();
    for written in scrape.drop.iter().flatten() {
        let selector = match promql::parse_selector(written.as_str()) {
            Ok(selector) => selector,
            Err(faults) => {
                faults.iter().for_each(|fault| shapes::report_promql(written, fault, resolver));
                continue;
            }
        };
        let sayable = |op: MatchOp, value: &str| match op {
            MatchOp::Equal | MatchOp::Regex => true,
            MatchOp::NotEqual => value.is_empty(),
            MatchOp::NotRegex => false,
        };
        match selector.matchers.iter().find(|matcher| !sayable(matcher.op, &matcher.value)) {
            Some(matcher) => {
                let place = written.locate(matcher.at.start as usize..matcher.at.end as usize);
                let message = format!("relabelling cannot tell `{}` apart by what it is not", matcher.label);
                let help = "match with `=` or `=~`, or with `!=\"\"` for series that have the label";
                resolver.report(Diagnostic::new(&UNDROPPABLE, place, message).help(help));
            }
            None => dropped.push(Spanned::new(selector, written.span)),
        }
    }
    dropped
}
