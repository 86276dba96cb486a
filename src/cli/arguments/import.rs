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
    /// Pull requests with reviews, checks and deployments: JSON of `gh` or of the REST interface
    Github(ImportOptions),
    #[command(about = "The change_request table of ServiceNow: JSON or CSV")]
    Servicenow(ImportOptions),
    /// Issues of Jira: JSON of the search, with the changelog
    Jira(ImportOptions),
    /// Any table as CSV, with a mapping file that says which column holds what
    Csv(ImportOptions),
}

impl ImportWhat {
    /// The system and the options.
    pub(in crate::cli) fn parts(&self) -> (Source, &ImportOptions) {
        match self {
            Self::Github(options) => (Source::Github, options),
            Self::Servicenow(options) => (Source::Servicenow, options),
            Self::Jira(options) => (Source::Jira, options),
            Self::Csv(options) => (Source::Csv, options),
        }
    }
}

/// Options of every import.
#[derive(Debug, Args)]
pub(in crate::cli) struct ImportOptions {
    /// Exports; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(in crate::cli) files: Vec<PathBuf>,
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
