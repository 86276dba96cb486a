//! Words and runs of words that are looked for, many thousands at once.
//!
//! Each phrase is found by the one of its words, or the two neighbours, that the fewest phrases share, so that a text costs
//! two lookups per word however many ids are forbidden and however alike their titles are: in a set of bits, which says no
//! to nearly every word of a text, and then by halving.

use std::ops::Range;

use super::readings::{BARRIER, fold};

/// How the words of a phrase may be parted in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    /// As in an id or address: by signs, and where it holds three digits or more by a space as well.
    Id,
    /// As in a title: by anything inside one block of text.
    Title,
    /// As in a name: by anything, even from one cell of a table to the next.
    Name,
}

/// Something looked for.
#[derive(Debug)]
pub(super) struct Phrase {
    /// Folded.
    text: Box<str>,
    /// The word it is found by, or the second of two neighbours.
    key: Range<u16>,
    /// Of the word, or of both.
    hash: u64,
    /// The last byte of the word before its key and the first of the one after, where they are ASCII.
    around: [Option<u8>; 2],
    joint: Joint,
    spaced: bool,
    /// What it is.
    pub(super) what: &'static str,
    /// As it was written.
    pub(super) shown: Box<str>,
}

/// Where a phrase was found.
#[derive(Debug, Clone)]
pub(super) struct Hit<'p> {
    /// The phrase.
    pub(super) phrase: &'p Phrase,
    /// Where in the reading.
    pub(super) range: Range<usize>,
}

/// What is looked for.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    /// In the order of their hashes.
    list: Vec<Phrase>,
    /// A bit for each hash.
    filter: Vec<u64>,
}

/// The places of all words of a text.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    each_word(text, |range| found.push(range));
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric()
}

/// Calls `each` with the place of every word: a run of letters and digits.
fn each_word(text: &str, mut each: impl FnMut(Range<usize>)) {
    let bytes = text.as_bytes();
    // How long a character of a word is, if one begins here.
    let part = |at: usize| match bytes.get(at) {
        Some(b) if b.is_ascii() => usize::from(b.is_ascii_alphanumeric()),
        Some(_) => text[at..].chars().next().filter(|c| is_word(*c)).map_or(0, char::len_utf8),
        None => 0,
    };
    let mut at = 0;
    while at < bytes.len() {
        let from = at;
        loop {
            match part(at) {
                0 => break,
                length => at += length,
            }
        }
        if from < at {
            each(from..at);
        }
        // What ended it, and the rest of its character where it has more than one byte.
        at += 1;
        while at < bytes.len() && !text.is_char_boundary(at) {
            at += 1;
        }
    }
}

/// The nearest bytes before and after a word that could be of a word themselves.
fn around(text: &str, word: &Range<usize>) -> [Option<u8>; 2] {
    let could_be = |b: &&u8| b.is_ascii_alphanumeric() || !b.is_ascii();
    let bytes = text.as_bytes();
    let before = bytes[..word.start].iter().rev().find(could_be).copied();
    [before, bytes[word.end..].iter().find(could_be).copied()]
}

/// In steps of eight bytes, for every word of every page has one.
fn hash(word: &str) -> u64 {
    let (eights, rest) = word.as_bytes().as_chunks::<8>();
    let hash = eights.iter().fold(word.len() as u64, |h, eight| pair(h, u64::from_le_bytes(*eight)));
    pair(hash, rest.iter().fold(0, |last, b| last << 8 | u64::from(*b)))
}

/// Of two numbers in this order, such as the hashes of neighbours.
fn pair(first: u64, second: u64) -> u64 {
    let mixed = (first.rotate_left(23) ^ second).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ mixed >> 32
}

/// Each word of a text, its own hash, and that of it and the word before.
fn keys<'w>(text: &'w str, words: &'w [Range<usize>]) -> impl Iterator<Item = (&'w Range<usize>, u64)> {
    let hash = |range: &Range<usize>| hash(&text[range.clone()]);
    let pairs = words.windows(2).map(move |two| (&two[1], pair(hash(&two[0]), hash(&two[1]))));
    words.iter().map(move |word| (word, hash(word))).chain(pairs)
}

