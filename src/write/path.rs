//! The grammar of output paths: what may be written below a tree, on every system alike.

/// Why an output path is refused, to be read after "the output path `…`"; `None` if it is fine.
///
/// A path is relative, with `/` between its parts. Output is made on one system and served by another, so that what any
/// of them cannot store is refused on all.
pub fn problem(path: &str) -> Option<&'static str> {
    if path.is_empty() {
        return Some("is empty");
    }
    if path.starts_with('/') {
        return Some("is absolute");
    }
    if path.contains('\\') {
        return Some("holds a backslash");
    }
    if path.chars().any(char::is_control) {
        return Some("holds a control character");
    }
    path.split('/').find_map(part_problem)
}

fn part_problem(part: &str) -> Option<&'static str> {
    match part {
        "" => Some("has an empty part"),
        "." | ".." => Some("leads elsewhere"),
        _ if part.len() > 255 => Some("has a part of more than 255 bytes"),
        _ if part.ends_with(['.', ' ']) => Some("has a part that ends in a dot or a space"),
        _ if is_device(part) => Some("has a part that Windows reserves"),
        _ => None,
    }
}

/// Whether Windows takes a name for a device, whatever its extension.
fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part).trim_end_matches(' ');
    let is = |word: &str| stem.eq_ignore_ascii_case(word);
    match stem.len() {
        3 => is("con") || is("prn") || is("aux") || is("nul"),
        4 => {
            stem.as_bytes()[3].is_ascii_digit()
                && stem
                    .get(..3)
                    .is_some_and(|word| word.eq_ignore_ascii_case("com") || word.eq_ignore_ascii_case("lpt"))
        }
        6 => is("conin$"),
        7 => is("conout$"),
        _ => false,
    }
}
