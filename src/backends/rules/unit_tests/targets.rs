//! Tests of the alerts about targets.

use indexmap::IndexMap;

use super::clock::{Clock, State, Watched};
use super::file::{InputSeries, TestCase};
use crate::backends::rules::config::{AlertingRule, Rule, RuleFile};
use crate::conventions::{TARGET_DOWN_ALERT, TARGET_VANISHED_ALERT, WATCHDOG_ALERT};
use crate::promql::build::metric;
use crate::quantity::Duration;

/// One test for each alert of each job.
pub(super) fn tests(evaluation: Duration, file: &RuleFile) -> Vec<TestCase> {
    let rules = file.groups.iter().flat_map(|group| &group.rules);
    let alerts = rules.filter_map(|rule| match rule {
        Rule::Alerting(alert) => Some(alert),
        Rule::Recording(_) => None,
    });
    alerts.filter_map(|alert| test(evaluation, alert)).collect()
}

/// The dead man's switch is on from the first evaluation on.
fn watchdog(evaluation: Duration, alert: &AlertingRule) -> TestCase {
    let watched = Watched { alert: alert.alert.clone(), identity: Vec::new(), labels: alert.labels.clone() };
    TestCase {
        name: format!("{} always fires", alert.alert),
        interval: evaluation,
        input_series: Vec::new(),
        promql_expr_test: vec![watched.is(State::Firing, Duration::ZERO), watched.is(State::Firing, evaluation)],
    }
}

fn test(evaluation: Duration, alert: &AlertingRule) -> Option<TestCase> {
    if alert.alert == WATCHDOG_ALERT {
        return Some(watchdog(evaluation, alert));
    }
    let job = alert.labels.get("job").filter(|job| !job.contains("{{"))?;
    let clock = Clock::new(evaluation, Duration::hours(1));
    let hold = alert.hold.unwrap_or_default();
    let good = 5;
    let start = clock.evaluations(good + 1);
    let fires = clock.at_or_after(start.plus(hold));
    let bad = clock.steps(Duration::millis(fires.as_millis().saturating_sub(start.as_millis()))) + 2;
    let end = fires.plus(clock.evaluations(5));
    let instance = "host-1:80";
    let up = metric("up").with("job", job.clone()).with("instance", instance);
    // A target of another job is down while this one is up, and there while this one is gone.
    let stranger = metric("up").with("job", "stranger").with("instance", "host-2:80");
    let (values, stranger_values, labels) = match alert.alert.as_str() {
        TARGET_DOWN_ALERT => {
            let labels = vec![("instance".to_owned(), instance.to_owned())];
            (format!("1x{good} 0x{bad} 1x10"), format!("0x{}", good + bad + 12), labels)
        }
        TARGET_VANISHED_ALERT => (format!("1x{good} stale _x{bad} 1x10"), format!("1x{}", good + bad + 12), Vec::new()),
        _ => return None,
    };
    let mut labels: IndexMap<String, String> = labels.into_iter().collect();
    labels.extend(alert.labels.clone());
    let identity = vec![("job".to_owned(), job.clone())];
    let watched = Watched { alert: alert.alert.clone(), identity, labels };
    let last = Duration::millis(fires.as_millis().saturating_sub(evaluation.as_millis()));
    Some(TestCase {
        name: format!("{} of {job} waits, fires and is over", alert.alert),
        interval: clock.step,
        input_series: vec![
            InputSeries { series: up, values },
            InputSeries { series: stranger, values: stranger_values },
        ],
        promql_expr_test: vec![
            watched.is(State::Silent, clock.evaluations(good)),
            watched.is(State::Pending, start),
            watched.is(State::Pending, last),
            watched.is(State::Firing, fires),
            watched.is(State::Silent, end),
        ],
    })
}
