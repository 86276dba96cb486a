//! A text as blocks, by the same allow-list of events that HTML is made by.
//!
//! Knows a text's outline beforehand. Pure, and silent: what is wrong was said by [`outline`](super::outline()). Raw HTML
//! is text, or nothing. Nesting is flattened sooner than in HTML: paper has no room for it.

use super::blocks::{Block, Inline, Item, Note, Row, Table};
use super::coming::Coming;
use super::comment::{self, Piece};
use super::images::Image;
use super::links::{self, Target};
use super::outline::is_break;
use super::sections::Sections;
use super::walk::Walk;
use super::{Clause, ClauseKind, Outline, RenderOptions};
use crate::source::Span;
use pulldown_cmark::{Alignment, CowStr, Event, LinkType, Tag, TagEnd};
use std::collections::HashMap;
use std::ops::Range;

/// How deep lists and quotes, and marks within words, may nest.
const DEPTH: usize = 6;

/// How a text is put on paper.
#[derive(Clone, Copy)]
pub struct PaperOptions<'a> {
    /// Leaves out [`Outline::title`], because the paper prints the title itself.
    pub drop_first_h1: bool,
    /// What stands beside the clause with that anchor.
    pub tick: &'a dyn Fn(&str) -> Option<String>,
    /// Where a link or a picture of the site leads; nothing leaves its words. Anchors of the text are not asked for.
    pub link: &'a dyn Fn(&str) -> Option<String>,
}

/// The blocks of a text whose [`outline`](super::outline()) this is.
pub fn paper(text: &str, body: Span, outline: &Outline, options: &PaperOptions<'_>) -> Vec<Block> {
    let shown = RenderOptions { drop_first_h1: options.drop_first_h1, below_h1: true, ..RenderOptions::default() };
    let mut sheet = Sheet {
        options,
        clauses: Coming::of(outline),
        sections: Sections::new(outline, &shown),
        frames: vec![Frame { kind: Kind::Text, blocks: Vec::new() }],
        deep: 0,
        leaf: None,
        marks: Vec::new(),
        table: Table::default(),
        cells: Vec::new(),
        verbatim: None,
        image: None,
        numbers: HashMap::new(),
        notes: Vec::new(),
    };
    for (event, range) in Walk::new(text, body) {
        sheet.event(event, &range);
    }
    sheet.finish()
}

/// What is open around the blocks that come.
enum Kind {
    Text,
    Quote,
    List(Option<u64>, Vec<Item>),
    Item(Option<String>, Option<String>),
    Note(String),
    /// Too deep to be shown: its blocks are those of what it stands in.
    Flat,
}

struct Frame {
    kind: Kind,
    blocks: Vec<Block>,
}

/// A piece of running text that is open: what it becomes, and its words so far.
struct Leaf {
    anchor: Option<String>,
    tick: Option<String>,
    level: Option<u8>,
    words: Vec<Inline>,
}

/// A mark that is open within words, and the words before it.
struct Mark<'t> {
    kind: MarkKind<'t>,
    before: Vec<Inline>,
}

enum MarkKind<'t> {
    Emphasis,
    Strong,
    Struck,
    Link(Option<CowStr<'t>>),
    /// Too deep to be shown.
    Flat,
}

struct Sheet<'o, 't> {
    options: &'o PaperOptions<'o>,
    clauses: Coming<'o>,
    sections: Sections<'o>,
    frames: Vec<Frame>,
    deep: usize,
    leaf: Option<Leaf>,
    marks: Vec<Mark<'t>>,
    table: Table,
    cells: Vec<Vec<Inline>>,
    /// Code or raw HTML that is being read.
    verbatim: Option<String>,
    image: Option<Image<'t>>,
    /// Footnotes by label, in lower case, in the order of their first mention.
    numbers: HashMap<String, usize>,
    notes: Vec<(String, Vec<Block>)>,
}

