//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Ties every sentence a company publishes about how it manages change to a rule, and every rule to the records that keep
/// or break it.
#[derive(Debug, Parser)]
#[command(name = "tickmark", version, arg_required_else_help = true, propagate_version = true)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) common: Common,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
pub(super) struct Common {
    /// The site: a folder that holds tickmark.yaml, or any folder below it
    #[arg(short = 'C', value_name = "DIR", global = true, default_value = ".", hide_default_value = true)]
    pub(super) directory: PathBuf,
    /// Judge as of this instant (RFC 3339) or the end of this day in the site's zone; now where absent
    #[arg(long, value_name = "TIME", global = true)]
    pub(super) as_of: Option<String>,
    /// Say nothing but results and errors
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// When to use colour
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto")]
    pub(super) color: ColourChoice,
}

/// When colour is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ColourChoice {
    /// On terminals
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a new site: configuration, people, a policy and an example record
    Init(Init),
    /// Validate every document and judge every change record
    Check(Check),
    /// Write the public trust centre and the internal site
    Build(Build),
    /// Say what every rule comes to for a change; or what a rule, a code or a kind of check means
    Explain(Explain),
}

/// Options of `build`.
#[derive(Debug, Args)]
pub(super) struct Build {
    /// Leave with status 1 when anything is found at error level, as `check` does
    #[arg(long)]
    pub(super) strict: bool,
    /// Write DIR/public and DIR/internal; the site's folder where absent
    #[arg(long, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
}

/// Options of `explain`.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// A change's id, a rule (POLICY/RULE or RULE), a code (deadline/late) or a kind of check (deadline), looked up in
    /// this order; `change:`, `rule:`, `code:` or `check:` before it says which is meant
    #[arg(value_name = "CHANGE|RULE|CODE|CHECK")]
    pub(super) what: String,
}

/// Options of `check`.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Show only what concerns these files or folders; everything is judged all the same
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// How findings are written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(super) format: CheckFormat,
}

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckFormat {
    /// With the lines they speak of
    Human,
    /// One line each: path:line:column: level[code] message
    Concise,
    /// tickmark.check/1: every rule of every record
    Json,
}

/// Options of `init`.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The folder to make it in: one that is empty or does not exist yet
    #[arg(value_name = "DIR", default_value = ".")]
    pub(super) folder: PathBuf,
    /// The policy to start with: starter, five-stage, github-flow, git-native or soc2-change
    #[arg(long, value_name = "NAME", default_value = crate::scaffold::DEFAULT)]
    pub(super) policy: String,
}
