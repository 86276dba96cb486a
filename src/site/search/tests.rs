//! What can be found, by what, and what the files say.

use super::*;
use crate::disclose::public::{PublicControl, PublicHtml};

const BODY: &str = "<p>First of all.</p>\n<h2 id=\"review\">Review &amp; test <a class=\"anchor\" href=\"#review\" aria-label=\"Link\"></a></h2>\n\
<ul>\n<li class=\"clause\" id=\"in-time\">Within <em>two</em> days.<details class=\"v\" name=\"v\"><summary><span><b>Checked</b></span></summary><p>Behind the tick.</p></details></li>\n<li>Another.</li>\n</ul>\n\
<div class=\"clause head\"><h3 id=\"Gates\">Gates</h3>\n<details class=\"v\"></details></div>\n<p>Café<br>au lait</p>\n";

fn policy() -> PublicPolicy {
    PublicPolicy {
        id: "five-stage".into(),
        href: "policies/five-stage/".into(),
        title: "Change management".into(),
        version: "2.1".into(),
        body: PublicHtml(BODY.into()),
        implements: vec![
            PublicControl { framework: "SOC 2".into(), control: "CC8.1".into(), ..PublicControl::default() },
            PublicControl { framework: "ISO 27001".into(), control: "A.8.32".into(), ..PublicControl::default() },
            PublicControl { framework: "NIST 800-53".into(), control: "CM-3".into(), ..PublicControl::default() },
            PublicControl { framework: "PCI DSS".into(), control: "6.5.1".into(), ..PublicControl::default() },
        ],
        ..PublicPolicy::default()
    }
}

/// The words of an index as its script reads them: which entries each is in.
fn read(index: &SearchIndex) -> BTreeMap<String, Vec<usize>> {
    let mut found = BTreeMap::new();
    for (_, text) in index.files.iter().filter(|(path, _)| path.contains("/words-")) {
        let mut before: Vec<char> = Vec::new();
        for line in text.lines() {
            let (word, places) = line.rsplit_once('=').expect("a line has two sides");
            before.truncate(usize::from(word.as_bytes()[0] - b'A'));
            before.extend(word[1..].chars());
            let mut list: Vec<usize> = places.split('~').flat_map(entries).collect();
            list.sort_unstable();
            found.insert(before.iter().collect(), list);
        }
    }
    found
}

fn entries(letters: &str) -> Vec<usize> {
    let (mut list, mut next, mut gap, mut place) = (Vec::new(), 0, 0, 1);
    for b in letters.bytes().filter(|b| *b != b' ') {
        gap += usize::from(if b >= b'a' { b - b'a' } else { b - b'A' }) * place;
        place *= 26;
        if b >= b'a' {
            list.push(next + gap);
            (next, gap, place) = (next + gap + 1, 0, 1);
        }
    }
    list
}

#[test]
fn a_text_is_parted_into_sections_and_clauses() {
    let list = sections(BODY);
    let told: Vec<(char, &str, &str, String)> =
        list.iter().map(|s| (s.kind, s.anchor.as_str(), s.title.as_str(), one_line(&s.text))).collect();
    assert_eq!(
        told,
        [
            ('p', "", "", "First of all.".to_owned()),
            ('h', "review", "Review & test", "Another.".to_owned()),
            ('t', "in-time", "", "Within two days.".to_owned()),
            ('h', "Gates", "Gates", "Café au lait".to_owned()),
        ]
    );
}

#[test]
fn words_are_found_where_they_stand() {
    let index = SearchIndex::new(vec![Searched::policy(&policy())], "en-GB");
    let words = read(&index);
    let at = |word: &str| words.get(word).cloned().unwrap_or_default();
    assert_eq!((at("within"), at("cafe"), at("lait"), at("review")), (vec![2], vec![3], vec![3], vec![1]));
    assert_eq!((at("behind"), at("of")), (vec![], vec![]), "neither what a tick opens nor filler");
    let blocks: Vec<&str> = index.files[1].1.lines().collect();
    assert_eq!(
        blocks,
        [
            "=policies/five-stage/\tChange management",
            "hReview & test\treview",
            "t\tin-time",
            "hGates\tGates",
            "hSOC 2 CC8.1, ISO 27001 A.8.32, NIST 800-53 CM-3, PCI DSS 6.5.1\tpage-implements",
        ]
    );
}

