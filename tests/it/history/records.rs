//! What git says of records: when each was documented, and what was edited of it since.

use super::repository::{CONFIGURATION, Repo};

/// A site whose one policy has these rules. Records are dated by git from 2026 on.
fn site(rules: &str) -> Repo {
    let repo = Repo::empty();
    repo.write("tickmark.yaml", &format!("{CONFIGURATION}changes: {{default_policy: p, history_from: 2026-01-01}}\n"));
    repo.write(
        "people.yaml",
        "- {id: a.ng, name: Alex Ng, email: A.Ng@pier.example, roles: [{role: lead, from: 2020-01-01}]}\n",
    );
    repo.write(
        "policies/p.md",
        &format!(
            "---\nversion: \"1\"\neffective: 2026-01-01\nowner: lead\nreview: {{every: 12 months, last: 2026-01-01}}\n\
             changes:\n  types: {{normal: {{}}}}\n  rules:\n{rules}---\n# P\n\nIt stays as it was. <!-- clause: says -->\n"
        ),
    );
    repo.commit("2026-01-01T09:00:00Z", "A site");
    repo
}

const REQUESTED: &str = "type: normal\ntitle: T\nauthor: a.ng\nrequested_at: 2026-03-02T09:00:00Z\n";
const APPROVED: &str = "approvals: [{by: a.ng, medium: recorded, at: 2026-03-03T09:00:00Z}]\n";
const DEPLOYED: &str = "deployments: [{environment: production, at: 2026-03-04T09:00:00Z, by: a.ng}]\n";
const CLOSED: &str = "status: closed\nclosed_at: 2026-03-05T09:00:00Z\n";
const PLAN: &str = "rollback: {trigger: Errors, steps: [Go back.]}\n";

fn check(repo: &Repo, format: &str) -> String {
    check_in(repo, &repo.root(), format)
}

