//! What an edit of rules turns: which of them ask something else, and which records they alone concern.
//!
//! It errs on the side of more: where anything but rules differs, or a record has more that hangs on them than what they
//! come to, the record is judged as if nobody had before.

use super::{FileOutcome, Site};
use crate::decode;
use crate::diag::Sink;
use crate::judge::{self, Detail, Judge, Judgement, Verdict};
use crate::model::{ChangeRecord, Check, Policy, PolicyVersion};
use crate::source::FileId;
use crate::yaml::{self, Entry};

/// A record of which rules come to something else that nobody has to be told of: they are kept before and after.
#[derive(Clone, Debug)]
pub struct Turned {
    /// The number of its file of records.
    pub file: usize,
    /// Its number in that file.
    pub record: usize,
    /// What every rule of its type comes to.
    pub judgements: Vec<Judgement>,
    /// Its verdict.
    pub verdict: Verdict,
}

/// What rules came to before for a record, by the number of its file and its number there.
pub type Before<'b> = &'b (dyn Fn(usize, usize) -> &'b [Judgement] + Sync);

/// The rules, by their numbers, that have to be judged again after an edit of front matter. None where that is all of the
/// policy.
pub(super) fn rules((a, old): (&PolicyVersion, &str), (b, new): (&PolicyVersion, &str)) -> Option<Vec<u16>> {
    let mut sink = Sink::new();
    let mut front = |version: &PolicyVersion, text| {
        let span = version.front?;
        yaml::parse(span.of(text), span.start as usize, version.file, &mut sink).pop()
    };
    let (x, y) = (front(a, old)?, front(b, new)?);
    let (x, y) = other_alone(x.root.as_map()?, y.root.as_map()?, "changes")?;
    let (x, y) = other_alone(x.as_map()?, y.as_map()?, "rules")?;
    let (x, y) = (x.as_list()?, y.as_list()?);
    let numbered = |list: &[yaml::Node<'_>], version: &PolicyVersion| {
        let ids = list.iter().map(|rule| rule.get("id").and_then(yaml::Node::as_scalar).map(|id| &*id.text));
        list.len() == version.rules.len() && ids.eq(version.rules.iter().map(|rule| Some(rule.id.as_str())))
    };
    if !sink.is_empty() || !numbered(x, a) || !numbered(y, b) {
        return None;
    }
    let turned: Vec<u16> =
        x.iter().zip(y).enumerate().filter(|(_, (x, y))| !x.says_as(y)).map(|(n, _)| n as u16).collect();
    // What other rules take for approved or reviewed hangs on these.
    let counted = |version: &PolicyVersion| {
        turned.iter().any(|n| matches!(version.rules[*n as usize].check, Check::Approval(_) | Check::Review(_)))
    };
    if counted(a) || counted(b) { Some((0..y.len() as u16).collect()) } else { Some(turned) }
}

/// The values of a key in two maps that are the same but for that.
fn other_alone<'n, 's>(
    a: &'n [Entry<'s>],
    b: &'n [Entry<'s>],
    key: &str,
) -> Option<(&'n yaml::Node<'s>, &'n yaml::Node<'s>)> {
    let own = |map: &'n [Entry<'s>]| map.iter().find(|entry| entry.key.text == key).map(|entry| &entry.value);
    let same =
        |(a, b): (&Entry<'s>, &Entry<'s>)| a.key.text == b.key.text && (a.key.text == key || a.value.says_as(&b.value));
    (a.len() == b.len() && a.iter().zip(b).all(same)).then(|| own(a).zip(own(b))).flatten()
}

impl Site<'_> {
    /// What the records of a file come to by the newest version of a policy of which only these rules ask something else.
    /// None where more hangs on them: findings, waivers, a summary, a date on which something falls due.
    pub(super) fn turn<T>(
        &self,
        policy: &Policy,
        rules: &[u16],
        (file, records): (usize, &[ChangeRecord]),
        outcome: &FileOutcome<T>,
        before: Before<'_>,
    ) -> Option<Vec<Turned>> {
        if outcome.used.iter().any(|used| used.covers > 0) || points_into(outcome, policy.newest().file) {
            return None;
        }
        let mut turned = Vec::new();
        for (number, record) in records.iter().enumerate() {
            let judge = Judge::new(&self.ledger, self.as_of, Detail::Findings);
            let newest = judge
                .version_for(record)
                .filter(|(own, found)| own.id == policy.id && found.index + 1 == policy.versions.len());
            // What is judged by another text comes to what it did.
            let Some((_, found)) = newest else { continue };
            let version = found.version;
            let change_type = record.type_.get().and_then(|t| version.change_type(t.as_str()));
            if change_type.is_some_and(|t| t.expedited) {
                return None;
            }
            let read = decode::check_words(record, version, &mut Sink::new());
            let was = before(file, number);
            let now = judge.judge_rules(&read, found, rules);
            let old = was.iter().filter(|j| rules.contains(&j.rule));
            if !old.clone().map(|j| j.rule).eq(now.iter().map(|j| j.rule)) || !old.clone().chain(&now).all(is_quiet) {
                return None;
            }
            if old.zip(&now).all(|(old, now)| (old.verdict, old.due) == (now.verdict, now.due)) {
                continue;
            }
            let mut now = now.into_iter().peekable();
            let judgements: Vec<Judgement> =
                was.iter().map(|old| now.next_if(|now| now.rule == old.rule).unwrap_or_else(|| old.clone())).collect();
            let verdict = judge::verdict(&read, version, &judgements);
            turned.push(Turned { file, record: number, judgements, verdict });
        }
        Some(turned)
    }
}

/// Whether a finding in a file of records comes from a rule, or points into a policy's text.
fn points_into<T>(outcome: &FileOutcome<T>, file: FileId) -> bool {
    outcome.sink.iter().any(|found| found.rule.is_some() || found.others.iter().any(|label| label.at.file == file))
}

/// Whether nobody has to be told of it.
fn is_quiet(judgement: &Judgement) -> bool {
    matches!(judgement.verdict, Verdict::Pass | Verdict::NotApplicable)
        && judgement.code.is_none()
        && judgement.waiver.is_none()
}
