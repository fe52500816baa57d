//! Containers that want the same port of the host.

use super::{Check, Context, Findings, Lint};
use crate::backends::compose::{Running, components};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::Family::Stack;
use crate::diagnostics::code::error;

pub(super) static LINT: Lint = Lint {
    code: error(
        "port-clash",
        Stack,
        "Two components publish the same port",
        r#"
Two containers want the same port of the host. The first to start gets it; the other does not start, and which one that
is may be another at the next restart.

Give one of them another `port`.

```yaml bad
bellwether: 1
platform: shop
stack:
  compose:
    components:
      grafana: {port: 9090}
```

```yaml good
bellwether: 1
platform: shop
stack:
  compose:
    components:
      grafana: {port: 3001}
```
"#,
    ),
    check: Check::Platform(check),
};

fn check(context: &Context, findings: &mut Findings) {
    let running = components(context.platform);
    let published: Vec<(&Running, u16)> = running.iter().filter_map(|one| Some((one, one.published?))).collect();
    for (index, (one, port)) in published.iter().enumerate() {
        let Some((other, _)) = published.iter().take(index).find(|(_, taken)| taken == port) else { continue };
        // The one whose port somebody chose is the one to change.
        let (chosen, usual) = if one.port_written.is_some() { (one, other) } else { (other, one) };
        let place = chosen.port_written.unwrap_or(chosen.origin.0);
        let message = format!("`{}` and `{}` both publish port {port}", chosen.name, usual.name);
        let mut diagnostic = Diagnostic::new(&LINT.code, place, message)
            .label(format!("`{}` publishes it too", usual.name))
            .note("only one of them starts")
            .help(format!("give `{}` another port", chosen.name));
        if let Some(written) = usual.port_written.filter(|written| *written != place) {
            diagnostic = diagnostic.also(written, format!("`{}`", usual.name));
        }
        findings.report(diagnostic);
    }
}
