//! What happened, for customers to know: versions of public policies, changes to lists, notices.
//!
//! A day comes from a document or from history, never from the clock: a version's from the commit that brought it, or
//! from the day it takes effect where that came first or history does not say. What lies after `as_of` is not told yet.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::documents::{Documents, ListPage};
use super::lists::{free, text};
use super::public::{PublicHtml, PublicLink, PublicUpdate, PublicUpdates, PublicYear};
use super::words::{date, slug};
use super::{policy_place, public_of, public_versions, redline_place, redlines, version_place};
use crate::markdown::escape_text;
use crate::model::{Day, Policy, TrustKind};

/// Whether anything has happened.
pub(super) fn any(documents: &Documents<'_>) -> bool {
    let today = documents.today();
    let told = |list: &[(Date, PublicUpdate)]| list.iter().any(|(day, _)| *day <= today);
    let mut list = Vec::new();
    of_lists(documents, &mut list);
    // One policy is enough: the texts of the others are not looked into.
    told(&list)
        || public_of(documents.ledger).into_iter().any(|policy| {
            list.clear();
            of_policy(policy, &mut list);
            told(&list)
        })
}

/// Everything that happened, newest first.
pub fn public_updates_list(documents: &Documents<'_>) -> Vec<PublicUpdate> {
    let today = documents.today();
    let mut list: Vec<(Date, PublicUpdate)> = Vec::new();
    for policy in public_of(documents.ledger) {
        of_policy(policy, &mut list);
    }
    of_lists(documents, &mut list);
    list.retain(|(day, _)| *day <= today);
    // Ids are given from the oldest on, so that none changes when something new has its name.
    list.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.id.cmp(&a.1.id)));
    let mut taken = BTreeSet::new();
    let named = |(day, update): (Date, PublicUpdate)| PublicUpdate {
        id: free(&mut taken, &update.id),
        date: date(documents.ledger, day),
        ..update
    };
    let mut list: Vec<PublicUpdate> = list.into_iter().map(named).collect();
    list.reverse();
    list
}

fn of_lists(documents: &Documents<'_>, list: &mut Vec<(Date, PublicUpdate)>) {
    of_subprocessors(documents, list);
    of_certifications(documents, list);
    of_notices(documents, list);
}

/// The page of updates.
pub fn public_updates(documents: &Documents<'_>) -> PublicUpdates {
    let mut years: Vec<PublicYear> = Vec::new();
    for update in public_updates_list(documents) {
        let year = update.date.iso.split('-').next().unwrap_or_default().to_owned();
        match years.last_mut().filter(|last| last.year == year) {
            Some(last) => last.updates.push(update),
            None => years.push(PublicYear { year, updates: vec![update] }),
        }
    }
    PublicUpdates { page: documents.frame(ListPage::Updates), years }
}

/// A sentence of ours as a paragraph.
fn paragraph(text: &str) -> PublicHtml {
    let mut html = String::from("<p>");
    escape_text(&mut html, text);
    html.push_str("</p>");
    PublicHtml(html)
}

/// The versions of a policy that anybody may read, and their amendments.
fn of_policy(policy: &Policy, list: &mut Vec<(Date, PublicUpdate)>) {
    let id = policy.id.as_str();
    let redlines = redlines(policy);
    for number in public_versions(policy) {
        let version = &policy.versions[number];
        let name = &version.version;
        let about = PublicLink { label: version.title.clone(), href: version_place(id, name) };
        let redline = redlines
            .iter()
            .find(|(_, new)| *new == number)
            .map(|(old, _)| redline_place(id, &policy.versions[*old].version, name));
        let brought = version.brought.as_ref().map(|commit| version.calendar.day(commit.at));
        let told = brought.or(version.approved.as_ref().map(|a| a.at));
        let day = match (told, version.effective) {
            (Some(told), Some(effective)) => told.min(effective),
            (told, effective) => match told.or(effective) {
                Some(day) => day,
                None => continue,
            },
        };
        let said = match version.effective {
            Some(effective) if effective > day => format!("It takes effect on {}.", Day(effective)),
            _ => version.summary.clone().unwrap_or_default(),
        };
        let update = PublicUpdate {
            id: format!("policy-{id}-{name}"),
            kind: "Policy",
            title: format!("{}, version {name}", version.title),
            text: (!said.is_empty()).then(|| paragraph(&said)),
            about: Some(about.clone()),
            redline,
            ..PublicUpdate::default()
        };
        list.push((day, update));
        for commit in &version.amended {
            let day = version.calendar.day(commit.at);
            let update = PublicUpdate {
                id: format!("policy-{id}-{name}-amended-{day}"),
                kind: "Policy",
                title: format!("{}, version {name}, was amended", version.title),
                text: Some(paragraph("Its text was changed without a new version.")),
                about: Some(about.clone()),
                ..PublicUpdate::default()
            };
            // Several commits of one day are one amendment.
            if list.last().is_none_or(|(_, last)| last.id != update.id) {
                list.push((day, update));
            }
        }
    }
}

