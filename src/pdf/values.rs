//! A document as typst's values: dictionaries, lists and texts that the template goes through.
//!
//! Invariant: text is a value here and is never source. Characters that fonts lack, or that must not be in an archive,
//! are replaced, and counted. Long words get places to break.

use std::collections::BTreeSet;

use typst::foundations::{Bytes, Dict, Str, Value};

use super::document::{Chapter, Document, Part, Stamp};
use super::fonts::{MISSING, is_covered};
use super::world::list;
use crate::markdown::{Block, Inline, Row, Table};

/// How long a word may be before it gets places to break.
const LONG: usize = 22;
/// How many characters a row of a table may have to be kept on one page: in the narrowest column it fits.
const SHORT: usize = 800;
/// Where a long word may break without showing it.
const BREAK: char = '\u{200b}';

/// What is made on the way to values.
#[derive(Default)]
pub(super) struct Values {
    /// How many characters no font has.
    pub(super) missing: usize,
    /// What anchors of the chapter start with, so that they are its own.
    prefix: String,
    /// The anchors of the chapter, to which links may lead.
    anchors: BTreeSet<String>,
}

fn dict<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let mut dict = Dict::new();
    for (key, value) in entries {
        dict.insert(Str::from(key), value);
    }
    Value::Dict(dict)
}

fn key(word: &str) -> Value {
    Value::Str(Str::from(word))
}

impl Values {
    /// The whole document.
    pub(super) fn document(&mut self, document: &Document) -> Value {
        let (language, region) = locale(&document.language);
        let letter = matches!(region.as_deref(), Some("US" | "CA"));
        let cover = document.cover.as_ref().map_or(Value::None, |cover| {
            let (kind, lede) = (self.text(&cover.kind), self.text(&cover.lede));
            dict([("kind", kind), ("lede", lede), ("stamp", self.stamp(&cover.stamp))])
        });
        dict([
            ("title", self.text(&document.title)),
            ("language", key(&language)),
            ("region", region.as_deref().map_or(Value::None, key)),
            ("rtl", Value::Bool(document.rtl)),
            ("noted", Value::Bool(document.noted)),
            ("paper", key(if letter { "us-letter" } else { "a4" })),
            ("organisation", self.text(&document.organisation)),
            ("remark", self.maybe(document.remark.as_deref())),
            ("cover", cover),
            (
                "chapters",
                list(document.chapters.iter().enumerate().map(|(n, c)| self.chapter(n, c)).collect::<Vec<_>>()),
            ),
        ])
    }

    fn stamp(&mut self, stamp: &Stamp) -> Value {
        dict([("words", self.text(&stamp.words)), ("public", Value::Bool(stamp.public))])
    }

    fn chapter(&mut self, number: usize, chapter: &Chapter) -> Value {
        self.prefix = format!("{number}:");
        self.anchors.clear();
        for part in &chapter.parts {
            if let Part::Text(blocks) = part {
                anchors(blocks, &mut self.anchors);
            }
        }
        let facts: Vec<Value> = chapter.facts.iter().map(|(l, v)| list([self.text(l), self.text(v)])).collect();
        dict([
            ("kind", self.text(&chapter.kind)),
            ("title", self.text(&chapter.title)),
            ("foot", self.text(&chapter.foot)),
            ("stamp", self.stamp(&chapter.stamp)),
            ("lede", self.maybe(chapter.lede.as_deref())),
            ("notices", list(chapter.notices.iter().map(|n| self.text(n)).collect::<Vec<_>>())),
            ("facts", list(facts)),
            ("ticks", self.maybe(chapter.ticks.as_deref())),
            ("contents", Value::Bool(chapter.contents)),
            ("parts", list(chapter.parts.iter().map(|part| self.part(part)).collect::<Vec<_>>())),
        ])
    }

    fn part(&mut self, part: &Part) -> Value {
        match part {
            Part::Text(blocks) => dict([("kind", key("text")), ("blocks", self.blocks(blocks))]),
            Part::Figures(figures) => {
                let figures = figures.iter().map(|figure| {
                    let lines: Vec<Value> = figure.lines.iter().map(|line| self.text(line)).collect();
                    let (value, label) = (self.text(&figure.value), self.text(&figure.label));
                    dict([("value", value), ("label", label), ("lines", list(lines))])
                });
                let figures = list(figures.collect::<Vec<_>>());
                dict([("kind", key("figures")), ("figures", figures)])
            }
            Part::Drawings { list: drawings, wide } => {
                let drawings = drawings.iter().map(|drawing| {
                    dict([
                        ("svg", Value::Bytes(Bytes::from_string(self.clean(&drawing.svg)))),
                        ("alt", self.text(&drawing.alt)),
                        ("title", self.text(&drawing.title)),
                        ("caption", self.text(&drawing.caption)),
                    ])
                });
                let drawings = list(drawings.collect::<Vec<_>>());
                dict([("kind", key("drawings")), ("wide", Value::Bool(*wide)), ("drawings", drawings)])
            }
        }
    }

