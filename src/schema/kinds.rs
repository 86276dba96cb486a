//! What a field may hold, as a schema. Where a schema is stricter than our reader, tests/it/schema.rs says why.

use std::collections::BTreeMap;

use super::json::Json;
use crate::decode::table::{FieldShape, Kind, Shape};

/// The grammar of ids, without the names that Windows keeps for devices.
const ID: &str = r"^(?!([Cc][Oo][Nn]|[Pp][Rr][Nn]|[Aa][Uu][Xx]|[Nn][Uu][Ll]|[Cc][Oo][Mm][0-9]|[Ll][Pp][Tt][0-9])(\.|$))[A-Za-z0-9]([A-Za-z0-9_-]|\.(?!\.|$)){0,63}$";
/// A short word on one line, without characters that are not seen or turn text around.
const WORD: &str = r"^(?=[\s\S]*\S)[^\n\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\u061c]{1,200}$";
/// Something that can be seen.
const PROSE: &str = r"[^\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\u061c]";
const LINK: &str = r"^[Hh][Tt][Tt][Pp][Ss]?://\S*$";
const TIME: &str = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt ]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]{1,9})?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$";
const DAY: &str = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";
const DAY_OR_MONTH: &str = r"^[0-9]{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?$";
const DURATION: &str = r"^0*([1-9][0-9]{0,4}|100000) +(minutes?|hours?|business days?|days?|weeks?|months?|years?)$";
const HOURS: &str = r"^([01][0-9]|2[0-3]):[0-5][0-9] *- *(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$";

/// A record beside an expression, as far as the expression reads it.
const PART: &str = "part of a change record";

/// Makes the schema of one kind of document, and those of the documents inside it as its definitions.
#[derive(Default)]
pub(super) struct Maker {
    /// Everybody there is: id and what is said of them; anybody where empty.
    pub(super) people: Vec<(String, String)>,
    /// Foreign keys that are nobody's mistake in the outermost document.
    pub(super) ignored_keys: Vec<String>,
    definitions: BTreeMap<String, Json>,
}

impl Maker {
    /// The schema of a document: its fields in the order of its table, and no others.
    pub(super) fn document(&mut self, shape: &Shape) -> Json {
        let fields = shape.fields.iter().map(|f| (f.name.to_owned(), self.field(f))).collect();
        let required: Vec<&str> = shape.fields.iter().filter(|f| f.required).map(|f| f.name).collect();
        let mut schema = Json::map([("type", Json::text("object")), ("properties", Json::Map(fields))]);
        if !required.is_empty() {
            schema = schema.with("required", Json::texts(required));
        }
        schema.with("additionalProperties", Json::Bool(false))
    }

    /// The schema of the outermost document, definitions included.
    pub(super) fn outermost(&mut self, shape: &Shape) -> Json {
        let mut schema = self.document(shape);
        let foreign = std::mem::take(&mut self.ignored_keys);
        if let Json::Map(entries) = &mut schema
            && let Some((_, Json::Map(fields))) = entries.iter_mut().find(|(key, _)| key == "properties")
        {
            fields.extend(foreign.into_iter().map(|key| (key, Json::map([]))));
        }
        schema
    }

    /// All definitions so far.
    pub(super) fn definitions(self) -> Json {
        Json::Map(self.definitions.into_iter().collect())
    }

    /// A field: what its kind holds, nothing at all where it is not required, and `none` where that answers.
    fn field(&mut self, field: &FieldShape) -> Json {
        let mut doc = capital(field.doc);
        if field.required {
            doc.push_str(". Required");
        }
        let schema = self.value(field.kind);
        let schema = match field.kind {
            // Here `none` is an answer in words.
            Kind::Prose if field.answers_none => schema,
            Kind::Id | Kind::Prose | Kind::Word | Kind::Person | Kind::Role | Kind::Form(..) => not_none(schema),
            Kind::List(_) if field.answers_none => either(schema, Json::map([("const", Json::text("none"))])),
            // Not a choice between two, so that a fault inside the list is shown where it is.
            Kind::Documents(shape) if field.answers_none => Json::map([
                ("type", Json::texts(["array", "string"])),
                ("items", self.reference(&shape())),
                ("pattern", Json::text("^none$")),
            ]),
            _ => schema,
        };
        let schema = match field.kind {
            // An empty list is missing.
            Kind::List(_) if field.required => schema.with("minItems", Json::Number(1)),
            _ if field.required => schema,
            _ => or_nothing(schema),
        };
        // What a key means comes first, for whoever reads the file.
        match schema {
            Json::Map(entries) => {
                let first = ("description".to_owned(), Json::text(format!("{doc}.")));
                Json::Map(std::iter::once(first).chain(entries).collect())
            }
            other => other,
        }
    }

