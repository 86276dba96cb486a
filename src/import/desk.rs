//! Where records are drafted: a text of the source and the path of a field go in, and what the field may hold is put there.
//!
//! Invariant: what stands in a draft is a value that the field's own reader takes. What is none is left out and noted;
//! nothing is guessed, rounded or filled up.

use std::collections::BTreeMap;

use super::fact::{Doc, Fact, find, items_of, of_record};
use super::notes::{About, Note, Notes};
use super::time::{NoInstant, instant};
use super::who::Names;
use super::{Record, Source, Wanted, codes, look};
use crate::decode::codes as found;
use crate::decode::table::{FieldShape, Kind, Shape};
use crate::diag::{Diagnostic, Level, Sink, suggest};
use crate::model::{ChangeKind, Duration, Id, Impact, PolicyVersion, Vocabulary, Word, parse_day};
use crate::source::{FileId, Location, Span};
use crate::yaml::{self, Node};

/// How long a text of a record may be, in bytes.
const LONGEST: usize = 100_000;
/// How long a record may be: less than the longest file of records that is read.
const RECORD: usize = 2 << 20;

/// Everything that drafts of one import share.
pub(super) struct Desk<'w> {
    pub(super) wanted: &'w Wanted<'w>,
    names: Names<'w>,
    pub(super) notes: Notes,
    pub(super) sink: &'w mut Sink,
    records: Vec<Record>,
    ids: BTreeMap<String, usize>,
    /// Whether it has been said that a zone, or a type, is missing.
    said: (bool, bool),
}

impl<'w> Desk<'w> {
    pub(super) fn new(wanted: &'w Wanted<'w>, sink: &'w mut Sink) -> Self {
        let names = Names::of(wanted.people);
        let notes = Notes::default();
        Self { wanted, names, notes, sink, records: Vec::new(), ids: BTreeMap::new(), said: (false, false) }
    }

    /// Begins a record. An id that is none is reported.
    pub(super) fn draft<'d>(&'d mut self, file: FileId, id: &str, at: Span) -> Option<Draft<'d, 'w>> {
        let id = id.trim();
        let fault = if id.is_empty() { Some("it is empty") } else { Id::fault(id) };
        if let Some(why) = fault {
            let shown: String = id.chars().take(60).collect();
            self.sink.push(
                Diagnostic::new(&found::BAD_ID, file, at, format!("`{}` is no id of a record", shown.escape_debug()))
                    .label(why)
                    .help("ids become file names: letters A to Z, digits, `.`, `_` and `-`; `--prefix` says what they begin with; nothing was imported"),
            );
            return None;
        }
        let version = self.wanted.policy.newest();
        let (doc, lost, single) = (Doc::default(), Vec::new(), Vec::new());
        let mut draft = Draft { desk: self, file, id: id.to_owned(), at, doc, lost, single, version };
        draft.doc.set(of_record(), "id", Fact::Text(id.to_owned()));
        Some(draft)
    }

    /// What was drafted, and what was not.
    pub(super) fn finish(self) -> (Vec<Record>, Vec<Note>) {
        (self.records, self.notes.into_list())
    }

    fn take(&mut self, record: Record) {
        // What cannot be read back is no record. That is so of very large ones alone: everything else is written so that
        // it can be, and a mistake in that is ours.
        let mut unread = Sink::new();
        if record.body.len() <= RECORD {
            drop(yaml::parse(&record.body, 0, record.at.file, &mut unread));
        }
        if record.body.len() > RECORD || unread.iter().any(|found| found.level == Level::Error) {
            self.sink.push(
                Diagnostic::new(
                    &codes::TOO_LARGE,
                    record.at.file,
                    record.at.span,
                    format!("the record `{}` would be too large to be read", record.id),
                )
                .help(
                    "take out of the export what no record needs, such as thousands of reviews; nothing was imported",
                ),
            );
            return;
        }
        match self.ids.get(&record.id.to_ascii_lowercase()) {
            // What is said twice in the same words, as on two pages of a list that grew meanwhile, is said once.
            Some(other) if self.records[*other].body == record.body => {}
            Some(other) => {
                let other = &self.records[*other];
                self.sink.push(
                    Diagnostic::new(
                        &found::DUPLICATE_ID,
                        record.at.file,
                        record.at.span,
                        format!("two changes would be the record `{}`", record.id),
                    )
                    .label("this one again, and it says something else")
                    .other(other.at, "first here")
                    .help("import one of the two; where they come from two places, give each its own `--prefix`"),
                );
            }
            None => {
                self.ids.insert(record.id.to_ascii_lowercase(), self.records.len());
                self.records.push(record);
            }
        }
    }
}

