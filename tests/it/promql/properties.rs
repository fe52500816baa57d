//! No input panics or takes long; what is printed reads back as the same tree.

use std::time::{Duration as Time, Instant};

use bellwether::promql::*;
use bellwether::quantity::Duration;
use proptest::prelude::*;
use rust_decimal::Decimal;

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z_][a-z0-9_]{0,6}",
        1 => "[a-z:]{1,5}",
        1 => prop::sample::select(vec!["sum", "by", "without", "inf", "nan", "on", "offset", "bool", "and", "fill", "atan2"])
            .prop_map(str::to_owned),
        1 => any::<String>().prop_filter("names are not empty", |name| !name.is_empty()),
    ]
}

fn at() -> impl Strategy<Value = Option<At>> {
    prop_oneof![
        6 => Just(None),
        1 => any::<i64>().prop_map(|millis| Some(At::Time(millis))),
        1 => Just(Some(At::Start)),
        1 => Just(Some(At::End)),
    ]
}

fn offset() -> impl Strategy<Value = Offset> {
    let millis = prop_oneof![4 => Just(0), 1 => -10_000_000_000_i64..10_000_000_000];
    (millis, at()).prop_map(|(offset_millis, at)| Offset { offset_millis, at })
}

fn duration() -> impl Strategy<Value = Duration> {
    prop_oneof![1_u64..100_000_000_000, (1_u64..1000).prop_map(|minutes| minutes * 60_000)].prop_map(Duration::millis)
}

fn window() -> impl Strategy<Value = Window> {
    prop_oneof![
        8 => duration().prop_map(Window::Fixed),
        1 => prop::sample::select(vec![Window::RateInterval, Window::Interval, Window::Range]),
    ]
}

fn matcher() -> impl Strategy<Value = Matcher> {
    let equal = (prop::sample::select(vec![MatchOp::Equal, MatchOp::NotEqual]), any::<String>());
    let regex = (prop::sample::select(vec![MatchOp::Regex, MatchOp::NotRegex]), "[a-z.*]{0,4}")
        .prop_filter("the expression is valid", |(_, value)| regex::matches_empty(value).is_ok());
    (name(), prop_oneof![equal, regex]).prop_map(|(label, (op, value))| Matcher {
        label: label.into(),
        op,
        value,
        at: Range::default(),
    })
}

fn selector() -> impl Strategy<Value = Selector> {
    (prop::option::weighted(0.8, name()), prop::collection::vec(matcher(), 0..3), offset())
        .prop_map(|(metric, matchers, offset)| Selector { metric, matchers, offset, at: Range::default() })
}

fn number() -> impl Strategy<Value = Kind> {
    prop_oneof![
        4 => (-1_000_000_i64..1_000_000, 0_u32..6).prop_map(|(n, scale)| Kind::Number(Decimal::new(n, scale))),
        1 => any::<i64>().prop_map(|n| Kind::Number(Decimal::from(n))),
        1 => prop::sample::select(vec![f64::INFINITY, f64::NEG_INFINITY, f64::NAN, -0.0, 1e300, -2.5e-300])
            .prop_map(|value| Kind::Float(Float(value))),
    ]
}

fn names() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(name(), 0..3)
}

fn leaf() -> impl Strategy<Value = Expr> {
    let matrix = (selector(), window()).prop_map(|(mut selector, range)| {
        // A fixed moment belongs behind the window, which is where it is printed.
        selector.offset.offset_millis = 0;
        Kind::Matrix { selector, range }
    });
    prop_oneof![
        4 => selector().prop_map(Kind::Selector),
        2 => matrix,
        3 => number(),
        1 => any::<String>().prop_map(Kind::Text),
    ]
    .prop_map(Expr::from)
}

fn binary(inner: impl Strategy<Value = Expr> + Clone) -> impl Strategy<Value = Kind> {
    use BinaryOp::*;
    let ops = vec![
        Add,
        Sub,
        Mul,
        Div,
        Mod,
        Pow,
        Pow,
        Atan2,
        Equal,
        NotEqual,
        Greater,
        Less,
        GreaterEqual,
        LessEqual,
        And,
        Or,
        Unless,
        TrimUpper,
        TrimLower,
    ];
    let group = prop::option::of((any::<bool>(), names()).prop_map(|(left, labels)| Group { left, labels }));
    let matching = (any::<bool>(), names(), group).prop_map(|(on, labels, group)| Matching { on, labels, group });
    (prop::sample::select(ops), inner.clone(), inner, any::<bool>(), prop::option::weighted(0.3, matching)).prop_map(
        |(op, left, right, return_bool, matching)| {
            let (left, right) = (Box::new(left), Box::new(right));
            Kind::Binary(Binary { op, left, right, return_bool, matching })
        },
    )
}

fn aggregate(inner: impl Strategy<Value = Expr> + Clone) -> impl Strategy<Value = Kind> {
    use AggregateOp::*;
    let ops = vec![Sum, Avg, Count, Group, Topk, Quantile, CountValues, Limitk];
    let grouping = (any::<bool>(), names()).prop_map(|(without, labels)| Grouping { without, labels });
    (prop::sample::select(ops), prop::option::of(grouping), inner.clone(), inner).prop_map(
        |(op, grouping, param, expr)| {
            let param = op.takes_param().then(|| Box::new(param));
            Kind::Aggregate(Aggregate { op, grouping, param, expr: Box::new(expr) })
        },
    )
}

