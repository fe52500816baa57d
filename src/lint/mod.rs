//! What can be decided about a platform as a whole. One file a rule, one registry.
//!
//! A rule sees the spec as written, the model, and every backend's typed configuration: most of what hurts
//! people lies between two of them.

mod catalogue;
mod facts;
pub mod fix;
mod levels;
mod queries;
mod routing;
mod series;
mod suppress;
mod suppression;

mod absent_without_for;
mod alarm_evaluated_hourly;
mod alert_falls_through;
mod alert_without_severity;
mod always_firing;
mod always_muted;
mod averaged_quantiles;
mod broken_message;
mod broken_template;
mod channel_unused;
mod composed_objective_out_of_reach;
mod discovery_outside_cluster;
mod empty_subquery;
mod for_outlasts_window;
mod for_too_short;
mod function_not_in_version;
mod group_by_label_absent;
mod hidden_external_label;
mod inhibition_label_missing;
mod inhibition_matches_nothing;
mod inhibition_without_equal;
mod inhibitor_orphan;
mod inhibits_itself;
mod interval_beyond_lookback;
mod irate_in_alert;
mod jaeger_agent_gone;
mod latency_bound_on_no_bucket;
mod log_retention_not_offered;
mod many_to_many;
mod mixed_units;
mod needless_regex;
mod no_partner;
mod one_way_comparison;
mod paged_twice;
mod panel_without_data;
mod port_clash;
mod promtail_has_ended;
mod quantile_of_no_histogram;
mod range_beyond_retention;
mod range_too_short;
mod rate_after_sum;
mod rate_called_ratio;
mod rate_on_gauge;
mod raw_counter;
mod receiver_unused;
mod recorded_twice;
mod repeat_below_group_interval;
mod repeat_not_a_multiple;
mod retired_integration;
mod route_matches_nothing;
mod route_shadowed;
mod same_alert_twice;
mod sampled_span_metrics;
mod secret_in_plain_text;
mod severity_without_route;
mod silent_burn;
mod slo_window_beyond_retention;
mod sum_of_ratios;
mod template_label_not_kept;
mod threshold_inside_slo;
mod threshold_looser_than_slo;
mod topk_in_alert;
mod trace_retention_not_kept;
mod unaggregated_ratio;
mod unbounded_label;
mod undefendable_slo;
mod unknown_alert;
mod unknown_external_label;
mod unknown_metric;
mod unpinned_image;
mod value_in_label;
mod vanished_target_unseen;
mod watchdog_wakes_people;

pub use queries::Queries;
pub use routing::{Routing, receivers};

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::backends::Configs;
use crate::compile::Compilation;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity};
use crate::model::Platform;
use crate::plain;
use crate::source::Sources;
use crate::spec::Spec;
use routing::Routings;

/// One rule.
#[derive(Debug)]
pub struct Lint {
    /// Its code, with its page.
    pub code: Code,
    /// Finds what is wrong.
    pub check: Check,
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// A platform, as written, as meant, and as each system will see it.
    Platform(fn(&Context, &mut Findings)),
    /// Expressions in PromQL, of a platform or of files that nobody compiled.
    Queries(fn(&Queries, &mut Findings)),
    /// Both: what the platform says in its own words, and what people said in PromQL.
    Both(fn(&Context, &mut Findings), fn(&Queries, &mut Findings)),
    /// Routes, of a platform or of files that nobody compiled.
    Routing(fn(&Routing, &mut Findings)),
    /// Each in its own words: what the platform says of who is told, and an alertmanager.yml that nobody compiled.
    Told(fn(&Context, &mut Findings), fn(&Routing, &mut Findings)),
}

/// What a rule sees.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// As written.
    pub spec: &'a Spec,
    /// As meant.
    pub platform: &'a Platform,
    /// As each system will see it.
    pub configs: &'a Configs,
    /// Its expressions, and what is known of the series that they read.
    pub queries: &'a Queries<'a>,
}

/// What rules find.
#[derive(Debug, Default)]
pub struct Findings {
    diagnostics: Diagnostics,
}

