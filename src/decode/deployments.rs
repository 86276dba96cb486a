//! Deployment logs: CSV with a header, or JSON lines. Both are read by one table, as every other document is, so that a
//! mistake is found at its line and column.
//!
//! A log belongs to whoever deploys, and says more than is asked of it: columns and keys of its own are left alone, unless
//! they look like a misspelling of one that counts.

use std::borrow::Cow;

use super::codes;
use super::reader::Reader;
use super::table::{Document, FieldDef, read_document, row};
use super::tables::document;
use crate::diag::{Diagnostic, Level, Sink, suggest};
use crate::model::{DeploymentLog, DeploymentResult, Field, LogEntry, Prose, Time, Word};
use crate::source::{FileId, Span};
use crate::yaml::{self, Entry, Key, Node, Scalar, Style, Value};

#[derive(Debug, Default)]
struct LogLine {
    at: Field<Time>,
    environment: Field<Word>,
    commit: Field<Word>,
    by: Field<Prose>,
    via: Field<Word>,
    result: Field<DeploymentResult>,
    id: Field<Prose>,
    span: Span,
}

document!(LogLine, "a logged deployment", [
    "at" => at: Time, required; "when, with its offset",
    "environment" => environment: Word, required; "where to, as in `production`",
    "commit" => commit: Word, required; "which commit, or which tag",
    "by" => by: Prose; "who set it off",
    "via" => via: Word; "through what, as in `pipeline`",
    "result" => result: DeploymentResult; "what it came to",
    "id" => id: Prose; "its id in the log",
]);

/// A log from its text: JSON lines where its first character is `{`, else CSV.
pub fn decode_deployments(file: FileId, text: &str, sink: &mut Sink) -> DeploymentLog {
    let mut log = Log { file, entries: Vec::new(), broken: false };
    if text.trim_start().starts_with('{') {
        log.json_lines(text, sink);
    } else {
        log.csv(text, sink);
    }
    let Log { file, entries, broken } = log;
    DeploymentLog { file, entries, broken }
}

struct Log {
    file: FileId,
    entries: Vec<LogEntry>,
    broken: bool,
}

