//! Rule expressions: `when`, `assert` and its `message`. Each is checked and made ready once, for the policy version it
//! stands in, and then asked of every record.
//!
//! The engine, `minijinja`, parses, evaluates and words; `check` stands between: it types the syntax tree, and what runs is
//! written by it alone. Not here: what a rule comes to (`checks/assert.rs`) and when it is due.

mod check;
mod compare;
mod engine;
mod examples;
mod fault;
mod filters;
mod message;
mod place;
mod plan;
mod prepare;
mod syntax;
#[cfg(test)]
mod tests;
mod types;

use std::sync::Arc;

use minijinja::Value;
use minijinja::machinery::parse_expr;

use super::case::Case;
use super::codes;
use super::verdict::Say;
use crate::model::{Expression, PolicyVersion};
use crate::source::Span;
use check::{Checker, Part, Toward};
use fault::Fault;
use plan::{Hindrance, Plan};
use types::{Schema, Type};

pub(super) use message::worded;
pub use prepare::{prepare, prepare_policy};

/// How long an expression or a message may be, in bytes.
const LONGEST: usize = 2_048;

/// How deep it may be nested.
const DEEPEST: usize = 40;

/// What an expression says of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// A field it reads has a mistake.
    Broken(Span),
    /// Only history could say.
    History,
    /// It compares with something the record does not say.
    Lacking(String),
    /// The engine gave up, and why.
    Failed(String),
    /// The expression itself has mistakes, already reported.
    Unsound,
}

/// What an expression is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// It says which records a rule is about.
    When,
    /// It is what a rule asks.
    Assert,
}

/// An expression made ready.
#[derive(Debug)]
struct Compiled {
    ready: engine::Ready,
    plan: Plan,
    constants: Arc<[Value]>,
    type_: Type,
}

impl Compiled {
    fn new(part: Part, mut plan: Plan, text: &str) -> Result<Self, Vec<Fault>> {
        let constants: Arc<[Value]> = std::mem::take(&mut plan.constants).into();
        match engine::compile(part.text) {
            Ok(ready) => Ok(Self { ready, plan, constants, type_: part.type_ }),
            Err(error) => Err(vec![Fault::new((0, text.len()), &codes::EXPRESSION_SYNTAX, error.to_string())]),
        }
    }

    /// What it comes to for a record.
    fn value(&self, case: &Case<'_>) -> Result<Value, Answer> {
        let values = self.plan.read(case, &self.constants).map_err(|hindrance| match hindrance {
            Hindrance::Broken(span) => Answer::Broken(span),
            Hindrance::History => Answer::History,
        })?;
        self.ready.eval(values).map_err(|error| match engine::not_there(&error) {
            Some(number) => Answer::Lacking(self.plan.asked.get(number).cloned().unwrap_or_default()),
            None => Answer::Failed(error.kind().to_string()),
        })
    }

    fn answer(&self, case: &Case<'_>) -> Answer {
        match self.value(case) {
            Ok(value) => match engine::flag(&value) {
                Some(true) => Answer::Yes,
                Some(false) => Answer::No,
                None => Answer::Failed("it came to neither true nor false".to_owned()),
            },
            Err(answer) => answer,
        }
    }
}

type Made = Result<Compiled, Vec<Fault>>;

fn made<'e>(expression: &'e Expression, version: &PolicyVersion, purpose: Purpose) -> &'e Made {
    expression.made(|| compile(&expression.text, &Schema::new(version), purpose))
}

/// Checks an expression and makes it ready.
fn compile(text: &str, schema: &Schema<'_>, purpose: Purpose) -> Made {
    let tree = parse(text)?;
    let mut checker = Checker::new(schema, false);
    let toward = if purpose == Purpose::When { Toward::Anyhow } else { Toward::Holding };
    let part = checker.truth(&tree, toward);
    let part = match part {
        Some(part) if checker.faults.is_empty() => part,
        _ => return Err(checker.faults),
    };
    let reads = if purpose == Purpose::When { !checker.plan.readings.is_empty() } else { checker.plan.reads_record() };
    if !reads {
        let fault = Fault::new((0, text.len()), &codes::EXPRESSION_REFUSED, "this reads nothing of the record")
            .help("compare a field, as in `change.risk == 'high'`");
        return Err(vec![fault]);
    }
    Compiled::new(part, checker.plan, text)
}

