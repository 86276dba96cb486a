//! Versions of public policies: which anybody may read, which is in force, and what differs between them.
//!
//! Invariant: a version that is not public itself is nowhere here, nor is a date, a name or a difference that comes from
//! it. A redline has two public ends.

use jiff::Timestamp;

use super::policy::{Shown, approved_by, owner};
use super::public::{
    PublicEntry, PublicFact, PublicHtml, PublicLink, PublicPolicyVersion, PublicRedline, PublicRuleChange,
    PublicSection, PublicStanding,
};
use super::words::date;
use super::{policy_place, redline_place, version_place};
use crate::judge;
use crate::model::{Classification, Ledger, Policy, PolicyVersion};
use crate::redline::{self, Entry, Reason, Redline, Side};
use crate::source::SourceSet;

/// The versions of a public policy that anybody may read, oldest first, by number: public themselves, with a page of
/// their own.
pub fn public_versions(policy: &Policy) -> Vec<usize> {
    (0..policy.versions.len()).filter(|number| is_public_version(policy, *number)).collect()
}

/// Whether anybody may read a version on a page of its own.
fn is_public_version(policy: &Policy, number: usize) -> bool {
    let version = &policy.versions[number];
    version.classification == Classification::Public && version.has_page()
}

/// The versions that are compared with the one before them, both by number: where both are public.
pub fn redlines(policy: &Policy) -> Vec<(usize, usize)> {
    let public = public_versions(policy);
    public.windows(2).filter(|two| two[0] + 1 == two[1]).map(|two| (two[0], two[1])).collect()
}

/// The version that a public policy's page shows: the one in force, where that is public; else the newest.
pub fn shown(policy: &Policy, as_of: Timestamp) -> usize {
    let newest = policy.versions.len() - 1;
    in_force(policy, as_of).filter(|number| is_public_version(policy, *number)).unwrap_or(newest)
}

/// The version in force; none before the first.
fn in_force(policy: &Policy, as_of: Timestamp) -> Option<usize> {
    let found = policy.in_force(policy.newest().calendar.day(as_of));
    (!found.before_first).then_some(found.index)
}

pub(super) fn side<'l>(sources: &'l SourceSet, policy: &'l Policy, number: usize) -> Side<'l> {
    let version = &policy.versions[number];
    Side { version, text: sources.file(version.file).text() }
}

/// Whether what a page shows is in force, was, or will be.
pub(super) fn standing(ledger: &Ledger, page: Shown<'_>, as_of: Timestamp) -> PublicStanding {
    let (policy, number) = (page.policy, page.version);
    let now = in_force(policy, as_of);
    let public = public_versions(policy);
    let until = policy.until(number).filter(|(_, next)| public.contains(next));
    let state = state(policy, number, now, as_of);
    let row = |n: usize| row(ledger, page, n, now, as_of);
    PublicStanding {
        state,
        effective: policy.versions[number].effective.map(|day| date(ledger, day)),
        until: until.filter(|_| state == "past").map(|(day, _)| date(ledger, day)),
        next: until.filter(|_| state != "past").map(|(_, next)| row(next)),
        now: now
            .filter(|n| *n != number && public.contains(n))
            .map(|n| PublicLink { label: policy.versions[n].version.clone(), href: policy_place(policy.id.as_str()) }),
        permanent: (!page.permanent && public.contains(&number))
            .then(|| version_place(policy.id.as_str(), &policy.versions[number].version)),
    }
}

fn state(policy: &Policy, number: usize, now: Option<usize>, as_of: Timestamp) -> &'static str {
    let version = &policy.versions[number];
    if now == Some(number) {
        "in-force"
    } else if version.from > version.calendar.day(as_of) {
        "coming"
    } else {
        "past"
    }
}

/// The public versions, newest first.
pub(super) fn rows(ledger: &Ledger, page: Shown<'_>, as_of: Timestamp) -> Vec<PublicPolicyVersion> {
    let now = in_force(page.policy, as_of);
    public_versions(page.policy).into_iter().rev().map(|n| row(ledger, page, n, now, as_of)).collect()
}

