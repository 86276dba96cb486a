//! A change record: what was changed, why, who looked at it, and what came of it (FORMATS.md, section 5).

use super::{
    CodeOwners, DeploymentResult, Duration, Field, GateResult, Id, Link, Medium, OutcomeResult, PersonId, Preventable,
    Prose, Relation, ReviewResult, Risk, Role, Severity, Spanned, Status, Time, Word,
};
use crate::source::{FileId, Location, Span};

/// A planned window.
#[derive(Clone, Debug, Default)]
pub struct PlannedWindow {
    /// It starts.
    pub start: Field<Time>,
    /// It ends.
    pub end: Field<Time>,
    /// Where it stands.
    pub span: Span,
}

/// How to take a change back.
#[derive(Clone, Debug, Default)]
pub struct Rollback {
    /// When to roll back.
    pub trigger: Field<Prose>,
    /// How.
    pub steps: Field<Vec<Spanned<Prose>>>,
    /// Who does it.
    pub owner: Field<PersonId>,
    /// How to know that it worked.
    pub verification: Field<Prose>,
    /// How long it takes.
    pub estimate: Field<Duration>,
    /// Where it stands.
    pub span: Span,
}

/// A pull or merge request.
#[derive(Clone, Debug, Default)]
pub struct PullRequest {
    /// Its address.
    pub url: Field<Link>,
    /// Opened.
    pub opened_at: Field<Time>,
    /// Merged.
    pub merged_at: Field<Time>,
    /// The branch it was merged into.
    pub into: Field<Word>,
    /// How: squash, merge, rebase …
    pub method: Field<Word>,
    /// The commit it became.
    pub commit: Field<Word>,
    /// What the owners of the files said.
    pub code_owners: Field<CodeOwners>,
    /// Where it stands.
    pub span: Span,
}

/// A review.
#[derive(Clone, Debug, Default)]
pub struct Review {
    /// Who.
    pub by: Field<PersonId>,
    /// In which role.
    pub role: Field<Role>,
    /// Peer, security, design …
    pub kind: Field<Word>,
    /// What it came to.
    pub result: Field<ReviewResult>,
    /// When.
    pub at: Field<Time>,
    /// Where one can see it.
    pub evidence: Field<Link>,
    /// Where it stands.
    pub span: Span,
}

/// An approval.
#[derive(Clone, Debug, Default)]
pub struct Approval {
    /// Who.
    pub by: Field<PersonId>,
    /// In which role.
    pub role: Field<Role>,
    /// The role stood in for.
    pub in_place_of: Field<Role>,
    /// Why somebody stood in.
    pub reason: Field<Prose>,
    /// Written or spoken.
    pub medium: Field<Medium>,
    /// Over what, when spoken.
    pub channel: Field<Word>,
    /// When.
    pub at: Field<Time>,
    /// Where one can see it.
    pub evidence: Field<Link>,
    /// Where it stands.
    pub span: Span,
}

/// How many findings of a scan are open, by severity.
#[derive(Clone, Debug, Default)]
pub struct OpenFindings {
    /// Severity and count, as written.
    pub counts: Vec<(Word, u32)>,
    /// Where it stands.
    pub span: Span,
}

/// A gate: a test run, a scan, a sign-off.
#[derive(Clone, Debug, Default)]
pub struct Gate {
    /// Its name.
    pub gate: Field<Word>,
    /// What it came to.
    pub result: Field<GateResult>,
    /// What it left open.
    pub open_findings: Field<OpenFindings>,
    /// When.
    pub at: Field<Time>,
    /// Where one can see it.
    pub evidence: Field<Link>,
    /// Where it stands.
    pub span: Span,
}

/// Somebody was told.
#[derive(Clone, Debug, Default)]
pub struct Notification {
    /// Who.
    pub to: Field<Word>,
    /// When.
    pub at: Field<Time>,
    /// Where it stands.
    pub span: Span,
}

/// A deployment.
#[derive(Clone, Debug, Default)]
pub struct Deployment {
    /// Where to.
    pub environment: Field<Word>,
    /// When.
    pub at: Field<Time>,
    /// Who set it off.
    pub by: Field<PersonId>,
    /// Through what.
    pub via: Field<Word>,
    /// Which commit.
    pub commit: Field<Word>,
    /// What it came to.
    pub result: Field<DeploymentResult>,
    /// Whether it took the change back.
    pub rollback: Field<bool>,
    /// How long it was watched.
    pub monitored_until: Field<Time>,
    /// Where it stands.
    pub span: Span,
}

impl Deployment {
    /// Whether it took the change back.
    pub fn is_rollback(&self) -> bool {
        self.rollback.get().copied().unwrap_or(false)
    }
}

/// What a change came to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// In a word.
    pub result: Field<OutcomeResult>,
    /// When it was stated.
    pub at: Field<Time>,
    /// What went otherwise than planned, or none.
    pub deviations: Field<Prose>,
    /// What turned up, or none.
    pub issues: Field<Prose>,
    /// Why it went wrong.
    pub root_cause: Field<Prose>,
    /// What was learnt, or none.
    pub lessons: Field<Prose>,
    /// Where it stands.
    pub span: Span,
}

