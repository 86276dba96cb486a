//! `tickmark fix`: mends the spelling of keys and of words from closed lists, and nothing that could state a fact
//! (`diag::fix` says where the line is drawn).
//!
//! Mending a key brings to light what stands under it, so that it goes on until nothing is left to mend.

use std::collections::BTreeMap;
use std::path::Path;

use super::Status;
use super::arguments::{Common, Fix};
use super::check::counted;
use super::session::{MORE_CODES, Session, relative};
use super::terminal::{Terminal, Tone};
use crate::diag::{Diagnostic, fix};
use crate::error::{Error, Result};
use crate::judge::Detail;
use crate::model::History;
use crate::pipeline::{self, AsOf, Inputs};
use crate::report::check::Scope;
use crate::source::{SourceFile, SourceSet, denormalised, normalised, secrets};
use crate::write::Original;

/// How often findings are made anew at most: keys are nested no deeper.
const ROUNDS: usize = 64;

/// A file that is being mended.
struct Mended {
    original: Original,
    /// Its text with everything in it, line ends aside.
    raw: String,
    /// The text as it may be shown: secrets are masked, which moves nothing.
    before: String,
    after: String,
    places: usize,
}

pub(super) fn run(common: &Common, options: &Fix, terminal: &Terminal) -> Result<Status> {
    let session = Session::open(common, false)?;
    let paths = options.paths.iter().map(|p| relative(&session.root, p)).collect::<Result<Vec<_>>>()?;
    let scope = Scope { paths, changed: None };
    let mended = mend(&session, &scope)?;
    let mut out = if options.dry_run { terminal.results() } else { terminal.account() };
    for (path, file) in &mended {
        out.put(&difference(path, &file.before, &file.after, terminal))?;
    }
    if !options.dry_run {
        for file in mended.values() {
            file.original.replace(&denormalised(file.original.bytes(), &file.raw))?;
        }
    }
    let places: usize = mended.values().map(|file| file.places).sum();
    let files = counted(mended.len(), "file", "files");
    let places = counted(places, "word", "words");
    out.put(&match (mended.is_empty(), options.dry_run) {
        (true, _) => "nothing to mend; `tickmark check` says what only you can\n".to_owned(),
        (false, true) => format!("{places} in {files} would be mended; nothing was written\n"),
        (false, false) => format!("{places} in {files} mended; `tickmark check` says what is left\n"),
    })?;
    out.finish()?;
    Ok(Status::Clean)
}

/// Mends until nothing is left to mend, in memory.
fn mend(session: &Session, scope: &Scope) -> Result<BTreeMap<String, Mended>> {
    let sources = &session.tree.sources;
    let mut mended: BTreeMap<String, Mended> = BTreeMap::new();
    let mut current: Option<SourceSet> = None;
    for _ in 0..ROUNDS {
        let now = current.as_ref().unwrap_or(sources);
        let findings = findings(now, &session.history, session.as_of)?;
        let mut edits = fix::gather(now, &findings);
        edits.retain(|file, _| scope.holds_path(now.file(*file).path()));
        if edits.is_empty() {
            break;
        }
        for (file, edits) in &edits {
            let source = now.file(*file);
            if !mended.contains_key(source.path()) {
                mended.insert(source.path().to_owned(), open(&session.root, source)?);
            }
            if let Some(one) = mended.get_mut(source.path()) {
                one.raw = fix::apply(&one.raw, edits);
                one.after = fix::apply(&one.after, edits);
                one.places += edits.len();
            }
        }
        current = Some(with(now, &mended));
    }
    Ok(mended)
}

/// The texts, mended ones in place of what they were.
fn with(sources: &SourceSet, mended: &BTreeMap<String, Mended>) -> SourceSet {
    sources.with_texts(|file| mended.get(file.path()).map_or(file.text(), |one| &one.after))
}

/// Everything that is found in these texts, in the configuration as well.
fn findings(sources: &SourceSet, history: &History, as_of: AsOf) -> Result<Vec<Diagnostic>> {
    let mut site = match pipeline::load(Inputs { sources, history, as_of, more_codes: MORE_CODES }) {
        Ok(site) => site,
        Err(sink) => return Ok(sink.into_sorted()),
    };
    site.judge(Detail::Findings, |_, _, _| (), Ok::<(), Error>)?;
    Ok(std::mem::take(&mut site.sink).into_sorted())
}

/// The file behind a text, which must still hold it.
fn open(root: &Path, source: &SourceFile) -> Result<Mended> {
    let original = Original::read(&root.join(source.path()))?;
    let raw = normalised(original.bytes().to_vec()).unwrap_or_default();
    let shown = secrets::mask(raw.clone(), &secrets::in_document(&raw));
    if shown != source.text() {
        return Err(Error::refused(
            format!("`{}` was changed while it was being mended, and is left as it is", source.path()),
            "run the same command again",
        ));
    }
    Ok(Mended { original, raw, after: shown.clone(), before: shown, places: 0 })
}

/// The lines that differ, as a unified diff without context. No line is added or taken away.
fn difference(path: &str, before: &str, after: &str, terminal: &Terminal) -> String {
    let mut text = format!("--- a/{path}\n+++ b/{path}\n");
    for (number, (old, new)) in before.lines().zip(after.lines()).enumerate().filter(|(_, (old, new))| old != new) {
        let line = number + 1;
        text.push_str(&format!("@@ -{line} +{line} @@\n"));
        text.push_str(&format!("{}\n", terminal.paint(Tone::Bad, &format!("-{old}"))));
        text.push_str(&format!("{}\n", terminal.paint(Tone::Good, &format!("+{new}"))));
    }
    text
}