fn row(ledger: &Ledger, page: Shown<'_>, number: usize, now: Option<usize>, as_of: Timestamp) -> PublicPolicyVersion {
    let (policy, version) = (page.policy, &page.policy.versions[number]);
    let id = policy.id.as_str();
    let compared = redlines(policy).into_iter().find(|(_, new)| *new == number);
    PublicPolicyVersion {
        version: version.version.clone(),
        state: state(policy, number, now, as_of),
        effective: version.effective.map(|day| date(ledger, day)),
        amended: version.amended.iter().map(|commit| date(ledger, version.calendar.day(commit.at))).collect(),
        owner: owner(ledger, version),
        approved_by: approved_by(ledger, version),
        approved_at: version.approved.as_ref().map(|a| date(ledger, a.at)),
        this: number == page.version,
        href: (!page.permanent || number != page.version).then(|| version_place(id, &version.version)),
        redline: compared.map(|(old, _)| redline_place(id, &policy.versions[old].version, &version.version)),
    }
}

/// The page that compares two public versions, by their numbers.
pub fn public_redline(
    sources: &SourceSet,
    ledger: &Ledger,
    policy: &Policy,
    (old, new): (usize, usize),
) -> PublicRedline {
    let found = Redline::in_language(&ledger.language, side(sources, policy, old), side(sources, policy, new));
    let tally = found.tally();
    let (before, after) = (&policy.versions[old], &policy.versions[new]);
    let id = policy.id.as_str();
    let named = |version: &PolicyVersion| PublicLink {
        label: version.version.clone(),
        href: version_place(id, &version.version),
    };
    PublicRedline {
        href: redline_place(id, &before.version, &after.version),
        title: after.title.clone(),
        policy: policy_place(id),
        old: named(before),
        new: named(after),
        old_effective: before.effective.map(|day| date(ledger, day)),
        new_effective: after.effective.map(|day| date(ledger, day)),
        material: tally.material,
        editorial: tally.editorial,
        moved: tally.moved,
        facts: facts(ledger, before, after),
        sections: sections(ledger, &found, &version_place(id, &after.version)),
        rules: found
            .rules
            .iter()
            .map(|rule| PublicRuleChange {
                id: rule.id.clone(),
                state: rule.state.word(),
                html: PublicHtml(redline::markup(&rule.runs)),
            })
            .collect(),
    }
}

/// What stands in the heads of both versions and is not the same.
fn facts(ledger: &Ledger, old: &PolicyVersion, new: &PolicyVersion) -> Vec<PublicFact> {
    let of = |v: &PolicyVersion| {
        [
            ("title", Some(v.title.clone())),
            ("owner", owner(ledger, v)),
            ("approved_by", approved_by(ledger, v)),
            ("review", v.review.as_ref().and_then(|r| r.every).map(|every| judge::length_in(&ledger.language, every))),
        ]
    };
    let pairs = of(old).into_iter().zip(of(new)).filter(|(old, new)| old.1 != new.1);
    let label = |name: &str| ledger.language.word(&format!("redline.fact.{name}"));
    pairs.map(|((name, old), (_, new))| PublicFact { label: label(name), old, new }).collect()
}

/// The sections in which something differs; clauses lead to the newer version's page.
fn sections(ledger: &Ledger, found: &Redline, page: &str) -> Vec<PublicSection> {
    let differs = |entry: &Entry| !matches!(entry, Entry::Same(_));
    let sections = found.sections.iter().filter(|s| s.entries.iter().any(differs));
    sections
        .map(|section| PublicSection {
            heading: section.heading.clone(),
            href: section.anchor.as_ref().map(|anchor| format!("{page}#{anchor}")),
            entries: section.entries.iter().map(|e| entry(ledger, e)).collect(),
        })
        .collect()
}

fn entry(ledger: &Ledger, entry: &Entry) -> PublicEntry {
    let word = |reason: &Reason| ledger.language.word(&format!("redline.reason.{}", reason.word()));
    match entry {
        Entry::Same(blocks) => PublicEntry { state: "same", blocks: *blocks, ..PublicEntry::default() },
        Entry::Moved { blocks, first, from } => PublicEntry {
            state: "moved",
            blocks: *blocks,
            html: PublicHtml(redline::markup(&[redline::Run::Kept(first.clone())])),
            from: Some(from.clone()),
            ..PublicEntry::default()
        },
        Entry::Changed(change) => PublicEntry {
            state: change.state.word(),
            blocks: 1,
            kind: redline::kind_word(change.kind),
            material: change.is_material(),
            reasons: ledger.language.row_of(&change.reasons.iter().map(word).collect::<Vec<_>>()),
            html: PublicHtml(redline::markup(&change.runs)),
            from: change.from.clone(),
        },
    }
}
