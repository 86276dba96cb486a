//! `tickmark init`: whatever the day, the zone and the policy, a new site passes its own check.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use rayon::prelude::*;
use tempfile::TempDir;
use tickmark::judge::{Detail, Verdict};
use tickmark::pipeline::{self, AsOf, Inputs};
use tickmark::scaffold::{BUNDLED, Bundled, Impossible, NewSite, Wanted, new_site};
use tickmark::source::{SourceFile, SourceSet};

/// From one end of the world to the other, with and without daylight saving, whole hours and others. Nine, so that
/// every zone meets every day of the week.
const ZONES: [&str; 9] = [
    "Australia/Brisbane",
    "Pacific/Pago_Pago",
    "Europe/Berlin",
    "Asia/Kathmandu",
    "America/Los_Angeles",
    "Pacific/Kiritimati",
    "UTC",
    "Australia/Lord_Howe",
    "America/St_Johns",
];

fn days(from: Date, count: usize) -> Vec<Date> {
    std::iter::successors(Some(from), |day| day.tomorrow().ok()).take(count).collect()
}

fn made(policy: &Bundled, today: Date, zone: &str) -> NewSite {
    new_site(Wanted { policy, today, zone }).unwrap_or_else(|why| panic!("{} on {today} in {zone}: {why}", policy.name))
}

/// What is wrong with a new site on the first instant of the day it was made.
fn faults(policy: &Bundled, today: Date, zone_name: &str) -> Vec<String> {
    let site = made(policy, today, zone_name);
    let zone = TimeZone::get(zone_name).expect("a zone");
    let now = zone.to_timestamp(today.at(0, 0, 0, 0)).expect("a midnight");
    let foreign = |path: &str| matches!(path, ".gitignore" | "README.md") || path.starts_with("schemas/");
    let files = site.files.iter().filter(|(path, _)| !foreign(path));
    let sources = SourceSet::new(files.map(|(path, text)| SourceFile::from_text(path, text)).collect());
    let inputs =
        Inputs { sources: &sources, history: &tickmark::model::NO_HISTORY, as_of: AsOf::Instant(now), more_codes: &[] };
    let mut read = pipeline::load(inputs).expect("a configuration without mistakes");
    let mut faults = Vec::new();
    let mut judged = 0;
    let each = |broken: Vec<String>| {
        judged += 1;
        faults.extend(broken);
        Ok::<(), ()>(())
    };
    let map = |ledger: &tickmark::model::Ledger, entry: pipeline::Entry, _: &mut tickmark::diag::Sink| {
        let version = entry.judged.version(ledger).expect("the policy is known");
        let mut broken = Vec::new();
        for judgement in &entry.judged.judgements {
            let rule = &version.rules[judgement.rule as usize];
            // Rules at warning level are kept, too.
            if !matches!(judgement.verdict, Verdict::Pass | Verdict::NotApplicable) {
                broken.push(format!("{}: {} {:?}", rule.id, judgement.verdict.word(), judgement.why));
            }
        }
        if entry.judged.verdict != Verdict::Pass || entry.judged.judgements.is_empty() {
            broken.push(format!("the record's verdict is {}", entry.judged.verdict.word()));
        }
        broken
    };
    read.judge(Detail::Findings, map, each).expect("nothing stops it");
    assert_eq!(judged, 1, "one example record");
    let findings = read.take_findings();
    faults.extend(findings.iter().map(|f| format!("{}: {}", f.code.name, f.headline)));
    faults.extend(later_than(&site, now, &zone));
    faults.iter().map(|fault| format!("{} on {today} in {zone_name}: {fault}", policy.name)).collect()
}

