//! A kind of check explained: its page of the reference as text for a terminal. Its markdown is our own and plain:
//! headings, paragraphs, lists, tables and fenced blocks.

use super::super::terminal::{Results, Terminal, Tone};
use crate::error::Result;
use crate::model::Ledger;
use crate::report::reference::{Page, Piece, is_finding, pieces, plain};

/// Prints a page, and in a site the rules that use the check.
pub(super) fn explain(page: &Page, ledger: Option<&Ledger>, terminal: &Terminal, out: &mut Results) -> Result<()> {
    for piece in pieces(page.text) {
        match piece {
            Piece::Prose(text) => out.put(&prose(text, terminal))?,
            Piece::Block { info, text, .. } => {
                let what = info.split_once(' ').map_or(info, |(_, what)| what);
                out.put(&format!("  {}\n{}\n", terminal.paint(Tone::Dim, &format!("{what}:")), block(text, terminal)))?;
            }
        }
    }
    let Some(ledger) = ledger.filter(|_| page.is_check()) else { return Ok(()) };
    let mut rules = Vec::new();
    for policy in &ledger.policies {
        let of_kind = policy.newest().rules.iter().filter(|r| r.check.key() == page.name);
        rules.extend(of_kind.map(|r| format!("{}/{}", policy.id, r.id)));
    }
    if rules.is_empty() {
        return out.put("no rule of this site uses it\n");
    }
    out.put(&format!("{}\n", terminal.paint(Tone::Strong, "rules of this site that use it")))?;
    rules.iter().try_for_each(|rule| out.put(&format!("  {rule}\n")))
}

/// A fenced block, indented; what it announces stands out.
pub(super) fn block(text: &str, terminal: &Terminal) -> String {
    text.lines()
        .map(|line| {
            let (code, comment) = match line.find("# ") {
                Some(at) if line[..at].trim().is_empty() || line[..at].ends_with("  ") => line.split_at(at),
                _ => (line, ""),
            };
            if comment.is_empty() {
                return format!("    {code}\n");
            }
            let tone = if is_finding(comment) { Tone::Care } else { Tone::Dim };
            format!("    {code}{}\n", terminal.paint(tone, comment))
        })
        .collect()
}

/// Headings in bold, paragraphs filled, lists and tables as they are.
fn prose(text: &str, terminal: &Terminal) -> String {
    let mut lines = Lines::new(terminal.width());
    for part in text.split("\n\n").map(|part| part.trim_matches('\n')).filter(|part| !part.is_empty()) {
        if let Some(heading) = part.strip_prefix('#') {
            let words = plain(heading.trim_start_matches('#').trim());
            lines.line(&terminal.paint(Tone::Strong, &words));
        } else if part.starts_with(['-', '|']) {
            part.lines().for_each(|line| lines.line(&plain(line)));
        } else {
            lines.paragraph("", &plain(part));
        }
        lines.line("");
    }
    lines.text()
}

/// Text filled to a width.
pub(super) struct Lines {
    width: usize,
    text: String,
}

impl Lines {
    pub(super) fn new(width: usize) -> Self {
        Self { width: width.min(100), text: String::new() }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Words after a label, filled, further lines indented as far as the label reaches.
    pub(super) fn paragraph(&mut self, label: &str, words: &str) {
        let indent = " ".repeat(label.chars().count());
        let mut line = label.to_owned();
        for word in words.split_whitespace() {
            let room = line.chars().count() + 1 + word.chars().count() <= self.width;
            if !room && line.trim() != label.trim() {
                self.line(line.trim_end());
                line.clone_from(&indent);
            }
            if line.len() > indent.len() && !line.ends_with(' ') {
                line.push(' ');
            }
            line.push_str(word);
        }
        self.line(&line);
    }

    pub(super) fn text(self) -> String {
        self.text
    }
}
