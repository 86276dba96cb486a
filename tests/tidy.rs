//! The rules of the house, each a test: layers, sizes, bans, dependencies, and that what the documents claim is so.
//!
//! Each rule is a function from files to complaints. It runs twice: over this repository, where it must say nothing, and
//! over a few made-up lines that break it, where it must speak. A rule that was never seen to fail is no rule.

#[path = "tidy/code.rs"]
mod code;
#[path = "tidy/package.rs"]
mod package;
#[path = "tidy/rust.rs"]
mod rust;

use std::fs;
use std::path::Path;
use std::process::Command;

use code::Complaints;
use rust::Files;

/// Folders that hold what was made, and what is somebody else's.
const MADE: &[&str] = &[".git", "target", "public", "internal", ".tickmark", "node_modules"];

/// Every text file of the repository, and the paths of all files of its theme.
fn repository() -> (Files, Vec<String>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut files, mut theme) = (Files::new(), Vec::new());
    let mut open = vec![String::new()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(root.join(&folder)).expect("a folder of the repository can be read") {
            let entry = entry.expect("an entry can be read");
            let name = entry.file_name().into_string().expect("names are UTF-8");
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            let made = MADE.contains(&name.as_str()) && (folder.is_empty() || name == "node_modules");
            let kind = entry.file_type().expect("a kind can be read");
            if kind.is_dir() && !made {
                open.push(path);
            } else if kind.is_file() && !made {
                theme.extend(path.starts_with("themes/ledger/").then(|| path.clone()));
                let text = String::from_utf8(fs::read(root.join(&path)).expect("a file can be read"));
                files.extend(text.ok().map(|text| (path, text)));
            }
        }
    }
    (files, theme)
}

