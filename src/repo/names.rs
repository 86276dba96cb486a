//! Which names of files are refused, which are too alike, and how one is shown.

use std::collections::hash_map::{Entry, HashMap};
use std::fmt::Write as _;

use unicode_normalization::UnicodeNormalization as _;

/// Why a name is not taken, to be read after "its name"; `None` if it is fine.
pub(super) fn problem(name: &str) -> Option<&'static str> {
    if !name.is_ascii() || name.bytes().any(|b| b < 0x20 || b == 0x7f) {
        if name.chars().any(char::is_control) {
            return Some("holds a control character");
        }
        if name.chars().any(is_invisible) {
            return Some("holds an invisible or direction-changing character");
        }
    }
    // No file system has one in a name; a commit may.
    if name.contains('/') {
        return Some("holds a slash");
    }
    if name.contains('\\') {
        return Some("holds a backslash, which separates folders on Windows");
    }
    if name.ends_with(['.', ' ']) {
        return Some("ends in a dot or a space, which Windows drops");
    }
    is_device(name).then_some("is reserved on Windows")
}

/// A name or path as it can be shown: what is not a visible character is written out.
pub(super) fn shown(name: &[u8]) -> String {
    let mut shown = String::with_capacity(name.len());
    for chunk in name.utf8_chunks() {
        for c in chunk.valid().chars() {
            if c.is_control() || is_invisible(c) {
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
            } else {
                shown.push(c);
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(shown, "\\x{byte:02x}");
        }
    }
    shown
}

/// Pairs of names, as positions in `names`, that are one name where neither case nor composition counts. The earlier comes first.
pub(super) fn alike<'a>(names: impl Iterator<Item = &'a str>) -> Vec<(usize, usize)> {
    let mut seen: HashMap<String, usize> = HashMap::with_capacity(names.size_hint().0);
    let mut pairs = Vec::new();
    for (i, name) in names.enumerate() {
        match seen.entry(folded(name)) {
            Entry::Occupied(first) => pairs.push((*first.get(), i)),
            Entry::Vacant(free) => {
                free.insert(i);
            }
        }
    }
    pairs
}

/// Whether two names are one where neither case nor composition counts.
pub(super) fn are_alike(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() { a.eq_ignore_ascii_case(b) } else { folded(a) == folded(b) }
}

/// In what two names differ that are alike, to be read after "differ only in".
pub(super) fn difference(a: &str, b: &str) -> &'static str {
    if a.nfc().eq(b.nfc()) { "how a character is composed" } else { "case" }
}

/// A name as file systems compare it that ignore case and how a character is composed.
fn folded(name: &str) -> String {
    if name.is_ascii() {
        name.to_ascii_lowercase()
    } else {
        name.nfd().collect::<String>().to_lowercase().nfc().collect()
    }
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end_matches(' ');
    let is = |word: &str| stem.eq_ignore_ascii_case(word);
    match stem.len() {
        3 => is("con") || is("prn") || is("aux") || is("nul"),
        4 => {
            let (word, digit) = (stem.get(..3).unwrap_or(""), stem.as_bytes()[3]);
            digit.is_ascii_digit() && (word.eq_ignore_ascii_case("com") || word.eq_ignore_ascii_case("lpt"))
        }
        6 => is("conin$"),
        7 => is("conout$"),
        _ => false,
    }
}

/// Characters that take no room or turn the direction of what follows.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}
