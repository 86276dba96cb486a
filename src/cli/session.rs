//! What every command on a site begins with: find it, read it, say until when it is judged.

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use super::arguments::{Common, Reading};
use super::deployed;
use super::terminal::Terminal;
pub(super) use crate::build::MORE_CODES;
use crate::decode;
use crate::diag::human::Human;
use crate::diag::{Diagnostic, Place, Sink};
use crate::error::{Error, Result};
use crate::judge;
use crate::model::{History, Quarter, RecordsPast, Sight, parse_day, parse_time};
use crate::pipeline::{self, AsOf, Inputs, Site};
use crate::repo::{self, Head, LeftOut, ReadOptions, Recall, RecordWalk, Repository, Standing, Worktree};
use crate::site::check_links;

/// How far two right clocks, and two names of one day, may be apart.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

/// What says which commit the last build was made from.
enum Before {
    /// The manifest in this folder, if there is one.
    In(PathBuf),
    /// We know, or know that nobody does.
    Commit(Option<String>),
}

/// A site as it was read.
pub(super) struct Session {
    /// The site's folder; the repository's where it has no work tree.
    pub(super) root: PathBuf,
    pub(super) tree: Worktree,
    pub(super) as_of: AsOf,
    /// The repository the site stands in, if it can be read.
    pub(super) repository: Option<Repository>,
    /// The commit that is checked out in it, or read in its place, if that holds the site.
    pub(super) head: Option<Head>,
    /// What git says of the site's past.
    pub(super) history: History,
    /// Which commits touched which files of records.
    walk: RecordWalk,
    /// Whether pages show what git says of each record.
    shows_history: bool,
    /// Whether what was deployed is read, whether or not a rule asks.
    compares: bool,
    /// The work tree leaves out inputs that are committed.
    sparse: bool,
    /// What is judged is judged as of now.
    now: bool,
    /// Where it stands which commit the last build was made from.
    last_build: Before,
    /// The files of `static/`, by their public path.
    statics: Vec<String>,
    /// Findings of reading files.
    files: Sink,
}

impl Session {
    /// Finds and reads the site the options name.
    pub(super) fn open(common: &Common, digests: bool) -> Result<Self> {
        let root = repo::find_site(&common.directory)?;
        let mut files = Sink::new();
        let standing = Repository::find(&root)?;
        // While git is asked, the files are read.
        let asked = if let Standing::In(repository) = &standing { Some(Asked::of(repository)?) } else { None };
        let tree = repo::read(&root, &ReadOptions { digests, ..ReadOptions::default() }, &mut files)?;
        let mut session = Self::of(common, root, tree, files)?;
        match standing {
            Standing::In(repository) => session.recall(repository, asked.expect("a repository was asked"))?,
            Standing::Outside => {}
            Standing::Unreadable(obstacle) => {
                session.files.push(obstacle.diagnostic());
                session.history.cut = true;
            }
        }
        Ok(session)
    }

    /// As [`Session::open`], or, where a revision is named, the site as it stands there.
    pub(super) fn open_at(common: &Common, reading: &Reading, digests: bool) -> Result<Self> {
        let Some(rev) = &reading.rev else { return Self::open(common, digests) };
        let repository = Repository::at(&common.directory, rev)?;
        let mut files = Sink::new();
        let tree = repository.read_site(&ReadOptions { digests, ..ReadOptions::default() }, &mut files)?;
        let root = repository.site_folder().unwrap_or(repository.place()).to_path_buf();
        let mut session = Self::of(common, root, tree, files)?;
        let asked = Asked::of(&repository)?;
        session.recall(repository, asked)?;
        Ok(session)
    }

    fn of(common: &Common, root: PathBuf, tree: Worktree, files: Sink) -> Result<Self> {
        let as_of = as_of(common.as_of.as_deref())?;
        let copied = tree.assets.iter().filter_map(|a| a.path.strip_prefix("static/"));
        Ok(Self {
            statics: copied.map(str::to_owned).collect(),
            last_build: Before::In(root.clone()),
            root,
            tree,
            as_of,
            repository: None,
            head: None,
            history: History::default(),
            walk: RecordWalk::default(),
            shows_history: false,
            compares: false,
            sparse: false,
            now: common.as_of.is_none() && std::env::var_os("SOURCE_DATE_EPOCH").is_none(),
            files,
        })
    }

