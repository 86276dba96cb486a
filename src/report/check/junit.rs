//! JUnit's XML: a suite per policy with a case per record and rule, and a suite of what documents get wrong.
//!
//! What makes `check` fail is a failure. All else that does not simply hold (warnings, pending, waived, not applicable,
//! known from a baseline) is skipped with its reason: JUnit has no word for it, and a report that is red where the exit
//! status is 0 would be believed by nobody. Cases that hold are kept as a few numbers until the end, 24 bytes each, because
//! a suite says first how many cases it has; 100,000 records with 14 rules each are some 35 MB.

use jiff::Timestamp;

use super::words::{check_name, details};
use super::{Finding, Format, Ground, Out, Outcome, RecordView, spot};
use crate::diag::human::seen;
use crate::diag::{Diagnostic, Place};
use crate::error::Result;
use crate::judge::Verdict;

/// The format, and what it keeps.
#[derive(Debug, Default)]
pub struct Junit {
    records: Vec<(Box<str>, Box<str>)>,
    /// By policy.
    held: Vec<Vec<Held>>,
}

/// A rule and a record without a finding.
#[derive(Clone, Copy, Debug)]
struct Held {
    record: u32,
    version: u16,
    rule: u16,
    verdict: Verdict,
    /// When it falls due, in seconds; nothing known is the smallest number.
    due: i64,
}

/// A record that is shown: its id, its path, its policy's number, and what its rules come to without finding anything.
pub struct Kept {
    id: Box<str>,
    path: Box<str>,
    policy: u32,
    held: Vec<Held>,
}

impl Format for Junit {
    type Piece = Option<Kept>;

    fn piece(view: &RecordView<'_>) -> Option<Kept> {
        let (policy, version) = view.judged.policy.filter(|_| view.shown)?;
        let rules = view.judged.judgements.iter().filter(|j| j.code.is_none());
        let held = rules.map(|j| Held {
            record: 0,
            version: version as u16,
            rule: j.rule,
            verdict: j.verdict,
            due: j.due.map_or(i64::MIN, Timestamp::as_second),
        });
        let path = view.ground.sources.file(view.record.file).path();
        Some(Kept { id: view.record.name().into(), path: path.into(), policy, held: held.collect() })
    }

    fn record(&mut self, piece: Option<Kept>, _: &mut dyn Out) -> Result<()> {
        let Some(kept) = piece else { return Ok(()) };
        let (record, policy) = (self.records.len() as u32, kept.policy as usize);
        if self.held.len() <= policy {
            self.held.resize_with(policy + 1, Vec::new);
        }
        self.held[policy].extend(kept.held.into_iter().map(|held| Held { record, ..held }));
        self.records.push((kept.id, kept.path));
        Ok(())
    }

    fn finish(&mut self, outcome: &Outcome<'_>, out: &mut dyn Out) -> Result<()> {
        let suites = self.suites(outcome);
        let all = suites.iter().fold(Totals::default(), |all, suite| all.and(suite.totals));
        out.put("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")?;
        out.put(&format!("<testsuites name=\"tickmark\"{}>\n", all.attributes()))?;
        for suite in &suites {
            let (name, totals) = (escaped(suite.name), suite.totals.attributes());
            out.put(&format!("  <testsuite name=\"{name}\"{totals}>\n"))?;
            for finding in &suite.findings {
                out.put(&case_of_finding(outcome.ground, finding))?;
            }
            for held in suite.held {
                out.put(&self.case(outcome.ground, suite.number, *held))?;
            }
            out.put("  </testsuite>\n")?;
        }
        out.put("</testsuites>\n")
    }
}

/// A suite on its way out.
struct Suite<'s> {
    name: &'s str,
    number: usize,
    findings: Vec<&'s Finding>,
    held: &'s [Held],
    totals: Totals,
}

/// How many cases there are.
#[derive(Clone, Copy, Default)]
struct Totals {
    tests: usize,
    failures: usize,
    skipped: usize,
}

impl Totals {
    fn and(self, other: Self) -> Self {
        Self {
            tests: self.tests + other.tests,
            failures: self.failures + other.failures,
            skipped: self.skipped + other.skipped,
        }
    }

    fn attributes(self) -> String {
        let Self { tests, failures, skipped } = self;
        format!(" tests=\"{tests}\" skipped=\"{skipped}\" errors=\"0\" failures=\"{failures}\"")
    }
}

/// The suite of what documents get wrong.
const DOCUMENTS: &str = "documents";

