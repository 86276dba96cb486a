//! The leak gate: searches finished public bytes and file names for what must not be there.
//!
//! The types of this layer keep internal things out; the gate proves it on what is about to be published. It looks, by
//! whole words and however they are written ([`super::readings`]), for ids of records, incidents and waivers, for
//! people's ids, names and addresses, for ids, titles and addresses of internal policies, and for secrets. Left out are
//! single plain words (letters only), titles that a public policy's title contains, and addresses that tickmark.yaml
//! publishes: those are kept out by types alone. What is compressed inside a file (an archive, a PDF) is not read.

use super::phrases::{Hit, Joint, Phrases};
use super::public_of;
use super::readings::{self, Contents, fold};
use crate::diag::Code;
use crate::model::{Classification, Ledger, PersonEntry, Policy};
use crate::source::secrets;

static LEAK: Code = Code::error("leak/internal", "A public page or file name holds something internal: an id of a record, incident or waiver, somebody's name or address, or an internal policy's id or title. Nothing is published.").unlowerable();
static SECRET: Code =
    Code::error("leak/secret", "A public page holds what looks like a key or token. Nothing is published.")
        .unlowerable();

/// All codes of this layer.
pub static CODES: &[&Code] = &[&LEAK, &SECRET];

/// Something that must not be published, where it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leak {
    /// The line of the file, from 1; nothing where it is in the file's name.
    pub line: Option<usize>,
    /// What it is, without saying a secret's value.
    pub what: String,
    /// Whether it looks like a secret.
    pub secret: bool,
}

impl Leak {
    /// Its code.
    pub fn code(&self) -> &'static Code {
        if self.secret { &SECRET } else { &LEAK }
    }
}

/// Titles and ids of public policies.
const PUBLIC_POLICY: &str = "a public policy";
/// Addresses that tickmark.yaml publishes.
const PUBLISHED: &str = "a published address";
const POLICY_ID: &str = "the id of an internal policy";
const POLICY_TITLE: &str = "the title of an internal policy";
const POLICY_PLACE: &str = "an address of an internal policy";

/// What is looked for.
#[derive(Debug, Default)]
pub struct LeakGate {
    forbidden: Phrases,
    /// What is public, although part of it may be forbidden.
    public: Phrases,
}

/// What is looked for, before it is made quick to find.
type Wanted<'t> = Vec<(&'t str, Joint, &'static str)>;

