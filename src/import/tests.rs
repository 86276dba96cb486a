//! Whatever an export holds, what is drafted from it is a record that our own reader reads, and says what the export said.

use proptest::prelude::*;

use super::{Drafted, Source, Wanted, draft, servicenow};
use crate::decode::{Mapping, decode_records};
use crate::diag::{Level, Sink};
use crate::model::{ChangeRecord, NO_HISTORY};
use crate::pipeline::{self, AsOf, Inputs};
use crate::source::{FileId, SourceFile, SourceSet};

const PAGE: &str = include_str!("../../docs/import.md");
const SITE: &str = "site: {name: a, organisation: b, base_url: https://a.example/, language: en, contact: c@a.example}\n\
                    calendar: {time_zone: UTC}\n";
const POLICY: &str = "---\nid: p\nversion: \"1\"\neffective: 2020-01-01\nchanges: {types: {normal: {title: N}, emergency: {title: E}}}\n---\n# P\n";
const PEOPLE: &str = "- {id: a.ng, accounts: [\"jira:ang\", \"github:alex\", \"jira:shared\"]}\n- {id: b.ito, accounts: [\"jira:shared\"]}\n";

/// What is drafted from an export, and whether anything kept it back.
fn drafted(source: Source, text: &str) -> (Drafted, Vec<String>) {
    let files = [("tickmark.yaml", SITE), ("people.yaml", PEOPLE), ("policies/p.md", POLICY)];
    let site = SourceSet::new(files.map(|(path, text)| SourceFile::from_text(path, text)).into());
    let as_of = AsOf::Instant("2026-11-21T00:00:00Z".parse().expect("an instant"));
    let site = pipeline::load(Inputs { sources: &site, history: &NO_HISTORY, as_of, more_codes: &[] });
    let site = site.expect("a configuration without mistakes");
    let sources = SourceSet::new(vec![SourceFile::from_text("export", text)]);
    let mut sink = Sink::new();
    let wanted = Wanted {
        source,
        sources: &sources,
        exports: &sources.iter().map(|(file, _)| file).collect::<Vec<_>>(),
        line: None,
        policy: site.ledger.policy("p").expect("the policy"),
        production: &[],
        usual_type: Some("normal"),
        mapping: &Mapping::default(),
        people: &site.ledger.people,
        zone: Some(&jiff::tz::TimeZone::UTC),
        prefix: None,
    };
    let drafted = draft(&wanted, &mut sink);
    (drafted, sink.into_sorted().into_iter().map(|f| f.headline).collect())
}

/// A drafted record as our reader reads it: no mistake in it but that something is missing.
fn read(body: &str) -> ChangeRecord {
    let mut sink = Sink::new();
    let mut records = decode_records(FileId(0), body, &mut sink);
    for finding in sink.into_sorted().iter().filter(|f| f.level == Level::Error) {
        assert_eq!(finding.code.name, "record/missing-key", "{}\n{body}", finding.headline);
    }
    assert_eq!(records.len(), 1, "{body}");
    records.remove(0)
}

/// A text as JSON writes it.
fn json(text: &str) -> String {
    serde_json::to_string(text).expect("a text")
}

/// What stands in a record of a text from outside: all of it but control characters and what is around it.
fn kept(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect::<String>().trim().to_owned()
}

/// Characters that mean something to YAML, that are not seen, or that nobody should send.
const HOSTILE: &str = "[a-c:#,{}\\[\\]\"'\\\\\\-?|>&*!%@` \t\n\r\u{0}\u{7}\u{1b}\u{85}é\u{a0}\u{200b}\u{202e}\u{2028}\u{feff}=.0-9]{0,40}";

