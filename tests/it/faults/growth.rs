//! Fault 35: ten times the records cost about ten times as much, whatever is done with them. How much that is, `./bench`
//! says; here, work of a processor is held against work of the same processor a moment before.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// At most so many times the work for ten times the records. Twice the work for each record of the larger site, or a
/// search through all of them for each, is far beyond.
const MOST: f64 = 12.0;

const SITE: &str =
    "site: {name: N, organisation: N, base_url: 'https://n.example/', language: en, contact: n@n.example}
calendar: {time_zone: UTC, holidays: []}
changes: {default_policy: p}
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
  types: {normal: {title: Normal}, emergency: {title: Emergency, expedited: true}}
  rules:
    - {id: said, clause: p, fields: [purpose]}
    - {id: approved, clause: p, approval: {any_of: [lead], not_by: [author], before: deployed}}
    - {id: reviewed, clause: p, for: [emergency], deadline: {of: reviewed, within: 2 days, after: deployed}}
---
# P {#p}

Changes are made so.
";

/// Records of twelve quarters, a hundred to a file; one in ten breaks a rule.
fn site(records: usize) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    write("tickmark.yaml", SITE);
    write("people.yaml", PEOPLE);
    write("policies/p.md", POLICY);
    let mut text = String::new();
    for number in 0..records {
        let (day, month, year) = (number % 28 + 1, number / 28 % 12 + 1, 2023 + number % 3);
        let (kind, by) = (["normal", "emergency"][number % 7 / 6], ["b.ito", "a.ng"][number % 10 / 9]);
        let _ = write!(
            text,
            "---
id: CHG-{year}-{number:06}
policy: p
type: {kind}
title: Change {number}
requested_at: {year}-{month:02}-{day:02}T07:00:00Z
closed_at: {year}-{month:02}-{day:02}T12:00:00Z
purpose: It is wanted
status: closed
author: a.ng
systems: [s{}, t{}]
approvals: [{{by: {by}, role: lead, medium: recorded, at: {year}-{month:02}-{day:02}T08:00:00Z}}]
deployments: [{{environment: production, at: {year}-{month:02}-{day:02}T09:00:00Z, result: succeeded}}]
",
            number % 40,
            number % 97,
        );
        if number % 100 == 99 {
            write(&format!("changes/{}.yaml", number / 100), &text);
            text.clear();
        }
    }
    folder
}

/// Seconds of processor that a job takes, the least of two runs: what else the machine does only adds.
fn work(site: &Path, job: &str) -> f64 {
    let once = || {
        let out = tempfile::tempdir().expect("a folder");
        let command = match job {
            "build" => format!("build --output {}", out.path().display()),
            job => format!("{job} --format json"),
        };
        let ran = Command::new("sh")
            .arg("-c")
            .arg(format!("\"$0\" -C \"$1\" --quiet --as-of 2026-11-21 {command} >/dev/null 2>&1; echo $?; times"))
            .args([env!("CARGO_BIN_EXE_tickmark").as_ref(), site.as_os_str()])
            .output()
            .expect("a shell");
        let said = String::from_utf8(ran.stdout).expect("text");
        let mut lines = said.lines();
        assert!(matches!(lines.next(), Some("0" | "1")), "{job} is done");
        let seconds = |time: &str| {
            let (minutes, seconds) = time.trim_end_matches('s').split_once('m').expect("minutes and seconds");
            minutes.parse::<f64>().expect("minutes") * 60.0 + seconds.parse::<f64>().expect("seconds")
        };
        lines.nth(1).expect("the children's times").split(' ').map(seconds).sum::<f64>()
    };
    once().min(once())
}

fn grows_in_step(job: &str, sizes: &[usize]) {
    let took: Vec<f64> = sizes.iter().map(|records| work(site(*records).path(), job)).collect();
    for two in took.windows(2) {
        assert!(two[1] < two[0] * MOST, "{job}: {took:?} seconds for {sizes:?} records");
    }
}

#[test]
fn ten_times_the_records_take_about_ten_times_the_work_to_check() {
    grows_in_step("check", &[10_000, 100_000]);
}

#[test]
fn ten_times_the_records_take_about_ten_times_the_work_to_build() {
    grows_in_step("build", &[400, 4_000]);
}
