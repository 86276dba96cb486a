//! `ServiceNow`: the `change_request` table, as the REST interface or a list writes it, JSON or CSV.
//!
//! Every value is a text, or an object of a value and how it is displayed; an empty one is absent; times have no zone.

use super::desk::{Desk, Draft};
use super::look::{self, Said};
use super::notes::About;
use super::nothing_known;
use crate::source::FileId;
use crate::yaml::{Node, Value};

/// What the table never says.
pub(super) const NEVER: &str = "who approved and when (only that it was: those stand in the table sysapproval_approver), reviews, gates, pull requests, who was told, incidents; and where it was deployed, unless a mapping file says `always: {deployments.environment: production}`";

/// A row: our field, and the column that says it.
pub(super) const COLUMNS: &[(&str, &str)] = &[
    // The first, because it says which version of the policy knows the words of the rest.
    ("requested_at", "opened_at"),
    ("title", "short_description"),
    ("description", "description"),
    ("purpose", "justification"),
    ("assessment", "risk_impact_analysis"),
    ("test_plan", "test_plan"),
    ("type", "type"),
    ("window.start", "start_date"),
    ("window.end", "end_date"),
    ("rollback.steps", "backout_plan"),
    ("deployments.at", "work_start"),
    ("post_change_review.at", "review_date"),
    ("post_change_review.findings", "review_comments"),
];

/// Columns that are read otherwise, or that say nothing about a change.
const OTHERS: &[&str] = &[
    "number",
    "sys_id",
    "state",
    "approval",
    "phase",
    "phase_state",
    "risk",
    "requested_by",
    "opened_by",
    "assigned_to",
    "closed_at",
    "close_code",
    "close_notes",
    "cmdb_ci",
    "business_service",
    "sys_created_on",
    "sys_updated_on",
    "sys_created_by",
    "sys_updated_by",
    "sys_mod_count",
    "sys_class_name",
    "sys_domain",
    "sys_domain_path",
    "sys_tags",
    "active",
    "made_sla",
    "upon_approval",
    "upon_reject",
    "unauthorized",
    "work_end",
];

/// States by their number, and by the name that people see.
const STATES: &[(&str, &str, &str)] = &[
    ("-5", "New", "draft"),
    ("-4", "Assess", "requested"),
    ("-3", "Authorize", "requested"),
    ("-2", "Scheduled", "scheduled"),
    ("-1", "Implement", "scheduled"),
    ("0", "Review", "deployed"),
    ("3", "Closed", "closed"),
    ("4", "Canceled", "cancelled"),
];

/// Risks by their number, and by the name that people see.
const RISKS: &[(&str, &str, &str)] =
    &[("1", "Very High", "high"), ("2", "High", "high"), ("3", "Moderate", "moderate"), ("4", "Low", "low")];

/// Close codes.
const CODES: &[(&str, &str, &str)] = &[
    ("successful", "Successful", "successful"),
    ("successful_issues", "Successful with issues", "successful"),
    ("unsuccessful", "Unsuccessful", "failed"),
];

