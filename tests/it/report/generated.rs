//! A site of many records in git, beside the repository of what it deploys: with edits after closing, deleted records,
//! deployments nobody recorded, recorded commits that stand nowhere, and waivers of every kind. The same in every run.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

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
changes: {default_policy: p, history_from: 2025-07-01}
targets: {kept: 90%, failure-rate: 5%, reviewed: 95%, waivers-unused: 50%, edited-after-closing: 1%}
repositories: [{path: ../product, branch: main}]
";

/// Used by scope and by name, expired and unused, ending soon, and approved by whoever asked.
const WAIVERS: &str = "id: W-1
rule: said
policy: p
where: {type: standard, systems: [mail]}
reason: r
requested_by: a.ng
approved_by: b.ito
approved_at: 2025-01-01T00:00:00Z
expires: 2026-06-30
---
id: W-2
rule: approved
changes: [R-00001, R-00002, R-00003, R-00004, R-00005, R-00006, R-00007, R-00008]
reason: r
requested_by: a.ng
approved_by: b.ito
approved_at: 2026-11-01T00:00:00Z
expires: 2026-12-20
---
id: W-3
rule: frozen
changes: [R-00009]
reason: r
requested_by: a.ng
approved_by: b.ito
approved_at: 2025-02-01T00:00:00Z
expires: 2026-01-15
---
id: W-4
rule: reviewed
where: {type: emergency}
reason: r
requested_by: b.ito
approved_by: b.ito
approved_at: 2025-01-01T00:00:00Z
expires: 2026-12-31
---
id: W-5
rule: documented
where: {type: emergency, systems: [gateway]}
reason: r
requested_by: a.ng
approved_by: b.ito
approved_at: 2026-10-01T00:00:00Z
expires: 2026-11-30
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
    - {id: kept-for-years, clause: p, retained: 3 years}
    - {id: everything, clause: p, complete: true}
---
# P {#p}

Changes are made so.
";

fn instant(minutes: u64) -> String {
    let seconds = 1_735_689_600 + i64::try_from(minutes * 60).expect("small");
    jiff::Timestamp::from_second(seconds).expect("an instant").to_string()
}

/// The commit that a record names: some the whole of one that is there, some its beginning, a few one that is nowhere.
fn commit(n: u64, commits: &[String]) -> String {
    let of = |at: u64| &commits[usize::try_from(at).expect("small") % commits.len()];
    match n {
        n if n % 997 == 0 => ", commit: 0123456789abcdef0123456789abcdef01234567".to_owned(),
        n if n % 60 == 0 => format!(", commit: {}", of(n / 30)),
        n if n % 30 == 0 => format!(", commit: {}", &of(n / 30)[..12]),
        _ => String::new(),
    }
}

