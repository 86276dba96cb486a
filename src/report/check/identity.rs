//! How a finding is known again: a fingerprint that stays when lines move, files are renamed or messages are worded
//! otherwise, and changes when it is another deviation.
//!
//! What a rule finds is the rule, the record and the code. What a document gets wrong is the code, the document (a
//! record, policy or waiver by its id, anything else by its path), what stands at the place, and the how-manieth it is.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::diag::{Diagnostic, FromRule, Place};
use crate::model::{ChangeRecord, Ledger};
use crate::source::{FileId, SourceSet, Span};

/// The name of a finding for machines: 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint(u128);

impl Fingerprint {
    /// From its 32 digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
        u128::from_str_radix(text, 16).ok().filter(|_| digits).map(Self)
    }

    /// Of these words, each of which is marked off from the next.
    fn of(words: &[&str]) -> Self {
        let mut digest = Sha256::new();
        for word in words {
            digest.update((word.len() as u64).to_le_bytes());
            digest.update(word.as_bytes());
        }
        let half = digest.finalize().iter().take(16).fold(0, |all: u128, byte| all << 8 | u128::from(*byte));
        Self(half)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// The fingerprint of what a rule finds. `path` stands in for a record without an id.
pub(super) fn of_rule(code: &str, rule: &FromRule, path: &str) -> Fingerprint {
    Fingerprint::of(&["rule", code, &rule.policy, &rule.rule, rule.record.as_deref().unwrap_or(path)])
}

/// A document with an id, and where it stands.
pub(super) struct Holder {
    file: FileId,
    span: Span,
    name: Box<str>,
}

impl Holder {
    /// A record, if it has an id.
    pub(super) fn of_record(record: &ChangeRecord) -> Option<Self> {
        let id = record.id.get()?;
        Some(Self { file: record.file, span: record.span, name: id.as_str().into() })
    }
}

/// All documents with ids, by place.
pub(super) struct Holders(Vec<Holder>);

impl Holders {
    /// These records, and the ledger's policies and waivers.
    pub(super) fn new(mut list: Vec<Holder>, ledger: &Ledger) -> Self {
        let whole = Span { start: 0, end: u32::MAX };
        for version in ledger.policies.iter().flat_map(|p| &p.versions) {
            list.push(Holder { file: version.file, span: whole, name: version.id.as_str().into() });
        }
        for waiver in &ledger.waivers {
            if let Some(id) = waiver.id.get() {
                list.push(Holder { file: waiver.file, span: waiver.span, name: id.as_str().into() });
            }
        }
        list.sort_by_key(|h| (h.file, h.span));
        Self(list)
    }

    /// The document that holds a place.
    fn at(&self, file: FileId, offset: u32) -> Option<&str> {
        let after = self.0.partition_point(|h| (h.file, h.span.start) <= (file, offset));
        let holder = self.0[..after].last()?;
        (holder.file == file && offset <= holder.span.end).then_some(&holder.name)
    }
}

/// Gives fingerprints to what documents get wrong, in the order of their places.
pub(super) struct Namer<'s> {
    sources: &'s SourceSet,
    holders: Holders,
    /// How often the same words came.
    times: BTreeMap<Fingerprint, u32>,
}

impl<'s> Namer<'s> {
    pub(super) fn new(sources: &'s SourceSet, holders: Holders) -> Self {
        Self { sources, holders, times: BTreeMap::new() }
    }

    pub(super) fn name(&mut self, finding: &Diagnostic) -> Fingerprint {
        let holder = match &finding.place {
            Place::Text(at) => self.holders.at(at.file, at.span.start),
            Place::Path(_) => None,
        };
        let holder = holder.unwrap_or_else(|| super::stream::place_path(self.sources, finding));
        let what = self.what(finding);
        let words = ["document", finding.code.name, holder, &what];
        let times = self.times.entry(Fingerprint::of(&words)).or_default();
        *times += 1;
        Fingerprint::of(&[words[0], words[1], words[2], words[3], &times.to_string()])
    }

    /// What tells two findings of one code in one document apart: what stands at the place, if that is on one line, else
    /// the values that the headline speaks of. Of a secret, nothing: a fingerprint must not help to guess it.
    fn what(&self, finding: &Diagnostic) -> String {
        if finding.code.name.starts_with("secret") {
            return String::new();
        }
        let text = match &finding.place {
            Place::Text(at) => self.sources.excerpt(*at).trim(),
            Place::Path(_) => "",
        };
        if text.is_empty() || text.contains('\n') {
            return finding.headline.split('`').skip(1).step_by(2).collect::<Vec<_>>().join("\n");
        }
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Code;
    use crate::source::SourceFile;

    static UNKNOWN: Code = Code::error("record/unknown-key", "");

    /// The names of what stands at these words in a text, where the record `A` ends at `===`.
    fn names(path: &str, text: &str, words: &[&str]) -> Vec<Fingerprint> {
        let sources = SourceSet::new(vec![SourceFile::from_text(path, text)]);
        let end = text.find("===").unwrap_or(text.len());
        let (file, _) = sources.by_path(path).expect("it is there");
        let record = Holder { file, span: Span::new(0, end), name: "A".into() };
        let mut namer = Namer::new(&sources, Holders(vec![record]));
        let mut last = 0;
        let mut name = |word: &&str| {
            let start = last + text[last..].find(word).expect("the word is there");
            last = start + 1;
            namer.name(&Diagnostic::new(&UNKNOWN, file, Span::new(start, start + word.len()), "said somehow"))
        };
        words.iter().map(&mut name).collect()
    }

    #[test]
    fn lines_and_files_move_and_names_stay() {
        let before = names("changes/a.yaml", "id: A\nx: 1\ny: 1\n", &["x", "y"]);
        let after = names("changes/b/c.yaml", "# more\n\nid: A\n\ny: 1\nx: 1\n", &["y", "x"]);
        assert_eq!([before[0], before[1]], [after[1], after[0]]);
    }

    #[test]
    fn another_deviation_has_another_name() {
        let all = names("a", "x x y === x", &["x", "x", "y", "x"]);
        let different: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(different.len(), 4, "the second of its kind, another word, outside the record");
        assert_eq!(names("b", "=== x", &["x"]).len(), 1);
        assert_ne!(names("b", "=== x", &["x"]), names("c", "=== x", &["x"]), "without an id the path tells");
    }

    #[test]
    fn digits_are_read_as_they_are_written() {
        let name = Fingerprint::of(&["a", "b"]);
        assert_ne!(name, Fingerprint::of(&["ab"]));
        assert_eq!(Fingerprint::parse(&name.to_string()), Some(name));
        assert_eq!(Fingerprint::parse("+1234567890123456789012345678901"), None);
        assert_eq!(Fingerprint::parse("12"), None);
    }
}
