//! The whole of a trust centre for machines, from what its pages are made from.

use super::documents::Documents;
use super::public::{PublicTrust, PublicTrustClause, PublicTrustPolicy};
use super::words::date;
use super::{
    Figures, Shown, checked, controls, lists, policy, policy_place, public_clauses, public_of, updates, versions,
};
use crate::model::{Policy, PolicyReview};

/// Everything public, as data.
pub fn public_trust(documents: &Documents<'_>, figures: &Figures) -> PublicTrust {
    let (current, coming) = lists::current_and_coming(documents);
    PublicTrust {
        policies: public_of(documents.ledger).into_iter().map(|p| of_policy(documents, p, figures)).collect(),
        frameworks: controls::frameworks(documents).1,
        figures: figures.site.clone(),
        certifications: lists::certifications(documents),
        subprocessors: current.into_iter().chain(coming).collect(),
        updates: updates::public_updates_list(documents),
    }
}

fn of_policy(documents: &Documents<'_>, policy: &Policy, figures: &Figures) -> PublicTrustPolicy {
    let number = versions::shown(policy, documents.as_of);
    let version = &policy.versions[number];
    let page = Shown { policy, version: number, permanent: false };
    let behind = public_clauses(&documents.ledger.language, version);
    let href = policy_place(policy.id.as_str());
    PublicTrustPolicy {
        id: policy.id.to_string(),
        title: version.title.clone(),
        summary: version.summary.clone(),
        version: version.version.clone(),
        state: versions::standing(documents.ledger, page, documents.as_of).state,
        effective: version.effective.map(|day| date(documents.ledger, day)),
        updated: version.updated().map(|day| date(documents.ledger, day)),
        last_reviewed: version.review.as_ref().and_then(PolicyReview::held).map(|day| date(documents.ledger, day)),
        next_review: version.review.as_ref().and_then(PolicyReview::next).map(|day| date(documents.ledger, day)),
        owner: policy::owner(documents.ledger, version),
        approved_by: policy::approved_by(documents.ledger, version),
        approved_at: version.approved.as_ref().map(|a| date(documents.ledger, a.at)),
        words: version.outline.words,
        checked: checked(version),
        implements: controls::controls_of(documents, policy, version),
        clauses: version
            .outline
            .clauses
            .iter()
            .map(|clause| PublicTrustClause {
                href: format!("{href}#{}", clause.anchor),
                text: clause.text.clone(),
                rules: behind.iter().find(|b| b.anchor == clause.anchor).map(|b| b.rules.clone()).unwrap_or_default(),
                anchor: clause.anchor.clone(),
            })
            .collect(),
        versions: versions::rows(documents.ledger, page, documents.as_of),
        figures: figures.policies.get(policy.id.as_str()).cloned(),
        href,
    }
}
