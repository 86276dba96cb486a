//! Comparisons, sums and `in`: like with like only, order only where there is one.

use minijinja::Value;
use minijinja::machinery::ast::{BinOp, BinOpKind, Compare, CompareOpKind, Expr};

use super::check::{Checker, Part, Toward};
use super::fault::{Fault, extent};
use super::plan::instant;
use super::types::{Free, Type};
use crate::diag::suggest;
use crate::judge::codes;
use crate::model::{Duration, Severity, parse_day, parse_time};

/// How an operator is written.
pub(super) fn sign(op: BinOpKind) -> &'static str {
    match op {
        BinOpKind::Eq => "==",
        BinOpKind::Ne => "!=",
        BinOpKind::Lt => "<",
        BinOpKind::Lte => "<=",
        BinOpKind::Gt => ">",
        BinOpKind::Gte => ">=",
        _ => "in",
    }
}

impl Checker<'_, '_> {
    /// `a < b < c`, which asks `a < b` and `b < c`.
    pub(super) fn chain(&mut self, chain: &Compare<'_>, toward: Toward) -> Option<Part> {
        let mut left = &chain.expr;
        let mut texts = Vec::with_capacity(chain.ops.len());
        let mut whole = true;
        for link in &chain.ops {
            let (op, negated) = match link.op {
                CompareOpKind::Eq => (BinOpKind::Eq, false),
                CompareOpKind::Ne => (BinOpKind::Ne, false),
                CompareOpKind::Lt => (BinOpKind::Lt, false),
                CompareOpKind::Lte => (BinOpKind::Lte, false),
                CompareOpKind::Gt => (BinOpKind::Gt, false),
                CompareOpKind::Gte => (BinOpKind::Gte, false),
                CompareOpKind::In => (BinOpKind::In, false),
                CompareOpKind::NotIn => (BinOpKind::In, true),
            };
            let toward = if negated { toward.flipped() } else { toward };
            match self.comparison(&link.expr, op, left, &link.expr, toward) {
                Some(part) if negated => texts.push(format!("(not {})", part.text)),
                Some(part) => texts.push(part.text),
                None => whole = false,
            }
            left = &link.expr;
        }
        whole.then(|| Part::new(format!("({})", texts.join(" and ")), Type::Flag))
    }

    /// One comparison.
    pub(super) fn comparison(
        &mut self,
        whole: &Expr<'_>,
        op: BinOpKind,
        left: &Expr<'_>,
        right: &Expr<'_>,
        toward: Toward,
    ) -> Option<Part> {
        if matches!(op, BinOpKind::In) {
            return self.membership(left, right, toward);
        }
        let (toward_left, toward_right) = sides(op, left, right, toward);
        let (a, b) = (self.value(left, toward_left), self.value(right, toward_right));
        let (a, b) = (a?, b?);
        if a.type_ == Type::Nothing || b.type_ == Type::Nothing {
            return self.with_nothing(whole, op, &a, &b);
        }
        let (a, b) = match (&a.literal, &b.literal) {
            (Some(_), Some(_)) => return self.constant(whole, left, right),
            (Some(_), None) => (self.fit(left, &a, &b.type_)?, b),
            (None, Some(_)) => {
                let fitted = self.fit(right, &b, &a.type_)?;
                (a, fitted)
            }
            (None, None) => (a, b),
        };
        self.alike(left, right, &a, &b)?;
        let sign = sign(op);
        if !matches!(op, BinOpKind::Eq | BinOpKind::Ne) {
            if !a.type_.has_order() {
                return self.no_order(left, right, sign, &a.type_);
            }
            return Some(Part::new(format!("({} {sign} {})", self.there(&a), self.there(&b)), Type::Flag));
        }
        // What is not there equals nothing else that is, so that the answer comes by itself.
        let by_itself = matches!(op, BinOpKind::Ne);
        let both = a.may_lack.is_some() && b.may_lack.is_some();
        let text = if toward.unsafe_as(by_itself) {
            format!("({} {sign} {})", self.there(&a), self.there(&b))
        } else if both && toward.unsafe_as(!by_itself) {
            format!("({} {sign} {})", self.there(&a), b.text)
        } else {
            format!("({} {sign} {})", a.text, b.text)
        };
        Some(Part::new(text, Type::Flag))
    }

