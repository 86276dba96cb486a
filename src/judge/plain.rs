//! Rules in plain words: what a reader of a policy is told stands behind a tick, in the language of the site, or in English
//! on the terminal. Names roles and events, never people. What is said stands in the language files.

use crate::language::{Language, english};
use crate::model::{
    ApprovalCheck, Check, DeadlineBound, DeploymentCheck, Duration, Event, GatesCheck, IncidentCheck, Medium, Party,
    PolicyVersion, Relation, ReviewCheck, RollbackCheck, Rule, UnchangedCheck, Vocabulary,
};

/// One English sentence that says what a rule asks, without its types.
pub fn in_plain_words(rule: &Rule) -> String {
    in_words_of(&english(), rule)
}

/// One sentence in a language that says what a rule asks, without its types.
pub fn in_words_of(language: &Language, rule: &Rule) -> String {
    let mut text = Words(language).check(&rule.check);
    let stop = ['.', '。', '।'];
    let within = |key: &str, text: &str| language.say(key, &[("text", text.trim_end_matches(stop))]);
    if rule.when.is_some() {
        text = within("rule.when", &text);
    }
    if rule.or_reason {
        text = within("rule.or_reason", &text);
    }
    text
}

/// When a rule falls due, as "before the deployment". Until then what is missing is pending.
pub fn due_in_words(rule: &Rule) -> String {
    let before = |event: Event| format!("before the {}", event.phrase());
    let at = |event: Event| format!("at the {}", event.phrase());
    let own = || at(rule.due.unwrap_or(Event::Closed));
    match &rule.check {
        Check::Deadline(check) => match check.bound {
            DeadlineBound::Within(length, start) => format!("{length} after the {}", start.phrase()),
            DeadlineBound::AtLeastBefore(length, end) => format!("{length} before the {}", end.phrase()),
        },
        Check::Order(events) => events.last().map_or_else(own, |event| at(*event)),
        Check::Window(_) | Check::Freeze | Check::Deployment(_) => at(Event::Deployed),
        Check::Approval(ApprovalCheck { before: Some(event), .. })
        | Check::Review(ReviewCheck { before: Some(event), .. })
        | Check::Gates(GatesCheck { before: Some(event), .. })
        | Check::Rollback(RollbackCheck { recorded_before: Some(event), .. }) => before(*event),
        _ => own(),
    }
}

/// The types a rule binds, in English, as "every emergency change" or "every change".
pub fn types_in_words(rule: &Rule, version: &PolicyVersion) -> String {
    types_in_words_of(&english(), rule, version)
}

/// The types a rule binds, in a language.
pub fn types_in_words_of(language: &Language, rule: &Rule, version: &PolicyVersion) -> String {
    if rule.types.is_empty() {
        return language.word("types.every");
    }
    let title = |id: &str| version.change_type(id).map_or_else(|| id.to_owned(), |c| small(language, &c.title));
    let titles: Vec<String> = rule.types.iter().map(|t| title(t.as_str())).collect();
    language.say("types.some", &[("types", &language.or(&titles))])
}

/// The types that several rules bind together, as a tick says it: "on every change", "on every normal and emergency change".
pub fn types_together(language: &Language, rules: &[&Rule], version: &PolicyVersion) -> String {
    let bound: Vec<String> = version
        .types
        .iter()
        .filter(|t| rules.iter().any(|r| r.types.contains(&t.id)))
        .map(|t| small(language, &t.title))
        .collect();
    if rules.iter().any(|r| r.types.is_empty()) || bound.len() == version.types.len() {
        return language.word("types.on_every");
    }
    language.say("types.on_some", &[("types", &language.and(&bound))])
}

/// A title inside a sentence: in small letters, where the language writes what it names so.
fn small(language: &Language, title: &str) -> String {
    if language.word("types.in_small_letters") == "yes" { title.to_lowercase() } else { title.to_owned() }
}

fn spaced(word: &str) -> String {
    word.replace(['-', '_'], " ")
}

fn list_of<S: AsRef<str>>(words: &[S]) -> Vec<String> {
    words.iter().map(|w| spaced(w.as_ref())).collect()
}

