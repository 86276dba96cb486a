//! The quarterly report: counts with the records behind them, this quarter against the one before, what needs attention.
//!
//! Every number is the length of a list of records, and that list stands on the quarter's records page.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::attention::{Owners, overdue};
use super::deployed;
use super::emergency::emergencies;
use super::pages::{
    ComparisonRow, Count, Delta, FailureRow, Figure, Group, GroupRecord, Html, Link, QuarterReport, RecordsPage,
    Target, WaiverRow,
};
use super::row::{Row, report_href, version_href};
use super::tables::tables;
use super::waivers::waiver_row;
use super::wording::{capital, changes, mark, number, per_mille, period, share, span_of};
use crate::judge::Verdict;
use crate::model::{Ledger, OutcomeResult, Quarter};

/// A report and the records behind its numbers.
pub struct QuarterPages {
    /// The report.
    pub report: QuarterReport,
    /// The records.
    pub records: RecordsPage,
}

/// What a report is made from.
pub struct QuarterInput<'r> {
    /// All documents.
    pub ledger: &'r Ledger,
    /// The quarter.
    pub quarter: Quarter,
    /// Its records, in the register's order.
    pub rows: &'r [&'r Row],
    /// The records of the quarter before; nothing where no record lies in it.
    pub before: Option<&'r [&'r Row]>,
    /// The quarter after, if it has a report.
    pub after: Option<Quarter>,
    /// Until when things are judged.
    pub as_of: Timestamp,
    /// Leadership's own words.
    pub words: Option<Html>,
}

/// Gathers the records behind numbers as they are counted.
pub(super) struct Groups {
    quarter: Quarter,
    list: Vec<Group>,
}

/// Titles are left out in groups larger than this, to keep the page small.
const TITLES: usize = 300;

impl Groups {
    /// A number that is the length of this list of records.
    pub(super) fn count(&mut self, id: &str, title: &str, rows: &[&Row]) -> Count {
        if rows.is_empty() {
            return Count { n: 0, href: None };
        }
        if self.list.iter().all(|g| g.id != id) {
            let (titled, ids) = if rows.len() <= TITLES { (rows, &[][..]) } else { (&[][..], rows) };
            let record = |r: &&Row| GroupRecord { id: r.id.clone(), title: r.title.clone(), mark: mark(r.verdict) };
            self.list.push(Group {
                id: id.to_owned(),
                title: title.to_owned(),
                count: changes(rows.len()),
                records: titled.iter().map(record).collect(),
                ids: ids.iter().map(|r| r.id.clone()).collect(),
            });
        }
        Count { n: rows.len(), href: Some(self.href(id)) }
    }

    fn href(&self, id: &str) -> String {
        format!("reports/{}/records/index.html#{id}", self.quarter)
    }
}

/// A word as part of an anchor.
pub(super) fn anchor(text: &str) -> String {
    let lower = text.to_lowercase();
    lower
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect::<String>()
        .trim_matches('-')
        .to_owned()
}

pub(super) fn picked<'r>(rows: &[&'r Row], test: impl Fn(&Row) -> bool) -> Vec<&'r Row> {
    rows.iter().copied().filter(|r| test(r)).collect()
}

/// The measures that a quarter is compared by.
struct Measures<'r> {
    all: Vec<&'r Row>,
    judged: Vec<&'r Row>,
    kept: Vec<&'r Row>,
    failed: Vec<&'r Row>,
    deployed: Vec<&'r Row>,
    undone: Vec<&'r Row>,
    emergencies: Vec<&'r Row>,
    caused: Vec<&'r Row>,
    lead: Option<i64>,
}

