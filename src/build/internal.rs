//! The internal tree: a page per change as records are judged, then the register, reports and the rest.

use std::collections::BTreeSet;
use std::sync::Mutex;

use rayon::prelude::*;

use super::papers::{self, Papers};
use super::reference::write_reference;
use super::{Outputs, template_failed};
use crate::diag::{Diagnostic, Place, Sink};
use crate::error::{Error, Result};
use crate::judge::{self, Detail};
use crate::model::{Ledger, Quarter};
use crate::pipeline::{Entry, Site};
use crate::render::Theme;
use crate::report::pages::{Html, InternalSite, Moment, PoliciesPage};
use crate::report::{self, PolicyView, QuarterInput, Row, RuleCounts, View};
use crate::source::SourceSet;

/// What the internal tree left behind for others.
pub struct InternalBuild {
    /// All records as reports see them.
    pub rows: Vec<Row>,
    /// Ids of incidents, which must never be public.
    pub incidents: BTreeSet<String>,
    /// Everything that was found, rules included.
    pub findings: Vec<Diagnostic>,
}

/// One record's pages, made but not yet written: whether its id is its own is known only in order.
struct Made {
    row: Row,
    pages: Vec<(String, String)>,
    incidents: Vec<String>,
}

/// How many records' pages are held before they are written.
const BATCH: usize = 512;

/// Judges every record and writes the internal tree. `progress` is told of each record.
pub fn build_internal(
    site: &mut Site<'_>,
    theme: &Theme,
    out: &Outputs<'_>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<InternalBuild> {
    let sources = site.sources;
    let as_of = site.as_of;
    let mut frame = frame(&site.ledger, as_of);
    frame.latest_report = site.has_records().then(|| "index.html#quarters".to_owned());
    let failure: Mutex<Option<Error>> = Mutex::new(None);
    let mut rows: Vec<Row> = Vec::new();
    let mut incidents = BTreeSet::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut batch: Vec<(String, String)> = Vec::new();
    site.judge(
        Detail::All,
        |ledger, entry, sink| match make(sources, ledger, theme, &frame, entry, as_of, sink) {
            Ok(made) => Some(made),
            Err(error) => {
                failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get_or_insert(error);
                None
            }
        },
        |made| {
            if let Some(error) = failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take() {
                return Err(error);
            }
            let Some(mut made) = made else { return Ok(()) };
            progress(1);
            made.row.page &= seen.insert(made.row.id.to_ascii_lowercase());
            if made.row.page {
                batch.append(&mut made.pages);
            }
            incidents.extend(made.incidents);
            rows.push(made.row);
            if batch.len() >= BATCH { write_all(out, std::mem::take(&mut batch)) } else { Ok(()) }
        },
    )?;
    write_all(out, batch)?;
    let findings = site.take_findings();
    write_rest(site, theme, &frame, &rows, &findings, out)?;
    Ok(InternalBuild { rows, incidents, findings })
}

fn write_all(out: &Outputs<'_>, pages: Vec<(String, String)>) -> Result<()> {
    pages.into_par_iter().try_for_each(|(path, html)| out.write(&path, html.as_bytes()))
}

fn frame(ledger: &Ledger, as_of: jiff::Timestamp) -> InternalSite {
    let c = &ledger.configuration;
    let zone = c.calendar.zone.to_offset_info(as_of);
    InternalSite {
        name: c.name.clone(),
        organisation: c.organisation.clone(),
        language: c.language.clone(),
        direction: crate::disclose::direction(&c.language),
        demonstration: c.demonstration,
        as_of: Moment { text: format!("{} {}", c.calendar.show(as_of), zone.abbreviation()), iso: as_of.to_string() },
        latest_report: None,
    }
}

/// The pages of one record, and its row. Its findings go into the sink.
fn make(
    sources: &SourceSet,
    ledger: &Ledger,
    theme: &Theme,
    frame: &InternalSite,
    entry: Entry,
    as_of: jiff::Timestamp,
    sink: &mut Sink,
) -> Result<Made> {
    let own: Vec<Diagnostic> = sink.iter().filter(|f| stands_in(f, &entry)).cloned().collect();
    judge::findings(ledger, &entry.record, &entry.judged).for_each(|f| sink.push(f));
    let mut pages = Vec::with_capacity(2);
    let mut emergency = None;
    if entry.record.id.is_given() {
        let page = report::change_page(sources, ledger, &entry, &own);
        let html = theme.render_change(frame, &page).map_err(|e| template_failed(&e))?;
        pages.push((report::change_href(&page.id), html));
        if page.emergency.is_some()
            && let Some(summary) = report::emergency_summary(ledger, &entry, as_of)
        {
            let html = theme.render_emergency(frame, &summary).map_err(|e| template_failed(&e))?;
            pages.push((report::emergency_href(&summary.id), html));
            emergency = Some(report::emergency_row(ledger, &entry, as_of));
        }
    }
    let incidents = entry.record.incidents.items().iter().filter_map(|i| i.id.get().map(ToString::to_string)).collect();
    Ok(Made { row: Row::of(ledger, entry, emergency), pages, incidents })
}

/// Whether a finding stands in this record, of all the records of its file.
fn stands_in(finding: &Diagnostic, entry: &Entry) -> bool {
    match &finding.place {
        Place::Text(at) => {
            at.file == entry.record.file
                && at.span.start >= entry.record.span.start
                && at.span.start <= entry.record.span.end
        }
        Place::Path(_) => false,
    }
}

