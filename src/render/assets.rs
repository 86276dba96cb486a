//! Style sheet, fonts and script: which there are, and under which names they are published.
//!
//! Names of style sheets and scripts carry a digest of their bytes, so that a browser never pairs a new page with an
//! old style; fonts and pictures keep theirs, because style sheets refer to them. Writes nothing.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::builtin;

/// A file that pages need beside them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Where it goes, from the site's root: `assets/ledger.3f9a1c0b.css`.
    pub path: String,
    /// What is in it.
    pub bytes: Cow<'static, [u8]>,
    /// Whether only internal pages use it.
    pub internal: bool,
    /// Its name in the theme: `ledger.css`.
    pub name: String,
}

/// All files, by name: built-in ones, shadowed and joined by those below `static/` in `overrides`.
pub(super) fn collect(overrides: &[(String, Vec<u8>)]) -> Vec<Asset> {
    let mut files: BTreeMap<&str, (Cow<'static, [u8]>, bool)> =
        builtin::STATICS.iter().map(|file| (file.path, (Cow::Borrowed(file.bytes), file.internal))).collect();
    for (path, bytes) in overrides {
        if let Some(name) = path.strip_prefix("static/") {
            let internal = files.get(name).is_some_and(|(_, internal)| *internal);
            files.insert(name, (Cow::Owned(bytes.clone()), internal));
        }
    }
    let asset = |(name, (bytes, internal)): (&str, (Cow<'static, [u8]>, bool))| Asset {
        path: format!("assets/{}", published(name, &bytes)),
        bytes,
        internal,
        name: name.to_owned(),
    };
    files.into_iter().map(asset).collect()
}

/// Where each file is published, by its name in the theme; templates say `assets["ledger.css"]`.
pub(super) fn names(assets: &[Asset]) -> BTreeMap<&str, &str> {
    assets.iter().map(|asset| (asset.name.as_str(), asset.path.as_str())).collect()
}

fn published(name: &str, bytes: &[u8]) -> String {
    match name.rsplit_once('.') {
        Some((stem, kind @ ("css" | "js"))) => format!("{stem}.{:016x}.{kind}", digest(bytes)),
        _ => name.to_owned(),
    }
}

/// FNV-1a: tells versions of a file apart, and promises no more than that.
fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
