//! What a stack needs from whoever starts it: variables, secrets and files.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::{FINDINGS, FINE, Failure, Outcome, output};
use crate::backends::compose::{Config, Secret};
use crate::conventions::ENVIRONMENT_EXAMPLE;

/// What `.env.example` says where a value belongs.
const UNSET: &str = "change-me";

/// The file that compose reads variables from.
const ENVIRONMENT: &str = ".env";

/// Says everything that is missing, at once.
pub(super) fn report(folder: &Path, compose: &Config) -> Outcome {
    let written = written(folder)?;
    let is_set = |name: &str| {
        let value = std::env::var(name).ok().or_else(|| written.get(name).cloned());
        value.is_some_and(|value| !value.is_empty() && value != UNSET)
    };
    let variables = compose.variables.iter().filter(|variable| variable.usual.is_none() && !is_set(&variable.name));
    let mut missing: Vec<(String, String)> =
        variables.map(|variable| (variable.name.clone(), variable.purpose.clone())).collect();
    let secrets = compose.file.iter().flat_map(|file| &file.secrets);
    for (name, secret) in secrets {
        let Secret::File(path) = secret else { continue };
        // Compose reads a doubled `$` as one.
        let path = folder.join(path.as_str().replace("$$", "$"));
        if !path.is_file() {
            missing.push((path.display().to_string(), format!("file of the secret {name}")));
        }
    }
    if missing.is_empty() {
        return Ok(FINE);
    }
    let width = missing.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let lines: String = missing.iter().map(|(name, purpose)| format!("  {name:width$}  {purpose}\n")).collect();
    let place = folder.join(ENVIRONMENT);
    output::say(&format!("missing, in the environment or in {}:\n{lines}", place.display()));
    Ok(FINDINGS)
}

/// Writes `.env` from its example, for its owner's eyes only; one that is there stays.
pub(super) fn write_env(folder: &Path) -> Result<(), Failure> {
    let (example, place) = (folder.join(ENVIRONMENT_EXAMPLE), folder.join(ENVIRONMENT));
    let text = std::fs::read_to_string(&example).map_err(|error| Failure::io("read", &example, &error))?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(&place) {
        Ok(mut file) => {
            std::io::Write::write_all(&mut file, text.as_bytes())
                .map_err(|error| Failure::io("write", &place, &error))?;
            output::say(&format!("wrote {}; fill it in\n", place.display()));
            Ok(())
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(Failure::io("write", &place, &error)),
    }
}

/// Variables that `.env` sets.
fn written(folder: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let place = folder.join(ENVIRONMENT);
    let text = match std::fs::read_to_string(&place) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(Failure::io("read", &place, &error)),
    };
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let pairs = lines.filter_map(|line| line.trim_start_matches("export ").split_once('='));
    Ok(pairs.map(|(name, value)| (name.trim().to_owned(), unquoted(value.trim()).to_owned())).collect())
}

fn unquoted(value: &str) -> &str {
    let inside = |quote: char| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inside('"').or_else(|| inside('\'')).unwrap_or(value)
}
