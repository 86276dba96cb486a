//! Public pages.

use super::trust;
use crate::disclose::public::{
    PublicCell, PublicClause, PublicControl, PublicDate, PublicEntry, PublicFact, PublicFigure, PublicFigures,
    PublicHeading, PublicHome, PublicHtml, PublicLink, PublicListed, PublicMoved, PublicPage, PublicPolicies,
    PublicPolicy, PublicPolicyRow, PublicPolicyVersion, PublicRedline, PublicRule, PublicRuleChange, PublicSearch,
    PublicSection, PublicSite, PublicStanding, PublicTable, PublicType,
};

pub(super) fn day(text: &str, iso: &str) -> PublicDate {
    PublicDate { text: text.to_owned(), iso: iso.to_owned() }
}

pub(super) fn link(label: &str, href: &str) -> PublicLink {
    PublicLink { label: label.to_owned(), href: href.to_owned() }
}

pub(crate) fn public_site() -> PublicSite {
    PublicSite {
        name: "Northfield Trust Centre".to_owned(),
        organisation: "Northfield Group".to_owned(),
        language: "en-GB".to_owned(),
        direction: "ltr",
        base_url: "https://trust.northfield.example/".to_owned(),
        base_path: "/".to_owned(),
        demonstration: true,
        nav: vec![
            link("Policies", "policies/"),
            link("Security", "security/"),
            link("Sub-processors", "subprocessors/"),
            link("Questions", "faq/"),
            link("Contact", "contact/"),
        ],
        search: Some("search/".to_owned()),
        contact: "trust@northfield.example".to_owned(),
        security_contact: Some("security@northfield.example".to_owned()),
        machine: vec![link("security.txt", ".well-known/security.txt")],
        feeds: true,
    }
}

fn row(id: &str, title: &str, summary: &str, version: &str, checked: usize) -> PublicPolicyRow {
    PublicPolicyRow {
        href: format!("policies/{id}/"),
        title: title.to_owned(),
        summary: Some(summary.to_owned()),
        version: version.to_owned(),
        effective: Some(day("1 June 2025", "2025-06-01")),
        owner: Some("Engineering lead".to_owned()),
        checked,
    }
}

pub(crate) fn policies() -> PublicPolicies {
    PublicPolicies {
        pdf: Some("policies/policies.pdf".to_owned()),
        policies: vec![
            row(
                "five-stage",
                "Change management policy",
                "How every change to production is requested, reviewed, tested, watched and written down, in five stages.",
                "2.1",
                24,
            ),
            row("git-native", "Changes to edge workers and the app", "Git is the only change log.", "1.3", 11),
            row(
                "github-flow",
                "Changes through pull requests",
                "Every change is a pull request, and the pipeline is the only way to production.",
                "3.0",
                16,
            ),
            row(
                "starter",
                "Request, approval and schedule",
                "A classic change process, with a change authority.",
                "1",
                1,
            ),
        ],
    }
}

fn figure(label: &str, value: Option<&str>, base: Option<&str>, definition: &str) -> PublicFigure {
    PublicFigure {
        label: label.to_owned(),
        value: value.map(str::to_owned),
        base: base.map(str::to_owned),
        definition: Some(definition.to_owned()),
        subject: "reviewed",
        share: None,
    }
}

fn figures() -> PublicFigures {
    PublicFigures {
        period: "July to September 2026".to_owned(),
        figures: vec![
            figure(
                "reviewed by somebody else",
                Some("98.6 %"),
                Some("209 of 212 changes"),
                "Reviewed: a peer who did not write the change approved it before deployment.",
            ),
            figure(
                "tested before production",
                Some("100 %"),
                Some("212 of 212 changes"),
                "Tested: the automated tests passed.",
            ),
            figure(
                "with a way back",
                Some("97.2 %"),
                Some("206 of 212 changes"),
                "A way back: rollback steps were written down.",
            ),
            figure("emergencies reviewed in time", None, None, "In time: within two business days of deployment."),
        ],
        smallest_group: 5,
    }
}

pub(crate) fn home() -> PublicHome {
    PublicHome {
        title: "Northfield Trust Centre".to_owned(),
        lede: "How Northfield Group changes the systems that its customers depend on, and how it keeps itself to that."
            .to_owned(),
        body: PublicHtml("<p>Every promise on these pages has a rule behind it.</p>\n".to_owned()),
        policies: policies().policies,
        figures: Some(figures()),
        tables: Vec::new(),
        commitments: trust::commitments(),
        certifications: trust::certifications().certifications,
        updates: trust::updates().years.remove(0).updates,
    }
}