    fn blocks(&mut self, blocks: &[Block]) -> Value {
        list(blocks.iter().map(|block| self.block(block)).collect::<Vec<_>>())
    }

    fn block(&mut self, block: &Block) -> Value {
        match block {
            Block::Heading { level, anchor, words, tick } => dict([
                ("kind", key("heading")),
                ("level", Value::Int(i64::from(*level))),
                ("anchor", self.anchor(Some(anchor))),
                ("words", self.words(words)),
                ("tick", self.maybe(tick.as_deref())),
            ]),
            Block::Paragraph { anchor, words, tick } => dict([
                ("kind", key("paragraph")),
                ("anchor", self.anchor(anchor.as_deref())),
                ("words", self.words(words)),
                ("tick", self.maybe(tick.as_deref())),
            ]),
            Block::List { first, items } => {
                let items = items.iter().map(|item| {
                    dict([
                        ("anchor", self.anchor(item.anchor.as_deref())),
                        ("tick", self.maybe(item.tick.as_deref())),
                        ("blocks", self.blocks(&item.blocks)),
                    ])
                });
                let items = list(items.collect::<Vec<_>>());
                let first = first.map_or(Value::None, |n| Value::Int(i64::try_from(n).unwrap_or(1)));
                dict([("kind", key("list")), ("first", first), ("items", items)])
            }
            Block::Quote(blocks) => dict([("kind", key("quote")), ("blocks", self.blocks(blocks))]),
            Block::Code(code) => dict([("kind", key("code")), ("text", self.lines(code))]),
            Block::Table(table) => self.table(table),
            Block::Rule => dict([("kind", key("rule"))]),
            Block::Notes(notes) => {
                let notes = notes.iter().map(|note| {
                    dict([
                        ("anchor", key(&self.note(note.number))),
                        ("number", Value::Int(i64::try_from(note.number).unwrap_or(i64::MAX))),
                        ("blocks", self.blocks(&note.blocks)),
                    ])
                });
                let notes = list(notes.collect::<Vec<_>>());
                dict([("kind", key("notes")), ("notes", notes)])
            }
        }
    }

    fn table(&mut self, table: &Table) -> Value {
        let widest = table.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        let columns = if table.head.is_empty() { widest.max(1) } else { table.head.len() };
        let head: Vec<Value> = (0..columns).map(|n| self.words(table.head.get(n).map_or(&[], Vec::as_slice))).collect();
        let rows: Vec<Value> = table.rows.iter().map(|row| self.row(row, columns)).collect();
        let numbers = (0..columns).map(|n| Value::Bool(table.numbers.get(n).copied().unwrap_or(false)));
        dict([
            ("kind", key("table")),
            ("numbers", list(numbers)),
            ("widths", list(table.widths.iter().take(columns).map(|share| Value::Int(i64::from(*share))))),
            ("headed", Value::Bool(!table.head.is_empty())),
            ("head", list(head)),
            ("rows", list(rows)),
        ])
    }

    fn row(&mut self, row: &Row, columns: usize) -> Value {
        let cells = (0..columns).map(|n| self.words(row.cells.get(n).map_or(&[], Vec::as_slice)));
        let cells = list(cells.collect::<Vec<_>>());
        dict([
            ("anchor", self.anchor(row.anchor.as_deref())),
            ("tick", self.maybe(row.tick.as_deref())),
            ("whole", Value::Bool(row.cells.iter().map(|cell| length(cell)).sum::<usize>() < SHORT)),
            ("cells", cells),
        ])
    }

    fn words(&mut self, words: &[Inline]) -> Value {
        list(words.iter().map(|word| self.word(word)).collect::<Vec<_>>())
    }

    fn word(&mut self, word: &Inline) -> Value {
        let mut marked = |kind: &str, words: &[Inline]| dict([("kind", key(kind)), ("words", self.words(words))]);
        match word {
            Inline::Text(text) => dict([("kind", key("text")), ("text", self.text(text))]),
            Inline::Code(text) => dict([("kind", key("code")), ("text", self.text(text))]),
            Inline::Emphasis(words) => marked("emphasis", words),
            Inline::Strong(words) => marked("strong", words),
            Inline::Struck(words) => marked("struck", words),
            Inline::Link(target, words) => {
                let (kind, to) = match target.strip_prefix('#') {
                    Some(anchor) if self.anchors.contains(anchor) => ("jump", format!("{}{anchor}", self.prefix)),
                    // Nothing on this paper has that name.
                    Some(_) => return dict([("kind", key("plain")), ("words", self.words(words))]),
                    None => ("link", target.clone()),
                };
                dict([("kind", key(kind)), ("to", key(&to)), ("words", self.words(words))])
            }
            Inline::Mention(number) => {
                let kind = if self.anchors.contains(&note_name(*number)) { "mention" } else { "unanswered" };
                dict([("kind", key(kind)), ("to", key(&self.note(*number))), ("text", key(&number.to_string()))])
            }
            Inline::Picture(alt) => dict([("kind", key("picture")), ("text", self.text(alt))]),
            Inline::Break => dict([("kind", key("break"))]),
        }
    }

