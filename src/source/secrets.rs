//! What looks like a secret: keys and tokens of well-known shapes. The value itself is never said.
//!
//! [`find`] goes by shape alone, so that prose, digests and asset names never fire: a prefix that nobody writes by chance,
//! and behind it as many characters as the token has. In documents, [`in_document`] also looks for something random behind
//! a word such as `password:` or `token=`. That is a guess, so it is made where it can be turned off, and not in the leak
//! gate, where it could not.

mod named;
mod runs;

use memchr::memmem;

/// A secret that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Secret {
    /// Where it begins.
    pub at: usize,
    /// How long what was recognised is.
    pub length: usize,
    /// What it is.
    pub kind: &'static str,
}

/// What characters stand behind a prefix.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Alphabet {
    /// Capital letters and digits.
    Upper,
    /// Small hexadecimal digits.
    Hex,
    /// Letters, digits, `_` and `-`.
    Key,
    /// The same, and dots.
    Dotted,
}

impl Alphabet {
    fn has(self, b: u8) -> bool {
        match self {
            Self::Upper => b.is_ascii_uppercase() || b.is_ascii_digit(),
            Self::Hex => b.is_ascii_digit() || matches!(b, b'a'..=b'f'),
            Self::Key => is_key(b),
            Self::Dotted => is_key(b) || b == b'.',
        }
    }
}

struct Shape {
    prefix: &'static str,
    alphabet: Alphabet,
    /// At least so many.
    least: usize,
    kind: &'static str,
}

const fn shape(prefix: &'static str, alphabet: Alphabet, least: usize, kind: &'static str) -> Shape {
    Shape { prefix, alphabet, least, kind }
}

use Alphabet::{Dotted, Hex, Key, Upper};

const SHAPES: &[Shape] = &[
    shape("AKIA", Upper, 16, "an AWS access key"),
    shape("ASIA", Upper, 16, "an AWS access key"),
    shape("ghp_", Key, 36, "a GitHub token"),
    shape("gho_", Key, 36, "a GitHub token"),
    shape("ghu_", Key, 36, "a GitHub token"),
    shape("ghs_", Key, 36, "a GitHub token"),
    shape("ghr_", Key, 36, "a GitHub token"),
    shape("github_pat_", Key, 40, "a GitHub token"),
    shape("glpat-", Key, 20, "a GitLab token"),
    shape("gldt-", Key, 20, "a GitLab token"),
    shape("glrt-", Key, 20, "a GitLab token"),
    shape("xoxb-", Key, 24, "a Slack token"),
    shape("xoxp-", Key, 24, "a Slack token"),
    shape("xoxa-", Key, 24, "a Slack token"),
    shape("xapp-", Key, 24, "a Slack token"),
    shape("sk_live_", Key, 20, "a payment key"),
    shape("rk_live_", Key, 20, "a payment key"),
    shape("sk_test_", Key, 20, "a payment key"),
    shape("whsec_", Key, 24, "a payment key"),
    shape("AIza", Key, 35, "a Google key"),
    shape("GOCSPX-", Key, 24, "a Google key"),
    shape("ya29.", Dotted, 40, "a Google token"),
    shape("npm_", Key, 36, "an npm token"),
    shape("pypi-AgEI", Key, 40, "a PyPI token"),
    shape("SG.", Dotted, 60, "a mail service's key"),
    shape("sk-ant-", Key, 40, "an API key"),
    shape("sk-proj-", Key, 40, "an API key"),
    shape("hvs.", Key, 24, "a vault token"),
    shape("dop_v1_", Hex, 64, "a cloud token"),
    shape("dckr_pat_", Key, 20, "a registry token"),
    shape("dapi", Hex, 32, "a data platform's token"),
    shape("shpat_", Hex, 32, "a shop's token"),
    shape("ATATT3", Key, 60, "an Atlassian token"),
    shape("glsa_", Key, 32, "a Grafana token"),
    shape("lin_api_", Key, 32, "an API key"),
    shape("sntrys_", Key, 40, "an API token"),
    shape("AGE-SECRET-KEY-1", Upper, 50, "a private key"),
];

