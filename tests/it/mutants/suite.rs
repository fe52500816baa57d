//! The generated rules of a platform and their generated tests, and how much of both a changed rule needs.
//!
//! A test can notice a change only if it asks for what the changed rule makes, or for what another rule
//! makes of that. Such tests, and the rules that they need, are all that is played.

use std::collections::BTreeMap;
use std::path::Path;

use bellwether::promql::build::metric;
use bellwether::promql::{Expr, MatchOp, Selector, ask, parse};
use bellwether::quantity::Duration;
use serde_json::{Value, json};

use crate::support::files_with;

/// One rule.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    /// Its file below the platform's folder.
    pub(super) file: String,
    group: usize,
    place: usize,
    /// Its name: an alert's or a record's.
    pub(super) name: String,
    pub(super) alert: bool,
    /// Labels that it sets.
    pub(super) labels: BTreeMap<String, String>,
    pub(super) expr: Expr,
    /// As written.
    pub(super) written: Value,
}

/// One test of one test file.
#[derive(Debug)]
struct Case {
    asks: Vec<Selector>,
    /// How often the rules are evaluated in it.
    evaluations: u64,
    written: Value,
}

/// One test file.
#[derive(Debug)]
pub(super) struct TestFile {
    pub(super) name: String,
    /// The rule files that it loads, below the platform's folder.
    rule_files: Vec<String>,
    cases: Vec<Case>,
    /// As written, without the tests.
    head: Value,
}

/// A platform's rules and tests.
#[derive(Debug)]
pub(super) struct Suite {
    pub(super) rules: Vec<Rule>,
    pub(super) tests: Vec<TestFile>,
    /// How often rules are evaluated.
    pub(super) evaluation: Duration,
    /// Each rule file's groups, as written, without their rules.
    groups: BTreeMap<String, Vec<Value>>,
}

/// Tests are played at once as long as the rules are not evaluated more often in all of them: many changes are
/// noticed by the short ones, and the long ones need not be played.
const AT_ONCE: u64 = 200;

/// Files to play: paths and texts; the test file comes first.
pub(super) type Bundle = Vec<(String, String)>;

fn read(path: &Path) -> Value {
    yaml_serde::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}

