//! What an edit of policies would change: which records would come to another verdict, by which rules, counted by type and by
//! quarter.
//!
//! Both judgements are made elsewhere; here they are held against each other. Rules that are judged once for all records
//! (`retained`, `complete`) are no record's.

mod beside;
mod edits;
mod json;
mod markdown;

use std::collections::BTreeMap;

use crate::diag::Level;
use crate::judge::{self, Judged, Judgement, Verdict};
use crate::model::{ChangeRecord, Ledger, PolicyVersion, Quarter, Rule};
use crate::pipeline::Pair;
use crate::source::SourceSet;

pub use beside::Beside;
pub use edits::{Edit, edits};
pub use json::json;
pub use markdown::markdown;

/// A rule's verdict and level, where the version that judges has the rule.
type Side = Option<(Verdict, Level)>;

/// A rule that comes out otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Its id.
    pub rule: String,
    /// By the old text.
    pub old: Side,
    /// By the new one.
    pub new: Side,
    /// What is wrong, where the new one is not kept; may be empty.
    pub why: String,
}

/// A record of which anything comes out otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Its id.
    pub id: String,
    /// Its file.
    pub path: String,
    /// Its type, as it says.
    pub change_type: String,
    /// Its quarter.
    pub quarter: Option<Quarter>,
    /// What it comes to by the old text.
    pub old: Verdict,
    /// What it comes to by the new one.
    pub new: Verdict,
    /// The rules that differ.
    pub turns: Vec<Turn>,
}

/// What one record adds.
#[derive(Debug)]
pub struct Piece {
    change_type: String,
    quarter: Option<Quarter>,
    changed: Option<Changed>,
}

/// Records that have something in common.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// How many there are.
    pub records: usize,
    /// How many of them go from one verdict to another.
    pub turns: BTreeMap<(Verdict, Verdict), usize>,
}

/// All records, compared.
#[derive(Debug, Default)]
pub struct WhatIf {
    /// All of them.
    pub all: Group,
    /// By type.
    pub types: BTreeMap<String, Group>,
    /// By quarter; none is that of records without any date.
    pub quarters: BTreeMap<Option<Quarter>, Group>,
    /// Those whose verdict changes, in the order of their files.
    pub changed: Vec<Changed>,
    /// Those that keep theirs although a rule comes out otherwise.
    pub kept: Vec<Changed>,
}

/// What was compared with what, in words.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The older state, as it was named.
    pub old: String,
    /// The newer one; the work tree where none was named.
    pub new: Option<String>,
    /// Each record is judged by the version in force on its day; else by the newest text of each state.
    pub in_force: bool,
    /// As of when, as people read it.
    pub as_of: String,
    /// As of when.
    pub instant: String,
    /// What differs between the policies themselves.
    pub edits: Vec<Edit>,
}

impl Asked {
    /// How records were judged, as the end of a sentence.
    pub fn reading(&self) -> String {
        let old = format!("`{}`", self.old);
        let new = self.new.as_ref().map_or_else(|| "the work tree".to_owned(), |rev| format!("`{rev}`"));
        if self.in_force {
            format!("by the version in force on its day, as {old} and as {new} have it")
        } else {
            format!("as if the text of {old}, or that of {new}, had always been in force")
        }
    }
}

/// The rules of two versions, paired by their ids, so that most records are compared without a word about any rule.
#[derive(Debug)]
pub struct Paired {
    /// Of each rule of the new version the number in the old one, and whether it weighs the same.
    old: Vec<Option<(u16, bool)>>,
}

impl Paired {
    /// Pairs the rules of an old version and a new one.
    pub fn of(old: &PolicyVersion, new: &PolicyVersion) -> Self {
        let pair = |rule: &Rule| {
            let number = old.rules.iter().position(|other| other.id == rule.id)?;
            Some((number as u16, old.rules[number].level == rule.level))
        };
        Self { old: new.rules.iter().map(pair).collect() }
    }

    /// Whether a record comes to the same by both, and so does every rule.
    pub fn alike(&self, old: (Verdict, &[Judgement]), new: (Verdict, &[Judgement])) -> bool {
        let same = |now: &Judgement| {
            let Some((number, weighs)) = self.old[now.rule as usize] else { return false };
            let was = old.1.iter().find(|was| was.rule == number);
            was.is_some_and(|was| was.verdict == now.verdict && (weighs || is_kept(now.verdict)))
        };
        old.0 == new.0 && old.1.len() == new.1.len() && new.1.iter().all(same)
    }
}

/// Whether nothing is wrong.
fn is_kept(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Pass | Verdict::NotApplicable)
}

impl Piece {
    /// What a record adds that comes to the same by either state.
    pub fn alike(ledger: &Ledger, record: &ChangeRecord) -> Self {
        Self { change_type: type_of(record), quarter: judge::quarter(ledger, record), changed: None }
    }

    /// Holds what a record comes to by one state against what it comes to by the other.
    pub fn of(sources: &SourceSet, old_ledger: &Ledger, ledger: &Ledger, pair: &Pair<'_>) -> Self {
        let record = &pair.record;
        let change_type = type_of(record);
        let quarter = judge::quarter(ledger, record);
        let turns = turns((old_ledger, &pair.old), (ledger, &pair.new));
        let differs = pair.old.verdict != pair.new.verdict || !turns.is_empty();
        let changed = differs.then(|| changed(sources, record, &change_type, quarter, pair, turns));
        Self { change_type, quarter, changed }
    }
}

