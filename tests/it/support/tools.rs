//! Finding the real tools and running them; what is missing is said, or fails where it is required.

use super::root;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A real tool in one version.
#[derive(Clone, Debug)]
pub(crate) struct Tool {
    /// `newest`, `older` or `system`.
    pub(crate) set: &'static str,
    pub(crate) path: PathBuf,
}

impl Tool {
    /// The tool, not yet run, without the environment's leftovers that change what it does.
    pub(crate) fn command(&self) -> Command {
        Command::new(&self.path)
    }
}

/// Whether a missing tool is a failure (`BELLWETHER_REQUIRE_ORACLES=1`).
pub(crate) fn required() -> bool {
    std::env::var("BELLWETHER_REQUIRE_ORACLES").is_ok_and(|value| value == "1")
}

/// Says that a test shows nothing here, or fails where oracles are required.
pub(crate) fn skip(what: &str) {
    assert!(!required(), "{what} is required here; run ./test, which installs it");
    // The macros that print are silenced in a test that passes; this stream is not.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {what} is missing; run ./test, which installs it");
}

/// The tool in every version that `./test` installed, newest first; without any, the one on PATH.
/// Empty means that it was skipped, loudly.
pub(crate) fn versions(name: &str) -> Vec<Tool> {
    let mut found = Vec::new();
    for set in ["newest", "older"] {
        let path = root().join(".oracles").join(set).join("bin").join(name);
        if path.is_file() {
            found.push(Tool { set, path });
        } else if required() {
            skip(&format!("{name} ({set})"));
        }
    }
    if found.is_empty() {
        match on_path(name) {
            Some(path) => found.push(Tool { set: "system", path }),
            None => skip(name),
        }
    }
    found
}

/// Whether a tool is at hand: `terraform`, `python`, or one that has versions.
pub(crate) fn have(name: &str) -> bool {
    match name {
        "terraform" => terraform().is_some(),
        "python" => python().is_some(),
        name => !versions(name).is_empty(),
    }
}

/// The newest version of the tool.
pub(crate) fn newest(name: &str) -> Option<Tool> {
    versions(name).into_iter().next()
}

/// A tool that only PATH has.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|candidate| candidate.is_file())
}

/// Python with the packages of `tests/oracles/requirements.txt`.
pub(crate) fn python() -> Option<PathBuf> {
    let path = root().join(".oracles/python/bin/python");
    let found = root().join(".oracles/python/recipe").is_file().then_some(path);
    if found.is_none() {
        skip("Python with the packages of the oracles");
    }
    found
}

/// Terraform, quiet about the machine it runs on.
pub(crate) fn terraform() -> Option<Tool> {
    let found = on_path("terraform").map(|path| Tool { set: "system", path });
    if found.is_none() {
        skip("terraform");
    }
    found
}

/// A Terraform command in a folder.
pub(crate) fn terraform_command(tool: &Tool, folder: &Path) -> Command {
    let mut command = tool.command();
    // An absent file of settings is a warning on every run; an empty one is none.
    command.env("TF_CLI_CONFIG_FILE", if cfg!(windows) { "NUL" } else { "/dev/null" });
    command.env("CHECKPOINT_DISABLE", "1").env("TF_IN_AUTOMATION", "1").current_dir(folder);
    command
}

/// Runs a command; what it printed is the error where it fails.
pub(crate) fn run(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    let text = printed(&output);
    if output.status.success() { Ok(text) } else { Err(format!("{command:?}\n{}\n{text}", output.status)) }
}

fn printed(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
