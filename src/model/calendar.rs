//! Working days, holidays, zones and windows: the one clock everything is judged by.
//!
//! Hours are elapsed time, days are civil, business days skip what is no working day. A year of which no holiday is
//! named is not covered, and whoever asks about it gets a fault, never a guess.

use jiff::civil::{Date, DateTime, Time as ClockTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span as TimeSpan, Timestamp};

use super::{Day, Duration};

/// Which days of the week, Monday first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weekdays(pub [bool; 7]);

impl Weekdays {
    /// Monday to Friday.
    pub const WORKING: Self = Self([true, true, true, true, true, false, false]);

    /// Whether it holds a day.
    pub fn holds(self, day: Weekday) -> bool {
        self.0[day.to_monday_zero_offset() as usize]
    }

    /// "Monday to Friday", or the days' names.
    pub fn phrase(self) -> String {
        const NAMES: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        let on: Vec<usize> = (0..7).filter(|i| self.0[*i]).collect();
        match on.as_slice() {
            [] => "no day".into(),
            [one] => NAMES[*one].into(),
            [first, .., last] if last - first + 1 == on.len() => format!("{} to {}", NAMES[*first], NAMES[*last]),
            _ => on.iter().map(|i| NAMES[*i]).collect::<Vec<_>>().join(", "),
        }
    }
}

/// A stretch of a day by the clock. It may run past midnight, and belongs to the day it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// Minutes after midnight, included.
    pub start: u16,
    /// Minutes after midnight, not included; not after `start` when it ends on the next day. 1440 is midnight.
    pub end: u16,
}

impl Hours {
    /// From `HH:MM-HH:MM`.
    pub fn parse(text: &str) -> Option<Self> {
        let (a, b) = text.split_once('-')?;
        let start = minutes(a.trim())?;
        let end = minutes(b.trim())?;
        (start < 1440 && start != end).then_some(Self { start, end })
    }

    /// Whether it runs past midnight.
    pub fn wraps(self) -> bool {
        self.end < self.start
    }
}

impl std::fmt::Display for Hours {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}–{:02}:{:02}", self.start / 60, self.start % 60, self.end / 60, self.end % 60)
    }
}

fn minutes(text: &str) -> Option<u16> {
    let (h, m) = text.split_once(':')?;
    if h.len() != 2 || m.len() != 2 {
        return None;
    }
    let (h, m): (u16, u16) = (h.parse().ok()?, m.parse().ok()?);
    (m < 60 && (h < 24 || (h == 24 && m == 0))).then_some(h * 60 + m)
}

/// Whether a window opens on holidays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum WindowHolidays {
    /// Shut on holidays.
    #[default]
    Shut,
    /// Open on holidays too.
    Open,
}

/// One stretch in which deployments may be made.
#[derive(Clone, Debug)]
pub struct WindowSpan {
    /// On which days it starts.
    pub days: Weekdays,
    /// From when to when.
    pub hours: Hours,
    /// Its own zone; else the calendar's.
    pub zone: Option<(TimeZone, Box<str>)>,
    /// Whether holidays shut it.
    pub holidays: WindowHolidays,
}

/// When deployments may be made: inside any of its stretches.
#[derive(Clone, Debug, Default)]
pub struct Window {
    /// The stretches.
    pub spans: Vec<WindowSpan>,
}

/// Why a question about days has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayFault {
    /// No holiday of this year is named, so that nobody knows which days are business days.
    YearNotCovered(i16),
    /// Outside the years a calendar has.
    OutOfRange,
}

/// A calendar: the site's, or a policy's own.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// The zone in which days begin and end.
    pub zone: TimeZone,
    /// The zone's name as it was written.
    pub zone_name: Box<str>,
    /// Which days are worked.
    pub working_days: Weekdays,
    /// The window named `working-hours`.
    pub working_hours: Hours,
    /// Days not worked, sorted.
    pub holidays: Vec<Date>,
    /// Month in which the fiscal year starts, from 1.
    pub fiscal_year_starts: i8,
}

/// A day that counting business days went past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skipped {
    /// Not a working day of the week.
    NotWorked(Date),
    /// A holiday on a working day of the week.
    Holiday(Date),
    /// A day that the zone left out when it crossed the date line.
    NeverWas(Date),
}

impl Calendar {
    /// The local date and time of an instant.
    pub fn local(&self, at: Timestamp) -> DateTime {
        self.zone.to_datetime(at)
    }

    /// The civil day of an instant.
    pub fn day(&self, at: Timestamp) -> Date {
        self.local(at).date()
    }

    /// The first instant of a civil day.
    pub fn start_of(&self, day: Date) -> Timestamp {
        self.instant(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::MIN)
    }

