//! Counting people: whose approval or review counts, from when, and why the others do not.
//!
//! What counts is counted here once, for the checks and for the events `approved` and `reviewed_by_peer` alike
//! (FORMATS.md, section 4, "People"). SOC 2 CC8.1 and ISO 27001 A.5.3 ask for this independence.

use jiff::Timestamp;

use super::case::{Bound, Case, Moment};
use crate::model::{
    Approval, ApprovalCheck, Check, Field, Medium, Party, PersonId, Review, ReviewCheck, ReviewResult, Role, Time,
    Vocabulary,
};
use crate::source::Span;

/// Why an entry does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// Not in people.yaml, or not said.
    NotKnown,
    /// A bot.
    Bot,
    /// A shared account.
    Shared,
    /// No medium is said.
    NoMedium,
    /// The medium is none the rule accepts.
    WrongMedium,
    /// Verbal, without a channel.
    NoChannel,
    /// No time is said.
    NoTime,
    /// The claimed role was not held that day.
    RoleNotHeld,
    /// None of the roles the rule asks for.
    WrongRole,
    /// Not independent.
    NotIndependent(Party),
    /// After the event it had to come before.
    Late,
    /// Before the event it had to come after.
    Early,
    /// A review's result that is none.
    Result,
    /// A review of another kind.
    Kind,
}

/// An entry that does not count, and why.
#[derive(Clone, Debug)]
pub(crate) struct Refused<'l> {
    pub(crate) who: &'l str,
    pub(crate) span: Span,
    pub(crate) why: Why,
    pub(crate) role: Option<&'l str>,
}

/// An entry that counts.
#[derive(Clone, Debug)]
pub(crate) struct Entry<'l> {
    pub(crate) who: &'l str,
    pub(crate) at: Option<Timestamp>,
    pub(crate) span: Span,
    /// The roles it counts in.
    pub(crate) roles: Vec<&'l str>,
    /// Reviews only: whether the result is `approved`.
    approved: bool,
}

/// What was counted.
#[derive(Debug, Default)]
pub(crate) struct Counted<'l> {
    pub(crate) entries: Vec<Entry<'l>>,
    pub(crate) refused: Vec<Refused<'l>>,
    /// A mistake in an entry hides whether it counts.
    pub(crate) broken: Option<Span>,
}

/// A bound in time as counting wants it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Between {
    pub(crate) after: Option<Timestamp>,
    pub(crate) before: Option<Timestamp>,
}

impl Between {
    pub(crate) fn of(after: Bound, before: Bound) -> Self {
        let time = |bound| match bound {
            Bound::At(at, _) => Some(at),
            _ => None,
        };
        Self { after: time(after), before: time(before) }
    }

    fn asked(self) -> bool {
        self.after.is_some() || self.before.is_some()
    }

    fn refuses(self, at: Timestamp) -> Option<Why> {
        if self.before.is_some_and(|end| at > end) {
            Some(Why::Late)
        } else if self.after.is_some_and(|start| at < start) {
            Some(Why::Early)
        } else {
            None
        }
    }
}

/// Somebody and when, before any rule's own questions.
struct Somebody<'l> {
    who: &'l str,
    at: Option<Timestamp>,
    roles: Vec<&'l str>,
}

impl<'l> Case<'l> {
    /// Whether the parties of `not_by` include somebody.
    fn is_party(&self, party: Party, who: &str) -> bool {
        let r = self.record;
        let is = |field: &Field<PersonId>| field.get().is_some_and(|p| p.as_str() == who);
        match party {
            Party::Author => is(&r.author) || r.co_authors.items().iter().any(|p| p.value.as_str() == who),
            Party::Requester => is(&r.requested_by),
            Party::Deployer => r.deployments.items().iter().any(|d| is(&d.by)),
            Party::Reviewer => r.reviews.items().iter().any(|v| is(&v.by)),
        }
    }

    /// A mistake in a field that says who is not independent.
    fn party_broken(&self, parties: &[Party]) -> Option<Span> {
        let r = self.record;
        let broken = |field: &Field<PersonId>| if let Field::Broken(span) = field { Some(*span) } else { None };
        parties.iter().find_map(|party| match party {
            Party::Author => broken(&r.author).or(if r.co_authors.is_broken() { r.co_authors.span() } else { None }),
            Party::Requester => broken(&r.requested_by),
            Party::Deployer => r.deployments.items().iter().find_map(|d| broken(&d.by)),
            Party::Reviewer => r.reviews.items().iter().find_map(|v| broken(&v.by)),
        })
    }

