//! Published figures of the last full quarter: how many of how many, and nothing about any single change.
//!
//! A figure counts the changes for which a rule of a public policy asks something, and how many of them kept every such
//! rule; a change whose rule is not due yet is not counted, and one that is excused has not kept it. Which figures there
//! are is decided by the rules alone, so that a figure's absence says nothing about records. One over fewer changes than
//! `smallest_group` is withheld. The figures of the whole site leave the changes of a policy out whose own figure is
//! withheld, unless these together are as many as a group, so that no withheld number can be had by subtraction.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::public::{PublicFigure, PublicFigures, PublicShare};
use super::public_of;
use crate::judge::Verdict;
use crate::language::Language;
use crate::model::{Check, DeadlineBound, Event, Ledger, Party, PolicyVersion, Quarter, Rule};
use crate::report::Row;

/// The figures of the site and of each public policy, by its id.
#[derive(Debug, Default)]
pub struct Figures {
    /// For the home page.
    pub site: Option<PublicFigures>,
    /// For the policies' own pages.
    pub policies: BTreeMap<String, PublicFigures>,
}

/// What a figure is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    Reviewed,
    Tested,
    Reversible,
    EmergencyReviewed,
}

const SUBJECTS: [Subject; 4] = [Subject::Reviewed, Subject::Tested, Subject::Reversible, Subject::EmergencyReviewed];

/// How many of how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Share {
    kept: usize,
    of: usize,
}

/// The four shares of one policy; none where no rule of it asks.
type Shares = [Option<Share>; SUBJECTS.len()];

/// The figures a site publishes, if it publishes any.
pub fn public_figures(ledger: &Ledger, rows: &[Row], as_of: Timestamp) -> Figures {
    let c = &ledger.configuration;
    if !c.figures {
        return Figures::default();
    }
    let starts = c.calendar.fiscal_year_starts;
    let quarter = Quarter::of(c.calendar.day(as_of), starts).previous();
    let language = &ledger.language;
    let period = period(language, quarter, starts);
    let group = (c.smallest_group as usize).max(1);
    let mut by_policy: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.quarter == Some(quarter)) {
        let Some((policy, _)) = row.policy else { continue };
        by_policy.entry(ledger.policies[policy as usize].id.as_str()).or_default().push(row);
    }
    let mut figures = Figures::default();
    let mut all: Vec<Shares> = Vec::new();
    for policy in public_of(ledger) {
        let own = by_policy.get(policy.id.as_str()).map_or(&[][..], Vec::as_slice);
        let shares = shares(policy.newest(), own, ledger);
        if let Some(published) = published(language, &shares, &period, group) {
            figures.policies.insert(policy.id.to_string(), published);
        }
        all.push(shares);
    }
    figures.site = published(language, &together(&all, group), &period, group);
    for figure in figures.site.iter_mut().flat_map(|site| &mut site.figures) {
        if let Some(definition) = &mut figure.definition {
            definition.push_str(&format!(" {}", language.word("figures.left_out")));
        }
    }
    figures
}

fn shares(newest: &PolicyVersion, rows: &[&Row], ledger: &Ledger) -> Shares {
    let mut shares = SUBJECTS.map(|s| newest.rules.iter().any(|rule| s.is_asked_by(rule)).then(Share::default));
    for row in rows {
        let Some(version) = row.version(ledger) else { continue };
        for (subject, share) in SUBJECTS.iter().zip(&mut shares) {
            let Some(share) = share else { continue };
            if *subject == Subject::EmergencyReviewed && !row.emergency {
                continue;
            }
            let asked = row.judgements.iter().filter(|j| subject.is_asked_by(&version.rules[j.rule as usize]));
            let due: Vec<Verdict> =
                asked.map(|j| j.verdict).filter(|v| !matches!(v, Verdict::Pending | Verdict::NotApplicable)).collect();
            if !due.is_empty() {
                share.of += 1;
                share.kept += usize::from(due.iter().all(|v| *v == Verdict::Pass));
            }
        }
    }
    shares
}

/// The shares of all policies as one.
fn together(all: &[Shares], group: usize) -> Shares {
    std::array::from_fn(|n| {
        let asked: Vec<Share> = all.iter().filter_map(|shares| shares[n]).collect();
        let (small, large): (Vec<Share>, Vec<Share>) = asked.iter().partition(|share| share.of < group);
        let sum =
            |list: &[Share]| Share { kept: list.iter().map(|s| s.kept).sum(), of: list.iter().map(|s| s.of).sum() };
        let (small, large) = (sum(&small), sum(&large));
        let counted = if small.of < group { large } else { sum(&[small, large]) };
        (!asked.is_empty()).then_some(counted)
    })
}

