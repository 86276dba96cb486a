//! All commits that lead to the one that is checked out, or read in its place, parents before children.
//!
//! Commits are ordered by who follows whom; time decides only between those of which neither follows the other, so that
//! a wrong clock moves nothing that git knows better.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};

use git2::Oid;
use jiff::Timestamp;

use super::Answer;
use super::objects::Objects;
use crate::model::Commit;

/// A commit of the walk.
pub(super) struct Node {
    pub(super) id: Oid,
    pub(super) tree: Oid,
    /// Numbers of its parents in the walk; all are smaller than its own.
    pub(super) parents: Vec<u32>,
    /// On the line from what is checked out to first parent, and on.
    pub(super) line: bool,
    /// Its parents are cut off.
    pub(super) cut: bool,
    /// It says who reviewed what it brings.
    pub(super) reviewed: bool,
    pub(super) seconds: i64,
}

impl Node {
    /// As the rest of the program knows it.
    pub(super) fn commit(&self) -> Commit {
        // A time that no calendar reaches is still before or after all others.
        let edge = if self.seconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
        let at = Timestamp::from_second(self.seconds).unwrap_or(edge);
        Commit { id: self.id.to_string().into(), at, cut: self.cut }
    }
}

/// A commit read, its parents by id.
struct Raw {
    id: Oid,
    tree: Oid,
    parents: Vec<Oid>,
    cut: bool,
    reviewed: bool,
    seconds: i64,
}

/// The commits that lead to `head`; those of `shallow` have parents that are not here.
pub(super) fn commits(objects: &mut Objects<'_>, head: Oid, shallow: &BTreeSet<Oid>) -> Answer<Vec<Node>> {
    let mut raw: Vec<Raw> = Vec::new();
    let mut known: HashMap<Oid, u32> = HashMap::new();
    let mut waiting = vec![head];
    while let Some(id) = waiting.pop() {
        if known.contains_key(&id) {
            continue;
        }
        known.insert(id, raw.len() as u32);
        let said = objects.commit(id)?;
        let cut = shallow.contains(&id);
        let parents = if cut { Vec::new() } else { said.parents };
        waiting.extend(parents.iter().filter(|p| !known.contains_key(p)));
        raw.push(Raw { id, tree: said.tree, parents, cut, reviewed: said.reviewed, seconds: said.seconds });
    }
    let mut nodes = in_order(&raw, &known);
    let mut at = nodes.len().checked_sub(1);
    while let Some(number) = at {
        nodes[number].line = true;
        at = nodes[number].parents.first().map(|p| *p as usize);
    }
    Ok(nodes)
}

/// Parents before children; of those that are free to come, the earlier first.
fn in_order(raw: &[Raw], known: &HashMap<Oid, u32>) -> Vec<Node> {
    let mut children: Vec<Vec<u32>> = vec![Vec::new(); raw.len()];
    let mut missing: Vec<usize> = vec![0; raw.len()];
    for (number, commit) in raw.iter().enumerate() {
        let parents: BTreeSet<u32> = commit.parents.iter().map(|p| known[p]).collect();
        missing[number] = parents.len();
        parents.iter().for_each(|p| children[*p as usize].push(number as u32));
    }
    let key = |number: u32| Reverse((raw[number as usize].seconds, raw[number as usize].id, number));
    let roots = (0..raw.len() as u32).filter(|n| missing[*n as usize] == 0);
    let mut free: BinaryHeap<_> = roots.map(key).collect();
    let mut place = vec![0; raw.len()];
    let mut nodes = Vec::with_capacity(raw.len());
    while let Some(Reverse((.., number))) = free.pop() {
        let commit = &raw[number as usize];
        place[number as usize] = nodes.len() as u32;
        let parents = commit.parents.iter().map(|p| place[known[p] as usize]).collect();
        let Raw { id, tree, cut, reviewed, seconds, .. } = *commit;
        nodes.push(Node { id, tree, parents, line: false, cut, reviewed, seconds });
        for child in &children[number as usize] {
            missing[*child as usize] -= 1;
            if missing[*child as usize] == 0 {
                free.push(key(*child));
            }
        }
    }
    nodes
}
