//! A signal in CloudWatch: which metrics, which math, and what a bound is in their unit.

use rust_decimal::Decimal;

use crate::model::{CloudQuery, CloudUnit, LogFilter, Measure, MissingData, Setting, Signal, Statistic};
use crate::quantity::{Duration, Unit, print_decimal};
use crate::source::Spanned;

/// A signal as CloudWatch computes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The metrics; exactly one when there is no math.
    pub metrics: Vec<Metric>,
    /// Math over the metrics' ids.
    pub math: Option<Spanned<String>>,
    /// Unit of the outcome.
    pub unit: CloudUnit,
    /// Unit that bounds on it are written in.
    pub bound_unit: Unit,
    /// What an alarm makes of a period without data.
    pub missing: MissingData,
}

/// One metric, made one value a period.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    /// Its name in math: a lower-case letter, then letters, digits and `_`.
    pub id: String,
    /// `AWS/RDS`
    pub namespace: String,
    /// `CPUUtilization`
    pub name: String,
    /// `Average`, `Sum`, `p95`, `PR(:0.3)`, ...
    pub statistic: String,
    /// What it is of. Together they must be exactly the dimensions that the metric is published with.
    pub dimensions: Vec<(String, Setting)>,
}

impl Metric {
    /// Whether the statistic is one that CloudWatch calls extended: a percentile or a percentile rank.
    pub fn is_extended(&self) -> bool {
        !BASIC_STATISTICS.contains(&self.statistic.as_str())
    }
}

const BASIC_STATISTICS: [&str; 5] = ["Average", "Sum", "Minimum", "Maximum", "SampleCount"];

/// Most metrics that the math of one alarm may speak of.
pub const MOST_METRICS: usize = 10;

/// Longest math expression of an alarm, in characters.
pub const LONGEST_MATH: usize = 1024;

/// Why CloudWatch cannot compute what is asked of a signal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsupported {
    /// The signal has neither a `cloud` nor a `log` rendering.
    NoRendering,
    /// A quantile, a mean or a share within a bound, asked of math or of log lines.
    NotOneMetric,
    /// A share within a bound, of something that is no time.
    NotATime,
    /// Math that CloudWatch would refuse, and why.
    Math(String),
}

impl Unsupported {
    /// In a sentence, after "because".
    pub fn reason(&self) -> String {
        match self {
            Self::NoRendering => "the signal has neither a `cloud` metric nor a `log` filter".to_owned(),
            Self::NotOneMetric => "statistics are chosen for a single metric, and this signal is none".to_owned(),
            Self::NotATime => "a share within a bound needs a metric that is a time".to_owned(),
            Self::Math(why) => why.clone(),
        }
    }
}

/// Whether CloudWatch measures the signal.
pub fn in_cloudwatch(signal: &Signal) -> bool {
    signal.cloud.is_some() || signal.log.as_ref().is_some_and(|log| log.group.is_some())
}

/// What CloudWatch computes for a measure of a signal. `namespace` is that of metrics made from logs.
pub fn series(signal: &Signal, measure: &Measure, namespace: &str) -> Result<Series, Unsupported> {
    match (&signal.cloud, &signal.log) {
        (Some(_), _) => cloud_series(signal, measure),
        (None, Some(log)) if log.group.is_none() => Err(Unsupported::NoRendering),
        (None, Some(_)) if *measure == Measure::Value => Ok(log_series(signal, namespace)),
        (None, Some(_)) => Err(Unsupported::NotOneMetric),
        (None, None) => Err(Unsupported::NoRendering),
    }
}

