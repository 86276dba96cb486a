//! Who is who: people, bots and shared accounts, and which roles they held when.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Field, Id, PersonKind, Prose, Role, Spanned, Who};
use crate::source::{FileId, Span};

/// A role somebody held, both days included.
#[derive(Clone, Debug, Default)]
pub struct RoleTerm {
    /// The role.
    pub role: Field<Role>,
    /// First day.
    pub from: Field<Date>,
    /// Last day; still held where absent.
    pub until: Field<Date>,
    /// Where it stands.
    pub span: Span,
}

impl RoleTerm {
    /// Whether it was held on a day. A term with a mistake in it was never held.
    pub fn held(&self, day: Date) -> bool {
        let from = self.from.get().is_some_and(|from| *from <= day);
        let until = match &self.until {
            Field::Given(until, _) => day <= *until,
            Field::Broken(_) => false,
            Field::Absent | Field::Blank(_) => true,
        };
        from && until
    }
}

/// Somebody.
#[derive(Clone, Debug, Default)]
pub struct PersonEntry {
    /// The id records use.
    pub id: Field<Id>,
    /// The name; never public.
    pub name: Field<Prose>,
    /// The address; never public.
    pub email: Field<Prose>,
    /// Other names git and imports know them by.
    pub accounts: Field<Vec<Spanned<Prose>>>,
    /// Person, bot or shared account; a person where absent.
    pub kind: Field<PersonKind>,
    /// The roles held.
    pub roles: Field<Vec<RoleTerm>>,
    /// Where it stands.
    pub span: Span,
}

impl PersonEntry {
    /// Whether this is a human being, the only kind whose word counts.
    pub fn is_person(&self) -> bool {
        match &self.kind {
            Field::Absent | Field::Blank(_) => true,
            Field::Given(kind, _) => *kind == PersonKind::Person,
            Field::Broken(_) => false,
        }
    }

    /// Whether a role was held on a day.
    pub fn held(&self, role: &str, day: Date) -> bool {
        self.roles.items().iter().any(|t| t.role.get().is_some_and(|r| r.as_str() == role) && t.held(day))
    }

    /// The roles held on a day, in the order they are written.
    pub fn roles_on(&self, day: Date) -> impl Iterator<Item = &Role> {
        self.roles.items().iter().filter(move |t| t.held(day)).filter_map(|t| t.role.get())
    }

    /// The name where there is one, else the id.
    pub fn display(&self) -> &str {
        self.name.get().map(Prose::as_str).or_else(|| self.id.get().map(Id::as_str)).unwrap_or("somebody")
    }
}

/// Everybody in people.yaml.
#[derive(Debug, Default)]
pub struct People {
    /// The file they stand in, if there is one.
    pub file: Option<FileId>,
    /// All entries, in the order they are written.
    pub entries: Vec<PersonEntry>,
    by_id: BTreeMap<Box<str>, usize>,
}

impl People {
    /// Everybody, by id. Of two with the same id the first counts; decoding reports the second.
    pub fn new(file: Option<FileId>, entries: Vec<PersonEntry>) -> Self {
        let mut by_id = BTreeMap::new();
        for (index, entry) in entries.iter().enumerate() {
            if let Some(id) = entry.id.get() {
                by_id.entry(id.as_str().into()).or_insert(index);
            }
        }
        Self { file, entries, by_id }
    }

    /// Somebody by id.
    pub fn get(&self, id: &str) -> Option<&PersonEntry> {
        self.by_id.get(id).map(|index| &self.entries[*index])
    }

    /// Somebody as git knows them, by address or account: the id, else what git has.
    pub fn name_of(&self, who: &Who) -> String {
        let is = |text: &Prose| text.as_str().eq_ignore_ascii_case(&who.email) || text.as_str() == &*who.name;
        let found = self
            .entries
            .iter()
            .find(|e| e.email.get().is_some_and(is) || e.accounts.items().iter().any(|a| is(&a.value)))
            .and_then(|e| e.id.get());
        match found {
            Some(id) => format!("`{id}`"),
            None if who.name.is_empty() => format!("<{}>", who.email),
            None => format!("{} <{}>", who.name, who.email),
        }
    }

    /// All ids.
    pub fn ids(&self) -> impl Iterator<Item = &str> + Clone {
        self.by_id.keys().map(|k| &**k)
    }

    /// Whether anybody ever held this role.
    pub fn ever_held(&self, role: &str) -> bool {
        self.entries.iter().flat_map(|e| e.roles.items()).any(|t| t.role.get().is_some_and(|r| r.as_str() == role))
    }

    /// All roles anybody ever held, sorted, each once.
    pub fn all_roles(&self) -> Vec<&str> {
        let mut roles: Vec<&str> =
            self.entries.iter().flat_map(|e| e.roles.items()).filter_map(|t| t.role.get()).map(Role::as_str).collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }
}
