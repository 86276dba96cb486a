//! Phrases in templates: `{{ say("policy.owner") }}` becomes the words of the language before the engine reads a template,
//! so that no page pays for looking them up.
//!
//! `say("key", name=expression, …)` fills the phrase's placeholders; `count=` also chooses its form. `say("family.*",
//! of=expression)` is the phrase of that family whose key ends in the expression's value, or the value itself. Invariants:
//! words are escaped, and so is whatever fills them, unless it is markup caught with `{% set %}`; every mistake is at its
//! place; positions that the engine reports in what it read lead back to what was written ([`Origin`]).

use std::collections::BTreeSet;
use std::ops::Range;

use super::error::Kind;
use super::{TemplateError, escape, strict};
use crate::diag::suggest;
use crate::language::{Form, Language, Message, Part, Wording};
use crate::source::line_column;

/// A template with its phrases in it, and where its pieces come from.
#[derive(Debug)]
pub(super) struct Specialised {
    pub(super) text: String,
    pub(super) origin: Origin,
}

/// Where the pieces of a specialised template stand in what was written: begin there, begin here, copied or made.
#[derive(Debug, Default)]
pub(super) struct Origin {
    pieces: Vec<(usize, usize, bool)>,
}

impl Origin {
    /// The byte of the original that a byte of the specialised text comes from, and whether it was copied from there.
    pub(super) fn of(&self, at: usize) -> (usize, bool) {
        let piece = self.pieces.partition_point(|(_, here, _)| *here <= at).saturating_sub(1);
        let found = self.pieces.get(piece);
        found.map_or((at, true), |(there, here, copied)| (if *copied { there + at - here } else { *there }, *copied))
    }
}

/// A call of `say`, where it stands.
struct Call {
    at: Range<usize>,
    /// The key, without its quotes.
    key: Range<usize>,
    arguments: Vec<(Range<usize>, Range<usize>)>,
}

/// What a call comes to.
enum Said<'l> {
    Wording(&'l Wording),
    Family(Vec<(&'l str, &'l Message)>),
}

/// Puts the phrases of a language into a template. `used` gathers their keys. In the site's `own` templates every turn of a
/// loop is counted.
pub(super) fn specialise(
    name: &str,
    text: &str,
    language: &Language,
    own: bool,
    used: &mut BTreeSet<String>,
) -> Result<Specialised, Vec<TemplateError>> {
    let (out, origin) = (String::new(), Origin::default());
    let mut writer = Writer { name, text, language, own, used, out, origin, errors: vec![], strict: false };
    writer.template();
    if writer.errors.is_empty() {
        Ok(Specialised { text: writer.out, origin: writer.origin })
    } else {
        Err(writer.errors)
    }
}

struct Writer<'w> {
    name: &'w str,
    text: &'w str,
    language: &'w Language,
    own: bool,
    used: &'w mut BTreeSet<String>,
    out: String,
    origin: Origin,
    errors: Vec<TemplateError>,
    /// What is copied is a condition of the site's own, where a name that is not there is a mistake.
    strict: bool,
}

impl<'w> Writer<'w> {
    fn template(&mut self) {
        let mut done = 0;
        let mut from = 0;
        while let Some(open) = self.text[from..].find('{').map(|at| from + at) {
            let rest = &self.text[open..];
            if rest.starts_with("{#") {
                from = rest.find("#}").map_or(self.text.len(), |end| open + end + 2);
            } else if let Some(close) = [("{{", "}}"), ("{%", "%}")].iter().find(|(o, _)| rest.starts_with(o)) {
                let Some(end) = self.end_of_tag(open + 2, close.1) else { break };
                let inner = open + 2..end;
                from = end + 2;
                self.refuse_endless(&inner);
                if is_raw(&self.text[inner.clone()]) {
                    let after = self.text[from..].find("endraw").map_or(self.text.len(), |at| from + at);
                    from = self.text[after..].find("%}").map_or(self.text.len(), |at| after + at + 2);
                    continue;
                }
                if let Some(call) = self.whole_call(&inner).filter(|_| close.0 == "{{") {
                    self.copy(done..open);
                    self.statement(&call);
                    done = from;
                } else if self.next_call(inner.clone()).is_some() || self.is_strict(&inner, close.0) {
                    self.copy(done..open + 2);
                    self.strict = self.is_strict(&inner, close.0);
                    self.expression(inner.clone());
                    self.strict = false;
                    done = end;
                }
                if self.own && close.0 == "{%" && first_word(&self.text[inner.clone()]) == "for" {
                    self.copy(done..from);
                    let trims = self.text[..end].ends_with('-');
                    self.make(open, if trims { "{{ turn() -}}" } else { "{{ turn() }}" });
                    done = from;
                }
            } else {
                from = open + 1;
            }
        }
        self.copy(done..self.text.len());
    }

