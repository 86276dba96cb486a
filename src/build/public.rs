//! The public tree: pages from `disclose`, searched by the leak gate as they are written.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rayon::prelude::*;

use super::internal::made;
use super::leaks::{self, Leaks, Origin};
use super::links::dead_links;
use super::papers::{self, Papers};
use super::search::Gathered;
use super::{Outputs, SAME_PLACE, forbids_public};
use crate::diag::{Diagnostic, Level};
use crate::disclose::public::{PublicHome, PublicMoved, PublicPolicies, PublicPolicy, PublicSite};
use crate::disclose::{self, Documents, Figures, LeakGate, ListPage, Shown};
use crate::error::Result;
use crate::pipeline::Site;
use crate::render::{TemplateError, Theme};
use crate::repo::Asset;
use crate::site::{self, Paged, PublicRoute, Searched};
use crate::source::SourceSet;
use crate::write::MARKER;

/// What became of the public tree.
#[derive(Debug)]
pub enum PublicBuild {
    /// It is staged, whole.
    Staged,
    /// It must not be published; why is among the findings.
    Withheld,
}

/// What public pages state that stands in no document.
#[derive(Clone, Copy)]
pub struct Stated<'s> {
    /// Published figures.
    pub figures: &'s Figures,
    /// The commit that the site is built from: for trust.json alone.
    pub commit: Option<&'s str>,
}

/// A file of `static/`, copied as it is.
pub type StaticFile<'a> = (&'a str, &'a [u8]);

/// The files of `static/` among all that are no texts.
pub fn statics(assets: &[Asset]) -> Vec<StaticFile<'_>> {
    assets.iter().filter_map(|a| Some((a.path.strip_prefix("static/")?, a.bytes.as_slice()))).collect()
}

/// Writes the public tree unless a finding in a public document, two documents in one place, or the leak gate forbids it.
pub fn build_public(
    site: &Site<'_>,
    theme: &Theme,
    gate: &LeakGate,
    stated: Stated<'_>,
    statics: &[StaticFile<'_>],
    out: &Outputs<'_>,
    findings: &mut Vec<Diagnostic>,
) -> Result<PublicBuild> {
    findings.extend(same_places(site, theme, statics));
    if findings.iter().any(|f| f.level == Level::Error && forbids_public(site.sources, f)) {
        return Ok(PublicBuild::Withheld);
    }
    let mut said = Vec::new();
    let leaks = write_public(site, theme, gate, stated, statics, out, &mut said)?;
    // Of a paper that both trees have it was said with the first.
    said.retain(|new| findings.iter().all(|old| old.headline != new.headline));
    findings.extend(said);
    let lost = dead_links(site, out, &site::public_plan(&Documents::of(site)), findings)?;
    let whole = leaks.is_empty() && lost.iter().all(|f| f.level < Level::Error);
    findings.extend(lost);
    findings.extend(leaks);
    Ok(if whole { PublicBuild::Staged } else { PublicBuild::Withheld })
}

/// Documents that would be written to one public file.
pub fn same_places(site: &Site<'_>, theme: &Theme, statics: &[StaticFile<'_>]) -> Vec<Diagnostic> {
    let plan = site::public_plan(&Documents::of(site));
    collisions(claims(site.sources, &plan, statics, theme))
}

