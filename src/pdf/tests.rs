//! Papers of a few lines: that hostile text is text, that the gate reads all of it, that nothing depends on anything else.

use std::fmt::Write as _;

use jiff::civil::date;

use super::{Chapter, Cover, Document, Drawing, Figure, Part, Stamp};
use crate::diag::Sink;
use crate::markdown::{self, Block, Inline, Item, Note, PaperOptions, Row, Table};
use crate::source::{SourceFile, SourceSet};

/// A document of these blocks.
fn document(blocks: Vec<Block>) -> Document {
    let chapter = Chapter {
        title: "A policy".into(),
        foot: "A policy, version 1".into(),
        stamp: Stamp { words: "Public".into(), public: true },
        parts: vec![Part::Text(blocks)],
        ..Chapter::default()
    };
    Document {
        title: "A policy, version 1".into(),
        language: "en-GB".into(),
        rtl: false,
        noted: true,
        organisation: "Harbour".into(),
        remark: None,
        ident: "policies/a/".into(),
        date: date(2026, 3, 1),
        cover: None,
        chapters: vec![chapter],
    }
}

/// The blocks of a markdown text.
fn blocks(text: &str) -> Vec<Block> {
    let sources = SourceSet::new(vec![SourceFile::from_text("policies/a.md", text)]);
    let file = sources.by_path("policies/a.md").expect("it was given").0;
    let parts = markdown::split(text);
    let outline = markdown::outline(text, parts.body, file, &mut Sink::new());
    let options = PaperOptions { drop_first_h1: false, tick: &|_| Some("on every change".into()), link: &|_| None };
    markdown::paper(text, parts.body, &outline, &options)
}

#[track_caller]
fn made(document: &Document) -> super::Paper {
    match document.typeset() {
        Ok(paper) => paper,
        Err(refused) => panic!("{}", refused.0),
    }
}

/// What typst's markup, code and mathematics would take for their own, and what fonts and archives choke on.
const HOSTILE: &[&str] = &[
    "#import \"@preview/x:1.0.0\": *",
    "#eval(\"1 + 1\") #read(\"/etc/passwd\") #sys.inputs",
    "#set page(width: 0pt)\n#panic()",
    "$ x^2 $ and $ unclosed",
    "\\ \\u{41} \\#",
    "@label <label> @a-name <a-name>",
    "= Heading\n== Heading\n/ Term: x\n+ item\n`raw` ```",
    "// comment /* comment",
    "[x](javascript:alert) [y](#nowhere) [z](#)",
    "😀 👩‍👩‍👧 🇬🇧 中文字 日本語 한국어",
    "عربي עברית \u{202e}backwards\u{202c} \u{2066}x\u{2069}",
    "a\u{0}b\u{1b}[31m \u{7f}\u{85} \u{feff}\u{fffe}\u{ffff} \u{e000} \u{f8ff} \u{10ffff} \u{ad}",
    "e\u{301}\u{301}\u{301}\u{301} \u{301} \u{200d} \u{fe0f} \u{1f3fb}",
    "{{ x }} {% y %} ${z} <script>x</script> <b>y</b>",
    "[^1] [^none]\n\n[^1]: a note[^1]\n[^1]: again",
    "![a picture](/x.png) ![](y.png) ![far](https://x.example/z.png)",
    "| a |\n|---|\n| b | c | d |\n| |",
    "- \n\n1. \n\n> \n\n```\n```",
    "###### deep\n\n# high\n\n#### skipped",
];

#[test]
fn hostile_text_is_text() {
    for text in HOSTILE {
        made(&document(blocks(text)));
        made(&document(vec![Block::plain(*text), Block::Code((*text).into()), Block::heading(1, *text, *text)]));
        let chapter = Chapter {
            title: (*text).into(),
            foot: (*text).into(),
            stamp: Stamp { words: (*text).into(), public: false },
            kind: (*text).into(),
            lede: Some((*text).into()),
            notices: vec![(*text).into()],
            facts: vec![((*text).into(), (*text).into())],
            ..Chapter::default()
        };
        let title = (*text).to_owned();
        let remark = Some(title.clone());
        made(&Document { title: title.clone(), ident: title, remark, chapters: vec![chapter], ..document(Vec::new()) });
    }
}

