//! What stands on every public page, the home page, and pages of `content/`.

use super::documents::{Documents, ListPage};
use super::links::Links;
use super::lists;
use super::policy::{headings, public_policies, title_anchor};
use super::public::{PublicCell, PublicHome, PublicHtml, PublicLink, PublicPage, PublicSite, PublicTable};
use super::updates::public_updates_list;
use super::words::{Labels, capital, date};
use crate::markdown::{self, RenderOptions};
use crate::model::{ContentPage, DataList, Ledger, parse_day};

/// Whether the site has a search page of ours: one of its own takes the place.
pub fn has_search(pages: &[ContentPage]) -> bool {
    pages.iter().all(|page| page.place != "search")
}

/// How many updates the home page shows.
const RECENT: usize = 5;

/// What stands on every public page.
pub fn public_site(documents: &Documents<'_>) -> PublicSite {
    let language = &documents.ledger.language;
    let c = &documents.ledger.configuration;
    let feeds = documents.has(ListPage::Updates);
    let link = |label: &str, href: &str| PublicLink { label: label.to_owned(), href: href.to_owned() };
    let mut machine = Vec::new();
    if feeds {
        machine.push(link("Atom feed", "feed.xml"));
        machine.push(link("JSON feed", "feed.json"));
    }
    machine.push(link("trust.json", "trust.json"));
    if documents.has(ListPage::Controls) {
        machine.push(link("OSCAL", "oscal/component-definition.json"));
    }
    if c.has_security_txt() {
        machine.push(link("security.txt", ".well-known/security.txt"));
    }
    machine.push(link(&language.word("base.sitemap"), "sitemap.xml"));
    PublicSite {
        name: c.name.clone(),
        organisation: c.organisation.clone(),
        language: language.tag().to_owned(),
        direction: language.direction(),
        base_url: c.base_url.clone(),
        base_path: c.base_path().to_owned(),
        demonstration: c.demonstration,
        nav: navigation(documents),
        search: has_search(documents.pages).then(|| "search/".to_owned()),
        contact: c.contact.clone(),
        security_contact: c.security_contact.clone(),
        machine,
        feeds,
    }
}

/// Policies, controls, pages of `content/` by their numbers, then pages of lists that have none.
fn navigation(documents: &Documents<'_>) -> Vec<PublicLink> {
    let mut entries: Vec<(u32, u32, PublicLink)> = Vec::new();
    let lists: Vec<ListPage> = ListPage::ALL.into_iter().filter(|list| documents.has(*list)).collect();
    for page in documents.pages.iter().filter(|p| !p.place.is_empty()) {
        let Some(nav) = page.nav else { continue };
        let list = lists.iter().find(|list| list.place().trim_end_matches('/') == page.place);
        let label = list.map_or(page.title.as_str(), |list| list.label());
        entries.push((nav, 0, PublicLink { label: label.to_owned(), href: format!("{}/", page.place) }));
    }
    for (number, list) in lists.into_iter().enumerate().filter(|(_, list)| documents.page_at(list.place()).is_none()) {
        let first = if list == ListPage::Controls { 0 } else { u32::MAX };
        let link = PublicLink { label: list.label().to_owned(), href: list.place().to_owned() };
        entries.push((first, number as u32, link));
    }
    entries.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| a.2.label.cmp(&b.2.label)));
    let mut nav =
        vec![PublicLink { label: documents.ledger.language.word("policies.title"), href: "policies/".to_owned() }];
    nav.extend(entries.into_iter().map(|(.., link)| link));
    nav
}

fn body(documents: &Documents<'_>, page: &ContentPage) -> PublicHtml {
    let (sources, ledger) = (documents.sources, documents.ledger);
    let place = if page.place.is_empty() { String::new() } else { format!("{}/", page.place) };
    let links = Links { sources, ledger, source: sources.file(page.file).path(), base: &place, place: &place };
    let link = |target: &str| links.resolve(target);
    let own_title = page.outline.title().is_some_and(|h| h.text == page.title);
    let labels = Labels::of(&ledger.language);
    let options = RenderOptions { drop_first_h1: own_title, below_h1: true, link: &link, ..labels.options() };
    PublicHtml(markdown::render(sources.file(page.file).text(), page.body, &page.outline, &options).html)
}

/// A page of `content/`, with the list of `content/data` that has its name, if there is one.
pub fn public_page(documents: &Documents<'_>, page: &ContentPage) -> PublicPage {
    PublicPage {
        href: format!("{}/", page.place),
        title: page.title.clone(),
        anchor: title_anchor(&page.outline, &page.title),
        summary: page.summary.clone(),
        body: body(documents, page),
        outline: headings(&page.outline),
        tables: lists_of(documents.ledger, page, documents.lists),
    }
}

/// The home page, from `content/index.md` where there is one.
pub fn public_home(documents: &Documents<'_>) -> PublicHome {
    let c = &documents.ledger.configuration;
    let page = documents.page_at("");
    PublicHome {
        title: page.map_or_else(|| c.name.clone(), |p| p.title.clone()),
        lede: page
            .and_then(|p| p.summary.clone())
            .unwrap_or_else(|| documents.ledger.language.say("home.lede", &[("organisation", &c.organisation)])),
        body: page.map(|p| body(documents, p)).unwrap_or_default(),
        policies: public_policies(documents.ledger, documents.as_of).policies,
        figures: None,
        tables: page.map(|p| lists_of(documents.ledger, p, documents.lists)).unwrap_or_default(),
        commitments: lists::public_commitments(documents),
        certifications: lists::certifications(documents),
        updates: public_updates_list(documents).into_iter().take(RECENT).collect(),
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
