//! What is wrong with waivers, or doubtful about them, once every record is judged: unused, self-approved, over-wide,
//! renewed again and again, approved for another text of the clause, expired.
//!
//! It deliberately changes no verdict: a waiver that stands goes on lifting what it lifts.

use jiff::{Span as TimeSpan, Timestamp};

use super::codes;
use super::waivers::{Fault, WaiverUse, approved, policy_of};
use crate::diag::{Diagnostic, Sink};
use crate::model::{Day, Field, Ledger, Spanned, Waiver, WaiverScope};
use crate::source::{Location, Span};

/// A waiver by `where` that lifts a rule for more changes than this lifts the rule itself.
pub const WIDE: u32 = 10;
/// How many days after a waiver's last day the next one still renews it.
const GRACE_DAYS: i64 = 30;

/// What makes a waiver doubtful that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// It is the third or a later one in a row: the earlier ones, the latest first, by their numbers in the ledger.
    Renewed(Vec<usize>),
    /// The clause has changed since it was approved: from this version of the policy to this one.
    ClauseChanged {
        /// The version in force when it was approved.
        approved: String,
        /// The newest one.
        newest: String,
        /// Where the clause, or else the rule, stands now.
        place: Location,
    },
}

impl Doubt {
    /// The doubt in a few words.
    pub fn remark(&self) -> String {
        match self {
            Self::Renewed(earlier) => format!("renewed {} times: change the policy, or keep the rule", earlier.len()),
            Self::ClauseChanged { approved, newest, .. } => {
                format!("approved under version {approved}; the clause reads otherwise in version {newest}")
            }
        }
    }
}

/// What makes a waiver doubtful, by its number in the ledger.
pub fn doubts(ledger: &Ledger, index: usize) -> Vec<Doubt> {
    let mut list = Vec::new();
    let earlier = renewed(ledger, index);
    if earlier.len() >= 2 {
        list.push(Doubt::Renewed(earlier));
    }
    list.extend(clause_changed(ledger, &ledger.waivers[index]));
    list
}

/// The waivers that one renews, the latest first.
fn renewed(ledger: &Ledger, index: usize) -> Vec<usize> {
    let mut chain = Vec::new();
    let mut at = index;
    // Each was approved before the one it leads to, so that this ends.
    while let Some(previous) = previous(ledger, at) {
        chain.push(previous);
        at = previous;
    }
    chain
}

/// The waiver that another renews: the same rule, changes in common, approved earlier, ending earlier, and ended no longer
/// than [`GRACE_DAYS`] days when the next was approved.
fn previous(ledger: &Ledger, index: usize) -> Option<usize> {
    let waiver = &ledger.waivers[index];
    let calendar = &ledger.configuration.calendar;
    let (rule, approved, expires) = (waiver.rule.get()?, waiver.approved_at.get()?, waiver.expires.get()?);
    let policy = policy_of(ledger, waiver)?;
    let candidates = ledger.waivers.iter().enumerate().filter(|(_, earlier)| {
        let (Some(before), Some(ended)) = (earlier.approved_at.get(), earlier.expires.get()) else { return false };
        // What costs most is asked last.
        let latest = || calendar.end_of(ended.saturating_add(TimeSpan::new().days(GRACE_DAYS)));
        before.0 < approved.0
            && ended < expires
            && earlier.rule.get() == Some(rule)
            && policy_of(ledger, earlier) == Some(policy)
            && overlap(waiver, earlier)
            && approved.0 <= latest()
    });
    candidates.max_by_key(|(_, earlier)| earlier.approved_at.get().map(|t| t.0)).map(|(n, _)| n)
}

/// Whether two waivers can cover the same change, as far as they say: named changes in common, or types and systems.
fn overlap(one: &Waiver, other: &Waiver) -> bool {
    match (one.changes.get(), other.changes.get(), one.scope.get(), other.scope.get()) {
        (Some(a), Some(b), _, _) => shared(a, b),
        (None, None, Some(a), Some(b)) => {
            let meet = |a: &Field<Vec<Spanned<_>>>, b: &Field<Vec<Spanned<_>>>| {
                !a.is_given() || !b.is_given() || shared(a.items(), b.items())
            };
            meet(&a.types, &b.types) && meet(&a.systems, &b.systems)
        }
        _ => false,
    }
}

