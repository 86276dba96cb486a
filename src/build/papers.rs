//! Papers: the PDFs of a tree, made before its pages, so that a page leads to a paper only where there is one.
//!
//! Without the feature `pdf` there are none. A paper that cannot be made stops nothing: it is left out, and said. The
//! leak gate reads what goes into a public paper, because its bytes are compressed.

use std::collections::BTreeSet;

/// The papers of a tree, by file.
#[derive(Debug, Default)]
pub(super) struct Papers {
    made: BTreeSet<String>,
}

impl Papers {
    /// The paper in this folder, if it was made.
    pub(super) fn of(&self, place: &str) -> Option<String> {
        self.made.get(&format!("{place}{FILE}")).cloned()
    }

    /// The paper of all policies, if it was made.
    pub(super) fn of_all(&self) -> Option<String> {
        self.made.get(ALL).cloned()
    }
}

/// The paper of a version, beside its page.
pub(super) const FILE: &str = "policy.pdf";
/// The paper of all policies.
pub(super) const ALL: &str = "policies/policies.pdf";

#[cfg(not(feature = "pdf"))]
pub(super) use without::{internal_papers, public_papers};

#[cfg(feature = "pdf")]
pub(super) use with::{internal_papers, public_papers};

#[cfg(not(feature = "pdf"))]
mod without {
    use super::Papers;
    use crate::build::Outputs;
    use crate::build::leaks::Leaks;
    use crate::diag::Diagnostic;
    use crate::disclose::public::PublicSite;
    use crate::error::Result;
    use crate::pipeline::Site;
    use crate::report::RuleCounts;
    use crate::report::pages::InternalSite;

    /// No papers.
    #[expect(clippy::unnecessary_wraps, reason = "with the feature it may fail")]
    pub(in crate::build) fn public_papers(
        _: &Site<'_>,
        _: &PublicSite,
        _: &Leaks<'_>,
        _: &Outputs<'_>,
        _: &mut Vec<Diagnostic>,
    ) -> Result<Papers> {
        Ok(Papers::default())
    }

    /// No papers.
    #[expect(clippy::unnecessary_wraps, reason = "with the feature it may fail")]
    pub(in crate::build) fn internal_papers(
        _: &Site<'_>,
        _: &InternalSite,
        _: &RuleCounts,
        _: &Outputs<'_>,
    ) -> Result<Papers> {
        Ok(Papers::default())
    }
}

#[cfg(feature = "pdf")]
mod with {
    use std::sync::{Mutex, PoisonError};

    use rayon::prelude::*;

    use super::{ALL, FILE, Papers};
    use crate::build::leaks::{Leaks, Origin, origins};
    use crate::build::{MISSING_GLYPHS, NO_PAPER, Outputs};
    use crate::diag::Diagnostic;
    use crate::disclose::public::PublicSite;
    use crate::disclose::{self, Shown, public_of, public_versions};
    use crate::error::Result;
    use crate::pdf::{self, Document};
    use crate::pipeline::Site;
    use crate::report::pages::InternalSite;
    use crate::report::{self, PolicyView, RuleCounts};
    use crate::site::PublicRoute;

    /// A paper to be made: its file, what goes into it, and the document that it is made from.
    type Wanted = (String, Document, String);

    /// Typesets papers and hands their bytes on; `said` gathers what is wrong, in no order.
    fn make(
        (file, document, source): &Wanted,
        papers: &Mutex<Papers>,
        said: &Mutex<Vec<Diagnostic>>,
        write: &dyn Fn(&str, &[u8]) -> Result<()>,
    ) -> Result<()> {
        let say = |finding| said.lock().unwrap_or_else(PoisonError::into_inner).push(finding);
        match document.typeset() {
            Ok(paper) => {
                if paper.missing > 0 && file != ALL {
                    let what = if paper.missing == 1 { "character has" } else { "characters have" };
                    let headline = format!("{} {what} no glyph in the fonts of `{file}`", paper.missing);
                    say(Diagnostic::of_path(&MISSING_GLYPHS, source, headline)
                        .help("each stands there as □; the page shows them"));
                }
                write(file, &paper.bytes)?;
                papers.lock().unwrap_or_else(PoisonError::into_inner).made.insert(file.clone());
            }
            Err(pdf::Refused(why)) => {
                let headline = format!("`{file}` could not be typeset");
                say(Diagnostic::of_path(&NO_PAPER, source, headline)
                    .note(why)
                    .help("the site is whole without it; please report it"));
            }
        }
        Ok(())
    }

