//! What the YAML writer writes, and that a second reader reads the same.

use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

fn read(text: &str) -> Value {
    yaml_serde::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Strings that some reader of YAML has taken for something else.
const HOSTILE: [&str; 97] = [
    "",
    " ",
    "  lead",
    "trail ",
    "\t",
    "a\tb",
    "\ttab",
    "tab\t",
    "\n",
    "\n\n",
    " \n",
    "a\n",
    "a\n\n",
    "a\n\n\n",
    "a\nb",
    "a\nb\n",
    "\na",
    "\n\na\n",
    "  a\nb",
    " a\n  b\n",
    "a\n\nb",
    "a \nb",
    "a\n b",
    "a\n\tb",
    "a\n# b",
    "# a\nb",
    "---\na",
    "a\n---\n",
    "...",
    "---",
    "--- a",
    "a\r\nb",
    "\r",
    "a\u{85}b",
    "\u{85}",
    "\u{feff}",
    "\u{feff}a",
    "\u{2028}",
    "a\u{2029}b",
    "\u{0}",
    "\u{7}",
    "\u{7f}",
    "\u{a0}",
    "\u{202e}abc",
    "no",
    "No",
    "yes",
    "on",
    "OFF",
    "y",
    "N",
    "true",
    "False",
    "null",
    "NULL",
    "~",
    "nan",
    ".nan",
    ".inf",
    "-.INF",
    "22:22",
    "12:30:45",
    "1:2",
    "0123",
    "0o17",
    "0x1F",
    "0b11",
    "1e3",
    "1E+3",
    ".5",
    "5.",
    "-1",
    "+1",
    "1_000",
    "0x_1",
    "2024-01-01",
    "2024-01-01T00:00:00Z",
    "2024-01-01 00:00:00",
    "a: b",
    "a:",
    ":a",
    "a #b",
    "#a",
    "{{ $value }}",
    "{a}",
    "[a]",
    "a, b",
    "%a",
    "@a",
    "`a",
    "*a",
    "&a",
    "!a",
    "|",
    ">",
    "=",
    "<<",
];

#[test]
fn hostile_strings_read_back_as_values_items_and_keys() {
    for text in
        HOSTILE.iter().chain(&["'", "\"", "\\", "it's", "? a", "- a", "-", "?", "--", "--a b", "é", "😀", "-inf"])
    {
        let value = json!({"v": text, "list": [text, [text]], *text: {*text: text}, "last": 1});
        assert_eq!(read(&write(&value, &["banner"])), value, "{text:?}");
        let root = Value::String((*text).to_owned());
        assert_eq!(read(&write(&root, &[])), root, "{text:?}");
    }
}

#[test]
fn hostile_strings_are_never_plain_where_a_reader_disagrees() {
    for text in ["22:22", "no", "12:30:45", "0123", "1e3", ".5", "~", "2024-01-01", "=", "<<", "", "0x1F", "y", "Off"] {
        assert_eq!(write(&json!({ "k": text }), &[]), format!("k: '{text}'\n"));
        assert_eq!(write(&json!({ text: 1 }), &[]), format!("'{text}': 1\n"));
    }
}

#[test]
fn everyday_strings_stay_plain() {
    for text in [
        "15s",
        "30d",
        "1h30m",
        "99.9%",
        "10/s",
        "http://a:9090/-/healthy",
        "rules/*.yml",
        "$labels",
        "a b c",
        "sum by (job) (rate(http_requests_total{status=~\"5..\"}[5m])) > 0.05",
        "(a / b) > 1",
        "--web.enable-lifecycle",
        "--config.file=/etc/a.yml",
        "/run/secrets/key",
        "prom/prometheus:v3.5.0",
        "größe",
        "1m",
    ] {
        assert_eq!(write(&json!({ "k": text }), &[]), format!("k: {text}\n"));
    }
}

#[test]
fn the_shape_of_a_document() {
    let value = json!({
        "groups": [{"name": "a", "rules": [{"alert": "A", "expr": "up == 0\nor b\n", "labels": {}}, []]}],
        "matrix": [[1, 2], [{"a": 1, "b": "two\nlines"}]],
        "none": null, "float": 5.5, "large": 1e21, "yes": true,
    });
    let expected = "\
# Written by a test.
groups:
  - name: a
    rules:
      - alert: A
        expr: |
          up == 0
          or b
        labels: {}
      - []
matrix:
  - - 1
    - 2
  - - a: 1
      b: |-
        two
        lines
none: null
float: 5.5
large: 1.0e+21
'yes': true
";
    assert_eq!(write(&value, &["Written by a test."]), expected);
    assert_eq!(read(expected), value);
}

#[derive(Serialize)]
enum Kind {
    Unit,
    Newtype(Option<u8>),
    Tuple(i8, f32),
    Struct { inner: Vec<Kind>, none: Option<()> },
}

#[derive(Serialize)]
struct Everything<'a> {
    kinds: Vec<Kind>,
    by_number: std::collections::BTreeMap<i16, &'a str>,
    by_word: std::collections::BTreeMap<char, (bool, f64)>,
    empty: (Vec<u8>, std::collections::BTreeMap<bool, ()>),
    #[serde(flatten)]
    more: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<u64>,
    not_a_number: f64,
}

