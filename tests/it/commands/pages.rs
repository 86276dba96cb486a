//! `tickmark build`: what stands on which internal page.

use super::site::Site;

/// An emergency whose review came late, in a record with a key that nobody knows.
const LATE: &str = "id: CHG-2\ntype: emergency\ntitle: Restart\ndescription: Restart it.\nstatus: closed\nauthor: a.ng
requested_at: 2026-08-03T09:00:00+10:00
approvals: [{by: c.lead, role: engineering-lead, medium: recorded, at: 2026-08-03T09:30:00+10:00}]
deployments:
  - {environment: production, at: 2026-08-03T10:00:00+10:00, by: a.ng, result: succeeded}
outcome: {result: successful, at: 2026-08-03T10:30:00+10:00}
post_change_review: {at: 2026-08-20T10:00:00+10:00, by: c.lead}
closed_at: 2026-08-21T10:00:00+10:00
sytems: [queue]
";

#[test]
fn what_a_rule_finds_stands_with_its_change_and_what_a_document_gets_wrong_on_the_overview() {
    let site = Site::with(&[("changes/late.yaml", LATE)]);
    let built = site.run(&["build"]);
    assert_eq!(built.status, 0, "{}", built.err);
    let (rule, document) = ("codes/index.html#deadline-late", "codes/index.html#record-unknown-key");
    let overview = site.read("internal/index.html");
    assert!(overview.contains(document) && !overview.contains(rule), "{overview}");
    let change = site.read("internal/changes/CHG-2/index.html");
    assert_eq!((change.matches(rule).count(), change.contains(document)), (1, true), "{change}");
}
