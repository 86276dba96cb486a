//! What cannot be read as an expression, and where.
//!
//! Every word of a text is looked at before it is parsed. The engine's parser swallows what it cannot read right after a
//! text in quotes (`change.risk == 'high' && …` would end before `&&`), and joins two texts that stand side by side.

use minijinja::machinery::{Token, tokenize};
use minijinja::syntax::SyntaxConfig;

use super::fault::Fault;
use crate::judge::codes;

/// The first thing in a text that is no word of an expression. `alone` where the text is one, and not words around some.
pub(super) fn unreadable(text: &str, alone: bool) -> Option<Fault> {
    let mut end = 0;
    let mut after_text = None;
    for token in tokenize(text, alone, SyntaxConfig::default()) {
        let (token, span) = match token {
            Ok(read) => read,
            Err(error) => {
                let start = end + text[end..].len() - text[end..].trim_start().len();
                let stop = text[start..].chars().next().map_or(start, |c| start + c.len_utf8());
                return Some(fault(text, (start, stop), error.detail().unwrap_or("this cannot be read")));
            }
        };
        let is_text = matches!(token, Token::Str(_) | Token::String(_));
        end = (span.end_offset as usize).clamp(end, text.len());
        if let (true, Some(start)) = (is_text, after_text) {
            let fault = Fault::new((start, end), &codes::EXPRESSION_SYNTAX, "two texts stand side by side");
            return Some(fault.help("put a comma between them"));
        }
        after_text = is_text.then_some(span.start_offset as usize);
    }
    None
}

/// What the parser says, at its place.
pub(super) fn said(text: &str, error: &minijinja::Error) -> Fault {
    let range =
        error.range().filter(|r| r.end <= text.len() && text.is_char_boundary(r.start)).unwrap_or(0..text.len());
    fault(text, (range.start, range.end), error.detail().unwrap_or("it cannot be read"))
}

fn fault(text: &str, at: (usize, usize), why: &str) -> Fault {
    let after = text[at.0..].trim_start();
    let help = match after.chars().next() {
        Some('&') => "write `and`",
        Some('|') => "write `or`",
        Some('=') => "write `==` to compare",
        Some('!') => "write `not`, or `!=`",
        _ => "write it as `change.risk == 'high' and change.gates|length > 0`",
    };
    let why = why.replace("template", "expression");
    Fault::new(at, &codes::EXPRESSION_SYNTAX, "this is no expression").label(why).help(help)
}