fn time(value: &Value) -> Duration {
    Duration::parse(&text(value)).unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

impl Rule {
    /// As it would be with this written; where it stands stays.
    pub(super) fn rewritten(&self, written: Value) -> Self {
        let alert = written.get("alert").is_some();
        let labels = written.get("labels").and_then(Value::as_object).into_iter().flatten();
        Self {
            name: text(&written[if alert { "alert" } else { "record" }]),
            alert,
            labels: labels.map(|(label, value)| (label.clone(), text(value))).collect(),
            expr: parse(&text(&written["expr"])).unwrap(),
            written,
            ..self.clone()
        }
    }

    /// Whether a selector can ask for what the rule makes.
    fn answers(&self, selector: &Selector) -> bool {
        let metric = selector.metric.as_deref();
        let (of_name, name_label) = if self.alert {
            (matches!(metric, Some("ALERTS" | "ALERTS_FOR_STATE") | None), Some("alertname"))
        } else {
            (metric.is_none_or(|metric| metric == self.name), None)
        };
        of_name
            && selector.matchers.iter().filter(|matcher| matcher.op == MatchOp::Equal).all(|matcher| {
                let own = if name_label == Some(&*matcher.label) {
                    Some(&self.name)
                } else {
                    self.labels.get(&*matcher.label)
                };
                own.is_none_or(|own| *own == matcher.value)
            })
    }

    fn reads(&self) -> Vec<Selector> {
        asked(&self.expr)
    }

    fn is(&self, other: &Self) -> bool {
        (&self.file, self.group, self.place) == (&other.file, other.group, other.place)
    }
}

fn asked(expr: &Expr) -> Vec<Selector> {
    ask::leaves(expr).into_iter().map(|leaf| leaf.selector.clone()).collect()
}

impl Suite {
    /// Of a platform's folder.
    pub(super) fn read(platform: &Path) -> Self {
        let configuration = read(&platform.join("prometheus/prometheus.yml"));
        let evaluation = time(&configuration["global"]["evaluation_interval"]);
        let (mut rules, mut groups) = (Vec::new(), BTreeMap::new());
        for folder in ["prometheus/rules", "thanos/rules"] {
            for path in files_with(&platform.join(folder), &["yml"]) {
                let file = format!("{folder}/{}", path.file_name().unwrap().to_str().unwrap());
                let written = read(&path);
                let mut heads = Vec::new();
                for (group, of_file) in list(&written["groups"]).iter().enumerate() {
                    for (place, written) in list(&of_file["rules"]).iter().enumerate() {
                        rules.push(rule(&file, group, place, written));
                    }
                    let mut head = of_file.clone();
                    head["rules"] = json!([]);
                    heads.push(head);
                }
                groups.insert(file, heads);
            }
        }
        let tests = files_with(&platform.join("prometheus/tests"), &["yml"]);
        Self { rules, tests: tests.iter().map(|path| test_file(path)).collect(), evaluation, groups }
    }

    /// Recording rules of these names and labels, and nothing else.
    pub(super) fn made_up(recorded: &[(&str, &[(&str, &str)])]) -> Self {
        let rules = recorded.iter().enumerate().map(|(place, (name, labels))| {
            let labels: serde_json::Map<String, Value> =
                labels.iter().map(|(label, value)| ((*label).to_owned(), json!(value))).collect();
            rule("rules/a.yml", 0, place, &json!({ "record": name, "expr": "1", "labels": labels }))
        });
        let evaluation = Duration::minutes(1);
        Self { rules: rules.collect(), tests: Vec::new(), evaluation, groups: BTreeMap::new() }
    }

    /// What must be played to see the difference between a rule and a change of it: of each test file that
    /// can tell them apart, the tests that can, the short ones first, with `played` among the rules.
    pub(super) fn bundles(&self, original: &Rule, changed: &Rule, played: &Rule) -> Vec<Bundle> {
        let mut found: Vec<(u64, Bundle)> = Vec::new();
        for file in self.tests.iter().filter(|file| file.rule_files.contains(&original.file)) {
            let loaded: Vec<&Rule> = self.rules.iter().filter(|rule| file.rule_files.contains(&rule.file)).collect();
            let seen = seen_through(&loaded, &[original, changed]);
            let notices = |case: &&Case| case.asks.iter().any(|asked| seen.iter().any(|rule| rule.answers(asked)));
            let mut cases: Vec<&Case> = file.cases.iter().filter(notices).collect();
            cases.sort_by_key(|case| case.evaluations);
            while let Some(first) = cases.first() {
                let mut evaluations = first.evaluations;
                let fits = |case: &&&Case| {
                    evaluations += case.evaluations;
                    evaluations <= AT_ONCE
                };
                let many = 1 + cases[1..].iter().take_while(fits).count();
                let rest = cases.split_off(many);
                let longest = cases.last().map_or(0, |case| case.evaluations);
                found.push((longest, self.bundle(file, &cases, &loaded, &[original, changed], played)));
                cases = rest;
            }
        }
        found.sort_by_key(|(longest, _)| *longest);
        found.into_iter().map(|(_, bundle)| bundle).collect()
    }

    fn bundle(&self, file: &TestFile, cases: &[&Case], loaded: &[&Rule], both: &[&Rule], played: &Rule) -> Bundle {
        let mut asks: Vec<Selector> = cases.iter().flat_map(|case| case.asks.clone()).collect();
        asks.extend(both.iter().flat_map(|rule| rule.reads()));
        let mut needed: Vec<&Rule> = Vec::new();
        loop {
            let next = loaded.iter().find(|rule| {
                !needed.iter().any(|known| known.is(rule))
                    && (played.is(rule) || asks.iter().any(|asked| rule.answers(asked)))
            });
            let Some(next) = next else { break };
            asks.extend(next.reads());
            needed.push(next);
        }
        let mut head = file.head.clone();
        head["tests"] = cases.iter().map(|case| case.written.clone()).collect();
        let mut bundle = vec![(format!("prometheus/tests/{}.yml", file.name), head.to_string())];
        for path in &file.rule_files {
            let mut groups = self.groups[path].clone();
            // In the order of the file, which is the order of evaluation.
            for rule in loaded.iter().filter(|rule| rule.file == *path && needed.iter().any(|known| known.is(rule))) {
                let written = if played.is(rule) { &played.written } else { &rule.written };
                groups[rule.group]["rules"].as_array_mut().unwrap().push(written.clone());
            }
            bundle.push((path.clone(), json!({ "groups": groups }).to_string()));
        }
        bundle
    }
}

/// The rules, and every rule that reads what one of them makes.
fn seen_through<'a>(loaded: &[&'a Rule], changed: &[&'a Rule]) -> Vec<&'a Rule> {
    let mut seen: Vec<&Rule> = changed.to_vec();
    while let Some(next) = loaded.iter().find(|rule| {
        !seen.iter().any(|known| known.is(rule))
            && rule.reads().iter().any(|read| seen.iter().any(|known| known.answers(read)))
    }) {
        seen.push(next);
    }
    seen
}

fn rule(file: &str, group: usize, place: usize, written: &Value) -> Rule {
    let blank = Rule {
        file: file.to_owned(),
        group,
        place,
        name: String::new(),
        alert: false,
        labels: BTreeMap::new(),
        expr: bellwether::promql::build::time(),
        written: Value::Null,
    };
    blank.rewritten(written.clone())
}

fn test_file(path: &Path) -> TestFile {
    let mut head = read(path);
    let cases = head["tests"].take();
    let interval = time(&head["evaluation_interval"]).as_millis();
    let cases = list(&cases).iter().map(|case| {
        let (expressions, alerts) = (list(&case["promql_expr_test"]), list(&case["alert_rule_test"]));
        let times = expressions.iter().chain(alerts).map(|test| time(&test["eval_time"]).as_millis());
        let named = |test: &Value| metric("ALERTS").with("alertname", text(&test["alertname"]));
        let mut asks: Vec<Selector> =
            expressions.iter().flat_map(|test| asked(&parse(&text(&test["expr"])).unwrap())).collect();
        asks.extend(alerts.iter().map(named));
        Case { asks, evaluations: times.max().unwrap_or_default() / interval + 1, written: case.clone() }
    });
    // `../rules/x.yml` and `../../thanos/rules/x.yml`, seen from the folder of tests.
    let below = |written: &Value| {
        let path = text(written);
        match path.strip_prefix("../../") {
            Some(path) => path.to_owned(),
            None => format!("prometheus/{}", path.trim_start_matches("../")),
        }
    };
    TestFile {
        name: path.file_stem().unwrap().to_str().unwrap().to_owned(),
        rule_files: list(&head["rule_files"]).iter().map(below).collect(),
        cases: cases.collect(),
        head,
    }
}
