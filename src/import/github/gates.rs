//! Checks of a pull request as gates: each run with what it came to.

use std::collections::BTreeMap;

use super::super::desk::{Draft, Item, shown};
use super::super::look::{self, Said};
use super::super::notes::About;
use super::Facts;
use super::gather::Gathered;
use crate::yaml::Node;

/// A run of a check.
struct Run<'n> {
    /// What GitHub calls the check.
    name: Said<'n>,
    /// The workflow it is a part of: two may have a check of one name.
    workflow: Option<&'n str>,
    result: &'static str,
    at: Option<Said<'n>>,
    evidence: Option<Said<'n>>,
}

/// Adds the checks that have come to something, by time.
pub(super) fn gates(facts: &Facts<'_>, gathered: &Gathered<'_>, draft: &mut Draft<'_, '_>) {
    let own = look::list(facts.node, "statusCheckRollup").iter();
    let checks = own.chain(gathered.checks_of(&facts.commits()));
    let mut runs: Vec<Run<'_>> = checks.filter_map(|check| run(check, draft)).collect();
    runs.sort_by_key(|run| look::instant(run.at));
    let mapping = draft.desk.wanted.mapping;
    let mut gates: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, run) in runs.iter().enumerate() {
        gates.entry(mapping.word("gates.gate", run.name.0).unwrap_or(run.name.0)).or_default().push(at);
    }
    // Where several checks are one gate, its latest result would hide the others': the worst of their latest speaks.
    let mut spoken: Vec<usize> = gates.values().flat_map(|gate| speaks(gate, &runs)).collect();
    spoken.sort_unstable();
    for run in spoken.into_iter().map(|at| &runs[at]) {
        let Some(mut item) = draft.item("gates", run.name.1) else { return };
        fill(&mut item, run, draft);
        draft.add(item);
    }
}

/// Which runs of a gate, which stand in the order of their times, speak for it: all of one check, the worst of several.
fn speaks(gate: &[usize], runs: &[Run<'_>]) -> Vec<usize> {
    let check = |at: &usize| (runs[*at].workflow, runs[*at].name.0);
    let latest: BTreeMap<_, usize> = gate.iter().map(|at| (check(at), *at)).collect();
    if latest.len() == 1 {
        return gate.to_vec();
    }
    let rank = |at: &usize| ["failed", "skipped", "passed"].iter().position(|word| *word == runs[*at].result);
    latest.into_values().min_by_key(rank).into_iter().collect()
}

fn fill(item: &mut Item, run: &Run<'_>, draft: &mut Draft<'_, '_>) {
    draft.put_in(item, "gate", Some(run.name));
    draft.put_in(item, "result", Some((run.result, run.name.1)));
    draft.put_in(item, "at", run.at);
    draft.put_in(item, "evidence", run.evidence);
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
    let workflow = look::first(check, &["workflowName", "app.slug"]).map(|(name, _)| name);
    Some(Run { name, workflow, result, at, evidence })
}
