//! Names in conditions of a site's own templates: `{% if page.sumary %}` is a mistake, and not a passage that never shows.
//!
//! The engine takes a last field that is not there for false. Every name in a condition therefore passes through a filter
//! that refuses it, but for those that ask just this: `is defined`, `is undefined`, `| default(…)` and `?.`. Finds names;
//! knows nothing of what they stand for.

use std::ops::Range;

use super::phrases::end_of_string;

/// The filter that a name passes through.
pub(super) const FILTER: &str = "_there";

const WORDS: &[&str] =
    &["and", "or", "not", "in", "is", "if", "elif", "else", "for", "true", "false", "none", "True", "False", "None"];

/// What is said of a name that is not there, as the engine says it elsewhere; `known` are the fields beside it.
pub(super) fn missing(path: &str, mut known: Vec<String>) -> String {
    known.sort_unstable();
    match path.rsplit_once('.') {
        Some((_, field)) => format!("Field `{field}` is not defined. Available fields: {}", known.join(", ")),
        None => format!("Variable `{path}` is not defined"),
    }
}

/// What a name is followed by, so that it passes through the filter.
pub(super) fn passed(path: &str) -> String {
    let within = path.rsplit_once('.').map(|(of, _)| format!(", within={of}")).unwrap_or_default();
    format!(" | {FILTER}(of=\"{path}\"{within}))")
}

/// Names such as `page.summary` in a piece of an expression that goes on to `end`.
pub(super) fn names(text: &str, within: Range<usize>, end: usize) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let (mut at, mut before) = (within.start, "");
    while at < within.end {
        let byte = bytes[at];
        if matches!(byte, b'"' | b'\'' | b'`') {
            at = end_of_string(bytes, at).unwrap_or(within.end);
            before = "";
            continue;
        }
        if !is_part(byte) {
            if !byte.is_ascii_whitespace() {
                before = text.get(at..=at).unwrap_or_default();
            }
            at += 1;
            continue;
        }
        let stop = (at..end).find(|i| !is_part(bytes[*i]) && bytes[*i] != b'.').unwrap_or(end);
        let name = &text[at..stop];
        let is_test = before == "is" || before == "is not";
        let is_name = !byte.is_ascii_digit() && !WORDS.contains(&name) && before != "|" && !is_test;
        if is_name && before != "." && !asks(text[stop..end].trim_start()) {
            found.push(at..stop);
        }
        before = if before == "is" && name == "not" { "is not" } else { name };
        at = stop;
    }
    found
}

fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Whether what follows a name asks if it is there, or makes it a call, an argument or the begin of something longer.
fn asks(rest: &str) -> bool {
    let mut words = rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    if rest.starts_with("is") && words.next() == Some("is") {
        let word = words.next();
        return matches!(if word == Some("not") { words.next() } else { word }, Some("defined" | "undefined"));
    }
    if let Some(filter) = rest.strip_prefix('|') {
        return filter.trim_start().starts_with("default");
    }
    rest.starts_with(['(', '[', '?', ':']) || rest.starts_with('=') && !rest.starts_with("==")
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn names_are_found_and_questions_are_not() {
        let found = |text: &str| -> Vec<String> {
            names(text, 0..text.len(), text.len()).into_iter().map(|name| text[name].to_owned()).collect()
        };
        assert_eq!(found(" if page.a and not b or c.d.e == \"page.x\" "), ["page.a", "b", "c.d.e"]);
        assert_eq!(found("if a is defined and a.b is not undefined or c is not odd"), ["c"]);
        assert_eq!(
            found("if a | default(value=b) or c | length > 3 or d?.e or f(g=h.i) or j[k]"),
            ["b", "c", "h.i", "k"]
        );
        assert_eq!(found("elif loop.first and 12 in [1, x] and y is starting_with(pat='z')"), ["loop.first", "x", "y"]);
        assert_eq!(found("if größe > 1.5 and true"), ["größe"]);
    }
}
