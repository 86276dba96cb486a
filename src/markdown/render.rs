//! HTML by allow-list: each event becomes a tag written here, or text.
//!
//! Knows a text's outline beforehand, so that ids stand in opening tags. Pure, and silent: what is wrong was said by
//! [`outline`](super::outline()). Trusts only what [`RenderOptions::clause`] gives.

use super::coming::Coming;
use super::comment::{self, Comment, Piece};
use super::footnotes::Footnotes;
use super::images::Image;
use super::links::{self, Target};
use super::outline::is_break;
use super::sections::Sections;
use super::tables::Table;
use super::walk::Walk;
use super::{Clause, ClauseKind, Outline, RenderOptions, Rendered, escape};
use crate::source::Span;
use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Tag, TagEnd};
use std::ops::Range;

/// The HTML of a text whose [`outline`](super::outline()) this is.
pub fn render(text: &str, body: Span, outline: &Outline, options: &RenderOptions<'_>) -> Rendered {
    let mut page = Page {
        out: String::with_capacity(body.len() + body.len() / 2 + 64),
        options,
        clauses: Coming::of(outline),
        sections: Sections::new(outline, options),
        footnotes: Footnotes::new(outline.notes),
        table: Table::default(),
        tables: 0,
        paragraph: None,
        item: None,
        links: Vec::new(),
        image: None,
        html_block: None,
    };
    for (event, range) in Walk::new(text, body) {
        page.event(event, &range);
    }
    page.finish()
}

/// A link that is open.
struct Link<'t> {
    /// Its target, if it is shown as a link.
    shown: Option<CowStr<'t>>,
    /// Something in it can be read.
    named: bool,
}

/// What is written, and what waits to be.
pub(super) struct Page<'o, 't> {
    pub(super) out: String,
    pub(super) options: &'o RenderOptions<'o>,
    pub(super) clauses: Coming<'o>,
    pub(super) sections: Sections<'o>,
    footnotes: Footnotes,
    pub(super) table: Table,
    /// How many tables there were.
    pub(super) tables: u32,
    /// What goes beside the open paragraph, empty or not, if it is a clause.
    paragraph: Option<String>,
    /// What goes beside the first text of the open item.
    item: Option<String>,
    /// The links that are open; markdown lets an address stand in the words of a link, HTML does not.
    links: Vec<Link<'t>>,
    image: Option<Image<'t>>,
    html_block: Option<String>,
}