/// Every secret a text holds.
pub fn find(text: &str) -> Vec<Secret> {
    let mut found = Vec::new();
    // The shortest is a password in an address; most texts that are looked at are words of one line.
    if text.len() >= 12 {
        runs::each(text.as_bytes(), |start, end| in_run(text, start, end, &mut found));
        private_keys(text, &mut found);
        passwords_in_addresses(text, &mut found);
        found.sort_by_key(|secret| secret.at);
    }
    found
}

/// Every secret a document holds, guesses included, none inside another.
pub fn in_document(text: &str) -> Vec<Secret> {
    let mut found = find(text);
    named::find(text, &mut found);
    found.sort_by_key(|secret| (secret.at, std::cmp::Reverse(secret.length)));
    let mut end = 0;
    found.retain(|secret| {
        let apart = secret.at >= end;
        end = end.max(secret.at + secret.length);
        apart
    });
    found
}

/// What stands in place of a secret's characters. It has no meaning in YAML or markdown, and no secret is made of it alone.
const MASK: char = 'x';

/// Overwrites secrets, so that every line and column stays where it is. A private key keeps its lines.
pub fn mask(text: String, secrets: &[Secret]) -> String {
    if secrets.is_empty() {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for secret in secrets {
        out.push_str(&text[from..secret.at]);
        let value = &text[secret.at..secret.at + secret.length];
        for c in value.chars() {
            // As many bytes as before: spans are counted in them.
            let mask = if c.is_whitespace() { c } else { MASK };
            (0..c.len_utf8() / mask.len_utf8()).for_each(|_| out.push(mask));
        }
        from = secret.at + secret.length;
    }
    out.push_str(&text[from..]);
    out
}

/// A text in which every secret is replaced by an ellipsis.
pub fn masked(text: &str) -> String {
    let mut out = String::new();
    let mut from = 0;
    for secret in find(text) {
        if secret.at >= from {
            out.push_str(&text[from..secret.at]);
            out.push('…');
            from = secret.at + secret.length;
        }
    }
    out.push_str(&text[from..]);
    out
}

/// Whether somebody has masked it already: we, or its author.
fn is_masked(value: &str) -> bool {
    value.chars().all(|c| matches!(c, MASK | '*' | '.' | ':' | '…'))
}

const fn is_key(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')
}

/// Looks in a run of letters, digits, `_`, `-` and dots. A token begins where a word does.
fn in_run(text: &str, start: usize, end: usize, found: &mut Vec<Secret>) {
    let bytes = text.as_bytes();
    let mut at = start;
    while at < end {
        let begins = at == start || !bytes[at - 1].is_ascii_alphanumeric();
        if !begins || !FIRST[usize::from(bytes[at])] {
            at += 1;
            continue;
        }
        let length = token(&bytes[at..end]).or_else(|| web_token(&bytes[at..end]).map(|n| (n, "a web token")));
        if let Some((length, kind)) = length {
            found.push(Secret { at, length, kind });
            at += length;
        } else {
            at += 1;
        }
    }
}

/// With which bytes a token begins.
static FIRST: [bool; 256] = {
    let mut first = [false; 256];
    first[b'e' as usize] = true; // a web token
    let mut n = 0;
    while n < SHAPES.len() {
        first[SHAPES[n].prefix.as_bytes()[0] as usize] = true;
        n += 1;
    }
    first
};

fn token(run: &[u8]) -> Option<(usize, &'static str)> {
    SHAPES.iter().find_map(|shape| {
        let rest = run.strip_prefix(shape.prefix.as_bytes())?;
        let length = rest.iter().take_while(|b| shape.alphabet.has(**b)).count();
        // A word made of hyphened prose has no digit in it.
        let random = rest[..length].iter().any(u8::is_ascii_digit) || shape.alphabet == Upper;
        (length >= shape.least && random).then_some((shape.prefix.len() + length, shape.kind))
    })
}

/// A JSON Web Token: three parts of base64url, the first of which begins as JSON does.
fn web_token(run: &[u8]) -> Option<usize> {
    if !run.starts_with(b"eyJ") {
        return None;
    }
    let mut parts = run.split(|b| *b == b'.');
    let lengths = [parts.next()?.len(), parts.next()?.len(), parts.next()?.len()];
    lengths.iter().all(|n| *n >= 10).then(|| lengths.iter().sum::<usize>() + 2)
}

fn private_keys(text: &str, found: &mut Vec<Secret>) {
    for at in memmem::find_iter(text.as_bytes(), "-----BEGIN ") {
        let line = text[at..].split(['\n', '\\', '<']).next().unwrap_or_default();
        if line.contains("PRIVATE KEY") {
            let length =
                text[at..].find("-----END").unwrap_or_else(|| line.len() + key_lines(&text[at + line.len()..]));
            found.push(Secret { at, length, kind: "a private key" });
        }
    }
}

/// How far the lines of a key reach that has no end: lines of one long run of letters, digits, `+`, `/` and `=`.
fn key_lines(text: &str) -> usize {
    let is_of_key = |line: &str| {
        let line = line.trim();
        line.len() >= 16 && line.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
    };
    let lines = text.split_inclusive('\n').skip(usize::from(text.starts_with('\n')));
    let reach: usize = lines.take_while(|line| is_of_key(line)).map(|line| line.trim_end().len() + 1).sum();
    if reach == 0 { 0 } else { (reach + usize::from(text.starts_with('\n')) - 1).min(text.len()) }
}

/// `https://user:password@host`.
fn passwords_in_addresses(text: &str, found: &mut Vec<Secret>) {
    for at in memmem::find_iter(text.as_bytes(), "://") {
        let rest = &text[at + 3..];
        let end = rest.bytes().position(|b| !(is_key(b) || b":@.%+!$*~".contains(&b))).unwrap_or(rest.len());
        let Some((user, _)) = rest[..end].split_once('@') else { continue };
        if user.split_once(':').is_some_and(|(name, word)| !name.is_empty() && word.len() >= 6 && !is_masked(user)) {
            found.push(Secret { at: at + 3, length: user.len(), kind: "a password in an address" });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Option<&'static str> {
        find(text).first().map(|s| s.kind)
    }

    /// A token of each shape. Built at run time, so that no scanner takes this file for a leak.
    fn of_shape(shape: &Shape) -> String {
        let tail: String = match shape.alphabet {
            Upper => "Q7".repeat(40),
            Hex => "a7".repeat(40),
            Key => "Ab1_".repeat(20),
            Dotted => "Ab1.".repeat(20),
        };
        format!("{}{}", shape.prefix, &tail[..shape.least])
    }

    #[test]
    fn every_shape_is_known_wherever_it_stands_and_masked() {
        for shape in SHAPES {
            let token = of_shape(shape);
            for text in [token.clone(), format!("key={token}&x"), format!("\"{token}\""), format!("a-{token}")] {
                assert_eq!(kind(&text), Some(shape.kind), "{}", shape.prefix);
                assert!(!masked(&text).contains(&token[shape.prefix.len()..]), "{}", shape.prefix);
            }
            assert_eq!(kind(&token[..token.len() - 1]), None, "{} cut short", shape.prefix);
            assert_eq!(kind(&format!("x{token}")), None, "{} inside a word", shape.prefix);
        }
    }

    #[test]
    fn shapes_without_a_prefix_are_known() {
        assert_eq!(kind(&format!("-----BEGIN RSA {} KEY-----\nx", "PRIVATE")), Some("a private key"));
        assert_eq!(kind(&format!("eyJ{}.{}.{}", "a".repeat(20), "b".repeat(20), "c".repeat(20))), Some("a web token"));
        assert_eq!(kind("see https://deploy:hunter22@git.example/x"), Some("a password in an address"));
    }

    #[test]
    fn prose_and_digests_are_none() {
        for text in [
            "AKIA is a prefix, ghp_ too; eyJ is how one begins",
            "https://example.com/@someone and mailto:a@b.example, http://localhost:8080/x@y",
            "assets/ledger.0123456789abcdef.css",
            "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "-----BEGIN PUBLIC KEY-----",
            "npm_a-long-word-that-somebody-made-of-many-words",
        ] {
            assert_eq!(kind(text), None, "{text}");
        }
    }
}
