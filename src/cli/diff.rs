//! `tickmark diff POLICY [OLD..NEW]`: what differs between two versions of a policy, clause by clause.

use super::Status;
use super::arguments::{Common, Diff, DiffFormat};
use super::check::counted;
use super::session::Session;
use super::terminal::{Results, Terminal, Tone};
use crate::diag::human::seen;
use crate::diag::suggest;
use crate::error::{Error, Result};
use crate::model::{Day, History, Policy, PolicyVersion};
use crate::pipeline::{Site, text_at};
use crate::redline::{Change, Entry, Redline, Run, Side};
use crate::report::{self, Compared};

/// One of the two: a version the ledger has, or a text of the past that was read for this.
enum End<'l> {
    Version(&'l PolicyVersion),
    Text(Box<PolicyVersion>, String),
}

impl End<'_> {
    fn version(&self) -> &PolicyVersion {
        match self {
            Self::Version(version) => version,
            Self::Text(version, _) => version,
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Version(version) if version.is_named() => version.version.clone(),
            Self::Version(_) => "the work tree".to_owned(),
            Self::Text(_, name) => name.clone(),
        }
    }
}

pub(super) fn run(common: &Common, options: &Diff, terminal: &Terminal) -> Result<Status> {
    let mut session = Session::open_at(common, &options.reading, false)?;
    let history = session.history.clone();
    let in_git = session.repository.is_some();
    let site = session.load(terminal)?;
    let Some(policy) = site.ledger.policy(&options.policy) else {
        let help = suggest::help(&options.policy, site.ledger.policy_ids());
        return Err(Error::refused(format!("the site has no policy `{}`", options.policy), help));
    };
    let (old, new) = match (options.versions.as_deref(), policy.versions.as_slice()) {
        (None, [only]) => {
            let more = if in_git { "; `HEAD..` shows what is not committed yet" } else { "" };
            let version = &only.version;
            terminal.say(&format!(
                "policy `{}` has one version, {version}, and none before it to compare with{more}",
                policy.id
            ));
            if options.format == DiffFormat::Human {
                return Ok(Status::Clean);
            }
            // Whoever reads tables and data gets one without a difference.
            (End::Version(only), End::Version(only))
        }
        (asked, _) => ends(policy, asked, &history, &site)?,
    };
    let side = |end: &End<'_>| site.sources.file(end.version().file).text();
    let found = Redline::of(
        Side { version: old.version(), text: side(&old) },
        Side { version: new.version(), text: side(&new) },
    );
    let compared = Compared {
        policy: policy.id.as_str(),
        old: (&old.name(), old.version()),
        new: (&new.name(), new.version()),
        redline: &found,
        sources: site.sources,
    };
    let mut out = terminal.results();
    match options.format {
        DiffFormat::Json => out.put(&report::redline_json(&compared))?,
        DiffFormat::Markdown => out.put(&report::redline_markdown(&compared))?,
        DiffFormat::Human => put(&compared, terminal, &mut out)?,
    }
    out.finish()?;
    Ok(Status::Clean)
}

/// The two versions that are meant.
fn ends<'l>(policy: &'l Policy, asked: Option<&str>, history: &History, site: &Site<'_>) -> Result<(End<'l>, End<'l>)> {
    let Some(asked) = asked else {
        let before = policy.versions.len().saturating_sub(2);
        return Ok((End::Version(&policy.versions[before]), End::Version(policy.newest())));
    };
    let (old, new) = asked.split_once("..").ok_or_else(|| {
        Error::refused(
            format!("`{asked}` names one version"),
            format!("write two with two dots between them, as in `{asked}..`"),
        )
    })?;
    let end = |name: &str| end(policy, name.trim(), history, site);
    Ok((end(old)?, end(new)?))
}

fn end<'l>(policy: &'l Policy, name: &str, history: &History, site: &Site<'_>) -> Result<End<'l>> {
    if name.is_empty() {
        return Ok(End::Version(policy.newest()));
    }
    if let Some(version) = policy.versions.iter().rev().find(|v| v.version == name) {
        return Ok(End::Version(version));
    }
    if let Some((version, commit)) = text_at(policy, history, name, site.sources, &site.ledger.configuration) {
        let label = format!("{} at {}", version.version, commit.short());
        return Ok(End::Text(Box::new(version), label));
    }
    let names: Vec<&str> = policy.versions.iter().filter(|v| v.is_named()).map(|v| v.version.as_str()).collect();
    let commits = policy.versions.iter().flat_map(|v| v.brought.iter().chain(&v.amended));
    let commits: Vec<String> = commits.map(|c| c.short().to_owned()).collect();
    let commits: Vec<&str> = commits.iter().map(String::as_str).collect();
    let mut help = format!("its versions are {}", suggest::list(&names));
    if !commits.is_empty() {
        help += &format!("; commits that changed it are {}", suggest::list(&commits));
    }
    Err(Error::refused(format!("policy `{}` has no version `{name}`", policy.id), help))
}

