//! The writers before the programs that their files are for.

use crate::end_to_end::systems::Running;
use crate::oracles::outputs;
use crate::support::{expected::check_or_update, root, scratch::Scratch, tools};
use bellwether::writers::hcl::{Body, Expression, Part, write};
use bellwether::writers::yaml;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::json;
use std::time::Duration;

/// Pieces that have a meaning inside quotes, or could end them.
const PIECES: [&str; 22] = [
    "${", "%{", "$", "$$", "$${", "%", "%%{", "{", "}", "\"", "\\", "\n", "\r", "\t", "a", " ", "é", "😀", "\u{7f}",
    "#", "EOT", "~}",
];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..6).prop_map(|pieces| pieces.concat())
}

#[test]
fn terraform_reads_the_text_that_was_meant() {
    let Some(terraform) = tools::terraform() else { return };
    let mut runner = TestRunner::deterministic();
    let mut body = Body::new();
    let mut meant = Vec::new();
    for number in 0..400 {
        let before = text().new_tree(&mut runner).unwrap().current();
        let after = text().new_tree(&mut runner).unwrap().current();
        let (value, says) = match number % 4 {
            0 => (Expression::String(before.clone()), json!(before)),
            1 => (Expression::Heredoc(format!("{before}\n")), json!(format!("{before}\n"))),
            2 => (Expression::Object(vec![(before.clone(), after.clone().into())]), json!({ before: after })),
            _ => {
                let parts = vec![
                    Part::Literal(before.clone()),
                    Part::Interpolation(Expression::call("upper", vec!["x".into()])),
                    Part::Literal(after.clone()),
                ];
                (Expression::Template(parts), json!(format!("{before}X{after}")))
            }
        };
        body = body.block("output", &[&format!("o{number}")], Body::new().attribute("value", value));
        meant.push(says);
    }
    let outputs = outputs(&terraform, &write(&body, &[]));
    for (number, says) in meant.iter().enumerate() {
        assert_eq!(&outputs[format!("o{number}")]["value"], says, "output {number}");
    }
}

fn expression() -> impl Strategy<Value = Expression> {
    let leaf = prop_oneof![
        text().prop_map(Expression::String),
        any::<i32>().prop_map(|number| Expression::from(i64::from(number))),
        Just(Expression::Null),
        "[a-z]{1,9}( [a-z|]{1,9}){0,3}\n(  [a-z]{1,9}\n){0,2}".prop_map(Expression::Heredoc),
        ("[a-z]{1,9}", "[a-z_]{1,9}").prop_map(|(root, step)| Expression::reference([root.as_str(), step.as_str()])),
        (text(), "[a-z]{1,5}").prop_map(|(before, name)| {
            Expression::Template(vec![
                Part::Literal(before),
                Part::Interpolation(Expression::reference([name.as_str()])),
            ])
        }),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Expression::List),
            prop::collection::vec(("[a-zA-Z.]{1,12}", inner.clone()), 0..4).prop_map(Expression::Object),
            ("[a-z]{1,9}", prop::collection::vec(inner, 0..3))
                .prop_map(|(function, arguments)| Expression::Call { function, arguments }),
        ]
    })
}

fn any_body() -> impl Strategy<Value = Body> {
    let attributes = || prop::collection::vec(("[a-z_]{1,15}", expression()), 0..6);
    let inner = (attributes(), prop::option::of(text()));
    (attributes(), prop::collection::vec(("[a-z]{1,8}", prop::option::of("[a-z_]{1,9}"), inner), 0..3)).prop_map(
        |(attributes, blocks)| {
            let fill = |body: Body, attributes: Vec<(String, Expression)>| {
                let numbered = attributes.into_iter().enumerate();
                numbered.fold(body, |body, (number, (name, value))| body.attribute(&format!("{name}{number}"), value))
            };
            let body = fill(Body::new(), attributes);
            blocks.into_iter().fold(body, |body, (kind, label, (attributes, comment))| {
                let labels: Vec<&str> = label.iter().map(String::as_str).collect();
                let start = comment.iter().fold(Body::new(), |body, comment| body.comment(comment));
                body.block(&kind, &labels, fill(start, attributes))
            })
        },
    )
}

#[test]
fn terraform_fmt_finds_nothing_to_change() {
    let Some(terraform) = tools::terraform() else { return };
    let scratch = Scratch::new("fmt");
    let mut runner = TestRunner::deterministic();
    for number in 0..400 {
        let body = any_body().new_tree(&mut runner).unwrap().current();
        scratch.write(&format!("f{number}.tf"), &write(&body, &["Banner."]));
    }
    let check = || tools::run(tools::terraform_command(&terraform, scratch.path()).args(["fmt", "-check", "-diff"]));
    check().unwrap_or_else(|said| panic!("{said}"));
    scratch.write("spoiled.tf", "a = 1\nlong = 2\n");
    assert!(check().is_err());
}

/// Strings that readers of YAML have taken for something else, or that end a scalar early.
const HOSTILE: [&str; 44] = [
    "",
    " ",
    " a",
    "a ",
    "\t",
    "a\tb",
    "\n",
    "a\n",
    "a\n\n",
    "\na",
    "  a\nb",
    "a\nb",
    "a \nb",
    "# a\nb",
    "---\na",
    "a\r\nb",
    "a\u{85}b",
    "\u{feff}a",
    "\u{2028}",
    "\u{0}",
    "\u{a0}",
    "no",
    "Y",
    "off",
    "true",
    "NULL",
    "~",
    ".nan",
    "22:22",
    "12:30:45",
    "0123",
    "0x1F",
    "1e3",
    ".5",
    "1_000",
    "2024-01-01",
    "a: b",
    "a:",
    "a #b",
    "{a}",
    "- a",
    "=",
    "<<",
    "it's \"\\",
];

#[test]
fn prometheus_reads_the_strings_that_were_meant() {
    let rules: Vec<serde_json::Value> = HOSTILE
        .iter()
        .enumerate()
        .map(|(number, text)| {
            json!({"alert": format!("A{number}"), "expr": "vector(1)", "labels": {"v": text}, "annotations": {"v": text}})
        })
        .collect();
    let written = yaml::write(&json!({"groups": [{"name": "hostile", "rules": rules}]}), &["Strings that come back."]);
    check_or_update(&root().join("tests/goldens/hostile-rules.yml"), &written);
    let scratch = Scratch::new("hostile");
    let path = scratch.write("prometheus.yml", "rule_files: [rules.yml]\n");
    scratch.write("rules.yml", &written);
    for tool in tools::versions("prometheus") {
        let mut prometheus = Running::prometheus(&tool, &path);
        prometheus.wait_until_ready(Duration::from_secs(90));
        let answer = prometheus.get("/api/v1/rules");
        for (number, text) in HOSTILE.iter().enumerate() {
            let rule = &answer["data"]["groups"][0]["rules"][number];
            assert_eq!(rule["annotations"]["v"], *text, "{tool:?}: {number}");
            // Prometheus drops a label whose value is empty.
            assert_eq!(rule["labels"]["v"].as_str().unwrap_or_default(), *text, "{tool:?}: {number}");
        }
    }
}
