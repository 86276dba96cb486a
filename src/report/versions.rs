//! Versions of policies as insiders see them: all of them, with the commits that brought them, and what differs between
//! one and the next.

use jiff::Timestamp;

use super::pages::{Html, Link, RedlineEntry, RedlineFact, RedlinePage, RedlineRule, RedlineSection, VersionRow};
use super::row::{own_href, policy_href};
use super::wording::capital;
use crate::judge;
use crate::model::{Commit, Day, Policy, PolicyVersion, Vocabulary};
use crate::redline::{self, Entry, Redline, Run, Side};
use crate::source::SourceSet;

/// The versions that have a page of their own, by number.
pub fn internal_versions(policy: &Policy) -> Vec<usize> {
    (0..policy.versions.len()).filter(|number| policy.versions[*number].has_page()).collect()
}

/// The versions that are compared with the one before them, both by number.
pub fn internal_redlines(policy: &Policy) -> Vec<(usize, usize)> {
    let all = internal_versions(policy);
    all.windows(2).filter(|two| two[0] + 1 == two[1]).map(|two| (two[0], two[1])).collect()
}

/// The file of that comparison, relative to the internal site.
pub fn internal_redline_href(policy: &Policy, (old, new): (usize, usize)) -> String {
    redline_href(&policy.versions[old], &policy.versions[new])
}

fn redline_href(old: &PolicyVersion, new: &PolicyVersion) -> String {
    format!("policies/{}/changes/{}..{}/index.html", new.id, old.version, new.version)
}

/// The versions of a policy, newest first; nothing where there is one of which history knows nothing.
pub(super) fn rows(policy: &Policy, shown: usize, permanent: bool, as_of: Timestamp) -> Vec<VersionRow> {
    let untold = |v: &PolicyVersion| v.brought.is_none() && v.amended.is_empty();
    if let [only] = &policy.versions[..]
        && untold(only)
    {
        return Vec::new();
    }
    let compared = internal_redlines(policy);
    let row = |number: usize| {
        let version = &policy.versions[number];
        let this = number == shown;
        let redline = compared.iter().find(|(_, new)| *new == number);
        VersionRow {
            version: Link {
                text: version.version.clone(),
                href: (version.has_page() && !(this && permanent)).then(|| own_href(version)),
            },
            this,
            state: state(policy, number, as_of),
            effective: version.effective.map(|day| Day(day).to_string()),
            committed: committed(version),
            amended: version.amended.iter().map(|commit| on(version, commit)).collect(),
            approved: version
                .approved
                .as_ref()
                .map(|a| format!("{}, {}", capital(&judge::role_words(a.by.as_str())), Day(a.at))),
            classification: version.classification.word(),
            redline: redline.map(|(old, _)| redline_href(&policy.versions[*old], version)),
        }
    };
    (0..policy.versions.len()).rev().map(row).collect()
}

fn on(version: &PolicyVersion, commit: &Commit) -> String {
    format!("{} ({})", Day(version.calendar.day(commit.at)), commit.short())
}

fn committed(version: &PolicyVersion) -> Option<String> {
    match &version.brought {
        Some(commit) => Some(on(version, commit)),
        None => version.uncommitted.then(|| "not committed yet".to_owned()),
    }
}

fn state(policy: &Policy, number: usize, as_of: Timestamp) -> &'static str {
    let version = &policy.versions[number];
    let today = policy.newest().calendar.day(as_of);
    let now = policy.in_force(today);
    if version.is_unread() {
        "cannot be read any more"
    } else if now.index == number && !now.before_first {
        "in force"
    } else if version.from > today {
        "takes effect later"
    } else {
        "superseded"
    }
}

/// What a reader must know of a version before reading it: that it is not in force yet, or no more, or not for long.
pub(super) fn notices(policy: &Policy, number: usize, as_of: Timestamp) -> Vec<Link> {
    let version = &policy.versions[number];
    let today = policy.newest().calendar.day(as_of);
    let now = policy.in_force(today);
    let in_force = (!now.before_first).then_some(now.index);
    let later = |v: &PolicyVersion| v.effective.filter(|day| *day > today);
    let mut list = Vec::new();
    if let Some(day) = later(version) {
        list.push(Link { text: format!("{} takes effect on {}.", name(version), Day(day)), href: None });
    }
    if in_force == Some(number) {
        let next = policy.until(number).and_then(|(_, next)| Some((next, later(&policy.versions[next])?)));
        list.extend(next.map(|(next, day)| Link {
            text: format!("{} takes effect on {}.", name(&policy.versions[next]), Day(day)),
            href: Some(page(policy, next)),
        }));
    } else if let Some(other) = in_force {
        let ended = policy.until(number).filter(|(day, _)| version.from <= today && *day <= today);
        list.extend(
            ended.map(|(day, _)| Link {
                text: format!("{} was in force until {}.", name(version), Day(day)),
                href: None,
            }),
        );
        let text = format!("{} is in force since {}.", name(now.version), Day(now.version.from));
        list.push(Link { text, href: Some(page(policy, other)) });
    }
    list
}

