//! Rules that ask something of all records together, judged once per policy: `retained` here, `complete` beside it.

use jiff::Timestamp;

use super::deployed::difference_code;
use super::verdict::{Explanation, Judgement, Ruling, Say, Verdict};
use super::{codes, complete};
use crate::diag::{Code, Diagnostic, Level};
use crate::model::{Check, DifferenceKind, Duration, GoneRecord, Id, LastBuild, Ledger, Policy, PolicyVersion, Sight};

/// The rules of a policy's newest version that are judged once, in its order.
pub fn judge_policy(ledger: &Ledger, policy: &Policy, as_of: Timestamp) -> Vec<Judgement> {
    let version = policy.newest();
    let rules = version.rules.iter().enumerate().filter(|(_, rule)| rule.check.is_of_policy());
    rules
        .map(|(number, rule)| {
            let mut why = Box::new(Explanation::default());
            let mut say = Say::to(&mut why);
            let ruling = match &rule.check {
                Check::Retained(length) => retained(&Ground { ledger, policy, as_of }, *length, &mut say),
                _ => complete::ruling(ledger, policy, &mut say),
            };
            let Ruling { verdict, code, due } = ruling;
            Judgement { rule: number as u16, verdict, code, due, waiver: None, why: Some(why) }
        })
        .collect()
}

/// Whether a finding with this code says what a rule of a policy came to that is judged once.
pub fn is_of_policy_rule(code: &Code) -> bool {
    let codes = [&codes::DELETED, &codes::REWRITTEN, &codes::NEEDS_HISTORY, &codes::NOT_COMPARED];
    codes.contains(&code) || DifferenceKind::ALL.iter().any(|kind| difference_code(*kind) == code)
}

/// What such a judgement has to say to people, at the clause.
pub fn policy_finding(version: &PolicyVersion, judgement: &Judgement) -> Option<Diagnostic> {
    let rule = &version.rules[judgement.rule as usize];
    let level = match judgement.verdict {
        Verdict::Fail => rule.level,
        Verdict::Unknown => rule.level.min(Level::Warning),
        _ => return None,
    };
    let why = judgement.why.as_deref()?;
    let place = version.clause_of(rule).map_or(rule.span, |clause| clause.span);
    let mut finding = Diagnostic::new(judgement.code?, version.file, place, why.headline.clone())
        .level(level)
        .label(format!("rule `{}`, version {}", rule.id, version.version))
        .help(why.help.clone());
    for step in &why.arithmetic {
        finding = finding.note(format!("counted: {step}"));
    }
    Some(finding)
}

/// A record that was deleted before its time.
#[derive(Clone, Debug)]
pub struct Vanished<'l> {
    /// Its id.
    pub id: &'l str,
    /// When: of the commit that removed it, else the instant until which things are judged.
    pub deleted: Timestamp,
    /// From when on it was to be kept, until when, and who deleted it.
    says: String,
}

/// The records of a policy that were deleted before they had been kept for so long.
pub fn vanished<'l>(ledger: &'l Ledger, policy: &'l Policy, length: Duration, as_of: Timestamp) -> Vec<Vanished<'l>> {
    let ground = Ground { ledger, policy, as_of };
    ledger.past.gone.iter().filter_map(|gone| ground.too_early(gone, length)).collect()
}

struct Ground<'l> {
    ledger: &'l Ledger,
    policy: &'l Policy,
    as_of: Timestamp,
}

fn retained(ground: &Ground<'_>, length: Duration, say: &mut Say<'_>) -> Ruling {
    let past = &ground.ledger.past;
    if past.sight != Sight::Whole {
        say.headline(|| "only the repository's history could say whether a record was deleted".to_owned());
        say.help(|| match past.sight {
            Sight::Outside => "keep the site in git".to_owned(),
            _ => "fetch the whole history: `git fetch --unshallow`; in a build service `fetch-depth: 0`".to_owned(),
        });
        return Ruling::unknown(&codes::NEEDS_HISTORY, None);
    }
    let early = vanished(ground.ledger, ground.policy, length, ground.as_of);
    let rewritten =
        if let LastBuild::Lost(commit) = &past.last_build { Some(&commit[..commit.len().min(7)]) } else { None };
    if !early.is_empty() {
        say.headline(|| match early.len() {
            1 => format!("a record was deleted that is younger than {length}"),
            n => format!("{n} records were deleted that are younger than {length}"),
        });
        early.iter().for_each(|gone| say.step(|| gone.says.clone()));
        say.help(|| "take them from history again, as in `git checkout COMMIT~ -- PATH`, and keep them".to_owned());
    }
    if let Some(commit) = rewritten {
        say.step(|| format!("the last build was made from {commit}, and the branch does not hold it any more"));
        if early.is_empty() {
            say.headline(|| "history was rewritten since the last build".to_owned());
            say.help(|| format!("`git log {commit}` shows what was there, where anybody still has it; whoever rewrote it says why; then build again"));
        }
    }
    match (early.is_empty(), rewritten.is_some(), &past.last_build) {
        (false, ..) => Ruling::fail(&codes::DELETED, None),
        (true, true, _) => Ruling::fail(&codes::REWRITTEN, None),
        (true, false, LastBuild::Held(_)) => {
            say.headline(|| format!("no record younger than {length} was deleted, and history was not rewritten"));
            Ruling::of(Verdict::Pass, None)
        }
        _ => {
            say.headline(|| {
                "no record was deleted too early; whether history was rewritten nobody can say without the last build"
                    .to_owned()
            });
            say.help(|| "build the site, and keep `internal/manifest.json` where the next run finds it".to_owned());
            Ruling::unknown(&codes::NEEDS_HISTORY, None)
        }
    }
}

impl<'l> Ground<'l> {
    /// How a record of this policy was deleted before its time, if it was. Its age counts from its closure, else from its
    /// request, as its last text says.
    fn too_early(&self, gone: &'l GoneRecord, length: Duration) -> Option<Vanished<'l>> {
        let Ledger { configuration, past, people, .. } = self.ledger;
        let policy = gone.policy.as_deref().or(configuration.default_policy.as_ref().map(Id::as_str));
        let calendar = &self.policy.newest().calendar;
        let from = configuration.history_from.or(past.first_day);
        let older = gone.requested.zip(from).is_some_and(|(at, from)| calendar.day(at) < from);
        if policy != Some(self.policy.id.as_str()) || older {
            return None;
        }
        let by = gone.commit.and_then(|number| past.commits.get(number as usize));
        let deleted = by.map_or(self.as_of, |by| by.commit.at);
        let (what, start) = match (gone.closed, gone.requested, past.brought(&gone.id)) {
            (Some(at), ..) => ("closed", at),
            (_, Some(at), _) => ("requested", at),
            (.., Some(brought)) => ("first committed", brought.commit.at),
            _ => return None,
        };
        let kept_until = calendar.after(start, length).ok();
        if kept_until.is_some_and(|until| deleted >= until) {
            return None;
        }
        let until = kept_until.map(|until| format!(", to be kept until {}", calendar.show(until))).unwrap_or_default();
        let who = by.map_or_else(
            || "in the work tree, not committed yet".to_owned(),
            |by| format!("on {} by {} ({})", calendar.show(deleted), people.name_of(&by.author), by.commit.short()),
        );
        let zone = &calendar.zone_name;
        let says =
            format!("`{}` (`{}`) {what} {}{until}, deleted {who} ({zone})", gone.id, gone.path, calendar.show(start));
        Some(Vanished { id: &gone.id, deleted, says })
    }
}
