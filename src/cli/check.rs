//! `tickmark check`: what is asked for, which format answers, and the exit status, which is the same in all of them.

mod external;
mod text;

use super::Status;
use super::arguments::{Check, CheckFormat, Common};
use super::session::Session;
use super::terminal::{Terminal, Tone};
use crate::build::{BUILT_IN_THEME, own_files, theme};
use crate::error::Result;
use crate::judge::Verdict;
use crate::language::is_spoken;
use crate::pipeline::Site;
use crate::repo::{self, Repository};
use crate::report::Tally;
use crate::report::check::{
    self, Asked, Baseline, Counts, Format, Ground, Scope, github::Github, gitlab::Gitlab, json::Json, junit::Junit,
    markdown::Markdown, sarif::Sarif, summary_lines,
};
use text::{Concise, Human};

pub(super) use crate::report::check::counted;

pub(super) fn run(common: &Common, options: &Check, terminal: &Terminal) -> Result<Status> {
    let mut session = Session::open_at(common, &options.reading, false)?;
    let asked = asked(&session, options)?;
    beyond(&asked.scope, terminal);
    let assets = std::mem::take(&mut session.tree.assets);
    let mut site = session.load(terminal)?;
    let files = own_files(&site, &assets);
    // What is built in is sound, and made only where pages are.
    let configuration = &site.ledger.configuration;
    if !files.is_empty() || !is_spoken(&configuration.language) || configuration.theme.as_str() != BUILT_IN_THEME {
        theme(&mut site, &files);
    }
    external::look(&mut site, &asked.scope, options.outward, terminal);
    let job = Job { site, asked, terminal, with_summary: true };
    match options.format {
        CheckFormat::Human => Job { with_summary: false, ..job }.write(&mut Human::new(terminal)),
        CheckFormat::Concise => job.write(&mut Concise),
        CheckFormat::Json => job.write(&mut Json::default()),
        CheckFormat::Sarif => job.write(&mut Sarif),
        CheckFormat::Junit => job.write(&mut Junit::default()),
        CheckFormat::Github => job.write(&mut Github),
        CheckFormat::Gitlab => job.write(&mut Gitlab),
        CheckFormat::Markdown => job.write(&mut Markdown::new(links())),
    }
}

/// What the options ask for. A baseline and a revision that cannot be read end the job before it begins.
fn asked(session: &Session, options: &Check) -> Result<Asked> {
    let root = &session.root;
    let paths = options.paths.iter().map(|p| session.named(p)).collect::<Result<Vec<_>>>()?;
    let changed = match &options.changed_since {
        None => None,
        Some(rev) => Some(match &session.repository {
            Some(repository) => repository.changed_since(rev)?,
            None => Repository::find(root)?.required("--changed-since")?.changed_since(rev)?,
        }),
    };
    let baseline = match &options.baseline {
        Some(path) => Some(Baseline::read(repo::open_named(path)?, &path.display().to_string())?),
        None => None,
    };
    Ok(Asked { scope: Scope { paths, changed }, baseline, prefix: session.prefix(), commit: session.commit() })
}

/// Says which changed files change what is found elsewhere, since what they do to other files is not shown.
fn beyond(scope: &Scope, terminal: &Terminal) {
    let Some(changed) = &scope.changed else { return };
    let reaches = |path: &&String| ["tickmark.y", "people.y", "waivers/"].iter().any(|begin| path.starts_with(begin));
    let far: Vec<&str> = changed.iter().filter(reaches).map(String::as_str).collect();
    if let Some((first, others)) = far.split_first() {
        let more = if others.is_empty() { String::new() } else { format!(" and {} more", others.len()) };
        terminal.say(&format!(
            "note: `{first}`{more} changed, and can change what is found in files that did not; run without \
             `--changed-since`, or with a `--baseline`, to see that"
        ));
    }
}

/// What links to files begin with where a build service says which commit it builds.
fn links() -> String {
    let read = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
    let github = || {
        let (server, project) = (read("GITHUB_SERVER_URL")?, read("GITHUB_REPOSITORY")?);
        Some(format!("{server}/{project}/blob/{}/", read("GITHUB_SHA")?))
    };
    let gitlab = || Some(format!("{}/-/blob/{}/", read("CI_PROJECT_URL")?, read("CI_COMMIT_SHA")?));
    github().or_else(gitlab).unwrap_or_default()
}

/// A check on its way.
struct Job<'j, 's> {
    site: Site<'s>,
    asked: Asked,
    terminal: &'j Terminal,
    /// The document has no summary for people: it goes to standard error.
    with_summary: bool,
}

impl Job<'_, '_> {
    fn write<F: Format>(mut self, format: &mut F) -> Result<Status> {
        let progress = self.terminal.progress("judging records");
        let mut out = self.terminal.results();
        let (tally, counts) = check::run(&mut self.site, format, &self.asked, &mut out, || progress.inc(1))?;
        progress.finish_and_clear();
        out.finish()?;
        if self.with_summary {
            self.summary(&tally, &counts);
        }
        Ok(if counts.errors > 0 { Status::Findings } else { Status::Clean })
    }

    fn summary(&self, tally: &Tally, counts: &Counts) {
        let Site { sources, ref ledger, as_of, .. } = self.site;
        let ground = Ground { sources, ledger, as_of, asked: &self.asked };
        let lines = summary_lines(ground, tally, counts, |_, text| text.to_owned(), str::to_owned);
        self.terminal.say(lines.trim_end());
    }
}

/// The tone of a verdict.
fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Pass => Tone::Good,
        Verdict::Fail => Tone::Bad,
        Verdict::Unknown => Tone::Care,
        Verdict::Pending | Verdict::Waived => Tone::Strong,
        Verdict::NotApplicable => Tone::Dim,
    }
}
