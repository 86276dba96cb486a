//! What the user wrote: the texts of a site, each read once, and places in them.
//!
//! A text is normalised when it comes in (byte-order mark dropped, CRLF and CR turned into LF), so that a file edited on
//! Windows gives the same spans, findings and pages as its twin. Spans are byte offsets into that text; lines and
//! columns, which are what people see, are the same in both. What looks like a secret is overwritten before anybody sees
//! the text, so that no message, page or report can quote it. Nothing here reads files.

pub mod secrets;

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

/// A half-open range of bytes in one text. Always on character boundaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` up to, not including, `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    /// The empty span at an offset.
    pub fn at(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The part of `text` this span covers.
    pub fn of(self, text: &str) -> &str {
        &text[self.start as usize..self.end as usize]
    }

    /// How many bytes it covers.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it covers nothing.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// Which text of a [`SourceSet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A place in one of the user's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Location {
    /// The file.
    pub file: FileId,
    /// Where in it.
    pub span: Span,
}

/// One of the user's texts.
#[derive(Debug)]
pub struct SourceFile {
    path: Box<str>,
    text: Arc<str>,
    /// Where secrets stood.
    secrets: Box<[secrets::Secret]>,
    /// Where its lines start, once somebody asks for a line: a file with a thousand findings is gone through once.
    lines: OnceLock<Box<[u32]>>,
}

/// Why bytes are not a text we read.
#[derive(Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Not UTF-8 from this byte on.
    NotUtf8 {
        /// Offset of the first byte that is wrong.
        offset: usize,
        /// It starts with a UTF-16 byte-order mark, or every other byte is zero.
        utf16: bool,
    },
    /// A control character that no document needs.
    Control {
        /// Its code: below U+0020, or from U+007F to U+009F.
        code: u32,
        /// Line, from 1.
        line: u32,
        /// Column in characters, from 1.
        column: u32,
    },
}

impl SourceFile {
    /// A text from the bytes of a file. `path` is relative to the site, with `/` between its parts.
    pub fn from_bytes(path: &str, bytes: Vec<u8>) -> Result<Self, Unreadable> {
        let text = normalised(bytes)?;
        let secrets = secrets::in_document(&text).into_boxed_slice();
        let text = secrets::mask(text, &secrets).into();
        Ok(Self { path: path.into(), text, secrets, lines: OnceLock::new() })
    }

    /// A text that is already clean, for tests and generated documents.
    pub fn from_text(path: &str, text: &str) -> Self {
        Self { path: path.into(), text: text.into(), secrets: Box::default(), lines: OnceLock::new() }
    }

    /// Where it stands, relative to the site, with `/` between its parts.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Secrets that stood in the text as it was read, which now holds a mask in their place.
    pub fn secrets(&self) -> &[secrets::Secret] {
        &self.secrets
    }

    /// The normalised text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same text, for one who goes on holding it.
    pub fn held_text(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// Line and column, both from 1, the column in characters, of a byte offset.
    pub fn line_column(&self, offset: usize) -> (u32, u32) {
        let (offset, line) = (offset.min(self.text.len()), self.line(offset));
        let start = self.starts()[line as usize - 1] as usize;
        (line, self.text[start..offset].chars().count() as u32 + 1)
    }

    /// The line, from 1, of a byte offset.
    pub fn line(&self, offset: usize) -> u32 {
        self.starts().partition_point(|start| *start as usize <= offset) as u32
    }

    fn starts(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let ends = self.text.bytes().enumerate().filter(|(_, b)| *b == b'\n');
            std::iter::once(0).chain(ends.map(|(at, _)| at as u32 + 1)).collect()
        })
    }
}

/// The text of a file's bytes, byte-order mark and carriage returns gone, as it stands: secrets are still in it.
pub fn normalised(bytes: Vec<u8>) -> Result<String, Unreadable> {
    let utf16 = bytes.starts_with(&[0xff, 0xfe])
        || bytes.starts_with(&[0xfe, 0xff])
        || (bytes.len() >= 4
            && (bytes[..4].iter().step_by(2).all(|b| *b == 0) || bytes[1..4].iter().step_by(2).all(|b| *b == 0)));
    let text = String::from_utf8(bytes)
        .map_err(|e| Unreadable::NotUtf8 { offset: if utf16 { 0 } else { e.utf8_error().valid_up_to() }, utf16 })?;
    if utf16 {
        return Err(Unreadable::NotUtf8 { offset: 0, utf16 });
    }
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text };
    if let Some((at, code)) = control(&text) {
        let (line, column) = line_column(&text, at);
        return Err(Unreadable::Control { code, line, column });
    }
    Ok(text)
}

