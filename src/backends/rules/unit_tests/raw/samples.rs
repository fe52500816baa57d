//! Samples over time: as promtool writes them, and as they are evaluated.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::super::track::run;
use crate::quantity::Duration;
use crate::slo::seconds;

/// So many steps at a level, or without a series.
pub(super) type Scene = (u64, Option<Decimal>);

/// How a level becomes samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A gauge that stands at the level.
    Gauge,
    /// A counter that grows by the level a second.
    Counter,
    /// A gauge that rises by the level a second, or falls.
    Slope,
    /// A gauge that tells the moment that was so many seconds ago.
    Moment,
    /// A gauge that takes another value so many times in a window.
    Changing(Duration),
}

/// A run of samples.
#[derive(Debug, Clone, PartialEq)]
enum Piece {
    /// A sample and so many more, each larger by the growth.
    Run { start: Decimal, growth: Decimal, times: u64 },
    /// No sample, so many times; `ends` where a series was there before.
    Gap { ends: bool, times: u64 },
}

/// The samples of one series.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Samples(Vec<Piece>);

impl Samples {
    /// One sample at the start and one after each step.
    pub(super) fn of(role: Role, scenes: &[Scene], step: Duration) -> Self {
        Self(pieces(&values(role, scenes, step)))
    }

    /// In promtool's notation.
    pub(super) fn notation(&self) -> String {
        let pieces = self.0.iter().map(|piece| match piece {
            Piece::Run { start, growth, times } => run(*start, *growth, *times),
            Piece::Gap { ends: true, times: 1 } => "stale".to_owned(),
            Piece::Gap { ends: true, times } => format!("stale _x{}", times - 1),
            Piece::Gap { ends: false, times } => format!("_x{times}"),
        });
        pieces.collect::<Vec<_>>().join(" ")
    }

    /// As promtool reads them: a run adds up in floats.
    pub(super) fn expanded(&self, step: Duration) -> Vec<(i64, Option<f64>)> {
        let step = i64::try_from(step.as_millis()).unwrap_or(i64::MAX);
        let (mut samples, mut moment) = (Vec::new(), 0_i64);
        for piece in &self.0 {
            match piece {
                Piece::Run { start, growth, times } => {
                    let (mut value, growth) = (float(*start), float(*growth));
                    for _ in 0..=*times {
                        samples.push((moment, Some(value)));
                        moment = moment.saturating_add(step);
                        value += growth;
                    }
                }
                Piece::Gap { ends, times } => {
                    if *ends {
                        samples.push((moment, None));
                    }
                    moment = moment.saturating_add(step.saturating_mul(i64::try_from(*times).unwrap_or(i64::MAX)));
                }
            }
        }
        samples
    }
}

fn float(value: Decimal) -> f64 {
    value.to_string().parse().ok().or_else(|| value.to_f64()).unwrap_or(f64::NAN)
}

fn values(role: Role, scenes: &[Scene], step: Duration) -> Vec<Option<Decimal>> {
    let second = seconds(step);
    // A slope that falls begins so high that it stays above zero.
    let fall =
        |(steps, level): &Scene| level.filter(Decimal::is_sign_negative).unwrap_or_default() * Decimal::from(*steps);
    let mut sum = if role == Role::Slope { -scenes.iter().map(fall).sum::<Decimal>() * second } else { Decimal::ZERO };
    let mut values = Vec::new();
    for (index, (steps, level)) in scenes.iter().enumerate() {
        let count = if index + 1 == scenes.len() { steps + 1 } else { *steps };
        let before = sum;
        for at in 0..count {
            let now = second * Decimal::from(values.len());
            values.push(level.map(|level| {
                let value = match role {
                    Role::Gauge => level,
                    Role::Counter | Role::Slope => sum,
                    Role::Moment => now - level,
                    Role::Changing(window) => {
                        let done = level * second * Decimal::from(at);
                        sum = before + done.checked_div(seconds(window)).unwrap_or_default().floor();
                        sum
                    }
                };
                value.round_dp(9).normalize()
            }));
            if let (Role::Counter | Role::Slope, Some(level)) = (role, level) {
                sum += (level * second).round_dp(9);
            }
        }
    }
    values
}

fn pieces(values: &[Option<Decimal>]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(value) = values.get(at) {
        let rest = values.get(at..).unwrap_or_default();
        let Some(start) = value else {
            let times = rest.iter().take_while(|value| value.is_none()).count();
            pieces.push(Piece::Gap { ends: at > 0, times: times as u64 });
            at += times;
            continue;
        };
        let growth = rest.get(1).copied().flatten().map(|next| next - start).unwrap_or_default();
        let goes_on = |pair: &&[Option<Decimal>]| matches!(pair, [Some(one), Some(other)] if other - one == growth);
        let times = rest.windows(2).take_while(goes_on).count();
        pieces.push(Piece::Run { start: *start, growth: growth.normalize(), times: times as u64 });
        at += times + 1;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scenes_follow_one_another() {
        let shown = |role, scenes: &[(u64, i64)]| {
            let scenes: Vec<Scene> =
                scenes.iter().map(|(steps, level)| (*steps, Some(Decimal::from(*level)))).collect();
            Samples::of(role, &scenes, Duration::seconds(10)).notation()
        };
        let scenes = [(3, 5), (2, 0), (2, 1)];
        assert_eq!(shown(Role::Gauge, &scenes), "5x2 0x1 1x2");
        assert_eq!(shown(Role::Counter, &scenes), "0+50x3 150x1 160+10x1");
        assert_eq!(shown(Role::Slope, &[(2, -1), (1, 2)]), "20-10x2 20");
        assert_eq!(shown(Role::Moment, &scenes), "-5+10x2 30+10x1 49+10x2");
        assert_eq!(shown(Role::Changing(Duration::seconds(30)), &[(6, 2)]), "0x1 1+1x1 2+1x2");
        let gone = [(2, Some(Decimal::ONE)), (2, None), (1, Some(Decimal::ONE))];
        let samples = Samples::of(Role::Gauge, &gone, Duration::seconds(10));
        assert_eq!(samples.notation(), "1x1 stale _x1 1x1");
        let expanded = samples.expanded(Duration::seconds(1));
        assert_eq!(expanded, [(0, Some(1.0)), (1000, Some(1.0)), (2000, None), (4000, Some(1.0)), (5000, Some(1.0))]);
    }
}
