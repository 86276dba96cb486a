//! The page of a change, and the summary of an emergency.

use crate::report::pages::{
    BypassedGate, ChangePage, ClockRow, EmergencySummary, Fact, FindingRow, FollowUp, KeptRule, Link, Listing, Mark,
    Met, Moment, RuleRow, Timeline, TimelineDeadline, TimelineEvent, TimelineRow,
};

use super::internal::{link, moment, waiver};

const START: i64 = 1_790_317_200; // Fri 25 Sep 2026, 15:00 in Brisbane

pub(super) fn fact(label: &'static str, value: &str) -> Fact {
    Fact { label: label.into(), value: value.to_owned() }
}

fn rule(id: &str, mark: Mark, headline: &str, sentence: &str) -> RuleRow {
    RuleRow {
        id: id.to_owned(),
        mark,
        level: "error",
        headline: headline.to_owned(),
        clause: link(sentence, &format!("policies/five-stage/index.html#{id}")),
        facts: Vec::new(),
        arithmetic: Vec::new(),
        due: None,
        code: None,
        remedy: None,
        waiver: None,
    }
}

fn kept() -> Vec<KeptRule> {
    [
        (
            "request-fields",
            "description, purpose, systems and risk are there",
            "The request describes the change and its purpose, names the affected systems and estimates the risk.",
        ),
        (
            "rollback-present",
            "rollback steps were there before the deployment",
            "Every change has documented steps to take it back before it is deployed.",
        ),
        (
            "emergency-approver-role",
            "approved by an engineering lead",
            "An emergency change is approved by an engineering lead, the head of engineering or the CISO.",
        ),
        (
            "sod-author-not-approver",
            "approved by somebody who did not write it",
            "Whoever writes a change does not approve it.",
        ),
        (
            "test-ci-green",
            "automated tests passed before the deployment",
            "A failing automated test stops the deployment.",
        ),
        ("deploy-via-pipeline", "deployed through the pipeline", "All deployments go through the automated pipeline."),
        (
            "deploy-observer-period",
            "watched for 45 minutes",
            "Whoever deploys stays and watches for at least 30 minutes.",
        ),
        (
            "outcome-confirmed-in-observation",
            "outcome confirmed while it was watched",
            "Success or rollback is confirmed within that time.",
        ),
        (
            "log-fields",
            "author, time, systems and outcome are recorded",
            "Every production change is recorded with its author, approver, time, systems and outcome.",
        ),
    ]
    .map(|(id, headline, sentence)| KeptRule {
        id: id.to_owned(),
        mark: Mark::Pass,
        word: "pass",
        headline: headline.to_owned(),
        clause: sentence.to_owned(),
        href: format!("policies/five-stage/index.html#{id}"),
        facts: "deployed: Fri 25 Sep 2026, 16:10 AEST\ndue: Fri 25 Sep 2026, 16:10 AEST".to_owned(),
        arithmetic: if id == "log-fields" { "16:10 + 45 minutes = 16:55".to_owned() } else { String::new() },
        level: "",
    })
    .into_iter()
    .chain([KeptRule {
        id: "deploy-window-or-reason".to_owned(),
        mark: Mark::NotApplicable,
        word: "not applicable",
        headline: "does not bind emergency changes".to_owned(),
        level: "warning",
        ..KeptRule::default()
    }])
    .collect()
}

fn rules() -> Vec<RuleRow> {
    let late = RuleRow {
        facts: vec![
            fact("deployed", "Fri 25 Sep 2026, 16:10 AEST"),
            fact("reviewed", "Thu 1 Oct 2026, 14:20 AEST, by d.kaur"),
        ],
        arithmetic: vec![
            "deployed Fri 25 Sep 16:10 + 2 business days = Tue 29 Sep 16:10".to_owned(),
            "Sat 26 and Sun 27 Sep do not count; no holiday fell between".to_owned(),
            "reviewed Thu 1 Oct 14:20: 1 day 22 hours 10 minutes after that".to_owned(),
        ],
        due: Some(moment("Tue 29 Sep 2026, 16:10 AEST", "2026-09-29T16:10:00+10:00")),
        remedy: Some("A review that late cannot be made timely; a waiver can excuse it, if it names its approver and its reason.".to_owned()),
        code: Some(link("deadline/late", "reference/codes/index.html#deadline-late")),
        ..rule("emergency-review-2bd", Mark::Fail, "post-change review held after its deadline", "Every emergency change is reviewed within two business days of its deployment.")
    };
    let waived = RuleRow {
        facts: vec![fact("approval", "verbal, by telephone, Fri 25 Sep 2026, 15:40 AEST, by a.ng")],
        waiver: Some(link("WVR-2026-003, approved after the deployment", "waivers/index.html#WVR-2026-003")),
        ..rule(
            "approval-not-verbal-only",
            Mark::Waived,
            "no recorded approval before the deployment",
            "Verbal approval alone is not enough.",
        )
    };
    let pending = RuleRow {
        due: Some(moment("when the change is closed", "2026-10-30T17:00:00+10:00")),
        remedy: Some("Write down the deviations and the lessons before the change is closed.".to_owned()),
        ..rule(
            "close-fields",
            Mark::Pending,
            "lessons not written down yet",
            "The record is closed with its outcome, deviations and lessons.",
        )
    };
    vec![late, pending, waived]
}

