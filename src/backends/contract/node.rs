//! The contract as a module for Node's `prom-client`.

use super::{Promise, Promised};
use crate::conventions::BANNER;
use crate::model::MetricType;
use crate::quantity::print_decimal;
use crate::writers::program::{comment, javascript_text as quoted};

/// The module.
pub(super) fn module(promise: &Promise) -> String {
    let mut text = format!(
        "// {BANNER}\n// Metrics of {}, as its platform declares them.\n'use strict';\n\nconst client = require('prom-client');\n\n\
         // Every metric of the contract, registered once.\nfunction metrics(registry = client.register) {{\n  return {{\n",
        comment(&promise.title)
    );
    let own = promise.metrics.iter().filter(|metric| !metric.by_library);
    own.for_each(|metric| text.push_str(&declaration(metric)));
    text.push_str("  };\n}\n\nmodule.exports = { metrics };\n");
    text
}

fn declaration(metric: &Promised) -> String {
    let class = match metric.r#type {
        MetricType::Counter => "Counter",
        MetricType::Histogram => "Histogram",
        MetricType::Summary => "Summary",
        MetricType::Gauge | MetricType::Untyped => "Gauge",
    };
    let labels: Vec<String> = metric.labels.iter().map(|label| quoted(label)).collect();
    let buckets = metric.buckets.as_ref().map_or_else(String::new, |buckets| {
        let bounds: Vec<String> = buckets.iter().map(|bound| print_decimal(*bound)).collect();
        format!("      buckets: [{}],\n", bounds.join(", "))
    });
    format!(
        "    {name}: new client.{class}({{\n      name: {name},\n      help: {},\n      labelNames: [{}],\n{buckets}      registers: [registry],\n    }}),\n",
        quoted(&metric.help),
        labels.join(", "),
        name = quoted(&metric.name),
    )
}
