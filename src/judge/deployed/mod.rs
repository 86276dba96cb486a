//! What was deployed, held against what is recorded: both ways, and pure.
//!
//! Commits of production branches and deployments of logs on one side, records on the other. They belong together where a
//! record names the commit (or one that its merge brought, or its tag), the pull request, or where the message names the
//! record. Invariant: what could not be read makes nothing equal and nothing different; whoever asks finds it beside the
//! answer. No wording for terminals or pages is here; that is the reports'.

mod claims;
mod compare;
mod ids;
mod merge;
mod owners;
mod places;
mod side;

pub use claims::{Claims, observe_claims};
pub use compare::reconcile;
pub(in crate::judge) use merge::{Merge, merge_of};
pub(in crate::judge) use owners::Owned;

use super::codes;
use crate::diag::{Code, Diagnostic};
use crate::model::{Check, Difference, DifferenceKind, Event, Ledger};

/// Whether a rule of any policy asks what was deployed, or when work began.
pub fn asks_deployed(ledger: &Ledger) -> bool {
    let mut rules = ledger.policies.iter().flat_map(|p| &p.versions).flat_map(|v| &v.rules);
    rules.any(|rule| {
        matches!(rule.check, Check::Complete | Check::Merged(_)) || super::evidence::names(rule, Event::Started)
    })
}

/// The code of a kind of difference.
pub fn difference_code(kind: DifferenceKind) -> &'static Code {
    match kind {
        DifferenceKind::Unrecorded => &codes::UNRECORDED,
        DifferenceKind::DirectPush => &codes::DIRECT_PUSH,
        DifferenceKind::OffBranch => &codes::OFF_BRANCH,
        DifferenceKind::NotThere => &codes::COMMIT_NOT_THERE,
        DifferenceKind::NotLogged => &codes::NOT_LOGGED,
        DifferenceKind::NoIncident => &codes::NO_INCIDENT_RECORDED,
        DifferenceKind::IdGap => &codes::ID_GAP,
    }
}

/// What to do about a kind of difference.
pub fn difference_help(kind: DifferenceKind) -> &'static str {
    match kind {
        DifferenceKind::Unrecorded => {
            "write a record (`tickmark new change`) that names the commit under `deployments`, or the pull request; next \
             time the message can name the record, as in `Change: CHG-2026-0142`"
        }
        DifferenceKind::DirectPush => {
            "open a pull request for it afterwards and have it reviewed; protect the branch on the host so that nobody can \
             push. If it was rebased from a pull request, let the record name that with its `commit`"
        }
        DifferenceKind::OffBranch => {
            "find out where it was built from; bring it onto the branch through a pull request, or deploy what the branch holds"
        }
        DifferenceKind::NotThere => {
            "correct the commit in the record; if it is right, the branch was rewritten or the repository is missing under \
             `repositories`"
        }
        DifferenceKind::NotLogged => "correct the record, or find out why the log does not know of the deployment",
        DifferenceKind::NoIncident => {
            "name the incident under `incidents` of the record, or say `incidents: none` there"
        }
        DifferenceKind::IdGap => {
            "find the records with these numbers; one that was withdrawn stays, with `status: cancelled`"
        }
    }
}

/// A difference as a finding.
pub fn difference_finding(difference: &Difference) -> Diagnostic {
    let code = difference_code(difference.kind);
    let finding = Diagnostic::new(code, difference.place.file, difference.place.span, &*difference.what)
        .help(difference_help(difference.kind));
    if difference.note.is_empty() { finding } else { finding.note(&*difference.note) }
}
