//! Templates of one site in one language, ready to render. Nothing here knows which pages there are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::phrases::{Specialised, specialise};
use super::{Context, Kwargs, State, TemplateError, Tera, Value, at, bounds, escape, strict};
use crate::language::{Language, grouped};
use crate::source::line_column;

/// Which of the two sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Public,
    Internal,
}

impl Side {
    /// Whether it can use a template of this name: the other side's pages are none of its own.
    fn takes(self, name: &str) -> bool {
        !name.starts_with(match self {
            Self::Public => "internal/",
            Self::Internal => "public/",
        })
    }
}

/// The templates of one side, their phrases in place.
pub(super) struct Engine {
    tera: Tera,
    /// As they were written, and as the engine read them.
    texts: BTreeMap<String, (String, Specialised)>,
    pub(super) language: Arc<Language>,
}

impl Engine {
    /// Reads all templates of a side. Every broken one is reported; `used` gathers the phrases that are said.
    pub(super) fn new(
        side: Side,
        templates: &[(&str, &str)],
        own: &BTreeMap<String, String>,
        language: &Arc<Language>,
        assets: &BTreeMap<&str, &str>,
        used: &mut BTreeSet<String>,
    ) -> Result<Self, Vec<TemplateError>> {
        let mut errors = Vec::new();
        let mut texts = BTreeMap::new();
        for (name, text) in templates.iter().filter(|(name, _)| side.takes(name)) {
            match specialise(name, text, language, own.contains_key(*name), used) {
                Ok(made) => drop(texts.insert((*name).to_owned(), ((*text).to_owned(), made))),
                Err(found) => errors.extend(found),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut tera = tera_for(language);
        tera.global_context().insert("assets", assets);
        let read = tera.add_raw_templates(texts.iter().map(|(name, (_, made))| (name.as_str(), made.text.as_str())));
        let engine = Self { tera: Tera::new(), texts, language: Arc::clone(language) };
        match read {
            Ok(()) => Ok(Self { tera, ..engine }),
            Err(error) => Err(TemplateError::all(&error).into_iter().map(|e| engine.as_written(e)).collect()),
        }
    }

    /// Renders a template.
    pub(super) fn render(&self, template: &str, context: &Context) -> Result<String, TemplateError> {
        bounds::start_page();
        let mut page = bounds::Page::new();
        match self.tera.render_to(template, context, &mut page) {
            Ok(()) => page.into_text().ok_or_else(|| TemplateError::of(template, "the page is not text")),
            Err(_) if page.full() => Err(TemplateError::of(template, bounds::TOO_LARGE)),
            Err(error) => Err(self.as_written(TemplateError::new(template, &error))),
        }
    }

    /// A mistake in what the engine read, at the place where it was written.
    fn as_written(&self, error: TemplateError) -> TemplateError {
        let from = error.from.iter().map(|(template, line, column)| {
            let caller = TemplateError { line: *line, column: *column, ..TemplateError::of(template, "") };
            self.as_written(caller).spot()
        });
        let from = from.collect();
        match self.texts.get(&error.template) {
            Some((written, made)) => TemplateError { from, ..as_written(written, made, error) },
            None => TemplateError { from, ..error },
        }
    }
}

/// A mistake in a specialised template, at the place where it was written.
pub(super) fn as_written(written: &str, made: &Specialised, error: TemplateError) -> TemplateError {
    let start = offset(&made.text, error.line, error.column).filter(|_| error.line > 0);
    let Some(start) = start else { return error };
    let (there, copied) = made.origin.of(start);
    let (line, column) = line_column(written, there);
    let (line, column) = (line as usize, column as usize);
    // What was made in the place of a name is as wide as that name.
    let goes_on = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    let width = if copied { error.width } else { written[there..].chars().take_while(goes_on).count() };
    TemplateError { line, column, width, ..error }
}

/// The byte at a line and a column, both from 1, the column in characters.
pub(crate) fn offset(text: &str, line: usize, column: usize) -> Option<usize> {
    let start = if line <= 1 { 0 } else { text.match_indices('\n').nth(line - 2)?.0 + 1 };
    let rest = text[start..].split('\n').next().unwrap_or_default();
    Some(start + rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at))
}

/// An engine that escapes everywhere and knows, beyond the pure built-in filters, links, numbers and forms of numbers.
fn tera_for(language: &Arc<Language>) -> Tera {
    let mut engine = Tera::new();
    engine.autoescape_on([""]);
    engine.set_escape_fn(escape);
    engine.register_filter("at", |href: &str, arguments: Kwargs, _: &State| -> tera::TeraResult<String> {
        Ok(at(href, arguments.must_get::<&str>("root")?).into_owned())
    });
    engine.register_filter(strict::FILTER, |value: Value, arguments: Kwargs, _: &State| -> tera::TeraResult<Value> {
        if !value.is_undefined() {
            return Ok(value);
        }
        let within = arguments.get::<&Value>("within")?.and_then(Value::as_map);
        let known = within.into_iter().flat_map(|fields| fields.keys().map(ToString::to_string)).collect();
        Err(tera::Error::message(strict::missing(arguments.must_get::<&str>("of")?, known)))
    });
    let thousands = language.word("number.thousands");
    engine.register_filter("grouped", move |number: u64, _: Kwargs, _: &State| grouped(number, &thousands));
    let forms = Arc::clone(language);
    engine.register_filter("form", move |number: u64, _: Kwargs, _: &State| forms.form(number).word());
    engine.register_function("turn", |_: Kwargs, _: &State| -> tera::TeraResult<&'static str> {
        bounds::turn().map(|()| "").map_err(tera::Error::message)
    });
    engine.register_function("range", |arguments: Kwargs, _: &State| -> tera::TeraResult<Vec<i64>> {
        let start = arguments.get::<i64>("start")?.unwrap_or(0);
        let end = arguments.must_get::<i64>("end")?;
        bounds::spend(start, end).map_err(tera::Error::message)?;
        Ok((start..end).collect())
    });
    engine
}
