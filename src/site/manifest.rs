//! Manifests: the SHA-256 of every output and of what it was made from.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// A SHA-256.
pub type Digest = [u8; 32];

/// The SHA-256 of some bytes.
pub fn digest(bytes: &[u8]) -> Digest {
    Sha256::digest(bytes).into()
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
    /// What it was made from, by path.
    pub inputs: Vec<(&'m str, Digest)>,
    /// What it consists of, by path.
    pub outputs: Vec<(String, Digest)>,
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
}

impl Serialize for Hex {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(std::str::from_utf8(&self.0).unwrap_or_default())
    }
}

impl Manifest<'_> {
    /// As JSON, `tickmark.manifest/1`, both lists in the order of their paths.
    pub fn to_json(&mut self) -> String {
        self.outputs.sort();
        let document = Document {
            schema: "tickmark.manifest/1",
            tree: self.tree,
            generator: concat!("tickmark ", env!("CARGO_PKG_VERSION")),
            as_of: self.as_of.as_deref(),
            commit: self.commit,
            dirty: self.dirty,
            inputs: self.inputs.iter().map(|(path, d)| File { path, sha256: Hex::of(d) }).collect(),
            outputs: self.outputs.iter().map(|(path, d)| File { path, sha256: Hex::of(d) }).collect(),
        };
        let mut text = serde_json::to_string_pretty(&document).expect("strings always serialise");
        text.push('\n');
        text
    }
}
