//! Headings as HTML: their ids, the level they have on the page, the small link beside them, and runs of stages.
//!
//! Levels never skip one on the way down, whatever the text does, because readers who jump by headings would look for
//! what is missing. Does not decide which headings are stages.

use super::render::Page;
use super::stages::Stage;
use super::{Clause, Heading, Outline, RenderOptions, escape};
use std::ops::Range;

/// Where in its sections a text is.
pub(super) struct Sections<'o> {
    headings: &'o [Heading],
    stages: &'o [Stage],
    /// Index of the heading that comes next.
    next: usize,
    /// Index of the title that is left out.
    dropped: Option<usize>,
    /// The level at which headings start on the page.
    base: u8,
    /// Levels as written and as shown, of the sections that are open.
    levels: Vec<(u8, u8)>,
    in_stages: bool,
    /// Inside a heading that is left out.
    pub(super) muted: bool,
    /// The heading that is open.
    pub(super) open: Option<Open<'o>>,
    /// The heading above.
    pub(super) above: &'o str,
}

/// A heading that is open.
pub(super) struct Open<'o> {
    anchor: Option<&'o str>,
    shown: u8,
    /// Bytes of words not to be shown: a stage's number.
    skip: usize,
    /// Where `{#name}` starts.
    cut: Option<u32>,
    beside: Option<String>,
}

impl<'o> Sections<'o> {
    /// At the start of a text.
    pub(super) fn new(outline: &'o Outline, options: &RenderOptions<'_>) -> Self {
        let title = outline.headings.iter().position(|h| h.level == 1 && h.top);
        Self {
            headings: &outline.headings,
            stages: if options.stages { &outline.stages } else { &[] },
            next: 0,
            dropped: title.filter(|_| options.drop_first_h1),
            base: if options.drop_first_h1 || options.below_h1 { 2 } else { 1 },
            levels: Vec::new(),
            in_stages: false,
            muted: false,
            open: None,
            above: "",
        }
    }

    /// The level at which a heading is shown: one below the section it is in; as written where it is in none.
    fn level(&mut self, written: u8) -> u8 {
        while self.levels.last().is_some_and(|(above, _)| *above >= written) {
            self.levels.pop();
        }
        let shown = match self.levels.last() {
            Some((_, above)) => (above + 1).min(6),
            None if self.base > 1 => self.base,
            None => written,
        };
        self.levels.push((written, shown));
        shown
    }

    /// Enters a heading without HTML: the heading, and the level it has below a title; nothing for the title that is
    /// left out, whose words are muted.
    pub(super) fn enter(&mut self, written: u8, range: &Range<usize>) -> Option<(Option<&'o Heading>, u8)> {
        let index = self.next;
        self.next += 1;
        let heading = self.headings.get(index).filter(|h| h.block as usize == range.start);
        if self.dropped == Some(index) {
            self.muted = true;
            return None;
        }
        let shown = self.level(written);
        let cut = heading.and_then(|h| h.name_at);
        self.open = Some(Open { anchor: None, shown, skip: 0, cut, beside: None });
        Some((heading, shown))
    }

    /// The part of a heading's words that is shown.
    pub(super) fn shown<'w>(&mut self, words: &'w str, range: &Range<usize>) -> &'w str {
        let Some(open) = &mut self.open else { return words };
        let mut shown = words;
        if let Some(cut) = open.cut.map(|cut| cut as usize).filter(|cut| *cut < range.end) {
            shown = words.get(..cut.saturating_sub(range.start)).unwrap_or("").trim_end();
        }
        let skip = open.skip.min(shown.len());
        open.skip -= skip;
        shown.get(skip..).unwrap_or(shown)
    }
}

impl<'o> Page<'o, '_> {
    /// Opens a heading, and the stage it starts.
    pub(super) fn start_heading(&mut self, level: u8, range: &Range<usize>, clause: Option<&'o Clause>) {
        let index = self.sections.next;
        self.sections.next += 1;
        let headings = self.sections.headings;
        let heading = headings.get(index).filter(|h| h.block as usize == range.start);
        let beside = clause.and_then(|clause| (self.options.clause)(&clause.anchor));
        if self.sections.dropped == Some(index) {
            self.sections.muted = true;
            if let Some(beside) = beside {
                self.out.push_str("<div class=\"clause\">");
                self.out.push_str(&beside);
                self.out.push_str("</div>\n");
            }
            return;
        }
        let skip = self.stage(index, heading);
        let shown = self.sections.level(level);
        self.sections.above = heading.map_or("", |h| &h.text);
        if beside.is_some() {
            self.out.push_str("<div class=\"clause head\">");
        }
        self.out.push_str("<h");
        self.out.push((b'0' + shown) as char);
        if let Some(heading) = heading {
            self.out.push_str(" id=\"");
            escape::attribute(&mut self.out, &heading.anchor);
            self.out.push('"');
        }
        self.out.push('>');
        heading.into_iter().for_each(|h| self.options.also_called(&h.anchor, &mut self.out));
        let cut = heading.and_then(|h| h.name_at);
        self.sections.open = Some(Open { anchor: heading.map(|h| h.anchor.as_str()), shown, skip, cut, beside });
    }

    /// Closes the heading.
    pub(super) fn end_heading(&mut self) {
        let Some(open) = self.sections.open.take() else { return };
        self.out.truncate(self.out.trim_end_matches(' ').len());
        if let (Some(anchor), Some(label)) = (open.anchor, self.options.permalink) {
            self.out.push_str(" <a class=\"anchor\" href=\"#");
            escape::target(&mut self.out, anchor);
            self.out.push_str("\" aria-label=\"");
            escape::attribute(&mut self.out, label);
            self.out.push_str("\"></a>");
        }
        self.out.push_str("</h");
        self.out.push((b'0' + open.shown) as char);
        self.out.push_str(">\n");
        if let Some(beside) = open.beside {
            self.out.push_str(&beside);
            self.out.push_str("</div>\n");
        }
    }

    /// Starts or ends a run of stages where this heading does; how many bytes of its words are the number.
    fn stage(&mut self, index: usize, heading: Option<&Heading>) -> usize {
        let Some((stage, rest)) = self.sections.stages.split_first().filter(|(stage, _)| stage.heading == index) else {
            if heading.is_some_and(|h| h.top && h.level <= super::stages::LEVEL) {
                self.close_stages();
            }
            return 0;
        };
        self.sections.stages = rest;
        if stage.first {
            self.close_stages();
            self.out.push_str("<ol class=\"stages\">\n<li><div>\n");
            self.sections.in_stages = true;
        } else {
            self.out.push_str("</div></li>\n<li><div>\n");
        }
        stage.prefix
    }

    /// Ends the run of stages that is open.
    pub(super) fn close_stages(&mut self) {
        if std::mem::take(&mut self.sections.in_stages) {
            self.out.push_str("</div></li>\n</ol>\n");
        }
    }
}
