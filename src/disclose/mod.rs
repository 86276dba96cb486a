//! The only door to public pages: `Public*` values built field by field from what is public, and nothing else.
//!
//! Invariants: a policy comes through only if its classification says public; people come through only as the role they
//! held; records, waivers, incidents and internal policies have no way through, because no type here has a field for
//! them. What finished bytes hold all the same is searched by [`LeakGate`], the second line of defence. Nothing here
//! renders a page or knows routes beyond the places of public documents.

mod gate;
mod policy;
pub mod public;
mod secrets;
mod site;
mod words;

pub use gate::{CODES, Leak, LeakGate};
pub use policy::{public_clauses, public_policies, public_policy};
pub use site::{direction, public_home, public_page, public_site, table_of};

use crate::model::{Classification, Ledger, Policy};

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

/// What a dropped link is rewritten to: no scheme and no path, so that the markdown allow-list drops it to its text.
const DROPPED: &str = "//";

/// Where a link in a public text leads: to public policies and pages of the site; one to a policy that is not public is
/// dropped to its text. `root` is the page's way back to the site's root.
pub fn public_link(ledger: &Ledger, root: &str, target: &str) -> Option<String> {
    let (path, anchor) = target.split_once('#').map_or((target, String::new()), |(p, a)| (p, format!("#{a}")));
    if path.is_empty() {
        return None;
    }
    let site_path = path.strip_prefix('/');
    let policy = match site_path {
        Some(rest) => rest.strip_prefix("policies/").map(|p| p.trim_end_matches('/')).filter(|p| !p.is_empty()),
        None => {
            path.strip_suffix(".md").and_then(|p| p.rsplit('/').next()).filter(|stem| ledger.policy(stem).is_some())
        }
    };
    if let Some(id) = policy {
        let id = id.split('/').next().unwrap_or(id);
        if ledger.policy(id).is_some() {
            let place =
                if is_public(ledger, id) { format!("{root}{}{anchor}", policy_place(id)) } else { DROPPED.to_owned() };
            return Some(place);
        }
    }
    site_path.map(|rest| {
        let place = if rest.is_empty() && root.is_empty() { "./" } else { rest };
        format!("{root}{place}{anchor}")
    })
}
