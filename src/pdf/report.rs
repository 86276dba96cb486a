//! A quarterly report as a document, from what its page shows.
//!
//! Says what the page says, in its order, and prints what the page folds away. A number leads to its records in the
//! appendix. Counts nothing itself.

use jiff::civil::Date;

use super::document::{Chapter, Document, Drawing, Figure, Part, Stamp};
use super::internal::internal;
use super::records;
use crate::markdown::{Block, Inline, Row, Table};
use crate::report::QuarterPages;
use crate::report::pages::{
    Attention, Chart, ClosingView, ControlRow, Count, CrossTable, DeployedSection, EmergencyRow, FailureRow, Grid,
    InternalSite, Link, Mark, NumberSection, QuarterReport, RepeatedRow, RestatementView, Target, WaiverRow,
};

/// What a reader of a closed quarter must know first.
const DIFFERS: &str = "This quarter was signed off, and numbers below are not what was signed off then. Which ones, and \
                       because of which records, stands first.";

/// A quarterly report with the records behind it. `words` are leadership's own; `date` is the day it is judged on.
pub fn quarter_report(site: &InternalSite, pages: &QuarterPages, words: Vec<Block>, date: Date) -> Document {
    let page = &pages.report;
    let name = format!("Quarterly change report {}", page.id);
    let running = if page.open { ", still running" } else { "" };
    let chapter = Chapter {
        kind: format!("{name}, {}{running}", page.period),
        title: page.headline.clone(),
        foot: format!("{name}, {}{running}, as of {}", page.period, site.as_of.text),
        stamp: Stamp { words: "Internal".to_owned(), public: false },
        lede: Some(page.lede.clone()),
        notices: page.closing.iter().filter(|closing| closing.differs).map(|_| DIFFERS.to_owned()).collect(),
        parts: parts(pages, words),
        ..Chapter::default()
    };
    let place = format!("reports/{}/", page.id);
    Document { noted: false, ..internal(site, name, &place, date, vec![chapter]) }
}

/// Parts, of which neighbours that are text become one.
#[derive(Default)]
struct Parts(Vec<Part>);

impl Parts {
    fn text(&mut self, more: Vec<Block>) {
        match self.0.last_mut() {
            Some(Part::Text(blocks)) => blocks.extend(more),
            _ => self.0.push(Part::Text(more)),
        }
    }

    fn heading(&mut self, level: u8, anchor: &str, title: &str) {
        self.text(vec![Block::heading(level, anchor, title)]);
    }

    fn drawings(&mut self, charts: &[Chart], wide: bool) {
        let list = charts.iter().filter(|chart| !chart.svg.is_empty()).map(|chart| Drawing {
            svg: chart.document(),
            alt: format!("{}. {} The table below says the same in numbers.", chart.title, chart.caption),
            title: chart.title.clone(),
            caption: chart.caption.clone(),
        });
        let list: Vec<Drawing> = list.collect();
        if !list.is_empty() {
            self.0.push(Part::Drawings { list, wide });
        }
    }
}

fn parts(pages: &QuarterPages, words: Vec<Block>) -> Vec<Part> {
    let page = &pages.report;
    let mut out = Parts::default();
    out.text(page.closing.iter().flat_map(closing).collect());
    if !words.is_empty() {
        out.heading(1, "words", "In leadership’s own words");
        out.text(words.into_iter().map(lower).collect());
    }
    out.0.push(figures(page));
    urgent(&mut out, page);
    out.heading(1, "trends", &format!("Over {} quarters", page.trend_table.rows.len()));
    out.drawings(&page.trends, false);
    out.text(grid(&page.trend_table));
    out.drawings(std::slice::from_ref(&page.months), true);
    out.text(grid(&page.month_table));
    out.heading(1, "by", "By type, policy, system and outcome");
    page.tables.iter().for_each(|table| out.text(cross(table)));
    out.heading(1, "deployed", "Deployed and recorded");
    out.text(deployed(&page.deployed));
    out.heading(1, "waivers", "Waivers");
    out.text(waivers(&page.waivers));
    out.heading(1, "numbers", "Every number, and how it is counted");
    out.text(vec![Block::plain(
        "Each number is so many of so many. Of those of which nobody can say, the number says how many; they are in the \
         base, never among what is counted, and count against a target.",
    )]);
    page.sections.iter().for_each(|section| out.text(numbers(section)));
    out.heading(1, "controls", "Control by control");
    out.text(vec![Block::plain(page.controls_note.clone())]);
    out.text(controls(&page.controls));
    out.heading(1, "records", "The records behind the numbers");
    out.text(records::appendix(&page.id, &pages.records.groups));
    out.0
}