    /// The last instant of a civil day.
    pub fn end_of(&self, day: Date) -> Timestamp {
        let next = day.tomorrow().map_or(Timestamp::MAX, |d| self.start_of(d));
        next.checked_sub(TimeSpan::new().nanoseconds(1)).unwrap_or(Timestamp::MAX)
    }

    /// The instant of a local time: one that does not exist moves later, one that exists twice is the earlier.
    pub fn instant(&self, local: DateTime) -> Option<Timestamp> {
        self.zone.to_ambiguous_timestamp(local).compatible().ok()
    }

    /// Whether a day of this year is named among the holidays.
    pub fn covers(&self, year: i16) -> bool {
        let from = self.holidays.partition_point(|d| d.year() < year);
        self.holidays.get(from).is_some_and(|d| d.year() == year)
    }

    /// Whether a day is a holiday; a fault where its year is not covered.
    pub fn holiday(&self, day: Date) -> Result<bool, DayFault> {
        if self.covers(day.year()) {
            Ok(self.holidays.binary_search(&day).is_ok())
        } else {
            Err(DayFault::YearNotCovered(day.year()))
        }
    }

    /// `start` and so much later.
    pub fn after(&self, start: Timestamp, length: Duration) -> Result<Timestamp, DayFault> {
        match length {
            Duration::Elapsed(seconds) => {
                start.checked_add(TimeSpan::new().seconds(i64::from(seconds))).map_err(|_| DayFault::OutOfRange)
            }
            Duration::BusinessDays(n) => self.business(start, n, 1),
            Duration::Days(n) => self.civil(start, TimeSpan::new().try_days(i64::from(n))),
            Duration::Months(n) => self.civil(start, TimeSpan::new().try_months(i64::from(n))),
        }
    }

    /// `end` and so much earlier.
    pub fn before(&self, end: Timestamp, length: Duration) -> Result<Timestamp, DayFault> {
        match length {
            Duration::Elapsed(seconds) => {
                end.checked_sub(TimeSpan::new().seconds(i64::from(seconds))).map_err(|_| DayFault::OutOfRange)
            }
            Duration::BusinessDays(n) => self.business(end, n, -1),
            Duration::Days(n) => self.civil(end, TimeSpan::new().try_days(-i64::from(n))),
            Duration::Months(n) => self.civil(end, TimeSpan::new().try_months(-i64::from(n))),
        }
    }

    fn civil(&self, start: Timestamp, span: Result<TimeSpan, jiff::Error>) -> Result<Timestamp, DayFault> {
        let span = span.map_err(|_| DayFault::OutOfRange)?;
        let local = self.local(start).checked_add(span).map_err(|_| DayFault::OutOfRange)?;
        self.instant(local).ok_or(DayFault::OutOfRange)
    }

    /// Counts `n` business days from the day of `start`, forward (`step` 1) or back (-1). The day of `start` itself is not
    /// counted; the end is at the same local time.
    fn business(&self, start: Timestamp, n: u32, step: i64) -> Result<Timestamp, DayFault> {
        if self.working_days == Weekdays([false; 7]) {
            return Err(DayFault::OutOfRange);
        }
        let (end, days) = self.count(start, n, step, |_| true, |_| ())?;
        let landed = self.local(start).date().saturating_add(TimeSpan::new().days(step * days));
        if self.day(end) != landed || self.crossed_the_date_line(start, end, days) {
            return self.count(start, n, step, |day| self.was(day), |_| ()).map(|(end, _)| end);
        }
        Ok(end)
    }

    /// Whether a zone left out a day between two instants that are so many civil days apart.
    fn crossed_the_date_line(&self, a: Timestamp, b: Timestamp, days: i64) -> bool {
        ((b.as_second() - a.as_second()).abs() - days * 86_400).abs() >= 43_200
    }

    /// Whether there was such a day: a zone that crosses the date line leaves one out, on which nobody could work.
    fn was(&self, day: Date) -> bool {
        self.day(self.zone.to_ambiguous_timestamp(day.at(12, 0, 0, 0)).compatible().unwrap_or(Timestamp::MIN)) == day
    }

    /// The end of a count and how many civil days it went over.
    fn count(
        &self,
        start: Timestamp,
        n: u32,
        step: i64,
        was: impl Fn(Date) -> bool,
        mut past: impl FnMut(Skipped),
    ) -> Result<(Timestamp, i64), DayFault> {
        let local = self.local(start);
        let mut day = local.date();
        let mut left = n;
        let mut days = 0;
        while left > 0 {
            days += 1;
            day = day.checked_add(TimeSpan::new().days(step)).map_err(|_| DayFault::OutOfRange)?;
            let holiday = self.holiday(day)?;
            match (self.working_days.holds(day.weekday()), holiday) {
                _ if !was(day) => past(Skipped::NeverWas(day)),
                (true, false) => left -= 1,
                (true, true) => past(Skipped::Holiday(day)),
                (false, _) => past(Skipped::NotWorked(day)),
            }
        }
        let end = self.instant(day.to_datetime(local.time())).ok_or(DayFault::OutOfRange)?;
        Ok((end, days))
    }

