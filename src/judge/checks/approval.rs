//! `approval`: enough approvals, by these roles, from people independent of the work, in these media, in time.
//!
//! SOC 2 CC8.1, ISO 27001 A.8.32 and A.5.3 (segregation of duties).

use super::due_before;
use crate::diag::{Code, suggest};
use crate::judge::case::{Bound, Case, Due, Holds};
use crate::judge::codes;
use crate::judge::count::{Between, Counted, Entry, Refused, Why, approvals_satisfy, people, roles_missing};
use crate::judge::refusal::Asked;
use crate::judge::verdict::{Ruling, Say};
use crate::model::{ApprovalCheck, Event, Rule, Vocabulary};

pub(super) fn ruling<'l>(case: &Case<'l>, rule: &'l Rule, check: &'l ApprovalCheck, say: &mut Say<'_>) -> Ruling {
    let between = match Between::events(case, check.after, check.before, say) {
        Ok(between) => between,
        Err(ruling) => return ruling,
    };
    let counted = case.count_approvals(check, between);
    if let Some(span) = counted.broken {
        return case.broken(span, say);
    }
    let entries: Vec<&Entry<'_>> = counted.entries.iter().collect();
    // Nothing counts after an event that has not come.
    let held = !between.waits && approvals_satisfy(check, &entries);
    tell(case, check, &counted, say);
    if held {
        say.headline(|| {
            format!(
                "{} {} as asked",
                people(&entries),
                if people(&entries) == 1 { "person approved" } else { "people approved" }
            )
        });
        return case.settle(Holds::Yes, due_before(case, rule, check.before), say);
    }
    let due = due_before(case, rule, check.before);
    let ruling = case.settle(Holds::NotYet(code(&counted.refused)), due, say);
    if ruling.code.is_some() {
        word_failure(case, check, &counted, &entries, due, say);
    }
    say.help(|| wanted(check));
    ruling
}

/// What an entry that does not count says about the rule; the gravest first.
fn rank(why: Why) -> u8 {
    match why {
        Why::NotIndependent(_) | Why::CoAuthor => 0,
        Why::Late => 1,
        Why::Early => 2,
        Why::RoleNotHeld | Why::NoReason | Why::MayNotStandIn => 3,
        Why::WrongMedium | Why::NoMedium | Why::NoChannel => 4,
        Why::NoTime => 5,
        Why::WrongRole => 6,
        Why::Bot | Why::Shared | Why::NotKnown => 7,
        Why::Kind => 8,
    }
}

