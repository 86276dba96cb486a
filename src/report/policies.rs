//! Policies as insiders see them: each clause with its rules and what they found.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::change::finding_row;
use super::pages::{
    Clause, ClauseRule, Fact, FindingRow, Heading, Html, Mark, PoliciesPage, PolicyInternal, PolicyRow, PolicyRule,
    VerdictCounts,
};
use super::row::{Row, own_href, policy_href};
use super::versions;
use super::what_if::Beside;
use super::wording::{capital, changes, counted};
use crate::diag::{Diagnostic, Place};
use crate::judge::{self, Verdict};
use crate::language::english;
use crate::markdown::{self, RenderOptions};
use crate::model::{Day, Implements, Ledger, Policy, PolicyVersion, Quarter, Vocabulary};
use crate::redline::{Side, renamed_anchors};
use crate::source::{FileId, SourceSet};

/// What the rules of every policy found: by policy, version and rule.
#[derive(Debug, Default)]
pub struct RuleCounts {
    /// Of each rule of a version, by its number.
    counts: BTreeMap<(u32, u32), Vec<RuleCount>>,
    judged: BTreeMap<u32, (usize, usize)>,
}

/// What one rule found.
#[derive(Clone, Copy, Debug, Default)]
struct RuleCount {
    verdicts: VerdictCounts,
    /// Of the running quarter: how many it judged, and how many passed.
    running: (usize, usize),
}

impl RuleCounts {
    /// Counts every judgement of every record, and those of the quarter that runs at an instant.
    pub fn of(rows: &[Row], ledger: &Ledger, as_of: Timestamp) -> Self {
        let mut all = Self::default();
        let calendar = &ledger.configuration.calendar;
        let running = Quarter::of(calendar.day(as_of), calendar.fiscal_year_starts);
        for row in rows {
            let Some((policy, version)) = row.policy else { continue };
            let judged = all.judged.entry(policy).or_default();
            judged.0 += 1;
            judged.1 += usize::from(row.verdict == Verdict::Fail);
            let of_rules = all.counts.entry((policy, version)).or_default();
            for j in &row.judgements {
                let number = j.rule as usize;
                if of_rules.len() <= number {
                    of_rules.resize(number + 1, RuleCount::default());
                }
                let RuleCount { verdicts: counts, running: (judged, passed) } = &mut of_rules[number];
                if row.quarter == Some(running) && j.verdict != Verdict::NotApplicable {
                    *judged += 1;
                    *passed += usize::from(j.verdict == Verdict::Pass);
                }
                match j.verdict {
                    Verdict::Pass => counts.pass += 1,
                    Verdict::Fail => counts.fail += 1,
                    Verdict::Pending => counts.pending += 1,
                    Verdict::Unknown => counts.unknown += 1,
                    Verdict::Waived => counts.waived += 1,
                    Verdict::NotApplicable => counts.not_applicable += 1,
                }
            }
        }
        all
    }

    fn get(&self, policy: usize, version: usize, rule: usize) -> VerdictCounts {
        self.count(policy, version, rule).verdicts
    }

    fn count(&self, policy: usize, version: usize, rule: usize) -> RuleCount {
        let of_rules = self.counts.get(&(policy as u32, version as u32));
        of_rules.and_then(|rules| rules.get(rule)).copied().unwrap_or_default()
    }

    /// `11 of 12 changes of this quarter pass`.
    fn running(&self, policy: usize, version: usize, rule: usize) -> String {
        let (judged, passed) = self.count(policy, version, rule).running;
        if judged == 0 {
            return String::new();
        }
        let verb = if passed == 1 { "passes" } else { "pass" };
        format!("{passed} of {} of this quarter {verb}", changes(judged))
    }
}

