//! From the platform to alertmanager.yml.

use super::config::{Config, Global, TimeInterval, TimeRange, Times};
use super::problems::{NOBODY_TOLD, ZERO_INTERVAL};
use super::receivers::{self, reached};
use super::{inhibitions, routes};
use crate::conventions::ALERTMANAGER_TEMPLATES_GLOB;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::Platform;
use crate::quantity::Duration;
use crate::source::{Span, Spanned};

/// The whole file; the default one when there is nothing to route.
pub(super) fn config(platform: &Platform, diagnostics: &mut Diagnostics) -> Config {
    if platform.channels.is_empty() && platform.severities.is_empty() {
        return Config::default();
    }
    check_intervals(platform, diagnostics);
    check_somebody_is_told(platform, diagnostics);
    let route = routes::tree(platform);
    Config {
        // Prometheus says when its alerts end; this is for other senders.
        global: Global { resolve_timeout: Duration::minutes(5).to_string() },
        templates: vec![ALERTMANAGER_TEMPLATES_GLOB.to_owned()],
        inhibit_rules: inhibitions::rules(platform),
        receivers: receivers::all(platform, &route, diagnostics),
        route: Some(route),
        time_intervals: time_intervals(platform),
    }
}

fn time_intervals(platform: &Platform) -> Vec<TimeInterval> {
    let range = |(start, end): &(String, String)| TimeRange { start_time: start.clone(), end_time: end.clone() };
    let interval = |time: &crate::model::TimeInterval| TimeInterval {
        name: time.name.value.clone(),
        time_intervals: vec![Times {
            times: time.hours.iter().map(range).collect(),
            weekdays: time.weekdays.clone(),
            location: time.zone.clone(),
        }],
    };
    platform.times.iter().map(interval).collect()
}

fn check_intervals(platform: &Platform, diagnostics: &mut Diagnostics) {
    let of_severities = platform.severities.iter().flat_map(|severity| [&severity.repeat, &severity.group_interval]);
    let of_routes = platform.routes.iter().filter_map(|route| route.repeat.as_ref());
    for interval in of_severities.chain(of_routes).filter(|interval| interval.is_zero()) {
        let diagnostic = Diagnostic::new(&ZERO_INTERVAL, interval.span, "an interval of no length")
            .note("Alertmanager would refuse the whole configuration")
            .help("write how often the message may come: `repeat: 4h`, `group_interval: 5m`");
        diagnostics.push(diagnostic);
    }
}

/// Only of alerts that Prometheus evaluates: CloudWatch has its own way to topics.
fn check_somebody_is_told(platform: &Platform, diagnostics: &mut Diagnostics) {
    for severity in &platform.severities {
        if let Some(span) = beyond_reach(platform, &severity.notify)
            && is_raised(platform, &severity.name)
        {
            let message = format!("no channel of `{}` is within Alertmanager's reach", severity.name.value);
            report_nobody(platform, &severity.notify, span, message, diagnostics);
        }
    }
    for route in &platform.routes {
        let names = route.notify.as_deref().unwrap_or_default();
        if let Some(span) = beyond_reach(platform, names) {
            let message = "no channel of this route is within Alertmanager's reach".to_owned();
            report_nobody(platform, names, span, message, diagnostics);
        }
    }
}

fn beyond_reach(platform: &Platform, names: &[Spanned<String>]) -> Option<Span> {
    let first = names.first()?;
    reached(platform, names).is_empty().then_some(first.span)
}

fn is_raised(platform: &Platform, severity: &str) -> bool {
    let by_threshold =
        platform.thresholds().any(|(_, threshold)| threshold.severity.value == severity && threshold.is_routed());
    by_threshold || platform.slos().any(|(_, slo)| slo.tiers.iter().any(|tier| tier.severity == severity))
}

fn report_nobody(
    platform: &Platform,
    names: &[Spanned<String>],
    span: Span,
    message: String,
    diagnostics: &mut Diagnostics,
) {
    let mut diagnostic = Diagnostic::new(&NOBODY_TOLD, span, message)
        .label("only CloudWatch publishes here")
        .note("alerts that Prometheus raises would fire without anybody hearing of it")
        .help("add a channel that Alertmanager reaches, or the topic's `topic_arn`");
    for channel in names.iter().filter_map(|name| platform.channel(name)) {
        diagnostic = diagnostic.also(channel.name.span, "an SNS topic without `topic_arn`");
    }
    diagnostics.push(diagnostic);
}