fn parse(text: &str) -> Result<minijinja::machinery::ast::Expr<'_>, Vec<Fault>> {
    let whole = (0, text.len());
    if text.len() > LONGEST {
        let headline = format!("an expression has at most {LONGEST} bytes, and this one {}", text.len());
        return Err(vec![
            Fault::new(whole, &codes::EXPRESSION_SIZE, headline).help("write several rules, each asking one thing"),
        ]);
    }
    if let Some(fault) = syntax::unreadable(text, true) {
        return Err(vec![fault]);
    }
    let tree = parse_expr(text).map_err(|error| vec![syntax::said(text, &error)])?;
    if fault::depth(&tree) > DEEPEST {
        let fault = Fault::new(whole, &codes::EXPRESSION_SIZE, "this expression is nested too deep");
        return Err(vec![fault.help("write several rules, each asking one thing")]);
    }
    Ok(tree)
}

/// What a rule's condition says of a record.
pub(super) fn applies(case: &Case<'_>, condition: &Expression) -> Answer {
    match made(condition, case.version, Purpose::When) {
        Ok(compiled) => compiled.answer(case),
        Err(_) => Answer::Unsound,
    }
}

/// What an asserted expression says of a record.
pub(super) fn asserted(case: &Case<'_>, expression: &Expression) -> Answer {
    match made(expression, case.version, Purpose::Assert) {
        Ok(compiled) => compiled.answer(case),
        Err(_) => Answer::Unsound,
    }
}

/// The fields an expression reads, as they are written after `change.`; events as `events.deployed`.
pub fn reads(expression: &Expression, version: &PolicyVersion, is_condition: bool) -> Vec<String> {
    let purpose = if is_condition { Purpose::When } else { Purpose::Assert };
    let Ok(compiled) = made(expression, version, purpose) else { return Vec::new() };
    let mut names = Vec::new();
    for reading in &compiled.plan.readings {
        match &reading.source {
            plan::Source::AsOf | plan::Source::Fixed(_) => {}
            plan::Source::Rows(_, columns) => {
                names.push(reading.name.clone());
                names.extend(columns.iter().filter_map(|(field, _)| {
                    let plan::Source::Rows(at, _) = &reading.source else { return None };
                    Some(format!("{}.{}", reading.name, types::name_in(at, field)))
                }));
            }
            _ => names.push(reading.name.clone()),
        }
    }
    names
}

/// Says everything an expression read, and points at the first of it that stands in the record.
pub(super) fn say(case: &Case<'_>, expression: &Expression, purpose_is_when: bool, say: &mut Say<'_>) {
    let purpose = if purpose_is_when { Purpose::When } else { Purpose::Assert };
    let Ok(compiled) = made(expression, case.version, purpose) else { return };
    if !say.listening() {
        return;
    }
    for reading in &compiled.plan.readings {
        say.fact(&reading.name, reading.place(case), || reading.shown(case));
    }
}

/// The most telling place: where the first of what it reads stands, and what it says there.
pub(super) fn telling(case: &Case<'_>, expression: &Expression) -> Option<(Span, String)> {
    let compiled = made(expression, case.version, Purpose::Assert).as_ref().ok()?;
    compiled.plan.readings.iter().find_map(|reading| {
        let span = reading.place(case)?;
        Some((span, format!("`{}`: {}", reading.name, reading.shown(case))))
    })
}

/// An expression as a message shows it: on one line, and not too long.
pub fn shown(expression: &Expression) -> String {
    let line = expression.text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > 120 { line.chars().take(117).chain("…".chars()).collect() } else { line }
}
