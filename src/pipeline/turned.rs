//! What an edit of rules turns: which of them ask something else, and which records they alone concern.
//!
//! It errs on the side of more: where anything but rules differs, or a record has more that hangs on them than what they
//! come to, the record is judged as if nobody had before.

use std::collections::BTreeMap;

use super::{FileOutcome, Site};
use crate::decode;
use crate::diag::{Label, Sink};
use crate::judge::{self, Detail, Judge, Judgement, Verdict};
use crate::model::{ChangeRecord, Check, Policy, PolicyVersion, Word};
use crate::source::{FileId, Span};
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

/// What an edit of front matter leaves to be judged, where it is not all.
pub(super) struct Rules {
    /// The rules that ask something else, by their numbers, and those that others ask about.
    turned: Vec<u16>,
    /// The policy's file.
    file: FileId,
    /// Where rules and clauses stand now, by where they stood.
    moved: BTreeMap<Span, Span>,
}

impl Rules {
    /// Lets what was found point at rules and clauses where they stand now.
    pub(super) fn follow<T>(&self, outcome: &mut FileOutcome<T>) {
        for label in outcome.sink.iter_mut().flat_map(|found| &mut found.others) {
            if label.at.file == self.file
                && let Some(now) = self.moved.get(&label.at.span)
            {
                label.at.span = *now;
            }
        }
    }
}

/// What has to be judged again after an edit of front matter, of which both texts are given. None where that is all of the
/// policy.
pub(super) fn rules((a, old): (&PolicyVersion, &str), (b, new): (&PolicyVersion, &str)) -> Option<Rules> {
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
    let turned = if counted(a) || counted(b) { (0..y.len() as u16).collect() } else { turned };
    let mut moved = moved_clauses(a, b);
    moved.extend(a.rules.iter().zip(&b.rules).map(|(was, is)| (was.span, is.span)));
    Some(Rules { turned, file: b.file, moved })
}

/// Where clauses stand now, by where they stood.
pub(super) fn moved_clauses(before: &PolicyVersion, after: &PolicyVersion) -> BTreeMap<Span, Span> {
    let spans = |version: &PolicyVersion| -> BTreeMap<String, Span> {
        // Of two with one anchor the first, as everywhere.
        version.outline.clauses.iter().rev().map(|clause| (clause.anchor.clone(), clause.span)).collect()
    };
    let now = spans(after);
    spans(before).into_iter().filter_map(|(anchor, span)| Some((span, *now.get(&anchor)?))).collect()
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
    /// What the records of a file come to by the newest version of a policy of which only some rules ask something else.
    /// None where more hangs on these: findings, waivers, a summary, a date on which something falls due.
    pub(super) fn turn<T>(
        &self,
        policy: &Policy,
        rules: &Rules,
        (file, records): (usize, &[ChangeRecord]),
        outcome: &FileOutcome<T>,
        before: Before<'_>,
    ) -> Option<Vec<Turned>> {
        let stays = |label: &Label| label.at.file != rules.file || rules.moved.contains_key(&label.at.span);
        if outcome.used.iter().any(|used| used.covers > 0)
            || !outcome.sink.iter().flat_map(|found| &found.others).all(stays)
        {
            return None;
        }
        let rules = rules.turned.as_slice();
        let mut turned = Vec::new();
        for (number, record) in records.iter().enumerate() {
            let judge = Judge::new(&self.ledger, self.as_of, Detail::Findings);
            let newest = judge
                .version_for(record)
                .filter(|(own, found)| own.id == policy.id && found.index + 1 == policy.versions.len());
            // What is judged by another text comes to what it did.
            let Some((_, found)) = newest else { continue };
            let version = found.version;
            let was = before(file, number);
            let old = was.iter().filter(|j| rules.contains(&j.rule));
            let binds = |t: &Word| rules.iter().any(|number| version.rules[*number as usize].binds(t.as_str()));
            if old.clone().next().is_none() && !record.type_.get().is_some_and(binds) {
                continue;
            }
            // Its summary says what rules ask, too.
            if record.type_.get().and_then(|t| version.change_type(t.as_str())).is_some_and(|t| t.expedited) {
                return None;
            }
            let read = decode::check_words(record, version, &mut Sink::new());
            let now = judge.judge_rules(&read, found, rules);
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

/// Whether nobody has to be told of it.
fn is_quiet(judgement: &Judgement) -> bool {
    matches!(judgement.verdict, Verdict::Pass | Verdict::NotApplicable)
        && judgement.code.is_none()
        && judgement.waiver.is_none()
}
