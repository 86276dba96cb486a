//! Which fields of a record each rule reads, so that a new record shows these and no others.

use std::collections::BTreeMap;

use crate::judge::expression_reads;
use crate::model::{
    ApprovalCheck, Check, DeadlineBound, DeploymentCheck, Event, Expression, GatesCheck, IncidentCheck, Medium,
    PolicyVersion, Relation, ReviewCheck, Rule, Vocabulary,
};

/// One entry of a list that rules ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Item {
    /// What is known of it already.
    pub(super) set: Vec<(&'static str, String)>,
    /// What is said beside a field of it.
    pub(super) say: Vec<(&'static str, String)>,
    /// Fields that only this entry shows.
    pub(super) show: Vec<&'static str>,
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
#[derive(Debug)]
pub(super) struct Asks<'v> {
    pub(super) sections: BTreeMap<String, Section>,
    version: &'v PolicyVersion,
}

impl<'v> Asks<'v> {
    /// What these rules of a version read.
    pub(super) fn of(rules: &[&Rule], version: &'v PolicyVersion) -> Self {
        let mut asks = Self { sections: BTreeMap::new(), version };
        // Whoever is asked for in one particular role also serves rules that ask for any of several, or for anybody.
        let mut rules = rules.to_vec();
        rules.sort_by_key(|rule| match &rule.check {
            Check::Approval(check) if check.any_of.is_empty() && check.all_of.is_empty() => usize::MAX,
            Check::Approval(check) => check.any_of.len(),
            Check::Review(check) => usize::from(check.including.is_none()),
            _ => 0,
        });
        for rule in rules {
            asks.rule(rule);
        }
        // What comes after an event stands below what comes before.
        asks.sections.values_mut().for_each(|s| s.items.sort_by_key(|item| item.about.starts_with("after")));
        asks
    }

    /// A path that a rule asks for.
    fn path(&mut self, path: &str, rule: &Rule) -> &mut Section {
        let section = self.reads(path);
        let id = rule.id.to_string();
        if !section.rules.contains(&id) {
            section.rules.push(id);
        }
        section
    }

    /// A path that a rule only reads, as to know since when a deadline runs.
    fn reads(&mut self, path: &str) -> &mut Section {
        let (head, rest) = path.split_once('.').map_or((path, None), |(h, r)| (h, Some(r)));
        let section = self.sections.entry(head.to_owned()).or_default();
        if let Some(rest) = rest {
            let inner = rest.split('.').next().unwrap_or(rest);
            if section.inner.iter().all(|i| i != inner) {
                section.inner.push(inner.to_owned());
            }
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

    /// The fields that say when an event was, where a rule asks for it.
    fn event(&mut self, event: Event, rule: &Rule) {
        self.paths(fields_of(event), rule);
    }

    /// The same where a rule only has to know.
    fn bound(&mut self, event: Event) {
        for path in fields_of(event) {
            self.reads(path);
        }
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
                self.bound(other);
            }
            Check::Order(events) => events.iter().for_each(|event| self.event(*event, rule)),
            Check::Window(_) | Check::Freeze => self.event(Event::Deployed, rule),
            Check::Observation(_) => {
                self.bound(Event::Deployed);
                self.event(Event::Monitored, rule);
            }
            Check::Deployment(check) => self.deployment(check, rule),
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
            Check::Unchanged(_) | Check::Retained(_) | Check::Complete | Check::Broken => {}
            Check::Assert(check) => self.expression(&check.expression, false, rule),
        }
        if let Some(condition) = &rule.when {
            self.expression(condition, true, rule);
        }
        if let Some(event) = super::summary::due(rule) {
            self.bound(event);
        }
        if rule.or_reason {
            self.path(&format!("reasons.{}", rule.id), rule);
        }
    }

    fn deployment(&mut self, check: &DeploymentCheck, rule: &Rule) {
        self.event(Event::Deployed, rule);
        if !check.via.is_empty() {
            let via: Vec<&str> = check.via.iter().map(crate::model::Word::as_str).collect();
            self.path("deployments.via", rule);
            let say = vec![("via", format!("must be {}", via.join(" or ")))];
            self.item("deployments", Item { say, ..Item::default() }, rule);
        }
        if check.staged {
            let set = vec![("environment", "staging".to_owned())];
            let about = "before production, to any other environment".to_owned();
            self.item("deployments", Item { set, about, ..Item::default() }, rule);
        }
    }

    /// What an expression reads; a condition only has to know it.
    fn expression(&mut self, expression: &Expression, is_condition: bool, rule: &Rule) {
        for path in expression_reads(expression, self.version, is_condition) {
            match path.strip_prefix("events.").map(Event::parse) {
                Some(Some(event)) if is_condition => self.bound(event),
                Some(Some(event)) => self.event(event, rule),
                _ if is_condition => drop(self.reads(&path)),
                _ => drop(self.path(&path, rule)),
            }
        }
    }

    fn approval(&mut self, check: &ApprovalCheck, rule: &Rule) {
        self.paths(&["approvals.role", "approvals.at"], rule);
        let mut item = Item { about: about(rule, check.before, check.after), ..Item::default() };
        let say = &mut item.say;
        if check.mediums.contains(&Medium::Verbal) {
            item.show.push("channel");
        }
        for (role, stand_in) in &check.instead {
            item.show.extend(["in_place_of", "reason"]);
            say.push(("in_place_of", format!("{role}, where the {stand_in} stands in and says why")));
        }
        if let [Medium::Recorded] = check.mediums.as_slice() {
            say.push(("medium", "must be `recorded`".to_owned()));
        }
        if !check.not_by.is_empty() {
            say.push(("by", not_by(check.not_by.iter().map(|p| p.word()))));
        }
        let any: Vec<String> = check.any_of.iter().map(ToString::to_string).collect();
        let each = if check.all_of.is_empty() {
            vec![any; check.at_least as usize]
        } else {
            check.all_of.iter().map(|role| vec![role.to_string()]).collect()
        };
        self.people("approvals", each, &item, rule);
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
        if let Some((roles, n)) = &check.including {
            self.path("reviews.role", rule);
            each.extend(vec![roles.iter().map(ToString::to_string).collect(); *n as usize]);
        }
        each.resize(each.len().max(check.at_least as usize), Vec::new());
        let item = Item { set, say, about: about(rule, check.before, check.after), ..Item::default() };
        self.people("reviews", each, &item, rule);
    }

    /// One entry for each person who is asked for; entries of other rules that serve as well are not repeated.
    fn people(&mut self, section: &str, each: Vec<Vec<String>>, like: &Item, rule: &Rule) {
        let section = self.path(section, rule);
        let mut used = vec![false; section.items.len()];
        for roles in each {
            let serves = |item: &Item| {
                let role = roles.is_empty() || (!item.roles.is_empty() && item.roles.iter().all(|r| roles.contains(r)));
                role && same_kind(item, like) && same_time(&item.about, &like.about)
            };
            let free = |n: usize| !used.get(n).copied().unwrap_or(true);
            let Some(found) = (0..section.items.len()).find(|n| free(*n) && serves(&section.items[*n])) else {
                used.push(true);
                section.items.push(Item { roles, ..like.clone() });
                continue;
            };
            used[found] = true;
            let item = &mut section.items[found];
            let id = format!(" [{}]", rule.id);
            if !item.about.contains(&id) {
                item.about.push_str(&id);
            }
            item.show.extend(&like.show);
            for said in &like.say {
                if !item.say.contains(said) {
                    item.say.push(said.clone());
                }
            }
            if item.set.is_empty() {
                item.set.clone_from(&like.set);
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
        let mut show = Vec::new();
        if check.severity_at_least.is_some() {
            show.push("severity");
        }
        if check.reviewed {
            show.push("reviewed_at");
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
            say.push(("severity", rank.or_worse()));
        }
        let set = vec![("relation", check.relation.word().to_owned())];
        let about = format!("{about} [{}]", rule.id);
        self.item("incidents", Item { set, say, show, about, ..Item::default() }, rule);
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

/// Whether an entry can serve as one of the other kind: nothing of what is known of the two differs.
fn same_kind(item: &Item, like: &Item) -> bool {
    like.set.iter().all(|(key, value)| item.set.iter().all(|(k, v)| k != key || v == value))
}

/// Whether two such texts speak of the same time.
fn same_time(one: &str, other: &str) -> bool {
    let time = |text: &str| text.split('[').next().unwrap_or_default().trim().to_owned();
    time(one) == time(other) || time(other).is_empty()
}

/// The fields that say when an event was.
fn fields_of(event: Event) -> &'static [&'static str] {
    match event {
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
    }
}
