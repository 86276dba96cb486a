//! Which headings and clauses a text has, where they stand, and what is wrong with it.
//!
//! One walk over the events. A leaf is a piece of running text (heading, paragraph, first text of an item, row); a
//! clause comment belongs to the leaf it ends. Names people wrote are taken first, anchors made of words come after, so
//! that a heading's words never take a clause's name away.

use super::anchors::Anchors;
use super::comment::{self, Comment, Piece};
use super::footnotes::Prefix;
use super::links::{self, Target};
use super::walk::Walk;
use super::words::{self, Words};
use super::{Clause, ClauseKind, Heading, LinkTarget, Outline, codes, stages};
use crate::diag::{Diagnostic, Sink};
use crate::source::{FileId, Span};
use pulldown_cmark::{Event, LinkType, Tag, TagEnd};
use std::ops::Range;

/// Reads the headings and clauses of a text and reports all that is wrong with it.
pub fn outline(text: &str, body: Span, file: FileId, sink: &mut Sink) -> Outline {
    let mut reader = Reader {
        text,
        file,
        sink,
        outline: Outline::default(),
        anchors: Anchors::default(),
        names: Vec::new(),
        containers: Vec::new(),
        leaf: None,
        closed: None,
        words: String::new(),
        part: false,
        count: Words::default(),
        listed: [0; codes::COUNT],
    };
    let mut walk = Walk::new(text, body);
    for (event, range) in walk.by_ref() {
        reader.event(&event, range);
    }
    if let Some(at) = walk.cut {
        let mut end = (at + 1).min(text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        reader.report(
            Diagnostic::new(
                &codes::TOO_LARGE,
                file,
                Span::new(at, end),
                "text whose HTML would be more than twenty times as long",
            )
            .label("the rest is left out from here on")
            .help("split the table or text, or give its rows no more cells than they need"),
        );
    }
    reader.finish(body)
}

/// A piece of running text that is being read.
struct Leaf<'t> {
    kind: LeafKind,
    /// Where the block starts that HTML is made of.
    block: usize,
    start: Option<usize>,
    end: usize,
    pending: Option<(&'t str, Span)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LeafKind {
    Heading(u8),
    Paragraph,
    Item,
    Row,
    /// Code, or text where no clause can stand.
    Other,
}

/// What lists, quotes and footnotes are open.
struct Container {
    item: Option<usize>,
    fresh: bool,
    named: bool,
}

pub(super) struct Reader<'t, 's> {
    pub(super) text: &'t str,
    pub(super) file: FileId,
    pub(super) sink: &'s mut Sink,
    outline: Outline,
    pub(super) anchors: Anchors,
    /// The names written at headings, one per heading.
    names: Vec<Option<&'t str>>,
    containers: Vec<Container>,
    leaf: Option<Leaf<'t>>,
    /// The leaf that has just ended, as long as nothing but a comment may follow.
    closed: Option<Leaf<'t>>,
    /// The plain words of the leaf.
    words: String,
    /// The next words belong to another cell.
    part: bool,
    count: Words,
    /// How many findings of each code there were.
    pub(super) listed: [u32; codes::COUNT],
}

impl<'t> Reader<'t, '_> {
    fn event(&mut self, event: &Event<'t>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(*tag, range),
            Event::Text(words) => {
                self.report_hidden(words, &range);
                self.text(words, range);
            }
            Event::Code(words) => {
                self.report_hidden(words, &range);
                self.content(&range);
                self.push(words);
            }
            Event::InlineHtml(html) => self.inline_html(html, range),
            Event::FootnoteReference(_) => self.content(&range),
            Event::SoftBreak | Event::HardBreak => self.space(),
            Event::Rule => self.block(),
            Event::Html(_) | Event::InlineMath(_) | Event::DisplayMath(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag<'t>, range: Range<usize>) {
        match tag {
            Tag::Paragraph => {
                self.block();
                let leaf = match self.containers.last_mut() {
                    Some(Container { item: Some(item), fresh: fresh @ true, .. }) => {
                        *fresh = false;
                        (LeafKind::Item, *item)
                    }
                    _ => (LeafKind::Paragraph, range.start),
                };
                self.open(leaf.0, leaf.1, Some(range.start));
            }
            Tag::Heading { level, .. } => self.open_block(LeafKind::Heading(*level as u8), range.start),
            Tag::TableHead | Tag::TableRow => self.open_block(LeafKind::Row, range.start),
            Tag::CodeBlock(_) => self.open_block(LeafKind::Other, range.start),
            Tag::TableCell => {
                self.part = !self.words.is_empty();
                self.count.gap();
            }
            Tag::HtmlBlock => {
                self.close();
                self.spoil();
            }
            Tag::BlockQuote(_) | Tag::List(_) | Tag::FootnoteDefinition(_) => {
                self.block();
                self.containers.push(Container { item: None, fresh: false, named: false });
            }
            Tag::Item => {
                self.block();
                self.containers.push(Container { item: Some(range.start), fresh: true, named: false });
            }
            Tag::Link { link_type, dest_url, .. } => {
                self.content(&range);
                if *link_type != LinkType::Email {
                    self.link(dest_url, range, false);
                }
            }
            Tag::Image { dest_url, .. } => {
                self.content(&range);
                self.link(dest_url, range, true);
            }
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough => {
                self.ensure_leaf();
                self.extend(&range);
            }
            _ => self.block(),
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Paragraph | TagEnd::CodeBlock => self.close(),
            TagEnd::Heading(_) => self.heading(&range),
            TagEnd::TableCell => {
                if let Some(leaf) = &mut self.leaf {
                    leaf.end = leaf.end.max(range.end.min(self.text.len()));
                }
            }
            TagEnd::TableHead | TagEnd::TableRow => self.row(&range),
            TagEnd::HtmlBlock => self.html_block(range),
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item | TagEnd::FootnoteDefinition => {
                self.block();
                self.containers.pop();
            }
            _ => {}
        }
    }

    /// A block starts or ends here: running text is over, and no comment may still name it.
    fn block(&mut self) {
        self.close();
        self.closed = None;
    }

    fn open_block(&mut self, kind: LeafKind, block: usize) {
        self.block();
        self.spoil();
        self.open(kind, block, None);
    }

    fn open(&mut self, kind: LeafKind, block: usize, start: Option<usize>) {
        self.words.clear();
        self.part = false;
        self.count.gap();
        self.leaf = Some(Leaf { kind, block, start, end: start.unwrap_or(0), pending: None });
    }

    /// The item that is open no longer waits for its first text.
    fn spoil(&mut self) {
        if let Some(container) = self.containers.last_mut() {
            container.fresh = false;
        }
    }

    /// Text that stands in an item without a paragraph of its own.
    fn ensure_leaf(&mut self) {
        if self.leaf.is_some() {
            return;
        }
        self.closed = None;
        let (kind, block) = match self.containers.last_mut() {
            Some(Container { item: Some(item), fresh, .. }) => {
                *fresh = false;
                (LeafKind::Item, *item)
            }
            _ => (LeafKind::Other, 0),
        };
        self.open(kind, block, None);
    }

    fn extend(&mut self, range: &Range<usize>) {
        if let Some(leaf) = &mut self.leaf {
            leaf.start.get_or_insert(range.start);
            leaf.end = leaf.end.max(range.end);
        }
    }

    /// Something a reader sees stands here.
    fn content(&mut self, range: &Range<usize>) {
        self.ensure_leaf();
        self.extend(range);
        if let Some((name, span)) = self.leaf.as_mut().and_then(|leaf| leaf.pending.take()) {
            self.misplaced(
                name,
                span,
                "more text follows",
                "write it after the last word of the paragraph, list item or table row",
            );
        }
    }

    fn text(&mut self, words: &str, range: Range<usize>) {
        let code = self.leaf.as_ref().is_some_and(|leaf| leaf.kind == LeafKind::Other);
        if !code && self.text[range.start..].starts_with("<!--") && !self.text[..range.start].ends_with('\\') {
            let span = Span::new(range.start, range.start + 4);
            self.report_unclosed(span, "shown to readers as it stands");
        }
        if words.trim_ascii().is_empty() {
            self.ensure_leaf();
        } else {
            self.content(&range);
        }
        self.push(words);
    }

    fn space(&mut self) {
        self.count.gap();
        if !self.words.is_empty() {
            self.words.push(' ');
        }
    }

    fn push(&mut self, words: &str) {
        if std::mem::take(&mut self.part) {
            self.words.truncate(self.words.trim_end().len());
            self.words.push_str("; ");
        }
        self.words.push_str(words);
        self.count.push(words);
    }

    fn inline_html(&mut self, html: &str, range: Range<usize>) {
        self.ensure_leaf();
        if html.starts_with("<!--") {
            self.comment(range);
        } else if is_break(html) {
            self.extend(&range);
            self.space();
        } else {
            self.content(&range);
            if !html.starts_with("</") {
                self.report_html(range);
            }
        }
    }

    /// A comment within running text.
    fn comment(&mut self, range: Range<usize>) {
        let span = Span::new(range.start, range.end);
        let Some(name) = self.read_comment(range) else { return };
        let Some(leaf) = &mut self.leaf else { return };
        match leaf.kind {
            LeafKind::Heading(_) => {
                self.misplaced(name, span, "in a heading", &format!("end the heading in `{{#{name}}}` instead"));
            }
            LeafKind::Other => self.misplaced(name, span, "no paragraph, list item or table row ends here", ""),
            _ => match leaf.pending {
                None => leaf.pending = Some((name, span)),
                Some((first, _)) => self.second(name, first, span),
            },
        }
    }

    /// The name in a comment, if it is a clause comment with a good one.
    fn read_comment(&mut self, range: Range<usize>) -> Option<&'t str> {
        let span = Span::new(range.start, range.end);
        match comment::read(&self.text[range]) {
            Comment::Clause(name) => return Some(name),
            Comment::BadName(name) => self.bad_name(name, span),
            Comment::Misspelt(right) => self.report(
                Diagnostic::new(&codes::CLAUSE_MISSPELT, self.file, span, "comment that names no clause")
                    .help(format!("did you mean `{right}`?")),
            ),
            Comment::Other => {}
        }
        None
    }

    /// Ends the leaf and names it, if a comment does.
    fn close(&mut self) {
        let Some(mut leaf) = self.leaf.take() else { return };
        if let Some((name, span)) = leaf.pending.take() {
            self.clause(&leaf, name, span);
        }
        self.closed = Some(leaf);
    }

    fn clause(&mut self, leaf: &Leaf<'t>, name: &'t str, at: Span) {
        let kind = match leaf.kind {
            LeafKind::Paragraph => ClauseKind::Paragraph,
            LeafKind::Item => ClauseKind::Item,
            LeafKind::Row => ClauseKind::Row,
            LeafKind::Heading(_) | LeafKind::Other => return,
        };
        let span = self.trimmed(leaf.start.unwrap_or(at.start as usize), leaf.end.min(at.start as usize));
        if span.is_empty() {
            return self.misplaced(name, at, "no text stands before it", "write it after the text it names");
        }
        if let Some(first) = self.outline.clauses.last().filter(|c| c.block == leaf.block as u32 && c.kind == kind) {
            let first = first.anchor.clone();
            return self.second(name, &first, at);
        }
        if let Some(item) =
            self.containers.last_mut().filter(|c| kind == ClauseKind::Item && c.item == Some(leaf.block))
        {
            if item.named {
                return self.second(name, "", at);
            }
            item.named = true;
        }
        if self.claim(name, at) {
            let text = self.words.trim().to_owned();
            self.outline.clauses.push(Clause { anchor: name.to_owned(), kind, span, text, block: leaf.block as u32 });
        }
    }

    fn heading(&mut self, range: &Range<usize>) {
        let Some(leaf) = self.leaf.take() else { return };
        let LeafKind::Heading(level) = leaf.kind else { return };
        let mut span = self.trimmed(leaf.start.unwrap_or(range.start), leaf.end.max(leaf.start.unwrap_or(range.start)));
        let mut text = self.words.trim();
        let mut name = None;
        if let Some(at) = name_at(span.of(self.text)) {
            let at = span.start as usize + at;
            let word = &self.text[at + 2..span.end as usize - 1];
            let whole = Span::new(at, span.end as usize);
            text = text[..text.rfind("{#").unwrap_or(text.len())].trim_end();
            span = self.trimmed(span.start as usize, at);
            name = Some((word, whole));
            if !self.text[..at].ends_with(char::is_alphanumeric) {
                self.count.count -= words::count(word).min(self.count.count);
            }
        }
        let heading = Heading {
            level,
            text: text.to_owned(),
            anchor: String::new(),
            span,
            section: Span::new(leaf.block, leaf.block),
            top: self.containers.is_empty(),
            name_at: name.map(|(_, whole)| whole.start),
            block: leaf.block as u32,
        };
        let claimed = name.and_then(|(word, whole)| {
            if !comment::is_name(word) {
                self.bad_name(word, whole);
                return None;
            }
            self.claim(word, whole).then_some(word)
        });
        self.names.push(claimed);
        self.outline.headings.push(heading);
    }

    fn row(&mut self, range: &Range<usize>) {
        let from = self.leaf.as_ref().map_or(range.end, |leaf| leaf.end).min(range.end);
        for (at, piece) in comment::pieces(&self.text[from..range.end]) {
            match piece {
                Piece::Comment(text) => self.comment(from + at..from + at + text.len()),
                Piece::Html(text) | Piece::Unclosed(text) if !text.trim_matches(['|', ' ', '\t', '\n']).is_empty() => {
                    let inner = text.trim_start_matches(['|', ' ', '\t', '\n']);
                    let start = from + at + text.len() - inner.len();
                    let span = Span::new(start, start + inner.trim_end_matches(['|', ' ', '\t', '\n']).len());
                    self.report(
                        Diagnostic::new(&codes::EXTRA_CELL, self.file, span, "cell beyond the last column of the table")
                            .label("not shown")
                            .help("add a column to the table's header and to the line below it, or write `\\|` for a bar within a cell"),
                    );
                }
                _ => {}
            }
        }
        self.close();
        self.closed = None;
    }

    /// HTML between blocks: a comment on the line below a paragraph or item still ends it.
    fn html_block(&mut self, range: Range<usize>) {
        let closed = self.closed.take();
        let mut visible = None;
        for (at, piece) in comment::pieces(&self.text[range.clone()]) {
            let at = range.start + at;
            match piece {
                Piece::Comment(text) => {
                    let span = Span::new(at, at + text.len());
                    let Some(name) = self.read_comment(at..at + text.len()) else { continue };
                    match closed.as_ref().filter(|leaf| visible.is_none() && self.touches(leaf, at)) {
                        Some(leaf) => self.clause(leaf, name, span),
                        None => self.misplaced(
                            name,
                            span,
                            "no paragraph, list item or table row ends here",
                            "write it on the line of the text it names, after its last word",
                        ),
                    }
                }
                Piece::Unclosed(_) => self.report_unclosed(Span::new(at, at + 4), "nothing after it is shown"),
                Piece::Html(text) if text.trim_matches(['>', ' ', '\t', '\n']).is_empty() => {}
                Piece::Html(text) => visible = visible.or(Some(at..at + text.len())),
            }
        }
        if let Some(shown) = visible {
            self.report_html(shown);
        }
    }

    /// Whether nothing but one line's end stands between a leaf and this place.
    fn touches(&self, leaf: &Leaf<'t>, at: usize) -> bool {
        let end = leaf.end.max(leaf.start.unwrap_or(0));
        matches!(leaf.kind, LeafKind::Paragraph | LeafKind::Item)
            && end <= at
            && self.text[self.trimmed(leaf.start.unwrap_or(end), end).end as usize..at].matches('\n').count() <= 1
    }

    fn link(&mut self, target: &str, range: Range<usize>, image: bool) {
        let span = Span::new(range.start, range.end);
        match links::classify(target) {
            Target::Site if image && (target.is_empty() || target.starts_with('#')) => {
                self.report_link(span, "image without a source");
            }
            Target::Site => self.outline.links.push(LinkTarget { target: target.to_owned(), span, image }),
            Target::External => {
                self.outline.external.push(LinkTarget { target: target.to_owned(), span, image });
                if image {
                    self.report(
                        Diagnostic::new(&codes::EXTERNAL_IMAGE, self.file, span, "image on another host")
                            .label("shown as a link")
                            .help("keep the image in the site and write its path"),
                    );
                }
            }
            Target::Mail if !image => {}
            Target::Mail | Target::Unsafe => self.report_link(span, "link to a place no text may lead to"),
        }
    }

    /// The part of the text between two places without white space around it.
    pub(super) fn trimmed(&self, start: usize, end: usize) -> Span {
        let slice = &self.text[start..end.max(start)];
        let start = start + (slice.len() - slice.trim_start().len());
        Span::new(start, start + slice.trim().len())
    }

    fn finish(mut self, body: Span) -> Outline {
        self.close();
        let mut outline = self.outline;
        outline.words = self.count.count;
        for (heading, name) in outline.headings.iter_mut().zip(&self.names) {
            heading.anchor = match name {
                Some(name) => (*name).to_owned(),
                None => self.anchors.make(&heading.text, heading.span),
            };
        }
        let mut next = [body.end; 7];
        for heading in outline.headings.iter_mut().rev() {
            let level = usize::from(heading.level);
            heading.section.end = next[..=level].iter().copied().min().unwrap_or(body.end);
            next[level] = heading.block;
        }
        outline.clauses.extend(outline.headings.iter().map(|h| Clause {
            anchor: h.anchor.clone(),
            kind: ClauseKind::Heading,
            span: h.span,
            text: h.text.clone(),
            block: h.block,
        }));
        outline.clauses.sort_by_key(|c| (c.block, c.kind));
        outline.stages = stages::find(&outline.headings);
        outline.notes = Prefix::beside(outline.clauses.iter().map(|c| c.anchor.as_str()));
        outline
    }
}

/// Where `{#name}` starts at the end of a heading.
pub(super) fn name_at(heading: &str) -> Option<usize> {
    let at = heading.strip_suffix('}')?.rfind("{#")?;
    (!heading[..at].ends_with('\\') && !heading[at..heading.len() - 1].contains('}')).then_some(at)
}

/// Whether a tag is a line break, the only HTML that is understood.
pub(super) fn is_break(html: &str) -> bool {
    let inner = html.strip_prefix('<').and_then(|h| h.strip_suffix('>')).unwrap_or("");
    inner.trim_end_matches(['/', ' ']).eq_ignore_ascii_case("br")
}
