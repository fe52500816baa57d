//! Argo Rollouts, and the analysis that judges a new version by the signal and the bound of an alert.

use indexmap::IndexMap;

use super::lower::metadata;
use super::objects::{LabelSelector, Object, Spec};
use super::problems::CLASHING_ANALYSIS;
use super::rollout::{
    AnalysisTemplate, Argument, BackgroundAnalysis, Canary, Measured, Pause, Provider, Query, Rollout, Step, Strategy,
    TemplateRef, WorkloadRef,
};
use super::workloads;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::model::{
    self, Analysis, ClusterLabels, Condition, Kubernetes, Platform, RolloutStep, Service, Threshold, Workload,
};
use crate::promql::{Expr, Kind, MatchOp, Selector};
use crate::quantity::print_decimal;
use crate::signals;
use crate::source::Span;

const ARGO: &str = "argoproj.io/v1alpha1";

/// The argument that says which service is judged.
const SERVICE: &str = "service-name";

/// Templates first, then the rollouts that use them.
pub(super) fn objects(platform: &Platform, cluster: &Kubernetes, diagnostics: &mut Diagnostics) -> Vec<Object> {
    let mut templates: IndexMap<&str, (AnalysisTemplate, Span)> = IndexMap::new();
    let mut rollouts = Vec::new();
    let named = |name: &str| metadata(platform, cluster, name, &ClusterLabels::new());
    for (service, workload) in workloads::running(platform) {
        let Some(rollout) = &workload.rollout else { continue };
        let mut arguments = vec![argument(SERVICE, Some(service.name.value.clone()))];
        let mut used = Vec::new();
        for analysis in &rollout.analysis {
            let Some(question) = question(service, analysis) else { continue };
            arguments.extend(question.bound.as_ref().map(|bound| argument(&bound_of(analysis), Some(bound.clone()))));
            used.push(TemplateRef { template_name: analysis.name.value.clone() });
            let template = template(cluster, analysis, &question);
            match templates.get(analysis.name.as_str()) {
                Some((known, place)) if !same_question(known, &template) => {
                    let message = format!("the analysis `{}` asks something else here", analysis.name.value);
                    let diagnostic = Diagnostic::new(&CLASHING_ANALYSIS, analysis.name.span, message);
                    diagnostics.push(diagnostic.also(*place, "first here").help("give one of them another name"));
                }
                Some(_) => {}
                None => {
                    templates.insert(&analysis.name.value, (template, analysis.name.span));
                }
            }
        }
        let spec = of_workload(workload, rollout, used, arguments);
        rollouts.push(Object {
            api_version: ARGO,
            kind: "Rollout",
            metadata: named(&workload.name.value),
            spec: Some(Spec::Rollout(Box::new(spec))),
            ..Object::default()
        });
    }
    let template = |(name, (template, _)): (&str, (AnalysisTemplate, Span))| Object {
        api_version: ARGO,
        kind: "AnalysisTemplate",
        metadata: named(name),
        spec: Some(Spec::AnalysisTemplate(template)),
        ..Object::default()
    };
    templates.into_iter().map(template).chain(rollouts).collect()
}

/// Whether two services can share a template: their bounds are arguments.
fn same_question(left: &AnalysisTemplate, right: &AnalysisTemplate) -> bool {
    left.metrics == right.metrics
}

fn argument(name: &str, value: Option<String>) -> Argument {
    Argument { name: name.to_owned(), value }
}

/// The argument that holds an analysis' bound. The analyses of one rollout share their arguments.
fn bound_of(analysis: &Analysis) -> String {
    format!("{}-bound", analysis.name.value)
}

/// What an analysis asks: of a service that is an argument, and (where the alert has a fixed one) against a bound.
struct Question {
    query: Expr,
    bound: Option<String>,
    compare: &'static str,
}

