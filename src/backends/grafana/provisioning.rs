//! Files that Grafana reads when it starts: where data come from, and where dashboards lie.

mod lines;

use std::collections::BTreeMap;

use serde::Serialize;

use super::text;
use crate::backends::compose::tls;
use crate::conventions::{
    ALERTMANAGER_ADDRESS, CLOUDWATCH_DATASOURCE, JAEGER_DATASOURCE, JAEGER_HOST, PROMETHEUS_DATASOURCE,
};
use crate::model::Platform;

/// Folder of the dashboards inside Grafana's container.
pub const DASHBOARDS_MOUNT: &str = "/var/lib/grafana/dashboards";

/// Folder of the provisioning files inside Grafana's container.
pub const PROVISIONING_MOUNT: &str = "/etc/grafana/provisioning";

/// Uid of the Alertmanager datasource.
pub const ALERTMANAGER_DATASOURCE: &str = "alertmanager";

/// Both provisioning files.
#[derive(Debug, Default)]
pub struct Provisioning {
    /// Where data come from.
    pub datasources: Datasources,
    /// Where dashboards lie.
    pub dashboards: Providers,
}

/// Where data come from.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Datasources {
    pub api_version: u32,
    /// Datasources that a file no longer names are removed.
    pub prune: bool,
    pub datasources: Vec<Datasource>,
}

/// A datasource.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Datasource {
    pub name: &'static str,
    pub r#type: &'static str,
    pub uid: &'static str,
    pub access: &'static str,
    pub org_id: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub basic_auth: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basic_auth_user: Option<&'static str>,
    pub is_default: bool,
    pub editable: bool,
    pub json_data: JsonData,
    /// Values that Grafana keeps encrypted, by name: from the files that the stack mounts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub secure_json_data: BTreeMap<&'static str, String>,
}

/// What only one type of datasource has.
#[derive(Debug, Serialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub enum JsonData {
    /// Prometheus, or Thanos that speaks like it.
    #[serde(rename_all = "camelCase")]
    Prometheus {
        http_method: &'static str,
        /// The scrape interval: `$__rate_interval` comes from it.
        time_interval: String,
        prometheus_type: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        prometheus_version: Option<String>,
        manage_alerts: bool,
        alertmanager_uid: &'static str,
        /// Where a sample's example trace is found.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        exemplar_trace_id_destinations: Vec<ExemplarDestination>,
        #[serde(rename = "tlsAuthWithCACert", skip_serializing_if = "std::ops::Not::not")]
        trusts_authority: bool,
    },
    /// Jaeger.
    #[serde(rename_all = "camelCase")]
    Jaeger { node_graph: Toggle, trace_query: TraceQuery, traces_to_metrics: Box<TracesToMetrics> },
    /// Alertmanager.
    #[serde(rename_all = "camelCase")]
    Alertmanager {
        implementation: &'static str,
        handle_grafana_managed_alerts: bool,
        #[serde(rename = "tlsAuthWithCACert", skip_serializing_if = "std::ops::Not::not")]
        trusts_authority: bool,
    },
    /// Loki.
    #[serde(rename_all = "camelCase")]
    Loki { max_lines: u32, manage_alerts: bool, alertmanager_uid: &'static str, derived_fields: Vec<DerivedField> },
    /// Elasticsearch.
    #[serde(rename_all = "camelCase")]
    Elasticsearch {
        time_field: &'static str,
        log_message_field: &'static str,
        log_level_field: &'static str,
        index: String,
    },
    /// CloudWatch, with the machine's own role.
    #[serde(rename_all = "camelCase")]
    CloudWatch { auth_type: &'static str, default_region: String },
}

/// Where a trace that a sample names is found.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct ExemplarDestination {
    pub name: &'static str,
    pub datasource_uid: &'static str,
}

/// On or off.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Toggle {
    pub enabled: bool,
}

/// How far around a trace's own time it is looked for.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct TraceQuery {
    pub time_shift_enabled: bool,
    pub span_start_time_shift: &'static str,
    pub span_end_time_shift: &'static str,
}

