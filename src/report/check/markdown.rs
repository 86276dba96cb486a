//! A summary in markdown for a pull request or a job: counts, what fails by policy and rule, what to do, and shortly what is
//! waived or waits.
//!
//! Hosts take 65,536 characters; what does not fit is counted and said. Texts of users are text: `escape` sees to it that
//! they are no markup, no link and call nobody by name.

pub(in crate::report) mod escape;
pub(in crate::report) mod page;

use jiff::Timestamp;

use super::spot::{self, percent_encoded};
use super::words::{counted, since_baseline, verdicts};
use super::{Finding, Format, Ground, Out, Outcome, RecordView};
use crate::diag::{Diagnostic, FromRule, Level, Place};
use crate::error::Result;
use crate::judge::Verdict;
use escape::inline;
use page::{Page, Section};

/// The format, and what it keeps.
#[derive(Debug, Default)]
pub struct Markdown {
    /// What links to files begin with: `https://host/project/blob/commit/`, or nothing.
    links: String,
    waiting: Vec<Waiting>,
}

/// A record that waits.
#[derive(Debug)]
pub struct Waiting {
    id: String,
    path: String,
    rules: usize,
    next: Option<Timestamp>,
}

impl Markdown {
    /// With this at the beginning of every link to a file.
    pub fn new(links: String) -> Self {
        Self { links, waiting: Vec::new() }
    }
}

impl Format for Markdown {
    type Piece = Option<Waiting>;

    fn piece(view: &RecordView<'_>) -> Option<Waiting> {
        let pending = view.judged.judgements.iter().filter(|j| j.verdict == Verdict::Pending);
        let next = pending.clone().filter_map(|j| j.due).min();
        let rules = pending.count();
        let path = view.ground.sources.file(view.record.file).path();
        let kept = || Waiting { id: view.record.name().to_owned(), path: path.to_owned(), rules, next };
        (view.shown && rules > 0).then(kept)
    }

    fn record(&mut self, piece: Option<Waiting>, _: &mut dyn Out) -> Result<()> {
        self.waiting.extend(piece);
        Ok(())
    }

    fn finish(&mut self, outcome: &Outcome<'_>, out: &mut dyn Out) -> Result<()> {
        let mut page = Page::new(self.head(outcome));
        let (mut open, mut waived, mut notes) = ([Vec::new(), Vec::new()], Vec::new(), Vec::new());
        for finding in outcome.new_findings() {
            let lifted = finding.diagnostic.rule.as_ref().is_some_and(|r| r.waiver.is_some());
            match finding.diagnostic.level {
                _ if lifted => waived.push(finding),
                Level::Error => open[0].push(finding),
                Level::Warning => open[1].push(finding),
                Level::Note => notes.push(finding),
            }
        }
        for (title, findings) in [("Must be mended", &open[0]), ("Should be looked at", &open[1])] {
            if !findings.is_empty() {
                page.heading(title);
                self.groups(outcome.ground, findings).into_iter().for_each(|section| page.section(section));
            }
        }
        let list = |findings: &[&Finding]| findings.iter().map(|f| self.item(outcome.ground, f)).collect();
        page.section(Section::folded(
            &counted(waived.len(), "finding is waived", "findings are waived"),
            list(&waived),
        ));
        page.section(Section::folded(&counted(notes.len(), "note", "notes"), list(&notes)));
        let waiting = self.waiting.iter().map(|w| self.waiting(outcome.ground, w)).collect();
        page.section(Section::folded(
            &counted(
                self.waiting.len(),
                "record waits for what is not due yet",
                "records wait for what is not due yet",
            ),
            waiting,
        ));
        out.put(&page.finish())
    }
}

impl Markdown {
    /// Counts of findings and records.
    fn head(&self, outcome: &Outcome<'_>) -> String {
        let (counts, ground) = (outcome.counts, outcome.ground);
        let calendar = &ground.ledger.configuration.calendar;
        let mut text = format!(
            "## Tickmark: {}, {}, {}\n\n",
            counted(counts.errors, "error", "errors"),
            counted(counts.warnings, "warning", "warnings"),
            counted(counts.notes, "note", "notes")
        );
        let verdicts: Vec<(Verdict, u32)> = verdicts(&outcome.tally).collect();
        let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        text +=
            &row(std::iter::once("records".to_owned()).chain(verdicts.iter().map(|(v, _)| v.word().into())).collect());
        text += &row(vec!["--:".to_owned(); verdicts.len() + 1]);
        let numbers = verdicts.iter().map(|(_, n)| n.to_string());
        text += &row(std::iter::once(outcome.tally.records.to_string()).chain(numbers).collect());
        let policies = counted(ground.ledger.policies.len(), "policy", "policies");
        let when = format!("{} ({})", calendar.show(ground.as_of), inline(&calendar.zone_name));
        text += &format!("\nJudged by {policies} as of {when}.");
        if let Some(changed) = &ground.asked.scope.changed {
            let files = counted(changed.len(), "file that changed", "files that changed");
            text += &format!(" Findings are those in {files}; records are all there are.");
        }
        let since = since_baseline(ground.asked, &counts);
        if !since.is_empty() {
            text += &format!(" {}.", since.trim_end());
        }
        text + "\n"
    }

