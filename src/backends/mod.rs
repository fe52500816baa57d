//! One folder a system. A backend turns the model into typed structs that mirror the system's own
//! configuration (`lower`), and those into files (`render`). It knows nothing of the spec's text.

pub mod alertmanager;
pub mod alloy;
pub mod azure;
pub mod blackbox;
mod clouds;
pub mod cloudwatch;
pub mod compose;
pub mod contract;
pub mod docs;
pub mod elastic;
pub mod environment;
pub mod google;
pub mod grafana;
pub mod jaeger;
pub mod kubernetes;
mod lines;
pub mod loki;
pub mod otel;
pub mod prometheus;
pub mod promtail;
pub mod rules;
#[cfg(test)]
pub(crate) mod samples;
mod selection;
pub mod thanos;

pub use clouds::CODES as CLOUD_CODES;
pub use selection::{Registered, Selection};

use std::sync::Arc;

use crate::artifacts::Artifacts;
use crate::diagnostics::Diagnostics;
use crate::model::Platform;

/// One output system.
pub trait Backend {
    /// The system's own configuration, as typed structs.
    type Config: std::fmt::Debug + Default;
    /// Name, for `--only` and docs.
    const NAME: &'static str;
    /// What it writes, in a line.
    const SUMMARY: &'static str;
    /// Where it writes, relative to the platform's folder: folders end in `/`, anything else is one file. No two
    /// backends own the same file.
    const OWNS: &'static [&'static str];
    /// Whether lints look at its configuration: then it is lowered even if nobody asks for its files.
    const LINTED: bool = false;
    /// From the model to the system's configuration. What cannot be expressed there is a diagnostic. A configuration
    /// may keep the model and lower parts of it only when they are asked for.
    fn lower(platform: &Arc<Platform>, diagnostics: &mut Diagnostics) -> Self::Config;
    /// From the configuration to files. Writes nothing when the platform does not use the system.
    fn render(config: &Self::Config, artifacts: &mut Artifacts);
}

/// `backends! { name: Type, ... }` writes [`Configs`], with a field for each, and [`BACKENDS`].
macro_rules! backends {
    ($($name:ident: $backend:ty),* $(,)?) => {
        /// Every backend's configuration: what lints see, beside spec and model.
        #[derive(Debug, Default)]
        pub struct Configs {
            $( #[doc = concat!("Configuration of the ", stringify!($name), " backend.")] pub $name: <$backend as Backend>::Config ),*
        }

        impl Configs {
            /// Lowers the model for the selected backends.
            pub fn lower(platform: &Arc<Platform>, selection: &Selection, diagnostics: &mut Diagnostics) -> Self {
                let mut configs = Self::default();
                $(
                    if selection.has(<$backend as Backend>::NAME) || <$backend as Backend>::LINTED {
                        configs.$name = <$backend as Backend>::lower(platform, diagnostics);
                    }
                )*
                configs
            }

            /// Every backend's files, by the backend's name.
            pub fn render_each(&self) -> Vec<(&'static str, Artifacts)> {
                vec![$( {
                    let mut artifacts = Artifacts::new();
                    <$backend as Backend>::render(&self.$name, &mut artifacts);
                    (<$backend as Backend>::NAME, artifacts)
                } ),*]
            }

            /// All files of the selected backends.
            pub fn render(&self, selection: &Selection) -> Artifacts {
                let mut artifacts = Artifacts::new();
                $(
                    if selection.has(<$backend as Backend>::NAME) {
                        <$backend as Backend>::render(&self.$name, &mut artifacts);
                    }
                )*
                artifacts
            }
        }

        /// Every backend.
        pub static BACKENDS: &[Registered] = &[$( Registered {
            name: <$backend as Backend>::NAME,
            summary: <$backend as Backend>::SUMMARY,
            owns: <$backend as Backend>::OWNS,
        } ),*];
    };
}

backends! {
    prometheus: prometheus::Prometheus,
    rules: rules::Rules,
    rule_tests: rules::RuleTests,
    blackbox: blackbox::Blackbox,
    alertmanager: alertmanager::Alertmanager,
    grafana: grafana::Grafana,
    cloudwatch: cloudwatch::CloudWatch,
    google: google::Google,
    azure: azure::Azure,
    thanos: thanos::Thanos,
    kubernetes: kubernetes::Kubernetes,
    jaeger: jaeger::Jaeger,
    otel: otel::Otel,
    environment: environment::Environment,
    contract: contract::Contract,
    docs: docs::Docs,
    loki: loki::Loki,
    alloy: alloy::Alloy,
    promtail: promtail::Promtail,
    elastic: elastic::Elastic,
    compose: compose::Compose,
}
