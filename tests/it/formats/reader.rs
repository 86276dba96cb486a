//! Reading each format back, as the programs it is for would: which findings it holds.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use quick_junit::{NonSuccessKind, Report, TestCaseStatus};
use serde_json::Value;

/// A finding as far as a format says: path, line, code.
pub(super) type Told = (String, Option<u64>, Option<String>);

pub(super) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}:\n{text}"))
}

/// What a format tells.
pub(super) fn told(format: &str, text: &str) -> Vec<Told> {
    let mut told = match format {
        "human" => human(text),
        "concise" => text.lines().map(line).collect(),
        "json" => answer(&json(text)),
        "sarif" => sarif(&json(text)),
        "junit" => junit(text),
        "github" => text.lines().filter(|l| !l.contains("title=tickmark::")).map(command).collect(),
        "gitlab" => gitlab(&json(text)),
        "markdown" => markdown(text),
        other => panic!("no reader for {other}"),
    };
    told.sort();
    told
}

/// The code of `family/name/policy/rule`.
fn code(name: &str) -> String {
    name.split('/').take(2).collect::<Vec<_>>().join("/")
}

fn string(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// `path:line:column: level[code] headline`, or without a place in the path.
fn line(text: &str) -> Told {
    let (place, rest) = text.split_once(": ").unwrap_or_else(|| panic!("no finding: {text}"));
    let code = rest.split(['[', ']']).nth(1).unwrap_or_else(|| panic!("no code: {text}"));
    let mut parts = place.rsplitn(3, ':');
    let numbers = [parts.next(), parts.next()].map(|n| n.and_then(|n| n.parse::<u64>().ok()));
    match (numbers, parts.next()) {
        ([Some(_), Some(line)], Some(path)) => (path.to_owned(), Some(line), Some(code.to_owned())),
        _ => (place.to_owned(), None, Some(code.to_owned())),
    }
}

fn human(text: &str) -> Vec<Told> {
    let lines: Vec<&str> = text.lines().collect();
    let titled = |l: &str| ["error[", "warning[", "note["].iter().any(|level| l.starts_with(level));
    let found = lines.windows(2).filter(|w| titled(w[0]));
    found.map(|w| line(&format!("{}: {}", w[1].trim_start().trim_start_matches("--> "), w[0]))).collect()
}

fn answer(answer: &Value) -> Vec<Told> {
    let records = answer["records"].as_array().expect("records");
    let ruled = records.iter().flat_map(|record| {
        let rules = record["rules"].as_array().expect("rules").iter().filter(|r| r["fingerprint"].is_string());
        rules.map(|rule| (string(&record["path"]), rule["line"].as_u64(), Some(string(&rule["code"]))))
    });
    let said = answer["diagnostics"].as_array().expect("diagnostics").iter();
    ruled.chain(said.map(|d| (string(&d["path"]), d["line"].as_u64(), Some(string(&d["code"]))))).collect()
}

fn sarif(log: &Value) -> Vec<Told> {
    let results = log["runs"][0]["results"].as_array().expect("results").iter();
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
    results
        .map(|result| {
            let rule = result["ruleIndex"].as_u64().expect("an index") as usize;
            assert_eq!(rules[rule]["id"], result["ruleId"], "the index is the rule's");
            let place = &result["locations"][0]["physicalLocation"];
            let line = place["region"]["startLine"].as_u64();
            (decoded(&string(&place["artifactLocation"]["uri"])), line, Some(code(&string(&result["ruleId"]))))
        })
        .collect()
}

/// A path from its form in an address.
pub(super) fn decoded(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let digits = std::str::from_utf8(&after[..2]).expect("two digits");
            bytes.push(u8::from_str_radix(digits, 16).expect("digits"));
            rest = &after[2..];
        } else {
            assert!(first.is_ascii_graphic() && !b"\"<>\\^`{|}#?: ".contains(first), "{uri}");
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).expect("a path")
}

