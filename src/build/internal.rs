//! The internal tree: a page per change as records are judged, then the register, reports and the rest.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use rayon::prelude::*;

use super::links::dead_links;
use super::papers::{self, Papers};
use super::reference::write_reference;
use super::reports::{write_due, write_reports};
use super::{Outputs, template_failed};
use crate::diag::{Diagnostic, Place, Sink};
use crate::error::{Error, Result};
use crate::judge::{self, Detail};
use crate::model::Ledger;
use crate::pipeline::{Entry, Site};
use crate::render::{TemplateError, Theme};
use crate::report::due::{self, Due};
use crate::report::pages::{InternalSite, Moment, PoliciesPage};
use crate::report::{self, FindingsByFile, PolicyView, Row, RuleCounts, View};
use crate::source::{FileId, SourceSet};

/// What judging every record left behind for others.
#[derive(Default)]
pub struct InternalBuild {
    /// All records as reports see them.
    pub rows: Vec<Row>,
    /// The file that each of them stands in.
    pub files: Vec<FileId>,
    /// What edits of policies that are not committed would make of past records, by the policies' ids; a preview alone asks.
    pub what_if: BTreeMap<String, report::what_if::Beside>,
    /// Ids of incidents, which must never be public.
    pub incidents: BTreeSet<String>,
    /// What falls due, of records and of the site, in order.
    pub due: Vec<Due>,
    /// How many rules wait for something that has no date yet.
    pub undated: usize,
    /// Everything that was found, rules included; in a preview but for [`super::Held::findings`] of other documents.
    pub findings: Vec<Diagnostic>,
}

/// What a record leaves behind for pages about many.
pub(super) struct Gist {
    pub(super) row: Row,
    pub(super) due: Vec<Due>,
    pub(super) undated: usize,
    pub(super) file: FileId,
    incidents: Vec<String>,
}

impl InternalBuild {
    /// Takes a record in; they come in the order of their files.
    pub(super) fn take(&mut self, gist: Gist) {
        self.incidents.extend(gist.incidents);
        self.rows.push(gist.row);
        self.files.push(gist.file);
        self.due.extend(gist.due);
        self.undated += gist.undated;
    }

    /// Takes in what can be said once every record is judged.
    pub(super) fn conclude(&mut self, site: &mut Site<'_>) {
        let all: Vec<&Row> = self.rows.iter().collect();
        let differing = report::closing::findings(site.sources, &site.ledger, &all, site.as_of);
        differing.into_iter().for_each(|finding| site.sink.push(finding));
        self.findings = site.take_findings();
        self.due.extend(due::of_site(site.sources, &site.ledger, site.as_of));
        self.due = due::in_order(std::mem::take(&mut self.due), None);
    }
}

/// One record's pages, made but not yet written: whether its id is its own is known only in order.
struct Made {
    gist: Gist,
    pages: Vec<(String, String)>,
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
    let mut built = judge_records(site, theme, out, progress)?;
    let said = write_internal(site, theme, &built, &built.findings.iter().collect::<Vec<_>>(), out)?;
    built.findings.extend(said);
    built.findings.extend(dead_links(site, out, &[], &[])?);
    Ok(built)
}

/// Judges every record, and writes the pages of each as it comes.
fn judge_records(
    site: &mut Site<'_>,
    theme: &Theme,
    out: &Outputs<'_>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<InternalBuild> {
    let sources = site.sources;
    let as_of = site.as_of;
    let press = Press { theme, frame: &frame(site), out };
    let failure: Mutex<Option<Error>> = Mutex::new(None);
    let mut built = InternalBuild::default();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut batch: Vec<(String, String)> = Vec::new();
    site.judge(
        Detail::All,
        |ledger, entry, sink| match make(sources, ledger, &press, entry, as_of, sink) {
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
            made.gist.row.page &= seen.insert(made.gist.row.id.to_ascii_lowercase());
            if made.gist.row.page {
                batch.append(&mut made.pages);
            }
            built.take(made.gist);
            if batch.len() >= BATCH { write_all(out, std::mem::take(&mut batch)) } else { Ok(()) }
        },
    )?;
    write_all(out, batch)?;
    built.conclude(site);
    Ok(built)
}

/// The pages of the records in one file, judged again with every step of the arithmetic.
pub fn write_record(site: &Site<'_>, theme: &Theme, file: FileId, out: &Outputs<'_>) -> Result<()> {
    let press = Press { theme, frame: &frame(site), out };
    let make = |ledger: &Ledger, entry: Entry<'_>, sink: &mut Sink| {
        make(site.sources, ledger, &press, entry, site.as_of, sink)
    };
    // Of two records with one id the first has the pages, and is the first that is written.
    site.judge_one(file, Detail::All, make).into_iter().try_for_each(|made| write_all(out, made?.pages))
}

