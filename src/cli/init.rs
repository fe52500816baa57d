//! `bellwether init`: a first spec, by questions on a terminal or by flags.

use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};

use super::{FINE, Failure, Outcome, output};
use crate::packs::PACKS;
use crate::spec::values::Name;
use crate::writers::yaml;

/// Write a first spec
#[derive(Debug, Args)]
pub(super) struct Init {
    /// Name of the platform
    #[arg(long, value_name = "NAME")]
    platform: Option<String>,
    /// A service, and its packs: api=http,process (repeat for more)
    #[arg(long = "service", value_name = "NAME=PACK,...")]
    services: Vec<String>,
    /// Where the spec is written
    #[arg(long, short, value_name = "FILE", default_value = "bellwether.yaml")]
    out: PathBuf,
    /// Overwrite the file
    #[arg(long)]
    force: bool,
}

impl Init {
    pub(super) fn run(self) -> Outcome {
        if self.out.exists() && !self.force {
            let failure = Failure::new(format!("{} is there already", self.out.display()));
            return Err(failure.help("choose another file with --out, or overwrite it with --force"));
        }
        let asks = std::io::stdin().is_terminal() && self.platform.is_none();
        let platform = match self.platform {
            Some(platform) => platform,
            None if asks => ask("What is the platform called?", "shop")?,
            None => return Err(Failure::new("what is the platform called?").help("give its name with --platform")),
        };
        let platform = name(&platform)?;
        let mut services = self.services;
        if services.is_empty() && asks {
            let packs: Vec<&str> = PACKS.iter().map(|(name, _)| *name).collect();
            output::say(&format!("Known technologies: {}\n", packs.join(", ")));
            loop {
                let service = ask("A service and its technologies (api=http,process), empty when done", "")?;
                if service.is_empty() {
                    break;
                }
                services.push(service);
            }
        }
        if services.is_empty() {
            services.push("api=http".to_owned());
        }
        let services: Vec<(Name, Vec<Name>)> = services.iter().map(|text| service(text)).collect::<Result<_, _>>()?;
        let text = yaml::write(
            &spec(&platform, &services),
            &[
                "What this platform promises, and who is told when it breaks the promise.",
                "Compile it: bellwether build. Every key: bellwether schema, or docs/.",
            ],
        );
        std::fs::write(&self.out, text).map_err(|error| Failure::io("write", &self.out, &error))?;
        output::say(&format!("wrote {0}; next: bellwether build {0}\n", self.out.display()));
        Ok(FINE)
    }
}

/// One question, one line; the usual answer for an empty one.
fn ask(question: &str, usual: &str) -> Result<String, Failure> {
    let hint = if usual.is_empty() { String::new() } else { format!(" [{usual}]") };
    output::say(&format!("{question}{hint} "));
    let _ = std::io::stderr().flush();
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    read.map_err(|error| Failure::new(format!("cannot read the answer: {error}")))?;
    let answer = line.trim();
    Ok(if answer.is_empty() { usual.to_owned() } else { answer.to_owned() })
}

fn name(text: &str) -> Result<Name, Failure> {
    let help = "names have letters, digits, `-` and `_`, beginning with a letter or digit";
    Name::new(text).ok_or_else(|| Failure::new(format!("`{text}` is no name")).help(help))
}

/// `api=http,process`
fn service(text: &str) -> Result<(Name, Vec<Name>), Failure> {
    let (service, packs) = text.split_once('=').unwrap_or((text, "http"));
    let known: Vec<&str> = PACKS.iter().map(|(name, _)| *name).collect();
    let mut checked = Vec::new();
    for pack in packs.split(',').map(str::trim).filter(|pack| !pack.is_empty()) {
        if !known.contains(&pack) {
            let failure = Failure::new(format!("there is no pack `{pack}`"));
            return Err(failure.help(format!("known: {}", known.join(", "))));
        }
        checked.push(name(pack)?);
    }
    Ok((name(service.trim())?, checked))
}

/// A spec that compiles, lints clean, and says the things that every platform should.
fn spec(platform: &Name, services: &[(Name, Vec<Name>)]) -> Value {
    let mut declared = Map::new();
    for (name, packs) in services {
        declared.insert(name.to_string(), declare(name, packs));
    }
    json!({
        "bellwether": 1,
        "platform": platform.as_str(),
        "owner": { "team": format!("{}-team", platform.as_str()) },
        "intervals": { "scrape": "15s", "evaluate": "1m" },
        "retention": { "metrics": { "local": "35d" } },
        "channels": {
            "chat": { "slack": { "channel": format!("#{}-alerts", platform.as_str()), "api_url": { "env": "SLACK_API_URL" } } }
        },
        "severities": {
            "critical": { "notify": ["chat"], "repeat": "1h" },
            "warning": { "notify": ["chat"], "repeat": "4h" }
        },
        "services": declared,
        "stack": { "grafana": { "admin_password": { "env": "GRAFANA_ADMIN_PASSWORD" } }, "compose": {} }
    })
}

fn declare(name: &Name, packs: &[Name]) -> Value {
    let has = |wanted: &str| packs.iter().any(|pack| pack.as_str() == wanted);
    let names: Vec<&str> = packs.iter().map(Name::as_str).collect();
    let mut service = json!({ "packs": names });
    let Some(members) = service.as_object_mut() else { return service };
    if has("http") || has("process") || has("blackbox") {
        members.insert("scrape".to_owned(), json!({ "port": 8000 }));
    }
    if has("blackbox") {
        members.insert("probe".to_owned(), json!("/health"));
    }
    if has("http") {
        members.insert(
            "slos".to_owned(),
            json!({ "errors": { "signal": "error_ratio", "objective": "99.9%", "window": "30d" } }),
        );
        let alert = format!("{}Slow", camel(name.as_str()));
        let slow = json!({ "signal": "latency", "quantile": "p95", "above": "1s", "for": "5m", "severity": "warning" });
        members.insert("thresholds".to_owned(), json!({ alert: slow }));
    } else {
        members.insert("usual_thresholds".to_owned(), json!(true));
    }
    service
}

fn camel(text: &str) -> String {
    let words = text.split(['-', '_']);
    words.map(|word| word.get(0..1).unwrap_or("").to_uppercase() + word.get(1..).unwrap_or("")).collect()
}
