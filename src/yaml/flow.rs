//! Lists and maps in brackets.
//!
//! A list or map that cannot be read on is given up as a whole (`aborted`), with the reader before the line where block
//! reading goes on; everything else is mended in place. `n` is the column of the block value that holds the brackets.

use super::cursor::{Reader, column};
use super::key::Seen;
use super::quoted::Quoted;
use super::{Entry, Key, Node, Value, codes};

/// What a mistake inside brackets reads as.
const BROKEN: Value<'static> = Value::Broken;

impl<'s> Reader<'s, '_> {
    /// A list or map in brackets as a block value.
    pub(super) fn flow_value(&mut self, n: i32) -> Node<'s> {
        let start = self.pos;
        if matches!(self.byte(start + 1), b'{' | b'%') && self.byte(start) == b'{' {
            return self.reserved(n);
        }
        let depth = self.depth;
        let node = self.flow_node(n);
        if self.aborted {
            (self.aborted, self.mismatched) = (false, false);
            self.open = (0, 0);
            self.depth = depth;
            let end = self.pos;
            self.next_content();
            return self.broken(start, end);
        }
        let value = if std::mem::take(&mut self.mismatched) { BROKEN } else { node.value };
        self.after_value(n, start, value)
    }

    /// Any value in brackets. The reader is left behind it.
    fn flow_node(&mut self, n: i32) -> Node<'s> {
        let start = self.pos;
        match self.byte(start) {
            b'"' | b'\'' => match self.quoted(n) {
                Quoted::Text(scalar) => self.node(start, self.pos, Value::Scalar(scalar)),
                Quoted::Bad => self.node(start, self.pos, BROKEN),
                Quoted::Unclosed => {
                    self.aborted = true;
                    self.node(start, self.pos, BROKEN)
                }
            },
            b'{' if matches!(self.byte(start + 1), b'{' | b'%') => self.reserved_in_flow(),
            b'[' | b'{' => self.flow_collection(n),
            b'&' | b'*' | b'!' => self.refused_in_flow(n),
            b'@' | b'`' | b'%' | b'|' | b'>' | b'#' => self.reserved_in_flow(),
            b'-' | b'?' if self.blank_at(start + 1) => self.reserved_in_flow(),
            _ => self.flow_plain(n),
        }
    }

    fn flow_collection(&mut self, n: i32) -> Node<'s> {
        let start = self.pos;
        if !self.deeper() {
            self.aborted = true;
            self.pos = self.deeper_end(start, n);
            return self.node(start, start, BROKEN);
        }
        let list = self.byte(start) == b'[';
        let open = if list { &mut self.open.0 } else { &mut self.open.1 };
        *open += 1;
        self.pos += 1;
        let value = if list { self.flow_list(n, start) } else { self.flow_map(n, start) };
        let open = if list { &mut self.open.0 } else { &mut self.open.1 };
        *open = open.saturating_sub(1);
        self.depth = self.depth.saturating_sub(1);
        let end = self.pos;
        self.node(start, end, value)
    }

    fn flow_list(&mut self, n: i32, start: usize) -> Value<'s> {
        let base = self.items.len();
        let mut ready = true;
        while self.flow_space(n, start) && !self.flow_closes(start) {
            if self.flow_comma(&mut ready) {
                continue;
            }
            let item = self.flow_item(n, start);
            self.items.push(item);
            if self.aborted {
                break;
            }
        }
        let items = self.items.drain(base..).collect();
        if self.aborted { BROKEN } else { Value::List(items) }
    }

    /// An item of a list: a value, or a key and a value, which is a map of its own.
    fn flow_item(&mut self, n: i32, open: usize) -> Node<'s> {
        let start = self.pos;
        let node = if self.colon_in_flow(start) { self.node(start, start, Value::Null) } else { self.flow_node(n) };
        let end = self.pos;
        let blank = self.past_blanks(end);
        if self.aborted || !self.flow_colon(blank, &node) {
            return node;
        }
        let Some(key) = self.flow_key(node, start, end) else {
            self.pos = blank + 1;
            self.muted += 1;
            self.flow_value_of_key(n, open);
            self.muted -= 1;
            return self.node(start, self.pos, BROKEN);
        };
        self.pos = blank + 1;
        let value = self.flow_value_of_key(n, open);
        let end = value.span;
        let node = self.node(start, start, Value::Map(vec![Entry { key, value }]));
        Node { span: node.span.to(end), ..node }
    }

    /// Whether the colon at `at` makes a key of the value before it.
    fn flow_colon(&self, at: usize, key: &Node<'s>) -> bool {
        let quoted = key.as_scalar().is_some_and(|scalar| scalar.style != super::Style::Plain);
        self.byte(at) == b':' && (quoted || self.colon_in_flow(at) || !matches!(key.value, Value::Scalar(_)))
    }

    /// The key that a value before a colon is; if it can be none, that is reported.
    fn flow_key(&mut self, node: Node<'s>, start: usize, end: usize) -> Option<Key<'s>> {
        match node.value {
            Value::Scalar(scalar) if &*scalar.text == "<<" && scalar.style == super::Style::Plain => {
                self.merge_key_at(start, end);
                None
            }
            Value::Scalar(scalar) => Some(Key { text: scalar.text, span: node.span }),
            Value::Null => {
                self.missing_key(start);
                None
            }
            Value::Broken => None,
            Value::List(_) | Value::Map(_) => {
                self.complex_key(start, end);
                None
            }
        }
    }

    fn flow_map(&mut self, n: i32, start: usize) -> Value<'s> {
        let base = self.entries.len();
        let mut seen = Seen::default();
        let mut ready = true;
        while self.flow_space(n, start) && !self.flow_closes(start) {
            if self.flow_comma(&mut ready) {
                continue;
            }
            self.flow_entry(n, start, base, &mut seen);
            if self.aborted {
                break;
            }
        }
        let value = self.take_map(base);
        if self.aborted { BROKEN } else { value }
    }

    fn flow_entry(&mut self, n: i32, open: usize, base: usize, seen: &mut Seen<'s>) {
        let start = self.pos;
        let node = if self.colon_in_flow(start) { self.node(start, start, Value::Null) } else { self.flow_node(n) };
        let end = self.pos;
        if self.aborted || !self.flow_space(n, open) {
            return;
        }
        if self.flow_colon(self.pos, &node) {
            let colon = self.pos;
            let key = self.flow_key(node, start, end);
            self.pos = colon + 1;
            self.muted += u32::from(key.is_none());
            let value = self.flow_value_of_key(n, open);
            self.muted -= u32::from(key.is_none());
            if let (Some(key), false) = (key, self.aborted) {
                self.add_entry(base, seen, Entry { key, value });
            }
            return;
        }
        let value = match self.split_at_colon(&node, start, end) {
            Some(entry) => {
                self.add_entry(base, seen, entry);
                return;
            }
            None => self.node(end, end, Value::Null),
        };
        if let Some(key) = self.flow_key(node, start, end) {
            self.add_entry(base, seen, Entry { key, value });
        }
    }

    /// The value after a colon in brackets.
    fn flow_value_of_key(&mut self, n: i32, open: usize) -> Node<'s> {
        let after = self.pos;
        if !self.flow_space(n, open) {
            return self.node(after, after, BROKEN);
        }
        if matches!(self.byte(self.pos), b',' | b']' | b'}') {
            return self.node(after, after, Value::Null);
        }
        let start = self.pos;
        if self.colon_in_flow(start) {
            self.second_colon_in_flow(start, start);
            return self.flow_rest_of_value(n, open, start);
        }
        let node = self.flow_node(n);
        let blank = self.past_blanks(self.pos);
        if !self.aborted && self.flow_colon(blank, &node) {
            self.second_colon_in_flow(start, blank);
            self.pos = blank;
            return self.flow_rest_of_value(n, open, start);
        }
        node
    }

    /// Leaves out what follows a second colon, at which the reader stands.
    fn flow_rest_of_value(&mut self, n: i32, open: usize, start: usize) -> Node<'s> {
        let colon = self.pos;
        self.muted += 1;
        while self.byte(self.pos) == b':' {
            self.pos += 1;
            if !self.flow_space(n, open) {
                break;
            }
            if !matches!(self.byte(self.pos), b',' | b']' | b'}') && !self.colon_in_flow(self.pos) {
                self.flow_node(n);
            }
            if self.aborted || !self.flow_space(n, open) {
                break;
            }
        }
        self.muted -= 1;
        self.node(start, colon, BROKEN)
    }

    /// Goes over commas: true if one was here. `ready` says that a value may come next.
    fn flow_comma(&mut self, ready: &mut bool) -> bool {
        if self.byte(self.pos) == b',' {
            if *ready {
                self.comma_alone();
            }
            *ready = true;
            self.pos += 1;
            return true;
        }
        if !*ready {
            self.missing_comma();
        }
        *ready = false;
        false
    }

    /// Goes over the closing bracket, if one is here.
    fn flow_closes(&mut self, start: usize) -> bool {
        let found = self.byte(self.pos);
        if !matches!(found, b']' | b'}') {
            return false;
        }
        let list = self.byte(start) == b'[';
        if list == (found == b']') {
            self.pos += 1;
            return true;
        }
        if !self.mismatched {
            self.unclosed_bracket(start, Some(self.pos));
        }
        self.mismatched = true;
        let another = if list { self.open.1 } else { self.open.0 };
        if another == 0 {
            self.pos += 1;
        }
        true
    }

    /// Goes to the next content in brackets; false if there is none that can belong to them, which is reported.
    fn flow_space(&mut self, n: i32, open: usize) -> bool {
        let mut at = self.pos;
        loop {
            at = self.past_blanks(at);
            match self.byte(at) {
                b'#' if self.comment_at(at) => at = self.line_end(at),
                b'\n' => {
                    if at >= self.bytes.len() || self.ends_flow(at + 1, n) {
                        self.pos = at;
                        self.aborted = true;
                        self.unclosed_bracket(open, None);
                        return false;
                    }
                    at += 1;
                }
                _ => {
                    self.pos = at;
                    return true;
                }
            }
        }
    }

    /// Whether the line that begins at `line` cannot belong to brackets or quotes: it is no deeper than what holds them,
    /// and reads like a key or a list item; or a document ends there.
    pub(super) fn ends_flow(&self, line: usize, n: i32) -> bool {
        if self.marker(line) {
            return true;
        }
        let text = self.past_spaces(line);
        if column(line, text) > n || matches!(self.byte(text), b'#' | b':') {
            return false;
        }
        if self.byte(text) == b'-' && self.blank_at(text + 1) && text < self.bytes.len() {
            return true;
        }
        let rest = self.bytes.get(text..).unwrap_or_default();
        let end = rest.iter().position(|b| matches!(b, b'\n' | b',' | b'[' | b']' | b'{' | b'}')).unwrap_or(rest.len());
        (text..text + end).any(|at| self.bytes[at] == b':' && self.blank_at(at + 1))
    }

    /// Goes to the next comma or closing bracket on this line.
    pub(super) fn skip_flow_item(&mut self) {
        while !matches!(self.byte(self.pos), b',' | b']' | b'}' | b'\n') {
            self.pos += 1;
        }
    }

    /// Whether a key without a value in a map in brackets is `key:value` with its space forgotten.
    fn split_at_colon(&mut self, node: &Node<'s>, start: usize, end: usize) -> Option<Entry<'s>> {
        let scalar = node.as_scalar()?;
        if scalar.style != super::Style::Plain {
            return None;
        }
        let colon = self.forgotten_space(start, end)?;
        self.missing_space_after_colon(start, colon, end);
        let key = Key { text: self.text[start..colon].into(), span: self.span(start, colon) };
        let from = self.past_blanks(colon + 1);
        let text = super::Scalar { text: self.text[from..end].into(), style: super::Style::Plain };
        let value = self.node(from, end, Value::Scalar(text));
        Some(Entry { key, value })
    }

    fn second_colon_in_flow(&mut self, start: usize, colon: usize) {
        let finding = self.at(&codes::COLON_IN_VALUE, colon, colon + 1, "a second colon in one value");
        let help = match self.quotation(start, colon) {
            Some(quoted) => {
                format!("put a comma before the next key, or quote the whole text, beginning with {quoted}")
            }
            None => "put a comma before the next key, or quote the whole text".to_owned(),
        };
        self.report(finding.label("this colon would begin another value").help(help));
    }
}
