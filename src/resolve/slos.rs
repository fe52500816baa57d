//! SLOs: how much may be bad, over which time, and when people are told of it.

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::jobs::Reached;
use super::problems::{INVALID_OBJECTIVE, NOT_AN_SLI};
use super::services::Surroundings;
use super::slis::{self, Measured};
use super::{Resolver, compositions, slo_alerts, text};
use crate::diagnostics::Diagnostic;
use crate::model::{Retention, Service, Severity, Signal, Slo, Threshold, Urgency};
use crate::quantity::{Dimension, Duration, Quantity, print_decimal};
use crate::source::Spanned;
use crate::spec::slo as written;
use crate::spec::values::{Name, Named};

/// The window of objectives that name none.
const WINDOW: Duration = Duration::days(30);

/// Every SLO of a service but those made of others, and the thresholds that come with them.
pub(super) fn resolve(
    around: &Surroundings,
    signals: &IndexMap<String, Signal>,
    reached: &Reached,
    resolver: &mut Resolver,
) -> (Vec<Slo>, Vec<Threshold>) {
    let (mut slos, mut alerts) = (Vec::new(), Vec::new());
    for (name, written) in around.written.slos.iter().filter(|(_, written)| compositions::members(written).is_none()) {
        // Both are looked at, so that one run reports what is wrong with either.
        let objective = share(objective(written), resolver);
        let measured = slis::measured(name, detail(written), signals, reached, resolver);
        let (Some(objective), Some(measured)) = (objective, measured) else { continue };
        let (slo, mut more) = slo(around, name, detail(written), objective, measured, resolver);
        slos.push(slo);
        alerts.append(&mut more);
    }
    (slos, alerts)
}

/// The SLOs that are made of others, put among those of their services, in the order written.
pub(super) fn compose(
    services: &mut [Service],
    severities: &[Severity],
    retention: &Retention,
    resolver: &mut Resolver,
) {
    let spec = resolver.spec;
    for (service_name, written_service) in spec.services.iter() {
        for (name, written) in written_service.slos.iter() {
            let Some(members) = compositions::members(written) else { continue };
            let objective = share(objective(written), resolver);
            let measured = compositions::measured(service_name, name, written, members, services, resolver);
            let (Some(objective), Some(measured)) = (objective, measured) else { continue };
            let around =
                Surroundings { name: service_name, written: written_service, uses: &[], severities, retention };
            let (slo, _) = slo(&around, name, detail(written), objective, measured, resolver);
            let Some(service) = services.iter_mut().find(|service| service.name.value == service_name.as_str()) else {
                continue;
            };
            service.slos.push(slo);
            let place =
                |slo: &Slo| written_service.slos.iter().position(|(other, _)| *other.value.as_str() == *slo.name.value);
            service.slos.sort_by_key(place);
        }
    }
}

fn detail(written: &written::Slo) -> Option<&written::SloDetail> {
    match written {
        written::Slo::Short(_) => None,
        written::Slo::Long(detail) => Some(detail),
    }
}

fn objective(written: &written::Slo) -> &Spanned<Quantity> {
    match written {
        written::Slo::Short(objective) => objective,
        written::Slo::Long(detail) => &detail.objective,
    }
}

/// An SLO from what it measures and what it promises, with the alerts that it asks for.
fn slo(
    around: &Surroundings,
    name: &Spanned<Name>,
    detail: Option<&written::SloDetail>,
    objective: Spanned<Decimal>,
    measured: Measured,
    resolver: &mut Resolver,
) -> (Slo, Vec<Threshold>) {
    let window = detail.and_then(|detail| detail.window).unwrap_or(Spanned::new(WINDOW, name.span));
    let severity_of = |urgency| {
        let severity = around.severities.iter().find(|severity| severity.urgency == urgency);
        severity.map(|severity| severity.name.as_str())
    };
    let no_tiers = Named::default();
    let tiers = crate::slo::tiers(
        detail.map_or(&no_tiers, |detail| &detail.tiers),
        &objective,
        &window,
        measured.scrape,
        resolver.evaluate.value,
        (severity_of(Urgency::Page), severity_of(Urgency::Ticket)),
        resolver.diagnostics,
    );
    let (min_failures, traffic) = expected_traffic(detail, &measured, resolver);
    let usual_description = || measured.signal.as_ref().map_or_else(String::new, |signal| signal.title.clone());
    let slo = Slo {
        name: text(name),
        service: around.name.to_string(),
        description: detail.and_then(|detail| detail.description.clone()).unwrap_or_else(usual_description),
        signal: measured.signal.as_ref().map(|signal| signal.name.clone()),
        by: slis::grouped_by(around, detail, resolver),
        objective,
        window,
        calendar_month: detail
            .and_then(|detail| detail.calendar_month)
            .or(resolver.spec.calendar_month)
            .unwrap_or_default(),
        min_failures,
        traffic,
        scrape: measured.scrape,
        grain: crate::slo::windows::grain(measured.scrape, resolver.evaluate.value),
        tiers,
        sli: measured.sli,
        advice: detail.and_then(|detail| detail.runbook.as_ref()).map(|words| words.as_str().to_owned()),
        origin: detail.map_or(name.span.into(), |detail| detail.span),
    };
    let alerts = alerts(around, &slo, detail, measured.signal.as_ref(), resolver);
    (slo, alerts)
}

