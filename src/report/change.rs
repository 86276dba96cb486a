//! The page of one change: every rule's verdict with its facts and arithmetic, and what the record itself says.

use std::borrow::Cow;

use super::pages::{ChangePage, Fact, FindingRow, KeptRule, Link, Listing, Moment, RuleRow, TimelineRow, WaiverRow};
use super::reference::code_href;
use super::row::{emergency_href, is_emergency, report_href, version_href};
use super::wording::{counted, mark, moment, shown};
use crate::diag::{Diagnostic, Level, Place};
use crate::judge::{self, Explanation, Judgement, Verdict};
use crate::markdown::Clause;
use crate::model::{Calendar, ChangeRecord, Field, Ledger, PersonId, PolicyVersion, Prose, Spanned, Time, Vocabulary};
use crate::pipeline::Entry;
use crate::source::SourceSet;

/// The page of one change. `findings` are those of its document.
pub fn change_page(sources: &SourceSet, ledger: &Ledger, entry: &Entry<'_>, findings: &[Diagnostic]) -> ChangePage {
    let record = &entry.record;
    let version = entry.judged.version(ledger);
    let calendar = version.map_or(&ledger.configuration.calendar, |v| &v.calendar);
    let judgements = &entry.judged.judgements;
    let short = |verdict, word| {
        let rules = judgements.iter().filter(move |j| j.verdict == verdict);
        rules.filter_map(move |j| Some(kept_rule(version?, j, word)))
    };
    let open = judgements.iter().filter(|j| !matches!(j.verdict, Verdict::Pass | Verdict::NotApplicable));
    let mut rules: Vec<RuleRow> = open.filter_map(|j| Some(rule_row(ledger, record, version?, j))).collect();
    rules.sort_by_key(|r| r.mark);
    let quarter = judge::quarter(ledger, record);
    ChangePage {
        id: record.name().to_owned(),
        title: record.title.get().map_or_else(|| "(no title)".to_owned(), ToString::to_string),
        mark: mark(entry.judged.verdict),
        state: state(judgements),
        kind: kind(record, version),
        policy: version.map_or_else(Link::default, |v| Link {
            text: format!("{}, version {}", v.title, v.version),
            href: Some(version_href(v)),
        }),
        facts: facts(ledger, record, calendar),
        rules,
        kept: short(Verdict::Pass, "pass").chain(short(Verdict::NotApplicable, "not applicable")).collect(),
        texts: texts(record),
        rollback: rollback(ledger, record),
        lists: lists(ledger, record, calendar).into_iter().chain(history(ledger, record, calendar)).collect(),
        timeline: timeline(ledger, record, calendar),
        waivers: waivers(ledger, entry),
        findings: findings.iter().map(|f| finding_row(sources, f)).collect(),
        emergency: is_emergency(record, version).then(|| emergency_href(record.name())),
        quarter: quarter.map_or_else(Link::default, |q| Link { text: q.to_string(), href: Some(report_href(q)) }),
        path: sources.file(record.file).path().to_owned(),
    }
}

/// `2 of 14 rules broken`, or what else there is to say.
pub(super) fn state(judgements: &[Judgement]) -> String {
    let of = |verdict| judgements.iter().filter(|j| j.verdict == verdict).count();
    let asked = judgements.len() - of(Verdict::NotApplicable);
    let rules = counted(asked, "rule", "rules");
    for (verdict, what) in [
        (Verdict::Fail, "broken"),
        (Verdict::Unknown, "unknown"),
        (Verdict::Pending, "not due yet"),
        (Verdict::Waived, "waived"),
    ] {
        let n = of(verdict);
        if n > 0 {
            return format!("{n} of {rules} {what}");
        }
    }
    if asked == 0 { "no rule applies".to_owned() } else { format!("all {rules} kept") }
}

fn kind(record: &ChangeRecord, version: Option<&PolicyVersion>) -> String {
    let Some(id) = record.type_.get() else { return "Change of unknown type".to_owned() };
    let title = version.and_then(|v| v.change_type(id.as_str())).map_or(id.as_str(), |t| t.title.as_str());
    format!("{title} change")
}

