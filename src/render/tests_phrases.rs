//! Phrases in templates: what they become, and what is said of those that are wrong.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::samples as sample;
use super::{Kind, Languages, TemplateError, Theme};
use crate::diag::Sink;
use crate::disclose::public::PublicSite;
use crate::language::{Language, OwnFile, built_in, english, load};
use crate::source::FileId;

const OWN: &str = "own.plain: \"a < b & 'c' \\\"d\\\"\"
own.one: \"[{x}]\"
own.two: \"{y} after {x}\"
own.counted: {one: \"one {x}\", other: \"{count} of {x}\"}
own.word.red: rouge
own.word.dark-blue: \"bleu <foncé>\"
";

fn language(text: &str) -> Arc<Language> {
    load("en", &[OwnFile { tag: "en", file: FileId(0), text }], &mut Sink::new()).language
}

/// The page for missing addresses, from this template.
fn made(template: &str) -> Result<String, Vec<TemplateError>> {
    let files = [("templates/public/404.html".to_owned(), template.as_bytes().to_vec())];
    let languages = Languages { public: language(OWN), internal: english() };
    let site = PublicSite { name: "<N>".to_owned(), ..sample::public_site() };
    Theme::with_overrides(&files, &languages)?.render_not_found(&site).map_err(|e| vec![e])
}

fn page(template: &str) -> String {
    made(template).unwrap_or_else(|e| panic!("{template}: {e:?}"))
}

#[test]
fn phrases_stand_where_they_are_said() {
    for (template, expected) in [
        ("{{ say(\"own.plain\") }}", "a &lt; b &amp; &#39;c&#39; &quot;d&quot;"),
        ("<p title=\"{{ say('own.plain') }}\">", "<p title=\"a &lt; b &amp; &#39;c&#39; &quot;d&quot;\">"),
        ("{{ say(\"own.one\", x=site.name) }}", "[&lt;N&gt;]"),
        ("{{ say(\"own.one\", x=say(\"own.one\", x=\")\")) }}", "[[)]]"),
        ("{{- say(\"own.one\", x=1) -}} !", "[1]!"),
        ("{{ say( 'own.two' , x = 'a' ~ 'b', y=[1, 2] | length, ) }}", "2 after ab"),
        ("{% set m %}<b>{{ site.name }}</b>{% endset %}{{ say(\"own.one\", x=m) }}", "[<b>&lt;N&gt;</b>]"),
        ("{{ say(\"own.counted\", count=1, x=\"it\") }}", "one it"),
        ("{{ say(\"own.counted\", count=1200, x=\"it\") }}", "1,200 of it"),
        ("{% set a = say(\"own.counted\", count=2, x=\"it\") | upper %}{{ a }}", "2 OF IT"),
        ("{% for n in range(end=3) %}{{ say(\"own.counted\", count=n, x=n) }};{% endfor %}", "0 of 0;one 1;2 of 2;"),
        ("{{ say(\"own.word.*\", of=\"dark-blue\") }}", "bleu &lt;foncé&gt;"),
        ("{{ say(\"own.word.*\", of=\"<green>\") }}", "&lt;green&gt;"),
        ("{{ say(\"own.one\", x=say(\"own.word.*\", of=\"red\")) }}", "[rouge]"),
        ("{% if say(\"own.word.*\", of=\"red\") == \"rouge\" %}yes{% endif %}", "yes"),
        ("{# {{ say(\"nothing\") }} #}{% raw %}{{ say(\"nothing\") }}{% endraw %}", "{{ say(\"nothing\") }}"),
        ("{{ \"say('nothing')\" }} say(\"nothing\")", "say(&#39;nothing&#39;) say(\"nothing\")"),
    ] {
        assert_eq!(page(template), expected, "{template}");
    }
}

#[test]
fn what_a_template_says_wrongly_is_located() {
    let cases = [
        ("a\n {{ say(\"own.plian\") }}", 2, 10, "there is no phrase `own.plian`", "did you mean `own.plain`?"),
        ("{{ say(\"own.none.*\", of=1) }}", 1, 9, "there is no phrase `own.none.*`", ""),
        ("é{{ say(\"own.one\") }}", 1, 5, "`own.one` is said without its `x`", "add `x=…`"),
        ("{{ say(\"own.one\", x=1, z=2) }}", 1, 24, "`own.one` has no placeholder `{z}`", "`x`"),
        ("{{ say(\"own.counted\", x=1) }}", 1, 4, "`own.counted` is said without its `count`", ""),
        ("{{ say(\"own.plain\") }} {{ site.nmae }}", 1, 32, "`nmae`", ""),
        ("{{ say(\"own.plain\") }}\n{{ say(\"own.one\", x=site.nmae) }}", 2, 26, "`nmae`", ""),
        ("{{ say(\"own.plain\") }} {{ 1 | sparkle }}", 1, 31, "sparkle", ""),
        ("{{ say(\"own.plain\") }} {% for %}", 1, 31, "", ""),
    ];
    for (template, line, column, message, help) in cases {
        let errors = made(template).expect_err(template);
        let found = (errors.len(), errors[0].line, errors[0].column);
        assert_eq!(found, (1, line, column), "{template}: {errors:?}");
        assert!(errors[0].message.contains(message) && errors[0].help.contains(help), "{template}: {errors:?}");
        assert_eq!(errors[0].kind == Kind::UnknownPhrase, message.starts_with("there is no phrase"), "{template}");
    }
    assert!(made("{{ say(own.plain) }}").is_err(), "a key is written as it is");
}

#[test]
fn what_nothing_uses_is_told_from_what_something_does() {
    let files = [
        (
            "templates/public/404.html",
            "{% include \"mine.html\" %}{{ <badge /> }}<img src=\"{{ assets[\"logo.svg\"] }}\">",
        ),
        ("templates/mine.html", "mine"),
        ("templates/badges.html", "{% component badge() %}b{% endcomponent badge %}"),
        ("templates/policy.html", "lost"),
        ("static/ledger.css", "@font-face { src: url(\"fonts/own.woff2\") }"),
        ("static/fonts/own.woff2", ""),
        ("static/logo.svg", "<svg/>"),
        ("static/leger.css", ""),
        ("lang/en.yaml", "own.plain: x"),
    ];
    let files: Vec<_> = files.iter().map(|(p, t)| ((*p).to_owned(), t.as_bytes().to_vec())).collect();
    let theme = Theme::with_overrides(&files, &Languages::default()).expect("a sound theme");
    let unused: Vec<_> = theme.unused_overrides().iter().map(|u| (u.path.as_str(), u.near.as_deref())).collect();
    let near = [
        ("templates/policy.html", Some("templates/public/policy.html")),
        ("static/leger.css", Some("static/ledger.css")),
    ];
    assert_eq!(unused, near);
}

/// Every phrase that Rust asks for by a key written out, and every one that a template says, stands in the language file;
/// and the other way round.
#[test]
fn no_phrase_is_left_over() {
    let theme = Theme::built_in();
    let mut asked: BTreeSet<String> = BTreeSet::new();
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![source];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the sources are there") {
            let path = entry.expect("a file").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("tests_phrases.rs") {
                let text = std::fs::read_to_string(&path).expect("text");
                asked.extend(text.split('"').skip(1).map(str::to_owned));
            }
        }
    }
    // Families: a key is made of what stands before a brace, and a word; fields of records are the table's own names.
    let beginnings: Vec<&str> = asked.iter().filter_map(|a| a.split_once('{')).map(|(begin, _)| begin).collect();
    let beginnings: Vec<&str> = beginnings.into_iter().filter(|begin| begin.contains('.')).chain(["field."]).collect();
    let is_family = |key: &str| beginnings.iter().any(|begin| key.starts_with(begin));
    let english = english();
    let left: Vec<&str> =
        english.keys().filter(|key| !theme.says(key) && !asked.contains(*key) && !is_family(key)).collect();
    assert_eq!(left, Vec::<&str>::new(), "nothing says these");
}

#[test]
fn pages_speak_german_throughout() {
    let languages = Languages { public: built_in("de"), internal: english() };
    let theme = Theme::with_overrides(&[], &languages).expect("the built-in theme");
    let site = PublicSite { language: "de".to_owned(), ..sample::public_site() };
    let page = theme.render_policy(&site, &sample::policy()).expect("renders");
    for words in
        ["<html lang=\"de\" dir=\"ltr\">", "Zum Text springen", ">Verantwortlich<", "Auf dieser Seite", "Wie es lief"]
    {
        assert!(page.contains(words), "{words}");
    }
    for words in ["Skip to", ">Owner<", "On this page", "In force", "rule checks"] {
        assert!(!page.contains(words), "{words}");
    }
    let internal = theme.render_internal_redline(&sample::site(), &sample::internal_redline()).expect("renders");
    assert!(internal.contains("Struck through"), "internal pages are English");
}
