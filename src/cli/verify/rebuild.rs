//! Making a finished folder again, from the commit that its manifest names.
//!
//! Nothing is written but into a scratch folder, which is gone afterwards.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use super::super::arguments::{ColourChoice, Common, Reading};
use super::super::audit;
use super::super::build::{self, Told};
use super::super::deployed;
use super::super::session::Session;
use super::super::terminal::Terminal;
use super::{Differs, FILE_LIMIT, Finished, beside};
use crate::error::{Error, Result};
use crate::repo::{Item, find_site, published, published_file};
use crate::site::{AuditAsked, Digest, GENERATOR, digest};
use crate::write::{MARKER, Scratch};

/// A folder made again.
pub(super) struct Again {
    held: Held,
    files: BTreeMap<String, Digest>,
}

/// Where it is.
enum Held {
    /// On disk.
    Folder(PathBuf),
    /// In memory.
    Files(BTreeMap<String, Vec<u8>>),
}

impl Again {
    fn read(folder: PathBuf) -> Result<Self> {
        let digest = |(path, item)| match item {
            Item::File(digest) if path != MARKER => Some((path, digest)),
            _ => None,
        };
        let files = published(&folder)?.into_iter().filter_map(digest).collect();
        Ok(Self { held: Held::Folder(folder), files })
    }

    /// What it consists of.
    pub(super) fn digests(&self) -> BTreeMap<String, Digest> {
        self.files.clone()
    }

    /// What one of its files holds.
    pub(super) fn file(&self, path: &str) -> Result<Option<Vec<u8>>> {
        match &self.held {
            Held::Folder(folder) => published_file(folder, path, FILE_LIMIT),
            Held::Files(files) => Ok(files.get(path).cloned()),
        }
    }
}

/// What came of making a folder again.
pub(super) enum Outcome {
    /// It was not made, and why.
    Not(String),
    /// It was made.
    Made {
        /// Of what, for people.
        of: String,
        /// What differs from it.
        differs: Vec<Differs>,
        /// Why differences need be nobody's doing, where that is so.
        note: Option<&'static str>,
    },
    /// The commit publishes nothing under this name.
    Nothing(String),
}

/// What decides what is made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Source {
    site: PathBuf,
    commit: String,
    as_of: String,
    history: Option<String>,
    audit: Option<AuditAsked>,
}

/// Makes every folder again that can be, folders of one build in one go.
pub(super) fn all(common: &Common, trees: &[Finished], stop: &AtomicBool) -> Result<Vec<Outcome>> {
    let sources: Vec<std::result::Result<Source, String>> = trees.iter().map(|tree| source(common, tree)).collect();
    let mut done: BTreeMap<&Source, Vec<Outcome>> = BTreeMap::new();
    for source in sources.iter().filter_map(|s| s.as_ref().ok()) {
        if !done.contains_key(source) {
            let same = |s: &std::result::Result<Source, String>| s.as_ref().ok() == Some(source);
            let of: Vec<&Finished> = trees.iter().zip(&sources).filter(|(_, s)| same(s)).map(|(t, _)| t).collect();
            let mut outcomes = make(source, &of, stop)?;
            outcomes.reverse();
            done.insert(source, outcomes);
        }
    }
    let outcome = |source: &std::result::Result<Source, String>| match source {
        Ok(source) => done.get_mut(source).and_then(Vec::pop).unwrap_or_else(|| Outcome::Not(String::new())),
        Err(why) => Outcome::Not(why.clone()),
    };
    Ok(sources.iter().map(outcome).collect())
}

/// What a folder was made from; why it cannot be made again, where that is so.
fn source(common: &Common, tree: &Finished) -> std::result::Result<Source, String> {
    let stated = &tree.stated;
    if stated.generator != GENERATOR {
        let by = stated.generator.escape_debug();
        return Err(format!("it was made by `{by}`, and this is `{GENERATOR}`: use that version"));
    }
    let internal = if stated.tree == "public" { beside(tree) } else { None };
    let internal = internal.as_ref().unwrap_or(stated);
    if internal.dirty {
        return Err("it was built from files that were not committed (`dirty`), which nobody else has".to_owned());
    }
    let Some(commit) = &stated.commit else {
        return Err("it was not built from a commit".to_owned());
    };
    if commit.len() < 40 || !commit.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(format!("`{}` is no id of a commit", commit.escape_debug()));
    }
    let Some(as_of) = internal.as_of.clone().or_else(|| common.as_of.clone()) else {
        return Err(
            "its manifest does not say until when records were judged: verify the folder that holds internal/, too, or say it with `--as-of`"
                .to_owned(),
        );
    };
    let site = site(common, &tree.folder)?;
    Ok(Source { site, commit: commit.clone(), as_of, history: internal.history.clone(), audit: stated.audit.clone() })
}

