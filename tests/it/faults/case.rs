//! Fault cases as they are written down: one markdown file per fault in `tests/faults`, a section per case.
//!
//! A section's fences say what is laid over the good site and what is run there, in their order:
//!
//! - `yaml PATH`, `markdown PATH`, `text PATH`: a file as it stands;
//! - `escaped PATH`: a file, and a path, with `\n`, `\r`, `\t`, `\0`, `\\`, `\s` (a space), `\xNN` (a byte), `\u{NN}` (a character) and
//!   `\repeat{N}{TEXT}`, where `\#` in the text is the number of the turn; the line ends of the fence do not count;
//! - `each`: a value per line; the section is a case for each, with the value where `EACH` stands (`'EACH'`: quoted as in
//!   YAML; `EACH.html`: as a page shows it);
//! - `setup`: one thing per line: `remove P`, `folder P`, `link P -> TARGET`, `pipe P`, `socket P`, `device P`,
//!   `size P N` (a file of N zero bytes), `lines crlf|cr|bom` (every text of the site rewritten so), `empty` (a folder with nothing);
//!   `edit P: FROM => TO` (with the escapes of `escaped`; the end of the file where FROM is `END`);
//!   `git ARGUMENTS` (words between `'` are one; `SITE` is its folder), `at COMMITTED WRITTEN` (the times of what follows, as
//!   git reads them with `_` for a space), `commit MESSAGE` (of all but output), `cut REV`, `spoil REV`, `lose REV` (a loose
//!   object ends half way, is other bytes, is gone), `junk P` (a file of nonsense);
//! - `run`: `$ tickmark …`, and what is to come of it: `status N`; `says TEXT`; `silent TEXT` (does not say it);
//!   `holds PATH: TEXT` and `lacks TEXT` (in the output); `public same`, `internal new` and so on; `html same`
//!   (the pages of both trees); `seconds N`;
//!   `memory N` (megabytes of address space).

/// A file of cases.
pub(super) struct Fault {
    /// The cases, in their order.
    pub(super) cases: Vec<Case>,
}

/// A section.
pub(super) struct Case {
    /// Its heading.
    pub(super) name: String,
    /// What is done, in this order.
    pub(super) steps: Vec<Step>,
}

/// What a fence stands for.
pub(super) enum Step {
    /// A file is written.
    File(Vec<u8>, Vec<u8>),
    /// Something else is made or taken away.
    Setup(Vec<String>),
    /// The program is run.
    Run(Run),
}

/// A command and what is to come of it.
#[derive(Default)]
pub(super) struct Run {
    pub(super) arguments: Vec<String>,
    pub(super) status: i32,
    pub(super) says: Vec<String>,
    pub(super) silent: Vec<String>,
    /// Pairs of a path of the output and a text.
    pub(super) holds: Vec<(String, String)>,
    pub(super) lacks: Vec<String>,
    /// Pairs of `public` or `internal` and `same`, `new` or `absent`.
    pub(super) trees: Vec<(String, String)>,
    pub(super) seconds: u64,
    pub(super) megabytes: u64,
}

impl Fault {
    /// From the text of its file. What is no case is a mistake of whoever wrote it, and ends the test.
    pub(super) fn read(text: &str) -> Self {
        let mut sections: Vec<Section<'_>> = Vec::new();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if let Some(name) = line.strip_prefix("## ") {
                sections.push(Section { name, fences: Vec::new() });
            }
            let ticks = line.bytes().take_while(|b| *b == b'`').count();
            if ticks < 3 {
                continue;
            }
            let body: Vec<&str> = lines.by_ref().take_while(|l| *l != &line[..ticks]).collect();
            let section = sections.last_mut().unwrap_or_else(|| panic!("a fence before the first case: {line}"));
            let (kind, path) = line[ticks..].split_once(' ').unwrap_or((&line[ticks..], ""));
            section.fences.push((kind, path, body));
        }
        let cases: Vec<Case> = sections.iter().flat_map(Section::cases).collect();
        assert!(!cases.is_empty(), "no cases");
        Self { cases }
    }
}

/// A section as it is written: its heading, and each fence's kind, path and lines.
struct Section<'t> {
    name: &'t str,
    fences: Vec<(&'t str, &'t str, Vec<&'t str>)>,
}

