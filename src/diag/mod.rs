//! What is wrong with the user's documents: codes, diagnostics and where they are gathered.
//!
//! A diagnostic states one deviation at one place, says what is right, and what to do. Nothing here stops at the first:
//! whoever reads documents pushes into a [`Sink`] and goes on. Drawing them is [`human`]'s; machine formats are made
//! beside the reports.

pub mod fix;
pub mod human;
pub mod suggest;

use std::collections::BTreeMap;

use crate::source::{FileId, Location, Span};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Said, and no more.
    Note,
    /// Should be looked at; the exit status stays 0.
    Warning,
    /// Must be mended; the exit status is 1.
    Error,
}

impl Level {
    /// The word as it is written in policies, in the configuration and in output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A kind of deviation: its name, its level unless the site says otherwise, and what it means.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// `family/kebab-name`.
    pub name: &'static str,
    /// The level it has by itself.
    pub level: Level,
    /// One or two sentences: what it means and why it matters.
    pub meaning: &'static str,
    /// Whether the site's `levels` may lower it (codes of the leak gate cannot be).
    pub fixed: bool,
}

impl Code {
    /// A deviation that must be mended.
    pub const fn error(name: &'static str, meaning: &'static str) -> Self {
        Self { name, level: Level::Error, meaning, fixed: false }
    }

    /// A deviation that should be looked at.
    pub const fn warning(name: &'static str, meaning: &'static str) -> Self {
        Self { name, level: Level::Warning, meaning, fixed: false }
    }

    /// Something worth saying.
    pub const fn note(name: &'static str, meaning: &'static str) -> Self {
        Self { name, level: Level::Note, meaning, fixed: false }
    }

    /// The same code at a level no configuration can lower.
    #[must_use]
    pub const fn unlowerable(mut self) -> Self {
        self.fixed = true;
        self
    }
}

/// A place and what is to be said about it. The text is short, in lower case, without a full stop.
#[derive(Clone, Debug)]
pub struct Label {
    /// Where.
    pub at: Location,
    /// What is here.
    pub text: String,
}

/// Where a diagnostic stands: in a text, or at a path whose text was never read.
#[derive(Clone, Debug)]
pub enum Place {
    /// In a file's text.
    Text(Location),
    /// A file or folder as a whole.
    Path(Box<str>),
}

/// The rule of a policy that a finding speaks for: what machine formats group it by and know it again by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FromRule {
    /// The policy's id.
    pub policy: Box<str>,
    /// Its version that judged.
    pub version: Box<str>,
    /// The rule's id.
    pub rule: Box<str>,
    /// The clause it stands for.
    pub clause: Option<Box<str>>,
    /// The record's id; nothing where the record has none.
    pub record: Option<Box<str>>,
    /// The verdict's word.
    pub verdict: &'static str,
    /// The waiver that lifts it.
    pub waiver: Option<Lifted>,
}

/// A waiver, as far as a finding speaks of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lifted {
    /// Its id.
    pub id: Box<str>,
    /// Its reason, in the words of whoever asked.
    pub reason: Box<str>,
}

/// One deviation.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Its kind.
    pub code: &'static Code,
    /// Its level here; [`Code::level`] unless a rule or the site's `levels` say otherwise.
    pub level: Level,
    /// What is wrong, in one line: lower case, no full stop, values in backticks.
    pub headline: String,
    /// Where.
    pub place: Place,
    /// What is here, at the place; may be empty.
    pub label: String,
    /// Other places that explain it.
    pub others: Vec<Label>,
    /// Facts that do not have a place: arithmetic, zones, dates.
    pub notes: Vec<String>,
    /// What to do; may be empty.
    pub help: String,
    /// A correction that states no fact, if there is one.
    pub fix: Option<fix::Fix>,
    /// The rule it comes from, where it is about a record and a rule.
    pub rule: Option<Box<FromRule>>,
}

impl Diagnostic {
    /// A deviation at a place in a text.
    pub fn new(code: &'static Code, file: FileId, span: Span, headline: impl Into<String>) -> Self {
        Self::with_place(code, Place::Text(Location { file, span }), headline)
    }

    /// A deviation of a file or folder as a whole.
    pub fn of_path(code: &'static Code, path: &str, headline: impl Into<String>) -> Self {
        Self::with_place(code, Place::Path(path.into()), headline)
    }

