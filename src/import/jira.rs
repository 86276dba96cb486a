//! Jira: issues as the REST search writes them, with their changelog.

use super::desk::{Desk, Draft};
use super::look::{self, Said};
use super::notes::About;
use super::nothing_known;
use crate::source::{FileId, Span};
use crate::yaml::{Node, Value};

/// What issues never say.
pub(super) const NEVER: &str = "reviews, gates, pull requests, deployments, risk and rollback plan, unless a mapping file names the custom field that holds them; approvals that are in no changelog";

/// Keys of `fields` that are read, or that say nothing about a change.
const READ: &[&str] = &[
    "summary",
    "description",
    "issuetype",
    "status",
    "statuscategorychangedate",
    "reporter",
    "creator",
    "assignee",
    "created",
    "updated",
    "resolutiondate",
    "resolution",
    "labels",
    "components",
    "project",
    "votes",
    "watches",
    "workratio",
    "lastViewed",
    "progress",
    "aggregateprogress",
    "timetracking",
];

/// States of Jira's own workflows for changes, and ours.
const STATES: &[(&str, &str)] = &[
    ("Open", "requested"),
    ("To Do", "requested"),
    ("Planning", "requested"),
    ("Authorize", "requested"),
    ("Awaiting approval", "requested"),
    ("Awaiting CAB approval", "requested"),
    ("Peer review / change manager approval", "requested"),
    ("Awaiting implementation", "approved"),
    ("Implementing", "approved"),
    ("In Progress", "requested"),
    ("Done", "closed"),
    ("Completed", "closed"),
    ("Resolved", "closed"),
    ("Canceled", "cancelled"),
    ("Declined", "rejected"),
];

