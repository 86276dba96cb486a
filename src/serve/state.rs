//! One state of the site, read and judged, from which any page can be made.
//!
//! Pages come from the functions of `build`, asked for one file alone. Nothing is written.

use std::cell::OnceCell;

use crate::build::{self, InternalBuild, Outputs, Stated};
use crate::diag::human::Human;
use crate::diag::{Diagnostic, Level};
use crate::disclose::{self, Figures, LeakGate};
use crate::error::Result;
use crate::pipeline::{Loaded, Site};
use crate::render::Theme;
use crate::repo::Worktree;

/// How wide findings are drawn.
const WIDTH: usize = 110;
/// How many findings are quoted on a page.
const QUOTED: usize = 6;

/// A site as it was read.
pub struct Read {
    /// Its texts and files.
    pub tree: Worktree,
    /// The commit that is checked out.
    pub commit: Option<String>,
    /// What the texts say; findings alone where the configuration has mistakes.
    pub loaded: std::result::Result<Loaded, Vec<Diagnostic>>,
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
    /// There but while a page is made.
    loaded: Option<Loaded>,
    theme: Theme,
    pub(super) built: InternalBuild,
    figures: Figures,
    gate: OnceCell<LeakGate>,
    /// Whether `build` would leave the public site as it stands.
    pub(super) withheld: bool,
    /// Mistakes at error level, those first that keep the public site back.
    pub(super) wrong: Quoted,
}

impl State {
    /// Judges every record of a site.
    pub(super) fn of(tree: Worktree, commit: Option<String>, loaded: Loaded) -> Result<Self> {
        let mut site = loaded.of(&tree.sources);
        let files = build::own_files(&site, &tree.assets);
        let own = build::theme(&mut site, &files);
        let mut withheld = own.is_none();
        let theme = own.unwrap_or_else(Theme::built_in);
        let built = build::judge_only(&mut site, &theme)?;
        let more = build::same_places(&site, &theme, &build::statics(&tree.assets));
        let mistakes = |f: &&Diagnostic| f.level == Level::Error && f.rule.is_none();
        let all: Vec<&Diagnostic> = more.iter().chain(&built.findings).filter(mistakes).collect();
        let (first, rest): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
            all.into_iter().partition(|f| build::forbids_public(&tree.sources, f));
        withheld |= !first.is_empty();
        let wrong = Quoted::of(&tree, first.into_iter().chain(rest));
        let figures = disclose::public_figures(&site.ledger, &built.rows, site.as_of);
        let loaded = Some(site.into_loaded());
        Ok(Self { tree, commit, loaded, theme, built, figures, gate: OnceCell::new(), withheld, wrong })
    }

    /// Lets the site be whole while something is made of it.
    fn with<T>(&mut self, make: impl FnOnce(&Site<'_>, &Parts<'_>) -> T) -> T {
        let loaded = self.loaded.take().expect("it is put back below");
        let site = loaded.of(&self.tree.sources);
        let Self { tree, commit, theme, built, figures, gate, .. } = &*self;
        let made = make(&site, &Parts { tree, commit: commit.as_deref(), theme, built, figures, gate });
        self.loaded = Some(site.into_loaded());
        made
    }

    /// The path that the public site stands under: `/`, or `/trust/`.
    pub(super) fn base_path(&self) -> &str {
        self.loaded.as_ref().map_or("/", |loaded| loaded.ledger.configuration.base_path())
    }

    /// How many policies and records there are.
    pub(super) fn counts(&self) -> (usize, usize) {
        (self.loaded.as_ref().map_or(0, |loaded| loaded.ledger.policies.len()), self.built.rows.len())
    }

    /// A file of the internal site.
    pub(super) fn internal(&mut self, path: &str) -> Result<Option<Vec<u8>>> {
        self.with(|site, parts| {
            let out = Outputs::only(path);
            if let Some(id) = record_of(path) {
                let row = parts.built.rows.iter().position(|row| row.page && row.id == id);
                if let Some(row) = row {
                    build::write_record(site, parts.theme, parts.built.files[row], &out)?;
                }
            } else {
                build::write_internal(site, parts.theme, parts.built, &out)?;
            }
            Ok(out.into_made())
        })
    }

    /// A file of the public site, and what must not be published of it.
    pub(super) fn public(&mut self, path: &str) -> Result<(Option<Vec<u8>>, Quoted)> {
        self.with(|site, parts| {
            let Parts { tree, commit, theme, built, figures, gate } = *parts;
            let records = || built.rows.iter().map(|r| r.id.as_str()).filter(|id| *id != "(no id)");
            let gate =
                gate.get_or_init(|| LeakGate::new(&site.ledger, records(), built.incidents.iter().map(String::as_str)));
            let out = Outputs::only(path);
            let stated = Stated { figures, commit };
            let leaks =
                build::write_public(site, theme, gate, stated, &build::statics(&tree.assets), &out, &mut Vec::new())?;
            Ok((out.into_made(), Quoted::of(tree, leaks.iter())))
        })
    }
}

/// What pages are made from besides the site.
struct Parts<'p> {
    tree: &'p Worktree,
    commit: Option<&'p str>,
    theme: &'p Theme,
    built: &'p InternalBuild,
    figures: &'p Figures,
    gate: &'p OnceCell<LeakGate>,
}

/// The record whose own page this is.
fn record_of(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("changes/").or_else(|| path.strip_prefix("emergencies/"))?;
    inside.strip_suffix("/index.html").filter(|id| !id.is_empty() && !id.contains('/'))
}
