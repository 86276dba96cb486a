//! What reports keep of a judged record: enough to count it, list it and link it, and no more.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::emergency::emergency_row;
use super::pages::EmergencyRow;
use crate::judge::{self, Detail, Judgement, Verdict};
use crate::model::{
    ChangeRecord, Deployment, DeploymentResult, Ledger, OutcomeResult, PolicyVersion, Quarter, Relation, Spanned,
    Status, Word,
};
use crate::pipeline::{Entry, Site};
use crate::source::Location;

/// One record as reports see it.
#[derive(Debug)]
pub struct Row {
    /// Its id; a stand-in where it has none.
    pub id: String,
    /// Whether it has a page: its id is valid and no earlier record has it.
    pub page: bool,
    /// Its title.
    pub title: String,
    /// Policy and version, by their numbers in the ledger.
    pub policy: Option<(u32, u32)>,
    /// The number of its type in that version.
    pub change_type: Option<u16>,
    /// Whether that is an emergency type.
    pub emergency: bool,
    /// The quarter it belongs to.
    pub quarter: Option<Quarter>,
    /// The instant that says so.
    pub at: Option<Timestamp>,
    /// When it was requested.
    pub requested: Option<Timestamp>,
    /// When it was first deployed to production.
    pub deployed: Option<Timestamp>,
    /// When its first pull request was opened.
    pub proposed: Option<Timestamp>,
    /// The last approval recorded before its first production deployment.
    pub approved: Option<Timestamp>,
    /// How many production deployments it had, rollbacks aside.
    pub deployments: u16,
    /// Whether a production deployment took it back.
    pub taken_back: bool,
    /// From its first failed production deployment, else its first, to the next that took it back or succeeded: seconds.
    pub recovery: Option<i64>,
    /// What it came to.
    pub outcome: Option<OutcomeResult>,
    /// Whether an incident is recorded as caused by it.
    pub caused_incident: bool,
    /// Whether an incident made it necessary.
    pub triggered: bool,
    /// Whether its incidents cannot be read.
    pub incidents_broken: bool,
    /// Whether git shows an edit after the text that closed it; none where nobody can say.
    pub edited: Option<bool>,
    /// The systems it touches, each once.
    pub systems: Box<[Word]>,
    /// How far it has come.
    pub status: Option<Status>,
    /// Its verdict.
    pub verdict: Verdict,
    /// Where it stands.
    pub place: Location,
    /// Every rule of its type.
    pub judgements: Vec<Judgement>,
    /// Its line in lists of emergencies.
    pub emergency_row: Option<Box<EmergencyRow>>,
}

impl Row {
    /// From a judged record, without its explanations.
    pub fn of(ledger: &Ledger, entry: Entry<'_>, emergency_row: Option<EmergencyRow>) -> Self {
        let Entry { record, judged } = entry;
        let version = judged.version(ledger);
        let change_type = record.type_.get().and_then(|t| version?.types.iter().position(|c| c.id == *t));
        let mut judgements = judged.judgements;
        for judgement in &mut judgements {
            judgement.why = None;
        }
        let deployed = judge::first_production(ledger, &record);
        let production: Vec<&Deployment> =
            record.deployments.items().iter().filter(|d| judge::is_production(ledger, d)).collect();
        let relates = |to| record.incidents.items().iter().any(|i| i.relation.get() == Some(&to));
        Self {
            proposed: record.pull_requests.items().iter().filter_map(|p| p.opened_at.get().map(|t| t.0)).min(),
            approved: deployed.and_then(|deployed| approved_before(&record, deployed)),
            deployments: production.iter().filter(|d| !d.is_rollback()).count() as u16,
            taken_back: production.iter().any(|d| d.is_rollback()),
            recovery: recovery(&production),
            triggered: relates(Relation::TriggeredBy),
            caused_incident: relates(Relation::Caused),
            incidents_broken: record.incidents.is_broken(),
            edited: edited(ledger, &record),
            systems: systems(&record),
            id: record.name().to_owned(),
            page: record.id.is_given(),
            policy: judged.policy,
            emergency: is_emergency(&record, version),
            change_type: change_type.map(|t| t as u16),
            quarter: judge::quarter(ledger, &record),
            at: judge::quarter_instant(ledger, &record),
            requested: record.requested_at.get().map(|t| t.0),
            deployed,
            outcome: record.outcome.get().and_then(|o| o.result.get().copied()),
            status: record.status.get().copied(),
            place: Location { file: record.file, span: record.span },
            verdict: judged.verdict,
            title: record.title.get().map_or_else(|| "(no title)".to_owned(), ToString::to_string),
            judgements,
            emergency_row: emergency_row.map(Box::new),
        }
    }

