//! The comparison itself: one repository after the other, then the records' side, then the sequence of their ids.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::claims::{Claim, Claims, Named};
use super::ids::gaps;
use super::side::{Logged, Side, Spot, is_mending, is_pushed};
use crate::model::{
    Arrival, DeployedFrom, Difference, DifferenceKind, Ledger, Line, LineCommit, LogEntry, Reconciled, Reconciliation,
    RecordsSide, RepositorySettings,
};
use crate::source::Location;

/// Holds what was deployed against what the records say. What was not read is not compared.
pub fn reconcile(ledger: &Ledger, claims: &Claims, as_of: Timestamp) -> Reconciliation {
    let mut work = Work { ledger, claims: &claims.0, as_of, out: Reconciliation::default() };
    let deployed = ledger.deployed.as_deref().unwrap_or_default();
    let settings = &ledger.configuration.repositories;
    let mut sides: Vec<(Side<'_>, Option<Logged<'_>>)> = Vec::new();
    let mut known = true;
    for (number, (settings, from)) in (0..).zip(settings.iter().zip(deployed)) {
        let mut summary = Reconciled::default();
        summary.unread.extend(from.line.as_ref().err().cloned());
        summary.unread.extend(from.log.iter().filter_map(|log| log.as_ref().err().cloned()));
        match &from.line {
            Ok(line) => {
                let side = Side::new(settings, line, claims);
                let logged = work.log(&side, from);
                work.repository(number, &side, logged.as_ref(), &mut summary);
                sides.push((side, logged));
            }
            Err(_) => known = false,
        }
        work.out.repositories.push(summary);
    }
    work.records(&sides, known);
    work.gaps();
    work.out.differences.sort_by_key(|d| (d.kind, d.at, d.place));
    work.out
}

struct Work<'w> {
    ledger: &'w Ledger,
    claims: &'w [Claim],
    as_of: Timestamp,
    out: Reconciliation,
}

