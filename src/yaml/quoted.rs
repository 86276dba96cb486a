//! Scalars in single and double quotes.

use std::borrow::Cow;

use super::cursor::Reader;
use super::plain::fold;
use super::{Node, Scalar, Style, Value, codes};
use crate::source::hidden;

/// What came of a text in quotes.
pub(super) enum Quoted<'s> {
    /// The text; the reader stands behind the closing quote.
    Text(Scalar<'s>),
    /// A mistake in it, reported; the reader stands behind the closing quote.
    Bad,
    /// Not closed, reported; the reader stands at the end of the last line that can belong to it.
    Unclosed,
}

/// A text in quotes while it is being read.
struct Draft {
    start: usize,
    at: usize,
    text: String,
    /// How much of the text may not be trimmed at a line end, because an escape wrote it.
    kept: usize,
    bad: bool,
}

impl<'s> Reader<'s, '_> {
    /// A value in quotes, outside of brackets.
    #[inline]
    pub(super) fn quoted_value(&mut self, n: i32) -> Node<'s> {
        let start = self.pos;
        match self.quoted(n) {
            Quoted::Text(scalar) => self.after_value(n, start, Value::Scalar(scalar)),
            Quoted::Bad => self.after_value(n, start, Value::Broken),
            Quoted::Unclosed => {
                let end = self.pos;
                self.next_content();
                self.broken(start, end)
            }
        }
    }

    /// Reads a text in quotes; its lines after the first are right of column `n`.
    #[inline]
    pub(super) fn quoted(&mut self, n: i32) -> Quoted<'s> {
        let start = self.pos;
        let quote = self.byte(start);
        let mut at = start + 1;
        let rest = self.bytes.get(at..).unwrap_or_default();
        at += rest.iter().position(|b| *b == quote || *b == b'\\' || *b == b'\n').unwrap_or(rest.len());
        if self.byte(at) == quote && !(quote == b'\'' && self.byte(at + 1) == b'\'') {
            self.pos = at + 1;
            let style = if quote == b'"' { Style::DoubleQuoted } else { Style::SingleQuoted };
            return Quoted::Text(Scalar { text: Cow::Borrowed(&self.text[start + 1..at]), style });
        }
        self.quoted_slowly(start, n)
    }

    /// The same for texts with escapes or line ends.
    fn quoted_slowly(&mut self, start: usize, n: i32) -> Quoted<'s> {
        let quote = self.byte(start);
        let mut draft = Draft { start, at: start + 1, text: String::new(), kept: 0, bad: false };
        loop {
            let from = draft.at;
            let rest = self.bytes.get(from..).unwrap_or_default();
            let special = |b: &u8| *b == quote || *b == b'\n' || (*b == b'\\' && quote == b'"');
            draft.at += rest.iter().position(special).unwrap_or(rest.len());
            draft.text.push_str(&self.text[from..draft.at]);
            match self.byte(draft.at) {
                b'\'' if quote == b'\'' && self.byte(draft.at + 1) == b'\'' => {
                    draft.text.push('\'');
                    draft.at += 2;
                }
                b'\\' => {
                    let ok = self.escape(&mut draft, n);
                    if !ok {
                        return Quoted::Unclosed;
                    }
                }
                b'\n' => {
                    let trimmed = draft.text.trim_end_matches([' ', '\t']).len();
                    draft.text.truncate(trimmed.max(draft.kept));
                    let Some(breaks) = self.quoted_break(&mut draft, n) else { return Quoted::Unclosed };
                    fold(&mut draft.text, breaks);
                    draft.kept = draft.text.len();
                }
                _ => break,
            }
        }
        self.pos = draft.at + 1;
        if draft.bad {
            return Quoted::Bad;
        }
        let style = if quote == b'"' { Style::DoubleQuoted } else { Style::SingleQuoted };
        Quoted::Text(Scalar { text: Cow::Owned(draft.text), style })
    }

    /// Goes over line ends to the text of the next line and says how many they were; if there is none that can belong
    /// to the text, that is reported.
    fn quoted_break(&mut self, draft: &mut Draft, n: i32) -> Option<usize> {
        let mut breaks = 0;
        let mut at = draft.at;
        loop {
            if at >= self.bytes.len() {
                break;
            }
            breaks += 1;
            let line = at + 1;
            let text = self.past_blanks(line);
            if text >= self.bytes.len() {
                break;
            }
            if self.byte(text) == b'\n' {
                at = text;
                continue;
            }
            if self.ends_flow(line, n) {
                break;
            }
            draft.at = text;
            return Some(breaks);
        }
        let whole = n < 0 && self.content == draft.start;
        self.pos = if whole { self.line_end(draft.start) } else { draft.at };
        self.unclosed_quote(draft.start);
        None
    }

    /// Reads the escape at the backslash; false if the text turns out to be unclosed.
    fn escape(&mut self, draft: &mut Draft, n: i32) -> bool {
        let slash = draft.at;
        let simple = match self.byte(slash + 1) {
            b'\n' => {
                draft.at += 1;
                let Some(breaks) = self.quoted_break(draft, n) else { return false };
                draft.text.extend(std::iter::repeat_n('\n', breaks - 1));
                draft.kept = draft.text.len();
                return true;
            }
            b't' | b'\t' => '\t',
            b'n' => '\n',
            b' ' => ' ',
            b'"' => '"',
            b'/' => '/',
            b'\\' => '\\',
            b'N' => '\u{85}',
            b'_' => '\u{a0}',
            b'L' => '\u{2028}',
            b'P' => '\u{2029}',
            b'0' => '\0',
            b'a' => '\u{7}',
            b'b' => '\u{8}',
            b'v' => '\u{b}',
            b'f' => '\u{c}',
            b'r' => '\r',
            b'e' => '\u{1b}',
            b'x' => return self.hex_escape(draft, 2),
            b'u' => return self.hex_escape(draft, 4),
            b'U' => return self.hex_escape(draft, 8),
            _ => {
                let end = self.char_end(slash + 1);
                self.bad_escape(draft, slash, end);
                draft.at = end;
                return true;
            }
        };
        draft.at = slash + 2;
        self.push_escaped(draft, slash, simple);
        true
    }

    /// Reads `\x41`, `\u0041` and `\U00000041`, also a character written as two surrogates, as JSON does.
    fn hex_escape(&mut self, draft: &mut Draft, digits: usize) -> bool {
        let slash = draft.at;
        let Some(mut code) = self.hex(slash + 2, digits) else {
            let found = self.bytes[slash + 2..].iter().take(digits).take_while(|b| b.is_ascii_hexdigit()).count();
            self.bad_escape(draft, slash, slash + 2 + found);
            draft.at = slash + 2 + found;
            return true;
        };
        draft.at = slash + 2 + digits;
        if (0xd800..0xdc00).contains(&code) && self.byte(draft.at) == b'\\' && self.byte(draft.at + 1) == b'u' {
            let low = self.hex(draft.at + 2, 4).unwrap_or_default();
            if (0xdc00..0xe000).contains(&low) {
                code = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
                draft.at += 6;
            }
        }
        match char::from_u32(code) {
            Some(char) => self.push_escaped(draft, slash, char),
            None => self.bad_escape(draft, slash, draft.at),
        }
        true
    }

    fn hex(&self, from: usize, digits: usize) -> Option<u32> {
        let bytes = self.bytes.get(from..from + digits)?;
        bytes.iter().try_fold(0u32, |code, b| Some((code << 4) | char::from(*b).to_digit(16)?))
    }

    /// Adds what an escape stands for, if a text may hold it.
    fn push_escaped(&mut self, draft: &mut Draft, slash: usize, char: char) {
        if char.is_control() && !matches!(char, '\t' | '\n' | '\u{85}') {
            if !draft.bad {
                let written = self.text[slash..draft.at].to_owned();
                let headline = format!("`{written}` stands for a control character");
                let finding = self.at(&codes::CONTROL_CHARACTER, slash, draft.at, headline);
                self.report(
                    finding
                        .label(format!("the character U+{:04X}", u32::from(char)))
                        .help("leave it out; in a path, write each backslash twice or use single quotes"),
                );
            }
            draft.bad = true;
            return;
        }
        if matches!(char, '\u{85}' | '\u{2028}' | '\u{2029}') {
            self.line_separator(slash, draft.at, u32::from(char));
        } else if is_hidden_behind(&draft.text, char) {
            self.hidden_character(slash, draft.at, char);
        }
        draft.text.push(char);
        draft.kept = draft.text.len();
    }

    /// Reports the first escape of a text that is none.
    fn bad_escape(&mut self, draft: &mut Draft, slash: usize, end: usize) {
        if !draft.bad {
            let written = &self.text[slash..end];
            let finding = self.at(&codes::ESCAPE, slash, end, format!("`{written}` is no escape"));
            self.report(finding.label("read as an escape").help(
                "write a backslash as `\\\\`, or put the text into single quotes, where it is an ordinary character",
            ));
        }
        draft.bad = true;
    }
}

/// Whether a character that an escape adds to a text is one that deceives.
fn is_hidden_behind(text: &str, character: char) -> bool {
    let pair: String = text.chars().next_back().into_iter().chain([character]).collect();
    hidden(&pair).any(|h| h.at + character.len_utf8() == pair.len())
}