proptest! {
    #[test]
    fn text_from_outside_is_what_the_record_says(title in HOSTILE, body in HOSTILE, label in HOSTILE, part in HOSTILE) {
        let issue = format!(
            "[{{\"key\": \"A-1\", \"fields\": {{\"summary\": {}, \"description\": {}, \"labels\": [{}],
            \"components\": [{{\"name\": {}}}], \"assignee\": {{\"name\": {}}}, \"created\": {}}}}}]",
            json(&title), json(&body), json(&label), json(&part), json(&label), json(&title)
        );
        let (drafted, errors) = drafted(Source::Jira, &issue);
        prop_assert!(errors.is_empty(), "{:?}", errors);
        let record = read(&drafted.records[0].body);
        let shows = |text: &str| kept(text).chars().any(|c| !c.is_whitespace() && !matches!(c, '\u{200b}' | '\u{202e}' | '\u{feff}'));
        for (said, field) in [(&title, &record.title), (&body, &record.description)] {
            let expected = Some(kept(said)).filter(|_| shows(said));
            prop_assert_eq!(field.get().map(|p| p.as_str().to_owned()), expected, "{}", drafted.records[0].body);
        }
    }

    #[test]
    fn no_text_is_too_strange_to_be_refused(text in "[\\[\\]{}\",:0-9a-z\\\\\n ;=-]{0,60}") {
        for source in [Source::Github, Source::Gitlab, Source::Servicenow, Source::Jira] {
            let (drafted, errors) = drafted(source, &text);
            prop_assert!(errors.is_empty() || drafted.records.is_empty() || !errors[0].is_empty());
            drafted.records.iter().for_each(|record| drop(read(&record.body)));
        }
    }
}

#[test]
fn an_account_that_two_people_claim_is_nobodys() {
    let issue = |name: &str| {
        format!("[{{\"key\": \"A-1\", \"fields\": {{\"summary\": \"x\", \"assignee\": {{\"name\": \"{name}\"}}}}}}]")
    };
    let author =
        |name: &str| read(&drafted(Source::Jira, &issue(name)).0.records[0].body).author.get().map(ToString::to_string);
    assert_eq!(author("ANG").as_deref(), Some("a.ng"));
    assert_eq!(author("123+Alex@users.noreply.github.com").as_deref(), Some("a.ng"));
    assert_eq!(author("Alex@users.noreply.example.com"), None);
    for nobody in ["shared", "a.ng", "bit", ""] {
        assert_eq!(author(nobody), None, "{nobody}");
    }
}

/// The page without line ends and marks.
fn flat(text: &str) -> String {
    text.replace('`', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_page_says_what_each_source_never_says() {
    for source in [Source::Git, Source::Github, Source::Gitlab, Source::Servicenow, Source::Jira, Source::Csv] {
        let said = flat(&format!("Never said: {}.", source.never_says()));
        assert!(flat(PAGE).contains(&said), "docs/import.md lacks: {said}");
        assert!(PAGE.contains(&format!("tickmark import {} ", source.name())), "{source:?} has no command");
    }
}

#[test]
fn the_page_shows_the_columns_that_are_read() {
    for (field, column) in servicenow::COLUMNS {
        assert!(PAGE.contains(&format!("| `{column}` | `{field}` |")), "docs/import.md lacks `{column}`");
    }
    let rows = PAGE.lines().filter(|line| line.starts_with("| `") && line.matches('`').count() == 4);
    let column = |line: &&str| servicenow::COLUMNS.iter().any(|row| line.split('`').nth(1) == Some(row.1));
    assert_eq!(rows.filter(column).count(), servicenow::COLUMNS.len());
}

#[test]
fn the_page_shows_every_key_of_a_mapping_file() {
    let shown = PAGE.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let mut sink = Sink::new();
    let mapping = crate::decode::decode_mapping(FileId(0), shown, &mut sink);
    assert!(sink.is_empty() && mapping.separator == Some(';') && mapping.words.len() == 1, "{mapping:?}");
    for field in crate::decode::mapping_shape().fields {
        assert!(format!("\n{shown}").contains(&format!("\n{}:", field.name)), "docs/import.md lacks `{}`", field.name);
    }
}
