//! From names of files to trees: a spec with everything that it includes.

use crate::compile::World;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::problems::{UNKNOWN_FORMAT, UNREADABLE_FILE};
use crate::source::format::{self, Format};
use crate::source::problems::{INCLUDE_CYCLE, INVALID_INCLUDE};
use crate::source::{FileId, Node, Sources, Span, Value, include, jsonnet};

/// Most files that may include one another in a row. Links between folders can make endless ways to one file.
const DEEPEST: usize = 32;

/// The path that `path` means inside the file `from`, both with `/`: dots are resolved, as a link on a page is.
pub fn beside(from: &str, path: &str) -> String {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let whole = if path.starts_with('/') || folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/').filter(|part| !matches!(*part, "" | ".")) {
        match parts.last() {
            Some(last) if part == ".." && *last != ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    let root = if whole.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}

/// Text of a file that was loaded.
struct Loaded {
    name: String,
    text: String,
    format: Format,
}

/// Reads files of one run.
pub(crate) struct Reader<'a> {
    world: &'a dyn World,
    sources: &'a mut Sources,
    diagnostics: &'a mut Diagnostics,
    /// Files that are part of the spec.
    joined: Vec<String>,
    /// The way to the file that is being read: who is included, and where that is written.
    way: Vec<(String, Option<Span>)>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(world: &'a dyn World, sources: &'a mut Sources, diagnostics: &'a mut Diagnostics) -> Self {
        Self { world, sources, diagnostics, joined: Vec::new(), way: Vec::new() }
    }

    /// A spec, with the files that it includes.
    pub(crate) fn spec(&mut self, name: &str) -> Option<(FileId, Node)> {
        let loaded = self.load(None, name, None)?;
        let name = loaded.name.clone();
        let (file, node) = self.read(loaded);
        Some((file, self.with_included(&name, None, node)))
    }

    /// A file by itself.
    pub(crate) fn alone(&mut self, name: &str) -> Option<(FileId, Node)> {
        let loaded = self.load(None, name, None)?;
        Some(self.read(loaded))
    }

    /// A file that a spec names at `place`, seen from the file where that is written.
    pub(crate) fn named(&mut self, path: &str, place: Span) -> Option<Node> {
        let from = self.sources.file(place.file).name().to_owned();
        let loaded = self.load(Some(&from), path, Some(place))?;
        Some(self.read(loaded).1)
    }

    /// Loads a file, checks that it is text, and finds its format.
    fn load(&mut self, from: Option<&str>, path: &str, place: Option<Span>) -> Option<Loaded> {
        let Some(format) = Format::of_name(path) else {
            let message = format!("`{path}` has no known ending");
            let help = "specs and packs end in .yaml, .yml, .toml, .json or .jsonnet";
            self.diagnostics.push(Diagnostic::new(&UNKNOWN_FORMAT, place, message).help(help));
            return None;
        };
        let (name, bytes) = match self.world.load(from, path) {
            Ok(loaded) => loaded,
            Err(why) => {
                self.diagnostics.push(Diagnostic::new(&UNREADABLE_FILE, place, why));
                return None;
            }
        };
        match format::decode_utf8(&name, bytes) {
            Ok(text) => Some(Loaded { name, text, format }),
            Err(diagnostic) => {
                self.diagnostics.push(*diagnostic);
                None
            }
        }
    }

    fn read(&mut self, loaded: Loaded) -> (FileId, Node) {
        let file = self.sources.add(loaded.name, loaded.text);
        let node = match loaded.format {
            Format::Jsonnet => {
                let source = self.sources.file(file);
                let evaluation = self.world.evaluate_jsonnet(source.name(), source.text());
                jsonnet::read(self.sources, file, evaluation, self.diagnostics)
            }
            format => format::read(self.sources, file, format, self.diagnostics),
        };
        (file, node)
    }

    /// The file's content after that of the files that it includes.
    fn with_included(&mut self, name: &str, place: Option<Span>, mut node: Node) -> Node {
        self.way.push((beside("", name), place));
        self.joined.push(beside("", name));
        let mut whole: Option<Node> = None;
        for path in include::take(&mut node, self.diagnostics) {
            let Some(part) = self.included(name, &path, path.span) else { continue };
            whole = Some(match whole {
                Some(whole) => include::joined(whole, part, self.diagnostics),
                None => part,
            });
        }
        self.way.pop();
        let span = node.span;
        match whole {
            Some(whole) if matches!(node.value, Value::Map(_)) => {
                Node { span, ..include::joined(whole, node, self.diagnostics) }
            }
            _ => node,
        }
    }

    /// A file that is included; none if it cannot be, or is part of the spec already.
    fn included(&mut self, from: &str, path: &str, place: Span) -> Option<Node> {
        let loaded = self.load(Some(from), path, Some(place))?;
        let (name, same) = (loaded.name.clone(), beside("", &loaded.name));
        let start = self.way.iter().position(|(known, _)| *known == same);
        if let Some(start) = start.or((self.way.len() >= DEEPEST).then_some(0)) {
            self.report_cycle(path, place, start);
            return None;
        }
        if self.joined.contains(&same) {
            return None;
        }
        let (_, node) = self.read(loaded);
        match &node.value {
            Value::Map(_) => Some(self.with_included(&name, Some(place), node)),
            Value::Invalid => None,
            _ => {
                let message = format!("`{path}` is no part of a spec");
                let problem = Diagnostic::new(&INVALID_INCLUDE, node.span, message)
                    .label(format!("this is {}", node.kind()))
                    .also(place, "included here")
                    .help("write keys of a spec in it, such as `channels:` or `services:`");
                self.diagnostics.push(problem);
                None
            }
        }
    }

    fn report_cycle(&mut self, path: &str, place: Span, start: usize) {
        let message = format!("`{path}` includes itself");
        let mut problem = Diagnostic::new(&INCLUDE_CYCLE, place, message).label("which leads back to where it began");
        for (name, at) in self.way.iter().skip(start + 1) {
            if let Some(at) = at {
                problem = problem.also(*at, format!("`{name}` is included here"));
            }
        }
        self.diagnostics.push(problem.help("take one of them out of `include`"));
    }
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn paths_are_seen_from_the_file_that_names_them() {
        for (from, path, expected) in [
            ("specs/shop.yaml", "channels.yaml", "specs/channels.yaml"),
            ("specs/shop.yaml", "./parts/../channels.yaml", "specs/channels.yaml"),
            ("specs/shop.yaml", "../common.yaml", "common.yaml"),
            ("shop.yaml", "../common.yaml", "../common.yaml"),
            ("../a/shop.yaml", "../../common.yaml", "../../common.yaml"),
            ("/specs/shop.yaml", "channels.yaml", "/specs/channels.yaml"),
            ("specs/shop.yaml", "/etc/channels.yaml", "/etc/channels.yaml"),
            ("", "./shop.yaml", "shop.yaml"),
        ] {
            assert_eq!(beside(from, path), expected, "{from} {path}");
        }
    }
}
