//! What a tree of files, on disk or in a commit, has of a site: which entries are inputs, which are passed over in silence
//! by the rules of [`layout`](super::layout), and which have a diagnostic that names them.
//!
//! Nothing is opened here, and where the entries come from does not matter.

use rayon::prelude::*;

use crate::diag::{Diagnostic, Sink};

use super::layout::{self, Place, Role};
use super::{codes, names};

/// A file that is to be read.
#[derive(Debug)]
pub(super) struct Found<H> {
    /// Relative to the site, with `/` between its parts.
    pub(super) path: String,
    /// How it is read.
    pub(super) role: Role,
    /// By what else than its path it is found again.
    pub(super) handle: H,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
    Link,
    /// The place of another repository.
    Submodule,
    /// A pipe, a socket, a device; in words, with its article.
    Special(&'static str),
}

/// What was found below one folder, or at the top.
pub(super) struct Listing<H> {
    pub(super) files: Vec<Found<H>>,
    pub(super) folders: Vec<String>,
    pub(super) problems: Vec<Diagnostic>,
}

impl<H> Default for Listing<H> {
    fn default() -> Self {
        Self { files: Vec::new(), folders: Vec::new(), problems: Vec::new() }
    }
}

impl<H: Send> Listing<H> {
    /// Takes an entry in; its path if it is a folder that is to be gone through. A name need not be UTF-8.
    pub(super) fn add(&mut self, folder: &str, name: &[u8], kind: Kind, handle: H) -> Option<String> {
        let Ok(text) = std::str::from_utf8(name) else {
            if !folder.is_empty() {
                self.problems.push(codes::name(&join(folder, &names::shown(name)), "is not UTF-8"));
            }
            return None;
        };
        let path = join(folder, text);
        if layout::is_passed_over(&path, text) {
            return None;
        }
        let is_folder = matches!(kind, Kind::Folder | Kind::Submodule);
        let place = if is_folder { layout::folder(&path) } else { layout::file(&path) };
        // A link or a pipe at the top may stand for a folder of inputs.
        let stands_for_folder = folder.is_empty() && kind != Kind::File && layout::folder(&path) != Place::Foreign;
        if place == Place::Foreign && !stands_for_folder {
            return None;
        }
        if let Some(why) = names::problem(text) {
            self.problems.push(codes::name(&join(folder, &names::shown(name)), why));
            return None;
        }
        match (kind, place) {
            (Kind::Link, _) => self.problems.push(codes::symlink(&path)),
            (Kind::Special(what), _) => self.problems.push(codes::special(&path, what)),
            (_, Place::Unexpected(why)) => self.problems.push(codes::unexpected(&path, why)),
            (Kind::File, Place::Input(role)) => self.files.push(Found { path, role, handle }),
            (_, Place::Input(_)) => {
                self.folders.push(path.clone());
                if kind == Kind::Folder {
                    return Some(path);
                }
                self.problems.push(codes::nested_repository(&path));
            }
            (_, Place::Foreign) => {}
        }
        None
    }

    /// The inputs in the order of their paths, once all is there; what is wrong with any entry goes to the sink.
    pub(super) fn into_inputs(mut self, sink: &mut Sink) -> Vec<Found<H>> {
        self.compare_names();
        self.problems.into_iter().for_each(|problem| sink.push(problem));
        self.files.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
        self.files
    }

    /// Names the entries of one folder that other systems take for one another.
    fn compare_names(&mut self) {
        let mut paths: Vec<(&str, &str)> = self.files.iter().map(|f| parted(&f.path)).collect();
        paths.extend(self.folders.iter().map(|path| parted(path)));
        paths.par_sort_unstable();
        let folders: Vec<&[(&str, &str)]> = paths.chunk_by(|a, b| a.0 == b.0).collect();
        let problems: Vec<Vec<Diagnostic>> = folders.par_iter().map(|folder| too_alike(folder)).collect();
        self.problems.extend(problems.into_iter().flatten());
    }
}

/// What to say of the entries of one folder, which come as folder and name in the order of their names.
fn too_alike(entries: &[(&str, &str)]) -> Vec<Diagnostic> {
    let path = |at: usize| join(entries[at].0, entries[at].1);
    let mut problems: Vec<Diagnostic> = names::alike(entries.iter().map(|(_, name)| *name))
        .into_iter()
        .map(|(a, b)| codes::same_name(&path(b), &path(a), names::difference(entries[a].1, entries[b].1)))
        .collect();
    for (folder, stem) in entries.iter().filter_map(|(folder, name)| Some((*folder, name.strip_suffix(".yaml")?))) {
        let short = format!("{stem}.yml");
        let long = || join(folder, &format!("{stem}.yaml"));
        if entries.binary_search(&(folder, short.as_str())).is_ok() && layout::named_by_stem(&join(folder, stem)) {
            problems.push(codes::same_name(&join(folder, &short), &long(), "their ending"));
        }
    }
    problems
}

/// The folder and the name of a path.
fn parted(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