fn write_rest(
    site: &Site<'_>,
    theme: &Theme,
    frame: &InternalSite,
    rows: &[Row],
    findings: &[Diagnostic],
    out: &Outputs<'_>,
) -> Result<()> {
    let ledger = &site.ledger;
    let order = report::register_order(rows);
    let documents: Vec<Diagnostic> = findings.iter().filter(|f| f.rule.is_none()).cloned().collect();
    let overview = report::overview(site.sources, ledger, &order, &documents, site.as_of);
    put(out, "index.html", theme.render_overview(frame, &overview))?;
    for view in View::EVERY {
        let listed = view.of(&order);
        (1..=report::register_pages(listed.len())).into_par_iter().try_for_each(|number| {
            let page = report::register_page(ledger, view, &listed, number);
            put(out, &page.href, theme.render_register(frame, &page))
        })?;
    }
    put(out, "emergencies/index.html", theme.render_emergencies(frame, &report::emergencies_page(rows)))?;
    put(out, "waivers/index.html", theme.render_waivers(frame, &report::waivers_page(ledger, rows, site.as_of)))?;
    put(out, "coverage/index.html", theme.render_coverage(frame, &report::coverage_page(site.sources, ledger)))?;
    write_policies(site, theme, frame, rows, &documents, out)?;
    write_reports(site, theme, frame, &order, out)?;
    write_reference(site, theme, frame, findings, out)?;
    theme.internal_assets().try_for_each(|asset| out.write(&asset.path, &asset.bytes))
}

pub(super) fn put(
    out: &Outputs<'_>,
    path: &str,
    html: std::result::Result<String, crate::render::TemplateError>,
) -> Result<()> {
    out.write(path, html.map_err(|e| template_failed(&e))?.as_bytes())
}

fn write_policies(
    site: &Site<'_>,
    theme: &Theme,
    frame: &InternalSite,
    rows: &[Row],
    findings: &[Diagnostic],
    out: &Outputs<'_>,
) -> Result<()> {
    let ledger = &site.ledger;
    let counts = RuleCounts::of(rows, ledger, site.as_of);
    let papers = papers::internal_papers(site, frame, &counts, out)?;
    let list = PoliciesPage { pdf: papers.of_all(), ..report::policies_page(ledger, &counts, site.as_of) };
    put(out, "policies/index.html", theme.render_internal_policies(frame, &list))?;
    (0..ledger.policies.len()).into_par_iter().try_for_each(|index| {
        let policy = &ledger.policies[index];
        // Of two policies with one id the first has the pages.
        let id = policy.id.as_str();
        if ledger.policies[..index].iter().any(|p| p.id.as_str().eq_ignore_ascii_case(id)) {
            return Ok(());
        }
        let own = report::internal_versions(policy).into_iter().map(Some);
        for version in std::iter::once(None).chain(own) {
            let view = PolicyView { policy: index, version, counts: &counts, findings, as_of: site.as_of };
            write_policy(site, theme, frame, view, &papers, out)?;
        }
        report::internal_redlines(policy).into_iter().try_for_each(|two| {
            let page = report::internal_redline(site.sources, policy, two);
            put(out, &page.href, theme.render_internal_redline(frame, &page))
        })
    })
}

fn write_policy(
    site: &Site<'_>,
    theme: &Theme,
    frame: &InternalSite,
    view: PolicyView<'_>,
    papers: &Papers,
    out: &Outputs<'_>,
) -> Result<()> {
    let failure = std::cell::RefCell::new(None);
    let clause = |c: &report::pages::Clause| match theme.render_clause(c) {
        Ok(html) => Some(html.0),
        Err(error) => {
            *failure.borrow_mut() = Some(template_failed(&error));
            None
        }
    };
    let mut page = report::policy_page(site.sources, &site.ledger, view, &clause);
    let policy = &site.ledger.policies[view.policy];
    let version = view.version.map_or(policy.newest(), |number| &policy.versions[number]);
    page.pdf = papers.of(&format!("policies/{}/versions/{}/", page.id, version.version));
    if let Some(error) = failure.into_inner() {
        return Err(error);
    }
    put(out, &page.href, theme.render_internal_policy(frame, &page))
}

fn write_reports(
    site: &Site<'_>,
    theme: &Theme,
    frame: &InternalSite,
    order: &[&Row],
    out: &Outputs<'_>,
) -> Result<()> {
    let by_quarter = report::by_quarter(&site.ledger, order);
    let quarters: Vec<Quarter> = by_quarter.keys().copied().collect();
    quarters.par_iter().try_for_each(|quarter| {
        let input = QuarterInput {
            ledger: &site.ledger,
            quarter: *quarter,
            rows: &by_quarter[quarter],
            before: by_quarter.get(&quarter.previous()).map(Vec::as_slice),
            after: by_quarter.contains_key(&quarter.next()).then(|| quarter.next()),
            as_of: site.as_of,
            words: words(site, *quarter),
        };
        let pages = report::quarter_pages(&input);
        put(out, &report::report_href(*quarter), theme.render_report(frame, &pages.report))?;
        put(out, &format!("reports/{quarter}/records/index.html"), theme.render_records(frame, &pages.records))
    })
}

/// Leadership's own words for a quarter: reports/2026-Q3.md.
fn words(site: &Site<'_>, quarter: Quarter) -> Option<Html> {
    let (file, source) = site.sources.by_path(&format!("reports/{quarter}.md"))?;
    let parts = crate::markdown::split(source.text());
    let outline = crate::markdown::outline(source.text(), parts.body, file, &mut Sink::new());
    let options =
        crate::markdown::RenderOptions { below_h1: true, permalink: None, ..crate::markdown::RenderOptions::default() };
    Some(Html(crate::markdown::render(source.text(), parts.body, &outline, &options).html))
}
