//! The committed list of mutants that no test notices, below the reason why that is so.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// On top of the file.
const HEAD: &str = "\
# Changes of the generated rules of ims that their generated tests do not notice, below the reason of each.
# `UPDATE=1 ./test --deep mutants` brings the list up to date; what it adds stands below a `?`, and wants a reason.
";

/// What stands in place of a reason that nobody has given yet.
pub(super) const UNKNOWN: &str = "?";

/// Mutants with their reasons.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct List(pub(super) BTreeMap<String, String>);

impl List {
    pub(super) fn parse(text: &str) -> Self {
        let mut list = BTreeMap::new();
        let mut reason = UNKNOWN;
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            match line.strip_prefix("  ") {
                Some(mutant) => {
                    let known = list.insert(mutant.to_owned(), reason.to_owned());
                    assert_eq!(known, None, "listed twice: {mutant}");
                }
                None => reason = line,
            }
        }
        Self(list)
    }

    /// As the file is written: reasons in order, and the mutants of each in order.
    pub(super) fn text(&self) -> String {
        let mut of_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (mutant, reason) in &self.0 {
            of_reason.entry(reason).or_default().push(mutant);
        }
        let mut text = HEAD.to_owned();
        for (reason, mutants) in of_reason {
            write!(text, "\n{reason}\n").unwrap();
            for mutant in mutants {
                writeln!(text, "  {mutant}").unwrap();
            }
        }
        text
    }
}

#[test]
fn a_list_is_read_as_it_is_written() {
    let list = List([("b", "why"), ("a", "why"), ("c", UNKNOWN)].map(|(m, r)| (m.to_owned(), r.to_owned())).into());
    assert_eq!(list.text(), format!("{HEAD}\n?\n  c\n\nwhy\n  a\n  b\n"));
    assert_eq!(List::parse(&list.text()), list);
}
