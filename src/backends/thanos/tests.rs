//! Thanos' files from small platforms.

use super::*;
use crate::backends::samples;
use crate::model::{LongTerm, ObjectStore, Secret, Setting};
use crate::quantity::Duration;
use crate::spec::values::VariableName;

fn variable(name: &str) -> VariableName {
    VariableName::new(name).unwrap()
}

fn kept(region: Option<Setting>, endpoint: Option<Setting>) -> Platform {
    let mut platform = samples::platform();
    platform.retention.long_term = Some(LongTerm {
        raw: samples::at(Duration::days(90)),
        downsampled_5m: Duration::days(180),
        downsampled_1h: Duration::days(365),
        store: ObjectStore {
            bucket: Setting::Env(variable("BUCKET")),
            region,
            endpoint,
            prefix: Some("shop".to_owned()),
            access_key: Some(Secret::Env(variable("ACCESS"))),
            secret_key: Some(Secret::Env(variable("HIDDEN"))),
            origin: samples::span().into(),
        },
    });
    platform
}

fn rendered(platform: &Platform) -> (Artifacts, Diagnostics) {
    let (mut artifacts, mut diagnostics) = (Artifacts::new(), Diagnostics::new());
    Thanos::render(&Thanos::lower(&platform.clone().into(), &mut diagnostics), &mut artifacts);
    (artifacts, diagnostics)
}

#[test]
fn nothing_is_written_when_nothing_is_kept_for_long() {
    assert!(rendered(&samples::platform()).0.is_empty());
}

#[test]
fn the_bucket_is_named_by_variable_and_no_key_is_written() {
    let (artifacts, diagnostics) = rendered(&kept(Some(Setting::Literal("eu-west-1".to_owned())), None));
    assert!(diagnostics.is_empty());
    let text = artifacts.get(THANOS_STORE).unwrap();
    let value: serde_json::Value = yaml_serde::from_str(text).unwrap();
    let expected = serde_json::json!({"type": "S3", "prefix": "shop", "config": {
        "bucket": "$(BUCKET)", "endpoint": "s3.eu-west-1.amazonaws.com", "region": "eu-west-1"
    }});
    assert_eq!(value, expected);
    assert!(!text.contains("ACCESS") && !text.contains("HIDDEN"), "{text}");
}

#[test]
fn an_endpoint_is_a_host_and_its_scheme_decides_on_tls() {
    let endpoint = Some(Setting::Literal("http://minio:9000/".to_owned()));
    let config = Thanos::lower(&kept(None, endpoint).into(), &mut Diagnostics::new());
    let bucket = config.store.unwrap().config;
    assert_eq!((bucket.endpoint.as_str(), bucket.insecure), ("minio:9000", true));
}

#[test]
fn text_that_thanos_would_take_for_a_variable_is_refused() {
    let (_, diagnostics) = rendered(&kept(Some(Setting::Literal("$(HOME)".to_owned())), None));
    assert!(diagnostics.has_errors());
}