    /// Whoever an entry names, with the roles held that day; or why they are nobody.
    fn somebody(&self, by: &'l Field<PersonId>, role: &'l Field<Role>, at: &Field<Time>) -> Result<Somebody<'l>, Why> {
        let who = by.get().ok_or(Why::NotKnown)?.as_str();
        let person = self.ledger.people.get(who).ok_or(Why::NotKnown)?;
        if !person.is_person() {
            return Err(match person.kind.get() {
                Some(crate::model::PersonKind::Bot) => Why::Bot,
                _ => Why::Shared,
            });
        }
        let at = at.get().map(|t| t.0);
        let day = at.map(|t| self.calendar().day(t));
        let roles = match (role.get(), day) {
            (Some(claimed), Some(day)) if person.held(claimed.as_str(), day) => vec![claimed.as_str()],
            (Some(_), Some(_)) => return Err(Why::RoleNotHeld),
            (None, Some(day)) => person.roles_on(day).map(Role::as_str).collect(),
            (_, None) => Vec::new(),
        };
        Ok(Somebody { who, at, roles })
    }

    /// Approvals by what a rule asks of each of them.
    pub(crate) fn count_approvals(&self, check: &'l ApprovalCheck, between: Between) -> Counted<'l> {
        let mut counted = Counted { broken: self.party_broken(&check.not_by), ..Counted::default() };
        if let Field::Broken(span) = self.record.approvals {
            counted.broken = Some(span);
        }
        for approval in self.record.approvals.items() {
            if let Some(span) = approval_broken(approval) {
                counted.broken = Some(span);
                continue;
            }
            match self.approval_entry(approval, check, between) {
                Ok(entry) => counted.entries.push(entry),
                Err(why) => counted.refused.push(Refused {
                    who: approval.by.get().map_or("nobody", |p| p.as_str()),
                    span: refusal_span(
                        why,
                        approval.span,
                        &approval.by,
                        &approval.at,
                        &approval.role,
                        approval.medium.span(),
                    ),
                    why,
                    role: approval.role.get().map(Role::as_str),
                }),
            }
        }
        counted
    }

    fn approval_entry(
        &self,
        approval: &'l Approval,
        check: &'l ApprovalCheck,
        between: Between,
    ) -> Result<Entry<'l>, Why> {
        let mut who = self.somebody(&approval.by, &approval.role, &approval.at)?;
        let medium = *approval.medium.get().ok_or(Why::NoMedium)?;
        if !check.mediums.is_empty() && !check.mediums.contains(&medium) {
            return Err(Why::WrongMedium);
        }
        if medium == Medium::Verbal && !approval.channel.is_given() {
            return Err(Why::NoChannel);
        }
        if let Some(party) = check.not_by.iter().find(|p| self.is_party(**p, who.who)) {
            return Err(Why::NotIndependent(*party));
        }
        let roles_asked = !check.any_of.is_empty() || !check.all_of.is_empty();
        match who.at {
            None if between.asked() || roles_asked => return Err(Why::NoTime),
            None => {}
            Some(at) => between.refuses(at).map_or(Ok(()), Err)?,
        }
        if let (Some(place), true) = (approval.in_place_of.get(), approval.reason.is_given()) {
            let stands_in =
                check.instead.iter().find(|(role, stand_in)| role == place && who.roles.contains(&stand_in.as_str()));
            if let Some((role, _)) = stand_in_role(stands_in) {
                who.roles.push(role);
            }
        }
        let asked = |role: &&str| check.any_of.iter().chain(&check.all_of).any(|r| r.as_str() == *role);
        if roles_asked && !who.roles.iter().any(asked) {
            return Err(Why::WrongRole);
        }
        Ok(Entry { who: who.who, at: who.at, span: approval.span, roles: who.roles, approved: true })
    }

    /// Reviews by what a rule asks of each of them. Of one person's several, the last in the time asked for counts.
    pub(crate) fn count_reviews(&self, check: &'l ReviewCheck, between: Between) -> Counted<'l> {
        let mut counted = Counted { broken: self.party_broken(&check.not_by), ..Counted::default() };
        if let Field::Broken(span) = self.record.reviews {
            counted.broken = Some(span);
        }
        for review in self.record.reviews.items() {
            if let Some(span) = review_broken(review) {
                counted.broken = Some(span);
                continue;
            }
            match self.review_entry(review, check, between) {
                Ok(entry) => counted.entries.push(entry),
                Err(why) => counted.refused.push(Refused {
                    who: review.by.get().map_or("nobody", |p| p.as_str()),
                    span: refusal_span(why, review.span, &review.by, &review.at, &review.role, review.kind.span()),
                    why,
                    role: review.role.get().map(Role::as_str),
                }),
            }
        }
        counted
    }

    fn review_entry(&self, review: &'l Review, check: &'l ReviewCheck, between: Between) -> Result<Entry<'l>, Why> {
        let who = self.somebody(&review.by, &review.role, &review.at)?;
        if !check.kinds.is_empty() && !review.kind.get().is_some_and(|k| check.kinds.contains(k)) {
            return Err(Why::Kind);
        }
        if let Some(party) = check.not_by.iter().find(|p| self.is_party(**p, who.who)) {
            return Err(Why::NotIndependent(*party));
        }
        match who.at {
            None if between.asked() || check.including.is_some() => return Err(Why::NoTime),
            None => {}
            Some(at) => between.refuses(at).map_or(Ok(()), Err)?,
        }
        let approved = review.result.get() == Some(&ReviewResult::Approved);
        Ok(Entry { who: who.who, at: who.at, span: review.span, roles: who.roles, approved })
    }
}

