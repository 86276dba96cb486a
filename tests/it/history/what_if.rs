//! `what-if`: a policy edit, judged over the records that there are.

use std::path::Path;

use super::commit::said;
use super::repository::{CONFIGURATION, Repo};

fn policy(version: &str, rules: &str) -> String {
    format!(
        "---\n{version}changes:\n  types: {{normal: {{}}, urgent: {{}}}}\n  rules:\n{rules}---\n\
         # P\n\nIt says what it does. <!-- clause: says -->\n"
    )
}

const LOOSE: &str =
    "    - {id: soon, clause: says, for: [urgent], deadline: {of: closed, within: 9 days, after: deployed}}\n";
const STRICT: &str =
    "    - {id: soon, clause: says, for: [urgent], deadline: {of: closed, within: 2 days, after: deployed}}\n";
const WHY: &str = "    - {id: why, clause: says, fields: [purpose]}\n";

/// Urgent changes of two quarters, closed after one day and after five; and a normal one.
fn site() -> Repo {
    let repo = Repo::empty();
    repo.write("tickmark.yaml", &format!("{CONFIGURATION}changes: {{default_policy: p}}\n"));
    repo.write("people.yaml", "- {id: a.ng, name: Alex Ng, roles: [{role: lead, from: 2020-01-01}]}\n");
    for (id, kind, month, days) in
        [("A", "urgent", "02", 1), ("B", "urgent", "02", 5), ("C", "urgent", "05", 5), ("D", "normal", "05", 5)]
    {
        let (deployed, closed) =
            (format!("2026-{month}-03T09:00:00Z"), format!("2026-{month}-0{}T09:00:00Z", 3 + days));
        repo.write(
            &format!("changes/{id}.yaml"),
            &format!(
                "id: {id}\ntype: {kind}\ntitle: T\nauthor: a.ng\nrequested_at: {deployed}\nstatus: closed\n\
                 deployments: [{{environment: production, at: {deployed}, by: a.ng}}]\nclosed_at: {closed}\n"
            ),
        );
    }
    repo.write("policies/p.md", &policy("version: \"1\"\neffective: 2026-01-01\n", LOOSE));
    repo.commit("2026-01-01T09:00:00Z", "A site");
    repo
}

