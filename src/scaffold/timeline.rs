//! When everything about the example change happened: on the latest days before today that the policy allows.

use jiff::civil::{Date, time};
use jiff::{Span as TimeSpan, Timestamp};

use super::checks;
use crate::model::{Calendar, Check, Duration, PolicyVersion, Window, WindowHolidays, WindowSpan, Word};

/// The moments of the example change, each at or after the one before it.
#[derive(Debug)]
pub(super) struct Timeline {
    /// Asked for.
    pub(super) requested: Timestamp,
    /// Its design was looked at.
    pub(super) designed: Timestamp,
    /// The pull request was opened; what a pipeline checks ran at once.
    pub(super) proposed: Timestamp,
    /// In staging.
    pub(super) staged: Timestamp,
    /// The reviews began; they came an hour apart.
    pub(super) reviewed: Timestamp,
    /// The approvals began; they came half an hour apart.
    pub(super) approved: Timestamp,
    /// Those concerned were told.
    pub(super) notified: Timestamp,
    /// Merged.
    pub(super) merged: Timestamp,
    /// The planned window.
    pub(super) planned: (Timestamp, Timestamp),
    /// In production.
    pub(super) deployed: Timestamp,
    /// Known to be good.
    pub(super) confirmed: Timestamp,
    /// Watched until then.
    pub(super) monitored: Timestamp,
    /// Closed.
    pub(super) closed: Timestamp,
}

/// How many days back is looked for one that fits.
const REACH: usize = 60;
/// How long after a window opens the deployment is made.
const SETTLED: i64 = 15;
/// When work begins on a day without a window, in minutes.
const MORNING: u16 = 10 * 60;
/// How long a change is watched beyond what is asked.
const SPARE: i64 = 15;

/// The latest times at which a change of a type can have been made and closed before today.
pub(super) fn find(version: &PolicyVersion, change_type: &Word, calendar: &Calendar, today: Date) -> Option<Timeline> {
    let windows: Vec<Window> = checks(version, change_type.as_str())
        .filter_map(|check| if let Check::Window(name) = check { Some(window(version, name)) } else { None })
        .collect();
    let days = std::iter::successors(today.yesterday().ok(), |day| day.yesterday().ok()).take(REACH);
    days.filter(|day| is_business_day(calendar, *day)).find_map(|day| {
        let deployed = opening(&windows, version, calendar, day)?;
        if windows.iter().any(|window| version.calendar.inside(window, deployed) != Ok(true)) {
            return None;
        }
        let frozen_day = version.calendar.day(deployed);
        let freezes = version.freezes.iter().flatten().filter(|freeze| !freeze.except.contains(change_type));
        if freezes.into_iter().any(|freeze| freeze.from <= frozen_day && frozen_day <= freeze.until) {
            return None;
        }
        let timeline = around(version, change_type, calendar, deployed)?;
        (timeline.monitored < timeline.closed && timeline.closed < calendar.start_of(today)).then_some(timeline)
    })
}

fn is_business_day(calendar: &Calendar, day: Date) -> bool {
    calendar.working_days.holds(day.weekday()) && calendar.holiday(day) == Ok(false)
}

/// A window of the policy, or its working hours.
fn window(version: &PolicyVersion, name: &Word) -> Window {
    version.window(name.as_str()).cloned().unwrap_or_else(|| {
        let (days, hours) = (version.calendar.working_days, version.calendar.working_hours);
        Window { spans: vec![WindowSpan { days, hours, zone: None, holidays: WindowHolidays::Shut }] }
    })
}

/// When a deployment is made on a day: shortly after the first window opens, else in the morning.
fn opening(windows: &[Window], version: &PolicyVersion, calendar: &Calendar, day: Date) -> Option<Timestamp> {
    let span = windows.first().and_then(|window| window.spans.first());
    let (zone, minutes) = match span {
        Some(span) => (span.zone.as_ref().map_or(&version.calendar.zone, |(zone, _)| zone), span.hours.start),
        None => (&calendar.zone, MORNING),
    };
    let clock = time((minutes / 60) as i8, (minutes % 60) as i8, 0, 0);
    let opens = zone.to_ambiguous_timestamp(day.to_datetime(clock)).compatible().ok()?;
    later(opens, SETTLED)
}

fn later(at: Timestamp, minutes: i64) -> Option<Timestamp> {
    at.checked_add(TimeSpan::new().minutes(minutes)).ok()
}

/// Everything before and after a deployment, on business days of the site at times when people work.
fn around(version: &PolicyVersion, change_type: &Word, calendar: &Calendar, deployed: Timestamp) -> Option<Timeline> {
    let day = calendar.day(deployed);
    let at = |days: i32, hour: i8, minute: i8| {
        calendar.instant(business_day(calendar, day, days)?.to_datetime(time(hour, minute, 0, 0)))
    };
    let watched = checks(version, change_type.as_str())
        .filter_map(|check| if let Check::Observation(length) = check { Some(*length) } else { None })
        .chain([Duration::Elapsed(30 * 60)])
        .filter_map(|length| version.calendar.after(deployed, length).ok())
        .max()?;
    let monitored = later(watched, SPARE)?;
    Some(Timeline {
        requested: at(-4, 9, 20)?,
        designed: at(-4, 14, 10)?,
        proposed: at(-3, 10, 5)?,
        staged: at(-3, 14, 30)?,
        reviewed: at(-2, 9, 40)?,
        approved: at(-2, 14, 0)?,
        notified: at(-2, 16, 30)?,
        merged: at(-1, 15, 15)?,
        planned: (later(deployed, -SETTLED)?, later(deployed, 105)?),
        deployed,
        confirmed: later(monitored, -5)?,
        monitored,
        closed: at(1, 10, 30)?,
    })
}

/// So many business days after a day, or before it.
fn business_day(calendar: &Calendar, mut day: Date, days: i32) -> Option<Date> {
    let mut left = days;
    while left != 0 {
        day = if days > 0 { day.tomorrow() } else { day.yesterday() }.ok()?;
        if is_business_day(calendar, day) {
            left -= days.signum();
        }
    }
    Some(day)
}
