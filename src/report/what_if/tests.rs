//! Counting and wording, on made-up verdicts.

use super::*;

const BAD: Side = Some((Verdict::Fail, Level::Error));

fn piece(change_type: &str, quarter: Option<Quarter>, old: Verdict, new: Verdict) -> Piece {
    let turns = vec![Turn {
        rule: "r".to_owned(),
        old: Some((old, Level::Error)),
        new: Some((new, Level::Error)),
        why: String::new(),
    }];
    let changed = Changed {
        id: format!("{change_type}-{}", old.word()),
        path: "changes/a.yaml".to_owned(),
        change_type: change_type.to_owned(),
        quarter,
        old,
        new,
        turns,
    };
    let differs = old != new || old == Verdict::Fail;
    Piece { change_type: change_type.to_owned(), quarter, changed: differs.then_some(changed) }
}

/// Every record is counted once in each way of counting, and the counts add up.
#[test]
fn counts_add_up() {
    let quarter = |number| Some(Quarter { year: 2026, number });
    let mut found = WhatIf::default();
    for (change_type, at, old, new) in [
        ("normal", quarter(1), Verdict::Pass, Verdict::Fail),
        ("normal", quarter(2), Verdict::Pass, Verdict::Fail),
        ("normal", None, Verdict::Unknown, Verdict::Pass),
        ("normal", quarter(2), Verdict::Pass, Verdict::Pass),
        ("urgent", quarter(2), Verdict::Fail, Verdict::Fail),
    ] {
        found.add(piece(change_type, at, old, new));
    }
    assert_eq!((found.all.records, found.all.changed(), found.changed.len(), found.kept.len()), (5, 3, 3, 1));
    assert_eq!(found.all.in_words(), "2 pass → fail, 1 unknown → pass", "what gets worse first");
    for (kind, groups) in found.groups() {
        assert_eq!(groups.iter().map(|(_, g)| g.changed()).sum::<usize>(), 3, "{kind}");
    }
    let [(_, types), (_, quarters)] = found.groups();
    let shown = |groups: Vec<(String, &Group)>| {
        groups.into_iter().map(|(name, g)| format!("{name} {}/{}", g.changed(), g.records)).collect::<Vec<_>>()
    };
    assert_eq!(shown(types), ["normal 3/4"]);
    assert_eq!(shown(quarters), ["no date 1/1", "2026-Q1 1/1", "2026-Q2 1/3"]);
}

#[test]
fn a_turn_says_what_there_is_no_rule_for_and_which_level() {
    let turn = |old, new| Turn { rule: "r".to_owned(), old, new, why: String::new() }.in_words();
    assert_eq!(turn(None, BAD), "no rule → fail");
    assert_eq!(turn(BAD, None), "fail → no rule");
    assert_eq!(turn(BAD, Some((Verdict::Fail, Level::Warning))), "fail → fail (warning)");
}

/// What users wrote is text in a pull request.
#[test]
fn markdown_is_no_markup_of_records() {
    let mut found = WhatIf::default();
    let mut made = piece("<b>", None, Verdict::Pass, Verdict::Fail);
    if let Some(changed) = &mut made.changed {
        changed.turns[0].why = "@ang said | *no*".to_owned();
    }
    found.add(made);
    let asked = Asked {
        old: "a`b".to_owned(),
        new: None,
        in_force: false,
        as_of: "now".to_owned(),
        instant: String::new(),
        edits: vec![Edit {
            policy: "p".to_owned(),
            what: "edited",
            rules_new: vec!["x".to_owned()],
            rules_gone: vec![],
        }],
    };
    let text = markdown(&asked, &found);
    assert!(
        text.starts_with(
            "## Tickmark: 1 of 1 record would change verdict\n\n- <code>p</code>: edited; new: <code>x</code>"
        ),
        "{text}"
    );
    assert!(
        text.contains("&lt;b&gt;") && !text.contains("<b>") && !text.contains("@ang") && text.contains("\\*no\\*"),
        "{text}"
    );
    assert!(text.contains("| &lt;b&gt; | 1 | 1 | 1 pass → fail |"), "{text}");
}
