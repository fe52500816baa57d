//! Links between dashboards, panels and runbooks.

use super::config::Link;
use super::text;
use crate::conventions::service_dashboard;
use crate::dashboards::{self, Item, Plan};
use crate::model::{Platform, Service};

/// A link to an address.
pub(super) fn to(title: String, url: &str, new_tab: bool) -> Link {
    Link {
        title: text::words(&title),
        r#type: "link",
        icon: "external link",
        tooltip: String::new(),
        url: text::address(url),
        tags: Vec::new(),
        as_dropdown: false,
        target_blank: new_tab,
        include_vars: false,
        keep_time: !new_tab,
    }
}

/// A link to a service's dashboard.
pub(super) fn service(platform: &Platform, service: &Service) -> Link {
    let path = dashboards::path(platform, &service_dashboard(&service.name.value));
    to(format!("Dashboard of {}", service.title), &path, false)
}

/// A link to the dashboard of the service whose objectives a dashboard shows. What is read over weeks there is read
/// over hours here.
fn promiser(platform: &Platform, plan: &Plan<'_>) -> Option<Link> {
    let slo = plan.rows.iter().flat_map(|row| &row.items).find_map(|item| match item {
        Item::Objective(_, slo) if plan.of.is_none() => Some(slo),
        _ => None,
    })?;
    let service = platform.service(&slo.service).filter(|_| platform.stack.grafana.per_service)?;
    Some(Link { keep_time: false, ..self::service(platform, service) })
}

/// Links on top of every dashboard: all others of the platform, the objectives, and of objectives the service.
pub(super) fn top(platform: &Platform, plan: &Plan<'_>) -> Vec<Link> {
    let others = Link {
        title: text::words(&platform.title),
        r#type: "dashboards",
        icon: "dashboard",
        tooltip: "Dashboards of this platform".to_owned(),
        url: String::new(),
        tags: vec![platform.name.value.clone()],
        as_dropdown: true,
        target_blank: false,
        include_vars: false,
        keep_time: true,
    };
    let objectives = dashboards::objectives_path(platform).filter(|_| plan.name != crate::conventions::SLO_DASHBOARD);
    let mut links = vec![others];
    // A month of budget is not read in the hour that a service is looked at.
    links.extend(objectives.map(|path| Link { keep_time: false, ..to("Objectives".to_owned(), &path, false) }));
    links.extend(promiser(platform, plan));
    links
}
