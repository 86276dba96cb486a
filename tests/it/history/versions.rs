//! Versions of policies from history: which text judges a record, and what is said about the others.

use std::path::Path;

use super::repository::{CONFIGURATION, Repo};

/// A policy that asks for one field.
fn policy(front: &str, field: &str) -> String {
    format!(
        "---\n{front}owner: lead\nreview: {{every: 12 months, last: 2026-01-01}}\nchanges:\n  types: {{normal: {{}}}}\n  \
         rules:\n    - {{id: asked, clause: says, fields: [{field}]}}\n---\n# P\n\nWrite the {field}. <!-- clause: says -->\n"
    )
}

/// A record requested on a day.
fn record(id: &str, day: &str) -> String {
    format!(
        "id: {id}\ntype: normal\ntitle: T\nstatus: closed\nauthor: a.ng\nrequested_at: {day}T09:00:00Z\npurpose: P\n\
         deployments: [{{environment: production, at: {day}T10:00:00Z, by: a.ng}}]\nclosed_at: {day}T11:00:00Z\n"
    )
}

/// A site whose one policy is `p`, with a record for each day.
fn site(days: &[&str]) -> Repo {
    let repo = Repo::empty();
    repo.write("tickmark.yaml", &format!("{CONFIGURATION}changes: {{default_policy: p, history_from: 2026-01-01}}\n"));
    repo.write("people.yaml", "- {id: a.ng, name: Alex Ng, roles: [{role: lead, from: 2020-01-01}]}\n");
    for day in days {
        repo.write(&format!("changes/{day}.yaml"), &record(&format!("CHG-{day}"), day));
    }
    repo
}

/// `check` of a folder: status and all that was said.
fn check(repo: &Repo, folder: &Path, format: &str) -> (Option<i32>, String) {
    let output = repo.tickmark(folder, &["check", "--as-of", "2026-11-21", "--format", format]);
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.code(), text)
}

/// Each record's day, version and verdict, from the JSON of `check`.
fn judged(repo: &Repo, folder: &Path) -> Vec<String> {
    let (_, text) = check(repo, folder, "json");
    let value = |part: &str, key: &str| {
        let rest = part.split(&format!("\"{key}\":\"")).nth(1).unwrap_or_else(|| panic!("{key} in {part}\n{text}"));
        rest.split('"').next().unwrap_or_default().to_owned()
    };
    let records = text.split("\n{\"id\":\"CHG-").skip(1);
    records.map(|r| format!("{} {} {}", &r[..10], value(r, "policy_version"), value(r, "verdict"))).collect()
}

/// How often each code is in the findings.
fn said(repo: &Repo, code: &str) -> usize {
    check(repo, &repo.root(), "concise").1.matches(&format!("[{code}]")).count()
}

#[test]
fn a_record_is_judged_by_the_version_of_its_day() {
    let repo = site(&["2026-01-15", "2026-02-28", "2026-03-01", "2026-06-01", "2025-12-01"]);
    repo.write("policies/p.md", &policy("version: \"1.0\"\neffective: 2026-01-10\n", "purpose"));
    repo.commit("2026-01-05T09:00:00Z", "First");
    repo.write("policies/p.md", &policy("version: \"2.0\"\neffective: 2026-03-01\n", "description"));
    repo.commit("2026-02-20T09:00:00Z", "Second");
    let expected = [
        "2025-12-01 1.0 pass",
        "2026-01-15 1.0 pass",
        "2026-02-28 1.0 pass",
        "2026-03-01 2.0 fail",
        "2026-06-01 2.0 fail",
    ];
    assert_eq!(judged(&repo, &repo.root()), expected);
    assert_eq!(said(&repo, "policy/before-first-version"), 1);
    assert_eq!(said(&repo, "policy/backdated"), 0);
    // The finding points into the text that was in force.
    repo.write("policies/p.md", &policy("version: \"3.0\"\neffective: 2026-08-01\n", "purpose"));
    let second = repo.git(&["rev-parse", "--short=7", "HEAD"]);
    let (_, text) = check(&repo, &repo.root(), "human");
    assert!(text.contains(&format!("policies/p.md@{second}:13")), "{text}");
    assert!(text.contains("version 2.0, in force since 1 March 2026"), "{text}");
    assert_eq!(judged(&repo, &repo.root()), expected, "what is not committed yet takes effect later");
    // Whoever has the same commits has the same answers.
    let clone = repo.beside("clone");
    repo.git(&["stash", "--quiet"]);
    repo.git(&["clone", "--quiet", "--no-hardlinks", ".", clone.to_str().expect("a plain path")]);
    assert_eq!(check(&repo, &clone, "json"), check(&repo, &repo.root(), "json"));
}

