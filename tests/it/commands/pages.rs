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
