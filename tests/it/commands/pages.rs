//! `tickmark build`: what stands on which internal page.

use super::site::{LATE, Site};

#[test]
fn what_a_rule_finds_stands_with_its_change_and_what_a_document_gets_wrong_on_the_overview() {
    let site = Site::with(&[("changes/late.yaml", &format!("{LATE}sytems: [queue]\n"))]);
    let built = site.run(&["build"]);
    assert_eq!(built.status, 0, "{}", built.err);
    let (rule, document) = ("codes/index.html#deadline-late", "codes/index.html#record-unknown-key");
    let overview = site.read("internal/index.html");
    assert!(overview.contains(document) && !overview.contains(rule), "{overview}");
    let change = site.read("internal/changes/CHG-2/index.html");
    assert_eq!((change.matches(rule).count(), change.contains(document)), (1, true), "{change}");
}

#[test]
fn a_policy_without_rules_is_on_the_coverage_page_by_its_row_alone() {
    let plain = "---\nid: plain\ntitle: Plain policy\nversion: '1.0'\neffective: 2020-01-01\nowner: lead\n\
                 classification: internal\n---\n# Plain policy\n\nEverybody must wash their cup.\n";
    let site = Site::with(&[("policies/plain.md", plain)]);
    let built = site.run(&["build"]);
    assert_eq!(built.status, 0, "{}", built.err);
    let page = site.read("internal/coverage/index.html");
    assert!(page.contains("policies/plain/index.html\">Plain policy</a>"), "its row leads to its page: {page}");
    assert!(page.contains("2 policies have no rule, and no list of promises here"), "{page}");
    assert!(!page.contains("wash their cup") && !page.contains("id=\"plain\""), "{page}");
    let said = site.run(&["coverage", "plain"]).out;
    assert!(said.contains("wash their cup"), "the command lists them: {said}");
}

/// A mistake in one policy stands on its page, and on no other's.
#[test]
fn findings_stand_with_the_document_they_are_in() {
    let policy = |id: &str, words: &str| {
        format!(
            "---\nid: {id}\ntitle: Policy {id}\nversion: '1.0'\neffective: 2020-01-01\nowner: lead\n\
             classification: internal\n---\n# Policy {id}\n\n{words}\n"
        )
    };
    let one = policy("one", "See [this](gone.md), and TBD.");
    let site = Site::with(&[("policies/one.md", &one), ("policies/two.md", &policy("two", "All is well."))]);
    let built = site.run(&["build"]);
    assert_eq!(built.status, 0, "{}", built.err);
    let found =
        |id: &str| site.read(&format!("internal/policies/{id}/index.html")).matches("#text-unknown-document").count();
    assert_eq!((found("one"), found("two")), (1, 0));
}
