//! What the user wrote: the texts of a site, each read once, and places in them.
//!
//! A text is normalised when it comes in (byte-order mark dropped, CRLF and CR turned into LF), so that a file edited on
//! Windows gives the same spans, findings and pages as its twin. Spans are byte offsets into that text; lines and
//! columns, which are what people see, are the same in both. Nothing here reads files.

use std::borrow::Cow;

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
    text: Box<str>,
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
        /// Its code, below U+0020 or U+007F.
        code: u8,
        /// Line, from 1.
        line: u32,
        /// Column in characters, from 1.
        column: u32,
    },
}

impl SourceFile {
    /// A text from the bytes of a file. `path` is relative to the site, with `/` between its parts.
    pub fn from_bytes(path: &str, bytes: Vec<u8>) -> Result<Self, Unreadable> {
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
        if let Some(at) = text.bytes().position(|b| (b < 0x20 && b != b'\n' && b != b'\t') || b == 0x7f) {
            let (line, column) = line_column(&text, at);
            return Err(Unreadable::Control { code: text.as_bytes()[at], line, column });
        }
        Ok(Self { path: path.into(), text: text.into_boxed_str() })
    }

    /// A text that is already clean, for tests and generated documents.
    pub fn from_text(path: &str, text: &str) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    /// Where it stands, relative to the site, with `/` between its parts.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The normalised text.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// All texts of a site, in the order of their paths.
#[derive(Debug, Default)]
pub struct SourceSet {
    files: Vec<SourceFile>,
}

impl SourceSet {
    /// A set with these texts, sorted by path.
    pub fn new(mut files: Vec<SourceFile>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Self { files }
    }

    /// The text with this number.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// All texts with their numbers, in the order of their paths.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(i, f)| (FileId(i as u32), f))
    }

    /// The text at this path.
    pub fn by_path(&self, path: &str) -> Option<(FileId, &SourceFile)> {
        let i = self.files.binary_search_by(|f| (*f.path).cmp(path)).ok()?;
        Some((FileId(i as u32), &self.files[i]))
    }

    /// Line and column, both from 1, the column in characters, of the start of a place.
    pub fn position(&self, at: Location) -> (u32, u32) {
        line_column(self.file(at.file).text(), at.span.start as usize)
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
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(line_column("é\nüx", 5), (2, 2));
    }
}