#[test]
fn a_version_is_judged_by_its_last_text_wherever_it_stands() {
    let repo = site(&["2026-02-01", "2026-04-01"]);
    repo.write("policies/p.md", &policy("version: \"1.0\"\neffective: 2026-01-10\n", "description"));
    repo.commit("2026-01-05T09:00:00Z", "First");
    repo.write("policies/p.md", &policy("version: \"1.0\"\neffective: 2026-01-10\n", "purpose"));
    repo.commit("2026-01-20T09:00:00Z", "An amendment");
    repo.write("policies/p.md", &policy("version: \"2.0\"\neffective: 2026-03-01\n", "description"));
    repo.commit("2026-02-20T09:00:00Z", "Second");
    assert_eq!(judged(&repo, &repo.root()), ["2026-02-01 1.0 pass", "2026-04-01 2.0 fail"]);
    repo.write("policies/p.md", &policy("version: \"2.0\"\neffective: 2026-03-01\n", "purpose"));
    assert_eq!(judged(&repo, &repo.root()), ["2026-02-01 1.0 pass", "2026-04-01 2.0 pass"], "the work tree's text");
}

/// Renamed with and without an id of its own, into a folder, in a commit of its own and with an edit.
#[test]
fn versions_are_followed_through_renames() {
    for id in ["id: p\n", ""] {
        let repo = site(&["2026-02-01", "2026-04-01", "2026-06-01"]);
        let configuration = format!("{CONFIGURATION}changes: {{default_policy: q, history_from: 2026-01-01}}\n");
        let front = |version: &str| format!("{id}version: \"{version}\"\n");
        repo.write("policies/p.md", &policy(&(front("1.0") + "effective: 2026-01-10\n"), "purpose"));
        repo.commit("2026-01-05T09:00:00Z", "First");
        repo.write("policies/p.md", &policy(&(front("2.0") + "effective: 2026-03-01\n"), "description"));
        repo.commit("2026-02-20T09:00:00Z", "Second");
        repo.remove("policies/p.md");
        repo.write("policies/company/q.md", &policy(&(front("2.0") + "effective: 2026-03-01\n"), "description"));
        repo.commit("2026-03-20T09:00:00Z", "Moved");
        repo.write("policies/company/q.md", &policy(&(front("3.0") + "effective: 2026-05-01\n"), "purpose"));
        // A new policy at the old place is another one.
        repo.write("policies/p2.md", "---\nversion: \"9\"\n---\n# Other\n\nNothing alike in here.\n");
        if id.is_empty() {
            repo.write("tickmark.yaml", &configuration);
        }
        repo.commit("2026-04-20T09:00:00Z", "Third");
        let expected = ["2026-02-01 1.0 pass", "2026-04-01 2.0 fail", "2026-06-01 3.0 pass"];
        assert_eq!(judged(&repo, &repo.root()), expected, "{id}");
        // A rename that is not committed yet is followed by the id alone.
        if !id.is_empty() {
            repo.git(&["mv", "policies/company/q.md", "policies/r.md"]);
            assert_eq!(judged(&repo, &repo.root()), expected, "not committed");
        }
    }
}

