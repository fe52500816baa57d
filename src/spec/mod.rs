//! The language as people write it: plain declarations, one file a topic.
//!
//! A [`Spec`] is what was written, checked for form only: names are still names, defaults are still
//! absent. `resolve` turns it into a model. The JSON Schema in `schema/` and the reference pages come
//! from the declarations here, doc comments included.

pub mod dashboard;
pub mod kubernetes;
pub mod logs;
pub mod metric;
pub mod notify;
pub mod pack;
pub mod retention;
pub mod service;
pub mod signal;
pub mod slo;
pub mod slos;
pub mod stack;
pub mod threshold;
pub mod traces;
pub mod values;
pub mod workload;

use crate::decode::record;
use crate::quantity::Duration;
use crate::source::Spanned;
use dashboard::Dashboard;
use logs::Logs;
use notify::{Channel, Inhibition, MuteTime, Route, Severity};
use retention::Retention;
use service::Service;
use stack::Stack;
use values::{LabelName, Name, Named, Written};

record! {
    /// One platform: its services and promises, who is told, what is kept, what runs.
    pub struct Spec "the spec" {
        /// Version of the language. Always 1.
        bellwether: Spanned<u64>,
        /// The platform's name: the folder under `generated/`, and the `platform` label of every series and alert.
        platform: Spanned<Name>,
        /// The name as people say it; the platform's name unless given.
        title: Option<String>,
        /// One paragraph about the platform, for the generated pages.
        description: Option<String>,
        /// Who answers for it.
        owner: Option<Owner>,
        /// Which copy of the platform this is: the `environment` label. `production` unless given.
        environment: Option<Spanned<Name>>,
        /// Labels on everything that leaves this Prometheus (external labels), beside `platform` and `environment`.
        #[schemars(default)]
        labels: Named<LabelName, String>,
        /// Address of the runbook of an alert; `{{ alert }}`, `{{ service }}` and `{{ severity }}` are filled in. That of
        /// the generated page unless given, if `docs` says where those are.
        runbooks: Option<Written>,
        /// Address under which people read the generated pages (README.md, `runbooks/`): a repository or a web server.
        docs: Option<Spanned<String>>,
        /// How often things are looked at.
        intervals: Option<Intervals>,
        /// What is kept, and for how long.
        retention: Option<Retention>,
        /// Traces: how many are kept, and what is taken out of them.
        traces: Option<traces::Traces>,
        /// Lines that services write.
        logs: Option<Logs>,
        /// Whether SLOs report each month of the calendar beside their rolling windows, unless one says otherwise.
        /// False unless given.
        calendar_month: Option<bool>,
        /// Where messages can go.
        #[schemars(default)]
        channels: Named<Name, Channel>,
        /// How urgent things can be, the most urgent first, and who is told of each.
        #[schemars(default)]
        severities: Named<Name, Severity>,
        /// Exceptions to what severities say, the first that matches wins.
        routes: Option<Vec<Route>>,
        /// Alerts that keep others quiet, beside those the compiler adds by itself.
        inhibit: Option<Vec<Inhibition>>,
        /// Times at which routes may be muted or active, by name.
        #[schemars(default)]
        times: Named<Name, MuteTime>,
        /// Pack files of your own, as paths from the spec.
        packs: Option<Vec<Written>>,
        /// What is watched.
        #[schemars(default)]
        services: Named<Name, Service>,
        /// Dashboards for people, beside those generated for every service and for the SLOs.
        #[schemars(default)]
        dashboards: Named<Name, Dashboard>,
        /// What runs it all.
        stack: Option<Stack>,
        /// Levels of lints by code: allow, warn or deny.
        #[schemars(default)]
        lint: Named<Name, LintLevel>,
    }
}

record! {
    /// Who answers for the platform.
    pub struct Owner "an owner" {
        /// The team's name: the `team` label of every alert.
        team: Spanned<Name>,
        /// How to reach them, in words.
        contact: Option<String>,
    }
}

record! {
    /// How often things are looked at.
    pub struct Intervals "intervals" {
        /// How often targets are scraped, unless a service says otherwise. 15s unless given.
        scrape: Option<Spanned<Duration>>,
        /// How often rules are evaluated. 1m unless given.
        evaluate: Option<Spanned<Duration>>,
    }
}

crate::decode::words! {
    /// What becomes of a finding.
    pub enum LintLevel "a lint level" {
        /// Not reported.
        "allow" => Allow,
        /// Reported; fails only under `--deny-warnings`.
        "warn" => Warn,
        /// An error.
        "deny" => Deny,
    }
}
