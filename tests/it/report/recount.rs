//! Every number of every quarter, counted again by `tests/oracle/recount.py` from the YAML: on the demonstration, and on a
//! generated site of ten thousand records. Its own eyes are tested, too.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

fn tickmark(root: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tickmark"))
        .arg("-C")
        .arg(root)
        .args(["--as-of", "2026-11-21", "--quiet"])
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", "/nonexistent")
        .output()
        .expect("the program runs")
}

/// Builds a site into a folder, with what `check` says beside it.
fn built(root: &Path) -> TempDir {
    let out = tempfile::tempdir().expect("a folder");
    let path = out.path().to_str().expect("a path");
    let built = tickmark(root, &["build", "--output", path]);
    assert!(built.status.code().is_some_and(|c| c < 2), "{}", String::from_utf8_lossy(&built.stderr));
    let said = tickmark(root, &["check", "--format", "json"]).stdout;
    fs::write(out.path().join("check.json"), said).expect("the answer is written");
    out
}

fn recount(root: &Path, out: &Path) -> (bool, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/recount.py");
    let ran = Command::new("python3")
        .arg(script)
        .args([root, &out.join("check.json"), &out.join("internal")])
        .output()
        .expect("python3 is there; `./test` installs it");
    let said = [ran.stdout, ran.stderr].map(|s| String::from_utf8_lossy(&s).into_owned()).concat();
    (ran.status.success(), said)
}

/// What is wrong with every report.json of a site.
fn mistakes(out: &Path) -> Vec<String> {
    let schema: Value = serde_json::from_str(include_str!("../../schemas/report-1.schema.json")).expect("a schema");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let mut found = Vec::new();
    for folder in fs::read_dir(out.join("internal/reports")).expect("reports") {
        let file = folder.expect("a report").path().join("report.json");
        let report: Value = serde_json::from_slice(&fs::read(&file).expect("report.json")).expect("JSON");
        found.extend(validator.iter_errors(&report).map(|e| format!("{}: {}: {e}", file.display(), e.instance_path())));
    }
    found
}

#[test]
fn the_demonstration_counted_again_is_the_same() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = built(root);
    assert_eq!(mistakes(out.path()), [""; 0]);
    let (same, said) = recount(root, out.path());
    assert!(same, "{said}");
    assert!(said.contains(" changes, ") && said.contains(" quarters, "), "{said}");

    // It sees what is not the same: a number, a row, a day.
    let folder = out.path().join("internal/reports/2026-Q3");
    let json = fs::read_to_string(folder.join("report.json")).expect("report.json");
    for (file, good, bad, seen) in [
        ("report.json", "\"id\":\"kept\",", "\"id\":\"kept\",\"n\":1,", "2026-Q3: kept"),
        ("report.json", "\"held\":\"did not hold\",\"kept\":", "\"held\":\"did not hold\",\"kept\":9", ": kept 9"),
        ("changes.csv", "\r\n", "\r\nCHG-0,", "changes.csv lists other changes"),
    ] {
        let path = folder.join(file);
        let text = fs::read_to_string(&path).expect("a file");
        // Of two keys the last counts: the first `n` that follows is taken away.
        let broken = if bad.contains("\"n\":1") {
            let (before, after) = text.split_once(good).expect("the number");
            format!("{before}{good}{}", after.replacen("\"n\":", "\"n\":7", 1))
        } else {
            text.replacen(good, bad, 1)
        };
        fs::write(&path, broken).expect("a file");
        let (same, said) = recount(root, out.path());
        assert!(!same && said.contains(seen), "{file}: {said}");
        fs::write(&path, text).expect("a file");
    }
    assert_eq!(json, fs::read_to_string(folder.join("report.json")).expect("report.json"));
}

/// Numbers that look random and are not: the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

const SITE: &str =
    "site: {name: N, organisation: N, base_url: 'https://n.example/', language: en, contact: n@n.example}
calendar: {time_zone: Pacific/Apia, fiscal_year_starts: 7, holidays: [2024-12-25, 2025-12-25, 2026-12-25, 2027-12-25]}
changes: {default_policy: p, history_from: 2030-01-01}
targets: {kept: 90%, failure-rate: 5%, reviewed: 95%}
";

const PEOPLE: &str = "- {id: a.ng, name: A, kind: person, roles: [{role: engineer, from: 2020-01-01}]}
- {id: b.ito, name: B, kind: person, roles: [{role: lead, from: 2020-01-01}]}
";

const POLICY: &str = "---
id: p
version: '1.0'
effective: 2020-01-01
owner: lead
changes:
  types: {normal: {title: Normal}, standard: {title: Standard}, emergency: {title: Emergency, expedited: true}}
  freezes: [{name: Year end, from: 2025-12-20, until: 2026-01-05, except: [emergency]}]
  windows: {mornings: {days: [mon, tue, wed, thu, fri, sat], hours: '00:00-12:00', holidays: open}}
  rules:
    - {id: said, clause: p, fields: [purpose]}
    - {id: approved, clause: p, approval: {any_of: [lead], not_by: [author], before: deployed}}
    - {id: reviewed, clause: p, for: [emergency], deadline: {of: reviewed, within: 2 days, after: deployed}}
    - {id: documented, clause: p, for: [emergency], deadline: {of: documented, within: 24 hours, after: deployed}}
    - {id: morning, clause: p, for: [standard], level: warning, window: mornings}
    - {id: frozen, clause: p, freeze: true}
