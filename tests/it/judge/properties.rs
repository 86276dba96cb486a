//! What must hold whatever the order of files, keys and rules, and however records are put together.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use tickmark::diag::Place;
use tickmark::diag::human::Human;
use tickmark::judge::Verdict;
use tickmark::model::{Calendar, Hours, Quarter, Weekdays};
use tickmark::repo;
use tickmark::source::{SourceFile, SourceSet};

use super::demonstration::{AS_OF, sources};
use super::tree;
use crate::support::{self, Run};

/// Per record and rule: the verdict, when it falls due, and the code of its finding.
type Verdicts = BTreeMap<(String, String), (Verdict, Option<Timestamp>, Option<&'static str>)>;

fn judged(files: Vec<SourceFile>) -> (SourceSet, Run) {
    let sources = SourceSet::new(files);
    let run = support::run(&sources, AS_OF, &[repo::CODES]).expect("the configuration stands");
    (sources, run)
}

/// What every rule came to for every record.
fn verdicts(files: Vec<SourceFile>) -> Verdicts {
    let (_, run) = judged(files);
    let mut all = Verdicts::new();
    for record in &run.records {
        for rule in &record.rules {
            let code = rule.finding.as_ref().map(|f| f.code.name);
            all.insert((record.id.clone(), rule.rule.clone()), (rule.verdict, rule.due, code));
        }
    }
    all
}

/// Every finding about a record as it is drawn, and what every rule says of it: those of records alone.
fn drawn(files: Vec<SourceFile>) -> BTreeSet<String> {
    let (sources, run) = judged(files);
    let human = Human::new(&sources, false, 110);
    let of_rules = run.records.iter().flat_map(|r| &r.rules).filter_map(|r| r.finding.as_ref());
    let of_records = run.findings.iter().filter(|f| match &f.place {
        Place::Text(at) => is_record(sources.file(at.file).path()),
        Place::Path(path) => is_record(path),
    });
    let findings = of_rules.chain(of_records).map(|finding| human.draw(finding));
    let headlines =
        run.records.iter().flat_map(|r| r.rules.iter().map(move |j| format!("{} {}: {}", r.id, j.rule, j.headline)));
    headlines.chain(findings).collect()
}

/// The demonstration's texts, each as `edit` leaves it: under what path, with what text, or not at all.
fn files(mut edit: impl FnMut(&str, &str) -> Option<(String, String)>) -> Vec<SourceFile> {
    sources()
        .iter()
        .filter_map(|(_, f)| edit(f.path(), f.text()).map(|(path, text)| SourceFile::from_text(&path, &text)))
        .collect()
}

fn as_it_is() -> &'static Verdicts {
    static VERDICTS: std::sync::OnceLock<Verdicts> = std::sync::OnceLock::new();
    VERDICTS.get_or_init(|| verdicts(files(|path, text| Some((path.to_owned(), text.to_owned())))))
}

/// Numbers below a bound, from a seed.
fn numbers(mut seed: u64) -> impl FnMut(usize) -> usize {
    move |below| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    }
}

fn is_record(path: &str) -> bool {
    path.starts_with("changes/")
}

/// A policy with its rules in another order.
fn rules_shuffled(text: &str, next: &mut impl FnMut(usize) -> usize) -> String {
    let Some((head, rest)) = text.split_once("\n  rules:\n") else { return text.to_owned() };
    let (list, tail) = rest.split_once("\n---\n").expect("the front matter ends after the rules");
    let mut rules: Vec<String> = Vec::new();
    for line in list.lines() {
        if line.starts_with("    - ") {
            rules.push(String::new());
        }
        let rule = rules.last_mut().expect("the list begins with a rule");
        rule.push_str(line);
        rule.push('\n');
    }
    assert!(rules.len() > 10, "the rules are found");
    for i in (1..rules.len()).rev() {
        rules.swap(i, next(i + 1));
    }
    format!("{head}\n  rules:\n{}---\n{tail}", rules.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_files_keys_and_rules_changes_nothing(seed: u64) {
        let mut next = numbers(seed);
        let shuffled = files(|path, text| {
            if is_record(path) {
                let mut documents = tree::parse(text);
                documents.iter_mut().for_each(|d| d.shuffle(&mut next));
                let text: Vec<String> = documents.iter().map(tree::Tree::write).collect();
                let name = path.rsplit('/').next().unwrap_or(path);
                return Some((format!("changes/{:04}-{name}", next(10_000)), text.join("---\n")));
            }
            if path.starts_with("policies/") {
                return Some((path.to_owned(), rules_shuffled(text, &mut next)));
            }
            Some((path.to_owned(), text.to_owned()))
        });
        prop_assert_eq!(as_it_is(), &verdicts(shuffled));
    }

    #[test]
    fn records_judged_apart_come_to_the_same_as_together(seed: u64) {
        let part = |wanted: bool| {
            let mut next = numbers(seed);
            files(|path, text| {
                let mine = !is_record(path) || (next(2) == 0) == wanted;
                mine.then(|| (path.to_owned(), text.to_owned()))
            })
        };
        let mut both = verdicts(part(true));
        both.append(&mut verdicts(part(false)));
        prop_assert_eq!(as_it_is(), &both);
        let mut findings = drawn(part(true));
        findings.append(&mut drawn(part(false)));
        let together = drawn(files(|path, text| Some((path.to_owned(), text.to_owned()))));
        prop_assert!(together.len() > 2500, "{}", together.len());
        prop_assert_eq!(together, findings);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_instant_lies_in_exactly_one_quarter(
        second in 0_i64..4_102_444_800,
        starts in 1_i8..=12,
        zone in prop::sample::select(vec!["Australia/Lord_Howe", "Pacific/Apia", "America/New_York", "Pacific/Kiritimati"]),
    ) {
        let calendar = Calendar {
            zone: TimeZone::get(zone).expect("the zone is in the database"),
            zone_name: zone.into(),
            working_days: Weekdays::WORKING,
            working_hours: Hours::parse("09:00-17:00").expect("these are hours"),
            holidays: Vec::new(),
            fiscal_year_starts: starts,
        };
        let at = Timestamp::from_second(second).expect("the range holds instants");
        let quarter = Quarter::of(calendar.day(at), starts);
        let holds = |q: Quarter| {
            calendar.start_of(q.first_day(starts)) <= at && at <= calendar.end_of(q.last_day(starts))
        };
        prop_assert!(holds(quarter));
        prop_assert!(!holds(quarter.next()) && !holds(quarter.previous()));
        prop_assert_eq!(quarter.next().previous(), quarter);
    }
}
