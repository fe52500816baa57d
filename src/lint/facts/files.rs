//! What is known of files that nobody compiled.

use super::{Facts, KnownJob, Recorded, Said};
use crate::lint::catalogue::Catalogue;
use crate::plain::{self, rules::Makes};
use crate::quantity::Duration;
use crate::source::Spanned;

impl<'a> Facts<'a> {
    /// Of files that nobody compiled: what they say, and what a team says besides.
    pub(in crate::lint) fn of_files(files: &'a plain::Files) -> Self {
        let said = files.known.facts.as_ref();
        let first = files.prometheus.first();
        let scrape_interval = first.and_then(|one| one.scrape_interval).or(said.and_then(|said| said.scrape_interval));
        let evaluated =
            first.and_then(|one| one.evaluation_interval).or(said.and_then(|said| said.evaluation_interval));
        let kept = first.and_then(|one| one.retention).or(said.and_then(|said| said.retention));
        let located = |written: Spanned<Duration>| Said { value: written.value, place: Some(written.span) };
        let jobs = files.prometheus.iter().flat_map(|one| &one.jobs).filter_map(|job| {
            let interval = job.interval.or(scrape_interval)?;
            Some((job.name.value.clone(), KnownJob { interval, labels: job.labels.clone() }))
        });
        let external = said
            .and_then(|said| said.external_labels.as_ref())
            .map(|labels| labels.iter().map(|label| label.to_string()));
        let external: Option<Vec<String>> = match first {
            Some(one) => Some(
                one.external_labels
                    .iter()
                    .map(|label| label.value.clone())
                    .chain(external.into_iter().flatten())
                    .collect(),
            ),
            None => external.map(Iterator::collect),
        };
        let names = files.groups.iter().flat_map(|group| &group.rules).filter_map(|rule| match &rule.makes {
            Makes::Series(name) => Some(name.value.clone()),
            Makes::Alert { .. } => None,
        });
        Self {
            catalogue: Catalogue::of(&files.known.metrics),
            complete: said.is_some_and(|said| said.complete == Some(true)),
            jobs: jobs.collect(),
            told_by_job: false,
            foreign_jobs: false,
            probes: true,
            scrape_interval,
            evaluation_interval: evaluated.map(located),
            retention: kept.map(located),
            version: said.and_then(|said| said.version.as_ref()).and_then(|version| plain::version(&version.value)),
            external_labels: external,
            recorded: Recorded::Written(names.collect()),
        }
    }
}
