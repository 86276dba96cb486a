//! References to other documents and sections: each names a policy that there is, and a section that it has.
//!
//! In prose only what names a section is looked up ("Section 7 of the Information Security Policy", "see section 4.2"),
//! since a title alone may be anybody's. Sections of laws and standards are not ours to resolve.

use std::collections::BTreeSet;

use super::codes;
use super::sections::{Sections, is_section, number_of};
use super::text::{Sentence, Text, Word, entry, scalar};
use crate::diag::{Diagnostic, Sink, suggest};
use crate::markdown::Passage;
use crate::model::{Ledger, PolicyVersion};
use crate::source::{SourceSet, Span};
use crate::yaml::Value;

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
    let mut reader = Reader {
        ledger,
        text,
        sections: Sections::default(),
        stated: text.passages.iter().filter_map(stated).collect(),
    };
    reader.in_front(sink);
    for sentence in &text.sentences {
        for at in 0..sentence.words.len() {
            reader.in_prose(sentence, at, sink);
        }
    }
    reader.links(sources, sink);
}

/// The number a passage begins with: a text from elsewhere may have lost its headings, and has its numbers still.
fn stated(passage: &Passage) -> Option<&str> {
    number_of(&passage.text)
}

/// Whoever looks for references in one text.
struct Reader<'t, 'l> {
    ledger: &'l Ledger,
    text: &'t Text<'l>,
    sections: Sections<'l>,
    /// The numbers that its passages begin with.
    stated: BTreeSet<&'l str>,
}

impl<'l> Reader<'_, 'l> {
    /// `implements: {policy: information-security, section: "7"}`.
    fn in_front(&mut self, sink: &mut Sink) {
        let text = self.text;
        let Some(node) = text.front(&["implements"]) else { return };
        let items = if let Value::List(items) = &node.value { items.as_slice() } else { std::slice::from_ref(node) };
        for item in items {
            let Some(named) = entry(item, "policy") else { continue };
            let Some(id) = scalar(named) else { continue };
            let Some(policy) = self.ledger.policy(id) else {
                let found = unknown_document(text, named.span, &format!("policy `{id}`"));
                sink.push(found.help(suggest::help(id, self.ledger.policy_ids())));
                continue;
            };
            let Some(at) = entry(item, "section") else { continue };
            if let Some(section) = scalar(at).filter(|s| !self.sections.has(policy.newest(), s)) {
                sink.push(self.unknown_section(policy.newest(), at.span, section));
            }
        }
    }

    fn unknown_section(&mut self, target: &'l PolicyVersion, at: Span, section: &str) -> Diagnostic {
        let headline = format!("{} has no section {section}", self.called(target));
        Diagnostic::new(&codes::UNKNOWN_SECTION, self.text.version.file, at, headline)
            .label("referred to here")
            .help(self.sections.listing(target))
    }

    /// What a policy is called in this one's text.
    fn called(&self, target: &PolicyVersion) -> String {
        if target.id == self.text.version.id { "this policy".to_owned() } else { format!("policy `{}`", target.id) }
    }

    /// A section that a sentence names at this word.
    fn in_prose(&mut self, sentence: &Sentence<'_>, at: usize, sink: &mut Sink) {
        let (text, words) = (self.text, &sentence.words);
        if !matches!(&*words[at].lower, "section" | "sections") {
            return;
        }
        let Some(section) = words.get(at + 1).filter(|w| is_section(w.text)) else { return };
        let line = sentence.text();
        let (name, range) = match after(line, words, at + 2).or_else(|| before(line, words, at)) {
            Some((from, to)) => {
                let first = words[from].range.start.min(words[at].range.start);
                (
                    Some(&line[words[from].range.start..words[to].range.end]),
                    first..words[to].range.end.max(section.range.end),
                )
            }
            None if is_foreign(words, at) => return,
            None => (None, words[at].range.start..section.range.end),
        };
        let place = sentence.part(&range);
        let target = match name.map(|name| (name, by_title(self.ledger, text, name))) {
            None => text.version,
            Some((_, Some(found))) => found,
            Some((name, None)) => {
                sink.push(unknown_document(text, place, &format!("document called \"{name}\"")));
                return;
            }
        };
        let stated = target.id == text.version.id && self.stated.contains(section.text);
        if !stated && !self.sections.has(target, section.text) {
            sink.push(self.unknown_section(target, place, section.text));
        }
    }

    /// Links to policies and to anchors.
    fn links(&mut self, sources: &SourceSet, sink: &mut Sink) {
        let version = self.text.version;
        let own = sources.file(version.file).path();
        for link in version.outline.links.iter().filter(|l| !l.image) {
            let (path, anchor) = link.target.split_once('#').unwrap_or((&link.target, ""));
            let target = match path {
                "" => version,
                path => match policy_at(self.ledger, sources, own, path) {
                    Ok(Some(version)) => version,
                    Ok(None) => continue,
                    Err(()) => {
                        sink.push(unknown_document(self.text, link.span, &format!("document `{path}`")));
                        continue;
                    }
                },
            };
            if anchor.is_empty() || self.sections.has_anchor(target, anchor) {
                continue;
            }
            let help = self.sections.nearest(target, anchor).map_or_else(
                || "name a heading's anchor or a clause".to_owned(),
                |near| format!("did you mean `#{near}`?"),
            );
            let headline = format!("{} has no anchor `{anchor}`", self.called(target));
            sink.push(
                Diagnostic::new(&codes::UNKNOWN_SECTION, version.file, link.span, headline)
                    .label("this link leads to it")
                    .help(help),
            );
        }
    }
}

fn unknown_document(text: &Text<'_>, at: Span, name: &str) -> Diagnostic {
    Diagnostic::new(&codes::UNKNOWN_DOCUMENT, text.version.file, at, format!("the site has no {name}"))
        .label("referred to here")
        .help("correct the reference, or add the document to policies/")
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

/// The word by which a text would call a document of this title, at the end of its name and in small letters; none where
/// no text can.
pub fn called_by(title: &str) -> Option<String> {
    bare(title).rsplit(' ').next().filter(|word| !word.is_empty()).map(str::to_owned)
}

/// A title without the word for the kind of document, in small letters.
fn bare(title: &str) -> String {
    let lower = title.to_lowercase().replace(['-', '_'], " ").replace('&', "and");
    let words = lower.split_whitespace().filter(|w| !DOCUMENTS.contains(w) && !matches!(*w, "the" | "this" | "our"));
    words.collect::<Vec<_>>().join(" ")
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
        let known =
            place.is_empty() || place.contains('/') || versions().any(|v| v.aliases.iter().any(|a| a.place == alias));
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
