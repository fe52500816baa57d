//! Alloy's configuration language (`*.alloy`), laid out as `alloy fmt` lays it out.
//!
//! ```text
//! loki.write "store" {
//!     endpoint {
//!         url = "http://loki:3100/loki/api/v1/push"
//!     }
//! }
//! ```

/// The inside of a block, or of a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Body {
    items: Vec<Item>,
}

#[derive(Debug, Clone, PartialEq)]
enum Item {
    Attribute(&'static str, Value),
    Block(Block),
}

#[derive(Debug, Clone, PartialEq)]
struct Block {
    /// `loki.source.docker`
    name: &'static str,
    label: Option<String>,
    body: Body,
}

/// What an attribute is set to.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text.
    Text(String),
    /// On or off.
    Bool(bool),
    /// Several.
    List(Vec<Value>),
    /// By key.
    Object(Vec<(String, Value)>),
    /// What another component exports: `loki.write.store.receiver`.
    Export(&'static str, String, &'static str),
    /// A variable of the environment.
    Environment(String),
}

impl Value {
    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Texts.
    pub fn texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        Self::List(texts.into_iter().map(Self::text).collect())
    }

    /// Texts by key.
    pub fn map<K: Into<String>, V: Into<String>>(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        Self::Object(entries.into_iter().map(|(key, value)| (key.into(), Self::text(value))).collect())
    }
}

impl Body {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets an attribute.
    pub fn set(mut self, name: &'static str, value: Value) -> Self {
        self.items.push(Item::Attribute(name, value));
        self
    }

    /// Adds a block.
    pub fn block(mut self, name: &'static str, body: Body) -> Self {
        self.items.push(Item::Block(Block { name, label: None, body }));
        self
    }

    /// Adds a component: a block with a label, which is an identifier whatever the text.
    pub fn component(mut self, name: &'static str, label: &str, body: Body) -> Self {
        self.items.push(Item::Block(Block { name, label: Some(identifier(label)), body }));
        self
    }
}

/// A text as an identifier of the language.
pub fn identifier(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' }).collect();
    if plain.chars().next().is_none_or(|first| first.is_ascii_digit()) { format!("_{plain}") } else { plain }
}

/// The text of a file, below a comment line.
pub fn write(body: &Body, banner: &str) -> String {
    let shown: String = banner.chars().filter(|character| !character.is_control()).collect();
    let mut text = format!("// {shown}\n");
    if !body.items.is_empty() {
        text.push('\n');
    }
    write_body(&mut text, body, 0);
    text
}

/// Attributes that follow one another align their signs; a block stands apart from what is before it.
fn write_body(text: &mut String, body: &Body, depth: usize) {
    let mut rest = body.items.as_slice();
    let mut first = true;
    while let Some(item) = rest.first() {
        let length = rest.iter().take_while(|item| matches!(item, Item::Attribute(..))).count();
        if !first {
            text.push('\n');
        }
        first = false;
        match item {
            Item::Attribute(..) => {
                let (run, after) = rest.split_at(length);
                write_attributes(text, run, depth);
                rest = after;
            }
            Item::Block(block) => {
                write_block(text, block, depth);
                rest = rest.get(1..).unwrap_or_default();
            }
        }
    }
}

/// A value of several lines ends the run of those that align.
fn write_attributes(text: &mut String, run: &[Item], depth: usize) {
    let attributes: Vec<(&str, String)> = run
        .iter()
        .filter_map(|item| match item {
            Item::Attribute(name, value) => Some((*name, printed(value, depth))),
            Item::Block(_) => None,
        })
        .collect();
    for group in attributes.chunk_by(|(_, before), _| !before.contains('\n')) {
        aligned(text, group.iter().map(|(name, value)| (*name, value.as_str(), "")), depth);
    }
}

/// `name = value` a line, the signs below one another.
fn aligned<'a>(text: &mut String, lines: impl Iterator<Item = (&'a str, &'a str, &'a str)> + Clone, depth: usize) {
    let width = lines.clone().map(|(name, ..)| name.chars().count()).max().unwrap_or(0);
    for (name, value, end) in lines {
        text.push_str(&"\t".repeat(depth));
        text.push_str(&format!("{name:width$} = {value}{end}\n"));
    }
}

