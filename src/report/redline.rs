//! A redline as data and as markdown, for whoever reads neither a terminal nor a page.

use serde_json::{Value, json};

use super::check::markdown::escape::escaped;
use crate::model::PolicyVersion;
use crate::redline::{self, Change, Entry, Redline, Run, State};
use crate::source::SourceSet;

/// Two versions of a policy, and what differs between them.
#[derive(Clone, Copy)]
pub struct Compared<'c> {
    /// The policy's id.
    pub policy: &'c str,
    /// What the older one is called, and the version.
    pub old: (&'c str, &'c PolicyVersion),
    /// The newer one.
    pub new: (&'c str, &'c PolicyVersion),
    /// What differs.
    pub redline: &'c Redline,
    /// All texts.
    pub sources: &'c SourceSet,
}

impl Compared<'_> {
    /// What stands in the heads of both and is not the same: what it is, as it was, as it is.
    pub fn facts(&self) -> Vec<(&'static str, Option<String>, Option<String>)> {
        super::versions::facts(self.old.1, self.new.1).into_iter().map(|f| (f.label, f.old, f.new)).collect()
    }

    /// The file and line of a change: in the newer text, or in the older one where it is gone.
    pub fn place(&self, change: &Change) -> String {
        let (path, line) = self.at(change);
        format!("{path}:{line}")
    }

    fn at(&self, change: &Change) -> (&str, u32) {
        let version = if change.state == State::Removed { self.old.1 } else { self.new.1 };
        let source = self.sources.file(version.file);
        (source.path(), source.line_column(change.span.start as usize).0)
    }
}

/// As `tickmark.diff/1`, with a line's end.
pub fn redline_json(compared: &Compared<'_>) -> String {
    let version =
        |(name, v): (&str, &PolicyVersion)| json!({"version": name, "effective": v.effective.map(|d| d.to_string())});
    let tally = compared.redline.tally();
    let value = json!({
        "schema": "tickmark.diff/1",
        "policy": compared.policy,
        "old": version(compared.old),
        "new": version(compared.new),
        "summary": {"material": tally.material, "editorial": tally.editorial, "moved": tally.moved},
        "facts": compared.facts().into_iter().map(|(label, old, new)| json!({"label": label, "old": old, "new": new})).collect::<Vec<_>>(),
        "rules": compared.redline.rules.iter().map(|r| json!({
            "rule": r.id, "state": r.state.word(), "old": old_words(&r.runs), "new": new_words(&r.runs),
        })).collect::<Vec<_>>(),
        "sections": compared.redline.sections.iter().filter_map(|s| {
            let entries: Vec<Value> = s.entries.iter().filter_map(|e| entry(compared, e)).collect();
            (!entries.is_empty()).then(|| json!({"heading": s.heading, "anchor": s.anchor, "changes": entries}))
        }).collect::<Vec<_>>(),
    });
    format!("{value:#}\n")
}

fn entry(compared: &Compared<'_>, entry: &Entry) -> Option<Value> {
    match entry {
        Entry::Same(_) => None,
        Entry::Moved { blocks, first, from } => {
            Some(json!({"state": "moved", "blocks": blocks, "first": first, "from": from}))
        }
        Entry::Changed(change) => {
            let (path, line) = compared.at(change);
            Some(json!({
                "state": change.state.word(),
                "kind": redline::kind_word(change.kind),
                "material": change.is_material(),
                "reasons": change.reasons.iter().map(|r| r.word()).collect::<Vec<_>>(),
                "clause": change.anchor,
                "from": change.from,
                "old": old_words(&change.runs),
                "new": new_words(&change.runs),
                "path": path,
                "line": line,
            }))
        }
    }
}

/// The words of the older version; none where it had none.
fn old_words(runs: &[Run]) -> Option<String> {
    words(runs, |run| !matches!(run, Run::New(_)))
}

/// The words of the newer version; none where it has none.
fn new_words(runs: &[Run]) -> Option<String> {
    words(runs, |run| !matches!(run, Run::Gone(_)))
}

fn words(runs: &[Run], wanted: impl Fn(&Run) -> bool) -> Option<String> {
    let text: String = runs
        .iter()
        .filter(|run| wanted(run))
        .map(|run| match run {
            Run::Kept(text) | Run::Gone(text) | Run::New(text) => text.as_str(),
        })
        .collect();
    (!text.is_empty()).then_some(text)
}

/// As markdown for a pull request: what is gone struck through, what is new in bold.
pub fn redline_markdown(compared: &Compared<'_>) -> String {
    let tally = compared.redline.tally();
    let mut out = format!(
        "## {}: {} → {}\n\n{} material, {} editorial, {} moved\n",
        escaped(compared.policy),
        escaped(compared.old.0),
        escaped(compared.new.0),
        tally.material,
        tally.editorial,
        tally.moved
    );
    let mut lines = Vec::new();
    for (label, old, new) in compared.facts() {
        let runs = [old.map(Run::Gone), Some(Run::Kept(" ".to_owned())), new.map(Run::New)];
        lines.push(format!("- {label}: {}\n", marked(&runs.into_iter().flatten().collect::<Vec<_>>()).trim()));
    }
    let rule =
        |r: &redline::RuleChange| format!("- **material** rule `{}` {}: {}\n", r.id, r.state.word(), marked(&r.runs));
    lines.extend(compared.redline.rules.iter().map(rule));
    if !lines.is_empty() {
        out.push_str(&format!("\n{}", lines.concat()));
    }
    for section in &compared.redline.sections {
        let entries: String = section.entries.iter().filter_map(|e| markdown_entry(compared, e)).collect();
        if !entries.is_empty() {
            let heading = if section.heading.is_empty() { "Before the first heading" } else { &section.heading };
            out.push_str(&format!("\n### {}\n\n{entries}", escaped(heading)));
        }
    }
    out
}

fn markdown_entry(compared: &Compared<'_>, entry: &Entry) -> Option<String> {
    match entry {
        Entry::Same(_) => None,
        Entry::Moved { blocks, first, from } => {
            Some(format!("- moved from “{}”: {} ({blocks} in all)\n", escaped(from), escaped(first)))
        }
        Entry::Changed(change) => {
            let why = if change.is_material() {
                let reasons: Vec<&str> = change.reasons.iter().map(|r| r.word()).collect();
                format!("**material** ({})", reasons.join(", "))
            } else {
                "editorial".to_owned()
            };
            Some(format!("- {why}, `{}`: {}\n", compared.place(change), marked(&change.runs)))
        }
    }
}

fn marked(runs: &[Run]) -> String {
    runs.iter()
        .map(|run| {
            let (text, mark) = match run {
                Run::Kept(text) => (text, ""),
                Run::Gone(text) => (text, "~~"),
                Run::New(text) => (text, "**"),
            };
            // Marks hold only where no space stands on their inside.
            let inner = text.trim();
            let (before, after) = text.split_at(text.find(inner).unwrap_or(0));
            let after = &after[inner.len()..];
            if inner.is_empty() || mark.is_empty() {
                escaped(text)
            } else {
                format!("{before}{mark}{}{mark}{after}", escaped(inner))
            }
        })
        .collect()
}
