//! A second opinion on the HTML: an HTML parser reads it, and nothing may be there that this layer did not mean to write.

use super::*;
use crate::diag::Sink;
use crate::source::FileId;
use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Which attributes each element may have.
const ALLOWED: &[(&str, &[&str])] = &[
    ("a", &["aria-label", "class", "href", "id", "rel", "title"]),
    ("blockquote", &[]),
    ("br", &[]),
    ("code", &[]),
    ("del", &[]),
    ("div", &["aria-label", "class", "id", "role", "tabindex"]),
    ("em", &[]),
    ("h1", &["id"]),
    ("h2", &["id"]),
    ("h3", &["id"]),
    ("h4", &["id"]),
    ("h5", &["id"]),
    ("h6", &["id"]),
    ("hr", &[]),
    ("img", &["alt", "src", "title"]),
    ("li", &["class", "id"]),
    ("ol", &["class", "start"]),
    ("p", &["class"]),
    ("pre", &["tabindex"]),
    ("section", &["aria-label", "class"]),
    ("strong", &[]),
    ("sup", &["class"]),
    ("table", &[]),
    ("tbody", &[]),
    ("td", &["class"]),
    ("th", &["class", "scope"]),
    ("thead", &[]),
    ("tr", &["class", "id"]),
    ("ul", &[]),
];

/// What a parser found.
#[derive(Default)]
pub(super) struct Found {
    pub(super) ids: BTreeSet<String>,
    pub(super) targets: Vec<String>,
    pub(super) sources: Vec<String>,
    pub(super) text: String,
}

/// Parses HTML as a browser does and holds it to the allow-list.
pub(super) fn judge(html: &str) -> Result<Found, String> {
    if let Some(byte) = html.bytes().find(|b| (*b < 0x20 && *b != b'\t' && *b != b'\n') || *b == 0x7f) {
        return Err(format!("byte {byte:#x}"));
    }
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><title>t</title></head><body><main>{html}</main></body></html>"
    );
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(page);
    if let Some(error) = dom.errors.borrow().first() {
        return Err(format!("parse error: {error}"));
    }
    let main = find(&dom.document, "main").ok_or("main is gone")?;
    let mut found = Found::default();
    visit(&main, &[], &mut found)?;
    for target in &found.targets {
        if target.strip_prefix('#').is_some_and(|id| id.starts_with("fn") && !found.ids.contains(id)) {
            return Err(format!("{target} leads nowhere"));
        }
    }
    Ok(found)
}

fn find(node: &Handle, name: &str) -> Option<Handle> {
    if let NodeData::Element { name: found, .. } = &node.data
        && &*found.local == name
    {
        return Some(node.clone());
    }
    node.children.borrow().iter().find_map(|child| find(child, name))
}

fn visit(parent: &Handle, above: &[String], found: &mut Found) -> Result<(), String> {
    for node in parent.children.borrow().iter() {
        match &node.data {
            NodeData::Text { contents } => found.text.push_str(&contents.borrow()),
            NodeData::Element { name, attrs, .. } => {
                let tag = name.local.to_string();
                let (_, allowed) = ALLOWED.iter().find(|(t, _)| *t == tag).ok_or_else(|| format!("<{tag}>"))?;
                for attribute in attrs.borrow().iter() {
                    let (key, value) = (attribute.name.local.to_string(), attribute.value.to_string());
                    if !allowed.contains(&key.as_str()) {
                        return Err(format!("<{tag} {key}>"));
                    }
                    self::attribute(&key, value, found)?;
                }
                nesting(&tag, above)?;
                let mut above = above.to_vec();
                above.push(tag);
                visit(node, &above, found)?;
            }
            _ => return Err("a comment or worse".into()),
        }
    }
    Ok(())
}

fn attribute(key: &str, value: String, found: &mut Found) -> Result<(), String> {
    match key {
        "id" if value.is_empty() || value.contains(char::is_whitespace) => return Err(format!("id `{value}`")),
        "id" if !found.ids.insert(value.clone()) => return Err(format!("id `{value}` twice")),
        "href" | "src" => {
            // What a browser leaves out before it looks for a scheme.
            let seen: String =
                value.chars().filter(|c| *c > ' ').collect::<String>().to_ascii_lowercase().replace('\\', "/");
            let scheme =
                seen.split(['/', '?', '#']).next().unwrap_or("").split_once(':').map(|(scheme, _)| scheme.to_owned());
            let good = match scheme.as_deref() {
                None => !seen.starts_with("//"),
                Some("http" | "https" | "mailto") => key == "href",
                Some(_) => false,
            };
            if !good {
                return Err(format!("{key}=`{value}`"));
            }
            if key == "href" { &mut found.targets } else { &mut found.sources }.push(value);
        }
        _ => {}
    }
    Ok(())
}

