//! Which findings are shown and count: those about the paths that were named, and those that a change can have to do
//! with. Everything is judged all the same.

use std::collections::BTreeSet;

use super::stream::place_path;
use crate::diag::Diagnostic;
use crate::source::SourceSet;

/// What is shown. Everything, unless it is limited.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Files and folders that were named; all where empty. An empty path is the site.
    pub paths: Vec<String>,
    /// Files that changed, where only those are of interest.
    pub changed: Option<BTreeSet<String>>,
}

impl Scope {
    /// Whether a finding is shown: its place is below a path that was named, and its place or another that it points at,
    /// such as the clause it breaks, is in a file that changed.
    pub fn holds(&self, sources: &SourceSet, finding: &Diagnostic) -> bool {
        let path = place_path(sources, finding);
        let changed = |changed: &BTreeSet<String>| {
            changed.contains(path) || finding.others.iter().any(|o| changed.contains(sources.file(o.at.file).path()))
        };
        self.names(path) && self.changed.as_ref().is_none_or(changed)
    }

    /// Whether a file is of interest as a whole.
    pub fn holds_path(&self, path: &str) -> bool {
        self.names(path) && self.changed.as_ref().is_none_or(|changed| changed.contains(path))
    }

    fn names(&self, path: &str) -> bool {
        let below = |named: &String| {
            named.is_empty()
                || path.strip_prefix(named.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.paths.is_empty() || self.paths.iter().any(below)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Code;
    use crate::source::{Location, SourceFile, Span};

    static LATE: Code = Code::error("deadline/late", "");

    fn scope(paths: &[&str], changed: Option<&[&str]>) -> Scope {
        Scope {
            paths: paths.iter().map(|p| (*p).to_owned()).collect(),
            changed: changed.map(|c| c.iter().map(|p| (*p).to_owned()).collect()),
        }
    }

    #[test]
    fn a_finding_is_shown_for_its_place_and_for_the_clause_it_breaks() {
        let sources = SourceSet::new(vec![
            SourceFile::from_text("changes/a.yaml", "id: A\n"),
            SourceFile::from_text("policies/p.md", "# P\n"),
        ]);
        let of = |path| sources.by_path(path).expect("it is there").0;
        let clause = Location { file: of("policies/p.md"), span: Span::new(0, 3) };
        let finding = Diagnostic::new(&LATE, of("changes/a.yaml"), Span::new(0, 2), "late").other(clause, "asks");
        let shown = |paths: &[&str], changed: Option<&[&str]>| scope(paths, changed).holds(&sources, &finding);
        assert!(
            shown(&[], None) && shown(&[""], None) && shown(&["changes"], None) && shown(&["changes/a.yaml"], None)
        );
        assert!(!shown(&["changes/a"], None) && !shown(&["policies"], None));
        assert!(shown(&[], Some(&["changes/a.yaml"])) && shown(&[], Some(&["policies/p.md"])));
        assert!(!shown(&[], Some(&[])) && !shown(&["policies"], Some(&["policies/p.md"])));
        assert!(!scope(&[], Some(&["policies/p.md"])).holds_path("changes/a.yaml"));
    }
}
