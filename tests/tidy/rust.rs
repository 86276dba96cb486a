//! Reads Rust as far as the house's rules need it: what is code and what is text or test, which modules there are, which
//! paths they name, how long their functions are.
//!
//! It is no parser. It knows strings, comments, braces and `use` trees, and expects what rustfmt writes.

use std::collections::BTreeMap;

/// Files by their path from the repository's root.
pub(crate) type Files = BTreeMap<String, String>;

/// A module of the library or the program.
pub(crate) struct Module {
    /// Where it stands: empty for the library's root, `["main"]` for the program's.
    pub(crate) path: Vec<String>,
    /// Its file.
    pub(crate) file: String,
    /// Whether it is compiled for tests only.
    pub(crate) test: bool,
    /// Its code, without comments, the insides of strings, and (unless all of it is a test) its tests.
    pub(crate) code: String,
}

/// Every module that is reached from `src/lib.rs` and `src/main.rs`, and the files below `src` that none of them declares.
pub(crate) fn modules(files: &Files) -> (Vec<Module>, Vec<String>) {
    let mut found: Vec<Module> = Vec::new();
    let mut open =
        vec![(Vec::new(), "src/lib.rs".to_owned(), false), (vec!["main".to_owned()], "src/main.rs".to_owned(), false)];
    while let Some((path, file, test)) = open.pop() {
        let Some(text) = files.get(&file) else { continue };
        let bare = blank(text);
        for (name, only_test) in declared(&bare) {
            let folder = match file.strip_suffix("/mod.rs").or_else(|| file.strip_suffix("/lib.rs")) {
                Some(folder) => folder.to_owned(),
                None => file.trim_end_matches(".rs").to_owned(),
            };
            let candidates = [format!("{folder}/{name}.rs"), format!("{folder}/{name}/mod.rs")];
            let child = candidates.into_iter().find(|c| files.contains_key(c));
            let path = path.iter().cloned().chain([name]).collect();
            open.extend(child.map(|c| (path, c, test || only_test)));
        }
        let code = if test { bare } else { without_tests(&bare) };
        found.push(Module { path, file, test, code });
    }
    let orphans = files.keys().filter(|f| is_rust(f) && f.starts_with("src/")).cloned();
    let orphans = orphans.filter(|f| found.iter().all(|m| m.file != *f)).collect();
    (found, orphans)
}

/// Whether a path is a Rust file's.
pub(crate) fn is_rust(path: &str) -> bool {
    path.strip_suffix(".rs").is_some()
}

