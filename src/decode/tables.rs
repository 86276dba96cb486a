//! The tables of change records, people and waivers. Each row is a field, once: its key, its type, what it means.

use jiff::civil::Date;

use super::table::{Document, FieldDef, Kind, row};
use crate::model::{
    Approval, Attestation, ChangeKind, ChangeRecord, ClosedNumber, ClosedQuarter, ClosedRecord, Closing, CodeOwners,
    Deployment, DeploymentResult, Duration, Gate, GateResult, Id, Impact, Incident, Link, Medium, Notification,
    OpenFindings, Origin, Outcome, OutcomeResult, PersonEntry, PersonId, PersonKind, PlannedWindow, PostChangeReview,
    Preventable, Prose, PullRequest, Relation, Review, ReviewResult, Risk, Role, RoleTerm, Rollback, Severity, Spanned,
    Status, Time, Vocabulary, Waiver, WaiverScope, Word,
};
use crate::source::{FileId, Span};

/// A document type with its table.
macro_rules! document {
    ($type:ty, $name:literal, [$($key:literal => $field:ident: $type_:ty $(= $kind:expr)? $(, $flag:ident)*; $doc:literal),+ $(,)?]) => {
        impl Document for $type {
            const NAME: &'static str = $name;

            fn table() -> &'static [FieldDef<Self>] {
                static TABLE: &[FieldDef<$type>] = &[$(row!($type, $key, $field: $type_ $(= $kind)?, $($flag),*; $doc)),+];
                TABLE
            }

            fn blank(span: Span) -> Self {
                Self { span, ..Self::default() }
            }

            fn span(&self) -> Span {
                self.span
            }
        }
    };
}
pub(super) use document;

document!(PlannedWindow, "a planned window", [
    "start" => start: Time, required; "when the planned window starts",
    "end" => end: Time; "when it ends",
]);

document!(Rollback, "a rollback plan", [
    "trigger" => trigger: Prose; "when to roll back",
    "steps" => steps: Vec<Spanned<Prose>>; "how to roll back, step by step",
    "owner" => owner: PersonId; "who rolls back",
    "verification" => verification: Prose; "how to know that the rollback worked",
    "estimate" => estimate: Duration; "how long it takes, as in `15 minutes`",
]);

document!(PullRequest, "a pull request", [
    "url" => url: Link; "its address",
    "opened_at" => opened_at: Time; "when it was opened",
    "merged_at" => merged_at: Time; "when it was merged",
    "into" => into: Word; "the branch it was merged into",
    "method" => method: Word; "how it was merged, as in `squash`",
    "commit" => commit: Word; "the commit it became",
    "code_owners" => code_owners: CodeOwners; "what the owners of the changed files said",
]);

document!(Review, "a review", [
    "by" => by: PersonId, required; "who reviewed",
    "role" => role: Role; "in which role",
    "kind" => kind: Word; "peer, or another word such as `security`",
    "result" => result: ReviewResult, required; "what it came to; only `approved` counts",
    "at" => at: Time; "when",
    "evidence" => evidence: Link; "where one can see it",
]);

document!(Approval, "an approval", [
    "by" => by: PersonId, required; "who approved",
    "role" => role: Role; "in which role",
    "in_place_of" => in_place_of: Role; "the role stood in for",
    "reason" => reason: Prose; "why somebody stood in",
    "medium" => medium: Medium, required; "`recorded` or `verbal`",
    "channel" => channel: Word; "over what, where it was verbal, as in `phone`",
    "at" => at: Time; "when",
    "evidence" => evidence: Link; "where one can see it",
]);

document!(Gate, "a gate", [
    "gate" => gate: Word, required; "its name, as in `automated-tests`",
    "result" => result: GateResult, required; "what it came to",
    "open_findings" => open_findings: OpenFindings; "how many findings it left open, by severity",
    "at" => at: Time; "when",
    "evidence" => evidence: Link; "where one can see it",
]);

document!(Notification, "a notification", [
    "to" => to: Word; "who was told",
    "at" => at: Time; "when",
]);

document!(Deployment, "a deployment", [
    "environment" => environment: Word, required; "where to, as in `production`",
    "at" => at: Time, required; "when",
    "by" => by: PersonId; "who set it off",
    "via" => via: Word; "through what, as in `pipeline`",
    "commit" => commit: Word; "which commit",
    "result" => result: DeploymentResult; "what it came to",
    "rollback" => rollback: bool; "whether it took the change back",
    "monitored_until" => monitored_until: Time; "how long it was watched",
]);

