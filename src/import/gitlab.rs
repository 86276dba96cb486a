//! GitLab: merge requests with their approvals, notes and pipelines, as the REST interface writes them.

use std::collections::BTreeMap;

use super::desk::{Desk, Draft, shown};
use super::look::{self, Said};
use super::notes::About;
use super::{codes, nothing_known};
use crate::diag::Diagnostic;
use crate::source::{FileId, Location, Span};
use crate::yaml::{Node, Value};

/// What GitLab never says.
pub(super) const NEVER: &str = "approvals (one of a merge request is recorded as a review), whether an approval saw the last commit (`--map reviews.kind:approved=peer` where the project resets them), risk, rollback plan, deployments, incidents, who was told, the outcome";

/// Keys that are read here, and those that say nothing about a change.
const READ: &[&str] = &[
    "id",
    "iid",
    "project_id",
    "title",
    "description",
    "state",
    "draft",
    "work_in_progress",
    "author",
    "created_at",
    "updated_at",
    "merged_at",
    "merged_by",
    "merge_user",
    "closed_at",
    "closed_by",
    "target_branch",
    "source_branch",
    "web_url",
    "labels",
    "sha",
    "merge_commit_sha",
    "squash_commit_sha",
    "squash",
    "squash_on_merge",
    "head_pipeline",
    "pipeline",
    "approvals",
    "approved_by",
    "notes",
    "references",
    "reference",
    "source_project_id",
    "target_project_id",
    "merge_status",
    "detailed_merge_status",
    "has_conflicts",
    "user_notes_count",
    "upvotes",
    "downvotes",
    "time_stats",
    "task_completion_status",
    "diff_refs",
    "user",
    "changes_count",
    "prepared_at",
    "merge_after",
    "assignee",
    "assignees",
    "reviewers",
    "should_remove_source_branch",
    "force_remove_source_branch",
    "allow_collaboration",
    "allow_maintainer_to_push",
    "merge_when_pipeline_succeeds",
    "blocking_discussions_resolved",
    "first_contribution",
    "subscribed",
    "imported",
    "imported_from",
    "discussion_locked",
    "latest_build_started_at",
    "latest_build_finished_at",
    "first_deployed_to_production_at",
    "rebase_in_progress",
    "merge_error",
    "approvals_before_merge",
];

/// A merge request and what was sent beside it.
struct Request<'n> {
    file: FileId,
    node: &'n Node<'n>,
    approvals: Vec<&'n Node<'n>>,
    notes: Vec<&'n Node<'n>>,
}

/// Everything an export holds.
#[derive(Default)]
struct Gathered<'n> {
    requests: Vec<Request<'n>>,
    by_url: BTreeMap<&'n str, usize>,
    /// Approvals and notes that came by themselves.
    beside: Vec<(FileId, &'n Node<'n>)>,
}

