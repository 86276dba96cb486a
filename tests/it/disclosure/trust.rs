//! Lists of `content/data` and what is made of them and of public policies: pages, feeds, twins. Which bytes hold nothing
//! internal is the business of the tests beside this one, whose site has every list.

use std::collections::BTreeSet;

use jsonschema::Validator;
use serde_json::Value;

use super::site::{CONFIGURATION, SHIPPING, Site, Tree, said};

fn page(tree: &Tree, path: &str) -> String {
    String::from_utf8_lossy(tree.get(path).unwrap_or_else(|| panic!("no {path}"))).into_owned()
}

fn json(tree: &Tree, path: &str) -> Value {
    serde_json::from_str(&page(tree, path)).expect("JSON")
}

fn schema() -> Validator {
    let text = include_str!("../../../docs/trust.schema.json");
    let schema: Value = serde_json::from_str(text).expect("JSON");
    assert!(jsonschema::meta::is_valid(&schema));
    jsonschema::validator_for(&schema).expect("a schema")
}

fn faults(validator: &Validator, document: &Value) -> Vec<String> {
    validator.iter_errors(document).map(|e| format!("{}: {e}", e.instance_path())).collect()
}

/// What the navigation of a page lists.
fn navigation(html: &str) -> Vec<String> {
    let nav =
        html.split("<nav aria-label=\"Main\">").nth(1).and_then(|n| n.split("</nav>").next()).expect("a navigation");
    nav.split("<a ").skip(1).filter_map(|a| Some(a.split_once('>')?.1.split('<').next()?.to_owned())).collect()
}

#[test]
fn every_list_has_its_page_and_the_navigation_leads_there() {
    let public = Site::harbour().published();
    for (path, says) in [
        (
            "index.html",
            vec!["What we commit to", "We write it down", "href=\"./policies/shipping/#described\"", "Checked:"],
        ),
        ("certifications/index.html", vec!["ISO/IEC 27001:2022", "18 March 2029", "<b class=\"m fail\">expired</b>"]),
        (
            "subprocessors/index.html",
            vec!["30 days before it receives data", "Quay Cloud", "35 days before", "To come"],
        ),
        ("faq/index.html", vec!["<h3 id=\"is-it-safe\">Is it safe?</h3>", "href=\"../policies/shipping/\""]),
        ("updates/index.html", vec!["How we ship, version 1.1", "id=\"notice-new-crane\"", "feed.xml"]),
        ("contact/index.html", vec!["Questions", "answered within 2 business days", "id=\"report\""]),
        (
            "controls/index.html",
            vec!["CC8.1", "Changes are authorised", "Every change has a description.", "Harbour code"],
        ),
    ] {
        let html = page(&public, path);
        for part in says {
            assert!(html.contains(part), "{path} lacks {part}: {html}");
        }
    }
    let nav = navigation(&page(&public, "index.html"));
    let lists = ["Controls", "Sub-processors", "Certifications", "Questions", "Updates", "Contact"];
    assert!(lists.iter().all(|l| nav.iter().any(|n| n == l)), "{nav:?}");
    // What was to come is no longer once the day has come; what lies ahead is not told.
    let all = public.values().map(|b| String::from_utf8_lossy(b)).collect::<String>();
    assert!(!all.contains("Secretly Planned Ltd") && !all.contains("Next year"), "announced later, dated later");
}

#[test]
fn a_site_with_policies_alone_has_nothing_empty() {
    let without = "implements: [{control: SOC2:CC8.1, clauses: [described, records]}, HARBOUR:1.2]\n";
    let plain = SHIPPING.replace(without, "");
    assert_ne!(plain, SHIPPING);
    let site = Site::new([("tickmark.yaml", CONFIGURATION), ("policies/shipping.md", plain.as_str())]);
    let public = site.published();
    assert_eq!(navigation(&page(&public, "index.html")), ["Policies", "Updates", "Search"]);
    for list in ["controls", "subprocessors", "certifications", "faq", "contact"] {
        assert!(!public.contains_key(&format!("{list}/index.html")), "{list}");
    }
    assert!(!public.contains_key("oscal/component-definition.json"));
    let home = page(&public, "index.html");
    for heading in ["What we commit to", "Certifications"] {
        assert!(!home.contains(heading), "{heading}");
    }
    let document = json(&public, "trust.json");
    assert_eq!(faults(&schema(), &document), [""; 0]);
    // One that says nothing of days has no updates, no feeds and no calendar.
    let quiet = "---\nclassification: public\n---\n# How we ship\n\nSlowly.\n";
    let public = Site::new([("tickmark.yaml", CONFIGURATION), ("policies/shipping.md", quiet)]).published();
    assert_eq!(navigation(&page(&public, "index.html")), ["Policies", "Search"]);
    for path in ["updates/index.html", "feed.xml", "feed.json", "reviews.ics"] {
        assert!(!public.contains_key(path), "{path}");
    }
    assert!(!page(&public, "index.html").contains("feed.xml"));
}

