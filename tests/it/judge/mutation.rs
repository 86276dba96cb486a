//! A misspelt or missing field never makes anything pass: every key of every record of the demonstration is taken away and
//! misspelt in turn, and no rule that reads it may still say `pass`.

use rayon::prelude::*;
use tickmark::decode::{self, RecordContext};
use tickmark::diag::Sink;
use tickmark::judge::{self, Detail, Judge, Verdict};
use tickmark::model::{Check, DeadlineBound, Event, Expression, Ledger, Party, PolicyVersion, Rule};
use tickmark::pipeline::{self, Inputs};
use tickmark::repo;
use tickmark::source::FileId;

use super::demonstration::{AS_OF, sources};
use super::tree::{self, Step, Tree, written};

/// What an approval or review says that a rule about them reads.
const APPROVAL: &[&str] = &["by", "role", "in_place_of", "reason", "medium", "channel", "at"];
const REVIEW: &[&str] = &["by", "role", "kind", "result", "at"];
const DEPLOYMENT: &[&str] = &["environment", "at", "rollback"];

fn below(list: &str, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|k| format!("{list}.{k}")).collect()
}

/// The fields that say when an event was.
fn of_event(event: Event) -> Vec<String> {
    match event {
        Event::Requested => vec!["requested_at".into()],
        Event::Started => Vec::new(),
        Event::Proposed => vec!["pull_requests.opened_at".into()],
        Event::ReviewedByPeer => below("reviews", REVIEW),
        Event::Approved => below("approvals", APPROVAL),
        Event::Merged => vec!["pull_requests.merged_at".into()],
        Event::Notified => vec!["notifications.at".into()],
        Event::Scheduled => vec!["window.start".into()],
        Event::Deployed | Event::RolledBack => below("deployments", DEPLOYMENT),
        Event::Monitored => vec!["deployments.monitored_until".into()],
        Event::Confirmed => vec!["outcome.at".into()],
        Event::Documented => vec!["source.at".into(), "documented_at".into()],
        Event::Reviewed => vec!["post_change_review.at".into()],
        Event::SignedOff => [below("approvals", APPROVAL), below("deployments", DEPLOYMENT)].concat(),
        Event::Closed => vec!["closed_at".into()],
        Event::Incident => below("incidents", &["relation", "at"]),
    }
}

fn of_party(party: Party) -> Vec<String> {
    match party {
        Party::Author => vec!["author".into(), "co_authors".into()],
        Party::Requester => vec!["requested_by".into()],
        Party::Deployer => vec!["deployments.by".into()],
        Party::Reviewer => vec!["reviews.by".into()],
    }
}

fn of_events<'e>(events: impl IntoIterator<Item = &'e Event>) -> Vec<String> {
    events.into_iter().flat_map(|e| of_event(*e)).collect()
}

/// The fields a check declares that it reads: those it asks for, and those that say when its events were.
fn read_by(check: &Check, version: &PolicyVersion) -> (Vec<String>, Vec<String>) {
    let mut bounds = Vec::new();
    let asked = match check {
        Check::Fields(paths) => paths.iter().map(|p| p.0.to_string()).collect(),
        Check::Approval(a) => {
            bounds = of_events(a.before.iter().chain(&a.after));
            let parties = a.not_by.iter().flat_map(|p| of_party(*p));
            below("approvals", APPROVAL).into_iter().chain(parties).collect()
        }
        Check::Review(r) => {
            bounds = of_events(r.before.iter().chain(&r.after));
            let parties = r.not_by.iter().flat_map(|p| of_party(*p));
            below("reviews", REVIEW).into_iter().chain(parties).collect()
        }
        Check::Gates(g) => {
            bounds = of_events(g.before.iter().chain(&g.after));
            below("gates", &["gate", "result", "at", "open_findings"])
        }
        Check::Deadline(d) => match d.bound {
            DeadlineBound::Within(_, other) | DeadlineBound::AtLeastBefore(_, other) => of_events(&[d.of, other]),
        },
        Check::Order(events) => of_events(events),
        Check::Window(_) | Check::Freeze => below("deployments", DEPLOYMENT),
        Check::Observation(_) => below("deployments", &["environment", "at", "rollback", "monitored_until"]),
        Check::Deployment(d) => {
            let mut keys = DEPLOYMENT.to_vec();
            keys.extend(d.by_person.then_some("by"));
            keys.extend((!d.via.is_empty()).then_some("via"));
            keys.extend(d.staged.then_some("result"));
            below("deployments", &keys)
        }
        Check::Rollback(r) => {
            r.parts.iter().map(|p| format!("rollback.{}", tickmark::model::Vocabulary::word(*p))).collect()
        }
        Check::Incident(i) => {
            let mut fields = below("incidents", &["relation"]);
            fields.extend(i.severity_at_least.map(|_| "incidents.severity".into()));
            fields.extend(i.reviewed.then(|| "incidents.reviewed_at".into()));
            fields.extend((!i.when_outcome.is_empty()).then(|| "outcome.result".into()));
            fields
        }
        Check::Procedure => vec!["procedure".into(), "requested_at".into()],
        Check::Merged(m) => {
            let mut keys = vec!["merged_at"];
            keys.extend(m.into.is_some().then_some("into"));
            keys.extend(m.method.is_some().then_some("method"));
            keys.extend(m.code_owners.then_some("code_owners"));
            below("pull_requests", &keys)
        }
        Check::Attested(a) => {
            let mut keys = vec!["statement", "by"];
            keys.extend((!a.by.is_empty()).then_some("at"));
            below("attestations", &keys)
        }
        Check::Assert(a) => read_by_expression(&a.expression, version, false),
        _ => Vec::new(),
    };
    (asked, bounds)
}

