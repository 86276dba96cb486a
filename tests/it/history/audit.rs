//! `audit`: a folder from which an auditor can draw the sample again, and see what is tested of each change.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::commit::said;
use super::repository::{CONFIGURATION, Repo};

const AS_OF: &str = "2026-11-21";

const POLICY: &str = "---
id: a
title: Rules
version: '2'
effective: 2026-02-01
changes:
  types: {normal: {title: Normal}, emergency: {title: Emergency, expedited: true}}
  rules:
    - {id: described, clause: rules, fields: [description], due: requested}
    - {id: agreed, clause: rules, for: [normal], approval: {at_least: 1, not_by: [author], before: deployed}}
---
# Rules

Changes are described. <!-- clause: rules -->
";

fn record(number: usize) -> String {
    let kind = if number.is_multiple_of(7) { "emergency" } else { "normal" };
    let description = if number.is_multiple_of(5) { "" } else { "description: =HYPERLINK(1)\n" };
    format!(
        "id: CHG-{number}\ntype: {kind}\ntitle: \"=cmd {number}\"\n{description}status: requested\nauthor: a.ng\nrequested_at: 2026-07-{:02}T09:00:00Z\nlinks: {{issue: https://issues.example/{number}}}\n",
        number % 28 + 1
    )
}

/// Forty changes of a quarter, a few of the next, and a policy with two versions.
fn site() -> Repo {
    let repo = Repo::empty();
    repo.write("tickmark.yaml", &format!("{CONFIGURATION}changes: {{default_policy: a}}\n"));
    repo.write("people.yaml", "- {id: a.ng, name: A. Ng, roles: [{role: engineer, from: 2024-01-01}]}\n- {id: old, name: O. Ld, roles: [{role: ciso, from: 2020-01-01, until: 2026-06-30}]}\n");
    repo.write(
        "policies/a.md",
        &POLICY.replace("version: '2'\neffective: 2026-02-01", "version: '1'\neffective: 2026-01-01"),
    );
    repo.commit("2026-01-01T09:00:00Z", "A site");
    repo.write("policies/a.md", &POLICY.replace("are described", "are always described"));
    for number in 1..=40 {
        repo.write(&format!("changes/{number}.yaml"), &record(number));
    }
    repo.write("changes/later.yaml", &record(41).replace("2026-07-", "2026-10-"));
    repo.write("changes/nameless.yaml", &record(3).replace("id: CHG-3\n", ""));
    repo.commit("2026-02-01T09:00:00Z", "Records");
    repo
}

#[track_caller]
fn run(repo: &Repo, arguments: &[&str], status: i32, words: &[&str]) {
    let output = repo.tickmark(&repo.root(), &[arguments, &["--as-of", AS_OF]].concat());
    let said = said(&output);
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {said}");
    for word in words {
        assert!(said.contains(word), "{arguments:?}: no `{word}` in\n{said}");
    }
}

