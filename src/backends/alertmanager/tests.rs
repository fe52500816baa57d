//! alertmanager.yml from small specs.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::compile::{Memory, Options, compile};
use crate::model::Platform;

/// A shop with a channel for each kind of severity; `more` stands at the end of the spec.
fn shop(more: &str) -> String {
    format!(
        r##"
bellwether: 1
platform: shop
channels:
  oncall: {{pagerduty: {{routing_key: {{env: PAGERDUTY_KEY}}}}}}
  chat: {{slack: {{channel: "#shop", api_url: {{env: SLACK_URL}}}}}}
  managers: {{webhook: {{url: "http://bridge:8080/managers"}}}}
  topic: {{sns: {{}}}}
severities:
  critical: {{notify: [chat, oncall, topic], repeat: 1h, escalate: {{after: 30m, notify: [managers]}}}}
  warning: {{notify: [chat]}}
  info: {{notify: []}}
services:
  api: &service
    scrape: {{port: 8000}}
    metrics: {{jobs_waiting: {{type: gauge, unit: count, labels: [queue]}}}}
    signals: {{backlog: {{gauge: jobs_waiting}}}}
  web: *service
{more}
"##
    )
}

struct Built {
    platform: Arc<Platform>,
    config: Config,
    value: Value,
    codes: Vec<&'static str>,
}

fn build(spec: &str) -> Built {
    let world = Memory::new().with("spec.yaml", spec.as_bytes());
    let compiled = compile(&world, "spec.yaml", &Options::default());
    let messages: Vec<&str> = compiled.diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
    let platform = compiled.model.unwrap_or_else(|| panic!("{messages:?}"));
    let mut diagnostics = Diagnostics::new();
    let config = Alertmanager::lower(&platform, &mut diagnostics);
    let value = serde_json::to_value(&config).unwrap();
    Built { platform, config, value, codes: diagnostics.iter().map(|diagnostic| diagnostic.code.name).collect() }
}

fn labels(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(label, value)| ((*label).to_owned(), (*value).to_owned())).collect()
}

/// The tree says what the platform promises, for every case there is.
fn assert_promises_kept(built: &Built) {
    let cases = route_cases(&built.platform);
    assert!(cases.len() > built.platform.severities.len());
    for case in cases {
        assert_eq!(resolve_route(&built.config, &case.labels), case.receivers, "{:?}", case.labels);
    }
}

#[test]
fn each_severity_is_a_node_with_its_intervals_and_escalation() {
    let built = build(&shop(""));
    assert_eq!(built.codes, [""; 0]);
    assert_eq!(
        built.value["route"],
        json!({
            "receiver": "chat", "group_by": ["alertname", "service", "slo"],
            "group_wait": "30s", "group_interval": "5m", "repeat_interval": "4h",
            "routes": [
                {"receiver": "_nobody", "matchers": ["alertname=\"Watchdog\""]},
                {"receiver": "managers", "matchers": ["severity=\"critical\""], "group_wait": "30m",
                 "group_interval": "5m", "repeat_interval": "1h", "continue": true},
                {"receiver": "oncall/chat", "matchers": ["severity=\"critical\""], "group_wait": "30s",
                 "group_interval": "5m", "repeat_interval": "1h"},
                {"receiver": "chat", "matchers": ["severity=\"warning\""], "group_wait": "30s",
                 "group_interval": "5m", "repeat_interval": "4h"},
                {"receiver": "_nobody", "matchers": ["severity=\"info\""]},
            ],
        })
    );
    assert_promises_kept(&built);
}

#[test]
fn a_message_goes_to_the_channels_of_its_receiver() {
    let built = build(&shop(""));
    let receivers = built.value["receivers"].as_array().unwrap();
    let names: Vec<&str> = receivers.iter().filter_map(|receiver| receiver["name"].as_str()).collect();
    assert_eq!(names, ["chat", "_nobody", "managers", "oncall/chat"]);
    assert_eq!(receivers[1], json!({"name": "_nobody"}));
    assert_eq!(
        receivers[2],
        json!({"name": "managers", "webhook_configs": [{"send_resolved": true, "url": "http://bridge:8080/managers"}]})
    );
    assert_eq!(receivers[3]["pagerduty_configs"][0]["routing_key_file"], "/run/secrets/pagerduty_key");
    assert_eq!(receivers[3]["slack_configs"][0]["api_url_file"], "/run/secrets/slack_url");
    let told = |pairs: &[(&str, &str)]| resolve_route(&built.config, &labels(pairs));
    assert_eq!(told(&[("severity", "critical")]), ["managers", "oncall/chat"]);
    assert_eq!(told(&[("severity", "unheard-of")]), ["chat"]);
    assert_eq!(told(&[("alertname", "Watchdog"), ("severity", "critical")]), ["_nobody"]);
    assert_eq!(receiver_channels("oncall/chat"), ["oncall", "chat"]);
}

