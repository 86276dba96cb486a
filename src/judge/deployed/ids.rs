//! Numbers that are missing between the ids of records: CHG-2026-0001 and CHG-2026-0003.
//!
//! Only where most numbers are there: in ids that another system gives out, most numbers belong to others.

use std::collections::BTreeMap;

use super::claims::Claim;

/// Numbers that are missing before a record.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Gap {
    /// The record after them, by its number among the claims.
    pub(super) before: usize,
    /// The missing ids: one, or the first and the last.
    pub(super) ids: (String, String),
    pub(super) count: u64,
}

/// The gaps in all ids, prefix by prefix.
pub(super) fn gaps(claims: &[Claim]) -> Vec<Gap> {
    let mut by: BTreeMap<&str, BTreeMap<u64, (usize, usize)>> = BTreeMap::new();
    for (at, claim) in claims.iter().enumerate() {
        let digits = claim.id.len() - claim.id.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let (prefix, number) = claim.id.split_at(claim.id.len() - digits);
        if let Ok(number) = number.parse() {
            by.entry(prefix).or_default().insert(number, (at, digits));
        }
    }
    by.iter().flat_map(|(prefix, numbers)| in_sequence(prefix, numbers)).collect()
}

/// The gaps in one sequence: each number with its record and how many digits it is written with.
fn in_sequence(prefix: &str, numbers: &BTreeMap<u64, (usize, usize)>) -> Vec<Gap> {
    let list: Vec<(u64, (usize, usize))> = numbers.iter().map(|(n, at)| (*n, *at)).collect();
    let between = |two: &[(u64, (usize, usize))]| {
        let ((from, _), (to, (before, digits))) = (two[0], two[1]);
        let written = |n: u64| format!("{prefix}{n:0digits$}");
        (to - from > 1).then(|| Gap { before, ids: (written(from + 1), written(to - 1)), count: to - from - 1 })
    };
    let gaps: Vec<Gap> = list.windows(2).filter_map(between).collect();
    let missing: u64 = gaps.iter().map(|g| g.count).fold(0, u64::saturating_add);
    if missing > list.len() as u64 { Vec::new() } else { gaps }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Location, Span};

    fn missing(ids: &[&str]) -> Vec<String> {
        let place = Location { file: FileId(0), span: Span::at(0) };
        let claim = |id: &&str| Claim {
            id: (*id).into(),
            policy: None,
            title: "".into(),
            author: "".into(),
            place,
            when: None,
            production: vec![],
            commits: vec![],
            requests: vec![],
            incidents: false,
        };
        let claims: Vec<Claim> = ids.iter().map(claim).collect();
        gaps(&claims)
            .into_iter()
            .map(|g| format!("{} to {} ({}) before {}", g.ids.0, g.ids.1, g.count, ids[g.before]))
            .collect()
    }

    #[test]
    fn gaps_are_found_in_each_sequence_of_its_own() {
        let ids =
            ["CHG-2026-0003", "CHG-2026-0001", "CHG-2027-0001", "CHG-2026-0006", "CHG-2026-0002", "X", "CHG-2027-0002"];
        assert_eq!(missing(&ids), ["CHG-2026-0004 to CHG-2026-0005 (2) before CHG-2026-0006"]);
        assert_eq!(missing(&["A-9", "A-11"]), ["A-10 to A-10 (1) before A-11"]);
        assert_eq!(
            missing(&["CHG0030412", "CHG0030900"]),
            Vec::<String>::new(),
            "numbers of a system that others use too"
        );
        assert_eq!(missing(&["A-1", "A-99999999999999999999999"]), Vec::<String>::new());
    }
}
