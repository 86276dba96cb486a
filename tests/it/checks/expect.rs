//! What a case states: findings on the lines they are about, verdicts at the top of the record.

use std::fmt;

use jiff::Timestamp;
use tickmark::judge::Verdict;
use tickmark::model::parse_time;

/// A finding that a comment announces: `# LEVEL[CODE] RULE: FRAGMENT`.
#[derive(Clone, Debug)]
pub(super) struct Inline {
    pub(super) path: &'static str,
    /// Line of the text, from 1.
    pub(super) line: u32,
    /// Line of the page.
    pub(super) page_line: i64,
    pub(super) level: String,
    pub(super) code: String,
    pub(super) rule: Option<String>,
    pub(super) fragment: String,
}

impl fmt::Display for Inline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rule = self.rule.as_ref().map(|r| format!(" {r}")).unwrap_or_default();
        write!(f, "# {}[{}]{rule}: {}", self.level, self.code, self.fragment)
    }
}

impl Inline {
    /// All that the comments of a text announce. `# ^ …` on a line of its own is about the line above.
    pub(super) fn of(path: &'static str, shift: i64, text: &str, faults: &mut Vec<String>) -> Vec<Self> {
        let mut list = Vec::new();
        let mut about = 0;
        for (index, line) in text.lines().enumerate() {
            let own = line.trim_start().starts_with("# ^ ");
            if !own {
                about = index as u32 + 1;
            }
            let parts = line.split("# ").skip(1).map(|p| p.trim_start_matches("^ "));
            for part in parts.filter(|p| ["error[", "warning[", "note["].iter().any(|l| p.starts_with(l))) {
                let page_line = i64::from(index as u32) + 1 + shift;
                match Self::parse(part) {
                    Some((level, code, rule, fragment)) => {
                        list.push(Self { path, line: about, page_line, level, code, rule, fragment });
                    }
                    None => faults.push(format!("line {page_line}: cannot be read: {part}")),
                }
            }
        }
        list
    }

    fn parse(part: &str) -> Option<(String, String, Option<String>, String)> {
        let (level, rest) = part.split_once('[')?;
        let (code, rest) = rest.split_once(']')?;
        let (rule, fragment) = match rest.split_once(':') {
            Some((rule, fragment)) => (rule.trim(), fragment.trim()),
            None => (rest.trim(), ""),
        };
        let rule = (!rule.is_empty()).then(|| rule.to_owned());
        Some((level.to_owned(), code.to_owned(), rule, fragment.to_owned()))
    }
}

/// A verdict that the top of a record states.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) name: String,
    pub(super) verdict: Verdict,
    pub(super) due: Option<Timestamp>,
}

/// What the comments at the top of a record state.
#[derive(Clone, Debug, Default)]
pub(super) struct Stated {
    pub(super) as_of: Option<Timestamp>,
    /// The record's own verdict.
    pub(super) verdict: Option<Verdict>,
    pub(super) rules: Vec<Rule>,
}

impl Stated {
    pub(super) fn is_empty(&self) -> bool {
        self.verdict.is_none() && self.rules.is_empty()
    }

    /// `# pass: RULE, RULE`, `# pending: RULE due TIME`, `# verdict: fail`, `# as of: TIME`.
    pub(super) fn of(text: &str, faults: &mut Vec<String>) -> Self {
        let mut stated = Self::default();
        for line in text.lines().take_while(|l| l.starts_with('#')) {
            let Some((word, rest)) = line.trim_start_matches(['#', ' ']).split_once(": ") else { continue };
            let rest = rest.trim();
            match word {
                "as of" => stated.as_of = time(rest, faults),
                "verdict" => stated.verdict = verdict(rest),
                _ => {
                    let Some(verdict) = verdict(word) else { continue };
                    for item in rest.split(", ") {
                        let (name, due) = item.split_once(" due ").map_or((item, None), |(n, d)| (n, Some(d)));
                        let due = due.and_then(|d| time(d, faults));
                        stated.rules.push(Rule { name: name.trim().to_owned(), verdict, due });
                    }
                }
            }
        }
        stated
    }
}

fn time(text: &str, faults: &mut Vec<String>) -> Option<Timestamp> {
    let time = parse_time(text).ok();
    if time.is_none() {
        faults.push(format!("`{text}` is no time"));
    }
    time
}

fn verdict(word: &str) -> Option<Verdict> {
    Verdict::ALL.into_iter().find(|v| v.word() == word)
}

/// Whether a block is taken as it stands, without the keys it does not speak of.
pub(super) fn is_whole(text: &str) -> bool {
    text.lines().take_while(|l| l.starts_with('#')).any(|l| l.trim() == "# whole")
}
