//! Policies that promise a review after an incident, once every record is judged: whether a change caused one of that rank
//! since the last review.
//!
//! Only incidents that a record states as caused by the change; what else would call for a review stands in no record. It
//! changes no verdict of any record.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::codes;
use super::first_production;
use crate::diag::{Diagnostic, Sink};
use crate::model::{ChangeRecord, Incident, Ledger, PolicyVersion, Relation, Severity};
use crate::source::{FileId, Location, Span};

/// The incidents that call for a review which was not held, by the policy's number in the ledger.
#[derive(Clone, Debug, Default)]
pub struct IncidentsSince(BTreeMap<usize, Seen>);

/// Incidents of one policy since its last review.
#[derive(Clone, Debug)]
struct Seen {
    count: usize,
    latest: Latest,
}

/// The latest of them; of several at once, the one that stands first.
#[derive(Clone, Debug)]
struct Latest {
    at: Timestamp,
    place: Location,
    label: String,
}

impl IncidentsSince {
    /// Adds what another part of the records showed; parts come in the order of the files.
    pub fn add(&mut self, other: Self) {
        for (policy, seen) in other.0 {
            self.note(policy, seen);
        }
    }

    fn note(&mut self, policy: usize, seen: Seen) {
        match self.0.get_mut(&policy) {
            None => {
                self.0.insert(policy, seen);
            }
            Some(known) => {
                known.count += seen.count;
                if seen.latest.at > known.latest.at {
                    known.latest = seen.latest;
                }
            }
        }
    }
}

/// Notes the incidents of a record that call for a review of its policy.
pub fn observe_incidents(
    ledger: &Ledger,
    file: FileId,
    record: &ChangeRecord,
    as_of: Timestamp,
    seen: &mut IncidentsSince,
) {
    if record.incidents.items().is_empty() {
        return;
    }
    let Some(policy) = ledger.policy_of(record) else { return };
    let Some(index) = ledger.policy_number(policy.id.as_str()) else { return };
    let version = policy.newest();
    let Some((last, rank, _)) = promised(version) else { return };
    for incident in record.incidents.items() {
        let at = incident.at.get().map(|t| t.0).or_else(|| first_production(ledger, record));
        let Some(at) = at.filter(|at| *at <= as_of && version.calendar.day(*at) > last) else { continue };
        if let Some(severity) = caused(incident, rank) {
            let id = incident.id.get().map_or("an incident", |id| id.as_str());
            let label = format!("`{}` caused {id} ({severity}) on {}", record.name(), version.calendar.day(at));
            let latest = Latest { at, place: Location { file, span: incident.span }, label };
            seen.note(index, Seen { count: 1, latest });
        }
    }
}

/// The rank of an incident that the change caused, where it is as bad as asked or worse.
fn caused(incident: &Incident, rank: Severity) -> Option<Severity> {
    let severity = *incident.severity.get()?;
    (incident.relation.get() == Some(&Relation::Caused) && severity.at_least(rank)).then_some(severity)
}

/// The last review of a policy, the rank of incident after which it promises another, and where it says so.
fn promised(version: &PolicyVersion) -> Option<(Date, Severity, Span)> {
    let review = version.review.as_ref()?;
    Some((review.held()?, review.after_incident?, review.span))
}

/// Policies whose review an incident calls for.
pub fn check_policy_reviews(ledger: &Ledger, seen: &IncidentsSince, sink: &mut Sink) {
    for (index, Seen { count, latest }) in &seen.0 {
        let version = ledger.policies[*index].newest();
        let Some((last, rank, span)) = promised(version) else { continue };
        let incidents = match count {
            1 => format!("an incident of {}", rank.or_worse()),
            n => format!("{n} incidents of {}", rank.or_worse()),
        };
        sink.push(
            Diagnostic::new(
                &codes::REVIEW_AFTER_INCIDENT,
                version.file,
                span,
                format!("policy `{}` was not reviewed since its changes caused {incidents}", version.id),
            )
            .label(format!("last reviewed on {last}, and promised after {rank}"))
            .other(latest.place, latest.label.clone())
            .help("review the policy in the light of the incident, then write the day into `review.last`"),
        );
    }
}