/// A heading of somebody else's text, below one of ours.
fn lower(block: Block) -> Block {
    match block {
        Block::Heading { level, anchor, words, tick } => {
            Block::Heading { level: level.saturating_add(1), anchor, words, tick }
        }
        other => other,
    }
}

fn figures(page: &QuarterReport) -> Part {
    let figures = page.figures.iter().map(|figure| Figure {
        value: figure.value.clone(),
        label: figure.label.clone(),
        lines: [figure.base.clone(), figure.delta.as_ref().map(|d| d.text.clone()), figure.target.as_ref().map(met)]
            .into_iter()
            .flatten()
            .collect(),
    });
    Part::Figures(figures.collect())
}

/// What somebody must do something about.
fn urgent(out: &mut Parts, page: &QuarterReport) {
    if !page.attention.is_empty() || !page.repeated.is_empty() {
        out.heading(1, "attention", "Needs attention");
        page.attention.iter().for_each(|list| out.text(attention(list)));
        out.text(repeated(&page.repeated));
    }
    out.heading(1, "failures", "Rules that were broken");
    out.text(failures(&page.failures));
    out.heading(1, "emergencies", "Emergencies");
    out.text(emergencies(&page.emergencies));
}

/// That the quarter was signed off, and everything that was restated since.
fn closing(view: &ClosingView) -> Vec<Block> {
    let mut blocks = vec![Block::heading(1, "closing", "Signed off"), Block::plain(view.sentence.clone())];
    let list = view.restatements.iter().enumerate();
    blocks.extend(list.flat_map(|(number, one)| restated(number, one, view.differs && number == 0)));
    blocks
}

/// What differs; `now` where nobody has said why yet.
fn restated(number: usize, view: &RestatementView, now: bool) -> Vec<Block> {
    let mut blocks = vec![Block::heading(2, format!("restated {number}"), view.title.clone())];
    blocks.extend(match &view.reason {
        Some(reason) => Some(Block::plain(format!("Reason given: {reason}"))),
        None => now.then(|| Block::plain("No reason is given yet.")),
    });
    if !view.numbers.is_empty() {
        let rows = view.numbers.iter().map(|n| vec![words(&n.label), words(&n.before), words(&n.after)]);
        let after = if now { "Now" } else { "Then" };
        blocks.push(table(&["Number", "Signed off", after], &[5, 3, 3], 9, rows.collect()));
    }
    if !view.records.is_empty() {
        let rows = view.records.iter().map(|r| vec![code(&r.record.text), words(&r.what)]);
        blocks.push(table(&["Record", "What happened to it"], &[2, 7], 9, rows.collect()));
    }
    if view.more > 0 {
        blocks.push(Block::plain(format!("{} more records are left out here.", view.more)));
    }
    blocks
}

fn met(target: &Target) -> String {
    format!("{}, {}", target.text, if target.met { "met" } else { "missed" })
}

fn words(text: &str) -> Vec<Inline> {
    vec![Inline::text(text)]
}

fn code(text: &str) -> Vec<Inline> {
    vec![Inline::Code(text.to_owned())]
}

/// Words, and below them others.
fn below(first: Inline, second: &str) -> Vec<Inline> {
    if second.is_empty() { vec![first] } else { vec![first, Inline::Break, Inline::text(second)] }
}

fn or_dash(text: Option<&str>) -> Vec<Inline> {
    words(text.filter(|t| !t.is_empty()).unwrap_or("–"))
}

/// A number that leads to its records.
fn counted(count: &Count) -> Vec<Inline> {
    vec![behind(count.n.to_string(), count.href.as_deref())]
}

