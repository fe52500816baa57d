//! What makes a finding the same finding in the next commit, though lines above it came and went.

use std::collections::BTreeMap;

use crate::diagnostics::Diagnostic;
use crate::source::Sources;

/// Gives every finding of a report a fingerprint of its own.
#[derive(Debug, Default)]
pub(super) struct Fingerprints {
    seen: BTreeMap<String, u32>,
}

impl Fingerprints {
    /// Made of the code, the file and the message; the second of two equal ones differs by its number. No line: a
    /// finding that only moved is no new one.
    pub(super) fn of(&mut self, diagnostic: &Diagnostic, sources: &Sources) -> String {
        let file = diagnostic.span.map_or("", |span| sources.file(span.file).name());
        let identity = format!("{}\0{file}\0{}", diagnostic.code.name, diagnostic.message);
        let number = self.seen.entry(identity.clone()).or_insert(0);
        *number += 1;
        let all = format!("{identity}\0{number}");
        // FNV-1a, 64 bits: the same on every machine, in every version.
        let hash = all
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        format!("{hash:016x}")
    }
}
