//! What one site adds to a schema: its policies, types, procedures, rules and people as closed lists.

use super::json::Json;
use super::kinds::words;
use crate::model::{ChangeKind, Field, Impact, Ledger, Policy, PolicyVersion, Vocabulary, Word};

/// Everybody, with what is said of them.
pub(super) fn people(ledger: &Ledger) -> Vec<(String, String)> {
    ledger
        .people
        .entries
        .iter()
        .filter_map(|person| {
            let id = person.id.get()?.to_string();
            let held = person.roles.items().iter().filter(|term| !matches!(term.until, Field::Given(..)));
            let roles: Vec<&str> = held.filter_map(|term| Some(term.role.get()?.as_str())).collect();
            let said = if roles.is_empty() {
                person.display().to_owned()
            } else {
                format!("{}: {}", person.display(), roles.join(", "))
            };
            Some((id, said))
        })
        .collect()
}

/// Which policies there are, and what each of them asks of what stands beside its name.
pub(super) fn by_policy(ledger: &Ledger, ask: impl Fn(&PolicyVersion) -> Json) -> Json {
    let titles: Vec<&str> = ledger.policies.iter().map(|p| p.newest().title.as_str()).collect();
    let ids: Vec<&str> = ledger.policies.iter().map(|p| p.id.as_str()).collect();
    let mut all = vec![property("policy", either_null(words(&ids, &titles)))];
    let default = ledger.configuration.default_policy.as_ref();
    for policy in &ledger.policies {
        let is_default = default.is_some_and(|id| *id == policy.id);
        all.push(Json::map([("if", named(policy, is_default)), ("then", ask(policy.newest()))]));
    }
    if default.is_none() {
        all.push(Json::map([("required", Json::texts(["policy"]))]));
    }
    Json::List(all)
}

/// That a document is under this policy.
fn named(policy: &Policy, is_default: bool) -> Json {
    let id = Json::text(policy.id.as_str());
    if is_default {
        return property("policy", Json::map([("enum", Json::List(vec![id, Json::Null]))]));
    }
    property("policy", Json::map([("const", id)])).with("required", Json::texts(["policy"]))
}

fn property(name: &str, schema: Json) -> Json {
    Json::map([("properties", Json::map([(name, schema)]))])
}

fn either_null(schema: Json) -> Json {
    Json::map([("anyOf", Json::List(vec![schema, Json::map([("type", Json::text("null"))])]))])
}

/// What a policy asks of the words of a change record.
pub(super) fn record(version: &PolicyVersion) -> Json {
    let types: Vec<&str> = version.types.iter().map(|t| t.id.as_str()).collect();
    let about: Vec<&str> = version.types.iter().map(|t| t.summary.as_deref().unwrap_or(&t.title)).collect();
    let procedures: Vec<&str> = version.procedures.iter().map(|p| p.id.as_str()).collect();
    let titles: Vec<&str> = version.procedures.iter().map(|p| p.title.as_str()).collect();
    let rules: Vec<&str> = version.rules.iter().map(|r| r.id.as_str()).collect();
    let kinds = own(version.kinds.as_deref(), ChangeKind::WORDS);
    let impacts = own(version.impacts.as_deref(), Impact::WORDS);
    Json::map([(
        "properties",
        Json::map([
            ("type", words(&types, &about)),
            ("kind", list_of(&kinds)),
            ("impact", list_of(&[impacts, vec!["none"]].concat())),
            ("procedure", either_null(words(&procedures, &titles))),
            ("reasons", Json::map([("propertyNames", words::<&str, &str>(&rules, &[]))])),
        ]),
    )])
}

/// What a policy asks of the words of a waiver.
pub(super) fn waiver(version: &PolicyVersion) -> Json {
    let rules: Vec<&str> = version.rules.iter().map(|r| r.id.as_str()).collect();
    let types: Vec<&str> = version.types.iter().map(|t| t.id.as_str()).collect();
    Json::map([(
        "properties",
        Json::map([("rule", words::<&str, &str>(&rules, &[])), ("where", property("type", list_of(&types)))]),
    )])
}

fn own<'w>(own: Option<&'w [Word]>, common: &'static [&'static str]) -> Vec<&'w str> {
    own.map_or_else(|| common.to_vec(), |words| words.iter().map(Word::as_str).collect())
}

/// One of these words, or a list of them, or nothing.
fn list_of(list: &[&str]) -> Json {
    let one = words::<&str, &str>(list, &[]);
    let many = Json::map([("type", Json::text("array")), ("items", one.clone())]);
    Json::map([("anyOf", Json::List(vec![one, many, Json::map([("type", Json::text("null"))])]))])
}
