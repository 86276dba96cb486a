//! The public tree: pages from `disclose`, searched by the leak gate as they are written.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rayon::prelude::*;

use super::leaks::{self, Leaks, Origin};
use super::papers::{self, Papers};
use super::{Outputs, SAME_PLACE, forbids_public, template_failed};
use crate::diag::{Diagnostic, Level};
use crate::disclose::public::{PublicHome, PublicPolicies, PublicPolicy, PublicSite};
use crate::disclose::{self, Figures, LeakGate, Shown};
use crate::error::Result;
use crate::pipeline::Site;
use crate::render::Theme;
use crate::site::{self, PublicRoute};
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

/// A file of `static/`, copied as it is.
pub(super) type StaticFile<'a> = (&'a str, &'a [u8]);

/// Writes the public tree unless a finding in a public document, two documents in one place, or the leak gate forbids it.
pub fn build_public(
    site: &Site<'_>,
    theme: &Theme,
    gate: &LeakGate,
    figures: &Figures,
    statics: &[StaticFile<'_>],
    out: &Outputs<'_>,
    findings: &mut Vec<Diagnostic>,
) -> Result<PublicBuild> {
    let plan = site::public_plan(&site.ledger, &site.pages);
    findings.extend(collisions(claims(site.sources, &plan, statics, theme)));
    if findings.iter().any(|f| f.level == Level::Error && forbids_public(site.sources, f)) {
        return Ok(PublicBuild::Withheld);
    }
    let leaks = Leaks::new(site, gate);
    let publish = |path: &str, bytes: &[u8], origins: &[Origin]| -> Result<()> {
        leaks.search(path, bytes, origins);
        out.write(path, bytes)
    };
    let frame = disclose::public_site(&site.ledger, &site.pages);
    let papers = papers::public_papers(site, &frame, &leaks, out, findings)?;
    plan.par_iter().try_for_each(|route| {
        let html = render(site, theme, &frame, figures, &papers, route)?;
        publish(&route.file(), html.as_bytes(), &leaks::origins(site, route))
    })?;
    let configuration = &site.ledger.configuration;
    publish("sitemap.xml", site::sitemap(configuration, &plan).as_bytes(), &[])?;
    publish("robots.txt", site::robots(configuration).as_bytes(), &[])?;
    if let Some(text) = site::security_txt(configuration) {
        publish(".well-known/security.txt", text.as_bytes(), &[])?;
    }
    statics
        .par_iter()
        .try_for_each(|(path, bytes)| publish(path, bytes, &[Origin::Copied(format!("static/{path}"))]))?;
    theme.public_assets().try_for_each(|asset| {
        // What is built in holds nothing of the site's.
        let Cow::Owned(bytes) = &asset.bytes else { return out.write(&asset.path, &asset.bytes) };
        let name = format!("themes/{}/static/{}", configuration.theme, asset.name);
        publish(&asset.path, bytes, &[Origin::Copied(name)])
    })?;
    let leaks = leaks.into_findings();
    if leaks.is_empty() {
        return Ok(PublicBuild::Staged);
    }
    findings.extend(leaks);
    Ok(PublicBuild::Withheld)
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
    const OWN: [&str; 5] = ["sitemap.xml", "robots.txt", ".well-known/security.txt", "manifest.json", MARKER];
    let made = OWN.iter().map(|file| (*file).to_owned());
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
            PublicRoute::Page(page) => sources.file(page.file).path().into(),
            PublicRoute::Policy(policy) | PublicRoute::Version(policy, _) | PublicRoute::Redline(policy, _) => {
                sources.file(policy.newest().file).path().into()
            }
            PublicRoute::Home(_) | PublicRoute::Policies | PublicRoute::NotFound => "content".into(),
        };
        Claim { file: route.file(), what: format!("the page `/{}`", route.place()), place }
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
    site: &Site<'_>,
    theme: &Theme,
    frame: &PublicSite,
    figures: &Figures,
    papers: &Papers,
    route: &PublicRoute<'_>,
) -> Result<String> {
    let (sources, ledger, lists) = (site.sources, &site.ledger, &site.lists);
    let failure = std::cell::RefCell::new(None);
    let html = match route {
        PublicRoute::Home(page) => {
            let home = disclose::public_home(sources, ledger, *page, lists, site.as_of);
            theme.render_home(frame, &PublicHome { figures: figures.site.clone(), ..home })
        }
        PublicRoute::Policies => {
            let page = disclose::public_policies(ledger, site.as_of);
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
                _ => (disclose::shown(policy, site.as_of), false),
            };
            let shown = Shown { policy, version, permanent };
            let page = disclose::public_policy(sources, ledger, shown, site.as_of, &clause);
            let figures = figures.policies.get(policy.id.as_str()).filter(|_| !permanent).cloned();
            let own = papers.of(&disclose::version_place(policy.id.as_str(), &page.version));
            theme.render_policy(frame, &PublicPolicy { figures, pdf: own, ..page })
        }
        PublicRoute::Page(page) => theme.render_page(frame, &disclose::public_page(sources, ledger, page, lists)),
        PublicRoute::NotFound => theme.render_not_found(frame),
    };
    match failure.into_inner() {
        Some(error) => Err(template_failed(&error)),
        None => html.map_err(|e| template_failed(&e)),
    }
}
