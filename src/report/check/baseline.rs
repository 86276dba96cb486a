//! An earlier answer of `check --format json`, read again: what it found is known, and only what is new fails.
//!
//! A finding of a rule that got worse since (waived or unknown before, failed now) is new. What is no such answer is
//! refused: a baseline that knows nothing, or everything, would say so in silence.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::Read;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, SeqAccess, Visitor};

use super::identity::Fingerprint;
use super::json::SCHEMA;
use crate::error::{Error, Result};

/// What was found before.
#[derive(Debug, Default)]
pub struct Baseline(BTreeMap<Fingerprint, Known>);

/// A finding of the baseline, as far as it is of use.
#[derive(Debug)]
pub struct Known {
    /// Its code.
    pub code: String,
    /// The policy and the rule it comes from, if from one.
    pub rule: Option<(String, String)>,
    /// The verdict's word; empty for what documents get wrong.
    pub verdict: String,
    /// What it said.
    pub message: String,
    /// Where it stood.
    pub path: String,
    /// The line.
    pub line: Option<u32>,
    /// How it is known again.
    pub fingerprint: Fingerprint,
}

impl Baseline {
    /// From the text of an answer. `name` is what the user calls it.
    pub fn read(text: impl Read, name: &str) -> Result<Self> {
        const HELP: &str = "make one with `tickmark check --format json > FILE`";
        let document: Document = serde_json::from_reader(text).map_err(|e| {
            let what = if e.is_io() {
                format!("could not read `{name}`: {e}")
            } else if e.is_eof() {
                format!("`{name}` is cut short, and no baseline: {e}")
            } else {
                format!("`{name}` is not what `tickmark check --format json` writes, and no baseline: {e}")
            };
            Error::refused(what, HELP)
        })?;
        if document.schema != SCHEMA {
            let what = format!("`{name}` is in the format `{}`; a baseline is in `{SCHEMA}`", document.schema);
            return Err(Error::refused(what, HELP));
        }
        Ok(Self(document.known().map(|known| (known.fingerprint, known)).collect()))
    }

    /// Whether a finding was there before, and no better than now. `verdict` is empty for what documents get wrong.
    pub fn knows(&self, fingerprint: Fingerprint, verdict: &str) -> bool {
        self.0.get(&fingerprint).is_some_and(|known| weight(&known.verdict) >= weight(verdict))
    }

    /// What was there before and is not among these.
    pub(super) fn without(&self, met: &BTreeSet<Fingerprint>) -> Vec<&Known> {
        self.0.values().filter(|known| !met.contains(&known.fingerprint)).collect()
    }
}

/// How bad a verdict is.
fn weight(verdict: &str) -> u8 {
    match verdict {
        "fail" => 3,
        "unknown" => 2,
        "waived" => 1,
        _ => 0,
    }
}

#[derive(Deserialize)]
struct Document {
    schema: String,
    #[serde(deserialize_with = "worth_keeping")]
    records: Vec<Record>,
    diagnostics: Vec<Said>,
}

#[derive(Deserialize)]
struct Record {
    policy: Option<String>,
    path: String,
    #[serde(deserialize_with = "worth_keeping")]
    rules: Vec<Ruled>,
}

#[derive(Deserialize)]
struct Ruled {
    rule: String,
    verdict: String,
    code: Option<String>,
    message: String,
    line: Option<u32>,
    fingerprint: Option<Digits>,
}

#[derive(Deserialize)]
struct Said {
    code: String,
    message: String,
    path: String,
    line: Option<u32>,
    fingerprint: Digits,
}

impl Document {
    fn known(self) -> impl Iterator<Item = Known> {
        let ruled = self.records.into_iter().flat_map(|record| {
            let (policy, path) = (record.policy.unwrap_or_default(), record.path);
            record.rules.into_iter().filter_map(move |ruled| {
                Some(Known {
                    fingerprint: ruled.fingerprint?.0,
                    code: ruled.code.unwrap_or_default(),
                    rule: Some((policy.clone(), ruled.rule)),
                    verdict: ruled.verdict,
                    message: ruled.message,
                    path: path.clone(),
                    line: ruled.line,
                })
            })
        });
        let said = self.diagnostics.into_iter().map(|said| Known {
            fingerprint: said.fingerprint.0,
            code: said.code,
            rule: None,
            verdict: String::new(),
            message: said.message,
            path: said.path,
            line: said.line,
        });
        ruled.chain(said)
    }
}