fn listing(title: &'static str, columns: &[&'static str], rows: &[&[&str]]) -> Listing {
    Listing {
        title,
        columns: columns.to_vec(),
        rows: rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect(),
    }
}

fn approvals() -> Listing {
    listing(
        "Approvals",
        &["By", "As", "When", "How"],
        &[
            &["a.ng", "engineering-lead", "Fri 25 Sep 2026, 15:40 AEST", "verbal, by telephone"],
            &["a.ng", "engineering-lead", "Fri 25 Sep 2026, 18:55 AEST", "recorded, after the deployment"],
        ],
    )
}

fn texts() -> Vec<Fact> {
    vec![
        fact(
            "Description",
            "Block the address ranges behind the credential-stuffing attempts at the edge, and require a second factor for the affected accounts.",
        ),
        fact("Purpose", "End incident INC-88: 4,100 sign-in attempts a minute from 61 addresses, 12 accounts entered."),
        fact(
            "Risk and impact",
            "Customers behind the same carrier-grade NAT may be asked for a second factor.\nNo data is changed.",
        ),
        fact("Root cause", "The rate limit counted per address, and the attempts came from many."),
        fact("Lessons", "Count per account as well. Alert on the ratio of failed sign-ins, not on their number."),
    ]
}

fn timeline_rows() -> Vec<TimelineRow> {
    [
        ("incident INC-88 began", "Fri 25 Sep 2026, 15:00 AEST", "2026-09-25T15:00:00+10:00", None),
        ("requested", "Fri 25 Sep 2026, 15:25 AEST", "2026-09-25T15:25:00+10:00", Some("t.vuong")),
        ("approved by telephone", "Fri 25 Sep 2026, 15:40 AEST", "2026-09-25T15:40:00+10:00", Some("a.ng")),
        (
            "deployed to production",
            "Fri 25 Sep 2026, 16:10 AEST",
            "2026-09-25T16:10:00+10:00",
            Some("t.vuong, through the pipeline"),
        ),
        ("reviewed", "Thu 1 Oct 2026, 14:20 AEST", "2026-10-01T14:20:00+10:00", Some("d.kaur")),
    ]
    .map(|(what, text, iso, by)| TimelineRow {
        text: text.to_owned(),
        iso: iso.to_owned(),
        what,
        by: by.map(str::to_owned),
    })
    .to_vec()
}

