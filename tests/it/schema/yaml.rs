//! YAML as an editor reads it: plain scalars are what YAML 1.2's core schema makes of them.

use serde_json::{Map, Value};
use tickmark::diag::{Level, Sink};
use tickmark::source::FileId;
use tickmark::yaml::{self, Node, Style};

/// All documents of a text.
pub(crate) fn documents(text: &str) -> Vec<Value> {
    let mut sink = Sink::new();
    let documents = yaml::parse(text, 0, FileId(0), &mut sink);
    assert!(sink.iter().all(|f| f.level != Level::Error), "{text}");
    documents.iter().map(|d| value(&d.root)).collect()
}

/// The front matter of a markdown text.
pub(super) fn front(text: &str) -> &str {
    text.strip_prefix("---\n").and_then(|t| t.split_once("\n---\n")).expect("front matter").0
}

fn value(node: &Node<'_>) -> Value {
    match &node.value {
        yaml::Value::Null | yaml::Value::Broken => Value::Null,
        yaml::Value::List(items) => Value::Array(items.iter().map(value).collect()),
        yaml::Value::Map(entries) => {
            Value::Object(entries.iter().map(|e| (e.key.text.to_string(), value(&e.value))).collect::<Map<_, _>>())
        }
        yaml::Value::Scalar(s) if s.style == Style::Plain => plain(&s.text),
        yaml::Value::Scalar(s) => Value::String(s.text.to_string()),
    }
}

fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    let digits = text.trim_start_matches(['+', '-']);
    let number = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && text.parse::<f64>().is_ok();
    if !number {
        return Value::String(text.to_owned());
    }
    match text.trim_start_matches('+').parse::<i64>() {
        Ok(whole) => Value::from(whole),
        Err(_) => Value::from(text.parse::<f64>().expect("just parsed")),
    }
}
