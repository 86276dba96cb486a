//! Instants, days, durations and quarters, as documents write them.
//!
//! An instant is RFC 3339 with an offset; hours are elapsed time; days, months and years are civil and need a zone,
//! which the [`super::Calendar`] brings. Nothing here knows what time it is now.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;

/// An instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub Timestamp);

/// A civil day; where a month was written, its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub Date);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.0.day(), month_name(self.0.month()), self.0.year())
    }
}

/// The name of a month, from 1.
pub(crate) fn month_name(month: i8) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    NAMES[(month - 1) as usize]
}

/// Why a text is no instant or day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeFault {
    /// A date and time without an offset.
    NoZone,
    /// A date without a time.
    NoTime,
    /// The shape is right, the calendar has no such day or time.
    Impossible,
    /// Not written as RFC 3339.
    Shape,
}

fn digits(bytes: &[u8]) -> Option<i32> {
    bytes.iter().try_fold(0, |sum, b| b.is_ascii_digit().then(|| sum * 10 + i32::from(b - b'0')))
}

/// A day written `YYYY-MM-DD`.
pub fn parse_day(text: &str) -> Result<Date, TimeFault> {
    let b = text.as_bytes();
    if b.len() != 10 || b[4] != b'-' || b[7] != b'-' {
        return Err(TimeFault::Shape);
    }
    match (digits(&b[..4]), digits(&b[5..7]), digits(&b[8..])) {
        (Some(y), Some(m), Some(d)) => Date::new(y as i16, m as i8, d as i8).map_err(|_| TimeFault::Impossible),
        _ => Err(TimeFault::Shape),
    }
}

/// An instant written as RFC 3339 with an offset or `Z`. A leap second `:60` is read as `:59`, as clocks that smear it
/// show.
pub fn parse_time(text: &str) -> Result<Timestamp, TimeFault> {
    let b = text.as_bytes();
    if b.len() < 10 || !text.is_ascii() {
        return Err(TimeFault::Shape);
    }
    let date = parse_day(&text[..10])?;
    if b.len() == 10 {
        return Err(TimeFault::NoTime);
    }
    if b.len() < 19 || !matches!(b[10], b'T' | b't' | b' ') || b[13] != b':' || b[16] != b':' {
        return Err(TimeFault::Shape);
    }
    let (Some(hour), Some(minute), Some(second)) = (digits(&b[11..13]), digits(&b[14..16]), digits(&b[17..19])) else {
        return Err(TimeFault::Shape);
    };
    let mut at = 19;
    let mut nanos: i32 = 0;
    if b.get(at) == Some(&b'.') {
        let end = b[20..].iter().position(|c| !c.is_ascii_digit()).map_or(b.len(), |n| 20 + n);
        if end == 20 || end > 29 {
            return Err(TimeFault::Shape);
        }
        nanos = digits(&b[20..end]).ok_or(TimeFault::Shape)? * 10_i32.pow(29 - end as u32);
        at = end;
    }
    let offset = offset_seconds(&b[at..])?;
    if hour > 23 || minute > 59 || second > 60 {
        return Err(TimeFault::Impossible);
    }
    let seconds =
        days_from_epoch(date) * 86_400 + i64::from(hour * 3600 + minute * 60 + second.min(59)) - i64::from(offset);
    Timestamp::new(seconds, nanos).map_err(|_| TimeFault::Impossible)
}

