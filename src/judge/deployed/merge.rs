//! What git has of a record's pull request, on the lines of production branches.

use jiff::Timestamp;

use super::owners::{Owned, owned};
use super::places::{request_of, same_repository};
use crate::model::{Arrival, ChangeRecord, Ledger, Line, LineCommit, People, PullRequest, RepositorySettings};

/// A pull request where git has it.
#[derive(Clone, Copy)]
pub(in crate::judge) struct Merge<'l> {
    settings: &'l RepositorySettings,
    line: &'l Line,
    commit: &'l LineCommit,
}

/// The pull request on a line that was read: by its address and number, else by the commit it became.
pub(in crate::judge) fn merge_of<'l>(ledger: &'l Ledger, request: &PullRequest) -> Option<Merge<'l>> {
    let from = ledger.deployed.as_deref()?;
    let lines =
        || ledger.configuration.repositories.iter().zip(from).filter_map(|(s, f)| Some((s, f.line.as_ref().ok()?)));
    let address = request.url.get().and_then(|url| request_of(url.as_str()));
    let by_number = address.and_then(|(address, number)| {
        let mut found = lines().filter(|(settings, line)| same_repository(address, settings, line));
        found.find_map(|(settings, line)| Some((settings, line, line.of_request(number)?)))
    });
    let by_commit = || {
        let commit = request.commit.get()?;
        lines().find_map(|(settings, line)| Some((settings, line, line.commit_of(commit.as_str())?)))
    };
    by_number.or_else(by_commit).map(|(settings, line, commit)| Merge { settings, line, commit })
}

impl<'l> Merge<'l> {
    /// The branch it came into.
    pub(in crate::judge) fn into(&self) -> &'l str {
        &self.settings.branch
    }

    /// How it was merged, as far as its commit shows.
    pub(in crate::judge) fn method(&self) -> Option<&'static str> {
        match self.commit.arrival {
            Arrival::Merge => Some("merge"),
            Arrival::Squash => Some("squash"),
            Arrival::Plain | Arrival::First => None,
        }
    }

    /// When the first of the commits that a merge brought was written.
    pub(in crate::judge) fn began(&self) -> Option<Timestamp> {
        Some(self.commit.brought.as_ref()?.first?.at)
    }

    /// Whether a word for how it was merged cannot be so: one parent is no merge commit, several are no squash.
    pub(in crate::judge) fn denies(&self, method: &str) -> bool {
        let several = self.commit.arrival == Arrival::Merge;
        matches!((method, several), ("merge", false) | ("squash" | "rebase" | "fast-forward", true))
    }

    /// What the owners of the changed files came to; nothing where the repository names none.
    pub(in crate::judge) fn owners(&self, record: &ChangeRecord, people: &People) -> Option<Owned> {
        let text = self.line.owners.get(self.commit.owners? as usize)?;
        owned(&text.text, &self.commit.paths, record, people)
    }

    /// For people.
    pub(in crate::judge) fn shown(&self) -> String {
        let how = self.method().map_or_else(|| "one parent".to_owned(), str::to_owned);
        format!("{} on `{}` of {} ({how})", self.commit.short(), self.into(), self.settings.path)
    }
}
