//! Systems of linear equations in exact decimals.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

/// A number that depends on unknowns: each times its factor, and a constant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Linear {
    /// Factors of unknowns, none of them zero.
    pub factors: BTreeMap<usize, Decimal>,
    /// What is there without them.
    pub constant: Decimal,
}

impl Linear {
    /// A number.
    pub(super) fn constant(constant: Decimal) -> Self {
        Self { factors: BTreeMap::new(), constant }
    }

    /// One unknown.
    pub(super) fn unknown(index: usize) -> Self {
        Self { factors: BTreeMap::from([(index, Decimal::ONE)]), constant: Decimal::ZERO }
    }

    /// The number, if it depends on nothing.
    pub(super) fn known(&self) -> Option<Decimal> {
        self.factors.is_empty().then_some(self.constant)
    }

    /// This and another, times a factor.
    pub(super) fn plus(mut self, other: &Self, factor: Decimal) -> Option<Self> {
        for (index, amount) in &other.factors {
            let own = self.factors.entry(*index).or_default();
            *own = own.checked_add(amount.checked_mul(factor)?)?;
        }
        self.constant = self.constant.checked_add(other.constant.checked_mul(factor)?)?;
        self.factors.retain(|_, amount| !amount.is_zero());
        Some(self)
    }

    /// This times a factor.
    pub(super) fn times(&self, factor: Decimal) -> Option<Self> {
        Self::default().plus(self, factor)
    }
}

/// Values of all unknowns for which every row is zero; those that the rows leave open take `open`.
/// `None` when there are none.
pub(super) fn solve(rows: &[Linear], unknowns: usize, open: Decimal) -> Option<Vec<Decimal>> {
    // Rows that are solved for one unknown each, which no other of them has.
    let mut solved: Vec<(usize, Linear)> = Vec::new();
    for row in rows {
        let mut row = row.clone();
        for (unknown, other) in &solved {
            if let Some(factor) = row.factors.get(unknown).copied() {
                row = row.plus(other, -factor)?;
            }
        }
        // Numbers of 28 digits are not exact after a division.
        row.factors.retain(|_, amount| amount.round_dp(18) != Decimal::ZERO);
        let Some((unknown, factor)) = row.factors.iter().next().map(|(unknown, factor)| (*unknown, *factor)) else {
            if row.constant.round_dp(12).is_zero() {
                continue;
            }
            return None;
        };
        let row = row.times(Decimal::ONE.checked_div(factor)?)?;
        for (_, other) in &mut solved {
            if let Some(factor) = other.factors.get(&unknown).copied() {
                *other = std::mem::take(other).plus(&row, -factor)?;
            }
        }
        solved.push((unknown, row));
    }
    let mut values = vec![open; unknowns];
    for (unknown, row) in &solved {
        let others = row.factors.iter().filter(|(other, _)| *other != unknown);
        let mut value = -row.constant;
        for (_, factor) in others {
            value = value.checked_sub(factor.checked_mul(open)?)?;
        }
        *values.get_mut(*unknown)? = value.round_dp(12).normalize();
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(factors: &[(usize, i64)], constant: i64) -> Linear {
        let factors = factors.iter().map(|(index, factor)| (*index, Decimal::from(*factor)));
        Linear { factors: factors.collect(), constant: Decimal::from(constant) }
    }

    #[test]
    fn equations_are_solved_or_refused() {
        // x + y = 100, x - 3y = 0
        let rows = [row(&[(0, 1), (1, 1)], -100), row(&[(0, 1), (1, -3)], 0)];
        assert_eq!(solve(&rows, 3, Decimal::ONE), Some(vec![75.into(), 25.into(), 1.into()]));
        // x = 2, x = 3
        assert_eq!(solve(&[row(&[(0, 1)], -2), row(&[(0, 1)], -3)], 1, Decimal::ONE), None);
        // 2x + y = 10 with y open
        assert_eq!(solve(&[row(&[(0, 2), (1, 1)], -10)], 2, Decimal::TWO), Some(vec![4.into(), 2.into()]));
    }
}
