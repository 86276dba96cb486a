//! Lengths of time and numbers of people as prose writes them: "two business days", "24-hour", "five (5) reviewers".

use std::ops::Range;

use super::text::Word;
use crate::model::Duration;

/// A length of time that a sentence states.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Length {
    /// How long.
    pub(super) is: Duration,
    /// Where it stands in the sentence.
    pub(super) range: Range<usize>,
    /// The number of its first word.
    pub(super) first: usize,
    /// The number of the word after it.
    pub(super) after: usize,
}

/// A number of people or of what they give.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Count {
    /// How many.
    pub(super) is: u32,
    /// What is counted, in the singular: `reviewer`.
    pub(super) of: &'static str,
    /// Where it stands in the sentence.
    pub(super) range: Range<usize>,
}

/// A number in words or digits.
pub(super) fn number(word: &str) -> Option<u32> {
    Some(match word {
        "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        "thirteen" => 13,
        "fourteen" => 14,
        "fifteen" => 15,
        "twenty" => 20,
        "twenty-four" => 24,
        "thirty" => 30,
        "thirty-six" => 36,
        "forty-eight" => 48,
        "sixty" => 60,
        "seventy-two" => 72,
        "ninety" => 90,
        digits if digits.starts_with(|c: char| c.is_ascii_digit()) => return digits.parse().ok(),
        _ => return None,
    })
}

/// Whether a word may begin with a number, by its first letter: most do not.
fn may_be_number(word: &str) -> bool {
    matches!(word.as_bytes().first(), Some(b'0'..=b'9' | b'e' | b'f' | b'n' | b'o' | b's' | b't'))
}

fn unit(word: &str) -> Option<fn(u32) -> Option<Duration>> {
    Some(match word {
        "minute" | "minutes" | "min" | "mins" => |n| n.checked_mul(60).map(Duration::Elapsed),
        "hour" | "hours" | "hr" | "hrs" => |n| n.checked_mul(3600).map(Duration::Elapsed),
        "day" | "days" => |n| Some(Duration::Days(n)),
        "week" | "weeks" => |n| n.checked_mul(7).map(Duration::Days),
        "month" | "months" => |n| Some(Duration::Months(n)),
        "year" | "years" => |n| n.checked_mul(12).map(Duration::Months),
        _ => return None,
    })
}

/// A length that begins with this word.
fn length_at(words: &[Word<'_>], first: usize) -> Option<Length> {
    let word = &words[first];
    if !may_be_number(&word.lower) {
        return None;
    }
    // `24-hour`, `two-day`
    if let Some((n, rest)) = word.lower.rsplit_once('-')
        && let (Some(n), Some(make)) = (number(n), unit(rest))
    {
        return Some(Length { is: make(n)?, range: word.range.clone(), first, after: first + 1 });
    }
    // `24h`
    if let Some(n) = word.lower.strip_suffix('h').and_then(|n| n.parse::<u32>().ok()) {
        return Some(Length {
            is: Duration::Elapsed(n.checked_mul(3600)?),
            range: word.range.clone(),
            first,
            after: first + 1,
        });
    }
    let n = number(&word.lower)?;
    let mut next = first + 1;
    // `two (2) days`
    if words.get(next).is_some_and(|w| w.lower.parse() == Ok(n)) {
        next += 1;
    }
    let worked = words.get(next).is_some_and(|w| matches!(&*w.lower, "business" | "working" | "work"));
    let civil = words.get(next).is_some_and(|w| w.lower == "calendar");
    next += usize::from(worked || civil);
    let is = unit(&words.get(next)?.lower)?(n)?;
    let is = match (is, worked) {
        (Duration::Days(n), true) => Duration::BusinessDays(n),
        (_, true) => return None,
        (is, false) => is,
    };
    Some(Length { is, range: word.range.start..words[next].range.end, first, after: next + 1 })
}

/// The lengths a sentence states.
pub(super) fn lengths(words: &[Word<'_>]) -> Vec<Length> {
    let mut list = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match length_at(words, at) {
            Some(length) => {
                at = length.after;
                list.push(length);
            }
            None => at += 1,
        }
    }
    list
}

/// What can be counted, in the singular, and its other forms.
const COUNTED: &[(&str, &[&str])] = &[
    ("reviewer", &["reviewer", "reviewers", "review", "reviews"]),
    ("approver", &["approver", "approvers", "approval", "approvals"]),
    (
        "person",
        &[
            "person",
            "persons",
            "people",
            "peer",
            "peers",
            "engineer",
            "engineers",
            "colleague",
            "colleagues",
            "member",
            "members",
        ],
    ),
];

/// How many words may stand between a number and what it counts: `two independent senior reviewers`.
const BETWEEN: usize = 2;

/// The numbers of people a sentence states.
pub(super) fn counts(words: &[Word<'_>]) -> Vec<Count> {
    let mut list = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let Some(is) = Some(&*word.lower).filter(|w| may_be_number(w)).and_then(number) else { continue };
        let rest = &words[at + 1..words.len().min(at + 2 + BETWEEN)];
        let end = rest.iter().position(|w| matches!(&*w.lower, "of" | "and" | "or" | "by" | "in" | "to" | "for"));
        let noun = rest[..end.unwrap_or(rest.len())].iter().find_map(|w| {
            let (name, _) = COUNTED.iter().find(|(_, forms)| forms.contains(&&*w.lower))?;
            Some((*name, w.range.end))
        });
        if let Some((of, end)) = noun {
            list.push(Count { is, of, range: word.range.start..end });
        }
    }
    list
}

/// Whether two lengths are the same: 12 months are a year, 60 minutes an hour, but 24 hours are no day.
pub(super) fn same(a: Duration, b: Duration) -> bool {
    a == b
}

#[cfg(test)]
mod tests {
    use super::super::text::words;
    use super::*;

    fn found(text: &str) -> Vec<(String, &str)> {
        lengths(&words(text)).into_iter().map(|l| (l.is.to_string(), &text[l.range])).collect()
    }

    #[test]
    fn lengths_are_read_in_words_and_digits() {
        let text = "Within two (2) business days, a 24-hour limit, 30 minutes, five working days, 3 years, one week, 24h, 14 calendar days.";
        let expected = [
            ("2 business days", "two (2) business days"),
            ("24 hours", "24-hour"),
            ("30 minutes", "30 minutes"),
            ("5 business days", "five working days"),
            ("3 years", "3 years"),
            ("7 days", "one week"),
            ("24 hours", "24h"),
            ("14 days", "14 calendar days"),
        ];
        assert_eq!(found(text), expected.map(|(is, shown)| (is.to_owned(), shown)));
        assert_eq!(found("In 2026 the 4 teams met; section 4.2; one of them; 10 business hours"), []);
    }

    #[test]
    fn every_number_is_told_by_its_first_letter() {
        let words = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen twenty \
            twenty-four thirty thirty-six forty-eight sixty seventy-two ninety 7 24";
        let is_known = |word: &str| may_be_number(word) && number(word).is_some();
        assert_eq!(words.split_whitespace().filter(|w| !is_known(w)).collect::<Vec<_>>(), [""; 0]);
    }

    #[test]
    fn people_are_counted() {
        let of = |text: &str| counts(&words(text)).into_iter().map(|c| (c.is, c.of)).collect::<Vec<_>>();
        assert_eq!(of("Two independent reviewers, at least one of them senior"), [(2, "reviewer")]);
        assert_eq!(of("at least 1 approval and two peers"), [(1, "approver"), (2, "person")]);
        assert_eq!(of("one pull request with a review"), []);
    }
}
