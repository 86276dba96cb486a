//! Where links in public texts lead.
//!
//! Invariant: what a link becomes depends on the text it stands in and on public documents alone. One to a policy that
//! is internal becomes what one to a policy that does not exist becomes, its text, so that no page tells the two apart.

use super::{is_public, policy_place};
use crate::model::Ledger;
use crate::source::SourceSet;

/// What a dropped link is rewritten to: no scheme and no path, so that the markdown allow-list drops it to its text.
const DROPPED: &str = "//";

/// What links in one public text are resolved by.
#[derive(Clone, Copy)]
pub struct Links<'l> {
    pub(super) sources: &'l SourceSet,
    pub(super) ledger: &'l Ledger,
    /// The path of the text's file.
    pub(super) source: &'l str,
    /// The place that relative links start from: without a slash at its start, with one at its end unless it is the
    /// root.
    pub(super) base: &'l str,
    /// The page's place, likewise: another where a text stands on several pages.
    pub(super) place: &'l str,
}

/// Where a link in a text leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goes {
    /// To a place on the page it stands on.
    Here,
    /// To a place of the public site, from its root and without slashes at either end, whether or not something stands
    /// there.
    Place(String),
    /// To a document that has no public place, or is not there.
    Nowhere,
}

/// Where a link to a document leads.
enum Lead {
    /// To a public place, relative to the root.
    Place(String),
    /// The document has no public place, or is not there.
    Nowhere,
}

impl<'l> Links<'l> {
    /// For the text of a file that stands at `base`, a place of the public site with a slash at its end.
    pub fn new(sources: &'l SourceSet, ledger: &'l Ledger, source: &'l str, base: &'l str) -> Self {
        Self { sources, ledger, source, base, place: base }
    }

    /// Where a link to a place on the site leads.
    pub fn goes(&self, target: &str) -> Goes {
        let path = &target[..target.find(['#', '?']).unwrap_or(target.len())];
        if path.is_empty() {
            return Goes::Here;
        }
        let decoded = decode(path);
        let file = joined(folder(self.source), &decoded).filter(|_| !decoded.starts_with('/'));
        match file.and_then(|file| self.of_file(&file)) {
            Some(Lead::Place(place)) => return Goes::Place(place.trim_end_matches('/').to_owned()),
            Some(Lead::Nowhere) => return Goes::Nowhere,
            None => {}
        }
        joined(self.base.trim_end_matches('/'), &decoded)
            .filter(|place| !self.is_internal_place(place))
            .map_or(Goes::Nowhere, Goes::Place)
    }

    /// What a link to a place on the site becomes; nothing where it stays as it is.
    pub fn resolve(&self, target: &str) -> Option<String> {
        let cut = target.find(['#', '?']).unwrap_or(target.len());
        let (path, tail) = target.split_at(cut);
        if path.is_empty() {
            return None;
        }
        let decoded = decode(path);
        let file = joined(folder(self.source), &decoded).filter(|_| !decoded.starts_with('/'));
        match file.and_then(|file| self.of_file(&file)) {
            Some(Lead::Place(place)) => return Some(self.to(&place, tail)),
            Some(Lead::Nowhere) => return Some(DROPPED.to_owned()),
            None => {}
        }
        let Some(place) = joined(self.base.trim_end_matches('/'), &decoded) else { return Some(DROPPED.to_owned()) };
        if self.is_internal_place(&place) {
            return Some(DROPPED.to_owned());
        }
        if !path.starts_with('/') {
            let slash = if decoded.ends_with('/') && !place.is_empty() { "/" } else { "" };
            return (self.base != self.place).then(|| self.to(&format!("{place}{slash}"), tail));
        }
        Some(self.to(path.trim_start_matches('/'), tail))
    }

    /// A place as this page writes it.
    fn to(&self, place: &str, tail: &str) -> String {
        let root = "../".repeat(self.place.matches('/').count());
        if place.is_empty() && root.is_empty() { format!("./{tail}") } else { format!("{root}{place}{tail}") }
    }

    /// For a link to a document of the site: where it leads. Nothing where it is no link to a document.
    fn of_file(&self, file: &str) -> Option<Lead> {
        if let Some(copied) = file.strip_prefix("static/") {
            return Some(Lead::Place(copied.to_owned()));
        }
        let stem = match file.rsplit_once('.') {
            Some((stem, "md")) => stem,
            // Records, waivers, people and settings have no public place; lists stand on the page of their name.
            Some((_, "yaml" | "yml")) => return Some(Lead::Nowhere),
            _ => return None,
        };
        if let Some(page) = stem.strip_prefix("content/") {
            let page = page.strip_suffix("/index").or(page.strip_suffix("/_index")).unwrap_or(page);
            let home = matches!(page, "index" | "_index");
            return Some(Lead::Place(if home { String::new() } else { format!("{page}/") }));
        }
        if matches!(stem, "policies/index" | "policies/_index") {
            return Some(Lead::Place("policies/".to_owned()));
        }
        let at = self.sources.by_path(file).map(|(id, _)| id);
        let policy = at.and_then(|at| self.ledger.policies.iter().find(|p| p.newest().file == at));
        let id = policy.map_or_else(|| stem.rsplit('/').next().unwrap_or(stem), |p| p.id.as_str());
        Some(if is_public(self.ledger, id) { Lead::Place(policy_place(id)) } else { Lead::Nowhere })
    }

    /// Whether a place belongs to a policy that nobody may read, or to none.
    fn is_internal_place(&self, place: &str) -> bool {
        if place == "internal" || place.starts_with("internal/") {
            return true;
        }
        let Some(rest) = place.strip_prefix("policies/") else { return false };
        let id = rest.split('/').next().unwrap_or(rest);
        !id.is_empty() && id != "index.html" && !is_public(self.ledger, id)
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Percent-encoded letters as letters: an address may be written either way.
pub fn decode(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes.get(at + 1..at + 3).and_then(|d| std::str::from_utf8(d).ok()).filter(|_| bytes[at] == b'%');
        let value =
            digits.filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit())).and_then(|d| u8::from_str_radix(d, 16).ok());
        out.push(value.unwrap_or(bytes[at]));
        at += if value.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// A path from a folder, without `.` and `..`; nothing where it leaves the site.
fn joined(base: &str, path: &str) -> Option<String> {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = if absolute { Vec::new() } else { base.split('/').filter(|p| !p.is_empty()).collect() };
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn paths_are_joined_as_addresses_are() {
        assert_eq!(joined("policies/a", "../b.md").as_deref(), Some("policies/b.md"));
        assert_eq!(joined("policies/a", "/c/").as_deref(), Some("c"));
        assert_eq!(joined("", "../x"), None);
    }
}