impl<'r> Measures<'r> {
    fn of(rows: &[&'r Row]) -> Self {
        let deployed = picked(rows, |r| r.deployed.is_some());
        let mut leads: Vec<i64> =
            deployed.iter().filter_map(|r| Some(r.deployed?.as_second() - r.requested?.as_second())).collect();
        leads.sort_unstable();
        Self {
            all: rows.to_vec(),
            judged: picked(rows, |r| matches!(r.verdict, Verdict::Pass | Verdict::Fail | Verdict::Waived)),
            kept: picked(rows, |r| r.verdict == Verdict::Pass),
            failed: picked(rows, |r| r.verdict == Verdict::Fail),
            undone: picked(&deployed, |r| matches!(r.outcome, Some(OutcomeResult::RolledBack | OutcomeResult::Failed))),
            emergencies: picked(rows, |r| r.emergency),
            caused: picked(rows, |r| r.caused_incident),
            lead: median(&leads),
            deployed,
        }
    }
}

/// The middle of a sorted list; of an even one the lower of the two.
fn median(sorted: &[i64]) -> Option<i64> {
    sorted.get(sorted.len().checked_sub(1)? / 2).copied()
}

/// The report of a quarter.
pub fn quarter_pages(input: &QuarterInput<'_>) -> QuarterPages {
    let ledger = input.ledger;
    let starts = ledger.configuration.calendar.fiscal_year_starts;
    let mut groups = Groups { quarter: input.quarter, list: Vec::new() };
    let now = Measures::of(input.rows);
    let before = input.before.map(Measures::of);
    let owners = Owners::new(ledger);
    let period = period(input.quarter, starts);
    let open = ledger.configuration.calendar.end_of(input.quarter.last_day(starts)) >= input.as_of;
    let figures = figures(input, &now, before.as_ref(), &mut groups);
    let tables = tables(ledger, input.rows, &mut groups);
    let failures = failures(input, &mut groups);
    let report = QuarterReport {
        closing: None,
        id: input.quarter.to_string(),
        open,
        headline: headline(&now, before.as_ref(), &failures),
        lede: lede(&now, before.as_ref(), open, &failures),
        words: input.words.clone(),
        figures,
        tables,
        emergencies: now.emergencies.iter().filter_map(|r| r.emergency_row.as_deref().cloned()).collect(),
        deployed: deployed::section(ledger, input.quarter),
        overdue: overdue(ledger, &owners, input.rows, input.as_of),
        waivers: waivers(ledger, input.rows, input.as_of),
        comparison: before.as_ref().map(|b| comparison(input.quarter, &now, b, &mut groups)).unwrap_or_default(),
        before: input.before.map(|_| Link {
            text: input.quarter.previous().to_string(),
            href: Some(report_href(input.quarter.previous())),
        }),
        after: input.after.map(|q| Link { text: q.to_string(), href: Some(report_href(q)) }),
        downloads: Vec::new(),
        failures,
        period: period.clone(),
    };
    ensure_comparable(&now, &mut groups);
    let records = RecordsPage {
        quarter: input.quarter.to_string(),
        period,
        report: report_href(input.quarter),
        groups: groups.list,
    };
    QuarterPages { report, records }
}

/// The report's title is its finding; plain where nothing stands out.
fn headline(now: &Measures<'_>, before: Option<&Measures<'_>>, failures: &[FailureRow]) -> String {
    let mut parts: Vec<String> = Vec::new();
    if let Some(before) = before {
        let (was, is) = (before.emergencies.len(), now.emergencies.len());
        if is > was && is >= 2 {
            parts.push("more emergencies".to_owned());
        } else if is < was && was >= 2 {
            parts.push("fewer emergencies".to_owned());
        }
    }
    match failures.first() {
        Some(top) if top.count.n >= 3 && top.before.as_deref().is_some_and(|b| !b.starts_with("0 of")) => {
            parts.push(format!("{} keeps slipping", top.rule.text));
        }
        _ if now.failed.is_empty() && !now.judged.is_empty() => parts.push("every change kept its rules".to_owned()),
        _ if !now.failed.is_empty() => parts.push(format!("{} broke a rule", counted_words(now.failed.len()))),
        _ => {}
    }
    if parts.is_empty() {
        return changes(now.all.len());
    }
    capital(&parts.join(", "))
}

fn counted_words(n: usize) -> String {
    format!("{} {}", number(n), if n == 1 { "change" } else { "changes" })
}

fn lede(now: &Measures<'_>, before: Option<&Measures<'_>>, open: bool, failures: &[FailureRow]) -> String {
    let was = before.map(|b| format!(", {} the quarter before", b.emergencies.len())).unwrap_or_default();
    let mut sentences = vec![format!(
        "{} reached production{}; {} {} ({}{was}).",
        capital(&counted_words(now.deployed.len())),
        if open { " so far" } else { "" },
        emergencies(now.emergencies.len()),
        if now.emergencies.len() == 1 { "was among them" } else { "were among them" },
        share(now.emergencies.len(), now.all.len()),
    )];
    if !now.judged.is_empty() {
        sentences.push(format!(
            "{} of {} that could be judged to the end kept every rule.",
            now.kept.len(),
            now.judged.len()
        ));
    }
    // Of rules that were each broken once none stands out.
    if let Some(top) = failures.first().filter(|top| top.count.n > 1) {
        sentences.push(format!(
            "The rule broken most often is {} ({} of {}).",
            top.rule.text,
            top.count.n,
            changes(top.of)
        ));
    }
    sentences.join(" ")
}

/// A difference of two shares in points, or of two counts.
fn points(now: Option<usize>, before: Option<usize>, than: &str, up_is_good: bool) -> Option<Delta> {
    let (now, before) = (now?, before?);
    let tenths = now.abs_diff(before);
    if tenths == 0 {
        return Some(Delta { text: format!("no change on {than}"), tone: "neutral" });
    }
    let sign = if now > before { '+' } else { '−' };
    let tone = if (now > before) == up_is_good { "better" } else { "worse" };
    Some(Delta { text: format!("{sign}{}.{} points on {than}", tenths / 10, tenths % 10), tone })
}

fn difference(now: usize, before: usize, than: &str) -> Delta {
    let text = match now.cmp(&before) {
        std::cmp::Ordering::Equal => format!("no change on {than}"),
        std::cmp::Ordering::Greater => format!("+{} on {than}", now - before),
        std::cmp::Ordering::Less => format!("−{} on {than}", before - now),
    };
    Delta { text, tone: "neutral" }
}

fn figures(
    input: &QuarterInput<'_>,
    now: &Measures<'_>,
    before: Option<&Measures<'_>>,
    groups: &mut Groups,
) -> Vec<Figure> {
    let than = input.quarter.previous().to_string();
    let base = |n: &[&Row], of: &[&Row]| Some(format!("{} of {}", n.len(), changes(of.len())));
    let all = groups.count("all", "All changes", &now.all);
    let kept = groups.count("kept", "Changes that kept every rule", &now.kept);
    let undone = groups.count("undone", "Changes that failed or were rolled back", &now.undone);
    let emergency = groups.count("emergencies", "Emergency changes", &now.emergencies);
    groups.count("broken", "Changes that broke a rule", &now.failed);
    let mut list = vec![
        Figure {
            value: all.n.to_string(),
            label: "changes".to_owned(),
            base: Some(format!("{} deployed to production", now.deployed.len())),
            delta: before.map(|b| difference(now.all.len(), b.all.len(), &than)),
            target: None,
            href: all.href,
        },
        Figure {
            value: share(kept.n, now.judged.len()),
            label: "kept every rule".to_owned(),
            base: base(&now.kept, &now.judged),
            delta: points(
                per_mille(kept.n, now.judged.len()),
                before.and_then(|b| per_mille(b.kept.len(), b.judged.len())),
                &than,
                true,
            ),
            target: target(input.ledger, "kept", per_mille(kept.n, now.judged.len()), true),
            href: kept.href,
        },
        Figure {
            value: share(undone.n, now.deployed.len()),
            label: "failed or rolled back".to_owned(),
            base: Some(format!("{} of {} deployed", undone.n, now.deployed.len())),
            delta: points(
                per_mille(undone.n, now.deployed.len()),
                before.and_then(|b| per_mille(b.undone.len(), b.deployed.len())),
                &than,
                false,
            ),
            target: target(input.ledger, "failure-rate", per_mille(undone.n, now.deployed.len()), false),
            href: undone.href,
        },
        Figure {
            value: emergency.n.to_string(),
            label: "emergency changes".to_owned(),
            base: Some(format!("{} of {}", share(emergency.n, now.all.len()), changes(now.all.len()))),
            delta: before.map(|b| difference(now.emergencies.len(), b.emergencies.len(), &than)),
            target: None,
            href: emergency.href,
        },
    ];
    if let Some(lead) = now.lead {
        list.push(Figure {
            value: lead_time(lead),
            label: "request to production, median".to_owned(),
            base: Some(format!("over {}", changes(now.deployed.len()))),
            delta: before.and_then(|b| b.lead).map(|was| lead_delta(lead, was, &than)),
            target: None,
            href: None,
        });
    }
    list.extend(rule_targets(input, now, groups));
    list
}

fn lead_time(seconds: i64) -> String {
    span_of(Timestamp::UNIX_EPOCH, Timestamp::from_second(seconds.max(0)).unwrap_or(Timestamp::UNIX_EPOCH))
}

fn lead_delta(now: i64, was: i64, than: &str) -> Delta {
    if (now - was).abs() < 60 {
        return Delta { text: format!("no change on {than}"), tone: "neutral" };
    }
    let longer = now > was;
    Delta {
        text: format!("{} {} than {than}", lead_time((now - was).abs()), if longer { "longer" } else { "shorter" }),
        tone: if longer { "worse" } else { "better" },
    }
}

/// Whether a target named in the configuration is met. Shares are in tenths of a per cent, targets in hundredths.
fn target(ledger: &Ledger, name: &str, now: Option<usize>, at_least: bool) -> Option<Target> {
    let asked = *ledger.configuration.targets.get(name)? as usize;
    let now = now? * 10;
    let met = if at_least { now >= asked } else { now <= asked };
    let hundredths = if asked.is_multiple_of(100) {
        String::new()
    } else {
        format!(".{:02}", asked % 100).trim_end_matches('0').to_owned()
    };
    Some(Target { text: format!("target {}{hundredths}\u{a0}%", asked / 100), met })
}

/// A figure for every rule that has a target and was judged this quarter.
fn rule_targets(input: &QuarterInput<'_>, now: &Measures<'_>, groups: &mut Groups) -> Vec<Figure> {
    let ledger = input.ledger;
    let mut list = Vec::new();
    for name in ledger.configuration.targets.keys() {
        let judged = |row: &Row, wanted: &[Verdict]| {
            let version = row.version(ledger);
            row.judgements.iter().any(|j| {
                version.is_some_and(|v| v.rules[j.rule as usize].id.as_str() == name) && wanted.contains(&j.verdict)
            })
        };
        let bound = picked(&now.all, |r| judged(r, &[Verdict::Pass, Verdict::Fail, Verdict::Waived, Verdict::Unknown]));
        let kept = picked(&bound, |r| judged(r, &[Verdict::Pass]));
        if bound.is_empty() {
            continue;
        }
        let count = groups.count(&format!("rule-{}", anchor(name)), &format!("Changes bound by {name}"), &bound);
        list.push(Figure {
            value: share(kept.len(), bound.len()),
            label: format!("kept {name}"),
            base: Some(format!("{} of {}", kept.len(), changes(bound.len()))),
            delta: None,
            target: target(ledger, name, per_mille(kept.len(), bound.len()), true),
            href: count.href,
        });
    }
    list
}

/// Which policy, version and rule.
type RuleKey = (u32, u32, u16);

/// The records each rule bound, and those that broke it.
fn by_rule<'r>(rows: &[&'r Row]) -> BTreeMap<RuleKey, (usize, Vec<&'r Row>)> {
    let mut map: BTreeMap<RuleKey, (usize, Vec<&Row>)> = BTreeMap::new();
    for row in rows {
        let Some((policy, version)) = row.policy else { continue };
        for j in row.judgements.iter().filter(|j| j.verdict != Verdict::NotApplicable) {
            let entry = map.entry((policy, version, j.rule)).or_default();
            entry.0 += 1;
            if j.verdict == Verdict::Fail {
                entry.1.push(row);
            }
        }
    }
    map
}

