//! Emergency changes: the summary of each, against its clocks, and the list of all.

use jiff::Timestamp;

use super::bypassed::{bypassed, follow_ups, gates_note};
use super::change::{approvals, happenings, person, rule_row, state, unquoted, waivers};
use super::pages::{
    ClockLine, ClockRow, EmergenciesPage, EmergencyRow, EmergencySummary, Fact, Link, Mark, Met, Timeline,
    TimelineDeadline, TimelineEvent,
};
use super::row::{Row, change_href, emergency_href, report_href, version_href};
use super::wording::{capital, counted, mark, moment, number, shown, span_of};
use crate::judge::{self, Case, Judgement, Moment as EventMoment, Verdict};
use crate::model::{
    Calendar, ChangeRecord, Check, DeadlineBound, DeadlineCheck, Event, Ledger, Medium, PolicyVersion, Preventable,
    Relation, Vocabulary,
};
use crate::pipeline::Entry;

/// One deadline of an emergency and how it was met.
struct Clock<'l> {
    judgement: &'l Judgement,
    check: DeadlineCheck,
    due: Timestamp,
    done: Option<Timestamp>,
    margin: String,
}

fn clocks<'e>(ledger: &Ledger, entry: &'e Entry<'_>, version: &'e PolicyVersion, as_of: Timestamp) -> Vec<Clock<'e>> {
    let case = Case::new(ledger, &entry.record, version, as_of);
    let mut list: Vec<Clock<'e>> = entry
        .judged
        .judgements
        .iter()
        .filter_map(|judgement| {
            let Check::Deadline(check) = &version.rules[judgement.rule as usize].check else { return None };
            let due = judgement.due?;
            let done = match case.event(check.of) {
                EventMoment::At(at, _) => Some(at),
                _ => None,
            };
            let margin = margin(due, done, as_of);
            Some(Clock { judgement, check: *check, due, done, margin })
        })
        .collect();
    list.sort_by_key(|c| c.due);
    list
}

/// How far an event was from its deadline.
fn margin(due: Timestamp, done: Option<Timestamp>, as_of: Timestamp) -> String {
    match done {
        Some(at) if at > due => format!("{} late", span_of(due, at)),
        Some(at) if at == due => "at the last instant".to_owned(),
        Some(at) => format!("{} to spare", span_of(at, due)),
        None if as_of > due => format!("{} overdue", span_of(due, as_of)),
        None => format!("due in {}", span_of(as_of, due)),
    }
}

/// A line for lists of emergencies.
pub fn emergency_row(ledger: &Ledger, entry: &Entry<'_>, as_of: Timestamp) -> EmergencyRow {
    let record = &entry.record;
    let version = entry.judged.version(ledger);
    let calendar = version.map_or(&ledger.configuration.calendar, |v| &v.calendar);
    let at = judge::first_production(ledger, record).or_else(|| record.requested_at.get().map(|t| t.0));
    let lines = version.map(|v| {
        clocks(ledger, entry, v, as_of)
            .iter()
            .map(|c| ClockLine {
                label: capital(c.check.of.phrase()),
                mark: mark(c.judgement.verdict),
                text: c.margin.clone(),
            })
            .collect()
    });
    EmergencyRow {
        id: record.name().to_owned(),
        href: emergency_href(record.name()),
        title: title(record),
        at: at.map(|t| moment(calendar, t)),
        quarter: judge::quarter(ledger, record).map(|q| q.to_string()).unwrap_or_default(),
        incident: trigger(record).map(|(severity, id)| format!("{severity} {id}").trim().to_owned()),
        clocks: lines.unwrap_or_default(),
        mark: mark(entry.judged.verdict),
        state: state(&entry.judged.judgements),
    }
}

fn title(record: &ChangeRecord) -> String {
    record.title.get().map_or_else(|| "(no title)".to_owned(), ToString::to_string)
}

/// Severity and id of the incident that made the change necessary.
fn trigger(record: &ChangeRecord) -> Option<(String, String)> {
    let incident = record.incidents.items().iter().find(|i| i.relation.get() == Some(&Relation::TriggeredBy))?;
    Some((
        incident.severity.get().map(ToString::to_string).unwrap_or_default(),
        incident.id.get().map(ToString::to_string).unwrap_or_default(),
    ))
}