fn text(folder: &Path, path: &str) -> String {
    fs::read_to_string(folder.join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Draws the sample of a folder again with a script that shares nothing with the program.
#[track_caller]
fn by_hand(folder: &Path, size: &[&str], drawn: usize) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/audit_sample.py");
    let output = Command::new("python3").arg(script).arg(folder).args(size).output().expect("python3 is installed");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    assert_eq!(said.trim(), drawn.to_string());
}

#[test]
fn the_sample_can_be_drawn_again_by_hand() {
    let repo = site();
    let words = ["2026-Q3 holds 41 changes; 15 drawn", "of 5 emergency", "begin with audit-2026-Q3/README.md"];
    run(&repo, &["audit", "2026-Q3", "--seed", "48151623"], 0, &words);
    let folder = repo.root().join("audit-2026-Q3");
    by_hand(&folder, &[], 15);
    for (n, size, seed) in [(1, "7", "a"), (2, "1", "b"), (3, "400", "c d")] {
        let output = format!("../audit-{n}");
        run(&repo, &["audit", "2026-Q3", "--seed", seed, "--sample", size, "-o", &output], 0, &[]);
        let drawn = [7, 2, 41][n - 1];
        by_hand(&repo.beside(&format!("audit-{n}")), &[size], drawn);
    }
    // A changed sample is seen by the script.
    let sample = repo.beside("audit-1").join("sample.csv");
    let changed = text(&repo.beside("audit-1"), "sample.csv").replacen("CHG-", "CHG-9", 1);
    fs::write(&sample, changed).expect("written");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/audit_sample.py");
    let again = Command::new("python3").arg(script).arg(repo.beside("audit-1")).arg("7").output().expect("python3");
    assert!(!again.status.success());
}

#[test]
fn it_holds_what_an_auditor_asks_for() {
    let repo = site();
    run(&repo, &["audit", "2026-Q3"], 0, &["no seed was given: `2026-Q3` is", "not compared"]);
    let folder = repo.root().join("audit-2026-Q3");
    let population = text(&folder, "population.csv");
    assert_eq!(population.lines().count(), 42);
    assert!(population.contains("'=cmd 1") && !population.contains(",=cmd"), "formulas are made harmless");
    assert!(population.contains("changes/nameless.yaml:1,"), "one without an id has its place: {population}");
    assert!(!population.contains("CHG-41"), "the next quarter's is not in it");
    let commit = repo.git(&["rev-parse", "HEAD"]);
    let source = text(&folder, "population-source.csv");
    for part in [&commit, "Records,41", "Filters,none", "Query,", "2026-Q3"] {
        assert!(source.contains(part), "no `{part}` in\n{source}");
    }
    let matrix = text(&folder, "matrix.csv");
    assert!(matrix.starts_with("Id,Policy,Version,Verdict,a: agreed,a: described\r\n"), "{matrix}");
    assert!(matrix.contains("CHG-5,a,2,fail,pending,fail"), "{matrix}");
    assert!(matrix.contains("CHG-7,a,2,pass,,pass"), "the rule does not bind emergencies: {matrix}");
    assert_eq!(text(&folder, "verdicts.csv").lines().count(), 1 + 41 + 36);
    let workpaper = text(&folder, "workpaper.csv");
    assert_eq!(workpaper.lines().count(), 1 + 15 * 12);
    for part in
        ["Way back,", "not covered by a rule", "no rule for this change", "described: pass", "https://issues.example/"]
    {
        assert!(workpaper.contains(part), "no `{part}`");
    }
    let page = text(&folder, "workpaper.html");
    for part in ["Audit workpaper 2026-Q3", "=HYPERLINK(1)", "Segregation of duties", "href=\"records/CHG-"] {
        assert!(page.contains(part), "no `{part}`");
    }
    assert!(folder.join("policies/a/2.md").exists() && text(&folder, "policies/a/1..2.md").contains("always"));
    let people = text(&folder, "people.csv");
    assert!(
        people.contains("a.ng,A. Ng,person,engineer,2024-01-01,") && people.contains("old,O. Ld,person,,,"),
        "{people}"
    );
    for file in ["population.xlsx", "matrix.xlsx"] {
        assert_eq!(&fs::read(folder.join(file)).expect("a spreadsheet")[..2], b"PK");
    }
}

#[test]
fn it_is_the_same_again_and_verify_says_so() {
    let repo = site();
    for folder in ["../one", "../two"] {
        run(&repo, &["audit", "2026-Q3", "--seed", "x", "-o", folder], 0, &[]);
    }
    let manifest = |name: &str| text(&repo.beside(name), "manifest.json");
    assert_eq!(manifest("one"), manifest("two"));
    run(&repo, &["verify", "../one"], 0, &["every file is as manifest.json lists it", "the same, byte for byte"]);
    let page = repo.beside("one").join("workpaper.csv");
    let text = fs::read_to_string(&page).expect("a text").replacen("not covered by a rule", "pass", 1);
    fs::write(&page, text).expect("written");
    run(&repo, &["verify", "../one"], 1, &["changed  ../one/workpaper.csv:", "not covered by a rule", "rebuilt"]);
}

#[test]
fn nothing_that_stands_is_written_over() {
    let repo = site();
    run(&repo, &["audit", "2026-Q3"], 0, &[]);
    let before = text(&repo.root(), "audit-2026-Q3/manifest.json");
    run(&repo, &["audit", "2026-Q3", "--seed", "other"], 2, &["is not empty"]);
    assert_eq!(text(&repo.root(), "audit-2026-Q3/manifest.json"), before);
    run(&repo, &["audit", "2026-Q3", "-o", "changes/audit"], 2, &["lies in changes/, which is the site's own"]);
    run(&repo, &["audit", "2026-Q3", "--sample", "0", "-o", "x"], 2, &["a sample of none"]);
    run(&repo, &["audit", "third", "-o", "x"], 2, &["`third` is no quarter"]);
    assert!(!repo.root().join("x").exists());
}
