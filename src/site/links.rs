//! Links that documents write, held against the pages there will be: policies, pages of `content/`.
//!
//! What lies behind a link from one policy to another, `lint` has looked up. Here is the rest: links from and to pages,
//! files, and places of the site. Links of templates and of data are seen where pages are finished ([`super::hrefs`]).

use std::collections::BTreeSet;

use super::external;
use super::{MADE, PublicRoute, TWINS, pages_beside, pages_of};
use crate::diag::{Code, Diagnostic, suggest};
use crate::disclose::{Documents, Goes, Links, ListPage, policy_place, public_of};
use crate::markdown::{LinkTarget, Outline};
use crate::model::{Classification, ContentPage, Ledger, Policy, PolicyVersion};
use crate::pipeline::Site;
use crate::source::FileId;

static NOWHERE: Code = Code::warning(
    "link/leads-nowhere",
    "A link leads to a page, a file or an anchor that the site does not have, so that readers who follow it are lost.",
);
static NOT_PUBLIC: Code = Code::note(
    "link/not-public",
    "A public page links to a document that is not public. Its readers see the words of the link and nothing behind them.",
);

/// All codes of this layer.
pub static CODES: &[&Code] = &[&NOWHERE, &NOT_PUBLIC, &external::DEAD, &external::UNREACHED];

/// Anchors that templates give begin so; whether they are there is known once the page is made.
const OF_TEMPLATES: [&str; 4] = ["page-", "list-", "main", "note-"];

/// Looks every link up that a policy or page writes. `statics` are the files of `static/`, by their public path.
pub fn check_links(site: &mut Site<'_>, statics: &[String]) {
    let found = {
        let reader = Reader { site, there: &Places::of(site, statics) };
        let policies = site.ledger.policies.iter().flat_map(|p| reader.policy(p.newest()));
        policies.chain(site.pages.iter().flat_map(|page| reader.page(page))).collect::<Vec<_>>()
    };
    found.into_iter().for_each(|finding| site.sink.push(finding));
}

/// Looks the links of one document up.
pub fn links_of(site: &Site<'_>, places: &Places, file: FileId) -> Vec<Diagnostic> {
    let reader = Reader { site, there: places };
    let policies = site.ledger.policies.iter().map(crate::model::Policy::newest).filter(|version| version.file == file);
    let pages = site.pages.iter().filter(|page| page.file == file);
    policies.flat_map(|version| reader.policy(version)).chain(pages.flat_map(|page| reader.page(page))).collect()
}

/// A link that leads nowhere, in the document that writes it.
pub(super) fn nowhere(file: FileId, link: &LinkTarget, headline: String) -> Diagnostic {
    Diagnostic::new(&NOWHERE, file, link.span, headline).label("this link leads to it")
}

/// A link that leads nowhere, on a page: no document wrote it.
pub fn nowhere_on_page(path: &str, href: &str) -> Diagnostic {
    Diagnostic::of_path(&NOWHERE, path, format!("the link `{href}` leads nowhere"))
        .help("it comes from a template of the theme, or from data: correct it there")
}

/// A link on a page that leads nowhere, in the document that writes it.
pub fn nowhere_in_text(file: FileId, link: &LinkTarget) -> Diagnostic {
    nowhere(file, link, format!("the link `{}` leads nowhere", link.target))
        .help("correct it, or add what it should lead to")
}

/// Every place of the public site, without slashes at either end.
pub struct Places {
    /// But for policies' own.
    fixed: BTreeSet<String>,
}

impl Places {
    /// Those of a site; `statics` are the files of `static/`, by their public path.
    pub fn of(site: &Site<'_>, statics: &[String]) -> Self {
        let documents = Documents::of(site);
        let policies = public_of(documents.ledger).into_iter().map(PublicRoute::Policy);
        let plan = [PublicRoute::Home(None), PublicRoute::Policies].into_iter().chain(policies);
        let made = MADE.iter().chain(&TWINS).map(|file| (*file).to_owned());
        let fixed = plan.chain(pages_beside(&documents)).flat_map(|route| names(&route));
        let fixed = fixed.chain(made).chain(statics.iter().flat_map(|file| of_file(file))).collect();
        Self { fixed }
    }

    /// Whether something stands there. The versions of a policy are looked into only where a link leads to one.
    fn has(&self, ledger: &Ledger, place: &str) -> bool {
        let public = |policy: &&Policy| policy.newest().classification == Classification::Public;
        let policy = || {
            let (id, _) = place.strip_prefix("policies/")?.split_once('/')?;
            ledger.policy(id).filter(public)
        };
        self.fixed.contains(place) || policy().is_some_and(|p| pages_of(p).iter().flat_map(names).any(|n| n == place))
    }
}

/// How links name a file of `static/`: an index also by its folder.
fn of_file(path: &str) -> impl Iterator<Item = String> {
    std::iter::once(path).chain(path.strip_suffix("/index.html")).map(str::to_owned)
}

/// The place of a page, as links name it: with its file and without.
fn names(route: &PublicRoute<'_>) -> [String; 2] {
    let place = route.place().trim_matches('/').to_owned();
    let file = format!("{place}/index.html").trim_matches('/').to_owned();
    [place, file]
}

