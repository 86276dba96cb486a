//! Overview, register, emergencies, waivers, policies.

use crate::report::pages::{
    Attention, AttentionRow, Clause, ClauseRule, ClockLine, CoveragePage, CoveragePolicy, CoverageSentence, Delta,
    DueDay, DueMonth, DuePage, DueRow, EmergenciesPage, EmergencyRow, Figure, Filter, FilterOption, FindingRow,
    Heading, Html, InternalSite, Link, Mark, Moment, Overview, PoliciesPage, PolicyInternal, PolicyRow, PolicyRule,
    PolicyWhatIf, QuarterRow, RedlineEntry, RedlineFact, RedlinePage, RedlineRule, RedlineSection, RegisterPage,
    RegisterRow, RuleWhatIf, Target, VerdictCounts, VersionRow, WaiverRow, WaiversPage, WhatIfRow,
};

use super::change::fact;

pub(super) fn moment(text: &str, iso: &str) -> Moment {
    Moment { text: text.to_owned(), iso: iso.to_owned() }
}

pub(super) fn link(text: &str, href: &str) -> Link {
    Link { text: text.to_owned(), href: Some(href.to_owned()) }
}

pub(crate) fn site() -> InternalSite {
    InternalSite {
        name: "Northfield Trust Centre".to_owned(),
        organisation: "Northfield Group".to_owned(),
        language: "en-GB".to_owned(),
        direction: "ltr",
        demonstration: true,
        as_of: moment("Sat 21 Nov 2026, 10:00 AEST", "2026-11-21T10:00:00+10:00"),
        latest_report: Some("reports/2026-Q3/index.html".to_owned()),
    }
}

pub(super) fn figure(value: &str, label: &str, base: &str, delta: &str, tone: &'static str) -> Figure {
    Figure {
        value: value.to_owned(),
        label: label.to_owned(),
        base: Some(base.to_owned()).filter(|b| !b.is_empty()),
        delta: Some(Delta { text: delta.to_owned(), tone }).filter(|d| !d.text.is_empty()),
        target: None,
        href: Some("reports/2026-Q3/records/index.html#all".to_owned()),
    }
}

pub(super) fn figures() -> Vec<Figure> {
    let target = |text: &str, met| Some(Target { text: text.to_owned(), met });
    vec![
        figure("212", "changes deployed", "", "+18 on 2026-Q2", "neutral"),
        Figure {
            target: target("target 95 %", true),
            ..figure("96.2 %", "kept every rule", "204 of 212 changes", "+1.9 points on 2026-Q2", "better")
        },
        Figure {
            target: target("target 3 %", false),
            ..figure("3.8 %", "failed or rolled back", "8 of 212 changes", "+0.7 points on 2026-Q2", "worse")
        },
        figure("9", "emergencies", "4.2 % of 212 changes", "−5 on 2026-Q2", "better"),
    ]
}

pub(super) fn attention_rows() -> Vec<AttentionRow> {
    [
        (
            "CHG-2026-0188",
            "Block the credential-stuffing source at the edge",
            "emergency-review-2bd",
            Mark::Fail,
            "late by 2 days",
        ),
        ("CHG-2026-0201", "Patch the parser in the edge router", "emergency-review-2bd", Mark::Fail, "late by 5 hours"),
        (
            "CHG-2026-0210",
            "Move payout batches to the new ledger schema",
            "close-fields",
            Mark::Unknown,
            "nobody can say",
        ),
    ]
    .map(|(id, title, rule, mark, state)| AttentionRow {
        id: id.to_owned(),
        href: format!("changes/{id}/index.html"),
        title: title.to_owned(),
        rule: rule.to_owned(),
        owner: Some("engineering-lead".to_owned()),
        due: Some(moment("Tue 29 Sep 2026, 16:10 AEST", "2026-09-29T16:10:00+10:00")),
        mark,
        state: state.to_owned(),
    })
    .to_vec()
}

