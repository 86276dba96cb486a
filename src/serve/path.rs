//! The path of a request, as the path of a file that a site would have. It names what is made, never a file on the disk.

/// What a path asks for, relative to the root of a site: `policies/a/index.html`. Nothing where it is no path of a page:
/// where it leads upward, however that is written, or holds what no file of ours has in its name.
pub(super) fn file(path: &str) -> Option<String> {
    let text = decoded(path)?;
    let inside = text.strip_prefix('/')?;
    let bad = |c: char| c.is_control() || c == '\\';
    if inside.contains(bad) {
        return None;
    }
    if inside.starts_with('/') {
        return None;
    }
    let (folder, last) = inside.rsplit_once('/').map_or(("", inside), |(f, l)| (f, l));
    let parts = folder.split('/').filter(|_| !folder.is_empty());
    if parts.clone().any(|part| matches!(part, "" | "." | "..")) || matches!(last, "." | "..") {
        return None;
    }
    Some(if last.is_empty() { format!("{inside}index.html") } else { inside.to_owned() })
}

/// A path without percent signs; nothing where they are wrong, or where it is no text.
fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = std::str::from_utf8(tail.get(..2)?).ok().filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = &tail[2..];
    }
    String::from_utf8(bytes).ok()
}

/// What a file is to a browser, by its name.
pub(super) fn kind(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "xml" => "application/xml",
        "txt" | "csv" => "text/plain; charset=utf-8",
        "ics" => "text/calendar; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_a_page() {
        for (path, expected) in [
            ("/", "index.html"),
            ("/policies/a/", "policies/a/index.html"),
            ("/a%20b/c.css", "a b/c.css"),
            ("/policies/a", "policies/a"),
            ("/.well-known/security.txt", ".well-known/security.txt"),
        ] {
            assert_eq!(file(path).as_deref(), Some(expected), "{path}");
        }
    }

    #[test]
    fn nothing_leads_upward() {
        let paths = [
            "/../a",
            "/a/../b",
            "/%2e%2e/a",
            "/%2E%2e/%2e%2e/etc/passwd",
            "/..",
            "/a/..",
            "/a/./b",
            "//a",
            "/a//b",
            "/..%2fa",
            "/..%5ca",
            "/a\\b",
            "/%00",
            "/a%0ab",
            "/%",
            "/%2",
            "/%zz",
            "/%ff",
            "a",
            "",
        ];
        for path in paths {
            assert_eq!(file(path), None, "{path}");
        }
        // Twice encoded is a name with a percent sign in it, which no file has.
        assert_eq!(file("/%252e%252e/a").as_deref(), Some("%2e%2e/a"));
    }
}
