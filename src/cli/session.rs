//! What every command on a site begins with: find it, read it, say until when it is judged.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::arguments::Common;
use super::deployed;
use super::terminal::Terminal;
pub(super) use crate::build::MORE_CODES;
use crate::diag::Sink;
use crate::diag::human::Human;
use crate::error::{Error, Result};
use crate::judge;
use crate::model::{History, RecordsPast, Sight, parse_day, parse_time};
use crate::pipeline::{self, AsOf, Inputs, Site};
use crate::repo::{self, Head, ReadOptions, RecordWalk, Repository, Standing, Worktree};

/// A site as it was read.
pub(super) struct Session {
    pub(super) root: PathBuf,
    pub(super) tree: Worktree,
    pub(super) as_of: AsOf,
    /// The repository the site stands in, if it can be read.
    pub(super) repository: Option<Repository>,
    /// The commit that is checked out in it, if that holds the site.
    pub(super) head: Option<Head>,
    /// What git says of the site's past.
    pub(super) history: History,
    /// Which commits touched which files of records.
    walk: RecordWalk,
    /// Whether pages show what git says of each record.
    shows_history: bool,
    /// Whether what was deployed is read, whether or not a rule asks.
    compares: bool,
    /// Findings of reading files.
    files: Sink,
}

impl Session {
    /// Finds and reads the site the options name.
    pub(super) fn open(common: &Common, digests: bool) -> Result<Self> {
        let as_of = as_of(common.as_of.as_deref())?;
        let root = repo::find_site(&common.directory)?;
        let mut files = Sink::new();
        let mut tree = repo::read(&root, &ReadOptions { digests, ..ReadOptions::default() }, &mut files)?;
        let (repository, (history, walk)) = match Repository::find(&root)? {
            Standing::In(repository) => {
                repository.cut_short().into_iter().for_each(|finding| files.push(finding));
                let history = repository.history(&mut tree.sources)?;
                (Some(repository), history)
            }
            Standing::Outside => (None, (History::default(), RecordWalk::default())),
            Standing::Unreadable(obstacle) => {
                files.push(obstacle.diagnostic());
                (None, (History { cut: true, ..History::default() }, RecordWalk::default()))
            }
        };
        let head = repository.as_ref().map(Repository::head).transpose()?.flatten();
        Ok(Self { root, tree, as_of, repository, head, history, walk, shows_history: false, compares: false, files })
    }

    /// Has the history of every record read, whether or not a rule asks for it: pages show it.
    pub(super) fn show_history(&mut self) {
        self.shows_history = true;
    }

    /// Has what was deployed read, whether or not a rule asks for it.
    pub(super) fn compare_deployed(&mut self) {
        self.compares = true;
    }

    /// What git says of the records, as far as anything asks.
    fn records_past(&self, site: &Site<'_>) -> Result<RecordsPast> {
        let first_day = self.history.first.as_ref().map(|first| site.ledger.configuration.calendar.day(first.at));
        let asked = self.shows_history || judge::asks_history(&site.ledger, &self.tree.sources);
        let past = match &self.repository {
            None if self.history.cut => RecordsPast { sight: Sight::Cut, ..RecordsPast::default() },
            None => RecordsPast::default(),
            // Nothing asks, so that nothing may be concluded.
            Some(_) if !asked => RecordsPast { sight: Sight::Cut, ..RecordsPast::default() },
            Some(repository) => {
                let last_build = repo::open_named(&self.root.join("internal/manifest.json")).ok();
                let last_build = last_build.and_then(crate::site::built_from);
                repository.records(&self.walk, &self.tree.sources, last_build.as_deref())?
            }
        };
        Ok(RecordsPast { first_day, ..past })
    }

    /// The id of the commit that is checked out.
    pub(super) fn commit(&self) -> Option<String> {
        self.head.as_ref().map(|head| head.commit.clone())
    }

    /// Whether an input differs from that commit; nothing outside git.
    pub(super) fn dirty(&self) -> Result<Option<bool>> {
        let both = self.repository.as_ref().zip(self.head.as_ref());
        both.map(|(repository, head)| repository.is_dirty(head)).transpose()
    }

    /// Reads the documents. A configuration with mistakes is shown on standard error and ends the job.
    pub(super) fn load(&mut self, terminal: &Terminal) -> Result<Site<'_>> {
        let reads = self.compares || deployed::is_spoken_of(&self.tree.sources);
        let logs = if reads { deployed::read_logs(&self.root, &mut self.tree.sources) } else { Vec::new() };
        let inputs =
            Inputs { sources: &self.tree.sources, history: &self.history, as_of: self.as_of, more_codes: MORE_CODES };
        match pipeline::load(inputs) {
            Ok(mut site) => {
                site.ledger.past = self.records_past(&site)?;
                site.ledger.deployed = deployed::read(&mut site, &self.root, &logs, self.compares);
                site.sink.append(std::mem::take(&mut self.files));
                Ok(site)
            }
            Err(sink) => {
                let human = Human::new(&self.tree.sources, terminal.colour_of_messages(), terminal.width());
                let mut all = std::mem::take(&mut self.files);
                all.append(sink);
                for finding in all.into_sorted() {
                    terminal.always(&human.draw(&finding));
                }
                Err(Error::Configuration)
            }
        }
    }
}

/// Until when things are judged: as asked, else as `SOURCE_DATE_EPOCH` says, else now.
pub(super) fn as_of(asked: Option<&str>) -> Result<AsOf> {
    if let Some(text) = asked {
        if let Ok(day) = parse_day(text) {
            return Ok(AsOf::EndOf(day));
        }
        return parse_time(text).map(AsOf::Instant).map_err(|_| {
            Error::refused(
                format!("`--as-of {text}` is no time"),
                "write a day such as `2026-11-21`, or an instant such as `2026-11-21T09:00:00+10:00`",
            )
        });
    }
    if let Some(epoch) = std::env::var_os("SOURCE_DATE_EPOCH") {
        let seconds = epoch.to_str().and_then(|s| s.parse::<i64>().ok()).and_then(|s| Timestamp::from_second(s).ok());
        return seconds.map(AsOf::Instant).ok_or_else(|| {
            Error::refused("SOURCE_DATE_EPOCH is no number of seconds", "set it to seconds since 1970, or unset it")
        });
    }
    Ok(AsOf::Instant(Timestamp::now()))
}

/// A path as it is written in findings: relative to the site.
pub(super) fn relative(root: &Path, path: &Path) -> Result<String> {
    let full = path.canonicalize().map_err(|e| Error::io("could not find", path, e))?;
    let inside = full.strip_prefix(root).map_err(|_| {
        Error::refused(
            format!("`{}` is not in the site `{}`", path.display(), root.display()),
            "name a file or folder of the site",
        )
    })?;
    Ok(crate::source::site_path(inside).into_owned())
}
