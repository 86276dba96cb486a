//! What a log says, and what is said of one that says it otherwise.

use super::*;
use crate::model::Vocabulary;
use crate::source::line_column;

/// A log, and each finding as `line:column code: headline`.
fn read(text: &str) -> (DeploymentLog, Vec<String>) {
    let mut sink = Sink::new();
    let log = decode_deployments(FileId(0), text, &mut sink);
    let said = sink.into_sorted().into_iter().map(|finding| {
        let crate::diag::Place::Text(at) = &finding.place else { panic!("a mistake of a text stands in it") };
        let (line, column) = line_column(text, at.span.start as usize);
        format!("{line}:{column} {}: {}", finding.code.name, finding.headline)
    });
    (log, said.collect())
}

/// Each deployment in words.
fn told(log: &DeploymentLog) -> Vec<String> {
    let words = |e: &LogEntry| {
        let or = |text: &Option<Box<str>>| text.as_deref().unwrap_or("-").to_owned();
        let result = e.result.map_or("-", Vocabulary::word);
        format!("{} {} {} {} {} {result} {}", e.at, e.environment, e.commit, or(&e.by), or(&e.via), or(&e.id))
    };
    log.entries.iter().map(words).collect()
}

#[test]
fn both_forms_say_the_same() {
    let csv = "id,At,environment,commit,by,via,result,cluster\n\
               1,2026-01-02T10:00:00+10:00,production,4f1c2d3,\"Ng, Alex\",pipeline,succeeded,blue\n\
               \n\
               2,2026-01-03T00:00:00Z, staging ,\"v1.2\",\"a \"\"b\"\"\",,failed,\n";
    let json = "{\"id\": \"1\", \"at\": \"2026-01-02T10:00:00+10:00\", \"environment\": \"production\", \"commit\": \"4f1c2d3\", \"by\": \"Ng, Alex\", \"via\": \"pipeline\", \"result\": \"succeeded\", \"cluster\": {\"name\": [\"blue\"]}}\n\
                \n\
                {\"id\":2,\"at\":\"2026-01-03T00:00:00Z\",\"environment\":\"staging\",\"commit\":\"v1.2\",\"by\":\"a \\\"b\\\"\",\"via\":null,\"result\":\"failed\"}";
    let expected = [
        "2026-01-02T00:00:00Z production 4f1c2d3 Ng, Alex pipeline succeeded 1",
        "2026-01-03T00:00:00Z staging v1.2 a \"b\" - failed 2",
    ];
    for text in [csv, json] {
        let (log, said) = read(text);
        assert_eq!((told(&log), log.broken, said), (expected.map(str::to_owned).to_vec(), false, vec![]), "{text}");
    }
    let at = read(csv).0.entries[1].span;
    assert_eq!(at.of(csv), "\"v1.2\"", "the place of a deployment is its commit");
}

#[test]
fn every_mistake_is_found_where_it_stands_and_the_rest_is_read() {
    let text = "at,environment,commit,result\n\
                2026-01-02T10:00:00,production,4f1c2d3,succeeded\n\
                2026-01-02T10:00:00Z,production,,done\n\
                2026-01-02T10:00:00Z,production\n\
                2026-01-02T10:00:00Z,production,4f1c2d3,\n\
                2026-01-02T10:00:00Z,production,\"4f1c2d3,\n";
    let (log, said) = read(text);
    assert_eq!(
        said,
        [
            "2:1 record/bad-time: `2026-01-02T10:00:00` is no time",
            "3:33 record/missing-key: `commit` is blank",
            "3:34 record/unknown-word: `done` is not a deployment's result",
            "4:1 deployments/not-read: 2 fields in a log of 4 fields",
            "6:33 deployments/not-read: a field in quotes never ends",
        ]
    );
    assert!(log.broken && log.entries.len() == 1);
    assert!(read("at,environment,commit\n2026-01-02,production,4f1c2d3\n").0.broken, "what one line said nobody knows");
    let (log, said) =
        read("{\"at\": \"2026-01-02\", \"enviroment\": \"production\", \"commit\": \"4f1c2d3\"}\n{\"at\": }\n{]\n");
    assert!(log.broken && log.entries.is_empty());
    assert!(said[0].starts_with("1:8 record/bad-time") && said[1].starts_with("1:22 record/unknown-key"), "{said:#?}");
    assert!(said.iter().any(|s| s.starts_with("2:")) && said.iter().any(|s| s.starts_with("3:")), "{said:#?}");
}

#[test]
fn a_header_names_what_counts() {
    for (text, expected) in [
        ("", "1:1 deployments/not-read: the deployment log is empty"),
        ("when,what\n", "1:1 deployments/not-read: the deployment log has no column `at`, `environment` and `commit`"),
        ("at,enviroment,commit\n1,2,3\n", "1:4 deployments/not-read: no column is named `enviroment`"),
        ("at,environment,commit,At\n", "1:23 deployments/not-read: two columns are named `at`"),
        ("at,environment,commit,\"via\n", "1:23 deployments/not-read: a field in quotes never ends"),
        ("at,environment,\"commit\"x,via\n", "1:16 deployments/not-read: a field in quotes never ends"),
    ] {
        let (log, said) = read(text);
        assert_eq!((said, log.broken), (vec![expected.to_owned()], true), "{text}");
    }
    let (log, said) = read("at,environment,commit\n");
    assert!(!log.broken && said.is_empty() && log.entries.is_empty(), "nothing was deployed");
}