/// An incident that belongs to a change.
#[derive(Clone, Debug, Default)]
pub struct Incident {
    /// Its id.
    pub id: Field<Id>,
    /// How bad.
    pub severity: Field<Severity>,
    /// Cause or effect.
    pub relation: Field<Relation>,
    /// When it began.
    pub at: Field<Time>,
    /// When it was reviewed.
    pub reviewed_at: Field<Time>,
    /// Where it stands.
    pub span: Span,
}

/// The review after a change (ITIL's post-implementation review).
#[derive(Clone, Debug, Default)]
pub struct PostChangeReview {
    /// When.
    pub at: Field<Time>,
    /// Who held it.
    pub by: Field<PersonId>,
    /// What it found, or none.
    pub findings: Field<Prose>,
    /// Whether it could have been prevented.
    pub preventable: Field<Preventable>,
    /// Where it stands.
    pub span: Span,
}

/// Somebody attests what no machine can see.
#[derive(Clone, Debug, Default)]
pub struct Attestation {
    /// What.
    pub statement: Field<Word>,
    /// Who.
    pub by: Field<PersonId>,
    /// When.
    pub at: Field<Time>,
    /// Where it stands.
    pub span: Span,
}

/// Where an imported record came from.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// Which system.
    pub system: Field<Word>,
    /// Its id there.
    pub id: Field<Prose>,
    /// Its address there.
    pub url: Field<Link>,
    /// When it was made there.
    pub at: Field<Time>,
    /// Where it stands.
    pub span: Span,
}

/// A text under a name.
#[derive(Clone, Debug)]
pub struct Named {
    /// The name.
    pub name: Word,
    /// Where the name stands.
    pub name_span: Span,
    /// The text.
    pub text: Field<Prose>,
}

/// A change record.
#[derive(Clone, Debug)]
#[allow(missing_docs)] // the table in `decode::tables` documents every field, once
pub struct ChangeRecord {
    pub file: FileId,
    pub span: Span,
    pub id: Field<Id>,
    pub policy: Field<Id>,
    pub type_: Field<Word>,
    pub title: Field<Prose>,
    pub description: Field<Prose>,
    pub purpose: Field<Prose>,
    pub assessment: Field<Prose>,
    pub test_plan: Field<Prose>,
    pub status: Field<Status>,
    pub kind: Field<Vec<Spanned<Word>>>,
    pub author: Field<PersonId>,
    pub co_authors: Field<Vec<Spanned<PersonId>>>,
    pub requested_by: Field<PersonId>,
    pub requested_at: Field<Time>,
    pub systems: Field<Vec<Spanned<Word>>>,
    pub risk: Field<Risk>,
    pub impact: Field<Vec<Spanned<Word>>>,
    pub dependencies: Field<Vec<Spanned<Word>>>,
    pub window: Field<Box<PlannedWindow>>,
    pub procedure: Field<Word>,
    pub rollback: Field<Box<Rollback>>,
    pub pull_requests: Field<Vec<PullRequest>>,
    pub reviews: Field<Vec<Review>>,
    pub approvals: Field<Vec<Approval>>,
    pub gates: Field<Vec<Gate>>,
    pub notifications: Field<Vec<Notification>>,
    pub deployments: Field<Vec<Deployment>>,
    pub outcome: Field<Box<Outcome>>,
    pub incidents: Field<Vec<Incident>>,
    pub post_change_review: Field<Box<PostChangeReview>>,
    pub attestations: Field<Vec<Attestation>>,
    pub reasons: Field<Vec<Named>>,
    pub documented_at: Field<Time>,
    pub closed_at: Field<Time>,
    pub source: Field<Box<Origin>>,
    pub links: Field<Vec<Named>>,
    pub extra: Field<()>,
}

impl ChangeRecord {
    /// A record of which nothing is known but its place.
    pub fn empty(file: FileId, span: Span) -> Self {
        Self {
            file,
            span,
            id: Field::Absent,
            policy: Field::Absent,
            type_: Field::Absent,
            title: Field::Absent,
            description: Field::Absent,
            purpose: Field::Absent,
            assessment: Field::Absent,
            test_plan: Field::Absent,
            status: Field::Absent,
            kind: Field::Absent,
            author: Field::Absent,
            co_authors: Field::Absent,
            requested_by: Field::Absent,
            requested_at: Field::Absent,
            systems: Field::Absent,
            risk: Field::Absent,
            impact: Field::Absent,
            dependencies: Field::Absent,
            window: Field::Absent,
            procedure: Field::Absent,
            rollback: Field::Absent,
            pull_requests: Field::Absent,
            reviews: Field::Absent,
            approvals: Field::Absent,
            gates: Field::Absent,
            notifications: Field::Absent,
            deployments: Field::Absent,
            outcome: Field::Absent,
            incidents: Field::Absent,
            post_change_review: Field::Absent,
            attestations: Field::Absent,
            reasons: Field::Absent,
            documented_at: Field::Absent,
            closed_at: Field::Absent,
            source: Field::Absent,
            links: Field::Absent,
            extra: Field::Absent,
        }
    }

    /// A place in this record's file.
    pub fn at(&self, span: Span) -> Location {
        Location { file: self.file, span }
    }

    /// The id, or what stands where it should be.
    pub fn name(&self) -> &str {
        self.id.get().map_or("(no id)", Id::as_str)
    }
}