impl Phrases {
    /// From texts with how they are parted and what they are. Those of one plain word, letters only, are left out.
    pub(super) fn new<'t>(texts: impl IntoIterator<Item = (&'t str, Joint, &'static str)>) -> Self {
        let mut list: Vec<(Phrase, Vec<Range<usize>>)> = Vec::new();
        let mut hashes: Vec<u64> = Vec::new();
        for (shown, joint, what) in texts {
            let text = fold(shown);
            let words = words(&text);
            let plain = words.len() < 2 && text.chars().all(|c| !c.is_alphanumeric() || c.is_alphabetic());
            if plain || text.len() > usize::from(u16::MAX) {
                continue;
            }
            hashes.extend(keys(&text, &words).map(|(_, hash)| hash));
            let spaced = text.bytes().filter(u8::is_ascii_digit).count() >= 3;
            list.push((
                Phrase {
                    text: text.into(),
                    key: 0..0,
                    hash: 0,
                    around: [None; 2],
                    joint,
                    spaced,
                    what,
                    shown: shown.into(),
                },
                words,
            ));
        }
        hashes.sort_unstable();
        let shared = |hash: u64| hashes.partition_point(|h| *h <= hash) - hashes.partition_point(|h| *h < hash);
        let mut list: Vec<Phrase> = list
            .into_iter()
            .map(|(mut phrase, words)| {
                // Of those equally rare the first, and so a word rather than two.
                let rarest =
                    keys(&phrase.text, &words).min_by_key(|(w, hash)| (shared(*hash), std::cmp::Reverse(w.len())));
                let (key, hash) = rarest.expect("a phrase that is no plain word has words");
                (phrase.key, phrase.hash) = (key.start as u16..key.end as u16, hash);
                phrase.around = around(&phrase.text, key).map(|beside| beside.filter(u8::is_ascii));
                phrase
            })
            .collect();
        list.sort_by(|a, b| a.hash.cmp(&b.hash).then_with(|| a.text.cmp(&b.text)).then_with(|| a.what.cmp(b.what)));
        list.dedup_by(|a, b| a.text == b.text && a.what == b.what && a.joint == b.joint);
        let mut filter = vec![0_u64; (list.len() * 16).next_power_of_two().clamp(64, 1 << 22) / 64];
        for phrase in &list {
            let bit = phrase.hash as usize % (filter.len() * 64);
            filter[bit / 64] |= 1 << (bit % 64);
        }
        Self { list, filter }
    }

    /// Everything found in a folded reading, in the order of their keys' places.
    pub(super) fn search(&self, reading: &str) -> Vec<Hit<'_>> {
        let mut hits = Vec::new();
        if self.list.is_empty() {
            return hits;
        }
        let mut before = 0;
        each_word(reading, |at| {
            let own = hash(&reading[at.clone()]);
            let mut beside = None;
            for hash in [own, pair(before, own)] {
                for phrase in self.by_hash(hash) {
                    if phrase.may_be(*beside.get_or_insert_with(|| around(reading, &at))) {
                        hits.extend(phrase.found(reading, &at).map(|range| Hit { phrase, range }));
                    }
                }
            }
            before = own;
        });
        hits
    }

    /// The phrases whose key has this hash; nearly always none.
    fn by_hash(&self, hash: u64) -> impl Iterator<Item = &Phrase> {
        let bit = hash as usize % (self.filter.len() * 64);
        let some = self.filter[bit / 64] & 1 << (bit % 64) != 0;
        let first = if some { self.list.partition_point(|phrase| phrase.hash < hash) } else { self.list.len() };
        self.list[first..].iter().take_while(move |phrase| phrase.hash == hash)
    }
}

impl Phrase {
    fn key(&self) -> &str {
        &self.text[usize::from(self.key.start)..usize::from(self.key.end)]
    }

    /// How many bytes of it are letters and digits.
    pub(super) fn weight(&self) -> usize {
        self.text.bytes().filter(|b| b.is_ascii_alphanumeric() || *b >= 0x80).count()
    }

    /// Whether it can stand in a reading where its key does, by what stands beside that. Most do not, and this is quick.
    fn may_be(&self, beside: [Option<u8>; 2]) -> bool {
        self.around.iter().zip(beside).all(|(want, have)| match (want, have) {
            (Some(want), Some(have)) => *want == have || !have.is_ascii(),
            (Some(_), None) => false,
            (None, _) => true,
        })
    }