document!(Outcome, "an outcome", [
    "result" => result: OutcomeResult; "what the change came to",
    "at" => at: Time; "when that was stated",
    "deviations" => deviations: Prose, none; "what went otherwise than planned, or `none`",
    "issues" => issues: Prose, none; "what turned up, or `none`",
    "root_cause" => root_cause: Prose; "why it went wrong",
    "lessons" => lessons: Prose, none; "what was learnt, or `none`",
]);

document!(Incident, "an incident", [
    "id" => id: Id, required; "its id",
    "severity" => severity: Severity; "how bad it is; P1 is worst",
    "relation" => relation: Relation, required; "`triggered-by` (why the change was made) or `caused` (by the change)",
    "at" => at: Time; "when it began",
    "reviewed_at" => reviewed_at: Time; "when it was reviewed",
]);

document!(PostChangeReview, "a post-change review", [
    "at" => at: Time; "when it was held",
    "by" => by: PersonId; "who held it",
    "findings" => findings: Prose, none; "what it found, or `none`",
    "preventable" => preventable: Preventable; "whether the emergency could have been prevented",
]);

document!(Attestation, "an attestation", [
    "statement" => statement: Word, required; "what is attested",
    "by" => by: PersonId, required; "who attests it",
    "at" => at: Time; "when",
]);

document!(Origin, "a source", [
    "system" => system: Word; "the system the record came from",
    "id" => id: Prose; "its id there",
    "url" => url: Link; "its address there",
    "at" => at: Time; "when it was made there",
]);

/// Words of `kind` and `impact`, unless a policy has words of its own.
const KINDS: Kind = Kind::List(&Kind::Usual(ChangeKind::WORDS, ChangeKind::MEANINGS));
const IMPACTS: Kind = Kind::List(&Kind::Usual(Impact::WORDS, Impact::MEANINGS));

impl Document for ChangeRecord {
    const NAME: &'static str = "a change record";

    fn table() -> &'static [FieldDef<Self>] {
        static TABLE: &[FieldDef<ChangeRecord>] = &[
            row!(ChangeRecord, "id", id: Id, required; "its id, unique in the site"),
            row!(ChangeRecord, "policy", policy: Id, ; "the policy it is under; the site's default where absent"),
            row!(ChangeRecord, "type", type_: Word, required; "one of the policy's change types"),
            row!(ChangeRecord, "title", title: Prose, required; "what the change is, in a line"),
            row!(ChangeRecord, "description", description: Prose, ; "what is changed"),
            row!(ChangeRecord, "purpose", purpose: Prose, ; "why"),
            row!(ChangeRecord, "assessment", assessment: Prose, ; "risk and impact, in words"),
            row!(ChangeRecord, "test_plan", test_plan: Prose, ; "how it is tested"),
            row!(ChangeRecord, "status", status: Status, required; "how far it has come"),
            row!(ChangeRecord, "kind", kind: Vec<Spanned<Word>> = KINDS, ; "what kind of change, one or a list"),
            row!(ChangeRecord, "author", author: PersonId, required; "who wrote it"),
            row!(ChangeRecord, "co_authors", co_authors: Vec<Spanned<PersonId>>, ; "who else wrote it"),
            row!(ChangeRecord, "requested_by", requested_by: PersonId, ; "who asked for it; the author where absent"),
            row!(ChangeRecord, "requested_at", requested_at: Time, required; "when it was asked for"),
            row!(ChangeRecord, "systems", systems: Vec<Spanned<Word>>, ; "the systems it touches"),
            row!(ChangeRecord, "risk", risk: Risk, ; "estimated risk"),
            row!(ChangeRecord, "impact", impact: Vec<Spanned<Word>> = IMPACTS, none; "areas affected, or `none`"),
            row!(ChangeRecord, "dependencies", dependencies: Vec<Spanned<Word>>, none; "what depends on it, or `none`"),
            row!(ChangeRecord, "window", window: Box<PlannedWindow>, ; "the planned window"),
            row!(ChangeRecord, "procedure", procedure: Word, ; "the policy's procedure it follows (standard changes)"),
            row!(ChangeRecord, "rollback", rollback: Box<Rollback>, ; "how to take it back"),
            row!(ChangeRecord, "pull_requests", pull_requests: Vec<PullRequest>, ; "its pull requests"),
            row!(ChangeRecord, "reviews", reviews: Vec<Review>, ; "who reviewed it"),
            row!(ChangeRecord, "approvals", approvals: Vec<Approval>, ; "who approved it"),
            row!(ChangeRecord, "gates", gates: Vec<Gate>, ; "tests, scans and sign-offs"),
            row!(ChangeRecord, "notifications", notifications: Vec<Notification>, ; "who was told"),
            row!(ChangeRecord, "deployments", deployments: Vec<Deployment>, ; "where and when it was deployed"),
            row!(ChangeRecord, "outcome", outcome: Box<Outcome>, ; "what it came to"),
            row!(ChangeRecord, "incidents", incidents: Vec<Incident>, none; "incidents that belong to it, or `none`"),
            row!(ChangeRecord, "post_change_review", post_change_review: Box<PostChangeReview>, ; "the review afterwards"),
            row!(ChangeRecord, "attestations", attestations: Vec<Attestation>, ; "what people attest"),
            row!(ChangeRecord, "reasons", reasons: super::named::NamedTexts, ; "rule id → why it could not be kept"),
            row!(ChangeRecord, "documented_at", documented_at: Time, ; "when the record was written, where git cannot say"),
            row!(ChangeRecord, "closed_at", closed_at: Time, ; "when it was closed"),
            row!(ChangeRecord, "source", source: Box<Origin>, ; "where it was imported from"),
            row!(ChangeRecord, "links", links: super::named::NamedTexts, ; "name → address"),
            row!(ChangeRecord, "extra", extra: (), ; "anything of your own; never judged"),
        ];
        TABLE
    }

    fn blank(span: Span) -> Self {
        Self::empty(FileId(0), span)
    }

    fn span(&self) -> Span {
        self.span
    }
}

