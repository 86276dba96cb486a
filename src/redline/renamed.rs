//! Headings that were renamed: links to the anchors they had lead to them still.

use std::collections::BTreeMap;

use super::align::{Partner, pairs};
use super::blocks::blocks;
use super::{Side, align};

/// Anchors that headings and clauses had in earlier versions and have no more, each with the anchor it has in the last one.
/// What is gone, or has a name that somebody else has by now, is not here.
pub fn renamed_anchors(versions: &[Side<'_>]) -> Vec<(String, String)> {
    let Some(newest) = versions.last() else { return Vec::new() };
    let mut leads: BTreeMap<String, String> = BTreeMap::new();
    for two in versions.windows(2) {
        let (old, new) = (blocks(two[0]), blocks(two[1]));
        let align::Pairs { old: partners, .. } = pairs(&old, &new);
        let mut step: BTreeMap<&str, &str> = BTreeMap::new();
        for (block, partner) in old.iter().zip(&partners) {
            let (Partner::InPlace(at) | Partner::Moved(at)) = partner else { continue };
            if let (Some(was), Some(is)) = (&block.anchor, &new[*at].anchor) {
                step.entry(was).or_insert(is);
            }
        }
        leads = leads.into_iter().filter_map(|(old, now)| Some((old, (*step.get(now.as_str())?).to_owned()))).collect();
        leads.extend(step.iter().map(|(was, is)| ((*was).to_owned(), (*is).to_owned())));
    }
    let taken = |anchor: &str| newest.version.clause(anchor).is_some();
    leads.into_iter().filter(|(old, _)| !taken(old)).collect()
}