fn write_block(text: &mut String, block: &Block, depth: usize) {
    let indent = "\t".repeat(depth);
    let label = block.label.as_ref().map_or(String::new(), |label| format!(" {}", quoted(label)));
    if block.body.items.is_empty() {
        text.push_str(&format!("{indent}{}{label} {{ }}\n", block.name));
        return;
    }
    text.push_str(&format!("{indent}{}{label} {{\n", block.name));
    write_body(text, &block.body, depth + 1);
    text.push_str(&format!("{indent}}}\n"));
}

fn printed(value: &Value, depth: usize) -> String {
    match value {
        Value::Text(text) => quoted(text),
        Value::Bool(value) => value.to_string(),
        Value::Export(component, label, export) => format!("{component}.{}.{export}", identifier(label)),
        Value::Environment(name) => format!("sys.env({})", quoted(name)),
        Value::List(items) if items.iter().any(|item| matches!(item, Value::Object(_))) => {
            let inner = "\t".repeat(depth + 1);
            let lines = items.iter().map(|item| format!("{inner}{},\n", printed(item, depth + 1)));
            format!("[\n{}{}]", lines.collect::<String>(), "\t".repeat(depth))
        }
        Value::List(items) => {
            format!("[{}]", items.iter().map(|item| printed(item, depth)).collect::<Vec<_>>().join(", "))
        }
        Value::Object(entries) if entries.is_empty() => "{}".to_owned(),
        Value::Object(entries) => {
            let lines: Vec<(String, String)> =
                entries.iter().map(|(key, value)| (object_key(key), printed(value, depth + 1))).collect();
            let mut text = "{\n".to_owned();
            aligned(&mut text, lines.iter().map(|(key, value)| (key.as_str(), value.as_str(), ",")), depth + 1);
            text.push_str(&"\t".repeat(depth));
            text.push('}');
            text
        }
    }
}

fn object_key(key: &str) -> String {
    // `null`, `true` and `false` are values.
    let is_plain = identifier(key) == key && !matches!(key, "null" | "true" | "false");
    if is_plain { key.to_owned() } else { quoted(key) }
}

/// Text in double quotes, with Go's escapes.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            hidden if hidden.is_control() || hidden == '\u{feff}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(hidden)));
            }
            plain => out.push(plain),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_align_and_blocks_stand_apart() {
        let rule = Body::new().set("source_labels", Value::texts(["a", "b"])).set("regex", Value::text(r"/(.*)"));
        let body = Body::new()
            .component("loki.relabel", "my-lines", rule.clone().block("rule", rule))
            .block("logging", Body::new())
            .component(
                "loki.write",
                "9",
                Body::new().set("external_labels", Value::map([("a-b", "1"), ("team", "x")])),
            );
        let expected = "// made\n\nloki.relabel \"my_lines\" {\n\tsource_labels = [\"a\", \"b\"]\n\tregex         = \"/(.*)\"\n\n\trule {\n\t\tsource_labels = [\"a\", \"b\"]\n\t\tregex         = \"/(.*)\"\n\t}\n}\n\nlogging { }\n\nloki.write \"_9\" {\n\texternal_labels = {\n\t\t\"a-b\" = \"1\",\n\t\tteam  = \"x\",\n\t}\n}\n";
        assert_eq!(write(&body, "made"), expected);
    }

    #[test]
    fn nothing_leaves_its_quotes() {
        let hostile = "\" }\nevil \\ \u{1}${x}";
        let text = write(&Body::new().set("a", Value::text(hostile)).set("b", Value::map([(hostile, "1")])), "x\ny");
        assert_eq!(
            text,
            "// xy\n\na = \"\\\" }\\nevil \\\\ \\u0001${x}\"\nb = {\n\t\"\\\" }\\nevil \\\\ \\u0001${x}\" = \"1\",\n}\n"
        );
    }
}