fn shared<T: PartialEq>(a: &[Spanned<T>], b: &[Spanned<T>]) -> bool {
    a.iter().any(|x| b.iter().any(|y| x.value == y.value))
}

/// Whether the clause reads otherwise in the newest version than in the one in force when the waiver was approved. One
/// that ended before the newest version took effect never met it.
fn clause_changed(ledger: &Ledger, waiver: &Waiver) -> Option<Doubt> {
    let policy = ledger.policy(policy_of(ledger, waiver)?)?;
    let (rule, at) = (waiver.rule.get()?, waiver.approved_at.get()?);
    let newest = policy.newest();
    let then = policy.in_force(newest.calendar.day(at.0)).version;
    let met = match (newest.effective, waiver.expires.get()) {
        (Some(effective), Some(expires)) => effective <= *expires,
        _ => true,
    };
    if std::ptr::eq(then, newest) || !met {
        return None;
    }
    let old = then.rule(rule.as_str()).and_then(|r| then.clause_of(r))?;
    let now = newest.rule(rule.as_str());
    let clause = now.and_then(|r| newest.clause_of(r));
    if clause.is_some_and(|c| c.text == old.text) {
        return None;
    }
    let front = newest.front.map_or(Span::at(0), |f| Span::at(f.start as usize));
    let place = clause.map(|c| c.span).or(now.map(|r| r.span)).unwrap_or(front);
    Some(Doubt::ClauseChanged {
        approved: then.version.clone(),
        newest: newest.version.clone(),
        place: newest.at(place),
    })
}

/// Findings about waivers, once every record is judged. `used` has an entry for each waiver of the ledger.
pub fn check_waiver_use(ledger: &Ledger, used: &[WaiverUse], as_of: Timestamp, sink: &mut Sink) {
    for (index, (waiver, used)) in ledger.waivers.iter().zip(used).enumerate() {
        let at = waiver.id.span().unwrap_or(Span::at(waiver.span.start as usize));
        let name = waiver.name();
        expired(ledger, waiver, as_of, sink);
        let fault = approved(ledger, waiver).err();
        let faulty = used.faulty || matches!(fault, Some(Fault::Asked(..) | Fault::ByNobody(..)));
        match fault {
            Some(Fault::Asked(who, span)) => {
                sink.push(self_approved(waiver, span, &format!("`{who}`, who asked for it")));
            }
            Some(Fault::ByNobody(who, span)) => sink.push(
                Diagnostic::new(
                    &codes::WAIVER_NOBODY,
                    waiver.file,
                    span,
                    format!("waiver `{name}` is approved by `{who}`, who is no person in people.yaml"),
                )
                .help("name the person who approved it; until then it counts for nothing"),
            ),
            _ => {}
        }
        if used.lifts == 0 && !faulty && waiver.rule.is_given() {
            let why = if used.covers == 0 {
                "it covers no change"
            } else {
                "what it covers keeps the rule, or fell due after it expired"
            };
            sink.push(
                Diagnostic::new(&codes::WAIVER_UNUSED, waiver.file, at, format!("waiver `{name}` lifts nothing"))
                    .label(why)
                    .help("take it away, or correct its rule, its changes or its last day"),
            );
        }
        if let Some(scope) = waiver.scope.get().filter(|_| !waiver.changes.is_given()) {
            wide(ledger, waiver, scope, used.lifts, sink);
        }
        for doubt in doubts(ledger, index) {
            report(ledger, waiver, &doubt, sink);
        }
    }
}

