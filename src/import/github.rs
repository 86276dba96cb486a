//! GitHub: pull requests with their reviews, checks and deployments, as `gh pr list --json`, `gh pr view --json`, the REST
//! and GraphQL interfaces and webhooks write them.

mod gates;
mod gather;

use std::collections::{BTreeMap, BTreeSet};

use super::desk::{Desk, Draft, shown};
use super::look::{self, Said};
use super::notes::About;
use crate::source::{FileId, Span};
use crate::yaml::Node;
use gather::{Gathered, Pull};

/// What GitHub never says.
pub(super) const NEVER: &str = "approvals (a review is recorded as a review), the merge method, code owners' answers, risk, rollback plan, incidents, who was told, the outcome";

/// Keys of a pull request that are read here, and those that say the same in another way or nothing about a change.
const READ: &[&str] = &[
    "number",
    "title",
    "body",
    "url",
    "html_url",
    "state",
    "draft",
    "isDraft",
    "merged",
    "author",
    "user",
    "createdAt",
    "created_at",
    "updatedAt",
    "updated_at",
    "closedAt",
    "closed_at",
    "mergedAt",
    "merged_at",
    "baseRefName",
    "base",
    "headRefName",
    "headRefOid",
    "head",
    "mergeCommit",
    "merge_commit_sha",
    "labels",
    "reviews",
    "latestReviews",
    "reviewDecision",
    "statusCheckRollup",
    "commits",
    "closingIssuesReferences",
    "id",
    "node_id",
    "fullDatabaseId",
    "diff_url",
    "patch_url",
    "issue_url",
    "commits_url",
    "review_comments_url",
    "review_comment_url",
    "comments_url",
    "statuses_url",
    "_links",
    "locked",
    "active_lock_reason",
    "mergeable",
    "mergeable_state",
    "rebaseable",
    "mergeStateStatus",
    "author_association",
    "authorAssociation",
    "maintainer_can_modify",
    "maintainerCanModify",
    "isCrossRepository",
    "headRepository",
    "headRepositoryOwner",
    "additions",
    "deletions",
    "changed_files",
    "changedFiles",
    "comments",
    "review_comments",
    "requested_reviewers",
    "requested_teams",
    "reviewRequests",
    "auto_merge",
    "autoMergeRequest",
    "closed",
    "files",
    "assignee",
    "assignees",
    "merged_by",
    "mergedBy",
];

/// Drafts a record for each pull request.
pub(super) fn draft(trees: &[(FileId, Vec<Node<'_>>)], desk: &mut Desk<'_>) {
    let Some(gathered) = gather::gather(trees, desk) else { return };
    for pull in &gathered.pulls {
        record(pull, &gathered, desk);
    }
    gather::left_over(&gathered, desk);
}

/// What is known of a pull request before its record is drafted.
struct Facts<'n> {
    node: &'n Node<'n>,
    merged_at: Option<Said<'n>>,
    merge_commit: Option<Said<'n>>,
    head: Option<Said<'n>>,
    /// When the last commit was made.
    last_commit: Option<jiff::Timestamp>,
}

impl<'n> Facts<'n> {
    /// The commits whose checks and deployments are its own, each once.
    fn commits(&self) -> Vec<&'n str> {
        let mut commits: Vec<&str> = [self.merge_commit, self.head].into_iter().flatten().map(|(id, _)| id).collect();
        commits.dedup();
        commits
    }
}

fn facts<'n>(node: &'n Node<'n>) -> Facts<'n> {
    let merged_at = look::first(node, &["mergedAt", "merged_at"]);
    // Before the merge it names a commit that only tries whether it would work.
    let merge_commit = merged_at.and_then(|_| look::first(node, &["mergeCommit.oid", "merge_commit_sha"]));
    let commits = look::list(node, "commits");
    let last = commits.last().and_then(|c| look::first(c, &["oid", "sha", "commit.oid"]));
    let head = look::first(node, &["headRefOid", "head.sha"]).or(last);
    let made = commits.iter().map(|c| look::instant(look::first(c, &["committedDate", "commit.committedDate"])));
    Facts { node, merged_at, merge_commit, head, last_commit: made.flatten().max() }
}

