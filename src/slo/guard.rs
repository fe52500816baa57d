//! A guard for little traffic: one failed request is no burning budget.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{fires_above, seconds};
use crate::model::Tier;

/// Failures that are more than bad luck.
const ENOUGH: u64 = 3;

/// Fewest bad events in a tier's long window that may raise its alert; `None` when no guard is needed.
///
/// What the objective says goes. Otherwise the expected traffic (events a second) decides: when fewer
/// than three failures in a long window would already be too large a share of what is expected there,
/// the tier waits for three. Without either, nothing is known about the traffic and nothing is guarded.
pub fn min_failures(tier: &Tier, budget: Decimal, declared: Option<u64>, traffic: Option<Decimal>) -> Option<u64> {
    if declared.is_some() {
        return declared.filter(|failures| *failures > 0);
    }
    let events = traffic?.checked_mul(seconds(tier.long))?;
    let enough_to_fire = events.checked_mul(fires_above(tier.factor, budget))?.ceil();
    (enough_to_fire.to_u64()? < ENOUGH).then_some(ENOUGH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TierName;
    use crate::quantity::Duration;

    fn tier() -> Tier {
        Tier {
            name: TierName::PageFast,
            long: Duration::hours(1),
            short: Duration::minutes(5),
            factor: Decimal::new(144, 1),
            budget_share: Decimal::new(2, 2),
            severity: "critical".to_owned(),
        }
    }

    #[test]
    fn ten_requests_an_hour_need_a_guard() {
        let budget = Decimal::new(1, 3);
        let traffic = |per_second: &str| min_failures(&tier(), budget, None, Some(per_second.parse().unwrap()));
        // 10 an hour: 0.144 failures are enough to fire.
        assert_eq!(traffic("0.00277"), Some(3));
        // 100 a second: 5184 failures are needed anyway.
        assert_eq!(traffic("100"), None);
        assert_eq!(min_failures(&tier(), budget, None, None), None);
        assert_eq!(min_failures(&tier(), budget, Some(7), Some(Decimal::ONE_HUNDRED)), Some(7));
    }
}
