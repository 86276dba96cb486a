//! The words of the interface in the language of the site: phrases by key, days and numbers as that language writes them.
//!
//! Role: a [`Language`] is the built-in English file, under the files of the site's language, under those of its own theme,
//! key by key. Whoever words a public page asks it, templates and Rust alike. Invariants: a phrase that a language lacks
//! is English, never blank; one that takes the place of another has no placeholder that nothing fills. Phrases are plain
//! text: whoever puts them into HTML escapes them. What it does not do: words of people (titles, summaries, roles), which
//! stay as they were written; findings and the terminal, which are English; reading files from disk.

mod codes;
mod file;
mod message;
mod plural;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use jiff::civil::Date;

use crate::diag::Sink;
use crate::source::{FileId, Location};

pub use codes::{CODES, LOST_PLACEHOLDER, MISSING, UNKNOWN_PHRASE, UNUSED, WRONG_PHRASE};
pub use message::{Message, Part, Wording};
pub use plural::Form;

/// Language files of the built-in theme. Each is named once, here. English comes first: it has every phrase.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("en", include_str!("../../themes/ledger/lang/en.yaml")),
    ("de", include_str!("../../themes/ledger/lang/de.yaml")),
];

/// Languages written from right to left.
const RIGHT_TO_LEFT: [&str; 8] = ["ar", "he", "fa", "ur", "ps", "yi", "dv", "ckb"];

/// A language file of the site's own theme, `themes/NAME/lang/TAG.yaml`.
#[derive(Clone, Copy)]
pub struct OwnFile<'t> {
    /// What it is named by: `de`, `pt-BR`.
    pub tag: &'t str,
    /// Where findings point.
    pub file: FileId,
    /// What it holds.
    pub text: &'t str,
}

/// What reading the files of a language came to.
pub struct Loaded {
    /// The language.
    pub language: Arc<Language>,
    /// Phrases of the site's own that the built-in theme does not know, and where they stand.
    pub unknown: Vec<(String, Location)>,
    /// How many phrases are English for want of another, and the first of them; none where the site speaks English.
    pub missing: Vec<String>,
}

/// The words of the interface in one language.
#[derive(Debug)]
pub struct Language {
    tag: String,
    direction: &'static str,
    phrases: BTreeMap<String, Wording>,
}

/// The parts of a tag from the least to the most particular: `de`, `de-AT`.
fn prefixes(tag: &str) -> impl Iterator<Item = &str> {
    let ends = tag.match_indices('-').map(|(at, _)| at).chain([tag.len()]);
    ends.map(move |end| &tag[..end])
}

/// Whether a file of this tag has a say where the site's language is that.
pub fn speaks_in(file: &str, site: &str) -> bool {
    file.eq_ignore_ascii_case("en") || prefixes(site).any(|prefix| prefix.eq_ignore_ascii_case(file))
}

/// Whether the built-in theme speaks a language.
pub fn is_spoken(tag: &str) -> bool {
    let primary = prefixes(tag).next().unwrap_or_default();
    BUILT_IN.iter().any(|(built_in, _)| built_in.eq_ignore_ascii_case(primary))
}

/// The language of the built-in theme, by its tag, without anything of the site's own.
pub fn built_in(tag: &str) -> Arc<Language> {
    load(tag, &[], &mut Sink::new()).language
}

/// English as it is built in.
pub fn english() -> Arc<Language> {
    static ENGLISH: LazyLock<Arc<Language>> = LazyLock::new(|| built_in("en"));
    Arc::clone(&ENGLISH)
}

