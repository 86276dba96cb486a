//! Whatever is misspelt, and however: a fix changes keys and words of closed lists, and nothing that states a fact.

use std::path::Path;

use tickmark::decode::table::{Kind, Shape};
use tickmark::decode::{person_shape, policy_shape, record_shape, waiver_shape};
use tickmark::diag::{Sink, fix};
use tickmark::judge::Detail;
use tickmark::model::NO_HISTORY;
use tickmark::pipeline::{self, AsOf, Inputs};
use tickmark::source::{FileId, SourceFile, SourceSet, Span};
use tickmark::yaml::{self, Node, Value};

/// Closed by the policy or by the reader, and not by a type of their own.
const CLOSED: [&str; 7] = ["type", "kind", "impact", "for", "except", "level", "fields"];

/// A generator of numbers, the same on every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % sides as u64).expect("small")
    }

    /// A word with one letter gone, doubled, swapped with its neighbour, or another one.
    fn misspell(&mut self, word: &str) -> String {
        let mut letters: Vec<char> = word.chars().collect();
        let at = self.roll(letters.len());
        match self.roll(5) {
            0 => drop(letters.remove(at)),
            1 => letters.insert(at, letters[at]),
            2 if at > 0 => letters.swap(at - 1, at),
            3 => letters.splice(0..0, "un".chars()).for_each(drop),
            _ => letters[at] = char::from(b'a' + u8::try_from(self.roll(26)).expect("a letter")),
        }
        letters.into_iter().collect()
    }
}

fn files(folder: &Path, root: &Path, list: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).expect("the demonstration is there") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            files(&path, root, list);
        } else if path.extension().is_some_and(|e| e == "yaml" || e == "md") && !path.ends_with("README.md") {
            let name = path.strip_prefix(root).expect("below").to_string_lossy().into_owned();
            list.push((name, std::fs::read_to_string(&path).expect("text")));
        }
    }
}

fn demonstration() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut list = Vec::new();
    for name in ["tickmark.yaml", "people.yaml"] {
        list.push((name.to_owned(), std::fs::read_to_string(root.join(name)).expect("text")));
    }
    ["changes", "policies", "waivers"].iter().for_each(|folder| files(&root.join(folder), root, &mut list));
    list
}

/// The part of a file that is YAML: all of it, or its front matter.
fn yaml_of(path: &str, text: &str) -> Span {
    let whole = Span::new(0, text.len());
    if path.ends_with(".md") { tickmark::markdown::split(text).front.unwrap_or(Span::new(0, 0)) } else { whole }
}

fn documents<'t>(path: &str, text: &'t str) -> Vec<yaml::Document<'t>> {
    let span = yaml_of(path, text);
    yaml::parse(span.of(text), span.start as usize, FileId(0), &mut Sink::new())
}

/// Every key and every plain word of a document.
fn words(node: &Node<'_>, list: &mut Vec<Span>) {
    match &node.value {
        Value::Scalar(s) if s.text.len() == node.span.len() => list.push(node.span),
        Value::List(items) => items.iter().for_each(|item| words(item, list)),
        Value::Map(entries) => {
            for entry in entries {
                if entry.key.text.len() == entry.key.span.len() {
                    list.push(entry.key.span);
                }
                words(&entry.value, list);
            }
        }
        _ => {}
    }
}

/// A text with some of its words misspelt.
fn misspelt(path: &str, text: &str, dice: &mut Dice) -> String {
    let mut spans = Vec::new();
    documents(path, text).iter().for_each(|d| words(&d.root, &mut spans));
    spans.sort();
    let wrong: Vec<(Span, String)> = spans
        .into_iter()
        .filter(|span| {
            !span.is_empty() && span.of(text).bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
        })
        .filter(|_| dice.roll(8) == 0)
        .collect::<Vec<_>>()
        .into_iter()
        .map(|span| (span, dice.misspell(span.of(text))))
        .collect();
    let edits: Vec<(Span, &str)> = wrong.iter().map(|(span, with)| (*span, with.as_str())).collect();
    fix::apply(text, &edits)
}

