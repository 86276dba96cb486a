//! `unchanged`: git shows no later edit of these fields. Later is after the commit that closed the record for `closed`,
//! since closing is what that commit does; for any other event, after the instant at which it was.

use super::own_due;
use super::rough;
use crate::decode::record_shape;
use crate::decode::table::{Look, Looked};
use crate::judge::case::{Case, Due, Holds, Moment};
use crate::judge::codes;
use crate::judge::verdict::{Ruling, Say, Verdict};
use crate::model::{Event, FieldSet, RecordText, Rule, UnchangedCheck};
use crate::source::Span;

pub(super) fn ruling(case: &Case<'_>, rule: &Rule, check: &UnchangedCheck, say: &mut Say<'_>) -> Ruling {
    let due = own_due(case, rule);
    match case.git_dates() {
        Ok(true) if case.history_is_whole() => {}
        Ok(_) => return case.settle_history(due, say),
        Err(span) => return case.broken(span, say),
    }
    let Some(id) = case.record.id.get() else {
        return case.broken(case.record.id.span().unwrap_or(case.record.span), say);
    };
    let texts = case.ledger.past.of(id.as_str());
    if texts.first().is_none_or(|first| first.commit.is_none()) {
        return uncommitted(case, due, say);
    }
    let moment = case.event(check.after);
    if let Moment::Broken(span) = moment {
        return case.broken(span, say);
    }
    case.say_event(check.after, say);
    let Some(later) = later(case, check.after, moment, texts) else {
        return match due {
            Due::Past(_) => {
                say.headline(|| format!("nothing to compare with: the {} never came", check.after.phrase()));
                Ruling::of(Verdict::NotApplicable, None)
            }
            _ => case.pending(None, Some(check.after), say),
        };
    };
    let edits: Vec<&RecordText> = later.into_iter().filter(|t| !t.changed.and(check.fields).is_empty()).collect();
    if edits.is_empty() {
        say.headline(|| format!("git shows no edit after the {}", check.after.phrase()));
        return case.settle(Holds::Yes, due, say);
    }
    edited(case, check, moment, &edits, say);
    case.settle(Holds::NoMore(&codes::EDITED), due, say)
}

/// The texts that came later; nothing where there is nothing they could be later than.
fn later<'t>(case: &Case<'_>, event: Event, moment: Moment, texts: &'t [RecordText]) -> Option<Vec<&'t RecordText>> {
    if event == Event::Closed {
        let closing = texts.iter().position(|t| t.closed)?;
        return Some(texts[closing + 1..].iter().collect());
    }
    let after = moment.time()?;
    // What was there first is no edit, however late it was written down.
    Some(texts.iter().skip(1).filter(|t| case.ledger.past.at(t).is_none_or(|at| at > after)).collect())
}

/// Says who edited what, and when.
fn edited(case: &Case<'_>, check: &UnchangedCheck, moment: Moment, edits: &[&RecordText], say: &mut Say<'_>) {
    if !say.listening() {
        return;
    }
    let all = edits.iter().fold(FieldSet::default(), |all, t| FieldSet(all.0 | t.changed.and(check.fields).0));
    let names = names(all);
    say.headline(|| format!("{} edited after the {}", listed(&names), check.after.phrase()));
    if let Moment::At(_, span) = moment {
        say.other(span, || format!("{} here", check.after.done()));
    }
    for (number, text) in edits.iter().enumerate() {
        let fields = listed(&self::names(text.changed.and(check.fields)));
        let by = case.edit_in_words(text);
        let since = case.ledger.past.at(text).zip(moment.time());
        let later = since.filter(|(at, than)| at > than).map(|(at, than)| rough(than, at));
        let later = later.map(|length| format!(", {length} after the {}", check.after.phrase())).unwrap_or_default();
        say.step(|| format!("{fields} edited {by}{later}"));
        if number == 0 {
            say.at(place(case, text.changed.and(check.fields)), || format!("edited {by}"));
        }
    }
    say.help(|| "put back what it said, say in the record why it had to change, and ask for a waiver: git keeps the edit for good".to_owned());
}

/// Where the first of these fields stands now, at most its first line; else the record's id.
fn place(case: &Case<'_>, fields: FieldSet) -> Span {
    let spans = fields.numbers().filter_map(|number| match case.record.look_at(number) {
        Look::Missing(span) => span,
        Look::Broken(span) | Look::Value(span) => Some(span),
        Look::One(document) => Some(Span { end: document.place().start + 1, ..document.place() }),
        Look::Many(_, span) => Some(Span { end: span.start + 1, ..span }),
    });
    spans.into_iter().next().or(case.record.id.span()).unwrap_or(case.record.span)
}

fn names(fields: FieldSet) -> Vec<&'static str> {
    let shape = record_shape();
    fields.numbers().filter_map(|number| shape.fields.get(number).map(|f| f.name)).collect()
}

fn listed(names: &[&str]) -> String {
    let verb = if names.len() == 1 { "was" } else { "were" };
    format!("{} {verb}", crate::diag::suggest::list(names))
}

fn uncommitted(case: &Case<'_>, due: Due, say: &mut Say<'_>) -> Ruling {
    let ruling = case.settle(Holds::Unsaid(&codes::NEEDS_HISTORY), due, say);
    if ruling.code.is_some() {
        say.headline(|| "not committed yet, so that git cannot say what was edited".to_owned());
        say.at(case.record.id.span().unwrap_or(case.record.span), || "in no commit so far".to_owned());
        say.help(|| "commit the record".to_owned());
    }
    ruling
}
