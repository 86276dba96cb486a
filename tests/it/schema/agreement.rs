//! For each field of each table and a set of values: what our reader refuses, the schema refuses, and the other way. Where
//! they differ there is a reason, and each reason is met at least once.

use std::collections::BTreeSet;

use tickmark::decode::table::{FieldShape, Kind, Shape};
use tickmark::decode::{self, PolicyInput};
use tickmark::diag::{Code, Diagnostic, Level, Sink};
use tickmark::model::{Trust, TrustKind};
use tickmark::pipeline;
use tickmark::schema::{Of, schema};
use tickmark::source::FileId;

use super::{validator, yaml};

/// What is tried in every field.
const PROBES: &[&str] = &[
    "words and more",
    "word",
    "none",
    "yes",
    "true",
    "\"true\"",
    "7",
    "\"7\"",
    "0",
    "13",
    "-5",
    "1.10",
    "2000000",
    "\"\"",
    "\" \"",
    "~",
    "[]",
    "[word, word]",
    "[none]",
    "[\"\"]",
    "[~]",
    "[7, 8]",
    "{}",
    "{name: word}",
    "{name: ~}",
    "{name: {}}",
    "{critical: 0}",
    "{critical: many}",
    "[{}]",
    "[{name: word}]",
    "[[word]]",
    "2026-08-03",
    "2026-08",
    "2026-13-01",
    "2026-08-03T09:12:00+10:00",
    "2026-08-03 09:12:00.5Z",
    "2026-08-03T09:12:00",
    "2026-08-03T09:12:00+1000",
    "2026-08-03T25:12:00Z",
    "15 minutes",
    "0 minutes",
    "15m",
    "2 business days",
    "100001 days",
    "09:00-17:00",
    "9:00-17:00",
    "22:00-24:00",
    "24:00-01:00",
    "https://a.example/x",
    "HTTP://a.example",
    "https://a b.example",
    "a..b",
    "a.",
    ".a",
    "con.txt",
    "\"two\\nlines\"",
    "\"hid\\u200bden\"",
    "95%",
    "101%",
    "en-GB",
    "/policies/x/",
    "description",
    "rollback.trigger",
    "rollback.no",
    "reasons.any",
    "extra",
    "SOC2:CC8.1",
    "{policy: x, section: 7}",
    "Europe/Berlin",
    "+10:00",
    "P1",
    "[mon, tue]",
    "normal",
];

/// Why the two may differ, and for which fields and values.
type Reason = (&'static str, fn(&FieldShape, &str) -> bool);

/// Why a schema refuses what our reader lets pass.
const STRICTER: &[Reason] = &[
    ("a blank text is taken for a missing one; an editor may say so at once", |_, probe| {
        probe.trim_matches('"').trim().is_empty()
    }),
    ("`none` where it answers nothing is taken for a missing value; an editor may say so at once", |_, probe| {
        probe == "none"
    }),
    ("a number or truth value in quotes is read as one; an editor asks for it without", |field, probe| {
        matches!(field.kind, Kind::Bool | Kind::Count | Kind::Between(..)) && probe.starts_with('"')
    }),
    (
        "a number or truth value where text of some form belongs is read by its letters; an editor asks for text",
        |field, probe| {
            matches!(field.kind, Kind::Form(..) | Kind::List(Kind::Form(..)))
                && probe.trim_matches(['[', ']']).starts_with(|c: char| c == 't' || c.is_ascii_digit())
        },
    ),
    ("the values of these maps are checked where they are used", |field, _| matches!(field.name, "instead")),
];

/// Why a schema lets pass what our reader refuses.
const LAXER: &[Reason] = &[
    ("a schema does not know every name that Windows keeps", |field, probe| {
        field.name == "aliases" && probe == "con.txt"
    }),
    ("a schema does not know which zones there are", |field, _| field.name == "time_zone"),
    ("a schema cannot tell a name alone from one with `~` behind it", |_, probe| probe == "{name: ~}"),
];

/// A value that stands at a field, as flow YAML.
fn sample(kind: Kind) -> String {
    match kind {
        Kind::Id | Kind::Prose | Kind::Word | Kind::Person | Kind::Role | Kind::Usual(..) => "sample".to_owned(),
        Kind::Link => "https://a.example/".to_owned(),
        Kind::Time => "2026-08-03T09:12:00Z".to_owned(),
        Kind::Day | Kind::DayOrMonth => "2026-08-03".to_owned(),
        Kind::Duration => "15 minutes".to_owned(),
        Kind::Hours => "09:00-17:00".to_owned(),
        Kind::Bool => "true".to_owned(),
        Kind::Count | Kind::Between(..) => "1".to_owned(),
        Kind::Words(words, _) => words[0].to_owned(),
        Kind::Form(_, example) => format!("\"{example}\""),
        Kind::Path(_) => "description".to_owned(),
        Kind::Either(kinds) => sample(kinds[0]),
        Kind::List(item) => format!("[{}]", sample(*item)),
        Kind::Document(shape) => required(&shape(), ""),
        Kind::Documents(shape) | Kind::OneOrMany(shape) => format!("[{}]", required(&shape(), "")),
        Kind::Parts(_) => "{}".to_owned(),
        Kind::Keyed(keys, under) => format!("{{{}: {}}}", keys[0], sample(*under)),
        Kind::Named(under) => format!("{{name: {}}}", sample(*under)),
        Kind::Free => "{}".to_owned(),
    }
}

/// A document with what it cannot do without, but for one field.
fn required(shape: &Shape, without: &str) -> String {
    let fields = shape.fields.iter().filter(|f| f.required && f.name != without);
    format!("{{{}}}", fields.map(|f| format!("{}: {}", f.name, sample(f.kind))).collect::<Vec<_>>().join(", "))
}

/// The same with one more field.
fn with(shape: &Shape, name: &str, value: &str) -> String {
    let rest = required(shape, name);
    let rest = rest.strip_suffix('}').expect("a map");
    let comma = if rest == "{" { "" } else { ", " };
    format!("{rest}{comma}{name}: {value}}}")
}

/// Findings that are about the shape of a value, and not about what several values or other documents say together.
fn about_shape(finding: &Diagnostic) -> bool {
    let name = finding.code.name;
    finding.level == Level::Error
        && (matches!(name, "policy/unknown-field" | "policy/bad-alias")
            || finding.headline.starts_with("`at_least: 0`")
            || (name.starts_with("record/") && !name.starts_with("record/unknown-p"))
            || name.starts_with("site/"))
}

/// What our reader refuses of a document.
fn refused(of: Of, text: &str) -> Option<String> {
    let mut sink = Sink::new();
    let file = FileId(0);
    let codes: Vec<&'static Code> = pipeline::all_codes(&[]);
    match of {
        Of::Change => drop(decode::decode_records(file, text, &mut sink)),
        Of::Waiver => drop(decode::decode_waivers(file, text, &mut sink)),
        Of::Closed => drop(decode::decode_closed(file, "closed/2026-Q3.yaml", text, &mut sink)),
        Of::Data(kind) => {
            let whole = if kind.is_one() { text.to_owned() } else { format!("[{text}]") };
            decode::decode_trust(kind, file, &whole, &mut Trust::default(), &mut sink);
        }
        Of::People => drop(decode::decode_people(file, &format!("[{text}]"), &mut sink)),
        Of::Site => drop(decode::decode_site(file, text, &codes, &mut sink)),
        Of::Policy => {
            const SITE: &str = "site: {name: A, organisation: A, base_url: 'https://a.example/', language: en, contact: a@a.example}\ncalendar: {time_zone: UTC}\n";
            let site = decode::decode_site(file, SITE, &codes, &mut Sink::new()).expect("a configuration");
            let text = format!("---\n{text}\n---\n# A policy\n");
            decode::decode_policy(
                PolicyInput { file, path: "policies/a.md", text: &text, past: None },
                &site,
                &mut sink,
            );
        }
    }
    sink.iter().find(|f| about_shape(f)).map(|f| format!("{}: {}", f.code.name, f.headline))
}

/// One comparison that came out otherwise than agreed.
struct Run<'r> {
    of: Of,
    validator: &'r jsonschema::Validator,
    compared: usize,
    faults: Vec<String>,
    met: BTreeSet<&'static str>,
}

