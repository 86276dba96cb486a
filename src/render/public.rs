//! Public pages: made from `disclose::public` types, and from nothing else.
//!
//! Does not know which pages there are, nor where a version's pages lie beyond the `href` they carry.

use crate::disclose::public::{
    PublicCertifications, PublicClause, PublicContacts, PublicControls, PublicFaq, PublicHome, PublicHtml, PublicMoved,
    PublicPage, PublicPolicies, PublicPolicy, PublicRedline, PublicSearch, PublicSite, PublicSubprocessors,
    PublicUpdates,
};

use super::{Context, TemplateError, Theme, context, root_of};

impl Theme {
    /// `index.html`.
    pub fn render_home(&self, site: &PublicSite, page: &PublicHome) -> Result<String, TemplateError> {
        let cut = Cut::new(&page.body.0, None);
        let mut context = context(site, "./", ".", page);
        context.insert("current", "page");
        context.insert("canonical", &site.base_url);
        context.insert("before", &page.body.0[..cut.at]);
        context.insert("after", &page.body.0[cut.at..]);
        self.render("public/home.html", &context)
    }

    /// `policies/index.html`.
    pub fn render_policies(&self, site: &PublicSite, page: &PublicPolicies) -> Result<String, TemplateError> {
        self.public("public/policies.html", site, Some("policies/"), "policies/", "page", page)
    }

    /// A policy in one version: `policies/ID/index.html`, or wherever its `href` says.
    pub fn render_policy(&self, site: &PublicSite, page: &PublicPolicy) -> Result<String, TemplateError> {
        let cut = Cut::new(&page.body.0, page.types_after.as_deref());
        let mut context = context(site, &root_of(&page.href), "policies/", page);
        context.insert("current", "true");
        context.insert("canonical", &format!("{}{}", site.base_url, page.href));
        context.insert("before", &page.body.0[..cut.at]);
        context.insert("after", &page.body.0[cut.at..]);
        context.insert("types_heading", &cut.needs_heading);
        let mut sections = Vec::new();
        if page.figures.is_some() {
            sections.push(("page-figures", self.language().word("figures.section")));
        }
        if !page.implements.is_empty() || !page.related.is_empty() {
            sections.push(("page-implements", self.language().word("policy.implements_short")));
        }
        if !page.versions.is_empty() {
            sections.push(("page-versions", self.language().word("policy.versions")));
        }
        context.insert("sections", &sections);
        self.render("public/policy.html", &context)
    }

    /// What differs between two versions of a policy.
    pub fn render_redline(&self, site: &PublicSite, page: &PublicRedline) -> Result<String, TemplateError> {
        self.public("public/redline.html", site, Some(&page.href), "policies/", "true", page)
    }

    /// A page from `content/`, at its `href`.
    pub fn render_page(&self, site: &PublicSite, page: &PublicPage) -> Result<String, TemplateError> {
        self.public("public/page.html", site, Some(&page.href), &page.href, "page", page)
    }

    /// `search/index.html`.
    pub fn render_search(&self, site: &PublicSite, page: &PublicSearch) -> Result<String, TemplateError> {
        self.public("public/search.html", site, Some("search/"), "search/", "page", page)
    }

    /// A page at an old path, at its `href`.
    pub fn render_moved(&self, site: &PublicSite, page: &PublicMoved) -> Result<String, TemplateError> {
        let mut context = context(site, &root_of(&page.href), "", page);
        context.insert("current", "page");
        context.insert("canonical", &page.address);
        self.render("public/moved.html", &context)
    }

    /// `404.html`, which a server may show under any address: its links start at the site's base path.
    pub fn render_not_found(&self, site: &PublicSite) -> Result<String, TemplateError> {
        self.public("public/404.html", site, None, "", "page", &PublicPolicies::default())
    }

    /// What stands beside a clause in a public policy's text.
    pub fn render_public_clause(&self, clause: &PublicClause) -> Result<PublicHtml, TemplateError> {
        let mut context = Context::new();
        context.insert("clause", clause);
        self.render("public/clause.html", &context).map(|html| PublicHtml(html.trim_end().to_owned()))
    }

    /// `controls/index.html`.
    pub fn render_controls(&self, site: &PublicSite, list: &PublicControls) -> Result<String, TemplateError> {
        self.list("public/controls.html", site, &list.page, list)
    }

    /// `subprocessors/index.html`.
    pub fn render_subprocessors(&self, site: &PublicSite, list: &PublicSubprocessors) -> Result<String, TemplateError> {
        self.list("public/subprocessors.html", site, &list.page, list)
    }

    /// `certifications/index.html`.
    pub fn render_certifications(
        &self,
        site: &PublicSite,
        list: &PublicCertifications,
    ) -> Result<String, TemplateError> {
        self.list("public/certifications.html", site, &list.page, list)
    }

    /// `faq/index.html`.
    pub fn render_faq(&self, site: &PublicSite, list: &PublicFaq) -> Result<String, TemplateError> {
        self.list("public/faq.html", site, &list.page, list)
    }

    /// `updates/index.html`.
    pub fn render_updates(&self, site: &PublicSite, list: &PublicUpdates) -> Result<String, TemplateError> {
        self.list("public/updates.html", site, &list.page, list)
    }

    /// `contact/index.html`.
    pub fn render_contacts(&self, site: &PublicSite, list: &PublicContacts) -> Result<String, TemplateError> {
        self.list("public/contact.html", site, &list.page, list)
    }

    /// A page of lists: `page` is what stands around them.
    fn list(
        &self,
        template: &str,
        site: &PublicSite,
        page: &PublicPage,
        list: &impl serde::Serialize,
    ) -> Result<String, TemplateError> {
        let mut context = context(site, &root_of(&page.href), &page.href, page);
        context.insert("current", "page");
        context.insert("canonical", &format!("{}{}", site.base_url, page.href));
        context.insert("list", list);
        self.render(template, &context)
    }

    /// A page at its place; without one it may be shown under any address.
    fn public(
        &self,
        template: &str,
        site: &PublicSite,
        place: Option<&str>,
        here: &str,
        current: &str,
        page: &impl serde::Serialize,
    ) -> Result<String, TemplateError> {
        let root = place.map_or_else(|| site.base_path.clone(), root_of);
        let mut context = context(site, &root, here, page);
        context.insert("current", current);
        context.insert("canonical", &place.map(|place| format!("{}{place}", site.base_url)));
        self.render(template, &context)
    }
}

/// Where a policy's text is parted to let its change types stand as cards.
struct Cut {
    at: usize,
    /// The text has no section for them, so they bring a heading.
    needs_heading: bool,
}

impl Cut {
    /// At the end of what the section called `anchor` says first; without one, before the first section.
    fn new(body: &str, anchor: Option<&str>) -> Self {
        let named = anchor.and_then(|anchor| body.find(&format!("<h2 id=\"{anchor}\"")));
        let from = named.map_or(0, |at| at + 1);
        let starts = ["\n<h2", "\n<h3", "\n<div class=\"clause head\">", "\n<ol class=\"stages\">"];
        let next = starts.iter().filter_map(|start| body[from..].find(start)).min();
        let at = match (named, next) {
            (None, _) if body.starts_with("<h2") || body.starts_with("<div class=\"clause head\">") => 0,
            (_, Some(next)) => from + next + 1,
            (_, None) => body.len(),
        };
        Self { at, needs_heading: named.is_none() }
    }
}
