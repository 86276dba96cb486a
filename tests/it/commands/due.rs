//! `tickmark due`: what falls due, as text and as a calendar.

use super::site::Site;

/// Deployed on Thursday 19 November: to be reviewed within five business days.
const WAITS: &str = "id: CHG-2\ntype: emergency\ntitle: \"Restart, then; wait\"\ndescription: Restart it.\nstatus: deployed\nauthor: a.ng
requested_at: 2026-11-19T09:00:00+10:00
approvals: [{by: c.lead, role: engineering-lead, medium: recorded, at: 2026-11-19T09:30:00+10:00}]
deployments:\n  - {environment: production, at: 2026-11-19T10:00:00+10:00, by: a.ng, result: succeeded}
";
const OPEN: &str =
    "id: CHG-4\ntype: normal\ntitle: Later\nstatus: requested\nauthor: a.ng\nrequested_at: 2026-11-20T09:00:00+10:00\n";
const WAIVER: &str = "id: WVR-1\nrule: described\nchanges: [CHG-4]\nreason: Nobody was there.\nrequested_by: a.ng
approved_by: d.kaur\napproved_at: 2026-11-20T10:00:00+10:00\nexpires: 2026-11-30\n";

fn site() -> Site {
    let missed = WAITS.replace("CHG-2", "CHG-3").replace("2026-11-19", "2026-11-05");
    Site::with(&[
        ("changes/waits.yaml", WAITS),
        ("changes/missed.yaml", &missed),
        ("changes/open.yaml", OPEN),
        ("waivers/w.yaml", WAIVER),
    ])
}

#[test]
fn overdue_comes_first_then_what_falls_due_soonest() {
    let due = site().run(&["due"]);
    assert_eq!(due.status, 0, "{}", due.err);
    let order = [
        "overdue\n  Thu 12 Nov 2026 10:00, 9 days ago: CHG-3 (Restart, then; wait)\n      The post-change review comes within 5 business days of the deployment.\n",
        "      who: a.ng; changes/missed.yaml:10; rule `reviewed-after`\n",
        "due\n  Thu 26 Nov 2026 10:00, in 4 days 22 hours: CHG-2 (Restart, then; wait)\n",
        "  Mon 30 Nov 2026, in 9 days: WVR-1\n      The waiver of `described` ends",
        "  Tue 1 Jun 2027, in 192 days: main\n      The review of “Change policy” is due.\n      to do: review the policy, then write the day into `review.last`\n      who: ciso; policies/main.md:9\n",
        ": security.txt\n",
        "1 overdue, 5 due, as of Sat 21 Nov 2026 12:00 (Australia/Brisbane)\n",
        "rules wait for an event that has no date yet",
    ];
    let mut from = 0;
    for part in order {
        let at = due.out[from..].find(part).unwrap_or_else(|| panic!("`{part}` is not said there:\n{}", due.out));
        from += at;
    }
}

#[test]
fn the_format_for_people_has_the_name_it_has_everywhere() {
    let site = site();
    let due = site.run(&["due", "--format", "human"]);
    assert!(due.status == 0 && due.out.starts_with("overdue\n"), "{}{}", due.out, due.err);
    assert_eq!(site.run(&["due", "--format", "text"]).out, due.out, "and the one it had");
}

#[test]
fn what_is_far_off_is_left_out_and_lengths_are_read_as_people_write_them() {
    let site = site();
    for (within, waiting) in [
        ("5d", true),
        ("4d", false),
        ("120h", true),
        ("1 week", true),
        ("1w", true),
        ("4 business days", true),
        ("3bd", false),
    ] {
        let out = site.run(&["due", "--within", within]).out;
        assert_eq!(out.contains("CHG-2"), waiting, "{within}: {out}");
        assert!(
            out.contains("CHG-3") && !out.contains("security.txt") && out.contains(&format!("due within {within}")),
            "{out}"
        );
    }
    for within in ["soon", "7", "-7d", "5m", "99999999999d"] {
        let ran = site.run(&["due", &format!("--within={within}")]);
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{within}");
        assert!(ran.err.contains("is no length of time") && ran.err.contains("`10 business days`"), "{}", ran.err);
    }
    let far = site.run(&["due", "--within", "60 business days"]);
    assert!(far.status == 2 && far.err.contains("no holiday of 2027 is named"), "{}", far.err);
}

#[test]
fn the_calendar_is_one_that_others_read() {
    let site = site();
    let ics = site.run(&["due", "--format", "ics"]).out;
    assert_eq!(ics, site.run(&["due", "--format", "ics"]).out, "the same on every run");
    assert!(ics.ends_with("END:VCALENDAR\r\n") && ics.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"), "{ics}");
    assert_eq!(ics.matches('\n').count(), ics.matches("\r\n").count());
    assert!(ics.split("\r\n").all(|line| line.len() <= 75), "{ics}");
    let lines: Vec<String> = ics.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect();
    let of = |name: &str| -> Vec<&str> { lines.iter().filter_map(|l| l.strip_prefix(name)).collect() };
    assert_eq!(of("BEGIN:VEVENT").len(), 6);
    assert_eq!(of("DTSTAMP:"), ["20261121T020000Z"; 6]);
    assert_eq!(of("DTSTART:"), ["20261112T000000Z", "20261126T000000Z"]);
    assert_eq!(of("DTSTART;VALUE=DATE:"), ["20261130", "20270601", "20270601", "20270630"]);
    assert_eq!(of("UID:")[0], "change/CHG-3/reviewed-after@trust.harbour.example");
    assert!(of("SUMMARY:")[0].starts_with("Overdue: CHG-3 (Restart\\, then\\; wait): The post-change review"), "{ics}");
}
