//! What every collector of log lines does alike: what it replaces, which fields it reads, what it adds.

use indexmap::IndexMap;

use crate::conventions::{LEVEL_LABEL, LOKI_ADDRESS, SERVICE_LABEL};
use crate::model::{LogFormat, PersonalData, Platform, Scrub, Service};
use crate::signals::logql;

/// What stands where something was scrubbed that has no kind.
const SCRUBBED: &str = "<scrubbed>";

/// A replacement that is made in every line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Replacement {
    /// What stands before, and stays; a regular expression.
    pub(super) before: String,
    /// What is replaced; a regular expression without capturing groups.
    pub(super) pattern: String,
    /// What stands there instead.
    pub(super) with: String,
}

/// The replacements, in the order in which they are made. Fields are only there in lines of JSON.
pub(super) fn replacements(platform: &Platform) -> Vec<Replacement> {
    let logs = &platform.logs;
    let scrub = logs.scrub.iter().filter(|scrub| logs.format == LogFormat::Json || !matches!(scrub, Scrub::Field(_)));
    scrub.flat_map(replacement).collect()
}

fn replacement(scrub: &Scrub) -> Vec<Replacement> {
    let bare = |pattern: &str, with: &str| Replacement {
        before: String::new(),
        pattern: pattern.to_owned(),
        with: with.to_owned(),
    };
    match scrub {
        Scrub::Kind(kind) => {
            patterns(*kind).iter().map(|pattern| bare(pattern, &format!("<{}>", kind.word()))).collect()
        }
        Scrub::Pattern(pattern) => vec![bare(&pattern.value, SCRUBBED)],
        Scrub::Field(path) => vec![field(path)],
    }
}

/// A field is known by its own name: that of the object around it may be lines away. A text or a number goes; an
/// object stays, for no regular expression finds its end.
fn field(path: &str) -> Replacement {
    let name = regex_syntax::escape(path.rsplit('.').next().unwrap_or(path));
    Replacement {
        before: format!(r#""{name}"\s*:\s*"#),
        pattern: r#""(?:[^"\\]|\\.)*"|[^"\s,{}\[\]]+"#.to_owned(),
        with: format!("\"{SCRUBBED}\""),
    }
}

/// Forms of personal data, in the regular expressions that RE2 and Ruby read alike.
fn patterns(kind: PersonalData) -> &'static [&'static str] {
    match kind {
        PersonalData::Email => &[r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}"],
        PersonalData::Ipv4 => &[
            r"\b(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\b",
        ],
        // The ranges that are given out: any long number would be many an id and every timestamp.
        PersonalData::Card => &[
            r"\b(?:4[0-9]{3}|5[1-5][0-9]{2}|2[2-7][0-9]{2}|6(?:011|5[0-9]{2}))(?:[ -]?[0-9]{4}){3}\b",
            r"\b3[47][0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{5}\b",
        ],
        PersonalData::Phone => {
            &[r"\+[1-9][0-9]{0,2}(?:[ .-]?\(?[0-9]{1,4}\)?){2,5}\b", r"\([0-9]{3}\) ?[0-9]{3}-[0-9]{4}\b"]
        }
    }
}

