//! What stands on every public page, the home page, and pages of `content/`.

use jiff::Timestamp;

use super::links::Links;
use super::policy::{headings, public_policies, title_anchor};
use super::public::{PublicCell, PublicHome, PublicHtml, PublicLink, PublicPage, PublicSite, PublicTable};
use super::words::{Labels, capital, date};
use crate::markdown::{self, RenderOptions};
use crate::model::{ContentPage, DataList, Ledger, parse_day};
use crate::source::SourceSet;

/// Whether the site has a search page of ours: one of its own takes the place.
pub fn has_search(pages: &[ContentPage]) -> bool {
    pages.iter().all(|page| page.place != "search")
}

/// What stands on every public page.
pub fn public_site(ledger: &Ledger, pages: &[ContentPage]) -> PublicSite {
    let c = &ledger.configuration;
    let mut entries: Vec<(u32, PublicLink)> = pages
        .iter()
        .filter(|p| !p.place.is_empty())
        .filter_map(|p| Some((p.nav?, PublicLink { label: p.title.clone(), href: format!("{}/", p.place) })))
        .collect();
    entries.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.label.cmp(&b.1.label)));
    let mut nav = vec![PublicLink { label: ledger.language.word("policies.title"), href: "policies/".to_owned() }];
    nav.extend(entries.into_iter().map(|(_, link)| link));
    PublicSite {
        name: c.name.clone(),
        organisation: c.organisation.clone(),
        language: ledger.language.tag().to_owned(),
        direction: ledger.language.direction(),
        base_path: c.base_path().to_owned(),
        demonstration: c.demonstration,
        nav,
        search: has_search(pages).then(|| "search/".to_owned()),
        contact: c.contact.clone(),
        security_contact: c.security_contact.clone(),
        machine: vec![PublicLink { label: ledger.language.word("base.sitemap"), href: "sitemap.xml".to_owned() }],
    }
}

fn body(sources: &SourceSet, ledger: &Ledger, page: &ContentPage) -> PublicHtml {
    let place = if page.place.is_empty() { String::new() } else { format!("{}/", page.place) };
    let links = Links { sources, ledger, source: sources.file(page.file).path(), base: &place, place: &place };
    let link = |target: &str| links.resolve(target);
    let own_title = page.outline.title().is_some_and(|h| h.text == page.title);
    let labels = Labels::of(&ledger.language);
    let options = RenderOptions { drop_first_h1: own_title, below_h1: true, link: &link, ..labels.options() };
    PublicHtml(markdown::render(sources.file(page.file).text(), page.body, &page.outline, &options).html)
}

/// A page of `content/`, with the list of `content/data` that has its name, if there is one.
pub fn public_page(sources: &SourceSet, ledger: &Ledger, page: &ContentPage, lists: &[DataList]) -> PublicPage {
    PublicPage {
        href: format!("{}/", page.place),
        title: page.title.clone(),
        anchor: title_anchor(&page.outline, &page.title),
        summary: page.summary.clone(),
        body: body(sources, ledger, page),
        outline: headings(&page.outline),
        tables: lists_of(ledger, page, lists),
    }
}

/// The home page, from `content/index.md` where there is one.
pub fn public_home(
    sources: &SourceSet,
    ledger: &Ledger,
    page: Option<&ContentPage>,
    lists: &[DataList],
    as_of: Timestamp,
) -> PublicHome {
    let c = &ledger.configuration;
    PublicHome {
        title: page.map_or_else(|| c.name.clone(), |p| p.title.clone()),
        lede: page
            .and_then(|p| p.summary.clone())
            .unwrap_or_else(|| ledger.language.say("home.lede", &[("organisation", &c.organisation)])),
        body: page.map(|p| body(sources, ledger, p)).unwrap_or_default(),
        policies: public_policies(ledger, as_of).policies,
        figures: None,
        tables: page.map(|p| lists_of(ledger, p, lists)).unwrap_or_default(),
    }
}

/// The lists a page shows: the one named as the page is.
fn lists_of(ledger: &Ledger, page: &ContentPage, lists: &[DataList]) -> Vec<PublicTable> {
    let name = page.place.rsplit('/').next().unwrap_or_default();
    lists.iter().filter(|l| l.name == name && !l.rows.is_empty()).map(|l| table_of(ledger, l)).collect()
}

/// A list of `content/data` as a table.
pub fn table_of(ledger: &Ledger, list: &DataList) -> PublicTable {
    PublicTable {
        id: format!("list-{}", list.name),
        title: capital(&list.name.replace(['-', '_'], " ")),
        note: None,
        columns: list.columns.iter().map(|c| capital(&c.replace(['-', '_'], " "))).collect(),
        rows: list
            .rows
            .iter()
            .map(|row| row.iter().map(|cell| public_cell(ledger, cell.as_deref().unwrap_or_default())).collect())
            .collect(),
    }
}

fn public_cell(ledger: &Ledger, text: &str) -> PublicCell {
    if let Ok(day) = parse_day(text) {
        let day = date(ledger, day);
        return PublicCell { text: day.text, iso: Some(day.iso), href: None };
    }
    let link = text.starts_with("https://") && !text.contains(char::is_whitespace);
    PublicCell { text: text.to_owned(), iso: None, href: link.then(|| text.to_owned()) }
}
