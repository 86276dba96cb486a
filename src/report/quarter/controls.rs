//! Control by control: did a rule hold throughout the quarter, and if not, on which days.
//!
//! A rule that several versions of a policy have is one control. The day it did not hold is the day on which it fell due
//! for a change that broke it, else the change's own: of its deployment, its closure or its request. Rules that are
//! judged for all records of a policy together come from [`super::whole`], and stand in the same table.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::groups::{Groups, anchor};
use super::whole::Whole;
use super::words::aim;
use crate::judge::{Judgement, Verdict};
use crate::model::{Calendar, Ledger, PolicyVersion, Rule};
use crate::report::numbers::{Good, Tallied};
use crate::report::pages::{ControlDay, ControlRow, FailureRow, Link, Mark};
use crate::report::row::{Row, version_href};
use crate::report::wording::{capital, counted, grouped, number, short_day};

/// How many days of a rule, and how many changes of a day, are listed.
const DAYS: usize = 12;

/// A rule of a policy, by its number in the ledger and the rule's id.
pub(super) type Key<'l> = (u32, &'l str);

/// What a rule came to over a quarter.
pub(super) struct Control<'r> {
    /// The version that judged last, and the rule in it.
    version: &'r PolicyVersion,
    rule: &'r Rule,
    place: (u32, u16),
    /// The rule's id, with its policy where another one has a rule of that name.
    shown: String,
    judged: Vec<(&'r Row, &'r Judgement)>,
}

impl<'r> Control<'r> {
    /// The records it came to this for, each once.
    pub(super) fn of(&self, wanted: &[Verdict]) -> Vec<&'r Row> {
        self.judged.iter().filter(|(_, j)| wanted.contains(&j.verdict)).map(|(row, _)| *row).collect()
    }

    /// How many it was asked of and has fallen due for.
    pub(super) fn due(&self) -> usize {
        self.judged.iter().filter(|(_, j)| j.verdict != Verdict::Pending).count()
    }

    /// The policy's id.
    pub(super) fn policy(&self) -> &'r str {
        self.version.id.as_str()
    }

    /// The rule's id.
    pub(super) fn id(&self) -> &'r str {
        self.rule.id.as_str()
    }

    /// The days on which it was broken, oldest first, and who broke it.
    pub(super) fn days(&self, calendar: &Calendar) -> Vec<(Date, Vec<&'r Row>)> {
        let mut days: BTreeMap<Date, Vec<&Row>> = BTreeMap::new();
        for (row, judgement) in self.judged.iter().filter(|(_, j)| j.verdict == Verdict::Fail) {
            if let Some(at) = judgement.due.or(row.at) {
                days.entry(calendar.day(at)).or_default().push(row);
            }
        }
        days.into_iter().collect()
    }

    /// What it is called where several policies' rules stand together.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    fn link(&self) -> Link {
        clause_link(self.version, self.rule)
    }

    fn sentence(&self) -> Option<String> {
        self.version.clause_of(self.rule).map(|c| c.text.clone())
    }
}

/// A rule, with its clause.
pub(super) fn clause_link(version: &PolicyVersion, rule: &Rule) -> Link {
    let anchor = version.clause_of(rule).map(|c| format!("#{}", c.anchor)).unwrap_or_default();
    Link { text: rule.id.to_string(), href: Some(format!("{}{anchor}", version_href(version))) }
}

/// Every rule of the policies that records of a quarter are under, with what it came to.
pub(super) fn controls<'r>(ledger: &'r Ledger, rows: &[&'r Row]) -> BTreeMap<Key<'r>, Control<'r>> {
    let mut map: BTreeMap<Key<'r>, Control<'r>> = BTreeMap::new();
    let mut seen: Vec<(u32, u32)> = rows.iter().filter_map(|r| r.policy).collect();
    seen.sort_unstable();
    seen.dedup();
    for (policy, number) in seen {
        let version = &ledger.policies[policy as usize].versions[number as usize];
        for (rule, at) in version.rules.iter().zip(0_u16..).filter(|(rule, _)| !rule.check.is_of_policy()) {
            let place = (number, at);
            let fresh = Control { version, rule, place, shown: rule.id.to_string(), judged: Vec::new() };
            let control = map.entry((policy, rule.id.as_str())).or_insert(fresh);
            (control.version, control.rule, control.place) = (version, rule, place);
        }
    }
    tell_apart(&mut map);
    for row in rows {
        let Some((policy, version)) = row.policy else { continue };
        let version = &ledger.policies[policy as usize].versions[version as usize];
        for judgement in row.judgements.iter().filter(|j| j.verdict != Verdict::NotApplicable) {
            let id = version.rules[judgement.rule as usize].id.as_str();
            if let Some(control) = map.get_mut(&(policy, id)) {
                control.judged.push((row, judgement));
            }
        }
    }
    map
}

/// Names the policies of rules that have one id.
fn tell_apart(controls: &mut BTreeMap<Key<'_>, Control<'_>>) {
    let mut named: BTreeMap<&str, usize> = BTreeMap::new();
    controls.keys().for_each(|(_, id)| *named.entry(id).or_default() += 1);
    for ((_, id), control) in controls.iter_mut().filter(|((_, id), _)| named[id] > 1) {
        control.shown = format!("{id} of {}", control.version.id);
    }
}

