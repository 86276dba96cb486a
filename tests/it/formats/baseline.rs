//! A baseline: what it has does not fail again, wherever it went; what is new does, in every format.

use super::reader::{json, told};
use super::site::{FORMATS, Site, approved, unapproved};

/// A site with three findings, and its answer as `base.json`.
fn old_site() -> Site {
    let site = Site::good();
    site.write("changes/two.yaml", &format!("{}---\n{}", unapproved("CHG-2"), unapproved("CHG-3")));
    site.write("changes/four.yaml", &approved("CHG-4", "colour: red\n"));
    let answer = site.check(&["--format", "json"]);
    assert_eq!(answer.status, Some(1));
    site.write("base.json", &answer.out);
    site
}

fn beside(site: &Site, format: &str) -> super::site::Answer {
    site.check(&["--baseline", "base.json", "--format", format])
}

#[test]
fn nothing_new_is_nothing_that_fails() {
    let site = old_site();
    for format in FORMATS {
        let answer = beside(&site, format);
        assert_eq!(answer.status, Some(0), "{format}: {}", answer.out);
        let known = "3 findings known from the baseline, 0 fixed since";
        assert!((answer.out + &answer.err).contains(known), "{format}");
    }
    let answer = json(&beside(&site, "json").out);
    assert_eq!(answer["baseline"], serde_json::json!({"new": 0, "known": 3, "fixed": 0}));
    // What is known is listed all the same, so that the answer can be the next baseline.
    site.write("base.json", &beside(&site, "json").out);
    assert_eq!(beside(&site, "concise").out, "");
}

#[test]
fn findings_are_known_wherever_they_went() {
    let site = old_site();
    site.remove("changes/two.yaml");
    site.remove("changes/four.yaml");
    let four = "# moved\nauthor: a.ng\ncolour: red\n".to_owned()
        + &approved("CHG-4", "").replace("author: a.ng\n", "").replace("title", "\ntitle");
    site.write("changes/2026/four.yaml", &four);
    let three = format!("# one\n# two\n\n{}", unapproved("CHG-3"));
    site.write("changes/a/three.yaml", &format!("{three}---\n{}", unapproved("CHG-2")));
    let policy = site.read("policies/main.md").replace("# Change policy", "# Change policy\n\nMore words.");
    site.write("policies/main.md", &policy);
    let answer = beside(&site, "human");
    assert!(answer.out.contains("3 findings known from the baseline, 0 fixed since"), "{}", answer.out);
    assert_eq!(answer.status, Some(0), "{}", answer.out);
}

#[test]
fn what_is_new_fails_alone_and_what_is_gone_is_counted() {
    let site = old_site();
    site.write("changes/two.yaml", &format!("{}---\n{}", approved("CHG-2", ""), unapproved("CHG-3")));
    site.write("changes/five.yaml", &unapproved("CHG-5"));
    for format in FORMATS {
        let answer = beside(&site, format);
        assert_eq!(answer.status, Some(1), "{format}: {}", answer.out);
        let told = told(format, &answer.out);
        let new = told.iter().filter(|(path, ..)| path == "changes/five.yaml").count();
        // These list what is known, too, and mark it; SARIF, moreover, what is gone.
        let all = match format {
            "json" | "junit" => 3,
            "sarif" => 4,
            _ => 1,
        };
        assert_eq!((new, told.len()), (1, all), "{format}: {}", answer.out);
        let said = "2 findings known from the baseline, 1 fixed since";
        assert!((answer.out + &answer.err).contains(said), "{format}");
    }
}

#[test]
fn a_second_mistake_of_its_kind_is_new_and_so_is_another_word() {
    let site = old_site();
    site.write("changes/four.yaml", &approved("CHG-4", "colour: red\ncolor: red\n"));
    assert_eq!(told("concise", &beside(&site, "concise").out).len(), 1);
    site.write("changes/four.yaml", &approved("CHG-4", "color: red\n"));
    let answer = beside(&site, "concise");
    assert!(answer.out.contains("`color`") && answer.err.contains("1 fixed since"), "{}{}", answer.out, answer.err);
}

#[test]
fn what_was_waived_and_is_no_more_is_new() {
    let site = old_site();
    let waiver = "id: WVR-1
rule: approved-first
policy: main
changes: [CHG-2, CHG-3]
reason: The lead was away.
requested_by: c.lead
approved_by: d.kaur
approved_at: 2026-08-02T10:00:00+10:00
compensating_control: Two people watched.
expires: 2026-12-31
";
    site.write("waivers/one.yaml", waiver);
    let answer = site.check(&["--format", "json"]);
    assert!(answer.out.contains("\"waived\":2"), "{}", answer.out);
    site.write("later.json", &answer.out);
    assert_eq!(beside(&site, "human").status, Some(0), "what failed and is waived is no worse");
    site.remove("waivers/one.yaml");
    let answer = site.check(&["--baseline", "later.json", "--format", "concise"]);
    assert_eq!((answer.status, told("concise", &answer.out).len()), (Some(1), 2), "{}", answer.out);
}

#[test]
fn what_is_no_baseline_ends_the_job() {
    let site = old_site();
    let base = site.read("base.json");
    site.write("cut.json", &base[..base.len() / 2]);
    site.write("foreign.json", &site.check(&["--format", "sarif"]).out);
    site.write("newer.json", &base.replace("tickmark.check/1", "tickmark.check/2"));
    site.write("empty.json", "");
    for (file, says) in [
        ("cut.json", "`cut.json` is cut short, and no baseline"),
        ("foreign.json", "`foreign.json` is not what `tickmark check --format json` writes"),
        ("newer.json", "in the format `tickmark.check/2`"),
        ("empty.json", "`empty.json` is cut short"),
        ("missing.json", "could not read `missing.json`"),
        ("changes", "`changes`"),
    ] {
        let answer = site.check(&["--baseline", file, "--format", "sarif"]);
        assert_eq!((answer.status, answer.out.as_str()), (Some(2), ""), "{file}");
        assert!(answer.err.contains(says), "{file}: {}", answer.err);
    }
}