    /// Takes in what the repository knows of the site.
    fn recall(&mut self, repository: Repository, asked: Asked) -> Result<()> {
        let Asked { left_out, head, cache, recall } = asked;
        self.sparse = left_out.sparse;
        let said = repository.cut_short().into_iter().chain(left_out.findings);
        said.for_each(|finding| self.files.push(finding));
        let past = repository.history(&recall, &mut self.tree.sources)?;
        if let (Some(cache), Some(keep)) = (cache, past.keep) {
            cache.write(&keep);
        }
        (self.history, self.walk) = (past.history, past.records);
        self.head = head;
        self.repository = Some(repository);
        Ok(())
    }

    /// Where a build writes that names no other folder: the site's own.
    pub(super) fn output(&self) -> Result<PathBuf> {
        match &self.repository {
            Some(repository) if repository.site_folder().is_none() => Err(Error::refused(
                format!("there is no folder of the site beside `{}` to write to", repository.place().display()),
                "say where with `--output DIR`",
            )),
            _ => Ok(self.root.clone()),
        }
    }

    /// Says in which folder the last build stands, if not in the site's own.
    pub(super) fn built_in(&mut self, output: &Path) {
        self.last_build = Before::In(output.to_path_buf());
    }

    /// Says which commit the last build was made from, if anybody knows.
    pub(super) fn built_from(&mut self, commit: Option<String>) {
        self.last_build = Before::Commit(commit);
    }

    /// From the root of the repository to the site: empty, or with a `/` at its end.
    pub(super) fn prefix(&self) -> String {
        match &self.repository {
            Some(repository) if repository.is_at_revision() => repository.prefix().to_owned(),
            _ => repo::prefix_in_repository(&self.root),
        }
    }

    /// A path as it was typed, as findings have it: relative to the site. In a commit it has to lead to something that was
    /// read; without a work tree it is relative to the site already.
    pub(super) fn named(&self, path: &Path) -> Result<String> {
        let Some(repository) = self.repository.as_ref().filter(|r| r.is_at_revision()) else {
            return relative(&self.root, path);
        };
        let inside = match repository.site_folder() {
            Some(folder) => repo::below(folder, path)?,
            None => crate::source::site_path(path).trim_end_matches('/').to_owned(),
        };
        let leads = |to: &str| to.strip_prefix(&inside).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let files = self.tree.sources.iter().map(|(_, f)| f.path());
        if inside.is_empty() || files.chain(self.tree.assets.iter().map(|a| a.path.as_str())).any(leads) {
            return Ok(inside);
        }
        Err(Error::refused(
            format!("the site has no input `{}` in that commit", path.display()),
            "name a file or folder of the site",
        ))
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
            Some(_) if self.sparse => RecordsPast { sight: Sight::Cut, ..RecordsPast::default() },
            // Nothing asks, so that nothing may be concluded.
            Some(_) if !asked => RecordsPast { sight: Sight::Cut, ..RecordsPast::default() },
            Some(repository) => {
                let last_build = match &self.last_build {
                    Before::In(folder) => {
                        repo::open_named(&folder.join("internal/manifest.json")).ok().and_then(crate::site::built_from)
                    }
                    Before::Commit(commit) => commit.clone(),
                };
                repository.records(&self.walk, &self.tree.sources, last_build.as_deref())?
            }
        };
        Ok(RecordsPast { first_day, ..past })
    }

    /// Whether the site lies in a repository.
    pub(super) fn in_git(&self) -> bool {
        self.repository.is_some()
    }

    /// The id of that commit.
    pub(super) fn commit(&self) -> Option<String> {
        self.head.as_ref().map(|head| head.commit.clone())
    }

    /// Says which commit is dated later than anything can be: after now; or, where the past is judged again, after the
    /// commit that is read, since what came later is no mistake.
    fn future(&self, site: &Site<'_>) -> Option<Diagnostic> {
        let end = if self.now { None } else { self.walk.ends() };
        let limit = end.map_or(site.as_of, |end| end.max(site.as_of));
        self.walk.future(limit.checked_add(A_DAY).unwrap_or(limit), &site.ledger.configuration.calendar)
    }

    /// Whether an input differs from that commit; nothing outside git.
    pub(super) fn dirty(&self) -> Result<Option<bool>> {
        if self.sparse {
            return Ok(Some(true));
        }
        let both = self.repository.as_ref().zip(self.head.as_ref());
        both.map(|(repository, head)| repository.is_dirty(head)).transpose()
    }

    /// Reads the documents. A configuration with mistakes is shown on standard error and ends the job.
    pub(super) fn load(&mut self, terminal: &Terminal) -> Result<Site<'_>> {
        let (logs, files) = self.logs();
        match self.site(&logs, files)? {
            Ok(site) => Ok(site),
            Err(findings) => {
                let human = Human::new(&self.tree.sources, terminal.colour_of_messages(), terminal.width());
                findings.iter().for_each(|finding| terminal.always(&human.draw(finding)));
                Err(Error::Configuration)
            }
        }
    }

    /// Puts deployment logs beside the other texts, as far as anybody asks; and what reading files found.
    pub(super) fn logs(&mut self) -> (deployed::Logs, Sink) {
        let reads = self.compares || deployed::is_spoken_of(&self.tree.sources);
        let logs = if reads { deployed::read_logs(&self.root, &mut self.tree.sources) } else { Vec::new() };
        (logs, std::mem::take(&mut self.files))
    }

    /// Reads the documents; where the configuration has mistakes, all that was found instead.
    pub(super) fn site(
        &self,
        logs: &deployed::Logs,
        files: Sink,
    ) -> Result<std::result::Result<Site<'_>, Vec<Diagnostic>>> {
        let inputs =
            Inputs { sources: &self.tree.sources, history: &self.history, as_of: self.as_of, more_codes: MORE_CODES };
        match pipeline::load(inputs) {
            Ok(mut site) => {
                site.ledger.past = self.records_past(&site)?;
                site.ledger.deployed = deployed::read(&mut site, &self.root, logs, self.compares);
                self.future(&site).into_iter().for_each(|finding| site.sink.push(finding));
                check_links(&mut site, &self.statics);
                site.ledger.unread_closings.extend(files.iter().filter_map(unread_closing));
                site.sink.append(files);
                Ok(Ok(site))
            }
            Err(sink) => {
                let mut all = files;
                all.append(sink);
                Ok(Err(all.into_sorted()))
            }
        }
    }
}

