//! The public tree: pages from `disclose`, searched by the leak gate as they are written.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::prelude::*;

use super::leaks::{self, Leaks, Origin};
use super::{Outputs, SAME_PLACE, concerns_public, template_failed};
use crate::diag::{Diagnostic, Level};
use crate::disclose::public::{PublicHome, PublicPolicy, PublicSite};
use crate::disclose::{self, Figures, LeakGate};
use crate::error::Result;
use crate::pipeline::Site;
use crate::render::Theme;
use crate::site::{self, PublicRoute};

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
    findings.extend(collisions(&plan, statics));
    if findings.iter().any(|f| f.level == Level::Error && concerns_public(site.sources, f)) {
        return Ok(PublicBuild::Withheld);
    }
    let leaks = Leaks::new(site, gate);
    let publish = |path: &str, bytes: &[u8], origins: &[Origin]| -> Result<()> {
        leaks.search(path, bytes, origins);
        out.write(path, bytes)
    };
    let frame = disclose::public_site(&site.ledger, &site.pages);
    plan.par_iter().try_for_each(|route| {
        publish(&route.file(), render(site, theme, &frame, figures, route)?.as_bytes(), &leaks::origins(site, route))
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

/// Two documents that would be written to one file. Names that differ only in case are one.
fn collisions(plan: &[PublicRoute<'_>], statics: &[StaticFile<'_>]) -> Vec<Diagnostic> {
    const OWN: [&str; 4] = ["sitemap.xml", "robots.txt", ".well-known/security.txt", "manifest.json"];
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let mut found = Vec::new();
    let pages = plan.iter().map(|r| (r.file(), format!("the page `/{}`", r.place())));
    let own = OWN.iter().map(|p| ((*p).to_owned(), format!("`{p}`, which tickmark makes")));
    let files = statics.iter().map(|(p, _)| ((*p).to_owned(), format!("`static/{p}`")));
    for (file, what) in own.chain(pages).chain(files) {
        if let Some(first) = seen.get(&file.to_ascii_lowercase()) {
            found.push(
                Diagnostic::of_path(
                    &SAME_PLACE,
                    &format!("static/{file}"),
                    format!("{what} and {first} would be the same file"),
                )
                .help("rename one of them"),
            );
        } else {
            seen.insert(file.to_ascii_lowercase(), what);
        }
    }
    found
}

fn render(
    site: &Site<'_>,
    theme: &Theme,
    frame: &PublicSite,
    figures: &Figures,
    route: &PublicRoute<'_>,
) -> Result<String> {
    let (sources, ledger, lists) = (site.sources, &site.ledger, &site.lists);
    let failure = std::cell::RefCell::new(None);
    let html = match route {
        PublicRoute::Home(page) => {
            let home = disclose::public_home(sources, ledger, *page, lists);
            theme.render_home(frame, &PublicHome { figures: figures.site.clone(), ..home })
        }
        PublicRoute::Policies => theme.render_policies(frame, &disclose::public_policies(ledger)),
        PublicRoute::Policy(policy) => {
            let clause = |c: &disclose::public::PublicClause| match theme.render_public_clause(c) {
                Ok(html) => Some(html.0),
                Err(error) => {
                    *failure.borrow_mut() = Some(error);
                    None
                }
            };
            let page = disclose::public_policy(sources, ledger, policy, &clause);
            let figures = figures.policies.get(policy.id.as_str()).cloned();
            theme.render_policy(frame, &PublicPolicy { figures, ..page })
        }
        PublicRoute::Page(page) => theme.render_page(frame, &disclose::public_page(sources, ledger, page, lists)),
        PublicRoute::NotFound => theme.render_not_found(frame),
    };
    match failure.into_inner() {
        Some(error) => Err(template_failed(&error)),
        None => html.map_err(|e| template_failed(&e)),
    }
}
