//! What can be found on pages that are made of lists. Their anchors are those of the templates.
//!
//! An update is found under its year: there are too many for each to be a heading of the search page.

use super::{Entry, Searched, of_control, of_text};
use crate::disclose::public::{
    PublicCertifications, PublicContacts, PublicControls, PublicFaq, PublicSubprocessor, PublicSubprocessors,
    PublicUpdates,
};

impl Searched {
    /// Controls, each with the sentences that implement it.
    pub fn controls(list: &PublicControls) -> Self {
        let mut found = Self::page(&list.page);
        for framework in &list.frameworks {
            found.section(&framework.anchor, &framework.name, &[]);
            for control in &framework.controls {
                let by = control.by.iter().flat_map(|by| {
                    let clauses = by.clauses.iter().map(|clause| clause.text.as_str());
                    clauses.chain([by.policy.label.as_str()])
                });
                let title = [Some(control.control.as_str()), control.title.as_deref()];
                let title = title.into_iter().flatten().collect::<Vec<_>>().join(" ");
                found.section(&control.anchor, &title, &by.collect::<Vec<_>>());
                if let Some(entry) = found.entries.last_mut() {
                    entry.words.extend(of_control(&framework.name, &control.control));
                    entry.words.extend(of_text(&framework.id, true));
                }
            }
        }
        found
    }

    /// Companies that process data.
    pub fn subprocessors(list: &PublicSubprocessors) -> Self {
        let mut found = Self::page(&list.page);
        let companies = list.current.iter().chain(&list.coming).flat_map(about).collect::<Vec<_>>();
        found.about(&companies);
        let notice = list.notice.iter().flat_map(|n| [&n.in_advance, &n.how, &n.objection]).flatten();
        found.about(&notice.map(String::as_str).collect::<Vec<_>>());
        found
    }

    /// What others have confirmed.
    pub fn certifications(list: &PublicCertifications) -> Self {
        let mut found = Self::page(&list.page);
        for c in &list.certifications {
            let more = [&c.scope, &c.state, &c.body, &c.report].into_iter().flatten().map(String::as_str);
            found.about(&more.chain([c.name.as_str()]).collect::<Vec<_>>());
        }
        found
    }

    /// Questions with their answers.
    pub fn faq(list: &PublicFaq) -> Self {
        let mut found = Self::page(&list.page);
        for section in &list.sections {
            if let Some(heading) = &section.heading {
                found.section(&heading.href, &heading.label, &[]);
            }
            for question in &section.questions {
                found.section(&question.id, &question.question, &[&plain(&question.answer.0)]);
            }
        }
        found
    }

    /// What happened, year by year.
    pub fn updates(list: &PublicUpdates) -> Self {
        let mut found = Self::page(&list.page);
        for year in &list.years {
            let mut words = Vec::new();
            for update in &year.updates {
                words.push(update.title.clone());
                words.extend(update.text.as_ref().map(|text| plain(&text.0)));
            }
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            found.section(&format!("y{}", year.year), &year.year, &words);
        }
        found
    }

    /// Whom to write to, and how to report a vulnerability.
    pub fn contacts(list: &PublicContacts) -> Self {
        let mut found = Self::page(&list.page);
        for c in &list.contacts {
            let more = [&c.address, &c.text].into_iter().flatten().map(String::as_str);
            found.about(&more.chain([c.topic.as_str()]).collect::<Vec<_>>());
        }
        if let Some(d) = &list.disclosure {
            let text = d.text.as_ref().map(|text| plain(&text.0)).unwrap_or_default();
            let lists = [&d.include, &d.expect, &d.ask, &d.in_scope, &d.out_of_scope];
            let more = lists.into_iter().flatten().map(String::as_str);
            found.about(&more.chain([text.as_str()]).collect::<Vec<_>>());
        }
        found
    }

    /// Words of the page itself.
    fn about(&mut self, texts: &[&str]) {
        self.entries[0].words.extend(of_text(&texts.join(" "), false));
    }

    /// A place on the page with a heading.
    fn section(&mut self, anchor: &str, title: &str, texts: &[&str]) {
        let mut words = of_text(title, true);
        words.extend(of_text(&texts.join(" "), false));
        self.entries.push(Entry { kind: 'h', anchor: anchor.to_owned(), title: title.to_owned(), words });
    }
}

fn about(company: &PublicSubprocessor) -> Vec<&str> {
    let more = [&company.purpose, &company.data, &company.services, &company.location, &company.transfer];
    more.into_iter().flatten().map(String::as_str).chain([company.name.as_str()]).collect()
}

/// The words of markup of ours, whatever its sections.
fn plain(html: &str) -> String {
    super::sections(html).iter().map(|s| format!("{} {}", s.title, s.text)).collect::<Vec<_>>().join(" ")
}
