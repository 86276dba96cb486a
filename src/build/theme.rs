//! The theme of a site: the built-in one under the site's own files, in the site's language; and what is wrong with these,
//! each at its place. Reads nothing: the files were read with the site.

use std::sync::Arc;

use super::{THEME, UNKNOWN_OVERRIDE};
use crate::diag::{Diagnostic, Sink, suggest};
use crate::language::{self, Loaded, MISSING, OwnFile, UNKNOWN_PHRASE, UNUSED, speaks_in};
use crate::pipeline::Site;
use crate::render::{Kind, Languages, Mistake, TemplateError, Theme, Unused, offset};
use crate::repo::Asset;
use crate::source::{SourceSet, Span};

/// How many missing phrases are named.
const NAMED: usize = 3;

/// The files of the site's own theme, by their path in it.
pub fn own_files(site: &Site<'_>, assets: &[Asset]) -> Vec<(String, Vec<u8>)> {
    let folder = format!("themes/{}/", site.ledger.configuration.theme);
    assets.iter().filter_map(|a| Some((a.path.strip_prefix(&folder)?.to_owned(), a.bytes.clone()))).collect()
}

/// The theme of a site, whose ledger speaks its language from then on; nothing where it is broken. What is wrong with it is
/// among the site's findings.
pub fn theme(site: &mut Site<'_>, own: &[(String, Vec<u8>)]) -> Option<Theme> {
    let place = Place { sources: site.sources, folder: format!("themes/{}/", site.ledger.configuration.theme) };
    let files: Vec<OwnFile<'_>> = own.iter().filter_map(|(path, _)| place.language(path)).collect();
    let tag = site.ledger.configuration.language.clone();
    let loaded = language::load(&tag, &files, &mut site.sink);
    let internal = language::load("en", &files, &mut Sink::new()).language;
    let languages = Languages { public: Arc::clone(&loaded.language), internal };
    site.ledger.language = Arc::clone(&loaded.language);
    place.missing(&loaded, &files, &tag, &mut site.sink);
    match Theme::with_overrides(own, &languages) {
        Ok(theme) => {
            place.unused(&theme, &loaded, own, &tag, &mut site.sink);
            Some(theme)
        }
        Err(errors) => {
            errors.iter().for_each(|error| site.sink.push(place.broken(error)));
            None
        }
    }
}

/// Mistakes in templates of the site's own that showed themselves when pages were made, each once. Where there is one,
/// nothing is published.
pub fn broken_pages(sources: &SourceSet, name: &str, theme: &Theme) -> Vec<Diagnostic> {
    let place = Place { sources, folder: format!("themes/{name}/") };
    let found = theme.mistakes();
    let said = found.iter().map(|Mistake { error, pages, first }| {
        let note = match pages {
            1 => format!("it stops the page `{first}`"),
            n => format!("it stops {n} pages, `{first}` among them"),
        };
        place.broken(error).note(note)
    });
    said.collect()
}

/// The tag of a language file, by its path in a theme.
fn tag_of(path: &str) -> Option<&str> {
    let name = path.strip_prefix("lang/").filter(|name| !name.contains('/'))?;
    name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"))
}

/// Where a theme stands in the site.
struct Place<'s> {
    sources: &'s SourceSet,
    folder: String,
}

