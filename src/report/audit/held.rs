//! A record of the quarter, with what an auditor wants to see of it.

use super::super::row::Row;
use crate::model::{ChangeRecord, Field, Ledger, Link, PersonId, Prose};
use crate::pipeline::Entry;
use crate::source::SourceSet;

/// Something to look at, outside the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What it is, as in `approval by c.lead`.
    pub what: String,
    /// Its address.
    pub url: String,
    /// The attributes it bears on, by id.
    pub of: &'static [&'static str],
}

/// A record of the quarter.
pub struct Held {
    /// As reports see it.
    pub row: Row,
    /// Its id; its file and line where it has none of its own.
    pub key: String,
    /// Its file.
    pub path: String,
    /// What each rule found, in the order of its judgements.
    pub found: Vec<String>,
    /// What it says of itself.
    pub facts: Vec<(&'static str, String)>,
    /// Where one can look.
    pub evidence: Vec<Evidence>,
}

impl Held {
    /// From a judged record.
    pub fn of(sources: &SourceSet, ledger: &Ledger, entry: Entry<'_>) -> Self {
        let found = entry.judged.judgements.iter();
        let found = found.map(|j| j.why.as_ref().map(|w| w.headline.clone()).unwrap_or_default()).collect();
        let (facts, evidence) = (facts(ledger, &entry.record), evidence(&entry.record));
        let row = Row::of(ledger, entry, None);
        let path = sources.file(row.place.file).path().to_owned();
        Self { key: row.id.clone(), path, found, facts, evidence, row }
    }

    /// Gives a record without an id of its own its place for a name.
    pub fn name_by_place(&mut self, sources: &SourceSet) {
        let (line, _) = sources.position(self.row.place);
        self.row.page = false;
        self.key = format!("{}:{line}", self.path);
    }

    /// The record's text, as its digest is taken of it.
    pub fn text<'s>(&self, sources: &'s SourceSet) -> &'s str {
        self.row.place.span.of(sources.file(self.row.place.file).text()).trim_end()
    }

    /// What its type is called in its policy; a stratum of the sample.
    pub fn stratum(&self, ledger: &Ledger) -> String {
        let version = self.row.version(ledger);
        let id = self.row.change_type.and_then(|t| Some(version?.types[t as usize].id.to_string()));
        id.unwrap_or_else(|| "(unknown)".to_owned())
    }
}

fn facts(ledger: &Ledger, record: &ChangeRecord) -> Vec<(&'static str, String)> {
    let calendar = &ledger.configuration.calendar;
    let person = |field: &Field<PersonId>| field.get().map(|p| p.as_str().to_owned()).unwrap_or_default();
    let prose = |field: &Field<Prose>| field.get().map(|p| p.as_str().to_owned()).unwrap_or_default();
    let list = |items: Vec<String>| items.join(", ");
    let systems = list(record.systems.items().iter().map(|s| s.value.as_str().to_owned()).collect());
    let approvals = list(
        record
            .approvals
            .items()
            .iter()
            .map(|a| {
                let role = a.role.get().map(|r| format!(" as {}", r.as_str())).unwrap_or_default();
                let at = a.at.get().map(|t| format!(", {}", calendar.show(t.0))).unwrap_or_default();
                format!("{}{role}{at}", person(&a.by))
            })
            .collect(),
    );
    let deployments = list(
        record
            .deployments
            .items()
            .iter()
            .map(|d| {
                let to = d.environment.get().map_or("", |e| e.as_str());
                let at = d.at.get().map(|t| format!(" {}", calendar.show(t.0))).unwrap_or_default();
                let by = d.by.get().map(|p| format!(" by {}", p.as_str())).unwrap_or_default();
                format!("{to}{at}{by}")
            })
            .collect(),
    );
    let outcome =
        record.outcome.get().and_then(|o| o.result.get()).map(|r| crate::model::Vocabulary::word(*r).to_owned());
    let requested = record.requested_at.get().map(|t| calendar.show(t.0)).unwrap_or_default();
    let all = [
        ("Description", prose(&record.description)),
        ("Systems", systems),
        ("Author", person(&record.author)),
        ("Requested", format!("{requested} by {}", person(&record.requested_by))),
        ("Approved", approvals),
        ("Deployed", deployments),
        ("Outcome", outcome.unwrap_or_default()),
    ];
    all.into_iter().filter(|(_, text)| !text.trim().is_empty()).collect()
}

fn evidence(record: &ChangeRecord) -> Vec<Evidence> {
    let mut list = Vec::new();
    let mut put = |what: String, url: &Field<Link>, of: &'static [&'static str]| {
        if let Some(url) = url.get() {
            list.push(Evidence { what, url: url.as_str().to_owned(), of });
        }
    };
    for pull in record.pull_requests.items() {
        put("pull request".to_owned(), &pull.url, &["request", "reviewed", "segregation"]);
    }
    let by = |field: &Field<PersonId>| field.get().map_or("somebody", |p| p.as_str()).to_owned();
    for review in record.reviews.items() {
        put(format!("review by {}", by(&review.by)), &review.evidence, &["reviewed", "segregation", "emergency"]);
    }
    for approval in record.approvals.items() {
        let of = &["authorised", "approved-before", "segregation", "emergency"];
        put(format!("approval by {}", by(&approval.by)), &approval.evidence, of);
    }
    for gate in record.gates.items() {
        put(format!("gate {}", gate.gate.get().map_or("", |g| g.as_str())), &gate.evidence, &["tested"]);
    }
    if let Some(source) = record.source.get() {
        put("record it was imported from".to_owned(), &source.url, &["request", "records"]);
    }
    for link in record.links.items() {
        let url = link.text.get().map(Prose::as_str).unwrap_or_default();
        if url.starts_with("https://") || url.starts_with("http://") {
            let (what, url) = (link.name.as_str().to_owned(), url.to_owned());
            list.push(Evidence { what, url, of: &["request"] });
        }
    }
    list
}
