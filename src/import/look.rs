//! Looking things up in an export: paths through objects, lists in either of the shapes in which they are sent.

use crate::source::Span;
use crate::yaml::{Node, Value};

/// A text of an export and where it stands.
pub(super) type Said<'n> = (&'n str, Span);

/// The value at a path, as in `author.login`; nothing where it is absent, null or blank.
pub(super) fn get<'n, 's>(node: &'n Node<'s>, path: &str) -> Option<&'n Node<'s>> {
    let found = path.split('.').try_fold(node, |node, key| node.get(key))?;
    (!is_blank(found)).then_some(found)
}

/// Whether a value says nothing.
pub(super) fn is_blank(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Null | Value::Broken => true,
        Value::Scalar(scalar) => scalar.text.trim().is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
    }
}

/// The text at a path.
pub(super) fn text<'n>(node: &'n Node<'_>, path: &str) -> Option<Said<'n>> {
    let found = get(node, path)?;
    found.as_scalar().map(|scalar| (&*scalar.text, found.span))
}

/// The text at the first of several paths that has one.
pub(super) fn first<'n>(node: &'n Node<'_>, paths: &[&str]) -> Option<Said<'n>> {
    paths.iter().find_map(|path| text(node, path))
}

/// The instant that a text is, for order in time; texts of one day may be written with several offsets.
pub(super) fn instant(said: Option<Said<'_>>) -> Option<jiff::Timestamp> {
    said.and_then(|(text, _)| crate::model::parse_time(text).ok())
}

/// Whether `true` stands at a path.
pub(super) fn is_true(node: &Node<'_>, path: &str) -> bool {
    text(node, path).is_some_and(|(text, _)| text == "true")
}

/// The items of the list at a path, whether it is one, or an object that holds it as `nodes`.
pub(super) fn list<'n, 's>(node: &'n Node<'s>, path: &str) -> &'n [Node<'s>] {
    let Some(found) = get(node, path) else { return &[] };
    found.as_list().or_else(|| found.get("nodes").and_then(Node::as_list)).unwrap_or_default()
}
