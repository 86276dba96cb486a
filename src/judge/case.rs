//! One record under one policy version: its events, how far it has come, and when rules fall due.

use std::cell::OnceCell;

use jiff::Timestamp;

use super::codes;
use super::expression::{self, Answer};
use super::verdict::{Ruling, Say, Verdict};
use crate::diag::Code;
use crate::model::{
    Calendar, ChangeRecord, Check, Configuration, DayFault, Deployment, Event, Field, Incident, Ledger, PolicyVersion,
    RecordText, Relation, Rule, Sight, Status, Time, Vocabulary,
};
use crate::source::Span;

/// When an event was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Then, as the record says there.
    At(Timestamp, Span),
    /// Not so far.
    Never,
    /// A field that would say is broken.
    Broken(Span),
    /// Only history could say.
    History,
}

impl Moment {
    /// The instant, if there is one.
    pub(crate) fn time(self) -> Option<Timestamp> {
        match self {
            Self::At(at, _) => Some(at),
            _ => None,
        }
    }

    fn of(field: &Field<Time>) -> Self {
        match field {
            Field::Given(time, span) => Self::At(time.0, *span),
            Field::Broken(span) => Self::Broken(*span),
            Field::Absent | Field::Blank(_) => Self::Never,
        }
    }

    /// The first (or last) of several; broken where any is.
    pub(crate) fn pick<'f>(fields: impl Iterator<Item = &'f Field<Time>>, last: bool) -> Self {
        let mut best = Self::Never;
        for field in fields {
            match (Self::of(field), best) {
                (broken @ Self::Broken(_), _) => return broken,
                (found @ Self::At(..), Self::Never) => best = found,
                (found @ Self::At(at, _), Self::At(than, _)) if (at < than) != last && at != than => best = found,
                _ => {}
            }
        }
        best
    }
}

/// When a rule falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// It has fallen due.
    Past(Option<Timestamp>),
    /// It will, then.
    Future(Timestamp),
    /// It waits for an event.
    Waiting(Event),
    /// A field that would say is broken.
    Broken(Span),
    /// Only history could say.
    History,
}

/// A bound in time that a rule sets by an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// None was asked, or its event never came and the change is closed.
    Open,
    /// Then.
    At(Timestamp, Span),
    /// The event has not come.
    Waiting(Event),
    /// A field that would say is broken.
    Broken(Span),
    /// Only history could say.
    History,
}

