//! Words meant for people, with `{{ }}` in them, filled in by MiniJinja. Never a configuration file.

use minijinja::{Environment, UndefinedBehavior};

/// Why words cannot be filled in, and the bytes at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// What is wrong.
    pub message: String,
    /// Where in the words, if that is known.
    pub range: Option<std::ops::Range<usize>>,
}

/// Fills `{{ name }}` with the values given.
///
/// # Errors
/// When the words are no template, or name a value that is not there.
pub fn fill(words: &str, values: &[(&str, &str)]) -> Result<String, TemplateError> {
    if !words.contains("{{") && !words.contains("{%") {
        return Ok(words.to_owned());
    }
    let words = words.to_owned();
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // A runbook's address needs no loop: what takes longer than this is a mistake or an attack.
    environment.set_fuel(Some(10_000));
    let context: std::collections::BTreeMap<&str, String> =
        values.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    environment
        .render_str(&words, context)
        .map_err(|error| TemplateError { message: describe(&error), range: error.range() })
}

/// `backend-api` as `BackendApi`: names of alerts that the compiler makes up.
pub fn camel(name: &str) -> String {
    let words = name.split(['-', '_']);
    words.map(|word| word.get(0..1).unwrap_or("").to_uppercase() + word.get(1..).unwrap_or("")).collect()
}

fn describe(error: &minijinja::Error) -> String {
    match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    }
}