/// Words that lead to the records behind them, where the appendix has these.
fn behind(text: String, href: Option<&str>) -> Inline {
    match href.and_then(|href| href.split_once("/records/index.html#")) {
        Some((_, group)) => Inline::Link(format!("#{}", records::anchor(group)), vec![Inline::text(text)]),
        None => Inline::text(text),
    }
}

/// A table whose columns have these shares of the width; those from `numbers_from` on hold numbers.
fn table(head: &[&str], widths: &[u8], numbers_from: usize, rows: Vec<Vec<Vec<Inline>>>) -> Block {
    Block::Table(Table {
        numbers: (0..head.len()).map(|n| n >= numbers_from).collect(),
        widths: widths.to_vec(),
        head: head.iter().map(|h| words(h)).collect(),
        rows: rows.into_iter().map(|cells| Row { cells, ..Row::default() }).collect(),
    })
}

fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::Fail => "fail",
        Mark::Unknown => "unknown",
        Mark::Pending => "pending",
        Mark::Waived => "waived",
        Mark::Pass => "pass",
        Mark::NotApplicable => "not applicable",
    }
}

fn attention(list: &Attention) -> Vec<Block> {
    let mut blocks = vec![Block::heading(2, format!("attention {}", list.id), list.title.clone())];
    blocks.extend(list.note.as_ref().map(|note| Block::plain(note.clone())));
    let rows = list.rows.iter().map(|row| {
        vec![
            below(Inline::Code(row.id.clone()), &row.title),
            code(&row.rule),
            or_dash(row.owner.as_deref()),
            or_dash(row.due.as_ref().map(|due| &*due.text)),
            words(&row.state),
        ]
    });
    blocks.push(table(&["Change", "Rule", "Owner", "Due", "State"], &[6, 5, 4, 4, 4], 9, rows.collect()));
    blocks.extend(list.more.as_ref().map(|more| Block::plain(more.text.clone())));
    blocks
}

fn repeated(rows: &[RepeatedRow]) -> Vec<Block> {
    if rows.is_empty() {
        return Vec::new();
    }
    let rows = rows.iter().map(|row| {
        vec![below(Inline::text(row.what.text.clone()), row.kind), words(&row.says), or_dash(row.owner.as_deref())]
    });
    let list = table(&["Rule or system", "How often", "Owner"], &[4, 5, 3], 9, rows.collect());
    vec![Block::heading(2, "attention repeated", "Goes wrong again and again"), list]
}

/// A rule with the sentence that promises it.
fn rule(sentence: Option<&String>, id: &Link, policy: &str, level: &str) -> Vec<Inline> {
    let level = if level == "error" { String::new() } else { format!(", a {level}") };
    let of = format!(" of {policy}{level}");
    let mut out: Vec<Inline> = sentence.map(|s| vec![Inline::text(s.clone()), Inline::Break]).unwrap_or_default();
    out.extend([Inline::Code(id.text.clone()), Inline::text(of)]);
    out
}

fn failures(rows: &[FailureRow]) -> Vec<Block> {
    if rows.is_empty() {
        return vec![Block::plain("Every rule was kept on every change.")];
    }
    let rows = rows.iter().map(|row| {
        vec![
            rule(row.sentence.as_ref(), &row.rule, &row.policy, row.level),
            [counted(&row.count), words(&format!(" of {}", row.of))].concat(),
            or_dash(row.before.as_deref()),
        ]
    });
    vec![table(&["Rule", "Changes", "Quarter before"], &[10, 2, 3], 1, rows.collect())]
}

fn emergencies(rows: &[EmergencyRow]) -> Vec<Block> {
    if rows.is_empty() {
        return vec![Block::plain("There was no emergency change.")];
    }
    let rows = rows.iter().map(|row| {
        let clocks = row
            .clocks
            .iter()
            .flat_map(|clock| [Inline::text(format!("{}: {}", clock.label, clock.text)), Inline::Break]);
        let mut clocks: Vec<Inline> = clocks.collect();
        clocks.pop();
        vec![
            below(Inline::Code(row.id.clone()), &row.title),
            or_dash(row.at.as_ref().map(|at| &*at.text)),
            words(row.incident.as_deref().unwrap_or("none named")),
            clocks,
            below(Inline::text(mark(row.mark)), &row.state),
        ]
    });
    vec![table(&["Change", "Deployed", "Incident", "Clocks", "Verdict"], &[6, 3, 3, 5, 4], 9, rows.collect())]
}

