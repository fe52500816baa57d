//! The simulation of the tree, asked of the real amtool on random trees and labels.

use crate::support::{scratch::Scratch, tools};
use bellwether::{Memory, Options, lint, plain};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A route, as it will be written.
#[derive(Debug, Clone)]
struct Route {
    matchers: Vec<String>,
    equal: Option<(&'static str, &'static str)>,
    named: bool,
    continues: bool,
    routes: Vec<Route>,
}

const LABELS: [&str; 3] = ["a", "b", "c"];
const VALUES: [&str; 4] = ["x", "y", "xy", ""];

fn matcher() -> impl Strategy<Value = String> {
    let label = prop::sample::select(LABELS.to_vec());
    let exact = (prop::sample::select(vec!["=", "!="]), prop::sample::select(VALUES.to_vec()));
    let patterns = vec!["x|y", "x.*", ".+", ".*", "[xy]", "x?", "(?:x|y)y", "^x$", "x|"];
    let regex = (prop::sample::select(vec!["=~", "!~"]), prop::sample::select(patterns));
    (label, prop_oneof![exact, regex]).prop_map(|(label, (op, value))| format!("{label}{op}\"{value}\""))
}

fn route() -> impl Strategy<Value = Route> {
    let matchers = prop::collection::vec(matcher(), 0..3);
    let older =
        prop::option::weighted(0.2, (prop::sample::select(LABELS.to_vec()), prop::sample::select(VALUES.to_vec())));
    let leaf = (matchers, older, any::<bool>(), any::<bool>()).prop_map(|(matchers, equal, named, continues)| Route {
        matchers,
        equal,
        named,
        continues,
        routes: Vec::new(),
    });
    leaf.prop_recursive(3, 12, 4, |inner| {
        (inner.clone(), prop::collection::vec(inner, 1..4)).prop_map(|(node, routes)| Route { routes, ..node })
    })
}

/// Writes a route, and gives it a receiver of its own unless it takes over its parent's.
fn write(route: &Route, indent: usize, receivers: &mut usize, text: &mut String) {
    let space = " ".repeat(indent);
    let _ = writeln!(text, "{space}- continue: {}", route.continues);
    if route.named {
        *receivers += 1;
        let _ = writeln!(text, "{space}  receiver: r{receivers}");
    }
    // Both ways to write a list of conditions.
    let matchers: Vec<String> = match route.matchers.as_slice() {
        [one, two] if route.continues => vec![format!("'{{{one}, {two}}}'")],
        all => all.iter().map(|one| format!("'{one}'")).collect(),
    };
    let _ = writeln!(text, "{space}  matchers: [{}]", matchers.join(", "));
    if let Some((label, value)) = route.equal {
        let _ = writeln!(text, "{space}  match: {{{label}: '{value}'}}");
    }
    if !route.routes.is_empty() {
        let _ = writeln!(text, "{space}  routes:");
        route.routes.iter().for_each(|child| write(child, indent + 4, receivers, text));
    }
}

fn written(routes: &[Route]) -> String {
    let (mut text, mut receivers) = ("route:\n  receiver: r0\n".to_owned(), 0);
    if !routes.is_empty() {
        text.push_str("  routes:\n");
        routes.iter().for_each(|route| write(route, 4, &mut receivers, &mut text));
    }
    let names: Vec<String> = (0..=receivers).map(|number| format!("{{name: r{number}}}")).collect();
    text + &format!("receivers: [{}]\n", names.join(", "))
}

#[test]
fn amtool_takes_the_same_way() {
    let versions = tools::versions("amtool");
    if versions.is_empty() {
        return;
    }
    let value = || prop::sample::select(VALUES.to_vec());
    let alerts = prop::collection::vec((value(), value(), value()), 3);
    let config =
        Config { cases: if crate::support::deep() { 200 } else { 20 }, failure_persistence: None, ..Config::default() };
    let strategy = (prop::collection::vec(route(), 0..5), alerts);
    let outcome = TestRunner::new(config).run(&strategy, |(routes, alerts)| {
        let text = written(&routes);
        let world = Memory::new().with("alertmanager.yml", text.clone());
        let read = plain::read(&world, &["alertmanager.yml".to_owned()], &Options::default());
        prop_assert!(!read.diagnostics.has_errors(), "{text}\n{:?}", read.diagnostics);
        let file = &read.plain.as_ref().unwrap().alertmanagers[0];
        let folder = Scratch::new("tree");
        let path = folder.write("alertmanager.yml", &text);
        for (a, b, c) in &alerts {
            let labels: BTreeMap<String, String> = [("z", "1"), ("a", *a), ("b", *b), ("c", *c)]
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(label, value)| (label.to_owned(), value.to_owned()))
                .collect();
            let ours = lint::receivers(file, &labels).join(",");
            for tool in &versions {
                let mut command = tool.command();
                command.args(["config", "routes", "test", "--config.file"]).arg(&path);
                command.args(labels.iter().map(|(label, value)| format!("{label}={value}")));
                let output = command.output().unwrap();
                prop_assert!(output.status.success(), "{}\n{}", String::from_utf8_lossy(&output.stderr), text);
                let theirs = String::from_utf8_lossy(&output.stdout);
                prop_assert_eq!(&ours, theirs.trim(), "{} {:?}\n{}", tool.set, labels, text);
            }
        }
        Ok(())
    });
    assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
}
