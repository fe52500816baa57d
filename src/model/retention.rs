//! What is kept, resolved.

use super::{Secret, Setting};
use crate::quantity::{Duration, Quantity};
use crate::source::{Place, Spanned};

/// What is kept, and for how long.
#[derive(Debug, Clone, PartialEq)]
pub struct Retention {
    /// Time series on Prometheus' own disk.
    pub local: Spanned<Duration>,
    /// Variable that chooses another time where the stack is started.
    pub variable: Option<String>,
    /// At most this much disk, in bytes.
    pub size: Option<Spanned<Quantity>>,
    /// Time series in an object store.
    pub long_term: Option<LongTerm>,
    /// CloudWatch log groups.
    pub logs: Vec<LogGroup>,
    /// Traces.
    pub traces: Spanned<Duration>,
    /// How long Loki and Elasticsearch keep lines.
    pub log_store: Spanned<Duration>,
    /// Where log groups are exported to.
    pub archive: Option<ObjectStore>,
}

impl Retention {
    /// How far back a query can look at raw samples.
    pub fn reach(&self) -> Duration {
        self.long_term.as_ref().map_or(self.local.value, |long_term| long_term.raw.value.max(self.local.value))
    }
}

/// Long-term storage through Thanos.
#[derive(Debug, Clone, PartialEq)]
pub struct LongTerm {
    /// Raw samples.
    pub raw: Spanned<Duration>,
    /// 5-minute samples.
    pub downsampled_5m: Duration,
    /// 1-hour samples.
    pub downsampled_1h: Duration,
    /// Where.
    pub store: ObjectStore,
}

/// A bucket in S3.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectStore {
    /// The bucket.
    pub bucket: Setting,
    /// Its region.
    pub region: Option<Setting>,
    /// Host of the service; derived from the region if `None`.
    pub endpoint: Option<Setting>,
    /// Folder in the bucket.
    pub prefix: Option<String>,
    /// Access key; the machine's own role if `None`.
    pub access_key: Option<Secret>,
    /// Secret key.
    pub secret_key: Option<Secret>,
    /// Where it is declared.
    pub origin: Place,
}

/// A CloudWatch log group.
#[derive(Debug, Clone, PartialEq)]
pub struct LogGroup {
    /// Its name.
    pub name: Spanned<String>,
    /// What is in it.
    pub description: Option<String>,
    /// How long it is kept, in whole days.
    pub keep: Spanned<Duration>,
    /// Bytes a second that are expected in it.
    pub volume: Option<rust_decimal::Decimal>,
    /// Whether it is exported to the archive store.
    pub archive: bool,
}
