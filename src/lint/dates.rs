//! Dates and versions that the text states, held against the front matter: its table of versions, and lines such as
//! "Last updated: 21 May 2026".

use std::ops::Range;

use jiff::civil::Date;

use super::codes;
use super::text::{Text, Word, entry, scalar, words};
use crate::decode::{codes as decoded, placeholder};
use crate::diag::{Diagnostic, Sink};
use crate::markdown::{Passage, PassageKind};
use crate::model::parse_day;
use crate::source::Span;

/// A date as somebody wrote it: a day, or a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    first: Date,
    whole_month: bool,
}

impl Written {
    /// Whether it may be this day.
    fn is(self, day: Date) -> bool {
        self.first == day || (self.whole_month && (self.first.year(), self.first.month()) == (day.year(), day.month()))
    }

    /// Its last day.
    fn last(self) -> Date {
        if self.whole_month { self.first.last_of_month() } else { self.first }
    }
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

fn month(word: &str) -> Option<i8> {
    let found = MONTHS
        .iter()
        .position(|m| *m == word || (word.len() >= 3 && m[..3] == *word) || (word == "sept" && *m == "september"))?;
    Some(found as i8 + 1)
}

fn year(word: &str) -> Option<i16> {
    word.parse().ok().filter(|y| (1990..=2199).contains(y) && word.len() == 4)
}

fn day(word: &str) -> Option<i8> {
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|tail| word.strip_suffix(tail)).unwrap_or(word);
    digits.parse().ok().filter(|d| (1..=31).contains(d))
}

/// The date that begins with this word, and how many words it has. `03/04/2026` is two days, so that it is none.
fn date_at(words: &[Word<'_>], at: usize) -> Option<(Written, usize)> {
    let lower = |n: usize| words.get(at + n).map_or("", |w| &*w.lower);
    let whole = |date: Option<Date>, length| Some((Written { first: date?, whole_month: false }, length));
    let civil = |y, m, d| Date::new(y, m, d).ok();
    if let Ok(date) = parse_day(lower(0)) {
        return whole(Some(date), 1);
    }
    if lower(0).len() == 7
        && let Ok(first) = parse_day(&format!("{}-01", lower(0)))
    {
        return Some((Written { first, whole_month: true }, 1));
    }
    match (day(lower(0)), month(lower(1)), year(lower(2))) {
        (Some(d), Some(m), Some(y)) => return whole(civil(y, m, d), 3),
        _ if lower(1) == "of" => {
            if let (Some(d), Some(m), Some(y)) = (day(lower(0)), month(lower(2)), year(lower(3))) {
                return whole(civil(y, m, d), 4);
            }
        }
        _ => {}
    }
    let m = month(lower(0))?;
    match (day(lower(1)), year(lower(2)), year(lower(1))) {
        (Some(d), Some(y), _) => whole(civil(y, m, d), 3),
        // `31 February 2026` is no day, and no month either.
        (_, _, Some(y)) if at == 0 || day(&words[at - 1].lower).is_none() => {
            Some((Written { first: civil(y, m, 1)?, whole_month: true }, 2))
        }
        _ => None,
    }
}

/// The first date of a text.
fn date_in(text: &str) -> Option<Written> {
    let words = words(text);
    (0..words.len()).find_map(|at| date_at(&words, at)).map(|(date, _)| date)
}

/// What a line states a date of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Label {
    Updated,
    Effective,
    Reviewed,
    NextReview,
}

const LABELS: &[(&[&str], Label)] = &[
    (&["last", "updated"], Label::Updated),
    (&["last", "revised"], Label::Updated),
    (&["last", "modified"], Label::Updated),
    (&["last", "changed"], Label::Updated),
    (&["effective", "date"], Label::Effective),
    (&["effective", "from"], Label::Effective),
    (&["effective", "as", "of"], Label::Effective),
    (&["in", "force", "since"], Label::Effective),
    (&["in", "force", "from"], Label::Effective),
    (&["effective"], Label::Effective),
    (&["last", "reviewed"], Label::Reviewed),
    (&["last", "review"], Label::Reviewed),
    (&["next", "review", "date"], Label::NextReview),
    (&["next", "review", "due"], Label::NextReview),
    (&["next", "review"], Label::NextReview),
];

/// Whether a word is one of those of which each label has one: few sentences do.
fn is_of_label(word: &str) -> bool {
    matches!(word, "last" | "effective" | "next" | "force")
}

/// A date that the text states.
struct Stated {
    label: Label,
    date: Written,
    at: Span,
}

