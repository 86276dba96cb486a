//! The public site does not depend on anything internal: with it, without it or with another, its bytes are the same.

use proptest::prelude::*;

use super::site::{CONFIGURATION, PEOPLE, RECORD, SHIPPING, Site, Tree, VAULT, WAIVER};

/// A public policy that points at internal ones which may be there or not.
fn pointing() -> String {
    let links =
        "\nSee [one](vault-operations-9.md), [two](/policies/drill-2/), [three](../drill-2/), [four](drill-2.md).\n";
    SHIPPING.replace("implements: [", "implements: [{policy: drill-2, section: \"4\"}, ") + links
}

/// What somebody does to the internal part of a site.
#[derive(Clone, Debug)]
enum Edit {
    Record { file: u8, id: u16, documents: u8, incident: bool, broken: bool },
    NoRecord { file: u8 },
    Waiver { id: u16, broken: bool },
    NoWaiver,
    Person { id: u16, role: bool, broken: bool },
    Policy { id: u8, classification: u8, title: u8 },
    NoPolicy { id: u8 },
    Foreword { words: u16 },
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        (0..4_u8, 0..900_u16, 1..4_u8, any::<bool>(), any::<bool>())
            .prop_map(|(file, id, documents, incident, broken)| Edit::Record { file, id, documents, incident, broken }),
        (0..4_u8).prop_map(|file| Edit::NoRecord { file }),
        (0..900_u16, any::<bool>()).prop_map(|(id, broken)| Edit::Waiver { id, broken }),
        Just(Edit::NoWaiver),
        (0..900_u16, any::<bool>(), any::<bool>()).prop_map(|(id, role, broken)| Edit::Person { id, role, broken }),
        (0..3_u8, 0..3_u8, 0..9_u8).prop_map(|(id, classification, title)| Edit::Policy { id, classification, title }),
        (0..3_u8).prop_map(|id| Edit::NoPolicy { id }),
        (0..900_u16).prop_map(|words| Edit::Foreword { words }),
    ]
}

const POLICIES: [&str; 3] = ["policies/drill-2.md", "policies/a/zz-3.md", "policies/vault-operations-9.md"];

fn apply(site: &Site, edit: &Edit) {
    match edit {
        Edit::Record { file, id, documents, incident, broken } => {
            let one = |n: u16| {
                let text = RECORD.replace("CHG-2026-0042", &format!("CHG-2025-{:04}", id + n));
                let text = if *incident { text } else { text.replace("INC-4711", &format!("INC-{}", 5000 + id)) };
                if *broken { text.replace("status: closed", "status: clsed\nfoo: [1") } else { text }
            };
            let all: Vec<String> = (0..u16::from(*documents)).map(one).collect();
            site.write(&format!("changes/2026/{file}.yaml"), all.join("---\n").as_bytes());
        }
        Edit::NoRecord { file } => site.remove(&format!("changes/2026/{file}.yaml")),
        Edit::Waiver { id, broken } => {
            let text = WAIVER.replace("WVR-0099", &format!("WVR-{:04}", 1000 + id));
            let text = if *broken { text.replace("expires: 2026-12-31", "expires: soon") } else { text };
            site.write("waivers/two.yaml", text.as_bytes());
        }
        Edit::NoWaiver => site.remove("waivers/two.yaml"),
        Edit::Person { id, role, broken } => {
            let role = if *role { "\n  roles: [{role: engineering-lead, from: 2019-01-01}]" } else { "" };
            let key = if *broken { "nmae" } else { "name" };
            let text = format!("{PEOPLE}- id: p.{id}x\n  {key}: Person Number{id}{role}\n");
            site.write("people.yaml", text.as_bytes());
        }
        Edit::Policy { id, classification, title } => {
            let classification =
                ["", "classification: internal\n", "classification: confidential\n"][usize::from(*classification)];
            let text = VAULT.replace("owner:", &format!("{classification}owner:"));
            let text = text.replace("Vault operations", &format!("Vault operations {title}"));
            let text = text.replace("vault-9", &format!("vault-9-{id}"));
            site.write(POLICIES[usize::from(*id)], text.as_bytes());
        }
        Edit::NoPolicy { id } => site.remove(POLICIES[usize::from(*id)]),
        Edit::Foreword { words } => site.write("reports/2026-Q1.md", format!("Words {words}.\n").as_bytes()),
    }
}

fn base() -> (Site, Tree) {
    let site = Site::harbour();
    site.write("policies/shipping.md", pointing().as_bytes());
    let tree = site.published();
    (site, tree)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn internal_edits_leave_every_public_byte(edits in proptest::collection::vec(edit(), 1..6)) {
        let (site, before) = base();
        for edit in &edits {
            apply(&site, edit);
        }
        prop_assert_eq!(difference(&before, &site.published()), None);
    }
}

