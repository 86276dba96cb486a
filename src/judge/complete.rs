//! `complete`: everything that was deployed has a record, and every commit that a record names stands there. Judged once
//! per policy from the comparison; what could not be read makes it `unknown`, unless what was read breaks it already.

use super::codes;
use super::deployed::{difference_code, difference_help};
use super::verdict::{Ruling, Say, Verdict};
use crate::model::{Difference, DifferenceKind, Ledger, Policy, Reconciliation};

/// How many differences are listed; `tickmark reconcile` lists them all.
const LISTED: usize = 8;

pub(super) fn ruling(ledger: &Ledger, policy: &Policy, say: &mut Say<'_>) -> Ruling {
    if ledger.configuration.repositories.is_empty() {
        say.headline(|| "no repositories are configured, so that nobody can say what was deployed".to_owned());
        say.help(|| {
            "name them in tickmark.yaml, as in `repositories: [{path: ../gateway, branch: main, since: 2026-01-01}]`"
                .to_owned()
        });
        return Ruling::unknown(&codes::NOT_COMPARED, None);
    }
    let Some(found) = &ledger.reconciliation else {
        say.headline(|| "what was deployed was not read".to_owned());
        say.help(|| "run `tickmark check` or `tickmark reconcile`".to_owned());
        return Ruling::unknown(&codes::NOT_COMPARED, None);
    };
    let broken: Vec<&Difference> = incompletenesses(found, policy).collect();
    if !broken.is_empty() {
        return incomplete(found, &broken, say);
    }
    let mut unread = found.unread();
    if let Some(first) = unread.next() {
        let more = unread.count();
        let others = if more == 0 { String::new() } else { format!(" (and {more} more)") };
        say.headline(|| format!("what was deployed cannot be read: {}{others}", first.what));
        say.help(|| first.help.to_string());
        return Ruling::unknown(&codes::NOT_COMPARED, None);
    }
    say.headline(|| format!("{} in {}, and each has a record", deployments(found), repositories(found)));
    Ruling::of(Verdict::Pass, None)
}

/// What breaks the promise of a policy that everything is recorded.
pub fn incompletenesses<'r>(found: &'r Reconciliation, policy: &Policy) -> impl Iterator<Item = &'r Difference> {
    found.differences.iter().filter(|difference| breaks(difference, policy))
}

/// Whether a difference breaks the promise of a policy: what has no record is under none, so that it is any policy's.
fn breaks(difference: &Difference, policy: &Policy) -> bool {
    match difference.kind {
        DifferenceKind::Unrecorded => true,
        DifferenceKind::DirectPush | DifferenceKind::OffBranch => difference.records.is_empty(),
        DifferenceKind::NotThere => difference.policy.as_deref() == Some(policy.id.as_str()),
        DifferenceKind::NotLogged | DifferenceKind::NoIncident | DifferenceKind::IdGap => false,
    }
}

fn incomplete(found: &Reconciliation, broken: &[&Difference], say: &mut Say<'_>) -> Ruling {
    let lost = broken.iter().filter(|d| d.kind == DifferenceKind::NotThere).count();
    let unrecorded = broken.len() - lost;
    say.headline(|| {
        let plural = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
        let first = plural(unrecorded, "deployment has no record", "deployments have no record");
        let second = plural(lost, "recorded commit is in no repository", "recorded commits are in no repository");
        match (unrecorded, lost) {
            (0, _) => second,
            (_, 0) => format!("{first} ({} in {})", deployments(found), repositories(found)),
            _ => format!("{first}, and {second}"),
        }
    });
    for difference in broken.iter().take(LISTED) {
        let subject = if difference.subject.is_empty() { String::new() } else { format!(": {}", difference.subject) };
        say.step(|| format!("{}{subject}", difference.what));
    }
    if broken.len() > LISTED {
        say.step(|| format!("{} more: `tickmark reconcile` lists them all", broken.len() - LISTED));
    }
    let kind = broken.first().map_or(DifferenceKind::Unrecorded, |d| d.kind);
    say.help(|| difference_help(kind).to_owned());
    Ruling::fail(difference_code(kind), None)
}

fn deployments(found: &Reconciliation) -> String {
    let count: usize = found.repositories.iter().map(|r| r.deployed).sum();
    if count == 1 { "1 deployment".to_owned() } else { format!("{count} deployments") }
}

fn repositories(found: &Reconciliation) -> String {
    let count = found.repositories.len();
    if count == 1 { "1 repository".to_owned() } else { format!("{count} repositories") }
}