fn failures(input: &QuarterInput<'_>, groups: &mut Groups) -> Vec<FailureRow> {
    let before = input.before.map(by_rule);
    let mut list: Vec<FailureRow> = by_rule(input.rows)
        .into_iter()
        .filter(|(_, (_, broke))| !broke.is_empty())
        .map(|((policy, number, rule), (of, broke))| {
            let version = &input.ledger.policies[policy as usize].versions[number as usize];
            let rule_of = &version.rules[rule as usize];
            let clause = version.clause_of(rule_of);
            let anchor_of = clause.map(|c| format!("#{}", c.anchor)).unwrap_or_default();
            let was = before
                .as_ref()
                .map(|b| b.get(&(policy, number, rule)).map_or((0, 0), |(of, broke)| (broke.len(), *of)));
            FailureRow {
                rule: Link {
                    text: rule_of.id.to_string(),
                    href: Some(format!("{}{anchor_of}", version_href(version))),
                },
                policy: version.id.to_string(),
                sentence: clause.map(|c| c.text.clone()),
                level: rule_of.level.word(),
                count: groups.count(
                    &format!("broke-{}-{}", version.id, anchor(rule_of.id.as_str())),
                    &format!("Broke {}", rule_of.id),
                    &broke,
                ),
                of,
                before: was.map(|(n, of)| format!("{n} of {of}")),
            }
        })
        .collect();
    list.sort_by(|a, b| {
        b.count.n.cmp(&a.count.n).then_with(|| a.rule.text.cmp(&b.rule.text)).then_with(|| a.policy.cmp(&b.policy))
    });
    list
}

