//! Owners of files: what a CODEOWNERS file says of the files a commit changed, and whether a record's reviews hold one of
//! them.
//!
//! Of several lines that fit a file the last counts, and a line without owners takes them away. What git cannot know stays
//! open: who is in a team, which account nobody in people.yaml has, and what sections of GitLab ask.

use crate::model::{ChangeRecord, Id, People, PersonEntry, PersonId, Prose, ReviewResult};

/// What the owners of the changed files came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::judge) enum Owned {
    /// No changed file has an owner.
    Nobody,
    /// An owner of each changed file that has one approved it, as the record's reviews say.
    Approved(String),
    /// Nobody of those who own a file approved it.
    Missing(String),
    /// Nobody can say: why.
    Open(String),
}

/// What the owners of these files came to; nothing where the file has sections, which ask more than is read here.
pub(in crate::judge) fn owned(text: &str, paths: &[Box<str>], record: &ChangeRecord, people: &People) -> Option<Owned> {
    let lines: Vec<(Vec<&str>, Vec<&str>)> = text.lines().filter_map(line).collect();
    if text.lines().any(|line| line.starts_with('[') || line.starts_with("^[")) {
        return None;
    }
    let approved: Vec<&str> = approvers(record);
    let (mut by, mut open) = (Vec::new(), None);
    for path in paths {
        let parts: Vec<&str> = path.split('/').collect();
        let owners =
            lines.iter().rev().find(|(pattern, _)| fits(pattern, &parts)).map_or(&[][..], |(_, owners)| owners);
        if owners.is_empty() {
            continue;
        }
        let known: Vec<Option<&str>> = owners.iter().map(|owner| person(owner, people)).collect();
        if let Some(approver) = known.iter().flatten().find(|id| approved.contains(id)) {
            by.push((*approver).to_owned());
        } else if let Some(at) = known.iter().position(Option::is_none) {
            open = open
                .or_else(|| Some(format!("who `{}`, an owner of `{path}`, is people.yaml does not say", owners[at])));
        } else {
            let owners = owners.join(", ");
            return Some(Owned::Missing(format!("`{path}` is owned by {owners}, and none of them approved it")));
        }
    }
    by.sort();
    by.dedup();
    Some(match open {
        Some(why) => Owned::Open(why),
        None if by.is_empty() => Owned::Nobody,
        None => Owned::Approved(by.join(", ")),
    })
}

/// Whoever approved, the author aside, whose word does not count for their own work.
fn approvers(record: &ChangeRecord) -> Vec<&str> {
    let author = record.author.get().map(PersonId::as_str);
    let reviews = record.reviews.items().iter().filter(|r| r.result.get() == Some(&ReviewResult::Approved));
    reviews.filter_map(|r| r.by.get().map(PersonId::as_str)).filter(|by| Some(*by) != author).collect()
}

/// Somebody in people.yaml by an account or an address; nobody for a team.
fn person<'p>(owner: &str, people: &'p People) -> Option<&'p str> {
    let account = owner.strip_prefix('@').unwrap_or(owner);
    if account.contains('/') {
        return None;
    }
    let is = |text: &Prose| {
        let text = text.as_str();
        let name = text.strip_prefix("github:").or_else(|| text.strip_prefix("gitlab:")).unwrap_or(text);
        name.eq_ignore_ascii_case(account)
    };
    let has =
        |entry: &&PersonEntry| entry.email.get().is_some_and(is) || entry.accounts.items().iter().any(|a| is(&a.value));
    people.entries.iter().find(has).and_then(|entry| entry.id.get()).map(Id::as_str)
}

/// A pattern in its parts, and the owners; nothing for a comment.
fn line(text: &str) -> Option<(Vec<&str>, Vec<&str>)> {
    let text = text.split(" #").next().unwrap_or_default().trim();
    if text.is_empty() || text.starts_with('#') {
        return None;
    }
    let end = text.char_indices().find(|(at, c)| c.is_whitespace() && !text[..*at].ends_with('\\'));
    let (pattern, owners) = text.split_at(end.map_or(text.len(), |(at, _)| at));
    // A slash anywhere but at the end ties a pattern to the root.
    let tied = pattern.trim_end_matches('/').contains('/');
    let mut parts: Vec<&str> = if tied { Vec::new() } else { vec!["**"] };
    parts.extend(pattern.split('/').filter(|part| !part.is_empty()));
    // A folder, and a name without a star that may be one, stand for all that is in them.
    if pattern.ends_with('/') {
        parts.extend(["**", "*"]);
    }
    Some((parts, owners.split_whitespace().collect()))
}

/// Whether a pattern fits a path, part by part.
fn fits(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((&"**", rest)), _) => {
            fits(rest, path) || path.split_first().is_some_and(|(_, below)| fits(pattern, below))
        }
        (Some((part, rest)), Some((name, below))) if part_fits(part.as_bytes(), name.as_bytes()) => {
            let within = rest.is_empty() && !part.contains('*');
            fits(rest, below) || within
        }
        _ => false,
    }
}

/// Whether one part of a pattern fits one name.
fn part_fits(part: &[u8], name: &[u8]) -> bool {
    match (part.split_first(), name.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), _) => part_fits(rest, name) || name.split_first().is_some_and(|(_, n)| part_fits(part, n)),
        (Some((b'\\', rest)), _) => part_fits(rest, name),
        (Some((b'?', rest)), Some((_, n))) => part_fits(rest, n),
        (Some((a, rest)), Some((b, n))) => a == b && part_fits(rest, n),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_as_on_github() {
        for (pattern, path, expected) in [
            ("*", "a/b/c.rs", true),
            ("*.js", "a/b.js", true),
            ("*.js", "a/b.jsx", false),
            ("/build/logs/", "build/logs/a/b", true),
            ("/build/logs/", "x/build/logs/a", false),
            ("docs/*", "docs/a.md", true),
            ("docs/*", "docs/a/b.md", false),
            ("docs/*", "x/docs/a.md", false),
            ("apps/", "x/apps/a/b", true),
            ("apps/", "apps", false),
            ("/apps/github", "apps/github/x", true),
            ("/apps/github", "apps/githubx", false),
            ("**/logs", "a/b/logs/c", true),
            ("a/**/z", "a/z", true),
            ("a/**/z", "a/b/c/z", true),
            ("README.md", "x/README.md", true),
            ("a\\ b", "a b", true),
            ("fil?.rs", "file.rs", true),
        ] {
            let text = format!("{pattern} @x");
            let (parts, owners) = line(&text).expect("a line");
            assert_eq!(owners, ["@x"]);
            assert_eq!(fits(&parts, &path.split('/').collect::<Vec<_>>()), expected, "{pattern} {path}");
        }
        assert!(line("# @x").is_none() && line("  ").is_none());
        assert_eq!(line("a @x @y # why"), Some((vec!["**", "a"], vec!["@x", "@y"])));
    }
}