/// `engineering-lead` as "engineering lead", with letters that stand for words in capitals.
pub fn role(name: &str) -> String {
    spaced(name)
        .split(' ')
        .map(|word| {
            if matches!(word, "ciso" | "qa" | "isms" | "cto" | "ceo" | "coo" | "cio" | "dpo" | "sre") {
                word.to_uppercase()
            } else {
                word.to_owned()
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// What checks ask, in a language.
struct Words<'l>(&'l Language);

impl Words<'_> {
    fn word(&self, key: &str) -> String {
        self.0.word(key)
    }

    fn say(&self, key: &str, slots: &[(&str, &str)]) -> String {
        capital(&self.0.say(key, slots))
    }

    fn check(&self, check: &Check) -> String {
        match check {
            Check::Fields(paths) => {
                let fields: Vec<String> = paths.iter().map(|p| self.field(&p.0)).collect();
                self.say("rule.fields", &[("fields", &self.0.and(&fields))])
            }
            Check::Approval(check) => self.approval(check),
            Check::Review(check) => self.review(check),
            Check::Gates(check) => self.gates(check),
            Check::Deadline(check) => {
                let (key, length, end) = match check.bound {
                    DeadlineBound::Within(length, start) => ("rule.within", length, start),
                    DeadlineBound::AtLeastBefore(length, end) => ("rule.at_least_before", length, end),
                };
                let (event, length, of) = (self.the(check.of), self.length(length), self.of(end));
                self.say(key, &[("event", &event), ("length", &length), ("of", &of)])
            }
            Check::Order(events) => {
                let events: Vec<String> = events.iter().map(|e| self.word(&format!("event.{}", e.word()))).collect();
                self.say("rule.order", &[("events", &self.0.row_of(&events))])
            }
            Check::Window(name) => self.say("rule.window", &[("window", &spaced(name.as_str()))]),
            Check::Freeze => self.word("rule.freeze"),
            Check::Observation(length) => self.say("rule.observation", &[("length", &self.length(*length))]),
            Check::Deployment(check) => self.deployment(check),
            Check::Rollback(check) => {
                let parts = check.parts.iter().map(|p| self.word(&format!("rollback.{}", p.word())));
                let parts = self.0.and(&parts.collect::<Vec<_>>());
                match check.recorded_before {
                    Some(e) => self.say("rule.rollback_recorded", &[("parts", &parts), ("event", &self.of(e))]),
                    None => self.say("rule.rollback", &[("parts", &parts)]),
                }
            }
            Check::Incident(check) => self.incident(check),
            Check::Procedure => self.word("rule.procedure"),
            Check::Merged(_) => self.word("rule.merged"),
            Check::Attested(check) => self.say("rule.attested", &[("statement", &spaced(check.statement.as_str()))]),
            Check::Assert(_) => self.word("rule.assert"),
            Check::Unchanged(check) => self.unchanged(*check),
            Check::Retained(length) => self.say("rule.retained", &[("length", &self.length(*length))]),
            Check::Complete => self.word("rule.complete"),
            Check::Broken => self.word("rule.broken"),
        }
    }

    /// An event as the subject of a sentence.
    fn the(&self, event: Event) -> String {
        self.word(&format!("event.{}.the", event.word()))
    }

    /// An event after "before", "after" and the like.
    fn of(&self, event: Event) -> String {
        self.word(&format!("event.{}.of", event.word()))
    }

    fn length(&self, length: Duration) -> String {
        length_in(self.0, length)
    }

    /// `rollback.steps` as "rollback: steps".
    fn field(&self, path: &str) -> String {
        let word = |prefix: &str, part: &str| {
            let key = format!("{prefix}.{part}");
            if self.0.phrase(&key).is_some() { self.word(&key) } else { spaced(part).replace(" at", " time") }
        };
        let mut parts = path.split('.');
        let first = word("field", parts.next().unwrap_or_default());
        std::iter::once(first).chain(parts.map(|part| word("field.part", part))).collect::<Vec<_>>().join(": ")
    }

    fn number(&self, n: u32) -> String {
        if n <= 5 { self.word(&format!("number.{n}")) } else { self.0.number(u64::from(n)) }
    }

    fn roles<S: AsRef<str>>(list: &[S]) -> Vec<String> {
        list.iter().map(|r| role(r.as_ref())).collect()
    }

    /// What follows a verb: each part with the space or the sign before it.
    fn bounds(&self, before: Option<Event>, after: Option<Event>) -> String {
        let bound = |key: &str, event: Option<Event>| {
            event.map_or_else(String::new, |e| format!(" {}", self.0.say(key, &[("event", &self.of(e))])))
        };
        format!("{}{}", bound("rule.before", before), bound("rule.after", after))
    }

    fn independent(&self, parties: &[Party]) -> String {
        if parties.is_empty() {
            return String::new();
        }
        let parties: Vec<String> = parties.iter().map(|p| self.word(&format!("party.{}", p.word()))).collect();
        self.0.say("rule.not_by", &[("parties", &self.0.or(&parties))])
    }

    fn approval(&self, check: &ApprovalCheck) -> String {
        let media = match check.mediums.as_slice() {
            [Medium::Recorded] => format!(" {}", self.word("rule.recorded")),
            [Medium::Verbal] => format!(" {}", self.word("rule.verbal")),
            _ => String::new(),
        };
        let instead: String = check
            .instead
            .iter()
            .map(|(place, other)| {
                let (place, other) = (role(place.as_str()), role(other.as_str()));
                self.0.say("rule.instead", &[("place", &place), ("other", &other)])
            })
            .collect();
        let bounds = self.bounds(check.before, check.after);
        let how = format!("{media}{bounds}{}{instead}", self.independent(&check.not_by));
        if !check.all_of.is_empty() {
            let roles = self.0.and(&Self::roles(&check.all_of));
            return self.say("rule.approval_each", &[("roles", &roles), ("how", &how)]);
        }
        let (n, number) = (check.at_least as usize, self.number(check.at_least));
        let who = self.0.count("rule.people", n, &[("number", &number)]);
        let who = if check.any_of.is_empty() {
            who
        } else {
            let roles = self.0.or(&Self::roles(&check.any_of));
            self.0.say("rule.in_role", &[("people", &who), ("roles", &roles)])
        };
        capital(&self.0.count("rule.approval", n, &[("who", &who), ("how", &how)]))
    }

    fn review(&self, check: &ReviewCheck) -> String {
        let kinds =
            if check.kinds.is_empty() { String::new() } else { format!(" ({})", self.0.or(&list_of(&check.kinds))) };
        let including = check.including.as_ref().map(|(roles, n)| {
            let (roles, number) = (self.0.or(&Self::roles(roles)), self.number(*n));
            self.0.say("rule.including", &[("number", &number), ("roles", &roles)])
        });
        let bounds = self.bounds(check.before, check.after);
        let independent = self.independent(&check.not_by);
        let how = format!("{kinds}{bounds}{}{independent}", including.unwrap_or_default());
        let n = check.at_least as usize;
        let who = self.0.count("rule.people", n, &[("number", &self.number(check.at_least))]);
        capital(&self.0.count("rule.review", n, &[("who", &who), ("how", &how)]))
    }

    fn gates(&self, check: &GatesCheck) -> String {
        let gates = self.0.and(&list_of(&check.passed));
        let when = self.bounds(check.before, check.after);
        let finding = |(severity, n): &(crate::model::Word, u32)| {
            let key = format!("severity.{severity}");
            let severity = if self.0.phrase(&key).is_some() { self.word(&key) } else { severity.to_string() };
            self.0.say("rule.finding", &[("number", &self.number(*n)), ("severity", &severity)])
        };
        let findings = self.0.and(&check.open_findings.iter().map(finding).collect::<Vec<_>>());
        match (check.passed.is_empty(), check.open_findings.is_empty()) {
            (true, _) => self.say("rule.findings", &[("findings", &findings)]),
            (false, true) => self.say("rule.gates", &[("gates", &gates), ("when", &when)]),
            (false, false) => {
                self.say("rule.gates_findings", &[("gates", &gates), ("when", &when), ("findings", &findings)])
            }
        }
    }

    fn deployment(&self, check: &DeploymentCheck) -> String {
        let mut parts = Vec::new();
        if !check.via.is_empty() {
            parts.push(self.0.say("rule.deployment_via", &[("via", &self.0.or(&list_of(&check.via)))]));
        }
        if check.by_person {
            parts.push(self.word("rule.deployment_by"));
        }
        if check.staged {
            parts.push(self.word("rule.deployment_staged"));
        }
        self.say("rule.deployment", &[("parts", &self.0.and(&parts))])
    }

    fn incident(&self, check: &IncidentCheck) -> String {
        let rank = check.severity_at_least.map_or_else(String::new, |s| {
            let worst = s.or_worse() == s.to_string();
            let key = if worst { "rule.incident_worst" } else { "rule.incident_rank" };
            format!(" {}", self.0.say(key, &[("severity", &s.to_string())]))
        });
        let relation = self.word(match check.relation {
            Relation::TriggeredBy => "rule.incident_triggered",
            Relation::Caused => "rule.incident_caused",
        });
        let key = if check.reviewed { "rule.incident_reviewed" } else { "rule.incident" };
        let text = self.0.say(key, &[("rank", &rank), ("relation", &relation)]);
        if check.when_outcome.is_empty() {
            return capital(&text);
        }
        let outcomes = check.when_outcome.iter().map(|o| self.word(&format!("outcome.{}", o.word())));
        let outcomes = self.0.or(&outcomes.collect::<Vec<_>>());
        self.say("rule.incident_where", &[("outcomes", &outcomes), ("text", &text)])
    }

    fn unchanged(&self, check: UnchangedCheck) -> String {
        let all = crate::decode::record_shape().fields;
        let words = |kept: bool| {
            let is = |n: usize| (check.fields.0 & (1 << n) != 0) == kept;
            let of = all.iter().enumerate().filter(|(n, f)| is(*n) && f.name != "extra");
            of.map(|(_, f)| self.field(f.name)).collect::<Vec<_>>()
        };
        let (kept, free) = (words(true), words(false));
        let after = self.of(check.after);
        if free.is_empty() {
            self.say("rule.unchanged", &[("event", &after)])
        } else if free.len() < kept.len() {
            self.say("rule.unchanged_but", &[("fields", &self.0.and(&free)), ("event", &after)])
        } else {
            self.say("rule.unchanged_only", &[("fields", &self.0.and(&kept)), ("event", &after)])
        }
    }
}

/// How long, in a language: `2 business days`.
pub fn length_in(language: &Language, length: Duration) -> String {
    let (unit, n) = match length {
        Duration::Elapsed(s) if s % 3600 == 0 => ("hours", s / 3600),
        Duration::Elapsed(s) => ("minutes", s / 60),
        Duration::BusinessDays(n) => ("business_days", n),
        Duration::Days(n) => ("days", n),
        Duration::Months(n) if n % 12 == 0 && n > 12 => ("years", n / 12),
        Duration::Months(n) => ("months", n),
    };
    language.count(&format!("length.{unit}"), n as usize, &[])
}
