//! Markdown, from what people write to what pages show: where front matter ends, which headings and clauses a text
//! has and where they stand, and HTML that is made by allow-list.
//!
//! Invariants: every tag, attribute and link scheme in [`Rendered::html`] is one this layer writes itself; raw HTML of
//! the author appears as escaped text or not at all; no byte below U+0020 but tab and newline leaves; work and output
//! are linear in the input. Diagnostics are made once, by [`outline`]; [`render`] is pure and says nothing.
//!
//! What this layer deliberately does not do: read files, know routes or rules (callers pass lookups), run templates
//! (`{{ … }}` is text), guess at missing structure, or sanitise HTML that others made.

mod anchors;
mod blocks;
pub mod codes;
mod coming;
mod comment;
mod escape;
mod findings;
mod footnotes;
mod front;
mod images;
mod links;
mod outline;
mod outlined;
mod paper;
mod passages;
mod plain;
mod render;
mod sections;
mod stages;
mod tables;
mod walk;
mod words;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_attack;
#[cfg(test)]
mod tests_oracle;
#[cfg(test)]
mod tests_size;

pub use anchors::slug;
pub use blocks::{Block, Inline, Item, Note, Row, Table};
pub use escape::text as escape_text;
pub use front::{Parts, split};
pub use outline::outline;
pub use outlined::Outlined;
pub use paper::{PaperOptions, paper};
pub use passages::{LEFT_OUT, Passage, PassageKind, passages, passages_with_code};
pub use plain::plain;
pub use render::render;

use crate::source::Span;

/// What a text is made of: its headings, its clauses, and what [`render`] must know of it beforehand.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// All headings, in the order of the text.
    pub headings: Vec<Heading>,
    /// All clauses, in the order of the text; every heading is one, too.
    pub clauses: Vec<Clause>,
    /// Targets of links and images that lead to other documents of the site or to anchors, in the order of the text.
    pub links: Vec<LinkTarget>,
    /// Links to other hosts, in their order; of images, too, which are shown as links.
    pub external: Vec<LinkTarget>,
    /// How many words the text has, comments aside.
    pub words: u32,
    /// Numbered sections that [`render`] may show as a list of stages.
    stages: Vec<stages::Stage>,
    /// What ids of footnotes start with, so that no clause has one of them.
    notes: footnotes::Prefix,
}

impl Outline {
    /// The clause with this anchor.
    pub fn clause(&self, anchor: &str) -> Option<&Clause> {
        self.clauses.iter().find(|c| c.anchor == anchor)
    }

    /// The first heading of level 1 that stands in no list or quote: the one [`RenderOptions::drop_first_h1`] leaves
    /// out.
    pub fn title(&self) -> Option<&Heading> {
        self.headings.iter().find(|h| h.level == 1 && h.top)
    }
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6, as written.
    pub level: u8,
    /// Its plain words.
    pub text: String,
    /// Its anchor: `{#name}` where written, else made of its words.
    pub anchor: String,
    /// Its text in the source, without the marks around it.
    pub span: Span,
    /// From the heading's line to the next heading of its level or a higher one.
    pub section: Span,
    /// In no list, quote or footnote.
    top: bool,
    /// Where `{#` starts in the source, if it does.
    name_at: Option<u32>,
    /// Where its block starts.
    block: u32,
}

/// What kind of text makes a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ClauseKind {
    /// A heading, by its anchor.
    Heading,
    /// A paragraph.
    Paragraph,
    /// The first text of a list item.
    Item,
    /// A row of a table.
    Row,
}

/// A piece of text a rule can point at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Its name, unique in the text.
    pub anchor: String,
    /// What it is.
    pub kind: ClauseKind,
    /// Its text in the source: without list marker, comment and trailing newline, first line to last.
    pub span: Span,
    /// Its plain words; the cells of a row are parted by `; `.
    pub text: String,
    /// Where its block starts.
    block: u32,
}

/// Where a link leads that stays on the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkTarget {
    /// As written: `soc2-change.md#x`, `/policies/`, `#x`.
    pub target: String,
    /// The whole link in the source.
    pub span: Span,
    /// It is an image's source.
    pub image: bool,
}

/// How a text is shown.
#[derive(Clone, Copy)]
pub struct RenderOptions<'a> {
    /// Leaves out [`Outline::title`], because the page prints the title itself (with that heading's anchor as its id).
    /// Implies `below_h1`.
    pub drop_first_h1: bool,
    /// The page has a level-1 heading of its own: the text's headings start at level 2.
    pub below_h1: bool,
    /// Shows numbered sections ("Stage 1: Request", "2. Review") as a list of stages.
    pub stages: bool,
    /// What the small link beside a heading is called by screen readers; `None`: no such links.
    pub permalink: Option<&'a str>,
    /// What a table is called by screen readers; its number and the heading above it follow.
    pub table_label: &'a str,
    /// What the list of footnotes is called by screen readers.
    pub notes_label: &'a str,
    /// What the link from a footnote back to the text is called by screen readers; its number follows.
    pub back_label: &'a str,
    /// Other names that a heading or clause answers to, by its anchor: those it had in earlier versions.
    pub also: &'a dyn Fn(&str) -> Vec<String>,
    /// Trusted HTML to be placed beside the clause with that anchor.
    pub clause: &'a dyn Fn(&str) -> Option<String>,
    /// Another target for a relative link or image; `None` keeps it as it is.
    pub link: &'a dyn Fn(&str) -> Option<String>,
}

impl Default for RenderOptions<'_> {
    fn default() -> Self {
        Self {
            drop_first_h1: false,
            below_h1: false,
            stages: false,
            permalink: Some("Link to this section"),
            table_label: "Table",
            notes_label: "Notes",
            back_label: "Back to note",
            also: &|_| Vec::new(),
            clause: &|_| None,
            link: &|_| None,
        }
    }
}

impl RenderOptions<'_> {
    /// Writes the other names that an anchor answers to, each as a place to jump to.
    fn also_called(&self, anchor: &str, out: &mut String) {
        for name in (self.also)(anchor) {
            out.push_str("<span id=\"");
            escape::attribute(out, &name);
            out.push_str("\"></span>");
        }
    }
}

/// A text as HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// Flow content for the inside of a page's `<main>` or `<article>`.
    pub html: String,
}
