//! The checker: walks the engine's own syntax tree, gives everything a type, refuses what would only seem to mean something,
//! and writes what it accepts down again for the engine, with numbered values for every path and literal. What it did not
//! write cannot run.
//!
//! An `assert` never holds because something is missing: where a comparison with a field that is not there would make it
//! hold, nobody can say. [`Toward`] says which way a part of the expression pushes the whole.

use minijinja::Value;
use minijinja::machinery::ast::{BinOpKind, Expr, UnaryOpKind};

use super::fault::{Fault, extent};
use super::plan::{FieldAt, Plan, Source};
use super::types::{Astray, Named, Schema, Type};
use crate::diag::{Code, suggest};
use crate::judge::codes;
use crate::model::{Event, Vocabulary};

/// Which way a part pushes the whole expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Toward {
    /// The truer, or the more, the more it holds.
    Holding,
    /// The other way.
    Failing,
    /// Either way.
    Both,
    /// It does not matter: a condition says which records are judged, and holds of none by itself.
    Anyhow,
}

impl Toward {
    pub(super) fn flipped(self) -> Self {
        match self {
            Self::Holding => Self::Failing,
            Self::Failing => Self::Holding,
            other => other,
        }
    }

    pub(super) fn either(self) -> Self {
        if self == Self::Anyhow { self } else { Self::Both }
    }

    /// Whether an answer of its own accord would be unsafe, where `true` is what nothing gives.
    pub(super) fn unsafe_as(self, answer: bool) -> bool {
        match self {
            Self::Anyhow => false,
            Self::Both => true,
            Self::Holding => answer,
            Self::Failing => !answer,
        }
    }
}

/// A part that was accepted.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// As the engine gets it.
    pub(super) text: String,
    pub(super) type_: Type,
    /// What it is called where it turns out not to be there; nothing where it always is.
    pub(super) may_lack: Option<String>,
    /// Its text, number or answer, where it stands in the expression itself.
    pub(super) literal: Option<Value>,
}

impl Part {
    pub(super) fn new(text: String, type_: Type) -> Self {
        Self { text, type_, may_lack: None, literal: None }
    }
}

/// The checker of one expression.
pub(super) struct Checker<'c, 'l> {
    pub(super) schema: &'c Schema<'l>,
    pub(super) plan: Plan,
    pub(super) faults: Vec<Fault>,
    /// Lists of text may be joined: in messages.
    pub(super) for_message: bool,
}

impl<'c, 'l> Checker<'c, 'l> {
    pub(super) fn new(schema: &'c Schema<'l>, for_message: bool) -> Self {
        Self { schema, plan: Plan::default(), faults: Vec::new(), for_message }
    }

    /// Notes a mistake; what it is part of is then not looked at.
    pub(super) fn fault<T>(&mut self, fault: Fault) -> Option<T> {
        self.faults.push(fault);
        None
    }

    pub(super) fn refuse<T>(&mut self, expr: &Expr<'_>, headline: impl Into<String>, help: &str) -> Option<T> {
        self.fault(Fault::new(extent(expr), &codes::EXPRESSION_REFUSED, headline).help(help))
    }

    /// A part that must be yes or no.
    pub(super) fn truth(&mut self, expr: &Expr<'_>, toward: Toward) -> Option<Part> {
        let part = self.value(expr, toward)?;
        if part.type_ == Type::Flag {
            return Some(part);
        }
        let help = match &part.type_ {
            Type::List(_) | Type::Rows(_) => "ask how many there are, as in `change.gates|length > 0`",
            Type::Document | Type::Row(_) => "ask whether it is there: `is not none`",
            _ => "compare it with something, as in `change.risk == 'high'`, or ask whether it is there: `is not none`",
        };
        let fault = Fault::new(extent(expr), &codes::EXPRESSION_RESULT, "this is neither true nor false")
            .label(format!("{}, not yes or no", part.type_.name()))
            .help(help);
        self.fault(fault)
    }

