//! The words of a text without any marks, for search and feeds. One line per piece of running text.

use super::outline::name_at;
use super::walk::Walk;
use crate::source::Span;
use pulldown_cmark::{Event, Tag, TagEnd};

/// The words of a text: no marks, no comments, no HTML.
pub fn plain(text: &str, body: Span) -> String {
    let mut out = String::with_capacity(body.len());
    let mut cells = false;
    for (event, _) in Walk::new(text, body) {
        match event {
            Event::Text(words) | Event::Code(words) => {
                if std::mem::take(&mut cells) && !out.is_empty() && !out.ends_with('\n') {
                    out.push(' ');
                }
                out.extend(words.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }));
            }
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            Event::Start(Tag::TableCell) => cells = true,
            Event::End(TagEnd::Heading(_)) => {
                line(&mut out);
                let start = out.trim_end().rfind('\n').map_or(0, |at| at + 1);
                if let Some(at) = name_at(out[start..].trim_end()) {
                    out.truncate(start + at);
                    line(&mut out);
                }
            }
            Event::Start(Tag::Item | Tag::List(_) | Tag::BlockQuote(_))
            | Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::TableHead | TagEnd::TableRow | TagEnd::CodeBlock) =>
            {
                line(&mut out);
            }
            _ => {}
        }
    }
    line(&mut out);
    out
}

fn line(out: &mut String) {
    out.truncate(out.trim_end().len());
    if !out.is_empty() {
        out.push('\n');
    }
}
