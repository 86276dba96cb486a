//! Pages made of lists of `content/data`: commitments, certifications, sub-processors, questions, contacts.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::documents::{Documents, ListPage};
use super::public::{
    PublicCertification, PublicCertifications, PublicChangeOfList, PublicCommitment, PublicContact, PublicContacts,
    PublicDate, PublicDisclosure, PublicFaq, PublicHeading, PublicLink, PublicNotice, PublicQuestion, PublicQuestions,
    PublicSubprocessor, PublicSubprocessors,
};
use super::words::{date, slug};
use super::{policy_place, public_of, versions};
use crate::model::{
    Certification, Commitment, Contact, Disclosure, Field, Link, Prose, Question, Spanned, Subprocessor, TrustKind,
};

pub(super) fn text(field: &Field<Prose>) -> Option<String> {
    field.get().map(|prose| prose.as_str().to_owned())
}

fn texts(field: &Field<Vec<Spanned<Prose>>>) -> Vec<String> {
    field.items().iter().map(|item| item.value.as_str().to_owned()).collect()
}

fn address(field: &Field<Link>) -> Option<String> {
    field.get().map(|link| link.as_str().to_owned())
}

pub(super) fn day(documents: &Documents<'_>, field: &Field<Date>) -> Option<PublicDate> {
    field.get().map(|day| date(documents.ledger, *day))
}

/// What the home page says the organisation commits to.
pub fn public_commitments(documents: &Documents<'_>) -> Vec<PublicCommitment> {
    documents.trust.commitments.iter().filter_map(|c| commitment(documents, c)).collect()
}

fn commitment(documents: &Documents<'_>, commitment: &Commitment) -> Option<PublicCommitment> {
    let policy = commitment.policy.get().and_then(|id| public_of(documents.ledger).into_iter().find(|p| p.id == *id));
    let version = policy.map(|p| &p.versions[versions::shown(p, documents.as_of)]);
    let clause = commitment.clause.get().and_then(|anchor| version?.clause(anchor.as_str()));
    let source = policy.zip(version).map(|(policy, version)| {
        let anchor = clause.map_or_else(String::new, |c| format!("#{}", c.anchor));
        PublicLink { label: version.title.clone(), href: format!("{}{anchor}", policy_place(policy.id.as_str())) }
    });
    let checked = clause
        .zip(version)
        .is_some_and(|(clause, version)| version.rules.iter().any(|r| r.clause.as_deref() == Some(&*clause.anchor)));
    Some(PublicCommitment { title: text(&commitment.title)?, text: text(&commitment.text), source, checked })
}

/// Certifications: those that hold, then those that have expired.
pub(super) fn certifications(documents: &Documents<'_>) -> Vec<PublicCertification> {
    let today = documents.today();
    let all = documents.trust.certifications.iter().filter_map(|c| certification(documents, c, today));
    let (expired, holding): (Vec<_>, Vec<_>) = all.partition(|c| c.expired);
    holding.into_iter().chain(expired).collect()
}

fn certification(documents: &Documents<'_>, c: &Certification, today: Date) -> Option<PublicCertification> {
    Some(PublicCertification {
        name: text(&c.name)?,
        scope: text(&c.scope),
        state: text(&c.state),
        body: text(&c.body),
        issued: day(documents, &c.issued),
        expires: day(documents, &c.expires),
        expired: c.is_expired(today),
        next: day(documents, &c.next),
        report: text(&c.report),
        href: address(&c.url),
    })
}

/// The page of certifications.
pub fn public_certifications(documents: &Documents<'_>) -> PublicCertifications {
    PublicCertifications { page: documents.frame(ListPage::Certifications), certifications: certifications(documents) }
}

fn subprocessor(documents: &Documents<'_>, s: &Subprocessor) -> Option<PublicSubprocessor> {
    Some(PublicSubprocessor {
        name: text(&s.name)?,
        purpose: text(&s.purpose),
        data: text(&s.data),
        services: text(&s.services),
        location: text(&s.location),
        transfer: text(&s.transfer),
        announced: day(documents, &s.announced),
        since: day(documents, &s.since),
        until: day(documents, &s.until),
        href: address(&s.url),
    })
}

/// Those who receive data now, and those who will.
pub(super) fn current_and_coming(documents: &Documents<'_>) -> (Vec<PublicSubprocessor>, Vec<PublicSubprocessor>) {
    let today = documents.today();
    let (mut current, mut coming) = (Vec::new(), Vec::new());
    for company in documents.trust.subprocessors.iter().filter(|s| !s.is_past(today)) {
        // One that customers have not been told of yet is nobody's business.
        if company.announced.get().is_some_and(|told| *told > today) {
            continue;
        }
        let list = if company.is_coming(today) { &mut coming } else { &mut current };
        list.extend(subprocessor(documents, company));
    }
    (current, coming)
}

