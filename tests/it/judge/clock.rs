//! Deadlines against Python's zoneinfo, over every zone transition from 2000 to 2035 (tests/oracle/deadlines.py).

use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;
use tickmark::model::{Calendar, DayFault, Duration, Hours, Weekdays};

/// What Python says; made once.
static TABLE: LazyLock<String> = LazyLock::new(|| {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/deadlines.py");
    let made = Command::new("python3").arg(script).output().expect("python3 is there; `./test` installs it");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8(made.stdout).expect("the table is text")
});

fn calendar(zone: &str) -> Calendar {
    Calendar {
        zone: TimeZone::get(zone).expect("the zone is in the database"),
        zone_name: zone.into(),
        working_days: Weekdays::WORKING,
        working_hours: Hours::parse("09:00-17:00").expect("these are hours"),
        holidays: (1999..2038).flat_map(|y| [date(y, 1, 1), date(y, 12, 25)]).collect(),
        fiscal_year_starts: 1,
    }
}

#[test]
fn the_calendar_agrees_with_zoneinfo_over_every_transition() {
    type Length = fn(&Calendar, Timestamp) -> Result<Timestamp, DayFault>;
    let columns: [(&str, Length); 10] = [
        ("24 hours later", |c, at| c.after(at, Duration::Elapsed(86_400))),
        ("1 day later", |c, at| c.after(at, Duration::Days(1))),
        ("1 month later", |c, at| c.after(at, Duration::Months(1))),
        ("1 business day later", |c, at| c.after(at, Duration::BusinessDays(1))),
        ("2 business days later", |c, at| c.after(at, Duration::BusinessDays(2))),
        ("5 business days later", |c, at| c.after(at, Duration::BusinessDays(5))),
        ("1 day earlier", |c, at| c.before(at, Duration::Days(1))),
        ("2 business days earlier", |c, at| c.before(at, Duration::BusinessDays(2))),
        ("1 year later", |c, at| c.after(at, Duration::Months(12))),
        ("1 month earlier", |c, at| c.before(at, Duration::Months(1))),
    ];
    let (mut zones, mut rows, mut faults) = (0, 0, Vec::new());
    let mut calendar = calendar("UTC");
    for line in TABLE.lines() {
        if let Some(zone) = line.strip_prefix('@') {
            calendar = self::calendar(zone);
            zones += 1;
            continue;
        }
        let numbers: Vec<i64> = line.split(' ').map(|n| n.parse().expect("the table holds numbers")).collect();
        let start = Timestamp::from_second(numbers[0]).expect("the table holds instants");
        assert_eq!(numbers.len(), columns.len() + 1, "{line}");
        for ((name, count), length) in columns.iter().zip(&numbers[1..]) {
            let want = Timestamp::from_second(numbers[0] + length).expect("the table holds instants");
            let got = count(&calendar, start);
            if got != Ok(want) {
                faults.push(format!("{}: {name} than {start} is {want}, and not {got:?}", calendar.zone_name));
            }
        }
        rows += 1;
    }
    assert!(faults.is_empty(), "{} differences:\n{}", faults.len(), faults[..faults.len().min(20)].join("\n"));
    assert_eq!(zones, 5);
    assert!(rows > 3000, "{rows}");
}

/// The table leaves out no transition that the zone database in the program knows of.
#[test]
fn the_table_holds_every_transition() {
    let second = |year| date(year, 1, 1).to_zoned(TimeZone::UTC).expect("a day").timestamp();
    let (from, until) = (second(2000), second(2036));
    let mut found = 0;
    for part in TABLE.split('@').skip(1) {
        let (name, rows) = part.split_once('\n').expect("a zone has rows");
        let zone = TimeZone::get(name).expect("the zone is in the database");
        let all = zone.following(from).take_while(|t| t.timestamp() < until);
        let offsets = |at: Timestamp| (zone.to_offset(at), zone.to_offset(at - jiff::Span::new().seconds(1)));
        for at in all.map(|t| t.timestamp()).filter(|at| offsets(*at).0 != offsets(*at).1) {
            let start = format!("{} ", at.as_second());
            assert!(rows.lines().any(|row| row.starts_with(&start)), "{name} has no row at {at}");
            found += 1;
        }
    }
    assert!(found > 200, "{found}");
}

#[test]
fn leap_days_ends_of_months_and_leap_seconds() {
    let utc = calendar("UTC");
    let at = |text: &str| tickmark::model::parse_time(text).expect("an instant");
    for (start, length, end) in [
        ("2024-02-29T12:00:00Z", Duration::Months(12), "2025-02-28T12:00:00Z"),
        ("2024-02-29T12:00:00Z", Duration::Months(48), "2028-02-29T12:00:00Z"),
        ("2026-01-31T12:00:00Z", Duration::Months(1), "2026-02-28T12:00:00Z"),
        ("2028-01-31T12:00:00Z", Duration::Months(1), "2028-02-29T12:00:00Z"),
        ("2026-08-31T12:00:00Z", Duration::Months(3), "2026-11-30T12:00:00Z"),
        ("2016-12-31T23:59:60Z", Duration::Elapsed(60), "2017-01-01T00:00:59Z"),
    ] {
        assert_eq!(utc.after(at(start), length), Ok(at(end)), "{start} and {length}");
    }
}

/// Counting reaches into no year that is not covered, forward or back, whatever it would find there.
#[test]
fn a_year_that_is_not_covered_has_no_answer() {
    let calendar = Calendar { holidays: vec![date(2026, 12, 25)], ..calendar("Australia/Brisbane") };
    let at = |text: &str| tickmark::model::parse_time(text).expect("an instant");
    let (start, early) = (at("2026-12-31T10:00:00+10:00"), at("2026-01-02T10:00:00+10:00"));
    assert_eq!(calendar.after(start, Duration::BusinessDays(1)), Err(DayFault::YearNotCovered(2027)));
    assert_eq!(calendar.before(early, Duration::BusinessDays(2)), Err(DayFault::YearNotCovered(2025)));
    assert_eq!(calendar.after(start, Duration::Days(1)), Ok(at("2027-01-01T10:00:00+10:00")));
    assert_eq!(calendar.before(start, Duration::BusinessDays(1)), Ok(at("2026-12-30T10:00:00+10:00")));
}
