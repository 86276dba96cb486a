//! Rules: what a policy's clauses ask of every record, in types a check can read without asking twice.

use std::any::Any;
use std::sync::{Arc, OnceLock};

use super::{
    ChangeRecord, Duration, Event, FieldSet, Id, Medium, OutcomeResult, Party, Relation, Role, RollbackPart, Severity,
    Word,
};
use crate::diag::Level;
use crate::source::Span;

/// One rule of a policy version. It has exactly one check.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its id, unique in its policy.
    pub id: Id,
    /// The anchor of the clause that makes the promise.
    pub clause: Option<Box<str>>,
    /// The change types it binds; all where empty.
    pub types: Vec<Word>,
    /// It asks something only of records for which this holds.
    pub when: Option<Expression>,
    /// Records its expression must and must not hold for: those of `assert`, else of `when`.
    pub examples: Examples,
    /// How much it weighs.
    pub level: Level,
    /// Whether a reason in the record stands in for keeping it.
    pub or_reason: bool,
    /// When it falls due, where its check does not say.
    pub due: Option<Event>,
    /// What it asks.
    pub check: Check,
    /// Where it stands.
    pub span: Span,
}

impl Rule {
    /// Whether it binds changes of a type.
    pub fn binds(&self, change_type: &str) -> bool {
        self.types.is_empty() || self.types.iter().any(|t| t.as_str() == change_type)
    }
}

/// A text of a policy that is an expression, or words with expressions in them, and where it stands.
#[derive(Clone, Debug)]
pub struct Expression {
    /// As its author wrote it.
    pub text: Box<str>,
    /// Where.
    pub span: Span,
    /// What the judge makes of it, once.
    made: OnceLock<Arc<dyn Any + Send + Sync>>,
}

impl Expression {
    /// From its text and place.
    pub fn new(text: &str, span: Span) -> Self {
        Self { text: text.into(), span, made: OnceLock::new() }
    }

    /// What is made of it, made where nobody has yet. There is one kind of thing to make of it.
    pub(crate) fn made<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> &T {
        let made = self.made.get_or_init(|| Arc::new(make()));
        made.downcast_ref().expect("one kind of thing is made of an expression")
    }
}

/// Small records beside an expression.
#[derive(Clone, Debug, Default)]
pub struct Examples {
    /// It must hold for these.
    pub pass: Vec<ChangeRecord>,
    /// It must not hold for these.
    pub fail: Vec<ChangeRecord>,
}

/// What a rule asks (FORMATS.md, section 4).
#[derive(Clone, Debug)]
pub enum Check {
    /// Every named field is there and not blank.
    Fields(Vec<FieldPath>),
    /// Enough approvals.
    Approval(ApprovalCheck),
    /// Enough reviews.
    Review(ReviewCheck),
    /// Gates passed.
    Gates(GatesCheck),
    /// An event came in time.
    Deadline(DeadlineCheck),
    /// Events came in this order.
    Order(Vec<Event>),
    /// Deployed inside a window of the policy, or `working-hours`.
    Window(Word),
    /// Not deployed in a freeze.
    Freeze,
    /// Watched at least so long.
    Observation(Duration),
    /// How it was deployed.
    Deployment(DeploymentCheck),
    /// The rollback plan is complete.
    Rollback(RollbackCheck),
    /// An incident is recorded.
    Incident(IncidentCheck),
    /// It names a procedure that was approved, tested and not expired.
    Procedure,
    /// Pull requests were merged so.
    Merged(MergedCheck),
    /// A person attests it.
    Attested(AttestedCheck),
    /// An expression holds.
    Assert(AssertCheck),
    /// Git shows no later edit.
    Unchanged(UnchangedCheck),
    /// No younger record was deleted, and history was not rewritten.
    Retained(Duration),
    /// Everything that was deployed has a record, and every recorded commit stands there.
    Complete,
    /// The rule has a mistake, already reported; its verdict is `unknown`.
    Broken,
}

impl Check {
    /// Whether it is judged once per policy, and not for each record.
    pub fn is_of_policy(&self) -> bool {
        matches!(self, Self::Retained(_) | Self::Complete)
    }

    /// The key it is written under.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Fields(_) => "fields",
            Self::Approval(_) => "approval",
            Self::Review(_) => "review",
            Self::Gates(_) => "gates",
            Self::Deadline(_) => "deadline",
            Self::Order(_) => "order",
            Self::Window(_) => "window",
            Self::Freeze => "freeze",
            Self::Observation(_) => "observation",
            Self::Deployment(_) => "deployment",
            Self::Rollback(_) => "rollback",
            Self::Incident(_) => "incident",
            Self::Procedure => "procedure",
            Self::Merged(_) => "merged",
            Self::Attested(_) => "attested",
            Self::Assert(_) => "assert",
            Self::Unchanged(_) => "unchanged",
            Self::Retained(_) => "retained",
            Self::Complete => "complete",
            Self::Broken => "broken",
        }
    }
}

