//! Filling in what an expression leaves open: the scrape job of its series, the window that an SLO asks over.

use super::{Expr, Kind, MatchOp, Matcher, Range, Selector, Window};

/// Adds `job="..."` as the first matcher of every selector that says nothing about its job.
pub fn bind_to_job(expr: &mut Expr, job: &str) {
    match &mut expr.kind {
        Kind::Selector(selector) | Kind::Matrix { selector, .. } => bind_selector(selector, job),
        Kind::Number(_) | Kind::Float(_) | Kind::Text(_) => {}
        Kind::Paren(inner) => bind_to_job(inner, job),
        Kind::Subquery { expr, .. } | Kind::Unary { expr, .. } => bind_to_job(expr, job),
        Kind::Call(call) => call.args.iter_mut().for_each(|arg| bind_to_job(arg, job)),
        Kind::Aggregate(aggregate) => {
            if let Some(param) = &mut aggregate.param {
                bind_to_job(param, job);
            }
            bind_to_job(&mut aggregate.expr, job);
        }
        Kind::Binary(binary) => {
            bind_to_job(&mut binary.left, job);
            bind_to_job(&mut binary.right, job);
        }
    }
}

/// The same for one selector.
pub fn bind_selector(selector: &mut Selector, job: &str) {
    if selector.matchers.iter().all(|matcher| matcher.label != "job") {
        let (label, value) = ("job".to_owned(), job.to_owned());
        selector.matchers.insert(0, Matcher { label: label.into(), op: MatchOp::Equal, value, at: Range::default() });
    }
}

/// The expression with `$window` replaced by a window.
pub fn bind_window(expr: &Expr, window: impl Into<Window>) -> Expr {
    let mut bound = expr.clone();
    fill_window(&mut bound, window.into());
    bound
}

fn fill_window(expr: &mut Expr, window: Window) {
    let fill = |range: &mut Window| {
        if *range == Window::Objective {
            *range = window;
        }
    };
    match &mut expr.kind {
        Kind::Number(_) | Kind::Float(_) | Kind::Text(_) | Kind::Selector(_) => {}
        Kind::Matrix { range, .. } => fill(range),
        Kind::Paren(inner) | Kind::Unary { expr: inner, .. } => fill_window(inner, window),
        Kind::Subquery { expr, range, .. } => {
            fill(range);
            fill_window(expr, window);
        }
        Kind::Call(call) => call.args.iter_mut().for_each(|arg| fill_window(arg, window)),
        Kind::Aggregate(aggregate) => {
            if let Some(param) = &mut aggregate.param {
                fill_window(param, window);
            }
            fill_window(&mut aggregate.expr, window);
        }
        Kind::Binary(binary) => {
            fill_window(&mut binary.left, window);
            fill_window(&mut binary.right, window);
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn fills_every_window_that_is_left_open() {
        let expr = crate::promql::parse_events("sum(rate(a[$window])) - max_over_time(b[1h:1m] offset 5m)").unwrap();
        let bound = super::bind_window(&expr, crate::quantity::Duration::hours(6));
        assert_eq!(bound.to_string(), "sum(rate(a[6h])) - max_over_time(b[1h:1m] offset 5m)");
        let fault = crate::promql::parse("rate(a[$window])").unwrap_err().remove(0);
        assert_eq!(fault.message, "`$window` is known only where an SLO counts its `events`");
    }

    #[test]
    fn binds_what_is_not_bound() {
        let mut expr = crate::promql::parse("min(a{x=\"1\"}) - max_over_time(b{job=~\"c|d\"}[5m]) + time()").unwrap();
        super::bind_to_job(&mut expr, "api");
        let bound = "min(a{job=\"api\", x=\"1\"}) - max_over_time(b{job=~\"c|d\"}[5m]) + time()";
        assert_eq!(expr.to_string(), bound);
    }
}