fn cell(text: &str) -> PublicCell {
    PublicCell { text: text.to_owned(), iso: None, href: None }
}

pub(crate) fn page() -> PublicPage {
    let heading = |id: &str, text: &str| PublicHeading { level: 2, id: id.to_owned(), text: text.to_owned() };
    let date = PublicCell { text: "18 March 2027".to_owned(), iso: Some("2027-03-18".to_owned()), href: None };
    PublicPage {
        anchor: None,
        href: "security/".to_owned(),
        title: "Security".to_owned(),
        summary: Some("Encryption, access, monitoring, testing and recovery, and what we do not claim.".to_owned()),
        body: PublicHtml("<h2 id=\"data\">Data</h2>\n<p>Data is encrypted in transit.</p>\n<h2 id=\"access\">Access</h2>\n<p>Sign-in needs a hardware key.</p>\n".to_owned()),
        outline: vec![heading("data", "Data"), heading("access", "Access"), heading("certificates", "Certificates")],
        tables: vec![PublicTable {
            id: "certificates".to_owned(),
            title: "Certificates".to_owned(),
            note: Some("What independent firms have confirmed.".to_owned()),
            columns: ["Name", "Scope", "State", "Next"].map(str::to_owned).to_vec(),
            rows: vec![
                vec![cell("ISO/IEC 27001:2022"), cell("All five units"), cell("certified"), date.clone()],
                vec![cell("PCI DSS 4.0, service provider level 1"), cell("Northfield Payments"), cell("attested"), date],
            ],
        }],
    }
}

pub(crate) fn search() -> PublicSearch {
    let headings = vec![link("Records", "policies/five-stage/#records")];
    let policy = PublicListed {
        title: "Change management policy".to_owned(),
        href: "policies/five-stage/".to_owned(),
        headings,
    };
    PublicSearch { folder: "0011223344/".to_owned(), pages: vec![policy] }
}

pub(crate) fn moved() -> PublicMoved {
    PublicMoved {
        href: "policies/change/".to_owned(),
        title: "Change management policy".to_owned(),
        to: "policies/five-stage/".to_owned(),
        address: "https://trust.northfield.example/policies/five-stage/".to_owned(),
    }
}

fn kind(title: &str, risk: &str, summary: &str, examples: &[&str], rules: usize) -> PublicType {
    PublicType {
        title: title.to_owned(),
        risk: Some(risk.to_owned()),
        summary: Some(summary.to_owned()),
        examples: examples.iter().map(|e| (*e).to_owned()).collect(),
        rules,
    }
}

pub(crate) fn public_clause() -> PublicClause {
    PublicClause {
        anchor: "emergency-review-2bd".to_owned(),
        on: "on every emergency change".to_owned(),
        rules: vec![PublicRule {
            id: "emergency-review-2bd".to_owned(),
            says: "The post-change review is held within 2 business days of the deployment.".to_owned(),
            figure: Some(figure("in time", Some("88.9 %"), Some("8 of 9 changes"), "")),
        }],
    }
}

fn version(
    name: &str,
    state: &'static str,
    effective: PublicDate,
    this: bool,
    before: Option<&str>,
) -> PublicPolicyVersion {
    PublicPolicyVersion {
        version: name.to_owned(),
        state,
        effective: Some(effective),
        amended: vec![day("3 June 2025", "2025-06-03")],
        owner: Some("Engineering lead".to_owned()),
        approved_by: Some("CISO".to_owned()),
        approved_at: Some(day("20 May 2025", "2025-05-20")),
        this,
        href: Some(format!("policies/five-stage/versions/{name}/")),
        redline: before.map(|old| format!("policies/five-stage/changes/{old}..{name}/")),
    }
}

