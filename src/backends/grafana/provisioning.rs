//! Files that Grafana reads when it starts: where data come from, and where dashboards lie.

use serde::Serialize;

use super::text;
use crate::conventions::{CLOUDWATCH_DATASOURCE, PROMETHEUS_DATASOURCE};
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
    pub is_default: bool,
    pub editable: bool,
    pub json_data: JsonData,
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
    },
    /// Alertmanager.
    #[serde(rename_all = "camelCase")]
    Alertmanager { implementation: &'static str, handle_grafana_managed_alerts: bool },
    /// CloudWatch, with the machine's own role.
    #[serde(rename_all = "camelCase")]
    CloudWatch { auth_type: &'static str, default_region: String },
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
            is_default: false,
            editable: false,
            json_data: JsonData::CloudWatch { auth_type: "default", default_region: literal(&cloudwatch.region.value) },
        });
    }
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
    let inside = if thanos { "http://thanos-query:10902" } else { "http://prometheus:9090" };
    let outside = platform.stack.prometheus_url.as_ref().filter(|_| !platform.stack.runs_together() && !thanos);
    let (major, minor) = platform.stack.prometheus_version;
    Datasource {
        name,
        r#type: "prometheus",
        uid: PROMETHEUS_DATASOURCE,
        access: "proxy",
        org_id: 1,
        url: Some(outside.map_or_else(|| inside.to_owned(), |url| literal(url))),
        is_default: true,
        editable: false,
        json_data: JsonData::Prometheus {
            http_method: "POST",
            time_interval: text::time(platform.scrape_interval.value),
            prometheus_type,
            prometheus_version: (!thanos).then(|| format!("{major}.{minor}.0")),
            manage_alerts: true,
            alertmanager_uid: ALERTMANAGER_DATASOURCE,
        },
    }
}

fn alertmanager(platform: &Platform) -> Datasource {
    let outside = platform.stack.alertmanager_url.as_ref().filter(|_| !platform.stack.runs_together());
    Datasource {
        name: "Alertmanager",
        r#type: "alertmanager",
        uid: ALERTMANAGER_DATASOURCE,
        access: "proxy",
        org_id: 1,
        url: Some(outside.map_or_else(|| "http://alertmanager:9093".to_owned(), |url| literal(url))),
        is_default: false,
        editable: false,
        json_data: JsonData::Alertmanager { implementation: "prometheus", handle_grafana_managed_alerts: false },
    }
}

/// Text where Grafana would read `$NAME` as an environment variable.
fn literal(text: &str) -> String {
    text.replace('$', "$$")
}
