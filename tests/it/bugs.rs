//! `docs/bugs.md`: every mistake of the page is found as it says, in a case of its own, or has a reason why not.

use crate::support::{files_below, root};
use bellwether::{Compilation, Memory, Options, compile, lint, plain};

/// What cases of plain files may take as known.
const FACTS: &str = "tests/ui/plain/parts/facts.yaml";

struct Row {
    number: usize,
    /// The code that finds it; none where the page gives a reason.
    code: Option<String>,
    reason: String,
}

fn rows() -> Vec<Row> {
    let page = std::fs::read_to_string(root().join("docs/bugs.md")).unwrap();
    let cells = page.lines().filter_map(|line| line.strip_prefix("| ")).map(|line| line.trim_end_matches(" |"));
    let rows = cells.filter_map(|line| {
        let (number, rest) = line.split_once(" | ")?;
        let (_, last) = rest.rsplit_once(" | ")?;
        let code = last.strip_prefix("[`").and_then(|link| link.split_once("`](codes.md#")).map(|(code, _)| code);
        Some(Row { number: number.parse().ok()?, code: code.map(str::to_owned), reason: last.to_owned() })
    });
    rows.collect()
}

fn linted(name: &str, text: &str) -> Compilation {
    let world = Memory::new().with(name, text).with(FACTS, std::fs::read(root().join(FACTS)).unwrap());
    let mut compilation = if text.starts_with("bellwether:") {
        compile(&world, name, &Options::default())
    } else {
        plain::read(&world, &[name.to_owned(), FACTS.to_owned()], &Options::default())
    };
    lint::run(&mut compilation);
    compilation
}

#[test]
fn every_mistake_is_found_or_has_a_reason() {
    let rows = rows();
    let numbers: Vec<usize> = rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=80).collect::<Vec<_>>());
    let cases = files_below(&root().join("tests/bugs"));
    let mut wrong = Vec::new();
    for row in &rows {
        let prefix = format!("{:02}-", row.number);
        let case = cases.iter().find(|path| path.file_name().unwrap().to_string_lossy().starts_with(&prefix));
        match (&row.code, case) {
            (Some(code), Some(path)) => {
                let compilation = linted("case.yaml", &std::fs::read_to_string(path).unwrap());
                let of_code = compilation.diagnostics.iter().filter(|one| one.code.name == code);
                let places: Vec<_> = of_code.filter_map(|one| one.span).collect();
                let here = |span: &bellwether::source::Span| compilation.sources.file(span.file).name() == "case.yaml";
                if places.is_empty() || !places.iter().all(here) {
                    wrong.push(format!("{}: `{code}` is not found in {}", row.number, path.display()));
                }
            }
            (Some(code), None) => wrong.push(format!("{}: no case for `{code}`", row.number)),
            (None, Some(path)) => {
                wrong.push(format!("{}: {} shows what the page gives no code for", row.number, path.display()))
            }
            (None, None) if row.reason.len() < 20 => wrong.push(format!("{}: neither code nor reason", row.number)),
            (None, None) => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases.len() >= 35, "{}", cases.len());
}
