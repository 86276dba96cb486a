//! What can be typed.

mod import;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(super) use import::{Import, ImportFrom, ImportGit, ImportOptions};

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

/// What stands above the options that every command has.
const EVERYWHERE: &str = "Options of every command";

/// Options of every command.
#[derive(Clone, Debug, Args)]
pub(super) struct Common {
    /// The site: a folder that holds tickmark.yaml, or any folder below it
    #[arg(
        short = 'C',
        value_name = "DIR",
        global = true,
        default_value = ".",
        hide_default_value = true,
        help_heading = EVERYWHERE
    )]
    pub(super) directory: PathBuf,
    /// Judge as of this instant (RFC 3339) or the end of this day in the site's zone; now where absent
    #[arg(long, value_name = "TIME", global = true, help_heading = EVERYWHERE)]
    pub(super) as_of: Option<String>,
    /// Say nothing but results and errors
    #[arg(short, long, global = true, help_heading = EVERYWHERE)]
    pub(super) quiet: bool,
    /// When to use colour: on terminals (auto), always or never
    #[arg(
        long,
        value_name = "WHEN",
        global = true,
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = EVERYWHERE
    )]
    pub(super) color: ColourChoice,
}

/// What the commands that only read a site have in common.
#[derive(Debug, Args)]
pub(super) struct Reading {
    /// Read the site as it was committed there, not the work tree; a bare repository needs it. `REV:FOLDER` where the
    /// site is in another folder than -C, or in a bare repository not at the top
    #[arg(long, value_name = "REV")]
    pub(super) rev: Option<String>,
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
    /// List what falls due, overdue first, then soonest first
    Due(Due),
    /// Mend the spelling of keys and of words from closed lists; never a fact
    Fix(Fix),
    /// Write the public trust centre and the internal site
    Build(Build),
    /// Sign off the numbers of a quarter that is over
    Close(Close),
    /// Write a folder for the auditor of a quarter: population, sample, workpaper, evidence
    Audit(Audit),
    /// Say whether a built tree or an audit folder is what its manifest lists and what its commit makes again
    Verify(Verify),
    /// Show both sites while you write: a live preview that reloads with every save
    Serve(Serve),
    /// Say what every rule comes to for a change; or what a rule, a code or a kind of check means
    Explain(Explain),
    /// Write one quarterly report: a page, a PDF, JSON, CSV or a spreadsheet
    Report(Report),
    /// Compare what was deployed with what is recorded, both ways
    Reconcile(Reconcile),
    /// Say which promises of the policies have no rule, and which rules no clause
    Coverage(Coverage),
    /// Show what differs between two versions of a policy, clause by clause, and what of it is material
    Diff(Diff),
    /// Say which past records an edit of policies would have judged otherwise
    WhatIf(WhatIf),
    /// Write a new change record, policy or waiver with the fields it needs
    New(New),
    #[command(about = "Draft change records from what git, GitHub, GitLab, ServiceNow, Jira or a table hold already")]
    Import(Import),
    /// Print the JSON Schema of a kind of document, for editors
    Schema(Schema),
    /// Print the completions of a shell
    Completions(Completions),
    /// Print the manual page
    Man,
}

/// What is new.
#[derive(Debug, Args)]
pub(super) struct New {
    #[command(subcommand)]
    pub(super) what: NewWhat,
}

/// What can be new.
#[derive(Debug, Subcommand)]
pub(super) enum NewWhat {
    /// A change record with exactly the fields that its policy asks of its type
    Change(NewChange),
    /// A policy to write
    Policy(NewPolicy),
    /// An exception to a rule, to be approved
    Waiver(NewWaiver),
}

/// Options of `new change`.
#[derive(Debug, Args)]
pub(super) struct NewChange {
    /// One of the policy's change types, such as emergency
    #[arg(long = "type", value_name = "TYPE")]
    pub(super) change_type: Option<String>,
    /// The policy; the site's default where absent
    #[arg(long, value_name = "POLICY")]
    pub(super) policy: Option<String>,
    /// Its id; the next free one where absent
    #[arg(long, value_name = "ID")]
    pub(super) id: Option<String>,
    /// What it is, in a line
    #[arg(long, value_name = "TEXT")]
    pub(super) title: Option<String>,
    /// Who writes it: an id of people.yaml
    #[arg(long, value_name = "PERSON")]
    pub(super) author: Option<String>,
}

/// Options of `new policy`.
#[derive(Debug, Args)]
pub(super) struct NewPolicy {
    /// Its id, and its file's name
    #[arg(value_name = "NAME")]
    pub(super) name: String,
    /// Its title
    #[arg(long, value_name = "TEXT")]
    pub(super) title: Option<String>,
    /// The role or person that owns it
    #[arg(long, value_name = "ROLE")]
    pub(super) owner: Option<String>,
}

