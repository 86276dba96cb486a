//! Tokens that nobody writes by chance, and a search that finds them however they are written.

use std::collections::{BTreeMap, BTreeSet};

use super::site::Tree;

/// Unique words, each with what it stands for. Letters alone, so that the leak gate, which leaves plain words to the
/// types, does not hide a hole in them.
#[derive(Default)]
pub(super) struct Tokens {
    places: Vec<String>,
}

const HEAD: &str = "Qz";
const TAIL: &str = "vK";
const LETTERS: usize = 5;

impl Tokens {
    /// A new token for a place.
    pub(super) fn of(&mut self, place: impl Into<String>) -> String {
        self.places.push(place.into());
        token(self.places.len() - 1)
    }

    /// Tokens, small letters, with what each stands for.
    pub(super) fn all(&self) -> BTreeMap<String, &str> {
        self.places.iter().enumerate().map(|(n, place)| (token(n).to_lowercase(), place.as_str())).collect()
    }
}

/// The n-th token: neighbours differ in every letter but those at the ends, and upper and lower case are mixed.
fn token(n: usize) -> String {
    let mut rest = (n + 1) * 7_919_017 % 11_881_376;
    let mut text = String::from(HEAD);
    for place in 0..LETTERS {
        let letter = b"abcdefghijklmnopqrstuvwxyz"[rest % 26];
        text.push(char::from(if place % 2 == 0 { letter } else { letter.to_ascii_uppercase() }));
        rest /= 26;
    }
    text + TAIL
}

/// Which of these tokens a tree holds, in any writing, with the file.
pub(super) fn find<'t>(tree: &Tree, tokens: &BTreeMap<String, &'t str>) -> BTreeSet<(String, &'t str)> {
    let mut found = BTreeSet::new();
    for (path, bytes) in tree {
        for reading in readings(path.as_bytes()).into_iter().chain(readings(bytes)) {
            for token in in_reading(&reading) {
                if let Some(place) = tokens.get(&token) {
                    found.insert((path.clone(), *place));
                }
            }
        }
    }
    found
}

/// What looks like a token.
fn in_reading(reading: &[u8]) -> impl Iterator<Item = String> {
    let length = HEAD.len() + LETTERS + TAIL.len();
    reading
        .windows(length)
        .filter(move |w| {
            w[..2].eq_ignore_ascii_case(HEAD.as_bytes()) && w[length - 2..].eq_ignore_ascii_case(TAIL.as_bytes())
        })
        .map(|w| String::from_utf8_lossy(w).to_lowercase())
}

/// Every way of reading some bytes: as they are, backwards, percent-encoded, as character references, with escapes, as
/// hexadecimal digits, as base64.
fn readings(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut list = vec![bytes.to_vec(), bytes.iter().rev().copied().collect()];
    list.push(numbers(bytes, b"%", 16, b""));
    list.push(numbers(bytes, b"&#", 10, b";"));
    list.push(numbers(bytes, b"&#x", 16, b";"));
    list.push(numbers(bytes, b"\\u", 16, b""));
    list.push(bytes.iter().filter(|b| !matches!(b, b'<' | b'>' | 0)).copied().collect());
    for shift in 0..2 {
        list.push(hexadecimal(bytes, shift));
    }
    for shift in 0..4 {
        list.push(base64(bytes, shift));
    }
    list
}

/// Numbers between two signs as the bytes they stand for.
fn numbers(bytes: &[u8], before: &[u8], radix: u32, after: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes[at..].strip_prefix(before).map(|rest| {
            let most = if before == b"%" { 2 } else { 4 };
            let length = rest.iter().take(most).take_while(|b| char::from(**b).is_digit(radix)).count();
            &rest[..length]
        });
        let value = digits.and_then(|d| u32::from_str_radix(std::str::from_utf8(d).ok()?, radix).ok());
        if let (Some(digits), Some(value)) = (digits, value.and_then(|v| u8::try_from(v).ok())) {
            out.push(value);
            at += before.len() + digits.len();
            at += if bytes[at..].starts_with(after) { after.len() } else { 0 };
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    out
}

fn hexadecimal(bytes: &[u8], shift: usize) -> Vec<u8> {
    let mut out = Vec::new();
    for run in bytes.split(|b| !b.is_ascii_hexdigit()).filter(|run| run.len() > shift + 16) {
        let digit = |b: u8| char::from(b).to_digit(16).unwrap_or(0) as u8;
        out.extend(run[shift..].chunks_exact(2).map(|pair| digit(pair[0]) * 16 + digit(pair[1])));
        out.push(b' ');
    }
    out
}

fn base64(bytes: &[u8], shift: usize) -> Vec<u8> {
    let value = |b: u8| match b {
        b'A'..=b'Z' => Some(b - b'A'),
        b'a'..=b'z' => Some(b - b'a' + 26),
        b'0'..=b'9' => Some(b - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    };
    let mut out = Vec::new();
    for run in bytes.split(|b| value(*b).is_none()).filter(|run| run.len() > shift + 8) {
        for group in run[shift..].chunks(4) {
            let bits =
                group.iter().fold(0_u32, |n, b| n << 6 | u32::from(value(*b).unwrap_or(0))) << (6 * (4 - group.len()));
            out.extend_from_slice(&bits.to_be_bytes()[1..]);
        }
        out.push(b' ');
    }
    out
}

/// A search that finds nothing proves nothing: each writing is found where it is planted.
#[test]
fn every_writing_of_a_token_is_found() {
    let mut tokens = Tokens::default();
    let token = tokens.of("a record's title");
    let other = tokens.of("a waiver's reason");
    let hex: String = token.bytes().fold(String::new(), |text, b| text + &format!("{b:02x}"));
    let swapped: String =
        token.chars().map(|c| if c.is_uppercase() { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() }).collect();
    let all = |before: &str, decimal: bool, after: &str| -> String {
        let number = |b: u8| if decimal { b.to_string() } else { format!("{b:02x}") };
        token.bytes().fold(String::new(), |text, b| text + &format!("{before}{}{after}", number(b)))
    };
    let writings = [
        token.clone(),
        token.to_lowercase(),
        token.to_uppercase(),
        swapped,
        format!("a-{}-slug", token.to_lowercase()),
        token.chars().rev().collect(),
        hex.clone(),
        hex.to_uppercase(),
        format!("0{hex}"),
        all("%", false, ""),
        all("&#", true, ";"),
        all("&#x", false, ";"),
        all("\\u00", false, ""),
        to_base64(token.as_bytes()),
        to_base64(format!("x{token}").as_bytes()),
        to_base64(format!("xy{}", token.to_lowercase()).as_bytes()),
    ];
    for writing in writings {
        let page = Tree::from([("index.html".to_owned(), format!("<p title=\"{writing}\">x</p>").into_bytes())]);
        assert_eq!(find(&page, &tokens.all()).len(), 1, "{writing}");
        let name = Tree::from([(format!("a/{writing}.html"), Vec::new())]);
        assert_eq!(find(&name, &tokens.all()).len(), 1, "{writing} in a name");
    }
    assert_ne!(token, other);
    let clean = Tree::from([("index.html".to_owned(), b"<p>Quartz and quizzes, qz and vk</p>".to_vec())]);
    assert!(find(&clean, &tokens.all()).is_empty());
}

fn to_base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |chunk: &[u8]| {
        let mut bytes = [0; 3];
        bytes[..chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes([0, bytes[0], bytes[1], bytes[2]]);
        (0..=chunk.len()).map(move |n| char::from(DIGITS[(bits >> (18 - 6 * n)) as usize & 63])).collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}
