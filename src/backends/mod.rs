//! One folder a system. A backend turns the model into typed structs that mirror the system's own
//! configuration (`lower`), and those into files (`render`). It knows nothing of the spec's text.

pub mod alertmanager;
pub mod blackbox;
pub mod cloudwatch;
pub mod compose;
pub mod grafana;
pub mod prometheus;
pub mod rules;
#[cfg(test)]
pub(crate) mod samples;
pub mod thanos;

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
    /// From the model to the system's configuration. What cannot be expressed there is a diagnostic.
    fn lower(platform: &Platform, diagnostics: &mut Diagnostics) -> Self::Config;
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
            /// Lowers the model for every backend.
            pub fn lower(platform: &Platform, diagnostics: &mut Diagnostics) -> Self {
                Self { $( $name: <$backend as Backend>::lower(platform, diagnostics) ),* }
            }

            /// Every backend's files, by the backend's name.
            pub fn render_each(&self) -> Vec<(&'static str, Artifacts)> {
                vec![$( {
                    let mut artifacts = Artifacts::new();
                    <$backend as Backend>::render(&self.$name, &mut artifacts);
                    (<$backend as Backend>::NAME, artifacts)
                } ),*]
            }

            /// All files of all backends.
            pub fn render(&self) -> Artifacts {
                let mut artifacts = Artifacts::new();
                $( <$backend as Backend>::render(&self.$name, &mut artifacts); )*
                artifacts
            }
        }

        /// Name and summary of every backend.
        pub static BACKENDS: &[(&str, &str)] =
            &[$( (<$backend as Backend>::NAME, <$backend as Backend>::SUMMARY) ),*];
    };
}

backends! {
    prometheus: prometheus::Prometheus,
    rules: rules::Rules,
    blackbox: blackbox::Blackbox,
    alertmanager: alertmanager::Alertmanager,
    grafana: grafana::Grafana,
    cloudwatch: cloudwatch::CloudWatch,
    thanos: thanos::Thanos,
    compose: compose::Compose,
}
