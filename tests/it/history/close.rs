//! `close`: what was signed off stays, and what differs from it later is never silent.

use std::fs;

use super::commit::said;
use super::repository::{CONFIGURATION, Repo};

const AS_OF: &str = "2026-07-10";

const POLICY: &str = "---
id: a
title: Rules
version: '1'
effective: 2026-01-01
changes:
  types: {normal: {title: Normal}}
  rules: [{id: described, clause: rules, fields: [description], due: requested}]
---
# Rules

Changes are described. <!-- clause: rules -->
";

fn record(id: &str, description: &str, day: &str) -> String {
    format!(
        "id: {id}\ntype: normal\ntitle: A change\n{description}status: requested\nauthor: a.ng\nrequested_at: {day}T09:00:00Z\n"
    )
}

/// Two changes in the second quarter and one in the third.
fn site() -> Repo {
    let repo = Repo::empty();
    repo.write("tickmark.yaml", &format!("{CONFIGURATION}changes: {{default_policy: a}}\n"));
    repo.write(
        "people.yaml",
        "- {id: a.ng, name: A. Ng}\n- {id: b.ito, kind: bot}\n- id: c.lead\n  roles: [{role: ciso, from: 2026-01-01}, {role: owner, from: 2027-01-01}]\n",
    );
    repo.write("policies/a.md", POLICY);
    repo.write("changes/1.yaml", &record("CHG-1", "description: One.\n", "2026-04-02"));
    repo.write("changes/2.yaml", &record("CHG-2", "", "2026-06-30"));
    repo.write("changes/3.yaml", &record("CHG-3", "description: Three.\n", "2026-07-01"));
    repo.write(".gitignore", "public/\ninternal/\n.tickmark/\n");
    save(&repo, "A site");
    repo
}

fn save(repo: &Repo, message: &str) {
    repo.git_at("2026-07-02T10:00:00Z", &repo.root(), &["add", "--all"]);
    repo.git_at("2026-07-02T10:00:00Z", &repo.root(), &["commit", "--quiet", "--message", message]);
}

#[track_caller]
fn run(repo: &Repo, arguments: &[&str], as_of: &str, status: i32, words: &[&str]) -> String {
    let output = repo.tickmark(&repo.root(), &[arguments, &["--as-of", as_of]].concat());
    let said = said(&output);
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {said}");
    for word in words {
        assert!(said.contains(word), "{arguments:?}: no `{word}` in\n{said}");
    }
    said
}

const CLOSE: &[&str] = &["close", "2026-Q2", "--by", "c.lead"];

fn closed(repo: &Repo) -> String {
    fs::read_to_string(repo.root().join("closed/2026-Q2.yaml")).expect("the file")
}

/// The page of the quarter's report.
fn report(repo: &Repo) -> String {
    fs::read_to_string(repo.root().join("internal/reports/2026-Q2/index.html")).expect("the report")
}

/// What its JSON says of the signing-off.
fn signing_off(repo: &Repo) -> serde_json::Value {
    let text = fs::read_to_string(repo.root().join("internal/reports/2026-Q2/report.json")).expect("report.json");
    let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let schema = serde_json::from_str(include_str!("../../schemas/report-1.schema.json")).expect("a schema");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    assert_eq!(validator.iter_errors(&report).map(|e| e.to_string()).collect::<Vec<_>>(), [""; 0]);
    report["closing"].clone()
}

