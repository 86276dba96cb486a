//! What a record says about other documents: its policy's words, people, rules, and ids that must be unique.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{Hash, Hasher};

use super::codes;
use super::people::duplicate;
use crate::diag::{Diagnostic, Sink, fix, suggest};
use crate::model::{
    ChangeKind, ChangeRecord, Field, Id, Impact, Ledger, People, PersonId, PolicyVersion, Spanned, Vocabulary, Word,
};
use crate::source::{FileId, Location, Span};

/// What a record is read against.
#[derive(Clone, Copy)]
pub struct RecordContext<'l> {
    /// All other documents.
    pub ledger: &'l Ledger,
    /// The policy version in force, if the record's policy is known.
    pub version: Option<&'l PolicyVersion>,
}

/// Checks a record's words against its policy, and what it says of rules. The record as rules read it: a word that is none
/// of the policy's is a broken field there, so that rules that read it are `unknown`.
pub fn check_references<'r>(
    record: &'r ChangeRecord,
    context: RecordContext<'_>,
    sink: &mut Sink,
) -> Cow<'r, ChangeRecord> {
    let Some(version) = context.version else {
        check_policy(record, context.ledger, sink);
        return Cow::Borrowed(record);
    };
    let read = check_words(record, version, sink);
    let file = record.file;
    for reason in record.reasons.items() {
        if version.rule(reason.name.as_str()).is_none() {
            let all = || version.rules.iter().map(|r| r.id.as_str());
            let asked: Vec<&str> = version.rules.iter().filter(|r| r.or_reason).map(|r| r.id.as_str()).collect();
            let rules: Vec<&str> = suggest::nearest(reason.name.as_str(), all()).map_or(asked, |near| vec![near]);
            sink.push(
                Diagnostic::new(
                    &codes::UNKNOWN_RULE,
                    file,
                    reason.name_span,
                    format!("policy `{}` has no rule `{}`", version.id, reason.name),
                )
                .help(suggest::help(reason.name.as_str(), rules.iter().copied())),
            );
        }
    }
    read
}

/// Checks a record's words against those its policy closes. The record with a broken field for one that is none of them.
pub fn check_words<'r>(record: &'r ChangeRecord, version: &PolicyVersion, sink: &mut Sink) -> Cow<'r, ChangeRecord> {
    let mut read = Cow::Borrowed(record);
    let file = record.file;
    if let Field::Given(word, span) = &record.type_
        && version.change_type(word.as_str()).is_none()
    {
        let types = version.types.iter().map(|t| t.id.as_str());
        let mut finding = Diagnostic::new(
            &codes::UNKNOWN_TYPE,
            file,
            *span,
            format!("policy `{}` has no change type `{word}`", version.id),
        )
        .help(suggest::help(word.as_str(), types.clone()))
        .fix(*span, word.as_str(), fix::word(word.as_str(), types));
        if let Some(front) = version.front {
            finding = finding.other(version.at(Span::at(front.start as usize)), "its types stand in this front matter");
        }
        sink.push(finding);
        read.to_mut().type_.break_it();
    }
    let kinds: Vec<&str> = own_words(version.kinds.as_deref(), ChangeKind::WORDS);
    if !all_known(&record.kind, "a kind of change", &kinds, file, sink) {
        read.to_mut().kind.break_it();
    }
    let impacts: Vec<&str> = own_words(version.impacts.as_deref(), Impact::WORDS);
    if !all_known(&record.impact, "an impact", &impacts, file, sink) {
        read.to_mut().impact.break_it();
    }
    if let Field::Given(word, span) = &record.procedure
        && version.procedure(word.as_str()).is_none()
    {
        let procedures = version.procedures.iter().map(|p| p.id.as_str());
        sink.push(
            Diagnostic::new(
                &codes::UNKNOWN_WORD,
                file,
                *span,
                format!("policy `{}` has no procedure `{word}`", version.id),
            )
            .help(suggest::help(word.as_str(), procedures)),
        );
        read.to_mut().procedure.break_it();
    }
    read
}

fn own_words<'w>(own: Option<&'w [Word]>, common: &'static [&'static str]) -> Vec<&'w str> {
    own.map_or_else(|| common.to_vec(), |words| words.iter().map(Word::as_str).collect())
}

