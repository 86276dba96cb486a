//! Public policies as documents. Knows `Public*` values and nothing else, as public pages do.

use jiff::civil::Date;

use super::document::{Chapter, Document, Part};
use crate::disclose::PublicPaper;
use crate::disclose::public::{PublicClause, PublicDate, PublicPolicy, PublicPolicyVersion, PublicSite};
use crate::markdown::{Block, Inline, Row, Table};

/// One version of a policy.
pub fn public_policy(site: &PublicSite, paper: &PublicPaper) -> Document {
    let title = format!("{}, version {}", paper.policy.title, paper.policy.version);
    document(site, title, paper.policy.href.clone(), paper.date, vec![chapter(paper)])
}

/// All policies, each in the version its page shows.
pub fn public_collection(site: &PublicSite, papers: &[PublicPaper]) -> Option<Document> {
    let date = papers.iter().map(|paper| paper.date).max()?;
    let chapters = papers.iter().map(chapter).collect();
    let lede = match papers.len() {
        1 => "The public policy in force.".to_owned(),
        n => format!("{n} public policies, each in the version that is in force."),
    };
    let title = format!("Policies of {}", site.organisation);
    let made = document(site, title, "policies/".to_owned(), date, chapters);
    Some(Document { lede: Some(lede), kind: site.name.clone(), collection: true, ..made })
}

fn document(site: &PublicSite, title: String, ident: String, date: Date, chapters: Vec<Chapter>) -> Document {
    Document {
        title,
        kind: "Policy".to_owned(),
        lede: None,
        language: site.language.clone(),
        rtl: site.direction == "rtl",
        noted: true,
        organisation: site.organisation.clone(),
        demonstration: site.demonstration,
        ident,
        date,
        collection: false,
        chapters,
    }
}

fn chapter(paper: &PublicPaper) -> Chapter {
    let policy = &paper.policy;
    let since = policy.effective.as_ref().map(|day| format!(", in force from {}", day.text)).unwrap_or_default();
    let mut blocks = paper.blocks.clone();
    blocks.extend(types(policy));
    blocks.extend(checks(&paper.clauses));
    blocks.extend(implements(policy));
    blocks.extend(versions(&policy.versions));
    Chapter {
        title: policy.title.clone(),
        foot: format!("{}, version {}{since}", policy.title, policy.version),
        classification: "Public".to_owned(),
        lede: policy.summary.clone(),
        notices: notices(policy),
        facts: facts(policy),
        ticks: (policy.checked > 0).then(|| ticks(policy.checked)),
        contents: policy.outline.len() > 5,
        parts: vec![Part::Text(blocks)],
    }
}

/// What a tick says, and what it does not.
pub(super) fn ticks(checked: usize) -> String {
    let carry = match checked {
        1 => "One sentence carries a tick.".to_owned(),
        n => format!("{n} sentences carry a tick."),
    };
    format!(
        "{carry} It means that a rule checks this sentence on every record that it speaks of, never that every change keeps it."
    )
}

fn notices(policy: &PublicPolicy) -> Vec<String> {
    let here = &policy.standing;
    let now = here.now.as_ref().map(|now| format!(" Version {} is in force.", now.label)).unwrap_or_default();
    let day = |day: &Option<PublicDate>, words: &str| day.as_ref().map(|d| format!("{words} {}.", d.text));
    let notice = match here.state {
        "coming" => {
            let from = day(&here.effective, "This version takes effect on");
            Some(format!("{}{now}", from.unwrap_or_else(|| "This version has not taken effect yet.".to_owned())))
        }
        "past" => {
            let until = day(&here.until, "This version was in force until");
            Some(format!("{}{now}", until.unwrap_or_else(|| "This version is no longer in force.".to_owned())))
        }
        _ => here.next.as_ref().map(|next| {
            let on = day(&next.effective, " takes effect on").unwrap_or_else(|| " comes after it.".to_owned());
            format!("Version {}{on}", next.version)
        }),
    };
    notice.into_iter().collect()
}