impl Run<'_> {
    fn walk(&mut self, shape: &Shape, wrap: &dyn Fn(String) -> String) {
        for field in &shape.fields {
            for probe in PROBES {
                self.compare(field, probe, &wrap(with(shape, field.name, probe)));
            }
            let around = |inner: String| wrap(with(shape, field.name, &inner));
            match field.kind {
                Kind::Document(inner) => self.walk(&inner(), &around),
                Kind::Documents(inner) => self.walk(&inner(), &|i| around(format!("[{i}]"))),
                Kind::OneOrMany(inner) => self.walk(&inner(), &around),
                Kind::Named(Kind::Document(inner)) => self.walk(&inner(), &|i| around(format!("{{name: {i}}}"))),
                Kind::Named(Kind::OneOrMany(inner)) => {
                    self.walk(&inner(), &|i| around(format!("{{name: [{i}]}}")));
                }
                _ => {}
            }
        }
    }

    fn compare(&mut self, field: &FieldShape, probe: &str, text: &str) {
        self.compared += 1;
        let whole = if self.of.is_list() { format!("[{text}]") } else { text.to_owned() };
        let document = yaml::documents(&whole).remove(0);
        let by_schema = self.validator.iter_errors(&document).next().map(|e| format!("{}: {e}", e.instance_path()));
        let by_reader = refused(self.of, text);
        let reasons = match (&by_reader, &by_schema) {
            (None, Some(_)) => STRICTER,
            (Some(_), None) => LAXER,
            _ => return,
        };
        match reasons.iter().find(|(_, holds)| holds(field, probe)) {
            Some((reason, _)) => {
                self.met.insert(reason);
            }
            None => self.faults.push(format!("{text}\n  reader: {by_reader:?}\n  schema: {by_schema:?}")),
        }
    }
}

#[test]
fn reader_and_schema_agree_on_every_field() {
    let shapes = [
        (Of::Change, decode::record_shape()),
        (Of::Waiver, decode::waiver_shape()),
        (Of::People, decode::person_shape()),
        (Of::Site, decode::site_shape()),
        (Of::Policy, decode::policy_shape()),
    ];
    let data = TrustKind::ALL.map(|kind| (Of::Data(kind), decode::trust_shape(kind)));
    let mut met = BTreeSet::new();
    let mut all = Vec::new();
    for (of, shape) in shapes.into_iter().chain(data) {
        let validator = validator(&schema(of, None));
        let mut run = Run { of, validator: &validator, compared: 0, faults: Vec::new(), met: BTreeSet::new() };
        run.walk(&shape, &|text| text);
        let least = if matches!(of, Of::Data(_)) { 150 } else { 500 };
        assert!(run.compared > least, "{of:?}: {}", run.compared);
        met.append(&mut run.met);
        all.append(&mut run.faults);
    }
    assert!(all.is_empty(), "{} differences, as in\n{}", all.len(), all[..all.len().min(20)].join("\n"));
    let idle: Vec<_> = STRICTER.iter().chain(LAXER).map(|(r, _)| *r).filter(|r| !met.contains(r)).collect();
    assert!(idle.is_empty(), "reasons that nothing needs: {idle:?}");
}