impl<'t> Sheet<'_, 't> {
    fn event(&mut self, event: Event<'t>, range: &Range<usize>) {
        if self.sections.muted {
            if matches!(event, Event::End(TagEnd::Heading(_))) {
                self.sections.muted = false;
            }
            return;
        }
        if let Some(image) = &mut self.image {
            if !image.takes(&event) {
                self.end_image();
            }
            return;
        }
        if let Some(verbatim) = &mut self.verbatim
            && let Event::Text(words) | Event::Html(words) = &event
        {
            verbatim.push_str(words);
            return;
        }
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(words) => {
                let shown = self.sections.shown(&words, range).to_owned();
                self.words(&shown);
            }
            Event::InlineMath(words) | Event::DisplayMath(words) | Event::Html(words) => self.words(&words),
            Event::Code(words) => self.push(Inline::Code(words.into_string())),
            Event::InlineHtml(html) => self.inline_html(&html),
            Event::FootnoteReference(label) => {
                let next = self.numbers.len() + 1;
                let number = *self.numbers.entry(label.to_lowercase()).or_insert(next);
                self.push(Inline::Mention(number));
            }
            Event::SoftBreak => self.words(" "),
            Event::HardBreak => self.push(Inline::Break),
            Event::Rule => self.block(Block::Rule),
            Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'t>, range: &Range<usize>) {
        match tag {
            Tag::Paragraph => {
                let clause = self.clauses.at(ClauseKind::Paragraph, range);
                self.open_leaf(clause, None);
            }
            Tag::Heading { level, .. } => {
                let clause = self.clauses.at(ClauseKind::Heading, range);
                self.close_leaf();
                if let Some((heading, shown)) = self.sections.enter(level as u8, range) {
                    self.open_leaf(clause, Some(shown - 1));
                    if let (Some(leaf), Some(heading)) = (&mut self.leaf, heading) {
                        leaf.anchor = Some(heading.anchor.clone());
                    }
                }
            }
            Tag::BlockQuote(_) => self.open(Kind::Quote),
            Tag::CodeBlock(_) | Tag::HtmlBlock => {
                self.close_leaf();
                self.verbatim = Some(String::new());
            }
            Tag::List(first) => self.open(Kind::List(first, Vec::new())),
            Tag::Item => {
                self.close_leaf();
                let (anchor, tick) = self.named(ClauseKind::Item, range);
                let flat = !matches!(self.frames.last(), Some(Frame { kind: Kind::List(..), .. }));
                let kind = if flat { Kind::Flat } else { Kind::Item(anchor, tick) };
                self.frames.push(Frame { kind, blocks: Vec::new() });
            }
            Tag::FootnoteDefinition(label) => {
                self.close_leaf();
                self.frames.push(Frame { kind: Kind::Note(label.to_lowercase()), blocks: Vec::new() });
            }
            Tag::Table(columns) => {
                self.close_leaf();
                let numbers = columns.iter().map(|c| *c == Alignment::Right).collect();
                self.table = Table { numbers, ..Table::default() };
            }
            Tag::TableHead | Tag::TableRow => {
                let (anchor, tick) = self.named(ClauseKind::Row, range);
                if matches!(tag, Tag::TableRow) {
                    self.table.rows.push(Row { anchor, tick, cells: Vec::new() });
                }
            }
            Tag::TableCell => self.open_leaf(None, None),
            Tag::Emphasis => self.mark(MarkKind::Emphasis),
            Tag::Strong => self.mark(MarkKind::Strong),
            Tag::Strikethrough => self.mark(MarkKind::Struck),
            Tag::Link { link_type, dest_url, .. } => {
                let target = if link_type == LinkType::Email { format!("mailto:{dest_url}").into() } else { dest_url };
                let target = if self.in_link() { None } else { self.resolve(target) };
                self.mark(MarkKind::Link(target));
            }
            Tag::Image { dest_url, title, .. } => self.image = Some(Image::new(dest_url, title)),
            // Switched off when parsing.
            Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.close_leaf(),
            TagEnd::Heading(_) => {
                self.close_leaf();
                self.sections.open = None;
            }
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item | TagEnd::FootnoteDefinition => self.close(),
            TagEnd::CodeBlock => {
                let code = self.verbatim.take().unwrap_or_default();
                self.block(Block::Code(code));
            }
            TagEnd::HtmlBlock => self.end_html(),
            TagEnd::TableHead => self.table.head = std::mem::take(&mut self.cells),
            TagEnd::TableRow => {
                let cells = std::mem::take(&mut self.cells);
                if let Some(row) = self.table.rows.last_mut() {
                    row.cells = cells;
                }
            }
            TagEnd::TableCell => {
                let words = self.leaf.take().map(|leaf| trimmed(leaf.words)).unwrap_or_default();
                self.cells.push(words);
            }
            TagEnd::Table => {
                let table = std::mem::take(&mut self.table);
                self.block(Block::Table(table));
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link => self.end_mark(),
            TagEnd::Image
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::MetadataBlock(_) => {}
        }
    }

    /// The name of the clause that starts here, and what stands beside it.
    fn named(&mut self, kind: ClauseKind, range: &Range<usize>) -> (Option<String>, Option<String>) {
        let clause = self.clauses.at(kind, range);
        (clause.map(|c| c.anchor.clone()), clause.and_then(|c| (self.options.tick)(&c.anchor)))
    }

    fn open_leaf(&mut self, clause: Option<&Clause>, level: Option<u8>) {
        self.close_leaf();
        self.leaf = Some(Leaf {
            anchor: clause.map(|c| c.anchor.clone()),
            tick: clause.and_then(|c| (self.options.tick)(&c.anchor)),
            level,
            words: Vec::new(),
        });
    }

    fn close_leaf(&mut self) {
        while !self.marks.is_empty() {
            self.end_mark();
        }
        let Some(Leaf { anchor, tick, level, words }) = self.leaf.take() else { return };
        let words = trimmed(words);
        match level {
            Some(level) => self.put(Block::Heading { level, anchor: anchor.unwrap_or_default(), words, tick }),
            None if words.is_empty() && anchor.is_none() => {}
            None => self.put(Block::Paragraph { anchor, words, tick }),
        }
    }

    /// Words go to the text that is open; an item of a tight list opens none.
    fn push(&mut self, inline: Inline) {
        let open = || Leaf { anchor: None, tick: None, level: None, words: Vec::new() };
        self.leaf.get_or_insert_with(open).words.push(inline);
    }

    fn words(&mut self, words: &str) {
        if words.is_empty() {
            return;
        }
        if let Some(Inline::Text(last)) = self.leaf.as_mut().and_then(|leaf| leaf.words.last_mut()) {
            return last.push_str(words);
        }
        self.push(Inline::text(words));
    }

    fn block(&mut self, block: Block) {
        self.close_leaf();
        self.put(block);
    }

    fn put(&mut self, block: Block) {
        if let Some(frame) = self.frames.last_mut() {
            frame.blocks.push(block);
        }
    }

    fn open(&mut self, kind: Kind) {
        self.close_leaf();
        self.deep += 1;
        let kind = if self.deep > DEPTH { Kind::Flat } else { kind };
        self.frames.push(Frame { kind, blocks: Vec::new() });
    }

    fn close(&mut self) {
        self.close_leaf();
        let Some(Frame { kind, blocks }) = self.frames.pop() else { return };
        if !matches!(kind, Kind::Item(..) | Kind::Note(_)) {
            self.deep =
                self.frames.iter().filter(|f| !matches!(f.kind, Kind::Item(..) | Kind::Note(_) | Kind::Text)).count();
        }
        match kind {
            Kind::Quote => self.put(Block::Quote(blocks)),
            Kind::List(first, items) => self.put(Block::List { first, items }),
            Kind::Item(anchor, tick) => {
                if let Some(Frame { kind: Kind::List(_, items), .. }) = self.frames.last_mut() {
                    items.push(Item { anchor, tick, blocks });
                }
            }
            Kind::Note(label) => self.notes.push((label, blocks)),
            Kind::Flat | Kind::Text => blocks.into_iter().for_each(|block| self.put(block)),
        }
    }

    fn mark(&mut self, kind: MarkKind<'t>) {
        let kind = if self.marks.len() >= DEPTH && !matches!(kind, MarkKind::Link(_)) { MarkKind::Flat } else { kind };
        if self.leaf.is_none() {
            self.leaf = Some(Leaf { anchor: None, tick: None, level: None, words: Vec::new() });
        }
        let before = self.leaf.as_mut().map(|leaf| std::mem::take(&mut leaf.words)).unwrap_or_default();
        self.marks.push(Mark { kind, before });
    }

    fn end_mark(&mut self) {
        let (Some(mark), Some(leaf)) = (self.marks.pop(), &mut self.leaf) else { return };
        let mut words = std::mem::replace(&mut leaf.words, mark.before);
        let marked = match mark.kind {
            MarkKind::Emphasis => Inline::Emphasis(words),
            MarkKind::Strong => Inline::Strong(words),
            MarkKind::Struck => Inline::Struck(words),
            MarkKind::Link(Some(target)) => {
                if words.is_empty() {
                    words.push(Inline::text(target.to_string()));
                }
                Inline::Link(target.into_string(), words)
            }
            MarkKind::Link(None) | MarkKind::Flat => return leaf.words.append(&mut words),
        };
        leaf.words.push(marked);
    }

    fn in_link(&self) -> bool {
        self.marks.iter().any(|mark| matches!(mark.kind, MarkKind::Link(Some(_))))
    }

    /// Where a target leads from paper, if anywhere.
    fn resolve(&self, target: CowStr<'t>) -> Option<CowStr<'t>> {
        match links::classify(&target) {
            Target::External | Target::Mail => Some(target),
            Target::Unsafe => None,
            Target::Site if target.starts_with('#') => (target.len() > 1).then_some(target),
            Target::Site => {
                let other = (self.options.link)(&target)?;
                let shown = matches!(links::classify(&other), Target::External | Target::Mail);
                shown.then(|| other.into())
            }
        }
    }

    fn inline_html(&mut self, html: &str) {
        if is_break(html) {
            self.push(Inline::Break);
        } else if !html.starts_with("<!--") {
            self.words(html);
        }
    }

    fn end_html(&mut self) {
        let html = self.verbatim.take().unwrap_or_default();
        let shown: String = comment::pieces(&html)
            .filter_map(|(_, piece)| match piece {
                Piece::Html(html) => Some(html),
                Piece::Comment(_) | Piece::Unclosed(_) => None,
            })
            .collect();
        if !shown.trim().is_empty() {
            self.block(Block::plain(shown.trim()));
        }
    }

    /// A picture is what it shows; one on another host is a link.
    fn end_image(&mut self) {
        let Some(image) = self.image.take() else { return };
        let alt = image.alt.trim().to_owned();
        let external = links::classify(&image.target) == Target::External && !self.in_link();
        if external {
            let words = if alt.is_empty() { image.target.to_string() } else { alt };
            self.push(Inline::Link(image.target.into_string(), vec![Inline::text(words)]));
        } else if !alt.is_empty() {
            self.push(Inline::Picture(alt));
        }
    }

    fn finish(mut self) -> Vec<Block> {
        while self.frames.len() > 1 {
            self.close();
        }
        self.close_leaf();
        let mut notes: Vec<Note> = Vec::new();
        for (label, blocks) in std::mem::take(&mut self.notes) {
            let next = self.numbers.len() + 1;
            let number = *self.numbers.entry(label.clone()).or_insert(next);
            // Of two notes with one label the first counts; the other is kept, as on pages, so that no text is lost.
            let taken = notes.iter().any(|note| note.number == number);
            let number = if taken { *self.numbers.entry(format!("{label} {next}")).or_insert(next) } else { number };
            notes.push(Note { number, blocks });
        }
        notes.sort_by_key(|note| note.number);
        let mut blocks = self.frames.pop().map(|frame| frame.blocks).unwrap_or_default();
        if !notes.is_empty() {
            blocks.push(Block::Notes(notes));
        }
        blocks
    }
}

/// Words without spaces at their ends, which comments and line ends leave.
fn trimmed(mut words: Vec<Inline>) -> Vec<Inline> {
    if let Some(Inline::Text(last)) = words.last_mut() {
        last.truncate(last.trim_end().len());
    }
    words.retain(|word| !matches!(word, Inline::Text(text) if text.is_empty()));
    words
}
