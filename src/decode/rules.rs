//! Rules: from what is written to what a check reads. A rule has exactly one check, and what it names exists.

use super::codes;
use super::front::{
    ApprovalFront, ChangesFront, DeadlineFront, ExampleList, FreezeFront, Front, GatesFront, IncidentFront, LEVELS,
    ReviewCheckFront, RuleFront, SETTERS, UnchangedFront, WindowFront,
};
use super::reader::{Reader, shown, unknown_word};
use super::record::record_shape;
use super::table::{Looked, check_path};
use crate::diag::{Diagnostic, Level, fix, suggest};
use crate::markdown::Outline;
use crate::model::{
    ApprovalCheck, AssertCheck, AttestedCheck, Check, DeadlineBound, DeadlineCheck, DeploymentCheck, Duration,
    Examples, Expression, Field, FieldPath, FieldSet, GatesCheck, Id, IncidentCheck, MergedCheck, PolicyVersion, Prose,
    ReviewCheck, RollbackCheck, RollbackPart, Rule, Spanned, UnchangedCheck, Word,
};
use crate::source::Span;

/// Takes the values out of their places.
fn values<T: Clone>(field: &Field<Vec<Spanned<T>>>) -> Vec<T> {
    field.items().iter().map(|s| s.value.clone()).collect()
}

/// The rules of a front matter. `version` brings the types, windows and clauses they refer to. A rule with a mistake
/// anywhere in it, or in the window, freezes or calendar it counts by, stays a rule: it is `unknown` for every record.
pub(super) fn decode_rules(policy: &Front, version: &PolicyVersion, reader: &mut Reader<'_>) -> Vec<Rule> {
    let Some(changes) = policy.changes.get() else { return Vec::new() };
    let list = changes.rules.items();
    let calendar_broken =
        policy.calendar.is_broken() || policy.calendar.get().is_some_and(|c| reader.has_error(c.span));
    let mut rules: Vec<Rule> = Vec::with_capacity(list.len());
    for (number, front) in list.iter().enumerate() {
        let mistaken = calendar_broken || front.mistake().is_some() || reader.has_error(front.span);
        let id_span = front.id.span().unwrap_or(Span { end: front.span.start + 1, ..front.span });
        let unnamed = Id::new(&format!("rule-{}", number + 1));
        let id = front.id.get().unwrap_or(&unnamed);
        let twice = rules.iter().find(|r| r.id.as_str().eq_ignore_ascii_case(id.as_str())).map(|r| r.span);
        if let Some(first) = twice {
            let first = reader.at(first);
            reader.report(
                Diagnostic::new(
                    &codes::DUPLICATE_RULE,
                    reader.file,
                    id_span,
                    format!("the rule `{id}` is given twice"),
                )
                .other(first, "first given here")
                .help("give one of the two another id"),
            );
        }
        let id = if twice.is_some() { unnamed } else { id.clone() };
        let mistaken = mistaken || twice.is_some();
        let check = check_of(front, version, id_span, reader);
        let types = types_of(front, version, reader);
        let basis_broken = match &check {
            Check::Window(name) => window_broken(changes, name, reader),
            Check::Freeze => freezes_broken(changes, reader),
            _ => false,
        };
        rules.push(Rule {
            id,
            clause: clause_of(front, version, reader),
            when: expression(&front.when),
            examples: examples(front, reader),
            level: level_of(front, reader),
            or_reason: front.or_reason.get().copied().unwrap_or(false),
            due: front.due.get().copied(),
            check: if mistaken || basis_broken || types.is_none() { Check::Broken } else { check },
            types: types.unwrap_or_default(),
            span: id_span,
        });
    }
    rules
}

/// Whether a window of the policy has a mistake.
fn window_broken(changes: &ChangesFront, name: &Word, reader: &Reader<'_>) -> bool {
    let entries = changes.windows.get().map_or(&[][..], |d| &d.0);
    let Some((at, spans)) = entries.iter().find(|(n, _)| n.value == *name) else { return changes.windows.is_broken() };
    let broken = |doc: &WindowFront| doc.mistake().is_some() || reader.has_error(doc.span);
    spans.0.is_empty() || reader.has_error(at.span) || spans.0.iter().any(broken)
}

/// Whether a freeze of the policy has a mistake.
fn freezes_broken(changes: &ChangesFront, reader: &Reader<'_>) -> bool {
    let broken = |doc: &FreezeFront| doc.mistake().is_some() || reader.has_error(doc.span);
    changes.freezes.is_broken() || changes.freezes.get().is_some_and(|list| list.0.iter().any(broken))
}

