//! Input variables: one for each `{env: NAME}` that a resource needs.

use indexmap::IndexMap;

use crate::backends::cloudwatch::names;
use crate::backends::cloudwatch::terraform::Variable;
use crate::model::{Secret, Setting};

/// Variables in the order of their first use.
#[derive(Debug, Default)]
pub(in crate::backends) struct Variables {
    found: IndexMap<String, Variable>,
}

impl Variables {
    /// Notes what a setting needs.
    pub(in crate::backends) fn setting(&mut self, setting: &Setting, what: &str) {
        if let Setting::Env(name) = setting {
            self.add(name.as_str(), what, false);
        }
    }

    /// Notes what a secret needs.
    pub(in crate::backends) fn secret(&mut self, secret: &Secret, what: &str) {
        if let Secret::Env(name) = secret {
            self.add(name.as_str(), what, true);
        }
    }

    fn add(&mut self, environment: &str, what: &str, sensitive: bool) {
        let name = names::variable(environment);
        let variable = self.found.entry(name.clone()).or_insert_with(|| Variable {
            name,
            description: format!("{environment}: {what}"),
            sensitive,
        });
        variable.sensitive |= sensitive;
    }

    /// All of them.
    pub(in crate::backends) fn into_list(self) -> Vec<Variable> {
        self.found.into_values().collect()
    }
}
