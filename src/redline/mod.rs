//! Redlines: what differs between two versions of a policy, clause by clause, and what of it matters.
//!
//! Blocks first (headings, paragraphs, list items, rows, code), then words inside blocks that belong together. How a text
//! is wrapped, emphasised or numbered is no difference, and a block that only moved is no rewrite. A change is material
//! where it touches what a promise hangs on: numbers, units, obligations, deadlines, roles, scope; the rules that are
//! checked always are. Pure; it deliberately does not know who may read a version, and words no page.

mod align;
mod blocks;
mod markup;
mod renamed;
mod rules;
mod weight;
mod words;

#[cfg(test)]
mod tests;

use crate::language::{Language, english};
use crate::markdown::PassageKind;
use crate::model::PolicyVersion;
use crate::source::Span;

use blocks::{Block, blocks};
pub use markup::{kind_word, markup};
pub use renamed::renamed_anchors;
use weight::Terms;

/// A version of a policy and the text of its file.
#[derive(Clone, Copy)]
pub struct Side<'v> {
    /// The version.
    pub version: &'v PolicyVersion,
    /// The whole text of its file.
    pub text: &'v str,
}

/// What differs between two versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redline {
    /// The prose, by the sections of the newer version; what is gone stands where it stood.
    pub sections: Vec<Section>,
    /// The rules, in the order of the newer version; those that are gone come last.
    pub rules: Vec<RuleChange>,
}

/// A section of the newer version; the first one stands before any heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// Its heading; blank before the first.
    pub heading: String,
    /// The heading's anchor in the newer version.
    pub anchor: Option<String>,
    /// What stands in it.
    pub entries: Vec<Entry>,
}

/// Something that stands in a section, or stood there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// So many blocks that are the same.
    Same(usize),
    /// So many blocks that are the same and came from elsewhere.
    Moved {
        /// How many.
        blocks: usize,
        /// The words of the first.
        first: String,
        /// The heading they stood under; blank where there was none.
        from: String,
    },
    /// A block that differs.
    Changed(Change),
}

/// A block that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What became of it.
    pub state: State,
    /// What it is.
    pub kind: PassageKind,
    /// Its words.
    pub runs: Vec<Run>,
    /// What of it matters; none where it is editorial.
    pub reasons: Vec<Reason>,
    /// The clause it is, in the newer version; in the older one where it is gone.
    pub anchor: Option<String>,
    /// The heading it stood under, where it moved.
    pub from: Option<String>,
    /// Where it stands in the newer text; in the older one where it is gone.
    pub span: Span,
}

impl Change {
    /// Whether it touches what a promise hangs on.
    pub fn is_material(&self) -> bool {
        !self.reasons.is_empty()
    }
}

/// What became of a block or a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Only the newer version has it.
    Added,
    /// Only the older version has it.
    Removed,
    /// Both have it, in other words.
    Edited,
}

impl State {
    /// As people say it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Edited => "edited",
        }
    }
}

/// What in a change a promise hangs on, in the order in which it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// A rule is checked otherwise.
    Rule,
    /// A promise that rules point at is gone or new.
    Clause,
    /// A number.
    Number,
    /// A unit of time, or a share.
    Unit,
    /// Must, should, may, not.
    Obligation,
    /// Before, after, within.
    Deadline,
    /// A role.
    Role,
    /// What it covers: all, except, production, a type of change.
    Scope,
}

impl Reason {
    /// As people say it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Clause => "clause",
            Self::Number => "number",
            Self::Unit => "unit",
            Self::Obligation => "obligation",
            Self::Deadline => "deadline",
            Self::Role => "role",
            Self::Scope => "scope",
        }
    }
}

/// Words that are kept, gone or new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    /// In both versions.
    Kept(String),
    /// In the older one.
    Gone(String),
    /// In the newer one.
    New(String),
}

/// A rule that differs, in plain words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleChange {
    /// Its id.
    pub id: String,
    /// What became of it.
    pub state: State,
    /// What it asks.
    pub runs: Vec<Run>,
}

/// How much differs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Changes that touch what a promise hangs on, rules included.
    pub material: usize,
    /// Changes of words alone.
    pub editorial: usize,
    /// Blocks that only moved.
    pub moved: usize,
}

impl Redline {
    /// What differs between an older and a newer version of a policy, rules in English words.
    pub fn of(old: Side<'_>, new: Side<'_>) -> Self {
        Self::in_language(&english(), old, new)
    }