#[test]
fn a_struct_is_written_as_the_value_that_it_serialises_to() {
    let kinds = vec![
        Kind::Unit,
        Kind::Newtype(None),
        Kind::Tuple(-1, 0.5),
        Kind::Struct {
            inner: vec![Kind::Newtype(Some(7)), Kind::Struct { inner: Vec::new(), none: None }],
            none: None,
        },
    ];
    let everything = Everything {
        kinds,
        by_number: [(200, "ok"), (-5, "a\nb")].into(),
        by_word: [('y', (true, 1e21)), ('é', (false, -0.25))].into(),
        empty: (Vec::new(), Default::default()),
        more: json!({"nested": {"deep": [[], {}]}}),
        left_out: None,
        not_a_number: f64::NAN,
    };
    let value = serde_json::to_value(&everything).unwrap();
    assert_eq!(write(&everything, &[]), write(&value, &[]));
    assert_eq!(read(&write(&everything, &[])), value);
}

#[test]
fn several_documents_are_each_opened() {
    let text = write_all(&[json!({"a": 1}), json!([1]), json!("x")], &["b"]);
    assert_eq!(text, "# b\n---\na: 1\n---\n- 1\n---\nx\n");
}

#[test]
fn a_banner_cannot_leave_its_comment() {
    let text = write(&json!({"a": 1}), &["one\ntwo: 2\rthree: 3\u{85}four: 4", ""]);
    assert_eq!(text, "# one\n# two: 2\n# three: 3\n# four: 4\n#\na: 1\n");
}

#[test]
fn a_very_long_key_is_written_out() {
    let value = json!({"a": {"k".repeat(2000): [1], "b\n".repeat(600): "v"}, "list": [{"x".repeat(1500): {"y": 1}}]});
    assert_eq!(read(&write(&value, &[])), value);
}

fn any_text() -> impl Strategy<Value = String> {
    let hostile = prop::sample::select(HOSTILE.to_vec()).prop_map(str::to_owned);
    let piece =
        prop_oneof![hostile.clone(), "[ -~]{0,6}", "[\\n \\t:#'\"a0-]{0,8}", any::<char>().prop_map(String::from)];
    prop_oneof![
        3 => hostile,
        4 => prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat()),
        2 => "[0-9a-fxo_.:eE+TZ -]{0,10}",
        1 => any::<String>(),
    ]
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        6 => any_text().prop_map(Value::String),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_filter("JSON has no other", |float| float.is_finite()).prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::Bool),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::vec((any_text(), inner), 0..5)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_value_reads_back(value in any_value()) {
        prop_assert_eq!(read(&write(&value, &["b"])), value);
    }
}
