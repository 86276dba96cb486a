//! Words that several formats share: counts, the two lines at the end, a finding told on plain lines.

use super::spot::{self, Columns, Region};
use super::{Asked, Counts, Finding, Ground, Tally};
use crate::diag::human::seen;
use crate::diag::{Diagnostic, Place};
use crate::judge::Verdict;

/// A count with its unit.
pub fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// Records by their verdicts, those that occur and passes: `149 pass, 18 fail`.
pub(super) fn verdicts(tally: &Tally) -> impl Iterator<Item = (Verdict, u32)> {
    const ORDER: [Verdict; 6] =
        [Verdict::Pass, Verdict::Fail, Verdict::Unknown, Verdict::Pending, Verdict::Waived, Verdict::NotApplicable];
    let tally = *tally;
    ORDER.into_iter().map(move |v| (v, tally.of(v))).filter(|(v, n)| *n > 0 || *v == Verdict::Pass)
}

/// The lines that end what people read. `paint` colours a verdict's words, `judge` those on errors.
pub fn summary_lines(
    ground: Ground<'_>,
    tally: &Tally,
    counts: &Counts,
    paint: impl Fn(Verdict, &str) -> String,
    errors: impl Fn(&str) -> String,
) -> String {
    let calendar = &ground.ledger.configuration.calendar;
    let verdicts: Vec<String> = verdicts(tally).map(|(v, n)| paint(v, &format!("{n} {}", v.word()))).collect();
    let mut text = format!(
        "{} under {}{}{}\n",
        counted(tally.records as usize, "record", "records"),
        counted(ground.ledger.policies.len(), "policy", "policies"),
        // Of no records none pass, which goes without saying.
        if tally.records == 0 { "" } else { ": " },
        if tally.records == 0 { String::new() } else { verdicts.join(", ") }
    );
    let (one, many) = if ground.asked.baseline.is_some() { ("new error", "new errors") } else { ("error", "errors") };
    text += &format!(
        "{}, {}, {}{} as of {} ({})\n",
        errors(&counted(counts.errors, one, many)),
        counted(counts.warnings, "warning", "warnings"),
        counted(counts.notes, "note", "notes"),
        where_looked(ground.asked),
        calendar.show(ground.as_of),
        calendar.zone_name
    );
    text + &since_baseline(ground.asked, counts)
}

/// Where findings were shown from, if not from everywhere.
fn where_looked(asked: &Asked) -> String {
    match (&asked.scope.changed, asked.scope.paths.as_slice()) {
        (Some(changed), _) => format!(" in {}", counted(changed.len(), "changed file", "changed files")),
        (None, []) => String::new(),
        (None, [path]) if path.is_empty() => String::new(),
        (None, [path]) => format!(" in `{path}`"),
        (None, paths) => format!(" in {} places", paths.len()),
    }
}

/// What the baseline had: `31 findings known from the baseline, 3 fixed since`.
pub(super) fn since_baseline(asked: &Asked, counts: &Counts) -> String {
    if asked.baseline.is_none() {
        return String::new();
    }
    let known = counted(counts.known, "finding", "findings");
    format!("{known} known from the baseline, {} fixed since\n", counts.fixed)
}

/// The name of a kind of finding for programs that group by it: the code, and the policy and rule it comes from.
pub(super) fn check_name(diagnostic: &Diagnostic) -> String {
    match &diagnostic.rule {
        Some(rule) => format!("{}/{}/{}", diagnostic.code.name, rule.policy, rule.rule),
        None => diagnostic.code.name.to_owned(),
    }
}

/// The headline on one line, after the record it is about.
pub(super) fn headline(diagnostic: &Diagnostic) -> String {
    match diagnostic.rule.as_ref().and_then(|r| r.record.as_deref()) {
        Some(record) => format!("{record}: {}", seen(&diagnostic.headline)),
        None => seen(&diagnostic.headline).into_owned(),
    }
}

/// Everything a finding says besides its headline, a line each: what stands at its places, notes, help.
pub(super) fn details(ground: Ground<'_>, finding: &Finding) -> Vec<String> {
    let diagnostic = &finding.diagnostic;
    let mut lines = Vec::new();
    let mut place = |at, label: &str| {
        let Region { line, column, .. } = spot::region(ground, at, Columns::Characters);
        lines.push(format!("{}:{line}:{column}: {}", spot::path_of(ground, at), seen(label)));
    };
    if let (Place::Text(at), false) = (&diagnostic.place, diagnostic.label.is_empty()) {
        place(*at, &diagnostic.label);
    }
    diagnostic.others.iter().for_each(|other| place(other.at, &other.text));
    lines.extend(diagnostic.notes.iter().map(|note| format!("note: {}", seen(note))));
    if !diagnostic.help.is_empty() {
        lines.push(format!("help: {}", seen(&diagnostic.help)));
    }
    lines
}