impl<'t> Page<'_, 't> {
    fn event(&mut self, event: Event<'t>, range: &Range<usize>) {
        if self.sections.muted {
            if matches!(event, Event::End(TagEnd::Heading(_))) {
                self.sections.muted = false;
            }
            return;
        }
        if let Some(image) = &mut self.image {
            if image.takes(&event) {
                return;
            }
            return self.end_image();
        }
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(words) if self.sections.open.is_some() => {
                let shown = self.sections.shown(&words, range);
                self.words(shown);
            }
            Event::Text(words) | Event::InlineMath(words) | Event::DisplayMath(words) => self.words(&words),
            Event::Code(words) => {
                self.out.push_str("<code>");
                self.words(&words);
                self.out.push_str("</code>");
            }
            Event::Html(html) => {
                if let Some(block) = &mut self.html_block {
                    block.push_str(&html);
                }
            }
            Event::InlineHtml(html) => self.inline_html(&html),
            Event::FootnoteReference(label) => {
                let linked = !self.in_link();
                self.footnotes.refer(&label, linked, &mut self.out);
            }
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br>\n"),
            Event::Rule => {
                self.beside_item();
                self.out.push_str("<hr>\n");
            }
            Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'t>, range: &Range<usize>) {
        match tag {
            Tag::Paragraph => self.start_paragraph(range),
            Tag::Heading { level, .. } => {
                self.beside_item();
                let clause = self.clauses.at(ClauseKind::Heading, range);
                self.start_heading(level as u8, range, clause);
            }
            Tag::BlockQuote(_) => self.block("<blockquote>\n"),
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => {
                self.block("<pre tabindex=\"0\"><code>");
            }
            Tag::HtmlBlock => {
                self.beside_item();
                self.html_block = Some(String::new());
            }
            Tag::List(None) => self.block("<ul>\n"),
            Tag::List(Some(1)) => self.block("<ol>\n"),
            Tag::List(Some(first)) => self.block(&format!("<ol start=\"{first}\">\n")),
            Tag::Item => {
                let clause = self.clauses.at(ClauseKind::Item, range);
                self.item = self.open_clause("li", clause);
            }
            Tag::FootnoteDefinition(label) => {
                self.beside_item();
                self.footnotes.begin(&label, &mut self.out);
            }
            Tag::Table(columns) => {
                self.beside_item();
                self.start_table(columns);
            }
            Tag::TableHead | Tag::TableRow => {
                let clause = self.clauses.at(ClauseKind::Row, range);
                self.start_row(matches!(tag, Tag::TableHead), clause);
            }
            Tag::TableCell => self.start_cell(),
            Tag::Emphasis => self.out.push_str("<em>"),
            Tag::Strong => self.out.push_str("<strong>"),
            Tag::Strikethrough => self.out.push_str("<del>"),
            Tag::Link { link_type, dest_url, title, .. } => self.start_link(link_type, dest_url, &title),
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
            TagEnd::Paragraph => self.end_paragraph(),
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::BlockQuote(_) => self.out.push_str("</blockquote>\n"),
            TagEnd::CodeBlock => self.out.push_str("</code></pre>\n"),
            TagEnd::HtmlBlock => self.end_html_block(),
            TagEnd::List(ordered) => self.out.push_str(if ordered { "</ol>\n" } else { "</ul>\n" }),
            TagEnd::Item => {
                self.beside_item();
                self.out.push_str("</li>\n");
            }
            TagEnd::FootnoteDefinition => self.footnotes.end(&mut self.out),
            TagEnd::Table => self.end_table(),
            TagEnd::TableHead | TagEnd::TableRow => self.end_row(),
            TagEnd::TableCell => self.end_cell(),
            TagEnd::Emphasis => self.out.push_str("</em>"),
            TagEnd::Strong => self.out.push_str("</strong>"),
            TagEnd::Strikethrough => self.out.push_str("</del>"),
            TagEnd::Link => self.end_link(),
            TagEnd::Image
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::MetadataBlock(_) => {}
        }
    }

    fn words(&mut self, words: &str) {
        self.name_link(words);
        escape::text(&mut self.out, words);
    }

    fn in_link(&self) -> bool {
        self.links.iter().any(|link| link.shown.is_some())
    }

    /// Says that these words stand in the link that is open.
    fn name_link(&mut self, words: &str) {
        if let Some(link) = self.links.last_mut() {
            link.named |= !words.trim_ascii().is_empty();
        }
    }

    /// Starts a block; what goes beside the item's first text goes before it.
    fn block(&mut self, tag: &str) {
        self.beside_item();
        self.out.push_str(tag);
    }

    fn beside_item(&mut self) {
        if let Some(beside) = self.item.take() {
            self.out.push_str(&beside);
        }
    }

    /// Opens an element, with name and class if it is a clause, and gives what goes beside it.
    pub(super) fn open_clause(&mut self, tag: &str, clause: Option<&Clause>) -> Option<String> {
        self.out.push('<');
        self.out.push_str(tag);
        let beside = clause.and_then(|clause| {
            self.out.push_str(" class=\"clause\" id=\"");
            escape::attribute(&mut self.out, &clause.anchor);
            self.out.push('"');
            (self.options.clause)(&clause.anchor)
        });
        self.out.push('>');
        let mut also = String::new();
        clause.into_iter().for_each(|clause| self.options.also_called(&clause.anchor, &mut also));
        if also.is_empty() {
            return beside;
        }
        if tag == "tr" {
            // Only a cell may hold anything: the one that what stands beside the row goes into.
            return Some(also + &beside.unwrap_or_default());
        }
        self.out.push_str(&also);
        beside
    }

    fn start_paragraph(&mut self, range: &Range<usize>) {
        let clause = self.clauses.at(ClauseKind::Paragraph, range);
        if clause.is_some() {
            self.paragraph = Some(self.open_clause("div", clause).unwrap_or_default());
        }
        self.out.push_str("<p>");
    }

    fn end_paragraph(&mut self) {
        self.out.push_str("</p>\n");
        self.beside_item();
        if let Some(beside) = self.paragraph.take() {
            self.out.push_str(&beside);
            self.out.push_str("</div>\n");
        }
    }

    fn inline_html(&mut self, html: &str) {
        if html.starts_with("<!--") {
            if !matches!(comment::read(html), Comment::Clause(_)) {
                return;
            }
            self.out.truncate(self.out.trim_end_matches(' ').len());
        } else if is_break(html) {
            self.out.push_str("<br>");
        } else {
            self.words(html);
        }
    }

    fn end_html_block(&mut self) {
        let block = self.html_block.take().unwrap_or_default();
        let shown: String = comment::pieces(&block)
            .filter_map(|(_, piece)| match piece {
                Piece::Html(html) => Some(html),
                Piece::Comment(_) | Piece::Unclosed(_) => None,
            })
            .collect();
        if !shown.trim().is_empty() {
            self.out.push_str("<p class=\"raw\">");
            escape::text(&mut self.out, shown.trim());
            self.out.push_str("</p>\n");
        }
    }

    fn start_link(&mut self, kind: LinkType, target: CowStr<'t>, title: &str) {
        let target = if kind == LinkType::Email { format!("mailto:{target}").into() } else { target };
        let target = if self.in_link() { None } else { self.resolve(target) };
        if let Some(target) = &target {
            self.open_link(target, title);
        }
        self.links.push(Link { shown: target, named: false });
    }

    /// Where a target leads on the site, if it may be a link at all.
    fn resolve(&self, target: CowStr<'t>) -> Option<CowStr<'t>> {
        match links::classify(&target) {
            Target::External | Target::Mail => Some(target),
            Target::Unsafe => None,
            Target::Site => match (self.options.link)(&target) {
                Some(other) => (links::classify(&other) != Target::Unsafe).then(|| other.into()),
                None => Some(target),
            },
        }
    }

    fn open_link(&mut self, target: &str, title: &str) {
        self.out.push_str("<a href=\"");
        escape::target(&mut self.out, target);
        self.title(title);
        if links::classify(target) == Target::External {
            self.out.push_str("\" rel=\"noopener noreferrer");
        }
        self.out.push_str("\">");
    }

    /// Goes on from an open attribute to a title, if there is one, and leaves that open.
    fn title(&mut self, title: &str) {
        if !title.is_empty() {
            self.out.push_str("\" title=\"");
            escape::attribute(&mut self.out, title);
        }
    }

    fn end_link(&mut self) {
        let Some(link) = self.links.pop() else { return };
        if let Some(outer) = self.links.last_mut() {
            outer.named |= link.named;
        }
        if let Some(target) = link.shown {
            if !link.named {
                escape::text(&mut self.out, &target);
            }
            self.out.push_str("</a>");
        }
    }

    /// An image of the site is shown; one on another host is a link; any other is its words.
    fn end_image(&mut self) {
        let Some(image) = self.image.take() else { return };
        let alt = image.alt.trim();
        let empty = image.target.is_empty() || image.target.starts_with('#');
        match self.resolve(image.target).filter(|_| !empty) {
            Some(target) => match links::classify(&target) {
                Target::Site => {
                    self.name_link(alt);
                    self.out.push_str("<img src=\"");
                    escape::target(&mut self.out, &target);
                    self.out.push_str("\" alt=\"");
                    escape::attribute(&mut self.out, alt);
                    self.title(&image.title);
                    self.out.push_str("\">");
                }
                Target::External if !self.in_link() => {
                    self.open_link(&target, &image.title);
                    escape::text(&mut self.out, if alt.is_empty() { &target } else { alt });
                    self.out.push_str("</a>");
                }
                _ => self.words(alt),
            },
            None => self.words(alt),
        }
    }

    fn finish(mut self) -> Rendered {
        self.close_stages();
        self.footnotes.finish(self.options, &mut self.out);
        Rendered { html: self.out }
    }
}
