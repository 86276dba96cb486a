//! The quarterly reports in all their forms, and the calendar of what is due.

use rayon::prelude::*;

use super::Outputs;
use super::internal::{InternalBuild, put};
use crate::diag::Sink;
use crate::error::Result;
use crate::model::Quarter;
use crate::pipeline::Site;
use crate::render::Theme;
use crate::report::due::ics;
use crate::report::pages::{Html, InternalSite};
use crate::report::{self, Reports, Row};

/// Every quarter's report: page, records, emergencies, JSON, CSV and spreadsheet.
pub(super) fn write_reports(
    site: &Site<'_>,
    theme: &Theme,
    frame: &InternalSite,
    order: &[&Row],
    out: &Outputs<'_>,
) -> Result<()> {
    if !out.wants_below("reports/") {
        return Ok(());
    }
    let reports = Reports::new(&site.ledger, order, site.as_of);
    let quarters: Vec<Quarter> = reports.quarters().collect();
    quarters.into_par_iter().try_for_each(|quarter| {
        if !out.wants_below(&format!("reports/{quarter}/")) {
            return Ok(());
        }
        let mut pages = reports.pages(quarter, words(site, quarter));
        pages.report.closing =
            report::closing_view(site.sources, &site.ledger, quarter, reports.rows(quarter), site.as_of);
        let folder = format!("reports/{quarter}");
        put(out, &report::report_href(quarter), || theme.render_report(frame, &pages.report))?;
        put(out, &format!("{folder}/records/index.html"), || theme.render_records(frame, &pages.records))?;
        if let Some(page) = reports.emergencies(quarter) {
            put(out, &page.href, || theme.render_emergencies(frame, &page))?;
        }
        let [json, csv, xlsx] = ["report.json", "changes.csv", "changes.xlsx"].map(|file| format!("{folder}/{file}"));
        if out.wants(&json) {
            out.write(&json, reports.json(quarter, &pages.report).as_bytes())?;
        }
        if !out.wants(&csv) && !out.wants(&xlsx) {
            return Ok(());
        }
        let changes = reports.changes_sheet(quarter);
        out.write(&csv, &reports.changes_csv(&changes))?;
        out.write(&xlsx, &reports.workbook(quarter, changes, &pages.report)?)
    })
}

/// What is due, as a page and for calendars.
pub(super) fn write_due(
    site: &Site<'_>,
    theme: &Theme,
    frame: &InternalSite,
    built: &InternalBuild,
    out: &Outputs<'_>,
) -> Result<()> {
    put(out, "due/index.html", || {
        theme.render_due(frame, &report::due_page(&site.ledger, &built.due, built.undated, site.as_of))
    })?;
    if !out.wants("due/due.ics") {
        return Ok(());
    }
    let calendar = ics::calendar(&site.ledger.configuration, &built.due, site.as_of);
    out.write("due/due.ics", calendar.as_bytes())
}

/// Leadership's own words for a quarter: reports/2026-Q3.md.
pub fn words(site: &Site<'_>, quarter: Quarter) -> Option<Html> {
    let (file, source) = site.sources.by_path(&format!("reports/{quarter}.md"))?;
    let parts = crate::markdown::split(source.text());
    let outline = crate::markdown::outline(source.text(), parts.body, file, &mut Sink::new());
    let options =
        crate::markdown::RenderOptions { below_h1: true, permalink: None, ..crate::markdown::RenderOptions::default() };
    Some(Html(crate::markdown::render(source.text(), parts.body, &outline, &options).html))
}