/// Whoever looks links up.
struct Reader<'r, 's> {
    site: &'r Site<'s>,
    there: &'r Places,
}

impl Reader<'_, '_> {
    fn page(&self, page: &ContentPage) -> Vec<Diagnostic> {
        let place = if page.place.is_empty() { String::new() } else { format!("{}/", page.place) };
        self.document(page.file, &place, &page.outline, true)
    }

    fn policy(&self, version: &PolicyVersion) -> Vec<Diagnostic> {
        let public = version.classification == Classification::Public;
        self.document(version.file, &policy_place(version.id.as_str()), &version.outline, public)
    }

    fn document(&self, file: FileId, place: &str, outline: &Outline, public: bool) -> Vec<Diagnostic> {
        let (sources, ledger) = (self.site.sources, &self.site.ledger);
        let path = sources.file(file).path();
        let links = Links::new(sources, ledger, path, place);
        let of_policy = path.starts_with("policies/");
        let mut found = Vec::new();
        for link in &outline.links {
            let anchor = link.target.split_once('#').map_or("", |(_, anchor)| anchor);
            let to_policy = names_policy(&link.target);
            match links.goes(&link.target) {
                Goes::Here if of_policy || is_of_lists(place) || has_anchor(outline, anchor) => {}
                Goes::Here => found.push(no_anchor(file, link, "this page", anchor, outline)),
                Goes::Nowhere if self.is_internal(path, &link.target) => {
                    found.extend(public.then(|| not_public(file, link)));
                }
                // Looked up by `lint`.
                Goes::Nowhere | Goes::Place(_) if of_policy && to_policy => {}
                Goes::Nowhere => found.push(self.lost(file, link, "")),
                Goes::Place(place) if !self.there.has(ledger, &place) => found.push(self.lost(file, link, &place)),
                Goes::Place(place) => {
                    let target = self.outline_of(&place);
                    if let Some((name, target)) = target.filter(|(_, outline)| !has_anchor(outline, anchor)) {
                        found.push(no_anchor(file, link, &name, anchor, target));
                    }
                }
            }
        }
        found
    }

    /// The headings of what stands at a place, and what it is called; nothing where that is no document, or a version
    /// of one, or has anchors of lists.
    fn outline_of(&self, place: &str) -> Option<(String, &Outline)> {
        if let Some(id) = place.strip_prefix("policies/") {
            let outline: &Outline = &self.site.ledger.policy(id)?.newest().outline;
            return Some((format!("policy `{id}`"), outline));
        }
        let page = self.site.pages.iter().find(|page| page.place == place && !is_of_lists(place))?;
        Some((format!("the page `/{place}`"), &page.outline))
    }

    /// Whether a link leads to a policy that is there and not public.
    fn is_internal(&self, from: &str, target: &str) -> bool {
        let path = target.split(['#', '?']).next().unwrap_or(target);
        let ledger: &Ledger = &self.site.ledger;
        let stem = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
        let stem = stem.strip_suffix(".md").unwrap_or(stem);
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        names_policy(target)
            && ledger.policy(stem).is_some()
            && (path.contains("policies/") || folder.starts_with("policies"))
    }

    fn lost(&self, file: FileId, link: &LinkTarget, place: &str) -> Diagnostic {
        let near =
            suggest::nearest(place, self.there.fixed.iter().map(String::as_str).filter(|p| !p.ends_with(".html")));
        let help = near.filter(|_| !place.is_empty()).map_or_else(
            || "correct it, or add what it should lead to".to_owned(),
            |near| format!("did you mean `/{near}`?"),
        );
        nowhere(file, link, format!("the site has nothing at `{}`", link.target)).help(help)
    }
}

/// Whether lists bring anchors to the page of a place; they are looked up once it is made.
fn is_of_lists(place: &str) -> bool {
    ListPage::ALL.iter().any(|list| list.place().trim_end_matches('/') == place.trim_end_matches('/'))
}

/// Whether a link names a policy: its file, or its place.
fn names_policy(target: &str) -> bool {
    let path = target.split(['#', '?']).next().unwrap_or(target);
    path.ends_with(".md") && !path.contains("content/") || path.starts_with("/policies/")
}

fn has_anchor(outline: &Outline, anchor: &str) -> bool {
    anchor.is_empty()
        || anchor.contains('%')
        || anchor.starts_with(":~:")
        || outline.clause(anchor).is_some()
        || OF_TEMPLATES.iter().any(|begin| anchor.starts_with(begin))
}

fn no_anchor(file: FileId, link: &LinkTarget, page: &str, anchor: &str, outline: &Outline) -> Diagnostic {
    let near = suggest::nearest(anchor, outline.clauses.iter().map(|c| c.anchor.as_str()));
    let help = near.map_or_else(|| "name a heading's anchor".to_owned(), |near| format!("did you mean `#{near}`?"));
    nowhere(file, link, format!("{page} has no anchor `{anchor}`")).help(help)
}

fn not_public(file: FileId, link: &LinkTarget) -> Diagnostic {
    Diagnostic::new(&NOT_PUBLIC, file, link.span, "link from a public page to a document that is not public")
        .label("readers see these words, and no link")
        .help("leave it out, or publish what it leads to")
}
