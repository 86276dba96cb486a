//! Public pages made of lists.

use super::public::{day, link};
use crate::disclose::public::{
    PublicCertification, PublicCertifications, PublicChangeOfList, PublicClauseLink, PublicCommitment, PublicContact,
    PublicContacts, PublicControlRow, PublicControls, PublicDisclosure, PublicFaq, PublicFramework, PublicHeading,
    PublicHtml, PublicImplementation, PublicNotice, PublicPage, PublicQuestion, PublicQuestions, PublicSubprocessor,
    PublicSubprocessors, PublicUpdate, PublicUpdates, PublicYear,
};

fn frame(href: &str, title: &str) -> PublicPage {
    PublicPage {
        href: href.to_owned(),
        title: title.to_owned(),
        summary: Some("What it is, in a sentence.".to_owned()),
        ..PublicPage::default()
    }
}

pub(super) fn commitments() -> Vec<PublicCommitment> {
    let commitment = |title: &str, text: &str, checked| PublicCommitment {
        title: title.to_owned(),
        text: Some(text.to_owned()),
        source: Some(link("Change management policy", "policies/five-stage/#log-complete")),
        checked,
    };
    vec![
        commitment("Nothing reaches production unseen", "A change has a record.", true),
        commitment("Exceptions expire", "A waiver names the day it ends.", false),
    ]
}

pub(crate) fn certifications() -> PublicCertifications {
    let certification = |name: &str, expired| PublicCertification {
        name: name.to_owned(),
        scope: Some("All five units".to_owned()),
        state: Some("certified".to_owned()),
        body: Some("Southern Cross Assurance Pty Ltd".to_owned()),
        issued: Some(day("19 March 2026", "2026-03-19")),
        expires: Some(day("18 March 2029", "2029-03-18")),
        expired,
        next: Some(day("18 March 2027", "2027-03-18")),
        report: Some("A summary is available on request.".to_owned()),
        href: None,
    };
    PublicCertifications {
        page: frame("certifications/", "Certifications"),
        certifications: vec![certification("ISO/IEC 27001:2022", false), certification("SOC 2 Type II", true)],
    }
}

pub(crate) fn subprocessors() -> PublicSubprocessors {
    let company = |name: &str| PublicSubprocessor {
        name: name.to_owned(),
        purpose: Some("Delivery of e-mail".to_owned()),
        data: Some("Addresses".to_owned()),
        services: Some("Connect, Assist".to_owned()),
        location: Some("Frankfurt".to_owned()),
        since: Some(day("20 October 2025", "2025-10-20")),
        ..PublicSubprocessor::default()
    };
    PublicSubprocessors {
        page: frame("subprocessors/", "Sub-processors"),
        notice: Some(PublicNotice {
            in_advance: Some("30 days".to_owned()),
            how: Some("By mail.".to_owned()),
            address: Some("trust@northfield.example".to_owned()),
            objection: Some("You may object.".to_owned()),
        }),
        current: vec![company("Postbote GmbH")],
        coming: vec![company("Northlight Status Ltd")],
        changes: vec![PublicChangeOfList {
            name: "Postbote GmbH".to_owned(),
            what: "added",
            date: day("20 October 2025", "2025-10-20"),
            announced: Some(day("15 September 2025", "2025-09-15")),
            notice: Some(35),
        }],
        columns: vec!["data", "services"],
    }
}

pub(crate) fn faq() -> PublicFaq {
    let question = |id: &str, question: &str| PublicQuestion {
        id: id.to_owned(),
        question: question.to_owned(),
        answer: PublicHtml("<p>Where a change can be felt, yes.</p>\n".to_owned()),
    };
    let heading = |level, id: &str| PublicHeading { level, id: id.to_owned(), text: id.to_owned() };
    PublicFaq {
        page: PublicPage {
            outline: vec![heading(2, "changes"), heading(3, "first"), heading(3, "second")],
            ..frame("faq/", "Questions and answers")
        },
        sections: vec![PublicQuestions {
            heading: Some(link("Changes", "changes")),
            questions: vec![question("first", "Will you tell us?"), question("second", "Can we delay it?")],
        }],
    }
}

pub(crate) fn updates() -> PublicUpdates {
    let update = |id: &str, kind, title: &str| PublicUpdate {
        id: id.to_owned(),
        date: day("9 November 2026", "2026-11-09"),
        kind,
        title: title.to_owned(),
        text: Some(PublicHtml("<p>More of it.</p>".to_owned())),
        about: Some(link("Sub-processors", "subprocessors/")),
        redline: Some("policies/five-stage/changes/2.0..2.1/".to_owned()),
    };
    PublicUpdates {
        page: frame("updates/", "Updates"),
        years: vec![PublicYear {
            year: "2026".to_owned(),
            updates: vec![
                update("subprocessor-northlight-added", "Sub-processor", "New sub-processor: Northlight Status Ltd"),
                update("policy-five-stage-2.1", "Policy", "Change management policy, version 2.1"),
            ],
        }],
    }
}

pub(crate) fn contacts() -> PublicContacts {
    let list = |text: &str| vec![text.to_owned()];
    PublicContacts {
        page: frame("contact/", "Contact and disclosure"),
        contacts: vec![PublicContact {
            topic: "Questions about this site".to_owned(),
            address: Some("trust@northfield.example".to_owned()),
            href: None,
            answers_within: Some("2 business days".to_owned()),
            text: Some("If a sentence is not clear, tell us.".to_owned()),
        }],
        disclosure: Some(PublicDisclosure {
            address: "security@northfield.example".to_owned(),
            text: Some(PublicHtml("<p>We are glad to hear of it.</p>".to_owned())),
            answers_within: Some("1 business day".to_owned()),
            include: list("What you found."),
            expect: list("An answer."),
            ask: list("Patience."),
            in_scope: list("Everything."),
            out_of_scope: list("The rest."),
            languages: list("en"),
            security_txt: Some(".well-known/security.txt".to_owned()),
            ..PublicDisclosure::default()
        }),
    }
}

pub(crate) fn controls() -> PublicControls {
    let clause = |anchor: &str, checked| PublicClauseLink {
        anchor: anchor.to_owned(),
        text: "The request describes the change and its purpose.".to_owned(),
        href: format!("policies/five-stage/#{anchor}"),
        checked,
    };
    let by = |id: &str, clauses: Vec<PublicClauseLink>| PublicImplementation {
        id: id.to_owned(),
        policy: link("Change management policy", &format!("policies/{id}/")),
        checked: 1,
        clauses,
    };
    let first = by("five-stage", vec![clause("request-fields", true), clause("log-complete", false)]);
    let second = by("starter", Vec::new());
    let row = |anchor: &str, control: &str| PublicControlRow {
        anchor: anchor.to_owned(),
        control: control.to_owned(),
        title: Some("Changes are managed".to_owned()),
        cells: vec![Some(first.clone()), Some(second.clone()), None],
        by: vec![first.clone(), second.clone()],
    };
    PublicControls {
        page: frame("controls/", "Controls"),
        policies: ["five-stage", "starter", "git-native"].map(|id| link(id, &format!("policies/{id}/"))).to_vec(),
        matrix: true,
        frameworks: vec![PublicFramework {
            id: "SOC2".to_owned(),
            anchor: "soc2".to_owned(),
            name: "SOC 2".to_owned(),
            controls: vec![row("soc2-cc8-1", "CC8.1"), row("soc2-cc7-1", "CC7.1")],
        }],
    }
}
