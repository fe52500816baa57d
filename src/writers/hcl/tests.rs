//! What the HCL writer writes, and that another parser reads it as meant.

use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

#[test]
fn the_shape_of_a_file() {
    let body = Body::new()
        .comment("Who is told.")
        .block(
            "resource",
            &["aws_sns_topic", "alerts"],
            Body::new()
                .attribute("name", "ims-alerts")
                .attribute("kms_master_key_id", Expression::reference(["aws_kms_key", "alerts", "id"]))
                .attribute("tags", Expression::object([("Team", "a ${b}"), ("for", "x"), ("a.b", "%{c}")]))
                .attribute("n", Decimal::new(50, 1))
                .attribute("empty", Expression::Object(vec![]))
                .attribute(
                    "policy",
                    Expression::call(
                        "jsonencode",
                        vec![Expression::object([
                            ("Version", Expression::from("2012-10-17")),
                            ("Statement", Expression::List(vec![Expression::object([("Effect", "Allow")])])),
                        ])],
                    ),
                )
                .block("metric", &[], Body::new().attribute("period", 60))
                .block("none", &[], Body::new()),
        )
        .block(
            "output",
            &["x"],
            Body::new().attribute(
                "value",
                Expression::Template(vec![
                    Part::Literal("cost $".to_owned()),
                    Part::Interpolation(Expression::reference(["var", "x"])),
                ]),
            ),
        );
    let expected = r#"# Banner.

# Who is told.
resource "aws_sns_topic" "alerts" {
  name              = "ims-alerts"
  kms_master_key_id = aws_kms_key.alerts.id
  tags = {
    Team  = "a $${b}"
    "for" = "x"
    "a.b" = "%%{c}"
  }
  n     = 5
  empty = {}
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
      },
    ]
  })

  metric {
    period = 60
  }

  none {}
}

output "x" {
  value = "cost \u0024${var.x}"
}
"#;
    assert_eq!(write(&body, &["Banner."]), expected);
}

#[test]
fn a_heredoc_where_one_can_hold_the_text_and_quotes_otherwise() {
    let text = |text: &str| write(&Body::new().attribute("q", Expression::Heredoc(text.to_owned())), &[]);
    assert_eq!(text("fields @a\n\n  | sort ${x}\n"), "q = <<-EOT\n  fields @a\n\n    | sort $${x}\nEOT\n");
    assert_eq!(text("no newline"), "q = \"no newline\"\n");
    assert_eq!(text("a\nEOT\n"), "q = \"a\\nEOT\\n\"\n");
    assert_eq!(text("  a\n"), "q = \"  a\\n\"\n");
}

#[test]
fn json_becomes_literals() {
    let value = serde_json::json!({"a": "${b}", "n": 1.5, "big": 1e300, "none": null, "list": [true, {}]});
    assert_eq!(
        write(&Body::new().attribute("v", &value), &[]),
        "v = {\n  a    = \"$${b}\"\n  n    = 1.5\n  big  = 1e+300\n  none = null\n  list = [true, {}]\n}\n"
    );
}

fn identifier() -> impl Strategy<Value = String> {
    "[a-z_][a-zA-Z0-9_-]{0,12}".prop_filter("a keyword", |name| {
        !matches!(name.as_str(), "for" | "if" | "in" | "null" | "true" | "false" | "else" | "endif" | "endfor")
    })
}

