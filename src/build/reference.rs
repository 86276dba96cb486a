//! The reference among the internal pages.

use rayon::prelude::*;

use super::internal::put;
use super::{MORE_CODES, Outputs};
use crate::diag::Diagnostic;
use crate::error::Result;
use crate::pipeline::{self, Site};
use crate::render::Theme;
use crate::report::pages::InternalSite;
use crate::report::reference::{CODES_HREF, PAGES, codes_page, page_href, reference_index, reference_page};

/// Writes a page for each kind of check and way of counting, and one for all codes.
pub(super) fn write_reference(
    site: &Site<'_>,
    theme: &Theme,
    frame: &InternalSite,
    findings: &[&Diagnostic],
    out: &Outputs<'_>,
) -> Result<()> {
    let ledger = &site.ledger;
    if !out.wants_below("reference/") {
        return Ok(());
    }
    let codes = pipeline::all_codes(MORE_CODES);
    put(out, theme, "reference/index.html", |theme| theme.render_reference(frame, &reference_index(ledger, &codes)))?;
    put(out, theme, CODES_HREF, |theme| theme.render_codes(frame, &codes_page(ledger, &codes, findings)))?;
    PAGES.par_iter().try_for_each(|page| {
        put(out, theme, &page_href(page), |theme| theme.render_reference_page(frame, &reference_page(ledger, page)))
    })
}