fn waivers(ledger: &Ledger, rows: &[&Row], as_of: Timestamp) -> Vec<WaiverRow> {
    let mut used: BTreeMap<u32, Vec<Link>> = BTreeMap::new();
    for row in rows {
        for index in row.judgements.iter().filter_map(|j| j.waiver) {
            let links = used.entry(index).or_default();
            if links.iter().all(|l| l.text != row.id) {
                links.push(Link { text: row.id.clone(), href: row.page.then(|| row.href()) });
            }
        }
    }
    used.into_iter().map(|(index, links)| waiver_row(ledger, index as usize, links, Some(as_of))).collect()
}

fn comparison(quarter: Quarter, now: &Measures<'_>, before: &Measures<'_>, groups: &mut Groups) -> Vec<ComparisonRow> {
    let than = quarter.previous().to_string();
    let earlier = Groups { quarter: quarter.previous(), list: Vec::new() };
    let mut rows = Vec::new();
    let mut add = |id: &str,
                   label: &str,
                   is: (&[&Row], Option<&[&Row]>),
                   was: (&[&Row], Option<&[&Row]>),
                   up_is_good: Option<bool>| {
        let text = |(n, of): (&[&Row], Option<&[&Row]>)| match of {
            Some(of) => format!("{} of {} ({})", n.len(), of.len(), share(n.len(), of.len())),
            None => n.len().to_string(),
        };
        let now_href = groups.count(id, label, is.0).href;
        let before_href = (!was.0.is_empty()).then(|| earlier.href(id));
        let delta = match (is.1, was.1, up_is_good) {
            (Some(of), Some(was_of), Some(good)) => {
                points(per_mille(is.0.len(), of.len()), per_mille(was.0.len(), was_of.len()), &than, good)
            }
            _ => None,
        };
        rows.push(ComparisonRow {
            label: label.to_owned(),
            now: Link { text: text(is), href: now_href },
            before: Link { text: text(was), href: before_href },
            delta: delta.unwrap_or_else(|| difference(is.0.len(), was.0.len(), &than)),
        });
    };
    add("all", "Changes", (&now.all, None), (&before.all, None), None);
    add("deployed", "Deployed to production", (&now.deployed, None), (&before.deployed, None), None);
    add(
        "kept",
        "Changes that kept every rule",
        (&now.kept, Some(&now.judged)),
        (&before.kept, Some(&before.judged)),
        Some(true),
    );
    add(
        "broken",
        "Changes that broke a rule",
        (&now.failed, Some(&now.judged)),
        (&before.failed, Some(&before.judged)),
        Some(false),
    );
    add(
        "emergencies",
        "Emergency changes",
        (&now.emergencies, Some(&now.all)),
        (&before.emergencies, Some(&before.all)),
        Some(false),
    );
    add(
        "undone",
        "Changes that failed or were rolled back",
        (&now.undone, Some(&now.deployed)),
        (&before.undone, Some(&before.deployed)),
        Some(false),
    );
    add(
        "caused",
        "Changes that caused an incident",
        (&now.caused, Some(&now.deployed)),
        (&before.caused, Some(&before.deployed)),
        Some(false),
    );
    rows
}

/// The records of measures that the report after this one compares with stand on this quarter's records page, too.
fn ensure_comparable(measures: &Measures<'_>, groups: &mut Groups) {
    groups.count("deployed", "Deployed to production", &measures.deployed);
    groups.count("caused", "Changes that caused an incident", &measures.caused);
}

/// What a quarter's count says in a row of the overview.
pub(super) fn quarter_counts(rows: &[&Row]) -> (usize, usize, usize, usize, String) {
    let measures = Measures::of(rows);
    let (pass, fail) = (measures.kept.len(), measures.failed.len());
    (measures.emergencies.len(), pass, fail, rows.len() - pass - fail, share(pass, measures.judged.len()))
}