#[test]
fn trust_json_is_what_its_schema_says() {
    let site = Site::harbour();
    let figures = "publish: {figures: true, smallest_group: 4}\n";
    site.write("tickmark.yaml", format!("{CONFIGURATION}{figures}").as_bytes());
    let rule = "\n    - {id: reversible, clause: described, rollback: {parts: [steps]}}\n---\n# How";
    site.write("policies/shipping.md", SHIPPING.replace("\n---\n# How", rule).as_bytes());
    let document = json(&site.published(), "trust.json");
    let schema = schema();
    assert_eq!(faults(&schema, &document), [""; 0]);
    let policy = &document["policies"][0];
    assert_eq!(
        (&policy["id"], &policy["owner"], &policy["words"]),
        (&"shipping".into(), &"Engineering lead".into(), &12.into())
    );
    assert_eq!(policy["url"], "https://trust.harbour.example/policies/shipping/");
    let clause = policy["clauses"].as_array().expect("a list").iter().find(|c| c["anchor"] == "described").expect("it");
    assert_eq!(clause["rules"][0]["id"], "described");
    assert_eq!(document["frameworks"][1]["controls"][0]["implemented_by"][0]["checked"][0], "described");
    assert_eq!(document["figures"]["figures"][0]["kept"], Value::Null, "withheld");
    assert_eq!(document["subprocessors"].as_array().map(Vec::len), Some(2));
    // The schema is not vain.
    for (pointer, value) in [
        ("/policies/0/effective", Value::from("1 June")),
        ("/policies/0/state", Value::from("good")),
        ("/updates/0/kind", Value::from("Rumour")),
        ("/commit", Value::from("abc")),
    ] {
        let mut broken = document.clone();
        *broken.pointer_mut(pointer).expect(pointer) = value;
        assert!(!faults(&schema, &broken).is_empty(), "{pointer}");
    }
    let mut more = document;
    more["policies"][0]["approver"] = "somebody".into();
    assert!(!faults(&schema, &more).is_empty());
}

#[test]
fn a_certificate_holds_through_its_last_day_and_expires_by_as_of() {
    // Built as of 21 November 2026.
    for (day, expired) in [("2026-11-21", false), ("2026-11-20", true)] {
        let site = Site::harbour();
        site.write("content/data/certifications.yaml", format!("- {{name: A, expires: {day}}}\n").as_bytes());
        let public = site.published();
        assert_eq!(page(&public, "certifications/index.html").contains("fail\">expired"), expired, "{day}");
        assert_eq!(json(&public, "trust.json")["certifications"][0]["expired"], expired, "{day}");
    }
}

#[test]
fn feeds_hold_what_the_page_holds_and_keep_their_ids() {
    let site = Site::harbour();
    let public = site.published();
    let (html, atom) = (page(&public, "updates/index.html"), page(&public, "feed.xml"));
    let feed = json(&public, "feed.json");
    let items = feed["items"].as_array().expect("items");
    assert!(items.len() >= 5, "{items:?}");
    let mut ids = BTreeSet::new();
    for item in items {
        let text = |key: &str| item[key].as_str().unwrap_or_else(|| panic!("no {key} in {item}")).to_owned();
        let anchor = text("url").split_once("https://trust.harbour.example/updates/#").expect("the page").1.to_owned();
        assert!(html.contains(&format!("<li id=\"{anchor}\">")), "{anchor}");
        assert!(atom.contains(&format!("<id>{}</id>", text("id"))), "{anchor}");
        assert!(text("date_published").as_str() <= "2026-11-21T00:00:00Z", "{anchor} is not told yet");
        ids.insert(text("id"));
    }
    assert_eq!(ids.len(), items.len());
    assert_eq!(atom.matches("<entry>").count(), items.len());
    // What comes later leaves what was there as it was.
    let updates =
        "- {id: new-crane, date: 2026-05-01, title: A new crane}\n- {id: tide, date: 2026-11-20, title: Tide}\n";
    site.write("content/data/updates.yaml", updates.as_bytes());
    let later = json(&site.published(), "feed.json");
    let now: BTreeSet<String> =
        later["items"].as_array().expect("items").iter().filter_map(|i| Some(i["id"].as_str()?.to_owned())).collect();
    assert!(now.is_superset(&ids) && now.len() == ids.len() + 1);
}