/// The bytes of a file with another text of as many lines: its byte-order mark and its own line ends stay.
pub fn denormalised(original: &[u8], text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(original.len() + text.len() / 8);
    let mut rest = original;
    if let Some(after) = original.strip_prefix(b"\xef\xbb\xbf") {
        bytes.extend_from_slice(&original[..3]);
        rest = after;
    }
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            let at = rest.iter().position(|b| matches!(b, b'\n' | b'\r'));
            let end: &[u8] =
                at.map_or(b"\n", |at| if rest[at..].starts_with(b"\r\n") { b"\r\n" } else { &rest[at..=at] });
            bytes.extend_from_slice(end);
            rest = at.map_or(&[], |at| &rest[at + end.len()..]);
        }
        bytes.extend_from_slice(line.as_bytes());
    }
    bytes
}

/// The first character of a text that no document needs, and where it stands. U+0085 is a line end to some programs; the
/// readers of documents warn of it.
fn control(text: &str) -> Option<(usize, u32)> {
    let forbidden = |b: u8| (b < 0x20 && b != b'\n' && b != b'\t') || b == 0x7f;
    // Whole blocks at once, without a branch for each byte: hardly any text has one.
    let any = text.as_bytes().chunks(256).any(|block| block.iter().fold(false, |any, b| any | forbidden(*b)));
    let low = any.then(|| text.bytes().position(forbidden)).flatten().map(|at| (at, u32::from(text.as_bytes()[at])));
    if low.is_some() || text.is_ascii() {
        return low;
    }
    let high = |c: char| ('\u{80}'..='\u{9f}').contains(&c) && c != '\u{85}';
    text.char_indices().find(|(_, c)| high(*c)).map(|(at, c)| (at, u32::from(c)))
}

/// A character of a text that is not seen, or that turns the text around it, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// Where, in bytes.
    pub at: usize,
    /// Which.
    pub character: char,
}

/// Characters of a text that deceive: zero-width ones, controls of direction, and what some programs alone take for a
/// line end. Joiners and marks of direction beside a letter of a script that needs them, or in an emoji, are left alone.
pub fn hidden(text: &str) -> impl Iterator<Item = Hidden> {
    let mut before = ' ';
    let characters = if text.is_ascii() { "" } else { text }.char_indices();
    characters.filter_map(move |(at, character)| {
        let joins = matches!(character, '\u{200c}'..='\u{200f}' | '\u{61c}');
        let found = match character {
            _ if joins => before.is_ascii(),
            '\u{85}' | '\u{200b}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => true,
            _ => false,
        };
        before = character;
        found.then_some(Hidden { at, character })
    })
}

/// All texts of a site, in the order of their paths; and beside them past ones, which findings may point into, and which
/// nobody meets who goes through the site.
///
/// Invariant: numbers go up as paths do, so that whatever is sorted by number is sorted by path. There is room between
/// them: a text that comes later finds its place, and no other's number changes.
#[derive(Debug, Default)]
pub struct SourceSet {
    files: Vec<SourceFile>,
    /// The number of each of them.
    numbers: Vec<u32>,
    /// How far apart numbers were when the set was made, as a power of two.
    room: u32,
    past: Vec<SourceFile>,
}

/// The number of the first text of the past; all others are below, and above zero.
const PAST: u32 = 1 << 31;
/// How far behind the one before a new text is numbered, where there is room: for more that follow it, and for some between.
const APART: u32 = 64;

impl SourceSet {
    /// A set with these texts, sorted by path.
    pub fn new(mut files: Vec<SourceFile>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let room = (PAST / (files.len() as u32 + 1)).ilog2();
        let numbers = (1..=files.len() as u32).map(|n| n << room).collect();
        Self { files, numbers, room, past: Vec::new() }
    }

    /// Puts another text of the same file in its place; the one before.
    pub fn replace(&mut self, id: FileId, file: SourceFile) -> SourceFile {
        let index = self.index(id);
        std::mem::replace(&mut self.files[index], file)
    }

