//! From the platform to Alloy's components: discovery, sources, one pipeline that all lines go through, Loki.

use crate::backends::lines::{self, Stage};
use crate::conventions::SERVICE_LABEL;
use crate::model::{Collector, Platform};
use crate::writers::alloy::{Body, Value};

/// Label of the pipeline.
const LINES: &str = "lines";

/// What the cluster says of a pod: its label `app`, and its name.
const POD_APP: &str = "__meta_kubernetes_pod_label_app";
const POD_NAME: &str = "__meta_kubernetes_pod_name";

/// The whole file.
pub(super) fn body(platform: &Platform, collector: &Collector) -> Body {
    let body = Body::new().block("logging", Body::new().set("level", Value::text("warn")));
    let body = match platform.stack.in_cluster() {
        Some(cluster) => pods(body, &cluster.namespace),
        None => containers(body),
    };
    let body = files(body, collector);
    let body = body.component("loki.process", LINES, pipeline(platform));
    let endpoint = Body::new().set("url", Value::text(lines::push_address(platform)));
    let mut write = Body::new();
    let everywhere = lines::everywhere(platform);
    if !everywhere.is_empty() {
        write = write.set("external_labels", Value::map(everywhere));
    }
    body.component("loki.write", "store", write.block("endpoint", endpoint))
}

fn to_pipeline() -> Value {
    Value::List(vec![Value::Export("loki.process", LINES.to_owned(), "receiver")])
}

/// Every container of this machine. Its service is what compose calls it, or else its own name.
fn containers(body: Body) -> Body {
    let by_compose = Body::new()
        .set("source_labels", Value::texts([lines::COMPOSE_SERVICE]))
        .set("target_label", Value::text(SERVICE_LABEL));
    let by_name = Body::new()
        .set("source_labels", Value::texts([SERVICE_LABEL, lines::CONTAINER_NAME]))
        .set("regex", Value::text(lines::NAME_ALONE))
        .set("target_label", Value::text(SERVICE_LABEL));
    let found = Value::Export("discovery.docker", "containers".to_owned(), "targets");
    let named = Value::Export("discovery.relabel", "containers".to_owned(), "output");
    body.component("discovery.docker", "containers", Body::new().set("host", Value::text(lines::DOCKER)))
        .component(
            "discovery.relabel",
            "containers",
            Body::new().set("targets", found).block("rule", by_compose).block("rule", by_name),
        )
        .component(
            "loki.source.docker",
            "containers",
            Body::new().set("host", Value::text(lines::DOCKER)).set("targets", named).set("forward_to", to_pipeline()),
        )
}

/// Every pod of the platform's namespace, read through the cluster. Its service is what its label `app` says, or else
/// its own name.
fn pods(body: Body, namespace: &str) -> Body {
    let rule = |sources: Vec<&str>, target: &str| {
        Body::new().set("source_labels", Value::texts(sources)).set("target_label", Value::text(target))
    };
    let by_label = rule(vec![POD_APP], SERVICE_LABEL);
    let by_name = rule(vec![SERVICE_LABEL, POD_NAME], SERVICE_LABEL).set("regex", Value::text(";(.+)"));
    let found = Value::Export("discovery.kubernetes", "pods".to_owned(), "targets");
    let named = Value::Export("discovery.relabel", "pods".to_owned(), "output");
    let where_to_look = Body::new().set("names", Value::texts([namespace]));
    body.component(
        "discovery.kubernetes",
        "pods",
        Body::new().set("role", Value::text("pod")).block("namespaces", where_to_look),
    )
    .component(
        "discovery.relabel",
        "pods",
        Body::new().set("targets", found).block("rule", by_label).block("rule", by_name),
    )
    .component(
        "loki.source.kubernetes",
        "pods",
        Body::new().set("targets", named).set("forward_to", to_pipeline()),
    )
}

/// Files on the host, by the service that writes them.
fn files(body: Body, collector: &Collector) -> Body {
    let paths = collector.files.iter().flat_map(|files| files.paths.iter().map(move |path| (&files.service, path)));
    let targets: Vec<Value> =
        paths.map(|(service, path)| Value::map([("__path__", path.as_str()), (SERVICE_LABEL, service)])).collect();
    if targets.is_empty() {
        return body;
    }
    let found = Value::Export("local.file_match", "files".to_owned(), "targets");
    body.component("local.file_match", "files", Body::new().set("path_targets", Value::List(targets))).component(
        "loki.source.file",
        "files",
        Body::new().set("targets", found).set("forward_to", to_pipeline()),
    )
}

/// The stages, as blocks.
fn pipeline(platform: &Platform) -> Body {
    let store = Value::List(vec![Value::Export("loki.write", "store".to_owned(), "receiver")]);
    let body = Body::new().set("forward_to", store);
    lines::pipeline(platform).into_iter().fold(body, |body, stage| {
        let (name, inside) = block(stage);
        body.block(name, inside)
    })
}

/// A stage as a block: its name, and what is in it.
fn block(stage: Stage) -> (&'static str, Body) {
    // What has the name of its field need not say which.
    let empty = |names: Vec<String>| Body::new().set("values", Value::map(names.into_iter().map(|name| (name, ""))));
    match stage {
        Stage::Replace { expression, with } => {
            let replace = Body::new().set("expression", Value::text(expression)).set("replace", Value::text(with));
            ("stage.replace", replace)
        }
        Stage::Json(fields) => ("stage.json", Body::new().set("expressions", Value::map(fields))),
        Stage::Timestamp(source) => {
            let timestamp = Body::new()
                .set("source", Value::text(source))
                .set("format", Value::text("RFC3339Nano"))
                .set("action_on_failure", Value::text("skip"));
            ("stage.timestamp", timestamp)
        }
        Stage::Labels(labels) => ("stage.labels", empty(labels.into_iter().map(str::to_owned).collect())),
        Stage::Metadata(names) => ("stage.structured_metadata", empty(names)),
        Stage::Static { selector, labels } => {
            let labels = Body::new().set("values", Value::map(labels));
            ("stage.match", Body::new().set("selector", Value::text(selector)).block("stage.static_labels", labels))
        }
        Stage::Keep(labels) => {
            ("stage.label_keep", Body::new().set("values", Value::texts(labels.iter().map(String::as_str))))
        }
    }
}