impl Section<'_> {
    /// The section as a case, or as one for each line of its fence `each`.
    fn cases(&self) -> Vec<Case> {
        let values = self.fences.iter().find(|(kind, ..)| *kind == "each").map(|(.., lines)| lines);
        match values {
            None => vec![self.case(self.name.to_owned(), str::to_owned)],
            Some(values) => values
                .iter()
                .map(|value| self.case(format!("{}: {value}", self.name), |line| put_in(line, value)))
                .collect(),
        }
    }

    fn case(&self, name: String, with: impl Fn(&str) -> String) -> Case {
        let mut steps = Vec::new();
        for (kind, path, body) in &self.fences {
            let body: Vec<String> = body.iter().map(|line| with(line)).collect();
            match *kind {
                "each" => {}
                "run" => steps.extend(runs(&body).into_iter().map(Step::Run)),
                "setup" => steps.push(Step::Setup(body)),
                "escaped" => steps.push(Step::File(unescape(&with(path)), unescape(&body.concat()))),
                _ => steps.push(Step::File(with(path).into_bytes(), (body.join("\n") + "\n").into_bytes())),
            }
        }
        assert!(steps.iter().any(|s| matches!(s, Step::Run(_))), "{name}: runs nothing");
        Case { name, steps }
    }
}

/// A line with a value in its place: `'EACH'` as YAML quotes it, `EACH.html` as a page shows it, `EACH` as it stands.
fn put_in(line: &str, value: &str) -> String {
    let html = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    line.replace("'EACH'", &format!("'{}'", value.replace('\'', "''")))
        .replace("EACH.html", &html)
        .replace("EACH", value)
}

fn runs(lines: &[String]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for line in lines.iter().filter(|l| !l.is_empty()) {
        if let Some(command) = line.strip_prefix("$ tickmark ") {
            let arguments = command.split_whitespace().map(str::to_owned).collect();
            runs.push(Run { arguments, seconds: 20, megabytes: 2_000, ..Run::default() });
            continue;
        }
        let run = runs.last_mut().unwrap_or_else(|| panic!("`{line}` belongs to no command"));
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let number = || rest.parse().unwrap_or_else(|_| panic!("no number: {line}"));
        match word {
            "status" => run.status = i32::try_from(number()).expect("a small number"),
            "says" => run.says.push(rest.to_owned()),
            "silent" => run.silent.push(rest.to_owned()),
            "holds" => {
                let (path, text) = rest.split_once(": ").unwrap_or_else(|| panic!("no text: {line}"));
                run.holds.push((path.to_owned(), text.to_owned()));
            }
            "lacks" => run.lacks.push(rest.to_owned()),
            "public" | "internal" | "html" => run.trees.push((word.to_owned(), rest.to_owned())),
            "seconds" => run.seconds = number(),
            "memory" => run.megabytes = number(),
            _ => panic!("unknown expectation: {line}"),
        }
    }
    runs
}

/// Bytes from their written form.
pub(super) fn unescape(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix("repeat{") {
            let (count, after) = after.split_once("}{").expect("a count and a text");
            let (text, after) = after.split_once('}').expect("a closed text");
            for turn in 0..count.parse::<usize>().expect("a count") {
                out.extend(unescape(&text.replace("\\#", &turn.to_string())));
            }
            rest = after;
            continue;
        }
        if let Some(after) = rest.strip_prefix("u{") {
            let (code, after) = after.split_once('}').expect("a closed code");
            let code = u32::from_str_radix(code, 16).ok().and_then(char::from_u32).expect("a character");
            out.extend(code.to_string().bytes());
            rest = after;
            continue;
        }
        let (byte, length) = match rest.as_bytes().first() {
            Some(b'n') => (b'\n', 1),
            Some(b'r') => (b'\r', 1),
            Some(b't') => (b'\t', 1),
            Some(b's') => (b' ', 1),
            Some(b'0') => (0, 1),
            Some(b'\\') => (b'\\', 1),
            Some(b'x') => (u8::from_str_radix(&rest[1..3], 16).expect("two digits"), 3),
            _ => panic!("no escape: \\{rest:.8}"),
        };
        out.push(byte);
        rest = &rest[length..];
    }
    out.extend_from_slice(rest.as_bytes());
    out
}
