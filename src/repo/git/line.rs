//! The line of a branch of another repository, and what stands on it.
//!
//! Every commit that leads to the branch is walked once, so that what a merge brought is what no commit before it had.
//! A wrong clock hides nothing: what follows two commits of the days asked for counts, whatever its date.

use std::collections::{BTreeMap, BTreeSet};

use git2::{BranchType, ErrorCode, Oid, Repository as Git, Signature};
use jiff::Timestamp;

use super::elsewhere::Elsewhere;
use super::listing::Listings;
use super::objects::Objects;
use super::walk::{Node, commits};
use super::watch::Pulse;
use super::{Answer, Obstacle, message};
use crate::model::{Arrival, Brought, Line, LineCommit, LineTag, OwnersText, Trailer, When, Who};

/// Where a CODEOWNERS file may stand, the first that is there counts.
const OWNERS: [&str; 4] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// What is asked of a line.
#[derive(Clone, Copy, Debug, Default)]
pub struct LineAsk {
    /// From when on; all of it where that is not said.
    pub since: Option<Timestamp>,
    /// Which files each commit changed.
    pub paths: bool,
    /// Who owned them.
    pub owners: bool,
}

/// What came of looking for a branch.
enum Found {
    Line(Box<Line>),
    /// It is not there; these are.
    NoBranch(Vec<String>),
    /// The repository has no commit.
    Empty,
}

impl Elsewhere {
    /// The line of a branch: the local one of that name, else the one that `origin` has.
    pub fn line(&self, branch: &str, ask: LineAsk) -> Result<Line, Obstacle> {
        let name = branch.to_owned();
        let found = self.ask("could not read the branch", move |git, pulse| find(git, &name, ask, pulse))?;
        let shown = self.shown();
        match found {
            Found::Line(line) => Ok(*line),
            Found::NoBranch(there) => {
                let near = crate::diag::suggest::nearest(branch, there.iter().map(String::as_str));
                let help = near.map_or_else(
                    || format!("name one of its branches (`git -C {shown} branch --all`), or fetch it: `git -C {shown} fetch origin {branch}`"),
                    |near| format!("did you mean `{near}`? else fetch it: `git -C {shown} fetch origin {branch}`"),
                );
                Err(Obstacle { what: format!("`{shown}` has no branch `{branch}`"), help })
            }
            Found::Empty => Err(Obstacle {
                what: format!("`{shown}` has no commit"),
                help: format!("fetch what it should hold: `git -C {shown} fetch origin {branch}`"),
            }),
        }
    }
}

fn find(git: &Git, name: &str, ask: LineAsk, pulse: &Pulse) -> Answer<Found> {
    let remote = format!("origin/{name}");
    let own = tip(git, name, BranchType::Local)?;
    let theirs = tip(git, &remote, BranchType::Remote)?;
    let (branch, head) = match (own, theirs) {
        (Some(head), _) => (name, head),
        (None, Some(head)) => (remote.as_str(), head),
        (None, None) => {
            let there = branches(git)?;
            return Ok(if there.is_empty() { Found::Empty } else { Found::NoBranch(there) });
        }
    };
    let shallow = cut_off(git);
    let nodes = commits(&mut Objects::new(git, pulse), head, &shallow)?;
    let behind = own.is_some() && theirs.is_some_and(|theirs| nodes.iter().all(|node| node.id != theirs));
    let mut reachable: Vec<Box<str>> = nodes.iter().map(|node| node.id.to_string().into()).collect();
    reachable.sort_unstable();
    let mut line = Line {
        branch: branch.into(),
        head: head.to_string().into(),
        origin: origin(git),
        cut: nodes.iter().any(|node| node.commit().cut),
        behind,
        reachable,
        tags: tags(git, &nodes, pulse)?,
        ..Line::default()
    };
    Reader { git, pulse, nodes: &nodes, ask, listings: Listings::new(git, pulse), owners: BTreeMap::new() }
        .read(&mut line)?;
    Ok(Found::Line(Box::new(line)))
}

/// The commit of a branch.
fn tip(git: &Git, name: &str, kind: BranchType) -> Answer<Option<Oid>> {
    match git.find_branch(name, kind) {
        Ok(branch) => Ok(branch.get().resolve()?.target()),
        Err(e) if matches!(e.code(), ErrorCode::NotFound | ErrorCode::InvalidSpec) => Ok(None),
        Err(e) => Err(e),
    }
}

