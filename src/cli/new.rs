//! `tickmark new`: a document with the fields it needs, where its neighbours stand. Nothing that is there is replaced.

use std::path::Path;

use super::Status;
use super::arguments::{Common, New, NewChange, NewPolicy, NewWaiver, NewWhat};
use super::session::Session;
use super::terminal::{Terminal, Tone};
use crate::diag::suggest;
use crate::error::{Error, Result};
use crate::judge::Detail;
use crate::model::{ChangeType, Id, Ledger, Policy, PolicyVersion};
use crate::pipeline::Site;
use crate::scaffold::draft::{self, Neighbour, Place};
use crate::schema::{self, Of};
use crate::write;

pub(super) fn run(common: &Common, options: &New, terminal: &Terminal) -> Result<Status> {
    let mut session = Session::open(common, false)?;
    let root = session.root.clone();
    let in_git = session.repository.is_some();
    let mut site = session.load(terminal)?;
    match &options.what {
        NewWhat::Change(options) => change(&root, &mut site, options, in_git, terminal),
        NewWhat::Policy(options) => policy(&root, &site, options, terminal),
        NewWhat::Waiver(options) => waiver(&root, &mut site, options, terminal),
    }?;
    Ok(Status::Clean)
}

fn change(root: &Path, site: &mut Site<'_>, options: &NewChange, in_git: bool, terminal: &Terminal) -> Result<()> {
    // The cheap mistakes first: at three in the morning nobody waits for a whole site to be judged.
    let policy = policy_of(&site.ledger, options.policy.as_deref())?.id.clone();
    author(&site.ledger, options.author.as_deref())?;
    good_id(options.id.as_deref())?;
    let there = records(site)?;
    let ledger = &site.ledger;
    let today = ledger.configuration.calendar.day(site.as_of);
    let version = policy_of(ledger, Some(policy.as_str()))?.in_force(today).version;
    let change_type = type_of(version, options.change_type.as_deref())?;
    let author = author(ledger, options.author.as_deref())?;
    free(&there, options.id.as_deref())?;
    let place = draft::next_id(&there, policy.as_str(), "changes", "CHG", today.year(), options.id.as_deref());
    let text = draft::change(draft::NewChange {
        id: &place.id,
        version,
        change_type,
        title: options.title.as_deref(),
        author: &author,
        now: site.as_of,
        calendar: &ledger.configuration.calendar,
        people: &ledger.people,
        sources: site.sources,
        in_git,
    });
    let rules = version.rules.iter().filter(|r| r.binds(change_type.id.as_str())).count();
    let about = format!("bound by {} of `{}`", super::check::counted(rules, "rule", "rules"), version.id);
    made(
        root,
        &place,
        Of::Change,
        &text,
        &about,
        &[format!("tickmark explain {}", place.id), "tickmark check".into()],
        terminal,
    )
}

fn policy(root: &Path, site: &Site<'_>, options: &NewPolicy, terminal: &Terminal) -> Result<()> {
    good_id(Some(&options.name))?;
    let name = options.name.as_str();
    if let Some(id) = site.ledger.policy_ids().find(|id| id.eq_ignore_ascii_case(name)) {
        return Err(Error::refused(format!("there is a policy `{id}` already"), "choose another name"));
    }
    let today = site.ledger.configuration.calendar.day(site.as_of);
    let text = draft::policy(name, options.title.as_deref(), options.owner.as_deref(), today);
    let path = format!("policies/{name}.md");
    write::new_file(root, &path, &text)?;
    let mut out = terminal.account();
    out.put(&format!(
        "made {path}\n  two rules and their promises, to be rewritten\n\nnext\n\n  tickmark check {path}\n"
    ))?;
    out.finish()
}

fn waiver(root: &Path, site: &mut Site<'_>, options: &NewWaiver, terminal: &Terminal) -> Result<()> {
    good_id(options.id.as_deref())?;
    let ledger = &site.ledger;
    let policy = policy_of(ledger, options.policy.as_deref())?;
    let version = policy.newest();
    let rules = || version.rules.iter().map(|r| r.id.as_str());
    let rule = version.rule(&options.rule).ok_or_else(|| {
        let near = suggest::help(&options.rule, rules().collect::<Vec<_>>().iter().copied());
        let path = site.sources.file(version.file).path();
        let help = if near.is_empty() { format!("its rules stand in {path}") } else { near };
        Error::refused(format!("policy `{}` has no rule `{}`", policy.id, options.rule), help)
    })?;
    if let Some(who) = &options.author {
        author(ledger, Some(who))?;
    }
    let waivers = waivers(site);
    free(&waivers, options.id.as_deref())?;
    let today = ledger.configuration.calendar.day(site.as_of);
    let place = draft::next_id(&waivers, policy.id.as_str(), "waivers", "WVR", today.year(), options.id.as_deref());
    let text = draft::waiver(draft::NewWaiver {
        id: &place.id,
        version,
        rule,
        changes: &options.changes,
        author: options.author.as_deref(),
        now: site.as_of,
        calendar: &ledger.configuration.calendar,
        sources: site.sources,
    });
    let about = "all of it a comment until somebody has approved it";
    made(root, &place, Of::Waiver, &text, about, &["tickmark check".to_owned()], terminal)
}