    fn with_place(code: &'static Code, place: Place, headline: impl Into<String>) -> Self {
        Self {
            code,
            level: code.level,
            headline: headline.into(),
            place,
            label: String::new(),
            others: Vec::new(),
            notes: Vec::new(),
            help: String::new(),
            fix: None,
            rule: None,
        }
    }

    /// Says what stands at the place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.label = text.into();
        self
    }

    /// Points at another place.
    #[must_use]
    pub fn other(mut self, at: Location, text: impl Into<String>) -> Self {
        self.others.push(Label { at, text: text.into() });
        self
    }

    /// Adds a fact without a place.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = text.into();
        self
    }

    /// Says how a word at this place is spelt, where that is known.
    #[must_use]
    pub fn fix(mut self, span: Span, was: &str, with: Option<&str>) -> Self {
        self.fix = with.map(|with| fix::Fix { span, was: was.into(), with: with.into() });
        self
    }

    /// Says which rule it comes from.
    #[must_use]
    pub fn from_rule(mut self, rule: FromRule) -> Self {
        self.rule = Some(Box::new(rule));
        self
    }

    /// Gives it another level.
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// Whether it stands in a text before this offset or at it, or in none.
    pub fn starts_before(&self, offset: u32) -> bool {
        match &self.place {
            Place::Text(at) => at.span.start <= offset,
            Place::Path(_) => true,
        }
    }

    /// What a stable order of output sorts by: file, place, code, words, rule.
    pub fn sort_key(&self) -> (Option<Location>, &str, &'static str, &str, &str) {
        let rule = self.rule.as_ref().map_or("", |r| &*r.rule);
        match &self.place {
            Place::Text(at) => (Some(*at), "", self.code.name, &self.headline, rule),
            Place::Path(path) => (None, path, self.code.name, &self.headline, rule),
        }
    }
}

/// Where diagnostics are gathered.
#[derive(Debug, Default)]
pub struct Sink {
    list: Vec<Diagnostic>,
    /// How many were ever added.
    pushed: usize,
    /// How many of those in the list no rule made, and how many may gather before a flood is cut.
    loose: usize,
    cut_at: usize,
}

impl Sink {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.pushed += 1;
        self.loose += usize::from(diagnostic.rule.is_none());
        self.list.push(diagnostic);
        self.cut();
    }

    /// Adds what is held already, and so is no flood.
    pub fn extend_held<'d>(&mut self, held: impl IntoIterator<Item = &'d Diagnostic>) {
        let before = self.list.len();
        self.list.extend(held.into_iter().cloned());
        self.pushed += self.list.len() - before;
        self.loose += self.list[before..].iter().filter(|found| found.rule.is_none()).count();
    }

    /// Adds all of another.
    pub fn append(&mut self, mut other: Self) {
        self.pushed += other.pushed;
        self.loose += other.loose;
        self.list.append(&mut other.list);
        self.cut();
    }

    /// How many were added so far, whether or not they are still held: more than before, where reading something found
    /// something.
    pub fn pushed(&self) -> usize {
        self.pushed
    }

    /// Lets go of what [`Self::into_sorted`] would not list, once very many have gathered: a file of nothing but mistakes
    /// takes no more room than a thousand of each kind.
    fn cut(&mut self) {
        if self.loose < self.cut_at.max(FLOOD) {
            return;
        }
        let mut order: Vec<usize> = (0..self.list.len()).filter(|n| self.list[*n].rule.is_none()).collect();
        order.sort_by(|a, b| self.list[*a].sort_key().cmp(&self.list[*b].sort_key()));
        let mut held = vec![true; self.list.len()];
        let mut listed: BTreeMap<(FileId, &str), usize> = BTreeMap::new();
        let mut last: Option<usize> = None;
        for n in order {
            let found = &self.list[n];
            let Place::Text(at) = &found.place else { continue };
            let twice = last.is_some_and(|last| self.list[last].sort_key() == found.sort_key());
            let count = listed.entry((at.file, found.code.name)).or_default();
            *count += usize::from(!twice);
            // One more than is listed: it is how the list knows that there were more.
            held[n] = !twice && *count <= LISTED + 1;
            last = Some(n);
        }
        let mut held = held.into_iter();
        self.list.retain(|_| held.next().unwrap_or(true));
        self.loose = self.list.iter().filter(|found| found.rule.is_none()).count();
        self.cut_at = 2 * self.loose;
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All, as they were pushed.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// All, as they were pushed, to be changed where they stand.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Diagnostic> {
        self.list.iter_mut()
    }

    /// All, in the order of their places.
    pub fn into_iter_by_place(mut self) -> impl Iterator<Item = Diagnostic> {
        self.list.sort_by_key(|found| match &found.place {
            Place::Text(at) => at.span.start,
            Place::Path(_) => 0,
        });
        self.list.into_iter()
    }

    /// All, in the order of their places, each once; of one code in one file no more than anybody would read. What a
    /// rule finds is not cut: there is no more of it than records times rules, and each counts.
    pub fn into_sorted(self) -> Vec<Diagnostic> {
        // Numbers are sorted, because findings are large.
        let mut order: Vec<usize> = (0..self.list.len()).collect();
        order.sort_by(|a, b| self.list[*a].sort_key().cmp(&self.list[*b].sort_key()));
        order.dedup_by(|a, b| self.list[*a].sort_key() == self.list[*b].sort_key());
        let mut listed: BTreeMap<(FileId, &str), (usize, usize)> = BTreeMap::new();
        let mut kept: Vec<Diagnostic> = Vec::with_capacity(order.len());
        let mut all: Vec<Option<Diagnostic>> = self.list.into_iter().map(Some).collect();
        for found in order.into_iter().filter_map(|number| all[number].take()) {
            if let (Place::Text(at), None) = (&found.place, &found.rule) {
                let (count, last) = listed.entry((at.file, found.code.name)).or_default();
                *count += 1;
                if *count > LISTED {
                    if *count == LISTED + 1 {
                        kept[*last].notes.push("further findings of this code in this file are not listed".to_owned());
                    }
                    continue;
                }
                *last = kept.len();
            }
            kept.push(found);
        }
        kept
    }
}

