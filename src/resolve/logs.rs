//! Lines that services write: names of fields, what is scrubbed, what is added.

use super::Resolver;
use super::problems::BAD_SCRUB_PATTERN;
use crate::diagnostics::Diagnostic;
use crate::model::{LogFields, LogFormat, Logs, Scrub};
use crate::source::Spanned;
use crate::spec::logs as written;
use crate::spec::values::{FieldName, Written};

/// What holds for every line.
pub(super) fn resolve(resolver: &mut Resolver) -> Logs {
    let logs = resolver.spec.logs.as_ref();
    let fields = fields(logs.and_then(|logs| logs.fields.as_ref()));
    let enrich = logs.and_then(|logs| logs.enrich.as_ref());
    let user = enrich.and_then(|enrich| enrich.user.as_ref());
    Logs {
        format: logs.and_then(|logs| logs.format).map_or(LogFormat::Json, |format| format.value),
        user: user.map_or_else(|| vec![fields.request_id.clone(), fields.user_id.clone()], |user| names(user)),
        enrich_service: enrich.and_then(|enrich| enrich.service).unwrap_or(true),
        scrub: logs.and_then(|logs| logs.scrub.as_ref()).map_or(Vec::new(), |scrub| self::scrub(scrub, resolver)),
        fields,
    }
}

fn names(fields: &[Spanned<FieldName>]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for field in fields {
        if !names.iter().any(|name| name == field.as_str()) {
            names.push(field.to_string());
        }
    }
    names
}

fn fields(written: Option<&written::LogFields>) -> LogFields {
    let name = |get: fn(&written::LogFields) -> &Option<Spanned<FieldName>>, usual: &str| {
        written.and_then(|fields| get(fields).as_ref()).map_or_else(|| usual.to_owned(), |name| name.to_string())
    };
    LogFields {
        timestamp: name(|fields| &fields.timestamp, "timestamp"),
        level: name(|fields| &fields.level, "level"),
        service: name(|fields| &fields.service, "service"),
        message: name(|fields| &fields.message, "message"),
        request_id: name(|fields| &fields.request_id, "request_id"),
        user_id: name(|fields| &fields.user_id, "user_id"),
        trace_id: name(|fields| &fields.trace_id, "trace_id"),
    }
}

/// Fields first: what stands in one is gone before kinds look for it.
fn scrub(written: &written::Scrub, resolver: &mut Resolver) -> Vec<Scrub> {
    let mut scrub: Vec<Scrub> = written.fields.iter().flatten().map(|field| Scrub::Field(field.to_string())).collect();
    scrub.extend(written.kinds.iter().flatten().map(|kind| Scrub::Kind(kind.value)));
    for pattern in written.patterns.iter().flatten() {
        if is_pattern(pattern, resolver) {
            scrub.push(Scrub::Pattern(Spanned::new(pattern.as_str().to_owned(), pattern.span)));
        }
    }
    scrub
}

/// Collectors replace groups, Logstash replaces matches: without groups both replace the same.
fn is_pattern(written: &Written, resolver: &mut Resolver) -> bool {
    let (message, help) = match regex_syntax::parse(written.as_str()) {
        Err(error) => {
            let said = error.to_string();
            let reason = said.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            (format!("no regular expression: {reason}"), "it is read as RE2, the language of Go's regular expressions")
        }
        Ok(pattern) if pattern.properties().explicit_captures_len() > 0 => {
            ("a pattern of what is scrubbed has no capturing groups".to_owned(), "write `(?:...)` for a group")
        }
        Ok(pattern) if pattern.properties().minimum_len() == Some(0) => {
            ("this matches the empty text, which is everywhere".to_owned(), "let it match at least one character")
        }
        Ok(_) => return true,
    };
    resolver.report(Diagnostic::new(&BAD_SCRUB_PATTERN, written.span, message).help(help));
    false
}
