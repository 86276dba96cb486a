//! Where a link or an image may lead, by allow-list. Does not know whether anything stands there.

/// What a target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// An http or https address.
    External,
    /// A mailto address.
    Mail,
    /// A place on this site: a path, relative or from its root, or an anchor.
    Site,
    /// Anything else.
    Unsafe,
}

/// What a target is, after markdown has decoded entities and escapes in it.
pub(super) fn classify(target: &str) -> Target {
    if target.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) || target.trim() != target {
        return Target::Unsafe;
    }
    let scheme_end = target.bytes().position(|b| matches!(b, b':' | b'/' | b'\\' | b'?' | b'#'));
    match scheme_end {
        Some(at) if target.as_bytes()[at] == b':' => of_scheme(&target[..at], &target[at + 1..]),
        // `//host` and what browsers read as it.
        Some(0) if target.as_bytes()[1..].first().is_some_and(|b| matches!(b, b'/' | b'\\')) => Target::Unsafe,
        Some(at) if target.as_bytes()[at] == b'\\' => Target::Unsafe,
        _ => Target::Site,
    }
}

fn of_scheme(scheme: &str, rest: &str) -> Target {
    if scheme.eq_ignore_ascii_case("mailto") {
        return if rest.is_empty() { Target::Unsafe } else { Target::Mail };
    }
    let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let host = rest.strip_prefix("//").is_some_and(|r| !r.is_empty() && !r.starts_with(['/', '\\', '?', '#', ':']));
    if web && host { Target::External } else { Target::Unsafe }
}
