//! Tests of raw PromQL: the expression is inverted. Series are made up for its selectors, its comparisons
//! become equations over their levels, and the alert is played in what solves them, under the rules of
//! both major versions of Prometheus. What it does then is what its test expects.

mod cast;
mod linear;
mod samples;
mod solve;
mod stage;
mod truth;
mod value;

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::clock::{Clock, State, Watched};
use super::file::{InputSeries, TestCase};
use crate::backends::rules::config::RecordingRule;
use crate::promql::Expr;
use crate::promql::ask::{leaves, metrics};
use crate::promql::evaluate::{Edition, Labels};
use crate::quantity::Duration;
use cast::{CASTINGS, Cast};
use solve::Levels;
use truth::{Atom, Literal, Truth};

/// An alert of any expression.
#[derive(Debug)]
pub(super) struct Subject<'a> {
    /// Its name.
    pub name: &'a str,
    /// When it is raised.
    pub expr: &'a Expr,
    /// How long that must hold.
    pub hold: Duration,
    /// How long it stays.
    pub keep_firing: Duration,
    /// Labels of its rule; values may be templates.
    pub labels: &'a IndexMap<String, String>,
    /// Whether there are other alerts of its name.
    pub namesakes: bool,
}

impl Subject<'_> {
    /// A recorded series among those it reads that the rules of its file would record in its tests, too: series
    /// made up for it would meet those.
    pub(super) fn entangled<'r>(&self, recorded: &[&'r RecordingRule]) -> Option<&'r str> {
        let read = metrics(self.expr);
        let ours = recorded.iter().filter(|rule| read.contains(rule.record.as_str()));
        let from = |rule: &RecordingRule| {
            metrics(&rule.expr).iter().any(|name| read.contains(name)) || leaves(&rule.expr).is_empty()
        };
        ours.into_iter().find(|rule| from(rule)).map(|rule| rule.record.as_str())
    }
}

/// Longest test, in evaluations.
const LONGEST: u64 = 12_000;

/// Longest window, in evaluations.
const WIDEST: u64 = 1_600;

/// Most tests of one alert.
const MOST: usize = 4;

/// Tests of the alert, or why there are none.
pub(super) fn tests(subject: &Subject, evaluation: Duration) -> Result<Vec<TestCase>, String> {
    let mut atoms = Vec::new();
    let truth = truth::truth(subject.expr, &mut atoms);
    let stage = Stage::new(subject, evaluation)?;
    if matches!(truth, Truth::Always) {
        return stage.always();
    }
    let ways = truth::ways(&truth);
    let mut reason: Option<String> = None;
    for casting in CASTINGS {
        match Cast::of(subject.expr, casting).and_then(|mut cast| stage.tests(&mut cast, &atoms, &ways)) {
            Ok(tests) => return Ok(tests),
            Err(why) => reason = reason.or(Some(why)),
        }
    }
    if atoms.iter().any(|atom| atom.speaks_of_time()) {
        return Err("the clock of a test begins in 1970, where its moments cannot lie".to_owned());
    }
    Err(reason.unwrap_or_else(|| "no way was found to make it true and false".to_owned()))
}

struct Stage<'a> {
    subject: &'a Subject<'a>,
    clock: Clock,
    /// How far back it looks.
    reach: Duration,
}

impl<'a> Stage<'a> {
    fn new(subject: &'a Subject<'a>, evaluation: Duration) -> Result<Self, String> {
        let leaves = leaves(subject.expr);
        let windows = leaves.iter().filter_map(|leaf| leaf.window?.fixed());
        let clock = Clock::new(evaluation, windows.min().unwrap_or(Duration::hours(1)));
        let mut reach = Duration::ZERO;
        for leaf in &leaves {
            let own = leaf.reach().ok_or_else(|| format!("{} looks at a fixed moment", leaf.selector))?;
            if leaf.selector.offset.offset_millis < 0 {
                return Err(format!("{} looks ahead", leaf.selector));
            }
            reach = reach.max(own);
        }
        if reach > clock.evaluations(WIDEST) {
            return Err("its windows are too long to be played".to_owned());
        }
        Ok(Self { subject, clock, reach })
    }