fn write_all(out: &Outputs<'_>, pages: Vec<(String, String)>) -> Result<()> {
    pages.into_par_iter().try_for_each(|(path, html)| out.write(&path, html.as_bytes()))
}

/// What stands on every internal page.
pub fn frame(site: &Site<'_>) -> InternalSite {
    let as_of = site.as_of;
    let c = &site.ledger.configuration;
    let zone = c.calendar.zone.to_offset_info(as_of);
    InternalSite {
        name: c.name.clone(),
        organisation: c.organisation.clone(),
        language: "en".to_owned(),
        direction: "ltr",
        demonstration: c.demonstration,
        as_of: Moment {
            text: format!("{} {}", c.calendar.show(as_of), zone.abbreviation()),
            iso: format!("{as_of:.0}"),
        },
        latest_report: site.has_records().then(|| "index.html#quarters".to_owned()),
    }
}

/// What pages of records are made with, and which are wanted.
struct Press<'p> {
    theme: &'p Theme,
    frame: &'p InternalSite,
    out: &'p Outputs<'p>,
}

/// The pages of one record, and its row. Its findings go into the sink.
fn make(
    sources: &SourceSet,
    ledger: &Ledger,
    press: &Press<'_>,
    entry: Entry<'_>,
    as_of: jiff::Timestamp,
    sink: &mut Sink,
) -> Result<Made> {
    let Press { theme, frame, out } = *press;
    let own: Vec<Diagnostic> = sink.iter().filter(|f| stands_in(f, &entry)).cloned().collect();
    let mut pages = Vec::with_capacity(2);
    if entry.record.id.is_given() {
        let id = entry.record.name();
        let href = report::change_href(id);
        if out.wants(&href) {
            let page = report::change_page(sources, ledger, &entry, &own);
            let html = made(out, theme, &href, |theme| theme.render_change(frame, &page))?;
            pages.push((href, html));
        }
        let href = report::emergency_href(id);
        if out.wants(&href)
            && report::is_emergency(&entry.record, entry.judged.version(ledger))
            && let Some(summary) = report::emergency_summary(ledger, &entry, as_of)
        {
            let html = made(out, theme, &href, |theme| theme.render_emergency(frame, &summary))?;
            pages.push((href, html));
        }
    }
    Ok(Made { gist: gist(sources, ledger, entry, as_of, sink), pages })
}

/// What a record leaves behind. Its findings go into the sink.
pub(super) fn gist(
    sources: &SourceSet,
    ledger: &Ledger,
    entry: Entry<'_>,
    as_of: jiff::Timestamp,
    sink: &mut Sink,
) -> Gist {
    judge::findings(ledger, &entry.record, &entry.judged).for_each(|f| sink.push(f));
    let emergency = entry.record.id.is_given() && report::is_emergency(&entry.record, entry.judged.version(ledger));
    let emergency = emergency.then(|| report::emergency_row(ledger, &entry, as_of));
    let incidents = entry.record.incidents.items().iter().filter_map(|i| i.id.get().map(ToString::to_string)).collect();
    let file = entry.record.file;
    let (due, undated) = due::of_change(sources, ledger, &entry, as_of);
    Gist { row: Row::of(ledger, entry, emergency), file, incidents, due, undated }
}

/// Whether a finding stands in this record, of all the records of its file.
fn stands_in(finding: &Diagnostic, entry: &Entry<'_>) -> bool {
    match &finding.place {
        Place::Text(at) => {
            at.file == entry.record.file
                && at.span.start >= entry.record.span.start
                && at.span.start <= entry.record.span.end
        }
        Place::Path(_) => false,
    }
}

/// Writes every internal page but those of single records, and says what is wrong with a paper. `findings` are all there
/// are.
pub fn write_internal(
    site: &Site<'_>,
    theme: &Theme,
    built: &InternalBuild,
    findings: &[&Diagnostic],
    out: &Outputs<'_>,
) -> Result<Vec<Diagnostic>> {
    let rows = &built.rows;
    let frame = &frame(site);
    let ledger = &site.ledger;
    let order = report::register_order(rows);
    let quoted = out.wants("index.html") || out.wants_below("policies/");
    let documents: Vec<&Diagnostic> = findings.iter().copied().filter(|f| quoted && f.rule.is_none()).collect();
    put(out, theme, "index.html", |theme| {
        let overview = report::overview(site.sources, ledger, &order, &documents, site.as_of);
        theme.render_overview(frame, &overview)
    })?;
    write_register(ledger, theme, frame, &order, out)?;
    put(out, theme, "emergencies/index.html", |theme| {
        theme.render_emergencies(frame, &report::emergencies_page(rows))
    })?;
    put(out, theme, "waivers/index.html", |theme| {
        theme.render_waivers(frame, &report::waivers_page(ledger, rows, site.as_of))
    })?;
    put(out, theme, "coverage/index.html", |theme| {
        let policies = ledger.policies.par_iter().map(|policy| report::policy_coverage(site.sources, policy.newest()));
        theme.render_coverage(frame, &report::coverage_page(ledger, policies.collect()))
    })?;
    let mut said = Vec::new();
    write_policies(site, theme, frame, built, &documents, out, &mut said)?;
    said.extend(write_reports(site, theme, frame, &order, out)?);
    write_due(site, theme, frame, built, out)?;
    write_reference(site, theme, frame, findings, out)?;
    theme.internal_assets().try_for_each(|asset| out.write(&asset.path, &asset.bytes))?;
    Ok(said)
}