/// The language of a site from the built-in files and its own, with everything that is wrong in these.
pub fn load(tag: &str, own: &[OwnFile<'_>], sink: &mut Sink) -> Loaded {
    let english = file::built_in(BUILT_IN[0].1);
    let mut phrases = english.clone();
    let mut unknown = Vec::new();
    let mut spoken: BTreeSet<&str> = BTreeSet::new();
    let mut direction = None;
    let mut lay = |prefix: &str, phrases: &mut BTreeMap<String, Wording>, sink: &mut Sink| {
        let is_base = prefix.eq_ignore_ascii_case("en");
        let theirs = BUILT_IN[1..].iter().find(|(tag, _)| tag.eq_ignore_ascii_case(prefix));
        for (key, wording) in theirs.map(|(_, text)| file::built_in(text)).into_iter().flatten() {
            spoken.extend(english.get_key_value(&key).map(|(key, _)| key.as_str()));
            phrases.insert(key, wording);
        }
        for file in own.iter().filter(|file| file.tag.eq_ignore_ascii_case(prefix)) {
            let read = file::read(file, &english, phrases, sink);
            direction = read.direction.or(direction);
            unknown.extend(read.unknown);
            for (key, wording) in read.phrases {
                if !is_base {
                    spoken.extend(english.get_key_value(&key).map(|(key, _)| key.as_str()));
                }
                phrases.insert(key, wording);
            }
        }
    };
    lay("en", &mut phrases, sink);
    prefixes(tag).filter(|prefix| !prefix.eq_ignore_ascii_case("en")).for_each(|p| lay(p, &mut phrases, sink));
    let primary = prefixes(tag).next().unwrap_or_default();
    let missing = english.keys().filter(|key| !spoken.contains(key.as_str())).cloned();
    let missing = if primary.eq_ignore_ascii_case("en") { Vec::new() } else { missing.collect() };
    let by_tag = if RIGHT_TO_LEFT.contains(&primary.to_ascii_lowercase().as_str()) { "rtl" } else { "ltr" };
    let language = Language { tag: tag.to_owned(), direction: direction.unwrap_or(by_tag), phrases };
    Loaded { language: Arc::new(language), unknown, missing }
}

impl Language {
    /// BCP 47, for `lang`.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// `ltr` or `rtl`.
    pub fn direction(&self) -> &'static str {
        self.direction
    }

    /// A phrase, if there is one.
    pub fn phrase(&self, key: &str) -> Option<&Wording> {
        self.phrases.get(key)
    }

    /// All keys.
    pub fn keys(&self) -> impl Iterator<Item = &str> + Clone {
        self.phrases.keys().map(String::as_str)
    }

    /// A phrase with what stands in its placeholders.
    ///
    /// # Panics
    ///
    /// Where the built-in English file has no such phrase, which is our own mistake and seen by the tests.
    pub fn say(&self, key: &str, slots: &[(&str, &str)]) -> String {
        self.wording(key).say(Form::Other, slots)
    }

    /// A phrase without placeholders.
    pub fn word(&self, key: &str) -> String {
        self.say(key, &[])
    }

    /// A phrase in the form that goes with a number, which stands at `{count}`.
    pub fn count(&self, key: &str, n: usize, slots: &[(&str, &str)]) -> String {
        let number = self.number(n as u64);
        let mut all = vec![("count", number.as_str())];
        all.extend_from_slice(slots);
        self.wording(key).say(self.form(n as u64), &all)
    }

    /// Which form of a phrase goes with a number.
    pub fn form(&self, n: u64) -> Form {
        plural::form(&self.tag, n)
    }

    /// A day for people: `1 March 2026`.
    pub fn day(&self, day: Date) -> String {
        let (number, month, year) = (day.day().to_string(), self.month(day), day.year().to_string());
        let of_month = format!("{:02}", day.month());
        self.say("date", &[("day", &number), ("month", &month), ("number", &of_month), ("year", &year)])
    }

    /// The name of a day's month.
    pub fn month(&self, day: Date) -> String {
        self.word(&format!("month.{}", day.month()))
    }

    /// A count with its thousands apart.
    pub fn number(&self, n: u64) -> String {
        grouped(n, &self.word("number.thousands"))
    }

    /// A share in tenths of a per cent: `96.2 %`.
    pub fn per_cent(&self, tenths: u64) -> String {
        let whole = self.number(tenths / 10);
        let number = match tenths % 10 {
            0 => whole,
            tenth => format!("{whole}{}{tenth}", self.word("number.decimal")),
        };
        self.say("number.share", &[("number", &number)])
    }

    /// Words in a row, the last one after `and`.
    pub fn and(&self, words: &[String]) -> String {
        self.row("list.and", words)
    }

    /// Words in a row, the last one after `or`.
    pub fn or(&self, words: &[String]) -> String {
        self.row("list.or", words)
    }

    /// Words in a row with commas alone.
    pub fn row_of(&self, words: &[String]) -> String {
        words.join(&self.word("list.comma"))
    }

    fn row(&self, key: &str, words: &[String]) -> String {
        match words.split_last() {
            None => String::new(),
            Some((only, [])) => only.clone(),
            Some((last, rest)) => self.say(key, &[("rest", &self.row_of(rest)), ("last", last)]),
        }
    }

    fn wording(&self, key: &str) -> &Wording {
        self.phrases.get(key).unwrap_or_else(|| panic!("themes/ledger/lang/en.yaml has no phrase `{key}`"))
    }
}

/// A count with something between its thousands.
pub fn grouped(n: u64, between: &str) -> String {
    let digits = n.to_string();
    let first = (digits.len() + 2) % 3 + 1;
    let mut text = digits[..first].to_owned();
    for group in digits.as_bytes()[first..].chunks(3) {
        text.push_str(between);
        text.extend(group.iter().map(|digit| char::from(*digit)));
    }
    text
}