fn clause_of(front: &RuleFront, version: &PolicyVersion, reader: &mut Reader<'_>) -> Option<Box<str>> {
    let Field::Given(anchor, span) = &front.clause else { return None };
    is_clause(&Spanned { value: anchor.clone(), span: *span }, &version.outline, reader);
    Some(anchor.as_str().into())
}

/// Whether the text has a clause of that name; one that it has not is reported.
pub(super) fn is_clause(named: &Spanned<Word>, outline: &Outline, reader: &mut Reader<'_>) -> bool {
    let anchor = &named.value;
    if outline.clause(anchor.as_str()).is_some() {
        return true;
    }
    let anchors = outline.clauses.iter().map(|c| c.anchor.as_str());
    let near = suggest::nearest(anchor.as_str(), anchors);
    let help = near.map_or_else(
        || format!("end the sentence that makes the promise with `<!-- clause: {anchor} -->`"),
        |near| format!("did you mean `{near}`?"),
    );
    let headline = format!("the text has no clause `{anchor}`");
    reader.report(Diagnostic::new(&codes::UNKNOWN_CLAUSE, reader.file, named.span, headline).help(help));
    false
}

/// The types a rule binds; nothing where one of them is none of the policy's, so that the rule does not vanish for the
/// type that was meant.
fn types_of(front: &RuleFront, version: &PolicyVersion, reader: &mut Reader<'_>) -> Option<Vec<Word>> {
    let mut whole = !front.types.is_broken();
    for item in front.types.items() {
        whole &= type_is_known(item, version, reader);
    }
    whole.then(|| values(&front.types))
}

/// Whether a change type is one of the policy's; a finding where it is not.
pub(super) fn type_is_known(item: &Spanned<Word>, version: &PolicyVersion, reader: &mut Reader<'_>) -> bool {
    let word = item.value.as_str();
    if version.change_type(word).is_some() {
        return true;
    }
    let types = version.types.iter().map(|t| t.id.as_str());
    let headline = format!("the policy has no change type `{word}`");
    reader.report(
        Diagnostic::new(&codes::UNKNOWN_REFERENCE, reader.file, item.span, headline)
            .help(suggest::help(word, types.clone()))
            .fix(item.span, word, fix::word(word, types)),
    );
    false
}

fn expression(field: &Field<Prose>) -> Option<Expression> {
    if let Field::Given(text, span) = field { Some(Expression::new(text.as_str(), *span)) } else { None }
}

/// The examples of a rule; a finding where there is nothing that they could be examples of.
fn examples(front: &RuleFront, reader: &mut Reader<'_>) -> Examples {
    let nothing = !front.assert.is_given() && !front.when.is_given();
    let parts = [
        ("message", front.message.span().filter(|_| !front.assert.is_given()), "`assert`"),
        ("pass", front.pass.span().filter(|_| nothing), "`assert` or `when`"),
        ("fail", front.fail.span().filter(|_| nothing), "`assert` or `when`"),
    ];
    for (key, span, beside) in parts {
        if let Some(span) = span {
            reader.report(
                Diagnostic::new(&codes::CHECK_PARTS, reader.file, span, format!("`{key}` stands beside {beside}"))
                    .label("this rule has none")
                    .help("take it out, or write the expression it belongs to"),
            );
        }
    }
    let list = |field: &Field<ExampleList>| field.get().map_or_else(Vec::new, |list| list.0.clone());
    Examples { pass: list(&front.pass), fail: list(&front.fail) }
}

fn level_of(front: &RuleFront, reader: &mut Reader<'_>) -> Level {
    match &front.level {
        Field::Given(word, span) => match word.as_str() {
            "error" => Level::Error,
            "warning" => Level::Warning,
            "note" => Level::Note,
            other => {
                unknown_word(other, "a level", LEVELS.iter().copied(), *span, reader);
                Level::Error
            }
        },
        _ => Level::Error,
    }
}

