//! The history of a site: one walk over its commits, in which two are compared by the ids of their trees, so that what
//! did not change is never read.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use git2::{Oid, Repository as Git};
use sha2::{Digest, Sha256};

use super::super::layout;
use super::kept::{self, Key};
use super::lineage::{Lineages, Touch};
use super::listing::{Difference, Listings};
use super::objects::Objects;
use super::records::RecordWalk;
use super::spread::spread;
use super::texts::Texts;
use super::walk::{Node, commits};
use super::watch::Pulse;
use super::{Answer, Repository, tip};
use crate::decode::stated_id;
use crate::error::Result;
use crate::model::{History, Lineage, PastText};
use crate::source::SourceSet;

const POLICIES: &str = "policies/";
const RECORDS: &str = "changes/";

/// A text that a policy had, by the id of its bytes.
pub(super) struct Text {
    /// The number of the commit in the walk.
    pub(super) node: u32,
    pub(super) path: String,
    pub(super) blob: Oid,
    pub(super) written: bool,
    pub(super) reviewed: bool,
    pub(super) stood: bool,
}

/// What the walk brings back: nothing that is not said by the ids of commits.
pub(super) struct Found {
    pub(super) nodes: Arc<Vec<Node>>,
    /// The first commit that holds the site's configuration.
    pub(super) first: Option<u32>,
    pub(super) policies: Vec<(String, Vec<Text>)>,
    pub(super) records: RecordWalk,
}

/// The past of a site, and what of it is worth keeping for the next time.
#[derive(Default)]
pub struct Past {
    /// What policies were.
    pub history: History,
    /// Which commits touched which files of records.
    pub records: RecordWalk,
    /// A text that spares the next one the walk, where this one had to walk far.
    pub keep: Option<String>,
}

/// A question for the past of a site, while it is being answered.
pub struct Recall(Receiver<Answer<Option<Recalled>>>);

/// What the walk found, its texts read, and what of it is worth keeping.
struct Recalled {
    found: Found,
    texts: Texts,
    keep: Option<String>,
}

impl Repository {
    /// Asks for the past of the site that is checked out, or read in its place: so that the walk goes on while whoever asks
    /// reads the site.
    ///
    /// `kept` is the text that an earlier walk was worth. It is believed only where it answers for the same commit.
    pub fn recall(&self, kept: Option<String>) -> Result<Recall> {
        let (prefix, shallow, at) = (self.prefix.clone(), self.cut_off()?, self.at);
        Ok(Recall(self.worker.begin(move |git, pulse| {
            let Some(head) = tip(git, at, pulse)? else { return Ok(None) };
            let key = Key::new(head.id(), &prefix, &shallow);
            let (found, keep) = if let Some(found) = kept.and_then(|kept| kept::read(&kept, &key)) {
                (found, None)
            } else {
                let found = walk(git, head.id(), &shallow, &prefix, pulse)?;
                let keep = kept::write(&key, &found);
                (found, keep)
            };
            let texts = Texts::read(git, &found, pulse)?;
            Ok(Some(Recalled { found, texts, keep }))
        })))
    }

    /// What git says of the past. The texts of policies are put among the past ones of `sources`, under their path and
    /// commit, as in `policies/a.md@1f2e3d4`; those of records are not read.
    pub fn history(&self, asked: &Recall, sources: &mut SourceSet) -> Result<Past> {
        let cut = self.shallow;
        let walked = self.answered("could not read the history", self.worker.wait(1, &asked.0))?;
        let Some(Recalled { found: Found { nodes, first, policies, records }, texts: read, keep }) = walked else {
            return Ok(Past { history: History { cut, ..History::default() }, ..Past::default() });
        };
        let commit = |node: u32| nodes[node as usize].commit();
        let first = first.map(commit);
        let files = read.into_sources(sources);
        let mut history = History { cut, first, policies: Vec::with_capacity(policies.len()) };
        for (path, texts) in policies {
            let text = |t: Text| {
                let Text { written, reviewed, stood, .. } = t;
                PastText { commit: commit(t.node), file: files.of(&t), written, reviewed, stood }
            };
            history.policies.push(Lineage { path, texts: texts.into_iter().map(text).collect() });
        }
        Ok(Past { history, records, keep })
    }

    /// A name for what is kept of this site's history: of the repository and the site's place in it, and no other.
    pub fn kept_as(&self) -> String {
        let place = format!("{}\n{}", self.common.display(), self.prefix);
        let digest = Sha256::digest(place);
        let hex: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        format!("{hex}.history")
    }

    /// The commits of a shallow clone whose parents were left out.
    fn cut_off(&self) -> Result<BTreeSet<Oid>> {
        if !self.shallow {
            return Ok(BTreeSet::new());
        }
        let path = self.common.join("shallow");
        let text = std::fs::read_to_string(&path).map_err(|e| crate::error::Error::io("could not read", &path, e))?;
        Ok(text.lines().filter_map(|line| line.trim().parse().ok()).collect())
    }
}

