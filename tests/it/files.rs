//! A spec in several files: joined where they agree, told where they do not, and the same as one file.

use bellwether::artifacts::Artifacts;
use bellwether::diagnostics::place;
use bellwether::diff::diff;
use bellwether::{Compilation, Memory, Options, compile, lint};

use crate::goldens::compiled;
use crate::support::root;

const MAIN: &str = "bellwether: 1\nplatform: shop\n";
const CHANNELS: &str =
    "channels: {chat: {webhook: {url: https://chat.example.com}}}\nseverities: {critical: {notify: [chat]}}\n";

fn linted(files: &[(&str, &str)]) -> Compilation {
    let world = files.iter().fold(Memory::new(), |world, (name, text)| world.with(*name, *text));
    let mut compilation = compile(&world, files[0].0, &Options::default());
    lint::run(&mut compilation);
    compilation
}

/// What is said: code, place, and the other places.
fn said(files: &[(&str, &str)]) -> Vec<String> {
    let compilation = linted(files);
    let shown = |span| place(&compilation.sources, span);
    let line = |said: &bellwether::diagnostics::Diagnostic| {
        let also: String = said.labels.iter().map(|label| format!(", {}", shown(label.span))).collect();
        format!("{} {}{also}", said.code.name, said.span.map(shown).unwrap_or_default())
    };
    compilation.diagnostics.iter().map(line).collect()
}

fn artifacts(files: &[(&str, &str)]) -> Artifacts {
    let compilation = linted(files);
    compilation.artifacts().unwrap_or_else(|| panic!("{:#?}", compilation.diagnostics))
}

#[test]
fn six_services_from_templates_are_the_same_as_written_out_by_hand() {
    let (platform, short) = compiled("examples/microservices/bellwether.yaml", None);
    let by_hand = std::fs::read_to_string(root().join("tests/written-out/market.yaml")).unwrap();
    let long = artifacts(&[("market.yaml", &by_hand)]);
    let changes = diff(&long, &short);
    assert!(platform == "market" && short.len() > 50);
    assert!(changes.is_empty(), "{:?}", changes.first().map(|change| &change.unified));
}

#[test]
fn files_of_all_formats_join_as_if_they_were_one() {
    let service = "services: {api: {packs: [http], scrape: {port: 80}}}\n";
    let whole = artifacts(&[("shop.yaml", &format!("{MAIN}{CHANNELS}{service}"))]);
    let main = format!("{MAIN}include: [parts/channels.yaml, parts/api.toml, parts/port.json]\n");
    let parts = [
        ("shop.yaml", main.as_str()),
        (
            "parts/channels.yaml",
            "include: severities.yaml\nchannels: {chat: {webhook: {url: https://chat.example.com}}}\n",
        ),
        ("parts/severities.yaml", "severities: {critical: {notify: [chat]}}\n"),
        ("parts/api.toml", "include = [\"./severities.yaml\"]\n[services.api]\npacks = [\"http\"]\n"),
        ("parts/port.json", "{\"platform\": \"shop\", \"services\": {\"api\": {\"scrape\": {\"port\": 80}}}}"),
    ];
    assert!(diff(&whole, &artifacts(&parts)).is_empty());
    if cfg!(feature = "jsonnet") {
        let main = "{include: ['parts/channels.yaml'], bellwether: 1, platform: 'sh' + 'op', \
                    services: {api: {packs: ['http'], scrape: {port: 80}}}}";
        let files = [("shop.jsonnet", main), parts[1], parts[2]];
        assert!(diff(&whole, &artifacts(&files)).is_empty());
    }
}

