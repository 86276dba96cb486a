//! How times, counts and shares are worded on internal pages and in reports.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

use super::pages::{Mark, Moment};
use crate::judge::Verdict;
use crate::model::{Calendar, Day, Quarter};

/// An instant with its zone: `Tue 29 Sep 2026, 16:10 AEST`.
pub(super) fn moment(calendar: &Calendar, at: Timestamp) -> Moment {
    let zone = calendar.zone.to_offset_info(at);
    let local = zone.offset().to_datetime(at);
    Moment { text: with_zone(local, zone.abbreviation()), iso: iso(local, zone.offset()) }
}

/// The words of a [`moment`] alone.
pub(super) fn shown(calendar: &Calendar, at: Timestamp) -> String {
    let zone = calendar.zone.to_offset_info(at);
    with_zone(zone.offset().to_datetime(at), zone.abbreviation())
}

fn with_zone(local: DateTime, zone: &str) -> String {
    let mut text = Calendar::show_local(local, ", ");
    text.push(' ');
    text.push_str(zone);
    text
}

/// RFC 3339 with the offset, to the second.
fn iso(local: DateTime, offset: Offset) -> String {
    let mut text = String::with_capacity(25);
    let mut put = |before: &str, number: i32, digits: u32| {
        text.push_str(before);
        (0..digits).rev().for_each(|n| text.push(char::from(b'0' + (number / 10_i32.pow(n) % 10) as u8)));
    };
    put("", local.year().into(), 4);
    put("-", local.month().into(), 2);
    put("-", local.day().into(), 2);
    put("T", local.hour().into(), 2);
    put(":", local.minute().into(), 2);
    put(":", local.second().into(), 2);
    let minutes = offset.seconds() / 60;
    if minutes == 0 {
        text.push('Z');
    } else {
        put(if minutes < 0 { "-" } else { "+" }, minutes.abs() / 60, 2);
        put(":", minutes.abs() % 60, 2);
    }
    text
}

/// `29 Sep 2026`.
pub(super) fn short_day(day: Date) -> String {
    let long = Day(day).to_string();
    let mut parts = long.split(' ');
    let (number, month) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    format!("{number} {} {}", &month[..3.min(month.len())], day.year())
}

/// `Sep 2026`.
pub(super) fn short_month(day: Date) -> String {
    let words = short_day(day);
    words.split_once(' ').map_or_else(String::new, |(_, month)| month.to_owned())
}

/// A count with its unit: `1 change`, `12 changes`.
pub(super) fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(n), if n == 1 { one } else { many })
}

/// `changes` counted.
pub(super) fn changes(n: usize) -> String {
    counted(n, "change", "changes")
}

/// A number with its thousands apart.
pub(super) fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share in per cent with one decimal, half away from zero, without floating point: `96.2 %`. A dash where there is
/// nothing to divide.
pub(super) fn share(n: usize, of: usize) -> String {
    match per_mille(n, of) {
        None => "–".to_owned(),
        Some(p) if p % 10 == 0 => format!("{}\u{a0}%", p / 10),
        Some(p) => format!("{}.{}\u{a0}%", p / 10, p % 10),
    }
}

/// A share in tenths of a per cent.
pub(super) fn per_mille(n: usize, of: usize) -> Option<usize> {
    (of > 0).then(|| (n * 2000 + of) / (of * 2))
}

/// `two` for 2; digits from eleven on.
pub(super) fn number(n: usize) -> String {
    const WORDS: [&str; 11] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    WORDS.get(n).map_or_else(|| grouped(n), |w| (*w).to_owned())
}

/// A sentence's first letter as a capital.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// `July to September 2026`.
pub fn period(quarter: Quarter, starts: i8) -> String {
    let (first, last) = (quarter.first_day(starts), quarter.last_day(starts));
    let month = |day: Date| Day(day).to_string().split(' ').nth(1).unwrap_or_default().to_owned();
    if first.year() == last.year() {
        format!("{} to {} {}", month(first), month(last), last.year())
    } else {
        format!("{} {} to {} {}", month(first), first.year(), month(last), last.year())
    }
}

/// How long something took or is away, in the two largest units: `2 days 3 hours`.
pub(super) fn span_of(from: Timestamp, to: Timestamp) -> String {
    let minutes = usize::try_from((to.as_second() - from.as_second()).abs() / 60).unwrap_or(0);
    let (days, hours, mins) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let unit = |n: usize, word: &str| counted(n, word, &format!("{word}s"));
    match (days, hours, mins) {
        (0, 0, m) => unit(m, "minute"),
        (0, h, 0) => unit(h, "hour"),
        (0, h, m) => format!("{} {}", unit(h, "hour"), unit(m, "minute")),
        (d, 0, _) => unit(d, "day"),
        (d, h, _) => format!("{} {}", unit(d, "day"), unit(h, "hour")),
    }
}

/// A verdict as pages show it.
pub(super) fn mark(verdict: Verdict) -> Mark {
    match verdict {
        Verdict::Fail => Mark::Fail,
        Verdict::Unknown => Mark::Unknown,
        Verdict::Pending => Mark::Pending,
        Verdict::Waived => Mark::Waived,
        Verdict::Pass => Mark::Pass,
        Verdict::NotApplicable => Mark::NotApplicable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_half_up() {
        assert_eq!(share(204, 212), "96.2\u{a0}%");
        assert_eq!(share(1, 3), "33.3\u{a0}%");
        assert_eq!(share(2, 3), "66.7\u{a0}%");
        assert_eq!(share(5, 5), "100\u{a0}%");
        assert_eq!(share(0, 0), "–");
        assert_eq!(share(1, 2000), "0.1\u{a0}%");
    }

    #[test]
    fn instants_are_written_for_people_and_machines() {
        let at: Timestamp = "2026-09-29T06:10:07Z".parse().unwrap();
        let written = |name| {
            let zone = jiff::tz::TimeZone::get(name).unwrap();
            let zone = zone.to_offset_info(at);
            let local = zone.offset().to_datetime(at);
            (with_zone(local, zone.abbreviation()), iso(local, zone.offset()))
        };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(written("Australia/Brisbane"), pair("Tue 29 Sep 2026, 16:10:07 AEST", "2026-09-29T16:10:07+10:00"));
        assert_eq!(written("America/St_Johns"), pair("Tue 29 Sep 2026, 03:40:07 NDT", "2026-09-29T03:40:07-02:30"));
        assert_eq!(written("UTC"), pair("Tue 29 Sep 2026, 06:10:07 UTC", "2026-09-29T06:10:07Z"));
    }

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(counted(1, "change", "changes"), "1 change");
    }
}