/// Writes every public file that is wanted; what the leak gate found in them. `said` gets what is wrong with a paper.
pub fn write_public(
    site: &Site<'_>,
    theme: &Theme,
    gate: &LeakGate,
    stated: Stated<'_>,
    statics: &[StaticFile<'_>],
    out: &Outputs<'_>,
    said: &mut Vec<Diagnostic>,
) -> Result<Vec<Diagnostic>> {
    let documents = Documents::of(site);
    let plan = site::public_plan(&documents);
    let leaks = Leaks::new(site, gate);
    let publish = |path: &str, bytes: &[u8], origins: &[Origin]| -> Result<()> {
        if out.wants(path) {
            leaks.search(path, bytes, origins);
        }
        out.write(path, bytes)
    };
    let frame = disclose::public_site(&documents);
    let papers = papers::public_papers(&documents, &frame, &leaks, out, said)?;
    let configuration = &site.ledger.configuration;
    let found = Gathered::default();
    // What can be found stands on all pages: whoever wants a file of the search has them all made.
    let searched = frame.search.is_some() && out.wants_below("search/");
    plan.par_iter().filter(|route| !matches!(route, PublicRoute::Search)).try_for_each(|route| {
        let file = route.file();
        if !searched && !out.wants(&file) {
            return Ok(());
        }
        let make = |theme: &Theme| render(&documents, theme, &frame, stated.figures, &papers, route, &found);
        let page = made(out, theme, &file, make)?;
        publish(&file, page.as_bytes(), &leaks::origins(site, route))
    })?;
    if searched {
        let mut index = found.index(&plan, &frame.language);
        std::mem::take(&mut index.files).par_iter().try_for_each(|(path, text)| publish(path, text.as_bytes(), &[]))?;
        let (path, page) = ("search/index.html", index.page());
        let page = made(out, theme, path, |theme| theme.render_search(&frame, &page))?;
        publish(path, page.as_bytes(), &[])?;
    }
    publish("sitemap.xml", site::sitemap(configuration, &plan).as_bytes(), &[])?;
    publish("robots.txt", site::robots(configuration).as_bytes(), &[])?;
    let disclosure = disclose::public_disclosure(&documents);
    if let Some(text) = site::security_txt(configuration, disclosure.as_ref()) {
        publish(".well-known/security.txt", text.as_bytes(), &[])?;
    }
    if site::TWINS.iter().any(|file| out.wants(file)) {
        let trust = disclose::public_trust(&documents, stated.figures);
        site::twins(&frame, &site.ledger.language, &trust, stated.commit)
            .into_par_iter()
            .try_for_each(|(path, text)| publish(path, text.as_bytes(), &leaks::of_lists(site)))?;
    }
    if let Some(text) = site::redirects(configuration, &plan) {
        publish("_redirects", text.as_bytes(), &[])?;
    }
    statics.par_iter().try_for_each(|(path, bytes)| {
        if out.wants(path) {
            leaks.search(path, bytes, &[Origin::Copied(format!("static/{path}"))]);
        }
        out.copy(path, bytes)
    })?;
    theme.public_assets().try_for_each(|asset| {
        // What is built in holds nothing of the site's.
        let Cow::Owned(bytes) = &asset.bytes else { return out.write(&asset.path, &asset.bytes) };
        let name = format!("themes/{}/static/{}", configuration.theme, asset.name);
        publish(&asset.path, bytes, &[Origin::Copied(name)])
    })?;
    Ok(leaks.into_findings())
}

/// What must not be published in a file that is made last, such as the manifest.
pub fn leaks_in(site: &Site<'_>, gate: &LeakGate, path: &str, bytes: &[u8]) -> Vec<Diagnostic> {
    let leaks = Leaks::new(site, gate);
    leaks.search(path, bytes, &[]);
    leaks.into_findings()
}

/// A public file that is to be written, by whom, and where that stands in the site.
struct Claim<'c> {
    file: String,
    what: String,
    place: Cow<'c, str>,
}

/// Everything that wants a place in the public tree; what tickmark makes itself comes first.
fn claims<'c>(
    sources: &'c SourceSet,
    plan: &[PublicRoute<'_>],
    statics: &[StaticFile<'_>],
    theme: &Theme,
) -> impl Iterator<Item = Claim<'c>> {
    let made = site::MADE.iter().chain(&site::TWINS).chain([&MARKER]).map(|file| (*file).to_owned());
    let pdf = cfg!(feature = "pdf").then_some(plan).unwrap_or_default().iter().filter_map(|route| match route {
        PublicRoute::Policies => Some(papers::ALL.to_owned()),
        PublicRoute::Version(..) => Some(format!("{}{}", route.place(), papers::FILE)),
        _ => None,
    });
    let made = made.chain(pdf);
    let made = made.chain(theme.public_assets().map(|asset| asset.path.clone()));
    let made = made.map(|file| Claim { what: format!("`{file}`, which tickmark makes"), place: "static".into(), file });
    let pages = plan.iter().map(|route| {
        let place = match route {
            PublicRoute::Page(page) | PublicRoute::Moved(_, Paged::Page(page)) => sources.file(page.file).path().into(),
            PublicRoute::Policy(policy)
            | PublicRoute::Version(policy, _)
            | PublicRoute::Redline(policy, _)
            | PublicRoute::Moved(_, Paged::Policy(policy)) => sources.file(policy.newest().file).path().into(),
            PublicRoute::Home(_) | PublicRoute::Policies | PublicRoute::Search | PublicRoute::NotFound => {
                "content".into()
            }
            PublicRoute::List(_, Some(page)) => sources.file(page.file).path().into(),
            PublicRoute::List(_, None) => "content".into(),
        };
        let kind = if matches!(route, PublicRoute::Moved(..)) { "alias" } else { "page" };
        Claim { file: route.file(), what: format!("the {kind} `/{}`", route.place()), place }
    });
    let files = statics.iter().map(|(path, _)| {
        let place = format!("static/{path}");
        Claim { file: (*path).to_owned(), what: format!("`{place}`"), place: place.into() }
    });
    made.chain(pages).chain(files).collect::<Vec<_>>().into_iter()
}

