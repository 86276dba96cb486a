//! Building a site: judged records become internal pages as they come, public documents become public pages, and both
//! trees are published whole.
//!
//! Pages are rendered and written one by one, in parallel, and never all held at once. What stops only the public tree (a
//! broken policy, page or theme, a closed leak gate) leaves the public site that stands untouched.

mod audit;
mod held;
mod internal;
mod leaks;
mod links;
mod outputs;
mod papers;
mod public;
mod reference;
mod reports;
mod search;
mod theme;

pub use audit::{AuditFolder, AuditInput, build_audit};
pub use held::{Held, Taken};
pub use internal::{InternalBuild, build_internal, frame, write_internal, write_record};
pub use outputs::Outputs;
pub use papers::{PAPERS, report_paper};
pub use public::{PublicBuild, Stated, StaticFile, build_public, leaks_in, same_places, statics, write_public};
pub use reports::words;
pub use theme::{BUILT_IN_THEME, broken_pages, own_files, theme};

use crate::diag::{Code, Diagnostic, Place};
use crate::error::Error;
use crate::judge;
use crate::render::TemplateError;
use crate::source::SourceSet;

static THEME: Code = Code::error(
    "theme/broken",
    "A template of the site's own theme has a mistake, so that pages cannot be made with it. Nothing is published until it \
     is mended.",
)
.unlowerable();
static UNKNOWN_OVERRIDE: Code = Code::warning(
    "theme/unknown-override",
    "A file of the site's own theme takes the place of nothing in the built-in one.",
);
static NO_THEME: Code = Code::warning(
    "theme/unknown",
    "tickmark.yaml names a theme that has no files. Pages are made with the built-in one.",
);
static SAME_PLACE: Code = Code::error("site/same-place", "Two documents would be written to the same public file.");

static NO_PAPER: Code =
    Code::warning("site/no-pdf", "A document could not be typeset. The site is whole without its PDF.");
static MISSING_GLYPHS: Code = Code::note(
    "site/no-glyph",
    "A document has characters that no font of its PDF has, such as emoji. A box stands for each of them there.",
);

/// Codes of the layers that the pipeline does not know.
pub static MORE_CODES: &[&[&Code]] = &[
    crate::repo::CODES,
    crate::report::closing::CODES,
    crate::disclose::CODES,
    crate::site::CODES,
    crate::import::CODES,
    crate::language::CODES,
    CODES,
];

/// All codes of this layer.
pub static CODES: &[&Code] = &[&THEME, &NO_THEME, &UNKNOWN_OVERRIDE, &SAME_PLACE, &NO_PAPER, &MISSING_GLYPHS];

/// A template of the built-in theme that fails is our mistake. One of the site's own is a finding: see [`broken_pages`].
pub fn template_failed(error: &TemplateError) -> Error {
    Error::refused(
        format!("could not render `{}:{}:{}`: {}", error.template, error.line, error.column, error.message),
        "this is a mistake of tickmark's: please report it",
    )
}

/// Whether a finding at error level keeps the public tree back: it stands in a document that public pages are made from,
/// or it is a secret, wherever that is.
pub fn forbids_public(sources: &SourceSet, finding: &Diagnostic) -> bool {
    if finding.code.name == "record/secret" {
        return true;
    }
    // A rule that is broken is no broken policy, though its finding stands at the clause.
    if judge::is_of_policy_rule(finding.code) {
        return false;
    }
    // What a policy's own rules come to is a verdict, and no mistake of the policy, although it stands at its clause.
    if ["retained/", "complete/"].iter().any(|family| finding.code.name.starts_with(family)) {
        return false;
    }
    let path = match &finding.place {
        Place::Path(path) => path,
        Place::Text(at) => sources.file(at.file).path(),
    };
    ["policies/", "content/", "themes/", "static/"].iter().any(|folder| path.starts_with(folder))
}

/// Whether a finding stands in a document that public pages are made from, or in what they would hold.
pub fn stands_in_the_way(sources: &SourceSet, finding: &Diagnostic) -> bool {
    if finding.code.name.starts_with("leak/") || forbids_public(sources, finding) {
        return true;
    }
    let path = match &finding.place {
        Place::Path(path) => path,
        Place::Text(at) => sources.file(at.file).path(),
    };
    ["policies/", "content/", "themes/", "static/", "public/"].iter().any(|folder| path.starts_with(folder))
}