impl LeakGate {
    /// A gate for everything the ledger knows, and for the ids of records and incidents, which it does not.
    pub fn new<'t>(
        ledger: &'t Ledger,
        records: impl Iterator<Item = &'t str>,
        incidents: impl Iterator<Item = &'t str>,
    ) -> Self {
        let mut wanted: Wanted<'t> = Vec::new();
        wanted.extend(records.map(|id| (id, Joint::Id, "the id of a change")));
        wanted.extend(incidents.map(|id| (id, Joint::Id, "the id of an incident")));
        wanted.extend(
            ledger.waivers.iter().filter_map(|w| Some((w.id.get()?.as_str(), Joint::Id, "the id of a waiver"))),
        );
        let c = &ledger.configuration;
        let published: Vec<&str> = [Some(c.contact.as_str()), c.security_contact.as_deref()]
            .into_iter()
            .flatten()
            .map(|address| address.strip_prefix("mailto:").unwrap_or(address))
            .collect();
        for person in &ledger.people.entries {
            forbid_person(person, &mut wanted);
        }
        wanted.retain(|(text, ..)| !published.iter().any(|p| p.eq_ignore_ascii_case(text)));
        let public = public_of(ledger);
        let internal = ledger.policies.iter().filter(|p| p.newest().classification != Classification::Public);
        forbid_policies(&public, internal, &mut wanted);
        let turned = turned_names(ledger);
        let turned = turned.iter().map(|name| (name.as_str(), Joint::Name, "the name of a person"));
        let forbidden = Phrases::new(wanted.into_iter().chain(turned));
        let policies = public.iter().flat_map(|policy| {
            [(policy.id.as_str(), Joint::Id, PUBLIC_POLICY), (&policy.newest().title, Joint::Title, PUBLIC_POLICY)]
        });
        let published = published.into_iter().map(|p| (p, Joint::Id, PUBLISHED));
        Self { forbidden, public: Phrases::new(published.chain(policies)) }
    }

    /// Searches a finished file by its name and its content, in the order of its lines.
    pub fn search(&self, path: &str, bytes: &[u8]) -> Vec<Leak> {
        let mut leaks = self.in_text(path, false);
        leaks.extend(secrets::find(path).into_iter().map(|s| Leak {
            line: None,
            what: s.kind.to_owned(),
            secret: true,
        }));
        for leak in &mut leaks {
            leak.line = None;
        }
        let contents = Contents::new(bytes);
        leaks.extend(self.in_text(&contents.text, contents.binary));
        for secret in secrets::find(&contents.text) {
            let line = line_of(&contents.text, secret.at);
            leaks.push(Leak { line: Some(line), what: secret.kind.to_owned(), secret: true });
        }
        leaks.sort();
        leaks.dedup();
        leaks
    }

    /// The line of a source on which it says what leaked, so that its author knows where to look. `from` is the byte at
    /// which its text begins; a place in the text is better than one in the front matter.
    pub fn origin(&self, source: &str, from: usize, leak: &Leak) -> Option<usize> {
        let mut lines: Vec<usize> = if leak.secret {
            let found = secrets::find(source).into_iter().filter(|s| s.kind == leak.what);
            found.map(|s| line_of(source, s.at)).collect()
        } else {
            self.in_text(source, false).into_iter().filter(|l| l.what == leak.what).filter_map(|l| l.line).collect()
        };
        lines.sort_unstable();
        let body = line_of(source, from);
        lines.iter().find(|line| **line >= body).or(lines.first()).copied()
    }

    /// What is found in a text, whichever way it is read.
    fn in_text(&self, text: &str, binary: bool) -> Vec<Leak> {
        let mut leaks = Vec::new();
        readings::each(text, |reading| {
            let hits = self.forbidden.search(reading);
            let public = if hits.is_empty() { Vec::new() } else { self.public.search(reading) };
            for hit in hits.iter().filter(|hit| !public.iter().any(|other| excuses(other, hit))) {
                if binary && is_chance(hit, reading) {
                    continue;
                }
                let what = format!("{}, `{}`", hit.phrase.what, hit.phrase.shown);
                leaks.push(Leak { line: Some(line_of(reading, hit.range.start)), what, secret: false });
            }
        });
        leaks.sort();
        leaks.dedup();
        leaks
    }
}

/// A person's id, name, address and accounts.
fn forbid_person<'t>(person: &'t PersonEntry, wanted: &mut Wanted<'t>) {
    if let Some(id) = person.id.get() {
        wanted.push((id.as_str(), Joint::Id, "the id of a person"));
    }
    if let Some(name) = person.name.get() {
        wanted.push((name.as_str(), Joint::Name, "the name of a person"));
    }
    if let Some(email) = person.email.get() {
        wanted.push((email.as_str(), Joint::Id, "the address of a person"));
    }
    for account in person.accounts.items() {
        let text = account.value.as_str();
        let bare = text.split_once(':').map_or(text, |(_, name)| name);
        wanted.push((bare, Joint::Id, "an account of a person"));
    }
}

/// Names as lists have them: `Lindqvist, Hanna`.
fn turned_names(ledger: &Ledger) -> Vec<String> {
    let people = ledger.people.entries.iter().filter(|p| p.is_person());
    people
        .filter_map(|p| p.name.get()?.as_str().rsplit_once(' ').map(|(first, last)| format!("{last}, {first}")))
        .collect()
}

/// Ids, titles and other addresses of internal policies.
fn forbid_policies<'t>(public: &[&'t Policy], internal: impl Iterator<Item = &'t Policy>, wanted: &mut Wanted<'t>) {
    let internal: Vec<&Policy> = internal.collect();
    let titles = Phrases::new(internal.iter().map(|p| (p.newest().title.as_str(), Joint::Title, "")));
    let mut contained: Vec<String> = Vec::new();
    for policy in public {
        contained.extend(titles.search(&fold(&policy.newest().title)).iter().map(|hit| hit.phrase.shown.to_string()));
    }
    contained.sort();
    for policy in internal {
        wanted.push((policy.id.as_str(), Joint::Id, POLICY_ID));
        let newest = policy.newest();
        if contained.binary_search(&newest.title).is_err() {
            wanted.push((&newest.title, Joint::Title, POLICY_TITLE));
        }
        wanted.extend(newest.aliases.iter().map(|a| (a.place.as_str(), Joint::Id, POLICY_PLACE)));
    }
}

