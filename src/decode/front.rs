//! The tables of a policy's front matter, as it is written. [`super::policy`] and [`super::rules`] make the model of it.

use jiff::civil::Date;

use super::named::{Dictionary, OneOrMany};
use super::reader::{DayOrMonth, Got, Read, Reader};
use super::record::record_shape;
use super::table::{Document, FieldDef, Kind, NoneWord, read_document, read_part, row};
use super::tables::document;
use crate::diag::suggest;
use crate::model::{
    ChangeRecord, Classification, Duration, Event, Field, Hours, Id, Medium, OutcomeResult, Party, Prose, Relation,
    Risk, Role, RollbackPart, Severity, Spanned, WeekdayWord, Word,
};
use crate::source::Span;
use crate::yaml::{Entry, Node, Value};

/// A zone by its name, or a fixed offset.
const ZONE: Kind =
    Kind::Form(r"^([A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*|[+-][0-9]{1,2}:[0-9]{1,2})$", "Australia/Brisbane");
/// A path of the site whose parts are ids.
const ALIAS: Kind = Kind::Form(
    r"^/?[A-Za-z0-9]([A-Za-z0-9_-]|\.(?=[A-Za-z0-9_-]))*(/[A-Za-z0-9]([A-Za-z0-9_-]|\.(?=[A-Za-z0-9_-]))*)*/?$",
    "/policies/change/",
);
/// How much a rule may weigh.
pub(super) const LEVELS: &[&str] = &["error", "warning", "note"];
/// What a window does on holidays.
pub(super) const HOLIDAYS: &[&str] = &["open", "shut"];
/// Who can be asked to have set off a deployment.
pub(super) const SETTERS: &[&str] = &["person"];