/// The list of all policies.
pub fn policies_page(ledger: &Ledger, counts: &RuleCounts, as_of: Timestamp) -> PoliciesPage {
    let mut policies: Vec<PolicyRow> = ledger
        .policies
        .iter()
        .enumerate()
        .map(|(index, policy)| {
            let version = policy.newest();
            let (changes, fail) = counts.judged.get(&(index as u32)).copied().unwrap_or_default();
            let today = version.calendar.day(as_of);
            let next = version.review.as_ref().and_then(crate::model::PolicyReview::next);
            let overdue = next.is_some_and(|day| day < today);
            PolicyRow {
                id: policy.id.to_string(),
                href: policy_href(policy.id.as_str()),
                title: version.title.clone(),
                classification: version.classification.word(),
                version: version.version.clone(),
                owner: owner(version),
                review: next.map(|day| {
                    if overdue { format!("overdue since {}", Day(day)) } else { format!("due {}", Day(day)) }
                }),
                review_overdue: overdue,
                rules: version.rules.len(),
                changes,
                fail,
            }
        })
        .collect();
    policies.sort_by(|a, b| a.title.cmp(&b.title).then_with(|| a.id.cmp(&b.id)));
    PoliciesPage { policies, pdf: None }
}

fn owner(version: &PolicyVersion) -> Option<String> {
    let words: Vec<String> = version.owner.iter().map(|o| judge::role_words(o.as_str())).collect();
    (!words.is_empty()).then(|| capital(&words.join(", ")))
}

/// Findings by the document they are in, so that each page takes its own without going through all.
#[derive(Debug, Default)]
pub struct FindingsByFile<'d>(BTreeMap<FileId, Vec<&'d Diagnostic>>);

impl<'d> FindingsByFile<'d> {
    /// Those of a document's text, each document's in the order they were found.
    pub fn of(findings: &[&'d Diagnostic]) -> Self {
        let mut by_file: BTreeMap<FileId, Vec<&'d Diagnostic>> = BTreeMap::new();
        for finding in findings {
            if let Place::Text(at) = &finding.place {
                by_file.entry(at.file).or_default().push(finding);
            }
        }
        Self(by_file)
    }

    fn rows(&self, sources: &SourceSet, file: FileId) -> Vec<FindingRow> {
        self.0.get(&file).into_iter().flatten().map(|f| finding_row(sources, f)).collect()
    }
}

/// Which page of a policy, and what it needs besides the policy's own text.
#[derive(Clone, Copy)]
pub struct PolicyView<'p> {
    /// The policy's number in the ledger.
    pub policy: usize,
    /// The version's number, for its own page, which stays; none for the policy's page, which shows the newest.
    pub version: Option<usize>,
    /// What the rules found.
    pub counts: &'p RuleCounts,
    /// Findings in documents.
    pub findings: &'p FindingsByFile<'p>,
    /// Until when things are judged.
    pub as_of: Timestamp,
    /// What an edit that is not committed would make of past records; in a preview alone.
    pub what_if: Option<&'p Beside>,
}

impl PolicyView<'_> {
    /// The page's file, relative to the internal site.
    pub fn href(&self, ledger: &Ledger) -> String {
        let policy = &ledger.policies[self.policy];
        self.version.map_or_else(|| policy_href(policy.id.as_str()), |number| own_href(&policy.versions[number]))
    }
}