/// A path to a field of a record, as in `rollback.trigger`; known to exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPath(pub Box<str>);

/// Enough approvals, by these roles, from independent people, in these media, before or after an event.
#[derive(Clone, Debug, Default)]
pub struct ApprovalCheck {
    /// How many different people.
    pub at_least: u32,
    /// Whoever counts holds one of these; anyone where empty.
    pub any_of: Vec<Role>,
    /// Each of these roles, by another person.
    pub all_of: Vec<Role>,
    /// Who is not independent.
    pub not_by: Vec<Party>,
    /// Given at this event at the latest.
    pub before: Option<Event>,
    /// Given at this event at the earliest.
    pub after: Option<Event>,
    /// Given so; in either medium where empty.
    pub mediums: Vec<Medium>,
    /// Role → the role that may stand in for it.
    pub instead: Vec<(Role, Role)>,
}

/// Enough reviews.
#[derive(Clone, Debug, Default)]
pub struct ReviewCheck {
    /// How many different people.
    pub at_least: u32,
    /// Of these kinds; of any where empty.
    pub kinds: Vec<Word>,
    /// Among them so many who hold one of these roles.
    pub including: Option<(Vec<Role>, u32)>,
    /// Who is not independent.
    pub not_by: Vec<Party>,
    /// At this event at the latest.
    pub before: Option<Event>,
    /// At this event at the earliest.
    pub after: Option<Event>,
}

/// Gates passed.
#[derive(Clone, Debug, Default)]
pub struct GatesCheck {
    /// Their names.
    pub passed: Vec<Word>,
    /// At this event at the latest.
    pub before: Option<Event>,
    /// At this event at the earliest.
    pub after: Option<Event>,
    /// Severity → how many open findings are allowed.
    pub open_findings: Vec<(Word, u32)>,
}

/// An event came in time.
#[derive(Clone, Copy, Debug)]
pub struct DeadlineCheck {
    /// The event.
    pub of: Event,
    /// How long it may take, or how long before.
    pub bound: DeadlineBound,
}

/// Which way a deadline counts.
#[derive(Clone, Copy, Debug)]
pub enum DeadlineBound {
    /// At most so long after an event.
    Within(Duration, Event),
    /// At least so long before an event.
    AtLeastBefore(Duration, Event),
}

/// How it was deployed.
#[derive(Clone, Debug, Default)]
pub struct DeploymentCheck {
    /// Through one of these; through anything where empty.
    pub via: Vec<Word>,
    /// Set off by a person.
    pub by_person: bool,
    /// After a successful deployment elsewhere.
    pub staged: bool,
}

/// The rollback plan is complete.
#[derive(Clone, Debug, Default)]
pub struct RollbackCheck {
    /// These parts are there.
    pub parts: Vec<RollbackPart>,
    /// History shows that it was there in time.
    pub recorded_before: Option<Event>,
}

/// An incident is recorded.
#[derive(Clone, Debug)]
pub struct IncidentCheck {
    /// How it belongs to the change.
    pub relation: Relation,
    /// Asked only when the outcome is one of these.
    pub when_outcome: Vec<OutcomeResult>,
    /// Of this rank or worse.
    pub severity_at_least: Option<Severity>,
    /// And reviewed.
    pub reviewed: bool,
}

/// Pull requests were merged so.
#[derive(Clone, Debug, Default)]
pub struct MergedCheck {
    /// Into this branch.
    pub into: Option<Word>,
    /// In this way.
    pub method: Option<Word>,
    /// With the approval of the files' owners, where they have any.
    pub code_owners: bool,
}

/// A person attests it.
#[derive(Clone, Debug)]
pub struct AttestedCheck {
    /// What.
    pub statement: Word,
    /// In one of these roles; in any where empty.
    pub by: Vec<Role>,
}

/// Git shows no later edit of these fields.
#[derive(Clone, Copy, Debug)]
pub struct UnchangedCheck {
    /// Later than this event.
    pub after: Event,
    /// The fields that stay as they are.
    pub fields: FieldSet,
}

/// An expression holds.
#[derive(Clone, Debug)]
pub struct AssertCheck {
    /// The expression.
    pub expression: Expression,
    /// What is said where it does not hold: words, and expressions in `{{ }}`.
    pub message: Option<Expression>,
}
