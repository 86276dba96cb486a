//! From a place in an expression to the place in the file: through quotes, folded lines and indentation.

use crate::source::Span;

/// Where the bytes `start..end` of a scalar's text stand in the file. White space is folded and trimmed by YAML, so that
/// only what can be seen is followed; where an escape makes the two differ, it is the whole scalar.
pub(super) fn place(file: &str, scalar: Span, text: &str, start: usize, end: usize) -> Span {
    within(scalar.of(file), text, start, end)
        .map_or(scalar, |(from, to)| Span::new(scalar.start as usize + from, scalar.start as usize + to))
}

fn within(raw: &str, text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    let first = raw.chars().next()?;
    let body = match first {
        '\'' | '"' => 1,
        '|' | '>' => raw.find('\n')?,
        _ => 0,
    };
    let mut source = raw[body..].char_indices().filter(|(_, c)| !c.is_whitespace()).peekable();
    let (mut from, mut to) = (None, None);
    for (at, wanted) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        let (mut offset, mut found) = source.next()?;
        let begins = offset;
        let escapes = |c: char| (first == '\'' && c == '\'') || (first == '"' && c == '\\');
        if escapes(found) {
            (offset, found) = source.next()?;
        }
        if found != wanted {
            return None;
        }
        if at >= start && from.is_none() {
            from = Some(body + begins);
        }
        if at < end || to.is_none() {
            to = Some(body + offset + found.len_utf8());
        }
    }
    let from = from.or(to)?;
    Some((from, to?.max(from)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_through_every_way_of_writing() {
        let found = |raw: &str, text: &str, part: &str| {
            let start = text.find(part).unwrap();
            let span = place(raw, Span::new(0, raw.len()), text, start, start + part.len());
            span.of(raw).to_owned()
        };
        let text = "change.risk == 'high' and x";
        assert_eq!(found("change.risk == 'high' and x", text, "'high'"), "'high'");
        assert_eq!(found("\"change.risk == 'high' and x\"", text, "'high'"), "'high'");
        assert_eq!(found("'change.risk == ''high'' and x'", text, "and"), "and");
        assert_eq!(found("'change.risk == ''high'' and x'", text, "'high'"), "''high''");
        assert_eq!(found(">-\n    change.risk == 'high'\n    and x\n", text, "and x"), "and x");
        assert_eq!(
            found("\"change.risk\\u0020== 'high' and x\"", text, "and"),
            "\"change.risk\\u0020== 'high' and x\""
        );
    }
}