macro_rules! front {
    ($(#[$doc:meta])* $type:ident, $name:literal, { $($key:literal => $field:ident: $type_:ty $(= $kind:expr)? $(, $flag:ident)*; $fdoc:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Default)]
        pub(super) struct $type {
            $(pub(super) $field: Field<$type_>,)+
            pub(super) span: Span,
        }
        document!($type, $name, [$($key => $field: $type_ $(= $kind)? $(, $flag)*; $fdoc),+]);
    };
}

front!(Front, "a policy", {
    "id" => id: Id; "its id; the file's name where absent",
    "title" => title: Prose; "its title; the first heading where absent",
    "version" => version: Id; "its version, as in \"1.2\"",
    "effective" => effective: DayOrMonth; "the day it takes effect",
    "classification" => classification: Classification; "public, internal or confidential; internal where absent",
    "owner" => owner: Vec<Spanned<Word>>; "a role or a person, or a list",
    "approved" => approved: Box<ApprovedFront>; "who approved it, and when",
    "review" => review: Box<ReviewFront>; "how often it is reviewed, and when last",
    "implements" => implements: ImplementsList; "controls and policy sections it implements",
    "aliases" => aliases: Vec<Spanned<Prose>> = Kind::List(&ALIAS); "other paths its page answers to",
    "summary" => summary: Prose; "one sentence for lists and feeds",
    "calendar" => calendar: Box<CalendarFront>; "overrides the site's calendar, key by key",
    "changes" => changes: Box<ChangesFront>; "types, procedures, windows, freezes and rules",
});

front!(
    /// Front matter of a page of `content/`.
    PageFront, "a page", {
    "title" => title: Prose; "its title; the first heading where absent",
    "summary" => summary: Prose; "one sentence for lists and search engines",
    "nav" => nav: u32; "where it stands in the navigation",
    "aliases" => aliases: Vec<Spanned<Prose>> = Kind::List(&ALIAS); "other paths it answers to",
});

front!(ApprovedFront, "an approval of a policy", {
    "by" => by: Word, required; "a role or a person",
    "at" => at: DayOrMonth, required; "the day",
});

front!(ReviewFront, "a policy's review", {
    "every" => every: Duration; "how often, as in `12 months`",
    "last" => last: DayOrMonth; "the last time",
    "after_incident" => after_incident: Severity; "an incident of this rank or worse asks for a review, too",
});

front!(CalendarFront, "a calendar", {
    "time_zone" => time_zone: Prose = ZONE; "an IANA name or a fixed offset such as \"+10:00\"",
    "working_days" => working_days: Vec<Spanned<WeekdayWord>>; "the days that are worked",
    "working_hours" => working_hours: Hours; "the window named working-hours",
    "holidays" => holidays: Vec<Spanned<Date>>; "days that are not worked; a year is covered when a day of it is named",
    "fiscal_year_starts" => fiscal_year_starts: u32 = Kind::Between(1, 12); "the month in which the fiscal year starts",
});

front!(ChangesFront, "`changes`", {
    "types" => types: Dictionary<TypeFront>; "the types of change",
    "kinds" => kinds: Vec<Spanned<Word>>; "replaces the words of `kind`",
    "impacts" => impacts: Vec<Spanned<Word>>; "replaces the words of `impact`",
    "procedures" => procedures: Dictionary<ProcedureFront>; "procedures for standard changes",
    "windows" => windows: Dictionary<OneOrMany<WindowFront>>; "windows by name",
    "freezes" => freezes: FreezeList; "times in which nothing is deployed",
    "rules" => rules: Vec<RuleFront>; "what is asked of every record",
});

front!(TypeFront, "a change type", {
    "title" => title: Prose; "what people call it",
    "risk" => risk: Risk; "its usual risk",
    "expedited" => expedited: bool; "an emergency type",
    "summary" => summary: Prose; "a sentence",
    "examples" => examples: Vec<Spanned<Prose>>; "examples",
});

front!(ProcedureFront, "a procedure", {
    "title" => title: Prose; "what people call it",
    "approved" => approved: Box<ApprovedFront>; "who approved it, and when",
    "tested" => tested: DayOrMonth; "the day it was tested",
    "until" => until: DayOrMonth; "the last day it may be used",
});

front!(WindowFront, "a window", {
    "days" => days: Vec<Spanned<WeekdayWord>>; "the days on which it starts; working days where absent",
    "hours" => hours: Hours, required; "from when to when, as in `09:00-17:00`",
    "time_zone" => time_zone: Prose = ZONE; "its own zone",
    "holidays" => holidays: Word = Kind::Words(HOLIDAYS, &[]); "`open` where holidays do not shut it",
});

front!(FreezeFront, "a freeze", {
    "name" => name: Prose, required; "what it is called",
    "from" => from: Date, required; "the first day",
    "until" => until: Date, required; "the last day",
    "except" => except: Vec<Spanned<Word>>; "types it does not bind",
});

front!(RuleFront, "a rule", {
    "id" => id: Id, required; "its id, unique in the policy",
    "clause" => clause: Word; "the anchor of the clause that makes the promise",
    "for" => types: Vec<Spanned<Word>>; "the change types it binds; all where absent",
    "when" => when: Prose; "a condition",
    "level" => level: Word = Kind::Words(LEVELS, &[]); "error, warning or note",
    "or_reason" => or_reason: bool; "a reason in the record stands in for keeping it",
    "due" => due: Event; "when it falls due, where its check does not say",
    "message" => message: Prose; "what an `assert` says when it fails",
    "pass" => pass: ExampleList; "records the expression must hold for",
    "fail" => fail: ExampleList; "records the expression must not hold for",
    "fields" => fields: Vec<Spanned<Prose>> = Kind::List(&Kind::Path(record_shape)); "every named field is there and not blank",
    "approval" => approval: Box<ApprovalFront>; "enough approvals, by these roles, from independent people",
    "review" => review: Box<ReviewCheckFront>; "enough reviews",
    "gates" => gates: Box<GatesFront>; "the latest result of each gate is `passed`",
    "deadline" => deadline: Box<DeadlineFront>; "the event came in time",
    "order" => order: Vec<Spanned<Event>>; "these events came in this order",
    "window" => window: Word; "deployed inside the window",
    "freeze" => freeze: bool; "not deployed in a freeze that binds its type",
    "observation" => observation: Duration; "monitored at least so long after the last production deployment",
    "deployment" => deployment: Box<DeploymentFront>; "how it was deployed",
    "rollback" => rollback: Box<RollbackFront>; "the rollback plan is complete",
    "incident" => incident: Box<IncidentFront>; "such an incident is recorded",
    "procedure" => procedure: bool; "it names a procedure that was approved, tested and not expired when requested",
    "merged" => merged: Box<MergedFront>; "every pull request was merged so",
    "attested" => attested: Box<AttestedFront>; "a named person attests what no machine can see",
    "assert" => assert: Prose; "the expression is true",
    "unchanged" => unchanged: Box<UnchangedFront>; "git shows no later edit of these fields",
    "retained" => retained: Duration; "no younger record was deleted",
    "complete" => complete: bool; "everything deployed has a record",
});

front!(ApprovalFront, "an approval check", {
    "at_least" => at_least: u32 = Kind::Between(1, 1_000_000); "how many different people",
    "any_of" => any_of: Vec<Spanned<Role>>; "whoever counts holds one of these roles",
    "all_of" => all_of: Vec<Spanned<Role>>; "each of these roles, by another person",
    "not_by" => not_by: Vec<Spanned<Party>>; "who is not independent",
    "before" => before: Event; "given at this event at the latest",
    "after" => after: Event; "given at this event at the earliest",
    "mediums" => mediums: Vec<Spanned<Medium>>; "in these media",
    "instead" => instead: RoleMap; "role → the role that may stand in",
});

front!(ReviewCheckFront, "a review check", {
    "at_least" => at_least: u32 = Kind::Between(1, 1_000_000); "how many different people",
    "kinds" => kinds: Vec<Spanned<Word>>; "of these kinds",
    "including" => including: Box<IncludingFront>; "among them so many who hold a role",
    "not_by" => not_by: Vec<Spanned<Party>>; "who is not independent",
    "before" => before: Event; "at this event at the latest",
    "after" => after: Event; "at this event at the earliest",
});

front!(IncludingFront, "`including`", {
    "role" => role: Vec<Spanned<Role>>, required; "the role, or a list of which one is enough",
    "at_least" => at_least: u32; "how many",
});

front!(GatesFront, "a gates check", {
    "passed" => passed: Vec<Spanned<Word>>; "the gates' names",
    "before" => before: Event; "at this event at the latest",
    "after" => after: Event; "at this event at the earliest",
    "open_findings" => open_findings: crate::model::OpenFindings; "severity → how many open findings are allowed",
});

front!(DeadlineFront, "a deadline", {
    "of" => of: Event, required; "the event that must come in time",
    "within" => within: Duration; "how long it may take",
    "after" => after: Event; "the event that starts the clock",
    "at_least" => at_least: Duration; "how long before",
    "before" => before: Event; "the event it must come before",
});

front!(DeploymentFront, "a deployment check", {
    "via" => via: Vec<Spanned<Word>>; "through one of these",
    "by" => by: Word = Kind::Words(SETTERS, &[]); "`person`: set off by a person",
    "staged" => staged: bool; "after a successful deployment elsewhere",
});

front!(RollbackFront, "a rollback check", {
    "parts" => parts: Vec<Spanned<RollbackPart>>; "these parts are there",
    "recorded_before" => recorded_before: Event; "git shows it was there in time",
});

front!(UnchangedFront, "an unchanged check", {
    "after" => after: Event, required; "no later edit than this event",
    "only" => only: Vec<Spanned<Prose>> = Kind::List(&Kind::Path(record_shape)); "these fields alone",
    "except" => except: Vec<Spanned<Prose>> = Kind::List(&Kind::Path(record_shape)); "all fields but these",
});

front!(IncidentFront, "an incident check", {
    "relation" => relation: Relation, required; "`triggered-by` or `caused`",
    "when_outcome" => when_outcome: Vec<Spanned<OutcomeResult>>; "asked only when the outcome is one of these",
    "severity_at_least" => severity_at_least: Severity; "of this rank or worse",
    "reviewed" => reviewed: bool; "and reviewed",
});

front!(MergedFront, "a merge check", {
    "into" => into: Word; "into this branch",
    "method" => method: Word; "in this way",
    "code_owners" => code_owners: bool; "with the approval of the files' owners",
});

front!(AttestedFront, "an attestation check", {
    "statement" => statement: Word, required; "what is attested",
    "by" => by: Vec<Spanned<Role>>; "in one of these roles",
});

/// Freezes, of which an empty list says that there are none.
#[derive(Debug, Default)]
pub(super) struct FreezeList(pub(super) Vec<FreezeFront>);

impl Read for FreezeList {
    const KIND: Kind = Kind::Documents(FreezeFront::shape);

    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Got<Self> {
        match Vec::<FreezeFront>::read(node, reader) {
            Got::Is(list) => Got::Is(Self(list)),
            Got::Blank => Got::Is(Self(Vec::new())),
            Got::Broken => Got::Broken,
        }
    }
}

/// Parts of records beside an expression.
#[derive(Debug, Default)]
pub(super) struct ExampleList(pub(super) Vec<ChangeRecord>);

impl Read for ExampleList {
    const KIND: Kind = Kind::Parts(ChangeRecord::shape);

    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Got<Self> {
        let single = std::slice::from_ref(node);
        let items = if let Value::List(items) = &node.value { items.as_slice() } else { single };
        let mut list = Vec::with_capacity(items.len());
        for item in items {
            let mut record = ChangeRecord::empty(reader.file, item.span);
            read_part(&mut record, item, reader);
            list.push(record);
        }
        if list.is_empty() { Got::Blank } else { Got::Is(Self(list)) }
    }
}

/// Role → role.
#[derive(Debug, Default)]
pub(super) struct RoleMap(pub(super) Vec<(Role, Role)>);

impl Read for RoleMap {
    const KIND: Kind = Kind::Named(&Kind::Role);

    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Got<Self> {
        let Value::Map(entries) = &node.value else {
            reader.wrong(
                node,
                "a map of roles",
                "write it as `{ciso: engineering-lead}`: the lead may stand in for the CISO",
            );
            return Got::Broken;
        };
        let mut list = Vec::new();
        for entry in entries {
            match super::reader::field::<Role>(&entry.value, reader) {
                Field::Given(role, _) => list.push((Role::new(&entry.key.text), role)),
                _ => return Got::Broken,
            }
        }
        Got::Is(Self(list))
    }
}

/// One entry of `implements`.
#[derive(Debug)]
pub(super) enum ImplementsFront {
    /// `FRAMEWORK:CONTROL`, and the clauses that implement it, where those are named.
    Control(String, String, Vec<Spanned<Word>>),
    /// A section of another policy.
    Section(SectionFront),
}

front!(SectionFront, "a section of a policy", {
    "policy" => policy: Id, required; "the policy's id",
    "section" => section: Prose; "the section",
});

front!(ControlFront, "a control", {
    "control" => control: Prose = CONTROL, required; "the framework, a colon and the control, as in `SOC2:CC8.1`",
    "clauses" => clauses: Vec<Spanned<Word>>; "the anchors of the clauses that implement it; the whole policy where absent",
});

/// `FRAMEWORK:CONTROL`.
pub(super) const CONTROL: Kind = Kind::Form(r"^[^:]*[^:\s][^:]*:[\s\S]*\S[\s\S]*$", "SOC2:CC8.1");

/// A framework and its control, from a text that joins them with a colon.
pub(super) fn framework_and_control(text: &str) -> Option<(String, String)> {
    let (framework, control) = text.split_once(':')?;
    let (framework, control) = (framework.trim(), control.trim());
    (!framework.is_empty() && !control.is_empty()).then(|| (framework.to_owned(), control.to_owned()))
}

/// Says how a control is written.
pub(super) fn no_control(node: &Node<'_>, reader: &mut Reader<'_>) {
    reader.wrong(node, "a control", "write the framework, a colon and the control, as in `SOC2:CC8.1`");
}

/// A map of `implements`: a control with its clauses, or a section of another policy.
fn entry_of_implements(node: &Node<'_>, entries: &[Entry<'_>], reader: &mut Reader<'_>) -> Option<ImplementsFront> {
    let about_control = |key: &str| suggest::nearest(key, ["control", "clauses", "policy", "section"]);
    if !entries.iter().any(|e| matches!(about_control(&e.key.text), Some("control" | "clauses"))) {
        let mut section = SectionFront::blank(node.span);
        read_document(&mut section, node, reader);
        return Some(ImplementsFront::Section(section));
    }
    let mut front = ControlFront::blank(node.span);
    read_document(&mut front, node, reader);
    let written = front.control.get()?;
    let Some((framework, control)) = framework_and_control(written.as_str()) else {
        no_control(node, reader);
        return None;
    };
    Some(ImplementsFront::Control(framework, control, front.clauses.items().to_vec()))
}

