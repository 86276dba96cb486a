//! The reference as render's tests see it.

use super::internal::link;
use crate::report::pages::{
    CaseFinding, CaseLine, CodeFamily, CodeRow, CodesPage, Html, ReferenceCase, ReferenceEntry, ReferenceIndex,
    ReferencePage, ReferencePart,
};

/// The first page.
pub(crate) fn reference() -> ReferenceIndex {
    let entry = |name: &'static str, title: &str, rules| ReferenceEntry {
        name,
        title: title.to_owned(),
        href: format!("reference/checks/{name}/index.html"),
        summary: "A deadline has an event, a length, and the event that starts its clock.".to_owned(),
        rules,
    };
    ReferenceIndex {
        checks: vec![entry("deadline", "an event came in time", 3), entry("window", "deployed inside the window", 0)],
        counting: vec![entry("people", "People and roles", 0)],
        families: vec![link("deadline", "reference/codes/index.html#family-deadline")],
        codes: 120,
    }
}

/// A page about a check.
pub(crate) fn reference_page() -> ReferencePage {
    let plain =
        |code: &str, comment: &str| CaseLine { code: code.to_owned(), comment: comment.to_owned(), finding: None };
    let late = CaseLine {
        code: "  at: 2026-12-23T16:10:01+10:00   ".to_owned(),
        comment: "# ".to_owned(),
        finding: Some(CaseFinding {
            level: "error".to_owned(),
            code: link("deadline/late", "reference/codes/index.html#deadline-late"),
            rest: "reviewed: 3 business days".to_owned(),
        }),
    };
    let lines = vec![plain("", "# pass: documented"), plain("post_change_review:", ""), late];
    ReferencePage {
        key: Some("deadline"),
        title: "an event came in time".to_owned(),
        parts: vec![
            ReferencePart { html: Some(Html("<p>One second later is late.</p>\n".to_owned())), case: None },
            ReferencePart { html: None, case: Some(ReferenceCase { label: "A record", lines }) },
        ],
        rules: vec![link(
            "five-stage/emergency-review-2bd",
            "policies/five-stage/index.html#rule-emergency-review-2bd",
        )],
        codes: vec![link("deadline/late", "reference/codes/index.html#deadline-late")],
    }
}

/// The page of all codes.
pub(crate) fn codes() -> CodesPage {
    CodesPage {
        families: vec![CodeFamily {
            name: "deadline".to_owned(),
            check: Some("reference/checks/deadline/index.html".to_owned()),
            codes: vec![CodeRow {
                name: "deadline/late",
                anchor: "deadline-late".to_owned(),
                level: "error",
                here: Some("warning"),
                meaning: "An event came after its deadline.",
                remedy: "A late event stays late.".to_owned(),
                found: 5,
                example: Some(link("deadline", "reference/checks/deadline/index.html")),
            }],
        }],
    }
}
