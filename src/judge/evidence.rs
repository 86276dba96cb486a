//! What git says of records, and whether anything here asks. Where nothing does, none of their past texts is read.

use super::Case;
use crate::model::{
    ApprovalCheck, ChangeRecord, Check, DeadlineBound, Event, GatesCheck, Ledger, RecordText, ReviewCheck,
    RollbackCheck, Rule, Vocabulary,
};
use crate::source::SourceSet;

/// Whether a rule of any version, or a record that says when it was documented, asks for the history of records.
pub fn asks_history(ledger: &Ledger, sources: &SourceSet) -> bool {
    let mut rules = ledger.policies.iter().flat_map(|p| &p.versions).flat_map(|v| &v.rules);
    // Rather once too often than never: a record is read only later.
    rules.any(asks) || sources.iter().any(|(_, f)| f.path().starts_with("changes/") && states_it(f.text()))
}

/// What git says of a record; nothing where git does not date it, or cannot see all.
pub fn record_history<'l>(ledger: &'l Ledger, record: &'l ChangeRecord) -> &'l [RecordText] {
    let (Some(policy), Some(id)) = (ledger.policy_of(record), record.id.get()) else { return &[] };
    let case = Case::new(ledger, record, policy.newest(), jiff::Timestamp::MIN);
    let seen = case.history_is_whole() && case.git_dates() == Ok(true);
    if seen { ledger.past.of(id.as_str()) } else { &[] }
}

fn states_it(text: &str) -> bool {
    text.contains("documented_at")
}

fn asks(rule: &Rule) -> bool {
    let kept = match &rule.check {
        Check::Unchanged(_) | Check::Retained(_) => true,
        Check::Rollback(check) => check.recorded_before.is_some(),
        _ => false,
    };
    kept || names(rule, Event::Documented)
}

/// Whether a rule names an event, in its check or in an expression.
pub(super) fn names(rule: &Rule, event: Event) -> bool {
    let is = |named: Option<Event>| named == Some(event);
    let expressions = rule.when.iter().chain(match &rule.check {
        Check::Assert(check) => Some(&check.expression),
        _ => None,
    });
    let message = if let Check::Assert(check) = &rule.check { check.message.as_ref() } else { None };
    if is(rule.due) || expressions.chain(message).any(|e| e.text.contains(event.word())) {
        return true;
    }
    match &rule.check {
        Check::Rollback(RollbackCheck { recorded_before: before, .. }) => is(*before),
        Check::Approval(ApprovalCheck { before, after, .. })
        | Check::Review(ReviewCheck { before, after, .. })
        | Check::Gates(GatesCheck { before, after, .. }) => is(*before) || is(*after),
        Check::Deadline(check) => {
            let (DeadlineBound::Within(_, bound) | DeadlineBound::AtLeastBefore(_, bound)) = check.bound;
            is(Some(check.of)) || is(Some(bound))
        }
        Check::Order(events) => events.contains(&event),
        _ => false,
    }
}
