//! "Did you mean": the nearest of the words that would have been right.

/// The candidate nearest to `word`, if one is near enough to be meant.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let folded = fold(word);
    let length = folded.chars().count();
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let allowed = (candidate.chars().count().max(3) / 3).min(3);
            let other = fold(candidate);
            // As many letters more or less are as many differences: most candidates are out without a closer look.
            if other.chars().count().abs_diff(length) > allowed {
                return None;
            }
            let distance = if folded == other { 0 } else { strsim::damerau_levenshtein(&folded, &other) };
            (distance <= allowed).then_some((distance, candidate))
        })
        .min_by_key(|(distance, candidate)| (*distance, candidate.len()))
        .map(|(_, candidate)| candidate)
}

/// Help for a word that is none of `candidates`: the nearest one, or all of them when they are few.
pub fn help<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str> + Clone) -> String {
    help_with(nearest(word, candidates.clone()), candidates)
}

/// The same where the nearest one is known already.
pub fn help_with<'c>(near: Option<&str>, candidates: impl IntoIterator<Item = &'c str>) -> String {
    if let Some(near) = near {
        return format!("did you mean `{near}`?");
    }
    let all: Vec<&str> = candidates.into_iter().collect();
    match all.len() {
        0 => String::new(),
        1 => format!("the only word here is `{}`", all[0]),
        n if n <= 14 => format!("use one of {}", list(&all)),
        _ => String::new(),
    }
}

/// `` `a`, `b` and `c` ``.
pub fn list<S: AsRef<str>>(words: &[S]) -> String {
    let quoted: Vec<String> = words.iter().map(|w| format!("`{}`", w.as_ref())).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// Case and the marks between words do not tell words apart.
pub(super) fn fold(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant_and_nothing_far_off() {
        assert_eq!(nearest("aprovals", ["approvals", "reviews"]), Some("approvals"));
        assert_eq!(nearest("requestedAt", ["requested_at", "requested_by"]), Some("requested_at"));
        assert_eq!(nearest("zebra", ["approvals", "reviews"]), None);
    }

    #[test]
    fn lists_read_as_prose() {
        assert_eq!(list(&["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
