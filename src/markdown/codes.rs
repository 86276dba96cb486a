//! What can be wrong with a text: the codes of the family `markdown`.

use crate::diag::Code;

/// Two places want the same anchor.
pub static DUPLICATE_ANCHOR: Code = Code::error(
    "markdown/duplicate-anchor",
    "Two headings or clauses of one text have the same name, so a rule or a link cannot tell which of them is meant. The first keeps it.",
);
/// A name that cannot be an anchor.
pub static CLAUSE_NAME: Code = Code::error(
    "markdown/clause-name",
    "The name of a clause starts with a letter or digit, goes on with at most 63 letters, digits, dots, hyphens and underscores, and has neither two dots in a row nor one at its end.",
);
/// A clause comment where nothing ends.
pub static CLAUSE_MISPLACED: Code = Code::error(
    "markdown/clause-misplaced",
    "A comment that names a clause stands at the end of the paragraph, list item or table row it names. Anywhere else it names nothing, and the rule that points at it loses its promise.",
);
/// A comment that looks like a clause comment and is none.
pub static CLAUSE_MISSPELT: Code = Code::warning(
    "markdown/clause-misspelt",
    "A comment looks as if it named a clause but is not written as `<!-- clause: NAME -->`, so it names nothing.",
);
/// A comment without its end.
pub static UNCLOSED_COMMENT: Code = Code::error(
    "markdown/unclosed-comment",
    "A comment starts with `<!--` and nothing closes it: where it starts a line the rest of the text vanishes with it, within a line it is shown to readers.",
);
/// A character that is not seen.
pub static HIDDEN_CHARACTER: Code = Code::warning(
    "markdown/hidden-character",
    "A text holds a character that is not seen, that turns the text around it, or that only some programs take for a line end, so that people read something else than what stands there.",
);
/// HTML in a text.
pub static RAW_HTML: Code = Code::warning(
    "markdown/raw-html",
    "HTML in a text is never passed through: readers see it as it is written. Only comments and `<br>` are understood.",
);
/// A link that leads where a text may not lead.
pub static UNSAFE_LINK: Code = Code::warning(
    "markdown/unsafe-link",
    "Links may lead to http, https and mailto addresses, to documents of the site and to anchors. Any other is left out and its text kept.",
);
/// An image that another host would have to serve.
pub static EXTERNAL_IMAGE: Code = Code::warning(
    "markdown/external-image",
    "Pages make no requests to other hosts, so an image that stands elsewhere is shown as a link to it.",
);
/// A cell that has no column.
pub static EXTRA_CELL: Code = Code::warning(
    "markdown/extra-cell",
    "A row of a table has more cells than its header; markdown shows none of those beyond it.",
);
/// A text whose HTML would be out of all proportion.
pub static TOO_LARGE: Code = Code::error(
    "markdown/too-large",
    "The HTML of a text would be more than twenty times as long as the text, as with a ragged table of thousands of columns. What comes after that is left out.",
);

/// All codes of this family.
pub static CODES: &[&Code] = &ALL;

/// How many there are.
pub(super) const COUNT: usize = ALL.len();

static ALL: [&Code; 11] = [
    &DUPLICATE_ANCHOR,
    &CLAUSE_NAME,
    &CLAUSE_MISPLACED,
    &CLAUSE_MISSPELT,
    &UNCLOSED_COMMENT,
    &HIDDEN_CHARACTER,
    &RAW_HTML,
    &UNSAFE_LINK,
    &EXTERNAL_IMAGE,
    &EXTRA_CELL,
    &TOO_LARGE,
];
