//! Where in Grafana a panel is: what alerts link to.

use std::collections::BTreeMap;

use super::{Item, ObjectivePanel, Plan, jobs, path, plans};
use crate::model::{Measure, PanelMeasure, PanelSource, Platform, Service, Slo};
use crate::quantity::Duration;

/// The addresses of all panels that alerts link to. Empty where nobody has said how Grafana is reached.
#[derive(Debug, Default)]
pub struct Addresses {
    /// By service, signal and what of it is asked; any measure of the signal under no measure.
    signals: BTreeMap<(String, String, Option<String>), Found>,
    objectives: BTreeMap<(String, ObjectivePanel), Address>,
    targets: BTreeMap<String, Address>,
    services: BTreeMap<String, Address>,
}

/// A panel, and whether it is on its service's own dashboard.
#[derive(Debug, Clone)]
struct Found {
    address: Address,
    own: bool,
}

/// The address of a panel, or of a whole dashboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    dashboard: String,
    panel: Option<u32>,
    /// Whether the dashboard has the variable `instance`.
    pub chooses_instance: bool,
}

impl Address {
    /// With so much of the past as helps to understand what is happening now.
    pub fn looking_back(&self, past: Duration) -> String {
        let hours = past.as_millis().div_ceil(Duration::hours(1).as_millis()).max(1);
        let panel = self.panel.map_or(String::new(), |id| format!("viewPanel=panel-{id}&"));
        format!("{}?{panel}from=now-{hours}h&to=now", self.dashboard)
    }
}

impl Addresses {
    /// Of every dashboard of a platform.
    pub fn of(platform: &Platform) -> Self {
        let mut addresses = Self::default();
        let Some(url) = &platform.stack.grafana.url else { return addresses };
        let url = url.trim_end_matches('/');
        for plan in plans(platform) {
            let dashboard = format!("{url}{}", path(platform, &plan.name));
            let chooses_instance = plan.of.is_some_and(|service| !jobs(service).is_empty());
            if let Some(service) = plan.of {
                let address = Address { dashboard: dashboard.clone(), panel: None, chooses_instance };
                addresses.services.insert(service.name.value.clone(), address);
            }
            for (item, id) in plan.rows.iter().flat_map(|row| &row.items).zip(plan.ids().into_iter().flatten()) {
                let address = Address { dashboard: dashboard.clone(), panel: Some(id), chooses_instance };
                addresses.add(&plan, item, address);
            }
        }
        addresses
    }

    fn add(&mut self, plan: &Plan<'_>, item: &Item<'_>, address: Address) {
        match item {
            Item::Signals(panel) => {
                // An alert is explained by what its own system knows; CloudWatch's link to their own dashboards.
                let asked = panel.queries.iter().filter(|query| query.source != PanelSource::CloudWatch);
                for query in asked {
                    let PanelMeasure::Signal { service, signal, measure } = &query.measure else { continue };
                    let own = plan.of.is_some_and(|of| of.name.value == *service);
                    let found = Found { address: address.clone(), own };
                    self.add_signal(service, &signal.value, Some(measure.in_words()), found.clone());
                    self.add_signal(service, &signal.value, None, found);
                }
            }
            Item::Objective(panel, slo) if plan.of.is_none() => {
                self.objectives.entry((slo.id(), *panel)).or_insert(address);
            }
            Item::Targets(_) => {
                if let Some(service) = plan.of {
                    self.targets.insert(service.name.value.clone(), address);
                }
            }
            Item::Objective(..) | Item::Overview(..) | Item::Promised(..) | Item::Firing(_) | Item::Lines(_) => {}
        }
    }

    /// The first panel on the service's own dashboard, or else the first of all.
    fn add_signal(&mut self, service: &str, signal: &str, measure: Option<String>, found: Found) {
        let key = (service.to_owned(), signal.to_owned(), measure);
        match self.signals.get(&key) {
            Some(known) if known.own || !found.own => {}
            _ => {
                self.signals.insert(key, found);
            }
        }
    }

    /// The panel that shows best what is asked of a signal: on the service's own dashboard if it is there, and with
    /// the same measure if that is shown.
    pub fn signal(&self, service: &str, signal: &str, measure: &Measure) -> Option<&Address> {
        let key = |measure| (service.to_owned(), signal.to_owned(), measure);
        let exact = self.signals.get(&key(Some(measure.in_words())));
        let any = self.signals.get(&key(None));
        let exact_is_best = exact.is_some_and(|exact| exact.own || !any.is_some_and(|any| any.own));
        (if exact_is_best { exact } else { any }).map(|found| &found.address)
    }

    /// A panel of an SLO, on the dashboard of its service's SLOs.
    pub fn objective(&self, slo: &Slo, panel: ObjectivePanel) -> Option<&Address> {
        self.objectives.get(&(slo.id(), panel))
    }

    /// The panel that shows which targets of a service answer.
    pub fn targets(&self, service: &Service) -> Option<&Address> {
        self.targets.get(&service.name.value).or_else(|| self.service(service))
    }

    /// The dashboard of a service.
    pub fn service(&self, service: &Service) -> Option<&Address> {
        self.services.get(&service.name.value)
    }
}
