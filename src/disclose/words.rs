//! Dates, roles and people as the public reads them.

use jiff::civil::Date;

use super::public::PublicDate;
use crate::judge;
use crate::model::{Day, Ledger, Role};

/// A day for people and for machines.
pub(super) fn date(day: Date) -> PublicDate {
    PublicDate { text: Day(day).to_string(), iso: day.to_string() }
}

/// The role behind a word that names a role or a person: a person appears as the role held on that day, or not at all.
pub(super) fn role(ledger: &Ledger, word: &str, day: Option<Date>) -> Option<String> {
    let role = match ledger.people.get(word) {
        None => word.to_owned(),
        Some(person) => match day {
            Some(day) => person.roles_on(day).next().map(Role::to_string)?,
            None => person.roles.items().last().and_then(|t| t.role.get()).map(Role::to_string)?,
        },
    };
    Some(capital(&judge::role_words(&role)))
}

/// A sentence's first letter as a capital.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}
