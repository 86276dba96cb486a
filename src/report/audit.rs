//! What an auditor is handed of a quarter: the population, every rule's verdict, a sample that can be drawn again, what is
//! tested of each sampled change, and what stood behind it (policies, people, waivers).
//!
//! Data and texts only: what becomes a file, and a page, is decided elsewhere. Nothing here judges.

mod attributes;
mod held;
mod readme;
mod sample;
mod sheets;
mod workpaper;

pub use attributes::{ATTRIBUTES, Attribute};
pub use held::{Evidence, Held};
pub use readme::{readme, source_rows};
pub use sample::{SIZES, Sample, Stratum, draw, usual_size};
pub use sheets::{
    attributes_sheet, matrix_sheet, people_sheet, policies_sheet, policy_file, population_sheet, sample_sheet,
    source_sheet, used, verdicts_sheet, waivers_sheet,
};
pub use workpaper::{record_file, workpaper, workpaper_sheet};

use jiff::Timestamp;

use crate::model::{Ledger, Quarter};
use crate::source::SourceSet;

/// Everything an audit of a quarter is made from.
#[derive(Clone, Copy)]
pub struct Audit<'a> {
    /// The texts.
    pub sources: &'a SourceSet,
    /// All documents.
    pub ledger: &'a Ledger,
    /// The quarter.
    pub quarter: Quarter,
    /// Until when things are judged.
    pub as_of: Timestamp,
    /// The commit, where there is one.
    pub commit: Option<&'a str>,
    /// Whether an input differs from it.
    pub dirty: bool,
    /// The quarter's records, by the instant that places them in it.
    pub held: &'a [Held],
    /// The auditor's seed.
    pub seed: &'a str,
    /// How many were asked for.
    pub asked: Option<usize>,
    /// What was drawn of them.
    pub sample: &'a Sample,
}
