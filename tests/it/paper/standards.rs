//! That papers are what they say they are: tagged, archivable, complete, in order.

use super::reader;
use super::site::{CONFIGURATION, HARVEST, SHIPPING, Site, said};

const POLICY: &str = "public/policies/shipping/versions/1.1/policy.pdf";
const ALL: &str = "public/policies/policies.pdf";

/// Words stand in this order.
#[track_caller]
fn in_order(text: &str, words: &[&str]) {
    let mut from = 0;
    for word in words {
        match text[from..].find(word) {
            Some(at) => from += at + word.len(),
            None => panic!("`{word}` is not where it should be in\n{text}"),
        }
    }
}

#[test]
fn a_policy_is_tagged_archivable_and_whole() {
    let site = Site::harbour();
    let file = site.file(POLICY);
    let information = reader::information(&file);
    for line in [
        "Title:           How we ship, version 1.1",
        "Tagged:          yes",
        "Page size:       595.276 x 841.89 pts (A4)",
        "Suspects:        no",
        "JavaScript:      no",
        "Encrypted:       no",
    ] {
        assert!(information.contains(line), "{line}\n{information}");
    }
    let metadata = reader::metadata(&file);
    for statement in [
        "<pdfaid:part>2<",
        "<pdfaid:conformance>A<",
        "<pdfuaid:part>1<",
        "How we ship, version 1.1",
        "Harbour &amp; Søn",
        "2026-01-01T00:00:00",
    ] {
        assert!(metadata.contains(statement), "{statement}\n{metadata}");
    }
    let objects = reader::objects(&file);
    for object in [
        "\"/StructTreeRoot\"",
        "\"/Marked\": true",
        "\"/Lang\": \"u:en-GB\"",
        "\"/DisplayDocTitle\": true",
        "\"/OutputIntents\"",
        "\"/Outlines\"",
    ] {
        assert!(objects.contains(object), "{object}");
    }
    for title in ["Records", "The list", "What rules check", "Versions"] {
        assert!(objects.contains(&format!("\"/Title\": \"u:{title}\"")), "no bookmark `{title}`");
    }
    let fonts = reader::fonts(&file);
    assert!(fonts.len() >= 3, "{fonts:?}");
    for font in fonts {
        // Embedded, a subset, and every glyph has its character.
        assert!(font.contains("yes yes yes"), "{font}");
    }
}

#[test]
fn structure_is_what_readers_aloud_need() {
    let site = Site::harbour();
    let structure = reader::structure(&site.file(POLICY));
    let names: Vec<&str> =
        structure.lines().map(|line| line.trim().split([' ', '(', ':']).next().unwrap_or_default()).collect();
    for name in [
        "Document",
        "H1",
        "H2",
        "P",
        "L",
        "LI",
        "Lbl",
        "LBody",
        "Table",
        "TR",
        "TH",
        "TD",
        "Link",
        "Code",
        "BlockQuote",
    ] {
        assert!(names.contains(&name), "no {name} in\n{structure}");
    }
    in_order(
        &structure,
        &[
            "How we ship",
            "Version",
            "1.1",
            "Every change has a description.",
            "Records",
            "We keep them",
            "The list",
            "First",
            "Second is tested.",
            "Within",
            "Who",
            "What",
            "Wharf",
            "Ships",
            "code --with spaces",
            "Quoted words.",
            "Seven of them.",
            "What rules check",
            "described",
        ],
    );
}

#[test]
fn each_page_says_what_it_is() {
    let sentence = "A quay is a place where ships lie, and where what they bring is counted. ".repeat(6);
    let long = SHIPPING.to_owned() + &format!("\n{sentence}\n").repeat(30);
    let site = Site::built([
        ("tickmark.yaml", CONFIGURATION),
        ("people.yaml", "[]\n"),
        ("policies/shipping.md", &long),
        ("policies/vault.md", super::site::VAULT),
    ]);
    let text = reader::text(&site.file(POLICY));
    let pages: Vec<&str> = text.trim_end_matches('\u{c}').split('\u{c}').collect();
    assert!(pages.len() > 3, "{} pages", pages.len());
    for (n, page) in pages.iter().enumerate() {
        for words in [
            "Harbour & Søn",
            "PUBLIC",
            "How we ship, version 1.1, in force from 1 January 2026",
            &format!("{} / {}", n + 1, pages.len()),
        ] {
            assert!(page.contains(words), "page {}: no `{words}` in\n{page}", n + 1);
        }
    }
    let internal = reader::text(&site.file("internal/policies/vault/versions/2/policy.pdf"));
    assert!(internal.contains("INTERNAL") && !internal.contains("PUBLIC"), "{internal}");
}

