//! Docker, as it is found on PATH.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::super::{COULD_NOT, FINE, Failure, Outcome};

/// A docker that answers, and the stack's folder.
#[derive(Debug)]
pub(super) struct Docker {
    folder: PathBuf,
}

impl Docker {
    /// Looks for docker, its compose plugin and its daemon, in this order.
    pub(super) fn find(folder: &Path) -> Result<Self, Failure> {
        let version = run(Command::new("docker").args(["compose", "version"]))?;
        if !version.status.success() {
            let failure = Failure::new(format!("docker has no compose plugin: {}", first_line(&version.stderr)));
            return Err(failure.help("install docker compose 2: https://docs.docker.com/compose/install/"));
        }
        let answer = run(Command::new("docker").args(["info", "--format", "{{.ServerVersion}}"]))?;
        if !answer.status.success() {
            let failure = Failure::new(format!("the docker daemon does not answer: {}", first_line(&answer.stderr)));
            return Err(failure.help("start it, or point DOCKER_HOST at one that runs"));
        }
        Ok(Self { folder: folder.to_owned() })
    }

    fn command(&self, arguments: &[&str], container: Option<&str>) -> Command {
        let mut command = Command::new("docker");
        command.args(["compose", "--project-directory"]).arg(&self.folder);
        command.args(arguments).args(container);
        command
    }

    /// Runs a command of compose; what it says goes where ours goes.
    pub(super) fn compose(&self, arguments: &[&str], container: Option<&str>) -> Outcome {
        let status = self.command(arguments, container).status();
        let status = status.map_err(|error| Failure::new(format!("cannot run docker: {error}")))?;
        Ok(if status.success() { FINE } else { COULD_NOT })
    }

    /// Runs a command of compose and gives what it printed.
    pub(super) fn asked(&self, arguments: &[&str]) -> Result<String, Failure> {
        let output = run(&mut self.command(arguments, None))?;
        if !output.status.success() {
            return Err(Failure::new(format!("docker compose failed: {}", first_line(&output.stderr))));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Makes a network unless it is there; whether it was made.
    pub(super) fn make_network(&self, name: &str) -> Result<bool, Failure> {
        if run(Command::new("docker").args(["network", "inspect", name]))?.status.success() {
            return Ok(false);
        }
        let made = run(Command::new("docker").args(["network", "create", name]))?;
        if !made.status.success() {
            return Err(Failure::new(format!("cannot make the network {name}: {}", first_line(&made.stderr))));
        }
        Ok(true)
    }
}

fn run(command: &mut Command) -> Result<Output, Failure> {
    command.output().map_err(|error| match error.kind() {
        ErrorKind::NotFound => Failure::new("docker is not installed, or not on PATH")
            .help("install it: https://docs.docker.com/engine/install/; the generated files need nothing else"),
        _ => Failure::new(format!("cannot run docker: {error}")),
    })
}

/// The first line that says something.
fn first_line(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("it did not say why").to_owned()
}