/// Makes and writes a page, if it is wanted.
pub(super) fn put(
    out: &Outputs<'_>,
    theme: &Theme,
    path: &str,
    make: impl Fn(&Theme) -> std::result::Result<String, TemplateError>,
) -> Result<()> {
    if out.wants(path) { out.write(path, made(out, theme, path, make)?.as_bytes()) } else { Ok(()) }
}

/// Makes a page.
pub(super) fn made(
    out: &Outputs<'_>,
    theme: &Theme,
    path: &str,
    make: impl Fn(&Theme) -> std::result::Result<String, TemplateError>,
) -> Result<String> {
    theme.page(&format!("{}/{path}", out.tree()), make).map_err(|e| template_failed(&e))
}

/// The register's pages, and its rows as scripts.
fn write_register(
    ledger: &Ledger,
    theme: &Theme,
    frame: &InternalSite,
    order: &[&Row],
    out: &Outputs<'_>,
) -> Result<()> {
    if !out.wants_below("register/") {
        return Ok(());
    }
    for view in View::EVERY {
        let listing = view.of(ledger, order);
        (1..=listing.pages()).into_par_iter().try_for_each(|number| {
            put(out, theme, &view.href(number), |theme| theme.render_register(frame, &listing.page(ledger, number)))
        })?;
    }
    (0..report::register_parts(order.len())).into_par_iter().try_for_each(|part| {
        let path = report::register_part_href(part);
        if out.wants(&path) { out.write(&path, report::register_part(ledger, order, part).as_bytes()) } else { Ok(()) }
    })
}

fn write_policies(
    site: &Site<'_>,
    theme: &Theme,
    frame: &InternalSite,
    built: &InternalBuild,
    findings: &[&Diagnostic],
    out: &Outputs<'_>,
    said: &mut Vec<Diagnostic>,
) -> Result<()> {
    let ledger = &site.ledger;
    if !out.wants_below("policies/") {
        return Ok(());
    }
    let counts = RuleCounts::of(&built.rows, ledger, site.as_of);
    let papers = papers::internal_papers(site, frame, &counts, out, said)?;
    put(out, theme, "policies/index.html", |theme| {
        let list = PoliciesPage { pdf: papers.of_all(), ..report::policies_page(ledger, &counts, site.as_of) };
        theme.render_internal_policies(frame, &list)
    })?;
    let findings = &FindingsByFile::of(findings);
    ledger.policies_with_pages().into_par_iter().try_for_each(|index| {
        let policy = &ledger.policies[index];
        let id = policy.id.as_str();
        if !out.wants_below(&format!("policies/{id}/")) {
            return Ok(());
        }
        let own = report::internal_versions(policy).into_iter().map(Some);
        for version in std::iter::once(None).chain(own) {
            let what_if = built.what_if.get(id).filter(|_| version.is_none());
            let view = PolicyView { policy: index, version, counts: &counts, findings, as_of: site.as_of, what_if };
            write_policy(site, theme, frame, view, &papers, out)?;
        }
        report::internal_redlines(policy).into_iter().try_for_each(|two| {
            put(out, theme, &report::internal_redline_href(policy, two), |theme| {
                theme.render_internal_redline(frame, &report::internal_redline(site.sources, policy, two))
            })
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
    put(out, theme, &view.href(&site.ledger), |theme| {
        let failure = std::cell::RefCell::new(None);
        let clause = |c: &report::pages::Clause| match theme.render_clause(c) {
            Ok(html) => Some(html.0),
            Err(error) => {
                *failure.borrow_mut() = Some(error);
                None
            }
        };
        let mut page = report::policy_page(site.sources, &site.ledger, view, &clause);
        let policy = &site.ledger.policies[view.policy];
        let version = view.version.map_or(policy.newest(), |number| &policy.versions[number]);
        page.pdf = papers.of(&format!("policies/{}/versions/{}/", page.id, version.version));
        failure.take().map_or_else(|| theme.render_internal_policy(frame, &page), Err)
    })
}
