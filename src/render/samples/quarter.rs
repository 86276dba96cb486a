//! The quarterly report and the records behind it.

use crate::report::pages::{
    Attention, Chart, ControlDay, ControlRow, Count, CrossRow, CrossTable, DeployedList, DeployedRow, DeployedSection,
    FailureRow, Grid, Group, GroupRecord, Html, Link, Mark, Moment, NumberRow, NumberSection, QuarterReport,
    RecordsPage, RepeatedRow, Target, UnreadRow,
};

use super::internal::{attention_rows, emergency_rows, figures, link, waiver};

fn count(n: usize) -> Count {
    Count { n, href: (n > 0).then(|| "reports/2026-Q3/records/index.html#type-normal".to_owned()) }
}

fn row(label: &str, counts: &[usize]) -> CrossRow {
    CrossRow {
        label: label.to_owned(),
        counts: counts.iter().copied().map(count).collect(),
        total: count(counts.iter().sum()),
    }
}

fn table(id: &str, title: &str, first: &str, columns: &[&str], rows: &[(&str, &[usize])]) -> CrossTable {
    let sums: Vec<usize> = (0..columns.len()).map(|c| rows.iter().map(|(_, counts)| counts[c]).sum()).collect();
    CrossTable {
        id: id.to_owned(),
        title: title.to_owned(),
        row_heading: first.to_owned(),
        columns: columns.iter().map(|c| (*c).to_owned()).collect(),
        rows: rows.iter().map(|(label, counts)| row(label, counts)).collect(),
        total: row("All", &sums),
    }
}

fn failure(rule: &str, sentence: &str, n: usize, before: &str) -> FailureRow {
    FailureRow {
        rule: link(rule, &format!("policies/five-stage/index.html#{rule}")),
        policy: "five-stage".to_owned(),
        sentence: Some(sentence.to_owned()),
        level: "error",
        count: count(n),
        of: 212,
        before: Some(before.to_owned()),
    }
}

fn deployed() -> DeployedSection {
    let row = |subject: &str, commit: &str, records: Vec<Link>| DeployedRow {
        subject: subject.to_owned(),
        commit: commit.to_owned(),
        repository: "../gateway".to_owned(),
        at: Some(Moment { text: "Tue 4 Aug 2026, 11:02 AEST".to_owned(), iso: "2026-08-04T11:02:00+10:00".to_owned() }),
        who: "b.ito".to_owned(),
        records,
        note: "brought 2 commits by b.ito, a.ng".to_owned(),
    };
    let list = |id: &'static str, title: &str, rows: Vec<DeployedRow>, more: usize| DeployedList {
        id,
        title: title.to_owned(),
        count: rows.len() + more,
        rows,
        more,
    };
    DeployedSection {
        sentences: vec!["214 deployments from 2 repositories: 212 with a record, 2 without.".to_owned()],
        unread: vec![UnreadRow {
            what: "../billing is not there".to_owned(),
            help: "clone it there, as in git clone URL ../billing".to_owned(),
        }],
        lists: vec![
            list(
                "unrecorded",
                "Merges without a record",
                vec![
                    row("Rotate the signing keys (#43)", "ebf88ab", vec![]),
                    row("Close the leak (#44)", "911aa46", vec![]),
                ],
                0,
            ),
            list(
                "direct-pushes",
                "Commits that came without a pull request",
                vec![row("Quick tweak", "7b450fa", vec![link("CHG-2026-0042", "changes/CHG-2026-0042/index.html")])],
                300,
            ),
        ],
    }
}

fn chart(id: &str, title: &str) -> Chart {
    let svg = format!(
        "<svg viewBox=\"0 0 320 128\" role=\"img\" aria-labelledby=\"{id}-title\"><title id=\"{id}-title\">{title}</title></svg>"
    );
    Chart { id: id.to_owned(), title: title.to_owned(), caption: "204 of 212 changes".to_owned(), svg }
}

fn grid(first: &str, row: &str) -> Grid {
    let cells = [row, "212"].map(|text| Link { text: text.to_owned(), href: None });
    Grid { columns: vec![first.to_owned(), "Changes".to_owned()], rows: vec![cells.to_vec()] }
}

fn number() -> NumberRow {
    NumberRow {
        id: "failure-rate",
        label: "Change failure rate".to_owned(),
        value: "3.8 %".to_owned(),
        base: link("8 of 212 changes", "reports/2026-Q3/records/index.html#failure-rate"),
        unknown: Some(link("2 unknown", "reports/2026-Q3/records/index.html#failure-rate-unknown")),
        before: Some(link("3.1 % (6 of 194)", "reports/2026-Q2/index.html#n-failure-rate")),
        year_before: None,
        target: Some(Target { text: "target at most 5 %".to_owned(), met: true }),
        definition: "Of the deployed changes, those that failed in production.",
    }
}

fn control() -> ControlRow {
    let change = link("CHG-2026-0188", "changes/CHG-2026-0188/index.html");
    ControlRow {
        rule: link("emergency-review-2bd", "policies/five-stage/index.html#emergency-review-2bd"),
        policy: "five-stage".to_owned(),
        sentence: Some("Every emergency change is reviewed within two business days of its deployment.".to_owned()),
        level: "error",
        asked: count(9),
        kept: count(8),
        broken: count(1),
        waived: count(0),
        unknown: count(0),
        pending: count(0),
        mark: Mark::Fail,
        held: "did not hold",
        days: vec![ControlDay { day: "29 Sep 2026".to_owned(), changes: vec![change], more: 1 }],
        more_days: 2,
        target: Some(Target { text: "target 95 %".to_owned(), met: false }),
        says: None,
    }
}

