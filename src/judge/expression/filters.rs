//! Filters and tests: the few there are, each with its types. Attribute names and words in them are checked as elsewhere.

use minijinja::Value;
use minijinja::machinery::ast::{CallArg, Expr, Filter, Test};

use super::check::{Checker, Part, Toward};
use super::engine::{Asks, Manner};
use super::fault::{Fault, extent};
use super::types::{Free, Type};
use crate::diag::suggest;
use crate::judge::codes;

/// The filters there are.
pub(super) const FILTERS: [&str; 14] = [
    "length",
    "selectattr",
    "rejectattr",
    "select",
    "reject",
    "map",
    "unique",
    "first",
    "last",
    "min",
    "max",
    "default",
    "lower",
    "join",
];

/// The tests of selections, by the names the engine gives them.
const TESTS: [(&str, Asks); 16] = [
    ("==", Asks::Equal),
    ("eq", Asks::Equal),
    ("equalto", Asks::Equal),
    ("!=", Asks::Unequal),
    ("ne", Asks::Unequal),
    ("<", Asks::Less),
    ("lt", Asks::Less),
    ("<=", Asks::AtMost),
    ("le", Asks::AtMost),
    (">", Asks::Greater),
    ("gt", Asks::Greater),
    (">=", Asks::AtLeast),
    ("ge", Asks::AtLeast),
    ("in", Asks::In),
    ("none", Asks::Missing),
    ("is none", Asks::Missing),
];

impl Checker<'_, '_> {
    /// `is none` and `is not none`; the latter comes as a negation.
    pub(super) fn test(&mut self, expr: &Expr<'_>, test: &Test<'_>, toward: Toward) -> Option<Part> {
        let span = expr.span();
        let at = (span.start_offset as usize, span.start_offset as usize + test.name.len());
        let help = match test.name {
            "none" if test.args.is_empty() => {
                let part = self.value(&test.expr, toward.either())?;
                return self.is_nothing(expr, &part, false);
            }
            "defined" | "undefined" => {
                "every field is defined, whether or not the record states it; ask `is not none`".to_owned()
            }
            "in" | "eq" | "equalto" | "ne" | "lt" | "le" | "gt" | "ge" | "==" | "!=" => {
                "write it as an operator: `==`, `!=`, `<`, `in` …".to_owned()
            }
            "true" | "false" => "use the value as it is, or `not` before it".to_owned(),
            _ => "the only question after `is` is `none`, as in `change.closed_at is not none`".to_owned(),
        };
        let fault = Fault::new(at, &codes::EXPRESSION_REFUSED, format!("`is {}` is not allowed in rules", test.name));
        self.fault(fault.help(help))
    }

    pub(super) fn filter(&mut self, expr: &Expr<'_>, filter: &Filter<'_>, toward: Toward) -> Option<Part> {
        let span = expr.span();
        let at = (span.start_offset as usize, span.start_offset as usize + filter.name.len());
        let known = FILTERS.contains(&filter.name) && (filter.name != "join" || self.for_message);
        let (true, Some(base)) = (known, &filter.expr) else {
            let fault = Fault::new(at, &codes::EXPRESSION_REFUSED, format!("there is no filter `{}`", filter.name));
            return self.fault(fault.help(suggest::nearest(filter.name, FILTERS).map_or_else(
                || format!("the filters are {}", suggest::list(&FILTERS)),
                |near| format!("did you mean `{near}`?"),
            )));
        };
        let inner = match filter.name {
            "first" | "last" | "min" | "max" => toward.either(),
            _ => toward,
        };
        let part = self.value(base, inner)?;
        match filter.name {
            "length" => self.length(base, &part),
            "selectattr" | "rejectattr" => self.of_entries(expr, filter, at, &part, toward),
            "select" | "reject" => self.of_values(expr, filter, at, &part, toward),
            "map" => self.map(expr, filter, at, &part, toward),
            "default" => self.default(expr, filter, &part),
            "join" => self.join(expr, filter, &part),
            name if !filter.args.is_empty() => {
                self.refuse(expr, format!("`{name}` takes nothing in parentheses"), "take the parentheses away")
            }
            "first" | "last" => match &part.type_ {
                Type::Rows(rows) => {
                    let name = format!("the {} of `{}`", filter.name, self.plan.readings[*rows].name);
                    let row = Part::new(format!("({}|{})", part.text, filter.name), Type::Row(*rows));
                    Some(Part { may_lack: Some(name), ..row })
                }
                Type::List(of) if part.literal.is_none() => {
                    let one = Part::new(format!("({}|{})", part.text, filter.name), (**of).clone());
                    Some(Part { may_lack: Some(format!("the {} of a list", filter.name)), ..one })
                }
                _ => self.not_for(base, filter.name, &part, "a list"),
            },
            "min" | "max" => match &part.type_ {
                Type::List(of) if of.has_order() => {
                    let name = if filter.name == "min" { "least" } else { "most" };
                    let one = Part::new(format!("({}|{name})", part.text), (**of).clone());
                    Some(Part { may_lack: Some(format!("the {} of a list", filter.name)), ..one })
                }
                _ => self.not_for(base, filter.name, &part, "a list of numbers or instants"),
            },
            "unique" => match &part.type_ {
                Type::List(of) if of.is_plain() => {
                    Some(Part::new(format!("({}|distinct)", part.text), part.type_.clone()))
                }
                _ => self.not_for(base, "unique", &part, "a list of values, as `map(attribute='by')` gives"),
            },
            _ => match &part.type_ {
                Type::Text(_) if part.literal.is_none() => {
                    let text = Part::new(format!("({}|small)", part.text), part.type_.clone());
                    Some(Part { may_lack: part.may_lack, ..text })
                }
                _ => self.not_for(base, "lower", &part, "free text"),
            },
        }
    }

