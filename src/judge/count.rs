//! Counting people: whose approval or review counts, from when, and why the others do not.
//!
//! What counts is counted here once, for the checks and for the events `approved` and `reviewed_by_peer` alike
//! (FORMATS.md, section 4, "People"). SOC 2 CC8.1 and ISO 27001 A.5.3 ask for this independence.

use jiff::Timestamp;

use super::case::{Bound, Case, Moment};
use super::verdict::{Ruling, Say};
use crate::model::{
    Approval, ApprovalCheck, Check, Event, Field, Medium, Party, PersonId, Review, ReviewCheck, ReviewResult, Role,
    Time,
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
    /// May stand in for somebody, and does not say for whom, or why.
    NoReason,
    /// Stands in for somebody without a role that may.
    MayNotStandIn,
    /// Not independent.
    NotIndependent(Party),
    /// Not independent, as a co-author.
    CoAuthor,
    /// After the event it had to come before.
    Late,
    /// Before the event it had to come after.
    Early,
    /// A review of another kind.
    Kind,
}

/// An entry that does not count, and why.
#[derive(Clone, Debug)]
pub(crate) struct Refused<'l> {
    pub(crate) who: &'l str,
    pub(crate) span: Span,
    pub(crate) why: Why,
    /// The role claimed, or stood in for.
    pub(crate) role: Option<&'l str>,
    pub(crate) at: Option<Timestamp>,
}

/// An entry that counts.
#[derive(Clone, Debug)]
pub(crate) struct Entry<'l> {
    pub(crate) who: &'l str,
    pub(crate) at: Option<Timestamp>,
    pub(crate) span: Span,
    /// Where it says when, else the whole of it.
    pub(crate) at_span: Span,
    /// The roles it counts in.
    pub(crate) roles: Vec<&'l str>,
    /// What a review came to; an approval is one.
    pub(crate) result: ReviewResult,
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
    after: Option<Timestamp>,
    before: Option<Timestamp>,
    /// Whether the rule asks when: it names an event, come or not.
    asked: bool,
    /// Nothing counts yet: it would have to come after an event that has not come.
    pub(crate) waits: bool,
}