/// Where `origin` is. What stands before an `@` may be a password, and is left out.
fn origin(git: &Git) -> Option<Box<str>> {
    let config = git.config().ok()?.snapshot().ok()?;
    let url = config.get_str("remote.origin.url").ok()?;
    Some(url.rsplit_once('@').map_or(url, |(_, rest)| rest).into())
}

fn branches(git: &Git) -> Answer<Vec<String>> {
    let mut names = Vec::new();
    for branch in git.branches(None)? {
        let (branch, _) = branch?;
        names.push(String::from_utf8_lossy(branch.name_bytes()?).into_owned());
    }
    names.sort();
    Ok(names)
}

/// The commits of a shallow clone whose parents were left out.
fn cut_off(git: &Git) -> BTreeSet<Oid> {
    let text = std::fs::read_to_string(git.commondir().join("shallow")).unwrap_or_default();
    text.lines().filter_map(|line| line.trim().parse().ok()).collect()
}

/// Tags of commits of the walk.
fn tags(git: &Git, nodes: &[Node], pulse: &Pulse) -> Answer<Vec<LineTag>> {
    let known: BTreeSet<Oid> = nodes.iter().map(|node| node.id).collect();
    let mut tags = Vec::new();
    for reference in git.references_glob("refs/tags/*")? {
        let reference = reference?;
        let Some(target) = reference.target() else { continue };
        pulse.reading("tag", target);
        let tagger = git.find_tag(target).ok().and_then(|tag| tag.tagger().map(|by| (who(&by), when(&by))));
        let Ok(commit) = reference.peel_to_commit() else { continue };
        if known.contains(&commit.id()) {
            let name = String::from_utf8_lossy(reference.shorthand_bytes()).into();
            tags.push(LineTag { name, commit: commit.id().to_string().into(), tagger });
        }
    }
    tags.sort_by(|a: &LineTag, b| a.name.cmp(&b.name));
    Ok(tags)
}

fn who(signature: &Signature<'_>) -> Who {
    Who {
        name: String::from_utf8_lossy(signature.name_bytes()).into(),
        email: String::from_utf8_lossy(signature.email_bytes()).into(),
    }
}

fn when(signature: &Signature<'_>) -> When {
    let time = signature.when();
    let at = Timestamp::from_second(time.seconds()).unwrap_or(Timestamp::UNIX_EPOCH);
    When { at, offset: time.offset_minutes() }
}

/// Reads the commits of a line.
struct Reader<'g> {
    git: &'g Git,
    pulse: &'g Pulse,
    nodes: &'g [Node],
    ask: LineAsk,
    listings: Listings<'g>,
    /// CODEOWNERS files that were read, and their numbers in the line.
    owners: BTreeMap<Oid, u32>,
}

