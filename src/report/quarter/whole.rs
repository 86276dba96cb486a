//! Rules that are judged for all records of a policy together, over a quarter: `retained`, `complete`.
//!
//! A day counts on which the version then in force had the rule: the day of the commit that removed a record too early,
//! of a deployment that no record speaks of, of a recorded commit that stands nowhere. Where what would show it begins
//! later than the quarter, nobody can say whether the rule held throughout. Whether history was rewritten has no day, and
//! depends on where the last build lies: `check` says it, no report.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::controls::clause_link;
use crate::judge::{incompletenesses, vanished};
use crate::model::{
    Check, Day, Difference, DifferenceKind, Duration, Ledger, Policy, PolicyVersion, Quarter, Reconciliation, Rule,
    Sight,
};
use crate::report::deployed::anchor;
use crate::report::pages::{ControlDay, ControlRow, Link, Mark};
use crate::report::row::{change_href, report_href};
use crate::report::wording::{counted, short_day};

/// What is missing: a record that was deleted, or a commit.
pub(super) struct Missed<'l> {
    /// The record's id.
    pub(super) record: Option<&'l str>,
    /// The commit that was deployed and has no record.
    pub(super) commit: Option<&'l str>,
    link: Link,
}

/// A rule over a quarter.
pub(super) struct Whole<'l> {
    version: &'l PolicyVersion,
    rule: &'l Rule,
    /// The policy's number in the ledger, and the rule's in its version.
    pub(super) place: (u32, u16),
    mark: Mark,
    /// Whether it held throughout.
    pub(super) held: &'static str,
    /// What it came to.
    pub(super) says: String,
    /// The days on which it did not hold.
    pub(super) days: BTreeMap<Date, Vec<Missed<'l>>>,
    /// How many deployments there were, where that is what it asks of.
    pub(super) of: Option<usize>,
}

impl<'l> Whole<'l> {
    /// The policy's id.
    pub(super) fn policy(&self) -> &'l str {
        self.version.id.as_str()
    }

    /// The rule's id.
    pub(super) fn id(&self) -> &'l str {
        self.rule.id.as_str()
    }

    /// How many things are missing.
    pub(super) fn missed(&self) -> usize {
        self.days.values().map(Vec::len).sum()
    }

    /// Its row of the table of controls, with at most so many days, and things of a day.
    pub(super) fn row(&self, most: usize) -> ControlRow {
        let day = |(day, missed): (&Date, &Vec<Missed<'_>>)| ControlDay {
            day: short_day(*day),
            changes: missed.iter().take(most).map(|m| m.link.clone()).collect(),
            more: missed.len().saturating_sub(most),
        };
        ControlRow {
            rule: clause_link(self.version, self.rule),
            policy: self.policy().to_owned(),
            sentence: self.version.clause_of(self.rule).map(|c| c.text.clone()),
            level: self.rule.level.word(),
            mark: self.mark,
            held: self.held,
            days: self.days.iter().take(most).map(day).collect(),
            more_days: self.days.len().saturating_sub(most),
            says: Some(self.says.clone()),
            ..ControlRow::default()
        }
    }
}

/// A version of a policy, and the days of a quarter on which it was in force.
struct Bound<'l> {
    version: &'l PolicyVersion,
    first: Date,
    last: Date,
}

/// The versions in force on the days from the first to the last.
fn bound(policy: &Policy, first: Date, last: Date) -> Vec<Bound<'_>> {
    let mut starts: Vec<Date> =
        policy.versions.iter().map(|v| v.from).filter(|day| *day > first && *day <= last).collect();
    starts.push(first);
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).map(|next| next.yesterday().unwrap_or(*next)).chain([last]);
    let known = starts.iter().zip(ends).filter_map(|(first, last)| {
        let now = policy.in_force(*first);
        (!now.before_first).then_some(Bound { version: now.version, first: *first, last })
    });
    known.collect()
}

