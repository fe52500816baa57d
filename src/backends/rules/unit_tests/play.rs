//! A quantity played: series whose signal takes given values over time.

use rust_decimal::Decimal;

use super::crowd;
use super::file::InputSeries;
use super::made_up::Series;
use super::track::{Phase, Track};
use crate::model::{Aggregation, Measure, Part, Shape, Signal, Sli, Whole};
use crate::promql::Selector;
use crate::quantity::Duration;
use crate::signals::stored_bound;
use crate::slo::seconds;
use crate::source::Spanned;

/// Events a step where only shares matter; many, so that rounding and guards do not.
pub(super) const EVENTS: i64 = 100_000;

/// What a part is a share of: less than one, so that no guard against zero may be larger.
pub(super) const WHOLE: Decimal = Decimal::from_parts(5, 0, 0, false, 1);

/// What is played.
#[derive(Debug)]
pub(super) enum Play<'a> {
    /// Counters: the level is their growth a second.
    Rate(Vec<&'a Selector>),
    /// Counters: the level is their growth over the window.
    Increase(Vec<&'a Selector>, Duration),
    /// Counters of a part and of all: the level is the share of the part, or of what is not the part.
    Share {
        /// The part.
        part: Vec<&'a Selector>,
        /// All.
        total: Vec<&'a Selector>,
        /// Whether the level is the share of what is not the part.
        of_others: bool,
    },
    /// A classic histogram with buckets: the level is what is asked of it.
    Histogram(&'a Selector, Vec<Decimal>, Asked),
    /// A gauge, and how several become one.
    Gauge(&'a Selector, Aggregation),
    /// A gauge that tells a moment, and how several become one: the level is its age.
    Age(&'a Selector, Aggregation),
    /// A gauge as a share of another, or of a constant, and how several of each become one.
    Fraction(&'a Part, &'a Whole, Aggregation),
    /// A 0/1 gauge: the level is the share of zeros.
    Zeros(&'a Selector),
}

/// What is asked of a histogram.
#[derive(Debug, Clone, Copy)]
pub(super) enum Asked {
    /// A quantile.
    Quantile(Decimal),
    /// The share within a bound.
    Within(Decimal),
    /// The share beyond a bound.
    Beyond(Decimal),
    /// The mean.
    Mean,
}

/// Series, and the values of the labels that an expression keeps.
#[derive(Debug)]
pub(super) struct Played {
    /// The series.
    pub series: Vec<InputSeries>,
    /// Kept labels with their values.
    pub labels: Vec<(String, String)>,
}

fn plain(selectors: &[Spanned<Selector>]) -> Vec<&Selector> {
    selectors.iter().map(|selector| &selector.value).collect()
}

impl<'a> Play<'a> {
    /// Of a threshold's signal. `None` for what cannot be made up: raw PromQL, native histograms, counts of series.
    pub(super) fn of(signal: &'a Signal, measure: &Measure, window: Duration, near: Decimal) -> Option<Self> {
        match signal.shape.as_ref()? {
            Shape::Rate { of } => Some(Play::Rate(plain(of))),
            Shape::Increase { of } => Some(Play::Increase(plain(of), window)),
            Shape::Ratio { part, total, .. } => {
                Some(Play::Share { part: plain(part), total: plain(total), of_others: false })
            }
            Shape::Latency { native: true, .. } | Shape::Expr { .. } => None,
            Shape::Latency { histogram, native: false, buckets } => {
                let (asked, near) = match measure {
                    Measure::Quantile(quantile) => (Asked::Quantile(*quantile), near),
                    Measure::Within(bound) => (Asked::Within(bound.value), bound.value),
                    Measure::Mean => (Asked::Mean, near),
                    Measure::Value => return None,
                };
                // Any buckets around the bound will do where the real ones are not known.
                let around = || vec![near / Decimal::TWO, near, near * Decimal::TWO];
                let buckets = buckets.as_ref().map_or_else(around, |buckets| buckets.value.clone());
                Some(Play::Histogram(&histogram.value, buckets, asked))
            }
            Shape::Gauge { aggregate: Aggregation::Count, .. }
            | Shape::Fraction { aggregate: Aggregation::Count, .. } => None,
            Shape::Gauge { of, aggregate } => Some(Play::Gauge(&of.value, *aggregate)),
            Shape::Fraction { part, whole, aggregate } => Some(Play::Fraction(part, whole, *aggregate)),
            Shape::Age { of, aggregate } => Some(Play::Age(&of.value, *aggregate)),
        }
    }

    /// Of an SLO: the level is the share of bad events.
    pub(super) fn bad_share(sli: &'a Sli) -> Option<Self> {
        match sli {
            Sli::Events { part, total, part_is_bad } => {
                Some(Play::Share { part: plain(part), total: plain(total), of_others: !part_is_bad })
            }
            Sli::Within { native: true, .. } | Sli::Raw { .. } | Sli::Share { .. } | Sli::Composed { .. } => None,
            Sli::Within { histogram, native: false, bound } => {
                Some(Play::Histogram(&histogram.value, vec![bound.value], Asked::Beyond(bound.value)))
            }
            Sli::Boolean { gauge } => Some(Play::Zeros(&gauge.value)),
        }
    }

    /// Whether the level is a share of a whole.
    pub(super) fn is_share(&self) -> bool {
        match self {
            Play::Share { .. } | Play::Fraction(..) | Play::Zeros(_) => true,
            Play::Histogram(_, _, asked) => matches!(asked, Asked::Within(_) | Asked::Beyond(_)),
            _ => false,
        }
    }

    /// Whether it is only there from the second sample on.
    pub(super) fn counts(&self) -> bool {
        matches!(self, Play::Rate(_) | Play::Increase(..) | Play::Share { .. } | Play::Histogram(..))
    }

    /// Whether series of more count for more, without being more themselves.
    fn weighs(&self) -> bool {
        self.counts() || matches!(self, Play::Fraction(..))
    }

    /// Whether its value approaches the level only as the window fills.
    pub(super) fn ramps(&self) -> bool {
        matches!(self, Play::Rate(_) | Play::Increase(..))
    }

    /// The series, with a value of its own for each kept label, each as two; and series that the selectors
    /// must not take in, at the levels of `others`. `None` when none fit, or a level is out of reach.
    pub(super) fn series(&self, phases: &[Phase], others: &[Phase], step: Duration, kept: &[String]) -> Option<Played> {
        let series = self.tracks(phases, step, kept)?;
        let labels = kept_values(&series, kept)?;
        let selectors = self.selectors();
        let strangers = match others {
            [] => Vec::new(),
            others => crowd::strangers(&self.tracks(others, step, kept)?, &selectors, self.weighs()),
        };
        let series = crowd::halves(series, self, &selectors, kept).into_iter().chain(strangers);
        Some(Played { series: series.map(|(series, track)| input(&series, &track)).collect(), labels })
    }

    /// Series that the selectors must not take in.
    pub(super) fn strangers(&self, phases: &[Phase], step: Duration, kept: &[String]) -> Vec<InputSeries> {
        let series = self.tracks(phases, step, kept).unwrap_or_default();
        let strangers = crowd::strangers(&series, &self.selectors(), self.weighs());
        strangers.iter().map(|(series, track)| input(series, track)).collect()
    }

    /// Series with only so many events a step, each as two, among strangers with very many. `None` where no
    /// events are counted.
    pub(super) fn trickle(
        &self,
        phases: &[Phase],
        others: &[Phase],
        events: Decimal,
        step: Duration,
        kept: &[String],
    ) -> Option<Played> {
        let (Play::Share { .. } | Play::Histogram(..)) = self else { return None };
        let part = events / Decimal::from(EVENTS);
        let series = self.tracks(phases, step, kept)?;
        let labels = kept_values(&series, kept)?;
        let fewer = series.into_iter().map(|(series, track)| (series, track.map(|_, amount| amount * part)));
        let fewer = crowd::halves(fewer.collect(), self, &self.selectors(), kept);
        let mut series: Vec<InputSeries> = fewer.iter().map(|(series, track)| input(series, track)).collect();
        if !others.is_empty() {
            series.extend(self.strangers(others, step, kept));
        }
        Some(Played { series, labels })
    }

    /// Each series once, and what it does.
    pub(super) fn tracks(&self, phases: &[Phase], step: Duration, kept: &[String]) -> Option<Vec<(Series, Track)>> {
        let mut series: Vec<(Series, Track)> = Vec::new();
        match self {
            Play::Rate(of) | Play::Increase(of, _) => {
                let growth = match self {
                    Play::Increase(_, window) => seconds(step).checked_div(seconds(*window))?,
                    _ => seconds(step),
                };
                let (first, rest) = of.split_first()?;
                series.push((Series::of(first, kept)?, Track::Counter(times(phases, |level| level * growth))));
                for selector in rest {
                    series.push((Series::of(selector, kept)?, Track::Counter(times(phases, |_| Decimal::ZERO))));
                }
            }
            Play::Share { .. } => {
                let all = Decimal::from(EVENTS);
                let events = phases.iter().map(|(steps, level)| Events { steps: *steps, level: level * all, all });
                series = self.counted(&events.collect::<Vec<_>>(), kept)?;
            }
            Play::Histogram(histogram, buckets, asked) => {
                series = buckets_series(&Series::of(histogram, kept)?, buckets, *asked, phases)?;
            }
            Play::Gauge(of, _) => series.push((Series::of(of, kept)?, Track::Gauge(phases.to_vec()))),
            Play::Age(of, _) => series.push((Series::of(of, kept)?, Track::Moment(phases.to_vec(), seconds(step)))),
            Play::Zeros(of) => {
                series.push((Series::of(of, kept)?, Track::Gauge(times(phases, |bad| Decimal::ONE - bad))));
            }
            Play::Fraction(part, whole, _) => series = fraction(part, whole, phases, kept)?,
        }
        Some(series)
    }

    /// The selectors of what is played.
    fn selectors(&self) -> Vec<&'a Selector> {
        match self {
            Play::Rate(of) | Play::Increase(of, _) => of.clone(),
            Play::Share { part, total, .. } => part.iter().chain(total).copied().collect(),
            Play::Histogram(of, ..) | Play::Gauge(of, _) | Play::Age(of, _) | Play::Zeros(of) => vec![of],
            Play::Fraction(part, whole, _) => {
                let (Part::Used(part) | Part::Free(part)) = part;
                let whole = match whole {
                    Whole::Gauge(whole) => Some(&whole.value),
                    Whole::Constant(_) => None,
                };
                std::iter::once(&part.value).chain(whole).collect()
            }
        }
    }
}

/// So many steps, in each of which so many events happen, and so many of them are those that the level is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Events {
    /// How many steps.
    pub steps: u64,
    /// Events a step that the level is about.
    pub level: Decimal,
    /// All events a step.
    pub all: Decimal,
}

impl Play<'_> {
    /// Series of events in numbers instead of shares, with a value for each kept label. `None` for anything but
    /// counters of a part and of all.
    pub(super) fn events(&self, phases: &[Events], kept: &[String]) -> Option<Played> {
        let series = self.counted(phases, kept)?;
        let labels = kept_values(&series, kept)?;
        Some(Played { series: series.iter().map(|(series, track)| input(series, track)).collect(), labels })
    }

    /// A series of the part and one of the rest.
    fn counted(&self, phases: &[Events], kept: &[String]) -> Option<Vec<(Series, Track)>> {
        let Play::Share { part, total, of_others } = self else { return None };
        let in_part = |events: &Events| if *of_others { events.all - events.level } else { events.level };
        let counted = Series::of(part.first()?, kept)?;
        // An event that two selectors count would weigh double.
        let counts =
            |series: &Series, selectors: &[&Selector]| selectors.iter().filter(|s| series.matched_by(s)).count();
        let rest = total.iter().find_map(|all| Series::apart(all, part, kept))?;
        let inside = counts(&counted, total);
        if counts(&counted, part) != 1 || inside > 1 || counts(&rest, total) != 1 {
            return None;
        }
        let growth = |amount: &dyn Fn(&Events) -> Decimal| -> Vec<Phase> {
            phases.iter().map(|events| (events.steps, amount(events))).collect()
        };
        let others = |events: &Events| if inside == 1 { events.all - in_part(events) } else { events.all };
        let mut series = vec![(counted, Track::Counter(growth(&in_part))), (rest, Track::Counter(growth(&others)))];
        // Every other counter of the sums is there, and stands still.
        for selector in part.iter().chain(total) {
            if !series.iter().any(|(known, _)| known.matched_by(selector)) {
                series.push((Series::of(selector, kept)?, Track::Counter(growth(&|_| Decimal::ZERO))));
            }
        }
        Some(series)
    }
}

/// As promtool's file has it.
fn input(series: &Series, track: &Track) -> InputSeries {
    InputSeries { series: series.selector(), values: track.text() }
}

/// All series must agree on the kept labels, or the expression would be of several.
fn kept_values(series: &[(Series, Track)], kept: &[String]) -> Option<Vec<(String, String)>> {
    let (first, rest) = series.split_first()?;
    let mut values = Vec::new();
    for label in kept {
        let value = first.0.labels.get(label)?;
        if rest.iter().any(|(other, _)| other.labels.get(label) != Some(value)) {
            return None;
        }
        values.push((label.clone(), value.clone()));
    }
    Some(values)
}

fn times(phases: &[Phase], amount: impl Fn(Decimal) -> Decimal) -> Vec<Phase> {
    phases.iter().map(|(steps, level)| (*steps, amount(*level))).collect()
}

fn fraction(part: &Part, whole: &Whole, phases: &[Phase], kept: &[String]) -> Option<Vec<(Series, Track)>> {
    let amount = match whole {
        Whole::Constant(constant) => *constant,
        Whole::Gauge(_) => WHOLE,
    };
    let (selector, part) = match part {
        Part::Used(selector) => (selector, times(phases, |level| level * amount)),
        Part::Free(selector) => (selector, times(phases, |level| (Decimal::ONE - level) * amount)),
    };
    let mut series = vec![(Series::of(&selector.value, kept)?, Track::Gauge(part))];
    if let Whole::Gauge(gauge) = whole {
        let whole = Series::of(&gauge.value, kept)?;
        if whole.matched_by(&selector.value) {
            return None;
        }
        series.push((whole, Track::Gauge(times(phases, |_| amount))));
    }
    Some(series)
}

fn buckets_series(base: &Series, buckets: &[Decimal], asked: Asked, phases: &[Phase]) -> Option<Vec<(Series, Track)>> {
    let events = Decimal::from(EVENTS);
    let count = Track::Counter(times(phases, |_| events));
    let mut series = Vec::new();
    if let Asked::Mean = asked {
        series.push((base.suffixed("_sum", None), Track::Counter(times(phases, |level| level * events))));
    } else {
        let mut bounds = buckets.to_vec();
        if let Asked::Within(bound) | Asked::Beyond(bound) = asked
            && !bounds.contains(&bound)
        {
            bounds.push(bound);
            bounds.sort();
        }
        let shares: Vec<Vec<Decimal>> =
            phases.iter().map(|(_, level)| cumulative(&bounds, asked, *level)).collect::<Option<_>>()?;
        for (index, bound) in bounds.iter().enumerate() {
            let growth = phases.iter().zip(&shares);
            let growth: Vec<Phase> = growth
                .map(|((steps, _), shares)| (*steps, shares.get(index).copied().unwrap_or_default() * events))
                .collect();
            let bucket = base.suffixed("_bucket", Some(("le", stored_bound(*bound))));
            series.push((bucket, Track::Counter(growth)));
        }
        series.push((base.suffixed("_bucket", Some(("le", "+Inf".to_owned()))), count.clone()));
    }
    series.push((base.suffixed("_count", None), count));
    Some(series)
}

/// For each bound, the share of events at or below it, so that what is asked is the level.
pub(super) fn cumulative(bounds: &[Decimal], asked: Asked, level: Decimal) -> Option<Vec<Decimal>> {
    let quantile = match asked {
        Asked::Within(within) => return Some(steps(bounds, within, Decimal::ZERO, level)),
        Asked::Beyond(within) => return Some(steps(bounds, within, Decimal::ZERO, Decimal::ONE - level)),
        Asked::Mean => return None,
        Asked::Quantile(quantile) => quantile,
    };
    let index = bounds.iter().position(|bound| *bound >= level)?;
    let (low, high) = (index.checked_sub(1).and_then(|low| bounds.get(low)).copied(), *bounds.get(index)?);
    let floor = low.unwrap_or_default();
    // How far into its bucket the level lies: a quantile is interpolated between the bucket's bounds.
    let into = (level - floor).checked_div(high - floor)?;
    if into <= Decimal::ZERO || into >= Decimal::ONE {
        return None;
    }
    if quantile <= into {
        return Some(steps(bounds, high, Decimal::ZERO, quantile.checked_div(into)?));
    }
    // Nothing can lie below the first bucket.
    low?;
    let below = (quantile - into).checked_div(Decimal::ONE - into)?;
    Some(
        bounds
            .iter()
            .map(|bound| {
                if *bound < floor {
                    Decimal::ZERO
                } else if *bound < high {
                    below
                } else {
                    Decimal::ONE
                }
            })
            .collect(),
    )
}

/// `below` for bounds under `bound`, `at` for it, everything for those above.
fn steps(bounds: &[Decimal], bound: Decimal, below: Decimal, at: Decimal) -> Vec<Decimal> {
    let share = |other: &Decimal| match other.cmp(&bound) {
        std::cmp::Ordering::Less => below,
        std::cmp::Ordering::Equal => at,
        std::cmp::Ordering::Greater => Decimal::ONE,
    };
    bounds.iter().map(share).collect()
}
