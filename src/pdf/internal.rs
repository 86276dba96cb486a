//! Internal policies as documents, from what their internal pages show.

use jiff::civil::Date;

use super::document::{Chapter, Document, Part};
use super::public::{section, ticks};
use crate::markdown::{Block, Inline};
use crate::report::PolicyPaper;
use crate::report::pages::{InternalSite, PolicyInternal};

/// One version of a policy.
pub fn internal_policy(site: &InternalSite, paper: &PolicyPaper) -> Document {
    let page = &paper.page;
    let version = page.own.as_ref().map(|v| format!(", version {v}")).unwrap_or_default();
    let title = format!("{}{version}", page.title);
    document(site, title, page.href.clone(), paper.date, vec![chapter(paper)])
}

/// All policies, each in its newest version.
pub fn internal_collection(site: &InternalSite, papers: &[PolicyPaper]) -> Option<Document> {
    let date = papers.iter().map(|paper| paper.date).max()?;
    let title = format!("Policies of {}", site.organisation);
    let made = document(site, title, "policies/".to_owned(), date, papers.iter().map(chapter).collect());
    let lede = match papers.len() {
        1 => "The one policy, in its newest version.".to_owned(),
        n => format!("{n} policies, public and internal, each in its newest version."),
    };
    Some(Document { lede: Some(lede), kind: site.name.clone(), collection: true, ..made })
}

fn document(site: &InternalSite, title: String, ident: String, date: Date, chapters: Vec<Chapter>) -> Document {
    Document {
        title,
        kind: "Policy".to_owned(),
        lede: None,
        language: site.language.clone(),
        rtl: site.direction == "rtl",
        noted: true,
        organisation: site.organisation.clone(),
        demonstration: site.demonstration,
        ident: format!("internal/{ident}"),
        date,
        collection: false,
        chapters,
    }
}

fn chapter(paper: &PolicyPaper) -> Chapter {
    let page = &paper.page;
    let fact = |label: &str| page.facts.iter().find(|f| f.label == label).map(|f| f.value.clone());
    let version = fact("Version").map(|v| format!(", version {v}")).unwrap_or_default();
    let since = fact("In force since").map(|day| format!(", in force from {day}")).unwrap_or_default();
    let mut blocks = paper.blocks.clone();
    blocks.extend(rules(page));
    let checked = page.rules.iter().filter(|rule| rule.anchor.is_some()).count();
    Chapter {
        title: page.title.clone(),
        foot: format!("{}{version}{since}", page.title),
        classification: capital(page.classification),
        lede: page.summary.clone(),
        notices: page.notices.iter().map(|notice| notice.text.clone()).collect(),
        facts: page
            .facts
            .iter()
            .filter(|f| f.label != "Judged")
            .map(|f| (f.label.to_string(), f.value.clone()))
            .collect(),
        ticks: (checked > 0).then(|| ticks(paper.checked)),
        contents: page.outline.len() > 5,
        parts: vec![Part::Text(blocks)],
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn rules(page: &PolicyInternal) -> Vec<Block> {
    let words = |text: &str| vec![Inline::text(text)];
    let rows = page.rules.iter().map(|rule| {
        let id = match &rule.anchor {
            Some(anchor) => vec![Inline::Link(format!("#{anchor}"), words(&rule.id))],
            None => words(&rule.id),
        };
        vec![id, words(&rule.says), words(&rule.binds), words(rule.level)]
    });
    section("rules", "Rules", &["Rule", "What it asks", "Binds", "Level"], rows.collect())
}
