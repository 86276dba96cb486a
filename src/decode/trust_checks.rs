//! What the lists of `content/data` say together, with policies, and by a day: references, dates, notice given.
//!
//! A policy that is not public and one that does not exist are one here, as they are on public pages.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::codes;
use super::people::duplicate;
use crate::diag::{Code, Diagnostic, Sink, suggest};
use crate::model::{Classification, DataList, Field, Id, Ledger, Policy, Trust, TrustKind, Word};
use crate::source::{FileId, Span};

/// Checks what the lists say as of a day.
pub fn check_trust(ledger: &Ledger, trust: &Trust, today: Date, sink: &mut Sink) {
    let mut check = Check { ledger, trust, sink };
    for commitment in &trust.commitments {
        let policy = check.public_policy(TrustKind::Commitments, &commitment.policy);
        if let (Some(policy), Field::Given(clause, span)) = (policy, &commitment.clause) {
            check.clause(policy, clause, *span);
        }
    }
    for certification in &trust.certifications {
        check.order(TrustKind::Certifications, &certification.issued, &certification.expires, "issued", "expires");
        if let (true, Field::Given(day, span)) = (certification.is_expired(today), &certification.expires) {
            let name = certification.name.get().map_or("this", |n| n.as_str());
            let help = "list the new one, or take it out";
            check.say(
                &codes::LIST_EXPIRED,
                TrustKind::Certifications,
                *span,
                format!("`{name}` expired on {day}"),
                help,
            );
        }
    }
    for company in &trust.subprocessors {
        check.order(TrustKind::Subprocessors, &company.announced, &company.since, "announced", "since");
        check.order(TrustKind::Subprocessors, &company.since, &company.until, "since", "until");
        check.notice(&company.announced, &company.since);
    }
    for notice in &trust.updates {
        check.public_policy(TrustKind::Updates, &notice.policy);
    }
    check.ids(TrustKind::Updates, trust.updates.iter().map(|n| &n.id));
    check.ids(TrustKind::Faq, trust.questions.iter().map(|q| &q.id));
}

/// Lists that no page shows. `places` are the last parts of the places of pages.
pub fn check_lists(lists: &[DataList], places: &[&str], sink: &mut Sink) {
    for list in lists.iter().filter(|l| !places.contains(&l.name.as_str())) {
        let known = TrustKind::ALL.map(TrustKind::name);
        let help = suggest::nearest(&list.name, known).map_or_else(
            || {
                format!(
                    "write a page `content/{}.md`, which shows it, or call it one of: {}",
                    list.name,
                    known.join(", ")
                )
            },
            |near| format!("did you mean `{near}.yaml`?"),
        );
        let headline = format!("the list `{}` is shown on no page", list.name);
        sink.push(Diagnostic::new(&codes::LIST_UNUSED, list.file, Span::at(0), headline).help(help));
    }
}

/// Whether security.txt can be trusted on a day. `text` is tickmark.yaml.
pub fn check_security_txt(ledger: &Ledger, (file, text): (FileId, &str), today: Date, sink: &mut Sink) {
    let c = &ledger.configuration;
    let at = |key: &str| {
        let start = text.find(key).unwrap_or(0);
        let end = text[start..].find('\n').map_or(text.len(), |n| start + n);
        Span::new(start, end)
    };
    let help = "write a later day, at most a year ahead, and build again: it says until when the addresses hold";
    let finding = match (c.security_txt_expires, &c.security_contact) {
        (Some(day), _) if day < today => Diagnostic::new(
            &codes::SECURITY_TXT,
            file,
            at("security_txt_expires"),
            format!("security.txt expired on {day}"),
        )
        .help(help),
        (None, Some(_)) => Diagnostic::new(
            &codes::SECURITY_TXT,
            file,
            at("security_contact"),
            "no security.txt is made, because nothing says when it ends",
        )
        .help("add `security_txt_expires: …` with a day at most a year ahead"),
        _ => return,
    };
    sink.push(finding);
}

struct Check<'c> {
    ledger: &'c Ledger,
    trust: &'c Trust,
    sink: &'c mut Sink,
}

impl<'c> Check<'c> {
    fn say(&mut self, code: &'static Code, kind: TrustKind, span: Span, headline: String, help: &str) {
        let at = self.trust.at(kind, span);
        if let Some(at) = at {
            self.sink.push(Diagnostic::new(code, at.file, at.span, headline).help(help));
        }
    }

    /// The public policy that an entry names; one that is not there is reported.
    fn public_policy(&mut self, kind: TrustKind, named: &Field<Id>) -> Option<&'c Policy> {
        let Field::Given(id, span) = named else { return None };
        let ledger = self.ledger;
        let public = |p: &&Policy| p.newest().classification == Classification::Public;
        let found = ledger.policy(id.as_str()).filter(public);
        if found.is_none() {
            let names = ledger.policies.iter().filter(public).map(|p| p.id.as_str());
            let help = suggest::help(id.as_str(), names);
            self.say(&codes::LIST_POLICY, kind, *span, format!("the site has no public policy `{id}`"), &help);
        }
        found
    }

    fn clause(&mut self, policy: &Policy, clause: &Word, span: Span) {
        let outline = &policy.newest().outline;
        if outline.clause(clause.as_str()).is_none() {
            let help = suggest::help(clause.as_str(), outline.clauses.iter().map(|c| c.anchor.as_str()));
            let headline = format!("policy `{}` has no clause `{clause}`", policy.id);
            self.say(&codes::LIST_POLICY, TrustKind::Commitments, span, headline, &help);
        }
    }

    fn order(&mut self, kind: TrustKind, first: &Field<Date>, then: &Field<Date>, one: &str, other: &str) {
        if let (Field::Given(first, _), Field::Given(then, span)) = (first, then)
            && then < first
        {
            let headline = format!("`{other}` is {then}, before `{one}`, {first}");
            self.say(&codes::LIST_DATES, kind, *span, headline, "correct the one that is wrong");
        }
    }

    /// Whether customers had the notice they are promised.
    fn notice(&mut self, announced: &Field<Date>, since: &Field<Date>) {
        let promised = self.trust.notice.as_ref().and_then(|notice| notice.in_advance.get().copied());
        let (Some(promised), Field::Given(told, _), Field::Given(since, span)) = (promised, announced, since) else {
            return;
        };
        let calendar = &self.ledger.configuration.calendar;
        let Ok(earliest) = calendar.after(calendar.start_of(*told), promised) else { return };
        let earliest = calendar.day(earliest);
        if *since < earliest && told <= since {
            let days = (*since - *told).get_days();
            let unit = if days == 1 { "day" } else { "days" };
            let headline = format!("{days} {unit} of notice, although {promised} are promised");
            let help = format!("announced on {told}, it may receive data from {earliest} on");
            self.say(&codes::LIST_NOTICE, TrustKind::Subprocessors, *span, headline, &help);
        }
    }

    fn ids<'i>(&mut self, kind: TrustKind, ids: impl Iterator<Item = &'i Field<Id>>) {
        let mut seen: BTreeMap<String, (&Id, Span)> = BTreeMap::new();
        for field in ids {
            let Field::Given(id, span) = field else { continue };
            let first = *seen.entry(id.as_str().to_ascii_lowercase()).or_insert((id, *span));
            if let (false, Some(at), Some(other)) =
                (first.1 == *span, self.trust.at(kind, *span), self.trust.at(kind, first.1))
            {
                let mut finding = duplicate(id, first.0, at, other);
                finding.code = &codes::LIST_ID;
                self.sink.push(finding);
            }
        }
    }
}
