//! The rules that the peers generate, written anew from their documentation: the least of each that
//! shows what it does. The sources that were read are Sloth 0.16, Pyrra 0.10 and slo-libsonnet of 2022.

use serde_json::{Value, json};

/// Bad and all requests over the window `{{w}}`, as their users write them.
pub(crate) const BAD: &str = r#"sum(rate(reqs_total{job="api", code=~"5.."}[{{w}}]))"#;
/// All requests over the window `{{w}}`.
pub(crate) const ALL: &str = r#"sum(rate(reqs_total{job="api"}[{{w}}]))"#;

fn rule_file(groups: Vec<Value>) -> String {
    json!({ "groups": groups }).to_string()
}

/// Sloth: eight ratios, what is derived of them, a page and a ticket of two window pairs each; in three
/// groups. slokit writes the same.
pub(crate) struct Sloth {
    pub(crate) error_query: &'static str,
    pub(crate) total_query: &'static str,
    /// In percent.
    pub(crate) objective: f64,
    pub(crate) days: u32,
    /// Labels that the user wants on everything; they win over Sloth's own.
    pub(crate) labels: &'static [(&'static str, &'static str)],
}

impl Default for Sloth {
    fn default() -> Self {
        Self { error_query: BAD, total_query: ALL, objective: 99.9, days: 30, labels: &[] }
    }
}

/// Sloth's selector of its own series.
pub(crate) const SLOTH: &str = r#"{sloth_id="api-availability", sloth_service="api", sloth_slo="availability"}"#;

/// Names of Sloth's groups.
pub(crate) const SLOTH_GROUPS: [&str; 3] = [
    "sloth-slo-sli-recordings-api-availability",
    "sloth-slo-meta-recordings-api-availability",
    "sloth-slo-alerts-api-availability",
];

impl Sloth {
    fn labels(&self, more: &[(&str, &str)]) -> Value {
        let own = [("sloth_id", "api-availability"), ("sloth_service", "api"), ("sloth_slo", "availability")];
        let all = own.iter().chain(more).chain(self.labels);
        all.map(|(label, value)| ((*label).to_owned(), json!(value))).collect::<serde_json::Map<_, _>>().into()
    }

    /// Share of the budget and hours of the long window, per pair: 2 %/1h, 5 %/6h, 10 %/1d, 10 %/3d.
    fn factor(&self, percent: f64, hours: f64) -> f64 {
        percent / 100.0 * f64::from(self.days) * 24.0 / hours
    }

    pub(crate) fn rules(&self) -> String {
        rule_file(vec![self.ratios(), self.derived(), self.alerts()])
    }

    fn ratios(&self) -> Value {
        let record = |window: &str, expr: String| {
            let labels = self.labels(&[("sloth_window", window)]);
            json!({"record": format!("slo:sli_error:ratio_rate{window}"), "expr": expr, "labels": labels})
        };
        let query = |window: &str| {
            let over = |query: &str| query.replace("{{w}}", window);
            format!("({}) / ({})", over(self.error_query), over(self.total_query))
        };
        let mut rules: Vec<Value> =
            ["5m", "30m", "1h", "2h", "6h", "1d", "3d"].map(|window| record(window, query(window))).into();
        let period = format!("{}d", self.days);
        let average = format!(
            "sum_over_time(slo:sli_error:ratio_rate5m{SLOTH}[{period}]) / ignoring (sloth_window) count_over_time(slo:sli_error:ratio_rate5m{SLOTH}[{period}])"
        );
        rules.push(record(&period, average));
        json!({"name": SLOTH_GROUPS[0], "rules": rules})
    }

    fn derived(&self) -> Value {
        let record = |name: &str, expr: String| json!({"record": name, "expr": expr, "labels": self.labels(&[])});
        let (objective, days) = (self.objective / 100.0, self.days);
        let burn = |window: &str| {
            format!(
                "slo:sli_error:ratio_rate{window}{SLOTH} / on(sloth_id, sloth_slo, sloth_service) group_left slo:error_budget:ratio{SLOTH}"
            )
        };
        let rules = [
            record("slo:objective:ratio", format!("vector({objective})")),
            record("slo:error_budget:ratio", format!("vector(1-{objective})")),
            record("slo:time_period:days", format!("vector({days})")),
            record("slo:current_burn_rate:ratio", burn("5m")),
            record("slo:period_burn_rate:ratio", burn(&format!("{days}d"))),
            record("slo:period_error_budget_remaining:ratio", format!("1 - slo:period_burn_rate:ratio{SLOTH}")),
        ];
        json!({"name": SLOTH_GROUPS[1], "rules": rules})
    }