pub(super) fn check(text: &Text<'_>, today: Date, sink: &mut Sink) {
    let mut stated = Vec::new();
    for sentences in text.sentences.chunk_by(|a, b| std::ptr::eq(a.passage, b.passage)) {
        // Every label has one of these words.
        let labelled = sentences.iter().flat_map(|s| &s.words).any(|w| is_of_label(&w.lower));
        if labelled && !sentences[0].is_heading() {
            stated_in(sentences[0].passage, &mut stated);
        }
    }
    for one in &stated {
        against_front(text, one, sink);
    }
    among_themselves(text, &stated, today, sink);
    review_due(text, &stated, today, sink);
    stated_version(text, sink);
    for table in tables(text) {
        version_table(text, &table, sink);
    }
}

fn stated_in(passage: &Passage, stated: &mut Vec<Stated>) {
    let words = words(&passage.text);
    let mut at = 0;
    while at < words.len() {
        let label = LABELS.iter().find(|(label, _)| {
            words[at..].iter().map(|w| &*w.lower).zip(label.iter()).filter(|(w, l)| w == *l).count() == label.len()
        });
        if let Some((parts, label)) = label
            && let Some((date, length)) = date_at(&words, at + parts.len()).or_else(|| {
                let filler =
                    words.get(at + parts.len()).is_some_and(|w| matches!(&*w.lower, "on" | "is" | "by" | "date"));
                date_at(&words, at + parts.len() + 1).filter(|_| filler).map(|(d, n)| (d, n + 1))
            })
        {
            let end = at + parts.len() + length;
            let range = words[at].range.start..words[end - 1].range.end;
            stated.push(Stated { label: *label, date, at: passage.source(&range) });
            at = end;
        } else {
            at += 1;
        }
    }
}

/// A date of the text against the one of the front matter.
fn against_front(text: &Text<'_>, stated: &Stated, sink: &mut Sink) {
    let version = text.version;
    let review = version.review.as_ref();
    let (path, own): (&[&str], Option<Date>) = match stated.label {
        Label::Effective => (&["effective"], version.effective),
        Label::Reviewed => (&["review", "last"], review.and_then(|r| r.last)),
        Label::NextReview => (&["review"], review.and_then(crate::model::PolicyReview::next)),
        Label::Updated => return,
    };
    let (Some(own), Some(node)) = (own, text.front(path)) else { return };
    // The front matter may name a month, too.
    let month = path == ["effective"] && scalar(node).is_some_and(|s| s.len() == 7);
    if stated.date.is(own) || (Written { first: own, whole_month: month }).is(stated.date.first) {
        return;
    }
    let says = if stated.label == Label::NextReview {
        format!("{own}, by `review.every` and `review.last`")
    } else {
        own.to_string()
    };
    sink.push(
        Diagnostic::new(
            &codes::DATE_DIFFERS,
            version.file,
            stated.at,
            format!("the text states another date than the front matter's {own}"),
        )
        .label("stated here")
        .other(version.at(node.span), format!("the front matter says {says}"))
        .help("make both say the same, or leave the date to the front matter: pages show it"),
    );
}

/// Dates of the text that contradict each other or the day.
fn among_themselves(text: &Text<'_>, stated: &[Stated], today: Date, sink: &mut Sink) {
    let of = |label: Label| stated.iter().find(|s| s.label == label);
    let file = text.version.file;
    for one in stated.iter().filter(|s| matches!(s.label, Label::Updated | Label::Reviewed) && s.date.first > today) {
        sink.push(
            Diagnostic::new(&decoded::DATES, file, one.at, "this date lies in the future")
                .help("write the day on which it happened"),
        );
    }
    if let (Some(updated), Some(next)) = (of(Label::Updated).or(of(Label::Reviewed)), of(Label::NextReview))
        && updated.date.first > next.date.last()
    {
        sink.push(
            Diagnostic::new(&decoded::DATES, file, next.at, "the next review lies before the last update")
                .other(text.version.at(updated.at), "updated or reviewed later")
                .help("write when the next review is due"),
        );
    }
}

/// How many days before its day a review is said to fall due.
const SOON: i32 = 30;

