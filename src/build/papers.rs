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

/// Whether this program makes papers.
pub const PAPERS: bool = cfg!(feature = "pdf");

#[cfg(not(feature = "pdf"))]
pub use without::report_paper;
#[cfg(not(feature = "pdf"))]
pub(super) use without::{internal_papers, public_papers, write_report};

#[cfg(feature = "pdf")]
pub use with::report_paper;
#[cfg(feature = "pdf")]
pub(super) use with::{internal_papers, public_papers, write_report};

#[cfg(not(feature = "pdf"))]
mod without {
    use super::Papers;
    use crate::build::Outputs;
    use crate::build::leaks::Leaks;
    use crate::diag::Diagnostic;
    use crate::disclose::Documents;
    use crate::disclose::public::PublicSite;
    use crate::error::{Error, Result};
    use crate::model::Quarter;
    use crate::pipeline::Site;
    use crate::report::pages::InternalSite;
    use crate::report::{QuarterPages, RuleCounts};

    /// No papers.
    #[expect(clippy::unnecessary_wraps, reason = "with the feature it may fail")]
    pub(in crate::build) fn public_papers(
        _: &Documents<'_>,
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
        _: &mut Vec<Diagnostic>,
    ) -> Result<Papers> {
        Ok(Papers::default())
    }

    /// No paper of a report.
    #[expect(clippy::unnecessary_wraps, reason = "with the feature it may fail")]
    pub(in crate::build) fn write_report(
        _: &Site<'_>,
        _: &InternalSite,
        _: Quarter,
        _: &QuarterPages,
        _: &Outputs<'_>,
    ) -> Result<Option<Diagnostic>> {
        Ok(None)
    }

    /// Refused: nothing here typesets.
    pub fn report_paper(_: &Site<'_>, _: &InternalSite, _: Quarter, _: &QuarterPages) -> Result<Vec<u8>> {
        Err(Error::refused("this tickmark was built without the feature `pdf`", "build it with `--features pdf`"))
    }
}

#[cfg(feature = "pdf")]
mod with {
    use std::sync::{Mutex, PoisonError};

    use rayon::prelude::*;

    use super::{ALL, FILE, Papers};
    use crate::build::leaks::{self, Leaks};
    use crate::build::reports::words_on_paper;
    use crate::build::{MISSING_GLYPHS, NO_PAPER, Outputs};
    use crate::diag::Diagnostic;
    use crate::disclose::public::PublicSite;
    use crate::disclose::{self, Documents, Shown, public_of, public_versions};
    use crate::error::{Error, Result};
    use crate::model::Quarter;
    use crate::pdf::{self, Document};
    use crate::pipeline::Site;
    use crate::report::pages::InternalSite;
    use crate::report::{self, FindingsByFile, PolicyView, QuarterPages, RuleCounts};
    use crate::site::PublicRoute;

    /// The papers of one tree as they are made, by many threads.
    struct Press<'p, 's> {
        out: &'p Outputs<'s>,
        papers: Mutex<Papers>,
        said: Mutex<Vec<Diagnostic>>,
    }

    impl<'p, 's> Press<'p, 's> {
        fn new(out: &'p Outputs<'s>) -> Self {
            Self { out, papers: Mutex::default(), said: Mutex::default() }
        }

        /// Typesets a paper and writes it. One that nobody wants now counts as made: it is when somebody does.
        fn make(&self, file: &str, source: &str, document: impl FnOnce() -> Document) -> Result<()> {
            if self.out.wants(file) {
                match document().typeset() {
                    Ok(paper) => {
                        self.out.write(file, &paper.bytes)?;
                        // The paper of all says nothing that its parts do not say.
                        if paper.missing > 0 && file != ALL {
                            self.say(missing(paper.missing, file, source));
                        }
                    }
                    Err(pdf::Refused(why)) => {
                        self.say(refused(file, source, why));
                        return Ok(());
                    }
                }
            }
            self.papers.lock().unwrap_or_else(PoisonError::into_inner).made.insert(file.to_owned());
            Ok(())
        }

        fn say(&self, finding: Diagnostic) {
            self.said.lock().unwrap_or_else(PoisonError::into_inner).push(finding);
        }

        /// What was made, and what was said of it, in order.
        fn finish(self, findings: &mut Vec<Diagnostic>) -> Papers {
            let mut said = self.said.into_inner().unwrap_or_else(PoisonError::into_inner);
            said.sort_by(|a, b| a.headline.cmp(&b.headline));
            findings.extend(said);
            self.papers.into_inner().unwrap_or_else(PoisonError::into_inner)
        }
    }

    fn refused(file: &str, source: &str, why: String) -> Diagnostic {
        let headline = format!("`{file}` could not be typeset");
        let finding = Diagnostic::of_path(&NO_PAPER, source, headline).note(why);
        finding.help("the site is whole without it; please report it")
    }

    fn missing(count: usize, file: &str, source: &str) -> Diagnostic {
        let what = if count == 1 { "character has" } else { "characters have" };
        let headline = format!("{count} {what} no glyph in the fonts of `{file}`");
        Diagnostic::of_path(&MISSING_GLYPHS, source, headline).help("each stands there as □; the page shows them")
    }

