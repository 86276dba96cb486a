//! Which files a site consists of besides its pages' own data: the plan of public pages, sitemap, robots, security.txt,
//! machine twins and manifests.
//!
//! Nothing here renders a page or writes a file.

mod compared;
mod external;
mod feeds;
mod hrefs;
mod links;
mod manifest;
mod oscal;
mod reviews;
mod search;
mod stated;
mod trust;

pub use compared::{Difference, Kind, Spot, compare, first_difference};
pub use external::{External, external_links};
pub use hrefs::{Dead, Hrefs};
pub use links::{CODES, Places, check_links, links_of, nowhere_in_text, nowhere_on_page};
pub use manifest::{AuditAsked, Digest, GENERATOR, Manifest, built_from, digest, hex};
pub use search::{SearchIndex, Searched};
pub use stated::{Malformed, Stated};

use crate::disclose::public::{PublicDisclosure, PublicSite, PublicTrust};
use crate::disclose::{
    Documents, ListPage, has_search, policy_place, public_of, public_versions, redline_place, redlines, version_place,
};
use crate::language::Language;
use crate::model::{Alias, Configuration, ContentPage, Policy};

/// Files of the public site that are no page, but for machine twins and what the theme and `static/` bring.
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
    /// A page of lists, with the page of `content/` that stands around them, where there is one.
    List(ListPage, Option<&'l ContentPage>),
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
            Self::List(list, _) => list.place().to_owned(),
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
pub fn public_plan<'l>(documents: &Documents<'l>) -> Vec<PublicRoute<'l>> {
    let mut plan = vec![PublicRoute::Home(documents.page_at("")), PublicRoute::Policies];
    plan.extend(public_of(documents.ledger).into_iter().flat_map(pages_of));
    plan.extend(pages_beside(documents));
    plan
}

/// The pages of a public policy. This looks into the text of every version.
fn pages_of(policy: &Policy) -> Vec<PublicRoute<'_>> {
    let mut plan = vec![PublicRoute::Policy(policy)];
    plan.extend(public_versions(policy).into_iter().map(|number| PublicRoute::Version(policy, number)));
    plan.extend(redlines(policy).into_iter().map(|two| PublicRoute::Redline(policy, two)));
    plan
}

/// The pages beside those of policies, but for the home page and the list of policies.
fn pages_beside<'l>(documents: &Documents<'l>) -> Vec<PublicRoute<'l>> {
    let mut plan = Vec::new();
    let lists: Vec<ListPage> = ListPage::ALL.into_iter().filter(|list| documents.has(*list)).collect();
    let is_frame = |page: &ContentPage| lists.iter().any(|list| list.place().trim_end_matches('/') == page.place);
    let pages = documents.pages.iter().filter(|p| !p.place.is_empty() && !is_frame(p));
    plan.extend(pages.map(PublicRoute::Page));
    plan.extend(lists.iter().map(|list| PublicRoute::List(*list, documents.page_at(list.place()))));
    plan.extend(has_search(documents.pages).then_some(PublicRoute::Search));
    for policy in public_of(documents.ledger) {
        let aliases = policy.newest().aliases.iter();
        plan.extend(aliases.map(|alias| PublicRoute::Moved(alias, Paged::Policy(policy))));
    }
    for page in documents.pages {
        plan.extend(page.aliases.iter().map(|alias| PublicRoute::Moved(alias, Paged::Page(page))));
    }
    plan.push(PublicRoute::NotFound);
    plan
}

/// Where the machine twins stand.
pub const TWINS: [&str; 5] = ["trust.json", "feed.xml", "feed.json", "reviews.ics", "oscal/component-definition.json"];

/// What machines read instead of pages: path and text of each that has something to say.
pub fn twins(
    site: &PublicSite,
    language: &Language,
    trust: &PublicTrust,
    commit: Option<&str>,
) -> Vec<(&'static str, String)> {
    let [json, atom, json_feed, reviews, oscal] = TWINS;
    let mut made = vec![(json, trust::to_json(site, trust, commit))];
    if !trust.updates.is_empty() {
        made.push((atom, feeds::atom(site, language, &trust.updates)));
        made.push((json_feed, feeds::json(site, language, &trust.updates)));
    }
    made.extend(reviews::calendar(site, language, &trust.policies).map(|text| (reviews, text)));
    made.extend(oscal::component_definition(site, language, trust).map(|text| (oscal, text)));
    made
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
