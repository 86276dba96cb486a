//! Texts as YAML that this reader, and any other, reads back as they were.
//!
//! Plain where nothing could be read otherwise, in double quotes where something could, as a block where a text has several
//! lines. What is not seen is written as an escape, so that whoever opens the file sees it.

use crate::source::hidden;

/// Words that some reader takes for something else than text.
const WORDS: &[&str] = &["true", "false", "null", "none", "yes", "no", "on", "off", "y", "n"];

/// A text as a value on one line; `flow` where it stands in brackets.
pub fn inline(text: &str, flow: bool) -> String {
    if is_plain(text, flow) {
        return text.to_owned();
    }
    let escaped: Vec<usize> = hidden(text).map(|found| found.at).collect();
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for (at, c) in text.char_indices() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            _ if u32::from(c) > 0xffff && escaped.binary_search(&at).is_ok() => {
                out.push_str(&format!("\\U{:08X}", u32::from(c)));
            }
            _ if c.is_control() || escaped.binary_search(&at).is_ok() || is_unseen(c) => {
                out.push_str(&format!("\\u{:04X}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The lines of a text below its key, each indented by so many spaces, after the `|-`; nothing where it has to be quoted.
pub fn block(text: &str, indent: usize) -> Option<String> {
    let odd = |line: &str| line.chars().any(|c| c == '\t' || c.is_control() || is_unseen(c)) || line.ends_with(' ');
    let starts = text.starts_with([' ', '\n']);
    if !text.contains('\n') || text.ends_with('\n') || starts || text.split('\n').any(odd) || hidden(text).count() > 0 {
        return None;
    }
    let mut out = String::from("|-");
    for line in text.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', indent));
            out.push_str(line);
        }
    }
    Some(out)
}

/// Whether a text may stand without quotes: it begins with a letter, and nothing in it ends it or means something.
fn is_plain(text: &str, flow: bool) -> bool {
    let word = WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    let mut before = ' ';
    let mut characters = text.chars().peekable();
    let begins = text.chars().next().is_some_and(char::is_alphabetic) && !text.ends_with(' ') && !word;
    begins
        && characters.all(|c| {
            let good = match c {
                ' ' | '.' | '_' | '-' | '/' | '+' | '(' | ')' | '\'' | '@' | '=' | '~' | ';' | '!' => true,
                ',' | '?' | '&' | '%' => !flow,
                // A colon begins a value before a blank, and a `#` a comment behind one.
                ':' => before.is_alphanumeric(),
                '#' => before.is_ascii_alphanumeric() || before == '/',
                c => c.is_alphanumeric(),
            };
            let ends = before == ':' && !(c.is_alphanumeric() || c == '/');
            before = c;
            good && !ends
        })
        && before != ':'
}

/// A blank that looks like another, or nothing at all.
fn is_unseen(c: char) -> bool {
    (c.is_whitespace() && !matches!(c, ' ' | '\n')) || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{61c}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::diag::{Level, Sink};
    use crate::source::FileId;
    use crate::yaml::parse;

    fn read(text: &str) -> (String, String) {
        let mut sink = Sink::new();
        let documents = parse(text, 0, FileId(0), &mut sink);
        let errors: Vec<String> =
            sink.into_sorted().into_iter().filter(|d| d.level == Level::Error).map(|d| d.headline).collect();
        assert!(errors.is_empty(), "{errors:?}\n{text}");
        let list = documents[0].root.get("b").and_then(|n| n.as_list()).expect("a list");
        let text = |node: Option<&crate::yaml::Node<'_>>| {
            node.and_then(|n| n.as_scalar()).map(|s| s.text.to_string()).expect("a text")
        };
        (text(documents[0].root.get("a")), text(list[0].get("c")))
    }

    fn holds(text: &str) {
        let whole = format!("a: {}\nb:\n  - {{c: {}, d: e}}\n", inline(text, false), inline(text, true));
        assert_eq!(read(&whole), (text.to_owned(), text.to_owned()), "{whole}");
        if let Some(block) = block(text, 2) {
            let whole = format!("a: {block}\nb:\n  - {{c: x, d: e}}\n");
            assert_eq!(read(&whole).0, text, "{whole}");
        }
    }

    #[test]
    fn awkward_texts_come_back() {
        for text in [
            "a: b",
            "a #b",
            "{{ x }}",
            "- a",
            "yes",
            "1.10",
            "0x1",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a`",
            "a:",
            "#",
            "'",
            "\"",
            "\\",
            "a\nb",
            "a\n\n  b\nc",
            "---",
            "...",
            "a\n---\nb",
            "? a",
            "| a",
            "> a",
            "a,b",
            "[a]",
            "\u{202e}a",
            "\u{a0}a\u{a0}",
            "a\u{2028}b",
            "a\tb",
            "https://x/y?z=1&q=%20#f",
            "=HYPERLINK(1)",
            "a # b",
            "é: ü",
            "~",
            "",
            "a:b",
            "a:,",
            "x\u{feff}y",
            "a ",
            " a",
            "a\n b",
            "a \nb",
        ] {
            holds(text);
        }
        assert_eq!(inline("Resize the cache (twice)", true), "Resize the cache (twice)");
        assert_eq!(inline("turned \u{202e}round", false), "\"turned \\u202Eround\"");
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in "[a-c:#,{}\\[\\]\"'\\\\\\-?|>&*!%@` \t\n~é\u{a0}\u{200b}\u{202e}\u{2028}\u{ad}=.0-9]{0,24}") {
            holds(&text);
        }

        #[test]
        fn any_characters_come_back(text in "\\PC{0,40}") {
            holds(&text);
        }
    }
}