/// Options of `new waiver`.
#[derive(Debug, Args)]
pub(super) struct NewWaiver {
    /// The rule it lifts
    #[arg(long, value_name = "RULE")]
    pub(super) rule: String,
    /// The policy whose rule it is; the site's default where absent
    #[arg(long, value_name = "POLICY")]
    pub(super) policy: Option<String>,
    /// A change it covers; may be given several times
    #[arg(long = "change", value_name = "CHANGE")]
    pub(super) changes: Vec<String>,
    /// Its id; the next free one where absent
    #[arg(long, value_name = "ID")]
    pub(super) id: Option<String>,
    /// Who asks for it: an id of people.yaml
    #[arg(long, value_name = "PERSON")]
    pub(super) author: Option<String>,
}

/// Options of `schema`.
#[derive(Debug, Args)]
pub(super) struct Schema {
    /// The kind of document; not needed with --write
    #[arg(value_name = "KIND", required_unless_present = "write")]
    pub(super) kind: Option<SchemaKind>,
    /// Know the site's own policies, types, procedures, rules and people
    #[arg(long)]
    pub(super) site: bool,
    /// Write the site's schemas/ folder (all kinds unless one is named) instead
    #[arg(long)]
    pub(super) write: bool,
}

/// A kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SchemaKind {
    /// Change records
    Change,
    /// Front matter of policies
    Policy,
    /// tickmark.yaml
    Site,
    /// people.yaml
    People,
    /// Waivers
    Waiver,
    /// content/data/commitments.yaml
    Commitments,
    /// content/data/certifications.yaml
    Certifications,
    /// content/data/subprocessors.yaml
    Subprocessors,
    /// content/data/notice.yaml
    Notice,
    /// content/data/faq.yaml
    Faq,
    /// content/data/updates.yaml
    Updates,
    /// content/data/contact.yaml
    Contact,
    /// content/data/disclosure.yaml
    Disclosure,
    /// content/data/controls.yaml
    Controls,
    /// Closed quarters, as `close` writes them
    Closed,
    /// report.json, as `build` and `report` write it
    Report,
    /// manifest.json of public/, internal/ and audit folders
    Manifest,
}

/// Options of `completions`.
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(super) shell: clap_complete::Shell,
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
    #[command(flatten)]
    pub(super) reading: Reading,
}

/// Options of `close`.
#[derive(Debug, Args)]
pub(super) struct Close {
    /// The quarter, as in 2026-Q3
    #[arg(value_name = "QUARTER")]
    pub(super) quarter: String,
    /// Who signs: an id of people.yaml
    #[arg(long, value_name = "PERSON")]
    pub(super) by: String,
    /// Sign off a closed quarter again, and why its numbers are others today; what was signed off before stays in the file
    #[arg(long, value_name = "REASON")]
    pub(super) restate: Option<String>,
}

/// Options of `audit`.
#[derive(Debug, Args)]
pub(super) struct Audit {
    /// The quarter, as in 2026-Q3
    #[arg(value_name = "QUARTER")]
    pub(super) quarter: String,
    /// How many changes are drawn; where absent, by a table that the folder's README shows
    #[arg(long, value_name = "N")]
    pub(super) sample: Option<usize>,
    /// The auditor's seed: any text; the same seed draws the same sample
    #[arg(long, value_name = "S")]
    pub(super) seed: Option<String>,
    /// The folder to make; audit-QUARTER where absent
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
    #[command(flatten)]
    pub(super) reading: Reading,
}

/// Options of `verify`.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// public/, internal/, the folder that holds both, or a folder made by `tickmark audit`
    #[arg(value_name = "DIR")]
    pub(super) folder: PathBuf,
}

/// Options of `serve`.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// The port to listen on; 0 is any that is free
    #[arg(long, value_name = "N", default_value_t = crate::serve::PORT)]
    pub(super) port: u16,
    /// The address to listen on; this machine alone where absent
    #[arg(long, value_name = "ADDR")]
    pub(super) host: Option<String>,
    /// Look at the files twice a second, where the system does not say which were saved (network drives, containers)
    #[arg(long)]
    pub(super) poll: bool,
}

/// Options of `explain`.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// A change's id, a rule (POLICY/RULE or RULE), a code (deadline/late) or a kind of check (deadline), looked up in
    /// this order; `change:`, `rule:`, `code:` or `check:` before it says which is meant
    #[arg(value_name = "CHANGE|RULE|CODE|CHECK")]
    pub(super) what: String,
    #[command(flatten)]
    pub(super) reading: Reading,
}

/// Options of `report`.
#[derive(Debug, Args)]
pub(super) struct Report {
    /// The quarter, by the year in which its fiscal year ends: 2026-Q3
    #[arg(value_name = "QUARTER")]
    pub(super) quarter: String,
    /// How it is written; by the ending of FILE, else html, where absent
    #[arg(long, value_name = "FORMAT")]
    pub(super) format: Option<ReportFormat>,
    /// Write FILE instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    #[command(flatten)]
    pub(super) reading: Reading,
}

