//! Text in which compose would read `$`: literal parts are escaped, variables are named.

use serde::{Serialize, Serializer};

use crate::model::Setting;

/// Text as compose reads it. The only way to a variable is to ask for one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text(String);

impl Text {
    /// Text that means itself.
    pub fn literal(text: &str) -> Self {
        Self(text.replace('$', "$$"))
    }

    /// A variable without which nothing starts.
    pub fn variable(name: &str) -> Self {
        Self(format!("${{{name}:?set it in .env}}"))
    }

    /// Text with a variable that is `usual` where nobody sets it.
    pub fn variable_or(before: &str, name: &str, usual: &str) -> Self {
        // Inside the braces a `$` and a `}` would be compose's own; what is usual is made by the compiler.
        Self(format!("{}${{{name}:-{usual}}}", before.replace('$', "$$")))
    }

    /// A setting: itself, or its variable.
    pub fn setting(setting: &Setting) -> Self {
        match setting {
            Setting::Literal(text) => Self::literal(text),
            Setting::Env(name) => Self::variable(name.as_str()),
        }
    }

    /// The variable that it is, if it is one.
    pub fn as_variable(&self) -> Option<&str> {
        Some(self.0.strip_prefix("${")?.split_once(":?")?.0)
    }

    /// What it means where nothing is filled in.
    pub fn literally(&self) -> String {
        self.0.replace("$$", "$")
    }

    /// As compose reads it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::literal(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::literal(&text)
    }
}
