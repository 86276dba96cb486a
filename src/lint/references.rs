//! References to other documents and sections: each names a policy that there is, and a section that it has.
//!
//! In prose only what names a section is looked up ("Section 7 of the Information Security Policy", "see section 4.2"),
//! since a title alone may be anybody's. Sections of laws and standards are not ours to resolve.

use super::codes;
use super::text::{Sentence, Text, Word, entry, scalar};
use crate::diag::{Diagnostic, Sink, suggest};
use crate::model::{Ledger, PolicyVersion};
use crate::source::{SourceSet, Span};
use crate::yaml::{Node, Value};

/// What documents are called.
const DOCUMENTS: &[&str] = &["policy", "procedure", "standard", "plan"];
/// Words near a section's number that make it somebody else's.
const FOREIGN: &[&str] = &[
    "act",
    "annex",
    "agreement",
    "article",
    "code",
    "contract",
    "criteria",
    "gdpr",
    "hipaa",
    "iec",
    "iso",
    "law",
    "nist",
    "owasp",
    "pci",
    "regulation",
    "rfc",
    "soc",
    "statute",
    "directive",
    "ccpa",
    "control",
    "chapter",
];

pub(super) fn check(ledger: &Ledger, sources: &SourceSet, text: &Text<'_>, sink: &mut Sink) {
    in_front(ledger, text, sink);
    for sentence in &text.sentences {
        for at in 0..sentence.words.len() {
            in_prose(ledger, text, sentence, at, sink);
        }
    }
    links(ledger, sources, text, sink);
}

/// `implements: {policy: information-security, section: "7"}`.
fn in_front(ledger: &Ledger, text: &Text<'_>, sink: &mut Sink) {
    let Some(node) = text.front(&["implements"]) else { return };
    let items = if let Value::List(items) = &node.value { items.as_slice() } else { std::slice::from_ref(node) };
    for item in items {
        let Some(named) = entry(item, "policy") else { continue };
        let Some(id) = scalar(named) else { continue };
        let Some(policy) = ledger.policy(id) else {
            let found = unknown_document(text, named.span, &format!("policy `{id}`"));
            sink.push(found.help(suggest::help(id, ledger.policy_ids())));
            continue;
        };
        if let Some(at) = entry(item, "section") {
            section_of(text, policy.newest(), at, sink);
        }
    }
}

fn section_of(text: &Text<'_>, target: &PolicyVersion, at: &Node<'_>, sink: &mut Sink) {
    if let Some(section) = scalar(at)
        && !has_section(target, section)
    {
        sink.push(unknown_section(text, target, at.span, section));
    }
}

fn unknown_document(text: &Text<'_>, at: Span, name: &str) -> Diagnostic {
    Diagnostic::new(&codes::UNKNOWN_DOCUMENT, text.version.file, at, format!("the site has no {name}"))
        .label("referred to here")
        .help("correct the reference, or add the document to policies/")
}

fn unknown_section(text: &Text<'_>, target: &PolicyVersion, at: Span, section: &str) -> Diagnostic {
    let named = if target.id == text.version.id { "this policy".to_owned() } else { format!("policy `{}`", target.id) };
    let numbers: Vec<String> = target.outline.headings.iter().filter_map(|h| number_of(&h.text)).collect();
    let help = if numbers.is_empty() {
        "its headings have no numbers; refer to one by its words, or by a link to its anchor".to_owned()
    } else {
        format!("its sections are {}", numbers.join(", "))
    };
    Diagnostic::new(&codes::UNKNOWN_SECTION, text.version.file, at, format!("{named} has no section {section}"))
        .label("referred to here")
        .help(help)
}

/// Whether a document has a section of this number, anchor or name.
fn has_section(target: &PolicyVersion, section: &str) -> bool {
    let wanted = section.trim_start_matches(['§', ' ']);
    target.outline.clauses.iter().any(|c| {
        c.anchor == wanted || c.text.eq_ignore_ascii_case(wanted) || number_of(&c.text).is_some_and(|n| n == wanted)
    })
}

