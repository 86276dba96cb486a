//! A new change record: what its policy asks of its type, each field with what it is, who, by when and by which rule.

use jiff::Timestamp;
use jiff::civil::Date;

use super::asks::{Asks, Item, Section};
use super::summary::summary;
use super::{explained, holders, instant, scalar};
use crate::decode;
use crate::decode::table::{FieldShape, Kind, Shape};
use crate::model::{Calendar, ChangeKind, ChangeType, Day, Impact, People, PolicyVersion, Rule, Vocabulary, Word};
use crate::source::SourceSet;

/// What a new record is made from.
#[derive(Clone, Copy)]
pub struct NewChange<'n> {
    /// Its id.
    pub id: &'n str,
    /// The policy's version in force.
    pub version: &'n PolicyVersion,
    /// Its type, one of that version's.
    pub change_type: &'n ChangeType,
    /// What it is, in a line, if that was said.
    pub title: Option<&'n str>,
    /// Who writes it.
    pub author: &'n str,
    /// Now.
    pub now: Timestamp,
    /// The site's calendar, in whose zone times are written.
    pub calendar: &'n Calendar,
    /// Who holds which role.
    pub people: &'n People,
    /// Where clauses stand.
    pub sources: &'n SourceSet,
    /// Whether git says when records were written, so that they need not.
    pub in_git: bool,
}

/// How far comments stand to the right.
const COMMENTS: usize = 30;

/// The record's text, without the line for editors.
pub fn change(new: NewChange<'_>) -> String {
    let rules: Vec<&Rule> = new.version.rules.iter().filter(|r| r.binds(new.change_type.id.as_str())).collect();
    let mut text = head(new, &rules);
    let asks = Asks::of(&rules, new.version);
    let draft = Draft { new, day: new.calendar.day(new.now) };
    for field in &decode::record_shape().fields {
        if let Some(section) = asks.sections.get(field.name)
            && !WRITTEN.contains(&field.name)
        {
            if field.name == "documented_at" && new.in_git {
                text +=
                    &explained("## ", &asked("documented by the commit that first holds this file", &section.rules));
            } else {
                draft.section(field, section, &mut text);
            }
        }
    }
    text
}

/// Fields that stand in every new record.
const WRITTEN: &[&str] = &["id", "policy", "type", "title", "status", "author", "requested_at"];

fn head(new: NewChange<'_>, rules: &[&Rule]) -> String {
    let version = new.version;
    let since = version.effective.map(|day| format!(", in force since {}", Day(day))).unwrap_or_default();
    let mut text = explained(
        "## ",
        &format!("{} change under “{}”, version {}{since}.", new.change_type.title, version.title, version.version),
    );
    text += &explained(
        "## ",
        &format!(
            "Lines that begin with one # are fields: take the # and the blank after it away once you know what stands there. Lines with two explain, and end in the rule and the promise behind it. `tickmark explain {}` says at any time what is missing and what is due when.",
            new.id
        ),
    );
    text.push_str("##\n");
    if rules.is_empty() {
        text.push_str("## No rule binds changes of this type.\n");
    }
    text += &summary(rules, version, new.sources);
    let untitled = format!("Untitled {} change", new.change_type.id);
    text += &format!(
        "\nid: {}\npolicy: {}\ntype: {}\ntitle: {}\n",
        new.id,
        version.id,
        new.change_type.id,
        scalar(new.title.unwrap_or(&untitled))
    );
    text += &beside("status: draft", "then requested, approved, scheduled, deployed, closed; or rejected, cancelled");
    text += &format!("author: {}\nrequested_at: {}\n", new.author, instant(new.calendar, new.now));
    text
}

/// A record being written.
struct Draft<'n> {
    new: NewChange<'n>,
    day: Date,
}