/// JUnit says the line of failures only; of what is skipped for another reason than a finding, nothing.
fn junit(text: &str) -> Vec<Told> {
    let report = Report::deserialize_from_str(text).unwrap_or_else(|e| panic!("{e}:\n{text}"));
    let mut told = Vec::new();
    let mut counts = [0, 0, 0];
    for suite in &report.test_suites {
        assert_eq!(suite.test_cases.len(), suite.tests, "{:?}", suite.name);
        for case in &suite.test_cases {
            counts[0] += 1;
            let path = case.extra.iter().find(|(k, _)| k.as_str() == "file").map(|(_, v)| v.as_str().to_owned());
            let path = path.expect("a case names its file");
            match &case.status {
                TestCaseStatus::Success { .. } => {}
                TestCaseStatus::Skipped { message, .. } => {
                    counts[1] += 1;
                    let message = message.as_ref().map_or("", |m| m.as_str());
                    let found = ["note[", "warning[", "error["].iter().find_map(|l| message.split_once(l));
                    told.extend(found.map(|(_, m)| (path, None, m.split(']').next().map(str::to_owned))));
                }
                TestCaseStatus::NonSuccess { kind, description, .. } => {
                    assert_eq!(*kind, NonSuccessKind::Failure);
                    counts[2] += 1;
                    let description = description.as_ref().expect("a description").as_str();
                    let (path_told, line, code) = line(description.lines().next().expect("a line"));
                    assert_eq!(path_told, path);
                    told.push((path, line, code));
                }
            }
        }
    }
    assert_eq!(counts, [report.tests, report.skipped(), report.failures], "the counts are what is there");
    told
}

/// Cases that the report itself counts as skipped.
trait Skipped {
    fn skipped(&self) -> usize;
}

impl Skipped for Report {
    fn skipped(&self) -> usize {
        self.test_suites.iter().map(|s| s.skipped).sum()
    }
}

/// `::error file=…,line=…,title=…::text`, read as GitHub's runner reads it.
pub(super) fn command(text: &str) -> Told {
    let (head, data) = text.strip_prefix("::").and_then(|t| t.split_once("::")).unwrap_or_else(|| panic!("{text}"));
    let (word, properties) = head.split_once(' ').expect("properties");
    assert!(["error", "warning", "notice"].contains(&word), "{text}");
    assert!(!data.contains(['\r', '\n']), "{text}");
    let unescape = |t: &str| {
        t.replace("%3A", ":").replace("%2C", ",").replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
    };
    let property = |name: &str| {
        let found = properties.split(',').find_map(|p| p.strip_prefix(name)?.strip_prefix('='));
        found.map(unescape)
    };
    let known = ["file", "line", "endLine", "col", "endColumn", "title"];
    assert!(properties.split(',').all(|p| known.contains(&p.split('=').next().unwrap_or(p))), "{text}");
    (
        property("file").expect("a file"),
        property("line").and_then(|l| l.parse().ok()),
        property("title").map(|t| code(&t)),
    )
}

fn gitlab(list: &Value) -> Vec<Told> {
    let entry = |e: &Value| {
        assert!(["info", "minor", "major"].contains(&e["severity"].as_str().expect("a severity")));
        assert!(!string(&e["description"]).is_empty() && string(&e["fingerprint"]).len() == 32);
        (
            string(&e["location"]["path"]),
            e["location"]["lines"]["begin"].as_u64(),
            Some(code(&string(&e["check_name"]))),
        )
    };
    list.as_array().expect("a list").iter().map(entry).collect()
}

/// The first link of every item that leads to a line; items without one are records that wait.
fn markdown(text: &str) -> Vec<Told> {
    let mut told = Vec::new();
    let mut first = false;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(Tag::Item) => first = true,
            Event::End(TagEnd::Item) => first = false,
            Event::Start(Tag::Link { dest_url, .. }) if first => {
                first = false;
                let line = dest_url.split_once("#L").and_then(|(_, l)| l.parse().ok());
                let path = decoded(dest_url.split('#').next().unwrap_or_default());
                told.extend(line.map(|line| (path, Some(line), None)));
            }
            _ => {}
        }
    }
    told
}
