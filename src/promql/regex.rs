//! Regular expressions of matchers: checked by the rules of RE2, which Prometheus uses.
//!
//! Nothing is compiled. What is learnt on the way is whether the expression matches an empty text,
//! since a selector must not match series by nothing but the labels they lack.

use std::ops::Range;

use super::error::SyntaxError;

/// Deeper groups are refused; people do not write them.
const MAX_DEPTH: usize = 100;

/// The most repetitions RE2 counts, nested ones multiplied.
const MAX_REPEAT: u32 = 1000;

/// Whether a regular expression (whole value matched, as matchers do) matches the empty text.
///
/// # Errors
/// The first fault, in bytes of `pattern`.
pub fn matches_empty(pattern: &str) -> Result<bool, SyntaxError> {
    let mut reader = Reader { pattern, at: 0, names: Vec::new() };
    let whole = reader.alternatives(0)?;
    match reader.peek() {
        None => Ok(whole.empty),
        Some(_) => {
            Err(fault(reader.at..reader.at + 1, "`)` closes no group").help("write \\) for the character itself"))
        }
    }
}

fn fault(range: Range<usize>, message: impl Into<String>) -> SyntaxError {
    SyntaxError::new(range, message)
}

/// What is known of a part.
#[derive(Clone, Copy)]
struct Part {
    /// Whether it matches the empty text.
    empty: bool,
    /// How often its costliest piece is counted out.
    repeat: u32,
}

const ONE_CHARACTER: Part = Part { empty: false, repeat: 1 };
const NOTHING: Part = Part { empty: true, repeat: 1 };

