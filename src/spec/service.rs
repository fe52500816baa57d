//! Services: what is watched, how it is reached, what it promises.

use std::borrow::Cow;

use super::metric::Metric;
use super::signal::Signal;
use super::slos::Slos;
use super::threshold::Threshold;
use super::values::{LabelName, MetricName, Name, Named, OneOrMany, Secret, Setting, VariableName, Written};
use super::workload::Workload;
use crate::decode::{Decode, Decoder, record};
use crate::quantity::Duration;
use crate::source::{Node, Spanned, Value};

record! {
    /// One thing that is watched.
    pub struct Service "a service" {
        /// What people call it.
        title: Option<String>,
        /// What it does, in a sentence.
        description: Option<String>,
        /// Technologies it is made of: names, or names with parameters (`aws-rds: {instance: ims-db}`).
        /// A signal that two packs know is measured as the first of them says.
        packs: Option<PackUses>,
        /// How Prometheus reaches its metrics, when it exposes them itself.
        scrape: Option<Scrape>,
        /// The exporter that speaks for it, when a pack has one.
        exporter: Option<Exporter>,
        /// Addresses that the blackbox exporter calls to see whether it answers: paths of the service, or whole URLs.
        probe: Option<OneOrMany<Probe>>,
        /// How it runs on Kubernetes.
        workload: Option<Workload>,
        /// What its own program is told of itself: traces, errors, logs.
        application: Option<super::traces::Application>,
        /// Labels on all its series and alerts.
        #[schemars(default)]
        labels: Named<LabelName, String>,
        /// Metrics it exposes, beside those of its packs.
        #[schemars(default)]
        metrics: Named<MetricName, Metric>,
        /// Signals of its own, beside those of its packs; one of the same name replaces the pack's.
        #[schemars(default)]
        signals: Named<Name, Signal>,
        /// What it promises.
        #[schemars(default)]
        slos: Slos,
        /// What raises an alert, by the alert's name.
        #[schemars(default)]
        thresholds: Named<Name, Threshold>,
        /// Whether the usual thresholds of its packs are taken over. False unless given.
        usual_thresholds: Option<bool>,
    }
}

/// A pack's parameters and their values.
pub type Parameters = Named<Name, Spanned<Setting>>;

/// Packs of a service: names, or a map of names to parameters.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PackUses {
    /// Name, and parameters.
    pub entries: Vec<(Spanned<Name>, Parameters)>,
}

impl Decode for PackUses {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        match node.value {
            Value::List(_) => {
                let names: Vec<Spanned<Name>> = Vec::decode(node, decoder)?;
                Some(Self { entries: names.into_iter().map(|name| (name, Named::default())).collect() })
            }
            _ => {
                let uses: Named<Name, Option<Parameters>> = Named::decode(node, decoder)?;
                let entries = uses.entries.into_iter().map(|(name, given)| (name, given.unwrap_or_default())).collect();
                Some(Self { entries })
            }
        }
    }
}

impl schemars::JsonSchema for PackUses {
    fn schema_name() -> Cow<'static, str> {
        "PackUses".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let name = generator.subschema_for::<Name>();
        let parameters = generator.subschema_for::<Named<Name, Setting>>();
        schemars::json_schema!({
            "oneOf": [
                { "type": "array", "items": name },
                { "type": "object", "propertyNames": name, "additionalProperties": { "anyOf": [parameters, { "type": "null" }] } }
            ]
        })
    }
}

record! {
    /// How Prometheus reaches a service's metrics.
    pub struct Scrape "a scrape" {
        /// The port.
        port: Option<Spanned<u16>>,
        /// The path. `/metrics` unless given.
        path: Option<Spanned<String>>,
        /// How often. The platform's interval unless given.
        interval: Option<Spanned<Duration>>,
        /// How long one scrape may take. 10s, or the interval if that is shorter, unless given.
        timeout: Option<Spanned<Duration>>,
        /// `http` or `https`. `http` unless given.
        scheme: Option<Spanned<String>>,
        /// The job's name. The service's name unless given.
        job: Option<Spanned<Name>>,
        /// Addresses `host:port`. The service's name with the port unless given.
        targets: Option<Vec<Spanned<String>>>,
        /// How targets are found where they come and go, instead of `targets`.
        discover: Option<Spanned<Discovery>>,
        /// Series that are thrown away as they come, by selector: `rate_limit_rejections_total{identifier!=""}`.
        drop: Option<Vec<Written>>,
        /// Most samples that one scrape may bring.
        sample_limit: Option<Spanned<u64>>,
    }
}

crate::decode::words! {
    /// How targets are found.
    pub enum Discovery "a discovery" {
        /// Pods of the service's `workload` that carry the annotation `prometheus.io/scrape: "true"`. The annotations
        /// `prometheus.io/port`, `prometheus.io/path` and `prometheus.io/scheme` go before what the spec says.
        "kubernetes" => Kubernetes,
    }
}

record! {
    /// The exporter that speaks for a service.
    pub struct Exporter "an exporter" {
        /// Addresses `host:port` of exporters that already run; without any, the compose stack runs one.
        targets: Option<Vec<Spanned<String>>>,
        /// How it is found where it comes and goes, one on every node for example, instead of `targets`: by its label
        /// `app`, which is the exporter's name, and the same annotations as for a service.
        discover: Option<Spanned<Discovery>>,
        /// How often it is scraped. The platform's interval unless given.
        interval: Option<Spanned<Duration>>,
        /// The job's name; the service's name unless given.
        job: Option<Spanned<Name>>,
        /// Environment variables of the exporter.
        #[schemars(default)]
        environment: Named<VariableName, Setting>,
        /// Secrets of the exporter, by the variable that takes the file's path.
        #[schemars(default)]
        secrets: Named<VariableName, Secret>,
        /// More command-line arguments.
        arguments: Option<Vec<String>>,
    }
}

/// An address to probe: a path or URL, or a map that says more.
#[derive(Debug, Clone, PartialEq, schemars::JsonSchema)]
#[schemars(untagged)]
pub enum Probe {
    /// A path of the service, or a whole URL.
    Short(Spanned<String>),
    /// More.
    Long(ProbeDetail),
}

impl Decode for Probe {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        match node.value {
            Value::Map(_) => ProbeDetail::decode(node, decoder).map(Self::Long),
            _ => Spanned::decode(node, decoder).map(Self::Short),
        }
    }
}

record! {
    /// An address to probe.
    pub struct ProbeDetail "a probe" {
        /// A path of the service, a URL, or `host:port` for tcp.
        target: Spanned<String>,
        /// `http`, `tcp` or `icmp`. `http` unless given.
        kind: Option<Spanned<ProbeKind>>,
        /// How often. The platform's interval unless given.
        interval: Option<Spanned<Duration>>,
        /// How long one probe may take. 5s unless given.
        timeout: Option<Spanned<Duration>>,
        /// HTTP status codes that are good. Any 2xx unless given.
        status: Option<Vec<Spanned<u64>>>,
        /// Text that the answer must contain (a regular expression).
        body: Option<Spanned<String>>,
    }
}

crate::decode::words! {
    /// How an address is probed.
    pub enum ProbeKind "a kind of probe" {
        /// An HTTP GET.
        "http" => Http,
        /// A TCP connection.
        "tcp" => Tcp,
        /// A ping.
        "icmp" => Icmp,
    }
}