/// Drafts a record for each row.
pub(super) fn draft(trees: &[(FileId, Vec<Node<'_>>)], desk: &mut Desk<'_>) {
    for (file, nodes) in trees {
        for node in nodes {
            let rows = match node.get("result").or_else(|| node.get("records")) {
                Some(Node { value: Value::List(rows), .. }) => rows.as_slice(),
                Some(one) => std::slice::from_ref(one),
                None => node.as_list().unwrap_or(std::slice::from_ref(node)),
            };
            for row in rows {
                if said(row, "number", false).is_none() {
                    nothing_known(desk, *file, row, "a row of the table change_request, with its `number`,");
                    return;
                }
                record(*file, row, desk);
            }
        }
    }
}

/// What a column says: its value, or as it is displayed, where it has both.
fn said<'n>(row: &'n Node<'_>, column: &str, displayed: bool) -> Option<Said<'n>> {
    let (one, other) = if displayed { ("display_value", "value") } else { ("value", "display_value") };
    let either = || look::first(row, &[&format!("{column}.{one}"), &format!("{column}.{other}")]);
    look::text(row, column).or_else(either)
}

fn record(file: FileId, row: &Node<'_>, desk: &mut Desk<'_>) {
    let Some((number, at)) = said(row, "number", false) else { return };
    let id = desk.wanted.prefix.map_or_else(|| number.to_owned(), |prefix| format!("{prefix}-{number}"));
    let Some(mut draft) = desk.draft(file, &id, at) else { return };
    for (field, column) in COLUMNS {
        draft.put(field, said(row, column, false));
    }
    // Some plans are long lists: each line of theirs is a step of ours.
    person(&mut draft, "requested_by", row, &["requested_by"]);
    person(&mut draft, "author", row, &["assigned_to", "opened_by"]);
    for (field, column, words) in [("risk", "risk", RISKS), ("outcome.result", "close_code", CODES)] {
        let ours = word(&draft, field, said(row, column, false), words);
        draft.put(field, ours.as_ref().map(|(word, at)| (word.as_str(), *at)));
    }
    if said(row, "close_code", false)
        .is_some_and(|(code, _)| code.contains("issues") || code.starts_with("unsuccessful"))
    {
        draft.put("outcome.issues", said(row, "close_notes", false));
    } else if let Some((_, at)) = said(row, "close_notes", false) {
        draft.note(About::Field, "`close_notes`".to_owned(), at);
    }
    status(&mut draft, row);
    systems(&mut draft, row);
    if let Some((_, at)) = said(row, "approval", false).filter(|(word, _)| word.eq_ignore_ascii_case("approved")) {
        draft.note(
            About::Fact,
            "approvals: the table says that there was one, not who gave it and when".to_owned(),
            at,
        );
    }
    let stated = |path: &str, always: &[crate::decode::Pair]| always.iter().any(|pair| pair.field == path);
    if let Some((_, at)) = said(row, "work_start", false)
        && !stated("deployments.environment", &draft.desk.wanted.mapping.always)
    {
        let what = "deployments: `work_start` says when, nothing says where; a mapping file with `always: {deployments.environment: production}` does";
        draft.forget("deployments");
        draft.note(About::Fact, what.to_owned(), at);
    }
    draft.origin(number, look::text(row, "link"), said(row, "sys_created_on", false));
    draft.mapped(|column| said(row, column, false));
    let read: Vec<&str> = COLUMNS.iter().map(|(_, column)| *column).chain(OTHERS.iter().copied()).collect();
    draft.unread(row, &read);
    draft.finish();
}

/// Somebody, by what the column holds or by what it shows: both may stand in `accounts`.
fn person(draft: &mut Draft<'_, '_>, field: &str, row: &Node<'_>, columns: &[&str]) {
    let column = columns.iter().find(|column| said(row, column, false).is_some());
    let Some(column) = column else { return };
    let (value, shown) = (said(row, column, false), said(row, column, true));
    let known = shown.filter(|(name, _)| draft.knows(name));
    draft.put(field, known.or(value));
}

/// Our word for one of a table's, where the mapping has no other.
fn word(
    draft: &Draft<'_, '_>,
    field: &str,
    said: Option<Said<'_>>,
    words: &[(&str, &str, &str)],
) -> Option<(String, crate::source::Span)> {
    let (theirs, at) = said?;
    let mapped = draft.desk.wanted.mapping.word(field, theirs);
    let is = |(number, name, _): &&(&str, &str, &str)| theirs == *number || theirs.eq_ignore_ascii_case(name);
    let ours = mapped.or_else(|| words.iter().find(is).map(|(.., ours)| *ours)).unwrap_or(theirs);
    Some((ours.to_owned(), at))
}

fn status(draft: &mut Draft<'_, '_>, row: &Node<'_>) {
    let state = word(draft, "status", said(row, "state", false), STATES);
    let rejected = said(row, "approval", false).filter(|(word, _)| word.eq_ignore_ascii_case("rejected"));
    let ours = match (&state, rejected) {
        (Some((word, _)), Some((_, at))) if word != "cancelled" && word != "closed" => {
            Some(("rejected".to_owned(), at))
        }
        _ => state,
    };
    draft.put("status", ours.as_ref().map(|(word, at)| (word.as_str(), *at)));
    draft.put("closed_at", said(row, "closed_at", false));
}

/// The system it touches, where the export says more than a key of another table.
fn systems(draft: &mut Draft<'_, '_>, row: &Node<'_>) {
    for column in ["cmdb_ci", "business_service"] {
        let Some((name, at)) = said(row, column, true) else { continue };
        if name.len() == 32 && name.bytes().all(|b| b.is_ascii_hexdigit()) {
            draft.note(About::Word, format!("`{column}` is a key of another table; export display values"), at);
            continue;
        }
        draft.put("systems", Some((name, at)));
        return;
    }
}
