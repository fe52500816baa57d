//! Reference pages are current, and every whole spec that a page shows compiles.

use bellwether::{Memory, Options, compile, docs, lint, schema};

use crate::support::expected::check_or_update;
use crate::support::page::hold_in;
use crate::support::{files_with, root};

#[test]
fn reference_pages_are_current() {
    let schema: serde_json::Value = serde_json::from_str(&schema::spec()).unwrap();
    check_or_update(&root().join("docs/language.md"), &docs::language(&schema));
    check_or_update(&root().join("docs/codes.md"), &docs::codes(&lint::all_codes()));
}

/// What pages show of `bellwether slo` is what it says.
#[test]
fn pages_show_the_report_as_it_is() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_bellwether"))
        .args(["slo", "specs/ims.yaml", "backend-api-errors"])
        .current_dir(root())
        .env_clear()
        .env("COLUMNS", "80")
        .output()
        .unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && shown.contains("page-fast"), "{shown}");
    for page in ["README.md", "docs/slo.md"] {
        hold_in(page, "report", &format!("```text\n{shown}```\n"));
    }
}

/// Every record of the language has a section, and no link leads nowhere.
#[test]
fn links_of_the_reference_lead_somewhere() {
    let schema: serde_json::Value = serde_json::from_str(&schema::spec()).unwrap();
    let pages = [docs::language(&schema), docs::codes(&lint::all_codes())];
    for page in pages {
        let titles = page.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
        let anchors: Vec<String> = titles.map(|title| title.to_lowercase().replace(' ', "-")).collect();
        let targets: Vec<&str> =
            page.split("](#").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target).collect();
        assert!(targets.len() > 20, "{} links", targets.len());
        for target in targets {
            assert!(anchors.iter().any(|anchor| anchor == target), "#{target} leads nowhere");
        }
    }
}

#[test]
fn whole_specs_on_pages_compile() {
    let mut pages = files_with(&root().join("docs"), &["md"]);
    pages.push(root().join("README.md"));
    let mut compiled = 0;
    for page in pages {
        let text = std::fs::read_to_string(&page).unwrap();
        for spec in text.split("```yaml\nbellwether: 1\n").skip(1).filter_map(|rest| rest.split_once("```")) {
            let spec = format!("bellwether: 1\n{}", spec.0);
            let world = Memory::new().with("spec.yaml", spec.as_bytes());
            let mut compilation = compile(&world, "spec.yaml", &Options::default());
            lint::run(&mut compilation);
            let said: Vec<&str> = compilation.diagnostics.iter().map(|said| said.message.as_str()).collect();
            assert!(compilation.artifacts().is_some() && said.is_empty(), "{}: {said:?}\n{spec}", page.display());
            compiled += 1;
        }
    }
    assert!(compiled > 0, "no page shows a whole spec");
}