/// The summary of one emergency change.
pub fn emergency_summary(ledger: &Ledger, entry: &Entry<'_>, as_of: Timestamp) -> Option<EmergencySummary> {
    let record = &entry.record;
    let version = entry.judged.version(ledger)?;
    let calendar = &version.calendar;
    let clocks = clocks(ledger, entry, version, as_of);
    let rows = |wanted: &[Verdict]| {
        let list = entry.judged.judgements.iter().filter(|j| wanted.contains(&j.verdict));
        let mut rows: Vec<_> = list.map(|j| rule_row(ledger, record, version, j)).collect();
        rows.sort_by_key(|r| r.mark);
        rows
    };
    let review = record.post_change_review.get();
    let quarter = judge::quarter(ledger, record);
    Some(EmergencySummary {
        id: record.name().to_owned(),
        title: title(record),
        headline: headline(entry, &clocks),
        lede: lede(ledger, record, calendar),
        mark: mark(entry.judged.verdict),
        state: state(&entry.judged.judgements),
        facts: facts(ledger, record),
        timeline: timeline(ledger, record, version, &clocks, as_of),
        clocks: clocks.iter().map(|c| clock_row(version, c)).collect(),
        broken: rows(&[Verdict::Fail]),
        kept: met(entry, version),
        open: rows(&[Verdict::Unknown, Verdict::Pending, Verdict::Waived]),
        approvals: approvals(ledger, record, calendar),
        approvals_note: Some(approvals_note(ledger, record)),
        bypassed: bypassed(ledger, entry, version),
        gates_note: gates_note(ledger, entry, version),
        follow_ups: follow_ups(entry, version, as_of),
        texts: texts(record),
        review_findings: review.and_then(|r| r.findings.get()).map(ToString::to_string),
        reviewed: review.and_then(|r| {
            let at = shown(calendar, r.at.get()?.0);
            Some(r.by.get().map_or(at.clone(), |by| format!("{}, {at}", person(ledger, by.as_str()))))
        }),
        preventable: review.and_then(|r| r.preventable.get()).map(|p| Preventable::word(*p)),
        waivers: waivers(ledger, entry),
        change: change_href(record.name()),
        quarter: quarter.map_or_else(Link::default, |q| Link { text: q.to_string(), href: Some(report_href(q)) }),
        policy: Link {
            text: format!("{}, version {}", version.title, version.version),
            href: Some(version_href(version)),
        },
    })
}

/// What was kept, in short.
fn met(entry: &Entry<'_>, version: &PolicyVersion) -> Vec<Met> {
    let kept = entry.judged.judgements.iter().filter(|j| j.verdict == Verdict::Pass);
    kept.map(|j| Met {
        id: version.rules[j.rule as usize].id.to_string(),
        headline: j.why.as_deref().map(|why| unquoted(&why.headline)).unwrap_or_default(),
    })
    .collect()
}

/// The finding, in words.
fn headline(entry: &Entry<'_>, clocks: &[Clock<'_>]) -> String {
    let late: Vec<&Clock<'_>> = clocks.iter().filter(|c| c.judgement.verdict == Verdict::Fail).collect();
    let waiting: Vec<&Clock<'_>> = clocks.iter().filter(|c| c.judgement.verdict == Verdict::Pending).collect();
    let broken = entry.judged.judgements.iter().filter(|j| j.verdict == Verdict::Fail).count();
    match (late.as_slice(), waiting.as_slice(), broken) {
        ([only], _, 1) => format!("{}: {}; everything else was kept", capital(only.check.of.phrase()), only.margin),
        ([], [next, ..], 0) => format!("{}: {}", capital(next.check.of.phrase()), next.margin),
        ([], [], 0) if clocks.is_empty() => "Every rule that has fallen due was kept".to_owned(),
        ([], [], 0) => "Every clock was met".to_owned(),
        ([], _, n) => format!(
            "Every clock was met; {} broken",
            if n == 1 { "one other rule was".to_owned() } else { format!("{} other rules were", number(n)) }
        ),
        (late, _, _) => {
            format!("{} of {} missed", capital(&number(late.len())), counted(clocks.len(), "clock was", "clocks were"))
        }
    }
}

/// What happened, in a few sentences made from the record.
fn lede(ledger: &Ledger, record: &ChangeRecord, calendar: &Calendar) -> String {
    let mut sentences = Vec::new();
    let systems = record.systems.items().iter().map(|s| s.value.as_str()).collect::<Vec<_>>().join(", ");
    let began = record
        .incidents
        .items()
        .iter()
        .find(|i| i.relation.get() == Some(&Relation::TriggeredBy))
        .and_then(|i| i.at.get());
    if let Some((severity, id)) = trigger(record) {
        let at = began.map(|t| format!(" began on {}", shown(calendar, t.0))).unwrap_or_default();
        sentences.push(format!(
            "{} incident {id}{at}{}.",
            if severity.is_empty() { "An" } else { &severity },
            if at.is_empty() { " made this change necessary" } else { "" }
        ));
    }
    if let Some(deployed) = judge::first_production(ledger, record) {
        let after = began.map(|t| format!(", {} after the incident began", span_of(t.0, deployed))).unwrap_or_default();
        let on = if systems.is_empty() { String::new() } else { format!(" on {systems}") };
        sentences.push(format!("The fix reached production{on} on {}{after}.", shown(calendar, deployed)));
    } else {
        sentences.push("It has not reached production.".to_owned());
    }
    if let Some(result) = record.outcome.get().and_then(|o| o.result.get()) {
        sentences.push(format!("Outcome: {}.", result.word().replace('-', " ")));
    }
    sentences.join(" ")
}

