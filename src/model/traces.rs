//! Traces and the applications that send them, resolved.

use rust_decimal::Decimal;

use super::{Secret, Setting};
use crate::quantity::Duration;
use crate::source::{Place, Spanned};
pub use crate::spec::traces::{Language, LogLevel, OtlpProtocol, SampledBy};

/// How traces are taken, and where they go first.
#[derive(Debug, Clone, PartialEq)]
pub struct Traces {
    /// The share that is kept, 0 to 1.
    pub sample: Decimal,
    /// Who decides.
    pub sampled_by: SampledBy,
    /// Whether every trace with an error is kept.
    pub keep_errors: bool,
    /// Every trace longer than this is kept.
    pub keep_slower_than: Option<Duration>,
    /// How long the collector waits for the rest of a trace.
    pub decide_after: Duration,
    /// Attributes that are taken out.
    pub scrub: Vec<String>,
    /// Attributes that are hashed.
    pub hash: Vec<String>,
    /// What applications speak.
    pub protocol: OtlpProtocol,
    /// Where applications send them.
    pub endpoint: Setting,
    /// Expected spans a second before sampling.
    pub volume: Option<Decimal>,
    /// Where they are declared.
    pub origin: Place,
}

impl Traces {
    /// Whether the collector must see a whole trace before it decides.
    pub fn needs_whole_traces(&self) -> bool {
        self.keep_errors || self.keep_slower_than.is_some()
    }
}

/// Jaeger.
#[derive(Debug, Clone, PartialEq)]
pub struct Jaeger {
    /// Where traces are kept.
    pub storage: TraceStorage,
    /// Address people reach it at.
    pub url: Option<String>,
    /// Where it is declared.
    pub origin: Place,
}

/// Where traces are kept.
#[derive(Debug, Clone, PartialEq)]
pub enum TraceStorage {
    /// On Jaeger's own disk.
    Badger,
    /// In memory: so many traces.
    Memory(u64),
    /// In Elasticsearch.
    Elasticsearch {
        /// Its address.
        url: Setting,
        /// User.
        username: Option<Setting>,
        /// The user's password.
        password: Option<Secret>,
        /// What its indices begin with.
        index_prefix: String,
    },
}

/// An OpenTelemetry collector.
#[derive(Debug, Clone, PartialEq)]
pub struct OtelCollector {
    /// Where else traces go.
    pub forward_to: Vec<Setting>,
    /// Whether spans become metrics.
    pub span_metrics: bool,
    /// How long spans that nobody takes are tried again.
    pub retry_for: Duration,
    /// Where it is declared.
    pub origin: Place,
}

/// What a service's own program is told of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Application {
    /// What it is written in.
    pub language: Option<Spanned<Language>>,
    /// From which level on it logs.
    pub log_level: LogLevel,
    /// Which copy of it this is.
    pub environment: String,
    /// Which version of it runs.
    pub release: Option<Setting>,
    /// Sentry.
    pub sentry: Option<Sentry>,
    /// More variables.
    pub variables: Vec<(Spanned<String>, Setting)>,
    /// Where it is declared.
    pub origin: Place,
}

/// Sentry, for errors.
#[derive(Debug, Clone, PartialEq)]
pub struct Sentry {
    /// Where its address is to be found.
    pub dsn: Secret,
    /// The share of requests that it traces by itself, 0 to 1.
    pub traces_sample_rate: Option<Decimal>,
    /// The share of errors that are sent, 0 to 1.
    pub sample_rate: Option<Decimal>,
    /// How long it keeps what it is sent.
    pub retention: Option<Duration>,
}
