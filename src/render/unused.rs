//! Files of a site's own theme that take the place of nothing and that nothing asks for, and what they were meant to be.

use std::collections::BTreeMap;

use super::builtin;
use crate::diag::suggest;

/// A file that nothing uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unused {
    /// Its path in the theme.
    pub path: String,
    /// What it may have been meant to be.
    pub near: Option<String>,
}

/// Those of `overrides` that nothing uses; `own` are the templates among them.
pub(super) fn find(overrides: &[(String, Vec<u8>)], own: &BTreeMap<String, String>) -> Vec<Unused> {
    let known: Vec<String> = builtin::TEMPLATES
        .iter()
        .map(|(name, _)| format!("templates/{name}"))
        .chain(builtin::STATICS.iter().map(|file| format!("static/{}", file.path)))
        .collect();
    let is_used = |path: &str| {
        if known.iter().any(|k| k == path) || path.starts_with("lang/") {
            return true;
        }
        if let Some(name) = path.strip_prefix("templates/") {
            let text = own.get(name).map_or("", String::as_str);
            let others = || own.iter().filter(|(other, _)| other.as_str() != name);
            return others().any(|(_, other)| names(other, name))
                || components(text).any(|c| others().any(|(_, other)| other.contains(&format!("<{c}"))));
        }
        let Some(name) = path.strip_prefix("static/") else { return false };
        let styles = overrides.iter().filter(|(p, _)| p.ends_with(".css") && p != path);
        own.iter().any(|(_, text)| names(text, name)) || styles.into_iter().any(|(_, bytes)| refers(bytes, name))
    };
    let near = |path: &str| {
        let by_name = |known: &&str| known.rsplit('/').next() == path.rsplit('/').next();
        let all = known.iter().map(String::as_str);
        suggest::nearest(path, all.clone()).or_else(|| all.clone().find(by_name)).map(str::to_owned)
    };
    let unused = overrides.iter().filter(|(path, _)| !is_used(path));
    unused.map(|(path, _)| Unused { path: path.clone(), near: near(path) }).collect()
}

/// Whether a template names a file.
fn names(template: &str, name: &str) -> bool {
    ['"', '\'', '`'].iter().any(|q| template.contains(&format!("{q}{name}{q}")))
}

/// Whether a style sheet names a file.
fn refers(style: &[u8], name: &str) -> bool {
    String::from_utf8_lossy(style).contains(name)
}

/// The components that a template defines.
pub(super) fn components(template: &str) -> impl Iterator<Item = &str> {
    template.split("{%").skip(1).filter_map(|tag| {
        let rest = tag.trim_start_matches('-').trim_start().strip_prefix("component ")?;
        rest.split('(').next().map(str::trim)
    })
}