fn stand_in_role<'l>(found: Option<&'l (Role, Role)>) -> Option<(&'l str, &'l str)> {
    found.map(|(role, stand_in)| (role.as_str(), stand_in.as_str()))
}

fn broken_span<T>(field: &Field<T>) -> Option<Span> {
    if let Field::Broken(span) = field { Some(*span) } else { None }
}

fn approval_broken(a: &Approval) -> Option<Span> {
    broken_span(&a.by)
        .or_else(|| broken_span(&a.role))
        .or_else(|| broken_span(&a.medium))
        .or_else(|| broken_span(&a.channel))
        .or_else(|| broken_span(&a.at))
        .or_else(|| broken_span(&a.in_place_of))
        .or_else(|| broken_span(&a.reason))
}

fn review_broken(r: &Review) -> Option<Span> {
    broken_span(&r.by)
        .or_else(|| broken_span(&r.role))
        .or_else(|| broken_span(&r.kind))
        .or_else(|| broken_span(&r.result))
        .or_else(|| broken_span(&r.at))
}

/// The part of an entry that a refusal points at.
fn refusal_span(
    why: Why,
    whole: Span,
    by: &Field<PersonId>,
    at: &Field<Time>,
    role: &Field<Role>,
    other: Option<Span>,
) -> Span {
    let span = match why {
        Why::Late | Why::Early => at.span(),
        Why::RoleNotHeld | Why::WrongRole => role.span().or(by.span()),
        Why::WrongMedium | Why::Kind => other,
        Why::NotKnown
        | Why::Bot
        | Why::Shared
        | Why::NotIndependent(_)
        | Why::NoTime
        | Why::NoMedium
        | Why::NoChannel
        | Why::Result => by.span(),
    };
    span.unwrap_or(whole)
}

impl<'l> Counted<'l> {
    /// Of one person's several reviews the last, up to an instant where one is given.
    fn last_words(&self, until: Option<Timestamp>) -> Vec<&Entry<'l>> {
        let mut last: Vec<&Entry<'l>> = Vec::with_capacity(self.entries.len());
        for entry in self.entries.iter().filter(|e| until.is_none_or(|t| e.at.is_some_and(|at| at <= t))) {
            match last.iter_mut().find(|e| e.who == entry.who) {
                Some(earlier) if entry.at >= earlier.at => *earlier = entry,
                Some(_) => {}
                None => last.push(entry),
            }
        }
        last
    }

    /// The reviews that count, up to an instant where one is given.
    pub(crate) fn approving(&self, until: Option<Timestamp>) -> Vec<&Entry<'l>> {
        let mut list = self.last_words(until);
        list.retain(|e| e.approved);
        list
    }

    /// The last words that were not `approved`.
    pub(crate) fn objecting(&self) -> Vec<&Entry<'l>> {
        let mut list = self.last_words(None);
        list.retain(|e| !e.approved);
        list
    }
}

