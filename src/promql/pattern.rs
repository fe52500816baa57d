//! Texts that a matcher's regular expression matches, and whether it matches one.

use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// Steps after which a match is given up: patterns come from people.
const PATIENCE: u32 = 20_000;

/// Steps within steps after which a match is given up.
const DEPTH: u32 = 1_000;

/// Longest text that is made up.
const LENGTH: usize = 200;

/// A short text that the pattern matches as a whole; `None` if none is found.
pub fn sample(pattern: &str) -> Option<String> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut text = String::new();
    write_sample(&hir, &mut text)?;
    matches(pattern, &text).filter(|matched| *matched).map(|_| text)
}

fn write_sample(hir: &Hir, text: &mut String) -> Option<()> {
    if text.len() > LENGTH {
        return None;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => text.push(member(class)?),
        HirKind::Repetition(repetition) => {
            for _ in 0..repetition.min.min(64) {
                write_sample(&repetition.sub, text)?;
            }
        }
        HirKind::Capture(capture) => write_sample(&capture.sub, text)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write_sample(part, text))?,
        HirKind::Alternation(choices) => write_sample(choices.first()?, text)?,
    }
    Some(())
}

/// A digit or a letter if the class has one.
fn member(class: &Class) -> Option<char> {
    let first = match class {
        Class::Unicode(class) => class.ranges().first().map(regex_syntax::hir::ClassUnicodeRange::start),
        Class::Bytes(class) => class.ranges().first().map(|range| char::from(range.start())),
    };
    ('0'..='9').chain('a'..='z').chain('A'..='Z').find(|c| contains(class, *c)).or(first)
}

fn contains(class: &Class, c: char) -> bool {
    match class {
        Class::Unicode(class) => class.ranges().iter().any(|range| range.start() <= c && c <= range.end()),
        Class::Bytes(class) => {
            u8::try_from(c).is_ok_and(|byte| class.ranges().iter().any(|r| r.start() <= byte && byte <= r.end()))
        }
    }
}

/// Most texts that a pattern is taken apart into.
const TEXTS: usize = 64;

/// All texts that the pattern matches as a whole, if they are few: `a|b` matches two.
pub fn texts(pattern: &str) -> Option<Vec<String>> {
    all(&regex_syntax::parse(pattern).ok()?)
}

fn all(hir: &Hir) -> Option<Vec<String>> {
    let found = match hir.kind() {
        // Anchors hold at the ends; a word boundary may not hold.
        HirKind::Look(Look::Start | Look::End) | HirKind::Empty => vec![String::new()],
        HirKind::Literal(literal) => vec![std::str::from_utf8(&literal.0).ok()?.to_owned()],
        HirKind::Class(Class::Unicode(class)) => {
            let letters = class.ranges().iter().flat_map(|range| range.start()..=range.end());
            letters.take(TEXTS + 1).map(String::from).collect()
        }
        HirKind::Capture(capture) => all(&capture.sub)?,
        HirKind::Alternation(choices) => {
            let choices: Option<Vec<Vec<String>>> = choices.iter().map(all).collect();
            choices?.concat()
        }
        HirKind::Concat(parts) => {
            let mut found = vec![String::new()];
            for part in parts {
                let ends = all(part)?;
                found = found.iter().flat_map(|begin| ends.iter().map(move |end| format!("{begin}{end}"))).collect();
                if found.len() > TEXTS {
                    return None;
                }
            }
            found
        }
        HirKind::Repetition(repetition) if repetition.max == Some(1) && repetition.min == 0 => {
            all(&repetition.sub)?.into_iter().chain([String::new()]).collect()
        }
        _ => return None,
    };
    (found.len() <= TEXTS).then_some(found)
}

/// Whether the pattern matches the whole text; `None` if it cannot be told.
pub fn matches(pattern: &str, text: &str) -> Option<bool> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut search = Search { text: text.chars().collect(), patience: PATIENCE, depth: 0 };
    let end = search.text.len();
    let found = search.step(&[&hir], 0, end);
    (search.patience > 0).then_some(found)
}

