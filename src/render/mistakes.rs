//! Mistakes in templates of a site's own that show themselves only when a page is made, gathered while pages are made.
//!
//! A page that fails is made once more with the built-in templates, so that the job goes on; and again by the site's own
//! without what failed, so that all mistakes of a template are found, and not only the first. What the built-in templates
//! cannot make either is a mistake of this program, and handed back. Decides nothing about what is published.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::error::Spot;
use super::phrases::first_word;
use super::{TemplateError, Theme, bounds, builtin, offset, unused};
use crate::diag::suggest;
use crate::source::line_column;

/// How many mistakes are looked for on one page.
const MOST: usize = 20;
/// How many components or blocks that a template lacks are named.
const NAMED: usize = 4;

/// A mistake in a template of the site's own, and what it stops.
#[derive(Debug, Clone)]
pub struct Mistake {
    /// What is wrong, and where.
    pub error: TemplateError,
    /// How many pages cannot be made.
    pub pages: usize,
    /// The first of them, by path.
    pub first: String,
}

/// What was found so far, and the themes that pages are made with instead.
#[derive(Default)]
pub(super) struct Mistakes {
    found: Mutex<BTreeMap<Spot, Mistake>>,
    built_in: OnceLock<Option<Box<Theme>>>,
    without: Mutex<BTreeMap<Vec<Spot>, Option<Arc<Theme>>>>,
}

impl Theme {
    /// Makes the page at a path. Where a template of the site's own fails, the mistake is kept and the page is made with the
    /// built-in templates; `make` is called again for that.
    pub fn page(
        &self,
        path: &str,
        make: impl Fn(&Self) -> Result<String, TemplateError>,
    ) -> Result<String, TemplateError> {
        let mut error = match make(self) {
            Ok(html) => return Ok(html),
            Err(error) if self.own.is_empty() => return Err(error),
            Err(error) => error,
        };
        let built_in = self
            .mistakes
            .built_in
            .get_or_init(|| Self::of(BTreeMap::new(), self.assets.clone(), &self.languages).ok().map(Box::new));
        let Some(built_in) = built_in else { return Err(error) };
        let html = make(built_in)?;
        let mut left_out: Vec<Spot> = Vec::new();
        while left_out.len() < MOST {
            error = self.of_own(error);
            let spot = error.spot();
            if left_out.contains(&spot) {
                break;
            }
            let is_limit = bounds::is_limit(&error.message);
            self.keep(path, error);
            left_out.push(spot);
            if is_limit {
                break;
            }
            let Some(theme) = self.without(&left_out) else { break };
            match make(&theme) {
                Ok(_) => break,
                Err(next) => error = next,
            }
        }
        Ok(html)
    }

    /// What was found in templates of the site's own while pages were made, by place.
    pub fn mistakes(&self) -> Vec<Mistake> {
        locked(&self.mistakes.found).values().cloned().collect()
    }

    /// Whether templates of the site's own take part.
    pub fn has_own_templates(&self) -> bool {
        !self.own.is_empty()
    }

    fn keep(&self, path: &str, error: TemplateError) {
        let mut found = locked(&self.mistakes.found);
        let known = found.entry(error.spot()).or_insert_with(|| Mistake {
            error: error.clone(),
            pages: 0,
            first: path.to_owned(),
        });
        known.pages += 1;
        if path < known.first.as_str() {
            (known.first, known.error) = (path.to_owned(), error);
        }
    }

    /// A mistake at its place in a template of the site's own: where that called what failed, if it failed elsewhere.
    fn of_own(&self, error: TemplateError) -> TemplateError {
        if error.message == bounds::ENDLESS
            && let Some((template, line, column)) = self.endless()
        {
            return TemplateError { template, line, column, ..error };
        }
        if self.own.contains_key(&error.template) {
            return error;
        }
        let message = format!("{} (in the built-in `{}`)", error.message, error.template);
        let caller = error.from.iter().find(|(template, ..)| self.own.contains_key(template)).cloned();
        let (template, line, column) = caller.unwrap_or_else(|| (self.shared(), 0, 1));
        TemplateError { template, line, column, width: 0, message, ..error }
    }

    /// The template of the site's own that most others use.
    fn shared(&self) -> String {
        let named = ["parts.html", "public/base.html", "internal/base.html"].into_iter();
        let named = named.chain(self.own.keys().map(String::as_str)).find(|name| self.own.contains_key(*name));
        named.unwrap_or_default().to_owned()
    }

    /// The theme without what failed at these places; nothing where that cannot be left out.
    fn without(&self, spots: &[Spot]) -> Option<Arc<Self>> {
        let mut key = spots.to_vec();
        key.sort_unstable();
        if let Some(made) = locked(&self.mistakes.without).get(&key) {
            return made.clone();
        }
        let mut own = self.own.clone();
        let left_out = key.iter().try_for_each(|(template, line, column)| {
            let text = own.get_mut(template)?;
            *text = left_out(text, offset(text, *line, *column).filter(|_| *line > 0)?)?;
            Some(())
        });
        let made = left_out.and_then(|()| Self::of(own, self.assets.clone(), &self.languages).ok()).map(Arc::new);
        locked(&self.mistakes.without).insert(key, made.clone());
        made
    }

