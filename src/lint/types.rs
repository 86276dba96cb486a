//! Types of change that the text names and the front matter does not define, and the other way round.
//!
//! A type is named by a heading ("Emergency changes"), by a row of a table of types, or by a capital ("Major changes
//! need the CISO"). In small letters `significant changes` are ordinary English.

use super::codes;
use super::text::{Sentence, Text, entry};
use crate::diag::{Diagnostic, Sink, suggest};
use crate::markdown::{Passage, PassageKind};
use crate::model::ChangeType;
use crate::source::Span;
use crate::yaml::Value;

/// What types of change are called.
const NAMES: &[&str] = &[
    "standard",
    "normal",
    "major",
    "minor",
    "significant",
    "emergency",
    "routine",
    "urgent",
    "expedited",
    "latent",
    "unplanned",
    "planned",
];
/// What the first column of a table of types is called.
const COLUMNS: &[&str] =
    &["type", "category", "class", "classification", "change type", "change category", "change class"];
/// What follows a name that is no type: `Significant changes to the platform`.
const ORDINARY: &[&str] = &["to", "in", "of", "from"];

pub(super) fn check(text: &Text<'_>, sink: &mut Sink) {
    let types = &text.version.types;
    let prose = text.passages.iter().any(|p| !matches!(p.kind, PassageKind::Heading(_)));
    if types.is_empty() || !prose {
        return;
    }
    let mut said: Vec<String> = Vec::new();
    let mut report = |name: &str, at: Span, sink: &mut Sink| {
        if defined(types, name) || said.contains(&name.to_lowercase()) {
            return;
        }
        said.push(name.to_lowercase());
        let ids: Vec<&str> = types.iter().map(|t| t.id.as_str()).collect();
        sink.push(
            Diagnostic::new(
                &codes::UNKNOWN_TYPE,
                text.version.file,
                at,
                format!("the front matter defines no type of change `{}`", name.to_lowercase()),
            )
            .label("the text names it here")
            .help(format!("define it below `changes.types`, or name one of those defined: {}", suggest::list(&ids))),
        );
    };
    for (name, at) in in_tables(text, types) {
        report(&name, at, sink);
    }
    for sentence in &text.sentences {
        for (at, word) in sentence.words.iter().enumerate() {
            if is_named(sentence, at) {
                report(word.text, sentence.part(&word.range), sink);
            }
        }
    }
    unnamed(text, sink);
}

/// Whether this is the title or the id of a type.
fn defined(types: &[ChangeType], name: &str) -> bool {
    let name = plain(name);
    types.iter().any(|t| {
        [plain(t.id.as_str()), plain(&t.title)].iter().any(|own| {
            *own == name
                || own.split(' ').any(|w| w == name)
                || name.split(' ').next().is_some_and(|first| first == own)
        })
    })
}

/// In small letters, without hyphens and without the word `change`.
fn plain(name: &str) -> String {
    let lower = name.to_lowercase().replace(['-', '_'], " ");
    let words = lower.split(' ').map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()));
    words.filter(|w| !w.is_empty() && !matches!(*w, "change" | "changes")).collect::<Vec<_>>().join(" ")
}

/// Whether a word names a type of change.
fn is_named(sentence: &Sentence<'_>, at: usize) -> bool {
    let words = &sentence.words;
    let word = &words[at];
    let next = |n: usize| words.get(at + n).map_or("", |w| &*w.lower);
    let change = || matches!(next(1), "change" | "changes");
    if !word.text.starts_with(char::is_uppercase) || !change() || !NAMES.contains(&&*word.lower) {
        return false;
    }
    if sentence.is_heading() {
        return at == 0 || words[..at].iter().all(|w| w.lower.chars().all(|c| c.is_ascii_digit() || c == '.'));
    }
    // `Major Change Process` and `Change Management` are names of something else.
    let titled = words.get(at + 1).is_some_and(|w| w.text.starts_with(char::is_uppercase));
    let other_name = titled && next(1) == "change" && !next(2).is_empty() && !is_verb(next(2));
    // The first word of a sentence has its capital from there: `Urgent changes required to restore service` names nothing.
    let by_place = at == 0 && !next(2).is_empty() && !is_verb(next(2));
    !other_name && !by_place && !ORDINARY.contains(&next(2))
}

/// Words that go on with a sentence after its subject.
fn is_verb(word: &str) -> bool {
    matches!(
        word,
        "is" | "are"
            | "must"
            | "may"
            | "needs"
            | "need"
            | "requires"
            | "require"
            | "has"
            | "have"
            | "can"
            | "shall"
            | "will"
    )
}

/// First cells of tables that list the types: those of which at least one row is a type that is defined.
fn in_tables(text: &Text<'_>, types: &[ChangeType]) -> Vec<(String, Span)> {
    let mut list = Vec::new();
    for header in text.passages {
        let PassageKind::Header(table) = header.kind else { continue };
        let first = first_cell(header).to_lowercase();
        if !COLUMNS.contains(&first.as_str()) {
            continue;
        }
        let rows: Vec<&Passage> = text.passages.iter().filter(|p| p.kind == PassageKind::Row(table)).collect();
        if rows.iter().any(|row| defined(types, first_cell(row))) {
            let named = rows.iter().filter(|row| !first_cell(row).is_empty());
            list.extend(named.filter_map(|row| Some((first_cell(row).to_owned(), row.source(row.cells.first()?)))));
        }
    }
    list
}

fn first_cell(row: &Passage) -> &str {
    row.cells.first().map_or("", |cell| row.text[cell.clone()].trim())
}

/// Types that are defined and that no word of the text names.
fn unnamed(text: &Text<'_>, sink: &mut Sink) {
    let body: String = text.passages.iter().map(|p| format!(" {} ", padded(&p.text))).collect();
    for own in &text.version.types {
        let names = [padded(own.id.as_str()), padded(&own.title)];
        let named = names.iter().any(|name| {
            let name = name.trim();
            let plural = format!(" {name}s ");
            body.contains(&format!(" {name} "))
                || body.contains(&plural)
                || name.strip_suffix('y').is_some_and(|stem| body.contains(&format!(" {stem}ies ")))
        });
        if named {
            continue;
        }
        let Some(at) = place_of(text, own.id.as_str()) else { continue };
        sink.push(
            Diagnostic::new(
                &codes::UNNAMED_TYPE,
                text.version.file,
                at,
                format!("the text never names the type of change `{}`", own.id),
            )
            .label("defined here")
            .help("say in the text what it is and what it asks for, or take it out"),
        );
    }
}

fn padded(text: &str) -> String {
    text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The key of a type in the front matter.
fn place_of(text: &Text<'_>, id: &str) -> Option<Span> {
    let types = text.front(&["changes", "types"])?;
    entry(types, id)?;
    let Value::Map(entries) = &types.value else { return None };
    entries.iter().find(|e| e.key.text == id).map(|e| e.key.span)
}