#[test]
fn below_a_path_every_address_has_it() {
    let site = Site::harbour();
    let below = CONFIGURATION.replace("harbour.example/", "harbour.example/about/trust/");
    site.write("tickmark.yaml", below.as_bytes());
    let public = site.published();
    let base = "https://trust.harbour.example/about/trust/";
    for (path, bytes) in &public {
        let text = String::from_utf8_lossy(bytes);
        let addresses = text.match_indices("https://trust.harbour.example").map(|(at, _)| &text[at..]);
        for address in addresses {
            assert!(address.starts_with(base), "{path}: {}", &address[..60.min(address.len())]);
        }
    }
    assert!(
        page(&public, "controls/index.html").contains(&format!("<link rel=\"canonical\" href=\"{base}controls/\">"))
    );
    assert!(page(&public, "controls/index.html").contains("href=\"../policies/shipping/#described\""));
    assert!(
        page(&public, ".well-known/security.txt").contains(&format!("Canonical: {base}.well-known/security.txt\n"))
    );
}

#[test]
fn the_oscal_document_is_whole() {
    let public = Site::harbour().published();
    let document = json(&public, "oscal/component-definition.json");
    let definition = &document["component-definition"];
    for key in ["uuid", "metadata", "components"] {
        assert!(!definition[key].is_null(), "{key}");
    }
    assert_eq!(definition["metadata"]["last-modified"], "2026-01-01T00:00:00Z", "from the policy, not a clock");
    let mut uuids = Vec::new();
    walk(&document, &mut |key, value| match (key, value.as_str()) {
        ("uuid", Some(uuid)) => uuids.push(uuid.to_owned()),
        ("control-id", Some(id)) => {
            assert!(id.starts_with(|c: char| c.is_alphabetic() || c == '_'), "{id}");
            assert!(id.chars().all(|c| c.is_alphanumeric() || ".-_".contains(c)), "{id}");
        }
        ("href" | "source", Some(address)) => {
            let place = address.strip_prefix("https://trust.harbour.example/").expect("an address of the site");
            let (place, anchor) = place.split_once('#').unwrap_or((place, ""));
            let html = page(&public, &format!("{place}index.html"));
            assert!(anchor.is_empty() || html.contains(&format!("id=\"{anchor}\"")), "{address} leads nowhere");
        }
        ("description" | "title" | "text", Some(text)) => assert!(!text.trim().is_empty(), "{key} is blank"),
        _ => {}
    });
    let shape = |u: &String| u.len() == 36 && u.as_bytes()[14] == b'5' && "89ab".contains(char::from(u.as_bytes()[19]));
    assert!(uuids.len() >= 6 && uuids.iter().all(shape), "{uuids:?}");
    assert_eq!(uuids.iter().collect::<BTreeSet<_>>().len(), uuids.len(), "each part has a name of its own");
    assert_eq!(
        page(&public, "oscal/component-definition.json"),
        page(&Site::harbour().published(), "oscal/component-definition.json")
    );
}

#[test]
fn the_oscal_document_speaks_the_language_of_the_site() {
    let texts = |public: &Tree| {
        let mut texts = Vec::new();
        walk(&json(public, "oscal/component-definition.json"), &mut |key, value| {
            texts.extend(value.as_str().filter(|_| ["description", "title"].contains(&key)).map(str::to_owned));
        });
        texts.join("\n")
    };
    let site = Site::harbour();
    let english = texts(&site.published());
    assert!(english.contains("Harbour Trust Centre: policies and the controls they implement"), "{english}");
    site.write("tickmark.yaml", CONFIGURATION.replace("language: en\n", "language: de\n").as_bytes());
    let german = texts(&site.published());
    assert!(german.contains("Harbour Trust Centre: Richtlinien und die Maßnahmen, die sie umsetzen"), "{german}");
    for (english_words, german_words) in [("on every record", "an jeder Aufzeichnung"), ("implements", "umsetzt.")] {
        assert!(english.contains(english_words) && german.contains(german_words), "{english}\n{german}");
        assert!(!german.contains(english_words), "{german}");
    }
}

fn walk(value: &Value, each: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, inner)| {
            each(key, inner);
            walk(inner, each);
        }),
        Value::Array(list) => list.iter().for_each(|inner| walk(inner, each)),
        _ => {}
    }
}