fn record(pull: &Pull<'_>, gathered: &Gathered<'_>, desk: &mut Desk<'_>) {
    let node = pull.node;
    let facts = facts(node);
    let Some(id) = gather::id(pull, desk) else { return };
    let Some(mut draft) = desk.draft(pull.file, &id, pull.at) else { return };
    let url = pull.url;
    draft.put("requested_at", look::first(node, &["createdAt", "created_at"]));
    draft.put("title", look::text(node, "title"));
    draft.put("description", look::text(node, "body"));
    draft.put("author", look::first(node, &["author.login", "user.login"]));
    let labels: Vec<Said<'_>> = look::list(node, "labels")
        .iter()
        .filter_map(|l| look::text(l, "name").or(l.as_scalar().map(|s| (&*s.text, l.span))))
        .collect();
    draft.labels(&labels);
    co_authors(node, &mut draft);
    if let Some(mut item) = draft.item("pull_requests", node.span) {
        draft.put_in(&mut item, "url", url);
        draft.put_in(&mut item, "opened_at", look::first(node, &["createdAt", "created_at"]));
        draft.put_in(&mut item, "merged_at", facts.merged_at);
        draft.put_in(
            &mut item,
            "into",
            look::first(node, &["baseRefName", "base.ref"]).filter(|_| facts.merged_at.is_some()),
        );
        draft.put_in(&mut item, "commit", facts.merge_commit);
        draft.add(item);
    }
    let approved = reviews(pull, &facts, &mut draft);
    gates::gates(&facts, gathered, &mut draft);
    let deployed = deployments(&facts, gathered, &mut draft);
    status(&facts, approved, deployed, &mut draft);
    if let Some(issue) = look::list(node, "closingIssuesReferences").first() {
        draft.put("links.issue", look::first(issue, &["url", "html_url"]));
    }
    let at = look::first(node, &["createdAt", "created_at"]);
    draft.origin(&pull.name(), url, at);
    draft.mapped(|field| look::text(node, field));
    draft.unread(node, READ);
    draft.finish();
}

/// Who else wrote commits of it.
fn co_authors(node: &Node<'_>, draft: &mut Draft<'_, '_>) {
    let opener = look::first(node, &["author.login", "user.login"]).map(|(login, _)| login);
    let mut seen: BTreeSet<&str> = opener.into_iter().collect();
    for commit in look::list(node, "commits") {
        let one = look::first(commit, &["author.login"]);
        let several = look::list(commit, "authors").iter();
        let several = several.filter_map(|author| look::first(author, &["login", "user.login", "email"]));
        for said in one.into_iter().chain(several) {
            if seen.insert(said.0) {
                draft.add_person("co_authors", said);
            }
        }
    }
}

/// Adds the reviews, by time; whether one of them approves what was merged.
fn reviews(pull: &Pull<'_>, facts: &Facts<'_>, draft: &mut Draft<'_, '_>) -> bool {
    let own = look::list(facts.node, "reviews").iter();
    let mut all: Vec<&Node<'_>> = own.chain(pull.reviews.iter().copied()).collect();
    all.sort_by_key(|review| look::instant(look::first(review, &["submittedAt", "submitted_at"])));
    let mut seen: BTreeSet<(Option<&str>, Option<&str>)> = BTreeSet::new();
    // What each reviewer said last before the merge; a comment takes nothing back.
    let mut last: BTreeMap<Option<&str>, bool> = BTreeMap::new();
    for review in all {
        let by = look::first(review, &["author.login", "user.login"]);
        let at = look::first(review, &["submittedAt", "submitted_at"]);
        let key = (by.map(|s| s.0), at.map(|s| s.0));
        if !seen.insert(key) && at.is_some() {
            continue;
        }
        let Some((state, place)) = look::text(review, "state") else { continue };
        let result = match state.to_ascii_uppercase().as_str() {
            "APPROVED" => "approved",
            "CHANGES_REQUESTED" => "changes-requested",
            "COMMENTED" => "commented",
            _ => {
                let what = format!("reviews in the state `{}`, which says nothing of what they came to", shown(state));
                draft.note(About::Fact, what, place);
                continue;
            }
        };
        let kind = seen_what(review, facts, at, place, draft);
        if result != "commented" && kind != Some("after-merge") {
            last.insert(by.map(|(by, _)| by), result == "approved");
        }
        let Some(mut item) = draft.item("reviews", review.span) else { return false };
        draft.put_in(&mut item, "by", by);
        draft.put_in(&mut item, "kind", kind.map(|kind| (kind, place)));
        draft.put_in(&mut item, "result", Some((result, place)));
        draft.put_in(&mut item, "at", at);
        draft.put_in(&mut item, "evidence", look::text(review, "html_url"));
        draft.add(item);
    }
    last.values().any(|approved| *approved) && last.values().all(|approved| *approved)
}

