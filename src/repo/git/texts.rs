//! The texts that policies had, read once each by as many threads as there is work for.
//!
//! Invariant: which texts come back, and their order, depend on what the walk found alone, never on who read them first.

use std::collections::{HashMap, HashSet};

use git2::{Oid, Repository as Git};

use super::Answer;
use super::packs::Packs;
use super::past::{Found, Text};
use super::spread::spread;
use super::watch::Pulse;
use crate::source::{FileId, SourceFile, SourceSet};

/// How many texts a thread takes at a time: those that lie side by side are told by each other.
const BATCH: usize = 256;

/// A text under the path it stood at.
type Standing = (Oid, String);

/// The texts of a past, in the order in which the walk names them; none where it is no text that can be read.
pub(super) struct Texts(Vec<(Standing, Option<SourceFile>)>);

/// A text that is still to be read.
struct Wanted {
    blob: Oid,
    /// What it is called: by its path and the first commit that had it there.
    shown: String,
}

impl Texts {
    /// Reads every text that the walk names.
    pub(super) fn read(git: &Git, found: &Found, pulse: &Pulse) -> Answer<Self> {
        let packs = Packs::of(git.commondir());
        let mut known: HashSet<(Oid, &str)> = HashSet::new();
        let mut standing: Vec<Standing> = Vec::new();
        let mut wanted = Vec::new();
        for text in found.policies.iter().flat_map(|(_, texts)| texts) {
            if !known.insert((text.blob, &text.path)) {
                continue;
            }
            let commit = found.nodes[text.node as usize].commit();
            let shown = format!("{}@{}", text.path.trim_start_matches('/'), commit.short());
            wanted.push(Wanted { blob: text.blob, shown });
            standing.push((text.blob, text.path.clone()));
        }
        let order = packs.order(&wanted.iter().map(|w| w.blob).collect::<Vec<_>>());
        let mut read = spread(git, (order.len(), BATCH), pulse, |listings, at| {
            let Wanted { blob, shown } = &wanted[order[at]];
            let bytes = listings.objects().blob(*blob)?;
            Ok((order[at], SourceFile::from_bytes(shown, bytes).ok()))
        })?;
        read.sort_unstable_by_key(|(number, _)| *number);
        Ok(Self(standing.into_iter().zip(read.into_iter().map(|(_, file)| file)).collect()))
    }

    /// Puts them among the past ones of `sources`.
    pub(super) fn into_sources(self, sources: &mut SourceSet) -> Files {
        let add = |(standing, file): (Standing, Option<SourceFile>)| Some((standing, sources.add_past(file?)));
        Files(self.0.into_iter().filter_map(add).collect())
    }
}

/// Under which number each text stands.
pub(super) struct Files(HashMap<Standing, FileId>);

impl Files {
    /// The number of a text; none where it is none that can be read.
    pub(super) fn of(&self, text: &Text) -> Option<FileId> {
        self.0.get(&(text.blob, text.path.clone())).copied()
    }
}
