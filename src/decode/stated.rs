//! What the front matter of a policy's past text says of itself: enough to tell one version from the next.
//!
//! A policy may have had thousands of texts, so that only the lines of these keys are read. Mistakes are nobody's business
//! here: a value that is no id is as good as none.

use crate::diag::Sink;
use crate::markdown;
use crate::model::Id;
use crate::source::FileId;
use crate::yaml::{self, Value};

/// The version a text states; none where it states none.
pub fn stated_version(text: &str) -> Option<Id> {
    stated(text, "version")
}

/// The policy's id that a text states; none where it states none.
pub fn stated_id(text: &str) -> Option<String> {
    stated(text, "id").map(|id| id.to_string())
}

/// The value of a key that stands at the beginning of a line of the front matter, or of front matter in braces.
fn stated(text: &str, key: &str) -> Option<Id> {
    let front = markdown::split(text).front?.of(text);
    let begins = |line: &&str| {
        let line = line.strip_prefix(['"', '\'']).unwrap_or(line);
        line.strip_prefix(key).is_some_and(|rest| rest.trim_start_matches(['"', '\'', ' ']).starts_with(':'))
    };
    let part = if front.trim_start().starts_with('{') { front } else { front.split_inclusive('\n').find(begins)? };
    let document = yaml::parse(part, 0, FileId(0), &mut Sink::new()).into_iter().next()?;
    let Value::Map(entries) = document.root.value else { return None };
    let value = entries.into_iter().find(|entry| entry.key.text == key)?.value.value;
    let Value::Scalar(scalar) = value else { return None };
    (!scalar.text.is_empty() && Id::fault(&scalar.text).is_none()).then(|| Id::new(&scalar.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_policies_state_them() {
        for (front, version) in [
            ("version: \"1.10\"", Some("1.10")),
            ("title: x\nversion: 1.10 # the second\nowner: y", Some("1.10")),
            ("\"version\" : '2'", Some("2")),
            ("{id: a, version: 3}", Some("3")),
            ("versions: 4", None),
            ("calendar:\n  version: 5", None),
            ("version: two words", None),
            ("version:", None),
            ("version: [6]", None),
            ("title: \"never ends\nversion: 7", Some("7")),
        ] {
            let text = format!("---\n{front}\n---\n# A\nversion: 8\n");
            assert_eq!(stated_version(&text).as_ref().map(Id::as_str), version, "{front}");
        }
        assert_eq!(stated_version("# A\nversion: 8\n"), None);
        assert_eq!(stated_id("---\nid: a.b\n---\n").as_deref(), Some("a.b"));
    }
}