    fn anchor(&self, anchor: Option<&str>) -> Value {
        anchor.filter(|a| !a.is_empty()).map_or(Value::None, |anchor| key(&format!("{}{anchor}", self.prefix)))
    }

    fn note(&self, number: usize) -> String {
        format!("{}{}", self.prefix, note_name(number))
    }

    fn maybe(&mut self, text: Option<&str>) -> Value {
        text.map_or(Value::None, |text| self.text(text))
    }

    /// Text in one line, with places to break where a word is long.
    fn text(&mut self, text: &str) -> Value {
        let line: String = text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }).collect();
        Value::Str(Str::from(breakable(&self.clean(&line))))
    }

    /// Text that keeps its lines.
    fn lines(&mut self, text: &str) -> Value {
        let text = text.trim_end_matches('\n').replace("\r\n", "\n").replace('\t', "    ");
        Value::Str(Str::from(breakable(&self.clean(&text))))
    }

    /// Text without what fonts lack and what an archive must not hold.
    fn clean(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                ' '..='~' | '\n' => out.push(c),
                c if c.is_control() || is_invisible(c) => {}
                c if is_covered(c) => out.push(c),
                _ => {
                    self.missing += 1;
                    out.push(MISSING);
                }
            }
        }
        out
    }
}

/// How many characters words have.
fn length(words: &[Inline]) -> usize {
    let one = |word: &Inline| match word {
        Inline::Text(text) | Inline::Code(text) | Inline::Picture(text) => text.chars().count(),
        Inline::Emphasis(words) | Inline::Strong(words) | Inline::Struck(words) | Inline::Link(_, words) => {
            length(words)
        }
        Inline::Mention(_) | Inline::Break => 1,
    };
    words.iter().map(one).sum()
}

fn note_name(number: usize) -> String {
    // No anchor has a space in it.
    format!("note {number}")
}

/// Marks that steer or vary others and cannot be seen: direction overrides, variation selectors, tags, soft hyphens.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Gives long words places to break where the lines of a text would find none. After `-` and `/` they do, so that ids and
/// paths stay whole when they are copied.
fn breakable(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for word in text.split_inclusive([' ', '\n']) {
        if word.chars().count() <= LONG {
            out.push_str(word);
            continue;
        }
        let mut run = 0;
        for c in word.chars() {
            out.push(c);
            run += 1;
            let parts = matches!(c, '_' | '.' | '?' | '&' | '=' | ':' | ',' | ';' | '@') && run > LONG / 2;
            if matches!(c, '-' | '/') {
                run = 0;
            } else if c.is_ascii() && (parts || run >= LONG) && !matches!(c, ' ' | '\n') {
                out.push(BREAK);
                run = 0;
            }
        }
    }
    out
}

/// The parts of a language tag that typst reads: two or three letters, and two for a region.
fn locale(tag: &str) -> (String, Option<String>) {
    let mut parts = tag.split('-');
    let letters = |part: &str, from: usize, to: usize| {
        (from..=to).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic())
    };
    let language = parts.next().filter(|part| letters(part, 2, 3)).unwrap_or("en").to_ascii_lowercase();
    let region = parts.find(|part| letters(part, 2, 2)).map(str::to_ascii_uppercase);
    (language, region)
}

/// Every name that something in these blocks has.
fn anchors(blocks: &[Block], found: &mut BTreeSet<String>) {
    let mut named = |anchor: &Option<String>| found.extend(anchor.clone());
    for block in blocks {
        match block {
            Block::Heading { anchor, .. } => named(&Some(anchor.clone())),
            Block::Paragraph { anchor, .. } => named(anchor),
            Block::Table(table) => table.rows.iter().for_each(|row| named(&row.anchor)),
            _ => {}
        }
    }
    for block in blocks {
        match block {
            Block::List { items, .. } => {
                for item in items {
                    found.extend(item.anchor.clone());
                    anchors(&item.blocks, found);
                }
            }
            Block::Quote(blocks) => anchors(blocks, found),
            Block::Notes(notes) => {
                for note in notes {
                    found.insert(note_name(note.number));
                    anchors(&note.blocks, found);
                }
            }
            _ => {}
        }
    }
}