fn what_if(repo: &Repo, folder: &Path, arguments: &[&str]) -> String {
    let output = repo.tickmark(folder, &[&["what-if", "--as-of", "2026-11-21"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "a reader, whatever it finds: {}", said(&output));
    String::from_utf8(output.stdout).expect("text")
}

/// What is said of records: `B pass → fail`.
fn records(text: &str) -> Vec<String> {
    let line = |line: &str| {
        let mut parts = line.strip_prefix("  ")?.split("  ");
        let (id, turn) = (parts.next()?, parts.next()?);
        (id.len() == 1).then(|| format!("{id} {turn}"))
    };
    text.lines().filter_map(line).collect()
}

#[test]
fn an_edit_is_judged_over_all_records_by_type_and_quarter() {
    let repo = site();
    let root = repo.root();
    let text = what_if(&repo, &root, &[]);
    assert!(text.contains("the policies are the same in both") && text.contains("0 of 4 records"), "{text}");
    repo.write("policies/p.md", &policy("version: \"2\"\neffective: 2027-01-01\n", STRICT));
    let text = what_if(&repo, &root, &[]);
    assert_eq!(records(&text), ["B pass → fail", "C pass → fail"], "{text}");
    for line in [
        "p: edited\n",
        "by type\n  urgent  2 of 3: 2 pass → fail\n",
        "by quarter\n  2026-Q1  1 of 2: 1 pass → fail\n  2026-Q2  1 of 2: 1 pass → fail\n",
        "      soon: pass → fail: ",
        "2 of 4 records would change verdict: 2 pass → fail\n",
        "as if the text of `HEAD`, or that of the work tree, had always been in force",
    ] {
        assert!(text.contains(line), "{line:?} in {text}");
    }
    // Back is a change, too; and nobody wrote anything.
    repo.commit("2026-06-01T09:00:00Z", "Strict");
    repo.write("policies/p.md", &policy("version: \"3\"\n", LOOSE));
    assert_eq!(records(&what_if(&repo, &root, &[])), ["B fail → pass", "C fail → pass"]);
    assert_eq!(repo.git(&["status", "--porcelain"]), " M policies/p.md");
}

/// By the version of each record's day an edit counts only for records of days on which it is in force.
#[test]
fn in_force_is_what_check_would_say() {
    let repo = site();
    let root = repo.root();
    repo.write("policies/p.md", &policy("version: \"2\"\neffective: 2026-04-01\n", STRICT));
    assert_eq!(records(&what_if(&repo, &root, &["--in-force"])), ["C pass → fail"]);
    repo.write("policies/p.md", &policy("version: \"2\"\n", STRICT));
    assert_eq!(records(&what_if(&repo, &root, &["--in-force"])), [""; 0], "not committed, not in force");
    repo.write("policies/p.md", &policy("version: \"1\"\neffective: 2026-01-01\n", STRICT));
    assert_eq!(records(&what_if(&repo, &root, &["--in-force"])), ["B pass → fail", "C pass → fail"], "an amendment");
}

/// Two commits, from a work tree or a bare repository: the policies of the one, all else of the other.
#[test]
fn two_commits_are_compared_with_the_records_of_the_newer() {
    let repo = site();
    let root = repo.root();
    repo.write("policies/p.md", &policy("version: \"2\"\n", STRICT));
    repo.remove("changes/C.yaml");
    repo.commit("2026-06-01T09:00:00Z", "Strict, without C");
    repo.write("policies/p.md", "no longer of interest");
    repo.write("changes/B.yaml", "id: B\n");
    let bare = repo.beside("bare.git");
    repo.git(&["clone", "--quiet", "--bare", ".", bare.to_str().expect("a plain path")]);
    for folder in [&root, &bare] {
        let text = what_if(&repo, folder, &["HEAD~1..HEAD"]);
        assert_eq!(records(&text), ["B pass → fail"], "{text}");
        assert!(text.contains("1 of 3 records") && text.contains("`HEAD~1`, or that of `HEAD`"), "{text}");
    }
    let refused = |folder: &Path, arguments: &[&str]| {
        let output = repo.tickmark(folder, &[&["what-if"], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        said(&output)
    };
    assert!(refused(&bare, &[]).contains("what-if HEAD~1..HEAD"));
    assert!(refused(&root, &["nope.."]).contains("no revision `nope`"));
    assert!(refused(&root, &["HEAD~1...HEAD"]).contains("two dots"));
    let outside = Repo::bare_folder();
    outside.write("tickmark.yaml", CONFIGURATION);
    let output = outside.tickmark(&outside.root(), &["what-if"]);
    assert!(output.status.code() == Some(2) && said(&output).contains("`what-if` needs git"), "{}", said(&output));
}

#[test]
fn rules_and_policies_that_come_and_go_are_said() {
    let repo = site();
    let root = repo.root();
    repo.write("policies/p.md", &policy("version: \"2\"\n", WHY));
    let text = what_if(&repo, &root, &[]);
    assert!(text.starts_with("p: edited; new: `why`; gone: `soon`\n"), "{text}");
    let expected = ["A pass → fail", "B pass → fail", "C pass → fail", "D not-applicable → fail"];
    assert_eq!(records(&text), expected, "{text}");
    assert!(text.contains("why: no rule → fail: ") && !text.contains("soon: "), "what was kept tells nothing: {text}");
    let lenient = WHY.replace("clause: says,", "clause: says, level: warning,");
    repo.write("policies/p.md", &policy("version: \"2\"\n", &format!("{LOOSE}{lenient}")));
    let text = what_if(&repo, &root, &[]);
    assert_eq!(records(&text), ["A pass", "B pass", "C pass", "D not-applicable"], "{text}");
    assert!(text.contains("the same verdict, although") && text.contains("why: no rule → fail (warning): "), "{text}");
    repo.remove("policies/p.md");
    let text = what_if(&repo, &root, &[]);
    assert!(text.starts_with("p: removed\n") && text.contains("A  pass → unknown"), "{text}");
}

/// What rules ask of history is asked of it whichever of the two states has such a rule.
#[test]
fn rules_of_history_are_judged_in_both() {
    let repo = site();
    let kept = "    - {id: stays, clause: says, unchanged: {after: closed}}\n";
    repo.write("policies/p.md", &policy("version: \"2\"\n", kept));
    repo.commit("2026-01-02T09:00:00Z", "Stays");
    let record = std::fs::read_to_string(repo.root().join("changes/D.yaml")).expect("a record");
    repo.write("changes/D.yaml", &record.replace("title: T", "title: Other"));
    repo.commit("2026-08-01T09:00:00Z", "An edit");
    repo.write("policies/p.md", &policy("version: \"3\"\n", "").replace("  rules:\n", ""));
    let text = what_if(&repo, &repo.root(), &[]);
    assert!(text.contains("D  fail → not-applicable"), "{text}");
    assert!(text.contains("A  pass → not-applicable"), "{text}");
}

#[test]
fn all_formats_tell_the_same() {
    let repo = site();
    let root = repo.root();
    repo.write("policies/p.md", &policy("version: \"2\"\n", STRICT));
    let text = what_if(&repo, &root, &["--format", "json"]);
    for part in [
        "\"schema\": \"tickmark.what-if/1\"",
        "\"old\": \"HEAD\",\n  \"new\": null,\n  \"reading\": \"newest\"",
        "\"records\": 4,\n    \"changed\": 2",
        "\"path\": \"changes/B.yaml\"",
        "\"rule\": \"soon\",\n          \"old\": \"pass\",\n          \"new\": \"fail\"",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let text = what_if(&repo, &root, &["--format", "markdown"]);
    assert!(text.starts_with("## Tickmark: 2 of 4 records would change verdict\n"), "{text}");
    assert!(
        text.contains("| urgent | 3 | 2 | 2 pass → fail |") && text.contains("- **B** (urgent, 2026-Q1): "),
        "{text}"
    );
}
