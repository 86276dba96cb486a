//! Which files a site consists of besides its pages' own data: the plan of public pages, sitemap, robots, security.txt and
//! manifests.
//!
//! Nothing here renders a page or writes a file.

mod compared;
mod hrefs;
mod links;
mod manifest;
mod search;
mod stated;

pub use compared::{Difference, Kind, Spot, compare, first_difference};
pub use hrefs::{Dead, Hrefs};
pub use links::{CODES, check_links, nowhere_in_text, nowhere_on_page};
pub use manifest::{AuditAsked, Digest, GENERATOR, Manifest, built_from, digest, hex};
pub use search::{SearchIndex, Searched};
pub use stated::{Malformed, Stated};

use crate::disclose::{has_search, policy_place, public_of, public_versions, redline_place, redlines, version_place};
use crate::model::{Alias, Configuration, ContentPage, Ledger, Policy};

/// Files of the public site that are no page, but for what the theme and `static/` bring.
pub const MADE: [&str; 5] = ["sitemap.xml", "robots.txt", ".well-known/security.txt", "_redirects", "manifest.json"];

/// A document that has a page.
#[derive(Clone, Copy)]
pub enum Paged<'l> {
    /// A policy.
    Policy(&'l Policy),
    /// A page of `content/`.
    Page(&'l ContentPage),
}

impl Paged<'_> {
    /// The page's place.
    pub fn place(&self) -> String {
        match self {
            Self::Policy(policy) => policy_place(policy.id.as_str()),
            Self::Page(page) if page.place.is_empty() => String::new(),
            Self::Page(page) => format!("{}/", page.place),
        }
    }

    /// What it is called.
    pub fn title(&self) -> &str {
        match self {
            Self::Policy(policy) => &policy.newest().title,
            Self::Page(page) => &page.title,
        }
    }
}

/// A page of the public site and what it is made from.
#[derive(Clone, Copy)]
pub enum PublicRoute<'l> {
    /// `index.html`.
    Home(Option<&'l ContentPage>),
    /// `policies/index.html`.
    Policies,
    /// `policies/ID/index.html`.
    Policy(&'l Policy),
    /// `policies/ID/versions/VERSION/index.html`, by the version's number.
    Version(&'l Policy, usize),
    /// `policies/ID/changes/OLD..NEW/index.html`, by the versions' numbers.
    Redline(&'l Policy, (usize, usize)),
    /// A page of `content/`.
    Page(&'l ContentPage),
    /// `search/index.html`, which finds what stands on the others.
    Search,
    /// Another path that a document answers to: it leads on to its page.
    Moved(&'l Alias, Paged<'l>),
    /// `404.html`.
    NotFound,
}

impl PublicRoute<'_> {
    /// The page's place relative to the site's root, with a slash at its end; empty for the home page.
    pub fn place(&self) -> String {
        match self {
            Self::Home(_) => String::new(),
            Self::Policies => "policies/".to_owned(),
            Self::Policy(policy) => policy_place(policy.id.as_str()),
            Self::Version(policy, number) => version_place(policy.id.as_str(), &policy.versions[*number].version),
            Self::Redline(policy, (old, new)) => {
                let name = |number: usize| policy.versions[number].version.as_str();
                redline_place(policy.id.as_str(), name(*old), name(*new))
            }
            Self::Page(page) => format!("{}/", page.place),
            Self::Moved(alias, _) if alias.place.ends_with(".html") => alias.place.clone(),
            Self::Moved(alias, _) => format!("{}/", alias.place),
            Self::Search => "search/".to_owned(),
            Self::NotFound => "404.html".to_owned(),
        }
    }

    /// The file it is written to.
    pub fn file(&self) -> String {
        let place = self.place();
        if place.ends_with(".html") { place } else { format!("{place}index.html") }
    }
}

/// All public pages, in the order of the navigation.
pub fn public_plan<'l>(ledger: &'l Ledger, pages: &'l [ContentPage]) -> Vec<PublicRoute<'l>> {
    let mut plan = vec![PublicRoute::Home(pages.iter().find(|p| p.place.is_empty())), PublicRoute::Policies];
    for policy in public_of(ledger) {
        plan.push(PublicRoute::Policy(policy));
        plan.extend(public_versions(policy).into_iter().map(|number| PublicRoute::Version(policy, number)));
        plan.extend(redlines(policy).into_iter().map(|two| PublicRoute::Redline(policy, two)));
    }
    plan.extend(pages.iter().filter(|p| !p.place.is_empty()).map(PublicRoute::Page));
    plan.extend(has_search(pages).then_some(PublicRoute::Search));
    for policy in public_of(ledger) {
        let aliases = policy.newest().aliases.iter();
        plan.extend(aliases.map(|alias| PublicRoute::Moved(alias, Paged::Policy(policy))));
    }
    for page in pages {
        plan.extend(page.aliases.iter().map(|alias| PublicRoute::Moved(alias, Paged::Page(page))));
    }
    plan.push(PublicRoute::NotFound);
    plan
}

/// `_redirects`, for hosts that answer an old path with the new one by themselves; nothing where no path is old.
pub fn redirects(configuration: &Configuration, plan: &[PublicRoute<'_>]) -> Option<String> {
    let base = configuration.base_path();
    let mut text = String::new();
    for route in plan {
        let PublicRoute::Moved(alias, to) = route else { continue };
        text.push_str(&format!("{base}{} {base}{} 301\n", route.place(), to.place()));
        if !alias.place.ends_with(".html") {
            text.push_str(&format!("{base}{} {base}{} 301\n", alias.place, to.place()));
        }
    }
    (!text.is_empty()).then_some(text)
}

/// The sitemap of these pages.
pub fn sitemap(configuration: &Configuration, plan: &[PublicRoute<'_>]) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for route in plan.iter().filter(|r| !matches!(r, PublicRoute::NotFound | PublicRoute::Moved(..))) {
        let url = format!("{}{}", configuration.base_url, route.place());
        text.push_str(&format!("<url><loc>{}</loc></url>\n", xml(&url)));
    }
    text.push_str("</urlset>\n");
    text
}

fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// robots.txt: everything may be read, and where the sitemap is.
pub fn robots(configuration: &Configuration) -> String {
    format!("User-agent: *\nAllow: /\nSitemap: {}sitemap.xml\n", configuration.base_url)
}

/// security.txt (RFC 9116), where the configuration names a contact and the day it ends; never from the clock.
pub fn security_txt(configuration: &Configuration) -> Option<String> {
    let contact = configuration.security_contact.as_ref()?;
    let expires = configuration.security_txt_expires?;
    let contact = if contact.contains("://") || contact.starts_with("mailto:") {
        contact.clone()
    } else {
        format!("mailto:{contact}")
    };
    let language = configuration.language.split('-').next().unwrap_or("en");
    Some(format!(
        "Contact: {contact}\nExpires: {expires}T23:59:59Z\nPreferred-Languages: {language}\nCanonical: {}.well-known/security.txt\n",
        configuration.base_url
    ))
}
