//! Pages: templates filled with what `disclose` and `report` prepared. The only module that names the template engine.
//!
//! Role: a [`Theme`] is the built-in templates and files, shadowed path by path by a site's own; one function per page
//! kind renders it. Invariants: functions for public pages take nothing but `disclose::public` types; every template
//! escapes, whatever its name; a variable that is not there is an error with its place; templates reach no file, clock,
//! environment or random number, and neither policies nor records are ever read as one; a template that calls itself or
//! writes without end is an error, not the end of the process.
//!
//! What this module deliberately does not do: decide what is on a page or where pages go, format times and numbers,
//! read theme files from disk, or write anything.

mod assets;
mod bounds;
mod builtin;
mod error;
mod internal;
mod public;
mod standalone;
mod timeline;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use serde::Serialize;
use tera::{Context, Error, ErrorKind, Kwargs, ReportError, State, Tera};

pub use assets::Asset;
pub use error::TemplateError;
pub use standalone::standalone;

/// Templates and files that make pages.
pub struct Theme {
    engine: Tera,
    assets: Vec<Asset>,
    unused: Vec<String>,
    deep: bool,
}

impl Theme {
    /// The built-in theme as it is.
    ///
    /// # Panics
    ///
    /// Where a built-in template is broken, which is our own mistake and seen by the tests.
    pub fn built_in() -> Self {
        Self::with_overrides(&[]).expect("tests render every built-in template")
    }