fn type_of(record: &ChangeRecord) -> String {
    record.type_.get().map_or_else(|| "no type".to_owned(), |t| t.as_str().to_owned())
}

fn changed(
    sources: &SourceSet,
    record: &ChangeRecord,
    change_type: &str,
    quarter: Option<Quarter>,
    pair: &Pair<'_>,
    turns: Vec<Turn>,
) -> Changed {
    Changed {
        id: record.name().to_owned(),
        path: sources.file(record.file).path().to_owned(),
        change_type: change_type.to_owned(),
        quarter,
        old: pair.old.verdict,
        new: pair.new.verdict,
        turns,
    }
}

/// The rules that come out otherwise, those of the new version first, in its order.
fn turns(old: (&Ledger, &Judged), new: (&Ledger, &Judged)) -> Vec<Turn> {
    let (before, after) = (sides(old), sides(new));
    let find = |list: &[(String, Side, String)], rule: &str| {
        list.iter().find(|(id, ..)| id == rule).and_then(|(_, side, _)| *side)
    };
    let mut turns = Vec::new();
    for (rule, side, why) in &after {
        let was = find(&before, rule);
        let kept = side.is_some_and(|(verdict, _)| is_kept(verdict));
        let level_alone = was.map(|w| w.0) == side.map(|s| s.0) && kept;
        if was != *side && !level_alone {
            let why = if kept { String::new() } else { why.clone() };
            turns.push(Turn { rule: rule.clone(), old: was, new: *side, why });
        }
    }
    // What is kept by the one and not asked by the other is of interest only where nothing else tells why.
    let quiet = |turn: &Turn| {
        let kept = |side: Side| side.is_none_or(|(verdict, _)| is_kept(verdict));
        (turn.old.is_none() || turn.new.is_none()) && kept(turn.old) && kept(turn.new)
    };
    let gone = before.iter().filter(|(rule, ..)| !after.iter().any(|(other, ..)| other == rule));
    turns.extend(gone.map(|(rule, side, _)| Turn { rule: rule.clone(), old: *side, new: None, why: String::new() }));
    if old.1.verdict == new.1.verdict || !turns.iter().all(quiet) {
        turns.retain(|turn| !quiet(turn));
    }
    turns
}

/// Every rule of a record's type, what it comes to, and why.
fn sides((ledger, judged): (&Ledger, &Judged)) -> Vec<(String, Side, String)> {
    let Some(version) = judged.version(ledger) else { return Vec::new() };
    let rule = |version: &PolicyVersion, j: &judge::Judgement| {
        let rule = &version.rules[j.rule as usize];
        let why = j.why.as_deref().map_or_else(String::new, |why| why.headline.clone());
        (rule.id.to_string(), Some((j.verdict, rule.level)), why)
    };
    judged.judgements.iter().map(|j| rule(version, j)).collect()
}

impl WhatIf {
    /// Takes one more record in.
    pub fn add(&mut self, piece: Piece) {
        let Piece { change_type, quarter, changed } = piece;
        let turn = changed.as_ref().map(|c| (c.old, c.new)).filter(|(old, new)| old != new);
        let groups =
            [&mut self.all, self.types.entry(change_type).or_default(), self.quarters.entry(quarter).or_default()];
        for group in groups {
            group.records += 1;
            if let Some(turn) = turn {
                *group.turns.entry(turn).or_default() += 1;
            }
        }
        match turn {
            Some(_) => self.changed.extend(changed),
            None => self.kept.extend(changed),
        }
    }

    /// Types and quarters in which anything changes, each with its name, those of one kind together.
    pub fn groups(&self) -> [(&'static str, Vec<(String, &Group)>); 2] {
        let types = self.types.iter().map(|(name, group)| (name.clone(), group));
        let quarter = |quarter: &Option<Quarter>| quarter.map_or_else(|| "no date".to_owned(), |q| q.to_string());
        let quarters = self.quarters.iter().map(|(name, group)| (quarter(name), group));
        let touched = |(_, group): &(String, &Group)| !group.turns.is_empty();
        [("type", types.filter(touched).collect()), ("quarter", quarters.filter(touched).collect())]
    }
}

impl Group {
    /// How many change.
    pub fn changed(&self) -> usize {
        self.turns.values().sum()
    }

    /// `10 pass → fail, 2 unknown → pass`: what gets worse first.
    pub fn in_words(&self) -> String {
        let mut turns: Vec<_> = self.turns.iter().collect();
        turns.sort_by_key(|((old, new), _)| (new, old));
        let words = turns.iter().map(|((old, new), n)| format!("{n} {} → {}", old.word(), new.word()));
        words.collect::<Vec<_>>().join(", ")
    }
}

impl Turn {
    /// `pass → fail`; what is not there has no rule; a level that is not an error's is said.
    pub fn in_words(&self) -> String {
        let side = |side: Side| match side {
            None => "no rule".to_owned(),
            Some((verdict, Level::Error)) => verdict.word().to_owned(),
            Some((verdict, level)) => format!("{} ({})", verdict.word(), level.word()),
        };
        format!("{} → {}", side(self.old), side(self.new))
    }
}

#[cfg(test)]
mod tests;