impl Draft<'_> {
    fn section(&self, field: &FieldShape, section: &Section, text: &mut String) {
        match field.kind {
            Kind::Document(shape) => {
                text.push_str(&line(&format!("{}:", field.name), &asked(field.doc, &section.rules)));
                let fields = shown(&shape(), &section.inner, &[]);
                for inner in &fields {
                    text.push_str(&line(&format!("  {}:", inner.name), &self.hint(inner)));
                }
            }
            Kind::Documents(shape) => {
                text.push_str(&line(&format!("{}:", field.name), &asked(field.doc, &section.rules)));
                for item in self.items(field.name, section) {
                    self.item(&shape(), &section.inner, &item, text);
                }
            }
            Kind::Named(_) => {
                text.push_str(&line(&format!("{}:", field.name), field.doc));
                for name in &section.inner {
                    text.push_str(&line(&format!("  {name}:"), "only where it could not be kept"));
                }
            }
            _ => text.push_str(&line(&format!("{}:", field.name), &asked(&self.hint(field), &section.rules))),
        }
    }

    /// The entries of a list: those that rules ask for, else one.
    fn items(&self, field: &str, section: &Section) -> Vec<Item> {
        let mut items: Vec<Item> = section.items.clone();
        if field == "deployments" {
            let (staged, rest): (Vec<Item>, Vec<Item>) =
                items.into_iter().partition(|i| i.set.iter().any(|(key, _)| *key == "environment"));
            let production = Item {
                set: vec![("environment", "production".to_owned())],
                say: rest.into_iter().flat_map(|i| i.say).collect(),
                ..Item::default()
            };
            items = staged;
            items.push(production);
        }
        if items.is_empty() {
            items.push(Item::default());
        }
        items
    }

    fn item(&self, shape: &Shape, inner: &[String], item: &Item, text: &mut String) {
        if !item.about.is_empty() {
            text.push_str(&format!("##     {}\n", item.about));
        }
        let set: Vec<&str> = item.set.iter().map(|(key, _)| *key).chain(item.show.iter().copied()).collect();
        for (number, field) in shown(shape, inner, &set).iter().enumerate() {
            let lead = if number == 0 { "  - " } else { "    " };
            let value = item.set.iter().find(|(key, _)| *key == field.name).map(|(_, value)| value.as_str());
            if let Some(value) = value {
                text.push_str(&line(&format!("{lead}{}: {value}", field.name), ""));
                continue;
            }
            let mut hint = self.hint(field);
            for (_, said) in item.say.iter().filter(|(key, _)| *key == field.name) {
                hint = format!("{hint}; {said}");
            }
            if field.name == "role" && !item.roles.is_empty() {
                let role = if item.roles.len() == 1 { format!(" {}", item.roles[0]) } else { String::new() };
                let say = if role.is_empty() { item.roles.join(" or ") } else { String::new() };
                text.push_str(&line(&format!("{lead}role:{role}"), &say));
                continue;
            }
            text.push_str(&line(&format!("{lead}{}:", field.name), &hint));
            if matches!(field.kind, Kind::Person) {
                for role in &item.roles {
                    let holders = holders(self.new.people, role, self.day);
                    let who = if holders.is_empty() { "nobody".to_owned() } else { holders.join(", ") };
                    text.push_str(&explained("##     ", &format!("{role} today: {who}")));
                }
            }
        }
    }

    /// What a field means and which words may stand there.
    fn hint(&self, field: &FieldShape) -> String {
        let version = self.new.version;
        let words: Vec<&str> = match (field.name, field.kind) {
            ("kind", Kind::List(_)) => own(version.kinds.as_deref(), ChangeKind::WORDS),
            ("impact", Kind::List(_)) => own(version.impacts.as_deref(), Impact::WORDS),
            ("procedure", _) => version.procedures.iter().map(|p| p.id.as_str()).collect(),
            (_, Kind::Words(words, _)) => words.to_vec(),
            (_, Kind::Time) => return format!("{}, as in {}", field.doc, instant(self.new.calendar, self.new.now)),
            (_, Kind::List(_)) => return format!("{}, as in [a, b]", field.doc),
            _ => Vec::new(),
        };
        // Some are explained word by word.
        let said = words.iter().all(|word| field.doc.contains(&format!("`{word}`")));
        if said { field.doc.to_owned() } else { format!("{}: {}", field.doc, words.join(", ")) }
    }
}

/// The fields of a document that are shown: those it cannot do without, those that are asked for or known, in its order.
fn shown(shape: &Shape, inner: &[String], set: &[&str]) -> Vec<FieldShape> {
    let wanted =
        |f: &&FieldShape| f.required || set.contains(&f.name) || inner.iter().any(|name| name.as_str() == f.name);
    shape.fields.iter().filter(wanted).copied().collect()
}

fn own<'w>(own: Option<&'w [Word]>, common: &'static [&'static str]) -> Vec<&'w str> {
    own.map_or_else(|| common.to_vec(), |words| words.iter().map(Word::as_str).collect())
}

fn asked(doc: &str, rules: &[String]) -> String {
    if rules.is_empty() {
        return doc.to_owned();
    }
    format!("{doc} [{}]", rules.join(", "))
}

/// A line of the record that is still to be filled in, with what is said beside it.
fn line(data: &str, comment: &str) -> String {
    beside(&format!("# {data}"), comment)
}

/// A line with a comment beside it, which goes on below where it is long.
fn beside(data: &str, comment: &str) -> String {
    if comment.is_empty() {
        return format!("{data}\n");
    }
    let first = format!("{data:COMMENTS$} # ");
    explained(&first, comment)
}
