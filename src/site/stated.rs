//! A manifest read back: what a finished tree says of itself.
//!
//! Nothing of it is believed further than it can be checked; a manifest that is none is said with line and column.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::manifest::{AuditAsked, Digest, SCHEMA};
use crate::model::{Quarter, parse_time};

/// Why a text is no manifest.
#[derive(Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The line, counted from one.
    pub line: usize,
    /// The column, counted from one.
    pub column: usize,
    /// What is wrong.
    pub what: String,
}

/// What a manifest states.
#[derive(Debug)]
pub struct Stated {
    /// `public`, `internal` or `audit`.
    pub tree: String,
    /// The program that made it, and its version.
    pub generator: String,
    /// Until when records were judged.
    pub as_of: Option<String>,
    /// The commit it was built from.
    pub commit: Option<String>,
    /// Whether an input differed from that commit.
    pub dirty: bool,
    /// What was known of the build before.
    pub history: Option<String>,
    /// What was asked of an audit.
    pub audit: Option<AuditAsked>,
    /// What the tree consists of, by path.
    pub outputs: BTreeMap<String, Digest>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    schema: String,
    tree: String,
    generator: String,
    as_of: Option<String>,
    commit: Option<String>,
    dirty: Option<bool>,
    history: Option<String>,
    audit: Option<AuditAsked>,
    inputs: Vec<File>,
    outputs: Vec<File>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    path: String,
    sha256: String,
}

