//! What the preview adds to a page: a script that reloads it, and above it what is wrong. `build` adds none of it.
//!
//! Pages forbid scripts. Here alone the page's own policy is widened, and by no more than it takes to load one script from
//! the preview itself and to hear from it: what the policy forbids besides stays forbidden, as on the published site.

use crate::markdown::escape_text;

pub(super) const SCRIPT_PATH: &str = "_preview/preview.js";
pub(super) const STYLE_PATH: &str = "_preview/preview.css";
pub(super) const SCRIPT: &str = include_str!("preview.js");
pub(super) const STYLE: &str = include_str!("preview.css");

/// What is said above a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Banner {
    /// In one line.
    pub(super) headline: String,
    /// Findings, drawn.
    pub(super) quoted: String,
    /// Whether they are shown at once.
    pub(super) open: bool,
}

/// A page with what the preview adds.
pub(super) fn page(html: &str, edition: u64, banner: Option<&Banner>) -> String {
    let html = widened(html);
    let head = format!(
        "<link rel=\"stylesheet\" href=\"/{STYLE_PATH}\"><script defer src=\"/{SCRIPT_PATH}\" data-edition=\"{edition}\"></script>\n"
    );
    let at = html.find("</head>").unwrap_or(0);
    let mut page = String::with_capacity(html.len() + 1024);
    page.push_str(&html[..at]);
    page.push_str(&head);
    let rest = &html[at..];
    let end = rest.rfind("</body>").unwrap_or(rest.len());
    page.push_str(&rest[..end]);
    if let Some(banner) = banner {
        draw(banner, &mut page);
    }
    page.push_str(&rest[end..]);
    page
}

fn draw(banner: &Banner, page: &mut String) {
    let open = if banner.open { " open" } else { "" };
    page.push_str(&format!("<aside class=\"tickmark-preview\" aria-label=\"Preview\"><details{open}><summary>"));
    escape_text(page, &banner.headline);
    page.push_str("</summary><pre>");
    escape_text(page, banner.quoted.trim_end());
    page.push_str("</pre></details></aside>\n");
}

/// A page of the preview's own, for what no site has.
pub(super) fn message(title: &str, text: &str) -> String {
    let mut page = String::from(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'self'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>",
    );
    escape_text(&mut page, title);
    page.push_str("</title>\n</head>\n<body>\n<main class=\"tickmark-message\"><h1>");
    escape_text(&mut page, title);
    page.push_str("</h1>\n<p>");
    escape_text(&mut page, text);
    page.push_str("</p>\n<p><a href=\"/\">Public site</a>, <a href=\"/_internal/\">internal site</a></p></main>\n</body>\n</html>\n");
    page
}

/// The page with its policy widened.
fn widened(html: &str) -> String {
    const BEGIN: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"";
    let Some(start) = html.find(BEGIN).map(|at| at + BEGIN.len()) else { return html.to_owned() };
    let Some(length) = html[start..].find('"') else { return html.to_owned() };
    let policy = &html[start..start + length];
    format!("{}{}{}", &html[..start], wider(policy), &html[start + length..])
}

fn wider(policy: &str) -> String {
    let mut directives: Vec<String> =
        policy.split(';').map(str::trim).filter(|d| !d.is_empty()).map(str::to_owned).collect();
    for name in ["script-src", "connect-src"] {
        let is = |d: &&mut String| d.split_whitespace().next().is_some_and(|first| first.eq_ignore_ascii_case(name));
        match directives.iter_mut().find(is) {
            Some(found) if found.split_whitespace().any(|source| source == "'self'") => {}
            Some(found) => {
                let kept = found.split_whitespace().skip(1).filter(|source| *source != "'none'");
                let all: Vec<&str> = [name, "'self'"].into_iter().chain(kept).collect();
                *found = all.join(" ");
            }
            None => directives.push(format!("{name} 'self'")),
        }
    }
    directives.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_widened_by_the_preview_and_nothing_else() {
        assert_eq!(
            wider("default-src 'none'; style-src 'self'; base-uri 'none'"),
            "default-src 'none'; style-src 'self'; base-uri 'none'; script-src 'self'; connect-src 'self'"
        );
        let own = "default-src 'none'; script-src 'self'; connect-src 'none'";
        assert_eq!(wider(own), "default-src 'none'; script-src 'self'; connect-src 'self'");
        assert_eq!(wider("script-src 'sha256-x'"), "script-src 'self' 'sha256-x'; connect-src 'self'");
    }

    #[test]
    fn what_is_quoted_is_text() {
        let banner = Banner { headline: "<b>".to_owned(), quoted: "</pre><script>x</script>".to_owned(), open: true };
        let page = page("<html><head></head><body>a</body></html>", 7, Some(&banner));
        assert!(page.contains("&lt;b&gt;") && page.contains("&lt;/pre&gt;&lt;script&gt;"), "{page}");
        assert!(page.contains("data-edition=\"7\"></script>\n</head><body>a<aside"), "{page}");
        assert!(page.ends_with("</aside>\n</body></html>"), "{page}");
    }
}