    fn alerts(&self) -> Value {
        let budget = 1.0 - self.objective / 100.0;
        let pair = |short: &str, long: &str, factor: f64| {
            let burns = |window: &str| {
                format!("max(slo:sli_error:ratio_rate{window}{SLOTH} > ({factor} * {budget})) without (sloth_window)")
            };
            format!("({} and {})", burns(short), burns(long))
        };
        let alert = |severity: &str, quick: String, slow: String| json!({"alert": "APIErrorBudgetBurn", "expr": format!("{quick} or {slow}"), "labels": {"sloth_severity": severity}});
        let rules = [
            alert("page", pair("5m", "1h", self.factor(2.0, 1.0)), pair("30m", "6h", self.factor(5.0, 6.0))),
            alert("ticket", pair("2h", "1d", self.factor(10.0, 24.0)), pair("6h", "3d", self.factor(10.0, 72.0))),
        ];
        json!({"name": SLOTH_GROUPS[2], "rules": rules})
    }
}

/// Pyrra: its table for 28 days (long and short window and `for` in minutes, factor, severity), scaled to the
/// SLO's window and rounded to whole minutes.
const PYRRA: [(f64, f64, f64, u32, &str); 4] = [
    (60.0, 5.0, 2.0, 14, "critical"),
    (360.0, 30.0, 15.0, 7, "critical"),
    (1440.0, 120.0, 60.0, 2, "warning"),
    (5760.0, 360.0, 180.0, 1, "warning"),
];

/// Pyrra's rules for an objective (`0.999`) over some days: a ratio for each window, an alert for each pair.
pub(crate) fn pyrra(objective: &str, days: f64) -> String {
    let minutes = |at_28_days: f64| format!("{}", (at_28_days * days / 28.0).round());
    let written = |minutes: &str| if minutes == "0" { "0s".to_owned() } else { format!("{minutes}m") };
    let (mut recorded, mut rules) = (Vec::new(), Vec::new());
    for (long, short, hold, factor, severity) in PYRRA {
        let [long, short, hold] = [long, short, hold].map(|window| written(&minutes(window)));
        for window in [&short, &long] {
            if !recorded.contains(window) {
                recorded.push(window.clone());
                let expr = format!("{} / {}", BAD.replace("{{w}}", window), ALL.replace("{{w}}", window));
                rules.push(json!({"record": format!("reqs:burnrate{window}"), "expr": expr, "labels": {"job": "api", "slo": "availability"}}));
            }
        }
        let burns = |window: &str| {
            format!("reqs:burnrate{window}{{job=\"api\", slo=\"availability\"}} > ({factor} * (1-{objective}))")
        };
        let labels = json!({"short": short, "long": long, "severity": severity, "job": "api", "slo": "availability"});
        rules.push(json!({"alert": "ErrorBudgetBurn", "for": hold, "expr": format!("{} and {}", burns(&short), burns(&long)), "labels": labels}));
    }
    rule_file(vec![json!({"name": "availability", "interval": "30s", "rules": rules})])
}

/// slo-libsonnet's first pair: the objective is printed with five decimals.
pub(crate) fn slo_libsonnet(objective: f64) -> String {
    let record = |window: &str| {
        json!({"record": format!("reqs:burnrate{window}"), "labels": {"job": "api"},
            "expr": format!("{} / {}", BAD.replace("{{w}}", window), ALL.replace("{{w}}", window))})
    };
    let burns = |window: &str| format!("sum(reqs:burnrate{window}{{job=\"api\"}}) > (14.40 * (1-{objective:.5}))");
    let alert = json!({"alert": "ErrorBudgetBurn", "for": "2m", "labels": {"severity": "critical"},
        "expr": format!("{} and {}", burns("5m"), burns("1h"))});
    rule_file(vec![json!({"name": "reqs", "rules": [record("5m"), record("1h"), alert]})])
}

/// Slow requests over the window `{{w}}` as their users write them: all less those in a bucket.
pub(crate) const SLOWER_THAN_1: &str =
    r#"(sum(rate(took_seconds_count{job="api"}[{{w}}])) - sum(rate(took_seconds_bucket{job="api", le="1"}[{{w}}])))"#;
/// The same of a bucket that the histogram does not have.
pub(crate) const SLOWER_THAN_0_4: &str =
    r#"(sum(rate(took_seconds_count{job="api"}[{{w}}])) - sum(rate(took_seconds_bucket{job="api", le="0.4"}[{{w}}])))"#;
/// All requests of the histogram.
pub(crate) const TIMED: &str = r#"sum(rate(took_seconds_count{job="api"}[{{w}}]))"#;