fn expired(ledger: &Ledger, waiver: &Waiver, as_of: Timestamp, sink: &mut Sink) {
    let ended = waiver.expires.get().filter(|day| ledger.configuration.calendar.end_of(**day) < as_of);
    if let (Some(day), Some(span)) = (ended, waiver.expires.span()) {
        sink.push(
            Diagnostic::new(
                &codes::WAIVER_EXPIRED,
                waiver.file,
                span,
                format!("waiver `{}` has expired", waiver.name()),
            )
            .label(format!("its last day was {day}"))
            .help(
                "nothing to do: what fell due by then stays waived; later changes keep the rule or need a new waiver",
            ),
        );
    }
}

/// That a waiver covers so much that it lifts the rule itself.
fn wide(ledger: &Ledger, waiver: &Waiver, scope: &WaiverScope, lifts: u32, sink: &mut Sink) {
    let name = waiver.name();
    let (headline, help) = if !scope.types.is_given() && !scope.systems.is_given() {
        (
            format!("waiver `{name}` names neither types nor systems"),
            "say which types or systems it covers, or name the changes; a waiver that covers everything counts for nothing",
        )
    } else if !scope.systems.is_given() && every_type(ledger, waiver, scope) {
        (
            format!("waiver `{name}` covers every change that the rule binds"),
            "say which systems it covers, or name the changes; what no change has to keep is no rule",
        )
    } else if lifts > WIDE {
        (
            format!("waiver `{name}` lifts its rule for {lifts} changes"),
            "name the changes, or narrow it by systems; what so many changes do not keep belongs into the policy",
        )
    } else {
        return;
    };
    sink.push(Diagnostic::new(&codes::WAIVER_WIDE, waiver.file, scope.span, headline).help(help));
}

/// Whether a scope names every type that the rule binds.
fn every_type(ledger: &Ledger, waiver: &Waiver, scope: &WaiverScope) -> bool {
    let version = policy_of(ledger, waiver).and_then(|id| ledger.policy(id)).map(crate::model::Policy::newest);
    let Some((version, rule)) = version.and_then(|v| Some((v, v.rule(waiver.rule.get()?.as_str())?))) else {
        return false;
    };
    let mut bound = version.types.iter().filter(|t| rule.binds(t.id.as_str())).peekable();
    bound.peek().is_some() && bound.all(|t| scope.types.items().iter().any(|s| s.value == t.id))
}

fn report(ledger: &Ledger, waiver: &Waiver, doubt: &Doubt, sink: &mut Sink) {
    let name = waiver.name();
    let at = waiver.approved_at.span().or(waiver.id.span()).unwrap_or(waiver.span);
    match doubt {
        Doubt::Renewed(earlier) => {
            let place = waiver.id.span().unwrap_or(at);
            let nth = earlier.len() + 1;
            let mut finding = Diagnostic::new(
                &codes::WAIVER_RENEWED,
                waiver.file,
                place,
                format!("waiver `{name}` is number {nth} in a row for this rule and these changes"),
            );
            for earlier in earlier.iter().map(|n| &ledger.waivers[*n]) {
                let span = earlier.id.span().unwrap_or(earlier.span);
                let until = earlier.expires.get().map(|day| format!(", until {}", Day(*day))).unwrap_or_default();
                finding = finding.other(earlier.at(span), format!("`{}` came before{until}", earlier.name()));
            }
            sink.push(finding.help("change the policy so that it promises what is done, or keep the rule"));
        }
        Doubt::ClauseChanged { approved, newest, place } => sink.push(
            Diagnostic::new(
                &codes::WAIVER_CLAUSE,
                waiver.file,
                at,
                format!("waiver `{name}` was approved for another text of the clause"),
            )
            .label(format!("version {approved} was in force then"))
            .other(*place, format!("version {newest} reads so"))
            .help("have it approved again for the text of today, or take it away where nothing needs it"),
        ),
    }
}

