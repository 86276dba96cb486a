//! Every format tells the same findings, ends with the same status, and leaves standard output to its document.

use std::path::Path;

use super::reader::{Told, told};
use super::site::{FORMATS, Site, approved, check, unapproved};

/// What two formats can be compared by: what both say.
fn common(told: &[Told], by_line: bool) -> Vec<(String, String)> {
    let key = |(path, line, code): &Told| {
        let said = if by_line { line.map(|l| l.to_string()) } else { code.clone() };
        (path.clone(), said.unwrap_or_default())
    };
    let mut keys: Vec<_> = told.iter().map(key).collect();
    keys.sort();
    keys
}

#[track_caller]
fn agree(folder: &Path, arguments: &[&str], status: i32, findings: usize) {
    let run = |format: &str| check(folder, &[arguments, &["--format", format]].concat());
    let reference = told("concise", &run("concise").out);
    assert_eq!(reference.len(), findings, "{arguments:?}: {reference:#?}");
    for format in FORMATS {
        let answer = run(format);
        assert_eq!(answer.status, Some(status), "{format}: {}", answer.err);
        let told = told(format, &answer.out);
        if format != "markdown" {
            assert_eq!(common(&told, false), common(&reference, false), "{format} {arguments:?}");
        }
        if format != "junit" {
            assert_eq!(common(&told, true), common(&reference, true), "{format} {arguments:?}");
        }
        assert_eq!(answer.err.contains("records under"), format != "human", "{format}: {}", answer.err);
        let quiet = check(folder, &[arguments, &["--quiet", "--format", format]].concat());
        assert_eq!((quiet.out, quiet.err.as_str()), (answer.out, ""), "{format}: --quiet changes messages only");
    }
}

#[test]
fn all_formats_tell_the_demonstrations_findings() {
    agree(Path::new(env!("CARGO_MANIFEST_DIR")), &[], 1, 37);
}

#[test]
fn all_formats_look_where_they_are_told_to() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    agree(root, &["changes/payments"], 1, 11);
    agree(root, &["changes/payments/2026/PAY-2026-0011.yaml", "waivers"], 1, 6);
    // What is found elsewhere does not count, or people would look for what they cannot see.
    agree(root, &["waivers"], 0, 5);
}

#[test]
fn levels_are_those_the_site_sets_in_all_formats() {
    let site = Site::good();
    site.write("changes/two.yaml", &unapproved("CHG-2"));
    site.write("changes/three.yaml", &approved("CHG-3", "colour: red\n"));
    agree(&site.root(), &[], 1, 2);
    let configuration = site.read("tickmark.yaml");
    let levels = |levels: &str| site.write("tickmark.yaml", &format!("{configuration}levels: {{{levels}}}\n"));
    levels("approval/missing: warning, record/unknown-key: note");
    agree(&site.root(), &[], 0, 2);
    levels("approval/missing: off");
    agree(&site.root(), &[], 1, 1);
    levels("approval/missing: off, record/unknown-key: off");
    agree(&site.root(), &[], 0, 0);
}

#[test]
fn two_rules_that_say_the_same_of_a_line_are_two_findings() {
    let site = Site::good();
    let policy = site.read("policies/main.md");
    let rule = "    - id: approved-first\n      clause: approved-first\n      approval: {at_least: 1, any_of: [engineering-lead], not_by: [author], before: deployed}\n";
    assert!(policy.contains(rule));
    let twice = format!("{rule}{}", rule.replacen("approved-first", "approved-again", 1));
    site.write("policies/main.md", &policy.replace(rule, &twice));
    site.write("changes/two.yaml", &unapproved("CHG-2"));
    agree(&site.root(), &[], 1, 2);
}
