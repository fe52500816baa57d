//! `bellwether stack`: the generated compose stack, set up, started, looked at and stopped.

mod docker;
mod needs;
mod status;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::output::{self, Colours};
use super::{COULD_NOT, FINDINGS, FINE, Failure, Outcome, Reading, publish};
use crate::artifacts::Artifacts;
use crate::backends::Selection;
use crate::backends::compose::File;
use crate::conventions::COMPOSE_FILE;
use crate::diagnostics::nearest;
use crate::{Compilation, lint};
use docker::Docker;

/// Set up, start, look at and stop the compose stack of a spec
#[derive(Debug, Args)]
pub(super) struct Stack {
    /// The spec
    #[arg(value_name = "SPEC")]
    spec: PathBuf,
    /// What is to be done
    #[arg(value_enum, value_name = "ACTION")]
    action: Action,
    /// Only this container
    #[arg(value_name = "CONTAINER")]
    container: Option<String>,
    /// Folder that has a folder for each platform
    #[arg(long, short, value_name = "DIR", default_value = "generated")]
    out: PathBuf,
    /// With setup: write .env from .env.example if there is none yet
    #[arg(long)]
    write_env: bool,
    /// With logs: go on with what comes
    #[arg(long, short)]
    follow: bool,
    #[command(flatten)]
    colours: Colours,
    #[command(flatten)]
    reading: Reading,
}

/// What can be done with a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Action {
    /// Build the files, check that everything they need is there, make the networks that they join
    Setup,
    /// Start the containers
    Start,
    /// Stop the containers; what they keep stays
    Stop,
    /// Stop and start the containers again
    Restart,
    /// Show what the containers say
    Logs,
    /// Show which containers run, and whether they are well
    Status,
}

/// A spec's stack, ready to be worked with.
struct Ready<'a> {
    folder: &'a Path,
    file: &'a File,
    compilation: &'a Compilation,
    artifacts: Artifacts,
}

impl Stack {
    pub(super) fn run(self) -> Outcome {
        let options = self.reading.options(Selection::all());
        let mut compilation = self.reading.compile(&self.spec, &options);
        lint::run(&mut compilation);
        if compilation.diagnostics.has_errors() || self.action == Action::Setup {
            output::explain(&compilation.diagnostics, &compilation.sources, self.colours);
        }
        let artifacts = compilation.artifacts();
        let (Some(platform), Some(artifacts)) = (&compilation.model, artifacts) else { return Ok(COULD_NOT) };
        let folder = self.out.join(&platform.name.value);
        let Some(file) = &compilation.configs.compose.file else {
            let failure = Failure::new(format!("{} has no compose stack", self.spec.display()));
            return Err(failure.help("add `stack: {compose: {}}`"));
        };
        self.check_container(file)?;
        let ready = Ready { folder: &folder, file, compilation: &compilation, artifacts };
        if self.action == Action::Setup {
            return self.set_up(&ready);
        }
        if !folder.join(COMPOSE_FILE).is_file() {
            let failure = Failure::new(format!("{} is not there", folder.join(COMPOSE_FILE).display()));
            return Err(failure.help(format!("make it: bellwether stack {} setup", self.spec.display())));
        }
        let docker = Docker::find(&folder)?;
        let container = self.container.as_deref();
        match self.action {
            Action::Setup => Ok(FINE),
            Action::Start => self.start(&ready, &docker),
            Action::Stop => docker.compose(&["stop"], container),
            Action::Restart => docker.compose(&["restart"], container),
            Action::Logs if self.follow => docker.compose(&["logs", "--tail=100", "--follow"], container),
            Action::Logs => docker.compose(&["logs", "--tail=100"], container),
            Action::Status => status::show(&docker, file, container),
        }
    }

    fn check_container(&self, file: &File) -> Result<(), Failure> {
        let Some(name) = self.container.as_deref().filter(|name| !file.services.contains_key(*name)) else {
            return Ok(());
        };
        let known: Vec<&str> = file.services.keys().map(String::as_str).collect();
        let failure = Failure::new(format!("the stack runs no `{name}`"));
        Err(match nearest(name, known.iter().copied()) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help(format!("it runs {}", known.join(", "))),
        })
    }

    fn set_up(&self, ready: &Ready) -> Outcome {
        let published = publish::publish(ready.folder, &ready.artifacts, &Selection::all())?;
        output::say(&format!("{}: {published}\n", ready.folder.display()));
        if self.write_env {
            needs::write_env(ready.folder)?;
        }
        let code = needs::report(ready.folder, &ready.compilation.configs.compose)?;
        let docker = Docker::find(ready.folder)?;
        for (name, network) in &ready.file.networks {
            if network.external && docker.make_network(name)? {
                output::say(&format!("made the network {name}\n"));
            }
        }
        if code == FINE {
            output::say(&format!("ready; next: bellwether stack {} start\n", self.spec.display()));
        }
        Ok(code)
    }

    fn start(&self, ready: &Ready, docker: &Docker) -> Outcome {
        let on_disk = publish::read(ready.folder, &Selection::all())?;
        if !crate::diff::diff(&on_disk, &ready.artifacts).is_empty() {
            let setup = format!("bellwether stack {} setup", self.spec.display());
            output::say(&format!("{} is not what the spec compiles to now; run {setup}\n", ready.folder.display()));
        }
        if needs::report(ready.folder, &ready.compilation.configs.compose)? == FINDINGS {
            return Ok(FINDINGS);
        }
        docker.compose(&["up", "--detach"], self.container.as_deref())
    }
}
