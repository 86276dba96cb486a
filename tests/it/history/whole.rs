//! `retained` and `complete` over a quarter: whether they held throughout, and the days they did not, in every form of the
//! report.

use std::fs;

use serde_json::Value;

use super::reconcile::Pair;

/// A site in git whose policy keeps records for three years, and everything that is deployed has one.
fn pair(keys: &str) -> Pair {
    let pair = Pair::new(keys);
    let policy = fs::read_to_string(pair.site.root().join("policies/p.md")).expect("the policy");
    let kept = "  rules:\n    - {id: kept, retained: 3 years}\n";
    pair.site.write(
        "policies/p.md",
        &policy.replace("  rules:\n", kept).replace("version:", "effective: 2026-01-01\nversion:"),
    );
    pair.site.write(".gitignore", "public/\ninternal/\n.tickmark/\n");
    let root = pair.site.root();
    pair.site.git_at("2026-01-01T00:00:00Z", &root, &["init", "--quiet", "--initial-branch=main"]);
    pair.site.commit("2026-01-01T00:00:00Z", "A site");
    pair
}

/// A quarter's report.json, which holds to its schema.
fn report(pair: &Pair, quarter: &str) -> Value {
    let (status, said) = pair.say(&["report", quarter, "--format", "json", "--quiet"]);
    assert_eq!(status, Some(0), "{said}");
    let report: Value = serde_json::from_str(&said).expect("JSON");
    let schema = serde_json::from_str(include_str!("../../schemas/report-1.schema.json")).expect("a schema");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    assert_eq!(validator.iter_errors(&report).map(|e| e.to_string()).collect::<Vec<_>>(), [""; 0]);
    report
}

/// A control as `held; says; DAY RECORDS COMMITS, …`.
fn control(report: &Value, rule: &str) -> String {
    let controls = report["controls"].as_array().expect("controls");
    let found = controls.iter().find(|c| c["rule"] == rule).unwrap_or_else(|| panic!("no {rule} in {report}"));
    let days = found["days"].as_array().expect("days").iter().map(|d| {
        let commits: Vec<&str> =
            d["commits"].as_array().into_iter().flatten().map(|c| &c.as_str().expect("an id")[..7]).collect();
        format!("{} {} {}", d["day"].as_str().expect("a day"), d["records"], commits.join(" "))
    });
    let (held, says) = (found["held"].as_str().expect("a word"), found["whole"]["says"].as_str().expect("a sentence"));
    format!("{held}; {says}; {}", days.collect::<Vec<_>>().join(", "))
}

#[test]
fn every_form_of_the_report_says_whether_it_held_and_when_not() {
    let pair = pair("");
    let mut second = String::new();
    for (id, day) in [("CHG-1", "2026-02-10"), ("CHG-3", "2026-05-02"), ("CHG-2", "2026-02-11")] {
        second = pair.commit(&format!("{day}T10:00:00Z"), &format!("Work on {id} (#1)"));
        pair.record(id, &format!(", commit: {second}"), &format!("closed_at: {day}T12:00:00Z"));
        let path = pair.site.root().join(format!("changes/{id}.yaml"));
        let text = fs::read_to_string(&path).expect("a record").replace("2026-02-10T", &format!("{day}T"));
        fs::write(path, text).expect("a record");
    }
    pair.site.commit("2026-02-20T00:00:00Z", "Records");
    let quiet = report(&pair, "2026-Q1");
    assert_eq!(control(&quiet, "kept"), "held; no record younger than 3 years was deleted; ");
    assert_eq!(control(&quiet, "all"), "held; 2 deployments, and each has a record; ");

    let lost = pair.commit("2026-03-05T10:00:00Z", "Nobody wrote this down (#2)");
    pair.site.remove("changes/CHG-2.yaml");
    pair.site.commit("2026-03-20T23:59:00Z", "Tidy up");
    let loud = report(&pair, "2026-Q1");
    let deleted = "did not hold; 1 record was deleted before the time; 2026-03-20 [\"CHG-2\"] ";
    assert_eq!(control(&loud, "kept"), deleted);
    // Without its record what it was about is a deployment that nobody recorded.
    let unrecorded = format!(
        "did not hold; 2 of 3 deployments without a record; 2026-02-11 [] {}, 2026-03-05 [] {}",
        &second[..7],
        &lost[..7]
    );
    assert_eq!(control(&loud, "all"), unrecorded);
    // Each day is of one quarter.
    let next = report(&pair, "2026-Q2");
    assert_eq!(control(&next, "kept"), "held; no record younger than 3 years was deleted; ");
    assert_eq!(control(&next, "all"), "held; 1 deployment, and it has a record; ");

    let (_, page) = pair.say(&["report", "2026-Q1", "--format", "html", "--quiet"]);
    for part in [
        "1 record was deleted before the time",
        "<span class=\"nowrap\">20 Mar 2026</span>: CHG-2",
        "2 of 3 deployments without a record",
        &format!("<span class=\"nowrap\">5 Mar 2026</span>: {}", &lost[..7]),
        "None held throughout, of 2 rules that were asked",
    ] {
        assert!(page.contains(part), "no `{part}` in\n{page}");
    }
    // Where the whole site is made, they lead to what is said of them.
    pair.say(&["build", "--quiet"]);
    let page = fs::read_to_string(pair.site.root().join("internal/reports/2026-Q1/index.html")).expect("the report");
    assert!(page.contains(&format!("#unrecorded\">{}</a>", &lost[..7])), "{page}");
    pair.say(&["report", "2026-Q1", "-o", "book.xlsx"]);
    let book = pair.site.root().join("book.xlsx");
    let mut zip = zip_texts(&book);
    zip.retain(|text| text.contains("deleted before") || text == "20 Mar 2026" || text.contains("without a record"));
    assert!(zip.len() >= 3, "{zip:?}");
    #[cfg(feature = "pdf")]
    {
        pair.say(&["report", "2026-Q1", "-o", "report.pdf"]);
        let words = crate::paper::text_of(&pair.site.root().join("report.pdf"));
        for part in
            ["1 record was deleted before the time", "20 Mar 2026: CHG-2", &format!("5 Mar 2026: {}", &lost[..7])]
        {
            assert!(words.contains(part), "no `{part}` in {words}");
        }
    }
}