/// The fields an expression reads, those that say when its events were among them.
fn read_by_expression(expression: &Expression, version: &PolicyVersion, is_condition: bool) -> Vec<String> {
    let mut fields = Vec::new();
    for name in judge::expression_reads(expression, version, is_condition) {
        match name.strip_prefix("events.").and_then(tickmark::model::Vocabulary::parse) {
            Some(event) => fields.extend(of_event(event)),
            None => fields.push(name),
        }
    }
    fields
}

/// Whether a change at `path` changes one of these fields.
fn touches(fields: &[String], path: &str) -> bool {
    fields.iter().any(|f| f == path || f.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
}

/// Whether the entry of a list that a path leads into is one a check does not look at: watching elsewhere, the result of
/// production, another statement.
fn passed_over(rule: &Rule, record: &Tree, path: &[Step]) -> bool {
    let [list, item @ Step::Item(_), Step::Key(key)] = path else { return false };
    let entry = record.step(list).step(item);
    let production = entry.text("environment") == Some("production");
    match (&rule.check, key.as_str()) {
        (Check::Observation(_), "monitored_until") | (Check::Deployment(_), "by" | "via") => !production,
        (Check::Deployment(_), "result") => production || entry.text("rollback") == Some("true"),
        (Check::Attested(a), "statement" | "by" | "at") => entry.text("statement") != Some(a.statement.as_str()),
        _ => false,
    }
}

/// Whether a key may go without a rule noticing: what says that somebody is not independent or stands in, and entries
/// that the rule does not need, since others do.
fn may_go(rule: &Rule, version: &PolicyVersion, record: &Tree, path: &[Step], passes: impl Fn(&Tree) -> bool) -> bool {
    let name = written(path);
    let says_more = ["co_authors", "requested_by", "approvals.in_place_of", "approvals.reason", "approvals.channel"];
    let narrower = ["approvals.role", "reviews.role", "reviews.kind", "gates.open_findings", "deployments.rollback"];
    if says_more.contains(&name.as_str()) || narrower.contains(&name.as_str()) {
        return true;
    }
    let (asked, _) = read_by(&rule.check, version);
    // A list that is not there is empty, and an expression may ask for that, as it may for a field by `is none`; what else
    // a missing field does to expressions stands in `expressions.rs`.
    if matches!(rule.check, Check::Assert(_)) {
        return true;
    }
    // A bound whose event never came is none, once the change is closed. A deployment has to say where to and when.
    if !touches(&asked, &name) {
        return !name.starts_with("deployments.");
    }
    // An order leaves what has a rule of its own to that rule.
    if matches!(&rule.check, Check::Order(_)) && (name.starts_with("approvals") || name.starts_with("reviews")) {
        return true;
    }
    match path {
        // Taking it back was watched as well: the later of the two counts.
        [list, item, _] if name == "deployments.monitored_until" => {
            let deployments = record.step(list);
            let own = deployments.step(item);
            let until = |d: &Tree| d.text("monitored_until").map(str::to_owned);
            deployments.items().any(|d| !std::ptr::eq(d, own) && until(d) >= until(own))
        }
        [Step::Key(list), item @ Step::Item(_), ..] if list != "deployments" => {
            passes(&record.without(&[Step::Key(list.clone()), item.clone()])) || asks_no_time(rule, path)
        }
        // Nobody deployed and nobody reviewed: nobody to be told apart from.
        [Step::Key(list)] => matches!(&rule.check, Check::Approval(_)) && (list == "deployments" || list == "reviews"),
        [Step::Key(list), Step::Item(_), Step::Key(key)] => {
            list == "deployments" && key == "by" && matches!(&rule.check, Check::Approval(_))
        }
        _ => false,
    }
}

/// Whether a rule counts entries without a time.
fn asks_no_time(rule: &Rule, path: &[Step]) -> bool {
    let bounded = match &rule.check {
        Check::Approval(a) => a.before.or(a.after).is_some() || !a.any_of.is_empty() || !a.all_of.is_empty(),
        Check::Review(r) => r.before.or(r.after).is_some() || r.including.is_some(),
        Check::Gates(g) => g.before.or(g.after).is_some(),
        _ => true,
    };
    !bounded && written(path).ends_with(".at")
}

/// The rules a record passes.
fn passed<'l>(ledger: &'l Ledger, record: &Tree) -> Vec<(&'l PolicyVersion, &'l Rule)> {
    let mut sink = Sink::new();
    let text = record.write();
    let mut records = decode::decode_records(FileId(0), &text, &mut sink);
    let record = records.first_mut().expect("the text holds a record");
    let judge = Judge::new(ledger, as_of(ledger), Detail::Findings);
    let version = judge.version_for(record).map(|(_, found)| found.version);
    decode::check_references(record, RecordContext { ledger, version }, &mut sink);
    let judged = judge.judge(record);
    let Some(version) = judged.version(ledger) else { return Vec::new() };
    let passes = judged.judgements.iter().filter(|j| j.verdict == Verdict::Pass);
    passes.map(|j| (version, &version.rules[j.rule as usize])).collect()
}

