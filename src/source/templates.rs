//! Templates, and the services that are like them.
//!
//! A service that is `like` a template is the template with the service's own keys laid over it. The chosen
//! environment is laid over last, template by template and service by service: what it takes away is gone,
//! whoever brought it. Every value keeps the place it was written at, seen by the service that uses it
//! (see [`Sources::seen_by`]).

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::node::{Entry, Key, Map, Node, Value};
use super::overlay::overlay;
use super::{FileId, Sources, Span, problems};
use crate::diagnostics::{Diagnostic, Diagnostics};

/// The key under which a spec keeps its templates.
const TEMPLATES: &str = "templates";
/// The key under which a spec keeps its services.
const SERVICES: &str = "services";
/// The key by which a service, or another template, names what it is like.
const LIKE: &str = "like";

/// The spec with `over` laid over it, every service written out, and no templates left.
///
/// Reports templates that are not there, that are like themselves, that are no maps, or that nobody uses. What is
/// left of the service is then written out without them.
pub fn written_out(base: Node, over: Option<&Node>, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Node {
    let templates = layers(TEMPLATES, &base, over);
    let services = layers(SERVICES, &base, over);
    let mut work = Work { templates: &templates, whole: BTreeMap::new(), path: Vec::new(), diagnostics };
    work.report_shapes([Some(&base), over]);
    let written: Vec<Entry> = services.values().map(|service| work.service(service, sources)).collect();
    work.report_unused();
    let mut root = match over {
        Some(over) => overlay(base, over),
        None => base,
    };
    if let Value::Map(map) = &mut root.value {
        map.entries.retain(|entry| entry.key.text != TEMPLATES);
        let services = map.entries.iter_mut().find(|entry| entry.key.text == SERVICES);
        if let Some(Entry { value: Node { value: Value::Map(services), .. }, .. }) = services {
            services.entries = written;
        }
    }
    root
}

/// One name's entries, each laid over the one before: the spec's own, the environment's.
type Layers<'a> = Vec<&'a Entry>;

/// What is written under `section`, by name, in the order of writing; without what the environment takes away.
fn layers<'a>(section: &str, base: &'a Node, over: Option<&'a Node>) -> IndexMap<String, Layers<'a>> {
    let mut all: IndexMap<String, Layers> = IndexMap::new();
    for root in std::iter::once(base).chain(over) {
        match map_of(root).and_then(|map| map.get(section)).map(|node| &node.value) {
            Some(Value::Map(map)) => {
                for entry in &map.entries {
                    if matches!(entry.value.value, Value::Null) && over.is_some_and(|over| std::ptr::eq(over, root)) {
                        all.shift_remove(&entry.key.text);
                    } else {
                        all.entry(entry.key.text.clone()).or_default().push(entry);
                    }
                }
            }
            Some(_) => all.clear(),
            None => {}
        }
    }
    all
}

fn map_of(node: &Node) -> Option<&Map> {
    match &node.value {
        Value::Map(map) => Some(map),
        _ => None,
    }
}

/// A template's name, where somebody wants to be like it.
struct Wanted<'a> {
    name: &'a str,
    at: Span,
}

struct Work<'a> {
    templates: &'a IndexMap<String, Layers<'a>>,
    /// Templates already written out; none for one that is not there.
    whole: BTreeMap<&'a str, Option<Node>>,
    /// The templates that are being written out, each where it was asked for.
    path: Vec<(&'a str, Span)>,
    diagnostics: &'a mut Diagnostics,
}

impl<'a> Work<'a> {
    /// A service with everything that it has from templates.
    fn service(&mut self, layers: &Layers<'a>, sources: &mut Sources) -> Entry {
        let key = layers.first().map_or_else(nobody, |first| first.key.clone());
        let mut whole: Option<Node> = None;
        for wanted in self.wanted(layers) {
            let Some(mut template) = self.template(&wanted) else { continue };
            let mut views = BTreeMap::new();
            see(&mut template, &mut |file| {
                *views.entry(file).or_insert_with(|| sources.seen_by(file, &key.text, wanted.at))
            });
            whole = Some(laid(whole, template));
        }
        let mut entry = Entry { key, value: own(whole, layers) };
        // The last one that says it is the one to point at, unless all have a part in it.
        if let Some(last) = layers.last().filter(|last| map_of(&last.value).is_none()) {
            entry.key = last.key.clone();
        }
        entry
    }

    /// A template with everything that it has from others.
    fn template(&mut self, wanted: &Wanted<'a>) -> Option<Node> {
        if let Some(known) = self.whole.get(wanted.name) {
            return known.clone();
        }
        if let Some(start) = self.path.iter().position(|(name, _)| *name == wanted.name) {
            self.report_cycle(wanted, start);
            return None;
        }
        let templates = self.templates;
        let Some((name, layers)) = templates.get_key_value(wanted.name) else {
            self.report_unknown(wanted);
            self.whole.insert(wanted.name, None);
            return None;
        };
        self.path.push((name, wanted.at));
        let mut whole: Option<Node> = None;
        for wanted in self.wanted(layers) {
            if let Some(template) = self.template(&wanted) {
                whole = Some(laid(whole, template));
            }
        }
        self.path.pop();
        let node = own(whole, layers);
        let node = map_of(&node).is_some().then_some(node);
        self.whole.insert(name, node.clone());
        node
    }