    fn with_nothing(&mut self, whole: &Expr<'_>, op: BinOpKind, a: &Part, b: &Part) -> Option<Part> {
        let other = if a.type_ == Type::Nothing { b } else { a };
        let negated = match op {
            BinOpKind::Eq => false,
            BinOpKind::Ne => true,
            _ => return self.refuse(whole, "`none` has no order", "ask whether the field is there: `is not none`"),
        };
        self.is_nothing(whole, other, negated)
    }

    /// Whether a part is not there.
    pub(super) fn is_nothing(&mut self, whole: &Expr<'_>, part: &Part, negated: bool) -> Option<Part> {
        match &part.type_ {
            Type::List(_) | Type::Rows(_) => {
                self.refuse(whole, "a list is always there", "ask how many it holds, as in `|length == 0`")
            }
            Type::Flag => self.refuse(whole, "a yes or no is always there", "where a record does not say, it is no"),
            _ if part.literal.is_some() => self.refuse(whole, "this is the same for every record", "name a field"),
            _ => {
                let word = if negated { "is not none" } else { "is none" };
                Some(Part::new(format!("({} {word})", part.text), Type::Flag))
            }
        }
    }

    fn constant<T>(&mut self, whole: &Expr<'_>, left: &Expr<'_>, right: &Expr<'_>) -> Option<T> {
        let at = (extent(left).0, extent(right).1.max(extent(whole).1));
        self.fault(
            Fault::new(at, &codes::EXPRESSION_REFUSED, "this is the same for every record")
                .label("no field of the record is compared here")
                .help("compare a field, as in `change.risk == 'high'`"),
        )
    }

    /// Both sides are of like types.
    fn alike(&mut self, left: &Expr<'_>, right: &Expr<'_>, a: &Part, b: &Part) -> Option<()> {
        if a.type_.like(&b.type_) {
            return Some(());
        }
        let at = (extent(left).0, extent(right).1);
        let help = match (&a.type_, &b.type_) {
            (Type::List(_), _) | (_, Type::List(_)) => "ask whether it is in the list, as in `'code' in change.kind`",
            (Type::Rows(_) | Type::Row(_) | Type::Document, _) | (_, Type::Rows(_) | Type::Row(_) | Type::Document) => {
                "compare a field of it"
            }
            _ => "compare values of one kind",
        };
        self.fault(
            Fault::new(at, &codes::EXPRESSION_TYPES, "two unlike things are compared")
                .label(format!("{} and {}", a.type_.name(), b.type_.name()))
                .help(help),
        )
    }

    fn no_order<T>(&mut self, left: &Expr<'_>, right: &Expr<'_>, sign: &str, type_: &Type) -> Option<T> {
        let help = match type_ {
            Type::Word(words) if !words.words.is_empty() => {
                let few: Vec<String> = words.words.iter().take(2).map(|w| format!("'{w}'")).collect();
                format!("name those you mean, as in `in [{}]`", few.join(", "))
            }
            _ => "numbers, instants and lengths of time have an order".to_owned(),
        };
        let at = (extent(left).0, extent(right).1);
        self.fault(
            Fault::new(at, &codes::EXPRESSION_TYPES, format!("`{sign}` asks for an order, and there is none"))
                .label(type_.name())
                .help(help),
        )
    }

    /// A literal beside something of a type: as that type has it.
    pub(super) fn fit(&mut self, expr: &Expr<'_>, literal: &Part, wanted: &Type) -> Option<Part> {
        let value = literal.literal.clone()?;
        let Some(text) = value.as_str() else { return Some(literal.clone()) };
        let fitted = match self.fitted(expr, text, wanted) {
            Ok(Some(fitted)) => fitted,
            Ok(None) => return Some(literal.clone()),
            Err(fault) => return self.fault(*fault),
        };
        let text = self.plan.constant(fitted);
        Some(Part { literal: literal.literal.clone(), ..Part::new(text, wanted.clone()) })
    }

