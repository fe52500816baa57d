//! TLS between components: one switch for every server, every client and every health check.

use super::config::{TlsServer, WebConfig};
use super::problems::{COMPONENT_WITHOUT_TLS, UNKNOWN_COMPONENT};
use super::running::{self, Running};
use crate::conventions::secret_path;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::{Platform, Secret, Setting, Tls};

/// Where containers see the web configuration.
const WEB_IN_CONTAINER: &str = "/etc/bellwether/tls/web.yml";

/// Whether the stack's container of this name speaks TLS. What the stack does not run is nobody's business here.
pub fn speaks(platform: &Platform, host: &str) -> bool {
    let Some(tls) = &platform.stack.tls else { return false };
    running::components(platform).iter().any(|running| running.name == host && serves(running, tls))
}

/// The address of a container's server, `host:port`, with its scheme.
pub fn url(platform: &Platform, address: &str) -> String {
    let host = address.split(':').next().unwrap_or(address);
    let scheme = if speaks(platform, host) { "https" } else { "http" };
    format!("{scheme}://{address}")
}

/// Path of the authority's certificate in every client's container.
pub fn authority(platform: &Platform) -> Option<String> {
    platform.stack.tls.as_ref().map(|tls| secret_path(&tls.ca))
}

/// Whether a container is told to speak TLS.
pub(super) fn serves(running: &Running, tls: &Tls) -> bool {
    running.table.tls.is_some() && !is_plain(running, tls)
}

fn is_plain(running: &Running, tls: &Tls) -> bool {
    tls.plain.iter().any(|name| name.value == running.name || name.value == running.component)
}

/// What TLS adds to a container.
#[derive(Debug, Default)]
pub(super) struct Added {
    pub(super) arguments: Vec<String>,
    pub(super) environment: Vec<(String, Setting)>,
    pub(super) secrets: Vec<(Secret, String)>,
    pub(super) volumes: Vec<String>,
}

/// What a container needs, as a server and as a client of others.
pub(super) fn added(running: &Running, platform: &Platform) -> Added {
    let Some(tls) = &platform.stack.tls else { return Added::default() };
    let mut added = Added::default();
    if let Some(told) = running.table.tls.as_ref().filter(|_| serves(running, tls)) {
        let (certificate, key) = (secret_path(&tls.certificate), secret_path(&tls.key));
        let fill = |text: &str| {
            text.replace("{web}", WEB_IN_CONTAINER).replace("{certificate}", &certificate).replace("{key}", &key)
        };
        added.arguments = told.arguments.iter().flatten().map(|argument| fill(argument)).collect();
        let variables = told.environment.iter();
        added.environment = variables.map(|(name, value)| (name.to_string(), Setting::Literal(fill(value)))).collect();
        if told.arguments.iter().flatten().any(|argument| argument.contains("{web}")) {
            added.volumes.push("./tls:/etc/bellwether/tls:ro".to_owned());
        }
        added.secrets.push((tls.certificate.clone(), "certificate of the components".to_owned()));
        added.secrets.push((tls.key.clone(), "key of the components' certificate".to_owned()));
    }
    if matches!(running.component, "prometheus" | "grafana") {
        added.secrets.push((tls.ca.clone(), "certificate of the authority that components trust".to_owned()));
    }
    added
}

/// The web configuration, if any server reads it.
pub(super) fn web(platform: &Platform) -> Option<WebConfig> {
    let tls = platform.stack.tls.as_ref()?;
    let tls_server_config = TlsServer { cert_file: secret_path(&tls.certificate), key_file: secret_path(&tls.key) };
    Some(WebConfig { tls_server_config })
}

/// Complains about components that know no TLS and were not said to go without.
pub(super) fn check(platform: &Platform, containers: &[Running], diagnostics: &mut Diagnostics) {
    let Some(tls) = &platform.stack.tls else { return };
    let serving = containers.iter().filter(|running| running.port.is_some() && running.table.tls.is_none());
    for running in serving {
        let name = &running.name;
        // They would have to be told whom to trust at their neighbours, which is not generated.
        let asks = platform.stack.otel_collector.as_ref().is_some_and(|collector| collector.span_metrics);
        let never = running.component.starts_with("thanos-")
            || running.component == "loki"
            || (running.component == "jaeger" && asks);
        if !never && is_plain(running, tls) {
            continue;
        }
        let help = if never {
            "it asks others that do: leave TLS to a proxy, or do without it".to_owned()
        } else {
            format!("let it go without: `plain: [{name}]`")
        };
        let message = format!("`{name}` cannot be told to speak TLS");
        let diagnostic = Diagnostic::new(&COMPONENT_WITHOUT_TLS, tls.origin.0, message);
        diagnostics.push(diagnostic.also(running.origin.0, "it runs because of this").help(help));
    }
    for plain in &tls.plain {
        let known = |running: &&Running| running.name == plain.value || running.component == plain.value;
        if !containers.iter().any(|running| known(&running)) {
            let message = format!("the stack runs no `{}`", plain.value);
            let names = containers.iter().map(|running| running.name.as_str());
            let diagnostic = Diagnostic::new(&UNKNOWN_COMPONENT, plain.span, message);
            diagnostics.push(diagnostic.label("changes nothing").suggest(&plain.value, names));
        }
    }
}