impl Findings {
    /// Adds a finding.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}

/// Every rule, by code.
pub static LINTS: &[&Lint] = &[
    &absent_without_for::LINT,
    &alarm_evaluated_hourly::LINT,
    &alert_falls_through::LINT,
    &alert_without_severity::LINT,
    &always_firing::LINT,
    &always_muted::LINT,
    &averaged_quantiles::LINT,
    &broken_message::LINT,
    &broken_template::LINT,
    &channel_unused::LINT,
    &composed_objective_out_of_reach::LINT,
    &discovery_outside_cluster::LINT,
    &empty_subquery::LINT,
    &for_outlasts_window::LINT,
    &for_too_short::LINT,
    &function_not_in_version::LINT,
    &group_by_label_absent::LINT,
    &hidden_external_label::LINT,
    &inhibition_label_missing::LINT,
    &inhibition_matches_nothing::LINT,
    &inhibition_without_equal::LINT,
    &inhibitor_orphan::LINT,
    &inhibits_itself::LINT,
    &interval_beyond_lookback::LINT,
    &irate_in_alert::LINT,
    &jaeger_agent_gone::LINT,
    &latency_bound_on_no_bucket::LINT,
    &log_retention_not_offered::LINT,
    &many_to_many::LINT,
    &mixed_units::LINT,
    &needless_regex::LINT,
    &no_partner::LINT,
    &one_way_comparison::LINT,
    &paged_twice::LINT,
    &panel_without_data::LINT,
    &port_clash::LINT,
    &promtail_has_ended::LINT,
    &quantile_of_no_histogram::LINT,
    &range_beyond_retention::LINT,
    &range_too_short::LINT,
    &rate_after_sum::LINT,
    &rate_called_ratio::LINT,
    &rate_on_gauge::LINT,
    &raw_counter::LINT,
    &receiver_unused::LINT,
    &recorded_twice::LINT,
    &repeat_below_group_interval::LINT,
    &repeat_not_a_multiple::LINT,
    &retired_integration::LINT,
    &route_matches_nothing::LINT,
    &route_shadowed::LINT,
    &same_alert_twice::LINT,
    &sampled_span_metrics::LINT,
    &secret_in_plain_text::LINT,
    &severity_without_route::LINT,
    &silent_burn::LINT,
    &slo_window_beyond_retention::LINT,
    &sum_of_ratios::LINT,
    &template_label_not_kept::LINT,
    &threshold_inside_slo::LINT,
    &threshold_looser_than_slo::LINT,
    &topk_in_alert::LINT,
    &trace_retention_not_kept::LINT,
    &unaggregated_ratio::LINT,
    &unbounded_label::LINT,
    &undefendable_slo::LINT,
    &unknown_alert::LINT,
    &unknown_external_label::LINT,
    &unknown_metric::LINT,
    &unpinned_image::LINT,
    &value_in_label::LINT,
    &vanished_target_unseen::LINT,
    &watchdog_wakes_people::LINT,
];

/// Runs every rule over a platform that resolved, takes back what is suppressed, and applies levels: those of the
/// run, then the spec's.
pub fn run(compilation: &mut Compilation) {
    if let (Some(spec), Some(platform)) = (&compilation.spec, &compilation.model) {
        let (sources, configs) = (&compilation.sources, &compilation.configs);
        // What is wrong with them was said when they were lowered.
        let raw = platform.stack.rule_groups.iter();
        let handed_on: Vec<_> = raw.filter_map(|raw| plain::rules::group(&raw.node, &mut Diagnostics::new())).collect();
        let queries = &Queries::of(sources, platform, configs, &handed_on);
        let context = Context { sources, spec, platform, configs, queries };
        let mut findings = Findings::default();
        let mut routings = Routings::of(platform, &configs.rules, &queries.facts);
        let routings = routings.all();
        for lint in LINTS {
            match lint.check {
                Check::Platform(check) | Check::Told(check, _) => check(&context, &mut findings),
                Check::Queries(check) => check(queries, &mut findings),
                Check::Both(platform, expressions) => {
                    platform(&context, &mut findings);
                    expressions(queries, &mut findings);
                }
                Check::Routing(check) => routings.iter().for_each(|routing| check(routing, &mut findings)),
            }
        }
        compilation.diagnostics.extend(findings.diagnostics);
    }
    if let Some(files) = &compilation.plain {
        let queries = &Queries::of_files(files);
        let mut findings = Findings::default();
        let mut routings = Routings::of_files(files, &queries.facts);
        let routings = routings.all();
        for lint in LINTS {
            match lint.check {
                Check::Platform(_) => {}
                Check::Queries(check) | Check::Both(_, check) => check(queries, &mut findings),
                Check::Routing(check) | Check::Told(_, check) => {
                    routings.iter().for_each(|routing| check(routing, &mut findings));
                }
            }
        }
        compilation.diagnostics.extend(findings.diagnostics);
    }
    // Comments and levels speak of places in the text, whoever found something there.
    compilation.diagnostics.settle(&compilation.sources);
    suppress::apply(compilation);
    levels::apply(&compilation.levels, compilation.spec.as_ref(), &mut compilation.diagnostics);
    compilation.diagnostics.sort();
}

/// Whether a code has a level and can be suppressed: lints, and what other stages find worth a warning. Errors of
/// the language and of names have none: what they are found in has no meaning.
pub fn is_settable(code: &str) -> bool {
    SETTABLE.contains(code)
}

/// Every code that [`is_settable`], by name.
pub fn settable() -> impl Iterator<Item = &'static str> {
    SETTABLE.iter().copied()
}

static SETTABLE: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let is_lint = |code: &Code| LINTS.iter().any(|lint| lint.code.name == code.name);
    let codes = all_codes().into_iter();
    codes.filter(|code| is_lint(code) || code.severity < Severity::Error).map(|code| code.name).collect()
});

/// Every code there is, by name: what `explain` knows.
pub fn all_codes() -> Vec<&'static Code> {
    let stages = [
        crate::problems::CODES,
        crate::source::problems::CODES,
        crate::decode::CODES,
        crate::resolve::CODES,
        crate::resolve::WORKLOAD_CODES,
        crate::slo::problems::CODES,
        crate::backends::alertmanager::CODES,
        crate::backends::CLOUD_CODES,
        crate::backends::cloudwatch::CODES,
        crate::backends::compose::CODES,
        crate::backends::contract::CODES,
        crate::backends::kubernetes::CODES,
        crate::backends::prometheus::CODES,
        crate::plain::CODES,
        levels::CODES,
        suppress::CODES,
    ];
    let mut codes: Vec<&'static Code> = stages.into_iter().flatten().copied().collect();
    codes.extend(LINTS.iter().map(|lint| &lint.code));
    codes.sort_by_key(|code| code.name);
    codes
}
