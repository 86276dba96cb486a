//! Paper: policies and reports as PDF, typeset by typst (cargo feature `pdf`).
//!
//! Role: a [`Document`] of plain values goes in, the bytes of a PDF come out: tagged (PDF/UA-1) and made to be kept
//! (PDF/A-2a), with bookmarks, page numbers, and its classification on every page. Invariants: what people wrote reaches
//! typst as values and is never read as its markup; typst sees one template of ours and our fonts, and neither files nor
//! the clock; [`Document::text`] is everything that can be read in it, for the leak gate. Does not read the model, does
//! not know what is public (public papers are made in `public`, from `Public*` alone), and writes no files.

mod document;
mod fonts;
mod internal;
mod public;
mod records;
mod report;
mod text;
mod values;
mod world;

#[cfg(test)]
mod tests;

pub use document::{Chapter, Cover, Document, Drawing, Figure, Part, Stamp};
pub use internal::{internal_collection, internal_policy};
pub use public::{public_collection, public_policy};
pub use report::quarter_report;
pub use world::{Paper, Refused};
