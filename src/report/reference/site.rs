//! The reference as pages of the internal site.

use std::collections::BTreeMap;

use super::{PAGES, Page, Piece, announced, comment, example, pieces, remedy};
use crate::diag::{Code, Diagnostic, Sink};
use crate::markdown::{self, RenderOptions};
use crate::model::{Ledger, LevelSetting};
use crate::report::pages::{
    CaseFinding, CaseLine, CodeFamily, CodeRow, CodesPage, Html, Link, ReferenceCase, ReferenceEntry, ReferenceIndex,
    ReferencePage, ReferencePart,
};
use crate::report::row::policy_href;
use crate::source::{FileId, Span};

/// Where all codes stand.
pub const CODES_HREF: &str = "reference/codes/index.html";

/// Where a code is explained: `reference/codes/index.html#deadline-late`.
pub fn code_href(code: &str) -> String {
    format!("{CODES_HREF}#{}", anchor(code))
}

fn anchor(code: &str) -> String {
    code.replace('/', "-")
}

fn code_link(code: &str) -> Link {
    Link { text: code.to_owned(), href: Some(code_href(code)) }
}

/// Where a page of the reference is.
pub fn page_href(page: &Page) -> String {
    let folder = if page.is_check() { "checks" } else { "counting" };
    format!("reference/{folder}/{}/index.html", page.name)
}

/// A page's heading without the check's key.
fn words(page: &Page) -> String {
    let title = page.title();
    if !page.is_check() {
        return title.to_owned();
    }
    title.split_once(": ").map_or(title, |(_, words)| words).replace('`', "")
}

/// Rules of this site that use a check, by policy.
fn rules(ledger: &Ledger, page: &Page) -> Vec<Link> {
    let mut list = Vec::new();
    for policy in ledger.policies.iter().filter(|_| page.is_check()) {
        let newest = policy.newest();
        list.extend(newest.rules.iter().filter(|r| r.check.key() == page.name).map(|r| Link {
            text: format!("{}/{}", policy.id, r.id),
            href: Some(format!("{}#rule-{}", policy_href(policy.id.as_str()), r.id)),
        }));
    }
    list
}

/// The first page.
pub fn reference_index(ledger: &Ledger, codes: &[&'static Code]) -> ReferenceIndex {
    let entry = |page: &'static Page| ReferenceEntry {
        name: page.name,
        title: words(page),
        href: page_href(page),
        summary: page.summary().replace('`', ""),
        rules: rules(ledger, page).len(),
    };
    let families: BTreeMap<&str, &Code> =
        codes.iter().rev().map(|c| (c.name.split('/').next().unwrap_or_default(), *c)).collect();
    ReferenceIndex {
        checks: PAGES.iter().filter(|p| p.is_check()).map(entry).collect(),
        counting: PAGES.iter().filter(|p| !p.is_check()).map(entry).collect(),
        families: families
            .keys()
            .map(|family| Link { text: (*family).to_owned(), href: Some(format!("{CODES_HREF}#family-{family}")) })
            .collect(),
        codes: codes.len(),
    }
}

/// A page of the reference.
pub fn reference_page(ledger: &Ledger, page: &'static Page) -> ReferencePage {
    let mut codes: Vec<&str> = Vec::new();
    let mut cases = Vec::new();
    for piece in pieces(page.text) {
        let Piece::Block { info, text } = piece else { continue };
        let lines: Vec<CaseLine> = text.lines().map(line).collect();
        let of_line = |l: &str| comment(l).and_then(|at| announced(&l[at..])).map(|(_, code, _)| code.to_owned());
        codes.extend(text.lines().filter_map(of_line).filter_map(|code| known(page.text, &code)));
        cases.push(ReferenceCase { label: label(info), lines });
    }
    codes.sort_unstable();
    codes.dedup();
    ReferencePage {
        key: page.is_check().then_some(page.name),
        title: words(page),
        parts: parts(page.text, cases),
        rules: rules(ledger, page),
        codes: codes.into_iter().map(code_link).collect(),
    }
}

/// A piece of the page's own text.
fn known<'t>(text: &'t str, code: &str) -> Option<&'t str> {
    text.find(code).map(|at| &text[at..at + code.len()])
}

fn label(info: &str) -> &'static str {
    match info {
        "yaml policy" => "The policy's rules",
        "markdown policy" => "The policy's text",
        "yaml people" => "People",
        "yaml site" => "The site's configuration",
        "yaml waiver" => "A waiver",
        "yaml record" => "A record",
        _ => "As written",
    }
}

