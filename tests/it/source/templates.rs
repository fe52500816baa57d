//! Templates, and the services that are like them.

use bellwether::diagnostics::Diagnostics;
use bellwether::source::overlay::environment;
use bellwether::source::{Format, Node, Sources, Value};

use super::{at, read, show};

/// The spec written out, and what was said: code, line, and the second places' lines and words.
struct Written {
    node: Node,
    sources: Sources,
    said: Vec<String>,
}

fn written(spec: &str, chosen: Option<&str>) -> Written {
    let mut outcome = read(Format::Yaml, spec);
    let mut diagnostics = Diagnostics::new();
    let node = environment(outcome.node, chosen, &mut outcome.sources, &mut diagnostics);
    diagnostics.settle(&outcome.sources);
    let line = |span: bellwether::source::Span| outcome.sources.file(span.file).line_column(span.start).0;
    let said = diagnostics.iter().map(|problem| {
        let also: Vec<String> =
            problem.labels.iter().map(|label| format!("; {} {}", line(label.span), label.text)).collect();
        format!("{} {}{}", problem.code.name, line(problem.span.unwrap()), also.concat())
    });
    let said = said.collect();
    Written { node, sources: outcome.sources, said }
}

fn written_of(spec: &str) -> Vec<String> {
    written(spec, None).said
}

fn shown(spec: &str, chosen: Option<&str>) -> String {
    let written = written(spec, chosen);
    assert!(written.said.is_empty(), "{:?}", written.said);
    show(&written.node)
}

const SPEC: &str = "\
templates:
  web:
    packs: [http]
    scrape: {port: 80, path: /m}
    thresholds: {Slow: {above: 1s, for: 5m}, Down: {any: true}}
  careful: {like: web, scrape: {interval: 5s}, packs: [http, process]}
services:
  a: {like: web, scrape: {port: 81}, thresholds: {Slow: {above: 2s}, Down: null}}
  b: {like: careful}
  c: {packs: [redis]}
environments:
  staging:
    templates: {web: {scrape: {path: /s}}}
    services:
      b: {scrape: {interval: null}, thresholds: null}
      c: {like: web}
      d: {like: web, scrape: null}
      a: null
";

#[test]
fn own_keys_win_and_null_takes_away() {
    assert_eq!(
        shown(SPEC, None),
        "{services: {\
         a: {packs: [\"http\"], scrape: {port: 81, path: \"/m\"}, thresholds: {Slow: {above: \"2s\", for: \"5m\"}}}, \
         b: {packs: [\"http\", \"process\"], scrape: {port: 80, path: \"/m\", interval: \"5s\"}, \
         thresholds: {Slow: {above: \"1s\", for: \"5m\"}, Down: {any: true}}}, \
         c: {packs: [\"redis\"]}}}"
    );
}

#[test]
fn an_environment_is_laid_over_last() {
    let slow = "thresholds: {Slow: {above: \"1s\", for: \"5m\"}, Down: {any: true}}";
    assert_eq!(
        shown(SPEC, Some("staging")),
        format!(
            "{{services: {{b: {{packs: [\"http\", \"process\"], scrape: {{port: 80, path: \"/s\"}}}}, \
             c: {{packs: [\"redis\"], scrape: {{port: 80, path: \"/s\"}}, {slow}}}, \
             d: {{packs: [\"http\"], {slow}}}}}}}"
        )
    );
}

#[test]
fn the_later_template_wins() {
    let spec = |like: &str| {
        let templates = "templates: {one: {x: 1, y: 1, z: {p: 1}}, two: {x: 2, z: {q: 2}}}";
        shown(&format!("{templates}\nservices: {{a: {{like: [{like}], y: 3}}}}"), None)
    };
    assert_eq!(spec("one, two"), "{services: {a: {x: 2, y: 3, z: {p: 1, q: 2}}}}");
    assert_eq!(spec("two, one"), "{services: {a: {x: 1, z: {q: 2, p: 1}, y: 3}}}");
}

#[test]
fn a_service_without_like_is_as_written() {
    let spec = "services: {a: {labels: null, x: 1}, b: , c: [1]}";
    assert_eq!(shown(spec, None), "{services: {a: {labels: null, x: 1}, b: null, c: [1]}}");
    assert_eq!(shown("services: [1]", None), "{services: [1]}");
}

#[test]
fn values_keep_their_places_and_say_who_uses_them() {
    let written = written(SPEC, None);
    let place = |path: &[&str]| {
        let span = at(&written.node, path).span;
        let user = written.sources.user(span.file).map(|user| user.name.clone());
        (written.sources.file(span.file).line_column(span.start).0, user)
    };
    let of = |name: &str| Some(name.to_owned());
    assert_eq!(place(&["services", "a", "scrape", "port"]), (8, None));
    assert_eq!(place(&["services", "a", "scrape", "path"]), (4, of("a")));
    assert_eq!(place(&["services", "b", "scrape", "path"]), (4, of("b")));
    assert_eq!(place(&["services", "b", "scrape", "interval"]), (6, of("b")));
    assert_eq!(place(&["services", "b"]), (9, None), "a service is where it is written");
}

#[test]
fn what_is_no_template_is_told_at_its_place() {
    let said = |spec: &str| written(spec, None).said;
    assert_eq!(said("templates: {web: {}}\nservices:\n  a: {like: wbe}\n  b: {like: web}"), ["unknown-template 3"]);
    assert_eq!(said("services:\n  a: {like: web}"), ["unknown-template 2"]);
    assert_eq!(said("templates: [web]"), ["template-not-a-map 1"]);
    assert_eq!(said("templates:\n  web: 5\nservices: {a: {like: web}}"), ["template-not-a-map 2"]);
    assert_eq!(said("templates: {web: {}}\nservices:\n  a: {like: [web, 5]}"), ["invalid-like 3"]);
    assert_eq!(said("templates:\n  web: {}\n  old: {like: web}\nservices: {a: {like: web}}"), ["unused-template 3"]);
}

#[test]
fn a_circle_is_told_once_with_its_places() {
    let spec =
        "templates:\n  a: {like: b}\n  b: {like: c}\n  c: {like: a, x: 1}\nservices:\n  s: {like: a}\n  t: {like: c}";
    let written = written(spec, None);
    assert_eq!(written.said, ["template-cycle 4; 2 like `b`,; 3 like `c`,"]);
    assert_eq!(show(at(&written.node, &["services", "s"])), "{x: 1}");
    let itself = "templates: {a: {like: a}}\nservices: {s: {like: a}}";
    assert_eq!(written_of(itself), ["template-cycle 1"]);
}

#[test]
fn nothing_is_left_of_templates_in_the_spec() {
    for spec in [SPEC, "templates: {}", "templates: ", "templates: 5"] {
        let written = written(spec, None);
        let Value::Map(map) = &written.node.value else { panic!("{spec}") };
        assert!(map.get("templates").is_none(), "{spec}");
    }
}
