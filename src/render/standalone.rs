//! An internal page as one file that can be handed on: its style sheet inside, and words where links led to other pages.
//!
//! Its Content-Security-Policy allows that one style sheet, by its digest, and nothing else.

/// A rendered page with its style inside and without links to other pages.
pub fn standalone(html: &str, style: &str) -> String {
    // Fonts are files of their own; the stand-ins that the style names are used.
    let style: String = style
        .lines()
        .filter(|line| !line.starts_with("@font-face") || !line.contains("url("))
        .collect::<Vec<_>>()
        .join("\n");
    let allowed = format!("style-src 'sha256-{}'", base64(&crate::site::digest(style.as_bytes())));
    let mut out = String::with_capacity(html.len() + style.len());
    let mut open = false;
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        let tag = &rest[..end];
        rest = &rest[end..];
        if tag.starts_with("<nav ") {
            rest = rest.split_once("</nav>").map_or("", |(_, after)| after);
        } else if tag.starts_with("<link ") {
            if tag.contains("rel=\"stylesheet\"") {
                out.push_str(&format!("<style>{style}</style>"));
            }
        } else if tag.starts_with("<meta ") && tag.contains("Content-Security-Policy") {
            out.push_str(&tag.replace("style-src 'self'", &allowed));
        } else if tag.starts_with("<a ") && leads_away(tag) {
            open = true;
        } else if tag == "</a>" && open {
            open = false;
        } else {
            out.push_str(tag);
        }
    }
    out.push_str(rest);
    out
}

/// Whether a link leads to another page of the site.
fn leads_away(tag: &str) -> bool {
    let href = tag.split_once("href=\"").map_or("", |(_, rest)| rest);
    !["#", "http://", "https://", "mailto:"].iter().any(|kept| href.starts_with(kept))
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().chain([&0, &0]).take(3).fold(0_usize, |word, byte| word << 8 | usize::from(*byte));
        for n in 0..4 {
            let sign = if n <= chunk.len() { char::from(SIGNS[word >> (18 - 6 * n) & 63]) } else { '=' };
            out.push(sign);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_rfc_4648() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn a_page_stands_alone() {
        let page = "<head><meta http-equiv=\"Content-Security-Policy\" content=\"style-src 'self'; x\"><link rel=\"stylesheet\" href=\"a.css\"><link rel=\"icon\" href=\"i\"></head><nav aria-label=\"Main\"><a href=\"../x\">x</a></nav><p>1 &lt; 2 <a href=\"../../c.html\">one <b>two</b></a> <a href=\"#n\">n</a></p>";
        let alone = standalone(page, "@font-face { src: url(\"a.woff2\") }\np { color: red }");
        assert!(alone.contains("<style>p { color: red }</style>"), "{alone}");
        assert!(alone.contains("style-src 'sha256-") && !alone.contains("'self'"), "{alone}");
        assert!(alone.ends_with("</head><p>1 &lt; 2 one <b>two</b> <a href=\"#n\">n</a></p>"), "{alone}");
    }
}
