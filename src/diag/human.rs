//! Diagnostics drawn for people: the lines they speak of, carets, notes and help. Two files where a finding has two.
//!
//! Only the lines from the first label to the last are handed to the drawing library, and of very long ones a part, so that
//! a long document costs no more than a short one.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level as Drawn, Origin, Patch, Renderer, Snippet};

use super::{Diagnostic, Level, Place};
use crate::source::{FileId, SourceSet, Span, hidden};

/// How many bytes of lines are handed to the drawing library at most: it goes through all of them for each finding.
const LONG: usize = 16_384;
/// How many bytes around a label are drawn of a line that is too long.
const NEAR: usize = 240;

/// How findings are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Human<'s> {
    sources: &'s SourceSet,
    colour: bool,
    width: usize,
}

/// A label and whether it is the one the finding is about.
struct Mark<'d> {
    span: Span,
    text: &'d str,
    primary: bool,
}

impl<'s> Human<'s> {
    /// Draws over these texts, in colour or not, at most so many columns wide.
    pub fn new(sources: &'s SourceSet, colour: bool, width: usize) -> Self {
        Self { sources, colour, width }
    }

    /// A finding, with its trailing line end.
    pub fn draw(&self, diagnostic: &Diagnostic) -> String {
        let level = drawn(diagnostic.level);
        let mut main = Group::with_title(level.primary_title(seen(&diagnostic.headline)).id(diagnostic.code.name));
        for element in self.snippets(diagnostic) {
            main = match element {
                Piece::Text(snippet) => main.element(snippet),
                Piece::Path(origin) => main.element(origin),
            };
        }
        for note in &diagnostic.notes {
            main = main.element(Drawn::NOTE.message(&**note));
        }
        let mut groups = vec![main];
        if let Some((help, patch)) = self.patch(diagnostic) {
            groups.push(Group::with_title(Drawn::HELP.secondary_title(help)).element(patch));
        } else if !diagnostic.help.is_empty() {
            groups.push(Group::with_title(Drawn::HELP.secondary_title(&*diagnostic.help)));
        }
        let renderer = if self.colour { Renderer::styled() } else { Renderer::plain() };
        let mut text = renderer.decor_style(DecorStyle::Ascii).term_width(self.width).render(&groups);
        text.push('\n');
        text
    }

