//! Public policies.

use jiff::Timestamp;

use super::controls::controls_of;
use super::documents::Documents;
use super::links::Links;
use super::public::{
    PublicClause, PublicHeading, PublicHtml, PublicLink, PublicPolicies, PublicPolicy, PublicPolicyRow, PublicRule,
    PublicType,
};
use super::words::{Labels, date, role};
use super::{is_public, policy_place, public_of, version_place, versions};
use crate::judge;
use crate::language::Language;
use crate::markdown::{self, Outline, RenderOptions};
use crate::model::{ChangeType, Implements, Ledger, Policy, PolicyReview, PolicyVersion, Risk, Vocabulary};
use crate::redline::{Side, renamed_anchors};
use crate::source::SourceSet;

/// The list of public policies, each as the version says that its page shows.
pub fn public_policies(ledger: &Ledger, as_of: Timestamp) -> PublicPolicies {
    PublicPolicies { policies: public_of(ledger).into_iter().map(|p| row(ledger, p, as_of)).collect(), pdf: None }
}

fn row(ledger: &Ledger, policy: &Policy, as_of: Timestamp) -> PublicPolicyRow {
    let version = &policy.versions[versions::shown(policy, as_of)];
    PublicPolicyRow {
        href: policy_place(policy.id.as_str()),
        title: version.title.clone(),
        summary: version.summary.clone(),
        version: version.version.clone(),
        effective: version.effective.map(|day| date(ledger, day)),
        owner: owner(ledger, version),
        checked: checked(version),
    }
}

/// How many clauses a rule stands behind.
pub(super) fn checked(version: &PolicyVersion) -> usize {
    version
        .outline
        .clauses
        .iter()
        .filter(|c| version.rules.iter().any(|r| r.clause.as_deref() == Some(&*c.anchor)))
        .count()
}

pub(super) fn owner(ledger: &Ledger, version: &PolicyVersion) -> Option<String> {
    let roles: Vec<String> = version.owner.iter().filter_map(|o| role(ledger, o.as_str(), version.effective)).collect();
    (!roles.is_empty()).then(|| ledger.language.row_of(&roles))
}

/// What stands behind the clauses of a public policy, in the order of its text.
pub fn public_clauses(language: &Language, version: &PolicyVersion) -> Vec<PublicClause> {
    version
        .outline
        .clauses
        .iter()
        .filter_map(|clause| {
            let rules: Vec<_> = version.rules.iter().filter(|r| r.clause.as_deref() == Some(&*clause.anchor)).collect();
            let first = rules.first()?;
            debug_assert!(first.clause.is_some());
            Some(PublicClause {
                anchor: clause.anchor.clone(),
                on: judge::types_together(language, &rules, version),
                rules: rules
                    .iter()
                    .map(|r| PublicRule { id: r.id.to_string(), says: judge::in_words_of(language, r), figure: None })
                    .collect(),
            })
        })
        .collect()
}

/// Which page of a policy.
#[derive(Clone, Copy)]
pub struct Shown<'l> {
    /// The policy.
    pub policy: &'l Policy,
    /// The number of the version.
    pub version: usize,
    /// The version's own page, which stays; else the policy's, which shows the version in force.
    pub permanent: bool,
}

impl Shown<'_> {
    fn place(&self) -> String {
        let id = self.policy.id.as_str();
        if self.permanent { version_place(id, &self.policy.versions[self.version].version) } else { policy_place(id) }
    }
}

