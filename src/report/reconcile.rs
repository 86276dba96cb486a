//! What was deployed against what is recorded, in words: for the terminal, as JSON (`tickmark.reconcile/1`) and as markdown.
//!
//! Every number is beside the list behind it. What could not be read stands first: it is no zero.

use jiff::Timestamp;
use serde::Serialize;

use super::check::counted;
use super::check::markdown::escape::inline;
use crate::diag::Level;
use crate::judge;
use crate::model::{Day, Difference, DifferenceKind, Ledger, Reconciled, Reconciliation, RepositorySettings};
use crate::pipeline::at_level;
use crate::source::SourceSet;

/// Name and version of the JSON.
pub const SCHEMA: &str = "tickmark.reconcile/1";

/// A comparison, and what its places and people are.
#[derive(Clone, Copy)]
pub struct Compared<'c> {
    /// The texts.
    pub sources: &'c SourceSet,
    /// All documents.
    pub ledger: &'c Ledger,
    /// What came of it.
    pub found: &'c Reconciliation,
    /// Until when.
    pub as_of: Timestamp,
}

/// A difference at the level that the site gives its code.
pub struct Leveled<'c> {
    /// The difference.
    pub difference: &'c Difference,
    /// Its level.
    pub level: Level,
}

/// A kind of difference as the heading of a list.
pub fn title(kind: DifferenceKind) -> &'static str {
    match kind {
        DifferenceKind::Unrecorded => "merges without a record",
        DifferenceKind::DirectPush => "commits that came without a pull request",
        DifferenceKind::OffBranch => "deployments of what the branch does not hold",
        DifferenceKind::NotThere => "records whose commit is not there",
        DifferenceKind::NotLogged => "records whose deployment the log does not know",
        DifferenceKind::NoIncident => "reverts and hotfixes without an incident",
        DifferenceKind::IdGap => "numbers that are missing between ids",
    }
}

/// The differences of a kind that the site does not turn off, in order of time.
pub(super) fn leveled<'c>(ledger: &Ledger, found: &'c Reconciliation, kind: DifferenceKind) -> Vec<Leveled<'c>> {
    let leveled = |difference: &'c Difference| {
        let finding = at_level(&ledger.configuration, judge::difference_finding(difference))?;
        Some(Leveled { difference, level: finding.level })
    };
    found.of(kind).filter_map(leveled).collect()
}

