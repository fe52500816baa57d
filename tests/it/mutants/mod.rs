//! Whether the generated tests bite: rules of ims are changed one by one, and a test must fail.
//!
//! Every run plays a sample, the same each time; `./test --deep` plays all. A change that no test notices
//! stands in `survivors.txt` with the reason, and those are few.

mod judge;
mod list;
mod meaning;
mod mutate;
mod operators;
mod suite;

use std::collections::BTreeSet;
use std::io::Write as _;

use crate::support::expected::check_or_update;
use crate::support::scratch::Scratch;
use crate::support::{deep, root, tools};
use list::{List, UNKNOWN};
use mutate::{Mutant, mutants};
use suite::{Rule, Suite};

/// One of so many mutants is in the sample.
const ONE_OF: u64 = 80;

/// At least so many of a hundred mutants must be noticed.
const KILLED: usize = 95;

#[test]
fn the_generated_tests_notice_changed_rules() {
    let Some(promtool) = tools::newest("promtool") else { return };
    let suite = Suite::read(&root().join("generated/ims"));
    let all = mutants(&suite);
    let path = root().join("tests/it/mutants/survivors.txt");
    let listed = List::parse(&std::fs::read_to_string(&path).unwrap_or_default());
    let total = all.len();
    let names: BTreeSet<String> = all.iter().map(|mutant| mutant.name.clone()).collect();
    assert_eq!(names.len(), total, "two mutants of one name");

    let played: Vec<Mutant> = all.into_iter().filter(|mutant| deep() || in_sample(&mutant.name)).collect();
    let scratch = Scratch::new("unchanged");
    let mut rules: Vec<&Rule> = played.iter().map(|mutant| mutant.original).collect();
    rules.dedup_by(|one, other| std::ptr::eq(*one, *other));
    for rule in rules {
        assert!(judge::sound(&suite, rule, &promtool, &scratch), "fails as it is: {} {}", rule.file, rule.name);
    }
    let survivors = judge::survivors(&suite, &played, &promtool);
    let survivors: BTreeSet<&str> = survivors.into_iter().map(|index| played[index].name.as_str()).collect();

    let mut now = listed.clone();
    now.0.retain(|mutant, _| names.contains(mutant));
    for name in played.iter().map(|mutant| mutant.name.as_str()) {
        if survivors.contains(name) {
            now.0.entry(name.to_owned()).or_insert_with(|| UNKNOWN.to_owned());
        } else {
            now.0.remove(name);
        }
    }
    let killed = total - now.0.len();
    let _ =
        writeln!(std::io::stderr(), "{killed} of {total} changes of the rules are noticed ({} played)", played.len());
    check_or_update(&path, &now.text());
    let unexplained: Vec<&str> =
        now.0.iter().filter(|(_, reason)| *reason == UNKNOWN).map(|(mutant, _)| mutant.as_str()).collect();
    assert!(unexplained.is_empty(), "no reason is given for\n{}", unexplained.join("\n"));
    assert!(killed * 100 >= total * KILLED, "only {killed} of {total} changes of the rules are noticed");
}

#[test]
fn a_change_that_no_test_looks_at_is_not_noticed() {
    let Some(promtool) = tools::newest("promtool") else { return };
    let suite = Suite::read(&root().join("tests/oracles/fixture"));
    let all = mutants(&suite);
    let survivors: BTreeSet<usize> = judge::survivors(&suite, &all, &promtool).into_iter().collect();
    let survives = |change: &str| {
        let index = all.iter().position(|mutant| mutant.name == format!("prometheus/rules/api.yml {change}"));
        survivors.contains(&index.unwrap_or_else(|| panic!("no mutant {change}")))
    };
    for noticed in ["operator == -> !=", "number 0 -> 1", "for 2m -> 3m", "label severity not set"] {
        assert!(!survives(&format!("TargetDown: {noticed}")), "{noticed}");
    }
    for unnoticed in ["TargetDown: for 2m -> 1m", "job:http_requests:rate5m: window [5m] -> [10m]"] {
        assert!(survives(unnoticed), "{unnoticed}");
    }
}

/// By the name alone, so that a mutant's neighbours do not matter.
fn in_sample(name: &str) -> bool {
    // FNV-1a, 64 bits.
    let hash = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    hash.is_multiple_of(ONE_OF)
}
