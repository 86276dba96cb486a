//! A mapping file: how the words of an export become those of a record.
//!
//! It names what only its author knows: which column or custom field holds what, which of our words stands for each of
//! theirs, and what holds of every record. It never states a fact about one change.

use super::codes;
use super::named::{Dictionary, NamedTexts, UnderName};
use super::reader::{Reader, field};
use super::record::record_shape;
use super::table::{Document, FieldDef, FieldShape, Kind, Shape, check_path, read_document, row};
use super::tables::document;
use crate::diag::{Diagnostic, Sink, suggest};
use crate::model::{Field, Named, Word};
use crate::source::{FileId, Location, Span};
use crate::yaml::{self, Node};

/// Their words for one field and ours, as written.
#[derive(Debug, Default)]
struct Words(NamedTexts);

impl UnderName for Words {
    const WHAT: &'static str = "a map of their words to ours";
    const UNDER: Kind = Kind::Named(&Kind::Word);

    fn read_named(node: &Node<'_>, _: Span, reader: &mut Reader<'_>) -> Self {
        match field::<NamedTexts>(node, reader) {
            Field::Given(words, _) => Self(words),
            _ => Self::default(),
        }
    }
}

#[derive(Debug, Default)]
struct MappingFile {
    fields: Field<NamedTexts>,
    words: Field<Dictionary<Words>>,
    always: Field<NamedTexts>,
    separator: Field<Word>,
    span: Span,
}

document!(MappingFile, "a mapping file", [
    "fields" => fields: NamedTexts; "our field → the column or field of the export that holds it",
    "words" => words: Dictionary<Words>; "our field → their word → ours",
    "always" => always: NamedTexts; "our field → what it says in every record",
    "separator" => separator: Word; "what stands between the cells of a CSV file; a comma where absent",
]);

/// One line of a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The path of our field, as in `rollback.steps`.
    pub field: String,
    /// What stands before the colon: the field again, or their word.
    pub theirs: String,
    /// What stands behind it: their column, our word, or the text of every record.
    pub text: String,
    /// Where that stands; nothing where it came from the command line.
    pub at: Option<Location>,
}

/// A mapping, read.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    /// Our field → their column: `field` and `text`.
    pub fields: Vec<Pair>,
    /// Our field, their word → our word: `field`, `theirs` and `text`.
    pub words: Vec<Pair>,
    /// Our field → what every record says: `field` and `text`.
    pub always: Vec<Pair>,
    /// What stands between the cells of a CSV file.
    pub separator: Option<char>,
}

impl Mapping {
    /// Our word for one of theirs. Case does not tell words apart, as it does not on any of the systems.
    pub fn word(&self, field: &str, theirs: &str) -> Option<&str> {
        let same = |p: &&Pair| p.field == field && p.theirs.trim().eq_ignore_ascii_case(theirs.trim());
        self.words.iter().find(same).map(|p| p.text.as_str())
    }
}

/// The table of mapping files, for lists of fields.
pub fn mapping_shape() -> Shape {
    MappingFile::shape()
}

/// The field that a path of a record leads to: one that holds a text, a word, a time or a list of them.
pub fn record_field(path: &str) -> Result<FieldShape, String> {
    let shape = record_shape();
    if let Err((part, words)) = check_path(&shape, path) {
        return Err(if path == "extra" || path.starts_with("extra.") {
            "what stands under `extra` is your own; add it to the records by hand".to_owned()
        } else {
            suggest::help(&part, words.iter().copied())
        });
    }
    let (head, rest) = path.split_once('.').map_or((path, None), |(head, rest)| (head, Some(rest)));
    let outer = shape.fields.iter().find(|f| f.name == head).copied();
    let inner = |shape: Shape, name: &str| shape.fields.iter().find(|f| f.name == name).copied();
    let found = outer.and_then(|outer| match (outer.kind, rest) {
        (Kind::Document(of) | Kind::Documents(of), Some(rest)) => inner(of(), rest),
        (Kind::Document(_) | Kind::Documents(_) | Kind::Named(_), None) => None,
        (Kind::Named(_), Some(_)) | (_, None) => Some(outer),
        _ => None,
    });
    let holds = |f: &FieldShape| !matches!(f.kind, Kind::Document(_) | Kind::Documents(_) | Kind::Keyed(..));
    found.filter(holds).ok_or_else(|| "name a field that holds a text, as in `rollback.steps`".to_owned())
}

