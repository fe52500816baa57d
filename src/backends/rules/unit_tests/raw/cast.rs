//! The series that an expression reads, made up, and the part that each plays.

use indexmap::{IndexMap, IndexSet};
use rust_decimal::Decimal;

use super::super::made_up::Series;
use super::super::play::{Asked, cumulative};
use super::linear::Linear;
use super::samples::{Role, Samples, Scene};
use super::solve::{Course, LARGEST};
use crate::promql::ask::{Leaf, Step, leaves};
use crate::promql::{Aggregate, Call, Expr, Kind, Offset, Selector};
use crate::quantity::Duration;
use crate::signals::stored_bound;

/// What happens to several series that one selector matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Company {
    /// There must be but one.
    One,
    /// They are added.
    Added,
    /// They are averaged.
    Averaged,
}

/// How series are made up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Casting {
    /// A selector that matches another one's series gets one more of its own.
    pub apart: bool,
    /// Labels that one selector asks for are on the others' series, too.
    pub shared: bool,
    /// Series that are counted are so many as the count.
    pub crowds: bool,
}

/// Every way of casting, the likeliest first.
pub(super) const CASTINGS: [Casting; 6] = [
    Casting { apart: true, shared: false, crowds: false },
    Casting { apart: false, shared: false, crowds: false },
    Casting { apart: true, shared: true, crowds: false },
    Casting { apart: false, shared: true, crowds: false },
    Casting { apart: true, shared: false, crowds: true },
    Casting { apart: true, shared: true, crowds: true },
];

/// Most series of a crowd.
const CROWD: Decimal = Decimal::from_parts(20, 0, 0, false, 0);

/// Histograms have so many events a second.
const EVENTS: Decimal = Decimal::ONE_THOUSAND;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    Plain(Role),
    /// The buckets of a histogram, whose quantile the level is.
    Quantile(Decimal),
    /// Series of this value, as many as the level.
    Crowd(Decimal),
}

#[derive(Debug)]
struct Actor {
    series: Series,
    part: Option<Part>,
}

/// Series and their parts; the level of each is an unknown, by its number.
#[derive(Debug)]
pub(super) struct Cast {
    actors: Vec<Actor>,
    crowds: bool,
}

fn bare(selector: &Selector) -> Selector {
    Selector { offset: Offset::default(), ..selector.clone() }
}

impl Cast {
    /// Series for every selector of the expression.
    pub(super) fn of(expr: &Expr, casting: Casting) -> Result<Self, String> {
        let leaves = leaves(expr);
        let mut selectors: Vec<Selector> = Vec::new();
        for leaf in &leaves {
            let selector = bare(leaf.selector);
            if selector.metric.is_none() {
                return Err(format!("{selector} names no metric"));
            }
            if !selectors.contains(&selector) {
                selectors.push(selector);
            }
        }
        // The narrower ones first, so that the wider ones see what matches them already.
        selectors.sort_by_key(|selector| std::cmp::Reverse(selector.matchers.len()));
        let kept = kept(&leaves);
        let pinned = pinned(&selectors, &kept);
        let mut actors: Vec<Actor> = Vec::new();
        for selector in &selectors {
            let others: Vec<&Selector> = selectors.iter().filter(|other| *other != selector).collect();
            let kept = with_dropped(&kept, selector, &leaves);
            let wanted = filled(selector, &kept, &pinned, casting.shared);
            if !casting.apart && actors.iter().any(|actor| actor.series.matched_by(selector)) {
                continue;
            }
            let series = Series::apart(&wanted, &others, &kept).or_else(|| Series::of(&wanted, &kept));
            let mut series = series.ok_or_else(|| format!("no labels could be found that {selector} matches"))?;
            if read_by_quantile(selector, &leaves) {
                series.labels.shift_remove("le");
            }
            if !actors.iter().any(|actor| actor.series == series) {
                actors.push(Actor { series, part: None });
            }
        }
        Ok(Self { actors, crowds: casting.crowds })
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.actors.len()
    }

    /// The unknown that stands for the time now.
    pub(super) fn time(&self) -> usize {
        self.actors.len()
    }

    /// Numbers of the series that a selector matches.
    pub(super) fn matched(&self, selector: &Selector) -> Vec<usize> {
        let selector = bare(selector);
        let matched = self.actors.iter().enumerate().filter(|(_, actor)| actor.series.matched_by(&selector));
        matched.map(|(index, _)| index).collect()
    }

    fn take(&mut self, index: usize, part: Part) -> Result<(), String> {
        let Some(actor) = self.actors.get_mut(index) else { return Ok(()) };
        if actor.part.is_some_and(|known| known != part) {
            return Err(format!("{} is read in two ways", actor.series.metric));
        }
        actor.part = Some(part);
        Ok(())
    }

