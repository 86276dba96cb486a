//! Internal pages: made from `report::pages` types. Does not know which pages there are.

use crate::report::pages::{
    ChangePage, Clause, CodesPage, CoveragePage, DuePage, EmergenciesPage, EmergencySummary, Html, InternalSite,
    Overview, PoliciesPage, PolicyInternal, QuarterReport, RecordsPage, RedlinePage, ReferenceIndex, ReferencePage,
    RegisterPage, WaiversPage, Workpaper,
};

use super::{Context, TemplateError, Theme, context, root_of, timeline};

impl Theme {
    /// `index.html`.
    pub fn render_overview(&self, site: &InternalSite, page: &Overview) -> Result<String, TemplateError> {
        self.internal("internal/overview.html", site, "./", "overview", page)
    }

    /// A page of the register, at its `href`.
    pub fn render_register(&self, site: &InternalSite, page: &RegisterPage) -> Result<String, TemplateError> {
        self.internal("internal/register.html", site, &root_of(&page.href), "register", page)
    }

    /// `changes/ID/index.html`.
    pub fn render_change(&self, site: &InternalSite, page: &ChangePage) -> Result<String, TemplateError> {
        self.internal("internal/change.html", site, "../../", "register", page)
    }

    /// `reports/2026-Q3/index.html`.
    pub fn render_report(&self, site: &InternalSite, page: &QuarterReport) -> Result<String, TemplateError> {
        self.internal("internal/report.html", site, "../../", "reports", page)
    }

    /// `reports/2026-Q3/records/index.html`.
    pub fn render_records(&self, site: &InternalSite, page: &RecordsPage) -> Result<String, TemplateError> {
        self.internal("internal/records.html", site, "../../../", "reports", page)
    }

    /// All emergencies, or those of a quarter, at its `href`.
    pub fn render_emergencies(&self, site: &InternalSite, page: &EmergenciesPage) -> Result<String, TemplateError> {
        self.internal("internal/emergencies.html", site, &root_of(&page.href), "emergencies", page)
    }

    /// `due/index.html`.
    pub fn render_due(&self, site: &InternalSite, page: &DuePage) -> Result<String, TemplateError> {
        self.internal("internal/due.html", site, "../", "due", page)
    }

    /// `emergencies/ID/index.html`.
    pub fn render_emergency(&self, site: &InternalSite, page: &EmergencySummary) -> Result<String, TemplateError> {
        let mut context = context(site, "../../", "emergencies", page);
        let drawn = timeline::draw(&page.timeline);
        context.insert("drawings", &drawn.drawings);
        context.insert("enlarged", &drawn.enlarged);
        context.insert("steps", &timeline::steps(&page.timeline));
        self.render("internal/emergency.html", &context)
    }

    /// `waivers/index.html`.
    pub fn render_waivers(&self, site: &InternalSite, page: &WaiversPage) -> Result<String, TemplateError> {
        self.internal("internal/waivers.html", site, "../", "waivers", page)
    }

    /// `coverage/index.html`.
    pub fn render_coverage(&self, site: &InternalSite, page: &CoveragePage) -> Result<String, TemplateError> {
        self.internal("internal/coverage.html", site, "../", "coverage", page)
    }

    /// `policies/index.html` of the internal site.
    pub fn render_internal_policies(&self, site: &InternalSite, page: &PoliciesPage) -> Result<String, TemplateError> {
        self.internal("internal/policies.html", site, "../", "policies", page)
    }

    /// A policy for insiders, at its `href`.
    pub fn render_internal_policy(&self, site: &InternalSite, page: &PolicyInternal) -> Result<String, TemplateError> {
        let mut context = context(site, &root_of(&page.href), "policies", page);
        let mut sections = vec![("page-rules", "Rules, and what they found")];
        if !page.findings.is_empty() {
            sections.insert(0, ("page-findings", "Findings in this document"));
        }
        if !page.implements.is_empty() {
            sections.push(("page-implements", "What it implements"));
        }
        if !page.versions.is_empty() {
            sections.push(("page-versions", "Versions"));
        }
        context.insert("sections", &sections);
        self.render("internal/policy.html", &context)
    }

    /// What differs between two versions of a policy, for insiders.
    pub fn render_internal_redline(&self, site: &InternalSite, page: &RedlinePage) -> Result<String, TemplateError> {
        self.internal("internal/redline.html", site, &root_of(&page.href), "policies", page)
    }

    /// What stands beside a clause in an internal policy's text.
    pub fn render_clause(&self, clause: &Clause) -> Result<Html, TemplateError> {
        let mut context = Context::new();
        context.insert("clause", clause);
        self.render("internal/clause.html", &context).map(|html| Html(html.trim_end().to_owned()))
    }

    /// `reference/index.html`.
    pub fn render_reference(&self, site: &InternalSite, page: &ReferenceIndex) -> Result<String, TemplateError> {
        self.internal("internal/reference.html", site, "../", "reference", page)
    }

    /// `reference/checks/KIND/index.html`, or `reference/counting/TOPIC/index.html`.
    pub fn render_reference_page(&self, site: &InternalSite, page: &ReferencePage) -> Result<String, TemplateError> {
        self.internal("internal/reference_page.html", site, "../../../", "reference", page)
    }

    /// `reference/codes/index.html`.
    pub fn render_codes(&self, site: &InternalSite, page: &CodesPage) -> Result<String, TemplateError> {
        self.internal("internal/codes.html", site, "../../", "reference", page)
    }

    /// `workpaper.html` of an audit folder.
    pub fn render_workpaper(&self, site: &InternalSite, page: &Workpaper) -> Result<String, TemplateError> {
        self.internal("internal/workpaper.html", site, "./", "audit", page)
    }

    fn internal(
        &self,
        template: &str,
        site: &InternalSite,
        root: &str,
        here: &str,
        page: &impl serde::Serialize,
    ) -> Result<String, TemplateError> {
        self.render(template, &context(site, root, here, page))
    }
}
