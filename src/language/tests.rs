//! What this layer promises of the built-in files, and what it says of those that people bring.

use std::collections::BTreeSet;

use super::{BUILT_IN, Form, Loaded, OwnFile, built_in, english, file, grouped, load};
use crate::diag::Sink;
use crate::source::FileId;
use crate::yaml;

/// What reading own files came to, and what was said of them: code, headline and help.
fn read(tag: &str, own: &[(&str, &str)]) -> (Loaded, Vec<(&'static str, String, String)>) {
    let files: Vec<OwnFile<'_>> = own.iter().map(|(tag, text)| OwnFile { tag, file: FileId(0), text }).collect();
    let mut sink = Sink::new();
    let loaded = load(tag, &files, &mut sink);
    let said = sink.into_sorted().into_iter().map(|d| (d.code.name, d.headline, d.help)).collect();
    (loaded, said)
}

#[test]
fn built_in_files_are_sound_and_say_the_same_things() {
    let english = file::built_in(BUILT_IN[0].1);
    for (tag, text) in BUILT_IN {
        let mut sink = Sink::new();
        let documents = yaml::parse(text, 0, FileId(0), &mut sink);
        let entries = documents[0].root.as_map().expect("phrases by key");
        let own = file::built_in(text);
        let said: Vec<String> = sink.into_sorted().into_iter().map(|d| d.headline).collect();
        assert_eq!(said, Vec::<String>::new(), "{tag}");
        assert_eq!(entries.len(), own.len() + 1, "{tag}: a phrase is broken; `direction` is none");
        let keys = |phrases: &std::collections::BTreeMap<String, _>| phrases.keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(keys(&own), keys(&english), "{tag}");
        for (key, wording) in &own {
            // What a language may choose to leave out is said in its other forms.
            let free = ["date", "period.across"].contains(&key.as_str());
            assert!(free || wording.slots() == english[key].slots(), "{tag}: {key}");
        }
        let (loaded, said) = read(tag, &[(tag, text)]);
        assert_eq!((said, loaded.missing), (Vec::new(), Vec::new()), "{tag}: as a site's own file");
    }
}

#[test]
fn days_and_numbers_are_written_as_the_language_has_them() {
    let day = jiff::civil::date(2026, 3, 1);
    let german = built_in("de-AT");
    assert_eq!((english().day(day), german.day(day)), ("1 March 2026".into(), "1. März 2026".into()));
    assert_eq!((german.number(1_234_567), german.per_cent(962)), ("1.234.567".into(), "96,2 %".into()));
    assert_eq!([0, 999, 1000, 1_234_567].map(|n| grouped(n, ",")), ["0", "999", "1,000", "1,234,567"]);
    let words = ["a", "b", "c"].map(str::to_owned);
    assert_eq!((german.and(&words), english().or(&words[..1])), ("a, b und c".into(), "a".into()));
    assert_eq!(german.count("policy.sentences", 1, &[]), "1 Satz");
    assert_eq!(german.count("policy.sentences", 0, &[]), "0 Sätze");
}

#[test]
fn the_most_particular_file_has_the_last_word() {
    let own = [("en", "policy.owner: Holder\nbase.skip: Skip it"), ("en-GB", "policy.owner: Keeper"), ("de", "x: y")];
    let (loaded, said) = read("en-GB", &own);
    assert_eq!(said, Vec::new());
    assert_eq!(loaded.language.word("policy.owner"), "Keeper");
    assert_eq!(loaded.language.word("base.skip"), "Skip it");
    assert_eq!(loaded.language.word("policies.title"), "Policies");
    assert_eq!((loaded.language.tag(), loaded.language.direction()), ("en-GB", "ltr"));
    assert!(loaded.unknown.is_empty(), "German has no say here");
}

#[test]
fn a_language_that_is_not_built_in_is_english_where_it_says_nothing() {
    let (loaded, said) = read("ar-EG", &[("ar", "base.skip: انتقل إلى النص\nsidebar.mine: \"{x}\"")]);
    assert_eq!(said, Vec::new());
    assert_eq!(loaded.language.direction(), "rtl");
    assert_eq!(
        (loaded.language.word("base.skip").as_str(), &*loaded.language.word("base.navigation")),
        ("انتقل إلى النص", "Main")
    );
    assert_eq!(loaded.missing.len(), english().keys().count() - 1);
    assert_eq!(loaded.unknown.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), ["sidebar.mine"]);
    assert_eq!(read("tlh", &[("tlh", "direction: rtl")]).0.language.direction(), "rtl");
    let (none, _) = read("fr", &[]);
    assert_eq!(none.missing.len(), english().keys().count());
}