/// The table of controls, in the order of the policies and their rules, and how many held, in a sentence.
pub(super) fn table<'r>(
    ledger: &Ledger,
    controls: &BTreeMap<Key<'r>, Control<'r>>,
    whole: &[Whole<'_>],
    groups: &mut Groups<'r>,
) -> (Vec<ControlRow>, String) {
    let each = controls.iter().map(|((policy, _), control)| ((*policy, control.place.1), row(ledger, control, groups)));
    let mut list: Vec<((u32, u16), ControlRow)> = each.collect();
    list.extend(whole.iter().map(|whole| (whole.place, whole.row(DAYS))));
    list.sort_by_key(|(place, _)| *place);
    let rows: Vec<ControlRow> = list.into_iter().map(|(_, row)| row).collect();
    let of = |held: &str| rows.iter().filter(|r| r.held == held).count();
    let asked = rows.iter().filter(|r| !matches!(r.held, "not asked" | "not due yet")).count();
    let held = if of("held") == 0 { "None".to_owned() } else { capital(&number(of("held"))) };
    let mut note =
        format!("{held} held throughout, of {} that were asked and have fallen due.", counted(asked, "rule", "rules"));
    for (held, words) in [("excused", "held but for what a waiver excuses"), ("nobody can say", "cannot be told")] {
        if of(held) > 0 {
            note += &format!(" {} {words}.", capital(&number(of(held))));
        }
    }
    (rows, note)
}

fn row<'r>(ledger: &Ledger, control: &Control<'r>, groups: &mut Groups<'r>) -> ControlRow {
    let key = format!("{}-{}", anchor(control.policy()), anchor(control.id()));
    let mut count = |word: &str, wanted: &[Verdict]| {
        groups.count(&format!("{word}-{key}"), &format!("{}: {word}", control.shown()), &control.of(wanted))
    };
    let kept = count("kept", &[Verdict::Pass]);
    let broken = count("broke", &[Verdict::Fail]);
    let waived = count("excused", &[Verdict::Waived]);
    let unknown = count("unknown", &[Verdict::Unknown]);
    let pending = count("pending", &[Verdict::Pending]);
    let asked = count("asked", &[Verdict::Pass, Verdict::Fail, Verdict::Waived, Verdict::Unknown]);
    let (mark, held) = match (broken.n, unknown.n, waived.n, kept.n, pending.n) {
        (1.., ..) => (Mark::Fail, "did not hold"),
        (_, 1.., ..) => (Mark::Unknown, "nobody can say"),
        (_, _, 1.., ..) => (Mark::Waived, "excused"),
        (_, _, _, 1.., _) => (Mark::Pass, "held"),
        (_, _, _, _, 1..) => (Mark::Pending, "not due yet"),
        _ => (Mark::NotApplicable, "not asked"),
    };
    let days = control.days(&ledger.configuration.calendar);
    let tallied = Tallied { n: kept.n, of: asked.n, unknown: unknown.n, ..Tallied::default() };
    ControlRow {
        rule: control.link(),
        policy: control.policy().to_owned(),
        sentence: control.sentence(),
        level: control.rule.level.word(),
        more_days: days.len().saturating_sub(DAYS),
        days: days.into_iter().take(DAYS).map(|(day, rows)| control_day(day, &rows)).collect(),
        target: ledger.configuration.targets.get(control.id()).and_then(|asked| aim(*asked, tallied, Good::Up)),
        asked,
        kept,
        broken,
        waived,
        unknown,
        pending,
        mark,
        held,
        says: None,
    }
}

fn control_day(day: Date, rows: &[&Row]) -> ControlDay {
    let link = |row: &&Row| Link { text: row.id.clone(), href: row.page.then(|| row.href()) };
    ControlDay {
        day: short_day(day),
        changes: rows.iter().take(DAYS).map(link).collect(),
        more: rows.len().saturating_sub(DAYS),
    }
}

/// Rules that were broken, most often first.
pub(super) fn failures<'r>(
    controls: &BTreeMap<Key<'r>, Control<'r>>,
    before: Option<&BTreeMap<Key<'_>, Control<'_>>>,
    groups: &mut Groups<'r>,
) -> Vec<FailureRow> {
    let mut list: Vec<FailureRow> = Vec::new();
    for (key, control) in controls {
        let broke = control.of(&[Verdict::Fail]);
        if broke.is_empty() {
            continue;
        }
        let id = format!("broke-{}-{}", anchor(control.policy()), anchor(control.id()));
        let was = before.map(|b| b.get(key).map_or((0, 0), |c| (c.of(&[Verdict::Fail]).len(), c.due())));
        list.push(FailureRow {
            rule: control.link(),
            policy: control.policy().to_owned(),
            sentence: control.sentence(),
            level: control.rule.level.word(),
            count: groups.count(&id, &format!("{}: broke", control.shown()), &broke),
            of: control.due(),
            before: was.map(|(n, of)| format!("{} of {}", grouped(n), grouped(of))),
        });
    }
    list.sort_by(|a, b| {
        b.count.n.cmp(&a.count.n).then_with(|| a.rule.text.cmp(&b.rule.text)).then_with(|| a.policy.cmp(&b.policy))
    });
    list
}
