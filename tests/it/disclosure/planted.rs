//! The leak gate: what a public document says all the same is not published.

use super::site::{SHIPPING, Site, Tree, said};

/// Not written out, so that no scanner takes this file for a leak.
fn token() -> String {
    format!("gh{}_{}", "p", "Zx81".repeat(9))
}

/// Everything the gate must find, with what its message says.
fn leaks() -> Vec<(String, &'static str)> {
    [
        ("See CHG-2026-0042.", "the id of a change, `CHG-2026-0042`"),
        ("See [it](https://x.example/?id=chg%2D2026%2D0042).", "the id of a change"),
        ("After INC-4711 we", "the id of an incident, `INC-4711`"),
        ("under wvr-0099 until", "the id of a waiver, `WVR-0099`"),
        ("ask Wilhelmina *Harker* about", "the name of a person, `Wilhelmina Harker`"),
        ("ask Wilhel&shy;mina Harker about", "the name of a person"),
        ("by WILHELMINA\nHARKER today", "the name of a person"),
        ("(Harker, Wilhelmina)", "the name of a person"),
        ("| first | last |\n|---|---|\n| Jack | Seward |", "the name of a person"),
        ("write to <w.harker@harbour.example>", "the address of a person"),
        ("write to [us](mailto:w.harker@harbour.example)", "the address of a person"),
        ("write to wilma@old.example", "an account of a person"),
        ("deployed by w.harker", "the id of a person, `w.harker`"),
        ("![a](/w_harker.png)", "the id of a person"),
        ("seen on github/wharker-9", "an account of a person"),
        ("see the Vault operations handbook", "the title of an internal policy"),
        ("see `vault-operations-9`", "the id of an internal policy"),
        ("see [this](/handbook/vault-9/)", "an address of an internal policy"),
    ]
    .into_iter()
    .map(|(text, what)| (text.to_owned(), what))
    .collect()
}

/// The gate is shut: what it says, and that the public site is as it was.
fn withheld(site: &Site, before: &Tree, case: &str) -> String {
    let output = site.build();
    let message = said(&output);
    assert_eq!(output.status.code(), Some(1), "{case}: {message}");
    assert_eq!(site.tree("public"), *before, "{case}: the public site is as it was");
    message
}

#[test]
fn a_public_policy_that_says_something_internal_is_not_published() {
    let site = Site::harbour();
    for (case, (text, what)) in leaks().into_iter().enumerate() {
        site.write("policies/shipping.md", SHIPPING.as_bytes());
        // Without an old site first, then over one.
        let before = if case % 2 == 0 { site.published() } else { Tree::new() };
        if case % 2 == 1 {
            std::fs::remove_dir_all(site.root().join("public")).expect("the old site");
        }
        std::fs::remove_dir_all(site.root().join("internal")).expect("the old internal site");
        let line = SHIPPING.lines().count() + 2 + if text.starts_with('|') { 2 } else { 0 };
        site.write("policies/shipping.md", format!("{SHIPPING}\n{text}\n").as_bytes());
        let message = withheld(&site, &before, &text);
        assert!(message.contains(what), "{text}: {message}");
        assert!(message.contains(&format!("policies/shipping.md:{line}")), "{text}: {message}");
        assert!(message.contains("public/policies/shipping/index.html:"), "{text}: {message}");
        assert!(!message.contains(&token()) && !message.contains("Zx81Zx81"), "{message}");
        assert!(site.tree("internal").contains_key("index.html"), "{text}: the internal site is written");
        if case % 2 == 1 {
            site.write("policies/shipping.md", SHIPPING.as_bytes());
            site.published();
        }
    }
}

