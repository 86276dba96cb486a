//! What is put on paper: one or several chapters of blocks, and what stands on every page.

use jiff::civil::Date;

use crate::markdown::Block;

/// A document.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its title.
    pub title: String,
    /// A line above the title: `Policy`.
    pub kind: String,
    /// One sentence below the title of a collection.
    pub lede: Option<String>,
    /// Its language, a BCP 47 tag.
    pub language: String,
    /// Whether that is written from right to left.
    pub rtl: bool,
    /// Whose document it is.
    pub organisation: String,
    /// Whether everything in it is made up.
    pub demonstration: bool,
    /// What it is told from others by, from build to build: its place.
    pub ident: String,
    /// The day its contents are of; never the clock's.
    pub date: Date,
    /// Several chapters, each on a page of its own, after a page that lists them.
    pub collection: bool,
    /// Its chapters: one, or those of a collection.
    pub chapters: Vec<Chapter>,
}

/// A chapter: a policy in one version, a report.
#[derive(Debug, Clone, Default)]
pub struct Chapter {
    /// Its title.
    pub title: String,
    /// What stands at the foot of its pages: title, version, dates.
    pub foot: String,
    /// `Public`, `Internal`, `Confidential`: at the head of each of its pages.
    pub classification: String,
    /// One sentence below the title.
    pub lede: Option<String>,
    /// What a reader must know first: that it is not in force any more.
    pub notices: Vec<String>,
    /// Labels and what they say.
    pub facts: Vec<(String, String)>,
    /// What a tick means, where there are any.
    pub ticks: Option<String>,
    /// Its text.
    pub blocks: Vec<Block>,
    /// Whether its headings are listed before the text.
    pub contents: bool,
}