/// The text with comments and the insides of strings and characters turned into spaces; lines stay where they are.
pub(crate) fn blank(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = skip(&chars, at);
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else {
            out.extend(chars[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    out
}

/// Where the comment, string or character that begins at `at` ends; `at` itself if none begins there.
fn skip(chars: &[char], at: usize) -> usize {
    let next = |n: usize| chars.get(at + n).copied().unwrap_or(' ');
    let word_before = at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
    match (chars[at], next(1)) {
        ('/', '/') => find(chars, at, |i| chars[i] == '\n'),
        ('/', '*') => after_comment(chars, at),
        ('"', _) => after_string(chars, at),
        ('r', '"' | '#') if !word_before => after_raw_string(chars, at),
        ('b', 'r') if !word_before && matches!(next(2), '"' | '#') => after_raw_string(chars, at + 1),
        ('\'', '\\') => 1 + find(chars, at + 3, |i| chars[i] == '\''),
        ('\'', _) if next(2) == '\'' => at + 3,
        _ => at,
    }
}

fn find(chars: &[char], from: usize, is: impl Fn(usize) -> bool) -> usize {
    (from..chars.len()).find(|i| is(*i)).unwrap_or(chars.len())
}

fn after_comment(chars: &[char], at: usize) -> usize {
    let mut depth = 0;
    let mut i = at;
    while i + 1 < chars.len() {
        match (chars[i], chars[i + 1]) {
            ('/', '*') => (depth, i) = (depth + 1, i + 2),
            ('*', '/') => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            return i;
        }
    }
    chars.len()
}

fn after_string(chars: &[char], at: usize) -> usize {
    let mut i = at + 1;
    while i < chars.len() && chars[i] != '"' {
        i += if chars[i] == '\\' { 2 } else { 1 };
    }
    (i + 1).min(chars.len())
}

/// `at` is the `r`; a raw identifier (`r#type`) is no string.
fn after_raw_string(chars: &[char], at: usize) -> usize {
    let quote = find(chars, at + 1, |i| chars[i] != '#');
    if chars.get(quote) != Some(&'"') {
        return at;
    }
    let hashes = quote - at - 1;
    let closes = |i: usize| chars[i] == '"' && (1..=hashes).all(|n| chars.get(i + n) == Some(&'#'));
    (find(chars, quote + 1, closes) + hashes + 1).min(chars.len())
}

/// A word or a sign, with its line (from 1) and where it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    /// What stands there.
    pub(crate) text: &'a str,
    /// Its line, from 1.
    pub(crate) line: usize,
    /// Its first byte.
    pub(crate) at: usize,
}

/// The words and signs of code without comments; `::` is one sign.
pub(crate) fn tokens(code: &str) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    let mut line = 1;
    let mut at = 0;
    while let Some(c) = code[at..].chars().next() {
        let rest = &code[at..];
        let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let length = match c {
            _ if word > 0 => word,
            ':' if rest.starts_with("::") => 2,
            _ => c.len_utf8(),
        };
        if !c.is_whitespace() {
            out.push(Token { text: &code[at..at + length], line, at });
        }
        line += usize::from(c == '\n');
        at += length;
    }
    out
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// The index of the sign that closes what `tokens[open]` opens.
fn closing(tokens: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0;
    for (i, token) in tokens.iter().enumerate().skip(open) {
        match token.text {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return i;
        }
    }
    tokens.len() - 1
}

/// What begins at an attribute that says "for tests only": the index of its last token.
fn test_item(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let words: Vec<&str> = tokens.get(at..at + 6)?.iter().map(|t| t.text).collect();
    let whole = words[..5] == ["#", "[", "cfg", "(", "test"];
    if !whole && words != ["#", "[", "cfg", "(", "all", "("] {
        return None;
    }
    let end = closing(tokens, at + 1);
    if !tokens[at..end].iter().any(|t| t.text == "test") {
        return None;
    }
    let mut i = end + 1;
    while i < tokens.len() {
        match tokens[i].text {
            ";" => return Some(i),
            "{" => return Some(closing(tokens, i)),
            "(" | "[" => i = closing(tokens, i) + 1,
            _ => i += 1,
        }
    }
    None
}

/// The modules that a file declares and that stand in files of their own: name, and whether for tests only.
fn declared(code: &str) -> Vec<(String, bool)> {
    let tokens = tokens(code);
    let tests: Vec<usize> = (0..tokens.len()).filter_map(|i| test_item(&tokens, i)).collect();
    let is_declaration = |w: &&[Token<'_>]| w[0].text == "mod" && is_word(w[1].text) && w[2].text == ";";
    let place = |w: &[Token<'_>]| tokens.iter().position(|t| t.at == w[2].at).expect("it is one of them");
    let declarations = tokens.windows(3).filter(is_declaration);
    declarations.map(|w| (w[1].text.to_owned(), tests.contains(&place(w)))).collect()
}

/// Code with the items that are for tests only turned into spaces.
pub(crate) fn without_tests(code: &str) -> String {
    let tokens = tokens(code);
    let mut bytes = code.as_bytes().to_vec();
    for start in 0..tokens.len() {
        if let Some(end) = test_item(&tokens, start) {
            let range = tokens[start].at..tokens[end].at + tokens[end].text.len();
            bytes[range].iter_mut().filter(|b| **b != b'\n').for_each(|b| *b = b' ');
        }
    }
    String::from_utf8(bytes).expect("whole tokens were replaced")
}

/// A path that code names, in a `use` or where it stands.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// Its words.
    pub(crate) words: Vec<String>,
    /// Its line, from 1.
    pub(crate) line: usize,
    /// In how many modules it stands that begin in the same file.
    pub(crate) inside: usize,
}

/// Every path of at least two words, the trees of `use` spelt out.
pub(crate) fn paths(code: &str) -> Vec<Named> {
    let tokens = tokens(code);
    let mut out = Vec::new();
    let text = |i: usize| tokens.get(i).map_or("", |t| t.text);
    let mut modules_end: Vec<usize> = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        modules_end.retain(|end| *end > i);
        if tokens[i].text == "mod" && text(i + 2) == "{" {
            modules_end.push(closing(&tokens, i + 2));
        }
        let inside = modules_end.len();
        if tokens[i].text == "use" {
            i = tree(&tokens, i + 1, &[], inside, &mut out);
            continue;
        }
        let first = i;
        while is_word(text(i)) && text(i + 1) == "::" && is_word(text(i + 2)) {
            i += 2;
        }
        if i > first {
            let words = tokens[first..=i].iter().step_by(2).map(|t| t.text.to_owned()).collect();
            out.push(Named { words, line: tokens[first].line, inside });
        }
        i += 1;
    }
    out
}

/// One branch of a `use`; answers with the index after it.
fn tree(tokens: &[Token<'_>], at: usize, stem: &[String], inside: usize, out: &mut Vec<Named>) -> usize {
    let mut words = stem.to_vec();
    let mut i = at;
    let line = tokens.get(at).map_or(0, |t| t.line);
    while let Some(token) = tokens.get(i) {
        match token.text {
            "::" => {}
            "{" => {
                let end = closing(tokens, i);
                i += 1;
                while i < end {
                    i = tree(tokens, i, &words, inside, out);
                    i += usize::from(tokens[i].text == ",");
                }
                return end + 1;
            }
            "as" => i += 1,
            text if is_word(text) || text == "*" => words.push(text.to_owned()),
            _ => break,
        }
        i += 1;
    }
    out.push(Named { words, line, inside });
    i
}

/// Where a path leads that begins at `crate`, `self` or `super`, from the library's root; none for other crates.
pub(crate) fn within(module: &[String], named: &Named) -> Option<Vec<String>> {
    let mut base = match named.words[0].as_str() {
        "crate" => Vec::new(),
        "self" | "super" => {
            let inner = (0..named.inside).map(|_| String::new());
            module.iter().cloned().chain(inner).collect::<Vec<_>>()
        }
        _ => return None,
    };
    for word in &named.words {
        match word.as_str() {
            "crate" | "self" => {}
            "super" => drop(base.pop()),
            _ => base.push(word.clone()),
        }
    }
    Some(base)
}

/// A function: its name, its first line, and how many lines it has.
pub(crate) struct Function {
    /// Its name.
    pub(crate) name: String,
    /// Its line, from 1.
    pub(crate) line: usize,
    /// From `fn` to its closing brace.
    pub(crate) lines: usize,
}

/// Every function with a body.
pub(crate) fn functions(code: &str) -> Vec<Function> {
    let tokens = tokens(code);
    let mut out = Vec::new();
    for (i, pair) in tokens.windows(2).enumerate().filter(|(_, p)| p[0].text == "fn" && is_word(p[1].text)) {
        let mut j = i + 2;
        while j < tokens.len() && !matches!(tokens[j].text, "{" | ";") {
            j = if matches!(tokens[j].text, "(" | "[") { closing(&tokens, j) + 1 } else { j + 1 };
        }
        if tokens.get(j).is_some_and(|t| t.text == "{") {
            let lines = tokens[closing(&tokens, j)].line - pair[0].line + 1;
            out.push(Function { name: pair[1].text.to_owned(), line: pair[0].line, lines });
        }
    }
    out
}
