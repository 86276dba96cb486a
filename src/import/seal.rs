//! Whether a record may be replaced: only one that was imported and that nobody has edited since.
//!
//! A seal says so: the second line of an imported file holds the digest of all others. Whoever changes anything breaks it,
//! with or without meaning to, and the record is theirs from then on. It needs no memory outside the file, survives moves
//! and clones, and cannot be fooled by clocks.

use sha2::{Digest, Sha256};

use super::Record;
use crate::diag::Sink;
use crate::source::FileId;
use crate::yaml::{self, Node, Value};

/// What the sealing line begins with.
const MARK: &str = "# imported from ";

/// The whole text of an imported file: the line for editors, the seal, the record.
pub fn whole(editors: &str, source: &str, record: &Record) -> String {
    let digest = digest(&format!("{editors}{}", record.body));
    format!(
        "{editors}{MARK}{source}; a newer export replaces this file until somebody edits it (seal {digest})\n{}",
        record.body
    )
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(16).map(|b| format!("{b:02x}")).collect()
}

/// Whether a text is as an import left it.
fn is_sealed(text: &str) -> bool {
    let Some(line) = text.lines().take(3).find(|line| line.starts_with(MARK)) else { return false };
    let Some(stated) = line.strip_suffix(')').and_then(|line| line.rsplit_once("(seal ")).map(|(_, seal)| seal) else {
        return false;
    };
    stated == digest(&text.replacen(&format!("{line}\n"), "", 1))
}

/// A file of the site that holds a record with the id of a drafted one.
#[derive(Clone, Copy, Debug)]
pub struct There<'t> {
    /// Its text as it stands, line ends aside.
    pub text: &'t str,
    /// The id as it is written there.
    pub id: &'t str,
}

/// What is to be done about a drafted record of which there is one already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It says the same.
    Unchanged,
    /// Nobody has edited it: the new text takes its place.
    Replace,
    /// It is somebody's own: it stays, and these fields of it differ from what the export says.
    Kept(Vec<String>),
}

/// Settles what is to be done about a drafted record, `new` being its whole text.
pub fn settle(there: There<'_>, new: &str) -> Settled {
    if there.text == new {
        return Settled::Unchanged;
    }
    if is_sealed(there.text) {
        return Settled::Replace;
    }
    let (old, drafted) = (parse(there.text), parse(new));
    let with_id = |documents: &[yaml::Document<'_>]| {
        documents.iter().position(|d| d.root.get("id").and_then(Node::as_scalar).is_some_and(|s| s.text == there.id))
    };
    let (Some(old), Some(drafted)) = (with_id(&old).map(|at| &old[at].root), drafted.first().map(|d| &d.root)) else {
        return Settled::Kept(vec!["id".to_owned()]);
    };
    let entries = drafted.as_map().unwrap_or_default().iter();
    let differs = entries.filter(|e| old.get(&e.key.text).is_none_or(|value| !says_the_same(value, &e.value)));
    let differs: Vec<String> = differs.map(|e| e.key.text.to_string()).collect();
    if differs.is_empty() { Settled::Unchanged } else { Settled::Kept(differs) }
}

fn parse(text: &str) -> Vec<yaml::Document<'_>> {
    yaml::parse(text, 0, FileId(0), &mut Sink::new())
}

/// Whether two values are the same, however they are written.
fn says_the_same(one: &Node<'_>, other: &Node<'_>) -> bool {
    match (&one.value, &other.value) {
        (Value::Scalar(a), Value::Scalar(b)) => a.text.trim() == b.text.trim(),
        (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| says_the_same(a, b)),
        (Value::Map(a), Value::Map(b)) => {
            let same =
                |e: &yaml::Entry<'_>| b.iter().any(|o| o.key.text == e.key.text && says_the_same(&e.value, &o.value));
            a.len() == b.len() && a.iter().all(same)
        }
        (Value::Null, Value::Null) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Location, Span};

    fn imported(body: &str) -> String {
        let at = Location { file: FileId(0), span: Span::default() };
        whole("# for editors\n", "github", &Record { id: "A-1".into(), year: None, at, body: body.into() })
    }

    fn settled(there: &str, new: &str) -> Settled {
        settle(There { text: there, id: "A-1" }, new)
    }

    #[test]
    fn only_what_nobody_edited_is_replaced() {
        let old = imported("id: A-1\nstatus: requested\n");
        let new = imported("id: A-1\nstatus: approved\n");
        assert_eq!(settled(&old, &old), Settled::Unchanged);
        assert_eq!(settled(&old, &new), Settled::Replace);
        let kept = |there: &str, fields: &[&str]| {
            assert_eq!(
                settled(there, &new),
                Settled::Kept(fields.iter().map(|f| (*f).to_owned()).collect()),
                "{there}"
            );
        };
        kept(&old.replace("requested", "requested "), &["status"]);
        kept(&format!("{old}risk: low\n"), &["status"]);
        kept(&format!("# mine\n{old}"), &["status"]);
        kept(&old.replace("# for editors\n", ""), &["status"]);
        kept("id: A-1\nstatus: requested\n", &["status"]);
        kept(&old.replace("(seal ", "(seal 0"), &["status"]);
        kept("id: [\n", &["id"]);
    }

    #[test]
    fn an_edited_record_that_says_the_same_is_left_in_peace() {
        let new = imported("id: A-1\nstatus: approved\nreviews:\n  - {by: a.ng, result: approved}\n");
        let own = "title: mine\nid: 'A-1'\nstatus: \"approved\"\nreviews: [{result: approved, by: a.ng}]\n";
        assert_eq!(settled(own, &new), Settled::Unchanged);
        assert_eq!(settled(&format!("id: B\n---\n{own}"), &new), Settled::Unchanged);
        let other = own.replace("a.ng", "b.ito");
        assert_eq!(settled(&other, &new), Settled::Kept(vec!["reviews".to_owned()]));
    }
}
