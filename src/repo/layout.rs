//! Where the inputs of a site stand: which paths are read, as what, and which are passed over.
//!
//! It deliberately decides by the path alone; what a document means is the decoder's business.

/// The folders a site keeps its inputs in. Nothing is ever published into one of them.
pub const INPUT_FOLDERS: &[&str] =
    &["changes", "closed", "content", "policies", "reports", "static", "themes", "waivers"];

/// The names the configuration goes by.
pub(super) const CONFIGURATIONS: &[&str] = &["tickmark.yaml", "tickmark.yml"];
const PEOPLE: &[&str] = &["people.yaml", "people.yml"];
/// Every file that is read at the top of a site.
pub(super) const TOP_FILES: &[&str] = &["tickmark.yaml", "tickmark.yml", "people.yaml", "people.yml"];

/// Hidden names that are served all the same.
const SERVED_HIDDEN: &[&str] = &[".well-known", ".nojekyll"];

/// How a file is read: its limit, and whether as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// `tickmark.yaml`.
    Site,
    /// `people.yaml`.
    People,
    /// Change records, waivers, signed-off numbers.
    Record,
    /// Policies, pages, forewords, lists.
    Document,
    /// Bytes: `static/` and `themes/`.
    Asset,
}

impl Role {
    /// The role with its article, for messages.
    pub(super) fn phrase(self) -> &'static str {
        match self {
            Self::Site => "a configuration",
            Self::People => "a list of people",
            Self::Record => "a file of records",
            Self::Document => "a document",
            Self::Asset => "a file that is copied",
        }
    }
}

/// What a path is to the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A file that is read.
    Input(Role),
    /// Nothing the site has to do with, and nobody's mistake.
    Foreign,
    /// Something that looks like a mistake, and why it was not read.
    Unexpected(&'static str),
}

/// What a file at this path is. `path` is relative to the site, with `/` between its parts.
pub(super) fn file(path: &str) -> Place {
    let Some((folder, rest)) = path.split_once('/') else { return top_file(path) };
    let name = rest.rsplit('/').next().unwrap_or(rest);
    if !matches!(folder, "static" | "themes") && is_readme(name) {
        return Place::Foreign;
    }
    match folder {
        "changes" | "waivers" => yaml(name, Role::Record, "a record ends in `.yaml`"),
        "closed" => yaml(name, Role::Record, "a signed-off quarter ends in `.yaml`"),
        "policies" => markdown(name, "a policy ends in `.md`"),
        "reports" => markdown(name, "a quarter's foreword ends in `.md`"),
        "content" if rest.starts_with("data/") => yaml(name, Role::Document, "a list in content/data ends in `.yaml`"),
        "content" => markdown(name, "a page ends in `.md`; other files belong in static/"),
        "static" => Place::Input(Role::Asset),
        "themes" if rest.contains('/') => Place::Input(Role::Asset),
        "themes" => Place::Unexpected("a theme is a folder"),
        _ => Place::Foreign,
    }
}

/// Whether a folder at this path is gone through.
pub(super) fn folder(path: &str) -> Place {
    let Some((top, rest)) = path.split_once('/') else { return top_folder(path) };
    match top {
        "closed" => Place::Unexpected("closed/ has no folders"),
        "reports" => Place::Unexpected("reports/ has no folders"),
        "content" if rest.starts_with("data/") => Place::Unexpected("content/data has no folders"),
        _ => Place::Input(Role::Document),
    }
}

/// How the file at this path is read, if it is: every part of the path is looked at as the walk would.
pub fn role(path: &str) -> Option<Role> {
    let mut end = 0;
    for part in path.split('/') {
        let whole = &path[..end + part.len()];
        if part.is_empty() || is_passed_over(whole, part) || super::names::problem(part).is_some() {
            return None;
        }
        end += part.len() + 1;
        if end <= path.len() && !matches!(folder(whole), Place::Input(_)) {
            return None;
        }
    }
    match file(path) {
        Place::Input(role) => Some(role),
        Place::Foreign | Place::Unexpected(_) => None,
    }
}

/// Whether an entry is hidden or an editor's leftover. `path` is the whole path, `name` its last part.
pub(super) fn is_passed_over(path: &str, name: &str) -> bool {
    let served = path.starts_with("static/") && SERVED_HIDDEN.contains(&name);
    (name.starts_with('.') && !served) || is_leftover(name)
}

/// Whether two names that differ only in `.yml` against `.yaml` mean the same thing at this path.
pub(super) fn named_by_stem(path: &str) -> bool {
    !path.contains('/') || path.starts_with("closed/") || path.starts_with("content/data/")
}

fn top_file(name: &str) -> Place {
    if CONFIGURATIONS.contains(&name) {
        return Place::Input(Role::Site);
    }
    if PEOPLE.contains(&name) {
        return Place::Input(Role::People);
    }
    let lower = name.to_ascii_lowercase();
    if CONFIGURATIONS.contains(&lower.as_str()) || PEOPLE.contains(&lower.as_str()) {
        return Place::Unexpected("its name is written in small letters");
    }
    Place::Foreign
}

fn top_folder(name: &str) -> Place {
    if INPUT_FOLDERS.contains(&name) {
        Place::Input(Role::Document)
    } else if INPUT_FOLDERS.contains(&name.to_ascii_lowercase().as_str()) {
        Place::Unexpected("its name is written in small letters")
    } else {
        Place::Foreign
    }
}

fn yaml(name: &str, role: Role, otherwise: &'static str) -> Place {
    match name.rsplit_once('.') {
        Some((stem, "yaml" | "yml")) if !stem.is_empty() => Place::Input(role),
        _ => Place::Unexpected(otherwise),
    }
}

fn markdown(name: &str, otherwise: &'static str) -> Place {
    match name.rsplit_once('.') {
        Some((stem, "md")) if !stem.is_empty() => Place::Input(Role::Document),
        _ => Place::Unexpected(otherwise),
    }
}

fn is_readme(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name);
    stem.eq_ignore_ascii_case("readme")
}

fn is_leftover(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    name.ends_with('~')
        || (name.starts_with('#') && name.ends_with('#'))
        || matches!(extension, "swp" | "swo" | "swx" | "orig" | "rej" | "bak")
}
