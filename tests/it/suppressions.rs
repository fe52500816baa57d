//! A comment takes back the finding it speaks of, and nothing else.

use bellwether::quantity::Date;
use bellwether::spec::LintLevel;
use bellwether::{Compilation, Memory, Options, compile, lint};

use crate::lint_pages::{blocks, is_spec};

fn linted(name: &str, text: &str) -> Compilation {
    with(name, text, &Options { today: Date::parse("2026-11-21"), ..Options::default() })
}

fn with(name: &str, text: &str, options: &Options) -> Compilation {
    let mut compilation = compile(&Memory::new().with(name, text), name, options);
    lint::run(&mut compilation);
    compilation
}

/// What is said: line, code and message.
fn said(compilation: &Compilation) -> Vec<(usize, &'static str, String)> {
    let line = |span: bellwether::source::Span| compilation.sources.file(span.file).line_column(span.start).0;
    let each = compilation.diagnostics.iter();
    each.map(|finding| (finding.span.map_or(0, line), finding.code.name, finding.message.clone())).collect()
}

/// The line at which a finding on `line` can be suppressed: texts of many lines have no room for comments.
fn home(lines: &[&str], line: usize) -> usize {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let opens = |line: &str| [": |", ": >", ": |-", ": >-"].iter().any(|end| line.ends_with(end));
    let own = indent(lines[line - 1]);
    let header = (1..line).rev().find(|above| indent(lines[above - 1]) < own);
    header.filter(|above| opens(lines[above - 1])).unwrap_or(line)
}

