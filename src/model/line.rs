//! The line of a production branch: the commits that were its tip one after another, as git has them.
//!
//! It runs from a commit to its first parent, and on. What a merge brought stands beside it, not on it. Only what git
//! can say is here; whether a commit has a record, or should have come another way, is the judge's.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Who;

/// The line of one branch, and what stands on it.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// The branch that was read, as in `main` or `origin/main`.
    pub branch: Box<str>,
    /// The commit at its end.
    pub head: Box<str>,
    /// Where `origin` is, as git was told, without anything secret.
    pub origin: Option<Box<str>>,
    /// History is cut short (a shallow clone): what came before its first commits is not known.
    pub cut: bool,
    /// What `origin` has under this name holds commits that the branch read does not.
    pub behind: bool,
    /// Its commits, the earliest first: those dated from the day asked for on, and all that follow the first two of these.
    pub commits: Vec<LineCommit>,
    /// Every commit that leads to its end, in order, by id: those of merged branches, and those before the day asked for.
    pub reachable: Vec<Box<str>>,
    /// Tags of commits that lead to its end, by name.
    pub tags: Vec<LineTag>,
    /// The places of its commits on it by the requests they name, and in the order of their ids; [`Line::sort`] makes them.
    pub index: LineIndex,
    /// Texts that say who owns which files (CODEOWNERS), as the commits had them.
    pub owners: Vec<OwnersText>,
}

/// How a commit came onto the line, as far as it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// It has several parents.
    Merge,
    /// It has one, and its message names a pull or merge request, as hosts write it when they squash one.
    Squash,
    /// It has one, and names none: pushed as it is, fast-forwarded, or rebased. Git does not tell which.
    Plain,
    /// It has none: the first commit there is.
    First,
}

/// When somebody did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// The instant.
    pub at: Timestamp,
    /// Minutes east of UTC on that person's clock.
    pub offset: i32,
}

/// A line of a message's end, as in `Change: CHG-2026-0142`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trailer {
    /// Before the colon.
    pub key: Box<str>,
    /// After it.
    pub value: Box<str>,
}

/// What a merge brought that its first parent had not.
#[derive(Clone, Debug, Default)]
pub struct Brought {
    /// The commits, parents first, the merge itself aside.
    pub commits: Vec<Box<str>>,
    /// Who wrote them, each once, in the order of their first.
    pub authors: Vec<Who>,
    /// When the first of them was written.
    pub first: Option<When>,
    /// What their `Change:` trailers name.
    pub changes: Vec<Box<str>>,
}

/// A commit of the line.
#[derive(Clone, Debug)]
pub struct LineCommit {
    /// Its id, in full.
    pub id: Box<str>,
    /// Its parents; the first is the commit before it on the line.
    pub parents: Vec<Box<str>>,
    /// Who wrote it.
    pub author: Who,
    /// When.
    pub authored: When,
    /// Who committed it.
    pub committer: Who,
    /// When.
    pub committed: When,
    /// The whole message.
    pub message: Box<str>,
    /// The trailers of the message.
    pub trailers: Vec<Trailer>,
    /// How it came.
    pub arrival: Arrival,
    /// The pull or merge request that its message names.
    pub request: Option<u64>,
    /// The commits that its message says it takes back.
    pub reverts: Vec<Box<str>>,
    /// What it brought, of a merge.
    pub brought: Option<Brought>,
    /// Files that differ from its first parent, in order; empty unless they were asked for.
    pub paths: Vec<Box<str>>,
    /// Who owns files, as its first parent says: the number of a text of the line.
    pub owners: Option<u32>,
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineTag {
    /// Its name, as in `v1.2.0`.
    pub name: Box<str>,
    /// The commit it names, in full.
    pub commit: Box<str>,
    /// Who made it, where it is a tag with a message.
    pub tagger: Option<(Who, When)>,
}

/// A CODEOWNERS file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnersText {
    /// Where it stands.
    pub path: Box<str>,
    /// What it says.
    pub text: Box<str>,
}

impl LineCommit {
    /// The first line of its message.
    pub fn subject(&self) -> &str {
        self.message.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default()
    }

    /// What it is about: of a merge that a host made the request's title, else the first line; with the request's number.
    pub fn title(&self) -> String {
        let subject = self.subject();
        let mut rest = self.message.trim_start().lines().skip(1).map(str::trim).filter(|line| !line.is_empty());
        let own = rest.next().filter(|line| {
            let trailer = self.trailers.iter().any(|t| line.starts_with(&*t.key));
            self.arrival == Arrival::Merge
                && subject.starts_with("Merge")
                && !trailer
                && !line.starts_with("See merge request")
        });
        let title = own.unwrap_or(subject);
        match self.request {
            Some(n) if !title.contains(&format!("#{n}")) => format!("{title} (#{n})"),
            _ => title.to_owned(),
        }
    }

    /// Its id as people write it.
    pub fn short(&self) -> &str {
        &self.id[..self.id.len().min(7)]
    }

    /// The values of a trailer, whatever the case of its key.
    pub fn trailer<'c>(&'c self, key: &'c str) -> impl Iterator<Item = &'c str> {
        self.trailers.iter().filter(move |t| t.key.eq_ignore_ascii_case(key)).map(|t| &*t.value)
    }
}

/// Where commits stand on a line.
#[derive(Clone, Debug, Default)]
pub struct LineIndex {
    requests: BTreeMap<u64, u32>,
    by_id: Vec<u32>,
}

impl Line {
    /// Makes its commits ready to be looked for, once all of them are there.
    pub fn sort(&mut self) {
        let commits = &self.commits;
        let mut by_id: Vec<u32> = (0..commits.len() as u32).collect();
        by_id.sort_by_key(|place| &commits[*place as usize].id);
        let requests = (0..).zip(commits).filter_map(|(place, c)| Some((c.request?, place))).collect();
        self.index = LineIndex { requests, by_id };
    }

    /// The last commit that names this pull request.
    pub fn of_request(&self, number: u64) -> Option<&LineCommit> {
        self.index.requests.get(&number).map(|place| &self.commits[*place as usize])
    }

    /// A commit of it by its id, or at least seven digits of its beginning.
    pub fn commit_of(&self, id: &str) -> Option<&LineCommit> {
        let id = id.to_ascii_lowercase();
        let from = self.index.by_id.partition_point(|place| *self.commits[*place as usize].id < *id);
        let found = &self.commits[*self.index.by_id.get(from)? as usize];
        (id.len() >= 7 && found.id.starts_with(&id)).then_some(found)
    }

    /// Whether a commit, by its whole id or the beginning of it, leads to the end of the line.
    pub fn reaches(&self, id: &str) -> bool {
        let id = id.to_ascii_lowercase();
        let from = self.reachable.partition_point(|other| **other < *id);
        !id.is_empty() && self.reachable.get(from).is_some_and(|other| other.starts_with(&id))
    }
}
