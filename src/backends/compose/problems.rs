//! What makes a stack that would not start.

use crate::diagnostics::Code;
use crate::diagnostics::Family::Stack;
use crate::diagnostics::code::{error, warning};

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

/// A disk for a component that keeps nothing.
pub static COMPONENT_WITHOUT_DISK: Code = error(
    "component-without-disk",
    Stack,
    "A disk for a component that keeps nothing",
    r"
`stack.compose.components.NAME.disk` says how much disk a component's volume may take. This one has no volume: what it
knows is gone when it stops, and the size would mean nothing.

```yaml bad
bellwether: 1
platform: shop
services:
  node: {packs: [node]}
stack:
  compose: {components: {node-exporter: {disk: 1GB}}}
```

```yaml good
bellwether: 1
platform: shop
services:
  node: {packs: [node]}
stack:
  compose: {components: {grafana: {disk: 1GB}}}
```
",
);

/// Samples that may outgrow their disk.
pub static SAMPLES_BEYOND_DISK: Code = warning(
    "samples-beyond-disk",
    Stack,
    "Samples that may outgrow their disk",
    r"
Prometheus keeps every sample for the time that `retention.metrics.local` says, however many there are, unless
`retention.metrics.size` sets a bound. On a disk of a declared size that bound has to be there, and has to leave
room: a compaction writes its block before the old ones are removed, and the newest samples are in a log as well.
A full disk stops Prometheus, so that nothing is recorded and no alert fires. 85 % of the disk is a good bound.

```yaml bad
bellwether: 1
platform: shop
retention: {metrics: {local: 30d}}
services:
  api: {scrape: {port: 8000}}
stack:
  compose: {components: {prometheus: {disk: 100GB}}}
```

```yaml good
bellwether: 1
platform: shop
retention: {metrics: {local: 30d, size: 80GB}}
services:
  api: {scrape: {port: 8000}}
stack:
  compose: {components: {prometheus: {disk: 100GB}}}
```
",
);

/// TLS everywhere, and a component that knows none.
pub static COMPONENT_WITHOUT_TLS: Code = error(
    "component-without-tls",
    Stack,
    "A component that cannot be told to speak TLS",
    r"
With `stack.tls` the components speak TLS to each other. This one has no setting for it, so that what it answers
can be read and changed by whoever is on its network. Say that it may go without (`plain`), and keep it on the stack's
own network; or leave TLS between machines to a proxy or the network.

```yaml bad
bellwether: 1
platform: shop
services:
  containers: {packs: [cadvisor]}
stack:
  compose: {}
  tls:
    ca: {file: ./certificates/ca.pem}
    certificate: {file: ./certificates/stack.pem}
    key: {file: ./certificates/stack-key.pem}
```

```yaml good
bellwether: 1
platform: shop
services:
  containers: {packs: [cadvisor]}
stack:
  compose: {}
  tls:
    ca: {file: ./certificates/ca.pem}
    certificate: {file: ./certificates/stack.pem}
    key: {file: ./certificates/stack-key.pem}
    plain: [cadvisor]
```
",
);

/// All of them.
pub static CODES: &[&Code] =
    &[&UNKNOWN_COMPONENT, &DUPLICATE_CONTAINER, &COMPONENT_WITHOUT_DISK, &SAMPLES_BEYOND_DISK, &COMPONENT_WITHOUT_TLS];