/// Additions and removals that customers know of, newest first.
fn changes_of_list(documents: &Documents<'_>) -> Vec<PublicChangeOfList> {
    let today = documents.today();
    let mut changes: Vec<(Date, PublicChangeOfList)> = Vec::new();
    for company in &documents.trust.subprocessors {
        let Some(name) = text(&company.name) else { continue };
        let told = company.announced.get().copied();
        if told.is_some_and(|told| told > today) {
            continue;
        }
        if let Some(since) = company.since.get().copied() {
            let notice = told.filter(|told| *told <= since).map(|told| (since - told).get_days());
            let what = if since > today { "to be added" } else { "added" };
            let announced = told.map(|day| date(documents.ledger, day));
            changes.push((
                since,
                PublicChangeOfList { name: name.clone(), what, date: date(documents.ledger, since), announced, notice },
            ));
        }
        if let Some(until) = company.until.get().copied() {
            let what = if until < today { "removed" } else { "to be removed" };
            changes.push((
                until,
                PublicChangeOfList { name, what, date: date(documents.ledger, until), announced: None, notice: None },
            ));
        }
    }
    changes.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.name.cmp(&b.1.name)));
    changes.into_iter().map(|(_, change)| change).collect()
}

/// The page of sub-processors.
pub fn public_subprocessors(documents: &Documents<'_>) -> PublicSubprocessors {
    let (current, coming) = current_and_coming(documents);
    let all = || current.iter().chain(&coming);
    let columns = [
        ("data", all().any(|s| s.data.is_some())),
        ("services", all().any(|s| s.services.is_some())),
        ("transfer", all().any(|s| s.transfer.is_some())),
    ];
    PublicSubprocessors {
        page: documents.frame(ListPage::Subprocessors),
        notice: documents.trust.notice.as_ref().map(|n| PublicNotice {
            in_advance: n.in_advance.get().map(ToString::to_string),
            how: text(&n.how),
            address: text(&n.address),
            objection: text(&n.objection),
        }),
        columns: columns.into_iter().filter(|(_, any)| *any).map(|(column, _)| column).collect(),
        changes: changes_of_list(documents),
        current,
        coming,
    }
}

/// The page of questions and answers.
pub fn public_faq(documents: &Documents<'_>) -> PublicFaq {
    let mut page = documents.frame(ListPage::Faq);
    let mut taken: BTreeSet<String> = page.outline.iter().map(|h| h.id.clone()).collect();
    let mut sections: Vec<PublicQuestions> = Vec::new();
    for question in &documents.trust.questions {
        let heading = text(&question.section);
        let known = sections.iter().position(|s| s.heading.as_ref().map(|h| &h.label) == heading.as_ref());
        let at = known.unwrap_or_else(|| {
            let heading = heading.map(|label| PublicLink { href: free(&mut taken, &slug(&label)), label });
            sections.push(PublicQuestions { heading, questions: Vec::new() });
            sections.len() - 1
        });
        sections[at].questions.extend(answered(documents, question, &mut taken));
    }
    for section in &sections {
        let level = if section.heading.is_some() { 3 } else { 2 };
        let heading = |level, id: &str, text: &str| PublicHeading { level, id: id.to_owned(), text: text.to_owned() };
        page.outline.extend(section.heading.iter().map(|h| heading(2, &h.href, &h.label)));
        page.outline.extend(section.questions.iter().map(|q| heading(level, &q.id, &q.question)));
    }
    PublicFaq { page, sections }
}

fn answered(documents: &Documents<'_>, q: &Question, taken: &mut BTreeSet<String>) -> Option<PublicQuestion> {
    let question = text(&q.question)?;
    let answer = documents.markup(TrustKind::Faq, ListPage::Faq.place(), q.answer.get()?.as_str());
    let wanted = q.id.get().map_or_else(|| slug(&question), ToString::to_string);
    Some(PublicQuestion { id: free(taken, &wanted), question, answer })
}

/// A name that nothing else has yet.
pub(super) fn free(taken: &mut BTreeSet<String>, wanted: &str) -> String {
    let mut name = wanted.to_owned();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = format!("{wanted}-{number}");
        number += 1;
    }
    name
}

/// The page of contacts and disclosure.
pub fn public_contacts(documents: &Documents<'_>) -> PublicContacts {
    PublicContacts {
        page: documents.frame(ListPage::Contact),
        contacts: documents.trust.contacts.iter().filter_map(contact).collect(),
        disclosure: documents.trust.disclosure.as_ref().map(|d| disclosure(documents, d)),
    }
}

fn contact(c: &Contact) -> Option<PublicContact> {
    Some(PublicContact {
        topic: text(&c.topic)?,
        address: text(&c.address),
        href: address(&c.url),
        answers_within: c.answers_within.get().map(ToString::to_string),
        text: text(&c.text),
    })
}

/// How to report a vulnerability.
fn disclosure(documents: &Documents<'_>, d: &Disclosure) -> PublicDisclosure {
    let c = &documents.ledger.configuration;
    let markup = |prose: &Prose| documents.markup(TrustKind::Disclosure, ListPage::Contact.place(), prose.as_str());
    PublicDisclosure {
        address: c.security_contact.clone().unwrap_or_else(|| c.contact.clone()),
        text: d.text.get().map(markup),
        answers_within: d.answers_within.get().map(ToString::to_string),
        include: texts(&d.include),
        expect: texts(&d.expect),
        ask: texts(&d.ask),
        in_scope: texts(&d.in_scope),
        out_of_scope: texts(&d.out_of_scope),
        key: address(&d.key),
        thanks: address(&d.thanks),
        languages: d.languages.items().iter().map(|l| l.value.to_string()).collect(),
        security_txt: c.has_security_txt().then(|| ".well-known/security.txt".to_owned()),
    }
}

/// What security.txt takes from the disclosure policy, where there is one.
pub fn public_disclosure(documents: &Documents<'_>) -> Option<PublicDisclosure> {
    documents.trust.disclosure.as_ref().map(|d| disclosure(documents, d))
}
