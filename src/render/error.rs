//! What is wrong with a template, and where. Knows the engine's errors only through their text and positions.

use std::fmt;

use super::{Error, ErrorKind, ReportError, bounds};
use crate::diag::suggest;

/// A template, a line and a column.
pub(super) type Spot = (String, usize, usize);

/// What kind of mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The engine cannot do what is asked.
    Template,
    /// No language has the phrase.
    UnknownPhrase,
}

/// A mistake in a template, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// Path below `templates/`.
    pub template: String,
    /// From 1; 0 where only the template is known.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// How many characters it takes; 0 where that is not known.
    pub width: usize,
    /// What is wrong, in lower case, without a full stop.
    pub message: String,
    /// What to do; may be empty.
    pub help: String,
    /// What kind of mistake.
    pub kind: Kind,
    /// Where what failed was called from, the nearest first.
    pub(super) from: Box<[Spot]>,
}

impl TemplateError {
    /// A mistake of a whole template.
    pub(super) fn of(template: &str, message: &str) -> Self {
        Self::at(template, (0, 1, 0), message)
    }

    /// Where it stands.
    pub(super) fn spot(&self) -> Spot {
        (self.template.clone(), self.line, self.column)
    }

    fn at(template: &str, (line, column, width): (usize, usize, usize), message: &str) -> Self {
        let (template, message) = (template.to_owned(), message.to_owned());
        Self { template, line, column, width, message, help: String::new(), kind: Kind::Template, from: Box::default() }
    }

    /// A template that is not UTF-8.
    pub(super) fn not_text(template: &str, bytes: &[u8], at: usize) -> Self {
        let line = bytes[..at].split(|b| *b == b'\n').count();
        let column = 1 + bytes[..at].iter().rev().take_while(|b| **b != b'\n').count();
        Self::at(template, (line, column, 0), "this is not UTF-8 text")
    }

    /// What the engine said while it rendered `template`.
    pub(super) fn new(template: &str, error: &Error) -> Self {
        match error.kind() {
            ErrorKind::SyntaxError(report) => Self::report(report),
            ErrorKind::RenderingError(report) => {
                let text = error.to_string();
                let from = text.lines().filter_map(|line| spot(line.strip_prefix("note: called from ")?)).collect();
                Self { from, ..Self::report(report) }
            }
            _ => Self::read(&error.to_string()).unwrap_or_else(|| Self::of(template, &told(&error.to_string()).0)),
        }
    }

    /// The engine's complaint about the syntax of one template; none if it complains about something else.
    pub(super) fn syntax(error: &Error) -> Option<Self> {
        match error.kind() {
            ErrorKind::SyntaxError(report) => Some(Self::report(report)),
            _ => None,
        }
    }

    /// Everything the engine said about templates that it read together.
    pub(super) fn all(error: &Error) -> Vec<Self> {
        let text = error.to_string();
        let reports: Vec<Self> = text.split("\n\nerror: ").filter_map(Self::read).collect();
        if !reports.is_empty() {
            return reports;
        }
        let template = match error.kind() {
            ErrorKind::CircularExtend { tpl, .. } | ErrorKind::CircularInclude { tpl, .. } => tpl,
            ErrorKind::MissingParent { current, .. } => current,
            _ => "templates",
        };
        vec![Self::new(template, error)]
    }

    fn report(report: &ReportError) -> Self {
        let span = report.span();
        let width = if span.end_line == span.start_line { span.end_col.saturating_sub(span.start_col) } else { 0 };
        let place = (span.start_line, span.start_col + 1, width);
        let (message, help) = told(report.message());
        Self { help, ..Self::at(report.filename(), place, &message) }
    }

    /// Reads one report that exists as text only: `error: …`, then `--> NAME:LINE:COLUMN`.
    fn read(report: &str) -> Option<Self> {
        let (message, rest) = report.split_once('\n')?;
        let (template, line, column) = spot(rest.trim_start().strip_prefix("--> ")?.lines().next()?)?;
        let (message, help) = told(message.trim_start_matches("error: "));
        Some(Self { help, ..Self::at(&template, (line, column, 0), &message) })
    }
}

/// Reads `NAME:LINE:COLUMN`.
fn spot(place: &str) -> Option<Spot> {
    let mut parts = place.rsplitn(3, ':');
    let column = parts.next()?.parse().ok()?;
    let line = parts.next()?.parse().ok()?;
    Some((parts.next()?.to_owned(), line, column))
}

/// What the engine says in this program's words, and what may have been meant.
fn told(message: &str) -> (String, String) {
    for (kind, noun) in [("Field `", "field"), ("Variable `", "variable")] {
        let named = message.strip_prefix(kind).and_then(|rest| rest.split_once("` is not defined"));
        if let Some((name, rest)) = named {
            let known = rest.split_once(": ").map_or("", |(_, known)| known.lines().next().unwrap_or_default());
            let mut known: Vec<&str> = known.split(", ").filter(|word| !word.is_empty()).collect();
            known.sort_unstable();
            return (format!("there is no {noun} `{name}` here"), suggest::help(name, known.iter().copied()));
        }
    }
    if message.starts_with("Maximum render recursion depth") {
        return (bounds::ENDLESS.to_owned(), String::new());
    }
    (plain(message), String::new())
}

/// A message as this program words them: lower case at the start, no full stop, one line.
fn plain(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default().trim_end_matches('.');
    let mut letters = line.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { template, line, column, message, .. } = self;
        match line {
            0 => write!(f, "templates/{template}: {message}"),
            _ => write!(f, "templates/{template}:{line}:{column}: {message}"),
        }
    }
}

impl std::error::Error for TemplateError {}