fn due_soon() -> Vec<AttentionRow> {
    let row = &attention_rows()[1];
    vec![AttentionRow { mark: Mark::Pending, state: "due in 2 days".to_owned(), ..row.clone() }]
}

pub(super) fn emergency_rows() -> Vec<EmergencyRow> {
    let clock = |label: &str, mark, text: &str| ClockLine { label: label.to_owned(), mark, text: text.to_owned() };
    [
        (
            "CHG-2026-0201",
            "Patch the parser in the edge router",
            Mark::Pending,
            "1 of 12 rules waits",
            Some("P2 INC-91"),
        ),
        (
            "CHG-2026-0188",
            "Block the credential-stuffing source at the edge",
            Mark::Fail,
            "1 of 13 rules broken",
            Some("P1 INC-88"),
        ),
        ("CHG-2026-0171", "Restore the certificate chain of the mobile API", Mark::Pass, "all 13 rules kept", None),
    ]
    .map(|(id, title, mark, state, incident)| EmergencyRow {
        id: id.to_owned(),
        href: format!("emergencies/{id}/index.html"),
        title: title.to_owned(),
        at: Some(moment("Fri 25 Sep 2026, 16:10 AEST", "2026-09-25T16:10:00+10:00")),
        quarter: "2026-Q3".to_owned(),
        incident: incident.map(str::to_owned),
        clocks: vec![
            clock("Record", Mark::Pass, "10 hours to spare"),
            clock(
                "Review",
                mark,
                if mark == Mark::Fail {
                    "1 day 22 hours late"
                } else if mark == Mark::Pending {
                    "due in 2 days"
                } else {
                    "4 hours to spare"
                },
            ),
        ],
        mark,
        state: state.to_owned(),
    })
    .to_vec()
}

fn finding() -> FindingRow {
    FindingRow {
        level: "error",
        code: "record/unknown-key".to_owned(),
        code_href: "reference/codes/index.html#record-unknown-key".to_owned(),
        message: "unknown key `aprovals`".to_owned(),
        place: "changes/2026/CHG-2026-0144.yaml:14:1".to_owned(),
        help: Some("did you mean `approvals`?".to_owned()),
    }
}

pub(crate) fn overview() -> Overview {
    let quarter = |id: &str, period: &str, open, changes: usize, emergencies, fail, share: &str| QuarterRow {
        id: id.to_owned(),
        href: format!("reports/{id}/index.html"),
        period: period.to_owned(),
        open,
        changes,
        emergencies,
        pass: changes - fail - 2,
        fail,
        other: 2,
        share: share.to_owned(),
    };
    Overview {
        headline: "Two reviews are overdue, and three changes break a rule".to_owned(),
        lede: "212 changes reached production between July and September, 9 of them emergencies. 204 kept every rule; six of the eight failures are late emergency reviews.".to_owned(),
        figures: figures(),
        attention: vec![
            Attention { id: "overdue".to_owned(), title: "Overdue".to_owned(), note: None, rows: attention_rows(), more: Some(link("All 12 that fail, in the register", "register/index.html")) },
            Attention { id: "due".to_owned(), title: "Due within seven days".to_owned(), note: None, rows: due_soon(), more: None },
        ],
        quarters: vec![
            quarter("2026-Q4", "October to December 2026", true, 96, 3, 2, "97.9 %"),
            quarter("2026-Q3", "July to September 2026", false, 212, 9, 8, "96.2 %"),
            quarter("2026-Q2", "April to June 2026", false, 194, 14, 11, "94.3 %"),
        ],
        emergencies: emergency_rows(),
        emergency_count: 31,
        findings: vec![finding(), FindingRow { level: "warning", code: "policy/placeholder".to_owned(), code_href: "reference/codes/index.html#policy-placeholder".to_owned(), message: "a placeholder is left in the text".to_owned(), place: "policies/soc2-change.md:61:14".to_owned(), help: None }],
        findings_more: 4,
    }
}

fn filter(key: &'static str, title: &'static str, labels: &[&str]) -> Filter {
    let option =
        |(n, label): (usize, &&str)| FilterOption { slot: n + 1, label: (*label).to_owned(), count: 60 / labels.len() };
    Filter { key, title, options: labels.iter().enumerate().map(option).collect() }
}

