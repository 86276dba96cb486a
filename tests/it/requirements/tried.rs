//! Cases tried: a record or a policy's text edited as a case says, judged in a small site.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use tickmark::diag::Diagnostic;
use tickmark::judge::Verdict;
use tickmark::pipeline::AsOf;
use tickmark::source::{SourceFile, SourceSet};

use super::table::{Case, Decided, Edit, On, Table};
use crate::judge::tree::{self, Step, Tree};
use crate::support::{self, RecordRun};

const SITE: &str = include_str!("../../requirements/tickmark.yaml");
const PEOPLE: &str = include_str!("../../requirements/people.yaml");
const AS_OF: AsOf = AsOf::EndOf(date(2026, 11, 21));

/// A policy, and the records its cases start from.
pub(super) struct Bench<'t> {
    name: &'t str,
    policy: &'t str,
    table: &'t Table,
    bases: BTreeMap<&'t str, Seen>,
}

/// What a site of one policy and one record came to.
struct Seen {
    record: Option<RecordRun>,
    findings: Vec<Diagnostic>,
}

impl Seen {
    fn broken(&self) -> BTreeSet<&str> {
        let broken = |v: Verdict| matches!(v, Verdict::Fail | Verdict::Unknown | Verdict::Waived);
        let rules = self.record.iter().flat_map(|r| &r.rules);
        rules.filter(|r| broken(r.verdict)).map(|r| r.rule.as_str()).collect()
    }
}

impl<'t> Bench<'t> {
    pub(super) fn new(name: &'t str, policy: &'t str, table: &'t Table) -> Self {
        let mut bench = Self { name, policy, table, bases: BTreeMap::new() };
        for (change_type, text) in &table.records {
            bench.bases.insert(change_type, bench.see(policy, text));
        }
        bench
    }

    fn see(&self, policy: &str, record: &str) -> Seen {
        let file = |path: &str, text: &str| SourceFile::from_text(path, text);
        let sources = SourceSet::new(vec![
            file("tickmark.yaml", &SITE.replace("POLICY", self.name)),
            file("people.yaml", PEOPLE),
            file(&format!("policies/{}.md", self.name), policy),
            file("changes/case.yaml", record),
        ]);
        match support::run(&sources, AS_OF, &[]) {
            Ok(mut run) => Seen { record: run.records.pop(), findings: run.findings },
            Err(findings) => Seen { record: None, findings },
        }
    }

    /// What is wrong with the records the cases start from: each keeps everything.
    pub(super) fn bases(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (change_type, seen) in &self.bases {
            let Some(record) = &seen.record else {
                faults.push(format!("the record `{change_type}` cannot be judged"));
                continue;
            };
            for rule in &record.rules {
                if !matches!(rule.verdict, Verdict::Pass | Verdict::NotApplicable) {
                    let (word, why) = (verdict(rule.verdict), &rule.headline);
                    faults.push(format!(
                        "the record `{change_type}` keeps not everything: `{}` {word}: {why}",
                        rule.rule
                    ));
                }
            }
            let findings = seen.findings.iter().map(|f| format!("`{change_type}` has {}: {}", f.code.name, f.headline));
            faults.extend(findings);
        }
        faults
    }

    /// The rules of the policy.
    pub(super) fn rules(&self) -> Vec<String> {
        let judged = self.bases.values().filter_map(|s| s.record.as_ref()).flat_map(|r| &r.rules);
        judged.map(|r| r.rule.clone()).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The rules that one of the records passes as it stands.
    pub(super) fn passed(&self) -> BTreeSet<String> {
        let judged = self.bases.values().filter_map(|s| s.record.as_ref()).flat_map(|r| &r.rules);
        judged.filter(|r| r.verdict == Verdict::Pass).map(|r| r.rule.clone()).collect()
    }

    /// Tries a case.
    pub(super) fn try_case(&self, case: &Case) -> Result<(), String> {
        let seen = match &case.on {
            On::Text => {
                let policy = case.edits.iter().try_fold(self.policy.to_owned(), |text, edit| replaced(&text, edit))?;
                let record = self.table.records.values().next().ok_or("the table has no record")?;
                self.see(&policy, record)
            }
            On::Record(change_type) => {
                let base =
                    self.table.records.get(change_type).ok_or_else(|| format!("there is no record `{change_type}`"))?;
                let tree = tree::parse(base).into_iter().next().ok_or("the record is empty")?;
                let edited = case.edits.iter().try_fold(tree, |tree, edit| edited(&tree, edit))?;
                self.see(self.policy, &edited.write())
            }
        };
        match &case.decided {
            Decided::Codes(codes) => codes.iter().try_for_each(|code| found(&seen, code, case.keeps)),
            Decided::Rule { rule, verdict, code, also } => {
                let came = judged(&seen, rule, *verdict, code.as_deref())?;
                if case.keeps { whole(&seen) } else { alone(&seen, rule, also, came) }
            }
        }
    }
}

/// A finding with a code is there, or is not.
fn found(seen: &Seen, code: &str, absent: bool) -> Result<(), String> {
    let has = seen.findings.iter().any(|f| f.code.name == code);
    match (has, absent) {
        (true, true) => Err(format!("`{code}` is found")),
        (false, false) => {
            let all: Vec<&str> = seen.findings.iter().map(|f| f.code.name).collect();
            Err(format!("`{code}` is not found, only {all:?}"))
        }
        _ => Ok(()),
    }
}

/// The rule came to the verdict, with the code; says whether the rule was judged at all.
fn judged(seen: &Seen, rule: &str, want: Option<Verdict>, code: Option<&str>) -> Result<bool, String> {
    let record = seen.record.as_ref().ok_or("the site has no record")?;
    let document = |code: &str| seen.findings.iter().any(|f| f.code.name == code);
    let Some(run) = record.rules.iter().find(|r| r.rule == rule) else {
        return match (want, code) {
            (None, Some(code)) if record.verdict == Verdict::Unknown && document(code) => Ok(false),
            _ => Err(format!("`{rule}` is not judged, and the record comes to `{}`", record.verdict.word())),
        };
    };
    if want != Some(run.verdict) {
        return Err(format!("`{rule}` came to `{}`: {}", run.verdict.word(), run.headline));
    }
    let own = run.finding.as_ref().map(|f| f.code.name);
    match code {
        Some(code) if own != Some(code) && !document(code) => {
            Err(format!("`{rule}` came with `{}`, not `{code}`: {}", own.unwrap_or("nothing"), run.headline))
        }
        _ => Ok(true),
    }
}

/// Nothing else is broken.
fn whole(seen: &Seen) -> Result<(), String> {
    let broken = seen.broken();
    if broken.is_empty() { Ok(()) } else { Err(format!("also {}", list(&broken))) }
}

/// Exactly the rule and those that were said to come along are broken.
fn alone(seen: &Seen, rule: &str, also: &[String], judged: bool) -> Result<(), String> {
    let mut want: BTreeSet<&str> = also.iter().map(String::as_str).collect();
    if judged {
        want.insert(rule);
    }
    let broken = seen.broken();
    let (more, less): (BTreeSet<&str>, BTreeSet<&str>) = (&broken - &want, &want - &broken);
    match (more.is_empty(), less.is_empty()) {
        (true, true) => Ok(()),
        (false, _) => Err(format!("also {}", list(&more))),
        _ => Err(format!("not {}", list(&less))),
    }
}

fn list(words: &BTreeSet<&str>) -> String {
    words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ")
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fail => "fails",
        Verdict::Unknown => "is unknown",
        _ => "waits",
    }
}

