//! The reference: a page for each kind of check and each way of counting, and what every finding means and asks for.
//!
//! The pages are the literate cases of `tests/checks`, built into the program: what they say is proved by the tests that
//! judge every record in them. Nothing here knows of a terminal or of HTML beyond the markdown allow-list.

mod remedies;
mod site;

pub use remedies::remedy;
pub use site::{CODES_HREF, code_href, codes_page, page_href, reference_index, reference_page};

/// A page: a kind of check, or a way of counting.
#[derive(Debug)]
pub struct Page {
    /// Its name: the check's key, or the topic's.
    pub name: &'static str,
    /// Its markdown.
    pub text: &'static str,
}

macro_rules! pages {
    ($($name:literal),* $(,)?) => {
        /// Every page of `tests/checks`, in the order of their names.
        pub static PAGES: &[Page] =
            &[$(Page { name: $name, text: include_str!(concat!("../../tests/checks/", $name, ".md")) }),*];
    };
}

pages![
    "abandoned",
    "approval",
    "assert",
    "attested",
    "complete",
    "deadline",
    "deployment",
    "events",
    "fields",
    "freeze",
    "gates",
    "incident",
    "merged",
    "mistakes",
    "observation",
    "order",
    "people",
    "procedure",
    "reasons",
    "retained",
    "review",
    "rollback",
    "unchanged",
    "versions",
    "waivers",
    "when",
    "window",
    "words",
];

/// The page with this name.
pub fn page(name: &str) -> Option<&'static Page> {
    PAGES.iter().find(|page| page.name == name)
}

impl Page {
    /// Its heading, without marks.
    pub fn title(&self) -> &'static str {
        self.text.lines().next().unwrap_or_default().trim_start_matches(['#', ' '])
    }

    /// Its first paragraph, as plain words.
    pub fn summary(&self) -> String {
        let prose =
            pieces(self.text).into_iter().filter_map(|p| if let Piece::Prose(text) = p { Some(text) } else { None });
        let mut paragraphs = prose.flat_map(|text| text.split("\n\n")).map(str::trim);
        let words = paragraphs.find(|part| !part.is_empty() && !part.starts_with(['#', '|', '-'])).unwrap_or_default();
        plain(words).replace('\n', " ")
    }

    /// Whether it is about a kind of check; the others are about ways of counting.
    pub fn is_check(&self) -> bool {
        self.title().strip_prefix('`').is_some_and(|rest| rest.starts_with(&format!("{}`", self.name)))
    }
}

/// A part of a page.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Markdown without fenced blocks.
    Prose(&'t str),
    /// A fenced block.
    Block {
        /// What stands behind the fence: `yaml record`.
        info: &'t str,
        /// What is in it.
        text: &'t str,
    },
}

/// The parts of a page, in order.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    const FENCE: &str = "```";
    let mut list = Vec::new();
    let mut rest = text;
    while let Some(at) = fence(rest) {
        list.push(Piece::Prose(&rest[..at]));
        let opened = &rest[at + FENCE.len()..];
        let (info, body) = opened.split_once('\n').unwrap_or((opened, ""));
        let end = fence(body).unwrap_or(body.len());
        list.push(Piece::Block { info: info.trim(), text: &body[..end] });
        rest = body.get(end..).and_then(|r| r.strip_prefix(FENCE)).unwrap_or_default();
    }
    list.push(Piece::Prose(rest));
    list.retain(|piece| !matches!(piece, Piece::Prose(text) if text.trim().is_empty()));
    list
}

/// Where a line begins with a fence.
fn fence(text: &str) -> Option<usize> {
    if text.starts_with("```") { Some(0) } else { text.find("\n```").map(|at| at + 1) }
}

/// Words without the marks of markdown: bold and links are what these pages use beside code.
pub fn plain(text: &str) -> String {
    let mut words = text.replace("**", "");
    while let Some((open, close)) = words.find("](").and_then(|at| Some((at, at + words[at..].find(')')?))) {
        words.replace_range(open..=close, "");
        if let Some(bracket) = words[..open].rfind('[') {
            words.remove(bracket);
        }
    }
    words
}

/// Whether a comment of a case announces a finding: `# error[deadline/late] …`, `# ^ warning[…]`.
pub fn is_finding(comment: &str) -> bool {
    announced(comment).is_some()
}

