//! What git says of change records. The walk over commits has already said which of them touched which file; only now
//! are texts read, each once, and those that the work tree still holds not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use git2::{ErrorCode, ObjectType, Oid};
use jiff::Timestamp;
use rayon::prelude::*;

use super::super::codes;
use super::lineage::Touch;
use super::trace::{States, Traced, trace};
use super::walk::Node;
use super::{Answer, Repository, tip};
use crate::decode::{RecordState, record_states};
use crate::diag::Diagnostic;
use crate::error::Result;
use crate::model::{Calendar, Commit, LastBuild, RecordCommit, RecordsPast, Sight, Who};
use crate::source::{SourceFile, SourceSet};

/// How many texts are held at a time.
const BATCH: usize = 2048;

/// What the walk found of records: which commit touched which of their files, and with which blob, unread.
#[derive(Default)]
pub struct RecordWalk {
    pub(super) touches: Vec<Touch>,
    pub(super) nodes: Arc<Vec<Node>>,
}

impl RecordWalk {
    /// When the commit that is read was made.
    pub fn ends(&self) -> Option<Timestamp> {
        self.nodes.last().map(|node| node.commit().at)
    }

    /// Says which commit is dated last, where any is dated after `limit`.
    pub fn future(&self, limit: Timestamp, calendar: &Calendar) -> Option<Diagnostic> {
        let late = || self.nodes.iter().map(Node::commit).filter(|commit| commit.at > limit);
        let last = late().max_by_key(|commit| commit.at)?;
        Some(codes::future_commit(last.short(), &calendar.show(last.at), late().count() - 1))
    }
}

impl Repository {
    /// What git says of the records that stand in `sources`. `last_build` is the commit of the last build.
    pub fn records(&self, walk: &RecordWalk, sources: &SourceSet, last_build: Option<&str>) -> Result<RecordsPast> {
        let past = RecordsPast { sight: Sight::Cut, ..RecordsPast::default() };
        if self.shallow {
            return Ok(past);
        }
        let mut states = in_work_tree(sources);
        let here_blobs: BTreeSet<Oid> = states.keys().copied().collect();
        self.read(walk, &mut states)?;
        let mut here: BTreeMap<&str, &RecordState> = BTreeMap::new();
        for state in here_blobs.iter().filter_map(|blob| states.get(blob)).flatten() {
            here.entry(&state.id).or_insert(state);
        }
        let mut traced = trace(&walk.touches, &states);
        traced.uncommitted(&here);
        let gone = traced.gone(&here);
        let last_build = self.built(walk, last_build)?;
        let mut past = RecordsPast { sight: Sight::Whole, gone, last_build, ..past };
        past.commits = self.name_commits(walk, &mut traced, &mut past.gone)?;
        past.records = traced.records;
        Ok(past)
    }

    /// What the commit that is checked out has at a path of the site; none where it has no file there.
    pub fn committed(&self, path: &str) -> Result<Option<Vec<u8>>> {
        let (at, path) = (self.at, format!("{}{path}", self.prefix));
        self.ask("could not read the commit that is checked out", move |git, pulse| {
            let Some(commit) = tip(git, at, pulse)? else { return Ok(None) };
            let entry = match commit.tree()?.get_path(Path::new(&path)) {
                Ok(entry) => entry,
                Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
                Err(error) => return Err(error),
            };
            pulse.reading("blob", entry.id());
            let blob = entry.to_object(git)?.into_blob().ok();
            Ok(blob.map(|blob| blob.content().to_vec()))
        })
    }