document!(RoleTerm, "a role", [
    "role" => role: Role, required; "the role",
    "from" => from: Date, required; "the first day it was held",
    "until" => until: Date; "the last day it was held",
]);

document!(PersonEntry, "a person", [
    "id" => id: Id, required; "the id that records use",
    "name" => name: Prose; "the name; never public",
    "email" => email: Prose; "the address; never public",
    "accounts" => accounts: Vec<Spanned<Prose>>; "other names git and imports know them by",
    "kind" => kind: PersonKind; "person, bot or shared",
    "roles" => roles: Vec<RoleTerm>; "the roles held, and when",
]);

document!(ClosedNumber, "a closed number", [
    "id" => id: Id, required; "which number",
    "value" => value: Prose, required; "what it was",
]);

document!(ClosedRecord, "a closed record", [
    "id" => id: Id, required; "the record's id",
    "sha256" => sha256: Word, required; "the SHA-256 of its text",
    "verdict" => verdict: Word, required; "what it came to",
]);

document!(Closing, "a closing", [
    "by" => by: PersonId, required; "who signed it off",
    "roles" => roles: Vec<Spanned<Role>>; "the roles they held that day",
    "as_of" => as_of: Time, required; "until when things were judged",
    "commit" => commit: Word; "the commit whose records these are",
    "version" => version: Word; "the program that counted",
    "reason" => reason: Prose; "why it was signed off again",
    "numbers" => numbers: Vec<ClosedNumber>, required; "the numbers",
    "records" => records: Vec<ClosedRecord>, none; "the records that lay in the quarter, or `none`",
    "seal" => seal: Word, required; "the SHA-256 of all that stands above it in the file",
]);

document!(ClosedQuarter, "a closed quarter", [
    "quarter" => quarter: Word, required; "which quarter, as in `2026-Q3`",
    "closings" => closings: Vec<Closing>, required; "every signing-off, oldest first",
]);

document!(WaiverScope, "a waiver's scope", [
    "type" => types: Vec<Spanned<Word>>; "changes of these types",
    "systems" => systems: Vec<Spanned<Word>>; "changes that touch any of these systems",
]);

impl Document for Waiver {
    const NAME: &'static str = "a waiver";

    fn table() -> &'static [FieldDef<Self>] {
        static TABLE: &[FieldDef<Waiver>] = &[
            row!(Waiver, "id", id: Id, required; "its id"),
            row!(Waiver, "rule", rule: Id, required; "the rule it lifts"),
            row!(Waiver, "policy", policy: Id, ; "the policy whose rule it is; the site's default where absent"),
            row!(Waiver, "changes", changes: Vec<Spanned<Id>>, ; "the changes it covers"),
            row!(Waiver, "where", scope: Box<WaiverScope>, ; "or which ones it covers"),
            row!(Waiver, "reason", reason: Prose, required; "why"),
            row!(Waiver, "requested_by", requested_by: PersonId, required; "who asked for it"),
            row!(Waiver, "approved_by", approved_by: PersonId, required; "who approved it; never the one who asked, nor the change's author"),
            row!(Waiver, "approved_at", approved_at: Time, required; "when"),
            row!(Waiver, "compensating_control", compensating_control: Prose, ; "what is done instead"),
            row!(Waiver, "expires", expires: Date, required; "the last day on which it covers what falls due"),
        ];
        TABLE
    }

    fn blank(span: Span) -> Self {
        Self::empty(FileId(0), span)
    }

    fn span(&self) -> Span {
        self.span
    }
}
