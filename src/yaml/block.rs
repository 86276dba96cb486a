//! Documents, and maps and lists made by indentation.
//!
//! Every function that reads a value leaves the reader on the next content (see `cursor`). `n` is the column of what holds
//! the value: what belongs to it is right of that.

use super::cursor::{END, Reader, column};
use super::key::Seen;
use super::{Entry, Key, Node, Scalar, Style, Value};

/// The column at which the keys of a map or the dashes of a list stand.
struct Margin {
    column: i32,
    /// The first of them is indented with tabs.
    guessed: bool,
    /// The last column that was not this one: a run of lines there is one mistake.
    odd: i32,
}

impl Margin {
    fn new(column: i32, guessed: bool) -> Self {
        Self { column, guessed, odd: column }
    }

    /// Whether a line that begins at `col` has to be reported as not aligned.
    #[inline]
    fn misses(&mut self, col: i32, tabbed: bool) -> bool {
        if col == self.column || tabbed {
            return false;
        }
        if self.guessed {
            (self.column, self.guessed) = (col, false);
            return false;
        }
        let new = col != self.odd;
        self.odd = col;
        new
    }
}

impl<'s> Reader<'s, '_> {
    /// The next document, if there is one.
    pub(super) fn document(&mut self) -> Option<Node<'s>> {
        self.nodes = 0;
        self.directives();
        if self.col == END {
            if self.pos >= self.bytes.len() {
                return None;
            }
            let ends = self.byte(self.pos) == b'.';
            (self.col, self.content) = (0, self.pos);
            self.pos += 3;
            if ends {
                let end = self.pos;
                let null = self.after_value(-1, end, Value::Null);
                return Some(null);
            }
        }
        let marked = self.pos > self.content;
        let mut root = if marked { self.item_value(-1) } else { self.block_node(-1) };
        let mut said = false;
        while self.col != END {
            if let (Value::List(items), true) = (&mut root.value, self.at_dash()) {
                let more = self.block_list(-1);
                root.span = root.span.to(more.span);
                if let Value::List(more) = more.value {
                    items.extend(more);
                }
                continue;
            }
            self.muted += u32::from(said);
            self.stray_content(&root);
            self.muted -= u32::from(said);
            said = true;
        }
        if self.gave_up() {
            root.value = Value::Broken;
        }
        Some(root)
    }

    /// A block list, a block map or any other value, at the content here.
    pub(super) fn block_node(&mut self, n: i32) -> Node<'s> {
        let (start, col) = (self.pos, self.col);
        let here = self.byte(start);
        if here == b'-' && (self.blank_at(start + 1) || self.dash_lacks_space(start)) {
            return self.block_list(n);
        }
        if let Some(key) = self.key() {
            return self.block_map(n, start, Some(key));
        }
        if matches!(here, b'?' | b':') && self.blank_at(start + 1) {
            return self.block_map(n, start, None);
        }
        let node = self.inline_value(n);
        if self.col > n && self.col == col && node.value == Value::Broken {
            return if self.at_dash() { self.block_list(n) } else { self.block_map(n, start, None) };
        }
        if self.forgot_a_key(&node, start, col) {
            (self.pos, self.content, self.col, self.tabbed) = (start, start, col, false);
            return self.block_map(n, start, None);
        }
        node
    }

    /// Whether a dash that counts stands here.
    pub(super) fn at_dash(&self) -> bool {
        self.byte(self.pos) == b'-' && self.blank_at(self.pos + 1)
    }

    /// A map whose first key, if it has been read already, is `first`; it begins at `start`.
    pub(super) fn block_map(&mut self, n: i32, start: usize, mut first: Option<Key<'s>>) -> Node<'s> {
        if !self.deeper() {
            self.skip_deeper(n);
            return self.broken(start, start);
        }
        let base = self.entries.len();
        let mut seen = Seen::default();
        let mut margin = Margin::new(self.col, self.tabbed);
        loop {
            let col = self.col;
            let key = first.take().or_else(|| self.key());
            if margin.misses(col, self.tabbed) {
                self.misaligned(start, key.as_ref());
            }
            match key {
                Some(key) => self.map_entry(base, col, key, &mut seen),
                None if self.tabbed || col != margin.column => self.skip_misaligned(),
                None => self.mend_entry(base, &mut seen),
            }
            if self.col <= n {
                break;
            }
        }
        self.depth -= 1;
        let value = self.take_map(base);
        self.last_end = self.last_end.max(start);
        let end = self.last_end;
        self.node(start, end, value)
    }

    /// The rest of an entry whose key and colon have been read; `n` is the column of the key.
    pub(super) fn map_entry(&mut self, base: usize, n: i32, key: Key<'s>, seen: &mut Seen<'s>) {
        if &*key.text == "<<" && key.span.len() == 2 {
            self.merge_key(&key, n);
            return;
        }
        let value = self.value_of_key(n);
        self.add_entry(base, seen, Entry { key, value });
    }

    /// The value after a colon; `n` is the column of its key.
    pub(super) fn value_of_key(&mut self, n: i32) -> Node<'s> {
        let after = self.pos;
        let at = self.past_blanks(after);
        match self.byte(at) {
            b'\n' => self.value_below(n, after, at, true),
            b'#' if self.comment_at(at) => {
                self.check_comment(after, at);
                self.value_below(n, after, at, true)
            }
            _ => {
                self.pos = at;
                self.inline_value(n)
            }
        }
    }

    /// The value after a dash or `---`; `n` is the column of the dash, -1 for a document.
    pub(super) fn item_value(&mut self, n: i32) -> Node<'s> {
        let after = self.pos;
        let at = self.past_blanks(after);
        match self.byte(at) {
            b'\n' => self.value_below(n, after, at, false),
            b'#' if self.comment_at(at) => {
                self.check_comment(after, at);
                self.value_below(n, after, at, false)
            }
            _ => {
                self.col = self.col.saturating_add(column(self.content, at));
                (self.pos, self.content) = (at, at);
                self.block_node(n)
            }
        }
    }

    /// The value on the lines below, if there is one.
    fn value_below(&mut self, n: i32, after: usize, at: usize, list_may_align: bool) -> Node<'s> {
        self.pos = at;
        self.next_content();
        if self.col > n {
            return self.block_node(n);
        }
        if list_may_align && self.col == n && self.at_dash() {
            return self.block_list(n - 1);
        }
        self.last_end = after;
        self.node(after, after, Value::Null)
    }

    /// A list; the reader stands on its first dash.
    pub(super) fn block_list(&mut self, n: i32) -> Node<'s> {
        let (start, column) = (self.pos, self.col);
        if !self.deeper() {
            self.skip_deeper(n);
            return self.broken(start, start);
        }
        let base = self.items.len();
        let mut margin = Margin::new(column, self.tabbed);
        loop {
            if margin.misses(self.col, self.tabbed) {
                self.misaligned(start, None);
            }
            if !self.blank_at(self.pos + 1) {
                self.missing_space_after_dash();
            }
            let col = self.col;
            self.pos += 1;
            let item = self.item_value(col);
            self.items.push(item);
            while self.col > column && !self.at_dash() {
                self.stray_below(column);
            }
            let goes_on = self.at_dash() || (self.col == column && self.byte(self.pos) == b'-');
            if self.col <= n || !goes_on {
                break;
            }
        }
        self.depth -= 1;
        let value = Value::List(self.items.drain(base..).collect());
        self.last_end = self.last_end.max(start);
        let end = self.last_end;
        self.node(start, end, value)
    }

    /// A value that is no block map or list, in a line that has begun.
    pub(super) fn inline_value(&mut self, n: i32) -> Node<'s> {
        self.key_below = false;
        match self.byte(self.pos) {
            b'"' | b'\'' => self.quoted_value(n),
            b'[' | b'{' => self.flow_value(n),
            b'|' | b'>' => self.block_scalar(n),
            b'&' | b'*' | b'!' => self.refused(n),
            b'@' | b'`' | b'%' | b',' | b']' | b'}' => self.reserved(n),
            b'-' | b'?' | b':' if self.blank_at(self.pos + 1) => self.misplaced(n),
            _ => self.plain_value(n),
        }
    }

    /// A value that ends here: nothing but a comment may follow on its line.
    pub(super) fn after_value(&mut self, n: i32, start: usize, value: Value<'s>) -> Node<'s> {
        let end = self.pos;
        self.last_end = end;
        let at = self.past_blanks(end);
        match self.byte(at) {
            b'\n' => {}
            b'#' if at > end => {}
            _ => return self.followed_by_something(n, start, at, &value),
        }
        self.pos = at;
        self.next_content();
        self.node(start, end, value)
    }

    /// A scalar.
    #[inline]
    pub(super) fn scalar(
        &mut self,
        start: usize,
        end: usize,
        text: std::borrow::Cow<'s, str>,
        style: Style,
    ) -> Node<'s> {
        self.last_end = end;
        self.node(start, end, Value::Scalar(Scalar { text, style }))
    }

    /// A mistake that has been reported.
    pub(super) fn broken(&mut self, start: usize, end: usize) -> Node<'s> {
        self.last_end = end;
        self.node(start, end, Value::Broken)
    }
}
