//! Whether what a document calls its parts matters to other documents: to what is said of them, or to what would be.
//!
//! It errs on the side of yes: texts are searched as they are written, and nothing of them is understood.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::Site;
use crate::diag::Diagnostic;
use crate::lint;
use crate::markdown::Outline;
use crate::source::{FileId, Location, SourceFile};

/// Codes of findings about a name that another document does not have.
const OF_NAMES: [&str; 2] = ["text/unknown-section", "content/unknown-policy"];

/// The names by which others may know the parts of a text: anchors, and the words of headings and clauses.
#[derive(PartialEq, Eq)]
struct Names {
    anchors: BTreeSet<String>,
    words: BTreeSet<String>,
}

impl Names {
    fn of(outline: &Outline) -> Self {
        let words = outline.clauses.iter().map(|clause| &clause.text).chain(outline.headings.iter().map(|h| &h.text));
        Self {
            anchors: outline.clauses.iter().map(|clause| clause.anchor.clone()).collect(),
            words: words.map(|text| text.to_lowercase()).collect(),
        }
    }
}

/// How many documents are read again because of another one's title.
const NEAR: usize = 64;

impl Site<'_> {
    /// The policies, by their numbers, whose texts may name a section of a document of one of these titles. None where they
    /// are too many to be read again.
    pub(super) fn may_call_it(&self, file: FileId, titles: &[String]) -> Option<Vec<usize>> {
        let words: Vec<String> = titles.iter().filter_map(|title| lint::called_by(title)).collect();
        let names = |n: &usize| {
            let version = self.ledger.policies[*n].newest();
            let text = self.sources.file(version.file).text();
            version.file != file && (text.contains("ection") || text.contains("ECTION")) && {
                let text = text.to_lowercase();
                words.iter().any(|word| text.contains(word.as_str()))
            }
        };
        let near: Vec<usize> = (0..self.ledger.policies.len()).into_par_iter().filter(names).collect();
        (near.len() <= NEAR).then_some(near)
    }

    /// What reading the texts of policies finds, as far as it may hang on others.
    pub(super) fn prose_of(&self, policies: &[usize]) -> Vec<(Option<Location>, String, String)> {
        let today = self.ledger.configuration.calendar.day(self.as_of);
        let read = |n: &usize| {
            let found = lint::check(&self.ledger, self.sources, self.ledger.policies[*n].newest(), today);
            let all = found.iter().map(|f| (f.sort_key().0, f.headline.clone(), f.help.clone()));
            all.collect::<Vec<_>>()
        };
        policies.par_iter().flat_map_iter(read).collect()
    }

    /// Whether another document than `file` may read otherwise, because its outline is `new` and no more `old`. `id` is the
    /// policy's, if it is one; `found` is what was found in all documents.
    pub(super) fn matters_elsewhere(
        &self,
        file: FileId,
        (old, new): (&Outline, &Outline),
        id: Option<&str>,
        found: &[Diagnostic],
    ) -> bool {
        let (old, new) = (Names::of(old), Names::of(new));
        if old == new {
            return false;
        }
        // One that was missed may be there now, or be another one's nearest.
        let missed = |f: &&Diagnostic| OF_NAMES.contains(&f.code.name) || f.code.name.starts_with("link/");
        if found.iter().filter(missed).any(|f| !super::resident::stands_in(f, file)) {
            return true;
        }
        let anchors: Vec<String> = old.anchors.difference(&new.anchors).map(|anchor| format!("#{anchor}")).collect();
        let words: Vec<&String> = old.words.difference(&new.words).collect();
        if anchors.is_empty() && words.is_empty() {
            return false;
        }
        // In links they may be written in ways that are not looked for.
        if anchors.iter().any(|anchor| !anchor.is_ascii()) {
            return true;
        }
        let numbers = words.iter().any(|words| lint::section_number(words).is_some());
        let refers = |text: &str| {
            anchors.iter().any(|anchor| text.contains(anchor.as_str()))
                || id.is_some_and(|id| text.contains("section:") && text.contains(id))
                || numbers && text.contains("ection")
        };
        let names = |text: &str| anchors.iter().any(|anchor| text.contains(&anchor[1..]));
        let others = self.sources.iter().filter(|(other, _)| *other != file).map(|(_, source)| source);
        others
            .filter(|source| is_prose(source))
            .any(|source| refers(source.text()) || !source.path().ends_with(".md") && names(source.text()))
    }
}

fn is_prose(source: &SourceFile) -> bool {
    ["policies/", "content/", "reports/"].iter().any(|folder| source.path().starts_with(folder))
}