/// What a commit's tree has of the site.
#[derive(Clone, Copy, Default)]
struct SiteTree {
    policies: Option<Oid>,
    records: Option<Oid>,
    configured: bool,
}

fn site_tree(listings: &mut Listings<'_>, tree: Oid, prefix: &str) -> Answer<SiteTree> {
    let mut folder = tree;
    for part in prefix.split('/').filter(|part| !part.is_empty()) {
        match listings.get(folder, part)? {
            Some((id, true)) => folder = id,
            _ => return Ok(SiteTree::default()),
        }
    }
    let mut below = |place: &str| -> Answer<Option<Oid>> {
        Ok(listings.get(folder, place.trim_end_matches('/'))?.filter(|(_, folder)| *folder).map(|(id, _)| id))
    };
    let (policies, records) = (below(POLICIES)?, below(RECORDS)?);
    let mut configured = false;
    for name in layout::CONFIGURATIONS {
        configured |= listings.get(folder, name)?.is_some_and(|(_, folder)| !folder);
    }
    Ok(SiteTree { policies, records, configured })
}

/// How many commits a thread goes through at a time. Those that follow each other share nearly all of their trees.
const BATCH: usize = 512;

fn walk(git: &Git, head: Oid, shallow: &BTreeSet<Oid>, prefix: &str, pulse: &Pulse) -> Answer<Found> {
    let nodes = commits(&mut Objects::new(git, pulse), head, shallow)?;
    let size = (nodes.len(), BATCH);
    let trees = spread(git, size, pulse, |listings, number| site_tree(listings, nodes[number].tree, prefix))?;
    let is_record = |path: &str| layout::role(path).is_some();
    let touches = spread(git, size, pulse, |listings, number| {
        let (node, number) = (&nodes[number], number as u32);
        let records = touched(listings, node, number, &Which::Below(RECORDS, &is_record), |n| trees[n].records)?;
        let policies = touched(listings, node, number, &Which::Below(POLICIES, &is_policy), |n| trees[n].policies)?;
        Ok((records, policies))
    })?;
    let (records, policies): (Vec<Vec<Touch>>, Vec<Vec<Touch>>) = touches.into_iter().unzip();
    // Where a policy came from another folder, its past there is gone through, too.
    let mut listings = Listings::new(git, pulse);
    let mut origins: BTreeSet<String> = BTreeSet::new();
    let (touches, lineages) = loop {
        let round = follow(&mut listings, &nodes, &policies, prefix, &origins)?;
        let known = origins.len();
        origins.extend(round.origins);
        if origins.len() == known || known > MOST_ORIGINS {
            break (round.touches, round.lineages);
        }
    };
    let first = (0..nodes.len()).find(|n| trees[*n].configured).filter(|n| !nodes[*n].cut).map(|n| n as u32);
    let policies = gather(&nodes, touches, lineages);
    let nodes = Arc::new(nodes);
    let records = RecordWalk { touches: records.into_iter().flatten().collect(), nodes: Arc::clone(&nodes) };
    Ok(Found { nodes, first, policies, records })
}

/// How many files outside the policies' folder are followed: more are no policies that somebody moved there.
const MOST_ORIGINS: usize = 10_000;

/// What going through all commits once came to.
#[derive(Default)]
struct Round {
    touches: Vec<Touch>,
    lineages: Lineages,
    /// Files of the repository, outside the policies' folder, that policies came from.
    origins: BTreeSet<String>,
}

/// Goes through what all commits did to policies, as was found, and to these files that policies came from. What is outside
/// the policies' folder is named from the repository's root with a `/` before it.
fn follow(
    listings: &mut Listings<'_>,
    nodes: &[Node],
    policies: &[Vec<Touch>],
    prefix: &str,
    origins: &BTreeSet<String>,
) -> Answer<Round> {
    let mut round = Round::default();
    let outside: Vec<&str> = origins.iter().map(String::as_str).collect();
    let git = listings.git();
    let id = |blob: Oid| Ok(std::str::from_utf8(git.find_blob(blob)?.content()).ok().and_then(stated_id));
    for (number, node) in nodes.iter().enumerate() {
        let mut own = policies[number].clone();
        if !outside.is_empty() {
            own.extend(touched(listings, node, number as u32, &Which::These(&outside), |n| Some(nodes[n].tree))?);
        }
        if own.is_empty() {
            continue;
        }
        let before = node.parents.first().map(|p| nodes[*p as usize].tree);
        let mut renames = Renames { before, after: node.tree, prefix, near: None, far: None };
        let found = &mut round.origins;
        let renamed = |path: &str| -> Answer<Option<String>> {
            let old = renames.of(listings, path)?;
            if let Some(old) = old.as_ref().and_then(|old| old.strip_prefix('/'))
                && !origins.contains(old)
            {
                found.insert(old.to_owned());
            }
            Ok(old)
        };
        round.lineages.take(&own, round.touches.len(), id, renamed)?;
        round.touches.extend(own);
    }
    Ok(round)
}

