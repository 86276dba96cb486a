//! Anchors made of headings' words, each once in a text. Does not judge names that people wrote themselves.

use crate::source::Span;
use std::collections::HashMap;

/// Which anchors a text has. Names that differ only in case are the same.
#[derive(Default)]
pub(super) struct Anchors {
    taken: HashMap<Box<str>, Span>,
    next: HashMap<Box<str>, u32>,
}

impl Anchors {
    /// Takes a name that somebody wrote; the place that has it already, if one does.
    pub(super) fn claim(&mut self, name: &str, span: Span) -> Result<(), Span> {
        match self.taken.entry(name.to_ascii_lowercase().into()) {
            std::collections::hash_map::Entry::Occupied(first) => Err(*first.get()),
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(span);
                Ok(())
            }
        }
    }

    /// An anchor of these words that nobody has.
    pub(super) fn make(&mut self, text: &str, span: Span) -> String {
        let slug = slug(text);
        if !self.taken.contains_key(slug.as_str()) {
            self.taken.insert(slug.as_str().into(), span);
            return slug;
        }
        let next = self.next.entry(slug.as_str().into()).or_insert(1);
        loop {
            let candidate = format!("{slug}-{next}");
            *next += 1;
            if !self.taken.contains_key(candidate.as_str()) {
                self.taken.insert(candidate.as_str().into(), span);
                return candidate;
            }
        }
    }
}

/// GitHub's way: lower case, letters, digits, hyphens and underscores kept, spaces turned into hyphens, all else left
/// out. A heading without any of them is a `section`.
pub fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            'a'..='z' | '0'..='9' | '-' | '_' => slug.push(c),
            'A'..='Z' => slug.push(c.to_ascii_lowercase()),
            ' ' => slug.push('-'),
            c if !c.is_ascii() && c.is_alphanumeric() => slug.extend(c.to_lowercase().filter(|c| c.is_alphanumeric())),
            _ => {}
        }
    }
    if slug.chars().any(char::is_alphanumeric) { slug } else { "section".into() }
}
