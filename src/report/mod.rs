//! What judging comes to for readers: the output formats of `check`, and the data of internal pages.
//!
//! Every number carries the ids behind it. Nothing here judges, reads files or renders a page.

pub mod check_json;
pub mod pages;
mod tally;

pub use tally::Tally;
