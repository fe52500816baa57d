//! Logstash's pipeline: scrub, read, name by the Elastic Common Schema, enrich, store.

use crate::backends::lines::{self, Replacement};
use crate::conventions::ELASTICSEARCH_ADDRESS;
use crate::decode::INVALID_VALUE;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::{LogFormat, Platform, Scrub};
use crate::writers::logstash::{Condition, Field, Pipeline, Step, Value, means_more};

/// Where a line's own fields are while it is read.
const LINE: &str = "line";

/// The whole pipeline.
pub(super) fn pipeline(platform: &Platform, diagnostics: &mut Diagnostics) -> Pipeline {
    check(platform, diagnostics);
    let mut filter = Vec::new();
    // First of all: nothing that comes later has seen what must not be kept.
    let replaced: Vec<Value> = lines::replacements(platform).iter().flat_map(replacement).collect();
    if !replaced.is_empty() {
        filter.push(mutate("gsub", Value::List(replaced)));
    }
    if platform.logs.format == LogFormat::Json {
        filter.extend(read(platform));
    }
    filter.push(named(&platform.logs.fields.service));
    filter.extend(enriched(platform));
    Pipeline { input: vec![Step::Plugin("beats", vec![("port", Value::Number(5044))])], filter, output: vec![store()] }
}

/// Logstash would fill in what looks like a variable or a field, and knows no way to write it literally.
fn check(platform: &Platform, diagnostics: &mut Diagnostics) {
    let mut refuse = |text: &str, span| {
        if means_more(text) {
            let message = format!("`{text}` holds `${{` or `%{{`, which Logstash would fill in");
            diagnostics.push(Diagnostic::new(&INVALID_VALUE, span, message).help("write it without"));
        }
    };
    for scrub in &platform.logs.scrub {
        if let Scrub::Pattern(pattern) = scrub {
            refuse(&pattern.value, pattern.span);
        }
    }
    for service in lines::labelled(platform) {
        service.labels.values().for_each(|value| refuse(value, service.name.span));
    }
    lines::everywhere(platform).values().for_each(|value| refuse(value, platform.name.span));
}

fn mutate(option: &'static str, value: Value) -> Step {
    Step::Plugin("mutate", vec![(option, value)])
}

/// What stands before is kept by its group.
fn replacement(made: &Replacement) -> [Value; 3] {
    let (pattern, with) = match made.before.as_str() {
        "" => (made.pattern.clone(), made.with.clone()),
        before => (format!("({before})(?:{})", made.pattern), format!("\\1{}", made.with)),
    };
    [Value::text("message"), Value::text(pattern), Value::text(with)]
}

/// The fields of a JSON line under the names that the Elastic Common Schema has for them.
fn read(platform: &Platform) -> Vec<Step> {
    let fields = &platform.logs.fields;
    let line = |field: &str| Field::at(std::iter::once(LINE).chain(field.split('.')));
    let copied = |from: &str, to: &[String]| {
        let to = Field::at(to.iter().map(String::as_str));
        let copy = mutate("copy", Value::Hash(vec![(line(from), Value::Field(to))]));
        Step::Choice(vec![(Condition::Has(line(from)), vec![copy])])
    };
    let schema = |path: &[&str]| path.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let json = Step::Plugin(
        "json",
        vec![
            ("source", Value::text("message")),
            ("target", Value::text(LINE)),
            ("skip_on_invalid_json", Value::Bool(true)),
        ],
    );
    let date = Step::Plugin(
        "date",
        vec![("match", Value::List(vec![Value::Field(line(&fields.timestamp)), Value::text("ISO8601")]))],
    );
    let mut steps = vec![json, Step::Choice(vec![(Condition::Has(line(&fields.timestamp)), vec![date])])];
    steps.push(copied(&fields.level, &schema(&["log", "level"])));
    steps.push(copied(&fields.trace_id, &schema(&["trace", "id"])));
    steps.extend(platform.logs.user.iter().map(|field| copied(field, &context(platform, field))));
    steps.push(copied(&fields.message, &schema(&["message"])));
    steps
}

/// Where the schema has a field that says who acted; any other is one of the user's.
pub(super) fn context(platform: &Platform, field: &str) -> Vec<String> {
    let fields = &platform.logs.fields;
    let path: [&str; 3] = match field {
        field if field == fields.request_id => ["http", "request", "id"],
        field if field == fields.user_id => return vec!["user".to_owned(), "id".to_owned()],
        field => return vec!["user".to_owned(), lines::flat(field)],
    };
    path.map(str::to_owned).to_vec()
}

/// Who wrote it: what the line says, what Filebeat was told of its file, what compose calls the container.
fn named(service: &str) -> Step {
    let sources = [
        Field::at(std::iter::once(LINE).chain(service.split('.'))),
        Field::at(["fields", "service"]),
        Field::at(["container", "labels", "com_docker_compose_service"]),
    ];
    let branch = |field: Field| {
        let copy = Value::Hash(vec![(field.clone(), Value::Field(Field::at(["service", "name"])))]);
        (Condition::Has(field), vec![mutate("copy", copy)])
    };
    Step::Choice(sources.into_iter().map(branch).collect())
}

/// What the spec says of every line, and of the lines of one service.
fn enriched(platform: &Platform) -> Vec<Step> {
    let add = |labels: &indexmap::IndexMap<String, String>| {
        let label = |(name, value): (&String, &String)| (Field::at(["labels", name]), Value::text(value));
        mutate("add_field", Value::Hash(labels.iter().map(label).collect()))
    };
    let everywhere = lines::everywhere(platform);
    let mut steps: Vec<Step> = (!everywhere.is_empty()).then(|| add(&everywhere)).into_iter().collect();
    steps.extend(lines::labelled(platform).map(|service| {
        let own = Condition::Is(Field::at(["service", "name"]), service.name.value.clone());
        Step::Choice(vec![(own, vec![add(&service.labels)])])
    }));
    steps
}

fn store() -> Step {
    Step::Plugin(
        "elasticsearch",
        vec![
            ("hosts", Value::List(vec![Value::text(ELASTICSEARCH_ADDRESS)])),
            ("data_stream", Value::Bool(true)),
            ("data_stream_type", Value::text("logs")),
            ("data_stream_dataset", Value::text("services")),
            ("data_stream_namespace", Value::text("default")),
            ("user", Value::text(super::LOGSTASH_USER)),
            ("password", Value::Environment("LOGSTASH_PASSWORD")),
        ],
    )
}
