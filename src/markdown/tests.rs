//! What outline and HTML say of well-meant texts, and of mistakes in them.

use super::*;
use crate::diag::{Place, Sink};
use crate::source::FileId;

/// The outline of a text and its diagnostics as `code: place`.
fn read(text: &str) -> (Outline, Vec<String>) {
    let mut sink = Sink::new();
    let outline = outline(text, split(text).body, FileId(0), &mut sink);
    let said = sink
        .iter()
        .map(|d| match &d.place {
            Place::Text(at) => format!("{}: {}", d.code.name.trim_start_matches("markdown/"), at.span.of(text)),
            Place::Path(path) => format!("{}: {path}", d.code.name),
        })
        .collect();
    (outline, said)
}

fn said(text: &str) -> Vec<String> {
    read(text).1
}

/// Clauses that are no headings, as `name kind [source] text`.
fn clauses(text: &str) -> Vec<String> {
    let (outline, said) = read(text);
    assert_eq!(said, Vec::<String>::new(), "in {text:?}");
    outline
        .clauses
        .iter()
        .filter(|c| c.kind != ClauseKind::Heading)
        .map(|c| format!("{} {:?} [{}] {}", c.anchor, c.kind, c.span.of(text), c.text))
        .collect()
}

fn anchors(text: &str) -> Vec<String> {
    read(text).0.headings.into_iter().map(|h| h.anchor).collect()
}

/// HTML without the links beside headings.
fn html(text: &str) -> String {
    html_with(text, &RenderOptions { permalink: None, ..RenderOptions::default() })
}

fn html_with(text: &str, options: &RenderOptions<'_>) -> String {
    let body = split(text).body;
    let outline = outline(text, body, FileId(0), &mut Sink::new());
    render(text, body, &outline, options).html
}

#[test]
fn front_matter_is_parted_from_the_text() {
    let text = "---\nid: x\n---\n# T\n";
    let parts = split(text);
    assert_eq!(parts.front.expect("there is front matter").of(text), "id: x\n");
    assert_eq!(parts.body.of(text), "# T\n");
    assert_eq!(split("---\na: 1\n...\nx").body, Span::new(13, 14));
    assert_eq!(split("---\n---").front, Some(Span::new(4, 4)));
    assert_eq!(split("---\n---").body, Span::new(7, 7));
    assert_eq!(split("# T\n---\n"), Parts { front: None, body: Span::new(0, 8), unclosed: None });
    assert_eq!(split("---\nid: x\n"), Parts { front: None, body: Span::new(0, 10), unclosed: Some(Span::new(0, 3)) });
    assert_eq!(split(""), Parts { front: None, body: Span::new(0, 0), unclosed: None });
    assert_eq!(split("----\nx\n---\n").front, None);
}

#[test]
fn anchors_are_made_as_on_git_hosts_and_once_each() {
    assert_eq!(
        anchors(
            "###### F\n# 5. Emergency *Change* Process\n## A & B\n## `code` [link](x.md)\n## A & B\n## Übergröße\n## !!!\n"
        ),
        ["f", "5-emergency-change-process", "a--b", "code-link", "a--b-1", "übergröße", "section"]
    );
    assert_eq!(anchors("# A-1\n# A\n# A\n# A\n"), ["a-1", "a", "a-2", "a-3"]);
    assert_eq!(
        anchors("Setext *one*\n===\n\n## Named {#my.name}\n## Closed {#c_d} ##\n"),
        ["setext-one", "my.name", "c_d"]
    );
    assert_eq!(anchors("## Not \\{#escaped}\n## Not `{#code}`\n"), ["not-escaped", "not-code"]);
}

#[test]
fn a_name_written_wins_over_one_made_of_words() {
    let (outline, said) = read("## Review\n\n- Text <!-- clause: review -->\n\n## Other {#review-1}\n");
    assert_eq!(said, Vec::<String>::new());
    let names: Vec<_> = outline.clauses.iter().map(|c| c.anchor.as_str()).collect();
    assert_eq!(names, ["review-2", "review", "review-1"]);
}

#[test]
fn headings_carry_their_words_and_sections() {
    let text = "# T\na\n## A {#a}\nb\n### B\n## C\nd";
    let (outline, _) = read(text);
    let sections: Vec<_> = outline.headings.iter().map(|h| (h.span.of(text), h.section.of(text))).collect();
    assert_eq!(sections, [("T", text), ("A", "## A {#a}\nb\n### B\n"), ("B", "### B\n"), ("C", "## C\nd")]);
    assert_eq!(outline.title().expect("there is a title").text, "T");
    assert_eq!(outline.words, 7);
}

