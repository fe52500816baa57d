//! Links between dashboards, panels and runbooks.

use super::config::Link;
use super::text;
use crate::conventions::service_dashboard;
use crate::dashboards;
use crate::model::{Platform, Service, Slo};

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

/// A link to the dashboard of a service that promises something.
pub(super) fn promiser(platform: &Platform, slo: &Slo) -> Option<Link> {
    platform.service(&slo.service).filter(|_| platform.stack.grafana.per_service).map(|of| service(platform, of))
}

/// Links on top of every dashboard: all others of the platform, and the objectives.
pub(super) fn top(platform: &Platform, dashboard: &str) -> Vec<Link> {
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
    let objectives = dashboards::objectives_path(platform).filter(|_| dashboard != crate::conventions::SLO_DASHBOARD);
    let mut links = vec![others];
    // A month of budget is not read in the hour that a service is looked at.
    links.extend(objectives.map(|path| Link { keep_time: false, ..to("Objectives".to_owned(), &path, false) }));
    links
}
