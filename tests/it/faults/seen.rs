//! The driver of the cases, seen to complain: an expectation that is not met, a limit that is passed, output that changed.

use super::case::{Fault, unescape};
use super::data::{published, try_case};
use super::place::Files;

/// A case that must go otherwise than it says, and a part of each complaint.
const WRONG: &[(&str, &[&str])] = &[
    ("```run\n$ tickmark check\nstatus 1\n```", &["status Some(0) instead of 1"]),
    ("```run\n$ tickmark check\nsays 2 records\n```", &["does not say `2 records`", "it said:"]),
    ("```run\n$ tickmark check\nsilent 1 record\n```", &["says `1 record`"]),
    ("```run\n$ tickmark build\npublic new\n```", &["public/ is same, not new"]),
    (
        "```setup\nremove people.yaml\n```\n```run\n$ tickmark build\ninternal same\n```",
        &["internal/ is new, not same"],
    ),
    ("```setup\nremove people.yaml\n```\n```run\n$ tickmark build\nhtml same\n```", &["the pages are not same"]),
    ("```run\n$ tickmark build\nholds public/x.html: y\n```", &["there is no public/x.html"]),
    ("```run\n$ tickmark build\nholds public/index.html: yyy\n```", &["public/index.html does not hold `yyy`"]),
    (
        "```text static/a.txt\nsecret word\n```\n```run\n$ tickmark build\nlacks secret word\n```",
        &["public/a.txt: holds `secret word`"],
    ),
    ("```run\n$ tickmark check\nmemory 4\n```", &["status"]),
    ("```setup\nremove tickmark.yaml\n```\n```run\n$ tickmark build\n```", &["status Some(2) instead of 0"]),
    ("```run\n$ tickmark check\nseconds 0\n```", &["not done after 0 seconds"]),
];

#[test]
fn what_goes_otherwise_is_complained_of() {
    for (text, expected) in WRONG {
        let fault = Fault::read(&format!("# A fault\n\n## A case\n\n{text}\n"));
        let complaints = try_case(&fault.cases[0]);
        for part in *expected {
            assert!(complaints.iter().any(|c| c.contains(part)), "{text}\n{complaints:?}");
        }
    }
}

#[test]
fn a_case_for_each_value() {
    let text = "## A\n```each\nit's <b>\nx\n```\n```yaml a.yaml\nb: 'EACH'\nc: EACH\n```\n```run\n$ tickmark check\nsays EACH.html\n```";
    let fault = Fault::read(text);
    assert_eq!(fault.cases.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["A: it's <b>", "A: x"]);
    let [super::case::Step::File(path, bytes), super::case::Step::Run(run)] = &fault.cases[0].steps[..] else {
        panic!("a file and a run");
    };
    assert_eq!((path.as_slice(), bytes.as_slice()), (&b"a.yaml"[..], &b"b: 'it''s <b>'\nc: it's <b>\n"[..]));
    assert_eq!(run.says, ["it's &lt;b&gt;"]);
}

#[test]
fn escapes_stand_for_bytes() {
    assert_eq!(unescape("a\\n\\x41\\xff\\u{e9}\\0\\\\\\s"), b"a\nA\xff\xc3\xa9\0\\ ");
    assert_eq!(unescape("\\repeat{3}{k\\#\\n}."), b"k0\nk1\nk2\n.");
}

#[test]
fn bad_output_is_complained_of() {
    let tree = |path: &str, text: &str| Files::from([(path.to_owned(), text.as_bytes().to_vec())]);
    for (path, text, said) in [
        ("a/../b.txt", "x", "its path leads elsewhere"),
        ("CON.txt", "x", "its path has a part that Windows reserves"),
        ("a.txt", "\u{1b}[31m", "holds the control character U+001B"),
        ("a.txt", "a\u{85}", "holds the control character U+0085"),
        ("a.json", "\u{0}", "holds the control character U+0000"),
        ("a.txt", super::program::CANARY, "holds what stands in the environment"),
        ("a.html", "<!DOCTYPE html><title>x</title><p onclick=x>", "an attribute <p onclick"),
    ] {
        let found = published(&tree(path, text), &[]);
        assert!(found.iter().any(|f| f.contains(said)), "{path}: {found:?}");
    }
    assert_eq!(published(&tree("a.txt", "a\tb\n"), &["c".to_owned()]), [""; 0]);
}