#[test]
fn clauses_are_found_where_they_end() {
    assert_eq!(clauses("A *b*\nc. <!-- clause: x -->\n"), ["x Paragraph [A *b*\nc.] A b c."]);
    assert_eq!(clauses("> A\n> b <!-- clause: x -->\n"), ["x Paragraph [A\n> b] A b"]);
    assert_eq!(clauses("A <!--clause:x-->   \n\nB"), ["x Paragraph [A] A"]);
    assert_eq!(
        clauses("A `<!-- clause: no -->` b <!-- clause: x --> <!-- remark -->"),
        ["x Paragraph [A `<!-- clause: no -->` b] A <!-- clause: no --> b"]
    );
    assert_eq!(clauses("1. A <!-- clause: x -->\n2. B <!-- clause: y -->\n"), ["x Item [A] A", "y Item [B] B"]);
    assert_eq!(
        clauses("- A <!-- clause: x -->\n  - B <!-- clause: y -->\n\n- C\n\n  D <!-- clause: z -->\n"),
        ["x Item [A] A", "y Item [B] B", "z Paragraph [D] D"]
    );
    assert_eq!(clauses("- **A** &amp; b **c** <!-- clause: x -->"), ["x Item [**A** &amp; b **c**] A & b c"]);
}

#[test]
fn a_comment_on_the_next_line_still_ends_the_text() {
    assert_eq!(clauses("A\nb\n<!-- clause: x -->\n\nC"), ["x Paragraph [A\nb] A b"]);
    assert_eq!(clauses("- A\n  b\n  <!-- clause: x -->\n- C"), ["x Item [A\n  b] A b"]);
    assert_eq!(clauses("> A\n> <!-- clause: x -->\n"), ["x Paragraph [A] A"]);
    assert_eq!(clauses("- A\n  <!-- clause:\n  x -->\n\n- C\n"), ["x Item [A] A"]);
}

#[test]
fn rows_end_within_or_after_their_last_cell() {
    let table = "| a | b |\n|---|---|\n| 1 | 2 <!-- clause: x --> |\n| 3 | *4* | <!-- clause: y -->\n| 5 <!-- clause: z --> |\n6 | 7 <!-- clause: w -->\n";
    assert_eq!(clauses(table), ["x Row [1 | 2] 1; 2", "y Row [3 | *4*] 3; 4", "z Row [5] 5", "w Row [6 | 7] 6; 7"]);
    assert_eq!(said("|a|b|\n|-|-|\n| 1 <!-- clause: x --> | 2 |\n"), ["clause-misplaced: <!-- clause: x -->"]);
    assert_eq!(said("|a|b|\n|-|-|\n| 1 | 2 | 3 |\n"), ["extra-cell: 3"]);
    assert_eq!(said("|a|\n|-|\n| 1 |\n<!-- clause: x -->\n"), ["clause-misplaced: <!-- clause: x -->"]);
}

#[test]
fn comments_that_name_nothing_are_said() {
    let misplaced = ["clause-misplaced: <!-- clause: x -->"];
    for text in [
        "A <!-- clause: x --> b",
        "A\n\n<!-- clause: x -->\n",
        "# A <!-- clause: x -->\n",
        "# A\n<!-- clause: x -->\n",
        "- A\n- B\n\n<!-- clause: x -->\n",
        "- <!-- clause: x -->\n",
        "```\na\n```\n<!-- clause: x -->\n",
        "<!-- clause: x -->",
    ] {
        assert_eq!(said(text), misplaced, "in {text:?}");
    }
    assert_eq!(said("A <!-- clause: x --> <!-- clause: y -->"), ["clause-misplaced: <!-- clause: y -->"]);
    assert_eq!(said("A <!-- clause: x -->\n<!-- clause: y -->"), ["clause-misplaced: <!-- clause: y -->"]);
    let item = "- a <!-- clause: x -->\n  > b <!-- clause: y -->\n  ```\n  c\n  ```\n  d <!-- clause: z -->\n";
    assert_eq!(said(item), ["clause-misplaced: <!-- clause: z -->"]);
    assert_eq!(said("A <!-- clause: x"), ["unclosed-comment: <!--"]);
    assert_eq!(said("A\n\n<!-- note\n\nB"), ["unclosed-comment: <!--"]);
    assert_eq!(said("A \\<!-- clause: x and `<!--`\n\n    <!-- code\n"), Vec::<String>::new());
}

