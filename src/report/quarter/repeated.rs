//! What keeps going wrong: rules broken again and again, and systems whose changes break rules again and again.

use std::collections::BTreeMap;

use super::Counted;
use super::controls::{Control, Key};
use super::groups::{Groups, anchor};
use super::words::plain;
use crate::judge::Verdict;
use crate::report::attention::Owners;
use crate::report::pages::{Link, RepeatedRow};
use crate::report::row::{Row, policy_href};
use crate::report::wording::{capital, changes};

/// From how many failures in a quarter on something is repeated.
const OFTEN: usize = 3;
/// How many systems are listed.
const SYSTEMS: usize = 8;

/// Rules that broke three times in the quarter, or in this one and the last; then systems with three broken changes.
pub(super) fn repeated<'r>(
    owners: &Owners,
    counted: &Counted<'r>,
    before: Option<&BTreeMap<Key<'_>, Control<'_>>>,
    groups: &mut Groups<'r>,
) -> Vec<RepeatedRow> {
    let mut list = Vec::new();
    for (key, control) in &counted.controls {
        let broke = control.of(&[Verdict::Fail]);
        let was = before.and_then(|b| b.get(key)).map_or(0, |c| c.of(&[Verdict::Fail]).len());
        if broke.len() < OFTEN && (broke.is_empty() || was == 0) {
            continue;
        }
        let id = format!("broke-{}-{}", anchor(control.policy()), anchor(control.id()));
        let earlier = if was > 0 { format!(", by {was} the quarter before") } else { String::new() };
        list.push(RepeatedRow {
            what: Link { text: control.shown().to_owned(), href: Some(policy_href(control.policy())) },
            kind: "rule",
            says: format!("broken by {} of {}{earlier}", broke.len(), changes(control.due())),
            count: groups.count(&id, &format!("{}: broke", control.shown()), &broke),
            owner: owners.of_policy(key.0),
        });
    }
    list.sort_by(|a, b| b.count.n.cmp(&a.count.n).then_with(|| a.what.text.cmp(&b.what.text)));
    list.extend(systems(owners, counted, groups));
    list
}

fn systems<'r>(owners: &Owners, counted: &Counted<'r>, groups: &mut Groups<'r>) -> Vec<RepeatedRow> {
    let mut by: BTreeMap<&str, (usize, Vec<&'r Row>)> = BTreeMap::new();
    for row in counted.rows {
        for system in &row.systems {
            let entry = by.entry(system.as_str()).or_default();
            entry.0 += 1;
            if row.verdict == Verdict::Fail {
                entry.1.push(row);
            }
        }
    }
    let mut often: Vec<(&str, usize, Vec<&'r Row>)> =
        by.into_iter().filter(|(_, (_, broke))| broke.len() >= OFTEN).map(|(s, (of, broke))| (s, of, broke)).collect();
    often.sort_by(|a, b| b.2.len().cmp(&a.2.len()).then_with(|| a.0.cmp(b.0)));
    often.truncate(SYSTEMS);
    let row = |(system, of, broke): (&str, usize, Vec<&'r Row>)| RepeatedRow {
        what: plain(system),
        kind: "system",
        says: format!("{} of {} broke a rule", broke.len(), changes(of)),
        count: groups.count(
            &format!("system-broke-{}", anchor(system)),
            &format!("{}: broke a rule", capital(system)),
            &broke,
        ),
        owner: broke.first().and_then(|r| owners.of(r)),
    };
    often.into_iter().map(row).collect()
}
