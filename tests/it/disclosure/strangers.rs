//! Fault 20: nobody's name and nobody's address in anything public, but the addresses that tickmark.yaml publishes.
//!
//! The leak gate looks for what people.yaml knows; this looks for whatever has the shape of an address, in the public trees
//! of every corpus there is, and for every name of their people.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::site::{Site, Tree};

/// Policies that `init` begins with.
const BUNDLED: [&str; 5] = ["starter", "five-stage", "soc2-change", "github-flow", "git-native"];

/// Every corpus: its name, and a site of its own with it.
fn corpora() -> Vec<(String, Site)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let demonstration = Site::new([]);
    for name in
        ["tickmark.yaml", "people.yaml", "policies", "changes", "waivers", "content", "static", "themes", "reports"]
    {
        add(root, name, &demonstration);
    }
    let faults = Site::new([]);
    for name in ["tickmark.yaml", "people.yaml", "policies", "changes", "content", "static"] {
        add(&root.join("tests/faults/site"), name, &faults);
    }
    let mut list = vec![
        ("the demonstration".to_owned(), demonstration),
        ("the site of the fault cases".to_owned(), faults),
        ("the harbour".to_owned(), Site::harbour()),
    ];
    for name in BUNDLED {
        let site = Site::new([]);
        let made = Command::new(env!("CARGO_BIN_EXE_tickmark"))
            .args(["init", "--policy", name, "."])
            .current_dir(site.root())
            .output()
            .expect("the program starts");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        list.push((format!("init --policy {name}"), site));
    }
    list
}

/// What a tree says of people: addresses but those given, and these names.
fn strangers(tree: &Tree, given: &[String], names: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, bytes) in tree.iter().filter(|(path, _)| !path.starts_with("assets/fonts/")) {
        let text = String::from_utf8_lossy(bytes);
        // Compressed bytes have the shape of anything by chance; what they say stands beside them as text.
        if !path.ends_with(".pdf") {
            let strange = addresses(&text).into_iter().filter(|address| !given.contains(address));
            found.extend(strange.map(|address| format!("{path} gives the address {address}")));
        }
        let named = names.iter().filter(|name| text.contains(name.as_str()) || path.contains(name.as_str()));
        found.extend(named.map(|name| format!("{path} names {name}")));
    }
    found
}

/// The values of a key, wherever it stands in a text of lines.
fn values(text: &str, key: &str) -> Vec<String> {
    let begin = format!("{key}:");
    let lines = text.lines().map(|line| line.trim().trim_start_matches("- ").trim_start_matches('{'));
    lines
        .flat_map(|line| line.split(", "))
        .filter_map(|part| part.strip_prefix(begin.as_str())?.split(" #").next())
        .map(|value| value.trim().trim_matches(['"', '\'', '}']).to_owned())
        .collect()
}

#[test]
fn nobody_is_named_in_public() {
    for (name, site) in corpora() {
        let read = |path: &str| fs::read_to_string(site.root().join(path)).unwrap_or_default();
        let (configuration, people) = (read("tickmark.yaml"), read("people.yaml"));
        let given = [values(&configuration, "contact"), values(&configuration, "security_contact")].concat();
        let people = values(&people, "name");
        assert!(!given.is_empty() && !people.is_empty(), "{name}: {given:?} {people:?}");
        let public = site.published();
        assert!(public.len() > 8, "{name}");
        assert_eq!(strangers(&public, &given, &people), [""; 0], "{name}");
    }
}

#[test]
fn who_is_planted_is_seen() {
    let site = Site::harbour();
    site.write("content/about.md", b"---\ntitle: About us\n---\nAsk jonathan@harbour.example or Jonathan Harker.\n");
    let names = ["Jonathan Harker".to_owned()];
    let found = strangers(&site.published(), &["trust@harbour.example".to_owned()], &names);
    for expected in
        ["about/index.html gives the address jonathan@harbour.example", "about/index.html names Jonathan Harker"]
    {
        assert!(found.iter().any(|f| f == expected), "{found:?}");
    }
    assert!(found.iter().any(|f| f.contains("security@harbour.example")), "none but those given: {found:?}");
    assert_eq!(addresses("x a.b+c@d-e.example, y @z <i@j.example>"), ["a.b+c@d-e.example", "i@j.example"]);
}

fn add(root: &Path, path: &str, copy: &Site) {
    let full = root.join(path);
    if full.is_dir() {
        for entry in fs::read_dir(&full).expect("a folder") {
            let name = entry.expect("an entry").file_name();
            add(root, &format!("{path}/{}", name.to_string_lossy()), copy);
        }
    } else if let Ok(bytes) = fs::read(&full) {
        copy.write(path, &bytes);
    }
}

/// What looks like an address.
fn addresses(text: &str) -> Vec<String> {
    let part = |c: char| c.is_ascii_alphanumeric() || "._+-".contains(c);
    text.match_indices('@')
        .filter_map(|(at, _)| {
            let start =
                text[..at].rfind(|c| !part(c)).map_or(0, |i| i + text[i..].chars().next().map_or(1, char::len_utf8));
            let end = text[at + 1..].find(|c| !part(c)).map_or(text.len(), |i| at + 1 + i);
            let host = text[at + 1..end].trim_end_matches('.');
            (start < at && host.contains('.') && !host.ends_with(|c: char| c.is_ascii_digit()))
                .then(|| format!("{}@{host}", &text[start..at]))
        })
        .collect()
}