fn as_of(ledger: &Ledger) -> jiff::Timestamp {
    match AS_OF {
        pipeline::AsOf::Instant(at) => at,
        pipeline::AsOf::EndOf(day) => ledger.configuration.calendar.end_of(day),
    }
}

/// What still passes of one record although it should not.
fn faults(ledger: &Ledger, record: &Tree) -> (usize, Vec<String>) {
    let id = record.text("id").unwrap_or_default();
    let before = passed(ledger, record);
    let mut faults = Vec::new();
    let paths = record.keys();
    for path in &paths {
        let name = written(path);
        for (what, mutant) in [("missing", record.without(path)), ("misspelt", record.misspelt(path))] {
            let after = passed(ledger, &mutant);
            for (version, rule) in before.iter().filter(|(_, r)| after.iter().any(|(_, a)| a.id == r.id)) {
                let (asked, bounds) = read_by(&rule.check, version);
                let condition = rule.when.as_ref().map(|when| read_by_expression(when, version, true));
                // Without a field, a condition says something else, and the rule may be kept all the same.
                let read_by_condition = what == "misspelt" && condition.is_some_and(|c| touches(&c, &name));
                let reads = touches(&asked, &name) || touches(&bounds, &name) || read_by_condition;
                let reasoned =
                    rule.or_reason && record.get("reasons").is_some_and(|r| r.get(rule.id.as_str()).is_some());
                if !reads || reasoned || passed_over(rule, record, path) {
                    continue;
                }
                let passes = |tree: &Tree| passed(ledger, tree).iter().any(|(_, r)| r.id == rule.id);
                if what == "misspelt" || !may_go(rule, version, record, path, passes) {
                    faults.push(format!("{id}: `{}` passes with `{name}` {what} at {path:?}", rule.id));
                }
            }
        }
    }
    (paths.len(), faults)
}

#[test]
fn a_field_that_is_missing_or_misspelt_never_leaves_a_pass() {
    let inputs =
        Inputs { sources: sources(), history: &tickmark::model::NO_HISTORY, as_of: AS_OF, more_codes: &[repo::CODES] };
    let site = pipeline::load(inputs).expect("the configuration stands");
    let records: Vec<Tree> = sources()
        .iter()
        .filter(|(_, f)| f.path().starts_with("changes/"))
        .flat_map(|(_, f)| tree::parse(f.text()))
        .collect();
    let found: Vec<(usize, Vec<String>)> = records.par_iter().map(|r| faults(&site.ledger, r)).collect();
    let mutants: usize = found.iter().map(|(n, _)| 2 * n).sum();
    let faults: Vec<String> = found.into_iter().flat_map(|(_, f)| f).collect();
    assert!(mutants > 10_000, "{mutants}");
    assert!(faults.is_empty(), "{} of {mutants}:\n{}", faults.len(), faults[..faults.len().min(40)].join("\n"));
}
