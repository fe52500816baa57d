//! Routes that no alert takes.

use super::routing::{Condition, Node, contradiction};
use super::{Check, Findings, Lint, Routing};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Route;
use crate::diagnostics::code::warning;

pub(super) static LINT: Lint = Lint {
    code: warning(
        "route-matches-nothing",
        Route,
        "A route whose conditions no alert meets",
        r#"
A route is for alerts of a name, a team or a service that no rule raises: it was renamed, misspelt, or is gone. Whoever
wrote the route believes that those alerts go there; they go where everything else goes. Or the conditions of a route
contradict those of the route that it stands in.

It is said only where the rules are known: give their files together with the alertmanager.yml. Labels of which nothing is
known may have any value. A severity that no alert has yet is no mistake, unless it looks like one that some have.

```yaml bad
groups:
  - name: shop
    rules:
      - {alert: QueueFull, expr: queue_length > 100, for: 10m, labels: {severity: critical}}
---
route:
  receiver: chat
  routes:
    - {receiver: queue, matchers: ['alertname=QueueIsFull']}
receivers: [{name: chat}, {name: queue}]
```

```yaml good
groups:
  - name: shop
    rules:
      - {alert: QueueFull, expr: queue_length > 100, for: 10m, labels: {severity: critical}}
---
route:
  receiver: chat
  routes:
    - {receiver: queue, matchers: ['alertname=QueueFull']}
receivers: [{name: chat}, {name: queue}]
```
"#,
    ),
    check: Check::Routing(check),
};

fn check(routing: &Routing, findings: &mut Findings) {
    routing.root.each(&mut |node, above| {
        let outer: Vec<Condition> = above.iter().flat_map(|above| &above.conditions).cloned().collect();
        let all: Vec<Condition> = outer.iter().chain(&node.conditions).cloned().collect();
        if node.conditions.is_empty() || is_empty(routing, &outer) {
            return;
        }
        if let Some((other, one)) = contradiction(&all.iter().collect::<Vec<_>>()) {
            let message = "no alert can meet all conditions of this route".to_owned();
            let diagnostic = start(node, one, message).label("contradicts the other");
            findings.report(match other.place {
                Some(place) => diagnostic.also(place, "the other").help("take one of them away, or move the route"),
                None => diagnostic.help("take one of them away"),
            });
        } else if let Some(unmet) = routing.unmet(&all) {
            let own_severity = node.conditions.iter().all(|condition| condition.label == "severity");
            match unmet.condition {
                // Said of the alert, which falls through.
                Some(condition)
                    if condition.label == "severity"
                        && unmet.meant.as_ref().is_some_and(|meant| !routing.knows_severity(meant)) => {}
                Some(condition) => {
                    let message = format!("no alert has this `{}`", condition.label);
                    let diagnostic = start(node, condition, message).label("met by no alert");
                    findings.report(match unmet.meant {
                        Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")),
                        None => diagnostic.help("mend the condition, or remove the route"),
                    });
                }
                None if own_severity => {}
                None => {
                    let Some(condition) = node.conditions.first() else { return };
                    let diagnostic = start(node, condition, "no alert meets all conditions of this route".to_owned());
                    findings.report(diagnostic.help("mend the conditions, or remove the route"));
                }
            }
        }
    });
}

/// Whether something above it is to blame.
fn is_empty(routing: &Routing, outer: &[Condition]) -> bool {
    !outer.is_empty() && (contradiction(&outer.iter().collect::<Vec<_>>()).is_some() || routing.unmet(outer).is_some())
}

fn start(node: &Node, condition: &Condition, message: String) -> Diagnostic {
    let note = match &node.receiver {
        Some(receiver) => format!("`{}` hears of nothing through this route", receiver.value),
        None => "what it says never happens".to_owned(),
    };
    Diagnostic::new(&LINT.code, condition.place.or(node.place), message).note(note)
}
