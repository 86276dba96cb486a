//! `pass` and `fail`: small records that an expression must and must not hold for. Every check runs them, so that a rule
//! that can never fail does not stand unnoticed.
//!
//! An example says what matters. For the rest it is a closed change of the rule's first type, requested on the day its
//! policy took effect.

use jiff::Timestamp;
use jiff::civil::date;

use super::{Answer, applies, asserted};
use crate::decode;
use crate::decode::table::Looked;
use crate::diag::{Diagnostic, Sink};
use crate::judge::case::Case;
use crate::judge::codes;
use crate::model::{
    ChangeRecord, Check, Expression, Field, Id, Ledger, PersonId, PolicyVersion, Prose, Rule, Status, Time, Word,
};
use crate::source::Span;

/// Runs a rule's examples. False where one of them came out wrong, so that nobody should trust the expression.
pub(super) fn run(ledger: &Ledger, version: &PolicyVersion, rule: &Rule, as_of: Timestamp, sink: &mut Sink) -> bool {
    let (expression, asserts) = match (&rule.check, &rule.when) {
        (Check::Assert(check), _) => (&check.expression, true),
        (_, Some(condition)) => (condition, false),
        _ => return true,
    };
    if asserts {
        missing(rule, expression, version, sink);
    }
    let mut right = true;
    for (examples, wanted) in [(&rule.examples.pass, Answer::Yes), (&rule.examples.fail, Answer::No)] {
        for example in examples {
            let record = filled(example, rule, version);
            let before = sink.pushed();
            decode::check_words(&record, version, sink);
            if sink.pushed() > before || record.mistake().is_some() {
                continue;
            }
            let case = Case::new(ledger, &record, version, as_of);
            let answer = if asserts { asserted(&case, expression) } else { applies(&case, expression) };
            if answer != wanted {
                right = false;
                sink.push(wrong(&record, &answer, &wanted, expression, version));
            }
        }
    }
    right
}

/// Examples that have to be there.
fn missing(rule: &Rule, expression: &Expression, version: &PolicyVersion, sink: &mut Sink) {
    if rule.examples.fail.is_empty() {
        sink.push(
            Diagnostic::new(
                &codes::NO_FAILING_EXAMPLE,
                version.file,
                expression.span,
                format!("the rule `{}` has no example that it fails", rule.id),
            )
            .label("nobody has seen this fail")
            .help("add `fail: [{…}]` with the fields of a record that breaks it, as in `fail: [{risk: high}]`"),
        );
    }
    if rule.examples.pass.is_empty() {
        sink.push(
            Diagnostic::new(
                &codes::NO_PASSING_EXAMPLE,
                version.file,
                expression.span,
                format!("the rule `{}` has no example that passes it", rule.id),
            )
            .label("nobody has seen this hold")
            .help("add `pass: [{…}]` with the fields of a record that keeps it, as in `pass: [{risk: low}]`"),
        );
    }
}

/// An example with what every record has.
fn filled(example: &ChangeRecord, rule: &Rule, version: &PolicyVersion) -> ChangeRecord {
    fn fill<T>(field: &mut Field<T>, value: impl FnOnce() -> T, span: Span) {
        if matches!(field, Field::Absent) {
            *field = Field::Given(value(), span);
        }
    }
    let mut record = example.clone();
    let span = record.span;
    fill(&mut record.id, || Id::new("EXAMPLE"), span);
    if let Some(first) = rule.types.first().or(version.types.first().map(|t| &t.id)) {
        fill(&mut record.type_, || Word::new(first.as_str()), span);
    }
    fill(&mut record.title, || Prose::new("An example"), span);
    fill(&mut record.status, || Status::Closed, span);
    fill(&mut record.author, || PersonId::new("author"), span);
    if matches!(record.requested_by, Field::Absent | Field::Blank(_)) {
        record.requested_by = record.author.clone();
    }
    let day = version.effective.unwrap_or(date(2026, 1, 1));
    fill(&mut record.requested_at, || Time(version.calendar.start_of(day)), span);
    record
}

fn wrong(
    record: &ChangeRecord,
    answer: &Answer,
    wanted: &Answer,
    expression: &Expression,
    version: &PolicyVersion,
) -> Diagnostic {
    let came = match answer {
        Answer::Yes => "it holds".to_owned(),
        Answer::No => "it does not hold".to_owned(),
        Answer::Broken(_) => "a field it reads is missing or has a mistake".to_owned(),
        Answer::History => "only history could say".to_owned(),
        Answer::Lacking(name) => format!("nobody can say without `{name}`"),
        Answer::Failed(why) => why.clone(),
        Answer::Unsound => "the expression has a mistake".to_owned(),
    };
    let (list, asked) = if *wanted == Answer::Yes { ("pass", "hold") } else { ("fail", "not hold") };
    Diagnostic::new(
        &codes::EXAMPLE_WRONG,
        version.file,
        record.span,
        format!("the expression must {asked} for this example of `{list}`"),
    )
    .label(came)
    .other(version.at(expression.span), "the expression")
    .help("correct the expression if it is wrong, else the example")
}
