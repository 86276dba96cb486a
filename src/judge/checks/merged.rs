//! `merged`: every pull request was merged the way the policy asks, and there is one; as far as the record states it.

use super::own_due;
use crate::judge::case::{Case, Holds};
use crate::judge::codes;
use crate::judge::verdict::{Ruling, Say};
use crate::model::{CodeOwners, Field, MergedCheck, PullRequest, Rule, Word};
use crate::source::Span;

pub(super) fn ruling(case: &Case<'_>, rule: &Rule, check: &MergedCheck, say: &mut Say<'_>) -> Ruling {
    let due = own_due(case, rule);
    if let Field::Broken(span) = case.record.pull_requests {
        return case.broken(span, say);
    }
    let requests = case.record.pull_requests.items();
    let (mut otherwise, mut unread) = (None, None);
    for request in requests {
        match fault(check, request) {
            Err(span) => unread = unread.or(Some(span)),
            Ok(found) => otherwise = otherwise.or(found),
        }
    }
    // What is known to be otherwise fails, whatever else cannot be read.
    if let Some((span, text)) = otherwise {
        let ruling = case.settle(Holds::NotYet(&codes::MERGED), due, say);
        if ruling.code.is_some() {
            say.headline(|| "a pull request was not merged as asked".to_owned());
            say.at(span, || text.clone());
        }
        say.help(|| wanted(check));
        return ruling;
    }
    if let Some(span) = unread {
        return case.broken(span, say);
    }
    if requests.is_empty() {
        let ruling = case.settle(Holds::NotYet(&codes::NO_PULL_REQUEST), due, say);
        if ruling.code.is_some() {
            say.headline(|| "no pull request is recorded".to_owned());
            say.at(case.record.id.span().unwrap_or(case.record.span), || "this record".to_owned());
        }
        say.help(|| wanted(check));
        return ruling;
    }
    say.headline(|| "every pull request was merged as asked".to_owned());
    case.settle(Holds::Yes, due, say)
}

/// What one pull request lacks, or the place of a mistake in it.
fn fault(check: &MergedCheck, request: &PullRequest) -> Result<Option<(Span, String)>, Span> {
    if let Field::Broken(span) = request.merged_at {
        return Err(span);
    }
    if !request.merged_at.is_given() {
        return Ok(Some((request.span, "not merged, as far as the record says".to_owned())));
    }
    for (asked, field, name) in [(&check.into, &request.into, "into"), (&check.method, &request.method, "method")] {
        let Some(asked) = asked else { continue };
        if let Some(found) = word(asked, field, name, request.span)? {
            return Ok(Some(found));
        }
    }
    if check.code_owners {
        match &request.code_owners {
            Field::Broken(span) => return Err(*span),
            Field::Given(CodeOwners::Approved | CodeOwners::None, _) => {}
            Field::Given(CodeOwners::Missing, span) => {
                return Ok(Some((*span, "an owner's approval is missing".to_owned())));
            }
            _ => return Ok(Some((request.span, "does not say what the files' owners said".to_owned()))),
        }
    }
    Ok(None)
}

fn word(asked: &Word, field: &Field<Word>, name: &str, whole: Span) -> Result<Option<(Span, String)>, Span> {
    match field {
        Field::Broken(span) => Err(*span),
        Field::Given(value, _) if value == asked => Ok(None),
        Field::Given(_, span) => Ok(Some((*span, format!("`{asked}` is asked for")))),
        _ => Ok(Some((whole, format!("no `{name}` here; `{asked}` is asked for")))),
    }
}

fn wanted(check: &MergedCheck) -> String {
    let into = check.into.as_ref().map(|w| format!(" into `{w}`")).unwrap_or_default();
    let method = check.method.as_ref().map(|w| format!(" by {w}")).unwrap_or_default();
    let owners = if check.code_owners { ", with the approval of the files' owners" } else { "" };
    format!("it asks for pull requests merged{into}{method}{owners}")
}