fn judged_together() -> ControlRow {
    ControlRow {
        rule: link("everything-recorded", "policies/five-stage/index.html#everything-recorded"),
        policy: "five-stage".to_owned(),
        level: "error",
        mark: Mark::Pass,
        held: "held",
        says: Some("14 deployments, and each has a record".to_owned()),
        ..ControlRow::default()
    }
}

pub(crate) fn report() -> QuarterReport {
    QuarterReport {
        closing: Some(closing()),
        id: "2026-Q3".to_owned(),
        period: "July to September 2026".to_owned(),
        open: false,
        headline: "Fewer emergencies, one rule keeps slipping".to_owned(),
        lede: "212 changes reached production, 9 of them emergencies (4.2 %, down from 7.2 %). 204 kept every rule. Six of the eight failures are late emergency reviews, four of them on the edge platform.".to_owned(),
        words: Some(Html("<p>We hired a second reviewer for the edge platform in October. We expect late reviews to be gone by the end of the year, and will say so here if they are not.</p>\n".to_owned())),
        figures: figures(),
        tables: vec![
            table("by-type", "Changes by type and outcome", "Type", &["Successful", "Rolled back", "Failed", "No outcome yet"], &[("Standard", &[71, 1, 0, 0]), ("Normal", &[124, 4, 2, 1]), ("Emergency", &[8, 1, 0, 0])]),
            table("by-policy", "Changes by policy and verdict", "Policy", &["Pass", "Fail", "Unknown", "Pending", "Waived"], &[("five-stage", &[84, 3, 0, 0, 1]), ("github-flow", &[66, 1, 0, 1, 0]), ("starter", &[52, 4, 0, 0, 0])]),
        ],
        emergencies: emergency_rows(),
        failures: vec![
            failure("emergency-review-2bd", "Every emergency change is reviewed within two business days of its deployment.", 6, "5 of 194"),
            failure("close-fields", "The record is closed with its outcome, deviations and lessons.", 2, "6 of 194"),
        ],
        deployed: deployed(),
        attention: vec![Attention { id: "overdue".to_owned(), title: "Overdue".to_owned(), note: None, rows: attention_rows(), more: Some(link("and 3 more", "due/index.html")) }],
        repeated: vec![RepeatedRow { what: link("emergency-review-2bd", "policies/five-stage/index.html"), kind: "rule", says: "broken by 6 of 9 changes".to_owned(), count: count(6), owner: Some("Engineering lead".to_owned()) }],
        emergencies_href: Some("reports/2026-Q3/emergencies/index.html".to_owned()),
        trends: vec![chart("trend-kept", "Kept every rule")],
        trend_table: grid("Quarter", "2026-Q3"),
        months: chart("months", "Month by month"),
        month_table: grid("Month", "Sep 2026"),
        sections: vec![NumberSection { id: "numbers-dora", title: "DORA’s five measures", before: "2026-Q2".to_owned(), year_before: String::new(), rows: vec![number()] }],
        controls: vec![control(), judged_together()],
        controls_note: "Eleven held throughout, of 12 rules that were asked of any change and have fallen due.".to_owned(),
        waivers: vec![waiver()],
        year_before: Some(link("2025-Q3", "reports/2025-Q3/index.html")),
        before: Some(link("2026-Q2", "reports/2026-Q2/index.html")),
        after: Some(Link { text: "2026-Q4".to_owned(), href: Some("reports/2026-Q4/index.html".to_owned()) }),
        downloads: vec![link("changes as CSV", "reports/2026-Q3/changes.csv")],
    }
}

pub(crate) fn records() -> RecordsPage {
    let record = |n: usize| GroupRecord {
        id: format!("CHG-2026-{n:04}"),
        title: "Retry card payments after a gateway timeout".to_owned(),
        mark: if n.is_multiple_of(4) { Mark::Fail } else { Mark::Pass },
    };
    let group = |id: &str, title: &str, n: usize| Group {
        id: id.to_owned(),
        title: title.to_owned(),
        count: format!("{n} changes"),
        base: None,
        records: if n <= 300 { (1..=n).map(record).collect() } else { Vec::new() },
        ids: if n <= 300 { Vec::new() } else { (1..=n).map(|n| record(n).id).collect() },
    };
    RecordsPage {
        quarter: "2026-Q3".to_owned(),
        period: "July to September 2026".to_owned(),
        report: "reports/2026-Q3/index.html".to_owned(),
        groups: vec![group("all", "All changes", 14), group("type-normal", "Normal changes", 6)],
    }
}

fn closing() -> crate::report::pages::ClosingView {
    use crate::report::pages::{ClosingView, NumberRestated, RecordRestated, RestatementView};
    ClosingView {
        sentence: "Signed off as of 5 Oct 2026 by c.lead (ciso), from commit 4f1c2ab.".to_owned(),
        differs: true,
        restatements: vec![RestatementView {
            title: "Today’s numbers are not what was signed off".to_owned(),
            reason: None,
            numbers: vec![NumberRestated {
                label: "kept every rule".to_owned(),
                before: "204 of 212".to_owned(),
                after: "203 of 212".to_owned(),
            }],
            records: vec![RecordRestated {
                record: Link { text: "CHG-2026-0142".to_owned(), href: None },
                what: "was edited: pass → fail".to_owned(),
            }],
            more: 0,
        }],
    }
}
