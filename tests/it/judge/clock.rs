//! Deadlines against Python's zoneinfo, over every zone transition from 2000 to 2035 (tests/oracle/deadlines.py).

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;
use tickmark::model::{Calendar, DayFault, Duration, Hours, Weekdays};

const TABLE: &str = include_str!("../../oracle/deadlines.txt");

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
    let columns: [(&str, Length); 7] = [
        ("24 hours later", |c, at| c.after(at, Duration::Elapsed(86_400))),
        ("1 day later", |c, at| c.after(at, Duration::Days(1))),
        ("1 month later", |c, at| c.after(at, Duration::Months(1))),
        ("2 business days later", |c, at| c.after(at, Duration::BusinessDays(2))),
        ("5 business days later", |c, at| c.after(at, Duration::BusinessDays(5))),
        ("1 day earlier", |c, at| c.before(at, Duration::Days(1))),
        ("2 business days earlier", |c, at| c.before(at, Duration::BusinessDays(2))),
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
    assert!(rows > 2000, "{rows}");
}