/// Fails with what a rule complains of.
#[track_caller]
fn hold(complaints: &Complaints) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// A repository of a few lines.
fn files(parts: &[(&str, &str)]) -> Files {
    parts.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

/// Fails unless a rule complains of exactly this, in this order.
#[track_caller]
fn catches(complaints: &Complaints, expected: &[&str]) {
    let fits = complaints.len() == expected.len() && complaints.iter().zip(expected).all(|(c, e)| c.contains(e));
    assert!(fits, "expected\n{}\nand was told\n{}\n", expected.join("\n"), complaints.join("\n"));
}

const DRAWN: (&str, &str) =
    ("ARCHITECTURE.md", "# A\n\n## Layers\n\n```text\nsource → yaml, markdown → judge → render → cli\n```\n");

#[test]
fn layers_hold() {
    hold(&code::layering(&repository().0));
}

#[test]
fn layers_are_seen_to_break() {
    let tree = files(&[
        DRAWN,
        ("src/lib.rs", "//! L\nmod cli;\nmod judge;\nmod markdown;\nmod render;\nmod source;\nmod yaml;\nmod extra;"),
        (
            "src/source.rs",
            "//! S\npub fn a() -> u8 { crate::judge::b() }\n#[cfg(test)]\nmod tests { use crate::judge; }",
        ),
        ("src/yaml/mod.rs", "//! Y\nmod flow;\n// use crate::cli;\nconst A: &str = \"crate::cli::x\";"),
        ("src/yaml/flow.rs", "//! F\nuse super::super::{\n    markdown::{self},\n    source::S,\n};\nuse super::Node;"),
        ("src/markdown.rs", "//! M\nuse crate::{source, yaml as y};"),
        ("src/judge.rs", "//! J\nmod kernel {\n    use super::b;\n    use super::super::render;\n}"),
        ("src/render.rs", "//! R\n#[cfg(test)]\nmod samples;"),
        ("src/render/samples.rs", "//! R\nuse crate::cli::x;"),
        ("src/cli.rs", "//! C\nuse crate::render;"),
        ("src/extra.rs", "//! E"),
        ("src/judge/lost.rs", "//! L"),
    ]);
    let mut said = code::layering(&tree);
    said.sort();
    catches(
        &said,
        &[
            "src/extra.rs: ARCHITECTURE.md draws no layer `extra`",
            "src/judge.rs:4: `judge` imports `render`",
            "src/judge/lost.rs: no module declares it",
            "src/markdown.rs:2: `markdown` imports `yaml`",
            "src/source.rs:2: `source` imports `judge`",
            "src/yaml/flow.rs:3: `yaml` imports `markdown`",
        ],
    );
    catches(&code::layering(&files(&[DRAWN])), &["`source` has no module"; 6].map(|_| "has no module"));
    catches(&code::layering(&files(&[])), &["there is no ARCHITECTURE.md"]);
}

#[test]
fn public_pages_have_one_door() {
    hold(&code::public_door(&repository().0));
}

#[test]
fn a_second_door_is_seen() {
    let tree = files(&[
        ("src/lib.rs", "mod disclose;\nmod pdf;\nmod render;"),
        ("src/disclose/mod.rs", "pub mod public;"),
        ("src/disclose/public.rs", "use crate::model::Person;"),
        ("src/render/mod.rs", "mod public;"),
        (
            "src/render/public.rs",
            "use super::Theme;\nuse crate::disclose::public::PublicPage;\nfn f(x: &crate::report::R) {}",
        ),
        ("src/pdf/mod.rs", "mod public;"),
        ("src/pdf/public.rs", "use crate::disclose::PublicPaper;\nuse crate::report::PolicyPaper;"),
    ]);
    catches(
        &code::public_door(&tree),
        &[
            "src/disclose/public.rs:1: a public page must not know `model`",
            "src/render/public.rs:3: a public page must not know `report`",
            "src/pdf/public.rs:2: a public page must not know `report`",
        ],
    );
    catches(&code::public_door(&files(&[])), &["it is gone"; 3]);
}

#[test]
fn files_and_functions_fit_a_reader() {
    hold(&code::sizes_and_headers(&repository().0));
}

#[test]
fn what_does_not_fit_is_seen() {
    let long = format!("//! L\n{}", "// x\n".repeat(600));
    let body = format!(
        "//! B\nfn fits() {{\n{}}}\nfn grows() {{\n{}}}",
        "    a();\n".repeat(68),
        "    b(\"}\");\n".repeat(69)
    );
    let tree = files(&[
        ("src/bare.rs", "use a;"),
        ("src/body.rs", &body),
        ("src/long.rs", &long),
        ("tests/browser/x.mjs", &long),
    ]);
    let said = code::sizes_and_headers(&tree);
    let expected = [
        "src/bare.rs:1: does not say",
        "src/body.rs:72: `grows` has 71 lines",
        "src/long.rs: 601 lines",
        "x.mjs: 601 lines",
    ];
    catches(&said, &expected);
}

#[test]
fn names_say_what_is_inside() {
    hold(&code::empty_names(&repository().0));
    let tree = files(&[("src/utils.rs", ""), ("src/common/mod.rs", ""), ("src/model/day.rs", "")]);
    catches(&code::empty_names(&tree), &["src/common/mod.rs", "src/utils.rs"]);
}

#[test]
fn each_layer_uses_only_what_it_may() {
    hold(&code::bans(&repository().0));
}

#[test]
fn what_a_layer_may_not_use_is_seen() {
    let breach = "//! B
use std::{collections::HashMap, fs as f};
use jiff::Timestamp;
fn a(p: &Path) {
    let now = Timestamp::now();
    let home = std::env::var(\"HOME\").unwrap();
    println!(\"{home}\");
    if p.is_dir() { todo!() }
    // .unwrap() println!()
    let out = io::stdout();
    std::process::exit(2);
    std::net::TcpStream::connect(home);
    std::process::Command::new(p.canonicalize());
}
#[cfg(test)]
mod tests {
    fn t() { std::fs::read(\"x\").unwrap(); }
}";
    let tree = files(&[
        ("src/lib.rs", "mod cli;\nmod render;\nmod repo;"),
        ("src/render.rs", breach),
        ("src/cli.rs", breach),
        ("src/repo.rs", breach),
    ]);
    let said = code::bans(&tree);
    let of = |file: &str| {
        said.iter().filter(|s| s.starts_with(file)).map(|s| s.split('`').nth(1).unwrap_or_default()).collect::<Vec<_>>()
    };
    let everywhere = ["std::net::TcpStream::connect", "std::process::Command::new", "println!", "todo!", ".unwrap()"];
    let beyond_cli = ["Timestamp::now", "std::env::var", "io::stdout", "std::process::exit"];
    let sort = |mut words: Vec<&'static str>| {
        words.sort_unstable();
        words
    };
    let sorted = |mut words: Vec<&str>| {
        words.sort_unstable();
        words.join(" ")
    };
    assert_eq!(sorted(of("src/cli.rs")), sort([&everywhere[..], &["std::fs", ".is_dir()"]].concat()).join(" "));
    assert_eq!(sorted(of("src/repo.rs")), sort([&everywhere[..], &beyond_cli].concat()).join(" "));
    let all = [&everywhere[..], &beyond_cli, &["std::fs", ".is_dir()", ".canonicalize()", "std::collections::HashMap"]]
        .concat();
    assert_eq!(sorted(of("src/render.rs")), sort(all).join(" "));
}

#[test]
fn no_test_is_ignored() {
    hold(&code::ignored_tests(&repository().0));
    let tree = files(&[("tests/a.rs", "//! A\n// #[ignore]\n#[test]\n#[ignore = \"slow\"]\nfn a() {}")]);
    catches(&code::ignored_tests(&tree), &["tests/a.rs:4: an ignored test"]);
}

#[test]
fn dependencies_have_a_reason_and_one_who_speaks_to_them() {
    hold(&code::dependencies_held(&repository().0));
}

#[test]
fn a_stray_dependency_is_seen() {
    let manifest = "[dependencies]
serde-json = \"1\" # judge: numbers; and words: many
tera = \"2\"       # render: pages
rayon = \"1\"
walkdir = \"2\"    # files
strsim = \"1\"     # judge, cli: words
[dev-dependencies]
tempfile = \"3\"   # a folder that goes away
[profile.release]
debug = 1
";
    let tree = files(&[
        DRAWN,
        ("Cargo.toml", manifest),
        ("src/lib.rs", "mod judge;\nmod render;\nmod cli;"),
        ("src/judge.rs", "use serde_json::Value;\nuse strsim::jaro;\nfn f() { tera::render() }"),
        ("src/render.rs", "#[cfg(test)]\nmod tests { use serde_json::json; }\nuse tera::Tera;"),
        ("src/cli.rs", ""),
    ]);
    catches(
        &code::dependencies_held(&tree),
        &[
            "src/judge.rs:3: Cargo.toml does not let `judge` speak to `tera`",
            "Cargo.toml:4: `rayon` gives no reason",
            "Cargo.toml:5: the reason of `walkdir` names no module",
            "Cargo.toml:6: `cli` does not use `strsim`",
            "Cargo.toml:8: nothing uses `tempfile`",
        ],
    );
}

#[test]
fn the_readme_shows_the_commands_there_are() {
    let asked = Command::new(env!("CARGO_BIN_EXE_tickmark")).arg("--help").output().expect("the program runs");
    let help = String::from_utf8(asked.stdout).expect("help is text");
    hold(&package::readme_commands(&repository().0["README.md"], &help));
}

#[test]
fn a_wrong_command_in_the_readme_is_seen() {
    let help = "Usage: x\n\nCommands:\n  check  Validate\n         and judge\n  init   A new site\n  help   Print\n\nOptions:\n  -q  Quiet\n";
    let readme = "`tickmark check` and `tickmark --help`\n```\ncargo run --release -- build\ncd x && tickmark serve --port 1\n```\ntickmark is\n";
    let expected = ["does not speak of `tickmark init`", "`tickmark build` is not in", "`tickmark serve` is not in"];
    catches(&package::readme_commands(readme, help), &expected);
    catches(&package::readme_commands("", ""), &["lists no commands"]);
}

#[test]
fn every_check_has_its_cases() {
    hold(&package::check_cases(&repository().0));
    let tree = files(&[
        ("src/judge/checks/mod.rs", ""),
        ("src/judge/checks/order.rs", ""),
        ("src/judge/checks/fields.rs", ""),
        ("tests/checks/fields.md", ""),
        ("tests/checks/feilds.md", ""),
        ("tests/checks/README.md", ""),
    ]);
    catches(&package::check_cases(&tree), &["order.rs: has no cases"]);
    catches(&package::check_cases(&files(&[])), &["holds no check"]);
}

#[test]
fn the_theme_is_built_in_whole() {
    let (files_here, theme) = repository();
    assert!(theme.len() > 10, "the theme's files were found");
    hold(&package::theme_built_in(&files_here, &theme));
    let named =
        [("src/render/builtin.rs", "\"a.html\", \"x.css\""), ("src/language/mod.rs", "(\"../themes/l/lang/en.yaml\")")];
    let theme = ["templates/a.html", "templates/b.html", "static/x.css", "c", "lang/en.yaml", "lang/fr.yaml"]
        .map(|path| format!("themes/l/{path}"));
    catches(&package::theme_built_in(&files(&named), &theme), &["templates/b.html", "themes/l/c", "lang/fr.yaml"]);
}

#[test]
fn the_architecture_names_only_what_is_there() {
    hold(&package::architecture_claims(&repository().0));
    let text =
        "`src/a.rs` `src/b.rs` `tests/x/` `tests/a.rs::holds` `tests/a.rs::breaks` `tests/b.mjs::is seen` `other`";
    let tree = files(&[
        ("ARCHITECTURE.md", text),
        ("src/a.rs", ""),
        ("tests/x/y", ""),
        ("tests/a.rs", "fn holds() {}"),
        ("tests/b.mjs", "test(\"is seen\")"),
    ]);
    catches(&package::architecture_claims(&tree), &["no `src/b.rs`", "`tests/a.rs` has no `breaks`"]);
    catches(&package::architecture_claims(&files(&[])), &["names no test"]);
}

#[test]
fn no_registry_is_named() {
    hold(&package::registries(&repository().0));
    let lock =
        "source = \"registry+https://github.com/rust-lang/crates.io-index\"\nsource = \"git+https://example.com/x\"\n";
    let npm = format!("{{\n\"{}\": \"https://{}.org/x\"\n}}", concat!("resol", "ved"), concat!("registry.", "npmjs"));
    let tree = files(&[("Cargo.lock", lock), ("package-lock.json", &npm)]);
    catches(
        &package::registries(&tree),
        &["Cargo.lock:2: a crate from elsewhere", "package-lock.json:2: names a registry"],
    );
}

#[test]
fn the_readme_shows_what_the_program_says() {
    let program = Command::new(env!("CARGO_BIN_EXE_tickmark"))
        .args(["-C", env!("CARGO_MANIFEST_DIR"), "check", "--quiet", "--as-of", "2026-11-21"])
        .output()
        .expect("the program runs");
    let said = String::from_utf8(program.stdout).expect("findings are text");
    hold(&package::readme_finding(&repository().0["README.md"], &said));
    let readme = "# T\n```text\nerror[a/b]: late\n  --> x\n```\n";
    hold(&package::readme_finding(readme, "note: y\n\nerror[a/b]: late\n  --> x\n"));
    catches(&package::readme_finding(readme, "error[a/b]: late\n  --> z\n"), &["is not what `check` prints"]);
    catches(&package::readme_finding("# T", ""), &["shows no finding"]);
}
