//! What runs it all.

mod protection;

use super::problems::{BAD_VERSION, UNIT_MISMATCH};
use super::{Resolver, dashboards, kubernetes, retention, text, title_of, traces};
use crate::diagnostics::Diagnostic;
use crate::model::{
    Azure, CloudWatch, Component, Compose, GoogleCloud, Grafana, PanelSource, Retention, SavedQuery, Service, Stack,
};
use crate::quantity::Dimension;
use crate::source::Spanned;
use crate::spec::stack as written;
use crate::spec::values::{Name, Named};

/// The Prometheus that configurations suit unless the spec says: the one in the image table.
const PROMETHEUS_VERSION: (u64, u64) = (3, 14);

mod logs;

/// The stack with every default filled in.
pub(super) fn resolve(services: &[Service], kept: &Retention, resolver: &mut Resolver) -> Stack {
    let spec = resolver.spec;
    let stack = spec.stack.as_ref();
    let prometheus = stack.and_then(|stack| stack.prometheus.as_ref());
    let alertmanager = stack.and_then(|stack| stack.alertmanager.as_ref());
    let grafana = stack.and_then(|stack| stack.grafana.as_ref());
    let url = |url: Option<&Spanned<String>>| url.map(|url| url.value.trim_end_matches('/').to_owned());
    let group_by = alertmanager.and_then(|settings| settings.group_by.as_ref());
    Stack {
        prometheus_version: prometheus
            .and_then(|settings| settings.version.as_ref())
            .map_or(PROMETHEUS_VERSION, |written| version(written, resolver)),
        prometheus_url: url(prometheus.and_then(|settings| settings.external_url.as_ref())),
        scrape_configs: prometheus.and_then(|settings| settings.scrape_configs.clone()).unwrap_or_default(),
        rule_groups: prometheus.and_then(|settings| settings.rule_groups.clone()).unwrap_or_default(),
        remote_write: prometheus.and_then(|settings| settings.remote_write.clone()).unwrap_or_default(),
        alertmanager_url: url(alertmanager.and_then(|settings| settings.external_url.as_ref())),
        receivers: alertmanager.and_then(|settings| settings.receivers.clone()).unwrap_or_default(),
        group_by: group_by.map_or_else(
            // All burning budgets have one alert name: a second SLO must not wait for the first one's message.
            || ["alertname", "service", crate::conventions::SLO_LABEL].map(str::to_owned).into(),
            |labels| labels.iter().map(|label| label.to_string()).collect(),
        ),
        heartbeat: alertmanager.and_then(|settings| settings.heartbeat.clone()),
        grafana: Grafana {
            url: url(grafana.and_then(|settings| settings.url.as_ref())),
            admin_password: grafana.and_then(|settings| settings.admin_password.clone()),
            per_service: grafana.and_then(|settings| settings.per_service).unwrap_or(true),
            refresh: grafana.and_then(|settings| settings.refresh).map_or(dashboards::REFRESH, |refresh| refresh.value),
            range: grafana.and_then(|settings| settings.range).map_or(dashboards::RANGE, |range| range.value),
        },
        jaeger: traces::jaeger(resolver),
        otel_collector: traces::otel_collector(resolver),
        loki: stack.and_then(|stack| stack.loki.as_ref()).map(|written| logs::loki(written, resolver)),
        alloy: stack.and_then(|stack| stack.alloy.as_ref()).map(|written| logs::collector(written, services, resolver)),
        promtail: stack
            .and_then(|stack| stack.promtail.as_ref())
            .map(|written| logs::collector(written, services, resolver)),
        elastic: stack
            .and_then(|stack| stack.elastic.as_ref())
            .map(|written| logs::elastic(written, services, resolver)),
        compose: stack.and_then(|stack| stack.compose.as_ref()).map(|written| compose(written, resolver)),
        tls: stack.and_then(|stack| stack.tls.as_ref()).map(|written| protection::tls(written, resolver)),
        backup: stack.and_then(|stack| stack.backup.as_ref()).and_then(|written| protection::backup(written, resolver)),
        cloudwatch: stack
            .and_then(|stack| stack.cloudwatch.as_ref())
            .map(|written| cloudwatch(written, services, kept, resolver)),
        kubernetes: stack
            .and_then(|stack| stack.kubernetes.as_ref())
            .map(|written| kubernetes::stack(written, resolver)),
        google_cloud: stack.and_then(|stack| stack.google_cloud.as_ref()).map(google_cloud),
        azure: stack.and_then(|stack| stack.azure.as_ref()).map(azure),
    }
}

