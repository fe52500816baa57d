//! Facts about the series behind an SLO.

use super::meta::jobs;
use crate::model::{Platform, Service, Slo};
use crate::quantity::Duration;
use crate::signals::events::selectors;

/// The interval at which an SLO's series are scraped: that of the job that its selectors name.
pub(super) fn scrape_interval(platform: &Platform, service: &Service, slo: &Slo) -> Duration {
    let selectors = selectors(&slo.sli);
    let named = selectors.iter().flat_map(|selector| &selector.matchers).filter(|matcher| matcher.label == "job");
    let found = named.filter_map(|matcher| jobs(service).into_iter().find(|(job, _)| *job == matcher.value));
    found.map(|(_, interval)| interval).max().unwrap_or(platform.scrape_interval.value)
}
