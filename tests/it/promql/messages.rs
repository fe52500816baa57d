//! What people read when an expression is wrong: the words, the bytes, the advice.

use bellwether::promql::{parse_selector, read};

/// Each fault as `bytes at fault: message (help)`.
fn said(text: &str) -> Vec<String> {
    let errors = read(text).expect_err(text);
    let line = |e: &bellwether::promql::SyntaxError| {
        let at = text.get(e.range.clone()).unwrap_or("");
        let help = e.help.as_deref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{at}: {}{help}", e.message)
    };
    errors.iter().map(line).collect()
}

#[test]
fn faults_are_named_where_they_are() {
    for (text, expected) in [
        ("sum(rate(up[5m])", "(: `(` is never closed (expected `,` or `)` at the end)"),
        ("up{job=\"a\"", "{: `{` is never closed (expected `,` or `}` at the end)"),
        ("up)", "): `)` closes nothing"),
        ("rte(up[5m])", "rte: no function is named `rte` (did you mean `rate`?)"),
        (
            "holt_winters(up[5m], 1, 1)",
            "holt_winters: no function is named `holt_winters` (since Prometheus 3 it is `double_exponential_smoothing`)",
        ),
        ("rate(up)", "up: `rate` takes a range vector here, found an instant vector (give it a window: up[5m])"),
        (
            "rate(sum(up))",
            "sum(up): `rate` takes a range vector here, found an instant vector (evaluate it over time with a subquery: (...)[1h:1m])",
        ),
        ("up = 1", "=: `=` is no operator of PromQL (write `==`)"),
        ("up && up", "&&: `&&` is no operator of PromQL (write `and`)"),
        ("up{job=a}", "a: a label's value is a string (put it into quotes: \"a\")"),
        ("up{job==\"a\"}", "==: `==` compares numbers (match a label with a single `=`)"),
        (
            "rate(up[$__rate_interval])",
            "$__rate_interval: `$__rate_interval` is known only to Grafana, inside a dashboard (write a window of at least four scrapes, like [5m])",
        ),
        ("1 == 2", "1 == 2: two numbers are compared, so there is nothing to filter (write `== bool` for 1 or 0)"),
        ("up{path=~\"a(b\"}", "(: regular expression: this group is never closed (write \\( for the character itself)"),
        (
            "up{path=~\"(?!a)b\"}",
            "(?!: regular expression: Prometheus knows no look-around (RE2 cannot look ahead or behind: use a second matcher with !~)",
        ),
        (
            "up{path=\"\\d\"}",
            "\\d: unknown escape `\\d` (double the backslash: regular expressions in quotes write \\\\. and \\\\d)",
        ),
        (
            "sum(up) offset 5m",
            "sum(up): only a selector or a subquery takes `offset` (put `offset` right behind the selector, inside the parentheses)",
        ),
        (
            "{job=~\".*\"}",
            "{job=~\".*\"}: this selector would match every series there is (name a metric, or a label with a value that is not empty)",
        ),
        ("up unles up", "unles: expected an operator, found `unles` (did you mean `unless`?)"),
        ("up > 5k", "5k: `5k` is neither a number nor a duration (PromQL has no size suffixes: write 1e6 or 1024 ^ 2)"),
        ("up[5m*2]", "*: arithmetic on durations is not read here (write the result: [10m] instead of [5m * 2])"),
        ("up[1m5h]", "1m5h: `5h` in duration `1m5h`: units go from large to small, each once"),
        ("up and 5", "up and 5: `and` joins series, not numbers (make a number a series with vector(...))"),
        ("up +", "+: the text ends, expected an operand"),
    ] {
        assert_eq!(said(text), [expected], "{text}");
    }
}

#[test]
fn one_run_tells_every_fault() {
    assert_eq!(said("rat(up[5m]) = sume(up)").len(), 3);
    assert_eq!(said("rate(a) + rate(b) + sum(c[5m])").len(), 3);
}

#[test]
fn a_selector_alone() {
    let selector = parse_selector("up{job=\"a\"}").expect("a selector");
    assert_eq!(selector.to_string(), "up{job=\"a\"}");
    for text in ["up[5m]", "up offset 5m", "up + 1", "(up)", "sum(up)", "up{"] {
        assert!(parse_selector(text).is_err(), "{text}");
    }
}