/// Times of the record that lie in the future, or are written with an offset that the zone does not have then.
fn later_than(site: &NewSite, now: jiff::Timestamp, zone: &TimeZone) -> Vec<String> {
    let mut faults = Vec::new();
    let mut times = 0;
    let (_, record) = site.files.iter().find(|(path, _)| path.starts_with("changes/")).expect("a record");
    for word in record.split([' ', ',', '}', '\n']).filter(|word| word.len() > 18 && word.as_bytes()[10] == b'T') {
        let at: jiff::Timestamp = word.parse().unwrap_or_else(|e| panic!("{word}: {e}"));
        times += 1;
        if at >= now {
            faults.push(format!("{word} lies in the future"));
        }
        let offset = zone.to_offset(at);
        // RFC 3339 has no seconds in an offset; some zones once had.
        let plain = offset.seconds() == 0 || offset.seconds() % 60 != 0;
        let local = if plain { at.to_string() } else { at.display_with_offset(offset).to_string() };
        if local != word {
            faults.push(format!("{word} is {local} in the site's zone"));
        }
    }
    assert!(times >= 12, "only {times} times in the record");
    faults
}

#[test]
fn a_new_site_passes_whatever_the_day() {
    let all = days(date(2026, 1, 1), 730);
    let faults: Vec<String> = all
        .par_iter()
        .enumerate()
        .flat_map_iter(|(n, day)| {
            BUNDLED
                .iter()
                .enumerate()
                .flat_map(move |(m, policy)| faults(policy, *day, ZONES[(n + 2 * m) % ZONES.len()]))
        })
        .collect();
    assert!(faults.is_empty(), "{} faults, the first: {:#?}", faults.len(), &faults[..faults.len().min(5)]);
}

#[test]
fn a_new_site_passes_in_every_zone_around_the_turn_of_the_year() {
    let mut around = days(date(2027, 12, 18), 30);
    around.extend(days(date(2028, 2, 27), 4));
    around.extend(days(date(2026, 6, 22), 14));
    let faults: Vec<String> = around
        .par_iter()
        .flat_map_iter(|day| {
            BUNDLED.iter().flat_map(move |policy| ZONES.iter().flat_map(move |zone| faults(policy, *day, zone)))
        })
        .collect();
    assert!(faults.is_empty(), "{} faults, the first: {:#?}", faults.len(), &faults[..faults.len().min(5)]);
}

#[test]
fn a_new_site_passes_in_other_times() {
    for today in [date(1970, 1, 1), date(1972, 2, 29), date(2000, 3, 1), date(2099, 12, 31), date(9990, 1, 4)] {
        for policy in BUNDLED {
            for zone in ["UTC", "Africa/Monrovia", "Australia/Brisbane"] {
                let faults = faults(policy, today, zone);
                assert!(faults.is_empty(), "{faults:#?}");
            }
        }
    }
    let wanted = |today, zone| new_site(Wanted { policy: &BUNDLED[0], today, zone });
    assert_eq!(wanted(date(1969, 12, 31), "UTC"), Err(Impossible::Year(1969)));
    assert_eq!(wanted(Date::MAX, "UTC"), Err(Impossible::Year(9999)));
    assert_eq!(wanted(date(2026, 11, 21), "Atlantis/Capital"), Err(Impossible::Zone));
}

/// Runs the program in a folder, in a zone, on 21 November 2026.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    run_with(folder, arguments, &[("TZ", "Australia/Brisbane"), ("SOURCE_DATE_EPOCH", "1795262400")])
}

fn run_with(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tickmark"))
        .current_dir(folder)
        .args(arguments)
        .env_remove("SOURCE_DATE_EPOCH")
        .envs(environment.iter().copied())
        .output()
        .expect("the program runs")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

fn scratch() -> TempDir {
    TempDir::new().expect("a temporary folder")
}

/// What a folder holds, by name.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").file_name());
    let mut names: Vec<String> = entries.map(|name| name.into_string().expect("UTF-8")).collect();
    names.sort_unstable();
    names
}

const TOP: [&str; 8] =
    [".gitignore", "README.md", "changes", "content", "people.yaml", "policies", "schemas", "tickmark.yaml"];

