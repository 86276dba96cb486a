//! Reading one value: every type a field can have, how it is written, and what to say when it is not.
//!
//! A value never fails the document it stands in: it is reported and becomes `Field::Broken`, and reading goes on.

use jiff::civil::Date;

use super::codes;
use super::said::{Said, Says};
use super::table::{Kind, Look};
use crate::diag::{Diagnostic, Level, Place, Sink, fix, suggest};
use crate::model::{
    Duration, Field, Hours, Id, Link, OpenFindings, PersonId, Prose, Role, Severity, Spanned, Time, TimeFault,
    Vocabulary, Word, parse_day, parse_time,
};
use crate::source::{FileId, Location, Span};
use crate::yaml::{Node, Style, Value};

/// What reads a document: its file, where findings go, and what the document calls itself.
pub(crate) struct Reader<'r> {
    pub(crate) file: FileId,
    pub(crate) sink: &'r mut Sink,
    /// Foreign keys that are nobody's mistake, for front matter.
    pub(crate) ignored_keys: &'r [String],
}

impl Reader<'_> {
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.sink.push(diagnostic);
    }

    /// Whether an error has been reported inside a span.
    pub(crate) fn has_error(&self, span: Span) -> bool {
        self.sink.iter().any(|d| match &d.place {
            Place::Text(at) => {
                d.level == Level::Error
                    && at.file == self.file
                    && span.start <= at.span.start
                    && at.span.start < span.end.max(span.start + 1)
            }
            Place::Path(_) => false,
        })
    }

    pub(crate) fn at(&self, span: Span) -> Location {
        Location { file: self.file, span }
    }

    /// Reports a value of the wrong kind.
    pub(crate) fn wrong(&mut self, node: &Node<'_>, wanted: &str, help: impl Into<String>) {
        let found = match &node.value {
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
            _ => "this",
        };
        self.report(
            Diagnostic::new(&codes::WRONG_TYPE, self.file, first_line(node), format!("{wanted} is expected here"))
                .label(format!("{found} is not {wanted}"))
                .help(help),
        );
    }
}

/// The span a label of a large value points at: its start, not its whole body.
fn first_line(node: &Node<'_>) -> Span {
    match node.value {
        Value::List(_) | Value::Map(_) => Span { start: node.span.start, end: node.span.end.min(node.span.start + 1) },
        _ => node.span,
    }
}

/// How a value turned out.
pub(crate) enum Got<T> {
    /// It is there.
    Is(T),
    /// It says nothing.
    Blank,
    /// It is a mistake, now reported.
    Broken,
}

/// A type that a field can have.
pub(crate) trait Read: Sized {
    /// What it is, for schemas and paths.
    const KIND: Kind;

    /// From a node that is neither null nor broken.
    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Got<Self>;

    /// What stands there, for paths through a record.
    fn look(&self, span: Span) -> Look<'_> {
        Look::Value(span)
    }

    /// What it says, for expressions; nothing where records hold no such value.
    fn said(&self) -> Said<'_> {
        Said::Nothing
    }
}

/// One field from its node. `none` answers where `answers_none` says so, and says nothing elsewhere.
pub(crate) fn field<T: Read>(node: &Node<'_>, reader: &mut Reader<'_>) -> Field<T> {
    match &node.value {
        Value::Null => return Field::Blank(node.span),
        Value::Broken => return Field::Broken(node.span),
        Value::Scalar(s) if is_blank(&s.text) || (s.style == Style::Plain && is_null(&s.text)) => {
            return Field::Blank(node.span);
        }
        _ => {}
    }
    match T::read(node, reader) {
        Got::Is(value) => Field::Given(value, node.span),
        Got::Blank => Field::Blank(node.span),
        Got::Broken => Field::Broken(node.span),
    }
}

/// Whether nothing can be seen of a text.
fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_deceptive(c))
}

/// Whether a plain scalar is one of YAML's words for nothing.
fn is_null(text: &str) -> bool {
    matches!(text, "~" | "null" | "Null" | "NULL")
}

/// Whether a node is the word `none`.
pub(crate) fn is_none_word(node: &Node<'_>) -> bool {
    matches!(&node.value, Value::Scalar(s) if s.text.trim() == "none")
}

/// The text of a scalar; anything else is reported.
pub(crate) fn scalar<'n>(node: &'n Node<'_>, reader: &mut Reader<'_>, wanted: &str) -> Option<&'n str> {
    if let Value::Scalar(s) = &node.value {
        Some(s.text.trim())
    } else {
        reader.wrong(node, wanted, format!("write {wanted} on this line"));
        None
    }
}

