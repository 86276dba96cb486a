//! `window`: every production deployment, rollbacks aside, was made inside a window. Start included, end not; holidays
//! shut it unless it says otherwise.

use crate::judge::case::{Case, Due, Holds, Moment};
use crate::judge::codes;
use crate::judge::verdict::{Ruling, Say, Verdict};
use crate::model::{Event, Window, WindowHolidays, WindowSpan};

pub(super) fn ruling(case: &Case<'_>, name: &str, say: &mut Say<'_>) -> Ruling {
    if let Some(ruling) = undeployed(case, say) {
        return ruling;
    }
    let working_hours;
    let window = if let Some(window) = case.version.window(name) {
        window
    } else {
        let calendar = case.calendar();
        let span = WindowSpan {
            days: calendar.working_days,
            hours: calendar.working_hours,
            zone: None,
            holidays: WindowHolidays::Shut,
        };
        working_hours = Window { spans: vec![span] };
        &working_hours
    };
    say.fact("window", None, || describe(case, name, window));
    let mut fault = None;
    for deployment in case.production().filter(|d| !d.is_rollback()) {
        let Some(at) = deployment.at.get() else { continue };
        let span = deployment.at.span().unwrap_or(deployment.span);
        say.fact("deployed", Some(span), || case.show(at.0));
        match case.calendar().inside(window, at.0) {
            Ok(true) => {}
            Ok(false) => {
                say.headline(|| format!("deployed outside the window `{name}`"));
                say.at(span, || format!("{}, outside", case.calendar().show(at.0)));
                say.help(|| format!("deploy inside it: {}", describe(case, name, window)));
                return case.settle(Holds::NoMore(&codes::OUTSIDE), Due::Past(Some(at.0)), say);
            }
            Err(why) => fault = fault.or(Some((why, span))),
        }
    }
    if let Some((why, span)) = fault {
        say.at(span, || "whether this day was a holiday is not known".to_owned());
        return case.no_calendar(why, say);
    }
    say.headline(|| format!("deployed inside the window `{name}`"));
    case.settle(Holds::Yes, case.due_at(Event::Deployed), say)
}

/// What a rule about deployments comes to while there is none: it waits, and once the change is closed asks nothing.
pub(super) fn undeployed(case: &Case<'_>, say: &mut Say<'_>) -> Option<Ruling> {
    match case.event(Event::Deployed) {
        Moment::At(..) => None,
        Moment::Broken(span) => Some(case.broken(span, say)),
        Moment::History => Some(case.needs_history(say)),
        Moment::Never => Some(match case.closed() {
            Due::Past(_) => {
                say.headline(|| "never deployed to production".to_owned());
                Ruling::of(Verdict::NotApplicable, None)
            }
            Due::Broken(span) => case.broken(span, say),
            _ => case.pending(None, Some(Event::Deployed), say),
        }),
    }
}

fn describe(case: &Case<'_>, name: &str, window: &Window) -> String {
    let spans: Vec<String> = window
        .spans
        .iter()
        .map(|s| {
            let zone = s.zone.as_ref().map_or(&*case.calendar().zone_name, |(_, name)| name);
            let holidays = if s.holidays == WindowHolidays::Shut { ", shut on holidays" } else { "" };
            format!("{} {} ({zone}){holidays}", s.days.phrase(), s.hours)
        })
        .collect();
    format!("{name}: {}", spans.join("; "))
}
