//! The example record: one small story, with the reviews, approvals and gates that the rules of its type ask for.

use std::fmt::Write;

use jiff::{Span as TimeSpan, Timestamp};

use super::checks;
use super::people::{Cast, Player};
use super::timeline::Timeline;
use crate::model::{
    ApprovalCheck, Calendar, Check, Event, GatesCheck, PolicyVersion, ReviewCheck, Risk, Role, Vocabulary, Word,
};

/// What the example record is made from.
pub(super) struct Example<'e> {
    pub(super) id: &'e str,
    pub(super) version: &'e PolicyVersion,
    pub(super) change_type: &'e Word,
    pub(super) cast: &'e Cast,
    pub(super) timeline: &'e Timeline,
    /// The site's calendar, in whose zone times are written.
    pub(super) calendar: &'e Calendar,
}

/// Where the example's pull request, pipeline and issue would be.
const FORGE: &str = "https://git.example.com/shop/invoices";
const COMMIT: &str = "3f786850e387550fdab836ed7e6dc881de23001b";
/// What the example change touches, word for word of its record.
const STORY: &str = "\
title: Show the delivery date on invoices
description: The invoice prints the delivery date below the order number, in the customer's language.
purpose: Customers ask support for it almost every day.
assessment: Only the invoice service reads this template. Amounts and numbers stay as they are.
test_plan: Invoices of three countries are printed in staging and compared with those of last week.
";

/// An entry of `reviews`, or of `approvals`, where `kind` is the medium.
struct Voice<'e> {
    by: &'e str,
    role: &'e str,
    kind: &'e str,
    at: Timestamp,
}

/// An entry of `gates`.
struct Run<'e> {
    gate: &'e str,
    findings: &'e [(Word, u32)],
    at: Timestamp,
}

impl<'e> Example<'e> {
    /// The record's text.
    pub(super) fn text(&self) -> String {
        let mut text = self.head();
        self.plan(&mut text);
        self.evidence(&mut text);
        self.outcome(&mut text);
        text
    }

