//! One state of the site, read and judged, from which any page can be made.
//!
//! Pages come from the functions of `build`, asked for one file alone. Nothing is written.

use std::cell::OnceCell;

use crate::build::{self, Held, Outputs, Stated, Taken};
use crate::diag::human::Human;
use crate::diag::{Diagnostic, Level};
use crate::disclose::{self, Figures, LeakGate};
use crate::error::Result;
use crate::model::History;
use crate::pipeline::{Loaded, Site};
use crate::render::Theme;
use crate::repo::Worktree;
use crate::report::what_if::Beside;
use crate::source::{FileId, SourceFile};

/// How wide findings are drawn.
const WIDTH: usize = 110;
/// How many findings are quoted on a page.
const QUOTED: usize = 6;

/// A site as it was read.
pub struct Read {
    /// Its texts and files.
    pub tree: Worktree,
    /// What git says of its policies' past.
    pub history: History,
    /// The commit that is checked out.
    pub commit: Option<String>,
    /// What the texts say; findings alone where the configuration has mistakes.
    pub loaded: std::result::Result<Loaded, Vec<Diagnostic>>,
}

/// What became of a document.
#[derive(Debug)]
pub(super) enum Became {
    /// It has this text now, or is new.
    Text(SourceFile),
    /// It is not there any more; its path.
    Gone(String),
}

/// Findings drawn for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Quoted {
    /// The first few.
    pub(super) text: String,
    /// How many there are.
    pub(super) count: usize,
}

impl Quoted {
    pub(super) fn of<'d>(tree: &Worktree, findings: impl Iterator<Item = &'d Diagnostic>) -> Self {
        let human = Human::new(&tree.sources, false, WIDTH);
        let mut quoted = Self::default();
        for finding in findings {
            if quoted.count < QUOTED {
                quoted.text.push_str(&human.draw(finding));
                quoted.text.push('\n');
            }
            quoted.count += 1;
        }
        if quoted.count > QUOTED {
            let more = quoted.count - QUOTED;
            quoted.text.push_str(&format!("and {more} more: `tickmark check` lists all\n"));
        }
        quoted
    }
}

/// A site from which pages are made.
pub(super) struct State {
    pub(super) tree: Worktree,
    pub(super) commit: Option<String>,
    history: History,
    /// There but while a page is made.
    loaded: Option<Loaded>,
    theme: Theme,
    /// How many mistakes of its templates have been told.
    told: usize,
    held: Held,
    /// The site's own theme is broken.
    themeless: bool,
    /// Findings about documents that want one place.
    more: Vec<Diagnostic>,
    figures: Figures,
    gate: OnceCell<LeakGate>,
    /// Whether `build` would leave the public site as it stands.
    pub(super) withheld: bool,
    /// Mistakes at error level, those first that keep the public site back.
    pub(super) wrong: Quoted,
}

impl State {
    /// Judges every record of a site.
    pub(super) fn of(tree: Worktree, history: History, commit: Option<String>, loaded: Loaded) -> Self {
        let mut site = loaded.of(&tree.sources);
        let files = build::own_files(&site, &tree.assets);
        let own = build::theme(&mut site, &files);
        let themeless = own.is_none();
        let theme = own.unwrap_or_else(Theme::built_in);
        let more = build::same_places(&site, &theme, &build::statics(&tree.assets));
        let held = Held::of(&mut site, &build::statics(&tree.assets));
        let loaded = Some(site.into_loaded());
        let (figures, gate) = (Figures::default(), OnceCell::new());
        let (told, withheld, wrong) = (0, false, Quoted::default());
        let mut state =
            Self { tree, commit, history, loaded, theme, told, held, themeless, more, figures, gate, withheld, wrong };
        state.look();
        if state.theme.has_own_templates() {
            state.try_theme();
        }
        state
    }

    /// Makes a page of each kind, so that a mistake in a template of the site's own is seen before its page is.
    fn try_theme(&mut self) {
        // What stops a page otherwise is told when that page is asked for.
        let _ = self.with(|site, held, parts| {
            let out = Outputs::tried("internal");
            let rows = || held.built.rows.iter().zip(&held.built.files).filter(|(row, _)| row.page);
            let emergency = rows().find(|(row, _)| row.emergency);
            for (_, file) in rows().next().into_iter().chain(emergency) {
                build::write_record(site, parts.theme, *file, &out)?;
            }
            build::write_internal(site, parts.theme, &held.built, &held.findings(|_| true), &out)?;
            let (out, statics) = (Outputs::tried("public"), build::statics(&parts.tree.assets));
            let stated = Stated { figures: parts.figures, commit: parts.commit };
            let gate = LeakGate::new(&site.ledger, std::iter::empty(), std::iter::empty());
            build::write_public(site, parts.theme, &gate, stated, &statics, &out, &mut Vec::new())
        });
        self.tell_theme();
    }

    /// Looks again where making a page has shown a mistake in the theme.
    fn tell_theme(&mut self) {
        if self.theme.mistakes().len() != self.told {
            self.look();
        }
    }

    /// Says what is wrong, and counts what is published.
    fn look(&mut self) {
        let mistake = |f: &Diagnostic| f.level == Level::Error && f.rule.is_none();
        let loaded = self.loaded.as_ref().expect("no page is being made");
        let theme = loaded.ledger.configuration.theme.as_str();
        let broken = build::broken_pages(&self.tree.sources, theme, &self.theme);
        self.told = broken.len();
        let beside = self.more.iter().chain(&broken).filter(|f| mistake(f));
        let all = beside.chain(self.held.findings(mistake));
        let (first, rest): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
            all.partition(|f| build::forbids_public(&self.tree.sources, f));
        self.withheld = self.themeless || !first.is_empty();
        self.wrong = Quoted::of(&self.tree, first.into_iter().chain(rest));
        self.figures = disclose::public_figures(&loaded.ledger, &self.held.built.rows, loaded.as_of);
        self.held.built.what_if.clear();
    }