    /// Any part.
    pub(super) fn value(&mut self, expr: &Expr<'_>, toward: Toward) -> Option<Part> {
        match expr {
            Expr::Var(_) | Expr::GetAttr(_) | Expr::GetItem(_) => self.path(expr, toward),
            Expr::Const(c) => self.literal(expr, &c.value),
            Expr::List(list) => self.list(expr, &list.items),
            Expr::UnaryOp(op) => match op.op {
                UnaryOpKind::Not => {
                    let inner = self.truth(&op.expr, toward.flipped())?;
                    Some(Part::new(format!("(not {})", inner.text), Type::Flag))
                }
                UnaryOpKind::Neg => self.refuse(expr, "a number cannot be turned around here", "write it without `-`"),
            },
            Expr::BinOp(op) => match op.op {
                BinOpKind::ScAnd | BinOpKind::ScOr => {
                    let word = if matches!(op.op, BinOpKind::ScAnd) { "and" } else { "or" };
                    let (left, right) = (self.truth(&op.left, toward), self.truth(&op.right, toward));
                    Some(Part::new(format!("({} {word} {})", left?.text, right?.text), Type::Flag))
                }
                BinOpKind::Add | BinOpKind::Sub => self.sum(expr, op, toward),
                BinOpKind::Mul | BinOpKind::Div | BinOpKind::FloorDiv | BinOpKind::Rem | BinOpKind::Pow => {
                    self.refuse(expr, "this operator is not allowed in rules", "count with `+` and `-` only")
                }
                BinOpKind::Concat => self.refuse(
                    expr,
                    "`~` is not allowed in rules",
                    "compare the parts one by one; in a `message`, put each part in `{{ }}` of its own",
                ),
                other => self.comparison(expr, other, &op.left, &op.right, toward),
            },
            Expr::Compare(chain) => self.chain(chain, toward),
            Expr::Filter(filter) => self.filter(expr, filter, toward),
            Expr::Test(test) => self.test(expr, test, toward),
            Expr::IfExpr(_) => {
                self.refuse(expr, "`if` is not allowed in rules", "say it with `and`, `or` and `not`, or write two rules")
            }
            Expr::Call(_) => self.refuse(
                expr,
                "there are no functions to call",
                "use a filter, as in `change.gates|length`; the filters are listed under `tickmark explain expression/not-allowed`",
            ),
            Expr::Slice(_) => self.refuse(expr, "parts of a list cannot be taken", "use `first`, `last` or `selectattr`"),
            Expr::Tuple(_) => self.refuse(expr, "a list stands in brackets", "write `['a', 'b']`"),
            Expr::Map(_) => self.refuse(expr, "maps cannot be written here", "compare the fields one by one"),
        }
    }

    fn literal(&mut self, expr: &Expr<'_>, value: &Value) -> Option<Part> {
        if value.is_none() {
            return Some(Part::new("none".to_owned(), Type::Nothing));
        }
        if let Some(flag) = super::engine::flag(value) {
            let part = Part::new(flag.to_string(), Type::Flag);
            return Some(Part { literal: Some(value.clone()), ..part });
        }
        if value.as_str().is_some() {
            let text = self.plan.constant(value.clone());
            let part = Part::new(text, Type::Text(super::types::Free::Text));
            return Some(Part { literal: Some(value.clone()), ..part });
        }
        match value.as_i64().filter(|n| value.is_integer() && (0..=1_000_000_000).contains(n)) {
            Some(n) => Some(Part { literal: Some(value.clone()), ..Part::new(n.to_string(), Type::Number) }),
            None => self.refuse(expr, "this number cannot stand in a rule", "numbers are whole, from 0 to 1000000000"),
        }
    }