macro_rules! read_text {
    ($type:ty, $kind:expr, $wanted:literal, $make:expr) => {
        impl Read for $type {
            const KIND: Kind = $kind;
            fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Got<Self> {
                match scalar(node, reader, $wanted) {
                    Some(text) => $make(text, node, reader),
                    None => Got::Broken,
                }
            }
            fn said(&self) -> Said<'_> {
                self.says()
            }
        }
    };
}

read_text!(Id, Kind::Id, "an id", |text: &str, node: &Node<'_>, reader: &mut Reader<'_>| match Id::fault(text) {
    None => Got::Is(Id::new(text)),
    Some(why) => {
        reader.report(
            Diagnostic::new(&codes::BAD_ID, reader.file, node.span, format!("`{}` is no id", shown(text)))
                .label(why)
                .help("ids become file names: use letters A to Z, digits, `.`, `_` and `-`, as in `CHG-2026-0142`"),
        );
        Got::Broken
    }
});
read_text!(Prose, Kind::Prose, "text", |text: &str, _: &Node<'_>, _: &mut Reader<'_>| Got::Is(Prose::new(text)));
read_text!(PersonId, Kind::Person, "a person's id", |text: &str, node: &Node<'_>, reader: &mut Reader<'_>| word(
    text,
    node,
    reader,
    "a person's id",
    PersonId::new
));
read_text!(Role, Kind::Role, "a role", |text: &str, node: &Node<'_>, reader: &mut Reader<'_>| word(
    text,
    node,
    reader,
    "a role",
    Role::new
));
read_text!(Word, Kind::Word, "a word", |text: &str, node: &Node<'_>, reader: &mut Reader<'_>| word(
    text,
    node,
    reader,
    "a word",
    Word::new
));

/// Words are short, on one line, and hold nothing that hides or turns text around.
fn word<T>(text: &str, node: &Node<'_>, reader: &mut Reader<'_>, what: &str, make: fn(&str) -> T) -> Got<T> {
    let hidden = text.chars().find(|c| is_deceptive(*c));
    if text.chars().count() > 200 || text.contains('\n') || hidden.is_some() {
        let why = match hidden {
            Some(c) => format!("it holds the invisible character U+{:04X}", c as u32),
            None => "it is longer than a word".to_owned(),
        };
        reader.report(
            Diagnostic::new(&codes::BAD_WORD, reader.file, node.span, format!("{what} is expected here"))
                .label(why)
                .help("write a short word on one line"),
        );
        return Got::Broken;
    }
    Got::Is(make(text))
}

/// Characters that are not seen or that turn the text around them: bidirectional controls and zero-width ones.
pub(crate) fn is_deceptive(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{00ad}' | '\u{061c}')
}

read_text!(Link, Kind::Link, "an address", |text: &str, node: &Node<'_>, reader: &mut Reader<'_>| {
    let lower = text.to_ascii_lowercase();
    if (lower.starts_with("https://") || lower.starts_with("http://")) && !text.contains(char::is_whitespace) {
        return Got::Is(Link::new(text));
    }
    reader.report(
        Diagnostic::new(&codes::BAD_LINK, reader.file, node.span, format!("`{}` is no web address", shown(text)))
            .label("neither `https://` nor `http://`")
            .help("write the whole address, as in `https://git.example.com/pr/12`"),
    );
    Got::Broken
});
read_text!(Time, Kind::Time, "a time", |text: &str, node: &Node<'_>, reader: &mut Reader<'_>| match parse_time(text) {
    Ok(at) => Got::Is(Time(at)),
    Err(fault) => {
        bad_time(text, fault, node, reader);
        Got::Broken
    }
});

fn bad_time(text: &str, fault: TimeFault, node: &Node<'_>, reader: &mut Reader<'_>) {
    let (label, help) = match fault {
        TimeFault::NoZone => (
            "no offset, so nobody knows which instant this is",
            format!("add the offset, as in `{}+10:00`, or `Z` for UTC", shown(text)),
        ),
        TimeFault::NoTime => {
            ("a day, not an instant", format!("add the time and the offset, as in `{}T09:30:00+10:00`", shown(text)))
        }
        TimeFault::Impossible => {
            ("no clock ever shows this", "check the day of the month, the hour and the offset".to_owned())
        }
        TimeFault::Shape => {
            ("not written as RFC 3339", "write it as `2026-08-03T09:12:00+10:00` or `2026-08-02T23:12:00Z`".to_owned())
        }
    };
    reader.report(
        Diagnostic::new(&codes::BAD_TIME, reader.file, node.span, format!("`{}` is no time", shown(text)))
            .label(label)
            .help(help),
    );
}