impl Between {
    /// Between two events; what a rule comes to where one of them is not known.
    pub(crate) fn events(
        case: &Case<'_>,
        after: Option<Event>,
        before: Option<Event>,
        say: &mut Say<'_>,
    ) -> Result<Self, Ruling> {
        let bounds = [case.bound(before), case.bound(after)];
        for bound in bounds {
            match bound {
                Bound::Broken(span) => return Err(case.broken(span, say)),
                Bound::History => return Err(case.needs_history(say)),
                _ => {}
            }
        }
        let asked = bounds.iter().any(|bound| *bound != Bound::Open);
        let waits = matches!(bounds[1], Bound::Waiting(_));
        let [before, after] = bounds.map(|bound| if let Bound::At(at, _) = bound { Some(at) } else { None });
        Ok(Self { after, before, asked, waits })
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
    /// What keeps somebody from being independent, if the parties of `not_by` include them.
    fn dependence(&self, parties: &[Party], who: &str) -> Option<Why> {
        let r = self.record;
        let is = |field: &Field<PersonId>| field.get().is_some_and(|p| p.as_str() == who);
        parties.iter().find_map(|party| {
            let found = match party {
                Party::Author if r.co_authors.items().iter().any(|p| p.value.as_str() == who) => {
                    return Some(Why::CoAuthor);
                }
                Party::Author => is(&r.author),
                Party::Requester => is(&r.requested_by),
                Party::Deployer => r.deployments.items().iter().any(|d| is(&d.by)),
                Party::Reviewer => r.reviews.items().iter().any(|v| is(&v.by)),
            };
            found.then_some(Why::NotIndependent(*party))
        })
    }

    /// A mistake in a field that says who is not independent; a change whose author nobody names is one.
    fn party_broken(&self, parties: &[Party]) -> Option<Span> {
        let r = self.record;
        let broken = broken_span::<PersonId>;
        let unnamed = |field: &Field<PersonId>| {
            let whole = || field.span().or(r.id.span()).unwrap_or(r.span);
            if field.is_given() { None } else { Some(whole()) }
        };
        parties.iter().find_map(|party| match party {
            Party::Author => unnamed(&r.author).or_else(|| broken_span(&r.co_authors)),
            Party::Requester => unnamed(&r.requested_by),
            Party::Deployer => {
                broken_span(&r.deployments).or_else(|| r.deployments.items().iter().find_map(|d| broken(&d.by)))
            }
            Party::Reviewer => broken_span(&r.reviews).or_else(|| r.reviews.items().iter().find_map(|v| broken(&v.by))),
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
            (None, Some(day)) => person.roles_on(day).map(Role::as_str).collect(),
            // A claimed role that was not held is a finding of its own; the entry counts, but for no role.
            (Some(_), Some(_)) | (_, None) => Vec::new(),
        };
        Ok(Somebody { who, at, roles })
    }

    /// Approvals by what a rule asks of each of them.
    pub(crate) fn count_approvals(&self, check: &'l ApprovalCheck, between: Between) -> Counted<'l> {
        self.counted(
            &check.not_by,
            &self.record.approvals,
            approval_broken,
            |approval| self.approval_entry(approval, check, between),
            |approval, why| Refused {
                who: approval.by.get().map_or("nobody", |p| p.as_str()),
                span: refusal_span(why, approval),
                why,
                role: claimed(why, approval),
                at: approval.at.get().map(|t| t.0),
            },
        )
    }

    /// The entries of a list that count, and those that do not; where one has a mistake, nobody knows.
    fn counted<T>(
        &self,
        not_by: &[Party],
        list: &'l Field<Vec<T>>,
        broken: impl Fn(&T) -> Option<Span>,
        entry: impl Fn(&'l T) -> Result<Entry<'l>, Why>,
        refused: impl Fn(&'l T, Why) -> Refused<'l>,
    ) -> Counted<'l> {
        let mut counted = Counted { broken: self.party_broken(not_by), ..Counted::default() };
        if let Field::Broken(span) = list {
            counted.broken = Some(*span);
        }
        for item in list.items() {
            if let Some(span) = broken(item) {
                counted.broken = Some(span);
                continue;
            }
            match entry(item) {
                Ok(entry) => counted.entries.push(entry),
                Err(why) => counted.refused.push(refused(item, why)),
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
        self.dependence(&check.not_by, who.who).map_or(Ok(()), Err)?;
        let roles_asked = !check.any_of.is_empty() || !check.all_of.is_empty();
        match who.at {
            None if between.asked || roles_asked => return Err(Why::NoTime),
            None => {}
            Some(at) => between.refuses(at).map_or(Ok(()), Err)?,
        }
        let mut wrong =
            if who.roles.is_empty() && approval.role.is_given() { Why::RoleNotHeld } else { Why::WrongRole };
        let place = approval.in_place_of.get();
        let stand_in = check
            .instead
            .iter()
            .find(|(role, by)| place.is_none_or(|place| role == place) && who.roles.contains(&by.as_str()));
        match (stand_in, place) {
            (Some((role, _)), Some(_)) if approval.reason.is_given() => who.roles.push(role.as_str()),
            (Some(_), _) => wrong = Why::NoReason,
            (None, Some(_)) => wrong = Why::MayNotStandIn,
            (None, None) => {}
        }
        let asked = |role: &&str| check.any_of.iter().chain(&check.all_of).any(|r| r.as_str() == *role);
        // Beyond the roles of `all_of` anybody counts towards `at_least`.
        let anybody = check.any_of.is_empty() && check.at_least as usize > check.all_of.len();
        if roles_asked && !anybody && !who.roles.iter().any(asked) {
            return Err(wrong);
        }
        let at_span = approval.at.span().unwrap_or(approval.span);
        let result = ReviewResult::Approved;
        Ok(Entry { who: who.who, at: who.at, span: approval.span, at_span, roles: who.roles, result })
    }

    /// Reviews by what a rule asks of each of them. Of one person's several, the last in the time asked for counts.
    pub(crate) fn count_reviews(&self, check: &'l ReviewCheck, between: Between) -> Counted<'l> {
        self.counted(
            &check.not_by,
            &self.record.reviews,
            review_broken,
            |review| self.review_entry(review, check, between),
            |review, why| Refused {
                who: review.by.get().map_or("nobody", |p| p.as_str()),
                span: match why {
                    Why::Late | Why::Early => review.at.span(),
                    Why::Kind => review.kind.span(),
                    _ => review.by.span(),
                }
                .unwrap_or(review.span),
                why,
                role: review.kind.get().map(crate::model::Word::as_str),
                at: review.at.get().map(|t| t.0),
            },
        )
    }

    fn review_entry(&self, review: &'l Review, check: &'l ReviewCheck, between: Between) -> Result<Entry<'l>, Why> {
        let who = self.somebody(&review.by, &review.role, &review.at)?;
        if !check.kinds.is_empty() && !review.kind.get().is_some_and(|k| check.kinds.contains(k)) {
            return Err(Why::Kind);
        }
        self.dependence(&check.not_by, who.who).map_or(Ok(()), Err)?;
        match who.at {
            None if between.asked || check.including.is_some() => return Err(Why::NoTime),
            None => {}
            Some(at) => between.refuses(at).map_or(Ok(()), Err)?,
        }
        let result = review.result.get().copied().unwrap_or(ReviewResult::Commented);
        let at_span = review.at.span().unwrap_or(review.span);
        Ok(Entry { who: who.who, at: who.at, span: review.span, at_span, roles: who.roles, result })
    }
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

/// The part of an approval that a refusal points at.
fn refusal_span(why: Why, approval: &Approval) -> Span {
    let span = match why {
        Why::Late | Why::Early => approval.at.span(),
        Why::RoleNotHeld | Why::WrongRole => approval.role.span().or(approval.by.span()),
        Why::NoReason | Why::MayNotStandIn => approval.in_place_of.span().or(approval.by.span()),
        Why::WrongMedium => approval.medium.span(),
        _ => approval.by.span(),
    };
    span.unwrap_or(approval.span)
}

/// The role that a refusal speaks of.
fn claimed(why: Why, approval: &Approval) -> Option<&str> {
    match why {
        Why::NoReason | Why::MayNotStandIn => approval.in_place_of.get(),
        _ => approval.role.get(),
    }
    .map(Role::as_str)
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
        list.retain(|e| e.result == ReviewResult::Approved);
        list
    }

    /// The last words that were not `approved`.
    pub(crate) fn objecting(&self) -> Vec<&Entry<'l>> {
        let mut list = self.last_words(None);
        list.retain(|e| e.result != ReviewResult::Approved);
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
    entries.iter().find(|e| e.at == Some(at)).map(|e| e.at_span).unwrap_or_default()
}

/// The event `approved`: from when every approval rule without `after` that binds the change is satisfied; else the last
/// approval that counts; else the approval of its procedure.
pub(crate) fn approved(case: &Case<'_>) -> Moment {
    if let Field::Broken(span) = case.record.approvals {
        return Moment::Broken(span);
    }
    if let Some(span) = case.binding_broken(|c| matches!(c, Check::Approval(_))) {
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
    if let Some(span) = case.record.approvals.items().iter().find_map(approval_broken) {
        return Moment::Broken(span);
    }
    let last = plain_approvals(case).max_by_key(|(at, _)| *at);
    if let (None, Field::Broken(span)) = (last, &case.record.procedure) {
        return Moment::Broken(*span);
    }
    last.or_else(|| procedure_approval(case)).map_or(Moment::Never, |(at, span)| Moment::At(at, span))
}

/// The event `signed_off`: the first approval after the deployment, that instant included.
pub(crate) fn signed_off(case: &Case<'_>, deployed: Timestamp) -> Moment {
    if let Field::Broken(span) = case.record.approvals {
        return Moment::Broken(span);
    }
    if let Some(span) = case.record.approvals.items().iter().find_map(approval_broken) {
        return Moment::Broken(span);
    }
    plain_approvals(case)
        .filter(|(at, _)| *at >= deployed)
        .min_by_key(|(at, _)| *at)
        .map_or(Moment::Never, |(at, span)| Moment::At(at, span))
}

/// Approvals that count where no rule asks anything of them: by a person, in a medium, at a time.
fn plain_approvals<'c>(case: &'c Case<'_>) -> impl Iterator<Item = (Timestamp, Span)> + 'c {
    case.record.approvals.items().iter().filter_map(|a| {
        let who = case.somebody(&a.by, &a.role, &a.at).ok()?;
        let spoken = a.medium.get() == Some(&Medium::Verbal) && !a.channel.is_given();
        let counts = a.medium.is_given() && !spoken;
        counts.then_some((who.at?, a.at.span().unwrap_or(a.span)))
    })
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
    if let Some(span) = case.binding_broken(|c| matches!(c, Check::Review(_))) {
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
    if let Some(span) = case.record.reviews.items().iter().find_map(review_broken) {
        return Moment::Broken(span);
    }
    last_review(case).map_or(Moment::Never, |(at, span)| Moment::At(at, span))
}

fn last_review(case: &Case<'_>) -> Option<(Timestamp, Span)> {
    let reviews = case.record.reviews.items();
    reviews
        .iter()
        .filter(|r| r.result.get() == Some(&ReviewResult::Approved))
        .filter_map(|r| Some((case.somebody(&r.by, &r.role, &r.at).ok()?.at?, r.at.span().unwrap_or(r.span))))
        .max_by_key(|(at, _)| *at)
}
