//! What a record says against itself or against people.yaml, whatever its rules ask: a status its events contradict, a
//! role that was not held.

use super::case::{Case, Moment};
use super::checks::rough;
use super::codes;
use crate::diag::{Diagnostic, Sink};
use crate::model::{Event, Field, PersonId, Role, Status, Time, Vocabulary};
use crate::source::Span;

/// Findings about one record that belong to no rule.
pub fn check_record(case: &Case<'_>, before_first: bool, sink: &mut Sink) {
    status(case, sink);
    documented(case, sink);
    for review in case.record.reviews.items() {
        role(case, &review.by, &review.role, &review.at, sink);
    }
    for approval in case.record.approvals.items() {
        role(case, &approval.by, &approval.role, &approval.at, sink);
    }
    if before_first && let Some(effective) = case.version.effective {
        let span = case.record.requested_at.span().unwrap_or(case.record.span);
        sink.push(
            Diagnostic::new(
                &codes::BEFORE_FIRST,
                case.record.file,
                span,
                format!("older than the first version of policy `{}`", case.version.id),
            )
            .label(format!("version {} takes effect on {effective}", case.version.version))
            .help("nothing to do if no earlier version is known; it is judged by this one"),
        );
    }
}

/// A status that the events contradict.
fn status(case: &Case<'_>, sink: &mut Sink) {
    let Field::Given(status, span) = case.record.status else { return };
    let deployed = case.event(Event::Deployed);
    let closed = case.event(Event::Closed);
    let (headline, other) = match (status, deployed, closed) {
        (Status::Closed | Status::Deployed, Moment::Never, _) => {
            (format!("the status is `{}`, and no production deployment is recorded", status.word()), None)
        }
        (Status::Draft | Status::Requested | Status::Approved | Status::Scheduled, Moment::At(at, place), _)
            if at <= case.as_of =>
        {
            (
                format!("the status is `{}`, and the change is in production", status.word()),
                Some((place, "deployed here")),
            )
        }
        (Status::Rejected | Status::Cancelled, Moment::At(_, place), _) => {
            (format!("the status is `{}`, and the change was deployed", status.word()), Some((place, "deployed here")))
        }
        (Status::Closed | Status::Rejected | Status::Cancelled, ..) => return,
        (_, _, Moment::At(at, place)) if at <= case.as_of => {
            (format!("the status is `{}`, and the change is closed", status.word()), Some((place, "closed here")))
        }
        _ => return,
    };
    let mut finding = Diagnostic::new(&codes::STATUS, case.record.file, span, headline)
        .label("the further of the two counts")
        .help("correct the status, or record what happened");
    if let Some((place, text)) = other {
        finding = finding.other(case.record.at(place), text);
    }
    sink.push(finding);
}

/// A time of writing that git contradicts, to the minute, which is as exact as people write it.
fn documented(case: &Case<'_>, sink: &mut Sink) {
    let Field::Given(stated, span) = &case.record.documented_at else { return };
    let origin = case.record.source.get().is_some_and(|origin| !matches!(origin.at, Field::Absent | Field::Blank(_)));
    if origin || case.git_dates() != Ok(true) || !case.history_is_whole() {
        return;
    }
    let Some(committed) = case.committed().time() else { return };
    let apart = (committed.as_second() - stated.0.as_second()).abs();
    if apart < 60 {
        return;
    }
    let (early, late) = (stated.0.min(committed), stated.0.max(committed));
    let direction = if stated.0 < committed { "before" } else { "after" };
    let by = case.record.id.get().and_then(|id| case.ledger.past.of(id.as_str()).first());
    let by = by.map(|text| case.edit_in_words(text)).unwrap_or_default();
    sink.push(
        Diagnostic::new(
            &codes::DOCUMENTED,
            case.record.file,
            *span,
            format!("`documented_at` is {} {direction} the commit that first held this record", rough(early, late)),
        )
        .label(format!("first committed {by}"))
        .note("git counts: `documented_at` is for records that git does not date")
        .help("take `documented_at` out"),
    );
}

/// A claimed role that was not held on the day.
fn role(case: &Case<'_>, by: &Field<PersonId>, role: &Field<Role>, at: &Field<Time>, sink: &mut Sink) {
    let (Some(who), Field::Given(role, span), Some(at)) = (by.get(), role, at.get()) else { return };
    let Some(person) = case.ledger.people.get(who.as_str()) else { return };
    let day = case.calendar().day(at.0);
    if person.held(role.as_str(), day) {
        return;
    }
    let held: Vec<&str> = person.roles_on(day).map(Role::as_str).collect();
    let mut finding =
        Diagnostic::new(&codes::ROLE_NOT_HELD, case.record.file, *span, format!("`{who}` was not `{role}` on {day}"))
            .label("so that this counts for nothing")
            .help(if let Some(near) = crate::diag::suggest::nearest(role.as_str(), held.iter().copied()) {
                format!("did you mean `{near}`, which `{who}` was then?")
            } else if held.is_empty() {
                format!("`{who}` held no role on that day; correct the record or people.yaml")
            } else {
                format!("`{who}` was then {}; correct the record or people.yaml", crate::diag::suggest::list(&held))
            });
    if let Some(file) = case.ledger.people.file {
        let place = if person.span.is_empty() {
            Span::default()
        } else {
            Span { start: person.span.start, end: person.span.start + 1 }
        };
        let at = person.id.span().unwrap_or(place);
        finding = finding.other(crate::source::Location { file, span: at }, "roles held stand here");
    }
    sink.push(finding);
}