/// Text in the normal form of Unicode that the language keeps strings in (NFC), with what could break out.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ -~]{0,12}",
        prop::sample::select(vec![
            "${", "%{", "$", "$$", "$${", "%%{", "{", "}", "\"", "\\", "\n", "\r", "\t", "\u{0}", "\u{7f}", "é", "😀",
            "\u{85}", "\u{feff}", "\u{202e}", "#", "//", "/*", "EOT", "\nEOT\n", "  ", "\\u0024{", "~}",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

fn reference() -> impl Strategy<Value = Expression> {
    let step = prop_oneof![
        4 => identifier().prop_map(Step::Attribute),
        1 => (0..9_u64).prop_map(Step::Index),
        1 => text().prop_map(Step::Key),
    ];
    (identifier(), prop::collection::vec(step, 0..3))
        .prop_map(|(root, steps)| Expression::Reference(Reference { root, steps }))
}

fn expression() -> impl Strategy<Value = Expression> {
    let part = prop_oneof![text().prop_map(Part::Literal), reference().prop_map(Part::Interpolation)];
    let leaf = prop_oneof![
        1 => Just(Expression::Null),
        1 => any::<bool>().prop_map(Expression::Bool),
        2 => any::<i32>().prop_map(|number| Expression::from(i64::from(number))),
        1 => (any::<i32>(), 0..6_u32).prop_map(|(digits, scale)| Expression::Number(Decimal::new(digits.into(), scale))),
        4 => text().prop_map(Expression::String),
        1 => "([a-z|@][ -~]{0,20}\n){1,3}".prop_map(Expression::Heredoc),
        1 => text().prop_map(Expression::Heredoc),
        2 => reference(),
        2 => prop::collection::vec(part, 0..4).prop_map(Expression::Template),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        let key = prop_oneof![identifier(), text(), Just("for".to_owned())];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Expression::List),
            prop::collection::vec((key, inner.clone()), 0..5).prop_map(|entries| {
                let unique: indexmap::IndexMap<String, Expression> = entries.into_iter().collect();
                Expression::Object(unique.into_iter().collect())
            }),
            (identifier(), prop::collection::vec(inner, 0..3))
                .prop_map(|(function, arguments)| Expression::Call { function, arguments }),
        ]
    })
}

fn any_body() -> impl Strategy<Value = Body> {
    let attributes = prop::collection::vec((identifier(), expression()), 0..6)
        .prop_map(|attributes| {
            let unique: indexmap::IndexMap<String, Expression> = attributes.into_iter().collect();
            let attribute = |(name, value)| Item::Attribute(Attribute { name, value });
            unique.into_iter().map(attribute).collect::<Vec<_>>()
        })
        .boxed();
    let comment = text().prop_map(Item::Comment).boxed();
    let leaf = (attributes.clone(), prop::option::of(comment.clone())).prop_map(|(mut items, comment)| {
        items.splice(0..0, comment);
        Body { items }
    });
    leaf.prop_recursive(2, 8, 3, move |inner| {
        let block = (identifier(), prop::collection::vec(identifier(), 0..3), inner)
            .prop_map(|(kind, labels, body)| Item::Block(Block { kind, labels, body }));
        let item = prop_oneof![4 => block, 1 => comment.clone()];
        (attributes.clone(), prop::collection::vec(item, 0..4)).prop_map(|(mut items, more)| {
            items.extend(more);
            Body { items }
        })
    })
}

/// What we mean, in a form that both trees can be brought to: comments are nothing, a template is its
/// elements, a string is a template with at most one.
fn ours(body: &Body) -> Value {
    let item = |item: &Item| match item {
        Item::Attribute(attribute) => Some(json!([attribute.name, our_expression(&attribute.value)])),
        Item::Block(block) => Some(json!([block.kind, block.labels, ours(&block.body)])),
        Item::Comment(_) => None,
    };
    body.items.iter().filter_map(item).collect()
}

fn our_expression(value: &Expression) -> Value {
    match value {
        Expression::Null => Value::Null,
        Expression::Bool(flag) => json!(flag),
        Expression::Number(number) => number_meant(&number.to_string()),
        Expression::Float(number) => number_meant(&number.to_string()),
        Expression::String(text) | Expression::Heredoc(text) => elements([Ok(text.clone())]),
        Expression::Template(parts) => {
            let said: Vec<&Part> = parts.iter().filter(|part| **part != Part::Literal(String::new())).collect();
            match said.as_slice() {
                [Part::Interpolation(only)] => our_expression(only),
                _ => elements(parts.iter().map(|part| match part {
                    Part::Literal(text) => Ok(text.clone()),
                    Part::Interpolation(inner) => Err(our_expression(inner)),
                })),
            }
        }
        Expression::Reference(path) => {
            let step = |step: &Step| match step {
                Step::Attribute(name) => json!({"attribute": name}),
                Step::Index(index) => json!({"index": number_meant(&index.to_string())}),
                Step::Key(key) => json!({"index": elements([Ok(key.clone())])}),
                Step::Splat => json!("splat"),
            };
            json!({"root": path.root, "steps": path.steps.iter().map(step).collect::<Vec<_>>()})
        }
        Expression::Call { function, arguments } => {
            json!({"function": function, "arguments": arguments.iter().map(our_expression).collect::<Vec<_>>()})
        }
        Expression::List(items) => items.iter().map(our_expression).collect(),
        Expression::Object(entries) => {
            let entry = |(key, value): &(String, Expression)| json!([key, our_expression(value)]);
            json!({"object": entries.iter().map(entry).collect::<Vec<_>>()})
        }
    }
}

