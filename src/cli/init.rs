//! `bellwether init`: a first spec, by questions on a terminal or by flags.

use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;

use clap::Args;

use super::draft::{self, Draft};
use super::{FINE, Failure, Outcome, output};
use crate::packs::PACKS;
use crate::spec::pack::Pack;
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
    /// The value of a pack's parameter: db.instance=shop-db; read from the environment unless given
    #[arg(long = "parameter", value_name = "SERVICE.NAME=VALUE")]
    parameters: Vec<String>,
    /// Region of services in the cloud
    #[arg(long, value_name = "REGION", default_value = "us-east-1")]
    region: String,
    /// Where the spec is written, in YAML
    #[arg(long, short, value_name = "FILE", default_value = "bellwether.yaml")]
    out: PathBuf,
    /// Overwrite the file
    #[arg(long)]
    force: bool,
}

impl Init {
    pub(super) fn run(self) -> Outcome {
        if !self.out.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") {
            let failure = Failure::new(format!("{} would hold YAML under another ending", self.out.display()));
            return Err(failure.help("choose a file that ends in .yaml with --out"));
        }
        // A link that leads nowhere is somebody's file too.
        if self.out.symlink_metadata().is_ok() && !self.force {
            let failure = Failure::new(format!("{} is there already", self.out.display()));
            return Err(failure.help("choose another file with --out, or overwrite it with --force"));
        }
        let draft = self.draft()?;
        let text = yaml::write(
            &draft.spec(),
            &[
                "What this platform promises, and who is told when it breaks the promise.",
                "Compile it: bellwether build. Every key: bellwether schema, or docs/.",
            ],
        );
        std::fs::write(&self.out, text).map_err(|error| Failure::io("write", &self.out, &error))?;
        output::say(&format!("wrote {0}; next: bellwether build {0}\n", self.out.display()));
        Ok(FINE)
    }

    /// What flags say; on a terminal, the rest by questions.
    fn draft(&self) -> Result<Draft, Failure> {
        let asks = std::io::stdin().is_terminal() && self.platform.is_none();
        let platform = match &self.platform {
            Some(platform) => platform.clone(),
            None if asks => ask("What is the platform called?", "shop")?,
            None => return Err(Failure::new("what is the platform called?").help("give its name with --platform")),
        };
        let platform = name(&platform)?;
        let mut services = self.services.clone();
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
        let mut checked: Vec<(Name, Vec<Pack>)> = Vec::new();
        for text in &services {
            let (service, packs) = service(text)?;
            if checked.iter().any(|(known, _)| *known == service) {
                let failure = Failure::new(format!("the service `{service}` is given twice"));
                return Err(failure.help(format!("give its packs at once: --service {service}=http,process")));
            }
            checked.push((service, packs));
        }
        let parameters = self.parameters.iter().map(|text| parameter(text, &checked)).collect::<Result<_, _>>()?;
        Ok(Draft { platform, services: checked, parameters, region: self.region.clone() })
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
fn service(text: &str) -> Result<(Name, Vec<Pack>), Failure> {
    let (service, packs) = text.split_once('=').unwrap_or((text, "http"));
    let packs: Vec<&str> = packs.split(',').map(str::trim).filter(|pack| !pack.is_empty()).collect();
    if packs.is_empty() {
        let failure = Failure::new(format!("`{text}` names no pack"));
        return Err(failure.help(format!("name some after the `=`: {}=http,process", service.trim())));
    }
    let packs = packs.into_iter().map(draft::pack).collect::<Result<_, _>>()?;
    Ok((name(service.trim())?, packs))
}

/// `db.instance=shop-db`
fn parameter(text: &str, services: &[(Name, Vec<Pack>)]) -> Result<(String, String, String), Failure> {
    let parts = text.split_once('=').and_then(|(of, value)| of.split_once('.').map(|(of, name)| (of, name, value)));
    let Some((of, name, value)) = parts else {
        let failure = Failure::new(format!("`{text}` is no parameter"));
        return Err(failure.help("parameters are written SERVICE.NAME=VALUE: db.instance=shop-db"));
    };
    let packs = services.iter().filter(|(service, _)| service.as_str() == of).flat_map(|(_, packs)| packs);
    let declared: Vec<&str> = packs.flat_map(|pack| pack.parameters.iter().map(|(name, _)| name.as_str())).collect();
    if !declared.contains(&name) {
        let failure = Failure::new(format!("no pack of the service `{of}` has a parameter `{name}`"));
        let known = crate::diagnostics::listed(&declared);
        return Err(if declared.is_empty() { failure } else { failure.help(format!("it has {known}")) });
    }
    Ok((of.to_owned(), name.to_owned(), value.to_owned()))
}