/// That a waiver is approved by somebody who may not.
pub(super) fn self_approved(waiver: &Waiver, span: Span, who: &str) -> Diagnostic {
    Diagnostic::new(&codes::WAIVER_SELF, waiver.file, span, format!("waiver `{}` is approved by {who}", waiver.name()))
        .help("a waiver is approved by somebody else; until then it counts for nothing")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{self, PolicyInput};
    use crate::model::{Configuration, People};
    use crate::source::FileId;

    const SITE: &str = "site: {name: A, organisation: A, base_url: 'https://a.example/', language: en, contact: a@a.example}\ncalendar: {time_zone: UTC}\nchanges: {default_policy: p}\n";

    fn configuration() -> Configuration {
        decode::decode_site(FileId(0), SITE, &[], &mut Sink::new()).expect("a configuration")
    }

    fn version(file: u32, version: &str, effective: &str, clause: &str) -> crate::model::PolicyVersion {
        let text = format!(
            "---\nid: p\nversion: '{version}'\neffective: {effective}\nchanges:\n  types: {{normal: {{}}}}\n  rules: [{{id: r, clause: c, fields: [purpose]}}]\n---\n# P\n\n{clause} <!-- clause: c -->\n"
        );
        let input = PolicyInput { file: FileId(file), path: "policies/p.md", text: &text, past: None };
        decode::decode_policy(input, &configuration(), &mut Sink::new()).expect("a policy").versions.remove(0)
    }

    /// The doubts about one waiver under two versions of a policy.
    fn under(old: &str, new: &str, approved: &str, expires: &str) -> Vec<Doubt> {
        let versions = vec![version(1, "1.0", "2026-01-01", old), version(2, "2.0", "2026-06-01", new)];
        let policy = crate::model::Policy { id: crate::model::Id::new("p"), versions, cut: false };
        let text = format!(
            "id: W\nrule: r\nchanges: [CHG-1]\nreason: x\nrequested_by: a\napproved_by: b\napproved_at: {approved}\nexpires: {expires}\n"
        );
        let waivers = decode::decode_waivers(FileId(3), &text, &mut Sink::new());
        doubts(&Ledger::new(configuration(), People::default(), vec![policy], waivers), 0)
    }

    #[test]
    fn a_clause_that_has_changed_since_makes_a_waiver_suspect() {
        let (within, after) = ("2026-03-01T09:00:00Z", "2026-07-01T09:00:00Z");
        let changed = under("Every change says why.", "Every change says why, and who asked.", within, "2026-12-31");
        let [Doubt::ClauseChanged { approved, newest, place }] = changed.as_slice() else { panic!("{changed:?}") };
        assert_eq!((approved.as_str(), newest.as_str(), place.file), ("1.0", "2.0", FileId(2)));
        for (old, new, approved, expires) in [
            // The same words.
            ("Every change says why.", "Every change says why.", within, "2026-12-31"),
            // Approved for the new text.
            ("Every change says why.", "Every change says more.", after, "2026-12-31"),
            // Over before the new text took effect.
            ("Every change says why.", "Every change says more.", within, "2026-05-31"),
        ] {
            assert_eq!(under(old, new, approved, expires), [], "{new} {approved} {expires}");
        }
    }

    #[test]
    fn a_scope_that_lifts_a_rule_for_many_changes_is_wide() {
        let found = |lifts: u32| {
            let text = "id: W\nrule: r\nwhere: {systems: [gateway]}\nreason: x\nrequested_by: a\napproved_by: b\napproved_at: 2026-03-01T09:00:00Z\nexpires: 2026-12-31\n";
            let waivers = decode::decode_waivers(FileId(3), text, &mut Sink::new());
            let ledger = Ledger::new(configuration(), People::default(), Vec::new(), waivers);
            let mut sink = Sink::new();
            let used = WaiverUse { lifts, covers: lifts, faulty: false };
            check_waiver_use(&ledger, &[used], "2026-06-01T00:00:00Z".parse().expect("an instant"), &mut sink);
            sink.iter().any(|f| f.code.name == "waiver/over-wide")
        };
        assert!(!found(WIDE) && found(WIDE + 1));
    }
}
