//! Functions of samples of one moment.

use super::{Evaluation, Labels, Point, Result, Unknown, Value, mapped, nameless};
use crate::promql::{Call, Expr, Kind, MatchOp, Selector};

impl Evaluation<'_> {
    pub(super) fn call(&self, call: &Call) -> Result<Value> {
        let name = call.function.as_ref();
        let now = self.moment as f64 / 1000.0;
        let known = match (name, call.args.as_slice()) {
            ("time", []) => return Ok(Value::Scalar(now)),
            ("pi", []) => return Ok(Value::Scalar(std::f64::consts::PI)),
            ("vector", [number]) => {
                return Ok(Value::Vector(vec![Point { labels: Labels::new(), value: self.scalar(number)? }]));
            }
            ("scalar", [vector]) => {
                let points = self.vector(vector)?;
                let one = if let [point] = points.as_slice() { point.value } else { f64::NAN };
                return Ok(Value::Scalar(one));
            }
            ("absent", [vector]) => {
                if self.vector(vector)?.is_empty() {
                    vec![absence(vector)]
                } else {
                    Vec::new()
                }
            }
            ("absent_over_time", [range]) => self.absent_over_time(range)?,
            ("histogram_quantile", [quantile, buckets]) => {
                super::quantile::of_buckets(self.scalar(quantile)?, self.vector(buckets)?)
            }
            ("sort" | "sort_desc", [vector]) => self.vector(vector)?,
            ("label_replace", [vector, to, with, from, pattern]) => {
                self.relabelled(vector, [to, with, from, pattern])?
            }
            ("timestamp", _) => return Err(Unknown("the function timestamp".to_owned())),
            (_, [vector, rest @ ..]) if crate::promql::functions::named(name).is_some_and(|f| !f.takes_range()) => {
                let numbers = rest.iter().map(|arg| self.scalar(arg)).collect::<Result<Vec<f64>>>()?;
                let Some(function) = plain(name, &numbers) else {
                    return Err(Unknown(format!("the function {name}")));
                };
                mapped(self.vector(vector)?, function)
            }
            _ => self.over_window(call)?,
        };
        Ok(Value::Vector(known))
    }

    /// `label_replace` where the pattern is a plain text or takes the whole value.
    fn relabelled(&self, vector: &Expr, texts: [&Expr; 4]) -> Result<Vec<Point>> {
        let text = |expr: &Expr| match self.of(expr)? {
            Value::Text(text) => Ok(text),
            _ => Err(Unknown("a number where a text belongs".to_owned())),
        };
        let [to, with, from, pattern] = texts;
        let (to, with, from, pattern) = (text(to)?, text(with)?, text(from)?, text(pattern)?);
        let mut points = self.vector(vector)?;
        for point in &mut points {
            let value = point.labels.get(&from).cloned().unwrap_or_default();
            let new = match pattern.as_str() {
                "(.*)" | "(.+)" if !(value.is_empty() && pattern == "(.+)") => {
                    with.replace("${1}", &value).replace("$1", &value)
                }
                ".*" | "" if !with.contains('$') => with.clone(),
                _ => return Err(Unknown(format!("label_replace with `{pattern}`"))),
            };
            if new.contains('$') {
                return Err(Unknown(format!("label_replace with `{with}`")));
            }
            point.labels.insert(to.clone(), new);
            point.labels.retain(|_, value| !value.is_empty());
        }
        Ok(points)
    }
}

/// A function from a number to a number.
fn plain(name: &str, numbers: &[f64]) -> Option<Box<dyn Fn(f64) -> f64>> {
    Some(match (name, numbers) {
        ("abs", []) => Box::new(f64::abs),
        ("ceil", []) => Box::new(f64::ceil),
        ("floor", []) => Box::new(f64::floor),
        ("sqrt", []) => Box::new(f64::sqrt),
        ("exp", []) => Box::new(f64::exp),
        ("ln", []) => Box::new(f64::ln),
        ("log2", []) => Box::new(f64::log2),
        ("log10", []) => Box::new(f64::log10),
        ("sgn", []) => Box::new(|value: f64| if value == 0.0 { value } else { value.signum() }),
        ("round", []) => Box::new(|value: f64| (value + 0.5).floor()),
        ("round", [to]) => {
            let inverse = 1.0 / *to;
            Box::new(move |value: f64| (value * inverse + 0.5).floor() / inverse)
        }
        ("clamp_min", [min]) => {
            let min = *min;
            Box::new(move |value: f64| value.max(min))
        }
        ("clamp_max", [max]) => {
            let max = *max;
            Box::new(move |value: f64| value.min(max))
        }
        ("clamp", [min, max]) if min <= max => {
            let (min, max) = (*min, *max);
            Box::new(move |value: f64| value.clamp(min, max))
        }
        _ => return None,
    })
}

/// What `absent` has where there is nothing: the labels that a selector gives one value.
pub(super) fn absence(expr: &Expr) -> Point {
    let labels = match &expr.kind {
        Kind::Selector(selector) | Kind::Matrix { selector, .. } => told_by(selector),
        Kind::Paren(inner) => return absence(inner),
        _ => Labels::new(),
    };
    Point { labels, value: 1.0 }
}

fn told_by(selector: &Selector) -> Labels {
    let of = |label: &str| selector.matchers.iter().filter(|matcher| matcher.label == label).count();
    let equal = selector.matchers.iter().filter(|matcher| matcher.op == MatchOp::Equal && of(&matcher.label) == 1);
    nameless(equal.map(|matcher| (matcher.label.to_string(), matcher.value.clone())).collect())
}
