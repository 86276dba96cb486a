//! What can be typed after `tickmark import`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::import::Source;

/// Where records come from.
#[derive(Debug, Args)]
pub(in crate::cli) struct Import {
    #[command(subcommand)]
    pub(in crate::cli) what: ImportWhat,
}

/// A system, and what it wrote.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ImportWhat {
    /// Merges of a branch: who wrote what when; approvals git does not know
    Git(ImportGit),
    /// Pull requests with reviews, checks and deployments: JSON of `gh` or of the REST interface
    Github(ImportFiles),
    /// Merge requests with approvals, notes and pipelines: JSON of the REST interface
    Gitlab(ImportFiles),
    #[command(about = "The change_request table of ServiceNow: JSON or CSV")]
    Servicenow(ImportFiles),
    /// Issues of Jira: JSON of the search, with the changelog
    Jira(ImportFiles),
    /// Any table as CSV, with a mapping file that says which column holds what
    Csv(ImportFiles),
}

impl ImportWhat {
    /// The system, what it wrote, and the options.
    pub(in crate::cli) fn parts(&self) -> (Source, ImportFrom<'_>, &ImportOptions) {
        let (source, from) = match self {
            Self::Git(git) => return (Source::Git, ImportFrom::Branch(git), &git.options),
            Self::Github(from) => (Source::Github, from),
            Self::Gitlab(from) => (Source::Gitlab, from),
            Self::Servicenow(from) => (Source::Servicenow, from),
            Self::Jira(from) => (Source::Jira, from),
            Self::Csv(from) => (Source::Csv, from),
        };
        (source, ImportFrom::Files(&from.files), &from.options)
    }
}

/// What records are drafted from.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) enum ImportFrom<'a> {
    /// Exports.
    Files(&'a [PathBuf]),
    /// A branch.
    Branch(&'a ImportGit),
}

/// Exports.
#[derive(Debug, Args)]
pub(in crate::cli) struct ImportFiles {
    /// Exports; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(in crate::cli) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) options: ImportOptions,
}

/// A branch of a repository.
#[derive(Debug, Args)]
pub(in crate::cli) struct ImportGit {
    /// The folder of the repository
    #[arg(value_name = "REPOSITORY", default_value = ".")]
    pub(in crate::cli) repository: PathBuf,
    /// The branch whose merges are changes
    #[arg(long, value_name = "BRANCH", default_value = "main")]
    pub(in crate::cli) branch: String,
    /// Only what was merged from this day on, in the site's zone
    #[arg(long, value_name = "DAY")]
    pub(in crate::cli) since: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) options: ImportOptions,
}

/// Options of every import.
#[derive(Debug, Args)]
pub(in crate::cli) struct ImportOptions {
    /// The policy the records are under; the site's default where absent
    #[arg(long, value_name = "POLICY")]
    pub(in crate::cli) policy: Option<String>,
    /// The type of changes of which the export says none
    #[arg(long = "type", value_name = "TYPE")]
    pub(in crate::cli) usual_type: Option<String>,
    /// Their word and ours, as in `type:hotfix=emergency`; may be given several times
    #[arg(long, value_name = "FIELD:THEIRS=OURS")]
    pub(in crate::cli) map: Vec<String>,
    /// A mapping file: columns, words, and what every record says
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) mapping: Option<PathBuf>,
    /// The zone of times that have none: a name such as Australia/Brisbane, UTC, or an offset such as +10:00
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true)]
    pub(in crate::cli) time_zone: Option<String>,
    /// What ids begin with, instead of the source's own way
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) prefix: Option<String>,
    /// The folder below changes/ for new records, a folder per year in it; changes/ itself where absent
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) output: Option<String>,
    /// Show what would be written, and write nothing
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
}
