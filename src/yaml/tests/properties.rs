//! What holds for every text: no panic, spans in range, and trees that come back as they were printed.

use proptest::prelude::*;

use super::{read, span_of};
use crate::diag::{Level, Place};
use crate::source::Span;
use crate::yaml::{Node, Value};

/// A tree to be printed.
#[derive(Clone, Debug)]
enum Tree {
    Text(String),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zé0-9][a-z0-9 _.,:#'\"-]{0,20}",
        "[ -~]{0,24}",
        "[a-z]{1,8}( [a-z]{1,8}){0,12}",
        "([ -~é]{0,10}\n){0,4}[ -~é]{0,10}",
    ]
}

fn trees() -> impl Strategy<Value = Tree> {
    text().prop_map(Tree::Text).prop_recursive(5, 40, 6, |inner| {
        let keys = prop_oneof!["[a-z_]{1,8}", "[a-z]{1,4} [a-z#:' ]{0,6}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..5).prop_map(Tree::List),
            prop::collection::btree_map(keys, inner, 1..5).prop_map(|map| Tree::Map(map.into_iter().collect())),
        ]
    })
}

/// Prints a tree; `dice` chooses the style of everything.
struct Printer {
    out: String,
    dice: Vec<u8>,
    thrown: usize,
}

impl Printer {
    fn throw(&mut self, sides: u8) -> u8 {
        self.thrown += 1;
        self.dice[self.thrown % self.dice.len()] % sides
    }

    fn block(&mut self, tree: &Tree, indent: usize, after_key: bool) {
        if self.throw(6) == 0 {
            self.out.push(' ');
            self.flow(tree, indent);
            self.out.push('\n');
            return;
        }
        match tree {
            Tree::Text(text) => self.scalar(text, indent),
            Tree::List(items) => {
                let step = if after_key { usize::from(self.throw(3)) * 2 } else { 2 };
                self.items(items, indent + step, after_key);
            }
            Tree::Map(entries) => self.map(entries, indent + 2, after_key),
        }
    }

    fn items(&mut self, items: &[Tree], indent: usize, own_line: bool) {
        for (i, item) in items.iter().enumerate() {
            self.lead(indent, own_line || i > 0, i == 0);
            self.out.push('-');
            self.block(item, indent, false);
        }
    }

    fn map(&mut self, entries: &[(String, Tree)], indent: usize, own_line: bool) {
        for (i, (key, value)) in entries.iter().enumerate() {
            self.lead(indent, own_line || i > 0, i == 0);
            self.key(key);
            self.out.push(':');
            self.block(value, indent, true);
        }
    }

    /// Goes to the beginning of an entry: on a line of its own, or behind the dash before it.
    fn lead(&mut self, indent: usize, own_line: bool, first: bool) {
        if !own_line {
            self.out.push(' ');
            return;
        }
        if first && !self.out.is_empty() {
            let comment = self.throw(5) == 0;
            self.out.push_str(if comment { " # comment: 'x\n" } else { "\n" });
        }
        if self.throw(8) == 0 {
            self.out.push_str(" # comment\n");
        }
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    fn key(&mut self, key: &str) {
        if plain(key, true) && self.throw(3) > 0 {
            self.out.push_str(key);
        } else {
            self.quoted(key);
        }
    }

    fn quoted(&mut self, text: &str) {
        if !text.contains('\n') && self.throw(2) == 0 {
            self.out.extend(["'", &text.replace('\'', "''"), "'"]);
        } else {
            self.out.extend(["\"", &text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"), "\""]);
        }
    }

    fn scalar(&mut self, text: &str, indent: usize) {
        let style = self.throw(4);
        let block = !text.is_empty()
            && !text.starts_with([' ', '\n'])
            && !text.split('\n').any(|line| !line.is_empty() && line.trim().is_empty());
        if style == 0 && block {
            let body = text.trim_end_matches('\n');
            let sign = match text.len() - body.len() {
                0 => "|-",
                1 => "|",
                _ => "|+",
            };
            self.out.extend([" ", sign, "\n"]);
            for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
                let lead = if line.is_empty() { 0 } else { indent + 3 };
                self.out.extend([&" ".repeat(lead), line, "\n"]);
            }
            return;
        }
        if style == 1 && block && plain(text, false) {
            self.out.extend([" >-\n", &wrapped(text, indent + 2), "\n"]);
            return;
        }
        self.out.push(' ');
        if style == 2 && plain(text, false) {
            self.out.push_str(wrapped(text, indent + 2).trim_start());
        } else if plain(text, false) {
            self.out.push_str(text);
        } else {
            self.quoted(text);
        }
        self.out.push('\n');
    }

    fn flow(&mut self, tree: &Tree, indent: usize) {
        match tree {
            Tree::Text(text) => self.key_or_text(text),
            Tree::List(items) => {
                self.out.push('[');
                for (i, item) in items.iter().enumerate() {
                    self.separate(i, indent);
                    self.flow(item, indent);
                }
                self.out.push(']');
            }
            Tree::Map(entries) => {
                self.out.push('{');
                for (i, (key, value)) in entries.iter().enumerate() {
                    self.separate(i, indent);
                    self.key_or_text(key);
                    self.out.push_str(": ");
                    self.flow(value, indent);
                }
                self.out.push('}');
            }
        }
    }