pub(crate) fn register() -> RegisterPage {
    let titles = [
        "Retry card payments after a gateway timeout",
        "Renew the certificate of the ingest endpoint",
        "Add an index to the payout ledger",
        "Block the credential-stuffing source at the edge",
        "Release mobile app 8.14 to all regions",
        "Open the firewall for the new metrics collector",
    ];
    let marks = [
        Mark::Pass,
        Mark::Pass,
        Mark::Fail,
        Mark::Pending,
        Mark::Pass,
        Mark::Waived,
        Mark::Unknown,
        Mark::NotApplicable,
    ];
    let kinds = ["Normal", "Standard", "Emergency"];
    let policies = ["five-stage", "github-flow", "starter"];
    let rows = (0..60).map(|n: usize| {
        let mark = marks[n * 5 % 8];
        RegisterRow {
            id: format!("CHG-2026-{:04}", 260 - n),
            title: titles[n % 6].to_owned(),
            slots: format!("v{} t{} p{} q{}", n * 5 % 8 + 1, n % 3 + 1, n % 2 + 1, n / 30 + 1),
            kind: kinds[n % 3].to_owned(),
            policy: policies[n % 2].to_owned(),
            quarter: format!("2026-Q{}", 4 - n / 30),
            day: "29 Sep 2026".to_owned(),
            iso: "2026-09-29".to_owned(),
            mark,
            rules: if mark == Mark::Fail { "emergency-review-2bd, close-fields".to_owned() } else { String::new() },
        }
    });
    RegisterPage {
        title: "Register of changes",
        href: "register/index.html".to_owned(),
        number: 1,
        pages: vec![
            Link { text: "1".to_owned(), href: None },
            link("2", "register/2/index.html"),
            link("3", "register/3/index.html"),
        ],
        total: 1312,
        parts: 1,
        only: None,
        choices: vec![filter("t", "Type", &kinds), filter("q", "Quarter", &["2026-Q4", "2026-Q3"])],
        first: 1,
        last: 60,
        filters: vec![
            filter(
                "v",
                "Verdict",
                &["pass", "pass (2)", "fail", "pending", "pass (3)", "waived", "unknown", "not applicable"],
            ),
            filter("t", "Type", &kinds),
            filter("p", "Policy", &policies[..2]),
            filter("q", "Quarter", &["2026-Q4", "2026-Q3"]),
        ],
        rows: rows.collect(),
    }
}

pub(crate) fn due() -> DuePage {
    let row = |when: &str| DueRow {
        subject: link("CHG-2026-0201 (Patch the parser)", "changes/CHG-2026-0201/index.html"),
        asks: "Every emergency change is reviewed within two business days of its deployment.".to_owned(),
        when: when.to_owned(),
        who: "engineering-lead".to_owned(),
        to_do: "hold the review and write it down".to_owned(),
        facts: vec![fact("Rule", "emergency-review-2bd")],
    };
    let day = DueDay { day: "Tue 1 Dec".to_owned(), iso: "2026-12-01".to_owned(), rows: vec![row("by 16:10")] };
    DuePage {
        headline: "One thing is overdue, one to come".to_owned(),
        lede: "Times are those of Australia/Brisbane.".to_owned(),
        overdue: vec![row("2 days overdue")],
        months: vec![DueMonth { id: "2026-12".to_owned(), title: "December 2026".to_owned(), days: vec![day] }],
        calendar: link("the same for calendars", "due/due.ics"),
    }
}

pub(crate) fn emergencies() -> EmergenciesPage {
    EmergenciesPage {
        quarter: Some(link("Quarterly change report 2026-Q3", "reports/2026-Q3/index.html")),
        href: "reports/2026-Q3/emergencies/index.html".to_owned(),
        figures: figures(),
        headline: "Nine emergencies this quarter, one reviewed late".to_owned(),
        lede:
            "31 emergency changes in six quarters. Each has a summary with its timeline, drawn against its deadlines."
                .to_owned(),
        rows: emergency_rows(),
    }
}