    /// What a kind of value looks like.
    fn value(&mut self, kind: Kind) -> Json {
        match kind {
            Kind::Id => scalar(ID).with("minimum", Json::Number(0)),
            Kind::Prose => scalar(PROSE),
            Kind::Word | Kind::Role => scalar(WORD),
            Kind::Person if self.people.is_empty() => scalar(WORD),
            Kind::Person => words(
                &self.people.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(),
                &self.people.iter().map(|(_, said)| said.as_str()).collect::<Vec<_>>(),
            ),
            Kind::Link => text(LINK).with("examples", Json::texts(["https://git.example.com/pull/12"])),
            Kind::Time => text(TIME)
                .with("format", Json::text("date-time"))
                .with("examples", Json::texts(["2026-08-03T09:12:00+10:00", "2026-08-02T23:12:00Z"])),
            Kind::Day => text(DAY).with("format", Json::text("date")).with("examples", Json::texts(["2026-08-03"])),
            Kind::DayOrMonth => text(DAY_OR_MONTH).with("examples", Json::texts(["2026-08-03", "2026-08"])),
            Kind::Duration => text(DURATION).with(
                "examples",
                Json::texts(["15 minutes", "24 hours", "2 business days", "30 days", "12 months", "3 years"]),
            ),
            Kind::Hours => text(HOURS).with("examples", Json::texts(["09:00-17:00", "22:00-02:00"])),
            Kind::Bool => Json::map([("type", Json::text("boolean"))]),
            Kind::Count => count(0, 1_000_000),
            Kind::Between(least, most) => count(least, most),
            Kind::Words(list, meanings) => words(list, meanings),
            Kind::Usual(list, _) => scalar(WORD).with("examples", Json::texts(list)),
            Kind::Form(pattern, example) => text(pattern).with("examples", Json::texts([example])),
            Kind::Path(shape) => {
                let mut paths = Paths::default();
                paths.add(&shape(), "");
                either(words::<_, &str>(&paths.fixed, &[]), text(&format!("^({})\\.", paths.open.join("|"))))
            }
            Kind::Either(kinds) => {
                Json::map([("anyOf", Json::List(kinds.iter().map(|kind| self.value(*kind)).collect()))])
            }
            Kind::List(item) => {
                let item = match item {
                    Kind::Either(_) | Kind::Words(..) | Kind::Path(_) => self.value(*item),
                    item => not_none(self.value(*item)),
                };
                let list = Json::map([("type", Json::text("array")), ("items", item.clone())]);
                either(item, list)
            }
            Kind::Document(shape) => self.reference(&shape()),
            Kind::Documents(shape) => Json::map([("type", Json::text("array")), ("items", self.reference(&shape()))]),
            Kind::OneOrMany(shape) => self.one_or_many(&shape()),
            Kind::Parts(shape) => {
                let mut shape = shape();
                shape.name = PART;
                shape.fields.iter_mut().for_each(|field| field.required = false);
                self.one_or_many(&shape)
            }
            Kind::Keyed(keys, under) => {
                let entries = keys.iter().map(|key| ((*key).to_owned(), self.value(*under))).collect();
                Json::map([
                    ("type", Json::text("object")),
                    ("properties", Json::Map(entries)),
                    ("additionalProperties", Json::Bool(false)),
                ])
            }
            Kind::Named(under) => {
                let value = self.value(*under);
                // A name alone says that there is such a thing: `normal:` among types.
                let alone = matches!(under, Kind::Document(_) | Kind::Prose | Kind::Form(..) | Kind::Words(..));
                let value = if alone { or_nothing(value) } else { value };
                Json::map([("type", Json::text("object")), ("additionalProperties", value)])
            }
            Kind::Free => Json::map([]),
        }
    }