fn parsed(text: &str) -> Option<Digest> {
    let nibble = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut digest = [0; 32];
    for (pair, byte) in text.as_bytes().chunks_exact(2).zip(&mut digest) {
        *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    (text.len() == 64).then_some(digest)
}

impl Stated {
    /// Reads a manifest. `problem` says what is wrong with a path, if anything is.
    pub fn read(bytes: &[u8], problem: impl Fn(&str) -> Option<&'static str>) -> Result<Self, Malformed> {
        let document: Document = serde_json::from_slice(bytes).map_err(|error| {
            let said = error.to_string();
            let what = said.rsplit_once(" at line ").map_or(said.as_str(), |(what, _)| what);
            Malformed { line: error.line().max(1), column: error.column().max(1), what: what.to_owned() }
        })?;
        let at = |field: &str, value: &str, nth: usize, what: String| {
            let (line, column) = place(bytes, field, value, nth);
            Malformed { line, column, what }
        };
        if document.schema != SCHEMA {
            let what = format!("its schema is `{}`, not `{SCHEMA}`", document.schema.escape_debug());
            return Err(at("schema", &document.schema, 0, what));
        }
        if !["public", "internal", "audit"].contains(&document.tree.as_str()) {
            let what = format!("there is no tree `{}`", document.tree.escape_debug());
            return Err(at("tree", &document.tree, 0, what));
        }
        let hex = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if let Some(commit) = document.commit.as_deref().filter(|c| !matches!(c.len(), 40 | 64) || !hex(c)) {
            let what = format!("`{}` is no id of a commit", commit.escape_debug());
            return Err(at("commit", commit, 0, what));
        }
        if let Some(as_of) = document.as_of.as_deref().filter(|text| parse_time(text).is_err()) {
            return Err(at("as_of", as_of, 0, format!("`{}` is no instant", as_of.escape_debug())));
        }
        let quarter = document.audit.as_ref().map(|asked| asked.quarter.as_str());
        if let Some(quarter) = quarter.filter(|q| Quarter::parse(q).is_none_or(|known| known.to_string() != **q)) {
            return Err(at("quarter", quarter, 0, format!("`{}` is no quarter", quarter.escape_debug())));
        }
        let digest = |sha256: &str| {
            let what = "a SHA-256 is 64 of the letters 0 to 9 and a to f".to_owned();
            parsed(sha256).ok_or_else(|| at("sha256", sha256, 0, what))
        };
        document.inputs.iter().try_for_each(|input| digest(&input.sha256).map(drop))?;
        let mut outputs = BTreeMap::new();
        for File { path, sha256 } in document.outputs {
            let sha256 = digest(&sha256)?;
            if let Some(why) = problem(&path) {
                return Err(at("path", &path, 0, format!("the path `{}` {why}", path.escape_debug())));
            }
            if outputs.insert(path.clone(), sha256).is_some() {
                return Err(at("path", &path, 1, format!("it lists `{path}` twice")));
            }
        }
        Ok(Self {
            tree: document.tree,
            generator: document.generator,
            as_of: document.as_of,
            commit: document.commit,
            dirty: document.dirty.unwrap_or(false),
            history: document.history,
            audit: document.audit,
            outputs,
        })
    }
}

/// Where a field holds a value for the nth time, counted from zero; the last one where there are fewer.
fn place(bytes: &[u8], field: &str, value: &str, nth: usize) -> (usize, usize) {
    let text = String::from_utf8_lossy(bytes);
    let value = serde_json::to_string(value).unwrap_or_default();
    let key = format!("\"{field}\"");
    let holds = |at: &usize| {
        let rest = text[at + key.len()..].trim_start();
        rest.strip_prefix(':').is_some_and(|rest| rest.trim_start().starts_with(&value))
    };
    let mut found = text.match_indices(&key).map(|(at, _)| at).filter(holds);
    let first = found.next();
    let at = if nth == 0 { first } else { found.nth(nth - 1).or(first) }.unwrap_or(0);
    let before = &text[..at];
    let line_start = before.rfind('\n').map_or(0, |n| n + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::super::{Manifest, digest};
    use super::*;

    fn manifest() -> String {
        let outputs = vec![("a/index.html".to_owned(), digest(b"a")), ("b.css".to_owned(), digest(b"b"))];
        let (as_of, commit) =
            (Some("2026-11-21T00:00:00Z".to_owned()), Some("4f1c4f1c4f1c4f1c4f1c4f1c4f1c4f1c4f1c4f1c"));
        let (dirty, history, inputs) = (Some(true), Some("kept"), vec![("tickmark.yaml", digest(b"c"))]);
        Manifest { tree: "internal", as_of, commit, dirty, history, audit: None, inputs, outputs }.to_json()
    }

    fn read(text: &str) -> Result<Stated, Malformed> {
        Stated::read(text.as_bytes(), |path| path.contains("..").then_some("leads elsewhere"))
    }

    #[test]
    fn what_was_written_is_read() {
        let stated = read(&manifest()).expect("a manifest");
        assert_eq!((stated.tree.as_str(), stated.dirty, stated.history.as_deref()), ("internal", true, Some("kept")));
        assert_eq!(stated.outputs["b.css"], digest(b"b"));
        assert_eq!(stated.outputs.len(), 2);
    }

    #[test]
    fn what_is_none_is_said_with_its_place() {
        let good = manifest();
        let cases = [
            (good.replace("\"b.css\"", "\"../b.css\""), 21, 7, "the path `../b.css` leads elsewhere"),
            (good.replace("\"b.css\"", "\"a/index.html\""), 21, 7, "it lists `a/index.html` twice"),
            (good.replace("\"4f1c", "\"-f1c"), 6, 3, "`-f1c4f1c"),
            (good.replace("\"4f1c", "\""), 6, 3, "`4f1c4f1c"),
            (good.replace("2026-11-21T", "2026-11-21X"), 5, 3, "`2026-11-21X00:00:00Z` is no instant"),
            (good.replace("manifest/1", "manifest/9"), 2, 3, "its schema is `tickmark.manifest/9`"),
            (good.replace("\"internal\"", "\"private\""), 3, 3, "there is no tree `private`"),
            (good.replace("\"sha256\": \"3e23", "\"sha256\": \"3E23"), 22, 7, "a SHA-256 is 64"),
            (good.replace("\"dirty\": true", "\"dirty\": maybe"), 7, 12, "expected value"),
            (good[..good.len() - 4].to_owned(), 24, 2, "EOF while parsing"),
            (String::new(), 1, 1, "EOF while parsing"),
        ];
        for (text, line, column, what) in cases {
            let said = read(&text).expect_err(what);
            assert!(said.what.starts_with(what), "{what}: {said:?}");
            assert_eq!((said.line, said.column), (line, column), "{what}: {said:?}\n{text}");
        }
    }
}