/// The alerts on what is measured. They look at the SLO's signal, and at nothing if it has none of its own.
fn alerts(
    around: &Surroundings,
    slo: &Slo,
    detail: Option<&written::SloDetail>,
    signal: Option<&Signal>,
    resolver: &mut Resolver,
) -> Vec<Threshold> {
    let below = detail.and_then(|detail| detail.alert_below.as_ref());
    let above = detail.and_then(|detail| detail.alert_above.as_ref());
    let is_time = detail.is_some_and(|detail| detail.good_bound().is_some());
    let Some(signal) = signal.filter(|_| !is_time) else {
        for alert in below.into_iter().chain(above) {
            let message = format!("an alert on `{}` itself has no signal to look at", slo.name.value);
            let diagnostic = Diagnostic::new(&NOT_AN_SLI, alert.span(), message);
            resolver.report(diagnostic.help("its burn-rate tiers are its alerts; change them with `tiers:`"));
        }
        return Vec::new();
    };
    let below = below.and_then(|alert| slo_alerts::alert_below(around, slo, signal, alert, resolver));
    let above = above.and_then(|alert| slo_alerts::alert_above(around, slo, signal, alert, resolver));
    below.into_iter().chain(above).collect()
}

/// The guard against little traffic: only what counts events can have one.
fn expected_traffic(
    detail: Option<&written::SloDetail>,
    measured: &Measured,
    resolver: &mut Resolver,
) -> (Option<u64>, Option<Decimal>) {
    let failures = detail.and_then(|detail| detail.min_failures);
    let traffic = detail.and_then(|detail| detail.traffic.as_ref());
    if !measured.sli.has_events()
        && let Some(span) = failures.map(|failures| failures.span).or(traffic.map(|traffic| traffic.span))
    {
        let message = "this SLO counts samples or times, not events";
        let diagnostic = Diagnostic::new(&NOT_AN_SLI, span, message);
        resolver.report(diagnostic.help("leave `min_failures` and `traffic` out: its traffic is always the same"));
        return (None, None);
    }
    (failures.map(|failures| failures.value), traffic.and_then(|traffic| rate(traffic, resolver)))
}

/// An objective: a share that leaves a budget and promises something.
fn share(written: &Spanned<Quantity>, resolver: &mut Resolver) -> Option<Spanned<Decimal>> {
    let good = written.dimension == Dimension::Ratio
        && written.value.value > Decimal::ZERO
        && written.value.value < Decimal::ONE;
    if !good {
        let message = format!("`{}` is no objective", written.text);
        let diagnostic = Diagnostic::new(&INVALID_OBJECTIVE, written.span, message);
        resolver.report(match percent(written) {
            // In quotes it is text in every notation.
            Some(percent) => diagnostic
                .help(format!("write it with a percent sign: {percent}"))
                .fix(written.span, format!("\"{percent}\"")),
            None => {
                diagnostic.help("an objective lies between 0% and 100%; 100% leaves no budget: every failure breaks it")
            }
        });
    }
    good.then(|| Spanned::new(written.value.value, written.span))
}

/// The objective that a bare number can only have been meant as: at least half of the events are good, so 99.9 is in
/// percent and 0.999 is a share.
fn percent(written: &Quantity) -> Option<String> {
    let half = Decimal::ONE / Decimal::TWO;
    let percent = match written.value {
        share if share >= half && share < Decimal::ONE => share * Decimal::ONE_HUNDRED,
        percent if percent >= half * Decimal::ONE_HUNDRED && percent < Decimal::ONE_HUNDRED => percent,
        _ => return None,
    };
    (written.dimension == Dimension::Count).then(|| format!("{}%", print_decimal(percent)))
}

fn rate(written: &Spanned<Quantity>, resolver: &mut Resolver) -> Option<Decimal> {
    let value = written.as_dimension(Dimension::Rate);
    if value.is_none() {
        let message = format!("`{}` is {}, not a rate", written.text, written.dimension.describe());
        let diagnostic = Diagnostic::new(&super::problems::UNIT_MISMATCH, written.span, message);
        resolver.report(diagnostic.help("traffic looks like 10/s or 300/h"));
    }
    value
}
