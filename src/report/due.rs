//! What falls due: rules of changes, reviews of policies, waivers and procedures that end, the expiry of security.txt.
//!
//! Overdue first, then soonest first. Overdue is what can still be done: a deadline that passed with nothing recorded, a
//! review that was not held. What came too late is a finding, and nobody can do it any more.

pub mod ics;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::judge::{self, Judgement, Verdict};
use crate::model::{Calendar, Check, Ledger, PersonId, PolicyVersion, Role, Rule, Word};
use crate::pipeline::Entry;
use crate::source::{Location, SourceSet};

/// When something falls due: at an instant, or at the end of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// At an instant.
    At(Timestamp),
    /// In the course of a day of the site's calendar.
    On(Date),
}

/// Something that falls due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// When.
    pub when: When,
    /// The last instant at which it is in time.
    pub by: Timestamp,
    /// Whether that has passed.
    pub overdue: bool,
    /// What it is, so that no two are the same: `change/CHG-1/emergency-review`.
    pub key: String,
    /// What it concerns: a change, a policy, a waiver.
    pub subject: String,
    /// What is asked for, in a sentence.
    pub asks: String,
    /// What to do about it; may be empty.
    pub to_do: String,
    /// Who: roles that are asked for, or the change's author, or an owner.
    pub who: String,
    /// Where it stands: `changes/a.yaml:12`.
    pub place: String,
}

fn place(sources: &SourceSet, at: Location) -> String {
    let (line, _) = sources.position(at);
    format!("{}:{line}", sources.file(at.file).path())
}

/// What falls due of a change, and how many of its rules wait for something that has no date yet.
pub fn of_change(sources: &SourceSet, ledger: &Ledger, entry: &Entry<'_>, as_of: Timestamp) -> (Vec<Due>, usize) {
    let Some(version) = entry.judged.version(ledger) else { return (Vec::new(), 0) };
    let record = &entry.record;
    let pending = entry.judged.judgements.iter().filter(|j| j.verdict == Verdict::Pending);
    let undated = pending.filter(|j| j.due.is_none()).count();
    let open = |j: &&Judgement| {
        let missed = j.verdict == Verdict::Fail && j.code.is_some_and(|c| c.name == "deadline/missed");
        j.verdict == Verdict::Pending || missed
    };
    let dated = entry.judged.judgements.iter().filter(open).filter_map(|j| Some((j, j.due?)));
    let list = dated.map(|(judgement, by)| {
        let rule = &version.rules[judgement.rule as usize];
        let why = judgement.why.as_deref();
        let span = why.and_then(|w| w.at).or(record.id.span()).unwrap_or(record.span);
        let title = record.title.get().map_or_else(String::new, |t| format!(" ({t})"));
        Due {
            when: When::At(by),
            by,
            overdue: by < as_of,
            key: format!("change/{}/{}", record.name(), rule.id),
            subject: format!("{}{title}", record.name()),
            asks: judge::in_plain_words(rule),
            to_do: why.map_or_else(String::new, |w| w.help.clone()),
            who: who(rule, record.author.get().map(PersonId::as_str)),
            place: place(sources, record.at(span)),
        }
    });
    (list.collect(), undated)
}

/// Whoever a rule asks for, else the change's author.
fn who(rule: &Rule, author: Option<&str>) -> String {
    let roles: Vec<&str> = match &rule.check {
        Check::Approval(a) => a.any_of.iter().chain(&a.all_of).map(Role::as_str).collect(),
        Check::Review(r) => r.including.iter().flat_map(|(roles, _)| roles).map(Role::as_str).collect(),
        Check::Attested(a) => a.by.iter().map(Role::as_str).collect(),
        _ => Vec::new(),
    };
    if roles.is_empty() { author.unwrap_or("nobody named").to_owned() } else { roles.join(" or ") }
}

