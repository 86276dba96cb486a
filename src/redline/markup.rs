//! The words of a change as HTML: escaped, with `del` and `ins` and nothing else.

use super::Run;
use crate::markdown::PassageKind;

/// The words of a change, for the inside of a paragraph.
pub fn markup(runs: &[Run]) -> String {
    let mut out = String::new();
    for run in runs {
        let (text, tag) = match run {
            Run::Kept(text) => (text, ""),
            Run::Gone(text) => (text, "del"),
            Run::New(text) => (text, "ins"),
        };
        if !tag.is_empty() {
            out.push_str(&format!("<{tag}>"));
        }
        for c in text.chars() {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#x27;"),
                c if c.is_control() => out.push('\u{fffd}'),
                c => out.push(c),
            }
        }
        if !tag.is_empty() {
            out.push_str(&format!("</{tag}>"));
        }
    }
    out
}

/// What a block is, in one word.
pub fn kind_word(kind: PassageKind) -> &'static str {
    match kind {
        PassageKind::Heading(_) => "heading",
        PassageKind::Paragraph => "paragraph",
        PassageKind::Item => "item",
        PassageKind::Header(_) | PassageKind::Row(_) => "row",
        PassageKind::Code => "code",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_escaped() {
        let runs = [Run::Kept("a <b> & ".into()), Run::Gone("<script>\u{1}".into()), Run::New("\"it's\"".into())];
        let html = "a &lt;b&gt; &amp; <del>&lt;script&gt;\u{fffd}</del><ins>&quot;it&#x27;s&quot;</ins>";
        assert_eq!(markup(&runs), html);
    }
}
