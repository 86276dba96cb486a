//! What is meant to break the reader ends in a located mistake, at once, on a small stack.

use std::time::{Duration, Instant};

use super::{outlines, read};

/// Reads on the stack a thread has by default and says which codes were reported.
fn codes(text: String) -> Vec<&'static str> {
    let started = Instant::now();
    let reading = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
        let (documents, findings) = read(&text);
        drop(documents);
        findings.iter().map(|f| f.code.name).collect::<Vec<_>>()
    });
    let codes = reading.expect("a thread can be started").join().expect("the reader does not panic");
    assert!(started.elapsed() < Duration::from_secs(20), "took {:?}", started.elapsed());
    codes
}

fn nested(levels: usize) -> String {
    let mut text = String::new();
    for i in 0..levels {
        text.extend(std::iter::repeat_n(' ', i));
        text.push_str("a:\n");
    }
    text
}

#[test]
fn depth_is_limited() {
    for text in [
        "[".repeat(100_000),
        "{a: ".repeat(100_000),
        "- ".repeat(100_000),
        nested(2_000),
        "a: [".repeat(50_000),
        "[\n".repeat(100_000),
    ] {
        assert_eq!(codes(text), ["yaml/too-deep"]);
    }
    for text in ["[".repeat(60) + &"]".repeat(60), "- ".repeat(60), nested(60)] {
        assert!(codes(text).is_empty());
    }
    assert_eq!(outlines(&("a: 1\nb: ".to_owned() + &"[".repeat(100) + "\nc: 2\n")), "{a: 1, b: !, c: 2}");
    assert_eq!(
        outlines(&("a: 1\nb: ".to_owned() + &"[".repeat(100) + &"]".repeat(100) + "\nc: 2\n")),
        "{a: 1, b: !, c: 2}"
    );
}

#[test]
fn tokens_that_are_refused_do_not_nest() {
    for token in [
        "&a ",
        "!a ",
        "&a\n",
        "!a\n",
        "*a ",
        "? ",
        ": ",
        "[&a ",
        "{a: b: ",
        "{a: [",
        "-\n",
        "- &a ",
        "a: &a ",
        "a: !b\n ",
        "'",
        "\"",
        "|\n",
        ">",
        "{{ ",
        "[{{ ",
        "[a: ",
        "[? ",
        "<<: ",
        "{<<: *a, ",
    ] {
        codes(token.repeat(100_000));
        codes(format!("a:\n  {}", token.repeat(100_000)));
        codes(format!("a: {}\nb: 1", token.repeat(100_000)));
        codes(format!("a: [{}\nb: 1", token.repeat(100_000)));
    }
}

#[test]
fn size_is_limited() {
    let keys: Vec<String> = (0..200_000).map(|i| format!("key{i}: {i}\n")).collect();
    let keys = keys.concat();
    assert_eq!(codes(keys), ["yaml/too-large"]);
    assert_eq!(codes("- a\n".repeat(200_000)), ["yaml/too-large"]);
    assert_eq!(codes(format!("[{}]", "a, ".repeat(200_000))), ["yaml/too-large"]);
    assert_eq!(codes(format!("a:\n  - {{b: [{}]}}\nc: d", "{x: y}, ".repeat(200_000))), ["yaml/too-large"]);
    assert!(codes("--- {a: 1}\n".repeat(60_000)).is_empty());
    let same = codes("key: 1\n".repeat(90_000));
    assert_eq!(same.len(), 21);
}

#[test]
fn aliases_are_refused_before_they_can_grow() {
    let mut text = "a0: &a0 [x, x]\n".to_owned();
    for i in 1..100 {
        let before = format!("*a{}, ", i - 1).repeat(9);
        text.extend(["a", &i.to_string(), ": &x [", &before, "]\n"]);
    }
    let codes = codes(text);
    assert_eq!(codes.iter().filter(|code| **code == "yaml/anchor").count(), 21);
    assert_eq!(codes.iter().filter(|code| **code == "yaml/alias").count(), 21);
}

#[test]
fn large_texts_take_linear_time() {
    let large = "lorem ipsum ".repeat(1_700_000);
    assert!(codes(format!("a: {large}\n")).is_empty());
    assert!(codes(format!("a: \"{large}\"\n")).is_empty());
    assert!(codes(format!("a: '{large}'\n")).is_empty());
    assert!(codes(format!("a: |\n  {large}\n")).is_empty());
    assert!(codes(format!("a: {}\n", "word\n  ".repeat(2_000_000))).is_empty());
    assert!(codes(format!("a: \"{}\"\n", "word\n  ".repeat(2_000_000))).is_empty());
    assert!(codes(format!("a: >\n{}\n", "  word\n".repeat(2_000_000))).is_empty());
    assert!(codes(format!("a: x\n{}", "\n".repeat(5_000_000))).is_empty());
    assert!(codes(format!("a: x\n{}", "# c\n".repeat(2_000_000))).is_empty());
    assert_eq!(codes(format!("a: \"{large}")), ["yaml/unclosed-quote"]);
    assert_eq!(codes(format!("a: [{large}")), ["yaml/unclosed-bracket"]);
}

#[test]
fn junk_is_given_up() {
    for junk in [
        "x\n",
        "x y\n",
        ": \n",
        "@\n",
        "\"\n",
        "'x\n",
        "[\n",
        "]\n",
        "[}\n",
        "a: [\n",
        "a: \"\n",
        "a: b: c\n",
        "a:b\n",
        "\tx\n",
        "- x\ny\n",
        "-x\n",
        "[a b: c: d, ",
        "{a\n",
        "a: {b}}\n",
        "\"\\q",
        "[,",
        "a #b\n",
        "a: b #c\n",
        "  x:\n y:\n",
        "? a\n",
        "%a\n",
        "---\n%a\n",
        "--- a\nb: c\n",
        "...\n",
        "- a\n b\n",
        "a\n- b\n",
        "\u{2028}",
        "&a *b !c\n",
        "'x' ",
        "{'x' ",
        "a: |\n    b\n   c\n",
    ] {
        codes(junk.repeat(1_000_000 / junk.len()));
        codes(format!("a:\n  b: {}", junk.repeat(100_000)));
    }
}
