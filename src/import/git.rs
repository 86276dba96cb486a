//! Git: a record for each merge of a branch, as far as commits tell of a change.
//!
//! Git knows who wrote what when, and what its messages say. It does not know who asked for a change or who agreed.

use std::collections::BTreeSet;

use super::desk::{Desk, Draft};
use super::fact::Fact;
use super::notes::About;
use crate::model::{Arrival, Line, LineCommit, When, Who};
use crate::source::{FileId, Location, SourceFile, Span, secrets};

/// What git never says.
pub(super) const NEVER: &str = "approvals and when reviews were given (`Reviewed-by:` names only who), gates, deployments, the type, risk, rollback plan, incidents, the outcome; and when a change was asked for: its first commit stands in for that";

/// How many files of a change are listed.
const FILES: usize = 50;

/// A branch as a text, a line for each commit: what places in reports point into.
pub fn listing(name: &str, line: &Line) -> SourceFile {
    let of = |commit: &LineCommit| format!("{} {}\n", commit.id, clean(commit.subject()));
    SourceFile::from_text(name, &line.commits.iter().map(of).collect::<String>())
}

/// Drafts a record for each merge and each squash of the branch.
pub(super) fn draft(repository: &str, line: &Line, file: FileId, desk: &mut Desk<'_>) {
    let (mut start, mut seen) = (0, BTreeSet::new());
    for commit in &line.commits {
        let at = Span::new(start, start + commit.id.len());
        start += commit.id.len() + clean(commit.subject()).len() + 2;
        let names = commit.trailers.iter().find(|t| t.key.eq_ignore_ascii_case("change"));
        let left = match commit.arrival {
            _ if names.is_some() => Some("merges that name their record with `Change:`"),
            Arrival::Merge | Arrival::Squash => None,
            Arrival::Plain => Some("commits that came without a merge: nothing says that each is a change"),
            Arrival::First => continue,
        };
        match left {
            Some(what) => desk.notes.add(About::Fact, what.to_owned(), Location { file, span: at }, ""),
            None => record(repository, (line, commit), &mut seen, (file, at), desk),
        }
    }
}

fn record(
    repository: &str,
    (line, commit): (&Line, &LineCommit),
    seen: &mut BTreeSet<u64>,
    (file, at): (FileId, Span),
    desk: &mut Desk<'_>,
) {
    let begin = desk.wanted.prefix.map_or_else(|| format!("GIT-{repository}"), str::to_owned);
    let short = |length: usize| commit.id.get(..length).unwrap_or(&commit.id);
    let number = match commit.request {
        // What comes to the branch a second time is a change of its own.
        Some(number) if !seen.insert(number) => format!("{number}-{}", short(7)),
        Some(number) => number.to_string(),
        None => short(12).to_owned(),
    };
    let Some(mut draft) = desk.draft(file, &format!("{begin}-{number}"), at) else { return };
    let brought = commit.brought.as_ref();
    let first = brought.and_then(|b| b.first).unwrap_or(commit.authored);
    draft.put("requested_at", Some((&written(first), at)));
    let message = without_secrets(&commit.message, at, &mut draft);
    let (title, rest) = title(&message, commit);
    draft.put("title", Some((title, at)));
    draft.put("description", Some((&rest, at)));
    draft.put("status", Some((draft.desk.wanted.mapping.word("status", "merged").unwrap_or("requested"), at)));
    people(commit, at, &mut draft);
    if let Some(mut item) = draft.item("pull_requests", at) {
        draft.put_in(&mut item, "merged_at", Some((&written(commit.committed), at)));
        draft.put_in(&mut item, "into", Some((line.branch.strip_prefix("origin/").unwrap_or(&line.branch), at)));
        let method = if commit.arrival == Arrival::Squash { "squash" } else { "merge" };
        draft.put_in(&mut item, "method", Some((method, at)));
        draft.put_in(&mut item, "commit", Some((&commit.id, at)));
        draft.add(item);
    }
    trailers(commit, at, &mut draft);
    files(commit, &mut draft);
    draft.origin(&commit.id, None, Some((&written(commit.committed), at)));
    draft.finish();
}