#[test]
fn two_files_that_differ_are_both_shown() {
    let main = format!("{MAIN}include: [a.yaml, b.yaml]\nchannels: {{chat: {{webhook: {{url: https://c}}}}}}\n");
    let files = [
        ("shop.yaml", main.as_str()),
        ("a.yaml", "title: Shop\nchannels: {chat: {webhook: {url: https://a}}}\n"),
        ("b.yaml", "title: Store\nroutes: []\n"),
    ];
    assert_eq!(
        said(&files),
        ["include-conflict shop.yaml:4:29, a.yaml:2:29", "include-conflict b.yaml:1:1, a.yaml:1:1"]
    );
    // A map and a value, and two lists, are no agreement either; the same value is.
    assert_eq!(
        said(&[("s.yaml", "include: a.yaml\nstack: 5"), ("a.yaml", "stack: {}")])[0],
        "include-conflict s.yaml:2:1, a.yaml:1:1"
    );
    assert_eq!(
        said(&[("s.yaml", "include: a.yaml\nroutes: [1]"), ("a.yaml", "routes: [2]")])[0],
        "include-conflict s.yaml:2:1, a.yaml:1:1"
    );
    let agreed = format!("{MAIN}include: a.yaml\n");
    assert!(said(&[("s.yaml", &agreed), ("a.yaml", "platform: shop\n")]).is_empty());
}

#[test]
fn circles_and_missing_files_are_told_at_the_place_that_names_them() {
    let main = format!("{MAIN}include:\n  - a.yaml\n  - gone.yaml\n  - notes.txt\n  - 5\n  - list.yaml\n");
    let files = [
        ("s.yaml", main.as_str()),
        ("a.yaml", "include: [sub/b.yaml]\n"),
        ("sub/b.yaml", "include: [../sub/../a.yaml, ../s.yaml]\n"),
        ("list.yaml", "[1, 2]\n"),
    ];
    assert_eq!(
        said(&files),
        [
            "unreadable-file s.yaml:5:5",
            "unknown-format s.yaml:6:5",
            "invalid-include s.yaml:7:5",
            "include-cycle sub/b.yaml:1:11, a.yaml:1:11",
            "include-cycle sub/b.yaml:1:29, s.yaml:4:5, a.yaml:1:11",
            "invalid-include list.yaml:1:1, s.yaml:8:5",
        ]
    );
}

#[test]
fn a_file_that_many_include_is_read_once() {
    // Two to the power of twenty ways lead to the last file.
    let level = |n: usize| format!("include: [l{n}.yaml, m{n}.yaml]\n");
    let mut files = vec![("s.yaml".to_owned(), format!("{MAIN}include: l0.yaml\n"))];
    for n in 0..20 {
        files.push((format!("l{n}.yaml"), level(n + 1)));
        files.push((format!("m{n}.yaml"), level(n + 1)));
    }
    files.extend([("l20.yaml".to_owned(), "title: Shop\n".to_owned()), ("m20.yaml".to_owned(), "{}\n".to_owned())]);
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let compilation = linted(&files);
    assert!(compilation.diagnostics.is_empty(), "{:#?}", compilation.diagnostics);
    assert_eq!(compilation.sources.iter().count(), 1 + 21 + 20);
}

#[test]
fn environments_and_mistakes_of_an_included_file_are_its_own() {
    let main = format!("{MAIN}include: parts/more.yaml\n");
    let more = "environments: {staging: {platform: shop-staging}}\nservces: {}\npacks: [own.yaml]\n";
    let own = "pack: own\ntitle: Own\ndescription: Of our own.\n";
    let files = [("s.yaml", main.as_str()), ("parts/more.yaml", more), ("parts/own.yaml", own)];
    assert_eq!(said(&files), ["unknown-key parts/more.yaml:2:1"]);
    // A pack is seen from the file that names it.
    let more = more.replace("servces: {}\n", "");
    let files = [("s.yaml", main.as_str()), ("parts/more.yaml", &more), ("parts/own.yaml", own)];
    assert_eq!(said(&files), [""; 0]);
    let world = files.iter().fold(Memory::new(), |world, (name, text)| world.with(*name, *text));
    let options = Options { environment: Some("staging".to_owned()), ..Options::default() };
    let model = compile(&world, "s.yaml", &options).model.unwrap();
    assert_eq!(model.name.value, "shop-staging");
}
