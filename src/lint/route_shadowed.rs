//! Routes behind one that takes everything.

use super::routing::{Condition, Known, Node, contradiction, covered};
use super::{Check, Findings, Lint, Routing};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Route;
use crate::diagnostics::code::warning;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "route-shadowed",
        Route,
        "A route that nothing reaches, because earlier ones take it all",
        r#"
Alertmanager tries routes in their order, and the first that fits takes the alert, unless it says `continue: true`. A
route behind one that fits everything that it could fit gets nothing: its people are never told, and nothing says so. It
happens when somebody adds a broad route above narrow ones.

Put the narrow route first, or let the broad one `continue`. In a spec, write the narrow exception first.

```yaml bad
route:
  receiver: chat
  routes:
    - {receiver: oncall, matchers: ['severity=~"critical|page"']}
    - {receiver: database, matchers: ['severity=critical', 'team=db']}
receivers: [{name: chat}, {name: oncall}, {name: database}]
```

```yaml good
route:
  receiver: chat
  routes:
    - {receiver: database, matchers: ['severity=critical', 'team=db']}
    - {receiver: oncall, matchers: ['severity=~"critical|page"']}
receivers: [{name: chat}, {name: oncall}, {name: database}]
```
"#,
    ),
    check: Check::Routing(check),
};

fn check(routing: &Routing, findings: &mut Findings) {
    routing.root.each(&mut |node, above| {
        for (index, child) in node.children.iter().enumerate() {
            let outer = above.iter().flat_map(|above| &above.conditions).chain(&node.conditions);
            let all: Vec<&Condition> = outer.chain(&child.conditions).collect();
            let before = node.children.iter().take(index);
            let before: Vec<&Node> = before.filter(|earlier| !earlier.continues).collect();
            if contradiction(&all).is_some() {
                continue;
            }
            let sets: Vec<Vec<&Condition>> = before.iter().map(|earlier| earlier.conditions.iter().collect()).collect();
            match covered(&all, &sets) {
                Some(taking) => {
                    let taking = taking.iter().filter_map(|index| before.get(*index).copied()).collect();
                    report(routing, child, taking, "takes all that this one could", findings);
                }
                None => {
                    if let Some(taking) = takes_every_alert(routing, &all, child, &before) {
                        report(routing, child, taking, "takes every alert that there is for it", findings);
                    }
                }
            }
        }
    });
}

/// The earlier routes that surely take each alert that the route is for, if there are such alerts.
fn takes_every_alert<'n>(
    routing: &Routing,
    all: &[&Condition],
    child: &Node,
    before: &[&'n Node],
) -> Option<Vec<&'n Node>> {
    // A severity that exceptions use up so far is no mistake.
    if child.conditions.iter().all(|condition| condition.label == "severity") {
        return None;
    }
    let all: Vec<Condition> = all.iter().map(|condition| (*condition).clone()).collect();
    let mut taking: Vec<&Node> = Vec::new();
    let mut meant = false;
    for alert in routing.meeting(&all) {
        meant |= alert.meets(&all) == Known::Yes;
        let first = before.iter().find(|earlier| alert.meets(&earlier.conditions) == Known::Yes)?;
        if !taking.iter().any(|known| known.number == first.number) {
            taking.push(first);
        }
    }
    meant.then_some(taking)
}

fn report(routing: &Routing, node: &Node, taking: Vec<&Node>, why: &str, findings: &mut Findings) {
    let Some(place) = node.place else { return };
    let help = match (routing.file.is_some(), taking.len()) {
        (false, _) => "write this exception before the other",
        (true, 1) => "put this route first, or add `continue: true` to the other",
        (true, _) => "put this route first, or add `continue: true` to the others",
    };
    let note = match &node.receiver {
        Some(receiver) => format!("`{}` hears of nothing through this route", receiver.value),
        None => "what it says never happens".to_owned(),
    };
    let mut diagnostic =
        Diagnostic::new(&LINT.code, place, "nothing reaches this route").label("never asked").note(note).help(help);
    let count = taking.len();
    for place in taking.iter().filter_map(|earlier| earlier.place) {
        diagnostic = diagnostic.also(place, if count == 1 { why } else { "takes a part of it" });
    }
    findings.report(diagnostic);
}
