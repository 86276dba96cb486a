//! Links that lead to other hosts: where documents write them, and what is said of those that do not answer. Nothing is asked
//! here.

use crate::diag::{Code, Diagnostic, Sink};
use crate::markdown::Outline;
use crate::model::Policy;
use crate::pipeline::Site;
use crate::source::{FileId, Span};
use crate::yaml::{self, Node, Value};

pub(super) static DEAD: Code = Code::error(
    "link/external-dead",
    "A link leads to an address on another host where nothing is. Only `check --external` looks.",
);
pub(super) static UNREACHED: Code = Code::warning(
    "link/external-unreached",
    "A link leads to an address on another host, and `check --external` could not learn whether anything is there: no connection, no answer in time, or one that does not say.",
);

/// A link to another host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct External {
    /// The address, as it is written.
    pub address: String,
    /// The document that writes it.
    pub file: FileId,
    /// Where.
    pub span: Span,
}

impl External {
    /// What is asked for it: the address without the place on its page.
    pub fn asked(&self) -> &str {
        self.address.split('#').next().unwrap_or(&self.address)
    }

    /// Says that nothing is there.
    pub fn dead(&self, why: &str) -> Diagnostic {
        self.finding(&DEAD, format!("nothing is at `{}`", self.address), why).help("correct the link, or take it out")
    }

    /// Says that nobody knows whether anything is there.
    pub fn unreached(&self, why: &str) -> Diagnostic {
        self.finding(&UNREACHED, format!("whether anything is at `{}` is unknown", self.address), why)
            .help("open it yourself, or check again later")
    }

    fn finding(&self, code: &'static Code, headline: String, why: &str) -> Diagnostic {
        Diagnostic::new(code, self.file, self.span, headline).label(why)
    }
}

/// Every link to another host that policies, pages and lists of data write, in the order of their files. Those to the site
/// itself are left out: it is not published yet.
pub fn external_links(site: &Site<'_>) -> Vec<External> {
    let of_text = |file: FileId, outline: &Outline| -> Vec<External> {
        let links = outline.external.iter();
        links.map(|link| External { address: link.target.clone(), file, span: link.span }).collect()
    };
    let policies = site.ledger.policies.iter().map(Policy::newest);
    let mut found: Vec<External> = policies.flat_map(|version| of_text(version.file, &version.outline)).collect();
    found.extend(site.pages.iter().flat_map(|page| of_text(page.file, &page.outline)));
    for (file, source) in site.sources.iter().filter(|(_, source)| is_list(source.path())) {
        // What is wrong with it was said when it was read.
        for document in yaml::parse(source.text(), 0, file, &mut Sink::new()) {
            of_data(&document.root, source.text(), file, &mut found);
        }
    }
    let own = &site.ledger.configuration.base_url;
    found.retain(|link| !link.address.starts_with(own.as_str()));
    found.sort_by_key(|link| (link.file, link.span));
    found
}

fn is_list(path: &str) -> bool {
    path.starts_with("content/data/") && (path.ends_with(".yaml") || path.ends_with(".yml"))
}

fn of_data(node: &Node<'_>, text: &str, file: FileId, found: &mut Vec<External>) {
    match &node.value {
        Value::Scalar(scalar) => {
            let written = node.span.of(text);
            for address in addresses(&scalar.text) {
                // One that is folded over lines stands where its text does.
                let begin = written.find(address).map(|at| node.span.start as usize + at);
                let span = begin.map_or(node.span, |at| Span::new(at, at + address.len()));
                found.push(External { address: address.to_owned(), file, span });
            }
        }
        Value::List(items) => items.iter().for_each(|item| of_data(item, text, file, found)),
        Value::Map(entries) => entries.iter().for_each(|entry| of_data(&entry.value, text, file, found)),
        Value::Null | Value::Broken => {}
    }
}

/// The addresses in a text of a list, which may be markdown.
fn addresses(text: &str) -> impl Iterator<Item = &str> {
    let starts = text.match_indices("http").map(|(at, _)| &text[at..]);
    let begun = starts.filter(|rest| rest.starts_with("http://") || rest.starts_with("https://"));
    begun.map(|rest| {
        let end = rest.find(|c: char| c.is_whitespace() || "<>\"'`()[]{}|".contains(c)).unwrap_or(rest.len());
        rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?'])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_end_where_people_end_them() {
        let of = |text| addresses(text).collect::<Vec<_>>();
        assert_eq!(of("https://a.example/x"), ["https://a.example/x"]);
        let text = "See [it](https://a.example/x?y=1#z), or <http://b.example>; http is none. And https://c.example.";
        assert_eq!(of(text), ["https://a.example/x?y=1#z", "http://b.example", "https://c.example"]);
    }
}