    /// Makes the papers of public policies, searches what goes into them, and writes them.
    pub(in crate::build) fn public_papers(
        documents: &Documents<'_>,
        frame: &PublicSite,
        leaks: &Leaks<'_>,
        out: &Outputs<'_>,
        findings: &mut Vec<Diagnostic>,
    ) -> Result<Papers> {
        let (sources, ledger) = (documents.sources, documents.ledger);
        let press = Press::new(out);
        let policies = public_of(ledger);
        let all = || {
            if policies.is_empty() {
                return Ok(());
            }
            press.make(ALL, "policies", || {
                let shown =
                    |policy| Shown { policy, version: disclose::shown(policy, documents.as_of), permanent: false };
                let list: Vec<_> =
                    policies.par_iter().map(|policy| disclose::public_paper(documents, shown(policy))).collect();
                let document = pdf::public_collection(frame, &ledger.language, &list);
                leaks.search_paper(ALL, &document.text(), &[]);
                document
            })
        };
        let each = || {
            let versions: Vec<_> =
                policies.iter().flat_map(|p| public_versions(p).into_iter().map(move |n| (*p, n))).collect();
            versions.par_iter().try_for_each(|(policy, number)| {
                let route = PublicRoute::Version(policy, *number);
                let file = format!("{}{FILE}", route.place());
                press.make(&file, sources.file(policy.versions[*number].file).path(), || {
                    let shown = Shown { policy, version: *number, permanent: true };
                    let paper = disclose::public_paper(documents, shown);
                    let document = pdf::public_policy(frame, &ledger.language, &paper);
                    leaks.search_paper(&file, &document.text(), &[leaks::of_version(&policy.versions[*number])]);
                    document
                })
            })
        };
        let (all, each) = rayon::join(all, each);
        all.and(each)?;
        Ok(press.finish(findings))
    }

    /// Makes the papers of all policies for insiders.
    pub(in crate::build) fn internal_papers(
        site: &Site<'_>,
        frame: &InternalSite,
        counts: &RuleCounts,
        out: &Outputs<'_>,
        findings: &mut Vec<Diagnostic>,
    ) -> Result<Papers> {
        let (sources, ledger) = (site.sources, &site.ledger);
        let press = Press::new(out);
        // What is wrong in a text is not printed with it.
        let findings_of_documents = FindingsByFile::default();
        let view = |policy, version| PolicyView {
            policy,
            version,
            counts,
            findings: &findings_of_documents,
            as_of: site.as_of,
            what_if: None,
        };
        let policies = ledger.policies_with_pages();
        let all = || {
            if policies.is_empty() {
                return Ok(());
            }
            press.make(ALL, "policies", || {
                let mut list: Vec<_> = policies
                    .par_iter()
                    .map(|index| report::policy_paper(sources, ledger, view(*index, None)))
                    .collect();
                list.sort_by(|a, b| a.page.title.cmp(&b.page.title).then_with(|| a.page.id.cmp(&b.page.id)));
                pdf::internal_collection(frame, &list)
            })
        };
        let each = || {
            let of = |index: &usize| {
                let index = *index;
                report::internal_versions(&ledger.policies[index]).into_iter().map(move |number| (index, number))
            };
            let versions: Vec<_> = policies.iter().flat_map(of).collect();
            versions.par_iter().try_for_each(|(index, number)| {
                let view = view(*index, Some(*number));
                let file = format!("{}{FILE}", view.href(ledger).trim_end_matches("index.html"));
                let source = sources.file(ledger.policies[*index].versions[*number].file).path();
                press.make(&file, source, || pdf::internal_policy(frame, &report::policy_paper(sources, ledger, view)))
            })
        };
        let (all, each) = rayon::join(all, each);
        all.and(each)?;
        Ok(press.finish(findings))
    }

    fn report(site: &Site<'_>, frame: &InternalSite, quarter: Quarter, pages: &QuarterPages) -> Document {
        let today = site.ledger.configuration.calendar.day(site.as_of);
        pdf::quarter_report(frame, pages, words_on_paper(site, quarter), today)
    }

    /// The paper of a quarter's report, written where it is wanted; what is wrong with it where it could not be made.
    pub(in crate::build) fn write_report(
        site: &Site<'_>,
        frame: &InternalSite,
        quarter: Quarter,
        pages: &QuarterPages,
        out: &Outputs<'_>,
    ) -> Result<Option<Diagnostic>> {
        let file = format!("reports/{quarter}/report.pdf");
        if !out.wants(&file) {
            return Ok(None);
        }
        match report(site, frame, quarter, pages).typeset() {
            Ok(paper) => out.write(&file, &paper.bytes).map(|()| None),
            Err(pdf::Refused(why)) => Ok(Some(refused(&file, "changes", why))),
        }
    }

    /// The paper of a quarter's report alone.
    pub fn report_paper(
        site: &Site<'_>,
        frame: &InternalSite,
        quarter: Quarter,
        pages: &QuarterPages,
    ) -> Result<Vec<u8>> {
        let made = report(site, frame, quarter, pages).typeset();
        made.map(|paper| paper.bytes).map_err(|pdf::Refused(why)| {
            Error::refused(format!("the report of {quarter} could not be typeset: {why}"), "please report it")
        })
    }
}
