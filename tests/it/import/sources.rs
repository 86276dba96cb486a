//! Each source: what its exports say stands in records as they say it, and nothing else does.

use super::{body, faults, records, sample, site};

/// The record of the first pull request of gh.json.
const PULL_REQUEST: &str = "id: GH-gateway-12
policy: main
type: emergency
title: \"Rotate keys: gateway #2\"
description: |-
  Yearly rotation.

  - old key: {{ retired }}
  - new key # from the vault
status: approved
kind: [security]
author: a.ng
co_authors: [d.kaur]
requested_at: 2026-03-02T08:00:00Z
pull_requests:
  - url: https://github.com/harbour/gateway/pull/12
    opened_at: 2026-03-02T08:00:00Z
    merged_at: 2026-03-02T10:00:00Z
    into: main
    commit: cccc000000000000000000000000000000000001
reviews:
  - {by: c.lead, kind: earlier-commit, result: approved, at: 2026-03-02T08:30:00Z}
  - {by: c.lead, kind: peer, result: approved, at: 2026-03-02T09:30:00Z}
  - {by: d.kaur, kind: after-merge, result: approved, at: 2026-03-02T10:30:00Z}
gates:
  - {gate: sast, result: passed, at: 2026-03-02T09:04:00Z, evidence: https://sast.example/4}
  - {gate: tests, result: failed, at: 2026-03-02T09:05:00Z, evidence: https://github.com/harbour/gateway/runs/1}
source:
  system: github
  id: harbour/gateway#12
  url: https://github.com/harbour/gateway/pull/12
  at: 2026-03-02T08:00:00Z
extra: {not_imported: [\"reviews.by: github:stranger (peer, commented, 2026-03-02T09:40:00Z)\"]}
";

#[test]
fn a_pull_request_becomes_a_record() {
    let site = site();
    let done = site.run(&[
        "import",
        "github",
        &sample("gh.json"),
        "--type",
        "normal",
        "--map",
        "type:hotfix=emergency",
        "--map",
        "gates.gate:test (linux)=tests",
        "--map",
        "gates.gate:test (mac)=tests",
    ]);
    assert_eq!(done.status, 0, "{}", done.err);
    assert_eq!(body(&site, "changes/2026/GH-gateway-12.yaml"), PULL_REQUEST);
    assert!(
        body(&site, "changes/2026/GH-gateway-13.yaml")
            .contains("\ntype: normal\ntitle: Try something\nstatus: draft\n")
    );
    for said in [
        "  written        2  changes/2026/GH-gateway-12.yaml, changes/2026/GH-gateway-13.yaml\n",
        "`github:stranger`, first in GH-gateway-12 (",
        "gh.json:22:28)",
        "the label `good first issue` stands for no word of ours",
        "reviews in the state `DISMISSED`",
        "checks that came to `NEUTRAL`, which is neither passed nor failed",
        "checks that have not come to anything yet",
        "no place in a record: `milestone`, first in GH-gateway-12",
        "never said by github: approvals",
    ] {
        assert!(done.out.contains(said), "{said}\n{}", done.out);
    }
    assert_eq!(faults(&site), [""; 0]);
}

#[test]
fn a_merge_against_somebodys_last_word_is_not_called_approved() {
    let site = site();
    let text = std::fs::read_to_string(sample("gh.json")).expect("a sample");
    for (state, status) in [("COMMENTED", "approved"), ("CHANGES_REQUESTED", "requested"), ("APPROVED", "approved")] {
        site.write("gh.json", &text.replace("\"state\": \"COMMENTED\"", &format!("\"state\": \"{state}\"")));
        let done = site.run(&["import", "github", "gh.json", "--type", "normal"]);
        assert_eq!(done.status, 0, "{}", done.err);
        let record = body(&site, "changes/2026/GH-gateway-12.yaml");
        assert!(record.contains(&format!("\nstatus: {status}\n")), "{state}\n{record}");
    }
}

#[test]
fn what_webhooks_and_the_rest_interface_send_is_one_change() {
    let site = site();
    let people = site.read("people.yaml").replace("github:alexng", "github:Codertocat");
    site.write("people.yaml", &people);
    let status = std::fs::read_to_string(sample("github-deployment-status.json")).expect("a sample");
    // The commit of the pull request, and a deployment that has ended.
    let ended = status
        .replace("f95f852bd8fca8fcc58a9a2d6c842781e32a215e", "ec26c3e57ca3a959ca5aad62de7213c562f8c821")
        .replace("\"state\": \"in_progress\",\n    \"creator\"", "\"state\": \"success\",\n    \"creator\"");
    assert_ne!(status, ended);
    site.write("ended.json", &ended);
    let files = [sample("github-closed.json"), sample("github-review.json"), "ended.json".to_owned()];
    let mut arguments = vec!["import", "github", "--type", "normal"];
    arguments.extend(files.iter().map(String::as_str));
    let done = site.run(&arguments);
    assert_eq!(done.status, 0, "{}", done.err);
    let record = body(&site, "changes/2019/GH-Hello-World-2.yaml");
    for line in [
        "status: cancelled\n",
        "author: a.ng\n",
        "    kind: peer\n    result: commented\n    at: 2019-05-15T15:20:38Z\n",
        "closed_at: 2019-05-15T15:21:18Z\n",
        "  - environment: github-pages\n    at: 2022-01-03T01:28:40Z\n",
        "    result: succeeded\n",
    ] {
        assert!(record.contains(line), "{line}\n{record}");
    }
    assert!(!record.contains("merged_at") && !record.contains("c4295bd7"), "it was never merged\n{record}");
    assert!(record.contains("deployments.by: github:github-pages[bot]"), "{record}");
}

#[test]
fn what_an_export_does_not_hold_is_left_out_and_said() {
    let site = site();
    let done = site.run(&["import", "github", "--type", "normal", &sample("github-graphql.json")]);
    assert_eq!(done.status, 0, "{}", done.err);
    assert!(
        done.out.contains("    3  no `requested_at`, which every record needs, first in GH-hello-32"),
        "{}",
        done.out
    );
    let merged = body(&site, "changes/GH-hello-28.yaml");
    assert!(merged.contains("status: requested\n") && !merged.contains("author"), "{merged}");
    assert!(faults(&site).iter().all(|f| f.contains("needs `author`") || f.contains("needs `requested_at`")));
}

#[test]
fn rows_of_servicenow_become_records() {
    let site = site();
    let refused = site.run(&["import", "servicenow", &sample("servicenow.json")]);
    assert_eq!(refused.status, 2);
    assert!(refused.err.contains("servicenow.json:7:16") && refused.err.contains("--time-zone UTC"), "{}", refused.err);
    assert_eq!(records(&site), []);

    let done = site.run(&["import", "servicenow", "--time-zone", "UTC", &sample("servicenow.json")]);
    assert_eq!(done.status, 0, "{}", done.err);
    assert_eq!(
        body(&site, "changes/2026/CHG0030413.yaml"),
        "id: CHG0030413
policy: main
type: emergency
title: Block the credential-stuffing source
status: closed
author: a.ng
requested_by: a.ng
requested_at: 2026-08-01T02:10:00Z
risk: high
outcome: {result: successful, issues: Some customers were blocked for ten minutes}
post_change_review: {findings: Rate limits added}
closed_at: 2026-08-03T09:00:00Z
source: {system: servicenow, id: CHG0030413, at: 2026-08-01T02:10:01Z}
"
    );
    for said in [
        "`2026-08-05` is a day, not an instant",
        "approvals: the table says that there was one, not who gave it and when",
        "nothing says where; a mapping file with `always: {deployments.environment: production}` does",
        "`priority` (2)",
    ] {
        assert!(done.out.contains(said), "{said}\n{}", done.out);
    }

    site.write("map.yaml", "always: {deployments.environment: production}\n");
    let csv = ["import", "servicenow", "--time-zone", "+10:00", "--mapping", "map.yaml", "--prefix", "CSV"];
    let done = site.run(&[&csv[..], &[sample("servicenow.csv").as_str()]].concat());
    assert_eq!(done.status, 0, "{}", done.err);
    let record = body(&site, "changes/2026/CSV-CHG0030413.yaml");
    assert!(
        record.contains("deployments:\n  - {environment: production, at: 2026-08-01T01:55:00+10:00}\n"),
        "{record}"
    );
}

#[test]
fn an_object_of_servicenow_says_its_value() {
    let site = site();
    let row = r#"{"result": {"number": {"value": "CHG1", "display_value": "CHG1"}, "type": {"value": "normal", "display_value": "Normal"},
        "state": {"value": "-2", "display_value": "Scheduled"}, "short_description": {"value": "x", "display_value": "x"},
        "opened_by": {"value": "0123", "display_value": "a.ng@harbour.example", "link": "https://i/1"},
        "cmdb_ci": {"value": "b1f0c7d21b2a4010a0f3c9d8e4bcbf01", "display_value": "gateway"},
        "opened_at": {"value": "2026-07-06 18:17:21", "display_value": "07/07/2026 04:17:21"}}}"#;
    site.write("one.json", row);
    let done = site.run(&["import", "servicenow", "--time-zone", "UTC", "one.json"]);
    assert_eq!(done.status, 0, "{}", done.err);
    let record = body(&site, "changes/2026/CHG1.yaml");
    assert!(
        record.contains("status: scheduled\nauthor: a.ng\nrequested_at: 2026-07-06T18:17:21Z\nsystems: [gateway]\n"),
        "{record}"
    );
}

#[test]
fn issues_of_jira_become_records() {
    let site = site();
    let mapping =
        "fields: {type: customfield_10050, rollback.steps: customfield_10051, window.start: customfield_10052}\n";
    site.write("map.yaml", mapping);
    let done = site.run(&["import", "jira", "--mapping", "map.yaml", &sample("jira.json")]);
    assert_eq!(done.status, 0, "{}", done.err);
    assert_eq!(
        body(&site, "changes/2026/CHM-42.yaml"),
        "id: CHM-42
policy: main
type: normal
title: Rotate the partner webhook secrets
description: Yearly rotation.
status: closed
kind: [security]
author: d.kaur
requested_at: 2026-05-04T09:12:13+10:00
systems: [partner-webhooks]
window: {start: 2026-05-06T16:00:00+10:00}
rollback: {steps: [Restore the previous secrets from the vault]}
approvals:
  - {by: c.lead, medium: recorded, at: 2026-05-05T15:30:00+10:00}
closed_at: 2026-05-06T17:39:58+10:00
source: {system: jira, id: CHM-42, at: 2026-05-04T09:12:13+10:00}
extra: {not_imported: [\"requested_by: jira:5b10a2844c20165700ede21g\"]}
"
    );
    assert!(done.out.contains("no place in a record: `priority`"), "{}", done.out);
    assert_eq!(faults(&site), [""; 0]);
}

#[test]
fn the_tree_of_a_newer_jira_is_read_as_text() {
    let site = site();
    let issue = r#"[{"key": "A-1", "self": "https://h.example/rest/api/3/issue/1", "fields": {"summary": "x", "issuetype": {"name": "Normal"},
        "status": {"name": "On fire"}, "created": "2026-05-04T09:12:13.000+1000", "assignee": {"emailAddress": "a.ng@harbour.example"},
        "description": {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "One "},
        {"type": "text", "text": "two."}]}, {"type": "bulletList", "content": [{"type": "listItem", "content":
        [{"type": "paragraph", "content": [{"type": "text", "text": "three"}]}]}]}]}}}]"#;
    site.write("one.json", issue);
    let done = site.run(&["import", "jira", "one.json"]);
    assert_eq!(done.status, 0, "{}", done.err);
    let record = body(&site, "changes/2026/A-1.yaml");
    assert!(
        record.contains("type: normal\ntitle: x\ndescription: |-\n  One two.\n  - three\nauthor: a.ng\n"),
        "{record}"
    );
    assert!(record.contains("url: https://h.example/browse/A-1"), "{record}");
    assert!(done.out.contains("`status`: `On fire` is no word of ours; ours are `draft`"), "{}", done.out);
    let done = site.run(&["import", "jira", "one.json", "--map", "status:on fire=requested"]);
    assert!(done.out.contains("  updated        1  changes/2026/A-1.yaml"), "{}", done.out);
}

