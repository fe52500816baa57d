//! Every name that the compiler makes up: paths, recorded series, labels, uids. One place, so that two
//! backends that speak of the same thing call it the same.

/// Path of prometheus.yml.
pub const PROMETHEUS_CONFIG: &str = "prometheus/prometheus.yml";

/// Folder of rule files; prometheus.yml names it relative to itself.
pub const RULES_FOLDER: &str = "prometheus/rules";

/// The rule files as prometheus.yml names them.
pub const RULES_GLOB: &str = "rules/*.yml";

/// Folder of promtool unit tests.
pub const RULE_TESTS_FOLDER: &str = "prometheus/tests";

/// Path of alertmanager.yml.
pub const ALERTMANAGER_CONFIG: &str = "alertmanager/alertmanager.yml";

/// Path of Alertmanager's message templates.
pub const ALERTMANAGER_TEMPLATES: &str = "alertmanager/templates/bellwether.tmpl";

/// The templates as alertmanager.yml names them, relative to itself.
pub const ALERTMANAGER_TEMPLATES_GLOB: &str = "templates/*.tmpl";

/// Where Prometheus reaches the stack's own Alertmanager.
pub const ALERTMANAGER_ADDRESS: &str = "alertmanager:9093";

/// Where Prometheus reaches the stack's own blackbox exporter.
pub const BLACKBOX_ADDRESS: &str = "blackbox-exporter:9115";

/// Path of the blackbox exporter's configuration.
pub const BLACKBOX_CONFIG: &str = "blackbox/blackbox.yml";

/// Folder of Grafana dashboards.
pub const GRAFANA_DASHBOARDS: &str = "grafana/dashboards";

/// Folder of Grafana's provisioning files.
pub const GRAFANA_PROVISIONING: &str = "grafana/provisioning";

/// Folder of Terraform files.
pub const TERRAFORM_FOLDER: &str = "terraform";

/// Folder of Terraform files for Google Cloud.
pub const GOOGLE_FOLDER: &str = "terraform/google";

/// Folder of Terraform files for Azure.
pub const AZURE_FOLDER: &str = "terraform/azure";

/// The compose file.
pub const COMPOSE_FILE: &str = "docker-compose.yml";

/// Example of the environment that the compose file wants.
pub const ENVIRONMENT_EXAMPLE: &str = ".env.example";

/// Folder of what servers read for TLS.
pub const TLS_FOLDER: &str = "tls/";

/// The web configuration that servers share.
pub const WEB_CONFIG: &str = "tls/web.yml";

/// Thanos' object store configuration.
pub const THANOS_STORE: &str = "thanos/objstore.yml";

/// Addresses that Thanos' querier asks.
pub const THANOS_ENDPOINTS: &str = "thanos/endpoints.yml";

/// Folder of rules that look further back than Prometheus keeps samples; Thanos' ruler evaluates them.
pub const THANOS_RULES_FOLDER: &str = "thanos/rules";

/// Folder of Kubernetes objects.
pub const KUBERNETES_FOLDER: &str = "kubernetes";

/// What runs the whole stack in a cluster, beside the files that it makes config maps of.
pub const KUSTOMIZATION: &str = "kustomization.yaml";

/// A name as Kubernetes takes it: small letters, digits and hyphens, at most 63 of them. A longer one is cut and ends
/// in a hash of the whole.
pub fn cluster_name(text: &str) -> String {
    let fit = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let name = text.chars().map(fit).collect::<String>().trim_matches('-').to_owned();
    if name.len() <= 63 {
        return name;
    }
    let cut: String = name.chars().take(54).collect();
    format!("{}-{:08x}", cut.trim_end_matches('-'), fnv1a(text))
}