/// A step of the pipeline that Alloy and Promtail send every line through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stage {
    /// What an expression's capturing group holds is replaced.
    Replace {
        /// The expression.
        expression: String,
        /// What stands there instead.
        with: String,
    },
    /// Fields of a JSON line are read: names, and JMESPath.
    Json(IndexMap<String, String>),
    /// The field that says when it happened.
    Timestamp(&'static str),
    /// What was read becomes labels.
    Labels(Vec<&'static str>),
    /// What was read stays beside the line.
    Metadata(Vec<String>),
    /// Lines that a selector chooses get labels.
    Static {
        /// The selector.
        selector: String,
        /// The labels.
        labels: IndexMap<String, String>,
    },
    /// No labels but these.
    Keep(Vec<String>),
}

/// What every line goes through. Scrubbing comes first: nothing that is read later has seen what must not be kept.
pub(super) fn pipeline(platform: &Platform) -> Vec<Stage> {
    let mut stages: Vec<Stage> = replacements(platform)
        .into_iter()
        .map(|made| Stage::Replace { expression: format!("{}({})", made.before, made.pattern), with: made.with })
        .collect();
    if platform.logs.format == LogFormat::Json {
        stages.extend(read(platform));
    }
    stages.extend(labelled(platform).map(|service| Stage::Static {
        selector: logql::lines_of(&service.name.value).to_string(),
        labels: service.labels.clone(),
    }));
    stages.push(Stage::Keep(kept(platform)));
    stages
}

/// Fields of a JSON line: few of them become labels, the others stay beside the line.
fn read(platform: &Platform) -> [Stage; 4] {
    const TIMESTAMP: &str = "timestamp";
    let fields = &platform.logs.fields;
    let named = [(LEVEL_LABEL, &fields.level), (SERVICE_LABEL, &fields.service), (TIMESTAMP, &fields.timestamp)];
    let mut expressions: IndexMap<String, String> =
        named.into_iter().map(|(name, field)| (name.to_owned(), jmespath(field))).collect();
    let metadata: Vec<&String> = std::iter::once(&fields.trace_id).chain(&platform.logs.user).collect();
    expressions.extend(metadata.iter().map(|field| (flat(field), jmespath(field))));
    let mut beside: Vec<String> = metadata.into_iter().map(|field| flat(field)).collect();
    beside.dedup();
    [
        Stage::Json(expressions),
        Stage::Timestamp(TIMESTAMP),
        Stage::Labels(vec![LEVEL_LABEL, SERVICE_LABEL]),
        Stage::Metadata(beside),
    ]
}

/// The path of a field in JMESPath; a name that is no plain word stands in quotes.
fn jmespath(field: &str) -> String {
    let part = |part: &str| {
        let is_plain = part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if is_plain { part.to_owned() } else { format!("\"{part}\"") }
    };
    field.split('.').map(part).collect::<Vec<_>>().join(".")
}

/// Labels by which streams are told apart: each new value is a stream of its own, so there are few.
fn kept(platform: &Platform) -> Vec<String> {
    let mut labels = vec![SERVICE_LABEL.to_owned(), LEVEL_LABEL.to_owned()];
    labels.extend(labelled(platform).flat_map(|service| service.labels.keys().cloned()));
    labels.sort_unstable();
    labels.dedup();
    labels
}

/// Where lines are sent: the stack's own Loki, or the one that is reached elsewhere.
pub(super) fn push_address(platform: &Platform) -> String {
    let outside = platform.stack.loki.as_ref().and_then(|loki| loki.url.clone());
    let loki = outside.filter(|_| !platform.stack.runs_together()).unwrap_or_else(|| LOKI_ADDRESS.to_owned());
    format!("{loki}/loki/api/v1/push")
}

/// Docker's socket, as collectors name it.
pub(super) const DOCKER: &str = "unix:///var/run/docker.sock";

/// What compose calls a container's service.
pub(super) const COMPOSE_SERVICE: &str = "__meta_docker_container_label_com_docker_compose_service";

/// A container's own name, for those that compose does not run; a `/` stands before it.
pub(super) const CONTAINER_NAME: &str = "__meta_docker_container_name";

/// Finds the name in the values of the label `service`, still empty, and of [`CONTAINER_NAME`].
pub(super) const NAME_ALONE: &str = ";/(.+)";

/// A field's path as one name.
pub(super) fn flat(field: &str) -> String {
    field.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

/// What the spec says of every line alike: the platform's labels, and who answers for it.
pub(super) fn everywhere(platform: &Platform) -> IndexMap<String, String> {
    if !platform.logs.enrich_service {
        return IndexMap::new();
    }
    let mut labels = platform.labels.clone();
    labels.extend(platform.team.iter().map(|team| ("team".to_owned(), team.clone())));
    labels
}

/// Services whose lines bear labels of their own.
pub(super) fn labelled(platform: &Platform) -> impl Iterator<Item = &Service> {
    platform.services.iter().filter(|service| platform.logs.enrich_service && !service.labels.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backends::samples;
    use regex::Regex;

    /// A line after every replacement, as collectors make them.
    fn scrubbed(scrub: Vec<Scrub>, line: &str) -> String {
        let mut platform = samples::platform();
        platform.logs.scrub = scrub;
        replacements(&platform).into_iter().fold(line.to_owned(), |line, made| {
            let pattern = Regex::new(&format!("({})(?:{})", made.before, made.pattern)).unwrap();
            pattern.replace_all(&line, |found: &regex::Captures| format!("{}{}", &found[1], made.with)).into_owned()
        })
    }

    fn kind(kind: PersonalData, line: &str) -> String {
        scrubbed(vec![Scrub::Kind(kind)], line)
    }

    #[test]
    fn personal_data_goes_and_what_only_looks_alike_stays() {
        assert_eq!(kind(PersonalData::Email, "to ann.b+c@mail.example.com: ok"), "to <email>: ok");
        assert_eq!(kind(PersonalData::Email, "@timestamp a@b"), "@timestamp a@b");
        assert_eq!(kind(PersonalData::Ipv4, r#"{"ip":"192.168.1.100"}"#), r#"{"ip":"<ipv4>"}"#);
        assert_eq!(kind(PersonalData::Ipv4, "v1.2.3 and 300.1.1.1"), "v1.2.3 and 300.1.1.1");
        assert_eq!(kind(PersonalData::Card, "4111 1111 1111 1111, 3782-822463-10005"), "<card>, <card>");
        assert_eq!(
            kind(PersonalData::Card, r#"{"ts":1700000000000,"id":9111111111111111}"#),
            r#"{"ts":1700000000000,"id":9111111111111111}"#
        );
        assert_eq!(kind(PersonalData::Phone, "+49 (30) 123 4567 or (555) 123-4567"), "<phone> or <phone>");
        assert_eq!(kind(PersonalData::Phone, "took 5551234567 ns, +5%"), "took 5551234567 ns, +5%");
    }

    #[test]
    fn a_field_goes_whatever_it_holds_and_json_stays_json() {
        let line = r#"{"extra": {"agent" : "Moz\"illa", "n":12}, "agent":"x", "agents":"y", "agent":{"a":1}}"#;
        let expected =
            r#"{"extra": {"agent" : "<scrubbed>", "n":12}, "agent":"<scrubbed>", "agents":"y", "agent":{"a":1}}"#;
        assert_eq!(scrubbed(vec![Scrub::Field("extra.agent".to_owned())], line), expected);
        assert_eq!(scrubbed(vec![Scrub::Field("n".to_owned())], r#"{"n":12,"m":1}"#), r#"{"n":"<scrubbed>","m":1}"#);
    }

    #[test]
    fn a_pattern_goes_as_a_whole() {
        let pattern = Scrub::Pattern(samples::name(r"token=\S+|secret"));
        assert_eq!(scrubbed(vec![pattern], "a token=abc secret b"), "a <scrubbed> <scrubbed> b");
    }

    #[test]
    fn plain_lines_have_no_fields() {
        let mut platform = samples::platform();
        platform.logs.scrub = vec![Scrub::Field("agent".to_owned())];
        platform.logs.format = LogFormat::Plain;
        assert!(replacements(&platform).is_empty());
    }
}