    /// What differs between an older and a newer version of a policy, rules in the words of a language.
    pub fn in_language(language: &Language, old: Side<'_>, new: Side<'_>) -> Self {
        let (before, after) = (blocks(old), blocks(new));
        let terms = Terms::of(old.version, new.version);
        let pairs = align::pairs(&before, &after);
        Self {
            sections: sections(&before, &after, &pairs, &terms),
            rules: rules::changes(language, old.version, new.version),
        }
    }

    /// How much differs.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally { material: self.rules.len(), ..Tally::default() };
        for entry in self.sections.iter().flat_map(|s| &s.entries) {
            match entry {
                Entry::Same(_) => {}
                Entry::Moved { blocks, .. } => tally.moved += blocks,
                Entry::Changed(change) if change.is_material() => tally.material += 1,
                Entry::Changed(_) => tally.editorial += 1,
            }
        }
        tally
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.tally() == Tally::default()
    }
}

/// Puts blocks back into sections: the newer text in its order, what is gone before whatever came after it.
fn sections(old: &[Block], new: &[Block], pairs: &align::Pairs, terms: &Terms) -> Vec<Section> {
    let mut writer = Writer { old, terms, sections: vec![Section::default()], gone: 0, pairs };
    // What is gone stands before what came into its place.
    let mut next = vec![old.len(); new.len() + 1];
    for number in (0..new.len()).rev() {
        next[number] = if let align::Partner::InPlace(at) = pairs.new[number] { at } else { next[number + 1] };
    }
    for (number, block) in new.iter().enumerate() {
        writer.gone_before(next[number]);
        match pairs.new[number] {
            align::Partner::None => writer.changed(State::Added, None, Some(block)),
            align::Partner::InPlace(at) => {
                writer.both(&old[at], block, false);
                writer.gone = at + 1;
            }
            align::Partner::Moved(at) => writer.both(&old[at], block, true),
        }
    }
    writer.gone_before(old.len());
    writer.sections.retain(|s| !s.entries.is_empty());
    writer.sections
}

struct Writer<'b> {
    old: &'b [Block],
    pairs: &'b align::Pairs,
    terms: &'b Terms,
    sections: Vec<Section>,
    /// Blocks of the older text before this one are done with.
    gone: usize,
}

impl Writer<'_> {
    /// What the newer text has no more, up to a block of the older one.
    fn gone_before(&mut self, until: usize) {
        let until = until.max(self.gone);
        let (old, pairs) = (self.old, self.pairs);
        let both = old[self.gone..until].iter().zip(&pairs.old[self.gone..until]);
        both.filter(|(_, partner)| **partner == align::Partner::None)
            .for_each(|(block, _)| self.changed(State::Removed, Some(block), None));
        self.gone = until;
    }

    /// The section that a block of the newer text stands in.
    fn section(&mut self, new: Option<&Block>) -> &mut Section {
        if let Some(block) = new.filter(|b| matches!(b.kind, PassageKind::Heading(_))) {
            let anchor = block.anchor.clone();
            self.sections.push(Section { heading: block.text.clone(), anchor, entries: Vec::new() });
        }
        self.sections.last_mut().expect("there is the one before any heading")
    }

    fn both(&mut self, old: &Block, new: &Block, moved: bool) {
        if old.text != new.text {
            let runs = words::differences(&old.text, &new.text);
            let reasons = weight::reasons(Some(old), Some(new), self.terms);
            let from = moved.then(|| old.section.clone());
            let change = Change {
                state: State::Edited,
                kind: new.kind,
                runs,
                reasons,
                anchor: new.anchor.clone(),
                from,
                span: new.span,
            };
            self.section(Some(new)).entries.push(Entry::Changed(change));
            return;
        }
        let entries = &mut self.section(Some(new)).entries;
        match entries.last_mut() {
            Some(Entry::Same(n)) if !moved => *n += 1,
            Some(Entry::Moved { blocks, from, .. }) if moved && *from == old.section => *blocks += 1,
            _ if moved => {
                let (first, from) = (new.text.clone(), old.section.clone());
                entries.push(Entry::Moved { blocks: 1, first, from });
            }
            _ => entries.push(Entry::Same(1)),
        }
    }

    /// A block that only one version has.
    fn changed(&mut self, state: State, old: Option<&Block>, new: Option<&Block>) {
        let Some(block) = old.or(new) else { return };
        let text = block.text.clone();
        let change = Change {
            state,
            kind: block.kind,
            runs: vec![if new.is_some() { Run::New(text) } else { Run::Gone(text) }],
            reasons: weight::reasons(old, new, self.terms),
            anchor: block.anchor.clone(),
            from: None,
            span: block.span,
        };
        self.section(new).entries.push(Entry::Changed(change));
    }
}
