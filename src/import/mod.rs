//! Change records from what is already there: exports of other systems in, drafted records and what was left out out.
//!
//! Pure: texts come in, texts go out. Invariant: a fact that the source does not state is left out and said, never made up;
//! a person's own edits are never replaced ([`settle`]). Each system has a table or a small module of its own; what a field
//! may hold is the business of `desk`, which asks the table of change records.
//!
//! It deliberately does not read or write files, and knows neither the clock nor how git keeps what it knows.

pub mod codes;
mod columns;
mod desk;
mod fact;
mod git;
mod github;
mod gitlab;
mod jira;
mod json;
mod look;
mod notes;
mod seal;
mod servicenow;
mod table;
#[cfg(test)]
mod tests;
mod time;
mod who;

use jiff::tz::TimeZone;

use crate::decode::Mapping;
use crate::decode::table::Kind;
use crate::diag::{Diagnostic, Sink, suggest};
use crate::model::{ChangeKind, Impact, Line, People, Policy, Vocabulary, Word};
use crate::source::{FileId, Location, SourceSet};
use crate::yaml::Node;

pub use codes::CODES;
use desk::Desk;
pub use git::listing;
pub use notes::{About, Note};
pub use seal::{Settled, There, settle, whole};

/// A system that records come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Merges of a branch.
    Git,
    /// Pull requests, reviews, checks and deployments of GitHub.
    Github,
    /// Merge requests, approvals, notes and pipelines of GitLab.
    Gitlab,
    /// The `change_request` table of `ServiceNow`.
    Servicenow,
    /// Issues of Jira.
    Jira,
    /// Any table, with a mapping file.
    Csv,
}

impl Source {
    /// Its name: in `source.system`, on the command line, and before a colon in `accounts`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Git => "git",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Servicenow => "servicenow",
            Self::Jira => "jira",
            Self::Csv => "csv",
        }
    }

    /// What its exports never say, so that no imported record does.
    pub fn never_says(self) -> &'static str {
        match self {
            Self::Git => git::NEVER,
            Self::Github => github::NEVER,
            Self::Gitlab => gitlab::NEVER,
            Self::Servicenow => servicenow::NEVER,
            Self::Jira => jira::NEVER,
            Self::Csv => columns::NEVER,
        }
    }
}

/// What is to be drafted, and from what.
pub struct Wanted<'w> {
    /// The system.
    pub source: Source,
    /// The exports, and the mapping file.
    pub sources: &'w SourceSet,
    /// Which of the texts are exports.
    pub exports: &'w [FileId],
    /// The branch, and what its repository is called, where records are derived from merges.
    pub line: Option<(&'w str, &'w Line)>,
    /// The policy the records are under.
    pub policy: &'w Policy,
    /// Which environments are production.
    pub production: &'w [String],
    /// The type of changes of which the export says none.
    pub usual_type: Option<&'w str>,
    /// What stands for what.
    pub mapping: &'w Mapping,
    /// Who is who.
    pub people: &'w People,
    /// The zone of times that have none.
    pub zone: Option<&'w TimeZone>,
    /// What ids begin with, where the source's own way is not wanted.
    pub prefix: Option<&'w str>,
}

/// A drafted record.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its id.
    pub id: String,
    /// The year in which it was requested, where the source says.
    pub year: Option<String>,
    /// Where it stands in the export.
    pub at: Location,
    /// Its text, without the lines above it.
    pub body: String,
}

/// What came of an import.
#[derive(Debug, Default)]
pub struct Drafted {
    /// The records, in the order of the export.
    pub records: Vec<Record>,
    /// What was left out.
    pub notes: Vec<Note>,
}

/// Drafts every change of the exports. Where anything at error level goes into the sink, nothing may be written.
pub fn draft(wanted: &Wanted<'_>, sink: &mut Sink) -> Drafted {
    if let (Some((repository, line)), Some(file)) = (wanted.line, wanted.exports.first()) {
        let mut desk = Desk::new(wanted, sink);
        git::draft(repository, line, *file, &mut desk);
        let (records, notes) = desk.finish();
        return Drafted { records, notes };
    }
    let mut trees: Vec<(FileId, Vec<Node<'_>>)> = Vec::new();
    for file in wanted.exports {
        let source = wanted.sources.file(*file);
        let tabular = wanted.source == Source::Csv
            || (wanted.source == Source::Servicenow && !source.text().trim_start().starts_with(['{', '[']));
        let nodes = if tabular {
            table::parse(source.text(), wanted.mapping.separator.unwrap_or(','), *file, sink)
        } else {
            json::parse(source.text(), *file, sink)
        };
        match nodes {
            Some(nodes) => trees.push((*file, nodes)),
            None => return Drafted::default(),
        }
    }
    let mut desk = Desk::new(wanted, sink);
    match wanted.source {
        Source::Git => {}
        Source::Github => github::draft(&trees, &mut desk),
        Source::Gitlab => gitlab::draft(&trees, &mut desk),
        Source::Servicenow => servicenow::draft(&trees, &mut desk),
        Source::Jira => jira::draft(&trees, &mut desk),
        Source::Csv => columns::draft(&trees, &mut desk),
    }
    let (records, notes) = desk.finish();
    Drafted { records, notes }
}

/// Says which words of a mapping stand for none of a policy's.
pub fn check_mapping(mapping: &Mapping, policy: &Policy, sink: &mut Sink) -> Option<String> {
    let version = policy.newest();
    for pair in &mapping.words {
        let allowed: Vec<&str> = match pair.field.as_str() {
            "type" => version.types.iter().map(|t| t.id.as_str()).collect(),
            "kind" => {
                version.kinds.as_ref().map_or(ChangeKind::WORDS.to_vec(), |k| k.iter().map(Word::as_str).collect())
            }
            "impact" => {
                version.impacts.as_ref().map_or(Impact::WORDS.to_vec(), |i| i.iter().map(Word::as_str).collect())
            }
            field => match crate::decode::record_field(field).map(|shape| shape.kind) {
                Ok(Kind::Words(words, _)) => words.to_vec(),
                _ => continue,
            },
        };
        if allowed.contains(&pair.text.as_str()) {
            continue;
        }
        let what = format!("`{}` is no word of `{}` under policy `{}`", pair.text, pair.field, policy.id);
        let help = suggest::help(&pair.text, allowed.iter().copied());
        match pair.at {
            // Those of the file's own table have been reported there.
            Some(_) if !matches!(pair.field.as_str(), "type" | "kind" | "impact") => {}
            Some(at) => {
                sink.push(Diagnostic::new(&crate::decode::codes::UNKNOWN_WORD, at.file, at.span, what).help(help));
            }
            None => return Some(format!("{what}; {help}")),
        }
    }
    None
}

/// Reports something that its system does not write about changes.
fn nothing_known(desk: &mut Desk<'_>, file: FileId, node: &Node<'_>, expected: &str) {
    let start = node.span.start as usize;
    let span = crate::source::Span::new(start, (start + 1).min(node.span.end as usize));
    desk.sink.push(
        Diagnostic::new(&codes::NOTHING_KNOWN, file, span, format!("{expected} is expected here"))
            .label("this is something else")
            .help("docs/import.md has the command that makes the export; nothing was imported"),
    );
}
