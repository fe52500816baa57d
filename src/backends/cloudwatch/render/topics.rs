//! topics.tf: topics that alarms can really publish to. The key that AWS keeps for SNS does not let
//! CloudWatch in, so the topics have a key of their own.

use super::super::terraform::{Stack, Topic};
use super::policy::{Principal, Statement, account, arn, policy};
use super::{number, of, resource, setting};
use crate::writers::hcl::{Body, Expression};

/// Service principal of alarms.
const CLOUDWATCH: &str = "cloudwatch.amazonaws.com";

/// Label of the key.
const KEY: &str = "alerts";

/// Days in which a deleted key can be had back: the longest time there is.
const DELETION_WINDOW: u64 = 30;

pub(super) fn topics(stack: &Stack) -> Body {
    if stack.topics.is_empty() {
        return Body::new();
    }
    stack.topics.iter().fold(key(stack), |file, one| topic(stack, file, one))
}

fn key(stack: &Stack) -> Body {
    let statements = [
        Statement {
            id: "Account",
            denies: false,
            principal: Principal::Account(&stack.region),
            actions: &["kms:*"],
            resources: vec!["*".into()],
            conditions: Vec::new(),
        },
        Statement {
            id: "Alarms",
            denies: false,
            principal: Principal::Service(CLOUDWATCH),
            actions: &["kms:Decrypt", "kms:GenerateDataKey*"],
            resources: vec!["*".into()],
            conditions: vec![("StringEquals", "aws:SourceAccount", account())],
        },
    ];
    let key = Body::new()
        .attribute("description", format!("Messages of {} alarms", stack.prefix))
        .attribute("enable_key_rotation", true)
        .attribute("deletion_window_in_days", number(DELETION_WINDOW))
        .attribute("policy", policy(&statements));
    let alias = Body::new()
        .attribute("name", format!("alias/{}-{KEY}", stack.prefix))
        .attribute("target_key_id", of("aws_kms_key", KEY, "key_id"));
    resource(resource(Body::new(), "aws_kms_key", KEY, key), "aws_kms_alias", KEY, alias)
}

fn topic(stack: &Stack, file: Body, topic: &Topic) -> Body {
    let label = topic.label.as_str();
    let arn_of_topic = || of("aws_sns_topic", label, "arn");
    let declared = Body::new()
        .attribute("name", topic.name.as_str())
        .optional("display_name", topic.display_name.as_deref())
        .attribute("kms_master_key_id", of("aws_kms_key", KEY, "arn"));
    let alarms = arn(&stack.region, &[&format!("cloudwatch:{}:", stack.region), "ACCOUNT", ":alarm:*"]);
    let publish = Statement {
        id: "Alarms",
        denies: false,
        principal: Principal::Service(CLOUDWATCH),
        actions: &["sns:Publish"],
        resources: vec![arn_of_topic()],
        conditions: vec![("ArnLike", "aws:SourceArn", alarms), ("StringEquals", "aws:SourceAccount", account())],
    };
    let allowed = Body::new().attribute("arn", arn_of_topic()).attribute("policy", policy(&[publish]));
    let file = resource(file, "aws_sns_topic", label, declared);
    let file = resource(file, "aws_sns_topic_policy", label, allowed);
    topic.subscriptions.iter().fold(file, |file, subscription| {
        let body = Body::new()
            .attribute("topic_arn", arn_of_topic())
            .attribute("protocol", subscription.protocol)
            .attribute("endpoint", setting(&subscription.endpoint))
            .optional("endpoint_auto_confirms", subscription.confirms_itself.then_some(Expression::Bool(true)));
        resource(file, "aws_sns_topic_subscription", &subscription.label, body)
    })
}
