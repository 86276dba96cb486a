//! Feeds of updates: Atom (RFC 4287) and JSON Feed 1.1. Ids and days are those of the updates; nothing comes from a clock.

use serde::Serialize;

use super::xml;
use crate::disclose::ListPage;
use crate::disclose::public::{PublicSite, PublicUpdate};
use crate::language::Language;

/// How many updates a feed holds.
const LATEST: usize = 100;

/// A day as an instant.
pub(super) fn instant(iso: &str) -> String {
    format!("{iso}T00:00:00Z")
}

/// A name of this site that stays, whatever else about it changes: a UUID (version 5) of its address and a key.
pub(super) fn uuid(site: &PublicSite, key: &str) -> String {
    let name = format!("{}#{key}", site.base_url);
    uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, name.as_bytes()).hyphenated().to_string()
}

fn page(site: &PublicSite, update: &PublicUpdate) -> String {
    format!("{}{}#{}", site.base_url, ListPage::Updates.place(), update.id)
}

/// Markup of an update with addresses that hold outside of its page.
fn content(site: &PublicSite, update: &PublicUpdate) -> String {
    let html = update.text.as_ref().map_or("", |text| text.0.as_str());
    let depth = ListPage::Updates.place().matches('/').count();
    html.replace(&format!("=\"{}", "../".repeat(depth)), &format!("=\"{}", site.base_url))
}

fn title(site: &PublicSite, language: &Language) -> String {
    language.say("updates.feed_title", &[("site", &site.name)])
}

/// `feed.xml`.
pub(super) fn atom(site: &PublicSite, language: &Language, updates: &[PublicUpdate]) -> String {
    let newest = updates.first().map_or("1970-01-01", |u| u.date.iso.as_str());
    let base = &site.base_url;
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
         <id>urn:uuid:{}</id>\n<title>{}</title>\n<updated>{}</updated>\n<author><name>{}</name></author>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n",
        xml(&site.language),
        uuid(site, "updates"),
        xml(&title(site, language)),
        instant(newest),
        xml(&site.organisation),
        xml(&format!("{base}feed.xml")),
        xml(&format!("{base}{}", ListPage::Updates.place())),
    );
    for update in updates.iter().take(LATEST) {
        out.push_str(&format!(
            "<entry>\n<id>urn:uuid:{}</id>\n<title>{}</title>\n<updated>{}</updated>\n\
             <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n<category term=\"{}\"/>\n",
            uuid(site, &update.id),
            xml(&update.title),
            instant(&update.date.iso),
            xml(&page(site, update)),
            xml(update.kind),
        ));
        if update.text.is_some() {
            out.push_str(&format!("<content type=\"html\">{}</content>\n", xml(&content(site, update))));
        }
        out.push_str("</entry>\n");
    }
    out.push_str("</feed>\n");
    out
}

#[derive(Serialize)]
struct Feed<'f> {
    version: &'static str,
    title: String,
    home_page_url: String,
    feed_url: String,
    language: &'f str,
    authors: [Author<'f>; 1],
    items: Vec<Item<'f>>,
}

#[derive(Serialize)]
struct Author<'f> {
    name: &'f str,
}

#[derive(Serialize)]
struct Item<'f> {
    id: String,
    url: String,
    title: &'f str,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<&'f str>,
    date_published: String,
    tags: [&'f str; 1],
}

fn item<'f>(site: &PublicSite, update: &'f PublicUpdate) -> Item<'f> {
    let PublicUpdate { id, date, kind, title, text, .. } = update;
    Item {
        id: format!("urn:uuid:{}", uuid(site, id)),
        url: page(site, update),
        title,
        content_html: text.as_ref().map(|_| content(site, update)),
        content_text: text.is_none().then_some(title),
        date_published: instant(&date.iso),
        tags: [kind],
    }
}

/// `feed.json`.
pub(super) fn json(site: &PublicSite, language: &Language, updates: &[PublicUpdate]) -> String {
    let base = &site.base_url;
    let feed = Feed {
        version: "https://jsonfeed.org/version/1.1",
        title: title(site, language),
        home_page_url: format!("{base}{}", ListPage::Updates.place()),
        feed_url: format!("{base}feed.json"),
        language: &site.language,
        authors: [Author { name: &site.organisation }],
        items: updates.iter().take(LATEST).map(|update| item(site, update)).collect(),
    };
    super::trust::pretty(&feed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclose::public::{PublicDate, PublicHtml};
    use crate::language::english;

    fn site() -> PublicSite {
        PublicSite {
            name: "A & B <Trust>".to_owned(),
            organisation: "A & B".to_owned(),
            language: "en".to_owned(),
            base_url: "https://a.example/trust/".to_owned(),
            ..PublicSite::default()
        }
    }

    fn update(id: &str, day: &str) -> PublicUpdate {
        PublicUpdate {
            id: id.to_owned(),
            date: PublicDate { text: day.to_owned(), iso: day.to_owned() },
            kind: "Notice",
            title: "1 < 2 & \"so\"".to_owned(),
            text: Some(PublicHtml("<p>See <a href=\"../policies/\">them</a> &amp; more</p>".to_owned())),
            ..PublicUpdate::default()
        }
    }

    #[test]
    fn both_feeds_say_the_same_of_the_same_updates() {
        let updates = [update("notice-b", "2026-02-01"), update("notice-a", "2026-01-01")];
        let (atom, json) = (atom(&site(), &english(), &updates), json(&site(), &english(), &updates));
        let mut reader = quick_xml::Reader::from_str(&atom);
        let mut open = 0;
        loop {
            match reader.read_event().expect("well-formed XML") {
                quick_xml::events::Event::Start(_) => open += 1,
                quick_xml::events::Event::End(_) => open -= 1,
                quick_xml::events::Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(open, 0);
        assert!(atom.contains("<updated>2026-02-01T00:00:00Z</updated>\n<author>"), "{atom}");
        let feed: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        for item in feed["items"].as_array().expect("items") {
            let id = item["id"].as_str().expect("an id");
            assert_eq!(atom.matches(&format!("<id>{id}</id>")).count(), 1, "{atom}");
            let html = item["content_html"].as_str().expect("content");
            assert!(html.contains("href=\"https://a.example/trust/policies/\""), "{html}");
        }
        assert_eq!(feed["items"][0]["url"], "https://a.example/trust/updates/#notice-b");
    }

    #[test]
    fn ids_depend_on_the_site_and_the_key_alone() {
        assert_eq!(uuid(&site(), "a"), uuid(&site(), "a"));
        assert_ne!(uuid(&site(), "a"), uuid(&site(), "b"));
        let renamed =
            PublicSite { name: "B".to_owned(), organisation: "C".to_owned(), language: "de".to_owned(), ..site() };
        assert_eq!(uuid(&site(), "a"), uuid(&renamed, "a"), "whatever else about the site changes");
        let elsewhere = PublicSite { base_url: "https://b.example/trust/".to_owned(), ..site() };
        assert_ne!(uuid(&site(), "a"), uuid(&elsewhere, "a"));
        assert_eq!(uuid(&site(), "a").as_bytes()[14], b'5');
    }
}
