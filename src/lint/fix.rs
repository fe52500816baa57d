//! Mending sources: fixes that are certain, applied in rounds until none is left.
//!
//! A fix replaces bytes and touches nothing beside them, so comments and layout stay. Fixes of one round never
//! overlap: of two that do, the worse finding's goes first, and the next round sees what is left of the other.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::compile::{Compilation, Options, World, compile};
use crate::diagnostics::{Diagnostic, Fix};
use crate::source::jsonnet::Evaluation;
use crate::source::{FileId, Format, Sources};

/// More rounds than any sensible file needs: a reader may stop at its first mistake, and shows the next one a round
/// later. Two fixes that undid each other would go on for ever.
const ROUNDS: usize = 1000;

/// One file that was mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    /// The text before.
    pub before: String,
    /// The text after.
    pub after: String,
    /// How many fixes lie between the two.
    pub fixes: usize,
}

/// Mends specs, and the packs they name. What one spec's findings changed in a pack, the next spec sees changed.
#[derive(Debug)]
pub struct Mender<'a, W> {
    world: &'a W,
    files: BTreeMap<String, Mended>,
}

impl<'a, W: World> Mender<'a, W> {
    /// Files come from `world`; nothing is written to it.
    pub fn new(world: &'a W) -> Self {
        Self { world, files: BTreeMap::new() }
    }

    /// Applies what is certain, round by round, and gives what is said of the spec then.
    pub fn mend(&mut self, name: &str, options: &Options) -> Compilation {
        let mut round = 0;
        loop {
            let view = View { world: self.world, files: &self.files, loaded: RefCell::new(BTreeSet::new()) };
            let mut compilation = compile(&view, name, options);
            super::run(&mut compilation);
            let loaded = view.loaded.into_inner();
            round += 1;
            let changes = changes(&compilation, |file| loaded.contains(file));
            if changes.is_empty() || round > ROUNDS {
                return compilation;
            }
            for (file, (after, fixes)) in changes {
                let source = compilation.sources.file(file);
                let nothing = || Mended { before: source.text().to_owned(), after: String::new(), fixes: 0 };
                let mended = self.files.entry(source.name().to_owned()).or_insert_with(nothing);
                mended.after = after;
                mended.fixes += fixes;
            }
        }
    }

    /// Every file that was mended, by name.
    pub fn files(&self) -> &BTreeMap<String, Mended> {
        &self.files
    }
}

/// The world with its mended files.
struct View<'a, W> {
    world: &'a W,
    files: &'a BTreeMap<String, Mended>,
    /// What was asked for: only that can be mended, not what is built in or evaluated.
    loaded: RefCell<BTreeSet<String>>,
}

impl<W: World> World for View<'_, W> {
    fn load(&self, from: Option<&str>, path: &str) -> Result<(String, Vec<u8>), String> {
        let (name, bytes) = self.world.load(from, path)?;
        self.loaded.borrow_mut().insert(name.clone());
        let mended = self.files.get(&name).map(|file| file.after.clone().into_bytes());
        Ok((name, mended.unwrap_or(bytes)))
    }

    fn evaluate_jsonnet(&self, name: &str, text: &str) -> Evaluation {
        self.world.evaluate_jsonnet(name, text)
    }
}

/// How many findings of a spec can be mended. What Jsonnet came to cannot: it is written nowhere.
pub fn mendable(compilation: &Compilation) -> usize {
    let sources = &compilation.sources;
    let fixes = compilation.diagnostics.iter().filter_map(|finding| finding.fix.as_ref());
    fixes.filter(|fix| Format::of_name(sources.file(fix.span.file).name()).is_some()).count()
}

/// The texts of files after one round, and how many fixes each took.
fn changes(compilation: &Compilation, may_change: impl Fn(&str) -> bool) -> BTreeMap<FileId, (String, usize)> {
    let mut fixes: BTreeMap<FileId, Vec<&Fix>> = BTreeMap::new();
    for fix in chosen(compilation.diagnostics.iter(), &compilation.sources) {
        fixes.entry(fix.span.file).or_default().push(fix);
    }
    fixes.retain(|file, _| may_change(compilation.sources.file(*file).name()));
    let apply = |(file, mut fixes): (FileId, Vec<&Fix>)| {
        fixes.sort_by_key(|fix| fix.span.start);
        let text = compilation.sources.file(file).text();
        let (mut after, mut at) = (String::with_capacity(text.len()), 0);
        for fix in &fixes {
            after.push_str(text.get(at..fix.span.range().start).unwrap_or(""));
            after.push_str(&fix.replacement);
            at = fix.span.range().end;
        }
        after.push_str(text.get(at..).unwrap_or(""));
        (file, (after, fixes.len()))
    };
    fixes.into_iter().map(apply).collect()
}