    /// The line as `tickmark fix` would write it.
    fn patch<'d>(&self, diagnostic: &'d Diagnostic) -> Option<(String, Snippet<'d, Patch<'d>>)>
    where
        's: 'd,
    {
        let (Some(fix), Place::Text(at)) = (&diagnostic.fix, &diagnostic.place) else { return None };
        let source = self.sources.file(at.file);
        let text: &'s str = source.text();
        let span = fix.place(text)?;
        let from = line_start(text, span.start as usize);
        let until = line_end(text, span.end as usize);
        if until - from > LONG {
            return None;
        }
        let (line, _) = source.line_column(from);
        let range = span.start as usize - from..span.end as usize - from;
        let snippet = Snippet::source(&text[from..until]).path(source.path()).line_start(line as usize);
        Some((format!("{} `tickmark fix` writes it", diagnostic.help), snippet.patch(Patch::new(range, &*fix.with))))
    }

    fn snippets<'d>(&self, diagnostic: &'d Diagnostic) -> Vec<Piece<'d>>
    where
        's: 'd,
    {
        let primary = match &diagnostic.place {
            Place::Path(path) => return vec![Piece::Path(Origin::path(&**path))],
            Place::Text(at) => *at,
        };
        let mut files: Vec<(FileId, Vec<Mark<'d>>)> =
            vec![(primary.file, vec![Mark { span: primary.span, text: &diagnostic.label, primary: true }])];
        for other in &diagnostic.others {
            let mark = Mark { span: other.at.span, text: &other.text, primary: false };
            match files.iter_mut().find(|(file, _)| *file == other.at.file) {
                Some((_, marks)) => marks.push(mark),
                None => files.push((other.at.file, vec![mark])),
            }
        }
        let mut pieces = Vec::with_capacity(files.len());
        for (file, marks) in files {
            let from = marks.iter().map(|m| m.span.start).min().unwrap_or(0) as usize;
            let until = marks.iter().map(|m| one_line(self.text(file), m.span).end).max().unwrap_or(0) as usize;
            let near = around(self.text(file), from, until);
            if near.len() <= LONG {
                pieces.push(Piece::Text(self.snippet(file, &marks)));
            } else {
                marks.iter().for_each(|mark| pieces.extend(self.cut(file, mark)));
            }
        }
        pieces
    }

    fn text(&self, file: FileId) -> &'s str {
        self.sources.file(file).text()
    }

    /// A label in lines that are too long, or too many, to be drawn: its place, and as much of its line as stands around it.
    fn cut<'d>(&self, file: FileId, mark: &Mark<'d>) -> [Piece<'d>; 2]
    where
        's: 'd,
    {
        let source = self.sources.file(file);
        let text: &'s str = source.text();
        let span = one_line(text, mark.span);
        let (start, end) = (span.start as usize, span.end as usize);
        let (line, column) = source.line_column(start);
        let whole = around(text, start, end);
        let from = whole.start.max(text.floor_char_boundary(start.saturating_sub(NEAR)));
        let end = end.min(text.floor_char_boundary(start + NEAR));
        let until = whole.end.min(text.ceil_char_boundary(end + NEAR));
        let part = Snippet::source(&text[from..until]).line_start(line as usize);
        let origin = Origin::path(source.path()).line(line as usize).char_column(column as usize);
        [Piece::Path(origin), Piece::Text(part.annotation(annotation(mark, start - from..end - from)))]
    }

    /// The lines of one file that carry labels. A label over several lines is drawn at its first.
    fn snippet<'d>(&self, file: FileId, marks: &[Mark<'d>]) -> Snippet<'d, Annotation<'d>>
    where
        's: 'd,
    {
        let source = self.sources.file(file);
        let text: &'s str = source.text();
        let spans: Vec<Span> = marks.iter().map(|m| one_line(text, m.span)).collect();
        let from = spans.iter().map(|s| line_start(text, s.start as usize)).min().unwrap_or(0);
        let until = spans.iter().map(|s| line_end(text, s.end as usize)).max().unwrap_or(text.len());
        let (first_line, _) = source.line_column(from);
        Snippet::source(&text[from..until]).path(source.path()).line_start(first_line as usize).annotations(
            marks
                .iter()
                .zip(spans)
                .map(|(mark, span)| annotation(mark, span.start as usize - from..span.end as usize - from)),
        )
    }

    /// A finding on one line: `path:line:column: level[code] headline`.
    pub fn concise(&self, diagnostic: &Diagnostic) -> String {
        let mut line = match &diagnostic.place {
            Place::Path(path) => format!("{path}: "),
            Place::Text(at) => {
                let (row, column) = self.sources.position(*at);
                format!("{}:{row}:{column}: ", self.sources.file(at.file).path())
            }
        };
        let _ = writeln!(line, "{}[{}] {}", diagnostic.level.word(), diagnostic.code.name, seen(&diagnostic.headline));
        line
    }
}

/// A text on one line, with what is not seen written out: it may quote a text that wants to deceive.
pub fn seen(text: &str) -> Cow<'_, str> {
    let mut shown = Cow::Borrowed(text);
    if text.contains(char::is_control) {
        let escaped = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
        shown = text.chars().map(escaped).collect::<String>().into();
    }
    for found in hidden(text) {
        shown = shown.replace(found.character, &format!("\\u{{{:x}}}", u32::from(found.character))).into();
    }
    shown
}

/// A part of a drawing: lines of a text, or a path whose text was never read.
enum Piece<'d> {
    Text(Snippet<'d, Annotation<'d>>),
    Path(Origin<'d>),
}