/// A version may come from a branch; it came when it was written, and a text that a merge left behind never stood.
#[test]
fn versions_are_followed_through_merges() {
    let repo = site(&["2026-02-01", "2026-04-01"]);
    let front = "version: \"1.0\"\neffective: 2026-01-10\n";
    repo.write("policies/p.md", &policy(front, "purpose"));
    repo.commit("2026-01-05T09:00:00Z", "First");
    repo.git(&["checkout", "--quiet", "-b", "left"]);
    repo.write("policies/p.md", &policy(front, "description"));
    repo.commit("2026-01-25T09:00:00Z", "An amendment that is not taken");
    repo.git(&["checkout", "--quiet", "-b", "work", "main"]);
    repo.write("policies/p.md", &policy("version: \"2.0\"\neffective: 2026-03-01\n", "description"));
    repo.commit("2026-02-20T09:00:00Z", "Second");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("policies/other.md", "# Other\n");
    repo.commit("2026-01-20T09:00:00Z", "Something else");
    let root = repo.root();
    repo.git_at("2026-01-30T09:00:00Z", &root, &["merge", "--quiet", "-s", "ours", "-m", "Not taken", "left"]);
    repo.git_at("2026-04-20T09:00:00Z", &root, &["merge", "--quiet", "--no-ff", "-m", "Taken", "work"]);
    assert_eq!(judged(&repo, &root), ["2026-02-01 1.0 pass", "2026-04-01 2.0 fail"]);
    assert_eq!(said(&repo, "policy/backdated"), 0, "it was committed in time, on its branch");
}

#[test]
fn a_text_without_a_version_is_one_for_each_day_it_changed() {
    let repo = site(&["2026-01-15", "2026-02-01", "2026-02-20", "2026-02-21", "2026-04-01"]);
    repo.write("policies/p.md", &policy("", "purpose"));
    repo.commit("2026-02-01T09:00:00Z", "First");
    repo.write("policies/p.md", &policy("", "systems"));
    repo.commit("2026-02-20T09:00:00Z", "Second");
    repo.write("policies/p.md", &policy("", "description"));
    repo.commit("2026-02-20T19:00:00Z", "On the same day");
    let expected = [
        "2026-01-15 2026-02-01 pass",
        "2026-02-01 2026-02-01 pass",
        "2026-02-20 2026-02-20 fail",
        "2026-02-21 2026-02-20 fail",
        "2026-04-01 2026-02-20 fail",
    ];
    assert_eq!(judged(&repo, &repo.root()), expected);
    repo.write("policies/p.md", &policy("", "purpose"));
    assert_eq!(judged(&repo, &repo.root()), expected, "what is not committed has no day yet");
}

#[test]
fn a_version_committed_after_its_day_is_said() {
    let repo = site(&["2026-03-05"]);
    repo.write("policies/p.md", &policy("version: \"1.0\"\neffective: 2025-01-10\n", "purpose"));
    repo.commit("2026-01-05T09:00:00Z", "First");
    assert_eq!(said(&repo, "policy/backdated"), 0, "before the day from which git is asked");
    repo.write("policies/p.md", &policy("version: \"2.0\"\neffective: 2026-03-01\n", "purpose"));
    repo.commit("2026-03-01T23:00:00Z", "Second");
    assert_eq!(said(&repo, "policy/backdated"), 0, "on the day itself");
    repo.write("policies/p.md", &policy("version: \"3.0\"\neffective: 2026-04-01\n", "purpose"));
    repo.commit("2026-04-02T09:00:00Z", "Third");
    let (status, text) = check(&repo, &repo.root(), "human");
    assert_eq!(status, Some(0), "{text}");
    assert!(
        text.contains("warning[policy/backdated]: version 3.0 of policy `p` was committed after it took effect"),
        "{text}"
    );
    assert!(text.contains("in force since 1 April 2026, committed on 2 April 2026"), "{text}");
    // It stays so when a later version comes, and points into the text of then.
    let third = repo.git(&["rev-parse", "--short=7", "HEAD"]);
    repo.write("policies/p.md", &policy("version: \"4.0\"\neffective: 2026-08-01\n", "purpose"));
    repo.commit("2026-07-02T09:00:00Z", "Fourth");
    let (_, text) = check(&repo, &repo.root(), "human");
    assert!(text.contains("version 3.0 of policy") && text.contains(&format!("policies/p.md@{third}:3")), "{text}");
}

/// A new site that is committed on the day it was made, which is the next one already where its policy counts.
#[test]
fn what_came_with_the_first_commit_came_in_time_in_any_zone() {
    let repo = Repo::empty();
    repo.write("tickmark.yaml", &format!("{CONFIGURATION}changes: {{default_policy: p}}\n"));
    repo.write(
        "policies/p.md",
        &policy("version: \"1.0\"\neffective: 2026-01-05\ncalendar: {time_zone: \"+10:00\"}\n", "purpose"),
    );
    repo.commit("2026-01-05T19:00:00Z", "First");
    assert_eq!(said(&repo, "policy/backdated"), 0);
    repo.write(
        "policies/p.md",
        &policy("version: \"2.0\"\neffective: 2026-01-06\ncalendar: {time_zone: \"+10:00\"}\n", "purpose"),
    );
    repo.commit("2026-01-06T19:00:00Z", "Second");
    assert_eq!(said(&repo, "policy/backdated"), 1);
}

