//! `tickmark build`.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::Status;
use super::arguments::{Build, Common};
use super::check::counted;
use super::session::Session;
use super::terminal::{Terminal, Tone};
use crate::build::{
    Outputs, PublicBuild, Stated, broken_pages, build_internal, build_public, leaks_in, own_files, stands_in_the_way,
    statics, theme,
};
use crate::diag::human::Human;
use crate::diag::{Diagnostic, Level, Place};
use crate::disclose::{LeakGate, public_figures};
use crate::error::Result;
use crate::judge::Verdict;
use crate::model::{Check, LastBuild};
use crate::pipeline::any_error;
use crate::render::Theme;
use crate::repo;
use crate::report::Row;
use crate::site::{Digest, Manifest};
use crate::source::SourceSet;
use crate::write::{Publisher, Tree};

pub(super) fn run(common: &Common, options: &Build, terminal: &Terminal) -> Result<Status> {
    let stop = stop_on_signals()?;
    let mut session = Session::open_at(common, &options.reading, true)?;
    session.show_history();
    session.compare_deployed();
    let output = options.output.clone().map_or_else(|| session.output(), Ok)?;
    session.built_in(&output);
    let told = Told { terminal, strict: options.strict, silent: false };
    into(session, &output, &stop, &told)
}

/// How a build speaks, and what makes it fail.
pub(super) struct Told<'t> {
    pub(super) terminal: &'t Terminal,
    pub(super) strict: bool,
    /// Says nothing of what it made.
    pub(super) silent: bool,
}

/// Builds a site that was opened into a folder.
pub(super) fn into(mut session: Session, output: &Path, stop: &AtomicBool, told: &Told<'_>) -> Result<Status> {
    let terminal = told.terminal;
    let root = session.root.clone();
    let digests = std::mem::take(&mut session.tree.digests);
    let assets = std::mem::take(&mut session.tree.assets);
    let (commit, dirty) = (session.commit(), session.dirty()?);
    let mut site = session.load(terminal)?;
    let publisher = Publisher::open(output, &root, repo::INPUT_FOLDERS)?;
    let mut findings = Vec::new();
    let files = own_files(&site, &assets);
    let own = theme(&mut site, &files);
    let is_sound = own.is_some();
    let theme = own.unwrap_or_else(Theme::built_in);
    let progress = terminal.progress("judging records, writing pages");

    let internal = publisher.stage(Tree::Internal)?;
    let out = Outputs::new(&internal, stop, None);
    let built = build_internal(&mut site, &theme, &out, &|n| progress.inc(n))?;
    findings.extend(built.findings);
    let mut manifest = Manifest {
        tree: Tree::Internal.name(),
        as_of: Some(site.as_of.to_string()),
        commit: commit.as_deref(),
        dirty,
        history: history(&site),
        audit: None,
        inputs: digests.iter().map(|(path, digest)| (path.as_str(), *digest)).collect(),
        outputs: out.into_digests(),
    };
    internal.write("manifest.json", manifest.to_json().as_bytes())?;
    let mut pages = Pages { internal: html(&manifest.outputs), public: 0 };
    drop(manifest);

    let records = built.rows.iter().map(|r| r.id.as_str()).filter(|id| *id != "(no id)");
    let gate = LeakGate::new(&site.ledger, records, built.incidents.iter().map(String::as_str));
    let public = publisher.stage(Tree::Public)?;
    let out = Outputs::new(&public, stop, Some(site.ledger.configuration.base_path()));
    let statics = statics(&assets);
    let figures = public_figures(&site.ledger, &built.rows, site.as_of);
    let stated = Stated { figures: &figures, commit: commit.as_deref() };
    let mut state = if is_sound {
        build_public(&site, &theme, &gate, stated, &statics, &out, &mut findings)?
    } else {
        PublicBuild::Withheld
    };
    tell_broken_pages(&site, &theme, &mut state, &mut findings);
    let mut stages = vec![internal];
    if matches!(state, PublicBuild::Staged) {
        let (text, count) = public_manifest(&site, commit.as_deref(), &digests, out.into_digests());
        pages.public = count;
        let leaks = leaks_in(&site, &gate, "manifest.json", text.as_bytes());
        if leaks.is_empty() {
            public.write("manifest.json", text.as_bytes())?;
            stages.push(public);
        } else {
            findings.extend(leaks);
            state = PublicBuild::Withheld;
            drop(public);
        }
    } else {
        drop(out);
        drop(public);
    }
    progress.finish_and_clear();
    publisher.publish(stages)?;
    if !told.silent {
        tell(terminal, site.sources, &findings, &built.rows, &pages, &state, output)?;
    }
    Ok(status(&state, told.strict, &findings))
}

/// Adds what making pages has shown of the theme; nothing is published with such a mistake.
fn tell_broken_pages(
    site: &crate::pipeline::Site<'_>,
    theme: &Theme,
    state: &mut PublicBuild,
    findings: &mut Vec<Diagnostic>,
) {
    let broken = broken_pages(site.sources, site.ledger.configuration.theme.as_str(), theme);
    if !broken.is_empty() {
        *state = PublicBuild::Withheld;
        findings.extend(broken);
    }
}

