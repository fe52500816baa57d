//! Traces: how many are kept, what is taken out of them, what stores them, and what applications say of themselves.

use super::values::{Named, OneOrMany, Secret, Setting, VariableName};
use crate::decode::{record, words};
use crate::quantity::{Duration, Quantity};
use crate::source::Spanned;

record! {
    /// Traces of all applications: they speak OTLP, to the stack's OpenTelemetry collector if there is one, else to Jaeger.
    pub struct Traces "traces" {
        /// The share of traces that is kept (`10%`). All unless given.
        sample: Option<Spanned<Quantity>>,
        /// Who decides which traces are kept. The collector when `keep_errors` or `keep_slower_than` asks for it, else
        /// the application: what is not sampled then costs nothing. It is decided in one place only: two places
        /// that keep 10 % each keep 1 %.
        sampled_by: Option<Spanned<SampledBy>>,
        /// Whether every trace with an error in it is kept, whatever `sample` says. The collector sees to it. False unless given.
        keep_errors: Option<Spanned<bool>>,
        /// Every trace that took longer than this is kept, whatever `sample` says. The collector sees to it.
        keep_slower_than: Option<Spanned<Duration>>,
        /// How long the collector waits for the rest of a trace before it decides. 10s unless given.
        decide_after: Option<Spanned<Duration>>,
        /// Attributes of spans that the collector takes out: personal data, credentials.
        scrub: Option<Vec<Spanned<String>>>,
        /// Attributes of spans whose values the collector replaces by a hash: still countable, no longer readable.
        hash: Option<Vec<Spanned<String>>>,
        /// What applications speak. `http` unless given.
        protocol: Option<Spanned<OtlpProtocol>>,
        /// Where applications send traces, when neither Jaeger nor a collector is part of the stack.
        endpoint: Option<Setting>,
        /// Expected spans a second before sampling, for the estimate of costs.
        volume: Option<Spanned<Quantity>>,
    }
}

words! {
    /// Who decides which traces are kept.
    pub enum SampledBy "one who samples" {
        /// The first application of a trace; the others follow it.
        "application" => Application,
        /// The collector, when it has seen the whole trace.
        "collector" => Collector,
    }
}

words! {
    /// How traces travel.
    pub enum OtlpProtocol "a protocol of OTLP" {
        /// Protobuf over HTTP, port 4318.
        "http" => Http,
        /// gRPC, port 4317.
        "grpc" => Grpc,
    }
}

record! {
    /// Jaeger: stores traces and shows them. Version 2, which is an OpenTelemetry collector with a store; its limits,
    /// port and image are those of the component `jaeger` of the compose stack.
    pub struct JaegerStack "Jaeger's settings" {
        /// Where traces are kept. `badger` unless given.
        storage: Option<Spanned<TraceStorage>>,
        /// For `memory`: how many traces are held before the oldest goes. 100000 unless given.
        max_traces: Option<Spanned<u64>>,
        /// For `elasticsearch`: which one.
        elasticsearch: Option<TraceSearch>,
        /// Address people reach it at, for links.
        url: Option<Spanned<String>>,
    }
}

words! {
    /// Where traces are kept.
    pub enum TraceStorage "a storage of traces" {
        /// On Jaeger's own disk; `retention.traces` is kept to.
        "badger" => Badger,
        /// In memory, until a restart: for laptops and tests.
        "memory" => Memory,
        /// In Elasticsearch, an index a day.
        "elasticsearch" => Elasticsearch,
    }
}

record! {
    /// An Elasticsearch that keeps traces.
    pub struct TraceSearch "an Elasticsearch for traces" {
        /// Its address.
        url: Setting,
        /// User.
        username: Option<Setting>,
        /// The user's password.
        password: Option<Secret>,
        /// What its indices begin with. The platform's name unless given.
        index_prefix: Option<Spanned<String>>,
    }
}

record! {
    /// An OpenTelemetry collector between the applications and what stores their traces: it samples, scrubs and
    /// holds back what cannot be stored at the moment. Its limits, port and image are those of the component
    /// `otel-collector` of the compose stack.
    pub struct OtelCollectorStack "the OpenTelemetry collector's settings" {
        /// Where else traces go: addresses that speak OTLP over HTTP, beside Jaeger.
        forward_to: Option<OneOrMany<Setting>>,
        /// Whether rate, errors and duration of spans become metrics that Prometheus scrapes at port 8889; the pack
        /// `span-metrics` knows them. False unless given.
        span_metrics: Option<bool>,
        /// How long spans that nobody takes are tried again. 5m unless given.
        retry_for: Option<Spanned<Duration>>,
    }
}

record! {
    /// What a service's own program is told of itself, and what it is written in.
    pub struct Application "an application" {
        /// What it is written in: the module of the instrumentation contract is in this language.
        language: Option<Spanned<Language>>,
        /// From which level on it logs. `info` unless given.
        log_level: Option<Spanned<LogLevel>>,
        /// Which copy of it this is. The platform's environment unless given.
        environment: Option<Spanned<String>>,
        /// Which version of it runs.
        release: Option<Setting>,
        /// Sentry, for errors.
        sentry: Option<Sentry>,
        /// More environment variables.
        #[schemars(default)]
        variables: Named<VariableName, Setting>,
    }
}

words! {
    /// What an application is written in.
    pub enum Language "a language" {
        /// Python.
        "python" => Python,
        /// JavaScript or TypeScript on Node.
        "node" => Node,
        /// Java, Kotlin, Scala.
        "java" => Java,
        /// Go.
        "go" => Go,
        /// C#, F#.
        "dotnet" => Dotnet,
        /// Rust.
        "rust" => Rust,
        /// Ruby.
        "ruby" => Ruby,
        /// PHP.
        "php" => Php,
    }
}

words! {
    /// How much an application logs.
    pub enum LogLevel "a log level" {
        /// Everything.
        "debug" => Debug,
        /// What happens.
        "info" => Info,
        /// What is odd.
        "warning" => Warning,
        /// What went wrong.
        "error" => Error,
    }
}

record! {
    /// Sentry, for errors.
    pub struct Sentry "Sentry" {
        /// Where its address with the key in it (the DSN) is to be found.
        dsn: Secret,
        /// The share of requests that Sentry traces by itself. None unless given: traces go to OpenTelemetry.
        traces_sample_rate: Option<Spanned<Quantity>>,
        /// The share of errors that are sent. All unless given.
        sample_rate: Option<Spanned<Quantity>>,
        /// How long Sentry keeps what it is sent: what was agreed there, for people.
        retention: Option<Spanned<Duration>>,
    }
}