fn check_in(repo: &Repo, folder: &std::path::Path, format: &str) -> String {
    let output = repo.tickmark(folder, &["check", "--as-of", "2026-11-21", "--format", format]);
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The verdict of each record: `CHG-1 pass`.
fn verdicts(repo: &Repo, folder: &std::path::Path) -> Vec<String> {
    let text = check_in(repo, folder, "json");
    let value = |part: &str| part.split("\"verdict\":\"").nth(1).and_then(|r| r.split('"').next().map(str::to_owned));
    let records = text.split("\n{\"id\":\"").skip(1);
    records.filter_map(|r| Some(format!("{} {}", r.split('"').next()?, value(r)?))).collect()
}

fn record(id: &str, parts: &[&str]) -> String {
    format!("id: {id}\n{REQUESTED}{}", parts.concat())
}

#[test]
fn a_record_is_documented_by_the_commit_that_first_held_it() {
    let repo = site("    - {id: soon, clause: says, deadline: {of: documented, within: 48 hours, after: requested}}\n");
    repo.write("changes/a.yaml", &record("A", &["status: requested\n"]));
    repo.commit("2026-03-04T09:00:00Z", "In time, to the second");
    repo.write("changes/b.yaml", &record("B", &["status: requested\n"]));
    repo.write(
        "changes/old.yaml",
        &record("OLD", &[CLOSED, "documented_at: 2025-06-01T09:00:00Z\n"])
            .replace("requested_at: 2026", "requested_at: 2025"),
    );
    repo.commit("2026-03-04T09:00:01Z", "One second late; and one that is older than its history");
    // Moved among files, renamed, edited: it is still the record that was there.
    repo.remove("changes/a.yaml");
    repo.write(
        "changes/2026/all.yaml",
        &format!("{}---\n{}", record("C", &["status: requested\n"]), record("A", &[CLOSED])),
    );
    repo.commit("2026-05-01T09:00:00Z", "Moved");
    repo.write("changes/d.yaml", &record("D", &["status: requested\n", "documented_at: 2026-03-02T10:00:00Z\n"]));
    let expected = ["C fail", "A pass", "B fail", "D fail", "OLD fail"];
    assert_eq!(verdicts(&repo, &repo.root()), expected, "{}", check(&repo, "human"));
    let text = check(&repo, "human");
    assert!(text.contains("58 days"), "C came late: {text}");
    assert!(!text.contains("documented-otherwise"), "what git does not date, and what is not committed yet: {text}");
    repo.commit("2026-05-02T09:00:00Z", "D");
    let text = check(&repo, "human");
    assert_eq!(text.matches("record/documented-otherwise").count(), 1, "{text}");
    assert!(text.contains("first committed on Sat 2 May 2026 09:00 (UTC) by `a.ng`"), "{text}");
    // Where history is cut short nobody knows.
    let clone = repo.beside("clone");
    let url = format!("file://{}", repo.root().display());
    repo.git(&["clone", "--quiet", "--depth", "1", &url, clone.to_str().expect("a plain path")]);
    let cut = verdicts(&repo, &clone);
    assert!(cut.len() == 5 && cut.iter().all(|v| v.ends_with("unknown")), "{cut:?}");
    let clone = repo.beside("whole");
    repo.git(&["clone", "--quiet", &url, clone.to_str().expect("a plain path")]);
    assert_eq!(check_in(&repo, &clone, "json"), check(&repo, "json"), "whoever has the commits has the answers");
}

#[test]
fn a_plan_is_recorded_before_an_event_or_never_was() {
    let repo = site("    - {id: plan, clause: says, rollback: {parts: [trigger, steps], recorded_before: approved}}\n");
    for (id, first, second) in [
        ("IN-TIME", PLAN, PLAN),
        ("LATE", "", PLAN),
        ("PART", "rollback: {trigger: Errors}\n", PLAN),
        ("ALTERED", PLAN, "rollback: {trigger: Other, steps: [Go back.]}\n"),
    ] {
        repo.write(&format!("changes/{id}.yaml"), &record(id, &["status: requested\n", first]));
        repo.commit("2026-03-03T09:00:00Z", "At the instant of the approval");
        repo.write(&format!("changes/{id}.yaml"), &record(id, &["status: approved\n", APPROVED, second]));
        repo.commit("2026-03-03T12:30:00Z", "Approved");
    }
    repo.write("changes/NEW.yaml", &record("NEW", &["status: approved\n", APPROVED, PLAN]));
    repo.write("changes/OPEN.yaml", &record("OPEN", &["status: requested\n", PLAN]));
    let expected = ["ALTERED pass", "IN-TIME pass", "LATE fail", "NEW fail", "OPEN pending", "PART fail"];
    assert_eq!(verdicts(&repo, &repo.root()), expected, "{}", check(&repo, "human"));
    let text = check(&repo, "human");
    assert!(text.contains("3 hours 30 minutes after the approval"), "{text}");
    assert_eq!(text.matches("error[rollback/recorded-late]").count(), 3, "{text}");
    repo.commit("2026-03-06T09:00:00Z", "The rest");
    assert!(verdicts(&repo, &repo.root()).contains(&"OPEN pass".to_owned()));
}

#[test]
fn edits_after_an_event_are_found_with_who_when_and_which() {
    let repo = site(
        "    - {id: closed, clause: says, unchanged: {after: closed, except: [incidents]}}\n    - {id: plan, level: warning, unchanged: {after: approved, only: [rollback, type]}}\n",
    );
    let whole = [APPROVED, DEPLOYED, CLOSED, PLAN];
    for id in ["KEPT", "EDITED", "TWICE", "REOPENED"] {
        repo.write(&format!("changes/{id}.yaml"), &record(id, &["status: requested\n", PLAN]));
    }
    repo.commit("2026-03-02T10:00:00Z", "Requested");
    for id in ["KEPT", "EDITED", "TWICE", "REOPENED"] {
        repo.write(&format!("changes/{id}.yaml"), &record(id, &whole));
    }
    repo.commit("2026-03-05T12:00:00Z", "Closed, and written up");
    // Another order, a comment, a folder, and what may change: no edit.
    repo.remove("changes/KEPT.yaml");
    repo.write(
        "changes/2026/KEPT.yaml",
        &record("KEPT", &[PLAN, "# kept\nincidents: none\n", CLOSED, DEPLOYED, APPROVED]),
    );
    repo.write("changes/EDITED.yaml", &record("EDITED", &whole).replace("Go back", "Go on"));
    repo.write("changes/TWICE.yaml", &record("TWICE", &whole).replace("title: T", "title: U"));
    repo.write("changes/REOPENED.yaml", &record("REOPENED", &[APPROVED, DEPLOYED, PLAN, "status: deployed\n"]));
    repo.commit("2026-03-07T12:00:00Z", "Edits");
    repo.write("changes/TWICE.yaml", &record("TWICE", &whole));
    assert_eq!(verdicts(&repo, &repo.root()), ["KEPT pass", "EDITED fail", "REOPENED fail", "TWICE fail"]);
    let text = check(&repo, "human");
    let commit = repo.git(&["rev-parse", "--short=7", "HEAD"]);
    let by = format!("edited on Sat 7 Mar 2026 12:00 (UTC) by `a.ng` ({commit})");
    assert!(text.contains(&format!("counted: `rollback` was {by}, 4 days 3 hours after the approval")), "{text}");
    assert!(text.contains(&format!("counted: `title` was {by}")), "{text}");
    assert!(text.contains("`title` was edited in the work tree, not committed yet"), "{text}");
    assert!(text.contains("warning[unchanged/edited]") && text.contains("error[unchanged/edited]"), "{text}");
    assert!(text.contains("`status` and `closed_at`"), "opened again: {text}");
}

/// Both sides of a merge edited the file, each another field: the merge itself edits nothing.
#[test]
fn a_merge_edits_only_what_neither_side_had() {
    let rules = "    - {id: kept, clause: says, due: requested, unchanged: {after: requested, only: [purpose]}}\n";
    let repo = site(rules);
    let text = |title: &str, purpose: &str, description: &str| {
        record("A", &["status: requested\n", &format!("purpose: {purpose}\n\n\n\ndescription: {description}\n")])
            .replace("title: T", &format!("title: {title}"))
    };
    repo.write("changes/a.yaml", &text("T", "p", "d"));
    repo.commit("2026-03-02T08:00:00Z", "A record");
    repo.git(&["checkout", "--quiet", "-b", "side"]);
    repo.write("changes/a.yaml", &text("T", "p", "other"));
    repo.commit("2026-03-03T09:00:00Z", "Side");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("changes/a.yaml", &text("U", "p", "d"));
    repo.commit("2026-03-04T09:00:00Z", "Main");
    repo.git_at("2026-03-05T09:00:00Z", &repo.root(), &["merge", "--quiet", "--no-ff", "--no-edit", "side"]);
    assert_eq!(verdicts(&repo, &repo.root()), ["A pass"], "{}", check(&repo, "human"));
    repo.write("changes/a.yaml", &text("U", "q", "other"));
    repo.git_at("2026-03-05T09:00:00Z", &repo.root(), &["commit", "--quiet", "--all", "--amend", "--no-edit"]);
    assert_eq!(verdicts(&repo, &repo.root()), ["A fail"], "the merge itself changed the purpose");
}

/// What `retained` comes to, from the JSON of `check`.
fn kept(repo: &Repo, folder: &std::path::Path) -> String {
    let text = check_in(repo, folder, "json");
    let rule = text.split("\"policies\":").nth(1).and_then(|rest| rest.split("\"records\"").next()).unwrap_or_default();
    rule.split("\"verdict\":\"").nth(1).and_then(|r| r.split('"').next()).unwrap_or(rule).to_owned()
}

#[test]
fn records_are_kept_as_long_as_the_policy_says() {
    let repo = site("    - {id: kept, clause: says, retained: 6 months}\n");
    for id in ["KEPT", "MOVED", "DELETED", "OLD-ENOUGH"] {
        repo.write(&format!("changes/{id}.yaml"), &record(id, &[DEPLOYED, CLOSED]));
    }
    repo.write("changes/BEFORE.yaml", &record("BEFORE", &[CLOSED]).replace("requested_at: 2026", "requested_at: 2025"));
    repo.commit("2026-03-06T09:00:00Z", "Records");
    assert_eq!(kept(&repo, &repo.root()), "unknown", "no build yet");
    let build = |repo: &Repo| repo.tickmark(&repo.root(), &["build", "--as-of", "2026-11-21"]);
    repo.write(".gitignore", "public/\ninternal/\n");
    assert!(build(&repo).status.success());
    assert_eq!(kept(&repo, &repo.root()), "pass");
    repo.git(&["rm", "--quiet", "changes/BEFORE.yaml"]);
    repo.git(&["mv", "changes/MOVED.yaml", "changes/2026.yaml"]);
    let root = repo.root();
    repo.git_at("2026-04-01T09:00:00Z", &root, &["commit", "--quiet", "--message", "Moved; older than history"]);
    repo.git(&["rm", "--quiet", "changes/OLD-ENOUGH.yaml"]);
    repo.git_at("2026-09-05T09:00:00Z", &root, &["commit", "--quiet", "--message", "After six months to the second"]);
    assert_eq!(kept(&repo, &root), "pass", "{}", check(&repo, "human"));
    repo.git(&["rm", "--quiet", "changes/DELETED.yaml"]);
    assert_eq!(kept(&repo, &root), "pass", "as of 21 November it is old enough, and nothing is committed");
    repo.git_at("2026-09-05T08:59:59Z", &root, &["commit", "--quiet", "--message", "A second too early"]);
    let by = repo.git(&["rev-parse", "--short=7", "HEAD"]);
    let text = check(&repo, "human");
    assert!(text.contains("error[retained/deleted]: a record was deleted that is younger than 6 months"), "{text}");
    let deleted =
        format!("to be kept until Sat 5 Sep 2026 09:00, deleted on Sat 5 Sep 2026 08:59:59 by `a.ng` ({by}) (UTC)");
    assert!(text.contains(&deleted), "{text}");
    assert!(text.contains("It stays as it was."), "the finding stands at the clause: {text}");
    repo.git(&["revert", "--no-edit", "--no-commit", "HEAD"]);
    assert_eq!(kept(&repo, &root), "pass", "it came back");
    repo.git_at("2026-09-06T09:00:00Z", &root, &["commit", "--quiet", "--message", "It is back"]);
    assert!(build(&repo).status.success());
    repo.git(&["reset", "--quiet", "--hard", "HEAD~2"]);
    let text = check(&repo, "human");
    assert!(text.contains("error[retained/rewritten]: history was rewritten since the last build"), "{text}");
    let clone = repo.beside("clone");
    let url = format!("file://{}", root.display());
    repo.git(&["clone", "--quiet", "--depth", "1", &url, clone.to_str().expect("a plain path")]);
    assert_eq!(kept(&repo, &clone), "unknown", "cut short");
}

/// A record that only ever stood on a side branch was never kept.
#[test]
fn what_a_branch_tried_out_is_no_record() {
    let repo = site("    - {id: kept, clause: says, retained: 6 months}\n");
    repo.git(&["checkout", "--quiet", "-b", "side"]);
    repo.write("changes/a.yaml", &record("A", &[]));
    repo.commit("2026-03-02T10:00:00Z", "A first name");
    repo.write("changes/a.yaml", &record("B", &[]));
    repo.commit("2026-03-02T11:00:00Z", "A better name");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git_at("2026-03-03T09:00:00Z", &repo.root(), &["merge", "--quiet", "--no-ff", "--no-edit", "side"]);
    assert!(!check(&repo, "human").contains("retained/deleted"));
    repo.write("changes/a.yaml", &record("C", &[]));
    repo.commit("2026-03-04T09:00:00Z", "On main it had a name");
    assert!(check(&repo, "human").contains("`B` (`changes/a.yaml`)"), "{}", check(&repo, "human"));
}

#[test]
fn a_changes_page_and_its_explanation_show_its_history_and_no_public_page_does() {
    let repo = site("    - {id: named, clause: says, fields: [title]}\n");
    repo.write("changes/a.yaml", &record("A", &["status: requested\n"]));
    repo.write("changes/old.yaml", &record("OLD", &[CLOSED]).replace("requested_at: 2026", "requested_at: 2025"));
    repo.git(&["add", "--all"]);
    let author = "--author=Eve & \"Co\" <eve@elsewhere.example>";
    repo.git_at("2026-03-02T10:00:00Z", &repo.root(), &["commit", "--quiet", author, "--message", "First"]);
    repo.write("changes/a.yaml", &record("A", &["status: requested\npurpose: P\n"]).replace("title: T", "title: U"));
    repo.commit("2026-03-03T10:00:00Z", "Second");
    let output = repo.tickmark(&repo.root(), &["explain", "A", "--as-of", "2026-11-21"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let commits = [repo.git(&["rev-parse", "--short=7", "HEAD~1"]), repo.git(&["rev-parse", "--short=7", "HEAD"])];
    assert!(
        text.contains(&format!("edited `title` and `purpose` by `a.ng` ({}); signature: none", commits[1])),
        "{text}"
    );
    assert!(text.contains("<eve@elsewhere.example>, committed by `a.ng`"), "{text}");
    assert!(repo.tickmark(&repo.root(), &["build", "--as-of", "2026-11-21"]).status.success());
    let page = std::fs::read_to_string(repo.root().join("internal/changes/A/index.html")).expect("a page");
    assert!(page.contains("History in git") && page.contains(&commits[0]), "{page}");
    assert!(page.contains("Eve &amp; ") && !page.contains("<eve@"), "{page}");
    let page = std::fs::read_to_string(repo.root().join("internal/changes/OLD/index.html")).expect("a page");
    assert!(!page.contains("History in git"), "git does not date it: {page}");
    let public = repo.root().join("public");
    let found = repo.git_at(
        "2026-03-03T10:00:00Z",
        &public,
        &["grep", "--no-index", "--count", "--extended-regexp", "--max-count=1", "-e", "html"],
    );
    assert!(!found.is_empty());
    for file in found.lines().filter_map(|line| line.split(':').next()) {
        let text = std::fs::read_to_string(public.join(file)).expect("a public file");
        let named = text.split(|c: char| !c.is_alphanumeric()).any(|word| word == "Eve");
        assert!(!named && !text.contains("eve@") && !text.contains("History in git"), "{file}");
    }
}
