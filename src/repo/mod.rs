//! The work tree, or a commit in its place, read once: the texts and bytes a site is made of.
//!
//! Invariant: every input is opened at most once, never through a link, never longer than its limit, and only if it is
//! a regular file; what is passed over is either of no concern (hidden files, editors' leftovers, README) or has a
//! diagnostic that names it. Three failures stay apart: what the user's tree gets wrong is a diagnostic, what the
//! operating system refuses is an [`Error`].
//!
//! What git says about the tree is `git`'s. It deliberately does not know what a document means (that is the decoder's)
//! nor where output goes (`write`'s).

mod codes;
mod found;
mod git;
mod layout;
mod log;
mod named;
mod names;
mod open;
mod published;
mod walk;

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::diag::{Diagnostic, Sink};
use crate::error::{Error, Result};
use crate::source::{SourceFile, SourceSet, Unreadable};

pub use codes::CODES;
use found::Found;
pub use git::{Elsewhere, Head, KEPT_MARK, LeftOut, LineAsk, Obstacle, Past, Recall, RecordWalk, Repository, Standing};
pub use layout::{INPUT_FOLDERS, Role, role};
pub use log::read_log;
pub use named::{below, open_named, prefix_in_repository, read_named};
use open::{Content, read_capped};
pub use published::{Item, published, published_file, published_unfit};

const MB: u64 = 1 << 20;
/// How a file begins that stands for one kept elsewhere.
const LFS_POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";

/// How much of a work tree is read, and what is made of it on the way.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// Whether to take the SHA-256 of every input.
    pub digests: bool,
    /// How long a file may be, by its role.
    pub limits: Limits,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { digests: true, limits: Limits::default() }
    }
}

/// The longest file of each role, in bytes. What is longer is a diagnostic and is not read.
#[derive(Clone, Debug)]
pub struct Limits {
    /// `tickmark.yaml`.
    pub site: u64,
    /// `people.yaml`.
    pub people: u64,
    /// A file of change records, waivers or signed-off numbers.
    pub record: u64,
    /// A policy, a page, a foreword, a list of `content/data`.
    pub document: u64,
    /// A file of `static/` or of a theme.
    pub asset: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { site: 4 * MB, people: 16 * MB, record: 4 * MB, document: 16 * MB, asset: 64 * MB }
    }
}

impl Limits {
    fn of(&self, role: Role) -> u64 {
        match role {
            Role::Site => self.site,
            Role::People => self.people,
            Role::Record => self.record,
            Role::Document => self.document,
            Role::Asset => self.asset,
        }
    }
}

/// A file that is copied or given to the template engine as it is.
#[derive(Debug)]
pub struct Asset {
    /// Where it stands, relative to the site, with `/` between its parts; begins with `static/` or `themes/`.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Everything a site is made of, as it stood when it was read.
#[derive(Debug, Default)]
pub struct Worktree {
    /// All YAML and markdown inputs. One that is no text is missing here and has a diagnostic.
    pub sources: SourceSet,
    /// `static/` and `themes/`, in the order of their paths.
    pub assets: Vec<Asset>,
    /// SHA-256 of the raw bytes of every file that was read, in the order of their paths; empty unless asked for.
    pub digests: Vec<(String, [u8; 32])>,
}

/// One file of a work tree.
#[derive(Debug)]
pub enum Input {
    /// A YAML or markdown text.
    Text(SourceFile),
    /// Anything under `static/` or `themes/`.
    Asset(Asset),
}

/// What became of one file.
struct Outcome {
    input: Option<Input>,
    digest: Option<(String, [u8; 32])>,
    problem: Option<Diagnostic>,
}

/// The site that `start` lies in: the nearest folder upward that holds a `tickmark.yaml`, without links in its path.
pub fn find_site(start: &Path) -> Result<PathBuf> {
    let start = start.canonicalize().map_err(|e| Error::io("could not find the folder", start, e))?;
    if !start.is_dir() {
        return Err(Error::refused(format!("`{}` is not a folder", start.display()), "name the folder of the site"));
    }
    for folder in start.ancestors() {
        let mut configurations = layout::CONFIGURATIONS.iter().map(|name| folder.join(name));
        let present = configurations.find_map(|path| match fs::symlink_metadata(&path) {
            Ok(metadata) => Some(Ok((path, metadata))),
            Err(e) if open::is_absent(&e) => None,
            Err(e) => Some(Err(Error::io("could not look for", path, e))),
        });
        let Some(present) = present else { continue };
        let (path, metadata) = present?;
        return if metadata.is_file() {
            Ok(folder.to_path_buf())
        } else {
            Err(Error::refused(
                format!("`{}` is {}, not a file", path.display(), open::kind_of(metadata.file_type())),
                "put the configuration itself there: links are not followed",
            ))
        };
    }
    if let Some(bare) = git::bare_around(&start) {
        return Err(Error::refused(
            format!("`{}` is a bare repository: it has no work tree to read", bare.display()),
            "name the commit to read, as in `--rev HEAD`; what writes into a site needs a clone",
        ));
    }
    Err(Error::refused(
        format!("no tickmark.yaml in `{}` or any folder above it", start.display()),
        "run `tickmark init` to make a site, or name its folder with `-C`",
    ))
}

/// Reads the site at `root`, all of its inputs in parallel and each once.
pub fn read(root: &Path, options: &ReadOptions, sink: &mut Sink) -> Result<Worktree> {
    let found = walk::inputs(root, sink)?;
    let outcomes: Vec<Result<Outcome>> =
        found.into_par_iter().with_min_len(16).map(|found| read_found(root, found, options)).collect();
    let mut reading = Reading::default();
    for outcome in outcomes {
        reading.take(outcome?, sink);
    }
    Ok(reading.into_worktree())
}

/// A tree on its way, files in the order of their paths.
#[derive(Default)]
struct Reading {
    texts: Vec<SourceFile>,
    worktree: Worktree,
}

impl Reading {
    fn take(&mut self, outcome: Outcome, sink: &mut Sink) {
        match outcome.input {
            Some(Input::Text(text)) => self.texts.push(text),
            Some(Input::Asset(asset)) => {
                self.texts.extend(text_of_theme(&asset));
                self.worktree.assets.push(asset);
            }
            None => {}
        }
        self.worktree.digests.extend(outcome.digest);
        if let Some(problem) = outcome.problem {
            sink.push(problem);
        }
    }

