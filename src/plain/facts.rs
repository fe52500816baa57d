//! What a team says about its Prometheus, so that rules can be judged before anything is compiled: a small file, or
//! the answer of Prometheus' own `/api/v1/metadata`.
#![allow(unreachable_pub, reason = "the record macro writes public types")]

use rust_decimal::Decimal;

use crate::decode::{Decode, Decoder, record};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model;
use crate::packs;
use crate::quantity::{Duration, Unit};
use crate::resolve::UNKNOWN_NAME;
use crate::source::format::{self, Format};
use crate::source::{Node, Sources, Spanned, Value};
use crate::spec::metric::{Bucket, Metric, MetricType};
use crate::spec::pack::Pack;
use crate::spec::values::{LabelName, MetricName, Name, Named};

record! {
    /// A file of facts.
    pub struct FactsFile "a file of facts" {
        /// What is known.
        facts: Facts,
    }
}

record! {
    /// What is known of a Prometheus. What nobody says stays unknown, and nothing is guessed from names.
    pub struct Facts "facts" {
        /// How often jobs are scraped, unless a prometheus.yml beside says so.
        scrape_interval: Option<Spanned<Duration>>,
        /// How often rules are evaluated, unless a prometheus.yml beside says so.
        evaluation_interval: Option<Spanned<Duration>>,
        /// How long samples are kept.
        retention: Option<Spanned<Duration>>,
        /// The version of Prometheus (`"3.5"`).
        version: Option<Spanned<String>>,
        /// Labels that Prometheus adds to what leaves it.
        external_labels: Option<Vec<Spanned<LabelName>>>,
        /// Built-in packs whose exporters run: their metrics are known with type, labels and unit.
        packs: Option<Vec<Spanned<Name>>>,
        /// More metrics.
        #[schemars(default)]
        metrics: Named<MetricName, Metric>,
        /// Whether these are all metrics that there are: then any other is a mistake. False unless given.
        complete: Option<bool>,
    }
}

/// What was said, as rules want to know it.
#[derive(Debug, Default)]
pub struct Known {
    /// As written.
    pub facts: Option<Facts>,
    /// Metrics of the file, of its packs, and of saved answers.
    pub metrics: Vec<model::Metric>,
}

impl Known {
    /// Takes over a file of facts.
    pub(super) fn read_file(&mut self, node: &Node, sources: &mut Sources, diagnostics: &mut Diagnostics) {
        let Some(file) = FactsFile::decode(node, &mut Decoder::new(diagnostics)) else { return };
        for name in file.facts.packs.iter().flatten() {
            match packs::builtin(name.as_str()) {
                Some(text) => self.read_pack(name.as_str(), text, sources, diagnostics),
                None => {
                    let known = packs::PACKS.iter().map(|(name, _)| *name);
                    let message = format!("there is no pack `{}`", name.as_str());
                    diagnostics.push(Diagnostic::new(&UNKNOWN_NAME, name.span, message).suggest(name.as_str(), known));
                }
            }
        }
        let own = file.facts.metrics.iter().map(|(name, written)| metric(name, written, None));
        self.metrics.extend(own);
        self.facts = Some(file.facts);
    }

    fn read_pack(&mut self, name: &str, text: &'static str, sources: &mut Sources, diagnostics: &mut Diagnostics) {
        let file = sources.add(format!("packs/{name}.yaml (built in)"), text);
        let node = format::read(sources, file, Format::Yaml, diagnostics);
        if let Some(pack) = Pack::decode(&node, &mut Decoder::new(diagnostics)) {
            self.metrics
                .extend(pack.metrics.iter().map(|(metric_name, written)| metric(metric_name, written, Some(name))));
        }
    }

    /// Takes over the types in a saved answer of `/api/v1/metadata`. A metric of which exporters disagree is unknown.
    pub(super) fn read_metadata(&mut self, node: &Node) {
        let Some(data) = node.as_map().and_then(|map| map.get("data")).and_then(Node::as_map) else { return };
        for entry in &data.entries {
            let Value::List(said) = &entry.value.value else { continue };
            let word = |one: &Node, key: &str| match one.as_map().and_then(|map| map.get(key)).map(|node| &node.value) {
                Some(Value::Text(text)) => Some(text.value.clone()),
                _ => None,
            };
            let mut types: Vec<Option<String>> = said.iter().map(|one| word(one, "type")).collect();
            types.dedup();
            let [Some(only)] = types.as_slice() else { continue };
            let Some(kind) = type_named(only) else { continue };
            let unit = said.first().and_then(|one| word(one, "unit")).and_then(|unit| Unit::named(&unit));
            self.metrics.push(model::Metric {
                name: entry.key.text.clone(),
                r#type: kind,
                unit,
                help: said.first().and_then(|one| word(one, "help")),
                labels: None,
                buckets: None,
                native: false,
                pack: None,
                job: String::new(),
                origin: entry.key.span.into(),
            });
        }
    }
}

/// A type by OpenMetrics' word for it.
fn type_named(word: &str) -> Option<MetricType> {
    match word {
        "counter" => Some(MetricType::Counter),
        "gauge" | "info" | "stateset" => Some(MetricType::Gauge),
        "histogram" => Some(MetricType::Histogram),
        "summary" => Some(MetricType::Summary),
        _ => None,
    }
}

fn metric(name: &Spanned<MetricName>, written: &Metric, pack: Option<&str>) -> model::Metric {
    let unit = written.unit.map(|unit| unit.value);
    let bound = |bucket: &Bucket| match bucket {
        Bucket::Plain(number) => Some(number.0),
        Bucket::Quantity(quantity) => quantity.as_dimension(unit.unwrap_or(Unit::Seconds).dimension()),
    };
    let buckets = written.buckets.as_ref().and_then(|buckets| {
        let bounds = buckets.value.iter().map(bound).collect::<Option<Vec<Decimal>>>()?;
        Some(Spanned::new(bounds, buckets.span))
    });
    model::Metric {
        name: name.to_string(),
        r#type: written.r#type.value,
        unit,
        help: written.help.clone(),
        labels: written.labels.as_ref().map(|labels| labels.iter().map(|label| label.to_string()).collect()),
        buckets,
        native: written.native.unwrap_or(false),
        pack: pack.map(str::to_owned),
        job: String::new(),
        origin: name.span.into(),
    }
}