read_text!(Date, Kind::Day, "a date", |text: &str, node: &Node<'_>, reader: &mut Reader<'_>| match parse_day(text) {
    Ok(day) => Got::Is(day),
    Err(fault) => {
        bad_day(text, fault, node, reader, "write it as `2026-08-03`");
        Got::Broken
    }
});

fn bad_day(text: &str, fault: TimeFault, node: &Node<'_>, reader: &mut Reader<'_>, help: &str) {
    let label = if fault == TimeFault::Impossible { "the calendar has no such day" } else { "not written as a date" };
    reader.report(
        Diagnostic::new(&codes::BAD_DATE, reader.file, node.span, format!("`{}` is no date", shown(text)))
            .label(label)
            .help(help),
    );
}

/// A date of a policy, which may be a month.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DayOrMonth(pub(crate) Date);

read_text!(DayOrMonth, Kind::DayOrMonth, "a date", |text: &str, node: &Node<'_>, reader: &mut Reader<'_>| {
    let whole = if text.len() == 7 { format!("{text}-01") } else { text.to_owned() };
    match parse_day(&whole) {
        Ok(day) => Got::Is(DayOrMonth(day)),
        Err(fault) => {
            bad_day(text, fault, node, reader, "write a day as `2026-03-01`, or a month as `2026-03`");
            Got::Broken
        }
    }
});
read_text!(Duration, Kind::Duration, "a duration", |text: &str, node: &Node<'_>, reader: &mut Reader<'_>| {
    if let Some(length) = Duration::parse(text) {
        Got::Is(length)
    } else {
        reader.report(
            Diagnostic::new(&codes::BAD_DURATION, reader.file, node.span, format!("`{}` is no duration", shown(text)))
                .help(duration_help(text)),
        );
        Got::Broken
    }
});
read_text!(bool, Kind::Bool, "`true` or `false`", |text: &str, node: &Node<'_>, reader: &mut Reader<'_>| match text {
    "true" => Got::Is(true),
    "false" => Got::Is(false),
    _ => {
        reader.wrong(node, "`true` or `false`", "write `true` or `false`");
        Got::Broken
    }
});
read_text!(u32, Kind::Count, "a whole number", |text: &str, node: &Node<'_>, reader: &mut Reader<'_>| match text
    .parse::<u32>()
{
    Ok(n) if n <= 1_000_000 => Got::Is(n),
    _ => {
        reader.wrong(node, "a whole number", "write a number such as `2`");
        Got::Broken
    }
});
read_text!(
    Severity,
    Kind::Words(Severity::WORDS, &[]),
    "a severity",
    |text: &str, node: &Node<'_>, reader: &mut Reader<'_>| {
        if let Some(severity) = Severity::parse(text) {
            Got::Is(severity)
        } else {
            unknown_word(text, "a severity", Severity::WORDS.iter().copied(), node.span, reader);
            Got::Broken
        }
    }
);
read_text!(Hours, Kind::Hours, "hours", |text: &str, node: &Node<'_>, reader: &mut Reader<'_>| if let Some(hours) =
    Hours::parse(text)
{
    Got::Is(hours)
} else {
    reader.wrong(node, "a stretch of the clock", "write it as `09:00-17:00`; `22:00-02:00` runs past midnight");
    Got::Broken
});

/// What to write for a text that is no duration: the unit that was meant, else every form there is.
fn duration_help(text: &str) -> String {
    let (number, unit) = text.trim().split_once(' ').unwrap_or(("", ""));
    let one = |unit: &str| if number == "1" { unit.trim_end_matches('s').to_owned() } else { unit.to_owned() };
    let meant = suggest::nearest(unit, Duration::UNITS).map(|unit| format!("{number} {}", one(unit)));
    match meant.filter(|meant| Duration::parse(meant).is_some()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("write {}", Duration::FORMS),
    }
}

/// Reports a word that is none of those allowed.
pub(crate) fn unknown_word<'c>(
    text: &str,
    what: &str,
    allowed: impl IntoIterator<Item = &'c str> + Clone,
    span: Span,
    reader: &mut Reader<'_>,
) {
    reader.report(
        Diagnostic::new(&codes::UNKNOWN_WORD, reader.file, span, format!("`{}` is not {what}", shown(text)))
            .help(suggest::help(text, allowed.clone()))
            .fix(span, text, fix::word(text, allowed)),
    );
}

