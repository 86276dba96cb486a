//! A text as readers meet it: one passage per heading, paragraph, list item and table row, in plain words, with the way
//! back from every word to its place in the source.
//!
//! For whoever reads the prose itself: code, images and comments are left out (one character stands for them), so that
//! nothing in them is taken for a sentence. Whoever compares texts has code and the words of images as well. Does not know
//! clauses, and reports nothing.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::outline::{is_break, name_at};
use super::walk::Walk;
use crate::source::Span;

/// What stands for code and images, which are no prose.
pub const LEFT_OUT: char = '\u{fffc}';

/// What a passage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassageKind {
    /// A heading of this level.
    Heading(u8),
    /// A paragraph of its own.
    Paragraph,
    /// A paragraph of a list item.
    Item,
    /// The first row of the table with this number.
    Header(u32),
    /// A row of the table with this number.
    Row(u32),
    /// A block of code; only where code is asked for.
    Code,
}

/// A piece of running text.
#[derive(Clone, Debug)]
pub struct Passage {
    /// What it is.
    pub kind: PassageKind,
    /// Its words, without marks; lines and cells are parted by a space.
    pub text: String,
    /// The cells of a row, as ranges of the words; empty elsewhere.
    pub cells: Vec<Range<usize>>,
    /// Its links: the words of each, and where it leads.
    pub links: Vec<(Range<usize>, String)>,
    /// Where the words come from, in their order.
    pieces: Vec<Piece>,
}

/// A run of words and the source it was made from.
#[derive(Clone, Debug)]
struct Piece {
    words: Range<usize>,
    source: Range<usize>,
}

impl Passage {
    /// Where a range of the words stands in the source.
    pub fn source(&self, words: &Range<usize>) -> Span {
        let start = self.place(words.start, false);
        let end = self.place(words.end, true);
        Span::new(start, end.max(start))
    }

    /// Where the whole passage stands.
    pub fn span(&self) -> Span {
        self.source(&(0..self.text.len()))
    }

    fn place(&self, at: usize, end: bool) -> usize {
        let holds = |p: &Piece| if end { p.words.start < at } else { p.words.start <= at };
        let before = self.pieces.partition_point(holds);
        let Some(piece) = self.pieces[..before].last().or(self.pieces.first()) else { return 0 };
        let into = at.saturating_sub(piece.words.start);
        if piece.words.len() == piece.source.len() {
            piece.source.start + into.min(piece.source.len())
        } else if (end && into > 0) || into >= piece.words.len() {
            piece.source.end
        } else {
            piece.source.start
        }
    }
}

/// The passages of prose of a text, in its order.
pub fn passages(text: &str, body: Span) -> Vec<Passage> {
    read(text, body, false)
}

/// Everything a reader sees of a text, in its order: code and the words of images, too.
pub fn passages_with_code(text: &str, body: Span) -> Vec<Passage> {
    read(text, body, true)
}

fn read(text: &str, body: Span, whole: bool) -> Vec<Passage> {
    let mut reader = Reader { list: Vec::new(), open: None, items: 0, table: 0, skips: 0, cell: 0, whole };
    for (event, range) in Walk::new(text, body) {
        reader.event(&event, range, text);
    }
    reader.close();
    reader.list
}

struct Reader {
    list: Vec<Passage>,
    open: Option<Passage>,
    /// How many list items are open.
    items: usize,
    /// How many tables there were.
    table: u32,
    /// How many things are open whose words are left out.
    skips: usize,
    /// Where the open cell began.
    cell: usize,
    /// Code and the words of images are kept.
    whole: bool,
}