/// A page of a public policy. `clause` makes the trusted markup that stands beside a clause.
pub fn public_policy(
    documents: &Documents<'_>,
    page: Shown<'_>,
    clause: &dyn Fn(&PublicClause) -> Option<String>,
) -> PublicPolicy {
    let (sources, ledger, as_of) = (documents.sources, documents.ledger, documents.as_of);
    let (policy, version) = (page.policy, &page.policy.versions[page.version]);
    let clauses = public_clauses(&ledger.language, version);
    let beside = |anchor: &str| clauses.iter().find(|c| c.anchor == anchor).and_then(clause);
    let place = page.place();
    let base = policy_place(policy.id.as_str());
    let links = Links { sources, ledger, source: sources.file(version.file).path(), base: &base, place: &place };
    let link = |target: &str| links.resolve(target);
    let own_title = version.outline.title().is_some_and(|h| h.text == version.title);
    let old_names = if page.permanent { Vec::new() } else { old_names(sources, policy, page.version) };
    let also = |anchor: &str| -> Vec<String> {
        old_names.iter().filter(|(_, now)| now == anchor).map(|(old, _)| old.clone()).collect()
    };
    let labels = Labels::of(&ledger.language);
    let options = RenderOptions {
        drop_first_h1: own_title,
        below_h1: true,
        stages: true,
        also: &also,
        clause: &beside,
        link: &link,
        ..labels.options()
    };
    let text = sources.file(version.file).text();
    let body = PublicHtml(markdown::render(text, version.body, &version.outline, &options).html);
    PublicPolicy {
        id: policy.id.to_string(),
        title: version.title.clone(),
        anchor: title_anchor(&version.outline, &version.title),
        summary: version.summary.clone(),
        version: version.version.clone(),
        own: page.permanent,
        effective: version.effective.map(|day| date(ledger, day)),
        updated: version.updated().map(|day| date(ledger, day)),
        amended: version.amended.last().map(|commit| date(ledger, version.calendar.day(commit.at))),
        last_reviewed: version.review.as_ref().and_then(PolicyReview::held).map(|day| date(ledger, day)),
        next_review: version.review.as_ref().and_then(PolicyReview::next).map(|day| date(ledger, day)),
        owner: owner(ledger, version),
        approved_by: approved_by(ledger, version),
        approved_at: version.approved.as_ref().map(|a| date(ledger, a.at)),
        types: version.types.iter().map(|t| public_type(ledger, version, t)).collect(),
        types_after: types_section(&version.outline),
        body,
        outline: headings(&version.outline),
        checked: checked(version),
        implements: controls_of(documents, policy, version),
        related: related(ledger, version),
        standing: versions::standing(ledger, page, as_of),
        versions: versions::rows(ledger, page, as_of),
        pdf: None,
        figures: None,
        href: place,
    }
}

/// Names that headings of a version had in public versions before it.
fn old_names(sources: &SourceSet, policy: &Policy, version: usize) -> Vec<(String, String)> {
    let before = versions::public_versions(policy).into_iter().filter(|number| *number <= version);
    let side = |number: usize| versions::side(sources, policy, number);
    let sides: Vec<Side<'_>> = before.map(side).collect();
    if sides.len() < 2 { Vec::new() } else { renamed_anchors(&sides) }
}

/// The role of whoever approved a version.
pub(super) fn approved_by(ledger: &Ledger, version: &PolicyVersion) -> Option<String> {
    version.approved.as_ref().and_then(|a| role(ledger, a.by.as_str(), Some(a.at)))
}

/// The anchor of the heading that a page shows as its title.
pub(super) fn title_anchor(outline: &Outline, title: &str) -> Option<String> {
    outline.title().filter(|h| h.text == title).map(|h| h.anchor.clone())
}

/// Headings of level 2 and 3.
pub(super) fn headings(outline: &Outline) -> Vec<PublicHeading> {
    outline
        .headings
        .iter()
        .filter(|h| matches!(h.level, 2 | 3))
        .map(|h| PublicHeading { level: h.level, id: h.anchor.clone(), text: h.text.clone() })
        .collect()
}

/// The section that speaks of the types of change: the first heading that names types, categories or classes.
fn types_section(outline: &Outline) -> Option<String> {
    let speaks = |text: &str| {
        let lower = text.to_lowercase();
        ["type", "categor", "classif", "kinds of change"].iter().any(|w| lower.contains(w))
    };
    outline.headings.iter().find(|h| h.level == 2 && speaks(&h.text)).map(|h| h.anchor.clone())
}

fn public_type(ledger: &Ledger, version: &PolicyVersion, change_type: &ChangeType) -> PublicType {
    let language = &ledger.language;
    let risk = change_type.risk.map(|r: Risk| language.word(&format!("risk.{}", r.word())));
    let risk = match (risk, change_type.expedited) {
        (Some(risk), true) => Some(language.say("risk.expedited", &[("risk", &risk)])),
        (None, true) => Some(language.word("risk.expedited_alone")),
        (risk, false) => risk,
    };
    PublicType {
        title: change_type.title.clone(),
        risk,
        summary: change_type.summary.clone(),
        examples: change_type.examples.clone(),
        rules: version.rules.iter().filter(|r| r.binds(change_type.id.as_str())).count(),
    }
}

/// Public policies it refers to; a reference to one that is not public is left out.
fn related(ledger: &Ledger, version: &PolicyVersion) -> Vec<PublicLink> {
    version
        .implements
        .iter()
        .filter_map(|i| match i {
            Implements::Section { policy, section } if is_public(ledger, policy.as_str()) => {
                let title = ledger.policy(policy.as_str())?.newest().title.clone();
                let within = |s: &String| ledger.language.say("policy.section", &[("policy", &title), ("section", s)]);
                let label = section.as_ref().map_or_else(|| title.clone(), within);
                Some(PublicLink { label, href: policy_place(policy.as_str()) })
            }
            _ => None,
        })
        .collect()
}