    /// For each way of being true, and each comparison in it: false for that one's sake, true, and false again.
    fn tests(&self, cast: &mut Cast, atoms: &[Atom], ways: &[Vec<Literal>]) -> Result<Vec<TestCase>, String> {
        let mut tests: Vec<TestCase> = Vec::new();
        let mut reason = None;
        let mut done: Vec<usize> = Vec::new();
        for way in ways {
            for (pivot, (atom, holds)) in way.iter().enumerate() {
                if done.contains(atom) || tests.len() >= MOST {
                    continue;
                }
                match self.pivot(cast, atoms, way, pivot, &self.name(atoms, *atom, *holds)) {
                    Ok(case) => {
                        done.push(*atom);
                        // One change may turn two comparisons at once.
                        if !tests.iter().any(|known| known.input_series == case.input_series) {
                            tests.push(case);
                        }
                    }
                    Err(why) => reason = reason.or(Some(why)),
                }
            }
        }
        if tests.is_empty() {
            tests.extend(self.swing(cast, atoms).map_err(|why| reason.unwrap_or(why))?);
        }
        Ok(tests)
    }

    /// A test in which one literal turns: with the others standing, with all turning, or with the others left
    /// to chance, whichever can be played.
    fn pivot(
        &self,
        cast: &mut Cast,
        atoms: &[Atom],
        way: &[Literal],
        pivot: usize,
        name: &str,
    ) -> Result<TestCase, String> {
        let turned = |all: bool| -> Vec<Literal> {
            let turn = |(at, (atom, holds)): (usize, &Literal)| (*atom, *holds != (all || at == pivot));
            way.iter().enumerate().map(turn).collect()
        };
        let alone = |literals: &[Literal]| -> Vec<Literal> { literals.get(pivot).copied().into_iter().collect() };
        let mut attempts = vec![(way.to_vec(), turned(false)), (way.to_vec(), turned(true))];
        attempts.push((alone(way), alone(&turned(false))));
        let mut reason = None;
        for (raised, quiet) in attempts {
            let levels = solve::levels(cast, atoms, &raised)
                .and_then(|raised| Ok((raised, solve::levels(cast, atoms, &quiet)?)))
                .and_then(|(raised, quiet)| self.case(cast, &quiet, &raised, name));
            match levels {
                Ok(case) => return Ok(case),
                Err(why) => reason = reason.or(Some(why)),
            }
        }
        Err(reason.unwrap_or_default())
    }

    fn name(&self, atoms: &[Atom], atom: usize, holds: bool) -> String {
        let text = atoms.get(atom).map(|atom| atom.text()).unwrap_or_default();
        let not = if holds { "" } else { "not " };
        format!("{} waits and fires while {not}{text}, and is over afterwards", self.subject.name)
    }

    /// One test: quiet, raised, quiet again.
    fn case(&self, cast: &Cast, quiet: &Levels, raised: &Levels, name: &str) -> Result<TestCase, String> {
        let clock = self.clock;
        let settled = clock.at_or_after(self.reach.plus(clock.step)).plus(clock.evaluations(2));
        let turn = settled;
        let back = turn.plus(clock.at_or_after(self.reach.plus(self.subject.hold))).plus(clock.evaluations(3));
        let end = back.plus(settled).plus(clock.at_or_after(self.subject.keep_firing)).plus(clock.evaluations(1));
        if end > clock.evaluations(LONGEST) {
            return Err("its windows are too long to be played".to_owned());
        }
        let between = |from: Duration, to: Duration| clock.steps(Duration::millis(to.as_millis() - from.as_millis()));
        let scenes = [
            (clock.steps(turn), quiet.clone()),
            (between(turn, back), raised.clone()),
            (between(back, end), quiet.clone()),
        ];
        let played = cast.played(&scenes, clock.step).ok_or("its series cannot take the values that a test needs")?;
        let stock = stage::stock(self.subject, &played, clock.step)?;
        let count = |time: Duration| time.as_millis() / clock.evaluation.as_millis().max(1);
        let play = |edition| stage::play(self.subject, &stock, clock.evaluation, count(end), edition);
        let two = play(Edition::Two)?;
        if !two.states.contains(&State::Firing) || two.states.last() != Some(&State::Silent) {
            return Err("its series cannot take the values that a test needs".to_owned());
        }
        let three = play(Edition::Three)?;
        let seen = Seen { from: count(turn), until: count(back), states: [&two.states, &three.states] };
        let moments = seen.moments().ok_or("its series cannot take the values that a test needs")?;
        let labels = if two.labels.is_empty() { &three.labels } else { &two.labels };
        let watched = self.watched(labels)?;
        let checks = moments.into_iter().map(|(at, state)| watched.is(state, clock.evaluations(at)));
        Ok(TestCase {
            name: name.to_owned(),
            interval: clock.step,
            input_series: played
                .iter()
                .map(|(series, samples)| InputSeries { series: series.selector(), values: samples.notation() })
                .collect(),
            promql_expr_test: checks.collect(),
        })
    }

