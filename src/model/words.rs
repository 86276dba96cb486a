//! Closed vocabularies: words of which a misspelt one is an error, so that a misspelling never makes a rule vanish.

/// A closed vocabulary.
pub trait Vocabulary: Copy + Sized + 'static {
    /// What a word of it is called in messages, as in "a status".
    const NAME: &'static str;
    /// All words, in their order.
    const WORDS: &'static [&'static str];
    /// What each of them means, in the same order.
    const MEANINGS: &'static [&'static str];

    /// The value a word stands for.
    fn parse(word: &str) -> Option<Self>;

    /// Its word.
    fn word(self) -> &'static str;
}

macro_rules! vocabulary {
    ($(#[$doc:meta])* $type:ident, $name:literal { $(#[doc = $meaning:literal] $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $type {
            $(#[doc = $meaning] $variant),+
        }

        impl Vocabulary for $type {
            const NAME: &'static str = $name;
            const WORDS: &'static [&'static str] = &[$($word),+];
            const MEANINGS: &'static [&'static str] = &[$($meaning.trim_ascii()),+];

            fn parse(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }

            fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }
        }
    };
}

vocabulary! {
    /// How far a change has come (ITIL's change lifecycle). The order is the order of a change's life.
    Status, "a status" {
        /// Being written.
        Draft = "draft",
        /// Asked for.
        Requested = "requested",
        /// Approved.
        Approved = "approved",
        /// Given a window.
        Scheduled = "scheduled",
        /// In production.
        Deployed = "deployed",
        /// Finished and written up.
        Closed = "closed",
        /// Turned down.
        Rejected = "rejected",
        /// Given up.
        Cancelled = "cancelled",
    }
}
vocabulary! {
    /// Estimated risk.
    Risk, "a risk" {
        /// Low.
        Low = "low",
        /// Moderate.
        Moderate = "moderate",
        /// High.
        High = "high",
    }
}
vocabulary! {
    /// What a review came to.
    ReviewResult, "a review's result" {
        /// The only one that counts.
        Approved = "approved",
        /// Something must change first.
        ChangesRequested = "changes-requested",
        /// Neither for nor against.
        Commented = "commented",
        /// Against.
        Rejected = "rejected",
    }
}
vocabulary! {
    /// How an approval was given.
    Medium, "a medium" {
        /// Written down when it was given.
        Recorded = "recorded",
        /// By word of mouth, over a channel.
        Verbal = "verbal",
    }
}
vocabulary! {
    /// What a gate (a test run, a scan, a sign-off) came to.
    GateResult, "a gate's result" {
        /// Passed.
        Passed = "passed",
        /// Failed.
        Failed = "failed",
        /// Not run.
        Skipped = "skipped",
    }
}
vocabulary! {
    /// What a deployment came to.
    DeploymentResult, "a deployment's result" {
        /// It reached its environment.
        Succeeded = "succeeded",
        /// It did not.
        Failed = "failed",
    }
}
vocabulary! {
    /// What a change came to.
    OutcomeResult, "an outcome" {
        /// As planned.
        Successful = "successful",
        /// Taken back.
        RolledBack = "rolled-back",
        /// It did not work.
        Failed = "failed",
        /// In part.
        Partial = "partial",
    }
}
vocabulary! {
    /// How an incident and a change belong together.
    Relation, "a relation" {
        /// Why the change was made.
        TriggeredBy = "triggered-by",
        /// What the change did.
        Caused = "caused",
    }
}
vocabulary! {
    /// Whether an emergency could have been prevented.
    Preventable, "an answer to `preventable`" {
        /// It could.
        Yes = "yes",
        /// It could not.
        No = "no",
        /// Nobody knows.
        Unclear = "unclear",
    }
}
vocabulary! {
    /// What the owners of the changed files said.
    CodeOwners, "an answer of code owners" {
        /// Approved.
        Approved = "approved",
        /// Asked and not given.
        Missing = "missing",
        /// The files have no owners.
        None = "none",
    }
}
vocabulary! {
    /// What kind of account somebody is.
    PersonKind, "a kind of person" {
        /// A human being, the only kind whose word counts.
        Person = "person",
        /// A machine account.
        Bot = "bot",
        /// An account several people use.
        Shared = "shared",
    }
}
vocabulary! {
    /// Who may read a document.
    Classification, "a classification" {
        /// Anybody.
        Public = "public",
        /// The company; the default.
        Internal = "internal",
        /// Few.
        Confidential = "confidential",
    }
}
vocabulary! {
    /// A day of the week.
    WeekdayWord, "a weekday" {
        /// Monday.
        Mon = "mon",
        /// Tuesday.
        Tue = "tue",
        /// Wednesday.
        Wed = "wed",
        /// Thursday.
        Thu = "thu",
        /// Friday.
        Fri = "fri",
        /// Saturday.
        Sat = "sat",
        /// Sunday.
        Sun = "sun",
    }
}
vocabulary! {
    /// What kind of change it is, unless a policy has words of its own.
    ChangeKind, "a kind of change" {
        /// Program code.
        Code = "code",
        /// Cloud resources, networks, access.
        Infrastructure = "infrastructure",
        /// Schemas and data.
        Data = "data",
        /// Third parties and pipelines.
        Integration = "integration",
        /// Security controls.
        Security = "security",
        /// Libraries and platform parts.
        Dependency = "dependency",
    }
}
vocabulary! {
    /// What a change affects, unless a policy has words of its own.
    Impact, "an impact" {
        /// Security.
        Security = "security",
        /// Data.
        Data = "data",
        /// What customers see.
        CustomerFacing = "customer-facing",
        /// Availability.
        Availability = "availability",
        /// Encryption.
        Encryption = "encryption",
        /// Signing in.
        Authentication = "authentication",
        /// Secrets.
        Secrets = "secrets",
    }
}
vocabulary! {
    /// Who is not independent of a change (segregation of duties).
    Party, "a party" {
        /// Whoever wrote it, co-authors included.
        Author = "author",
        /// Whoever asked for it.
        Requester = "requester",
        /// Whoever set it off.
        Deployer = "deployer",
        /// Whoever reviewed it.
        Reviewer = "reviewer",
    }
}
vocabulary! {
    /// A part of a rollback plan.
    RollbackPart, "a part of a rollback plan" {
        /// When to roll back.
        Trigger = "trigger",
        /// How.
        Steps = "steps",
        /// Who does it.
        Owner = "owner",
        /// How to know that it worked.
        Verification = "verification",
        /// How long it takes.
        Estimate = "estimate",
    }
}
vocabulary! {
    /// A moment in a change's life, as rules name it (FORMATS.md, section 5).
    Event, "an event" {
        /// Asked for.
        Requested = "requested",
        /// First commit.
        Started = "started",
        /// First pull request opened.
        Proposed = "proposed",
        /// Review rules satisfied.
        ReviewedByPeer = "reviewed_by_peer",
        /// Approval rules satisfied.
        Approved = "approved",
        /// Last pull request merged.
        Merged = "merged",
        /// First notification.
        Notified = "notified",
        /// The planned window starts.
        Scheduled = "scheduled",
        /// First production deployment.
        Deployed = "deployed",
        /// First rollback.
        RolledBack = "rolled_back",
        /// Last end of monitoring.
        Monitored = "monitored",
        /// The outcome was stated.
        Confirmed = "confirmed",
        /// The record was written.
        Documented = "documented",
        /// Post-change review (ITIL's post-implementation review).
        Reviewed = "reviewed",
        /// First approval after deployment.
        SignedOff = "signed_off",
        /// Closed.
        Closed = "closed",
        /// The earliest incident that triggered the change.
        Incident = "incident",
    }
}