/// How a quarterly report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    /// A page that stands alone, in one file
    Html,
    /// For print and archive; needs the feature `pdf`
    Pdf,
    /// Every number with its definition and records: tickmark.report/1
    Json,
    /// The quarter's changes as a table
    Csv,
    /// Changes, numbers and controls as a spreadsheet
    Xlsx,
}

/// Options of `reconcile`.
#[derive(Debug, Args)]
pub(super) struct Reconcile {
    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(super) format: ReconcileFormat,
    #[command(flatten)]
    pub(super) reading: Reading,
}

/// How a comparison is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ReconcileFormat {
    /// Counts, then every difference and what to do
    Human,
    /// tickmark.reconcile/1
    Json,
    /// Tables for an issue or a pull request
    Markdown,
}

/// Options of `coverage`.
#[derive(Debug, Args)]
pub(super) struct Coverage {
    /// The id of a policy; all of them where absent
    #[arg(value_name = "POLICY")]
    pub(super) policy: Option<String>,
    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(super) format: CoverageFormat,
    #[command(flatten)]
    pub(super) reading: Reading,
}

/// Options of `diff`.
#[derive(Debug, Args)]
pub(super) struct Diff {
    /// The id of a policy
    #[arg(value_name = "POLICY")]
    pub(super) policy: String,
    /// Two versions; what is left out is the newest. An end may also be a commit that changed the policy, or HEAD for the
    /// last one: `HEAD..` shows what is not committed yet. Where absent, the newest version against the one before
    #[arg(value_name = "OLD..NEW")]
    pub(super) versions: Option<String>,
    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(super) format: DiffFormat,
    #[command(flatten)]
    pub(super) reading: Reading,
}

/// How a difference is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DiffFormat {
    /// For a terminal
    Human,
    /// For a pull request
    Markdown,
    /// As data: `tickmark.diff/1`
    Json,
}

/// How coverage is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum CoverageFormat {
    /// A line for each promise without a rule
    Human,
    /// tickmark.coverage/1
    Json,
}

/// Options of `check`.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Show and count only what is found in these files or folders; everything is judged all the same
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// How findings are written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(super) format: CheckFormat,
    /// Fail only for what this earlier answer of `check --format json` does not have
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Show and count only findings that lie in, or point at, files changed since the branch left this revision,
    /// uncommitted ones included
    #[arg(long, value_name = "REV")]
    pub(super) changed_since: Option<String>,
    #[command(flatten)]
    pub(super) outward: Outward,
    #[command(flatten)]
    pub(super) reading: Reading,
}

/// Whether `check` opens connections. Nothing else does.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Outward {
    /// Ask every link to another host whether anything is there; nothing else opens a connection
    #[arg(long)]
    pub(super) external: bool,
    /// Ask also what is inside this network: this machine, private addresses
    #[arg(long, requires = "external")]
    pub(super) external_private: bool,
    /// How long an answer may take
    #[arg(long, value_name = "SECONDS", default_value = "20", requires = "external", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) external_timeout: u16,
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
    /// SARIF 2.1.0, for code scanning and editors
    Sarif,
    /// JUnit XML: a suite per policy, a case per record and rule
    Junit,
    /// Annotations of GitHub Actions
    Github,
    /// GitLab's Code Quality report
    Gitlab,
    /// A summary for a pull request
    Markdown,
}

/// Options of `due`.
#[derive(Debug, Args)]
pub(super) struct Due {
    /// How far ahead: 7d, 48h, 2 weeks, 10 business days; everything that has a date where absent
    #[arg(long, value_name = "LENGTH")]
    pub(super) within: Option<String>,
    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(super) format: DueFormat,
    #[command(flatten)]
    pub(super) reading: Reading,
}

/// How what falls due is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DueFormat {
    /// For people
    #[value(alias = "text")]
    Human,
    /// For calendars: iCalendar, RFC 5545
    Ics,
}

/// Options of `what-if`.
#[derive(Debug, Args)]
pub(super) struct WhatIf {
    /// The policies before and after, as commits: `main..HEAD`; `main..` for the work tree. What is committed, and the work
    /// tree, where absent. The records are those of the newer state
    #[arg(value_name = "OLD..NEW")]
    pub(super) states: Option<String>,
    /// Judge each record by the version that was in force on its day, as `check` does; else by the newest text of each
    /// policy, as if that had always been in force
    #[arg(long)]
    pub(super) in_force: bool,
    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(super) format: WhatIfFormat,
}

/// How a comparison is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum WhatIfFormat {
    /// For people
    Human,
    /// For a pull request
    Markdown,
    /// tickmark.what-if/1: every record and rule that differs
    Json,
}

/// Options of `fix`.
#[derive(Debug, Args)]
pub(super) struct Fix {
    /// Mend only these files or folders
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Show what would be mended, and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
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
