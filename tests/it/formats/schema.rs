//! SARIF as its publisher says it is.

use std::path::Path;

use serde_json::{Value, json};

use super::reader;
use super::site::{Site, approved, check, unapproved};

/// What is wrong with a log.
pub(super) fn mistakes(log: &Value) -> Vec<String> {
    // Its pattern for languages has a bracket too many, which strict readers refuse; we write no language.
    let published = include_str!("../../schemas/sarif-2.1.0.json");
    let mended = published.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    let schema: Value = serde_json::from_str(&mended).expect("a schema");
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
    validator.iter_errors(log).map(|e| format!("{}: {e}", e.instance_path())).collect()
}

fn log(folder: &Path, arguments: &[&str]) -> Value {
    reader::json(&check(folder, &[&["--format", "sarif"], arguments].concat()).out)
}

#[test]
fn the_demonstrations_log_is_valid_and_says_all_there_is() {
    let log = log(Path::new(env!("CARGO_MANIFEST_DIR")), &[]);
    assert_eq!(mistakes(&log), [""; 0]);
    let results = log["runs"][0]["results"].as_array().expect("results");
    assert_eq!(results.len(), 37);
    let late = results
        .iter()
        .find(|r| r["ruleId"] == "deadline/late/five-stage/emergency-review-2bd")
        .expect("the finding of the README");
    assert_eq!(late["locations"][0]["physicalLocation"]["region"]["startLine"], 54);
    let related = late["relatedLocations"].as_array().expect("related");
    let clause = related.last().expect("the clause");
    assert_eq!(clause["physicalLocation"]["artifactLocation"]["uri"], "policies/five-stage.md");
    assert!(clause["message"]["text"].as_str().is_some_and(|t| t.contains("allows 2 business days")));
    let lifted: Vec<_> = results.iter().filter(|r| r.get("suppressions").is_some()).collect();
    assert_eq!(lifted.len(), 5, "waived findings are suppressed");
    assert!(lifted[0]["suppressions"][0]["justification"].as_str().is_some_and(|j| j.starts_with("waiver WVR-")));
}

#[test]
fn a_log_beside_a_baseline_is_valid() {
    let site = Site::good();
    site.write("changes/two.yaml", &unapproved("CHG-2"));
    site.write("changes/three.yaml", &approved("CHG-3", "colour: red\n"));
    site.write("base.json", &site.check(&["--format", "json"]).out);
    site.write("changes/two.yaml", &approved("CHG-2", ""));
    site.write("changes/four.yaml", &approved("CHG-4", "colour: red\n"));
    let log = log(&site.root(), &["--baseline", "base.json"]);
    assert_eq!(mistakes(&log), [""; 0]);
    let results = log["runs"][0]["results"].as_array().expect("results").iter();
    let mut states: Vec<_> = results.map(|r| format!("{} {}", r["baselineState"], r["ruleId"])).collect();
    states.sort();
    assert_eq!(
        states,
        [
            r#""absent" "approval/missing/main/approved-first""#,
            r#""new" "record/unknown-key""#,
            r#""unchanged" "record/unknown-key""#
        ]
    );
}

#[test]
fn what_is_no_sarif_is_seen() {
    let mut log = log(Path::new(env!("CARGO_MANIFEST_DIR")), &["changes/payments"]);
    assert_eq!(mistakes(&log), [""; 0]);
    log["runs"][0]["results"][0]["level"] = json!("fatal");
    log["runs"][0]["results"][1].as_object_mut().expect("a result").remove("message");
    log["runs"][0]["results"][2]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] = json!("a b");
    assert_eq!(mistakes(&log).len(), 3, "{:#?}", mistakes(&log));
}

#[test]
fn columns_are_units_of_utf16() {
    let site = Site::good();
    site.write("changes/two.yaml", &approved("CHG-2", "source: {system: '𝄞é', colour: red}\n"));
    let text = site.check(&["--format", "concise"]).out;
    assert!(text.starts_with("changes/two.yaml:14:24: error[record/unknown-key]"), "characters: {text}");
    let log = log(&site.root(), &["--quiet"]);
    let region = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
    assert_eq!(region["startColumn"], 25, "the clef is two units");
}
