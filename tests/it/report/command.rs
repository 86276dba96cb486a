//! `tickmark report`: its formats, what it refuses, and that nothing a record says becomes a formula (fault 40).

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tickmark"))
        .args(["report", "--as-of", "2026-11-21"])
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", "/nonexistent")
        .output()
        .expect("the program runs")
}

pub(super) fn site(title: &str) -> TempDir {
    let site = tempfile::tempdir().expect("a folder");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/site");
    for file in ["tickmark.yaml", "people.yaml", "policies/main.md", "changes/CHG-1.yaml"] {
        let text = fs::read_to_string(from.join(file)).expect("a file of the good site");
        let text = if file.starts_with("changes") {
            text.lines()
                .map(|l| if l.starts_with("title:") { format!("title: '{title}'\n") } else { format!("{l}\n") })
                .collect()
        } else {
            text
        };
        fs::create_dir_all(site.path().join(file).parent().expect("a folder")).expect("a folder");
        fs::write(site.path().join(file), text).expect("a file");
    }
    site
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn every_format_is_made_and_the_ending_says_which() {
    let site = site("=cmd|'' /C calc''!A0");
    let quarter = "2026-Q3";
    for (file, begins, holds) in [
        ("r.html", "<!DOCTYPE html>", "<style>"),
        ("r.json", "{\"schema\":\"tickmark.report/1\"", "\"quarter\":\"2026-Q3\""),
        ("r.csv", "Change,Title,", "CHG-1,'=cmd|' /C calc'!A0,"),
    ] {
        let ran = run(site.path(), &[quarter, "-o", file]);
        assert_eq!(ran.status.code(), Some(0), "{}", text(&ran.stderr));
        let made = fs::read_to_string(site.path().join(file)).expect("the file");
        assert!(made.starts_with(begins) && made.contains(holds), "{file}: {made}");
        let format = file.rsplit_once('.').expect("an ending").1;
        let said = run(site.path(), &[quarter, "--format", format]);
        assert_eq!(text(&said.stdout), made, "{file}");
    }
    let page = fs::read_to_string(site.path().join("r.html")).expect("the page");
    assert!(!page.contains("href=\"../"), "a page that stands alone leads nowhere else");
    let ran = run(site.path(), &[quarter, "-o", "r.xlsx"]);
    assert_eq!(ran.status.code(), Some(0), "{}", text(&ran.stderr));
    let first = fs::read(site.path().join("r.xlsx")).expect("the spreadsheet");
    assert!(first.starts_with(b"PK"));
    assert_eq!(run(site.path(), &[quarter, "--format", "xlsx"]).stdout, first, "the same bytes, and over a pipe");
}

#[test]
fn what_it_cannot_do_it_says() {
    let site = site("T");
    for (arguments, says) in [
        (&["2026Q3"][..], "`2026Q3` is no quarter"),
        (&["2031-Q1"], "the only one with a report is `2026-Q3`"),
        (&["2026-Q3", "-o", "r.docx"], "nothing says which format `.docx` is"),
        (&["2026-Q3", "-o", "changes"], "`changes` is a folder"),
    ] {
        let ran = run(site.path(), arguments);
        assert_eq!(ran.status.code(), Some(2), "{arguments:?}");
        assert!(text(&ran.stderr).contains(says), "{arguments:?}: {}", text(&ran.stderr));
    }
}

#[cfg(not(feature = "pdf"))]
#[test]
fn without_the_feature_there_is_no_pdf() {
    let ran = run(site("T").path(), &["2026-Q3", "--format", "pdf"]);
    assert_eq!(ran.status.code(), Some(2));
    assert!(text(&ran.stderr).contains("--features pdf"), "{}", text(&ran.stderr));
}