/// What a message shows of a text: one line, not too long.
pub(crate) fn shown(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() > 60 { line.chars().take(57).chain("…".chars()).collect() } else { line.to_owned() }
}

macro_rules! read_vocabulary {
    ($($type:ty),+ $(,)?) => {$(
        impl Read for $type {
            const KIND: Kind = Kind::Words(<$type as Vocabulary>::WORDS, <$type as Vocabulary>::MEANINGS);
            fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Got<Self> {
                let Some(text) = scalar(node, reader, <$type as Vocabulary>::NAME) else { return Got::Broken };
                if let Some(value) = <$type as Vocabulary>::parse(text) {
                    return Got::Is(value);
                }
                unknown_word(text, <$type as Vocabulary>::NAME, <$type as Vocabulary>::WORDS.iter().copied(), node.span, reader);
                Got::Broken
            }
            fn said(&self) -> Said<'_> {
                Said::Text(self.word())
            }
        }
    )+};
}

read_vocabulary!(
    crate::model::Status,
    crate::model::Risk,
    crate::model::ReviewResult,
    crate::model::Medium,
    crate::model::GateResult,
    crate::model::DeploymentResult,
    crate::model::OutcomeResult,
    crate::model::Relation,
    crate::model::Preventable,
    crate::model::CodeOwners,
    crate::model::PersonKind,
    crate::model::Classification,
    crate::model::WeekdayWord,
    crate::model::Party,
    crate::model::RollbackPart,
    crate::model::Event,
);

/// A list of leaves; one alone may stand without the brackets.
impl<T: Read> Read for Vec<Spanned<T>> {
    const KIND: Kind = Kind::List(&T::KIND);

    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Got<Self> {
        let Value::List(items) = &node.value else {
            return match T::read(node, reader) {
                Got::Is(value) => Got::Is(vec![Spanned { value, span: node.span }]),
                Got::Blank => Got::Blank,
                Got::Broken => Got::Broken,
            };
        };
        if items.is_empty() {
            return Got::Blank;
        }
        let mut list = Vec::with_capacity(items.len());
        let mut broken = false;
        for item in items {
            let read = if is_none_word(item) { Field::Blank(item.span) } else { field::<T>(item, reader) };
            match read {
                Field::Given(value, span) => list.push(Spanned { value, span }),
                Field::Broken(_) => broken = true,
                Field::Absent | Field::Blank(_) => {
                    broken = true;
                    reader.report(
                        Diagnostic::new(
                            &codes::BLANK_ITEM,
                            reader.file,
                            item.span,
                            "this item of the list says nothing",
                        )
                        .help("fill it in or take it out; where `none` is an answer, it stands in place of the list"),
                    );
                }
            }
        }
        if broken { Got::Broken } else { Got::Is(list) }
    }

    fn look(&self, span: Span) -> Look<'_> {
        Look::Value(span)
    }

    fn said(&self) -> Said<'_> {
        Said::List(self.iter().map(|item| item.value.said()).collect())
    }
}

impl Read for OpenFindings {
    const KIND: Kind = Kind::Keyed(Severity::WORDS, &Kind::Count);

    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Got<Self> {
        let Value::Map(entries) = &node.value else {
            reader.wrong(node, "a map of severities", "write it as `{critical: 0, high: 0}`");
            return Got::Broken;
        };
        let mut counts = Vec::with_capacity(entries.len());
        let mut broken = false;
        for entry in entries {
            let word = &*entry.key.text;
            if Severity::parse(word).is_none() {
                unknown_word(word, "a severity", Severity::WORDS.iter().copied(), entry.key.span, reader);
                broken = true;
            }
            match field::<u32>(&entry.value, reader) {
                Field::Given(n, _) => counts.push((Word::new(word), n)),
                Field::Broken(_) => broken = true,
                Field::Absent | Field::Blank(_) => {
                    broken = true;
                    reader.wrong(&entry.value, "a whole number", "write a number such as `0`");
                }
            }
        }
        if broken { Got::Broken } else { Got::Is(Self { counts, span: node.span }) }
    }

    fn said(&self) -> Said<'_> {
        Said::Counts(&self.counts)
    }
}

impl Read for () {
    const KIND: Kind = Kind::Free;

    fn read(_: &Node<'_>, _: &mut Reader<'_>) -> Got<Self> {
        Got::Is(())
    }
}