/// Every such rule of every policy that was in force in a quarter.
pub(super) fn wholes(ledger: &Ledger, quarter: Quarter, as_of: Timestamp) -> Vec<Whole<'_>> {
    let calendar = &ledger.configuration.calendar;
    let starts = calendar.fiscal_year_starts;
    let last = quarter.last_day(starts).min(calendar.day(as_of));
    let mut list = Vec::new();
    for (number, policy) in (0..).zip(&ledger.policies) {
        let mut rules: BTreeMap<&str, Over<'_>> = BTreeMap::new();
        for bound in bound(policy, quarter.first_day(starts), last) {
            for (at, rule) in (0..).zip(&bound.version.rules).filter(|(_, rule)| rule.check.is_of_policy()) {
                let over = rules.entry(rule.id.as_str()).or_insert_with(|| Over {
                    ledger,
                    policy,
                    quarter,
                    as_of,
                    first: bound.first,
                    last,
                    version: bound.version,
                    rule,
                    place: (number, at),
                    days: BTreeMap::new(),
                });
                (over.version, over.rule, over.place) = (bound.version, rule, (number, at));
                over.observe(&bound);
            }
        }
        list.extend(rules.into_values().map(Over::whole));
    }
    list
}

/// A rule while its days are gathered.
struct Over<'l> {
    ledger: &'l Ledger,
    policy: &'l Policy,
    quarter: Quarter,
    as_of: Timestamp,
    /// The first day of the quarter on which it was in force.
    first: Date,
    last: Date,
    version: &'l PolicyVersion,
    rule: &'l Rule,
    place: (u32, u16),
    days: BTreeMap<Date, Vec<Missed<'l>>>,
}

impl<'l> Over<'l> {
    /// What is missing of the days on which a version was in force.
    fn observe(&mut self, bound: &Bound<'l>) {
        let ledger = self.ledger;
        let day = |at: Timestamp| ledger.configuration.calendar.day(at);
        let here = |day: &Date| *day >= bound.first && *day <= bound.last;
        if let Check::Retained(length) = &self.rule.check {
            for gone in vanished(ledger, self.policy, *length, self.as_of) {
                let link = Link { text: gone.id.to_owned(), href: None };
                let missed = Missed { record: Some(gone.id), commit: None, link };
                Some(day(gone.deleted)).filter(here).into_iter().for_each(|day| self.put(day, &missed));
            }
        } else if let Some(found) = &ledger.reconciliation {
            for difference in incompletenesses(found, self.policy) {
                let missed = self.missed(difference);
                difference.at.map(day).filter(here).into_iter().for_each(|day| self.put(day, &missed));
            }
        }
    }

    fn put(&mut self, day: Date, missed: &Missed<'l>) {
        let Missed { record, commit, link } = missed;
        self.days.entry(day).or_default().push(Missed { record: *record, commit: *commit, link: link.clone() });
    }

    /// A deployment without a record by its commit, a recorded commit that is nowhere by its record.
    fn missed(&self, difference: &'l Difference) -> Missed<'l> {
        let commit = difference.commit.as_deref();
        if difference.kind == DifferenceKind::NotThere {
            let record = difference.records.first().map(|id| &**id);
            let link = Link { text: record.unwrap_or_default().to_owned(), href: record.map(change_href) };
            return Missed { record, commit: None, link };
        }
        let text = commit.unwrap_or_default().chars().take(7).collect();
        let href = format!("{}#{}", report_href(self.quarter), anchor(difference.kind));
        Missed { record: None, commit, link: Link { text, href: Some(href) } }
    }

    fn whole(self) -> Whole<'l> {
        let (says, of) = match &self.rule.check {
            Check::Retained(length) => (self.retained(*length), None),
            _ => self.complete(),
        };
        let (mark, held, says) = match says {
            _ if !self.days.is_empty() => (Mark::Fail, "did not hold", self.broken(of)),
            Came::Unknown(says) => (Mark::Unknown, "nobody can say", says),
            Came::Unasked(says) => (Mark::NotApplicable, "not asked", says),
            Came::Held(says) => (Mark::Pass, "held", says),
        };
        Whole { version: self.version, rule: self.rule, place: self.place, mark, held, says, days: self.days, of }
    }

