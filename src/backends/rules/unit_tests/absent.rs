//! Tests of a threshold on the absence of its series.

use indexmap::IndexMap;

use super::clock::State;
use super::file::{InputSeries, TestCase};
use super::made_up::Series;
use super::thresholds::Scene;
use crate::promql::{MatchOp, Selector};
use crate::quantity::Duration;
use crate::signals::condition::sources;

/// So many samples are there before.
const THERE: u64 = 5;

/// When the series are there, and what is expected then.
struct Times {
    start: Duration,
    fires: Duration,
    back: Duration,
    end: Duration,
}

impl Scene<'_> {
    /// The series are there, then they are not, and then they are again.
    pub(super) fn absence(&self) -> Result<Vec<TestCase>, &'static str> {
        let sources = sources(self.signal);
        let made_up = |number: u32| -> Result<Vec<Series>, &'static str> {
            let of = |selector: &Selector| self.numbered(selector, number).ok_or("its series cannot be made up");
            sources.iter().map(of).collect()
        };
        let times = self.times();
        let gone = self
            .clock
            .steps(Duration::millis(times.back.as_millis().saturating_sub(self.clock.step.times(THERE).as_millis())));
        let after = self.clock.steps(times.end);
        let mut series = input(&made_up(1)?, &format!("1x{THERE} stale _x{gone} 1x{after}"));
        let mut labels = match sources.as_slice() {
            [selector] if self.kept.is_empty() => told_by(selector),
            _ => self.kept.iter().filter_map(|label| value_of(label, &series)).collect(),
        };
        if !self.kept.is_empty() {
            // With labels kept apart, one value goes missing while another is there.
            let others = input(&made_up(2)?, &format!("1x{}", after + THERE));
            if others.iter().any(|other| series.iter().any(|one| one.series == other.series)) {
                return Err("its matchers leave nothing that could be missed by itself");
            }
            series.extend(others);
        }
        labels.extend(self.labels.clone());
        let watched = self.named(labels);
        let name = self.name("fires after its time without data, and is over when they are back");
        let mut case = self.case(name, series);
        case.promql_expr_test.push(watched.is(State::Silent, Duration::ZERO));
        self.check_hold(&watched, times.start, times.fires, &mut case.promql_expr_test);
        case.promql_expr_test.push(watched.is(State::Silent, times.end));
        Ok(vec![case])
    }

    fn times(&self) -> Times {
        let start = self.clock.at_or_after(self.clock.step.times(THERE + 1));
        let fires = self.clock.at_or_after(start.plus(self.hold()));
        let back = fires.plus(self.clock.evaluations(2));
        let end = self.clock.at_or_after(back.plus(self.clock.step).plus(self.keep_firing()));
        Times { start, fires, back, end: end.plus(self.clock.evaluations(1)) }
    }

    /// A series of the selector, with other values of the kept labels for another number.
    fn numbered(&self, selector: &Selector, number: u32) -> Option<Series> {
        let first = Series::of(selector, &self.kept)?;
        let mut series = first.clone();
        for label in self.kept.iter().filter(|_| number > 1) {
            let usual = first.labels.get(label)?;
            let others = [format!("{label}-{number}"), format!("{usual}-{number}"), format!("{usual}{number}")];
            let fitting = others.into_iter().find(|other| {
                let mut one = first.clone();
                one.labels.insert(label.clone(), other.clone());
                one.matched_by(selector)
            });
            series.labels.extend(fitting.map(|other| (label.clone(), other)));
        }
        Some(series)
    }
}

fn input(series: &[Series], values: &str) -> Vec<InputSeries> {
    series.iter().map(|series| InputSeries { series: series.selector(), values: values.to_owned() }).collect()
}

/// A label's value on the first series.
fn value_of(label: &str, series: &[InputSeries]) -> Option<(String, String)> {
    let matchers = &series.first()?.series.matchers;
    let matcher = matchers.iter().find(|matcher| matcher.label == label)?;
    Some((label.to_owned(), matcher.value.clone()))
}

/// Labels that `absent` takes from a selector: those with one value.
fn told_by(selector: &Selector) -> IndexMap<String, String> {
    let of = |label: &str| selector.matchers.iter().filter(|matcher| matcher.label == label).count();
    let equal = selector.matchers.iter().filter(|matcher| matcher.op == MatchOp::Equal && of(&matcher.label) == 1);
    equal.map(|matcher| (matcher.label.to_string(), matcher.value.clone())).collect()
}
