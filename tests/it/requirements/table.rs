//! The tables of tests/requirements as they are written down: rows, their cases, and the records the cases start from.
//!
//! tests/requirements/README.md says how a row is written. Nothing is judged here.

use std::collections::BTreeMap;

use tickmark::judge::Verdict;

/// A policy's requirements.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) rows: Vec<Row>,
    /// Per change type, the record that keeps everything.
    pub(super) records: BTreeMap<String, String>,
    /// Lines that could not be read.
    pub(super) faults: Vec<String>,
}

/// One requirement, or a few that stand together.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) names: Vec<String>,
    pub(super) line: usize,
    /// What it asks, in words.
    pub(super) text: String,
    /// What shows whether it is kept: some of R G C T X D M.
    pub(super) evidence: String,
    pub(super) rules: Vec<String>,
    pub(super) cases: Vec<Case>,
    /// Other tests that hold it.
    pub(super) elsewhere: Vec<String>,
    /// Why nothing can break it.
    pub(super) permits: bool,
    /// What of it only history or a deployment log can say.
    pub(super) later: bool,
}

/// A record or text that keeps or breaks a requirement.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) line: usize,
    pub(super) keeps: bool,
    pub(super) on: On,
    pub(super) edits: Vec<Edit>,
    pub(super) decided: Decided,
}

/// What a case changes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum On {
    /// The record of this type.
    Record(String),
    /// The policy's text.
    Text,
}

/// A change to a record or a text.
#[derive(Debug)]
pub(super) enum Edit {
    Set(String, String),
    Add(String, String),
    Without(String),
    Replace(String, String),
}

/// What a case comes to.
#[derive(Debug)]
pub(super) enum Decided {
    /// A rule's verdict (none: the rule is not judged), with its code, and the rules that come along.
    Rule { rule: String, verdict: Option<Verdict>, code: Option<String>, also: Vec<String> },
    /// Findings with these codes; where the case keeps the requirement, none.
    Codes(Vec<String>),
}

/// The code spans of a text, and the text around them.
fn spans(text: &str) -> (Vec<String>, String) {
    let (mut code, mut plain) = (Vec::new(), String::new());
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 1 { code.push(part.to_owned()) } else { plain.push_str(part) }
    }
    (code, plain)
}

impl Table {
    pub(super) fn parse(text: &str) -> Self {
        let mut table = Self::default();
        let mut lines = text.lines().enumerate().peekable();
        while let Some((index, line)) = lines.next() {
            let number = index + 1;
            if let Some(name) = line.strip_prefix("```yaml ") {
                let body: Vec<&str> =
                    lines.by_ref().map(|(_, line)| line).take_while(|line| !line.starts_with("```")).collect();
                table.records.insert(name.to_owned(), body.join("\n") + "\n");
            } else if let Some(heading) = line.strip_prefix("### ") {
                table.rows.push(Row { names: spans(heading).0, line: number, ..Row::default() });
            } else if let Some(row) = table.rows.last_mut() {
                let mut whole = line.to_owned();
                while line.starts_with("- ")
                    && let Some((_, more)) = lines.next_if(|(_, next)| next.starts_with("  "))
                {
                    whole = format!("{whole} {}", more.trim());
                }
                if let Err(why) = row.read(&whole, number) {
                    table.faults.push(format!("line {number}: {why}"));
                }
            }
        }
        table
    }
}

impl Row {
    fn read(&mut self, line: &str, number: usize) -> Result<(), String> {
        let Some(item) = line.strip_prefix("- ") else {
            if !line.is_empty() {
                self.text.push_str(line);
                self.text.push(' ');
            }
            if let Some((_, evidence)) = line.rsplit_once("*(") {
                evidence.trim_end_matches(")*").clone_into(&mut self.evidence);
            }
            return Ok(());
        };
        let (word, rest) = item.split_once(": ").ok_or_else(|| format!("cannot be read: {item}"))?;
        match word {
            "rule" | "rules" => self.rules = spans(rest).0,
            "elsewhere" => self.elsewhere.extend(spans(rest).0.into_iter().take(1)),
            "permits" => self.permits = true,
            "later" => self.later = true,
            _ => {
                let case = Case::parse(word, rest, number).ok_or_else(|| format!("cannot be read: {item}"))?;
                self.cases.push(case);
            }
        }
        Ok(())
    }

    /// What the row itself lacks.
    pub(super) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let name = self.names.first().map_or("a row", String::as_str);
        let mut lacks = |what: &str| faults.push(format!("line {}: `{name}` {what}", self.line));
        if self.text.len() < 20 {
            lacks("does not say what it asks");
        }
        let known = |c: char| "RGCTXDM".contains(c) || " +,".contains(c);
        if self.evidence.is_empty() || !self.evidence.chars().all(known) {
            lacks("says no evidence");
        }
        let decided = !self.rules.is_empty() || self.cases.iter().any(|c| c.on == On::Text);
        if !decided && !self.later && !self.permits && self.elsewhere.is_empty() {
            lacks("is decided by nothing");
        }
        if decided && !self.permits && self.cases.iter().all(|c| c.keeps) {
            lacks("has no case that breaks it");
        }
        if (decided || self.permits) && !self.cases.iter().any(|c| c.keeps) {
            lacks("has no case that keeps it");
        }
        for case in &self.cases {
            if let Decided::Rule { rule, .. } = &case.decided
                && !self.rules.contains(rule)
                && !self.permits
            {
                lacks(&format!("has a case of the rule `{rule}`, which it does not name"));
            }
        }
        faults
    }
}

impl Case {
    fn parse(word: &str, rest: &str, line: usize) -> Option<Self> {
        let (verb, on) = word.split_once(' ')?;
        let keeps = match verb {
            "keeps" => true,
            "breaks" => false,
            _ => return None,
        };
        let on = if on == "the text" { On::Text } else { On::Record(on.to_owned()) };
        let (edits, outcome) = rest.split_once(" → ")?;
        let edits = spans(edits).0.iter().map(|span| edit(span)).collect::<Option<Vec<_>>>()?;
        Some(Self { line, keeps, on, edits, decided: decided(outcome)? })
    }
}

fn edit(span: &str) -> Option<Edit> {
    if let Some(path) = span.strip_prefix("without ") {
        return Some(Edit::Without(path.to_owned()));
    }
    if let Some((old, new)) = span.split_once(" ⇒ ") {
        return Some(Edit::Replace(old.replace("\\n", "\n"), new.replace("\\n", "\n")));
    }
    if let Some((path, value)) = span.split_once(" += ") {
        return Some(Edit::Add(path.to_owned(), value.to_owned()));
    }
    span.split_once(" = ").map(|(path, value)| Edit::Set(path.to_owned(), value.to_owned()))
}

fn decided(outcome: &str) -> Option<Decided> {
    let (code, plain) = spans(outcome);
    let (codes, mut rules): (Vec<String>, Vec<String>) = code.into_iter().partition(|c| c.contains('/'));
    if rules.is_empty() {
        return (!codes.is_empty()).then_some(Decided::Codes(codes));
    }
    let verdict = [
        ("is not judged", None),
        ("does not apply", Some(Verdict::NotApplicable)),
        ("is unknown", Some(Verdict::Unknown)),
        ("waits", Some(Verdict::Pending)),
        ("fails", Some(Verdict::Fail)),
        ("passes", Some(Verdict::Pass)),
    ];
    let (_, verdict) = verdict.into_iter().find(|(words, _)| plain.contains(words))?;
    let rule = rules.remove(0);
    Some(Decided::Rule { rule, verdict, code: codes.into_iter().next(), also: rules })
}
