//! Links of finished pages that lead nowhere, told where their author can mend them: in the document that writes them,
//! else at the page.

use super::Outputs;
use crate::diag::{Diagnostic, Place};
use crate::disclose::{Links, percent_decoded, policy_place};
use crate::error::Result;
use crate::markdown::Outline;
use crate::model::Ledger;
use crate::pipeline::{Site, at_level};
use crate::site::{Dead, PublicRoute, nowhere_in_text, nowhere_on_page};
use crate::source::FileId;

/// How many pages whose links lead nowhere are told one by one.
const TOLD: usize = 40;

/// A document and the links it writes.
struct Writer<'l> {
    file: FileId,
    outline: &'l Outline,
    place: String,
}

/// What leads nowhere on the pages of a tree, at the levels the site sets; what `said` has of it already is left out. An
/// internal tree has no `plan`.
pub(super) fn dead_links(
    site: &Site<'_>,
    out: &Outputs<'_>,
    plan: &[PublicRoute<'_>],
    said: &[Diagnostic],
) -> Result<Vec<Diagnostic>> {
    let mut files = out.paths();
    files.sort_unstable();
    let Some(dead) = out.dead(&files).filter(|dead| !dead.is_empty()) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for path in files.iter().filter(|path| path.ends_with(".html")) {
        let route = plan.iter().find(|route| route.file() == *path);
        if route.is_some_and(is_of_the_past) {
            continue;
        }
        let writer = route.and_then(|route| writer(route));
        for finding in on_page(site, out, &dead, path, writer.as_ref())? {
            let again = |other: &Diagnostic| other.code.name == finding.code.name && is_at(other, &finding);
            if !said.iter().chain(&found).any(again) {
                found.push(finding);
            }
        }
        if found.len() >= TOLD {
            break;
        }
    }
    Ok(found.into_iter().filter_map(|finding| at_level(&site.ledger.configuration, finding)).collect())
}

fn is_at(one: &Diagnostic, other: &Diagnostic) -> bool {
    match (&one.place, &other.place) {
        (Place::Text(one), Place::Text(other)) => one == other,
        (Place::Path(_), Place::Path(_)) => one.headline == other.headline,
        _ => false,
    }
}

/// Whether a page shows what nobody can change any more.
fn is_of_the_past(route: &PublicRoute<'_>) -> bool {
    match route {
        PublicRoute::Version(policy, number) => *number + 1 < policy.versions.len(),
        PublicRoute::Redline(..) => true,
        _ => false,
    }
}

/// The document that wrote a page's text.
fn writer<'l>(route: &PublicRoute<'l>) -> Option<Writer<'l>> {
    match route {
        PublicRoute::Home(page) => {
            page.map(|page| Writer { file: page.file, outline: &page.outline, place: String::new() })
        }
        PublicRoute::Page(page) | PublicRoute::List(_, Some(page)) => {
            Some(Writer { file: page.file, outline: &page.outline, place: route.place() })
        }
        PublicRoute::Policy(policy) | PublicRoute::Version(policy, _) => {
            let newest = policy.newest();
            Some(Writer { file: newest.file, outline: &newest.outline, place: policy_place(policy.id.as_str()) })
        }
        _ => None,
    }
}

/// The links of one page that lead nowhere.
fn on_page(
    site: &Site<'_>,
    out: &Outputs<'_>,
    dead: &Dead,
    path: &str,
    writer: Option<&Writer<'_>>,
) -> Result<Vec<Diagnostic>> {
    let html = out.read(path)?;
    let mut found = Vec::new();
    for href in dead.of(path, &html) {
        let before = found.len();
        if let Some(writer) = writer {
            let links = writer.outline.links.iter();
            let own = links.filter(|link| shown(site.sources, &site.ledger, writer, &link.target) == bare(&href));
            found.extend(own.map(|link| nowhere_in_text(writer.file, link)));
        }
        if found.len() == before && !is_written(site, path, &href) {
            found.push(nowhere_on_page(&format!("{}/{path}", out.tree()), &href));
        }
    }
    Ok(found)
}

/// Whether a policy wrote an internal page's link just so: it was looked up where it is written.
fn is_written(site: &Site<'_>, path: &str, href: &str) -> bool {
    let id = path.strip_prefix("policies/").and_then(|rest| rest.split('/').next());
    let policy = id.and_then(|id| site.ledger.policy(id));
    let links = policy.into_iter().flat_map(|p| &p.versions).flat_map(|version| &version.outline.links);
    links.into_iter().any(|link| percent_decoded(&link.target) == bare(href))
}

/// A link as the page of its document has it.
fn shown(sources: &crate::source::SourceSet, ledger: &Ledger, writer: &Writer<'_>, target: &str) -> String {
    let links = Links::new(sources, ledger, sources.file(writer.file).path(), &writer.place);
    percent_decoded(&links.resolve(target).unwrap_or_else(|| target.to_owned()))
}

/// A link without the signs that HTML and addresses need.
fn bare(href: &str) -> String {
    percent_decoded(&href.replace("&#39;", "'").replace("&amp;", "&"))
}
