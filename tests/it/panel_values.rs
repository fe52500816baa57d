//! What the panels of SLOs show, asked of the real Prometheus over series whose answers are known.

use serde_json::{Value, json};

use crate::support::{root, scratch::Scratch, tools};

/// A recorded series of an SLO, always of this value from some minute on.
fn series(name: &str, slo: &str, service: &str, from: u32, value: &str) -> Value {
    let before = if from > 0 { format!("_x{} ", from - 1) } else { String::new() };
    json!({
        "series": format!("{name}{{slo=\"{slo}\", service=\"{service}\", replica=\"a\"}}"),
        "values": format!("{before}{value}x300"),
    })
}

/// Half of two budgets is left: one burns at twice the allowed rate, the other did and has stopped.
fn recorded() -> Vec<Value> {
    let mut all = Vec::new();
    for (slo, service) in [("backend-api-availability", "backend-api"), ("redis-cache-hit-rate", "redis")] {
        for (name, value) in [
            ("slo:objective:ratio", "0.75"),
            ("slo:error_budget:ratio", "0.25"),
            ("slo:time_period:days", "30"),
            ("slo:period_error_budget_remaining:ratio", "0.5"),
            ("slo:error_ratio:rate1h", "0.5"),
            ("slo:error_ratio:rate6h", "0.125"),
            ("slo:error_ratio:rate1d", "0.25"),
            ("slo:error_ratio:rate3d", "0"),
        ] {
            all.push(series(name, slo, service, 0, value));
        }
        all.push(series("slo:total:rate5m", slo, service, 60, "8"));
        all.push(series("slo:bad:rate5m", slo, service, 60, "2"));
    }
    let probe = |path: &str, values: &str| {
        let name = format!("probe_success{{job=\"backend-api-probe\", instance=\"{path}\"}}");
        json!({ "series": name, "values": values })
    };
    all.extend([probe("/health", "1x60 0x240"), probe("/ready", "1x300")]);
    all
}

/// The question of a panel, by its letter, with the time that Grafana would fill in.
fn question(dashboard: &str, title: &str, letter: &str) -> String {
    let path = root().join(format!("generated/ims/grafana/dashboards/{dashboard}.json"));
    let board: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let panel = board["panels"].as_array().unwrap().iter().find(|panel| panel["title"] == title).unwrap().clone();
    let target = panel["targets"].as_array().unwrap().iter().find(|target| target["refId"] == letter).unwrap().clone();
    target["expr"].as_str().unwrap().replace("$__interval", "5m").replace("$__range", "2h")
}

fn asked(dashboard: &str, title: &str, letter: &str, answers: &[(&str, f64)]) -> Value {
    let answers: Vec<Value> =
        answers.iter().map(|(labels, value)| json!({ "labels": labels, "value": value })).collect();
    json!({ "expr": question(dashboard, title, letter), "eval_time": "4h", "exp_samples": answers })
}

fn questions(burning: f64) -> Vec<Value> {
    let (api, redis) = (
        r#"{service="backend-api", slo="backend-api-availability"}"#,
        r#"{service="redis", slo="redis-cache-hit-rate"}"#,
    );
    let detailed = |labels: &str, uid: &str| labels.replace('}', &format!(", dashboard=\"{uid}\"}}"));
    let (board, own) = ("slos", "slos-backend-api");
    let table = "All objectives";
    let day = 86_400.0;
    let detailed = [detailed(api, "ims-slos-backend-api"), detailed(redis, "ims-slos-redis")];
    vec![
        asked(board, table, "A", &[(&detailed[0], 0.75), (&detailed[1], 0.75)]),
        asked(board, table, "B", &[(api, 0.875), (redis, 0.875)]),
        asked(board, table, "C", &[(api, 0.5), (redis, 0.5)]),
        // An hour of the API, a day of Redis, whose tiers look at no hour.
        asked(board, table, "D", &[(api, burning), (redis, 1.0)]),
        // Redis has stopped burning: no time is left to tell.
        asked(board, table, "E", &[(api, 30.0 * day)]),
        asked(own, "Outage left", "A", &[(api, 1296.0)]),
        asked(own, "Data since", "A", &[(api, 3_600_000.0)]),
        asked(own, "Events", "A", &[(api, 2.0)]),
        asked(own, "Events", "B", &[(api, 6.0)]),
        // All of what failed in two hours is the health endpoint's: half of all probes, a thousandth is allowed.
        asked(own, "Who spends the budget", "A", &[(r#"{instance="/health"}"#, 500.0)]),
    ]
}

/// What promtool says of the panels' answers.
fn verdict(tool: &tools::Tool, burning: f64) -> Result<String, String> {
    let test = json!({
        "evaluation_interval": "1m",
        "tests": [{ "interval": "1m", "input_series": recorded(), "promql_expr_test": questions(burning) }],
    });
    let folder = Scratch::new("panels");
    folder.write("panels.yml", &test.to_string());
    tools::run(tool.command().arg("test").arg("rules").arg(folder.path().join("panels.yml")))
}

#[test]
fn panels_of_objectives_show_what_is_true() {
    for tool in tools::versions("promtool") {
        assert_eq!(verdict(&tool, 2.0).map(drop), Ok(()), "{}", tool.set);
        let wrong = verdict(&tool, 3.0).unwrap_err();
        assert!(wrong.contains("slo:error_ratio:rate1h"), "{}: {wrong}", tool.set);
    }
}