    /// A list of literals, for `in`.
    fn list(&mut self, expr: &Expr<'_>, items: &[Expr<'_>]) -> Option<Part> {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            match item {
                Expr::Const(c) if c.value.as_str().is_some() || c.value.is_integer() => values.push(c.value.clone()),
                other => {
                    return self.refuse(other, "a list holds words or numbers only", "write them out: `['a', 'b']`");
                }
            }
        }
        if values.is_empty() {
            return self.refuse(expr, "this list is empty, so nothing is in it", "write the words out: `['a', 'b']`");
        }
        let part = Part::new(String::new(), Type::List(Box::new(Type::Nothing)));
        Some(Part { literal: Some(Value::from(values)), ..part })
    }

    fn path(&mut self, expr: &Expr<'_>, toward: Toward) -> Option<Part> {
        let mut steps = Vec::new();
        let base = self.steps(expr, &mut steps)?;
        let Expr::Var(root) = base else { return self.field_of_row(base, &steps, toward) };
        let names: Vec<&str> = steps.iter().map(|s| s.0.as_str()).collect();
        match root.id {
            "change" => self.of_change(expr, &steps, &names),
            "policy" => self.of_policy(expr, &steps, &names),
            "as_of" if names.is_empty() => Some(self.read("as_of", Source::AsOf, Type::Instant, false)),
            "as_of" => self.refuse(expr, "`as_of` is an instant and has no fields", "compare it as it is"),
            other => {
                let near = match other {
                    _ if self.schema.fields().contains(&other) => format!("write `change.{other}`"),
                    _ => suggest::help(other, ["change", "policy", "as_of"]),
                };
                let fault = Fault::new(extent(base), &codes::EXPRESSION_NAME, format!("nothing is called `{other}`"));
                self.fault(fault.label("expressions speak of `change`, `policy` and `as_of`").help(near))
            }
        }
    }

    /// The steps of a path, from its base outward, each with its place.
    fn steps<'e, 's>(&mut self, expr: &'e Expr<'s>, steps: &mut Vec<(String, (usize, usize))>) -> Option<&'e Expr<'s>> {
        match expr {
            Expr::GetAttr(step) => {
                let base = self.steps(&step.expr, steps)?;
                let end = extent(expr).1;
                steps.push((step.name.to_owned(), (end.saturating_sub(step.name.len()), end)));
                Some(base)
            }
            Expr::GetItem(step) => {
                let base = self.steps(&step.expr, steps)?;
                let Expr::Const(key) = &step.subscript_expr else {
                    return self.refuse(expr, "only a name in quotes can stand in brackets", "write it as `['name']`");
                };
                let Some(name) = key.value.as_str() else {
                    return self.refuse(expr, "entries of a list have no numbers here", "use `|first` or `|last`");
                };
                steps.push((name.to_owned(), extent(&step.subscript_expr)));
                Some(base)
            }
            other => Some(other),
        }
    }

    fn astray<T>(&mut self, astray: Astray, steps: &[(String, (usize, usize))], code: &'static Code) -> Option<T> {
        let at = steps.get(astray.part).or(steps.last()).map_or((0, 0), |s| s.1);
        self.fault(Fault::new(at, code, astray.headline).help(astray.help))
    }

    fn of_change(&mut self, expr: &Expr<'_>, steps: &[(String, (usize, usize))], names: &[&str]) -> Option<Part> {
        if names.is_empty() {
            return self.refuse(expr, "`change` is the whole record", "name a field of it, as in `change.risk`");
        }
        let full = names.join(".");
        if names[0] == "events" {
            return self.of_events(expr, steps, names, &full);
        }
        match self.schema.follow(names) {
            Err(astray) => self.astray(astray, steps, &codes::EXPRESSION_NAME),
            Ok(Named::Field(at, type_)) => {
                let certain = matches!(type_, Type::Flag | Type::List(_)) || (at.required && names.len() == 1);
                Some(self.read(&full, Source::Field(at), type_, !certain))
            }
            Ok(Named::Document(at)) => Some(self.read(&full, Source::Presence(at), Type::Document, true)),
            Ok(Named::Rows(at)) => {
                let number = self.plan.reading(&full, Source::Rows(at, Vec::new()), Type::Nothing);
                Some(Part::new(format!("v{number}"), Type::Rows(number)))
            }
        }
    }

    fn of_events(
        &mut self,
        expr: &Expr<'_>,
        steps: &[(String, (usize, usize))],
        names: &[&str],
        full: &str,
    ) -> Option<Part> {
        let Some(name) = names.get(1) else {
            return self.refuse(expr, "`change.events` holds every event", "name one, as in `change.events.deployed`");
        };
        let Some(event) = Schema::event(name) else {
            let fault = Fault::new(steps[1].1, &codes::EXPRESSION_NAME, format!("`{name}` is not an event"))
                .help(suggest::help(name, Event::WORDS.iter().copied()));
            return self.fault(fault);
        };
        if names.len() > 2 {
            return self.refuse(expr, "an event is an instant and has no fields", "compare it as it is");
        }
        Some(self.read(full, Source::Event(event), Type::Instant, true))
    }

    fn of_policy(&mut self, expr: &Expr<'_>, steps: &[(String, (usize, usize))], names: &[&str]) -> Option<Part> {
        let [name] = names else {
            return self.refuse(expr, "`policy` is known by its fields", "write `policy.version`, or another of them");
        };
        let Some((value, type_)) = self.schema.policy(name) else {
            let fault = Fault::new(steps[0].1, &codes::EXPRESSION_NAME, format!("policies have no `{name}` here"))
                .help(suggest::help(name, Schema::POLICY));
            return self.fault(fault);
        };
        Some(self.read(&format!("policy.{name}"), Source::Fixed(value), type_, *name == "effective"))
    }

    fn read(&mut self, name: &str, source: Source, type_: Type, may_lack: bool) -> Part {
        let number = self.plan.reading(name, source, type_.clone());
        let part = Part::new(format!("v{number}"), type_);
        Part { may_lack: may_lack.then(|| name.to_owned()), ..part }
    }

    /// A field of one entry of a list, as in `(change.gates|first).result`.
    fn field_of_row(&mut self, base: &Expr<'_>, steps: &[(String, (usize, usize))], toward: Toward) -> Option<Part> {
        let part = self.value(base, toward)?;
        let Type::Row(rows) = part.type_ else {
            let help = "name a field of `change`, as in `change.risk`";
            return self.refuse(base, format!("{} has no fields", part.type_.name()), help);
        };
        let names: Vec<&str> = steps.iter().map(|s| s.0.as_str()).collect();
        let (column, type_, name) = self.column(rows, &names, |part| steps[part].1)?;
        let part = Part::new(format!("({}|cell({column}))", part.text), type_);
        Some(Part { may_lack: Some(name), ..part })
    }

    /// A field of the entries of a list: its number, its type, its name.
    pub(super) fn column(
        &mut self,
        rows: usize,
        names: &[&str],
        place: impl Fn(usize) -> (usize, usize),
    ) -> Option<(usize, Type, String)> {
        let reading = &self.plan.readings[rows];
        let Source::Rows(at, _) = &reading.source else { return None };
        let name = format!("{}.{}", reading.name, names.join("."));
        match self.schema.follow_in(at, names) {
            Err(astray) => {
                let at = place(astray.part.min(names.len() - 1));
                self.fault(Fault::new(at, &codes::EXPRESSION_NAME, astray.headline).help(astray.help))
            }
            Ok(Named::Field(field, type_)) => Some((self.plan.column(rows, &field, &type_), type_, name)),
            Ok(Named::Document(_) | Named::Rows(_)) => {
                let fault = Fault::new(place(0), &codes::EXPRESSION_REFUSED, format!("`{name}` is not one value"));
                self.fault(fault.help("name a field of it"))
            }
        }
    }

    /// The number of the reading a list of entries comes from; its fields say which are required.
    pub(super) fn required(&self, rows: usize, names: &[&str]) -> bool {
        let Source::Rows(at, _) = &self.plan.readings[rows].source else { return false };
        matches!(self.schema.follow_in(at, names), Ok(Named::Field(FieldAt { required: true, .. }, _)))
    }

    /// A part that must be there for anything to be said.
    pub(super) fn there(&mut self, part: &Part) -> String {
        match &part.may_lack {
            Some(name) => {
                let number = self.plan.must_be_there(name);
                format!("({}|there({number}))", part.text)
            }
            None => part.text.clone(),
        }
    }
}
