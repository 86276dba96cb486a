//! The preview itself: the state that is shown, the last good one beside it, and what a change makes of them.
//!
//! Invariant: whatever is saved, there is a page to answer with, and it says what is wrong. A configuration that cannot be
//! read leaves everything as it was; what `build` would not publish leaves the public site as it was.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::decorate::{self, Banner};
use super::http::{Answer, Request};
use super::path;
use super::state::{Became, Quoted, Read, State};
use super::watch::Changes;
use crate::diag::Sink;
use crate::error::{Error, Result};
use crate::repo::{self, Input, ReadOptions, Worktree};
use crate::source::SourceFile;

/// Who knows how the site is read.
pub trait Reader {
    /// The whole site, read anew.
    fn read(&mut self) -> Result<Read>;

    /// The commit that is checked out.
    fn commit(&mut self) -> Result<Option<String>>;

    /// What that commit has at a path of the site.
    fn committed(&mut self, path: &str) -> Result<Option<Vec<u8>>>;

    /// Whether it is so long ago that the site was read that what is due may be another.
    fn is_old(&self) -> bool;
}

/// What people are told while it serves.
#[derive(Clone, Copy, Debug)]
pub enum Told<'t> {
    /// In one line.
    Message(&'t str),
    /// Something was saved.
    Begun,
    /// The site is made anew; of what, and how many mistakes it has.
    Done(&'t str, usize),
    /// It is not; what is wrong, drawn.
    Wrong(&'t str),
}

/// Of how many documents each is taken in by itself.
const ONE_BY_ONE: usize = 16;
/// How many public pages are kept as they were when they could last be published.
const KEPT: usize = 256;

/// Both sites.
pub struct Preview {
    reader: Box<dyn Reader>,
    root: PathBuf,
    now: State,
    /// The last state whose public site `build` would publish, while that of `now` it would not.
    good: Option<State>,
    /// Public pages as they were when nothing in them leaked.
    kept: BTreeMap<String, Vec<u8>>,
    /// Why what was saved cannot be read at all.
    unread: Option<Quoted>,
    edition: u64,
}

impl Preview {
    /// Reads and judges the site. Where its configuration has mistakes there is nothing to show: those come back, drawn.
    pub fn new(mut reader: Box<dyn Reader>, root: PathBuf) -> Result<std::result::Result<Self, String>> {
        let Read { tree, history, commit, loaded } = reader.read()?;
        let loaded = match loaded {
            Ok(loaded) => loaded,
            Err(findings) => return Ok(Err(Quoted::of(&tree, findings.iter()).text)),
        };
        let now = State::of(tree, history, commit, loaded);
        let (good, kept, unread) = (None, BTreeMap::new(), None);
        Ok(Ok(Self { reader, root, now, good, kept, unread, edition: 1 }))
    }

    /// Counts up with whatever may look different.
    pub(super) fn edition(&self) -> u64 {
        self.edition
    }

    /// The path of the public site: `/`, or `/trust/`.
    pub fn base_path(&self) -> &str {
        self.now.base_path()
    }

    /// How many policies and records there are.
    pub fn counts(&self) -> (usize, usize) {
        self.now.counts()
    }

    /// Mistakes at error level, drawn, and how many.
    pub fn wrong(&self) -> (&str, usize) {
        (&self.now.wrong.text, self.now.wrong.count)
    }

    /// Looks at what was saved. Whether anything may look different.
    pub(super) fn change(&mut self, changes: &Changes, say: &dyn Fn(Told<'_>)) -> bool {
        say(Told::Begun);
        let before = self.unread.take();
        let quick = if before.is_none() { self.edit(changes) } else { None };
        match quick.map_or_else(|| self.take_in(), Ok) {
            Ok(true) => {
                self.edition += 1;
                say(Told::Done(&in_words(changes), self.now.wrong.count));
                if self.now.withheld {
                    say(Told::Wrong(&self.now.wrong.text));
                }
                true
            }
            // Mistakes were taken back, and all is as it was.
            Ok(false) if before.is_some() => {
                self.edition += 1;
                say(Told::Done(&in_words(changes), self.now.wrong.count));
                true
            }
            Ok(false) => false,
            Err(unread) => {
                let other = before.as_ref() != Some(&unread);
                if other {
                    self.edition += 1;
                    say(Told::Wrong(&unread.text));
                }
                self.unread = Some(unread);
                other
            }
        }
    }

    /// Takes in what was written into documents, one by one, and records that came or went; whether anything differs. Nothing
    /// where that is not all, or may touch other documents: the site has to be read anew.
    fn edit(&mut self, changes: &Changes) -> Option<bool> {
        let elsewhere = changes.git && self.reader.commit().ok()? != self.now.commit;
        if changes.all || elsewhere || changes.paths.len() > ONE_BY_ONE || self.reader.is_old() {
            return None;
        }
        let options = ReadOptions { digests: false, ..ReadOptions::default() };
        let mut saved = Vec::new();
        for path in &changes.paths {
            let mut found = Sink::new();
            let read = repo::read_one(&self.root, path, &options, &mut found).ok()?;
            if !found.is_empty() {
                return None;
            }
            let records = path.starts_with("changes/");
            let sources = &self.now.tree.sources;
            match (read, sources.by_path(path)) {
                (Some(Input::Text(text)), Some((_, known))) => {
                    if known.text() != text.text() || known.secrets() != text.secrets() {
                        saved.push(Became::Text(text));
                    }
                }
                (Some(Input::Text(text)), None) if records && repo::is_unlike(path, sources) => {
                    saved.push(Became::Text(text));
                }
                // What is renamed is gone before it comes.
                (None, Some(_)) if records => saved.insert(0, Became::Gone(path.clone())),
                _ => return None,
            }
        }
        let differs = !saved.is_empty();
        for became in saved {
            let committed = match &became {
                Became::Text(text) if text.path().starts_with("changes/") && self.now.commit.is_some() => {
                    let bytes = self.reader.committed(text.path()).ok()?;
                    bytes.and_then(|bytes| SourceFile::from_bytes(text.path(), bytes).ok())
                }
                _ => None,
            };
            if !self.now.take_in(became, committed.as_ref().map(SourceFile::text)) {
                return None;
            }
        }
        Some(differs)
    }

    /// Reads the site anew; whether it is another.
    fn take_in(&mut self) -> std::result::Result<bool, Quoted> {
        let Read { tree, history, commit, loaded } = self.reader.read().map_err(|e| said(&e))?;
        if commit == self.now.commit && same(&tree, &self.now.tree) {
            return Ok(false);
        }
        let loaded = loaded.map_err(|findings| Quoted::of(&tree, findings.iter()))?;
        let next = State::of(tree, history, commit, loaded);
        let before = std::mem::replace(&mut self.now, next);
        if !self.now.withheld {
            self.good = None;
        } else if !before.withheld {
            self.good = Some(before);
        }
        Ok(true)
    }

    /// What a request is answered with.
    pub(super) fn answer(&mut self, request: &Request) -> Answer {
        let Some(file) = path::file(&request.path) else {
            return Answer::page(400, decorate::message("Not a path", "No page is called so."));
        };
        if file == decorate::SCRIPT_PATH || file == decorate::STYLE_PATH {
            let text = if file == decorate::SCRIPT_PATH { decorate::SCRIPT } else { decorate::STYLE };
            return Answer::of(200, path::kind(&file), text.as_bytes().to_vec());
        }
        let made = if file == "_internal" {
            return Answer::to("/_internal/");
        } else if let Some(inside) = file.strip_prefix("_internal/") {
            self.internal(inside)
        } else {
            let base = self.base_path().trim_start_matches('/').to_owned();
            match file.strip_prefix(base.as_str()) {
                Some(inside) => self.public(inside),
                None if file == "index.html" || format!("{file}/") == base => return Answer::to(&format!("/{base}")),
                None => self.missing(),
            }
        };
        made.unwrap_or_else(|error| {
            let quoted = said(&error);
            let banner = Banner { headline: "This page could not be made".to_owned(), quoted: quoted.text, open: true };
            let page = decorate::message("No page", "Something is wrong with it, or with the theme.");
            Answer::page(500, decorate::page(&page, self.edition, Some(&banner)))
        })
    }

    fn internal(&mut self, file: &str) -> Result<Answer> {
        if let Some(bytes) = self.now.internal(file)? {
            return Ok(self.found(file, bytes, self.banner(false).as_ref()));
        }
        let folder = format!("{file}/index.html");
        if self.now.internal(&folder)?.is_some() {
            return Ok(Answer::to(&format!("/_internal/{file}/")));
        }
        let page = decorate::message("No such page", "The internal site has no page here.");
        Ok(Answer::page(404, decorate::page(&page, self.edition, self.banner(false).as_ref())))
    }

    fn public(&mut self, file: &str) -> Result<Answer> {
        if self.now.withheld && self.good.is_none() {
            return Ok(self.unpublished(file));
        }
        let state = self.good.as_mut().unwrap_or(&mut self.now);
        let (made, leaks) = state.public(file)?;
        // A mistake in a template may show itself only now.
        if self.now.withheld && self.good.is_none() {
            return Ok(self.unpublished(file));
        }
        let Some(bytes) = made else { return self.not_found(file) };
        if leaks.count == 0 {
            if self.kept.len() < KEPT || self.kept.contains_key(file) {
                self.kept.insert(file.to_owned(), bytes.clone());
            }
            return Ok(self.found(file, bytes, self.banner(true).as_ref()));
        }
        let headline = "Not published: this page would hold what must stay inside".to_owned();
        let banner = Banner { headline, quoted: leaks.text, open: true };
        if let Some(last) = self.kept.get(file).cloned() {
            return Ok(self.found(file, last, Some(&banner)));
        }
        let page = decorate::message("Not published", "The leak gate keeps this page back.");
        Ok(Answer::page(503, decorate::page(&page, self.edition, Some(&banner))))
    }

    /// A page of a site that would not be published: as it was when it would have been, if it is known.
    fn unpublished(&self, file: &str) -> Answer {
        let banner = self.banner(true);
        if let Some(last) = self.kept.get(file).cloned() {
            return self.found(file, last, banner.as_ref());
        }
        let page = decorate::message("Not published", "As it stands, `tickmark build` would publish nothing.");
        Answer::page(503, decorate::page(&page, self.edition, banner.as_ref()))
    }

    fn not_found(&mut self, file: &str) -> Result<Answer> {
        let state = self.good.as_mut().unwrap_or(&mut self.now);
        if state.public(&format!("{file}/index.html"))?.0.is_some() {
            return Ok(Answer::to(&format!("{}{file}/", self.base_path())));
        }
        self.missing()
    }

    /// The site's own page for what is not there.
    fn missing(&mut self) -> Result<Answer> {
        let state = self.good.as_mut().unwrap_or(&mut self.now);
        let (made, _) = state.public("404.html")?;
        let page = made.map_or_else(
            || decorate::message("No such page", "The public site has no page here."),
            |bytes| String::from_utf8_lossy(&bytes).into_owned(),
        );
        Ok(Answer::page(404, decorate::page(&page, self.edition, self.banner(true).as_ref())))
    }

    fn found(&self, file: &str, bytes: Vec<u8>, banner: Option<&Banner>) -> Answer {
        let kind = path::kind(file);
        match String::from_utf8(bytes) {
            Ok(html) if kind.starts_with("text/html") => Answer::page(200, decorate::page(&html, self.edition, banner)),
            Ok(text) => Answer::of(200, kind, text.into_bytes()),
            Err(other) => Answer::of(200, kind, other.into_bytes()),
        }
    }

    /// What is wrong, above a page of the public site or the internal one.
    fn banner(&self, public: bool) -> Option<Banner> {
        let banner = |headline: String, quoted: &Quoted, open| Banner { headline, quoted: quoted.text.clone(), open };
        if let Some(unread) = &self.unread {
            let headline = "What was saved cannot be read: this is the site as it was before".to_owned();
            return Some(banner(headline, unread, true));
        }
        let wrong = &self.now.wrong;
        if wrong.count == 0 {
            return None;
        }
        let errors = if wrong.count == 1 { "1 error".to_owned() } else { format!("{} errors", wrong.count) };
        Some(match (self.now.withheld, public) {
            (true, true) => banner(format!("{errors}: this is the public site as it was before"), wrong, true),
            (true, false) => banner(format!("{errors}; the public site stays as it was"), wrong, true),
            (false, _) => {
                banner(format!("{errors} in documents, none of which keeps the public site back"), wrong, false)
            }
        })
    }
}

/// Whether two readings hold the same.
fn same(a: &Worktree, b: &Worktree) -> bool {
    let texts = |tree: &Worktree| tree.sources.iter().len();
    texts(a) == texts(b)
        && a.sources.iter().zip(b.sources.iter()).all(|((_, a), (_, b))| a.path() == b.path() && a.text() == b.text())
        && a.assets.len() == b.assets.len()
        && a.assets.iter().zip(&b.assets).all(|(a, b)| a.path == b.path && a.bytes == b.bytes)
}

/// What stopped the reading, as it is quoted.
fn said(error: &Error) -> Quoted {
    let help = error.help().map_or_else(String::new, |help| format!("help: {help}\n"));
    Quoted { text: format!("error: {error}\n{help}"), count: 1 }
}

/// What was saved, in a line.
fn in_words(changes: &Changes) -> String {
    let mut paths = changes.paths.iter();
    match (paths.next(), paths.count()) {
        (Some(only), 0) if !changes.all => only.clone(),
        (Some(first), more) if !changes.all => format!("{first} and {more} more"),
        _ if changes.git => "what git checked out".to_owned(),
        _ => "the site".to_owned(),
    }
}
