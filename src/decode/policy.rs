//! Policies: front matter and text of one file into one version of a policy.

use std::sync::Arc;

use jiff::civil::Date;

use super::codes;
use super::content::aliases;
use super::front::{CalendarFront, ChangesFront, Front, HOLIDAYS, ImplementsFront, WindowFront};
use super::reader::Reader;
use super::rules::{decode_rules, roles_of};
use super::site::time_zone;
use super::table::{Document, Looked, Shape, read_document};
use crate::diag::{Diagnostic, Level, Sink};
use crate::markdown::{self, Outlined, Parts};
use crate::model::{
    Calendar, ChangeType, Classification, Configuration, Field, Freeze, Id, Implements, Ledger, Policy, PolicyApproval,
    PolicyReview, PolicyVersion, Procedure, Prose, Spanned, WeekdayWord, Weekdays, Window, WindowHolidays, WindowSpan,
    Word,
};
use crate::source::{FileId, Span};
use crate::yaml::{self, Value};

/// What a policy is read from.
#[derive(Clone, Copy)]
pub struct PolicyInput<'s> {
    /// Its file.
    pub file: FileId,
    /// Its path, from which it takes its id where it does not say one.
    pub path: &'s str,
    /// Its text.
    pub text: &'s str,
    /// The same text, where it is one of the past, whose body is read when somebody asks for it.
    pub past: Option<&'s Arc<str>>,
}

/// The table of a policy's front matter, for lists of fields.
pub fn policy_shape() -> Shape {
    Front::shape()
}

/// A policy of one version. It is nothing only where its file's name cannot be an id and it says none.
pub fn decode_policy(input: PolicyInput<'_>, site: &Configuration, sink: &mut Sink) -> Option<Policy> {
    let before = sink.iter().filter(|d| d.level == Level::Error).count();
    let parts = markdown::split(input.text);
    if let Some(span) = parts.unclosed {
        sink.push(
            Diagnostic::new(&codes::UNCLOSED_FRONT, input.file, span, "front matter begins here and never ends")
                .help("end it with a line `---`"),
        );
    }
    let front = parts.front.map(|span| read_front(input, span, site, sink)).unwrap_or_default();
    let outline = outlined(input, &parts, &front, sink);
    let mut reader = Reader { file: input.file, sink, ignored_keys: &[] };
    let id = front.id.get().cloned().or_else(|| id_of_path(input, &mut reader))?;
    let title = front
        .title
        .get()
        .map(|t| t.as_str().to_owned())
        .or_else(|| outline.title().map(|h| h.text.clone()))
        .or_else(|| outline.headings.first().map(|h| h.text.clone()));
    if title.is_none() {
        reader.report(
            Diagnostic::new(&codes::NO_TITLE, input.file, Span::at(0), format!("policy `{id}` has no title"))
                .help("add `title: …` to its front matter, or begin the text with `# …`"),
        );
    }
    let changes = front.changes.get().map(AsRef::as_ref);
    let calendar = front
        .calendar
        .get()
        .map_or_else(|| site.calendar.clone(), |own| override_calendar(&site.calendar, own, &mut reader));
    let mut version = PolicyVersion {
        title: title.unwrap_or_else(|| id.to_string()),
        file: input.file,
        front: parts.front,
        body: parts.body,
        version: front.version.get().map_or_else(|| "–".to_owned(), ToString::to_string),
        effective: front.effective.get().map(|d| d.0),
        from: front.effective.get().map_or(Date::MIN, |d| d.0),
        brought: None,
        amended: Vec::new(),
        unread: false,
        superseded: false,
        own_name: false,
        uncommitted: false,
        classification: front.classification.get().copied().unwrap_or(Classification::Internal),
        owner: words(&front.owner),
        approved: approval(&front),
        review: review(&front),
        implements: implements(&front, &outline, &mut reader),
        aliases: aliases(&front.aliases, &mut reader),
        summary: front.summary.get().map(|s| s.as_str().to_owned()),
        types: changes.map(types).unwrap_or_default(),
        kinds: changes.filter(|c| c.kinds.is_given()).map(|c| words(&c.kinds)),
        impacts: changes.filter(|c| c.impacts.is_given()).map(|c| words(&c.impacts)),
        procedures: changes.map(|c| procedures(c, &reader)).unwrap_or_default(),
        windows: changes.map(|c| windows(c, &calendar, &mut reader)).unwrap_or_default(),
        freezes: changes.and_then(|c| freezes(c, &mut reader)),
        rules: Vec::new(),
        outline,
        calendar,
        broken: false,
        id: id.clone(),
    };
    check_excepted_types(changes, &version, &mut reader);
    version.rules = decode_rules(&front, &version, &mut reader);
    version.broken = sink.iter().filter(|d| d.level == Level::Error).count() > before;
    Some(Policy { id, versions: vec![version], cut: false })
}

