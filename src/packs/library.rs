//! The packs that one spec uses: built-in ones and the user's own, read once each.

use indexmap::IndexMap;

use crate::decode::{Decode, Decoder};
use crate::diagnostics::Diagnostics;
use crate::source::format::{self, Format};
use crate::source::{Node, Sources};
use crate::spec::Spec;
use crate::spec::pack::Pack;

/// Packs by name.
#[derive(Debug, Default)]
pub struct Library {
    packs: IndexMap<String, Pack>,
}

impl Library {
    /// Reads the user's own pack files, and those built-in packs that services name. Own packs win.
    pub fn load(spec: &Spec, own: &[Node], sources: &mut Sources, diagnostics: &mut Diagnostics) -> Self {
        let mut library = Self::default();
        for node in own {
            library.add(node, diagnostics);
        }
        let uses = spec.services.iter().filter_map(|(_, service)| service.packs.as_ref());
        for (name, _) in uses.flat_map(|uses| &uses.entries) {
            if library.packs.contains_key(name.as_str()) {
                continue;
            }
            if let Some(text) = super::builtin(name.as_str()) {
                let file = sources.add(format!("packs/{}.yaml (built in)", name.as_str()), text);
                let node = format::read(sources, file, Format::Yaml, diagnostics);
                library.add(&node, diagnostics);
            }
        }
        library
    }

    fn add(&mut self, node: &Node, diagnostics: &mut Diagnostics) {
        if let Some(pack) = Pack::decode(node, &mut Decoder::new(diagnostics)) {
            self.packs.insert(pack.pack.to_string(), pack);
        }
    }

    /// A pack by name.
    pub fn get(&self, name: &str) -> Option<&Pack> {
        self.packs.get(name)
    }

    /// Names that a service could use: those read, and every built-in one.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.packs.keys().map(String::as_str).collect();
        let more = super::PACKS.iter().map(|(name, _)| *name).filter(|name| !self.packs.contains_key(*name));
        names.extend(more);
        names
    }
}