fn cloud_series(signal: &Signal, measure: &Measure) -> Result<Series, Unsupported> {
    let cloud = signal.cloud.as_ref().ok_or(Unsupported::NoRendering)?;
    let mut series = Series {
        metrics: cloud.queries.iter().map(|(id, query)| metric(id, query)).collect(),
        math: cloud.math.clone(),
        unit: cloud.unit,
        bound_unit: signal.unit,
        missing: cloud.missing,
    };
    if let Some(math) = &cloud.math {
        check_math(&math.value, &series.metrics)?;
    }
    if *measure == Measure::Value {
        return Ok(series);
    }
    let ([metric], None) = (series.metrics.as_mut_slice(), &series.math) else {
        return Err(Unsupported::NotOneMetric);
    };
    metric.statistic = match measure {
        Measure::Value => return Ok(series),
        Measure::Mean => "Average".to_owned(),
        Measure::Quantile(quantile) => percentile(*quantile * Decimal::ONE_HUNDRED),
        Measure::Within(bound) => {
            let bound = convert(bound.value, Unit::Seconds, cloud.unit, Duration::ZERO).ok_or(Unsupported::NotATime)?;
            series.unit = CloudUnit::Percent;
            series.bound_unit = Unit::Ratio;
            format!("PR(:{})", print_decimal(bound))
        }
    };
    Ok(series)
}

fn metric(id: &str, query: &CloudQuery) -> Metric {
    Metric {
        id: id.to_owned(),
        namespace: query.namespace.clone(),
        name: query.metric.clone(),
        statistic: match query.statistic {
            Statistic::Average => "Average".to_owned(),
            Statistic::Sum => "Sum".to_owned(),
            Statistic::Minimum => "Minimum".to_owned(),
            Statistic::Maximum => "Maximum".to_owned(),
            Statistic::SampleCount => "SampleCount".to_owned(),
            Statistic::Percentile(percent) => percentile(percent),
        },
        dimensions: query.dimensions.clone(),
    }
}

/// CloudWatch knows percentiles with at most two decimals.
fn percentile(percent: Decimal) -> String {
    format!("p{}", print_decimal(percent.round_dp(2)))
}

fn log_series(signal: &Signal, namespace: &str) -> Series {
    let metric = Metric {
        id: "m1".to_owned(),
        namespace: namespace.to_owned(),
        name: log_metric(signal),
        statistic: "Sum".to_owned(),
        dimensions: Vec::new(),
    };
    Series {
        metrics: vec![metric],
        math: None,
        unit: CloudUnit::Count,
        bound_unit: signal.unit,
        missing: MissingData::NotBreaching,
    }
}

/// Name of the metric that counts a signal's log lines. `/` is in no name, so no two signals share one.
pub fn log_metric(signal: &Signal) -> String {
    format!("{}/{}", signal.service, signal.name)
}

/// A value in the unit that CloudWatch reports, if it is of the same kind. A count is a rate over a `period`.
pub fn convert(value: Decimal, unit: Unit, cloud: CloudUnit, period: Duration) -> Option<Decimal> {
    let seconds = Decimal::from(period.as_seconds());
    let factor = match (unit, cloud) {
        (Unit::Ratio, CloudUnit::Percent) => Decimal::ONE_HUNDRED,
        (Unit::Seconds, CloudUnit::Milliseconds) => Decimal::ONE_THOUSAND,
        (Unit::Seconds, CloudUnit::Microseconds) => Decimal::from(1_000_000),
        (Unit::Bytes, CloudUnit::Megabytes) => return Some(rounded(value / Decimal::from(1_048_576))),
        (Unit::PerSecond, CloudUnit::Count) | (Unit::BytesPerSecond, CloudUnit::Bytes) => seconds,
        (Unit::Ratio, CloudUnit::Ratio)
        | (Unit::Seconds, CloudUnit::Seconds)
        | (Unit::Bytes, CloudUnit::Bytes)
        | (Unit::PerSecond, CloudUnit::CountPerSecond)
        | (Unit::BytesPerSecond, CloudUnit::BytesPerSecond)
        | (Unit::Count | Unit::Number | Unit::Money, CloudUnit::Count) => Decimal::ONE,
        _ => return None,
    };
    value.checked_mul(factor).map(rounded)
}

/// CloudWatch keeps binary floats: more than 15 digits are lost on it.
fn rounded(value: Decimal) -> Decimal {
    value.round_sf(15).unwrap_or(value).normalize()
}