fn drawn(level: Level) -> Drawn<'static> {
    match level {
        Level::Error => Drawn::ERROR,
        Level::Warning => Drawn::WARNING,
        Level::Note => Drawn::NOTE,
    }
}

fn annotation<'d>(mark: &Mark<'d>, range: Range<usize>) -> Annotation<'d> {
    let kind = if mark.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
    kind.span(range).label(if mark.text.is_empty() { None } else { Some(mark.text) })
}

/// The whole lines around a part of a text.
fn around(text: &str, from: usize, until: usize) -> Range<usize> {
    let from = from.min(text.len());
    line_start(text, from)..line_end(text, until.clamp(from, text.len()))
}

/// A span cut at the end of its first line.
fn one_line(text: &str, span: Span) -> Span {
    let start = (span.start as usize).min(text.len());
    let end = (span.end as usize).min(text.len());
    let cut = text[start..end].find('\n').map_or(end, |at| start + at);
    Span::new(start, cut)
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |i| i + 1)
}

fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |i| at + i)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Code;
    use crate::source::{Location, SourceFile};

    static LATE: Code = Code::error("deadline/late", "");

    #[test]
    fn a_finding_shows_both_files_it_speaks_of() {
        let sources = SourceSet::new(vec![
            SourceFile::from_text("changes/a.yaml", "id: A\nat: 2026-03-02\nreview: 2026-03-11\n"),
            SourceFile::from_text("policies/p.md", "# P\n\n- Within five days.\n"),
        ]);
        let of = |path| sources.by_path(path).expect("it is there").0;
        let (changes, policy) = (of("changes/a.yaml"), of("policies/p.md"));
        let record = |start, end| Location { file: changes, span: Span::new(start, end) };
        let finding = Diagnostic::new(&LATE, changes, Span::new(29, 39), "review held after its deadline")
            .label("7 days after")
            .other(record(10, 20), "deployed here")
            .other(Location { file: policy, span: Span::new(7, 24) }, "version 1.2 allows five")
            .note("counted Monday to Friday")
            .help("add a waiver");
        let text = Human::new(&sources, false, 100).draw(&finding);
        for part in [
            "error[deadline/late]: review held",
            "changes/a.yaml:3:9",
            "policies/p.md:3:3",
            "7 days after",
            "allows five",
            "note: counted",
            "help: add a waiver",
        ] {
            assert!(text.contains(part), "{part} is missing in:\n{text}");
        }
        assert_eq!(
            Human::new(&sources, false, 100).concise(&finding),
            "changes/a.yaml:3:9: error[deadline/late] review held after its deadline\n"
        );
    }

    #[test]
    fn of_a_line_without_end_only_a_part_is_drawn() {
        let line = format!("# P\n\n{} HERE {}\n", "é".repeat(30_000), "é".repeat(30_000));
        let at = line.find("HERE").expect("it is there");
        let sources = SourceSet::new(vec![SourceFile::from_text("policies/p.md", &line)]);
        let policy = sources.by_path("policies/p.md").expect("it is there").0;
        let finding = Diagnostic::new(&LATE, policy, Span::new(at, at + 4), "late").label("what is here");
        for width in [80, 2_000] {
            let text = Human::new(&sources, false, width).draw(&finding);
            assert!(text.contains("--> policies/p.md:3:30002") && text.contains("what is here"), "{text}");
            assert!(text.contains("HERE") && text.len() < 4_000, "{text}");
        }
        let far = Diagnostic::new(&LATE, policy, Span::new(0, 3), "late")
            .other(Location { file: policy, span: Span::new(at, line.len()) }, "and there");
        let text = Human::new(&sources, false, 80).draw(&far);
        assert!(text.contains("--> policies/p.md:1:1") && text.contains("policies/p.md:3:30002"), "{text}");
        assert!(text.contains("and there") && text.len() < 4_000, "{text}");
    }
}
