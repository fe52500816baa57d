//! Binding every series of an expression to one scrape job.

use super::{Expr, Kind, MatchOp, Matcher, Range, Selector};

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
        selector.matchers.insert(0, Matcher { label, op: MatchOp::Equal, value, at: Range::default() });
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn binds_what_is_not_bound() {
        let mut expr = crate::promql::parse("min(a{x=\"1\"}) - max_over_time(b{job=~\"c|d\"}[5m]) + time()").unwrap();
        super::bind_to_job(&mut expr, "api");
        let bound = "min(a{job=\"api\", x=\"1\"}) - max_over_time(b{job=~\"c|d\"}[5m]) + time()";
        assert_eq!(expr.to_string(), bound);
    }
}