#[test]
fn links_lead_within_the_paper_and_to_the_site() {
    let site = Site::harbour();
    let objects = reader::objects(&site.file(POLICY));
    for target in ["https://far.example/", "https://trust.harbour.example/docs/policies/harvest/"] {
        assert!(objects.contains(&format!("\"/URI\": \"u:{target}\"")), "{target}");
    }
    // To the list, and from each rule to its clause; there and back for the note.
    assert!(objects.matches("\"/Dest\"").count() + objects.matches("\"/S\": \"/GoTo\"").count() > 3, "links within");
}

#[test]
fn all_policies_are_one_paper_each_under_its_own_name() {
    let site = Site::harbour();
    let words = reader::words(&site.file(ALL));
    in_order(
        &words,
        &[
            "Policies of Harbour & Søn",
            "2 public policies",
            "Harvest",
            "How we ship",
            "See shipping",
            "Every change has a description.",
        ],
    );
    assert!(!words.contains("Vault"), "{words}");
    let objects = reader::objects(&site.file(ALL));
    assert!(objects.contains("\"/Title\": \"u:Harvest\"") && objects.contains("\"/Title\": \"u:Records\""));
    let inside = reader::words(&site.file("internal/policies/policies.pdf"));
    in_order(
        &inside,
        &["3 policies", "Harvest", "How we ship", "Vault handbook", "PUBLIC", "INTERNAL", "Nobody outside reads this."],
    );
}

#[test]
fn pages_lead_to_papers() {
    let site = Site::harbour();
    for (page, link) in [
        ("public/policies/shipping/index.html", "policies/shipping/versions/1.1/policy.pdf"),
        ("public/policies/shipping/versions/1.1/index.html", "policies/shipping/versions/1.1/policy.pdf"),
        ("public/policies/index.html", "policies/policies.pdf"),
        ("internal/policies/vault/index.html", "policies/vault/versions/2/policy.pdf"),
        ("internal/policies/index.html", "policies/policies.pdf"),
    ] {
        let html = site.page(page);
        assert!(html.contains(&format!("{link}\"")), "{page} does not lead to {link}");
    }
    assert!(site.page("public/manifest.json").contains("policies/shipping/versions/1.1/policy.pdf"));
}

#[test]
fn papers_are_made_the_same_again_and_keep_their_day() {
    let site = Site::harbour();
    let read = |path: &str| std::fs::read(site.file(path)).expect("a paper");
    let before = (read(POLICY), read(ALL));
    site.write("policies/vault.md", &super::site::VAULT.replace("Nobody", "No stranger"));
    let output = site.build();
    assert!(output.status.success(), "{}", said(&output));
    assert!(before == (read(POLICY), read(ALL)), "an internal policy moved a public paper");
    site.write("policies/harvest.md", &HARVEST.replace("See", "Read"));
    site.build();
    assert!(before.0 == read(POLICY), "another policy moved this one's paper");
    assert!(before.1 != read(ALL), "the collection holds the new words");
}

#[test]
fn american_paper_is_letter_and_other_languages_go_the_other_way() {
    let of = |language: &str| {
        let configuration = CONFIGURATION.replace("en-GB", language);
        Site::built([("tickmark.yaml", &*configuration), ("people.yaml", "[]\n"), ("policies/shipping.md", SHIPPING)])
    };
    let american = of("en-US");
    assert!(reader::information(&american.file(POLICY)).contains("612 x 792 pts (letter)"));
    let arabic = of("ar");
    assert!(reader::objects(&arabic.file(POLICY)).contains("\"/Direction\": \"/R2L\""));
}