pub(super) fn waiver() -> WaiverRow {
    WaiverRow {
        id: "WVR-2026-003".to_owned(),
        rule: "approval-not-verbal-only".to_owned(),
        policy: link("Change management policy", "policies/five-stage/index.html"),
        scope: "1 change".to_owned(),
        changes: vec![link("CHG-2026-0188", "changes/CHG-2026-0188/index.html")],
        reason: "The approval system was behind the sign-in that was under attack. The telephone call is in the operator's log.".to_owned(),
        control: Some("The call was recorded by the operator and confirmed in writing within three hours.".to_owned()),
        requested_by: "t.vuong".to_owned(),
        approved_by: "m.tanaka, ciso".to_owned(),
        approved_at: Some(moment("Wed 30 Sep 2026, 10:00 AEST", "2026-09-30T10:00:00+10:00")),
        expires: "30 November 2026".to_owned(),
        state: "expires in 9 days".to_owned(),
        remarks: vec!["Approved after the deployment.".to_owned()],
    }
}

pub(crate) fn coverage() -> CoveragePage {
    CoveragePage {
        words: "9 of 12 promises have a rule (75 %)".to_owned(),
        unruled: Some("2 policies have".to_owned()),
        policies: vec![CoveragePolicy {
            ruled: true,
            id: "five-stage".to_owned(),
            href: "policies/five-stage/index.html".to_owned(),
            title: "Change management policy".to_owned(),
            path: "policies/five-stage.md".to_owned(),
            promises: 12,
            tested: 9,
            share: "75 %".to_owned(),
            words: "9 of 12 promises have a rule (75 %)".to_owned(),
            untested: vec![CoverageSentence {
                line: 212,
                href: "policies/five-stage/index.html#testing".to_owned(),
                text: "A change that touches <security> must be checked.".to_owned(),
            }],
            rules: vec![link("log-fields", "policies/five-stage/index.html#rule-log-fields")],
            english: false,
        }],
    }
}

pub(crate) fn waivers() -> WaiversPage {
    WaiversPage { headline: "One waiver in force, about to end".to_owned(), waivers: vec![waiver()] }
}

pub(crate) fn policies_page() -> PoliciesPage {
    let row = |id: &str, title: &str, classification, overdue, fail| PolicyRow {
        id: id.to_owned(),
        href: format!("policies/{id}/index.html"),
        title: title.to_owned(),
        classification,
        version: "2.1".to_owned(),
        owner: Some("engineering-lead".to_owned()),
        review: Some(if overdue { "overdue since 20 May 2026" } else { "due 20 May 2027" }.to_owned()),
        review_overdue: overdue,
        rules: 24,
        changes: 88,
        fail,
    };
    PoliciesPage {
        pdf: Some("policies/policies.pdf".to_owned()),
        policies: vec![
            row("five-stage", "Change management policy", "public", false, 8),
            row("soc2-change", "Change management for payments", "internal", true, 0),
        ],
    }
}

pub(crate) fn internal_clause() -> Clause {
    Clause {
        anchor: "emergency-review-2bd".to_owned(),
        on: "on every emergency change".to_owned(),
        rules: vec![ClauseRule {
            id: "emergency-review-2bd".to_owned(),
            says: "The post-change review is held within 2 business days of the deployment.".to_owned(),
            tally: "8 pass, 1 fail".to_owned(),
            quarter: "2 of 3 changes of this quarter pass".to_owned(),
            mark: Mark::Fail,
            what_if: Some(RuleWhatIf {
                text: "2 pass → fail".to_owned(),
                records: vec![link("CHG-1", "changes/CHG-1/index.html")],
                more: 1,
            }),
        }],
    }
}