/// The site: the one that was named, else the one the folder lies in, else the one around where we stand.
fn site(common: &Common, folder: &Path) -> std::result::Result<PathBuf, String> {
    let here = &common.directory;
    if here != Path::new(".") {
        return Ok(here.clone());
    }
    [folder, here]
        .into_iter()
        .find_map(|place| find_site(place).ok())
        .ok_or_else(|| "there is no site around it or here: name its folder with `-C`".to_owned())
}

fn make(source: &Source, trees: &[&Finished], stop: &AtomicBool) -> Result<Vec<Outcome>> {
    let not = |why: &str| Ok(trees.iter().map(|_| Outcome::Not(why.to_owned())).collect());
    let scratch = Scratch::new()?;
    let quiet = Common {
        directory: source.site.clone(),
        as_of: Some(source.as_of.clone()),
        quiet: true,
        color: ColourChoice::Never,
    };
    let (note, audited) = match make_one(&quiet, source, scratch.path(), stop) {
        Ok(Ok(made)) => made,
        Ok(Err(why)) => return not(&why),
        Err(Error::Refused { what, .. }) => return not(&what),
        Err(Error::Configuration) => return not("its configuration has mistakes, shown above"),
        Err(other) => return Err(other),
    };
    let short = &source.commit[..source.commit.len().min(7)];
    let of = format!("commit {short} as of {}, {GENERATOR}", source.as_of);
    let outcome = |tree: &&Finished| {
        let again = match &audited {
            Some(files) => Some(Again::of(files)),
            None => Again::read_if_there(scratch.path().join(&tree.stated.tree))?,
        };
        let Some(again) = again else {
            return Ok(Outcome::Nothing(format!("{of}: that commit publishes no {} site", tree.stated.tree)));
        };
        Ok(Outcome::Made { of: of.clone(), differs: tree.against(&again)?, note })
    };
    trees.iter().map(outcome).collect()
}

impl Again {
    fn of(files: &BTreeMap<String, Vec<u8>>) -> Self {
        let digests = files.iter().map(|(path, bytes)| (path.clone(), digest(bytes))).collect();
        Self { held: Held::Files(files.clone()), files: digests }
    }

    fn read_if_there(folder: PathBuf) -> Result<Option<Self>> {
        if published_file(&folder, MARKER, 4096)?.is_none() {
            return Ok(None);
        }
        Self::read(folder).map(Some)
    }
}

/// Why differences need be nobody's doing, where that is so; and an audit's files.
type MadeAgain = (Option<&'static str>, Option<BTreeMap<String, Vec<u8>>>);

/// Builds a commit into a folder, or makes an audit of it; or says why that was not done.
fn make_one(
    quiet: &Common,
    source: &Source,
    folder: &Path,
    stop: &AtomicBool,
) -> Result<std::result::Result<MadeAgain, String>> {
    let mut session = Session::open_at(quiet, &Reading { rev: Some(source.commit.clone()) }, true)?;
    if session.history.cut {
        return Ok(Err(
            "history is cut short here: fetch it with `git fetch --unshallow` (`fetch-depth: 0`)".to_owned()
        ));
    }
    session.show_history();
    session.compare_deployed();
    session.built_from(match source.history.as_deref() {
        Some("kept") => Some(source.commit.clone()),
        other => other.map(str::to_owned),
    });
    let elsewhere = deployed::is_spoken_of(&session.tree.sources)
        .then_some("the site reads other repositories, and what they hold today is not what they held then");
    let terminal = Terminal::new(quiet.color, true);
    if let Some(asked) = &source.audit {
        let made = audit::compose(session, asked, &terminal)?;
        return Ok(Ok((elsewhere, Some(made.files.into_iter().collect()))));
    }
    let told = Told { terminal: &terminal, strict: false, silent: true };
    build::into(session, folder, stop, &told)?;
    Ok(Ok((elsewhere, None)))
}
