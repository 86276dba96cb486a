//! The judge: one engine that loops over the rules of a record's policy version, and says what each comes to.
//!
//! Judging is a pure function of the ledger and `as_of`: it reads no clock, no file and no environment, and asks each
//! record alone, so that the order of records and the number of threads change nothing. A pass is a positive assertion;
//! what nobody can say is `unknown` (ARCHITECTURE.md, invariant 4).

mod after_incident;
mod case;
mod checks;
pub mod codes;
mod complete;
mod count;
mod deployed;
mod disagreements;
mod evidence;
mod expression;
mod finding;
mod plain;
mod refusal;
mod retained;
mod verdict;
mod waiver_review;
mod waivers;

pub use after_incident::{IncidentsSince, check_policy_reviews, observe_incidents};
pub use case::{Case, Due, Moment};
pub use codes::CODES;
pub use complete::incompletenesses;
pub use deployed::{
    Claims, asks_deployed, difference_code, difference_finding, difference_help, observe_claims, reconcile,
};
pub use disagreements::check_record;
pub use evidence::{asks_history, record_history};
pub use expression::{
    prepare as prepare_expressions, prepare_policy, reads as expression_reads, shown as expression_shown,
};
pub use finding::{finding, findings, waived};
pub use plain::{
    due_in_words, in_plain_words, in_words_of, length_in, role as role_words, types_in_words, types_in_words_of,
    types_together,
};
pub use retained::{Vanished, is_of_policy_rule, judge_policy, policy_finding, vanished};
pub use verdict::{Explanation, Fact, Judgement, Ruling, Verdict};
pub use waiver_review::{Doubt, WIDE, check_waiver_use, doubts};
pub use waivers::{WaiverUse, names_rule, observe_waivers};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::diag::Level;
use crate::model::{
    ChangeRecord, Check, Deployment, Event, Field, InForce, Ledger, Policy, PolicyVersion, Quarter, Rule,
};
use verdict::Say;

/// How much is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Why, for whatever is not a pass.
    Findings,
    /// Why, for everything.
    All,
}

/// A record judged.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The policy's number in the ledger and its version's number, where the policy is known.
    pub policy: Option<(u32, u32)>,
    /// The record is older than the policy's first version.
    pub before_first: bool,
    /// Every rule of the record's type, in the policy's order.
    pub judgements: Vec<Judgement>,
    /// The worst of its rules at error level.
    pub verdict: Verdict,
}

impl Judged {
    /// The policy version it was judged by.
    pub fn version<'l>(&self, ledger: &'l Ledger) -> Option<&'l PolicyVersion> {
        self.policy.map(|(policy, version)| &ledger.policies[policy as usize].versions[version as usize])
    }
}

/// What judges records.
#[derive(Clone, Copy)]
pub struct Judge<'l> {
    ledger: &'l Ledger,
    as_of: Timestamp,
    detail: Detail,
}

impl<'l> Judge<'l> {
    /// A judge of this ledger as of an instant.
    pub fn new(ledger: &'l Ledger, as_of: Timestamp, detail: Detail) -> Self {
        Self { ledger, as_of, detail }
    }

    /// The policy version in force for a record: on the day it was requested, or first deployed if that came earlier.
    pub fn version_for(&self, record: &ChangeRecord) -> Option<(&'l Policy, InForce<'l>)> {
        let policy = self.ledger.policy_of(record)?;
        let day = self.day_of(record, policy.newest());
        Some((policy, policy.in_force(day)))
    }

    fn day_of(&self, record: &ChangeRecord, version: &PolicyVersion) -> Date {
        let requested = record.requested_at.get().map(|t| t.0);
        let deployed = first_production(self.ledger, record);
        match (requested, deployed) {
            (Some(r), Some(d)) => version.calendar.day(r.min(d)),
            (Some(t), None) | (None, Some(t)) => version.calendar.day(t),
            (None, None) => Date::MAX,
        }
    }

    /// Judges a record by the version in force on its day.
    pub fn judge(&self, record: &ChangeRecord) -> Judged {
        let Some((policy, in_force)) = self.version_for(record) else {
            return Judged { policy: None, before_first: false, judgements: Vec::new(), verdict: Verdict::Unknown };
        };
        let index = self.ledger.policy_number(policy.id.as_str()).unwrap_or(0) as u32;
        let judgements = self.judge_by(record, in_force);
        let verdict = verdict(record, in_force.version, &judgements);
        Judged {
            policy: Some((index, in_force.index as u32)),
            before_first: in_force.before_first,
            judgements,
            verdict,
        }
    }

    /// Judges a record by some rules of a version, by their numbers; those that bind its type, in their order.
    pub fn judge_rules(&self, record: &ChangeRecord, in_force: InForce<'_>, rules: &[u16]) -> Vec<Judgement> {
        self.judge_some(record, in_force, |number| rules.contains(&number))
    }

    /// Judges a record by one version's rules.
    fn judge_by(&self, record: &ChangeRecord, in_force: InForce<'_>) -> Vec<Judgement> {
        self.judge_some(record, in_force, |_| true)
    }

    fn judge_some(&self, record: &ChangeRecord, in_force: InForce<'_>, wanted: impl Fn(u16) -> bool) -> Vec<Judgement> {
        let version = in_force.version;
        let mut case = Case::new(self.ledger, record, version, self.as_of);
        case.cut = in_force.cut;
        let Some(change_type) = record.type_.get() else { return Vec::new() };
        let mut list = Vec::with_capacity(version.rules.len());
        for (number, rule) in version.rules.iter().enumerate().filter(|(_, r)| r.binds(change_type.as_str())) {
            if rule.check.is_of_policy() || !wanted(number as u16) {
                continue;
            }
            list.push(self.judge_rule(&case, number as u16, rule));
        }
        list
    }

