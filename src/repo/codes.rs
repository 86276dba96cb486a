//! What can be wrong with a file before anybody reads its text, and how it is said.

use crate::diag::{Code, Diagnostic};

use super::layout::Role;

static SYMLINK: Code = Code::warning(
    "files/symlink",
    "A symbolic link stands where an input is looked for. Links are never followed, so that nothing from outside \
     the site can reach a page; what the link points at was not read.",
);
static SPECIAL: Code =
    Code::warning("files/special", "A pipe, socket or device stands where an input is looked for. It was not opened.");
static NESTED_REPOSITORY: Code = Code::warning(
    "files/nested-repository",
    "A folder of inputs is a git repository of its own, or a submodule. This site's history says nothing about \
     what is in it, so it was not read.",
);
static UNEXPECTED: Code = Code::warning(
    "files/unexpected",
    "A file or folder stands among the inputs but has no place there, such as a record that does not end in \
     `.yaml`. It was not read, and what it says was not judged.",
);
static TOO_LARGE: Code =
    Code::error("files/too-large", "A file is longer than an input of its kind may be. It was not read.");
static LFS_POINTER: Code = Code::warning(
    "files/lfs-pointer",
    "A file that is to be copied is only a pointer of Git LFS: the repository does not hold the file itself. The pointer was \
     copied as it stands.",
);
static NOT_UTF8: Code = Code::error("files/not-utf8", "A text is not UTF-8. It was not read.");
static CONTROL_CHARACTER: Code = Code::error(
    "files/control-character",
    "A text holds a control character that no document needs; programs disagree about what follows it. It was not \
     read.",
);
static NAME: Code = Code::error(
    "files/name",
    "A file or folder has a name that some systems cannot store or that people cannot see as it is: not UTF-8, \
     control, invisible or direction-changing characters, a backslash, a name Windows reserves, a final dot or \
     space. It was not read.",
);
static SAME_NAME: Code = Code::error(
    "files/same-name",
    "Two names differ only in case, in how a character is composed (`é` or `e` and an accent), or in `.yml` against `.yaml` where the name is the identity. On many systems \
     they are one file, and one would silently replace the other. Both were read.",
);
static UNREADABLE_HISTORY: Code = Code::warning(
    "history/unreadable",
    "The site is in a git repository that this program or this user cannot read. What only git can say is unknown.",
);
static SHALLOW: Code = Code::warning(
    "history/shallow",
    "The site was cloned without its whole history. What only git can say about the time before is unknown.",
);

static SPARSE: Code = Code::warning(
    "history/sparse",
    "The work tree is a sparse checkout that leaves out some of the site's inputs. What they say was not judged, and what \
     git says of records is unknown.",
);
static FUTURE_COMMIT: Code = Code::warning(
    "history/future-commit",
    "A commit is dated more than a day later than the time as of which all is judged, and later than the commit that is \
     read: a clock was wrong. Commits are ordered by who follows whom, but what one brings is dated as it says.",
);

/// Every code of this module.
pub static CODES: &[&Code] = &[
    &SYMLINK,
    &SPECIAL,
    &NESTED_REPOSITORY,
    &UNEXPECTED,
    &TOO_LARGE,
    &LFS_POINTER,
    &NOT_UTF8,
    &CONTROL_CHARACTER,
    &NAME,
    &SAME_NAME,
    &UNREADABLE_HISTORY,
    &SHALLOW,
    &SPARSE,
    &FUTURE_COMMIT,
];

pub(super) fn symlink(path: &str) -> Diagnostic {
    Diagnostic::of_path(&SYMLINK, path, format!("`{path}` is a symbolic link and was not read"))
        .help("put the file itself there")
}

pub(super) fn special(path: &str, kind: &str) -> Diagnostic {
    Diagnostic::of_path(&SPECIAL, path, format!("`{path}` is {kind} and was not read"))
        .help("remove it, or put a file in its place")
}

pub(super) fn nested_repository(path: &str) -> Diagnostic {
    Diagnostic::of_path(&NESTED_REPOSITORY, path, format!("`{path}` is a git repository of its own and was not read"))
        .help("commit its files to this repository, or keep it outside the site's folders")
}

