//! What a trust centre says beside its policies (`content/data`, FORMATS.md): commitments, certifications, sub-processors,
//! questions, notices, contacts. Every list is optional; all of it is public by its place.

use jiff::civil::Date;

use super::{Duration, Field, Id, Link, Prose, Spanned, Word};
use crate::source::{FileId, Location, Span};

/// A list or map of `content/data` that tickmark knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrustKind {
    /// What the organisation commits to, each with the clause that promises it.
    Commitments,
    /// Certificates, reports and attestations, with their expiry.
    Certifications,
    /// Who else processes customers' data.
    Subprocessors,
    /// How and how long in advance customers hear of a new one.
    Notice,
    /// Questions and answers.
    Faq,
    /// Notices to customers, beside what policies and lists say by themselves.
    Updates,
    /// Whom to write to about what.
    Contact,
    /// How to report a vulnerability, and what happens then.
    Disclosure,
    /// Words for controls that tickmark does not know, or other words for those it does.
    Controls,
}

impl TrustKind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Commitments,
        Self::Certifications,
        Self::Subprocessors,
        Self::Notice,
        Self::Faq,
        Self::Updates,
        Self::Contact,
        Self::Disclosure,
        Self::Controls,
    ];

    /// The name of its file, without ending; its schema has the same.
    pub fn name(self) -> &'static str {
        match self {
            Self::Commitments => "commitments",
            Self::Certifications => "certifications",
            Self::Subprocessors => "subprocessors",
            Self::Notice => "notice",
            Self::Faq => "faq",
            Self::Updates => "updates",
            Self::Contact => "contact",
            Self::Disclosure => "disclosure",
            Self::Controls => "controls",
        }
    }

    /// The kind whose file is called so.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether its file is one map; else a list of them.
    pub fn is_one(self) -> bool {
        matches!(self, Self::Notice | Self::Disclosure)
    }
}

macro_rules! trust_document {
    ($(#[$doc:meta])* $type:ident { $($(#[$field_doc:meta])* $field:ident: $type_:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default)]
        pub struct $type {
            $($(#[$field_doc])* pub $field: Field<$type_>,)+
            /// Where it stands.
            pub span: Span,
        }
    };
}

trust_document! {
    /// Something the organisation commits to.
    Commitment {
        /// A few words.
        title: Prose,
        /// The promise.
        text: Prose,
        /// The policy that makes it.
        policy: Id,
        /// The clause of that policy.
        clause: Word,
    }
}

trust_document! {
    /// A certificate, report or attestation.
    Certification {
        /// What it is.
        name: Prose,
        /// What it covers.
        scope: Prose,
        /// Where it stands, in words.
        state: Prose,
        /// Who gave it.
        body: Prose,
        /// The day it was given.
        issued: Date,
        /// The last day on which it holds.
        expires: Date,
        /// When the next audit is.
        next: Date,
        /// How to get the report.
        report: Prose,
        /// Where it can be seen.
        url: Link,
    }
}

trust_document! {
    /// Somebody who processes customers' data on the organisation's behalf.
    Subprocessor {
        /// The company.
        name: Prose,
        /// What for.
        purpose: Prose,
        /// Which data.
        data: Prose,
        /// For which services.
        services: Prose,
        /// Where.
        location: Prose,
        /// What protects data that leaves its region.
        transfer: Prose,
        /// When customers were told of it.
        announced: Date,
        /// The first day on which it receives data.
        since: Date,
        /// The last such day.
        until: Date,
        /// Its own page.
        url: Link,
    }
}

trust_document! {
    /// How customers hear of a new sub-processor.
    ChangeNotice {
        /// How long before it receives data.
        in_advance: Duration,
        /// By which way.
        how: Prose,
        /// Where to ask to be told.
        address: Prose,
        /// What a customer can do who does not agree.
        objection: Prose,
    }
}

trust_document! {
    /// A question and its answer.
    Question {
        /// The question.
        question: Prose,
        /// The answer, in markdown.
        answer: Prose,
        /// The heading it stands under.
        section: Prose,
        /// Its anchor.
        id: Id,
    }
}

trust_document! {
    /// A notice to customers.
    Notice {
        /// Its id, by which feeds know it.
        id: Id,
        /// Its day.
        date: Date,
        /// What it is about.
        title: Prose,
        /// More of it, in markdown.
        text: Prose,
        /// The policy it is about.
        policy: Id,
    }
}

trust_document! {
    /// Whom to write to about something.
    Contact {
        /// About what.
        topic: Prose,
        /// The address.
        address: Prose,
        /// A page instead of, or beside, an address.
        url: Link,
        /// How soon somebody answers.
        answers_within: Duration,
        /// A sentence more.
        text: Prose,
    }
}

trust_document! {
    /// How to report a vulnerability.
    Disclosure {
        /// A sentence before the rest, in markdown.
        text: Prose,
        /// How soon a person answers.
        answers_within: Duration,
        /// What a report should say.
        include: Vec<Spanned<Prose>>,
        /// What somebody who reports can expect.
        expect: Vec<Spanned<Prose>>,
        /// What is asked of them.
        ask: Vec<Spanned<Prose>>,
        /// What may be tested.
        in_scope: Vec<Spanned<Prose>>,
        /// What may not.
        out_of_scope: Vec<Spanned<Prose>>,
        /// The key to encrypt a report with.
        key: Link,
        /// Where those who reported are thanked.
        thanks: Link,
        /// Languages that are read.
        languages: Vec<Spanned<Word>>,
    }
}

trust_document! {
    /// Words for a control.
    ControlWords {
        /// `FRAMEWORK:CONTROL`.
        control: Prose,
        /// Its title.
        title: Prose,
        /// What the framework is called.
        framework: Prose,
    }
}

/// What stands in the lists that tickmark knows.
#[derive(Debug, Default)]
pub struct Trust {
    /// Which of them there are, and where.
    pub files: Vec<(TrustKind, FileId)>,
    /// `commitments.yaml`.
    pub commitments: Vec<Commitment>,
    /// `certifications.yaml`.
    pub certifications: Vec<Certification>,
    /// `subprocessors.yaml`.
    pub subprocessors: Vec<Subprocessor>,
    /// `notice.yaml`.
    pub notice: Option<ChangeNotice>,
    /// `faq.yaml`.
    pub questions: Vec<Question>,
    /// `updates.yaml`.
    pub updates: Vec<Notice>,
    /// `contact.yaml`.
    pub contacts: Vec<Contact>,
    /// `disclosure.yaml`.
    pub disclosure: Option<Disclosure>,
    /// `controls.yaml`.
    pub controls: Vec<ControlWords>,
}

impl Trust {
    /// The file of a kind, if there is one.
    pub fn file(&self, kind: TrustKind) -> Option<FileId> {
        self.files.iter().find(|(k, _)| *k == kind).map(|(_, file)| *file)
    }

    /// A place in the file of a kind.
    pub fn at(&self, kind: TrustKind, span: Span) -> Option<Location> {
        self.file(kind).map(|file| Location { file, span })
    }
}

impl Subprocessor {
    /// It has stopped receiving data before a day.
    pub fn is_past(&self, today: Date) -> bool {
        self.until.get().is_some_and(|until| *until < today)
    }

    /// It does not receive any yet.
    pub fn is_coming(&self, today: Date) -> bool {
        self.since.get().is_some_and(|since| *since > today)
    }
}

impl Certification {
    /// It held until a day before this one.
    pub fn is_expired(&self, today: Date) -> bool {
        self.expires.get().is_some_and(|expires| *expires < today)
    }
}
