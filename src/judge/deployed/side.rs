//! One repository's side: its commits by id, tag and request, which records speak of each, and when each was deployed.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::claims::{Claim, Claims};
use super::places::{request_of, same_repository};
use crate::model::{Arrival, Configuration, DeploymentLog, Line, LineCommit, LogEntry, RepositorySettings};

/// How many digits of an id are taken for a commit.
const DIGITS: usize = 7;

/// A line that can be asked.
pub(super) struct Side<'s> {
    pub(super) settings: &'s RepositorySettings,
    pub(super) line: &'s Line,
    /// The place on the line of each of its commits and of what their merges brought, sorted by id.
    places: Vec<(&'s str, u32)>,
    tags: BTreeMap<&'s str, &'s str>,
    requests: BTreeMap<u64, Vec<u32>>,
    /// The records that speak of each commit of the line, by their numbers, each once.
    pub(super) claims: Vec<Vec<u32>>,
}

/// What a log says of a line.
pub(super) struct Logged<'s> {
    /// For each commit of the line the first deployment to production that held it.
    pub(super) of: Vec<Option<&'s LogEntry>>,
    /// Deployments to production of what does not lead to the branch.
    pub(super) off: Vec<&'s LogEntry>,
    /// How many deployments to production it has.
    pub(super) count: usize,
    /// The first of them.
    pub(super) first: Option<Timestamp>,
}

/// Where a commit that somebody names is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// On the line from the day asked for on, or brought there by a merge.
    Place(u32),
    /// Before that.
    Earlier,
    /// Not on this branch.
    Nowhere,
}

impl<'s> Side<'s> {
    pub(super) fn new(settings: &'s RepositorySettings, line: &'s Line, claims: &'s Claims) -> Self {
        let mut places: Vec<(&str, u32)> = Vec::new();
        let mut requests: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
        for (place, commit) in (0..).zip(&line.commits) {
            let brought = commit.brought.iter().flat_map(|b| &b.commits);
            places.extend(brought.chain([&commit.id]).map(|id| (&**id, place)));
            if let Some(request) = commit.request {
                requests.entry(request).or_default().push(place);
            }
        }
        places.sort_unstable();
        let tags = line.tags.iter().map(|tag| (&*tag.name, &*tag.commit)).collect();
        let mut side = Self { settings, line, places, tags, requests, claims: vec![Vec::new(); line.commits.len()] };
        side.by_record(&claims.0);
        side.by_message(&claims.0);
        side.claims.iter_mut().for_each(|list| {
            list.sort_unstable();
            list.dedup();
        });
        side
    }

