//! Fault 33: every change lies in exactly one quarter, by its deployment in the site's own zone and fiscal year.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use proptest::prelude::*;
use tickmark::model::NO_HISTORY;
use tickmark::pipeline::{self, AsOf, Inputs};
use tickmark::report::{Reports, judged_rows, register_order};
use tickmark::source::{SourceFile, SourceSet};

/// The ids of every quarter of a site with changes deployed at these instants, one closed and one only requested then.
fn quarters(zone: &str, starts: i8, instants: &[Timestamp]) -> Vec<(String, Vec<String>)> {
    let mut changes = String::new();
    for (n, at) in instants.iter().enumerate() {
        let head = "type: normal\ntitle: T\nstatus: closed\nauthor: a\n";
        let _ = write!(
            changes,
            "id: D-{n}\n{head}requested_at: 2019-06-01T00:00:00Z\nclosed_at: 2031-01-01T00:00:00Z\ndeployments:\n  - {{environment: staging, at: 2019-01-01T00:00:00Z}}\n  - {{environment: production, at: {at}, rollback: false}}\n  - {{environment: production, at: 2019-03-03T00:00:00Z, rollback: true}}\n---\n"
        );
        let _ = write!(
            changes,
            "id: C-{n}\n{head}requested_at: 2019-06-01T00:00:00Z\nclosed_at: {at}\n---\nid: R-{n}\n{head}requested_at: {at}\n---\n"
        );
    }
    let site = format!(
        "site: {{name: N, organisation: N, base_url: 'https://n.example/', language: en, contact: n@n.example}}\ncalendar: {{time_zone: '{zone}', fiscal_year_starts: {starts}}}\nchanges: {{default_policy: p}}\n"
    );
    let files = [
        ("tickmark.yaml", site.as_str()),
        ("policies/p.md", "---\nid: p\nchanges:\n  types: {normal: {}}\n---\n# P\n"),
        ("changes/a.yaml", changes.trim_end_matches("---\n")),
    ];
    let sources = SourceSet::new(files.map(|(path, text)| SourceFile::from_text(path, text)).into());
    let as_of = AsOf::Instant("2030-01-01T00:00:00Z".parse().expect("an instant"));
    let inputs = Inputs { sources: &sources, history: &NO_HISTORY, as_of, more_codes: &[] };
    let mut site = pipeline::load(inputs).unwrap_or_else(|sink| panic!("{:?}", sink.into_sorted()));
    let rows = judged_rows(&mut site);
    let order = register_order(&rows);
    let reports = Reports::new(&site.ledger, &order, site.as_of);
    let list = reports.quarters().map(|q| {
        let all = reports.tallied(q).expect("a report")[0].n;
        let ids: Vec<String> = reports.rows(q).iter().map(|r| r.id.clone()).collect();
        assert_eq!(all, ids.len());
        (q.to_string(), ids)
    });
    list.collect()
}

fn only(zone: &str, starts: i8, at: &str) -> String {
    let found = quarters(zone, starts, &[at.parse().expect("an instant")]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].1.len(), 3, "{found:?}");
    found[0].0.clone()
}

#[test]
fn the_last_second_of_march_is_in_the_first_quarter_wherever_the_site_is() {
    for (zone, local) in [("+14:00", "+14:00"), ("-12:00", "-12:00"), ("Pacific/Kiritimati", "+14:00"), ("UTC", "Z")] {
        let (last, next) = (format!("2026-03-31T23:59:59{local}"), format!("2026-04-01T00:00:00{local}"));
        assert_eq!(
            (only(zone, 1, &last), only(zone, 1, &next)),
            ("2026-Q1".to_owned(), "2026-Q2".to_owned()),
            "{zone}"
        );
        // A fiscal year that starts in April ends with that second, and is named by that year.
        assert_eq!(
            (only(zone, 4, &last), only(zone, 4, &next)),
            ("2026-Q4".to_owned(), "2027-Q1".to_owned()),
            "{zone}"
        );
        assert_eq!(
            (only(zone, 7, &last), only(zone, 2, &next)),
            ("2026-Q3".to_owned(), "2027-Q1".to_owned()),
            "{zone}"
        );
    }
    // The same instant, elsewhere already or still another quarter.
    assert_eq!(only("+14:00", 1, "2026-03-31T12:00:00Z"), "2026-Q2");
    assert_eq!(only("-12:00", 1, "2026-04-01T11:59:59Z"), "2026-Q1");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Quarters part the records: none is left out, none is in two, and each is where its local day says.
    #[test]
    fn every_change_lies_in_exactly_one_quarter(
        minutes in -720i32..=840,
        starts in 1i8..=12,
        seconds in prop::collection::vec(1_577_836_800i64..1_893_456_000, 1..12),
    ) {
        let sign = if minutes < 0 { '-' } else { '+' };
        let zone = format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60);
        let instants: Vec<Timestamp> = seconds.iter().map(|s| Timestamp::from_second(*s).expect("an instant")).collect();
        let found = quarters(&zone, starts, &instants);
        let mut ids: Vec<&String> = found.iter().flat_map(|(_, ids)| ids).collect();
        ids.sort();
        prop_assert_eq!(ids.len(), instants.len() * 3);
        ids.dedup();
        prop_assert_eq!(ids.len(), instants.len() * 3);
        let offset = TimeZone::fixed(Offset::from_seconds(minutes * 60).expect("an offset"));
        for (quarter, ids) in &found {
            for id in ids {
                let (_, n) = id.split_once('-').expect("an id");
                let day = offset.to_datetime(instants[n.parse::<usize>().expect("a number")]);
                let months = i32::from(day.year()) * 12 + i32::from(day.month() - starts);
                let year = months.div_euclid(12) + i32::from(starts > 1);
                prop_assert_eq!(quarter, &format!("{year}-Q{}", months.rem_euclid(12) / 3 + 1));
            }
        }
    }
}