/// The body's headings and clauses. Of a text of the past they wait until they are wanted, unless something in its front
/// matter speaks of them.
fn outlined(input: PolicyInput<'_>, parts: &Parts, front: &Front, sink: &mut Sink) -> Outlined {
    let rules = front.changes.get().is_some_and(|changes| changes.rules.is_given());
    match input.past {
        Some(text) if front.title.is_given() && !rules => Outlined::later(Arc::clone(text), parts.body, input.file),
        _ => markdown::outline(input.text, parts.body, input.file, sink).into(),
    }
}

fn read_front(input: PolicyInput<'_>, span: Span, site: &Configuration, sink: &mut Sink) -> Front {
    let mut front = Front::blank(span);
    let documents = yaml::parse(span.of(input.text), span.start as usize, input.file, sink);
    if let Some(mut document) = documents.into_iter().next() {
        super::placeholder::take_out(&mut document.root, input.text, input.file, sink);
        let mut reader = Reader { file: input.file, sink, ignored_keys: &site.ignored_keys };
        if !matches!(document.root.value, Value::Broken | Value::Null) {
            read_document(&mut front, &document.root, &mut reader);
        }
    }
    front
}

/// The file's name; for `index.md` and `_index.md` the folder's.
fn id_of_path(input: PolicyInput<'_>, reader: &mut Reader<'_>) -> Option<Id> {
    let path = input.path.trim_end_matches(".md");
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = if matches!(name, "index" | "_index") { folder.rsplit('/').next().unwrap_or_default() } else { name };
    match Id::fault(stem) {
        None if !stem.is_empty() => Some(Id::new(stem)),
        fault => {
            reader.report(
                Diagnostic::new(&codes::BAD_ID, reader.file, Span::at(0), format!("the file's name `{stem}` is no id"))
                    .label(fault.unwrap_or("it is empty"))
                    .help("add `id: …` to the front matter, or rename the file"),
            );
            None
        }
    }
}

fn words(field: &Field<Vec<Spanned<Word>>>) -> Vec<Word> {
    field.items().iter().map(|w| w.value.clone()).collect()
}

fn text(field: &Field<Prose>) -> Option<String> {
    field.get().map(|p| p.as_str().to_owned())
}

fn approval(front: &Front) -> Option<PolicyApproval> {
    let doc = front.approved.get()?;
    Some(PolicyApproval { by: doc.by.get()?.clone(), at: doc.at.get()?.0 })
}

fn review(front: &Front) -> Option<PolicyReview> {
    let doc = front.review.get()?;
    Some(PolicyReview {
        every: doc.every.get().copied(),
        last: doc.last.get().map(|d| d.0),
        seen: None,
        after_incident: doc.after_incident.get().copied(),
        span: doc.span,
    })
}

