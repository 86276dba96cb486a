//! A rule explained: what it asks, the promise behind it, how it is written, and what it came to for every record.

use super::super::check::counted;
use super::super::terminal::{Results, Terminal, Tone};
use super::change::painted;
use crate::diag::Sink;
use crate::diag::human::seen as seen_in_terminal;
use crate::error::Result;
use crate::judge::{self, Judgement, Verdict};
use crate::model::{Ledger, Policy, PolicyVersion, Rule, Waiver};
use crate::pipeline::{Entry, Site};
use crate::source::{Location, SourceSet};
use crate::yaml::{self, Node};

/// A rule of a policy, by the policy's number in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) policy: u32,
    pub(super) rule: String,
}

/// What such a rule came to for one record.
pub(super) struct Seen {
    asked: Asked,
    version: u32,
    id: String,
    verdict: Verdict,
    waiver: Option<u32>,
    headline: String,
    place: String,
}

/// What the asked-for rules came to for this record.
pub(super) fn seen(sources: &SourceSet, ledger: &Ledger, entry: &Entry, asked: &[Asked]) -> Vec<Seen> {
    let (Some((policy, index)), Some(version)) = (entry.judged.policy, entry.judged.version(ledger)) else {
        return Vec::new();
    };
    let mut list = Vec::new();
    for judgement in &entry.judged.judgements {
        let id = &version.rules[judgement.rule as usize].id;
        let Some(one) = asked.iter().find(|a| a.policy == policy && a.rule == id.as_str()) else { continue };
        let why = judgement.why.as_deref();
        let record = &entry.record;
        let span = why.and_then(|w| w.at).or(record.id.span()).unwrap_or(record.span);
        let (line, column) = sources.position(Location { file: record.file, span });
        list.push(Seen {
            asked: one.clone(),
            version: index,
            id: record.name().to_owned(),
            verdict: judgement.verdict,
            waiver: judgement.waiver,
            headline: why.map_or_else(String::new, |w| w.headline.clone()),
            place: format!("{}:{line}:{column}", sources.file(record.file).path()),
        });
    }
    list
}

/// Explains a rule by the newest version that has it.
pub(super) fn explain(
    site: &Site<'_>,
    asked: &Asked,
    seen: &[Seen],
    terminal: &Terminal,
    out: &mut Results,
) -> Result<()> {
    let (sources, ledger) = (site.sources, &site.ledger);
    let policy = &ledger.policies[asked.policy as usize];
    let found = policy.versions.iter().enumerate().rev().find_map(|(i, v)| Some((i, v, v.rule(&asked.rule)?)));
    let Some((index, version, rule)) = found else { return Ok(()) };
    let name = terminal.paint(Tone::Strong, &format!("{}/{}", policy.id, rule.id));
    out.put(&format!("{name}  `{}` rule of {}, version {}\n", rule.check.key(), version.title, version.version))?;
    let (line, _) = sources.position(version.at(rule.span));
    let path = sources.file(version.file).path();
    out.put(&format!("{path}:{line}\n"))?;
    if index + 1 < policy.versions.len() {
        out.put(&format!("version {} has it no more\n", policy.newest().version))?;
    }
    out.put("\n")?;
    if let Some(clause) = version.clause_of(rule) {
        let (line, _) = sources.position(version.at(clause.span));
        out.put(&format!("promise: “{}” ({path}:{line})\n", clause.text))?;
    } else {
        out.put("promise: none; no clause of the text stands behind it\n")?;
    }
    out.put(&format!("asks: {}\n", judge::in_plain_words(rule)))?;
    if rule.check.is_of_policy() {
        out.put(&format!("level: {}; judged once, by all records together\n\n", rule.level.word()))?;
        out.put(&written(sources, version, rule))?;
        return if index + 1 == policy.versions.len() { once(site, policy, rule, terminal, out) } else { Ok(()) };
    }
    let types: Vec<String> = rule.types.iter().map(|t| format!("`{t}`")).collect();
    let types = if types.is_empty() { String::new() } else { format!(" ({})", types.join(", ")) };
    out.put(&format!("binds: {}{types}\n", judge::types_in_words(rule, version)))?;
    out.put(&format!("due: {}\n", judge::due_in_words(rule)))?;
    let weighs = match rule.level {
        crate::diag::Level::Error => "a record that breaks it fails, and `check` leaves with status 1",
        _ => "a record that breaks it passes all the same; it is listed",
    };
    out.put(&format!("level: {}; {weighs}\n\n", rule.level.word()))?;
    out.put(&written(sources, version, rule))?;
    waivers(ledger, asked, seen, terminal, out)?;
    records(policy.versions.len(), policy, asked, seen, terminal, out)
}