impl Work<'_> {
    /// When the day begins from which on a repository is compared.
    fn start(&self, settings: &RepositorySettings) -> Option<Timestamp> {
        settings.since.map(|day| self.ledger.configuration.calendar.start_of(day))
    }

    fn log<'s>(&self, side: &Side<'s>, from: &'s DeployedFrom) -> Option<Logged<'s>> {
        let log = from.log.as_ref()?.as_ref().ok()?;
        Some(side.logged(log, &self.ledger.configuration, self.start(side.settings), self.as_of))
    }

    /// What stands on one line.
    fn repository(&mut self, number: u32, side: &Side<'_>, logged: Option<&Logged<'_>>, summary: &mut Reconciled) {
        let line = side.line;
        summary.branch = Some(line.branch.clone());
        summary.behind = line.behind;
        summary.logged = logged.map(|l| l.count);
        // A clock that ran ahead hides no commit that another one follows.
        let ahead = line.commits.iter().rev().take_while(|c| c.committed.at > self.as_of).count();
        summary.later = ahead;
        for (place, commit) in line.commits[..line.commits.len() - ahead].iter().enumerate() {
            if commit.arrival == Arrival::First {
                continue;
            }
            let entry = logged.and_then(|l| l.of[place]);
            let of = &side.claims[place];
            let on = Stood { number, side, commit, entry };
            if is_pushed(side, commit, self.claims, of) {
                self.differ(DifferenceKind::DirectPush, &on, of);
            }
            if logged.is_some() && entry.is_none() {
                summary.waiting += 1;
                continue;
            }
            summary.deployed += 1;
            summary.recorded += usize::from(!of.is_empty());
            summary.deployments.push((entry.map_or(commit.committed.at, |e| e.at), !of.is_empty()));
            if of.is_empty() && commit.arrival != Arrival::Plain {
                self.differ(DifferenceKind::Unrecorded, &on, of);
            }
            if !of.is_empty() && is_mending(commit).is_some() && !self.has_incident(side, commit, of) {
                self.differ(DifferenceKind::NoIncident, &on, of);
            }
        }
        for entry in logged.map(|l| &l.off[..]).unwrap_or_default() {
            self.off(number, side.settings, entry);
        }
    }

    /// Whether a record of a commit, or of what it takes back, says which incident there was, or that there was none.
    fn has_incident(&self, side: &Side<'_>, commit: &LineCommit, of: &[u32]) -> bool {
        let taken_back = commit.reverts.iter().filter_map(|id| match side.spot(id) {
            Spot::Place(place) => Some(&side.claims[place as usize]),
            _ => None,
        });
        of.iter().chain(taken_back.flatten()).any(|n| self.claims[*n as usize].incidents)
    }

    fn differ(&mut self, kind: DifferenceKind, on: &Stood<'_>, of: &[u32]) {
        let ids: Vec<Box<str>> = of.iter().map(|n| self.claims[*n as usize].id.clone()).collect();
        let commit = on.commit;
        let merged = commit.arrival == Arrival::Merge;
        let short = commit.short();
        let what = match kind {
            DifferenceKind::Unrecorded => format!("{short} was deployed, and no record speaks of it"),
            DifferenceKind::NoIncident => {
                format!("{short} {}, and no incident is recorded", is_mending(commit).unwrap_or_default())
            }
            _ if ids.is_empty() => {
                format!("{short} came onto the branch without a pull request, and no record speaks of it")
            }
            _ => format!("{short} came onto the branch without a pull request"),
        };
        let by = if merged || commit.arrival == Arrival::Plain { &commit.committer } else { &commit.author };
        self.out.differences.push(Difference {
            kind,
            repository: Some(on.number),
            at: Some(on.entry.map_or(commit.committed.at, |e| e.at)),
            commit: Some(commit.id.clone()),
            subject: commit.title().into(),
            who: self.ledger.people.name_of(by).into(),
            records: ids,
            policy: None,
            place: on.entry.map_or(on.side.settings.at, |entry| on.log_place(self.ledger, entry)),
            what: what.into(),
            note: self.about(commit, on.side.line).into(),
        });
    }

    /// What else is known of a commit.
    fn about(&self, commit: &LineCommit, line: &Line) -> String {
        let mut parts: Vec<String> = Vec::new();
        if let Some(brought) = commit.brought.as_ref().filter(|b| !b.commits.is_empty()) {
            let authors: Vec<String> = brought.authors.iter().map(|who| self.ledger.people.name_of(who)).collect();
            let commits = if brought.commits.len() == 1 {
                "1 commit".to_owned()
            } else {
                format!("{} commits", brought.commits.len())
            };
            parts.push(format!("brought {commits} by {}", authors.join(", ")));
        }
        if let Some(id) = commit.reverts.first() {
            parts.push(format!("takes back {}", &id[..id.len().min(7)]));
        }
        parts.extend(line.tags.iter().filter(|t| t.commit == commit.id).map(|t| format!("tagged {}", t.name)));
        parts.join("; ")
    }

    /// A deployment of what the branch does not hold.
    fn off(&mut self, number: u32, settings: &RepositorySettings, entry: &LogEntry) {
        let spot = |n: &Named| n.commit.as_deref() == Some(&*entry.commit);
        let speaking = self.claims.iter().filter(|claim| claim.production.iter().any(spot));
        let via = entry.via.as_ref().map(|via| format!("through {via}"));
        let id = entry.id.as_ref().map(|id| format!("`{id}` in the log"));
        let note: Vec<String> = via.into_iter().chain(id).collect();
        self.out.differences.push(Difference {
            kind: DifferenceKind::OffBranch,
            repository: Some(number),
            at: Some(entry.at),
            commit: Some(entry.commit.clone()),
            subject: "".into(),
            who: entry.by.clone().unwrap_or_default(),
            records: speaking.map(|claim| claim.id.clone()).collect(),
            policy: None,
            place: log_place(self.ledger, number, entry).unwrap_or(settings.at),
            what: format!("`{}` was deployed, and `{}` does not hold it", entry.commit, settings.branch).into(),
            note: note.join(", ").into(),
        });
    }

    /// The records that say they were deployed.
    fn records(&mut self, sides: &[(Side<'_>, Option<Logged<'_>>)], known: bool) {
        let settings = &self.ledger.configuration.repositories;
        // Where one repository is compared from the beginning, every record is.
        let starts: Vec<Option<Timestamp>> = settings.iter().map(|s| self.start(s)).collect();
        let start = if starts.iter().any(Option::is_none) { None } else { starts.into_iter().flatten().min() };
        let mut counts = RecordsSide::default();
        let mut belongs = vec![false; self.claims.len()];
        sides.iter().flat_map(|(side, _)| side.claims.iter().flatten()).for_each(|n| belongs[*n as usize] = true);
        let claims = self.claims;
        for (claim, belongs) in claims.iter().zip(belongs) {
            let in_time = |n: &&Named| n.at.is_none_or(|at| start.is_none_or(|s| at >= s) && at <= self.as_of);
            let named: Vec<&Named> = claim.production.iter().filter(in_time).collect();
            if named.is_empty() {
                continue;
            }
            counts.deployed += 1;
            let mut lost = false;
            for one in &named {
                let Some(commit) = one.commit.as_deref() else { continue };
                let spots: Vec<Spot> = sides.iter().map(|(side, _)| side.spot(commit)).collect();
                if spots.iter().all(|spot| *spot == Spot::Nowhere) {
                    if known {
                        lost = true;
                        self.of_record(DifferenceKind::NotThere, claim, one, commit);
                    }
                    continue;
                }
                let unlogged = |((_, logged), spot): (&(Side<'_>, Option<Logged<'_>>), &Spot)| match (logged, spot) {
                    (Some(logged), Spot::Place(place)) => {
                        let begun = logged.first.is_some_and(|first| one.at.is_some_and(|at| at >= first));
                        begun && logged.of[*place as usize].is_none()
                    }
                    _ => false,
                };
                if sides.iter().zip(&spots).any(unlogged) {
                    self.of_record(DifferenceKind::NotLogged, claim, one, commit);
                }
            }
            counts.not_there += usize::from(lost);
            counts.here += usize::from(!lost && (belongs || named.iter().any(|n| n.commit.is_some()) && known));
            counts.unnamed += usize::from(!lost && !belongs && named.iter().all(|n| n.commit.is_none()));
        }
        self.out.records = counts;
    }

    fn of_record(&mut self, kind: DifferenceKind, claim: &Claim, named: &Named, commit: &str) {
        let shown = &commit[..commit.char_indices().nth(40).map_or(commit.len(), |(at, _)| at)];
        let what = match kind {
            DifferenceKind::NotThere => format!("`{}` names `{shown}`, and no production branch holds it", claim.id),
            _ => format!("`{}` says that `{shown}` was deployed, and the log does not", claim.id),
        };
        self.out.differences.push(Difference {
            kind,
            repository: None,
            at: named.at.or(claim.when),
            commit: Some(commit.into()),
            subject: claim.title.clone(),
            who: claim.author.clone(),
            records: vec![claim.id.clone()],
            policy: claim.policy.clone(),
            place: named.place,
            what: what.into(),
            note: "".into(),
        });
    }

    /// Numbers that are missing between ids; where history saw the record go, it is said.
    fn gaps(&mut self) {
        let past = &self.ledger.past;
        let gone: BTreeMap<&str, Option<u32>> = past.gone.iter().map(|g| (&*g.id, g.commit)).collect();
        for gap in gaps(self.claims) {
            let claim = &self.claims[gap.before];
            let (first, last) = &gap.ids;
            let (subject, verb) = match gap.count {
                1 => (format!("`{first}`"), "is"),
                2 => (format!("`{first}` and `{last}`"), "are"),
                n => (format!("`{first}` to `{last}` ({n} numbers)"), "are"),
            };
            let by = |commit: &Option<u32>| commit.and_then(|number| past.commits.get(number as usize));
            let deleted = gone.range(first.as_str()..=last.as_str()).map(|(id, commit)| match by(commit) {
                Some(by) => {
                    format!("`{id}` was deleted by {} in {}", self.ledger.people.name_of(&by.author), by.commit.short())
                }
                None => format!("`{id}` was deleted, and that is not committed yet"),
            });
            let note = deleted.collect::<Vec<_>>().join("; ");
            self.out.differences.push(Difference {
                kind: DifferenceKind::IdGap,
                repository: None,
                at: claim.when,
                commit: None,
                subject: subject.clone().into(),
                who: "".into(),
                records: vec![claim.id.clone()],
                policy: None,
                place: claim.place,
                what: format!("{subject} {verb} missing before `{}`", claim.id).into(),
                note: note.into(),
            });
        }
    }
}

/// A commit where it stands.
struct Stood<'s> {
    number: u32,
    side: &'s Side<'s>,
    commit: &'s LineCommit,
    entry: Option<&'s LogEntry>,
}

impl Stood<'_> {
    fn log_place(&self, ledger: &Ledger, entry: &LogEntry) -> Location {
        log_place(ledger, self.number, entry).unwrap_or(self.side.settings.at)
    }
}

/// Where a deployment stands in its log.
fn log_place(ledger: &Ledger, number: u32, entry: &LogEntry) -> Option<Location> {
    let from = ledger.deployed.as_ref()?.get(number as usize)?;
    let log = from.log.as_ref()?.as_ref().ok()?;
    Some(Location { file: log.file, span: entry.span })
}
