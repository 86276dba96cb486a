//! The versions of each policy, from its text in the work tree and the texts that history gives it (FORMATS.md, section 7).
//!
//! A version is what the front matter calls so, else the day of the commit; its text is the last that stood under that
//! name, for the newest the work tree's. Mistakes of past texts are not findings of today: nobody can mend them. A past
//! version that cannot be read any more is said once, and whatever it would judge is unknown.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::decode::{self, PolicyInput, codes};
use crate::diag::{Diagnostic, Level, Sink};
use crate::model::{Commit, Configuration, Day, History, Lineage, PastText, Policy, PolicyReview, PolicyVersion};
use crate::source::{FileId, Location, SourceSet, Span};

/// A version as history has it: which commit brought it, what its last text is, which commits amended it.
struct Known {
    version: String,
    brought: Commit,
    /// The day of its last commit that says who reviewed it.
    reviewed: Option<Commit>,
    /// The last text of the line that leads to what is checked out, if it ever stood there.
    stood: Option<FileId>,
    last: FileId,
    amended: Vec<Commit>,
}

/// Gives every policy its versions.
pub(super) fn with_history(
    policies: Vec<Policy>,
    history: &History,
    sources: &SourceSet,
    site: &Configuration,
    sink: &mut Sink,
) -> Vec<Policy> {
    let by_path: BTreeMap<&str, &Lineage> = history.policies.iter().map(|l| (l.path.as_str(), l)).collect();
    // Asked only of a policy whose path git does not know.
    let by_id: LazyLock<BTreeMap<String, &Lineage>, _> =
        LazyLock::new(|| history.policies.iter().filter_map(|l| Some((last_id(l, sources)?, l))).collect());
    let done: Vec<(Policy, Sink)> = policies
        .into_par_iter()
        .map(|mut policy| {
            let mut own = Sink::new();
            let path = sources.file(policy.newest().file).path();
            let lineage = by_path.get(path).or_else(|| by_id.get(policy.id.as_str()));
            policy.cut = history.cut;
            if let Some(lineage) = lineage {
                add_versions(&mut policy, lineage, sources, site, &mut own);
            }
            policy.give_names();
            backdated(&policy, history, site, sources, &mut own);
            (policy, own)
        })
        .collect();
    let mut policies = Vec::with_capacity(done.len());
    for (policy, own) in done {
        sink.append(own);
        policies.push(policy);
    }
    policies
}

/// The id that a policy's last text states, for one that was renamed and not committed yet.
fn last_id(lineage: &Lineage, sources: &SourceSet) -> Option<String> {
    let last = lineage.texts.iter().rev().find_map(|t| t.file)?;
    decode::stated_id(sources.file(last).text())
}

/// From which day on git is asked when a version was written, in its own calendar: what came with the first commit, whatever
/// the day is called where the site is, came no later than the rest.
fn floor(history: &History, site: &Configuration, version: &PolicyVersion) -> Option<Date> {
    site.history_from.or_else(|| history.first.as_ref().map(|commit| version.calendar.day(commit.at)))
}

fn add_versions(policy: &mut Policy, lineage: &Lineage, sources: &SourceSet, site: &Configuration, sink: &mut Sink) {
    let mut known = known_versions(lineage, sources, site);
    let newest = policy.versions.pop().expect("a policy has at least one version");
    let own = own_version(&newest, lineage, &known, sources);
    let same = own.and_then(|version| known.iter().position(|k| k.version == version)).map(|at| known.remove(at));
    let mut unread: Vec<String> = Vec::new();
    let path = sources.file(newest.file).path();
    for past in known {
        let file = past.stood.unwrap_or(past.last);
        let Some(mut version) = past_text(policy, path, file, sources, site) else { continue };
        if version.unread {
            unread.push(past.version.clone());
        }
        settle(&mut version, past);
        policy.versions.push(version);
    }
    let mut newest = newest;
    let committed = lineage.texts.iter().rev().find(|t| t.stood).and_then(|t| t.file);
    let text = sources.file(newest.file).text();
    newest.uncommitted = committed.is_none_or(|file| sources.file(file).text() != text);
    match same {
        Some(known) => settle(&mut newest, known),
        // Not committed yet: nothing was judged by it so far, unless it says from when on.
        None if newest.effective.is_none() && !policy.versions.is_empty() => newest.from = Date::MAX,
        None => {}
    }
    policy.versions.iter_mut().for_each(|version| version.superseded = true);
    policy.versions.push(newest);
    unreadable(policy, &unread, sink);
}