/// From a span to the metrics of its service.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct TracesToMetrics {
    pub datasource_uid: &'static str,
    pub span_start_time_shift: &'static str,
    pub span_end_time_shift: &'static str,
    /// Attributes of a span with the labels that have the same values.
    pub tags: Vec<Tag>,
    pub queries: Vec<MetricsQuery>,
}

/// An attribute of a span, and the label that it is elsewhere.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Tag {
    pub key: &'static str,
    pub value: &'static str,
}

/// A question that a span leads to.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct MetricsQuery {
    pub name: &'static str,
    pub query: String,
}

/// A part of a line that leads somewhere.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct DerivedField {
    pub name: &'static str,
    pub matcher_type: &'static str,
    pub matcher_regex: String,
    pub datasource_uid: &'static str,
    /// The query there.
    pub url: &'static str,
    pub url_display_label: &'static str,
}

/// Where dashboards lie.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Providers {
    pub api_version: u32,
    pub providers: Vec<Provider>,
}

/// A folder of dashboards.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct Provider {
    pub name: String,
    pub org_id: u32,
    pub folder: String,
    pub folder_uid: String,
    pub r#type: &'static str,
    pub disable_deletion: bool,
    pub update_interval_seconds: u32,
    pub allow_ui_updates: bool,
    pub options: ProviderOptions,
}

/// Where on the disk.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "each is Grafana's own word")]
pub struct ProviderOptions {
    pub path: &'static str,
}

/// Both files for a platform.
pub(super) fn lower(platform: &Platform) -> Provisioning {
    let mut datasources = vec![prometheus(platform), alertmanager(platform)];
    if let Some(cloudwatch) = &platform.stack.cloudwatch {
        datasources.push(Datasource {
            name: "CloudWatch",
            r#type: "cloudwatch",
            uid: CLOUDWATCH_DATASOURCE,
            access: "proxy",
            org_id: 1,
            url: None,
            basic_auth: false,
            basic_auth_user: None,
            secure_json_data: BTreeMap::new(),
            is_default: false,
            editable: false,
            json_data: JsonData::CloudWatch { auth_type: "default", default_region: literal(&cloudwatch.region.value) },
        });
    }
    datasources.extend(jaeger(platform));
    datasources.extend(lines::datasources(platform));
    let provider = Provider {
        name: platform.name.value.clone(),
        org_id: 1,
        folder: literal(&platform.title),
        folder_uid: platform.name.value.chars().take(40).collect(),
        r#type: "file",
        disable_deletion: true,
        update_interval_seconds: 30,
        allow_ui_updates: false,
        options: ProviderOptions { path: DASHBOARDS_MOUNT },
    };
    Provisioning {
        datasources: Datasources { api_version: 1, prune: true, datasources },
        dashboards: Providers { api_version: 1, providers: vec![provider] },
    }
}

fn prometheus(platform: &Platform) -> Datasource {
    // Behind Thanos, one datasource answers for the last hours and the last months alike.
    let thanos = platform.retention.long_term.is_some();
    let (name, prometheus_type) = if thanos { ("Thanos", "Thanos") } else { ("Prometheus", "Prometheus") };
    let address = if thanos { "thanos-query:10902" } else { "prometheus:9090" };
    let inside = tls::url(platform, address);
    let secure_json_data = trusted(platform, address);
    let outside = platform.stack.prometheus_url.as_ref().filter(|_| !platform.stack.runs_together() && !thanos);
    let (major, minor) = platform.stack.prometheus_version;
    Datasource {
        name,
        r#type: "prometheus",
        uid: PROMETHEUS_DATASOURCE,
        access: "proxy",
        org_id: 1,
        url: Some(outside.map_or_else(|| inside, |url| literal(url))),
        basic_auth: false,
        basic_auth_user: None,
        is_default: true,
        editable: false,
        json_data: JsonData::Prometheus {
            http_method: "POST",
            time_interval: text::time(platform.scrape_interval.value),
            prometheus_type,
            prometheus_version: (!thanos).then(|| format!("{major}.{minor}.0")),
            manage_alerts: true,
            alertmanager_uid: ALERTMANAGER_DATASOURCE,
            exemplar_trace_id_destinations: platform
                .stack
                .jaeger
                .iter()
                .map(|_| ExemplarDestination { name: "trace_id", datasource_uid: JAEGER_DATASOURCE })
                .collect(),
            trusts_authority: !secure_json_data.is_empty(),
        },
        secure_json_data,
    }
}

