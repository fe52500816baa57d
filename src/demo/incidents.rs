//! What can go wrong: each alert's condition, each SLO's events, each target.

use indexmap::IndexMap;

use crate::backends::rules::{Behaviour, Showing, burning, showing};
use crate::model::{Evaluator, Platform};

/// Something that can go wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Incident {
    /// The service that it happens to.
    pub service: String,
    /// What is seen of it.
    pub shown: Shown,
}

/// What is seen of an incident.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    /// Series, by job.
    Series(Vec<(String, Behaviour)>),
    /// Metrics that are gone.
    Gone(Vec<String>),
    /// The target of this job does not answer.
    Down(String),
    /// Nothing, and why.
    Never(&'static str),
}

/// Every incident by its name.
pub(super) fn incidents(platform: &Platform) -> IndexMap<String, Incident> {
    let mut incidents = IndexMap::new();
    for service in &platform.services {
        let mut add = |name: String, shown: Shown| {
            incidents.insert(name, Incident { service: service.name.value.clone(), shown });
        };
        for threshold in service.thresholds.iter().filter(|one| one.on.contains(&Evaluator::Prometheus)) {
            let name = format!("{}/{}", service.name.value, threshold.name.value);
            add(name, shown(showing(service, threshold)));
        }
        for slo in &service.slos {
            add(format!("slo/{}", slo.id()), shown(burning(service, slo)));
        }
        for job in &service.jobs {
            add(format!("down/{}", job.name.value), Shown::Down(job.name.value.clone()));
        }
    }
    incidents
}

fn shown(showing: Result<Showing, &'static str>) -> Shown {
    match showing {
        Ok(Showing::Series(series)) => {
            let series: Vec<(String, Behaviour)> = series.into_iter().filter_map(by_job).collect();
            // `up` is Prometheus' own word for what it could not reach.
            let unreached = series.iter().find(|(_, behaviour)| behaviour.metric == "up");
            match unreached {
                Some((job, _)) => Shown::Down(job.clone()),
                None => Shown::Series(series),
            }
        }
        Ok(Showing::Nothing(metrics)) => Shown::Gone(metrics),
        Err(reason) => Shown::Never(reason),
    }
}

/// The job that a series comes from, and the series without what scraping adds.
pub(super) fn by_job(mut behaviour: Behaviour) -> Option<(String, Behaviour)> {
    let job = behaviour.labels.shift_remove("job")?;
    behaviour.labels.shift_remove("instance");
    Some((job, behaviour))
}
