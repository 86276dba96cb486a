//! CSV (RFC 4180) into the trees that documents are read from: a map per row, its keys the cells of the first one.
//!
//! Read with places, so that a cell that cannot be taken over is named by line and column. A cell is text and nothing else:
//! what a spreadsheet would run as a formula is a text that begins with `=`.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::codes;
use crate::diag::{Diagnostic, Sink};
use crate::source::{FileId, Span};
use crate::yaml::{Entry, Key, Node, Scalar, Style, Value};

/// How many cells an export may hold.
const CELLS: usize = 4_000_000;

/// A cell: its text and where it stands.
type Cell<'s> = (Cow<'s, str>, Span);

/// All rows below the heading; nothing where the text is no table, which is reported.
pub(super) fn parse<'s>(text: &'s str, separator: char, file: FileId, sink: &mut Sink) -> Option<Vec<Node<'s>>> {
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, separator: separator as u8 };
    match reader.rows() {
        Ok(rows) => Some(rows),
        Err((span, headline, help)) => {
            sink.push(Diagnostic::new(&codes::SYNTAX, file, span, headline).help(help));
            None
        }
    }
}

type Fault = (Span, String, &'static str);

struct Reader<'s> {
    text: &'s str,
    bytes: &'s [u8],
    at: usize,
    separator: u8,
}

impl<'s> Reader<'s> {
    fn rows(&mut self) -> Result<Vec<Node<'s>>, Fault> {
        let mut rows = Vec::new();
        let mut cells = 0;
        let Some(mut heading) = self.row()? else { return Ok(rows) };
        for cell in &mut heading {
            cell.0 = Cow::Owned(cell.0.trim().to_owned());
        }
        let mut names = BTreeSet::new();
        if let Some((name, span)) = heading.iter().find(|(name, _)| !names.insert(name.as_ref())) {
            return Err((*span, format!("the column `{name}` stands twice"), "give each column a name of its own"));
        }
        while let Some(row) = self.row()? {
            cells += row.len();
            let start = row.first().map_or(self.at, |(_, span)| span.start as usize);
            let end = row.last().map_or(self.at, |(_, span)| span.end as usize);
            if row.len() != heading.len() {
                let headline = format!("this row has {} cells, and the first has {}", row.len(), heading.len());
                let help = "a cell that holds a comma or a line end stands in quotes; `separator` in the mapping file says what stands between cells";
                return Err((Span::new(start, end), headline, help));
            }
            if cells > CELLS {
                return Err((Span::new(start, end), format!("more than {CELLS} cells"), "import it in parts"));
            }
            let entry = |((name, span), (text, at)): (&Cell<'s>, Cell<'s>)| Entry {
                key: Key { text: name.clone(), span: *span },
                value: Node { span: at, value: Value::Scalar(Scalar { text, style: Style::DoubleQuoted }) },
            };
            let entries = heading.iter().zip(row).map(entry).collect();
            rows.push(Node { span: Span::new(start, end), value: Value::Map(entries) });
        }
        Ok(rows)
    }

    /// The cells of the next line that holds any; nothing at the end.
    fn row(&mut self) -> Result<Option<Vec<Cell<'s>>>, Fault> {
        while self.bytes.get(self.at) == Some(&b'\n') {
            self.at += 1;
        }
        if self.at >= self.bytes.len() {
            return Ok(None);
        }
        let mut cells = Vec::new();
        loop {
            cells.push(self.cell()?);
            match self.bytes.get(self.at) {
                Some(b) if *b == self.separator => self.at += 1,
                Some(b'\n') => {
                    self.at += 1;
                    return Ok(Some(cells));
                }
                None => return Ok(Some(cells)),
                Some(_) => {
                    let span = Span::at(self.at);
                    let help = "double each quote inside a cell in quotes";
                    return Err((span, "something stands behind the closing quote of a cell".to_owned(), help));
                }
            }
        }
    }

    fn cell(&mut self) -> Result<Cell<'s>, Fault> {
        let start = self.at;
        if self.bytes.get(start) != Some(&b'"') {
            let rest = &self.bytes[start..];
            let end =
                rest.iter().position(|b| *b == self.separator || *b == b'\n').map_or(self.text.len(), |n| start + n);
            self.at = end;
            return Ok((Cow::Borrowed(&self.text[start..end]), Span::new(start, end)));
        }
        let mut text = String::new();
        let mut from = start + 1;
        loop {
            let Some(quote) = self.bytes[from..].iter().position(|b| *b == b'"').map(|n| from + n) else {
                let help = "close it, and double each quote inside it";
                return Err((Span::new(start, start + 1), "a cell in quotes is not closed".to_owned(), help));
            };
            text.push_str(&self.text[from..quote]);
            if self.bytes.get(quote + 1) != Some(&b'"') {
                self.at = quote + 1;
                return Ok((Cow::Owned(text), Span::new(start, quote + 1)));
            }
            text.push('"');
            from = quote + 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceFile;

    #[test]
    fn cells_are_read_with_their_places() {
        let text = "id, name\n1,\"a, \"\"b\"\"\nc\"\n\n2,=1+1\n";
        let rows = parse(text, ',', FileId(0), &mut Sink::new()).expect("a table");
        assert_eq!(rows.len(), 2);
        let cell = |row: usize| rows[row].get("name").map(|n| (n.as_scalar().expect("text").text.to_string(), n.span));
        assert_eq!(cell(0).map(|c| c.0).as_deref(), Some("a, \"b\"\nc"));
        assert_eq!(cell(1).map(|c| c.1.of(text)), Some("=1+1"));
    }

    #[test]
    fn what_is_no_table_is_named_where_it_stands() {
        for (text, separator, expected) in [
            ("a,b\n1\n", ',', "2:1 this row has 1 cells"),
            ("a,b\n1,\"x\n", ',', "2:3 a cell in quotes is not closed"),
            ("a,b\n1,\"x\"y\n", ',', "2:6 something stands behind"),
            ("a;a\n", ';', "1:3 the column `a` stands twice"),
        ] {
            let mut sink = Sink::new();
            assert!(parse(text, separator, FileId(0), &mut sink).is_none());
            let finding = sink.into_sorted().remove(0);
            let crate::diag::Place::Text(at) = finding.place else { panic!("it has a place") };
            let (line, column) = SourceFile::from_text("x", text).line_column(at.span.start as usize);
            let said = format!("{line}:{column} {}", finding.headline);
            assert!(said.starts_with(expected), "{said}");
        }
    }
}
