//! Words inside two texts that belong together.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::Run;

/// A text as words, spaces and other characters.
pub(super) fn tokens(text: &str) -> Vec<&str> {
    let mut list = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if in_word(first) { word_length(rest) } else { first.len_utf8() };
        let (token, after) = rest.split_at(length);
        list.push(token);
        rest = after;
    }
    list
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// How long the word is that a text begins with; a sign between two letters or digits belongs to it.
fn word_length(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((_, c)) = chars.next() {
        let Some(&(at, next)) = chars.peek() else { return text.len() };
        if in_word(next) {
            continue;
        }
        let joins = matches!(next, '-' | '\'' | '’' | '.' | ':' | '/') && in_word(c);
        let goes_on = text[at + next.len_utf8()..].chars().next().is_some_and(in_word);
        if !(joins && goes_on) {
            return at;
        }
    }
    text.len()
}

/// A word or sign, and whether a space stands before it. Spaces are not compared: they would hold words apart that belong
/// together.
struct Token<'t> {
    text: &'t str,
    spaced: bool,
}

fn words(text: &str) -> Vec<Token<'_>> {
    let mut spaced = false;
    let mut list = Vec::new();
    for text in tokens(text) {
        let space = text == " ";
        if !space {
            list.push(Token { text, spaced });
        }
        spaced = space;
    }
    list
}

/// What of the one became what of the other. Two changes with nothing but a sign between them are one, and texts that
/// share next to nothing are told one after the other.
pub(super) fn differences(old: &str, new: &str) -> Vec<Run> {
    let (before, after) = (words(old), words(new));
    let text = |tokens: &[Token<'_>]| -> String {
        tokens.iter().flat_map(|t| [if t.spaced { " " } else { "" }, t.text]).collect()
    };
    let mut parts: Vec<Part> = Vec::new();
    let keys = |tokens: &[Token<'_>]| tokens.iter().map(|t| t.text.to_owned()).collect::<Vec<_>>();
    for op in capture_diff_slices(Algorithm::Myers, &keys(&before), &keys(&after)) {
        let (gone, new) = (text(&before[op.old_range()]), text(&after[op.new_range()]));
        match op {
            DiffOp::Equal { .. } => parts.push(Part::Kept(new)),
            _ => parts.push(Part::Changed(gone, new)),
        }
    }
    let kept: usize = parts.iter().map(|p| if let Part::Kept(t) = p { letters(t) } else { 0 }).sum();
    if kept * 4 < letters(old).min(letters(new)) {
        return vec![Run::Gone(old.to_owned()), Run::New(new.to_owned())];
    }
    let mut runs = Vec::new();
    let mut parts = joined(parts);
    for at in 0..parts.len() {
        let (now, later) = parts.split_at_mut(at + 1);
        match &mut now[at] {
            Part::Kept(text) => keep(&mut runs, text),
            Part::Changed(gone, new) => {
                space_outside(gone, new, later, &mut runs);
                runs.extend((!gone.is_empty()).then_some(Run::Gone(std::mem::take(gone))));
                runs.extend((!new.is_empty()).then_some(Run::New(std::mem::take(new))));
            }
        }
    }
    runs
}

/// Moves the space before a change out of it: before both it is before neither, and one that words have which only one
/// text has comes after them, where a space follows.
fn space_outside(gone: &mut String, new: &mut String, later: &mut [Part], runs: &mut Vec<Run>) {
    if gone.starts_with(' ') && new.starts_with(' ') {
        gone.remove(0);
        new.remove(0);
        keep(runs, " ");
        return;
    }
    let only = match (gone.is_empty(), new.is_empty()) {
        (true, false) => new,
        (false, true) => gone,
        _ => return,
    };
    if let Some(Part::Kept(kept)) = later.first_mut()
        && kept.starts_with(' ')
        && only.starts_with(' ')
    {
        kept.remove(0);
        only.remove(0);
        only.push(' ');
        keep(runs, " ");
    }
}

fn keep(runs: &mut Vec<Run>, text: &str) {
    match runs.last_mut() {
        Some(Run::Kept(kept)) => kept.push_str(text),
        _ => runs.push(Run::Kept(text.to_owned())),
    }
}

enum Part {
    Kept(String),
    Changed(String, String),
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// Changes that are parted by no word become one.
fn joined(parts: Vec<Part>) -> Vec<Part> {
    let mut list: Vec<Part> = Vec::with_capacity(parts.len());
    let mut parts = parts.into_iter().peekable();
    while let Some(part) = parts.next() {
        match (part, list.last_mut()) {
            (Part::Kept(text), Some(Part::Changed(gone, new))) if letters(&text) == 0 && parts.peek().is_some() => {
                gone.push_str(&text);
                new.push_str(&text);
            }
            (Part::Changed(more_gone, more_new), Some(Part::Changed(gone, new))) => {
                gone.push_str(&more_gone);
                new.push_str(&more_new);
            }
            (part, _) => list.push(part),
        }
    }
    list
}