---
# P {#p}

Changes are made so.
";

fn instant(minutes: u64) -> String {
    let seconds = 1_735_689_600 + i64::try_from(minutes * 60).expect("small");
    jiff::Timestamp::from_second(seconds).expect("an instant").to_string()
}

/// What came of it, for one that was deployed.
fn outcome(n: u64, asked: u64, deployed: u64, dice: &mut Dice, text: &mut String) {
    let failed = dice.roll(15) == 0;
    let _ = writeln!(
        text,
        "deployments:\n  - {{environment: production, at: {}, result: {}}}\n  - {{environment: staging, at: {}, result: succeeded}}",
        instant(deployed),
        if failed { "failed" } else { "succeeded" },
        instant(asked)
    );
    if failed || dice.roll(20) == 0 {
        let _ = writeln!(
            text,
            "  - {{environment: production, at: {}, result: succeeded, rollback: {}}}",
            instant(deployed + 1 + dice.roll(600)),
            dice.roll(2) == 0
        );
    }
    if dice.roll(10) > 0 {
        let _ = writeln!(
            text,
            "outcome: {{result: {}}}",
            ["successful", "successful", "successful", "successful", "rolled-back", "failed", "partial"]
                [dice.roll(7) as usize]
        );
    }
    if dice.roll(9) == 0 {
        let _ = writeln!(
            text,
            "incidents:\n  - {{id: INC-{n}, severity: P2, relation: {}, at: {}}}",
            ["caused", "triggered-by"][dice.roll(2) as usize],
            instant(deployed)
        );
    }
}

/// One record; times lie in 2025 and 2026, many of them near the ends of quarters.
fn record(n: u64, dice: &mut Dice) -> String {
    let asked = dice.roll(1_000_000);
    let kind = ["normal", "normal", "normal", "standard", "emergency", "nonsense"]
        [dice.roll(if n.is_multiple_of(50) { 6 } else { 5 }) as usize];
    let mut text = format!(
        "id: R-{n:05}\ntype: {kind}\ntitle: '{}'\nstatus: closed\nauthor: a.ng\nrequested_at: {}\n",
        ["=1+1", "-x", "plain", "'' quoted"][dice.roll(4) as usize],
        instant(asked)
    );
    if dice.roll(10) > 0 {
        text += "purpose: to work\n";
    }
    let systems = ["gateway", "ledger", "mail", "a.b", "a-b"];
    let _ = writeln!(text, "systems: [{}, {}]", systems[dice.roll(5) as usize], systems[dice.roll(5) as usize]);
    let deployed = asked + dice.roll(5000);
    if dice.roll(20) > 0 {
        let _ = writeln!(
            text,
            "approvals:\n  - {{by: b.ito, role: lead, medium: recorded, at: {}}}",
            instant(deployed + 200 - dice.roll(2000).min(deployed))
        );
    }
    if dice.roll(3) > 0 {
        let _ = writeln!(
            text,
            "pull_requests:\n  - {{url: 'https://n.example/{n}', opened_at: {}, merged_at: {}}}",
            instant(asked + dice.roll(4000)),
            instant(deployed)
        );
    }
    if dice.roll(12) > 0 {
        outcome(n, asked, deployed, dice, &mut text);
    }
    if kind == "emergency" && dice.roll(8) > 0 {
        let _ = writeln!(
            text,
            "documented_at: {}\npost_change_review: {{at: {}, by: b.ito, preventable: no}}",
            instant(deployed + dice.roll(1800)),
            instant(deployed + dice.roll(4000))
        );
    }
    let _ = writeln!(text, "closed_at: {}", instant(deployed + 10_000));
    text
}

fn generated(records: u64) -> TempDir {
    let site = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let full = site.path().join(path);
        fs::create_dir_all(full.parent().expect("a folder")).expect("a folder");
        fs::write(full, text).expect("a file");
    };
    write("tickmark.yaml", SITE);
    write("people.yaml", PEOPLE);
    write("policies/p.md", POLICY);
    write(
        "waivers/w.yaml",
        "id: W-1\nrule: said\npolicy: p\nwhere: {type: standard, systems: [mail]}\nreason: r\nrequested_by: a.ng\napproved_by: b.ito\napproved_at: 2025-01-01T00:00:00Z\nexpires: 2026-06-30\n",
    );
    let mut dice = Dice(7);
    for file in 0..records.div_ceil(500) {
        let part = (file * 500..((file + 1) * 500).min(records)).map(|n| record(n, &mut dice));
        write(&format!("changes/{file}.yaml"), &part.collect::<Vec<_>>().join("---\n"));
    }
    site
}

#[test]
fn ten_thousand_records_counted_again_are_the_same() {
    let site = generated(10_000);
    let out = built(site.path());
    assert_eq!(mistakes(out.path()), [""; 0]);
    let (same, said) = recount(site.path(), out.path());
    assert!(same, "{said}");
    assert!(said.starts_with("10000 changes, 8 quarters, "), "{said}");
}