#[test]
fn what_is_wrong_with_a_phrase_is_said() {
    let one = |text: &str| {
        let (_, said) = read("en", &[("en", text)]);
        said.into_iter()
            .map(|(code, headline, help)| format!("{code}: {headline}: {help}"))
            .collect::<Vec<_>>()
            .join("\n")
    };
    let cases = [
        ("policy.since_day: \"since {dya}\"", "nothing fills the placeholder `{dya}`: did you mean `{day}`?"),
        ("policy.owner: \"of {x}\"", "nothing fills the placeholder `{x}`: this phrase has none"),
        ("policy.since_day: always", "theme/lost-placeholder: `policy.since_day` leaves out `{day}`"),
        ("policy.sentences: {one: One}", "this phrase has no form `other`: add `other:`"),
        ("policy.sentences: {onee: One, other: x}", "`onee` is no form of a number: did you mean `one`?"),
        ("policy.owner: {one: One, other: x}", "this phrase has forms, and nothing that is counted"),
        ("policy.owner:", "this phrase is blank"),
        ("policy.owner: [a]", "a phrase is text, not a list"),
        ("policy.owner: \"a } b\"", "this brace closes nothing"),
        ("policy.owner: \"a { b\"", "this placeholder has no end"),
        ("policy.owner: \"a {B} b\"", "a placeholder is a name in braces"),
        ("- a", "a language file is a list of phrases by key"),
        ("direction: up", "a language is written `ltr` or `rtl`"),
        ("policy.owner: \"a", "yaml/"),
    ];
    for (text, expected) in cases {
        let said = one(text);
        assert!(said.contains(expected), "{text}\n{said}");
    }
    assert_eq!(one("policy.owner: <b>bold</b> & \"quoted\"\npolicy.sentences: \"{count} of them\""), "");
    assert_eq!(read("en", &[("en", "policy.owner: \"{x}\"")]).0.language.word("policy.owner"), "Owner", "never blank");
}

#[test]
fn numbers_take_the_forms_that_languages_have() {
    let of = |tag: &str, numbers: &[u64]| {
        let language = built_in(tag);
        numbers.iter().map(|n| language.form(*n).word()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(of("en", &[0, 1, 2, 21]), "other one other other");
    assert_eq!(of("fr", &[0, 1, 2]), "one one other");
    assert_eq!(of("ja", &[0, 1, 2]), "other other other");
    assert_eq!(of("ar", &[0, 1, 2, 3, 10, 11, 99, 100, 102, 103]), "zero one two few few many many other other few");
    assert_eq!(of("he", &[1, 2, 3]), "one two other");
    assert_eq!(of("ru", &[1, 2, 5, 11, 12, 21, 22, 111]), "one few many many many one few many");
    assert_eq!(of("pl", &[1, 2, 5, 12, 21, 22]), "one few many many many few");
    assert_eq!(of("cs", &[1, 2, 4, 5]), "one few few other");
    assert_eq!(of("sl", &[1, 2, 3, 4, 5, 101]), "one two few few other one");
    assert_eq!(of("lt", &[1, 2, 10, 11, 21]), "one few other other one");
    assert_eq!(of("ro", &[0, 1, 2, 19, 20, 101]), "few one few few other few");
    let text = "policy.sentences: {zero: لا جمل, one: جملة, two: جملتان, few: \"{count} جمل\", other: \"{count} جملة\"}";
    let arabic = read("ar", &[("ar", text)]).0.language;
    let said = [0, 1, 2, 3, 11, 100].map(|n| arabic.count("policy.sentences", n, &[]));
    assert_eq!(said, ["لا جمل", "جملة", "جملتان", "3 جمل", "11 جملة", "100 جملة"]);
    assert_eq!(Form::EVERY.len(), 6);
}