/// A document in a list of a record, while it is drafted.
pub(super) struct Item {
    list: &'static str,
    shape: Shape,
    pub(super) doc: Doc,
    at: Span,
    /// People it names who are not known.
    strangers: Vec<String>,
}

/// A record, while it is drafted.
pub(super) struct Draft<'d, 'w> {
    pub(super) desk: &'d mut Desk<'w>,
    file: FileId,
    pub(super) id: String,
    at: Span,
    pub(super) doc: Doc,
    /// What was left out and is kept in words.
    lost: Vec<String>,
    /// Documents of which a record has one, or the only one of a list.
    single: Vec<Item>,
    /// The version of the policy whose words are the record's.
    version: &'w PolicyVersion,
}

impl<'w> Draft<'_, 'w> {
    /// Puts a text where a path leads.
    pub(super) fn put(&mut self, path: &str, said: Option<look::Said<'_>>) {
        let Some((text, at)) = said else { return };
        let Some(place) = find(path) else { return };
        if let Some((_, field)) = place.inner {
            let list = place.outer.name;
            let known = self.single.iter().position(|item| item.list == list);
            let Some(mut item) = known.map(|at| self.single.remove(at)).or_else(|| self.item(list, at)) else { return };
            self.put_in(&mut item, field.name, Some((text, at)));
            self.single.push(item);
        } else if let (Kind::Named(_), Some((_, name))) = (place.outer.kind, path.split_once('.')) {
            let known = place.outer.name != "reasons" || self.version.rule(name).is_some();
            match self.clean(text, at).filter(|_| known) {
                Some(text) => self.doc.name(place.outer.name, name, Fact::Text(text)),
                None => self.note(About::Word, format!("`{path}` has no place in a record"), at),
            }
        } else if let Some(fact) = self.value(place.outer, path, text, at) {
            self.doc.set(of_record(), place.outer.name, fact);
            if path == "requested_at" {
                self.version = self.version_then();
            }
        }
    }

    /// A new document for a list of the record.
    pub(super) fn item(&self, list: &'static str, at: Span) -> Option<Item> {
        Some(Item { list, shape: items_of(list)?, doc: Doc::default(), at, strangers: Vec::new() })
    }

    /// Puts a text into a field of a document.
    pub(super) fn put_in(&mut self, item: &mut Item, field: &str, said: Option<look::Said<'_>>) {
        let Some((text, at)) = said else { return };
        let Some(shape) = item.shape.fields.iter().find(|f| f.name == field).copied() else { return };
        let before = self.lost.len();
        if let Some(fact) = self.value(shape, &format!("{}.{field}", item.list), text, at) {
            item.doc.set(&item.shape, field, fact);
        }
        item.strangers.extend(self.lost.drain(before..));
    }

    /// Adds a document to its list. One that lacks what it cannot do without is left out, and kept in words where it is
    /// somebody who is not known.
    pub(super) fn add(&mut self, item: Item) {
        if item.doc.is_empty() && item.strangers.is_empty() {
            return;
        }
        let Some(lacking) = item.doc.lacks(&item.shape) else {
            let of_one = of_record().fields.iter().any(|f| f.name == item.list && matches!(f.kind, Kind::Document(_)));
            if of_one {
                self.doc.set(of_record(), item.list, Fact::Doc(item.doc));
            } else {
                self.doc.add(item.list, Fact::Doc(item.doc));
            }
            self.lost.extend(item.strangers);
            return;
        };
        if item.strangers.is_empty() {
            let what = format!("{} without `{lacking}`, which it cannot do without", item.shape.name);
            self.note(About::Fact, what, item.at);
        } else {
            let words = item.doc.words().join(", ");
            let words = if words.is_empty() { String::new() } else { format!(" ({words})") };
            self.lost.extend(item.strangers.into_iter().map(|who| format!("{who}{words}")));
        }
    }

    /// Puts what fields of the source hold that a mapping file names.
    pub(super) fn mapped<'n>(&mut self, look: impl Fn(&str) -> Option<look::Said<'n>>) {
        let mapping = self.desk.wanted.mapping;
        for pair in mapping.fields.iter().filter(|pair| pair.field != "id") {
            self.put(&pair.field, look(&pair.text));
        }
    }

    /// Says which fields of an object have no place in a record: those that say something and were not read.
    pub(super) fn unread(&mut self, node: &Node<'_>, read: &[&str]) {
        for entry in node.as_map().unwrap_or_default() {
            let key = &*entry.key.text;
            let mapped = self.desk.wanted.mapping.fields.iter().any(|pair| pair.text == key);
            if !read.contains(&key) && !mapped && !look::is_blank(&entry.value) {
                self.note(About::Field, format!("`{}`", shown(key)), entry.key.span);
            }
        }
    }

    /// Says which type, kinds and impacts the labels of the source stand for.
    pub(super) fn labels(&mut self, labels: &[look::Said<'_>]) {
        let mut types: Vec<(String, Span)> = Vec::new();
        for (label, at) in labels {
            let mut words = ["type", "kind", "impact"].map(|path| self.our_word(path, label));
            // A label such as `security` says what kind of change it is, not what it affects: that has to be said.
            words[2] = words[2].take().filter(|_| self.desk.wanted.mapping.word("impact", label).is_some());
            if words.iter().all(Option::is_none) {
                self.note(About::Word, format!("the label `{}` stands for no word of ours", shown(label)), *at);
            }
            let [of_type, kind, impact] = words;
            types.extend(of_type.filter(|word| types.iter().all(|(t, _)| t != word)).map(|word| (word, *at)));
            for (field, word) in [("kind", kind), ("impact", impact)] {
                let Some(word) = word.map(Fact::Text) else { continue };
                if !matches!(self.doc.get(field), Some(Fact::List(list)) if list.contains(&word)) {
                    self.doc.add(field, word);
                }
            }
        }
        match types.as_slice() {
            [] => {}
            [(word, _)] => self.doc.set(of_record(), "type", Fact::Text(word.clone())),
            [(one, _), (other, at), ..] => {
                let what = format!("labels say both `{one}` and `{other}`; the type is neither");
                self.note(About::Word, what, *at);
            }
        }
    }

    /// States where the record comes from and when that was written there.
    pub(super) fn origin(&mut self, id: &str, url: Option<look::Said<'_>>, made: Option<look::Said<'_>>) {
        let at = self.at;
        self.put("source.system", Some((self.desk.wanted.source.name(), at)));
        self.put("source.id", Some((id, at)));
        self.put("source.url", url);
        self.put("source.at", made);
    }

    /// Adds somebody to a list of people, unless they are in it or are the author.
    pub(super) fn add_person(&mut self, list: &'static str, said: look::Said<'_>) {
        let Some(fact) = self.person(list, said.0, said.1) else { return };
        let there = matches!(self.doc.get(list), Some(Fact::List(people)) if people.contains(&fact));
        if !there && self.doc.get("author") != Some(&fact) {
            self.doc.add(list, fact);
        }
    }

    /// Whether the system's name for somebody is one of a person of people.yaml.
    pub(super) fn knows(&self, name: &str) -> bool {
        let source = self.desk.wanted.source;
        self.desk.names.find(source.name(), name, source == Source::Csv).is_some()
    }

    /// Whether one of the policy's types stands for a word.
    pub(super) fn is_type(&self, word: &str) -> bool {
        self.our_word("type", word).is_some()
    }

    /// Takes back what was put into the only document of a list.
    pub(super) fn forget(&mut self, list: &str) {
        self.single.retain(|item| item.list != list);
    }

    /// Notes what was left out.
    pub(super) fn note(&mut self, about: About, what: String, at: Span) {
        self.desk.notes.add(about, what, Location { file: self.file, span: at }, &self.id);
    }

    /// The record is drafted as far as the source goes.
    pub(super) fn finish(mut self) {
        let shape = of_record();
        let mapping = self.desk.wanted.mapping;
        self.doc.set(shape, "policy", Fact::Text(self.desk.wanted.policy.id.to_string()));
        for pair in &mapping.always {
            let list = pair.field.split('.').next().unwrap_or_default();
            let begun = pair.field == list || self.single.iter().any(|i| i.list == list && !i.doc.is_empty());
            let open = self
                .single
                .iter()
                .find(|i| i.list == list)
                .is_none_or(|i| i.doc.get(pair.field.split_once('.').map_or("", |(_, rest)| rest)).is_none());
            if begun && open && self.doc.get(&pair.field).is_none() {
                let before = self.file;
                self.file = pair.at.map_or(before, |at| at.file);
                self.put(&pair.field, Some((&pair.text, pair.at.map_or(self.at, |at| at.span))));
                self.file = before;
            }
        }
        for item in std::mem::take(&mut self.single) {
            self.add(item);
        }
        self.settle_type();
        let lacking = shape.fields.iter().filter(|f| f.required && self.doc.get(f.name).is_none());
        // What keeps the whole import back has been said.
        let lacking: Vec<&str> = lacking.map(|f| f.name).filter(|name| *name != "type").collect();
        for name in lacking {
            self.note(About::Fact, format!("no `{name}`, which every record needs"), self.at);
        }
        if !self.lost.is_empty() {
            let lost = self.lost.drain(..).map(Fact::Text).collect();
            self.doc.name("extra", "not_imported", Fact::List(lost));
        }
        let year = self.doc.text("requested_at").and_then(|text| text.get(..4)).map(str::to_owned);
        let at = Location { file: self.file, span: self.at };
        self.desk.take(Record { id: self.id, year, at, body: self.doc.yaml() });
    }

    /// The type: what the source says, else what the command line says, else the only one the policy has.
    fn settle_type(&mut self) {
        if self.doc.get("type").is_some() {
            return;
        }
        let usual = self.desk.wanted.usual_type;
        let only = || if let [only] = self.version.types.as_slice() { Some(only.id.as_str()) } else { None };
        if let Some(word) = usual.or_else(only) {
            self.doc.set(of_record(), "type", Fact::Text(word.to_owned()));
        } else if !self.desk.said.1 {
            self.desk.said.1 = true;
            let types: Vec<&str> = self.version.types.iter().map(|t| t.id.as_str()).collect();
            let help = format!(
                "say it for all that nothing says otherwise, as in `--type {}`, or which word of theirs stands for which type, as in `--map type:hotfix={}`; policy `{}` has {}",
                types.first().unwrap_or(&"normal"),
                types.last().unwrap_or(&"emergency"),
                self.version.id,
                suggest::list(&types)
            );
            self.desk.sink.push(
                Diagnostic::new(&codes::NO_TYPE, self.file, self.at, "nothing says of which type this change is")
                    .label(format!("would be `{}`", self.id))
                    .help(help),
            );
        }
    }

    /// The version of the policy on the day the change was requested.
    fn version_then(&self) -> &'w PolicyVersion {
        let policy = self.desk.wanted.policy;
        let day = self.doc.text("requested_at").and_then(|text| text.get(..10)).and_then(|day| parse_day(day).ok());
        day.map_or_else(|| policy.newest(), |day| policy.in_force(day).version)
    }

    /// The words that the policy closes for a field.
    fn closed(&self, path: &str) -> Option<Vec<&'w str>> {
        let version = self.version;
        let own = |own: Option<&'w [Word]>, all: &'static [&'static str]| {
            own.map_or_else(|| all.to_vec(), |words| words.iter().map(Word::as_str).collect())
        };
        match path {
            "type" => Some(version.types.iter().map(|t| t.id.as_str()).collect()),
            "procedure" => Some(version.procedures.iter().map(|p| p.id.as_str()).collect()),
            "kind" => Some(own(version.kinds.as_deref(), ChangeKind::WORDS)),
            "impact" => Some(own(version.impacts.as_deref(), Impact::WORDS)),
            _ => None,
        }
    }

    /// Our word for one of theirs where the policy closes the words: mapped, or the same but for case and blanks.
    fn our_word(&self, path: &str, theirs: &str) -> Option<String> {
        let allowed = self.closed(path)?;
        let word = self.desk.wanted.mapping.word(path, theirs).unwrap_or(theirs);
        same(word, &allowed).map(str::to_owned)
    }

    /// A text as a value of a field; nothing where it is none, which is noted.
    fn value(&mut self, field: FieldShape, path: &str, text: &str, at: Span) -> Option<Fact> {
        let text = self.clean(text, at)?;
        if text == "none" && !field.answers_none && !matches!(field.kind, Kind::Words(..)) {
            return None;
        }
        if let Some(allowed) = self.closed(path)
            && !matches!(field.kind, Kind::List(_))
        {
            let word = self.our_word(path, &text);
            return self.or_note(word.map(Fact::Text), path, &text, &allowed, at);
        }
        match field.kind {
            Kind::List(inner) => self.list(field, *inner, path, &text, at),
            Kind::Words(words, _) => {
                let theirs = self.desk.wanted.mapping.word(path, &text).unwrap_or(&text);
                let word = same(theirs, words).map(|word| Fact::Text(word.to_owned()));
                self.or_note(word, path, &text, words, at)
            }
            Kind::Person => self.person(path, &text, at),
            Kind::Time => self.time(path, &text, at),
            Kind::Prose => Some(Fact::Text(text)),
            Kind::Word | Kind::Role | Kind::Usual(..) => {
                let word = self.desk.wanted.mapping.word(path, &text).map(str::to_owned).unwrap_or(text);
                self.word(path, &word, at)
            }
            Kind::Link => {
                let lower = text.to_ascii_lowercase();
                let good =
                    ["https://", "http://"].iter().any(|s| lower.starts_with(s)) && !text.contains(char::is_whitespace);
                self.or_note(good.then_some(Fact::Text(text.clone())), path, &text, &[], at)
            }
            Kind::Id => {
                self.or_note(Id::fault(&text).is_none().then(|| Fact::Text(text.clone())), path, &text, &[], at)
            }
            Kind::Duration => {
                let good = Duration::parse(&text).is_some();
                self.or_note(good.then(|| Fact::Bare(text.clone())), path, &text, &[], at)
            }
            Kind::Bool => self.or_note(
                same(&text, &["true", "false"]).map(|w| Fact::Bare(w.to_owned())),
                path,
                &text,
                &["true", "false"],
                at,
            ),
            _ => self.or_note(None, path, &text, &[], at),
        }
    }

    /// What a text says in a list: one line each where it is prose, else one word each.
    fn list(&mut self, field: FieldShape, inner: Kind, path: &str, text: &str, at: Span) -> Option<Fact> {
        if text == "none" {
            return Some(Fact::Bare("none".to_owned()));
        }
        let prose = matches!(inner, Kind::Prose);
        let parts = text.split(|c| c == '\n' || (!prose && matches!(c, ',' | ';'))).map(str::trim);
        let shape = FieldShape { kind: inner, answers_none: false, ..field };
        let mut items: Vec<Fact> = Vec::new();
        for part in parts.filter(|part| !part.is_empty()) {
            let fact = match self.closed(path) {
                Some(allowed) => {
                    let word = self.our_word(path, part).map(Fact::Text);
                    self.or_note(word, path, part, &allowed, at)
                }
                None => self.value(shape, path, part, at),
            };
            items.extend(fact.filter(|fact| !items.contains(fact)));
        }
        (!items.is_empty()).then_some(Fact::List(items))
    }

    fn or_note(&mut self, fact: Option<Fact>, path: &str, text: &str, words: &[&str], at: Span) -> Option<Fact> {
        if fact.is_none() {
            let ours = if words.is_empty() || words.len() > 14 {
                String::new()
            } else {
                format!("; ours are {}", suggest::list(words))
            };
            self.note(About::Word, format!("`{path}`: `{}` is no word of ours{ours}", shown(text)), at);
        }
        fact
    }

    fn person(&mut self, path: &str, text: &str, at: Span) -> Option<Fact> {
        let source = self.desk.wanted.source;
        if let Some(id) = self.desk.names.find(source.name(), text, source == Source::Csv) {
            return Some(Fact::Text(id.to_owned()));
        }
        let plain = text.contains('@') || source == Source::Csv;
        let name = if plain { shown(text) } else { format!("{}:{}", source.name(), shown(text)) };
        self.note(About::Person, format!("`{name}`"), at);
        self.lost.push(format!("{path}: {name}"));
        None
    }

    fn time(&mut self, path: &str, text: &str, at: Span) -> Option<Fact> {
        match instant(text, self.desk.wanted.zone) {
            Ok(text) => Some(Fact::Bare(text)),
            Err(NoInstant::NoZone) => {
                if !self.desk.said.0 {
                    self.desk.said.0 = true;
                    self.desk.sink.push(
                        Diagnostic::new(&codes::NO_ZONE, self.file, at, format!("`{}` has no zone", shown(text)))
                            .label("nobody knows which instant this is")
                            .help("say in which zone the export was made, as in `--time-zone UTC` or `--time-zone Australia/Brisbane`; a ServiceNow instance answers programs in UTC, and people in the zone of their profile"),
                    );
                }
                None
            }
            Err(why) => {
                self.note(About::Time, format!("`{path}`: `{}` {}", shown(text), why.why()), at);
                None
            }
        }
    }

    /// A short word on one line, in which everything is seen.
    fn word(&mut self, path: &str, text: &str, at: Span) -> Option<Fact> {
        let seen: String = text.chars().filter(|c| !is_unseen(*c)).collect();
        if seen != text {
            self.note(About::Text, format!("`{path}`: characters that are not seen"), at);
        }
        let word = seen.split_whitespace().collect::<Vec<_>>().join(" ");
        if word.is_empty() {
            return None;
        }
        self.or_note((word.chars().count() <= 200).then(|| Fact::Text(word.clone())), path, &word, &[], at)
    }

    /// A text without what no document may hold; nothing where nothing is left.
    fn clean(&mut self, text: &str, at: Span) -> Option<String> {
        let secret =
            |s: &&crate::source::secrets::Secret| s.at < at.end as usize && at.start as usize <= s.at + s.length;
        let sources = self.desk.wanted.sources;
        if let Some(kind) = sources.file(self.file).secrets().iter().find(secret).map(|s| s.kind) {
            self.note(About::Text, format!("what looks like {kind}; withdraw it where it was issued"), at);
        }
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let bad = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
        if text.contains(bad) {
            self.note(About::Text, "control characters".to_owned(), at);
        }
        let text: String = text.chars().filter(|c| !bad(*c)).collect();
        let text = text.trim();
        if text.len() > LONGEST {
            self.note(About::Text, format!("texts of more than {LONGEST} bytes"), at);
            return None;
        }
        let nothing = text.chars().all(|c| c.is_whitespace() || is_unseen(c));
        (!nothing).then(|| text.to_owned())
    }
}

/// The word that is the same but for case, and for what stands between its parts.
fn same<'a>(text: &str, words: &[&'a str]) -> Option<&'a str> {
    let fold = |text: &str| text.trim().to_ascii_lowercase().replace(['_', ' '], "-");
    words.iter().copied().find(|word| fold(word) == fold(text))
}

/// What a report shows of a text: one line, not too long, everything in it seen.
pub(super) fn shown(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let cut: String = line.chars().take(57).collect();
    let more = if line.chars().count() > 57 || text.lines().count() > 1 { "…" } else { "" };
    let seen = cut.chars().map(|c| if c.is_control() || is_unseen(c) { '\u{fffd}' } else { c });
    seen.collect::<String>() + more
}

/// Characters that are not seen, or that turn the text around them.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{00ad}' | '\u{061c}')
}