#[test]
fn names_follow_their_grammar() {
    for name in ["", ".x", "a..b", "a.", "a b", "é", "-a", &"x".repeat(65)] {
        let text = format!("A <!-- clause: {name} -->");
        assert_eq!(said(&text).len(), 1, "{name}");
        assert!(said(&text)[0].starts_with("clause-name"), "{name}");
    }
    assert_eq!(said(&format!("A <!-- clause: {} -->", "x".repeat(64))), Vec::<String>::new());
    assert_eq!(said("# A {#b c}\n"), ["clause-name: {#b c}"]);
    assert_eq!(anchors("# A {#b c}\n"), ["a"]);
}

#[test]
fn misspelt_comments_are_said_and_remarks_left_alone() {
    for comment in ["claus: x", "clause x", "Clause: x", "CLAUSE x", "cluase: x", "clause=x", "clauses: x"] {
        assert_eq!(said(&format!("A <!-- {comment} -->")), [format!("clause-misspelt: <!-- {comment} -->")]);
    }
    for remark in [
        "TODO: x",
        "prettier-ignore",
        "clauses below are made by hand",
        "pause 5",
        "close",
        "toc",
        "markdownlint-disable MD013",
        "",
    ] {
        assert_eq!(said(&format!("A <!-- {remark} -->")), Vec::<String>::new(), "{remark}");
    }
}

#[test]
fn two_places_never_share_a_name() {
    let text = "A <!-- clause: x -->\n\nB <!-- clause: x -->\n\n# C {#X}\n";
    let mut sink = Sink::new();
    let outline = outline(text, split(text).body, FileId(0), &mut sink);
    assert_eq!(outline.clauses.iter().map(|c| c.anchor.as_str()).collect::<Vec<_>>(), ["x", "c"]);
    let labels: Vec<_> = sink.iter().map(|d| (d.code.name, d.others[0].at.span.start)).collect();
    assert_eq!(labels, [("markdown/duplicate-anchor", 2), ("markdown/duplicate-anchor", 2)]);
    assert_eq!(html(text).matches("id=\"").count(), 2);
}

#[test]
fn clauses_have_their_names_and_what_goes_beside_them() {
    let text =
        "## H\n\nA <!-- clause: p -->\n\n- B <!-- clause: i -->\n  - C\n\n|a|b|\n|-|-|\n|1|2 <!-- clause: r -->|\n";
    assert_eq!(
        html(text),
        "<h2 id=\"h\">H</h2>\n<div class=\"clause\" id=\"p\"><p>A</p>\n</div>\n<ul>\n<li class=\"clause\" id=\"i\">B<ul>\n<li>C</li>\n</ul>\n</li>\n</ul>\n\
         <div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"Table 1: H\">\n<table>\n<thead>\n<tr><th scope=\"col\">a</th><th scope=\"col\">b</th></tr>\n</thead>\n\
         <tbody>\n<tr class=\"clause\" id=\"r\"><td>1</td><td>2</td></tr>\n</tbody>\n</table>\n</div>\n"
    );
    let beside = |name: &str| Some(format!("[{name}]"));
    let shown = html_with(text, &RenderOptions { clause: &beside, permalink: None, ..RenderOptions::default() });
    for piece in [
        "<div class=\"clause head\"><h2 id=\"h\">H</h2>\n[h]</div>\n",
        "<p>A</p>\n[p]</div>\n",
        ">B[i]<ul>\n<li>C</li>",
        "<td>2[r]</td></tr>",
    ] {
        assert!(shown.contains(piece), "{piece} in {shown}");
    }
    let loose =
        html_with("- B <!-- clause: i -->\n\n  C\n", &RenderOptions { clause: &beside, ..RenderOptions::default() });
    assert_eq!(loose, "<ul>\n<li class=\"clause\" id=\"i\"><p>B</p>\n[i]<p>C</p>\n</li>\n</ul>\n");
}

