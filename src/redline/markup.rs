//! The words of a change as HTML: escaped, with `del` and `ins` and nothing else.

use super::Run;
use crate::markdown::{self, PassageKind};

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
        markdown::escape_text(&mut out, text);
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
        let html = "a &lt;b&gt; &amp; <del>&lt;script&gt;\u{fffd}</del><ins>\"it's\"</ins>";
        assert_eq!(markup(&runs), html);
    }
}