/// The keys of a rule that are checks, with whether each is there.
fn check_keys(front: &RuleFront) -> Vec<(&'static str, Span)> {
    let keys = [
        ("fields", front.fields.span()),
        ("approval", front.approval.span()),
        ("review", front.review.span()),
        ("gates", front.gates.span()),
        ("deadline", front.deadline.span()),
        ("order", front.order.span()),
        ("window", front.window.span()),
        ("freeze", front.freeze.span()),
        ("observation", front.observation.span()),
        ("deployment", front.deployment.span()),
        ("rollback", front.rollback.span()),
        ("incident", front.incident.span()),
        ("procedure", front.procedure.span()),
        ("merged", front.merged.span()),
        ("attested", front.attested.span()),
        ("assert", front.assert.span()),
        ("unchanged", front.unchanged.span()),
        ("retained", front.retained.span()),
        ("complete", front.complete.span()),
    ];
    keys.into_iter().filter_map(|(key, span)| span.map(|s| (key, s))).collect()
}

fn check_of(front: &RuleFront, version: &PolicyVersion, id_span: Span, reader: &mut Reader<'_>) -> Check {
    let keys = check_keys(front);
    match keys.as_slice() {
        [(key, span)] => single_check(key, *span, front, version, reader).unwrap_or(Check::Broken),
        [] => {
            reader.report(
                Diagnostic::new(&codes::CHECKS, reader.file, id_span, "this rule has no check")
                    .help("add one of `fields`, `approval`, `review`, `gates`, `deadline`, `order`, `window`, `freeze`, `observation`, `deployment`, `rollback`, `incident`, …"),
            );
            Check::Broken
        }
        [(first, first_span), (second, span), ..] => {
            let first_at = reader.at(*first_span);
            reader.report(
                Diagnostic::new(
                    &codes::CHECKS,
                    reader.file,
                    *span,
                    format!("this rule has two checks, `{first}` and `{second}`"),
                )
                .other(first_at, "the first one")
                .help("make two rules of it: each rule asks one thing"),
            );
            Check::Broken
        }
    }
}

/// The check under one key; nothing where it is broken, which has been reported.
fn single_check(
    key: &'static str,
    span: Span,
    front: &RuleFront,
    version: &PolicyVersion,
    reader: &mut Reader<'_>,
) -> Option<Check> {
    Some(match key {
        "fields" => Check::Fields(field_paths(&front.fields, reader)?),
        "approval" => Check::Approval(approval(front.approval.get()?, span, reader)?),
        "review" => Check::Review(review(front.review.get()?, span, reader)?),
        "gates" => Check::Gates(gates(front.gates.get()?, span, reader)?),
        "deadline" => Check::Deadline(deadline(front.deadline.get()?, span, reader)?),
        "order" => {
            let events = values(&front.order);
            if front.order.is_broken() {
                return None;
            }
            if events.len() < 2 {
                return incomplete(
                    span,
                    "an order names at least two events",
                    "write it as `[requested, approved, deployed]`",
                    reader,
                );
            }
            Check::Order(events)
        }
        "window" => Check::Window(window(front.window.get()?, span, version, reader)?),
        "freeze" | "procedure" | "complete" => flag(key, span, front, reader)?,
        "observation" => Check::Observation(elapsed(*front.observation.get()?, span, reader)?),
        "deployment" => deployment(front, span, reader)?,
        "rollback" => {
            let doc = front.rollback.get()?;
            let parts = values(&doc.parts);
            let parts = if parts.is_empty() { vec![RollbackPart::Steps] } else { parts };
            Check::Rollback(RollbackCheck { parts, recorded_before: doc.recorded_before.get().copied() })
        }
        "incident" => Check::Incident(incident(front.incident.get()?)?),
        "merged" => {
            let doc = front.merged.get()?;
            Check::Merged(MergedCheck {
                into: doc.into.get().cloned(),
                method: doc.method.get().cloned(),
                code_owners: doc.code_owners.get().copied().unwrap_or(false),
            })
        }
        "attested" => {
            let doc = front.attested.get()?;
            Check::Attested(AttestedCheck { statement: doc.statement.get()?.clone(), by: values(&doc.by) })
        }
        "assert" => Check::Assert(assertion(front, span, reader)?),
        "unchanged" => Check::Unchanged(unchanged(front.unchanged.get()?, span, reader)?),
        "retained" => Check::Retained(*front.retained.get()?),
        _ => return None,
    })
}

fn assertion(front: &RuleFront, span: Span, reader: &mut Reader<'_>) -> Option<AssertCheck> {
    let Some(expression) = expression(&front.assert) else {
        let help = "write an expression, as in `change.risk != 'high'`";
        return incomplete(span, "this check asks nothing", help, reader);
    };
    Some(AssertCheck { expression, message: self::expression(&front.message) })
}

fn incomplete<T>(span: Span, headline: &str, help: &str, reader: &mut Reader<'_>) -> Option<T> {
    reader.report(Diagnostic::new(&codes::CHECK_PARTS, reader.file, span, headline).help(help));
    None
}