/// Jaeger, with a way from a span to whether its service was up and well at that time.
fn jaeger(platform: &Platform) -> Option<Datasource> {
    let jaeger = platform.stack.jaeger.as_ref()?;
    let outside = jaeger.url.as_ref().filter(|_| !platform.stack.runs_together());
    let span_metrics = platform.stack.otel_collector.as_ref().is_some_and(|collector| collector.span_metrics);
    let query = |name, query| MetricsQuery { name, query: literal(query) };
    // Grafana fills `$__tags` in when a span is looked at: neither is PromQL before.
    let up = query("Targets up", "up{$__tags}");
    let rate = query(
        "Spans a second",
        "sum by (span_name, status_code) (rate(traces_span_metrics_calls_total{service_name=\"${__span.tags[\"service.name\"]}\"}[5m]))",
    );
    let traces_to_metrics = TracesToMetrics {
        datasource_uid: PROMETHEUS_DATASOURCE,
        span_start_time_shift: "-15m",
        span_end_time_shift: "15m",
        tags: vec![Tag { key: "service.name", value: "service" }],
        queries: std::iter::once(up).chain(span_metrics.then_some(rate)).collect(),
    };
    Some(Datasource {
        name: "Jaeger",
        r#type: "jaeger",
        uid: JAEGER_DATASOURCE,
        access: "proxy",
        org_id: 1,
        url: Some(outside.map_or_else(|| format!("http://{JAEGER_HOST}:16686"), |url| literal(url))),
        basic_auth: false,
        basic_auth_user: None,
        secure_json_data: BTreeMap::new(),
        is_default: false,
        editable: false,
        json_data: JsonData::Jaeger {
            node_graph: Toggle { enabled: true },
            trace_query: TraceQuery {
                time_shift_enabled: true,
                span_start_time_shift: "-1h",
                span_end_time_shift: "1h",
            },
            traces_to_metrics: Box::new(traces_to_metrics),
        },
    })
}

/// Whom to trust at an address of the stack, if what is there speaks TLS.
fn trusted(platform: &Platform, address: &str) -> BTreeMap<&'static str, String> {
    let host = address.split(':').next().unwrap_or(address);
    let path = tls::authority(platform).filter(|_| tls::speaks(platform, host));
    path.into_iter().map(|path| ("tlsCACert", format!("$__file{{{path}}}"))).collect()
}

fn alertmanager(platform: &Platform) -> Datasource {
    let secure_json_data = trusted(platform, ALERTMANAGER_ADDRESS);
    let outside = platform.stack.alertmanager_url.as_ref().filter(|_| !platform.stack.runs_together());
    Datasource {
        name: "Alertmanager",
        r#type: "alertmanager",
        uid: ALERTMANAGER_DATASOURCE,
        access: "proxy",
        org_id: 1,
        url: Some(outside.map_or_else(|| tls::url(platform, ALERTMANAGER_ADDRESS), |url| literal(url))),
        basic_auth: false,
        basic_auth_user: None,
        is_default: false,
        editable: false,
        json_data: JsonData::Alertmanager {
            implementation: "prometheus",
            handle_grafana_managed_alerts: false,
            trusts_authority: !secure_json_data.is_empty(),
        },
        secure_json_data,
    }
}

/// Text where Grafana would read `$NAME` as an environment variable.
fn literal(text: &str) -> String {
    text.replace('$', "$$")
}
