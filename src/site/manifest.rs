//! Manifests: the SHA-256 of every output and of what it was made from.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// What every manifest says it is.
pub(super) const SCHEMA: &str = "tickmark.manifest/1";

/// Who makes them: this program, in this version.
pub const GENERATOR: &str = concat!("tickmark ", env!("CARGO_PKG_VERSION"));

/// A SHA-256.
pub type Digest = [u8; 32];

/// The SHA-256 of some bytes.
pub fn digest(bytes: &[u8]) -> Digest {
    Sha256::digest(bytes).into()
}

/// A SHA-256 in letters.
pub fn hex(digest: &Digest) -> String {
    Hex::of(digest).text().to_owned()
}

/// The commit that a manifest names; none where it names none, or is no manifest.
pub fn built_from(manifest: impl std::io::Read) -> Option<String> {
    let manifest: serde_json::Value = serde_json::from_reader(manifest).ok()?;
    manifest.get("commit")?.as_str().map(str::to_owned)
}

/// What a tree consists of.
#[derive(Debug)]
pub struct Manifest<'m> {
    /// `public` or `internal`.
    pub tree: &'static str,
    /// Until when records were judged; internal only.
    pub as_of: Option<String>,
    /// The commit it was built from, where there is one.
    pub commit: Option<&'m str>,
    /// Whether an input differs from that commit; internal only, since it speaks of internal inputs, too.
    pub dirty: Option<bool>,
    /// What was known of the build before, where a rule asks: `kept`, or the commit that the branch lost.
    pub history: Option<&'m str>,
    /// What was asked of an audit.
    pub audit: Option<AuditAsked>,
    /// What it was made from, by path.
    pub inputs: Vec<(&'m str, Digest)>,
    /// What it consists of, by path.
    pub outputs: Vec<(String, Digest)>,
}

/// What was asked of an audit folder, so that it can be made again.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
pub struct AuditAsked {
    /// The quarter, as in `2026-Q3`.
    pub quarter: String,
    /// How many changes were to be drawn; none where the table decided.
    pub sample: Option<usize>,
    /// The auditor's seed.
    pub seed: String,
}

#[derive(Serialize)]
struct File<'f> {
    path: &'f str,
    sha256: Hex,
}

#[derive(Serialize)]
struct Document<'d> {
    schema: &'static str,
    tree: &'static str,
    generator: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<&'d str>,
    commit: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dirty: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audit: Option<&'d AuditAsked>,
    inputs: Vec<File<'d>>,
    outputs: Vec<File<'d>>,
}

/// A digest in letters.
struct Hex([u8; 64]);

impl Hex {
    fn of(digest: &Digest) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut letters = [0; 64];
        for (pair, byte) in letters.chunks_exact_mut(2).zip(digest) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        Self(letters)
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl Serialize for Hex {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text())
    }
}

impl Manifest<'_> {
    /// As JSON, `tickmark.manifest/1`, both lists in the order of their paths.
    pub fn to_json(&mut self) -> String {
        self.outputs.sort();
        let document = Document {
            schema: SCHEMA,
            tree: self.tree,
            generator: GENERATOR,
            as_of: self.as_of.as_deref(),
            commit: self.commit,
            dirty: self.dirty,
            history: self.history,
            audit: self.audit.as_ref(),
            inputs: self.inputs.iter().map(|(path, d)| File { path, sha256: Hex::of(d) }).collect(),
            outputs: self.outputs.iter().map(|(path, d)| File { path, sha256: Hex::of(d) }).collect(),
        };
        let mut text = serde_json::to_string_pretty(&document).expect("strings always serialise");
        text.push('\n');
        text
    }
}
