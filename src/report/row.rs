//! What reports keep of a judged record: enough to count it, list it and link it, and no more.

use jiff::Timestamp;

use super::pages::EmergencyRow;
use crate::judge::{self, Judgement, Verdict};
use crate::model::{ChangeRecord, Ledger, OutcomeResult, PolicyVersion, Quarter, Status};
use crate::pipeline::Entry;

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
    /// What it came to.
    pub outcome: Option<OutcomeResult>,
    /// Whether an incident is recorded as caused by it.
    pub caused_incident: bool,
    /// How far it has come.
    pub status: Option<Status>,
    /// Its verdict.
    pub verdict: Verdict,
    /// Every rule of its type.
    pub judgements: Vec<Judgement>,
    /// Its line in lists of emergencies.
    pub emergency_row: Option<Box<EmergencyRow>>,
}

impl Row {
    /// From a judged record, without its explanations.
    pub fn of(ledger: &Ledger, entry: Entry, emergency_row: Option<EmergencyRow>) -> Self {
        let Entry { record, judged } = entry;
        let version = judged.version(ledger);
        let change_type = record.type_.get().and_then(|t| version?.types.iter().position(|c| c.id == *t));
        let mut judgements = judged.judgements;
        for judgement in &mut judgements {
            judgement.why = None;
        }
        Self {
            id: record.name().to_owned(),
            page: record.id.is_given(),
            policy: judged.policy,
            emergency: is_emergency(&record, version),
            change_type: change_type.map(|t| t as u16),
            quarter: judge::quarter(ledger, &record),
            at: judge::quarter_instant(ledger, &record),
            requested: record.requested_at.get().map(|t| t.0),
            deployed: judge::first_production(ledger, &record),
            outcome: record.outcome.get().and_then(|o| o.result.get().copied()),
            caused_incident: record
                .incidents
                .items()
                .iter()
                .any(|i| i.relation.get() == Some(&crate::model::Relation::Caused)),
            status: record.status.get().copied(),
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
    if version.superseded && version.own_page { own_href(version) } else { policy_href(version.id.as_str()) }
}

/// A version's own page, which stays.
pub(super) fn own_href(version: &PolicyVersion) -> String {
    format!("policies/{}/versions/{}/index.html", version.id, version.version)
}
