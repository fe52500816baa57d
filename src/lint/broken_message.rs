//! Words of a receiver that Alertmanager cannot write.

use super::{Check, Findings, Lint, Routing};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Route;
use crate::diagnostics::code::warning;
use crate::plain::template::{self, Reads, What};
use crate::source::{Node, Span, Value};

pub(super) static LINT: Lint = Lint {
    code: warning(
        "broken-message",
        Route,
        "Words of a receiver that are no template that Alertmanager can fill in",
        r#"
Titles and texts of receivers are Go templates, with functions that differ from those of Prometheus: there is no `humanize`
and no `$labels`. Alertmanager loads such a file without complaint; the message fails when it is to be sent, and nobody
hears of the alert.

Mend the template. Templates that are called by name must be there: Alertmanager's own, or those of the files under
`templates`, which are not read here.

```yaml bad
route: {receiver: chat}
receivers:
  - name: chat
    slack_configs:
      - {api_url_file: /run/secrets/slack, channel: '#alerts', title: '{{ .CommonLabels.alertname | upper }}'}
```

```yaml good
route: {receiver: chat}
receivers:
  - name: chat
    slack_configs:
      - {api_url_file: /run/secrets/slack, channel: '#alerts', title: '{{ .CommonLabels.alertname | toUpper }}'}
```
"#,
    ),
    check: Check::Routing(check),
};

fn check(routing: &Routing, findings: &mut Findings) {
    let Some(file) = routing.file else { return };
    for receiver in &file.receivers {
        for integration in &receiver.integrations {
            each_text(&integration.node, &mut |text, locate| {
                look(&receiver.name.value, text, file.has_templates, locate, findings);
            });
        }
    }
}

type Locate<'l> = &'l dyn Fn(std::ops::Range<usize>) -> Span;

/// Every text below a node, with the way to its places.
fn each_text(node: &Node, visit: &mut impl FnMut(&str, Locate)) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| each_text(item, visit)),
        Value::Map(map) => map.entries.iter().for_each(|entry| each_text(&entry.value, visit)),
        Value::Text(text) if text.value.contains("{{") => visit(&text.value, &|at| text.locate(at, node.span)),
        _ => {}
    }
}

fn look(receiver: &str, text: &str, has_templates: bool, locate: Locate, findings: &mut Findings) {
    let mut report = |at, message: String, meant: Option<&str>| {
        let diagnostic = Diagnostic::new(&LINT.code, locate(at), message)
            .note(format!("Alertmanager fails to write the message: `{receiver}` is told nothing"));
        findings.report(match meant {
            Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")),
            None => diagnostic.help("mend the template"),
        });
    };
    let names = match template::read(text, Reads::Alertmanager) {
        Ok(template) => template.names,
        Err(fault) => return report(fault.at, fault.message, fault.meant),
    };
    let defined =
        |name: &str| names.iter().any(|named| matches!(&named.what, What::Definition(known) if known == name));
    for named in &names {
        match &named.what {
            What::Template(name) if !has_templates && !is_own(name) && !defined(name) => {
                report(
                    named.at.clone(),
                    format!("there is no template `{name}`: the file names no template files"),
                    None,
                );
            }
            What::Value if text.get(named.at.clone()) == Some("$value") => {
                report(named.at.clone(), "`$value` is a variable of Prometheus' templates".to_owned(), None);
            }
            What::Label(_) if text.get(..named.at.start).is_some_and(|before| before.ends_with("$labels.")) => {
                let at = named.at.start - "$labels.".len()..named.at.end;
                report(at, "`$labels` is a variable of Prometheus' templates".to_owned(), None);
            }
            _ => {}
        }
    }
}

/// Alertmanager's own templates: `slack.default.title`, `__subject`.
fn is_own(name: &str) -> bool {
    name.starts_with("__") || name.contains(".default.")
}
