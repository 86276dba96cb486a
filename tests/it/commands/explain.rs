//! `tickmark explain`: what a change, a rule, a code and a check come to in words.

use super::site::{LATE, Site, run};

const OPEN: &str =
    "id: CHG-3\ntype: normal\ntitle: Later\nstatus: requested\nauthor: a.ng\nrequested_at: 2026-11-20T09:00:00+10:00
sytems: [queue]
";
const WAIVER: &str = "id: WVR-1\nrule: reviewed-after\nchanges: [CHG-2]\nreason: Nobody was there.\nrequested_by: a.ng
approved_by: d.kaur\napproved_at: 2026-08-21T10:00:00+10:00\nexpires: 2026-12-31
";

fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not said:\n{text}");
    }
}

#[test]
fn a_change_says_what_each_rule_read_and_what_would_satisfy_it() {
    let site = Site::with(&[("changes/late.yaml", LATE), ("changes/open.yaml", OPEN)]);
    let late = site.run(&["explain", "CHG-2"]);
    assert_eq!(late.status, 0, "{}", late.err);
    has(
        &late.out,
        &[
            "verdict: fail",
            "fail[deadline/late] reviewed-after: post-change review came",
            "promise: “An emergency is reviewed within five business days of its deployment.” (policies/main.md:31)",
            "satisfied when: The post-change review comes within 5 business days of the deployment.",
            "deployed: Mon 3 Aug 2026 10:00 (Australia/Brisbane) (changes/late.yaml:10:35)",
            "counted: 5 business days from Mon 3 Aug 10:00",
            "to do: ",
            "3 rules bind its type\n",
        ],
    );
    // What waits says what it waits for and what it takes; a misspelt field is named.
    let open = site.run(&["explain", "change:CHG-3"]);
    has(
        &open.out,
        &[
            "pending approved-first: waits for the deployment",
            "satisfied when: One person in the role of engineering lead approves before the deployment, but not the author.",
            "in the document itself",
            "error[record/unknown-key] a change record has no key `sytems`",
            "to do: did you mean `systems`?",
        ],
    );
    let not_said = open.out.split("\n\n").filter(|p| p.starts_with("pending") && !p.contains("satisfied when: "));
    assert_eq!(not_said.count(), 0, "{}", open.out);
}

#[test]
fn a_broken_expression_says_itself_and_what_it_read() {
    let small = "    - id: small\n      clause: approved-first\n      due: requested\n      assert: \"change.systems|length <= 1\"\n      \
        message: \"it changes {{ change.systems|length }} systems\"\n      pass: [{systems: [a]}]\n      fail: [{systems: [a, b]}]\n---\n";
    let site = Site::with(&[("changes/open.yaml", &OPEN.replace("sytems: [queue]", "systems: [queue, search]"))]);
    let policy = site.read("policies/main.md");
    site.write("policies/main.md", &policy.replacen("\n---\n", &format!("\n{small}"), 1));
    let open = site.run(&["explain", "CHG-3"]);
    has(
        &open.out,
        &[
            "fail[assert/not-met] small: it changes 2 systems",
            "satisfied when: `change.systems|length <= 1` holds",
            "systems: queue, search (changes/open.yaml:7:1",
        ],
    );
}

#[test]
fn a_rule_says_its_promise_its_text_its_waivers_and_who_breaks_it() {
    let site = Site::with(&[("changes/late.yaml", LATE)]);
    for word in ["main/reviewed-after", "reviewed-after", "rule:reviewed-after"] {
        let rule = site.run(&["explain", word]);
        assert_eq!(rule.status, 0, "{}", rule.err);
        has(
            &rule.out,
            &[
                "main/reviewed-after  `deadline` rule of Change policy, version 1.0\npolicies/main.md:22",
                "promise: “An emergency is reviewed within five business days of its deployment.” (policies/main.md:31)",
                "asks: The post-change review comes within 5 business days of the deployment.",
                "binds: every emergency change (`emergency`)",
                "due: 5 business days after the deployment",
                "level: error",
                "    - id: reviewed-after\n      clause: reviewed-after\n      for: [emergency]\n      deadline: {of:",
                "records it binds: 1\n  1 fail\n  fail CHG-2: post-change review came",
                "\n      changes/late.yaml:12:26\n",
            ],
        );
    }
    site.write("waivers/w.yaml", WAIVER);
    let lifted = site.run(&["explain", "reviewed-after"]);
    has(
        &lifted.out,
        &["waivers on it\n  WVR-1: approved by `d.kaur`, until 2026-12-31; lifts CHG-2", "1 waived", "waived CHG-2: "],
    );
}

