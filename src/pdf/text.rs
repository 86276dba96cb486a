//! Everything that can be read in a document, as plain text: what the leak gate searches, because a PDF is compressed.
//!
//! Invariant: each type is taken apart by name, so that a field that is added must be thought of here.

use super::document::{Chapter, Cover, Document, Drawing, Figure, Part, Stamp};
use crate::markdown::{Block, Inline, Item, Note, Row, Table};

impl Document {
    /// Everything that can be read in it, names of anchors and targets of links included.
    pub fn text(&self) -> String {
        let Self { title, language, rtl: _, noted: _, organisation, remark, ident, date: _, cover, chapters } = self;
        let mut out = Lines(String::new());
        [title, language, organisation, ident].into_iter().for_each(|line| out.line(line));
        out.maybe(remark.as_ref());
        if let Some(Cover { kind, lede, stamp: Stamp { words, public: _ } }) = cover {
            [kind, lede, words].into_iter().for_each(|line| out.line(line));
        }
        chapters.iter().for_each(|chapter| out.chapter(chapter));
        out.0
    }
}

struct Lines(String);

impl Lines {
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    fn maybe(&mut self, line: Option<&String>) {
        if let Some(line) = line {
            self.line(line);
        }
    }

    fn chapter(&mut self, chapter: &Chapter) {
        let Chapter { kind, title, foot, stamp, lede, notices, facts, ticks, parts, contents: _ } = chapter;
        let Stamp { words, public: _ } = stamp;
        [kind, title, foot, words].into_iter().for_each(|line| self.line(line));
        self.maybe(lede.as_ref());
        notices.iter().for_each(|line| self.line(line));
        facts.iter().for_each(|(label, value)| self.line(&format!("{label} {value}")));
        self.maybe(ticks.as_ref());
        parts.iter().for_each(|part| self.part(part));
    }

    fn part(&mut self, part: &Part) {
        match part {
            Part::Text(blocks) => blocks.iter().for_each(|block| self.block(block)),
            Part::Figures(figures) => {
                for Figure { value, label, lines } in figures {
                    self.line(&format!("{value} {label}"));
                    lines.iter().for_each(|line| self.line(line));
                }
            }
            Part::Drawings { list, wide: _ } => {
                for Drawing { svg, alt, title, caption } in list {
                    [svg, alt, title, caption].into_iter().for_each(|line| self.line(line));
                }
            }
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level: _, anchor, words, tick } => {
                self.line(anchor);
                self.maybe(tick.as_ref());
                self.words(words);
            }
            Block::Paragraph { anchor, words, tick } => {
                self.maybe(anchor.as_ref());
                self.maybe(tick.as_ref());
                self.words(words);
            }
            Block::List { first: _, items } => {
                for Item { anchor, tick, blocks } in items {
                    self.maybe(anchor.as_ref());
                    self.maybe(tick.as_ref());
                    blocks.iter().for_each(|block| self.block(block));
                }
            }
            Block::Quote(blocks) => blocks.iter().for_each(|block| self.block(block)),
            Block::Code(code) => self.line(code),
            Block::Table(table) => self.table(table),
            Block::Rule => {}
            Block::Notes(notes) => {
                for Note { number: _, blocks } in notes {
                    blocks.iter().for_each(|block| self.block(block));
                }
            }
        }
    }

    fn table(&mut self, table: &Table) {
        let Table { numbers: _, widths: _, head, rows } = table;
        self.cells(head);
        for Row { anchor, tick, cells } in rows {
            self.maybe(anchor.as_ref());
            self.maybe(tick.as_ref());
            self.cells(cells);
        }
    }

    /// The cells of a row in one line: a name may stand in two of them.
    fn cells(&mut self, cells: &[Vec<Inline>]) {
        let mut targets = Vec::new();
        for cell in cells {
            words(cell, &mut self.0, &mut targets);
            self.0.push(' ');
        }
        self.line("");
        targets.iter().for_each(|target| self.line(target));
    }

    fn words(&mut self, list: &[Inline]) {
        let mut targets = Vec::new();
        words(list, &mut self.0, &mut targets);
        self.line("");
        targets.iter().for_each(|target| self.line(target));
    }
}

/// Words as they are read, marks left out; where links lead comes after.
fn words<'d>(list: &'d [Inline], out: &mut String, targets: &mut Vec<&'d str>) {
    for word in list {
        match word {
            Inline::Text(text) | Inline::Code(text) | Inline::Picture(text) => out.push_str(text),
            Inline::Emphasis(list) | Inline::Strong(list) | Inline::Struck(list) => words(list, out, targets),
            Inline::Link(target, list) => {
                targets.push(target);
                words(list, out, targets);
            }
            Inline::Mention(number) => out.push_str(&number.to_string()),
            Inline::Break => out.push(' '),
        }
    }
}