/// What was wrong with a text of the past is no finding of today; what nobody can read any more makes unknown.
#[test]
fn mistakes_of_the_past_are_not_findings_of_today() {
    let repo = site(&["2026-02-01", "2026-04-01"]);
    let broken = policy("version: \"1.0\"\neffective: 2026-01-10\n", "purpose").replace("rules:", "ruls:");
    repo.write("policies/p.md", &broken);
    repo.commit("2026-01-05T09:00:00Z", "With a mistake");
    repo.write("policies/p.md", &policy("version: \"2.0\"\neffective: 2026-03-01\n", "purpose"));
    repo.commit("2026-02-20T09:00:00Z", "Second");
    assert_eq!(judged(&repo, &repo.root()), ["2026-02-01 1.0 unknown", "2026-04-01 2.0 pass"]);
    let (status, text) = check(&repo, &repo.root(), "concise");
    assert_eq!(status, Some(0), "{text}");
    assert_eq!(said(&repo, "policy/unreadable-version"), 1, "{text}");
    assert!(!text.contains("unknown-key"), "{text}");
    // Bytes that are no text at all are passed over.
    std::fs::write(repo.root().join("policies/p.md"), b"---\nversion: \"2.5\"\n\xff\n---\n").expect("a file");
    repo.commit("2026-03-20T09:00:00Z", "No text");
    repo.write("policies/p.md", &policy("version: \"2.0\"\neffective: 2026-03-01\n", "purpose"));
    repo.commit("2026-03-21T09:00:00Z", "Mended");
    assert_eq!(judged(&repo, &repo.root()), ["2026-02-01 1.0 unknown", "2026-04-01 2.0 pass"]);
}

#[test]
fn where_history_is_cut_short_nothing_is_guessed() {
    let repo = site(&["2026-02-01", "2026-03-05", "2026-04-01"]);
    repo.write("policies/p.md", &policy("version: \"1.0\"\neffective: 2026-01-10\n", "purpose"));
    repo.commit("2026-01-05T09:00:00Z", "First");
    repo.write("policies/p.md", &policy("version: \"2.0\"\neffective: 2026-03-01\n", "purpose"));
    repo.commit("2026-03-20T09:00:00Z", "Second, too late");
    let url = format!("file://{}", repo.root().display());
    let clone = repo.beside("clone");
    repo.git(&["clone", "--quiet", "--depth=1", &url, clone.to_str().expect("a plain path")]);
    assert_eq!(judged(&repo, &clone), ["2026-02-01 2.0 unknown", "2026-03-05 2.0 pass", "2026-04-01 2.0 pass"]);
    let (status, text) = check(&repo, &clone, "human");
    assert_eq!(status, Some(0), "{text}");
    assert_eq!(text.matches("warning[history/shallow]").count(), 1, "{text}");
    assert!(text.contains("fetch-depth: 0") && !text.contains("policy/backdated"), "{text}");
    assert!(!text.contains("policy/before-first-version"), "{text}");
    assert_eq!(said(&repo, "policy/backdated"), 1, "the whole history says more");
}

/// Clocks are wrong at times: who follows whom is not.
#[test]
fn commits_are_ordered_by_who_follows_whom() {
    let repo = site(&["2026-02-01", "2026-04-01"]);
    repo.write("policies/p.md", &policy("version: \"1.0\"\neffective: 2026-01-10\n", "description"));
    repo.commit("@4071495600 +1400", "A clock of the future");
    repo.write("policies/p.md", &policy("version: \"1.0\"\neffective: 2026-01-10\n", "purpose"));
    repo.commit("@86400 +0000", "A clock of the past");
    repo.write("policies/p.md", &policy("version: \"2.0\"\neffective: 2026-03-01\n", "purpose"));
    repo.commit("2026-02-20T09:00:00Z", "Second");
    assert_eq!(judged(&repo, &repo.root()), ["2026-02-01 1.0 pass", "2026-04-01 2.0 pass"]);
}