    /// The version that judged it.
    pub fn version<'l>(&self, ledger: &'l Ledger) -> Option<&'l PolicyVersion> {
        self.policy.map(|(p, v)| &ledger.policies[p as usize].versions[v as usize])
    }

    /// What people call its type.
    pub fn type_title<'l>(&self, ledger: &'l Ledger) -> &'l str {
        self.change_type
            .and_then(|t| Some(self.version(ledger)?.types[t as usize].title.as_str()))
            .unwrap_or("unknown type")
    }

    /// Its page, relative to the internal site.
    pub fn href(&self) -> String {
        change_href(&self.id)
    }
}

fn approved_before(record: &ChangeRecord, deployed: Timestamp) -> Option<Timestamp> {
    let times = record.approvals.items().iter().filter_map(|a| a.at.get().map(|t| t.0));
    times.filter(|at| *at <= deployed).max()
}

/// How long production was without what it should have had: seconds. None where it was never mended, or never broke.
fn recovery(production: &[&Deployment]) -> Option<i64> {
    let at = |d: &Deployment| d.at.get().map(|t| t.0);
    let failed = |d: &Deployment| d.result.get() == Some(&DeploymentResult::Failed);
    let forward = || production.iter().filter(|d| !d.is_rollback());
    let first = forward().filter(|d| failed(d)).filter_map(|d| at(d)).min();
    let began = first.or_else(|| forward().filter_map(|d| at(d)).min())?;
    let mended = production.iter().filter(|d| !failed(d)).filter_map(|d| at(d)).filter(|at| *at > began).min()?;
    Some(mended.as_second() - began.as_second())
}

/// Whether git shows an edit after the text that closed a record.
fn edited(ledger: &Ledger, record: &ChangeRecord) -> Option<bool> {
    let texts = judge::record_history(ledger, record);
    let closing = texts.iter().position(|t| t.closed)?;
    Some(texts[closing + 1..].iter().any(|t| !t.changed.is_empty()))
}

fn systems(record: &ChangeRecord) -> Box<[Word]> {
    let mut list: Vec<Word> = Vec::new();
    for Spanned { value, .. } in record.systems.items() {
        if !list.contains(value) {
            list.push(value.clone());
        }
    }
    list.into()
}

/// Judges every record of a site: the rows of all reports, in the order of the files. Of records with one id the first has
/// the page.
pub fn judged_rows(site: &mut Site<'_>) -> Vec<Row> {
    let as_of = site.as_of;
    let mut seen = BTreeSet::new();
    let mut rows: Vec<Row> = Vec::new();
    let done: Result<(), std::convert::Infallible> = site.judge(
        Detail::Findings,
        |ledger, entry, _| {
            let is_emergency = is_emergency(&entry.record, entry.judged.version(ledger));
            let own = (is_emergency && entry.record.id.is_given()).then(|| emergency_row(ledger, &entry, as_of));
            Row::of(ledger, entry, own)
        },
        |mut row| {
            row.page &= seen.insert(row.id.to_ascii_lowercase());
            rows.push(row);
            Ok(())
        },
    );
    match done {
        Ok(()) => rows,
    }
}

/// Whether a record is of an emergency type.
pub fn is_emergency(record: &ChangeRecord, version: Option<&PolicyVersion>) -> bool {
    match (record.type_.get(), version) {
        (Some(t), Some(v)) => v.change_type(t.as_str()).is_some_and(|c| c.expedited),
        _ => false,
    }
}

/// The page of a change, relative to the internal site.
pub fn change_href(id: &str) -> String {
    format!("changes/{id}/index.html")
}

/// The summary of an emergency, relative to the internal site.
pub fn emergency_href(id: &str) -> String {
    format!("emergencies/{id}/index.html")
}

/// A quarter's report, relative to the internal site.
pub fn report_href(quarter: Quarter) -> String {
    format!("reports/{quarter}/index.html")
}

/// A policy's page, relative to the internal site.
pub fn policy_href(id: &str) -> String {
    format!("policies/{id}/index.html")
}

/// The page that shows a version's text: the policy's for the newest, else its own.
pub fn version_href(version: &PolicyVersion) -> String {
    if version.superseded && version.has_page() { own_href(version) } else { policy_href(version.id.as_str()) }
}

/// A version's own page, which stays.
pub(super) fn own_href(version: &PolicyVersion) -> String {
    format!("policies/{}/versions/{}/index.html", version.id, version.version)
}