fn facts(ledger: &Ledger, record: &ChangeRecord) -> Vec<Fact> {
    let join = |list: &[crate::model::Spanned<crate::model::Word>]| {
        list.iter().map(|w| w.value.as_str()).collect::<Vec<_>>().join(", ")
    };
    let deployers: Vec<String> = {
        let mut names: Vec<&str> =
            record.deployments.items().iter().filter_map(|d| d.by.get().map(crate::model::PersonId::as_str)).collect();
        names.dedup();
        names.into_iter().map(|n| person(ledger, n)).collect()
    };
    let all = [
        ("Incident", trigger(record).map(|(s, i)| format!("{i} ({s})").replace(" ()", "")).unwrap_or_default()),
        ("Systems", join(record.systems.items())),
        ("Requested by", record.requested_by.get().map(|p| person(ledger, p.as_str())).unwrap_or_default()),
        ("Author", record.author.get().map(|p| person(ledger, p.as_str())).unwrap_or_default()),
        ("Deployed by", deployers.join(", ")),
        (
            "Outcome",
            record.outcome.get().and_then(|o| o.result.get()).map(|r| r.word().replace('-', " ")).unwrap_or_default(),
        ),
    ];
    all.into_iter().filter(|(_, v)| !v.is_empty()).map(|(label, value)| Fact { label: label.into(), value }).collect()
}

fn texts(record: &ChangeRecord) -> Vec<Fact> {
    let outcome = record.outcome.get();
    let all = [
        ("Description", record.description.get().map(ToString::to_string)),
        ("Root cause", outcome.and_then(|o| o.root_cause.get()).map(ToString::to_string)),
        ("Issues", outcome.and_then(|o| o.issues.get()).map(ToString::to_string)),
        ("Lessons", outcome.and_then(|o| o.lessons.get()).map(ToString::to_string)),
    ];
    all.into_iter()
        .filter_map(|(label, value)| value.filter(|v| v != "none").map(|value| Fact { label: label.into(), value }))
        .collect()
}

fn clock_row(version: &PolicyVersion, clock: &Clock<'_>) -> ClockRow {
    let rule = &version.rules[clock.judgement.rule as usize];
    ClockRow {
        promise: version.clause_of(rule).map_or_else(|| judge::in_plain_words(rule), |c| c.text.clone()),
        rule: rule.id.to_string(),
        due: moment(&version.calendar, clock.due),
        done: clock.done.map(|at| moment(&version.calendar, at)),
        mark: mark(clock.judgement.verdict),
        margin: clock.margin.clone(),
    }
}

/// A sentence about how it was approved.
fn approvals_note(ledger: &Ledger, record: &ChangeRecord) -> String {
    let approvals = record.approvals.items();
    let deployed = judge::first_production(ledger, record);
    let before =
        approvals.iter().filter(|a| matches!((a.at.get(), deployed), (Some(at), Some(d)) if at.0 <= d)).count();
    let verbal = approvals.iter().filter(|a| a.medium.get() == Some(&Medium::Verbal)).count();
    let after = approvals.iter().filter(|a| matches!((a.at.get(), deployed), (Some(at), Some(d)) if at.0 > d)).count();
    if approvals.is_empty() {
        return "Nobody's approval is recorded.".to_owned();
    }
    let mut parts = vec![format!("{} before the deployment", capital(&counted(before, "approval", "approvals")))];
    if verbal > 0 {
        parts.push(format!("{} by word of mouth", number(verbal)));
    }
    if after > 0 {
        parts.push(format!("{} afterwards", number(after)));
    }
    format!("{}.", parts.join(", "))
}

/// The short name of an event on a drawing.
fn short(event: Event) -> &'static str {
    match event {
        Event::Documented => "documented",
        Event::Reviewed => "reviewed",
        Event::Notified => "notified",
        Event::Proposed => "pull request",
        Event::SignedOff => "signed off",
        Event::Approved => "approved",
        other => other.phrase(),
    }
}