fn facts(policy: &PublicPolicy) -> Vec<(String, String)> {
    let day = |day: &Option<PublicDate>| day.as_ref().map(|d| d.text.clone());
    let approved = policy.approved_by.as_ref().map(|by| match &policy.approved_at {
        Some(at) => format!("{by}, {}", at.text),
        None => by.clone(),
    });
    let since = if policy.standing.state == "coming" { "In force from" } else { "In force since" };
    let all = [
        ("Version", Some(policy.version.clone())),
        (since, day(&policy.effective)),
        ("Last updated", day(&policy.updated)),
        ("Last reviewed", day(&policy.last_reviewed)),
        ("Next review by", day(&policy.next_review)),
        ("Owner", policy.owner.clone()),
        ("Approved by", approved),
    ];
    all.into_iter().filter_map(|(label, value)| Some((label.to_owned(), value?))).collect()
}

fn words(text: &str) -> Vec<Inline> {
    vec![Inline::text(text)]
}

/// A heading and a table under it; nothing without rows.
pub(super) fn section(anchor: &str, title: &str, head: &[&str], rows: Vec<Vec<Vec<Inline>>>) -> Vec<Block> {
    if rows.is_empty() {
        return Vec::new();
    }
    let rows = rows.into_iter().map(|cells| Row { cells, ..Row::default() }).collect();
    let head = head.iter().map(|h| words(h)).collect();
    // A space is in no anchor of a text.
    let heading = Block::heading(1, format!("page {anchor}"), title);
    vec![heading, Block::Table(Table { head, rows, ..Table::default() })]
}

fn types(policy: &PublicPolicy) -> Vec<Block> {
    let rows = policy.types.iter().map(|t| {
        let mut says = t.summary.clone().unwrap_or_default();
        if !t.examples.is_empty() {
            let parted = if says.is_empty() { "" } else { " " };
            says = format!("{says}{parted}For example: {}.", t.examples.join("; ").trim_end_matches('.'));
        }
        vec![vec![Inline::Strong(words(&t.title))], words(t.risk.as_deref().unwrap_or("–")), words(&says)]
    });
    section("types", "Change types at a glance", &["Type", "Risk", "What it is"], rows.collect())
}

fn checks(clauses: &[PublicClause]) -> Vec<Block> {
    let rows = clauses.iter().flat_map(|clause| {
        clause.rules.iter().map(|rule| {
            let to = format!("#{}", clause.anchor);
            vec![vec![Inline::Link(to, words(&rule.id))], words(&rule.says), words(&clause.on)]
        })
    });
    section("checks", "What rules check", &["Rule", "What it asks", "Checked"], rows.collect())
}

fn implements(policy: &PublicPolicy) -> Vec<Block> {
    let rows = policy.implements.iter().map(|c| {
        let title = c.title.as_ref().map(|title| format!(" {title}")).unwrap_or_default();
        vec![words(&c.framework), words(&format!("{}{title}", c.control))]
    });
    section("implements", "What this policy implements", &["Framework", "Requirement"], rows.collect())
}

fn versions(versions: &[PublicPolicyVersion]) -> Vec<Block> {
    let rows = versions.iter().map(|v| {
        let state = match v.state {
            "in-force" => "in force",
            "coming" => "to come",
            _ => "superseded",
        };
        let amended: String = v.amended.iter().map(|day| format!(", amended {}", day.text)).collect();
        let effective = v.effective.as_ref().map_or("not stated", |day| &day.text);
        let approved = match (&v.approved_by, &v.approved_at) {
            (Some(by), Some(at)) => format!("{by}, {}", at.text),
            (Some(by), None) => by.clone(),
            _ => "–".to_owned(),
        };
        vec![words(&v.version), words(&format!("{effective}{amended}")), words(state), words(&approved)]
    });
    section("versions", "Versions", &["Version", "In force from", "State", "Approved by"], rows.collect())
}
