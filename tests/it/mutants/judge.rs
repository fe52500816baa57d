//! Playing mutants: the tests that could notice a change, on the real promtool.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::mutate::Mutant;
use super::suite::{Bundle, Rule, Suite};
use crate::support::scratch::Scratch;
use crate::support::tools::Tool;

/// As many processes at a time.
const AT_ONCE: usize = 2;

/// The indices of those mutants that no test notices, in order.
///
/// # Panics
/// When a test fails on the rules as they are, or a mutant is nothing that promtool can play.
pub(super) fn survivors(suite: &Suite, mutants: &[Mutant<'_>], tool: &Tool) -> Vec<usize> {
    let found = Mutex::new(Vec::new());
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                let scratch = Scratch::new("mutant");
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(mutant) = mutants.get(index) else { break };
                    if !killed(suite, mutant, tool, &scratch) {
                        found.lock().unwrap().push(index);
                    }
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap();
    found.sort_unstable();
    found
}

fn killed(suite: &Suite, mutant: &Mutant<'_>, tool: &Tool, scratch: &Scratch) -> bool {
    let Mutant { name, original, changed } = mutant;
    suite.bundles(original, changed, changed).iter().any(|bundle| match play(bundle, tool, scratch) {
        Verdict::Passed => false,
        Verdict::Failed => true,
        Verdict::Broken(said) => panic!("{name}: cannot be played\n{said}"),
    })
}

/// Whether the tests that would notice a change of a rule pass while it is as it was.
pub(super) fn sound(suite: &Suite, rule: &Rule, tool: &Tool, scratch: &Scratch) -> bool {
    let bundles = suite.bundles(rule, rule, rule);
    bundles.iter().all(|bundle| matches!(play(bundle, tool, scratch), Verdict::Passed))
}

enum Verdict {
    Passed,
    /// An expectation was not met.
    Failed,
    /// The files say nothing about the rule.
    Broken(String),
}

fn play(bundle: &Bundle, tool: &Tool, scratch: &Scratch) -> Verdict {
    for (path, text) in bundle {
        scratch.write(path, text);
    }
    let test: &Path = bundle[0].0.as_ref();
    let mut command = tool.command();
    command.args(["test", "rules"]).arg(scratch.join(test)).env("TMPDIR", scratch.path());
    let output = command.output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.success() {
        Verdict::Passed
    // Something else came than was expected, or a rule could not be evaluated.
    } else if said.contains("got:") || said.contains(" err: ") {
        Verdict::Failed
    } else {
        Verdict::Broken(said)
    }
}