    /// Puts one more text in its place. None, and nothing has changed, where one with its path is there, or no number is
    /// left between its neighbours'.
    pub fn insert(&mut self, file: SourceFile) -> Option<FileId> {
        let index = self.files.binary_search_by(|f| f.path.cmp(&file.path)).err()?;
        let before = index.checked_sub(1).map_or(0, |before| self.numbers[before]);
        let after = self.numbers.get(index).copied().unwrap_or(PAST);
        let number = before + APART.min((after - before) / 2);
        if number == before {
            return None;
        }
        self.files.insert(index, file);
        self.numbers.insert(index, number);
        Some(FileId(number))
    }

    /// Takes a text out. Nothing may point into it any more.
    pub fn remove(&mut self, id: FileId) -> SourceFile {
        let index = self.index(id);
        self.numbers.remove(index);
        self.files.remove(index)
    }

    /// Puts a text of the past beside the others.
    pub fn add_past(&mut self, file: SourceFile) -> FileId {
        self.past.push(file);
        FileId(PAST + self.past.len() as u32 - 1)
    }

    /// The same texts under the same numbers, where `text` gives what stands in place of one that is not past.
    #[must_use]
    pub fn with_texts<'t>(&'t self, text: impl Fn(&'t SourceFile) -> &'t str) -> Self {
        let copy = |file: &'t SourceFile, text| SourceFile::from_text(&file.path, text);
        Self {
            files: self.files.iter().map(|file| copy(file, text(file))).collect(),
            past: self.past.iter().map(|file| copy(file, file.text())).collect(),
            numbers: self.numbers.clone(),
            room: self.room,
        }
    }

    /// The text with this number.
    pub fn file(&self, id: FileId) -> &SourceFile {
        match id.0.checked_sub(PAST) {
            Some(past) => &self.past[past as usize],
            None => &self.files[self.index(id)],
        }
    }

    /// Where the text with this number stands, which is not past.
    fn index(&self, id: FileId) -> usize {
        // Where it was when the set was made; texts that came or went since move it by few.
        let first = ((id.0 >> self.room) as usize).wrapping_sub(1);
        if self.numbers.get(first) == Some(&id.0) {
            return first;
        }
        self.numbers.binary_search(&id.0).expect("a number of this set")
    }

    /// All texts with their numbers, in the order of their paths; past ones are not among them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (FileId, &SourceFile)> {
        self.numbers.iter().zip(&self.files).map(|(number, file)| (FileId(*number), file))
    }

    /// The text at this path.
    pub fn by_path(&self, path: &str) -> Option<(FileId, &SourceFile)> {
        let i = self.files.binary_search_by(|f| (*f.path).cmp(path)).ok()?;
        Some((FileId(self.numbers[i]), &self.files[i]))
    }

    /// Line and column, both from 1, the column in characters, of the start of a place.
    pub fn position(&self, at: Location) -> (u32, u32) {
        self.file(at.file).line_column(at.span.start as usize)
    }

    /// What stands at a place.
    pub fn excerpt(&self, at: Location) -> &str {
        at.span.of(self.file(at.file).text())
    }
}

/// Line and column, both from 1, the column in characters, of a byte offset.
pub fn line_column(text: &str, offset: usize) -> (u32, u32) {
    let before = &text.as_bytes()[..offset.min(text.len())];
    let line_start = before.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
    let line = before[..line_start].iter().filter(|b| **b == b'\n').count() + 1;
    let column = text[line_start..offset.min(text.len())].chars().count() + 1;
    (line as u32, column as u32)
}