/// The closed quarter whose file could not be read at all.
fn unread_closing(finding: &Diagnostic) -> Option<Quarter> {
    match &finding.place {
        Place::Path(path) if path.starts_with("closed/") => decode::closed_name(path),
        _ => None,
    }
}

/// What was asked of a repository: the short questions answered, the long one on its way.
struct Asked {
    left_out: LeftOut,
    head: Option<Head>,
    cache: Option<Cache>,
    recall: Recall,
}

impl Asked {
    fn of(repository: &Repository) -> Result<Self> {
        let (left_out, head, cache) = (repository.left_out()?, repository.head()?, Cache::of(repository));
        let recall = repository.recall(cache.as_ref().and_then(Cache::read))?;
        Ok(Self { left_out, head, cache, recall })
    }
}

/// Where what a walk over history found is kept for the next command: the user's own cache, never the repository.
struct Cache {
    root: PathBuf,
    file: String,
}

impl Cache {
    /// None where the user has no such folder.
    fn of(repository: &Repository) -> Option<Self> {
        let named = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let file = format!("tickmark/{}", repository.kept_as());
        match named("XDG_CACHE_HOME").or_else(|| named("LOCALAPPDATA")) {
            Some(root) => Some(Self { root, file }),
            None => Some(Self { root: std::env::home_dir()?, file: format!(".cache/{file}") }),
        }
    }

    /// What is there, whether or not it is any good.
    fn read(&self) -> Option<String> {
        const LIMIT: u64 = 256 << 20;
        let bytes = repo::read_named(&self.root.join(&self.file), LIMIT).ok().flatten()?;
        String::from_utf8(bytes).ok()
    }

    /// Keeps a text. Where that cannot be done the next command walks again, and nothing else is different.
    fn write(&self, text: &str) {
        drop(crate::write::own_file(&self.root, &self.file, text, repo::KEPT_MARK));
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