/// Level, code and what follows, of a comment that announces a finding.
pub fn announced(comment: &str) -> Option<(&str, &str, &str)> {
    let text = comment.trim_start().strip_prefix('#')?.trim_start().trim_start_matches("^ ");
    let (level, rest) = text.split_once('[')?;
    let (code, rest) = rest.split_once(']')?;
    matches!(level, "error" | "warning" | "note").then_some((level, code, rest.trim_start()))
}

/// The comment of a line of a block, if it has one: a `#` at the line's start or after a blank.
pub fn comment(line: &str) -> Option<usize> {
    let starts = line.trim_start().starts_with('#').then(|| line.len() - line.trim_start().len());
    starts.or_else(|| line.find(" # ").map(|at| at + 1))
}

/// A record of the reference that gives a finding.
#[derive(Debug)]
pub struct Example {
    /// The page it stands on.
    pub page: &'static Page,
    /// The record, with its finding as a comment.
    pub record: &'static str,
    /// The rule it breaks, as the policy has it.
    pub rule: Option<&'static str>,
}

/// The shortest record that gives a finding with this code.
pub fn example(code: &str) -> Option<Example> {
    let mut best: Option<Example> = None;
    // Most pages never name it, and that is quickly seen.
    for page in PAGES.iter().filter(|page| page.text.contains(code)) {
        let mut policy = "";
        for piece in pieces(page.text) {
            match piece {
                Piece::Block { info: "yaml policy", text } => policy = text,
                Piece::Block { info: "yaml record", text } => {
                    let Some(rule) = gives(text, code) else { continue };
                    if best.as_ref().is_none_or(|b| text.len() < b.record.len()) {
                        best =
                            Some(Example { page, record: text, rule: rule.and_then(|rule| rule_line(policy, rule)) });
                    }
                }
                _ => {}
            }
        }
    }
    best
}

/// The rule of the finding that a record announces with this code; the finding may have none.
fn gives<'t>(record: &'t str, code: &str) -> Option<Option<&'t str>> {
    record.lines().find_map(|line| {
        let (_, found, rest) = announced(&line[comment(line)?..])?;
        let rule = rest.split(':').next().map(str::trim).filter(|rule| !rule.is_empty());
        (found == code).then_some(rule)
    })
}

/// A policy block's line with this rule, where one line holds it.
fn rule_line(policy: &'static str, rule: &str) -> Option<&'static str> {
    let begins = format!("- {{id: {rule},");
    policy.lines().map(str::trim).find(|line| line.starts_with(&begins) && line.ends_with('}'))
}

/// Whether findings of this code are about rules, whose level is the rule's own.
pub fn family_of_rules(code: &str) -> bool {
    let family = code.split('/').next().unwrap_or_default();
    matches!(family, "rule" | "assert") || page(family).is_some_and(Page::is_check)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_of_the_cases_is_built_in_and_falls_into_pieces() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checks");
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .expect("the cases are there")
            .filter_map(|e| e.expect("can be listed").file_name().to_str()?.strip_suffix(".md").map(str::to_owned))
            .filter(|name| name != "README")
            .collect();
        names.sort();
        let listed: Vec<&str> = PAGES.iter().map(|p| p.name).collect();
        assert_eq!(listed, names, "src/report/reference.rs names the pages of tests/checks, in order");
        for page in PAGES {
            assert!(page.text.starts_with("# ") && !page.summary().contains("```"), "{}", page.name);
            let blocks = pieces(page.text).into_iter().filter(|p| matches!(p, Piece::Block { .. })).count();
            assert_eq!(page.text.matches("\n```").count(), 2 * blocks, "{}", page.name);
            let prose = |piece: &Piece<'_>| matches!(piece, Piece::Prose(text) if text.contains("```"));
            assert!(!pieces(page.text).iter().any(prose), "{}", page.name);
        }
    }

    #[test]
    fn a_code_has_the_shortest_record_that_gives_it() {
        let late = example("deadline/late").expect("deadline.md has one");
        assert!(
            late.record.contains("deadline/late") && late.rule.is_some_and(|r| r.contains("deadline:")),
            "{late:?}"
        );
        assert!(example("deadline/lat").is_none());
    }

    #[test]
    fn words_lose_their_marks() {
        assert_eq!(plain("a **bold** [link](https://x/y) and [two](b), `code`"), "a bold link and two, `code`");
        assert_eq!(announced("# ^ error[a/b] rule: text"), Some(("error", "a/b", "rule: text")));
        assert_eq!(announced("# pass: a"), None);
    }
}
