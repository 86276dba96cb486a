//! Objects by their ids: read by gix, which unpacks each step of a chain once, and by libgit2 wherever gix has no answer.
//!
//! Invariant: whatever is wrong with an object, or unusual, is said by libgit2, in the one set of words there is for it. What
//! gix brings back is an object whole and of the kind that was asked for, or nothing.

use git2::{ObjectType, Oid, Repository as Git};
use gix_hash::ObjectId;
use gix_object::{CommitRef, Kind};
use gix_odb::pack::Find;

use super::Answer;
use super::watch::Pulse;

/// How many bytes of what other objects are told by each reader holds.
const CHAINS: usize = 16 << 20;

/// One who reads objects.
pub(super) struct Objects<'g> {
    git: &'g Git,
    pulse: &'g Pulse,
    store: Option<gix_odb::Handle>,
    buffer: Vec<u8>,
}

/// What a commit says.
pub(super) struct Said {
    pub(super) tree: Oid,
    pub(super) parents: Vec<Oid>,
    /// When it was committed.
    pub(super) seconds: i64,
    /// It has a `Reviewed-by:` trailer that names somebody.
    pub(super) reviewed: bool,
}

impl<'g> Objects<'g> {
    pub(super) fn new(git: &'g Git, pulse: &'g Pulse) -> Self {
        let store = gix_odb::at(git.commondir().join("objects"), gix_hash::Kind::Sha1).ok().map(|mut store| {
            store.set_pack_cache(|| Box::new(gix_pack::cache::lru::MemoryCappedHashmap::new(CHAINS)));
            store
        });
        Self { git, pulse, store, buffer: Vec::new() }
    }

    /// The repository they are read from, for what is no object.
    pub(super) fn git(&self) -> &'g Git {
        self.git
    }

    /// The bytes of a text.
    pub(super) fn blob(&mut self, id: Oid) -> Answer<Vec<u8>> {
        self.read((Kind::Blob, ObjectType::Blob), id, <[u8]>::to_vec)
    }

    /// The bytes of a tree.
    pub(super) fn tree<T: for<'b> From<&'b [u8]>>(&mut self, id: Oid) -> Answer<T> {
        self.read((Kind::Tree, ObjectType::Tree), id, |bytes| T::from(bytes))
    }

    /// What a commit says.
    pub(super) fn commit(&mut self, id: Oid) -> Answer<Said> {
        match self.read((Kind::Commit, ObjectType::Commit), id, said)? {
            Some(said) => Ok(said),
            None => self.unusual(id),
        }
    }

    fn read<T>(&mut self, (kind, other): (Kind, ObjectType), id: Oid, take: impl FnOnce(&[u8]) -> T) -> Answer<T> {
        self.pulse.reading(other.str(), id);
        if let Some(store) = &self.store
            && let Ok(Some((found, _))) = store.try_find(&name(id), &mut self.buffer)
            && found.kind == kind
        {
            return Ok(take(found.data));
        }
        self.git.find_object(id, Some(other))?;
        Ok(take(self.git.odb()?.read(id)?.data()))
    }

    /// A commit that is not written as git writes them today.
    fn unusual(&self, id: Oid) -> Answer<Said> {
        let commit = self.git.find_commit(id)?;
        Ok(Said {
            tree: commit.tree_id(),
            parents: commit.parent_ids().collect(),
            seconds: commit.time().seconds(),
            reviewed: commit.message().is_ok_and(is_reviewed),
        })
    }
}

fn name(id: Oid) -> ObjectId {
    ObjectId::from_bytes_or_panic(id.as_bytes())
}

fn oid(name: &gix_hash::oid) -> Option<Oid> {
    Oid::from_bytes(name.as_bytes()).ok()
}

fn said(bytes: &[u8]) -> Option<Said> {
    let commit = CommitRef::from_bytes(bytes, gix_hash::Kind::Sha1).ok()?;
    Some(Said {
        tree: oid(&commit.tree())?,
        parents: commit.parents().map(|parent| oid(&parent)).collect::<Option<_>>()?,
        seconds: commit.committer().ok()?.time().ok()?.seconds,
        reviewed: std::str::from_utf8(commit.message).is_ok_and(is_reviewed),
    })
}

fn is_reviewed(message: &str) -> bool {
    // Nearly no commit has one: no trailers are parsed for the rest.
    if !message.contains("eviewed-by:") {
        return false;
    }
    let named = |(key, by): (&str, &str)| key.eq_ignore_ascii_case("reviewed-by") && !by.trim().is_empty();
    git2::message_trailers_strs(message).is_ok_and(|trailers| trailers.iter().any(named))
}