/// Whether a rule holds as the record stands.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Holds {
    /// It does.
    Yes,
    /// Something is missing that may still come.
    NotYet(&'static Code),
    /// It can no longer hold.
    NoMore(&'static Code),
    /// Somebody else would have to say.
    Unsaid(&'static Code),
}

/// One record under one policy version.
pub struct Case<'l> {
    pub(crate) ledger: &'l Ledger,
    pub(crate) record: &'l ChangeRecord,
    pub(crate) version: &'l PolicyVersion,
    pub(crate) as_of: Timestamp,
    /// History is cut short before the version that was in force, so that nobody can say what is asked.
    pub(crate) cut: bool,
    events: [OnceCell<Moment>; Event::COUNT],
}

impl<'l> Case<'l> {
    pub(crate) fn new(
        ledger: &'l Ledger,
        record: &'l ChangeRecord,
        version: &'l PolicyVersion,
        as_of: Timestamp,
    ) -> Self {
        Self { ledger, record, version, as_of, cut: false, events: [const { OnceCell::new() }; Event::COUNT] }
    }

    pub(crate) fn calendar(&self) -> &'l Calendar {
        &self.version.calendar
    }

    pub(crate) fn configuration(&self) -> &'l Configuration {
        &self.ledger.configuration
    }

    /// When an event was.
    pub fn event(&self, event: Event) -> Moment {
        *self.events[event as usize].get_or_init(|| self.find(event))
    }

    fn find(&self, event: Event) -> Moment {
        let r = self.record;
        match event {
            Event::Requested => Moment::of(&r.requested_at),
            Event::Started => self.started(),
            Event::Proposed => list(&r.pull_requests, |l| Moment::pick(l.iter().map(|p| &p.opened_at), false)),
            Event::ReviewedByPeer => super::count::reviewed_by_peer(self),
            Event::Approved => super::count::approved(self),
            Event::Merged => list(&r.pull_requests, |l| {
                // While one of them is not merged, the change is not.
                let open = l.iter().any(|p| matches!(p.merged_at, Field::Absent | Field::Blank(_)));
                match Moment::pick(l.iter().map(|p| &p.merged_at), true) {
                    Moment::At(..) if open => Moment::Never,
                    moment => moment,
                }
            }),
            Event::Notified => list(&r.notifications, |l| Moment::pick(l.iter().map(|n| &n.at), false)),
            Event::Scheduled => boxed(&r.window, |w| Moment::of(&w.start)),
            Event::Deployed => self.deployment_moment(false),
            Event::RolledBack => self.deployment_moment(true),
            Event::Monitored => list(&r.deployments, |l| Moment::pick(l.iter().map(|d| &d.monitored_until), true)),
            Event::Confirmed => boxed(&r.outcome, |o| Moment::of(&o.at)),
            Event::Documented => self.documented(),
            Event::Reviewed => boxed(&r.post_change_review, |p| Moment::of(&p.at)),
            Event::SignedOff => self.signed_off(),
            Event::Closed => Moment::of(&r.closed_at),
            Event::Incident => list(&r.incidents, |l| {
                if let Some(unread) = l.iter().find(|i| !i.relation.is_given()) {
                    return Moment::Broken(unread.relation.span().unwrap_or(unread.span));
                }
                let triggers = |i: &&Incident| i.relation.get() == Some(&Relation::TriggeredBy);
                Moment::pick(l.iter().filter(triggers).map(|i| &i.at), false)
            }),
        }
    }

    /// Whether a deployment went to production; nothing where its environment is broken.
    pub(crate) fn is_production(&self, deployment: &Deployment) -> bool {
        deployment.environment.get().is_some_and(|e| self.configuration().production.iter().any(|p| p == e.as_str()))
    }

    /// All production deployments, in the order they are written.
    pub(crate) fn production(&self) -> impl Iterator<Item = &'l Deployment> {
        self.record.deployments.items().iter().filter(|d| self.is_production(d))
    }

    /// The place of a mistake that hides which deployments there were: one that does not say where to or when, which
    /// every deployment has to say, or cannot be read.
    pub(crate) fn deployments_broken(&self) -> Option<Span> {
        if let Field::Broken(span) = self.record.deployments {
            return Some(span);
        }
        self.record.deployments.items().iter().find_map(|d| {
            if !d.environment.is_given() {
                Some(d.environment.span().unwrap_or(d.span))
            } else if !d.at.is_given() {
                Some(d.at.span().unwrap_or(d.span))
            } else if d.rollback.is_broken() {
                d.rollback.span()
            } else {
                None
            }
        })
    }

    fn deployment_moment(&self, rollback: bool) -> Moment {
        if let Some(span) = self.deployments_broken() {
            return Moment::Broken(span);
        }
        Moment::pick(self.production().filter(|d| d.is_rollback() == rollback).map(|d| &d.at), false)
    }

    /// The first commit of its pull requests, where each of them is a merge on a branch that was read. A squash or a rebase
    /// has forgotten when the work began.
    fn started(&self) -> Moment {
        let span = match &self.record.pull_requests {
            Field::Broken(span) => return Moment::Broken(*span),
            Field::Given(_, span) => *span,
            Field::Absent | Field::Blank(_) => return Moment::History,
        };
        let requests = self.record.pull_requests.items().iter();
        let first = requests.map(|request| super::deployed::merge_of(self.ledger, request)?.began());
        let first: Option<Vec<Timestamp>> = first.collect();
        first.and_then(|all| all.into_iter().min()).map_or(Moment::History, |at| Moment::At(at, span))
    }

    fn documented(&self) -> Moment {
        match &self.record.source {
            Field::Broken(span) => return Moment::Broken(*span),
            Field::Given(origin, _) => match Moment::of(&origin.at) {
                Moment::Never => {}
                moment => return moment,
            },
            Field::Absent | Field::Blank(_) => {}
        }
        match self.git_dates() {
            Err(span) => Moment::Broken(span),
            Ok(false) => Moment::of(&self.record.documented_at),
            Ok(true) if !self.history_is_whole() => Moment::History,
            Ok(true) => self.committed(),
        }
    }

    /// Whether git dates the record, and not the record itself: it was requested on or after the day from which history is
    /// kept here.
    pub(crate) fn git_dates(&self) -> Result<bool, Span> {
        let past = &self.ledger.past;
        let Some(from) = self.configuration().history_from.or(past.first_day) else {
            // Where history is cut short, nobody knows from which day on it was kept.
            return Ok(past.sight == Sight::Cut);
        };
        match self.event(Event::Requested) {
            Moment::At(at, _) => Ok(self.calendar().day(at) >= from),
            Moment::Broken(span) => Err(span),
            Moment::Never | Moment::History => Ok(false),
        }
    }

    /// Whether all of the repository's history can be seen.
    pub(crate) fn history_is_whole(&self) -> bool {
        self.ledger.past.sight == Sight::Whole
    }

    /// When the commit was that first held the record.
    pub(crate) fn committed(&self) -> Moment {
        let Field::Given(id, span) = &self.record.id else {
            return Moment::Broken(self.record.id.span().unwrap_or(self.record.span));
        };
        self.ledger.past.brought(id.as_str()).map_or(Moment::Never, |brought| Moment::At(brought.commit.at, *span))
    }

    /// Who wrote a text of the record, and when: "on Mon 3 Aug 2026 09:00 by `a.ng` (1f2e3d4)".
    pub(crate) fn edit_in_words(&self, text: &RecordText) -> String {
        let Some(by) = self.ledger.past.commit(text) else { return "in the work tree, not committed yet".to_owned() };
        format!("on {} by {} ({})", self.show(by.commit.at), self.ledger.people.name_of(&by.author), by.commit.short())
    }

    fn signed_off(&self) -> Moment {
        match self.event(Event::Deployed) {
            Moment::At(deployed, _) => super::count::signed_off(self, deployed),
            other => other,
        }
    }

    /// Whether the change was turned down or given up, and never deployed.
    pub(crate) fn is_abandoned(&self) -> bool {
        matches!(self.record.status.get(), Some(Status::Rejected | Status::Cancelled))
            && self.event(Event::Deployed) == Moment::Never
    }

    /// Whether the record is still being written: nothing has been asked of anybody, although `requested_at`, which every
    /// record has, stands there. What has happened since outranks the status.
    fn is_draft(&self) -> bool {
        let went_on = [Event::Approved, Event::Merged, Event::Deployed, Event::Closed];
        self.record.status.get() == Some(&Status::Draft)
            && went_on.iter().all(|event| self.event(*event) == Moment::Never)
    }

    /// Whether the change is closed, by its status or its events, whichever is further.
    pub(crate) fn closed(&self) -> Due {
        match self.event(Event::Closed) {
            Moment::At(at, _) if at <= self.as_of => Due::Past(Some(at)),
            Moment::Broken(span) => Due::Broken(span),
            moment => match &self.record.status {
                Field::Given(Status::Closed, _) => Due::Past(moment.time()),
                Field::Given(Status::Rejected | Status::Cancelled, _) => Due::Past(None),
                Field::Broken(span) => Due::Broken(*span),
                _ => moment.time().map_or(Due::Waiting(Event::Closed), Due::Future),
            },
        }
    }

    /// When a rule falls due that is due at an event.
    pub(crate) fn due_at(&self, event: Event) -> Due {
        if event == Event::Closed {
            return self.closed();
        }
        if event == Event::Requested && self.is_draft() {
            return Due::Waiting(event);
        }
        match self.event(event) {
            Moment::At(at, _) if at <= self.as_of => Due::Past(Some(at)),
            Moment::At(at, _) => Due::Future(at),
            Moment::Broken(span) => Due::Broken(span),
            Moment::History => Due::History,
            Moment::Never => match self.closed() {
                past @ Due::Past(_) => past,
                Due::Broken(span) => Due::Broken(span),
                _ => Due::Waiting(event),
            },
        }
    }

    /// The bound an event sets. Once the change is closed, an event that never came sets none.
    pub(crate) fn bound(&self, event: Option<Event>) -> Bound {
        let Some(event) = event else { return Bound::Open };
        match self.event(event) {
            Moment::At(at, span) => Bound::At(at, span),
            Moment::Broken(span) => Bound::Broken(span),
            Moment::History => Bound::History,
            Moment::Never if matches!(self.closed(), Due::Past(_)) => Bound::Open,
            Moment::Never => Bound::Waiting(event),
        }
    }

    /// The verdict of what holds, or not, at the time it is due.
    pub(crate) fn settle(&self, holds: Holds, due: Due, say: &mut Say<'_>) -> Ruling {
        let instant = match due {
            Due::Past(at) => at,
            Due::Future(at) => Some(at),
            _ => None,
        };
        match (holds, due) {
            (Holds::Yes, _) => Ruling::of(Verdict::Pass, instant),
            (Holds::NoMore(code), _) => Ruling::fail(code, instant),
            (_, Due::Broken(span)) => self.broken(span, say),
            (Holds::NotYet(code), Due::Past(at)) => Ruling::fail(code, at),
            (Holds::Unsaid(code), Due::Past(at)) => Ruling::unknown(code, at),
            (_, Due::History) => self.needs_history(say),
            (_, Due::Future(at)) => self.pending(Some(at), None, say),
            (_, Due::Waiting(event)) => self.pending(None, Some(event), say),
        }
    }

    /// Not due yet.
    pub(crate) fn pending(&self, at: Option<Timestamp>, event: Option<Event>, say: &mut Say<'_>) -> Ruling {
        say.headline(|| match (at, event) {
            (Some(at), _) => format!("due by {}", self.show(at)),
            (None, Some(event)) => format!("waits for the {}", event.phrase()),
            (None, None) => "not due yet".to_owned(),
        });
        Ruling::of(Verdict::Pending, at)
    }

    /// A field the rule reads is broken.
    pub(crate) fn broken(&self, span: Span, say: &mut Say<'_>) -> Ruling {
        say.headline(|| "a field this rule reads has a mistake".to_owned());
        say.at(span, || "this could not be read".to_owned());
        say.help(|| "mend the field; the mistake is reported on its own".to_owned());
        say.settle();
        Ruling::unknown(&codes::FIELD_BROKEN, None)
    }

    /// Which version was in force is not known.
    pub(crate) fn no_version(&self, say: &mut Say<'_>) -> Ruling {
        say.headline(|| "history is cut short before the version that was in force".to_owned());
        say.help(|| "fetch the whole history: `git fetch --unshallow`; in a build service `fetch-depth: 0`".to_owned());
        Ruling::unknown(&codes::NEEDS_HISTORY, None)
    }

    /// Only the repository's history could say.
    pub(crate) fn needs_history(&self, say: &mut Say<'_>) -> Ruling {
        if self.history_is_whole() {
            say.headline(|| "what was before its history was kept here only its old system could say".to_owned());
            let span = self.record.requested_at.span().unwrap_or(self.record.span);
            say.at(span, || "requested before the day from which git dates records".to_owned());
            say.help(|| {
                "nothing to mend: `changes.history_from` in tickmark.yaml says from which day on git is asked"
                    .to_owned()
            });
            return Ruling::unknown(&codes::NEEDS_HISTORY, None);
        }
        say.headline(|| "only the repository's history could say".to_owned());
        say.help(|| match self.ledger.past.sight {
            Sight::Outside => {
                "keep the site in git; or set `changes.history_from` to a later day, to judge by what records state"
                    .to_owned()
            }
            Sight::Cut | Sight::Whole => {
                "fetch the whole history: `git fetch --unshallow`; in a build service `fetch-depth: 0`".to_owned()
            }
        });
        Ruling::unknown(&codes::NEEDS_HISTORY, None)
    }

    /// What only history could say, at the time it is due.
    pub(crate) fn settle_history(&self, due: Due, say: &mut Say<'_>) -> Ruling {
        let ruling = self.settle(Holds::Unsaid(&codes::NEEDS_HISTORY), due, say);
        if ruling.code.is_some() {
            self.needs_history(say);
        }
        ruling
    }

    /// A calendar could not answer.
    pub(crate) fn no_calendar(&self, fault: DayFault, say: &mut Say<'_>) -> Ruling {
        say.headline(|| match fault {
            DayFault::YearNotCovered(year) => {
                format!("no holiday of {year} is named, so business days of that year cannot be counted")
            }
            DayFault::OutOfRange => "the calendar does not reach that far".to_owned(),
        });
        say.help(|| match fault {
            DayFault::YearNotCovered(year) => {
                format!("add the holidays of {year} to `calendar.holidays` in tickmark.yaml")
            }
            DayFault::OutOfRange => "check the dates of the record".to_owned(),
        });
        Ruling::unknown(&codes::NOT_COVERED, None)
    }

    /// An instant with its zone.
    pub(crate) fn show(&self, at: Timestamp) -> String {
        format!("{} ({})", self.calendar().show(at), self.calendar().zone_name)
    }

    /// Says when an event was.
    pub(crate) fn say_event(&self, event: Event, say: &mut Say<'_>) {
        if let Moment::At(at, span) = self.event(event) {
            say.fact(event.word(), Some(span), || self.show(at));
        } else if say.listening() {
            say.fact(event.word(), None, || "not recorded".to_owned());
        }
    }

    /// The rules of a kind that bind this record's type.
    pub(crate) fn binding<T>(&self, pick: impl Fn(&'l Check) -> Option<T>) -> impl Iterator<Item = (&'l Rule, T)> {
        let change_type = self.record.type_.get().map_or("", |t| t.as_str());
        let rules: &'l [Rule] = &self.version.rules;
        rules
            .iter()
            .filter(move |r| r.binds(change_type))
            .filter_map(move |r| pick(&r.check).map(|c| (r, c)))
            .filter(|(r, _)| !matches!(self.condition(r), Some(Answer::No)))
    }

    /// The place of a mistake that hides whether a rule of a kind binds this record.
    pub(crate) fn binding_broken(&self, of_kind: impl Fn(&Check) -> bool) -> Option<Span> {
        let change_type = self.record.type_.get().map_or("", |t| t.as_str());
        let rules = self.version.rules.iter().filter(|r| r.binds(change_type) && of_kind(&r.check));
        rules.into_iter().find_map(|r| match self.condition(r) {
            Some(Answer::Broken(span)) => Some(span),
            _ => None,
        })
    }

    fn condition(&self, rule: &Rule) -> Option<Answer> {
        rule.when.as_ref().map(|condition| expression::applies(self, condition))
    }
}

fn list<T>(field: &Field<Vec<T>>, read: impl FnOnce(&[T]) -> Moment) -> Moment {
    match field {
        Field::Given(items, _) => read(items),
        Field::Broken(span) => Moment::Broken(*span),
        Field::Absent | Field::Blank(_) => Moment::Never,
    }
}

fn boxed<T>(field: &Field<Box<T>>, read: impl FnOnce(&T) -> Moment) -> Moment {
    match field {
        Field::Given(document, _) => read(document),
        Field::Broken(span) => Moment::Broken(*span),
        Field::Absent | Field::Blank(_) => Moment::Never,
    }
}
