//! Panels on what was promised: on one SLO, or on several at once.

use crate::diagnostics::Diagnostic;
use crate::model::{Objective, Objectives, Panel, PanelSource, Promise, Service, Slo};
use crate::resolve::problems::{NO_RENDERING, PANEL_INCOMPLETE};
use crate::resolve::{Resolver, service_names};
use crate::source::{Span, Spanned};
use crate::spec::dashboard as written;

/// A panel that names an SLO, or `objectives`.
pub(super) fn panel(
    written: &written::Panel,
    usual: PanelSource,
    services: &[Service],
    resolver: &mut Resolver,
) -> Option<Panel> {
    if let Some((key, span)) = foreign_key(written) {
        let message = format!("a panel on what was promised has no `{key}`");
        let help = "it knows what it asks and how it looks; its title, its description and its width can be chosen";
        resolver.report(Diagnostic::new(&PANEL_INCOMPLETE, span, message).help(help));
        return None;
    }
    if usual == PanelSource::CloudWatch {
        let message = "CloudWatch knows nothing of what was promised";
        resolver.report(Diagnostic::new(&NO_RENDERING, written.span.0, message).help("show it on a Grafana dashboard"));
        return None;
    }
    let promise = match (&written.objectives, &written.slo) {
        (Some(view), None) => several(written, view, services, resolver)?,
        (None, Some(slo)) => one(written, slo, services, resolver)?,
        _ => {
            let message = "a panel shows one `slo`, or `objectives`, not both";
            resolver.report(Diagnostic::new(&PANEL_INCOMPLETE, written.span.0, message));
            return None;
        }
    };
    Some(Panel {
        title: written.title.clone().unwrap_or_default(),
        description: written.description.clone(),
        promise: Some(promise),
        queries: Vec::new(),
        unit: None,
        view: None,
        width: written.width.map(|width| width.value),
        origin: written.span,
    })
}

/// A key that means something only for signals or expressions.
fn foreign_key(written: &written::Panel) -> Option<(&'static str, Span)> {
    let whole = written.span.0;
    let keys = [
        ("signal", written.signal.as_ref().and_then(|signal| signal.0.first()).map(|signal| signal.span)),
        ("by", written.by.as_ref().map(|by| by.first().map_or(whole, |label| label.span))),
        ("quantile", written.quantile.as_ref().and_then(|quantile| quantile.0.first()).map(|one| one.span)),
        ("within", written.within.as_ref().map(|within| within.span)),
        ("expr", written.expr.as_ref().map(|expr| expr.span)),
        ("unit", written.unit.map(|unit| unit.span)),
        ("view", written.view.map(|view| view.span)),
        ("source", written.source.map(|source| source.span)),
        ("show", written.show.filter(|_| written.objectives.is_some()).map(|show| show.span)),
    ];
    keys.into_iter().find_map(|(key, span)| Some((key, span?)))
}

fn several(
    written: &written::Panel,
    view: &Spanned<Objectives>,
    services: &[Service],
    resolver: &mut Resolver,
) -> Option<Promise> {
    if let Some(service) = &written.service
        && !resolver.known("service", service.as_str(), service.span, service_names(services))
    {
        return None;
    }
    let concerned = services
        .iter()
        .filter(|service| written.service.as_ref().is_none_or(|wanted| wanted.as_str() == service.name.value));
    let mut slos = concerned.flat_map(|service| &service.slos);
    let (any, lacking) = match view.value {
        Objectives::Months => (slos.any(|slo| slo.calendar_month), "reports months of the calendar"),
        _ => (slos.next().is_some(), "promises anything"),
    };
    if !any {
        let message = format!("nothing that this panel is about {lacking}");
        let help = match view.value {
            Objectives::Months => "add `calendar_month: true` to an SLO, or to the platform",
            _ => "add `slos:` to a service",
        };
        resolver.report(Diagnostic::new(&PANEL_INCOMPLETE, view.span, message).help(help));
        return None;
    }
    Some(Promise::Several { view: view.value, service: written.service.as_ref().map(|name| name.to_string()) })
}

fn one(
    written: &written::Panel,
    spoken: &Spanned<String>,
    services: &[Service],
    resolver: &mut Resolver,
) -> Option<Promise> {
    let (service, span, name) = match (spoken.split_once('/'), &written.service) {
        (Some((service, name)), _) => (service, spoken.span, name),
        (None, Some(service)) => (service.as_str(), service.span, spoken.as_str()),
        (None, None) => {
            let message = format!("`{}` is an SLO of which service?", spoken.value);
            let diagnostic = Diagnostic::new(&PANEL_INCOMPLETE, spoken.span, message);
            resolver.report(diagnostic.help("add `service:`, or write `service/name`"));
            return None;
        }
    };
    if !resolver.known("service", service, span, service_names(services)) {
        return None;
    }
    let service = services.iter().find(|known| known.name.value == service)?;
    let names: Vec<&str> = service.slos.iter().map(|slo| slo.name.value.as_str()).collect();
    if !resolver.known("SLO", name, spoken.span, names) {
        return None;
    }
    let slo = service.slos.iter().find(|slo| slo.name.value == name)?;
    let view = written.show.map_or(Objective::Reached, |show| show.value);
    if let Some((lacking, help)) = cannot_show(view, slo) {
        let place = written.show.map_or(spoken.span, |show| show.span);
        let message = format!("`{name}` {lacking}");
        resolver.report(Diagnostic::new(&PANEL_INCOMPLETE, place, message).help(help).also(slo.name.span, "the SLO"));
        return None;
    }
    Some(Promise::One { view, slo: slo.id() })
}

/// Why an SLO has nothing of the kind to show, and what to do.
fn cannot_show(view: Objective, slo: &Slo) -> Option<(&'static str, &'static str)> {
    use Objective as O;
    let of_month = matches!(view, O::MonthReached | O::MonthBudgetLeft | O::MonthBudgetOverTime);
    let of_tiers = matches!(view, O::BurnRate | O::TimeLeft | O::BurnRates);
    if of_month && !slo.calendar_month {
        return Some(("does not report months of the calendar", "add `calendar_month: true` to it"));
    }
    (of_tiers && slo.tiers.is_empty())
        .then_some(("has no tier, so nothing says how fast its budget goes", "show another view"))
}
