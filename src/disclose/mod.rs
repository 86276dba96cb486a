//! The only door to public pages: `Public*` values built field by field from what is public, and nothing else.
//!
//! Invariants: a policy comes through only if its classification says public; people come through only as the role they
//! held; records, waivers, incidents and internal policies have no way through, because no type here has a field for
//! them. What finished bytes hold all the same is searched by [`LeakGate`], the second line of defence. Nothing here
//! renders a page or knows routes beyond the places of public documents.

mod controls;
mod documents;
mod figures;
mod frameworks;
mod gate;
mod links;
mod lists;
mod paper;
mod phrases;
mod policy;
pub mod public;
mod readings;
mod site;
mod trust;
mod updates;
mod versions;
mod words;

pub use controls::public_controls;
pub use documents::{Documents, ListPage};
pub use figures::{Figures, public_figures};
pub use gate::{CODES, Leak, LeakGate};
pub use links::{Goes, Links, decode as percent_decoded};
pub use lists::{
    public_certifications, public_commitments, public_contacts, public_disclosure, public_faq, public_subprocessors,
};
pub use paper::{PublicPaper, public_paper};
pub use policy::{Shown, public_clauses, public_policies, public_policy};
pub use site::{has_search, public_home, public_page, public_site, table_of};

pub use trust::public_trust;
pub use updates::{public_updates, public_updates_list};

use crate::model::{Classification, Ledger, Policy};
use policy::checked;
pub use versions::{public_redline, public_versions, redlines, shown};

/// The policies anybody may read, in the order of their titles. The newest version says so.
pub fn public_of(ledger: &Ledger) -> Vec<&Policy> {
    let mut list: Vec<&Policy> =
        ledger.policies.iter().filter(|p| p.newest().classification == Classification::Public).collect();
    list.sort_by(|a, b| a.newest().title.cmp(&b.newest().title).then_with(|| a.id.cmp(&b.id)));
    list
}

/// Whether this policy is one that anybody may read.
fn is_public(ledger: &Ledger, id: &str) -> bool {
    ledger.policy(id).is_some_and(|p| p.newest().classification == Classification::Public)
}

/// The place of a public policy's page, relative to the site's root.
pub fn policy_place(id: &str) -> String {
    format!("policies/{id}/")
}

/// The place of a version's own page.
pub fn version_place(id: &str, version: &str) -> String {
    format!("policies/{id}/versions/{version}/")
}

/// The place of the comparison of two versions.
pub fn redline_place(id: &str, old: &str, new: &str) -> String {
    format!("policies/{id}/changes/{old}..{new}/")
}

/// A text in which everything that looks like a secret is replaced, for messages.
pub fn without_secrets(text: &str) -> String {
    crate::source::secrets::masked(text)
}
