//! New documents of a site that is there: a change record with exactly the fields that its policy asks of its type, a
//! policy to write, a waiver to be approved.
//!
//! Pure: what is known comes in, a text goes out. Invariant: what nobody has said yet is a comment, never a value, so that
//! a fresh document states nothing and `check` finds no error in it. Lines that begin with `# ` are fields to be filled in,
//! those with `## ` explain.
//!
//! It deliberately does not read the site or the clock, nor write files.

mod asks;
mod change;
mod ids;
mod policy;
mod summary;
mod waiver;

pub use change::{NewChange, change};
pub use ids::{Neighbour, Place, next_id};
pub use policy::policy;
pub use waiver::{NewWaiver, waiver};

use jiff::civil::Date;

use crate::model::{Calendar, People};

/// A text as a YAML value on one line.
pub(super) fn scalar(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | ',' | '.' | '(' | ')' | '/' | '_' | '-' | '\'');
    let first = text.chars().next().is_some_and(char::is_alphabetic);
    let word = matches!(text, "true" | "false" | "null" | "none");
    if first && !word && text.chars().all(plain) && !text.ends_with(' ') {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// An instant in a calendar's zone with its offset, in whole seconds.
pub(super) fn instant(calendar: &Calendar, at: jiff::Timestamp) -> String {
    let at = jiff::Timestamp::from_second(at.as_second()).unwrap_or(at);
    let offset = calendar.zone.to_offset(at);
    if offset.seconds() % 60 == 0 && offset.seconds() != 0 {
        at.display_with_offset(offset).to_string()
    } else {
        at.to_string()
    }
}

/// Who holds a role on a day.
pub(super) fn holders<'p>(people: &'p People, role: &str, day: Date) -> Vec<&'p str> {
    let holds = |p: &&crate::model::PersonEntry| p.is_person() && p.held(role, day);
    people.entries.iter().filter(holds).filter_map(|p| p.id.get().map(crate::model::Id::as_str)).collect()
}

/// A text as lines of explanation, broken at words.
pub(super) fn explained(first: &str, text: &str) -> String {
    const WIDTH: usize = 112;
    let rest = format!("## {}", " ".repeat(first.chars().count().saturating_sub(3)));
    let mut out = String::new();
    let mut line = first.to_owned();
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            out.push_str(line.trim_end());
            out.push('\n');
            line.clone_from(&rest);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    out.push_str(line.trim_end());
    out.push('\n');
    out
}
