//! What is wrong with a template, and where. Knows the engine's errors only through their text and positions.

use std::fmt;

use super::{Error, ErrorKind, ReportError};

/// A mistake in a template, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// Path below `templates/`.
    pub template: String,
    /// From 1.
    pub line: usize,
    /// From 1.
    pub column: usize,
    /// What is wrong, in lower case, without a full stop.
    pub message: String,
}

impl TemplateError {
    /// A mistake of a whole template.
    pub(super) fn of(template: &str, message: &str) -> Self {
        Self { template: template.to_owned(), line: 1, column: 1, message: message.to_owned() }
    }

    /// A template that is not UTF-8.
    pub(super) fn not_text(template: &str, bytes: &[u8], at: usize) -> Self {
        let line = bytes[..at].split(|b| *b == b'\n').count();
        let column = 1 + bytes[..at].iter().rev().take_while(|b| **b != b'\n').count();
        Self { template: template.to_owned(), line, column, message: "this is not UTF-8 text".to_owned() }
    }

    /// What the engine said while it rendered `template`.
    pub(super) fn new(template: &str, error: &Error) -> Self {
        match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => Self::report(report),
            _ => Self::read(&error.to_string()).unwrap_or_else(|| Self::of(template, &plain(&error.to_string()))),
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
        Self {
            template: report.filename().to_owned(),
            line: span.start_line,
            column: span.start_col + 1,
            message: plain(report.message()),
        }
    }

    /// Reads one report that exists as text only: `error: …`, then `--> NAME:LINE:COLUMN`.
    fn read(report: &str) -> Option<Self> {
        let (message, rest) = report.split_once('\n')?;
        let place = rest.trim_start().strip_prefix("--> ")?.lines().next()?;
        let mut parts = place.rsplitn(3, ':');
        let column = parts.next()?.parse().ok()?;
        let line = parts.next()?.parse().ok()?;
        let template = parts.next()?.to_owned();
        Some(Self { template, line, column, message: plain(message.trim_start_matches("error: ")) })
    }
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
        let Self { template, line, column, message } = self;
        write!(f, "templates/{template}:{line}:{column}: {message}")
    }
}

impl std::error::Error for TemplateError {}
