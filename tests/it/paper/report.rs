//! The quarterly report as PDF: what it says is what the JSON of the same report says.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use super::reader;
use super::site::said;

const HOSTILE: &str = "#panic(\"no\") $ x $ = h @a <b> \\u{41}";

fn tickmark(root: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tickmark"))
        .arg("-C")
        .arg(root)
        .args(["--as-of", "2026-11-21"])
        .args(arguments)
        .output()
        .expect("the program starts")
}

#[track_caller]
fn report(root: &Path, folder: &Path, file: &str) -> PathBuf {
    let path = folder.join(file);
    let output = tickmark(root, &["report", "2026-Q3", "-o", path.to_str().expect("a path")]);
    assert!(output.status.success(), "{}", said(&output));
    path
}

/// A small site whose one change has a title of markup.
fn small() -> tempfile::TempDir {
    let site = tempfile::tempdir().expect("a folder");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/site");
    for file in ["tickmark.yaml", "people.yaml", "policies/main.md", "changes/CHG-1.yaml"] {
        let text = std::fs::read_to_string(from.join(file)).expect("a file of the good site");
        let text = text.replace("Raise the limit of the queue", &format!("'{HOSTILE}'"));
        // A second change, still open, so that something is due.
        if file.starts_with("changes") {
            let open = text.replace("CHG-1", "CHG-2").replace("status: closed", "status: deployed");
            let open: String = open.lines().filter(|l| !l.starts_with("closed_at")).map(|l| format!("{l}\n")).collect();
            std::fs::write(site.path().join("changes/CHG-2.yaml"), open).expect("a change");
        }
        let to = site.path().join(file);
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("its folder");
        std::fs::create_dir_all(site.path().join("changes")).expect("its folder");
        std::fs::write(to, text).expect("a file");
    }
    let words = "# The quarter\n\nWe did *less*, and #eval(\"1\") is text.\n";
    std::fs::create_dir_all(site.path().join("reports")).expect("a folder");
    std::fs::write(site.path().join("reports/2026-Q3.md"), words).expect("leadership's words");
    site
}

/// As words are told by the reader: with plain spaces.
fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn capital(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn text_of<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().expect("a text")
}

#[test]
fn its_numbers_are_those_of_the_json() {
    let (root, out) = (Path::new(env!("CARGO_MANIFEST_DIR")), tempfile::tempdir().expect("a folder"));
    let json = std::fs::read_to_string(report(root, out.path(), "r.json")).expect("the JSON");
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let words = reader::words(&report(root, out.path(), "r.pdf"));
    for sentence in ["headline", "summary"] {
        let sentence = in_one_line(json[sentence].as_str().expect("a sentence"));
        assert!(words.contains(&sentence), "no `{sentence}` in\n{words}");
    }
    let (_, numbers) = words.split_once("Every number, and how it is counted").expect("the part with the numbers");
    let mut compared = 0;
    for number in json["numbers"].as_array().expect("numbers") {
        let text = |key: &str| number[key].as_str().expect("a text").to_owned();
        let (label, definition) = (capital(&text("label")), in_one_line(&text("definition")));
        let (_, after) = numbers.split_once(&format!("{label} {definition}")).unwrap_or_else(|| panic!("no {label}"));
        let (n, of, unknown) = (&number["n"], &number["of"], number["unknown"].as_u64().expect("a count"));
        if number["kind"] == "share" && of != 0 {
            let row: String = after.chars().take(120).collect();
            let all = n == of && row.contains(&format!(" {of} change"));
            assert!(all || row.contains(&format!("{n} of {of}")), "{label}: no {n} of {of} in {row}");
            assert!(unknown == 0 || row.contains(&format!("{unknown} unknown")), "{label}: {row}");
            compared += 1;
        }
    }
    assert!(compared > 15, "{compared} shares");
    // What everything was asked of and nothing broke has a row of its own; what nothing asked for is named.
    for control in json["controls"].as_array().expect("controls") {
        let asked = ["kept", "broken", "waived", "unknown"].map(|key| control[key].as_u64().expect("a count"));
        let says = format!("{} of {}", asked[0], asked.iter().sum::<u64>());
        let unasked = words.contains(&format!("{} of {}", text_of(control, "rule"), text_of(control, "policy")));
        assert!(words.contains(&says) || unasked, "{}: no {says}", control["rule"]);
    }
    let listed = words.split_once("The records behind the numbers").expect("the appendix").1;
    for record in json["numbers"][0]["records"].as_array().expect("records").iter().take(24) {
        assert!(listed.contains(record.as_str().expect("an id")), "{record} is not in the appendix");
    }
}

#[test]
fn it_is_tagged_archivable_and_says_on_each_page_what_it_is() {
    let (site, out) = (small(), tempfile::tempdir().expect("a folder"));
    let file = report(site.path(), out.path(), "r.pdf");
    assert!(reader::information(&file).contains("Tagged:          yes"));
    let metadata = reader::metadata(&file);
    for statement in ["<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<", "2026-11-2"] {
        assert!(metadata.contains(statement), "{statement}\n{metadata}");
    }
    let objects = reader::objects(&file);
    for title in ["Rules that were broken", "Control by control", "What came of it", "The records behind the numbers"] {
        assert!(objects.contains(&format!("\"/Title\": \"u:{title}\"")), "no bookmark `{title}`");
    }
    assert!(objects.contains("\"/S\": \"/Figure\"") && objects.contains("\"/Alt\""), "drawings say what they show");
    for font in reader::fonts(&file) {
        assert!(font.contains("yes yes yes"), "{font}");
    }
    let text = reader::text(&file);
    let pages: Vec<&str> = text.trim_end_matches('\u{c}').split('\u{c}').collect();
    assert!(pages.len() > 2, "{} pages", pages.len());
    for (n, page) in pages.iter().enumerate() {
        let number = format!("{} / {}", n + 1, pages.len());
        for words in ["INTERNAL", "Harbour Systems", "Quarterly change report 2026-Q3, July to September 2026", &number]
        {
            assert!(page.contains(words), "page {}: no `{words}` in\n{page}", n + 1);
        }
    }
}

#[test]
fn what_records_and_leaders_write_is_text() {
    let (site, out) = (small(), tempfile::tempdir().expect("a folder"));
    let words = reader::words(&report(site.path(), out.path(), "r.pdf"));
    assert!(words.contains("In leadership’s own words The quarter We did less, and #eval(\"1\") is text."), "{words}");
    let json = std::fs::read_to_string(report(site.path(), out.path(), "r.json")).expect("the JSON");
    assert!(json.contains("CHG-1") && words.contains("CHG-1"), "{words}");
}

#[test]
fn the_build_makes_the_same_one_and_its_page_leads_there() {
    let (site, out) = (small(), tempfile::tempdir().expect("a folder"));
    let alone = std::fs::read(report(site.path(), out.path(), "r.pdf")).expect("the paper");
    let built = tickmark(site.path(), &["build"]);
    assert!(built.status.code().is_some_and(|c| c < 2), "{}", said(&built));
    let folder = site.path().join("internal/reports/2026-Q3");
    assert!(
        std::fs::read(folder.join("report.pdf")).expect("the paper") == alone,
        "the same bytes, wherever it is made"
    );
    let page = std::fs::read_to_string(folder.join("index.html")).expect("the page");
    assert!(page.contains("reports/2026-Q3/report.pdf\""), "its page does not lead there");
    // What stands alone leads nowhere.
    let page = std::fs::read_to_string(report(site.path(), out.path(), "r.html")).expect("the page");
    assert!(!page.contains("report.pdf\""), "{page}");
}