#[test]
fn exceptions_come_first_and_keep_what_they_do_not_change() {
    let built = build(&shop(
        r#"
times: {night: {weekdays: "monday:friday", hours: ["00:00-06:00", "22:00-24:00"], zone: Europe/Berlin}}
routes:
  - {service: web, severity: critical, notify: [chat], repeat: 2h}
  - {service: [api, web], severity: [critical, warning], labels: {tenant: "a\"b"}, mute_during: night}
  - {labels: {silent: "yes"}, notify: []}
  - {service: api, notify: [managers]}
"#,
    ));
    assert_promises_kept(&built);
    let routes = built.value["route"]["routes"].as_array().unwrap();
    let escalated = json!({
        "receiver": "managers", "matchers": ["service=\"web\"", "severity=\"critical\""],
        "group_wait": "30m", "group_interval": "5m", "repeat_interval": "2h", "continue": true,
    });
    assert_eq!((&routes[1], &routes[2]["receiver"]), (&escalated, &json!("chat")));
    assert_eq!(
        routes[3]["matchers"],
        json!(["service=~\"api|web\"", "severity=~\"critical|warning\"", "tenant=\"a\\\"b\""])
    );
    let times: Vec<&Value> =
        routes[3]["routes"].as_array().unwrap().iter().map(|child| &child["mute_time_intervals"]).collect();
    assert_eq!(times, [&json!(["night"]); 3]);
    assert_eq!(routes[4], json!({"receiver": "_nobody", "matchers": ["silent=\"yes\""]}));
    assert_eq!(
        built.value["time_intervals"],
        json!([{"name": "night", "time_intervals": [{
            "times": [{"start_time": "00:00", "end_time": "06:00"}, {"start_time": "22:00", "end_time": "24:00"}],
            "weekdays": ["monday:friday"], "location": "Europe/Berlin",
        }]}])
    );
}

#[test]
fn the_dead_mans_switch_calls_its_address_and_nobody_else() {
    let built = build(&shop(
        r#"
routes: [{labels: {team: shop}, notify: [oncall]}]
stack: {alertmanager: {heartbeat: {env: HEARTBEAT_URL}, group_by: [alertname, alertname]}}
"#,
    ));
    assert_promises_kept(&built);
    assert_eq!(built.value["route"]["group_by"], json!(["alertname"]));
    assert_eq!(
        built.value["route"]["routes"][0],
        json!({
            "receiver": "_heartbeat", "matchers": ["alertname=\"Watchdog\""], "group_by": ["alertname"],
            "group_wait": "0s", "group_interval": "1m", "repeat_interval": "50s",
        })
    );
    let told = resolve_route(&built.config, &labels(&[("alertname", "Watchdog"), ("team", "shop")]));
    assert_eq!(told, ["_heartbeat"]);
    let heartbeat = &built.value["receivers"][1]["webhook_configs"];
    assert_eq!(heartbeat, &json!([{"send_resolved": false, "url_file": "/run/secrets/heartbeat_url"}]));
}

#[test]
fn an_exception_that_names_the_dead_mans_switch_is_obeyed() {
    let built = build(&shop("routes: [{alert: Watchdog, notify: [managers]}]"));
    assert_promises_kept(&built);
    assert_eq!(resolve_route(&built.config, &labels(&[("alertname", "Watchdog")])), ["managers"]);
}

