//! `merged`: every pull request was merged the way the policy asks, and there is one: as the record states it, and as git
//! has it where the pull request is found on the line of a production branch. Where the two contradict each other, that is
//! the finding; what git cannot know, the record says alone.

use super::own_due;
use crate::diag::Code;
use crate::judge::case::{Case, Holds};
use crate::judge::codes;
use crate::judge::deployed::{Merge, Owned, merge_of};
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
        let merge = merge_of(case.ledger, request);
        if let Some(merge) = &merge {
            say.fact("git has", Some(request.span), || merge.shown());
        }
        match fault(case, check, request, merge.as_ref()) {
            Err(span) => unread = unread.or(Some(span)),
            Ok(found) => otherwise = otherwise.or(found),
        }
    }
    // What is known to be otherwise fails, whatever else cannot be read.
    if let Some(Otherwise { at, text, code }) = otherwise {
        let ruling = case.settle(Holds::NotYet(code), due, say);
        if ruling.code.is_some() {
            say.headline(|| {
                if code == &codes::MERGED_CONTRADICTED {
                    "a pull request was merged otherwise than the record says".to_owned()
                } else {
                    "a pull request was not merged as asked".to_owned()
                }
            });
            say.at(at, || text.clone());
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

/// What is not as asked, and where.
struct Otherwise {
    at: Span,
    text: String,
    code: &'static Code,
}

/// As the record says.
fn lacking(at: Span, text: impl Into<String>) -> Otherwise {
    Otherwise { at, text: text.into(), code: &codes::MERGED }
}

/// As git says, and the record does not.
fn contradicted(at: Span, text: impl Into<String>) -> Otherwise {
    Otherwise { at, text: text.into(), code: &codes::MERGED_CONTRADICTED }
}

/// What one pull request lacks, or the place of a mistake in it.
fn fault(
    case: &Case<'_>,
    check: &MergedCheck,
    request: &PullRequest,
    merge: Option<&Merge<'_>>,
) -> Result<Option<Otherwise>, Span> {
    if let Field::Broken(span) = request.merged_at {
        return Err(span);
    }
    if !request.merged_at.is_given() && merge.is_none() {
        return Ok(Some(lacking(request.span, "not merged, as far as the record says")));
    }
    if let Some(asked) = &check.into {
        let git = merge.map(Merge::into);
        let denied = |word: &Word| git.is_some_and(|git| git != word.as_str());
        if let Some(found) = word(asked, &request.into, "into", request.span, git, denied)? {
            return Ok(Some(found));
        }
    }
    if let Some(asked) = &check.method {
        let git = merge.and_then(Merge::method);
        let denied = |word: &Word| merge.is_some_and(|merge| merge.denies(word.as_str()));
        if let Some(found) = word(asked, &request.method, "method", request.span, git, denied)? {
            return Ok(Some(found));
        }
    }
    if check.code_owners { owners(case, request, merge) } else { Ok(None) }
}

/// One word of a pull request against what is asked; `git` is what git has in its place, `denied` whether git has it
/// otherwise.
fn word(
    asked: &Word,
    field: &Field<Word>,
    name: &str,
    whole: Span,
    git: Option<&str>,
    denied: impl Fn(&Word) -> bool,
) -> Result<Option<Otherwise>, Span> {
    let found = git.map_or_else(|| "git has it otherwise".to_owned(), |git| format!("git has `{git}`"));
    Ok(match (field, git) {
        (Field::Broken(span), _) => return Err(*span),
        (Field::Given(value, span), _) if denied(value) => Some(contradicted(*span, found)),
        (Field::Given(value, _), _) if value == asked => None,
        (Field::Given(_, span), _) => Some(lacking(*span, format!("`{asked}` is asked for"))),
        (_, Some(git)) if git == asked.as_str() => None,
        (_, Some(_)) => Some(lacking(whole, format!("{found}; `{asked}` is asked for"))),
        (_, None) => Some(lacking(whole, format!("no `{name}` here; `{asked}` is asked for"))),
    })
}

/// What the owners of the files said: as the record states it, and as far as CODEOWNERS and the record's reviews show.
fn owners(case: &Case<'_>, request: &PullRequest, merge: Option<&Merge<'_>>) -> Result<Option<Otherwise>, Span> {
    let git = merge.and_then(|merge| merge.owners(case.record, &case.ledger.people));
    Ok(match (&request.code_owners, git) {
        (Field::Broken(span), _) => return Err(*span),
        (Field::Given(CodeOwners::Missing, span), _) => Some(lacking(*span, "an owner's approval is missing")),
        (Field::Given(_, span), Some(Owned::Missing(why))) => Some(contradicted(*span, why)),
        (Field::Given(CodeOwners::None, span), Some(Owned::Open(why))) => {
            Some(contradicted(*span, format!("the files have owners: {why}")))
        }
        (Field::Given(CodeOwners::None, span), Some(Owned::Approved(by))) => {
            Some(contradicted(*span, format!("the files have owners: {by} approved")))
        }
        (Field::Given(..), _) | (_, Some(Owned::Nobody | Owned::Approved(_))) => None,
        (_, Some(Owned::Missing(why))) => Some(lacking(request.span, why)),
        (_, Some(Owned::Open(why))) => {
            Some(lacking(request.span, format!("does not say what the files' owners said, and git cannot: {why}")))
        }
        (_, None) => Some(lacking(request.span, "does not say what the files' owners said")),
    })
}

fn wanted(check: &MergedCheck) -> String {
    let into = check.into.as_ref().map(|w| format!(" into `{w}`")).unwrap_or_default();
    let method = check.method.as_ref().map(|w| format!(" by {w}")).unwrap_or_default();
    let owners = if check.code_owners { ", with the approval of the files' owners" } else { "" };
    format!("it asks for pull requests merged{into}{method}{owners}")
}
