//! Why an entry does not count, in words: the labels on approvals and reviews that were refused.
//!
//! What counts is decided in `count`; nothing is decided here.

use super::case::{Case, Moment};
use super::checks::rough;
use super::count::{Refused, Why};
use crate::model::{Event, ReviewResult, Vocabulary};

/// What a rule about approvals or reviews asks, as far as the words of a refusal need it.
#[derive(Clone, Copy)]
pub(crate) struct Asked {
    /// "approval" or "review".
    pub(crate) what: &'static str,
    pub(crate) before: Option<Event>,
    pub(crate) after: Option<Event>,
}

impl Asked {
    /// Why an entry does not count, as a label on it.
    pub(crate) fn refusal(self, case: &Case<'_>, refused: &Refused<'_>) -> String {
        let (who, what) = (refused.who, self.what);
        let role = refused.role.unwrap_or("in this role");
        let apart = |event: Option<Event>, word: &str| match (refused.at, event.map(|e| (e, case.event(e)))) {
            (Some(at), Some((event, Moment::At(than, _)))) => {
                format!("{} {word} the {}", rough(at.min(than), at.max(than)), event.phrase())
            }
            _ => format!("not {word} the time asked for"),
        };
        match refused.why {
            Why::NotKnown => format!("`{who}` is not in people.yaml, so this {what} counts for nobody"),
            Why::Bot => format!("`{who}` is a bot, so this {what} counts for nobody"),
            Why::Shared => format!("`{who}` is a shared account, so this {what} counts for nobody"),
            Why::NoMedium => format!("this {what} does not say its medium"),
            Why::WrongMedium => "given in a medium that the rule does not accept".to_owned(),
            Why::NoChannel => "verbal, without saying over which channel".to_owned(),
            Why::NoTime => format!("this {what} does not say when it was given"),
            Why::RoleNotHeld => format!("`{who}` was not {role} on that day"),
            Why::WrongRole => format!("`{who}` held none of the roles the rule asks for"),
            Why::NoReason => match refused.role {
                Some(role) => format!("`{who}` stands in for {role} and does not say why"),
                None => format!("`{who}` may stand in, and does not say so with `in_place_of` and `reason`"),
            },
            Why::MayNotStandIn => format!("`{who}` held no role that may stand in for {role}"),
            Why::NotIndependent(party) => format!("`{who}` is the {} of this change", party.word()),
            Why::CoAuthor => format!("`{who}` is a co-author of this change"),
            Why::Late => apart(self.before, "after"),
            Why::Early => apart(self.after, "before"),
            Why::Kind => match refused.role {
                Some(kind) => format!("of kind `{kind}`, which the rule does not ask for"),
                None => "it does not say its kind".to_owned(),
            },
        }
    }
}

/// What a review came to, as a sentence about its author.
pub(crate) fn said(result: ReviewResult) -> &'static str {
    match result {
        ReviewResult::Approved => "approved",
        ReviewResult::ChangesRequested => "requested changes",
        ReviewResult::Commented => "commented, and did not approve",
        ReviewResult::Rejected => "rejected it",
    }
}
