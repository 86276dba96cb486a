//! What every command on a site begins with: find it, read it, say until when it is judged.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::arguments::Common;
use super::terminal::Terminal;
use crate::diag::human::Human;
use crate::diag::{Code, Sink};
use crate::error::{Error, Result};
use crate::model::{parse_day, parse_time};
use crate::pipeline::{self, AsOf, Inputs, Site};
use crate::repo::{self, Head, ReadOptions, Repository, Standing, Worktree};
use crate::{build, disclose};

/// A site as it was read.
pub(super) struct Session {
    pub(super) root: PathBuf,
    pub(super) tree: Worktree,
    pub(super) as_of: AsOf,
    /// The repository the site stands in, if it can be read.
    pub(super) repository: Option<Repository>,
    /// The commit that is checked out in it, if that holds the site.
    pub(super) head: Option<Head>,
    /// Findings of reading files.
    files: Sink,
}

/// Codes of the layers the pipeline does not know.
pub(super) static MORE_CODES: &[&[&Code]] = &[repo::CODES, disclose::CODES, build::CODES];

impl Session {
    /// Finds and reads the site the options name.
    pub(super) fn open(common: &Common, digests: bool) -> Result<Self> {
        let as_of = as_of(common.as_of.as_deref())?;
        let root = repo::find_site(&common.directory)?;
        let mut files = Sink::new();
        let tree = repo::read(&root, &ReadOptions { digests, ..ReadOptions::default() }, &mut files)?;
        let repository = match Repository::find(&root)? {
            Standing::In(repository) => Some(repository),
            Standing::Outside => None,
            Standing::Unreadable(obstacle) => {
                files.push(obstacle.diagnostic());
                None
            }
        };
        let head = repository.as_ref().map(Repository::head).transpose()?.flatten();
        Ok(Self { root, tree, as_of, repository, head, files })
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
        let inputs = Inputs { sources: &self.tree.sources, as_of: self.as_of, more_codes: MORE_CODES };
        match pipeline::load(inputs) {
            Ok(mut site) => {
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