fn replaced(text: &str, edit: &Edit) -> Result<String, String> {
    let Edit::Replace(old, new) = edit else { return Err("a text is edited by `OLD ⇒ NEW`".to_owned()) };
    match text.matches(old.as_str()).count() {
        1 => Ok(text.replace(old.as_str(), new)),
        n => Err(format!("the text has `{old}` {n} times")),
    }
}

/// A path of a record: keys with dots between them; `[WORD]` is the item of a list that says the word, `[2]` the second.
fn path(tree: &Tree, written: &str, new: bool) -> Result<Vec<Step>, String> {
    let nothing = || format!("there is nothing at `{written}`");
    let mut steps: Vec<Step> = Vec::new();
    let mut at = Some(tree);
    let parts = parts(written);
    for (index, part) in parts.iter().enumerate() {
        let here = at.ok_or_else(nothing)?;
        let last = index + 1 == parts.len();
        let step = match part.strip_suffix(']') {
            Some(word) => Step::Item(item(here, word).ok_or_else(nothing)?),
            None if matches!(here, Tree::Map(_)) && (here.get(part).is_some() || (last && new)) => {
                Step::Key((*part).to_owned())
            }
            None => return Err(nothing()),
        };
        at = match &step {
            Step::Key(key) => here.get(key),
            step @ Step::Item(_) => Some(here.step(step)),
        };
        steps.push(step);
    }
    Ok(steps)
}

/// The parts of a path; dots within brackets belong to the word there.
fn parts(written: &str) -> Vec<&str> {
    let (mut parts, mut rest) = (Vec::new(), written);
    while !rest.is_empty() {
        let end = match rest.strip_prefix('[') {
            Some(inner) => inner.find(']').map_or(rest.len(), |n| n + 2),
            None => rest.find(['.', '[']).unwrap_or(rest.len()),
        };
        parts.push(rest[..end].trim_start_matches('['));
        rest = rest[end..].strip_prefix('.').unwrap_or(&rest[end..]);
    }
    parts
}

fn item(list: &Tree, word: &str) -> Option<usize> {
    if let Ok(number) = word.parse::<usize>() {
        return (number >= 1 && number <= list.items().count()).then(|| number - 1);
    }
    let says = |entry: &Tree| match entry {
        Tree::Map(fields) => fields.iter().any(|(_, value)| matches!(value, Tree::Text(t) if t == word)),
        Tree::Text(text) => text == word,
        _ => false,
    };
    list.items().position(says)
}

fn value(text: &str) -> Result<Tree, String> {
    tree::parse(text).into_iter().next().ok_or_else(|| format!("`{text}` is no value"))
}

fn edited(tree: &Tree, edit: &Edit) -> Result<Tree, String> {
    match edit {
        Edit::Without(at) => Ok(tree.without(&path(tree, at, false)?)),
        Edit::Set(at, to) => Ok(tree.with(&path(tree, at, true)?, value(to)?)),
        Edit::Add(at, more) => {
            let steps = path(tree, at, true)?;
            let mut items: Vec<Tree> = tree.get(at).map_or_else(Vec::new, |list| list.items().cloned().collect());
            items.push(value(more)?);
            Ok(tree.with(&steps, Tree::List(items)))
        }
        Edit::Replace(..) => Err("a record is edited by `PATH = VALUE`, `PATH += ITEM` or `without PATH`".to_owned()),
    }
}
