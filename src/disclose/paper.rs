//! A public policy as it goes on paper: what its page shows, and its text as blocks.

use jiff::civil::Date;

use super::documents::Documents;
use super::links::Links;
use super::policy::{Shown, public_clauses, public_policy};
use super::policy_place;
use super::public::{PublicClause, PublicPolicy};
use crate::markdown::{self, Block, PaperOptions};

/// A version of a public policy on paper.
#[derive(Debug, Clone)]
pub struct PublicPaper {
    /// What its page shows.
    pub policy: PublicPolicy,
    /// What stands behind its clauses.
    pub clauses: Vec<PublicClause>,
    /// Its text. Links lead to whole addresses, or to anchors of the text.
    pub blocks: Vec<Block>,
    /// The day it is of: effective, else approved, else updated, else the day things are judged on.
    pub date: Date,
}

/// A version of a public policy as it goes on paper.
pub fn public_paper(documents: &Documents<'_>, page: Shown<'_>) -> PublicPaper {
    let (sources, ledger) = (documents.sources, documents.ledger);
    let version = &page.policy.versions[page.version];
    let clauses = public_clauses(&ledger.language, version);
    let base = policy_place(page.policy.id.as_str());
    let links = Links { sources, ledger, source: sources.file(version.file).path(), base: &base, place: "" };
    let root = &ledger.configuration.base_url;
    let link = |target: &str| {
        let place = links.resolve(target)?;
        (!place.starts_with("//")).then(|| format!("{root}{}", place.trim_start_matches("./")))
    };
    let tick = |anchor: &str| clauses.iter().find(|c| c.anchor == anchor).map(|c| c.on.clone());
    let own_title = version.outline.title().is_some_and(|h| h.text == version.title);
    let options = PaperOptions { drop_first_h1: own_title, tick: &tick, link: &link };
    let text = sources.file(version.file).text();
    let approved = version.approved.as_ref().map(|a| a.at);
    PublicPaper {
        blocks: markdown::paper(text, version.body, &version.outline, &options),
        policy: public_policy(documents, page, &|_| None),
        clauses,
        date: version
            .effective
            .or(approved)
            .or(version.updated())
            .unwrap_or_else(|| version.calendar.day(documents.as_of)),
    }
}