    /// Where a component calls itself, through others or not.
    fn endless(&self) -> Option<Spot> {
        let all: Vec<Component<'_>> = self.own.iter().flat_map(|(name, text)| components(name, text)).collect();
        let calls = |from: &Component<'_>, to: &str| from.text[from.body.clone()].contains(&format!("<{to}"));
        for start in &all {
            let mut reached = vec![start];
            let mut next = 0;
            while next < reached.len() {
                let caller = reached[next];
                reached.extend(all.iter().filter(|c| c.name != start.name && calls(caller, c.name)));
                if calls(caller, start.name) {
                    let at = caller.body.start + caller.text[caller.body.clone()].find(&format!("<{}", start.name))?;
                    let (line, column) = line_column(caller.text, at + 1);
                    return Some((caller.template.to_owned(), line as usize, column as usize));
                }
                next += 1;
                if reached.len() > all.len() * all.len() {
                    break;
                }
            }
        }
        None
    }
}

/// A component that a template defines.
struct Component<'t> {
    template: &'t str,
    text: &'t str,
    name: &'t str,
    body: Range<usize>,
}

fn components<'t>(template: &'t str, text: &'t str) -> impl Iterator<Item = Component<'t>> {
    unused::components(text).map(move |name| {
        let start = text.find(&format!("component {name}")).unwrap_or_default();
        let end = text[start..].find("endcomponent").map_or(text.len(), |length| start + length);
        Component { template, text, name, body: start..end }
    })
}

/// A template in which the tag at `at` does nothing, every other character where it was. What a tag sets cannot be left
/// out: others ask for it.
fn left_out(text: &str, at: usize) -> Option<String> {
    let open = text[..text.len().min(at + 2)].rfind("{{").max(text[..text.len().min(at + 2)].rfind("{%"))?;
    let inner = open + 2..at + text[at..].find(if text[open..].starts_with("{{") { "}}" } else { "%}" })?;
    let blank =
        |range: Range<usize>| -> String { text[range].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect() };
    if text[open..].starts_with("{{") {
        let end = inner.end + 2;
        return Some(format!("{}{}{}", &text[..open], blank(open..end), &text[end..]));
    }
    let tag = &text[inner.clone()];
    let word = first_word(tag);
    let (expression, instead) = match word {
        "if" | "elif" => (inner.start + tag.find(word)? + word.len()..inner.end, " 0"),
        "for" => (inner.start + tag.find(" in ")? + 4..inner.end, "[]"),
        _ => return None,
    };
    let end = if tag.ends_with('-') { expression.end - 1 } else { expression.end };
    let mut blanks = blank(expression.start..end);
    let room = blanks.get(..instead.len()).is_some_and(|start| !start.contains('\n'));
    let rest = room.then(|| blanks.split_off(instead.len()))?;
    Some(format!("{}{instead}{rest}{}", &text[..expression.start], &text[end..]))
}

/// Mistakes of templates as they were read, those in built-in ones at the template of the site's own that brought them about.
pub(super) fn at_fault(errors: Vec<TemplateError>, own: &BTreeMap<String, String>) -> Vec<TemplateError> {
    let mut lacking: BTreeMap<(String, &str), BTreeSet<String>> = BTreeMap::new();
    let mut rest = Vec::new();
    for error in errors {
        match lost(&error, own) {
            Some((template, what, name)) => drop(lacking.entry((template, what)).or_default().insert(name)),
            None => rest.push(error),
        }
    }
    rest.extend(lacking.into_iter().map(|((template, what), names)| {
        let named: Vec<&String> = names.iter().take(NAMED).collect();
        let more = names.len() - named.len();
        let (s, it) = if names.len() == 1 { ("", "it") } else { ("s", "them") };
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let message =
            format!("this template lacks the {what}{s} {}{more}, which built-in ones use", suggest::list(&named));
        TemplateError {
            help: format!("take {it} over from the built-in template"),
            ..TemplateError::of(&template, &message)
        }
    }));
    rest
}

/// The template of the site's own that no longer has what a built-in one asks for, and what that is.
fn lost(error: &TemplateError, own: &BTreeMap<String, String>) -> Option<(String, &'static str, String)> {
    let built_in =
        |template: &str| builtin::TEMPLATES.iter().find(|(name, _)| *name == template).map(|(_, text)| *text);
    let asking = built_in(&error.template).filter(|_| !own.contains_key(&error.template))?;
    let name = error.message.split('`').nth(1)?.to_owned();
    if error.message.starts_with("unknown component") {
        let had =
            |template: &&String| built_in(template).is_some_and(|text| unused::components(text).any(|c| c == name));
        return Some((own.keys().find(had)?.clone(), "component", name));
    }
    let parent =
        |template: &&String| error.message.contains("parent") && asking.contains(&format!("extends \"{template}\""));
    Some((own.keys().find(parent)?.clone(), "block", name))
}

fn locked<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}