pub(crate) fn change() -> ChangePage {
    ChangePage {
        id: "CHG-2026-0188".to_owned(),
        title: "Block the credential-stuffing source at the edge".to_owned(),
        mark: Mark::Fail,
        state: "1 of 13 rules broken, 1 waived, 1 pending".to_owned(),
        kind: "Emergency change".to_owned(),
        policy: link("Change management policy 2.1", "policies/five-stage/index.html"),
        facts: vec![
            fact("Status", "deployed"),
            fact("Requested", "Fri 25 Sep 2026, 15:25 AEST"),
            fact("Deployed", "Fri 25 Sep 2026, 16:10 AEST"),
            fact("Author", "t.vuong"),
            fact("Systems", "gateway, sign-in"),
            fact("Risk", "high"),
            fact("Impact", "security, customer-facing"),
            fact("Outcome", "successful"),
        ],
        rules: rules(),
        kept: kept(),
        texts: texts(),
        rollback: vec![
            fact("Trigger", "More than 1 % of legitimate sign-ins refused"),
            fact("Steps", "1. Remove rule set 41 at the edge.\n2. Restore the earlier limit."),
            fact("Owner", "y.mensah"),
            fact("Estimate", "10 minutes"),
        ],
        lists: vec![
            approvals(),
            listing(
                "Gates",
                &["Gate", "Result", "Open findings", "When"],
                &[
                    &["automated-tests", "passed", "", "Fri 25 Sep 2026, 15:58 AEST"],
                    &["security-scan", "passed", "critical 0, high 0", "Fri 25 Sep 2026, 16:01 AEST"],
                ],
            ),
            listing(
                "Deployments",
                &["Environment", "When", "By", "Through", "Result", "Watched until"],
                &[&["production", "Fri 25 Sep 2026, 16:10 AEST", "t.vuong", "pipeline", "succeeded", "16:55 AEST"]],
            ),
            listing(
                "Incidents",
                &["Incident", "Severity", "Relation", "Began"],
                &[&["INC-88", "P1", "triggered this change", "Fri 25 Sep 2026, 15:00 AEST"]],
            ),
        ],
        timeline: timeline_rows(),
        waivers: vec![waiver()],
        findings: vec![FindingRow {
            level: "warning",
            code: "record/events-disagree".to_owned(),
            code_href: "reference/codes/index.html#record-events-disagree".to_owned(),
            message: "`status` says approved, but the change was deployed".to_owned(),
            place: "changes/2026/CHG-2026-0188.yaml:9:9".to_owned(),
            help: Some("write `status: deployed`".to_owned()),
        }],
        emergency: Some("emergencies/CHG-2026-0188/index.html".to_owned()),
        quarter: link("2026-Q3", "reports/2026-Q3/index.html"),
        path: "changes/2026/CHG-2026-0188.yaml".to_owned(),
    }
}

fn event(minutes: i64, label: &str, clock: &str, time: &str, detail: &str, mark: Mark) -> TimelineEvent {
    TimelineEvent {
        at: START + minutes * 60,
        time: moment(time, "2026-09-25T15:00:00+10:00"),
        label: label.to_owned(),
        clock: clock.to_owned(),
        detail: Some(detail.to_owned()).filter(|d| !d.is_empty()),
        mark,
    }
}

fn deadline(minutes: i64, label: &str, time: &str, mark: Mark, done: i64, margin: &str) -> TimelineDeadline {
    TimelineDeadline {
        at: START + minutes * 60,
        time: moment(time, "2026-09-26T16:10:00+10:00"),
        label: label.to_owned(),
        mark,
        done: Some(START + done * 60),
        margin: margin.to_owned(),
    }
}

fn drawing() -> Timeline {
    let day = 24 * 60;
    let days = ["Sat 26 Sep", "Sun 27", "Mon 28", "Tue 29", "Wed 30", "Thu 1 Oct"];
    Timeline {
        title: "Timeline of CHG-2026-0188".to_owned(),
        span: "Friday 25 September to Thursday 1 October 2026, Australia/Brisbane".to_owned(),
        events: vec![
            event(0, "incident", "15:00", "Fri 25 Sep 2026, 15:00 AEST", "INC-88, P1", Mark::NotApplicable),
            event(25, "requested", "15:25", "Fri 25 Sep 2026, 15:25 AEST", "t.vuong", Mark::NotApplicable),
            event(
                40,
                "approved verbally",
                "15:40",
                "Fri 25 Sep 2026, 15:40 AEST",
                "a.ng, by telephone",
                Mark::NotApplicable,
            ),
            event(
                70,
                "deployed",
                "16:10",
                "Fri 25 Sep 2026, 16:10 AEST",
                "t.vuong, through the pipeline",
                Mark::NotApplicable,
            ),
            event(115, "watched until", "16:55", "Fri 25 Sep 2026, 16:55 AEST", "", Mark::Pass),
            event(235, "approval recorded", "18:55", "Fri 25 Sep 2026, 18:55 AEST", "a.ng", Mark::NotApplicable),
            event(15 * 60 + 10, "documented", "Sat 06:10", "Sat 26 Sep 2026, 06:10 AEST", "t.vuong", Mark::Pass),
            event(6 * day - 40, "reviewed", "Thu 1 Oct 14:20", "Thu 1 Oct 2026, 14:20 AEST", "d.kaur", Mark::Fail),
        ],
        deadlines: vec![
            deadline(100, "30 minutes watched", "Fri 25 Sep 2026, 16:40 AEST", Mark::Pass, 115, "met"),
            deadline(day + 70, "record due", "Sat 26 Sep 2026, 16:10 AEST", Mark::Pass, 910, "10 hours to spare"),
            deadline(
                4 * day + 70,
                "review due",
                "Tue 29 Sep 2026, 16:10 AEST",
                Mark::Fail,
                6 * day - 40,
                "1 day 22 hours late",
            ),
        ],
        days: (0..).zip(days).map(|(n, label)| (START + (9 + 24 * n) * 3600, label.to_owned())).collect(),
    }
}