    /// The days that counting `n` business days forward (`step` 1) or back (-1) goes past, in its order. Where the count
    /// has no answer, those up to there.
    pub fn skipped(&self, start: Timestamp, n: u32, step: i64) -> Vec<Skipped> {
        let mut days = Vec::new();
        if self.working_days != Weekdays([false; 7]) {
            let _ = self.count(start, n, step, |day| self.was(day), |day| days.push(day));
        }
        days
    }

    /// Whether an instant lies in a window: start included, end not.
    pub fn inside(&self, window: &Window, at: Timestamp) -> Result<bool, DayFault> {
        let mut fault = None;
        for span in &window.spans {
            match self.inside_span(span, at) {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(why) => fault = Some(why),
            }
        }
        fault.map_or(Ok(false), Err)
    }

    fn inside_span(&self, span: &WindowSpan, at: Timestamp) -> Result<bool, DayFault> {
        let zone = span.zone.as_ref().map_or(&self.zone, |(zone, _)| zone);
        let local = zone.to_datetime(at);
        let minute = minute_of(local.time());
        let today = local.date();
        let started_today = minute >= span.hours.start && (span.hours.wraps() || minute < span.hours.end);
        let started_yesterday = span.hours.wraps() && minute < span.hours.end;
        let opening = |day: Date| -> Result<bool, DayFault> {
            Ok(span.days.holds(day.weekday()) && (span.holidays == WindowHolidays::Open || !self.holiday(day)?))
        };
        if started_today && opening(today)? {
            return Ok(true);
        }
        match today.yesterday() {
            Ok(day) if started_yesterday => opening(day),
            _ => Ok(false),
        }
    }

    /// An instant as people read it: `Fri 18 Dec 2026 16:10`, with the seconds where there are any.
    pub fn show(&self, at: Timestamp) -> String {
        Self::show_local(self.local(at), " ")
    }

    /// A local time as people read it, with what stands between the day and the clock.
    pub fn show_local(local: DateTime, between: &str) -> String {
        let mut text = String::with_capacity(32);
        push_day(&mut text, local.date());
        text.push(' ');
        push_number(&mut text, local.year());
        text.push_str(between);
        push_clock(&mut text, local.time());
        text
    }

    /// An instant of a year that is known already: `Fri 18 Dec 16:10`, with the seconds where there are any.
    pub fn show_brief(&self, at: Timestamp) -> String {
        let local = self.local(at);
        let mut text = Self::show_day(local.date());
        text.push(' ');
        push_clock(&mut text, local.time());
        text
    }

    /// A day as people read it: `Fri 18 Dec`.
    pub fn show_day(day: Date) -> String {
        let mut text = String::with_capacity(24);
        push_day(&mut text, day);
        text
    }

    /// A day of the week, in short.
    pub fn show_weekday(day: Date) -> &'static str {
        weekday_short(day.weekday())
    }

    /// An instant as a sentence names its day: `18 December 2026`.
    pub fn show_long(&self, at: Timestamp) -> String {
        Day(self.day(at)).to_string()
    }
}

// Every page shows dozens of instants: digits are put down one by one, which takes a tenth of what formatting takes.

/// `Fri 18 Dec`.
fn push_day(text: &mut String, day: Date) {
    text.push_str(weekday_short(day.weekday()));
    text.push(' ');
    push_number(text, day.day().into());
    text.push(' ');
    text.push_str(&super::time::month_name(day.month())[..3]);
}

/// `16:10`, with the seconds where there are any.
fn push_clock(text: &mut String, time: ClockTime) {
    push_two(text, time.hour());
    text.push(':');
    push_two(text, time.minute());
    if time.second() != 0 {
        text.push(':');
        push_two(text, time.second());
    }
}

/// A number below 100 in two digits.
fn push_two(text: &mut String, number: i8) {
    let number = number.unsigned_abs().into();
    text.push(digit(number, 10));
    text.push(digit(number, 1));
}

/// A number as it is.
fn push_number(text: &mut String, number: i16) {
    if number < 0 {
        text.push('-');
    }
    let number = number.unsigned_abs();
    let mut unit = 10_000;
    while unit > 1 && number < unit {
        unit /= 10;
    }
    while unit > 0 {
        text.push(digit(number, unit));
        unit /= 10;
    }
}

fn digit(number: u16, unit: u16) -> char {
    char::from(b'0' + (number / unit % 10) as u8)
}

