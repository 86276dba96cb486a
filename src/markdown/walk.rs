//! The events of a text, bounded: nesting beyond a depth is flattened, and a text whose HTML would be out of all
//! proportion ends early. Outline and HTML are made from the same walk, so they agree on what is there.
//!
//! Every start has its end, whatever is left out. Does not look at what the events say.

use crate::source::Span;
use pulldown_cmark::{Event, OffsetIter, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// How deep quotes, lists and marks may nest.
const DEPTH: usize = 32;
/// How many times longer than the text its HTML may be, and by how much more.
const RATIO: usize = 20;
const ALLOWANCE: usize = 64 * 1024;

/// The bounded events of a text, with their places in the whole document.
pub(super) struct Walk<'t> {
    events: OffsetIter<'t>,
    base: usize,
    left: usize,
    /// What is open; `None` stands for a tag that was left out.
    open: Vec<Option<TagEnd>>,
    depth: usize,
    /// Where the text was cut, if it was.
    pub(super) cut: Option<usize>,
}

impl<'t> Walk<'t> {
    /// The events of this part of the text.
    pub(super) fn new(text: &'t str, body: Span) -> Self {
        // Heading attributes, math, wikilinks, metadata, task lists and smart punctuation stay off.
        let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
        Self {
            events: Parser::new_ext(body.of(text), options).into_offset_iter(),
            base: body.start as usize,
            left: body.len() * RATIO + ALLOWANCE,
            open: Vec::new(),
            depth: 0,
            cut: None,
        }
    }

    fn keeps(&self, tag: &Tag<'_>) -> bool {
        match tag {
            Tag::List(_) => self.depth + 2 <= DEPTH,
            Tag::Item => matches!(self.open.last(), Some(Some(TagEnd::List(_)))),
            Tag::BlockQuote(_)
            | Tag::FootnoteDefinition(_)
            | Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Link { .. }
            | Tag::Image { .. } => self.depth < DEPTH,
            _ => true,
        }
    }

    fn spend(&mut self, event: &Event<'t>, at: usize) -> bool {
        match self.left.checked_sub(cost(event)) {
            Some(left) => self.left = left,
            None => self.cut = Some(at),
        }
        self.cut.is_none()
    }

    /// The next end of a tag that the cut left open.
    fn close_cut(&mut self, at: usize) -> Option<(Event<'t>, Range<usize>)> {
        while let Some(end) = self.open.pop() {
            if let Some(end) = end {
                return Some((Event::End(end), at..at));
            }
        }
        None
    }
}

/// About how many bytes of HTML an event makes, ids and both tags included. What goes beside clauses does not count.
fn cost(event: &Event<'_>) -> usize {
    match event {
        Event::Start(tag) => match tag {
            Tag::Link { dest_url, title, .. } | Tag::Image { dest_url, title, .. } => {
                60 + 3 * dest_url.len() + 2 * title.len()
            }
            Tag::Heading { .. } => 150,
            Tag::Table(_) => 600,
            Tag::TableCell | Tag::CodeBlock(_) => 40,
            Tag::FootnoteDefinition(label) => 60 + label.len(),
            _ => 20,
        },
        Event::Text(t) | Event::Code(t) | Event::Html(t) | Event::InlineHtml(t) => t.len(),
        Event::FootnoteReference(_) => 150,
        _ => 2,
    }
}

impl<'t> Iterator for Walk<'t> {
    type Item = (Event<'t>, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(at) = self.cut {
                return self.close_cut(at);
            }
            let (event, range) = self.events.next()?;
            let range = range.start + self.base..range.end + self.base;
            if !self.spend(&event, range.start) {
                continue;
            }
            match &event {
                Event::Start(tag) => {
                    let kept = self.keeps(tag);
                    self.open.push(kept.then(|| tag.to_end()));
                    self.depth += usize::from(kept);
                    if kept {
                        return Some((event, range));
                    }
                    if matches!(tag, Tag::Item) {
                        return Some((Event::SoftBreak, range.start..range.start));
                    }
                }
                Event::End(_) => {
                    if self.open.pop().flatten().is_some() {
                        self.depth -= 1;
                        return Some((event, range));
                    }
                }
                _ => return Some((event, range)),
            }
        }
    }
}
