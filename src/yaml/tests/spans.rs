//! Every key and value is where its span says.

use super::read;
use crate::yaml::{Node, Value};

/// What stands at each key and value, in the order of the text.
fn places(text: &str) -> Vec<String> {
    fn walk(node: &Node<'_>, text: &str, out: &mut Vec<String>) {
        out.push(node.span.of(text).to_owned());
        match &node.value {
            Value::List(items) => items.iter().for_each(|item| walk(item, text, out)),
            Value::Map(entries) => {
                for entry in entries {
                    out.push(entry.key.span.of(text).to_owned());
                    walk(&entry.value, text, out);
                }
            }
            Value::Scalar(_) | Value::Null | Value::Broken => {}
        }
    }
    let mut out = Vec::new();
    for document in read(text).0 {
        walk(&document.root, text, &mut out);
    }
    out
}

#[test]
fn values_are_where_their_spans_say() {
    let rows: &[(&str, &[&str])] = &[
        ("a: 1\n", &["a: 1", "a", "1"]),
        ("a : x y  # c\n\n# d\n", &["a : x y", "a", "x y"]),
        ("\"a\": 'b'\n", &["\"a\": 'b'", "\"a\"", "'b'"]),
        ("a:\n  b: c\n\nd:\n", &["a:\n  b: c\n\nd:", "a", "b: c", "b", "c", "d", ""]),
        ("- a\n-  b: c\n   d: e\n\n", &["- a\n-  b: c\n   d: e", "a", "b: c\n   d: e", "b", "c", "d", "e"]),
        ("a:\n- x\n-\n# c\nb: y\n", &["a:\n- x\n-\n# c\nb: y", "a", "- x\n-", "x", "", "b", "y"]),
        ("a: |\n  x\n  y\n\n\nb: 1\n", &["a: |\n  x\n  y\n\n\nb: 1", "a", "|\n  x\n  y", "b", "1"]),
        ("a: >-\n\n", &["a: >-", "a", ">-"]),
        ("a: one\n  two\nb: 1\n", &["a: one\n  two\nb: 1", "a", "one\n  two", "b", "1"]),
        ("a: \"b\n  c\"\n", &["a: \"b\n  c\"", "a", "\"b\n  c\""]),
        (
            "a: [b, {c: d, e}, f: g ] # x\n",
            &[
                "a: [b, {c: d, e}, f: g ]",
                "a",
                "[b, {c: d, e}, f: g ]",
                "b",
                "{c: d, e}",
                "c",
                "d",
                "e",
                "",
                "f: g",
                "f",
                "g",
            ],
        ),
        ("a: @x y # c\nb: 1\n", &["a: @x y # c\nb: 1", "a", "@x y", "b", "1"]),
        ("--- é: ü\n", &["é: ü", "é", "ü"]),
        ("a: 1\n---\n- ü\n", &["a: 1", "a", "1", "- ü", "ü"]),
    ];
    for (text, expected) in rows {
        assert_eq!(places(text), *expected, "{text}");
    }
}