impl Log {
    fn json_lines(&mut self, text: &str, sink: &mut Sink) {
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let at = start;
            start += line.len();
            if line.trim().is_empty() {
                continue;
            }
            let mut own = Sink::new();
            let documents = yaml::parse(line.trim_end_matches('\n'), at, self.file, &mut own);
            let broken = own.iter().any(|d| d.level == Level::Error);
            sink.append(own);
            match documents.first() {
                Some(document) if !broken => self.line(&document.root, sink),
                _ => self.broken = true,
            }
        }
    }

    fn csv(&mut self, text: &str, sink: &mut Sink) {
        let mut rows = Rows { text, at: 0 };
        let header = match rows.next() {
            Some(Ok(header)) => header,
            Some(Err(span)) => return self.unclosed(span, sink),
            None => {
                let headline = "the deployment log is empty";
                self.refuse(Span::at(0), headline, &format!("begin it with the line `{}`", header_line()), sink);
                return;
            }
        };
        let names: Vec<&'static str> = LogLine::table().iter().map(|def| def.shape.name).collect();
        let Some(columns) = self.columns(&header, &names, sink) else { return };
        for row in rows {
            match row {
                Err(span) => self.unclosed(span, sink),
                Ok(cells) if cells.len() == 1 && cells[0].0.trim().is_empty() => {}
                Ok(cells) if cells.len() != header.len() => {
                    let count = |n: usize| if n == 1 { "1 field".to_owned() } else { format!("{n} fields") };
                    let headline = format!("{} in a log of {}", count(cells.len()), count(header.len()));
                    self.refuse(whole(&cells), &headline, "give every line a field for each column; a field with a comma or a line end in it stands in double quotes", sink);
                }
                Ok(cells) => {
                    let span = whole(&cells);
                    let entries = columns.iter().map(|(number, name)| entry(header[*number].1, name, &cells[*number]));
                    self.line(&Node { span, value: Value::Map(entries.collect()) }, sink);
                }
            }
        }
    }

    /// Which column holds what; nothing where one is missing that has to be there.
    fn columns(
        &mut self,
        header: &[Cell<'_>],
        names: &[&'static str],
        sink: &mut Sink,
    ) -> Option<Vec<(usize, &'static str)>> {
        let mut columns: Vec<(usize, &'static str)> = Vec::new();
        let mut sound = true;
        for (number, (text, span)) in header.iter().enumerate() {
            let text = text.trim();
            let known = names.iter().find(|name| name.eq_ignore_ascii_case(text));
            if let Some(name) = known.filter(|name| columns.iter().any(|(_, other)| other == *name)) {
                self.refuse(*span, &format!("two columns are named `{name}`"), "rename one of them", sink);
                sound = false;
            } else if let Some(name) = known {
                columns.push((number, name));
            } else if let Some(near) = suggest::nearest(text, names.iter().copied()) {
                self.refuse(*span, &format!("no column is named `{text}`"), &format!("did you mean `{near}`?"), sink);
                sound = false;
            }
        }
        let required = LogLine::table().iter().filter(|def| def.shape.required).map(|def| def.shape.name);
        let missing: Vec<&str> = required.filter(|name| columns.iter().all(|(_, other)| other != name)).collect();
        if sound && !missing.is_empty() {
            let headline = format!("the deployment log has no column {}", suggest::list(&missing));
            let help = format!("its first line names the columns, as in `{}`", header_line());
            self.refuse(whole(header), &headline, &help, sink);
            sound = false;
        }
        sound.then_some(columns)
    }

    /// One deployment.
    fn line(&mut self, node: &Node<'_>, sink: &mut Sink) {
        let names = || LogLine::table().iter().map(|def| def.shape.name);
        let foreign = |key: &str| names().all(|name| name != key) && suggest::nearest(key, names()).is_none();
        let keys = node.as_map().unwrap_or_default().iter().map(|entry| entry.key.text.to_string());
        let ignored: Vec<String> = keys.filter(|key| foreign(key)).collect();
        let mut own = Sink::new();
        let mut line = LogLine::blank(node.span);
        read_document(&mut line, node, &mut Reader { file: self.file, sink: &mut own, ignored_keys: &ignored });
        let mistaken = own.iter().any(|d| d.level == Level::Error);
        sink.append(own);
        let entry = (!mistaken).then(|| line.entry()).flatten();
        self.broken |= entry.is_none();
        self.entries.extend(entry);
    }

    fn unclosed(&mut self, span: Span, sink: &mut Sink) {
        self.refuse(
            span,
            "a field in quotes never ends",
            "close it with `\"`; a quote inside it is written twice",
            sink,
        );
    }

    fn refuse(&mut self, span: Span, headline: &str, help: &str, sink: &mut Sink) {
        self.broken = true;
        sink.push(Diagnostic::new(&codes::LOG, self.file, span, headline).help(help));
    }
}

impl LogLine {
    fn entry(&self) -> Option<LogEntry> {
        Some(LogEntry {
            at: self.at.get()?.0,
            environment: self.environment.get()?.as_str().into(),
            commit: self.commit.get()?.as_str().into(),
            by: self.by.get().map(|p| p.as_str().into()),
            via: self.via.get().map(|w| w.as_str().into()),
            result: self.result.get().copied(),
            id: self.id.get().map(|p| p.as_str().into()),
            span: self.commit.span().unwrap_or(self.span),
        })
    }
}

/// The first line of a log that has all columns.
fn header_line() -> String {
    let names: Vec<&str> = LogLine::table().iter().map(|def| def.shape.name).collect();
    names.join(",")
}

/// A field of a line, without its quotes, and where it stands, with them.
type Cell<'t> = (Cow<'t, str>, Span);

fn whole(cells: &[Cell<'_>]) -> Span {
    let (first, last) = (cells.first().map_or(0, |c| c.1.start), cells.last().map_or(0, |c| c.1.end));
    Span { start: first, end: last }
}

fn entry<'t>(header: Span, name: &'static str, (text, span): &Cell<'t>) -> Entry<'t> {
    let text = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    };
    let scalar = Scalar { text, style: Style::DoubleQuoted };
    Entry {
        key: Key { text: Cow::Borrowed(name), span: header },
        value: Node { span: *span, value: Value::Scalar(scalar) },
    }
}

/// The lines of a CSV (RFC 4180), or where a quote was never closed.
struct Rows<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Iterator for Rows<'t> {
    type Item = Result<Vec<Cell<'t>>, Span>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.text.len() {
            return None;
        }
        let mut cells = Vec::new();
        loop {
            match self.cell() {
                Ok((cell, last)) => {
                    cells.push(cell);
                    if last {
                        return Some(Ok(cells));
                    }
                }
                Err(span) => return Some(Err(span)),
            }
        }
    }
}

impl<'t> Rows<'t> {
    /// The next field, and whether it is the last of its line.
    fn cell(&mut self) -> Result<(Cell<'t>, bool), Span> {
        let start = self.at;
        let rest = &self.text[start..];
        let text = if let Some(inside) = rest.strip_prefix('"') {
            let Some(end) = closing(inside) else {
                self.at = self.text.len();
                return Err(Span::new(start, start + 1));
            };
            self.at = start + end + 2;
            let text = &inside[..end];
            if text.contains('"') { Cow::Owned(text.replace("\"\"", "\"")) } else { Cow::Borrowed(text) }
        } else {
            let end = rest.find([',', '\n']).unwrap_or(rest.len());
            self.at = start + end;
            Cow::Borrowed(&rest[..end])
        };
        let span = Span::new(start, self.at);
        // What stands between a closing quote and the next comma belongs to nobody; it is blank or the quote was no end.
        let tail = &self.text[self.at..];
        let gap = tail.find([',', '\n']).unwrap_or(tail.len());
        if !tail[..gap].trim().is_empty() {
            self.at = self.text.len();
            return Err(Span::new(start, start + 1));
        }
        let last = tail.as_bytes()[gap..].first() != Some(&b',');
        self.at += gap + usize::from(gap < tail.len());
        Ok(((text, span), last))
    }
}

/// Where the quote is that ends a field; two in a row are one of its own.
fn closing(inside: &str) -> Option<usize> {
    let bytes = inside.as_bytes();
    let mut at = 0;
    loop {
        at += bytes.get(at..)?.iter().position(|b| *b == b'"')?;
        if bytes.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests;