/// How many different people there are.
pub(crate) fn people(entries: &[&Entry<'_>]) -> u32 {
    let mut who: Vec<&str> = entries.iter().map(|e| e.who).collect();
    who.sort_unstable();
    who.dedup();
    who.len() as u32
}

/// Whether each role can be given to another person.
pub(crate) fn roles_covered(roles: &[Role], entries: &[&Entry<'_>]) -> bool {
    fn assign<'e>(roles: &[Role], entries: &[&Entry<'e>], taken: &mut Vec<&'e str>) -> bool {
        let Some((role, rest)) = roles.split_first() else { return true };
        for entry in entries.iter().filter(|e| e.roles.contains(&role.as_str())) {
            if taken.contains(&entry.who) {
                continue;
            }
            taken.push(entry.who);
            if assign(rest, entries, taken) {
                return true;
            }
            taken.pop();
        }
        false
    }
    assign(roles, entries, &mut Vec::new())
}

/// The roles of `all_of` that nobody counted for has.
pub(crate) fn roles_missing<'r>(roles: &'r [Role], entries: &[&Entry<'_>]) -> Vec<&'r str> {
    roles.iter().map(Role::as_str).filter(|role| !entries.iter().any(|e| e.roles.contains(role))).collect()
}

/// Whether these approvals satisfy a rule.
pub(crate) fn approvals_satisfy(check: &ApprovalCheck, entries: &[&Entry<'_>]) -> bool {
    let fits = |e: &&&Entry<'_>| check.any_of.is_empty() || check.any_of.iter().any(|r| e.roles.contains(&r.as_str()));
    let counting: Vec<&Entry<'_>> = entries.iter().filter(fits).copied().collect();
    people(&counting) >= check.at_least && roles_covered(&check.all_of, entries)
}

/// Whether these reviews satisfy a rule.
pub(crate) fn reviews_satisfy(check: &ReviewCheck, entries: &[&Entry<'_>]) -> bool {
    let including = check.including.as_ref().is_none_or(|(role, n)| {
        let holders: Vec<&Entry<'_>> = entries.iter().filter(|e| e.roles.contains(&role.as_str())).copied().collect();
        people(&holders) >= *n
    });
    people(entries) >= check.at_least && including
}

/// From when on something is satisfied for good, trying the instants of the entries.
fn since(mut times: Vec<Timestamp>, satisfied: impl Fn(Timestamp) -> bool) -> Option<Timestamp> {
    times.sort_unstable();
    times.dedup();
    let mut since = None;
    for at in times {
        since = if satisfied(at) { since.or(Some(at)) } else { None };
    }
    since
}

fn span_at(entries: &[Entry<'_>], at: Timestamp) -> Span {
    entries.iter().find(|e| e.at == Some(at)).map(|e| e.span).unwrap_or_default()
}

/// The event `approved`: from when every approval rule without `after` that binds the change is satisfied; else the last
/// approval that counts; else the approval of its procedure.
pub(crate) fn approved(case: &Case<'_>) -> Moment {
    if let Field::Broken(span) = case.record.approvals {
        return Moment::Broken(span);
    }
    let mut latest: Option<(Timestamp, Span)> = None;
    let mut all = true;
    let mut any = false;
    for (_, check) in
        case.binding(|c| if let Check::Approval(a) = c { Some(a) } else { None }).filter(|(_, a)| a.after.is_none())
    {
        any = true;
        let counted = case.count_approvals(check, Between::default());
        if let Some(span) = counted.broken {
            return Moment::Broken(span);
        }
        let from = since(counted.entries.iter().filter_map(|e| e.at).collect(), |at| {
            let until: Vec<&Entry<'_>> = counted.entries.iter().filter(|e| e.at.is_some_and(|t| t <= at)).collect();
            approvals_satisfy(check, &until)
        });
        match from {
            Some(at) if latest.is_none_or(|(t, _)| at > t) => latest = Some((at, span_at(&counted.entries, at))),
            Some(_) => {}
            None => all = false,
        }
    }
    if let (true, true, Some((at, span))) = (any, all, latest) {
        return Moment::At(at, span);
    }
    let anyone = ApprovalCheck { at_least: 1, ..ApprovalCheck::default() };
    let last = last_approval(case, &anyone);
    last.or_else(|| procedure_approval(case)).map_or(Moment::Never, |(at, span)| Moment::At(at, span))
}

fn last_approval(case: &Case<'_>, anyone: &ApprovalCheck) -> Option<(Timestamp, Span)> {
    let approvals = case.record.approvals.items();
    approvals
        .iter()
        .filter(|a| approval_broken(a).is_none())
        .filter_map(|a| {
            let who = case.somebody(&a.by, &a.role, &a.at).ok()?;
            let spoken = a.medium.get() == Some(&Medium::Verbal) && !a.channel.is_given();
            let counts = a.medium.is_given() && !spoken && anyone.at_least == 1;
            counts.then_some((who.at?, a.at.span().unwrap_or(a.span)))
        })
        .max_by_key(|(at, _)| *at)
}

fn procedure_approval(case: &Case<'_>) -> Option<(Timestamp, Span)> {
    let Field::Given(name, span) = &case.record.procedure else { return None };
    let day = case.version.procedure(name.as_str())?.approved?;
    Some((case.calendar().start_of(day), *span))
}

/// The event `reviewed_by_peer`: from when every review rule without `after` that binds the change is satisfied; else the
/// last review that counts.
pub(crate) fn reviewed_by_peer(case: &Case<'_>) -> Moment {
    if let Field::Broken(span) = case.record.reviews {
        return Moment::Broken(span);
    }
    let mut latest: Option<(Timestamp, Span)> = None;
    let (mut all, mut any) = (true, false);
    for (_, check) in
        case.binding(|c| if let Check::Review(r) = c { Some(r) } else { None }).filter(|(_, r)| r.after.is_none())
    {
        any = true;
        let counted = case.count_reviews(check, Between::default());
        if let Some(span) = counted.broken {
            return Moment::Broken(span);
        }
        let from = since(counted.entries.iter().filter_map(|e| e.at).collect(), |at| {
            reviews_satisfy(check, &counted.approving(Some(at)))
        });
        match from {
            Some(at) if latest.is_none_or(|(t, _)| at > t) => latest = Some((at, span_at(&counted.entries, at))),
            Some(_) => {}
            None => all = false,
        }
    }
    if let (true, true, Some((at, span))) = (any, all, latest) {
        return Moment::At(at, span);
    }
    last_review(case).map_or(Moment::Never, |(at, span)| Moment::At(at, span))
}

fn last_review(case: &Case<'_>) -> Option<(Timestamp, Span)> {
    let reviews = case.record.reviews.items();
    reviews
        .iter()
        .filter(|r| review_broken(r).is_none() && r.result.get() == Some(&ReviewResult::Approved))
        .filter_map(|r| Some((case.somebody(&r.by, &r.role, &r.at).ok()?.at?, r.at.span().unwrap_or(r.span))))
        .max_by_key(|(at, _)| *at)
}

/// How a refusal reads.
pub(crate) fn refusal(refused: &Refused<'_>, what: &str) -> String {
    let who = refused.who;
    match refused.why {
        Why::NotKnown => format!("`{who}` is not in people.yaml, so this {what} counts for nobody"),
        Why::Bot => format!("`{who}` is a bot, so this {what} counts for nobody"),
        Why::Shared => format!("`{who}` is a shared account, so this {what} counts for nobody"),
        Why::NoMedium => format!("this {what} does not say its medium"),
        Why::WrongMedium => "given in a medium that the rule does not accept".to_owned(),
        Why::NoChannel => "verbal, without saying over which channel".to_owned(),
        Why::NoTime => format!("this {what} does not say when it was given"),
        Why::RoleNotHeld => format!("`{who}` was not {} on that day", refused.role.unwrap_or("in this role")),
        Why::WrongRole => format!("`{who}` held none of the roles the rule asks for"),
        Why::NotIndependent(party) => format!("`{who}` is the {} of this change", party.word()),
        Why::Late => "too late to count".to_owned(),
        Why::Early => "too early to count".to_owned(),
        Why::Result => "not approved".to_owned(),
        Why::Kind => "of another kind".to_owned(),
    }
}
