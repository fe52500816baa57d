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
use super::made_up;
use crate::backends::rules::config::RecordingRule;
use crate::promql::Expr;
use crate::promql::ask::{Leaf, Step, leaves, metrics};
use crate::promql::evaluate::{Edition, Labels};
use crate::quantity::{Duration, print_decimal};
use crate::signals::Recording;
use cast::{CASTINGS, Cast};
use samples::Samples;
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
    /// What is recorded of the series, where it reads nothing else.
    pub recording: Option<Recording>,
    /// Changes, as factors, that are tried before others.
    pub changes: Vec<Decimal>,
}

impl Subject<'_> {
    /// The expression that reads the series.
    fn source(&self) -> &Expr {
        self.recording.as_ref().map_or(self.expr, |recording| &recording.expr)
    }

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

/// Most comparisons of one expression.
const ATOMS: usize = 16;

/// Most selectors of one expression.
const SELECTORS: usize = 32;

/// So many series are changed one by one.
const SINGLE: usize = 4;

/// A usual resolution of subqueries, in milliseconds.
const MINUTE: u64 = 60_000;

/// Most tests of one alert.
const MOST: usize = 4;

/// Tests of the alert, or why there are none.
pub(super) fn tests(subject: &Subject, evaluation: Duration) -> Result<Vec<TestCase>, String> {
    let mut atoms = Vec::new();
    let truth = truth::truth(subject.expr, &mut atoms);
    if atoms.len() > ATOMS || leaves(subject.source()).len() > SELECTORS {
        return Err("it is too long to be inverted".to_owned());
    }
    let stage = Stage::new(subject, evaluation)?;
    if matches!(truth, Truth::Always) {
        return stage.always();
    }
    let ways = truth::ways(&truth);
    let mut reason: Option<String> = None;
    for casting in CASTINGS {
        match Cast::of(subject.source(), casting).and_then(|mut cast| stage.tests(&mut cast, &atoms, &ways)) {
            Ok(tests) => return Ok(tests),
            Err(why) => reason = reason.or(Some(why)),
        }
    }
    if atoms.iter().any(|atom| atom.speaks_of_time()) {
        return Err("it depends on the time, and the clock of a test begins in 1970".to_owned());
    }
    Err(reason.unwrap_or_else(|| "no way was found to make it true and false".to_owned()))
}

/// How far back the selectors look.
fn farthest(leaves: &[Leaf]) -> Result<Duration, String> {
    let mut reach = Duration::ZERO;
    for leaf in leaves {
        let own = leaf.reach().ok_or_else(|| format!("{} looks at a fixed moment", leaf.selector))?;
        if leaf.selector.offset.offset_millis < 0 {
            return Err(format!("{} looks ahead", leaf.selector));
        }
        let inner = leaf.path.iter().filter_map(|step| match step {
            Step::Subquery { range, step, .. } => Some((range.fixed()?.as_millis(), step.map(Duration::as_millis))),
            _ => None,
        });
        let rounds = inner.fold(1_u64, |all, (range, step)| all.saturating_mul(range / step.unwrap_or(MINUTE).max(1)));
        if rounds > WIDEST {
            return Err("its subquery is too fine to be played".to_owned());
        }
        reach = reach.max(own);
    }
    Ok(reach)
}

/// What was played, and what was seen.
struct Shown {
    played: Vec<(made_up::Series, Samples)>,
    /// The alert's states under the rules of both versions, from the first evaluation on.
    seen: Vec<[State; 2]>,
    /// Labels of the alert.
    labels: Labels,
}

struct Stage<'a> {
    subject: &'a Subject<'a>,
    clock: Clock,
    /// How far back it looks.
    reach: Duration,
}

