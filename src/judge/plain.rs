//! Rules in plain words: what a reader of a policy is told stands behind a tick. Names roles and events, never people.

use crate::model::{
    ApprovalCheck, Check, DeadlineBound, DeploymentCheck, Event, GatesCheck, IncidentCheck, PolicyVersion, Relation,
    ReviewCheck, RollbackCheck, Rule, UnchangedCheck, Vocabulary,
};

/// One sentence that says what a rule asks, without its types.
pub fn in_plain_words(rule: &Rule) -> String {
    let mut text = match &rule.check {
        Check::Fields(paths) => {
            format!("The record states {}.", and(&paths.iter().map(|p| field_words(&p.0)).collect::<Vec<_>>()))
        }
        Check::Approval(check) => approval(check),
        Check::Review(check) => review(check),
        Check::Gates(check) => gates(check),
        Check::Deadline(check) => match check.bound {
            DeadlineBound::Within(length, start) => {
                format!("The {} comes within {length} of the {}.", check.of.phrase(), start.phrase())
            }
            DeadlineBound::AtLeastBefore(length, end) => {
                format!("The {} comes at least {length} before the {}.", check.of.phrase(), end.phrase())
            }
        },
        Check::Order(events) => {
            format!("In this order: {}.", events.iter().map(|e| e.phrase()).collect::<Vec<_>>().join(", "))
        }
        Check::Window(name) => format!("Production is deployed inside the window “{}”.", spaced(name.as_str())),
        Check::Freeze => "Nothing is deployed to production in a freeze.".to_owned(),
        Check::Observation(length) => {
            format!("The change is watched for at least {length} after its last production deployment.")
        }
        Check::Deployment(check) => deployment(check),
        Check::Rollback(check) => {
            let parts: Vec<String> = check.parts.iter().map(|p| p.word().to_owned()).collect();
            let recorded = check.recorded_before.map(|e| format!(", and was recorded before the {}", e.phrase()));
            format!("The rollback plan states its {}{}.", and(&parts), recorded.unwrap_or_default())
        }
        Check::Incident(check) => incident(check),
        Check::Procedure => {
            "The change follows a procedure that was approved, tested and in date when it was requested.".to_owned()
        }
        Check::Merged(_) => "Every pull request was merged the way this policy asks.".to_owned(),
        Check::Attested(check) => format!("A named person attests “{}”.", spaced(check.statement.as_str())),
        Check::Assert(_) => "A condition over the record is checked.".to_owned(),
        Check::Unchanged(check) => unchanged(*check),
        Check::Retained(length) => format!("No record younger than {length} is deleted, and history is not rewritten."),
        Check::Complete => {
            "Everything that was deployed has a record, and every recorded commit was deployed.".to_owned()
        }
        Check::Broken => "This is not checked by a program yet.".to_owned(),
    };
    if rule.when.is_some() {
        text.pop();
        text.push_str(", where the condition of this rule holds.");
    }
    if rule.or_reason {
        text.pop();
        text.push_str(", or the record says why not.");
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

/// The types a rule binds, as "every emergency change" or "every change".
pub fn types_in_words(rule: &Rule, version: &PolicyVersion) -> String {
    if rule.types.is_empty() {
        return "every change".to_owned();
    }
    let titles: Vec<String> = rule
        .types
        .iter()
        .map(|t| version.change_type(t.as_str()).map_or_else(|| t.to_string(), |c| c.title.to_lowercase()))
        .collect();
    format!("every {} change", or(&titles))
}

fn spaced(word: &str) -> String {
    word.replace(['-', '_'], " ")
}

/// `rollback.steps` as "rollback: steps".
fn field_words(path: &str) -> String {
    match path {
        "type" => "its type".to_owned(),
        "kind" => "what kind of change it is".to_owned(),
        "impact" => "what it affects".to_owned(),
        "id" => "its id".to_owned(),
        _ => path.split('.').map(|part| spaced(part).replace(" at", " time")).collect::<Vec<_>>().join(": "),
    }
}

fn and(words: &[String]) -> String {
    join(words, "and")
}

fn or(words: &[String]) -> String {
    join(words, "or")
}

fn join(words: &[String], last: &str) -> String {
    match words.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((end, rest)) => format!("{} {last} {end}", rest.join(", ")),
    }
}

fn number(n: u32) -> String {
    ["no", "one", "two", "three", "four", "five"].get(n as usize).map_or_else(|| n.to_string(), |w| (*w).to_owned())
}

fn roles<S: AsRef<str>>(list: &[S], last: &str) -> String {
    join(&list.iter().map(|r| role(r.as_ref())).collect::<Vec<_>>(), last)
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

fn bounds(before: Option<Event>, after: Option<Event>) -> String {
    let mut text = String::new();
    if let Some(event) = before {
        text.push_str(&format!(" before the {}", event.phrase()));
    }
    if let Some(event) = after {
        text.push_str(&format!(" after the {}", event.phrase()));
    }
    text
}

fn independent(parties: &[crate::model::Party]) -> String {
    if parties.is_empty() {
        return String::new();
    }
    let words: Vec<String> = parties.iter().map(|p| format!("the {}", p.word())).collect();
    format!(", but not {}", or(&words))
}

fn approval(check: &ApprovalCheck) -> String {
    let who = if check.all_of.is_empty() {
        let people = if check.at_least == 1 { "person".to_owned() } else { "people".to_owned() };
        let role = if check.any_of.is_empty() {
            String::new()
        } else {
            format!(" in the role of {}", roles(&check.any_of, "or"))
        };
        format!(
            "{} {people}{role} approve{}",
            capital(&number(check.at_least)),
            if check.at_least == 1 { "s" } else { "" }
        )
    } else {
        format!("{} each approve", capital(&roles(&check.all_of, "and")))
    };
    let media = match check.mediums.as_slice() {
        [crate::model::Medium::Recorded] => " in writing",
        [crate::model::Medium::Verbal] => " by word of mouth",
        _ => "",
    };
    let instead: String = check
        .instead
        .iter()
        .map(|(place, stand_in)| {
            format!("; the {} may stand in for the {}, saying why", role(stand_in.as_str()), role(place.as_str()))
        })
        .collect();
    format!("{who}{media}{}{}{instead}.", bounds(check.before, check.after), independent(&check.not_by))
}

fn review(check: &ReviewCheck) -> String {
    let n = check.at_least;
    let kinds = if check.kinds.is_empty() {
        String::new()
    } else {
        format!(" ({})", or(&check.kinds.iter().map(|k| spaced(k.as_str())).collect::<Vec<_>>()))
    };
    let including = check
        .including
        .as_ref()
        .map(|(roles, n)| {
            let roles: Vec<String> = roles.iter().map(|r| role(r.as_str())).collect();
            format!(", {} of them as {}", number(*n), or(&roles))
        })
        .unwrap_or_default();
    let who = if n == 1 { "person reviews and approves".to_owned() } else { "people review and approve".to_owned() };
    format!(
        "{} {who} it{kinds}{}{including}{}.",
        capital(&number(n)),
        bounds(check.before, check.after),
        independent(&check.not_by)
    )
}

fn gates(check: &GatesCheck) -> String {
    let names: Vec<String> = check.passed.iter().map(|g| spaced(g.as_str())).collect();
    let mut text = if names.is_empty() {
        "No gate".to_owned()
    } else {
        format!("The latest run of {} passed{}", and(&names), bounds(check.before, check.after))
    };
    if !check.open_findings.is_empty() {
        let findings: Vec<String> = check.open_findings.iter().map(|(s, n)| format!("{} {s}", number(*n))).collect();
        let joint = if names.is_empty() { " leaves more than" } else { ", leaving open at most" };
        text.push_str(&format!("{joint} {} findings", and(&findings)));
    }
    format!("{text}.")
}

fn deployment(check: &DeploymentCheck) -> String {
    let mut parts = Vec::new();
    if !check.via.is_empty() {
        parts.push(format!(
            "goes through the {}",
            or(&check.via.iter().map(|v| spaced(v.as_str())).collect::<Vec<_>>())
        ));
    }
    if check.by_person {
        parts.push("is set off by a named person".to_owned());
    }
    if check.staged {
        parts.push("follows a successful deployment to another environment".to_owned());
    }
    format!("Every production deployment {}.", and(&parts))
}

fn incident(check: &IncidentCheck) -> String {
    let rank = check.severity_at_least.map(|s| format!(" of {}", s.or_worse())).unwrap_or_default();
    let reviewed = if check.reviewed { " and reviewed" } else { "" };
    let relation = match check.relation {
        Relation::TriggeredBy => "that made the change necessary",
        Relation::Caused => "that the change caused",
    };
    let when = if check.when_outcome.is_empty() {
        String::new()
    } else {
        format!(
            "Where the outcome is {}: ",
            or(&check.when_outcome.iter().map(|o| spaced(o.word())).collect::<Vec<_>>())
        )
    };
    let text = format!("an incident{rank} {relation} is recorded{reviewed}.");
    if when.is_empty() { capital(&text) } else { format!("{when}{text}") }
}

fn unchanged(check: UnchangedCheck) -> String {
    let all = crate::decode::record_shape().fields;
    let words = |kept: bool| {
        let of = all.iter().enumerate().filter(|(n, f)| (check.fields.0 & (1 << n) != 0) == kept && f.name != "extra");
        of.map(|(_, f)| field_words(f.name)).collect::<Vec<_>>()
    };
    let (kept, free) = (words(true), words(false));
    let after = check.after.phrase();
    if free.is_empty() {
        format!("Nothing in the record is edited after the {after}.")
    } else if free.len() < kept.len() {
        format!("Nothing in the record but {} is edited after the {after}.", and(&free))
    } else {
        format!("After the {after} the record keeps {} as stated then.", and(&kept))
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// The types several rules bind together: "every change", "every normal and emergency change".
pub fn types_together(rules: &[&Rule], version: &PolicyVersion) -> String {
    if rules.iter().any(|r| r.types.is_empty()) {
        return "every change".to_owned();
    }
    let bound: Vec<String> = version
        .types
        .iter()
        .filter(|t| rules.iter().any(|r| r.types.contains(&t.id)))
        .map(|t| t.title.to_lowercase())
        .collect();
    if bound.len() == version.types.len() {
        return "every change".to_owned();
    }
    format!("every {} change", and(&bound))
}