impl Event {
    /// All events, in the order of [`Vocabulary::WORDS`].
    pub const COUNT: usize = Self::WORDS.len();

    /// How a sentence names it: "reviewed after deployment".
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Requested => "request",
            Self::Started => "first commit",
            Self::Proposed => "first pull request",
            Self::ReviewedByPeer => "peer review",
            Self::Approved => "approval",
            Self::Merged => "merge",
            Self::Notified => "notification",
            Self::Scheduled => "start of the planned window",
            Self::Deployed => "deployment",
            Self::RolledBack => "rollback",
            Self::Monitored => "end of monitoring",
            Self::Confirmed => "outcome",
            Self::Documented => "documentation",
            Self::Reviewed => "post-change review",
            Self::SignedOff => "sign-off",
            Self::Closed => "closure",
            Self::Incident => "incident",
        }
    }
}

impl Event {
    /// How a label says that it was there: "deployed here".
    pub fn done(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Started => "started",
            Self::Proposed => "first pull request opened",
            Self::ReviewedByPeer => "reviewed by peers",
            Self::Approved => "approved",
            Self::Merged => "merged",
            Self::Notified => "told",
            Self::Scheduled => "planned to start",
            Self::Deployed => "deployed",
            Self::RolledBack => "rolled back",
            Self::Monitored => "watched until",
            Self::Confirmed => "outcome stated",
            Self::Documented => "documented",
            Self::Reviewed => "reviewed",
            Self::SignedOff => "signed off",
            Self::Closed => "closed",
            Self::Incident => "incident began",
        }
    }
}

/// How bad an incident is: 1 is worst. `P1` to `P5`, and a vulnerability's critical, high, moderate and low as 1 to 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Severity(u8);

impl Severity {
    /// The words a severity may be written in.
    pub const WORDS: &'static [&'static str] = &["P1", "P2", "P3", "P4", "P5", "critical", "high", "moderate", "low"];

    /// The severity a word stands for.
    pub fn parse(word: &str) -> Option<Self> {
        let at = Self::WORDS.iter().position(|w| *w == word)?;
        Some(Self(if at < 5 { at as u8 + 1 } else { at as u8 - 4 }))
    }

    /// The word incidents are ranked by, `P1` to `P5`.
    pub fn word(self) -> &'static str {
        Self::WORDS[usize::from(self.0) - 1]
    }

    /// This rank and those beyond it: `P3 or worse`; the worst has none beyond it.
    pub fn or_worse(self) -> String {
        if self.0 == 1 { self.to_string() } else { format!("{self} or worse") }
    }

    /// Whether this one is of that rank or worse.
    pub fn at_least(self, other: Self) -> bool {
        self.0 <= other.0
    }
}

impl std::fmt::Display for Severity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "P{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vulnerability_ranks_with_incidents() {
        assert_eq!(Severity::parse("critical"), Severity::parse("P1"));
        assert_eq!(Severity::parse("low"), Severity::parse("P4"));
        assert!(Severity::parse("P1").unwrap().at_least(Severity::parse("P2").unwrap()));
        assert!(!Severity::parse("P3").unwrap().at_least(Severity::parse("P2").unwrap()));
        assert_eq!(Severity::parse("p1"), None);
    }
}
