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
mod engine;
mod error;
mod internal;
mod mistakes;
mod phrases;
mod public;
mod standalone;
mod strict;
mod timeline;
mod unused;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_mistakes;
#[cfg(test)]
mod tests_phrases;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;
use tera::{Context, Error, ErrorKind, Kwargs, ReportError, State, Tera, Value};

use crate::language::{Language, english};
use engine::{Engine, Side};

pub use assets::Asset;
pub(crate) use engine::offset;
pub use error::{Kind, TemplateError};
pub use mistakes::Mistake;
pub use standalone::standalone;
pub use unused::Unused;

/// The languages of the two sites. Internal pages are English, as findings and verdicts are.
#[derive(Debug, Clone)]
pub struct Languages {
    /// Of public pages.
    pub public: Arc<Language>,
    /// Of internal ones.
    pub internal: Arc<Language>,
}

impl Default for Languages {
    fn default() -> Self {
        Self { public: english(), internal: english() }
    }
}

/// Templates and files that make pages.
pub struct Theme {
    public: Engine,
    internal: Engine,
    assets: Vec<Asset>,
    unused: Vec<Unused>,
    used: BTreeSet<String>,
    /// Templates of the site's own, by their path below `templates/`.
    own: BTreeMap<String, String>,
    languages: Languages,
    mistakes: mistakes::Mistakes,
}

impl Theme {
    /// The built-in theme as it is, in English.
    ///
    /// # Panics
    ///
    /// Where a built-in template is broken, which is our own mistake and seen by the tests.
    pub fn built_in() -> Self {
        Self::with_overrides(&[], &Languages::default()).expect("tests render every built-in template")
    }

    /// The built-in theme under a site's own files: pairs of a path in `themes/NAME/` (`templates/public/policy.html`,
    /// `static/ledger.css`) and its bytes. Language files have been read already. Every broken template is reported,
    /// not just the first.
    pub fn with_overrides(overrides: &[(String, Vec<u8>)], languages: &Languages) -> Result<Self, Vec<TemplateError>> {
        bounds::refuse(overrides)?;
        let mut own = BTreeMap::new();
        let mut errors = Vec::new();
        for (path, bytes) in overrides {
            let Some(name) = path.strip_prefix("templates/") else { continue };
            match std::str::from_utf8(bytes) {
                Ok(text) => drop(own.insert(name.to_owned(), text.strip_prefix('\u{feff}').unwrap_or(text).to_owned())),
                Err(e) => errors.push(TemplateError::not_text(name, bytes, e.valid_up_to())),
            }
        }
        for (name, text) in &own {
            // Each alone, so that every broken file is reported.
            if let Ok(made) = phrases::specialise(name, text, &languages.public, true, &mut BTreeSet::new()) {
                let error = Tera::new().add_raw_template(name, &made.text).err();
                let error = error.and_then(|e| TemplateError::syntax(&e));
                errors.extend(error.map(|e| engine::as_written(text, &made, e)));
            }
        }
        match Self::of(own.clone(), assets::collect(overrides), languages) {
            Ok(theme) if errors.is_empty() => Ok(Self { unused: unused::find(overrides, &theme.own), ..theme }),
            made => {
                errors.extend(mistakes::at_fault(made.err().unwrap_or_default(), &own));
                errors.sort_by_key(TemplateError::spot);
                // What both sides, or the look at a file alone, say of one place is said once.
                errors.dedup_by(|a, b| a.spot() == b.spot());
                Err(errors)
            }
        }
    }

    /// The built-in templates under those of the site's `own`.
    fn of(
        own: BTreeMap<String, String>,
        assets: Vec<Asset>,
        languages: &Languages,
    ) -> Result<Self, Vec<TemplateError>> {
        let built_in = builtin::TEMPLATES.iter().filter(|(name, _)| !own.contains_key(*name)).copied();
        let templates: Vec<(&str, &str)> =
            built_in.chain(own.iter().map(|(name, text)| (name.as_str(), text.as_str()))).collect();
        let names = assets::names(&assets);
        let (mut used, mut errors) = (BTreeSet::new(), Vec::new());
        let mut engine = |side, language| match Engine::new(side, &templates, &own, language, &names, &mut used) {
            Ok(engine) => Some(engine),
            Err(found) => {
                errors.extend(found);
                None
            }
        };
        let engines = (engine(Side::Public, &languages.public), engine(Side::Internal, &languages.internal));
        let (Some(public), Some(internal)) = engines else { return Err(errors) };
        let (unused, languages, mistakes) = (Vec::new(), languages.clone(), mistakes::Mistakes::default());
        Ok(Self { public, internal, assets, unused, used, own, languages, mistakes })
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

    /// Files of the site's own theme that nothing uses.
    pub fn unused_overrides(&self) -> &[Unused] {
        &self.unused
    }

    /// Whether a template says this phrase.
    pub fn says(&self, key: &str) -> bool {
        self.used.contains(key)
    }

    /// The language of public pages.
    pub fn language(&self) -> &Language {
        &self.public.language
    }

    /// Renders a template. Those of a site's own may nest deeply, so they get a stack that has room for it.
    fn render(&self, template: &str, context: &Context) -> Result<String, TemplateError> {
        let engine = if template.starts_with("internal/") { &self.internal } else { &self.public };
        if self.own.is_empty() {
            return engine.render(template, context);
        }
        bounds::on_roomy_stack(|| engine.render(template, context))
    }
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
