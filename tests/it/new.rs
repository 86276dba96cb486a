//! `tickmark new`: what it writes holds no mistake, states nothing that nobody said, and is all that a record needs.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use jiff::Timestamp;
use tempfile::TempDir;
use tickmark::diag::Level;
use tickmark::judge::Verdict;
use tickmark::model::NO_HISTORY;
use tickmark::pipeline::{self, AsOf, Inputs, Site};
use tickmark::scaffold::draft::{self, NewChange};
use tickmark::source::{SourceFile, SourceSet};

use crate::support::{self, Run};

const NOW: &str = "2026-11-21T03:12:00+10:00";

fn now() -> Timestamp {
    NOW.parse().expect("an instant")
}

/// The demonstration's configuration, people and policies, and more.
fn sources(more: &[(&str, &str)]) -> SourceSet {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    let policies = fs::read_dir(root.join("policies")).expect("policies").map(|e| e.expect("an entry").path());
    let mut paths: Vec<_> = policies.chain([root.join("tickmark.yaml"), root.join("people.yaml")]).collect();
    paths.sort();
    for path in paths {
        let inside = path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
        files.push(SourceFile::from_text(&inside, &fs::read_to_string(&path).expect("a file")));
    }
    files.extend(more.iter().map(|(path, text)| SourceFile::from_text(path, text)));
    SourceSet::new(files)
}

/// What the texts say, now.
fn load(sources: &SourceSet) -> Site<'_> {
    let inputs = Inputs { sources, as_of: AsOf::Instant(now()), more_codes: &[], history: &NO_HISTORY };
    pipeline::load(inputs).expect("the demonstration's configuration is right")
}

/// Each policy of the demonstration with each of its types, and a new record of it.
fn drafts() -> Vec<(String, String, String)> {
    let sources = sources(&[]);
    let site = load(&sources);
    let mut list = Vec::new();
    for policy in &site.ledger.policies {
        let version = policy.newest();
        for change_type in &version.types {
            let text = draft::change(NewChange {
                id: "NEW-1",
                version,
                change_type,
                title: None,
                author: "a.ng",
                now: now(),
                calendar: &site.ledger.configuration.calendar,
                people: &site.ledger.people,
                sources: &sources,
                in_git: false,
            });
            list.push((policy.id.to_string(), change_type.id.to_string(), text));
        }
    }
    assert!(list.len() >= 10, "{} types", list.len());
    list
}

fn judged(text: &str, as_of: &str) -> Run {
    let as_of = AsOf::Instant(as_of.parse().expect("an instant"));
    support::run(&sources(&[("changes/NEW-1.yaml", text)]), as_of, &[]).expect("a configuration without mistakes")
}

#[test]
fn a_new_record_of_every_type_has_no_error_and_nothing_failed() {
    for (policy, change_type, text) in drafts() {
        let run = judged(&text, NOW);
        let [record] = run.records.as_slice() else { panic!("{policy} {change_type}: one record") };
        let name = format!("{policy} {change_type}");
        for rule in &record.rules {
            assert!(rule.verdict != Verdict::Fail, "{name}: {} {}\n{text}", rule.rule, rule.headline);
        }
        let of_record = run.findings.iter().filter(|f| f.level == Level::Error);
        let found: Vec<_> = of_record.map(|f| format!("{}: {}", f.code.name, f.headline)).collect();
        assert!(found.is_empty(), "{name}: {found:?}");
        assert!(!record.rules.is_empty(), "{name} is bound by no rule");
        // Nothing but what every record has is stated.
        let stated: Vec<&str> =
            text.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).filter_map(|l| l.split(':').next()).collect();
        assert_eq!(stated, ["id", "policy", "type", "title", "status", "author", "requested_at"], "{name}");
    }
}