#[test]
fn a_rule_of_two_policies_is_explained_for_both() {
    let second = "---\nid: other\ntitle: Other\nchanges:\n  types: {normal: {}}\n  rules:\n    - {id: described, fields: [purpose]}\n---\n# Other\n";
    let site = Site::with(&[("policies/other.md", second)]);
    let both = site.run(&["explain", "described"]).out;
    has(&both, &["main/described", "other/described", "none in this site", "no clause of the text stands behind it"]);
    let one = site.run(&["explain", "other/described"]).out;
    assert!(!one.contains("main/described") && one.contains("    - {id: described, fields: [purpose]}"), "{one}");
}

#[test]
fn a_code_says_its_level_here_what_to_do_an_example_and_where_it_is_found() {
    let site = Site::with(&[("changes/late.yaml", LATE), ("changes/open.yaml", OPEN)]);
    let late = site.run(&["explain", "deadline/late"]);
    has(
        &late.out,
        &[
            "deadline/late  error",
            "means: An event came after its deadline.",
            "to do: A late event stays late.",
            "an example",
            "error[deadline/late]",
            "findings of it in this site: 1\n  changes/late.yaml:12:26: error[deadline/late]",
        ],
    );
    let tickmark = site.read("tickmark.yaml");
    site.write("tickmark.yaml", &format!("{tickmark}levels: {{record/unknown-key: off}}\n"));
    let off = site.run(&["explain", "record/unknown-key"]).out;
    has(&off, &["here tickmark.yaml turns it off", "findings of it in this site: 0"]);
    has(&site.run(&["explain", "leak/secret"]).out, &["no configuration can lower it", "only `tickmark build`"]);
}

#[test]
fn codes_and_checks_are_explained_without_a_site() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let check = run(folder.path(), &["explain", "deadline"]);
    assert_eq!(check.status, 0, "{}", check.err);
    has(&check.out, &["`deadline`: an event came in time", "The exact instant is in time", "# error[deadline/late]"]);
    assert!(check.out.lines().filter(|l| !l.starts_with("    ")).all(|l| l.chars().count() <= 100), "{}", check.out);
    has(&run(folder.path(), &["explain", "yaml/tab"]).out, &["yaml/tab  error", "to do: "]);
}

#[test]
fn what_a_word_could_be_besides_is_said_and_can_be_asked_for() {
    let site = Site::with(&[("changes/late.yaml", &LATE.replace("CHG-2", "deadline"))]);
    let change = site.run(&["explain", "deadline"]).out;
    has(&change, &["changes/late.yaml\n", "\n`deadline` is a check, too: tickmark explain check:deadline\n"]);
    has(&site.run(&["explain", "check:deadline"]).out, &["an event came in time", "  main/reviewed-after"]);
}

#[test]
fn an_unknown_word_ends_with_what_could_have_been_meant() {
    let site = Site::with(&[]);
    for (word, said) in [
        ("CHG-l", "did you mean the change `CHG-1`?"),
        ("main/reviewd-after", "did you mean the rule `main/reviewed-after`?"),
        ("approvd-first", "did you mean the rule `approved-first`?"),
        ("deadline/lat", "did you mean the code `deadline/late`?"),
        ("deadlien", "did you mean the check `deadline`?"),
        ("code:deadlin", "name a change by its id"),
        ("main", "ask for one of its rules as `main/RULE`"),
    ] {
        let ran = site.run(&["explain", word]);
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{word}");
        assert!(ran.err.contains(said), "{word}: {}", ran.err);
    }
}
