//! What any page we make may hold: elements, attributes and schemes by allow-list, as a browser reads the page.

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// Elements and, after each, its own attributes; those of [`EVERYWHERE`] may stand on any.
const ELEMENTS: &[(&str, &[&str])] = &[
    ("a", &["href", "rel", "title", "aria-current", "aria-label"]),
    ("article", &[]),
    ("aside", &["aria-labelledby"]),
    ("b", &["aria-current"]),
    ("bdi", &[]),
    ("blockquote", &[]),
    ("body", &[]),
    ("br", &[]),
    ("button", &["type"]),
    ("circle", &["cx", "cy", "r", "fill"]),
    ("code", &[]),
    ("dd", &[]),
    ("del", &[]),
    ("desc", &[]),
    ("details", &["open", "name"]),
    ("div", &["role", "tabindex", "aria-label", "aria-labelledby", "hidden", "data-parts", "data-root", "data-only"]),
    ("dl", &[]),
    ("dt", &[]),
    ("em", &[]),
    ("fieldset", &[]),
    ("figcaption", &[]),
    ("figure", &[]),
    ("footer", &[]),
    ("g", &[]),
    ("h1", &[]),
    ("h2", &[]),
    ("h3", &[]),
    ("h4", &[]),
    ("h5", &[]),
    ("h6", &[]),
    ("head", &[]),
    ("header", &[]),
    ("hr", &[]),
    ("html", &["lang", "dir"]),
    ("img", &["src", "alt", "title"]),
    ("ins", &[]),
    ("input", &["type", "name", "checked", "autocomplete", "autocapitalize", "spellcheck", "aria-describedby"]),
    ("kbd", &[]),
    ("label", &["for"]),
    ("legend", &[]),
    ("li", &[]),
    ("line", &["x1", "x2", "y1", "y2"]),
    ("link", &["rel", "type", "title", "href"]),
    ("main", &["tabindex"]),
    ("meta", &["charset", "name", "property", "content", "http-equiv"]),
    ("nav", &["aria-label"]),
    ("ol", &["start"]),
    ("path", &["d", "fill", "stroke", "stroke-dasharray", "stroke-width"]),
    ("option", &["value"]),
    ("p", &["hidden", "role"]),
    ("polyline", &["points"]),
    ("pre", &["tabindex"]),
    ("q", &[]),
    ("rect", &["x", "y", "width", "height", "rx", "fill"]),
    ("script", &["defer", "src"]),
    ("search", &["hidden", "data-index", "data-root", "data-none", "data-found", "data-best", "data-failed"]),
    ("section", &["aria-label", "aria-labelledby"]),
    ("select", &["data-key", "autocomplete"]),
    ("small", &[]),
    ("span", &["aria-hidden"]),
    ("strong", &[]),
    ("sup", &[]),
    ("summary", &[]),
    (
        "svg",
        &["viewBox", "role", "aria-label", "aria-labelledby", "aria-describedby", "width", "height", "aria-hidden"],
    ),
    ("table", &[]),
    ("tbody", &[]),
    ("td", &["data-l", "colspan"]),
    ("text", &["x", "y", "text-anchor", "fill", "font-family", "font-size", "font-weight"]),
    ("th", &["scope", "colspan", "data-key"]),
    ("tfoot", &[]),
    ("thead", &[]),
    ("time", &["datetime"]),
    ("title", &[]),
    ("tr", &[]),
    ("tspan", &["x", "dy"]),
    ("ul", &[]),
];

const EVERYWHERE: &[&str] = &["class", "id"];
const TARGETS: &[&str] = &["href", "src"];

/// What is on a page and may not be, a line each.
pub(super) fn faults(html: &str) -> Vec<String> {
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(html);
    let mut found: Vec<String> = dom.errors.borrow().iter().map(|e| format!("not as HTML is written: {e}")).collect();
    look(&dom.document, &mut found);
    found
}

