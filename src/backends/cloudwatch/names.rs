//! Names of resources: labels in Terraform, names in AWS. A name changes only when what it names does.

use std::collections::BTreeSet;

use crate::model::Platform;

/// `<platform>-<environment>`: what names of resources in the account begin with.
pub(in crate::backends) fn prefix(platform: &Platform) -> String {
    format!("{}-{}", platform.name.value, platform.environment)
}

/// Labels of one resource type, no two the same.
#[derive(Debug, Default)]
pub(in crate::backends) struct Labels {
    taken: BTreeSet<String>,
}

impl Labels {
    /// The label for a name: snake case; a number follows if the label is taken.
    pub(in crate::backends) fn label(&mut self, name: &str) -> String {
        let base = snake(name);
        let mut label = base.clone();
        let mut count = 2_u64;
        while !self.taken.insert(label.clone()) {
            label = format!("{base}_{count}");
            count += 1;
        }
        label
    }
}

/// `RDSHighCPU` is `rds_high_cpu`, `/ims/api-gateway` is `ims_api_gateway`.
fn snake(name: &str) -> String {
    let characters: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 8);
    for (at, &character) in characters.iter().enumerate() {
        if !character.is_ascii_alphanumeric() {
            if !out.is_empty() && !out.ends_with('_') {
                out.push('_');
            }
            continue;
        }
        let before = at.checked_sub(1).and_then(|before| characters.get(before));
        let after = characters.get(at + 1);
        let begins_word = character.is_ascii_uppercase()
            && (before.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
                || (before.is_some_and(char::is_ascii_uppercase) && after.is_some_and(char::is_ascii_lowercase)));
        if begins_word && !out.ends_with('_') {
            out.push('_');
        }
        out.push(character.to_ascii_lowercase());
    }
    let out = out.trim_end_matches('_');
    match out.chars().next() {
        Some(first) if first.is_ascii_alphabetic() => out.to_owned(),
        _ => format!("x{out}"),
    }
}

/// A name for AWS: letters, digits, `-` and `_`, at most `most` long. What is cut off lives on in a checksum,
/// so that two long names stay two.
pub(in crate::backends) fn plain(name: &str, most: usize) -> String {
    let mut out = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            kept if kept.is_ascii_alphanumeric() || kept == '_' => out.push(kept),
            _ if out.is_empty() || out.ends_with('-') => {}
            _ => out.push('-'),
        }
    }
    let out = out.trim_end_matches('-');
    if out.len() <= most {
        return out.to_owned();
    }
    let kept: String = out.chars().take(most.saturating_sub(9)).collect();
    format!("{}-{:08x}", kept.trim_end_matches('-'), checksum(name))
}

/// FNV-1a, 32 bits: the same on every machine.
fn checksum(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The Terraform variable of an environment variable: its name in lower case.
pub(in crate::backends) fn variable(name: &str) -> String {
    // Terraform keeps these words for itself.
    const RESERVED: [&str; 8] =
        ["source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"];
    let lower = name.to_ascii_lowercase();
    if RESERVED.contains(&lower.as_str()) { format!("{lower}_value") } else { lower }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_snake_case_and_never_shared() {
        let mut labels = Labels::default();
        for (name, label) in [
            ("RDSHighCPU", "rds_high_cpu"),
            ("PostgreSQLConnectionPoolExhaustion", "postgre_sql_connection_pool_exhaustion"),
            ("/ims/api-gateway", "ims_api_gateway"),
            ("ims_api_gateway", "ims_api_gateway_2"),
            ("5xx", "x5xx"),
            ("///", "x"),
        ] {
            assert_eq!(labels.label(name), label, "{name}");
        }
    }

    #[test]
    fn long_names_are_cut_but_stay_apart() {
        assert_eq!(plain("ims-production-/ims/application", 64), "ims-production-ims-application");
        let (one, two) = (plain(&"a/".repeat(60), 64), plain(&("a/".repeat(60) + "b"), 64));
        assert!(one.len() <= 64 && two.len() <= 64 && one != two, "{one} {two}");
    }

    #[test]
    fn variables_are_no_words_of_terraform() {
        assert_eq!(variable("RDS_INSTANCE"), "rds_instance");
        assert_eq!(variable("COUNT"), "count_value");
    }
}
