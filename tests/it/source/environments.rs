//! Overlays and environments.

use bellwether::diagnostics::Diagnostics;
use bellwether::source::Format;
use bellwether::source::overlay::{environment, overlay};

use super::{at, read, show};

fn laid(base: &str, over: &str) -> String {
    show(&overlay(read(Format::Yaml, base).node, &read(Format::Yaml, over).node))
}

#[test]
fn maps_merge_and_the_rest_replaces() {
    assert_eq!(
        laid("{a: 1, b: {c: 2, d: 3}, e: [1, 2]}", "{b: {d: 4, f: 5}, e: [3], g: 6}"),
        "{a: 1, b: {c: 2, d: 4, f: 5}, e: [3], g: 6}"
    );
    assert_eq!(laid("{a: {x: 1}}", "{a: 5}"), "{a: 5}");
    assert_eq!(laid("{a: 5}", "{a: {x: 1}}"), "{a: {x: 1}}");
}

#[test]
fn null_removes_at_every_depth() {
    assert_eq!(laid("{a: 1, b: {c: 2, d: 3}}", "{a: null, b: {c: ~}, z: null}"), "{b: {d: 3}}");
    assert_eq!(laid("{}", "{n: {x: null, y: 1}}"), "{n: {y: 1}}");
    assert_eq!(laid("{n: 5}", "{n: {x: null, y: 1}}"), "{n: {y: 1}}");
    // A list is taken as it is.
    assert_eq!(laid("{}", "{l: [null, 1]}"), "{l: [null, 1]}");
}

fn chosen(spec: &str, name: Option<&str>) -> (String, Vec<String>) {
    let mut diagnostics = Diagnostics::new();
    let mut outcome = read(Format::Yaml, spec);
    let node = environment(outcome.node, name, &mut outcome.sources, &mut diagnostics);
    (show(&node), diagnostics.iter().map(|problem| format!("{} {:?}", problem.code.name, problem.help)).collect())
}

const SPEC: &str = "platform: ims\nretention: {local: 15d, far: 1y}\nenvironments:\n  staging: {retention: {local: 2d, far: null}}\n  production:\n";

#[test]
fn the_chosen_environment_is_laid_over() {
    let base = "{platform: \"ims\", retention: {local: \"15d\", far: \"1y\"}}";
    assert_eq!(chosen(SPEC, None), (base.to_owned(), vec![]));
    assert_eq!(chosen(SPEC, Some("production")), (base.to_owned(), vec![]));
    assert_eq!(chosen(SPEC, Some("staging")), ("{platform: \"ims\", retention: {local: \"2d\"}}".to_owned(), vec![]));
}

#[test]
fn values_keep_their_places() {
    let mut outcome = read(Format::Yaml, SPEC);
    let node = environment(outcome.node, Some("staging"), &mut outcome.sources, &mut Diagnostics::new());
    assert_eq!(outcome.sources.file(node.span.file).line_column(at(&node, &["retention", "local"]).span.start).0, 4);
    assert_eq!(outcome.sources.file(node.span.file).line_column(at(&node, &["platform"]).span.start).0, 1);
}

#[test]
fn unknown_names_and_shapes_are_reported() {
    let (_, problems) = chosen(SPEC, Some("stagin"));
    assert_eq!(
        problems,
        ["unknown-environment Some(\"did you mean `staging`? known environments: `staging` and `production`\")"]
    );
    assert_eq!(chosen("a: 1", Some("x")).1.len(), 1);
    assert!(chosen("a: 1\nenvironments: [x]", None).1[0].starts_with("environment-not-a-map"));
    assert!(chosen("a: 1\nenvironments: {x: 5, y: {}}", Some("y")).1[0].starts_with("environment-not-a-map"));
    assert_eq!(chosen("just text", Some("x")), ("\"just text\"".to_owned(), vec![]));
}
