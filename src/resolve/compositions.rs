//! SLOs that are made of others.

use rust_decimal::Decimal;

use super::Resolver;
use super::problems::{AMBIGUOUS_SLI, INVALID_COMPOSITION, UNKNOWN_NAME};
use super::slis::Measured;
use crate::diagnostics::Diagnostic;
use crate::model::{Combine, Member, Service, Sli, Slo};
use crate::source::Spanned;
use crate::spec::slo as written;
use crate::spec::values::{Name, Number};

/// The SLOs that one is made of, if it is.
pub(super) fn members(written: &written::Slo) -> Option<&written::SloMembers> {
    match written {
        written::Slo::Short(_) => None,
        written::Slo::Long(detail) => detail.of.as_ref(),
    }
}

/// What an SLO that is made of others measures.
pub(super) fn measured(
    service: &Spanned<Name>,
    name: &Spanned<Name>,
    written: &written::Slo,
    of: &written::SloMembers,
    services: &[Service],
    resolver: &mut Resolver,
) -> Option<Measured> {
    let written::Slo::Long(detail) = written else { return None };
    if let Some(other) = otherwise_told(detail) {
        let message = format!("`{}` is made of other SLOs and has events of its own, too", name.value);
        let diagnostic = Diagnostic::new(&AMBIGUOUS_SLI, other, message).also(of.span, "the other SLOs");
        resolver.report(diagnostic.help("keep one of them"));
        return None;
    }
    let mut found: Vec<(&Slo, &Spanned<String>, Decimal)> = Vec::new();
    for (member, weight) in &of.members {
        let slo = referred(service, name, member, services, resolver)?;
        if let Some((_, first, _)) = found.iter().find(|(other, ..)| other.id() == slo.id()) {
            let message = format!("`{}` is named twice", member.value);
            let diagnostic = Diagnostic::new(&INVALID_COMPOSITION, member.span, message).also(first.span, "first here");
            resolver.report(diagnostic.help("give it a weight instead, with `combine: weighted`"));
            return None;
        }
        found.push((slo, member, weight_of(weight.as_ref(), resolver)?));
    }
    if found.len() < 2 {
        let message =
            format!("`{}` is made of {}", name.value, if found.is_empty() { "nothing" } else { "a single SLO" });
        let diagnostic = Diagnostic::new(&INVALID_COMPOSITION, of.span, message);
        resolver.report(diagnostic.help("name two at least; one alone already has its own budget and alerts"));
        return None;
    }
    let combine = detail.combine.map_or(Combine::Events, |combine| combine.value);
    if combine == Combine::Events {
        countable(&found, of, resolver)?;
    }
    let scrape = found.iter().map(|(slo, ..)| slo.scrape).max()?;
    let of = found.into_iter().map(|(slo, _, weight)| Member {
        slo: slo.id(),
        objective: slo.objective.value,
        sli: slo.sli.clone(),
        weight,
    });
    Some(Measured { signal: None, sli: Sli::Composed { of: of.collect(), combine }, scrape })
}

/// A key that tells in another way what is measured.
fn otherwise_told(detail: &written::SloDetail) -> Option<crate::source::Span> {
    let keys = [
        detail.signal.as_ref().map(|signal| signal.span),
        detail.events.as_ref().map(|events| events.span.0),
        detail.within.as_ref().map(|within| within.span),
        detail.good_bound().map(|bound| bound.span),
        detail.by.as_ref().and_then(|by| by.first()).map(|label| label.span),
    ];
    keys.into_iter().flatten().next()
}

fn weight_of(written: Option<&Spanned<Number>>, resolver: &mut Resolver) -> Option<Decimal> {
    let Some(written) = written else { return Some(Decimal::ONE) };
    if written.value.0 > Decimal::ZERO {
        return Some(written.value.0);
    }
    let diagnostic = Diagnostic::new(&INVALID_COMPOSITION, written.span, "a weight is more than zero");
    resolver.report(diagnostic.help("leave the SLO out if it does not count"));
    None
}

/// The SLO that a name leads to: `service/slo`, or `slo` of the same service.
fn referred<'s>(
    service: &Spanned<Name>,
    name: &Spanned<Name>,
    member: &Spanned<String>,
    services: &'s [Service],
    resolver: &mut Resolver,
) -> Option<&'s Slo> {
    let (of_service, of_slo) = member.split_once('/').unwrap_or((service.as_str(), member.as_str()));
    let all = || services.iter().flat_map(|service| &service.slos);
    let found = all().find(|slo| slo.service == of_service && slo.name.value == of_slo);
    if let Some(found) = found.filter(|found| !matches!(found.sli, Sli::Composed { .. })) {
        return Some(found);
    }
    let mut owner = resolver.spec.services.iter().filter(|(service, _)| service.as_str() == of_service);
    let mut slos = owner.by_ref().flat_map(|(_, written)| written.slos.iter());
    let composed = slos.any(|(slo, written)| slo.as_str() == of_slo && members(written).is_some());
    if composed {
        let itself = of_service == service.as_str() && of_slo == name.as_str();
        let message = if itself {
            format!("`{}` is made of itself", name.value)
        } else {
            format!("`{}` is itself made of other SLOs", member.value)
        };
        let diagnostic = Diagnostic::new(&INVALID_COMPOSITION, member.span, message);
        resolver.report(diagnostic.help("name the SLOs that it is made of"));
        return None;
    }
    let known = all().map(|slo| match slo.service == service.as_str() {
        true => slo.name.value.clone(),
        false => format!("{}/{}", slo.service, slo.name.value),
    });
    let known: Vec<String> = known.collect();
    let message = format!("there is no SLO `{}`", member.value);
    let diagnostic = Diagnostic::new(&UNKNOWN_NAME, member.span, message).label("not declared");
    resolver.report(diagnostic.suggest(&member.value, known.iter().map(String::as_str)));
    None
}

/// Events add up only to events: a probe every 15 seconds would drown in a thousand requests a second.
fn countable(
    found: &[(&Slo, &Spanned<String>, Decimal)],
    of: &written::SloMembers,
    resolver: &mut Resolver,
) -> Option<()> {
    let Some((_, other, _)) = found.iter().find(|(slo, ..)| !slo.sli.has_events()) else { return Some(()) };
    let message = format!("the events of `{}` cannot be added to others: it counts samples or times", other.value);
    let diagnostic = Diagnostic::new(&INVALID_COMPOSITION, other.span, message).also(of.span, "added up here");
    let help = "write `combine: all` (whatever one needs, all must do) or `combine: weighted`";
    resolver.report(diagnostic.help(help));
    None
}