impl Reader<'_> {
    fn read(&mut self, line: &mut Line) -> Answer<()> {
        let on_line: Vec<u32> = (0..self.nodes.len() as u32).filter(|n| self.nodes[*n as usize].line).collect();
        let wanted = self.wanted(&on_line);
        let mut seen = vec![false; self.nodes.len()];
        for (place, number) in on_line.into_iter().enumerate() {
            let brought = self.brought(number, &mut seen);
            if wanted[place] {
                let commit = self.commit(number, &brought, line)?;
                line.commits.push(commit);
            }
        }
        line.sort();
        Ok(())
    }

    /// Which commits of the line count: those dated from the day on, and all that follow the first two of these in a row.
    /// One wrong clock neither hides what came after it nor brings in years.
    fn wanted(&self, on_line: &[u32]) -> Vec<bool> {
        let Some(since) = self.ask.since else { return vec![true; on_line.len()] };
        let dated: Vec<bool> = on_line.iter().map(|n| self.nodes[*n as usize].commit().at >= since).collect();
        let from = dated.windows(2).position(|two| two[0] && two[1]).unwrap_or(dated.len());
        dated.into_iter().enumerate().map(|(place, dated)| dated || place >= from).collect()
    }

    /// The commits that lead to this one and to none before it on the line, parents first.
    fn brought(&self, number: u32, seen: &mut [bool]) -> Vec<u32> {
        let mut found = Vec::new();
        seen[number as usize] = true;
        let mut waiting: Vec<u32> = self.nodes[number as usize].parents.iter().skip(1).copied().collect();
        while let Some(next) = waiting.pop() {
            if !std::mem::replace(&mut seen[next as usize], true) {
                found.push(next);
                waiting.extend(&self.nodes[next as usize].parents);
            }
        }
        // Numbers of the walk put parents first.
        found.sort_unstable();
        found
    }

    fn commit(&mut self, number: u32, brought: &[u32], line: &mut Line) -> Answer<LineCommit> {
        let node = &self.nodes[number as usize];
        self.pulse.reading("commit", node.id);
        let commit = self.git.find_commit(node.id)?;
        let message = String::from_utf8_lossy(commit.message_bytes());
        let request = message::request(&message);
        let parents: Vec<Box<str>> = commit.parent_ids().map(|id| id.to_string().into()).collect();
        let arrival = match (parents.len(), request) {
            (0, _) => Arrival::First,
            (1, Some(_)) => Arrival::Squash,
            (1, None) => Arrival::Plain,
            _ => Arrival::Merge,
        };
        let brought = (arrival == Arrival::Merge).then(|| self.what_came(brought)).transpose()?;
        let before = node.parents.first().map(|p| self.nodes[*p as usize].tree);
        Ok(LineCommit {
            id: node.id.to_string().into(),
            parents,
            author: who(&commit.author()),
            authored: when(&commit.author()),
            committer: who(&commit.committer()),
            committed: when(&commit.committer()),
            trailers: trailers(&message),
            arrival,
            request,
            reverts: message::reverts(&message),
            brought,
            paths: if self.ask.paths { self.paths(before, node.tree)? } else { Vec::new() },
            owners: if self.ask.owners { self.owners(before, line)? } else { None },
            message: message.into(),
        })
    }

    fn what_came(&self, numbers: &[u32]) -> Answer<Brought> {
        let mut brought = Brought::default();
        for number in numbers {
            let id = self.nodes[*number as usize].id;
            self.pulse.reading("commit", id);
            let commit = self.git.find_commit(id)?;
            let (author, at) = (who(&commit.author()), when(&commit.author()));
            let trailers = trailers(&String::from_utf8_lossy(commit.message_bytes()));
            let changes = trailers.into_iter().filter(|t| t.key.eq_ignore_ascii_case("change")).map(|t| t.value);
            brought.changes.extend(changes);
            brought.commits.push(id.to_string().into());
            if !brought.authors.contains(&author) {
                brought.authors.push(author);
            }
            brought.first = Some(brought.first.filter(|first| first.at <= at.at).unwrap_or(at));
        }
        Ok(brought)
    }

    fn paths(&mut self, before: Option<Oid>, after: Oid) -> Answer<Vec<Box<str>>> {
        let found = self.listings.differences(before, Some(after), "")?;
        Ok(found.into_iter().map(|difference| difference.path.into()).collect())
    }

    /// The CODEOWNERS file of a tree, read once.
    fn owners(&mut self, tree: Option<Oid>, line: &mut Line) -> Answer<Option<u32>> {
        let Some(tree) = tree else { return Ok(None) };
        for path in OWNERS {
            let Some(blob) = self.file(tree, path)? else { continue };
            if let Some(number) = self.owners.get(&blob) {
                return Ok(Some(*number));
            }
            self.pulse.reading("blob", blob);
            let text = String::from_utf8_lossy(self.git.find_blob(blob)?.content()).into();
            let number = line.owners.len() as u32;
            line.owners.push(OwnersText { path: path.into(), text });
            self.owners.insert(blob, number);
            return Ok(Some(number));
        }
        Ok(None)
    }

    /// The file at a path of a tree.
    fn file(&mut self, tree: Oid, path: &str) -> Answer<Option<Oid>> {
        let mut folder = tree;
        let mut parts = path.split('/').peekable();
        while let Some(part) = parts.next() {
            match self.listings.get(folder, part)? {
                Some((id, true)) if parts.peek().is_some() => folder = id,
                Some((id, false)) if parts.peek().is_none() => return Ok(Some(id)),
                _ => return Ok(None),
            }
        }
        Ok(None)
    }
}

/// The trailers of a message, as git itself reads them.
fn trailers(message: &str) -> Vec<Trailer> {
    let Ok(found) = git2::message_trailers_strs(message) else { return Vec::new() };
    found.iter().map(|(key, value)| Trailer { key: key.into(), value: value.trim().into() }).collect()
}