/// Each kind of edit alone, and all that is internal gone.
#[test]
fn one_internal_edit_leaves_every_public_byte() {
    let (site, before) = base();
    let edits = [
        Edit::Record { file: 0, id: 1, documents: 1, incident: true, broken: false },
        Edit::Record { file: 0, id: 2, documents: 3, incident: false, broken: false },
        Edit::Record { file: 1, id: 3, documents: 2, incident: false, broken: true },
        Edit::NoRecord { file: 0 },
        Edit::Waiver { id: 1, broken: false },
        Edit::Waiver { id: 2, broken: true },
        Edit::NoWaiver,
        Edit::Person { id: 1, role: true, broken: false },
        Edit::Person { id: 2, role: false, broken: true },
        Edit::Policy { id: 0, classification: 0, title: 1 },
        Edit::Policy { id: 0, classification: 2, title: 2 },
        Edit::Policy { id: 1, classification: 1, title: 3 },
        Edit::NoPolicy { id: 0 },
        Edit::NoPolicy { id: 1 },
        Edit::NoPolicy { id: 2 },
        Edit::Foreword { words: 7 },
    ];
    for edit in edits {
        apply(&site, &edit);
        assert_eq!(difference(&before, &site.published()), None, "{edit:?}");
    }
    for path in ["changes/2026/one.yaml", "changes/2026/1.yaml", "waivers/one.yaml", "reports/2026-Q1.md"] {
        site.remove(path);
    }
    assert_eq!(difference(&before, &site.published()), None, "nothing internal left but people");
}

/// The comparison is not vain: a public edit is seen, and so is a policy that becomes public.
#[test]
fn a_public_edit_is_seen() {
    for (path, text) in [
        ("content/about.md", "---\ntitle: About us\nnav: 2\n---\nWe build piers.\n".to_owned()),
        ("policies/vault-operations-9.md", VAULT.replace("owner:", "classification: public\nowner:")),
    ] {
        let (site, before) = base();
        site.write(path, text.as_bytes());
        assert!(difference(&before, &site.published()).is_some(), "{path}");
    }
}

/// With figures published, an internal record changes these and the manifest that hashes their pages, and nothing else;
/// below the smallest group it changes nothing.
#[test]
fn figures_are_all_that_a_record_changes() {
    let site = Site::harbour();
    site.write("tickmark.yaml", format!("{CONFIGURATION}publish: {{figures: true, smallest_group: 4}}\n").as_bytes());
    let rule = "\n    - {id: reversible, clause: described, rollback: {parts: [steps]}}\n---\n# How";
    site.write("policies/shipping.md", SHIPPING.replace("\n---\n# How", rule).as_bytes());
    let record = |n: usize, steps: &str| {
        let text = RECORD.replace("CHG-2026-0042", &format!("CHG-2026-90{n}")).replace("2026-02", "2026-08");
        site.write(&format!("changes/2026/f{n}.yaml"), format!("{text}rollback: {{steps: [{steps}]}}\n").as_bytes());
    };
    let none = site.published();
    let page = |tree: &Tree| String::from_utf8_lossy(&tree["policies/shipping/index.html"]).into_owned();
    assert!(page(&none).contains("withheld") && page(&none).contains("July to September 2026"), "{}", page(&none));
    for n in 0..3 {
        record(n, "Undo it");
        assert_eq!(difference(&none, &site.published()), None, "{n}: below the smallest group nothing changes");
    }
    record(3, "");
    let four = site.published();
    assert!(page(&four).contains("75 %") && page(&four).contains("3 of 4 changes"), "{}", page(&four));
    let changed: Vec<&String> = four.keys().filter(|path| none.get(*path) != four.get(*path)).collect();
    assert_eq!(changed, ["index.html", "manifest.json", "policies/shipping/index.html", "trust.json"]);
    // Records of other quarters and of internal policies count nowhere.
    site.write("changes/2026/old.yaml", RECORD.replace("0042", "8000").as_bytes());
    let other = RECORD.replace("0042", "8001").replace("type: normal", "policy: vault-operations-9\ntype: normal");
    site.write("changes/2026/other.yaml", other.replace("2026-02", "2026-08").as_bytes());
    assert_eq!(difference(&four, &site.published()), None);
}

/// The first path at which two trees differ.
fn difference(a: &Tree, b: &Tree) -> Option<String> {
    a.keys().chain(b.keys()).find(|path| a.get(*path) != b.get(*path)).cloned()
}
