//! What stands between records and readers is a type: public pages are made from `disclose::public` and nothing else.

use std::fs;
use std::path::{Path, PathBuf};

fn source(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// A source without comments and tests.
fn code(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(|l| l.split("//").next().unwrap_or_default()).collect();
    lines.join("\n").split("#[cfg(test)]").next().unwrap_or_default().to_owned()
}

/// Paths a source names that begin in this crate.
fn names(text: &str) -> Vec<String> {
    let code = code(text);
    code.match_indices("crate::")
        .map(|(at, _)| code[at + 7..].chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':')).collect())
        .collect()
}

/// What a source of the public site names and may not.
fn forbidden(text: &str, allowed: &[&str]) -> Vec<String> {
    names(text).into_iter().filter(|n| !allowed.iter().any(|a| n.starts_with(a))).collect()
}

/// Parameters of functions that make public pages, as they are written.
fn parameters(text: &str) -> Vec<(String, String)> {
    let mut list = Vec::new();
    for part in text.split("pub fn render_").skip(1) {
        let name = part.split('(').next().unwrap_or_default().to_owned();
        let inside = part.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(inside, _)| inside);
        for parameter in inside.split(',').filter_map(|p| p.split_once(':')) {
            list.push((name.clone(), parameter.1.trim().trim_start_matches('&').to_owned()));
        }
    }
    list
}

#[test]
fn public_pages_are_rendered_from_public_types_alone() {
    let text = source("src/render/public.rs");
    assert_eq!(forbidden(&text, &["disclose::public::"]), Vec::<String>::new());
    let parameters = parameters(&text);
    assert!(parameters.len() >= 10, "{parameters:?}");
    for (function, kind) in parameters {
        assert!(kind.starts_with("Public"), "render_{function} takes {kind}");
    }
    // Figures are counted from rows and keep nothing of them.
    let figures = code(&source("src/disclose/figures.rs"));
    for word in ["row.id", "row.title", ".page", "person", "waiver"] {
        assert!(!figures.contains(word), "src/disclose/figures.rs names {word}");
    }
    assert_eq!(
        forbidden(&source("src/disclose/public.rs"), &[]),
        Vec::<String>::new(),
        "public types name nothing internal"
    );
}

#[test]
fn public_texts_of_the_site_know_no_record_and_no_person() {
    // The plan of pages may know public documents and the words of the interface; it never sees what was judged.
    let site = code(&source("src/site/mod.rs"));
    assert_eq!(forbidden(&site, &["disclose::", "model::", "language::Language"]), Vec::<String>::new());
    for word in ["ChangeRecord", "Waiver", "Person", "waivers", "people", "records", "rows"] {
        assert!(!site.contains(word), "src/site/mod.rs names {word}");
    }
    for file in ["policy", "site", "links"] {
        let text = code(&source(&format!("src/disclose/{file}.rs")));
        for word in ["ChangeRecord", "Waiver", "waivers", "PersonEntry", "people", "report::pages", "incident"] {
            let found = text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').any(|w| w.contains(word));
            assert!(!found, "src/disclose/{file}.rs names {word}");
        }
    }
}

#[test]
fn public_templates_take_nothing_from_internal_ones() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/ledger/templates/public");
    let files: Vec<PathBuf> = fs::read_dir(folder).expect("templates").map(|e| e.expect("one").path()).collect();
    assert!(files.len() > 4);
    for file in files {
        let text = fs::read_to_string(&file).expect("a template");
        assert!(!text.contains("internal/"), "{}", file.display());
    }
}

/// The checks above are not vain.
#[test]
fn a_source_that_names_something_internal_is_seen() {
    assert_eq!(
        forbidden("use crate::model::Ledger;\nuse crate::disclose::public::X;", &["disclose::public::"]),
        ["model::Ledger"]
    );
    assert_eq!(
        parameters("pub fn render_home(&self, site: &PublicSite, row: &Row) -> X"),
        [("home".to_owned(), "PublicSite".to_owned()), ("home".to_owned(), "Row".to_owned())]
    );
}
