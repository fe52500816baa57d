//! Files of environment variables, as compose and the shells' dotenv readers agree on them.

/// A file under construction.
#[derive(Debug)]
pub struct File {
    lines: String,
}

impl File {
    /// A file that begins with these lines as comments.
    pub fn new(banner: &[&str]) -> Self {
        let lines = banner.iter().map(|line| format!("# {}\n", line.replace(['\n', '\r'], " "))).collect();
        Self { lines }
    }

    /// A variable with a value that means itself, whatever is in it.
    pub fn set(&mut self, name: &str, value: &str) {
        self.lines.push_str(&format!("{name}={}\n", quoted(value)));
    }

    /// A variable whose value ends in that of another, which must be there. Of the same name and with nothing before
    /// it, it is only named: every reader then takes it from its own environment.
    pub fn take(&mut self, name: &str, before: &str, other: &str) {
        if before.is_empty() && name == other {
            self.lines.push_str(&format!("{name}\n"));
        } else {
            self.lines.push_str(&format!("{name}=\"{}${{{other}}}\"\n", inside_double(before)));
        }
    }

    /// The file's text.
    pub fn finish(self) -> String {
        self.lines
    }
}

/// Bare where nothing could be read otherwise; else in single quotes, in which nothing is expanded. Text with a single
/// quote or a line break, which they cannot hold, goes in double quotes with everything escaped.
fn quoted(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@,+=%".contains(c);
    if !value.is_empty() && value.chars().all(plain) {
        return value.to_owned();
    }
    if !value.contains(['\'', '\n', '\r', '\\']) {
        return format!("'{value}'");
    }
    format!("\"{}\"", inside_double(value))
}

fn inside_double(value: &str) -> String {
    let mut text = String::new();
    for letter in value.chars() {
        match letter {
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\\' | '"' | '$' | '`' => {
                text.push('\\');
                text.push(letter);
            }
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_mean_themselves() {
        let mut file = File::new(&["One\ntwo"]);
        file.set("PLAIN", "http://a:4318");
        file.set("EMPTY", "");
        file.set("SPACED", "a $b `c`");
        file.set("QUOTED", "it's \"$x\"\nnext");
        file.take("SAME", "", "SAME");
        file.take("OTHER", "v=$", "NAME");
        let expected = "# One two\nPLAIN=http://a:4318\nEMPTY=''\nSPACED='a $b `c`'\n\
            QUOTED=\"it's \\\"\\$x\\\"\\nnext\"\nSAME\nOTHER=\"v=\\$${NAME}\"\n";
        assert_eq!(file.finish(), expected);
    }
}