fn clock(promise: &str, rule: &str, due: Moment, done: Moment, mark: Mark, margin: &str) -> ClockRow {
    ClockRow {
        promise: promise.to_owned(),
        rule: rule.to_owned(),
        due,
        done: Some(done),
        mark,
        margin: margin.to_owned(),
    }
}

pub(crate) fn emergency() -> EmergencySummary {
    let of = |mark: Mark| rules().into_iter().filter(|rule| rule.mark == mark).collect::<Vec<_>>();
    let page = change();
    EmergencySummary {
        id: page.id,
        title: page.title,
        headline: "Deployed in 70 minutes, reviewed two days late".to_owned(),
        lede: "A P1 incident (INC-88) began on Friday 25 September at 15:00. The change was asked for after 25 minutes, approved by telephone after 40 and deployed after 70. Three of its four clocks were met; the review came 1 day and 22 hours after its deadline.".to_owned(),
        mark: Mark::Fail,
        state: "1 of 13 rules broken, 1 waived, 1 pending".to_owned(),
        facts: vec![
            fact("Incident", "INC-88, P1"),
            fact("Systems", "gateway, sign-in"),
            fact("Author", "t.vuong"),
            fact("Incident to deployment", "1 hour 10 minutes"),
            fact("Outcome", "successful"),
        ],
        timeline: drawing(),
        clocks: vec![
            clock("Whoever deploys stays and watches for at least 30 minutes.", "deploy-observer-period", moment("Fri 25 Sep, 16:40 AEST", "2026-09-25T16:40:00+10:00"), moment("Fri 25 Sep, 16:55 AEST", "2026-09-25T16:55:00+10:00"), Mark::Pass, "met"),
            clock("An emergency change is written down within 24 hours.", "emergency-record-24h", moment("Sat 26 Sep, 16:10 AEST", "2026-09-26T16:10:00+10:00"), moment("Sat 26 Sep, 06:10 AEST", "2026-09-26T06:10:00+10:00"), Mark::Pass, "10 hours to spare"),
            clock("Every emergency change is reviewed within two business days of its deployment.", "emergency-review-2bd", moment("Tue 29 Sep, 16:10 AEST", "2026-09-29T16:10:00+10:00"), moment("Thu 1 Oct, 14:20 AEST", "2026-10-01T14:20:00+10:00"), Mark::Fail, "1 day 22 hours late"),
        ],
        broken: of(Mark::Fail),
        kept: kept().into_iter().map(|rule| Met { id: rule.id, headline: rule.headline }).collect(),
        open: rules().into_iter().filter(|rule| matches!(rule.mark, Mark::Pending | Mark::Waived)).collect(),
        approvals: Some(approvals()),
        approvals_note: Some("One person approved: by telephone half an hour before the deployment, in writing 2 hours and 45 minutes after it.".to_owned()),
        bypassed: vec![BypassedGate {
            gate: "security-scan".to_owned(),
            state: "passed 3 hours after the deployment".to_owned(),
            why: "the fix could not wait".to_owned(),
            rule: "gates-before-deploy".to_owned(),
            mark: Mark::Waived,
        }],
        gates_note: Some("One of 3 gates that its policy names was not passed before the deployment.".to_owned()),
        follow_ups: vec![
            FollowUp { kind: "Open", what: "hold the review".to_owned(), due: Some(moment("Tue 29 Sep, 16:10 AEST", "2026-09-29T16:10:00+10:00")), mark: Mark::Pending, href: None },
            FollowUp { kind: "Link", what: "issue".to_owned(), href: Some("mailto:x@example.com".to_owned()), ..FollowUp::default() },
        ],
        texts: texts(),
        review_findings: Some("The block worked within four minutes. The rate limit should have caught this earlier: it counts per address only.".to_owned()),
        reviewed: Some("d.kaur, Thu 1 Oct 2026, 14:20 AEST".to_owned()),
        preventable: Some("yes"),
        waivers: vec![waiver()],
        change: "changes/CHG-2026-0188/index.html".to_owned(),
        quarter: link("2026-Q3", "reports/2026-Q3/index.html"),
        policy: Link { ..page.policy },
    }
}
