//! Whatever is misspelt that names something: the finding says what could have been meant.

use super::site::Site;

const RECORD: &str = "id: CHG-2\npolicy: mian\ntype: normal\ntitle: A\nstatus: draft\nauthor: a.ng\nrequested_at: 2026-08-03T09:00:00+10:00
rollback: {estimate: 15 minuts}\n";
const OTHER: &str = "id: CHG-3\ntype: emergncy\ntitle: A\nstatus: draft\nauthor: a.nng\nrequested_at: 2026-08-03T09:00:00+10:00
approvals: [{by: c.lead, role: enginering-lead, medium: recorded, at: 2026-08-03T10:00:00+10:00}]\nreasons: {descibed: No.}\n";
const WAIVER: &str =
    "id: WVR-1\nrule: reviewd-after\nchanges: [CHG-11]\nreason: R\nrequested_by: a.gn\napproved_by: d.kuar
approved_at: 2026-08-12T10:00:00+10:00\nexpires: 2026-12-31\n";
const SCOPE: &str = "id: WVR-2\npolicy: main\nrule: described\nwhere: {type: emergancy}\nreason: R\nrequested_by: a.ng\napproved_by: d.kaur
approved_at: 2026-08-12T10:00:00+10:00\nexpires: 2026-12-31\n---\nid: WVR-3\npolicy: mainn\nrule: described\nchanges: [CHG-1]\nreason: R
requested_by: a.ng\napproved_by: d.kaur\napproved_at: 2026-08-12T10:00:00+10:00\nexpires: 2026-12-31\n";

#[test]
fn what_names_something_says_what_could_have_been_meant() {
    let site = Site::with(&[
        ("changes/a.yaml", RECORD),
        ("changes/b.yaml", OTHER),
        ("waivers/w.yaml", WAIVER),
        ("waivers/x.yaml", SCOPE),
    ]);
    let policy = site.read("policies/main.md");
    let policy = policy
        .replace("any_of: [engineering-lead]", "any_of: [engineering-leed], instead: {cisso: engineer}")
        .replace("      clause: described\n", "      clause: descibed\n")
        .replace("for: [emergency]", "for: [emergenzy]");
    site.write("policies/main.md", &policy);
    let tickmark = site.read("tickmark.yaml");
    site.write("tickmark.yaml", &format!("{tickmark}targets: {{reviewed-aftr: 95%, kept: 90%}}\n"));
    let json = site.run(&["check", "--format", "json"]);
    let said: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    let found = |code: &str, message: &str, help: &str| {
        said["diagnostics"].as_array().expect("a list").iter().any(|d| {
            d["code"] == code
                && d["message"].as_str().is_some_and(|m| m.contains(message))
                && d["help"].as_str().is_some_and(|h| h.contains(help))
        })
    };
    for (code, message, near) in [
        ("record/unknown-policy", "`mian`", "`main`"),
        ("record/unknown-policy", "`mainn`", "`main`"),
        ("record/unknown-type", "`emergncy`", "`emergency`"),
        ("record/unknown-type", "`emergancy`", "`emergency`"),
        ("record/unknown-person", "`a.nng`", "`a.ng`"),
        ("record/unknown-person", "`d.kuar`", "`d.kaur`"),
        ("record/bad-duration", "`15 minuts`", "did you mean `15 minutes`?"),
        ("record/role-not-held", "`enginering-lead`", "`engineering-lead`"),
        ("record/unknown-rule", "`descibed`", "did you mean"),
        ("waiver/unknown-rule", "`reviewd-after`", "`reviewed-after`"),
        ("waiver/unknown-change", "`CHG-11`", "`CHG-1`"),
        ("policy/unheld-role", "`engineering-leed`", "`engineering-lead`"),
        ("policy/unheld-role", "`cisso`", "`ciso`"),
        ("policy/unknown-clause", "`descibed`", "`described`"),
        ("policy/unknown-reference", "`emergenzy`", "`emergency`"),
        ("site/unknown-target", "`reviewed-aftr`", "`reviewed-after`"),
    ] {
        assert!(found(code, message, near), "{code} {message} {near}\n{:#}", said["diagnostics"]);
    }
    assert!(!json.out.contains("`kept` is neither"), "{}", json.out);
    site.write("tickmark.yaml", &format!("{tickmark}levels: {{deadline/lat: note}}\n"));
    assert!(site.run(&["check"]).err.contains("did you mean `deadline/late`?"));
}
