//! A stage for rules: series are played before them on the real promtool, and it is asked what came out.
//!
//! `promtool test rules` compares; it does not tell. So each question expects what nothing answers, and the
//! answer is read from what promtool says it got instead.

use crate::support::{scratch::Scratch, tools};
use serde_json::json;

/// A sample of an answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sample {
    /// Labels as promtool prints them: `{__name__="up", job="api"}`.
    pub(crate) labels: String,
    pub(crate) value: f64,
}

impl Sample {
    /// The value of a label; empty where it has none.
    pub(crate) fn label(&self, name: &str) -> &str {
        let start = format!("{name}=\"");
        let found = self.labels.split(['{', ' ']).find_map(|part| part.strip_prefix(start.as_str()));
        found.and_then(|rest| rest.split_once('"')).map_or("", |(value, _)| value)
    }
}

/// What a question was answered.
pub(crate) type Answer = Vec<Sample>;

/// Rules and the series that are played before them.
#[derive(Clone, Default)]
pub(crate) struct Stage {
    /// Text of each rule file.
    pub(crate) rules: Vec<String>,
    /// Series in promtool's notation, with their values.
    pub(crate) series: Vec<(String, String)>,
    /// Groups in the order of their evaluation, where it is said.
    pub(crate) order: Vec<String>,
    /// Time between evaluations; a minute unless said.
    pub(crate) evaluation: Option<&'static str>,
}

impl Stage {
    pub(crate) fn new(rules: Vec<String>, series: Vec<(String, String)>) -> Self {
        Self { rules, series, ..Self::default() }
    }

    /// Asks each expression at its time (`"1h30m"`). Samples stand a minute apart.
    ///
    /// # Panics
    /// Where the rules cannot be evaluated.
    pub(crate) fn ask(&self, promtool: &tools::Tool, questions: &[(&str, &str)]) -> Vec<Answer> {
        self.try_ask(promtool, questions).unwrap_or_else(|said| panic!("{}: {said}", promtool.set))
    }

    /// As [`Self::ask`]; the error is what promtool says of rules that it cannot evaluate.
    pub(crate) fn try_ask(&self, promtool: &tools::Tool, questions: &[(&str, &str)]) -> Result<Vec<Answer>, String> {
        let scratch = Scratch::new("stage");
        let rules: Vec<String> = (0..self.rules.len()).map(|index| format!("rules-{index}.yml")).collect();
        for (name, text) in rules.iter().zip(&self.rules) {
            scratch.write(name, text);
        }
        let series: Vec<_> =
            self.series.iter().map(|(series, values)| json!({"series": series, "values": values})).collect();
        let nothing = [json!({"labels": "no_such_series", "value": 123_456_789})];
        let questions_of =
            |(expr, time): &(&str, &str)| json!({"expr": expr, "eval_time": time, "exp_samples": nothing});
        let asked: Vec<_> = questions.iter().map(questions_of).collect();
        let file = json!({
            "rule_files": rules,
            "evaluation_interval": self.evaluation.unwrap_or("1m"),
            "group_eval_order": self.order,
            "tests": [{"interval": "1m", "input_series": series, "promql_expr_test": asked}],
        });
        let path = scratch.write("test.yml", &file.to_string());
        let said = match tools::run(promtool.command().args(["test", "rules"]).arg(path)) {
            Ok(said) => said,
            Err(said) => said,
        };
        let answers: Vec<Answer> =
            said.lines().filter_map(|line| line.trim().strip_prefix("got: ")).map(read).collect();
        if answers.len() == questions.len() { Ok(answers) } else { Err(said) }
    }
}

/// Reads `{a="b"} 1E+00, {} NaN`, or `nil`.
fn read(mut text: &str) -> Answer {
    let mut samples = Vec::new();
    while let Some(start) = text.find('{') {
        let name = &text[..start];
        let end = start + end_of_labels(&text[start..]);
        let rest = &text[end..];
        let (value, next) = rest.split_once(", ").unwrap_or((rest, ""));
        // Without its name in the braces, a series is named before them.
        let labels = format!("{name}{}", &text[start..end]);
        samples.push(Sample { labels, value: value.trim().parse().unwrap() });
        text = next;
    }
    samples
}

/// Where the labels end: after the brace that stands in no quotes.
fn end_of_labels(text: &str) -> usize {
    let (mut quoted, mut escaped) = (false, false);
    for (position, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            '}' if !quoted => return position + 1,
            _ => {}
        }
    }
    text.len()
}

/// Whether promtool takes a rule file, and what it says if not.
pub(crate) fn check(promtool: &tools::Tool, rules: &str) -> Result<(), String> {
    let scratch = Scratch::new("check");
    let path = scratch.write("rules.yml", rules);
    tools::run(promtool.command().args(["check", "rules"]).arg(path)).map(|_| ())
}

/// The only value of an answer; `None` where there is none.
///
/// # Panics
/// Where there are several.
pub(crate) fn value(answer: &Answer) -> Option<f64> {
    assert!(answer.len() < 2, "{answer:?}");
    answer.first().map(|sample| sample.value)
}

/// Whether an answer is one value, to a hundredth of it.
pub(crate) fn about(answer: &Answer, wanted: f64) -> bool {
    value(answer).is_some_and(|found| (found - wanted).abs() <= 0.01 * wanted.abs() + 1e-12)
}

#[test]
fn answers_are_read() {
    let sample = |labels: &str, value| Sample { labels: labels.to_owned(), value };
    assert_eq!(read("nil"), []);
    let found = read(r#"{} 1E+00, {__name__="x:r", slo="a\"b}, ,"} 1.5E-01"#);
    assert_eq!(found, [sample("{}", 1.0), sample(r#"{__name__="x:r", slo="a\"b}, ,"}"#, 0.15)]);
    assert!(read("{} NaN")[0].value.is_nan());
    assert_eq!(sample(r#"{a="1", tier="page-fast"}"#, 1.0).label("tier"), "page-fast");
    assert_eq!(sample(r#"{a="1"}"#, 1.0).label("tier"), "");
}
