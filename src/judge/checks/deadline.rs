//! `deadline`: an event came in time. The exact instant of the deadline is in time; an event before the clock starts is,
//! too. Hours are elapsed time; business days count by the policy's calendar.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::judge::case::{Case, Due, Moment};
use crate::judge::codes;
use crate::judge::verdict::{Ruling, Say, Verdict};
use crate::model::{Calendar, DayFault, DeadlineBound, DeadlineCheck, Duration, Event, Skipped};
use crate::source::Span;

pub(super) fn ruling(case: &Case<'_>, check: DeadlineCheck, say: &mut Say<'_>) -> Ruling {
    match check.bound {
        DeadlineBound::Within(length, start) => within(case, check.of, length, start, say),
        DeadlineBound::AtLeastBefore(length, end) => at_least_before(case, check.of, length, end, say),
    }
}

/// The instant that anchors a deadline, or what to say without one.
fn anchor(case: &Case<'_>, event: Event, say: &mut Say<'_>) -> Result<(Timestamp, Span), Ruling> {
    match case.event(event) {
        Moment::At(at, span) => Ok((at, span)),
        Moment::Broken(span) => Err(case.broken(span, say)),
        Moment::History => Err(case.needs_history(say)),
        Moment::Never => Err(match case.closed() {
            Due::Past(at) => {
                say.headline(|| format!("closed without a {}, from which this deadline counts", event.phrase()));
                point_at_closure(case, say);
                say.help(|| format!("record when the {} was", event.phrase()));
                Ruling::fail(&codes::NO_START, at)
            }
            Due::Broken(span) => case.broken(span, say),
            _ => case.pending(None, Some(event), say),
        }),
    }
}

fn point_at_closure(case: &Case<'_>, say: &mut Say<'_>) {
    let span = case.record.closed_at.span().or(case.record.status.span()).unwrap_or(case.record.span);
    say.at(span, || "closed here".to_owned());
}

/// When the clock of a deadline starts or ends and where that stands, and when what it is about happened.
fn clock(case: &Case<'_>, of: Event, other: Event, say: &mut Say<'_>) -> Result<(Timestamp, Span, Moment), Ruling> {
    let (at, span) = anchor(case, other, say)?;
    match case.event(of) {
        Moment::Broken(span) => Err(case.broken(span, say)),
        Moment::History => Err(case.needs_history(say)),
        moment => Ok((at, span, moment)),
    }
}

fn within(case: &Case<'_>, of: Event, length: Duration, start: Event, say: &mut Say<'_>) -> Ruling {
    case.say_event(start, say);
    case.say_event(of, say);
    let (began, began_span, happened) = match clock(case, of, start, say) {
        Ok(clock) => clock,
        Err(ruling) => return ruling,
    };
    let due = match case.calendar().after(began, length) {
        Ok(due) => due,
        Err(fault) => return unanswerable(case, happened, began, fault, say),
    };
    say.step(|| arithmetic(case.calendar(), began, length, due, 1));
    say.asked(|| format!("allows {length} from the {}", start.phrase()));
    match happened {
        Moment::At(at, _) if at <= due => {
            say.headline(|| {
                format!("{} {}; allowed {length}", of.phrase(), elapsed(case.calendar(), began, at, length, start))
            });
            Ruling::of(Verdict::Pass, Some(due))
        }
        Moment::At(at, span) => {
            say.headline(|| format!("{} came {} after its deadline", of.phrase(), rough(due, at)));
            say.at(span, || format!("{} {}", of.done(), elapsed(case.calendar(), began, at, length, start)));
            say.other(began_span, || format!("{} here", start.done()));
            say.help(|| {
                format!(
                    "it was due by {}; ask for a waiver that names its approver, or correct the time if it is wrong",
                    case.show(due)
                )
            });
            Ruling::fail(&codes::LATE, Some(due))
        }
        _ if case.as_of > due => {
            say.headline(|| format!("no {}; it was due by {}", of.phrase(), case.show(due)));
            say.at(began_span, || format!("{} here, which started the clock", start.done()));
            say.help(|| {
                format!("hold the {} and record when it was; what is late stays late, so say why", of.phrase())
            });
            Ruling::fail(&codes::MISSED, Some(due))
        }
        _ => {
            say.help(|| format!("record the {} by {}", of.phrase(), case.show(due)));
            case.pending(Some(due), None, say)
        }
    }
}

/// A calendar that cannot say when a deadline ends: an event before the start is in time all the same.
fn unanswerable(case: &Case<'_>, happened: Moment, began: Timestamp, fault: DayFault, say: &mut Say<'_>) -> Ruling {
    if happened.time().is_some_and(|at| at <= began) {
        say.headline(|| "it came before the clock started".to_owned());
        return Ruling::of(Verdict::Pass, None);
    }
    if let Moment::At(_, span) = happened {
        say.at(span, || "whether this is in time is not known".to_owned());
    }
    case.no_calendar(fault, say)
}

