//! What is said about a mistake, and how reading goes on after it.

use super::cursor::Reader;
use super::key::Seen;
use super::plain::is_word;
use super::{Entry, Key, Node, Value, codes};

/// Longer text is not repeated in a help.
const REPEATED: usize = 72;

impl<'s> Reader<'s, '_> {
    /// Text as it has to be written in quotes, in backticks; nothing if it is too long to be repeated.
    pub(super) fn quotation(&self, start: usize, end: usize) -> Option<String> {
        let text = self.text[start..end].trim();
        if text.len() > REPEATED || text.contains('\n') {
            return None;
        }
        let quoted =
            if text.contains(['"', '\\']) { format!("'{}'", text.replace('\'', "''")) } else { format!("\"{text}\"") };
        Some(if quoted.contains('`') { quoted } else { format!("`{quoted}`") })
    }

    pub(super) fn quote_help(&self, start: usize, end: usize) -> String {
        match self.quotation(start, end) {
            Some(quoted) => format!("quote the text: {quoted}"),
            None => "quote the whole text, or write it on the lines below after `>-`".to_owned(),
        }
    }

    /// Where the text of the line that begins at `start` ends, comment left out.
    pub(super) fn text_end(&self, start: usize) -> usize {
        let mut at = start;
        while self.byte(at) != b'\n' && !(at > start && self.comment_at(at)) {
            at += 1;
        }
        self.trim_end(start, at)
    }

    /// The column to the right of which the rest of a broken value is found.
    pub(super) fn limit(&self, start: usize, n: i32) -> i32 {
        if self.content == start { self.col.max(n) } else { n }
    }

    /// Leaves out a value that cannot be read; what is wrong has been reported.
    pub(super) fn drop_value(&mut self, n: i32, start: usize) -> Node<'s> {
        let end = self.text_end(start);
        self.skip_deeper(self.limit(start, n));
        self.broken(start, end)
    }

    /// Warns of ` #` that looks like a part of the text.
    pub(super) fn check_comment(&mut self, start: usize, hash: usize) {
        let next = self.byte(hash + 1);
        if matches!(next, b' ' | b'\t' | b'\n' | b'#' | b'!') {
            return;
        }
        let end = self.trim_end(hash, self.line_end(hash));
        let finding = self.at(&codes::COMMENT_IN_VALUE, hash, end, "the rest of this line is read as a comment");
        let text = self.past_blanks(start);
        let help = match self.quotation(text, end) {
            Some(quoted) => {
                format!("if it belongs to the text, write {quoted}; if it is a comment, put a space after `#`")
            }
            None => "if it belongs to the text, quote the text; if it is a comment, put a space after `#`".to_owned(),
        };
        self.report(finding.label("not part of the value").help(help));
    }

    /// `title: Note: this`.
    pub(super) fn colon_in_value(&mut self, start: usize, colon: usize, n: i32) -> Node<'s> {
        let end = self.text_end(colon);
        let finding = self.at(&codes::COLON_IN_VALUE, colon, colon + 1, "text without quotes holds a colon");
        let help = self.quote_help(start, end);
        self.report(finding.label("this colon would begin another value").help(help));
        let limit = self.limit(start, n);
        self.pos = colon;
        self.skip_deeper(limit);
        self.broken(start, end)
    }

    pub(super) fn complex_key(&mut self, start: usize, end: usize) {
        let finding = self.at(&codes::COMPLEX_KEY, start, end, "a key is not a word");
        self.report(
            finding
                .label("a list, a map or a `?` as a key")
                .help("write a word and a colon, or quote the text if it is one"),
        );
    }

    pub(super) fn missing_key(&mut self, colon: usize) {
        let finding = self.at(&codes::MISSING_KEY, colon, colon + 1, "there is no key before this colon");
        self.report(finding.label("a colon without a key").help("write the key before the colon"));
    }

    pub(super) fn comma_alone(&mut self) {
        let finding = self.at(&codes::MISSING_COMMA, self.pos, self.pos + 1, "there is nothing before this comma");
        self.report(finding.label("a comma without a value").help("leave it out, or write the value before it"));
    }

    pub(super) fn missing_comma(&mut self) {
        let (start, end) = (self.pos, self.char_end(self.pos));
        let finding = self.at(&codes::MISSING_COMMA, start, end, "there is no comma before this value");
        self.report(finding.label("another value begins here").help("separate values with `, `"));
    }

    pub(super) fn unclosed_quote(&mut self, start: usize) {
        let quote = if self.byte(start) == b'"' { "\"" } else { "'" };
        let finding = self.at(&codes::UNCLOSED_QUOTE, start, start + 1, "a text in quotes is not closed");
        self.report(finding.label("opened here").help(format!("write `{quote}` at the end of the text")));
    }

    pub(super) fn unclosed_bracket(&mut self, start: usize, found: Option<usize>) {
        let (what, close) = if self.byte(start) == b'[' { ("list", "]") } else { ("map", "}") };
        let finding =
            self.at(&codes::UNCLOSED_BRACKET, start, start + 1, format!("a {what} in brackets is not closed"));
        let help = format!("write `{close}` at the end of the {what}");
        let finding = finding.label("opened here");
        self.unclosed = found.is_none();
        self.report(match found {
            Some(at) => finding.other(self.location(at, at + 1), "this bracket closes something else").help(help),
            None => finding.help(format!("{help}; its lines are indented deeper than its key")),
        });
    }

    /// Something after a value on its line.
    pub(super) fn followed_by_something(&mut self, n: i32, start: usize, at: usize, value: &Value<'s>) -> Node<'s> {
        let end = self.text_end(at);
        let collection = matches!(value, Value::List(_) | Value::Map(_));
        let colon = self.byte(at) == b':';
        if collection && colon {
            self.complex_key(start, self.trim_end(start, at));
        } else if *value != Value::Broken {
            let quote = self.byte(start);
            let (what, help) = if collection {
                ("a bracket", "leave it out, or quote the whole text".to_owned())
            } else if matches!(quote, b'"' | b'\'') {
                let inner = if quote == b'"' { "`\\\"`" } else { "`''`" };
                (
                    "the closing quote",
                    format!("a quote inside the text is written {inner}; or {}", self.other_quotes(start, end)),
                )
            } else {
                ("the value", "leave it out".to_owned())
            };
            let finding = self.at(&codes::STRAY_TEXT, at, end.max(at + 1), format!("there is text after {what}"));
            self.report(finding.label("the value has ended before this").help(help));
        }
        let limit = self.limit(start, n);
        self.pos = at;
        self.skip_deeper(limit);
        self.broken(start, end)
    }

    /// How a text that was in quotes and goes on behind them can be written as a whole.
    fn other_quotes(&self, start: usize, end: usize) -> String {
        let text = &self.text[start..end];
        if text.len() > REPEATED || text.contains(['\n', '`']) {
            return "put the whole text into the other kind of quotes".to_owned();
        }
        if text.starts_with('\'') && text.ends_with('\'') && text.len() > 1 && !text.contains(['"', '\\']) {
            return format!("write `\"{}\"`", &text[1..text.len() - 1]);
        }
        if text.starts_with('"') && text.ends_with('"') && text.len() > 1 {
            return format!("write `'{}'`", text[1..text.len() - 1].replace('\'', "''"));
        }
        format!("write `'{}'`", text.replace('\'', "''"))
    }

    pub(super) fn bad_header(&mut self, n: i32, start: usize, at: usize) -> Node<'s> {
        let end = self.text_end(at);
        let sign = &self.text[start..=start];
        let finding =
            self.at(&codes::BLOCK_HEADER, at, end.max(at + 1), format!("there is text on the line of `{sign}`"));
        let help = match self.quotation(start, end) {
            Some(quoted) => format!("begin the text on the next line; if `{sign}` belongs to it, write {quoted}"),
            None => "begin the text on the next line".to_owned(),
        };
        self.report(finding.label("the text begins on the next line").help(help));
        self.drop_value(n, start)
    }

    pub(super) fn too_little_indented(&mut self, at: usize, first: usize) {
        let end = self.text_end(at);
        let finding = self.at(&codes::INDENTATION, at, end, "a line is indented less than the text it belongs to");
        let first = self.location(first, self.text_end(first));
        self.report(
            finding
                .label("too far to the left")
                .other(first, "the text is indented like this")
                .help("align this line with the text above it"),
        );
    }

    /// A line of a map or list that aligns with nothing; `first` is where the map or list begins.
    pub(super) fn misaligned(&mut self, first: usize, key: Option<&Key<'s>>) {
        let start = self.content;
        let end = self.text_end(start);
        let other = self.location(first, self.text_end(first));
        if key.is_none() && !self.at_dash() {
            let finding = self.at(&codes::STRAY_TEXT, start, end, "this line belongs to nothing above it");
            self.report(
                finding.label("the value above has ended before this").help(
                    "quote the value above as a whole if this line belongs to it, or write a key and a colon here",
                ),
            );
            return;
        }
        let what = if key.is_some() { "key" } else { "list item" };
        let finding =
            self.at(&codes::INDENTATION, start, end, format!("this {what} is not aligned with those it belongs to"));
        self.report(
            finding
                .label("aligns with nothing above")
                .other(other, "should align with this")
                .help("indent both lines alike; if this line belongs to the text above, quote that text"),
        );
    }

    /// Content below a list item that has ended.
    pub(super) fn stray_below(&mut self, n: i32) {
        let (start, end) = (self.pos, self.text_end(self.pos));
        if !self.tabbed {
            let finding = self.at(&codes::STRAY_TEXT, start, end, "this line belongs to nothing above it");
            self.report(finding.label("the item above has ended before this").help(
                "begin the line with `- ` if it is an item, or quote the item above as a whole if it belongs to it",
            ));
        }
        self.block_node(n);
    }

    /// Leaves out a line of a map that is no entry and has been reported; the items of a list are read for their mistakes.
    pub(super) fn skip_misaligned(&mut self) {
        if self.at_dash() {
            self.block_list(self.col - 1);
        } else {
            self.pos = self.line_end(self.pos);
            self.next_content();
        }
    }

    /// Content behind the value that a whole document is.
    pub(super) fn stray_content(&mut self, root: &Node<'s>) {
        let (start, end) = (self.pos, self.text_end(self.pos));
        if root.value != Value::Broken && !self.tabbed {
            let (what, help) = match root.value {
                Value::List(_) => ("a list", "begin the line with `- `, or put the list below a key"),
                Value::Map(_) => ("a map", "write a key and a colon, or begin another document with `---`"),
                _ => ("a text", "write a key and a colon before the text, or begin another document with `---`"),
            };
            let finding = self.at(
                &codes::STRAY_TEXT,
                start,
                end,
                format!("the document is {what} that has ended before this line"),
            );
            let place = self.place(root.span);
            self.report(finding.label("belongs to nothing above").other(place, "the document so far").help(help));
        }
        if matches!(root.value, Value::List(_)) {
            self.skip_deeper(self.col);
        } else {
            self.block_node(-1);
        }
    }

    /// A dash at the beginning of a line without a space behind it, as in `-name`.
    pub(super) fn dash_lacks_space(&self, start: usize) -> bool {
        let next = self.byte(start + 1);
        if !(next.is_ascii_alphabetic() || matches!(next, b'"' | b'\'')) {
            return false;
        }
        let before = &self.text.as_bytes()[..start];
        before.iter().rev().find(|b| **b != b' ').is_none_or(|b| *b == b'\n')
    }

    pub(super) fn missing_space_after_dash(&mut self) {
        let start = self.pos;
        let end = self.text_end(start);
        let finding =
            self.at(&codes::MISSING_SPACE, start, self.char_end(start + 1), "there is no space after the dash");
        let text = &self.text[start + 1..end];
        let help =
            if text.len() > REPEATED { "write `- ` before the item".to_owned() } else { format!("write `- {text}`") };
        self.report(finding.label("not read as a list item").help(help));
    }

    /// The colon of `key:value`, if that is what stands at `start..end`.
    pub(super) fn forgotten_space(&self, start: usize, end: usize) -> Option<usize> {
        let bytes = &self.text.as_bytes()[start..end];
        let word = bytes.iter().position(|b| !is_word(*b))?;
        let first = bytes[0];
        let url = bytes[word..].starts_with(b"://");
        (word > 0 && bytes[word] == b':' && !url && !first.is_ascii_digit()).then_some(start + word)
    }

    /// `key:value`, which stands at `start..end`.
    pub(super) fn missing_space_after_colon(&mut self, start: usize, colon: usize, end: usize) {
        let finding = self.at(&codes::MISSING_SPACE, colon, colon + 1, "there is no space after the colon");
        let help = if end - start > REPEATED {
            "write a space after the colon".to_owned()
        } else {
            format!("write `{}: {}`", self.text[start..colon].trim_end(), self.text[colon + 1..end].trim_start())
        };
        self.report(finding.label("not read as the end of a key").help(help));
    }

    /// Whether a scalar on a line of its own is the first key of a map, with a mistake that hides that.
    pub(super) fn forgot_a_key(&self, node: &Node<'s>, start: usize, col: i32) -> bool {
        let Value::Scalar(scalar) = &node.value else { return false };
        if scalar.style != super::Style::Plain {
            return false;
        }
        let end = self.text_end(start);
        if self.key_below {
            let word = self.text.as_bytes()[start..end].iter().all(|b| is_word(*b));
            return self.col == col || (self.col > col && word);
        }
        if matches!(scalar.text, std::borrow::Cow::Borrowed(_)) || self.forgotten_space(start, end).is_none() {
            return false;
        }
        let next = self.past_spaces(self.line_end(start) + 1);
        self.forgotten_space(next, self.text_end(next).max(next)).is_some()
    }

    /// A line of a map that is no entry: says what it lacks and reads what can be read of it.
    pub(super) fn mend_entry(&mut self, base: usize, seen: &mut Seen<'s>) {
        let (start, n) = (self.pos, self.col);
        match self.byte(start) {
            b'-' if self.at_dash() => {
                let finding =
                    self.at(&codes::LIST_PLACEMENT, start, start + 1, "a list item stands among the keys of a map");
                self.report(
                    finding.label("a list item").help("write a key and a colon, or put the list below its key"),
                );
                self.block_list(n - 1);
            }
            b'?' if self.blank_at(start + 1) => {
                self.complex_key(start, self.text_end(start));
                self.skip_deeper(n);
                if self.col == n && self.byte(self.pos) == b':' && self.blank_at(self.pos + 1) {
                    self.skip_deeper(n);
                }
            }
            b':' if self.blank_at(start + 1) => {
                self.missing_key(start);
                self.pos += 1;
                self.value_of_key(n);
            }
            b'&' | b'!' => self.mend_prefixed(base, n, seen),
            b'*' => {
                self.report_refused(start, self.token_end(start), None);
                self.skip_deeper(n);
            }
            b'[' | b'{' | b'|' | b'>' => self.mend_value(n),
            b'"' | b'\'' => self.mend_quoted(n),
            b']' | b'}' if self.unclosed => {
                self.unclosed = false;
                self.skip_deeper(n);
            }
            b'@' | b'`' | b'%' | b',' | b']' | b'}' | b'#' => {
                let end = self.text_end(start);
                let key = self.text[start..end].find(": ").map_or(end, |colon| start + colon);
                self.report_reserved(start, key);
                self.skip_deeper(n);
            }
            _ => self.mend_plain(base, n, seen),
        }
    }

    /// An anchor or a tag before a key.
    fn mend_prefixed(&mut self, base: usize, n: i32, seen: &mut Seen<'s>) {
        let start = self.pos;
        let end = self.token_end(start);
        self.report_refused(start, end, None);
        self.pos = self.past_blanks(end);
        match self.key() {
            Some(key) => self.map_entry(base, n, key, seen),
            None => self.skip_deeper(n),
        }
    }

    /// A value in a map that has no key.
    fn mend_value(&mut self, n: i32) {
        let (start, end) = (self.pos, self.text_end(self.pos));
        let before = self.mistakes;
        self.inline_value(n);
        if self.mistakes == before {
            self.report_no_key(start, end);
        }
    }

    fn mend_quoted(&mut self, n: i32) {
        let start = self.pos;
        if let Some(close) = self.close_of_quote(start) {
            let after = self.past_blanks(close);
            if self.byte(after) == b':' {
                self.missing_space_after_colon(start, after, self.text_end(after));
            } else {
                self.report_no_key(start, self.text_end(start));
            }
            self.skip_deeper(n);
        } else {
            self.unclosed_quote(start);
            self.skip_deeper(n);
        }
    }

    fn report_no_key(&mut self, start: usize, end: usize) {
        let finding = self.at(&codes::MISSING_COLON, start, end, "this line has no key and colon");
        self.report(finding.label("a value without a key").help("write `key: ` before it"));
    }

    /// A line without a colon that counts.
    fn mend_plain(&mut self, base: usize, n: i32, seen: &mut Seen<'s>) {
        let start = self.pos;
        let end = self.text_end(start);
        if let Some(colon) = self.forgotten_space(start, end) {
            self.missing_space_after_colon(start, colon, end);
            self.pos = colon + 1;
            let key = Key { text: self.text[start..colon].into(), span: self.span(start, colon) };
            return self.map_entry(base, n, key, seen);
        }
        let text = &self.text[start..end];
        let (word, rest) = text.split_once([' ', '\t']).map_or((text, ""), |(word, rest)| (word, rest.trim_start()));
        let word = word.trim_end_matches(['=', ':']);
        let rest = rest.trim_start_matches(['=', ':']).trim_start();
        let finding = self.at(&codes::MISSING_COLON, start, end, "this line has no colon after its key");
        let help = match (text.len() <= REPEATED, rest) {
            (false, _) => "write a colon and a space after the key".to_owned(),
            (true, "") => format!("write `{word}:`"),
            (true, rest) => format!("write `{word}: {rest}`"),
        };
        let prose =
            self.entries[base..].last().and_then(|entry| entry.value.as_scalar()).is_some_and(|s| s.text.contains(' '));
        let help = if prose {
            format!("indent the line if it belongs to the text above; if it is a key, {help}")
        } else {
            help
        };
        self.report(finding.label("no `: ` here").help(help));
        let key = Key { text: word.into(), span: self.span(start, start + word.len()) };
        self.pos = self.line_end(start);
        self.next_content();
        let list = self.col == n && self.at_dash();
        if rest.is_empty() && (self.col > n || list) {
            let value = if list { self.block_list(n - 1) } else { self.block_node(n) };
            return self.add_entry(base, seen, Entry { key, value });
        }
        self.muted += 1;
        while self.col > n || (prose && self.col == n && self.is_prose_line()) {
            self.pos = self.line_end(self.pos);
            self.next_content();
        }
        self.muted -= 1;
        if !prose && !word.is_empty() && word.bytes().all(is_word) {
            let value = self.broken(start, end);
            self.add_entry(base, seen, Entry { key, value });
        }
    }

    /// Whether the line here is no entry of a map.
    fn is_prose_line(&mut self) -> bool {
        let here = self.pos;
        let prose = self.byte(here).is_ascii_alphanumeric()
            && self.key().is_none_or(|key| key.text.contains(' '))
            && self.forgotten_space(here, self.text_end(here)).is_none();
        self.pos = here;
        prose
    }

    /// Directives before a document.
    pub(super) fn directives(&mut self) {
        while self.col == 0 && self.byte(self.pos) == b'%' {
            let (start, end) = (self.pos, self.text_end(self.pos));
            self.pos = self.line_end(start);
            let version = self.text[start..end].starts_with("%YAML ");
            self.next_content();
            let document = self.marker(self.pos) || (self.col == 0 && self.byte(self.pos) == b'%');
            if version && document {
                continue;
            }
            let finding = self.at(&codes::DIRECTIVE, start, end, "this line is read as a directive");
            let help =
                if version { "write `---` on the line below" } else { "leave it out, or quote it if it is text" };
            self.report(finding.label("begins with `%`").help(help));
        }
    }
}