pub(super) fn unexpected(path: &str, why: &str) -> Diagnostic {
    Diagnostic::of_path(&UNEXPECTED, path, format!("`{path}` was not read: {why}"))
        .help("rename it, move it, or begin its name with a dot if it is to be left alone")
}

pub(super) fn too_large(path: &str, role: Role, size: u64, limit: u64) -> Diagnostic {
    let headline = format!("`{path}` is too large for {}", role.phrase());
    Diagnostic::of_path(&TOO_LARGE, path, headline)
        .note(format!("it has at least {size} bytes; the limit is {limit} bytes"))
        .help("split it, or keep it elsewhere and link to it")
}

pub(super) fn lfs_pointer(path: &str) -> Diagnostic {
    Diagnostic::of_path(&LFS_POINTER, path, format!("`{path}` is only a pointer of Git LFS, not the file itself"))
        .help("get the files with `git lfs pull` and read the work tree; a commit (`--rev`) holds pointers alone")
}

pub(super) fn not_utf8(path: &str, offset: usize, utf16: bool) -> Diagnostic {
    let headline = if utf16 {
        format!("`{path}` looks like UTF-16, not UTF-8")
    } else {
        format!("`{path}` is not UTF-8 from byte offset {offset} on")
    };
    Diagnostic::of_path(&NOT_UTF8, path, headline).help("save it as UTF-8")
}

pub(super) fn control(path: &str, code: u32, line: u32, column: u32) -> Diagnostic {
    let headline = format!("`{path}` holds the control character U+{code:04X} at line {line}, column {column}");
    Diagnostic::of_path(&CONTROL_CHARACTER, path, headline).help("remove the character")
}

pub(super) fn name(path: &str, why: &str) -> Diagnostic {
    Diagnostic::of_path(&NAME, path, format!("`{path}` was not read: its name {why}")).help("rename it")
}

pub(super) fn same_name(path: &str, other: &str, how: &str) -> Diagnostic {
    Diagnostic::of_path(&SAME_NAME, path, format!("`{other}` and `{path}` differ only in {how}"))
        .help("rename one, or remove the one that is not meant")
}

pub(super) fn unreadable_history(what: &str, help: &str) -> Diagnostic {
    Diagnostic::of_path(&UNREADABLE_HISTORY, ".git", what)
        .note("what only git can say is unknown: versions of policies, and when records were written")
        .help(help)
}

pub(super) fn shallow() -> Diagnostic {
    Diagnostic::of_path(&SHALLOW, ".git", "this clone is shallow: it does not hold the whole history")
        .note("what only git can say is unknown: versions of policies, and when records were written")
        .help("fetch the rest with `git fetch --unshallow`; in a build service set `fetch-depth: 0`")
}

pub(super) fn sparse(first: &str, others: usize) -> Diagnostic {
    let more = if others == 0 { String::new() } else { format!(" and {others} more") };
    let them = if others == 0 { "it" } else { "they" };
    let headline = format!("`{first}`{more} of what is committed is not in the work tree: this is a sparse checkout");
    Diagnostic::of_path(&SPARSE, ".git", headline)
        .note(format!("what {them} would say was not judged; what only git can say of records is unknown"))
        .help(
            "check out the whole site with `git sparse-checkout disable`, or read what is committed with `--rev HEAD`",
        )
}

pub(super) fn future_commit(commit: &str, at: &str, others: usize) -> Diagnostic {
    let headline = format!("commit {commit} is dated {at}, in the future");
    let finding = Diagnostic::of_path(&FUTURE_COMMIT, ".git", headline);
    let finding = match others {
        0 => finding,
        1 => finding.note("another commit is dated in the future, too"),
        n => finding.note(format!("{n} more commits are dated in the future, too")),
    };
    finding.help(
        "the clock of the machine that made it was wrong. Commits count in the order in which they follow each other; \
         but a version of a policy that says no `effective`, and a record, came when their commit says",
    )
}
