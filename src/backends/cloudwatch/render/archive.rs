//! archive.tf: log groups to a bucket, continuously. CloudWatch Logs hands lines to Firehose, which writes them
//! in batches; each of the two acts in a role that may do just that.

use super::super::names;
use super::super::terraform::{Archive, Stack, Stream};
use super::policy::{Principal, Statement, account, arn, policy};
use super::{number, of, resource, setting};
use crate::writers::hcl::{Body, Expression, Part};

/// Label of everything there is one of.
const ARCHIVE: &str = "archive";

/// Labels of the two roles.
const FIREHOSE_ROLE: &str = "archive_firehose";
const LOGS_ROLE: &str = "archive_logs";

/// Days after which objects move to colder storage, which is still read at once.
const COLD_AFTER: u64 = 90;

/// Days after which the parts of an upload that never ended are removed.
const ABORT_AFTER: u64 = 7;

/// Seconds and megabytes after which Firehose writes an object, whichever comes first.
const BUFFER: (u64, u64) = (300, 64);

/// Actions of Firehose on its bucket.
const WRITE: [&str; 6] = [
    "s3:AbortMultipartUpload",
    "s3:GetBucketLocation",
    "s3:GetObject",
    "s3:ListBucket",
    "s3:ListBucketMultipartUploads",
    "s3:PutObject",
];

pub(super) fn archive(stack: &Stack) -> Body {
    let Some(archive) = &stack.archive else { return Body::new() };
    let file = bucket(archive);
    let file = protection(file, archive);
    let file = firehose_role(file, stack);
    let file = logs_role(file, stack, archive);
    archive.streams.iter().fold(file, stream)
}

fn bucket_arn() -> Expression {
    of("aws_s3_bucket", ARCHIVE, "arn")
}

/// Everything in the bucket.
fn objects_arn() -> Expression {
    Expression::Template(vec![Part::Interpolation(bucket_arn()), Part::Literal("/*".to_owned())])
}

/// A body on the archive bucket, in its region.
fn on_bucket(archive: &Archive) -> Body {
    Body::new()
        .optional("region", archive.region.as_ref().map(setting))
        .attribute("bucket", of("aws_s3_bucket", ARCHIVE, "id"))
}

fn bucket(archive: &Archive) -> Body {
    let body = Body::new()
        .optional("region", archive.region.as_ref().map(setting))
        .attribute("bucket", setting(&archive.bucket));
    let lifecycle = Body::new()
        .attribute("id", "colder")
        .attribute("status", "Enabled")
        .block("filter", &[], Body::new())
        .block(
            "transition",
            &[],
            Body::new().attribute("days", number(COLD_AFTER)).attribute("storage_class", "GLACIER_IR"),
        )
        .block(
            "abort_incomplete_multipart_upload",
            &[],
            Body::new().attribute("days_after_initiation", number(ABORT_AFTER)),
        );
    let file = resource(Body::new(), "aws_s3_bucket", ARCHIVE, body);
    let rules = on_bucket(archive).block("rule", &[], lifecycle);
    resource(file, "aws_s3_bucket_lifecycle_configuration", ARCHIVE, rules)
}

/// Encrypted, versioned, never public, never read in plain text on the way.
fn protection(file: Body, archive: &Archive) -> Body {
    let algorithm = Body::new().attribute("sse_algorithm", "AES256");
    let rule = Body::new().block("apply_server_side_encryption_by_default", &[], algorithm);
    let encryption = on_bucket(archive).block("rule", &[], rule);
    let enabled = Body::new().attribute("status", "Enabled");
    let versioning = on_bucket(archive).block("versioning_configuration", &[], enabled);
    let private = on_bucket(archive)
        .attribute("block_public_acls", true)
        .attribute("block_public_policy", true)
        .attribute("ignore_public_acls", true)
        .attribute("restrict_public_buckets", true);
    let only_encrypted = Statement {
        id: "OnlyEncryptedTransport",
        denies: true,
        principal: Principal::Anybody,
        actions: &["s3:*"],
        resources: vec![bucket_arn(), objects_arn()],
        conditions: vec![("Bool", "aws:SecureTransport", "false".into())],
    };
    let transport = on_bucket(archive).attribute("policy", policy(&[only_encrypted]));
    let file = resource(file, "aws_s3_bucket_server_side_encryption_configuration", ARCHIVE, encryption);
    let file = resource(file, "aws_s3_bucket_versioning", ARCHIVE, versioning);
    let file = resource(file, "aws_s3_bucket_public_access_block", ARCHIVE, private);
    resource(file, "aws_s3_bucket_policy", ARCHIVE, transport)
}

