//! A judgement as a diagnostic: at the record's line, and at the policy's clause in force that it breaks.

use super::verdict::{Explanation, Judgement, Verdict};
use crate::diag::{Diagnostic, FromRule, Level, Lifted};
use crate::model::{ChangeRecord, Day, Ledger, PolicyVersion};

/// What a judgement has to say to people, if anything: failures at the rule's level, `unknown` as a warning, `pending` and
/// `waived` as notes.
pub fn finding(
    ledger: &Ledger,
    record: &ChangeRecord,
    version: &PolicyVersion,
    judgement: &Judgement,
) -> Option<Diagnostic> {
    let rule = &version.rules[judgement.rule as usize];
    let level = match judgement.verdict {
        Verdict::Fail => rule.level,
        Verdict::Unknown => rule.level.min(Level::Warning),
        Verdict::Waived => Level::Note,
        Verdict::Pending | Verdict::Pass | Verdict::NotApplicable => return None,
    };
    let code = judgement.code?;
    let empty = Explanation::default();
    let why = judgement.why.as_deref().unwrap_or(&empty);
    let place = why.at.or(record.id.span()).unwrap_or(record.span);
    let mut finding =
        Diagnostic::new(code, record.file, place, why.headline.clone()).level(level).label(why.label.clone());
    for (span, text) in &why.others {
        finding = finding.other(record.at(*span), text.clone());
    }
    let since = version.effective.map(|day| format!(", in force since {}", Day(day))).unwrap_or_default();
    let asked = if why.asked.is_empty() {
        format!("rule `{}`, version {}{since}", rule.id, version.version)
    } else {
        format!("version {}{since}, {} (rule `{}`)", version.version, why.asked, rule.id)
    };
    let clause = version.clause_of(rule).map_or(rule.span, |c| c.span);
    finding = finding.other(version.at(clause), asked);
    for step in &why.arithmetic {
        finding = finding.note(format!("counted: {step}"));
    }
    let waiver = judgement.waiver.and_then(|i| ledger.waivers.get(i as usize));
    if let Some(waiver) = waiver {
        finding = finding.note(waived(ledger, record, waiver));
    }
    let lifted = waiver.map(|w| Lifted {
        id: w.name().into(),
        reason: w.reason.get().map(ToString::to_string).unwrap_or_default().into(),
    });
    let finding = finding.from_rule(FromRule {
        policy: version.id.as_str().into(),
        version: version.version.as_str().into(),
        rule: rule.id.as_str().into(),
        clause: rule.clause.as_deref().map(Into::into),
        record: record.id.get().map(|id| id.as_str().into()),
        verdict: judgement.verdict.word(),
        waiver: lifted,
    });
    Some(finding.help(if judgement.verdict == Verdict::Waived { String::new() } else { why.help.clone() }))
}

/// Everything a judged record has to say to people, in the order of its rules.
pub fn findings<'j>(
    ledger: &'j Ledger,
    record: &'j ChangeRecord,
    judged: &'j super::Judged,
) -> impl Iterator<Item = Diagnostic> + 'j {
    let version = judged.version(ledger);
    judged.judgements.iter().filter_map(move |j| finding(ledger, record, version?, j))
}

/// How a waiver is said beside what it lifts.
pub fn waived(ledger: &Ledger, record: &ChangeRecord, waiver: &crate::model::Waiver) -> String {
    let by = waiver.approved_by.get().map_or("nobody", |p| p.as_str());
    let deployed = super::first_production(ledger, record);
    let approved = waiver.approved_at.get().map(|t| t.0);
    let retroactive = matches!((approved, deployed), (Some(a), Some(d)) if a > d);
    let on = approved.map(|at| format!(" on {}", ledger.configuration.calendar.show(at))).unwrap_or_default();
    let until =
        waiver.expires.get().map(|day| format!("; it covers what falls due until {}", Day(*day))).unwrap_or_default();
    let control = waiver.compensating_control.get().map(|text| format!("; instead: {text}")).unwrap_or_default();
    format!(
        "waived by `{}`, approved by `{by}`{on}{}{until}{control}",
        waiver.name(),
        if retroactive { ", after the deployment" } else { "" }
    )
}
