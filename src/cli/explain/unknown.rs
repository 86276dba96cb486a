//! What to say of a word that is neither a change nor a rule, a code or a check.

use super::super::session::MORE_CODES;
use super::{Kind, Wanted};
use crate::diag::suggest;
use crate::error::Error;
use crate::model::Ledger;
use crate::pipeline;
use crate::report::reference;

/// The refusal, with the nearest of everything that could have been meant.
pub(super) fn error(wanted: &Wanted<'_>, ledger: &Ledger, ids: &[String]) -> Error {
    let word = wanted.word;
    let what = match wanted.only {
        Some(kind) => format!("`{word}` is no {}", kind.word()),
        None => format!("`{word}` is no change, rule, code or check"),
    };
    if let Some(policy) = ledger.policy(word).filter(|_| wanted.may_be(Kind::Rule)) {
        let rules: Vec<&str> = policy.newest().rules.iter().map(|r| r.id.as_str()).collect();
        let help = format!("it is a policy; ask for one of its rules as `{word}/RULE`: {}", suggest::list(&rules));
        return Error::refused(what, help);
    }
    let mut known: Vec<(&str, Kind)> = ids.iter().map(|id| (id.as_str(), Kind::Change)).collect();
    let mut rules: Vec<String> = Vec::new();
    for policy in &ledger.policies {
        for rule in &policy.newest().rules {
            rules.push(rule.id.to_string());
            rules.push(format!("{}/{}", policy.id, rule.id));
        }
    }
    known.extend(rules.iter().map(|rule| (rule.as_str(), Kind::Rule)));
    known.extend(pipeline::all_codes(MORE_CODES).iter().map(|code| (code.name, Kind::Code)));
    known.extend(reference::PAGES.iter().map(|page| (page.name, Kind::Check)));
    known.retain(|(_, kind)| wanted.may_be(*kind));
    let near = suggest::nearest(word, known.iter().map(|(name, _)| *name));
    let kind = near.and_then(|near| known.iter().find(|(name, _)| *name == near)).map(|(_, kind)| kind.word());
    let help = match (near, kind) {
        (Some(near), Some(kind)) => format!("did you mean the {kind} `{near}`?"),
        _ => "name a change by its id (`tickmark check --format concise` shows them), a rule as `POLICY/RULE`, a code such as \
              `deadline/late`, or a kind of check such as `deadline`"
            .to_owned(),
    };
    Error::refused(what, help)
}
