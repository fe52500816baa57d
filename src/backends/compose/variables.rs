//! The variables that a stack asks for, and the example of a file that sets them.

use super::config::Variable;
use crate::conventions::BANNER;

/// Variables in the order they were first asked for; one asked for twice says both purposes.
#[derive(Debug, Default)]
pub(super) struct Variables {
    list: Vec<Variable>,
}

impl Variables {
    /// Notes that a variable is needed.
    pub(super) fn need(&mut self, name: &str, purpose: &str, secret: bool) {
        match self.list.iter_mut().find(|variable| variable.name == name) {
            Some(known) => {
                known.secret |= secret;
                if !known.purpose.split("; ").any(|part| part == purpose) {
                    known.purpose = format!("{}; {purpose}", known.purpose);
                }
            }
            None => {
                let (name, purpose) = (name.to_owned(), purpose.to_owned());
                self.list.push(Variable { name, purpose, secret, usual: None });
            }
        }
    }

    /// Notes a variable that may be set, with what it is otherwise.
    pub(super) fn offer(&mut self, name: &str, purpose: &str, usual: &str) {
        self.need(name, purpose, false);
        if let Some(known) = self.list.iter_mut().find(|variable| variable.name == name) {
            known.usual = Some(usual.to_owned());
        }
    }

    /// Settings first, then secrets.
    pub(super) fn into_list(self) -> Vec<Variable> {
        let (secrets, mut list): (Vec<_>, Vec<_>) = self.list.into_iter().partition(|variable| variable.secret);
        list.extend(secrets);
        list
    }
}

/// `.env.example`. Settings hold a word that must be changed; secrets hold nothing, so that no stack runs on a
/// password from an example.
pub(super) fn render(variables: &[Variable]) -> String {
    let mut text = format!("# {BANNER}\n# Copy it to .env, fill it in, and keep .env out of version control.\n");
    for variable in variables {
        // A comment that could be broken out of would set variables.
        let purpose = variable.purpose.replace(['\n', '\r'], " ");
        let usual = variable.usual.as_deref().unwrap_or("change-me");
        let value = if variable.secret { "" } else { usual };
        let kind = if variable.secret { "Secret: " } else { "" };
        text.push_str(&format!("\n# {kind}{purpose}\n{}={value}\n", variable.name));
    }
    text
}