fn nesting(tag: &str, above: &[String]) -> Result<(), String> {
    let parent = above.last().map_or("main", String::as_str);
    let bad = match tag {
        "a" => above.iter().any(|t| t == "a"),
        "li" => !matches!(parent, "ul" | "ol"),
        "tr" => !matches!(parent, "thead" | "tbody"),
        "td" | "th" => parent != "tr",
        "p" | "div" | "ul" | "ol" | "table" | "pre" | "blockquote" | "section" | "hr" | "h1" | "h2" | "h3" | "h4"
        | "h5" | "h6" => !matches!(parent, "main" | "div" | "li" | "blockquote" | "section"),
        "thead" | "tbody" => parent != "table",
        _ => matches!(parent, "ul" | "ol" | "table" | "tr" | "thead" | "tbody"),
    };
    if bad || above.len() > 50 { Err(format!("<{tag}> in <{parent}>, {} deep", above.len())) } else { Ok(()) }
}

/// Reads and renders a text and holds all that must be true of any.
fn hold(text: &str) -> Result<(), String> {
    let body = split(text).body;
    let mut sink = Sink::new();
    let outline = outline(text, body, FileId(0), &mut sink);
    for clause in &outline.clauses {
        let place = text.get(clause.span.start as usize..clause.span.end as usize).ok_or("a span is out of range")?;
        if clause.kind != ClauseKind::Heading && (place.is_empty() || place.trim() != place) {
            return Err(format!("clause `{place}`"));
        }
    }
    for heading in &outline.headings {
        text.get(heading.section.start as usize..heading.section.end as usize).ok_or("a section is out of range")?;
    }
    for diagnostic in sink.iter() {
        if let crate::diag::Place::Text(at) = &diagnostic.place {
            text.get(at.span.start as usize..at.span.end as usize).ok_or("a diagnostic is out of range")?;
        }
    }
    for stages in [false, true] {
        let shown =
            render(text, body, &outline, &RenderOptions { stages, below_h1: stages, ..RenderOptions::default() });
        let found = judge(&shown.html).map_err(|why| format!("{why}\n{}", shown.html))?;
        if let Some(lost) = outline.clauses.iter().find(|c| !found.ids.contains(&c.anchor)) {
            return Err(format!("clause `{}` is lost\n{}", lost.anchor, shown.html));
        }
        let dropped = RenderOptions { stages, drop_first_h1: true, ..RenderOptions::default() };
        judge(&render(text, body, &outline, &dropped).html)?;
    }
    plain(text, body);
    Ok(())
}

/// Pieces of markdown that do something.
const PIECES: &[&str] = &[
    "\n",
    "\n\n",
    " ",
    "  ",
    "    ",
    "\t",
    "- ",
    "* ",
    "1. ",
    "7) ",
    "> ",
    "# ",
    "## ",
    "### ",
    "#### ",
    "===\n",
    "---\n",
    "***\n",
    "|",
    "| a | b |\n|---|--:|\n",
    "| c | d |\n",
    "`",
    "```\n",
    "~~~\n",
    "*",
    "**",
    "_",
    "~~",
    "[",
    "]",
    "(",
    ")",
    "](",
    "](x.md)",
    "](javascript:x)",
    "](http://h.example/)",
    "![",
    "<",
    ">",
    "<b>",
    "</b>",
    "<div>\n",
    "<br>",
    "<!--",
    "-->",
    "<!-- clause: x -->",
    "<!-- clause: y -->",
    "<!-- clause: bad name -->",
    "<!-- claus: z -->",
    "<!-- note -->",
    "{#",
    "}",
    "{#name}",
    "# fn 1\n",
    "# fn2-1\n",
    "# fnref 1\n",
    "[^1]",
    "[^1]: ",
    "[^2]",
    "[^2]: ",
    "[r]: http://h.example/ \"t\"\n",
    "[r]",
    "<http://h.example>",
    "<a@b.example>",
    "&amp;",
    "&#1;",
    "&#xfffe;",
    "\\",
    "\"",
    "'",
    "a",
    "word",
    "Stage 1: ",
    "Stage 2: ",
    "Stage 3: ",
    "1. x\n",
    "é",
    "🙂",
    "\u{202e}",
    "\u{85}",
    "\u{a0}",
    "\u{fffe}",
    "{{ 7*7 }}",
    "{% x %}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_markdown_is_safe(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        let text = pieces.concat();
        prop_assert_eq!(hold(&text), Ok(()), "{:?}", text);
    }

    #[test]
    fn any_text_is_safe(text in "\\PC{0,60}") {
        prop_assert_eq!(hold(&text), Ok(()), "{:?}", text);
    }
}

#[test]
fn the_oracle_sees_what_is_wrong() {
    for bad in [
        "<script>x</script>",
        "<p onclick=\"x\">a</p>",
        "<a href=\"javascript:x\">a</a>",
        "<a href=\"//x.example\">a</a>",
        "<a href=\"java&#10;script:x\">a</a>",
        "<img src=\"http://x.example/a.png\" alt=\"\">",
        "<p><em>a</p>",
        "<p>a</p></p>",
        "<p id=\"a\">a</p>",
        "<h1 id=\"a\">a</h1><h2 id=\"a\">a</h2>",
        "<!-- a -->",
        "<ul>a</ul><li>b</li>",
        "a\u{1}",
    ] {
        assert!(judge(bad).is_err(), "{bad}");
    }
}
