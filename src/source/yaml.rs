//! YAML into the tree: events of a parser become nodes with byte ranges.
//!
//! The core schema of YAML 1.2 decides what is a number, `true`, `false` or null; everything else
//! that is not quoted is text. Aliases and merge keys are applied here, within a budget.

use std::borrow::Cow;
use std::collections::BTreeMap;

use granit_parser::{Event, Parser, ScalarStyle, Tag};

use super::format::{DEPTH_LIMIT, empty};
use super::node::{Node, Value};
use super::{FileId, Span, problems};
use crate::diagnostics::{Diagnostic, Diagnostics};

mod collect;
mod scalar;
mod syntax;

use collect::{Built, Frame};

/// What all aliases of a file together may add to its tree: nodes, and 64 bytes of text count as one more.
const ALIAS_BUDGET: usize = 100_000;

/// Reads one YAML document. A break of YAML's grammar ends the reading: one diagnostic, and
/// [`Value::Invalid`]. Doubled keys, unknown aliases, foreign tags and the like are all reported,
/// and only what they touch becomes invalid.
pub fn read(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> Node {
    let options = granit_parser::options! {
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        flow_nesting_limit: DEPTH_LIMIT,
        block_nesting_limit: DEPTH_LIMIT,
    };
    let mut reader = Reader {
        file,
        text,
        diagnostics,
        frames: Vec::new(),
        anchors: BTreeMap::new(),
        budget: ALIAS_BUDGET,
        root: None,
        documents: 0,
        last: 0..0,
    };
    for event in Parser::new_from_str_with_options(text, options) {
        let step = match event {
            Ok((event, place)) => reader.take(event, &place),
            Err(error) => Err(Box::new(syntax::explain(&error, &reader))),
        };
        if let Err(problem) = step {
            reader.diagnostics.push(*problem);
            return Node { span: Span::new(file, 0, text.len()), value: Value::Invalid };
        }
    }
    reader.finish()
}

/// An anchor of the document: its name once seen, its node once whole.
#[derive(Default)]
struct Anchor {
    name: String,
    built: Option<Built>,
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    diagnostics: &'a mut Diagnostics,
    /// The maps and lists that are still open, the innermost last.
    frames: Vec<Frame>,
    anchors: BTreeMap<usize, Anchor>,
    budget: usize,
    root: Option<Node>,
    documents: usize,
    /// The bytes of the scalar before the current event, for syntax errors.
    last: std::ops::Range<usize>,
}

type Step = Result<(), Box<Diagnostic>>;

impl Reader<'_> {
    /// Takes one event. The diagnostic in an error ends the reading.
    fn take(&mut self, event: Event<'_>, place: &granit_parser::Span) -> Step {
        let span = self.span(place);
        match event {
            Event::DocumentStart(..) => self.document(span),
            Event::Scalar(value, style, anchor, tag) => {
                self.last = span.range();
                self.scalar(&Scalar { value, style, tag, place, span }, anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.foreign_tag(tag.as_deref(), place);
                self.open(Frame::list(span, anchor))
            }
            Event::MappingStart(_, anchor, tag) => {
                self.foreign_tag(tag.as_deref(), place);
                self.open(Frame::map(span, anchor))
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Anchor(id, name) => {
                self.anchors.entry(id).or_default().name = name.into_owned();
                Ok(())
            }
            Event::Alias(id) => self.alias(id, span),
            Event::UnresolvedAlias(name) => {
                self.unknown_alias(&name, span);
                if self.refuse_key(None, span) {
                    return Ok(());
                }
                self.deliver(Built::leaf(Node { span, value: Value::Invalid }))
            }
            _ => Ok(()),
        }
    }

    fn document(&mut self, span: Span) -> Step {
        self.documents += 1;
        if self.documents == 1 {
            return Ok(());
        }
        Err(Box::new(
            Diagnostic::new(&problems::SEVERAL_DOCUMENTS, span, "a second YAML document begins here")
                .label("one file is one spec")
                .note("nothing in the file was compiled: it is not clear which document is meant")
                .help("remove this `---`, or move what follows to a file of its own and `include` it"),
        ))
    }

    fn scalar(&mut self, scalar: &Scalar<'_>, anchor: usize) -> Step {
        let plain = scalar.style == ScalarStyle::Plain;
        let nothing = plain && scalar.span.start == scalar.span.end;
        if nothing && self.refuse_key(Some("a key is missing before `:`"), scalar.span) {
            return Ok(());
        }
        if let Some(Frame::Map(map)) = self.frames.last_mut()
            && map.expects_key()
        {
            map.key(&scalar.value, plain, scalar.span);
            return Ok(());
        }
        self.foreign_tag(scalar.tag.as_deref(), scalar.place);
        let node = scalar::resolve(scalar, self.text, self.diagnostics);
        self.finish_node(Built::leaf(node), anchor)
    }

    fn open(&mut self, frame: Frame) -> Step {
        if self.frames.len() == DEPTH_LIMIT {
            return Err(Box::new(problems::too_deep(frame.start())));
        }
        self.frames.push(frame);
        Ok(())
    }

    fn close(&mut self, end: Span) -> Step {
        match self.frames.pop() {
            Some(frame) => {
                let anchor = frame.anchor();
                let built = frame.finish(end);
                self.finish_node(built, anchor)
            }
            None => Ok(()),
        }
    }

    /// Remembers an anchored node and hands it to what it lies in.
    fn finish_node(&mut self, built: Built, anchor: usize) -> Step {
        if anchor != 0 {
            self.charge(built.weight, built.node.span)?;
            self.anchors.entry(anchor).or_default().built = Some(built.clone());
        }
        self.deliver(built)
    }

    fn deliver(&mut self, built: Built) -> Step {
        match self.frames.last_mut() {
            None => self.root = Some(built.node),
            Some(Frame::List(list)) => list.push(built),
            Some(Frame::Map(map)) => map.value(built, self.diagnostics),
        }
        Ok(())
    }

    /// In the place of a key: says so (when there is a complaint to make) and passes the value over.
    fn refuse_key(&mut self, complaint: Option<&str>, span: Span) -> bool {
        let Some(Frame::Map(map)) = self.frames.last_mut() else { return false };
        if !map.expects_key() {
            return false;
        }
        map.drop_key();
        if let Some(complaint) = complaint {
            self.diagnostics.push(problems::no_text_key(span, complaint));
        }
        true
    }

    fn alias(&mut self, id: usize, span: Span) -> Step {
        if self.refuse_key(Some("an alias cannot be a key"), span) {
            return Ok(());
        }
        let anchor = self.anchors.entry(id).or_default();
        let Some(built) = anchor.built.as_ref() else {
            let message = format!("the anchor `{}` contains itself", anchor.name);
            self.diagnostics.push(
                Diagnostic::new(&problems::UNKNOWN_ANCHOR, span, message)
                    .label("refers to what it lies in")
                    .note("its value would never end")
                    .help("write the value out here"),
            );
            return self.deliver(Built::leaf(Node { span, value: Value::Invalid }));
        };
        let (weight, depth) = (built.weight, built.depth);
        self.charge(weight, span)?;
        if self.frames.len() + depth > DEPTH_LIMIT {
            return Err(Box::new(problems::too_deep(span)));
        }
        let copy = self.anchors.get(&id).and_then(|anchor| anchor.built.clone());
        copy.map_or(Ok(()), |built| self.deliver(built))
    }

    /// Pays for a copy before it is made.
    fn charge(&mut self, weight: usize, span: Span) -> Step {
        match self.budget.checked_sub(weight) {
            Some(rest) => {
                self.budget = rest;
                Ok(())
            }
            None => Err(Box::new(
                Diagnostic::new(&problems::ALIAS_BOMB, span, "the aliases of this file expand to too much")
                    .label(format!("over the limit of {ALIAS_BUDGET} values here"))
                    .note("nothing in the file was compiled: a few lines of aliases can fill any memory")
                    .help("use `templates` and `like` for what services share; write the rest out"),
            )),
        }
    }

    fn unknown_alias(&mut self, name: &str, span: Span) {
        let known: Vec<&str> = self.anchors.values().map(|anchor| anchor.name.as_str()).collect();
        let problem = Diagnostic::new(&problems::UNKNOWN_ANCHOR, span, format!("no anchor `{name}` before this alias"))
            .label("refers to nothing")
            .help(format!("quote it if it is text: \"*{name}\"; an anchor is written `&{name}` before its value"))
            .suggest(name, known.iter().copied().filter(|known| crate::diagnostics::nearest(name, [*known]).is_some()));
        self.diagnostics.push(problem);
    }

    fn foreign_tag(&mut self, tag: Option<&Tag>, place: &granit_parser::Span) {
        let Some(tag) = tag.filter(|tag| !tag.is_yaml_core_schema() && !scalar::is_plain_text_tag(tag)) else { return };
        let span = place.tag_span().map_or_else(|| self.span(place), |place| self.span(&place));
        self.diagnostics.push(
            Diagnostic::new(&problems::FOREIGN_TAG, span, format!("the tag `{}` means nothing here", tag.original()))
                .label("not a tag of YAML's core schema")
                .help("remove it; quote the value if it begins with `!`"),
        );
    }

    fn finish(self) -> Node {
        let whole = Span::new(self.file, 0, self.text.len());
        let blank = |node: &Node| matches!(node.value, Value::Null) && node.span.start == node.span.end;
        match self.root {
            Some(root) if !blank(&root) => root,
            _ => {
                self.diagnostics.push(empty(self.file, self.text));
                Node { span: whole, value: Value::Invalid }
            }
        }
    }

    /// A place of the parser as ours: byte offsets are always known for text in memory.
    fn span(&self, place: &granit_parser::Span) -> Span {
        let range = place.byte_range().unwrap_or(0..0);
        Span::new(self.file, range.start, range.end)
    }
}

/// One scalar event.
struct Scalar<'e> {
    value: Cow<'e, str>,
    style: ScalarStyle,
    tag: Option<Cow<'e, Tag>>,
    place: &'e granit_parser::Span,
    span: Span,
}
