//! Rules about the code: layers, sizes, headers, what may be used where, and who speaks to which dependency.

use super::rust::{Files, Module, functions, is_rust, modules, paths, tokens, within};

/// The most lines of a file, and of a function.
const FILE: usize = 600;
const FUNCTION: usize = 70;

/// What is wrong, a line each.
pub(crate) type Complaints = Vec<String>;

/// The layers as ARCHITECTURE.md draws them, left to right; those of one step are siblings.
pub(crate) fn layers(files: &Files) -> Result<Vec<Vec<String>>, String> {
    let text = files.get("ARCHITECTURE.md").ok_or("there is no ARCHITECTURE.md")?;
    let section = text.split("\n## Layers\n").nth(1).ok_or("ARCHITECTURE.md has no section `## Layers`")?;
    let drawing = section.split("```").nth(1).ok_or("`## Layers` begins with no drawing between fences")?;
    let words = |step: &str| step.split(',').map(|w| w.trim().to_owned()).filter(|w| !w.is_empty()).collect();
    Ok(drawing.trim_start_matches("text").split('→').map(words).collect())
}

/// The layer a module belongs to: its first word; `main` for the program itself, which may what the command line may.
fn layer_of(module: &Module) -> Option<&str> {
    module.path.first().map(String::as_str)
}

/// A module imports only from layers to its left, and siblings never from each other; every layer is drawn, and every
/// file is some module's.
pub(crate) fn layering(files: &Files) -> Complaints {
    let layers = match layers(files) {
        Ok(layers) => layers,
        Err(complaint) => return vec![complaint],
    };
    let rank = |name: &str| layers.iter().position(|step| step.iter().any(|l| l == name));
    let (found, orphans) = modules(files);
    let mut out: Complaints = orphans.iter().map(|file| format!("{file}: no module declares it")).collect();
    for name in layers.iter().flatten() {
        if found.iter().all(|m| layer_of(m) != Some(name)) {
            out.push(format!("ARCHITECTURE.md: layer `{name}` has no module"));
        }
    }
    for module in found.iter().filter(|m| !m.test && layer_of(m) != Some("main")) {
        let Some(own) = layer_of(module) else { continue };
        let Some(own_rank) = rank(own) else {
            out.push(format!("{}: ARCHITECTURE.md draws no layer `{own}`", module.file));
            continue;
        };
        for named in paths(&module.code) {
            let Some(target) = within(&module.path, &named).and_then(|t| t.into_iter().next()) else { continue };
            if own != target && rank(&target).is_some_and(|r| r >= own_rank) {
                let line = named.line;
                out.push(format!("{}:{line}: `{own}` imports `{target}`, which is not to its left", module.file));
            }
        }
    }
    out
}

/// What public pages are made from: the types of `disclose`, which know nothing of the model, rendered by functions that
/// know nothing else.
pub(crate) fn public_door(files: &Files) -> Complaints {
    let door = [
        ("src/disclose/public.rs", &[][..]),
        ("src/render/public.rs", &["disclose", "render"][..]),
        ("src/pdf/public.rs", &["disclose", "language", "markdown", "pdf"][..]),
    ];
    let (found, _) = modules(files);
    let mut out = Complaints::new();
    for (file, allowed) in door {
        let Some(module) = found.iter().find(|m| m.file == file) else {
            out.push(format!("{file}: this file is what the rule on public pages is about, and it is gone"));
            continue;
        };
        for named in paths(&module.code) {
            let Some(target) = within(&module.path, &named).and_then(|t| t.into_iter().next()) else { continue };
            if !allowed.contains(&target.as_str()) {
                out.push(format!("{file}:{}: a public page must not know `{target}`", named.line));
            }
        }
    }
    out
}

/// Files and functions fit what a reader can hold, and each file says first what it is for.
pub(crate) fn sizes_and_headers(files: &Files) -> Complaints {
    let mut out = Complaints::new();
    let scripts = |f: &str| [".mjs", ".js", ".py"].iter().any(|kind| f.ends_with(kind));
    for (file, text) in files.iter().filter(|(f, _)| is_rust(f) || scripts(f)) {
        let lines = text.lines().count();
        if lines > FILE {
            out.push(format!("{file}: {lines} lines, {FILE} at most"));
        }
        if !is_rust(file) {
            continue;
        }
        if !text.starts_with("//! ") {
            out.push(format!("{file}:1: does not say what it is for (`//! …`)"));
        }
        for f in functions(&super::rust::blank(text)) {
            if f.lines > FUNCTION {
                out.push(format!("{file}:{}: `{}` has {} lines, {FUNCTION} at most", f.line, f.name, f.lines));
            }
        }
    }
    out
}