#[test]
fn reviews_are_a_calendar() {
    let text = page(&Site::harbour().published(), "reviews.ics");
    assert!(
        text.ends_with("END:VCALENDAR\r\n") && text.split("\r\n").all(|l| !l.contains('\n') && l.len() <= 75),
        "{text}"
    );
    let unfolded = text.replace("\r\n ", "");
    let mut lines: Vec<&str> = unfolded.split("\r\n").collect();
    for needed in ["BEGIN:VCALENDAR", "VERSION:2.0", "DTSTAMP:20260101T000000Z", "DTSTART;VALUE=DATE:20270101"] {
        assert_eq!(lines.iter().filter(|l| **l == needed).count(), 1, "{needed}: {text}");
    }
    assert!(lines.contains(&"SUMMARY:Review due: How we ship"), "{text}");
    lines.retain(|l| l.starts_with("UID:"));
    assert_eq!(lines.len(), 1);
}

#[test]
fn security_txt_says_what_the_disclosure_policy_says() {
    let text = page(&Site::harbour().published(), ".well-known/security.txt");
    for line in [
        "Contact: mailto:security@harbour.example",
        "Expires: 2027-06-30T23:59:59Z",
        "Encryption: https://harbour.example/key.txt",
        "Policy: https://trust.harbour.example/contact/#report",
        "Preferred-Languages: en, de",
    ] {
        assert_eq!(text.lines().filter(|l| *l == line).count(), 1, "{line}: {text}");
    }
}

/// A policy that is not public and one that is not there are the same to the public: an entry without a link.
#[test]
fn lists_do_not_tell_an_internal_policy_from_none() {
    let with = |id: &str| {
        let site = Site::harbour();
        let entry = format!("- {{title: We mean it, policy: {id}, clause: x}}\n");
        site.write("content/data/commitments.yaml", entry.as_bytes());
        site.write(
            "content/data/updates.yaml",
            format!("- {{id: a, date: 2026-05-01, title: A, policy: {id}}}\n").as_bytes(),
        );
        let mut public = site.published();
        public.remove("manifest.json");
        (public, site)
    };
    let ((internal, site), (none, _)) = (with("vault-operations-9"), with("drill-2"));
    assert!(internal == none);
    assert!(page(&none, "index.html").contains("We mean it"));
    let output = said(&site.check());
    assert_eq!(output.matches("content/unknown-policy").count(), 2, "{output}");
}

#[test]
fn what_lists_get_wrong_is_found_where_it_stands() {
    let site = Site::harbour();
    for (path, text) in [
        ("content/data/certifications.yaml", "- nmae: A\n- {name: B, expires: 2026-01-01, issued: 2026-02-01}\n"),
        ("content/data/subprocessors.yaml", "- {name: C, announced: 2026-05-01, since: 2026-05-12}\n- D\n"),
        ("content/data/commitments.yaml", "- {title: E, policy: shipping, clause: descrbed}\n"),
        ("content/data/updates.yaml", "- {id: f, date: 2026-01-01, title: F}\n- {id: F, date: soon, title: G}\n"),
        ("content/data/certificatoins.yaml", "- {name: H}\n"),
        ("content/data/controls.yaml", "- {control: SOC2}\n"),
        ("tickmark.yaml", &CONFIGURATION.replace("2027-06-30", "2026-11-20")),
        (
            "policies/shipping.md",
            &SHIPPING.replace(", HARBOUR:1.2]", ", {control: SOC2:CC8.1, clauses: [desribed]}, {contrl: x}]"),
        ),
    ] {
        site.write(path, text.as_bytes());
    }
    let output = said(&site.check());
    let expected = [
        "content/data/certifications.yaml:1:3: error[record/unknown-key] a certification has no key `nmae`",
        "content/data/certifications.yaml:2:22: warning[content/dates-out-of-order] `expires` is 2026-01-01, before `issued`, 2026-02-01",
        "content/data/certifications.yaml:2:22: warning[content/expired] `B` expired on 2026-01-01",
        "content/data/subprocessors.yaml:1:43: warning[content/short-notice] 11 days of notice, although 30 days are promised",
        "content/data/subprocessors.yaml:2:3: error[record/wrong-type]",
        "content/data/commitments.yaml:1:40: warning[content/unknown-policy] policy `shipping` has no clause `descrbed`",
        "content/data/updates.yaml:2:8: error[content/duplicate-id]",
        "content/data/updates.yaml:2:17: error[record/bad-date]",
        "content/data/certificatoins.yaml:1:1: warning[content/unused-list] the list `certificatoins` is shown on no page",
        "content/data/controls.yaml:1:13: error[record/wrong-type]",
        "tickmark.yaml:8:3: warning[site/security-txt] security.txt expired on 2026-11-20",
        "error[policy/unknown-clause] the text has no clause `desribed`",
        "a control has no key `contrl`",
    ];
    for line in expected {
        assert!(output.lines().any(|l| l.contains(line)), "{line}\nis not in\n{output}");
    }
}