fn flag(key: &'static str, span: Span, front: &RuleFront, reader: &mut Reader<'_>) -> Option<Check> {
    let field = match key {
        "freeze" => &front.freeze,
        "procedure" => &front.procedure,
        _ => &front.complete,
    };
    if !*field.get()? {
        return incomplete(span, &format!("`{key}: false` asks nothing"), "write `true`, or take the rule out", reader);
    }
    Some(match key {
        "freeze" => Check::Freeze,
        "procedure" => Check::Procedure,
        _ => Check::Complete,
    })
}

fn field_paths(field: &Field<Vec<Spanned<Prose>>>, reader: &mut Reader<'_>) -> Option<Vec<FieldPath>> {
    let shape = record_shape();
    let mut whole = field.is_given();
    let mut paths = Vec::new();
    for item in field.items() {
        let path = item.value.as_str();
        if let Err((part, candidates)) = check_path(&shape, path) {
            whole = false;
            reader.report(
                Diagnostic::new(
                    &codes::UNKNOWN_FIELD,
                    reader.file,
                    item.span,
                    format!("records have no field `{}`", shown(path)),
                )
                .label(format!("`{part}` is not a field there"))
                .help(suggest::help(&part, candidates.iter().copied())),
            );
        }
        paths.push(FieldPath(path.into()));
    }
    whole.then_some(paths)
}

fn approval(front: &ApprovalFront, span: Span, reader: &mut Reader<'_>) -> Option<ApprovalCheck> {
    let at_least = front.at_least.get().copied().unwrap_or(1);
    if at_least == 0 {
        return incomplete(span, "`at_least: 0` asks nothing", "write how many people must approve", reader);
    }
    Some(ApprovalCheck {
        at_least,
        any_of: values(&front.any_of),
        all_of: values(&front.all_of),
        not_by: values(&front.not_by),
        before: front.before.get().copied(),
        after: front.after.get().copied(),
        mediums: values(&front.mediums),
        instead: front.instead.get().map(|m| m.0.clone()).unwrap_or_default(),
    })
}

fn review(front: &ReviewCheckFront, span: Span, reader: &mut Reader<'_>) -> Option<ReviewCheck> {
    let at_least = front.at_least.get().copied().unwrap_or(1);
    if at_least == 0 {
        return incomplete(span, "`at_least: 0` asks nothing", "write how many people must review", reader);
    }
    let including = front
        .including
        .get()
        .filter(|i| i.role.is_given())
        .map(|i| (values(&i.role), i.at_least.get().copied().unwrap_or(1)));
    Some(ReviewCheck {
        at_least,
        kinds: values(&front.kinds),
        including,
        not_by: values(&front.not_by),
        before: front.before.get().copied(),
        after: front.after.get().copied(),
    })
}

fn gates(front: &GatesFront, span: Span, reader: &mut Reader<'_>) -> Option<GatesCheck> {
    let passed = values(&front.passed);
    let open_findings = front.open_findings.get().map(|o| o.counts.clone()).unwrap_or_default();
    if front.mistake().is_none() && passed.is_empty() && open_findings.is_empty() {
        return incomplete(span, "this check names no gate", "write `passed: [automated-tests]`", reader);
    }
    Some(GatesCheck { passed, open_findings, before: front.before.get().copied(), after: front.after.get().copied() })
}

fn deadline(front: &DeadlineFront, span: Span, reader: &mut Reader<'_>) -> Option<DeadlineCheck> {
    let of = *front.of.get()?;
    let bound = match (front.within.get(), front.after.get(), front.at_least.get(), front.before.get()) {
        (Some(length), Some(start), None, None) => DeadlineBound::Within(*length, *start),
        (None, None, Some(length), Some(end)) => DeadlineBound::AtLeastBefore(*length, *end),
        _ if front.mistake().is_some() => return None,
        (Some(_), None, None, None) => {
            return incomplete(
                span,
                "this deadline does not say what starts its clock",
                "add `after: EVENT`, as in `after: deployed`",
                reader,
            );
        }
        (None, None, Some(_), None) => {
            return incomplete(
                span,
                "this deadline does not say what it comes before",
                "add `before: EVENT`, as in `before: scheduled`",
                reader,
            );
        }
        _ => {
            return incomplete(
                span,
                "a deadline is either `within … after …` or `at_least … before …`",
                "write `{of: reviewed, within: 2 business days, after: deployed}` or `{of: notified, at_least: 24 hours, before: scheduled}`",
                reader,
            );
        }
    };
    Some(DeadlineCheck { of, bound })
}