/// A page of one policy. `clause` makes the trusted markup that stands beside a clause.
pub fn policy_page(
    sources: &SourceSet,
    ledger: &Ledger,
    view: PolicyView<'_>,
    clause: &dyn Fn(&Clause) -> Option<String>,
) -> PolicyInternal {
    let PolicyView { policy: index, counts, findings, as_of, .. } = view;
    let policy: &Policy = &ledger.policies[index];
    let number = view.version.unwrap_or(policy.versions.len() - 1);
    let version = &policy.versions[number];
    let text = sources.file(version.file).text();
    let beside = |anchor: &str| clause(&clause_of(version, anchor, index, number, counts, view.what_if)?);
    let up = if view.version.is_some() { "../../../" } else { "../" };
    let link = |target: &str| link_to_policy(ledger, target, up);
    let old_names = if view.version.is_some() { Vec::new() } else { old_names(sources, policy) };
    let also = |anchor: &str| -> Vec<String> {
        old_names.iter().filter(|(_, now)| now == anchor).map(|(old, _)| old.clone()).collect()
    };
    let title = version.outline.title().filter(|h| h.text == version.title);
    let options = RenderOptions {
        drop_first_h1: title.is_some(),
        below_h1: true,
        stages: true,
        also: &also,
        clause: &beside,
        link: &link,
        ..RenderOptions::default()
    };
    let body = markdown::render(text, version.body, &version.outline, &options).html;
    PolicyInternal {
        id: policy.id.to_string(),
        href: if view.version.is_some() { own_href(version) } else { policy_href(policy.id.as_str()) },
        title: version.title.clone(),
        anchor: title.map(|h| h.anchor.clone()),
        summary: version.summary.clone(),
        classification: version.classification.word(),
        own: view.version.map(|_| version.version.clone()),
        what_if: view.what_if.map(|beside| beside.page.clone()),
        notices: versions::notices(policy, number, as_of),
        facts: facts(ledger, version, counts.judged.get(&(index as u32)).map_or(0, |j| j.0)),
        body: Html(body),
        outline: version
            .outline
            .headings
            .iter()
            .filter(|h| matches!(h.level, 2 | 3))
            .map(|h| Heading { level: h.level, id: h.anchor.clone(), text: h.text.clone() })
            .collect(),
        rules: version
            .rules
            .iter()
            .enumerate()
            .map(|(i, rule)| PolicyRule {
                id: rule.id.to_string(),
                anchor: version.clause_of(rule).map(|c| c.anchor.clone()),
                says: judge::in_plain_words(rule),
                binds: judge::types_in_words(rule, version),
                level: rule.level.word(),
                counts: counts.get(index, number, i),
            })
            .collect(),
        implements: implements(version),
        versions: versions::rows(policy, number, view.version.is_some(), as_of),
        findings: findings.rows(sources, version.file),
        pdf: None,
    }
}

/// Names that headings of the newest version had in versions before it.
fn old_names(sources: &SourceSet, policy: &Policy) -> Vec<(String, String)> {
    let readable = policy.versions.iter().filter(|v| !v.is_unread());
    let sides: Vec<Side<'_>> = readable.map(|v| Side { version: v, text: sources.file(v.file).text() }).collect();
    if sides.len() < 2 { Vec::new() } else { renamed_anchors(&sides) }
}

/// Where a link to a policy's file, or to a place of the public site, leads from the internal one.
fn link_to_policy(ledger: &Ledger, target: &str, up: &str) -> Option<String> {
    let (path, anchor) = target.split_once('#').map_or((target, None), |(p, a)| (p, Some(a)));
    let base = &ledger.configuration.base_url;
    let tail = anchor.map(|a| format!("#{a}")).unwrap_or_default();
    if let Some((_, page)) = path.split_once("content/").filter(|(before, _)| before.chars().all(|c| "./".contains(c)))
    {
        let page = page.strip_suffix(".md").unwrap_or(page);
        let page = page.strip_suffix("index").unwrap_or(page).trim_end_matches('/');
        return Some(format!("{base}{page}{}{tail}", if page.is_empty() { "" } else { "/" }));
    }
    let stem = path
        .trim_start_matches("./")
        .strip_suffix(".md")
        .or_else(|| path.strip_prefix("/policies/").map(|p| p.trim_end_matches('/')));
    let id = stem.and_then(|stem| stem.rsplit('/').next());
    let Some(id) = id.filter(|id| ledger.policy(id).is_some()) else {
        return target.strip_prefix('/').map(|place| format!("{base}{place}"));
    };
    Some(format!("{up}{id}/index.html{tail}"))
}