#[test]
fn every_kind_of_channel_is_an_integration() {
    let built = build(
        r##"
bellwether: 1
platform: shop
channels:
  mail: {email: {to: [a@example.com, b@example.com], from: c@example.com, smarthost: "smtp:587", username: u, password: {file: /etc/smtp-password}, resolved: false}}
  hook: {webhook: {secret_url: {env: HOOK}, bearer_token: {env: TOKEN}}}
  topic: {sns: {topic_arn: "arn:aws:sns:eu-west-1:123456789012:shop"}}
  genie: {opsgenie: {api_key: {env: GENIE}, teams: [shop]}}
  teams: {teams: {webhook_url: {env: TEAMS}}}
  bot: {telegram: {bot_token: {env: BOT}, chat_id: -1001}}
  discord: {discord: {webhook_url: {env: DISCORD}}}
  odd: {slack: {channel: "#{{ shop", api_url: {env: SLACK}}}
severities:
  critical: {notify: [mail, hook, topic, genie, teams, bot, discord, odd]}
"##,
    );
    assert_eq!(built.codes, [""; 0]);
    let receiver = &built.value["receivers"][0];
    assert_eq!(receiver["name"], "mail/hook/topic/genie/teams/bot/discord/odd");
    let mail = &receiver["email_configs"][0];
    assert_eq!((&mail["to"], &mail["send_resolved"]), (&json!("a@example.com, b@example.com"), &json!(false)));
    assert_eq!(mail["auth_password_file"], "/run/secrets/smtp_password");
    let hook = &receiver["webhook_configs"][0];
    assert_eq!(hook["url_file"], "/run/secrets/hook");
    assert_eq!(
        hook["http_config"],
        json!({"authorization": {"type": "Bearer", "credentials_file": "/run/secrets/token"}})
    );
    assert_eq!(receiver["sns_configs"][0]["sigv4"], json!({"region": "eu-west-1"}));
    assert_eq!(receiver["opsgenie_configs"][0]["responders"], json!([{"name": "shop", "type": "team"}]));
    assert_eq!(receiver["msteamsv2_configs"][0]["webhook_url_file"], "/run/secrets/teams");
    assert_eq!(receiver["telegram_configs"][0]["chat_id"], -1001);
    assert_eq!(receiver["discord_configs"][0]["webhook_url_file"], "/run/secrets/discord");
    assert_eq!(receiver["slack_configs"][0]["channel"], r##"#{{ "{{" }} shop"##);
}

#[test]
fn what_alertmanager_would_refuse_or_never_send_is_said() {
    for (spec, code) in [
        ("channels: {c: {webhook: {url: {env: URL}}}}\nseverities: {critical: {notify: [c]}}", "setting-not-literal"),
        ("channels: {c: {webhook: {url: bridge}}}\nseverities: {critical: {notify: [c]}}", "invalid-channel"),
        ("channels: {c: {webhook: {}}}\nseverities: {critical: {notify: [c]}}", "invalid-channel"),
        (
            "channels: {c: {telegram: {bot_token: {env: T}, chat_id: me}}}\nseverities: {critical: {notify: [c]}}",
            "invalid-channel",
        ),
        ("channels: {c: {sns: {topic_arn: shop}}}\nseverities: {critical: {notify: [c]}}", "invalid-channel"),
        (
            "channels: {c: {email: {to: a@b.c, from: a@b.c, smarthost: smtp}}}\nseverities: {critical: {notify: [c]}}",
            "invalid-channel",
        ),
        ("severities: {critical: {notify: [], repeat: 0s}}", "zero-interval"),
        (
            "severities: {critical: {notify: []}}\nstack: {alertmanager: {receivers: [{webhook_configs: []}]}}",
            "invalid-receiver",
        ),
        (
            "severities: {critical: {notify: []}}\nstack: {alertmanager: {receivers: [{name: _nobody}]}}",
            "invalid-receiver",
        ),
        (
            "severities: {critical: {notify: []}}\nstack: {alertmanager: {receivers: [{name: archive}]}}",
            "unrouted-receiver",
        ),
        ("channels: {c: {sns: {}}}\nseverities: {critical: {}}\nroutes: [{notify: [c]}]", "nobody-told"),
    ] {
        let built = build(&format!("bellwether: 1\nplatform: shop\n{spec}\n"));
        assert_eq!(built.codes, [code], "{spec}");
    }
}

#[test]
fn a_topic_without_an_address_matters_only_to_alerts_of_prometheus() {
    let spec = |on: &str| {
        shop(&format!("  db:\n    scrape: {{port: 1}}\n    thresholds: {{Deep: {{signal: backlog, above: 1, severity: low{on}}}}}\n"))
            .replace("info: {notify: []}", "low: {notify: [topic]}")
            .replace("    thresholds", "    metrics: {jobs_waiting: {type: gauge, unit: count}}\n    signals: {backlog: {gauge: jobs_waiting}}\n    thresholds")
    };
    assert_eq!(build(&spec("")).codes, ["nobody-told"]);
    let unused = spec("").replace("severity: low", "severity: warning");
    assert_eq!(build(&unused).codes, [""; 0]);
}

#[test]
fn a_raw_receiver_extends_the_channel_it_is_named_after() {
    let built = build(&shop(
        r##"
stack: {alertmanager: {receivers: [{name: chat, webhook_configs: [{url: "http://archive:8080"}], slack_configs: [{channel: "#all"}]}]}}
"##,
    ));
    assert_eq!(built.codes, [""; 0]);
    for receiver in [&built.value["receivers"][0], &built.value["receivers"][3]] {
        assert_eq!(receiver["webhook_configs"], json!([{"url": "http://archive:8080"}]));
        assert_eq!(receiver["slack_configs"].as_array().map(Vec::len), Some(2));
        assert_eq!(receiver["slack_configs"][1], json!({"channel": "#all"}));
    }
}

#[test]
fn nobody_to_tell_is_no_file() {
    let built = build("bellwether: 1\nplatform: shop\n");
    let mut artifacts = Artifacts::new();
    Alertmanager::render(&built.config, &mut artifacts);
    assert!(artifacts.is_empty());
    assert!(resolve_route(&built.config, &BTreeMap::new()).is_empty());
}

/// Thresholds on one signal, as `api` would declare them.
fn with_thresholds(thresholds: &str, more: &str) -> Value {
    let spec = shop(&format!("    thresholds:\n{thresholds}\n{more}")).replace(
        "  web: *service\n",
        "  web:\n    scrape: {port: 8001}\n    metrics: {jobs_waiting: {type: gauge, unit: count, labels: [queue]}}\n    signals: {backlog: {gauge: jobs_waiting}}\n",
    );
    let built = build(&spec);
    assert_eq!(built.codes, [""; 0]);
    assert_promises_kept(&built);
    built.value["inhibit_rules"].clone()
}

const TWO: &str = "      Full: {signal: backlog, above: 100, severity: critical, by: [queue]}
      Filling: {signal: backlog, above: 80, severity: warning, by: [queue]}";

#[test]
fn the_stricter_and_more_urgent_threshold_keeps_the_other_quiet() {
    assert_eq!(
        with_thresholds(TWO, ""),
        json!([{
            "source_matchers": ["alertname=\"Full\""], "target_matchers": ["alertname=\"Filling\""],
            "equal": ["service", "queue", "platform", "environment"],
        }])
    );
}

#[test]
fn services_that_share_names_keep_quiet_only_where_it_holds() {
    let rules = |filling: &str| {
        let thresholds = format!("    thresholds:\n{}\n", TWO.replace("above: 80", filling));
        let signals = "    metrics: {jobs_waiting: {type: gauge, unit: count, labels: [queue]}}\n    signals: {backlog: {gauge: jobs_waiting}}\n";
        with_thresholds(TWO, &format!("  worker:\n    scrape: {{port: 8002}}\n{signals}{thresholds}"))
    };
    let both = json!({
        "source_matchers": ["alertname=\"Full\""], "target_matchers": ["alertname=\"Filling\""],
        "equal": ["service", "queue", "platform", "environment"],
    });
    assert_eq!(rules("above: 90"), json!([both]), "all that have the alert agree");
    let mut one = both;
    one["source_matchers"] = json!(["alertname=\"Full\"", "service=\"web\""]);
    assert_eq!(rules("above: 200"), json!([one]), "in the other it is not superfluous");
}

#[test]
fn no_alert_keeps_another_quiet_that_says_more() {
    // Looser, coarser the other way round, or of no greater urgency.
    assert_eq!(with_thresholds(&TWO.replace("above: 100", "above: 50"), ""), Value::Null);
    assert_eq!(with_thresholds(&TWO.replace("warning, by: [queue]", "warning"), ""), Value::Null);
    assert_eq!(with_thresholds(&TWO.replace("warning", "critical"), ""), Value::Null);
    // Nobody hears of it, or not at night.
    assert_eq!(with_thresholds(TWO, "routes: [{alert: Full, notify: []}]"), Value::Null);
    let muted = "times: {night: {hours: '00:00-06:00'}}\nroutes: [{severity: critical, mute_during: night}]";
    assert_eq!(with_thresholds(TWO, muted), Value::Null);
}

#[test]
fn a_target_that_is_down_keeps_quiet_only_that_its_data_are_missing() {
    let rules = with_thresholds(
        "      Silent: {signal: backlog, absent: 10m, severity: warning}
      Deep: {signal: backlog, above: 10, severity: warning}",
        "",
    );
    assert_eq!(
        rules,
        json!([{
            "source_matchers": ["alertname=~\"TargetDown|TargetVanished\"", "job=\"web\"", "severity=\"warning\""],
            "target_matchers": ["alertname=\"Silent\""],
            "equal": ["service", "platform", "environment"],
        }])
    );
}

#[test]
fn what_the_platform_declares_comes_last() {
    let built = build(&shop("inhibit: [{when: {alertname: A}, quiet: {severity: warning}, equal: [service]}]"));
    assert_eq!(
        built.value["inhibit_rules"],
        json!([{
            "source_matchers": ["alertname=\"A\""], "target_matchers": ["severity=\"warning\""], "equal": ["service"],
        }])
    );
}