/// What falls due of policies, waivers and the site itself.
pub fn of_site(sources: &SourceSet, ledger: &Ledger, as_of: Timestamp) -> Vec<Due> {
    let mut list = Vec::new();
    for policy in &ledger.policies {
        of_policy(sources, policy.newest(), as_of, &mut list);
    }
    let calendar = &ledger.configuration.calendar;
    for waiver in &ledger.waivers {
        let (Some(day), Some(span)) = (waiver.expires.get(), waiver.expires.span()) else { continue };
        let rule = waiver.rule.get().map_or("its rule", |r| r.as_str());
        let asks = format!("The waiver of `{rule}` ends: from the day after, changes keep the rule.");
        let due = on(calendar, as_of, *day, &format!("waiver/{}", waiver.name()), waiver.name(), &asks);
        // One that has ended asks for nothing.
        if !due.overdue {
            let to_do = "keep the rule from then on, or have a new waiver approved".to_owned();
            let who = waiver.requested_by.get().map_or("nobody named", |p| p.as_str()).to_owned();
            list.push(Due { to_do, who, place: place(sources, waiver.at(span)), ..due });
        }
    }
    if let Some(day) = ledger.configuration.security_txt_expires {
        let asks = "The security.txt of the public site expires; readers then take it for abandoned.";
        let due = on(calendar, as_of, day, "site/security.txt", "security.txt", asks);
        let to_do = "write a later day into `site.security_txt_expires`, and build again".to_owned();
        let who = ledger.configuration.security_contact.clone().unwrap_or_else(|| ledger.configuration.contact.clone());
        list.push(Due { to_do, who, place: "tickmark.yaml".to_owned(), ..due });
    }
    list
}

fn of_policy(sources: &SourceSet, version: &PolicyVersion, as_of: Timestamp, list: &mut Vec<Due>) {
    let calendar = &version.calendar;
    let owners: Vec<&str> = version.owner.iter().map(Word::as_str).collect();
    let who = if owners.is_empty() { "nobody named".to_owned() } else { owners.join(", ") };
    let review = version.review.as_ref().and_then(|r| Some((r, r.next()?)));
    if let Some((review, day)) = review {
        let asks = format!("The review of “{}” is due.", version.title);
        let due = on(calendar, as_of, day, &format!("policy/{}/review", version.id), version.id.as_str(), &asks);
        let to_do = "review the policy, then write the day into `review.last`".to_owned();
        list.push(Due { to_do, who: who.clone(), place: place(sources, version.at(review.span)), ..due });
    }
    for procedure in &version.procedures {
        let Some(day) = procedure.until else { continue };
        let asks = format!("The procedure “{}” ends: later changes may not use it.", procedure.title);
        let key = format!("policy/{}/procedure/{}", version.id, procedure.id);
        let due = on(calendar, as_of, day, &key, &format!("{}, procedure {}", version.id, procedure.id), &asks);
        if !due.overdue {
            let to_do = "test and approve it again, and write the days into the policy".to_owned();
            list.push(Due { to_do, who: who.clone(), place: place(sources, version.at(procedure.span)), ..due });
        }
    }
}

/// Something due in the course of a day.
fn on(calendar: &Calendar, as_of: Timestamp, day: Date, key: &str, subject: &str, asks: &str) -> Due {
    let by = calendar.end_of(day);
    Due {
        when: When::On(day),
        by,
        overdue: by < as_of,
        key: key.to_owned(),
        subject: subject.to_owned(),
        asks: asks.to_owned(),
        to_do: String::new(),
        who: String::new(),
        place: String::new(),
    }
}

/// Overdue first, then soonest first; of two with one key the first. What falls due after `until` is left out.
pub fn in_order(mut list: Vec<Due>, until: Option<Timestamp>) -> Vec<Due> {
    list.retain(|due| due.overdue || until.is_none_or(|until| due.by <= until));
    list.sort_by(|a, b| (!a.overdue, a.by, &a.key).cmp(&(!b.overdue, b.by, &b.key)));
    let mut seen = std::collections::BTreeSet::new();
    list.retain(|due| seen.insert(due.key.clone()));
    list
}

/// How far an instant is: `2 days 3 hours`; of what is further than a week only the days are of use.
pub fn distance(from: Timestamp, to: Timestamp) -> String {
    const WEEK: i64 = 7 * 86_400;
    let (first, last) = (from.min(to), from.max(to));
    let words = super::wording::span_of(first, last);
    match words.find(" days ") {
        Some(at) if last.as_second() - first.as_second() >= WEEK => words[..at + " days".len()].to_owned(),
        _ => words,
    }
}
