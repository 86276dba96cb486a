//! Who somebody is: the person of people.yaml who has an account, an address or, in tables made by hand, an id.
//!
//! Nobody is guessed: names are not unique, and an account that two people claim is nobody's.

use std::collections::BTreeMap;

use crate::model::{Id, People, Prose};

/// The names by which people are known.
pub(super) struct Names<'p>(BTreeMap<String, Vec<&'p str>>);

impl<'p> Names<'p> {
    pub(super) fn of(people: &'p People) -> Self {
        let mut names: BTreeMap<String, Vec<&'p str>> = BTreeMap::new();
        for person in &people.entries {
            let Some(id) = person.id.get().map(Id::as_str) else { continue };
            let accounts = person.accounts.items().iter().map(|a| a.value.as_str());
            let known = accounts.chain(person.email.get().map(Prose::as_str));
            for name in known.map(str::to_ascii_lowercase).chain([format!("id:{}", id.to_ascii_lowercase())]) {
                let ids = names.entry(name).or_default();
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
        }
        Self(names)
    }

    /// The person that one system knows by this name: by `system:name`, by address, and where `by_id` says so by id.
    pub(super) fn find(&self, system: &str, name: &str, by_id: bool) -> Option<&'p str> {
        let name = name.trim().to_ascii_lowercase();
        let account = format!("{system}:{name}");
        let address = name.contains('@').then(|| name.clone());
        let id = by_id.then(|| format!("id:{name}"));
        // GitHub hides addresses behind ones that name the account.
        let hidden = name.strip_suffix("@users.noreply.github.com");
        let hidden = hidden.map(|name| format!("github:{}", name.rsplit_once('+').map_or(name, |(_, login)| login)));
        let found = [Some(account), address, hidden, id].into_iter().flatten().find_map(|key| self.0.get(&key))?;
        if let [only] = found.as_slice() { Some(only) } else { None }
    }
}
