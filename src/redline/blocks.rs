//! A version's text as blocks: words with their white space folded, the clause each is, the heading each stands under.

use std::collections::BTreeMap;

use super::Side;
use crate::markdown::{Clause, ClauseKind, PassageKind, passages_with_code};
use crate::source::Span;

/// A heading, paragraph, list item, row or block of code.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) kind: PassageKind,
    /// Its words; the cells of a row are parted by ` | `.
    pub(super) text: String,
    /// The clause it is.
    pub(super) anchor: Option<String>,
    /// Its author named that clause, so that the name stays when the words change.
    pub(super) named: bool,
    /// A rule points at it.
    pub(super) ruled: bool,
    /// The words of the heading it stands under.
    pub(super) section: String,
    pub(super) span: Span,
}

impl Block {
    pub(super) fn is_heading(&self) -> bool {
        matches!(self.kind, PassageKind::Heading(_))
    }

    /// Blocks of one shape may belong together.
    pub(super) fn shape(&self) -> u8 {
        match self.kind {
            PassageKind::Heading(_) => 0,
            PassageKind::Paragraph | PassageKind::Item => 1,
            PassageKind::Header(_) | PassageKind::Row(_) => 2,
            PassageKind::Code => 3,
        }
    }
}

/// The blocks of a version, in the order of its text.
pub(super) fn blocks(side: Side<'_>) -> Vec<Block> {
    let outline = &side.version.outline;
    let clauses: BTreeMap<u32, &Clause> = outline.clauses.iter().map(|c| (c.span.start, c)).collect();
    let mut section = String::new();
    let mut list = Vec::new();
    for passage in passages_with_code(side.text, side.version.body) {
        let cells = passage.cells.iter().map(|cell| fold(&passage.text[cell.clone()]));
        let text = if passage.cells.is_empty() { fold(&passage.text) } else { cells.collect::<Vec<_>>().join(" | ") };
        let span = passage.span();
        let clause = clauses.range(..=span.start).next_back().map(|(_, c)| *c).filter(|c| span.start < c.span.end);
        if let PassageKind::Heading(_) = passage.kind {
            section.clone_from(&text);
        }
        let ruled = clause.is_some_and(|c| side.version.rules.iter().any(|r| r.clause.as_deref() == Some(&*c.anchor)));
        list.push(Block {
            kind: passage.kind,
            text,
            anchor: clause.map(|c| c.anchor.clone()),
            named: clause.is_some_and(|c| c.kind != ClauseKind::Heading),
            ruled,
            section: section.clone(),
            span,
        });
    }
    list
}

/// White space as one space each.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}
