//! What a trust centre shows beside policies: commitments, certifications, sub-processors, controls, updates, and the
//! whole of it for machines. Made from lists of `content/data` and public policies; holds nothing else.

use serde::Serialize;

use super::{
    PublicControl, PublicDate, PublicFigures, PublicHtml, PublicLink, PublicPage, PublicPolicyVersion, PublicRule,
};

/// A commitment of the home page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicCommitment {
    /// A few words.
    pub title: String,
    /// The promise.
    pub text: Option<String>,
    /// The clause that makes it, or its policy.
    pub source: Option<PublicLink>,
    /// A rule checks that clause.
    pub checked: bool,
}

/// A certificate, report or attestation.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicCertification {
    /// What it is.
    pub name: String,
    /// What it covers.
    pub scope: Option<String>,
    /// Where it stands, in words.
    pub state: Option<String>,
    /// Who gave it.
    pub body: Option<String>,
    /// When.
    pub issued: Option<PublicDate>,
    /// The last day on which it holds.
    pub expires: Option<PublicDate>,
    /// That day has passed.
    pub expired: bool,
    /// When the next audit is.
    pub next: Option<PublicDate>,
    /// How to get the report.
    pub report: Option<String>,
    /// Where it can be seen.
    pub href: Option<String>,
}

/// The page of certifications.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicCertifications {
    /// The page's frame: place, title, what was written for it.
    pub page: PublicPage,
    /// Those that hold, then those that have expired.
    pub certifications: Vec<PublicCertification>,
}

/// Somebody who processes customers' data.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicSubprocessor {
    /// The company.
    pub name: String,
    /// What for.
    pub purpose: Option<String>,
    /// Which data.
    pub data: Option<String>,
    /// For which services.
    pub services: Option<String>,
    /// Where.
    pub location: Option<String>,
    /// What protects data that leaves its region.
    pub transfer: Option<String>,
    /// When customers were told.
    pub announced: Option<PublicDate>,
    /// The first day on which it receives data.
    pub since: Option<PublicDate>,
    /// The last such day.
    pub until: Option<PublicDate>,
    /// Its own page.
    pub href: Option<String>,
}

/// How customers hear of a new sub-processor.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicNotice {
    /// How long before, as in `30 days`.
    pub in_advance: Option<String>,
    /// By which way.
    pub how: Option<String>,
    /// Where to ask to be told.
    pub address: Option<String>,
    /// What a customer can do who does not agree.
    pub objection: Option<String>,
}

/// An addition to the list of sub-processors, or a removal from it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicChangeOfList {
    /// The company.
    pub name: String,
    /// `added`, `removed`, `to be added` or `to be removed`.
    pub what: &'static str,
    /// From which day on.
    pub date: PublicDate,
    /// When customers were told.
    pub announced: Option<PublicDate>,
    /// How many days before.
    pub notice: Option<i32>,
}

/// The page of sub-processors.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicSubprocessors {
    /// The page's frame.
    pub page: PublicPage,
    /// How customers hear of a new one.
    pub notice: Option<PublicNotice>,
    /// Those that receive data now.
    pub current: Vec<PublicSubprocessor>,
    /// Those that will.
    pub coming: Vec<PublicSubprocessor>,
    /// Additions and removals, newest first.
    pub changes: Vec<PublicChangeOfList>,
    /// Which of data, services and transfer any of them states.
    pub columns: Vec<&'static str>,
}

/// A question and its answer.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicQuestion {
    /// Its anchor.
    pub id: String,
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: PublicHtml,
}

/// Questions under one heading.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicQuestions {
    /// The heading, and its anchor; none where all questions stand under the page's title.
    pub heading: Option<PublicLink>,
    /// The questions.
    pub questions: Vec<PublicQuestion>,
}

/// The page of questions and answers.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicFaq {
    /// The page's frame; its outline lists the questions.
    pub page: PublicPage,
    /// The questions, by heading.
    pub sections: Vec<PublicQuestions>,
}

/// Whom to write to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicContact {
    /// About what.
    pub topic: String,
    /// The address.
    pub address: Option<String>,
    /// A page.
    pub href: Option<String>,
    /// How soon somebody answers, as in `2 business days`.
    pub answers_within: Option<String>,
    /// A sentence more.
    pub text: Option<String>,
}

/// How to report a vulnerability.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicDisclosure {
    /// The address.
    pub address: String,
    /// What comes first.
    pub text: Option<PublicHtml>,
    /// How soon a person answers.
    pub answers_within: Option<String>,
    /// What a report should say.
    pub include: Vec<String>,
    /// What somebody who reports can expect.
    pub expect: Vec<String>,
    /// What is asked of them.
    pub ask: Vec<String>,
    /// What may be tested.
    pub in_scope: Vec<String>,
    /// What may not.
    pub out_of_scope: Vec<String>,
    /// The key to encrypt a report with.
    pub key: Option<String>,
    /// Where those who reported are thanked.
    pub thanks: Option<String>,
    /// Languages that are read.
    pub languages: Vec<String>,
    /// security.txt, where it is made.
    pub security_txt: Option<String>,
}