/// Fixes that change something and do not touch one another, the worst findings' first.
fn chosen<'d>(findings: impl Iterator<Item = &'d Diagnostic>, sources: &Sources) -> Vec<&'d Fix> {
    let mut findings: Vec<&Diagnostic> = findings.collect();
    findings.sort_by_key(|finding| Reverse(finding.severity));
    let mut chosen: Vec<&Fix> = Vec::new();
    for fix in findings.into_iter().filter_map(|finding| finding.fix.as_ref()) {
        let (from, to) = (fix.span.start, fix.span.end);
        let apart = |other: &&Fix| {
            let one_is_empty = from == to || other.span.start == other.span.end;
            let touch = if one_is_empty {
                from <= other.span.end && other.span.start <= to
            } else {
                from < other.span.end && other.span.start < to
            };
            other.span.file != fix.span.file || !touch
        };
        if sources.slice(fix.span) != fix.replacement && chosen.iter().all(apart) {
            chosen.push(fix);
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::Memory;
    use crate::quantity::Date;

    /// The text after `--fix`, how many fixes it took, and what is left to say.
    fn mended(name: &str, text: &str) -> (String, usize, Vec<&'static str>) {
        let world = Memory::new().with(name, text);
        let mut mender = Mender::new(&world);
        let options = Options { today: Date::parse("2026-11-21"), ..Options::default() };
        let compilation = mender.mend(name, &options);
        let left = compilation.diagnostics.iter().map(|finding| finding.code.name).collect();
        match mender.files().get(name) {
            Some(file) => (file.after.clone(), file.fixes, left),
            None => (text.to_owned(), 0, left),
        }
    }

    #[test]
    fn of_two_fixes_in_one_place_the_errors_comes_first() {
        // The warning would quote `yes`; the error knows that a truth value is wanted.
        let text = "bellwether: 1\nplatform: shop  # why\nowner: {team: no}\nchannels:\n  c: {webhook: {url: 'https://x.example', resolved: yes}}  # kept\n";
        let (after, fixes, left) = mended("a.yaml", text);
        assert_eq!(
            after,
            text.replace("team: no", "team: \"no\"").replace("resolved: yes", "resolved: true"),
            "{left:?}"
        );
        assert_eq!(fixes, 2);
        assert_eq!(mended("a.yaml", &after), (after.clone(), 0, left));
    }

    #[test]
    fn a_reader_that_stops_at_its_first_mistake_is_asked_again() {
        let (after, fixes, left) =
            mended("a.json", "{\"bellwether\": 1, \"owner\": {\"team\": \"a\",},\n \"platform\": \"shop\",}\n");
        assert_eq!(after, "{\"bellwether\": 1, \"owner\": {\"team\": \"a\"},\n \"platform\": \"shop\"}\n");
        assert_eq!((fixes, left), (2, vec![]));
    }

    #[test]
    fn suppressions_go_and_what_is_around_them_stays() {
        let text = "bellwether: 1\r\n  # bellwether: allow(rate-on-gauge): gone\r\nplatform: shop # bellwether: allow(raw-counter) until 2020-01-01: gone\r\n# last";
        assert_eq!(mended("a.yaml", text), ("bellwether: 1\r\nplatform: shop\r\n# last".to_owned(), 2, vec![]));
        let jsonnet = "// bellwether: allow(raw-counter): gone\n{ bellwether: 1, platform: 'shop' }";
        assert_eq!(mended("a.jsonnet", jsonnet), ("{ bellwether: 1, platform: 'shop' }".to_owned(), 1, vec![]));
    }

    #[test]
    fn a_pack_is_mended_too_and_nothing_that_is_built_in() {
        let world = Memory::new()
            .with("a.yaml", "bellwether: 1\nplatform: shop\npacks: [p.yaml]\n")
            .with("p.yaml", "# bellwether: allow(raw-counter): gone\npack: p\ntitle: P\ndescription: Of one's own.\n");
        let mut mender = Mender::new(&world);
        mender.mend("a.yaml", &Options::default());
        let names: Vec<&str> = mender.files().keys().map(String::as_str).collect();
        assert_eq!(names, ["p.yaml"]);
    }
}