/// The signal's value against the alert's bound; where the bound moves, the alert's whole condition, which should
/// not hold.
fn question(service: &Service, analysis: &Analysis) -> Option<Question> {
    let threshold = service.thresholds.iter().find(|one| one.name.value == analysis.threshold.value)?;
    let signal = threshold.signal.as_ref().and_then(|name| service.signals.get(&name.value));
    let value = |threshold: &Threshold| signals::condition::value(threshold, signal?);
    let (query, bound, compare) = match &threshold.condition {
        Condition::Above(bound) => (value(threshold)?, Some(print_decimal(bound.value)), "<="),
        Condition::Below(bound) => (value(threshold)?, Some(print_decimal(bound.value)), ">="),
        _ => (signals::condition(threshold, signal)?, None, ""),
    };
    Some(Question { query: of_argument(query, service), bound, compare })
}

/// The same expression about whichever service the argument names: its jobs all carry the label `service`.
fn of_argument(mut expr: Expr, service: &Service) -> Expr {
    replace(&mut expr, service);
    expr
}

fn replace(expr: &mut Expr, service: &Service) {
    match &mut expr.kind {
        Kind::Selector(selector) | Kind::Matrix { selector, .. } => about(selector, service),
        Kind::Subquery { expr, .. } | Kind::Unary { expr, .. } | Kind::Paren(expr) => replace(expr, service),
        Kind::Call(call) => call.args.iter_mut().for_each(|argument| replace(argument, service)),
        Kind::Aggregate(aggregate) => replace(&mut aggregate.expr, service),
        Kind::Binary(binary) => {
            replace(&mut binary.left, service);
            replace(&mut binary.right, service);
        }
        Kind::Number(_) | Kind::Float(_) | Kind::Text(_) => {}
    }
}

fn about(selector: &mut Selector, service: &Service) {
    let is_own = |label: &str, value: &str| match label {
        "job" => service.jobs.iter().any(|job| job.name.value == value),
        label => label == "service" && value == service.name.value,
    };
    for matcher in &mut selector.matchers {
        if matcher.op == MatchOp::Equal && is_own(&matcher.label, &matcher.value) {
            matcher.label = "service".into();
            matcher.value = format!("{{{{args.{SERVICE}}}}}");
        }
    }
}

/// Silence is no failure: a new version that gets no requests yet has done nothing wrong.
fn template(cluster: &Kubernetes, analysis: &Analysis, question: &Question) -> AnalysisTemplate {
    let bound = bound_of(analysis);
    let arguments = [Some(argument(SERVICE, None)), question.bound.clone().map(|value| argument(&bound, Some(value)))];
    let good = match &question.bound {
        Some(_) => format!("len(result) == 0 || result[0] {} {{{{args.{bound}}}}}", question.compare),
        None => "len(result) == 0".to_owned(),
    };
    AnalysisTemplate {
        args: arguments.into_iter().flatten().collect(),
        metrics: vec![Measured {
            name: analysis.name.value.clone(),
            interval: format!("{}s", analysis.interval.as_seconds()),
            failure_limit: analysis.failures,
            success_condition: good,
            provider: Provider {
                prometheus: Query { address: cluster.prometheus.clone(), query: question.query.pretty() },
            },
        }],
    }
}

fn of_workload(
    workload: &Workload,
    rollout: &model::Rollout,
    templates: Vec<TemplateRef>,
    args: Vec<Argument>,
) -> Rollout {
    let step = |step: &RolloutStep| match step {
        RolloutStep::Weight(percent) => Step { set_weight: Some(*percent), ..Step::default() },
        RolloutStep::Pause(model::Pause::For(time)) => {
            Step { pause: Some(Pause { duration: Some(format!("{}s", time.as_seconds())) }), ..Step::default() }
        }
        RolloutStep::Pause(model::Pause::Approval) => Step { pause: Some(Pause::default()), ..Step::default() },
    };
    let analysis = BackgroundAnalysis {
        templates,
        // Argo counts from nought.
        starting_step: rollout.analysis_from.map(|step| step.saturating_sub(1)),
        args,
    };
    Rollout {
        replicas: workload.replicas.filter(|_| workload.autoscale.is_none()),
        selector: LabelSelector { match_labels: workload.labels.clone() },
        workload_ref: WorkloadRef::of(&workloads::scaled(workload)),
        strategy: Strategy {
            canary: Canary {
                stable_service: rollout.stable_service.clone(),
                canary_service: rollout.canary_service.clone(),
                analysis: Some(analysis).filter(|analysis| !analysis.templates.is_empty()),
                steps: rollout.steps.iter().map(step).collect(),
            },
        },
    }
}