fn at_least_before(case: &Case<'_>, of: Event, length: Duration, end: Event, say: &mut Say<'_>) -> Ruling {
    case.say_event(of, say);
    case.say_event(end, say);
    let (ends, end_span, happened) = match clock(case, of, end, say) {
        Ok(clock) => clock,
        Err(ruling) => return ruling,
    };
    let due = match case.calendar().before(ends, length) {
        Ok(due) => due,
        Err(fault) => return case.no_calendar(fault, say),
    };
    say.step(|| arithmetic(case.calendar(), ends, length, due, -1));
    say.asked(|| format!("asks for at least {length} before the {}", end.phrase()));
    match happened {
        Moment::At(at, _) if at <= due => {
            say.headline(|| format!("{} {}; at least {length} are asked for", of.phrase(), ahead(at, ends, end)));
            Ruling::of(Verdict::Pass, Some(due))
        }
        Moment::At(at, span) => {
            say.headline(|| format!("{} came less than {length} before the {}", of.phrase(), end.phrase()));
            say.at(span, || format!("{} {}", of.done(), ahead(at, ends, end)));
            say.other(end_span, || format!("{} here", end.done()));
            say.help(|| format!("it had to come by {}", case.show(due)));
            Ruling::fail(&codes::LATE, Some(due))
        }
        _ if case.as_of > due => {
            say.headline(|| format!("no {}; it was due by {}", of.phrase(), case.show(due)));
            say.at(end_span, || format!("{} here", end.done()));
            say.help(|| format!("record when the {} was", of.phrase()));
            Ruling::fail(&codes::MISSED, Some(due))
        }
        _ => {
            say.help(|| format!("record the {} by {}", of.phrase(), case.show(due)));
            case.pending(Some(due), None, say)
        }
    }
}

fn ahead(at: Timestamp, ends: Timestamp, end: Event) -> String {
    if at > ends {
        return format!("{} after the {}", rough(ends, at), end.phrase());
    }
    format!("{} before the {}", rough(at, ends), end.phrase())
}

/// How long after the start something was, in the unit of its deadline.
fn elapsed(calendar: &Calendar, began: Timestamp, at: Timestamp, length: Duration, start: Event) -> String {
    if at < began {
        return format!("{} before the {}", rough(at, began), start.phrase());
    }
    let after = match length {
        Duration::BusinessDays(_) => business_days(calendar, began, at),
        Duration::Elapsed(_) => Some(hours(began, at)),
        Duration::Days(_) | Duration::Months(_) => None,
    };
    format!("{} after the {}", after.unwrap_or_else(|| rough(began, at)), start.phrase())
}

/// How many business days lie between two instants, part of one counted as one; nothing where the calendar cannot say.
fn business_days(calendar: &Calendar, began: Timestamp, at: Timestamp) -> Option<String> {
    let mut n = 0_u32;
    while n < 1000 {
        let end = if n == 0 { began } else { calendar.after(began, Duration::BusinessDays(n)).ok()? };
        if at <= end {
            break;
        }
        n += 1;
    }
    match n {
        0 => Some("at once".to_owned()),
        1 => Some("within 1 business day".to_owned()),
        1000.. => None,
        n => Some(format!("{n} business days")),
    }
}

/// An elapsed time as people say it.
pub(in crate::judge) fn rough(from: Timestamp, to: Timestamp) -> String {
    let seconds = (to.as_second() - from.as_second()).max(0);
    let (days, hours) = (seconds / 86_400, seconds / 3600 % 24);
    match (days, hours) {
        (0, _) => self::hours(from, to),
        (d, 0) => unit(d, "day"),
        (d, h) => format!("{} {}", unit(d, "day"), unit(h, "hour")),
    }
}

/// An elapsed time in hours and minutes; in seconds below a minute.
fn hours(from: Timestamp, to: Timestamp) -> String {
    let seconds = (to.as_second() - from.as_second()).max(0);
    match (seconds / 3600, seconds / 60 % 60) {
        (0, 0) => unit(seconds, "second"),
        (0, m) => unit(m, "minute"),
        (h, 0) => unit(h, "hour"),
        (h, m) => format!("{} {}", unit(h, "hour"), unit(m, "minute")),
    }
}

fn unit(n: i64, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}

/// The count, written out: "2 business days from Fri 18 Dec 16:10 → Sat, Sun, Mon 21 (holiday) skipped → …".
fn arithmetic(calendar: &Calendar, start: Timestamp, length: Duration, end: Timestamp, step: i64) -> String {
    let direction = if step > 0 { "from" } else { "back from" };
    let one_year = calendar.day(start).year() == calendar.day(end).year();
    let show = |at| if one_year { calendar.show_brief(at) } else { calendar.show(at) };
    let mut text = format!("{length} {direction} {}", show(start));
    if let Duration::BusinessDays(n) = length {
        let skipped = calendar.skipped(start, n, step);
        if !skipped.is_empty() {
            text.push_str(&format!(" → {} skipped", skipped_days(&skipped)));
        }
    }
    format!("{text} → {} ({})", show(end), calendar.zone_name)
}

/// How many skipped days are named one by one.
const NAMED: usize = 8;

/// "Sat, Sun, Mon 21 (holiday)"; where there are many, the holidays and how many other days.
fn skipped_days(skipped: &[Skipped]) -> String {
    let holiday = |day: Date| format!("{} {} (holiday)", Calendar::show_weekday(day), day.day());
    if skipped.len() <= NAMED {
        let each = |day: &Skipped| match *day {
            Skipped::NotWorked(day) => Calendar::show_weekday(day).to_owned(),
            Skipped::Holiday(day) => holiday(day),
            Skipped::NeverWas(day) => format!("{} {} (no such day there)", Calendar::show_weekday(day), day.day()),
        };
        return skipped.iter().map(each).collect::<Vec<_>>().join(", ");
    }
    let holidays = skipped.iter().filter_map(|day| match *day {
        Skipped::Holiday(day) => Some(format!("{} (holiday)", Calendar::show_day(day))),
        Skipped::NotWorked(_) | Skipped::NeverWas(_) => None,
    });
    let not_worked = skipped.iter().filter(|day| !matches!(day, Skipped::Holiday(_))).count();
    let mut words: Vec<String> = vec![format!("{not_worked} days not worked")];
    words.extend(holidays);
    words.join(", ")
}