    /// Where it stands in a reading, if its key does at `key`.
    fn found(&self, reading: &str, key: &Range<usize>) -> Option<Range<usize>> {
        // Two words may have the same hash.
        if reading[key.clone()] != *self.key() {
            return None;
        }
        let (mut want, mut have) = (&self.text[usize::from(self.key.end)..], &reading[key.end..]);
        while let Some(from) = want.find(is_word) {
            let gap = have.find(is_word)?;
            if !self.joins(&want[..from], &have[..gap]) {
                return None;
            }
            let next = want[from..].find(|c| !is_word(c)).map_or(want.len(), |at| from + at);
            let end = have[gap..].find(|c| !is_word(c)).map_or(have.len(), |at| gap + at);
            if want[from..next] != have[gap..end] {
                return None;
            }
            (want, have) = (&want[next..], &have[end..]);
        }
        let end = reading.len() - have.len();
        let (mut want, mut have) = (&self.text[..usize::from(self.key.start)], &reading[..key.start]);
        while let Some(last) = want.char_indices().rfind(|(_, c)| is_word(*c)) {
            let until = last.0 + last.1.len_utf8();
            let (at, c) = have.char_indices().rfind(|(_, c)| is_word(*c))?;
            let gap = at + c.len_utf8();
            if !self.joins(&want[until..], &have[gap..]) {
                return None;
            }
            let start =
                |text: &str| text.char_indices().rfind(|(_, c)| !is_word(*c)).map_or(0, |(at, c)| at + c.len_utf8());
            let (from, begin) = (start(&want[..until]), start(&have[..gap]));
            if want[from..until] != have[begin..gap] {
                return None;
            }
            (want, have) = (&want[..from], &have[..begin]);
        }
        Some(have.len()..end)
    }

    /// Whether what parts two words in a text may stand where `wanted` parts them in the phrase.
    fn joins(&self, wanted: &str, gap: &str) -> bool {
        match self.joint {
            Joint::Id if wanted.contains(['@', '/']) => gap == wanted,
            Joint::Id => {
                let signs = gap.len() <= 3 && gap.chars().all(|c| "-._~+:".contains(c));
                !gap.is_empty() && (signs || self.spaced && gap == " ")
            }
            Joint::Title => gap.len() <= 64 && !gap.contains(BARRIER),
            Joint::Name => gap.len() <= 64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(phrase: &str, joint: Joint, text: &str) -> bool {
        !Phrases::new([(phrase, joint, "x")]).search(&fold(text)).is_empty()
    }

    #[test]
    fn ids_keep_their_signs() {
        let id = |text: &str| finds("a.lead", Joint::Id, text);
        assert!(id("by a.lead.") && id("A-Lead") && id("(a_lead)"));
        assert!(!id("a lead engineer") && !id("a, lead") && !id("a.leader") && !id("aa.lead"));
        let numbered = |text: &str| finds("CHG-2026-0142", Joint::Id, text);
        assert!(numbered("chg 2026 0142") && numbered("CHG–2026–0142") && numbered("/CHG-2026-0142/"));
        assert!(!numbered("CHG-2026-01421") && !numbered("xCHG-2026-0142") && !numbered("CHG-2026, 0142"));
    }

    #[test]
    fn names_cross_cells_and_titles_do_not() {
        assert!(finds("Hanna Lindqvist", Joint::Name, "hanna\u{1}\u{1}lindqvist"));
        assert!(finds("Access control", Joint::Title, "Access\n   control"));
        assert!(!finds("Access control", Joint::Title, "access\u{1}control"));
    }

    #[test]
    fn titles_that_share_every_word_are_found_by_two() {
        let titles: Vec<String> =
            (0..9).flat_map(|a| (0..9).map(move |b| format!("Team {a} policy {b}"))).chain(["4".repeat(3)]).collect();
        let phrases = Phrases::new(titles.iter().map(|title| (title.as_str(), Joint::Title, "x")));
        let found =
            |text: &str| phrases.search(text).iter().map(|hit| hit.phrase.shown.to_string()).collect::<Vec<_>>();
        for title in &titles {
            assert_eq!(found(&fold(&format!("The {title}, 2026"))), [title.as_str()]);
        }
        assert_eq!(found("team 4 policies 4 policy 5"), [""; 0]);
    }

    #[test]
    fn plain_words_are_left_out() {
        assert!(!finds("privacy", Joint::Id, "privacy"));
        assert!(finds("p1", Joint::Id, "p1"));
    }

    #[test]
    fn an_address_is_found_by_any_of_its_words() {
        for key in ["x@b.example", "a.b@x.example"] {
            let address = "a.b@b.example";
            let phrases = Phrases::new([(address, Joint::Id, "x"), (key, Joint::Id, "y")]);
            assert_eq!(phrases.search("mailto:a.b@b.example").len(), 1, "{key}");
        }
        assert!(!finds("a@b.example", Joint::Id, "a b.example"));
    }
}