impl<'s> Place<'s> {
    fn language<'t>(&self, path: &'t str) -> Option<OwnFile<'t>>
    where
        's: 't,
    {
        let tag = tag_of(path)?;
        let (file, source) = self.sources.by_path(&format!("{}{path}", self.folder))?;
        Some(OwnFile { tag, file, text: source.text() })
    }

    /// Says that a language lacks phrases, once.
    fn missing(&self, loaded: &Loaded, files: &[OwnFile<'_>], tag: &str, sink: &mut Sink) {
        let missing = &loaded.missing;
        if missing.is_empty() {
            return;
        }
        let all = language::english().keys().count();
        let own = files.iter().find(|f| speaks_in(f.tag, tag) && !f.tag.eq_ignore_ascii_case("en"));
        let named: Vec<&str> = missing.iter().take(NAMED).map(String::as_str).collect();
        let more = if missing.len() > NAMED { " and more" } else { "" };
        let path = own.map_or_else(
            || format!("{}lang/{tag}.yaml", self.folder),
            |file| self.sources.file(file.file).path().to_owned(),
        );
        let headline = match (own, missing.len()) {
            (None, n) if n == all => format!("there is no language file for `{tag}`, so that pages speak English"),
            (_, 1) => format!("1 of {all} phrases is English, for want of one in `{tag}`"),
            (_, n) => format!("{n} of {all} phrases are English, for want of others in `{tag}`"),
        };
        sink.push(
            Diagnostic::of_path(&MISSING, &path, headline)
                .help(format!("write them in that file: {}{more}", suggest::list(&named))),
        );
    }

    /// Says which files and phrases nothing uses.
    fn unused(&self, theme: &Theme, loaded: &Loaded, own: &[(String, Vec<u8>)], tag: &str, sink: &mut Sink) {
        let finding = |path: &str, headline: &str| {
            Diagnostic::of_path(&UNKNOWN_OVERRIDE, &format!("{}{path}", self.folder), headline)
        };
        for Unused { path, near } in theme.unused_overrides() {
            let help = near.as_ref().map_or_else(
                || "templates stand in `templates/`, files in `static/`, words in `lang/`, by the paths of the built-in theme".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            sink.push(finding(path, "this file takes the place of nothing, and nothing asks for it").help(help));
        }
        // A file that is the built-in one, word for word, takes the place of nothing and misleads nobody.
        let built_in = |file: &str, bytes: &[u8]| {
            language::BUILT_IN.iter().any(|(tag, text)| *tag == file && text.as_bytes() == bytes)
        };
        for (path, bytes) in own.iter().filter(|(path, _)| path.starts_with("lang/")) {
            match tag_of(path) {
                Some(file) if speaks_in(file, tag) || built_in(file, bytes) => {}
                Some(_) => sink.push(
                    finding(path, &format!("nothing reads this file: the site speaks `{tag}`"))
                        .help(format!("name it `lang/{tag}.yaml`, or take it away")),
                ),
                None => sink.push(
                    finding(path, "this is no language file").help("name it by its language, as in `lang/de.yaml`"),
                ),
            }
        }
        for (key, at) in loaded.unknown.iter().filter(|(key, _)| !theme.says(key)) {
            let known = language::english();
            let help = suggest::nearest(key, known.keys()).map_or_else(
                || "take it away, or say it in a template".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            let headline = format!("nothing says the phrase `{key}`");
            sink.push(Diagnostic::new(&UNUSED, at.file, at.span, headline).help(help));
        }
    }

    /// A broken template as a finding; where it is a file of the site's, at its place in it.
    fn broken(&self, error: &TemplateError) -> Diagnostic {
        let code = match error.kind {
            Kind::Template => &THEME,
            Kind::UnknownPhrase => &UNKNOWN_PHRASE,
        };
        let path = format!("{}templates/{}", self.folder, error.template);
        let help = if error.help.is_empty() {
            "mend the template, or take it away to use the built-in one"
        } else {
            error.help.as_str()
        };
        let text = self.sources.by_path(&path);
        let at = |text: &str| offset(text, error.line, error.column).filter(|_| error.line > 0);
        let spot = text.and_then(|(file, s)| Some((file, s.text(), at(s.text())?)));
        let finding = match spot {
            Some((file, text, start)) => {
                let line = text[start..].split('\n').next().unwrap_or_default();
                let width = line.char_indices().nth(error.width.max(1)).map_or(line.len(), |(at, _)| at);
                Diagnostic::new(code, file, Span::new(start, start + width), error.message.clone())
            }
            None if error.line == 0 => Diagnostic::of_path(code, path.trim_end_matches('/'), error.message.clone()),
            None => {
                Diagnostic::of_path(code, &format!("{path}:{}:{}", error.line, error.column), error.message.clone())
            }
        };
        finding.help(help)
    }
}
