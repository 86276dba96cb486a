//! Scalars without quotes.

use std::borrow::Cow;

use super::cursor::{Reader, column};
use super::{Node, Style};

/// What ended a line of a plain scalar.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// The line.
    Line,
    /// ` #`.
    Comment,
    /// A colon that would begin a value.
    Colon,
    /// In brackets: one of `,[]{}`.
    Bracket,
}

const BLOCK: u8 = 1;
const FLOW: u8 = 2;
static STOPS: [u8; 256] = {
    let mut table = [0; 256];
    table[b'\n' as usize] = BLOCK | FLOW;
    table[b':' as usize] = BLOCK | FLOW;
    table[b'#' as usize] = BLOCK | FLOW;
    table[b',' as usize] = FLOW;
    table[b'[' as usize] = FLOW;
    table[b']' as usize] = FLOW;
    table[b'{' as usize] = FLOW;
    table[b'}' as usize] = FLOW;
    table
};

impl<'s> Reader<'s, '_> {
    /// The next line end, colon or `#`, or the end of the text.
    #[inline]
    pub(super) fn block_stop(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        at + rest.iter().position(|b| STOPS[usize::from(*b)] & BLOCK != 0).unwrap_or(rest.len())
    }

    fn flow_stop(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        at + rest.iter().position(|b| STOPS[usize::from(*b)] & FLOW != 0).unwrap_or(rest.len())
    }

    /// The line of a plain scalar that begins at `start`: where it stops, and why.
    #[inline]
    fn plain_line(&self, start: usize) -> (usize, Stop) {
        let mut at = if self.scanned.0 == start { self.scanned.1.max(start) } else { start };
        loop {
            at = self.block_stop(at);
            match self.byte(at) {
                b'\n' => return (at, Stop::Line),
                b':' if self.blank_at(at + 1) => return (at, Stop::Colon),
                b'#' if self.comment_at(at) => return (at, Stop::Comment),
                _ => at += 1,
            }
        }
    }

    /// The same in brackets.
    fn plain_flow_line(&self, start: usize) -> (usize, Stop) {
        let mut at = start;
        loop {
            at = self.flow_stop(at);
            match self.byte(at) {
                b'\n' => return (at, Stop::Line),
                b':' if self.colon_in_flow(at) => return (at, Stop::Colon),
                b'#' if self.comment_at(at) => return (at, Stop::Comment),
                b':' | b'#' => at += 1,
                _ => return (at, Stop::Bracket),
            }
        }
    }

    /// Whether the colon at a place in brackets begins a value.
    pub(super) fn colon_in_flow(&self, at: usize) -> bool {
        self.byte(at) == b':'
            && (self.blank_at(at + 1) || matches!(self.byte(at + 1), b',' | b'[' | b']' | b'{' | b'}'))
    }

    /// A plain scalar outside of brackets, on one or several lines.
    #[inline]
    pub(super) fn plain_value(&mut self, n: i32) -> Node<'s> {
        let start = self.pos;
        let (stop, why) = self.plain_line(start);
        let end = self.trim_end(start, stop);
        match why {
            Stop::Colon => return self.colon_in_value(start, stop, n),
            Stop::Comment => self.check_comment(start, stop),
            Stop::Line | Stop::Bracket => {
                if let Some((next, breaks)) = self.continuation(stop, n) {
                    return self.plain_lines(n, start, end, next, breaks);
                }
            }
        }
        self.pos = stop;
        self.next_content();
        self.scalar(start, end, Cow::Borrowed(&self.text[start..end]), Style::Plain)
    }

    /// Where the text of a plain scalar goes on after the line end at `at`, and how many line ends are before it.
    #[inline]
    fn continuation(&self, mut at: usize, n: i32) -> Option<(usize, usize)> {
        let mut breaks = 0;
        loop {
            if at >= self.bytes.len() {
                return None;
            }
            breaks += 1;
            let line = at + 1;
            let text = self.past_spaces(line);
            let col = column(line, text);
            match self.byte(text) {
                b'\n' => at = text,
                b'\t' => {
                    let behind = self.past_blanks(text);
                    match self.byte(behind) {
                        b'\n' => at = behind,
                        b'#' => return None,
                        _ if col > n => return Some((behind, breaks)),
                        _ => return None,
                    }
                }
                b'#' => return None,
                _ if col > n && !(col == 0 && self.marker(line)) => return Some((text, breaks)),
                _ => return None,
            }
        }
    }

    /// A plain scalar of several lines, of which the first is `start..end`.
    fn plain_lines(&mut self, n: i32, start: usize, mut end: usize, mut next: usize, mut breaks: usize) -> Node<'s> {
        let mut text = String::from(&self.text[start..end]);
        loop {
            let (stop, why) = self.plain_line(next);
            let dash = self.byte(next) == b'-' && self.blank_at(next + 1);
            if why == Stop::Colon || dash {
                if !dash && !self.is_key_line(next, stop) {
                    return self.colon_in_value(start, stop, n);
                }
                self.pos = self.line_before(next);
                self.next_content();
                let node = self.scalar(start, end, self.folded_or_slice(start, end, text), Style::Plain);
                self.key_below = true;
                return node;
            }
            fold(&mut text, breaks);
            end = self.trim_end(next, stop);
            text.push_str(&self.text[next..end]);
            self.pos = stop;
            if why == Stop::Comment {
                self.check_comment(start, stop);
                break;
            }
            match self.continuation(stop, n) {
                Some(more) => (next, breaks) = more,
                None => break,
            }
        }
        self.next_content();
        self.scalar(start, end, Cow::Owned(text), Style::Plain)
    }

    /// The text of a scalar: as it stands when it is one line.
    fn folded_or_slice(&self, start: usize, end: usize, text: String) -> Cow<'s, str> {
        let slice = &self.text[start..end];
        if slice == text { Cow::Borrowed(slice) } else { Cow::Owned(text) }
    }

    /// The line end before the line that holds `at`, or `at` itself on the first line.
    pub(super) fn line_before(&self, at: usize) -> usize {
        self.text.as_bytes()[..at].iter().rposition(|b| *b == b'\n').unwrap_or(at)
    }

    /// Whether what stands before the colon at `colon` reads like a key rather than like prose.
    pub(super) fn is_key_line(&self, start: usize, colon: usize) -> bool {
        let word = &self.text.as_bytes()[start..self.trim_end(start, colon)];
        !word.is_empty() && word.iter().all(|b| is_word(*b) || matches!(b, b'"' | b'\''))
    }

    /// A plain scalar in brackets.
    pub(super) fn flow_plain(&mut self, n: i32) -> Node<'s> {
        let start = self.pos;
        let (stop, mut why) = self.plain_flow_line(start);
        let mut end = self.trim_end(start, stop);
        self.pos = stop;
        let mut text = Cow::Borrowed(&self.text[start..end]);
        while why == Stop::Line {
            let Some((next, breaks)) = self.flow_continuation(self.pos, n) else { break };
            let (stop, then) = self.plain_flow_line(next);
            why = then;
            if stop == next {
                break;
            }
            end = self.trim_end(next, stop);
            let whole = text.to_mut();
            fold(whole, breaks);
            whole.push_str(&self.text[next..end]);
            self.pos = stop;
        }
        if why == Stop::Comment && self.comment_at(self.pos) {
            self.check_comment(start, self.pos);
        }
        self.scalar(start, end, text, Style::Plain)
    }

    /// Where a plain scalar in brackets goes on.
    fn flow_continuation(&self, mut at: usize, n: i32) -> Option<(usize, usize)> {
        let mut breaks = 0;
        loop {
            if at >= self.bytes.len() {
                return None;
            }
            breaks += 1;
            let text = self.past_blanks(at + 1);
            match self.byte(text) {
                b'\n' => at = text,
                b'#' => return None,
                _ if self.ends_flow(at + 1, n) => return None,
                _ => return Some((text, breaks)),
            }
        }
    }
}

/// Line ends inside a scalar: one is a space, more are one less than they are.
pub(super) fn fold(text: &mut String, breaks: usize) {
    if breaks == 1 {
        text.push(' ');
    } else {
        text.extend(std::iter::repeat_n('\n', breaks - 1));
    }
}

/// Whether a byte may stand in a key as people write them.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') || byte >= 0x80
}
