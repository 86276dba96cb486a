//! `tickmark import`: what sources state becomes records, what they do not state is said, what people wrote stays.

mod again;
mod hostile;
mod hosts;
mod sources;

use std::path::{Path, PathBuf};

use crate::commands::site::Site;

/// The site of the fault cases, with accounts for its people.
fn site() -> Site {
    let site = Site::with(&[]);
    let people = site.read("people.yaml");
    let with = |people: String, email: &str, accounts: &str| {
        people.replace(&format!("  email: {email}\n"), &format!("  email: {email}\n  accounts: [{accounts}]\n"))
    };
    let people =
        with(people, "a.ng@harbour.example", "github:alexng, gitlab:ang, servicenow:46d44a23a9fe19810012d100cca80666");
    let people = with(people, "c.lead@harbour.example", "github:CLead, gitlab:chris, jira:5b10c3aa1c2d3e4f50617283");
    let people = with(people, "d.kaur@harbour.example", "github:dkaur, jira:5b10ac8d82e05b22cc7d4ef5");
    site.write("people.yaml", &people);
    site
}

/// A sample export.
fn sample(name: &str) -> String {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import").join(name);
    path.to_str().expect("a path in UTF-8").to_owned()
}

/// All records of a site, by path, but the one it begins with.
fn records(site: &Site) -> Vec<(String, String)> {
    let mut open = vec![site.path().join("changes")];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for path in entries.map(|e| e.expect("an entry").path()) {
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let inside = path.strip_prefix(site.path()).expect("below it").to_str().expect("UTF-8").to_owned();
            if inside != "changes/CHG-1.yaml" {
                found.push((inside.clone(), site.read(&inside)));
            }
        }
    }
    found.sort();
    found
}

/// A record without the lines above it.
fn body(site: &Site, path: &str) -> String {
    let text = site.read(path);
    let start = text.find("\nid: ").expect("it has an id") + 1;
    text[start..].to_owned()
}

/// Findings of `check` that are no rule's: what is wrong with how a record is written.
fn faults(site: &Site) -> Vec<String> {
    let said = site.run(&["check", "--format", "concise"]).out;
    let of = |line: &&str| line.contains("[record/") || line.contains("[yaml/");
    said.lines().filter(of).filter(|line| !line.contains("record/status-disagrees")).map(str::to_owned).collect()
}