    /// The levels of a selector's series, together.
    pub(super) fn levels(&mut self, selector: &Selector, role: Role, company: Company) -> Result<Linear, String> {
        let matched = self.matched(selector);
        if matched.is_empty() || (company == Company::One && matched.len() > 1) {
            return Err(format!("{} would be of several series", bare(selector)));
        }
        let mut all = Linear::default();
        for index in &matched {
            self.take(*index, Part::Plain(role))?;
            all = all.plus(&Linear::unknown(*index), Decimal::ONE).ok_or("its numbers are too large")?;
        }
        let share = Decimal::ONE.checked_div(Decimal::from(matched.len())).filter(|_| company == Company::Averaged);
        all.times(share.unwrap_or(Decimal::ONE)).ok_or_else(|| "its numbers are too large".to_owned())
    }

    /// The quantile of a histogram, from an expression of its buckets.
    pub(super) fn quantile(&mut self, quantile: Decimal, buckets: &Expr) -> Result<Linear, String> {
        let leaves = leaves(buckets);
        let [leaf] = leaves.as_slice() else { return Err(format!("{buckets} is not of one histogram")) };
        let classic = leaf.selector.metric.as_deref().is_some_and(|metric| metric.ends_with("_bucket"));
        if !classic || !matches!(leaf.function(), Some("rate" | "irate" | "increase")) {
            return Err(format!("{buckets} is no rate of a classic histogram's buckets"));
        }
        let matched = self.matched(leaf.selector);
        let [index] = matched.as_slice() else {
            return Err(format!("{} would be of several series", bare(leaf.selector)));
        };
        self.take(*index, Part::Quantile(quantile))?;
        Ok(Linear::unknown(*index))
    }

    /// Whether every level can be played; `negative` for gauges that may lie below zero.
    pub(super) fn can_play(&self, levels: &[Option<Decimal>], negative: bool) -> bool {
        self.actors.iter().zip(levels).all(|(actor, level)| match (actor.part, level) {
            (_, Some(level)) if level.abs() > LARGEST => false,
            (_, None) | (Some(Part::Plain(Role::Moment | Role::Slope)), _) => true,
            (None | Some(Part::Plain(Role::Gauge)), Some(level)) => negative || *level >= Decimal::ZERO,
            (Some(Part::Plain(Role::Counter | Role::Changing(_))), Some(level)) => *level >= Decimal::ZERO,
            (Some(Part::Quantile(_)), Some(level)) => *level > Decimal::ZERO,
            (Some(Part::Crowd(_)), Some(level)) => (Decimal::ZERO..=CROWD).contains(level) && level.fract().is_zero(),
        })
    }

    /// How a level that can only be a whole number moves.
    pub(super) fn course(&self, index: usize) -> Option<Course> {
        match self.actors.get(index)?.part? {
            Part::Plain(Role::Changing(_)) => Some(Course::Steps),
            Part::Crowd(_) => Some(Course::Crowd),
            _ => None,
        }
    }

    /// How many series a selector has: an unknown where there may be crowds, else as many as there are.
    pub(super) fn count(&mut self, selector: &Selector, value: Decimal) -> Result<Linear, String> {
        let matched = self.matched(selector);
        match matched.as_slice() {
            [index] if self.crowds => {
                self.take(*index, Part::Crowd(value))?;
                Ok(Linear::unknown(*index))
            }
            matched => Ok(Linear::constant(Decimal::from(matched.len()))),
        }
    }

    /// Gauges that tell moments: they go with the time.
    pub(super) fn tell_moments(&mut self, expr: &Expr) {
        let stands = ["last_over_time", "max_over_time", "min_over_time"];
        for leaf in leaves(expr) {
            if leaf.window.is_some() && !leaf.function().is_some_and(|function| stands.contains(&function)) {
                continue;
            }
            for index in self.matched(leaf.selector) {
                if let Some(actor) = self.actors.get_mut(index) {
                    actor.part = actor.part.or(Some(Part::Plain(Role::Moment)));
                }
            }
        }
    }

    /// Whether a selector's series tell moments.
    pub(super) fn tells_moments(&self, selector: &Selector) -> bool {
        self.plays(selector, Role::Moment)
    }

    /// Whether a selector's series are gauges already.
    pub(super) fn stands(&self, selector: &Selector) -> bool {
        self.plays(selector, Role::Gauge)
    }

    fn plays(&self, selector: &Selector, role: Role) -> bool {
        let plays = |index: usize| self.actors.get(index).is_some_and(|actor| actor.part == Some(Part::Plain(role)));
        self.matched(selector).into_iter().any(plays)
    }

