//! Public policies as documents, in the words of the site's language. Knows `Public*` values and nothing else, as public
//! pages do.

use jiff::civil::Date;

use super::document::{Chapter, Cover, Document, Part, Stamp};
use crate::disclose::PublicPaper;
use crate::disclose::public::{PublicClause, PublicPolicy, PublicPolicyVersion, PublicSite};
use crate::language::Language;
use crate::markdown::{Block, Inline, Row, Table};

/// One version of a policy.
pub fn public_policy(site: &PublicSite, language: &Language, paper: &PublicPaper) -> Document {
    let policy = &paper.policy;
    let title = language.say("policy.title_version", &[("title", &policy.title), ("version", &policy.version)]);
    document(site, language, title, &policy.href, paper.date, vec![chapter(language, paper)])
}

/// All policies, each in the version its page shows.
pub fn public_collection(site: &PublicSite, language: &Language, papers: &[PublicPaper]) -> Document {
    let date = papers.iter().map(|paper| paper.date).max().unwrap_or_default();
    let chapters = papers.iter().map(|paper| chapter(language, paper)).collect();
    let lede = language.count("paper.collection_lede", papers.len(), &[]);
    let cover = Cover { kind: site.name.clone(), lede, stamp: stamp(language) };
    let title = language.say("paper.collection", &[("organisation", &site.organisation)]);
    Document { cover: Some(cover), ..document(site, language, title, "policies/", date, chapters) }
}

fn document(
    site: &PublicSite,
    language: &Language,
    title: String,
    ident: &str,
    date: Date,
    chapters: Vec<Chapter>,
) -> Document {
    Document {
        title,
        language: site.language.clone(),
        rtl: site.direction == "rtl",
        noted: true,
        organisation: site.organisation.clone(),
        remark: site.demonstration.then(|| language.word("paper.demonstration")),
        ident: ident.to_owned(),
        date,
        cover: None,
        chapters,
    }
}

fn stamp(language: &Language) -> Stamp {
    Stamp { words: language.word("paper.public"), public: true }
}

fn chapter(language: &Language, paper: &PublicPaper) -> Chapter {
    let policy = &paper.policy;
    let (title, version) = (("title", &*policy.title), ("version", &*policy.version));
    let foot = match &policy.effective {
        Some(day) => language.say("paper.foot_since", &[title, version, ("day", &day.text)]),
        None => language.say("policy.title_version", &[title, version]),
    };
    let mut blocks = paper.blocks.clone();
    blocks.extend(types(language, policy));
    blocks.extend(checks(language, &paper.clauses));
    blocks.extend(implements(language, policy));
    blocks.extend(versions(language, &policy.versions));
    Chapter {
        kind: language.word("paper.policy"),
        title: policy.title.clone(),
        foot,
        stamp: stamp(language),
        lede: policy.summary.clone(),
        notices: notices(language, policy),
        facts: facts(language, policy),
        ticks: checked(language, policy.checked),
        contents: policy.outline.len() > 5,
        parts: vec![Part::Text(blocks)],
    }
}

/// What a tick says, and what it does not, where sentences carry one.
pub(super) fn checked(language: &Language, sentences: usize) -> Option<String> {
    let carry = |n| format!("{} {}", language.count("paper.ticks", n, &[]), language.word("policy.tick_means"));
    (sentences > 0).then(|| carry(sentences))
}

fn notices(language: &Language, policy: &PublicPolicy) -> Vec<String> {
    let here = &policy.standing;
    let named = |key: &str, label: &str| language.say(key, &[("version", label)]);
    let on = |key: &str, day: &str| language.say(key, &[("day", day)]);
    let notice = match here.state {
        "coming" => {
            let from = match &here.effective {
                Some(day) => on("standing.coming", &day.text),
                None => language.word("standing.coming_undated"),
            };
            let now = here.now.as_ref().map(|now| named("standing.until_then", &named("version.within", &now.label)));
            Some([Some(from), now])
        }
        "past" => {
            let until = match &here.until {
                Some(day) => on("standing.past", &day.text),
                None => language.word("standing.past_undated"),
            };
            let now = here.now.as_ref().map(|now| named("standing.now", &named("version.named", &now.label)));
            Some([Some(until), now])
        }
        _ => here.next.as_ref().and_then(|next| {
            let version = named("version.named", &next.version);
            let day = next.effective.as_ref()?;
            Some([Some(language.say("standing.next", &[("version", &version), ("day", &day.text)])), None])
        }),
    };
    notice.into_iter().map(|parts| parts.into_iter().flatten().collect::<Vec<_>>().join(" ")).collect()
}