/// Writes a document with the line by which editors find its schema, and that schema where the site has none yet.
fn made(
    root: &Path,
    place: &Place,
    of: Of,
    text: &str,
    about: &str,
    next: &[String],
    terminal: &Terminal,
) -> Result<()> {
    let depth = place.path.matches('/').count();
    write::new_file(root, &place.path, &format!("{}{text}", schema::line(of, depth)))?;
    let mut out = terminal.account();
    out.put(&format!("{}\n  {about}\n", terminal.paint(Tone::Strong, &format!("made {}", place.path))))?;
    // One that is there is left alone, whoever wrote it.
    if write::new_file(root, &of.path(), &schema::schema(of, None)).is_ok() {
        out.put(&format!("made {}\n  what editors complete and explain from\n", of.path()))?;
    }
    out.put("\nnext\n\n")?;
    for command in next {
        out.put(&format!("  {command}\n"))?;
    }
    out.finish()
}

/// The policy that is named, else the site's default, else the only one.
pub(super) fn policy_of<'l>(ledger: &'l Ledger, named: Option<&str>) -> Result<&'l Policy> {
    let default = ledger.configuration.default_policy.as_ref().map(Id::as_str);
    if let Some(id) = named.or(default) {
        return ledger.policy(id).ok_or_else(|| {
            Error::refused(format!("the site has no policy `{id}`"), suggest::help(id, ledger.policy_ids()))
        });
    }
    if let [only] = ledger.policies.as_slice() {
        return Ok(only);
    }
    let ids: Vec<&str> = ledger.policy_ids().collect();
    Err(Error::refused(
        "which policy? the site has no default one",
        format!("say `--policy NAME`: {}", suggest::list(&ids)),
    ))
}

fn type_of<'v>(version: &'v PolicyVersion, named: Option<&str>) -> Result<&'v ChangeType> {
    let ids: Vec<&str> = version.types.iter().map(|t| t.id.as_str()).collect();
    match (named, version.types.as_slice()) {
        (Some(id), _) => version.change_type(id).ok_or_else(|| {
            Error::refused(
                format!("policy `{}` has no change type `{id}`", version.id),
                suggest::help(id, ids.iter().copied()),
            )
        }),
        (None, [only]) => Ok(only),
        (None, []) => Err(Error::refused(
            format!("policy `{}` has no change types", version.id),
            "add `changes: {types: {normal: {}}}` to its front matter",
        )),
        (None, _) => Err(Error::refused(
            format!("which type of change? policy `{}` has {}", version.id, suggest::list(&ids)),
            "say it with `--type`, as in `--type emergency`",
        )),
    }
}

/// Who writes: the one who is named, else the only person there is.
fn author(ledger: &Ledger, named: Option<&str>) -> Result<String> {
    let people: Vec<&str> =
        ledger.people.entries.iter().filter(|p| p.is_person()).filter_map(|p| p.id.get().map(Id::as_str)).collect();
    match (named, people.as_slice()) {
        (Some(id), _) if ledger.people.get(id).is_some() => Ok(id.to_owned()),
        (Some(id), _) => {
            Err(Error::refused(format!("`{id}` is not in people.yaml"), suggest::help(id, people.iter().copied())))
        }
        (None, [only]) => Ok((*only).to_owned()),
        (None, []) => Err(Error::refused("who writes this? nobody is in people.yaml", "add yourself to people.yaml")),
        (None, _) => Err(Error::refused("who writes this?", format!("say it with `--author`: {}", people.join(", ")))),
    }
}

fn good_id(id: Option<&str>) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    let fault = if id.is_empty() { Some("it is empty") } else { Id::fault(id) };
    match fault {
        None => Ok(()),
        Some(why) => {
            Err(Error::refused(format!("`{}` is no id: {why}", id.escape_debug()), "write it as `CHG-2026-0142`"))
        }
    }
}

fn free(there: &[Neighbour], id: Option<&str>) -> Result<()> {
    let taken = id.and_then(|id| there.iter().find(|n| n.id.eq_ignore_ascii_case(id)));
    match taken {
        None => Ok(()),
        Some(other) => Err(Error::refused(
            format!("the id `{}` is taken: {}", other.id, other.path),
            "leave `--id` away to get the next free one",
        )),
    }
}

/// Every record there is.
fn records(site: &mut Site<'_>) -> Result<Vec<Neighbour>> {
    let sources = site.sources;
    let mut there = Vec::new();
    site.judge(
        Detail::Findings,
        |ledger, entry, _| {
            let id = entry.record.id.get()?.to_string();
            let policy = ledger.policy_of(&entry.record).map(|p| p.id.to_string()).unwrap_or_default();
            Some(Neighbour { id, path: sources.file(entry.record.file).path().to_owned(), policy })
        },
        |neighbour| {
            there.extend(neighbour);
            Ok::<(), Error>(())
        },
    )?;
    Ok(there)
}

/// Every waiver there is, and every file of waivers, whose name may be one's id that is not approved yet.
fn waivers(site: &Site<'_>) -> Vec<Neighbour> {
    let ledger = &site.ledger;
    let default = ledger.configuration.default_policy.as_ref().map(ToString::to_string);
    let approved = ledger.waivers.iter().filter_map(|w| {
        let policy = w.policy.get().map(ToString::to_string).or_else(|| default.clone()).unwrap_or_default();
        Some(Neighbour { id: w.id.get()?.to_string(), path: site.sources.file(w.file).path().to_owned(), policy })
    });
    let files = site.sources.iter().filter(|(_, f)| f.path().starts_with("waivers/")).filter_map(|(_, file)| {
        let stem = file.path().rsplit('/').next()?.rsplit_once('.')?.0;
        Some(Neighbour { id: stem.to_owned(), path: file.path().to_owned(), policy: String::new() })
    });
    approved.chain(files).collect()
}