/// A review that falls due, and one that only the text speaks of and that is overdue.
fn review_due(text: &Text<'_>, stated: &[Stated], today: Date, sink: &mut Sink) {
    let version = text.version;
    let own = version.review.as_ref().and_then(|r| r.next().map(|day| (day, r.span)));
    let (next, at) = match own {
        Some(own) => own,
        None => match stated.iter().find(|s| s.label == Label::NextReview) {
            Some(s) => (s.date.last(), s.at),
            None => return,
        },
    };
    let days = today.until(next).map_or(0, |span| span.get_days());
    if days < 0 && own.is_none() {
        sink.push(
            Diagnostic::new(
                &decoded::REVIEW_OVERDUE,
                version.file,
                at,
                format!(
                    "the review of policy `{}` is {} {} overdue",
                    version.id,
                    -days,
                    if days == -1 { "day" } else { "days" }
                ),
            )
            .label(format!("it was due on {next}"))
            .help("review the policy, then write the day into `review.last` of its front matter"),
        );
    } else if (0..=SOON).contains(&days) {
        let when = match days {
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            n => format!("in {n} days"),
        };
        sink.push(
            Diagnostic::new(
                &codes::REVIEW_DUE,
                version.file,
                at,
                format!("the review of policy `{}` falls due {when}", version.id),
            )
            .label(format!("due on {next}"))
            .help("review the policy, then write the day into `review.last`"),
        );
    }
}

/// `Version: 1.0` in the first lines of the text.
fn stated_version(text: &Text<'_>, sink: &mut Sink) {
    let Some(node) = text.front(&["version"]) else { return };
    let Some(own) = scalar(node) else { return };
    for passage in text.passages.iter().take(6) {
        let written = Some(&passage.text).filter(|t| t.is_ascii() && t.contains(':'));
        let Some(at) = written.and_then(|t| t.to_ascii_lowercase().find("version:")) else { continue };
        let Some(word) = words(&passage.text[at + "version:".len()..]).into_iter().next() else { continue };
        if plain_version(word.text) == plain_version(own) || !word.text.contains(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let start = at + "version:".len();
        let place = passage.source(&(start + word.range.start..start + word.range.end));
        differs(text, place, word.text, own, node.span, sink);
    }
}

fn plain_version(text: &str) -> &str {
    text.trim().trim_start_matches(['v', 'V']).trim_start_matches('.')
}

fn differs(text: &Text<'_>, place: Span, stated: &str, own: &str, at: Span, sink: &mut Sink) {
    sink.push(
        Diagnostic::new(
            &codes::VERSION_TABLE,
            text.version.file,
            place,
            format!("the text states version `{stated}`, the front matter `{own}`"),
        )
        .label("stated here")
        .other(text.version.at(at), "the front matter")
        .help("make both say the same: records are judged by the front matter's"),
    );
}

/// A table of versions: which column is what.
struct Table<'t> {
    rows: Vec<&'t Passage>,
    version: usize,
    date: Option<usize>,
    author: Option<usize>,
}

fn cell(row: &Passage, column: usize) -> (&str, Range<usize>) {
    let range = row.cells.get(column).cloned().unwrap_or(row.text.len()..row.text.len());
    (row.text[range.clone()].trim(), range)
}

fn tables<'t>(text: &'t Text<'_>) -> Vec<Table<'t>> {
    let mut list = Vec::new();
    for header in text.passages {
        let PassageKind::Header(number) = header.kind else { continue };
        let column = |names: &[&str]| {
            (0..header.cells.len()).find(|c| names.contains(&cell(header, *c).0.to_lowercase().as_str()))
        };
        let Some(version) = column(&["version", "revision", "rev", "ver"]) else { continue };
        let date = column(&["date", "effective", "effective date", "released", "approved on"]);
        let author = column(&["author", "authors", "by", "changed by", "editor", "approved by", "approver"]);
        if date.is_none() && author.is_none() {
            continue;
        }
        let rows = text.passages.iter().filter(|p| p.kind == PassageKind::Row(number)).collect();
        list.push(Table { rows, version, date, author });
    }
    list
}

fn version_table(text: &Text<'_>, table: &Table<'_>, sink: &mut Sink) {
    let file = text.version.file;
    let dates: Vec<Option<Written>> =
        table.rows.iter().map(|row| table.date.and_then(|c| date_in(cell(row, c).0))).collect();
    for row in &table.rows {
        for (column, what) in [(table.author, "author"), (table.date, "date")] {
            let Some(column) = column else { continue };
            let (words, range) = cell(row, column);
            if words.is_empty() || matches!(words, "-" | "–" | "—") {
                let at = row.source(&row.cells.get(table.version).cloned().unwrap_or(range));
                sink.push(
                    Diagnostic::new(
                        &codes::VERSION_TABLE,
                        file,
                        at,
                        format!("this row of the table of versions has no {what}"),
                    )
                    .help(format!("fill in the {what}")),
                );
            }
        }
    }
    let known: Vec<(usize, Date)> = dates.iter().enumerate().filter_map(|(i, d)| Some((i, (*d)?.first))).collect();
    let rising = known.windows(2).all(|w| w[0].1 <= w[1].1);
    let falling = known.windows(2).all(|w| w[0].1 >= w[1].1);
    if !rising && !falling {
        let up = known.windows(2).filter(|w| w[0].1 < w[1].1).count() * 2 >= known.len() - 1;
        let wrong = known.windows(2).find(|w| if up { w[0].1 > w[1].1 } else { w[0].1 < w[1].1 });
        if let (Some(wrong), Some(column)) = (wrong, table.date) {
            let row = table.rows[wrong[1].0];
            sink.push(
                Diagnostic::new(
                    &decoded::DATES,
                    file,
                    row.source(&cell(row, column).1),
                    "the rows of this table are not in the order of their dates",
                )
                .help("correct the date, or move the row"),
            );
        }
    }
    let newest = if known.len() > 1 && falling && !rising { 0 } else { table.rows.len().saturating_sub(1) };
    let newest = known.iter().max_by_key(|(i, d)| (*d, *i == newest)).map_or(newest, |(i, _)| *i);
    let (Some(row), Some(node)) = (table.rows.get(newest), text.front(&["version"])) else { return };
    let Some(own) = scalar(node) else { return };
    let (stated, range) = cell(row, table.version);
    if !stated.is_empty() && placeholder::find(stated).is_empty() && plain_version(stated) != plain_version(own) {
        differs(text, row.source(&range), stated, own, node.span, sink);
    }
}