/// Reads a mapping file. Every mistake in it is a finding.
pub fn decode_mapping(file: FileId, text: &str, sink: &mut Sink) -> Mapping {
    let mut doc = MappingFile::default();
    let mut mapping = Mapping::default();
    let documents = yaml::parse(text, 0, file, sink);
    let mut reader = Reader { file, sink, ignored_keys: &[] };
    if let Some(document) = documents.first() {
        read_document(&mut doc, &document.root, &mut reader);
    }
    let pair = |field: &str, named: &Named| {
        let Field::Given(text, span) = &named.text else { return None };
        let at = Some(Location { file, span: *span });
        Some(Pair { field: field.to_owned(), theirs: named.name.to_string(), text: text.to_string(), at })
    };
    for (list, into) in [(&doc.fields, &mut mapping.fields), (&doc.always, &mut mapping.always)] {
        for named in list.items() {
            if known(named.name.as_str(), named.name_span, &mut reader).is_some() {
                into.extend(pair(named.name.as_str(), named));
            }
        }
    }
    for (field, words) in doc.words.get().map_or(&[][..], |d| &d.0) {
        let Some(shape) = known(field.value.as_str(), field.span, &mut reader) else { continue };
        for named in &words.0 {
            if let (Kind::Words(allowed, _), Field::Given(ours, span)) = (shape.kind, &named.text)
                && !allowed.contains(&ours.as_str())
            {
                let what = format!("one of the words of `{}`", field.value);
                super::reader::unknown_word(ours.as_str(), &what, allowed.iter().copied(), *span, &mut reader);
            }
            mapping.words.extend(pair(field.value.as_str(), named));
        }
    }
    mapping.separator = separator(&doc.separator, &mut reader);
    mapping
}

/// What a name leads to; one that leads nowhere is reported.
fn known(name: &str, span: Span, reader: &mut Reader<'_>) -> Option<FieldShape> {
    match record_field(name) {
        Ok(shape) => Some(shape),
        Err(help) => {
            let headline = format!("no field `{name}` of a record can be filled in from elsewhere");
            reader.report(Diagnostic::new(&codes::UNKNOWN_KEY, reader.file, span, headline).help(help));
            None
        }
    }
}

fn separator(field: &Field<Word>, reader: &mut Reader<'_>) -> Option<char> {
    let Field::Given(word, span) = field else { return None };
    let mut characters = word.as_str().chars();
    match (word.as_str(), characters.next(), characters.next()) {
        ("tab", ..) => Some('\t'),
        (_, Some(one), None) if matches!(one, ',' | ';' | '|') => Some(one),
        _ => {
            super::reader::unknown_word(word.as_str(), "a separator", [",", ";", "|", "tab"], *span, reader);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(text: &str) -> (Mapping, Vec<String>) {
        let mut sink = Sink::new();
        let mapping = decode_mapping(FileId(0), text, &mut sink);
        let source = crate::source::SourceFile::from_text("m.yaml", text);
        let shown = |d: Diagnostic| {
            let crate::diag::Place::Text(at) = d.place else { return String::new() };
            let (line, column) = source.line_column(at.span.start as usize);
            format!("{line}:{column} {} {} {}", d.code.name, d.headline, d.help)
        };
        (mapping, sink.into_sorted().into_iter().map(shown).collect())
    }

    #[test]
    fn a_mapping_says_what_stands_for_what() {
        let (mapping, found) = findings(
            "fields: {id: Number, rollback.steps: Back-out plan}\nwords:\n  status: {Shut: closed}\n\
             always: {deployments.environment: production}\nseparator: ;\n",
        );
        assert_eq!(found, [""; 0]);
        assert_eq!(mapping.fields[1].field, "rollback.steps");
        assert_eq!(mapping.fields[1].text, "Back-out plan");
        assert_eq!(mapping.word("status", " shut"), Some("closed"));
        assert_eq!(mapping.word("type", "Shut"), None);
        assert_eq!(mapping.always[0].text, "production");
        assert_eq!(mapping.separator, Some(';'));
    }

    #[test]
    fn its_mistakes_are_findings_where_they_stand() {
        let (_, found) = findings(
            "feilds: {id: x}\nfields: {titel: y, rollback: z, extra.a: q}\nwords:\n  status: {Shut: clsoed}\nseparator: ab\n",
        );
        let expected = [
            "1:1 record/unknown-key a mapping file has no key `feilds` did you mean `fields`?",
            "2:10 record/unknown-key no field `titel` of a record can be filled in from elsewhere did you mean `title`?",
            "2:20 record/unknown-key no field `rollback` of a record can be filled in from elsewhere name a field",
            "2:33 record/unknown-key no field `extra.a` of a record can be filled in from elsewhere what stands under",
            "4:18 record/unknown-word `clsoed` is not one of the words of `status` did you mean `closed`?",
            "5:12 record/unknown-word `ab` is not a separator",
        ];
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.starts_with(expected), "{found}\n{expected}");
        }
    }
}
