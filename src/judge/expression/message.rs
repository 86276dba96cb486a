//! `message`: what an `assert` says where it does not hold. Words, and expressions in `{{ }}` over the same names.
//!
//! The engine takes it apart; statements, comments and anything but plain values are refused. What it says is shown as text
//! and never read again as a template.

use minijinja::machinery::ast::Stmt;
use minijinja::machinery::parse;

use super::check::{Checker, Toward};
use super::fault::{Fault, extent};
use super::types::{Schema, Type};
use super::{Compiled, LONGEST, codes, syntax};
use crate::judge::case::Case;
use crate::model::{Expression, PolicyVersion};

/// How long what a message says may get, in characters.
const SAID: usize = 500;

/// A piece of a message.
#[derive(Debug)]
enum Piece {
    Words(String),
    Value(Box<Compiled>),
}

/// A message made ready.
#[derive(Debug)]
pub(super) struct Message(Vec<Piece>);

pub(super) type MadeMessage = Result<Message, Vec<Fault>>;

pub(super) fn made<'e>(message: &'e Expression, version: &PolicyVersion) -> &'e MadeMessage {
    message.made(|| compile(&message.text, &Schema::new(version)))
}

pub(super) fn compile(text: &str, schema: &Schema<'_>) -> MadeMessage {
    let whole = (0, text.len());
    if text.len() > LONGEST {
        let headline = format!("a message has at most {LONGEST} bytes, and this one {}", text.len());
        return Err(vec![Fault::new(whole, &codes::EXPRESSION_SIZE, headline).help("say it in a sentence")]);
    }
    if let Some(fault) = syntax::unreadable(text, false) {
        return Err(vec![fault]);
    }
    let tree = parse(text, "<message>", minijinja::syntax::SyntaxConfig::default())
        .map_err(|error| vec![syntax::said(text, &error)])?;
    let Stmt::Template(template) = &tree else { return Ok(Message(Vec::new())) };
    let mut pieces = Vec::with_capacity(template.children.len());
    let mut faults = Vec::new();
    for child in &template.children {
        match child {
            Stmt::EmitRaw(words) => pieces.push(Piece::Words(words.raw.to_owned())),
            Stmt::EmitExpr(emitted) => {
                if super::fault::depth(&emitted.expr) > super::DEEPEST {
                    let fault = Fault::new(extent(&emitted.expr), &codes::EXPRESSION_SIZE, "this is nested too deep");
                    return Err(vec![fault]);
                }
                let mut checker = Checker::new(schema, true);
                let part = checker.value(&emitted.expr, Toward::Anyhow);
                faults.append(&mut checker.faults);
                let Some(part) = part else { continue };
                if matches!(part.type_, Type::Document | Type::Row(_) | Type::Rows(_) | Type::Nothing) {
                    let name = part.type_.name();
                    let fault = Fault::new(extent(&emitted.expr), &codes::EXPRESSION_TYPES, "this cannot be shown");
                    faults.push(fault.label(name).help("show a field of it, or `|length`"));
                    continue;
                }
                match Compiled::new(part, checker.plan, text) {
                    Ok(compiled) => pieces.push(Piece::Value(Box::new(compiled))),
                    Err(mut more) => faults.append(&mut more),
                }
            }
            _ => {
                let help = "write words, and values in `{{ }}`, as in `{{ change.risk }}`";
                let fault = Fault::new(whole, &codes::EXPRESSION_REFUSED, "a message holds no statements");
                faults.push(fault.help(help));
                break;
            }
        }
    }
    if faults.is_empty() { Ok(Message(pieces)) } else { Err(faults) }
}

/// What a message says of a record; what cannot be said is a question mark.
pub(in crate::judge) fn worded(case: &Case<'_>, message: &Expression) -> Option<String> {
    let Ok(Message(pieces)) = made(message, case.version) else { return None };
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Words(words) => text.push_str(words),
            Piece::Value(value) => match value.value(case) {
                Ok(said) => text.push_str(&value.type_.shown(&said, case)),
                Err(_) => text.push('?'),
            },
        }
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.trim_end_matches('.');
    let cut: String = text.chars().take(SAID).collect();
    (!cut.is_empty()).then_some(cut)
}