#[test]
fn what_was_signed_off_is_written_and_read_again() {
    let repo = site();
    let commit = repo.git(&["rev-parse", "HEAD"]);
    let words = [
        "closed 2026-Q2 (April to June 2026)",
        "by c.lead (ciso)",
        &commit[..7],
        "2 records",
        "wrote closed/2026-Q2.yaml",
    ];
    run(&repo, CLOSE, AS_OF, 0, &words);
    let text = closed(&repo);
    for part in [
        "quarter: 2026-Q2",
        &format!("commit: {commit}"),
        "roles: [ciso]",
        "{id: changes, value: \"2\"}",
        "id: CHG-2, sha256: ",
    ] {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
    // Anybody can take the digest again.
    let whole = record("CHG-1", "description: One.\n", "2026-04-02");
    let digest = tickmark::site::hex(&tickmark::site::digest(whole.trim_end().as_bytes()));
    assert!(text.contains(&format!("{{id: CHG-1, sha256: \"{digest}\", verdict: pass}}")), "{text}");
    save(&repo, "Closed");
    let found = run(&repo, &["check", "--format", "concise"], AS_OF, 1, &[]);
    assert!(!found.contains("quarter/"), "{found}");
    run(&repo, &["build"], AS_OF, 0, &[]);
    let report = fs::read_to_string(repo.root().join("internal/reports/2026-Q2/index.html")).expect("the report");
    assert!(report.contains("Signed off as of 10 Jul 2026 by c.lead (ciso), from commit"), "{report}");
}

#[test]
fn what_differs_later_is_said_until_it_is_signed_off_with_a_reason() {
    let repo = site();
    run(&repo, CLOSE, AS_OF, 0, &[]);
    save(&repo, "Closed");
    // A record is mended afterwards, one goes, one moves in.
    repo.write("changes/1.yaml", &record("CHG-1", "", "2026-04-02"));
    repo.remove("changes/2.yaml");
    repo.write("changes/4.yaml", &record("CHG-4", "description: Four.\n", "2026-05-05"));
    save(&repo, "Edits");
    let words = [
        "quarter/restated",
        "of the closed quarter 2026-Q2",
        "`CHG-1` was edited: pass → fail",
        "`CHG-2` is gone",
        "`CHG-4` was not among them",
        "--restate REASON",
    ];
    // One was broken before, and one is now: only the records differ, but for nobody else's number.
    let said = run(&repo, &["check"], AS_OF, 1, &words[1..5]);
    assert!(said.contains("quarter/records-changed"), "{said}");
    repo.write("changes/4.yaml", &record("CHG-4", "", "2026-05-05"));
    save(&repo, "One more");
    run(&repo, &["check"], AS_OF, 1, &words);
    run(&repo, &["check"], AS_OF, 1, &["kept every rule: 1 of 2 → 0 of 2", "broke a rule: 1 of 2 → 2 of 2"]);
    run(&repo, &["build"], AS_OF, 0, &[]);
    let text = report(&repo);
    for part in
        ["Today’s numbers are not what was signed off", "No reason is given yet", "1 of 2", "was edited: pass → fail"]
    {
        assert!(text.contains(part), "no `{part}`");
    }
    let closing = signing_off(&repo);
    assert_eq!(closing["differs"], true);
    let today = &closing["restatements"][0];
    assert_eq!(today["reason"], serde_json::Value::Null);
    assert_eq!(today["numbers"][0]["before"], "1 of 2", "{today}");
    assert_eq!(today["records"][0]["id"], "CHG-1", "{today}");
    // Signed off again, what stood before stays, and the reason is shown.
    run(
        &repo,
        CLOSE,
        AS_OF,
        2,
        &["2026-Q2 is closed: signed off as of 10 Jul 2026 by c.lead (ciso)", "`--restate REASON`"],
    );
    let restate = [CLOSE, &["--restate", "CHG-2 was a \"duplicate\": merged"]].concat();
    let before = closed(&repo);
    run(&repo, &restate, "2026-08-01", 0, &["added to closed/2026-Q2.yaml", "1 of 2 → 0 of 2", "CHG-2 is gone"]);
    assert!(closed(&repo).starts_with(before.trim_end()), "{}", closed(&repo));
    save(&repo, "Restated");
    let found = run(&repo, &["check"], "2026-08-01", 1, &[]);
    assert!(!found.contains("quarter/"), "{found}");
    run(&repo, &["build"], "2026-08-01", 0, &[]);
    let text = report(&repo);
    for part in
        ["Signed off as of 1 Aug 2026", "Restated: signed off as of 1 Aug 2026", "Reason given: CHG-2 was a", "0 of 2"]
    {
        assert!(text.contains(part), "no `{part}`");
    }
    assert!(!text.contains("Today’s numbers"), "nothing differs any more");
    let closing = signing_off(&repo);
    assert_eq!(
        (&closing["differs"], &closing["restatements"][0]["numbers"][0]["after"]),
        (&false.into(), &"0 of 2".into())
    );
    run(&repo, &restate, "2026-08-01", 2, &["nothing differs"]);
    // Judged as of a day before it was signed off, nothing can be held against it.
    let found = run(&repo, &["check"], "2026-07-20", 1, &[]);
    assert!(!found.contains("quarter/"), "{found}");
}

/// Programs read what was signed off: its schema accepts what is written, restated too, and not what is damaged.
#[test]
fn what_is_written_is_what_its_schema_says() {
    let repo = site();
    run(&repo, CLOSE, AS_OF, 0, &[]);
    save(&repo, "Closed");
    repo.write("changes/1.yaml", &record("CHG-1", "", "2026-04-02"));
    save(&repo, "Edited");
    run(&repo, &[CLOSE, &["--restate", "none: it was wrong"]].concat(), AS_OF, 0, &[]);
    let printed = run(&repo, &["schema", "closed"], AS_OF, 0, &[]);
    let validator = crate::schema::validator(&printed);
    let faults = |text: &str| {
        let document = crate::schema::yaml::documents(text).remove(0);
        validator.iter_errors(&document).map(|e| format!("{}: {e}", e.instance_path())).collect::<Vec<_>>()
    };
    let text = closed(&repo);
    assert_eq!(faults(&text), [""; 0], "{text}");
    for (from, to) in
        [("seal:", "seel:"), ("value: ", "valu: "), ("as_of: 2026", "as_of: soon 2026"), ("quarter:", "quartre:")]
    {
        assert!(!faults(&text.replacen(from, to, 1)).is_empty(), "{to}");
    }
    run(&repo, &["schema", "closed", "--write"], AS_OF, 2, &["leave `--site` and `--write` out"]);
}

#[test]
fn what_may_not_be_signed_off_is_refused() {
    let repo = site();
    run(&repo, &["close", "2026-Q3", "--by", "c.lead"], AS_OF, 2, &["2026-Q3 runs until the end of 30 September 2026"]);
    run(&repo, CLOSE, "2026-06-30", 2, &["runs until the end of 30 June 2026"]);
    run(&repo, &["close", "Q2", "--by", "c.lead"], AS_OF, 2, &["`Q2` is no quarter"]);
    run(
        &repo,
        &["close", "2026-Q2", "--by", "c.laed"],
        AS_OF,
        2,
        &["`c.laed` is not in people.yaml", "did you mean `c.lead`?"],
    );
    run(&repo, &["close", "2026-Q2", "--by", "b.ito"], AS_OF, 2, &["is no person"]);
    run(&repo, &["close", "2026-Q2", "--by", "a.ng"], AS_OF, 2, &["holds no role on 10 July 2026"]);
    run(&repo, &[CLOSE, &["--restate", "x"]].concat(), AS_OF, 2, &["nothing to restate"]);
    repo.write("changes/5.yaml", &record("CHG-5", "", "2026-05-05"));
    run(&repo, CLOSE, AS_OF, 2, &["holds what is not committed"]);
    assert!(!repo.root().join("closed").exists());
}

#[test]
fn mistakes_in_what_was_signed_off_are_located() {
    let repo = site();
    run(&repo, CLOSE, AS_OF, 0, &[]);
    let good = closed(&repo);
    let cases = [
        ("quarter: 2026-Q2", "quarter: 2026-Q1", "closed/2026-Q2.yaml:3:10", "this file holds quarter `2026-Q1`"),
        ("    as_of:", "    as_off:", "closed/2026-Q2.yaml:7:5", "a closing has no key `as_off`"),
        ("sha256: \"", "sha256: \"Z", "closed/2026-Q2.yaml:", "this is no SHA-256"),
        ("- by: c.lead", "- by: c.laed", "closed/2026-Q2.yaml:5:9", "`c.laed` is not in people.yaml"),
        ("quarter: 2026-Q2", "--- \nquarter: 2026-Q2\n---\nquarter: 2026-Q2", "closed/2026-Q2.yaml:", ""),
    ];
    for (from, to, place, words) in cases {
        assert!(good.contains(from), "no `{from}` in\n{good}");
        repo.write("closed/2026-Q2.yaml", &good.replacen(from, to, 1));
        let found = run(&repo, &["check", "--format", "concise"], AS_OF, 1, &[place, words]);
        assert!(!found.contains("quarter/restated"), "{found}");
    }
}

#[cfg(feature = "pdf")]
#[test]
fn paper_says_it_too() {
    let repo = site();
    run(&repo, CLOSE, AS_OF, 0, &[]);
    save(&repo, "Closed");
    let of_paper = || {
        run(&repo, &["report", "2026-Q2", "-o", "report.pdf"], AS_OF, 0, &[]);
        crate::paper::text_of(&repo.root().join("report.pdf"))
    };
    let words = of_paper();
    assert!(words.contains("Signed off as of 10 Jul 2026 by c.lead (ciso), from commit"), "{words}");
    assert!(!words.contains("not what was signed off"), "{words}");
    repo.write("changes/1.yaml", &record("CHG-1", "", "2026-04-02"));
    save(&repo, "Mended");
    let words = of_paper();
    for part in ["Today’s numbers are not what was signed off", "No reason is given yet.", "Signed off Now", "CHG-1"]
    {
        assert!(words.contains(part), "no `{part}` in {words}");
    }
    run(&repo, &["close", "2026-Q2", "--by", "c.lead", "--restate", "A record was mended."], AS_OF, 0, &[]);
    save(&repo, "Closed again");
    let words = of_paper();
    for part in ["Restated: ", "Reason given: A record was mended.", "Signed off Then"] {
        assert!(words.contains(part), "no `{part}` in {words}");
    }
}
