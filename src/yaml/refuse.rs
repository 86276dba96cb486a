//! What YAML allows and a site does not (anchors, aliases, tags, merge keys), and text that has to be quoted because of how
//! it begins.

use super::cursor::Reader;
use super::{Key, Node, Value, codes};

/// How far the end of a template expression in brackets is looked for.
const LOOK: usize = 200;

impl<'s> Reader<'s, '_> {
    /// A value that begins with a character that has a meaning of its own.
    pub(super) fn reserved(&mut self, n: i32) -> Node<'s> {
        let start = self.pos;
        let end = self.text_end(start);
        self.report_reserved(start, end);
        self.drop_value(n, start)
    }

    pub(super) fn report_reserved(&mut self, start: usize, end: usize) {
        let braces = matches!(self.bytes.get(start..start + 2), Some(b"{{" | b"{%"));
        let stop = if braces { start + 2 } else { self.char_end(start) };
        let what = &self.text[start..stop];
        let what = if what == "`" { "a backtick".to_owned() } else { format!("`{what}`") };
        let finding = self.at(&codes::RESERVED, start, stop, format!("text without quotes begins with {what}"));
        let label = if braces { "read as the beginning of a map" } else { "has a meaning of its own in YAML" };
        let help = self.quote_help(start, end);
        self.report(finding.label(label).help(help));
    }

    /// The same in brackets.
    pub(super) fn reserved_in_flow(&mut self) -> Node<'s> {
        let start = self.pos;
        if self.bytes.get(start..start + 2) == Some(b"{{") {
            let line = &self.bytes[start..self.line_end(start).min(start + LOOK)];
            self.pos = line.windows(2).position(|two| two == b"}}").map_or(start + 2, |at| start + at + 2);
        } else {
            self.pos = self.char_end(start);
        }
        self.skip_flow_item();
        let end = self.trim_end(start, self.pos);
        self.report_reserved(start, end);
        self.node(start, end, Value::Broken)
    }

    /// `key: - item`, `key: ? x`, `key: : x`.
    pub(super) fn misplaced(&mut self, n: i32) -> Node<'s> {
        let start = self.pos;
        if self.byte(start) == b'-' {
            let finding =
                self.at(&codes::LIST_PLACEMENT, start, start + 1, "a list item stands on the line of its key");
            let help =
                self.quotation(start, self.text_end(start)).map_or_else(String::new, |q| format!(", or quote it: {q}"));
            self.report(
                finding
                    .label("a list begins here")
                    .help(format!("put each item on a line of its own below the key{help}")),
            );
            let node = self.drop_value(n, start);
            while self.col == n && self.at_dash() {
                self.skip_deeper(n);
            }
            return node;
        }
        let end = self.text_end(start);
        self.report_reserved(start, end);
        self.drop_value(n, start)
    }

    /// An anchor, an alias or a tag before or instead of a value.
    pub(super) fn refused(&mut self, n: i32) -> Node<'s> {
        let start = self.pos;
        let col = self.col;
        let own = self.content == start;
        let what = self.byte(start);
        let end = self.token_end(start);
        let mut text = self.past_blanks(end);
        let more = self.byte(text) != b'\n' && !self.comment_at(text);
        self.report_refused(start, end, (more && !own || what == b'*').then(|| self.text_end(start)));
        if what == b'*' {
            return self.drop_value(n, start);
        }
        while matches!(self.byte(text), b'&' | b'!') {
            text = self.past_blanks(self.token_end(text));
        }
        self.pos = text;
        if !self.deeper() {
            return self.drop_value(n, start);
        }
        let node = self.behind_refused(n, col, own, (start, end));
        self.depth -= 1;
        if matches!(node.value, Value::Scalar(_)) { Node { value: Value::Broken, ..node } } else { node }
    }

    /// The value behind an anchor or a tag, at the end of the line or on it.
    fn behind_refused(&mut self, n: i32, col: i32, own: bool, (start, end): (usize, usize)) -> Node<'s> {
        let text = self.pos;
        let more = self.byte(text) != b'\n' && !self.comment_at(text);
        if !more {
            self.next_content();
            if self.col > n || (self.col == n && self.at_dash() && !own) {
                return if self.col == n { self.block_list(n - 1) } else { self.block_node(n) };
            }
            return self.broken(start, end);
        }
        if own {
            (self.content, self.col) = (text, col);
            return self.block_node(n);
        }
        self.inline_value(n)
    }

    /// The same in brackets.
    pub(super) fn refused_in_flow(&mut self, n: i32) -> Node<'s> {
        let start = self.pos;
        let rest = &self.text[start..];
        let stop = |c: char| matches!(c, ' ' | '\t' | '\n' | ',' | '[' | ']' | '{' | '}');
        let end = start + rest.find(stop).unwrap_or(rest.len());
        self.report_refused(start, end, (self.byte(start) == b'*').then_some(end));
        self.pos = self.past_blanks(end);
        if self.byte(start) != b'*' && matches!(self.byte(self.pos), b'"' | b'\'') {
            let _ = self.quoted(n);
        } else {
            self.skip_flow_item();
        }
        let end = self.trim_end(start, self.pos);
        self.node(start, end, Value::Broken)
    }

    pub(super) fn token_end(&self, start: usize) -> usize {
        let mut at = start;
        while !self.blank_at(at) {
            at += 1;
        }
        at
    }

    pub(super) fn report_refused(&mut self, start: usize, end: usize, text: Option<usize>) {
        let written = self.text[start..end].to_owned();
        let (code, what, help) = match self.byte(start) {
            b'&' => (&codes::ANCHOR, "an anchor", "leave it out and write each value where it is meant"),
            b'*' => (&codes::ALIAS, "an alias", "write the value itself here"),
            _ => (&codes::TAG, "a tag", "leave it out: each field says what it wants"),
        };
        let finding = self.at(code, start, end, format!("`{written}` is {what}, which is refused"));
        let help = match text.and_then(|end| self.quotation(start, end)) {
            Some(quoted) => format!("{help}; if it is text, quote it: {quoted}"),
            None => help.to_owned(),
        };
        self.report(finding.label(format!("read as {what}")).help(help));
    }

    /// `<<: …`: reported, and its value left out.
    pub(super) fn merge_key(&mut self, key: &Key<'s>, n: i32) {
        let end = self.pos;
        let start = self.line_start_of(key, end);
        self.merge_key_at(start, start + 2);
        self.muted += 1;
        self.value_of_key(n);
        self.muted -= 1;
    }

    fn line_start_of(&self, key: &Key<'s>, colon: usize) -> usize {
        let mut at = colon - 1;
        while self.byte(at) != b'<' {
            at -= 1;
        }
        debug_assert_eq!(self.span(at - 1, at + 1), key.span);
        at - 1
    }

    pub(super) fn merge_key_at(&mut self, start: usize, end: usize) {
        let finding = self.at(&codes::MERGE_KEY, start, end, "the merge key `<<` is refused");
        self.report(finding.label("a merge key").help("write the values themselves here"));
    }
}