/// A text of the past, read as policies are read today.
fn past_text(
    policy: &Policy,
    path: &str,
    file: FileId,
    sources: &SourceSet,
    site: &Configuration,
) -> Option<PolicyVersion> {
    // Wherever it stood, it is this policy's.
    let text = sources.file(file).held_text();
    let input = PolicyInput { file, path, text: &text, past: Some(&text) };
    let mut mistakes = Sink::new();
    let mut version = decode::decode_policy(input, site, &mut mistakes)?.versions.into_iter().next()?;
    // What one rule has against its text is that rule's; anything else may hide what was asked.
    version.unread = mistakes.iter().any(|d| d.level == Level::Error && !d.code.name.starts_with("policy/"));
    version.id = policy.id.clone();
    Some(version)
}

/// The text that a policy had after a commit which changed it, and that commit: by the beginning of its id, or `HEAD` for
/// the last one. Nothing where no commit, or more than one, begins so.
pub fn text_at(
    policy: &Policy,
    history: &History,
    name: &str,
    sources: &SourceSet,
    site: &Configuration,
) -> Option<(PolicyVersion, Commit)> {
    let path = sources.file(policy.newest().file).path();
    let by_id = |l: &&Lineage| last_id(l, sources).as_deref() == Some(policy.id.as_str());
    let lineage = history.policies.iter().find(|l| l.path == path).or_else(|| history.policies.iter().find(by_id))?;
    let text = if name == "HEAD" {
        lineage.texts.iter().rev().find(|t| t.stood)?
    } else {
        let mut all = lineage.texts.iter().filter(|t| name.len() >= 4 && t.commit.id.starts_with(name));
        all.next().filter(|_| all.next().is_none())?
    };
    let mut version = past_text(policy, path, text.file?, sources, site)?;
    if !version.is_named() {
        version.version = version.calendar.day(text.commit.at).to_string();
    }
    Some((version, text.commit.clone()))
}

/// The name of the work tree's version: what it says, else that of the commit whose text it still is.
fn own_version(newest: &PolicyVersion, lineage: &Lineage, known: &[Known], sources: &SourceSet) -> Option<String> {
    let text = sources.file(newest.file).text();
    if let Some(version) = decode::stated_version(text) {
        return Some(version.to_string());
    }
    let last = lineage.texts.iter().rev().find(|t| t.stood)?;
    let version = known.iter().find(|k| k.stood.is_some() && k.stood == last.file)?;
    (sources.file(last.file?).text() == text).then(|| version.version.clone())
}

/// The versions that texts state, in the order in which they came. One that is the same as the text before it, because it
/// was moved or merged, is nothing new.
fn known_versions(lineage: &Lineage, sources: &SourceSet, site: &Configuration) -> Vec<Known> {
    let mut known: Vec<Known> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut before: Option<(usize, FileId)> = None;
    for PastText { commit, file, written, reviewed, stood } in &lineage.texts {
        let Some(file) = *file else { continue };
        let text = sources.file(file).text();
        let same = before.filter(|(_, before)| sources.file(*before).text() == text).map(|(at, _)| at);
        let version = match decode::stated_version(text) {
            Some(stated) => stated.to_string(),
            None => site.calendar.day(commit.at).to_string(),
        };
        let Some(at) = same.or_else(|| places.get(&version).copied()) else {
            places.insert(version.clone(), known.len());
            before = Some((known.len(), file));
            let stood = stood.then_some(file);
            let reviewed = reviewed.then(|| commit.clone());
            known.push(Known { version, brought: commit.clone(), reviewed, stood, last: file, amended: Vec::new() });
            continue;
        };
        before = Some((at, file));
        let entry = &mut known[at];
        entry.last = file;
        if *reviewed {
            entry.reviewed = Some(commit.clone());
        }
        if *stood {
            entry.stood = Some(file);
        }
        if *written && same.is_none() {
            entry.amended.push(commit.clone());
        }
    }
    known
}

