//! Random expressions as text: mostly well typed, some broken on purpose. The same seed gives the
//! same expressions.

use bellwether::promql::ValueType::{self, Instant, Range, Scalar, Text};
use bellwether::promql::functions::{FUNCTIONS, Function};

/// Which syntax may be used.
#[derive(Clone, Copy)]
pub(super) struct Dialect {
    /// Major and minor version of Prometheus.
    pub(super) version: (u32, u32),
}

impl Dialect {
    /// Whether this version has what came with `since`.
    pub(super) fn has(self, since: Option<&str>) -> bool {
        let Some((major, minor)) = since.and_then(|since| since.split_once('.')) else { return true };
        (major.parse().unwrap_or(0), minor.parse().unwrap_or(0)) <= self.version
    }

    /// Whether promtool of this version reads the function; 2.x knows no flag for experimental ones.
    pub(super) fn has_function(self, function: &Function) -> bool {
        self.has(function.since) && (self.is_3() || !function.experimental)
    }

    fn is_3(self) -> bool {
        self.version.0 >= 3
    }
}

/// A generator of expressions.
pub(super) struct Generator {
    state: u64,
    dialect: Dialect,
}

impl Generator {
    pub(super) fn new(seed: u64, dialect: Dialect) -> Self {
        Self { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, dialect }
    }

    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state >> 33).unwrap_or(0) % bound
    }

    fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }

    fn pick<'a>(&mut self, options: &[&'a str]) -> &'a str {
        options[self.below(options.len())]
    }

    /// One expression.
    pub(super) fn expression(&mut self) -> String {
        let wanted = if self.chance(6) { Scalar } else { Instant };
        let text = self.of(wanted, 4);
        if self.chance(3) { self.broken(&text) } else { text }
    }

    /// The text with one token dropped, doubled or replaced.
    fn broken(&mut self, text: &str) -> String {
        let tokens: Vec<&str> = text.split_inclusive([' ', '(', ')', '{', '}', '[', ']', ',', '=']).collect();
        let at = self.below(tokens.len());
        let intruder = self.pick(&[
            "(",
            ")",
            "{",
            "}",
            "[5m]",
            "[",
            "by",
            "on (a)",
            "offset 5m",
            "@ 5",
            "bool",
            "==",
            "=",
            "-",
            "1",
            "\"x\"",
            ",",
            "group_left",
            "and",
            "rate",
            "sum",
            "x",
            ":",
            "5m",
            "=~",
            "!~",
            "#",
            "!",
            "'",
            "\n",
            "inf",
            "without (a)",
        ]);
        let mut broken = String::new();
        let how = self.below(3);
        for (index, token) in tokens.iter().enumerate() {
            match (index == at, how) {
                (true, 0) => {}
                (true, 1) => broken.extend([*token, *token]),
                (true, _) => broken.extend([intruder, " "]),
                _ => broken.push_str(token),
            }
        }
        broken
    }

    fn of(&mut self, wanted: ValueType, depth: usize) -> String {
        let wanted = if self.chance(25) { [Scalar, Instant, Range, Text][self.below(4)] } else { wanted };
        if depth > 0 && self.chance(12) {
            return format!("({})", self.of(wanted, depth - 1));
        }
        match wanted {
            Text => self.pick(&["\"a\"", "'b.c'", "`(.*)`", "\"$1\"", "\"\""]).to_owned(),
            Scalar => self.scalar(depth),
            Range => self.range(depth),
            Instant => self.instant(depth),
        }
    }

    fn scalar(&mut self, depth: usize) -> String {
        if depth == 0 || self.chance(2) {
            let old = ["1", "0.5", "1e3", "-2", "Inf", "nan", "0x1F", "007", "3.", "+.5"];
            let new = ["5m", "1h30m", "1_000"];
            return if self.dialect.is_3() && self.chance(5) { self.pick(&new) } else { self.pick(&old) }.to_owned();
        }
        match self.below(4) {
            0 => format!("scalar({})", self.of(Instant, depth - 1)),
            1 => format!("{}{}", self.pick(&["-", "+", "- "]), self.of(Scalar, depth - 1)),
            2 => "time()".to_owned(),
            _ => {
                let op = self.pick(&["+", "-", "*", "/", "%", "^", "atan2", "== bool", "> bool", "<=bool", "!="]);
                format!("{} {op} {}", self.of(Scalar, depth - 1), self.of(Scalar, depth - 1))
            }
        }
    }

    fn duration(&mut self) -> &'static str {
        let old = ["5m", "1h", "1h30m", "1d", "500ms", "2w", "1y", "90s"];
        let new = ["300", "0.5", "1e2", "0x10"];
        if self.dialect.is_3() && self.chance(8) { self.pick(&new) } else { self.pick(&old) }
    }

    fn moved(&mut self) -> String {
        match self.below(8) {
            0 => format!(" offset {}", self.duration()),
            1 => format!(" offset -{}", self.duration()),
            2 => format!(" @ {}", self.pick(&["1609746000", "end()", "start()", "-5", "1.5", "START ( )"])),
            3 => format!(" @ 5 offset {}", self.duration()),
            _ => String::new(),
        }
    }

    fn range(&mut self, depth: usize) -> String {
        if depth > 0 && self.chance(5) {
            let inner = match self.below(3) {
                0 => format!("({})", self.of(Instant, depth - 1)),
                1 => self.series(),
                _ => self.called(depth - 1),
            };
            let (range, step) = (self.duration(), self.duration());
            let step = if self.chance(3) { "" } else { step };
            return format!("{inner}[{range}:{step}]{}", self.moved());
        }
        format!("{}[{}]{}", self.series(), self.duration(), self.moved())
    }

    fn series(&mut self) -> String {
        let name =
            self.pick(&["up", "a:b", "http_requests_total", "sum", "by", "offset", "start", "", "", "without", "on"]);
        let name = if self.chance(3) { "m" } else { name };
        if !name.is_empty() && self.chance(2) {
            return name.to_owned();
        }
        let count = self.below(4);
        let mut inside: Vec<String> = (0..count).map(|_| self.matcher()).collect();
        if self.chance(15) {
            inside.push("\"my.metric\"".to_owned());
        }
        let comma = if inside.is_empty() || !self.chance(8) { "" } else { "," };
        format!("{name}{{{}{comma}}}", inside.join(","))
    }

    fn matcher(&mut self) -> String {
        let label = self.pick(&["job", "instance", "by", "le", "\"a.b\"", "__name__", "on", "_"]);
        let op = self.pick(&["=", "!=", "=~", "!~", "="]);
        let value = self.pick(&[
            "\"a\"",
            "\"\"",
            "\"5..\"",
            "\".*\"",
            "\".+\"",
            "'a|b'",
            "`\\d+`",
            "\"(a\"",
            "\"a{2}\"",
            "\"/{id}\"",
            "\"a?\"",
            "\"(?i)x\"",
            "\"[a-z]+\"",
            "\"\\\\.\"",
            "\"*\"",
            "\"é\"",
            "\"a{2,1}\"",
            "\"(?:a|)\"",
            "\"^$\"",
            "\"a**\"",
            "\"\\\\pL\"",
            "\"[[:digit:]]\"",
            "\"\\\\b\"",
            "\"x{1001}\"",
            "\"(?P<n>a)\"",
            "\"\\\\1\"",
            "\"a+?\"",
            "\"[]a]\"",
        ]);
        format!("{label}{op}{value}")
    }

    fn labels(&mut self) -> String {
        let count = self.below(3);
        let labels: Vec<&str> =
            (0..count).map(|_| self.pick(&["job", "le", "by", "on", "sum", "bool", "a", "offset"])).collect();
        let comma = if labels.is_empty() || !self.chance(8) { "" } else { "," };
        format!("({}{comma})", labels.join(", "))
    }

    fn called(&mut self, depth: usize) -> String {
        let known: Vec<_> = FUNCTIONS.iter().filter(|function| self.dialect.has_function(function)).collect();
        let function = known[self.below(known.len())];
        let most = function.max_args.unwrap_or(function.min_args + 2).max(function.min_args);
        let mut count = function.min_args + self.below(most - function.min_args + 1);
        if self.chance(20) {
            count += 1;
        }
        let args: Vec<String> = (0..count)
            .map(|index| self.of(function.arg_type(index).unwrap_or(Instant), depth.saturating_sub(1)))
            .collect();
        format!("{}({})", function.name, args.join(", "))
    }

    fn aggregated(&mut self, depth: usize) -> String {
        let op = self.pick(&[
            "sum",
            "avg",
            "min",
            "max",
            "count",
            "group",
            "stddev",
            "stdvar",
            "Sum",
            "topk",
            "bottomk",
            "quantile",
            "count_values",
        ]);
        let inner = self.of(Instant, depth);
        let param = match op {
            "topk" | "bottomk" | "quantile" => format!("{}, ", self.of(Scalar, depth.min(1))),
            "count_values" => "\"v\", ".to_owned(),
            _ => String::new(),
        };
        let how = self.pick(&["by", "without", "BY"]);
        match self.below(3) {
            0 => format!("{op}({param}{inner})"),
            1 => format!("{op} {how} {} ({param}{inner})", self.labels()),
            _ => format!("{op}({param}{inner}) {how} {}", self.labels()),
        }
    }

    fn instant(&mut self, depth: usize) -> String {
        if depth == 0 || self.chance(4) {
            return format!("{}{}", self.series(), self.moved());
        }
        match self.below(8) {
            0 | 1 => self.aggregated(depth - 1),
            2 | 3 => self.called(depth - 1),
            4 => format!("{}{}", self.pick(&["-", "+"]), self.of(Instant, depth - 1)),
            _ => self.joined(depth - 1),
        }
    }

    fn joined(&mut self, depth: usize) -> String {
        let old =
            ["+", "-", "*", "/", "%", "^", "atan2", "==", "!=", ">", "<", ">=", "<=", "and", "or", "unless", "AND"];
        let new = ["</", ">/"];
        let op = if self.dialect.version >= (3, 11) && self.chance(10) { self.pick(&new) } else { self.pick(&old) };
        let bool = if self.chance(8) { " bool" } else { "" };
        let matching = match self.below(8) {
            0 => format!(" on {}", self.labels()),
            1 => format!(" ignoring {}", self.labels()),
            2 => format!(" on {} group_left {}", self.labels(), self.labels()),
            3 => format!(" ignoring {} group_right {}", self.labels(), self.labels()),
            _ => String::new(),
        };
        let kind = if self.chance(4) { Scalar } else { Instant };
        let (left, right) = (self.of(Instant, depth), self.of(kind, depth));
        if self.chance(2) {
            format!("{left} {op}{bool}{matching} {right}")
        } else {
            format!("{right} {op}{bool}{matching} {left}")
        }
    }
}