/// As it is published; nothing where there is nothing to say.
fn published(language: &Language, shares: &Shares, period: &str, group: usize) -> Option<PublicFigures> {
    let figures: Vec<PublicFigure> = SUBJECTS
        .iter()
        .zip(shares)
        .filter_map(|(subject, share)| Some(subject.figure(language, (*share)?, group)))
        .collect();
    (!figures.is_empty()).then(|| PublicFigures { period: period.to_owned(), figures, smallest_group: group })
}

impl Subject {
    /// Whether a rule asks this of a change.
    fn is_asked_by(self, rule: &Rule) -> bool {
        match (self, &rule.check) {
            (Self::Reviewed, Check::Review(check)) => check.not_by.contains(&Party::Author),
            (Self::Tested, Check::Gates(check)) => {
                !check.passed.is_empty() && check.before.is_some_and(is_no_later_than_deployment)
            }
            (Self::Reversible, Check::Rollback(check)) => !check.parts.is_empty(),
            (Self::EmergencyReviewed, Check::Deadline(check)) => {
                check.of == Event::Reviewed && matches!(check.bound, DeadlineBound::Within(..))
            }
            _ => false,
        }
    }

    /// For machines.
    fn word(self) -> &'static str {
        match self {
            Self::Reviewed => "reviewed",
            Self::Tested => "tested",
            Self::Reversible => "reversible",
            Self::EmergencyReviewed => "emergency-reviewed",
        }
    }

    fn figure(self, language: &Language, share: Share, group: usize) -> PublicFigure {
        let name = match self {
            Self::Reviewed => "reviewed",
            Self::Tested => "tested",
            Self::Reversible => "reversible",
            Self::EmergencyReviewed => "emergencies",
        };
        let shown = share.of >= group;
        let kept = language.number(share.kept as u64);
        PublicFigure {
            label: language.word(&format!("figures.{name}")),
            value: shown.then(|| language.per_cent(per_mille(share))),
            base: shown.then(|| language.count("figures.base", share.of, &[("kept", &kept)])),
            definition: Some(language.word(&format!("figures.{name}_means"))),
            subject: self.word(),
            share: shown.then_some(PublicShare { kept: share.kept, of: share.of }),
        }
    }
}

/// In tenths of a per cent, rounded down, so that 100 % means every one.
fn per_mille(share: Share) -> u64 {
    (share.kept * 1000 / share.of.max(1)) as u64
}

/// `July to September 2026`.
fn period(language: &Language, quarter: Quarter, starts: i8) -> String {
    let (first, last) = (quarter.first_day(starts), quarter.last_day(starts));
    let (from, to) = (language.month(first), language.month(last));
    let (first, last) = (first.year().to_string(), last.year().to_string());
    if first == last {
        return language.say("period.in_year", &[("from", &from), ("to", &to), ("year", &last)]);
    }
    let slots = [("from", &*from), ("from_year", &first), ("to", &to), ("to_year", &last)];
    language.say("period.across", &slots)
}

fn is_no_later_than_deployment(event: Event) -> bool {
    matches!(
        event,
        Event::Requested
            | Event::Started
            | Event::Proposed
            | Event::ReviewedByPeer
            | Event::Approved
            | Event::Merged
            | Event::Notified
            | Event::Scheduled
            | Event::Deployed
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::english;

    fn share(kept: usize, of: usize) -> Shares {
        [Some(Share { kept, of }), None, None, None]
    }

    #[test]
    fn a_share_is_never_rounded_up() {
        let shown = |kept, of| english().per_cent(per_mille(Share { kept, of }));
        assert_eq!(shown(1999, 2000), "99.9 %");
        assert_eq!(shown(12, 12), "100 %");
        assert_eq!(shown(25, 26), "96.1 %");
    }

    #[test]
    fn a_small_group_is_withheld() {
        let figures = published(&english(), &share(4, 4), "x", 5).expect("a rule asks");
        assert_eq!((&figures.figures[0].value, &figures.figures[0].base), (&None, &None));
        let figures = published(&english(), &share(4, 5), "x", 5).expect("a rule asks");
        assert_eq!(figures.figures[0].base.as_deref(), Some("4 of 5 changes"));
        assert!(published(&english(), &[None; 4], "x", 5).is_none());
        let empty = published(&english(), &share(0, 0), "x", 1).expect("a rule asks");
        assert_eq!(empty.figures[0].value, None, "nothing of nothing is no figure");
    }

    #[test]
    fn no_withheld_number_can_be_had_by_subtraction() {
        let site = |all: &[Shares]| together(all, 5)[0].expect("a rule asks");
        assert_eq!(site(&[share(9, 10), share(3, 4)]), Share { kept: 9, of: 10 }, "the small one is left out");
        assert_eq!(site(&[share(9, 10), share(3, 4), share(2, 3)]), Share { kept: 14, of: 17 }, "two make a group");
        assert_eq!(site(&[share(9, 10), share(5, 6)]), Share { kept: 14, of: 16 });
        assert_eq!(together(&[[None; 4]], 5)[0], None);
    }
}