impl<'a> Stage<'a> {
    fn new(subject: &'a Subject<'a>, evaluation: Duration) -> Result<Self, String> {
        let read = leaves(subject.source());
        let windows = read.iter().filter_map(|leaf| leaf.window?.fixed());
        let clock = Clock::new(evaluation, windows.min().unwrap_or(Duration::hours(1)));
        let mut reach = farthest(&read)?;
        if subject.recording.is_some() {
            reach = reach.plus(farthest(&leaves(subject.expr))?);
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

    /// One test: quiet, raised until shortly after it fires, and quiet again.
    fn case(&self, cast: &Cast, quiet: &Levels, raised: &Levels, name: &str) -> Result<TestCase, String> {
        if quiet == raised {
            return Err("its comparisons cannot be inverted".to_owned());
        }
        let clock = self.clock;
        let count = |time: Duration| clock.at_or_after(time).as_millis() / clock.evaluation.as_millis().max(1);
        let turn = count(self.reach.plus(clock.step)) + 2;
        let most = turn + count(self.reach.plus(self.subject.hold)) + 3;
        if most > LONGEST {
            return Err("its windows are too long to be played".to_owned());
        }
        let shown = self.played(cast, &[(0, quiet), (turn, raised)], most, |two, three, _| {
            two == State::Firing && three == State::Firing
        })?;
        let back = shown.seen.len() as u64 + 2;
        let end = back + turn + count(self.subject.keep_firing) + 1;
        if end > LONGEST {
            return Err("its windows are too long to be played".to_owned());
        }
        let scenes = [(0, quiet), (turn, raised), (back, quiet)];
        let Shown { played, seen, labels } = self
            .played(cast, &scenes, end, |two, three, at| at > back && two == State::Silent && three == State::Silent)?;
        let watched = self.watched(&labels)?;
        let moments = moments(&seen, turn, back).ok_or("its series cannot take the values that a test needs")?;
        let series = |(series, samples): &(made_up::Series, Samples)| InputSeries {
            series: series.selector(),
            values: samples.notation(),
        };
        Ok(TestCase {
            name: name.to_owned(),
            interval: clock.step,
            input_series: played.iter().map(series).collect(),
            promql_expr_test: moments.into_iter().map(|(at, state)| watched.is(state, clock.evaluations(at))).collect(),
        })
    }

    /// Plays the alert while series stand at levels, each from an evaluation on, until both versions show what
    /// is looked for: the series, the states from the first evaluation on, and the labels of the alert.
    fn played(
        &self,
        cast: &Cast,
        scenes: &[(u64, &Levels)],
        last: u64,
        done: impl Fn(State, State, u64) -> bool,
    ) -> Result<Shown, String> {
        let out_of_reach = || "its series cannot take the values that a test needs".to_owned();
        let clock = self.clock;
        let ends = scenes.iter().skip(1).map(|(from, _)| *from).chain([last]);
        let lengths = scenes.iter().zip(ends).map(|((from, levels), to)| {
            (clock.steps(clock.evaluations(to)) - clock.steps(clock.evaluations(*from)), (*levels).clone())
        });
        let played = cast.played(&lengths.collect::<Vec<_>>(), clock.step).ok_or_else(out_of_reach)?;
        let turn = scenes.get(1).map_or(0, |(from, _)| *from);
        // What an evaluation shows does not depend on those before it while the alert is silent.
        let memory = self.subject.hold.plus(self.subject.keep_firing);
        let early = turn.saturating_sub(memory.as_millis() / clock.evaluation.as_millis().max(1) + 10);
        for start in [early, 0] {
            let player = |edition| stage::Player::new(self.subject, &played, clock, edition);
            let (mut two, mut three) = (player(Edition::Two)?, player(Edition::Three)?);
            let mut seen = vec![[State::Silent; 2]; usize::try_from(start).unwrap_or_default()];
            for at in start..=last {
                let states = [two.state(at)?, three.state(at)?];
                if at < turn && start > 0 && states != [State::Silent; 2] {
                    break;
                }
                seen.push(states);
                if at >= turn && done(states[0], states[1], at) {
                    let labels = two.labels.or(three.labels).unwrap_or_default();
                    return Ok(Shown { played, seen, labels });
                }
            }
            if seen.len() as u64 > last {
                return Err(out_of_reach());
            }
        }
        Err(out_of_reach())
    }

    /// Everything stands at one level, and then all of it or one series at a multiple of that: what compares
    /// series with their own past.
    fn swing(&self, cast: &mut Cast, atoms: &[Atom]) -> Result<Vec<TestCase>, String> {
        // Reading the atoms gives each series its part.
        let all: Vec<Literal> = (0..atoms.len()).map(|atom| (atom, true)).collect();
        let _ = solve::levels(cast, atoms, &all);
        solve::parts(cast, self.subject.source());
        let base = Decimal::ONE_HUNDRED;
        let usual = [11, 9, 12, 8, 13, 7, 15, 5, 20, 25, 3, 35, 50, 2, 100, 1, 1000, 0];
        let factors: Vec<Decimal> = if self.subject.changes.is_empty() {
            usual.into_iter().map(|factor| Decimal::new(factor, 1)).collect()
        } else {
            // What is free falls as what is used rises.
            self.subject.changes.iter().copied().chain([6, 9].map(Decimal::from)).collect()
        };
        let mut reason = None;
        // All of them, or only the one.
        let mut turning = vec![None];
        turning.extend((0..cast.len().min(SINGLE)).map(Some).filter(|_| cast.len() > 1));
        for turning in turning {
            for factor in &factors {
                // One alone begins low: the others' part of a whole leaves it room.
                let low = |at: usize| if turning == Some(at) { base / Decimal::TEN } else { base };
                let turns = |at: usize| turning.is_none_or(|only| only == at);
                let quiet: Levels = (0..cast.len()).map(|at| Some(low(at))).collect();
                let turned: Levels =
                    (0..cast.len()).map(|at| Some(if turns(at) { low(at) * factor } else { low(at) })).collect();
                let times = print_decimal(*factor);
                let name = format!(
                    "{} waits and fires after a change to {times} times, and is over afterwards",
                    self.subject.name
                );
                match self.case(cast, &quiet, &turned, &name) {
                    Ok(case) => return Ok(vec![case]),
                    Err(why) => reason = reason.or(Some(why)),
                }
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

/// The moments to look at, so that both versions show the same: the last silent one, the first and the last
/// pending, the first firing, and the first after which it is silent for good.
fn moments(seen: &[[State; 2]], turn: u64, back: u64) -> Option<Vec<(u64, State)>> {
    let (turn, back) = (usize::try_from(turn).ok()?, usize::try_from(back).ok()?);
    let is = |at: usize, state: State| seen.get(at) == Some(&[state; 2]);
    let first = |edition: usize| seen.iter().skip(turn).position(|states| states[edition] == State::Firing);
    let fires = [first(0)? + turn, first(1)? + turn];
    let (early, fires) = (*fires.iter().min()?, *fires.iter().max()?);
    let over = (fires..seen.len()).rev().take_while(|at| is(*at, State::Silent)).last()?;
    if fires > back || !is(turn.checked_sub(1)?, State::Silent) || !is(fires, State::Firing) {
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
