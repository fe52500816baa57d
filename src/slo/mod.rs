//! stub
use crate::{
    diagnostics::Diagnostics,
    model::Tier,
    quantity::Duration,
    source::Spanned,
    spec::values::{Name, Named},
};
use rust_decimal::Decimal;
pub fn tiers(
    _: &Named<Name, crate::spec::slo::Tier>,
    _: &Spanned<Decimal>,
    _: &Spanned<Duration>,
    _: Duration,
    _: Duration,
    _: (Option<&str>, Option<&str>),
    _: &mut Diagnostics,
) -> Vec<Tier> {
    Vec::new()
}
