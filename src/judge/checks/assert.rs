//! `assert`: an expression over the record holds.

use super::own_due;
use crate::judge::case::{Case, Holds};
use crate::judge::codes;
use crate::judge::expression::{self, Answer};
use crate::judge::verdict::{Ruling, Say};
use crate::model::{AssertCheck, Rule};

pub(super) fn ruling(case: &Case<'_>, rule: &Rule, check: &AssertCheck, say: &mut Say<'_>) -> Ruling {
    let due = own_due(case, rule);
    let answer = expression::asserted(case, &check.expression);
    let text = || expression::shown(&check.expression);
    expression::say(case, &check.expression, false, say);
    say.asked(|| format!("asks that `{}`", text()));
    let ruling = match &answer {
        Answer::Yes => {
            say.headline(|| format!("`{}` holds", text()));
            return case.settle(Holds::Yes, due, say);
        }
        Answer::No => case.settle(Holds::NotYet(&codes::ASSERT), due, say),
        Answer::Lacking(_) | Answer::Failed(_) => case.settle(Holds::Unsaid(&codes::CANNOT_EVALUATE), due, say),
        Answer::Broken(span) => return case.broken(*span, say),
        Answer::History => return case.needs_history(say),
        Answer::Unsound => return super::broken_rule(say),
    };
    if ruling.code.is_some() {
        say.headline(|| match &answer {
            Answer::Lacking(name) => format!("`{name}` is not given, so nobody can say whether `{}`", text()),
            Answer::Failed(why) => format!("`{}` could not be evaluated: {why}", text()),
            _ => check
                .message
                .as_ref()
                .and_then(|message| expression::worded(case, message))
                .unwrap_or_else(|| format!("`{}` does not hold", text())),
        });
        match expression::telling(case, &check.expression).filter(|_| say.listening()) {
            Some((span, label)) => say.at(span, || label),
            None => say.at(case.record.id.span().unwrap_or(case.record.span), || "this record".to_owned()),
        }
    }
    say.help(|| match &answer {
        Answer::Lacking(name) => format!("state `{name}`"),
        _ => "correct the record where it is wrong; else ask for a waiver that names its approver".to_owned(),
    });
    ruling
}
