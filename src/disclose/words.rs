//! Dates, roles and people as the public reads them.

use jiff::civil::Date;

use super::public::PublicDate;
use super::readings::fold;
use crate::judge;
use crate::language::Language;
use crate::markdown::RenderOptions;
use crate::model::{Ledger, PersonEntry, Role};

/// A day for people, in the site's language, and for machines.
pub(super) fn date(ledger: &Ledger, day: Date) -> PublicDate {
    PublicDate { text: ledger.language.day(day), iso: day.to_string() }
}

/// The role behind a word that names a role or a person: a person appears as the role held on that day, or not at all.
pub(super) fn role(ledger: &Ledger, word: &str, day: Option<Date>) -> Option<String> {
    let role = match person(ledger, word) {
        None => word.to_owned(),
        Some(person) => match day {
            Some(day) => person.roles_on(day).next().map(Role::to_string)?,
            None => person.roles.items().last().and_then(|t| t.role.get()).map(Role::to_string)?,
        },
    };
    is_role_like(&role).then(|| capital(&judge::role_words(&role)))
}

/// Somebody by id, account, address or name, whatever its case.
fn person<'l>(ledger: &'l Ledger, word: &str) -> Option<&'l PersonEntry> {
    let folded = fold(word);
    // Plain letters fold to small ones, which takes no copy to compare.
    let same = |text: &str| if text.is_ascii() { text.eq_ignore_ascii_case(&folded) } else { fold(text) == folded };
    let account = |text: &str| same(text) || text.split_once(':').is_some_and(|(_, name)| same(name));
    ledger.people.get(word).or_else(|| {
        ledger.people.entries.iter().find(|p| {
            p.id.get().is_some_and(|id| same(id.as_str()))
                || p.name.get().is_some_and(|name| same(name.as_str()))
                || p.email.get().is_some_and(|email| same(email.as_str()))
                || p.accounts.items().iter().any(|a| account(a.value.as_str()))
        })
    })
}

/// Whether a word may be a role. What has a dot, a digit or an `@` in it is more likely somebody people.yaml does not
/// know, or no longer can be read about, and is not shown.
fn is_role_like(word: &str) -> bool {
    word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '_' | ' ' | '/' | '&' | '\''))
}

/// What screen readers call the parts of a text, in the site's language.
pub(super) struct Labels {
    permalink: String,
    table: String,
    notes: String,
    back: String,
}

impl Labels {
    pub(super) fn of(language: &Language) -> Self {
        let word = |name: &str| language.word(&format!("text.{name}"));
        Self { permalink: word("permalink"), table: word("table"), notes: word("notes"), back: word("back") }
    }

    /// How a text is shown, by these names.
    pub(super) fn options(&self) -> RenderOptions<'_> {
        RenderOptions {
            permalink: Some(&self.permalink),
            table_label: &self.table,
            notes_label: &self.notes,
            back_label: &self.back,
            ..RenderOptions::default()
        }
    }
}

/// A sentence's first letter as a capital.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// A text as part of an address or anchor.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "entry".to_owned() } else { slug.to_owned() }
}
