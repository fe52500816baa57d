//! The first spec that `init` writes: it compiles, lints clean, and says what every platform should.

use serde_json::{Map, Value, json};

use super::Failure;
use crate::decode::{Decode, Decoder};
use crate::diagnostics::Diagnostics;
use crate::packs::{self, components};
use crate::source::Sources;
use crate::source::format::{self, Format};
use crate::spec::pack::Pack;
use crate::spec::signal::Signal;
use crate::spec::values::Name;
use crate::words::camel;

/// What the first spec is made of.
#[derive(Debug)]
pub(super) struct Draft {
    /// The platform's name.
    pub(super) platform: Name,
    /// Services, each with its packs.
    pub(super) services: Vec<(Name, Vec<Pack>)>,
    /// Values of the packs' parameters: service, parameter, value.
    pub(super) parameters: Vec<(String, String, String)>,
    /// The cloud's region.
    pub(super) region: String,
}

/// A built-in pack by name.
pub(super) fn pack(name: &str) -> Result<Pack, Failure> {
    let Some(text) = packs::builtin(name) else {
        let known: Vec<&str> = packs::PACKS.iter().map(|(name, _)| *name).collect();
        let failure = Failure::new(format!("there is no pack `{name}`"));
        return Err(match crate::diagnostics::nearest(name, known.iter().copied()) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help(format!("known: {}", known.join(", "))),
        });
    };
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    let file = sources.add(name, text);
    let node = format::read(&sources, file, Format::Yaml, &mut diagnostics);
    Pack::decode(&node, &mut Decoder::new(&mut diagnostics))
        .ok_or_else(|| Failure::new(format!("the built-in pack `{name}` cannot be read; please report it")))
}

impl Draft {
    /// The spec.
    pub(super) fn spec(&self) -> Value {
        let platform = self.platform.as_str();
        let is_in = |cloud: fn(&Signal) -> bool| {
            let packs = self.services.iter().flat_map(|(_, packs)| packs);
            packs.flat_map(|pack| pack.signals.iter()).any(|(_, signal)| cloud(signal))
        };
        let in_google = is_in(|signal| signal.google.is_some());
        let in_azure = is_in(|signal| signal.azure.is_some());
        let mut channels = json!({
            "chat": { "slack": { "channel": format!("#{platform}-alerts"), "api_url": { "env": "SLACK_API_URL" } } }
        });
        let mut stack = json!({ "grafana": { "admin_password": { "env": "GRAFANA_ADMIN_PASSWORD" } }, "compose": {} });
        let mut notify = vec!["chat"];
        if is_in(|signal| signal.cloud.is_some()) {
            // Alarms of the cloud reach people through topics of the cloud.
            channels["cloud-alerts"] = json!({ "sns": { "display_name": format!("Alerts of {platform}") } });
            stack["cloudwatch"] = json!({ "region": self.region });
            notify.push("cloud-alerts");
        }
        if in_google || in_azure {
            // These clouds cannot speak to a chat.
            channels["pages"] = json!({ "pagerduty": { "routing_key": { "env": "PAGERDUTY_ROUTING_KEY" } } });
            notify.push("pages");
        }
        if in_google {
            stack["google_cloud"] = json!({ "project": { "env": "GOOGLE_PROJECT" } });
        }
        if in_azure {
            stack["azure"] = json!({ "resource_group": { "env": "AZURE_RESOURCE_GROUP" }, "location": "westeurope" });
        }
        let services: Map<String, Value> =
            self.services.iter().map(|(name, packs)| (name.to_string(), self.service(name, packs))).collect();
        json!({
            "bellwether": 1,
            "platform": platform,
            "owner": { "team": format!("{platform}-team") },
            "intervals": { "scrape": "15s", "evaluate": "1m" },
            "retention": { "metrics": { "local": "35d" } },
            "channels": channels,
            "severities": {
                "critical": { "notify": notify, "repeat": "1h" },
                "warning": { "notify": notify, "repeat": "4h" }
            },
            "services": services,
            "stack": stack
        })
    }

    fn service(&self, name: &Name, packs: &[Pack]) -> Value {
        let has = |wanted: &str| packs.iter().any(|pack| pack.pack.as_str() == wanted);
        let mut service = Map::new();
        service.insert("packs".to_owned(), self.uses(name, packs));
        if let Some(port) = packs.iter().find_map(port) {
            service.insert("scrape".to_owned(), json!({ "port": port }));
        }
        if packs.iter().any(|pack| pack.probes == Some(true)) {
            service.insert("probe".to_owned(), json!("/health"));
        }
        let exporters = packs.iter().filter_map(|pack| pack.exporter.as_ref());
        let required = exporters.flat_map(|exporter| exporter.requires.iter().flatten());
        let environment: Map<String, Value> = required
            .map(|variable| (variable.to_string(), json!({ "env": self.variable(name, variable.as_str()) })))
            .collect();
        if !environment.is_empty() {
            service.insert("exporter".to_owned(), json!({ "environment": environment }));
        }
        if has("http") {
            let objective = json!({ "signal": "error_ratio", "objective": "99.9%", "window": "30d" });
            service.insert("slos".to_owned(), json!({ "errors": objective }));
            let slow =
                json!({ "signal": "latency", "quantile": "p95", "above": "1s", "for": "5m", "severity": "warning" });
            service.insert("thresholds".to_owned(), json!({ format!("{}Slow", camel(name.as_str())): slow }));
        }
        if packs.iter().any(|pack| !pack.thresholds.entries.is_empty()) {
            service.insert("usual_thresholds".to_owned(), json!(true));
        }
        Value::Object(service)
    }

    /// Names alone where no pack wants anything; parameters that nobody gave come from the environment.
    fn uses(&self, service: &Name, packs: &[Pack]) -> Value {
        if packs.iter().all(|pack| pack.parameters.entries.is_empty()) {
            return packs.iter().map(|pack| pack.pack.as_str()).collect();
        }
        let mut uses = Map::new();
        for pack in packs {
            let mut parameters = Map::new();
            for (parameter, declared) in pack.parameters.iter() {
                let given =
                    self.parameters.iter().find(|(of, name, _)| of == service.as_str() && name == parameter.as_str());
                let value = match given {
                    Some((_, _, value)) => json!(value),
                    None if declared.default.is_some() => continue,
                    None => json!({ "env": self.variable(service, parameter.as_str()) }),
                };
                parameters.insert(parameter.to_string(), value);
            }
            uses.insert(pack.pack.to_string(), Value::Object(parameters));
        }
        Value::Object(uses)
    }

    /// `SHOP_DATABASE_INSTANCE`
    fn variable(&self, service: &Name, what: &str) -> String {
        format!("{}_{service}_{what}", self.platform).to_uppercase().replace('-', "_")
    }
}

/// Where the service itself is scraped; none if an exporter or the cloud speaks for it.
fn port(pack: &Pack) -> Option<u16> {
    if pack.exporter.is_some() || (pack.metrics.entries.is_empty() && pack.probes != Some(true)) {
        return None;
    }
    let component = components::component(pack.pack.as_str());
    Some(component.and_then(|component| component.port).unwrap_or(8000))
}
