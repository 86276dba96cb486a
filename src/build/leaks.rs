//! What the leak gate found, told where its author can mend it: in the document a page was made from.
//!
//! Invariant: a message never shows a line of a document, because a secret could stand in it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::diag::Diagnostic;
use crate::disclose::{Leak, LeakGate, public_of, without_secrets};
use crate::model::{ContentPage, PolicyVersion};
use crate::pipeline::Site;
use crate::site::{Paged, PublicRoute};
use crate::source::FileId;

/// How many leaks that no document of the page explains are looked for in all public documents.
const LOOKED_FOR: usize = 20;

/// What a public file was made from.
pub(super) enum Origin {
    /// A document, and the byte at which its text begins.
    Document(FileId, usize),
    /// A file that is copied as it is, by its path in the site.
    Copied(String),
}

/// Leaks of a public tree, gathered from many threads.
pub(super) struct Leaks<'g> {
    site: &'g Site<'g>,
    gate: &'g LeakGate,
    found: Mutex<Vec<Found>>,
}

/// A leak in a public file, and the place in a source it comes from, where that is known.
struct Found {
    leak: Leak,
    path: String,
    origin: Option<String>,
}

impl<'g> Leaks<'g> {
    pub(super) fn new(site: &'g Site<'g>, gate: &'g LeakGate) -> Self {
        Self { site, gate, found: Mutex::new(Vec::new()) }
    }

    /// Searches a finished file.
    pub(super) fn search(&self, path: &str, bytes: &[u8], origins: &[Origin]) {
        for leak in self.gate.search(path, bytes) {
            let origin = origins.iter().find_map(|origin| self.place_in(origin, &leak));
            let found = Found { leak, path: path.to_owned(), origin };
            self.found.lock().unwrap_or_else(PoisonError::into_inner).push(found);
        }
    }

    /// Searches what goes into a paper, whose finished bytes are compressed; its lines are nobody's.
    #[cfg(feature = "pdf")]
    pub(super) fn search_paper(&self, path: &str, text: &str, origins: &[Origin]) {
        for leak in self.gate.search(path, text.as_bytes()) {
            let origin = origins.iter().find_map(|origin| self.place_in(origin, &leak));
            let found = Found { leak: Leak { line: None, ..leak }, path: path.to_owned(), origin };
            self.found.lock().unwrap_or_else(PoisonError::into_inner).push(found);
        }
    }

    /// One finding for each thing and each place it comes from, in the order of the places; pages before papers.
    pub(super) fn into_findings(self) -> Vec<Diagnostic> {
        let mut found = std::mem::take(&mut *self.found.lock().unwrap_or_else(PoisonError::into_inner));
        let order = |found: &Found| (found.path.ends_with(".pdf"), found.path.clone(), found.leak.clone());
        found.sort_by_key(order);
        let documents = self.public_documents();
        let mut elsewhere: BTreeMap<(bool, String), Option<String>> = BTreeMap::new();
        let mut by_place: BTreeMap<(String, String, bool), Vec<String>> = BTreeMap::new();
        for Found { leak, path, origin } in found {
            let line = leak.line.map_or_else(String::new, |line| format!(":{line}"));
            let made = format!("public/{path}{line}");
            let looked_for = elsewhere.len() < LOOKED_FOR;
            let origin = origin.or_else(|| {
                let key = (leak.secret, leak.what.clone());
                let look = || documents.iter().filter(|_| looked_for).find_map(|origin| self.place_in(origin, &leak));
                elsewhere.entry(key).or_insert_with(look).clone()
            });
            let place = origin.unwrap_or_else(|| made.clone());
            by_place.entry((place, leak.what, leak.secret)).or_default().push(made);
        }
        by_place.into_iter().map(|((place, what, secret), made)| finding(&place, &what, secret, &made)).collect()
    }

    /// Where a leak comes from, if it comes from here.
    fn place_in(&self, origin: &Origin, leak: &Leak) -> Option<String> {
        match origin {
            Origin::Copied(path) => Some(leak.line.map_or_else(|| path.clone(), |line| format!("{path}:{line}"))),
            Origin::Document(file, from) => {
                let source = self.site.sources.file(*file);
                let line = self.gate.origin(source.text(), *from, leak)?;
                Some(format!("{}:{line}", source.path()))
            }
        }
    }

    /// Every document of which something may stand on other pages than its own: in lists, navigation or footers.
    fn public_documents(&self) -> Vec<Origin> {
        let site = self.site;
        let mut list: Vec<Origin> = site.pages.iter().map(of_page).collect();
        list.extend(of_lists(site));
        list.extend(public_of(&site.ledger).iter().map(|p| Origin::Document(p.newest().file, 0)));
        let configuration = ["tickmark.yaml", "tickmark.yml"].iter().find_map(|path| site.sources.by_path(path));
        list.extend(configuration.map(|(file, _)| Origin::Document(file, 0)));
        list
    }
}

fn of_page(page: &ContentPage) -> Origin {
    Origin::Document(page.file, page.body.start as usize)
}

pub(super) fn of_version(version: &PolicyVersion) -> Origin {
    Origin::Document(version.file, version.body.start as usize)
}

/// The lists that tickmark knows.
pub(super) fn of_lists(site: &Site<'_>) -> Vec<Origin> {
    site.trust.files.iter().map(|(_, file)| Origin::Document(*file, 0)).collect()
}

/// What a page is made from.
pub(super) fn origins(site: &Site<'_>, route: &PublicRoute<'_>) -> Vec<Origin> {
    let page = match route {
        PublicRoute::Home(page) => *page,
        PublicRoute::Page(page) => Some(*page),
        PublicRoute::Policy(policy) => return vec![of_version(policy.newest())],
        PublicRoute::Version(policy, number) => return vec![of_version(&policy.versions[*number])],
        PublicRoute::Redline(policy, (old, new)) => {
            return vec![of_version(&policy.versions[*new]), of_version(&policy.versions[*old])];
        }
        PublicRoute::List(list, page) => {
            let files = list.lists().iter().filter_map(|kind| site.trust.file(*kind));
            return page.iter().map(|page| of_page(page)).chain(files.map(|f| Origin::Document(f, 0))).collect();
        }
        PublicRoute::Moved(_, Paged::Policy(policy)) => return vec![Origin::Document(policy.newest().file, 0)],
        PublicRoute::Moved(_, Paged::Page(page)) => Some(*page),
        PublicRoute::Policies | PublicRoute::Search | PublicRoute::NotFound => None,
    };
    let Some(page) = page else { return Vec::new() };
    let name = page.place.rsplit('/').next().unwrap_or_default();
    let lists = site.lists.iter().filter(|l| l.name == name).map(|l| Origin::Document(l.file, 0));
    std::iter::once(of_page(page)).chain(lists).collect()
}

fn finding(place: &str, what: &str, secret: bool, made: &[String]) -> Diagnostic {
    let code = Leak { line: None, what: String::new(), secret }.code();
    let place = without_secrets(place);
    let finding = Diagnostic::of_path(code, &place, format!("the public site would hold {what}"));
    let others = made.iter().filter(|m| without_secrets(m) != place).count();
    let finding = match made.first().map(|m| without_secrets(m)) {
        Some(first) if others == 1 && first != place => finding.note(format!("in {first}")),
        Some(first) if others > 1 => finding.note(format!("in {first} and {} more places", others - 1)),
        _ => finding,
    };
    let help = if secret {
        "take it out, and change it where it is used: whoever could read the file has it"
    } else {
        "take it out of the public document; nothing public is published until then"
    };
    finding.help(help)
}
