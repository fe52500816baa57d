//! What is known of the world in which expressions are evaluated. What nobody says is unknown, and never guessed.

mod files;
mod platform;

use std::collections::BTreeMap;

use super::catalogue::{Catalogue, series};
use super::series::{job_of, type_of_series};
use crate::backends::rules;
use crate::model::{Metric, MetricType};
use crate::promql::ask::{SeriesUnit, Values};
use crate::promql::{MatchOp, Selector};
use crate::quantity::{Duration, Unit};
use crate::source::{Span, Spanned};

/// What is known of a series.
#[derive(Debug, Clone, Copy)]
pub(in crate::lint) enum Known<'a> {
    /// A service declares it, and its job is the one that is asked.
    Metric(&'a Metric),
    /// A service declares it, but another job brings it.
    Elsewhere(&'a Metric),
    /// Prometheus, a rule or a raw scrape configuration makes it, or nobody says: nothing more is known.
    MadeUp,
    /// Nothing makes it.
    Nowhere,
}

impl<'a> Known<'a> {
    /// The metric, if a service declares it.
    pub(in crate::lint) fn metric(self) -> Option<&'a Metric> {
        match self {
            Known::Metric(metric) => Some(metric),
            Known::Elsewhere(_) | Known::MadeUp | Known::Nowhere => None,
        }
    }
}

/// What is known of a scrape job.
#[derive(Debug, Clone)]
pub(in crate::lint) struct KnownJob {
    /// How often it is scraped, and where that is said.
    pub(in crate::lint) interval: Spanned<Duration>,
    /// Labels of its targets beside `job` and `instance`; none when discovery or relabelling may add any.
    pub(in crate::lint) labels: Option<Vec<String>>,
}

/// A bound and where it is said, if it is said anywhere.
#[derive(Debug, Clone, Copy)]
pub(in crate::lint) struct Said<T> {
    /// The bound.
    pub(in crate::lint) value: T,
    /// Where it stands.
    pub(in crate::lint) place: Option<Span>,
}

/// Who records series.
#[derive(Debug)]
pub(in crate::lint) enum Recorded<'a> {
    /// The rules that the platform compiles to, asked when a name is looked up.
    Compiled(&'a rules::Config),
    /// Rules as people wrote them: their names.
    Written(std::collections::BTreeSet<String>),
}

impl Recorded<'_> {
    fn has(&self, name: &str) -> bool {
        match self {
            Recorded::Compiled(rules) => rules.records(name),
            Recorded::Written(names) => names.contains(name),
        }
    }
}

/// What is known of the world in which expressions are evaluated.
#[derive(Debug)]
pub(in crate::lint) struct Facts<'a> {
    /// The series that are declared.
    pub(in crate::lint) catalogue: Catalogue<'a>,
    /// Whether every series there is is declared, or made by Prometheus or a rule: then others are nowhere.
    pub(in crate::lint) complete: bool,
    /// Whether it is known which job brings a metric.
    pub(in crate::lint) told_by_job: bool,
    /// Scrape jobs by name.
    pub(in crate::lint) jobs: BTreeMap<String, KnownJob>,
    /// Whether there are jobs beside those: their series may be anything.
    pub(in crate::lint) foreign_jobs: bool,
    /// Whether probes bring `probe_...`.
    pub(in crate::lint) probes: bool,
    /// How often a job is scraped that says nothing else.
    pub(in crate::lint) scrape_interval: Option<Spanned<Duration>>,
    /// How often rules are evaluated that say nothing else.
    pub(in crate::lint) evaluation_interval: Option<Said<Duration>>,
    /// How far back raw samples reach.
    pub(in crate::lint) retention: Option<Said<Duration>>,
    /// The version of Prometheus that everything must suit.
    pub(in crate::lint) version: Option<(u64, u64)>,
    /// Labels that Prometheus adds to what leaves it; none when nobody says.
    pub(in crate::lint) external_labels: Option<Vec<String>>,
    /// Who records series.
    pub(in crate::lint) recorded: Recorded<'a>,
}