pub(crate) fn redline() -> PublicRedline {
    let entry = |state, blocks, material, reasons: &str, html: &str, from: Option<&str>| PublicEntry {
        state,
        blocks,
        kind: "paragraph",
        material,
        reasons: reasons.to_owned(),
        html: PublicHtml(html.to_owned()),
        from: from.map(str::to_owned),
    };
    PublicRedline {
        href: "policies/five-stage/changes/2.0..2.1/".to_owned(),
        title: "Change management policy".to_owned(),
        policy: "policies/five-stage/".to_owned(),
        old: link("2.0", "policies/five-stage/versions/2.0/"),
        new: link("2.1", "policies/five-stage/versions/2.1/"),
        old_effective: Some(day("3 June 2024", "2024-06-03")),
        new_effective: Some(day("1 June 2025", "2025-06-01")),
        material: 2,
        editorial: 1,
        moved: 3,
        facts: vec![PublicFact {
            label: "Owner".to_owned(),
            old: Some("CTO".to_owned()),
            new: Some("Engineering lead".to_owned()),
        }],
        sections: vec![PublicSection {
            heading: "Emergencies".to_owned(),
            href: Some("policies/five-stage/versions/2.1/#emergencies".to_owned()),
            entries: vec![
                entry("same", 2, false, "", "", None),
                entry(
                    "edited",
                    1,
                    true,
                    "number",
                    "Reviewed within <del>five</del><ins>two</ins> business days.",
                    None,
                ),
                entry("moved", 3, false, "", "Who is told", Some("Records")),
                entry("added", 1, false, "", "<ins>Thank you.</ins>", None),
            ],
        }],
        rules: vec![PublicRuleChange {
            id: "emergency-review".to_owned(),
            state: "edited",
            html: PublicHtml("The review comes within <del>5</del><ins>2</ins> business days.".to_owned()),
        }],
    }
}

pub(crate) fn policy() -> PublicPolicy {
    let control = |framework: &str, control: &str, title: &str| PublicControl {
        framework: framework.to_owned(),
        control: control.to_owned(),
        title: Some(title.to_owned()),
        href: None,
    };
    PublicPolicy {
        anchor: Some("five-stage".to_owned()),
        id: "five-stage".to_owned(),
        href: "policies/five-stage/".to_owned(),
        title: "Change management policy".to_owned(),
        summary: policies().policies[0].summary.clone(),
        version: "2.1".to_owned(),
        effective: Some(day("1 June 2025", "2025-06-01")),
        amended: None,
        last_reviewed: Some(day("20 May 2026", "2026-05-20")),
        next_review: Some(day("20 May 2027", "2027-05-20")),
        owner: Some("Engineering lead".to_owned()),
        approved_by: Some("Head of engineering".to_owned()),
        approved_at: Some(day("20 May 2025", "2025-05-20")),
        types: vec![
            kind("Standard", "Low risk", "Routine and repeatable, done by a documented and tested procedure that was approved in advance.", &["Routine dependency updates", "Scheduled certificate renewals", "Documented configuration toggles"], 17),
            kind("Normal", "Moderate risk", "Assessed, tried in staging and reviewed by a peer before it reaches production.", &["New features", "Infrastructure scaling", "Database migrations", "Integration updates"], 22),
            kind("Emergency", "High risk, expedited", "Needed at once to end a production incident or close a critical vulnerability.", &["A critical security patch", "A hotfix during an incident", "The repair of damaged data"], 19),
        ],
        types_after: Some("change-types".to_owned()),
        body: PublicHtml("<p>Intro.</p>\n<h2 id=\"change-types\">Change types</h2>\n<p>Exactly one.</p>\n<h3 id=\"standard\">Standard</h3>\n<p>Routine.</p>\n<h2 id=\"records\">Records</h2>\n<p>All of them.</p>\n".to_owned()),
        outline: vec![PublicHeading { level: 2, id: "change-types".to_owned(), text: "Change types".to_owned() }],
        checked: 24,
        implements: vec![
            control("SOC 2", "CC8.1", "Authorises, designs, tests, approves and implements changes"),
            control("ISO/IEC 27001", "A.8.32", "Change management"),
            control("NIST SP 800-53", "CM-3", "Configuration change control"),
            control("PCI DSS", "6.5.1", "Changes to all system components are made according to established procedures"),
        ],
        related: vec![link("Changes through pull requests", "policies/github-flow/")],
        own: false,
        updated: Some(day("3 June 2025", "2025-06-03")),
        standing: PublicStanding {
            state: "in-force",
            effective: Some(day("1 June 2025", "2025-06-01")),
            until: None,
            next: Some(version("2.2", "coming", day("1 January 2027", "2027-01-01"), false, Some("2.1"))),
            now: None,
            permanent: Some("policies/five-stage/versions/2.1/".to_owned()),
        },
        versions: vec![
            version("2.2", "coming", day("1 January 2027", "2027-01-01"), false, Some("2.1")),
            version("2.1", "in-force", day("1 June 2025", "2025-06-01"), true, Some("2.0")),
            version("2.0", "past", day("3 June 2024", "2024-06-03"), false, None),
        ],
        pdf: Some("policies/five-stage/versions/2.1/policy.pdf".to_owned()),
        figures: Some(figures()),
    }
}