pub(crate) fn internal_policy() -> PolicyInternal {
    let rule = |id: &str, says: &str, fail| PolicyRule {
        id: id.to_owned(),
        anchor: Some(id.to_owned()),
        says: says.to_owned(),
        binds: "emergency changes".to_owned(),
        level: "error",
        counts: VerdictCounts { pass: 80 - fail, fail, ..VerdictCounts::default() },
    };
    PolicyInternal {
        anchor: None,
        id: "five-stage".to_owned(),
        href: "policies/five-stage/index.html".to_owned(),
        title: "Change management policy".to_owned(),
        summary: Some("How every change to production is made, in five stages.".to_owned()),
        classification: "public",
        facts: vec![
            fact("Version", "2.1"),
            fact("In force since", "1 June 2025"),
            fact("Owner", "engineering-lead"),
            fact("Next review", "20 May 2027"),
            fact("Changes judged", "88 changes"),
        ],
        body: Html("<h2 id=\"records\">Records</h2>\n<p id=\"emergency-review-2bd\">All of them.</p>\n".to_owned()),
        outline: vec![Heading { level: 2, id: "records".to_owned(), text: "Records".to_owned() }],
        rules: vec![
            rule("emergency-review-2bd", "The post-change review is held within 2 business days.", 3),
            rule("records", "Everything is written down.", 0),
        ],
        implements: vec!["SOC 2 CC8.1".to_owned()],
        own: None,
        what_if: Some(PolicyWhatIf {
            headline: "Not committed yet: 2 of 88 changes would come to another verdict".to_owned(),
            turns: "2 pass → fail".to_owned(),
            rows: vec![WhatIfRow {
                id: "CHG-1".to_owned(),
                href: "changes/CHG-1/index.html".to_owned(),
                verdict: "pass → fail".to_owned(),
                rules: "emergency-review-2bd: pass → fail".to_owned(),
            }],
            more: 1,
        }),
        notices: vec![link(
            "Version 2.2 takes effect on 1 January 2027.",
            "policies/five-stage/versions/2.2/index.html",
        )],
        versions: vec![VersionRow {
            version: link("2.1", "policies/five-stage/versions/2.1/index.html"),
            this: true,
            state: "in force",
            effective: Some("1 June 2025".to_owned()),
            committed: Some("28 May 2025 (1f2e3d4)".to_owned()),
            amended: vec!["3 June 2025 (2a3b4c5)".to_owned()],
            approved: Some("CISO, 20 May 2025".to_owned()),
            classification: "public",
            redline: Some("policies/five-stage/changes/2.0..2.1/index.html".to_owned()),
        }],
        findings: vec![finding()],
        pdf: Some("policies/five-stage/versions/2.1/policy.pdf".to_owned()),
    }
}

pub(crate) fn internal_redline() -> RedlinePage {
    let entry = |state, blocks, material, reasons: &str, html: &str, from: Option<&str>| RedlineEntry {
        state,
        blocks,
        kind: "paragraph",
        material,
        reasons: reasons.to_owned(),
        html: Html(html.to_owned()),
        from: from.map(str::to_owned),
    };
    RedlinePage {
        href: "policies/five-stage/changes/2.0..2.1/index.html".to_owned(),
        title: "Change management policy".to_owned(),
        id: "five-stage".to_owned(),
        policy: "policies/five-stage/index.html".to_owned(),
        old: link("2.0", "policies/five-stage/versions/2.0/index.html"),
        new: link("2.1", "policies/five-stage/versions/2.1/index.html"),
        old_effective: Some("3 June 2024".to_owned()),
        new_effective: Some("1 June 2025".to_owned()),
        material: 2,
        editorial: 1,
        moved: 3,
        facts: vec![RedlineFact {
            label: "Owner",
            old: Some("CTO".to_owned()),
            new: Some("Engineering lead".to_owned()),
        }],
        sections: vec![RedlineSection {
            heading: "Emergencies".to_owned(),
            href: Some("policies/five-stage/versions/2.1/index.html#emergencies".to_owned()),
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
        rules: vec![RedlineRule {
            id: "emergency-review".to_owned(),
            state: "edited",
            html: Html("The review comes within <del>5</del><ins>2</ins> business days.".to_owned()),
        }],
    }
}