fn look(node: &Handle, found: &mut Vec<String>) {
    match &node.data {
        NodeData::Comment { contents } => found.push(format!("a comment: {contents}")),
        NodeData::ProcessingInstruction { target, .. } => found.push(format!("an instruction: {target}")),
        NodeData::Element { name, attrs, template_contents, .. } => {
            let tag = &*name.local;
            let attributes: Vec<(String, String)> =
                attrs.borrow().iter().map(|a| (a.name.local.to_string(), a.value.to_string())).collect();
            element(tag, &attributes, found);
            if tag == "script" && !node.children.borrow().is_empty() {
                found.push("a script with something in it".to_owned());
            }
            if template_contents.borrow().is_some() {
                found.push("a template".to_owned());
            }
        }
        NodeData::Document | NodeData::Doctype { .. } | NodeData::Text { .. } => {}
    }
    node.children.borrow().iter().for_each(|child| look(child, found));
}

/// Whether an element names an address and loads nothing from it: where the page stands for good.
fn is_named(tag: &str, attributes: &[(String, String)]) -> bool {
    tag == "link" && attributes.iter().any(|(name, value)| name == "rel" && value == "canonical")
}

fn element(tag: &str, attributes: &[(String, String)], found: &mut Vec<String>) {
    let Some((_, own)) = ELEMENTS.iter().find(|(name, _)| *name == tag) else {
        return found.push(format!("an element <{tag}>"));
    };
    for (name, value) in attributes {
        if !own.contains(&name.as_str()) && !EVERYWHERE.contains(&name.as_str()) {
            found.push(format!("an attribute <{tag} {name}=\"{value}\">"));
        }
        if TARGETS.contains(&name.as_str()) && !is_target(value, tag == "a" || is_named(tag, attributes)) {
            found.push(format!("a target <{tag} {name}=\"{value}\">"));
        }
        // A page that has moved leads on at once, to a page of the site.
        let leads_on = attributes.iter().any(|(name, value)| {
            name == "content" && value.strip_prefix("0; url=").is_some_and(|to| is_target(to, false))
        });
        if name == "http-equiv" && value != "Content-Security-Policy" && !(value == "refresh" && leads_on) {
            found.push(format!("an order to the browser: {value}"));
        }
    }
}

/// Whether an address is one we link to, or, for anything a page loads itself, one of the site.
fn is_target(address: &str, link: bool) -> bool {
    let scheme = address
        .split(['/', '?', '#'])
        .next()
        .and_then(|start| start.split_once(':'))
        .map(|(s, _)| s.to_ascii_lowercase());
    let plain =
        !address.starts_with("//") && !address.contains(['\\', '\n', '\t', ' ']) && !address.contains(char::is_control);
    match scheme.as_deref() {
        None => plain,
        Some("http" | "https" | "mailto") => plain && link,
        Some(_) => false,
    }
}

#[test]
fn what_may_not_be_on_a_page_is_seen() {
    let page = |body: &str| format!("<!DOCTYPE html><html><head><title>t</title></head><body>{body}</body></html>");
    assert_eq!(faults(&page("<p class=\"a\">x <a href=\"https://a.example/\">y</a></p>")), [""; 0]);
    for (body, said) in [
        ("<script>a</script>", "a script with something"),
        ("<p onclick=\"a\">x</p>", "an attribute <p onclick"),
        ("<p style=\"a\">x</p>", "an attribute <p style"),
        ("<iframe></iframe>", "an element <iframe>"),
        ("<svg><foreignObject></foreignObject></svg>", "an element <foreignObject>"),
        ("<svg onload=\"a\"></svg>", "an attribute <svg onload"),
        ("<style>a</style>", "an element <style>"),
        ("<a href=\"javascript:a\">x</a>", "a target"),
        ("<a href=\"JAVA&#x0A;SCRIPT:a\">x</a>", "a target"),
        ("<a href=\"//a.example/\">x</a>", "a target"),
        ("<a href=\"/\\a.example/\">x</a>", "a target"),
        ("<img src=\"https://a.example/\" alt=\"\">", "a target"),
        ("<img src=\"data:x\" alt=\"\">", "a target"),
        ("<!-- x -->", "a comment"),
        ("<template></template>", "a template"),
        ("<p><div></div></p>", "not as HTML is written"),
        ("<meta http-equiv=\"refresh\" content=\"0\">", "an order"),
        ("<meta http-equiv=\"refresh\" content=\"0; url=https://a.example/\">", "an order"),
    ] {
        let found = faults(&page(body));
        assert!(found.iter().any(|f| f.contains(said)), "{body}: {found:?}");
    }
}