    fn judge_rule(&self, case: &Case<'_>, number: u16, rule: &Rule) -> Judgement {
        let (ruling, mut why) = match self.detail {
            Detail::All => explained(case, rule),
            Detail::Findings => (rule_ruling(case, rule, &mut Say::silent()), None),
        };
        if why.is_none() && !matches!(ruling.verdict, Verdict::Pass | Verdict::NotApplicable) {
            why = explained(case, rule).1;
        }
        let lifted = match ruling.verdict {
            Verdict::Fail | Verdict::Unknown => waivers::lifting(case, rule, &ruling),
            _ => None,
        };
        let verdict = if lifted.is_some() { Verdict::Waived } else { ruling.verdict };
        Judgement { rule: number, verdict, code: ruling.code, due: ruling.due, waiver: lifted, why }
    }
}

/// What a rule comes to, and why: the same check, listening.
fn explained(case: &Case<'_>, rule: &Rule) -> (Ruling, Option<Box<Explanation>>) {
    let mut explanation = Box::new(Explanation::default());
    let ruling = rule_ruling(case, rule, &mut Say::to(&mut explanation));
    (ruling, Some(explanation))
}

/// A rule's ruling, reasons included, waivers aside.
fn rule_ruling(case: &Case<'_>, rule: &Rule, say: &mut Say<'_>) -> Ruling {
    if case.cut {
        return case.no_version(say);
    }
    if case.version.is_unread() {
        say.headline(|| format!("version {} of the policy cannot be read any more", case.version.version));
        return Ruling::unknown(&codes::BROKEN_RULE, None);
    }
    if case.is_abandoned() && rule.due != Some(Event::Requested) {
        say.headline(|| "the change was turned down or given up, and never deployed".to_owned());
        return Ruling::of(Verdict::NotApplicable, None);
    }
    if let Some(condition) = &rule.when
        && let Some(ruling) = checks::unless_applies(case, rule, condition, say)
    {
        return ruling;
    }
    let ruling = checks::ruling(case, rule, say);
    let lacking = matches!(ruling.verdict, Verdict::Fail | Verdict::Unknown | Verdict::Pending);
    if rule.or_reason && lacking && !matches!(rule.check, Check::Broken) {
        return reasoned(case, rule, ruling, say);
    }
    ruling
}

/// What a rule comes to that does not hold, where a reason in the record stands in for keeping it.
fn reasoned(case: &Case<'_>, rule: &Rule, ruling: Ruling, say: &mut Say<'_>) -> Ruling {
    let reasons = &case.record.reasons;
    if let Field::Broken(span) = reasons {
        return case.broken(*span, say);
    }
    match reasons.items().iter().find(|n| n.name.as_str() == rule.id.as_str()).map(|n| &n.text) {
        Some(Field::Given(text, span)) => {
            say.reopen();
            say.headline(|| "a reason is given instead".to_owned());
            say.fact("reason", Some(*span), || text.to_string());
            Ruling::of(Verdict::Pass, ruling.due)
        }
        Some(Field::Broken(span)) => case.broken(*span, say),
        _ => {
            say.or_help(|| format!("or say under `reasons`, as `{}: …`, why it could not be kept", rule.id));
            ruling
        }
    }
}

/// A record's verdict: the worst of its rules at error level.
pub fn verdict(record: &ChangeRecord, version: &PolicyVersion, judgements: &[Judgement]) -> Verdict {
    // A policy of which not even the rules could be read asks something nobody knows.
    let unread = version.is_unread() || (version.broken && version.rules.is_empty());
    if !record.type_.is_given() || unread {
        return Verdict::Unknown;
    }
    judgements
        .iter()
        .filter(|j| version.rules[j.rule as usize].level == Level::Error)
        .map(|j| j.verdict)
        .min()
        .unwrap_or(Verdict::NotApplicable)
}

/// The instant of a record's first production deployment, rollbacks aside.
pub fn first_production(ledger: &Ledger, record: &ChangeRecord) -> Option<Timestamp> {
    let production = |d: &&Deployment| !d.is_rollback() && is_production(ledger, d);
    record.deployments.items().iter().filter(production).filter_map(|d| d.at.get().map(|t| t.0)).min()
}

/// Whether a deployment went to production.
pub fn is_production(ledger: &Ledger, deployment: &Deployment) -> bool {
    deployment.environment.get().is_some_and(|e| ledger.configuration.production.iter().any(|p| p == e.as_str()))
}

/// The instant that says which quarter a record belongs to: its first production deployment, else its closure, else its
/// request (FORMATS.md, section 7).
pub fn quarter_instant(ledger: &Ledger, record: &ChangeRecord) -> Option<Timestamp> {
    first_production(ledger, record)
        .or_else(|| record.closed_at.get().map(|t| t.0))
        .or_else(|| record.requested_at.get().map(|t| t.0))
}

/// The quarter a record belongs to, in the site's zone.
pub fn quarter(ledger: &Ledger, record: &ChangeRecord) -> Option<Quarter> {
    let calendar = &ledger.configuration.calendar;
    quarter_instant(ledger, record).map(|at| Quarter::of(calendar.day(at), calendar.fiscal_year_starts))
}