    fn broken(&self, of: Option<usize>) -> String {
        let all = || self.days.values().flatten();
        let lost = all().filter(|m| m.record.is_some()).count();
        let unrecorded = all().count() - lost;
        let (Some(of), Check::Complete) = (of, &self.rule.check) else {
            let were = if lost == 1 { "was" } else { "were" };
            return format!("{} {were} deleted before the time", counted(lost, "record", "records"));
        };
        let first = format!("{unrecorded} of {} without a record", counted(of, "deployment", "deployments"));
        let is = if lost == 1 { "is" } else { "are" };
        let second = format!("{} {is} in no repository", counted(lost, "recorded commit", "recorded commits"));
        match (unrecorded, lost) {
            (_, 0) => first,
            (0, _) => second,
            _ => format!("{first}, and {second}"),
        }
    }

    /// What nothing missing means for records that are to be kept so long.
    fn retained(&self, length: Duration) -> Came {
        let past = &self.ledger.past;
        match past.sight {
            Sight::Outside => return Came::Unknown("the site is in no repository, which alone could say".to_owned()),
            Sight::Cut => return Came::Unknown("history is cut short, which alone could say".to_owned()),
            Sight::Whole => {}
        }
        // Records from before that day are not dated by git, and may go without being missed.
        let from = past.first_day.max(self.ledger.configuration.history_from);
        match from {
            None => Came::Unknown("nothing is committed yet".to_owned()),
            Some(day) if day > self.first => Came::Unknown(format!("git says it from {} on", Day(day))),
            Some(_) => Came::Held(format!("no record younger than {length} was deleted")),
        }
    }

    /// What nothing missing means for what was deployed, and how much that was.
    fn complete(&self) -> (Came, Option<usize>) {
        let configuration = &self.ledger.configuration;
        if configuration.repositories.is_empty() {
            return (Came::Unknown("no repositories are configured".to_owned()), None);
        }
        let Some(found) = &self.ledger.reconciliation else {
            return (Came::Unknown("what was deployed was not read".to_owned()), None);
        };
        let of = self.deployments(found);
        if let Some(unread) = found.unread().next() {
            return (Came::Unknown(unread.what.replace('`', "")), Some(of));
        }
        let late = configuration.repositories.iter().find(|r| r.since.is_some_and(|day| day > self.first));
        if let Some((settings, since)) = late.and_then(|r| Some((r, r.since?))) {
            return (Came::Unknown(format!("{} is compared from {} on", settings.path, Day(since))), Some(of));
        }
        let came = match of {
            0 => Came::Unasked("nothing was deployed".to_owned()),
            1 => Came::Held("1 deployment, and it has a record".to_owned()),
            _ => Came::Held(format!("{}, and each has a record", counted(of, "deployment", "deployments"))),
        };
        (came, Some(of))
    }

    /// How many deployments there were while the rule was in force, those of what no branch holds included.
    fn deployments(&self, found: &Reconciliation) -> usize {
        let calendar = &self.ledger.configuration.calendar;
        let here = |at: Timestamp| (self.first..=self.last).contains(&calendar.day(at));
        let on = found.repositories.iter().flat_map(|r| &r.deployments).filter(|(at, _)| here(*at)).count();
        let off = incompletenesses(found, self.policy).filter(|d| d.kind == DifferenceKind::OffBranch);
        on + off.filter(|d| d.at.is_some_and(here)).count()
    }
}

/// What a rule came to of which nothing is missing.
enum Came {
    Held(String),
    Unknown(String),
    Unasked(String),
}