/// Two documents that would be written to one file, or one to a file that another needs as a folder. Names that differ
/// only in case are one.
fn collisions<'c>(claims: impl Iterator<Item = Claim<'c>>) -> Vec<Diagnostic> {
    let mut seen: BTreeMap<String, Claim<'c>> = BTreeMap::new();
    let mut found = Vec::new();
    let mut say = |claim: &Claim<'_>, other: &Claim<'_>, how: &str| {
        let headline = format!("{} and {} {how}", claim.what, other.what);
        found.push(Diagnostic::of_path(&SAME_PLACE, &claim.place, headline).help("rename one of them"));
    };
    for claim in claims {
        match seen.entry(claim.file.to_ascii_lowercase()) {
            Entry::Occupied(first) => say(&claim, first.get(), "would be the same file"),
            Entry::Vacant(free) => drop(free.insert(claim)),
        }
    }
    for (file, claim) in &seen {
        let mut folders = file.match_indices('/').map(|(at, _)| &file[..at]);
        if let Some(other) = folders.find_map(|folder| seen.get(folder)) {
            // What the site's author can rename is named first.
            let (own, other) = if claim.what.ends_with("makes") { (other, claim) } else { (claim, other) };
            say(own, other, "would be a file and a folder of one name");
        }
    }
    found
}

fn render(
    documents: &Documents<'_>,
    theme: &Theme,
    frame: &PublicSite,
    figures: &Figures,
    papers: &Papers,
    route: &PublicRoute<'_>,
    found: &Gathered,
) -> std::result::Result<String, TemplateError> {
    let (sources, ledger, as_of) = (documents.sources, documents.ledger, documents.as_of);
    let failure = std::cell::RefCell::new(None);
    let html = match route {
        PublicRoute::Home(_) => {
            let home = disclose::public_home(documents);
            found.add(route, Searched::home(&home));
            theme.render_home(frame, &PublicHome { figures: figures.site.clone(), ..home })
        }
        PublicRoute::Policies => {
            let page = disclose::public_policies(ledger, as_of);
            theme.render_policies(frame, &PublicPolicies { pdf: papers.of_all(), ..page })
        }
        PublicRoute::Redline(policy, two) => {
            theme.render_redline(frame, &disclose::public_redline(sources, ledger, policy, *two))
        }
        PublicRoute::Policy(policy) | PublicRoute::Version(policy, _) => {
            let clause = |c: &disclose::public::PublicClause| match theme.render_public_clause(c) {
                Ok(html) => Some(html.0),
                Err(error) => {
                    *failure.borrow_mut() = Some(error);
                    None
                }
            };
            let (version, permanent) = match route {
                PublicRoute::Version(_, number) => (*number, true),
                _ => (disclose::shown(policy, as_of), false),
            };
            let page = disclose::public_policy(documents, Shown { policy, version, permanent }, &clause);
            let figures = figures.policies.get(policy.id.as_str()).filter(|_| !permanent).cloned();
            let own = papers.of(&disclose::version_place(policy.id.as_str(), &page.version));
            if !permanent {
                found.add(route, Searched::policy(&page));
            }
            theme.render_policy(frame, &PublicPolicy { figures, pdf: own, ..page })
        }
        PublicRoute::Page(page) => {
            let page = disclose::public_page(documents, page);
            found.add(route, Searched::page(&page));
            theme.render_page(frame, &page)
        }
        PublicRoute::List(list, _) => render_list(documents, theme, frame, *list, &|page| found.add(route, page)),
        // Made last, from what the others leave.
        PublicRoute::Search => return Ok(String::new()),
        PublicRoute::Moved(_, document) => {
            let to = document.place();
            let address = format!("{}{to}", ledger.configuration.base_url);
            let title = document.title().to_owned();
            theme.render_moved(frame, &PublicMoved { href: route.place(), title, to, address })
        }
        PublicRoute::NotFound => theme.render_not_found(frame),
    };
    failure.into_inner().map_or(html, Err)
}

/// A page of lists. `found` is told what can be found on it.
fn render_list(
    documents: &Documents<'_>,
    theme: &Theme,
    frame: &PublicSite,
    list: ListPage,
    found: &dyn Fn(Searched),
) -> std::result::Result<String, TemplateError> {
    match list {
        ListPage::Controls => {
            let page = disclose::public_controls(documents);
            found(Searched::controls(&page));
            theme.render_controls(frame, &page)
        }
        ListPage::Subprocessors => {
            let page = disclose::public_subprocessors(documents);
            found(Searched::subprocessors(&page));
            theme.render_subprocessors(frame, &page)
        }
        ListPage::Certifications => {
            let page = disclose::public_certifications(documents);
            found(Searched::certifications(&page));
            theme.render_certifications(frame, &page)
        }
        ListPage::Faq => {
            let page = disclose::public_faq(documents);
            found(Searched::faq(&page));
            theme.render_faq(frame, &page)
        }
        ListPage::Updates => {
            let page = disclose::public_updates(documents);
            found(Searched::updates(&page));
            theme.render_updates(frame, &page)
        }
        ListPage::Contact => {
            let page = disclose::public_contacts(documents);
            found(Searched::contacts(&page));
            theme.render_contacts(frame, &page)
        }
    }
}