/// `implements`, as written.
#[derive(Debug, Default)]
pub(super) struct ImplementsList(pub(super) Vec<ImplementsFront>);

impl Read for ImplementsList {
    const KIND: Kind =
        Kind::List(&Kind::Either(&[CONTROL, Kind::Document(ControlFront::shape), Kind::Document(SectionFront::shape)]));

    fn read(node: &Node<'_>, reader: &mut Reader<'_>) -> Got<Self> {
        let single = std::slice::from_ref(node);
        let items = if let Value::List(items) = &node.value { items.as_slice() } else { single };
        let mut list = Vec::with_capacity(items.len());
        for item in items {
            if let Value::Map(entries) = &item.value {
                list.extend(entry_of_implements(item, entries, reader));
                continue;
            }
            let Some(text) = super::reader::scalar(item, reader, "a control") else { return Got::Broken };
            let Some((framework, control)) = framework_and_control(text) else {
                no_control(item, reader);
                return Got::Broken;
            };
            list.push(ImplementsFront::Control(framework, control, Vec::new()));
        }
        if list.is_empty() { Got::Blank } else { Got::Is(Self(list)) }
    }
}

macro_rules! none_word_is_blank {
    ($($type:ty),+) => {$(
        impl NoneWord for $type {
            fn none_word(_: bool, node: &Node<'_>, _: &mut Reader<'_>) -> Field<Self> {
                Field::Blank(node.span)
            }
        }
    )+};
}
none_word_is_blank!(ExampleList, FreezeList, RoleMap, ImplementsList);

impl<D> NoneWord for Dictionary<D>
where
    Self: Read,
{
    fn none_word(_: bool, node: &Node<'_>, _: &mut Reader<'_>) -> Field<Self> {
        Field::Blank(node.span)
    }
}
