//! What an import could not take over: each thing once, how often it was met and where first.

use std::collections::BTreeMap;

use crate::source::Location;

/// What kind of thing was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// Somebody who is not in people.yaml.
    Person,
    /// A word for which there is none of ours.
    Word,
    /// A time that is no instant.
    Time,
    /// A fact that lacks something without which it says nothing.
    Fact,
    /// A field of the source that has no place in a record.
    Field,
    /// Characters that no document may hold, or a secret.
    Text,
}

impl About {
    /// All, in the order in which they are said.
    pub const ALL: [Self; 6] = [Self::Person, Self::Word, Self::Time, Self::Fact, Self::Text, Self::Field];

    /// What stands before them in a report.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Person => "people",
            Self::Word => "words",
            Self::Time => "times",
            Self::Fact => "facts",
            Self::Field => "fields",
            Self::Text => "text",
        }
    }
}

/// One thing that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What kind of thing.
    pub about: About,
    /// What it is.
    pub what: String,
    /// How often it was met.
    pub count: usize,
    /// Where first.
    pub first: Location,
    /// In which record first; empty where it belongs to none.
    pub record: String,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Notes(BTreeMap<(About, String), Note>);

/// How many different things of one kind are told apart; what comes after them is counted as one.
const KINDS: usize = 200;

impl Notes {
    pub(super) fn add(&mut self, about: About, what: String, first: Location, record: &str) {
        let full = self.0.len() >= KINDS && !self.0.contains_key(&(about, what.clone()));
        let what = if full { "more of them".to_owned() } else { what };
        let note = Note { about, what: what.clone(), count: 0, first, record: record.to_owned() };
        self.0.entry((about, what)).or_insert(note).count += 1;
    }

    /// All, by kind, and in the order in which they stand in the export.
    pub(super) fn into_list(self) -> Vec<Note> {
        let mut list: Vec<Note> = self.0.into_values().collect();
        list.sort_by(|a, b| (a.about, a.first, &a.what).cmp(&(b.about, b.first, &b.what)));
        list
    }
}
