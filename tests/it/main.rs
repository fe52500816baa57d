//! Behaviour tests, in one binary: whole files, the real tools, running systems.

#![allow(clippy::disallowed_methods, reason = "tests read files, run tools and look at the clock")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod alert_panels;
mod alerts;
mod bugs;
mod cli;
mod end_to_end;
mod files;
mod fixes;
mod goldens;
mod lint_pages;
mod mutants;
mod oracles;
mod packs;
mod panel_values;
mod peers;
mod plain;
mod platform_rows;
mod prediction;
mod promql;
mod properties;
mod reference;
mod routing;
mod source;
mod support;
mod suppressions;
mod tidy;
mod traps;
mod ui;
mod writers;