    fn checks(&self) -> impl Iterator<Item = &'e Check> {
        checks(self.version, self.change_type.as_str())
    }

    /// An instant in the site's zone, with its offset.
    fn show(&self, at: Timestamp) -> String {
        let offset = self.calendar.zone.to_offset(at);
        // RFC 3339 has no seconds in an offset; before 1972 some zones had.
        if offset.seconds() % 60 == 0 && offset.seconds() != 0 {
            at.display_with_offset(offset).to_string()
        } else {
            at.to_string()
        }
    }

    fn head(&self) -> String {
        let risk = self.version.change_type(self.change_type.as_str()).and_then(|t| t.risk).unwrap_or(Risk::Low);
        let (author, leader) = (self.cast.author().id, self.cast.leader().id);
        let Self { id, version, change_type, timeline, .. } = self;
        format!(
            "\
# An example, made up: a change from the first request to the closed record. It keeps every rule that policies/{policy}.md
# has for changes of type {change_type}; `tickmark explain {id}` shows each of them with its facts. Remove this file once
# you have records of your own.
id: {id}
policy: {policy}
type: {change_type}
{STORY}status: closed
kind: [code]
author: {author}
requested_by: {leader}
requested_at: {requested}
systems: [invoice-service]
risk: {risk}
impact: [customer-facing]
dependencies: none
",
            policy = version.id,
            requested = self.show(timeline.requested),
            risk = risk.word(),
        )
    }

    fn plan(&self, text: &mut String) {
        let Timeline { planned: (start, end), proposed, merged, .. } = self.timeline;
        let _ = write!(
            text,
            "\
window: {{start: {start}, end: {end}}}
rollback:
  trigger: An invoice without a number, or with a wrong amount
  steps:
    - Deploy the release before this one
    - Print the invoices of the meantime again
  owner: {author}
  verification: The totals of the day agree with the ledger
  estimate: 15 minutes
pull_requests:
  - {{url: {FORGE}/pull/42, opened_at: {opened}, merged_at: {merged}, into: main, method: squash, commit: {COMMIT}, code_owners: approved}}
",
            start = self.show(*start),
            end = self.show(*end),
            author = self.cast.author().id,
            opened = self.show(*proposed),
            merged = self.show(*merged),
        );
    }

    fn evidence(&self, text: &mut String) {
        let reviews = self.reviews();
        if !reviews.is_empty() {
            text.push_str("reviews:\n");
        }
        for Voice { by, role, kind, at } in reviews {
            let at = self.show(at);
            let _ = writeln!(text, "  - {{by: {by}, role: {role}, kind: {kind}, result: approved, at: {at}}}");
        }
        let approvals = self.approvals();
        if !approvals.is_empty() {
            text.push_str("approvals:\n");
        }
        for Voice { by, role, kind: medium, at } in approvals {
            let at = self.show(at);
            let _ = writeln!(text, "  - {{by: {by}, role: {role}, medium: {medium}, at: {at}}}");
        }
        let gates = self.gates();
        if !gates.is_empty() {
            text.push_str("gates:\n");
        }
        for Run { gate, findings, at } in gates {
            let counts: Vec<String> = findings.iter().map(|(severity, _)| format!("{severity}: 0")).collect();
            let counts =
                if counts.is_empty() { String::new() } else { format!("open_findings: {{{}}}, ", counts.join(", ")) };
            let _ = writeln!(text, "  - {{gate: {gate}, result: passed, {counts}at: {}}}", self.show(at));
        }
    }

    fn outcome(&self, text: &mut String) {
        let Timeline { notified, staged, deployed, confirmed, monitored, closed, .. } = self.timeline;
        let by = self.cast.author().id;
        let _ = write!(
            text,
            "\
notifications:
  - {{to: customer support, at: {notified}}}
deployments:
  - {{environment: staging, at: {staged}, by: {by}, via: pipeline, commit: {COMMIT}, result: succeeded}}
  - {{environment: production, at: {deployed}, by: {by}, via: pipeline, commit: {COMMIT}, result: succeeded, monitored_until: {monitored}}}
outcome:
  result: successful
  at: {confirmed}
  deviations: none
  issues: none
  lessons: Support would like to hear of such a change a day earlier.
incidents: none
",
            notified = self.show(*notified),
            staged = self.show(*staged),
            deployed = self.show(*deployed),
            monitored = self.show(*monitored),
            confirmed = self.show(*confirmed),
        );
        self.attestations(text);
        let _ = write!(text, "closed_at: {}\nlinks: {{issue: {FORGE}/issues/40}}\n", self.show(*closed));
    }

    /// What a person has to say because no machine can see it: the author, or whoever holds a role that is asked for.
    fn attestations(&self, text: &mut String) {
        let asked = self.checks().filter_map(|c| if let Check::Attested(check) = c { Some(check) } else { None });
        for (index, check) in asked.enumerate() {
            let holder = check.by.iter().find_map(|role| self.cast.holder(role.as_str()));
            let by = holder.unwrap_or(self.cast.author()).id;
            let (head, at) = (if index == 0 { "attestations:\n" } else { "" }, self.show(self.timeline.monitored));
            let _ = writeln!(text, "{head}  - {{statement: {}, by: {by}, at: {at}}}", check.statement);
        }
    }

    fn reviews(&self) -> Vec<Voice<'e>> {
        let mut list = Vec::new();
        for check in self.checks() {
            if let Check::Review(check) = check {
                self.review(check, &mut list);
            }
        }
        list.sort_by_key(|review| review.at);
        list
    }

    /// Adds the reviews one rule asks for that no other rule has asked for already.
    fn review(&self, check: &'e ReviewCheck, list: &mut Vec<Voice<'e>>) {
        let design = check.before == Some(Event::Proposed);
        let kind = check.kinds.first().map_or("technical", Word::as_str);
        let (begin, apart) = if design { (self.timeline.designed, 0) } else { (self.timeline.reviewed, 60) };
        let including = check.including.iter().filter_map(|(roles, _)| {
            roles.iter().find_map(|role| Some((self.cast.holder(role.as_str())?, role.as_str())))
        });
        let anybody = self.cast.others().map(|player| (player, player.roles[0].as_str()));
        let mut counted: Vec<&str> = Vec::new();
        for (player, role) in including.chain(anybody) {
            if counted.len() >= check.at_least as usize || counted.contains(&player.id) {
                continue;
            }
            counted.push(player.id);
            if list.iter().any(|entry| entry.by == player.id && entry.kind == kind) {
                continue;
            }
            list.push(Voice { by: player.id, role, kind, at: step(begin, apart, list.len()) });
        }
    }

    fn approvals(&self) -> Vec<Voice<'e>> {
        let all: Vec<&ApprovalCheck> =
            self.checks().filter_map(|c| if let Check::Approval(check) = c { Some(check) } else { None }).collect();
        let names_roles = |check: &ApprovalCheck| !check.any_of.is_empty() || !check.all_of.is_empty();
        // A rule that names no role is kept by whom the others name, if there are any.
        let (named, open): (Vec<_>, Vec<_>) = all.into_iter().partition(|check| names_roles(check));
        let mut list: Vec<Voice<'e>> = Vec::new();
        for check in named.into_iter().chain(open) {
            if !names_roles(check) && list.len() >= check.at_least as usize {
                continue;
            }
            for (player, role) in self.approvers(check) {
                if list.iter().all(|entry| entry.by != player.id || entry.role != role) {
                    let at = step(self.timeline.approved, 30, list.len());
                    list.push(Voice { by: player.id, role, kind: "recorded", at });
                }
            }
        }
        list
    }

    /// Who gives the approvals a rule asks for, and in which role.
    fn approvers(&self, check: &'e ApprovalCheck) -> Vec<(&'e Player, &'e str)> {
        let holder = |role: &'e Role| Some((self.cast.holder(role.as_str())?, role.as_str()));
        let asked = check.at_least as usize;
        if !check.all_of.is_empty() {
            return check.all_of.iter().filter_map(holder).collect();
        }
        if !check.any_of.is_empty() {
            return check.any_of.iter().filter_map(holder).take(asked).collect();
        }
        let leader = self.cast.leader();
        let rest = self.cast.others().filter(|player| player.id != leader.id);
        std::iter::once(leader).chain(rest).take(asked).map(|player| (player, player.roles[0].as_str())).collect()
    }

    fn gates(&self) -> Vec<Run<'e>> {
        let mut list: Vec<Run<'e>> = Vec::new();
        for check in self.checks() {
            if let Check::Gates(check) = check {
                self.run(check, &mut list);
            }
        }
        list.sort_by_key(|run| run.at);
        list
    }

    /// Adds the runs one rule asks for that no other rule has asked for already.
    fn run(&self, check: &'e GatesCheck, list: &mut Vec<Run<'e>>) {
        for gate in &check.passed {
            let afterwards = check.after == Some(Event::Deployed);
            let begin = match gate.as_str() {
                _ if afterwards => self.timeline.deployed,
                "staging" => self.timeline.staged,
                _ => self.timeline.proposed,
            };
            if list.iter().all(|run| run.gate != gate.as_str()) {
                list.push(Run {
                    gate: gate.as_str(),
                    findings: &check.open_findings,
                    at: step(begin, 3, list.len() + 1),
                });
            }
        }
    }
}

/// So many steps of some minutes after an instant.
fn step(begin: Timestamp, minutes: usize, steps: usize) -> Timestamp {
    let minutes = i64::try_from(minutes * steps).unwrap_or(0);
    let span = TimeSpan::new().minutes(minutes);
    begin.saturating_add(span).unwrap_or(begin)
}