/// Whether every word of a list is one of those that are allowed.
fn all_known(field: &Field<Vec<Spanned<Word>>>, what: &str, allowed: &[&str], file: FileId, sink: &mut Sink) -> bool {
    let mut known = true;
    for item in field.items() {
        if !allowed.contains(&item.value.as_str()) {
            known = false;
            sink.push(
                Diagnostic::new(&codes::UNKNOWN_WORD, file, item.span, format!("`{}` is not {what}", item.value))
                    .help(suggest::help(item.value.as_str(), allowed.iter().copied()))
                    .fix(item.span, item.value.as_str(), fix::word(item.value.as_str(), allowed.iter().copied())),
            );
        }
    }
    known
}

fn check_policy(record: &ChangeRecord, ledger: &Ledger, sink: &mut Sink) {
    match &record.policy {
        Field::Given(id, span) => sink.push(unknown_policy(record.file, id.as_str(), *span, ledger)),
        Field::Broken(_) => {}
        Field::Absent | Field::Blank(_) => {
            let at = record.id.span().unwrap_or(Span::at(record.span.start as usize));
            sink.push(
                Diagnostic::new(
                    &codes::UNKNOWN_POLICY,
                    record.file,
                    at,
                    "this record names no policy, and the site has no default one",
                )
                .help("add `policy: ID`, or set `changes.default_policy` in tickmark.yaml"),
            );
        }
    }
}

pub(super) fn unknown_policy(file: FileId, id: &str, span: Span, ledger: &Ledger) -> Diagnostic {
    Diagnostic::new(&codes::UNKNOWN_POLICY, file, span, format!("the site has no policy `{id}`"))
        .help(suggest::help(id, ledger.policy_ids()))
}

pub(super) fn unknown_person(file: FileId, who: &PersonId, span: Span, people: &People) -> Diagnostic {
    let near = suggest::nearest(who.as_str(), people.ids());
    let help = near.map_or_else(
        || "add them to people.yaml; until then what they did does not count".to_owned(),
        |id| format!("did you mean `{id}`?"),
    );
    Diagnostic::new(&codes::UNKNOWN_PERSON, file, span, format!("`{who}` is not in people.yaml")).help(help)
}

/// Checks a record's people against people.yaml.
pub fn check_people(record: &ChangeRecord, people: &People, sink: &mut Sink) {
    let mut check = |field: &Field<PersonId>| {
        if let Field::Given(who, span) = field
            && people.get(who.as_str()).is_none()
        {
            sink.push(unknown_person(record.file, who, *span, people));
        }
    };
    check(&record.author);
    if record.requested_by.span() != record.author.span() {
        check(&record.requested_by);
    }
    if let Some(rollback) = record.rollback.get() {
        check(&rollback.owner);
    }
    record.reviews.items().iter().for_each(|r| check(&r.by));
    record.approvals.items().iter().for_each(|a| check(&a.by));
    record.deployments.items().iter().for_each(|d| check(&d.by));
    record.attestations.items().iter().for_each(|a| check(&a.by));
    if let Some(review) = record.post_change_review.get() {
        check(&review.by);
    }
    for who in record.co_authors.items() {
        if people.get(who.value.as_str()).is_none() {
            sink.push(unknown_person(record.file, &who.value, who.span, people));
        }
    }
}

/// Ids that are given twice, or differ only in case. Items come in the order of their files.
pub fn check_ids<'d>(ids: impl Iterator<Item = (&'d Id, Location)>, sink: &mut Sink) {
    let mut seen: HashMap<AnyCase<'d>, (&Id, Location)> = HashMap::with_capacity(ids.size_hint().0);
    for (id, at) in ids {
        match seen.entry(AnyCase(id.as_str())) {
            Entry::Occupied(first) => {
                let (first, place) = first.get();
                sink.push(duplicate(id, first, at, *place));
            }
            Entry::Vacant(place) => {
                place.insert((id, at));
            }
        }
    }
}

/// A word that is the same in any case, without a copy of it: there is one for each record.
struct AnyCase<'d>(&'d str);

impl PartialEq for AnyCase<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(other.0)
    }
}

impl Eq for AnyCase<'_> {}

impl Hash for AnyCase<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.bytes().for_each(|b| state.write_u8(b.to_ascii_lowercase()));
    }
}