fn grid(grid: &Grid) -> Vec<Block> {
    if grid.rows.is_empty() {
        return Vec::new();
    }
    let head: Vec<&str> = grid.columns.iter().map(String::as_str).collect();
    let rows = grid.rows.iter().map(|row| row.iter().map(|cell| words(&cell.text)).collect());
    vec![table(&head, &[], 1, rows.collect())]
}

fn numbers(section: &NumberSection) -> Vec<Block> {
    let mut head = vec!["Number", "Now", "Of"];
    let (before, year) = (!section.before.is_empty(), !section.year_before.is_empty());
    head.extend(before.then_some(&*section.before));
    head.extend(year.then_some(&*section.year_before));
    let rows = section.rows.iter().map(|row| {
        let mut label = vec![Inline::Strong(words(&row.label)), Inline::Break, Inline::text(row.definition)];
        label.extend(row.target.iter().flat_map(|target| [Inline::Break, Inline::text(met(target))]));
        let mut base = vec![behind(row.base.text.clone(), row.base.href.as_deref())];
        let unknown = row.unknown.iter();
        base.extend(unknown.flat_map(|u| [Inline::Break, behind(u.text.clone(), u.href.as_deref())]));
        let mut cells = vec![label, words(&row.value), base];
        let was = |link: &Option<Link>| or_dash(link.as_ref().map(|l| &*l.text));
        cells.extend(before.then(|| was(&row.before)));
        cells.extend(year.then(|| was(&row.year_before)));
        cells
    });
    let heading = Block::heading(2, format!("numbers {}", section.id), section.title);
    // Definitions are sentences; what stands beside them are a few words each.
    let widths = [&[8, 3, 4][..], &[4].repeat(head.len() - 3)].concat();
    vec![heading, table(&head, &widths, 1, rows.collect())]
}

/// Rules in three lists: those a reader must know of, those that held, and those that nothing asked for.
fn controls(rows: &[ControlRow]) -> Vec<Block> {
    let of = |wanted: fn(&str) -> bool| rows.iter().filter(|row| wanted(row.held)).collect::<Vec<_>>();
    let quiet = |held: &str| held == "held" || held == "not asked";
    debug_assert!(rows.iter().all(|row| quiet(row.held) || row.mark != Mark::Pass));
    let (loud, held) = (of(|held| held != "held" && held != "not asked"), of(|held| held == "held"));
    let mut blocks = Vec::new();
    if !loud.is_empty() {
        blocks.push(Block::heading(2, "controls loud", "Broken, excused, or not known"));
        let head = ["Rule", "Throughout", "Kept", "Excused", "Unknown", "Days it did not hold"];
        blocks.push(table(&head, &[9, 4, 3, 3, 3, 6], 9, loud.into_iter().map(loud_control).collect()));
    }
    if !held.is_empty() {
        blocks.push(Block::heading(2, "controls held", "Held throughout"));
        let rows = held.into_iter().map(|row| {
            let target = row.target.iter().flat_map(|target| [Inline::Break, Inline::text(met(target))]);
            let kept = match &row.says {
                Some(says) => words(says),
                None => [counted(&row.kept), words(" of "), counted(&row.asked), target.collect()].concat(),
            };
            vec![rule(row.sentence.as_ref(), &row.rule, &row.policy, row.level), kept]
        });
        blocks.push(table(&["Rule", "Kept"], &[8, 2], 9, rows.collect()));
    }
    let ids: Vec<String> =
        of(|held| held == "not asked").iter().map(|row| format!("{} of {}", row.rule.text, row.policy)).collect();
    if !ids.is_empty() {
        blocks.push(Block::heading(2, "controls unasked", "Nothing asked for them"));
        blocks.push(Block::plain(format!(
            "Nothing of the quarter was bound by, or has fallen due for: {}.",
            ids.join(", ")
        )));
    }
    blocks
}

