//! `review`: enough reviews of these kinds, by people independent of the work, in time.

use super::approval::{describe, only};
use super::due_before;
use crate::diag::{Code, suggest};
use crate::judge::case::{Bound, Case, Holds};
use crate::judge::codes;
use crate::judge::count::{Between, Counted, Entry, Why, people, reviews_satisfy};
use crate::judge::refusal::{Asked, said};
use crate::judge::verdict::{Ruling, Say};
use crate::model::{ReviewCheck, Rule, Vocabulary};
use crate::source::Span;

pub(super) fn ruling<'l>(case: &Case<'l>, rule: &'l Rule, check: &'l ReviewCheck, say: &mut Say<'_>) -> Ruling {
    let between = match Between::events(case, check.after, check.before, say) {
        Ok(between) => between,
        Err(ruling) => return ruling,
    };
    let counted = case.count_reviews(check, between);
    if let Some(span) = counted.broken {
        return case.broken(span, say);
    }
    let entries = counted.approving(None);
    let held = !between.waits && reviews_satisfy(check, &entries);
    tell(case, check, &counted, &entries, say);
    let due = due_before(case, rule, check.before);
    if held {
        say.headline(|| {
            format!(
                "{} {} as asked",
                people(&entries),
                if people(&entries) == 1 { "person reviewed" } else { "people reviewed" }
            )
        });
        return case.settle(Holds::Yes, due, say);
    }
    let ruling = case.settle(Holds::NotYet(code(check, &counted, &entries)), due, say);
    if ruling.code.is_some() {
        word_failure(case, check, &counted, &entries, say);
    }
    say.help(|| wanted(check));
    ruling
}

/// What an entry that does not count says about the rule, the gravest first; an objection where there is no reason.
fn rank(why: Option<Why>) -> u8 {
    match why {
        Some(Why::NotIndependent(_) | Why::CoAuthor) => 0,
        Some(Why::Late) => 1,
        Some(Why::Early) => 2,
        None => 3,
        Some(Why::NoTime) => 4,
        Some(Why::NotKnown | Why::Bot | Why::Shared) => 5,
        Some(_) => 6,
    }
}

fn code(check: &ReviewCheck, counted: &Counted<'_>, entries: &[&Entry<'_>]) -> &'static Code {
    if people(entries) >= check.at_least {
        return &codes::REVIEW_ROLE;
    }
    let refused = counted.refused.iter().map(|r| Some(r.why));
    match refused.chain(counted.objecting().iter().map(|_| None)).min_by_key(|why| rank(*why)) {
        Some(Some(Why::NotIndependent(_) | Why::CoAuthor)) => &codes::REVIEW_NOT_INDEPENDENT,
        Some(Some(Why::Late)) => &codes::REVIEW_LATE,
        Some(Some(Why::Early)) => &codes::REVIEW_EARLY,
        Some(None) => &codes::REVIEW_RESULT,
        Some(Some(Why::NoTime)) => &codes::REVIEW_NO_TIME,
        Some(Some(Why::NotKnown | Why::Bot | Why::Shared)) => &codes::REVIEW_NOBODY,
        Some(Some(Why::Kind)) => &codes::REVIEW_KIND,
        _ => &codes::REVIEW_MISSING,
    }
}

fn tell(case: &Case<'_>, check: &ReviewCheck, counted: &Counted<'_>, entries: &[&Entry<'_>], say: &mut Say<'_>) {
    if !say.listening() {
        return;
    }
    for event in [check.before, check.after].into_iter().flatten() {
        case.say_event(event, say);
    }
    for entry in entries {
        say.fact("counts", Some(entry.span), || describe(case, entry));
    }
    for entry in counted.objecting() {
        say.fact("does not count", Some(entry.span), || format!("{} {}", describe(case, entry), said(entry.result)));
    }
    for refused in &counted.refused {
        say.fact("does not count", Some(refused.span), || asked(check).refusal(case, refused));
    }
}

fn asked(check: &ReviewCheck) -> Asked {
    Asked { what: "review", before: check.before, after: check.after }
}

fn word_failure(
    case: &Case<'_>,
    check: &ReviewCheck,
    counted: &Counted<'_>,
    entries: &[&Entry<'_>],
    say: &mut Say<'_>,
) {
    let n = people(entries);
    say.headline(|| match &check.including {
        Some((role, _)) if n >= check.at_least => format!("no review by a `{role}` counts"),
        _ if case.record.reviews.items().is_empty() => "no review is recorded".to_owned(),
        _ if n == 0 => "no review counts".to_owned(),
        _ => format!("{n} of {} people reviewed and approved", check.at_least),
    });
    if let (Some((role, _)), true) = (&check.including, n >= check.at_least) {
        // Enough reviewed: the finding is about them.
        for (index, entry) in entries.iter().enumerate() {
            let held = if entry.roles.is_empty() { "no role".to_owned() } else { entry.roles.join(", ") };
            let label = || format!("`{}` counts as {held}, not as {role}", entry.who);
            if index == 0 { say.at(entry.span, label) } else { say.other(entry.span, label) }
        }
        return;
    }
    let mut places: Vec<(u8, Span, String)> = Vec::new();
    places.extend(counted.objecting().iter().map(|e| (rank(None), e.span, format!("`{}` {}", e.who, said(e.result)))));
    places.extend(counted.refused.iter().map(|r| (rank(Some(r.why)), r.span, asked(check).refusal(case, r))));
    places.sort_by_key(|(rank, ..)| *rank);
    if places.is_empty() {
        let span = case.record.reviews.span().or(case.record.id.span()).unwrap_or(case.record.span);
        say.at(span, || only(entries));
    }
    for (index, (_, span, text)) in places.into_iter().enumerate() {
        if index == 0 {
            say.at(span, || text);
        } else {
            say.other(span, || text);
        }
    }
    if let (Some(event), Bound::At(at, span)) = (check.before, case.bound(check.before)) {
        say.other(span, || format!("{} here, {}", event.done(), case.show(at)));
    }
}

/// What would satisfy the rule.
pub(in crate::judge) fn wanted(check: &ReviewCheck) -> String {
    let n = check.at_least;
    let kinds =
        if check.kinds.is_empty() { String::new() } else { format!(" of kind {}", suggest::list(&check.kinds)) };
    let mut text = format!("it asks for {n} approving review{}{kinds}", if n == 1 { "" } else { "s" });
    if let Some((role, count)) = &check.including {
        text.push_str(&format!(", {count} of them by a `{role}`"));
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
    text
}
