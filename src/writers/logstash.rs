//! Logstash's pipeline language. Strings are escaped for `config.support_escapes: true`, which must be set beside them.

/// A pipeline: where events come from, what becomes of them, where they go.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pipeline {
    /// Where events come from.
    pub input: Vec<Step>,
    /// What becomes of them.
    pub filter: Vec<Step>,
    /// Where they go.
    pub output: Vec<Step>,
}

/// A plugin, or a choice between some.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// `mutate { copy => { ... } }`
    Plugin(&'static str, Vec<(&'static str, Value)>),
    /// `if ... { ... } else if ... { ... }`: the first that is true.
    Choice(Vec<(Condition, Vec<Step>)>),
}

/// When a branch is taken.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// The field is there.
    Has(Field),
    /// The field has this value.
    Is(Field, String),
}

/// A field by its path: `[log][level]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field(String);

impl Field {
    /// A field by the names on its path. Brackets cannot be part of a name.
    pub fn at<'a>(path: impl IntoIterator<Item = &'a str>) -> Self {
        let part = |name: &str| format!("[{}]", name.chars().filter(|c| !"[]\"\\".contains(*c)).collect::<String>());
        Self(path.into_iter().map(part).collect())
    }
}

/// What an option is set to.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Number(u64),
    /// On or off.
    Bool(bool),
    /// A field.
    Field(Field),
    /// Several.
    List(Vec<Value>),
    /// By key.
    Hash(Vec<(Field, Value)>),
    /// A variable of the environment in which Logstash runs.
    Environment(&'static str),
}

impl Value {
    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

/// Whether Logstash would read something else than the text itself: a variable, or a field's value. It knows no way to
/// write these literally.
pub fn means_more(text: &str) -> bool {
    text.contains("${") || text.contains("%{")
}

/// The text of a file, below a comment line.
pub fn write(pipeline: &Pipeline, banner: &str) -> String {
    let shown: String = banner.chars().filter(|character| !character.is_control()).collect();
    let mut text = format!("# {shown}\n");
    for (name, steps) in [("input", &pipeline.input), ("filter", &pipeline.filter), ("output", &pipeline.output)] {
        text.push_str(&format!("{name} {{\n"));
        write_steps(&mut text, steps, 1);
        text.push_str("}\n");
    }
    text
}

fn write_steps(text: &mut String, steps: &[Step], depth: usize) {
    let indent = "  ".repeat(depth);
    for step in steps {
        match step {
            Step::Plugin(name, options) => {
                text.push_str(&format!("{indent}{name} {{\n"));
                for (option, value) in options {
                    text.push_str(&format!("{indent}  {option} => {}\n", printed(value, depth + 1)));
                }
                text.push_str(&format!("{indent}}}\n"));
            }
            Step::Choice(branches) => {
                for (index, (condition, inside)) in branches.iter().enumerate() {
                    let word = if index == 0 { format!("{indent}if") } else { " else if".to_owned() };
                    text.push_str(&format!("{word} {} {{\n", tested(condition)));
                    write_steps(text, inside, depth + 1);
                    text.push_str(&format!("{indent}}}"));
                }
                text.push('\n');
            }
        }
    }
}

fn tested(condition: &Condition) -> String {
    match condition {
        Condition::Has(field) => field.0.clone(),
        Condition::Is(field, value) => format!("{} == {}", field.0, quoted(value)),
    }
}

fn printed(value: &Value, depth: usize) -> String {
    let indent = "  ".repeat(depth);
    match value {
        Value::Text(text) => quoted(text),
        Value::Number(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Field(field) => format!("\"{}\"", field.0),
        Value::Environment(name) => format!("\"${{{name}}}\""),
        Value::List(items) if items.len() > 1 => {
            let lines: Vec<String> =
                items.iter().map(|item| format!("{indent}  {}", printed(item, depth + 1))).collect();
            format!("[\n{}\n{indent}]", lines.join(",\n"))
        }
        Value::List(items) => {
            format!("[{}]", items.iter().map(|item| printed(item, depth)).collect::<Vec<_>>().join(", "))
        }
        Value::Hash(entries) => {
            let line =
                |(key, value): &(Field, Value)| format!("{indent}  \"{}\" => {}\n", key.0, printed(value, depth + 1));
            format!("{{\n{}{indent}}}", entries.iter().map(line).collect::<String>())
        }
    }
}

/// Text in double quotes.
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
    fn plugins_and_choices_in_their_sections() {
        let copy = |to: &str| {
            let hash = vec![(Field::at(["line", "service"]), Value::Field(Field::at(["service", to])))];
            vec![Step::Plugin("mutate", vec![("copy", Value::Hash(hash))])]
        };
        let pipeline = Pipeline {
            input: vec![Step::Plugin("beats", vec![("port", Value::Number(5044))])],
            filter: vec![Step::Choice(vec![
                (Condition::Has(Field::at(["line", "service"])), copy("name")),
                (Condition::Is(Field::at(["a"]), "x\"y".to_owned()), copy("id")),
            ])],
            output: vec![Step::Plugin("stdout", vec![("codec", Value::List(vec![Value::text(r"\b")]))])],
        };
        let expected = "# made\ninput {\n  beats {\n    port => 5044\n  }\n}\nfilter {\n  if [line][service] {\n    mutate {\n      copy => {\n        \"[line][service]\" => \"[service][name]\"\n      }\n    }\n  } else if [a] == \"x\\\"y\" {\n    mutate {\n      copy => {\n        \"[line][service]\" => \"[service][id]\"\n      }\n    }\n  }\n}\noutput {\n  stdout {\n    codec => [\"\\\\b\"]\n  }\n}\n";
        assert_eq!(write(&pipeline, "made"), expected);
    }

    #[test]
    fn nothing_leaves_its_brackets() {
        assert_eq!(Field::at(["a]\"[b", "c"]), Field::at(["ab", "c"]));
        assert!(means_more("${HOME}") && means_more("%{message}") && !means_more("$ % {"));
    }
}