#[test]
fn a_suppression_changes_no_other_finding() {
    let mut tried = 0;
    for code in lint::all_codes().iter().filter(|code| lint::is_settable(code.name)) {
        let of_suppressions = code.name.ends_with("-suppression");
        for example in blocks(code.page, "bad").into_iter().filter(|text| !of_suppressions && is_spec(text)) {
            let lines: Vec<&str> = example.lines().collect();
            let before = said(&linted("spec.yaml", &example));
            for (found, suppressed, _) in &before {
                let line = home(&lines, *found);
                // In the line before, and at the end of the line.
                let comment = format!("# bellwether: allow({suppressed}) until 2026-11-21: a test");
                let above = [&lines[..line - 1], &[comment.as_str()], &lines[line - 1..]].concat().join("\n");
                let behind = format!("{}  {comment}", lines[line - 1]);
                let behind = [&lines[..line - 1], &[behind.as_str()], &lines[line..]].concat().join("\n");
                for (text, added) in [(above, 1), (behind, 0)] {
                    let expected: Vec<_> = before
                        .iter()
                        .filter(|(at, code, _)| (home(&lines, *at), code) != (line, suppressed))
                        .map(|(at, code, words)| (if *at >= line { at + added } else { *at }, *code, words.clone()))
                        .collect();
                    assert_eq!(said(&linted("spec.yaml", &text)), expected, "{text}");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 40, "only {tried}");
}

/// The bad specs of a page.
fn specs(page: &str) -> Vec<String> {
    blocks(page, "bad").into_iter().filter(|text| is_spec(text)).collect()
}

#[test]
fn a_suppression_that_takes_nothing_back_changes_nothing_either() {
    for code in lint::all_codes().iter().filter(|code| lint::is_settable(code.name)) {
        for example in specs(code.page).into_iter().filter(|_| !code.name.ends_with("-suppression")) {
            let before = said(&linted("spec.yaml", &example));
            let other = if code.name == "raw-counter" { "rate-on-gauge" } else { "raw-counter" };
            for until in ["", " until 2020-01-01"] {
                let text = format!("{}\n# bellwether: allow({other}){until}: a test\n", example.trim_end());
                let mut after = said(&linted("spec.yaml", &text));
                let own = if until.is_empty() { "unused-suppression" } else { "expired-suppression" };
                assert_eq!(after.iter().filter(|(_, code, _)| *code == own).count(), 1, "{after:?}\n{text}");
                after.retain(|(_, code, _)| *code != own);
                assert_eq!(after, before, "{text}");
            }
        }
    }
}

#[test]
fn every_notation_with_comments_can_suppress() {
    let toml = r#"
bellwether = 1
platform = "shop"
# bellwether: allow(unpinned-image): a test
[stack.compose.components.grafana]
image = "grafana/grafana:latest" # bellwether: allow(unpinned-image): a test
"#;
    let jsonnet = r"
local image = 'example/image:latest';
{
  bellwether: 1,
  platform: 'shop',
  stack: { compose: { components: {
    // bellwether: allow(unpinned-image): a test
    [name]: { image: image } for name in ['grafana', 'prometheus']
  } } },
}
";
    let both = |name: &str, text: &str| {
        let plain = text.replace("bellwether: allow", "allow");
        let codes = |text: &str| said(&linted(name, text)).into_iter().map(|(_, code, _)| code).collect::<Vec<_>>();
        (codes(&plain), codes(text))
    };
    let (before, after) = both("a.toml", toml);
    assert_eq!((before, after), (vec!["unpinned-image"], vec!["unused-suppression"]));
    let (before, after) = both("a.jsonnet", jsonnet);
    assert_eq!((before, after), (vec!["unpinned-image"; 2], vec![]), "one line, two values");
}

#[test]
fn without_a_day_nothing_ends_and_without_the_whole_nothing_is_unused() {
    let spec = "bellwether: 1\nplatform: shop\n# bellwether: allow(yaml-1-1-boolean) until 2020-01-01: a test\nowner: {team: on}\n# bellwether: allow(raw-counter): a test\n";
    let codes = |options: &Options, spec: &str| -> Vec<&str> {
        said(&with("a.yaml", spec, options)).into_iter().map(|(_, code, _)| code).collect()
    };
    let today = Options { today: Date::parse("2020-01-02"), ..Options::default() };
    assert_eq!(codes(&Options::default(), spec), ["unused-suppression"]);
    assert_eq!(codes(&today, spec), ["expired-suppression", "yaml-1-1-boolean", "unused-suppression"]);
    let some = Options { backends: bellwether::backends::Selection::only(["rules"]), ..Options::default() };
    assert_eq!(codes(&some, spec), [""; 0]);
    let environments = format!("{spec}environments: {{prod: {{platform: shop}}}}\n");
    assert_eq!(codes(&Options::default(), &environments), [""; 0]);
    assert_eq!(codes(&Options::default(), &format!("{spec}nonsense: 1\n")), ["unknown-key"]);
}

#[test]
fn errors_stay_and_levels_of_the_run_win() {
    let spec = "bellwether: 1\nplatform: shop\nlint: {yaml-1-1-boolean: deny}\nowner: {team: on}\nnonsense: 1 # bellwether: allow(unknown-key): a test\n";
    let severities = |levels: &[(&str, LintLevel)]| -> Vec<String> {
        let levels = levels.iter().map(|(code, level)| ((*code).to_owned(), *level)).collect();
        let compilation = with("a.yaml", spec, &Options { levels, ..Options::default() });
        compilation.diagnostics.iter().map(|one| format!("{} {}", one.severity.name(), one.code.name)).collect()
    };
    let (key, comment) = ("error unknown-key".to_owned(), "warning unknown-lint".to_owned());
    let own = |severity: &str| [format!("{severity} yaml-1-1-boolean"), key.clone(), comment.clone()];
    assert_eq!(severities(&[]), own("error"));
    assert_eq!(severities(&[("yaml-1-1-boolean", LintLevel::Warn), ("unknown-key", LintLevel::Allow)]), own("warning"));
    assert_eq!(severities(&[("yaml-1-1-boolean", LintLevel::Allow)]), own("warning")[1..]);
    let whole = spec.replace("nonsense", "# nonsense");
    let options = Options { levels: [("yaml-1-1-boolean".to_owned(), LintLevel::Warn)].into(), ..Options::default() };
    assert!(!with("a.yaml", &whole, &options).diagnostics.has_errors());
    assert!(with("a.yaml", &whole, &Options::default()).diagnostics.has_errors());
}
