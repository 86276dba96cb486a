//! What auditors test of a change, by framework, and which kinds of rules test it here.
//!
//! The words are ours: they say what is looked for, and replace no framework's text. A rule tests an attribute by what it
//! asks, whatever it is called; an attribute that no rule tests is said to be not covered, never to be met.

use crate::model::{Check, Event, PolicyVersion, Rule};

/// An attribute, once for all frameworks.
pub struct Attribute {
    /// Its id in files.
    pub id: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What is looked for.
    pub asks: &'static str,
    /// Frameworks and the part of each that asks for it: `SOC 2 CC8.1`.
    pub frameworks: &'static [&'static str],
    /// Which rules test it, in words.
    pub rules: &'static str,
    covers: fn(&Rule, &PolicyVersion) -> bool,
}

impl Attribute {
    /// Whether a rule tests it.
    pub fn is_tested_by(&self, rule: &Rule, version: &PolicyVersion) -> bool {
        (self.covers)(rule, version)
    }
}

const SOC2: &str = "SOC 2 CC8.1";
const ISO: &str = "ISO 27001 A.8.32";
const PCI: &str = "PCI DSS 6.5.1";
const NIST: &str = "NIST 800-53 CM-3";

/// All attributes, in the order of a change's life.
pub static ATTRIBUTES: &[Attribute] = &[
    Attribute {
        id: "request",
        title: "Requested and described",
        asks: "Somebody asked for the change, and what it is and why is written down.",
        frameworks: &[SOC2, ISO, PCI, NIST],
        rules: "fields: description, purpose, requested_by, issue links; merged",
        covers: |rule, _| {
            names(rule, &["description", "purpose", "title", "requested_by", "requested_at", "links", "kind"])
                || matches!(rule.check, Check::Merged(_))
        },
    },
    Attribute {
        id: "impact",
        title: "Risk and security impact assessed",
        asks: "What it may do to security and to those who depend on it was looked at beforehand.",
        frameworks: &[SOC2, ISO, PCI, NIST],
        rules: "fields: assessment, risk, impact, dependencies, systems",
        covers: |rule, _| names(rule, &["assessment", "risk", "impact", "dependencies", "systems"]),
    },
    Attribute {
        id: "authorised",
        title: "Authorised",
        asks: "Somebody entitled to agree to it did, or a procedure that was agreed to covers it.",
        frameworks: &[SOC2, ISO, PCI, NIST],
        rules: "approval; procedure; attested",
        covers: |rule, _| matches!(rule.check, Check::Approval(_) | Check::Procedure | Check::Attested(_)),
    },
    Attribute {
        id: "approved-before",
        title: "Approved before deployment",
        asks: "The agreement came before the change reached production.",
        frameworks: &[SOC2, ISO, PCI, NIST],
        rules: "approval with `before`; order and deadlines with approved before deployed; procedure",
        covers: |rule, _| match &rule.check {
            Check::Approval(check) => check.before.is_some(),
            Check::Order(events) => comes_before(events, Event::Approved, Event::Deployed),
            Check::Procedure => true,
            _ => false,
        },
    },
    Attribute {
        id: "tested",
        title: "Tested",
        asks: "It was tested, and what the tests left open was acceptable, before it was deployed.",
        frameworks: &[SOC2, ISO, PCI],
        rules: "gates; deployment with `staged`; fields: test_plan, gates",
        covers: |rule, _| match &rule.check {
            Check::Gates(_) => true,
            Check::Deployment(check) => check.staged,
            _ => names(rule, &["test_plan", "gates"]),
        },
    },
    Attribute {
        id: "reviewed",
        title: "Reviewed by a second person",
        asks: "Somebody other than its author looked at the change itself.",
        frameworks: &[SOC2, PCI, NIST],
        rules: "review; merged with code owners",
        covers: |rule, _| match &rule.check {
            Check::Review(_) => true,
            Check::Merged(check) => check.code_owners,
            _ => false,
        },
    },
    Attribute {
        id: "segregation",
        title: "Segregation of duties",
        asks: "Nobody agreed to, reviewed or released work of their own alone.",
        frameworks: &[SOC2, ISO, PCI],
        rules: "approval and review with `not_by`",
        covers: |rule, _| match &rule.check {
            Check::Approval(check) => !check.not_by.is_empty(),
            Check::Review(check) => !check.not_by.is_empty(),
            _ => false,
        },
    },
    Attribute {
        id: "deployment",
        title: "Deployed as agreed",
        asks: "It was deployed by the agreed way and at an agreed time, and watched.",
        frameworks: &[SOC2, ISO, NIST],
        rules: "deployment; window; freeze; observation; deadlines of a notice",
        covers: |rule, _| match &rule.check {
            Check::Deployment(_) | Check::Window(_) | Check::Freeze | Check::Observation(_) => true,
            Check::Deadline(check) => matches!(check.of, Event::Notified | Event::Monitored | Event::Confirmed),
            _ => false,
        },
    },
    Attribute {
        id: "rollback",
        title: "Way back",
        asks: "It was known beforehand how to return to a safe state, and when to.",
        frameworks: &[SOC2, ISO, PCI],
        rules: "rollback; fields: rollback",
        covers: |rule, _| matches!(rule.check, Check::Rollback(_)) || names(rule, &["rollback"]),
    },
    Attribute {
        id: "emergency",
        title: "Emergency handled",
        asks: "An emergency was one, and what was skipped was made good and reviewed in time.",
        frameworks: &[SOC2, ISO, NIST],
        rules: "incident; any deadline, review, approval or attestation that binds expedited types alone",
        covers: |rule, version| {
            let expedited = |word: &crate::model::Word| version.change_type(word.as_str()).is_some_and(|t| t.expedited);
            let alone = !rule.types.is_empty() && rule.types.iter().all(expedited);
            match &rule.check {
                Check::Incident(_) => alone || rule.types.is_empty(),
                Check::Deadline(_) | Check::Review(_) | Check::Approval(_) | Check::Attested(_) | Check::Fields(_) => {
                    alone
                }
                _ => false,
            }
        },
    },
    Attribute {
        id: "confirmed",
        title: "Confirmed and reviewed afterwards",
        asks: "What came of it was looked at and written down.",
        frameworks: &[SOC2, NIST],
        rules: "deadlines of review, confirmation or documentation; incident that the change caused; fields: outcome, post_change_review",
        covers: |rule, _| match &rule.check {
            Check::Deadline(check) => {
                matches!(check.of, Event::Reviewed | Event::Confirmed | Event::Documented | Event::SignedOff)
            }
            Check::Incident(check) => check.reviewed,
            _ => names(rule, &["outcome", "post_change_review"]),
        },
    },
    Attribute {
        id: "records",
        title: "Records whole and unchanged",
        asks: "The record was kept, and not rewritten afterwards.",
        frameworks: &[SOC2, NIST],
        rules: "unchanged; retained and complete, which are judged once per policy",
        covers: |rule, _| matches!(rule.check, Check::Unchanged(_) | Check::Retained(_) | Check::Complete),
    },
];

/// Whether a rule asks for any of these fields, or a part of one.
fn names(rule: &Rule, fields: &[&str]) -> bool {
    let Check::Fields(paths) = &rule.check else { return false };
    paths.iter().any(|path| fields.contains(&path.0.split('.').next().unwrap_or_default()))
}

fn comes_before(events: &[Event], first: Event, second: Event) -> bool {
    let at = |event: Event| events.iter().position(|e| *e == event);
    at(first).zip(at(second)).is_some_and(|(a, b)| a < b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_attribute_is_named_once_and_belongs_to_a_framework() {
        let mut ids: Vec<&str> = ATTRIBUTES.iter().map(|a| a.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), ATTRIBUTES.len());
        for framework in [SOC2, ISO, PCI, NIST] {
            assert!(ATTRIBUTES.iter().filter(|a| a.frameworks.contains(&framework)).count() >= 6, "{framework}");
        }
    }

    #[test]
    fn order_is_that_of_the_list() {
        let list = [Event::Requested, Event::Approved, Event::Deployed];
        assert!(comes_before(&list, Event::Approved, Event::Deployed));
        assert!(!comes_before(&list, Event::Deployed, Event::Approved));
        assert!(!comes_before(&list[..2], Event::Approved, Event::Deployed));
    }
}
