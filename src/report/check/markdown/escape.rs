//! Texts of users in markdown, as text.
//!
//! Hosts look for more than markup: names (`@ang` sends mail to whoever is called so), numbers of issues, addresses,
//! formulas. An escaped `\@` is a name to them all the same, because they look at what comes out; a space of no width
//! after the sign makes it none.

use crate::diag::human::seen;

/// The longest text that is shown, in characters.
const LONGEST: usize = 300;

/// A text on one line. What stands between backticks is shown as code.
pub(in crate::report) fn inline(text: &str) -> String {
    let text = seen(text);
    let cut = text.char_indices().nth(LONGEST).map(|(at, _)| at);
    let shown = &text[..cut.unwrap_or(text.len())];
    let parts: Vec<&str> = shown.split('`').collect();
    let last = parts.len() - 1;
    let mut out = String::with_capacity(shown.len() + 32);
    for (n, part) in parts.iter().enumerate() {
        // A backtick without a partner, which is the last one, is no code.
        match (n % 2 == 1, n == last) {
            (true, false) => out.push_str(&format!("<code>{}</code>", escaped(part))),
            (true, true) => out.push_str(&format!("\\`{}", escaped(part))),
            (false, _) => out.push_str(&escaped(part)),
        }
    }
    out.push_str(if cut.is_some() { " …" } else { "" });
    out
}

/// A text, whole, as it is.
pub(in crate::report) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let after = rest.as_str();
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '$' => out.push_str("&#36;"),
            ':' if after.starts_with("//") => out.push_str("&#58;"),
            '.' if out.to_ascii_lowercase().ends_with("www") => out.push_str("&#46;"),
            '\\' | '*' | '_' | '[' | ']' | '|' | '#' | '!' | '~' | '^' | '{' | '}' => out.extend(['\\', c]),
            _ => out.push(c),
        }
        let refers = matches!(c, '@' | '#' | '!' | '~' | '%' | '&' | '$' | '^');
        if refers && after.starts_with(|n: char| n.is_alphanumeric() || matches!(n, '"' | '_' | '-')) {
            out.push_str("&#8203;");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_no_markup_and_calls_nobody() {
        for (text, shown) in [
            ("plain words, 50% and more", "plain words, 50% and more"),
            ("**a** _b_ [c](d) ![e](f)", "\\*\\*a\\*\\* \\_b\\_ \\[c\\](d) \\!\\[e\\](f)"),
            ("@ang a@b.example", "@&#8203;ang a@&#8203;b.example"),
            ("#12 !34 ~bug &5 $6", "\\#&#8203;12 \\!&#8203;34 \\~&#8203;bug &amp;&#8203;5 &#36;&#8203;6"),
            ("<img src=x> <!-- -->", "&lt;img src=x&gt; &lt;\\!&#8203;-- --&gt;"),
            ("https://a.example www.b.example", "https&#58;//a.example www&#46;b.example"),
            ("a\n\n# b | c", "a\\\\n\\\\n\\# b \\| c"),
            ("is `x` or `y*`", "is <code>x</code> or <code>y\\*</code>"),
            ("one ` only @x", "one \\` only @&#8203;x"),
            ("a `b ` @c` d", "a <code>b </code> @&#8203;c\\` d"),
        ] {
            assert_eq!(inline(text), shown);
        }
    }

    #[test]
    fn long_texts_are_cut() {
        let long = inline(&"é".repeat(1_000));
        assert_eq!(long.chars().count(), LONGEST + 2);
        assert!(long.ends_with("é …"));
    }
}