/// What a policy does not say about itself.
pub(super) fn metadata(text: &Text<'_>, sink: &mut Sink) {
    let is_there = |path: &[&str]| text.front(path).is_some_and(|node| !matches!(node.value, crate::yaml::Value::Null));
    let review = is_there(&["review"])
        && text.front(&["review"]).is_some_and(|node| {
            // A placeholder in the place of the whole has been reported.
            !matches!(node.value, crate::yaml::Value::Map(_))
                || (entry(node, "every").is_some() && entry(node, "last").is_some())
        });
    let keys = ["version", "effective", "classification", "owner", "approved"];
    let mut missing: Vec<&str> = keys.into_iter().filter(|key| !is_there(&[key])).collect();
    if !review {
        missing.push("review");
    }
    if missing.is_empty() {
        return;
    }
    let list = crate::diag::suggest::list(&missing);
    sink.push(
        Diagnostic::new(
            &decoded::MISSING_METADATA,
            text.version.file,
            text.top(),
            format!("policy `{}` does not say {list}", text.version.id),
        )
        .help(format!("add {list} to its front matter, so that readers know how current it is and whom to ask")),
    );
}

/// A review that the text promises after an incident, while the front matter names no rank.
pub(super) fn incident_review(text: &Text<'_>, sink: &mut Sink) {
    let Some(review) = text.front(&["review"]) else { return };
    if entry(review, "after_incident").is_some() || !matches!(review.value, crate::yaml::Value::Map(_)) {
        return;
    }
    for sentence in &text.sentences {
        let words = &sentence.words;
        let has = |word: &str| words.iter().any(|w| w.lower == word);
        let reviewed = has("reviewed") || has("review") || has("reviews");
        if !reviewed {
            continue;
        }
        let policy = words.windows(2).any(|w| w[0].lower == "this" && w[1].lower == "policy")
            || (has("review") || has("reviewed")) && has("annually");
        let after = words.iter().position(|w| w.lower == "after" || w.lower == "following");
        let is_incident = |w: &Word<'_>| w.lower == "incident" || w.lower == "incidents";
        let incident = after.is_some_and(|at| words[at..].iter().take(5).any(is_incident));
        if policy && incident {
            sink.push(
                Diagnostic::new(
                    &codes::NO_INCIDENT_REVIEW,
                    text.version.file,
                    sentence.span,
                    "the text promises a review after incidents, the front matter does not say after which",
                )
                .other(text.version.at(review.span), "`after_incident` is missing here")
                .help("add `after_incident: P2` to `review`, with the least severe rank that asks for one"),
            );
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_is_told_by_one_of_its_words() {
        let missed: Vec<_> = LABELS.iter().filter(|(words, _)| !words.iter().any(|w| is_of_label(w))).collect();
        assert!(missed.is_empty(), "{missed:?}");
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        let read = |text: &str| date_in(text).map(|d| (d.first.to_string(), d.whole_month));
        for text in ["2026-05-21", "21 May 2026", "21st of May 2026", "May 21, 2026", "updated on 21 May 2026."] {
            assert_eq!(read(text), Some(("2026-05-21".to_owned(), false)), "{text}");
        }
        for text in ["March 2026", "2026-03", "Mar 2026"] {
            assert_eq!(read(text), Some(("2026-03-01".to_owned(), true)), "{text}");
        }
        for text in ["03/04/2026", "may 3 of us", "version 1.0", "in 2026", "31 February 2026"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