/// Who wrote it: the authors of what a merge brought, or the author of a squash, and those its trailers name.
fn people(commit: &LineCommit, at: Span, draft: &mut Draft<'_, '_>) {
    let own = std::slice::from_ref(&commit.author);
    let authors = commit.brought.as_ref().map_or(own, |b| if b.authors.is_empty() { own } else { &b.authors });
    let Some((first, others)) = authors.split_first() else { return };
    let name = |who: &Who, draft: &Draft<'_, '_>| -> String {
        let known = [&who.email, &who.name].into_iter().find(|name| draft.knows(name));
        known.unwrap_or(if who.email.is_empty() { &who.name } else { &who.email }).to_string()
    };
    let author = name(first, draft);
    draft.put("author", Some((&author, at)));
    for other in others {
        let other = name(other, draft);
        draft.add_person("co_authors", (&other, at));
    }
    for trailer in commit.trailers.iter().filter(|t| t.key.eq_ignore_ascii_case("co-authored-by")) {
        draft.add_person("co_authors", (address(&trailer.value), at));
    }
}

/// The address of `Name <address>`, or all of it.
fn address(value: &str) -> &str {
    value.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or(value, |(address, _)| address)
}

/// What trailers say: who reviewed, what it is about.
fn trailers(commit: &LineCommit, at: Span, draft: &mut Draft<'_, '_>) {
    for trailer in &commit.trailers {
        match trailer.key.to_ascii_lowercase().as_str() {
            "reviewed-by" => {
                let Some(mut item) = draft.item("reviews", at) else { return };
                draft.put_in(&mut item, "by", Some((address(&trailer.value), at)));
                draft.put_in(&mut item, "result", Some(("approved", at)));
                draft.add(item);
            }
            "issue" | "closes" | "fixes" | "refs" if trailer.value.starts_with("http") => {
                draft.put("links.issue", Some((&trailer.value, at)));
            }
            _ => {}
        }
    }
}

/// Which files it changed, for whoever reads the record.
fn files(commit: &LineCommit, draft: &mut Draft<'_, '_>) {
    let mut files: Vec<Fact> = commit.paths.iter().take(FILES).map(|path| Fact::Text(clean(path))).collect();
    if commit.paths.len() > FILES {
        files.push(Fact::Text(format!("and {} more", commit.paths.len() - FILES)));
    }
    if !files.is_empty() {
        draft.doc.name("extra", "files", Fact::List(files));
    }
}

/// What the change is called, and what else its message says, trailers aside. A host's own first line is no title.
fn title<'m>(message: &'m str, commit: &LineCommit) -> (&'m str, String) {
    let mut lines = message.lines().map(str::trim_end).skip_while(|line| line.is_empty());
    let mut title = lines.next().unwrap_or_default();
    if commit.arrival == Arrival::Merge && title.starts_with("Merge") {
        let mut own = lines.clone().skip_while(|line| line.is_empty());
        if let Some(line) = own.next().filter(|line| !line.starts_with("See merge request ")) {
            (title, lines) = (line, {
                let mut rest = lines;
                rest.by_ref().find(|l| *l == line);
                rest
            });
        }
    }
    if let Some(number) = commit.request {
        title = title.strip_suffix(&format!("(#{number})")).map_or(title, str::trim_end);
    }
    // What was read from a trailer stands in the record already. Others stay: a line such as `README: …` looks like one.
    let is_trailer = |line: &str| {
        let key =
            line.split_once(':').map(|(key, _)| key).filter(|key| commit.trailers.iter().any(|t| *t.key == **key));
        key.is_some_and(|key| {
            ["reviewed-by", "co-authored-by", "signed-off-by"].iter().any(|k| key.eq_ignore_ascii_case(k))
        })
    };
    let rest: Vec<&str> = lines.filter(|line| !is_trailer(line)).collect();
    (title, rest.join("\n").trim().to_owned())
}

/// A message without what looks like a secret.
fn without_secrets(message: &str, at: Span, draft: &mut Draft<'_, '_>) -> String {
    let found = secrets::in_document(message);
    if let Some(secret) = found.first() {
        draft.note(About::Text, format!("what looks like {}; withdraw it where it was issued", secret.kind), at);
    }
    secrets::mask(message.to_owned(), &found)
}

/// An instant with the offset of whoever's clock it was.
fn written(when: When) -> String {
    match jiff::tz::Offset::from_seconds(when.offset * 60) {
        Ok(offset) if when.offset != 0 => when.at.display_with_offset(offset).to_string(),
        _ => when.at.to_string(),
    }
}

/// A text without characters that no document may hold.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}
