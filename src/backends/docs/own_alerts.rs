//! What the alerts mean that the compiler adds by itself.

use crate::conventions::{
    BURN_RATE_ALERT, SLO_DATA_IMPOSSIBLE_ALERT, SLO_DATA_MISSING_ALERT, TARGET_DOWN_ALERT, TARGET_VANISHED_ALERT,
    WATCHDOG_ALERT,
};

/// What an alert means, and what to do first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    pub(super) meaning: &'static str,
    pub(super) steps: &'static [&'static str],
}

/// The words for an alert of the compiler's own.
pub(super) fn words(alert: &str) -> Option<Words> {
    let found = OWN.iter().find(|(name, _)| *name == alert);
    found.map(|(_, words)| *words)
}

const OWN: [(&str, Words); 6] = [
    (
        TARGET_DOWN_ALERT,
        Words {
            meaning: "Prometheus knows the target and cannot scrape it. Nothing that is measured there is known until it \
                      answers, so other alerts of the service may stay silent although something is wrong.",
            steps: &[
                "Open Prometheus' page of targets: it shows the error of the last scrape.",
                "Connection refused: the process does not run, or listens elsewhere. Look at its log and at its last restart.",
                "Timeout: the process hangs, or the network between them does. Ask the address from the machine that runs Prometheus.",
                "A status code: the path or the port is not that of the metrics any more. What changed in the last release?",
            ],
        },
    ),
    (
        TARGET_VANISHED_ALERT,
        Words {
            meaning: "The job is configured and has no target at all. No series exists, so no condition on its metrics can \
                      hold and none of those alerts can fire.",
            steps: &[
                "See whether the job is in Prometheus' page of targets. If it is not, the running configuration is not the generated one: reload it.",
                "If targets are discovered, see whether the service still runs and still has the labels by which it is found.",
                "If the service was taken away on purpose, take it out of the spec.",
            ],
        },
    ),
    (
        WATCHDOG_ALERT,
        Words {
            meaning: "This alert always fires. While it arrives, Prometheus evaluates rules and Alertmanager delivers \
                      messages. It is news when it stops.",
            steps: &[
                "Nothing is to be done while it fires.",
                "When it is missing: see whether Prometheus runs and evaluates, whether it knows an Alertmanager, and whether that can reach its channels.",
            ],
        },
    ),
    (
        BURN_RATE_ALERT,
        Words {
            meaning: "A service breaks its promise so fast that the error budget of the whole window will be gone early. The \
                      labels slo and tier say which promise and how fast: page tiers mean hours, ticket tiers mean days.",
            steps: &[
                "Open the dashboard of the objective: since when, how fast, and who spends the budget?",
                "A sharp edge is a deployment or an outage: roll back, or fail over, before you look for the cause.",
                "A slope is load, data or a dependency: look at what the service calls.",
                "When it is over, see how much of the budget is left. With none left, what is risky waits.",
            ],
        },
    ),
    (
        SLO_DATA_MISSING_ALERT,
        Words {
            meaning: "The series that an objective is measured by are gone. Nobody can say whether the promise is kept, and \
                      its burn-rate alerts cannot fire.",
            steps: &[
                "See whether the service's target answers: a target that is down explains it.",
                "See whether the metric or a label of it was renamed in a release; the contract says what is expected.",
            ],
        },
    ),
    (
        SLO_DATA_IMPOSSIBLE_ALERT,
        Words {
            meaning: "More events are bad, or good, than there are events at all. The two are not counted of the same thing, \
                      and the objective says nothing until they are.",
            steps: &[
                "Compare both counters series by series: one of them has a label, a job or an instance that the other has not.",
                "See whether one of them counts retries, or is counted in two places.",
            ],
        },
    ),
];