fn implements(front: &Front, outline: &Outlined, reader: &mut Reader<'_>) -> Vec<Implements> {
    let list = front.implements.get().map_or(&[][..], |l| &l.0);
    list.iter()
        .filter_map(|entry| match entry {
            ImplementsFront::Control(framework, control, clauses) => {
                let known = |clause: &&Spanned<Word>| super::rules::is_clause(clause, outline, reader);
                let clauses = clauses.iter().filter(known).map(|c| c.value.to_string()).collect();
                Some(Implements::Control { framework: framework.clone(), control: control.clone(), clauses })
            }
            ImplementsFront::Section(doc) => {
                Some(Implements::Section { policy: doc.policy.get()?.clone(), section: text(&doc.section) })
            }
        })
        .collect()
}

fn types(changes: &ChangesFront) -> Vec<ChangeType> {
    let entries = changes.types.get().map_or(&[][..], |d| &d.0);
    entries
        .iter()
        .map(|(id, doc)| ChangeType {
            id: id.value.clone(),
            title: text(&doc.title).unwrap_or_else(|| id.value.to_string()),
            risk: doc.risk.get().copied(),
            expedited: doc.expedited.get().copied().unwrap_or(false),
            summary: text(&doc.summary),
            examples: doc.examples.items().iter().map(|e| e.value.to_string()).collect(),
        })
        .collect()
}

fn procedures(changes: &ChangesFront, reader: &Reader<'_>) -> Vec<Procedure> {
    let entries = changes.procedures.get().map_or(&[][..], |d| &d.0);
    entries
        .iter()
        .map(|(id, doc)| Procedure {
            id: id.value.clone(),
            title: text(&doc.title).unwrap_or_else(|| id.value.to_string()),
            approved: doc.approved.get().and_then(|a| a.at.get()).map(|d| d.0),
            tested: doc.tested.get().map(|d| d.0),
            until: doc.until.get().map(|d| d.0),
            broken: doc.mistake().is_some() || reader.has_error(doc.span),
            span: id.span,
        })
        .collect()
}

fn windows(changes: &ChangesFront, calendar: &Calendar, reader: &mut Reader<'_>) -> Vec<(Word, Window)> {
    let entries = changes.windows.get().map_or(&[][..], |d| &d.0);
    entries
        .iter()
        .map(|(name, spans)| {
            let spans = spans.0.iter().filter_map(|doc| window_span(doc, calendar, reader)).collect();
            (name.value.clone(), Window { spans })
        })
        .collect()
}

fn window_span(doc: &WindowFront, calendar: &Calendar, reader: &mut Reader<'_>) -> Option<WindowSpan> {
    let holidays = match &doc.holidays {
        Field::Given(word, span) if word.as_str() != "open" && word.as_str() != "shut" => {
            super::reader::unknown_word(
                word.as_str(),
                "what a window does on holidays",
                HOLIDAYS.iter().copied(),
                *span,
                reader,
            );
            return None;
        }
        Field::Given(word, _) if word.as_str() == "open" => WindowHolidays::Open,
        _ => WindowHolidays::Shut,
    };
    let zone = match &doc.time_zone {
        Field::Given(name, span) => Some((time_zone(name.as_str(), *span, reader)?, name.as_str().into())),
        _ => None,
    };
    let days = if doc.days.is_given() { weekdays(&doc.days) } else { calendar.working_days };
    Some(WindowSpan { days, hours: *doc.hours.get()?, zone, holidays })
}

pub(super) fn weekdays(field: &Field<Vec<Spanned<WeekdayWord>>>) -> Weekdays {
    let mut days = Weekdays([false; 7]);
    for day in field.items() {
        days.0[day.value as usize] = true;
    }
    days
}

fn freezes(changes: &ChangesFront, reader: &mut Reader<'_>) -> Option<Vec<Freeze>> {
    let list = changes.freezes.get()?;
    let mut freezes = Vec::new();
    for doc in &list.0 {
        let (Some(from), Some(until)) = (doc.from.get().copied(), doc.until.get().copied()) else { continue };
        if until < from {
            reader.report(
                Diagnostic::new(
                    &codes::DATES,
                    reader.file,
                    doc.until.span().unwrap_or(doc.span),
                    "this freeze ends before it begins",
                )
                .level(Level::Error)
                .help("exchange its two dates"),
            );
        }
        freezes.push(Freeze {
            name: text(&doc.name).unwrap_or_default(),
            from,
            until,
            except: words(&doc.except),
            span: doc.span,
        });
    }
    Some(freezes)
}

