//! Pages of `content/` and lists of `content/data`.

use super::codes;
use super::front::PageFront;
use super::reader::Reader;
use super::table::{Document, read_document};
use crate::diag::{Diagnostic, Sink};
use crate::markdown;
use crate::model::{Alias, ContentPage, DataList, Field, Id, Prose, Spanned};
use crate::source::{FileId, Span};
use crate::yaml::{self, Value};

/// A page. `path` is relative to the site. It is nothing where its place cannot be an address.
pub fn decode_page(
    file: FileId,
    path: &str,
    text: &str,
    ignored_keys: &[String],
    sink: &mut Sink,
) -> Option<ContentPage> {
    let inner = path.strip_prefix("content/").unwrap_or(path).trim_end_matches(".md");
    let place = match inner.rsplit_once('/') {
        Some((folder, "index" | "_index")) => folder,
        None if matches!(inner, "index" | "_index") => "",
        _ => inner,
    };
    let fault = place.split('/').filter(|p| !p.is_empty()).find_map(Id::fault);
    if let Some(why) = fault {
        sink.push(
            Diagnostic::new(&codes::BAD_ID, file, Span::at(0), format!("`{place}` cannot be a page's address"))
                .label(why)
                .help("rename the file: letters A to Z, digits, `.`, `_` and `-`"),
        );
        return None;
    }
    let parts = markdown::split(text);
    if let Some(span) = parts.unclosed {
        sink.push(
            Diagnostic::new(&codes::UNCLOSED_FRONT, file, span, "front matter begins here and never ends")
                .help("end it with a line `---`"),
        );
    }
    let mut front = PageFront::blank(Span::at(0));
    if let Some(span) = parts.front {
        let documents = yaml::parse(span.of(text), span.start as usize, file, sink);
        if let Some(document) = documents.first() {
            let mut reader = Reader { file, sink, ignored_keys };
            read_document(&mut front, &document.root, &mut reader);
        }
    }
    let aliases = aliases(&front.aliases, &mut Reader { file, sink, ignored_keys });
    let outline = markdown::outline(text, parts.body, file, sink);
    let title = front.title.get().map(|t| t.as_str().to_owned()).or_else(|| outline.title().map(|h| h.text.clone()));
    Some(ContentPage {
        file,
        title: title.unwrap_or_else(|| place.rsplit('/').next().unwrap_or_default().replace('-', " ")),
        place: place.to_owned(),
        summary: front.summary.get().map(|s| s.as_str().to_owned()),
        nav: front.nav.get().copied(),
        aliases,
        body: parts.body,
        outline,
    })
}

/// Aliases are paths of the site whose parts are ids.
pub(super) fn aliases(field: &Field<Vec<Spanned<Prose>>>, reader: &mut Reader<'_>) -> Vec<Alias> {
    let mut list = Vec::new();
    for alias in field.items() {
        let written = alias.value.as_str();
        let path = written.strip_prefix('/').unwrap_or(written);
        let path = path.strip_suffix('/').unwrap_or(path);
        let fault = path
            .split('/')
            .find_map(|part| if part.is_empty() { Some("a part of it is empty") } else { Id::fault(part) });
        match fault {
            Some(why) => reader.report(
                Diagnostic::new(
                    &codes::ALIAS,
                    reader.file,
                    alias.span,
                    format!("`{}` is no path of the site", super::reader::shown(alias.value.as_str())),
                )
                .label(why)
                .help("write it as `/policies/change/`"),
            ),
            None => list.push(Alias { place: path.to_owned(), span: alias.span }),
        }
    }
    list
}

/// A list of flat maps.
pub fn decode_list(file: FileId, path: &str, text: &str, sink: &mut Sink) -> DataList {
    let stem = path.rsplit('/').next().unwrap_or(path);
    let name = stem.trim_end_matches(".yaml").trim_end_matches(".yml").to_owned();
    let mut list = DataList { file, name, columns: Vec::new(), rows: Vec::new() };
    for document in yaml::parse(text, 0, file, sink) {
        let mut reader = Reader { file, sink, ignored_keys: &[] };
        let Value::List(items) = &document.root.value else {
            reader.wrong(&document.root, "a list", "begin each entry with `- `");
            continue;
        };
        for item in items {
            let Value::Map(entries) = &item.value else {
                reader.wrong(item, "an entry", "write an entry as lines of `key: value`");
                continue;
            };
            let mut row = vec![None; list.columns.len()];
            for entry in entries {
                let column = list.columns.iter().position(|c| *c == entry.key.text).unwrap_or_else(|| {
                    list.columns.push(entry.key.text.to_string());
                    row.push(None);
                    list.columns.len() - 1
                });
                row[column] = match &entry.value.value {
                    Value::Scalar(s) => Some(s.text.to_string()),
                    Value::List(words) => Some(
                        words
                            .iter()
                            .filter_map(|w| if let Value::Scalar(s) = &w.value { Some(&*s.text) } else { None })
                            .collect::<Vec<_>>()
                            .join(", "),
                    ),
                    Value::Map(_) => {
                        reader.wrong(
                            &entry.value,
                            "text",
                            "an entry of a list holds text, dates and addresses, not maps",
                        );
                        None
                    }
                    Value::Null | Value::Broken => None,
                };
            }
            list.rows.push(row);
        }
    }
    for row in &mut list.rows {
        row.resize(list.columns.len(), None);
    }
    list
}