#[test]
fn every_rule_stands_in_a_new_record_with_its_promise() {
    let sources = sources(&[]);
    let site = load(&sources);
    for (policy, change_type, text) in drafts() {
        let version = site.ledger.policy(&policy).expect("known").newest();
        let flat = text.replace("\n##", " ").split_whitespace().collect::<Vec<_>>().join(" ");
        for rule in version.rules.iter().filter(|r| r.binds(&change_type)) {
            let clause = version.clause_of(rule).expect("every rule of the demonstration has a clause");
            let (line, _) = sources.position(version.at(clause.span));
            let end = format!("[{}, policies/{policy}.md:{line}]", rule.id);
            assert!(flat.contains(&end), "{policy} {change_type}: {end}\n{text}");
        }
        for line in text.lines() {
            assert!(line.chars().count() <= 130, "{line}");
        }
    }
}

/// What stands at each field of a record that keeps the rules of an emergency change under the policy `starter`.
fn filled(section: &str, key: &str, item: usize) -> Option<&'static str> {
    let at = |hour: &'static str| Some(hour);
    Some(match (section, key, item) {
        ("approvals", "by", _) => "d.kaur",
        ("approvals", "role", _) => "ROLE",
        ("approvals", "medium", _) => "recorded",
        ("approvals", "channel", _) => "chat",
        ("approvals", "at", _) => return at("2026-11-21T03:30:00+10:00"),
        ("gates", "result", _) => "passed",
        ("gates", "at", _) => return at("2026-11-21T04:10:00+10:00"),
        ("deployments", "at", _) => return at("2026-11-21T04:00:00+10:00"),
        ("deployments", "by", _) => "a.ng",
        ("deployments", "result", _) => "succeeded",
        ("outcome", "result", _) => "successful",
        ("outcome", "issues", _) => "none",
        ("notifications", "to", _) => "stakeholders",
        ("notifications", "at", _) => return at("2026-11-21T04:20:00+10:00"),
        ("post_change_review", "at", _) => return at("2026-11-23T10:00:00+10:00"),
        ("post_change_review", "by", _) => "d.kaur",
        ("post_change_review", "findings", _) => "none",
        ("rollback", "owner", _) => "a.ng",
        ("rollback", _, _) => "As before",
        ("", "kind", _) => "[code]",
        ("", "impact", _) => "[availability]",
        ("", "systems", _) => "[gateway]",
        ("", "requested_by", _) => "a.ng",
        ("", "incidents", _) => "none",
        ("", "documented_at", _) => return at("2026-11-21T09:00:00+10:00"),
        ("", "closed_at", _) => return at("2026-11-24T10:00:00+10:00"),
        ("", "description" | "purpose", _) => "What it is",
        _ => return None,
    })
}

/// A draft with every field filled in as a person would: the signs of comments taken away, a value behind each key.
fn fill(text: &str, role: &str) -> String {
    let (mut section, mut item, mut out) = (String::new(), 0, String::new());
    let lines: Vec<&str> = text.lines().filter(|l| !l.starts_with("##") && !l.starts_with("# yaml")).collect();
    for (number, line) in lines.iter().enumerate() {
        let Some(data) = line.strip_prefix("# ") else {
            out += &format!("{}\n", line.replace("status: draft", "status: closed"));
            continue;
        };
        let data = data.split("  #").next().expect("a piece").trim_end();
        let indent = data.len() - data.trim_start_matches([' ', '-']).len();
        let key = data.trim_start_matches([' ', '-']).split(':').next().expect("a key");
        let deeper = lines.get(number + 1).is_some_and(|next| next.starts_with("#   "));
        if indent == 0 {
            section = if deeper { key.to_owned() } else { String::new() };
            item = 0;
        }
        item += usize::from(data.trim_start().starts_with('-'));
        let container = indent == 0 && deeper;
        if data.ends_with(':') && section == "incidents" {
            // None was caused and none set it off.
            if container {
                out += "incidents: none\n";
            }
            continue;
        }
        if section == "incidents" {
            continue;
        }
        out += data;
        if data.ends_with(':') && !container {
            let value = filled(&section, key, item).unwrap_or_else(|| panic!("nothing for {section}.{key}\n{text}"));
            out += &format!(" {}", value.replace("ROLE", role));
        }
        out.push('\n');
    }
    out
}