/// Drafts a record for each issue.
pub(super) fn draft(trees: &[(FileId, Vec<Node<'_>>)], desk: &mut Desk<'_>) {
    for (file, nodes) in trees {
        for node in nodes {
            let issues = match node.get("issues") {
                Some(Node { value: Value::List(issues), .. }) => issues.as_slice(),
                _ => node.as_list().unwrap_or(std::slice::from_ref(node)),
            };
            for issue in issues {
                if look::text(issue, "key").is_none() || look::get(issue, "fields").is_none() {
                    nothing_known(desk, *file, issue, "an issue, with its `key` and its `fields`,");
                    return;
                }
                record(*file, issue, desk);
            }
        }
    }
}

fn record(file: FileId, issue: &Node<'_>, desk: &mut Desk<'_>) {
    let (Some((key, at)), Some(fields)) = (look::text(issue, "key"), look::get(issue, "fields")) else { return };
    let id = desk.wanted.prefix.map_or_else(|| key.to_owned(), |prefix| format!("{prefix}-{key}"));
    let Some(mut draft) = desk.draft(file, &id, at) else { return };
    draft.put("requested_at", look::text(fields, "created"));
    draft.put("title", look::text(fields, "summary"));
    let description = look::get(fields, "description").map(|d| (prose(d), d.span));
    draft.put("description", description.as_ref().map(|(text, at)| (text.as_str(), *at)));
    let mut labels: Vec<Said<'_>> =
        look::list(fields, "labels").iter().filter_map(|l| l.as_scalar().map(|s| (&*s.text, l.span))).collect();
    // What an issue is, is no label: it says the type only where a word of ours stands for it.
    labels.extend(look::text(fields, "issuetype.name").filter(|(name, _)| draft.is_type(name)));
    draft.labels(&labels);
    person(&mut draft, "author", look::get(fields, "assignee").or_else(|| look::get(fields, "reporter")));
    person(&mut draft, "requested_by", look::get(fields, "reporter"));
    let status = look::text(fields, "status.name").map(|(name, at)| (ours(&draft, name), at));
    draft.put("status", status.as_ref().map(|(word, at)| (word.as_str(), *at)));
    if draft.doc.text("status").is_some_and(|word| matches!(word, "closed" | "cancelled" | "rejected")) {
        draft.put("closed_at", look::text(fields, "resolutiondate"));
    }
    let components = look::list(fields, "components").iter().filter_map(|c| look::text(c, "name"));
    let components: Vec<&str> = components.map(|(name, _)| name).collect();
    let at_components = look::get(fields, "components").map_or(at, |c| c.span);
    draft.put("systems", Some((components.join("\n").as_str(), at_components)).filter(|_| !components.is_empty()));
    approvals(issue, &mut draft);
    let url = address(issue, key);
    draft.origin(key, url.as_ref().map(|(url, at)| (url.as_str(), *at)), look::text(fields, "created"));
    // A custom field is a text, or an object with a value or a name.
    draft.mapped(|field| look::first(fields, &[field, &format!("{field}.value"), &format!("{field}.name")]));
    draft.unread(fields, READ);
    draft.finish();
}

fn ours(draft: &Draft<'_, '_>, name: &str) -> String {
    let known = STATES.iter().find(|(theirs, _)| theirs.eq_ignore_ascii_case(name)).map(|(_, ours)| *ours);
    draft.desk.wanted.mapping.word("status", name).or(known).unwrap_or(name).to_owned()
}

/// Somebody, by account, by address, or by the name that older servers use.
fn person(draft: &mut Draft<'_, '_>, field: &str, who: Option<&Node<'_>>) {
    let Some(who) = who else { return };
    let paths = ["accountId", "emailAddress", "name", "displayName"];
    let known = paths.iter().filter_map(|path| look::text(who, path)).find(|(name, _)| draft.knows(name));
    draft.put(field, known.or_else(|| look::first(who, &["accountId", "name", "displayName"])));
}

/// What the changelog says of approvals: who answered, and when.
fn approvals(issue: &Node<'_>, draft: &mut Draft<'_, '_>) {
    for history in look::list(issue, "changelog.histories") {
        for change in look::list(history, "items") {
            let Some((field, place)) = look::text(change, "field") else { continue };
            if !matches!(field.to_ascii_lowercase().as_str(), "approval" | "approvals") {
                continue;
            }
            match look::first(change, &["toString", "to"]) {
                Some((word, _)) if word.eq_ignore_ascii_case("approved") => {
                    let Some(mut item) = draft.item("approvals", place) else { return };
                    let who = look::get(history, "author");
                    let paths = ["accountId", "emailAddress", "name", "displayName"];
                    let names: Vec<Said<'_>> = who
                        .map_or_else(Vec::new, |who| paths.iter().filter_map(|path| look::text(who, path)).collect());
                    let known = names.iter().find(|(name, _)| draft.knows(name));
                    draft.put_in(&mut item, "by", known.or(names.first()).copied());
                    draft.put_in(&mut item, "medium", Some(("recorded", place)));
                    draft.put_in(&mut item, "at", look::text(history, "created"));
                    draft.add(item);
                }
                other => {
                    let word = other.map_or("nothing", |(word, _)| word);
                    let what = format!("approvals that the changelog sets to `{}`", super::desk::shown(word));
                    draft.note(About::Fact, what, place);
                }
            }
        }
    }
}

/// Where people see an issue, from where programs do.
fn address(issue: &Node<'_>, key: &str) -> Option<(String, Span)> {
    let (own, at) = look::text(issue, "self")?;
    let (server, _) = own.split_once("/rest/api/")?;
    Some((format!("{server}/browse/{key}"), at))
}

/// The text of a description: as it is, or out of the tree in which newer servers send it.
fn prose(node: &Node<'_>) -> String {
    let mut text = String::new();
    add_prose(node, &mut text);
    text.trim().to_owned()
}

fn add_prose(node: &Node<'_>, out: &mut String) {
    if let Some(scalar) = node.as_scalar() {
        out.push_str(&scalar.text);
        return;
    }
    let kind = look::text(node, "type").map_or("", |(kind, _)| kind);
    match kind {
        "text" => out.push_str(look::text(node, "text").map_or("", |(text, _)| text)),
        "hardBreak" => out.push('\n'),
        "listItem" => out.push_str("- "),
        _ => {}
    }
    look::list(node, "content").iter().for_each(|inner| add_prose(inner, out));
    if matches!(kind, "paragraph" | "heading" | "codeBlock" | "blockquote" | "rule") && !out.ends_with('\n') {
        out.push('\n');
    }
}
