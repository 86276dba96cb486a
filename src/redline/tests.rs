//! Two texts of a policy, and what a redline says of them.

use super::*;
use crate::decode::{PolicyInput, decode_policy, decode_site};
use crate::diag::Sink;
use crate::model::Policy;
use crate::source::FileId;

const SITE: &str = "site: {name: S, organisation: O, base_url: 'https://e.test/', language: en, contact: a@e.test}\ncalendar: {time_zone: UTC}\n";

const FRONT: &str = "---\nowner: engineering-lead\nchanges:\n  types: {normal: {title: Normal}, emergency: {title: Emergency}}\n  rules:\n    - {id: late, clause: review, deadline: {of: reviewed, within: 24 hours, after: deployed}}\n---\n";

fn policy(text: &str) -> Policy {
    let mut sink = Sink::new();
    let site = decode_site(FileId(0), SITE, &[], &mut sink).expect("the site stands");
    let input = PolicyInput { file: FileId(1), path: "policies/p.md", text, past: None };
    decode_policy(input, &site, &mut sink).expect("a policy")
}

fn redline(old: &str, new: &str) -> Redline {
    let (before, after) = (policy(old), policy(new));
    Redline::of(Side { version: before.newest(), text: old }, Side { version: after.newest(), text: new })
}

/// Every change as a line: what became of it, why it matters, its words.
fn told(old: &str, new: &str) -> Vec<String> {
    let found = redline(old, new);
    let mut lines = Vec::new();
    for section in &found.sections {
        for entry in &section.entries {
            match entry {
                Entry::Same(_) => {}
                Entry::Moved { blocks, from, .. } => lines.push(format!("moved {blocks} from {from}")),
                Entry::Changed(change) => {
                    let reasons: Vec<&str> = change.reasons.iter().map(|r| r.word()).collect();
                    let why = if reasons.is_empty() { "editorial".to_owned() } else { reasons.join("+") };
                    lines.push(format!("{} {why}: {}", change.state.word(), runs(&change.runs)));
                }
            }
        }
    }
    lines.extend(found.rules.iter().map(|r| format!("{} rule {}: {}", r.state.word(), r.id, runs(&r.runs))));
    lines
}

fn runs(runs: &[Run]) -> String {
    runs.iter()
        .map(|run| match run {
            Run::Kept(text) => text.clone(),
            Run::Gone(text) => format!("[-{text}-]"),
            Run::New(text) => format!("{{+{text}+}}"),
        })
        .collect()
}

#[test]
fn what_a_promise_hangs_on_is_material_and_the_rest_is_editorial() {
    for (old, new, expected) in [
        ("Within 24 hours.", "Within 48 hours.", "edited number: Within [-24-]{+48+} hours."),
        ("Within two days.", "Within 2 days.", "edited editorial: Within [-two-]{+2+} days."),
        ("Within two days.", "Within two business days.", "edited unit: Within two {+business +}days."),
        ("It must be reviewed.", "It should be reviewed.", "edited obligation: It [-must-]{+should+} be reviewed."),
        ("It is not deployed.", "It isn't deployed.", "edited editorial: It [-is not-]{+isn't+} deployed."),
        (
            "Done before the release.",
            "Done after the release.",
            "edited deadline: Done [-before-]{+after+} the release.",
        ),
        (
            "The engineering lead approves.",
            "The engineering leads approve.",
            "edited editorial: The engineering [-lead approves-]{+leads approve+}.",
        ),
        (
            "The engineering lead approves.",
            "The owner approves it.",
            "edited role: The [-engineering lead-]{+owner+} approves{+ it+}.",
        ),
        (
            "This applies to a code.",
            "This apply to the codes.",
            "edited editorial: This [-applies-]{+apply+} to [-a code-]{+the codes+}.",
        ),
        (
            "This applies to code.",
            "This apply to code and data.",
            "edited scope: This [-applies-]{+apply+} to code{+ and data+}.",
        ),
        (
            "Tests and review are kept.",
            "Tests or review are kept.",
            "edited scope: Tests [-and-]{+or+} review are kept.",
        ),
        (
            "An emergency change is told.",
            "A normal change is told.",
            "edited scope: [-An emergency-]{+A normal+} change is told.",
        ),
        ("We recieve a report.", "We receive a report.", "edited editorial: We [-recieve-]{+receive+} a report."),
        (
            "Keep 24 hours for one, 48 for two.",
            "Keep 48 hours for one, 24 for two.",
            "edited number: Keep [-24-]{+48+} hours for one, [-48-]{+24+} for two.",
        ),
        (
            "A review of the change follows within 2 days.",
            "Within 2 days a review of the change follows.",
            "edited editorial: [-A-]{+Within 2 days a+} review of the change follows[- within 2 days-].",
        ),
    ] {
        assert_eq!(told(&format!("{FRONT}{old}\n"), &format!("{FRONT}{new}\n")), [expected], "{old}");
    }
}

#[test]
fn what_is_wrapped_or_marked_otherwise_is_no_difference() {
    let old = "# Title\n\nOne *two* three\nfour.\n\n- a\n- b\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n```\nx  y\n```\n";
    let new = "Title\n=====\n\nOne two **three** four.\n\n* a\n* b\n\n|A|B|\n|:-:|---|\n|1|2|\n\n    x y\n";
    assert_eq!(told(old, new), Vec::<String>::new());
    assert!(redline(old, new).is_empty());
}