#[test]
fn a_table_is_read_by_its_mapping_file() {
    let site = site();
    let arguments = [
        "import",
        "csv",
        "--mapping",
        &sample("table.yaml"),
        "--time-zone",
        "Australia/Brisbane",
        "--prefix",
        "TAB",
        "--output",
        "old",
    ];
    let done = site.run(&[&arguments[..], &[sample("table.csv").as_str()]].concat());
    assert_eq!(done.status, 0, "{}", done.err);
    assert_eq!(
        body(&site, "changes/old/2026/TAB-7.yaml"),
        "id: TAB-7
policy: main
type: normal
title: \"=HYPERLINK(\\\"http://x\\\",\\\"click\\\")\"
purpose: |-
  Customers asked;
  twice a day
status: closed
author: a.ng
requested_at: 2026-02-01T09:00:00+10:00
rollback: {steps: [Redeploy 1.4, Print again]}
deployments:
  - {environment: production, at: 2026-02-02T10:00:00+10:00, via: by hand}
source: {system: csv, id: \"7\"}
"
    );
    let record = body(&site, "changes/old/2026/TAB-8.yaml");
    assert!(record.contains("type: emergency\n") && record.contains("author: d.kaur\n"), "{record}");
    assert!(
        !record.contains("deployments") && !record.contains("pull_requests"),
        "a constant alone makes none\n{record}"
    );
    assert!(!done.out.contains("a deployment without"), "{}", done.out);
    assert_eq!(faults(&site), [""; 0]);
}