#[test]
fn depth_and_length_end_in_a_paper() {
    let deep: String = (0..60).map(|n| format!("{}- item {n}\n", "  ".repeat(n))).collect();
    let quotes = format!("{} words\n", "> ".repeat(60));
    let marks = format!("{}words{}\n", "*a **b ".repeat(40), "** x*".repeat(40));
    let word = "x".repeat(20_000);
    let cells = format!("|{0}|\n|{1}|\n|{0}|\n", "a|".repeat(60), "-|".repeat(60));
    for text in [deep, quotes, marks, word, cells] {
        made(&document(blocks(&text)));
    }
}

#[test]
fn what_no_font_has_is_counted() {
    assert_eq!(made(&document(blocks("plain ✓ → ≥ é Ω Ж א ع"))).missing, 0);
    assert_eq!(made(&document(blocks("中文"))).missing, 2);
}

#[test]
fn the_same_document_is_the_same_bytes() {
    let text = "# A\n\n- one\n- two\n\n| a | b |\n|---|---|\n| c | d |\n";
    let first = made(&document(blocks(text))).bytes;
    let others: Vec<_> = (0..4)
        .map(|n| {
            std::thread::spawn(move || {
                made(&document(blocks(&format!("other {n}"))));
                made(&document(blocks(text))).bytes
            })
        })
        .collect();
    for other in others {
        assert!(other.join().expect("a thread ends") == first, "another thread, after another paper");
    }
}

/// A document with another word in every place that has words.
fn full() -> (Document, Vec<String>) {
    let mut given = Vec::new();
    let mut word = || {
        let n = given.len();
        let letter = |place: usize| char::from(b"bcdfghjklmnpqrstvwxz"[n / 20_usize.pow(place as u32) % 20]);
        given.push(format!("qu{}{}um", letter(0), letter(1)));
        given.last().cloned().unwrap_or_default()
    };
    let inline = vec![
        Inline::text(word()),
        Inline::Code(word()),
        Inline::Emphasis(vec![Inline::text(word())]),
        Inline::Strong(vec![Inline::text(word())]),
        Inline::Struck(vec![Inline::text(word())]),
        Inline::Link(format!("https://{}.example/", word()), vec![Inline::text(word())]),
        Inline::Mention(1),
        Inline::Picture(word()),
        Inline::Break,
    ];
    let table = Table {
        numbers: vec![false],
        widths: vec![1],
        head: vec![vec![Inline::text(word())]],
        rows: vec![Row { anchor: Some(word()), tick: Some(word()), cells: vec![vec![Inline::text(word())]] }],
    };
    let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><text>{}</text></svg>", word());
    let blocks = vec![
        Block::Heading { level: 1, anchor: word(), words: vec![Inline::text(word())], tick: Some(word()) },
        Block::Paragraph { anchor: Some(word()), words: inline, tick: Some(word()) },
        Block::List {
            first: Some(3),
            items: vec![Item { anchor: Some(word()), tick: Some(word()), blocks: vec![Block::plain(word())] }],
        },
        Block::Quote(vec![Block::plain(word())]),
        Block::Code(word()),
        Block::Table(table),
        Block::Rule,
        Block::Notes(vec![Note { number: 1, blocks: vec![Block::plain(word())] }]),
    ];
    let chapter = Chapter {
        title: word(),
        foot: word(),
        kind: word(),
        stamp: Stamp { words: word(), public: true },
        lede: Some(word()),
        notices: vec![word()],
        facts: vec![(word(), word())],
        ticks: Some(word()),
        parts: vec![
            Part::Text(blocks),
            Part::Figures(vec![Figure { value: word(), label: word(), lines: vec![word()] }]),
            Part::Drawings { list: vec![Drawing { svg, alt: word(), title: word(), caption: word() }], wide: false },
        ],
        contents: true,
    };
    let document = Document {
        title: word(),
        cover: Some(Cover { kind: word(), lede: word(), stamp: Stamp { words: word(), public: false } }),
        remark: Some(word()),
        organisation: word(),
        ident: word(),
        chapters: vec![chapter],
        ..document(Vec::new())
    };
    (document, given)
}

#[test]
fn the_gate_reads_every_word() {
    let (document, given) = full();
    let text = document.text();
    let mut lost = String::new();
    for word in given.iter().filter(|word| !text.contains(*word)) {
        let _ = write!(lost, "{word} ");
    }
    assert!(lost.is_empty(), "not in the text: {lost}");
    made(&document);
    made(&Document { cover: None, ..document });
}
