//! blackbox.yml from small platforms.

use serde_json::json;

use super::*;
use crate::backends::samples::{platform, probe, service};
use crate::model::ProbeKind;
use crate::quantity::Duration;

#[test]
fn a_module_for_each_way_of_probing() {
    let mut platform = platform();
    let mut web = service("web");
    let mut special = probe("web", "http://web/ready");
    (special.module, special.status, special.body) = ("web_http_2".to_owned(), vec![200, 204], Some("ok".to_owned()));
    let mut port = probe("web", "db:5432");
    (port.module, port.kind) = ("tcp".to_owned(), ProbeKind::Tcp);
    let mut slower = probe("web", "http://web/slow");
    slower.timeout = Duration::seconds(8);
    web.probes = vec![probe("web", "http://web/health"), special, port, slower];
    platform.services.push(web);
    let config = Blackbox::lower(&platform.clone().into(), &mut Diagnostics::new());
    assert_eq!(
        serde_json::to_value(&config).unwrap(),
        json!({"modules": {
            "http": {"prober": "http", "timeout": "8s", "http": {"preferred_ip_protocol": "ip4"}},
            "web_http_2": {"prober": "http", "timeout": "5s", "http": {
                "valid_status_codes": [200, 204], "fail_if_body_not_matches_regexp": ["ok"], "preferred_ip_protocol": "ip4",
            }},
            "tcp": {"prober": "tcp", "timeout": "5s", "tcp": {"preferred_ip_protocol": "ip4"}},
        }})
    );
}

#[test]
fn nothing_to_probe_is_no_file() {
    let mut artifacts = Artifacts::new();
    Blackbox::render(&Blackbox::lower(&platform().into(), &mut Diagnostics::new()), &mut artifacts);
    assert!(artifacts.is_empty());
}