#[test]
fn the_title_may_be_left_to_the_page() {
    let options = RenderOptions { drop_first_h1: true, permalink: None, ..RenderOptions::default() };
    assert_eq!(
        html_with("# T *x*\n\n## A\n\n#### B\n\n# C\n\n## D\n", &options),
        "<h2 id=\"a\">A</h2>\n<h3 id=\"b\">B</h3>\n<h2 id=\"c\">C</h2>\n<h3 id=\"d\">D</h3>\n"
    );
    let below = RenderOptions { below_h1: true, permalink: None, ..RenderOptions::default() };
    let shown = html_with("# a\n## b\n### c\n#### d\n##### e\n###### f\n", &below);
    assert_eq!(shown.matches("<h6").count(), 2, "{shown}");
    assert!(!shown.contains("<h1") && !shown.contains("<h7"), "{shown}");
    assert_eq!(html("# T\n### B\n"), "<h1 id=\"t\">T</h1>\n<h2 id=\"b\">B</h2>\n");
    assert_eq!(html("> # T\n"), "<blockquote>\n<h1 id=\"t\">T</h1>\n</blockquote>\n");
}

#[test]
fn headings_carry_a_link_to_themselves() {
    assert_eq!(
        html_with("## A {#b}\n", &RenderOptions::default()),
        "<h2 id=\"b\">A <a class=\"anchor\" href=\"#b\" aria-label=\"Link to this section\"></a></h2>\n"
    );
}

#[test]
fn stages_are_a_list() {
    let options = RenderOptions { stages: true, permalink: None, ..RenderOptions::default() };
    let three = "## P\n\n### Stage 1: A\n\na\n\n#### x\n\n### Stage 02 — B\n\n### stage 3\n\nc\n\n### After\n";
    assert_eq!(
        html_with(three, &options),
        "<h2 id=\"p\">P</h2>\n<ol class=\"stages\">\n<li><div>\n<h3 id=\"stage-1-a\">A</h3>\n<p>a</p>\n<h4 id=\"x\">x</h4>\n</div></li>\n\
         <li><div>\n<h3 id=\"stage-02--b\">B</h3>\n</div></li>\n<li><div>\n<h3 id=\"stage-3\">stage 3</h3>\n<p>c</p>\n</div></li>\n</ol>\n<h3 id=\"after\">After</h3>\n"
    );
    assert!(
        html_with("## P\n### 1. A\n### 2. B\n### 3. C\n## Q\n", &options)
            .contains("<h3 id=\"3-c\">C</h3>\n</div></li>\n</ol>\n<h2")
    );
    for text in [
        "### 1. A\n### 2. B\n## Q\n### 3. C\n",
        "### 1. A\n### 3. B\n### 2. C\n",
        "### 1.1 A\n### 2.1 B\n### 3.1 C\n",
        "### Stage 1\n### 2. B\n### Stage 3\n",
        "## 1. A\n## 2. B\n## 3. C\n",
        "### 2. A\n### 3. B\n### 4. C\n",
    ] {
        assert!(!html_with(text, &options).contains("<ol"), "{text}");
    }
    let two = html_with("### 1. A\n### 1. B\n### 2. C\n### 3. D\n### 1. E\n### 2. F\n### 3. G\n", &options);
    assert!(two.contains("D</h3>\n</div></li>\n</ol>\n<ol class=\"stages\">\n<li><div>\n<h3 id=\"1-e\">E"), "{two}");
    assert!(two.ends_with("G</h3>\n</div></li>\n</ol>\n"), "{two}");
    assert!(!html(three).contains("<ol"));
}

