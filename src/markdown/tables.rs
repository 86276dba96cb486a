//! Tables as HTML: in a box that scrolls by itself on narrow screens, reachable by keyboard and with a name.

use super::render::Page;
use super::{Clause, escape};
use pulldown_cmark::Alignment;
use std::fmt::Write as _;

/// How much of the heading above goes into a table's name.
const NAME: usize = 80;

/// The table that is open.
#[derive(Default)]
pub(super) struct Table {
    columns: Vec<Alignment>,
    column: usize,
    head: bool,
    /// `<tbody>` is open.
    body: bool,
    /// Where the open cell's tag and its content start.
    cell: (usize, usize),
    beside: Option<String>,
}

impl Page<'_, '_> {
    /// Opens a table and its box.
    pub(super) fn start_table(&mut self, columns: Vec<Alignment>) {
        self.tables += 1;
        self.table = Table { columns, ..Table::default() };
        self.out.push_str("<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"");
        escape::attribute(&mut self.out, self.options.table_label);
        write!(self.out, " {}", self.tables).expect("writing to a string does not fail");
        let above = self.sections.above;
        if !above.is_empty() {
            let end = above.char_indices().nth(NAME).map_or(above.len(), |(at, _)| at);
            self.out.push_str(": ");
            escape::attribute(&mut self.out, &above[..end]);
        }
        self.out.push_str("\">\n<table>\n");
    }

    /// Closes the table and its box.
    pub(super) fn end_table(&mut self) {
        self.out.push_str(if self.table.body { "</tbody>\n</table>\n</div>\n" } else { "</table>\n</div>\n" });
    }

    /// Opens a row.
    pub(super) fn start_row(&mut self, head: bool, clause: Option<&Clause>) {
        self.table.head = head;
        self.table.column = 0;
        if head {
            self.out.push_str("<thead>\n");
        } else if !std::mem::replace(&mut self.table.body, true) {
            self.out.push_str("<tbody>\n");
        }
        self.table.beside = self.open_clause("tr", clause);
    }

    /// Closes the row.
    pub(super) fn end_row(&mut self) {
        self.out.push_str(if self.table.head { "</tr>\n</thead>\n" } else { "</tr>\n" });
    }

    /// Opens a cell.
    pub(super) fn start_cell(&mut self) {
        let tag = self.out.len();
        self.out.push_str(if self.table.head { "<th scope=\"col\"" } else { "<td" });
        match self.table.columns.get(self.table.column) {
            Some(Alignment::Right) => self.out.push_str(" class=\"num\""),
            Some(Alignment::Center) => self.out.push_str(" class=\"mid\""),
            _ => {}
        }
        self.out.push('>');
        self.table.cell = (tag, self.out.len());
    }

    /// Closes the cell; the last one of a row holds what goes beside it.
    pub(super) fn end_cell(&mut self) {
        self.table.column += 1;
        if self.table.column == self.table.columns.len()
            && let Some(beside) = self.table.beside.take()
        {
            self.out.push_str(&beside);
        }
        let (tag, content) = self.table.cell;
        if !self.table.head {
            self.out.push_str("</td>");
        } else if self.out.len() > content {
            self.out.push_str("</th>");
        } else {
            // A header without words heads nothing.
            self.out.truncate(tag);
            self.out.push_str("<td></td>");
        }
    }
}
