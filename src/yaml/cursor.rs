//! Where the reader stands: lines, indentation, and the door through which mistakes are reported.
//!
//! Between values the reader stands on the first byte of the next line that holds content (`pos`, `content`), knows its
//! column (`col`), and sees the end of a document as the column [`END`], which is left of everything.

use super::{Node, Value, codes};
use crate::diag::{Code, Diagnostic, Sink};
use crate::source::{FileId, Location, Span, hidden};

/// The column of the end of a document.
pub(super) const END: i32 = -2;
/// How deep maps and lists may be nested.
pub(super) const DEPTH: u32 = 64;
/// How many values one document may hold.
pub(super) const NODES: u32 = 100_000;
/// How often one kind of mistake is shown in one file.
const SHOWN: u32 = 20;

/// After this many mistakes the rest of a file is not read: it is no YAML.
pub(super) const MISTAKES: u32 = 2_000;

/// The column of `at` in the line that begins at `line`.
#[inline]
pub(super) fn column(line: usize, at: usize) -> i32 {
    i32::try_from(at - line).unwrap_or(i32::MAX)
}

/// The state of reading one text.
pub(super) struct Reader<'s, 'k> {
    /// The whole text.
    pub(super) text: &'s str,
    /// The bytes of the text that are read; cut short when reading is given up.
    pub(super) bytes: &'s [u8],
    /// The next byte.
    pub(super) pos: usize,
    /// Column of the content at `pos`, or [`END`].
    pub(super) col: i32,
    /// First byte of content of the current line.
    pub(super) content: usize,
    /// The current line is indented with tabs, which has been reported: its column is a guess.
    pub(super) tabbed: bool,
    /// End of the last value read.
    pub(super) last_end: usize,
    /// The last plain scalar ended because the line below it is a key.
    pub(super) key_below: bool,
    /// Text already known to be free of `: `, ` #` and line ends: from, to.
    pub(super) scanned: (usize, usize),
    /// A list or map in brackets was given up; the reader stands before the line where block reading goes on.
    pub(super) aborted: bool,
    /// A bracket was closed by one of the other kind: what stands behind the outermost is no mistake of its own.
    pub(super) mismatched: bool,
    /// A list or map in brackets was not closed: a closing bracket further down is no mistake of its own.
    pub(super) unclosed: bool,
    /// Open `[` and `{`.
    pub(super) open: (u32, u32),
    /// Values of lists being read.
    pub(super) items: Vec<Node<'s>>,
    /// Entries of maps being read.
    pub(super) entries: Vec<super::Entry<'s>>,
    /// Above 0, mistakes are not reported: what is read is dropped for a reason already given.
    pub(super) muted: u32,
    pub(super) depth: u32,
    pub(super) nodes: u32,
    /// End of the last line indented with tabs.
    last_tab: Option<usize>,
    /// Mistakes so far, also those not shown.
    pub(super) mistakes: u32,
    offset: usize,
    file: FileId,
    sink: &'k mut Sink,
    counts: Vec<(&'static str, u32)>,
}

impl<'s, 'k> Reader<'s, 'k> {
    pub(super) fn new(text: &'s str, offset: usize, file: FileId, sink: &'k mut Sink) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            pos: 0,
            col: END,
            content: 0,
            tabbed: false,
            last_end: 0,
            key_below: false,
            scanned: (0, 0),
            aborted: false,
            mismatched: false,
            unclosed: false,
            open: (0, 0),
            items: Vec::new(),
            entries: Vec::new(),
            muted: 0,
            depth: 0,
            nodes: 0,
            last_tab: None,
            mistakes: 0,
            offset,
            file,
            sink,
            counts: Vec::new(),
        }
    }

    /// The byte at a place; past the end a line end.
    #[inline]
    pub(super) fn byte(&self, at: usize) -> u8 {
        if at < self.bytes.len() { self.bytes[at] } else { b'\n' }
    }

    /// Whether a space, a tab, a line end or the end of the text stands at a place.
    #[inline]
    pub(super) fn blank_at(&self, at: usize) -> bool {
        matches!(self.byte(at), b' ' | b'\t' | b'\n')
    }

    /// The place of the next line end, or the end of the text.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        at + rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len())
    }

    /// The first place from here on that is neither space nor tab.
    #[inline]
    pub(super) fn past_blanks(&self, mut at: usize) -> usize {
        while matches!(self.byte(at), b' ' | b'\t') {
            at += 1;
        }
        at
    }

    /// The first place from here on that is no space.
    #[inline]
    pub(super) fn past_spaces(&self, mut at: usize) -> usize {
        while self.byte(at) == b' ' {
            at += 1;
        }
        at
    }

    /// The end of `from..to` without spaces and tabs at its end.
    #[inline]
    pub(super) fn trim_end(&self, from: usize, mut to: usize) -> usize {
        while to > from && matches!(self.text.as_bytes()[to - 1], b' ' | b'\t') {
            to -= 1;
        }
        to
    }

    /// Whether `---` or `...` stands at the beginning of a line.
    #[inline]
    pub(super) fn marker(&self, line: usize) -> bool {
        matches!(self.byte(line), b'-' | b'.')
            && matches!(self.bytes.get(line..line + 3), Some(b"---" | b"..."))
            && self.blank_at(line + 3)
    }

    /// Whether a comment begins at a place.
    #[inline]
    pub(super) fn comment_at(&self, at: usize) -> bool {
        self.byte(at) == b'#' && at < self.bytes.len() && (at == 0 || self.blank_at(at - 1))
    }

    /// Goes from the end of a value, after which its line holds at most a comment, to the next content.
    #[inline]
    pub(super) fn next_content(&mut self) {
        let at = if self.byte(self.pos) == b'\n' { self.pos } else { self.line_end(self.pos) };
        self.find_content(at + 1);
    }

    /// Goes to the first content at or below the line that begins at `line`.
    pub(super) fn find_content(&mut self, mut line: usize) {
        loop {
            if line >= self.bytes.len() {
                (self.pos, self.content, self.col) = (self.bytes.len(), self.bytes.len(), END);
                return;
            }
            let at = self.past_spaces(line);
            match self.byte(at) {
                b'\n' => line = at + 1,
                b'#' => line = self.line_end(at) + 1,
                b'\t' => {
                    let text = self.past_blanks(at);
                    if matches!(self.byte(text), b'\n' | b'#') {
                        line = self.line_end(text) + 1;
                    } else {
                        return self.content_behind_tabs(line, at, text);
                    }
                }
                _ => {
                    let end = at == line && self.marker(line);
                    (self.pos, self.content) = (at, at);
                    self.col = if end { END } else { column(line, at) };
                    self.tabbed = false;
                    return;
                }
            }
        }
    }

    /// A line indented with tabs: reported once for a run of such lines; a tab is taken for two spaces.
    fn content_behind_tabs(&mut self, line: usize, tab: usize, text: usize) {
        let tabs = self.text[line..text].matches('\t').count();
        (self.pos, self.content) = (text, text);
        self.col = column(line, text + tabs);
        self.tabbed = true;
        if self.last_tab.is_none_or(|end| end + 1 != line) {
            let end = tab + self.bytes[tab..text].iter().take_while(|b| **b == b'\t').count();
            let finding = self.at(&codes::TAB, tab, end, "a tab indents this line");
            self.report(finding.label("a tab").help("indent with spaces only, here and on the lines around it"));
        }
        self.last_tab = Some(self.line_end(text));
    }

    /// Leaves out the rest of a line and all lines below it that are indented deeper than `n`.
    pub(super) fn skip_deeper(&mut self, n: i32) {
        self.pos = self.deeper_end(self.pos, n);
        self.next_content();
    }

    /// The end of the last line, from the one of `at` on, that is indented deeper than `n`.
    pub(super) fn deeper_end(&self, at: usize, n: i32) -> usize {
        let mut end = self.line_end(at);
        let mut look = end;
        while look < self.bytes.len() {
            let line = look + 1;
            let text = self.past_spaces(line);
            look = self.line_end(text);
            match self.byte(text) {
                b'\n' | b'#' => {}
                b'\t' => end = look,
                _ if column(line, text) > n && !(text == line && self.marker(line)) => end = look,
                _ => break,
            }
        }
        end
    }

    /// Goes one level deeper, unless that is too deep: then it is reported.
    pub(super) fn deeper(&mut self) -> bool {
        self.depth += 1;
        if self.depth <= DEPTH {
            return true;
        }
        let finding =
            self.at(&codes::TOO_DEEP, self.pos, self.char_end(self.pos), "lists and maps are nested too deeply");
        self.report(finding.label(format!("level {}", self.depth)).help(format!("nest at most {DEPTH} levels")));
        self.depth -= 1;
        false
    }

    /// A node; when there are too many, the rest of the text is given up.
    #[inline]
    pub(super) fn node(&mut self, start: usize, end: usize, value: Value<'s>) -> Node<'s> {
        self.nodes += 1;
        if self.nodes > NODES {
            self.give_up(start);
        }
        Node { span: self.span(start, end), value }
    }

    #[cold]
    fn give_up(&mut self, at: usize) {
        if self.nodes == NODES + 1 {
            let finding = self.at(&codes::TOO_LARGE, at, self.char_end(at), "the document is too large");
            self.report(
                finding
                    .label(format!("value {}", self.nodes))
                    .help(format!("keep a document below {NODES} values; the rest of this file was not read")),
            );
            self.muted += 1;
        }
        self.bytes = &self.bytes[..self.pos.min(self.bytes.len())];
    }

    /// Whether the rest of the text was not read, which has been reported.
    pub(super) fn gave_up(&self) -> bool {
        self.bytes.len() < self.text.len()
    }

    /// The end of the character at a place.
    pub(super) fn char_end(&self, at: usize) -> usize {
        self.text.get(at..).and_then(|rest| rest.chars().next()).map_or(at, |c| at + c.len_utf8())
    }

    /// A span in the whole file.
    #[inline]
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(start + self.offset, end + self.offset)
    }

    /// A place in the whole file.
    pub(super) fn location(&self, start: usize, end: usize) -> Location {
        Location { file: self.file, span: self.span(start, end) }
    }

    /// A place in the whole file, of a span in it.
    pub(super) fn place(&self, span: Span) -> Location {
        Location { file: self.file, span }
    }

    /// Begins a diagnostic at a place of this text.
    pub(super) fn at(&self, code: &'static Code, start: usize, end: usize, headline: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, self.file, self.span(start, end), headline)
    }

    /// Reports a mistake, unless its kind has been shown often enough.
    #[cold]
    pub(super) fn report(&mut self, finding: Diagnostic) {
        self.mistakes += 1;
        if self.mistakes > MISTAKES {
            self.bytes = &self.bytes[..self.pos.min(self.bytes.len())];
        }
        if self.muted > 0 || self.mistakes > MISTAKES {
            return;
        }
        let name = finding.code.name;
        let i = self.counts.iter().position(|(seen, _)| *seen == name).unwrap_or_else(|| {
            self.counts.push((name, 0));
            self.counts.len() - 1
        });
        self.counts[i].1 += 1;
        if self.counts[i].1 <= SHOWN {
            self.sink.push(finding);
        } else if self.counts[i].1 == SHOWN + 1 {
            let more = Diagnostic {
                headline: format!("more than {SHOWN} mistakes of this kind in this file"),
                label: "here and possibly further down".to_owned(),
                others: Vec::new(),
                notes: Vec::new(),
                help: "mend those shown, then check again".to_owned(),
                ..finding
            };
            self.sink.push(more);
        }
    }

    /// Warns of characters that are not seen, or that some programs take for line ends.
    pub(super) fn warn_of_hidden_characters(&mut self) {
        // A mark at the very start of a text belongs to its encoding.
        let text = self.text;
        for found in hidden(text).filter(|h| h.at > 0 || h.character != '\u{feff}') {
            let end = found.at + found.character.len_utf8();
            match found.character {
                '\u{85}' | '\u{2028}' | '\u{2029}' => self.line_separator(found.at, end, u32::from(found.character)),
                other => self.hidden_character(found.at, end, other),
            }
        }
    }

    /// Warns of one that is not seen.
    pub(super) fn hidden_character(&mut self, start: usize, end: usize, character: char) {
        let headline = format!("the text holds the character U+{:04X}", u32::from(character));
        let finding = self.at(&codes::HIDDEN_CHARACTER, start, end, headline);
        self.report(
            finding
                .label("not seen, or turns the text around it")
                .help("take it out; where it is meant, the site's `levels` can turn this code off"),
        );
    }

    /// Warns of one that some programs take for a line end.
    pub(super) fn line_separator(&mut self, start: usize, end: usize, code: u32) {
        let finding = self.at(&codes::LINE_SEPARATOR, start, end, format!("the text holds the character U+{code:04X}"));
        self.report(
            finding
                .label("some programs show a line end here, others nothing")
                .help("write a space or a new line instead"),
        );
    }
}
