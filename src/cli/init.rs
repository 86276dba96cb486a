//! `tickmark init`: a new site, and what to do with it next.

use std::path::{Component, Path, PathBuf};

use jiff::tz::TimeZone;

use super::Status;
use super::arguments::{Common, Init};
use super::session::as_of;
use super::terminal::{Terminal, Tone};
use crate::error::{Error, Result};
use crate::model::Day;
use crate::pipeline::AsOf;
use crate::scaffold::{self, Bundled, NewSite, Wanted};
use crate::write;

pub(super) fn run(common: &Common, options: &Init, terminal: &Terminal) -> Result<Status> {
    let name = options.policy.as_str();
    let Some(policy) = Bundled::named(name) else {
        return Err(Error::refused(format!("there is no bundled policy `{name}`"), Bundled::help(name)));
    };
    let (zone_name, zone) = machine_zone();
    let today = match as_of(common.as_of.as_deref())? {
        AsOf::EndOf(day) => day,
        AsOf::Instant(at) => zone.to_datetime(at).date(),
    };
    let site = scaffold::new_site(Wanted { policy, today, zone: &zone_name })
        .map_err(|why| Error::refused(why.to_string(), "say another day with `--as-of`"))?;
    let folder = tidy(&common.directory.join(&options.folder));
    write::new_folder(&folder, &site.files)?;
    report(&site, &folder, &zone_name, policy.name, terminal)?;
    Ok(Status::Clean)
}

/// The machine's zone where it has a name in the zone database, else UTC.
fn machine_zone() -> (String, TimeZone) {
    let name = TimeZone::try_system().ok().and_then(|zone| zone.iana_name().map(str::to_owned));
    name.filter(|name| !matches!(name.as_str(), "Etc/UTC" | "Etc/Unknown"))
        .and_then(|name| TimeZone::get(&name).ok().map(|zone| (name, zone)))
        .unwrap_or_else(|| ("UTC".to_owned(), TimeZone::UTC))
}

/// A path without parts that lead nowhere.
fn tidy(path: &Path) -> PathBuf {
    let tidy: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
    if tidy.as_os_str().is_empty() { PathBuf::from(".") } else { tidy }
}

/// What was made, and the next three commands.
fn report(site: &NewSite, folder: &Path, zone: &str, policy: &str, terminal: &Terminal) -> Result<()> {
    let mut out = terminal.account();
    let here = folder == Path::new(".");
    let place = if here { "this folder".to_owned() } else { format!("`{}`", folder.display()) };
    let title = terminal.paint(Tone::Strong, &format!("made a new site in {place}"));
    out.put(&format!("{title}\n\n"))?;
    let width = site.files.iter().map(|(path, _)| path.len()).max().unwrap_or(0);
    let mut shown: Vec<&str> = Vec::new();
    for (path, _) in &site.files {
        // A folder of schemas is one thing.
        let path = if path.starts_with("schemas/") { "schemas/" } else { path };
        if shown.contains(&path) {
            continue;
        }
        shown.push(path);
        let about = terminal.paint(Tone::Dim, &about(path, zone, policy, Day(site.since)));
        out.put(&format!("  {path:width$}  {about}\n"))?;
    }
    let explain = format!("tickmark explain {}", site.record);
    let change = format!("cd {}", shell_word(folder));
    let next = if here {
        ["tickmark check", &explain, "tickmark build"]
    } else {
        [&change, "tickmark check", "tickmark build"]
    };
    out.put(&format!("\n{}\n\n", terminal.paint(Tone::Strong, "next")))?;
    for command in next {
        out.put(&format!("  {command}\n"))?;
    }
    out.finish()
}

/// What a file of a new site is for, in a few words.
fn about(path: &str, zone: &str, policy: &str, since: Day) -> String {
    match path.split('/').next().unwrap_or(path) {
        "tickmark.yaml" => format!("whose site this is, and its calendar (time zone {zone})"),
        "people.yaml" => "who holds which role: made-up people, to be replaced".to_owned(),
        "policies" => format!("the policy `{policy}`, in force since {since}"),
        "changes" => "an example record that keeps every rule".to_owned(),
        "content" => "the public home page".to_owned(),
        "schemas" => "what editors complete and explain from".to_owned(),
        ".gitignore" => "leaves out what `tickmark build` makes".to_owned(),
        _ => "what is where".to_owned(),
    }
}

/// A path as one word of a shell.
fn shell_word(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '+' | '~' | '@');
    if text.chars().all(plain) && !text.starts_with(['-', '~']) {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}