    fn separate(&mut self, i: usize, indent: usize) {
        if i > 0 {
            self.out.push(',');
            let lead = format!("\n{}", " ".repeat(indent + 3));
            let wrap = self.throw(3) == 0;
            self.out.push_str(if wrap { &lead } else { " " });
        }
    }

    fn key_or_text(&mut self, text: &str) {
        if plain(text, true) && self.throw(2) == 0 { self.out.push_str(text) } else { self.quoted(text) }
    }
}

/// Words on lines of their own: folded, they are the text again.
fn wrapped(text: &str, indent: usize) -> String {
    let safe = text.split(' ').all(|word| !word.is_empty() && word.chars().all(char::is_alphabetic));
    let lead = " ".repeat(indent);
    if safe { text.split(' ').map(|word| format!("{lead}{word}")).collect::<Vec<_>>().join("\n") } else { lead + text }
}

/// Whether a text may stand without quotes.
fn plain(text: &str, flow: bool) -> bool {
    let first = text.chars().next().is_some_and(char::is_alphanumeric);
    let marks = text.contains(": ") || text.contains(" #") || text.ends_with(':') || text.contains('\n');
    first && !marks && text.trim() == text && !(flow && text.contains([',', '[', ']', '{', '}', ':']))
}

fn same(tree: &Tree, node: &Node<'_>) -> bool {
    match (tree, &node.value) {
        (Tree::Text(text), Value::Scalar(scalar)) => *text == scalar.text,
        (Tree::List(items), Value::List(nodes)) => {
            items.len() == nodes.len() && items.iter().zip(nodes).all(|(a, b)| same(a, b))
        }
        (Tree::Map(entries), Value::Map(found)) => {
            entries.len() == found.len()
                && entries
                    .iter()
                    .zip(found)
                    .all(|((key, value), entry)| *key == entry.key.text && same(value, &entry.value))
        }
        _ => false,
    }
}

/// Spans are in the text, on character boundaries, and those of values lie in those of what holds them.
fn check_spans(node: &Node<'_>, text: &str, outer: Span) {
    let inside = |span: Span| {
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} in {text:?}");
        assert!(outer.start <= span.start && span.end <= outer.end, "{span:?} outside of {outer:?} in {text:?}");
    };
    inside(node.span);
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| check_spans(item, text, node.span)),
        Value::Map(entries) => {
            for entry in entries {
                check_spans(&Node { span: entry.key.span, value: Value::Null }, text, node.span);
                check_spans(&entry.value, text, node.span);
            }
        }
        Value::Scalar(_) | Value::Null | Value::Broken => {}
    }
}

fn check(text: &str) {
    let (documents, findings) = read(text);
    for document in &documents {
        check_spans(&document.root, text, Span::new(0, text.len()));
    }
    for finding in &findings {
        let mut places: Vec<Span> = finding.others.iter().map(|label| label.at.span).collect();
        places.push(span_of(finding));
        assert!(matches!(finding.place, Place::Text(_)));
        for span in places {
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} in {text:?}: {finding:?}");
        }
    }
    let broken = documents.iter().any(|document| has_broken(&document.root));
    assert!(!broken || findings.iter().any(|f| f.level == Level::Error), "broken without a mistake: {text:?}");
}

fn has_broken(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Broken => true,
        Value::List(items) => items.iter().any(has_broken),
        Value::Map(entries) => entries.iter().any(|entry| has_broken(&entry.value)),
        Value::Scalar(_) | Value::Null => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn trees_come_back_as_they_were_printed(tree in trees(), dice in prop::collection::vec(any::<u8>(), 7..40)) {
        let mut printer = Printer { out: String::new(), dice, thrown: 0 };
        match &tree {
            Tree::Text(text) => { printer.out.push_str("---"); printer.scalar(text, 0); }
            Tree::List(items) => printer.items(items, 0, true),
            Tree::Map(entries) => printer.map(entries, 0, true),
        }
        let (documents, findings) = read(&printer.out);
        let errors: Vec<_> = findings.iter().filter(|f| f.level == Level::Error).collect();
        prop_assert!(errors.is_empty(), "{}\n{:?}", printer.out, errors);
        prop_assert_eq!(documents.len(), 1, "{}", &printer.out);
        prop_assert!(same(&tree, &documents[0].root), "{}\n{:?}\n{}", printer.out, tree, super::outline(&documents[0].root));
        check(&printer.out);
    }

    #[test]
    fn any_text_is_read_without_panic(text in ".{0,80}") {
        check(&text);
    }

    #[test]
    fn texts_of_marks_are_read_without_panic(text in "[-?:,\\[\\]{}#&*!|>'\"%@` \n\tab<.é\u{2028}\\\\~0x1]{0,60}") {
        check(&text);
    }

    #[test]
    fn documents_with_a_byte_changed_are_read_without_panic(which in 0..super::valid::DOCUMENTS.len(), at in any::<prop::sample::Index>(), mark in "[-?:,\\[\\]{}#&*!|>'\"%@` \n\tü]{0,2}", cut in 0usize..3) {
        let text = super::valid::DOCUMENTS[which];
        let chars: Vec<char> = text.chars().collect();
        let at = at.index(chars.len() + 1);
        let changed: String = chars[..at].iter().copied().chain(mark.chars()).chain(chars[(at + cut).min(chars.len())..].iter().copied()).collect();
        check(&changed);
    }
}
