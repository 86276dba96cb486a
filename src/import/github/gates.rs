//! Checks of a pull request as gates: each run with what it came to.

use super::super::desk::{Draft, Item, shown};
use super::super::look::{self, Said};
use super::super::notes::About;
use super::Facts;
use super::gather::{Gathered, Pull};
use crate::yaml::Node;

/// A run of a check.
struct Run<'n> {
    /// What GitHub calls the check.
    name: Said<'n>,
    result: &'static str,
    at: Option<Said<'n>>,
    evidence: Option<Said<'n>>,
}

/// Adds the checks that have come to something.
pub(super) fn gates(_: &Pull<'_>, facts: &Facts<'_>, gathered: &Gathered<'_>, draft: &mut Draft<'_, '_>) {
    let of_commit = |check: &&&Node<'_>| {
        let commits = [facts.head, facts.merge_commit].map(|c| c.map(|(commit, _)| commit));
        look::text(check, "head_sha").is_some_and(|(sha, _)| commits.contains(&Some(sha)))
    };
    let own = look::list(facts.node, "statusCheckRollup").iter();
    let checks: Vec<&Node<'_>> = own.chain(gathered.checks.iter().filter(of_commit).copied()).collect();
    let mut runs: Vec<Run<'_>> = checks.into_iter().filter_map(|check| run(check, draft)).collect();
    runs.sort_by_key(|run| run.at.map(|(at, _)| at.to_owned()));
    let ours = |draft: &Draft<'_, '_>, run: &Run<'_>| {
        let mapping = draft.desk.wanted.mapping;
        mapping.word("gates.gate", run.name.0).unwrap_or(run.name.0).to_owned()
    };
    for (number, run) in runs.iter().enumerate() {
        let name = ours(draft, run);
        let same: Vec<&Run<'_>> = runs.iter().filter(|other| ours(draft, other) == name).collect();
        // Where several checks are one gate, its latest result would hide the others': the worst of their latest speaks.
        if same.iter().any(|other| other.name.0 != run.name.0) && !std::ptr::eq(worst(&same), run) {
            continue;
        }
        let place = runs[number].name.1;
        let Some(mut item) = draft.item("gates", place) else { return };
        fill(&mut item, run, draft);
        draft.add(item);
    }
}

fn fill(item: &mut Item, run: &Run<'_>, draft: &mut Draft<'_, '_>) {
    draft.put_in(item, "gate", Some(run.name));
    draft.put_in(item, "result", Some((run.result, run.name.1)));
    draft.put_in(item, "at", run.at);
    draft.put_in(item, "evidence", run.evidence);
}

/// The worst of the latest runs of each check.
fn worst<'r, 'n>(runs: &[&'r Run<'n>]) -> &'r Run<'n> {
    let is_latest = |run: &&&Run<'n>| {
        runs.iter().rfind(|other| other.name.0 == run.name.0).is_none_or(|latest| std::ptr::eq(*latest, **run))
    };
    let rank = |run: &&Run<'n>| ["failed", "skipped", "passed"].iter().position(|word| *word == run.result);
    runs.iter().filter(is_latest).copied().min_by_key(rank).unwrap_or(runs[0])
}

/// A check as a run; nothing where it says nothing of what it came to, which is noted.
fn run<'n>(check: &'n Node<'n>, draft: &mut Draft<'_, '_>) -> Option<Run<'n>> {
    let name = look::first(check, &["name", "context"])?;
    let said = look::first(check, &["conclusion", "state"]);
    let result = match said.map(|(word, _)| word.to_ascii_uppercase()).as_deref() {
        Some("SUCCESS") => "passed",
        Some("FAILURE" | "ERROR" | "TIMED_OUT" | "STARTUP_FAILURE" | "ACTION_REQUIRED") => "failed",
        Some("SKIPPED") => "skipped",
        other => {
            let what = match (other, said) {
                (Some(_), Some((word, _))) => {
                    format!("checks that came to `{}`, which is neither passed nor failed", shown(word))
                }
                _ => "checks that have not come to anything yet".to_owned(),
            };
            draft.note(About::Fact, what, name.1);
            return None;
        }
    };
    let at = look::first(check, &["completedAt", "completed_at", "startedAt", "createdAt", "created_at"]);
    // GitHub writes the year 1 where there is no time.
    let at = at.filter(|(at, _)| !at.starts_with("0001-"));
    let evidence = look::first(check, &["detailsUrl", "targetUrl", "html_url", "target_url"]);
    Some(Run { name, result, at, evidence })
}