    /// Findings by what they break: a rule of a policy, else a code.
    fn groups(&self, ground: Ground<'_>, findings: &[&Finding]) -> Vec<Section> {
        let mut sections: Vec<(&str, &str, Vec<&Finding>)> = Vec::new();
        let mut sorted = findings.to_vec();
        let key = |f: &Finding| f.diagnostic.rule.as_ref().map(|r| (r.policy.clone(), r.rule.clone()));
        // What documents get wrong comes first: records with mistakes are judged by half.
        sorted.sort_by_cached_key(|f| (key(f), f.diagnostic.rule.is_none().then_some(f.diagnostic.code.name)));
        for finding in sorted {
            let (policy, rule) = match finding.diagnostic.rule.as_deref() {
                Some(from) => (&*from.policy, &*from.rule),
                None => ("", finding.diagnostic.code.name),
            };
            match sections.last_mut().filter(|(p, r, _)| *p == policy && *r == rule) {
                Some((.., list)) => list.push(finding),
                None => sections.push((policy, rule, vec![finding])),
            }
        }
        sections.into_iter().map(|(_, _, list)| self.group(ground, &list)).collect()
    }

    fn group(&self, ground: Ground<'_>, findings: &[&Finding]) -> Section {
        let first = &findings[0].diagnostic;
        let head = match first.rule.as_deref() {
            Some(from) => {
                format!("**{}** of {}\n{}", code(&from.rule), code(&from.policy), self.promise(ground, from))
            }
            None => format!("**{}**: {}\n", code(first.code.name), inline(first.code.meaning)),
        };
        Section { head, items: findings.iter().map(|f| self.item(ground, f)).collect(), folded: false }
    }

    /// The clause a rule stands for, quoted, with its place.
    fn promise(&self, ground: Ground<'_>, from: &FromRule) -> String {
        let found = ground.ledger.policy(&from.policy).and_then(|policy| {
            let version = policy.versions.iter().find(|v| *v.version == *from.version)?;
            let clause = version.clause_of(version.rule(&from.rule)?)?;
            Some((clause.text.clone(), version.at(clause.span)))
        });
        let Some((words, at)) = found else { return String::new() };
        let (line, _) = ground.sources.position(at);
        let path = spot::path_of(ground, at);
        format!("> {} ({})\n", inline(&words), self.link(&format!("{path}:{line}"), &path, Some(line)))
    }

    /// A finding: where, what, what to do.
    fn item(&self, ground: Ground<'_>, finding: &Finding) -> String {
        let diagnostic = &finding.diagnostic;
        let mut text = format!("{}: {}", self.place(ground, diagnostic), inline(&diagnostic.headline));
        match diagnostic.rule.as_deref() {
            Some(FromRule { waiver: Some(waiver), rule, .. }) => {
                text += &format!("; {} is waived by {}: {}", code(rule), code(&waiver.id), inline(&waiver.reason));
            }
            _ if !diagnostic.help.is_empty() => text += &format!("<br>To do: {}", inline(&diagnostic.help)),
            _ => {}
        }
        text
    }

    /// The record or file of a finding, as a link to its line.
    fn place(&self, ground: Ground<'_>, diagnostic: &Diagnostic) -> String {
        let path = spot::path(ground, diagnostic);
        let line = match &diagnostic.place {
            Place::Text(at) => Some(ground.sources.position(*at).0),
            Place::Path(_) => None,
        };
        let record = diagnostic.rule.as_ref().and_then(|r| r.record.as_deref());
        let name = match (record, line) {
            (Some(record), _) => record.to_owned(),
            (None, Some(line)) => format!("{path}:{line}"),
            (None, None) => path.clone(),
        };
        self.link(&name, &path, line)
    }

    fn waiting(&self, ground: Ground<'_>, waiting: &Waiting) -> String {
        let calendar = &ground.ledger.configuration.calendar;
        let next = waiting.next.map_or_else(
            || "for an event".to_owned(),
            |at| format!("next by {} ({})", calendar.show(at), inline(&calendar.zone_name)),
        );
        let path = format!("{}{}", ground.asked.prefix, waiting.path);
        let rules = counted(waiting.rules, "rule", "rules");
        format!("{}: {rules}, {next}", self.link(&waiting.id, &path, None))
    }

    fn link(&self, name: &str, path: &str, line: Option<u32>) -> String {
        let line = line.map(|n| format!("#L{n}")).unwrap_or_default();
        format!("[{}]({}{}{line})", inline(name), self.links, percent_encoded(path))
    }
}

/// A word as code.
fn code(word: &str) -> String {
    format!("<code>{}</code>", inline(word))
}