    /// Everything stands at one level, then at a multiple of it: what compares series with their own past.
    fn swing(&self, cast: &mut Cast, atoms: &[Atom]) -> Result<Vec<TestCase>, String> {
        // Reading the atoms gives each series its part.
        let all: Vec<Literal> = (0..atoms.len()).map(|atom| (atom, true)).collect();
        let _ = solve::levels(cast, atoms, &all);
        let level = |level: Decimal| -> Levels { vec![Some(level); cast.len()] };
        let base = Decimal::ONE_HUNDRED;
        let factors = [11, 9, 12, 8, 13, 7, 15, 5, 20, 25, 3, 35, 50, 2, 100, 1, 1000, 0];
        let mut reason = None;
        for factor in factors {
            let factor = Decimal::new(factor, 1);
            let name = format!(
                "{} waits and fires after a change to {factor} times, and is over afterwards",
                self.subject.name
            );
            match self.case(cast, &level(base), &level(base * factor), &name) {
                Ok(case) => return Ok(vec![case]),
                Err(why) => reason = reason.or(Some(why)),
            }
        }
        Err(reason.unwrap_or_default())
    }

    /// An alert that is always raised.
    fn always(&self) -> Result<Vec<TestCase>, String> {
        let clock = self.clock;
        let fires = clock.at_or_after(self.subject.hold);
        let watched = self.watched(&Labels::new())?;
        Ok(vec![TestCase {
            name: format!("{} always fires", self.subject.name),
            interval: clock.step,
            input_series: Vec::new(),
            promql_expr_test: vec![
                watched.is(State::Firing, fires),
                watched.is(State::Firing, fires.plus(clock.evaluations(5))),
            ],
        }])
    }

    fn watched(&self, found: &Labels) -> Result<Watched, String> {
        let mut labels: IndexMap<String, String> =
            found.iter().map(|(label, value)| (label.clone(), value.clone())).collect();
        let mut identity = Vec::new();
        for (label, value) in self.subject.labels {
            let value = filled(value, found).ok_or_else(|| format!("its label {label} is a template"))?;
            if self.subject.namesakes {
                identity.push((label.clone(), value.clone()));
            }
            labels.insert(label.clone(), value);
        }
        labels.retain(|_, value| !value.is_empty());
        identity.retain(|(_, value)| !value.is_empty());
        Ok(Watched { alert: self.subject.name.to_owned(), identity, labels })
    }
}

/// A template that speaks of nothing but labels, filled in.
fn filled(template: &str, labels: &Labels) -> Option<String> {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (action, after) = after.split_once("}}")?;
        let label = action.trim().strip_prefix("$labels.")?;
        text.push_str(before);
        text.push_str(labels.get(label).map_or("", String::as_str));
        rest = after;
    }
    text.push_str(rest);
    Some(text)
}

/// The states under the rules of both versions.
struct Seen<'a> {
    /// The evaluation from which on it should be raised.
    from: u64,
    /// The evaluation until which it should fire.
    until: u64,
    states: [&'a Vec<State>; 2],
}

impl Seen<'_> {
    /// The moments to look at, so that both versions show the same: the last silent one, the first and the
    /// last pending, the first firing, and the first after which it is silent for good.
    fn moments(&self) -> Option<Vec<(u64, State)>> {
        let from = usize::try_from(self.from).ok()?;
        let is = |at: usize, state: State| self.states.iter().all(|states| states.get(at) == Some(&state));
        let first = |state: State| -> Option<[usize; 2]> {
            let of = |states: &Vec<State>| states.iter().skip(from).position(|is| *is == state).map(|at| at + from);
            let [two, three] = self.states;
            Some([of(two)?, of(three)?])
        };
        let fires = first(State::Firing)?;
        let (early, fires) = (*fires.iter().min()?, *fires.iter().max()?);
        let last = self.states[0].len().checked_sub(1)?;
        let over = (fires..=last).rev().take_while(|at| is(*at, State::Silent)).last()?;
        if fires as u64 > self.until || !is(from.checked_sub(1)?, State::Silent) || !is(fires, State::Firing) {
            return None;
        }
        let silent = (0..early).rev().find(|at| is(*at, State::Silent))?;
        let mut moments = vec![(silent, State::Silent)];
        let pending: Vec<usize> = (silent..fires).filter(|at| is(*at, State::Pending)).collect();
        moments.extend(pending.first().map(|at| (*at, State::Pending)));
        moments.extend(pending.last().filter(|_| pending.len() > 1).map(|at| (*at, State::Pending)));
        moments.push((fires, State::Firing));
        moments.push((over, State::Silent));
        Some(moments.into_iter().map(|(at, state)| (at as u64, state)).collect())
    }
}