/// Whether a hit is no leak because it is part of something public.
fn excuses(public: &Hit<'_>, hit: &Hit<'_>) -> bool {
    let around = public.range.start <= hit.range.start && hit.range.end <= public.range.end;
    let of_policy = matches!(hit.phrase.what, POLICY_ID | POLICY_TITLE | POLICY_PLACE);
    around && (public.phrase.what == PUBLISHED || public.phrase.what == PUBLIC_POLICY && of_policy)
}

/// Whether a short word in a file that is not text is more likely chance than writing.
fn is_chance(hit: &Hit<'_>, reading: &str) -> bool {
    let readable = |c: &char| !c.is_control() && *c != '\u{fffd}';
    let before = reading[..hit.range.start].chars().rev().take(16).take_while(readable).count();
    let after = reading[hit.range.end..].chars().take(16).take_while(readable).count();
    hit.phrase.weight() < 6 && before + hit.range.len() + after < 16
}

fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()[..at.min(text.len())].iter().filter(|b| **b == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(forbidden: &[(&str, Joint)]) -> LeakGate {
        let forbidden = Phrases::new(forbidden.iter().map(|(text, joint)| (*text, *joint, "a test")));
        LeakGate { forbidden, public: Phrases::default() }
    }

    #[test]
    fn whole_words_are_found_however_they_are_written() {
        let gate = gate(&[("CHG-2026-0142", Joint::Id), ("Hanna O'Brien", Joint::Name), ("a.ng", Joint::Id)]);
        let finds = |text: &str| !gate.search("index.html", text.as_bytes()).is_empty();
        assert!(finds("see <a href=\"/changes/CHG-2026-0142/\">"));
        assert!(finds("see chg-2026-0142."));
        assert!(finds("by Hanna\n O&#x27;Brien"));
        assert!(finds("by Hanna <b>O’Brien</b>"));
        assert!(finds("<td>Hanna</td>\n<td>O&rsquo;Brien</td>"));
        assert!(finds("mailto:a.ng") && finds("href=\"/?u=a%2Eng\""));
        assert!(!finds("CHG-2026-01421"), "a longer word is another word");
        assert!(!finds("Hanna Brien") && !finds("a ng"));
        assert_eq!(gate.search("changes/CHG-2026-0142/index.html", b"").len(), 1, "file names count");
    }

    #[test]
    fn a_leak_names_its_line_and_a_secret_not_itself() {
        let gate = gate(&[("CHG-2026-0142", Joint::Id)]);
        let token = format!("gh{}_{}", "p", "a1B2".repeat(9));
        let leaks = gate.search("x.html", format!("<p\n>\n<b>CHG</b>-2026-0142\n{token}").as_bytes());
        assert_eq!(leaks.len(), 2);
        assert_eq!((leaks[0].line, leaks[0].secret), (Some(3), false));
        assert_eq!((leaks[1].line, leaks[1].secret), (Some(4), true));
        assert!(!leaks[1].what.contains("a1B2"));
        assert_eq!(gate.origin("---\nx: CHG-2026-0142\n---\ntext\nCHG-2026-0142", 24, &leaks[0]), Some(5));
    }

    #[test]
    fn chance_in_binary_files_is_no_leak_but_writing_is() {
        let gate = gate(&[("a.ng", Joint::Id), ("Hanna Lindqvist", Joint::Name)]);
        let finds = |bytes: &[u8]| !gate.search("x.woff2", bytes).is_empty();
        assert!(!finds(b"\x00\xff\x01a.ng\xfe\x00"));
        assert!(finds(b"\x00\xff\x01written by a.ng in 2026\xfe\x00"));
        assert!(finds(b"\x00\xff\x01Hanna Lindqvist\x00"));
    }
}