fn theirs(body: &hcl_edit::structure::Body) -> Value {
    use hcl_edit::structure::Structure;
    let item = |item: &Structure| match item {
        Structure::Attribute(attribute) => json!([attribute.key.as_str(), their_expression(&attribute.value)]),
        Structure::Block(block) => {
            let labels: Vec<&str> = block.labels.iter().map(|label| label.as_str()).collect();
            json!([block.ident.as_str(), labels, theirs(&block.body)])
        }
    };
    body.iter().map(item).collect()
}

fn their_expression(value: &hcl_edit::expr::Expression) -> Value {
    use hcl_edit::expr::{Expression, ObjectKey, TraversalOperator};
    match value {
        Expression::Null(_) => Value::Null,
        Expression::Bool(flag) => json!(flag.value()),
        Expression::Number(number) => number_meant(&number.value().to_string()),
        Expression::String(text) => elements([Ok(text.value().clone())]),
        Expression::StringTemplate(template) => their_template(template.iter()),
        Expression::HeredocTemplate(heredoc) => {
            let mut heredoc = heredoc.clone();
            heredoc.dedent();
            their_template(heredoc.template.iter())
        }
        Expression::Variable(name) => json!({"root": name.as_str(), "steps": []}),
        Expression::Traversal(path) => {
            let Expression::Variable(root) = &path.expr else { panic!("{path:?}") };
            let step = |step: &TraversalOperator| match step {
                TraversalOperator::GetAttr(name) => json!({"attribute": name.as_str()}),
                TraversalOperator::Index(index) => json!({"index": their_expression(index)}),
                TraversalOperator::FullSplat(_) => json!("splat"),
                other => panic!("{other:?}"),
            };
            json!({"root": root.as_str(), "steps": path.operators.iter().map(|item| step(item)).collect::<Vec<_>>()})
        }
        Expression::FuncCall(call) => {
            let arguments: Vec<Value> = call.args.iter().map(their_expression).collect();
            json!({"function": call.name.name.as_str(), "arguments": arguments})
        }
        Expression::Array(items) => items.iter().map(their_expression).collect(),
        Expression::Object(entries) => {
            let key = |key: &ObjectKey| match key {
                ObjectKey::Ident(name) => json!(name.as_str()),
                ObjectKey::Expression(name) => match their_expression(name)["text"].as_array().map(Vec::as_slice) {
                    Some([]) => json!(""),
                    Some([text]) => text.clone(),
                    _ => panic!("{name:?}"),
                },
            };
            let entry = |(name, value): (&ObjectKey, &hcl_edit::expr::ObjectValue)| {
                json!([key(name), their_expression(value.expr())])
            };
            json!({"object": entries.iter().map(entry).collect::<Vec<_>>()})
        }
        Expression::UnaryOp(operation) => {
            let Expression::Number(number) = &operation.expr else { panic!("{operation:?}") };
            number_meant(&format!("-{}", number.value()))
        }
        other => panic!("{other:?}"),
    }
}

fn their_template<'a>(parts: impl Iterator<Item = &'a hcl_edit::template::Element>) -> Value {
    use hcl_edit::template::Element;
    elements(parts.map(|element| match element {
        Element::Literal(text) => Ok(text.value().clone()),
        Element::Interpolation(inner) => Err(their_expression(&inner.expr)),
        Element::Directive(directive) => panic!("a directive got in: {directive:?}"),
    }))
}

fn number_meant(text: &str) -> Value {
    json!({"number": format!("{:e}", text.parse::<f64>().unwrap())})
}

/// Text (`Ok`) and expressions (`Err`), neighbouring texts joined.
fn elements(parts: impl IntoIterator<Item = Result<String, Value>>) -> Value {
    let mut joined: Vec<Value> = Vec::new();
    for part in parts {
        match part {
            Ok(text) if text.is_empty() => {}
            Ok(text) => match joined.last_mut() {
                Some(Value::String(before)) => before.push_str(&text),
                _ => joined.push(Value::String(text)),
            },
            Err(inner) => joined.push(json!({ "interpolation": inner })),
        }
    }
    json!({ "text": joined })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_body_reads_back_as_meant(body in any_body()) {
        let text = write(&body, &["Banner."]);
        let read: hcl_edit::structure::Body = text.parse().unwrap_or_else(|error| panic!("{error}\n{text}"));
        prop_assert_eq!(theirs(&read), ours(&body), "{}", text);
    }
}
