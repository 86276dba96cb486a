//! A text as blocks and words, for what is not HTML: paper. Plain values; nothing here reads markdown or lays out.

/// A block of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading {
        /// From 1, never skipping one on the way down.
        level: u8,
        /// Its anchor.
        anchor: String,
        /// Its words.
        words: Vec<Inline>,
        /// What stands beside it, where a rule checks it.
        tick: Option<String>,
    },
    /// A paragraph.
    Paragraph {
        /// Its anchor, where it is a clause.
        anchor: Option<String>,
        /// Its words.
        words: Vec<Inline>,
        /// What stands beside it, where a rule checks it.
        tick: Option<String>,
    },
    /// A list.
    List {
        /// Its first number, where it is numbered.
        first: Option<u64>,
        /// Its items.
        items: Vec<Item>,
    },
    /// A quotation.
    Quote(Vec<Block>),
    /// Code or other text that keeps its lines.
    Code(String),
    /// A table.
    Table(Table),
    /// A line across.
    Rule,
    /// The footnotes of a text, each by its number.
    Notes(Vec<Note>),
}

/// An item of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// Its anchor, where it is a clause.
    pub anchor: Option<String>,
    /// What stands beside it, where a rule checks it.
    pub tick: Option<String>,
    /// What stands in it.
    pub blocks: Vec<Block>,
}

/// A table. Rows may be shorter than its head.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Which columns hold numbers: they are set to the end.
    pub numbers: Vec<bool>,
    /// Shares of the width, one for each column; none: as wide as their words ask.
    pub widths: Vec<u8>,
    /// The words above each column.
    pub head: Vec<Vec<Inline>>,
    /// The rows below.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its anchor, where it is a clause.
    pub anchor: Option<String>,
    /// What stands beside it, where a rule checks it.
    pub tick: Option<String>,
    /// Its cells.
    pub cells: Vec<Vec<Inline>>,
}

/// A footnote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// Its number, from 1.
    pub number: usize,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A run of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Words as they are.
    Text(String),
    /// Code.
    Code(String),
    /// Stressed words.
    Emphasis(Vec<Inline>),
    /// Strong words.
    Strong(Vec<Inline>),
    /// Words struck through.
    Struck(Vec<Inline>),
    /// A link: where it leads, and its words.
    Link(String, Vec<Inline>),
    /// The mention of a footnote, by its number.
    Mention(usize),
    /// A picture, by what it shows.
    Picture(String),
    /// The end of a line.
    Break,
}

impl Inline {
    /// Plain words.
    pub fn text(words: impl Into<String>) -> Self {
        Self::Text(words.into())
    }
}

impl Block {
    /// A paragraph of plain words.
    pub fn plain(words: impl Into<String>) -> Self {
        Self::words(vec![Inline::text(words)])
    }

    /// A paragraph of these words.
    pub fn words(words: Vec<Inline>) -> Self {
        Self::Paragraph { anchor: None, words, tick: None }
    }

    /// A heading of plain words.
    pub fn heading(level: u8, anchor: impl Into<String>, words: impl Into<String>) -> Self {
        Self::Heading { level, anchor: anchor.into(), words: vec![Inline::text(words)], tick: None }
    }
}