fn put(compared: &Compared<'_>, terminal: &Terminal, out: &mut Results) -> Result<()> {
    let (old, new) = (compared.old, compared.new);
    let since = |v: &PolicyVersion| v.effective.map_or_else(String::new, |day| format!(", from {}", Day(day)));
    let title = terminal.paint(Tone::Strong, compared.policy);
    out.put(&format!("{title}  {}{} → {}{}\n", old.0, since(old.1), new.0, since(new.1)))?;
    let tally = compared.redline.tally();
    let material = counted(tally.material, "material change", "material changes");
    let tone = if tally.material > 0 { Tone::Care } else { Tone::Dim };
    let mut line = if tally.material > 0 { material } else { "nothing material".to_owned() };
    line = terminal.paint(tone, &line);
    if tally.editorial > 0 {
        line += &format!(", {} editorial", tally.editorial);
    }
    if tally.moved > 0 {
        line += &format!(", {} moved", counted(tally.moved, "paragraph", "paragraphs"));
    }
    out.put(&format!("{line}\n"))?;
    for (label, old, new) in compared.facts() {
        let runs = [Run::Gone(old.unwrap_or_else(|| "(none)".to_owned())), Run::Kept(" ".to_owned())];
        let new = Run::New(new.unwrap_or_else(|| "(none)".to_owned()));
        out.put(&format!("\n{label}\n    {}\n", words(&[&runs[..], &[new]].concat(), terminal)))?;
    }
    for rule in &compared.redline.rules {
        let id = terminal.paint(Tone::Strong, &rule.id);
        out.put(&format!("\nrule {id} {}\n{}", rule.state.word(), block(&words(&rule.runs, terminal), terminal)))?;
    }
    for section in &compared.redline.sections {
        let mut told = false;
        for entry in &section.entries {
            let text = match entry {
                Entry::Same(_) => continue,
                Entry::Moved { blocks, from, .. } => {
                    let what = counted(*blocks, "paragraph", "paragraphs");
                    let from =
                        if *from == section.heading { String::new() } else { format!(" from “{}”", seen(from)) };
                    format!("  {}\n", terminal.paint(Tone::Dim, &format!("{what} moved{from}, in the same words")))
                }
                Entry::Changed(change) => changed(compared, change, terminal),
            };
            if !told {
                let heading = if section.heading.is_empty() { "(before the first heading)" } else { &section.heading };
                out.put(&format!("\n{}\n", terminal.paint(Tone::Strong, &seen(heading))))?;
                told = true;
            }
            out.put(&text)?;
        }
    }
    Ok(())
}

fn changed(compared: &Compared<'_>, change: &Change, terminal: &Terminal) -> String {
    let why = if change.is_material() {
        let reasons: Vec<&str> = change.reasons.iter().map(|r| r.word()).collect();
        terminal.paint(Tone::Care, &format!("material: {}", reasons.join(", ")))
    } else {
        "editorial".to_owned()
    };
    let place = terminal.paint(Tone::Dim, &compared.place(change));
    let kind = crate::redline::kind_word(change.kind);
    format!("  {why} · {kind} {} · {place}\n{}", change.state.word(), block(&words(&change.runs, terminal), terminal))
}

/// Words, what is gone and what is new in colour, or in the brackets of `git diff --word-diff`.
fn words(runs: &[Run], terminal: &Terminal) -> String {
    runs.iter()
        .map(|run| match run {
            Run::Kept(text) => seen(text).into_owned(),
            Run::Gone(text) => terminal.mark(Tone::Bad, "[-", &seen(text), "-]"),
            Run::New(text) => terminal.mark(Tone::Good, "{+", &seen(text), "+}"),
        })
        .collect()
}

/// A paragraph, indented, in lines that fit.
fn block(text: &str, terminal: &Terminal) -> String {
    let width = terminal.width().clamp(40, 110) - 4;
    let mut out = String::new();
    let mut length = 0;
    for word in text.split(' ') {
        let shown = shown_width(word);
        if length > 0 && length + 1 + shown > width {
            out.push('\n');
            length = 0;
        }
        out.push_str(if length == 0 { "    " } else { " " });
        out.push_str(word);
        length += shown + usize::from(length > 0);
    }
    out.push('\n');
    out
}

/// How many columns a word takes, its colours aside.
fn shown_width(word: &str) -> usize {
    let mut inside = false;
    let mut count = 0;
    for c in word.chars() {
        match c {
            '\u{1b}' => inside = true,
            'm' if inside => inside = false,
            _ if !inside => count += 1,
            _ => {}
        }
    }
    count
}