/// A fingerprint as it is written.
struct Digits(Fingerprint);

impl<'de> Deserialize<'de> for Digits {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Fingerprint::parse(&text).map(Self).ok_or_else(|| D::Error::custom(format!("`{text}` is no fingerprint")))
    }
}

/// What a baseline remembers: most rules of most records hold, and those it drops as it reads.
trait Keep {
    fn keep(&self) -> bool;
}

impl Keep for Record {
    fn keep(&self) -> bool {
        !self.rules.is_empty()
    }
}

impl Keep for Ruled {
    fn keep(&self) -> bool {
        self.fingerprint.is_some()
    }
}

fn worth_keeping<'de, D: Deserializer<'de>, T: Deserialize<'de> + Keep>(
    from: D,
) -> std::result::Result<Vec<T>, D::Error> {
    struct Kept<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de> + Keep> Visitor<'de> for Kept<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> std::result::Result<Vec<T>, A::Error> {
            let mut kept = Vec::new();
            while let Some(item) = list.next_element::<T>()? {
                if item.keep() {
                    kept.push(item);
                }
            }
            Ok(kept)
        }
    }
    from.deserialize_seq(Kept(PhantomData))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGITS: &str = "00000000000000000000000000000a0b";

    fn answer(verdict: &str) -> String {
        format!(
            r#"{{"schema":"tickmark.check/1","as_of":"x","records":[{{"id":"A","policy":"p","path":"a","verdict":"fail","rules":[
            {{"rule":"q","verdict":"pass","code":null,"message":"","line":null}},
            {{"rule":"r","verdict":"{verdict}","code":"deadline/late","message":"m","line":3,"fingerprint":"{DIGITS}"}}]}}],
            "diagnostics":[{{"code":"c/d","level":"note","message":"n","path":"b","line":null,"fingerprint":"0000000000000000000000000000000c"}}]}}"#
        )
    }

    fn refusal(text: &[u8]) -> String {
        Baseline::read(text, "b.json").expect_err("no baseline").to_string()
    }

    #[test]
    fn what_was_as_bad_before_is_known() {
        let name = Fingerprint::parse(DIGITS).expect("digits");
        let knows =
            |before: &str, now| Baseline::read(answer(before).as_bytes(), "b").expect("a baseline").knows(name, now);
        assert!(knows("fail", "fail") && knows("fail", "waived") && knows("waived", "waived"));
        assert!(!knows("waived", "fail") && !knows("unknown", "fail") && !knows("waived", "unknown"));
        let baseline = Baseline::read(answer("fail").as_bytes(), "b").expect("a baseline");
        assert_eq!(baseline.0.len(), 2, "passes are not kept");
        let gone: Vec<_> = baseline.without(&BTreeSet::from([name])).iter().map(|k| k.code.clone()).collect();
        assert_eq!(gone, ["c/d"]);
    }

    #[test]
    fn what_is_no_baseline_is_refused_and_said() {
        let whole = answer("fail");
        assert!(refusal(&whole.as_bytes()[..200]).contains("`b.json` is cut short"));
        assert!(refusal(b"").contains("is cut short"));
        assert!(refusal(b"\xff\xfe{\0").contains("is not what `tickmark check --format json` writes"));
        assert!(refusal(b"{\"version\":\"2.1.0\",\"runs\":[]}").contains("missing field `schema`"));
        assert!(refusal(whole.replace("check/1", "check/2").as_bytes()).contains("in the format `tickmark.check/2`"));
        assert!(refusal(whole.replace(DIGITS, "12").as_bytes()).contains("`12` is no fingerprint"));
        let old = whole.replace(",\"fingerprint\":\"0000000000000000000000000000000c\"", "");
        assert!(refusal(old.as_bytes()).contains("missing field `fingerprint`"));
    }
}
