//! IAM policies: who may do what with which resource, under which conditions.

use crate::writers::hcl::{Expression, Part};

/// A statement that allows, or denies.
#[derive(Debug)]
pub(super) struct Statement<'a> {
    pub(super) id: &'a str,
    pub(super) denies: bool,
    pub(super) principal: Principal<'a>,
    pub(super) actions: &'a [&'a str],
    pub(super) resources: Vec<Expression>,
    /// Operator, key, value.
    pub(super) conditions: Vec<(&'a str, &'a str, Expression)>,
}

/// Who a statement is about.
#[derive(Debug)]
pub(super) enum Principal<'a> {
    /// Whoever the policy is attached to.
    Bearer,
    /// A service of AWS.
    Service(&'a str),
    /// The account that Terraform runs in; its own policies decide further.
    Account(&'a str),
    /// Anybody: only in statements that deny.
    Anybody,
}

/// The policy as JSON text.
pub(super) fn policy(statements: &[Statement]) -> Expression {
    let document = Expression::object([
        ("Version", "2012-10-17".into()),
        ("Statement", Expression::List(statements.iter().map(statement).collect())),
    ]);
    Expression::call("jsonencode", vec![document])
}

fn statement(statement: &Statement) -> Expression {
    let mut entries: Vec<(&str, Expression)> =
        vec![("Sid", statement.id.into()), ("Effect", if statement.denies { "Deny" } else { "Allow" }.into())];
    match statement.principal {
        Principal::Bearer => {}
        Principal::Service(service) => entries.push(("Principal", Expression::object([("Service", service)]))),
        Principal::Account(region) => {
            let root = arn(region, &["iam::", "ACCOUNT", ":root"]);
            entries.push(("Principal", Expression::object([("AWS", root)])));
        }
        Principal::Anybody => entries.push(("Principal", "*".into())),
    }
    entries.push(("Action", Expression::list(statement.actions.iter().copied())));
    if !statement.resources.is_empty() {
        entries.push(("Resource", Expression::List(statement.resources.clone())));
    }
    if !statement.conditions.is_empty() {
        let condition = |(operator, key, value): &(&'_ str, &'_ str, Expression)| {
            ((*operator).to_owned(), Expression::object([(*key, value.clone())]))
        };
        entries.push(("Condition", Expression::Object(statement.conditions.iter().map(condition).collect())));
    }
    Expression::object(entries)
}

/// The account that Terraform runs in.
pub(super) fn account() -> Expression {
    Expression::reference(["data", "aws_caller_identity", "current", "account_id"])
}

/// `arn:aws:` and the parts; `ACCOUNT` stands for the account that Terraform runs in.
pub(super) fn arn(region: &str, parts: &[&str]) -> Expression {
    let begin = Part::Literal(format!("arn:{}:", partition(region)));
    let parts = parts.iter().map(|&part| match part {
        "ACCOUNT" => Part::Interpolation(account()),
        text => Part::Literal(text.to_owned()),
    });
    Expression::Template(std::iter::once(begin).chain(parts).collect())
}

/// The part of AWS that a region belongs to.
fn partition(region: &str) -> &'static str {
    if region.starts_with("cn-") {
        "aws-cn"
    } else if region.starts_with("us-gov-") {
        "aws-us-gov"
    } else {
        "aws"
    }
}