    /// Where a commit is that is named by its id, the beginning of it, or a tag.
    pub(super) fn spot(&self, name: &str) -> Spot {
        let id = self.tags.get(name).map_or_else(|| name.to_ascii_lowercase(), |id| (*id).to_owned());
        if id.len() < DIGITS || !id.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Spot::Nowhere;
        }
        let from = self.places.partition_point(|(other, _)| *other < id.as_str());
        match self.places.get(from).filter(|(other, _)| other.starts_with(&id)) {
            Some((_, place)) => Spot::Place(*place),
            None if self.line.reaches(&id) => Spot::Earlier,
            None => Spot::Nowhere,
        }
    }

    /// The commits of a pull request, by its address.
    pub(super) fn request(&self, url: &str) -> &[u32] {
        match request_of(url) {
            Some((address, number)) if same_repository(address, self.settings, self.line) => {
                self.requests.get(&number).map_or(&[], Vec::as_slice)
            }
            _ => &[],
        }
    }

    /// Records that name a commit, a tag or a pull request.
    fn by_record(&mut self, claims: &[Claim]) {
        for (number, claim) in (0..).zip(claims) {
            let named = claim.production.iter().filter_map(|n| n.commit.as_ref()).chain(&claim.commits);
            let mut found: Vec<u32> = named
                .filter_map(|name| if let Spot::Place(place) = self.spot(name) { Some(place) } else { None })
                .collect();
            found.extend(claim.requests.iter().filter_map(|r| r.url.as_deref()).flat_map(|url| self.request(url)));
            found.into_iter().for_each(|place| self.claims[place as usize].push(number));
        }
    }

    /// Records that a message names: anywhere in it, or after `Change:`.
    fn by_message(&mut self, claims: &[Claim]) {
        let by_id: BTreeMap<String, u32> = (0..).zip(claims).map(|(n, c)| (c.id.to_ascii_lowercase(), n)).collect();
        for (place, commit) in self.line.commits.iter().enumerate() {
            let words = commit.message.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')));
            let words = words.map(|word| word.trim_matches(['.', '-', '_'])).filter(|word| is_telling(word));
            let brought = commit.brought.iter().flat_map(|b| &b.changes).map(|c| &**c);
            let changes = commit.trailer("change").chain(brought).flat_map(|list| list.split([',', ' ']));
            let found = words.chain(changes).filter_map(|word| by_id.get(&word.trim().to_ascii_lowercase()));
            self.claims[place].extend(found);
        }
    }

    /// The deployments of a log, as far as they reach production in the time that is compared.
    pub(super) fn logged(
        &self,
        log: &'s DeploymentLog,
        configuration: &Configuration,
        from: Option<Timestamp>,
        until: Timestamp,
    ) -> Logged<'s> {
        let production = |e: &&LogEntry| configuration.production.iter().any(|p| **p == *e.environment);
        let mut entries: Vec<&LogEntry> =
            log.entries.iter().filter(production).filter(|e| e.at <= until && from.is_none_or(|f| e.at >= f)).collect();
        entries.sort_by_key(|e| e.at);
        let first = entries.first().map(|e| e.at);
        let mut logged =
            Logged { of: vec![None; self.line.commits.len()], off: Vec::new(), count: entries.len(), first };
        for entry in entries {
            match self.spot(&entry.commit) {
                Spot::Nowhere => logged.off.push(entry),
                Spot::Earlier => {}
                Spot::Place(place) => {
                    // Whoever deploys a commit deploys all that lead to it.
                    let held = logged.of[..=place as usize].iter_mut().rev();
                    held.take_while(|known| known.is_none()).for_each(|known| *known = Some(entry));
                }
            }
        }
        logged
    }
}

/// Whether a word of a message can be meant for an id: one that is all letters or all digits stands there by chance.
fn is_telling(word: &str) -> bool {
    word.bytes().any(|b| b.is_ascii_digit()) && word.bytes().any(|b| b.is_ascii_alphabetic())
}

/// Whether a commit came onto the line without a request, as far as the records that speak of it know.
pub(super) fn is_pushed(side: &Side<'_>, commit: &LineCommit, claims: &[Claim], of: &[u32]) -> bool {
    let named = |claim: &Claim| {
        let mut requests = claim.requests.iter().filter_map(|r| r.became.as_deref());
        requests.any(|became| {
            let place = if let Spot::Place(place) = side.spot(became) { Some(place as usize) } else { None };
            place.and_then(|place| side.line.commits.get(place)).is_some_and(|found| found.id == commit.id)
        })
    };
    commit.arrival == Arrival::Plain && !of.iter().any(|n| named(&claims[*n as usize]))
}

/// Whether a commit takes another back, or says that it was made in haste.
pub(super) fn is_mending(commit: &LineCommit) -> Option<&'static str> {
    let subject = commit.subject().to_ascii_lowercase();
    if !commit.reverts.is_empty() || subject.starts_with("revert \"") {
        return Some("takes a change back");
    }
    let mut words = subject.split(|c: char| !c.is_ascii_alphanumeric());
    (words.any(|word| word == "hotfix" || word == "hotfixes") || subject.contains("hot-fix")).then_some("is a hotfix")
}
