//! Reading a language file: phrases by key, each held against the English one that it takes the place of.

use std::collections::BTreeMap;

use super::codes::{LOST_PLACEHOLDER, WRONG_PHRASE};
use super::message::Fault;
use super::{Form, Message, OwnFile, Wording};
use crate::diag::{Diagnostic, Sink, suggest};
use crate::source::{FileId, Location, Span};
use crate::yaml::{self, Entry, Node, Style, Value};

/// The key that says which way a language is written; everything else is a phrase.
const DIRECTION: &str = "direction";

/// What an own file holds.
#[derive(Default)]
pub(super) struct Read {
    pub(super) direction: Option<&'static str>,
    pub(super) phrases: Vec<(String, Wording)>,
    /// Keys that the built-in theme does not know.
    pub(super) unknown: Vec<(String, Location)>,
}

/// The phrases of a built-in file, which a test holds to be sound.
pub(super) fn built_in(text: &str) -> BTreeMap<String, Wording> {
    let mut sink = Sink::new();
    let documents = yaml::parse(text, 0, FileId(0), &mut sink);
    let entries = documents.first().and_then(|d| d.root.as_map()).unwrap_or_default();
    let phrase = |entry: &Entry<'_>| Some((entry.key.text.to_string(), wording(&entry.value).ok()?));
    entries.iter().filter(|entry| entry.key.text != DIRECTION).filter_map(phrase).collect()
}

/// What is wrong with a value, and where.
struct Mistake {
    span: Span,
    headline: String,
    help: String,
}

fn mistake(span: Span, headline: impl Into<String>, help: impl Into<String>) -> Mistake {
    Mistake { span, headline: headline.into(), help: help.into() }
}

/// A text of one's own theme, with everything that is wrong in it.
pub(super) fn read(
    own: &OwnFile<'_>,
    english: &BTreeMap<String, Wording>,
    before: &BTreeMap<String, Wording>,
    sink: &mut Sink,
) -> Read {
    let mut read = Read::default();
    let say = |m: Mistake, sink: &mut Sink| {
        sink.push(Diagnostic::new(&WRONG_PHRASE, own.file, m.span, m.headline).help(m.help));
    };
    for document in yaml::parse(own.text, 0, own.file, sink) {
        let Some(entries) = document.root.as_map() else {
            if document.root.value != Value::Broken {
                let help = "write lines of `key: text`, as in `policy.owner: Responsible`";
                say(mistake(document.root.span, "a language file is a list of phrases by key", help), sink);
            }
            continue;
        };
        for entry in entries {
            let key = entry.key.text.as_ref();
            if key == DIRECTION {
                match entry.value.as_scalar().map(|s| s.text.as_ref()) {
                    Some("ltr") => read.direction = Some("ltr"),
                    Some("rtl") => read.direction = Some("rtl"),
                    _ => say(mistake(entry.value.span, "a language is written `ltr` or `rtl`", ""), sink),
                }
                continue;
            }
            match wording(&entry.value) {
                Ok(wording) => {
                    match english.get(key).or_else(|| before.get(key)) {
                        Some(base) => {
                            let found = against(base, &wording, entry);
                            let broken = found.is_err();
                            held(own.file, entry, found, sink);
                            if broken {
                                continue;
                            }
                        }
                        None => read.unknown.push((key.to_owned(), Location { file: own.file, span: entry.key.span })),
                    }
                    read.phrases.push((key.to_owned(), wording));
                }
                Err(Some(mistake)) => say(mistake, sink),
                Err(None) => {}
            }
        }
    }
    read
}

/// A value as a phrase; no mistake where it has been reported.
fn wording(value: &Node<'_>) -> Result<Wording, Option<Mistake>> {
    match &value.value {
        Value::Scalar(_) => message(value).map(Wording::One),
        Value::Map(entries) => {
            let mut forms = Vec::new();
            for form in Form::EVERY {
                if let Some(own) = value.get(form.word()) {
                    forms.push((form, message(own)?));
                }
            }
            let words = Form::EVERY.map(Form::word);
            if let Some(odd) = entries.iter().find(|e| !words.contains(&e.key.text.as_ref())) {
                let headline = format!("`{}` is no form of a number", odd.key.text);
                return Err(Some(mistake(odd.key.span, headline, suggest::help(&odd.key.text, words))));
            }
            if forms.last().is_none_or(|(form, _)| *form != Form::Other) {
                let help = "add `other:`; it stands for every number that has no form of its own";
                return Err(Some(mistake(value.span, "this phrase has no form `other`", help)));
            }
            Ok(Wording::Forms(forms))
        }
        Value::Null => Err(Some(mistake(value.span, "this phrase is blank", "write its words, or take the key away"))),
        Value::List(_) => {
            Err(Some(mistake(value.span, "a phrase is text, not a list", "write its words behind the key")))
        }
        Value::Broken => Err(None),
    }
}

fn message(value: &Node<'_>) -> Result<Message, Option<Mistake>> {
    let Some(scalar) = value.as_scalar() else {
        let help = "write its words behind the key";
        return Err((value.value != Value::Broken).then(|| mistake(value.span, "a phrase is text", help)));
    };
    Message::parse(scalar.text.trim_matches('\n')).map_err(|Fault { at, what }| {
        // What is written as it stands has the mistake where it is; else the whole of it is shown.
        let start = value.span.start as usize + at + usize::from(scalar.style != Style::Plain);
        let shown = matches!(scalar.style, Style::Plain | Style::SingleQuoted | Style::DoubleQuoted);
        let span = if shown && start < value.span.end as usize && value.span.len() <= scalar.text.len() + 2 {
            Span::new(start, start + 1)
        } else {
            value.span
        };
        Some(mistake(span, what, "braces are for placeholders alone"))
    })
}

/// Holds a phrase against the one it replaces: a mistake, or which placeholders it leaves out.
fn against<'b>(base: &'b Wording, own: &Wording, entry: &Entry<'_>) -> Result<Vec<&'b str>, Mistake> {
    let known = base.slots();
    let list = |names: &[&str]| match names.len() {
        0 => "this phrase has none".to_owned(),
        _ => {
            format!("this phrase has {}", suggest::list(&names.iter().map(|n| format!("{{{n}}}")).collect::<Vec<_>>()))
        }
    };
    if let Some(invented) = own.slots().into_iter().find(|slot| !known.contains(slot)) {
        let help = suggest::nearest(invented, known.iter().copied())
            .map_or_else(|| list(&known), |near| format!("did you mean `{{{near}}}`?"));
        return Err(mistake(entry.value.span, format!("nothing fills the placeholder `{{{invented}}}`"), help));
    }
    if own.is_counted() && !base.is_counted() && !known.contains(&"count") {
        let headline = "this phrase has forms, and nothing that is counted";
        return Err(mistake(entry.value.span, headline, "write it as one text"));
    }
    let said: Vec<&str> = own.in_form(Form::Other).slots().collect();
    Ok(base.in_form(Form::Other).slots().filter(|slot| !said.contains(slot)).collect())
}

fn held(file: FileId, entry: &Entry<'_>, found: Result<Vec<&str>, Mistake>, sink: &mut Sink) {
    match found {
        Err(m) => sink.push(Diagnostic::new(&WRONG_PHRASE, file, m.span, m.headline).help(m.help)),
        Ok(lost) => {
            for slot in lost {
                let headline = format!("`{}` leaves out `{{{slot}}}`", entry.key.text);
                let help = "put it where it belongs in this language";
                sink.push(Diagnostic::new(&LOST_PLACEHOLDER, file, entry.value.span, headline).help(help));
            }
        }
    }
}
