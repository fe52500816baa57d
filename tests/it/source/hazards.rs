//! Files that are made to hurt: one clear error each, at once.

use std::time::{Duration, Instant};

use bellwether::source::format::{SIZE_LIMIT, decode_utf8, too_large};
use bellwether::source::{Format, Value};

use super::{Outcome, read};

/// Far above what any of these takes, far below what a hang would.
const DEADLINE: Duration = Duration::from_secs(5);

#[track_caller]
fn refused(format: Format, text: &str, code: &str) -> Outcome {
    #[allow(clippy::disallowed_methods, reason = "the test is about time")]
    let started = Instant::now();
    let outcome = read(format, text);
    assert!(started.elapsed() < DEADLINE, "took {:?}", started.elapsed());
    assert_eq!(outcome.only().code.name, code);
    assert!(outcome.only().help.is_some());
    assert!(matches!(outcome.node.value, Value::Invalid));
    outcome
}

#[test]
fn billion_laughs() {
    let mut text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for level in 1..10 {
        let items = vec![format!("*a{}", level - 1); 9].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{items}]\n"));
    }
    refused(Format::Yaml, &text, "alias-bomb");
}

#[test]
fn a_long_text_many_times() {
    let text = format!("a: &a {}\nb: [{}]\n", "x".repeat(1_000_000), vec!["*a"; 50_000].join(", "));
    refused(Format::Yaml, &text, "alias-bomb");
}

#[test]
fn anchors_inside_anchors() {
    let mut text = String::new();
    for level in 0..60 {
        text.push_str(&format!("{}- &a{level}\n", "  ".repeat(level)));
    }
    text.push_str(&format!("{}- [{}]\n", "  ".repeat(60), vec!["1"; 20_000].join(", ")));
    refused(Format::Yaml, &text, "alias-bomb");
}

#[test]
fn a_merge_bomb() {
    let mut text = String::from("a0: &a0 {k: 1, l: 2}\n");
    for level in 1..40 {
        text.push_str(&format!("a{level}: &a{level} {{<<: *a{0}, x{level}: *a{0}}}\n", level - 1));
    }
    refused(Format::Yaml, &text, "alias-bomb");
}

#[test]
fn deep_nesting() {
    refused(Format::Yaml, &"[".repeat(100_000), "nesting-too-deep");
    refused(Format::Yaml, &"{a: ".repeat(100_000), "nesting-too-deep");
    refused(Format::Yaml, &"- ".repeat(3_000), "nesting-too-deep");
    let blocks: String = (0..3_000).map(|level| format!("{}k:\n", " ".repeat(level))).collect();
    refused(Format::Yaml, &blocks, "nesting-too-deep");
    refused(Format::Json, &"[".repeat(100_000), "nesting-too-deep");
    refused(Format::Json, &"{\"a\":".repeat(100_000), "nesting-too-deep");
    refused(Format::Toml, &format!("a = {}", "[".repeat(100_000)), "nesting-too-deep");
    refused(Format::Toml, &format!("{} = 1", vec!["a"; 100_000].join(".")), "nesting-too-deep");
    refused(Format::Toml, &format!("[{}]", vec!["a"; 100_000].join(".")), "nesting-too-deep");
}

#[test]
fn aliases_cannot_dig_below_the_limit() {
    let mut text = format!("a0: &a0 {}1{}\n", "[".repeat(30), "]".repeat(30));
    text.push_str(&format!("a1: &a1 {}*a0{}\n", "[".repeat(30), "]".repeat(30)));
    assert!(read(Format::Yaml, &text).diagnostics.is_empty());
    text.push_str(&format!("a2: &a2 {}*a1{}\n", "[".repeat(30), "]".repeat(30)));
    refused(Format::Yaml, &text, "nesting-too-deep");
}

#[test]
fn fifty_megabytes() {
    let problem = too_large("spec.yaml", 50_000_000).expect("refused");
    assert_eq!(problem.code.name, "file-too-large");
    assert!(decode_utf8("spec.yaml", vec![b'#'; 50_000_000]).is_err());
    refused(Format::Yaml, &"#".repeat(SIZE_LIMIT + 1), "file-too-large");
}

#[test]
fn the_largest_file_is_read_in_time() {
    let line = "  - {alert: High, expr: up == 0, for: 5m}\n";
    let text = format!("rules:\n{}", line.repeat(2_000_000 / line.len()));
    #[allow(clippy::disallowed_methods, reason = "the test is about time")]
    let started = Instant::now();
    assert!(read(Format::Yaml, &text).diagnostics.is_empty());
    assert!(started.elapsed() < DEADLINE, "took {:?}", started.elapsed());
}

#[test]
fn many_keys_are_not_quadratic() {
    let keys: String = (0..100_000).map(|number| format!("k{number}: 1\n")).collect();
    #[allow(clippy::disallowed_methods, reason = "the test is about time")]
    let started = Instant::now();
    assert!(read(Format::Yaml, &keys).diagnostics.is_empty());
    assert!(read(Format::Toml, &keys.replace(": ", " = ")).diagnostics.is_empty());
    assert!(started.elapsed() < DEADLINE, "took {:?}", started.elapsed());
}

#[test]
fn a_thousand_broken_lines() {
    let toml: String = (0..5_000).map(|number| format!("k{number} = yes\n")).collect();
    #[allow(clippy::disallowed_methods, reason = "the test is about time")]
    let started = Instant::now();
    let outcome = read(Format::Toml, &toml);
    assert!(started.elapsed() < DEADLINE, "took {:?}", started.elapsed());
    assert_eq!(outcome.diagnostics.len(), 20);
}

#[test]
fn bytes_that_are_no_text() {
    for format in [Format::Yaml, Format::Toml, Format::Json] {
        let outcome = refused(format, "a: 1\n\0\0", "control-character");
        assert_eq!(outcome.only().span.expect("a place").start, 5);
    }
    assert_eq!(decode_utf8("s", vec![0xFE, 0xFF, 0, b'a']).expect_err("UTF-16").code.name, "not-utf-8");
    assert_eq!(decode_utf8("s", vec![b'a', 0xC3]).expect_err("cut").code.name, "not-utf-8");
}

#[test]
fn windows_files() {
    let outcome = read(Format::Yaml, "\u{feff}a: 1\r\nb:\r\n  - x\r\n  - |\r\n    t\r\n");
    assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.complaints());
    assert_eq!(outcome.shown(), "{a: 1, b: [\"x\", \"t\\n\"]}");
    let text = decode_utf8("s.toml", b"\xEF\xBB\xBFa = 1\r\nb = \"x\"\r\n".to_vec()).expect("UTF-8");
    assert_eq!(read(Format::Toml, &text).shown(), "{a: 1, b: \"x\"}");
}
