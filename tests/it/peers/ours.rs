//! The same objectives as Bellwether compiles them.

use super::stage::Stage;
use bellwether::artifacts::Artifacts;
use bellwether::model::Slo;
use bellwether::{Memory, Options, compile, lint};

/// What became of a spec.
pub(crate) struct Ours {
    pub(crate) codes: Vec<&'static str>,
    pub(crate) said: Vec<String>,
    artifacts: Option<Artifacts>,
    slos: Vec<Slo>,
}

/// A service `api` with these lines under `slos:`, scraped and evaluated every minute.
pub(crate) fn spec(slos: &str) -> String {
    format!(
        r#"bellwether: 1
platform: shop
intervals: {{scrape: 1m, evaluate: 1m}}
retention: {{metrics: {{local: 100d}}}}
severities: {{critical: {{urgency: page, notify: []}}, warning: {{urgency: ticket, notify: []}}}}
services:
  api:
    scrape: {{port: 8000}}
    metrics:
      reqs_total: {{type: counter, labels: [code]}}
      good_total: {{type: counter}}
      took_seconds: {{type: histogram, unit: seconds, buckets: [0.1, 0.5, 1, 5]}}
    signals:
      availability: {{ratio: {{bad: 'reqs_total{{code=~"5.."}}', total: reqs_total}}}}
      served: {{ratio: {{good: good_total, total: reqs_total}}}}
      latency: {{latency: took_seconds}}
    slos:
{slos}
"#
    )
}

/// An objective of the service's availability, in percent and over a window.
pub(crate) fn availability(objective: &str, window: &str) -> Ours {
    compiled(&spec(&format!("      availability: {{objective: {objective}%, window: {window}}}")))
}

pub(crate) fn compiled(spec: &str) -> Ours {
    let mut compilation = compile(&Memory::new().with("spec.yaml", spec), "spec.yaml", &Options::default());
    lint::run(&mut compilation);
    let codes = compilation.diagnostics.iter().map(|diagnostic| diagnostic.code.name).collect();
    let said = compilation.diagnostics.iter().map(|one| format!("{}: {:?}", one.message, one.help)).collect();
    let artifacts = compilation.artifacts();
    let slos = compilation.model.iter().flat_map(|model| model.slos().map(|(_, slo)| slo.clone())).collect();
    Ours { codes, said, artifacts, slos }
}

impl Ours {
    pub(crate) fn slos(&self) -> &[Slo] {
        &self.slos
    }

    /// Path and text of every artifact.
    pub(crate) fn artifacts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.artifacts.iter().flat_map(Artifacts::iter)
    }

    /// The only objective.
    pub(crate) fn slo(&self) -> &Slo {
        assert_eq!(self.slos.len(), 1);
        &self.slos[0]
    }

    pub(crate) fn artifact(&self, path: &str) -> &str {
        let artifacts = self.artifacts.as_ref().unwrap_or_else(|| panic!("nothing came out: {:?}", self.said));
        artifacts.get(path).unwrap_or_else(|| panic!("there is no {path}"))
    }

    /// The rules of the only objective.
    pub(crate) fn rules(&self) -> String {
        self.artifact(&format!("prometheus/rules/slo-{}.yml", self.slo().id())).to_owned()
    }

    /// There is nothing to complain about, but that tests leave tiers out to see the others alone.
    pub(crate) fn must_be_sound(&self) {
        let codes: Vec<&&str> = self.codes.iter().filter(|code| **code != "silent-burn").collect();
        assert!(codes.is_empty(), "{:?}", self.said);
    }

    /// Its rules before these series.
    pub(crate) fn before(&self, series: Vec<(String, String)>) -> Stage {
        self.must_be_sound();
        Stage::new(vec![self.rules()], series)
    }
}