    /// The built-in theme under a site's own files: pairs of a path in `themes/NAME/` (`templates/public/policy.html`,
    /// `static/ledger.css`) and its bytes. Every broken template is reported, not just the first.
    pub fn with_overrides(overrides: &[(String, Vec<u8>)]) -> Result<Self, Vec<TemplateError>> {
        bounds::refuse(overrides)?;
        let mut templates: Vec<(&str, &str)> = builtin::TEMPLATES.to_vec();
        let mut unused = Vec::new();
        let mut own = Vec::new();
        let mut errors = Vec::new();
        for (path, bytes) in overrides {
            let Some(name) = path.strip_prefix("templates/") else {
                if !path.starts_with("static/") {
                    unused.push(path.clone());
                }
                continue;
            };
            match std::str::from_utf8(bytes) {
                Ok(text) => own.push((name, text)),
                Err(e) => errors.push(TemplateError::not_text(name, bytes, e.valid_up_to())),
            }
        }
        for (name, text) in &own {
            errors.extend(Self::syntax(name, text));
            match templates.iter_mut().find(|(known, _)| known == name) {
                Some(entry) => entry.1 = text,
                None => templates.push((name, text)),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let deep = !own.is_empty();
        let assets = assets::collect(overrides);
        let mut engine = engine();
        engine.global_context().insert("assets", &assets::names(&assets));
        engine.add_raw_templates(templates).map_err(|e| TemplateError::all(&e))?;
        Ok(Self { engine, assets, unused, deep })
    }

    /// Files for `assets/` of the public site, in order.
    pub fn public_assets(&self) -> impl Iterator<Item = &Asset> {
        self.assets.iter().filter(|asset| !asset.internal)
    }

    /// Files for `assets/` of the internal site, in order.
    pub fn internal_assets(&self) -> impl Iterator<Item = &Asset> {
        self.assets.iter()
    }

    /// The style sheet's text.
    pub fn style_sheet(&self) -> &str {
        let sheet = self.assets.iter().find(|asset| asset.name == "ledger.css");
        sheet.and_then(|asset| std::str::from_utf8(&asset.bytes).ok()).unwrap_or_default()
    }

    /// Files of the site's own theme that lie neither below `templates/` nor below `static/`.
    pub fn unused_overrides(&self) -> &[String] {
        &self.unused
    }

    /// A syntax mistake in one template, looked for alone so that each broken file is reported.
    fn syntax(name: &str, text: &str) -> Option<TemplateError> {
        let error = Tera::new().add_raw_template(name, text).err()?;
        TemplateError::syntax(&error)
    }

    /// Renders a template. Those of a site's own may nest deeply, so they get a stack that has room for it.
    fn render(&self, template: &str, context: &Context) -> Result<String, TemplateError> {
        if !self.deep {
            return self.render_here(template, context);
        }
        bounds::on_roomy_stack(|| self.render_here(template, context))
    }

    fn render_here(&self, template: &str, context: &Context) -> Result<String, TemplateError> {
        bounds::start_page();
        let mut page = bounds::Page::new();
        match self.engine.render_to(template, context, &mut page) {
            Ok(()) => page.into_text().ok_or_else(|| TemplateError::of(template, "the page is not text")),
            Err(_) if page.full() => Err(TemplateError::of(template, bounds::TOO_LARGE)),
            Err(error) => Err(TemplateError::new(template, &error)),
        }
    }
}

/// An engine that escapes everywhere and knows one filter and one function beyond the pure built-in ones.
fn engine() -> Tera {
    let mut engine = Tera::new();
    engine.autoescape_on([""]);
    engine.set_escape_fn(escape);
    engine.register_filter("at", |href: &str, arguments: Kwargs, _: &State| -> tera::TeraResult<String> {
        Ok(at(href, arguments.must_get::<&str>("root")?).into_owned())
    });
    engine.register_filter("grouped", |number: u64, _: Kwargs, _: &State| grouped(number));
    engine.register_function("range", |arguments: Kwargs, _: &State| -> tera::TeraResult<Vec<i64>> {
        let start = arguments.get::<i64>("start")?.unwrap_or(0);
        let end = arguments.must_get::<i64>("end")?;
        bounds::spend(start, end).map_err(tera::Error::message)?;
        Ok((start..end).collect())
    });
    engine
}

/// Escapes as Tera does, and shows characters that no page may hold as U+FFFD, as a browser would. One pass: this is
/// called for every value on every page.
fn escape(input: &str, out: &mut dyn std::io::Write) -> std::io::Result<()> {
    let bytes = input.as_bytes();
    let mut done = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if !SPECIAL[usize::from(*byte)] {
            continue;
        }
        let (shown, length) = match byte {
            b'&' => ("&amp;", 1),
            b'<' => ("&lt;", 1),
            b'>' => ("&gt;", 1),
            b'"' => ("&quot;", 1),
            b'\'' => ("&#39;", 1),
            // U+0080 to U+009F begin with this byte, and so do harmless signs.
            0xc2 if matches!(bytes.get(at + 1), Some(0x80..=0x9f)) => ("\u{fffd}", 2),
            0xc2 => continue,
            _ => ("\u{fffd}", 1),
        };
        out.write_all(&bytes[done..at])?;
        out.write_all(shown.as_bytes())?;
        done = at + length;
    }
    out.write_all(&bytes[done..])
}

/// Bytes that [`escape`] has to look at.
const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let control = (byte < 0x20 && byte != b'\n' as usize && byte != b'\t' as usize) || byte == 0x7f;
        special[byte] = control || byte == 0xc2;
        byte += 1;
    }
    let signs = b"&<>\"'";
    let mut sign = 0;
    while sign < signs.len() {
        special[signs[sign] as usize] = true;
        sign += 1;
    }
    special
};

/// A target as seen from a page: those with a scheme and anchors stay, `.` is the root, all others start there.
fn at<'a>(href: &'a str, root: &'a str) -> Cow<'a, str> {
    let scheme = href.split(['/', '#', '?']).next().is_some_and(|start| start.contains(':'));
    match href {
        "." | "" => root.into(),
        _ if scheme || href.starts_with('#') => href.into(),
        _ => format!("{root}{href}").into(),
    }
}

/// A count as people read it: `100,000`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let first = (digits.len() + 2) % 3 + 1;
    let mut text = digits[..first].to_owned();
    for group in digits.as_bytes()[first..].chunks(3) {
        text.push(',');
        text.extend(group.iter().map(|digit| char::from(*digit)));
    }
    text
}

/// What every page is rendered from.
fn context(site: &impl Serialize, root: &str, here: &str, page: &impl Serialize) -> Context {
    let mut context = Context::new();
    context.insert("site", site);
    context.insert("root", root);
    context.insert("here", here);
    context.insert("page", page);
    context
}

/// The way from a page to the root of its site: `policies/five-stage/` lies two folders below it.
fn root_of(href: &str) -> String {
    match href.matches('/').count() {
        0 => "./".to_owned(),
        depth => "../".repeat(depth),
    }
}
