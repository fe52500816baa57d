//! A demonstration: the metrics that a platform's services declare, with traffic in them, and incidents on command.
//!
//! What series do comes from the shapes of signals, as in the generated tests of rules: an incident is the same
//! series that make the alert fire there. Nothing here knows a clock: whoever serves the pages says what time it is.

mod incidents;
mod page;
#[cfg(test)]
mod tests;

pub use incidents::{Incident, Shown};
pub use page::Page;

use indexmap::{IndexMap, IndexSet};

use crate::model::Platform;

/// All pages of a platform, and what goes wrong on them.
#[derive(Debug)]
pub struct World {
    pages: IndexMap<String, Page>,
    incidents: IndexMap<String, Incident>,
    active: IndexSet<String>,
}

impl World {
    /// A page for each scrape job of a platform, on which all is well.
    pub fn of(platform: &Platform) -> Self {
        let mut pages = page::pages(platform);
        let incidents = incidents::incidents(platform);
        for incident in incidents.values() {
            page::prepare(&mut pages, platform, incident);
        }
        Self { pages, incidents, active: IndexSet::new() }
    }

    /// The pages by job.
    pub fn pages(&self) -> impl Iterator<Item = (&str, &Page)> {
        self.pages.iter().map(|(job, page)| (job.as_str(), page))
    }

    /// What can go wrong, by name.
    pub fn incidents(&self) -> impl Iterator<Item = (&str, &Incident)> {
        self.incidents.iter().map(|(name, incident)| (name.as_str(), incident))
    }

    /// What goes wrong now.
    pub fn active(&self) -> impl Iterator<Item = &str> {
        self.active.iter().map(String::as_str)
    }

    /// Begins an incident: an alert by its name, or by `service/name` where several services have one of it, an SLO as
    /// `slo/<id>`, or a target that does not answer as `down/<job>`. The error says why nothing begins.
    pub fn begin(&mut self, name: &str) -> Result<(), String> {
        let Some(key) = self.key(name) else { return Err(format!("there is no incident `{name}`")) };
        if let Some(Incident { shown: Shown::Never(reason), .. }) = self.incidents.get(&key) {
            return Err(format!("`{name}` cannot be shown: {reason}"));
        }
        self.active.insert(key);
        Ok(())
    }

    /// Ends an incident; whether there was one.
    pub fn end(&mut self, name: &str) -> bool {
        self.key(name).is_some_and(|key| self.active.shift_remove(&key))
    }

    /// The incident of this name, or the only one that ends in it.
    fn key(&self, name: &str) -> Option<String> {
        if self.incidents.contains_key(name) {
            return Some(name.to_owned());
        }
        let end = format!("/{name}");
        let mut found = self.incidents.keys().filter(|key| key.ends_with(&end));
        let first = found.next()?;
        found.next().is_none().then(|| first.clone())
    }

    /// Lets so many seconds pass.
    pub fn advance(&mut self, seconds: f64) {
        let active: Vec<&Incident> = self.active.iter().filter_map(|name| self.incidents.get(name)).collect();
        for (job, page) in &mut self.pages {
            page.advance(job, seconds, &active);
        }
    }

    /// What the target of a job answers, in Prometheus' text format; nothing if it is down or unknown.
    pub fn answer(&self, job: &str, unix_seconds: f64) -> Option<String> {
        let active: Vec<&Incident> = self.active.iter().filter_map(|name| self.incidents.get(name)).collect();
        let down = active.iter().any(|incident| matches!(&incident.shown, Shown::Down(other) if other == job));
        let page = self.pages.get(job).filter(|_| !down)?;
        Some(page.render(job, unix_seconds, &active))
    }
}