#[test]
fn links_are_rewritten_and_images_stay_at_home() {
    let link = |target: &str| target.strip_suffix(".md").map(|t| format!("/{t}/"));
    let options = RenderOptions { link: &link, ..RenderOptions::default() };
    let shown = |text: &str| html_with(text, &options).trim().to_owned();
    assert_eq!(shown("[a](b.md)"), "<p><a href=\"/b/\">a</a></p>");
    assert_eq!(shown("[a](b.txt \"t\")"), "<p><a href=\"b.txt\" title=\"t\">a</a></p>");
    assert_eq!(
        shown("[a](https://x.example/?a=1&b=2)"),
        "<p><a href=\"https://x.example/?a=1&amp;b=2\" rel=\"noopener noreferrer\">a</a></p>"
    );
    assert_eq!(shown("<a@b.example>"), "<p><a href=\"mailto:a@b.example\">a@b.example</a></p>");
    assert_eq!(shown("![*a* b](c.png)"), "<p><img src=\"c.png\" alt=\"a b\"></p>");
    assert_eq!(
        shown("![a](https://x.example/c.png)"),
        "<p><a href=\"https://x.example/c.png\" rel=\"noopener noreferrer\">a</a></p>"
    );
    assert_eq!(shown("[![a](https://x.example/c.png)](d)"), "<p><a href=\"d\">a</a></p>");
    assert_eq!(shown("[](d)"), "<p><a href=\"d\">d</a></p>");
    let (outline, said) = read("[a](b.md#c) ![i](j.png) [x](#y) [z](http://q.example)");
    let targets: Vec<_> = outline.links.iter().map(|l| (l.target.as_str(), l.image)).collect();
    assert_eq!(targets, [("b.md#c", false), ("j.png", true), ("#y", false)]);
    assert_eq!(said, Vec::<String>::new());
    let evil = |_: &str| Some("javascript:alert(1)".to_owned());
    assert_eq!(html_with("[a](b)", &RenderOptions { link: &evil, ..RenderOptions::default() }), "<p>a</p>\n");
}

#[test]
fn footnotes_are_gathered_at_the_end() {
    let shown = html("A[^b] c[^a] d[^B]\n\n[^a]: one\n[^b]: two\n[^c]: three\n\nE[^none]");
    assert!(shown.starts_with("<p>A<sup class=\"note\"><a id=\"fnref-1\" href=\"#fn-1\">1</a></sup> c<sup class=\"note\"><a id=\"fnref-2\""), "{shown}");
    assert!(shown.contains("<p>E[^none]</p>\n<section class=\"footnotes\" aria-label=\"Notes\">\n<ol>\n<li id=\"fn-1\"><p>two</p> <a class=\"back\" href=\"#fnref-1\""), "{shown}");
    assert!(shown.contains("href=\"#fnref-1-2\""), "{shown}");
    let clash = html("# fn 1\n\n# fn7-1\n\nA[^b]\n\n[^b]: two");
    assert!(clash.contains("<li id=\"fn8-1\">"), "{clash}");
    assert!(shown.contains("<li id=\"fn-3\"><p>three</p></li>\n</ol>"), "{shown}");
}

#[test]
fn what_is_no_markdown_is_printed_as_it_is() {
    assert_eq!(
        html("{{ 7*7 }} {% include \"/etc/passwd\" %} -- ... \"q\" :x: $a$ [[w]]"),
        "<p>{{ 7*7 }} {% include \"/etc/passwd\" %} -- ... \"q\" :x: $a$ [[w]]</p>\n"
    );
    assert_eq!(html("# h { onclick=alert(1) }\n"), "<h1 id=\"h--onclickalert1-\">h { onclick=alert(1) }</h1>\n");
    assert_eq!(html("- [ ] a\n- [x] b\n"), "<ul>\n<li>[ ] a</li>\n<li>[x] b</li>\n</ul>\n");
    assert_eq!(html("~~a~~ b<br>c<br/>\n"), "<p><del>a</del> b<br>c<br></p>\n");
    assert_eq!(
        html("a <!-- x --> b <i>c</i>\n\n<!-- d -->\n\n<p>e</p>\n"),
        "<p>a  b &lt;i&gt;c&lt;/i&gt;</p>\n<p class=\"raw\">&lt;p&gt;e&lt;/p&gt;</p>\n"
    );
    assert_eq!(html("```rust\na < b\n```\n"), "<pre tabindex=\"0\"><code>a &lt; b\n</code></pre>\n");
    assert_eq!(said("a <i>c</i>\n\n<p>\ne</p>\n"), ["raw-html: <i>", "raw-html: <p>"]);
}

#[test]
fn tables_without_words_in_their_head_have_no_empty_headers() {
    assert!(
        html("| | b |\n|:-:|-:|\n")
            .contains("<thead>\n<tr><td></td><th scope=\"col\" class=\"num\">b</th></tr>\n</thead>\n</table>")
    );
}

#[test]
fn plain_words_have_no_marks() {
    let text = "# A {#b}\n\n- *c* `d` <!-- clause: e -->\n\n| f | g |\n|---|---|\n| 1 | 2 |\n";
    assert_eq!(plain(text, Span::new(0, text.len())), "A\nc d\nf g\n1 2\n");
}
