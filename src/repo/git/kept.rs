//! What a walk over the commits found, as text: kept for the next time, so that nobody walks twice over what cannot have
//! changed.
//!
//! Invariant: a text answers for one commit, one place in the repository, one set of commits cut off and one version of this
//! program, and for nothing that was changed by a byte since it was written; anything else is as good as no text. Only what
//! follows from the ids of commits is in it: texts are always read from git. It is safe to delete.

use std::collections::BTreeSet;
use std::sync::Arc;

use git2::Oid;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::lineage::Touch;
use super::past::{Found, Text};
use super::records::RecordWalk;
use super::walk::Node;

/// What such a text begins with.
pub const MARK: &str = "tickmark.history/1";

/// From how many commits on a walk takes long enough to be kept.
const WORTH: usize = 500;

/// What a walk depends on.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Key {
    head: String,
    prefix: String,
    shallow: Vec<String>,
    program: String,
}

impl Key {
    pub(super) fn new(head: Oid, prefix: &str, shallow: &BTreeSet<Oid>) -> Self {
        Self {
            head: head.to_string(),
            prefix: prefix.to_owned(),
            shallow: shallow.iter().map(Oid::to_string).collect(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// A walk as it is written. Ids are text; commits are numbers of `nodes`.
#[derive(Serialize, Deserialize)]
struct Kept {
    key: Key,
    nodes: Vec<KeptNode>,
    first: Option<u32>,
    policies: Vec<(String, Vec<KeptText>)>,
    records: Vec<KeptTouch>,
}

/// Id, tree, parents, whether it is on the line, whether its parents are cut off, whether it says who reviewed, seconds.
type KeptNode = (String, String, Vec<u32>, bool, bool, bool, i64);
/// Commit, path, blob, written, reviewed, stood.
type KeptText = (u32, String, String, bool, bool, bool);
/// Commit, path, blob, what each parent has, written, stood, added.
type KeptTouch = (u32, String, Option<String>, Vec<Option<String>>, bool, bool, bool);

/// A walk as text; nothing where it is not worth it.
pub(super) fn write(key: &Key, found: &Found) -> Option<String> {
    if found.nodes.len() < WORTH {
        return None;
    }
    let node = |n: &Node| {
        let Node { id, tree, parents, line, cut, reviewed, seconds } = n;
        (id.to_string(), tree.to_string(), parents.clone(), *line, *cut, *reviewed, *seconds)
    };
    let text = |t: &Text| (t.node, t.path.clone(), t.blob.to_string(), t.written, t.reviewed, t.stood);
    let hex = |id: &Option<Oid>| id.map(|id| id.to_string());
    let touch = |t: &Touch| {
        (t.node, t.path.clone(), hex(&t.blob), t.olds.iter().map(hex).collect(), t.written, t.stood, t.added)
    };
    let kept = Kept {
        key: key.clone(),
        nodes: found.nodes.iter().map(node).collect(),
        first: found.first,
        policies: found.policies.iter().map(|(path, texts)| (path.clone(), texts.iter().map(text).collect())).collect(),
        records: found.records.touches.iter().map(touch).collect(),
    };
    let body = serde_json::to_string(&kept).ok()?;
    Some(format!("{MARK} {}\n{body}\n", digest(&body)))
}

fn digest(body: &str) -> String {
    Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The walk that a text holds, if it answers for `key` and nobody changed it.
pub(super) fn read(text: &str, key: &Key) -> Option<Found> {
    let (head, body) = text.strip_suffix('\n')?.split_once('\n')?;
    if head != format!("{MARK} {}", digest(body)) {
        return None;
    }
    let kept: Kept = serde_json::from_str(body).ok().filter(|kept: &Kept| kept.key == *key)?;
    let node = |(id, tree, parents, line, cut, reviewed, seconds): KeptNode| {
        Some(Node { id: id.parse().ok()?, tree: tree.parse().ok()?, parents, line, cut, reviewed, seconds })
    };
    let nodes: Vec<Node> = kept.nodes.into_iter().map(node).collect::<Option<_>>()?;
    let known = |number: u32| ((number as usize) < nodes.len()).then_some(number);
    let text = |(node, path, blob, written, reviewed, stood): KeptText| {
        Some(Text { node: known(node)?, path, blob: blob.parse().ok()?, written, reviewed, stood })
    };
    let policies = kept.policies.into_iter().map(|(path, texts)| {
        let texts: Option<Vec<Text>> = texts.into_iter().map(text).collect();
        Some((path, texts?))
    });
    let policies = policies.collect::<Option<Vec<_>>>()?;
    let id = |hex: Option<String>| hex.map(|hex| hex.parse::<Oid>()).transpose().ok();
    let touch = |(node, path, blob, olds, written, stood, added): KeptTouch| {
        let olds: Option<Vec<Option<Oid>>> = olds.into_iter().map(id).collect();
        let parents = nodes[known(node)? as usize].parents.len();
        let olds = olds.filter(|olds| olds.len() == parents.max(1))?;
        Some(Touch { node, path, blob: id(blob)?, olds, written, stood, added })
    };
    let touches = kept.records.into_iter().map(touch).collect::<Option<Vec<_>>>()?;
    let first = kept.first.map(|number| known(number).ok_or(())).transpose().ok()?;
    let nodes = Arc::new(nodes);
    let records = RecordWalk { touches, nodes: Arc::clone(&nodes) };
    Some(Found { nodes, first, policies, records })
}
