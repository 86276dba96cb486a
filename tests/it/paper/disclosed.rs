//! Hostile texts through the real program, and the leak gate before papers.

use super::reader;
use super::site::{CONFIGURATION, SHIPPING, Site, said};

const POLICY: &str = "public/policies/shipping/versions/1.1/policy.pdf";

/// A site whose policy ends in this text.
#[track_caller]
fn with(text: &str) -> Site {
    let policy = format!("{SHIPPING}\n{text}\n");
    Site::built([("tickmark.yaml", CONFIGURATION), ("people.yaml", "[]\n"), ("policies/shipping.md", &policy)])
}

#[test]
fn what_typst_would_read_is_printed() {
    let lines = [
        "#import \"x.typ\": *",
        "#eval(\"1 + 1\")",
        "#panic(\"no\")",
        "$ x^2 $ and $ more",
        "@label and (a-name)",
        "= no heading",
        "// no comment /* either",
        "#set page(width: 1pt)",
        "{{ 7 * 7 }} {% raw %}",
        "\\u{41}",
    ];
    let text: String =
        lines.iter().map(|line| format!("{}\n\n", line.replace('\\', "\\\\").replace('*', "\\*"))).collect();
    let words = reader::words(&with(&text).file(POLICY));
    for line in lines {
        assert!(words.contains(line), "`{line}` is not in\n{words}");
    }
}

#[test]
fn characters_without_a_glyph_are_boxes_and_said() {
    let site = with("Emoji 😀 and 中文 and עברית and \u{1f468}\u{200d}\u{1f469} end.");
    let words = reader::words(&site.file(POLICY));
    assert!(words.contains("□□ and") && words.contains("end."), "{words}");
    let output = site.build();
    assert!(said(&output).contains("no glyph"), "{}", said(&output));
}

#[test]
fn a_policy_of_350_kilobytes_is_typeset() {
    let paragraph =
        "The harbour master decides, in writing and before the tide, which ship may enter and which may not. ";
    let text: String = (0..350).map(|n| format!("\n## Section {n}\n\n{}\n", paragraph.repeat(10))).collect();
    let site = with(&text);
    let file = site.file(POLICY);
    let words = reader::words(&file);
    assert!(words.contains("Section 349") && words.matches("harbour master").count() == 3500);
    assert!(reader::objects(&file).contains("u:Section 349"));
}

#[test]
fn a_long_word_stays_on_its_page() {
    let address = format!("https://x.example/{}", "abcdefghij/".repeat(60));
    let site = with(&format!("See {address} and {}.", "x".repeat(3000)));
    let text = reader::text(&site.file(POLICY));
    let widest = text.lines().map(|line| line.chars().count()).max().unwrap_or_default();
    assert!(widest < 140, "a line of {widest} characters");
    let joined: String = text.split_whitespace().collect();
    assert!(joined.contains(&address), "an address is whole when it is copied: {joined}");
    assert_eq!(joined.matches('x').count(), 3000 + address.matches('x').count(), "no letter is lost");
}

#[test]
fn what_leaks_into_a_paper_is_found_there_too() {
    let site = with("Fine.");
    let before = std::fs::read(site.file(POLICY)).expect("the paper");
    site.write("people.yaml", "- {id: w.harker, name: Wilhelmina Harker, roles: [{role: lead, from: 2020-01-01}]}\n");
    site.write("policies/shipping.md", &format!("{SHIPPING}\nAsk Wilhelmina *Harker*.\n"));
    let output = site.build();
    let message = said(&output);
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("the name of a person, `Wilhelmina Harker`"), "{message}");
    // The policy's page, the version's page, the version's paper, and the paper of all.
    assert!(message.contains("and 3 more places"), "{message}");
    assert_eq!(std::fs::read(site.file(POLICY)).expect("the paper"), before, "nothing is published");
}
