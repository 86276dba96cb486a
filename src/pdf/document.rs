//! What is put on paper: one or several chapters of blocks, and what stands on every page.

use jiff::civil::Date;

use crate::markdown::Block;

/// A document.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its title.
    pub title: String,
    /// Its language, a BCP 47 tag.
    pub language: String,
    /// Whether that is written from right to left.
    pub rtl: bool,
    /// A margin beside the text holds what stands beside its sentences; else the text is as wide as the page allows.
    pub noted: bool,
    /// Whose document it is.
    pub organisation: String,
    /// What stands beside that on every page: that everything in it is made up.
    pub remark: Option<String>,
    /// What it is told from others by, from build to build: its place.
    pub ident: String,
    /// The day its contents are of; never the clock's.
    pub date: Date,
    /// A first page that lists its chapters, each of which begins on a page of its own; none where there is but one.
    pub cover: Option<Cover>,
    /// Its chapters.
    pub chapters: Vec<Chapter>,
}

/// The first page of a collection.
#[derive(Debug, Clone, Default)]
pub struct Cover {
    /// A line above the title: whose it is.
    pub kind: String,
    /// One sentence below the title.
    pub lede: String,
    /// Who may read the whole.
    pub stamp: Stamp,
}

/// Who may read a page: at its head.
#[derive(Debug, Clone, Default)]
pub struct Stamp {
    /// `Public`, `Internal`, `Confidential`.
    pub words: String,
    /// Anybody.
    pub public: bool,
}

/// A chapter: a policy in one version, a report.
#[derive(Debug, Clone, Default)]
pub struct Chapter {
    /// A line above the title: `Policy`.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// What stands at the foot of its pages: title, version, dates.
    pub foot: String,
    /// Who may read it.
    pub stamp: Stamp,
    /// One sentence below the title.
    pub lede: Option<String>,
    /// What a reader must know first: that it is not in force any more.
    pub notices: Vec<String>,
    /// Labels and what they say.
    pub facts: Vec<(String, String)>,
    /// What a tick means, where there are any.
    pub ticks: Option<String>,
    /// What stands in it.
    pub parts: Vec<Part>,
    /// Whether its headings are listed before the text.
    pub contents: bool,
}

/// A part of a chapter.
#[derive(Debug, Clone)]
pub enum Part {
    /// Text.
    Text(Vec<Block>),
    /// Numbers that stand out.
    Figures(Vec<Figure>),
    /// Drawings, each with a caption; narrow ones stand side by side.
    Drawings {
        /// The drawings.
        list: Vec<Drawing>,
        /// They take the whole width.
        wide: bool,
    },
}

/// A number that stands out.
#[derive(Debug, Clone, Default)]
pub struct Figure {
    /// `96.2 %`.
    pub value: String,
    /// `kept every rule`.
    pub label: String,
    /// Its base, what it was before, its target: a line each.
    pub lines: Vec<String>,
}

/// A drawing.
#[derive(Debug, Clone, Default)]
pub struct Drawing {
    /// An SVG document.
    pub svg: String,
    /// What it shows, for who cannot see it.
    pub alt: String,
    /// Its title.
    pub title: String,
    /// What stands below the title.
    pub caption: String,
}