#[test]
fn what_was_made_is_said_and_passes() {
    let scratch = scratch();
    let made = run(scratch.path(), &["init", "my-site"]);
    assert_eq!(text(&made.stderr), "");
    assert_eq!(
        text(&made.stdout),
        "\
made a new site in `my-site`

  .gitignore                       leaves out what `tickmark build` makes
  README.md                        what is where
  people.yaml                      who holds which role: made-up people, to be replaced
  policies/starter.md              the policy `starter`, in force since 13 November 2026
  changes/2026/CHG-2026-0001.yaml  an example record that keeps every rule
  content/index.md                 the public home page
  schemas/                         what editors complete and explain from
  tickmark.yaml                    whose site this is, and its calendar (time zone Australia/Brisbane)

next

  cd my-site
  tickmark check
  tickmark build
"
    );
    assert_eq!(made.status.code(), Some(0));
    assert_eq!(names(scratch.path()), ["my-site"]);
    let site = scratch.path().join("my-site");
    assert_eq!(names(&site), TOP);
    let check = run(&site, &["check", "--format", "json"]);
    assert_eq!(check.status.code(), Some(0), "{}", text(&check.stdout));
    assert!(
        text(&check.stderr).starts_with("1 record under 1 policy: 1 pass\n0 errors, 0 warnings, 0 notes"),
        "{}",
        text(&check.stderr)
    );
    assert!(text(&check.stdout).contains(r#""pass":1"#), "{}", text(&check.stdout));
}

#[test]
fn every_bundled_policy_can_be_asked_for() {
    for policy in BUNDLED {
        let scratch = scratch();
        let made = run(scratch.path(), &["init", "--policy", policy.name, "--as-of", "2031-06-30"]);
        assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
        assert_eq!(names(scratch.path()), TOP);
        let written =
            fs::read_to_string(scratch.path().join(format!("policies/{}.md", policy.name))).expect("a policy");
        assert!(written.contains("\neffective: 2031-06-"), "{written}");
        let next = text(&made.stdout).rsplit("next\n\n").next().expect("text");
        assert_eq!(next, "  tickmark check\n  tickmark explain CHG-2031-0001\n  tickmark build\n");
        let check = run(scratch.path(), &["check", "--as-of", "2031-06-30"]);
        assert_eq!(check.status.code(), Some(0), "{}", text(&check.stdout));
        assert!(text(&check.stdout).contains("0 errors, 0 warnings, 0 notes"), "{}", text(&check.stdout));
    }
}

#[test]
fn a_name_that_no_policy_has_is_answered_with_one_that_has() {
    let scratch = scratch();
    for (name, help) in [
        ("five-stages", "help: did you mean `five-stage`?"),
        ("soc2", "help: use one of `starter`, `five-stage`, `github-flow`, `git-native` and `soc2-change`"),
    ] {
        let made = run(scratch.path(), &["init", "my-site", "--policy", name]);
        assert_eq!(made.status.code(), Some(2));
        let said = text(&made.stderr);
        assert!(said.contains(&format!("error: there is no bundled policy `{name}`")) && said.contains(help), "{said}");
        assert_eq!(names(scratch.path()), [""; 0]);
    }
}

#[test]
fn a_folder_that_holds_something_is_refused_and_left_alone() {
    let scratch = scratch();
    fs::write(scratch.path().join("notes.txt"), "mine").expect("a file");
    fs::create_dir(scratch.path().join(".git")).expect("a folder");
    let made = run(scratch.path(), &["init"]);
    assert_eq!(made.status.code(), Some(2));
    assert!(text(&made.stderr).contains("error: `.` is not empty: it holds `notes.txt`\n"), "{}", text(&made.stderr));
    assert_eq!(names(scratch.path()), [".git", "notes.txt"]);
    let onto_file = run(scratch.path(), &["init", "notes.txt"]);
    assert_eq!(onto_file.status.code(), Some(2));
    assert!(text(&onto_file.stderr).contains("`notes.txt` is not a folder"), "{}", text(&onto_file.stderr));
    assert_eq!(fs::read_to_string(scratch.path().join("notes.txt")).expect("a file"), "mine");
}

#[test]
fn a_fresh_repository_is_as_good_as_empty() {
    let scratch = scratch();
    fs::create_dir_all(scratch.path().join("here/.git/objects")).expect("folders");
    let made = run(scratch.path(), &["-C", "here", "init"]);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    let mut all = TOP.to_vec();
    all.insert(0, ".git");
    assert_eq!(names(&scratch.path().join("here")), all);
    assert!(text(&made.stdout).contains("\n  cd here\n"), "{}", text(&made.stdout));
}

#[test]
fn folders_above_are_made_and_odd_names_quoted() {
    let scratch = scratch();
    let made = run(scratch.path(), &["init", "a/b/it's ours"]);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    assert_eq!(names(&scratch.path().join("a/b")), ["it's ours"]);
    assert!(text(&made.stdout).contains("\n  cd 'a/b/it'\\''s ours'\n"), "{}", text(&made.stdout));
}

#[test]
fn today_is_the_day_in_the_machines_zone() {
    // 20:00 on 20 November 2026 in Greenwich.
    let epoch = "1795204800";
    for (zone, day, name) in [
        // The example was asked for six business days before.
        ("Pacific/Kiritimati", "2026-11-13", "Pacific/Kiritimati"),
        ("Etc/UTC", "2026-11-12", "UTC"),
        ("<+05>-5", "2026-11-12", "UTC"),
        ("No/Where", "2026-11-12", "UTC"),
    ] {
        let scratch = scratch();
        let made = run_with(scratch.path(), &["init", "s"], &[("TZ", zone), ("SOURCE_DATE_EPOCH", epoch)]);
        assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
        let read = |path: &str| fs::read_to_string(scratch.path().join("s").join(path)).expect("a file");
        assert!(read("policies/starter.md").contains(&format!("\neffective: {day}\n")), "{zone}");
        assert!(read("tickmark.yaml").contains(&format!("\n  time_zone: {name}\n")), "{zone}");
        assert!(text(&made.stdout).contains(&format!("(time zone {name})")), "{zone}");
    }
    let scratch = scratch();
    let made = run(scratch.path(), &["init", "s", "--as-of", "9999-12-31"]);
    assert_eq!(made.status.code(), Some(2));
    assert!(text(&made.stderr).contains("a site cannot begin in the year 9999"), "{}", text(&made.stderr));
    assert_eq!(names(scratch.path()), [""; 0]);
}

#[test]
fn an_internal_policy_is_not_spoken_of_in_public() {
    let policy = Bundled::named("soc2-change").expect("bundled");
    let site = made(policy, date(2026, 11, 21), "UTC");
    let (_, home) = site.files.iter().find(|(path, _)| path == "content/index.md").expect("a home page");
    for word in ["soc2", "SOC", "tick ", "/policies/"] {
        assert!(!home.contains(word), "{word}");
    }
}

#[test]
fn a_new_site_builds_a_finished_public_site() {
    for policy in BUNDLED {
        let scratch = scratch();
        run(scratch.path(), &["init", "--policy", policy.name]);
        let built = run(scratch.path(), &["build", "--strict"]);
        assert_eq!(built.status.code(), Some(0), "{}: {}", policy.name, text(&built.stderr));
        let public = scratch.path().join("public");
        let home = fs::read_to_string(public.join("index.html")).expect("a home page");
        let page = format!("policies/{}/index.html", policy.name);
        let is_public = policy.name != "soc2-change";
        assert_eq!(public.join(&page).exists(), is_public, "{page}");
        assert_eq!(home.contains(&format!("policies/{}/", policy.name)), is_public, "{page}");
        let internal = scratch.path().join("internal");
        assert!(internal.join("changes/CHG-2026-0001/index.html").exists() && internal.join(&page).exists());
    }
}
