//! Policies, their versions, clauses, types and what their rules refer to (FORMATS.md, section 4).

use jiff::civil::Date;

use super::{Alias, Calendar, Classification, Commit, Id, Rule, Window, Word};
use crate::markdown::{Clause, Outlined};
use crate::source::{FileId, Location, Span};

/// A policy: its versions, oldest first. Never empty.
#[derive(Debug)]
pub struct Policy {
    /// Its id.
    pub id: Id,
    /// Its versions, oldest first. Without history there is one.
    pub versions: Vec<PolicyVersion>,
    /// Its history is cut short, so that there may have been versions before the first.
    pub cut: bool,
}

/// Which version judges a record, and how it came to be the one.
#[derive(Clone, Copy, Debug)]
pub struct InForce<'l> {
    /// The version.
    pub version: &'l PolicyVersion,
    /// Its number in [`Policy::versions`].
    pub index: usize,
    /// The day lies before the first version took effect, so that the first one judges it.
    pub before_first: bool,
    /// It does, and history is cut short there, so that nobody can say which version judges it.
    pub cut: bool,
}

impl Policy {
    /// The newest version.
    pub fn newest(&self) -> &PolicyVersion {
        self.versions.last().expect("a policy has at least one version")
    }

    /// Finds the versions whose name is their own: no later one is called the same but for capitals. Nobody can rename what
    /// stands in history.
    pub fn give_names(&mut self) {
        for number in 0..self.versions.len() {
            let (version, later) = (&self.versions[number], &self.versions[number + 1..]);
            let same = |later: &PolicyVersion| later.version.eq_ignore_ascii_case(&version.version);
            self.versions[number].own_name = version.is_named() && !later.iter().any(same);
        }
    }

    /// The day from which another version is in force instead of this one, by their numbers: none for the last.
    pub fn until(&self, index: usize) -> Option<(Date, usize)> {
        let key = |i: usize| (self.versions[i].from, i);
        let next = (0..self.versions.len()).filter(|i| key(*i) > key(index)).min_by_key(|i| key(*i))?;
        Some((self.versions[next].from, next))
    }

    /// Leaves the newest version alone, as if it had always been in force.
    pub fn keep_newest(&mut self) {
        self.versions.drain(..self.versions.len() - 1);
        self.versions.iter_mut().for_each(|version| version.from = Date::MIN);
        self.cut = false;
    }

    /// The version in force on a day: the one with the latest `effective` not after it; before the first, the first.
    pub fn in_force(&self, day: Date) -> InForce<'_> {
        let from = |i: &usize| self.versions[*i].from;
        let all = 0..self.versions.len();
        let found = all.clone().filter(|i| from(i) <= day).max_by_key(|i| (from(i), *i));
        let index = found.or_else(|| all.min_by_key(from)).unwrap_or(0);
        let before_first = found.is_none();
        InForce { version: &self.versions[index], index, before_first, cut: before_first && self.cut }
    }
}

/// One version of a policy.
#[derive(Debug)]
pub struct PolicyVersion {
    /// The policy.
    pub id: Id,
    /// Its file.
    pub file: FileId,
    /// The front matter's text, if there is any.
    pub front: Option<Span>,
    /// The body's text.
    pub body: Span,
    /// Its title.
    pub title: String,
    /// Its version; a dash where nobody gave one.
    pub version: String,
    /// The day it takes effect, as it says or as the commit that brought it does; none where neither is known.
    pub effective: Option<Date>,
    /// The day from which it judges: `effective` where that is known.
    pub from: Date,
    /// The commit that brought it, where history is known so far back.
    pub brought: Option<Commit>,
    /// Commits that changed its text without a new version, oldest first.
    pub amended: Vec<Commit>,
    /// What it asks, in a text of the past, cannot be read any more. See [`PolicyVersion::is_unread`].
    pub unread: bool,
    /// A newer version is known.
    pub superseded: bool,
    /// It is the only one of its name.
    pub own_name: bool,
    /// Its text in the work tree is not the one that was committed last, so that nobody knows when it was written.
    pub uncommitted: bool,
    /// Who may read it.
    pub classification: Classification,
    /// Roles or people who own it.
    pub owner: Vec<Word>,
    /// Who approved it (a role or a person), and when.
    pub approved: Option<PolicyApproval>,
    /// When it is reviewed.
    pub review: Option<PolicyReview>,
    /// Controls it implements.
    pub implements: Vec<Implements>,
    /// Other paths its page answers to.
    pub aliases: Vec<Alias>,
    /// One sentence for lists.
    pub summary: Option<String>,
    /// The calendar its rules count by: the site's with its own keys on top.
    pub calendar: Calendar,
    /// Its change types, in its order.
    pub types: Vec<ChangeType>,
    /// Its own words for `kind`, if it has any.
    pub kinds: Option<Vec<Word>>,
    /// Its own words for `impact`, if it has any.
    pub impacts: Option<Vec<Word>>,
    /// Its procedures for standard changes.
    pub procedures: Vec<Procedure>,
    /// Its windows by name.
    pub windows: Vec<(Word, Window)>,
    /// Its freezes; none where the key is not there, which is not the same as an empty list.
    pub freezes: Option<Vec<Freeze>>,
    /// Its rules, in its order.
    pub rules: Vec<Rule>,
    /// Its headings and clauses.
    pub outline: Outlined,
    /// It has mistakes of its own, already reported.
    pub broken: bool,
}

