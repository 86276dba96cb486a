//! What is wrong with an expression, and where in its text.

use minijinja::machinery::ast::{CallArg, Expr};

use crate::diag::Code;

/// One mistake. Its place is counted in bytes of the expression.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) code: &'static Code,
    pub(super) headline: String,
    pub(super) label: String,
    pub(super) help: String,
}

impl Fault {
    pub(super) fn new(at: (usize, usize), code: &'static Code, headline: impl Into<String>) -> Self {
        Self { start: at.0, end: at.1, code, headline: headline.into(), label: String::new(), help: String::new() }
    }

    pub(super) fn label(mut self, text: impl Into<String>) -> Self {
        self.label = text.into();
        self
    }

    pub(super) fn help(mut self, text: impl Into<String>) -> Self {
        self.help = text.into();
        self
    }
}

/// Where an expression stands, from the first of its parts to its end. The engine's own spans begin at the last step.
pub(super) fn extent(expr: &Expr<'_>) -> (usize, usize) {
    let own = expr.span();
    let (mut start, end) = (own.start_offset as usize, own.end_offset as usize);
    let first = match expr {
        Expr::GetAttr(e) => Some(&e.expr),
        Expr::GetItem(e) => Some(&e.expr),
        Expr::Slice(e) => Some(&e.expr),
        Expr::Call(e) => Some(&e.expr),
        Expr::Filter(e) => e.expr.as_ref(),
        Expr::Test(e) => Some(&e.expr),
        Expr::BinOp(e) => Some(&e.left),
        Expr::Compare(e) => Some(&e.expr),
        Expr::IfExpr(e) => Some(&e.true_expr),
        _ => None,
    };
    if let Some(first) = first {
        start = extent(first).0;
    }
    // `not in` and chains of comparisons are nodes whose own span begins one word early.
    if let Expr::UnaryOp(e) = expr {
        start = start.min(extent(&e.expr).0);
        if matches!(&e.expr, Expr::BinOp(inner) if extent(&inner.right).1 == end && extent(&inner.left).0 >= start) {
            start = start.max(own.start_offset as usize);
        }
    }
    (start, end.max(start))
}

/// How deep an expression is nested; the walk itself is bounded by the engine's parser.
pub(super) fn depth(expr: &Expr<'_>) -> usize {
    let of = |parts: &[&Expr<'_>]| parts.iter().map(|e| depth(e)).max().unwrap_or_default();
    let of_args = |args: &[CallArg<'_>]| {
        args.iter()
            .map(|arg| match arg {
                CallArg::Pos(e) | CallArg::Kwarg(_, e) | CallArg::PosSplat(e) | CallArg::KwargSplat(e) => depth(e),
            })
            .max()
            .unwrap_or_default()
    };
    1 + match expr {
        Expr::Var(_) | Expr::Const(_) => 0,
        Expr::GetAttr(e) => depth(&e.expr),
        Expr::GetItem(e) => of(&[&e.expr, &e.subscript_expr]),
        Expr::Slice(e) => depth(&e.expr),
        Expr::UnaryOp(e) => depth(&e.expr),
        Expr::BinOp(e) => of(&[&e.left, &e.right]),
        Expr::Compare(e) => e.ops.iter().map(|op| depth(&op.expr)).max().unwrap_or_default().max(depth(&e.expr)),
        Expr::IfExpr(e) => of(&[&e.test_expr, &e.true_expr]),
        Expr::Filter(e) => e.expr.as_ref().map_or(0, depth).max(of_args(&e.args)),
        Expr::Test(e) => depth(&e.expr).max(of_args(&e.args)),
        Expr::Call(e) => depth(&e.expr).max(of_args(&e.args)),
        Expr::List(e) => e.items.iter().map(depth).max().unwrap_or_default(),
        Expr::Tuple(e) => e.items.iter().map(depth).max().unwrap_or_default(),
        Expr::Map(e) => e.values.iter().map(depth).max().unwrap_or_default(),
    }
}