    /// What the last layer that says it wants to be like.
    fn wanted(&mut self, layers: &Layers<'a>) -> Vec<Wanted<'a>> {
        let like = layers.iter().rev().find_map(|layer| map_of(&layer.value)?.get(LIKE));
        let names: Vec<&Node> = match like.map(|node| &node.value) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::List(items)) => items.iter().collect(),
            Some(_) => like.into_iter().collect(),
        };
        let mut wanted = Vec::new();
        for node in names {
            match &node.value {
                Value::Text(text) => wanted.push(Wanted { name: &text.value, at: node.span }),
                Value::Invalid => {}
                _ => self.diagnostics.push(
                    Diagnostic::new(&problems::INVALID_LIKE, node.span, "`like` names templates")
                        .label(format!("this is {}", node.kind()))
                        .help("write the name of a template, or a list of names of which the later wins"),
                ),
            }
        }
        wanted
    }

    fn report_unknown(&mut self, wanted: &Wanted) {
        let message = format!("there is no template `{}`", wanted.name);
        let problem = Diagnostic::new(&problems::UNKNOWN_TEMPLATE, wanted.at, message).label("not declared");
        let known: Vec<&str> = self.templates.keys().map(String::as_str).collect();
        self.diagnostics.push(if known.is_empty() {
            problem.help("the spec has no `templates`; add them, or leave out `like`")
        } else {
            problem.suggest(wanted.name, known)
        });
    }

    fn report_cycle(&mut self, wanted: &Wanted, start: usize) {
        let message = format!("the template `{}` is like itself", wanted.name);
        let mut problem = Diagnostic::new(&problems::TEMPLATE_CYCLE, wanted.at, message).label("which it is part of");
        for (name, at) in self.path.iter().skip(start + 1) {
            problem = problem.also(*at, format!("like `{name}`,"));
        }
        self.diagnostics.push(problem.help("take one of them out of `like`"));
    }

    fn report_shapes(&mut self, roots: [Option<&Node>; 2]) {
        for root in roots.into_iter().flatten() {
            let Some(node) = map_of(root).and_then(|map| map.get(TEMPLATES)) else { continue };
            match &node.value {
                Value::Map(map) => {
                    for entry in &map.entries {
                        let message = format!("the template `{}` must be a map", entry.key.text);
                        self.report_shape(&entry.value, message);
                    }
                }
                _ => self.report_shape(node, "`templates` must be a map of names to templates".to_owned()),
            }
        }
    }

    fn report_shape(&mut self, node: &Node, message: String) {
        if !matches!(node.value, Value::Map(_) | Value::Null | Value::Invalid) {
            self.diagnostics.push(
                Diagnostic::new(&problems::TEMPLATE_NOT_A_MAP, node.span, message)
                    .label(format!("this is {}", node.kind()))
                    .help("name each template and write below it what a service may have"),
            );
        }
    }

    fn report_unused(&mut self) {
        let used: BTreeSet<&str> = self.whole.keys().copied().collect();
        for (name, layers) in self.templates {
            if let Some(first) = layers.first().filter(|_| !used.contains(name.as_str())) {
                let message = format!("no service is like `{name}`");
                self.diagnostics.push(
                    Diagnostic::new(&problems::UNUSED_TEMPLATE, first.key.span, message)
                        .label("used by nobody")
                        .note("what is written in it is not even looked at")
                        .help(format!("give a service `like: {name}`, or take the template out")),
                );
            }
        }
    }
}

/// A key where none was written: no service has no layers.
fn nobody() -> Key {
    Key { text: String::new(), span: Span::new(FileId(0), 0, 0) }
}

fn laid(below: Option<Node>, over: Node) -> Node {
    match below {
        Some(below) => overlay(below, &over),
        None => over,
    }
}

/// Its own layers, laid over what it is like. It is where it is written itself.
fn own(below: Option<Node>, layers: &Layers) -> Node {
    let mut whole = below;
    for layer in layers {
        let mut node = layer.value.clone();
        if let Value::Map(map) = &mut node.value {
            map.entries.retain(|entry| entry.key.text != LIKE);
        }
        let span = node.span;
        let mut laid = laid(whole, node);
        laid.span = span;
        whole = Some(laid);
    }
    whole.unwrap_or(Node { span: nobody().span, value: Value::Null })
}

/// Every place in a tree, in another view of its file.
fn see(node: &mut Node, view: &mut impl FnMut(FileId) -> FileId) {
    node.span.file = view(node.span.file);
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| see(item, view)),
        Value::Map(map) => {
            for entry in &mut map.entries {
                entry.key.span.file = view(entry.key.span.file);
                see(&mut entry.value, view);
            }
        }
        _ => {}
    }
}