impl<'c> Compared<'c> {
    /// The differences of a kind that the site does not turn off, in order of time.
    pub fn of(&self, kind: DifferenceKind) -> Vec<Leveled<'c>> {
        leveled(self.ledger, self.found, kind)
    }

    /// Whether anything is at error level.
    pub fn any_error(&self) -> bool {
        DifferenceKind::ALL.iter().flat_map(|kind| self.of(*kind)).any(|d| d.level == Level::Error)
    }

    /// The repositories with what became of them.
    pub fn repositories(&self) -> impl Iterator<Item = (&'c RepositorySettings, &'c Reconciled)> {
        self.ledger.configuration.repositories.iter().zip(&self.found.repositories)
    }

    /// When a difference happened, in the site's zone.
    pub fn when(&self, difference: &Difference) -> String {
        difference.at.map(|at| self.ledger.configuration.calendar.show(at)).unwrap_or_default()
    }

    /// The records' side in a sentence.
    pub fn records(&self) -> String {
        let side = self.found.records;
        let named =
            |n: usize, one: &str, many: &str| (n > 0).then(|| format!("{n} {}", if n == 1 { one } else { many }));
        let parts = [
            Some(format!("{} with a commit or a request that is there", side.here)),
            named(side.not_there, "names a commit that is not there", "name a commit that is not there"),
            named(side.unnamed, "names no commit, so that nobody can tell", "name no commit, so that nobody can tell"),
            named(
                side.deployed - side.here - side.not_there - side.unnamed,
                "cannot be looked for",
                "cannot be looked for",
            ),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        let records = counted(side.deployed, "record of a production deployment", "records of production deployments");
        if side.deployed == 0 { records } else { format!("{records}: {}", parts.join(", ")) }
    }

    /// As JSON.
    pub fn json(&self) -> String {
        let day = |date: jiff::civil::Date| date.to_string();
        let repositories = self.repositories().map(|(settings, r)| RepositoryJson {
            path: &settings.path,
            branch: r.branch.as_deref(),
            since: settings.since.map(day),
            deployed: r.deployed,
            recorded: r.recorded,
            waiting: r.waiting,
            later: r.later,
            logged: r.logged,
            unread: r.unread.iter().map(|u| UnreadJson { message: &u.what, help: &u.help }).collect(),
        });
        let side = self.found.records;
        let json = ReconcileJson {
            schema: SCHEMA,
            as_of: self.as_of.to_string(),
            repositories: repositories.collect(),
            records: RecordsJson {
                deployed: side.deployed,
                here: side.here,
                not_there: side.not_there,
                unnamed: side.unnamed,
            },
            differences: DifferenceKind::ALL.iter().flat_map(|k| self.of(*k)).map(|d| self.difference(&d)).collect(),
        };
        let mut text = serde_json::to_string_pretty(&json).expect("strings and numbers always serialise");
        text.push('\n');
        text
    }

    fn difference(&self, found: &Leveled<'c>) -> DifferenceJson<'c> {
        let difference = found.difference;
        let (line, column) = self.sources.position(difference.place);
        let settings = &self.ledger.configuration.repositories;
        DifferenceJson {
            code: judge::difference_code(difference.kind).name,
            level: found.level.word(),
            message: &difference.what,
            repository: difference.repository.and_then(|n| settings.get(n as usize)).map(|s| &*s.path),
            commit: difference.commit.as_deref(),
            subject: &difference.subject,
            at: difference.at.map(|at| at.to_string()),
            who: &difference.who,
            records: difference.records.iter().map(|id| &**id).collect(),
            note: &difference.note,
            path: self.sources.file(difference.place.file).path().to_owned(),
            line,
            column,
            help: judge::difference_help(difference.kind),
        }
    }

    /// As markdown.
    pub fn markdown(&self) -> String {
        let mut out = String::from("## Deployed and recorded\n\n");
        out.push_str("| repository | branch | since | deployed | with a record | |\n|---|---|---|---|---|---|\n");
        for (settings, r) in self.repositories() {
            let branch = r.branch.as_deref().unwrap_or(&settings.branch);
            let since = settings.since.map(|d| Day(d).to_string()).unwrap_or_default();
            let (deployed, recorded) = match r.branch {
                Some(_) => (r.deployed.to_string(), r.recorded.to_string()),
                None => ("–".to_owned(), "–".to_owned()),
            };
            let rest = remarks(settings, r).join("; ");
            out.push_str(&format!(
                "| {} | {} | {since} | {deployed} | {recorded} | {} |\n",
                inline(&settings.path),
                inline(branch),
                inline(&rest)
            ));
        }
        out.push_str(&format!("\n{}.\n", inline(&self.records())));
        for kind in DifferenceKind::ALL {
            let list = self.of(kind);
            if list.is_empty() {
                continue;
            }
            out.push_str(&format!("\n### {} ({})\n\n", title(kind), list.len()));
            for Leveled { difference, level } in &list {
                let parts = [&*self.when(difference), &*difference.subject, &*difference.who, &*difference.note]
                    .map(inline)
                    .into_iter()
                    .filter(|part| !part.is_empty())
                    .collect::<Vec<_>>();
                out.push_str(&format!("- **{}**: {} ({})\n", level.word(), inline(&difference.what), parts.join("; ")));
            }
            out.push_str(&format!("\n{}\n", inline(judge::difference_help(kind))));
        }
        out
    }
}

/// What else is to be said of a repository.
pub fn remarks(settings: &RepositorySettings, found: &Reconciled) -> Vec<String> {
    let mut list: Vec<String> = found.unread.iter().map(|u| format!("cannot be read: {}", u.what)).collect();
    if let Some(logged) = found.logged {
        list.push(counted(logged, "production deployment in the log", "production deployments in the log"));
    }
    if found.waiting > 0 {
        list.push(format!("{} not deployed yet", counted(found.waiting, "commit", "commits")));
    }
    if found.later > 0 {
        list.push(format!(
            "{} dated later than this is judged, not counted",
            counted(found.later, "commit", "commits")
        ));
    }
    if found.behind {
        let (path, branch) = (&settings.path, &settings.branch);
        list.push(format!(
            "`origin/{branch}` holds commits that `{branch}` does not: `git -C {path} fetch origin {branch}:{branch}`"
        ));
    }
    list
}

#[derive(Serialize)]
struct ReconcileJson<'j> {
    schema: &'static str,
    as_of: String,
    repositories: Vec<RepositoryJson<'j>>,
    records: RecordsJson,
    differences: Vec<DifferenceJson<'j>>,
}

#[derive(Serialize)]
struct RepositoryJson<'j> {
    path: &'j str,
    branch: Option<&'j str>,
    since: Option<String>,
    deployed: usize,
    recorded: usize,
    waiting: usize,
    later: usize,
    logged: Option<usize>,
    unread: Vec<UnreadJson<'j>>,
}

#[derive(Serialize)]
struct UnreadJson<'j> {
    message: &'j str,
    help: &'j str,
}

#[derive(Serialize)]
struct RecordsJson {
    deployed: usize,
    here: usize,
    not_there: usize,
    unnamed: usize,
}

#[derive(Serialize)]
struct DifferenceJson<'j> {
    code: &'static str,
    level: &'static str,
    message: &'j str,
    repository: Option<&'j str>,
    commit: Option<&'j str>,
    subject: &'j str,
    at: Option<String>,
    who: &'j str,
    records: Vec<&'j str>,
    note: &'j str,
    path: String,
    line: u32,
    column: u32,
    help: &'static str,
}