/// What a rule came to that is judged once.
fn once(site: &Site<'_>, policy: &Policy, rule: &Rule, terminal: &Terminal, out: &mut Results) -> Result<()> {
    let judged = judge::judge_policy(&site.ledger, policy, site.as_of);
    let of_it = |j: &&Judgement| policy.newest().rules[j.rule as usize].id == rule.id;
    let Some(judgement) = judged.iter().find(of_it) else { return Ok(()) };
    let Some(why) = judgement.why.as_deref() else { return Ok(()) };
    out.put(&format!("\n{}: {}\n", painted(terminal, judgement.verdict), why.headline))?;
    for step in &why.arithmetic {
        out.put(&format!("  {}\n", seen_in_terminal(step)))?;
    }
    if why.help.is_empty() { Ok(()) } else { out.put(&format!("help: {}\n", why.help)) }
}

/// The rule as it stands in the front matter, indented by four.
fn written(sources: &SourceSet, version: &PolicyVersion, rule: &Rule) -> String {
    let text = sources.file(version.file).text();
    let Some(front) = version.front else { return String::new() };
    let documents = yaml::parse(front.of(text), front.start as usize, version.file, &mut Sink::new());
    let rules = documents.first().and_then(|d| d.root.get("changes")?.get("rules")?.as_list());
    let holds = |node: &&Node<'_>| node.span.start <= rule.span.start && rule.span.start < node.span.end;
    let Some(node) = rules.and_then(|list| list.iter().find(holds)) else { return String::new() };
    let start = text[..node.span.start as usize].rfind('\n').map_or(0, |at| at + 1);
    let lines: Vec<&str> = text[start..node.span.end as usize].trim_end().lines().collect();
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let least = lines.iter().filter(|l| !l.trim().is_empty()).map(indent).min().unwrap_or(0);
    lines.iter().map(|line| format!("    {}\n", line.get(least..).unwrap_or_default())).collect()
}

fn waivers(ledger: &Ledger, asked: &Asked, seen: &[Seen], terminal: &Terminal, out: &mut Results) -> Result<()> {
    let policy = ledger.policies[asked.policy as usize].id.as_str();
    let on = |w: &&Waiver| judge::names_rule(ledger, w, policy, &asked.rule);
    let list: Vec<(usize, &Waiver)> = ledger.waivers.iter().enumerate().filter(|(_, w)| on(w)).collect();
    if list.is_empty() {
        return Ok(());
    }
    out.put(&format!("\n{}\n", terminal.paint(Tone::Strong, "waivers on it")))?;
    for (index, waiver) in list {
        let lifted: Vec<&str> = seen
            .iter()
            .filter(|s| s.asked == *asked && s.waiver == Some(index as u32))
            .map(|s| s.id.as_str())
            .collect();
        let lifts = if lifted.is_empty() { "nothing".to_owned() } else { lifted.join(", ") };
        let until = waiver.expires.get().map(|day| format!(", until {day}")).unwrap_or_default();
        let by = waiver.approved_by.get().map_or("nobody", |p| p.as_str());
        out.put(&format!("  {}: approved by `{by}`{until}; lifts {lifts}\n", waiver.name()))?;
    }
    Ok(())
}

/// How many records keep it, and every one that does not.
fn records(
    versions: usize,
    policy: &crate::model::Policy,
    asked: &Asked,
    seen: &[Seen],
    terminal: &Terminal,
    out: &mut Results,
) -> Result<()> {
    let of: Vec<&Seen> = seen.iter().filter(|s| s.asked == *asked).collect();
    let heading = format!("records it binds: {}", of.len());
    out.put(&format!("\n{}\n", terminal.paint(Tone::Strong, &heading)))?;
    let counts: Vec<String> = Verdict::ALL
        .into_iter()
        .filter_map(|verdict| {
            let n = of.iter().filter(|s| s.verdict == verdict).count();
            (n > 0).then(|| format!("{n} {}", painted(terminal, verdict)))
        })
        .collect();
    if counts.is_empty() {
        return out.put("  none in this site, so that nothing shows yet whether it is kept\n");
    }
    out.put(&format!("  {}\n", counts.join(", ")))?;
    for verdict in [Verdict::Fail, Verdict::Unknown, Verdict::Pending, Verdict::Waived] {
        for one in of.iter().filter(|s| s.verdict == verdict) {
            let by = if versions > 1 {
                format!(" (version {})", policy.versions[one.version as usize].version)
            } else {
                String::new()
            };
            out.put(&format!("  {} {}: {}{by}\n", painted(terminal, verdict), one.id, one.headline))?;
            out.put(&format!("      {}\n", one.place))?;
        }
    }
    let failing = of.iter().filter(|s| s.verdict == Verdict::Fail).count();
    if failing > 0 {
        let whose = counted(failing, "record fails", "records fail");
        out.put(&format!("{whose} it: `tickmark explain CHANGE` says what would satisfy it\n"))?;
    }
    Ok(())
}