    /// The series while each level is played for so many steps. `None` if one is out of reach.
    pub(super) fn played(
        &self,
        scenes: &[(u64, Vec<Option<Decimal>>)],
        step: Duration,
    ) -> Option<Vec<(Series, Samples)>> {
        let mut played = Vec::new();
        for (index, actor) in self.actors.iter().enumerate() {
            let levels = |level: &dyn Fn(Decimal) -> Option<Decimal>| -> Vec<Scene> {
                let of = |levels: &[Option<Decimal>]| levels.get(index).copied().flatten();
                scenes.iter().map(|(steps, all)| (*steps, of(all).and_then(level))).collect()
            };
            match actor.part.unwrap_or(Part::Plain(Role::Gauge)) {
                Part::Plain(role) => {
                    played.push((actor.series.clone(), Samples::of(role, &levels(&Some), step)));
                }
                Part::Crowd(value) => {
                    let most = levels(&Some).into_iter().filter_map(|(_, level)| level).max()?;
                    let mut number = Decimal::ONE;
                    while number <= most {
                        let there = |level| (number <= level).then_some(value);
                        let mut one = actor.series.clone();
                        one.labels.insert("copy".to_owned(), number.to_string());
                        played.push((one, Samples::of(Role::Gauge, &levels(&there), step)));
                        number += Decimal::ONE;
                    }
                }
                Part::Quantile(quantile) => {
                    let wanted: Vec<Decimal> = levels(&Some).into_iter().filter_map(|(_, level)| level).collect();
                    let (low, high) = (wanted.iter().min()?, wanted.iter().max()?);
                    let middle = (low + high) / Decimal::TWO;
                    let bounds = [middle / Decimal::TWO, middle, middle * Decimal::TWO];
                    let shares = |level| cumulative(&bounds, Asked::Quantile(quantile), level);
                    if wanted.iter().any(|level| shares(*level).is_none()) {
                        return None;
                    }
                    for (at, bound) in bounds.iter().enumerate() {
                        let growth = |level| shares(level)?.get(at).map(|share| share * EVENTS);
                        let bucket =
                            actor.series.suffixed("", Some(("le", stored_bound(bound.round_dp(9).normalize()))));
                        played.push((bucket, Samples::of(Role::Counter, &levels(&growth), step)));
                    }
                    let all = actor.series.suffixed("", Some(("le", "+Inf".to_owned())));
                    played.push((all, Samples::of(Role::Counter, &levels(&|_| Some(EVENTS)), step)));
                }
            }
        }
        Some(played)
    }
}

/// Labels that aggregations and operators speak of.
fn kept(leaves: &[Leaf]) -> Vec<String> {
    let mut labels: IndexSet<String> = IndexSet::new();
    for step in leaves.iter().flat_map(|leaf| &leaf.path) {
        match step {
            Step::Aggregate { aggregate: Aggregate { grouping: Some(grouping), .. }, .. } if !grouping.without => {
                labels.extend(grouping.labels.iter().cloned());
            }
            Step::Binary { binary, .. } => {
                if let Some(matching) = &binary.matching {
                    labels.extend(matching.labels.iter().filter(|_| matching.on).cloned());
                    labels.extend(matching.group.iter().flat_map(|group| group.labels.iter().cloned()));
                }
            }
            Step::Call { call: Call { function, args }, .. } if function == "label_replace" => {
                if let Some(Kind::Text(from)) = args.get(3).map(|arg| &arg.kind) {
                    labels.insert(from.clone());
                }
            }
            _ => {}
        }
    }
    labels.shift_remove("le");
    labels.into_iter().collect()
}

/// The same, and those that an aggregation around the selector does without.
fn with_dropped(kept: &[String], selector: &Selector, leaves: &[Leaf]) -> Vec<String> {
    let mut labels: IndexSet<String> = kept.iter().cloned().collect();
    for step in leaves.iter().filter(|leaf| bare(leaf.selector) == *selector).flat_map(|leaf| &leaf.path) {
        if let Step::Aggregate { aggregate: Aggregate { grouping: Some(grouping), .. }, .. } = step
            && grouping.without
        {
            labels.extend(grouping.labels.iter().filter(|label| *label != "le").cloned());
        }
    }
    labels.into_iter().collect()
}

/// Values of labels that some selector speaks of, where all that do can agree on one.
fn pinned(selectors: &[Selector], kept: &[String]) -> IndexMap<String, String> {
    let mut values: IndexMap<String, IndexSet<String>> = IndexMap::new();
    for selector in selectors {
        let Some(series) = Series::of(selector, kept) else { continue };
        for matcher in &selector.matchers {
            let value = series.labels.get(matcher.label.as_ref());
            values.entry(matcher.label.to_string()).or_default().extend(value.cloned());
        }
    }
    let one = values.into_iter().filter(|(label, values)| values.len() == 1 && label != "le");
    one.filter_map(|(label, values)| Some((label, values.into_iter().next()?))).collect()
}

/// A selector that asks for others' values of labels that it does not speak of.
fn filled(selector: &Selector, kept: &[String], pinned: &IndexMap<String, String>, shared: bool) -> Selector {
    let speaks = |label: &str| selector.matchers.iter().any(|matcher| matcher.label == label);
    let wanted = pinned.iter().filter(|(label, _)| !speaks(label) && (shared || kept.contains(label)));
    selector.clone().with_all(wanted.map(|(label, value)| (label.clone(), value)))
}

fn read_by_quantile(selector: &Selector, leaves: &[Leaf]) -> bool {
    let same = |leaf: &&Leaf| bare(leaf.selector) == *selector;
    leaves.iter().filter(same).any(|leaf| leaf.functions().any(|function| function == "histogram_quantile"))
}