/// A path relative to the site with `/` between its parts, whatever the platform writes.
pub fn site_path(path: &std::path::Path) -> Cow<'_, str> {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { text } else { Cow::Owned(text.replace(std::path::MAIN_SEPARATOR, "/")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_files_are_the_same_text() {
        let unix = SourceFile::from_bytes("a", b"x: 1\ny: 2\n".to_vec()).unwrap();
        let windows = SourceFile::from_bytes("a", b"\xef\xbb\xbfx: 1\r\ny: 2\r\n".to_vec()).unwrap();
        assert_eq!(unix.text(), windows.text());
    }

    #[test]
    fn what_is_no_text_is_named() {
        let wide: Vec<u8> = "id: x".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(SourceFile::from_bytes("a", wide).unwrap_err(), Unreadable::NotUtf8 { offset: 0, utf16: true });
        assert_eq!(
            SourceFile::from_bytes("a", b"ab\xff".to_vec()).unwrap_err(),
            Unreadable::NotUtf8 { offset: 2, utf16: false }
        );
        assert_eq!(
            SourceFile::from_bytes("a", b"a: 1\nb: \0".to_vec()).unwrap_err(),
            Unreadable::Control { code: 0, line: 2, column: 4 }
        );
        assert_eq!(
            SourceFile::from_bytes("a", "ä\u{85}\u{9b}".into()).unwrap_err(),
            Unreadable::Control { code: 0x9b, line: 1, column: 3 }
        );
    }

    #[test]
    fn a_text_goes_back_to_the_bytes_it_came_from() {
        for bytes in [&b""[..], b"a", b"\xef\xbb\xbfa: 1\r\nb: 2\rc\n\r\n", b"\r\r\n\n", b"\n\r"] {
            let text = normalised(bytes.to_vec()).unwrap();
            assert_eq!(denormalised(bytes, &text), bytes, "{text:?}");
        }
        assert_eq!(denormalised(b"\xef\xbb\xbfa\r\nb\nc", "aa\n\nccc"), b"\xef\xbb\xbfaa\r\n\nccc");
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(line_column("é\nüx", 5), (2, 2));
    }

    #[test]
    fn both_ways_find_the_same_place() {
        for text in ["", "a", "\n", "é\nüx\n\nb", "a\n\n"] {
            let file = SourceFile::from_text("a", text);
            for at in (0..=text.len() + 1).filter(|at| text.is_char_boundary(*at) || *at > text.len()) {
                assert_eq!(file.line_column(at), line_column(text, at), "{text:?} at {at}");
            }
        }
    }

    #[test]
    fn texts_come_and_go_and_numbers_stay() {
        let text = |path: &str| SourceFile::from_text(path, path);
        let mut set = SourceSet::new(vec![text("b"), text("d")]);
        let past = set.add_past(text("a"));
        let known: Vec<FileId> = ["b", "d"].map(|path| set.by_path(path).unwrap().0).into();
        let mut more: Vec<FileId> = ["c", "a", "e", "c1", "c0"].map(|path| set.insert(text(path)).unwrap()).into();
        assert_eq!(set.insert(text("c")), None);
        let paths = |set: &SourceSet| set.iter().map(|(id, file)| (id, file.path().to_owned())).collect::<Vec<_>>();
        let all = paths(&set);
        assert_eq!(
            all.iter().map(|(_, path)| path.as_str()).collect::<Vec<_>>(),
            ["a", "b", "c", "c0", "c1", "d", "e"]
        );
        assert!(all.is_sorted_by(|(a, _), (b, _)| a < b), "{all:?}");
        for (id, path) in &all {
            assert_eq!(set.file(*id).path(), path);
            assert_eq!(set.by_path(path).unwrap().0, *id);
        }
        assert_eq!(set.remove(known[0]).path(), "b");
        assert_eq!(set.remove(more.remove(1)).path(), "a");
        assert!(set.by_path("b").is_none());
        assert_eq!(set.file(known[1]).path(), "d");
        assert_eq!(set.file(past).path(), "a");
        assert_eq!(paths(&set).len(), 5);
    }

    #[test]
    fn where_no_number_is_left_a_text_is_refused() {
        let mut set = SourceSet::new(vec![SourceFile::from_text("a", ""), SourceFile::from_text("c", "")]);
        // Each before all that came before it.
        let names = || (0..100).map(|n| "b".repeat(100 - n));
        let taken: Vec<bool> = names().map(|path| set.insert(SourceFile::from_text(&path, "")).is_some()).collect();
        let left = taken.iter().filter(|taken| **taken).count();
        assert!((6..20).contains(&left), "{left}");
        assert!(taken.is_sorted_by(|a, b| a >= b), "{taken:?}");
        assert_eq!(set.iter().len(), 2 + left);
        assert_eq!(names().filter(|path| set.by_path(path).is_some()).count(), left);
        assert!(set.iter().map(|(id, _)| id).is_sorted());
    }

    #[test]
    fn what_deceives_is_found_and_what_scripts_need_is_not() {
        let found = |text: &str| hidden(text).map(|h| (h.at, u32::from(h.character))).collect::<Vec<_>>();
        assert_eq!(found("a\u{200b}b\u{202e}c\u{85}"), [(1, 0x200b), (5, 0x202e), (9, 0x85)]);
        assert_eq!(found("a\u{200d}b \u{200f}"), [(1, 0x200d), (6, 0x200f)]);
        assert_eq!(found("\u{6cc}\u{200c}\u{62f} \u{1f469}\u{200d}\u{1f4bb} \u{5d0}\u{200f}! ü"), []);
    }
}
