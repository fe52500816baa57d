//! What is kept, and for how long.

use super::values::{GroupName, Named, Secret, Setting, VariableName};
use crate::decode::{Decode, Decoder, choice, record};
use crate::quantity::{Duration, Quantity};
use crate::source::{Node, Spanned, Value};

record! {
    /// What is kept, and for how long.
    pub struct Retention "retention" {
        /// Time series.
        metrics: Option<MetricRetention>,
        /// CloudWatch log groups by name, each with how long it is kept.
        #[schemars(default)]
        logs: Named<GroupName, LogRetention>,
        /// Traces in Jaeger's store. 7d unless given.
        traces: Option<Spanned<Duration>>,
        /// How long Loki and Elasticsearch keep lines, at least a day. 30d unless given.
        log_store: Option<Spanned<Duration>>,
        /// Where log groups that say `archive: true` are exported to.
        archive: Option<ObjectStore>,
    }
}

record! {
    /// How long time series are kept.
    pub struct MetricRetention "the retention of metrics" {
        /// On Prometheus' own disk. 15d unless given.
        local: Option<Spanned<Duration>>,
        /// Variable that chooses another time for the local disk where the stack is started; `local` unless it is
        /// set. One that is shorter than an objective's window makes its budget wrong, and nothing can say so.
        variable: Option<VariableName>,
        /// At most this much disk (`50GB`), whichever comes first.
        size: Option<Spanned<Quantity>>,
        /// In an object store, through Thanos.
        long_term: Option<LongTerm>,
    }
}

record! {
    /// Long-term storage through Thanos: raw samples, then 5-minute and 1-hour samples.
    pub struct LongTerm "long-term storage" {
        /// How long raw samples are kept there. An objective's window must fit.
        r#for: Spanned<Duration>,
        /// How long 5-minute samples are kept; as long as raw ones unless given.
        downsampled_5m: Option<Spanned<Duration>>,
        /// How long 1-hour samples are kept; as long as 5-minute ones unless given.
        downsampled_1h: Option<Spanned<Duration>>,
        /// Where.
        store: ObjectStore,
    }
}

choice! {
    /// An object store.
    pub enum ObjectStore "an object store" {
        /// Amazon S3, or anything that speaks its language.
        "s3" => S3(S3Store),
    }
}

record! {
    /// A bucket in S3.
    pub struct S3Store "an S3 store" {
        /// The bucket.
        bucket: Setting,
        /// Its region; that of the `cloudwatch` stack unless given.
        region: Option<Setting>,
        /// Host of the service, for other providers than AWS; derived from the region unless given.
        endpoint: Option<Setting>,
        /// Folder in the bucket.
        prefix: Option<String>,
        /// Access key; without one the machine's own role is used.
        access_key: Option<Secret>,
        /// Secret key that goes with it.
        secret_key: Option<Secret>,
    }
}

/// How long a log group is kept: a duration, or a map that says more.
#[derive(Debug, Clone, PartialEq, schemars::JsonSchema)]
#[schemars(untagged)]
pub enum LogRetention {
    /// Only how long.
    Short(Spanned<Duration>),
    /// How long, and what becomes of it then.
    Long(LogRetentionDetail),
}

record! {
    /// How long a log group is kept, and what becomes of it.
    pub struct LogRetentionDetail "a log group's retention" {
        /// How long CloudWatch keeps it: one of the periods CloudWatch knows.
        r#for: Spanned<Duration>,
        /// What is in it, for people.
        description: Option<String>,
        /// Whether it is exported to the archive store.
        archive: Option<bool>,
        /// How much is written (`2GB/d`), for the estimate of costs.
        volume: Option<Spanned<Quantity>>,
    }
}

impl Decode for LogRetention {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        match node.value {
            Value::Map(_) => LogRetentionDetail::decode(node, decoder).map(Self::Long),
            _ => Spanned::decode(node, decoder).map(Self::Short),
        }
    }
}