    /// A literal's text as a value of a type; nothing where it stays text, which is then unlike.
    fn fitted(&self, expr: &Expr<'_>, text: &str, wanted: &Type) -> Result<Option<Value>, Box<Fault>> {
        let fault = |headline: String, help: String| {
            Err(Box::new(Fault::new(extent(expr), &codes::EXPRESSION_WORD, headline).help(help)))
        };
        match wanted {
            Type::Text(Free::Person | Free::Role | Free::Link) => Ok(Some(Value::from(text))),
            Type::Word(words) => {
                let all = words.words.iter().map(String::as_str);
                if !words.words.iter().any(|w| w == text) {
                    let help = if words.words.is_empty() {
                        "the policy defines none".to_owned()
                    } else {
                        suggest::help(text, all)
                    };
                    return fault(format!("`{text}` is not {}", words.what), help);
                }
                let ranked = words.words.iter().map(String::as_str).eq(Severity::WORDS.iter().copied());
                let word =
                    Severity::parse(text).filter(|_| ranked).map_or_else(|| text.to_owned(), |s| s.word().to_owned());
                Ok(Some(Value::from(word)))
            }
            Type::Instant => {
                let calendar = &self.schema.version.calendar;
                let at =
                    parse_time(text).or_else(|fault| parse_day(text).map(|d| calendar.start_of(d)).map_err(|_| fault));
                match at {
                    Ok(at) => Ok(Some(instant(at))),
                    Err(_) => fault(
                        format!("`{text}` is no time"),
                        "write `2026-08-03T09:12:00+10:00`, or a day, `2026-08-03`, for its start".to_owned(),
                    ),
                }
            }
            Type::Elapsed => match Duration::parse(text) {
                Some(Duration::Elapsed(seconds)) => Ok(Some(Value::from(i128::from(seconds) * 1_000_000_000))),
                Some(_) => fault(
                    format!("`{text}` is not elapsed time"),
                    "write minutes or hours; for days, months and business days write a rule with `deadline`"
                        .to_owned(),
                ),
                None => fault(format!("`{text}` is no length of time"), "write `15 minutes` or `24 hours`".to_owned()),
            },
            _ => Ok(None),
        }
    }

    /// `x in list`, and `'part' in text`.
    fn membership(&mut self, left: &Expr<'_>, right: &Expr<'_>, toward: Toward) -> Option<Part> {
        let (a, b) = (self.value(left, toward.either()), self.value(right, toward));
        let (a, b) = (a?, b?);
        match (&b.type_, &b.literal) {
            (Type::List(_), Some(items)) => self.in_literals(left, right, &a, items, toward),
            (Type::List(of), None) => {
                let a = if a.literal.is_some() { self.fit(left, &a, of)? } else { a };
                let one = Part::new(String::new(), (**of).clone());
                self.alike(left, right, &a, &one)?;
                let item = if toward.unsafe_as(false) { self.there(&a) } else { a.text.clone() };
                Some(Part::new(format!("({item} in {})", b.text), Type::Flag))
            }
            (Type::Text(Free::Text | Free::Link), None) if matches!(a.type_, Type::Text(Free::Text)) => {
                let text = if toward.unsafe_as(false) || a.may_lack.is_some() {
                    self.there(&b)
                } else {
                    let empty = self.plan.constant(Value::from(""));
                    format!("({}|or({empty}))", b.text)
                };
                let a = self.there(&a);
                Some(Part::new(format!("({a} in {text})"), Type::Flag))
            }
            (Type::Text(_), Some(_)) => self.refuse(
                right,
                "a list stands in brackets",
                "write `in ['a', 'b']`, with each word in quotes of its own",
            ),
            (Type::Rows(_), _) => self.refuse(
                right,
                "entries have fields, so nothing is in their list",
                "ask one of their fields: `in change.gates|map(attribute='gate')`",
            ),
            (other, _) => {
                let headline = format!("nothing can be in {}", other.name());
                self.refuse(right, headline, "`in` asks of a list, or of text in words")
            }
        }
    }

