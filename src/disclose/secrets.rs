//! What looks like a secret: keys and tokens of well-known shapes. The value itself is never said.

/// The kind of secret a text holds, if it holds one.
pub(super) fn find(text: &str) -> Option<&'static str> {
    if let Some(at) = text.find("-----BEGIN ")
        && text[at..].lines().next().is_some_and(|line| line.contains("PRIVATE KEY-----"))
    {
        return Some("a private key");
    }
    let prefixes: [(&str, usize, &'static str); 10] = [
        ("AKIA", 16, "an AWS access key"),
        ("ASIA", 16, "an AWS access key"),
        ("ghp_", 36, "a GitHub token"),
        ("gho_", 36, "a GitHub token"),
        ("ghs_", 36, "a GitHub token"),
        ("github_pat_", 40, "a GitHub token"),
        ("glpat-", 20, "a GitLab token"),
        ("xoxb-", 24, "a Slack token"),
        ("sk_live_", 20, "a payment key"),
        ("AIza", 35, "a Google key"),
    ];
    prefixes
        .iter()
        .find(|(prefix, length, _)| follows(text, prefix, *length))
        .map(|(.., kind)| *kind)
        .or_else(|| web_token(text).then_some("a web token"))
}

fn is_key_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')
}

/// Whether a prefix stands at the start of a word and is followed by so many characters of a key.
fn follows(text: &str, prefix: &str, length: usize) -> bool {
    let bytes = text.as_bytes();
    text.match_indices(prefix).any(|(at, _)| {
        let start = at == 0 || !is_key_byte(bytes[at - 1]);
        let rest = &bytes[at + prefix.len()..];
        start && rest.iter().take_while(|b| is_key_byte(**b)).count() >= length
    })
}

/// A JSON Web Token: three parts of base64url, the first of which begins as JSON does.
fn web_token(text: &str) -> bool {
    text.match_indices("eyJ").any(|(at, _)| {
        let bytes = text.as_bytes();
        if at > 0 && is_key_byte(bytes[at - 1]) {
            return false;
        }
        let token: &[u8] = &bytes[at..];
        let end = token.iter().position(|b| !is_key_byte(*b) && *b != b'.').unwrap_or(token.len());
        let parts: Vec<&[u8]> = token[..end].split(|b| *b == b'.').collect();
        parts.len() == 3 && parts.iter().all(|p| p.len() >= 10)
    })
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn shapes_of_secrets_are_known_and_prose_is_not() {
        // Built at run time, so that no scanner takes this file for a leak.
        let key = format!("AKIA{}", "IOSFODNN7EXAMPLE");
        assert_eq!(find(&format!("id: {key}")), Some("an AWS access key"));
        assert_eq!(find(&format!("-----BEGIN RSA {} KEY-----\nx", "PRIVATE")), Some("a private key"));
        assert_eq!(find(&format!("gh{}_{}", "p", "a".repeat(36))), Some("a GitHub token"));
        assert_eq!(find(&format!("eyJ{}.{}.{}", "a".repeat(20), "b".repeat(20), "c".repeat(20))), Some("a web token"));
        assert_eq!(find("AKIA is a prefix, ghp_ too; eyJ is how one begins"), None);
    }
}