/// Drafts a record for each merge request.
pub(super) fn draft(trees: &[(FileId, Vec<Node<'_>>)], desk: &mut Desk<'_>) {
    let mut all = Gathered::default();
    for (file, nodes) in trees {
        for node in nodes {
            if !all.take(*file, node, desk) {
                return;
            }
        }
    }
    all.sort_out(desk);
    all.requests.iter().for_each(|request| record(request, desk));
}

impl<'n> Gathered<'n> {
    /// Takes in a value and what it holds; false where it is nothing of GitLab's, which is reported.
    fn take(&mut self, file: FileId, node: &'n Node<'n>, desk: &mut Desk<'_>) -> bool {
        if let Value::List(items) = &node.value {
            return items.iter().all(|item| self.take(file, item, desk));
        }
        let has = |key: &str| look::get(node, key).is_some();
        if has("noteable_iid") || (has("iid") && node.get("approved_by").is_some() && !has("web_url")) {
            self.beside.push((file, node));
            return true;
        }
        let Some((url, _)) = look::text(node, "web_url").filter(|_| has("iid")) else {
            nothing_known(desk, file, node, "a merge request, its approvals or its notes");
            return false;
        };
        let updated = |node: &Node<'_>| look::instant(look::text(node, "updated_at"));
        match self.by_url.get(url).map(|at| &mut self.requests[*at]) {
            // Which of two copies is the newer one must be said; else both are drafted, and what differs is reported.
            Some(known) if updated(known.node).is_some() && updated(node).is_some() => {
                if updated(node) > updated(known.node) {
                    (known.node, known.file) = (node, file);
                }
            }
            _ => {
                self.by_url.insert(url, self.requests.len());
                self.requests.push(Request { file, node, approvals: Vec::new(), notes: Vec::new() });
            }
        }
        true
    }

    /// Gives approvals and notes to their merge requests; those of none are noted.
    fn sort_out(&mut self, desk: &mut Desk<'_>) {
        let name = |node: &'n Node<'n>, iid: &str| {
            let text = |path: &str| look::text(node, path).map(|(text, _)| text);
            Some((text("project_id").unwrap_or_default(), text(iid)?))
        };
        let named = self.requests.iter().enumerate().filter_map(|(at, r)| Some((name(r.node, "iid")?, at)));
        let by_name: BTreeMap<(&str, &str), usize> = named.collect();
        for (file, node) in std::mem::take(&mut self.beside) {
            let note = look::get(node, "noteable_iid").is_some();
            // Issues have numbers of their own, and notes as well.
            if look::text(node, "noteable_type").is_some_and(|(kind, _)| kind != "MergeRequest") {
                continue;
            }
            let of = name(node, if note { "noteable_iid" } else { "iid" }).and_then(|name| by_name.get(&name));
            match (of.map(|at| &mut self.requests[*at]), note) {
                (Some(request), true) => request.notes.push(node),
                (Some(request), false) => request.approvals.push(node),
                (None, _) => {
                    let what = "notes and approvals of a merge request that is not in the export".to_owned();
                    let at = Span::new(node.span.start as usize, node.span.start as usize + 1);
                    desk.notes.add(About::Fact, what, Location { file, span: at }, "");
                }
            }
        }
    }
}

/// Group, project and number of a merge request's address.
fn project(url: &str) -> Option<(&str, &str)> {
    let (path, _) = url.split_once("/-/merge_requests/").or_else(|| url.split_once("/merge_requests/"))?;
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let (_, path) = path.split_once('/')?;
    Some((path, path.rsplit('/').next()?))
}

fn record(request: &Request<'_>, desk: &mut Desk<'_>) {
    let node = request.node;
    let (Some((iid, at)), url) = (look::text(node, "iid"), look::text(node, "web_url")) else { return };
    let named = url.and_then(|(url, _)| project(url));
    let begin = desk.wanted.prefix.map(str::to_owned).or(named.map(|(_, name)| format!("GL-{name}")));
    let Some(begin) = begin else {
        desk.sink.push(
            Diagnostic::new(&codes::NO_ID, request.file, at, "nothing says of which project this merge request is")
                .label("a number alone is no id")
                .help("say what ids begin with, as in `--prefix GL-gateway`"),
        );
        return;
    };
    let Some(mut draft) = desk.draft(request.file, &format!("{begin}-{iid}"), at) else { return };
    let merged = look::text(node, "merged_at");
    draft.put("requested_at", look::text(node, "created_at"));
    draft.put("title", look::text(node, "title"));
    draft.put("description", look::text(node, "description"));
    draft.put("author", look::text(node, "author.username"));
    let label = |l: &'_ Node<'_>| l.as_scalar().map(|s| (s.text.to_string(), l.span));
    let labels: Vec<(String, Span)> = look::list(node, "labels").iter().filter_map(label).collect();
    let labels: Vec<Said<'_>> = labels.iter().map(|(text, at)| (text.as_str(), *at)).collect();
    draft.labels(&labels);
    if let Some(mut item) = draft.item("pull_requests", at) {
        let squash = look::text(node, "squash_commit_sha");
        let merge = look::text(node, "merge_commit_sha");
        let method = squash.map(|(_, at)| ("squash", at)).or(merge.map(|(_, at)| ("merge", at)));
        draft.put_in(&mut item, "url", url);
        draft.put_in(&mut item, "opened_at", look::text(node, "created_at"));
        draft.put_in(&mut item, "merged_at", merged);
        draft.put_in(&mut item, "into", look::text(node, "target_branch").filter(|_| merged.is_some()));
        draft.put_in(&mut item, "method", method.filter(|_| merged.is_some()));
        draft.put_in(&mut item, "commit", merge.or(squash).filter(|_| merged.is_some()));
        draft.add(item);
    }
    let approved = reviews(request, merged, &mut draft);
    pipeline(node, &mut draft);
    status(node, merged.is_some(), approved, &mut draft);
    let name = named.map_or_else(|| format!("!{iid}"), |(path, _)| format!("{path}!{iid}"));
    draft.origin(&name, url, look::text(node, "created_at"));
    draft.mapped(|field| look::text(node, field));
    draft.unread(node, READ);
    draft.finish();
}

/// Adds approvals as reviews: when each was given stands in the notes. Whether one stood at the merge.
fn reviews(request: &Request<'_>, merged: Option<Said<'_>>, draft: &mut Draft<'_, '_>) -> bool {
    let mut notes: Vec<&Node<'_>> =
        look::list(request.node, "notes").iter().chain(request.notes.iter().copied()).collect();
    notes.sort_by_key(|note| look::instant(look::text(note, "created_at")));
    // Who approves, in the order in which they did.
    let mut given: BTreeMap<&str, (usize, Said<'_>, Option<Said<'_>>)> = BTreeMap::new();
    for note in notes.into_iter().filter(|note| look::is_true(note, "system")) {
        let (Some(by), Some((text, _))) = (look::text(note, "author.username"), look::text(note, "body")) else {
            continue;
        };
        if text.starts_with("approved this merge request") {
            given.insert(by.0, (given.len(), by, look::text(note, "created_at")));
        } else if text.starts_with("unapproved this merge request") || text.starts_with("reset approvals") {
            if text.starts_with("reset") {
                given.clear();
            } else {
                given.remove(by.0);
            }
            draft.note(About::Fact, "approvals that were taken back".to_owned(), by.1);
        }
    }
    // The list of who approves now has no times on older servers.
    let own = look::list(request.node, "approved_by").iter().chain(look::list(request.node, "approvals.approved_by"));
    for entry in own.chain(request.approvals.iter().flat_map(|a| look::list(a, "approved_by"))) {
        let Some(by) = look::text(entry, "user.username") else { continue };
        let number = given.len();
        given.entry(by.0).or_insert((number, by, look::text(entry, "approved_at")));
    }
    let mut given: Vec<(usize, Said<'_>, Option<Said<'_>>)> = given.into_values().collect();
    given.sort_by_key(|(number, _, at)| (look::instant(*at).is_none(), look::instant(*at), *number));
    let mut approved = false;
    for (_, by, at) in given {
        let late = look::instant(at).zip(look::instant(merged)).is_some_and(|(at, merged)| at > merged);
        approved |= !late;
        let own_kind = draft.desk.wanted.mapping.word("reviews.kind", "approved").map(str::to_owned);
        let kind = if late { Some("after-merge") } else { own_kind.as_deref() };
        let Some(mut item) = draft.item("reviews", by.1) else { return approved };
        draft.put_in(&mut item, "by", Some(by));
        draft.put_in(&mut item, "kind", kind.map(|kind| (kind, by.1)));
        draft.put_in(&mut item, "result", Some(("approved", by.1)));
        draft.put_in(&mut item, "at", at);
        draft.add(item);
    }
    approved
}

/// The last pipeline as a gate.
fn pipeline(node: &Node<'_>, draft: &mut Draft<'_, '_>) {
    let Some(pipeline) = look::get(node, "head_pipeline").or_else(|| look::get(node, "pipeline")) else { return };
    let Some((status, at)) = look::text(pipeline, "status") else { return };
    let result = match status {
        "success" => "passed",
        "failed" => "failed",
        "skipped" => "skipped",
        _ => {
            let what = format!("pipelines that are `{}`, which is neither passed nor failed", shown(status));
            draft.note(About::Fact, what, at);
            return;
        }
    };
    let Some(mut item) = draft.item("gates", at) else { return };
    draft.put_in(&mut item, "gate", Some(("pipeline", at)));
    draft.put_in(&mut item, "result", Some((result, at)));
    draft.put_in(&mut item, "at", look::text(pipeline, "finished_at"));
    draft.put_in(&mut item, "evidence", look::text(pipeline, "web_url"));
    draft.add(item);
}

/// How far it has come: no further than GitLab says.
fn status(node: &Node<'_>, merged: bool, approved: bool, draft: &mut Draft<'_, '_>) {
    let Some((state, at)) = look::text(node, "state") else { return };
    let unready = look::is_true(node, "draft") || look::is_true(node, "work_in_progress");
    let (theirs, ours) = match state {
        "opened" if unready => ("draft", "draft"),
        "opened" => ("opened", "requested"),
        "merged" => ("merged", if approved { "approved" } else { "requested" }),
        "closed" => ("closed", "cancelled"),
        other => (other, other),
    };
    if state == "closed" && !merged {
        draft.put("closed_at", look::text(node, "closed_at"));
    }
    let mapped = draft.desk.wanted.mapping.word("status", theirs).map(str::to_owned);
    draft.put("status", Some((mapped.as_deref().unwrap_or(ours), at)));
}