    /// Reads the texts that the work tree does not hold.
    fn read(&self, walk: &RecordWalk, states: &mut States) -> Result<()> {
        let touched = walk.touches.iter().flat_map(|t| t.olds.iter().flatten().chain(&t.blob));
        let wanted: BTreeSet<Oid> = touched.filter(|blob| !states.contains_key(*blob)).copied().collect();
        let wanted: Vec<Oid> = wanted.into_iter().collect();
        for batch in wanted.chunks(BATCH) {
            let batch = batch.to_vec();
            let texts = self.ask("could not read the history of records", move |git, pulse| {
                let read = |blob: Oid| {
                    pulse.reading("blob", blob);
                    Ok((blob, git.find_blob(blob)?.content().to_vec()))
                };
                batch.into_iter().map(read).collect::<Answer<Vec<(Oid, Vec<u8>)>>>()
            })?;
            let read = texts.into_par_iter().map(|(blob, bytes)| {
                // A text that cannot be read holds no record.
                let file = SourceFile::from_bytes("changes/past.yaml", bytes);
                (blob, file.map_or_else(|_| Vec::new(), |file| record_states(file.text())))
            });
            states.par_extend(read);
        }
        Ok(())
    }

    /// Whether the branch still holds the commit of the last build. One that came after the commit that is read tells
    /// nothing of it.
    fn built(&self, walk: &RecordWalk, last_build: Option<&str>) -> Result<LastBuild> {
        let Some((commit, Ok(id))) = last_build.map(|commit| (commit, commit.parse::<Oid>())) else {
            return Ok(LastBuild::Unknown);
        };
        if walk.nodes.iter().any(|node| node.id == id) {
            return Ok(LastBuild::Held(commit.into()));
        }
        let later = match self.at {
            None => false,
            Some(at) => self.ask("could not look for the commit of the last build", move |git, pulse| {
                pulse.reading("commit", id);
                Ok(git.graph_descendant_of(id, at).unwrap_or(false))
            })?,
        };
        Ok(if later { LastBuild::Unknown } else { LastBuild::Lost(commit.into()) })
    }

    /// The commits that are spoken of, and nothing else; the numbers of the walk become theirs.
    fn name_commits(
        &self,
        walk: &RecordWalk,
        traced: &mut Traced<'_>,
        gone: &mut [crate::model::GoneRecord],
    ) -> Result<Vec<RecordCommit>> {
        let numbers = || traced.records.values().flatten().filter_map(|t| t.commit);
        let spoken: BTreeSet<u32> = numbers().chain(gone.iter().filter_map(|g| g.commit)).collect();
        let spoken: Vec<u32> = spoken.into_iter().collect();
        let place = |number: u32| spoken.binary_search(&number).ok().map(|at| at as u32);
        for text in traced.records.values_mut().flatten() {
            text.commit = text.commit.and_then(place);
        }
        for record in gone {
            record.commit = record.commit.and_then(place);
        }
        let nodes = Arc::clone(&walk.nodes);
        self.ask("could not read the history of records", move |git, pulse| {
            let name = |number: &u32| {
                let node = &nodes[*number as usize];
                pulse.reading("commit", node.id);
                Ok(named(&git.find_commit(node.id)?, node.commit()))
            };
            spoken.iter().map(name).collect()
        })
    }
}

/// What the work tree says, by the id that git would give each text.
fn in_work_tree(sources: &SourceSet) -> States {
    let files: Vec<&SourceFile> = sources.iter().map(|(_, f)| f).filter(|f| f.path().starts_with("changes/")).collect();
    let hashed = files.par_iter().filter_map(|file| {
        let blob = Oid::hash_object(ObjectType::Blob, file.text().as_bytes()).ok()?;
        Some((blob, record_states(file.text())))
    });
    hashed.collect()
}

fn named(git: &git2::Commit<'_>, commit: Commit) -> RecordCommit {
    let who = |signature: &git2::Signature<'_>| Who {
        name: String::from_utf8_lossy(signature.name_bytes()).into(),
        email: String::from_utf8_lossy(signature.email_bytes()).into(),
    };
    let signed = git.raw_header_bytes().split(|b| *b == b'\n').any(|line| line.starts_with(b"gpgsig"));
    RecordCommit { commit, author: who(&git.author()), committer: who(&git.committer()), signed }
}