    /// Refuses a loop inside an expression, of which the turns cannot be counted.
    fn refuse_endless(&mut self, inner: &Range<usize>) {
        let bytes = self.text.as_bytes();
        let (mut at, mut depth) = (inner.start, 0_usize);
        while self.own && at < inner.end {
            match bytes[at] {
                b'"' | b'\'' | b'`' => {
                    at = end_of_string(bytes, at).unwrap_or(inner.end);
                    continue;
                }
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                b'f' if depth > 0
                    && first_word(&self.text[at..inner.end]) == "for"
                    && !continues(bytes, inner.start, at) =>
                {
                    let (message, help) = ("a theme has no loops inside expressions", "write it as `{% for … %}`");
                    self.error(at..at + 3, Kind::Template, message.to_owned(), help.to_owned());
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// Where a tag ends that is open from here, strings and brackets passed over.
    fn end_of_tag(&self, from: usize, close: &str) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let (mut at, mut depth) = (from, 0_usize);
        while at < bytes.len() {
            if depth == 0 && self.text[at..].starts_with(close) {
                return Some(at);
            }
            at = match bytes[at] {
                b'"' | b'\'' | b'`' => end_of_string(bytes, at)?,
                b'(' | b'[' | b'{' => {
                    depth += 1;
                    at + 1
                }
                b')' | b']' | b'}' => {
                    depth = depth.saturating_sub(1);
                    at + 1
                }
                _ => at + self.text[at..].chars().next().map_or(1, char::len_utf8),
            };
        }
        None
    }

    /// The call that is all there is in a tag.
    fn whole_call(&mut self, inner: &Range<usize>) -> Option<Call> {
        let text = &self.text[inner.clone()];
        let start = inner.start + text.len() - text.trim_start().len();
        let end = inner.start + text.trim_end().len();
        self.text[start..end].starts_with("say").then_some(())?;
        self.next_call(start..end).filter(|call| call.at == (start..end))
    }

    /// The first call in an expression. One with a mistake in its form is left to the engine, which knows no `say`.
    fn next_call(&self, within: Range<usize>) -> Option<Call> {
        let bytes = self.text.as_bytes();
        let mut at = within.start;
        while at < within.end {
            match bytes[at] {
                b'"' | b'\'' | b'`' => at = end_of_string(bytes, at)?,
                b's' if self.text[at..within.end].starts_with("say") && !continues(bytes, within.start, at) => {
                    match self.call(at, within.end) {
                        Some(call) => return Some(call),
                        None => at += 3,
                    }
                }
                _ => at += 1,
            }
        }
        None
    }

    fn call(&self, start: usize, end: usize) -> Option<Call> {
        let bytes = self.text.as_bytes();
        let space = |at: usize| (at..end).find(|i| !bytes[*i].is_ascii_whitespace());
        let open = space(start + 3).filter(|at| bytes[*at] == b'(')?;
        let quote = space(open + 1).filter(|at| matches!(bytes[*at], b'"' | b'\'' | b'`'))?;
        let mut at = end_of_string(bytes, quote).filter(|e| *e <= end)?;
        let key = quote + 1..at - 1;
        let mut arguments = Vec::new();
        loop {
            at = space(at)?;
            match bytes[at] {
                b')' => return Some(Call { at: start..at + 1, key, arguments }),
                b',' => {}
                _ => return None,
            }
            let name = space(at + 1)?;
            if bytes[name] == b')' {
                return Some(Call { at: start..name + 1, key, arguments });
            }
            let name_end = (name..end).find(|i| !(bytes[*i].is_ascii_alphanumeric() || bytes[*i] == b'_'))?;
            let equals = space(name_end).filter(|at| bytes[*at] == b'=' && bytes.get(at + 1) != Some(&b'='))?;
            let value_end = self.end_of_argument(equals + 1, end)?;
            arguments.push((name..name_end, equals + 1..value_end));
            at = value_end;
        }
    }

    fn end_of_argument(&self, from: usize, end: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let (mut at, mut depth) = (from, 0_usize);
        while at < end {
            match bytes[at] {
                b'"' | b'\'' | b'`' => {
                    at = end_of_string(bytes, at)?;
                    continue;
                }
                b',' | b')' if depth == 0 => return Some(at),
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.checked_sub(1)?,
                _ => {}
            }
            at += 1;
        }
        None
    }

    fn copy(&mut self, range: Range<usize>) {
        if !range.is_empty() {
            self.origin.pieces.push((range.start, self.out.len(), true));
            self.out.push_str(&self.text[range]);
        }
    }

    /// Writes what stands nowhere in the original; it comes from `there`.
    fn make(&mut self, there: usize, text: &str) {
        self.origin.pieces.push((there, self.out.len(), false));
        self.out.push_str(text);
    }

    /// An expression, its calls replaced.
    fn expression(&mut self, range: Range<usize>) {
        let mut done = range.start;
        while let Some(call) = self.next_call(done..range.end) {
            self.copy_strictly(done..call.at.start, range.end);
            self.inline(&call);
            done = call.at.end;
        }
        self.copy_strictly(done..range.end, range.end);
    }

    /// Whether a tag is a condition in a template of the site's own.
    fn is_strict(&self, inner: &Range<usize>, open: &str) -> bool {
        self.own && open == "{%" && matches!(first_word(&self.text[inner.clone()]), "if" | "elif")
    }

    /// Copies a piece of an expression that goes on to `end`; in a condition, names are held to be there.
    fn copy_strictly(&mut self, range: Range<usize>, end: usize) {
        if !self.strict {
            return self.copy(range);
        }
        let mut done = range.start;
        for name in strict::names(self.text, range.clone(), end) {
            self.copy(done..name.start);
            self.make(name.start, "(");
            self.copy(name.clone());
            self.make(name.start, &strict::passed(&self.text[name.clone()]));
            done = name.end;
        }
        self.copy(done..range.end);
    }

    fn argument(&self, call: &Call, name: &str) -> Option<Range<usize>> {
        let own = call.arguments.iter().find(|(own, _)| &self.text[own.clone()] == name);
        own.map(|(_, value)| value.clone())
    }

    /// The value of an argument that was looked for when the call was resolved.
    fn value(&mut self, call: &Call, name: &str) {
        match self.argument(call, name) {
            Some(value) => self.expression(value),
            None => self.make(call.at.start, "\"\""),
        }
    }

    /// What fills a placeholder: numbers as the language writes them.
    fn slot(&mut self, call: &Call, name: &str) {
        if name == "count" {
            self.make(call.at.start, "(");
            self.value(call, name);
            self.make(call.at.start, ") | grouped");
        } else {
            self.value(call, name);
        }
    }

    /// A call in a tag of its own: text, and tags for what fills it.
    fn statement(&mut self, call: &Call) {
        let at = call.at.start;
        match self.resolve(call) {
            None => {}
            Some(Said::Wording(Wording::One(message))) => self.text_of(call, message),
            Some(Said::Wording(Wording::Forms(forms))) => {
                for (number, (form, message)) in forms.iter().enumerate() {
                    self.branch(call, number, *form);
                    self.text_of(call, message);
                }
                self.make(at, "{% endif %}");
            }
            Some(Said::Family(members)) => {
                for (number, (value, message)) in members.iter().enumerate() {
                    self.make(at, if number == 0 { "{% if (" } else { "{% elif (" });
                    self.value(call, "of");
                    self.make(at, &format!(") == {} %}}", quoted(value)));
                    self.text_of(call, message);
                }
                self.make(at, "{% else %}{{ ");
                self.value(call, "of");
                self.make(at, " }}{% endif %}");
            }
        }
    }

    fn branch(&mut self, call: &Call, number: usize, form: Form) {
        let at = call.at.start;
        match (number, form) {
            (0, Form::Other) => self.make(at, "{% if true %}"),
            (_, Form::Other) => self.make(at, "{% else %}"),
            _ => {
                self.make(at, if number == 0 { "{% if ((" } else { "{% elif ((" });
                self.value(call, "count");
                self.make(at, &format!(") | form) == {} %}}", quoted(form.word())));
            }
        }
    }

    fn text_of(&mut self, call: &Call, message: &Message) {
        for part in &message.parts {
            match part {
                Part::Text(text) => {
                    let mut escaped = Vec::with_capacity(text.len());
                    escape(text, &mut escaped).expect("memory takes everything");
                    let escaped = String::from_utf8(escaped).expect("escaping keeps text text");
                    self.make(call.at.start, &escaped);
                }
                Part::Slot(name) => {
                    self.make(call.at.start, "{{ ");
                    self.slot(call, name);
                    self.make(call.at.start, " }}");
                }
            }
        }
    }

    /// A call inside an expression: an expression that makes the words.
    fn inline(&mut self, call: &Call) {
        let at = call.at.start;
        match self.resolve(call) {
            None => {}
            Some(Said::Wording(Wording::One(message))) => self.joined(call, message),
            Some(Said::Wording(Wording::Forms(forms))) => {
                for (form, message) in forms {
                    self.make(at, "(");
                    self.joined(call, message);
                    if *form != Form::Other {
                        self.make(at, " if ((");
                        self.value(call, "count");
                        self.make(at, &format!(") | form) == {} else ", quoted(form.word())));
                    }
                }
                self.make(at, &")".repeat(forms.len()));
            }
            Some(Said::Family(members)) => {
                for (value, message) in &members {
                    self.make(at, "(");
                    self.joined(call, message);
                    self.make(at, " if (");
                    self.value(call, "of");
                    self.make(at, &format!(") == {} else ", quoted(value)));
                }
                self.make(at, "(");
                self.value(call, "of");
                self.make(at, &")".repeat(members.len() + 1));
            }
        }
    }

    fn joined(&mut self, call: &Call, message: &Message) {
        self.make(call.at.start, "(");
        if message.parts.is_empty() {
            self.make(call.at.start, "\"\"");
        }
        for (number, part) in message.parts.iter().enumerate() {
            if number > 0 {
                self.make(call.at.start, " ~ ");
            }
            match part {
                Part::Text(text) => self.make(call.at.start, &quoted(text)),
                Part::Slot(name) => {
                    self.make(call.at.start, "(");
                    self.slot(call, name);
                    self.make(call.at.start, ")");
                }
            }
        }
        self.make(call.at.start, ")");
    }

    /// What a call says; nothing where it is a mistake, which is then among the errors.
    fn resolve(&mut self, call: &Call) -> Option<Said<'w>> {
        let language = self.language;
        let key = &self.text[call.key.clone()];
        if let Some(family) = key.strip_suffix('*').filter(|family| family.ends_with('.')) {
            let members: Vec<(&str, &Message)> = language
                .keys()
                .filter_map(|own| Some((own.strip_prefix(family)?, language.phrase(own)?.in_form(Form::Other))))
                .collect();
            if members.is_empty() {
                self.unknown(call, key);
                return None;
            }
            self.used.extend(members.iter().map(|(member, _)| format!("{family}{member}")));
            self.asked(call, &["of"], true)?;
            return Some(Said::Family(members));
        }
        let Some(wording) = language.phrase(key) else {
            self.unknown(call, key);
            return None;
        };
        self.used.insert(key.to_owned());
        let mut slots = wording.slots();
        if wording.is_counted() && !slots.contains(&"count") {
            slots.push("count");
        }
        self.asked(call, &slots, false)?;
        Some(Said::Wording(wording))
    }

    fn unknown(&mut self, call: &Call, key: &str) {
        let help = suggest::nearest(key, self.language.keys()).map_or_else(
            || "add it to a language file of the theme".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        let message = format!("there is no phrase `{key}`");
        self.error(call.key.clone(), Kind::UnknownPhrase, message, help);
    }

    /// Whether a call fills these placeholders; `closed` where it may fill no others. What a language leaves out may be
    /// filled all the same, if the English phrase has it.
    fn asked(&mut self, call: &Call, slots: &[&str], closed: bool) -> Option<()> {
        let key = self.text[call.key.clone()].to_owned();
        let english = crate::language::english();
        let base = english.phrase(&key).map(Wording::slots).unwrap_or_default();
        let before = self.errors.len();
        let missing: Vec<&&str> = slots.iter().filter(|slot| self.argument(call, slot).is_none()).collect();
        for slot in missing {
            let message = format!("`{key}` is said without its `{slot}`");
            self.error(call.at.clone(), Kind::Template, message, format!("add `{slot}=…`"));
        }
        for (name, _) in &call.arguments {
            let own = &self.text[name.clone()];
            let counts = own == "count" && !closed && english.phrase(&key).is_some_and(Wording::is_counted);
            if slots.contains(&own) || !closed && base.contains(&own) || counts {
                continue;
            }
            let message = format!("`{key}` has no placeholder `{{{own}}}`");
            self.error(name.clone(), Kind::Template, message, suggest::help(own, slots.iter().copied()));
        }
        (self.errors.len() == before).then_some(())
    }

    fn error(&mut self, at: Range<usize>, kind: Kind, message: String, help: String) {
        let (line, column) = line_column(self.text, at.start);
        let width = self.text[at].chars().count();
        let (line, column) = (line as usize, column as usize);
        let (template, from) = (self.name.to_owned(), Box::default());
        self.errors.push(TemplateError { template, line, column, width, message, help, kind, from });
    }
}

/// Whether an identifier goes on here, so that `say` is only a part of it, or a field.
fn continues(bytes: &[u8], start: usize, at: usize) -> bool {
    at > start && (bytes[at - 1].is_ascii_alphanumeric() || matches!(bytes[at - 1], b'_' | b'.'))
}

/// One past the quote that ends the string that begins here.
pub(super) fn end_of_string(bytes: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b if b == bytes[open] => return Some(at + 1),
            _ => at += 1,
        }
    }
    None
}

fn is_raw(inner: &str) -> bool {
    inner.trim_matches('-').trim() == "raw"
}

/// The word that a tag or an expression begins with.
pub(super) fn first_word(inner: &str) -> &str {
    let inner = inner.trim_start_matches('-').trim_start();
    inner.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// A text as the engine's string.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