/// Sub-processors that customers were told of, and those that were removed.
fn of_subprocessors(documents: &Documents<'_>, list: &mut Vec<(Date, PublicUpdate)>) {
    let about =
        || Some(PublicLink { label: "Sub-processors".to_owned(), href: ListPage::Subprocessors.place().to_owned() });
    for company in &documents.trust.subprocessors {
        let Some(name) = text(&company.name) else { continue };
        let update = |what: &str, title: String, said: String| PublicUpdate {
            id: format!("subprocessor-{}-{what}", slug(&name)),
            kind: "Sub-processor",
            title,
            text: (!said.is_empty()).then(|| paragraph(&said)),
            about: about(),
            ..PublicUpdate::default()
        };
        if let Some(told) = company.announced.get() {
            let from = company.since.get().map(|day| format!("It receives data from {} on.", Day(*day)));
            let said: Vec<String> =
                [text(&company.purpose).map(|p| if p.ends_with('.') { p } else { format!("{p}.") }), from]
                    .into_iter()
                    .flatten()
                    .collect();
            list.push((*told, update("added", format!("New sub-processor: {name}"), said.join(" "))));
        }
        if let Some(until) = company.until.get() {
            let said = "It no longer receives data.".to_owned();
            list.push((*until, update("removed", format!("Sub-processor removed: {name}"), said)));
        }
    }
}

fn of_certifications(documents: &Documents<'_>, list: &mut Vec<(Date, PublicUpdate)>) {
    for c in &documents.trust.certifications {
        let (Some(name), Some(issued)) = (text(&c.name), c.issued.get().copied()) else { continue };
        let until = c.expires.get().map(|day| format!("until {}", Day(*day)));
        let said: Vec<String> = [text(&c.scope), text(&c.body), until].into_iter().flatten().collect();
        let state = text(&c.state).map(|state| format!(": {state}")).unwrap_or_default();
        let update = PublicUpdate {
            id: format!("certification-{}-{issued}", slug(&name)),
            kind: "Certification",
            title: format!("{name}{state}"),
            text: (!said.is_empty()).then(|| paragraph(&format!("{}.", said.join("; ")))),
            about: Some(PublicLink {
                label: "Certifications".to_owned(),
                href: ListPage::Certifications.place().to_owned(),
            }),
            ..PublicUpdate::default()
        };
        list.push((issued, update));
    }
}

fn of_notices(documents: &Documents<'_>, list: &mut Vec<(Date, PublicUpdate)>) {
    for notice in &documents.trust.updates {
        let (Some(id), Some(day), Some(title)) = (notice.id.get(), notice.date.get(), text(&notice.title)) else {
            continue;
        };
        let policy = notice.policy.get().and_then(|id| public_of(documents.ledger).into_iter().find(|p| p.id == *id));
        let update = PublicUpdate {
            id: format!("notice-{id}"),
            kind: "Notice",
            title,
            text: notice
                .text
                .get()
                .map(|prose| documents.markup(TrustKind::Updates, ListPage::Updates.place(), prose.as_str())),
            about: policy.map(|p| PublicLink { label: p.newest().title.clone(), href: policy_place(p.id.as_str()) }),
            ..PublicUpdate::default()
        };
        list.push((*day, update));
    }
}
