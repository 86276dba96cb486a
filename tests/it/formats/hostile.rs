//! Texts that want to be something else than text, in every format.

use pulldown_cmark::{Event, Options, Parser, Tag};
use tickmark::source::hidden;

use super::reader::{self, told};
use super::schema::mistakes;
use super::site::{FORMATS, Site, approved, unapproved};

/// What a record, a policy and a waiver say, as YAML writes it between double quotes.
const HOSTILE: &[&str] = &[
    "]]> </failure><script>alert(1)</script>",
    "%0A::error file=x::owned%0D",
    "a\\n::error file=x,line=1::owned\\nb",
    "a\\r\\n\\tb, c: d",
    "\\\" ' & < > &amp; \\\\",
    "@security-team and a.ng@example.com",
    "#1 !2 ~bug $x$ %3 &4 GH-5",
    "[click](https://evil.example) ![x](https://evil.example/x.png) <https://evil.example>",
    "www.evil.example https://evil.example javascript:alert(1)",
    "** __ ~~ ``` | --- \\n\\n# h\\n\\n- [ ] x\\n> y",
    "` odd ``` ticks ` @me",
    "</summary></details><details open>",
    "{0} {{x}} ${{ secrets.TOKEN }} {% x %}",
    "\\u202Eevil \\u200Bhidden \\u2028 line",
    "[a](1) ](2) \\\\[b\\\\](3)",
    "𝄞 é ü 日本",
];

/// A site whose every text that a finding can quote is this one.
fn site(text: &str) -> Site {
    let site = Site::good();
    let policy = site.read("policies/main.md");
    let rules = format!(
        "    - id: frozen\n      clause: frozen\n      freeze: true\n    - id: scanned\n      clause: frozen\n      gates: {{passed: [\"{text}\"]}}\n"
    );
    let freezes = format!("  freezes:\n    - {{name: \"{text}\", from: 2026-08-01, until: 2026-08-31}}\n  rules:\n");
    let clause = "- No change in a freeze, @everyone, [see](https://evil.example) <b>. <!-- clause: frozen -->\n";
    let policy = policy.replace("  rules:\n", &format!("{freezes}{rules}")) + clause;
    site.write("policies/main.md", &policy);
    site.write("changes/two.yaml", &unapproved("CHG-2").replace("Raise the limit", &format!("\"{text}\"")));
    // Words that are none, keys that are none, people nobody knows.
    let more = format!("colours: red\n\"{text}\": 1\nimpact: [\"{text}\"]\nprocedure: \"{text}\"\nkind: \"{text}\"\n");
    site.write("changes/a b#c%0A,d;e'f.yaml", &approved("CHG-3", &more));
    site.write("changes/four.yaml", &approved("CHG-4", "").replace("by: c.lead", &format!("by: \"{text}\"")));
    let waiver = format!(
        "id: WVR-1\nrule: frozen\npolicy: main\nchanges: [CHG-1]\nreason: \"{text}\"\nrequested_by: c.lead\n\
         approved_by: d.kaur\napproved_at: 2026-08-02T10:00:00+10:00\ncompensating_control: \"{text}\"\nexpires: 2026-12-31\n"
    );
    site.write("waivers/one.yaml", &waiver);
    site
}

#[test]
fn texts_are_texts_in_every_format() {
    for text in HOSTILE {
        let site = site(text);
        let mut counts = Vec::new();
        for format in FORMATS {
            let answer = site.check(&["--format", format, "--quiet"]);
            assert_eq!(answer.status, Some(1), "{text}: {format}: {}", answer.err);
            assert_eq!(answer.err, "", "{text}: {format}");
            let found = told(format, &answer.out);
            assert!(found.len() >= 8, "{text}: {format}: {}", answer.out);
            counts.push((found.len(), format));
            let strange: Vec<_> = answer.out.chars().filter(|c| c.is_control() && !matches!(c, '\n')).collect();
            assert!(strange.is_empty(), "{text}: {format}: {strange:?}");
            let drawn = format == "human" && !text.contains("\\u");
            if drawn || !["human", "json"].contains(&format) {
                assert_eq!(hidden(&answer.out).next(), None, "{text}: {format}: {}", answer.out);
            }
            match format {
                "sarif" => assert_eq!(mistakes(&reader::json(&answer.out)), [""; 0], "{text}"),
                "markdown" => shows_only_text(text, &answer.out),
                "human" => assert!(!answer.out.lines().any(|l| l.starts_with("::")), "{text}: {}", answer.out),
                _ => {}
            }
        }
        assert!(counts.iter().all(|(n, _)| *n == counts[0].0), "{text}: {counts:?}");
    }
}

/// Markup, links and names in a summary are the program's own.
fn shows_only_text(hostile: &str, page: &str) {
    let mut in_code = 0;
    for event in Parser::new_ext(page, Options::all()) {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                let ours = ["changes/", "policies/", "waivers/"].iter().any(|f| dest_url.starts_with(f));
                assert!(ours, "{hostile}: a link to {dest_url}\n{page}");
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                in_code += usize::from(&*html == "<code>");
                in_code -= usize::from(&*html == "</code>");
                let tag = html.trim().split('>').next().unwrap_or_default();
                let ours = ["<code", "</code", "<br", "<details", "</details"].contains(&tag);
                assert!(ours, "{hostile}: {html}\n{page}");
            }
            Event::Text(text) => {
                let calls = text
                    .match_indices(['@', '#'])
                    .any(|(at, _)| text[at + 1..].starts_with(|c: char| c.is_ascii_alphanumeric()));
                assert!(!calls, "{hostile}: {text}");
                assert!(!text.contains("://") || !text.contains("http"), "{hostile}: {text}");
            }
            Event::InlineMath(m) | Event::DisplayMath(m) => panic!("{hostile}: a formula: {m}"),
            Event::Code(c) => panic!("{hostile}: code that is not ours: {c}"),
            _ => {}
        }
    }
    assert_eq!(in_code, 0, "{hostile}: {page}");
}