    fn into_worktree(self) -> Worktree {
        Worktree { sources: SourceSet::new(self.texts), ..self.worktree }
    }
}

/// Reads one file again, by its path relative to the site, as [`read`] would; `None` if it is no input or is gone.
///
/// For whoever watches the tree. The folders above the file are not looked at again: whether they are links is known
/// from [`read`].
pub fn read_one(root: &Path, path: &str, options: &ReadOptions, sink: &mut Sink) -> Result<Option<Input>> {
    let Some(role) = layout::role(path) else { return Ok(None) };
    let outcome = read_found(root, Found { path: path.to_owned(), role, handle: () }, options)?;
    if let Some(problem) = outcome.problem {
        sink.push(problem);
    }
    Ok(outcome.input)
}

/// Whether a file could come to this path without anybody having to look at its neighbours: its name is one that is taken,
/// and no input beside it is called alike.
pub fn is_unlike(path: &str, sources: &SourceSet) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let beside = |other: &SourceFile| {
        let rest = other.path().strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
        rest.is_some_and(|rest| names::are_alike(rest.split('/').next().unwrap_or(rest), name))
    };
    path.split('/').all(|part| names::problem(part).is_none()) && !sources.iter().any(|(_, other)| beside(other))
}

fn read_found(root: &Path, found: Found<()>, options: &ReadOptions) -> Result<Outcome> {
    let full = root.join(&found.path);
    let content =
        read_capped(&full, options.limits.of(found.role)).map_err(|e| Error::io("could not read", &full, e))?;
    Ok(outcome(found, content, options))
}

/// What becomes of a file of which this was read, wherever it stands.
fn outcome<H>(Found { path, role, .. }: Found<H>, content: Content, options: &ReadOptions) -> Outcome {
    let bytes = match content {
        Content::Bytes(bytes) => bytes,
        Content::Gone => return Outcome { input: None, digest: None, problem: None },
        Content::Link => return failed(codes::symlink(&path)),
        Content::Special(kind) => return failed(codes::special(&path, kind)),
        Content::TooLarge { size } => return failed(codes::too_large(&path, role, size, options.limits.of(role))),
    };
    let digest = options.digests.then(|| (path.clone(), Sha256::digest(&bytes).into()));
    if role == Role::Asset {
        let problem = bytes.starts_with(LFS_POINTER).then(|| codes::lfs_pointer(&path));
        return Outcome { input: Some(Input::Asset(Asset { path, bytes })), digest, problem };
    }
    match SourceFile::from_bytes(&path, bytes) {
        Ok(text) => Outcome { input: Some(Input::Text(text)), digest, problem: None },
        Err(Unreadable::NotUtf8 { offset, utf16 }) => {
            Outcome { input: None, digest, problem: Some(codes::not_utf8(&path, offset, utf16)) }
        }
        Err(Unreadable::Control { code, line, column }) => {
            Outcome { input: None, digest, problem: Some(codes::control(&path, code, line, column)) }
        }
    }
}

/// A template or language file, which is a text that findings point into; one that is none is its reader's business.
fn text_of_theme(asset: &Asset) -> Option<SourceFile> {
    let (_, inside) = asset.path.strip_prefix("themes/")?.split_once('/')?;
    let is_text = inside.starts_with("templates/") || inside.starts_with("lang/");
    is_text.then(|| SourceFile::from_bytes(&asset.path, asset.bytes.clone()).ok()).flatten()
}

fn failed(problem: Diagnostic) -> Outcome {
    Outcome { input: None, digest: None, problem: Some(problem) }
}

#[cfg(all(test, unix))]
mod tests;
