//! Reading what was deployed: the repositories and the logs that the configuration names, each with what stands in the way
//! where it cannot be read.

use std::path::Path;

use super::session::MORE_CODES;
use crate::decode;
use crate::diag::Sink;
use crate::judge;
use crate::model::{Check, Configuration, DeployedFrom, Ledger, Line, RepositorySettings, Unread};
use crate::pipeline::{self, Site};
use crate::repo::{self, Elsewhere, LineAsk, Obstacle};
use crate::source::{FileId, SourceFile, SourceSet};

/// Deployment logs, by the numbers of the repositories; nothing for one that names none.
pub(super) type Logs = Vec<Option<Result<FileId, Unread>>>;

/// Whether a policy speaks of what was deployed, as far as its words show before it is read.
pub(super) fn is_spoken_of(sources: &SourceSet) -> bool {
    let spoken = |text: &str| ["complete:", "merged:"].iter().any(|key| text.contains(key));
    sources.iter().any(|(_, file)| file.path().starts_with("policies/") && spoken(file.text()))
}

/// Puts the logs that the configuration names beside the site's texts. A configuration with mistakes names none; they are
/// reported when the site is read.
pub(super) fn read_logs(root: &Path, sources: &mut SourceSet) -> Logs {
    let found = ["tickmark.yaml", "tickmark.yml"].iter().find_map(|path| sources.by_path(path));
    let codes = pipeline::all_codes(MORE_CODES);
    let configuration = found.and_then(|(file, text)| decode::decode_site(file, text.text(), &codes, &mut Sink::new()));
    let settings = configuration.map(|c| c.repositories).unwrap_or_default();
    let read = |settings: &RepositorySettings| settings.deployments.as_deref().map(|path| read_log(root, path));
    let texts: Vec<Option<Result<SourceFile, Unread>>> = settings.iter().map(read).collect();
    texts.into_iter().map(|text| text.map(|text| text.map(|text| sources.add_past(text)))).collect()
}

fn read_log(root: &Path, path: &str) -> Result<SourceFile, Unread> {
    let bytes = repo::read_log(&root.join(path), path).map_err(unread)?;
    SourceFile::from_bytes(path, bytes).map_err(|_| Unread {
        what: format!("`{path}` is no text in UTF-8").into(),
        help: "save it as CSV or JSON lines in UTF-8".into(),
    })
}

fn unread(obstacle: Obstacle) -> Unread {
    Unread { what: obstacle.what.into(), help: obstacle.help.into() }
}

/// Reads the repositories, where a rule asks or `wanted` says so; nothing where none is configured.
pub(super) fn read(site: &mut Site<'_>, root: &Path, logs: &Logs, wanted: bool) -> Option<Vec<DeployedFrom>> {
    let configuration = &site.ledger.configuration;
    if configuration.repositories.is_empty() || !(wanted || judge::asks_deployed(&site.ledger)) {
        return None;
    }
    let owners = asks_owners(&site.ledger);
    let mut from = Vec::with_capacity(configuration.repositories.len());
    for (number, settings) in configuration.repositories.iter().enumerate() {
        let log = logs.get(number).and_then(Option::as_ref).map(|log| match log {
            Ok(file) => Ok(decode::decode_deployments(*file, site.sources.file(*file).text(), &mut site.sink)),
            Err(why) => Err(why.clone()),
        });
        let log = log.map(|log| match log {
            Ok(log) if log.broken => Err(Unread {
                what: format!(
                    "the deployment log `{}` has lines that cannot be read",
                    site.sources.file(log.file).path()
                )
                .into(),
                help: "mend them: each is a finding of its own".into(),
            }),
            log => log,
        });
        from.push(DeployedFrom { line: line(configuration, settings, root, owners).map_err(unread), log });
    }
    Some(from)
}

/// Whether a rule asks what the owners of files said, for which the files of each commit have to be read.
fn asks_owners(ledger: &Ledger) -> bool {
    let mut rules = ledger.policies.iter().flat_map(|p| &p.versions).flat_map(|v| &v.rules);
    rules.any(|rule| matches!(&rule.check, Check::Merged(check) if check.code_owners))
}

fn line(
    configuration: &Configuration,
    settings: &RepositorySettings,
    root: &Path,
    owners: bool,
) -> Result<Line, Obstacle> {
    let since = settings.since.map(|day| configuration.calendar.start_of(day));
    let found = Elsewhere::open_shown(&root.join(&*settings.path), &settings.path)?;
    let line = found.line(&settings.branch, LineAsk { since, paths: owners, owners })?;
    if line.cut {
        let path = &settings.path;
        return Err(Obstacle {
            what: format!("`{path}` is shallow: it does not hold the whole history of `{}`", line.branch),
            help: format!("fetch the rest: `git -C {path} fetch --unshallow`; in a build service set `fetch-depth: 0`"),
        });
    }
    Ok(line)
}
