//! `when`: a rule asks something only of records for which its condition holds.

use super::own_due;
use crate::judge::case::{Case, Holds};
use crate::judge::codes;
use crate::judge::expression::{self, Answer};
use crate::judge::verdict::{Ruling, Say, Verdict};
use crate::model::{Expression, Rule};

/// What a rule comes to by its condition alone; nothing where the condition holds, so that the check is asked.
pub(in crate::judge) fn unless_applies(
    case: &Case<'_>,
    rule: &Rule,
    condition: &Expression,
    say: &mut Say<'_>,
) -> Option<Ruling> {
    let answer = expression::applies(case, condition);
    expression::say(case, condition, true, say);
    let text = || expression::shown(condition);
    Some(match &answer {
        Answer::Yes => return None,
        Answer::No => {
            say.headline(|| format!("it asks nothing here: `{}` does not hold", text()));
            Ruling::of(Verdict::NotApplicable, None)
        }
        Answer::Broken(span) => case.broken(*span, say),
        Answer::History => case.needs_history(say),
        Answer::Unsound => super::broken_rule(say),
        Answer::Lacking(name) => unsaid(case, rule, say, &format!("`{name}` is not given"), &text()),
        Answer::Failed(why) => unsaid(case, rule, say, why, &text()),
    })
}

fn unsaid(case: &Case<'_>, rule: &Rule, say: &mut Say<'_>, why: &str, text: &str) -> Ruling {
    let ruling = case.settle(Holds::Unsaid(&codes::CANNOT_EVALUATE), own_due(case, rule), say);
    if ruling.code.is_some() {
        say.headline(|| format!("{why}, so nobody can say whether the rule applies: `{text}`"));
        say.at(case.record.id.span().unwrap_or(case.record.span), || "this record".to_owned());
    }
    say.help(|| "state what is missing in the record".to_owned());
    ruling
}