fn offset_seconds(b: &[u8]) -> Result<i32, TimeFault> {
    match b {
        [] => Err(TimeFault::NoZone),
        [b'Z' | b'z'] => Ok(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => match (digits(&[*h1, *h2]), digits(&[*m1, *m2])) {
            (Some(h), Some(m)) if h <= 23 && m <= 59 => Ok((h * 3600 + m * 60) * if *sign == b'+' { 1 } else { -1 }),
            (Some(_), Some(_)) => Err(TimeFault::Impossible),
            _ => Err(TimeFault::Shape),
        },
        _ => Err(TimeFault::Shape),
    }
}

/// Days since 1 January 1970 in the Gregorian calendar.
fn days_from_epoch(date: Date) -> i64 {
    let (y, m, d) = (i64::from(date.year()), i64::from(date.month()), i64::from(date.day()));
    let y = if m <= 2 { y - 1 } else { y };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let day_of_year = (153 * (m + if m > 2 { -3 } else { 9 }) + 2) / 5 + d - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// How long, as a policy writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Duration {
    /// Elapsed seconds, whatever the clocks on the wall do. Written in minutes or hours.
    Elapsed(u32),
    /// Days that are neither weekend nor holiday in the policy's calendar.
    BusinessDays(u32),
    /// Civil days, ending at the same local time.
    Days(u32),
    /// Civil months, ending at the same local time.
    Months(u32),
}

impl Duration {
    /// The forms a duration may be written in, for messages.
    pub const FORMS: &'static str =
        "a number and a unit in words: `15 minutes`, `24 hours`, `2 business days`, `30 days`, `12 months`, `3 years`";

    /// The units of several.
    pub const UNITS: [&'static str; 7] = ["minutes", "hours", "days", "business days", "weeks", "months", "years"];

    /// A duration from its text.
    pub fn parse(text: &str) -> Option<Self> {
        let (number, unit) = text.trim().split_once(' ')?;
        let n: u32 = number.parse().ok().filter(|n| (1..=100_000).contains(n))?;
        match unit.trim_start() {
            "minute" | "minutes" => Some(Self::Elapsed(n * 60)),
            "hour" | "hours" => n.checked_mul(3600).map(Self::Elapsed),
            "business day" | "business days" => Some(Self::BusinessDays(n)),
            "day" | "days" => Some(Self::Days(n)),
            "week" | "weeks" => n.checked_mul(7).map(Self::Days),
            "month" | "months" => Some(Self::Months(n)),
            "year" | "years" => n.checked_mul(12).map(Self::Months),
            _ => None,
        }
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (n, unit) = match *self {
            Self::Elapsed(s) if s % 3600 == 0 => (s / 3600, "hour"),
            Self::Elapsed(s) => (s / 60, "minute"),
            Self::BusinessDays(n) => (n, "business day"),
            Self::Days(n) => (n, "day"),
            Self::Months(n) if n % 12 == 0 && n > 12 => (n / 12, "year"),
            Self::Months(n) => (n, "month"),
        };
        write!(f, "{n} {unit}{}", if n == 1 { "" } else { "s" })
    }
}

/// A quarter of a fiscal year, named by the year in which that fiscal year ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    /// The year in which the fiscal year ends.
    pub year: i16,
    /// 1 to 4.
    pub number: i8,
}

impl Quarter {
    /// The quarter a civil day lies in, where the fiscal year starts in `starts` (a month from 1).
    pub fn of(date: Date, starts: i8) -> Self {
        let months = i32::from(date.year()) * 12 + i32::from(date.month()) - i32::from(starts);
        let first = months.div_euclid(12);
        let year = if starts == 1 { first } else { first + 1 };
        Self { year: year as i16, number: (months.rem_euclid(12) / 3 + 1) as i8 }
    }

    /// Its first day.
    pub fn first_day(self, starts: i8) -> Date {
        let year = if starts == 1 { self.year } else { self.year - 1 };
        let months = i32::from(year) * 12 + i32::from(starts) - 1 + i32::from(self.number - 1) * 3;
        Date::constant(months.div_euclid(12) as i16, (months.rem_euclid(12) + 1) as i8, 1)
    }

    /// Its last day.
    pub fn last_day(self, starts: i8) -> Date {
        self.next().first_day(starts).yesterday().unwrap_or(Date::MIN)
    }

    /// The quarter after.
    #[must_use]
    pub fn next(self) -> Self {
        if self.number == 4 {
            Self { year: self.year + 1, number: 1 }
        } else {
            Self { number: self.number + 1, ..self }
        }
    }

    /// The quarter before.
    #[must_use]
    pub fn previous(self) -> Self {
        if self.number == 1 {
            Self { year: self.year - 1, number: 4 }
        } else {
            Self { number: self.number - 1, ..self }
        }
    }

    /// From its name, `2026-Q3`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, number) = text.split_once("-Q")?;
        let (year, number) = (year.parse().ok()?, number.parse().ok()?);
        (1..=4).contains(&number).then_some(Self { year, number })
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-Q{}", self.year, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn instants_agree_with_jiff() {
        for text in
            ["2026-08-03T09:12:00+10:00", "1970-01-01T00:00:00Z", "2024-02-29T23:59:59.5-11:30", "0001-01-01T00:00:00Z"]
        {
            assert_eq!(parse_time(text).unwrap(), text.parse::<Timestamp>().unwrap(), "{text}");
        }
        assert_eq!(parse_time("2016-12-31T23:59:60Z").unwrap(), "2016-12-31T23:59:59Z".parse().unwrap());
    }

    #[test]
    fn what_is_wrong_with_an_instant_is_named() {
        assert_eq!(parse_time("2026-08-03T09:12:00"), Err(TimeFault::NoZone));
        assert_eq!(parse_time("2026-08-03"), Err(TimeFault::NoTime));
        assert_eq!(parse_time("2026-02-30T09:12:00Z"), Err(TimeFault::Impossible));
        assert_eq!(parse_time("3 August 2026"), Err(TimeFault::Shape));
        assert_eq!(parse_time("2026-08-03T09:12:00+1000"), Err(TimeFault::Shape));
    }

    #[test]
    fn quarters_tile_the_years() {
        for starts in 1..=12 {
            let mut day = date(2024, 1, 1);
            while day < date(2028, 1, 1) {
                let quarter = Quarter::of(day, starts);
                assert!(quarter.first_day(starts) <= day && day <= quarter.last_day(starts), "{day} {quarter}");
                day = day.tomorrow().unwrap();
            }
        }
        assert_eq!(Quarter::of(date(2026, 7, 1), 7).to_string(), "2027-Q1");
        assert_eq!(Quarter::of(date(2026, 6, 30), 7).to_string(), "2026-Q4");
    }

    #[test]
    fn durations_are_words() {
        assert_eq!(Duration::parse("24 hours"), Some(Duration::Elapsed(86_400)));
        assert_eq!(Duration::parse("2 business days"), Some(Duration::BusinessDays(2)));
        assert_eq!(Duration::parse("3 years").unwrap().to_string(), "3 years");
        assert_eq!(Duration::parse("24h"), None);
        assert_eq!(Duration::parse("0 hours"), None);
    }
}