/// FNV-1a: the same on every machine, in every version.
fn fnv1a(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
/// Jaeger's configuration.
pub const JAEGER_CONFIG: &str = "jaeger/config.yaml";

/// Name of the stack's Jaeger, and its host.
pub const JAEGER_HOST: &str = "jaeger";

/// The OpenTelemetry collector's configuration.
pub const OTEL_COLLECTOR_CONFIG: &str = "otel/collector.yaml";

/// Name of the stack's OpenTelemetry collector, and its host.
pub const OTEL_COLLECTOR_HOST: &str = "otel-collector";

/// Where the collector exposes metrics that it made of spans.
pub const SPAN_METRICS_PORT: u16 = 8889;

/// Where components of the stack reach its Prometheus.
pub const PROMETHEUS_ADDRESS: &str = "prometheus:9090";

/// Folder of the environments of applications, a file a service.
pub const ENVIRONMENT_FOLDER: &str = "environment";

/// Folder of the instrumentation contract: a page, and a module a service.
pub const CONTRACT_FOLDER: &str = "contract";

/// Folder of the pages of alerts.
pub const RUNBOOKS_FOLDER: &str = "runbooks";

/// The page of an alert.
pub fn runbook_page(alert: &str) -> String {
    format!("{RUNBOOKS_FOLDER}/{alert}.md")
}

/// The platform's own page, and the same for a browser.
pub const README: &str = "README.md";

/// The platform's page for a browser.
pub const INDEX: &str = "index.html";

/// The page of what the platform costs.
pub const COSTS: &str = "costs.md";

/// Label of a stream of log lines, and of every alert: the service.
pub const SERVICE_LABEL: &str = "service";

/// Label of a stream of log lines: how urgent its lines are.
pub const LEVEL_LABEL: &str = "level";

/// Loki's configuration.
pub const LOKI_CONFIG: &str = "loki/loki.yml";

/// Folder of the rules that Loki's ruler evaluates.
pub const LOKI_RULES_FOLDER: &str = "loki/rules";

/// Alloy's configuration.
pub const ALLOY_CONFIG: &str = "alloy/config.alloy";

/// Promtail's configuration.
pub const PROMTAIL_CONFIG: &str = "promtail/promtail.yml";

/// Where the stack's own Loki answers.
pub const LOKI_ADDRESS: &str = "http://loki:3100";

/// Where the stack's own Elasticsearch answers.
pub const ELASTICSEARCH_ADDRESS: &str = "http://elasticsearch:9200";

/// The data stream that lines are in.
pub const LOGS_DATA_STREAM: &str = "logs-services-default";

/// First line of every generated file that has comments. No version and no date: same spec, same bytes.
pub const BANNER: &str = "Generated by Bellwether. Edit the spec, not this file.";

/// Folder inside containers where secrets appear as files.
pub const SECRETS_FOLDER: &str = "/run/secrets";

/// Name of the file of a secret that comes from an environment variable or a file: lower case, for compose and paths.
pub fn secret_name(secret: &crate::model::Secret) -> String {
    use crate::model::Secret;
    let text = match secret {
        Secret::Env(name) => name.as_str(),
        Secret::File(path) => path.rsplit('/').next().unwrap_or(path),
    };
    text.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

/// Path of a secret inside a container.
pub fn secret_path(secret: &crate::model::Secret) -> String {
    format!("{SECRETS_FOLDER}/{}", secret_name(secret))
}

/// Uid of Grafana's Prometheus datasource (Thanos in front of it when there is long-term storage).
pub const PROMETHEUS_DATASOURCE: &str = "prometheus";

/// Uid of Grafana's Loki datasource.
pub const LOKI_DATASOURCE: &str = "loki";

/// Uid of Grafana's Elasticsearch datasource.
pub const ELASTICSEARCH_DATASOURCE: &str = "elasticsearch";

/// Uid of Grafana's CloudWatch datasource.
pub const CLOUDWATCH_DATASOURCE: &str = "cloudwatch";

/// Uid of Grafana's Jaeger datasource.
pub const JAEGER_DATASOURCE: &str = "jaeger";

/// Uid of a Grafana dashboard, at most 40 characters: stable as long as the dashboard keeps its name. A longer
/// one is cut and ends in a hash of the whole, so that two long names stay apart.
pub fn dashboard_uid(platform: &str, dashboard: &str) -> String {
    let whole = format!("{platform}-{dashboard}");
    if whole.chars().count() <= 40 {
        return whole;
    }
    let hash = fnv1a(&whole);
    let cut: String = whole.chars().take(31).collect();
    format!("{cut}-{hash:08x}")
}

/// Name of the dashboard that is generated for a service.
pub fn service_dashboard(service: &str) -> String {
    format!("service-{service}")
}

/// Name of the dashboard of all SLOs.
pub const SLO_DASHBOARD: &str = "slos";

/// Name of the dashboard of one service's SLOs.
pub fn slo_dashboard(service: &str) -> String {
    format!("{SLO_DASHBOARD}-{service}")
}

/// Label that carries the SLO's id on recorded series and alerts.
pub const SLO_LABEL: &str = "slo";

/// Label that carries the tier on burn-rate alerts.
pub const TIER_LABEL: &str = "tier";

/// Alert of a target that is known and does not answer; it carries the labels `job` and `service`.
pub const TARGET_DOWN_ALERT: &str = "TargetDown";

/// Alert of a job that has no target left; it carries the labels `job` and `service`.
pub const TARGET_VANISHED_ALERT: &str = "TargetVanished";

/// Annotation with the address of an alert's runbook.
pub const RUNBOOK_ANNOTATION: &str = "runbook_url";

/// Annotation with the address of the dashboard that shows an alert's signal.
pub const DASHBOARD_ANNOTATION: &str = "dashboard_url";

/// Alert of a dead man's switch: always fires, so that silence is news.
pub const WATCHDOG_ALERT: &str = "Watchdog";

/// Every alert that the compiler adds by itself.
pub const OWN_ALERTS: [&str; 6] = [
    BURN_RATE_ALERT,
    SLO_DATA_MISSING_ALERT,
    SLO_DATA_IMPOSSIBLE_ALERT,
    TARGET_DOWN_ALERT,
    TARGET_VANISHED_ALERT,
    WATCHDOG_ALERT,
];

/// Rate of bad events of an SLO over a window: `slo:bad:rate5m`.
pub fn slo_bad_rate(window: crate::quantity::Duration) -> String {
    format!("slo:bad:rate{window}")
}

/// Rate of all events of an SLO over a window: `slo:total:rate5m`.
pub fn slo_total_rate(window: crate::quantity::Duration) -> String {
    format!("slo:total:rate{window}")
}

/// Share of bad events of an SLO over a window: `slo:error_ratio:rate5m`.
pub fn slo_error_ratio(window: crate::quantity::Duration) -> String {
    format!("slo:error_ratio:rate{window}")
}

/// Share of good events that an SLO promises, as a series.
pub const SLO_OBJECTIVE: &str = "slo:objective:ratio";

/// Share of an SLO's error budget that is left in its window; negative once the promise is broken.
pub const SLO_BUDGET_LEFT: &str = "slo:period_error_budget_remaining:ratio";

/// Share of bad events that an SLO allows, as a series.
pub const SLO_BUDGET: &str = "slo:error_budget:ratio";

/// Length of an SLO's window in days, as a series.
pub const SLO_PERIOD_DAYS: &str = "slo:time_period:days";

/// How many times faster than allowed an SLO's budget goes right now.
pub const SLO_BURN_RATE: &str = "slo:current_burn_rate:ratio";

/// How many times faster than allowed an SLO's budget went over its whole window.
pub const SLO_PERIOD_BURN_RATE: &str = "slo:period_burn_rate:ratio";

/// A series that is 1 in the current month, which its label `month` numbers.
pub const SLO_CALENDAR_MONTH: &str = "slo:calendar:month";

/// Label that carries the number of the month: `1` to `12`.
pub const MONTH_LABEL: &str = "month";

/// A recorded rate with the month that its events happened in: `slo:bad:rate5m_in_month`.
pub fn in_month(rate: &str) -> String {
    format!("{rate}_in_month")
}

/// Share of bad events of an SLO since the month of the calendar began.
pub const SLO_MONTH_ERROR_RATIO: &str = "slo:month_error_ratio:ratio";

/// Share of an SLO's error budget for the events of this month that is left; negative once they were too bad.
pub const SLO_MONTH_BUDGET_LEFT: &str = "slo:month_error_budget_remaining:ratio";

/// A series that is always 1, with an SLO's objective and window as labels.
pub const SLO_INFO: &str = "slo:info";

/// Alert of a burn-rate tier; the labels `slo` and `tier` say which.
pub const BURN_RATE_ALERT: &str = "SLOBurnRate";

/// Alert of an SLO whose series are gone.
pub const SLO_DATA_MISSING_ALERT: &str = "SLODataMissing";

/// Alert of an SLO whose bad or good events are more than all events.
pub const SLO_DATA_IMPOSSIBLE_ALERT: &str = "SLODataImpossible";