/// Whether the words at a path are of a closed list.
fn closed(shape: &Shape, path: &[&str]) -> bool {
    let Some((head, rest)) = path.split_first() else { return false };
    if path.iter().any(|key| CLOSED.contains(key)) {
        return true;
    }
    let Some(field) = shape.fields.iter().find(|f| f.name == *head) else { return false };
    let mut kind = &field.kind;
    let mut rest = rest;
    loop {
        match kind {
            Kind::Words(..) => return rest.is_empty(),
            Kind::List(inner) => kind = inner,
            Kind::Named(inner) => {
                let Some((_, below)) = rest.split_first() else { return false };
                (kind, rest) = (inner, below);
            }
            Kind::Document(inner) | Kind::Documents(inner) | Kind::OneOrMany(inner) | Kind::Parts(inner) => {
                return closed(&inner(), rest);
            }
            _ => return false,
        }
    }
}

/// What changed between two trees: keys, and words at their paths.
fn compare<'n>(
    a: &Node<'_>,
    b: &'n Node<'_>,
    path: &mut Vec<&'n str>,
    keys: &mut usize,
    words: &mut Vec<(String, String)>,
) {
    match (&a.value, &b.value) {
        (Value::Scalar(x), Value::Scalar(y)) if x.text == y.text => {}
        (Value::Scalar(x), Value::Scalar(y)) => words.push((path.join("."), format!("{} → {}", x.text, y.text))),
        (Value::List(x), Value::List(y)) => {
            assert_eq!(x.len(), y.len(), "{path:?}");
            x.iter().zip(y).for_each(|(x, y)| compare(x, y, path, keys, words));
        }
        (Value::Map(x), Value::Map(y)) => {
            assert_eq!(x.len(), y.len(), "{path:?}");
            for (x, y) in x.iter().zip(y) {
                *keys += usize::from(x.key.text != y.key.text);
                path.push(&y.key.text);
                compare(&x.value, &y.value, path, keys, words);
                path.pop();
            }
        }
        (x, y) => assert_eq!(std::mem::discriminant(x), std::mem::discriminant(y), "{path:?}"),
    }
}

#[test]
fn a_fix_never_states_a_fact() {
    let good = demonstration();
    let (mut keys, mut mended, mut left) = (0, 0, Vec::new());
    for seed in 0..4 {
        let mut dice = Dice(seed * 7919 + 1);
        // The configuration is left whole, without which nothing else is read.
        let bad: Vec<(String, String)> = good
            .iter()
            .map(|(path, text)| {
                let text = if path == "tickmark.yaml" { text.clone() } else { misspelt(path, text, &mut dice) };
                (path.clone(), text)
            })
            .collect();
        let sources = SourceSet::new(bad.iter().map(|(p, t)| SourceFile::from_text(p, t)).collect());
        let as_of = AsOf::EndOf("2026-11-21".parse().expect("a day"));
        let mut site = pipeline::load(Inputs { sources: &sources, as_of, more_codes: &[], history: &NO_HISTORY })
            .expect("a configuration");
        site.judge(Detail::Findings, |_, _, _| (), Ok::<(), ()>).expect("nothing stops it");
        let findings = std::mem::take(&mut site.sink).into_sorted();
        for (file, edits) in fix::gather(&sources, &findings) {
            let source = sources.file(file);
            let (path, before) = (source.path(), source.text());
            let after = fix::apply(before, &edits);
            let shape = match path.split('/').next() {
                Some("changes") => record_shape(),
                Some("waivers") => waiver_shape(),
                Some("people.yaml") => person_shape(),
                _ => policy_shape(),
            };
            // Outside the words that were mended, not a byte is another.
            let apart: usize = edits.iter().map(|(span, with)| with.len().abs_diff(span.len())).sum();
            assert!(before.len().abs_diff(after.len()) <= apart);
            let (old, new) = (documents(path, before), documents(path, &after));
            assert_eq!(old.len(), new.len(), "{path}");
            for (old, new) in old.iter().zip(&new) {
                let mut words = Vec::new();
                compare(&old.root, &new.root, &mut Vec::new(), &mut keys, &mut words);
                for (at, change) in words {
                    mended += 1;
                    if !closed(&shape, &at.split('.').collect::<Vec<_>>()) {
                        left.push(format!("{path}: {at}: {change}"));
                    }
                    let (was, with) = change.split_once(" → ").expect("both");
                    assert!(!was.starts_with("un") || with.starts_with("un"), "{path}: {at}: {change}");
                }
            }
        }
    }
    assert!(left.is_empty(), "{left:#?}");
    assert!(keys > 500 && mended > 100, "{keys} keys and {mended} words were mended, which shows little");
}