fn name(version: &PolicyVersion) -> String {
    if version.is_named() { format!("Version {}", version.version) } else { "This text".to_owned() }
}

/// The page that shows a version.
fn page(policy: &Policy, number: usize) -> String {
    let version = &policy.versions[number];
    if version.has_page() { own_href(version) } else { policy_href(policy.id.as_str()) }
}

/// The page that compares two versions, by their numbers.
pub fn internal_redline(sources: &SourceSet, policy: &Policy, (old, new): (usize, usize)) -> RedlinePage {
    let (before, after) = (&policy.versions[old], &policy.versions[new]);
    let side = |version| Side { version, text: sources.file(version.file).text() };
    let found = Redline::of(side(before), side(after));
    let tally = found.tally();
    let named = |version: &PolicyVersion| Link { text: version.version.clone(), href: Some(own_href(version)) };
    let day = |version: &PolicyVersion| version.effective.map(|day| Day(day).to_string());
    RedlinePage {
        href: redline_href(before, after),
        title: after.title.clone(),
        id: policy.id.to_string(),
        policy: policy_href(policy.id.as_str()),
        old: named(before),
        new: named(after),
        old_effective: day(before),
        new_effective: day(after),
        material: tally.material,
        editorial: tally.editorial,
        moved: tally.moved,
        facts: facts(before, after),
        sections: sections(&found, &own_href(after)),
        rules: found
            .rules
            .iter()
            .map(|rule| RedlineRule {
                id: rule.id.clone(),
                state: rule.state.word(),
                html: Html(redline::markup(&rule.runs)),
            })
            .collect(),
    }
}

/// What stands in the heads of both versions and is not the same, in words.
pub(crate) fn facts(old: &PolicyVersion, new: &PolicyVersion) -> Vec<RedlineFact> {
    let of = |v: &PolicyVersion| {
        let owners: Vec<String> = v.owner.iter().map(|o| judge::role_words(o.as_str())).collect();
        [
            ("Title", Some(v.title.clone())),
            ("Classification", Some(v.classification.word().to_owned())),
            ("Owner", (!owners.is_empty()).then(|| capital(&owners.join(", ")))),
            ("Approved by", v.approved.as_ref().map(|a| capital(&judge::role_words(a.by.as_str())))),
            ("Reviewed every", v.review.as_ref().and_then(|r| r.every).map(|every| every.to_string())),
        ]
    };
    let pairs = of(old).into_iter().zip(of(new)).filter(|(old, new)| old.1 != new.1);
    pairs.map(|((label, old), (_, new))| RedlineFact { label, old, new }).collect()
}

/// The sections in which something differs; headings lead to the newer version's page.
fn sections(found: &Redline, page: &str) -> Vec<RedlineSection> {
    let differs = |entry: &Entry| !matches!(entry, Entry::Same(_));
    let sections = found.sections.iter().filter(|s| s.entries.iter().any(differs));
    sections
        .map(|section| RedlineSection {
            heading: section.heading.clone(),
            href: section.anchor.as_ref().map(|anchor| format!("{page}#{anchor}")),
            entries: section.entries.iter().map(entry).collect(),
        })
        .collect()
}

fn entry(entry: &Entry) -> RedlineEntry {
    match entry {
        Entry::Same(blocks) => RedlineEntry { state: "same", blocks: *blocks, ..RedlineEntry::default() },
        Entry::Moved { blocks, first, from } => RedlineEntry {
            state: "moved",
            blocks: *blocks,
            html: Html(redline::markup(&[Run::Kept(first.clone())])),
            from: Some(from.clone()),
            ..RedlineEntry::default()
        },
        Entry::Changed(change) => RedlineEntry {
            state: change.state.word(),
            blocks: 1,
            kind: redline::kind_word(change.kind),
            material: change.is_material(),
            reasons: change.reasons.iter().map(|r| r.word()).collect::<Vec<_>>().join(", "),
            html: Html(redline::markup(&change.runs)),
            from: change.from.clone(),
        },
    }
}
