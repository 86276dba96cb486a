//! Something random behind a word that names a secret: `password=…`, `api_token: …`, `Bearer …`.
//!
//! Careful rather than complete: what people write for people (words, ids, paths, commits, digests, UUIDs, placeholders)
//! is none, however long it is.

use memchr::memmem;

use super::{Secret, is_masked};

/// What the word before the sign ends in.
const NAMES: [&str; 15] = [
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "api_key",
    "api-key",
    "apikey",
    "access_key",
    "access-key",
    "accesskey",
    "private_key",
    "signing_key",
    "credential",
];

/// How short a value cannot be guessed to be random.
const LEAST: usize = 16;

/// Adds every value of this kind.
pub(super) fn find(text: &str, found: &mut Vec<Secret>) {
    let bytes = text.as_bytes();
    for at in memchr::memchr2_iter(b':', b'=', bytes) {
        if is_named(&bytes[..at]) {
            value(bytes, at + 1, "a password or token", found);
        }
    }
    for at in memmem::find_iter(bytes, "earer ") {
        value(bytes, at + "earer ".len(), "a bearer token", found);
    }
}

/// Whether a name of a secret stands right before the sign, quotes and blanks aside.
fn is_named(before: &[u8]) -> bool {
    let end = before.iter().rposition(|b| !matches!(b, b' ' | b'"' | b'\'')).map_or(0, |at| at + 1);
    // Most signs stand behind other words: their last letters say so.
    let [.., next, last] = &before[..end] else { return false };
    let ending = [next.to_ascii_lowercase(), last.to_ascii_lowercase()];
    if !matches!(&ending, b"rd" | b"wd" | b"se" | b"et" | b"en" | b"ey" | b"al") {
        return false;
    }
    NAMES.iter().any(|name| end >= name.len() && before[end - name.len()..end].eq_ignore_ascii_case(name.as_bytes()))
}

/// The value from here on, if it is random.
fn value(bytes: &[u8], from: usize, kind: &'static str, found: &mut Vec<Secret>) {
    let skipped = bytes[from..].iter().take(8).take_while(|b| matches!(b, b' ' | b'"' | b'\'' | b'=' | b'>')).count();
    let start = from + skipped;
    let is_part = |b: &u8| {
        b.is_ascii_graphic()
            && !matches!(b, b'"' | b'\'' | b',' | b';' | b'`' | b'<' | b'>' | b'(' | b')' | b'[' | b']' | b'{' | b'}')
    };
    let length = bytes[start..].iter().take_while(|b| is_part(b)).count();
    let Ok(text) = std::str::from_utf8(&bytes[start..start + length]) else { return };
    if !is_masked(text) && is_random(text) {
        found.push(Secret { at: start, length, kind });
    }
}

fn is_random(value: &str) -> bool {
    if value.len() < LEAST || value.contains("://") || value.contains(['$', '%', '*']) && value.len() < 2 * LEAST {
        return false;
    }
    let hex = value.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'a'..=b'f'));
    if hex {
        // Forty are a commit, sixty-four a digest: those are what records hold. Few letters repeat in what is random.
        return value.len() >= 32 && !matches!(value.len(), 40 | 64) && entropy(value) >= 3.0;
    }
    // Words, ids and paths are parted; in what is random, one part is long and changes its kind of letter all the time.
    let part = value.split(['/', '.', '-', '_', ':', '@']).max_by_key(|part| part.len()).unwrap_or_default();
    let of = |is: fn(&char) -> bool| part.chars().filter(is).count();
    let mixed = of(char::is_ascii_uppercase) >= 2 && of(char::is_ascii_lowercase) >= 2 && of(char::is_ascii_digit) >= 2;
    part.len() >= 12 && mixed && entropy(part) >= 3.0 && restless(part)
}

/// Whether neighbours are mostly of different kinds: capital, small, digit, other.
fn restless(part: &str) -> bool {
    let kind = |b: u8| (b.is_ascii_uppercase(), b.is_ascii_lowercase(), b.is_ascii_digit());
    let changes = part.as_bytes().windows(2).filter(|pair| kind(pair[0]) != kind(pair[1])).count();
    changes * 100 >= (part.len() - 1) * 42
}

/// Bits per character.
fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    text.bytes().for_each(|b| counts[usize::from(b)] += 1);
    let all = f64::from(text.len() as u32);
    let share = |n: u32| f64::from(n) / all;
    counts.iter().filter(|n| **n > 0).map(|n| -share(*n) * share(*n).log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::super::in_document;

    fn kind(text: &str) -> Option<&'static str> {
        in_document(text).first().map(|s| s.kind)
    }

    /// Put together at run time, so that no scanner takes this file for a leak.
    fn random() -> String {
        ["k8Zq3", "TnW7r", "Yp2Ld", "9xVb4"].concat()
    }

    #[test]
    fn what_is_random_behind_a_name_is_found_however_it_is_written() {
        let value = random();
        for text in [
            format!("password={value}"),
            format!("DB_PASSWORD: {value}"),
            format!("  api_token: \"{value}\"\n"),
            format!("{{\"client_secret\": \"{value}\"}}"),
            format!("curl -H 'Authorization: Bearer {value}'"),
            format!("passwd := '{value}'"),
            format!("token: {}", "0f3a9c71d2b84e65".repeat(2)),
        ] {
            assert!(kind(&text).is_some(), "{text}");
            let masked = super::super::mask(text.clone(), &in_document(&text));
            assert!(!masked.contains(&value[4..]) && masked.len() == text.len(), "{masked}");
            assert_eq!(in_document(&masked), [], "{masked}");
        }
    }

    #[test]
    fn every_name_is_known_by_its_end() {
        for name in super::NAMES {
            for name in [name.to_owned(), name.to_uppercase(), format!("my_{name}")] {
                assert!(super::is_named(format!("{name}\" ").as_bytes()), "{name}");
            }
        }
        assert!(!super::is_named(b"n") && !super::is_named(b" "));
    }

    #[test]
    fn what_people_write_for_people_is_none() {
        let commit = "3f5c2a9be07d41c68f90aa17b2ce5d8a6417f0e3";
        for text in [
            format!("commit: {commit}"),
            format!("token: {commit}"),
            format!("token: sha256:{commit}{}", &commit[..24]),
            "request token: 550e8400-e29b-41d4-a716-446655440000".to_owned(),
            "password: at least 16 characters, of which two are digits".to_owned(),
            "token: rotate-the-signing-keys-of-2026".to_owned(),
            "secret: MyServiceKeyRotation2026".to_owned(),
            "secret: vault/kv/Prod2024/Key1/Signing".to_owned(),
            "password: ${DATABASE_PASSWORD_2026}".to_owned(),
            "api_key: CHG-2026-0142-EMERGENCY-RELEASE".to_owned(),
            "token: https://Vault.example.com/K1/a2B3c4D5e6F7".to_owned(),
            "![x](data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4)".to_owned(),
            "the token:\nxxxxxxxxxxxxxxxxxxxxxxxxxx".to_owned(),
        ] {
            assert_eq!(kind(&text), None, "{text}");
        }
    }
}