/// The deviation that an entry which does not count stands for.
fn code(refused: &[Refused<'_>]) -> &'static Code {
    match refused.iter().map(|r| r.why).min_by_key(|why| rank(*why)) {
        Some(Why::NotIndependent(_) | Why::CoAuthor) => &codes::SELF_APPROVED,
        Some(Why::Late) => &codes::APPROVAL_LATE,
        Some(Why::Early) => &codes::APPROVAL_EARLY,
        Some(Why::RoleNotHeld | Why::NoReason | Why::MayNotStandIn | Why::WrongRole) => &codes::APPROVAL_ROLE,
        Some(Why::WrongMedium | Why::NoMedium | Why::NoChannel) => &codes::APPROVAL_MEDIUM,
        Some(Why::NoTime) => &codes::APPROVAL_NO_TIME,
        Some(Why::Bot | Why::Shared | Why::NotKnown) => &codes::APPROVAL_NOBODY,
        Some(Why::Kind) | None => &codes::APPROVAL_MISSING,
    }
}

fn tell(case: &Case<'_>, check: &ApprovalCheck, counted: &Counted<'_>, say: &mut Say<'_>) {
    if !say.listening() {
        return;
    }
    for event in [check.before, check.after].into_iter().flatten() {
        case.say_event(event, say);
    }
    for entry in &counted.entries {
        say.fact("counts", Some(entry.span), || describe(case, entry));
    }
    for refused in &counted.refused {
        say.fact("does not count", Some(refused.span), || asked(check).refusal(case, refused));
    }
}

fn asked(check: &ApprovalCheck) -> Asked {
    Asked { what: "approval", before: check.before, after: check.after }
}

/// Who, as what, when.
pub(super) fn describe(case: &Case<'_>, entry: &Entry<'_>) -> String {
    let person = case.ledger.people.get(entry.who).map_or(entry.who, crate::model::PersonEntry::display);
    let roles = if entry.roles.is_empty() { String::new() } else { format!(" ({})", entry.roles.join(", ")) };
    let at = entry.at.map(|at| format!(", {}", case.show(at))).unwrap_or_default();
    format!("{person}{roles}{at}")
}

fn word_failure(
    case: &Case<'_>,
    check: &ApprovalCheck,
    counted: &Counted<'_>,
    entries: &[&Entry<'_>],
    due: Due,
    say: &mut Say<'_>,
) {
    let missing = roles_missing(&check.all_of, entries);
    say.headline(|| {
        if case.record.approvals.items().is_empty() {
            "no approval is recorded".to_owned()
        } else if !missing.is_empty() {
            format!("no approval by {} counts", suggest::list(&missing))
        } else if entries.is_empty() {
            nothing_counts(check, &counted.refused)
        } else if people(entries) >= check.at_least {
            format!(
                "too few people approved for {}: each of the roles needs another person",
                suggest::list(&check.all_of)
            )
        } else {
            format!("{} of {} people approved", people(entries), check.at_least.max(check.all_of.len() as u32))
        }
    });
    let mut gravest: Vec<&Refused<'_>> = counted.refused.iter().collect();
    gravest.sort_by_key(|r| rank(r.why));
    if let Some((first, rest)) = gravest.split_first() {
        say.at(first.span, || asked(check).refusal(case, first));
        for refused in rest {
            say.other(refused.span, || asked(check).refusal(case, refused));
        }
    } else {
        let span = case.record.approvals.span().or(case.record.id.span()).unwrap_or(case.record.span);
        say.at(span, || only(entries));
    }
    if let (Some(event), Bound::At(at, span)) = (check.before, case.bound(check.before)) {
        say.other(span, || format!("{} here, {}", event.done(), case.show(at)));
    }
    if let (Due::Past(_), Some(event)) = (due, check.after)
        && let Bound::At(at, span) = case.bound(check.after)
    {
        say.other(span, || format!("{} here, {}", event.done(), case.show(at)));
    }
}

/// What is wrong with the only approvals there are.
fn nothing_counts(check: &ApprovalCheck, refused: &[Refused<'_>]) -> String {
    let by = if check.any_of.is_empty() { String::new() } else { format!(" by {}", or_list(&check.any_of)) };
    let event = |event: Option<Event>| event.map_or("event", Event::phrase);
    match refused.iter().map(|r| r.why).min_by_key(|why| rank(*why)) {
        Some(Why::NotIndependent(_) | Why::CoAuthor) => "nobody independent of the change approved it".to_owned(),
        Some(Why::Late) => format!("no approval{by} came before the {}", event(check.before)),
        Some(Why::Early) => format!("no approval{by} came after the {}", event(check.after)),
        Some(Why::NoTime) => "no approval says when it was given".to_owned(),
        _ => format!("no approval{by} counts"),
    }
}

/// Who counts, where that is not enough.
pub(super) fn only(entries: &[&Entry<'_>]) -> String {
    let mut who: Vec<&str> = entries.iter().map(|e| e.who).collect();
    who.sort_unstable();
    who.dedup();
    match who.as_slice() {
        [] => "this record".to_owned(),
        [one] => format!("only `{one}` counts"),
        several => format!("only {} count", suggest::list(several)),
    }
}

/// What would satisfy the rule.
pub(in crate::judge) fn wanted(check: &ApprovalCheck) -> String {
    let mut text = if check.all_of.is_empty() {
        let n = check.at_least;
        let who = if check.any_of.is_empty() { String::new() } else { format!(" by {}", or_list(&check.any_of)) };
        format!("it asks for {n} approval{}{who}", if n == 1 { "" } else { "s" })
    } else {
        format!("it asks for approvals by {}, each by another person", suggest::list(&check.all_of))
    };
    if !check.mediums.is_empty() {
        let words: Vec<&str> = check.mediums.iter().map(|m| m.word()).collect();
        text.push_str(&format!(", {}", words.join(" or ")));
    }
    if !check.not_by.is_empty() {
        let words: Vec<&str> = check.not_by.iter().map(|p| p.word()).collect();
        text.push_str(&format!(", not by the {}", words.join(" or the ")));
    }
    if let Some(event) = check.before {
        text.push_str(&format!(", before the {}", event.phrase()));
    }
    if let Some(event) = check.after {
        text.push_str(&format!(", after the {}", event.phrase()));
    }
    for (place, stand_in) in &check.instead {
        text.push_str(&format!(
            "; `{stand_in}` may stand in where the approval says `in_place_of: {place}` and `reason`"
        ));
    }
    text
}

fn or_list<S: AsRef<str>>(words: &[S]) -> String {
    words.iter().map(|w| format!("`{}`", w.as_ref())).collect::<Vec<_>>().join(" or ")
}