/// A rule's verdict with why.
pub(super) fn rule_row(
    ledger: &Ledger,
    record: &ChangeRecord,
    version: &PolicyVersion,
    judgement: &Judgement,
) -> RuleRow {
    let rule = &version.rules[judgement.rule as usize];
    let empty = Explanation::default();
    let why = judgement.why.as_deref().unwrap_or(&empty);
    let clause = version
        .clause_of(rule)
        .map_or_else(Link::default, |c| Link { text: c.text.clone(), href: Some(clause_href(version, c)) });
    let open = matches!(judgement.verdict, Verdict::Fail | Verdict::Unknown | Verdict::Pending);
    let waiver = judgement.waiver.and_then(|i| ledger.waivers.get(i as usize));
    RuleRow {
        id: rule.id.to_string(),
        mark: mark(judgement.verdict),
        level: rule.level.word(),
        headline: unquoted(&why.headline),
        clause,
        facts: why.facts.iter().map(|f| Fact { label: label(f).into(), value: unquoted(&f.value) }).collect(),
        arithmetic: why.arithmetic.clone(),
        due: judgement.due.map(|at| moment(&version.calendar, at)),
        code: judgement.code.map(|c| Link { text: c.name.to_owned(), href: Some(code_href(c.name)) }),
        remedy: (open && !why.help.is_empty()).then(|| unquoted(&why.help)),
        waiver: waiver.map(|w| Link {
            text: judge::waived(ledger, record, w),
            href: Some(format!("waivers/index.html#{}", w.name())),
        }),
    }
}

/// A rule that is kept, or asks nothing, in short.
fn kept_rule(version: &PolicyVersion, judgement: &Judgement, word: &'static str) -> KeptRule {
    let rule = &version.rules[judgement.rule as usize];
    let empty = Explanation::default();
    let why = judgement.why.as_deref().unwrap_or(&empty);
    let clause = version.clause_of(rule);
    let mut facts = String::with_capacity(160);
    for fact in &why.facts {
        line(&mut facts, &[&label(fact), ": ", &unquoted(&fact.value)]);
    }
    if let Some(due) = judgement.due {
        line(&mut facts, &["due: ", &shown(&version.calendar, due)]);
    }
    KeptRule {
        id: rule.id.to_string(),
        mark: mark(judgement.verdict),
        word,
        headline: unquoted(&why.headline),
        clause: clause.map(|c| c.text.clone()).unwrap_or_default(),
        href: clause.map(|c| clause_href(version, c)).unwrap_or_default(),
        facts,
        arithmetic: why.arithmetic.join("\n"),
        level: if rule.level == Level::Error { "" } else { rule.level.word() },
    }
}

/// One more line of a text.
fn line(text: &mut String, parts: &[&str]) {
    if !text.is_empty() {
        text.push('\n');
    }
    parts.iter().for_each(|part| text.push_str(part));
}

/// Where a clause stands in its internal policy page.
fn clause_href(version: &PolicyVersion, clause: &Clause) -> String {
    let mut href = version_href(version);
    href.push('#');
    href.push_str(&clause.anchor);
    href
}

/// What a fact is, in words.
fn label(fact: &judge::Fact) -> String {
    fact.label.replace('_', " ")
}

/// A message without the backticks that set values apart in a terminal.
pub(super) fn unquoted(text: &str) -> String {
    text.replace('`', "")
}

/// Somebody as insiders read it.
pub(super) fn person(ledger: &Ledger, id: &str) -> String {
    match ledger.people.get(id) {
        Some(entry) if entry.display() != id => format!("{} ({id})", entry.display()),
        Some(_) => id.to_owned(),
        None => format!("{id} (not in people.yaml)"),
    }
}

fn who(ledger: &Ledger, field: &Field<PersonId>) -> String {
    field.get().map(|p| person(ledger, p.as_str())).unwrap_or_default()
}

fn when(calendar: &Calendar, field: &Field<Time>) -> String {
    field.get().map(|t| shown(calendar, t.0)).unwrap_or_default()
}

fn text<T: AsRef<str>>(field: &Field<T>) -> String {
    field.get().map(|t| t.as_ref().to_owned()).unwrap_or_default()
}

fn word<V: Vocabulary>(field: &Field<V>) -> String {
    field.get().map(|v| v.word().replace('-', " ")).unwrap_or_default()
}

fn words<T: AsRef<str>>(field: &Field<Vec<Spanned<T>>>) -> String {
    match field.get() {
        Some(list) if list.is_empty() => "none".to_owned(),
        Some(list) => list.iter().map(|w| w.value.as_ref()).collect::<Vec<_>>().join(", "),
        None => String::new(),
    }
}