/// What history says of a version.
fn settle(version: &mut PolicyVersion, known: Known) {
    let day = version.calendar.day(known.brought.at);
    version.version = known.version;
    if let Some(seen) = known.reviewed.map(|commit| version.calendar.day(commit.at)) {
        let span = top(version);
        let unsaid = PolicyReview { every: None, last: None, seen: None, after_incident: None, span };
        version.review.get_or_insert(unsaid).seen = Some(seen);
    }
    version.amended = known.amended;
    if version.effective.is_none() {
        version.from = day;
    }
    // A commit without its parents need not be the one that brought it.
    if !known.brought.cut {
        version.effective = version.effective.or(Some(day));
        version.brought = Some(known.brought);
    }
}

/// Past texts that cannot be read any more, said once for each policy.
fn unreadable(policy: &Policy, unread: &[String], sink: &mut Sink) {
    if unread.is_empty() {
        return;
    }
    let newest = policy.newest();
    let versions: Vec<&str> = unread.iter().map(String::as_str).collect();
    let list = crate::diag::suggest::list(&versions);
    let (version, them) = if unread.len() == 1 { ("version", "it") } else { ("versions", "them") };
    let headline = format!("{version} {list} of policy `{}` cannot be read as policies are written today", policy.id);
    let mut finding = Diagnostic::new(&codes::UNREADABLE_VERSION, newest.file, top(newest), headline)
        .help(format!("nothing can be done about a text of the past; what is judged by {them} is unknown"));
    for past in policy.versions.iter().filter(|v| v.unread) {
        finding = finding.other(past.at(top(past)), format!("version {}", past.version));
    }
    sink.push(finding);
}

fn top(version: &PolicyVersion) -> Span {
    version.front.map_or(Span::at(0), |front| Span::at(front.start as usize))
}

/// Versions committed after the day on which they say to take effect, from the day on which git is asked.
fn backdated(policy: &Policy, history: &History, site: &Configuration, sources: &SourceSet, sink: &mut Sink) {
    let newest = policy.newest();
    for version in &policy.versions {
        let (Some(effective), Some(brought)) = (version.effective, &version.brought) else { continue };
        let committed = version.calendar.day(brought.at);
        if committed <= effective || floor(history, site, version).is_some_and(|floor| effective < floor) {
            continue;
        }
        let headline =
            format!("version {} of policy `{}` was committed after it took effect", version.version, policy.id);
        let label = format!("in force since {}, committed on {} ({})", Day(effective), Day(committed), brought.short());
        let stated = effective_line(sources, version);
        let mut finding = Diagnostic::new(&codes::BACKDATED, newest.file, top(newest), headline)
            .help("nobody could know it before it was committed: give a new version a later `effective`, or explain why it came late");
        if std::ptr::eq(version, newest) {
            finding = Diagnostic { place: crate::diag::Place::Text(stated), ..finding }.label(label);
        } else {
            finding = finding.other(stated, label);
        }
        sink.push(finding);
    }
}

/// Where a version says when it takes effect.
fn effective_line(sources: &SourceSet, version: &PolicyVersion) -> Location {
    let Some(front) = version.front else { return version.at(Span::at(0)) };
    let text = front.of(sources.file(version.file).text());
    let mut start = front.start as usize;
    for line in text.split_inclusive('\n') {
        if line.starts_with("effective") {
            return version.at(Span::new(start, start + line.trim_end().len()));
        }
        start += line.len();
    }
    version.at(top(version))
}