/// Whether an id may stand in metric math.
pub fn is_id(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| first.is_ascii_lowercase())
        && characters.all(|character| character.is_ascii_alphanumeric() || character == '_')
}

fn check_math(math: &str, metrics: &[Metric]) -> Result<(), Unsupported> {
    let fail = |why: String| Err(Unsupported::Math(why));
    if let Some(metric) = metrics.iter().find(|metric| !is_id(&metric.id)) {
        return fail(format!(
            "`{}` is no id that math can speak of: lower-case letter, letters, digits, `_`",
            metric.id
        ));
    }
    if metrics.len() > MOST_METRICS {
        return fail(format!("math speaks of {} metrics, and an alarm takes {MOST_METRICS}", metrics.len()));
    }
    if math.chars().count() > LONGEST_MATH {
        return fail(format!("math is longer than {LONGEST_MATH} characters"));
    }
    for word in words(math).filter(|word| is_id(word)) {
        if !metrics.iter().any(|metric| metric.id == word) {
            return fail(format!("math speaks of `{word}`, which is none of its metrics"));
        }
    }
    match words(math).find(|word| matches!(*word, "SEARCH" | "METRICS")) {
        Some(function) => fail(format!("alarms refuse {function}()")),
        None => Ok(()),
    }
}

/// Identifiers of a math expression: ids begin with a lower-case letter, functions do not.
fn words(math: &str) -> impl Iterator<Item = &str> {
    math.split('"')
        .step_by(2)
        .flat_map(|outside| outside.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')))
        .filter(|word| word.chars().next().is_some_and(|first| first.is_ascii_alphabetic()))
}

impl Series {
    /// The same with `prefix` before every id, so that several can stand in one graph.
    #[must_use]
    pub fn prefixed(mut self, prefix: &str) -> Self {
        self.math = self.math.map(|math| math.map(|text| rename(&text, &self.metrics, prefix)));
        for metric in &mut self.metrics {
            metric.id = format!("{prefix}{}", metric.id);
        }
        self
    }
}

fn rename(math: &str, metrics: &[Metric], prefix: &str) -> String {
    let mut out = String::with_capacity(math.len() * 2);
    let mut quoted = false;
    let mut word = String::new();
    for character in math.chars().map(Some).chain([None]) {
        match character {
            Some(part) if part.is_ascii_alphanumeric() || part == '_' => word.push(part),
            other => {
                if !quoted && metrics.iter().any(|metric| metric.id == word) {
                    out.push_str(prefix);
                }
                out.push_str(&word);
                word.clear();
                quoted ^= other == Some('"');
                out.extend(other);
            }
        }
    }
    out
}

/// The filter pattern that counts a signal's log lines, in the language of CloudWatch Logs.
///
/// A value that looks like a number or a truth value is matched in both its forms, as text and as itself.
/// `*` in a value stands for anything. None when JSON fields and plain words are asked for at once: one
/// pattern reads a line either as JSON or as words.
pub fn log_pattern(filter: &LogFilter) -> Option<String> {
    match (filter.fields.as_slice(), &filter.contains) {
        ([], None) => Some(String::new()),
        ([], Some(words)) => Some(quoted(words)),
        ([(field, value)], None) => {
            let test = field_test(field, value);
            let bare =
                test.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).filter(|rest| !rest.contains(')'));
            Some(format!("{{ {} }}", bare.unwrap_or(&test)))
        }
        (fields, None) => {
            let tests: Vec<String> = fields.iter().map(|(field, value)| field_test(field, value)).collect();
            Some(format!("{{ {} }}", tests.join(" && ")))
        }
        (_, Some(_)) => None,
    }
}

