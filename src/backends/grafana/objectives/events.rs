//! What an SLO counts: good and bad events, how long they took, and where the bad ones come from.

use serde_json::json;

use super::{Asked, Sketch, identity, percent, series};
use crate::backends::grafana::config::{Matcher, Override, Panel, Property};
use crate::backends::grafana::signals::{observations, prometheus};
use crate::backends::grafana::visual::Visual;
use crate::conventions::{slo_bad_rate, slo_total_rate};
use crate::dashboards::dimensions;
use crate::model::{Platform, Sli, Slo, View};
use crate::promql::build::{NO_LABELS, greater, matched, max_by, mul, number, over_time, sub, topk};
use crate::promql::{BinaryOp, Expr, Matching, Window};
use crate::quantity::print_decimal;
use crate::signals::sli::bad_and_all;

/// The time that panels on raw series show: they have far more samples than recorded ones.
const RAW: &str = "1d";

/// Most combinations of labels that a panel tells apart.
const SPENDERS: u32 = 10;

/// Averages over each step, so that what is drawn is as much as what was counted.
pub(super) fn events(slo: &Slo) -> Sketch {
    let rate = |name: String| -> Expr {
        max_by(identity([slo]), over_time("avg_over_time", series(name, slo), Window::Interval))
    };
    let (bad, all) = (|| rate(slo_bad_rate(slo.grain)), rate(slo_total_rate(slo.grain)));
    let asked = vec![Asked::new("bad", bad()).step(slo.grain), Asked::new("good", sub(all, bad())).step(slo.grain)];
    let said = format!("Events a second, counted over {}: bad ones, and good ones on top of them", slo.grain);
    let sketch = Sketch::new("Events", said, Visual::lines(false), "cps", asked);
    let colored = |letter: &str, color: &str| Override {
        matcher: Matcher { id: "byFrameRefID", options: letter.to_owned() },
        properties: vec![Property { id: "color", value: json!({ "mode": "fixed", "fixedColor": color }) }],
    };
    Sketch { stacked: true, overrides: vec![colored("A", "red"), colored("B", "green")], ..sketch }
}

/// How long events took, of an SLO on a latency.
pub(super) fn distribution(platform: &Platform, slo: &Slo) -> Option<Panel> {
    let Sli::Within { histogram, native, bound } = &slo.sli else { return None };
    let said =
        format!("How many events a second took how long. Good are those within {}s.", print_decimal(bound.value));
    let panel = Sketch::new("Time taken", said, Visual::heatmap("s"), "s", Vec::new()).draw();
    let asked = observations(&histogram.value, *native);
    let target = prometheus(platform, asked, "A", "{{le}}".to_owned(), View::Heatmap, None);
    Some(Panel { targets: vec![target], time_from: Some(RAW), ..panel })
}

/// Where the budget goes: shares of what the time shown allows, by the labels that events are told apart by.
pub(super) fn spenders(platform: &Platform, slo: &Slo) -> Option<Sketch> {
    let labels = dimensions(platform.service(&slo.service)?, slo);
    let bad = bad_and_all(&slo.sli, Window::Range, &labels)?.bad;
    let allowed = mul(bad_and_all(&slo.sli, Window::Range, &[])?.all, number(slo.budget()));
    let share = matched(BinaryOp::Div, bad, Matching::on(NO_LABELS).group_left(NO_LABELS), allowed);
    let expr = topk(SPENDERS, greater(share, number(0)));
    let legend: Vec<String> = labels.iter().map(|label| format!("{{{{{label}}}}}")).collect();
    let said = format!(
        "The {SPENDERS} values of {} with the most bad events in the time shown, as shares of the {} that may be bad",
        labels.join(", "),
        percent(slo.budget()),
    );
    let asked = Asked { legend: legend.join(" "), ..Asked::new("", expr) };
    let sketch = Sketch::new("Who spends the budget", said, Visual::bars(), "percentunit", vec![asked]);
    Some(Sketch { time_from: Some(RAW), nothing: "no bad events", decimals: Some(1), ..sketch })
}
