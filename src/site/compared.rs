//! Two trees of files side by side: which files differ, and where two files first do.
//!
//! Knows bytes and digests; what read them is somebody else's.

use std::collections::BTreeMap;

use super::manifest::Digest;

/// How many characters of a line are shown before and after the place where it differs.
const BEFORE: usize = 28;
const AFTER: usize = 44;

/// How a file differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It is there, and should not hold what it holds.
    Changed,
    /// It should be there.
    Missing,
    /// It should not be there.
    Extra,
}

impl Kind {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Missing => "missing",
            Self::Extra => "extra",
        }
    }
}

/// A file that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its path in the tree.
    pub path: String,
    /// How.
    pub kind: Kind,
}

/// What differs between what should be there and what is, by path. What is no file has no digest.
pub fn compare(expected: &BTreeMap<String, Digest>, found: &BTreeMap<String, Option<Digest>>) -> Vec<Difference> {
    let missing = expected.keys().filter(|path| !found.contains_key(*path)).map(|path| (path, Kind::Missing));
    let others = found.iter().filter_map(|(path, digest)| match expected.get(path) {
        None => Some((path, Kind::Extra)),
        Some(should) if Some(should) != digest.as_ref() => Some((path, Kind::Changed)),
        Some(_) => None,
    });
    let mut all: Vec<Difference> =
        missing.chain(others).map(|(path, kind)| Difference { path: path.clone(), kind }).collect();
    all.sort_by(|a, b| a.path.cmp(&b.path));
    all
}

/// Where two files first differ.
#[derive(Debug, PartialEq, Eq)]
pub enum Spot {
    /// In texts: line and column, counted from one in characters, and what stands there in each.
    Text {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
        /// What stands there in the first text.
        one: String,
        /// What stands there in the second.
        other: String,
    },
    /// In anything else: the byte, counted from zero.
    Byte(usize),
}

/// The first place where two files differ; nothing where they do not.
pub fn first_difference(one: &[u8], other: &[u8]) -> Option<Spot> {
    if one == other {
        return None;
    }
    let shorter = one.len().min(other.len());
    let mut at = one.iter().zip(other).position(|(a, b)| a != b).unwrap_or(shorter);
    let (Ok(a), Ok(b)) = (std::str::from_utf8(one), std::str::from_utf8(other)) else { return Some(Spot::Byte(at)) };
    if a.contains('\0') || b.contains('\0') {
        return Some(Spot::Byte(at));
    }
    // Characters may differ in their last bytes alone.
    while !(a.is_char_boundary(at) && b.is_char_boundary(at)) {
        at -= 1;
    }
    let start = a[..at].rfind('\n').map_or(0, |n| n + 1);
    Some(Spot::Text {
        line: a[..at].matches('\n').count() + 1,
        column: a[start..at].chars().count() + 1,
        one: around(a, start, at),
        other: around(b, start, at),
    })
}

/// What stands in a line around a place, control characters shown by their names.
fn around(text: &str, start: usize, at: usize) -> String {
    let before: Vec<char> = text[start..at].chars().collect();
    let cut = before.len().saturating_sub(BEFORE);
    let line = text[at..].split('\n').next().unwrap_or_default();
    if line.is_empty() && before.is_empty() {
        return if at == text.len() { "the end of the file" } else { "an empty line" }.to_owned();
    }
    let mut shown = String::from(if cut > 0 { "…" } else { "" });
    let visible = |c: char| if c.is_control() { c.escape_debug().to_string() } else { c.to_string() };
    before[cut..].iter().for_each(|c| shown.push_str(&visible(*c)));
    line.chars().take(AFTER).for_each(|c| shown.push_str(&visible(c)));
    if line.chars().nth(AFTER).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::super::digest;
    use super::*;

    #[test]
    fn each_file_that_differs_is_named_once() {
        let should: BTreeMap<String, Digest> =
            [("a", b"1"), ("b", b"2"), ("c", b"3"), ("d", b"4")].map(|(p, b)| (p.to_owned(), digest(b))).into();
        let found = [("a", Some(digest(b"1"))), ("b", Some(digest(b"x"))), ("d", None), ("e", Some(digest(b"5")))];
        let found = found.map(|(p, d)| (p.to_owned(), d)).into();
        let said: Vec<(String, Kind)> = compare(&should, &found).into_iter().map(|d| (d.path, d.kind)).collect();
        let expected = [("b", Kind::Changed), ("c", Kind::Missing), ("d", Kind::Changed), ("e", Kind::Extra)];
        assert_eq!(said, expected.map(|(p, k)| (p.to_owned(), k)));
    }

    #[test]
    fn the_place_is_the_first_that_differs() {
        let spot = |one: &str, other: &str| match first_difference(one.as_bytes(), other.as_bytes()) {
            Some(Spot::Text { line, column, .. }) => (line, column),
            other => panic!("{other:?}"),
        };
        assert_eq!(spot("a\nbcd\n", "a\nbxd\n"), (2, 2));
        assert_eq!(spot("é1", "é2"), (1, 2), "columns are characters");
        assert_eq!(spot("aé", "aè"), (1, 2), "both begin with one byte");
        assert_eq!(spot("a\n", "a\nb"), (2, 1), "one is longer");
        assert_eq!(spot("", "x"), (1, 1));
        assert_eq!(first_difference(b"same", b"same"), None);
        assert_eq!(first_difference(b"\xff\x00ab", b"\xff\x00ac"), Some(Spot::Byte(3)));
        assert_eq!(first_difference(b"a\0b", b"a\0c"), Some(Spot::Byte(2)), "text does not hold NUL");
    }

    #[test]
    fn what_stands_there_is_shown_in_one_line() {
        let long = format!("first\n{}X{}\nlast", "b".repeat(60), "a".repeat(60));
        let Some(Spot::Text { one, .. }) = first_difference(long.as_bytes(), long.replace('X', "\t").as_bytes()) else {
            panic!("texts")
        };
        assert_eq!(one, format!("…{}X{}…", "b".repeat(BEFORE), "a".repeat(AFTER - 1)));
    }
}
