//! Rules about what stands around the code: the README's commands, the checks' cases, the theme, ARCHITECTURE.md's claims,
//! and what a committed file must not hold.

use std::collections::BTreeSet;

use super::code::Complaints;
use super::rust::{Files, functions};

/// The commands that `--help` lists, without `help` itself.
fn commands_of(help: &str) -> BTreeSet<String> {
    let listed = help.lines().skip_while(|l| l.trim() != "Commands:").skip(1).take_while(|l| !l.trim().is_empty());
    let names =
        listed.filter(|l| l.starts_with("  ") && !l.starts_with("   ")).filter_map(|l| l.split_whitespace().next());
    names.filter(|n| *n != "help").map(str::to_owned).collect()
}

/// The commands that a text tells people to type, in fences and between backticks.
fn commands_in(text: &str) -> BTreeSet<String> {
    let mut fenced = false;
    let mut typed = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
        } else if fenced {
            typed.extend(line.split("&&").map(str::trim));
        } else {
            typed.extend(line.split('`').skip(1).step_by(2));
        }
    }
    let program = |line: &str| {
        let line = line.trim_start_matches("$ ");
        let rest = line
            .strip_prefix("tickmark ")
            .or_else(|| line.strip_prefix("cargo run ")?.split_once("-- ").map(|(_, r)| r))?;
        rest.split_whitespace()
            .next()
            .filter(|w| w.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
            .filter(|w| !w.starts_with('-'))
            .map(str::to_owned)
    };
    typed.into_iter().filter_map(program).collect()
}

/// The README shows the commands that there are, all of them and no others.
pub(crate) fn readme_commands(readme: &str, help: &str) -> Complaints {
    let (there, shown) = (commands_of(help), commands_in(readme));
    let missing = there.difference(&shown).map(|c| format!("README.md: does not speak of `tickmark {c}`"));
    let unknown = shown.difference(&there).map(|c| format!("README.md: `tickmark {c}` is not in --help"));
    let none = there.is_empty().then(|| "--help lists no commands".to_owned());
    missing.chain(unknown).chain(none).collect()
}

/// Every kind of check has its cases. There are cases about other things, too.
pub(crate) fn check_cases(files: &Files) -> Complaints {
    let names = |folder: &str, kind: &str| -> BTreeSet<String> {
        let below = files.keys().filter_map(|f| f.strip_prefix(folder)?.strip_suffix(kind));
        below.filter(|n| !n.contains('/') && !["mod", "README"].contains(n)).map(str::to_owned).collect()
    };
    let (kinds, cases) = (names("src/judge/checks/", ".rs"), names("tests/checks/", ".md"));
    let bare =
        kinds.difference(&cases).map(|k| format!("src/judge/checks/{k}.rs: has no cases in tests/checks/{k}.md"));
    let none = kinds.is_empty().then(|| "src/judge/checks holds no check".to_owned());
    bare.chain(none).collect()
}

/// Every file of the built-in theme is built in.
pub(crate) fn theme_built_in(files: &Files, theme: &[String]) -> Complaints {
    let Some(builtin) = files.get("src/render/builtin.rs") else {
        return vec!["src/render/builtin.rs: the file that names the theme's files is gone".to_owned()];
    };
    let languages = files.get("src/language/mod.rs").map_or("", String::as_str);
    let part =
        |f: &str| f.split_once("/templates/").or_else(|| f.split_once("/static/")).map(|(_, p)| format!("\"{p}\""));
    let is_named = |f: &&String| match f.split_once("/lang/") {
        Some(_) => languages.contains(&format!("{f}\"")),
        None => part(f).is_some_and(|p| builtin.contains(&p)),
    };
    let place = |f: &str| if f.contains("/lang/") { "src/language/mod.rs" } else { "src/render/builtin.rs" };
    theme.iter().filter(|f| !is_named(f)).map(|f| format!("{f}: {} does not name it", place(f))).collect()
}

/// What ARCHITECTURE.md names exists: files, folders, and functions as `path::name`.
pub(crate) fn architecture_claims(files: &Files) -> Complaints {
    let text = files.get("ARCHITECTURE.md").map_or("", String::as_str);
    let mut out = Complaints::new();
    let mut seen = 0;
    for span in text
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|s| ["src/", "tests/", "themes/", "benches/"].iter().any(|b| s.starts_with(b)))
    {
        seen += 1;
        let (file, function) = span.split_once("::").map_or((span, None), |(f, n)| (f, Some(n)));
        let folder = format!("{}/", file.trim_end_matches('/'));
        let is_there = files.contains_key(file) || files.keys().any(|f| f.starts_with(&folder));
        let has = |name: &str| {
            files.get(file).is_some_and(|t| {
                functions(&super::rust::blank(t)).iter().any(|f| f.name == name)
                    || t.contains(&format!("test(\"{name}"))
            })
        };
        if !is_there {
            out.push(format!("ARCHITECTURE.md: there is no `{file}`"));
        } else if let Some(name) = function.filter(|n| !has(n)) {
            out.push(format!("ARCHITECTURE.md: `{file}` has no `{name}`"));
        }
    }
    if seen == 0 {
        out.push("ARCHITECTURE.md: names no test".to_owned());
    }
    out
}

/// Committed files name no registry: whoever builds this says where packages come from.
pub(crate) fn registries(files: &Files) -> Complaints {
    // In two halves, so that this file does not hold what it looks for.
    let hosts = [
        ("registry.", "npmjs"),
        ("registry.", "yarnpkg"),
        ("npm.", "pkg."),
        ("index.", "crates.io"),
        ("static.", "crates.io"),
        ("pypi", ".org"),
        ("python", "hosted"),
        ("deb.", "debian.org"),
        ("\"resol", "ved\":"),
    ];
    let source = "registry+https://github.com/rust-lang/crates.io-index";
    let mut out = Complaints::new();
    for (file, text) in files {
        for (i, line) in text.lines().enumerate() {
            let named = hosts.iter().find(|(a, b)| line.contains(&format!("{a}{b}")));
            out.extend(named.map(|(a, b)| format!("{file}:{}: names a registry (`{a}{b}`)", i + 1)));
            if file == "Cargo.lock" && line.starts_with("source = ") && line != format!("source = \"{source}\"") {
                out.push(format!("{file}:{}: a crate from elsewhere", i + 1));
            }
        }
    }
    out
}

/// The finding that the README shows is one that the program prints about the demonstration, to the letter.
pub(crate) fn readme_finding(readme: &str, said: &str) -> Complaints {
    let shown = readme.split("```text\n").nth(1).and_then(|rest| rest.split("```").next());
    match shown {
        None => vec!["README.md: shows no finding".to_owned()],
        Some(shown) if !said.contains(shown) => {
            vec!["README.md: the finding it shows is not what `check` prints".to_owned()]
        }
        Some(_) => Vec::new(),
    }
}