fn facts(ledger: &Ledger, r: &ChangeRecord, calendar: &Calendar) -> Vec<Fact> {
    let window = r.window.get().map(|w| {
        let (start, end) = (when(calendar, &w.start), when(calendar, &w.end));
        if end.is_empty() { start } else { format!("{start} to {end}") }
    });
    let deployed = judge::first_production(ledger, r).map(|at| shown(calendar, at));
    let source = r.source.get().map(|s| [text(&s.system), text(&s.id)].join(" ").trim().to_owned());
    let all = [
        ("Status", word(&r.status)),
        ("Requested", when(calendar, &r.requested_at)),
        (
            "Requested by",
            if r.requested_by.span() == r.author.span() { String::new() } else { who(ledger, &r.requested_by) },
        ),
        ("Author", who(ledger, &r.author)),
        (
            "Co-authors",
            r.co_authors.items().iter().map(|p| person(ledger, p.value.as_str())).collect::<Vec<_>>().join(", "),
        ),
        ("Systems", words(&r.systems)),
        ("Kind", words(&r.kind)),
        ("Risk", word(&r.risk)),
        ("Impact", words(&r.impact)),
        ("Dependencies", words(&r.dependencies)),
        ("Planned window", window.unwrap_or_default()),
        ("Procedure", text(&r.procedure)),
        ("Deployed", deployed.unwrap_or_default()),
        ("Closed", when(calendar, &r.closed_at)),
        ("Documented", when(calendar, &r.documented_at)),
        ("Source", source.unwrap_or_default()),
    ];
    all.into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| Fact { label: label.into(), value })
        .collect()
}

fn texts(r: &ChangeRecord) -> Vec<Fact> {
    let prose = |field: &Field<Prose>| text(field);
    let mut all: Vec<(Cow<'static, str>, String)> = vec![
        ("Description".into(), prose(&r.description)),
        ("Purpose".into(), prose(&r.purpose)),
        ("Assessment".into(), prose(&r.assessment)),
        ("Test plan".into(), prose(&r.test_plan)),
    ];
    if let Some(o) = r.outcome.get() {
        all.push(("Outcome".into(), word(&o.result)));
        all.push(("Deviations".into(), prose(&o.deviations)));
        all.push(("Issues".into(), prose(&o.issues)));
        all.push(("Root cause".into(), prose(&o.root_cause)));
        all.push(("Lessons".into(), prose(&o.lessons)));
    }
    if let Some(review) = r.post_change_review.get() {
        all.push(("Findings of the post-change review".into(), prose(&review.findings)));
        all.push(("Could it have been prevented?".into(), word(&review.preventable)));
    }
    for reason in r.reasons.items() {
        all.push((format!("Reason given instead of {}", reason.name).into(), prose(&reason.text)));
    }
    for link in r.links.items() {
        all.push((format!("Link: {}", link.name).into(), prose(&link.text)));
    }
    all.into_iter().filter(|(_, value)| !value.is_empty()).map(|(label, value)| Fact { label, value }).collect()
}

/// What git says of the record.
fn history(ledger: &Ledger, record: &ChangeRecord, calendar: &Calendar) -> Option<Listing> {
    let columns = ["When", "Who", "What", "Commit", "Signature"];
    let rows = super::history::record_history(ledger, record, calendar);
    listing("History in git", &columns, &rows, |row| {
        vec![row.when.clone(), unquoted(&row.who), unquoted(&row.what), row.commit.clone(), row.signature.to_owned()]
    })
}

/// A table of a record's list, without the columns that are empty throughout.
fn listing<T>(
    title: &'static str,
    columns: &[&'static str],
    items: &[T],
    row: impl Fn(&T) -> Vec<String>,
) -> Option<Listing> {
    if items.is_empty() {
        return None;
    }
    let mut rows: Vec<Vec<String>> = items.iter().map(row).collect();
    let kept: Vec<bool> = (0..columns.len()).map(|c| rows.iter().any(|r| !r[c].is_empty())).collect();
    for row in &mut rows {
        let mut kept = kept.iter();
        row.retain(|_| kept.next() == Some(&true));
    }
    let columns = columns.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(column, _)| *column).collect();
    Some(Listing { title, columns, rows })
}

fn lists(ledger: &Ledger, r: &ChangeRecord, calendar: &Calendar) -> Vec<Listing> {
    let all = [
        approvals(ledger, r, calendar),
        reviews(ledger, r, calendar),
        gates(r, calendar),
        deployments(ledger, r, calendar),
        incidents(r, calendar),
        listing("Notifications", &["To", "When"], r.notifications.items(), |n| {
            vec![text(&n.to), when(calendar, &n.at)]
        }),
        pull_requests(r, calendar),
        listing("Attestations", &["Statement", "By", "When"], r.attestations.items(), |a| {
            vec![text(&a.statement), who(ledger, &a.by), when(calendar, &a.at)]
        }),
    ];
    all.into_iter().flatten().collect()
}