#[test]
fn every_way_into_the_public_site_is_searched() {
    let secret = token();
    let clean = Site::harbour().published();
    for (path, text, said_at) in [
        ("content/about.md", "---\ntitle: About\n---\nCHG-2026-0042\n".to_owned(), "content/about.md:4"),
        ("content/about.md", "---\ntitle: Jack Seward\nnav: 3\n---\nx\n".to_owned(), "content/about.md:2"),
        ("content/CHG-2026-0042.md", "---\ntitle: x\n---\nx\n".to_owned(), "public/CHG-2026-0042/index.html"),
        ("content/data/about.yaml", "- name: x\n- name: Jack Seward\n".to_owned(), "content/data/about.yaml:2"),
        (
            "content/data/commitments.yaml",
            "- title: A\n- title: Jack Seward\n".to_owned(),
            "content/data/commitments.yaml:2",
        ),
        (
            "content/data/certifications.yaml",
            "- {name: A, body: Jack Seward}\n".to_owned(),
            "content/data/certifications.yaml:1",
        ),
        (
            "content/data/subprocessors.yaml",
            "- {name: A, data: Jack Seward}\n".to_owned(),
            "content/data/subprocessors.yaml:1",
        ),
        ("content/data/faq.yaml", "- question: A\n  answer: Ask Jack *Seward*\n".to_owned(), "content/data/faq.yaml:2"),
        (
            "content/data/updates.yaml",
            "- {id: CHG-2026-0042, date: 2026-01-01, title: A}\n".to_owned(),
            "content/data/updates.yaml:1",
        ),
        (
            "content/data/contact.yaml",
            "- topic: A\n  address: w.harker@harbour.example\n".to_owned(),
            "content/data/contact.yaml:2",
        ),
        (
            "content/data/controls.yaml",
            "- {control: \"HARBOUR:1.2\", title: Jack Seward}\n".to_owned(),
            "content/data/controls.yaml:1",
        ),
        ("static/notes.txt", "x\nJack Seward\n".to_owned(), "static/notes.txt:2"),
        ("static/CHG-2026-0042.png", String::new(), "static/CHG-2026-0042.png"),
        ("static/x.min.css", ".a{content:\"Jack\\20 Seward\"}".to_owned(), "static/x.min.css:1"),
        ("static/x.json", "{\"by\":\"\\u004aack\\nSeward\"}".to_owned(), "static/x.json:1"),
        ("static/x.svg", "<svg><text>Jack <tspan>Seward</tspan></text></svg>".to_owned(), "static/x.svg:1"),
        ("static/x.html", "<p title=\"Jack&#32;S&#101;ward\">".to_owned(), "static/x.html:1"),
        ("static/x.bin", "\0\0Jack Seward\0".to_owned(), "static/x.bin:1"),
        ("static/deploy.sh", format!("export TOKEN={secret}\n"), "static/deploy.sh:1"),
        ("static/deploy.env", format!("URL=https://u:{}@x.example/\n", "hunter-22"), "static/deploy.env:1"),
        ("themes/ledger/static/own.css", "/* CHG-2026-0042 */".to_owned(), "themes/ledger/static/own.css:1"),
        ("themes/ledger/templates/public/404.html", "Jack Seward".to_owned(), "public/404.html:1"),
    ] {
        let site = Site::harbour();
        assert_eq!(site.published(), clean);
        site.write(path, text.as_bytes());
        let message = withheld(&site, &clean, path);
        assert!(message.contains(said_at), "{path}: {message}");
        assert!(!message.contains("Zx81Zx81") && !message.contains("hunter-22"), "{path}: {message}");
    }
}

/// A secret in the very name of a file is not said either.
#[test]
fn a_secret_in_a_name_is_not_said() {
    let site = Site::harbour();
    site.write(&format!("static/{}.txt", token()), b"x");
    let message = withheld(&site, &Tree::new(), "a name");
    assert!(message.contains("a GitHub token") && !message.contains("Zx81Zx81"), "{message}");
}

/// Where a document lies is told by the manifest.
#[test]
fn a_public_policy_in_a_folder_named_as_an_internal_one_is_not_listed() {
    let site = Site::harbour();
    site.write("policies/red-team-2/index.md", b"---\ntitle: Red team exercises two\n---\n# Red team exercises two\n");
    site.write("policies/red-team-2/public.md", SHIPPING.replace("How we ship", "How we sail").as_bytes());
    let message = withheld(&site, &Tree::new(), "the manifest");
    assert!(message.contains("the id of an internal policy, `red-team-2`"), "{message}");
}

#[test]
fn what_may_be_said_is_published() {
    for text in [
        "Write to <trust@harbour.example> or security@harbour.example.",
        "The wharf, the harker and Jack; a waiver, a change, an incident.",
        "Vaults. Operations. A handbook.",
        "CHG-2026-00421 and CHG-2026 are no ids of ours.",
    ] {
        let site = Site::harbour();
        site.write("policies/shipping.md", format!("{SHIPPING}\n{text}\n").as_bytes());
        assert!(site.published().contains_key("policies/shipping/index.html"), "{text}");
    }
    // A public policy may be called as an internal one is and more, and a published address may be somebody's.
    let site = Site::harbour();
    let public = SHIPPING
        .replace("title: How we ship", "id: vault-operations-9-public\ntitle: Vault operations handbook, public part");
    site.write("policies/shipping.md", format!("{public}\nThis is the Vault operations handbook.\n").as_bytes());
    assert!(site.published().contains_key("policies/vault-operations-9-public/index.html"));
}

#[test]
fn an_unreadable_list_of_people_still_keeps_them_out() {
    // One entry is no map, another has an unknown key: the rest is known all the same.
    let site = Site::harbour();
    let people = super::site::PEOPLE.replace("  email: j.seward", "  mail: j.seward") + "- nobody\n";
    site.write("people.yaml", people.as_bytes());
    let public = site.published();
    assert!(String::from_utf8_lossy(&public["policies/shipping/index.html"]).contains("Engineering lead"));
    site.write("content/about.md", b"---\ntitle: About\n---\nJack Seward\n");
    withheld(&site, &public, "a name");
    // Nobody at all is known: an owner that could be somebody is not shown.
    let site = Site::harbour();
    site.remove("people.yaml");
    let public = site.published();
    let page = String::from_utf8_lossy(&public["policies/shipping/index.html"]).to_lowercase();
    assert!(!page.contains("harker") && !page.contains("seward"), "{page}");
}