/// What a review has seen: `peer` what was merged or is to be, `earlier-commit` less than that, `after-merge` too late to
/// matter for it; nothing where the export does not say.
fn seen_what(
    review: &Node<'_>,
    facts: &Facts<'_>,
    at: Option<Said<'_>>,
    place: Span,
    draft: &mut Draft<'_, '_>,
) -> Option<&'static str> {
    if look::instant(at).zip(look::instant(facts.merged_at)).is_some_and(|(at, merged)| at > merged) {
        return Some("after-merge");
    }
    let of = look::first(review, &["commit.oid", "commit_id"]).map(|(commit, _)| commit);
    if let (Some(of), Some((head, _))) = (of, facts.head) {
        return Some(if of == head { "peer" } else { "earlier-commit" });
    }
    if let (Some(at), Some(last)) = (look::instant(at), facts.last_commit) {
        return Some(if last > at { "earlier-commit" } else { "peer" });
    }
    let what = "the kind of reviews: without `commits` nobody knows whether they saw the last one".to_owned();
    draft.note(About::Fact, what, place);
    None
}

/// Adds the deployments of its commits; whether one of them reached production.
fn deployments(facts: &Facts<'_>, gathered: &Gathered<'_>, draft: &mut Draft<'_, '_>) -> bool {
    let mut reached = false;
    for deployment in gathered.deployments_of(&facts.commits()) {
        let Some((sha, place)) = look::text(deployment.node, "sha") else { continue };
        deployment.used.set(true);
        let mut ended = false;
        for status in &deployment.statuses {
            let result = match look::text(status, "state").map(|(state, _)| state.to_ascii_lowercase()).as_deref() {
                Some("success") => "succeeded",
                Some("failure" | "error") => "failed",
                _ => continue,
            };
            ended = true;
            let Some(mut item) = draft.item("deployments", status.span) else { return false };
            draft.put_in(&mut item, "environment", look::text(deployment.node, "environment"));
            draft.put_in(&mut item, "at", look::first(status, &["created_at", "createdAt"]));
            draft.put_in(&mut item, "by", look::first(deployment.node, &["creator.login"]));
            draft.put_in(&mut item, "commit", Some((sha, place)));
            draft.put_in(&mut item, "result", Some((result, place)));
            let production = draft.desk.wanted.production;
            reached |= item.doc.text("environment").is_some_and(|e| production.iter().any(|p| p == e));
            draft.add(item);
        }
        if !ended {
            draft.note(About::Fact, "deployments of which no status says how they ended".to_owned(), place);
        }
    }
    reached
}

/// How far it has come: no further than GitHub says.
fn status(facts: &Facts<'_>, approved: bool, deployed: bool, draft: &mut Draft<'_, '_>) {
    let node = facts.node;
    let Some((state, at)) = look::text(node, "state") else { return };
    let unready = look::is_true(node, "isDraft") || look::is_true(node, "draft");
    let (theirs, ours) = if facts.merged_at.is_some() || state.eq_ignore_ascii_case("merged") {
        (
            "merged",
            if deployed {
                "deployed"
            } else if approved {
                "approved"
            } else {
                "requested"
            },
        )
    } else if state.eq_ignore_ascii_case("closed") {
        draft.put("closed_at", look::first(node, &["closedAt", "closed_at"]));
        ("closed", "cancelled")
    } else if state.eq_ignore_ascii_case("open") {
        if unready { ("draft", "draft") } else { ("open", "requested") }
    } else {
        (state, "")
    };
    let mapped = draft.desk.wanted.mapping.word("status", theirs).map(str::to_owned);
    draft.put("status", Some((mapped.as_deref().unwrap_or(if ours.is_empty() { theirs } else { ours }), at)));
}