fn facts(language: &Language, policy: &PublicPolicy) -> Vec<(String, String)> {
    let approved = policy.approved_by.as_ref().map(|by| match &policy.approved_at {
        Some(at) => format!("{by}, {}", at.text),
        None => by.clone(),
    });
    let since = if policy.standing.state == "coming" { "policy.from" } else { "policy.since" };
    let review = policy.next_review.as_ref().map(|day| language.say("policy.review_by", &[("day", &day.text)]));
    let all = [
        ("policy.version", Some(policy.version.clone())),
        (since, policy.effective.as_ref().map(|day| day.text.clone())),
        ("policy.updated", policy.updated.as_ref().map(|day| day.text.clone())),
        ("policy.reviewed", policy.last_reviewed.as_ref().map(|day| day.text.clone())),
        ("policy.next_review", review),
        ("policy.owner", policy.owner.clone()),
        ("policy.approved_by", approved),
    ];
    all.into_iter().filter_map(|(key, value)| Some((language.word(key), value?))).collect()
}

fn words(text: &str) -> Vec<Inline> {
    vec![Inline::text(text)]
}

/// A heading and a table under it; nothing without rows.
pub(super) fn section(anchor: &str, title: &str, head: &[String], rows: Vec<Vec<Vec<Inline>>>) -> Vec<Block> {
    if rows.is_empty() {
        return Vec::new();
    }
    let rows = rows.into_iter().map(|cells| Row { cells, ..Row::default() }).collect();
    let head = head.iter().map(|h| words(h)).collect();
    // A space is in no anchor of a text.
    let heading = Block::heading(1, format!("page {anchor}"), title);
    vec![heading, Block::Table(Table { head, rows, ..Table::default() })]
}

fn types(language: &Language, policy: &PublicPolicy) -> Vec<Block> {
    let rows = policy.types.iter().map(|t| {
        let mut says = t.summary.clone().unwrap_or_default();
        if !t.examples.is_empty() {
            let list = t.examples.join("; ");
            let parted = if says.is_empty() { "" } else { " " };
            says = format!(
                "{says}{parted}{}",
                language.say("paper.examples", &[("examples", list.trim_end_matches('.'))])
            );
        }
        vec![vec![Inline::Strong(words(&t.title))], words(t.risk.as_deref().unwrap_or("–")), words(&says)]
    });
    let head = ["paper.type", "paper.risk", "paper.what"].map(|key| language.word(key));
    section("types", &language.word("policy.types"), &head, rows.collect())
}

fn checks(language: &Language, clauses: &[PublicClause]) -> Vec<Block> {
    let rows = clauses.iter().flat_map(|clause| {
        clause.rules.iter().map(|rule| {
            let to = format!("#{}", clause.anchor);
            vec![vec![Inline::Link(to, words(&rule.id))], words(&rule.says), words(&clause.on)]
        })
    });
    let head = ["paper.rule", "paper.asks", "policy.checked"].map(|key| language.word(key));
    section("checks", &language.word("paper.rules"), &head, rows.collect())
}

fn implements(language: &Language, policy: &PublicPolicy) -> Vec<Block> {
    let rows = policy.implements.iter().map(|c| {
        let title = c.title.as_ref().map(|title| format!(" {title}")).unwrap_or_default();
        vec![words(&c.framework), words(&format!("{}{title}", c.control))]
    });
    let head = ["policy.framework", "policy.requirement"].map(|key| language.word(key));
    section("implements", &language.word("policy.implements"), &head, rows.collect())
}

fn versions(language: &Language, versions: &[PublicPolicyVersion]) -> Vec<Block> {
    let rows = versions.iter().map(|v| {
        let state = language.word(&format!("state.{}", v.state));
        let mut since = v.effective.as_ref().map_or_else(|| language.word("policy.not_stated"), |day| day.text.clone());
        if !v.amended.is_empty() {
            let days: Vec<String> = v.amended.iter().map(|day| day.text.clone()).collect();
            let days = language.row_of(&days);
            since = language.row_of(&[since, language.say("policy.amended_on", &[("days", &days)])]);
        }
        let approved = match (&v.approved_by, &v.approved_at) {
            (Some(by), Some(at)) => format!("{by}, {}", at.text),
            (Some(by), None) => by.clone(),
            _ => "–".to_owned(),
        };
        vec![words(&v.version), words(&since), words(&state), words(&approved)]
    });
    let head = ["policy.version", "policy.from", "paper.state", "policy.approved_by"].map(|key| language.word(key));
    section("versions", &language.word("policy.versions"), &head, rows.collect())
}
