//! The reader agrees with saphyr-parser on valid documents, except where saphyr is known to be wrong.

use std::iter::Peekable;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::{outline, read, valid};

/// The trees saphyr sees, as outlines; its complaint if it has one.
pub(super) fn saphyr(text: &str) -> Result<String, String> {
    let mut events = Vec::new();
    for event in Parser::new_from_str(text) {
        events.push(event.map_err(|e| e.to_string())?.0);
    }
    let mut events = events.into_iter().peekable();
    let mut documents = Vec::new();
    while let Some(event) = events.next() {
        if let Event::DocumentStart(_) = event {
            let tree = tree(&mut events);
            if tree != "~" {
                documents.push(tree);
            }
        }
    }
    Ok(documents.join(" --- "))
}

fn tree<'a>(events: &mut Peekable<impl Iterator<Item = Event<'a>>>) -> String {
    match events.next().expect("a document has a root") {
        Event::Scalar(text, ScalarStyle::Plain, ..) if text.is_empty() => "~".to_owned(),
        Event::Scalar(text, style, ..) => {
            let sign = match style {
                ScalarStyle::Plain => "",
                ScalarStyle::SingleQuoted => "'",
                ScalarStyle::DoubleQuoted => "\"",
                ScalarStyle::Literal => "|",
                ScalarStyle::Folded => ">",
            };
            format!("{sign}{}", text.escape_debug())
        }
        Event::SequenceStart(..) => {
            let mut items = Vec::new();
            while events.peek() != Some(&Event::SequenceEnd) {
                items.push(tree(events));
            }
            events.next();
            format!("[{}]", items.join(", "))
        }
        Event::MappingStart(..) => {
            let mut entries = Vec::new();
            while events.peek() != Some(&Event::MappingEnd) {
                let key = tree(events);
                let key = key.strip_prefix(['"', '\'']).unwrap_or(&key).to_owned();
                entries.push(format!("{key}: {}", tree(events)));
            }
            events.next();
            format!("{{{}}}", entries.join(", "))
        }
        other => panic!("no value: {other:?}"),
    }
}

/// What the reader sees, in the same form.
pub(super) fn ours(text: &str) -> String {
    let (documents, findings) = read(text);
    let errors: Vec<_> =
        findings.iter().filter(|f| f.level == crate::diag::Level::Error).map(|f| &f.headline).collect();
    assert!(errors.is_empty(), "valid, but: {errors:?}\n{text}");
    documents.iter().map(|document| outline(&document.root)).collect::<Vec<_>>().join(" --- ")
}

#[test]
fn agrees_on_valid_documents() {
    let mut wrong = Vec::new();
    for text in valid::DOCUMENTS {
        for text in [(*text).to_owned(), format!("top:\n  - 1\n  - key:\n{}", indent(text))] {
            let marked = ["\n      ---", "\n      ...", "\n      %YAML"].iter().any(|mark| text.contains(mark));
            if marked {
                continue;
            }
            let (ours, theirs) = (std::panic::catch_unwind(|| ours(&text)), saphyr(&text));
            if ours.as_ref().ok() != theirs.as_ref().ok() {
                wrong.push(format!("----\n{text}\n  ours   {ours:?}\n  saphyr {theirs:?}\n"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

fn indent(text: &str) -> String {
    text.split_inclusive('\n')
        .map(|line| if line == "\n" { line.to_owned() } else { format!("      {line}") })
        .collect()
}

#[test]
fn follows_the_specification_where_saphyr_does_not() {
    for (text, expected) in valid::CONTESTED {
        assert_eq!(ours(text), *expected, "{text}");
    }
}