fn clause_of(
    version: &PolicyVersion,
    anchor: &str,
    policy: usize,
    number: usize,
    counts: &RuleCounts,
    what_if: Option<&Beside>,
) -> Option<Clause> {
    let rules: Vec<(usize, &crate::model::Rule)> =
        version.rules.iter().enumerate().filter(|(_, r)| r.clause.as_deref() == Some(anchor)).collect();
    if rules.is_empty() {
        return None;
    }
    let rule_quarter = |rule: usize| counts.running(policy, number, rule);
    Some(Clause {
        anchor: anchor.to_owned(),
        on: judge::types_together(&english(), &rules.iter().map(|(_, r)| *r).collect::<Vec<_>>(), version),
        rules: rules
            .into_iter()
            .map(|(i, rule)| {
                let counts = counts.get(policy, number, i);
                ClauseRule {
                    id: rule.id.to_string(),
                    says: judge::in_plain_words(rule),
                    tally: tally(counts),
                    quarter: rule_quarter(i),
                    mark: worst(counts),
                    what_if: what_if.and_then(|beside| beside.rules.get(rule.id.as_str())).cloned(),
                }
            })
            .collect(),
    })
}

fn tally(c: VerdictCounts) -> String {
    [(c.pass, "pass"), (c.fail, "fail"), (c.pending, "pending"), (c.unknown, "unknown"), (c.waived, "waived")]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("{n} {word}"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn worst(c: VerdictCounts) -> Mark {
    [
        (c.fail, Mark::Fail),
        (c.unknown, Mark::Unknown),
        (c.pending, Mark::Pending),
        (c.waived, Mark::Waived),
        (c.pass, Mark::Pass),
    ]
    .into_iter()
    .find(|(n, _)| *n > 0)
    .map_or(Mark::NotApplicable, |(_, mark)| mark)
}

fn facts(ledger: &Ledger, version: &PolicyVersion, judged: usize) -> Vec<Fact> {
    let review = version.review.as_ref();
    let approved =
        version.approved.as_ref().map(|a| format!("{}, {}", capital(&judge::role_words(a.by.as_str())), Day(a.at)));
    let zone = (version.calendar.zone_name != ledger.configuration.calendar.zone_name)
        .then(|| version.calendar.zone_name.to_string());
    let all = [
        ("Version", Some(version.version.clone())),
        ("In force since", version.effective.map(|d| Day(d).to_string())),
        ("Last reviewed", review.and_then(crate::model::PolicyReview::held).map(|d| Day(d).to_string())),
        ("Next review", review.and_then(crate::model::PolicyReview::next).map(|d| Day(d).to_string())),
        ("Owner", owner(version)),
        ("Approved", approved),
        ("Time zone", zone),
        ("Rules", Some(counted(version.rules.len(), "rule", "rules"))),
        ("Judged", Some(changes(judged))),
    ];
    all.into_iter().filter_map(|(label, value)| Some(Fact { label: label.into(), value: value? })).collect()
}

/// What a policy implements, as people write it.
fn implements(version: &PolicyVersion) -> Vec<String> {
    version
        .implements
        .iter()
        .map(|i| match i {
            Implements::Control { framework, control, .. } => format!("{} {control}", framework_name(framework)),
            Implements::Section { policy, section } => {
                section.as_ref().map_or_else(|| policy.to_string(), |s| format!("{policy}, section {s}"))
            }
        })
        .collect()
}

/// A framework by the name people know it under.
pub fn framework_name(id: &str) -> String {
    match id {
        "SOC2" => "SOC 2".to_owned(),
        "ISO27001" => "ISO 27001".to_owned(),
        "NIST800-53" => "NIST 800-53".to_owned(),
        "PCI-DSS" | "PCIDSS" => "PCI DSS".to_owned(),
        other => other.to_owned(),
    }
}
