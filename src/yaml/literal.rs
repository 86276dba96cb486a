//! Scalars after `|` and `>`.

use std::borrow::Cow;

use super::cursor::{Reader, column};
use super::{Node, Style};

/// What becomes of the line ends at the end of the text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomp {
    Strip,
    Clip,
    Keep,
}

/// The text while it is being read.
struct Draft {
    folded: bool,
    text: String,
    /// Lines that are not blank so far.
    lines: usize,
    /// Blank lines since the last of them.
    blanks: usize,
    /// The last of them began with a space or tab.
    spaced: bool,
}

impl Draft {
    fn line(&mut self, line: &str) {
        let spaced = line.starts_with([' ', '\t']);
        if self.lines == 0 {
            self.breaks(self.blanks);
        } else if self.folded && !self.spaced && !spaced {
            if self.blanks == 0 {
                self.text.push(' ');
            }
            self.breaks(self.blanks);
        } else {
            self.breaks(self.blanks + 1);
        }
        self.text.push_str(line);
        self.lines += 1;
        self.blanks = 0;
        self.spaced = spaced;
    }

    fn breaks(&mut self, count: usize) {
        self.text.extend(std::iter::repeat_n('\n', count));
    }

    fn finish(&mut self, chomp: Chomp) {
        match chomp {
            Chomp::Keep => self.breaks(self.blanks + usize::from(self.lines > 0)),
            Chomp::Clip if self.lines > 0 => self.text.push('\n'),
            Chomp::Clip | Chomp::Strip => {}
        }
    }
}

impl<'s> Reader<'s, '_> {
    /// A scalar after `|` or `>`; the reader stands on that.
    pub(super) fn block_scalar(&mut self, n: i32) -> Node<'s> {
        let start = self.pos;
        let folded = self.byte(start) == b'>';
        let (mut chomp, mut indent, mut at) = (Chomp::Clip, None, start + 1);
        loop {
            match self.byte(at) {
                b'-' if chomp == Chomp::Clip => chomp = Chomp::Strip,
                b'+' if chomp == Chomp::Clip => chomp = Chomp::Keep,
                digit @ b'1'..=b'9' if indent.is_none() => indent = Some(n.max(0) + i32::from(digit - b'0')),
                _ => break,
            }
            at += 1;
        }
        let end = at;
        at = self.past_blanks(at);
        if self.byte(at) != b'\n' && !(self.byte(at) == b'#' && at > end) {
            return self.bad_header(n, start, at);
        }
        self.pos = self.line_end(at);
        self.last_end = end;
        let mut draft = Draft { folded, text: String::new(), lines: 0, blanks: 0, spaced: false };
        self.block_lines(n, indent, &mut draft);
        draft.finish(chomp);
        let end = self.last_end;
        self.next_content();
        let style = if folded { Style::Folded } else { Style::Literal };
        self.scalar(start, end, Cow::Owned(draft.text), style)
    }

    /// The lines of the text; leaves the reader at the end of the last line that belongs to it.
    fn block_lines(&mut self, n: i32, mut indent: Option<i32>, draft: &mut Draft) {
        let mut first = self.pos;
        let mut said = false;
        while self.pos < self.bytes.len() {
            let line = self.pos + 1;
            let mut text = self.past_spaces(line);
            let col = column(line, text);
            let blank = self.byte(text) == b'\n';
            let inside = indent.unwrap_or(n + 1);
            if blank && (indent.is_none() || col <= inside) {
                draft.blanks += usize::from(text < self.bytes.len() || text > line);
                self.pos = text;
                continue;
            }
            if col < inside || (col == 0 && self.marker(line)) {
                if col <= n || self.byte(text) == b'#' || col == 0 {
                    return;
                }
                if !said {
                    self.too_little_indented(text, first);
                }
                said = true;
            } else {
                let start = usize::try_from(*indent.get_or_insert(col))
                    .expect("what has been counted in spaces is not negative");
                if draft.lines == 0 {
                    first = text;
                }
                text = line + start;
            }
            let end = self.line_end(text);
            draft.line(&self.text[text..end]);
            self.last_end = end;
            self.pos = end;
        }
    }
}
