//! The documents public pages are made from, and which pages lists of `content/data` have.
//!
//! A list has a page of its own where there is something to show. A page of `content/` in the same place lends it title,
//! summary, text and place in the navigation; without one it brings its own.

use jiff::Timestamp;
use jiff::civil::Date;

use super::links::Links;
use super::public::{PublicHtml, PublicPage};
use super::site::public_page;
use super::{controls, updates};
use crate::diag::Sink;
use crate::markdown::{self, RenderOptions};
use crate::model::{ContentPage, DataList, Ledger, Trust, TrustKind};
use crate::pipeline::Site;
use crate::source::{SourceSet, Span};

/// Everything that public pages are made from.
#[derive(Clone, Copy)]
pub struct Documents<'l> {
    /// The texts.
    pub sources: &'l SourceSet,
    /// Configuration and policies.
    pub ledger: &'l Ledger,
    /// Pages of `content/`.
    pub pages: &'l [ContentPage],
    /// The site's own lists.
    pub lists: &'l [DataList],
    /// The lists that tickmark knows.
    pub trust: &'l Trust,
    /// Until when things are judged, so that the page is the same whenever it is made.
    pub as_of: Timestamp,
}

/// A page that is made of lists or of all policies together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListPage {
    /// Frameworks and what implements them.
    Controls,
    /// Who else processes customers' data.
    Subprocessors,
    /// Certificates and reports.
    Certifications,
    /// Questions and answers.
    Faq,
    /// What happened.
    Updates,
    /// Whom to write to.
    Contact,
}

impl ListPage {
    /// All of them, in the order of the navigation.
    pub const ALL: [Self; 6] =
        [Self::Controls, Self::Subprocessors, Self::Certifications, Self::Faq, Self::Updates, Self::Contact];

    /// Its place, relative to the site's root.
    pub fn place(self) -> &'static str {
        match self {
            Self::Controls => "controls/",
            Self::Subprocessors => "subprocessors/",
            Self::Certifications => "certifications/",
            Self::Faq => "faq/",
            Self::Updates => "updates/",
            Self::Contact => "contact/",
        }
    }

    /// What the navigation calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Controls => "Controls",
            Self::Subprocessors => "Sub-processors",
            Self::Certifications => "Certifications",
            Self::Faq => "Questions",
            Self::Updates => "Updates",
            Self::Contact => "Contact",
        }
    }

    /// Its title where no page of `content/` gives one.
    fn title(self) -> &'static str {
        match self {
            Self::Faq => "Questions and answers",
            Self::Contact => "Contact and disclosure",
            other => other.label(),
        }
    }

    fn summary(self) -> &'static str {
        match self {
            Self::Controls => {
                "Which sentence of which policy implements which control, and where a rule checks it on every record."
            }
            Self::Subprocessors => "The companies that process customers' data on our behalf, what for, and where.",
            Self::Certifications => "What others have confirmed, what it covers, and until when it holds.",
            Self::Faq => "Short answers to what customers ask.",
            Self::Updates => "New versions of our policies, changes to our lists, and notices to customers.",
            Self::Contact => "How to reach us, and how to report a vulnerability.",
        }
    }

    /// The lists it is made of.
    pub fn lists(self) -> &'static [TrustKind] {
        match self {
            Self::Controls => &[TrustKind::Controls],
            Self::Subprocessors => &[TrustKind::Subprocessors, TrustKind::Notice],
            Self::Certifications => &[TrustKind::Certifications],
            Self::Faq => &[TrustKind::Faq],
            Self::Updates => &[TrustKind::Updates, TrustKind::Subprocessors, TrustKind::Certifications],
            Self::Contact => &[TrustKind::Contact, TrustKind::Disclosure],
        }
    }
}

impl<'l> Documents<'l> {
    /// Those of a site.
    pub fn of(site: &'l Site<'_>) -> Self {
        Self {
            sources: site.sources,
            ledger: &site.ledger,
            pages: &site.pages,
            lists: &site.lists,
            trust: &site.trust,
            as_of: site.as_of,
        }
    }

    /// The day until which things are judged.
    pub fn today(&self) -> Date {
        self.ledger.configuration.calendar.day(self.as_of)
    }

    /// Whether a page has anything to show.
    pub fn has(&self, page: ListPage) -> bool {
        match page {
            ListPage::Controls => controls::any(self),
            ListPage::Subprocessors => !self.trust.subprocessors.is_empty() || self.trust.notice.is_some(),
            ListPage::Certifications => !self.trust.certifications.is_empty(),
            ListPage::Faq => !self.trust.questions.is_empty(),
            ListPage::Updates => updates::any(self),
            ListPage::Contact => !self.trust.contacts.is_empty() || self.trust.disclosure.is_some(),
        }
    }

    /// The page of `content/` in a place.
    pub fn page_at(&self, place: &str) -> Option<&'l ContentPage> {
        self.pages.iter().find(|p| p.place == place.trim_end_matches('/'))
    }

    /// Whether a page of `content/` is shown as part of a page that is made of lists.
    pub fn is_frame(&self, page: &ContentPage) -> bool {
        ListPage::ALL.into_iter().any(|list| list.place().trim_end_matches('/') == page.place && self.has(list))
    }

    /// What stands around a page's lists.
    pub(super) fn frame(&self, page: ListPage) -> PublicPage {
        self.page_at(page.place()).map_or_else(
            || PublicPage {
                href: page.place().to_owned(),
                title: page.title().to_owned(),
                summary: Some(page.summary().to_owned()),
                ..PublicPage::default()
            },
            |own| public_page(self, own),
        )
    }

    /// Markdown of an entry of a list, for a page. Nothing in it can be linked to, so that two entries never clash.
    pub(super) fn markup(&self, kind: TrustKind, place: &str, text: &str) -> PublicHtml {
        let Some(file) = self.trust.file(kind) else { return PublicHtml::default() };
        let source = self.sources.file(file).path();
        let links = Links { sources: self.sources, ledger: self.ledger, source, base: place, place };
        let link = |target: &str| links.resolve(target);
        let whole = Span::new(0, text.len());
        let outline = markdown::outline(text, whole, file, &mut Sink::new());
        let options = RenderOptions { below_h1: true, permalink: None, link: &link, ..RenderOptions::default() };
        PublicHtml(without_ids(&markdown::render(text, whole, &outline, &options).html))
    }
}

/// Markup of ours without the ids of its elements.
fn without_ids(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let end = rest[start..].find('>').map_or(rest.len(), |n| start + n + 1);
        let tag = &rest[start..end];
        out.push_str(&rest[..start]);
        match tag.find(" id=\"") {
            Some(at) => {
                let value = at + 5;
                let after = tag[value..].find('"').map_or(tag.len(), |n| value + n + 1);
                out.push_str(&tag[..at]);
                out.push_str(&tag[after..]);
            }
            None => out.push_str(tag),
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::without_ids;

    #[test]
    fn ids_of_elements_go_and_words_stay() {
        let html = "<h2 id=\"a\" class=\"x\">An id=\"b\" here</h2>\n<p>and <code>id=\"c\"</code></p>";
        assert_eq!(without_ids(html), "<h2 class=\"x\">An id=\"b\" here</h2>\n<p>and <code>id=\"c\"</code></p>");
        assert_eq!(without_ids("plain"), "plain");
    }
}
