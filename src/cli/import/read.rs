//! What an import reads: exports and the mapping file as texts, or the line of a branch.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

use super::super::arguments::{ImportFrom, ImportGit, ImportOptions};
use crate::error::{Error, Result};
use crate::import;
use crate::model::{Configuration, Line, parse_day};
use crate::repo::{self, Elsewhere, LineAsk, Obstacle};
use crate::source::{FileId, SourceFile, SourceSet, Unreadable};

/// How long an export may be.
const LIMIT: u64 = 64 << 20;

/// What was read.
pub(super) struct Material {
    /// All texts.
    pub(super) sources: SourceSet,
    /// Which of them are exports.
    pub(super) exports: Vec<FileId>,
    /// Which of them is the mapping file.
    pub(super) mapping: Option<FileId>,
    /// What the repository is called, and the branch.
    pub(super) line: Option<(String, Line)>,
}

/// Reads what was named.
pub(super) fn read(from: ImportFrom<'_>, options: &ImportOptions, site: &Configuration) -> Result<Material> {
    let mut texts = Vec::new();
    let mut names = Vec::new();
    let mut line = None;
    match from {
        ImportFrom::Files(files) => {
            let mut seen = BTreeSet::new();
            for path in files {
                let (name, text) = export(path)?;
                if seen.insert(name.clone()) {
                    names.push(name);
                    texts.push(text);
                }
            }
        }
        ImportFrom::Branch(git) => {
            let (name, found) = branch(git, site)?;
            let listing = import::listing(&format!("{name}@{}", found.branch), &found);
            names.push(listing.path().to_owned());
            texts.push(listing);
            line = Some((name, found));
        }
    }
    let mapping = options.mapping.as_ref().map(|path| path.display().to_string());
    if let (Some(path), Some(name)) = (&options.mapping, &mapping) {
        let too_long =
            || Error::refused(format!("`{name}` is no mapping file: it is too long"), "name the mapping file");
        let bytes = repo::read_named(path, 1 << 20)?.ok_or_else(too_long)?;
        texts.push(text(name, bytes)?);
    }
    let sources = SourceSet::new(texts);
    let id = |name: &String| sources.by_path(name).map(|(id, _)| id);
    let exports = names.iter().filter_map(id).collect();
    let mapping = mapping.as_ref().and_then(id);
    Ok(Material { sources, exports, mapping, line })
}

fn export(path: &Path) -> Result<(String, SourceFile)> {
    let piped = path == Path::new("-");
    let name = if piped { "standard input".to_owned() } else { path.display().to_string() };
    let bytes = if piped { standard_input()? } else { repo::read_named(path, LIMIT)? };
    let bytes = bytes.ok_or_else(|| {
        Error::refused(
            format!("`{name}` is longer than {} MB, which is more than is read", LIMIT >> 20),
            "export it in parts, by year or by repository, and import each; records that are there stay",
        )
    })?;
    let text = text(&name, bytes)?;
    Ok((name, text))
}

/// The line of a branch, and what its repository is called.
fn branch(git: &ImportGit, site: &Configuration) -> Result<(String, Line)> {
    let since = git.since.as_deref().map(|day| {
        let day = parse_day(day)
            .map_err(|_| Error::refused(format!("`--since {day}` is no day"), "write it as `--since 2026-01-31`"))?;
        Ok::<_, Error>(site.calendar.start_of(day))
    });
    let ask = LineAsk { since: since.transpose()?, paths: true, owners: false };
    let repository = Elsewhere::open(&git.repository).map_err(Obstacle::into_error)?;
    let line = repository.line(&git.branch, ask).map_err(Obstacle::into_error)?;
    if line.cut {
        // What a merge brought, who wrote it and when, would be read off what happens to be there.
        return Err(Error::refused(
            format!(
                "the history of `{}` is cut short, so that git cannot say what its merges brought",
                git.repository.display()
            ),
            format!("fetch all of it: `git -C {} fetch --unshallow`", git.repository.display()),
        ));
    }
    let whole = git.repository.canonicalize().map_err(|e| Error::io("could not find", &git.repository, e))?;
    let name = whole.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let name = name.strip_suffix(".git").unwrap_or(&name).to_owned();
    Ok((if name.is_empty() { "repository".to_owned() } else { name }, line))
}

fn standard_input() -> Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().take(LIMIT + 1).read_to_end(&mut bytes);
    read.map_err(|e| Error::io("could not read", "standard input", e))?;
    Ok((bytes.len() as u64 <= LIMIT).then_some(bytes))
}

fn text(name: &str, bytes: Vec<u8>) -> Result<SourceFile> {
    SourceFile::from_bytes(name, bytes).map_err(|why| match why {
        Unreadable::NotUtf8 { utf16: true, .. } => {
            Error::refused(format!("`{name}` looks like UTF-16, not UTF-8"), "export it as UTF-8; nothing was imported")
        }
        Unreadable::NotUtf8 { offset, .. } => Error::refused(
            format!("`{name}` is not UTF-8 from byte offset {offset} on"),
            "export it as UTF-8; nothing was imported",
        ),
        Unreadable::Control { code, line, column } => Error::refused(
            format!("{name}:{line}:{column}: the export holds the control character U+{code:04X}"),
            "it is damaged or no text; export it again; nothing was imported",
        ),
    })
}