fn elapsed(length: Duration, span: Span, reader: &mut Reader<'_>) -> Option<Duration> {
    if matches!(length, Duration::Elapsed(_)) {
        return Some(length);
    }
    incomplete(
        span,
        &format!("an observation lasts minutes or hours, not {length}"),
        "write it as `30 minutes` or `2 hours`",
        reader,
    )
}

fn window(name: &Word, span: Span, version: &PolicyVersion, reader: &mut Reader<'_>) -> Option<Word> {
    if name.as_str() == "working-hours" || version.window(name.as_str()).is_some() {
        return Some(name.clone());
    }
    let names = version.windows.iter().map(|(n, _)| n.as_str()).chain(["working-hours"]);
    reader.report(
        Diagnostic::new(&codes::UNKNOWN_REFERENCE, reader.file, span, format!("the policy has no window `{name}`"))
            .help(suggest::help(name.as_str(), names)),
    );
    None
}

fn deployment(front: &RuleFront, span: Span, reader: &mut Reader<'_>) -> Option<Check> {
    let doc = front.deployment.get()?;
    let by_person = match &doc.by {
        Field::Given(word, at) if word.as_str() != "person" => {
            unknown_word(
                word.as_str(),
                "somebody a deployment can be asked to be set off by",
                SETTERS.iter().copied(),
                *at,
                reader,
            );
            return None;
        }
        field => field.is_given(),
    };
    let check =
        DeploymentCheck { via: values(&doc.via), by_person, staged: doc.staged.get().copied().unwrap_or(false) };
    if doc.mistake().is_none() && check.via.is_empty() && !check.by_person && !check.staged {
        return incomplete(
            span,
            "this check asks nothing",
            "write `via: [pipeline]`, `by: person` or `staged: true`",
            reader,
        );
    }
    Some(Check::Deployment(check))
}

fn incident(front: &IncidentFront) -> Option<IncidentCheck> {
    Some(IncidentCheck {
        relation: *front.relation.get()?,
        when_outcome: values(&front.when_outcome),
        severity_at_least: front.severity_at_least.get().copied(),
        reviewed: front.reviewed.get().copied().unwrap_or(false),
    })
}

fn unchanged(front: &UnchangedFront, span: Span, reader: &mut Reader<'_>) -> Option<UnchangedCheck> {
    if front.only.is_given() && front.except.is_given() {
        let help = "`only` names the fields that stay, `except` those that may change: take one of them out";
        return incomplete(span, "this check says both `only` and `except`", help, reader);
    }
    let after = *front.after.get()?;
    let shape = record_shape();
    // What is never judged may change at any time.
    let mut all = FieldSet::default();
    for (number, _) in shape.fields.iter().enumerate().filter(|(_, f)| f.name != "extra") {
        all.0 |= 1 << number;
    }
    let named = |field: &Field<Vec<Spanned<Prose>>>, reader: &mut Reader<'_>| -> Option<FieldSet> {
        let mut set = FieldSet::default();
        let paths = if field.is_given() { field_paths(field, reader)? } else { Vec::new() };
        for (path, item) in paths.iter().zip(field.items()) {
            let Some(number) = shape.fields.iter().position(|f| *f.name == *path.0) else {
                let whole = path.0.split('.').next().unwrap_or_default();
                let help = format!("write `{whole}`");
                return incomplete(item.span, "this check compares whole fields, not parts of them", &help, reader);
            };
            set.0 |= 1 << number;
        }
        Some(set)
    };
    let (only, except) = (named(&front.only, reader)?, named(&front.except, reader)?);
    let fields = if front.only.is_given() { only } else { FieldSet(all.0 & !except.0) };
    Some(UnchangedCheck { after, fields })
}

/// Every role a check asks for.
pub fn roles_of(check: &Check) -> Vec<&str> {
    match check {
        Check::Approval(a) => {
            let instead = a.instead.iter().flat_map(|(role, stand_in)| [role, stand_in]);
            a.any_of.iter().chain(&a.all_of).chain(instead).map(crate::model::Role::as_str).collect()
        }
        Check::Review(r) => r.including.iter().flat_map(|(roles, _)| roles).map(crate::model::Role::as_str).collect(),
        Check::Attested(a) => a.by.iter().map(crate::model::Role::as_str).collect(),
        _ => Vec::new(),
    }
}