/// Longest name of a role.
const LONGEST_ROLE: usize = 64;

/// A role that one service takes on, only on behalf of this account, and what it may do then.
struct Role<'a> {
    label: &'a str,
    service: &'a str,
    /// What shows that the service acts for this account: operator, key, value.
    trusted: (&'a str, &'a str, Expression),
    may: Statement<'a>,
}

fn role(file: Body, stack: &Stack, role: Role) -> Body {
    let trust = Statement {
        id: "Assume",
        denies: false,
        principal: Principal::Service(role.service),
        actions: &["sts:AssumeRole"],
        resources: Vec::new(),
        conditions: vec![role.trusted],
    };
    let name = names::plain(&format!("{}-{}", stack.prefix, role.label), LONGEST_ROLE);
    let declared = Body::new().attribute("name", name.as_str()).attribute("assume_role_policy", policy(&[trust]));
    let allowed = Body::new()
        .attribute("name", name.as_str())
        .attribute("role", of("aws_iam_role", role.label, "id"))
        .attribute("policy", policy(&[role.may]));
    let file = resource(file, "aws_iam_role", role.label, declared);
    resource(file, "aws_iam_role_policy", role.label, allowed)
}

fn firehose_role(file: Body, stack: &Stack) -> Body {
    let may = Statement {
        id: "Write",
        denies: false,
        principal: Principal::Bearer,
        actions: &WRITE,
        resources: vec![bucket_arn(), objects_arn()],
        conditions: Vec::new(),
    };
    // Firehose shows the account as external id.
    let trusted = ("StringEquals", "sts:ExternalId", account());
    role(file, stack, Role { label: FIREHOSE_ROLE, service: "firehose.amazonaws.com", trusted, may })
}

fn logs_role(file: Body, stack: &Stack, archive: &Archive) -> Body {
    let streams = archive.streams.iter().map(|stream| of("aws_kinesis_firehose_delivery_stream", &stream.label, "arn"));
    let may = Statement {
        id: "Send",
        denies: false,
        principal: Principal::Bearer,
        actions: &["firehose:PutRecord", "firehose:PutRecordBatch"],
        resources: streams.collect(),
        conditions: Vec::new(),
    };
    // CloudWatch Logs shows the log group that it acts for.
    let groups = arn(&stack.region, &[&format!("logs:{}:", stack.region), "ACCOUNT", ":*"]);
    let trusted = ("StringLike", "aws:SourceArn", groups);
    role(file, stack, Role { label: LOGS_ROLE, service: "logs.amazonaws.com", trusted, may })
}

/// CloudWatch Logs hands over gzipped batches; they are kept as they are.
fn stream(file: Body, stream: &Stream) -> Body {
    let label = stream.label.as_str();
    let (seconds, megabytes) = BUFFER;
    let destination = Body::new()
        .attribute("role_arn", of("aws_iam_role", FIREHOSE_ROLE, "arn"))
        .attribute("bucket_arn", bucket_arn())
        .attribute("prefix", stream.prefix.as_str())
        .attribute("error_output_prefix", stream.error_prefix.as_str())
        .attribute("buffering_interval", number(seconds))
        .attribute("buffering_size", number(megabytes))
        .attribute("compression_format", "UNCOMPRESSED")
        .attribute("file_extension", ".gz");
    let delivery = Body::new()
        .attribute("name", stream.name.as_str())
        .attribute("destination", "extended_s3")
        .block("server_side_encryption", &[], Body::new().attribute("enabled", true))
        .block("extended_s3_configuration", &[], destination);
    let dependency = Expression::reference(["aws_iam_role_policy", LOGS_ROLE]);
    let subscription = Body::new()
        .attribute("name", stream.name.as_str())
        .attribute("log_group_name", of("aws_cloudwatch_log_group", label, "name"))
        .attribute("filter_pattern", "")
        .attribute("destination_arn", of("aws_kinesis_firehose_delivery_stream", label, "arn"))
        .attribute("role_arn", of("aws_iam_role", LOGS_ROLE, "arn"))
        .attribute("depends_on", Expression::List(vec![dependency]));
    let file = resource(file, "aws_kinesis_firehose_delivery_stream", label, delivery);
    resource(file, "aws_cloudwatch_log_subscription_filter", label, subscription)
}
