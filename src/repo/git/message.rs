//! What a commit's message says in the forms that git and its hosts write: requests that were merged, commits taken back.
//!
//! Only these forms count. A number somewhere in prose names an issue as often as a request.

/// How the first line begins where a host merges or squashes a request, up to the number.
const SUBJECT: &[&str] = &["Merge pull request #", "Merged PR "];
/// What hosts write before the number elsewhere: Bitbucket at the first line's end, GitLab on a line of its own.
const BITBUCKET: &str = "(pull request #";
const GITLAB: &str = "See merge request ";

/// The pull or merge request that a message names.
pub(super) fn request(message: &str) -> Option<u64> {
    let subject = message.lines().map(str::trim).find(|line| !line.is_empty())?;
    let starts = SUBJECT.iter().find_map(|start| number(subject.strip_prefix(start)?));
    starts.or_else(|| at_end(subject, "(#")).or_else(|| at_end(subject, BITBUCKET)).or_else(|| {
        let lines = message.lines().filter_map(|line| line.trim().strip_prefix(GITLAB));
        lines.filter_map(|rest| number(rest.rsplit_once('!')?.1)).next_back()
    })
}

/// The digits that a text begins with.
fn number(text: &str) -> Option<u64> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

/// The number between an opening and the bracket at a line's end.
fn at_end(subject: &str, opening: &str) -> Option<u64> {
    let inside = subject.strip_suffix(')')?;
    inside.rsplit_once(opening)?.1.parse().ok()
}

/// The commits that a message says it takes back, as `git revert` writes it.
pub(super) fn reverts(message: &str) -> Vec<Box<str>> {
    // The sentence may be wrapped.
    let words: Vec<&str> = message.split_whitespace().collect();
    let says = ["This", "reverts", "commit"];
    let after = words.windows(says.len() + 1).filter(|w| w[..says.len()] == says).map(|w| w[says.len()]);
    after.filter_map(id_of).collect()
}

/// An id of a commit, with what stands around it taken off.
fn id_of(word: &str) -> Option<Box<str>> {
    let id = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let whole = (7..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_hexdigit());
    whole.then(|| id.to_ascii_lowercase().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_named_as_hosts_name_them() {
        for (message, expected) in [
            ("Merge pull request #123 from org/branch\n\nTitle", Some(123)),
            ("Rotate keys (#7)", Some(7)),
            ("Revert \"Rotate keys (#7)\" (#8)", Some(8)),
            ("\n\nRotate keys (#9)\n\nbody (#3)", Some(9)),
            ("Merge branch 'x' into 'main'\n\nTitle\n\nSee merge request group/project!45", Some(45)),
            ("Title\n\nSee merge request group/project!45\n", Some(45)),
            ("Merged in fix (pull request #12)\n\nx", Some(12)),
            ("Merged PR 88: title", Some(88)),
            ("Fix #7", None),
            ("Fix (#7) at last", None),
            ("Fix it (#7a)", None),
            ("Fix\n\nlike (#7)", None),
            ("Merge branch 'x'", None),
            ("Merge pull request #99999999999999999999999", None),
            ("", None),
        ] {
            assert_eq!(request(message), expected, "{message}");
        }
    }

    #[test]
    fn commits_taken_back_are_named_as_git_names_them() {
        let whole = "0123456789abcdef0123456789abcdef01234567";
        for (message, expected) in [
            (format!("Revert \"x\"\n\nThis reverts commit {whole}."), vec![whole]),
            (format!("x\n\nThis reverts commit\n{whole}, reversing\nchanges made to 1234567."), vec![whole]),
            ("This reverts commit 0123ABC. This reverts commit 7654321.".to_owned(), vec!["0123abc", "7654321"]),
            ("This reverts commit of last week".to_owned(), vec![]),
            ("Revert 0123abc".to_owned(), vec![]),
        ] {
            assert_eq!(reverts(&message).iter().map(|r| &**r).collect::<Vec<_>>(), expected, "{message}");
        }
    }
}