impl Junit {
    fn suites<'s>(&'s self, outcome: &Outcome<'s>) -> Vec<Suite<'s>> {
        let policies = outcome.ground.ledger.policies.iter().enumerate();
        let mut suites: Vec<Suite<'s>> = policies
            .map(|(number, policy)| {
                let is_of_it =
                    |f: &&Finding| f.diagnostic.rule.as_ref().is_some_and(|r| *r.policy == *policy.id.as_str());
                let findings = outcome.findings.iter().filter(is_of_it).collect();
                suite(policy.id.as_str(), number, findings, self.held.get(number).map_or(&[], Vec::as_slice))
            })
            .collect();
        let others = outcome.findings.iter().filter(|f| f.diagnostic.rule.is_none()).collect();
        suites.push(suite(DOCUMENTS, suites.len(), others, &[]));
        suites.retain(|s| s.totals.tests > 0);
        suites
    }

    /// A case without a finding.
    fn case(&self, ground: Ground<'_>, policy: usize, held: Held) -> String {
        let version = &ground.ledger.policies[policy].versions[held.version as usize];
        let rule = &version.rules[held.rule as usize].id;
        let (id, path) = &self.records[held.record as usize];
        let head = head(&format!("{id}: {rule}"), version.id.as_str(), &format!("{}{path}", ground.asked.prefix));
        let why = match held.verdict {
            Verdict::Pass => return format!("{head}/>\n"),
            Verdict::Pending => match Timestamp::from_second(held.due) {
                Ok(due) if held.due != i64::MIN => {
                    let calendar = &version.calendar;
                    format!("pending: due by {} ({})", calendar.show(due), calendar.zone_name)
                }
                _ => "pending: waits for an event".to_owned(),
            },
            other => other.word().to_owned(),
        };
        format!("{head}><skipped message=\"{}\"/></testcase>\n", escaped(&why))
    }
}

fn suite<'s>(name: &'s str, number: usize, findings: Vec<&'s Finding>, held: &'s [Held]) -> Suite<'s> {
    let failures = findings.iter().filter(|f| f.fails()).count();
    let skipped = findings.len() - failures + held.iter().filter(|h| h.verdict != Verdict::Pass).count();
    let totals = Totals { tests: findings.len() + held.len(), failures, skipped };
    Suite { name, number, findings, held, totals }
}

/// The beginning of a case, up to its last attribute.
fn head(name: &str, class: &str, path: &str) -> String {
    let [name, class, path] = [name, class, path].map(escaped);
    format!("    <testcase name=\"{name}\" classname=\"{class}\" file=\"{path}\"")
}

fn case_of_finding(ground: Ground<'_>, finding: &Finding) -> String {
    let diagnostic = &finding.diagnostic;
    let path = spot::path(ground, diagnostic);
    let (name, class) = match diagnostic.rule.as_deref() {
        Some(rule) => (format!("{}: {}", rule.record.as_deref().unwrap_or("(no id)"), rule.rule), &*rule.policy),
        None => (format!("{}: {}", place(ground, diagnostic, &path), diagnostic.code.name), DOCUMENTS),
    };
    let head = head(&name, class, &path);
    let (level, headline) = (diagnostic.level.word(), seen(&diagnostic.headline));
    let said = format!("{level}[{}] {headline}", diagnostic.code.name);
    if !finding.fails() {
        let why = match diagnostic.rule.as_deref() {
            _ if finding.known => format!("known from the baseline: {said}"),
            Some(rule) if rule.verdict != "fail" => format!("{}: {said}", rule.verdict),
            _ => said,
        };
        return format!("{head}><skipped message=\"{}\"/></testcase>\n", escaped(&why));
    }
    let mut text = format!("{}: {said}", place(ground, diagnostic, &path));
    for line in details(ground, finding) {
        text += "\n";
        text += &line;
    }
    let (message, kind) = (escaped(&headline), escaped(&check_name(diagnostic)));
    let text = escaped(&text);
    format!("{head}><failure message=\"{message}\" type=\"{kind}\">{text}</failure></testcase>\n")
}

/// `path:line:column`.
fn place(ground: Ground<'_>, diagnostic: &Diagnostic, path: &str) -> String {
    match &diagnostic.place {
        Place::Path(_) => path.to_owned(),
        Place::Text(at) => {
            let (line, column) = ground.sources.position(*at);
            format!("{path}:{line}:{column}")
        }
    }
}

/// A text as the content of an element or an attribute; what XML does not allow at all is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\n' | '\t' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_no_markup_and_what_xml_forbids_is_gone() {
        assert_eq!(escaped("]]> <a b='\"&\u{1b}\u{ffff}\u{1f600}"), "]]&gt; &lt;a b=&apos;&quot;&amp;\u{1f600}");
    }
}