#[test]
fn a_draft_that_is_filled_in_passes() {
    let (_, _, text) = drafts()
        .into_iter()
        .find(|(policy, change_type, _)| policy == "starter" && change_type == "emergency")
        .expect("starter has emergencies");
    let text = fill(&text, "change-authority")
        .replace("by: d.kaur\n    role: change-authority", "by: WHO\n    role: change-authority");
    let sources = sources(&[]);
    let site = load(&sources);
    let day = site.ledger.configuration.calendar.day(now());
    let holder = site
        .ledger
        .people
        .entries
        .iter()
        .find(|p| p.held("change-authority", day))
        .and_then(|p| p.id.get())
        .expect("somebody is the change authority");
    let run = judged(&text.replace("WHO", holder.as_str()), "2026-12-01T12:00:00+10:00");
    let found: Vec<_> = run.findings.iter().filter(|f| f.level == Level::Error).map(|f| f.headline.clone()).collect();
    assert!(found.is_empty(), "{found:?}\n{text}");
    for rule in &run.records[0].rules {
        let good = matches!(rule.verdict, Verdict::Pass | Verdict::NotApplicable);
        assert!(good, "{}: {} {}\n{text}", rule.rule, rule.verdict.word(), rule.headline);
    }
    assert_eq!(run.records[0].verdict, Verdict::Pass);
}

/// A policy of which every rule is an expression or has one as its condition.
const EXPRESSIONS: &str = "---
id: by-expressions
title: By expressions
version: '1'
classification: internal
owner: ciso
changes:
  types: {normal: {}}
  rules:
    - id: low-risk
      assert: \"change.risk == 'low'\"
      message: its risk is {{ change.risk }}
      pass: [{risk: low}]
      fail: [{risk: high}]
    - id: scanned
      when: \"'security' in change.impact\"
      assert: \"change.gates|selectattr('gate', '==', 'scan')|selectattr('result', '==', 'passed')|length > 0\"
      message: no scan passed
      pass: [{gates: [{gate: scan, result: passed}]}]
      fail: [{gates: [{gate: scan, result: failed}]}]
    - id: told
      when: \"change.events.deployed is not none\"
      assert: \"change.notifications|map(attribute='to')|length > 0\"
      message: nobody was told
      pass: [{notifications: [{to: all}]}]
      fail: [{title: a}]
---
# By expressions

A normal change.
";

#[test]
fn a_draft_shows_every_field_that_expressions_read() {
    let sources = sources(&[("policies/by-expressions.md", EXPRESSIONS)]);
    let site = load(&sources);
    let version = site.ledger.policy("by-expressions").expect("the policy stands").newest();
    let text = draft::change(NewChange {
        id: "NEW-1",
        version,
        change_type: &version.types[0],
        title: None,
        author: "a.ng",
        now: now(),
        calendar: &site.ledger.configuration.calendar,
        people: &site.ledger.people,
        sources: &sources,
        in_git: false,
    });
    // What an expression asks for names its rule; what only a condition reads does not.
    let line = |key: &str| text.lines().find(|l| l.trim_start_matches(['#', ' ', '-']).starts_with(&format!("{key}:")));
    for (key, rule) in [
        ("risk", "[low-risk]"),
        ("gates", "[scanned]"),
        ("gate", ""),
        ("result", ""),
        ("notifications", "[told]"),
        ("to", ""),
        ("impact", ""),
        ("deployments", ""),
        ("environment", ""),
    ] {
        let found = line(key).unwrap_or_else(|| panic!("`{key}` is missing:\n{text}"));
        assert!(found.contains(rule), "{found}\n{text}");
    }
    for key in ["impact", "deployments"] {
        let found = line(key).unwrap_or_default();
        assert!(!found.contains("[scanned]") && !found.contains("[told]"), "{found}\n{text}");
    }
    // No more than that: nothing reads who reviewed it.
    assert!(line("reviews").is_none() && line("rollback").is_none(), "{text}");
}