impl Reader {
    fn event(&mut self, event: &Event<'_>, range: Range<usize>, text: &str) {
        match event {
            Event::Start(tag) => self.start(tag, range, text),
            Event::End(tag) => self.end(*tag),
            _ if self.skips > 0 => {}
            Event::Text(words) => self.push(words, range),
            Event::Code(words) if self.whole => self.push(words, range),
            Event::Code(_) => self.push(LEFT_OUT.encode_utf8(&mut [0; 4]), range),
            Event::InlineHtml(html) | Event::Html(html) => {
                if is_break(html) {
                    self.push(" ", range);
                } else if !html.starts_with("<!--") {
                    self.push(html, range);
                }
            }
            Event::SoftBreak | Event::HardBreak => self.push(" ", range),
            Event::Rule => self.close(),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>, text: &str) {
        match tag {
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough => {}
            Tag::Link { dest_url, .. } => {
                let at = self.passage().text.len();
                self.passage().links.push((at..usize::MAX, dest_url.to_string()));
            }
            Tag::Image { .. } if self.whole => {}
            Tag::Image { .. } => {
                self.push(LEFT_OUT.encode_utf8(&mut [0; 4]), range);
                self.skips += 1;
            }
            Tag::TableCell => {
                if !self.passage().text.is_empty() {
                    self.push(" ", range.start..range.start);
                }
                self.cell = self.passage().text.len();
            }
            Tag::CodeBlock(_) if self.whole => self.begin(PassageKind::Code),
            Tag::CodeBlock(_) => {
                self.close();
                self.skips += 1;
            }
            Tag::HtmlBlock => {
                self.close();
                // Of a comment nothing is prose, on any of its lines.
                self.skips += usize::from(text[range].trim_start().starts_with("<!--"));
            }
            Tag::Heading { level, .. } => self.begin(PassageKind::Heading(*level as u8)),
            Tag::TableHead => {
                self.table += 1;
                self.begin(PassageKind::Header(self.table));
            }
            Tag::TableRow => self.begin(PassageKind::Row(self.table)),
            Tag::Item => {
                self.close();
                self.items += 1;
            }
            _ => self.close(),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {}
            TagEnd::Link => {
                if let Some(passage) = &mut self.open
                    && let Some((words, _)) = passage.links.iter_mut().rev().find(|(w, _)| w.end == usize::MAX)
                {
                    words.end = passage.text.len();
                }
            }
            TagEnd::Image if self.whole => {}
            TagEnd::Image => self.skips -= 1,
            TagEnd::CodeBlock if self.whole => self.close(),
            TagEnd::CodeBlock => self.skips -= 1,
            TagEnd::HtmlBlock => {
                self.close();
                self.skips = 0;
            }
            TagEnd::TableCell => {
                let start = self.cell;
                let passage = self.passage();
                let end = passage.text.len();
                passage.cells.push(start..end);
            }
            TagEnd::Item => {
                self.close();
                self.items = self.items.saturating_sub(1);
            }
            _ => self.close(),
        }
    }

    fn begin(&mut self, kind: PassageKind) {
        self.close();
        self.open =
            Some(Passage { kind, text: String::new(), cells: Vec::new(), links: Vec::new(), pieces: Vec::new() });
    }

    /// What is open; running text that stands alone opens a paragraph, or one of the item it stands in.
    fn passage(&mut self) -> &mut Passage {
        let kind = if self.items > 0 { PassageKind::Item } else { PassageKind::Paragraph };
        self.open.get_or_insert_with(|| Passage {
            kind,
            text: String::new(),
            cells: Vec::new(),
            links: Vec::new(),
            pieces: Vec::new(),
        })
    }

    fn push(&mut self, words: &str, source: Range<usize>) {
        let passage = self.passage();
        let at = passage.text.len();
        passage.text.extend(words.chars().map(|c| if c == '\n' { ' ' } else { c }));
        passage.pieces.push(Piece { words: at..passage.text.len(), source });
    }

    fn close(&mut self) {
        let Some(mut passage) = self.open.take() else { return };
        if let PassageKind::Heading(_) = passage.kind
            && let Some(at) = name_at(passage.text.trim_end())
        {
            passage.text.truncate(at);
        }
        passage.text.truncate(passage.text.trim_end().len());
        let end = passage.text.len();
        for (words, _) in &mut passage.links {
            words.start = words.start.min(end);
            words.end = words.end.min(end);
        }
        for cell in &mut passage.cells {
            cell.start = cell.start.min(end);
            cell.end = cell.end.min(end);
        }
        if !passage.text.is_empty() {
            self.list.push(passage);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Passage> {
        passages(text, Span::new(0, text.len()))
    }

    #[test]
    fn every_piece_of_text_is_a_passage() {
        let text = "# Title {#t}\n\nOne *two*\nthree `code`.\n\n- item <!-- clause: a -->\n- two\n\n  more\n\n| A | B |\n|---|---|\n| [x](y.md) | \\[Date\\] &amp; z |\n\n```\ncode\n```\n<!--\n[Date]\n-->\n";
        let found: Vec<(PassageKind, String)> = read(text).into_iter().map(|p| (p.kind, p.text)).collect();
        let whole: Vec<(PassageKind, String)> =
            passages_with_code(text, Span::new(0, text.len())).into_iter().map(|p| (p.kind, p.text)).collect();
        assert_eq!(whole[1].1, "One two three code.");
        assert_eq!(whole.last(), Some(&(PassageKind::Code, "code".to_owned())));
        let expected = [
            (PassageKind::Heading(1), "Title"),
            (PassageKind::Paragraph, "One two three \u{fffc}."),
            (PassageKind::Item, "item"),
            (PassageKind::Item, "two"),
            (PassageKind::Item, "more"),
            (PassageKind::Header(1), "A B"),
            (PassageKind::Row(1), "x [Date] & z"),
        ];
        assert_eq!(found, expected.map(|(kind, text)| (kind, text.to_owned())));
    }

    #[test]
    fn words_know_where_they_stand() {
        let text = "A **bold** \\[Date\\] &amp; end.\nNext [link](to.md) here.";
        let passage = read(text).remove(0);
        for word in ["bold", "Date", "end.", "Next", "link", "here."] {
            let at = passage.text.find(word).unwrap();
            assert_eq!(passage.source(&(at..at + word.len())).of(text), word);
        }
        let at = passage.text.find("[Date]").unwrap();
        assert_eq!(passage.source(&(at..at + 6)).of(text), "[Date\\]");
        assert_eq!(
            passage.links,
            [(passage.text.find("link").unwrap()..passage.text.find(" here").unwrap(), "to.md".to_owned())]
        );
        assert_eq!(passage.span().of(text), text);
    }

    #[test]
    fn rows_keep_their_cells() {
        let text = "| A | B |\n|---|---|\n| 1.0 |  |\n";
        let row = read(text).remove(1);
        let cells: Vec<&str> = row.cells.iter().map(|c| &row.text[c.clone()]).collect();
        assert_eq!(cells, ["1.0", ""]);
    }
}