struct Search {
    text: Vec<char>,
    patience: u32,
    depth: u32,
}

impl Search {
    /// Whether what is left of the pattern, a stack of parts, matches from `at` to the end.
    fn step(&mut self, parts: &[&Hir], at: usize, end: usize) -> bool {
        self.patience = if self.depth < DEPTH { self.patience.saturating_sub(1) } else { 0 };
        if self.patience == 0 {
            return false;
        }
        self.depth += 1;
        let found = self.next(parts, at, end);
        self.depth -= 1;
        found
    }

    fn next(&mut self, parts: &[&Hir], at: usize, end: usize) -> bool {
        let Some((first, rest)) = parts.split_first() else { return at == end };
        match first.kind() {
            // Anchors hold at the ends, and the whole text is matched anyway.
            HirKind::Empty | HirKind::Look(_) => self.step(rest, at, end),
            HirKind::Literal(literal) => {
                let Ok(literal) = std::str::from_utf8(&literal.0) else { return false };
                let length = literal.chars().count();
                let here =
                    self.text.get(at..at + length).is_some_and(|found| found.iter().copied().eq(literal.chars()));
                here && self.step(rest, at + length, end)
            }
            HirKind::Class(class) => {
                self.text.get(at).is_some_and(|c| contains(class, *c)) && self.step(rest, at + 1, end)
            }
            HirKind::Capture(capture) => {
                let parts: Vec<&Hir> = std::iter::once(&*capture.sub).chain(rest.iter().copied()).collect();
                self.step(&parts, at, end)
            }
            HirKind::Concat(all) => {
                let parts: Vec<&Hir> = all.iter().chain(rest.iter().copied()).collect();
                self.step(&parts, at, end)
            }
            HirKind::Alternation(choices) => choices.iter().any(|choice| {
                let parts: Vec<&Hir> = std::iter::once(choice).chain(rest.iter().copied()).collect();
                self.step(&parts, at, end)
            }),
            HirKind::Repetition(repetition) => {
                // Each round takes at least one character, so there are no more rounds than characters.
                let most = repetition.max.map_or(end, |max| (max as usize).min(end.max(repetition.min as usize)));
                (repetition.min as usize..=most).any(|times| {
                    let rounds = std::iter::repeat_n(&*repetition.sub, times);
                    let parts: Vec<&Hir> = rounds.chain(rest.iter().copied()).collect();
                    self.step(&parts, at, end)
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_match() {
        for (pattern, text) in
            [("5..", "500"), ("a|b", "a"), ("[^x]+z?", "0"), ("(GET|POST)", "GET"), ("tmpfs|fuse.*", "tmpfs")]
        {
            assert_eq!(sample(pattern).as_deref(), Some(text), "{pattern}");
        }
    }

    #[test]
    fn matches_the_whole_text() {
        for (pattern, text, wanted) in [
            ("5..", "503", true),
            ("5..", "200", false),
            ("5..", "5034", false),
            ("a*b+", "aab", true),
            (".*", "", true),
            ("(?i)get", "GET", true),
            ("x{2,3}", "xxxx", false),
        ] {
            assert_eq!(matches(pattern, text), Some(wanted), "{pattern} {text}");
        }
    }

    #[test]
    fn few_texts_are_told() {
        let told = |pattern: &str| {
            texts(pattern).map(|mut all| {
                all.sort();
                all.join(" ")
            })
        };
        assert_eq!(told("critical|warning").as_deref(), Some("critical warning"));
        assert_eq!(told("^(?:page|p[12])$").as_deref(), Some("p1 p2 page"));
        assert_eq!(told("Kube(Node)?Down").as_deref(), Some("KubeDown KubeNodeDown"));
        assert_eq!(told("x.*"), None);
        assert_eq!(told("."), None);
    }

    #[test]
    fn hostile_patterns_end() {
        let found = matches("(a*)*(a*)*(a*)*(a*)*b", &"a".repeat(60));
        assert!(found.is_none() || found == Some(false));
        let _ = sample("((x{60}){60}){60}");
    }
}