    fn one_or_many(&mut self, shape: &Shape) -> Json {
        let one = self.reference(shape);
        let list = Json::map([("type", Json::text("array")), ("items", one.clone())]);
        either(one, list)
    }

    /// A document inside another: its definition, made once.
    fn reference(&mut self, shape: &Shape) -> Json {
        let name = shape.name.trim_start_matches("an ").trim_start_matches("a ").replace('`', "");
        let name = name.replace([' ', '\''], "-");
        if !self.definitions.contains_key(&name) {
            let Json::Map(mut entries) = self.document(shape) else { unreachable!("a document is a map") };
            // The type is said where the document stands, which may also be left to be filled in.
            entries.retain(|(key, _)| key != "type");
            entries.push(("title".to_owned(), Json::text(capital(shape.name))));
            self.definitions.insert(name.clone(), Json::Map(entries));
        }
        Json::map([("type", Json::text("object")), ("$ref", Json::text(format!("#/$defs/{name}")))])
    }
}

/// Paths to the fields of a document: those that end, and those below which names are the author's own.
#[derive(Default)]
struct Paths {
    fixed: Vec<String>,
    open: Vec<String>,
}

impl Paths {
    fn add(&mut self, shape: &Shape, before: &str) {
        // What is the author's own is never judged.
        for field in shape.fields.iter().filter(|f| f.name != "extra") {
            let path = format!("{before}{}", field.name);
            self.fixed.push(path.clone());
            match field.kind {
                Kind::Document(inner) | Kind::Documents(inner) | Kind::OneOrMany(inner) => {
                    self.add(&inner(), &format!("{path}."));
                }
                Kind::Free | Kind::Named(_) | Kind::Keyed(..) => self.open.push(path.replace('.', "\\.")),
                _ => {}
            }
        }
    }
}

/// A scalar that our reader takes as text, whatever YAML makes of it: `version: 1.10`.
fn scalar(pattern: &str) -> Json {
    Json::map([("type", Json::texts(["string", "number", "boolean"])), ("pattern", Json::text(pattern))])
}

fn text(pattern: &str) -> Json {
    Json::map([("type", Json::text("string")), ("pattern", Json::text(pattern))])
}

fn count(least: u32, most: u32) -> Json {
    Json::map([("type", Json::text("integer")), ("minimum", Json::Number(least)), ("maximum", Json::Number(most))])
}

/// A closed list of words. `enumDescriptions` is what editors show beside each; validators pass over it.
pub(super) fn words<S: AsRef<str>, T: AsRef<str>>(list: &[S], meanings: &[T]) -> Json {
    let schema = Json::map([("enum", Json::texts(list))]);
    if meanings.is_empty() { schema } else { schema.with("enumDescriptions", Json::texts(meanings)) }
}

/// Either of two, flat where the first is a choice already.
fn either(first: Json, second: Json) -> Json {
    let mut all = match first {
        Json::Map(mut entries) if entries.len() == 1 && entries[0].0 == "anyOf" => match entries.remove(0).1 {
            Json::List(items) => items,
            other => vec![other],
        },
        other => vec![other],
    };
    all.push(second);
    Json::map([("anyOf", Json::List(all))])
}

/// Also nothing: a key that is still to be filled in.
fn or_nothing(schema: Json) -> Json {
    let null = Json::text("null");
    let Json::Map(mut entries) = schema else { return schema };
    for (key, value) in &mut entries {
        match (key.as_str(), value) {
            ("type", Json::List(types)) => {
                types.push(null);
                return Json::Map(entries);
            }
            ("type", one) => {
                *one = Json::List(vec![one.clone(), null]);
                return Json::Map(entries);
            }
            ("enum", Json::List(items)) => {
                items.push(Json::Null);
                return Json::Map(entries);
            }
            _ => {}
        }
    }
    if entries.is_empty() {
        return Json::Map(entries);
    }
    either(Json::Map(entries), Json::map([("type", null)]))
}

/// Not the word `none`, which is no answer there.
fn not_none(schema: Json) -> Json {
    schema.with("not", Json::map([("const", Json::text("none"))]))
}

/// With a capital letter at its beginning.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}