impl PolicyVersion {
    /// Whether it has a name, by which others can name it.
    pub fn is_named(&self) -> bool {
        self.version.starts_with(|c: char| c.is_ascii_alphanumeric())
    }

    /// A text of the past that cannot be read any more: whatever it asks is unknown.
    pub fn is_unread(&self) -> bool {
        self.unread || self.outline.is_faulty()
    }

    /// Whether it has a page of its own, by its name.
    pub fn has_page(&self) -> bool {
        self.own_name && !self.is_unread()
    }

    /// The day its text last changed, as history shows it.
    pub fn updated(&self) -> Option<Date> {
        let last = self.amended.last().or(self.brought.as_ref()).filter(|_| !self.uncommitted)?;
        Some(self.calendar.day(last.at))
    }

    /// A place in its file.
    pub fn at(&self, span: Span) -> Location {
        Location { file: self.file, span }
    }

    /// A clause by its anchor.
    pub fn clause(&self, anchor: &str) -> Option<&Clause> {
        self.outline.clause(anchor)
    }

    /// The clause a rule stands for.
    pub fn clause_of(&self, rule: &Rule) -> Option<&Clause> {
        rule.clause.as_deref().and_then(|anchor| self.clause(anchor))
    }

    /// A change type by id.
    pub fn change_type(&self, id: &str) -> Option<&ChangeType> {
        self.types.iter().find(|t| t.id.as_str() == id)
    }

    /// A rule by id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|r| r.id.as_str() == id)
    }

    /// A procedure by id.
    pub fn procedure(&self, id: &str) -> Option<&Procedure> {
        self.procedures.iter().find(|p| p.id.as_str() == id)
    }

    /// A window by name.
    pub fn window(&self, name: &str) -> Option<&Window> {
        self.windows.iter().find(|(n, _)| n.as_str() == name).map(|(_, w)| w)
    }
}

/// Who approved a policy, and when.
#[derive(Clone, Debug)]
pub struct PolicyApproval {
    /// A role or a person.
    pub by: Word,
    /// The day.
    pub at: Date,
}

/// When a policy is reviewed.
#[derive(Clone, Debug)]
pub struct PolicyReview {
    /// How often.
    pub every: Option<super::Duration>,
    /// The last time, as it says.
    pub last: Option<Date>,
    /// The last time, as history shows it: a commit of its text with a `Reviewed-by:` trailer.
    pub seen: Option<Date>,
    /// An incident of this rank or worse asks for a review, too.
    pub after_incident: Option<super::Severity>,
    /// Where the review is said, for findings.
    pub span: Span,
}

impl PolicyReview {
    /// The day of the last review, whoever knows of it.
    pub fn held(&self) -> Option<Date> {
        self.last.max(self.seen)
    }

    /// The day the next review is due.
    pub fn next(&self) -> Option<Date> {
        let span = match self.every? {
            super::Duration::Months(n) => jiff::Span::new().try_months(i64::from(n)),
            super::Duration::Days(n) => jiff::Span::new().try_days(i64::from(n)),
            _ => return None,
        };
        self.held()?.checked_add(span.ok()?).ok()
    }
}

/// A control a policy implements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Implements {
    /// A framework's control, as in `SOC2:CC8.1`.
    Control {
        /// The framework.
        framework: String,
        /// The control.
        control: String,
        /// The clauses that implement it; the whole policy where none is named.
        clauses: Vec<String>,
    },
    /// A section of another policy.
    Section {
        /// The policy.
        policy: Id,
        /// The section.
        section: Option<String>,
    },
}

/// A type of change.
#[derive(Clone, Debug)]
pub struct ChangeType {
    /// Its id, as records name it.
    pub id: Word,
    /// What people call it.
    pub title: String,
    /// Its usual risk.
    pub risk: Option<super::Risk>,
    /// An emergency type.
    pub expedited: bool,
    /// A sentence.
    pub summary: Option<String>,
    /// Examples.
    pub examples: Vec<String>,
}

/// A procedure for standard changes.
#[derive(Clone, Debug)]
pub struct Procedure {
    /// Its id, as records name it.
    pub id: Word,
    /// What people call it.
    pub title: String,
    /// The day it was approved.
    pub approved: Option<Date>,
    /// The day it was tested.
    pub tested: Option<Date>,
    /// The last day it may be used.
    pub until: Option<Date>,
    /// It has a mistake, already reported, so that nobody knows whether it may be used.
    pub broken: bool,
    /// Where it stands.
    pub span: Span,
}

/// A time in which nothing is deployed, both days included.
#[derive(Clone, Debug)]
pub struct Freeze {
    /// What it is called.
    pub name: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// Types it does not bind.
    pub except: Vec<Word>,
    /// Where it stands.
    pub span: Span,
}