/// The page of contacts and disclosure.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicContacts {
    /// The page's frame.
    pub page: PublicPage,
    /// Whom to write to.
    pub contacts: Vec<PublicContact>,
    /// How to report a vulnerability.
    pub disclosure: Option<PublicDisclosure>,
}

/// Something that happened, for customers to know.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicUpdate {
    /// Its id, unique in the site and the same in every build: its anchor.
    pub id: String,
    /// Its day.
    pub date: PublicDate,
    /// `Policy`, `Sub-processor`, `Certification` or `Notice`.
    pub kind: &'static str,
    /// What it says, in a line.
    pub title: String,
    /// More of it.
    pub text: Option<PublicHtml>,
    /// What it is about.
    pub about: Option<PublicLink>,
    /// What changed.
    pub redline: Option<String>,
}

/// Updates of one year.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicYear {
    /// `2026`.
    pub year: String,
    /// The newest first.
    pub updates: Vec<PublicUpdate>,
}

/// The page of updates.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicUpdates {
    /// The page's frame.
    pub page: PublicPage,
    /// By year, the newest first.
    pub years: Vec<PublicYear>,
}

/// A clause that implements a control.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicClauseLink {
    /// Its anchor.
    pub anchor: String,
    /// Its words, not too many.
    pub text: String,
    /// Where it stands.
    pub href: String,
    /// A rule checks it.
    pub checked: bool,
}

/// How a policy implements a control.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicImplementation {
    /// The policy's id.
    pub id: String,
    /// The policy.
    pub policy: PublicLink,
    /// The clauses that do; none where the policy as a whole does.
    pub clauses: Vec<PublicClauseLink>,
    /// How many of these clauses, or of all the policy's, a rule checks.
    pub checked: usize,
}

/// A control and what implements it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicControlRow {
    /// Its anchor on the page of controls.
    pub anchor: String,
    /// `CC8.1`.
    pub control: String,
    /// What it asks, in a few words.
    pub title: Option<String>,
    /// By the policies of the matrix, in their order.
    pub cells: Vec<Option<PublicImplementation>>,
    /// The same without gaps.
    pub by: Vec<PublicImplementation>,
}

/// A framework and its controls.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicFramework {
    /// As policies name it: `SOC2`.
    pub id: String,
    /// Its anchor.
    pub anchor: String,
    /// As people know it: `SOC 2`.
    pub name: String,
    /// Its controls that a public policy implements.
    pub controls: Vec<PublicControlRow>,
}

/// The page of controls.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicControls {
    /// The page's frame.
    pub page: PublicPage,
    /// The policies that implement any, by title.
    pub policies: Vec<PublicLink>,
    /// Whether these and the controls are few enough, and enough, for a matrix.
    pub matrix: bool,
    /// The frameworks.
    pub frameworks: Vec<PublicFramework>,
}

/// A clause, for machines.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicTrustClause {
    /// Its anchor.
    pub anchor: String,
    /// Its words.
    pub text: String,
    /// Where it stands, relative to the root.
    pub href: String,
    /// The rules that check it.
    pub rules: Vec<PublicRule>,
}

/// A policy, for machines.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicTrustPolicy {
    /// Its id.
    pub id: String,
    /// Its place.
    pub href: String,
    /// Its title.
    pub title: String,
    /// One sentence.
    pub summary: Option<String>,
    /// The version its page shows.
    pub version: String,
    /// `in-force`, `past` or `coming`.
    pub state: &'static str,
    /// Since when it is in force.
    pub effective: Option<PublicDate>,
    /// When its text last changed.
    pub updated: Option<PublicDate>,
    /// When it was last reviewed.
    pub last_reviewed: Option<PublicDate>,
    /// When the next review is due.
    pub next_review: Option<PublicDate>,
    /// The owner's role.
    pub owner: Option<String>,
    /// The approver's role.
    pub approved_by: Option<String>,
    /// When it was approved.
    pub approved_at: Option<PublicDate>,
    /// How many words its text has.
    pub words: u32,
    /// How many of its clauses a rule checks.
    pub checked: usize,
    /// What it implements.
    pub implements: Vec<PublicControl>,
    /// Its clauses.
    pub clauses: Vec<PublicTrustClause>,
    /// Its public versions, newest first.
    pub versions: Vec<PublicPolicyVersion>,
    /// Its published figures.
    pub figures: Option<PublicFigures>,
}

/// The whole of a trust centre, for machines: what trust.json and OSCAL are made from.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PublicTrust {
    /// The policies, by title.
    pub policies: Vec<PublicTrustPolicy>,
    /// The controls and what implements them.
    pub frameworks: Vec<PublicFramework>,
    /// Published figures of the whole site.
    pub figures: Option<PublicFigures>,
    /// Certifications.
    pub certifications: Vec<PublicCertification>,
    /// Sub-processors that receive data now, and those that will.
    pub subprocessors: Vec<PublicSubprocessor>,
    /// Updates, newest first.
    pub updates: Vec<PublicUpdate>,
}
