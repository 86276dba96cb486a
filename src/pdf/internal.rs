//! Internal policies as documents, from what their internal pages show.

use jiff::civil::Date;

use super::document::{Chapter, Cover, Document, Part, Stamp};
use super::public::{checked, section};
use crate::language::{Language, english};
use crate::markdown::{Block, Inline};
use crate::report::PolicyPaper;
use crate::report::pages::{InternalSite, PolicyInternal};

/// One version of a policy.
pub fn internal_policy(site: &InternalSite, paper: &PolicyPaper) -> Document {
    let page = &paper.page;
    let version = page.own.as_ref().map(|v| format!(", version {v}")).unwrap_or_default();
    let title = format!("{}{version}", page.title);
    internal(site, title, &page.href, paper.date, vec![chapter(&english(), paper)])
}

/// All policies, each in its newest version.
pub fn internal_collection(site: &InternalSite, papers: &[PolicyPaper]) -> Document {
    let date = papers.iter().map(|paper| paper.date).max().unwrap_or_default();
    let language = english();
    let title = language.say("paper.collection", &[("organisation", &site.organisation)]);
    let chapters: Vec<Chapter> = papers.iter().map(|paper| chapter(&language, paper)).collect();
    let lede = match papers.len() {
        1 => "The one policy, in its newest version.".to_owned(),
        n => format!("{n} policies, public and internal, each in its newest version."),
    };
    // The whole is as secret as its most secret chapter.
    let held = |word: &str| chapters.iter().find(|chapter| chapter.stamp.words == word);
    let stamp = ["Confidential", "Internal", "Public"].into_iter().find_map(held).map(|c| c.stamp.clone());
    let cover = Cover { kind: site.name.clone(), lede, stamp: stamp.unwrap_or_default() };
    Document { cover: Some(cover), ..internal(site, title, "policies/", date, chapters) }
}

/// A document for insiders, whose pages stand in this place.
pub(super) fn internal(
    site: &InternalSite,
    title: String,
    place: &str,
    date: Date,
    chapters: Vec<Chapter>,
) -> Document {
    Document {
        title,
        language: site.language.clone(),
        rtl: site.direction == "rtl",
        noted: true,
        organisation: site.organisation.clone(),
        remark: site.demonstration.then(|| english().word("paper.demonstration")),
        ident: format!("internal/{place}"),
        date,
        cover: None,
        chapters,
    }
}

fn chapter(language: &Language, paper: &PolicyPaper) -> Chapter {
    let page = &paper.page;
    let fact = |label: &str| page.facts.iter().find(|f| f.label == label).map(|f| f.value.clone());
    let version = fact("Version").map(|v| format!(", version {v}")).unwrap_or_default();
    let since = fact("In force since").map(|day| format!(", in force from {day}")).unwrap_or_default();
    let mut blocks = paper.blocks.clone();
    blocks.extend(rules(page));
    Chapter {
        kind: language.word("paper.policy"),
        title: page.title.clone(),
        foot: format!("{}{version}{since}", page.title),
        stamp: Stamp { words: capital(page.classification), public: page.classification == "public" },
        lede: page.summary.clone(),
        notices: page.notices.iter().map(|notice| notice.text.clone()).collect(),
        facts: page
            .facts
            .iter()
            .filter(|f| f.label != "Judged")
            .map(|f| (f.label.to_string(), f.value.clone()))
            .collect(),
        ticks: checked(language, paper.checked),
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
    let head = ["Rule", "What it asks", "Binds", "Level"].map(str::to_owned);
    section("rules", "Rules", &head, rows.collect())
}
