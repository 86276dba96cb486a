//! Which files a site consists of besides its pages' own data: the plan of public pages, sitemap, robots, security.txt,
//! machine twins and manifests.
//!
//! Nothing here renders a page or writes a file.

mod feeds;
mod manifest;
mod oscal;
mod reviews;
mod trust;

pub use manifest::{Digest, Manifest, built_from, digest};

use crate::disclose::public::{PublicDisclosure, PublicSite, PublicTrust};
use crate::disclose::{
    Documents, ListPage, policy_place, public_of, public_versions, redline_place, redlines, version_place,
};
use crate::model::{Configuration, ContentPage, Policy};

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
    /// A page of lists, with the page of `content/` that stands around them, where there is one.
    List(ListPage, Option<&'l ContentPage>),
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
            Self::List(list, _) => list.place().to_owned(),
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
pub fn public_plan<'l>(documents: &Documents<'l>) -> Vec<PublicRoute<'l>> {
    let mut plan = vec![PublicRoute::Home(documents.page_at("")), PublicRoute::Policies];
    for policy in public_of(documents.ledger) {
        plan.push(PublicRoute::Policy(policy));
        plan.extend(public_versions(policy).into_iter().map(|number| PublicRoute::Version(policy, number)));
        plan.extend(redlines(policy).into_iter().map(|two| PublicRoute::Redline(policy, two)));
    }
    let lists: Vec<ListPage> = ListPage::ALL.into_iter().filter(|list| documents.has(*list)).collect();
    let is_frame = |page: &ContentPage| lists.iter().any(|list| list.place().trim_end_matches('/') == page.place);
    let pages = documents.pages.iter().filter(|p| !p.place.is_empty() && !is_frame(p));
    plan.extend(pages.map(PublicRoute::Page));
    plan.extend(lists.iter().map(|list| PublicRoute::List(*list, documents.page_at(list.place()))));
    plan.push(PublicRoute::NotFound);
    plan
}

/// Where the machine twins stand.
pub const TWINS: [&str; 5] = ["trust.json", "feed.xml", "feed.json", "reviews.ics", "oscal/component-definition.json"];

/// What machines read instead of pages: path and text of each that has something to say.
pub fn twins(site: &PublicSite, trust: &PublicTrust, commit: Option<&str>) -> Vec<(&'static str, String)> {
    let [json, atom, json_feed, reviews, oscal] = TWINS;
    let mut made = vec![(json, trust::to_json(site, trust, commit))];
    if !trust.updates.is_empty() {
        made.push((atom, feeds::atom(site, &trust.updates)));
        made.push((json_feed, feeds::json(site, &trust.updates)));
    }
    made.extend(reviews::calendar(site, &trust.policies).map(|text| (reviews, text)));
    made.extend(oscal::component_definition(site, trust).map(|text| (oscal, text)));
    made
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
pub fn security_txt(configuration: &Configuration, disclosure: Option<&PublicDisclosure>) -> Option<String> {
    let contact = configuration.security_contact.as_ref()?;
    let expires = configuration.security_txt_expires?;
    let contact = if contact.contains("://") || contact.starts_with("mailto:") {
        contact.clone()
    } else {
        format!("mailto:{contact}")
    };
    let base = &configuration.base_url;
    let own = configuration.language.split('-').next().unwrap_or("en");
    let languages = disclosure.map(|d| d.languages.join(", ")).filter(|l| !l.is_empty());
    let mut fields = vec![("Contact", contact), ("Expires", format!("{expires}T23:59:59Z"))];
    if let Some(disclosure) = disclosure {
        fields.extend(disclosure.key.clone().map(|key| ("Encryption", key)));
        fields.extend(disclosure.thanks.clone().map(|thanks| ("Acknowledgments", thanks)));
        fields.push(("Policy", format!("{base}{}#report", ListPage::Contact.place())));
    }
    fields.push(("Preferred-Languages", languages.unwrap_or_else(|| own.to_owned())));
    fields.push(("Canonical", format!("{base}.well-known/security.txt")));
    Some(fields.iter().map(|(name, value)| format!("{name}: {value}\n")).collect())
}