impl<'a> Facts<'a> {
    /// Looks up what a selector reads; `MadeUp` when it names no metric.
    pub(in crate::lint) fn look_up(&self, selector: &Selector) -> Known<'a> {
        let Some(name) = selector.metric_name() else { return Known::MadeUp };
        let job = job_of(selector).filter(|_| self.told_by_job);
        if let Some(metric) = self.catalogue.metric(name, job) {
            return Known::Metric(metric);
        }
        if !self.complete || self.is_made_up(name) || job.is_some_and(|job| !self.jobs.contains_key(job)) {
            return Known::MadeUp;
        }
        if job.is_none() && self.foreign_jobs {
            return Known::MadeUp;
        }
        self.catalogue.metric(name, None).map_or(Known::Nowhere, Known::Elsewhere)
    }

    /// Every label that the selector's series can carry beside their name; none when that is not known.
    pub(in crate::lint) fn labels(&self, selector: &Selector) -> Option<Vec<String>> {
        let metric = self.look_up(selector).metric()?;
        let target = self.jobs.get(job_of(selector).unwrap_or(&metric.job))?.labels.as_ref()?;
        let own = metric.labels.as_ref()?.iter();
        let mut labels: Vec<String> = own.chain(target).cloned().collect();
        labels.extend(["job", "instance"].map(str::to_owned));
        let part = selector.metric_name().and_then(|name| name.strip_prefix(metric.name.as_str()));
        labels.extend((part == Some("_bucket")).then(|| "le".to_owned()));
        labels.extend((metric.r#type == MetricType::Summary && part == Some("")).then(|| "quantile".to_owned()));
        // A label that is selected by value is there, whatever was declared.
        let selected = selector.matchers.iter().filter(|matcher| matcher.op == MatchOp::Equal);
        labels.extend(selected.map(|matcher| matcher.label.to_string()));
        Some(labels)
    }

    /// The values that the selector's samples can have.
    pub(in crate::lint) fn values(&self, selector: &Selector) -> Values {
        let Some(name) = selector.metric_name() else { return Values::ANY };
        if matches!(name, "up" | "probe_success") {
            return Values::SHARE;
        }
        let Some(metric) = self.look_up(selector).metric() else { return Values::ANY };
        match (type_of_series(metric, name), metric.unit) {
            (MetricType::Counter, _) => Values::NEVER_NEGATIVE,
            (MetricType::Gauge, Some(Unit::Ratio)) => Values::SHARE,
            (MetricType::Gauge, Some(Unit::Bytes)) => Values::NEVER_NEGATIVE,
            _ => Values::ANY,
        }
    }

    /// The unit of the selector's samples.
    pub(in crate::lint) fn units(&self, selector: &Selector) -> SeriesUnit {
        let Some(name) = selector.metric_name() else { return SeriesUnit::default() };
        let Some(metric) = self.look_up(selector).metric() else { return SeriesUnit::default() };
        let is_part = |part: &str| name.strip_prefix(metric.name.as_str()) == Some(part);
        match metric.r#type {
            MetricType::Histogram | MetricType::Summary if is_part("_count") => {
                SeriesUnit { samples: Some(Unit::Count), observed: None }
            }
            MetricType::Histogram if is_part("_bucket") => {
                SeriesUnit { samples: Some(Unit::Count), observed: metric.unit }
            }
            MetricType::Histogram if is_part("") => SeriesUnit { samples: None, observed: metric.unit },
            _ => SeriesUnit { samples: metric.unit, observed: None },
        }
    }

    /// Names of the alerts that compiled rules raise.
    pub(in crate::lint) fn raised(&self) -> impl Iterator<Item = &str> {
        let compiled = match &self.recorded {
            Recorded::Compiled(rules) => Some(rules.raised()),
            Recorded::Written(_) => None,
        };
        compiled.into_iter().flatten()
    }

    /// How often the selector's series are scraped: as its job says, or as jobs do that say nothing.
    pub(in crate::lint) fn scraped_every(&self, selector: &Selector) -> Option<Spanned<Duration>> {
        let job = job_of(selector).and_then(|job| self.jobs.get(job));
        job.map(|job| job.interval).or(self.scrape_interval)
    }

    /// Every series name that the selector could have meant: those of its job, if it names one.
    pub(in crate::lint) fn names(&self, selector: &Selector) -> Vec<String> {
        let named = |job: Option<&str>| -> Vec<String> {
            let declared = self.catalogue.all().filter(|metric| job.is_none_or(|job| metric.job == job));
            declared.flat_map(series).map(std::borrow::Cow::into_owned).collect()
        };
        let names = named(job_of(selector));
        if names.is_empty() { named(None) } else { names }
    }

    /// Series that Prometheus adds, that the probes bring, and that rules record.
    fn is_made_up(&self, name: &str) -> bool {
        const BY_PROMETHEUS: [&str; 4] = ["up", "ALERTS", "ALERTS_FOR_STATE", "target_info"];
        BY_PROMETHEUS.contains(&name)
            || name.starts_with("scrape_")
            || (self.probes && name.starts_with("probe_"))
            || self.recorded.has(name)
    }
}
