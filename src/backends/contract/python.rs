//! The contract as a Python module for `prometheus_client`.

use super::{Promise, Promised};
use crate::conventions::BANNER;
use crate::model::MetricType;
use crate::quantity::print_decimal;
use crate::writers::program::{comment, python_text as quoted};

/// The module.
pub(super) fn module(promise: &Promise) -> String {
    let own: Vec<&Promised> = promise.metrics.iter().filter(|metric| !metric.by_library).collect();
    let mut classes: Vec<&str> = own.iter().map(|metric| class(metric.r#type)).collect();
    classes.extend(["REGISTRY", "CONTENT_TYPE_LATEST", "generate_latest"]);
    classes.sort_by_key(|name| (name.to_lowercase() == *name, *name));
    classes.dedup();
    let mut text = format!(
        "# {BANNER}\n# Metrics of {}, as its platform declares them.\n\nfrom prometheus_client import (\n",
        comment(&promise.title)
    );
    classes.iter().for_each(|name| text.push_str(&format!("    {name},\n")));
    text.push_str(")\n\n\nclass Metrics:\n    \"\"\"Every metric of the contract, registered once.\"\"\"\n\n");
    text.push_str("    def __init__(self, registry=REGISTRY):\n        self.registry = registry\n");
    own.iter().for_each(|metric| text.push_str(&declaration(metric)));
    text.push_str(
        "\n    def exposition(self):\n        \"\"\"What an HTTP handler answers to Prometheus: the body, and its content type.\"\"\"\n        \
         return generate_latest(self.registry), CONTENT_TYPE_LATEST\n",
    );
    text
}

fn class(r#type: MetricType) -> &'static str {
    match r#type {
        MetricType::Counter => "Counter",
        MetricType::Histogram => "Histogram",
        MetricType::Summary => "Summary",
        MetricType::Gauge | MetricType::Untyped => "Gauge",
    }
}

fn declaration(metric: &Promised) -> String {
    let labels: Vec<String> = metric.labels.iter().map(|label| quoted(label)).collect();
    let mut text = format!(
        "\n        self.{} = {}(\n            {},\n            {},\n            [{}],\n",
        attribute(&metric.name),
        class(metric.r#type),
        quoted(&metric.name),
        quoted(&metric.help),
        labels.join(", ")
    );
    if let Some(buckets) = &metric.buckets {
        let bounds: Vec<String> = buckets.iter().map(|bound| print_decimal(*bound)).collect();
        text.push_str(&format!("            buckets=[{}],\n", bounds.join(", ")));
    }
    text.push_str("            registry=registry,\n        )\n");
    text
}

/// A metric's name as an attribute: Python has no colon in names.
pub(super) fn attribute(name: &str) -> String {
    let name = name.replace(':', "_");
    if KEYWORDS.contains(&name.as_str()) { format!("{name}_") } else { name }
}

/// Words that are no names in Python, and names that the class has itself.
const KEYWORDS: [&str; 37] = [
    "False",
    "None",
    "True",
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "class",
    "continue",
    "def",
    "del",
    "elif",
    "else",
    "except",
    "finally",
    "for",
    "from",
    "global",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "nonlocal",
    "not",
    "or",
    "pass",
    "raise",
    "return",
    "try",
    "while",
    "with",
    "yield",
    "registry",
    "exposition",
];
