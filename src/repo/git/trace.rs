//! From what each commit did to files of records to what it did to each record: pure, and by id alone.
//!
//! A record that a commit takes from one file to another is the same; one that comes back after it was gone goes on.

use std::collections::{BTreeMap, HashMap};

use git2::Oid;

use super::lineage::Touch;
use crate::decode::RecordState;
use crate::model::{FieldSet, GoneRecord, RecordText};

/// The records of every text that was read.
pub(super) type States = HashMap<Oid, Vec<RecordState>>;

/// What became of all records. Commits are numbers of the walk.
#[derive(Default)]
pub(super) struct Traced<'s> {
    pub(super) records: BTreeMap<Box<str>, Vec<RecordText>>,
    /// What the line that leads to what is checked out holds, and where.
    held: BTreeMap<&'s str, (&'s str, &'s RecordState)>,
    /// What it held once.
    gone: BTreeMap<&'s str, (u32, &'s str, &'s RecordState)>,
    /// The last text of each record in any commit, and the last commit that took it away.
    last: HashMap<&'s str, &'s RecordState>,
    removed: HashMap<&'s str, u32>,
}

/// Follows records through the touches of all commits, in their order.
pub(super) fn trace<'s>(touches: &'s [Touch], states: &'s States) -> Traced<'s> {
    let mut traced = Traced::default();
    for group in touches.chunk_by(|a, b| a.node == b.node) {
        traced.written(group, states);
        traced.stood(group, states);
    }
    traced
}

fn of(states: &States, blob: Option<Oid>) -> &[RecordState] {
    blob.and_then(|blob| states.get(&blob)).map_or(&[], Vec::as_slice)
}

impl<'s> Traced<'s> {
    /// What a commit wrote.
    fn written(&mut self, group: &'s [Touch], states: &'s States) {
        let written: Vec<&Touch> = group.iter().filter(|t| t.written).collect();
        let Some(first) = written.first() else { return };
        let node = first.node;
        let before: Vec<HashMap<&str, &RecordState>> = (0..first.olds.len())
            .map(|parent| {
                let olds = written.iter().flat_map(|t| of(states, t.olds[parent]));
                olds.map(|s| (&*s.id, s)).collect()
            })
            .collect();
        let after: BTreeMap<&str, &RecordState> =
            written.iter().flat_map(|t| of(states, t.blob)).map(|s| (&*s.id, s)).collect();
        for (id, state) in &after {
            let olds: Vec<&RecordState> = before.iter().filter_map(|b| b.get(id).copied()).collect();
            self.text(id, state, &olds, Some(node));
        }
        for id in before.iter().flat_map(HashMap::keys).filter(|id| !after.contains_key(*id)) {
            self.removed.insert(id, node);
        }
    }

    /// One more text of a record, where it says anything else than those it follows.
    fn text(&mut self, id: &'s str, state: &'s RecordState, olds: &[&RecordState], commit: Option<u32>) {
        let last = self.last.insert(id, state);
        let against = if olds.is_empty() { last.as_slice() } else { olds };
        let changed = against.iter().map(|old| old.differing(state)).reduce(FieldSet::and);
        let texts = self.records.entry(id.into()).or_default();
        if texts.is_empty() || changed.is_some_and(|c| !c.is_empty()) {
            let changed = if texts.is_empty() { FieldSet::default() } else { changed.unwrap_or_default() };
            texts.push(RecordText { commit, changed, plan: state.plan, closed: state.closed });
        }
    }

    /// What came and went on the line that leads to what is checked out.
    fn stood(&mut self, group: &'s [Touch], states: &'s States) {
        let stood = || group.iter().filter(|t| t.stood);
        for touch in stood() {
            for state in of(states, touch.olds[0]) {
                if let Some((path, state)) = self.held.remove(&*state.id) {
                    self.gone.insert(&state.id, (touch.node, path, state));
                }
            }
        }
        for touch in stood() {
            for state in of(states, touch.blob) {
                self.gone.remove(&*state.id);
                self.held.insert(&state.id, (&touch.path, state));
            }
        }
    }

    /// Goes on with what the work tree holds and nobody has committed.
    pub(super) fn uncommitted(&mut self, here: &BTreeMap<&'s str, &'s RecordState>) {
        for (id, state) in here {
            match self.held.get(id) {
                Some((_, held)) if !held.differing(state).is_empty() => {
                    let held: &RecordState = held;
                    self.text(id, state, &[held], None);
                }
                None if self.last.contains_key(id) => self.text(id, state, &[], None),
                _ => {}
            }
        }
    }

    /// The records that the line held once and that are not here.
    pub(super) fn gone(&self, here: &BTreeMap<&str, &RecordState>) -> Vec<GoneRecord> {
        let gone = |id: &str, path: &str, state: &RecordState, commit| GoneRecord {
            id: id.into(),
            policy: state.policy.clone(),
            path: path.into(),
            requested: state.requested_at,
            closed: state.closed_at,
            commit,
        };
        let committed = self.gone.iter().map(|(id, (node, path, state))| {
            let by = self.removed.get(id).copied().unwrap_or(*node);
            gone(id, path, state, Some(by))
        });
        let here_no_more = self.held.iter().map(|(id, (path, state))| gone(id, path, state, None));
        let mut all: Vec<GoneRecord> = committed.chain(here_no_more).filter(|g| !here.contains_key(&*g.id)).collect();
        all.sort_by(|a, b| a.id.cmp(&b.id));
        all
    }
}
