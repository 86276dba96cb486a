//! Which fields of a record each rule reads, so that a new record shows these and no others.

use std::collections::BTreeMap;

use crate::model::{
    ApprovalCheck, Check, DeadlineBound, Event, GatesCheck, IncidentCheck, Medium, Relation, ReviewCheck, Rule,
    Vocabulary,
};

/// One entry of a list that rules ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Item {
    /// What is known of it already.
    pub(super) set: Vec<(&'static str, String)>,
    /// What is said beside a field of it.
    pub(super) say: Vec<(&'static str, String)>,
    /// The roles of which one is asked for.
    pub(super) roles: Vec<String>,
    /// When, and by which rule.
    pub(super) about: String,
}

/// What is asked of one field of the record.
#[derive(Clone, Debug, Default)]
pub(super) struct Section {
    /// The fields inside it.
    pub(super) inner: Vec<String>,
    /// The entries of a list.
    pub(super) items: Vec<Item>,
    /// Who asks.
    pub(super) rules: Vec<String>,
}

/// Everything that is asked, by the field of the record.
#[derive(Debug, Default)]
pub(super) struct Asks {
    pub(super) sections: BTreeMap<String, Section>,
}

impl Asks {
    /// What these rules read.
    pub(super) fn of<'r>(rules: impl Iterator<Item = &'r Rule>) -> Self {
        let mut asks = Self::default();
        for rule in rules {
            asks.rule(rule);
        }
        asks
    }

    /// A path that a rule reads.
    fn path(&mut self, path: &str, rule: &Rule) -> &mut Section {
        let (head, rest) = path.split_once('.').map_or((path, None), |(h, r)| (h, Some(r)));
        let section = self.sections.entry(head.to_owned()).or_default();
        if let Some(rest) = rest {
            let inner = rest.split('.').next().unwrap_or(rest);
            if section.inner.iter().all(|i| i != inner) {
                section.inner.push(inner.to_owned());
            }
        }
        let id = rule.id.to_string();
        if !section.rules.contains(&id) {
            section.rules.push(id);
        }
        section
    }

    fn paths(&mut self, paths: &[&str], rule: &Rule) {
        for path in paths {
            self.path(path, rule);
        }
    }

    fn item(&mut self, section: &str, item: Item, rule: &Rule) {
        let section = self.path(section, rule);
        if !section.items.contains(&item) {
            section.items.push(item);
        }
    }

    /// The fields that say when an event was.
    fn event(&mut self, event: Event, rule: &Rule) {
        let paths: &[&str] = match event {
            // Requested stands in every record; the first commit stands in the repository.
            Event::Requested | Event::Started => &[],
            Event::Proposed => &["pull_requests.url", "pull_requests.opened_at"],
            Event::ReviewedByPeer => &["reviews.at"],
            Event::Approved => &["approvals.at"],
            Event::Merged => &["pull_requests.url", "pull_requests.merged_at"],
            Event::Notified => &["notifications.to", "notifications.at"],
            Event::Scheduled => &["window.start", "window.end"],
            Event::Deployed => &["deployments.by", "deployments.result"],
            Event::RolledBack => &["deployments.rollback"],
            Event::Monitored => &["deployments.monitored_until"],
            Event::Confirmed => &["outcome.result", "outcome.at"],
            Event::Documented => &["documented_at"],
            Event::Reviewed => &["post_change_review.at", "post_change_review.by", "post_change_review.findings"],
            Event::SignedOff => &["approvals.at"],
            Event::Closed => &["closed_at"],
            Event::Incident => &["incidents.at"],
        };
        self.paths(paths, rule);
    }

    fn rule(&mut self, rule: &Rule) {
        match &rule.check {
            Check::Fields(paths) => {
                for path in paths {
                    self.path(&path.0, rule);
                }
            }
            Check::Approval(check) => self.approval(check, rule),
            Check::Review(check) => self.review(check, rule),
            Check::Gates(check) => self.gates(check, rule),
            Check::Deadline(check) => {
                let other = match check.bound {
                    DeadlineBound::Within(_, event) | DeadlineBound::AtLeastBefore(_, event) => event,
                };
                self.event(check.of, rule);
                self.event(other, rule);
            }
            Check::Order(events) => events.iter().for_each(|event| self.event(*event, rule)),
            Check::Window(_) | Check::Freeze => self.event(Event::Deployed, rule),
            Check::Observation(_) => {
                self.event(Event::Deployed, rule);
                self.event(Event::Monitored, rule);
            }
            Check::Deployment(check) => {
                self.event(Event::Deployed, rule);
                if !check.via.is_empty() {
                    let via: Vec<&str> = check.via.iter().map(crate::model::Word::as_str).collect();
                    self.path("deployments.via", rule);
                    let say = vec![("via", format!("through {}", via.join(" or ")))];
                    self.item("deployments", Item { say, ..Item::default() }, rule);
                }
                if check.staged {
                    let set = vec![("environment", "staging".to_owned())];
                    let about = "before production, to any other environment".to_owned();
                    self.item("deployments", Item { set, about, ..Item::default() }, rule);
                }
            }
            Check::Rollback(check) => {
                for part in &check.parts {
                    self.path(&format!("rollback.{}", part.word()), rule);
                }
            }
            Check::Incident(check) => self.incident(check, rule),
            Check::Procedure => {
                self.path("procedure", rule);
            }
            Check::Merged(check) => {
                self.paths(&["pull_requests.url", "pull_requests.merged_at"], rule);
                let asked = [
                    ("pull_requests.into", check.into.is_some()),
                    ("pull_requests.method", check.method.is_some()),
                    ("pull_requests.code_owners", check.code_owners),
                ];
                for (path, _) in asked.into_iter().filter(|(_, asked)| *asked) {
                    self.path(path, rule);
                }
                let words = [("into", &check.into), ("method", &check.method)];
                let say = words.into_iter().filter_map(|(key, w)| Some((key, w.as_ref()?.to_string()))).collect();
                self.item("pull_requests", Item { say, ..Item::default() }, rule);
            }
            Check::Attested(check) => {
                let item = Item {
                    set: vec![("statement", check.statement.to_string())],
                    roles: check.by.iter().map(ToString::to_string).collect(),
                    about: format!("[{}]", rule.id),
                    ..Item::default()
                };
                self.path("attestations.at", rule);
                self.item("attestations", item, rule);
            }
            Check::NotJudged(_) | Check::Broken => {}
            #[expect(unreachable_patterns, reason = "kinds of check that are still to come show no field of their own")]
            _ => {}
        }
        if let Some(event) = super::summary::due(rule) {
            self.event(event, rule);
        }
        if rule.or_reason {
            self.path(&format!("reasons.{}", rule.id), rule);
        }
    }

    fn approval(&mut self, check: &ApprovalCheck, rule: &Rule) {
        self.paths(&["approvals.role", "approvals.at"], rule);
        if check.mediums != [Medium::Recorded] {
            self.path("approvals.channel", rule);
        }
        if !check.instead.is_empty() {
            self.paths(&["approvals.in_place_of", "approvals.reason"], rule);
        }
        let media: Vec<&str> = check.mediums.iter().map(|m| m.word()).collect();
        let mut say = Vec::new();
        if !media.is_empty() {
            say.push(("medium", media.join(" or ")));
        }
        if !check.not_by.is_empty() {
            say.push(("by", not_by(check.not_by.iter().map(|p| p.word()))));
        }
        let about = about(rule, check.before, check.after);
        let any: Vec<String> = check.any_of.iter().map(ToString::to_string).collect();
        let each = if check.all_of.is_empty() {
            vec![any; check.at_least as usize]
        } else {
            check.all_of.iter().map(|role| vec![role.to_string()]).collect()
        };
        self.people("approvals", each, &say, &about, &[], rule);
    }

    fn review(&mut self, check: &ReviewCheck, rule: &Rule) {
        self.path("reviews.at", rule);
        let mut set = Vec::new();
        if let Some(kind) = check.kinds.first() {
            self.path("reviews.kind", rule);
            set.push(("kind", kind.to_string()));
        }
        let mut say = vec![("result", "only `approved` counts".to_owned())];
        if !check.not_by.is_empty() {
            say.push(("by", not_by(check.not_by.iter().map(|p| p.word()))));
        }
        let mut each: Vec<Vec<String>> = Vec::new();
        if let Some((role, n)) = &check.including {
            self.path("reviews.role", rule);
            each.extend(vec![vec![role.to_string()]; *n as usize]);
        }
        each.resize(each.len().max(check.at_least as usize), Vec::new());
        self.people("reviews", each, &say, &about(rule, check.before, check.after), &set, rule);
    }

    /// One entry for each person who is asked for; entries of other rules that serve as well are not repeated.
    fn people(
        &mut self,
        section: &str,
        each: Vec<Vec<String>>,
        say: &[(&'static str, String)],
        about: &str,
        set: &[(&'static str, String)],
        rule: &Rule,
    ) {
        let section = self.path(section, rule);
        let mut used = vec![false; section.items.len()];
        for roles in each {
            // A person in no particular role is whoever stands there already.
            let serves = |item: &Item| item.set == set && (roles.is_empty() || item.roles == roles);
            let found = section.items.iter().enumerate().position(|(n, item)| {
                !used.get(n).copied().unwrap_or(true) && serves(item) && same_time(&item.about, about)
            });
            if let Some(found) = found {
                used[found] = true;
                let id = format!(" [{}]", rule.id);
                if !section.items[found].about.contains(&id) {
                    section.items[found].about.push_str(&id);
                }
            } else {
                used.push(true);
                let (set, say, about) = (set.to_vec(), say.to_vec(), about.to_owned());
                section.items.push(Item { set, say, roles, about });
            }
        }
    }

    fn gates(&mut self, check: &GatesCheck, rule: &Rule) {
        self.path("gates.at", rule);
        let mut say = vec![("result", "must be `passed`".to_owned())];
        if !check.open_findings.is_empty() {
            self.path("gates.open_findings", rule);
            let most: Vec<String> = check.open_findings.iter().map(|(s, n)| format!("{s}: {n}")).collect();
            say.push(("open_findings", format!("how many are open; at most {{{}}}", most.join(", "))));
        }
        for gate in &check.passed {
            let set = vec![("gate", scalar_word(gate.as_str()))];
            let there = self.sections.get("gates").is_some_and(|s| s.items.iter().any(|i| i.set == set));
            if !there {
                let about = about(rule, check.before, check.after);
                self.item("gates", Item { set, say: say.clone(), about, ..Item::default() }, rule);
            }
        }
    }

    fn incident(&mut self, check: &IncidentCheck, rule: &Rule) {
        self.paths(&["incidents.at"], rule);
        if check.severity_at_least.is_some() {
            self.path("incidents.severity", rule);
        }
        if check.reviewed {
            self.path("incidents.reviewed_at", rule);
        }
        let mut about = match check.relation {
            Relation::TriggeredBy => "why the change is made".to_owned(),
            Relation::Caused => "if the change did harm".to_owned(),
        };
        if !check.when_outcome.is_empty() {
            self.path("outcome.result", rule);
            let words: Vec<&str> = check.when_outcome.iter().map(|o| o.word()).collect();
            about = format!("only where the outcome is {}", words.join(" or "));
        }
        let mut say = Vec::new();
        if let Some(rank) = check.severity_at_least {
            say.push(("severity", format!("{rank} or worse")));
        }
        let set = vec![("relation", check.relation.word().to_owned())];
        self.item("incidents", Item { set, say, about: format!("{about} [{}]", rule.id), ..Item::default() }, rule);
    }
}

fn scalar_word(word: &str) -> String {
    super::scalar(word)
}

fn not_by<'p>(parties: impl Iterator<Item = &'p str>) -> String {
    format!("not the {}", parties.collect::<Vec<_>>().join(", nor the "))
}

/// When something is asked for, and by which rule.
fn about(rule: &Rule, before: Option<Event>, after: Option<Event>) -> String {
    let mut parts = Vec::new();
    parts.extend(before.map(|event| format!("before the {}", event.phrase())));
    parts.extend(after.map(|event| format!("after the {}", event.phrase())));
    parts.push(format!("[{}]", rule.id));
    parts.join(" ")
}

/// Whether two such texts speak of the same time.
fn same_time(one: &str, other: &str) -> bool {
    let time = |text: &str| text.split('[').next().unwrap_or_default().trim().to_owned();
    time(one) == time(other) || time(other).is_empty()
}