fn reviews(ledger: &Ledger, r: &ChangeRecord, calendar: &Calendar) -> Option<Listing> {
    listing("Reviews", &["Who", "Role", "Kind", "Result", "When", "Evidence"], r.reviews.items(), |v| {
        let at = when(calendar, &v.at);
        vec![who(ledger, &v.by), text(&v.role), text(&v.kind), word(&v.result), at, text(&v.evidence)]
    })
}

fn gates(r: &ChangeRecord, calendar: &Calendar) -> Option<Listing> {
    listing("Gates", &["Gate", "Result", "Open findings", "When", "Evidence"], r.gates.items(), |g| {
        let open = g
            .open_findings
            .get()
            .map(|o| o.counts.iter().map(|(s, n)| format!("{n} {s}")).collect::<Vec<_>>().join(", "));
        vec![text(&g.gate), word(&g.result), open.unwrap_or_default(), when(calendar, &g.at), text(&g.evidence)]
    })
}

fn deployments(ledger: &Ledger, r: &ChangeRecord, calendar: &Calendar) -> Option<Listing> {
    let columns = ["Environment", "When", "By", "Through", "Result", "Rollback", "Watched until", "Commit"];
    listing("Deployments", &columns, r.deployments.items(), |d| {
        let rollback = if d.is_rollback() { "yes".to_owned() } else { String::new() };
        let commit: String = text(&d.commit).chars().take(12).collect();
        let (at, until) = (when(calendar, &d.at), when(calendar, &d.monitored_until));
        vec![text(&d.environment), at, who(ledger, &d.by), text(&d.via), word(&d.result), rollback, until, commit]
    })
}

fn incidents(r: &ChangeRecord, calendar: &Calendar) -> Option<Listing> {
    listing("Incidents", &["Incident", "Severity", "Relation", "Began", "Reviewed"], r.incidents.items(), |i| {
        let severity = i.severity.get().map(ToString::to_string).unwrap_or_default();
        vec![text(&i.id), severity, word(&i.relation), when(calendar, &i.at), when(calendar, &i.reviewed_at)]
    })
}

fn pull_requests(r: &ChangeRecord, calendar: &Calendar) -> Option<Listing> {
    let columns = ["Address", "Opened", "Merged", "Into", "How", "Code owners"];
    listing("Pull requests", &columns, r.pull_requests.items(), |p| {
        let (opened, merged) = (when(calendar, &p.opened_at), when(calendar, &p.merged_at));
        vec![text(&p.url), opened, merged, text(&p.into), text(&p.method), word(&p.code_owners)]
    })
}

fn rollback(ledger: &Ledger, r: &ChangeRecord) -> Vec<Fact> {
    let Some(plan) = r.rollback.get() else { return Vec::new() };
    let steps: Vec<String> =
        plan.steps.items().iter().enumerate().map(|(i, s)| format!("{}. {}", i + 1, s.value)).collect();
    let parts = [
        ("Trigger", text(&plan.trigger)),
        ("Steps", steps.join("\n")),
        ("Owner", who(ledger, &plan.owner)),
        ("Verification", text(&plan.verification)),
        ("Estimate", plan.estimate.get().map(ToString::to_string).unwrap_or_default()),
    ];
    let parts = parts.into_iter().filter(|(_, value)| !value.is_empty());
    parts.map(|(label, value)| Fact { label: label.into(), value }).collect()
}

/// Approvals, with medium, channel and whether they came after the deployment.
pub(super) fn approvals(ledger: &Ledger, r: &ChangeRecord, calendar: &Calendar) -> Option<Listing> {
    let deployed = judge::first_production(ledger, r);
    listing(
        "Approvals",
        &["Who", "Role", "In place of", "Medium", "When", "Remark", "Evidence"],
        r.approvals.items(),
        |a| {
            let channel = text(&a.channel);
            let medium = if channel.is_empty() { word(&a.medium) } else { format!("{}, {channel}", word(&a.medium)) };
            let place = match (text(&a.in_place_of), text(&a.reason)) {
                (place, _) if place.is_empty() => String::new(),
                (place, reason) => format!("{place}: {reason}"),
            };
            let after = matches!((a.at.get(), deployed), (Some(at), Some(d)) if at.0 > d);
            let remark = if after { "after the deployment".to_owned() } else { String::new() };
            vec![who(ledger, &a.by), text(&a.role), place, medium, when(calendar, &a.at), remark, text(&a.evidence)]
        },
    )
}