fn tree() -> impl Strategy<Value = Expr> {
    leaf().prop_recursive(5, 40, 3, |inner| {
        let functions: Vec<&str> = functions::FUNCTIONS.iter().map(|function| function.name).collect();
        let call = (prop::sample::select(functions), prop::collection::vec(inner.clone(), 0..3))
            .prop_map(|(function, args)| Kind::Call(Call { function: function.into(), args }));
        let subquery = (inner.clone(), window(), prop::option::of(duration()), offset())
            .prop_map(|(expr, range, step, offset)| Kind::Subquery { expr: Box::new(expr), range, step, offset });
        let unary =
            (any::<bool>(), inner.clone()).prop_map(|(minus, expr)| Kind::Unary { minus, expr: Box::new(expr) });
        prop_oneof![
            4 => binary(inner.clone()),
            2 => aggregate(inner.clone()),
            2 => call,
            1 => subquery,
            2 => unary,
            1 => inner.prop_map(|expr| Kind::Paren(Box::new(expr))),
        ]
        .prop_map(Expr::from)
    })
}

fn token() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "sum",
        "by",
        "without",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        "[5m]",
        "[1h:",
        ":",
        ",",
        "=",
        "==",
        "=~",
        "!~",
        "\"a\"",
        "'",
        "`",
        "1",
        "1e",
        "5m",
        "0x",
        "offset",
        "@",
        "-",
        "+",
        "^",
        "*",
        "on",
        "ignoring",
        "group_left",
        "bool",
        "rate",
        "up",
        "and",
        "or",
        "unless",
        "$__rate_interval",
        "${a}",
        "$",
        "#",
        "\n",
        "inf",
        "start()",
        "</",
        ">/",
        "é",
        "\\",
        "fill",
        "1e400",
        "99999999y",
        "info",
        "label_replace",
        "topk",
        "1_",
        ".5",
        "!",
        "\u{fffd}",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn printed_trees_read_back(expr in tree()) {
        for printed in [expr.to_string(), expr.pretty()] {
            let read = parse_dashboard(&printed);
            let read = read.map_err(|errors| TestCaseError::fail(format!("{printed}\n{errors:?}")))?;
            prop_assert!(equivalent(&read, &expr), "{}\n{:?}\n{:?}", printed, canonical(&read), canonical(&expr));
            prop_assert_eq!(read.to_string(), expr.to_string());
            prop_assert_eq!(read.pretty(), expr.pretty());
        }
    }

    #[test]
    fn every_question_has_an_answer(expr in tree()) {
        let _type = types::check(&expr);
        let leaves = ask::leaves(&expr);
        prop_assert!(leaves.len() >= ask::metrics(&expr).len());
        for leaf in leaves {
            let _answers = (leaf.reach(), leaf.function(), leaf.is_aggregated());
        }
        let (_condition, windows, operands) = (ask::is_condition(&expr), ask::windows(&expr), ask::operands(&expr));
        prop_assert!(windows.len() < 1_000 && operands.len() < 1_000);
        let labels = ask::labels(&expr);
        for label in labels.certain() {
            prop_assert_eq!(labels.fate(label), ask::Fate::Surely);
        }
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        in_bounds(&text)?;
    }

    #[test]
    fn no_soup_of_tokens_panics(tokens in prop::collection::vec(token(), 0..25), glue in prop::sample::select(vec!["", " "])) {
        in_bounds(&tokens.join(glue))?;
    }

    #[test]
    fn no_regular_expression_panics(text in "[\\\\()\\[\\]{}*+?|^$.a-c0-9:,<>PQE-]{0,12}") {
        let _verdict = regex::matches_empty(&text);
    }
}

fn in_bounds(text: &str) -> Result<(), TestCaseError> {
    for result in [read(text).map(|_| ()), parse_dashboard(text).map(|_| ()), parse_selector(text).map(|_| ())] {
        for error in result.err().unwrap_or_default() {
            prop_assert!(text.get(error.range.clone()).is_some(), "{:?} of {:?}", error, text);
        }
    }
    Ok(())
}

#[test]
#[allow(clippy::disallowed_methods, reason = "a test looks at the clock to see that time is bounded")]
fn deep_and_long_inputs_are_refused_quickly() {
    let deep = 100_000;
    let inputs = [
        "(".repeat(deep),
        format!("{}1{}", "(".repeat(deep), ")".repeat(deep)),
        "sum(".repeat(deep),
        "-".repeat(deep),
        "1^".repeat(deep),
        format!("1{}", "+1".repeat(deep)),
        format!("up{}", "[5m:]".repeat(deep)),
        format!("up{}", " offset 1s".repeat(deep)),
        format!("up{{{}}}", "a=\"b\",".repeat(deep)),
        "{".repeat(deep),
        "\"".repeat(deep + 1),
        "\\".repeat(deep),
        format!("up{{a=~\"{}\"}}", "(".repeat(deep)),
        format!("sum by ({}) (up)", "a,".repeat(deep)),
        "fill ".repeat(deep),
    ];
    let started = Instant::now();
    for input in &inputs {
        let _verdict = read(input);
    }
    let took = started.elapsed();
    assert!(took < Time::from_secs(60), "{took:?}");
    assert!(read(&inputs[0]).is_err() && read(&inputs[5]).is_err());
}

#[test]
fn as_deep_as_allowed_is_fine() {
    let expr = read(&format!("{}1{}", "(".repeat(190), ")".repeat(190))).expect("not too deep");
    assert_eq!(expr.to_string(), "1");
    let chain = format!("up{}", " + up".repeat(450));
    let expr = read(&chain).expect("not too long");
    assert_eq!(expr.to_string(), chain);
    assert!(expr.pretty().lines().count() > 400);
    assert!(equivalent(&expr, &expr.clone()) && !ask::is_condition(&expr));
    assert_eq!(ask::leaves(&expr).len(), 451);
    assert_eq!(ask::labels(&expr).fate("x"), ask::Fate::Maybe);
}