struct Reader<'a> {
    pattern: &'a str,
    at: usize,
    names: Vec<&'a str>,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.pattern.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn eat(&mut self, prefix: &str) -> bool {
        let found = self.rest().starts_with(prefix);
        if found {
            self.at += prefix.len();
        }
        found
    }

    fn alternatives(&mut self, depth: usize) -> Result<Part, SyntaxError> {
        if depth > MAX_DEPTH {
            return Err(fault(self.at..self.at, "groups nested too deep"));
        }
        let mut whole = self.sequence(depth)?;
        while self.eat("|") {
            let other = self.sequence(depth)?;
            whole = Part { empty: whole.empty || other.empty, repeat: whole.repeat.max(other.repeat) };
        }
        Ok(whole)
    }

    fn sequence(&mut self, depth: usize) -> Result<Part, SyntaxError> {
        let mut whole = NOTHING;
        let mut last: Option<Part> = None;
        let mut just_repeated = false;
        loop {
            let start = self.at;
            match self.peek() {
                None | Some('|' | ')') => break,
                Some('*' | '+' | '?') => {
                    let sign = self.peek();
                    self.at += 1;
                    let part = self.repeated(last, just_repeated, start)?;
                    last = Some(Part { empty: part.empty || sign != Some('+'), ..part });
                    just_repeated = true;
                    continue;
                }
                Some('{') => {
                    if let Some((min, max)) = self.count()? {
                        let part = self.repeated(last, just_repeated, start)?;
                        last = Some(counted(part, min, max, start..self.at)?);
                        just_repeated = true;
                        continue;
                    }
                }
                _ => {}
            }
            just_repeated = false;
            if let Some(part) = self.atom(depth)? {
                whole = joined(whole, last.replace(part));
            }
        }
        Ok(joined(whole, last))
    }

    /// The part that the repetition just read belongs to.
    fn repeated(&mut self, last: Option<Part>, just_repeated: bool, start: usize) -> Result<Part, SyntaxError> {
        let _lazy = self.eat("?");
        let written = start..self.at;
        let sign = self.pattern.get(written.clone()).unwrap_or("");
        match last {
            _ if just_repeated => Err(fault(written, format!("`{sign}` repeats a repetition"))
                .help("RE2 has no possessive or doubled repetitions: put the first into (?:...)")),
            Some(part) => Ok(part),
            None => Err(fault(written, format!("`{sign}` has nothing before it to repeat"))
                .help("regular expressions are no globs: write .* for any text")),
        }
    }

    /// `{2}`, `{2,}` or `{2,5}`; anything else is a plain brace.
    fn count(&mut self) -> Result<Option<(u32, Option<u32>)>, SyntaxError> {
        let start = self.at;
        let inner = self.rest().get(1..).unwrap_or("");
        let Some(inner) = inner.find('}').and_then(|end| inner.get(..end)) else { return Ok(None) };
        let (min, max) = match inner.split_once(',') {
            None => (inner, Some(inner)),
            Some((min, "")) => (min, None),
            Some((min, max)) => (min, Some(max)),
        };
        let written_number =
            |n: &str| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()) && (n.len() == 1 || !n.starts_with('0'));
        if !written_number(min) || !max.is_none_or(written_number) {
            return Ok(None);
        }
        self.at += inner.len() + 2;
        let value = |n: &str| n.parse::<u32>().ok().filter(|n| *n <= MAX_REPEAT);
        let (low, high) = (value(min), max.map(value));
        match (low, high) {
            (Some(low), None) => Ok(Some((low, None))),
            (Some(low), Some(Some(high))) if low <= high => Ok(Some((low, Some(high)))),
            _ => Err(fault(start..self.at, "a count is out of order or above 1000")),
        }
    }

    /// One piece; none for what matches no text of its own (flags, an empty quotation).
    fn atom(&mut self, depth: usize) -> Result<Option<Part>, SyntaxError> {
        match self.peek() {
            Some('(') => self.group(depth),
            Some('[') => self.class().map(|()| Some(ONE_CHARACTER)),
            Some('\\') => self.escape_or_quotation(),
            Some('^' | '$') => {
                self.at += 1;
                Ok(Some(NOTHING))
            }
            Some(other) => {
                self.at += other.len_utf8();
                Ok(Some(ONE_CHARACTER))
            }
            None => Ok(None),
        }
    }

    fn group(&mut self, depth: usize) -> Result<Option<Part>, SyntaxError> {
        let start = self.at;
        self.at += 1;
        if self.eat("?") {
            if ["=", "!", "<=", "<!"].iter().any(|kind| self.rest().starts_with(kind)) {
                return Err(fault(start..self.at + 1, "Prometheus knows no look-around")
                    .help("RE2 cannot look ahead or behind: use a second matcher with !~"));
            }
            if self.eat("P<") || self.eat("<") {
                self.name(start)?;
            } else if !self.flags(start)? {
                return Ok(None);
            }
        }
        let inner = self.alternatives(depth + 1)?;
        if !self.eat(")") {
            return Err(
                fault(start..start + 1, "this group is never closed").help("write \\( for the character itself")
            );
        }
        Ok(Some(inner))
    }

    fn name(&mut self, start: usize) -> Result<(), SyntaxError> {
        let rest = self.rest();
        let name = rest.find('>').and_then(|end| rest.get(..end)).unwrap_or("");
        self.at += name.len() + 1;
        let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if name.is_empty() || !plain || self.names.contains(&name) {
            let end = self.at.min(self.pattern.len());
            return Err(fault(start..end, "this group's name is empty, odd or used twice"));
        }
        self.names.push(name);
        Ok(())
    }

    /// `(?i-s:` opens a group (true), `(?i)` does not.
    fn flags(&mut self, start: usize) -> Result<bool, SyntaxError> {
        let (mut negated, mut some) = (false, false);
        loop {
            let next = self.peek();
            self.at += next.map_or(0, char::len_utf8);
            match next {
                Some('i' | 'm' | 's' | 'U') => some = true,
                Some('-') if !negated => (negated, some) = (true, false),
                Some(':') if some || !negated => return Ok(true),
                Some(')') if some || !negated => return Ok(false),
                _ => {
                    return Err(fault(start..self.at, "RE2 has no such group")
                        .help("known: (?:...), (?P<name>...), and the flags (?i), (?m), (?s), (?U)"));
                }
            }
        }
    }

    fn escape_or_quotation(&mut self) -> Result<Option<Part>, SyntaxError> {
        if self.eat("\\Q") {
            let quoted = self.rest().split("\\E").next().unwrap_or("").len();
            self.at += quoted;
            let _end = self.eat("\\E");
            return Ok((quoted > 0).then_some(ONE_CHARACTER));
        }
        // On an empty text only the word boundary fails.
        if self.eat("\\b") {
            return Ok(Some(ONE_CHARACTER));
        }
        if self.eat("\\A") || self.eat("\\z") || self.eat("\\B") {
            return Ok(Some(NOTHING));
        }
        if !self.perl_class()? {
            let _code = self.character_escape()?;
        }
        Ok(Some(ONE_CHARACTER))
    }

    /// `\d` and its like, `\p{Greek}`.
    fn perl_class(&mut self) -> Result<bool, SyntaxError> {
        let start = self.at;
        match self.rest().chars().nth(1) {
            Some('d' | 'D' | 's' | 'S' | 'w' | 'W') => {
                self.at += 2;
                Ok(true)
            }
            Some('p' | 'P') => {
                self.at += 2;
                let rest = self.rest();
                let name = if rest.starts_with('{') {
                    rest.find('}').and_then(|end| rest.get(..=end))
                } else {
                    rest.chars().next().and_then(|c| rest.get(..c.len_utf8()))
                };
                let name = name.unwrap_or("");
                self.at += name.len();
                let known = name.trim_matches(['{', '}']).trim_start_matches('^');
                let letters = !known.is_empty() && known.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
                if !letters || regex_syntax::parse(&format!("\\p{{{known}}}")).is_err() {
                    return Err(fault(start..self.at, format!("`{known}` is no class of Unicode characters")));
                }
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// The character that an escape stands for.
    fn character_escape(&mut self) -> Result<u32, SyntaxError> {
        let start = self.at;
        self.at += 1;
        let Some(letter) = self.peek() else {
            return Err(
                fault(start..self.at, "a backslash ends the expression").help("write \\\\ for the character itself")
            );
        };
        self.at += letter.len_utf8();
        let octal = |c: &char| c.is_digit(8);
        match letter {
            '1'..='7' if !self.peek().as_ref().is_some_and(octal) => {
                Err(fault(start..self.at, "Prometheus knows no back-references").help("RE2 cannot refer to a group"))
            }
            '0'..='7' => {
                let more: String = self.rest().chars().take(2).take_while(octal).collect();
                self.at += more.len();
                Ok(u32::from_str_radix(&format!("{letter}{more}"), 8).unwrap_or(0))
            }
            'x' => self.hexadecimal(start),
            'a' => Ok(7),
            'f' => Ok(12),
            'n' => Ok(10),
            'r' => Ok(13),
            't' => Ok(9),
            'v' => Ok(11),
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => Ok(u32::from(c)),
            c => Err(fault(start..self.at, format!("RE2 has no escape `\\{}`", c.escape_debug()))),
        }
    }

    fn hexadecimal(&mut self, start: usize) -> Result<u32, SyntaxError> {
        let rest = self.rest();
        let (digits, length) = match rest.strip_prefix('{') {
            Some(inner) => inner.find('}').and_then(|end| inner.get(..end)).map_or(("", 1), |d| (d, d.len() + 2)),
            None => rest.get(..2).map_or(("", 0), |digits| (digits, 2)),
        };
        self.at += length;
        let hexadecimal = digits.bytes().all(|b| b.is_ascii_hexdigit());
        let code = u32::from_str_radix(digits, 16).ok().filter(|code| hexadecimal && *code <= 0x0010_ffff);
        code.ok_or_else(|| fault(start..self.at, "this escape is no hexadecimal character"))
    }

    fn class(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        self.at += 1;
        let _negated = self.eat("^");
        let mut first = true;
        loop {
            let item = self.at;
            match self.peek() {
                None => {
                    return Err(
                        fault(start..start + 1, "this `[` is never closed").help("write \\[ for the character itself")
                    );
                }
                Some(']') if !first => {
                    self.at += 1;
                    return Ok(());
                }
                _ => {}
            }
            first = false;
            if self.named_class()? || self.perl_class_here()? {
                continue;
            }
            let low = self.class_character()?;
            let rest = self.rest();
            if rest.starts_with('-') && rest.len() > 1 && !rest.starts_with("-]") {
                self.at += 1;
                let high = self.class_character()?;
                if high < low {
                    let written = self.pattern.get(item..self.at).unwrap_or("");
                    return Err(fault(item..self.at, format!("the range `{written}` goes backwards")));
                }
            }
        }
    }

    fn perl_class_here(&mut self) -> Result<bool, SyntaxError> {
        if self.peek() == Some('\\') { self.perl_class() } else { Ok(false) }
    }

    /// `[:alpha:]`.
    fn named_class(&mut self) -> Result<bool, SyntaxError> {
        const NAMES: [&str; 14] = [
            "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper",
            "word", "xdigit",
        ];
        let rest = self.rest();
        let Some(end) = rest.strip_prefix("[:").and_then(|inner| inner.find(":]")) else { return Ok(false) };
        let name = rest.get(2..end + 2).unwrap_or("");
        let range = self.at..self.at + end + 4;
        if !NAMES.contains(&name.trim_start_matches('^')) {
            return Err(fault(range, format!("`[:{name}:]` is no class of characters")));
        }
        self.at = range.end;
        Ok(true)
    }

    fn class_character(&mut self) -> Result<u32, SyntaxError> {
        match self.peek() {
            Some('\\') => self.character_escape(),
            Some(other) => {
                self.at += other.len_utf8();
                Ok(u32::from(other))
            }
            None => Err(fault(self.at..self.at, "a `[` is never closed")),
        }
    }
}

fn joined(whole: Part, next: Option<Part>) -> Part {
    next.map_or(whole, |next| Part { empty: whole.empty && next.empty, repeat: whole.repeat.max(next.repeat) })
}

fn counted(part: Part, min: u32, max: Option<u32>, written: Range<usize>) -> Result<Part, SyntaxError> {
    let factor = max.unwrap_or(min).max(1);
    let repeat = part.repeat.saturating_mul(factor);
    if repeat > MAX_REPEAT {
        return Err(fault(written, "nested counts come to more than 1000"));
    }
    Ok(Part { empty: part.empty || min == 0, repeat })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_matches_nothing() {
        for pattern in
            ["", ".*", "a?", "a*|b", "|a", "^$", "(a|)", "a{0}", "(?i)", "x{0,3}", "\\B", "(?:b*)*", "\\Q\\E"]
        {
            assert_eq!(matches_empty(pattern), Ok(true), "{pattern}");
        }
        for pattern in
            [".+", "a", "a|b", "[^a]", "\\d", "\\pL", "a{1,}", "(?i)a", "(a?)b", "\\b", "/{id}", "{,5}", "\\Qx\\E"]
        {
            assert_eq!(matches_empty(pattern), Ok(false), "{pattern}");
        }
    }

    #[test]
    fn refuses_what_re2_refuses() {
        for (pattern, place) in [
            ("(?=a)", 0..3),
            ("a(?<!b)", 1..4),
            ("(a)\\1", 3..5),
            ("a**", 2..3),
            ("a*+", 2..3),
            ("*a", 0..1),
            ("a|*", 2..3),
            ("(a", 0..1),
            ("a)", 1..2),
            ("[a", 0..1),
            ("[z-a]", 1..4),
            ("\\C", 0..2),
            ("\\p{Nope}", 0..8),
            ("a{1001}", 1..7),
            ("a{3,2}", 1..6),
            ("(a{100}){100}", 8..13),
            ("\\", 0..1),
            ("[[:nope:]]", 1..9),
            ("(?P<a>x)(?P<a>y)", 8..14),
            ("\\xg0", 0..4),
            ("(?z)", 0..3),
        ] {
            assert_eq!(matches_empty(pattern).map_err(|e| e.range), Err(place), "{pattern}");
        }
    }

    #[test]
    fn deep_groups_are_an_error() {
        assert!(matches_empty(&"(".repeat(100_000)).is_err());
    }
}