/// Names that say nothing about what is inside.
pub(crate) fn empty_names(files: &Files) -> Complaints {
    let empty = ["util", "utils", "helper", "helpers", "manager", "common", "misc"];
    let stem = |f: &str| f.rsplit('/').next().and_then(|n| n.split('.').next()).unwrap_or_default().to_owned();
    let bad = files
        .keys()
        .filter(|f| is_rust(f))
        .filter(|f| empty.contains(&stem(f).as_str()) || f.split('/').any(|folder| empty.contains(&folder)));
    bad.map(|f| format!("{f}: a name that does not say what is inside")).collect()
}

/// What only some layers may use.
struct Ban {
    /// Paths that begin so.
    begin: &'static [&'static [&'static str]],
    /// Two words side by side in a path.
    pair: &'static [[&'static str; 2]],
    /// Calls of methods.
    methods: &'static [&'static str],
    /// Macros.
    macros: &'static [&'static str],
    /// The layers that may.
    allowed: &'static [&'static str],
    /// The layers that may not; all others where empty.
    only: &'static [&'static str],
    /// Files that may all the same; each says in its first lines why that does no harm.
    except: &'static [&'static str],
    /// Why not.
    why: &'static str,
}

const NOTHING: Ban =
    Ban { begin: &[], pair: &[], methods: &[], macros: &[], allowed: &[], only: &[], except: &[], why: "" };

const BANS: &[Ban] = &[
    Ban {
        begin: &[&["std", "fs"], &["std", "os", "unix", "fs"]],
        methods: &["read_dir", "is_file", "is_dir", "try_exists", "symlink_metadata"],
        allowed: &["repo", "write", "scaffold"],
        why: "the world comes in through `repo` and goes out through `write` and `scaffold`",
        ..NOTHING
    },
    Ban {
        methods: &["canonicalize"],
        allowed: &["repo", "write", "scaffold", "cli"],
        why: "besides, only the command line looks up what was typed",
        ..NOTHING
    },
    Ban {
        begin: &[&["std", "time", "SystemTime"], &["std", "time", "Instant"]],
        pair: &[["Timestamp", "now"], ["Zoned", "now"]],
        allowed: &["cli"],
        why: "only the command line reads the clock",
        ..NOTHING
    },
    Ban {
        begin: &[&["std", "env"]],
        allowed: &["cli", "write"],
        why: "only the command line reads the environment, and `write` where home is, which it never replaces",
        ..NOTHING
    },
    Ban {
        begin: &[&["std", "io", "stdout"], &["std", "io", "stderr"], &["std", "io", "stdin"]],
        pair: &[["io", "stdout"], ["io", "stderr"], ["io", "stdin"], ["process", "exit"], ["process", "abort"]],
        allowed: &["cli"],
        why: "only the command line has streams and an exit status",
        ..NOTHING
    },
    Ban {
        begin: &[&["std", "net"]],
        allowed: &["serve", "cli", "outside"],
        why: "only the preview listens, and only `outside` opens a connection",
        ..NOTHING
    },
    Ban {
        begin: &[&["std", "net", "TcpStream"], &["std", "net", "UdpSocket"]],
        only: &["serve", "cli", "outside"],
        why: "the preview listens, and opens no connection; `outside` does so through its client alone",
        ..NOTHING
    },
    Ban { begin: &[&["std", "process", "Command"]], why: "this program starts no other", ..NOTHING },
    Ban {
        macros: &["print", "println", "eprint", "eprintln", "dbg", "todo", "unimplemented"],
        why: "output goes through cli::terminal, and nothing stays undone",
        ..NOTHING
    },
    Ban { methods: &["unwrap"], why: "`expect` names the invariant, `?` passes the mistake on", ..NOTHING },
    Ban {
        begin: &[
            &["std", "collections", "HashMap"],
            &["std", "collections", "HashSet"],
            &["std", "collections", "hash_map"],
        ],
        pair: &[["HashMap", "new"], ["HashSet", "new"]],
        only: &["report", "disclose", "site", "render"],
        except: &["src/disclose/phrases.rs"],
        why: "its order would reach output",
        ..NOTHING
    },
];

impl Ban {
    fn binds(&self, layer: &str) -> bool {
        if self.only.is_empty() { !self.allowed.contains(&layer) } else { self.only.contains(&layer) }
    }

    /// Where a module uses it: line, and what it says.
    fn uses(&self, module: &Module) -> Vec<(usize, String)> {
        let mut out = Vec::new();
        for named in paths(&module.code) {
            let begins =
                |with: &&[&str]| named.words.len() >= with.len() && named.words.iter().zip(*with).all(|(a, b)| a == b);
            let beside = |pair: &[&str; 2]| named.words.windows(2).any(|w| w[0] == pair[0] && w[1] == pair[1]);
            if self.begin.iter().any(begins) || self.pair.iter().any(beside) {
                out.push((named.line, named.words.join("::")));
            }
        }
        for w in tokens(&module.code).windows(4) {
            if w[0].text == "." && self.methods.contains(&w[1].text) && w[2].text == "(" {
                out.push((w[1].line, format!(".{}()", w[1].text)));
            }
            if self.macros.contains(&w[0].text) && w[1].text == "!" && matches!(w[2].text, "(" | "[" | "{") {
                out.push((w[0].line, format!("{}!", w[0].text)));
            }
        }
        out
    }
}

