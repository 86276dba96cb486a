//! Texts that want to cost more than they are worth: time and size stay in proportion.

use super::*;
use crate::diag::Sink;
use crate::source::FileId;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// Far above what a linear walk takes here, far below what a quadratic one would.
const LIMIT: Duration = Duration::from_secs(10);

/// HTML and codes of a text, made in time and in proportion.
fn bounded(name: &str, text: &str) -> (String, Vec<&'static str>) {
    let start = Instant::now();
    let body = Span::new(0, text.len());
    let mut sink = Sink::new();
    let outline = outline(text, body, FileId(0), &mut sink);
    let html = render(text, body, &outline, &RenderOptions { stages: true, ..RenderOptions::default() }).html;
    plain(text, body);
    let took = start.elapsed();
    assert!(took < LIMIT, "{name}: {took:?}");
    assert!(html.len() <= text.len() * 24 + 128 * 1024, "{name}: {} became {}", text.len(), html.len());
    let mut open = 0_i64;
    for tag in html.split('<').skip(1).map(|t| &t[..t.len().min(4)]) {
        let void = ["br>", "hr>", "img "].iter().any(|v| tag.starts_with(v));
        open += if tag.starts_with('/') { -1 } else { i64::from(!void) };
        assert!((0..=100).contains(&open), "{name}: {open} deep");
    }
    assert_eq!(open, 0, "{name}");
    (html, sink.iter().map(|d| d.code.name).collect())
}

#[test]
fn bombs_fizzle() {
    let n = 20_000;
    let deep: String = (0..400).fold(String::new(), |mut text, depth| {
        let _ = writeln!(text, "{}- a", "  ".repeat(depth));
        text
    });
    let footnotes = (0..n).fold(String::new(), |mut text, i| {
        let _ = write!(text, "[^{i}] \n\n[^{i}]: x\n\n");
        text
    });
    let numbered = (1..n).fold(String::new(), |mut text, i| {
        let _ = write!(text, "### {i}. a\n\n");
        text
    });
    for (name, text) in [
        ("brackets", "[".repeat(50_000)),
        ("closed brackets", "[a](".repeat(n)),
        ("images", "![".repeat(50_000)),
        ("quotes", ">".repeat(n)),
        ("quotes with text", format!("{} a", "> ".repeat(n))),
        ("lists in a line", "- ".repeat(n)),
        ("numbers in a line", "1. ".repeat(n)),
        ("deep list", deep),
        ("stars", "*".repeat(50_000)),
        ("stars and words", "*a **a ".repeat(n)),
        ("underscores", "_a __a ".repeat(n)),
        ("backticks", (1..300).map(|i| "`".repeat(i) + " ").collect()),
        ("comments open", "<!--".repeat(n)),
        ("comments", "a <!-- clause: x --> ".repeat(n)),
        ("html", "<b>".repeat(n)),
        ("html open", "<a ".repeat(n)),
        ("declarations", "<!A ".repeat(n)),
        ("processing", "<?".repeat(n)),
        ("footnotes", footnotes),
        ("mentions", format!("[^1]: x\n\n{}", "[^1]".repeat(n))),
        ("references", format!("[a]: http://x.example/{}\n\n{}", "\"".repeat(5_000), "[a] ".repeat(n))),
        ("same headings", "# a\n".repeat(n)),
        ("clashing headings", "# a\n# a-1\n# a-2\n".repeat(n / 3)),
        ("long heading, many tables", format!("# {}\n\n{}", "\"".repeat(n), "a|b\n-|-\n\n".repeat(n / 4))),
        ("names", "# a {#".repeat(n)),
        ("braces", format!("# {}}}", "{#".repeat(n))),
        ("numbered", numbered),
        ("entities", "&amp;".repeat(n)),
        ("items", "-\n".repeat(n)),
        ("breaks", "a\\\n".repeat(n)),
        ("paragraphs", "a\n\n".repeat(n)),
        ("links", "[a](javascript:x) ".repeat(n)),
    ] {
        bounded(name, &text);
    }
}

#[test]
fn ragged_tables_are_cut_and_said() {
    let text = format!("{}\n{}\n{}", "|a".repeat(2_000), "|-".repeat(2_000), "|x\n".repeat(3_000));
    let (html, said) = bounded("ragged", &text);
    assert_eq!(said, ["markdown/too-large"]);
    assert!(html.ends_with("</table>\n</div>\n"), "{}", &html[html.len() - 80..]);
}

#[test]
fn honest_texts_are_never_cut() {
    let row = "| CHG-2026-0142 | Normal | 2 reviewers | yes |\n";
    let table = format!("| a | b | c | d |\n|---|---|---|---|\n{}", row.repeat(20_000));
    let (html, said) = bounded("table", &table);
    assert_eq!((html.matches("<tr>").count(), said), (20_001, vec![]));
    let (html, said) = bounded("list", &"- a\n".repeat(50_000));
    assert_eq!((html.matches("<li>").count(), said), (50_000, vec![]));
    let sections = "## Some heading\n\nSome *text* with [a link](https://x.example/) and `code`.\n\n".repeat(5_000);
    let (html, said) = bounded("sections", &sections);
    assert_eq!((html.matches("<h2").count(), said), (5_000, vec![]));
}

#[test]
fn deep_nesting_keeps_every_word() {
    let text = (0..100).fold(String::new(), |mut text, depth| {
        let _ = writeln!(text, "{}- w{depth}", "  ".repeat(depth));
        text
    });
    let (html, _) = bounded("nested", &text);
    assert!((0..100).all(|depth| html.contains(&format!("w{depth}"))), "{html}");
    assert!(html.contains("w98\nw99"), "{html}");
}

#[test]
fn floods_of_findings_are_capped_code_by_code() {
    let text =
        format!("{}\n\na <!-- clause: x --> b\n\n{}", "<b> ".repeat(5_000), "a <!-- clause: . -->\n\n".repeat(500));
    let (_, said) = bounded("findings", &text);
    assert_eq!((said.len(), said.iter().filter(|code| **code == "markdown/clause-misplaced").count()), (101, 1));
}
