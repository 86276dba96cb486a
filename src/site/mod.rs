//! Which files a site consists of besides its pages' own data: the plan of public pages, sitemap, robots, security.txt and
//! manifests.
//!
//! Nothing here renders a page or writes a file.

mod compared;
mod manifest;
mod stated;

pub use compared::{Difference, Kind, Spot, compare, first_difference};
pub use manifest::{AuditAsked, Digest, GENERATOR, Manifest, built_from, digest, hex};
pub use stated::{Malformed, Stated};

use crate::disclose::{policy_place, public_of, public_versions, redline_place, redlines, version_place};
use crate::model::{Configuration, ContentPage, Ledger, Policy};

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
            Self::NotFound => "404.html".to_owned(),
        }
    }

    /// The file it is written to.
    pub fn file(&self) -> String {
        match self {
            Self::NotFound => "404.html".to_owned(),
            _ => format!("{}index.html", self.place()),
        }
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
    plan.push(PublicRoute::NotFound);
    plan
}

/// The sitemap of these pages.
pub fn sitemap(configuration: &Configuration, plan: &[PublicRoute<'_>]) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for route in plan.iter().filter(|r| !matches!(r, PublicRoute::NotFound)) {
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