/// A line with its comment apart, and in it the finding that it announces.
fn line(text: &str) -> CaseLine {
    let Some(at) = comment(text) else { return CaseLine { code: text.to_owned(), ..CaseLine::default() } };
    let (code, comment) = text.split_at(at);
    let Some((level, name, rest)) = announced(comment) else {
        return CaseLine { code: code.to_owned(), comment: comment.to_owned(), finding: None };
    };
    let mark = comment.find(level).unwrap_or(0);
    let finding = CaseFinding { level: level.to_owned(), code: code_link(name), rest: rest.to_owned() };
    CaseLine { code: code.to_owned(), comment: comment[..mark].to_owned(), finding: Some(finding) }
}

/// The page's prose, with its cases where its fenced blocks stand.
fn parts(text: &str, cases: Vec<ReferenceCase>) -> Vec<ReferencePart> {
    const OPEN: &str = "<pre tabindex=\"0\"><code>";
    const CLOSE: &str = "</code></pre>\n";
    let body = Span::new(0, text.len());
    let outline = markdown::outline(text, body, FileId(0), &mut Sink::new());
    let options = RenderOptions { drop_first_h1: true, ..RenderOptions::default() };
    let html = markdown::render(text, body, &outline, &options).html;
    let mut list = Vec::new();
    let mut rest = html.as_str();
    for case in cases {
        let (prose, from) = rest.split_once(OPEN).unwrap_or((rest, ""));
        rest = from.split_once(CLOSE).map_or("", |(_, after)| after);
        if !prose.trim().is_empty() {
            list.push(ReferencePart { html: Some(Html(prose.to_owned())), case: None });
        }
        list.push(ReferencePart { html: None, case: Some(case) });
    }
    if !rest.trim().is_empty() {
        list.push(ReferencePart { html: Some(Html(rest.to_owned())), case: None });
    }
    list
}

/// A sentence of our own with its code set as such, without a paragraph around it.
fn inline(text: &str) -> Html {
    let body = Span::new(0, text.len());
    let outline = markdown::outline(text, body, FileId(0), &mut Sink::new());
    let html = markdown::render(text, body, &outline, &RenderOptions::default()).html;
    Html(html.trim().trim_start_matches("<p>").trim_end_matches("</p>").to_owned())
}

/// The page of all codes; `findings` say how often each is found.
pub fn codes_page(ledger: &Ledger, codes: &[&'static Code], findings: &[&Diagnostic]) -> CodesPage {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.code.name).or_default() += 1;
    }
    let mut families: Vec<CodeFamily> = Vec::new();
    for code in codes {
        let family = code.name.split('/').next().unwrap_or_default();
        if families.last().is_none_or(|last| last.name != family) {
            let check = super::page(family).filter(|p| p.is_check()).map(page_href);
            families.push(CodeFamily { name: family.to_owned(), check, codes: Vec::new() });
        }
        let row = CodeRow {
            name: code.name,
            anchor: anchor(code.name),
            level: code.level.word(),
            here: ledger.configuration.levels.get(code.name).map(|setting| match setting {
                LevelSetting::Off => "off",
                LevelSetting::At(level) => level.word(),
            }),
            meaning: inline(code.meaning),
            remedy: inline(&remedy(code.name)),
            found: counts.get(code.name).copied().unwrap_or_default(),
            example: example(code.name).map(|e| Link { text: e.page.name.to_owned(), href: Some(page_href(e.page)) }),
        };
        if let Some(last) = families.last_mut() {
            last.codes.push(row);
        }
    }
    CodesPage { families }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every case of every page stands where its block stood, and no line of it is lost.
    #[test]
    fn pages_show_every_case_in_its_place() {
        for page in PAGES {
            let blocks: Vec<&str> = pieces(page.text)
                .into_iter()
                .filter_map(|p| if let Piece::Block { text, .. } = p { Some(text) } else { None })
                .collect();
            let cases = blocks
                .iter()
                .map(|text| ReferenceCase { label: "", lines: text.lines().map(line).collect() })
                .collect();
            let parts = parts(page.text, cases);
            let shown: Vec<&ReferenceCase> = parts.iter().filter_map(|p| p.case.as_ref()).collect();
            assert_eq!(shown.len(), blocks.len(), "{}", page.name);
            for (case, block) in shown.iter().zip(&blocks) {
                let text: String = case
                    .lines
                    .iter()
                    .map(|l| {
                        let finding = l.finding.as_ref();
                        let rest =
                            finding.map(|f| format!("{}[{}] {}", f.level, f.code.text, f.rest).trim_end().to_owned());
                        format!("{}{}{}\n", l.code, l.comment, rest.unwrap_or_default())
                    })
                    .collect();
                assert_eq!(text.replace("]:", "] :"), block.replace("]:", "] :"), "{}", page.name);
            }
            let last = parts.iter().filter_map(|p| p.html.as_ref()).next_back().map(|h| h.0.as_str());
            assert!(!last.unwrap_or_default().contains("<pre"), "{}", page.name);
        }
    }
}