/// What git takes for renamed in one commit, asked for only where a text appears.
struct Renames<'r> {
    before: Option<Oid>,
    after: Oid,
    prefix: &'r str,
    /// Within the policies' folder.
    near: Option<HashMap<String, String>>,
    /// Anywhere.
    far: Option<HashMap<String, String>>,
}

impl Renames<'_> {
    /// Where the text came from that appeared at a path: within the folder, if git takes it so, else from anywhere.
    fn of(&mut self, listings: &Listings<'_>, path: &str) -> Answer<Option<String>> {
        let Some(before) = self.before else { return Ok(None) };
        let whole = path.strip_prefix('/').map_or_else(|| format!("{}{path}", self.prefix), str::to_owned);
        if self.near.is_none() {
            let place = format!("{}{POLICIES}", self.prefix);
            self.near = Some(listings.renames(before, self.after, Some(place.trim_end_matches('/')))?);
        }
        if let Some(old) = self.near.as_ref().and_then(|near| near.get(&whole)) {
            return Ok(old.strip_prefix(self.prefix).map(str::to_owned));
        }
        if self.far.is_none() {
            self.far = Some(listings.renames(before, self.after, None)?);
        }
        let old = self.far.as_ref().and_then(|far| far.get(&whole));
        let policy = |old: &String| old.strip_prefix(self.prefix).filter(|inside| is_policy(inside)).map(str::to_owned);
        Ok(old.map(|old| policy(old).unwrap_or_else(|| format!("/{old}"))))
    }
}

/// Which files a question is about.
enum Which<'w> {
    /// Those below a place of the site that count.
    Below(&'w str, &'w dyn Fn(&str) -> bool),
    /// These of the repository, sorted.
    These(&'w [&'w str]),
}

/// What a commit did to files, where `tree` gives each commit's tree of them: what none of its parents has so, and what its
/// first parent has not.
fn touched(
    listings: &mut Listings<'_>,
    node: &Node,
    number: u32,
    which: &Which<'_>,
    tree: impl Fn(usize) -> Option<Oid>,
) -> Answer<Vec<Touch>> {
    let own = tree(number as usize);
    let mut parents: Vec<Option<Oid>> = node.parents.iter().map(|p| tree(*p as usize)).collect();
    if parents.is_empty() {
        parents.push(None);
    }
    if parents.iter().all(|p| *p == own) {
        return Ok(Vec::new());
    }
    let mut against: Vec<BTreeMap<String, Difference>> = Vec::with_capacity(parents.len());
    for parent in parents {
        let mut found = Vec::new();
        match which {
            Which::Below(place, counts) => {
                found = listings.differences(parent, own, place)?;
                found.retain(|d| counts(&d.path));
            }
            Which::These(paths) => listings.among([parent, own], "/", paths, &mut found)?,
        }
        against.push(found.into_iter().map(|d| (d.path.clone(), d)).collect());
    }
    let paths: BTreeSet<&String> = against.iter().flat_map(BTreeMap::keys).collect();
    let mut touches = Vec::new();
    for path in paths {
        let written = against.iter().all(|parent| parent.contains_key(path));
        let stood = node.line && against[0].contains_key(path);
        if !written && !stood {
            continue;
        }
        let Some(new) = against.iter().find_map(|parent| parent.get(path)).map(|d| d.new) else { continue };
        let added = written && against.iter().filter_map(|parent| parent.get(path)).all(|d| d.old.is_none());
        let olds = against.iter().map(|parent| parent.get(path).and_then(|d| d.old)).collect();
        touches.push(Touch { node: number, path: path.clone(), blob: new, olds, written, stood, added });
    }
    Ok(touches)
}

/// The policies folder's own index is no policy.
fn is_policy(path: &str) -> bool {
    path.starts_with(POLICIES)
        && layout::role(path).is_some()
        && !matches!(path, "policies/index.md" | "policies/_index.md")
}

/// Paths with the texts they had.
type Gathered = Vec<(String, Vec<Text>)>;

/// The texts of the lines.
fn gather(nodes: &[Node], touches: Vec<Touch>, lineages: Lineages) -> Gathered {
    let mut touches: Vec<Option<Touch>> = touches.into_iter().map(Some).collect();
    let mut policies = Vec::with_capacity(lineages.lines.len());
    // What was followed and never came to be a policy is none.
    for line in lineages.lines.into_iter().filter(|line| !line.path.starts_with('/')) {
        let mut texts = Vec::with_capacity(line.touches.len());
        for number in line.touches {
            let Some(Touch { node, path, blob: Some(blob), written, stood, .. }) = touches[number].take() else {
                continue;
            };
            let reviewed = written && nodes[node as usize].reviewed;
            texts.push(Text { node, path, blob, written, reviewed, stood });
        }
        policies.push((line.path, texts));
    }
    policies
}
