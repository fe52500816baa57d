//! The times of a test, and what is asked at them.

use indexmap::IndexMap;

use super::file::{ExpressionTest, Sample};
use crate::promql::build::metric;
use crate::quantity::Duration;

/// How a test's time passes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    /// How often rules are evaluated.
    pub evaluation: Duration,
    /// Time between two samples.
    pub step: Duration,
}

impl Clock {
    /// Samples at each evaluation, or so often that a window has four.
    pub(super) fn new(evaluation: Duration, window: Duration) -> Self {
        let quarter = Duration::millis((window.as_millis() / 4).max(1));
        let step = if quarter >= evaluation {
            evaluation
        } else {
            // Whole parts of an evaluation, so that every evaluation meets a sample.
            Duration::millis(evaluation.as_millis() / evaluation.as_millis().div_ceil(quarter.as_millis()).max(1))
        };
        Self { evaluation, step: step.max(Duration::millis(1)) }
    }

    /// So many steps that the time has passed.
    pub(super) fn steps(self, time: Duration) -> u64 {
        time.as_millis().div_ceil(self.step.as_millis().max(1))
    }

    /// The first evaluation at or after a moment.
    pub(super) fn at_or_after(self, moment: Duration) -> Duration {
        self.evaluation.times(moment.as_millis().div_ceil(self.evaluation.as_millis().max(1)))
    }

    /// So many evaluations.
    pub(super) fn evaluations(self, count: u64) -> Duration {
        self.evaluation.times(count)
    }
}

/// An alert as Prometheus shows it in the series `ALERTS`.
#[derive(Debug, Clone)]
pub(super) struct Watched {
    /// Its name.
    pub alert: String,
    /// Labels that tell it from other alerts of the name.
    pub identity: Vec<(String, String)>,
    /// All its labels.
    pub labels: IndexMap<String, String>,
}

/// What state it should be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Not there at all.
    Silent,
    /// Its condition holds, not yet long enough.
    Pending,
    /// Firing.
    Firing,
}

impl Watched {
    /// The alert is in this state at a moment, with exactly its labels, and only once.
    pub(super) fn is(&self, state: State, moment: Duration) -> ExpressionTest {
        let named = metric("ALERTS").with("alertname", self.alert.clone());
        let asked = named.clone().with_all(self.identity.clone());
        let shown = match state {
            State::Silent => None,
            State::Pending => Some("pending"),
            State::Firing => Some("firing"),
        };
        let sample = |shown: &str| Sample {
            labels: named.clone().with("alertstate", shown).with_all(self.labels.clone()),
            value: 1,
        };
        ExpressionTest { expr: asked.into(), eval_time: moment, exp_samples: shown.map(sample).into_iter().collect() }
    }
}
