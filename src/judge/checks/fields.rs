//! `fields`: every named field is there and not blank; a path through a list asks it of every item.

use super::own_due;
use crate::decode::table::{Look, Looked};
use crate::diag::suggest;
use crate::judge::case::{Case, Holds};
use crate::judge::codes;
use crate::judge::verdict::{Ruling, Say};
use crate::model::{FieldPath, Rule};
use crate::source::Span;

/// What a path came to.
enum Found {
    There,
    Missing(Option<Span>),
    Broken(Span),
}

pub(super) fn ruling(case: &Case<'_>, rule: &Rule, paths: &[FieldPath], say: &mut Say<'_>) -> Ruling {
    let mut missing: Vec<&str> = Vec::new();
    let mut at = None;
    for path in paths {
        match follow(case.record, &path.0) {
            Found::There => {}
            Found::Broken(span) => return case.broken(span, say),
            Found::Missing(span) => {
                at = at.or(span);
                missing.push(&path.0);
            }
        }
    }
    if say.listening() {
        let all: Vec<&str> = paths.iter().map(|p| &*p.0).collect();
        say.fact("asked for", None, || suggest::list(&all));
    }
    if missing.is_empty() {
        say.headline(|| match paths.len() {
            1 => "the field is filled in".to_owned(),
            2 => "both fields are filled in".to_owned(),
            n => format!("all {n} fields are filled in"),
        });
        return case.settle(Holds::Yes, own_due(case, rule), say);
    }
    let ruling = case.settle(Holds::NotYet(&codes::FIELD_MISSING), own_due(case, rule), say);
    if ruling.code.is_some() {
        say.headline(|| {
            format!("{} {} missing", suggest::list(&missing), if missing.len() == 1 { "is" } else { "are" })
        });
        let span = at.or(case.record.id.span()).unwrap_or(case.record.span);
        say.at(span, || if at.is_some() { "blank here".to_owned() } else { "this record does not say".to_owned() });
    }
    say.help(|| format!("fill in {}", suggest::list(&missing)));
    ruling
}

fn follow(document: &dyn Looked, path: &str) -> Found {
    let (head, rest) = path.split_once('.').map_or((path, None), |(h, r)| (h, Some(r)));
    match (document.look(head), rest) {
        (None, _) => Found::Missing(None),
        (Some(Look::Missing(span)), _) => Found::Missing(span),
        (Some(Look::Broken(span)), _) => Found::Broken(span),
        (Some(_), None) => Found::There,
        (Some(Look::Value(_)), Some(_)) => Found::Missing(None),
        (Some(Look::One(inner)), Some(rest)) => match follow(inner, rest) {
            Found::Missing(None) => Found::Missing(Some(inner.place())),
            found => found,
        },
        (Some(Look::Many(items, _)), Some(rest)) => {
            let mut found = Found::There;
            for item in items {
                match follow(item, rest) {
                    Found::There => {}
                    Found::Broken(span) => return Found::Broken(span),
                    Found::Missing(span) => found = Found::Missing(Some(span.unwrap_or(item.place()))),
                }
            }
            found
        }
    }
}
