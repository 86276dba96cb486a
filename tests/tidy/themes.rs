//! Rules over the theme's templates. Knows Tera only by its tags.

use std::collections::BTreeSet;

use super::code::Complaints;
use super::rust::Files;

/// Templates of public pages hold no words: these stand in the language files. Of `parts.html` only what public pages use
/// counts.
pub(crate) fn bare_words(templates: &Files) -> Complaints {
    let mut out = Complaints::new();
    let public: Vec<(&String, &String)> = templates.iter().filter(|(path, _)| path.contains("/public/")).collect();
    if public.is_empty() {
        out.push("no public template was found".to_owned());
    }
    let mut wanted: Vec<String> = public.iter().map(|(_, text)| (*text).clone()).collect();
    let parts: Vec<(&str, &str, &str)> =
        templates.iter().filter(|(path, _)| !path.contains("/internal/")).flat_map(|(p, t)| components(p, t)).collect();
    let mut seen = BTreeSet::new();
    while let Some(text) = wanted.pop() {
        for (path, name, body) in &parts {
            if text.contains(&format!("<{name} ")) && seen.insert(*name) {
                wanted.push((*body).to_owned());
                out.extend(words_in(body).into_iter().map(|word| format!("{path}: component {name}: says `{word}`")));
            }
        }
    }
    for (path, text) in public {
        out.extend(words_in(text).into_iter().map(|word| format!("{path}: says `{word}`")));
    }
    out
}

/// The components of a template: path, name, text.
fn components<'t>(path: &'t str, text: &'t str) -> Vec<(&'t str, &'t str, &'t str)> {
    let begins = text.split("{% component ").skip(1);
    begins
        .filter_map(|rest| {
            let name = rest.split('(').next()?;
            let body = rest.split_once("%}")?.1.split("endcomponent").next()?;
            Some((path, name, body))
        })
        .collect()
}

/// Blocks that stand inside a tag: what they hold is a class or a policy for browsers.
const IN_TAGS: [&str; 2] = ["layout", "may"];

/// Words that a template shows: text between tags, and the attributes that are read out.
fn words_in(template: &str) -> Vec<String> {
    let mut text = template.to_owned();
    for name in IN_TAGS {
        let (open, close) = (format!("{{% block {name} %}}"), format!("{{% endblock {name} %}}"));
        if let Some((start, end)) = text.find(&open).zip(text.find(&close)) {
            text.replace_range(start..end, "");
        }
    }
    let mut shown = Vec::new();
    for (open, close) in [("{#", "#}"), ("{%", "%}"), ("{{", "}}")] {
        while let Some(start) = text.find(open) {
            let end = text[start..].find(close).map_or(text.len(), |at| start + at + close.len());
            // What a component is given: `label="Certifications"` is a word, `label="page-coming"` an anchor.
            if let Some(given) = text[start + 2..end].trim_start().strip_prefix('<') {
                let words = attributes(given).filter(|(_, v)| v.contains(|c: char| c.is_uppercase() || c == ' '));
                shown.extend(words.map(|(_, value)| value.to_owned()));
            }
            text.replace_range(start..end, "\u{1}");
        }
    }
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (before, tag) = rest.split_once('<').unwrap_or((rest, ""));
        shown.push(before.to_owned());
        let (inside, after) = tag.split_once('>').unwrap_or((tag, ""));
        let described = inside.starts_with("meta name=\"description\"");
        for (name, value) in attributes(inside) {
            let is_read = ["aria-label", "title", "alt", "placeholder"].contains(&name) || name.starts_with("data-");
            if is_read || described && name == "content" {
                shown.push(value.to_owned());
            }
        }
        rest = after;
    }
    let entity = |word: &&str| !(word.starts_with('&') && word.ends_with(';'));
    let words = shown.iter().flat_map(|s| s.split(['\u{1}', ' ', '\n'])).filter(entity);
    words.filter(|w| w.chars().any(char::is_alphabetic)).map(str::to_owned).collect()
}

/// The attributes of a tag that stand in quotes.
fn attributes(tag: &str) -> impl Iterator<Item = (&str, &str)> {
    let parts: Vec<&str> = tag.split('"').collect();
    let pairs: Vec<(&str, &str)> = parts.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
    pairs
        .into_iter()
        .filter_map(|(before, value)| Some((before.strip_suffix('=')?.rsplit([' ', '\n', '\u{1}']).next()?, value)))
}
