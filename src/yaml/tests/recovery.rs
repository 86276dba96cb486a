//! After a mistake everything else is read, and one mistake is said once.

use super::mistakes::MISTAKES;
use super::{outline, outlines, read, short, span_of};
use crate::diag::Sink;
use crate::source::FileId;
use crate::yaml::{Value, parse};

const RECORD: &str = r#"id: CHG-2026-0142
policy soc2-change
type: emergency
title: Rotate the keys: gateway and billing
description: >-
  Text that holds anything: even this # and "that
author: @a.ng
systems: [gateway, billing
risk: moderate
rollback:
  trigger: "Error rate
  steps:
    - Announce
    -Redeploy
    - *steps
  owner: b.ito
    estimate: 15 minutes
reviews:
  - by: b.ito
    result: approved
    by: c.lead
  - {by: c.lead, result: approved, at: {{ now }}}
status:closed
gates:
	- gate: scan
	  result: passed
links: {issue: "https://x.example/1", other: 'it''s'}
"#;

#[test]
fn every_mistake_of_a_file_is_shown_and_the_rest_is_read() {
    let (documents, findings) = read(RECORD);
    let expected = "\
missing-colon 2:1
colon-in-value 4:23
reserved 7:9
unclosed-bracket 8:10
unclosed-quote 11:12
missing-space 14:5
alias 15:7
indentation 17:5
duplicate-key 21:5
reserved 22:40
missing-space 23:7
tab 25:1
";
    assert_eq!(short(RECORD, &findings), expected);
    assert_eq!(
        outline(&documents[0].root),
        "{id: CHG-2026-0142, policy: !, type: emergency, title: !, description: >Text that holds anything: even this # and \
         \\\"that, author: !, systems: !, risk: moderate, rollback: {trigger: !, steps: [Announce, Redeploy, !], owner: b.ito, \
         estimate: 15 minutes}, reviews: [{by: b.ito, result: approved}, {by: c.lead, result: approved, at: !}], status: \
         closed, gates: [{gate: scan, result: passed}], links: {issue: \"https://x.example/1, other: 'it\\'s}}"
    );
}

#[test]
fn mistakes_are_found_also_when_other_mistakes_stand_around_them() {
    for (text, expected, _) in MISTAKES.iter().filter(|(text, ..)| nests(text)) {
        let indented: Vec<String> = text.lines().map(|line| format!("      {line}\n")).collect();
        let indented = indented.concat();
        let whole = format!("a: @\nlist:\n  - key:\n{indented}  - other: x: y\nlast: 1\nlast: 2\n");
        let (documents, findings) = read(&whole);
        let lines: Vec<_> =
            findings.iter().map(|f| crate::source::line_column(&whole, span_of(f).start as usize).0).collect();
        let count = text.lines().count() as u32;
        let inner = lines.iter().filter(|line| (4..4 + count).contains(*line)).count();
        assert_eq!(inner, expected.len(), "{whole}\n{}", short(&whole, &findings));
        assert_eq!(findings.len(), inner + 3, "{whole}\n{}", short(&whole, &findings));
        assert_eq!(documents[0].root.get("last").map(outline).as_deref(), Some("1"), "{whole}");
    }
}

/// Whether the text means the same inside another document.
fn nests(text: &str) -> bool {
    !["---", "%", "\t", "\"a\n", "- a\nb: 1\n", "- a\n- b\nc: 1\n"]
        .iter()
        .any(|start| text.starts_with(start) || text.contains(&format!("\n{start}")))
}

#[test]
fn the_wording_keeps_to_the_grammar() {
    for (text, ..) in MISTAKES {
        for finding in read(text).1 {
            let context = format!("{text}\n{finding:?}");
            assert!(!finding.headline.starts_with(char::is_uppercase) && !finding.headline.ends_with('.'), "{context}");
            assert!(!finding.label.is_empty() && !finding.label.ends_with('.'), "{context}");
            assert!(!finding.help.is_empty() && !finding.help.ends_with('.'), "{context}");
            assert!(!finding.headline.contains('\n') && !finding.help.contains('\n'), "{context}");
        }
    }
}

#[test]
fn help_says_what_to_write() {
    for (text, help) in [
        ("a: Note: this\n", "quote the text: `\"Note: this\"`"),
        ("a: {{ x }}\n", "quote the text: `\"{{ x }}\"`"),
        ("a: say \"x: y\"\n", "quote the text: `'say \"x: y\"'`"),
        ("a: 'It's broken'\n", "or write `\"It's broken\"`"),
        ("a: issue #12 fix\n", "write `\"issue #12 fix\"`"),
        ("a: 1\nb:2\n", "write `b: 2`"),
        ("a: 1\nb 2\n", "write `b: 2`"),
        ("- a\n-b\n", "write `- b`"),
        ("a: > 5 minutes\n", "write `\"> 5 minutes\"`"),
        ("a: *b* c\n", "if it is text, quote it: `\"*b* c\"`"),
        ("a: [b\nc: d\n", "write `]` at the end of the list"),
    ] {
        let found = read(text).1;
        assert_eq!(found.len(), 1, "{text}");
        assert!(found[0].help.contains(help), "{text}{}", found[0].help);
    }
}

#[test]
fn a_duplicate_points_at_the_first() {
    let many: Vec<String> = (0..100).map(|i| format!("k{i}: v{i}\n")).collect();
    let many = many.concat();
    for (key, text) in [
        ("a", "a: 1\nb: 2\n\"a\": 3\n".to_owned()),
        ("k7", many.clone() + "k7: x\n"),
        ("k99", many.clone() + "k99: x\n"),
        ("ä\tö", many + "\"ä\\tö\": 1\n'ä\tö': x\n"),
    ] {
        let (documents, findings) = read(&text);
        assert_eq!(findings.len(), 1);
        let first = findings[0].others[0].at.span;
        assert!(findings[0].headline.contains(&format!("`{key}`")));
        assert!(first.of(&text).trim_matches('"').replace("\\t", "\t") == key);
        assert!(first < span_of(&findings[0]));
        let entries = documents[0].root.as_map().expect("the text is a map");
        assert!(entries.iter().all(|entry| entry.value.as_scalar().is_some_and(|s| s.text != "3" && s.text != "x")));
    }
}

#[test]
fn the_same_mistake_many_times_is_summed_up() {
    let text = (0..200).map(|i| format!("k{i}: @x\n")).collect::<Vec<_>>().concat();
    let (documents, findings) = read(&text);
    assert_eq!(findings.len(), 21);
    assert!(findings[20].headline.starts_with("more than 20 mistakes"));
    assert_eq!(documents[0].root.as_map().map(<[_]>::len), Some(200));
}

#[test]
fn a_file_that_is_no_yaml_is_given_up() {
    let text = "a: @\n---\n".to_owned() + &"a: 1\nb: @\n".repeat(1_000) + "---\nc: 1\n";
    let (documents, _) = read(&text);
    assert_eq!(documents.len(), 2);
    assert_eq!(documents[1].root.value, Value::Broken);
    let large = "- a\n".repeat(150_000);
    let (documents, findings) = read(&large);
    assert_eq!((documents[0].root.value.clone(), findings.len()), (Value::Broken, 1));
}

#[test]
fn comments_that_are_comments_are_not_warned_of() {
    for text in [
        "a: b # c\n",
        "a: b  # c\n",
        "#a\nb: c\n",
        "a: # c\n  b\n",
        "a: b#c\n",
        "a: b #\n",
        "- a # b\n#c\n",
        "a: 'b' #c\n",
        "a: [b, #c\n  d]\n",
    ] {
        assert!(read(text).1.is_empty(), "{text}");
    }
}

#[test]
fn scalars_are_not_interpreted() {
    assert_eq!(
        outlines("a: 1.10\nb: no\nc: ~\nd: 0752\ne: 22:30\nf: 12e45678\n"),
        "{a: 1.10, b: no, c: ~, d: 0752, e: 22:30, f: 12e45678}"
    );
    let (documents, _) = read("a: ~\nb:\n");
    assert!(documents[0].root.get("a").is_some_and(|node| node.as_scalar().is_some()));
    assert!(documents[0].root.get("b").is_some_and(|node| node.value == Value::Null));
}

#[test]
fn places_are_those_of_the_whole_file() {
    let file = "---\na: x: y\n---\n# Text\n";
    let mut sink = Sink::new();
    let documents = parse(&file[4..12], 4, FileId(3), &mut sink);
    let finding = sink.iter().next().expect("a colon too many");
    assert_eq!(span_of(finding).of(file), ":");
    assert_eq!(span_of(finding).start, 8);
    let entry = &documents[0].root.as_map().expect("a map")[0];
    assert_eq!((entry.key.span.of(file), entry.value.span.of(file)), ("a", "x: y"));
}