/// What came of it, for one that was deployed.
fn outcome(n: u64, asked: u64, deployed: u64, commits: &[String], dice: &mut Dice, text: &mut String) {
    let failed = dice.roll(15) == 0;
    let _ = writeln!(
        text,
        "deployments:\n  - {{environment: production, at: {}, result: {}{}}}\n  - {{environment: staging, at: {}, result: succeeded}}",
        instant(deployed),
        if failed { "failed" } else { "succeeded" },
        commit(n, commits),
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
fn record(n: u64, commits: &[String], dice: &mut Dice) -> String {
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
        outcome(n, asked, deployed, commits, dice, &mut text);
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

fn git(folder: &Path, arguments: &[&str], input: &[u8]) -> String {
    let mut git = Command::new("git")
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", "/nonexistent")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("git is installed");
    git.stdin.take().expect("a pipe").write_all(input).expect("git reads");
    let output = git.wait_with_output().expect("git ends");
    assert!(output.status.success(), "git {arguments:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn begun(commits: &mut Vec<u8>, branch: &str, mark: u64, seconds: u64, message: &str) {
    let who = format!("A. Ng <a.ng@n.example> {seconds} +0000");
    let _ = writeln!(commits, "commit refs/heads/{branch}\nmark :{mark}\nauthor {who}\ncommitter {who}");
    let _ = write!(commits, "data {}\n{message}\n", message.len());
}

/// The repository of what is deployed: squash merges, pushes, merges of branches; the ids of its commits, oldest first.
fn product(folder: &Path) -> Vec<String> {
    let mut stream = Vec::new();
    for n in 0..420 {
        let at = 1_735_689_600 + n * 140_000;
        let message = match n {
            n if n % 11 == 3 => format!("Work on r-{n:05}, again"),
            n if n % 5 == 0 => "Work".to_owned(),
            _ => format!("Work (#{n})"),
        };
        if n > 0 && n % 50 == 7 {
            begun(&mut stream, "side", 10_000 + n, at - 1000, "Work aside");
            let _ = writeln!(stream, "from :{n}");
            begun(&mut stream, "main", n + 1, at, &format!("Merge pull request #{n} from side"));
            let _ = writeln!(stream, "from :{n}\nmerge :{}", 10_000 + n);
        } else {
            begun(&mut stream, "main", n + 1, at, &message);
            if n > 0 {
                let _ = writeln!(stream, "from :{n}");
            }
        }
    }
    fs::create_dir(folder).expect("a folder");
    git(folder, &["init", "--quiet", "--initial-branch=main"], b"");
    git(folder, &["fast-import", "--quiet"], &stream);
    git(folder, &["rev-list", "--reverse", "main"], b"").lines().map(str::to_owned).collect()
}

/// A file of a commit.
fn holding(stream: &mut Vec<u8>, path: &str, text: &str) {
    let _ = write!(stream, "M 644 inline {path}\ndata {}\n{text}\n", text.len());
}

fn edited(record: &mut String) {
    *record = record.replacen("status: closed", "description: told later\nstatus: closed", 1);
}

/// So many records in `site`, the product beside it in `product`.
pub(super) fn generated(records: u64) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let commits = product(&folder.path().join("product"));
    let mut dice = Dice(7);
    let mut files: Vec<Vec<String>> = Vec::new();
    for from in (0..records).step_by(500) {
        files.push((from..(from + 500).min(records)).map(|n| record(n, &commits, &mut dice)).collect());
    }
    let mut stream = Vec::new();
    begun(&mut stream, "main", 1, 1_751_328_000, "A site");
    for (path, text) in
        [("tickmark.yaml", SITE), ("people.yaml", PEOPLE), ("policies/p.md", POLICY), ("waivers/w.yaml", WAIVERS)]
    {
        holding(&mut stream, path, text);
    }
    for (number, file) in files.iter().enumerate() {
        holding(&mut stream, &format!("changes/{number}.yaml"), &file.join("---\n"));
    }
    // Each commit edits some records of a file, takes one away, and says something in a comment of another.
    for (step, file) in files.iter_mut().enumerate().take(13) {
        (0..400).step_by(9).for_each(|at| edited(&mut file[at]));
        file[450].push_str("# seen\n");
        file.remove(401 + step);
        begun(&mut stream, "main", step as u64 + 2, 1_751_328_000 + (step as u64 + 1) * 3_300_000, "Edits");
        holding(&mut stream, &format!("changes/{step}.yaml"), &file.join("---\n"));
    }
    let site = folder.path().join("site");
    fs::create_dir(&site).expect("a folder");
    git(&site, &["init", "--quiet", "--initial-branch=main"], b"");
    git(&site, &["fast-import", "--quiet"], &stream);
    git(&site, &["reset", "--quiet", "--hard", "main"], b"");
    // And something that nobody has committed yet.
    let file = &mut files[19];
    edited(&mut file[7]);
    file.remove(8);
    fs::write(site.join("changes/19.yaml"), file.join("---\n")).expect("a file");
    folder
}