/// What is known of the build before, where a rule asks: pages say what came of it, and whoever builds them again needs it.
fn history<'s>(site: &'s crate::pipeline::Site<'_>) -> Option<&'s str> {
    let rules = site.ledger.policies.iter().flat_map(|policy| &policy.newest().rules);
    let asked = rules.into_iter().any(|rule| matches!(rule.check, Check::Retained(_)));
    match &site.ledger.past.last_build {
        LastBuild::Held(_) if asked => Some("kept"),
        LastBuild::Lost(commit) if asked => Some(commit),
        _ => None,
    }
}

/// What a build comes to: only what stops the public tree counts, unless more is asked for.
fn status(state: &PublicBuild, strict: bool, findings: &[Diagnostic]) -> Status {
    match state {
        PublicBuild::Withheld => Status::Findings,
        PublicBuild::Staged if strict && any_error(findings) => Status::Findings,
        PublicBuild::Staged => Status::Clean,
    }
}

/// A flag that an interrupt or a request to end sets, so that the build stops and removes what it staged. A second one
/// ends the process at once.
pub(super) fn stop_on_signals() -> Result<Arc<AtomicBool>> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register_conditional_shutdown(signal, 130, Arc::clone(&stop))
            .and_then(|_| signal_hook::flag::register(signal, Arc::clone(&stop)))
            .map_err(|e| crate::error::Error::io("could not listen for signals in", "this process", e))?;
    }
    Ok(stop)
}

/// How many pages each tree has.
struct Pages {
    internal: usize,
    public: usize,
}

fn html(outputs: &[(String, Digest)]) -> usize {
    outputs.iter().filter(|(path, _)| path.ends_with(".html")).count()
}

/// The public tree's manifest, and how many pages there are.
fn public_manifest(
    site: &crate::pipeline::Site<'_>,
    commit: Option<&str>,
    digests: &[(String, Digest)],
    outputs: Vec<(String, Digest)>,
) -> (String, usize) {
    let count = html(&outputs);
    let inputs = public_inputs(site, digests);
    let (tree, history, audit) = (Tree::Public.name(), None, None);
    let mut manifest = Manifest { tree, as_of: None, commit, dirty: None, history, audit, inputs, outputs };
    (manifest.to_json(), count)
}

/// The public documents behind the public tree. An internal policy's path is nobody's business.
fn public_inputs<'d>(site: &crate::pipeline::Site<'_>, digests: &'d [(String, Digest)]) -> Vec<(&'d str, Digest)> {
    let public: BTreeSet<&str> =
        crate::disclose::public_of(&site.ledger).iter().map(|p| site.sources.file(p.newest().file).path()).collect();
    digests
        .iter()
        .filter(|(path, _)| {
            path.starts_with("content/") || path.starts_with("static/") || public.contains(path.as_str())
        })
        .map(|(path, digest)| (path.as_str(), *digest))
        .collect()
}

/// What was made, and what stood in the way.
fn tell(
    terminal: &Terminal,
    sources: &SourceSet,
    findings: &[Diagnostic],
    rows: &[Row],
    pages: &Pages,
    state: &PublicBuild,
    output: &Path,
) -> Result<()> {
    let lost = |f: &&Diagnostic| f.code.name.starts_with("link/") && matches!(f.place, Place::Path(_));
    let paper = |f: &&Diagnostic| f.code.name.starts_with("site/no-");
    let human = || Human::new(sources, terminal.colour_of_messages(), terminal.width());
    // No other command makes pages and papers, so that none else could say this.
    findings
        .iter()
        .filter(|f| f.level < Level::Error)
        .filter(|f| lost(f) || paper(f))
        .for_each(|f| terminal.say(human().draw(f).trim_end()));
    if matches!(state, PublicBuild::Withheld) {
        let human = human();
        for finding in findings.iter().filter(|f| f.level == Level::Error && stands_in_the_way(sources, f)) {
            terminal.always(&human.draw(finding));
        }
    }
    let mut out = terminal.account();
    let here = std::env::current_dir().unwrap_or_default();
    let shown = |tree: Tree| {
        let path = output.join(tree.name());
        path.strip_prefix(&here).unwrap_or(&path).display().to_string()
    };
    if matches!(state, PublicBuild::Staged) {
        out.put(&format!("{}  {}\n", shown(Tree::Public), counted(pages.public, "page", "pages")))?;
    } else {
        let text = terminal.paint(Tone::Bad, "not published: mend what is shown above");
        out.put(&format!("{}  {text}\n", shown(Tree::Public)))?;
    }
    out.put(&format!("{}  {}\n", shown(Tree::Internal), counted(pages.internal, "page", "pages")))?;
    let fail = rows.iter().filter(|r| r.verdict == Verdict::Fail).count();
    // What making the pages has shown, no other command says.
    let errors = findings.iter().filter(|f| f.level == Level::Error && f.code.name != "theme/broken").count();
    let verdict = match (rows.len(), fail) {
        (0, _) => "no change records yet".to_owned(),
        (n, 0) => format!("{}, none of which breaks a rule", counted(n, "record", "records")),
        (n, fail) => format!(
            "{}, {fail} of which {} a rule",
            counted(n, "record", "records"),
            if fail == 1 { "breaks" } else { "break" }
        ),
    };
    let more = if errors > 0 {
        format!("; {}: see `tickmark check`", counted(errors, "error", "errors"))
    } else {
        String::new()
    };
    out.put(&format!("{verdict}{more}\n"))?;
    out.finish()
}