fn minute_of(time: ClockTime) -> u16 {
    time.hour() as u16 * 60 + time.minute() as u16
}

fn weekday_short(day: Weekday) -> &'static str {
    ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][day.to_monday_zero_offset() as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn brisbane() -> Calendar {
        Calendar {
            zone: TimeZone::get("Australia/Brisbane").unwrap(),
            zone_name: "Australia/Brisbane".into(),
            working_days: Weekdays::WORKING,
            working_hours: Hours::parse("09:00-17:00").unwrap(),
            holidays: vec![date(2026, 12, 21), date(2026, 12, 25)],
            fiscal_year_starts: 1,
        }
    }

    fn at(text: &str) -> Timestamp {
        super::super::parse_time(text).unwrap()
    }

    #[test]
    fn instants_are_shown_digit_by_digit() {
        let shown = |text| (brisbane().show(at(text)), brisbane().show_brief(at(text)));
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(shown("2026-12-18T16:10:00+10:00"), pair("Fri 18 Dec 2026 16:10", "Fri 18 Dec 16:10"));
        assert_eq!(shown("2026-01-05T00:09:07+10:00"), pair("Mon 5 Jan 2026 00:09:07", "Mon 5 Jan 00:09:07"));
        assert_eq!(Calendar::show_day(date(-44, 3, 15)), "Thu 15 Mar");
        let mut years = String::new();
        for year in [-44, 0, 7, 2026, 9999, i16::MAX, i16::MIN] {
            push_number(&mut years, year);
            years.push(' ');
        }
        assert_eq!(years, "-44 0 7 2026 9999 32767 -32768 ");
    }

    #[test]
    fn business_days_skip_weekends_and_holidays() {
        let start = at("2026-12-18T16:10:00+10:00");
        assert_eq!(brisbane().after(start, Duration::BusinessDays(2)), Ok(at("2026-12-23T16:10:00+10:00")));
        let skipped = [
            Skipped::NotWorked(date(2026, 12, 19)),
            Skipped::NotWorked(date(2026, 12, 20)),
            Skipped::Holiday(date(2026, 12, 21)),
        ];
        assert_eq!(brisbane().skipped(start, 2, 1), skipped);
    }

    #[test]
    fn a_year_without_holidays_has_no_answer() {
        let end = brisbane().after(at("2026-12-30T10:00:00+10:00"), Duration::BusinessDays(3));
        assert_eq!(end, Err(DayFault::YearNotCovered(2027)));
    }

    #[test]
    fn counting_back_mirrors_counting_forward() {
        let calendar = brisbane();
        let start = at("2026-12-18T16:10:00+10:00");
        let end = calendar.after(start, Duration::BusinessDays(3)).unwrap();
        assert_eq!(calendar.before(end, Duration::BusinessDays(3)), Ok(start));
    }

    #[test]
    fn civil_lengths_keep_the_local_time() {
        let sydney = Calendar { zone: TimeZone::get("Australia/Sydney").unwrap(), ..brisbane() };
        // Daylight saving starts on 4 October 2026 at 2:00.
        assert_eq!(
            sydney.after(at("2026-10-03T12:00:00+10:00"), Duration::Days(1)),
            Ok(at("2026-10-04T12:00:00+11:00"))
        );
        assert_eq!(
            sydney.after(at("2026-10-03T12:00:00+10:00"), Duration::Elapsed(86_400)),
            Ok(at("2026-10-04T13:00:00+11:00"))
        );
        assert_eq!(
            sydney.after(at("2026-10-03T02:30:00+10:00"), Duration::Days(1)),
            Ok(at("2026-10-04T03:30:00+11:00"))
        );
        assert_eq!(
            sydney.after(at("2026-01-31T12:00:00+11:00"), Duration::Months(1)),
            Ok(at("2026-02-28T12:00:00+11:00"))
        );
    }

    #[test]
    fn a_window_past_midnight_belongs_to_the_day_it_starts() {
        let calendar = brisbane();
        let days = Weekdays([false, false, false, false, true, false, false]);
        let span = WindowSpan {
            days,
            hours: Hours::parse("22:00-02:00").unwrap(),
            zone: None,
            holidays: WindowHolidays::Shut,
        };
        let window = Window { spans: vec![span] };
        let inside = |text| calendar.inside(&window, at(text)).unwrap();
        assert!(inside("2026-12-11T22:00:00+10:00"), "the start counts");
        assert!(inside("2026-12-12T01:59:00+10:00"), "Saturday morning belongs to Friday");
        assert!(!inside("2026-12-12T02:00:00+10:00"), "the end does not count");
        assert!(!inside("2026-12-11T01:00:00+10:00"), "Friday morning belongs to Thursday");
        assert!(!inside("2026-12-25T23:00:00+10:00"), "a holiday shuts it");
    }
}