    fn sorted(said: Mutex<Vec<Diagnostic>>) -> Vec<Diagnostic> {
        let mut said = said.into_inner().unwrap_or_else(PoisonError::into_inner);
        said.sort_by(|a, b| a.headline.cmp(&b.headline));
        said
    }

    /// Makes the papers of public policies, searches what goes into them, and writes them.
    pub(in crate::build) fn public_papers(
        site: &Site<'_>,
        frame: &PublicSite,
        leaks: &Leaks<'_>,
        out: &Outputs<'_>,
        findings: &mut Vec<Diagnostic>,
    ) -> Result<Papers> {
        let (sources, ledger) = (site.sources, &site.ledger);
        let (papers, said) = (Mutex::default(), Mutex::default());
        let policies = public_of(ledger);
        let publish = |wanted: &Wanted, origins: &[Origin]| {
            leaks.search_paper(&wanted.0, &wanted.1.text(), origins);
            make(wanted, &papers, &said, &|file, bytes| out.write(file, bytes))
        };
        let of = |shown: Shown<'_>| disclose::public_paper(sources, ledger, shown, site.as_of);
        let all = || {
            let shown = |policy| Shown { policy, version: disclose::shown(policy, site.as_of), permanent: false };
            let list: Vec<_> = policies.par_iter().map(|policy| of(shown(policy))).collect();
            let Some(document) = pdf::public_collection(frame, &list) else { return Ok(()) };
            publish(&(ALL.to_owned(), document, "policies".to_owned()), &[])
        };
        let each = || {
            let versions: Vec<_> =
                policies.iter().flat_map(|p| public_versions(p).into_iter().map(move |n| (*p, n))).collect();
            versions.par_iter().try_for_each(|(policy, number)| {
                let route = PublicRoute::Version(policy, *number);
                let document = pdf::public_policy(frame, &of(Shown { policy, version: *number, permanent: true }));
                let source = sources.file(policy.versions[*number].file).path().to_owned();
                publish(&(format!("{}{FILE}", route.place()), document, source), &origins(site, &route))
            })
        };
        let (all, each) = rayon::join(all, each);
        all.and(each)?;
        findings.extend(sorted(said));
        Ok(papers.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    /// Makes the papers of all policies for insiders.
    pub(in crate::build) fn internal_papers(
        site: &Site<'_>,
        frame: &InternalSite,
        counts: &RuleCounts,
        out: &Outputs<'_>,
    ) -> Result<Papers> {
        let (sources, ledger) = (site.sources, &site.ledger);
        let (papers, said) = (Mutex::default(), Mutex::default());
        let write = |file: &str, bytes: &[u8]| out.write(file, bytes);
        let view = |policy, version| PolicyView { policy, version, counts, findings: &[], as_of: site.as_of };
        // Of two policies with one id the first has the pages, and the papers.
        let first = |index: &usize| {
            let id = ledger.policies[*index].id.as_str();
            !ledger.policies[..*index].iter().any(|p| p.id.as_str().eq_ignore_ascii_case(id))
        };
        let policies: Vec<usize> = (0..ledger.policies.len()).filter(first).collect();
        let all = || {
            let mut list: Vec<_> =
                policies.par_iter().map(|index| report::policy_paper(sources, ledger, view(*index, None))).collect();
            list.sort_by(|a, b| a.page.title.cmp(&b.page.title).then_with(|| a.page.id.cmp(&b.page.id)));
            let Some(document) = pdf::internal_collection(frame, &list) else { return Ok(()) };
            make(&(ALL.to_owned(), document, "policies".to_owned()), &papers, &said, &write)
        };
        let each = || {
            let of = |index: &usize| {
                let index = *index;
                report::internal_versions(&ledger.policies[index]).into_iter().map(move |number| (index, number))
            };
            let versions: Vec<_> = policies.iter().flat_map(of).collect();
            versions.par_iter().try_for_each(|(index, number)| {
                let paper = report::policy_paper(sources, ledger, view(*index, Some(*number)));
                let place = paper.page.href.trim_end_matches("index.html").to_owned();
                let source = sources.file(ledger.policies[*index].versions[*number].file).path().to_owned();
                let document = pdf::internal_policy(frame, &paper);
                make(&(format!("{place}{FILE}"), document, source), &papers, &said, &write)
            })
        };
        let (all, each) = rayon::join(all, each);
        all.and(each)?;
        Ok(papers.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}
