//! The quarterly reports in all their forms, and the calendar of what is due.

use rayon::prelude::*;

use super::internal::{InternalBuild, put};
use super::{Outputs, papers};
use crate::diag::{Diagnostic, Sink};
use crate::error::Result;
use crate::markdown::{self, Outline, RenderOptions};
use crate::model::Quarter;
use crate::pipeline::Site;
use crate::render::Theme;
use crate::report::due::ics;
use crate::report::pages::{Html, InternalSite};
use crate::report::{self, Reports, Row};
use crate::source::{SourceFile, Span};

/// Every quarter's report: page, records, emergencies, PDF, JSON, CSV and spreadsheet; what is wrong with a PDF.
pub(super) fn write_reports(
    site: &Site<'_>,
    theme: &Theme,
    frame: &InternalSite,
    order: &[&Row],
    out: &Outputs<'_>,
) -> Result<Vec<Diagnostic>> {
    if !out.wants_below("reports/") {
        return Ok(Vec::new());
    }
    let reports = Reports::new(&site.ledger, order, site.as_of);
    let quarters: Vec<Quarter> = reports.quarters().collect();
    let said = quarters.into_par_iter().map(|quarter| {
        if !out.wants_below(&format!("reports/{quarter}/")) {
            return Ok(None);
        }
        let mut pages = reports.pages(quarter, words(site, quarter));
        pages.report.closing =
            report::closing_view(site.sources, &site.ledger, quarter, reports.rows(quarter), site.as_of);
        let failed = papers::write_report(site, frame, quarter, &pages, out)?;
        if papers::PAPERS && failed.is_none() {
            pages.report.downloads.insert(0, report::paper_link(quarter));
        }
        let folder = format!("reports/{quarter}");
        put(out, theme, &report::report_href(quarter), |theme| theme.render_report(frame, &pages.report))?;
        put(out, theme, &format!("{folder}/records/index.html"), |theme| theme.render_records(frame, &pages.records))?;
        if let Some(page) = reports.emergencies(quarter) {
            put(out, theme, &page.href, |theme| theme.render_emergencies(frame, &page))?;
        }
        let [json, csv, xlsx] = ["report.json", "changes.csv", "changes.xlsx"].map(|file| format!("{folder}/{file}"));
        if out.wants(&json) {
            out.write(&json, reports.json(quarter, &pages.report).as_bytes())?;
        }
        if !out.wants(&csv) && !out.wants(&xlsx) {
            return Ok(failed);
        }
        let changes = reports.changes_sheet(quarter);
        out.write(&csv, &reports.changes_csv(&changes))?;
        out.write(&xlsx, &reports.workbook(quarter, changes, &pages.report)?)?;
        Ok(failed)
    });
    let said: Vec<Option<Diagnostic>> = said.collect::<Result<_>>()?;
    Ok(said.into_iter().flatten().collect())
}

/// What is due, as a page and for calendars.
pub(super) fn write_due(
    site: &Site<'_>,
    theme: &Theme,
    frame: &InternalSite,
    built: &InternalBuild,
    out: &Outputs<'_>,
) -> Result<()> {
    put(out, theme, "due/index.html", |theme| {
        theme.render_due(frame, &report::due_page(&site.ledger, &built.due, built.undated, site.as_of))
    })?;
    if !out.wants("due/due.ics") {
        return Ok(());
    }
    let calendar = ics::calendar(&site.ledger.configuration, &built.due, site.as_of);
    out.write("due/due.ics", calendar.as_bytes())
}

/// Leadership's own words for a quarter, reports/2026-Q3.md, on a page.
pub fn words(site: &Site<'_>, quarter: Quarter) -> Option<Html> {
    let (source, body, outline) = own_words(site, quarter)?;
    let options = RenderOptions { below_h1: true, permalink: None, ..RenderOptions::default() };
    Some(Html(markdown::render(source.text(), body, &outline, &options).html))
}

/// The same on paper; nothing where there are none.
#[cfg(feature = "pdf")]
pub(super) fn words_on_paper(site: &Site<'_>, quarter: Quarter) -> Vec<markdown::Block> {
    let Some((source, body, outline)) = own_words(site, quarter) else { return Vec::new() };
    let options = markdown::PaperOptions { drop_first_h1: false, tick: &|_| None, link: &|_| None };
    markdown::paper(source.text(), body, &outline, &options)
}

fn own_words<'s>(site: &Site<'s>, quarter: Quarter) -> Option<(&'s SourceFile, Span, Outline)> {
    let (file, source) = site.sources.by_path(&format!("reports/{quarter}.md"))?;
    let body = markdown::split(source.text()).body;
    let outline = markdown::outline(source.text(), body, file, &mut Sink::new());
    Some((source, body, outline))
}