/// The texts of a spreadsheet.
fn zip_texts(book: &std::path::Path) -> Vec<String> {
    let output = std::process::Command::new("python3")
        .args(["-c", "import re, sys, zipfile\nt = zipfile.ZipFile(sys.argv[1]).read('xl/sharedStrings.xml').decode()\nprint(*re.findall('<t[^>]*>([^<]*)</t>', t), sep='\\n')"])
        .arg(book)
        .output()
        .expect("python3 is there; `./test` installs it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

#[test]
fn what_cannot_be_seen_is_not_said_to_hold() {
    let late = pair(", since: 2026-02-15");
    late.record("CHG-1", "", "closed_at: 2026-02-11T10:00:00Z");
    late.site.commit("2026-02-20T00:00:00Z", "A record");
    let said = report(&late, "2026-Q1");
    assert_eq!(control(&said, "all"), "nobody can say; ../gateway is compared from 15 February 2026 on; ");
    // Records of a time before git dated them may go without being missed.
    late.configure("repositories: [{path: ../gateway}]\n");
    let configuration = fs::read_to_string(late.site.root().join("tickmark.yaml")).expect("the configuration");
    let from = configuration.replace("default_policy: p", "default_policy: p, history_from: 2026-02-01");
    late.site.write("tickmark.yaml", &from);
    let said = report(&late, "2026-Q1");
    assert_eq!(control(&said, "kept"), "nobody can say; git says it from 1 February 2026 on; ");
    assert_eq!(control(&said, "all"), "not asked; nothing was deployed; ");
    late.configure("");
    assert_eq!(control(&report(&late, "2026-Q1"), "all"), "nobody can say; no repositories are configured; ");
    fs::remove_dir_all(late.site.root().join(".git")).expect("no repository");
    let said = report(&late, "2026-Q1");
    assert_eq!(control(&said, "kept"), "nobody can say; the site is in no repository, which alone could say; ");
}

#[test]
fn it_is_asked_only_while_a_version_has_the_rule() {
    let pair = pair("");
    let policy = fs::read_to_string(pair.site.root().join("policies/p.md")).expect("the policy");
    let more = "\n    - {id: later, retained: 1 year}\n    - {id: kept";
    pair.site.write(
        "policies/p.md",
        &policy
            .replace("\n    - {id: kept", more)
            .replace("version: \"1\"", "version: \"2\"")
            .replace("2026-01-01\nversion", "2026-05-01\nversion"),
    );
    pair.record("CHG-1", "", "closed_at: 2026-02-11T10:00:00Z");
    pair.record("CHG-2", "", "closed_at: 2026-02-12T10:00:00Z");
    pair.record("CHG-3", "", "closed_at: 2026-02-13T10:00:00Z");
    pair.site.commit("2026-02-20T00:00:00Z", "Records, and a version to come");
    pair.site.remove("changes/CHG-1.yaml");
    pair.site.commit("2026-04-20T00:00:00Z", "Before it was in force");
    pair.site.remove("changes/CHG-2.yaml");
    pair.site.commit("2026-05-02T00:00:00Z", "After");
    let text = fs::read_to_string(pair.site.root().join("changes/CHG-3.yaml")).expect("a record");
    pair.site.write("changes/CHG-4.yaml", &text.replace("CHG-3", "CHG-4").replace("2026-02", "2026-05"));
    let first = report(&pair, "2026-Q1");
    assert!(!first["controls"].as_array().expect("controls").iter().any(|c| c["rule"] == "later"), "{first}");
    let second = report(&pair, "2026-Q2");
    let day = "2026-05-02 [\"CHG-2\"] ";
    assert_eq!(control(&second, "later"), format!("did not hold; 1 record was deleted before the time; {day}"));
    let both = format!("did not hold; 2 records were deleted before the time; 2026-04-20 [\"CHG-1\"] , {day}");
    assert_eq!(control(&second, "kept"), both);
}
