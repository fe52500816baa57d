//! What makes a stack that would not start.

use crate::diagnostics::Code;
use crate::diagnostics::Family::Stack;
use crate::diagnostics::code::error;

/// Changes to a component that the stack does not run.
pub static UNKNOWN_COMPONENT: Code = error(
    "unknown-component",
    Stack,
    "Changes to a component that the stack does not run",
    r"
`stack.compose.components` changes the image, port or limits of components by their names. The name here is
that of no component which this stack runs, so that the change would have no effect.

A component runs because something needs it: the blackbox exporter because of a `probe`, an exporter because of
a pack, Thanos because of `retention.metrics.long_term`.

```yaml bad
bellwether: 1
platform: shop
services:
  api: {scrape: {port: 8000}}
stack:
  compose: {components: {promtheus: {memory: 4GB}}}
```

```yaml good
bellwether: 1
platform: shop
services:
  api: {scrape: {port: 8000}}
stack:
  compose: {components: {prometheus: {memory: 4GB}}}
```
",
);

/// One container name for two exporters.
pub static DUPLICATE_CONTAINER: Code = error(
    "duplicate-container",
    Stack,
    "Two containers of the stack have the same name",
    r"
Containers are named after their component, and after their service where several services have one of a kind.
Two of them have ended up with one name, so that one would take the other's place. Rename one of the services.
",
);

/// All of them.
pub static CODES: &[&Code] = &[&UNKNOWN_COMPONENT, &DUPLICATE_CONTAINER];
