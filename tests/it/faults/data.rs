//! The cases that are data: each file of `tests/faults` is one test.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::case::{Case, Fault, Run, Step};
use super::page;
use super::place::{Files, Output, Place};
use super::program::{CANARY, Program, Ran};

macro_rules! faults {
    ($($name:ident)*) => {
        /// The files that have a test.
        const NAMED: &[&str] = &[$(stringify!($name)),*];
        $(
            #[test]
            fn $name() {
                try_file(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/", stringify!($name), ".md"));
            }
        )*
    };
}

faults! {
    f01_aliases
    f02_depth
    f03_duplicate_keys
    f04_plain_text
    f05_comment_in_value
    f06_scalars
    f07_line_ends
    f08_control_characters
    f09_encodings
    f10_damaged_characters
    f11_deceiving_characters
    f12_size
    f13_markdown_bombs
    f14_attacks
    f15_markdown_extensions
    f16_templates
    f17_themes
    f21_secrets
    f22_names_and_paths
    f23_collisions
    f24_links_and_devices
    f30_states_of_repositories
    f31_clocks
    f32_deadlines
    f39_dates_and_roles
    f40_text_in_reports
    f41_texts_from_the_wild
    f42_closed_quarters
    f43_audit_folders
    f44_verifying
}

#[test]
fn every_file_has_its_test() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults");
    let mut there: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .filter_map(|e| e.expect("an entry").file_name().into_string().ok()?.strip_suffix(".md").map(str::to_owned))
        .filter(|name| name != "README")
        .collect();
    there.sort();
    assert_eq!(there, NAMED);
}

fn try_file(path: &str) {
    let fault = Fault::read(&fs::read_to_string(path).expect("a file of cases"));
    let complaints: Vec<String> = fault.cases.iter().flat_map(try_case).collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// What went otherwise than a case says.
pub(super) fn try_case(case: &Case) -> Vec<String> {
    let mut place = Place::good();
    let mut complaints = Vec::new();
    for step in &case.steps {
        match step {
            Step::File(path, bytes) => place.write(std::ffi::OsStr::from_bytes(path), bytes),
            Step::Setup(lines) => lines.iter().for_each(|line| place.set_up(line)),
            Step::Run(run) => {
                let (before, all_before) = (place.output(), place.everything());
                let arguments: Vec<&str> = run.arguments.iter().map(String::as_str).collect();
                let ran = Program::new(&place.site(), &arguments)
                    .seconds(run.seconds)
                    .after(&format!("ulimit -v {}", run.megabytes * 1024))
                    .run();
                let mut found = compare(run, &ran);
                found.extend(compare_output(run, &ran, &before, &place.output()));
                if ran.status == Some(2) && place.everything() != all_before {
                    found.push("it could not be done, and something was written".to_owned());
                }
                found.extend(place.leftovers().iter().map(|left| format!("left .tickmark/{left} behind")));
                if !found.is_empty() {
                    found.push(format!("it said:\n{}", ran.said));
                }
                complaints.extend(found.iter().map(|f| format!("{}: `{}`: {f}", case.name, arguments.join(" "))));
            }
        }
    }
    complaints
}

fn compare(run: &Run, ran: &Ran) -> Vec<String> {
    let mut found = Vec::new();
    if ran.hung {
        found.push(format!("not done after {} seconds", run.seconds));
    } else if ran.status != Some(run.status) {
        found.push(format!("status {:?} instead of {}", ran.status, run.status));
    }
    for ours in ["panicked at", "RUST_BACKTRACE", "memory allocation of", "overflowed its stack"] {
        if ran.said.contains(ours) {
            found.push(format!("a mistake of ours: {ours}"));
        }
    }
    let missing = run.says.iter().filter(|text| !ran.said.contains(*text));
    found.extend(missing.map(|text| format!("does not say `{text}`")));
    let unwanted = run.silent.iter().filter(|text| ran.said.contains(*text));
    found.extend(unwanted.map(|text| format!("says `{text}`")));
    if ran.said.contains(CANARY) {
        found.push("says what stands in the environment".to_owned());
    }
    found
}

/// What may come of the output: commands that only read change nothing, nor does a job that could not be done; and
/// what is published holds to the lists, whatever the input.
fn compare_output(run: &Run, ran: &Ran, before: &Output, after: &Output) -> Vec<String> {
    let mut found = Vec::new();
    let builds = run.arguments.iter().any(|a| a == "build");
    if (!builds || ran.status.is_none_or(|s| s > 1)) && before != after {
        found.push("the output changed".to_owned());
    }
    if builds
        && ran.status == Some(1)
        && !run.arguments.iter().any(|a| a == "--strict")
        && before.public != after.public
    {
        found.push("public/ changed although it was withheld".to_owned());
    }
    for (tree, wanted) in &run.trees {
        if tree == "html" {
            let pages = |files: &Option<Files>| {
                files
                    .iter()
                    .flatten()
                    .filter(|(p, _)| p.ends_with(".html"))
                    .map(|(p, b)| (p.clone(), b.clone()))
                    .collect::<Files>()
            };
            let same =
                pages(&before.public) == pages(&after.public) && pages(&before.internal) == pages(&after.internal);
            if same != (wanted == "same") {
                found.push(format!("the pages are not {wanted}"));
            }
            continue;
        }
        let (old, new) =
            if tree == "public" { (&before.public, &after.public) } else { (&before.internal, &after.internal) };
        let state = if new.is_none() {
            "absent"
        } else if old == new {
            "same"
        } else {
            "new"
        };
        if state != wanted {
            found.push(format!("{tree}/ is {state}, not {wanted}"));
        }
    }
    for (path, text) in &run.holds {
        let (tree, inner) = path.split_once('/').expect("a tree and a path");
        let files = if tree == "public" { &after.public } else { &after.internal };
        match files.as_ref().and_then(|f| f.get(inner)) {
            None => found.push(format!("there is no {path}")),
            Some(bytes) if !String::from_utf8_lossy(bytes).contains(text) => {
                found.push(format!("{path} does not hold `{text}`"));
            }
            Some(_) => {}
        }
    }
    if before == after {
        return found;
    }
    for (tree, files) in [("public", &after.public), ("internal", &after.internal)] {
        found.extend(files.iter().flat_map(|files| published(files, &run.lacks)).map(|f| format!("{tree}/{f}")));
    }
    found
}

/// What is wrong with a published tree, whatever it was made from.
pub(super) fn published(files: &Files, lacks: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, bytes) in files {
        if let Some(why) = tickmark::write::path_problem(path) {
            found.push(format!("{path}: its path {why}"));
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) if !path.ends_with(".woff2") && !path.ends_with(".bin") => text,
            _ => continue,
        };
        // Their standards (RFC 4180, RFC 5545) end lines so.
        let lines = [".csv", ".ics"].iter().any(|ending| path.ends_with(ending));
        let text = if lines { text.replace("\r\n", "\n") } else { text.to_owned() };
        let text = text.as_str();
        if let Some(c) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
            found.push(format!("{path}: holds the control character U+{:04X}", u32::from(c)));
        }
        if text.contains(CANARY) {
            found.push(format!("{path}: holds what stands in the environment"));
        }
        found.extend(lacks.iter().filter(|l| text.contains(*l)).map(|l| format!("{path}: holds `{l}`")));
        if path.ends_with(".html") {
            let faults = page::faults(text);
            found.extend(faults.iter().take(3).map(|f| format!("{path}: {f}")));
        }
    }
    found
}