#[test]
fn a_control_is_found_however_it_is_written() {
    let words = read(&SearchIndex::new(vec![Searched::policy(&policy())], "en"));
    for query in [
        "CC8.1",
        "cc 8.1",
        "SOC2:CC8.1",
        "soc 2 cc8.1",
        "A.8.32",
        "ISO 27001 8.32",
        "iso27001:a.8.32",
        "NIST CM-3",
        "cm3",
        "nist 800-53",
        "PCI 6.5.1",
        "PCI-DSS 6.5.1",
    ] {
        for part in query.split([' ', ':']) {
            let places = words.get(&part.to_lowercase());
            assert!(places.is_some_and(|list| list.contains(&4)), "{query}: {part}");
        }
    }
}

#[test]
fn a_text_and_a_query_are_read_alike() {
    let words = |text: &str| of_text(text, false).into_iter().map(|(word, _)| word).collect::<Vec<_>>().join(" ");
    assert_eq!(words("Two-person reviews, customer’s É𝔸 ﬁx"), "two person reviews customer ea fix");
    assert_eq!(words("A.8.32 and CC8.1; 24-hour v2.1."), "a.8.32 8.32 and cc8.1 8.1 24-hour 24 hour v2.1 2.1");
}

#[test]
fn the_same_pages_give_the_same_files_and_others_another_folder() {
    let make = |title: &str| {
        let page = PublicPolicy { title: title.into(), ..policy() };
        SearchIndex::new(vec![Searched::policy(&page)], "en").files
    };
    assert_eq!(make("A"), make("A"));
    assert_ne!(make("A")[0].0, make("B")[0].0);
}

#[test]
fn nothing_in_an_index_looks_like_a_token() {
    let every: Vec<usize> = (0..5000).map(|n| n * 7 + n % 5 + n * n / 900).collect();
    let text = numbers(&every);
    assert_eq!(entries(&text), every);
    assert!(text.split(' ').all(|run| run.len() < 20), "{text}");
}

#[test]
fn a_large_site_is_cut_into_small_files() {
    let page = |n: usize| {
        let text: String =
            (0..60).map(|k| format!("<h2 id=\"s{k}\">Section {k}</h2><p>word{}x{k} change</p>", n % 97)).collect();
        Searched::page(&PublicPage {
            href: format!("p{n}/"),
            title: format!("Page {n}"),
            body: PublicHtml(text),
            ..PublicPage::default()
        })
    };
    let index = SearchIndex::new((0..300).map(page).collect(), "en");
    assert!(index.files.iter().all(|(_, text)| text.len() < SHARD * 2), "a file is long");
    assert!(index.files.len() > 20);
    let words = read(&index);
    assert_eq!(words["word5x7"], [5, 102, 199, 296].map(|n| n * 61 + 8));
    let page = index.page();
    assert_eq!((page.pages.len(), page.pages[7].headings.len()), (300, 0), "too many headings to list");
}

#[test]
fn lists_are_found_by_control_question_and_company() {
    use crate::disclose::public::{
        PublicControlRow, PublicControls, PublicFaq, PublicFramework, PublicQuestion, PublicQuestions,
        PublicSubprocessor, PublicSubprocessors,
    };
    let row = PublicControlRow { anchor: "soc2-cc8-1".into(), control: "CC8.1".into(), ..PublicControlRow::default() };
    let framework =
        PublicFramework { id: "SOC2".into(), anchor: "soc2".into(), name: "SOC 2".into(), controls: vec![row] };
    let controls = PublicControls { frameworks: vec![framework], ..PublicControls::default() };
    let question = PublicQuestion {
        id: "safe".into(),
        question: "Is it safe?".into(),
        answer: PublicHtml("<p>Behind <em>seven</em> locks.</p>".into()),
    };
    let section = PublicQuestions { heading: None, questions: vec![question] };
    let faq = PublicFaq { sections: vec![section], ..PublicFaq::default() };
    let company = PublicSubprocessor { name: "Quay Cloud".into(), ..PublicSubprocessor::default() };
    let companies = PublicSubprocessors { current: vec![company], ..PublicSubprocessors::default() };
    let pages = vec![Searched::controls(&controls), Searched::faq(&faq), Searched::subprocessors(&companies)];
    let found = read(&SearchIndex::new(pages, "en"));
    // Entries: the page of controls, its framework, its control; the page of questions, its question; the companies.
    for (word, places) in
        [("cc8.1", vec![2]), ("soc2", vec![2]), ("seven", vec![4]), ("safe", vec![4]), ("quay", vec![5])]
    {
        assert_eq!(found.get(word), Some(&places), "{word}");
    }
}