fn loud_control(row: &ControlRow) -> Vec<Vec<Inline>> {
    let days = row.days.iter().map(|day| {
        let more = if day.more > 0 { format!(" and {} more", day.more) } else { String::new() };
        let changes: Vec<&str> = day.changes.iter().map(|link| link.text.as_str()).collect();
        format!("{}: {}{more}", day.day, changes.join(", "))
    });
    let mut days: Vec<String> = days.collect();
    let unit = if row.more_days == 1 { "day" } else { "days" };
    days.extend((row.more_days > 0).then(|| format!("and {} more {unit}", row.more_days)));
    // What is judged for all records together counts no changes.
    let count = |cell: Vec<Inline>| if row.says.is_some() { or_dash(None) } else { cell };
    vec![
        rule(row.sentence.as_ref(), &row.rule, &row.policy, row.level),
        below(Inline::text(row.held), &row.says.clone().or_else(|| row.target.as_ref().map(met)).unwrap_or_default()),
        count([counted(&row.kept), words(" of "), counted(&row.asked)].concat()),
        count(counted(&row.waived)),
        count(counted(&row.unknown)),
        or_dash(Some(&days.join("; "))),
    ]
}

fn cross(cross: &CrossTable) -> Vec<Block> {
    let mut head = vec![&*cross.row_heading];
    head.extend(cross.columns.iter().map(String::as_str));
    head.push("All");
    let rows = cross.rows.iter().chain(std::iter::once(&cross.total)).map(|row| {
        let counts = row.counts.iter().chain(std::iter::once(&row.total)).map(counted);
        std::iter::once(words(&row.label)).chain(counts).collect()
    });
    let rows = rows.collect();
    vec![Block::heading(2, format!("by {}", cross.id), cross.title.clone()), table(&head, &[], 1, rows)]
}

fn deployed(section: &DeployedSection) -> Vec<Block> {
    let mut blocks: Vec<Block> = section.sentences.iter().map(|s| Block::plain(s.clone())).collect();
    let unread = section.unread.iter().map(|u| Block::plain(format!("{}. What mends it: {}.", u.what, u.help)));
    blocks.extend(unread);
    for list in &section.lists {
        let title = format!("{} ({})", list.title, list.count);
        blocks.push(Block::heading(2, format!("deployed {}", list.id), title));
        let rows = list.rows.iter().map(|row| {
            let place = [&row.commit, &row.repository, &row.note].map(String::as_str);
            let place: Vec<&str> = place.into_iter().filter(|text| !text.is_empty()).collect();
            let records: Vec<&str> = row.records.iter().map(|link| link.text.as_str()).collect();
            vec![
                below(Inline::text(row.subject.clone()), &place.join(", ")),
                or_dash(row.at.as_ref().map(|at| &*at.text)),
                or_dash(Some(&row.who)),
                words(&if records.is_empty() { "none".to_owned() } else { records.join(", ") }),
            ]
        });
        blocks.push(table(&["What", "When", "Who", "Record"], &[6, 3, 3, 3], 9, rows.collect()));
        if list.more > 0 {
            let more = format!("{} earlier ones are left out here; ", list.more);
            let all =
                [Inline::text(more), Inline::Code("tickmark reconcile".to_owned()), Inline::text(" lists them all.")];
            blocks.push(Block::words(all.to_vec()));
        }
    }
    blocks
}

fn waivers(rows: &[WaiverRow]) -> Vec<Block> {
    if rows.is_empty() {
        return vec![Block::plain("No waiver was used or in force.")];
    }
    let rows = rows.iter().map(|row| {
        let of = format!("{} of {}; covers {}", row.rule, row.policy.text, row.scope);
        let mut reason = words(&row.reason);
        reason.extend(
            row.control.iter().flat_map(|control| [Inline::Break, Inline::text(format!("Meanwhile: {control}"))]),
        );
        reason.extend(row.remarks.iter().flat_map(|remark| [Inline::Break, Inline::Emphasis(words(remark))]));
        let approved = row.approved_at.as_ref().map(|at| format!("{}, {}", row.approved_by, at.text));
        vec![
            below(Inline::Code(row.id.clone()), &of),
            reason,
            words(&approved.unwrap_or_else(|| row.approved_by.clone())),
            below(Inline::text(row.state.clone()), &format!("until {}", row.expires)),
        ]
    });
    vec![table(&["Waiver", "Why", "Approved by", "State"], &[5, 8, 4, 3], 9, rows.collect())]
}
