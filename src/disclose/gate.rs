//! The leak gate: searches finished public bytes and file names for what must not be there.
//!
//! The types of this layer keep internal things out; the gate proves it on what is about to be published. It looks, by
//! whole words, for ids of records, incidents and waivers, for people's ids, names and addresses, for ids and titles of
//! internal policies, and for secrets. Left out are single plain words (letters only), titles that a public policy's title
//! contains, and addresses that tickmark.yaml publishes: those are kept out by types alone.

use std::collections::BTreeMap;

use super::{public_of, secrets};
use crate::diag::Code;
use crate::model::{Classification, Ledger};

static LEAK: Code = Code::error("leak/internal", "A public page or file name holds something internal: an id of a record, incident or waiver, somebody's name or address, or an internal policy's id or title. Nothing is published.").unlowerable();
static SECRET: Code =
    Code::error("leak/secret", "A public page holds what looks like a key or token. Nothing is published.")
        .unlowerable();

/// All codes of this layer.
pub static CODES: &[&Code] = &[&LEAK, &SECRET];

/// Something that must not be published, where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    /// Its code.
    pub code: &'static Code,
    /// What it is, without saying a secret's value.
    pub what: String,
    /// The line of the file, from 1; nothing where it is in the file's name.
    pub line: Option<usize>,
}

/// What is looked for: first word (in lower case) → the words after it, and what it is.
#[derive(Debug, Default)]
pub struct LeakGate {
    phrases: BTreeMap<Box<str>, Vec<Phrase>>,
}

#[derive(Debug)]
struct Phrase {
    rest: Box<[Box<str>]>,
    what: &'static str,
    shown: Box<str>,
}

impl LeakGate {
    /// A gate for everything the ledger knows besides records.
    pub fn new(ledger: &Ledger) -> Self {
        let mut gate = Self::default();
        let c = &ledger.configuration;
        let published = [Some(c.contact.as_str()), c.security_contact.as_deref()];
        for person in &ledger.people.entries {
            let id = person.id.get().map(ToString::to_string);
            let name = person.name.get().map(ToString::to_string);
            let email = person.email.get().map(ToString::to_string);
            for (text, what) in
                [(id, "the id of a person"), (name, "the name of a person"), (email, "the address of a person")]
            {
                if let Some(text) = text.filter(|t| !published.contains(&Some(t.as_str()))) {
                    gate.forbid(&text, what);
                }
            }
            for account in person.accounts.items() {
                let text = account.value.as_str();
                let bare = text.split_once(':').map_or(text, |(_, name)| name);
                if !published.contains(&Some(text)) {
                    gate.forbid(bare, "an account of a person");
                }
            }
        }
        for waiver in &ledger.waivers {
            gate.forbid(waiver.name(), "the id of a waiver");
        }
        let public_titles: Vec<String> = public_of(ledger).iter().map(|p| p.newest().title.to_lowercase()).collect();
        for policy in ledger.policies.iter().filter(|p| p.newest().classification != Classification::Public) {
            gate.forbid(policy.id.as_str(), "the id of an internal policy");
            let title = &policy.newest().title;
            if !public_titles.iter().any(|t| t.contains(&title.to_lowercase())) {
                gate.forbid(title, "the title of an internal policy");
            }
        }
        gate
    }

    /// Forbids an id of a record or incident.
    pub fn forbid_id(&mut self, id: &str, what: &'static str) {
        self.forbid(id, what);
    }

    /// Forbids a text by its words. A single plain word is left to the types.
    fn forbid(&mut self, text: &str, what: &'static str) {
        let words: Vec<Box<str>> = words_of(text).map(|(_, w)| w.to_lowercase().into()).collect();
        let Some((first, rest)) = words.split_first() else { return };
        if rest.is_empty() && first.chars().all(char::is_alphabetic) {
            return;
        }
        let phrase = Phrase { rest: rest.into(), what, shown: text.into() };
        self.phrases.entry(first.clone()).or_default().push(phrase);
    }

    /// Searches a finished file by its name and, where it is text, its content.
    pub fn search(&self, path: &str, bytes: &[u8]) -> Vec<Leak> {
        let mut leaks: Vec<Leak> =
            self.in_text(path).into_iter().map(|(_, what)| Leak { code: &LEAK, what, line: None }).collect();
        let text = String::from_utf8_lossy(bytes);
        let shown = if text.contains('&') { unescape(&text) } else { text.into_owned() };
        for (at, what) in self.in_text(&shown) {
            let line = shown.as_bytes()[..at].iter().filter(|b| **b == b'\n').count() + 1;
            leaks.push(Leak { code: &LEAK, what, line: Some(line) });
        }
        if let Some(kind) = secrets::find(&shown) {
            leaks.push(Leak { code: &SECRET, what: kind.to_owned(), line: None });
        }
        leaks.dedup();
        leaks
    }

    /// What is found in a text, and at which byte.
    fn in_text(&self, text: &str) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        let words: Vec<(usize, &str)> = words_of(text).collect();
        let mut lower = String::new();
        for (index, (at, word)) in words.iter().enumerate() {
            lower.clear();
            lower.extend(word.chars().flat_map(char::to_lowercase));
            let Some(phrases) = self.phrases.get(lower.as_str()) else { continue };
            for phrase in phrases {
                let after = &words[index + 1..];
                let rest = phrase.rest.len() <= after.len()
                    && phrase.rest.iter().zip(after).all(|(wanted, (_, word))| word.to_lowercase() == **wanted);
                if rest {
                    found.push((*at, format!("{}, `{}`", phrase.what, phrase.shown)));
                }
            }
        }
        found
    }
}

/// The words of a text: runs of letters and digits.
fn words_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(move |w| (w.as_ptr() as usize - text.as_ptr() as usize, w))
}

/// Turns the character references our pages write back into characters.
fn unescape(text: &str) -> String {
    text.replace("&amp;", "&")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&#x2F;", "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(forbidden: &[&str]) -> LeakGate {
        let mut gate = LeakGate::default();
        forbidden.iter().for_each(|f| gate.forbid(f, "a test"));
        gate
    }

    #[test]
    fn whole_words_are_found_however_they_are_written() {
        let gate = gate(&["CHG-2026-0142", "Hanna O'Brien", "a.ng"]);
        let finds = |text: &str| !gate.search("index.html", text.as_bytes()).is_empty();
        assert!(finds("see <a href=\"/changes/CHG-2026-0142/\">"));
        assert!(finds("see chg-2026-0142."));
        assert!(finds("by Hanna\n O&#x27;Brien"));
        assert!(finds("mailto:a.ng"));
        assert!(!finds("CHG-2026-01421"), "a longer word is another word");
        assert!(!finds("Hanna Brien"));
        assert_eq!(gate.search("changes/CHG-2026-0142/index.html", b"").len(), 1, "file names count");
    }

    #[test]
    fn plain_words_are_left_to_the_types() {
        assert!(gate(&["ops", "privacy"]).search("index.html", b"privacy and ops").is_empty());
    }
}