/// Types that freezes except are types of the policy.
fn check_excepted_types(changes: Option<&ChangesFront>, version: &PolicyVersion, reader: &mut Reader<'_>) {
    let list = changes.and_then(|c| c.freezes.get()).map_or(&[][..], |f| &f.0);
    for item in list.iter().flat_map(|doc| doc.except.items()) {
        super::rules::type_is_known(item, version, reader);
    }
}

/// The site's calendar with a policy's own keys on top.
fn override_calendar(site: &Calendar, own: &CalendarFront, reader: &mut Reader<'_>) -> Calendar {
    let mut calendar = site.clone();
    super::site::apply_calendar(&mut calendar, own, reader);
    calendar
}

/// What a policy says about its own dates and roles, held against the day `today` and the people there are.
pub fn check_policy_dates(ledger: &Ledger, today: Date, sink: &mut Sink) {
    ledger.policies.iter().for_each(|policy| check_dates_of(ledger, policy, today, sink));
}

/// The same of one policy.
pub fn check_dates_of(ledger: &Ledger, policy: &Policy, today: Date, sink: &mut Sink) {
    let version = policy.newest();
    let top = version.front.map_or(Span::at(0), |f| Span::at(f.start as usize));
    if let Some(effective) = version.effective.filter(|day| *day > today) {
        sink.push(
            Diagnostic::new(&codes::NOT_YET, version.file, top, format!("policy `{}` takes effect on {effective}", version.id))
                .help(if policy.versions.len() > 1 {
                    "records requested before that day are judged by the version before it"
                } else {
                    "records requested before that day are judged by it all the same, with a note: no version before it is known"
                }),
        );
    }
    if let Some(review) = &version.review {
        review_dates(version, review, today, sink);
    }
    for rule in &version.rules {
        for role in roles_of(&rule.check) {
            if ledger.people.file.is_some() && !ledger.people.ever_held(role) {
                let roles = ledger.people.all_roles();
                sink.push(
                    Diagnostic::new(
                        &codes::UNHELD_ROLE,
                        version.file,
                        rule.span,
                        format!("nobody ever held the role `{role}`"),
                    )
                    .label("this rule asks for it")
                    .help(crate::diag::suggest::nearest(role, roles.iter().copied()).map_or_else(
                        || "give the role to somebody in people.yaml".to_owned(),
                        |near| format!("did you mean `{near}`?"),
                    )),
                );
            }
        }
    }
}

fn review_dates(version: &PolicyVersion, review: &PolicyReview, today: Date, sink: &mut Sink) {
    if review.held().is_some_and(|last| last > today) {
        sink.push(
            Diagnostic::new(&codes::DATES, version.file, review.span, "the last review lies in the future")
                .help("write the day on which it was held"),
        );
    }
    if let Some(next) = review.next().filter(|next| *next < today) {
        let days = next.until(today).map_or(0, |span| span.get_days());
        let every = review.every.map(|e| e.to_string()).unwrap_or_default();
        sink.push(
            Diagnostic::new(
                &codes::REVIEW_OVERDUE,
                version.file,
                review.span,
                format!(
                    "the review of policy `{}` is {days} {} overdue",
                    version.id,
                    if days == 1 { "day" } else { "days" }
                ),
            )
            .label(format!("every {every}: it was due on {next}"))
            .help("review the policy, then write the day into `review.last`"),
        );
    }
    if let (Some(approved), Some(effective)) = (&version.approved, version.effective)
        && approved.at > effective
    {
        sink.push(
            Diagnostic::new(
                &codes::DATES,
                version.file,
                review.span,
                format!("policy `{}` was approved after it took effect", version.id),
            )
            .label(format!("approved on {}, in effect from {effective}", approved.at))
            .help("correct the dates, or give the version a later `effective`"),
        );
    }
}
