//! Public pages written by hand, and the lists they show.

use crate::markdown::Outline;
use crate::source::{FileId, Location, Span};

/// A page of `content/`.
#[derive(Debug)]
pub struct ContentPage {
    /// Its file.
    pub file: FileId,
    /// Its place on the site without slashes at either end: empty for the home page, `a/b` for `content/a/b.md`.
    pub place: String,
    /// Its title.
    pub title: String,
    /// One sentence for lists and search engines.
    pub summary: Option<String>,
    /// Where it stands in the navigation; not there where absent.
    pub nav: Option<u32>,
    /// Other paths it answers to.
    pub aliases: Vec<Alias>,
    /// Its text.
    pub body: Span,
    /// Its headings.
    pub outline: Outline,
}

/// Another path that a page or policy answers to, as it was called before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The path, without slashes at either end.
    pub place: String,
    /// Where it is written.
    pub span: Span,
}

impl ContentPage {
    /// A place in its file.
    pub fn at(&self, span: Span) -> Location {
        Location { file: self.file, span }
    }
}

/// A list of `content/data`: rows of named values, in the order they are written.
#[derive(Debug)]
pub struct DataList {
    /// Its file.
    pub file: FileId,
    /// The file's name without ending.
    pub name: String,
    /// The rows' keys, in the order of their first mention.
    pub columns: Vec<String>,
    /// As many cells a row as there are columns.
    pub rows: Vec<Vec<Option<String>>>,
}
