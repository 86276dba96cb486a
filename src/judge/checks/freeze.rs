//! `freeze`: no production deployment, rollbacks aside, was made in a freeze that binds the change's type. Both of a
//! freeze's days belong to it, in the calendar's zone.

use super::window::undeployed;
use crate::judge::case::{Case, Due, Holds};
use crate::judge::codes;
use crate::judge::verdict::{Ruling, Say, Verdict};
use crate::model::{Event, Freeze};

pub(super) fn ruling(case: &Case<'_>, say: &mut Say<'_>) -> Ruling {
    let Some(freezes) = &case.version.freezes else {
        say.headline(|| "the policy does not say which freezes there are".to_owned());
        say.help(|| "add `freezes:` to the policy's `changes`; `freezes: []` says that there are none".to_owned());
        return Ruling::unknown(&codes::NO_FREEZES, None);
    };
    let change_type = case.record.type_.get().map_or("", |t| t.as_str());
    let (excepting, binding): (Vec<&Freeze>, Vec<&Freeze>) =
        freezes.iter().partition(|f| f.except.iter().any(|t| t.as_str() == change_type));
    if binding.is_empty() && !excepting.is_empty() {
        say.headline(|| format!("freezes do not bind {change_type} changes"));
        return Ruling::of(Verdict::NotApplicable, None);
    }
    if let Some(ruling) = undeployed(case, say) {
        return ruling;
    }
    for deployment in case.production().filter(|d| !d.is_rollback()) {
        let Some(at) = deployment.at.get() else { continue };
        let day = case.calendar().day(at.0);
        let span = deployment.at.span().unwrap_or(deployment.span);
        say.fact("deployed", Some(span), || case.show(at.0));
        if let Some(freeze) = binding.iter().find(|f| f.from <= day && day <= f.until) {
            say.headline(|| format!("deployed in the freeze `{}`", freeze.name));
            say.at(span, || {
                format!("{}, in the freeze from {} to {}", case.calendar().show(at.0), freeze.from, freeze.until)
            });
            say.help(|| {
                format!("deploy before {} or after {}, or as a type the freeze excepts", freeze.from, freeze.until)
            });
            return case.settle(Holds::NoMore(&codes::FROZEN), Due::Past(Some(at.0)), say);
        }
    }
    say.headline(|| "not deployed in a freeze".to_owned());
    case.settle(Holds::Yes, case.due_at(Event::Deployed), say)
}