    /// Takes in what became of one document; `committed` is what git has of it, if it holds records. False where that may
    /// touch more than the document: nothing has changed then.
    pub(super) fn take_in(&mut self, saved: Became, committed: Option<&str>) -> bool {
        if self.withheld {
            return false;
        }
        let taken = match saved {
            Became::Text(text) => match self.tree.sources.by_path(text.path()) {
                Some((file, _)) => self.edit(file, text, committed),
                None => self.add(text, committed),
            },
            Became::Gone(path) => self.remove(&path),
        };
        match taken {
            Taken::Refused => return false,
            Taken::Renamed => self.gate = OnceCell::new(),
            Taken::In => {}
        }
        self.look();
        true
    }

    fn edit(&mut self, file: FileId, text: SourceFile, committed: Option<&str>) -> Taken {
        let old = self.tree.sources.replace(file, text);
        let taken = self.with(|site, held, parts| held.edit(site, parts.history, (file, &old), committed));
        if taken == Taken::Refused {
            self.tree.sources.replace(file, old);
        }
        taken
    }

    fn add(&mut self, text: SourceFile, committed: Option<&str>) -> Taken {
        let Some(file) = self.tree.sources.insert(text) else { return Taken::Refused };
        let taken = self.with(|site, held, _| held.add(site, file, committed));
        if taken == Taken::Refused {
            self.tree.sources.remove(file);
        }
        taken
    }

    fn remove(&mut self, path: &str) -> Taken {
        let Some((file, _)) = self.tree.sources.by_path(path) else { return Taken::Refused };
        let taken = self.with(|site, held, _| held.remove(site, file));
        if taken != Taken::Refused {
            self.tree.sources.remove(file);
        }
        taken
    }

    /// Lets the site be whole while something is made of it.
    fn with<T>(&mut self, make: impl FnOnce(&mut Site<'_>, &mut Held, &Parts<'_>) -> T) -> T {
        let loaded = self.loaded.take().expect("it is put back below");
        let Self { tree, commit, theme, held, figures, gate, history, .. } = self;
        let tree = &*tree;
        let mut site = loaded.of(&tree.sources);
        let parts = Parts { tree, commit: commit.as_deref(), theme, figures, gate, history };
        let made = make(&mut site, held, &parts);
        self.loaded = Some(site.into_loaded());
        made
    }

    /// The path that the public site stands under: `/`, or `/trust/`.
    pub(super) fn base_path(&self) -> &str {
        self.loaded.as_ref().map_or("/", |loaded| loaded.ledger.configuration.base_path())
    }

    /// How many policies and records there are.
    pub(super) fn counts(&self) -> (usize, usize) {
        (self.loaded.as_ref().map_or(0, |loaded| loaded.ledger.policies.len()), self.held.built.rows.len())
    }

    /// A file of the internal site.
    pub(super) fn internal(&mut self, path: &str) -> Result<Option<Vec<u8>>> {
        let made = self.with(|site, held, parts| {
            let out = Outputs::only("internal", path);
            if let Some(id) = of_folder("changes/", path).or_else(|| of_folder("emergencies/", path)) {
                if let Some(row) = held.built.rows.iter().position(|row| row.page && row.id == id) {
                    build::write_record(site, parts.theme, held.built.files[row], &out)?;
                }
                return Ok(out.into_made());
            }
            if let Some(id) = of_folder("policies/", path) {
                compare(site, held, parts.history, id);
            }
            build::write_internal(site, parts.theme, &held.built, &held.findings(|_| true), &out)?;
            Ok(out.into_made())
        });
        self.tell_theme();
        made
    }

    /// A file of the public site, and what must not be published of it.
    pub(super) fn public(&mut self, path: &str) -> Result<(Option<Vec<u8>>, Quoted)> {
        let made = self.with(|site, held, parts| {
            let Parts { tree, commit, theme, figures, gate, .. } = *parts;
            let built = &held.built;
            let records = || built.rows.iter().map(|r| r.id.as_str()).filter(|id| *id != "(no id)");
            let gate =
                gate.get_or_init(|| LeakGate::new(&site.ledger, records(), built.incidents.iter().map(String::as_str)));
            let out = Outputs::only("public", path);
            let stated = Stated { figures, commit };
            let leaks =
                build::write_public(site, theme, gate, stated, &build::statics(&tree.assets), &out, &mut Vec::new())?;
            Ok((out.into_made(), Quoted::of(tree, leaks.iter())))
        });
        self.tell_theme();
        made
    }
}

/// Holds a policy that is edited against its committed text, once for each edit.
fn compare(site: &mut Site<'_>, held: &mut Held, history: &History, id: &str) {
    let Some(policy) = site.ledger.policies.iter().position(|policy| policy.id.as_str() == id) else { return };
    if held.built.what_if.contains_key(id) {
        return;
    }
    if let Some(found) = held.what_if(site, history, policy) {
        held.built.what_if.insert(id.to_owned(), Beside::of(&found));
    }
}

/// What pages are made from besides the site.
struct Parts<'p> {
    tree: &'p Worktree,
    commit: Option<&'p str>,
    theme: &'p Theme,
    figures: &'p Figures,
    gate: &'p OnceCell<LeakGate>,
    history: &'p History,
}

/// The id whose own page below a folder this is.
fn of_folder<'p>(folder: &str, path: &'p str) -> Option<&'p str> {
    path.strip_prefix(folder)?.strip_suffix("/index.html").filter(|id| !id.is_empty() && !id.contains('/'))
}