/// Everything a record dates, oldest first.
pub(super) fn happenings(ledger: &Ledger, r: &ChangeRecord) -> Vec<(jiff::Timestamp, &'static str, String)> {
    let mut all: Vec<(jiff::Timestamp, &'static str, String)> = Vec::new();
    let mut add = |field: &Field<Time>, what: &'static str, by: String| {
        if let Some(at) = field.get() {
            all.push((at.0, what, by));
        }
    };
    for i in r.incidents.items() {
        let what =
            if i.relation.get() == Some(&crate::model::Relation::Caused) { "incident caused" } else { "incident" };
        add(
            &i.at,
            what,
            [i.severity.get().map(ToString::to_string).unwrap_or_default(), text(&i.id)].join(" ").trim().to_owned(),
        );
        add(&i.reviewed_at, "incident reviewed", text(&i.id));
    }
    add(&r.requested_at, "requested", who(ledger, &r.requested_by));
    for p in r.pull_requests.items() {
        add(&p.opened_at, "pull request opened", String::new());
        add(&p.merged_at, "merged", text(&p.into));
    }
    for v in r.reviews.items() {
        let what =
            if v.result.get() == Some(&crate::model::ReviewResult::Approved) { "review approved" } else { "review" };
        add(&v.at, what, who(ledger, &v.by));
    }
    for a in r.approvals.items() {
        let medium = if a.medium.get() == Some(&crate::model::Medium::Verbal) {
            "approved by word of mouth"
        } else {
            "approved"
        };
        add(&a.at, medium, who(ledger, &a.by));
    }
    for g in r.gates.items() {
        add(&g.at, "gate", format!("{}: {}", text(&g.gate), word(&g.result)));
    }
    for n in r.notifications.items() {
        add(&n.at, "notified", text(&n.to));
    }
    for d in r.deployments.items() {
        let what = if d.is_rollback() { "rolled back" } else { "deployed" };
        add(
            &d.at,
            what,
            [text(&d.environment), who(ledger, &d.by)]
                .iter()
                .filter(|t| !t.is_empty())
                .cloned()
                .collect::<Vec<_>>()
                .join(", "),
        );
        add(&d.monitored_until, "watched until here", text(&d.environment));
    }
    if let Some(o) = r.outcome.get() {
        add(&o.at, "outcome", word(&o.result));
    }
    add(&r.documented_at, "documented", String::new());
    if let Some(review) = r.post_change_review.get() {
        add(&review.at, "post-change review", who(ledger, &review.by));
    }
    add(&r.closed_at, "closed", String::new());
    all.sort_by_key(|(at, ..)| *at);
    all
}

fn timeline(ledger: &Ledger, r: &ChangeRecord, calendar: &Calendar) -> Vec<TimelineRow> {
    happenings(ledger, r)
        .into_iter()
        .map(|(at, what, by)| {
            let Moment { text, iso } = moment(calendar, at);
            TimelineRow { text, iso, what, by: (!by.is_empty()).then_some(by) }
        })
        .collect()
}

/// The waivers that lift something of a record.
pub(super) fn waivers(ledger: &Ledger, entry: &Entry<'_>) -> Vec<WaiverRow> {
    let mut used: Vec<u32> = entry.judged.judgements.iter().filter_map(|j| j.waiver).collect();
    used.sort_unstable();
    used.dedup();
    let link = Link { text: entry.record.name().to_owned(), href: None };
    used.into_iter().map(|i| super::waivers::waiver_row(ledger, i as usize, vec![link.clone()], None)).collect()
}

/// A finding as a row.
pub(super) fn finding_row(sources: &SourceSet, finding: &Diagnostic) -> FindingRow {
    let place = match &finding.place {
        Place::Path(path) => path.to_string(),
        Place::Text(at) => {
            let (line, column) = sources.position(*at);
            format!("{}:{line}:{column}", sources.file(at.file).path())
        }
    };
    FindingRow {
        level: finding.level.word(),
        code: finding.code.name.to_owned(),
        code_href: code_href(finding.code.name),
        message: unquoted(&finding.headline),
        place,
        help: (!finding.help.is_empty()).then(|| unquoted(&finding.help)),
    }
}