fn pairs(written: &Named<Name, String>) -> Vec<(String, String)> {
    written.iter().map(|(name, value)| (name.to_string(), value.clone())).collect()
}

fn google_cloud(written: &written::GoogleCloudStack) -> GoogleCloud {
    GoogleCloud {
        project: written.project.value.clone(),
        location: written.location.as_ref().map_or("global", |location| location.value.as_str()).to_owned(),
        managed_prometheus: written.managed_prometheus.unwrap_or(false),
        labels: pairs(&written.labels),
        origin: written.span,
    }
}

fn azure(written: &written::AzureStack) -> Azure {
    Azure {
        resource_group: written.resource_group.value.clone(),
        location: written.location.value.clone(),
        prometheus_workspace: written.prometheus_workspace.clone(),
        tags: pairs(&written.tags),
        origin: written.span,
    }
}

/// `3.5` or `v3.5.1`: major and minor.
fn version(written: &Spanned<String>, resolver: &mut Resolver) -> (u64, u64) {
    match crate::plain::version(&written.value) {
        Some(version) => version,
        None => {
            let message = format!("`{}` is no version", written.value);
            resolver.report(Diagnostic::new(&BAD_VERSION, written.span, message).help("versions look like \"3.5\""));
            PROMETHEUS_VERSION
        }
    }
}

/// Changes to components.
pub(super) fn components(
    written: &crate::spec::values::Named<crate::spec::values::Name, written::Component>,
    resolver: &mut Resolver,
) -> Vec<Component> {
    let components = written.iter().map(|(name, component)| {
        let sizes = component.memory.iter().chain(&component.disk);
        for size in sizes.filter(|size| size.dimension != Dimension::Bytes) {
            let message = format!("`{}` is {}, not a size", size.text, size.dimension.describe());
            resolver.report(Diagnostic::new(&UNIT_MISMATCH, size.span, message).help("sizes look like `512MB`"));
        }
        Component {
            name: text(name),
            image: component.image.clone(),
            port: component.port,
            memory: component.memory.clone(),
            disk: component.disk.clone(),
            cpus: component.cpus.as_ref().map(|cpus| cpus.0),
            arguments: component.arguments.clone().unwrap_or_default(),
            environment: component.environment.iter().map(|(name, value)| (name.to_string(), value.clone())).collect(),
        }
    });
    components.collect()
}

fn compose(written: &written::ComposeStack, resolver: &mut Resolver) -> Compose {
    Compose {
        project: written.project.as_ref().unwrap_or(&resolver.spec.platform).to_string(),
        networks: written.networks.iter().flatten().map(|network| network.to_string()).collect(),
        bind: written.bind.clone().unwrap_or(Spanned::new("127.0.0.1".to_owned(), written.span.0)),
        components: components(&written.components, resolver),
        overrides: written.overrides.clone(),
        origin: written.span,
    }
}

fn cloudwatch(
    written: &written::CloudWatchStack,
    services: &[Service],
    kept: &Retention,
    resolver: &mut Resolver,
) -> CloudWatch {
    let groups: Vec<&str> = kept.logs.iter().map(|group| group.name.as_str()).collect();
    let mut queries = Vec::new();
    for (name, query) in written.queries.iter() {
        let known: Vec<Spanned<String>> = query
            .groups
            .0
            .iter()
            .filter(|group| resolver.known("log group", group.as_str(), group.span, groups.iter().copied()))
            .map(|group| Spanned::new(group.to_string(), group.span))
            .collect();
        queries.push(SavedQuery {
            name: text(name),
            title: query.title.clone().unwrap_or_else(|| title_of(name.as_str())),
            groups: known,
            query: query.query.as_str().trim_end().to_owned(),
        });
    }
    CloudWatch {
        region: written.region.clone(),
        state: written.state.as_ref().map(retention::store),
        namespace: written
            .namespace
            .as_ref()
            .map_or_else(|| resolver.spec.platform.to_string(), |namespace| namespace.value.clone()),
        dashboards: dashboards::resolve(&written.dashboards, PanelSource::CloudWatch, services, resolver),
        queries,
        tags: pairs(&written.tags),
        alarm_on_missing: written.alarm_on_missing.unwrap_or(false),
        passthrough: written.passthrough.as_ref().map(|text| text.as_str().to_owned()),
        origin: written.span,
    }
}