/// Runs the program in a folder at three in the morning.
fn tickmark(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tickmark"))
        .current_dir(folder)
        .args(arguments)
        .env("TZ", "Australia/Brisbane")
        .env("SOURCE_DATE_EPOCH", now().as_second().to_string())
        .output()
        .expect("the program runs")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

/// A new site in a new folder.
fn site() -> TempDir {
    let scratch = TempDir::new().expect("a temporary folder");
    let made = tickmark(scratch.path(), &["init"]);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    scratch
}

#[test]
fn an_emergency_at_three_in_the_morning() {
    let site = site();
    let asked = tickmark(site.path(), &["new", "change", "--type", "emergency"]);
    assert_eq!(asked.status.code(), Some(2));
    assert!(
        text(&asked.stderr).starts_with("error: who writes this?\nhelp: say it with `--author`: "),
        "{}",
        text(&asked.stderr)
    );
    let people = fs::read_to_string(site.path().join("people.yaml")).expect("people");
    let who = people.lines().find_map(|l| l.strip_prefix("- id: ")).expect("somebody");
    let made = tickmark(
        site.path(),
        &["new", "change", "--type", "emergency", "--author", who, "--title", "Stop: the #1 leak"],
    );
    assert_eq!((made.status.code(), text(&made.stderr)), (Some(0), ""));
    let said = text(&made.stdout);
    assert!(said.starts_with("made changes/2026/CHG-2026-0002.yaml\n  bound by "), "{said}");
    assert!(said.ends_with("\nnext\n\n  tickmark explain CHG-2026-0002\n  tickmark check\n"), "{said}");
    let record = fs::read_to_string(site.path().join("changes/2026/CHG-2026-0002.yaml")).expect("a record");
    assert!(
        record.starts_with("# yaml-language-server: $schema=../../schemas/change.json\n## Emergency change"),
        "{record}"
    );
    for line in ["title: \"Stop: the #1 leak\"", "requested_at: 2026-11-21T03:12:00+10:00", &format!("author: {who}")] {
        assert!(record.lines().any(|l| l == line), "{line}\n{record}");
    }
    let check = tickmark(site.path(), &["check"]);
    assert_eq!(check.status.code(), Some(0), "{}", text(&check.stdout));
    assert!(text(&check.stdout).contains("0 errors, 0 warnings"), "{}", text(&check.stdout));
    assert!(record.contains("\n# documented_at: "), "nothing but the record says when it was written:\n{record}");
    // Again: the next number; the same id: refused.
    let again = tickmark(site.path(), &["new", "change", "--type", "emergency", "--author", who]);
    assert!(text(&again.stdout).starts_with("made changes/2026/CHG-2026-0003.yaml\n"), "{}", text(&again.stdout));
    let taken =
        tickmark(site.path(), &["new", "change", "--type", "emergency", "--author", who, "--id", "chg-2026-0002"]);
    assert_eq!(taken.status.code(), Some(2));
    assert!(text(&taken.stderr).contains("is taken: changes/2026/CHG-2026-0002.yaml"), "{}", text(&taken.stderr));
    assert_eq!(fs::read_to_string(site.path().join("changes/2026/CHG-2026-0002.yaml")).expect("a record"), record);
}

#[test]
fn what_git_says_need_not_be_written() {
    let site = site();
    let git = Command::new("git").args(["init", "--quiet"]).current_dir(site.path()).status().expect("git");
    assert!(git.success());
    let people = fs::read_to_string(site.path().join("people.yaml")).expect("people");
    let who = people.lines().find_map(|l| l.strip_prefix("- id: ")).expect("somebody");
    tickmark(site.path(), &["new", "change", "--type", "emergency", "--author", who]);
    let record = fs::read_to_string(site.path().join("changes/2026/CHG-2026-0002.yaml")).expect("a record");
    assert!(!record.contains("documented_at"), "{record}");
    let said = "\n## documented by the commit that first holds this file [emergency-document-24h]\n";
    assert!(record.contains(said), "{record}");
}

#[test]
fn what_is_misspelt_is_answered_with_what_is_meant() {
    let site = site();
    for (arguments, said) in [
        (&["new", "change", "--type", "emergancy", "--author", "X"][..], "help: did you mean `emergency`?"),
        (&["new", "change", "--author", "X"], "help: say it with `--type`, as in `--type emergency`"),
        (&["new", "change", "--policy", "startr", "--type", "normal"], "help: did you mean `starter`?"),
        (&["new", "change", "--type", "normal", "--author", "X", "--id", "../x"], "`../x` is no id"),
        (&["new", "waiver", "--rule", "emergency-retro-reviw"], "help: did you mean `emergency-retro-review`?"),
        (&["new", "waiver", "--rule", "zebra"], "help: its rules stand in policies/starter.md"),
        (&["new", "policy", "Starter"], "there is a policy `starter` already"),
    ] {
        let people = fs::read_to_string(site.path().join("people.yaml")).expect("people");
        let who = people.lines().find_map(|l| l.strip_prefix("- id: ")).expect("somebody");
        let arguments: Vec<&str> = arguments.iter().map(|a| if *a == "X" { who } else { a }).collect();
        let refused = tickmark(site.path(), &arguments);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
        assert!(text(&refused.stderr).contains(said), "{arguments:?}: {}", text(&refused.stderr));
    }
}

#[test]
fn a_new_policy_and_a_new_waiver_pass_the_check() {
    let site = site();
    let made = tickmark(site.path(), &["new", "policy", "data-changes", "--owner", "service-owner"]);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    let waiver = tickmark(site.path(), &["new", "waiver", "--rule", "verify-post", "--change", "CHG-2026-0001"]);
    assert_eq!(waiver.status.code(), Some(0), "{}", text(&waiver.stderr));
    assert!(text(&waiver.stdout).starts_with("made waivers/WVR-2026-0001.yaml\n"), "{}", text(&waiver.stdout));
    let second = tickmark(site.path(), &["new", "waiver", "--rule", "verify-post"]);
    assert!(text(&second.stdout).starts_with("made waivers/WVR-2026-0002.yaml\n"), "{}", text(&second.stdout));
    let check = tickmark(site.path(), &["check"]);
    assert_eq!(check.status.code(), Some(0), "{}", text(&check.stdout));
    // What nobody can know yet is said: since when it is in force, and who approved it.
    let said = text(&check.stdout);
    assert!(said.contains("2 policies") && said.contains("0 errors, 1 warning"), "{said}");
    assert!(said.contains("policy `data-changes` does not say `effective` and `approved`"), "{said}");
    let policy = fs::read_to_string(site.path().join("policies/data-changes.md")).expect("a policy");
    assert!(policy.contains("\ntitle: Data changes\n") && policy.contains("\nowner: service-owner\n"), "{policy}");
}

#[test]
fn shells_and_man_learn_of_every_command() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = tickmark(here, &["completions", shell]);
        assert_eq!(script.status.code(), Some(0), "{shell}");
        for command in ["check", "build", "explain", "schema"] {
            assert!(text(&script.stdout).contains(command), "{shell} {command}");
        }
    }
    let page = tickmark(here, &["man"]);
    let page = text(&page.stdout);
    assert!(page.contains(".TH tickmark 1"), "{page}");
    for section in ["TICKMARK CHECK", "TICKMARK NEW", "TICKMARK MAN"] {
        assert!(page.contains(&format!(".SH \"{section}\"\n")), "{section}");
    }
}