/// `($.level = "ERROR")`
fn field_test(field: &str, value: &str) -> String {
    let text = format!("($.{field} = {})", quoted(value));
    match value {
        "true" => format!("(($.{field} IS TRUE) || {text})"),
        "false" => format!("(($.{field} IS FALSE) || {text})"),
        number if number.parse::<Decimal>().is_ok() => format!("(($.{field} = {number}) || {text})"),
        _ => text,
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn bounds_take_the_metric_s_unit() {
        let minutes = Duration::minutes(5);
        for (value, unit, cloud, expected) in [
            ("0.8", Unit::Ratio, CloudUnit::Percent, Some("80")),
            ("0.8", Unit::Ratio, CloudUnit::Ratio, Some("0.8")),
            ("0.01", Unit::Seconds, CloudUnit::Seconds, Some("0.01")),
            ("0.01", Unit::Seconds, CloudUnit::Milliseconds, Some("10")),
            ("0.01", Unit::Seconds, CloudUnit::Microseconds, Some("10000")),
            ("5368709120", Unit::Bytes, CloudUnit::Bytes, Some("5368709120")),
            ("5368709120", Unit::Bytes, CloudUnit::Megabytes, Some("5120")),
            ("50", Unit::Count, CloudUnit::Count, Some("50")),
            ("10", Unit::PerSecond, CloudUnit::Count, Some("3000")),
            ("0.1666666666666666666666666667", Unit::PerSecond, CloudUnit::Count, Some("50")),
            ("10", Unit::PerSecond, CloudUnit::CountPerSecond, Some("10")),
            ("2", Unit::BytesPerSecond, CloudUnit::Bytes, Some("600")),
            ("0.8", Unit::Ratio, CloudUnit::Count, None),
            ("1", Unit::Seconds, CloudUnit::Percent, None),
        ] {
            let found = convert(decimal(value), unit, cloud, minutes);
            assert_eq!(found.map(print_decimal).as_deref(), expected, "{value} {unit:?} in {cloud:?}");
        }
    }

    fn filter(fields: &[(&str, &str)], contains: Option<&str>) -> LogFilter {
        let file = crate::source::Sources::new().add("spec.yaml", "");
        LogFilter {
            group: Some(Spanned::new("/app".to_owned(), crate::source::Span::new(file, 0, 0))),
            fields: fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect(),
            contains: contains.map(str::to_owned),
        }
    }

    #[test]
    fn patterns_say_what_counts_and_cannot_be_broken_out_of() {
        for (fields, contains, expected) in [
            (&[][..], None, Some("")),
            (&[], Some("ERROR"), Some("\"ERROR\"")),
            (&[], Some(r#"say "no" \ -now"#), Some(r#""say \"no\" \\ -now""#)),
            (&[("level", "ERROR")], None, Some(r#"{ $.level = "ERROR" }"#)),
            (&[("level", r#"x" || $.a = "y"#)], None, Some(r#"{ $.level = "x\" || $.a = \"y" }"#)),
            (&[("a", "x"), ("b", "y")], None, Some(r#"{ ($.a = "x") && ($.b = "y") }"#)),
            (&[("status", "401")], None, Some(r#"{ (($.status = 401) || ($.status = "401")) }"#)),
            (&[("ok", "false")], None, Some(r#"{ (($.ok IS FALSE) || ($.ok = "false")) }"#)),
            (&[("a", "x)")], None, Some(r#"{ ($.a = "x)") }"#)),
            (&[("a", "x")], Some("y"), None),
        ] {
            assert_eq!(log_pattern(&filter(fields, contains)).as_deref(), expected);
        }
    }

    #[test]
    fn math_is_renamed_word_by_word() {
        let metric = |id: &str| Metric {
            id: id.to_owned(),
            namespace: String::new(),
            name: String::new(),
            statistic: "Sum".to_owned(),
            dimensions: Vec::new(),
        };
        let metrics = [metric("errors"), metric("err")];
        let math = "IF(err > 0, 100 * errors / err, FILL(errors, \"err\"))";
        assert_eq!(rename(math, &metrics, "q1_"), "IF(q1_err > 0, 100 * q1_errors / q1_err, FILL(q1_errors, \"err\"))");
        assert_eq!(check_math(math, &metrics), Ok(()));
        assert!(check_math("errors / requests", &metrics).is_err_and(|why| why.reason().contains("`requests`")));
        assert!(check_math("SUM(SEARCH('x', 'Sum'))", &metrics).is_err());
    }
}