/// How many findings of one code are listed for one file.
const LISTED: usize = 1_000;
/// How many findings gather before those are let go of that are not listed.
const FLOOD: usize = 16_384;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floods_are_cut_and_said() {
        static CODE: Code = Code::error("record/unknown-key", "");
        let mut sink = Sink::new();
        for n in 0..3_000 {
            sink.push(Diagnostic::new(&CODE, FileId(n % 2), Span::at(n as usize), "x"));
        }
        let listed = sink.into_sorted();
        assert_eq!(listed.len(), 2 * LISTED);
        assert!(listed[LISTED - 1].notes[0].contains("not listed") && listed[LISTED - 2].notes.is_empty());
    }

    #[test]
    fn what_is_listed_in_full_says_nothing_of_more() {
        static CODE: Code = Code::error("record/unknown-key", "");
        let mut sink = Sink::new();
        (0..LISTED).for_each(|n| sink.push(Diagnostic::new(&CODE, FileId(0), Span::at(n), "x")));
        assert!(sink.into_sorted().iter().all(|found| found.notes.is_empty()));
    }

    #[test]
    fn a_flood_is_not_held_and_what_is_listed_is_the_same() {
        static CODE: Code = Code::error("record/unknown-key", "");
        let rule = FromRule {
            policy: "p".into(),
            version: "1".into(),
            rule: "r".into(),
            clause: None,
            record: None,
            verdict: "fail",
            waiver: None,
        };
        let mut sink = Sink::new();
        // From the last to the first, each twice, with one of a rule here and there.
        for n in (0..5 * FLOOD).rev() {
            sink.push(Diagnostic::new(&CODE, FileId(0), Span::at(n / 2), "x"));
            if n % FLOOD == 0 {
                sink.push(Diagnostic::new(&CODE, FileId(0), Span::at(n), "y").from_rule(rule.clone()));
            }
        }
        assert!(sink.len() < 2 * FLOOD && sink.pushed() == 5 * FLOOD + 5, "{} {}", sink.len(), sink.pushed());
        let listed = sink.into_sorted();
        let starts = |found: &&Diagnostic| found.rule.is_none();
        let first: Vec<bool> = listed.iter().filter(starts).map(|f| f.starts_before(LISTED as u32 - 1)).collect();
        assert!(first.len() == LISTED && first.iter().all(|first| *first), "{}", first.len());
        assert_eq!(listed.len(), LISTED + 5, "what rules find is not cut");
        let last = listed.iter().rfind(starts).expect("some are listed");
        assert_eq!(last.notes.len(), 1, "that there were more is said once");
        // Where nothing comes after the flood was cut, too.
        let mut sink = Sink::new();
        (0..FLOOD).for_each(|n| sink.push(Diagnostic::new(&CODE, FileId(0), Span::at(n), "x")));
        assert_eq!(sink.into_sorted().last().map(|found| found.notes.len()), Some(1));
    }
}
