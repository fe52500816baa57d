//! What can be wrong with the structure of a spec.

use crate::diagnostics::Code;
use crate::diagnostics::Family::{Security, Spec};
use crate::diagnostics::code::error;

/// A key that the language does not have.
pub static UNKNOWN_KEY: Code = error(
    "unknown-key",
    Spec,
    "A key that has no meaning where it stands",
    r"
A key is not part of the language at this place. Nothing is ever ignored in silence: a misspelt key would
otherwise be a promise that nobody keeps.

The nearest key that fits is suggested. `bellwether schema` prints the JSON Schema, with which an editor
completes keys as you type.

```yaml bad
bellwether: 1
platform: shop
intervall: {scrape: 15s}
```

```yaml good
bellwether: 1
platform: shop
intervals: {scrape: 15s}
```
",
);

/// A required key that is not there.
pub static MISSING_KEY: Code = error(
    "missing-key",
    Spec,
    "A required key is not there",
    r"
A map lacks a key that it cannot do without: there is no default that would be right for everybody. The message
names the key.

```yaml bad
bellwether: 1
owner: {team: shop}
```

```yaml good
bellwether: 1
platform: shop
owner: {team: shop}
```
",
);

/// A value of the wrong kind.
pub static WRONG_TYPE: Code = error(
    "wrong-type",
    Spec,
    "A value of the wrong kind: text for a list, a number for a map",
    r"
The value is of another kind than the key takes. YAML decides by form: `5` is a number, `5%` is text, and
quotes make text of anything.

```yaml bad
bellwether: 1
platform: shop
owner: shop-team
```

```yaml good
bellwether: 1
platform: shop
owner: {team: shop-team}
```
",
);

/// A value that cannot be read.
pub static INVALID_VALUE: Code = error(
    "invalid-value",
    Spec,
    "A value that cannot be read: a bad duration, an unknown word, a number out of range",
    r"
The value is of the right kind, but not one that means anything here. Durations are written as in Prometheus
(`15s`, `1h30m`, `30d`, largest unit first); shares carry a percent sign (`99.9%`); sizes a unit (`5GB`);
rates say per what (`10/s`).

```yaml bad
bellwether: 1
platform: shop
intervals: {scrape: 15 seconds}
```

```yaml good
bellwether: 1
platform: shop
intervals: {scrape: 15s}
```
",
);

/// A name that could break out of a file format.
pub static INVALID_NAME: Code = error(
    "invalid-name",
    Spec,
    "A name that some system would not accept",
    r"
Names end up in PromQL, YAML, HCL, JSON, Go templates and file paths. They are checked once, here, so that
none of those can misread them: letters, digits, `-` and `_`, beginning with a letter or digit.
Metric names and labels follow Prometheus: letters, digits and `_` (metrics also `:`).

```yaml bad
bellwether: 1
platform: my shop
```

```yaml good
bellwether: 1
platform: my-shop
```
",
);

/// One name for two things.
pub static DUPLICATE_NAME: Code = error(
    "duplicate-name",
    Spec,
    "Two things of one kind have the same name",
    r"
Two things that share one name space have the same name: two alerts of one name would be routed, silenced and
linked as one. Rename one of them.
",
);

/// A secret in plain sight.
pub static LITERAL_SECRET: Code = error(
    "literal-secret",
    Security,
    "A secret is written into the spec",
    r##"
A password, token or webhook address stands in the spec in plain sight. The spec is committed, reviewed and
copied; whoever reads it owns the secret. Name where the secret is to be found instead: it reaches the running
system through a file that only the component can read, and no generated file ever holds it.

```yaml bad
bellwether: 1
platform: shop
channels:
  team: {slack: {channel: "#shop", api_url: "https://hooks.slack.com/services/T0/B0/XXXX"}}
severities:
  critical: {notify: [team]}
```

```yaml good
bellwether: 1
platform: shop
channels:
  team: {slack: {channel: "#shop", api_url: {env: SLACK_API_URL}}}
severities:
  critical: {notify: [team]}
```
"##,
);

/// All of them.
pub static CODES: &[&Code] =
    &[&UNKNOWN_KEY, &MISSING_KEY, &WRONG_TYPE, &INVALID_VALUE, &INVALID_NAME, &DUPLICATE_NAME, &LITERAL_SECRET];
