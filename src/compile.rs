//! The whole way from a spec's name to artifacts, in memory: nothing here touches a disk, prints, or fails.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::artifacts::Artifacts;
use crate::backends::{Configs, Selection};
use crate::decode::{Decode, Decoder};
use crate::diagnostics::Diagnostics;
use crate::model::Platform;
use crate::packs::Library;
use crate::plain;
use crate::quantity::Date;
use crate::reading::{Reader, beside};
use crate::resolve;
use crate::source::jsonnet::{self, Evaluation, Imports, NoImports};
use crate::source::{FileId, Node, Sources, Value, overlay};
use crate::spec::{LintLevel, Spec};

/// Where a spec's files come from. The command line reads them from the disk; tests and embedders give them from memory.
pub trait World {
    /// The file that `path` means, seen from the file `from` (the spec itself when `None`): its canonical
    /// name, the same for every way that leads to it, and its bytes.
    ///
    /// # Errors
    /// A sentence for the user: why the file cannot be had.
    fn load(&self, from: Option<&str>, path: &str) -> Result<(String, Vec<u8>), String>;

    /// Evaluates Jsonnet. Evaluation has no limit of time or memory of its own: an implementation that
    /// may meet text it does not trust runs [`jsonnet::evaluate`] in a process of its own.
    fn evaluate_jsonnet(&self, name: &str, text: &str) -> Evaluation {
        jsonnet::evaluate(name, text, NoImports)
    }
}

/// Files in memory, by name.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    files: BTreeMap<String, Vec<u8>>,
}

impl Memory {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.insert(name.into(), bytes.into());
        self
    }
}

impl World for Memory {
    fn load(&self, from: Option<&str>, path: &str) -> Result<(String, Vec<u8>), String> {
        let beside = beside(from.unwrap_or_default(), path);
        let found = self.files.get_key_value(&beside).or_else(|| self.files.get_key_value(path));
        match found {
            Some((name, bytes)) => Ok((name.clone(), bytes.clone())),
            None => Err(format!("there is no file `{beside}`")),
        }
    }

    fn evaluate_jsonnet(&self, name: &str, text: &str) -> Evaluation {
        jsonnet::evaluate(name, text, self.clone())
    }
}

impl Imports for Memory {
    fn load(&self, from: &str, path: &str) -> Result<(String, Vec<u8>), String> {
        World::load(self, Some(from), path)
    }
}

/// Choices of one run.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Which of the spec's environments to overlay.
    pub environment: Option<String>,
    /// The backends that are asked for. The spec is read and resolved whole in any case; a backend that is not
    /// asked for is neither lowered nor rendered, and says nothing.
    pub backends: Selection,
    /// Levels of codes; each wins over the spec's. A code that has no level is passed over.
    pub levels: BTreeMap<String, LintLevel>,
    /// The day on which this happens, for suppressions that end. Nothing here looks at a clock: without a day
    /// nothing expires.
    pub today: Option<Date>,
}

/// A spec as read: structure checked, names not yet resolved.
#[derive(Debug)]
pub struct Parsed {
    /// Every file that was read.
    pub sources: Sources,
    /// The spec's own file, if it could be read.
    pub file: Option<FileId>,
    /// The spec, if its structure is whole.
    pub spec: Option<Spec>,
    /// Pack files of the user's own, as trees.
    pub packs: Vec<Node>,
    /// What there is to say.
    pub diagnostics: Diagnostics,
}

/// A spec compiled: as far as it came, and what there is to say.
#[derive(Debug)]
pub struct Compilation {
    /// Every file that was read.
    pub sources: Sources,
    /// The spec's own file, if it could be read.
    pub file: Option<FileId>,
    /// The spec as written, if its structure is whole.
    pub spec: Option<Spec>,
    /// The platform resolved, if every name and unit is right.
    pub model: Option<Arc<Platform>>,
    /// Files of other systems, where no spec was read.
    pub plain: Option<plain::Files>,
    /// Which backends were asked for.
    pub backends: Selection,
    /// Levels that win over the spec's.
    pub levels: BTreeMap<String, LintLevel>,
    /// The day on which this happens, if that is known.
    pub today: Option<Date>,
    /// The configurations of the backends; empty without a model.
    pub configs: Configs,
    /// Errors and findings, in the order of the text.
    pub diagnostics: Diagnostics,
}

impl Compilation {
    /// The files that the spec compiles to; none while there are errors.
    pub fn artifacts(&self) -> Option<Artifacts> {
        (self.model.is_some() && !self.diagnostics.has_errors()).then(|| self.configs.render(&self.backends))
    }
}

/// Reads a spec and checks its structure. All structural errors come in one run.
pub fn parse(world: &dyn World, name: &str, options: &Options) -> Parsed {
    let mut sources = Sources::new();
    let mut diagnostics = Diagnostics::new();
    let read = Reader::new(world, &mut sources, &mut diagnostics).spec(name);
    let file = read.as_ref().map(|(file, _)| *file);
    let mut spec = None;
    if let Some((_, node)) = read {
        let node = overlay::environment(node, options.environment.as_deref(), &mut sources, &mut diagnostics);
        spec = decode(&node, &mut diagnostics);
    }
    let mut packs = Vec::new();
    for path in spec.iter().flat_map(|spec: &Spec| spec.packs.iter().flatten()) {
        packs.extend(Reader::new(world, &mut sources, &mut diagnostics).named(path.as_str(), path.span));
    }
    diagnostics.settle(&sources);
    Parsed { sources, file, spec, packs, diagnostics }
}

/// Compiles a spec: reads it, resolves it, and lowers it for every backend.
pub fn compile(world: &dyn World, name: &str, options: &Options) -> Compilation {
    let Parsed { mut sources, file, spec, packs, mut diagnostics } = parse(world, name, options);
    let (mut model, mut configs) = (None, Configs::default());
    if let Some(spec) = spec.as_ref().filter(|_| !diagnostics.has_errors()) {
        let library = Library::load(spec, &packs, &mut sources, &mut diagnostics);
        if !diagnostics.has_errors() {
            let platform = Arc::new(resolve::resolve(spec, &library, &mut diagnostics));
            if !diagnostics.has_errors() {
                configs = Configs::lower(&platform, &options.backends, &mut diagnostics);
                model = Some(platform);
            }
        }
    }
    diagnostics.settle(&sources);
    let Options { backends, levels, today, .. } = options.clone();
    Compilation { sources, file, spec, model, plain: None, backends, levels, today, configs, diagnostics }
}

fn decode(node: &Node, diagnostics: &mut Diagnostics) -> Option<Spec> {
    if matches!(node.value, Value::Invalid) {
        return None;
    }
    Spec::decode(node, &mut Decoder::new(diagnostics))
}
