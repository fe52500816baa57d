//! What each application is told of itself: a file of environment variables a service.

mod lower;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use indexmap::IndexMap;

use super::Backend;
use crate::artifacts::Artifacts;
use crate::conventions::{BANNER, ENVIRONMENT_FOLDER};
use crate::diagnostics::Diagnostics;
use crate::model::{Platform, Secret, Setting};
use crate::writers::dotenv;

/// Environments of applications.
#[derive(Debug)]
pub struct Environment;

/// The environment of each service that declares its application, by the service's name.
#[derive(Debug, Default)]
pub struct Config {
    /// Variables in the order of the file.
    pub services: IndexMap<String, Vec<Variable>>,
}

/// A variable.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Where its value comes from.
    pub value: Value,
}

/// Where a variable's value comes from. A secret is never here, only where it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A value, or another variable's.
    Setting(Setting),
    /// Some words around the value of another variable.
    Around {
        /// Before it.
        before: String,
        /// The variable.
        name: String,
    },
    /// A secret that whoever starts the application has in a variable.
    Secret(Secret),
}

impl Backend for Environment {
    type Config = Config;
    const NAME: &'static str = "environment";
    const SUMMARY: &'static str = "the environment of each application: OpenTelemetry, Sentry, log level";
    const OWNS: &'static [&'static str] = &["environment/"];

    fn lower(platform: &Arc<Platform>, _: &mut Diagnostics) -> Config {
        let services = platform.services.iter();
        let told =
            services.filter_map(|service| Some((service.name.value.clone(), lower::variables(platform, service)?)));
        Config { services: told.collect() }
    }

    fn render(config: &Config, artifacts: &mut Artifacts) {
        for (service, variables) in &config.services {
            let mut file = dotenv::File::new(&[
                BANNER,
                &format!("The environment of {service}: `env_file` in compose, a ConfigMap in Kubernetes."),
                "Names without a value, and ${NAME}, are taken from whoever starts it: secrets are never here.",
            ]);
            for variable in variables {
                match &variable.value {
                    Value::Setting(Setting::Literal(text)) => file.set(&variable.name, text),
                    Value::Setting(Setting::Env(name)) | Value::Secret(Secret::Env(name)) => {
                        file.take(&variable.name, "", name.as_str());
                    }
                    Value::Around { before, name } => file.take(&variable.name, before, name),
                    // Beside the variable, as its name with `_FILE`: the application reads the file.
                    Value::Secret(secret @ Secret::File(_)) => {
                        file.set(&format!("{}_FILE", variable.name), &crate::conventions::secret_path(secret));
                    }
                }
            }
            artifacts.add(format!("{ENVIRONMENT_FOLDER}/{service}.env"), file.finish());
        }
    }
}
