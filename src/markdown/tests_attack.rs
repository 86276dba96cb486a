//! Texts that want to run something, call someone, or leave their place.

use super::tests_oracle::judge;
use super::*;
use crate::diag::Sink;
use crate::source::FileId;

fn page(text: &str) -> (String, Vec<&'static str>) {
    let body = Span::new(0, text.len());
    let mut sink = Sink::new();
    let outline = outline(text, body, FileId(0), &mut sink);
    (render(text, body, &outline, &RenderOptions::default()).html, sink.iter().map(|d| d.code.name).collect())
}

/// HTML that must appear as text.
const HTML: &[&str] = &[
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.example/a.js></SCRIPT>",
    "a <script>alert(1)</script> b",
    "<img src=x onerror=alert(1)>",
    "a <img src=x onerror=alert(1)> b",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe src=\"javascript:alert(1)\"></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<object data=\"data:text/html;base64,PHNjcmlwdD4=\"></object>",
    "<embed src=x><base href=//x.example/><link rel=stylesheet href=//x.example>",
    "<meta http-equiv=refresh content=\"0;url=//x.example\">",
    "<style>@import url(//x.example)</style>",
    "<p style=\"background:url(//x.example)\">x</p>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<textarea></textarea><title></title><plaintext>",
    "<form action=//x.example><input name=a autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<div\nonclick=alert(1)\n>x</div>",
    "</main></body></html><script>alert(1)</script>",
    "</p></li></div><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?><script>alert(1)</script>",
    "<!DOCTYPE html><script>alert(1)</script>",
    "- <script>\n- alert(1)\n- </script>",
    "> <script>\n> alert(1)",
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "# <img src=x onerror=alert(1)>",
    "[^1]\n\n[^1]: <script>alert(1)</script>",
    "<br onclick=alert(1)>",
];

#[test]
fn html_is_text() {
    for text in HTML {
        let (html, said) = page(text);
        if let Err(why) = judge(&html) {
            panic!("{why} in {html} from {text}");
        }
        assert!(said.contains(&"markdown/raw-html"), "{text}: {said:?}");
    }
}

/// What is nearly HTML, comments that end early or late, or hold more than they should.
const COMMENTS: &[&str] = &[
    "<br/onclick=alert(1)>",
    "<svg/onload=alert(1)//",
    "<!--><script>alert(1)</script>-->",
    "<!---><script>alert(1)</script>-->",
    "a <!--><script>alert(1)</script>-->",
    "a <!-- --!><script>alert(1)</script> -->",
    "<!-- clause: x\" onclick=\"alert(1) -->",
    "a <!-- clause: x\" onclick=\"alert(1) -->",
    "a <!-- clause: <script> -->",
    "<!-- clause: x --><script>alert(1)</script>",
    "<!-- <!-- clause: x --> --> <script>alert(1)</script>",
    "# T {#x\" onclick=\"alert(1)}",
    "# T {#x onclick=alert(1)}",
    "# h { onclick=alert(1) }",
    "# h {.class onclick=alert(1) #id}",
    "## \" onclick=alert(1) x=\"",
];

#[test]
fn comments_and_names_bring_nothing_in() {
    for text in COMMENTS {
        let (html, _) = page(text);
        if let Err(why) = judge(&html) {
            panic!("{why} in {html} from {text}");
        }
    }
}

