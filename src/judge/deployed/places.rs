//! Addresses of pull requests: which repository, which number.

use crate::model::{Line, RepositorySettings};

/// What stands between a repository's address and a request's number, by host; the longer first where one holds another.
const MARKS: [&str; 7] =
    ["/-/merge_requests/", "/merge_requests/", "/pull-requests/", "/pullrequest/", "/pulls/", "/pull/", "/pr/"];

/// A pull request's repository, without the scheme, and its number.
pub(super) fn request_of(url: &str) -> Option<(&str, u64)> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (at, mark) = MARKS.iter().find_map(|mark| rest.find(mark).map(|at| (at, mark)))?;
    let after = &rest[at + mark.len()..];
    let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
    Some((&rest[..at], after[..end].parse().ok()?))
}

/// Whether an address of a repository is this one's: by where `origin` is, else by the folder's name.
pub(super) fn same_repository(address: &str, settings: &RepositorySettings, line: &Line) -> bool {
    if let Some(origin) = line.origin.as_deref().filter(|origin| is_remote(origin)) {
        return plain(origin).eq_ignore_ascii_case(&plain(address));
    }
    let own = line.origin.as_deref().unwrap_or(&settings.path);
    [own, &settings.path].iter().any(|own| last(own).eq_ignore_ascii_case(last(address)))
}

/// Whether this is an address on a host, and not a folder.
fn is_remote(origin: &str) -> bool {
    match origin.split_once("://") {
        Some((scheme, _)) => scheme != "file",
        None => origin.split_once(':').is_some_and(|(host, _)| !host.contains('/')),
    }
}

/// `git@host:org/name.git` and `https://host/org/name` alike.
fn plain(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.split_once('@').map_or(rest, |(_, rest)| rest).trim_end_matches('/');
    rest.trim_end_matches(".git").replacen(':', "/", 1)
}

/// The last part of an address or a path, without `.git`.
fn last(address: &str) -> &str {
    let address = address.trim_end_matches('/').trim_end_matches(".git").trim_end_matches('/');
    address.rsplit(['/', ':']).next().unwrap_or(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Location, Span};

    #[test]
    fn requests_are_found_in_addresses_of_hosts() {
        for (url, expected) in [
            ("https://github.com/org/gateway/pull/12", Some(("github.com/org/gateway", 12))),
            ("https://github.com/org/gateway/pull/12/files#x", Some(("github.com/org/gateway", 12))),
            ("https://gitlab.com/a/b/gateway/-/merge_requests/7", Some(("gitlab.com/a/b/gateway", 7))),
            ("https://bitbucket.org/org/gateway/pull-requests/3", Some(("bitbucket.org/org/gateway", 3))),
            ("https://codeberg.org/org/gateway/pulls/4", Some(("codeberg.org/org/gateway", 4))),
            ("https://git.example.com/pr/12", Some(("git.example.com", 12))),
            ("https://github.com/org/gateway/issues/12", None),
            ("https://github.com/org/gateway/pull/new", None),
        ] {
            assert_eq!(request_of(url), expected, "{url}");
        }
    }

    #[test]
    fn a_repository_is_known_by_origin_else_by_its_folder() {
        let same = |address: &str, path: &str, origin: Option<&str>| {
            let at = Location { file: FileId(0), span: Span::at(0) };
            let settings =
                RepositorySettings { path: path.into(), branch: "main".into(), since: None, deployments: None, at };
            same_repository(address, &settings, &Line { origin: origin.map(Into::into), ..Line::default() })
        };
        let address = "github.com/Org/gateway";
        assert!(same(address, "../x", Some("github.com:org/gateway.git")), "what git@ left");
        assert!(same(address, "../x", Some("https://github.com/org/gateway")));
        assert!(same(address, "../x", Some("ssh://github.com/org/gateway.git/")));
        assert!(!same(address, "../gateway", Some("https://github.com/fork/gateway")), "a fork is another");
        assert!(!same("gitlab.com/org/gateway", "../gateway", Some("https://github.com/org/gateway")));
        assert!(same(address, "../gateway", None) && same(address, "/srv/gateway.git/", None));
        assert!(
            same(address, "../x", Some("/srv/git/gateway.git")) && same(address, "../x", Some("file:///srv/gateway"))
        );
        assert!(!same(address, "../billing", None) && !same(address, "../billing", Some("/srv/billing.git")));
    }
}