#[test]
fn code_and_tables_are_compared() {
    let old = "Run `a` now.\n\n| When | Who |\n|---|---|\n| 24 hours | lead |\n\n```\nkubectl get\n```\n";
    let new = "Run `b` now.\n\n| When | Who |\n|---|---|\n| 48 hours | lead |\n\n```\nkubectl list\n```\n";
    assert_eq!(
        told(old, new),
        [
            "edited editorial: Run [-a-]{+b+} now.",
            "edited number: [-24-]{+48+} hours | lead",
            "edited editorial: kubectl [-get-]{+list+}",
        ]
    );
}

#[test]
fn sections_that_moved_are_no_rewrites() {
    let one = "## One\n\nFirst thing here.\n\nSecond thing here.\n\n";
    let two = "## Two\n\nThird thing here.\n\nFourth thing here, which is longer than the others.\n\nFifth.\n\n";
    let found = told(&format!("# T\n\n{one}{two}"), &format!("# T\n\n{two}{one}"));
    assert_eq!(found, ["moved 3 from One"]);
    // One that moved and was edited is one change.
    let edited = two.replace("longer than the others", "longer than 5 others");
    let found = told(&format!("# T\n\n{one}{two}"), &format!("# T\n\n{edited}{one}"));
    let fourth = "edited number: Fourth thing here, which is longer than [-the-]{+5+} others.";
    assert_eq!(found, ["moved 2 from Two", fourth, "moved 1 from Two"]);
}

#[test]
fn a_clause_that_somebody_named_stays_itself() {
    let old = format!("{FRONT}Old words. <!-- clause: review -->\n\nSomething else altogether.\n");
    let new = format!("{FRONT}Something else altogether.\n\nQuite new text. <!-- clause: review -->\n");
    let found = told(&old, &new);
    assert_eq!(found, ["edited editorial: [-Old words.-]{+Quite new text.+}"]);
    let gone = told(&old, &format!("{FRONT}Something else altogether.\n"));
    assert_eq!(gone, ["removed clause: [-Old words.-]"]);
}

#[test]
fn rules_are_compared_in_plain_words() {
    let old = format!("{FRONT}Reviewed. <!-- clause: review -->\n");
    let new = old.replace("within: 24 hours", "within: 48 hours").replace("id: late,", "id: late, for: [emergency],");
    let found = told(&old, &new);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("edited rule late: ") && found[0].contains("[-24-]{+48+} hours"), "{found:?}");
    assert!(found[0].contains("It binds every {+emergency +}change."), "{found:?}");
    let added = told(&old.replace("id: late", "id: early"), &old);
    assert_eq!(
        added.iter().map(|l| l.split(':').next().unwrap()).collect::<Vec<_>>(),
        ["added rule late", "removed rule early"]
    );
}

#[test]
fn what_is_gone_stands_where_it_stood() {
    let found =
        redline("# T\n\n## A\n\nOne.\n\nGone from here.\n\n## B\n\nTwo.\n", "# T\n\n## A\n\nOne.\n\n## B\n\nTwo.\n");
    let section = found.sections.iter().find(|s| s.heading == "A").expect("its section");
    assert!(matches!(&section.entries[..], [Entry::Same(2), Entry::Changed(c)] if c.state == State::Removed));
}

#[test]
fn renamed_headings_keep_their_anchors() {
    let texts = [
        "# T\n\n## Rolling back\n\nx\n",
        "# T\n\n## Rolling a change back\n\nx\n",
        "# T\n\n## How rolling a change back works\n\nx\n",
        "# T\n\n## Undoing\n\nx\n",
    ];
    let policies: Vec<Policy> = texts.iter().map(|t| policy(t)).collect();
    let sides: Vec<Side<'_>> = policies.iter().zip(texts).map(|(p, text)| Side { version: p.newest(), text }).collect();
    let names = ["how-rolling-a-change-back-works", "rolling-a-change-back", "rolling-back"];
    assert_eq!(renamed_anchors(&sides), names.map(|name| (name.to_owned(), "undoing".to_owned())));
    // A name that another heading has by now is that heading's.
    let taken = "# T\n\n## Rolling a change back\n\nx\n\n## Rolling back\n\nOther words, of something else.\n";
    let newest = policy(taken);
    let sides = [sides[0], Side { version: newest.newest(), text: taken }];
    assert_eq!(renamed_anchors(&sides), []);
}

#[test]
fn large_texts_are_compared_in_a_bounded_way() {
    let text = |word: &str| (0..3000).map(|i| format!("{word} {i} {}\n\n", i * 7)).collect::<String>();
    let found = redline(&text("alpha beta"), &text("gamma delta"));
    assert_eq!(found.tally().material, 6000);
    let same = text("alpha beta gamma delta epsilon");
    let found = redline(&same, &same.replace("alpha beta gamma delta epsilon 77 ", "alpha beta gamma delta zeta 77 "));
    assert_eq!((found.tally().editorial, found.tally().material), (1, 0));
}