/// What only some layers may use is used by no other.
pub(crate) fn bans(files: &Files) -> Complaints {
    let (found, _) = modules(files);
    let mut out = Complaints::new();
    for module in found.iter().filter(|m| !m.test) {
        let layer = layer_of(module).map_or("lib", |l| if l == "main" { "cli" } else { l });
        for ban in BANS.iter().filter(|b| b.binds(layer) && !b.except.contains(&module.file.as_str())) {
            let uses = ban.uses(module).into_iter();
            out.extend(uses.map(|(line, what)| format!("{}:{line}: `{what}`: {}", module.file, ban.why)));
        }
    }
    out
}

/// No test is left out of the run.
pub(crate) fn ignored_tests(files: &Files) -> Complaints {
    let mut out = Complaints::new();
    for (file, text) in files.iter().filter(|(f, _)| is_rust(f)) {
        let code = super::rust::blank(text);
        let ignored = tokens(&code)
            .windows(3)
            .find(|w| w[0].text == "#" && w[1].text == "[" && w[2].text == "ignore")
            .map(|w| w[0].line);
        out.extend(ignored.map(|line| format!("{file}:{line}: an ignored test proves nothing")));
    }
    out
}

/// A line of a table of dependencies in Cargo.toml.
struct Dependency {
    name: String,
    line: usize,
    /// For tests only.
    dev: bool,
    reason: Option<String>,
}

fn dependencies(manifest: &str) -> Vec<Dependency> {
    let mut table = "";
    let mut out = Vec::new();
    for (i, text) in manifest.lines().enumerate() {
        if text.starts_with('[') {
            table = text.trim();
        }
        let dev = table == "[dev-dependencies]";
        if let Some((name, rest)) = text.split_once(" = ").filter(|_| dev || table == "[dependencies]") {
            let reason = rest.split_once('#').map(|(_, r)| r.trim().to_owned()).filter(|r| !r.is_empty());
            out.push(Dependency { name: name.trim().to_owned(), line: i + 1, dev, reason });
        }
    }
    out
}

/// The modules that a reason names: `model, judge: instants; repo: folders`.
fn named_modules<'a>(reason: &'a str, layers: &[Vec<String>]) -> Vec<&'a str> {
    let mut out = Vec::new();
    for part in reason.split("; ") {
        let names: Vec<&str> = part.split_once(':').map_or(Vec::new(), |(n, _)| n.split(',').map(str::trim).collect());
        if names.iter().all(|n| *n == "main" || layers.iter().flatten().any(|l| l == n)) {
            out.extend(names);
        }
    }
    out
}

/// Every dependency says what it is for and which modules speak to it; those do, and no other does.
pub(crate) fn dependencies_held(files: &Files) -> Complaints {
    let Ok(layers) = layers(files) else { return vec!["ARCHITECTURE.md draws no layers".to_owned()] };
    let (found, _) = modules(files);
    let mut out = Complaints::new();
    for dependency in dependencies(&files["Cargo.toml"]) {
        let Dependency { name, line, dev, reason } = &dependency;
        let at = format!("Cargo.toml:{line}");
        let Some(reason) = reason else {
            out.push(format!("{at}: `{name}` gives no reason"));
            continue;
        };
        let word = name.replace('-', "_");
        let speaks = |code: &str| paths(code).iter().find(|p| p.words[0] == word).map(|p| p.line);
        if *dev {
            let texts = files.iter().filter(|(f, _)| is_rust(f)).map(|(_, t)| super::rust::blank(t));
            if !texts.into_iter().any(|code| speaks(&code).is_some()) {
                out.push(format!("{at}: nothing uses `{name}`"));
            }
            continue;
        }
        let allowed = named_modules(reason, &layers);
        let mut used = Vec::new();
        for module in found.iter().filter(|m| !m.test) {
            let layer = layer_of(module).unwrap_or("lib");
            let Some(line) = speaks(&module.code) else { continue };
            used.push(layer);
            if !allowed.contains(&layer) {
                out.push(format!("{}:{line}: Cargo.toml does not let `{layer}` speak to `{name}`", module.file));
            }
        }
        let idle = allowed.iter().filter(|m| !used.contains(*m));
        out.extend(idle.map(|m| format!("{at}: `{m}` does not use `{name}`")));
        if allowed.is_empty() {
            out.push(format!("{at}: the reason of `{name}` names no module (`model, judge: what for`)"));
        }
    }
    out
}
