//! HTML comments: which one names a clause, which one was meant to. Does not know where it stands.

use crate::diag::suggest;

/// What a comment says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Comment<'t> {
    /// `<!-- clause: NAME -->` with a good name.
    Clause(&'t str),
    /// A clause comment whose name is none.
    BadName(&'t str),
    /// Nearly a clause comment; how it would be right.
    Misspelt(String),
    /// Anything else: dropped.
    Other,
}

/// Whether a word can be an anchor: `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`, no `..`, no dot at the end.
pub(super) fn is_name(word: &str) -> bool {
    word.len() <= 64
        && word.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric)
        && word.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
        && !word.contains("..")
        && !word.ends_with('.')
}

/// Reads a comment, `<!--` and `-->` included.
pub(super) fn read(comment: &str) -> Comment<'_> {
    let inner = comment.strip_prefix("<!--").unwrap_or(comment);
    let inner = inner.strip_suffix("-->").unwrap_or(inner).trim_start_matches('-').trim();
    let word_end = inner.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(inner.len());
    let (word, rest) = inner.split_at(word_end);
    let rest = rest.trim_start();
    let name = rest.strip_prefix(':').map(str::trim);
    match name {
        Some(name) if word == "clause" => {
            if is_name(name) {
                Comment::Clause(name)
            } else {
                Comment::BadName(name)
            }
        }
        _ => misspelt(word, name.is_some(), rest),
    }
}

/// Whether it was meant to name a clause: one word like `clause`, then one name. With a colon the word may be further
/// off than without, so that remarks of two words are left alone.
fn misspelt<'t>(word: &str, colon: bool, rest: &str) -> Comment<'t> {
    let name = rest.trim_start_matches([':', '=', '#', ' ', '\t', '"']).trim_end_matches('"');
    if !(4..=8).contains(&word.len()) || !is_name(name) {
        return Comment::Other;
    }
    let lower = word.to_ascii_lowercase();
    let close = lower == "clause" || lower == "clauses" || lower == "claus";
    let near = colon && suggest::nearest(word, ["clause"]).is_some();
    if close || near { Comment::Misspelt(format!("<!-- clause: {name} -->")) } else { Comment::Other }
}

/// The comments in a piece of HTML and what stands between them.
pub(super) enum Piece<'t> {
    /// A whole comment.
    Comment(&'t str),
    /// A comment nothing closes: all the rest.
    Unclosed(&'t str),
    /// What is no comment.
    Html(&'t str),
}

/// Takes HTML apart into comments and the rest, with the offset of each piece.
pub(super) fn pieces(html: &str) -> impl Iterator<Item = (usize, Piece<'_>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &html[at..];
        if rest.is_empty() {
            return None;
        }
        let start = at;
        let piece = match rest.strip_prefix("<!--") {
            Some(inner) => match inner.find("-->") {
                Some(end) => Piece::Comment(&rest[..end + 7]),
                None => Piece::Unclosed(rest),
            },
            None => Piece::Html(&rest[..rest.find("<!--").unwrap_or(rest.len())]),
        };
        at += match &piece {
            Piece::Comment(t) | Piece::Unclosed(t) | Piece::Html(t) => t.len(),
        };
        Some((start, piece))
    })
}
