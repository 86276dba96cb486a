//! Keys of block maps, and whether one stands twice.

use std::borrow::Cow;
use std::collections::HashMap;

use super::cursor::Reader;
use super::quoted::Quoted;
use super::{Entry, Key, Value, codes};
use crate::source::Span;

/// Maps of more keys than this are checked with a hash table.
const FEW: usize = 32;

/// The keys of one map so far: 64 bits say at once of most keys that they are new.
#[derive(Default)]
pub(super) struct Seen<'s> {
    bits: u64,
    many: Option<HashMap<Cow<'s, str>, Span>>,
}

impl<'s> Seen<'s> {
    /// Where the key stood before, if it did. `entries` are those of this map.
    #[inline]
    fn first(&mut self, entries: &[Entry<'s>], key: &Key<'s>) -> Option<Span> {
        let bytes = key.text.as_bytes();
        let ends = bytes.first().map_or(0, |b| usize::from(*b) * 7) + bytes.last().map_or(0, |b| usize::from(*b) * 31);
        let bit = 1u64 << ((bytes.len() * 11 + ends) & 63);
        let fresh = self.bits & bit == 0;
        self.bits |= bit;
        if entries.len() < FEW {
            if fresh {
                return None;
            }
            return entries.iter().find(|entry| entry.key.text == key.text).map(|entry| entry.key.span);
        }
        let many = self
            .many
            .get_or_insert_with(|| entries.iter().map(|entry| (entry.key.text.clone(), entry.key.span)).collect());
        if let Some(span) = many.get(key.text.as_ref()) {
            return Some(*span);
        }
        many.insert(key.text.clone(), key.span);
        None
    }
}

impl<'s> Reader<'s, '_> {
    /// Whether the key may be added to the map whose entries begin at `base`; if not, why is reported.
    #[inline]
    pub(super) fn is_new(&mut self, base: usize, seen: &mut Seen<'s>, key: &Key<'s>) -> bool {
        let Some(first) = seen.first(&self.entries[base..], key) else { return true };
        let first = self.place(first);
        let again = self.place(key.span);
        let finding = crate::diag::Diagnostic::new(
            &codes::DUPLICATE_KEY,
            again.file,
            again.span,
            format!("the key `{}` stands twice", key.text),
        );
        self.report(
            finding.label("here again").other(first, "first here").help("keep one of them; this one is not read"),
        );
        false
    }

    /// Adds an entry, unless its key stands there already.
    #[inline]
    pub(super) fn add_entry(&mut self, base: usize, seen: &mut Seen<'s>, entry: Entry<'s>) {
        if self.is_new(base, seen, &entry.key) {
            self.entries.push(entry);
        }
    }

    /// The entries from `base` on as the value of a map.
    #[inline]
    pub(super) fn take_map(&mut self, base: usize) -> Value<'s> {
        Value::Map(self.entries.drain(base..).collect())
    }

    /// Reads a key and its colon, if the content here is one; else stays.
    #[inline]
    pub(super) fn key(&mut self) -> Option<Key<'s>> {
        let start = self.pos;
        match self.byte(start) {
            b'"' | b'\'' => return self.quoted_key(),
            b'[' | b']' | b'{' | b'}' | b',' | b'&' | b'*' | b'!' | b'|' | b'>' | b'@' | b'`' | b'%' | b'#' => {
                return None;
            }
            b'-' | b'?' | b':' if self.blank_at(start + 1) => return None,
            _ => {}
        }
        let mut at = start;
        loop {
            at = self.block_stop(at);
            match self.byte(at) {
                b':' if self.blank_at(at + 1) => break,
                b'#' if self.comment_at(at) => {
                    self.scanned = (start, at);
                    return None;
                }
                b'\n' => {
                    self.scanned = (start, at);
                    return None;
                }
                _ => at += 1,
            }
        }
        let end = self.trim_end(start, at);
        self.pos = at + 1;
        Some(Key { text: Cow::Borrowed(&self.text[start..end]), span: self.span(start, end) })
    }

    /// Reads a key in quotes and its colon, if the content here is one; else stays.
    fn quoted_key(&mut self) -> Option<Key<'s>> {
        let start = self.pos;
        let close = self.close_of_quote(start)?;
        let colon = self.past_blanks(close);
        if self.byte(colon) != b':' || !self.blank_at(colon + 1) {
            return None;
        }
        Some(self.read_quoted_key(start, colon))
    }

    /// Reads the quoted key that begins at `start` and whose colon is known.
    pub(super) fn read_quoted_key(&mut self, start: usize, colon: usize) -> Key<'s> {
        self.pos = start;
        let text = match self.quoted(i32::MAX) {
            Quoted::Text(scalar) => scalar.text,
            Quoted::Bad | Quoted::Unclosed => Cow::Borrowed(&self.text[start..self.pos]),
        };
        let end = self.pos;
        self.pos = colon + 1;
        Key { text, span: self.span(start, end) }
    }

    /// Past the closing quote of the text in quotes that begins at `start`, if it closes on its line.
    pub(super) fn close_of_quote(&self, start: usize) -> Option<usize> {
        let quote = self.byte(start);
        let mut at = start + 1;
        loop {
            match self.byte(at) {
                b'\n' => return None,
                b'\\' if quote == b'"' && self.byte(at + 1) != b'\n' => at += 2,
                b'\'' if quote == b'\'' && self.byte(at + 1) == b'\'' => at += 2,
                b if b == quote => return Some(at + 1),
                _ => at += 1,
            }
        }
    }
}
