//! Rule files of SLOs, lowered when somebody asks for them and forgotten when they are written.
//!
//! The trees of an SLO's rules take many times the memory of their text, and platforms have thousands of SLOs. So
//! what is kept is the model, which is small, and where in it each SLO is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use super::config::{Files, Rule, RuleFile, RuleGroup};
use super::slos;
use crate::dashboards::Addresses;
use crate::model::{Platform, Service, Slo};

/// Everything that the rules backend writes.
#[derive(Debug, Clone, Default)]
pub struct Config {
    local: Vec<RuleFile>,
    far: Vec<RuleFile>,
    objectives: Objectives,
    names: OnceLock<Names>,
}

/// What rules make.
#[derive(Debug, Clone, Default)]
struct Names {
    recorded: BTreeSet<String>,
    raised: BTreeSet<String>,
}

/// Whether Prometheus itself evaluates a file, and the file.
pub(super) type Placed = (bool, RuleFile);

impl Config {
    pub(super) fn new(local: Files, far: Files, objectives: Objectives) -> Self {
        Self { local: local.finish(), far: far.finish(), objectives, names: OnceLock::new() }
    }

    /// Rule files that Prometheus evaluates, by name.
    pub fn prometheus(&self) -> Vec<RuleFile> {
        self.evaluated(true)
    }

    /// Rule files that look further back than Prometheus keeps samples, by name: a Thanos Ruler evaluates them.
    pub fn thanos(&self) -> Vec<RuleFile> {
        self.evaluated(false)
    }

    fn evaluated(&self, by_prometheus: bool) -> Vec<RuleFile> {
        let of_objectives = (0..self.objectives.len()).flat_map(|index| self.objectives.files(index));
        let mut files = if by_prometheus { self.local.clone() } else { self.far.clone() };
        files.extend(of_objectives.filter(|(local, _)| *local == by_prometheus).map(|(_, file)| file));
        files.sort_by(|left, right| left.name.cmp(&right.name));
        files
    }

    /// Every group, with whether Prometheus itself evaluates it.
    pub fn groups(&self) -> Vec<(bool, RuleGroup)> {
        let local = self.prometheus().into_iter().flat_map(|file| file.groups).map(|group| (true, group));
        local.chain(self.thanos().into_iter().flat_map(|file| file.groups).map(|group| (false, group))).collect()
    }

    /// Whether a rule records a series of this name.
    pub fn records(&self, series: &str) -> bool {
        self.names().recorded.contains(series)
    }

    /// Names of every alert that a rule raises.
    pub fn raised(&self) -> impl Iterator<Item = &str> {
        self.names().raised.iter().map(String::as_str)
    }

    fn names(&self) -> &Names {
        self.names.get_or_init(|| {
            let mut names = Names::default();
            for rule in self.groups().into_iter().flat_map(|(_, group)| group.rules) {
                match rule {
                    Rule::Recording(rule) => names.recorded.insert(rule.record),
                    Rule::Alerting(rule) => names.raised.insert(rule.alert),
                };
            }
            names
        })
    }

    /// How many pieces there are to write.
    pub(super) fn len(&self) -> usize {
        self.local.len() + self.far.len() + self.objectives.len()
    }

    /// Hands the files of one piece to `write`.
    pub(super) fn piece<T>(&self, index: usize, mut write: impl FnMut(bool, &RuleFile) -> T) -> Vec<T> {
        let kept = self.local.iter().map(|file| (true, file)).chain(self.far.iter().map(|file| (false, file)));
        match index.checked_sub(self.local.len() + self.far.len()) {
            Some(objective) => {
                self.objectives.files(objective).iter().map(|(local, file)| write(*local, file)).collect()
            }
            None => kept.skip(index).take(1).map(|(local, file)| write(local, file)).collect(),
        }
    }
}

/// SLOs whose rules have files of their own.
#[derive(Debug, Clone, Default)]
pub(super) struct Objectives {
    platform: Option<Arc<Platform>>,
    addresses: Arc<Addresses>,
    /// Service and SLO, as indices of the platform.
    places: Vec<(usize, usize)>,
}

impl Objectives {
    /// Every SLO of a platform. Where something else has a file of that name, the SLO's rules join it at once.
    pub(super) fn lower(platform: &Arc<Platform>, addresses: Addresses, local: &mut Files, far: &mut Files) -> Self {
        let mut namesakes: BTreeMap<String, usize> = BTreeMap::new();
        for (_, slo) in platform.slos() {
            *namesakes.entry(slos::file_name(slo)).or_default() += 1;
        }
        let mut places = Vec::new();
        for (at, service) in platform.services.iter().enumerate() {
            for (index, slo) in service.slos.iter().enumerate() {
                let name = slos::file_name(slo);
                if namesakes.get(&name) == Some(&1) && !local.has(&name) {
                    places.push((at, index));
                    continue;
                }
                for (files, group) in
                    [&mut *local, &mut *far].into_iter().zip(slos::lower(platform, &addresses, service, slo))
                {
                    let joined = files.group(&name, &name);
                    joined.interval = group.interval;
                    joined.rules.extend(group.rules);
                }
            }
        }
        Self { platform: Some(platform.clone()), addresses: Arc::new(addresses), places }
    }

    fn len(&self) -> usize {
        self.places.len()
    }

    /// The files of one SLO.
    fn files(&self, index: usize) -> Vec<Placed> {
        let Some((platform, service, slo)) = self.find(index) else { return Vec::new() };
        let placed =
            |(local, group): (bool, RuleGroup)| (local, RuleFile { name: group.name.clone(), groups: vec![group] });
        let groups = [true, false].into_iter().zip(slos::lower(platform, &self.addresses, service, slo));
        groups.filter(|(_, group)| !group.rules.is_empty()).map(placed).collect()
    }

    fn find(&self, index: usize) -> Option<(&Platform, &Service, &Slo)> {
        let (service, slo) = *self.places.get(index)?;
        let platform = self.platform.as_deref()?;
        let service = platform.services.get(service)?;
        Some((platform, service, service.slos.get(slo)?))
    }
}