/// The number a heading begins with: `7. Changes`, `Section 4.2: Review`.
fn number_of(heading: &str) -> Option<String> {
    let rest = ["Section ", "section ", "§ ", "§"].iter().find_map(|p| heading.strip_prefix(p)).unwrap_or(heading);
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let number = rest[..end].trim_end_matches('.');
    let ends = rest[end..].is_empty() || rest[end..].starts_with([' ', ':', ')', '–', '—', '-']);
    (ends && is_section(number)).then(|| number.to_owned())
}

fn is_section(word: &str) -> bool {
    !word.is_empty()
        && word.len() <= 8
        && word.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

/// A section that a sentence names at this word.
fn in_prose(ledger: &Ledger, text: &Text<'_>, sentence: &Sentence<'_>, at: usize, sink: &mut Sink) {
    let words = &sentence.words;
    if !matches!(&*words[at].lower, "section" | "sections") {
        return;
    }
    let Some(section) = words.get(at + 1).filter(|w| is_section(w.text)) else { return };
    let line = sentence.text();
    let (name, range) = match after(line, words, at + 2).or_else(|| before(line, words, at)) {
        Some((from, to)) => {
            let range = words[from].range.start.min(words[at].range.start)..words[to].range.end.max(section.range.end);
            (Some(&line[words[from].range.start..words[to].range.end]), range)
        }
        None if is_foreign(words, at) => return,
        None => (None, words[at].range.start..section.range.end),
    };
    let place = sentence.part(&range);
    let target = match name {
        None => text.version,
        Some(name) => {
            let Some(found) = by_title(ledger, text, name) else {
                sink.push(unknown_document(text, place, &format!("document called \"{name}\"")));
                return;
            };
            found
        }
    };
    let stated = text
        .passages
        .iter()
        .any(|p| target.id == text.version.id && number_of(&p.text).is_some_and(|n| n == section.text));
    if !stated && !has_section(target, section.text) {
        sink.push(unknown_section(text, target, place, section.text));
    }
}

/// `of the Information Security Policy`, from this word on: its first and its last word.
fn after(line: &str, words: &[Word<'_>], at: usize) -> Option<(usize, usize)> {
    if words.get(at)?.lower != "of" {
        return None;
    }
    let from = at + 1 + usize::from(words.get(at + 1).is_some_and(|w| matches!(&*w.lower, "the" | "our")));
    let to = (from..words.len().min(from + 8)).find(|n| DOCUMENTS.contains(&&*words[*n].lower))?;
    let whole = (from..=to).all(|n| n == from || joined(line, &words[n - 1], &words[n]));
    let titled = words[from..=to].iter().all(|w| is_titled(w))
        || (to > from && words[to - 1].text.starts_with(char::is_uppercase));
    (to > from && titled && whole).then_some((from, to))
}

/// `Information Security Policy,` up to this word.
fn before(line: &str, words: &[Word<'_>], at: usize) -> Option<(usize, usize)> {
    let to = at.checked_sub(1)?;
    if !DOCUMENTS.contains(&&*words[to].lower) || !words[to].text.starts_with(char::is_uppercase) {
        return None;
    }
    let mut from = to;
    while from > 0 && is_titled(&words[from - 1]) && joined(line, &words[from - 1], &words[from]) {
        from -= 1;
    }
    while from < to && words[from].text.starts_with(char::is_lowercase) {
        from += 1;
    }
    (from < to).then_some((from, to))
}

fn is_titled(word: &Word<'_>) -> bool {
    word.text.starts_with(char::is_uppercase) || matches!(&*word.lower, "of" | "and" | "for")
}

/// Whether nothing but spaces or `&` stands between two words.
fn joined(line: &str, left: &Word<'_>, right: &Word<'_>) -> bool {
    line[left.range.end..right.range.start].chars().all(|c| matches!(c, ' ' | '&' | '/' | '\u{fffc}'))
}

/// Whether words near a section's number make it one of a law, a standard or a contract.
fn is_foreign(words: &[Word<'_>], at: usize) -> bool {
    let near = words[at.saturating_sub(6)..words.len().min(at + 10)].iter();
    let of = words.get(at + 2).is_some_and(|w| w.lower == "of");
    let own =
        words.get(at + 3).is_some_and(|w| w.lower == "this") || words.get(at + 4).is_some_and(|w| w.lower == "policy");
    (of && !own) || near.clone().any(|w| FOREIGN.contains(&&*w.lower) || w.lower.starts_with("iso"))
}

/// The policy with this title, its own words at its end.
fn by_title<'l>(ledger: &'l Ledger, text: &Text<'l>, name: &str) -> Option<&'l PolicyVersion> {
    let wanted = bare(name);
    if wanted.is_empty() || wanted == bare(&text.version.title) {
        return Some(text.version);
    }
    let fits = |v: &PolicyVersion| {
        [bare(&v.title), bare(v.id.as_str())].iter().any(|own| {
            !own.is_empty()
                && (*own == wanted || wanted.ends_with(&format!(" {own}")) || own.ends_with(&format!(" {wanted}")))
        })
    };
    ledger.policies.iter().map(crate::model::Policy::newest).find(|v| fits(v))
}

/// A title without the word for the kind of document, in small letters.
fn bare(title: &str) -> String {
    let lower = title.to_lowercase().replace(['-', '_'], " ").replace('&', "and");
    let words = lower.split_whitespace().filter(|w| !DOCUMENTS.contains(w) && !matches!(*w, "the" | "this" | "our"));
    words.collect::<Vec<_>>().join(" ")
}

/// Links to policies and to anchors.
fn links(ledger: &Ledger, sources: &SourceSet, text: &Text<'_>, sink: &mut Sink) {
    let own = sources.file(text.version.file).path();
    for link in text.version.outline.links.iter().filter(|l| !l.image) {
        let (path, anchor) = link.target.split_once('#').unwrap_or((&link.target, ""));
        let target = if path.is_empty() {
            text.version
        } else {
            match policy_at(ledger, sources, own, path) {
                Ok(Some(version)) => version,
                Ok(None) => continue,
                Err(()) => {
                    sink.push(unknown_document(text, link.span, &format!("document `{path}`")));
                    continue;
                }
            }
        };
        if !anchor.is_empty() && target.clause(anchor).is_none() {
            let anchors = target.outline.clauses.iter().map(|c| c.anchor.as_str());
            let near = suggest::nearest(anchor, anchors);
            let named = if path.is_empty() { "this policy".to_owned() } else { format!("policy `{}`", target.id) };
            sink.push(
                Diagnostic::new(
                    &codes::UNKNOWN_SECTION,
                    text.version.file,
                    link.span,
                    format!("{named} has no anchor `{anchor}`"),
                )
                .label("this link leads to it")
                .help(near.map_or_else(
                    || "name a heading's anchor or a clause".to_owned(),
                    |n| format!("did you mean `#{n}`?"),
                )),
            );
        }
    }
}

/// The policy a link leads to; nothing where it leads elsewhere; an error where no document is there.
fn policy_at<'l>(
    ledger: &'l Ledger,
    sources: &SourceSet,
    own: &str,
    path: &str,
) -> Result<Option<&'l PolicyVersion>, ()> {
    let versions = || ledger.policies.iter().map(crate::model::Policy::newest);
    if let Some(place) = path.strip_prefix("/policies/").filter(|p| !p.contains('.')) {
        let place = place.trim_matches('/');
        let alias = format!("policies/{place}");
        let known = place.is_empty() || place.contains('/') || versions().any(|v| v.aliases.contains(&alias));
        return match ledger.policy(place) {
            Some(policy) => Ok(Some(policy.newest())),
            None if known => Ok(None),
            None => Err(()),
        };
    }
    if !path.ends_with(".md") || path.starts_with('/') || path.contains('%') {
        return Ok(None);
    }
    let mut parts: Vec<&str> = own.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let (file, _) = sources.by_path(&parts.join("/")).ok_or(())?;
    Ok(versions().find(|v| v.file == file))
}
