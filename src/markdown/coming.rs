//! The clauses of a text that have not come yet, met one by one as its events pass. Does not say what a clause is.

use super::{Clause, ClauseKind, Outline};
use std::ops::Range;

/// The clauses that have not come yet.
pub(super) struct Coming<'o>(&'o [Clause]);

impl<'o> Coming<'o> {
    /// All of a text.
    pub(super) fn of(outline: &'o Outline) -> Self {
        Self(&outline.clauses)
    }

    /// The clause of this kind whose block starts here.
    pub(super) fn at(&mut self, kind: ClauseKind, range: &Range<usize>) -> Option<&'o Clause> {
        while let Some((first, rest)) = self.0.split_first() {
            if first.block as usize > range.start {
                return None;
            }
            let here = first.block as usize == range.start;
            if here && first.kind != kind {
                return None;
            }
            self.0 = rest;
            if here {
                return Some(first);
            }
        }
        None
    }
}