    fn in_literals(
        &mut self,
        left: &Expr<'_>,
        right: &Expr<'_>,
        a: &Part,
        items: &Value,
        toward: Toward,
    ) -> Option<Part> {
        if a.literal.is_some() {
            return self.constant(right, left, right);
        }
        let list = self.literals(right, items, &a.type_)?;
        let item = if toward.unsafe_as(false) { self.there(a) } else { a.text.clone() };
        Some(Part::new(format!("({item} in {list})"), Type::Flag))
    }

    /// A list of literals as values of one type: its lowered name.
    pub(super) fn literals(&mut self, expr: &Expr<'_>, items: &Value, type_: &Type) -> Option<String> {
        let parts: Vec<&Expr<'_>> = if let Expr::List(list) = expr { list.items.iter().collect() } else { Vec::new() };
        let mut values = Vec::new();
        let mut whole = true;
        for (number, item) in items.try_iter().ok()?.enumerate() {
            let at = parts.get(number).copied().unwrap_or(expr);
            let own = if item.as_str().is_some() { Type::Text(Free::Text) } else { Type::Number };
            let fitted = item.as_str().map_or(Ok(None), |text| self.fitted(at, text, type_));
            match fitted {
                Ok(Some(value)) => values.push(value),
                Ok(None) if own == *type_ => values.push(item),
                Ok(None) => {
                    whole = false;
                    self.alike(at, at, &Part::new(String::new(), type_.clone()), &Part::new(String::new(), own));
                }
                Err(fault) => {
                    whole = false;
                    self.faults.push(*fault);
                }
            }
        }
        whole.then(|| self.plan.constant(Value::from(values)))
    }

    /// Sums and differences of numbers, instants and lengths of time.
    pub(super) fn sum(&mut self, whole: &Expr<'_>, op: &BinOp<'_>, toward: Toward) -> Option<Part> {
        let minus = matches!(op.op, BinOpKind::Sub);
        let (a, b) =
            (self.value(&op.left, toward), self.value(&op.right, if minus { toward.flipped() } else { toward }));
        let (a, b) = (a?, b?);
        let length = |checker: &mut Self, expr: &Expr<'_>, part: Part| match &part.literal {
            Some(value) if value.as_str().is_some() => checker.fit(expr, &part, &Type::Elapsed),
            _ => Some(part),
        };
        let (a, b) = (length(self, &op.left, a), length(self, &op.right, b));
        let (a, b) = (a?, b?);
        let type_ = match (&a.type_, &b.type_, minus) {
            (Type::Number, Type::Number, _) => Type::Number,
            (Type::Instant, Type::Instant, true) => Type::Elapsed,
            (Type::Instant, Type::Elapsed, _) => Type::Instant,
            (Type::Elapsed, Type::Elapsed, _) => Type::Elapsed,
            _ => {
                let fault = Fault::new(extent(whole), &codes::EXPRESSION_TYPES, "these cannot be counted together")
                    .label(format!("{} and {}", a.type_.name(), b.type_.name()))
                    .help(
                        "count numbers, or instants: `change.events.deployed - change.events.approved <= '24 hours'`",
                    );
                return self.fault(fault);
            }
        };
        let sign = if minus { "-" } else { "+" };
        Some(Part::new(format!("({} {sign} {})", self.there(&a), self.there(&b)), type_))
    }
}

/// Which way the two sides of a comparison push. Counts are never below zero, so that `== 0` asks for few.
fn sides(op: BinOpKind, left: &Expr<'_>, right: &Expr<'_>, toward: Toward) -> (Toward, Toward) {
    let zero = |expr: &Expr<'_>| matches!(expr, Expr::Const(c) if c.value.as_i64() == Some(0));
    match op {
        BinOpKind::Gt | BinOpKind::Gte => (toward, toward.flipped()),
        BinOpKind::Lt | BinOpKind::Lte => (toward.flipped(), toward),
        BinOpKind::Eq if zero(right) => (toward.flipped(), toward),
        BinOpKind::Ne if zero(right) => (toward, toward),
        BinOpKind::Eq if zero(left) => (toward, toward.flipped()),
        BinOpKind::Ne if zero(left) => (toward, toward),
        _ => (toward.either(), toward.either()),
    }
}