fn timeline(
    ledger: &Ledger,
    record: &ChangeRecord,
    version: &PolicyVersion,
    clocks: &[Clock<'_>],
    as_of: Timestamp,
) -> Timeline {
    let calendar = &version.calendar;
    let mut events: Vec<TimelineEvent> = Vec::new();
    for (at, what, detail) in happenings(ledger, record) {
        if matches!(what, "gate" | "watched until here" | "review" | "merged" | "outcome") {
            continue;
        }
        let verdict = clocks.iter().find(|c| c.done == Some(at)).map(|c| c.judgement.verdict);
        let label = match what {
            "post-change review" => "reviewed",
            "pull request opened" => "pull request",
            "approved by word of mouth" => "approved by word",
            other => other,
        };
        let time = moment(calendar, at);
        let local = calendar.local(at);
        events.push(TimelineEvent {
            at: at.as_second(),
            time,
            label: label.to_owned(),
            clock: format!("{:02}:{:02}", local.hour(), local.minute()),
            detail: (!detail.is_empty()).then_some(detail),
            mark: verdict.map_or(Mark::NotApplicable, mark),
        });
    }
    let deadlines: Vec<TimelineDeadline> = clocks.iter().map(|c| deadline(calendar, c)).collect();
    let (first, last) = extent(&events, &deadlines, as_of);
    Timeline {
        title: format!("Timeline of {}", record.name()),
        span: format!("{} to {}, {}", calendar.show_long(first), calendar.show_long(last), calendar.zone_name),
        days: days(calendar, first, last),
        events,
        deadlines,
    }
}

fn deadline(calendar: &Calendar, clock: &Clock<'_>) -> TimelineDeadline {
    let label = match clock.check.bound {
        DeadlineBound::Within(..) | DeadlineBound::AtLeastBefore(..) => format!("{} due", short(clock.check.of)),
    };
    TimelineDeadline {
        at: clock.due.as_second(),
        time: moment(calendar, clock.due),
        label,
        mark: mark(clock.judgement.verdict),
        done: clock.done.map(Timestamp::as_second),
        margin: clock.margin.clone(),
    }
}

fn extent(events: &[TimelineEvent], deadlines: &[TimelineDeadline], as_of: Timestamp) -> (Timestamp, Timestamp) {
    let all = || events.iter().map(|e| e.at).chain(deadlines.iter().map(|d| d.at));
    let at = |seconds: Option<i64>| seconds.and_then(|s| Timestamp::from_second(s).ok()).unwrap_or(as_of);
    (at(all().min()), at(all().max()))
}

/// Starts of days within a drawing, for its ruler; at most forty.
fn days(calendar: &Calendar, from: Timestamp, until: Timestamp) -> Vec<(i64, String)> {
    let mut list = Vec::new();
    let mut day = calendar.day(from);
    while list.len() < 40 {
        let Ok(next) = day.tomorrow() else { break };
        day = next;
        let midnight = calendar.start_of(day);
        if midnight > until {
            break;
        }
        let name = Calendar::show_day(day);
        let (weekday_and_number, _) = name.rsplit_once(' ').unwrap_or((&name, ""));
        list.push((midnight.as_second(), weekday_and_number.to_owned()));
    }
    list
}

/// All emergencies, newest first.
pub fn emergencies_page(rows: &[Row]) -> EmergenciesPage {
    let mut list: Vec<&Row> = rows.iter().filter(|r| r.emergency_row.is_some() && r.page).collect();
    list.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| b.id.cmp(&a.id)));
    listed(&list)
}

/// A page of these emergencies.
pub(super) fn listed(list: &[&Row]) -> EmergenciesPage {
    let broken = list.iter().filter(|r| r.verdict == Verdict::Fail).count();
    let waiting = list.iter().filter(|r| r.verdict == Verdict::Pending).count();
    let headline = match (list.len(), broken) {
        (0, _) => "No emergency changes".to_owned(),
        (n, 0) => format!("{}, none of which broke a rule", capital(&emergencies(n))),
        (n, b) => format!("{}, {} of which broke a rule", capital(&emergencies(n)), number(b)),
    };
    let lede = match waiting {
        0 => String::new(),
        1 => "One of them has a clock that is still running.".to_owned(),
        n => format!("{} of them have a clock that is still running.", capital(&number(n))),
    };
    EmergenciesPage {
        quarter: None,
        href: "emergencies/index.html".to_owned(),
        figures: Vec::new(),
        headline,
        lede,
        rows: list.iter().filter_map(|r| r.emergency_row.as_deref().cloned()).collect(),
    }
}

/// `nine emergency changes`.
pub(super) fn emergencies(n: usize) -> String {
    format!("{} emergency {}", number(n), if n == 1 { "change" } else { "changes" })
}