    fn not_for<T>(&mut self, base: &Expr<'_>, name: &str, part: &Part, wanted: &str) -> Option<T> {
        let fault = Fault::new(extent(base), &codes::EXPRESSION_TYPES, format!("`{name}` is for {wanted}"));
        self.fault(fault.label(part.type_.name()))
    }

    fn length(&mut self, base: &Expr<'_>, part: &Part) -> Option<Part> {
        match &part.type_ {
            Type::Rows(_) | Type::List(_) if part.literal.is_none() => {
                Some(Part::new(format!("({}|count)", part.text), Type::Number))
            }
            Type::Text(_) if part.literal.is_none() => {
                Some(Part::new(format!("({}|count)", self.there(part)), Type::Number))
            }
            _ => self.not_for(base, "length", part, "a list or text"),
        }
    }

    /// The only argument of a filter, by position or name.
    fn only_text<'e>(&mut self, expr: &Expr<'_>, filter: &'e Filter<'_>, what: &str) -> Option<(String, &'e Expr<'e>)> {
        let [CallArg::Pos(value) | CallArg::Kwarg("attribute", value)] = filter.args.as_slice() else {
            return self.refuse(expr, format!("`{}` takes {what}", filter.name), "write it in quotes");
        };
        match value {
            Expr::Const(c) if c.value.as_str().is_some() => Some((c.value.as_str()?.to_owned(), value)),
            other => self.refuse(other, format!("`{}` takes {what}", filter.name), "write it in quotes"),
        }
    }

    fn map(
        &mut self,
        expr: &Expr<'_>,
        filter: &Filter<'_>,
        at: (usize, usize),
        part: &Part,
        toward: Toward,
    ) -> Option<Part> {
        let Type::Rows(rows) = part.type_ else {
            let fault = Fault::new(at, &codes::EXPRESSION_TYPES, "`map` is for a list of entries");
            return self.fault(fault.label(part.type_.name()));
        };
        let [CallArg::Kwarg("attribute", _)] = filter.args.as_slice() else {
            return self.refuse(expr, "`map` takes a field of the entries", "write `map(attribute='by')`");
        };
        let (name, place) = self.only_text(expr, filter, "a field of the entries")?;
        let names: Vec<&str> = name.split('.').collect();
        let (column, type_, full) = self.column(rows, &names, |_| extent(place))?;
        if !type_.is_plain() {
            return self.refuse(expr, format!("`{full}` is not one value"), "name a field that is");
        }
        let number = self.plan.must_be_there(&full);
        let strict = toward.unsafe_as(false) && !self.required(rows, &names);
        let text = format!("({}|column({column}, {strict}, {number}))", part.text);
        Some(Part::new(text, Type::List(Box::new(type_))))
    }

    fn default(&mut self, expr: &Expr<'_>, filter: &Filter<'_>, part: &Part) -> Option<Part> {
        let [CallArg::Pos(value)] = filter.args.as_slice() else {
            return self.refuse(expr, "`default` takes one value", "write it as `|default('low')`");
        };
        if !part.type_.is_plain() || part.literal.is_some() {
            return self.not_for(expr, "default", part, "a field that may be missing");
        }
        let instead = self.value(value, Toward::Both)?;
        if instead.literal.is_none() {
            return self.refuse(value, "`default` takes a plain value", "write it as `|default('low')`");
        }
        let instead = self.fit(value, &instead, &part.type_)?;
        if !instead.type_.like(&part.type_) {
            let fault = Fault::new(extent(value), &codes::EXPRESSION_TYPES, "the default is of another kind")
                .label(format!("{}, in place of {}", instead.type_.name(), part.type_.name()));
            return self.fault(fault);
        }
        Some(Part::new(format!("({}|or({}))", part.text, instead.text), part.type_.clone()))
    }

    fn join(&mut self, expr: &Expr<'_>, filter: &Filter<'_>, part: &Part) -> Option<Part> {
        let (between, _) = self.only_text(expr, filter, "what stands between the items")?;
        match &part.type_ {
            Type::List(of)
                if matches!(**of, Type::Text(_) | Type::Word(_) | Type::Number) && part.literal.is_none() =>
            {
                let between = self.plan.constant(Value::from(between));
                Some(Part::new(format!("({}|joined({between}))", part.text), Type::Text(Free::Text)))
            }
            _ => self.not_for(expr, "join", part, "a list of words"),
        }
    }

    /// `selectattr` and `rejectattr`.
    fn of_entries(
        &mut self,
        expr: &Expr<'_>,
        filter: &Filter<'_>,
        at: (usize, usize),
        part: &Part,
        toward: Toward,
    ) -> Option<Part> {
        let Type::Rows(rows) = part.type_ else {
            let fault = Fault::new(at, &codes::EXPRESSION_TYPES, format!("`{}` is for a list of entries", filter.name));
            return self.fault(fault.label(part.type_.name()));
        };
        let Some((CallArg::Pos(Expr::Const(attribute)), rest)) = filter.args.split_first() else {
            let help = "write it as `selectattr('result', '==', 'passed')`";
            return self.refuse(expr, format!("`{}` takes a field, a test and a value", filter.name), help);
        };
        let Some(name) = attribute.value.as_str() else {
            return self.refuse(
                expr,
                "a field is named in quotes",
                "write it as `selectattr('result', '==', 'passed')`",
            );
        };
        let names: Vec<&str> = name.split('.').collect();
        let span = attribute.span();
        let place = (span.start_offset as usize, span.end_offset as usize);
        let (column, type_, full) = self.column(rows, &names, |_| place)?;
        let certain = self.required(rows, &names);
        let (asks, against) = self.asked(expr, filter, at, rest, &type_)?;
        let text = self.picked(
            part,
            &Selection { column: Some(column), asks, against, keep: filter.name == "selectattr", name: full, certain },
            toward,
        );
        Some(Part::new(text, part.type_.clone()))
    }

    /// `select` and `reject`.
    fn of_values(
        &mut self,
        expr: &Expr<'_>,
        filter: &Filter<'_>,
        at: (usize, usize),
        part: &Part,
        toward: Toward,
    ) -> Option<Part> {
        let of = match &part.type_ {
            Type::List(of) if of.is_plain() && part.literal.is_none() => (**of).clone(),
            _ => {
                let fault =
                    Fault::new(at, &codes::EXPRESSION_TYPES, format!("`{}` is for a list of values", filter.name));
                return self.fault(
                    fault.label(part.type_.name()).help("for entries with fields use `selectattr` and `rejectattr`"),
                );
            }
        };
        let (asks, against) = self.asked(expr, filter, at, &filter.args, &of)?;
        let text = self.picked(
            part,
            &Selection {
                column: None,
                asks,
                against,
                keep: filter.name == "select",
                name: "an item".to_owned(),
                certain: true,
            },
            toward,
        );
        Some(Part::new(text, part.type_.clone()))
    }

    /// The test of a selection, and the lowered name of what it compares with.
    fn asked(
        &mut self,
        expr: &Expr<'_>,
        filter: &Filter<'_>,
        at: (usize, usize),
        args: &[CallArg<'_>],
        type_: &Type,
    ) -> Option<(Asks, String)> {
        let (test, value) = match args {
            [] if *type_ == Type::Flag => return Some((Asks::Equal, "true".to_owned())),
            [CallArg::Pos(test)] => (test, None),
            [CallArg::Pos(test), CallArg::Pos(value)] => (test, Some(value)),
            _ => {
                let help = "write it as `selectattr('result', '==', 'passed')`";
                return self.refuse(expr, format!("`{}` takes a test and a value", filter.name), help);
            }
        };
        let word = if let Expr::Const(c) = test { c.value.as_str() } else { None };
        let Some((_, asks)) = word.and_then(|w| TESTS.iter().find(|(name, _)| *name == w)) else {
            let tests = ["==", "!=", "<", "<=", ">", ">=", "in", "none"];
            let fault = Fault::new(extent(test), &codes::EXPRESSION_REFUSED, "this is no test of a selection");
            return self.fault(fault.help(format!("use one of {}", suggest::list(&tests))));
        };
        match (asks, value) {
            (Asks::Missing, None) => return Some((*asks, "none".to_owned())),
            (Asks::Missing, Some(_)) | (_, None) => {
                let fault = Fault::new(at, &codes::EXPRESSION_REFUSED, "a test goes with a value, `none` without one");
                return self.fault(fault.help("write it as `('result', '==', 'passed')` or `('at', 'none')`"));
            }
            _ => {}
        }
        let value = value?;
        if matches!(asks, Asks::Less | Asks::AtMost | Asks::Greater | Asks::AtLeast) && !type_.has_order() {
            let fault =
                Fault::new(extent(test), &codes::EXPRESSION_TYPES, "this test asks for an order, and there is none");
            return self.fault(fault.label(type_.name()).help("name those you mean, with `in`"));
        }
        let part = self.value(value, Toward::Both)?;
        if *asks == Asks::In {
            return self.asked_in(value, &part, type_).map(|text| (*asks, text));
        }
        let part = if part.literal.is_some() { self.fit(value, &part, type_)? } else { part };
        if !part.type_.like(type_) {
            let fault = Fault::new(extent(value), &codes::EXPRESSION_TYPES, "two unlike things are compared")
                .label(format!("{}, and the field holds {}", part.type_.name(), type_.name()));
            return self.fault(fault);
        }
        Some((*asks, self.there(&part)))
    }

    fn asked_in(&mut self, value: &Expr<'_>, part: &Part, type_: &Type) -> Option<String> {
        match (&part.type_, &part.literal) {
            (Type::List(_), Some(items)) => self.literals(value, items, type_),
            (Type::List(of), None) if of.like(type_) => Some(part.text.clone()),
            _ => {
                let fault =
                    Fault::new(extent(value), &codes::EXPRESSION_TYPES, "`in` asks for a list of the same kind")
                        .label(part.type_.name())
                        .help("write it as `('method', 'in', ['squash', 'rebase'])`");
                self.fault(fault)
            }
        }
    }

    fn picked(&mut self, part: &Part, selection: &Selection, toward: Toward) -> String {
        let Selection { column, asks, against, keep, name, certain } = selection;
        let number = self.plan.must_be_there(name);
        // An entry without the field stays or goes by itself; staying is more, and pushes the way the list does.
        let stays = asks.of_nothing() == *keep;
        let strict = *asks != Asks::Missing && !certain && toward.unsafe_as(stays);
        let asks = Asks::ALL.iter().position(|a| a == asks).unwrap_or_default();
        let column = column.map_or_else(|| "none".to_owned(), |column| column.to_string());
        let manner = Manner { keep: *keep, strict, number }.as_number();
        format!("({}|pick({column}, {asks}, {against}, {manner}))", part.text)
    }
}

/// Which entries of a list are picked.
struct Selection {
    /// The field that is asked; the entry itself where absent.
    column: Option<usize>,
    asks: Asks,
    /// The lowered name of what it is compared with.
    against: String,
    /// Whether those stay for which it holds, or those for which it does not.
    keep: bool,
    /// What is missing where it is missing.
    name: String,
    /// Whether it is always there.
    certain: bool,
}
