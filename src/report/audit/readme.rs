//! What an audit folder says of itself: where it comes from, how to check it, how to draw the sample again.

use super::{Audit, SIZES};
use crate::model::Day;

/// Where the population comes from: what, and its value.
pub fn source_rows(audit: &Audit<'_>) -> Vec<(&'static str, String)> {
    let calendar = &audit.ledger.configuration.calendar;
    let starts = calendar.fiscal_year_starts;
    let (first, last) = (audit.quarter.first_day(starts), audit.quarter.last_day(starts));
    let state = if audit.dirty { ", and files that were not committed" } else { "" };
    let commit =
        audit.commit.map_or_else(|| "none: the site is in no repository".to_owned(), |c| format!("{c}{state}"));
    vec![
        ("Organisation", audit.ledger.configuration.organisation.clone()),
        ("Quarter", format!("{}: {} to {}, both days included", audit.quarter, Day(first), Day(last))),
        ("Time zone", calendar.zone_name.to_string()),
        ("Source", "every change record in changes/ of the repository".to_owned()),
        ("Commit", commit),
        ("Judged as of", format!("{} ({})", calendar.show(audit.as_of), calendar.zone_name)),
        (
            "Query",
            "records whose first production deployment (rollbacks aside), else closed_at, else requested_at lies in the quarter"
                .to_owned(),
        ),
        ("Production is", audit.ledger.configuration.production.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        ("Filters", "none: no record of the quarter is left out".to_owned()),
        ("Records", audit.held.len().to_string()),
        ("Seed", audit.seed.to_owned()),
        ("Sample", audit.sample.drawn.len().to_string()),
        ("Made by", concat!("tickmark ", env!("CARGO_PKG_VERSION")).to_owned()),
    ]
}

/// The README of the folder.
pub fn readme(audit: &Audit<'_>, compared: bool) -> String {
    let quarter = audit.quarter;
    let mut text = format!("# Audit folder for {quarter}\n\n");
    for (what, value) in source_rows(audit) {
        text.push_str(&format!("- {what}: {}\n", super::super::check::markdown::escape::escaped(&value)));
    }
    text.push_str(&format!("{CONTENTS}{}{VERIFY}", if compared { COMPARED } else { NOT_COMPARED }));
    text.push_str(SAMPLE);
    text.push_str(&sizes());
    text.push_str(STRATA);
    for stratum in &audit.sample.strata {
        text.push_str(&format!("| {} | {} | {} |\n", stratum.name, stratum.of, stratum.n));
    }
    text.push_str(LIMITS);
    text
}

fn sizes() -> String {
    let mut text = String::from("| changes in the quarter | drawn |\n|---|---|\n");
    let mut from = 0;
    for (up_to, n) in SIZES {
        let drawn = if *n >= *up_to { "all".to_owned() } else { n.to_string() };
        let range = if *up_to == usize::MAX { format!("more than {from}") } else { format!("{} to {up_to}", from + 1) };
        text.push_str(&format!("| {range} | {drawn} |\n"));
        from = *up_to;
    }
    text
}

const CONTENTS: &str = "
## What is here

| file | holds |
|---|---|
| population.csv, population.xlsx | every change of the quarter, each with the SHA-256 of its record's text; the spreadsheet's second tab says where they come from |
| population-source.csv | source, query, commit, filters, number of rows, SHA-256 of population.csv |
| matrix.csv, matrix.xlsx | every rule against every change; an empty cell: the rule does not bind that type |
| verdicts.csv | the same, a row for each rule and change, with what the rule found |
| sample.csv | what was drawn, with the digests by which it was |
| workpaper.html, workpaper.csv | for each sampled change each attribute, the rules that test it, evidence, and empty columns for the auditor |
| attributes.csv | attributes by framework, and the rules that test them in each policy version |
| records/ | the text of each sampled record |
| policies/, policies.csv | the policy versions that judged the quarter's changes, and what differs from the version before each |
| people.csv | people and the roles they held in the quarter |
| waivers.csv | exceptions that lifted something, or could have |
| reconciliation.md, reconciliation.json | deployments without a record, records without a deployment |
| manifest.json | SHA-256 of every file here, and of every file of the site it was made from |
";

const COMPARED: &str = "";

const NOT_COMPARED: &str = "
What was deployed was not compared with what is recorded: the site names no repositories to compare with. That the
population is complete is therefore not shown by anything here.
";

const VERIFY: &str = "
## How to verify it

1. `tickmark verify FOLDER` takes the SHA-256 of every file and, in a clone of the repository, makes the folder again from
   its commit and compares byte by byte.
2. Without tickmark: `sha256sum` of any file is what manifest.json lists for its path. Each digest in population.csv is that of the
   record's text, from its first key to the end of its last line; for the sampled ones that text stands in records/, so that
   `head -c -1 records/ID.yaml | sha256sum` gives it (the last line break is not part of it).
";

const SAMPLE: &str = "
## How to draw the sample again

1. Take `Id` and `Type` of every row of population.csv. The types are the strata, in the order of their bytes.
2. For each id take the SHA-256 of `SEED:ID`: `printf '%s' 'SEED:ID' | sha256sum`.
3. Decide how many of each stratum are drawn. Let n be the size of the sample (below), N the number of rows, and Ni that of a
   stratum. Begin with n × Ni / N, rounded down, and at least 1. While these are fewer than n, give one more to each stratum
   in turn, largest remainder of that division first (0 where 1 was given instead of 0; of equal ones the first in the order
   of strata), passing over those that are drawn whole. While they are more than n, take one from the largest (of equal ones the
   last). Where n is less than the number of strata, one of each is drawn all the same.
4. In each stratum take that many with the smallest digests.

A cell that would begin like a formula has a `'` before it, which is not part of the value. Where nobody says how many:

";

const STRATA: &str = "
| type | changes | drawn |
|---|---|---|
";

const LIMITS: &str = "
## What it does not show

Rules judge what records say. That a record is true, and that what is linked as evidence is what it claims, is for the auditor to see.
A rule that nobody wrote judges nothing: workpaper and attributes.csv say `not covered by a rule` there. An auditor gives the
seed (`tickmark audit QUARTER --seed S`), so that nobody who wrote the records chose the sample.
";