/// Targets that are no links.
const TARGETS: &[&str] = &[
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "javascript&#x3A;alert(1)",
    "&#106;&#97;&#118;&#97;script:alert(1)",
    "java&#10;script:alert(1)",
    "java&#x09;script:alert(1)",
    "java&Tab;script:alert(1)",
    "java&NewLine;script:alert(1)",
    "&#1;javascript:alert(1)",
    "&#32;javascript:alert(1)",
    "&nbsp;javascript:alert(1)",
    "javascript\\:alert(1)",
    "java\\script:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=",
    "data:image/svg+xml,x",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "ftp://x.example/",
    "blob:x",
    "about:blank",
    "view-source:x",
    "intent:x",
    "tel:1",
    "//x.example/",
    "/\\x.example/",
    "\\\\\\\\x.example/",
    "/&#92;x.example/",
    "&#47;&#47;x.example/",
    "http:x.example",
    "https:///x.example",
    "http:\\\\\\\\x.example",
    "https:/x.example",
    "mailto:",
    "&#32;//x.example/",
    "&nbsp;a.md",
    "/&#9;/x.example/",
    "a&#10;b.md",
    "a&#x2028;b.md",
    "x:y",
];

#[test]
fn targets_are_held_to_the_list() {
    for target in TARGETS {
        for text in [
            format!("[a]({target})"),
            format!("[a](<{target}>)"),
            format!("[a][r]\n\n[r]: {target}"),
            format!("![a]({target})"),
        ] {
            let (html, said) = page(&text);
            let found = judge(&html).unwrap_or_else(|why| panic!("{why} in {html} from {text}"));
            assert!(found.sources.is_empty() && found.targets.is_empty(), "{text} became {html}");
            let a_link_at_all = !html.contains("](") && !html.contains("[a]");
            assert!(!a_link_at_all || said == ["markdown/unsafe-link"], "{text}: {said:?}");
        }
    }
    for text in ["![a](mailto:a@b.example)", "![a](#b)", "![a]()"] {
        let (html, said) = page(text);
        assert_eq!((html.as_str(), said.as_slice()), ("<p>a</p>\n", ["markdown/unsafe-link"].as_slice()), "{text}");
    }
    for text in ["<javascript:alert(1)>", "<data:text/html,x>", "<vbscript:x>", "<file:///x>"] {
        let (html, said) = page(text);
        assert!(judge(&html).is_ok_and(|found| found.targets.is_empty()), "{html}");
        assert_eq!(said, ["markdown/unsafe-link"], "{text}");
    }
}

#[test]
fn good_targets_stay() {
    for (target, shown) in [
        ("a.md#b", "a.md#b"),
        ("/a/b/", "/a/b/"),
        ("#a", "#a"),
        ("?q=a:b", "?q=a:b"),
        ("a/b:c", "a/b:c"),
        ("./a:b", "./a:b"),
        ("a%20b", "a%20b"),
        ("<a b>", "a%20b"),
        ("a%zz", "a%25zz"),
        ("a\"b", "a%22b"),
        ("a'b`c^d{e}", "a%27b%60c%5Ed%7Be%7D"),
        ("javascript%3Aalert(1)", "javascript%3Aalert(1)"),
        ("HTTPS://x.example/", "HTTPS://x.example/"),
        ("http://x.example:8080/?a=b&amp;c", "http://x.example:8080/?a=b&c"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("a#b#c", "a#b%23c"),
        ("übung.md#ü", "übung.md#ü"),
    ] {
        let (html, said) = page(&format!("[a]({target})"));
        let found = judge(&html).unwrap_or_else(|why| panic!("{why} in {html}"));
        assert_eq!(found.targets, [shown], "{html}");
        assert_eq!(said, Vec::<&str>::new(), "{target}");
    }
}

#[test]
fn characters_no_page_may_hold_are_replaced() {
    let (html, _) = page(
        "a&#1;b&#0;c&#13;d&#x7f;e&#x85;f&#xfffe;g\u{85}h\u{9b}i `\u{8f}`\n\n# &#2; {#x}\n\n![&#3;](a.png \"&#4;\")",
    );
    let found = judge(&html).unwrap_or_else(|why| panic!("{why} in {html}"));
    let forbidden = |c: &char| c.is_control() && *c != '\n' || *c == '\u{fffe}';
    assert_eq!(html.chars().find(forbidden), None);
    assert!(found.text.starts_with("a\u{fffd}b\u{fffd}c d\u{fffd}e"), "{:?}", found.text);
}
